package portal

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
)

// companies adds the pages of the company itself.
func (p *Portal) companies(look, act adding) {
	look("/company", access.CompanyView, (*visit).company)
	act("/company", access.CompanyEdit, (*visit).editsCompany)
}

// CompanyPage is what a company says of itself, and its address book.
type CompanyPage struct {
	ui.Frame
	Header    ui.Header
	Version   string
	Edits     bool
	Facts     ui.Facts
	Fields    []ui.Field
	Consent   ui.Check // to staff acting for its members
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
	line, err := v.Organising.Line(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	c := line[0]
	edit := a.of("edit")
	p := CompanyPage{Frame: v.frame(c.Name, "company"), Version: edit.or("version", v.plain(c.Version)), Edits: v.actor.MaySomewhere(access.CompanyEdit),
		Sees: v.actor.MaySomewhere(access.AddressesView), Adds: v.actor.MaySomewhere(access.AddressesManage), Error: edit.rest}
	state := companyStates[c.Status]
	note := v.T("Customer number %s", c.Number)
	if len(line) > 1 {
		note = joined(" · ", note, v.belongs(line))
	}
	p.Header = ui.Header{Title: c.Name, Note: note, Badge: ui.Badge{Label: state.label.In(v.l), Tone: state.tone}}
	p.Facts = ui.Facts{Facts: []ui.Fact{
		{Label: v.T("Customer number"), Text: c.Number}, {Label: v.T("Currency"), Text: string(c.Currency)}, {Label: v.T("Time zone"), Text: c.Zone},
		{Label: v.T("Fiscal year begins in"), Text: v.month(c.FiscalMonth)}, {Label: v.T("Own order number"), Text: wishes[c.PONumber].In(v.l)},
		{Label: v.T("Cost centre at checkout"), Text: wishes[c.CostCentre].In(v.l)}, {Label: v.T("A purchase order waits"), Text: v.N(int(c.ExpiryDays), "%d day", "%d days")}}}
	p.Fields = v.companyFields(c, edit)
	p.Consent = ui.Check{Name: "consents", Label: v.T("Staff of %s may act for our members", v.seller), Checked: edit.ticked("consents", c.Consents),
		Hint: v.T("They help with carts and orders as that member, say why, and stand in our audit with their name. They approve nothing, and change neither rights nor limits.")}
	if c.Seller {
		p.Consent = ui.Check{}
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
func (v *visit) belongs(line []company.Company) string {
	var has []string
	if line[0].Inherits.Group {
		has = append(has, v.T("its customer group"))
	}
	if line[0].Inherits.Prices {
		has = append(has, v.T("its agreed prices"))
	}
	if line[0].Inherits.Rules {
		has = append(has, v.T("its approval rules"))
	}
	if len(has) == 0 {
		return v.T("belongs to %s", line[1].Name)
	}
	return v.T("belongs to %s, and has %s", line[1].Name, v.l.List(has...))
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

func (v *visit) companyFields(c company.Company, a attempt) []ui.Field {
	var months, asked, languages []ui.Option
	for m := time.January; m <= time.December; m++ {
		months = append(months, ui.Option{Value: strconv.Itoa(int(m)), Label: v.month(m)})
	}
	for _, w := range []company.Wish{company.Off, company.Optional, company.Required} {
		asked = append(asked, ui.Option{Value: string(w), Label: capital(wishes[w].In(v.l))})
	}
	for _, l := range locale.Languages() {
		languages = append(languages, ui.Option{Value: string(l), Label: map[locale.Language]string{locale.English: "English", locale.German: "Deutsch"}[l]})
	}
	return []ui.Field{
		a.field(ui.Field{Name: "name", Label: v.T("Name"), Value: c.Name, MaxLength: 120}),
		a.field(ui.Field{As: ui.AsSelect, Name: "language", Label: v.T("Language of new members"), Value: c.Language, Options: languages}),
		a.field(ui.Field{Name: "zone", Label: v.T("Time zone"), Value: c.Zone, Suggestions: zones()}),
		a.field(ui.Field{As: ui.AsSelect, Name: "fiscal_month", Label: v.T("Fiscal year begins in"), Value: strconv.Itoa(int(c.FiscalMonth)), Options: months}),
		a.field(ui.Field{As: ui.AsSelect, Name: "po_number", Label: v.T("Own order number"), Value: string(c.PONumber), Options: asked}),
		a.field(ui.Field{As: ui.AsSelect, Name: "cost_centre", Label: v.T("Cost centre at checkout"), Value: string(c.CostCentre), Options: asked}),
		a.field(ui.Field{As: ui.AsNumber, Name: "expiry_days", Label: v.T("Days that a purchase order waits"), Value: v.plain(c.ExpiryDays), Short: true}),
	}
}

func (v *visit) addressBook(p *CompanyPage, a attempt) error {
	all, err := v.Organising.Addresses(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p.Addresses = ui.Table{Name: "addresses", Caption: v.T("Addresses"), Plain: true, Columns: []ui.Column{{Label: v.T("Address")}, {Label: v.T("Where")}, {Label: v.T("For")}},
		Empty: ui.Empty{Icon: ui.IconAddress, Title: v.T("No addresses yet"), Text: v.T("Without one nothing can be delivered.")}}
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
	wrong.Take("fiscal_month", err)
	days, err := strconv.ParseInt(strings.TrimSpace(form.Get("expiry_days")), 10, 64)
	wrong.Take("expiry_days", err)
	if err = wrong.Err(); err == nil {
		_, err = v.Organising.EditProfile(v.ctx(), v.actor, organising.EditProfileInput{Version: version(form.Get("version")), Profile: company.Profile{
			Name: form.Get("name"), Zone: strings.TrimSpace(form.Get("zone")), Language: form.Get("language"), FiscalMonth: time.Month(month),
			PONumber: company.Wish(form.Get("po_number")), CostCentre: company.Wish(form.Get("cost_centre")), ExpiryDays: days, Consents: form.Has("consents")}})
	}
	if err != nil {
		return v.again("edit", form, err, v.companyPage)
	}
	return v.goOn("/company", ui.Good, v.T("The company was saved."))
}
