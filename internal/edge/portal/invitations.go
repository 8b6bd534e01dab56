package portal

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// invitations adds the pages of inviting people.
func (p *Portal) invitations(look looking, act adding) {
	look("/invitations", access.UsersView, "Invitations", (*visit).invitationList)
	look("/invitations/new", access.UsersManage, "Invite people", (*visit).inviting)
	act("/invitations", access.UsersManage, (*visit).invites)
	act("/invitations/{invitation}/resend", access.UsersManage, (*visit).resends)
	act("/invitations/{invitation}/revoke", access.UsersManage, (*visit).revokesInvitation)
}

// InvitationsPage lists who was invited, and what became of it.
type InvitationsPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
}

var invitationStates = map[company.InvitationState]struct {
	label locale.Phrase
	tone  ui.Tone
}{
	company.Open: {locale.Say("Invited"), ui.Info}, company.Accepted: {locale.Say("Accepted"), ui.Good},
	company.Expired: {locale.Say("Run out"), ui.Warn}, company.Revoked: {locale.Say("Taken back"), ui.Neutral},
}

// lineOfGuest is how many characters the line of somebody to be invited has at most, as the form counts.
const lineOfGuest = 300

func (v *visit) invitationState(s company.InvitationState) ui.Badge {
	return ui.Badge{Label: invitationStates[s].label.In(v.l), Tone: invitationStates[s].tone}
}

func (v *visit) invitationList() error {
	f := view.InvitationFilter{Text: v.query("q"), State: oneOf(v, "state", slices.Collect(maps.Keys(invitationStates))...)}
	t := v.invitationTable(f)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := InvitationsPage{Frame: v.frame(v.T("Invitations"), "company"), Filters: v.invitationFilters(f), Table: shown}
	p.Filters.Keep = t.kept(v)
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Members"), URL: "/members"}}, Title: v.T("Invitations"), Note: v.T("Who was asked to join, and has not answered yet or did so of late.")}
	if v.actor.MaySomewhere(access.UsersManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("Invite people"), Icon: ui.IconPlus, Kind: ui.Primary, URL: "/invitations/new"}
	}
	return v.show(p.View())
}

// invitationTable is the list of invitations.
func (v *visit) invitationTable(f view.InvitationFilter) table[view.Invitation] {
	return table[view.Invitation]{name: "invitations", title: v.T("Invitations"), usual: page.Sort{By: "sent", Down: true}, row: v.invitationRow,
		read: func(ask page.Ask) (page.List[view.Invitation], error) {
			return v.Organising.Invitations(v.ctx(), v.actor, f, ask)
		},
		empty: v.asking(access.UsersManage, ui.Empty{Icon: ui.IconPeople, Title: v.T("Nobody is invited"), Text: v.T("Whom you invite gets a mail with a link, and sets their own password.")}),
		columns: []column[view.Invitation]{
			{Column: ui.Column{Label: v.T("Who")}, key: "who", sort: "email", cell: func(i view.Invitation) templ.Component {
				if i.Name() == "" {
					return ui.Person{Name: i.Email, Title: i.Title}
				}
				return ui.Person{Name: i.Name(), Title: joined(" · ", i.Title, i.Email)}
			}},
			{Column: ui.Column{Label: v.T("Below")}, key: "below", cell: func(i view.Invitation) templ.Component { return ui.Text(i.UnderName) }},
			{Column: ui.Column{Label: v.T("Roles")}, key: "roles", cell: func(i view.Invitation) templ.Component { return ui.Text(v.l.List(v.offeredRoles(i)...)) }},
			{Column: ui.Column{Label: v.T("Invited by"), Foldable: true}, key: "by", cell: func(i view.Invitation) templ.Component { return ui.Text(i.InviterName) }},
			{Column: ui.Column{Label: v.T("Invited on"), Foldable: true}, key: "sent", sort: "sent", down: true, extra: true, cell: func(i view.Invitation) templ.Component { return v.time(i.CreatedAt) }},
			{Column: ui.Column{Label: v.T("Holds until")}, key: "until", sort: "until", cell: func(i view.Invitation) templ.Component { return v.time(i.ExpiresAt) }},
			{Column: ui.Column{Label: v.T("State")}, key: "state", cell: func(i view.Invitation) templ.Component { return v.invitationState(i.Standing) }},
			{Column: ui.Column{Label: v.T("Actions"), LabelHidden: true, Fit: true}, cell: v.invitationActions},
		},
		file: []datum[view.Invitation]{
			{v.T("E-mail"), func(i view.Invitation) string { return i.Email }}, {v.T("Name"), func(i view.Invitation) string { return i.Name() }},
			{v.T("Job title"), func(i view.Invitation) string { return i.Title }}, {v.T("Below"), func(i view.Invitation) string { return i.UnderName }},
			{v.T("Roles"), func(i view.Invitation) string { return strings.Join(v.offeredRoles(i), ", ") }}, {v.T("Invited by"), func(i view.Invitation) string { return i.InviterName }},
			{v.T("Invited on"), func(i view.Invitation) string { return moment(i.CreatedAt) }}, {v.T("Holds until"), func(i view.Invitation) string { return moment(i.ExpiresAt) }},
			{v.T("State"), func(i view.Invitation) string { return v.invitationState(i.Standing).Label }},
		}}
}

