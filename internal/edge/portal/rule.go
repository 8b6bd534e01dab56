package portal

import (
	"net/url"
	"strconv"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// RulePage shows a rule: its picture, the form to change it, its versions, and a test of it.
type RulePage struct {
	ui.Frame
	Header    ui.Header
	URL       string
	Version   string
	Fresh     bool
	Edits     bool
	Notice    *ui.Notice
	Picture   ui.Bands
	Presets   ui.Items
	Words     []ui.Field
	Enabled   ui.Check
	Plain     bool // the form can show what the rule wants
	How       ui.Radios
	Bands     []BandFields
	When      ui.Field
	Then      []ui.Field
	Facts     ui.Facts // the words of conditions
	Versions  ui.Timeline
	Orders    ui.Field // to test the rule on
	Tested    *ui.Notice
	Delete    ui.Dialog
	Switch    ui.Button
	SwitchTo  string
	HasOrders bool
}

// BandFields are the fields of one band.
type BandFields struct {
	First bool
	Zero  string
	Above ui.Field
	Then  ui.Field
	And   ui.Field
}

func (v *visit) newRule() error {
	if err := v.actor.RequireSomewhere(access.ApprovalRulesManage); err != nil {
		return err
	}
	form := url.Values{"enabled": {"on"}, "basis": {string(approval.Net)}, "how": {byBands}}
	manager := sourceKey(approval.Source{Kind: approval.OfManager, Level: 1})
	c, _ := v.currency()
	condition := func(name, when string) {
		form.Set("how", byCondition)
		form.Set("name", name)
		form.Set("when", when)
		form.Set("thenc", manager)
	}
	switch v.query("preset") {
	case "total":
		condition(v.T("Large orders"), "total_gross > 1000 "+string(c))
	case "shipping":
		condition(v.T("Dear shipping"), "shipping > 50 "+string(c))
	case "skus":
		condition(v.T("Many articles"), "skus > 20")
	default:
		form.Set("name", v.T("Amount bands"))
		form.Set("above1", "1000")
		form.Set("then1", manager)
		form.Set("above2", "10000")
		form.Set("then2", manager)
		form.Set("and2", string(approval.OfAdministrator))
	}
	return v.rulePage(view.Rule{}, attempt{said: form})
}

func (v *visit) rule() error {
	key, err := named(v, "rule", id.ParseRule)
	if err != nil {
		return err
	}
	return v.ruleAgain(key, attempt{})
}

func (v *visit) ruleAgain(key id.Rule, a attempt) error {
	r, err := v.Approving.GetRule(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	return v.rulePage(r, a)
}

func (v *visit) rulePage(r view.Rule, a attempt) error {
	names, err := v.sourceNames()
	if err != nil {
		return err
	}
	fresh := r.ID.IsZero()
	p := RulePage{Frame: v.frame(v.T("Approval rules"), "company"), URL: "/rules", Version: strconv.Itoa(r.Version), Fresh: fresh,
		Edits: v.actor.MaySomewhere(access.ApprovalRulesManage), Plain: fresh || v.plainRule(r.Rule), Picture: v.picture(r.Rule, names)}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Approval rules"), URL: "/rules"}}, Title: r.Name, Note: r.Description}
	if fresh {
		p.Header.Title, p.Header.Note = v.T("New rule"), v.T("It counts for what is submitted from the moment you save it.")
		p.Presets = v.presets()
	}
	if a.rest != "" {
		p.Notice = &ui.Notice{Tone: ui.Bad, Title: a.rest}
	}
	if err := v.ruleFields(&p, r, a, names); err != nil {
		return err
	}
	if !fresh {
		p.URL += "/" + r.ID.String()
		if err := v.aboutRule(&p, r, names); err != nil {
			return err
		}
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) presets() ui.Items {
	return ui.Items{Label: v.T("Begin with"), Items: []ui.Item{
		{Title: v.T("Amount bands"), Text: v.T("Who decides depends on how large the order is."), Icon: ui.IconTrend, URL: "/rules/new?preset=bands"},
		{Title: v.T("Order total"), Text: v.T("Above an amount, tax and shipping included."), Icon: ui.IconScale, URL: "/rules/new?preset=total"},
		{Title: v.T("Shipping cost"), Text: v.T("When shipping costs more than it should."), Icon: ui.IconTruck, URL: "/rules/new?preset=shipping"},
		{Title: v.T("Number of articles"), Text: v.T("When more different articles are ordered than usual."), Icon: ui.IconStock, URL: "/rules/new?preset=skus"},
	}}
}

// ruleFields are the form, filled with the rule or with what came back.
func (v *visit) ruleFields(p *RulePage, r view.Rule, a attempt, names []ui.Option) error {
	said := a.said
	if said == nil {
		said = ruleForm(r.Rule)
		for i, s := range r.Steps {
			if s.Above != nil {
				said.Set("above"+strconv.Itoa(i), v.l.Amount(*s.Above))
			}
		}
	}
	a.said = said
	units, err := v.units(v.T("The whole company"))
	if err != nil {
		return err
	}
	roles, err := v.rolesToGive(v.T("Everybody, whatever their role"))
	if err != nil {
		return err
	}
	c, _ := v.currency()
	p.Words = []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Name"), MaxLength: approval.MostName}),
		a.field(ui.Field{As: ui.AsLongText, Name: "description", Label: v.T("Description"), Rows: 2, MaxLength: approval.MostDescription, Optional: true}),
		a.field(ui.Field{As: ui.AsSelect, Name: "unit", Label: v.T("For orders of"), Options: units, Find: findUnit, Hint: v.T("A unit means that unit and all below it."), Optional: true, Unmarked: true}),
		a.field(ui.Field{As: ui.AsSelect, Name: "role", Label: v.T("For requesters with the role"), Options: roles, Optional: true, Unmarked: true}, "applies_to.roles"),
	}
	p.Enabled = ui.Check{Name: "enabled", Label: v.T("This rule counts"), Checked: said.Has("enabled"), Switch: true}
	p.How = ui.Radios{Name: "how", Label: v.T("It depends on"), Value: said.Get("how"), Tiles: true, Options: []ui.Option{
		{Value: byBands, Label: v.T("The amount"), Hint: v.T("Goods, net")}, {Value: byCondition, Label: v.T("A condition"), Hint: v.T("Anything about the order")}}}
	who := append([]ui.Option{{Label: v.T("Nobody")}, {Value: refuses, Label: v.T("The order is refused")}}, names...)
	after := append([]ui.Option{{Label: v.T("Nobody else")}}, names...)
	for i := range mostBands {
		n := strconv.Itoa(i)
		then := a.field(ui.Field{As: ui.AsSelect, Name: "then" + n, Label: v.T("Decides"), Options: who, Optional: true, Unmarked: true})
		then.Error = ifEmpty(then.Error, a.below("steps."+n+".then"))
		p.Bands = append(p.Bands, BandFields{First: i == 0, Zero: v.T("From nothing on"), Then: then,
			Above: a.field(ui.Field{As: ui.AsMoney, Name: "above" + n, Label: v.T("Above"), Unit: string(c), Optional: true, Unmarked: true}, "steps."+n+".above"),
			And:   a.field(ui.Field{As: ui.AsSelect, Name: "and" + n, Label: v.T("And then"), Options: after, Optional: true, Unmarked: true})})
	}
	p.When = a.field(ui.Field{As: ui.AsLongText, Name: "when", Label: v.T("When"), Rows: 2, Optional: true, Unmarked: true, Placeholder: "total_net > 15000 EUR or skus > 100",
		Hint: v.T("Join with and, or, not. Empty means every order.")}, "steps.0.when")
	then := a.field(ui.Field{As: ui.AsSelect, Name: "thenc", Label: v.T("Decides"), Options: who, Optional: true, Unmarked: true})
	then.Error = ifEmpty(then.Error, a.below("steps.0.then"))
	p.Then = []ui.Field{then, a.field(ui.Field{As: ui.AsSelect, Name: "andc", Label: v.T("And then"), Options: after, Optional: true, Unmarked: true})}
	p.Facts = v.vocabulary()
	return nil
}

func ifEmpty(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// vocabulary are the words of conditions, with an example of each.
func (v *visit) vocabulary() ui.Facts {
	examples := map[approval.FactKind]string{approval.MoneyFact: "> 500 EUR", approval.NumberFact: "> 20", approval.PercentFact: "> 10 %", approval.DateFact: "< 2026-12-31",
		approval.TextFact: `= "…"`, approval.ListFact: `has "…"`, approval.FlagFact: ""}
	var f ui.Facts
	for _, fact := range approval.Vocabulary() {
		f.Facts = append(f.Facts, ui.Fact{Label: capital(v.T(fact.Label)), Value: code(strings.TrimSpace(fact.Name + " " + examples[fact.Kind]))})
	}
	f.Columns = true
	return f
}

// aboutRule is what stands beside a rule that is kept.
func (v *visit) aboutRule(p *RulePage, r view.Rule, names []ui.Option) error {
	versions, err := v.Approving.Versions(v.ctx(), v.actor, r.ID)
	if err != nil {
		return err
	}
	p.Versions = ui.Timeline{Label: v.T("Versions")}
	for i := len(versions) - 1; i >= 0; i-- {
		w := versions[i]
		e := ui.Event{When: v.time(w.At), Person: ui.Person{Name: w.ByName}, Title: v.T("made version %d", w.Rule.Version), Icon: ui.IconHistory}
		for _, s := range w.Rule.Steps {
			e.Text = joined(" · ", e.Text, v.wanted(s.Then, names))
		}
		p.Versions.Events = append(p.Versions.Events, e)
	}
	p.Header.Badge = ui.Badge{Label: v.T("On"), Tone: ui.Good}
	p.Switch, p.SwitchTo = ui.Button{Label: v.T("Switch off"), Icon: ui.IconPause, Form: "switch"}, "no"
	if !r.Enabled {
		p.Header.Badge = ui.Badge{Label: v.T("Off")}
		p.Switch, p.SwitchTo = ui.Button{Label: v.T("Switch on"), Icon: ui.IconPlay, Form: "switch"}, "yes"
	}
	p.Delete = ui.Dialog{Name: "delete", Title: v.T("Delete %s", r.Name), Text: v.T("It no longer counts for new orders. Purchase orders that wait keep the version they were submitted under.")}
	if p.Edits {
		p.Header.Actions = ui.All{p.Switch, ui.Button{Label: v.T("Delete"), Icon: ui.IconDelete, Kind: ui.Danger, Opens: "delete"}}
	}
	return v.testing(p, r, names)
}

// testing holds the rule against a purchase order, where the reader chose one.
func (v *visit) testing(p *RulePage, r view.Rule, names []ui.Option) error {
	if !v.actor.MaySomewhere(access.PurchaseOrdersView) {
		return nil
	}
	list, err := v.Approving.ListPurchaseOrders(v.ctx(), v.actor, approving.Filter{}, page.Ask{Limit: 30})
	if err != nil {
		return err
	}
	p.Orders = ui.Field{As: ui.AsSelect, Name: "try", Label: v.T("Purchase order"), Value: v.query("try"), Options: []ui.Option{{Label: v.T("Choose one")}}, Optional: true, Unmarked: true}
	p.HasOrders = len(list.Rows) > 0
	for _, po := range list.Rows {
		p.Orders.Options = append(p.Orders.Options, ui.Option{Value: po.ID.String(), Label: joined(" · ", po.Number, v.money(po.Net), po.RequesterName)})
	}
	key, err := picked(v.query("try"), id.ParsePurchaseOrder)
	if err != nil || key.IsZero() {
		return err
	}
	t, err := v.Approving.TestRule(v.ctx(), v.actor, r.Rule, key)
	if err != nil {
		return err
	}
	n := ui.Notice{Tone: ui.Info, Title: v.T("The rule is not about orders like this one")}
	if t.Applies {
		n.Title = v.T("Nothing of the rule holds for it")
	}
	for i, s := range t.Steps {
		if i == 0 {
			n.Tone, n.Title = ui.Good, v.wanted(s.Then, names)
		}
		n.Reasons = append(n.Reasons, capital(v.phrase(s.Why)))
	}
	p.Tested = &n
	return nil
}

// ruleInput is the rule of a form: of one that the form cannot show, only the words are taken.
func (v *visit) ruleInput(form url.Values, was view.Rule) (approval.Rule, error) {
	c, _ := v.currency()
	if !was.ID.IsZero() && !v.plainRule(was.Rule) {
		r := was.Rule
		r.Name, r.Description, r.Enabled, r.Version = strings.TrimSpace(form.Get("name")), strings.TrimSpace(form.Get("description")), form.Has("enabled"), int(version(form.Get("version")))
		return r, nil
	}
	r, err := v.ruleSaid(form, c)
	r.ID, r.Version, r.Priority = was.ID, int(version(form.Get("version"))), was.Priority
	return r, err
}

func (v *visit) createsRule() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	r, err := v.ruleInput(form, view.Rule{})
	if err == nil {
		r, err = v.Approving.CreateRule(v.ctx(), v.actor, r)
	}
	if err != nil {
		return v.again("rule", form, err, func(a attempt) error { return v.rulePage(view.Rule{}, a) })
	}
	return v.goOn("/rules/"+r.ID.String(), ui.Good, v.T("The rule was made. It counts from now on."))
}

func (v *visit) editsRule() error {
	key, form, err := posted(v, "rule", id.ParseRule)
	if err != nil {
		return err
	}
	was, err := v.Approving.GetRule(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	r, err := v.ruleInput(form, was)
	if err == nil {
		_, err = v.Approving.EditRule(v.ctx(), v.actor, r)
	}
	if err != nil {
		return v.again("rule", form, err, func(a attempt) error { return v.rulePage(was, a) })
	}
	return v.goOn("/rules/"+key.String(), ui.Good, v.T("The rule was saved as a new version."))
}

func (v *visit) enablesRule() error {
	return v.onRule(v.T("The rule was saved as a new version."), func(key id.Rule, seen int, form url.Values) error {
		_, err := v.Approving.EnableRule(v.ctx(), v.actor, key, seen, form.Get("enabled") == "yes")
		return err
	})
}

func (v *visit) deletesRule() error {
	key, form, err := posted(v, "rule", id.ParseRule)
	if err != nil {
		return err
	}
	if err := v.Approving.DeleteRule(v.ctx(), v.actor, key, int(version(form.Get("version")))); err != nil {
		return v.again("delete", nil, err, func(a attempt) error { return v.ruleAgain(key, a) })
	}
	return v.goOn("/rules", ui.Good, v.T("The rule was deleted."))
}

// onRule does one thing to a rule, and leads back to it.
func (v *visit) onRule(said string, do func(key id.Rule, seen int, form url.Values) error) error {
	key, form, err := posted(v, "rule", id.ParseRule)
	if err != nil {
		return err
	}
	if err := do(key, int(version(form.Get("version"))), form); err != nil {
		return v.again("rule", nil, err, func(a attempt) error { return v.ruleAgain(key, a) })
	}
	return v.goOn("/rules/"+key.String(), ui.Good, said)
}
