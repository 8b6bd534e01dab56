package portal

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/granting"
	"kontor/internal/view"
)

// review adds the pages that say who may do what, and why.
func (p *Portal) review(look looking) {
	look("/access", access.RolesView, "Who may do what", (*visit).whoCan)
	look("/members/{member}/rights", access.RolesView, "What a member may do", (*visit).rights)
	look("/roles/{role}/compare", access.RolesView, "Two roles compared", (*visit).compareRoles)
	look("/roles/{role}/unused", access.RolesView, "What nobody uses of a role", (*visit).unused)
	look("/roles/similar", access.RolesView, "Roles that are nearly the same", (*visit).similarRoles)
}

// asked is the question that stands in the address.
type asked struct {
	granting.ReviewInput
	fields []ui.Field
}

// asked reads the question of the address, with the fields to ask it by; usual is what is asked about when nobody says.
func (v *visit) asked(usual access.Permission) (a asked, err error) {
	a.Permission = cmp.Or(filter(v, "permission", access.Parse), usual)
	a.Unit, a.Owner = filter(v, "unit", id.ParseUnit), filter(v, "owner", id.ParseMember)
	var permissions []ui.Option
	for _, g := range access.Tree(v.actor.Realm) {
		for _, leaf := range g.Leaves {
			permissions = append(permissions, ui.Option{Value: leaf.Code(), Label: v.T(leaf.Label()), Group: v.T(g.Label)})
		}
	}
	units, err := v.units(v.T("In the whole company"), v.query("unit"))
	if err != nil {
		return a, err
	}
	owners, err := v.deciders(v.T("Whoever it belongs to"), v.query("owner"))
	if err != nil {
		return a, err
	}
	chosen := ""
	if a.Permission != 0 {
		chosen = a.Permission.Code()
	} else {
		permissions = append([]ui.Option{{Label: v.T("Choose a permission")}}, permissions...)
	}
	a.fields = []ui.Field{
		{As: ui.AsSelect, Name: "permission", Label: v.T("Permission"), Value: chosen, Options: permissions},
		{As: ui.AsSelect, Name: "unit", Label: v.T("Where"), Value: v.query("unit"), Options: units, Find: findUnit},
		{As: ui.AsSelect, Name: "owner", Label: v.T("Whose"), Value: v.query("owner"), Options: owners, Find: findMember},
	}
	return a, nil
}

// AccessPage says who may do something.
type AccessPage struct {
	ui.Frame
	Header ui.Header
	Asked  ui.Filters
	Table  ui.Table
}

func (v *visit) whoCan() error {
	usual := access.CheckoutPlace
	if v.actor.Realm == access.Staff {
		usual = access.CompaniesView
	}
	a, err := v.asked(usual)
	if err != nil {
		return err
	}
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	list, err := v.Granting.WhoCan(v.ctx(), v.actor, a.ReviewInput, page.Ask{After: place.ask.After, Limit: place.ask.Limit})
	if err != nil {
		return err
	}
	p := AccessPage{Frame: v.frame(v.T("Who may do what"), "company"), Asked: ui.Filters{Action: "/access", HX: ui.HX{Region: "people"}, Fields: a.fields}}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Roles"), URL: "/roles"}}, Title: v.T("Who may do what"),
		Note: v.T("Choose what, where and whose. Everybody who may is listed with the roles that let them; their line says why.")}
	p.Table = ui.Table{Name: "people", Caption: v.T("Who may"), Pager: place.pager(len(list.Rows), list.Next, page.Uncounted()),
		Columns: []ui.Column{{Label: v.T("Name")}, {Label: v.T("Through")}},
		Empty:   ui.Empty{Icon: ui.IconPeople, Title: v.T("Nobody may"), Text: v.T("No active member that you see has this permission there.")}}
	for _, c := range list.Rows {
		p.Table.Rows = append(p.Table.Rows, ui.Row{URL: v.whyURL(c.Member, a.ReviewInput), Cells: []templ.Component{ui.Person{Name: c.Name, Title: c.Title}, v.ways(a.Permission, c.Ways)}})
	}
	return v.show(p.View())
}

// whyURL is where it is said why a member may do something.
func (v *visit) whyURL(member id.Member, in granting.ReviewInput) string {
	q := v.r.URL.Query()
	q.Del("at")
	q.Del("n")
	q.Set("permission", in.Permission.Code())
	return withQuery("/members/"+member.String()+"/rights", q)
}