// offeredRoles are the roles that an invitation gives, each with where it holds.
func (v *visit) offeredRoles(i view.Invitation) (all []string) {
	for _, r := range i.Roles {
		name := r.Name
		if r.UnitName != "" {
			name = v.T("%s at %s", r.Name, r.UnitName)
		}
		all = append(all, name)
	}
	return all
}

// invitationRow is where the row of an invitation leads.
func (v *visit) invitationRow(i view.Invitation) ui.Row {
	row := ui.Row{Faded: i.Standing == company.Revoked || i.Standing == company.Expired}
	if !i.Member.IsZero() {
		row.URL = v.memberURL(i.Member)
	}
	return row
}

// invitationActions are what can be done with an invitation that was not answered.
func (v *visit) invitationActions(i view.Invitation) templ.Component {
	if i.Standing != company.Open && i.Standing != company.Expired || !v.actor.May(access.UsersManage, i.Under.Path) {
		return nil
	}
	at, version := "/invitations/"+i.ID.String(), v.plain(i.Version)
	return ui.All{
		acting{at + "/resend", "version", version, ui.Button{Label: v.T("Send again to %s", i.Email), Icon: ui.IconSend, IconOnly: true, Kind: ui.Quiet, Small: true}},
		acting{at + "/revoke", "version", version, ui.Button{Label: v.T("Take back the invitation of %s", i.Email), Icon: ui.IconDelete, IconOnly: true, Kind: ui.Quiet, Small: true}}}
}

// acting is a button that does something to what its one field says: a thing, or a version as it was seen.
type acting struct {
	url    string
	field  string
	value  string
	button ui.Button
}

func (v *visit) invitationFilters(f view.InvitationFilter) ui.Filters {
	states := []ui.Option{{Label: v.T("In any state")}}
	for _, s := range []company.InvitationState{company.Open, company.Expired, company.Accepted, company.Revoked} {
		states = append(states, ui.Option{Value: string(s), Label: invitationStates[s].label.In(v.l)})
	}
	bar := ui.Filters{Action: "/invitations", HX: ui.HX{Region: "invitations"}, Clear: "/invitations", Search: ui.SearchField{Label: v.T("Name, address or title"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "state", Label: v.T("State"), Value: string(f.State), Options: states}}}
	for _, c := range []struct{ label, field string }{{f.Text, "q"}, {labelOf(states, string(f.State)), "state"}} {
		if c.label != "" {
			bar.Chips = append(bar.Chips, v.chip(c.label, c.field))
		}
	}
	return bar
}

