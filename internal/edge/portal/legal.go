package portal

import (
	"net/url"
	"strings"

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
	return &LegalCard{T: v.T, Edits: v.actor.MaySomewhere(access.LegalAddressEdit), Version: a.or("version", v.plain(version)), Fields: v.legalFields(l, a), Error: a.rest,
		Facts: ui.Facts{Facts: v.legalFacts(l)}}, nil
}

// legalFields are what can be said of where a company is registered.
func (v *visit) legalFields(l company.Legal, a attempt) []ui.Field {
	return []ui.Field{
		a.field(ui.Field{Name: "legal_street", Label: v.T("Street and number"), Value: l.Street, MaxLength: 120, Complete: "street-address", Optional: true, Unmarked: true}),
		a.field(ui.Field{Name: "legal_postcode", Label: v.T("Postcode"), Value: l.Postcode, MaxLength: 20, Complete: "postal-code", Optional: true, Unmarked: true, Short: true}),
		a.field(ui.Field{Name: "legal_city", Label: v.T("City"), Value: l.City, MaxLength: 120, Complete: "address-level2", Optional: true, Unmarked: true}),
		a.field(ui.Field{Name: "legal_country", Label: v.T("Country, two letters"), Value: l.Country, MaxLength: 2, Complete: "country", Optional: true, Unmarked: true, Short: true})}
}

func (v *visit) legalFacts(l company.Legal) []ui.Fact {
	return []ui.Fact{{Label: v.T("Street and number"), Text: l.Street}, {Label: v.T("City"), Text: joined(" ", l.Postcode, l.City)}, {Label: v.T("Country"), Text: l.Country}}
}

// legalSaid is where a form says that a company is registered.
func legalSaid(form url.Values) company.Legal {
	return company.Legal{Street: form.Get("legal_street"), Postcode: form.Get("legal_postcode"), City: form.Get("legal_city"), Country: strings.ToUpper(strings.TrimSpace(form.Get("legal_country")))}
}

// registered is where a company is registered, in one line.
func registered(l company.Legal) string {
	return joined(", ", l.Street, joined(" ", l.Postcode, l.City), l.Country)
}

func (v *visit) setsLegalAddress() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if err := v.Organising.SetLegalAddress(v.ctx(), v.actor, version(form.Get("version")), legalSaid(form)); err != nil {
		return v.again("legal", form, err, v.companyPage)
	}
	return v.goOn("/company", ui.Good, v.T("The legal address was saved."))
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
