package portal

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// companies adds the pages of the company itself.
func (p *Portal) companies(look looking, act adding) {
	look("/company", access.CompanyView, "Company", (*visit).company)
	act("/company", access.CompanyEdit, (*visit).editsCompany)
	look("/company/legal-address", access.LegalAddressView, "Legal address", (*visit).legal)
	act("/company/legal-address", access.LegalAddressEdit, (*visit).setsLegalAddress)
	act("/company/submission", access.CompanyEdit, (*visit).resubmits)
}

// CompanyPage is what a company says of itself, and its address book.
type CompanyPage struct {
	ui.Frame
	Header    ui.Header
	Version   string
	Edits     bool
	Turned    *ui.Notice // it was turned away
	Resubmits bool       // and the reader can submit it again
	Undone    string     // what is wrong with that
	Facts     ui.Facts
	Fields    []ui.Field
	Consent   ui.Check   // to staff acting for its members
	Legal     *LegalCard // where it is registered; nil for who may not see it
	Agreed    ui.Facts   // with the seller; empty for the seller's own organisation
	Managers  ui.Items   // who of the seller's staff looks after it
	Error     string
	Addresses ui.Table
	Sees      bool // the reader sees the address book
	Adds      bool // and adds to it
	Adding    ui.Dialog
	Address   []ui.Field
	Uses      []ui.Check
	Flaw      string
	Contacts  *ContactsCard // whom the seller turns to; nil for who may not see it
}

func (v *visit) company() error { return v.companyPage(attempt{}) }