// InvitePage asks whom to invite, and to what.
type InvitePage struct {
	ui.Frame
	Header ui.Header
	Key    string // so that a form sent twice invites once
	People ui.Field
	Wrong  []string // what is wrong with which row
	Fields []ui.Field
	Roles  []ui.Field
	Error  string
	Rows   ui.Facts // what can stand in a line
}

func (v *visit) inviting() error {
	if err := v.actor.RequireSomewhere(access.UsersManage); err != nil {
		return err
	}
	return v.invitePage(attempt{})
}

func (v *visit) invitePage(a attempt) error {
	nodes, err := v.nodes(view.NodeFilter{})
	if err != nil {
		return err
	}
	units, err := v.units(v.T("The whole company"))
	if err != nil {
		return err
	}
	roles, err := v.rolesToGive(v.T("The usual role of new members"))
	if err != nil {
		return err
	}
	p := InvitePage{Frame: v.frame(v.T("Invite people"), "company"), Key: a.or("key", fresh()), Error: a.rest}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Members"), URL: "/members"}, {Label: v.T("Invitations"), URL: "/invitations"}}, Title: v.T("Invite people"),
		Note: v.T("Each gets a mail with a link that works once. They say their name and set their own password, or sign in with the account that they have.")}
	p.People = a.field(ui.Field{As: ui.AsLongText, Name: "people", Label: v.T("Whom to invite"), Rows: 6, MaxLength: company.MostAtOnce * lineOfGuest, Value: v.query("people"),
		Hint: v.T("One a line: an address alone, or address; first name; last name; job title; place; roles. A list from a spreadsheet fits as it is.")})
	p.Rows = ui.Facts{Facts: []ui.Fact{
		{Label: v.T("Everybody alike"), Text: "nora@company.example"},
		{Label: v.T("With name and job title"), Text: "nora@company.example; Nora; Newman; Fitter"},
		{Label: v.T("With a place of their own"), Text: "nora@company.example; Nora; Newman; Fitter; " + example(codes(nodes), 0)},
		{Label: v.T("And with roles of their own"), Text: "nora@company.example; ; ; ; " + example(codes(nodes), 0) + "; " + roleExample(roles, example(codes(nodes), 0))},
	}}
	p.Wrong = v.wrongRows(a)
	if len(p.Wrong) > 0 {
		p.People.Error = v.T("Some lines need another look.")
	}
	p.Fields = []ui.Field{
		a.field(ui.Field{As: ui.AsSelect, Name: "under", Label: v.T("Manager or unit right above"), Options: placesOf(nodes), Find: findPlace, Value: cmp.Or(v.query("under"), landing(nodes))}),
		a.field(ui.Field{As: ui.AsSelect, Name: "language", Label: v.T("Language of the mail"), Optional: true, Unmarked: true,
			Options: []ui.Option{{Label: v.T("As the company's")}, {Value: "en", Label: "English"}, {Value: "de", Label: "Deutsch"}}}),
	}
	if len(roles) > 1 {
		for n, label := range []string{v.T("Role"), v.T("Another role")} {
			number, first := strconv.Itoa(n+1), roles[0]
			if n > 0 {
				first = ui.Option{Label: v.T("None")}
			}
			p.Roles = append(p.Roles,
				a.field(ui.Field{As: ui.AsSelect, Name: "role" + number, Label: label, Options: append([]ui.Option{first}, roles[1:]...), Optional: true, Unmarked: true}),
				a.field(ui.Field{As: ui.AsSelect, Name: "role_at" + number, Label: v.T("Where the role holds"), Options: units, Find: findUnit, Optional: true, Unmarked: true}))
		}
	}
	return v.answer(a.status(), p.View())
}

