package portal

import (
	"net/url"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// people adds the pages of members.
func (p *Portal) people(look, act adding) {
	look("/members", access.UsersView, (*visit).members)
	act("/members", access.UsersManage, (*visit).addsMember)
	look("/members/{member}", access.UsersView, (*visit).member)
	act("/members/{member}", access.UsersManage, (*visit).editsMember)
	act("/members/{member}/deactivate", access.UsersManage, (*visit).deactivates)
	act("/members/{member}/reactivate", access.UsersManage, (*visit).reactivates)
	act("/members/{member}/roles", access.RolesManage, (*visit).assigns)
	act("/members/{member}/roles/{assignment}/revoke", access.RolesManage, (*visit).revokes)
}

// MembersPage lists the members that the reader sees.
type MembersPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
	Manages bool
	Adding  ui.Dialog
	Error   string
	Names   []ui.Field // side by side
}

var memberStates = map[company.MemberStatus]struct {
	label locale.Phrase
	tone  ui.Tone
}{
	company.Working: {locale.Say("Active"), ui.Good}, company.Invited: {locale.Say("Invited"), ui.Info}, company.Inactive: {locale.Say("Deactivated"), ui.Neutral},
}

// memberState is whether a member acts, as a badge.
func (v *visit) memberState(s company.MemberStatus) ui.Badge {
	return ui.Badge{Label: memberStates[s].label.In(v.l), Tone: memberStates[s].tone}
}

func (v *visit) members() error { return v.membersPage(attempt{}) }

