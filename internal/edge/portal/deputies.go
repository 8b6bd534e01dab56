package portal

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// deputies adds the pages of who stands in for whom: one's own, and those of the company.
func (p *Portal) deputies(look looking, act adding) {
	look("/account/deputies", access.SelfAccount, "Your deputies", (*visit).ownDeputies)
	act("/account/deputies", access.SelfAccount, (*visit).appointsOwn)
	look("/deputies", access.DeputiesManage, "Deputies", (*visit).deputyList)
	act("/deputies", access.DeputiesManage, (*visit).appoints)
	look("/deputies/new", access.DeputiesManage, "Appoint a deputy", (*visit).newDeputy)
	look("/deputies/{deputy}", access.DeputiesManage, "A deputy", (*visit).deputy)
	act("/deputies/{deputy}", access.DeputiesManage, (*visit).changesDeputy)
	act("/deputies/{deputy}/end", access.DeputiesManage, (*visit).endsDeputy)
}

// OwnDeputiesPage lists who stands in for the reader, and for whom they do.
type OwnDeputiesPage struct {
	ui.Frame
	Header ui.Header
	Tabs   ui.Tabs
	Says   bool // the reader says it themselves: nobody does for somebody else
	Mine   ui.Items
	Theirs ui.Items
	Adding ui.Dialog
	Form   DeputyForm
	Error  string
}

// DeputyForm is what can be said of an appointment.
type DeputyForm struct {
	T       ui.Translate
	Fields  []ui.Field
	Rules   []ui.Check
	BothMay ui.Check
}

func (v *visit) ownDeputies() error { return v.ownDeputiesPage(attempt{}) }

func (v *visit) ownDeputiesPage(a attempt) error {
	list, err := v.Approving.Deputies(v.ctx(), v.actor, view.DeputyFilter{Own: true}, page.Ask{Limit: page.Most})
	if err != nil {
		return err
	}
	p := OwnDeputiesPage{Frame: v.frame(v.ownDeputiesTitle(), ""), Tabs: v.accountTabs("deputies"), Says: !v.actor.Acting() && approving.KnowsStandIns(v.actor), Error: a.rest}
	p.Header = ui.Header{Title: v.ownDeputiesTitle(), Note: v.T("While you are away somebody else is asked in your place. They decide with your right and their own; everywhere both names stand.")}
	p.Mine = ui.Items{Label: v.T("Who stands in for you"), Empty: ui.Empty{Icon: ui.IconDeputy, Title: v.T("Nobody stands in for you"), Text: v.T("Without a deputy what waits for you waits until you are back, or is decided by others who are asked as well.")}}
	if !approving.KnowsStandIns(v.actor) { // nobody stands in for who decides nothing
		p.Mine.Empty = ui.Empty{Icon: ui.IconDeputy, Title: v.T("Nobody needs to stand in for you"), Text: v.T("You are not asked to approve purchase orders. Who is appoints a deputy here.")}
	}
	p.Theirs = ui.Items{Label: v.T("For whom you stand in")}
	for _, d := range list.Rows {
		item := ui.Item{Title: d.ByName, Text: joined(" · ", v.span(d.First, d.Last), v.scopeOf(d)), Person: ui.Person{Name: d.ByName}, Meta: v.dutyBadge(d), URL: "/deputies/" + d.ID.String()}
		if d.For == v.actor.Member {
			p.Mine.Items = append(p.Mine.Items, item)
			continue
		}
		item.Title, item.Person = d.ForName, ui.Person{Name: d.ForName}
		p.Theirs.Items = append(p.Theirs.Items, item)
	}
	p.Adding = ui.Dialog{Name: "appoint", Title: v.T("Appoint a deputy"), Text: v.T("They are told. You can change or end it at any time."), Open: a.made()}
	if p.Says {
		if p.Form, err = v.deputyForm(view.Deputy{}, a, false); err != nil {
			return err
		}
	}
	return v.answer(a.status(), p.View())
}

