package portal

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/auditing"
	"kontor/internal/view"
)

// AuditPage lists what has happened in the company, the newest first.
type AuditPage struct {
	ui.Frame
	Header  ui.Header
	Chain   *ui.Notice
	Filters ui.Filters
	Table   ui.Table
}

// area is what events are about, by how their names begin.
type area struct {
	prefix string
	label  locale.Phrase
}

// areas are what events are about.
var areas = []area{
	{"purchase_order.", locale.Say("Purchase orders")}, {"order.", locale.Say("Orders")}, {"order_list.", locale.Say("Order lists")}, {"cart.", locale.Say("Carts")}, {"budget.", locale.Say("Budgets")}, {"cost_centre.", locale.Say("Cost centres")},
	{"approval_rule.", locale.Say("Approval rules")}, {"deputy.", locale.Say("Deputies")}, {"role.", locale.Say("Roles")}, {"member.", locale.Say("Members")}, {"unit.", locale.Say("Units")}, {"company.", locale.Say("Company")},
	{"account.", locale.Say("Sign-ins and accounts")}, {"invitation.", locale.Say("Invitations")}, {"address.", locale.Say("Addresses")}, {"contact.", locale.Say("Contacts")},
	{"separation.", locale.Say("Separation of duty")}, {"structure.", locale.Say("Structure")}, {"import.", locale.Say("Imports")}, {"organisation.", locale.Say("Exports of the organisation")},
	{"list.", locale.Say("Exports of lists")}, {"customer.", locale.Say("Acting for customers")}, {"customer_group.", locale.Say("Customer groups")}, {"role_template.", locale.Say("Role templates")},
	{"contract.", locale.Say("Agreed prices")}, {"price_list.", locale.Say("Price lists")}, {"webhook.", locale.Say("Webhooks")},
}

func (v *visit) audit() error {
	people, err := v.deciders(v.T("Everybody"), v.query("who"))
	if err != nil {
		return err
	}
	read := func(f view.AuditFilter, ask page.Ask) (auditing.Trail, error) {
		return v.Auditing.List(v.ctx(), v.actor, f, ask)
	}
	return v.auditPage("/audit", id.Company{}, people, read, func() (p AuditPage, err error) {
		p.Frame = v.frame(v.T("Audit"), "company")
		p.Header = ui.Header{Title: v.T("Audit"), Note: v.T("Everything that has happened, the newest first. Nothing here can be changed; each entry is sealed with the one before it."),
			Actions: ui.LinkButton{Label: v.T("Check the seals"), Icon: ui.IconRole, URL: v.here("verify", "yes")}}
		if v.query("verify") != "" {
			p.Chain, err = v.chain()
		}
		return p, err
	})
}

