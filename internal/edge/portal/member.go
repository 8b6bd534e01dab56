package portal

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// MemberPage shows a member: who they are, where they stand, what they may do.
type MemberPage struct {
	ui.Frame
	Header     ui.Header
	URL        string
	Version    string
	Manages    bool // the reader may change what the company says of them
	Gives      bool // the reader may give roles …
	Takes      bool // … and take them, also from who has left: what they would come back with
	Facts      ui.Facts
	Fields     []ui.Field
	Error      string
	Roles      ui.Table
	Assign     ui.Dialog
	Assigned   []ui.Field
	AssignFlaw string
	Move       ui.Field // a select of where to move to; none for who cannot be moved
	Key        string
	From       string // what they stand right below
	Return     ui.Dialog
	Under      ui.Field
	ReturnFlaw string
	Inactive   bool
	Invited    bool       // they have not accepted yet
	Lent       *ui.Notice // a company above lends them
}

func (v *visit) member() error {
	key, err := named(v, "member", id.ParseMember)
	if err != nil {
		return err
	}
	return v.memberPage(key, attempt{})
}

func (v *visit) memberPage(key id.Member, a attempt) error {
	m, err := v.Organising.Member(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	p := MemberPage{Frame: v.frame(m.Name, "company"), URL: "/members/" + key.String(), Key: key.String(), Version: a.of("edit").or("version", v.plain(m.Version)),
		Inactive: m.Status == company.Inactive, Gives: v.actor.MaySomewhere(access.RolesManage) && m.Status != company.Inactive, Takes: v.actor.MaySomewhere(access.RolesManage)}
	p.Manages = v.actor.May(access.UsersManage, m.Path)
	p.Invited = m.Status == company.Invited
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Members"), URL: "/members"}}, Title: m.Name, Note: joined(" · ", m.Title, m.UnitName), Badge: v.memberState(m.Status, m.Held)}
	p.Lent = v.lent(m)
	v.profile(&p, m, a.of("edit"))
	p.Roles = v.memberRoles(m, p)
	if err := v.giving(&p, a.of("assign")); err != nil {
		return err
	}
	if err := v.placing(&p, m, a.of("reactivate")); err != nil {
		return err
	}
	if m.ID == v.actor.Member || v.actor.MaySomewhere(access.RolesView) {
		p.Header.Actions = ui.All{ui.LinkButton{Label: v.T("What they may do"), URL: p.URL + "/rights", Icon: ui.IconKey}, p.Header.Actions}
	}
	return v.answer(a.status(), p.View())
}

// lent says of whom a company above lends what that means, and whether it does so now.
func (v *visit) lent(m view.Person) *ui.Notice {
	switch {
	case m.Home.IsZero() || m.Status != company.Working:
		return nil
	case m.Held:
		return &ui.Notice{Tone: ui.Info, Title: v.T("A member of %s", m.HomeName), Text: v.T("They act here as long as they are active there and your company belongs to it. You can end it at any time.")}
	}
	return &ui.Notice{Tone: ui.Warn, Title: v.T("On hold: a member of %s", m.HomeName),
		Text: v.T("They can do nothing here at the moment, for they are not active there, or your company no longer belongs to it. What they were given counts again once that is mended.")}
}

// profile is what the company says of a member, to be read or changed.
func (v *visit) profile(p *MemberPage, m view.Person, a attempt) {
	p.Facts = ui.Facts{Facts: []ui.Fact{
		{Label: v.T("E-mail address"), Text: m.Email},
		{Label: v.T("Phone"), Text: m.Phone},
		{Label: v.T("Employee number"), Text: m.Number},
		{Label: v.T("External ID"), Text: m.External},
		{Label: v.T("Unit"), Text: m.UnitName},
		{Label: v.T("Manager"), Value: v.personOrNone(m.Manager, m.ManagerName)},
		{Label: v.T("Manages"), Text: v.N(int(m.Reports), "%d person", "%d people")},
		{Label: v.T("Seen last"), Value: v.orNone(!m.SeenAt.IsZero(), v.time(m.SeenAt))},
	}}
	if m.HomeName != "" {
		p.Facts.Facts = append(p.Facts.Facts, ui.Fact{Label: v.T("Comes from"), Text: m.HomeName})
	}
	limit := ""
	if m.Approval != nil {
		limit = v.l.Amount(*m.Approval)
		p.Facts.Facts = append(p.Facts.Facts, ui.Fact{Label: v.T("Approval limit"), Text: v.T("%s (goods, net)", *m.Approval)})
	}
	p.Error = a.rest
	p.Fields = []ui.Field{
		a.field(ui.Field{Name: "first_name", Label: v.T("First name"), Value: m.First, MaxLength: text.MostPerson, Optional: true}),
		a.field(ui.Field{Name: "last_name", Label: v.T("Last name"), Value: m.Last(), MaxLength: text.MostPerson, Hint: v.T("As your company calls them. What their account says is theirs alone.")}),
		a.field(ui.Field{Name: "title", Label: v.T("Job title"), Value: m.Title, MaxLength: text.MostTitle, Optional: true}),
		a.field(ui.Field{Name: "number", Label: v.T("Employee number"), Value: m.Number, MaxLength: text.MostNumber, Optional: true}),
		a.field(ui.Field{Name: "external_id", Label: v.T("External ID"), Value: m.External, MaxLength: text.MostExternal, Optional: true, Hint: v.T("What another system knows them by; nobody else in your company has the same.")}),
		a.field(ui.Field{As: ui.AsPhone, Name: "phone", Label: v.T("Phone"), Value: m.Phone, MaxLength: text.MostPhone, Optional: true}),
	}
	if c, ok := v.currency(); ok && v.actor.May(access.LimitsManage, m.Path) {
		p.Fields = append(p.Fields, a.field(ui.Field{As: ui.AsMoney, Name: "approval_limit", Label: v.T("Approval limit"), Value: limit, Unit: string(c), Optional: true, Short: true,
			Hint: v.T("The most that one decision of theirs may cover: goods, net. Empty means no limit.")}))
	}
}

// personOrNone is a member by name, with the way to them.
func (v *visit) personOrNone(key id.Member, name string) templ.Component {
	if key.IsZero() {
		return nil
	}
	return ui.Person{Name: name, URL: v.memberURL(key), Small: true}
}

func (v *visit) memberRoles(m view.Person, p MemberPage) ui.Table {
	t := ui.Table{Name: "roles", Caption: v.T("Roles of %s", m.Name), Plain: true, Columns: []ui.Column{{Label: v.T("Role")}, {Label: v.T("Holds for")}, {Label: v.T("When")}, {Label: v.T("Take away"), LabelHidden: true, Fit: true}},
		Empty: ui.Empty{Icon: ui.IconRole, Title: v.T("No roles"), Text: v.T("Without a role one can sign in, and do nothing else.")}}
	now := time.Now()
	for _, s := range m.Assigned {
		cells := []templ.Component{ui.Named{Name: s.RoleName, URL: v.roleURL(s.Role)}, ui.Text(v.holdsFor(s)), ui.Text(v.between(s.From, s.Until)), nil}
		if p.Takes {
			url := p.URL + "/roles/" + s.ID.String()
			take := revoking{url + "/revoke", ui.Button{Label: v.T("Take away %s", s.RoleName), IconOnly: true, Icon: ui.IconDelete, Kind: ui.Quiet, Small: true}}
			cells[3] = take
			if p.Gives && !s.Ended(now) && v.actor.May(access.RolesManage, s.Place) {
				cells[3] = ui.All{ui.LinkButton{Label: v.T("Change when %s counts", s.RoleName), URL: url, IconOnly: true, Icon: ui.IconCalendar, Kind: ui.Quiet, Small: true}, take}
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells, Faded: s.Ended(now)})
	}
	return t
}

// revoking is the button that takes a role away.
type revoking struct {
	url    string
	button ui.Button
}

func (v *visit) roleURL(key id.Role) string {
	if !v.actor.MaySomewhere(access.RolesView) {
		return ""
	}
	return "/roles/" + key.String()
}

// giving is the form by which a role is given.
func (v *visit) giving(p *MemberPage, a attempt) error {
	if !p.Gives {
		return nil
	}
	roles, err := v.rolesToGive(v.T("Choose a role"))
	if err != nil {
		return err
	}
	units, err := v.units(v.T("The whole company"))
	if err != nil {
		return err
	}
	p.Assign = ui.Dialog{Name: "assign", Title: v.T("Give a role"), Text: v.T("It counts at once. You can only give what you hold yourself."), Open: a.made()}
	p.AssignFlaw = a.rest
	p.Assigned = []ui.Field{
		a.field(ui.Field{As: ui.AsSelect, Name: "role", Label: v.T("Role"), Options: roles}),
		a.field(ui.Field{As: ui.AsSelect, Name: "unit", Label: v.T("Holds for"), Options: units, Find: findUnit, Hint: v.T("A unit means that unit and all below it."), Optional: true, Unmarked: true}),
		a.field(ui.Field{As: ui.AsDate, Name: "from", Label: v.T("From"), Optional: true, Short: true}),
		a.field(ui.Field{As: ui.AsDate, Name: "until", Label: v.T("Until, this day included"), Optional: true, Short: true}),
	}
	return nil
}

// placing are the forms by which somebody is moved, leaves and comes back.
func (v *visit) placing(p *MemberPage, m view.Person, a attempt) error {
	if !p.Manages {
		return nil
	}
	if p.Inactive {
		nodes, err := v.nodes(view.NodeFilter{})
		if err != nil {
			return err
		}
		p.Return = ui.Dialog{Name: "reactivate", Title: v.T("Take %s back", m.Name), Text: v.T("They can sign in again. Of the roles they had they get those that you could give them."), Open: a.made()}
		p.Under = a.field(ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Below"), Value: landing(nodes), Options: placesOf(nodes), Find: findPlace})
		p.ReturnFlaw = a.rest
		p.Header.Actions = ui.Button{Label: v.T("Reactivate"), Icon: ui.IconUndo, Kind: ui.Primary, Opens: "reactivate"}
		return nil
	}
	if m.ID != v.actor.Member && m.Path.Depth() > 1 {
		self := company.Node{Member: m.ID}.Of()
		above, err := v.above(self)
		if err != nil {
			return err
		}
		places, err := v.places(view.NodeFilter{Not: self, NorBelow: true}, above)
		if err != nil {
			return err
		}
		p.From = above
		p.Move = ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Manager or unit right above"), Value: above, Options: places, Find: findPlace + "&not=" + p.Key}
	}
	deactivate := ui.LinkButton{Label: v.T("Deactivate"), Icon: ui.IconPause, Kind: ui.Danger, URL: p.URL + "/leave"}
	p.Header.Actions = deactivate
	if p.Invited {
		p.Header.Actions = ui.All{acting{"/members/invite", "member", p.Key, ui.Button{Label: v.T("Send the invitation"), Icon: ui.IconSend, Kind: ui.Primary}}, deactivate}
	}
	return nil
}

// above is what stands right above a node, as it is sent; empty at the top, and where the reader may not see it.
func (v *visit) above(n company.Node) (string, error) {
	found, err := v.Organising.FindNodes(v.ctx(), v.actor, view.NodeFilter{Keys: []company.Node{n}}, 1)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return aboveKey(found[0]), nil
}

func (v *visit) editsMember() error {
	key, form, err := posted(v, "member", id.ParseMember)
	if err != nil {
		return err
	}
	was, err := v.Organising.Member(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	in := organising.EditMemberInput{ID: key, Version: version(form.Get("version")), First: form.Get("first_name"), Last: form.Get("last_name"), Number: form.Get("number"),
		External: sent(form, "external_id"), Phone: sent(form, "phone"), Title: form.Get("title"), Approval: was.Approval}
	var wrong fault.Input
	if c, ok := v.currency(); ok && form.Has("approval_limit") {
		in.Approval, err = v.amountTyped(form.Get("approval_limit"), c)
		wrong.Take("approval_limit", err)
	}
	err = v.check(wrong.Err(), func() error {
		_, err := v.Organising.EditMember(v.ctx(), v.actor, in)
		return err
	})
	if err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.memberPage(key, a) })
	}
	return v.goOn("/members/"+key.String(), ui.Good, v.T("The member was saved."))
}

// sent is a field of a form, or nil for one that the form has not.
func sent(form url.Values, name string) *string {
	if !form.Has(name) {
		return nil
	}
	said := form.Get(name)
	return &said
}

func (v *visit) reactivates() error {
	key, form, err := posted(v, "member", id.ParseMember)
	if err != nil {
		return err
	}
	var wrong fault.Input
	under, err := parseNode(form.Get("under"))
	wrong.Take("under", err)
	err = v.check(wrong.Err(), func() error {
		_, err := v.Organising.ReactivateMember(v.ctx(), v.actor, organising.ReactivateMemberInput{ID: key, Version: version(form.Get("version")), Under: under})
		return err
	})
	if err != nil {
		return v.again("reactivate", form, err, func(a attempt) error { return v.memberPage(key, a) })
	}
	return v.goOn("/members/"+key.String(), ui.Good, v.T("The member is active again."))
}