// dutyBadge is how it stands with an appointment.
func (v *visit) dutyBadge(d view.Deputy) ui.Badge {
	switch d.State {
	case approval.OnDuty:
		return ui.Badge{Label: v.T("On duty"), Tone: ui.Good}
	case approval.ToCome:
		return ui.Badge{Label: v.T("To come"), Tone: ui.Info}
	}
	return ui.Badge{Label: v.T("Over")}
}

// scopeOf is in what somebody stands in, in short.
func (v *visit) scopeOf(d view.Deputy) string {
	var all []string
	if n := len(d.Rules); n > 0 {
		all = append(all, v.N(n, "%d rule", "%d rules"))
	}
	if n := len(d.Units); n > 0 {
		all = append(all, v.N(n, "%d unit", "%d units"))
	}
	if d.UpTo != nil {
		all = append(all, v.T("up to %s", v.money(*d.UpTo)))
	}
	if d.BothMay {
		all = append(all, v.T("both may decide"))
	}
	if len(all) == 0 {
		return v.T("everything")
	}
	return joined(", ", all...)
}

// DeputiesPage lists who stands in for whom in the company.
type DeputiesPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
}

func (v *visit) deputyList() error {
	if err := v.actor.RequireSomewhere(access.DeputiesManage); err != nil {
		return err
	}
	f := view.DeputyFilter{Text: strings.TrimSpace(v.query("q")), State: oneOf(v, "state", approval.AppointmentStates()...)}
	t := v.deputyTable(f)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := DeputiesPage{Frame: v.frame(v.T("Deputies"), "company"), Table: shown}
	p.Header = ui.Header{Title: v.T("Deputies"), Note: v.T("Who decides in the place of whom, and since when. What is over stays, so that one can still read who could decide."),
		Actions: ui.LinkButton{Label: v.T("Appoint a deputy"), URL: "/deputies/new", Icon: ui.IconPlus, Kind: ui.Primary}}
	states := []ui.Option{{Label: v.T("Any state")}}
	for _, s := range approval.AppointmentStates() {
		states = append(states, ui.Option{Value: string(s), Label: v.dutyBadge(view.Deputy{State: s}).Label, Chosen: f.State == s})
	}
	p.Filters = ui.Filters{Action: "/deputies", HX: ui.HX{Region: t.name}, Keep: t.kept(v), Search: ui.SearchField{Label: v.T("Name of the approver or the deputy"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "state", Label: v.T("State"), Options: states}}}
	return v.show(p.View())
}

