package portal

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// people adds the pages of members.
func (p *Portal) people(look looking, act adding) {
	look("/members", access.UsersView, "Members", (*visit).members)
	act("/members/invite", access.UsersManage, (*visit).invitesWaiting)
	look("/members/borrow", access.UsersManage, "Add somebody of a company above", (*visit).borrowing)
	act("/members/borrow", access.UsersManage, (*visit).borrows)
	look("/members/{member}", access.UsersView, "A member", (*visit).member)
	act("/members/{member}", access.UsersManage, (*visit).editsMember)
	look("/members/{member}/leave", access.UsersManage, "When somebody leaves", (*visit).leaving)
	act("/members/{member}/deactivate", access.UsersManage, (*visit).deactivates)
	act("/members/{member}/reactivate", access.UsersManage, (*visit).reactivates)
	act("/members/{member}/roles", access.RolesManage, (*visit).assigns)
	look("/members/{member}/roles/{assignment}", access.RolesManage, "When a role counts", (*visit).term)
	act("/members/{member}/roles/{assignment}", access.RolesManage, (*visit).retimes)
	act("/members/{member}/roles/{assignment}/revoke", access.RolesManage, (*visit).revokes)
}

// MembersPage lists the members that the reader sees.
type MembersPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Narrows bool // there are others to look for
	Table   ui.Table
	Waiting templ.Component // whom the company waits for
	Unsent  ui.Notice       // who waits for their invitation
	Send    ui.Button       // sends them
}

var memberStates = map[company.MemberStatus]struct {
	label locale.Phrase
	tone  ui.Tone
}{
	company.Working: {locale.Say("Active"), ui.Good}, company.Invited: {locale.Say("Invited"), ui.Info}, company.Inactive: {locale.Say("Deactivated"), ui.Neutral},
}

// memberStateOptions are the states of members to choose from, behind what stands for any.
func (v *visit) memberStateOptions() []ui.Option {
	states := []ui.Option{{Label: v.T("In any state")}}
	for _, s := range []company.MemberStatus{company.Working, company.Invited, company.Inactive} {
		states = append(states, ui.Option{Value: string(s), Label: memberStates[s].label.In(v.l)})
	}
	return states
}

// memberState is whether a member acts, as a badge; held is whether who lends them does so now.
func (v *visit) memberState(s company.MemberStatus, held bool) ui.Badge {
	if s == company.Working && !held {
		return ui.Badge{Label: v.T("On hold||member"), Tone: ui.Warn}
	}
	return ui.Badge{Label: memberStates[s].label.In(v.l), Tone: memberStates[s].tone}
}