// customerAudit is what has happened in a customer's company.
func (v *visit) customerAudit() error {
	key, err := named(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	at := "/companies/" + key.String()
	read := func(f view.AuditFilter, ask page.Ask) (auditing.Trail, error) {
		return v.Auditing.ListOf(v.ctx(), v.actor, key, f, ask)
	}
	return v.auditPage(at+"/audit", key, nil, read, func() (AuditPage, error) {
		c, err := v.Onboarding.GetCustomer(v.ctx(), v.actor, key)
		return AuditPage{Frame: v.frame(v.T("Audit of %s", c.Name), "customers"), Header: ui.Header{Crumbs: []ui.Link{{Label: v.T("Companies"), URL: "/companies"}, {Label: c.Name, URL: at}},
			Title: v.T("Audit of %s", c.Name), Note: v.T("Everything that has happened in the company, as its own administrators read it.")}}, err
	})
}

// auditPage shows a page of what has happened, in this customer's company or one's own, or gives it as a file. people are whose acts it may be narrowed to; what stands around
// the list is made behind it, for the frame says what of the address means nothing.
func (v *visit) auditPage(at string, of id.Company, people []ui.Option, read func(view.AuditFilter, page.Ask) (auditing.Trail, error), around func() (AuditPage, error)) error {
	f := view.AuditFilter{Event: filter(v, "event", anEvent), About: filter(v, "about", aSubject), Member: filter(v, "who", id.ParseMember)}
	if day := filter(v, "from", date.Parse); day != "" {
		f.From = day.Start(v.zone)
	}
	if day := filter(v, "to", date.Parse); day != "" {
		f.Until = day.Plus(1).Start(v.zone)
	}
	t := v.auditTable(at, of, people, func(ask page.Ask) (auditing.Trail, error) { return read(f, ask) })
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p, err := around()
	if err != nil {
		return err
	}
	p.Table, p.Filters = shown, v.auditFilters(at, people)
	p.Table.Dense, p.Filters.Keep = true, append(p.Filters.Keep, t.kept(v)...)
	return v.show(p.View())
}

// auditTable is the list of what has happened.
func (v *visit) auditTable(action string, of id.Company, people []ui.Option, read func(page.Ask) (auditing.Trail, error)) table[audit.Entry] {
	seal := func(e audit.Entry) string {
		if e.Place > 0 {
			return v.T("Entry %d", e.Place)
		}
		return v.T("Not sealed yet")
	}
	t, acting := teller{visit: v, of: of}, map[string]string{}
	return table[audit.Entry]{name: "audit", title: v.T("What has happened"), usual: page.Sort{By: "when", Down: true},
		read: func(ask page.Ask) (page.List[audit.Entry], error) {
			found, err := read(ask)
			if t.names = found.Names; err != nil {
				return found.List, err
			}
			return found.List, v.actingIn(found.Rows, acting)
		},
		row:   func(audit.Entry) ui.Row { return ui.Row{} },
		empty: ui.Empty{Icon: ui.IconHistory, Title: v.T("Nothing of this kind has happened"), Action: ui.LinkButton{Label: v.T("Show all"), URL: action}},
		columns: []column[audit.Entry]{
			{Column: ui.Column{Label: v.T("What")}, key: "what", cell: func(e audit.Entry) templ.Component {
				return ui.Named{Name: v.happening(e.Event), Note: seal(e)}
			}},
			{Column: ui.Column{Label: v.T("About||audit")}, key: "about", cell: func(e audit.Entry) templ.Component { return subject{t.about(e), t.aboutURL(e)} }},
			{Column: ui.Column{Label: v.T("Who")}, key: "who", cell: func(e audit.Entry) templ.Component {
				return ui.Named{Name: e.Name, Note: joined(" · ", v.behalf(e, acting), e.Address)}
			}},
			{Column: ui.Column{Label: v.T("When"), Fit: true}, key: "when", sort: "when", down: true, cell: func(e audit.Entry) templ.Component { return v.time(e.At) }},
			{Column: ui.Column{Label: v.T("Details")}, key: "details", cell: func(e audit.Entry) templ.Component { return changes(t.lines(e)) }},
		},
		file: []datum[audit.Entry]{
			{v.T("What"), func(e audit.Entry) string { return v.happening(e.Event) }}, {v.T("About||audit"), func(e audit.Entry) string { return t.about(e).Name }},
			{v.T("Who"), func(e audit.Entry) string { return e.Name }}, {v.T("Event"), func(e audit.Entry) string { return e.Event }},
			{v.T("When"), func(e audit.Entry) string { return moment(e.At) }}, {v.T("Details"), func(e audit.Entry) string { return strings.Join(t.lines(e), "\n") }},
			{v.T("Entry"), func(e audit.Entry) string { return v.plain(e.Place) }},
		},
	}
}

// anEvent is an event, or what several are about, as the list is narrowed to it.
func anEvent(said string) (string, error) {
	if areaOf(said) == "" {
		return "", errFilter
	}
	return said, nil
}

// aSubject is what an event can be about: an identifier of whichever kind.
func aSubject(said string) (string, error) {
	if _, _, ok := id.Inside(said); !ok {
		return "", errFilter
	}
	return said, nil
}

// actingIn notes what the members are called for whom staff acted in these entries, as far as the reader may see them.
func (v *visit) actingIn(entries []audit.Entry, names map[string]string) error {
	f := view.NodeFilter{Kind: company.MemberNode}
	for _, e := range entries {
		if e.Kind == "staff" && !e.Member.IsZero() && v.actor.Realm != access.Staff && v.actor.MaySomewhere(access.UsersView) {
			f.Keys = append(f.Keys, company.Node{Member: e.Member}.Of())
		}
	}
	if len(f.Keys) == 0 {
		return nil
	}
	found, err := v.Organising.FindNodes(v.ctx(), v.actor, f, len(f.Keys))
	for _, n := range found {
		names[n.Member.String()] = nodeLabel(n)
	}
	return err
}

// behalf says of what staff did that they are the seller's, and for whom they did it.
func (v *visit) behalf(e audit.Entry, acting map[string]string) string {
	if e.Kind != "staff" || v.actor.Realm == access.Staff {
		return ""
	}
	if name := acting[e.Member.String()]; !e.Member.IsZero() && name != "" {
		return v.T("of %s, for %s", v.seller, name)
	}
	return v.T("of %s", v.seller)
}

func (v *visit) auditFilters(action string, people []ui.Option) ui.Filters {
	events := []ui.Option{{Label: v.T("Everything")}}
	for _, a := range areas {
		events = append(events, ui.Option{Value: a.prefix, Label: a.label.In(v.l)})
	}
	chosen := v.query("event")
	if area := areaOf(chosen); area != "" { // and what happens to it, one by one
		var acts []ui.Option
		for _, name := range slices.Sorted(maps.Keys(happenings)) {
			if strings.HasPrefix(name, area) {
				acts = append(acts, ui.Option{Value: name, Label: "\u2003" + v.phrase(happenings[name])})
			}
		}
		at := slices.IndexFunc(events, func(o ui.Option) bool { return o.Value == area })
		events = slices.Insert(events, at+1, acts...)
	}
	f := ui.Filters{Action: action, HX: ui.HX{Region: "audit"}, Clear: action, Fields: []ui.Field{
		{As: ui.AsSelect, Name: "event", Label: v.T("What"), Value: v.query("event"), Options: events}}}
	if len(people) > 0 {
		f.Fields = append(f.Fields, ui.Field{As: ui.AsSelect, Name: "who", Label: v.T("Who"), Value: v.query("who"), Options: people, Find: findMember})
	}
	f.Fields = append(f.Fields, []ui.Field{
		{As: ui.AsDate, Name: "from", Label: v.T("From day"), Value: v.query("from")},
		{As: ui.AsDate, Name: "to", Label: v.T("To day"), Value: v.query("to")}}...)
	about := v.query("about")
	if about != "" {
		f.Keep = []ui.Kept{{Name: "about", Value: about}}
	}
	for _, c := range []struct{ label, field string }{{labelOf(events, v.query("event")), "event"}, {labelOf(people, v.query("who")), "who"}, {v.query("from"), "from"}, {v.query("to"), "to"}, {about, "about"}} {
		if c.label != "" {
			f.Chips = append(f.Chips, v.chip(c.label, c.field))
		}
	}
	return f
}

// areaOf is what an event is about, or several are: "role.".
func areaOf(event string) string {
	for _, a := range areas {
		if strings.HasPrefix(event, a.prefix) {
			return a.prefix
		}
	}
	return ""
}

// chain says whether the seals hold.
func (v *visit) chain() (*ui.Notice, error) {
	r, err := v.Auditing.Verify(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	n := ui.Notice{Tone: ui.Good, Title: v.T("All seals hold"), Text: v.T("%s entries are sealed, %s wait to be.", v.l.Int(r.Chain.Last), v.l.Int(r.Unsealed))}
	if r.Broken != nil {
		n = ui.Notice{Tone: ui.Bad, Title: v.T("The chain is broken at entry %d", r.Broken.Place), Text: v.T("Somebody has changed the log behind our back. Tell your contact at once.")}
	}
	return &n, nil
}

// subject is what an entry is about, and where one looks at it.
type subject struct {
	ui.Named
	url string
}

// changes are lines of what was different, or what was said.
type changes []string

// audits adds the page of what has happened.
func (p *Portal) audits(look looking) {
	look("/audit", access.AuditView, "Audit", (*visit).audit)
}