// wrongRows says what is wrong with which of the rows that were typed, the first first.
func (v *visit) wrongRows(a attempt) (all []string) {
	if a.fault == nil {
		return nil
	}
	lines, _ := guests(a.or("people", ""))
	for _, x := range a.fault.Fields {
		at, field, ok := strings.Cut(strings.TrimPrefix(x.Name, "people."), ".")
		n, err := strconv.Atoi(at)
		if !ok || err != nil || n >= len(lines) {
			continue
		}
		said := capital(v.T(x.Format, x.Args...)) + "."
		if x.Code == "duplicate" && field == "email" {
			said = v.T("This address stands there twice.")
		}
		if lines[n].email != "" {
			all = append(all, v.T("Line %d, %s: %s", lines[n].line, lines[n].email, said))
		} else {
			all = append(all, v.T("Line %d: %s", lines[n].line, said))
		}
	}
	return all
}

// typed is one line of people to be invited.
type typed struct {
	line                      int
	email, first, last, title string
	place, roles              string // of their own, or nothing
}

// guests reads people as somebody has typed or pasted them: an address alone, "First Last <address>", or columns behind
// semicolons, commas or tabs: the address, first and last name, job title, place and roles. Lines with nothing in them are passed over.
func guests(text string) (all []typed, more bool) {
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if len(all) > company.MostAtOnce {
			return all, true
		}
		t := typed{line: i + 1}
		if name, rest, ok := strings.Cut(line, "<"); ok && strings.HasSuffix(rest, ">") {
			t.email = strings.TrimSpace(strings.TrimSuffix(rest, ">"))
			t.first, t.last, _ = strings.Cut(strings.Trim(strings.TrimSpace(name), `"`), " ")
		} else {
			columns := strings.Split(line, "\t")
			for _, mark := range []string{";", ","} {
				if len(columns) == 1 {
					columns = strings.Split(line, mark)
				}
			}
			for _, into := range []*string{&t.email, &t.first, &t.last, &t.title, &t.place} {
				if len(columns) > 0 {
					*into, columns = strings.TrimSpace(columns[0]), columns[1:]
				}
			}
			t.roles = strings.Join(columns, ",")
		}
		all = append(all, t)
	}
	return all, false
}

// codes are those of the units, as examples.
func codes(nodes []view.Node) (rows [][]string) {
	for _, n := range nodes {
		if n.Kind == company.UnitNode && n.Depth > 0 {
			rows = append(rows, []string{n.Code})
		}
	}
	return rows
}

// roleExample is a role at a place, and another one everywhere.
func roleExample(roles []ui.Option, at string) string {
	last := len(roles) - 1
	switch last {
	case -1, 0:
		return ""
	case 1:
		return roles[1].Label + " @ " + at
	}
	return roles[last].Label + " @ " + at + " + " + roles[last-1].Label
}

// naming is what a line may name: places by their codes or names, and roles.
type naming struct {
	v     *visit
	found map[string][]view.Node // what is called so, of what was looked for: lines often name the same
	roles []ui.Option
}

var (
	errNoPlace = fault.Define(fault.Invalid, "invite.place", "there is no unit of this code, and nobody of this name or address, here")
	errNoRole  = fault.Define(fault.Invalid, "invite.role", "there is no such role, or no unit of this code where it shall hold")
)

// place is what a line names as the place right above somebody: a unit by its code or name, a member by address or name.
func (n naming) place(text string) (company.Node, error) {
	if strings.Contains(text, "@") {
		list, err := n.v.Organising.Members(n.v.ctx(), n.v.actor, view.MemberFilter{Text: text}, page.Ask{})
		for _, m := range list.Rows {
			if strings.EqualFold(m.Email, text) {
				return company.Node{Member: m.ID}.Of(), nil
			}
		}
		if err == nil {
			err = errNoPlace
		}
		return company.Node{}, err
	}
	named, known := n.found[text]
	if !known {
		var err error
		if named, err = n.v.Organising.FindNodes(n.v.ctx(), n.v.actor, view.NodeFilter{Named: text}, page.Most); err != nil {
			return company.Node{}, err
		}
		n.found[text] = named
	}
	var found []view.Node
	for _, x := range named {
		if x.Code != "" && x.Code == text {
			return company.Node{Unit: x.Unit}.Of(), nil
		}
		if strings.EqualFold(x.Name, text) {
			found = append(found, x)
		}
	}
	if len(found) != 1 {
		return company.Node{}, errNoPlace
	}
	return company.Node{Unit: found[0].Unit, Member: found[0].Member}.Of(), nil
}