// deputyTable is the list of who stands in for whom.
func (v *visit) deputyTable(f view.DeputyFilter) table[view.Deputy] {
	first := func(d view.Deputy) string { return string(d.First) }
	last := func(d view.Deputy) string { return string(d.Last) }
	t := table[view.Deputy]{name: "deputies", title: v.T("Deputies"), usual: page.Sort{By: "from", Down: true},
		read: func(ask page.Ask) (page.List[view.Deputy], error) {
			return v.Approving.Deputies(v.ctx(), v.actor, f, ask)
		},
		row: func(d view.Deputy) ui.Row {
			return ui.Row{URL: "/deputies/" + d.ID.String(), Faded: d.State == approval.Over}
		},
		empty: v.asking(access.DeputiesManage, ui.Empty{Icon: ui.IconDeputy, Title: v.T("Nobody stands in for anybody"), Text: v.T("Who is away appoints a deputy themselves, or you do it for them.")}),
		columns: []column[view.Deputy]{
			{Column: ui.Column{Label: v.T("Approver")}, key: "principal", sort: "principal", cell: func(d view.Deputy) templ.Component { return ui.Person{Name: d.ForName, Small: true} }},
			{Column: ui.Column{Label: v.T("Deputy")}, key: "deputy", sort: "deputy", cell: func(d view.Deputy) templ.Component { return ui.Person{Name: d.ByName, Small: true} }},
			{Column: ui.Column{Label: v.T("First day"), Fit: true}, key: "from", sort: "from", down: true, cell: func(d view.Deputy) templ.Component { return ui.Text(v.l.Date(d.First)) }},
			{Column: ui.Column{Label: v.T("Last day"), Fit: true}, key: "until", sort: "until", down: true, cell: func(d view.Deputy) templ.Component {
				return ui.Text(v.l.Date(d.Last))
			}},
			{Column: ui.Column{Label: v.T("In what")}, key: "scope", cell: func(d view.Deputy) templ.Component { return ui.Text(v.scopeOf(d)) }},
			{Column: ui.Column{Label: v.T("State")}, key: "state", cell: func(d view.Deputy) templ.Component { return v.dutyBadge(d) }},
			{Column: ui.Column{Label: v.T("Appointed by"), Foldable: true}, key: "maker", extra: true, cell: func(d view.Deputy) templ.Component { return ui.Text(d.MakerName) }},
		},
		file: []datum[view.Deputy]{
			{v.T("Approver"), func(d view.Deputy) string { return d.ForName }}, {v.T("Deputy"), func(d view.Deputy) string { return d.ByName }},
			{v.T("First day"), first}, {v.T("Last day"), last}, {v.T("In what"), v.scopeOf}, {v.T("State"), func(d view.Deputy) string { return v.dutyBadge(d).Label }},
			{v.T("Appointed by"), func(d view.Deputy) string { return d.MakerName }}, {v.T("Ended at"), func(d view.Deputy) string { return moment(d.EndedAt) }},
		}}
	if f.Text != "" || f.State != "" {
		t.empty = ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing found"), Text: v.T("No deputy fits these filters."), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/deputies"}}
	}
	return t
}

// DeputyPage shows who stands in for whom, to be changed and ended by who may; or appoints somebody.
type DeputyPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Back    string
	Version string
	Changes bool
	New     bool
	Facts   ui.Facts
	Form    DeputyForm
	Error   string
	Ending  ui.Dialog
}

func (v *visit) newDeputy() error { return v.newDeputyPage(attempt{}) }

func (v *visit) newDeputyPage(a attempt) (err error) {
	if err := v.actor.RequireSomewhere(access.DeputiesManage); err != nil {
		return err
	}
	p := DeputyPage{Frame: v.frame(v.T("Appoint a deputy"), "company"), URL: "/deputies", Back: "/deputies", Changes: true, New: true, Error: a.rest}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Deputies"), URL: "/deputies"}}, Title: v.T("Appoint a deputy"),
		Note: v.T("Both are told. A deputy decides nothing that they could not decide themselves.")}
	d := view.Deputy{}
	d.For, _ = picked(v.query("member"), id.ParseMember) // who is not there stands in no list
	if p.Form, err = v.deputyForm(d, a, true); err != nil {
		return err
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) deputy() error {
	key, err := named(v, "deputy", id.ParseDeputy)
	if err != nil {
		return err
	}
	return v.deputyPage(key, attempt{})
}

