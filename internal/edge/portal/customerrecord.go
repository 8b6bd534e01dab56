package portal

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/payment"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/view"
)

// record says what a company is called, registered as and known by, and what its members may do.
func (v *visit) record(p *CustomerPage, c view.Customer) {
	manages := v.throughout(access.CompaniesManage)
	p.Record = ui.Facts{Facts: []ui.Fact{{Label: v.T("Legal name"), Text: c.Name}, {Label: v.T("Trade name"), Text: c.TradeName}, {Label: v.T("Customer number"), Text: c.Number},
		{Label: v.T("External ID"), Text: c.External}, {Label: v.T("Reseller ID"), Text: c.Reseller}, {Label: v.T("VAT ID"), Text: c.VATID},
		{Label: v.T("Registration number"), Text: c.Registration}, {Label: v.T("Legal address"), Text: registered(c.Legal)}}}
	if manages {
		p.Edit = ui.LinkButton{Label: v.T("Edit"), URL: p.URL + "/edit", Icon: ui.IconEdit, Kind: ui.Quiet, Small: true}
	}
	var ways []string
	for _, m := range payment.Allowed(c.Terms.Payments, c.Payments) {
		if m != payment.OnAccount || c.Terms.OnAccount {
			ways = append(ways, v.payment(string(m)).Label)
		}
	}
	paying := joined(", ", ways...)
	if len(c.Terms.Payments) == 0 && c.Grouped.GroupName != "" {
		paying = v.T("%s, as its customer group", paying)
	}
	p.Allowed = ui.Facts{Facts: []ui.Fact{{Label: v.T("Ordering"), Value: v.onOff(c.Terms.Ordering)}, {Label: v.T("Pay on account"), Value: v.onOff(c.Terms.OnAccount)},
		{Label: v.T("Approval rules of its own"), Value: v.onOff(c.Terms.OwnRules)}, {Label: v.T("Ways of paying"), Text: paying}, {Label: v.T("Payment terms"), Text: v.within(company.TermsOf(c.Line), c.Company)}}}
	if c.Reason != "" && c.Status != company.Active {
		p.Why = &ui.Notice{Tone: companyStates[c.Status].tone, Title: v.T("%s since %s", companyStates[c.Status].label.In(v.l), v.l.DateTime(c.Since, v.zone)), Text: c.Reason}
	}
}

// founder says who was invited to administer a company, as long as they have not accepted.
func (v *visit) founder(p *CustomerPage, c view.Customer, a attempt) {
	if c.First.Status != company.Invited {
		return
	}
	sent := v.T("%s has no invitation that holds.", c.First.Email)
	if !c.First.Invitation.IsZero() {
		sent = v.T("The invitation went to %s on %s and holds until %s.", c.First.Email, v.l.DateTime(c.First.Sent, v.zone), v.l.DateTime(c.First.Expires, v.zone))
	}
	p.Founder = &ui.Notice{Tone: ui.Info, Title: v.T("%s has not accepted yet", c.First.Name), Text: joined(" ", sent, a.of("invitation").rest)}
	if !v.throughout(access.CompaniesManage) || !c.Status.TakesIn() {
		return
	}
	p.Founder.Actions = ui.All{pressing(p.URL+"/invitation", ui.Button{Label: v.T("Send the invitation again"), Icon: ui.IconSend, Small: true}),
		ui.Button{Label: v.T("Correct name or address"), Icon: ui.IconEdit, Small: true, Kind: ui.Quiet, Opens: "administrator"}}
	form := a.of("administrator")
	first, last := text.Divided(c.First.Name)
	p.Correct = &Correcting{Flaw: form.rest, Open: form.made(), Fields: []ui.Field{
		form.field(ui.Field{Name: "first_name", Label: v.T("First name"), Value: first, MaxLength: text.MostPerson}),
		form.field(ui.Field{Name: "last_name", Label: v.T("Last name"), Value: last, MaxLength: text.MostPerson}),
		form.field(ui.Field{As: ui.AsEmail, Name: "email", Label: v.T("E-mail address"), Value: c.First.Email, MaxLength: text.MostEmail})}}
}