// ways are the roles by which somebody may do something, one below the other.
func (v *visit) ways(wanted access.Permission, all []access.Way) templ.Component {
	var lines stacked
	for i := 0; i < len(all); {
		g := all[i].Given
		if all[i].Everybodys() {
			lines, i = append(lines, ui.Named{Name: v.T("Everybody sees themselves.")}), i+1
			continue
		}
		var by []string
		for ; i < len(all) && all[i].Given.ID == g.ID; i++ {
			if all[i].By != wanted {
				by = append(by, v.T(all[i].By.Label()))
			}
		}
		lines = append(lines, ui.Named{Name: g.Gives.Name, Note: joined(" · ", v.where(g.Unit, g.Where), v.l.List(by...)), URL: v.roleURL(g.Role)})
	}
	return lines
}

// stacked are things of one cell, one below the other.
type stacked []templ.Component

// where is the place of an assignment.
func (v *visit) where(unit id.Unit, name string) string {
	if unit.IsZero() {
		return v.T("The whole company")
	}
	return v.T("%s and below", name)
}

// RightsPage says what a member may do, where and why.
type RightsPage struct {
	ui.Frame
	Header ui.Header
	Asked  ui.Form
	Fields []ui.Field
	Answer *ui.Notice
	Steps  ui.Items
	Table  ui.Table
}

func (v *visit) rights() error {
	key, err := named(v, "member", id.ParseMember)
	if err != nil {
		return err
	}
	m, all, err := v.Granting.WhatCan(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	a, err := v.asked(0)
	if err != nil {
		return err
	}
	p := RightsPage{Frame: v.frame(v.T("What %s may do", m.Name), "company"), Fields: a.fields}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Members"), URL: "/members"}, {Label: m.Name, URL: "/members/" + key.String()}}, Title: v.T("What %s may do", m.Name),
		Note: v.T("As of now, with the roles that it comes from.")}
	if m.Status == company.Invited {
		p.Header.Note = v.T("They have not accepted their invitation yet: this is what they may once they do, with the roles that it comes from.")
	}
	p.Asked = ui.Form{Action: "/members/" + key.String() + "/rights", Get: true}
	if a.Permission != 0 {
		if err := v.why(&p, m, a); err != nil {
			return err
		}
	}
	p.Table = ui.Table{Name: "rights", Caption: v.T("Permissions"), Columns: []ui.Column{{Label: v.T("Permission")}, {Label: v.T("Where")}, {Label: v.T("From")}},
		Empty: ui.Empty{Icon: ui.IconRole, Title: v.T("Nothing"), Text: v.T("Nothing given to %s counts at the moment.", m.Name)}}
	for _, o := range all {
		var from []string
		for _, g := range o.From {
			from = append(from, g.Gives.Name)
		}
		ask := v.whyURL(key, granting.ReviewInput{Permission: o.Permission})
		p.Table.Rows = append(p.Table.Rows, ui.Row{Cells: []templ.Component{ui.Named{Name: v.T(o.Permission.Label()), URL: ask}, ui.Text(v.where(o.Unit, o.Where)), ui.Text(v.l.List(from...))}})
	}
	return v.show(p.View())
}

// why answers the question of the address.
func (v *visit) why(p *RightsPage, m company.Member, a asked) error {
	_, trace, err := v.Granting.Why(v.ctx(), v.actor, m.ID, a.ReviewInput)
	if err != nil {
		return err
	}
	p.Answer = &ui.Notice{Tone: ui.Bad, Title: v.T("No: %s may not.", m.Name)}
	if trace.Allowed {
		p.Answer = &ui.Notice{Tone: ui.Good, Title: v.T("Yes: %s may.", m.Name)}
	}
	p.Steps = ui.Items{Label: v.T("Why")}
	for _, s := range trace.Steps {
		step := ui.Item{Title: s.Says.In(v.l), Icon: ui.IconBad, Tone: ui.Bad}
		switch {
		case s.Holds:
			step.Icon, step.Tone = ui.IconGood, ui.Good
		case trace.Allowed: // it did not stand in the way
			step.Icon, step.Tone = ui.IconSkipped, ui.Neutral
		}
		p.Steps.Items = append(p.Steps.Items, step)
	}
	return nil
}

// ComparePage says how two roles differ.
type ComparePage struct {
	ui.Frame
	Header ui.Header
	With   ui.Filters
	Alike  *ui.Notice
	Tree   ui.PermissionTree
}