func (v *visit) deputyPage(key id.Deputy, a attempt) error {
	d, err := v.Approving.Deputy(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	own := d.For == v.actor.Member || d.By == v.actor.Member
	crumb, entry, title := ui.Link{Label: v.T("Deputies"), URL: "/deputies"}, "company", v.T("%s for %s", d.ByName, d.ForName)
	if own || !v.actor.MaySomewhere(access.DeputiesManage) {
		crumb, entry = ui.Link{Label: v.ownDeputiesTitle(), URL: "/account/deputies"}, ""
	}
	p := DeputyPage{Frame: v.frame(title, entry), URL: "/deputies/" + key.String(), Back: crumb.URL, Version: a.or("version", v.plain(d.Version)), Changes: d.MayChange, Error: a.rest}
	p.Header = ui.Header{Crumbs: []ui.Link{crumb}, Title: title, Note: v.span(d.First, d.Last), Badge: v.dutyBadge(d)}
	p.Facts = v.deputyFacts(d)
	if !d.MayChange {
		return v.answer(a.status(), p.View())
	}
	p.Header.Actions = ui.Button{Label: v.T("End it now"), Icon: ui.IconPause, Kind: ui.Danger, Opens: "end"}
	p.Ending = ui.Dialog{Name: "end", Title: v.T("End it now"), Text: v.T("From this moment on %s is asked again, and %s decides for them no more. Both are told.", d.ForName, d.ByName)}
	if p.Form, err = v.deputyForm(d, a, false); err != nil {
		return err
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) deputyFacts(d view.Deputy) ui.Facts {
	rules, units := v.T("all"), v.T("all")
	if len(d.Rules) > 0 {
		rules = v.l.List(v.orGone(d.RuleNames)...)
	}
	if len(d.Units) > 0 {
		units = v.l.List(v.orGone(d.UnitNames)...)
	}
	f := ui.Facts{Facts: []ui.Fact{
		{Label: v.T("Approver"), Value: ui.Person{Name: d.ForName, Title: d.ForTitle, URL: v.memberURL(d.For), Small: true}},
		{Label: v.T("Deputy"), Value: ui.Person{Name: d.ByName, Title: d.ByTitle, URL: v.memberURL(d.By), Small: true}},
		{Label: v.T("When"), Text: v.span(d.First, d.Last)},
		{Label: v.T("Rules"), Text: rules},
		{Label: v.T("Units"), Text: units},
	}}
	if d.UpTo != nil {
		f.Facts = append(f.Facts, ui.Fact{Label: v.T("Up to"), Text: v.money(*d.UpTo)})
	}
	if d.BothMay {
		f.Facts = append(f.Facts, ui.Fact{Label: v.T("Both may decide"), Text: v.T("yes: who decides first counts")})
	}
	f.Facts = append(f.Facts, ui.Fact{Label: v.T("Note"), Text: d.Note}, ui.Fact{Label: v.T("Appointed by"), Text: joined(" · ", d.MakerName, v.l.DateTime(d.MadeAt, v.zone))})
	if !d.EndedAt.IsZero() {
		f.Facts = append(f.Facts, ui.Fact{Label: v.T("Ended"), Text: joined(" · ", d.EnderName, v.l.DateTime(d.EndedAt, v.zone))})
	}
	return f
}

// orGone is names, and what is said of a thing that is no more.
func (v *visit) orGone(names []string) (all []string) {
	for _, n := range names {
		all = append(all, ifEmpty(n, v.T("one that is no more")))
	}
	return all
}

// deputyForm is what can be said of an appointment; of a new one who stands in, and with others for whom.
func (v *visit) deputyForm(d view.Deputy, a attempt, others bool) (form DeputyForm, err error) {
	form.T = v.T
	fresh := d.ID.IsZero()
	if others {
		people, err := v.deciders(v.T("Choose who is away"), d.For.String())
		if err != nil {
			return form, err
		}
		form.Fields = append(form.Fields, a.field(ui.Field{As: ui.AsSelect, Name: "principal_id", Label: v.T("Who is away"), Value: d.For.String(), Options: people, Find: findMember}))
	}
	if fresh {
		f, err := v.standIn(a, v.T("Choose who stands in"), v.actor.Member)
		if err != nil {
			return form, err
		}
		f.Label, f.Hint = v.T("Who stands in"), v.T("Those are listed who may approve themselves.")
		form.Fields = append(form.Fields, f)
	}
	from, until := "", ""
	if !fresh {
		from, until = string(d.First), string(d.Last)
	}
	begins := a.field(ui.Field{As: ui.AsDate, Name: "from", Label: v.T("First day"), Value: from, Optional: true, Unmarked: true, Short: true, Hint: v.T("Empty means at once.")})
	if d.State == approval.OnDuty {
		begins.ReadOnly, begins.Hint = true, v.T("It has begun.")
	}
	form.Fields = append(form.Fields, begins, a.field(ui.Field{As: ui.AsDate, Name: "until", Label: v.T("Last day"), Value: until, Short: true}))
	var chosen []string
	for _, u := range d.Units {
		chosen = append(chosen, u.Unit.String())
	}
	units, err := v.units(v.T("All units"), chosen...)
	if err != nil {
		return form, err
	}
	if len(units) > 1 {
		for i := range len(d.Units) + 1 {
			f := ui.Field{As: ui.AsSelect, Name: "unit_ids." + strconv.Itoa(i), Label: v.T("Only for purchase orders of"), Options: units, Find: findUnit, Optional: true, Unmarked: true}
			switch {
			case i < len(d.Units):
				f.Value = d.Units[i].Unit.String()
			case i > 0:
				f.Label = v.T("And of")
			default:
				f.Hint = v.T("A unit means that unit and all below it.")
			}
			form.Fields = append(form.Fields, a.field(f))
		}
	}
	if c, ok := v.currency(); ok {
		f := ui.Field{As: ui.AsMoney, Name: "up_to", Label: v.T("Up to"), Unit: string(c), Optional: true, Short: true, Hint: v.T("Of the goods, net. Above it you stay asked yourself.")}
		if others || d.For != v.actor.Member && !fresh {
			f.Hint = v.T("Of the goods, net. Above it the approver stays asked.")
		}
		if d.UpTo != nil {
			f.Value, f.Unit = v.l.Amount(*d.UpTo), string(d.UpTo.Currency)
		}
		form.Fields = append(form.Fields, a.field(f))
	}
	form.Fields = append(form.Fields, a.field(ui.Field{Name: "note", Label: v.T("Note"), Value: d.Note, MaxLength: approval.MostNote, Optional: true, Hint: v.T("As in “on holiday”. The deputy reads it.")}))
	form.BothMay = ui.Check{Name: "both_may", Label: v.T("Both may decide"), Hint: v.T("The approver stays asked beside the deputy; who decides first counts."), Checked: d.BothMay}
	if a.made() {
		form.BothMay.Checked = a.said.Get("both_may") != ""
	}
	form.Rules, err = v.deputyRules(d, a)
	return form, err
}

// standInField is the field that says who stands in.
const standInField = "deputy_id"

// standIn is a field in which one chooses who stands in, but for one member; where many may, one types their name.
func (v *visit) standIn(a attempt, first string, but id.Member) (ui.Field, error) {
	f := a.field(ui.Field{As: ui.AsSelect, Name: standInField, Find: findStandIn + "&not=" + but.String()})
	options, err := v.standInsNamed("", approving.MostStandIns)
	if err != nil {
		return f, err
	}
	if typed := a.said.Get(standInField + "_said"); typed != "" && labelOf(options, f.Value) == "" { // who was found need not stand among the first
		found, err := v.standInsNamed(typed, approving.MostStandIns)
		if err != nil {
			return f, err
		}
		options = append(options, slices.DeleteFunc(found, func(o ui.Option) bool { return o.Value != f.Value })...)
	}
	f.Options = append([]ui.Option{{Label: first}}, slices.DeleteFunc(options, func(o ui.Option) bool { return o.Value == but.String() })...)
	return f, nil
}

// standInsNamed are those who may be deputies with this text in their names, which what they do may follow as their options have it.
func (v *visit) standInsNamed(text string, most int) (options []ui.Option, err error) {
	if !approving.KnowsStandIns(v.actor) {
		return nil, nil
	}
	name, _, _ := strings.Cut(text, " · ")
	all, err := v.Approving.StandIns(v.ctx(), v.actor, name)
	for _, s := range all[:min(len(all), most)] {
		options = append(options, ui.Option{Value: s.Member.String(), Label: joined(" · ", s.Name, s.Title)})
	}
	return options, err
}

// mostChecked is how many rules are offered to be ticked.
const mostChecked = 30

// deputyRules are the rules that an appointment may be narrowed to, as far as the reader sees rules; and those that it is narrowed to.
func (v *visit) deputyRules(d view.Deputy, a attempt) (all []ui.Check, err error) {
	ticked := map[string]bool{}
	for i, r := range d.Rules {
		ticked[r.String()] = true
		if !v.actor.MaySomewhere(access.ApprovalRulesView) && i < len(d.RuleNames) {
			all = append(all, ui.Check{Name: "rule_ids", ID: "rule-" + strconv.Itoa(i), Value: r.String(), Label: v.orGone(d.RuleNames[i : i+1])[0]})
		}
	}
	if a.made() {
		clear(ticked)
		for _, key := range a.said["rule_ids"] {
			ticked[key] = true
		}
	}
	if v.actor.MaySomewhere(access.ApprovalRulesView) {
		list, err := v.Approving.ListRules(v.ctx(), v.actor, approving.RuleFilter{}, page.Ask{Limit: mostChecked})
		if err != nil {
			return nil, err
		}
		for i, r := range list.Rows {
			all = append(all, ui.Check{Name: "rule_ids", ID: "rule-" + strconv.Itoa(i), Value: r.ID.String(), Label: r.Name})
		}
		for i, r := range d.Rules { // one that is not listed stays
			if !hasCheck(all, r.String()) && i < len(d.RuleNames) {
				all = append(all, ui.Check{Name: "rule_ids", ID: "rule-" + strconv.Itoa(len(all)), Value: r.String(), Label: v.orGone(d.RuleNames[i : i+1])[0]})
			}
		}
	}
	for i := range all {
		all[i].Checked = ticked[all[i].Value]
	}
	return all, nil
}

func hasCheck(all []ui.Check, value string) bool {
	for _, c := range all {
		if c.Value == value {
			return true
		}
	}
	return false
}

// deputySaid is what was said of when and in what somebody stands in.
func (v *visit) deputySaid(form url.Values, wrong *fault.Input) (t approving.DeputyTerms) {
	var err error
	t.From, err = picked(form.Get("from"), date.Parse)
	wrong.Take("from", err)
	t.Until, err = picked(form.Get("until"), date.Parse)
	wrong.Take("until", err)
	for i := 0; form.Has("unit_ids." + strconv.Itoa(i)); i++ {
		name := "unit_ids." + strconv.Itoa(i)
		u, err := picked(form.Get(name), id.ParseUnit)
		if !wrong.Take(name, err) && !u.IsZero() {
			t.Units = append(t.Units, u)
		}
	}
	for i, key := range form["rule_ids"] {
		r, err := id.ParseRule(key)
		if !wrong.Take("rule_ids."+strconv.Itoa(i), err) {
			t.Rules = append(t.Rules, r)
		}
	}
	if c, ok := v.currency(); ok {
		t.UpTo, err = v.amountTyped(strings.TrimSpace(form.Get("up_to")), c)
		wrong.Take("up_to", err)
	}
	t.BothMay, t.Note = form.Get("both_may") != "", form.Get("note")
	return t
}

// appointed appoints who was chosen.
func (v *visit) appointed(form url.Values, whom id.Member, wrong *fault.Input) (key id.Deputy, err error) {
	in := approving.AppointInput{For: whom, DeputyTerms: v.deputySaid(form, wrong), Key: form.Get("key")}
	in.By, err = picked(form.Get(standInField), id.ParseMember)
	wrong.Take(standInField, err)
	err = v.check(wrong.Err(), func() (err error) {
		key, err = v.Approving.Appoint(v.ctx(), v.actor, in)
		return err
	})
	return key, err
}

func (v *visit) appointsOwn() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if _, err := v.appointed(form, v.actor.Member, &fault.Input{}); err != nil {
		return v.again("appoint", form, err, v.ownDeputiesPage)
	}
	return v.goOn("/account/deputies", ui.Good, v.T("Your deputy is appointed, and told."))
}

func (v *visit) appoints() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if err := v.actor.RequireSomewhere(access.DeputiesManage); err != nil {
		return err
	}
	var wrong fault.Input
	whom, err := picked(form.Get("principal_id"), id.ParseMember)
	if !wrong.Take("principal_id", err) {
		needed(&wrong, "principal_id", form.Get("principal_id"))
	}
	key, err := v.appointed(form, whom, &wrong)
	if err != nil {
		return v.again("appoint", form, err, v.newDeputyPage)
	}
	return v.goOn("/deputies/"+key.String(), ui.Good, v.T("The deputy is appointed, and both are told."))
}