func (v *visit) correctsFounder() error {
	key, form, err := posted(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	err = v.Onboarding.CorrectFounder(v.ctx(), v.actor, onboarding.CorrectFounderInput{Company: key, Version: version(form.Get("version")),
		First: form.Get("first_name"), Last: form.Get("last_name"), Email: strings.TrimSpace(form.Get("email"))})
	if errors.Is(err, company.ErrNotInvited) || errors.Is(err, company.ErrNotInviting) { // there is no form for it any more
		return v.goOn("/companies/"+key.String(), ui.Warn, v.sentence(fault.Of(err))+".")
	}
	if err != nil {
		return v.again("administrator", form, err, func(a attempt) error { return v.customerPage(key, a) })
	}
	return v.goOn("/companies/"+key.String(), ui.Good, v.T("The invitation is on its way to %s. The link before works no more.", strings.TrimSpace(form.Get("email"))))
}

func (v *visit) onOff(on bool) ui.Badge {
	if on {
		return ui.Badge{Label: v.T("On||switch"), Tone: ui.Good, Plain: true}
	}
	return ui.Badge{Label: v.T("Off||switch"), Tone: ui.Warn, Plain: true}
}

// lookingAfter says who of the staff looks after a company.
func (v *visit) lookingAfter(p *CustomerPage, c view.Customer, a attempt) error {
	l := &p.Looking
	l.Items = ui.Items{Label: v.T("Partner managers"), Empty: ui.Empty{Icon: ui.IconPerson, Title: v.T("Nobody looks after it yet")}}
	for _, m := range c.Managers {
		item := ui.Item{Title: m.Name, Text: joined(" · ", m.Title, m.Email, m.Phone), Person: ui.Person{Name: m.Name}}
		if m.Leads {
			item.Meta = ui.Badge{Label: v.T("First contact"), Tone: ui.Info, Plain: true}
		}
		l.Items.Items = append(l.Items.Items, item)
	}
	if l.Edits = v.throughout(access.CompaniesManage); !l.Edits {
		return nil
	}
	staff, err := v.Onboarding.ListStaff(v.ctx(), v.actor, c.ID)
	if err != nil {
		return err
	}
	l.Flaw = joined(" ", a.rest, a.wrong["staff"])
	first, lead := []ui.Option{{Label: v.T("Nobody in particular")}}, ""
	for _, m := range staff {
		key := m.Member.String()
		first = append(first, ui.Option{Value: key, Label: joined(" · ", m.Name, m.Title)})
		if m.Leads {
			lead = key
		}
		checked := m.Assigned
		if a.said != nil {
			checked = slices.Contains(a.said["staff"], key)
		}
		l.Staff = append(l.Staff, ui.Check{Name: "staff", ID: "staff-" + key, Value: key, Label: joined(" · ", m.Name, m.Title), Checked: checked})
	}
	l.Lead = a.field(ui.Field{As: ui.AsSelect, Name: "lead", Label: v.T("First contact"), Value: lead, Options: first, Optional: true, Unmarked: true})
	return nil
}

func (v *visit) setsManagers() error {
	key, form, err := posted(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	in := onboarding.SetManagersInput{Company: key, Version: version(form.Get("version"))}
	var wrong fault.Input
	for _, text := range form["staff"] {
		m, err := id.ParseMember(text)
		if !wrong.Take("staff", err) {
			in.Staff = append(in.Staff, m)
		}
	}
	in.Lead, err = picked(form.Get("lead"), id.ParseMember)
	wrong.Take("lead", err)
	err = v.check(wrong.Err(), func() error {
		return v.Onboarding.SetManagers(v.ctx(), v.actor, in)
	})
	if err != nil {
		return v.again("managers", form, err, func(a attempt) error { return v.customerPage(key, a) })
	}
	return v.goOn("/companies/"+key.String(), ui.Good, v.T("The partner managers were saved."))
}

func (v *visit) invitesFounder() error {
	key, err := named(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	if err := v.Onboarding.InviteFounder(v.ctx(), v.actor, key); err != nil {
		if fault.KindOf(err) == fault.TooMany {
			return v.goOn("/companies/"+key.String(), ui.Warn, v.sentence(fault.Of(err))+".")
		}
		return v.again("invitation", nil, err, func(a attempt) error { return v.customerPage(key, a) })
	}
	return v.goOn("/companies/"+key.String(), ui.Good, v.T("The invitation is on its way again. The link before works no more."))
}

// inheritsSaid is what a form says that a company has of its parent.
func inheritsSaid(form url.Values) company.Inherits {
	return company.Inherits{Group: form.Has("inherits_group"), Prices: form.Has("inherits_prices"), Terms: form.Has("inherits_terms"), Rules: form.Has("inherits_rules")}
}

// recordFields are what a company is called, registered as and known by, to be changed.
func (v *visit) recordFields(r company.Record, fresh bool, a attempt) []ui.Field {
	number := ui.Field{Name: "number", Label: v.T("Customer number"), Value: r.Number, MaxLength: text.MostNumber, Short: true}
	if fresh {
		number.Optional, number.Hint = true, v.T("Empty: the next of your series.")
	}
	return []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Legal name"), Value: r.Name, MaxLength: text.MostName, Complete: "organization"}),
		a.field(ui.Field{Name: "trade_name", Label: v.T("Trade name"), Value: r.TradeName, MaxLength: text.MostName, Optional: true, Hint: v.T("As people call it, where that is another name.")}),
		a.field(number),
		a.field(ui.Field{Name: "external_id", Label: v.T("External ID"), Value: r.External, MaxLength: text.MostExternal, Optional: true, Short: true, Hint: v.T("As your ERP knows it.")}),
		a.field(ui.Field{Name: "vat_id", Label: v.T("VAT ID"), Value: r.VATID, MaxLength: text.MostVAT, Optional: true, Short: true}),
		a.field(ui.Field{Name: "registration_number", Label: v.T("Registration number"), Value: r.Registration, MaxLength: text.MostRegistration, Optional: true, Short: true}),
		a.field(ui.Field{Name: "reseller_id", Label: v.T("Reseller ID"), Value: r.Reseller, MaxLength: text.MostNumber, Optional: true, Short: true}),
	}
}

// recordSaid is what a form says that a company is called, registered as and known by.
func recordSaid(form url.Values) company.Record {
	return company.Record{Number: strings.TrimSpace(form.Get("number")), Name: form.Get("name"), TradeName: form.Get("trade_name"), VATID: form.Get("vat_id"),
		Registration: form.Get("registration_number"), Reseller: form.Get("reseller_id"), External: strings.TrimSpace(form.Get("external_id")), Legal: legalSaid(form)}
}

// CustomerRecordPage changes what a company is called, registered as and known by, and what its members may do.
type CustomerRecordPage struct {
	ui.Frame
	Header   ui.Header
	URL      string
	Version  string
	Fields   []ui.Field
	Legal    []ui.Field
	Error    string
	Switches []ui.Check
	Payments []ui.Check
	Unpaid   string // what is wrong with these
	NetDays  ui.Field
	Flaw     string
}

func (v *visit) customerRecord() error {
	key, err := named(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	return v.customerRecordPage(key, attempt{})
}

func (v *visit) customerRecordPage(key id.Company, a attempt) error {
	if err := v.actor.Require(access.CompaniesManage, tree.Top); err != nil {
		return err
	}
	c, err := v.Onboarding.GetCustomer(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	record, terms := a.of("record"), a.of("terms")
	url := "/companies/" + key.String()
	p := CustomerRecordPage{Frame: v.frame(v.T("Edit %s", c.Name), "customers"), URL: url, Version: a.or("version", v.plain(c.Version)), Error: record.rest, Flaw: terms.rest,
		Fields: v.recordFields(c.Record(), false, record), Legal: v.legalFields(c.Legal, record), Unpaid: terms.wrong["payment_methods"]}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Companies"), URL: "/companies"}, {Label: c.Name, URL: url}}, Title: v.T("Edit %s", c.Name)}
	p.Switches = []ui.Check{
		{Name: "ordering", Label: v.T("Its members may order"), Checked: terms.ticked("ordering", c.Terms.Ordering), Switch: true, Hint: v.T("Off: nothing is submitted, and no approval places an order.")},
		{Name: "on_account", Label: v.T("They may pay on account"), Checked: terms.ticked("on_account", c.Terms.OnAccount), Switch: true, Hint: v.T("Where a role lets them.")},
		{Name: "own_rules", Label: v.T("They make their own approval rules"), Checked: terms.ticked("own_rules", c.Terms.OwnRules), Switch: true, Hint: v.T("Off: those that there are go on counting, and nobody changes them.")}}
	for _, m := range payment.Methods() {
		p.Payments = append(p.Payments, ui.Check{Name: "pays_" + string(m), Label: v.payment(string(m)).Label, Checked: terms.ticked("pays_"+string(m), slices.Contains(c.Terms.Payments, m))})
	}
	p.NetDays = terms.field(ui.Field{As: ui.AsNumber, Name: "net_days", Label: v.T("Days within which it pays an invoice"), Value: v.plain(c.Terms.NetDays), Min: "0", Max: "365", Short: true, Hint: v.netHint(c)})
	return v.answer(a.status(), p.View())
}

// netHint says what the days count for.
func (v *visit) netHint(c view.Customer) string {
	if of := company.TermsOf(c.Line); of.ID != c.ID {
		return v.T("It has the payment terms of %s as long as it says so; these count when it does not.", of.Name)
	}
	return v.T("0: nothing is agreed.")
}

func (v *visit) editsRecord() error {
	key, form, err := posted(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	if err := v.Onboarding.EditRecord(v.ctx(), v.actor, onboarding.EditRecordInput{Company: key, Version: version(form.Get("version")), Record: recordSaid(form)}); err != nil {
		return v.again("record", form, err, func(a attempt) error { return v.customerRecordPage(key, a) })
	}
	return v.goOn("/companies/"+key.String(), ui.Good, v.T("The company was saved."))
}

func (v *visit) setsTerms() error {
	key, form, err := posted(v, "company", id.ParseCompany)
	if err != nil {
		return err
	}
	t := company.Terms{Ordering: form.Has("ordering"), OnAccount: form.Has("on_account"), OwnRules: form.Has("own_rules"), Payments: paymentsSaid(form)}
	var wrong fault.Input
	t.NetDays, err = strconv.ParseInt(strings.TrimSpace(form.Get("net_days")), 10, 64)
	wrong.Take("net_days", err)
	err = v.check(wrong.Err(), func() error {
		return v.Onboarding.SetTerms(v.ctx(), v.actor, onboarding.SetTermsInput{Company: key, Version: version(form.Get("version")), Terms: t})
	})
	if err != nil {
		return v.again("terms", form, err, func(a attempt) error { return v.customerRecordPage(key, a) })
	}
	return v.goOn("/companies/"+key.String(), ui.Good, v.T("It counts from the next request on."))
}

// paymentsSaid are the ways of paying that a form has ticked.
func paymentsSaid(form url.Values) (all []payment.Method) {
	for _, m := range payment.Methods() {
		if form.Has("pays_" + string(m)) {
			all = append(all, m)
		}
	}
	return all
}

// NewCustomerPage asks for a new company.
type NewCustomerPage struct {
	ui.Frame
	Header  ui.Header
	Error   string
	Called  []ui.Field
	Legal   []ui.Field
	Book    ui.Check // the legal address is the first of its book, too
	Terms   []ui.Field
	Parent  ui.Field
	Has     []ui.Check
	Founder []ui.Field
}

func (v *visit) newCustomer() error {
	if err := v.actor.Require(access.CompaniesManage, tree.Top); err != nil {
		return err
	}
	return v.newCustomerPage(attempt{})
}

func (v *visit) newCustomerPage(a attempt) error {
	groups, err := v.groupOptions(v.T("None"))
	if err != nil {
		return err
	}
	p := NewCustomerPage{Frame: v.frame(v.T("New company"), "customers"), Error: a.rest, Called: v.recordFields(company.Record{}, true, a), Legal: v.legalFields(company.Legal{}, a)}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Companies"), URL: "/companies"}}, Title: v.T("New company"),
		Note: v.T("It gets the usual roles, and a structure with its first administrator at the top.")}
	p.Book = ui.Check{Name: "book", Label: v.T("Goods and invoices go there, too"), Checked: a.ticked("book", true), Hint: v.T("It is the first address of the company's book. Its administrators can add others.")}
	p.Terms = []ui.Field{
		a.field(ui.Field{As: ui.AsSelect, Name: "status", Label: v.T("State"), Value: string(company.Active), Options: []ui.Option{
			{Value: string(company.Active), Label: v.T("Active: it can order at once")}, {Value: string(company.Pending), Label: v.T("Waits to be admitted")}}}),
		a.field(ui.Field{As: ui.AsSelect, Name: "group", Label: v.T("Customer group"), Options: groups, Optional: true, Unmarked: true}, "customer_group_id"),
		a.field(ui.Field{Name: "currency", Label: v.T("Currency"), Value: "EUR", MaxLength: text.MostCurrency, Short: true, Suggestions: currencies()}),
		a.field(ui.Field{As: ui.AsSelect, Name: "language", Label: v.T("Language"), Value: string(v.l), Options: languageOptions()}),
		a.field(ui.Field{Name: "zone", Label: v.T("Time zone"), Value: v.actor.Zone, Suggestions: zones()}),
		a.field(ui.Field{As: ui.AsSelect, Name: "fiscal_month", Label: v.T("Fiscal year begins in"), Value: "1", Options: v.monthOptions()})}
	p.Parent = a.field(ui.Field{Name: "parent", Label: v.T("Customer number of its parent"), MaxLength: text.MostNumber, Optional: true, Short: true, Hint: v.T("Empty: it stands alone.")})
	p.Has = []ui.Check{
		{Name: "inherits_group", Label: v.T("It has its parent's customer group"), Checked: a.ticked("inherits_group", false)},
		{Name: "inherits_prices", Label: v.T("It has its parent's agreed prices, where it has none itself"), Checked: a.ticked("inherits_prices", false)},
		{Name: "inherits_terms", Label: v.T("It has its parent's payment terms"), Checked: a.ticked("inherits_terms", false)}}
	p.Founder = []ui.Field{
		a.field(ui.Field{Name: "first_name", Label: v.T("First name"), MaxLength: text.MostPerson}),
		a.field(ui.Field{Name: "last_name", Label: v.T("Last name"), MaxLength: text.MostPerson}),
		a.field(ui.Field{As: ui.AsEmail, Name: "email", Label: v.T("E-mail address"), MaxLength: text.MostEmail}),
		a.field(ui.Field{Name: "title", Label: v.T("Job title"), MaxLength: text.MostTitle, Optional: true})}
	return v.answer(a.status(), p.View())
}

// currencies are those that are proposed.
func currencies() (all []ui.Option) {
	for _, code := range []string{"EUR", "CHF", "GBP", "USD", "SEK", "NOK", "DKK", "PLN", "CZK"} {
		all = append(all, ui.Option{Value: code})
	}
	return all
}

func (v *visit) createsCustomer() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in, err := foundSaid(form)
	var f onboarding.Founded
	if err == nil {
		f, err = v.Onboarding.Create(v.ctx(), v.actor, in)
	}
	if err != nil {
		return v.again("create", form, err, v.newCustomerPage)
	}
	return v.goOn("/companies/"+f.Company.String(), ui.Good, v.T("The company was made, with the customer number %s. Its administrator is sent an invitation.", f.Number))
}

// foundSaid is what a form says of a company to be.
func foundSaid(form url.Values) (in onboarding.FoundInput, err error) {
	var wrong fault.Input
	r := recordSaid(form)
	in = onboarding.FoundInput{Number: r.Number, Name: r.Name, TradeName: r.TradeName, VATID: r.VATID, Registration: r.Registration, Reseller: r.Reseller, External: r.External, Legal: r.Legal,
		Status: company.Status(form.Get("status")), Currency: money.Currency(strings.ToUpper(strings.TrimSpace(form.Get("currency")))), Language: locale.Language(form.Get("language")),
		Zone: strings.TrimSpace(form.Get("zone")), Parent: strings.TrimSpace(form.Get("parent")), Inherits: inheritsSaid(form),
		First: form.Get("first_name"), Last: form.Get("last_name"), Email: strings.TrimSpace(form.Get("email")), Title: form.Get("title")}
	month, err := strconv.Atoi(form.Get("fiscal_month"))
	wrong.Take("fiscal_month", err)
	in.FiscalMonth = time.Month(month)
	in.Group, err = picked(form.Get("group"), id.ParseCustomerGroup)
	wrong.Take("customer_group_id", err)
	if l := r.Legal; form.Has("book") && !l.IsZero() {
		in.Address = &company.Address{Label: l.City, Name: r.Name, Street: l.Street, Postcode: l.Postcode, City: l.City, Region: l.Region, Country: l.Country, Delivers: true, Bills: true}
	}
	return in, wrong.Err()
}
