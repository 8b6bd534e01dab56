package portal

import (
	"net/url"
	"strconv"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/granting"
)

// separations adds the pages of what nobody may hold together.
func (p *Portal) separations(look looking, act adding) {
	look("/separation", access.RolesView, "Separation of duty", (*visit).separationList)
	look("/separation/new", access.RolesManage, "New rule of separation", (*visit).newSeparation)
	act("/separation", access.RolesManage, (*visit).createsSeparation)
	act("/separation/suggestions", access.RolesManage, (*visit).takesSuggestion)
	look("/separation/{separation}", access.RolesView, "A rule of separation", (*visit).separation)
	act("/separation/{separation}", access.RolesManage, (*visit).editsSeparation)
	act("/separation/{separation}/delete", access.RolesManage, (*visit).deletesSeparation)
}

// SeparationsPage lists the rules of separation of duty, and offers some.
type SeparationsPage struct {
	ui.Frame
	Header  ui.Header
	Way     InTheWay
	Rules   []SeparationCard
	Empty   ui.Empty
	Offers  []SeparationCard
	Manages bool
}

// SeparationCard is a rule as it stands, or one that is offered.
type SeparationCard struct {
	Key     string // of a suggestion
	Name    string
	Note    string
	Parts   string
	Actions ui.All
	Who     ui.Items
	Folded  string // what stands in the place of who is in the way, until they are asked for
	Excused ui.Items
	Excuse  ui.Check
}

// InTheWay says why a rule cannot be switched on, or who would stand in its way, with the way to each of them.
type InTheWay struct {
	Notice ui.Notice
	Who    ui.Items
}

func (v *visit) separationList() error { return v.separationsPage(attempt{}) }