func (v *visit) changesDeputy() error {
	key, form, err := posted(v, "deputy", id.ParseDeputy)
	if err != nil {
		return err
	}
	var wrong fault.Input
	in := approving.ChangeDeputyInput{ID: key, Version: version(form.Get("version")), DeputyTerms: v.deputySaid(form, &wrong),
		SameUnits: !form.Has("unit_ids.0"), SameUpTo: !form.Has("up_to")} // what the form does not show the reader
	if err := v.check(wrong.Err(), func() error { return v.Approving.ChangeDeputy(v.ctx(), v.actor, in) }); err != nil {
		return v.again("change", form, err, func(a attempt) error { return v.deputyPage(key, a) })
	}
	return v.goOn("/deputies/"+key.String(), ui.Good, v.T("It was saved, and both are told. It counts at once."))
}

func (v *visit) endsDeputy() error {
	key, form, err := posted(v, "deputy", id.ParseDeputy)
	if err != nil {
		return err
	}
	if err := v.Approving.EndDeputy(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("end", form, err, func(a attempt) error { return v.goOn("/deputies/"+key.String(), ui.Bad, a.short()) })
	}
	return v.goOn("/deputies/"+key.String(), ui.Good, v.T("It is over. It counts at once."))
}

// mostDuties is how many of those on duty the frame of a page names.
const mostDuties = 3