func (v *visit) companyPage(a attempt) error {
	st, err := v.Organising.Line(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	c, edit := st.Company, a.of("edit")
	p := CompanyPage{Frame: v.frame(c.Name, "company"), Version: edit.or("version", v.plain(c.Version)), Edits: v.throughout(access.CompanyEdit),
		Sees: v.actor.MaySomewhere(access.AddressesView), Adds: v.throughout(access.AddressesManage), Error: edit.rest}
	state := companyStates[c.Status]
	note := v.T("Customer number %s", c.Number)
	if len(st.Above) > 0 {
		note = joined(" · ", note, v.belongs(c, st.Above[0].Company))
	}
	p.Header = ui.Header{Title: c.Name, Note: note, Badge: ui.Badge{Label: state.label.In(v.l), Tone: state.tone}}
	p.turned(v, c, a.of("resubmit"))
	p.Facts = ui.Facts{Facts: []ui.Fact{
		{Label: v.T("Legal name"), Text: c.Name}, {Label: v.T("Trade name"), Text: c.TradeName}, {Label: v.T("VAT ID"), Text: c.VATID}, {Label: v.T("Registration number"), Text: c.Registration},
		{Label: v.T("Customer number"), Text: c.Number}, {Label: v.T("Currency"), Text: string(c.Currency)}, {Label: v.T("Time zone"), Text: c.Zone},
		{Label: v.T("Fiscal year begins in"), Text: v.month(c.FiscalMonth)}, {Label: v.T("Own order number"), Text: wishes[c.PONumber].In(v.l)},
		{Label: v.T("Cost centre at checkout"), Text: wishes[c.CostCentre].In(v.l)}, {Label: v.T("A purchase order waits"), Text: v.N(int(c.ExpiryDays), "%d day", "%d days")}}}
	p.Fields = v.companyFields(c, edit)
	p.Consent = ui.Check{Name: "consents", Label: v.T("Staff of %s may act for our members", v.seller), Checked: edit.ticked("consents", c.Consents),
		Hint: v.T("They help with carts and orders as that member, say why, and stand in our audit with their name. They approve nothing, and change neither rights nor limits.")}
	if c.Seller {
		p.Consent = ui.Check{}
	} else {
		p.Agreed, p.Managers = v.agreed(st), v.turnTo(st.Managers)
	}
	if p.Legal, err = v.legalCard(a.of("legal")); err != nil {
		return err
	}
	if p.Sees {
		if err := v.addressBook(&p, a.of("address")); err != nil {
			return err
		}
	}
	if p.Contacts, err = v.contactsCard(a.of("contact")); err != nil {
		return err
	}
	return v.answer(a.status(), p.View())
}

// belongs says whose a company is, and what it has of that one.
func (v *visit) belongs(c, parent company.Company) string {
	var has []string
	for _, x := range []struct {
		has  bool
		what string
	}{{c.Inherits.Group, v.T("its customer group")}, {c.Inherits.Prices, v.T("its agreed prices")}, {c.Inherits.Terms, v.T("its payment terms")},
		{c.Inherits.Rules, v.T("its approval rules")}} {
		if x.has {
			has = append(has, x.what)
		}
	}
	if len(has) == 0 {
		return v.T("belongs to %s", parent.Name)
	}
	return v.T("belongs to %s, and has %s", parent.Name, v.l.List(has...))
}

// turned says why the seller has not admitted the company, and lets it be submitted again.
func (p *CompanyPage) turned(v *visit, c company.Company, a attempt) {
	if c.Status != company.Rejected {
		return
	}
	p.Turned = &ui.Notice{Tone: ui.Bad, Title: v.T("%s has not admitted the company", v.seller), Text: c.Reason}
	if !c.Since.IsZero() {
		p.Turned.Text = v.T("%s: %s", v.l.DateTime(c.Since, v.zone), c.Reason)
	}
	p.Resubmits, p.Undone = p.Edits, a.rest
}

// agreed is what the seller lets the company do, and how it pays.
func (v *visit) agreed(st organising.Standing) ui.Facts {
	var ways []string
	for _, m := range st.Payments {
		ways = append(ways, v.payment(string(m)).Label)
	}
	rules := v.T("You make and change them")
	if !st.Company.Terms.OwnRules {
		rules = v.T("They count, and cannot be changed at the moment")
	}
	ordering := v.T("On||ordering")
	if !st.Company.Terms.Ordering {
		ordering = v.T("Off at the moment")
	}
	facts := []ui.Fact{{Label: v.T("Ordering"), Text: ordering}}
	if st.SeesPayment {
		facts = append(facts, ui.Fact{Label: v.T("Ways of paying"), Text: joined(", ", ways...)}, ui.Fact{Label: v.T("Payment terms"), Text: v.within(st.Terms, st.Company)})
	}
	return ui.Facts{Facts: append(facts, []ui.Fact{{Label: v.T("Approval rules"), Text: rules}, {Label: v.T("Reseller ID"), Text: st.Reseller}}...)}
}

// within is the time within which a company pays, and whose terms these are where they are another one's.
func (v *visit) within(of, c company.Company) string {
	if of.Terms.NetDays == 0 {
		return ""
	}
	within := v.N(int(of.Terms.NetDays), "within %d day", "within %d days")
	if of.ID != c.ID {
		return v.T("%s, as %s", within, of.Name)
	}
	return within
}

// turnTo are those of the seller's staff who look after a company, as its members see them.
func (v *visit) turnTo(all []view.Manager) ui.Items {
	items := ui.Items{Label: v.T("Your contact at %s", v.seller), Empty: ui.Empty{Icon: ui.IconPerson, Title: v.T("Nobody in particular yet")}}
	for _, m := range all {
		items.Items = append(items.Items, ui.Item{Title: m.Name, Text: joined(" · ", m.Title, m.Email, m.Phone), Person: ui.Person{Name: m.Name}})
	}
	return items
}

var companyStates = map[company.Status]struct {
	label locale.Phrase
	tone  ui.Tone
}{
	company.Pending: {locale.Say("Waits for the seller"), ui.Warn}, company.Active: {locale.Say("Active"), ui.Good},
	company.Blocked: {locale.Say("Blocked"), ui.Bad}, company.Rejected: {locale.Say("Rejected"), ui.Bad}, company.Closed: {locale.Say("Closed||company"), ui.Neutral},
}

var wishes = map[company.Wish]locale.Phrase{
	company.Off: locale.Say("not asked for"), company.Optional: locale.Say("can be given"), company.Required: locale.Say("must be given"),
}

// month is the name of a month.
func (v *visit) month(m time.Month) string {
	name, _, _ := strings.Cut(v.l.Month(date.Of(2026, max(m, time.January), 1)), " ")
	return name
}

// monthOptions are the months, to choose from.
func (v *visit) monthOptions() (all []ui.Option) {
	for m := time.January; m <= time.December; m++ {
		all = append(all, ui.Option{Value: strconv.Itoa(int(m)), Label: v.month(m)})
	}
	return all
}

// languageOptions are the languages that are spoken here, each by its own name.
func languageOptions() (all []ui.Option) {
	for _, l := range locale.Languages() {
		all = append(all, ui.Option{Value: string(l), Label: map[locale.Language]string{locale.English: "English", locale.German: "Deutsch"}[l]})
	}
	return all
}

func (v *visit) companyFields(c company.Company, a attempt) []ui.Field {
	var asked []ui.Option
	for _, w := range []company.Wish{company.Off, company.Optional, company.Required} {
		asked = append(asked, ui.Option{Value: string(w), Label: capital(wishes[w].In(v.l))})
	}
	fields := []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Legal name"), Value: c.Name, MaxLength: text.MostName}),
		a.field(ui.Field{Name: "trade_name", Label: v.T("Trade name"), Value: c.TradeName, MaxLength: text.MostName, Optional: true, Hint: v.T("As people call it, where that is another name.")}),
		a.field(ui.Field{Name: "vat_id", Label: v.T("VAT ID"), Value: c.VATID, MaxLength: text.MostVAT, Optional: true}),
		a.field(ui.Field{Name: "registration_number", Label: v.T("Registration number"), Value: c.Registration, MaxLength: text.MostRegistration, Optional: true, Hint: v.T("In the commercial register, or what your country has instead.")}),
		a.field(ui.Field{As: ui.AsSelect, Name: "language", Label: v.T("Language of new members"), Value: c.Language, Options: languageOptions()}),
		a.field(ui.Field{Name: "zone", Label: v.T("Time zone"), Value: c.Zone, Suggestions: zones()}),
		a.field(ui.Field{As: ui.AsSelect, Name: "fiscal_month", Label: v.T("Fiscal year begins in"), Value: strconv.Itoa(int(c.FiscalMonth)), Options: v.monthOptions()}),
		a.field(ui.Field{As: ui.AsSelect, Name: "po_number", Label: v.T("Own order number"), Value: string(c.PONumber), Options: asked}),
		a.field(ui.Field{As: ui.AsSelect, Name: "cost_centre", Label: v.T("Cost centre at checkout"), Value: string(c.CostCentre), Options: asked}),
		a.field(ui.Field{As: ui.AsNumber, Name: "expiry_days", Label: v.T("Days that a purchase order waits"), Value: v.plain(c.ExpiryDays), Short: true}),
	}
	if c.Seller {
		var sees []ui.Option
		for _, s := range company.Sights() {
			sees = append(sees, ui.Option{Value: string(s), Label: sights[s].In(v.l)})
		}
		fields = append(fields, a.field(ui.Field{As: ui.AsSelect, Name: "pending_sees", Label: v.T("What companies see that wait to be admitted"), Value: string(c.Pending), Options: sees}))
	}
	return fields
}