func (v *visit) separationsPage(a attempt) error {
	all, err := v.Granting.ListSeparations(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	offers, err := v.Granting.Suggestions(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := SeparationsPage{Frame: v.frame(v.T("Separation of duty"), "company"), Manages: v.actor.May(access.RolesManage, tree.Top), Way: v.inTheWay(a)}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Roles"), URL: "/roles"}}, Title: v.T("Separation of duty"),
		Note: v.T("What no one person may have together. A rule that is on is kept to whichever way rights are given.")}
	if p.Manages {
		p.Header.Actions = ui.LinkButton{Label: v.T("New rule"), URL: "/separation/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	p.Empty = v.askingThroughout(access.RolesManage, ui.Empty{Icon: ui.IconScale, Title: v.T("No rules yet"), Text: v.T("Nothing is kept apart: whoever gives roles may give anybody any of them.")})
	for _, s := range all {
		p.Rules = append(p.Rules, SeparationCard{Name: s.Name, Note: v.atMost(s.Separation), Parts: v.list(s), Who: v.breaches(s), Excused: v.excused(s),
			Actions: ui.All{v.separationState(s), ui.LinkButton{Label: v.T("Open %s", s.Name), IconOnly: true, Icon: ui.IconNext, URL: "/separation/" + s.ID.String(), Kind: ui.Quiet, Small: true}}})
	}
	for _, g := range offers {
		if g.Taken {
			continue
		}
		offer := SeparationCard{Key: g.Key, Name: v.phrase(g.Name), Note: v.phrase(g.Why), Parts: v.list(g.Would), Who: v.breaches(g.Would),
			Excuse: ui.Check{Name: "excuses", ID: "excuses-" + g.Key, Label: v.T("Leave out what comes of the administrators' role"),
				Checked: a.said.Get("suggestion") == g.Key && a.said.Has("excuses")}}
		if n := len(g.Would.Breaches) + g.Would.Others; n > 0 {
			offer.Folded = v.N(n, "%d person is in the way of it", "%d people are in the way of it")
		}
		p.Offers = append(p.Offers, offer)
	}
	return v.answer(a.status(), p.View())
}

// separationState is whether a rule is kept to, and how many breach it, as badges.
func (v *visit) separationState(s granting.Separation) ui.All {
	state := ui.Badge{Label: v.T("On"), Tone: ui.Good}
	if !s.On {
		state = ui.Badge{Label: v.T("Off")}
	}
	if n := len(s.Breaches) + s.Others; n > 0 {
		return ui.All{state, ui.Badge{Label: v.N(n, "%d breach", "%d breaches"), Tone: ui.Warn}}
	}
	return ui.All{state}
}

// atMost says how much of a rule is too much.
func (v *visit) atMost(s access.Separation) string {
	if n := s.Permissions.Len() + len(s.Roles); n > 2 || s.Cardinality > 2 {
		return v.T("Nobody may have %d or more of these %d.", s.Cardinality, n)
	}
	return v.T("Nobody may have both.")
}

// list is what a rule keeps apart, in one line.
func (v *visit) list(s granting.Separation) string {
	var all []string
	for _, part := range v.parts(s).Items {
		all = append(all, part.Title)
	}
	return v.l.List(all...)
}

// parts are what a rule keeps apart, one below the other.
func (v *visit) parts(s granting.Separation) ui.Items {
	list := ui.Items{Label: v.T("What %s keeps apart", s.Name)}
	for _, p := range s.Permissions.List() {
		list.Items = append(list.Items, ui.Item{Title: v.T(p.Label()), Icon: ui.IconKey})
	}
	for _, r := range s.Named {
		list.Items = append(list.Items, ui.Item{Title: r.Name, Icon: ui.IconRole, URL: v.roleURL(r.ID)})
	}
	return list
}

// breaches are those who have too much, with the way to them.
func (v *visit) breaches(s granting.Separation) ui.Items {
	list := ui.Items{Label: v.T("Who breaches %s", s.Name)}
	if s.ID.IsZero() || !s.On {
		list.Label = v.T("Who would breach %s", s.Name)
	}
	return v.holding(list, s.Breaches, s.Others)
}

// excused are the administrators whom a rule leaves out.
func (v *visit) excused(s granting.Separation) ui.Items {
	return v.holding(ui.Items{Label: v.T("Whom %s excuses", s.Name)}, s.Excused, s.OthersOf)
}

func (v *visit) holding(list ui.Items, all []access.Breach, others int) ui.Items {
	for _, b := range all {
		list.Items = append(list.Items, ui.Item{Title: b.Who, Person: ui.Person{Name: b.Who}, URL: v.memberURL(b.Member), Text: v.phrase(b.Phrase())})
	}
	if others > 0 {
		list.Items = append(list.Items, ui.Item{Title: v.N(others, "%d more person", "%d more people"), Icon: ui.IconPeople})
	}
	return list
}

// inTheWay is what a use case says no to, with everybody whom it names.
func (v *visit) inTheWay(a attempt) InTheWay {
	if a.rest == "" {
		return InTheWay{}
	}
	r := InTheWay{Notice: ui.Notice{Tone: ui.Bad, Title: a.rest}}
	if a.fault == nil || len(a.fault.Reasons) == 0 {
		return r
	}
	r.Notice.Title = v.T("The rule cannot be on while somebody breaches it")
	r.Notice.Text = v.T("Take one of the roles from them, leave out the administrators' role where it is theirs, or keep the rule off until then.")
	r.Who = ui.Items{Label: v.T("Who stands in the way")}
	for _, reason := range a.fault.Reasons {
		r.Who.Items = append(r.Who.Items, ui.Item{Title: v.sentence(reason), Icon: ui.IconWarn, Tone: ui.Bad, URL: v.reasonURL(reason)})
	}
	if more := len(a.fault.Reasons); more == access.MostBreaches {
		r.Who.Items = append(r.Who.Items, ui.Item{Title: v.T("There may be more."), Icon: ui.IconPeople})
	}
	return r
}

// several are the reasons of a refusal, where there is more than the one that it begins with.
func (v *visit) several(a attempt) []string {
	if a.fault == nil || len(a.fault.Reasons) < 2 {
		return nil
	}
	var all []string
	for _, reason := range a.fault.Reasons[1:] {
		all = append(all, v.sentence(reason))
	}
	return all
}

// wouldBreach is who would breach a rule that was tried.
func (v *visit) wouldBreach(would granting.Separation) InTheWay {
	r := InTheWay{Notice: ui.Notice{Tone: ui.Good, Title: v.T("Nobody would breach this rule")}, Who: v.breaches(would)}
	if n := len(would.Breaches) + would.Others; n > 0 {
		r.Notice = ui.Notice{Tone: ui.Warn, Title: v.N(n, "%d person would breach this rule", "%d people would breach this rule")}
	}
	return r
}

// reasonURL is the page of the member whom a fault names.
func (v *visit) reasonURL(f *fault.Fault) string {
	key, err := picked(f.Detail["member_id"], id.ParseMember)
	if err != nil {
		return ""
	}
	return v.memberURL(key)
}

// SeparationPage shows a rule of separation of duty, to be changed by who may.
type SeparationPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Fresh   bool
	Edits   bool
	Way     InTheWay
	Name    ui.Field
	Most    ui.Field
	Of      string // the kind of what is kept apart: permissions or roles
	Other   ui.LinkButton
	Flaw    string // what is wrong with the choice
	Tree    ui.PermissionTree
	Roles   []ui.Check
	Excuses ui.Check
	On      ui.Check
	Parts   ui.Items
	Who     ui.Items
	Excused ui.Items
	Delete  ui.Dialog
}

const ofRoles = "roles"

func (v *visit) newSeparation() error {
	if err := v.actor.Require(access.RolesManage, tree.Top); err != nil {
		return err
	}
	s := granting.Separation{Separation: access.Separation{Cardinality: 2, On: true}}
	return v.separationPage(s, attempt{}, v.query("of"))
}

func (v *visit) separation() error {
	key, err := named(v, "separation", id.ParseSeparation)
	if err != nil {
		return err
	}
	return v.separationAgain(key, attempt{})
}

func (v *visit) separationAgain(key id.Separation, a attempt) error {
	s, err := v.Granting.GetSeparation(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	of := ""
	if len(s.Roles) > 0 {
		of = ofRoles
	}
	return v.separationPage(s, a, a.or("of", of))
}

func (v *visit) separationPage(s granting.Separation, a attempt, of string) error {
	fresh := s.ID.IsZero()
	p := SeparationPage{Frame: v.frame(v.T("Separation of duty"), "company"), URL: "/separation", Fresh: fresh, Version: a.or("version", v.plain(s.Version)),
		Edits: v.actor.May(access.RolesManage, tree.Top), Way: v.inTheWay(a), Of: "permissions"}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Roles"), URL: "/roles"}, {Label: v.T("Separation of duty"), URL: "/separation"}}, Title: s.Name, Note: v.atMost(s.Separation)}
	if fresh {
		p.Header.Title, p.Header.Note = v.T("New rule"), v.T("Choose what one person may not have together.")
	} else {
		p.URL += "/" + s.ID.String()
		p.Header.Badge = v.separationState(s)
		p.Parts, p.Who, p.Excused = v.parts(s), v.breaches(s), v.excused(s)
	}
	if a.tried != nil {
		p.Way = v.wouldBreach(*a.tried)
	}
	if !p.Edits {
		return v.answer(a.status(), p.View())
	}
	p.Name = a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: s.Name, MaxLength: access.NameLength})
	p.Most = a.field(ui.Field{As: ui.AsNumber, Name: "cardinality", Label: v.T("So many are too many"), Value: strconv.Itoa(s.Cardinality), Short: true,
		Hint: v.T("Two of a pair. Of a longer list it may be more.")})
	p.On = ui.Check{Name: "on", Label: v.T("This rule is kept to"), Hint: v.T("Off, it only says who would breach it."), Checked: a.ticked("on", s.On), Switch: true}
	if err := v.choosing(&p, s, a, of); err != nil {
		return err
	}
	if !fresh {
		p.Delete = ui.Dialog{Name: "delete", Title: v.T("Delete %s", s.Name), Text: v.T("From then on nothing keeps this apart.")}
		p.Header.Actions = ui.Button{Label: v.T("Delete"), Icon: ui.IconDelete, Kind: ui.Danger, Opens: "delete"}
	}
	return v.answer(a.status(), p.View())
}

// choosing is the choice of what is kept apart.
func (v *visit) choosing(p *SeparationPage, s granting.Separation, a attempt, of string) error {
	p.Other = ui.LinkButton{Label: v.T("Keep roles apart instead"), URL: "/separation/new?of=" + ofRoles, Icon: ui.IconRole, Kind: ui.Quiet, Small: true}
	p.Flaw = ifEmpty(a.below("permissions"), a.below("role_ids"))
	if of == ofRoles {
		p.Of, p.Other = ofRoles, ui.LinkButton{Label: v.T("Keep permissions apart instead"), URL: "/separation/new", Icon: ui.IconKey, Kind: ui.Quiet, Small: true}
		roles, err := v.Granting.RolesToName(v.ctx(), v.actor)
		if err != nil {
			return err
		}
		ticked := map[string]bool{}
		for _, r := range s.Roles {
			ticked[r.String()] = a.said == nil
		}
		for _, r := range a.said["role"] {
			ticked[r] = true
		}
		for _, r := range roles {
			p.Roles = append(p.Roles, ui.Check{Name: "role", Value: r.ID.String(), Label: r.Name, Checked: ticked[r.ID.String()]})
		}
		return nil
	}
	ticked := s.Permissions
	if a.said != nil {
		ticked = access.Known(a.said["permission"])
	}
	root := ui.Permission{Key: "all", Label: v.T("All permissions"), Open: true}
	for _, g := range access.Tree(v.actor.Realm) {
		group := ui.Permission{Key: g.Code, Label: v.T(g.Label)}
		for _, leaf := range g.Leaves { // what a leaf needs is not kept apart with it
			one := ui.Permission{Key: leaf.Code(), Label: v.T(leaf.Label()), Ticked: ticked.Has(leaf)}
			group.Open = group.Open || one.Ticked
			group.Below = append(group.Below, one)
		}
		root.Below = append(root.Below, group)
	}
	p.Tree = ui.PermissionTree{Name: "permission", Label: v.T("What one person may not have together"), Permissions: []ui.Permission{root}}
	p.Excuses = ui.Check{Name: "excuses", Label: v.T("Leave out what comes of the administrators' role"), Checked: a.ticked("excuses", s.Excuses), Error: a.wrong["excuse_administrators"],
		Hint: v.T("It holds nearly everything, so a rule without this is breached by every administrator. Who is left out is listed by name.")}
	return nil
}

// separationSaid is what was said of a rule.
func separationSaid(form url.Values) (access.SeparationFields, error) {
	var wrong fault.Input
	f := access.SeparationFields{Name: form.Get("name"), Excuses: form.Has("excuses"), On: form.Has("on")}
	f.Cardinality = int(version(form.Get("cardinality"))) // what is no number is too few
	for _, code := range form["permission"] {
		p, err := access.Parse(code)
		if !wrong.Take("permissions", err) {
			f.Permissions.Add(p)
		}
	}
	for _, key := range form["role"] {
		r, err := id.ParseRole(key)
		if !wrong.Take("role_ids", err) {
			f.Roles = append(f.Roles, r)
		}
	}
	if form.Get("of") == ofRoles && len(form["role"]) == 0 {
		wrong.Add("role_ids", "required", "choose at least two roles")
	}
	return f, wrong.Err()
}

// trying shows a form as it came, with who would breach the rule.
func (v *visit) trying(s granting.Separation, form url.Values, f access.SeparationFields) error {
	would, err := v.Granting.TrySeparation(v.ctx(), v.actor, f)
	if err != nil {
		return v.again("try", form, err, func(a attempt) error { return v.separationPage(s, a, form.Get("of")) })
	}
	return v.separationPage(s, attempt{said: form, tried: &would}, form.Get("of"))
}

func (v *visit) createsSeparation() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	again := func(a attempt) error {
		return v.separationPage(granting.Separation{Separation: access.Separation{Cardinality: 2}}, a, form.Get("of"))
	}
	f, err := separationSaid(form)
	if err == nil && form.Has("try") {
		return v.trying(granting.Separation{}, form, f)
	}
	var s access.Separation
	if err == nil {
		s, err = v.Granting.CreateSeparation(v.ctx(), v.actor, f)
	}
	if err != nil {
		return v.again("separation", form, err, again)
	}
	return v.goOn("/separation/"+s.ID.String(), ui.Good, v.T("The rule was made."))
}

