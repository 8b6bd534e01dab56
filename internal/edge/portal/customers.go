package portal

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/signing"
	"kontor/internal/view"
)

// customers adds the pages of the seller's office about companies.
func (p *Portal) customers(look looking, act adding) {
	look("/companies", access.CompaniesView, "Companies", (*visit).customerList)
	look("/companies/new", access.CompaniesManage, "New company", (*visit).newCustomer)
	act("/companies", access.CompaniesManage, (*visit).createsCustomer)
	look("/companies/{company}", access.CompaniesView, "A company", (*visit).customer)
	look("/companies/{company}/edit", access.CompaniesManage, "A company's record and terms", (*visit).customerRecord)
	act("/companies/{company}/record", access.CompaniesManage, (*visit).editsRecord)
	act("/companies/{company}/terms", access.CompaniesManage, (*visit).setsTerms)
	act("/companies/{company}/managers", access.CompaniesManage, (*visit).setsManagers)
	act("/companies/{company}/invitation", access.CompaniesManage, (*visit).invitesFounder)
	act("/companies/{company}/administrator", access.CompaniesManage, (*visit).correctsFounder)
	look("/companies/{company}/audit", access.AuditViewAll, "A company's audit", (*visit).customerAudit)
	look("/companies/{company}/members", access.CompaniesView, "A company's members", (*visit).customerPeople)
	act("/companies/{company}/status", access.CompaniesBlock, (*visit).changesStatus)
	act("/companies/{company}/parent", access.CompaniesManage, (*visit).setsParent)
	act("/companies/{company}/group", access.CustomerGroupsManage, (*visit).assignsGroup)
	look("/companies/{company}/members/{member}", access.CompaniesView, "A company's member", (*visit).customerPerson)
	act("/companies/{company}/members/{member}/act", access.CustomersImpersonate, (*visit).actsFor)
}

// CustomersPage lists the seller's companies.
type CustomersPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
}

// customerStates are the statuses of companies, in the order in which they are chosen from.
var customerStates = []company.Status{company.Active, company.Blocked, company.Pending, company.Rejected, company.Closed}

func (v *visit) companyState(s company.Status) ui.Badge {
	return ui.Badge{Label: companyStates[s].label.In(v.l), Tone: companyStates[s].tone}
}

func (v *visit) customerList() error {
	f := view.CustomerFilter{Text: v.query("q"), Status: oneOf(v, "status", slices.Collect(maps.Keys(companyStates))...), Group: filter(v, "group", id.ParseCustomerGroup)}
	if oneOf(v, "mine", "yes") != "" {
		f.Manager = v.actor.Account
	}
	t := v.customerTable(f)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	groups, err := v.groupOptions(v.T("All customer groups"))
	if err != nil {
		return err
	}
	p := CustomersPage{Frame: v.frame(v.T("Companies"), "customers"), Filters: v.customerFilters(f, groups), Table: shown}
	p.Filters.Keep = t.kept(v)
	p.Header = ui.Header{Title: v.T("Companies"), Note: v.T("Everybody who buys from you.")}
	if v.throughout(access.CompaniesManage) {
		p.Header.Actions = ui.LinkButton{Label: v.T("New company"), URL: "/companies/new", Icon: ui.IconPlus, Kind: ui.Primary}
	}
	return v.show(p.View())
}