func (v *visit) compareRoles() error {
	key, err := named(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	r, err := v.Granting.GetRole(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	roles, err := v.Granting.ListRoles(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	with, err := picked(v.query("with"), id.ParseRole)
	if err != nil {
		return err
	}
	var others []ui.Option
	for _, other := range roles {
		if other.ID == key {
			continue
		}
		others = append(others, ui.Option{Value: other.ID.String(), Label: other.Name})
		if with.IsZero() {
			with = other.ID
		}
	}
	p := ComparePage{Frame: v.frame(v.T("Compare %s", r.Name), "company")}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Roles"), URL: "/roles"}, {Label: r.Name, URL: "/roles/" + key.String()}}, Title: v.T("Compare %s", r.Name)}
	p.With = ui.Filters{Action: "/roles/" + key.String() + "/compare", HX: ui.HX{Region: "difference"},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "with", Label: v.T("Compare with"), Value: with.String(), Options: others}}}
	if with.IsZero() {
		p.With.Fields = nil
		p.Alike = &ui.Notice{Title: v.T("There is no other role to compare it with.")}
		p.Tree = v.permissions(r, r.Set, true)
		p.Tree.ReadOnly = true
		return v.show(p.View())
	}
	a, b, d, err := v.Granting.Compare(v.ctx(), v.actor, key, with)
	if err != nil {
		return err
	}
	if d.OnlyFirst.Len()+d.OnlySecond.Len() == 0 {
		p.Alike = &ui.Notice{Title: v.T("%s and %s permit the same.", a.Name, b.Name)}
	}
	if v.actor.May(access.RolesManage, tree.Top) && !a.IsAdministrator() && !b.IsAdministrator() {
		p.Header.Actions = ui.LinkButton{Label: v.T("Merge them"), URL: "/roles/" + key.String() + "/merge?with=" + with.String(), Icon: ui.IconCopy}
	}
	p.Tree = v.permissions(view.Role{Role: a}, d.Both.Union(d.OnlyFirst), true)
	p.Tree.Label, p.Tree.ReadOnly = v.T("What %s permits, and where %s differs", a.Name, b.Name), true
	for _, root := range p.Tree.Permissions {
		for i := range root.Below {
			group := &root.Below[i]
			group.Open = false
			for k := range group.Below {
				v.differs(&group.Below[k], a, b, d)
				group.Open = group.Open || group.Below[k].Changed
			}
		}
	}
	return v.show(p.View())
}

// differs marks a leaf that one of two roles has alone.
func (v *visit) differs(leaf *ui.Permission, a, b access.Role, d access.Difference) {
	p, err := access.Parse(leaf.Key)
	if err != nil {
		return
	}
	switch {
	case d.OnlyFirst.Has(p):
		leaf.Changed, leaf.Mark = true, ui.Badge{Label: v.T("Only %s", a.Name), Tone: ui.Good, Plain: true}
	case d.OnlySecond.Has(p):
		leaf.Changed, leaf.Mark = true, ui.Badge{Label: v.T("Only %s", b.Name), Tone: ui.Info, Plain: true}
	}
}

// UnusedPage says what a role permits and nobody uses.
type UnusedPage struct {
	ui.Frame
	Header ui.Header
	Asked  ui.Filters
	Notice *ui.Notice
	Table  ui.Table
}

// days is how many days back the address asks about.
func (v *visit) days() (int, error) {
	said := v.query("days")
	if said == "" {
		return granting.UsualUnusedDays, nil
	}
	n, err := strconv.Atoi(said)
	if err != nil {
		return 0, granting.ErrDays
	}
	return n, nil
}

func (v *visit) unused() error {
	key, err := named(v, "role", id.ParseRole)
	if err != nil {
		return err
	}
	days, err := v.days()
	if err != nil {
		return err
	}
	u, err := v.Granting.Unused(v.ctx(), v.actor, key, days)
	if err != nil {
		return err
	}
	url := "/roles/" + key.String()
	title := v.T("What nobody uses of %s", u.Role.Name)
	p := UnusedPage{Frame: v.frame(title, "company")}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Roles"), URL: "/roles"}, {Label: u.Role.Name, URL: url}}, Title: title,
		Note: v.T("What a role permits and nobody who has it needs is better taken away: it can do no good, and harm in wrong hands.")}
	spans := []int{30, 90, 180, 365}
	var options []ui.Option
	for _, n := range spans {
		options = append(options, ui.Option{Value: strconv.Itoa(n), Label: v.T("In the last %d days", n)})
	}
	if !slices.Contains(spans, days) {
		options = append(options, ui.Option{Value: strconv.Itoa(days), Label: v.T("In the last %d days", days)})
	}
	p.Asked = ui.Filters{Action: url + "/unused", HX: ui.HX{Region: "unused"}, Fields: []ui.Field{{As: ui.AsSelect, Name: "days", Label: v.T("Not used"), Value: strconv.Itoa(days), Options: options}}}
	switch {
	case u.Holders == 0:
		p.Notice = &ui.Notice{Title: v.T("Nobody has this role, so nobody uses it.")}
	case u.Kept == "":
		p.Notice = &ui.Notice{Tone: ui.Warn, Title: v.T("No use has been recorded yet."), Text: v.T("What is used is recorded from now on: look again when people have worked for a while.")}
	case !u.Whole():
		p.Notice = &ui.Notice{Tone: ui.Warn, Title: v.T("Uses are recorded since %s.", v.l.Date(u.Kept)), Text: v.T("Of the days before nothing is known, so what is listed may have been used then.")}
	}
	if u.Holders > 0 && len(u.Leaves) > 0 && u.Smaller.Len() > 0 && !u.Role.IsAdministrator() && v.throughout(access.RolesManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("Edit the role without these"), Icon: ui.IconEdit, Kind: ui.Primary, URL: url + "?without=" + strconv.Itoa(days)}
	}
	groups := map[access.Permission]string{}
	for _, g := range access.Tree(v.actor.Realm) {
		for _, leaf := range g.Leaves {
			groups[leaf] = v.T(g.Label)
		}
	}
	p.Table = ui.Table{Name: "unused", Caption: v.T("Not used"), Columns: []ui.Column{{Label: v.T("Permission")}, {Label: v.T("Last used")}},
		Empty: ui.Empty{Icon: ui.IconGood, Title: v.T("All of it is used"), Text: v.T("Somebody has used everything that this role permits.")}}
	for _, l := range u.Leaves {
		last := v.T("Never")
		if l.Last != "" {
			last = v.l.Date(l.Last)
		}
		p.Table.Rows = append(p.Table.Rows, ui.Row{Cells: []templ.Component{ui.Named{Name: v.T(l.Permission.Label()), Note: groups[l.Permission]}, ui.Text(last)}})
	}
	return v.show(p.View())
}