func (v *visit) takesSuggestion() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	g, err := access.SuggestionOf(v.actor.Realm, form.Get("suggestion"))
	if err != nil {
		return err
	}
	f := g.Fields(v.l)
	f.Excuses = form.Has("excuses")
	s, err := v.Granting.CreateSeparation(v.ctx(), v.actor, f)
	if err != nil {
		return v.again("suggestion", form, err, v.separationsPage)
	}
	return v.goOn("/separation/"+s.ID.String(), ui.Good, v.T("The rule is on."))
}

func (v *visit) editsSeparation() error {
	key, form, err := posted(v, "separation", id.ParseSeparation)
	if err != nil {
		return err
	}
	f, err := separationSaid(form)
	if err == nil && form.Has("try") {
		s, err := v.Granting.GetSeparation(v.ctx(), v.actor, key)
		if err != nil {
			return err
		}
		return v.trying(s, form, f)
	}
	if err == nil {
		_, err = v.Granting.EditSeparation(v.ctx(), v.actor, granting.EditSeparationInput{ID: key, Version: version(form.Get("version")), SeparationFields: f})
	}
	if err != nil {
		return v.again("separation", form, err, func(a attempt) error { return v.separationAgain(key, a) })
	}
	return v.goOn("/separation/"+key.String(), ui.Good, v.T("The rule was saved."))
}

func (v *visit) deletesSeparation() error {
	key, form, err := posted(v, "separation", id.ParseSeparation)
	if err != nil {
		return err
	}
	if err := v.Granting.DeleteSeparation(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("delete", nil, err, func(a attempt) error { return v.separationAgain(key, a) })
	}
	return v.goOn("/separation", ui.Good, v.T("The rule was deleted."))
}