func (v *visit) members() error {
	f := view.MemberFilter{Text: v.query("q"), Unit: filter(v, "unit", id.ParseUnit), Roleless: v.query("role") == noRole, Unheld: v.query("status") == onHold}
	if !f.Unheld {
		f.Status = oneOf(v, "status", slices.Collect(maps.Keys(memberStates))...)
	}
	if !f.Roleless {
		f.Role = filter(v, "role", id.ParseRole)
	}
	t := v.memberTable("members", v.T("Members"), func(ask page.Ask) (page.List[view.Row], error) { return v.Organising.Places(v.ctx(), v.actor, f, ask) })
	t.row, t.empty = v.memberRow, ui.Empty{Icon: ui.IconPeople, Title: v.T("Nobody fits"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/members"}}
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	units, err := v.units(v.T("All units"), v.query("unit"))
	if err != nil {
		return err
	}
	roles, err := v.rolesToGive(v.T("All roles"))
	if err != nil {
		return err
	}
	p := MembersPage{Frame: v.frame(v.T("Members"), "company"), Narrows: true, Filters: v.memberFilters(f, units, roles), Table: shown}
	p.Filters.Keep = t.kept(v)
	p.Header = ui.Header{Title: v.T("Members"), Note: v.T("Everybody who acts for your company.")}
	if !v.actor.MaySomewhere(access.UsersView) {
		p.Narrows, p.Header.Note = false, v.T("You see yourself here. Others are seen by whoever may view users and teams.")
	}
	if v.actor.MaySomewhere(access.UsersManage) {
		borrow, err := v.borrowLink()
		if err != nil {
			return err
		}
		p.Header.Actions = ui.All{v.importLink(), borrow, ui.LinkButton{Label: v.T("Invite people"), Icon: ui.IconPlus, Kind: ui.Primary, URL: "/invitations/new"}}
	}
	if p.Waiting, err = v.unanswered(); err != nil {
		return err
	}
	if err := v.unsent(&p); err != nil {
		return err
	}
	return v.show(p.View())
}

// memberTable is a list of members, without what is said of its rows.
func (v *visit) memberTable(name, title string, read func(page.Ask) (page.List[view.Row], error)) table[view.Row] {
	state := func(m view.Row) ui.Badge { return v.memberState(m.Status, m.Held) }
	return table[view.Row]{name: name, title: title, usual: page.Sort{By: "name"}, read: read, columns: []column[view.Row]{
		{Column: ui.Column{Label: v.T("Name")}, key: "name", sort: "name", cell: func(m view.Row) templ.Component { return v.memberName(m) }},
		{Column: ui.Column{Label: v.T("Unit")}, key: "unit", cell: func(m view.Row) templ.Component { return ui.Text(m.UnitName) }},
		{Column: ui.Column{Label: v.T("Manager"), Foldable: true}, key: "manager", cell: func(m view.Row) templ.Component { return ui.Text(m.ManagerName) }},
		{Column: ui.Column{Label: v.T("Roles")}, key: "roles", cell: func(m view.Row) templ.Component { return ui.Text(v.l.List(m.Roles...)) }},
		{Column: ui.Column{Label: v.T("Employee number")}, key: "number", extra: true, cell: func(m view.Row) templ.Component { return ui.Text(m.Number) }},
		{Column: ui.Column{Label: v.T("Since"), Fit: true}, key: "since", sort: "since", down: true, extra: true, cell: func(m view.Row) templ.Component { return v.time(m.Since) }},
		{Column: ui.Column{Label: v.T("State")}, key: "state", sort: "state", cell: func(m view.Row) templ.Component { return state(m) }},
	}, file: []datum[view.Row]{
		{v.T("Name"), func(m view.Row) string { return m.Name }}, {v.T("E-mail"), func(m view.Row) string { return m.Email }}, {v.T("Job title"), func(m view.Row) string { return m.Title }},
		{v.T("Employee number"), func(m view.Row) string { return m.Number }}, {v.T("Unit"), func(m view.Row) string { return m.UnitName }},
		{v.T("Manager"), func(m view.Row) string { return m.ManagerName }}, {v.T("Roles"), func(m view.Row) string { return strings.Join(m.Roles, ", ") }},
		{v.T("Since"), func(m view.Row) string { return moment(m.Since) }}, {v.T("State"), func(m view.Row) string { return state(m).Label }},
	}}
}

// memberName is what a member is called, with what tells them apart.
func (v *visit) memberName(m view.Row) ui.Person {
	title := joined(" · ", m.Title, m.Email)
	if m.HomeName != "" {
		title = joined(" · ", title, v.T("of %s", m.HomeName))
	}
	if m.Name == m.Email {
		title = m.Title
	}
	return ui.Person{Name: m.Name, Title: title}
}

// memberRow is where the row of a member leads. Somebody who is invited has no page of their own, and is looked after among
// the invitations.
func (v *visit) memberRow(m view.Row) ui.Row {
	row := ui.Row{Faded: m.Status == company.Inactive || !m.Held, URL: "/members/" + m.ID.String()}
	if m.ID.IsZero() {
		row.URL = "/invitations?" + url.Values{"q": {m.Email}, "state": {string(company.Open)}}.Encode()
	}
	return row
}

// unsent says how many members wait for their invitations, and how they get them.
func (v *visit) unsent(p *MembersPage) error {
	if !v.actor.MaySomewhere(access.UsersManage) {
		return nil
	}
	n, err := v.Organising.WaitingForInvitation(v.ctx(), v.actor)
	if err != nil || n == 0 {
		return err
	}
	p.Unsent = ui.Notice{Tone: ui.Warn, Title: v.N(int(n), "%d member waits for an invitation", "%d members wait for their invitations"),
		Text: v.T("They were brought by a file, or their link has run out. They can do nothing before they have accepted.")}
	p.Send = ui.Button{Label: v.N(int(n), "Send the invitation", "Send %d invitations"), Icon: ui.IconSend, Small: true}
	return nil
}

// notice is who waits for their invitation, with the button that sends it.
func (p MembersPage) notice() ui.Notice {
	n := p.Unsent
	n.Actions = p.Send
	return n
}

// invitesWaiting sends members who wait their invitations: the one who is named, or all.
func (v *visit) invitesWaiting() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	var in organising.InviteWaitingInput
	back := "/members"
	if form.Get("member") != "" {
		key, err := id.ParseMember(form.Get("member"))
		if err != nil {
			return err
		}
		in.Members, back = []id.Member{key}, "/members/"+key.String()
	}
	if _, err := v.Organising.InviteWaiting(v.ctx(), v.actor, in); err != nil {
		return v.refused(back, err)
	}
	return v.goOn(back, ui.Good, v.T("The invitations are on their way."))
}

// unanswered says how many people have been invited and have not answered yet, and leads to them.
func (v *visit) unanswered() (templ.Component, error) {
	if !v.actor.MaySomewhere(access.UsersView) { // and who may not see others is not told
		return nil, nil
	}
	n, err := v.Organising.OpenInvitations(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	all := ui.LinkButton{Label: v.T("Invitations"), URL: "/invitations", Icon: ui.IconSend, Small: true}
	if n == 0 {
		return all, nil
	}
	return ui.Notice{Tone: ui.Info, Title: v.N(int(n), "%d person is invited and has not answered yet", "%d people are invited and have not answered yet"), Actions: all}, nil
}

// onHold is what the filter of states says of those whom nobody lends any more.
const onHold = "on_hold"

// noRole is what the filter of roles says of those who have none.
const noRole = "none"

func (v *visit) memberFilters(f view.MemberFilter, units, roles []ui.Option) ui.Filters {
	states, state := append(v.memberStateOptions(), ui.Option{Value: onHold, Label: v.T("On hold||member")}), string(f.Status)
	if f.Unheld {
		state = onHold
	}
	bar := ui.Filters{Action: "/members", HX: ui.HX{Region: "members"}, Clear: "/members",
		Search: ui.SearchField{Label: v.T("Name, address, number or title"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "status", Label: v.T("State"), Value: state, Options: states},
			{As: ui.AsSelect, Name: "unit", Label: v.T("Unit"), Value: v.query("unit"), Options: units, Find: findUnit}}}
	roles = append(roles, ui.Option{Value: noRole, Label: v.T("Without a role")})
	bar.Fields = append(bar.Fields, ui.Field{As: ui.AsSelect, Name: "role", Label: v.T("Role"), Value: v.query("role"), Options: roles})
	for _, c := range []struct{ label, field string }{{f.Text, "q"}, {labelOf(states, state), "status"}, {labelOf(units, v.query("unit")), "unit"}, {labelOf(roles, v.query("role")), "role"}} {
		if c.label != "" {
			bar.Chips = append(bar.Chips, v.chip(c.label, c.field))
		}
	}
	return bar
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
