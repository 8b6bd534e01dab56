package portal

import (
	"net/url"
	"strings"

	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
)

// LegalCard says where a company is registered, on its page.
type LegalCard struct {
	T       ui.Translate
	Edits   bool
	Version string
	Fields  []ui.Field
	Error   string
	Facts   ui.Facts
}

// legalCard is nil for who may not see where the company is registered.
func (v *visit) legalCard(a attempt) (*LegalCard, error) {
	if !v.actor.MaySomewhere(access.LegalAddressView) {
		return nil, nil
	}
	l, version, err := v.Organising.LegalAddress(v.ctx(), v.actor)
	if err != nil {
		return nil, err
	}
	return &LegalCard{T: v.T, Edits: v.throughout(access.LegalAddressEdit), Version: a.or("version", v.plain(version)), Fields: v.legalFields(l, a), Error: a.rest,
		Facts: ui.Facts{Facts: v.legalFacts(l)}}, nil
}

// LegalPage says where a company is registered, to who may see that and not the rest of its page.
type LegalPage struct {
	ui.Frame
	Header ui.Header
	Card   *LegalCard
}

func (v *visit) legal() error { return v.legalPage(attempt{}) }

func (v *visit) legalPage(a attempt) error {
	if err := v.actor.RequireSomewhere(access.LegalAddressView); err != nil {
		return err
	}
	card, err := v.legalCard(a.of("legal"))
	if err != nil {
		return err
	}
	p := LegalPage{Frame: v.frame(v.T("Legal address"), "company"), Card: card}
	p.Header = ui.Header{Crumbs: v.companyCrumb(), Title: v.T("Legal address")}
	return v.answer(a.status(), p.View())
}

// companyCrumb leads back to the company's page, for who may open it.
func (v *visit) companyCrumb() []ui.Link {
	if !v.actor.MaySomewhere(access.CompanyView) {
		return nil
	}
	return []ui.Link{{Label: v.T("Company"), URL: "/company"}}
}

// legalFields are what can be said of where a company is registered.
func (v *visit) legalFields(l company.Legal, a attempt) []ui.Field {
	return []ui.Field{
		a.field(ui.Field{Name: "legal_street", Label: v.T("Street and number"), Value: l.Street, MaxLength: text.MostPlace, Complete: "street-address", Optional: true, Unmarked: true}),
		a.field(ui.Field{Name: "legal_postcode", Label: v.T("Postcode"), Value: l.Postcode, MaxLength: text.MostPostcode, Complete: "postal-code", Optional: true, Unmarked: true, Short: true}),
		a.field(ui.Field{Name: "legal_city", Label: v.T("City"), Value: l.City, MaxLength: text.MostPlace, Complete: "address-level2", Optional: true, Unmarked: true}),
		a.field(ui.Field{Name: "legal_region", Label: v.T("State or province"), Value: l.Region, MaxLength: text.MostPlace, Complete: "address-level1", Optional: true, Unmarked: true, Hint: v.T("Where addresses of the country have one, as in the United States.")}),
		a.field(ui.Field{As: ui.AsSelect, Name: "legal_country", Label: v.T("Country"), Value: l.Country, Options: v.countries(), Complete: "country", Optional: true, Unmarked: true})}
}

func (v *visit) legalFacts(l company.Legal) []ui.Fact {
	country := ""
	if l.Country != "" {
		country = v.country(l.Country)
	}
	return []ui.Fact{{Label: v.T("Address"), Text: joined(", ", l.Postal().Lines()...)}, {Label: v.T("Country"), Text: country}}
}

// legalSaid is where a form says that a company is registered.
func legalSaid(form url.Values) company.Legal {
	return company.Legal{Street: form.Get("legal_street"), Postcode: form.Get("legal_postcode"), City: form.Get("legal_city"), Region: form.Get("legal_region"), Country: strings.ToUpper(strings.TrimSpace(form.Get("legal_country")))}
}

// registered is where a company is registered, in one line.
func registered(l company.Legal) string {
	return joined(", ", append(l.Postal().Lines(), l.Country)...)
}

func (v *visit) setsLegalAddress() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	page, url := v.companyPage, "/company"
	if !v.actor.MaySomewhere(access.CompanyView) {
		page, url = v.legalPage, "/company/legal-address"
	}
	if err := v.Organising.SetLegalAddress(v.ctx(), v.actor, version(form.Get("version")), legalSaid(form)); err != nil {
		return v.again("legal", form, err, page)
	}
	return v.goOn(url, ui.Good, v.T("The legal address was saved."))
}

// resubmits submits the company again that was turned away.
func (v *visit) resubmits() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if err := v.Organising.Resubmit(v.ctx(), v.actor, version(form.Get("version"))); err != nil {
		return v.again("resubmit", form, err, v.companyPage)
	}
	return v.goOn("/company", ui.Good, v.T("The company was submitted again."))
}