func (v *visit) membersPage(a attempt) error {
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	f := view.MemberFilter{Text: v.query("q"), Status: company.MemberStatus(v.query("status"))}
	if _, known := memberStates[f.Status]; !known {
		f.Status = ""
	}
	if f.Unit, err = picked(v.query("unit"), id.ParseUnit); err != nil {
		return err
	}
	if f.Role, err = picked(v.query("role"), id.ParseRole); err != nil {
		return err
	}
	list, err := v.Organising.Members(v.ctx(), v.actor, f, place.ask)
	if err != nil {
		return err
	}
	units, err := v.units(v.T("All units"))
	if err != nil {
		return err
	}
	roles, err := v.rolesToGive(v.T("All roles"))
	if err != nil {
		return err
	}
	p := MembersPage{Frame: v.frame(v.T("Members"), "company"), Manages: v.actor.MaySomewhere(access.UsersManage), Filters: v.memberFilters(f, units, roles)}
	p.Header = ui.Header{Title: v.T("Members"), Note: v.T("Everybody who acts for your company.")}
	if p.Manages {
		p.Header.Actions = ui.All{v.importLink(), ui.Button{Label: v.T("Add a member"), Icon: ui.IconPlus, Kind: ui.Primary, Opens: "add-member"}}
		if err := v.memberForm(&p, a, units, roles); err != nil {
			return err
		}
	}
	p.Table = ui.Table{Name: "members", Caption: v.T("Members"), Pager: place.pager(len(list.Rows), list.Next, -1),
		Columns: []ui.Column{{Label: v.T("Name")}, {Label: v.T("Unit")}, {Label: v.T("Manager"), Foldable: true}, {Label: v.T("Roles")}, {Label: v.T("State")}},
		Empty:   ui.Empty{Icon: ui.IconPeople, Title: v.T("Nobody fits"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/members"}}}
	for _, m := range list.Rows {
		p.Table.Rows = append(p.Table.Rows, ui.Row{URL: "/members/" + m.ID.String(), Faded: m.Status == company.Inactive, Cells: []templ.Component{
			ui.Person{Name: m.Name, Title: joined(" · ", m.Title, m.Email)}, ui.Text(m.UnitName), ui.Text(m.ManagerName), ui.Text(v.l.List(m.Roles...)), v.memberState(m.Status)}})
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) memberFilters(f view.MemberFilter, units, roles []ui.Option) ui.Filters {
	states := []ui.Option{{Label: v.T("In any state")}}
	for _, s := range []company.MemberStatus{company.Working, company.Invited, company.Inactive} {
		states = append(states, ui.Option{Value: string(s), Label: memberStates[s].label.In(v.l)})
	}
	bar := ui.Filters{Action: "/members", HX: ui.HX{Region: "members"}, Clear: "/members",
		Search: ui.SearchField{Label: v.T("Name, address, number or title"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "status", Label: v.T("State"), Value: string(f.Status), Options: states},
			{As: ui.AsSelect, Name: "unit", Label: v.T("Unit"), Value: v.query("unit"), Options: units}}}
	if len(roles) > 1 {
		bar.Fields = append(bar.Fields, ui.Field{As: ui.AsSelect, Name: "role", Label: v.T("Role"), Value: v.query("role"), Options: roles})
	}
	for _, c := range []struct{ label, field string }{{f.Text, "q"}, {labelOf(states, string(f.Status)), "status"}, {labelOf(units, v.query("unit")), "unit"}, {labelOf(roles, v.query("role")), "role"}} {
		if c.label != "" {
			bar.Chips = append(bar.Chips, v.chip(c.label, c.field))
		}
	}
	return bar
}

// memberForm is the form by which somebody is added.
func (v *visit) memberForm(p *MembersPage, a attempt, units, roles []ui.Option) error {
	nodes, err := v.Organising.Structure(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p.Adding = ui.Dialog{Name: "add-member", Title: v.T("Add a member"), Text: v.T("Whoever has no account of this address yet gets one."), Open: a.made() || v.query("add") != "", Wide: true}
	p.Error = a.rest
	p.Names = []ui.Field{
		a.field(ui.Field{Name: "first", Label: v.T("First name"), MaxLength: 60, Optional: true}, "first_name"),
		a.field(ui.Field{Name: "last", Label: v.T("Last name"), MaxLength: 60}, "last_name", "name"),
		a.field(ui.Field{As: ui.AsEmail, Name: "email", Label: v.T("E-mail address"), MaxLength: 254}),
		a.field(ui.Field{Name: "title", Label: v.T("Job title"), MaxLength: 120, Optional: true}),
		a.field(ui.Field{Name: "number", Label: v.T("Employee number"), MaxLength: 40, Optional: true}),
		a.field(ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Manager or unit right above"), Options: v.places(nodes), Value: v.query("under")}),
	}
	if len(roles) > 1 {
		given := append([]ui.Option{{Label: v.T("The usual role of new members")}}, roles[1:]...)
		where := append([]ui.Option{{Label: v.T("The whole company")}}, units[1:]...)
		p.Names = append(p.Names,
			a.field(ui.Field{As: ui.AsSelect, Name: "role", ID: "add-role", Label: v.T("Role"), Options: given, Optional: true, Unmarked: true}),
			a.field(ui.Field{As: ui.AsSelect, Name: "role_at", Label: v.T("Where the role holds"), Options: where, Optional: true, Unmarked: true}))
	}
	return nil
}

func memberInput(form url.Values) (in organising.AddMemberInput, err error) {
	var wrong fault.Input
	in = organising.AddMemberInput{Email: form.Get("email"), First: form.Get("first"), Last: form.Get("last"), Number: form.Get("number"), Title: form.Get("title")}
	in.Under, err = parseNode(form.Get("under"))
	wrong.Take("under", err)
	in.Role, err = picked(form.Get("role"), id.ParseRole)
	wrong.Take("role", err)
	in.RoleAt, err = picked(form.Get("role_at"), id.ParseUnit)
	wrong.Take("role_at", err)
	return in, wrong.Err()
}

func (v *visit) addsMember() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in, err := memberInput(form)
	var m company.Member
	if err == nil {
		m, err = v.Organising.AddMember(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("member", form, err, v.membersPage)
	}
	return v.goOn("/members/"+m.ID.String(), ui.Good, v.T("%s was added.", m.Name))
}

// currency is the company's, for amounts to be typed in; false for who may not know it.
func (v *visit) currency() (money.Currency, bool) {
	c, err := v.Organising.Profile(v.ctx(), v.actor)
	return c.Currency, err == nil
}

// amountTyped reads an amount as the reader's language writes it; nothing typed is nil.
func (v *visit) amountTyped(typed string, c money.Currency) (*money.Money, error) {
	if typed == "" {
		return nil, nil
	}
	m, err := money.Parse(v.l.Plain(typed), c)
	if err != nil {
		return nil, err
	}
	return &m, nil
}