// offers are the roles that a line names: with plus signs or commas between, each with where it holds behind an @.
func (n naming) offers(text string) (all []company.Offer, err error) {
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == '+' || r == ',' }) {
		name, at, placed := strings.Cut(one, "@")
		if name = strings.TrimSpace(name); name == "" && !placed {
			continue
		}
		i := slices.IndexFunc(n.roles, func(o ui.Option) bool { return o.Value != "" && strings.EqualFold(o.Label, name) })
		if i < 0 {
			return nil, errNoRole
		}
		role, err := id.ParseRole(n.roles[i].Value)
		if err != nil {
			return nil, err
		}
		o := company.Offer{Role: role}
		if placed {
			p, err := n.place(strings.TrimSpace(at))
			if err != nil || p.Unit.IsZero() {
				return nil, errNoRole
			}
			o.Unit = p.Unit
		}
		all = append(all, o)
	}
	return all, nil
}

func (v *visit) inviteInput(form url.Values) (in organising.InviteInput, err error) {
	var wrong fault.Input
	n := naming{v: v, found: map[string][]view.Node{}}
	if n.roles, err = v.rolesToGive(""); err != nil {
		return in, err
	}
	under, err := parseNode(form.Get("under"))
	wrong.Take("under", err)
	var offers []company.Offer
	for _, n := range []string{"1", "2"} {
		role, err := picked(form.Get("role"+n), id.ParseRole)
		wrong.Take("role"+n, err)
		at, err := picked(form.Get("role_at"+n), id.ParseUnit)
		wrong.Take("role_at"+n, err)
		if !role.IsZero() {
			offers = append(offers, company.Offer{Role: role, Unit: at})
		}
	}
	lines, _ := guests(form.Get("people"))
	for i, t := range lines {
		g := organising.Guest{Email: t.email, First: t.first, Last: t.last, Title: t.title, Language: locale.Language(form.Get("language")), Under: under, Offers: offers}
		if t.place != "" {
			g.Under, err = n.place(t.place)
			wrong.Take("people."+strconv.Itoa(i)+".place", err)
		}
		if t.roles != "" {
			g.Offers, err = n.offers(t.roles)
			wrong.Take("people."+strconv.Itoa(i)+".roles", err)
		}
		in.People = append(in.People, g)
	}
	in.Key = form.Get("key")
	return in, wrong.Err()
}

func (v *visit) invites() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in, err := v.inviteInput(form)
	var made []id.Invitation
	if err == nil {
		made, err = v.Organising.Invite(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("invite", form, err, v.invitePage)
	}
	return v.goOn("/invitations", ui.Good, v.N(len(made), "%d person was invited.", "%d people were invited."))
}

func (v *visit) resends() error {
	return v.withInvitation(v.T("The invitation is on its way again. The link before works no more."), v.Organising.ResendInvitation)
}

func (v *visit) revokesInvitation() error {
	return v.withInvitation(v.T("The invitation was taken back. Its link works no more."), v.Organising.RevokeInvitation)
}

// withInvitation does one thing to an invitation as it was seen, and leads back to the list.
func (v *visit) withInvitation(said string, do func(context.Context, access.Actor, id.Invitation, int64) error) error {
	key, form, err := posted(v, "invitation", id.ParseInvitation)
	if err != nil {
		return err
	}
	if err := do(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		if fault.KindOf(err) == fault.TooMany {
			return v.goOn("/invitations", ui.Warn, v.sentence(fault.Of(err))+".")
		}
		return v.refused("/invitations", err)
	}
	return v.goOn("/invitations", ui.Good, said)
}