// SimilarPage lists roles that are nearly the same.
type SimilarPage struct {
	ui.Frame
	Header ui.Header
	Table  ui.Table
}

func (v *visit) similarRoles() error {
	all, err := v.Granting.Similar(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := SimilarPage{Frame: v.frame(v.T("Roles that are nearly the same"), "company")}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Roles"), URL: "/roles"}}, Title: v.T("Roles that are nearly the same"),
		Note: v.T("Fewer roles are easier to keep right. Open a pair to see where the two differ, and merge them where one will do.")}
	p.Table = ui.Table{Name: "similar", Caption: v.T("Pairs of roles"), Columns: []ui.Column{{Label: v.T("Roles")}, {Label: v.T("Permissions in common"), Numeric: true}, {Label: v.T("Members in common"), Numeric: true}, {Label: v.T("One role instead")}},
		Empty: ui.Empty{Icon: ui.IconGood, Title: v.T("No two roles are nearly the same"), Text: v.T("Each role permits something else, to somebody else.")}}
	for _, s := range all {
		var gains stacked
		for _, gain := range []struct {
			role access.Role
			set  access.Set
		}{{s.First, s.FirstWouldGain}, {s.Second, s.SecondWouldGain}} {
			if n := gain.set.Len(); n > 0 {
				gains = append(gains, ui.Text(v.N(n, "Those with %[2]s would gain one permission.", "Those with %[2]s would gain %[1]d permissions.", gain.role.Name)))
			}
		}
		if len(gains) == 0 {
			gains = stacked{ui.Text(v.T("Nobody would gain anything."))}
		}
		p.Table.Rows = append(p.Table.Rows, ui.Row{URL: "/roles/" + s.First.ID.String() + "/compare?with=" + s.Second.ID.String(), Cells: []templ.Component{
			ui.Named{Name: s.First.Name, Note: s.Second.Name}, ui.Text(v.l.Percent(locale.Percent(100 * s.Permissions))), ui.Text(v.l.Percent(locale.Percent(100 * s.Holders))), gains}})
	}
	return v.show(p.View())
}