// dutyBanners say who stands in for the reader now, and for whom they do.
func (v *visit) dutyBanners(all []view.Duty) (banners []ui.Banner) {
	for i, d := range all {
		if i == mostDuties {
			rest := len(all) - mostDuties
			return append(banners, ui.Banner{Tone: ui.Info, Text: v.N(rest, "One more deputy is on duty.", "%d more deputies are on duty."), Action: ui.LinkButton{Label: v.T("Look at them"), URL: "/account/deputies", Small: true}})
		}
		until := v.l.Date(date.On(d.Until.Add(-time.Second), v.zone))
		text := v.T("You stand in for %s until %s.", d.ForName, until)
		switch {
		case d.For == v.actor.Member && d.BothMay:
			text = v.T("%s stands in for you until %s, and you are asked as well.", d.ByName, until)
		case d.For == v.actor.Member:
			text = v.T("%s stands in for you until %s.", d.ByName, until)
		}
		banners = append(banners, ui.Banner{Tone: ui.Info, Text: text, Action: ui.LinkButton{Label: v.T("Look at it"), URL: "/deputies/" + d.ID.String(), Small: true}})
	}
	return banners
}

// standsFor is for whom the reader is asked, where they are asked as a deputy; nothing otherwise.
func (v *visit) standsFor(all []approval.StandsFor) string {
	if len(all) == 0 {
		return ""
	}
	names := make([]string, len(all))
	for i, s := range all {
		names[i] = s.Name
	}
	return v.T("for %s", v.l.List(names...))
}