var sights = map[company.Sight]locale.Phrase{
	company.SeesNothing: locale.Say("Nothing of the shop"), company.SeesCatalogue: locale.Say("The catalogue, without prices"), company.SeesPrices: locale.Say("The catalogue with prices"),
}

func (v *visit) addressBook(p *CompanyPage, a attempt) error {
	all, err := v.Organising.Addresses(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p.Addresses = ui.Table{Name: "addresses", Caption: v.T("Addresses"), Plain: true, Columns: []ui.Column{{Label: v.T("Address")}, {Label: v.T("Where")}, {Label: v.T("For")}},
		Empty: v.askingThroughout(access.AddressesManage, ui.Empty{Icon: ui.IconAddress, Title: v.T("No addresses yet"), Text: v.T("Without one nothing can be delivered.")})}
	book := company.Book{Addresses: all}
	goods, invoices := book.Delivery().Address.ID, book.Billing().Address.ID
	for _, x := range all {
		p.Addresses.Rows = append(p.Addresses.Rows, ui.Row{URL: "/company/addresses/" + x.ID.String(), Cells: []templ.Component{ui.Named{Name: x.Label, Note: x.Name}, ui.Text(where(x)), v.addressMarks(x, x.ID == goods, x.ID == invoices)}})
	}
	p.Adding = ui.Dialog{Name: "add-address", Title: v.T("Add an address"), Open: a.made(), Wide: true}
	p.Flaw = a.rest
	p.Address, p.Uses = v.addressFields("address-", company.Address{}, a), v.addressUses(company.Address{Delivers: true}, a)
	return nil
}

func (v *visit) editsCompany() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	var wrong fault.Input
	month, err := strconv.Atoi(form.Get("fiscal_month"))
	if err != nil {
		wrong.Add("fiscal_month", "type", "this must be a whole number")
	}
	days, err := strconv.ParseInt(strings.TrimSpace(form.Get("expiry_days")), 10, 64)
	if err != nil && !needed(&wrong, "expiry_days", form.Get("expiry_days")) {
		wrong.Add("expiry_days", "type", "this must be a whole number")
	}
	err = v.check(wrong.Err(), func() error {
		_, err := v.Organising.EditProfile(v.ctx(), v.actor, organising.EditProfileInput{Version: version(form.Get("version")), Profile: company.Profile{
			Name: form.Get("name"), TradeName: form.Get("trade_name"), VATID: form.Get("vat_id"), Registration: form.Get("registration_number"), Pending: company.Sight(form.Get("pending_sees")), Zone: strings.TrimSpace(form.Get("zone")), Language: form.Get("language"), FiscalMonth: time.Month(month),
			PONumber: company.Wish(form.Get("po_number")), CostCentre: company.Wish(form.Get("cost_centre")), ExpiryDays: days, Consents: form.Has("consents")}})
		return err
	})
	if err != nil {
		return v.again("edit", form, err, v.companyPage)
	}
	return v.goOn("/company", ui.Good, v.T("The company was saved."))
}