// customerTable is the list of the seller's companies.
func (v *visit) customerTable(f view.CustomerFilter) table[view.Customer] {
	return table[view.Customer]{name: "companies", title: v.T("Companies"), usual: page.Sort{By: "name"},
		read: func(ask page.Ask) (page.List[view.Customer], error) {
			return v.Onboarding.ListCustomers(v.ctx(), v.actor, f, ask)
		},
		row: func(c view.Customer) ui.Row {
			return ui.Row{URL: "/companies/" + c.ID.String(), Faded: c.Status == company.Closed}
		},
		empty: ui.Empty{Icon: ui.IconCompany, Title: v.T("No company fits"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/companies"}},
		columns: []column[view.Customer]{
			{Column: ui.Column{Label: v.T("Company")}, key: "name", sort: "name", cell: func(c view.Customer) templ.Component {
				return ui.Named{Name: joined(" · ", c.Name, c.TradeName), Note: c.Number, Code: true}
			}},
			{Column: ui.Column{Label: v.T("Customer number")}, key: "number", sort: "number", extra: true, cell: func(c view.Customer) templ.Component { return ui.Text(c.Number) }},
			{Column: ui.Column{Label: v.T("Customer group")}, key: "group", cell: func(c view.Customer) templ.Component { return ui.Text(c.Grouped.GroupName) }},
			{Column: ui.Column{Label: v.T("Members"), Numeric: true}, key: "members", cell: func(c view.Customer) templ.Component { return ui.Text(v.l.Int(c.People)) }},
			{Column: ui.Column{Label: v.T("Since"), Foldable: true}, key: "since", sort: "since", down: true, cell: func(c view.Customer) templ.Component { return v.time(c.CreatedAt) }},
			{Column: ui.Column{Label: v.T("State")}, key: "state", cell: func(c view.Customer) templ.Component { return v.companyState(c.Status) }},
		},
		file: []datum[view.Customer]{
			{v.T("Customer number"), func(c view.Customer) string { return c.Number }}, {v.T("Company"), func(c view.Customer) string { return c.Name }},
			{v.T("Trade name"), func(c view.Customer) string { return c.TradeName }}, {v.T("Customer group"), func(c view.Customer) string { return c.Grouped.GroupName }},
			{v.T("Members"), func(c view.Customer) string { return v.plain(c.People) }}, {v.T("Currency"), func(c view.Customer) string { return string(c.Currency) }},
			{v.T("Since"), func(c view.Customer) string { return moment(c.CreatedAt) }}, {v.T("State"), func(c view.Customer) string { return v.companyState(c.Status).Label }},
		}}
}

func (v *visit) customerFilters(f view.CustomerFilter, groups []ui.Option) ui.Filters {
	states := []ui.Option{{Label: v.T("In any state")}}
	for _, s := range customerStates {
		states = append(states, ui.Option{Value: string(s), Label: companyStates[s].label.In(v.l)})
	}
	bar := ui.Filters{Action: "/companies", HX: ui.HX{Region: "companies"}, Clear: "/companies",
		Search: ui.SearchField{Label: v.T("Name or customer number"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "status", Label: v.T("State"), Value: string(f.Status), Options: states}}}
	mine := []ui.Option{{Label: v.T("Of all staff")}, {Value: "yes", Label: v.T("Mine||companies")}}
	bar.Fields = append(bar.Fields, ui.Field{As: ui.AsSelect, Name: "mine", Label: v.T("Who looks after them"), Value: v.query("mine"), Options: mine})
	if len(groups) > 1 {
		bar.Fields = append(bar.Fields, ui.Field{As: ui.AsSelect, Name: "group", Label: v.T("Customer group"), Value: v.query("group"), Options: groups})
	}
	for _, c := range []struct{ label, field string }{{f.Text, "q"}, {labelOf(states, string(f.Status)), "status"}, {labelOf(groups, v.query("group")), "group"}, {labelOf(mine, v.query("mine")), "mine"}} {
		if c.label != "" {
			bar.Chips = append(bar.Chips, v.chip(c.label, c.field))
		}
	}
	return bar
}

// groupOptions are the customer groups to choose from, behind what stands for none.
func (v *visit) groupOptions(first string) ([]ui.Option, error) {
	options := []ui.Option{{Label: first}}
	all, err := v.Pricesetting.ListGroups(v.ctx(), v.actor)
	for _, g := range all {
		options = append(options, ui.Option{Value: g.ID.String(), Label: g.Name})
	}
	return options, err
}

// CustomerPage shows a company to the seller's staff.
type CustomerPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Stats   []ui.Stat
	Facts   ui.Facts
	Consent ui.Notice
	Group   ui.Field // to be put into another one; none for who may not
	Terms   string   // whose customer group counts, if it is not its own
	Flaw    string   // what is wrong with that
	Record  ui.Facts // what it is called, registered as and known by
	Edit    templ.Component
	Allowed ui.Facts // what its members may do, and how it pays
	Why     *ui.Notice
	Founder *ui.Notice // who stands at its top, and has not accepted yet
	Correct *Correcting
	Looking LookingAfter
	People  ui.Items
	All     ui.LinkButton
	Family  Family
	Changes []StatusChange
}

// Correcting is the form of the name and the address of who has not accepted yet.
type Correcting struct {
	Fields []ui.Field
	Flaw   string
	Open   bool
}

// LookingAfter is who of the staff looks after a company.
type LookingAfter struct {
	Items ui.Items
	Edits bool
	Lead  ui.Field
	Staff []ui.Check
	Flaw  string
}

// Family is what company one belongs to, and which belong to it.
type Family struct {
	Line   ui.Items // those above, the nearest first, and those right below
	Edits  bool
	Parent ui.Field
	Has    []ui.Check
	Flaw   string
}

// StatusChange is a change of a company's status, with the dialog that asks why.
type StatusChange struct {
	Dialog ui.Dialog
	To     string
	Reason ui.Field
	Button ui.Button
}

func (v *visit) customer() error {
	key, err := named(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	return v.customerPage(key, attempt{})
}

// shownPeople is how many members the page of a company shows.
const shownPeople = 8

func (v *visit) customerPage(key id.Company, a attempt) error {
	c, err := v.Onboarding.GetCustomer(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	p := CustomerPage{Frame: v.frame(c.Name, "customers"), URL: "/companies/" + key.String(), Version: a.or("version", v.plain(c.Version))}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Companies"), URL: "/companies"}}, Title: c.Name, Note: v.T("Customer number %s", c.Number), Badge: v.companyState(c.Status)}
	p.Stats = []ui.Stat{
		{Label: v.T("Active members"), Value: v.l.Int(c.People), Icon: ui.IconPeople, URL: p.URL + "/members"}, {Label: v.T("Units"), Value: v.l.Int(c.Units), Icon: ui.IconStructure},
		{Label: v.T("Waiting purchase orders"), Value: v.l.Int(c.Waiting), Icon: ui.IconWaiting}, {Label: v.T("Placed orders"), Value: v.l.Int(c.Orders), Icon: ui.IconOrders}}
	if v.throughout(access.AuditViewAll) {
		p.Header.Actions = ui.LinkButton{Label: v.T("Audit"), Icon: ui.IconHistory, URL: p.URL + "/audit"}
	}
	v.record(&p, c)
	v.founder(&p, c, a)
	if err := v.lookingAfter(&p, c, a.of("managers")); err != nil {
		return err
	}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Customer group"), Text: c.Grouped.GroupName}, {Label: v.T("Currency"), Text: string(c.Currency)}, {Label: v.T("Time zone"), Text: c.Zone},
		{Label: v.T("Since"), Text: v.l.DateTime(c.CreatedAt, v.zone)}}}
	p.Consent = ui.Notice{Tone: ui.Info, Title: v.T("The company does not let staff act for its members"), Text: v.T("One of its administrators can allow it on the company's page.")}
	if c.Consents {
		p.Consent = ui.Notice{Tone: ui.Good, Title: v.T("The company lets staff act for its members"), Text: v.T("Open a member in the list of members to act for them. Both audits name you.")}
	}
	if v.throughout(access.CustomerGroupsManage) {
		if c.Inherits.Group && len(c.Line) > 1 {
			p.Terms = v.T("It has the customer group of %s: %s", c.Grouped.Name, c.Grouped.GroupName)
		}
		groups, err := v.groupOptions(v.T("None"))
		if err != nil {
			return err
		}
		value := ""
		if !c.Group.IsZero() {
			value = c.Group.String()
		}
		form := a.of("group")
		p.Facts.Facts = p.Facts.Facts[1:] // the field says it
		p.Group, p.Flaw = form.field(ui.Field{As: ui.AsSelect, Name: "group", Label: v.T("Customer group"), Value: value, Options: groups, Optional: true, Unmarked: true}), form.rest
	}
	v.family(&p, c, a.of("parent"))
	v.statusChanges(&p, c, a.of("status"))
	if err := v.somePeople(&p, c); err != nil {
		return err
	}
	return v.answer(a.status(), p.View())
}

// family says what a company belongs to.
func (v *visit) family(p *CustomerPage, c view.Customer, a attempt) {
	f := &p.Family
	f.Edits, f.Flaw = v.throughout(access.CompaniesManage), a.rest
	f.Line = ui.Items{Label: v.T("Corporate group")}
	if !f.Edits {
		f.Line.Empty = ui.Empty{Icon: ui.IconStructure, Title: v.T("It stands alone")}
	}
	number := ""
	for i, x := range c.Line[1:] {
		text := v.T("Above its parent")
		if i == 0 {
			number, text = x.Number, v.T("Its parent")
		}
		f.Line.Items = append(f.Line.Items, ui.Item{Title: x.Name, Text: text, Icon: ui.IconUp, URL: "/companies/" + x.ID.String()})
	}
	for _, x := range c.Subsidiaries {
		f.Line.Items = append(f.Line.Items, ui.Item{Title: x.Name, Text: v.T("Belongs to it"), Icon: ui.IconDown, URL: "/companies/" + x.ID.String()})
	}
	if !f.Edits {
		return
	}
	f.Parent = a.field(ui.Field{Name: "parent", Label: v.T("Customer number of its parent"), Value: number, MaxLength: text.MostNumber, Optional: true, Unmarked: true, Hint: v.T("Empty: it stands alone.")})
	f.Has = []ui.Check{
		{Name: "inherits_group", Label: v.T("It has its parent's customer group"), Checked: a.ticked("inherits_group", c.Inherits.Group)},
		{Name: "inherits_prices", Label: v.T("It has its parent's agreed prices, where it has none itself"), Checked: a.ticked("inherits_prices", c.Inherits.Prices)},
		{Name: "inherits_terms", Label: v.T("It has its parent's payment terms"), Checked: a.ticked("inherits_terms", c.Inherits.Terms)},
		{Name: "inherits_rules", Label: v.T("Its parent's approval rules count for its orders, before its own"), Checked: a.ticked("inherits_rules", c.Inherits.Rules)}}
}

func (v *visit) setsParent() error {
	key, form, err := posted(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	err = v.Onboarding.SetParent(v.ctx(), v.actor, onboarding.SetParentInput{Company: key, Version: version(form.Get("version")), Parent: strings.TrimSpace(form.Get("parent")),
		Inherits: inheritsSaid(form)})
	if err != nil {
		return v.again("parent", form, err, func(a attempt) error { return v.customerPage(key, a) })
	}
	return v.goOn("/companies/"+key.String(), ui.Good, v.T("The corporate group was saved."))
}

// somePeople are the first members of a company.
func (v *visit) somePeople(p *CustomerPage, c view.Customer) error {
	list, err := v.Onboarding.ListPeople(v.ctx(), v.actor, c.ID, view.MemberFilter{Status: company.Working}, page.Ask{Limit: shownPeople})
	if err != nil {
		return err
	}
	p.All = ui.LinkButton{Label: v.T("All members"), URL: p.URL + "/members", Kind: ui.Quiet, Small: true}
	p.People = ui.Items{Label: v.T("Members"), Empty: ui.Empty{Icon: ui.IconPeople, Title: v.T("Nobody is active here")}}
	for _, m := range list.Rows {
		p.People.Items = append(p.People.Items, ui.Item{Title: m.Name, Person: ui.Person{Name: m.Name}, Text: joined(" · ", m.Title, m.UnitName), URL: p.URL + "/members/" + m.ID.String()})
	}
	return nil
}

// statusChanges are what the reader can make of a company.
func (v *visit) statusChanges(p *CustomerPage, c view.Customer, a attempt) {
	var actions ui.All
	if p.Header.Actions != nil {
		actions = ui.All{p.Header.Actions} // what stands there already stays
	}
	add := func(when bool, to company.Status, label, title, note string, danger bool) {
		if !when {
			return
		}
		name := "become-" + string(to)
		kind := ui.Primary
		if danger {
			kind = ui.Danger
		}
		form := attempt{}
		if a.or("to", "") == string(to) {
			form = a
		}
		p.Changes = append(p.Changes, StatusChange{To: string(to), Dialog: ui.Dialog{Name: name, Title: title, Text: note, Open: form.made()}, Button: ui.Button{Label: label, Kind: kind},
			Reason: form.field(ui.Field{Name: "reason", ID: name + "-reason", Label: v.T("Why"), MaxLength: text.MostName, Hint: v.readBy(to)})})
		button := ui.Button{Label: label, Opens: name}
		if danger {
			button.Kind = ui.Danger
		}
		actions = append(actions, button)
	}
	blocks, closes, decides := v.throughout(access.CompaniesBlock), v.throughout(access.CompaniesManage), v.throughout(access.RegistrationsDecide)
	add(decides && c.Status == company.Pending, company.Active, v.T("Admit"), v.T("Admit %s", c.Name), v.T("Its members can order from the next request on."), false)
	add(decides && c.Status == company.Pending, company.Rejected, v.T("Reject"), v.T("Reject %s", c.Name),
		v.T("Its members read why. They can amend what the company says of itself, and submit it again."), true)
	add(blocks && c.Status == company.Active, company.Blocked, v.T("Block"), v.T("Block %s", c.Name),
		v.T("From the next request on its members can look and download, and nothing else. What waits for approval waits on."), true)
	add(blocks && c.Status == company.Blocked, company.Active, v.T("Unblock"), v.T("Unblock %s", c.Name), v.T("Its members can order again from the next request on."), false)
	add(closes && c.Status != company.Closed, company.Closed, v.T("Close for good"), v.T("Close %s", c.Name),
		v.T("Nobody acts for the company any more, open invitations are taken back, and it cannot be opened again. Its administrators are told by mail. Its history stays for you."), true)
	if len(actions) > 0 {
		p.Header.Actions = actions
	}
	if a.made() && a.rest != "" {
		p.Flaw = a.rest
	}
}

// readBy says who reads the reason of a status.
func (v *visit) readBy(to company.Status) string {
	if to == company.Rejected {
		return v.T("Its members read it, and its administrators get it by mail.")
	}
	return v.T("Its administrators get it by mail, and it stands in the company's audit.")
}

func (v *visit) changesStatus() error {
	key, form, err := posted(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	err = v.Onboarding.ChangeStatus(v.ctx(), v.actor, onboarding.ChangeStatusInput{Company: key, Version: version(form.Get("version")), To: company.Status(form.Get("to")), Reason: form.Get("reason")})
	if err != nil {
		return v.again("status", form, err, func(a attempt) error { return v.customerPage(key, a) })
	}
	return v.goOn("/companies/"+key.String(), ui.Good, v.T("It counts from the next request on."))
}

func (v *visit) assignsGroup() error {
	key, form, err := posted(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	in := onboarding.AssignGroupInput{Company: key, Version: version(form.Get("version"))}
	if in.Group, err = picked(form.Get("group"), id.ParseCustomerGroup); err == nil {
		err = v.Onboarding.AssignGroup(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("group", form, err, func(a attempt) error { return v.customerPage(key, a) })
	}
	return v.goOn("/companies/"+key.String(), ui.Good, v.T("The customer group was saved."))
}

// CustomerPeoplePage lists the members of a company for the seller's staff.
type CustomerPeoplePage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
}

func (v *visit) customerPeople() error {
	key, err := named(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	c, err := v.Onboarding.GetCustomer(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	f := view.MemberFilter{Text: v.query("q"), Status: oneOf(v, "status", slices.Collect(maps.Keys(memberStates))...)}
	url := "/companies/" + key.String()
	list := v.memberTable("customer-members", v.T("Members"), func(ask page.Ask) (page.List[view.Row], error) {
		return v.Onboarding.ListPeople(v.ctx(), v.actor, key, f, ask)
	})
	list.row = func(m view.Row) ui.Row {
		return ui.Row{URL: url + "/members/" + m.ID.String(), Faded: m.Status == company.Inactive}
	}
	list.empty = ui.Empty{Icon: ui.IconPeople, Title: v.T("Nobody fits"), Action: ui.LinkButton{Label: v.T("Show all"), URL: url + "/members"}}
	if v.given() {
		return list.give(v)
	}
	shown, _, err := list.show(v)
	if err != nil {
		return err
	}
	p := CustomerPeoplePage{Frame: v.frame(v.T("Members of %s", c.Name), "customers"), Table: shown}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Companies"), URL: "/companies"}, {Label: c.Name, URL: url}}, Title: v.T("Members"), Note: c.Name}
	states := v.memberStateOptions()
	p.Filters = ui.Filters{Action: url + "/members", HX: ui.HX{Region: list.name}, Keep: list.kept(v), Clear: url + "/members", Search: ui.SearchField{Label: v.T("Name, address, number or title"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "status", Label: v.T("State"), Value: string(f.Status), Options: states}}}
	for _, x := range []struct{ label, field string }{{f.Text, "q"}, {labelOf(states, string(f.Status)), "status"}} {
		if x.label != "" {
			p.Filters.Chips = append(p.Filters.Chips, v.chip(x.label, x.field))
		}
	}
	return v.show(p.View())
}

// CustomerPersonPage shows a member of a company to the seller's staff, and lets them act for that member.
type CustomerPersonPage struct {
	ui.Frame
	Header ui.Header
	URL    string
	Facts  ui.Facts
	Roles  ui.Items
	Notice *ui.Notice // why nobody can act for them
	Acts   bool
	Reason ui.Field
	Flaw   string
}

func (v *visit) customerPerson() error {
	key, member, err := v.ofCustomer()
	if err != nil {
		return err
	}
	return v.customerPersonPage(key, member, attempt{})
}

// ofCustomer is the company and the member that the path names.
func (v *visit) ofCustomer() (key id.Company, member id.Member, err error) {
	if key, err = named(v, "company", id.ParseCompany); err == nil {
		member, err = named(v, "member", id.ParseMember)
	}
	return key, member, err
}

func (v *visit) customerPersonPage(key id.Company, member id.Member, a attempt) error {
	c, err := v.Onboarding.GetCustomer(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	m, err := v.Onboarding.GetPerson(v.ctx(), v.actor, key, member)
	if err != nil {
		return err
	}
	url := "/companies/" + key.String()
	p := CustomerPersonPage{Frame: v.frame(m.Name, "customers"), URL: url + "/members/" + member.String() + "/act", Flaw: a.rest}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Companies"), URL: "/companies"}, {Label: c.Name, URL: url}, {Label: v.T("Members"), URL: url + "/members"}},
		Title: m.Name, Note: joined(" · ", m.Title, m.UnitName), Badge: v.memberState(m.Status, m.Held)}
	seen := v.T("never")
	if !m.SeenAt.IsZero() {
		seen = v.l.DateTime(m.SeenAt, v.zone)
	}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("E-mail"), Text: m.Email}, {Label: v.T("Employee number"), Text: m.Number}, {Label: v.T("Unit"), Text: m.UnitName},
		{Label: v.T("Manager"), Text: m.ManagerName}, {Label: v.T("Last seen"), Text: seen}}}
	p.Roles = ui.Items{Label: v.T("Roles"), Empty: ui.Empty{Icon: ui.IconRole, Title: v.T("No roles")}}
	for _, s := range m.Assigned {
		p.Roles.Items = append(p.Roles.Items, ui.Item{Title: s.RoleName, Icon: ui.IconRole, Text: joined(" · ", v.holdsFor(s), v.between(s.From, s.Until))})
	}
	switch {
	case !v.throughout(access.CustomersImpersonate):
	case !c.Consents:
		p.Notice = &ui.Notice{Tone: ui.Info, Title: v.T("The company does not let staff act for its members"), Text: v.T("One of its administrators can allow it on the company's page.")}
	case m.Status != company.Working:
		p.Notice = &ui.Notice{Tone: ui.Info, Title: v.T("Nobody acts for somebody who is not active")}
	default:
		p.Acts = true
		p.Reason = a.field(ui.Field{Name: "reason", Label: v.T("Why"), MaxLength: text.MostName, Hint: v.T("The company reads it in its audit.")})
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) actsFor() error {
	key, member, err := v.ofCustomer()
	if err != nil {
		return err
	}
	form, err := v.form()
	if err != nil {
		return err
	}
	if err := v.Signing.ActFor(v.ctx(), v.actor, signing.ActForInput{Company: key, Member: member, Reason: form.Get("reason")}); err != nil {
		return v.again("act", form, err, func(a attempt) error { return v.customerPersonPage(key, member, a) })
	}
	return v.goOn("/", ui.Info, v.T("You act for a customer now. The way back stands at the top of every page."))
}

// stopsActing brings staff back to the office.
func (v *visit) stopsActing() error {
	back := "/companies/" + v.actor.Company.String()
	if err := v.Signing.StopActing(v.ctx(), v.actor); err != nil {
		return v.again("stop", nil, err, func(attempt) error { return v.goOn("/", ui.Info, v.T("You act for no customer at the moment.")) })
	}
	return v.goOn(back, ui.Good, v.T("You are back in the office."))
}
