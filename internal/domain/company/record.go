package company

import (
	"fmt"
	"slices"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/payment"
	"kontor/internal/base/postal"
	"kontor/internal/base/text"
)

// Legal is where a company is registered. It is no address of its book: nothing goes there by it.
type Legal struct {
	Street   string `json:"street,omitempty"`
	Postcode string `json:"postcode,omitempty"`
	City     string `json:"city,omitempty"`
	Region   string `json:"region,omitempty"`  // state, province, county
	Country  string `json:"country,omitempty"` // ISO 3166, two letters
}

// IsZero reports whether nothing is said.
func (l Legal) IsZero() bool { return l == Legal{} }

// check is the address as it is kept: nothing, or as addresses of the book are (Address.Check).
func (l Legal) check(in *fault.Input) Legal {
	if l.Country = strings.TrimSpace(l.Country); l.IsZero() {
		return l
	}
	a, err := Address{Label: "-", Name: "-", Street: l.Street, Postcode: l.Postcode, City: l.City, Region: l.Region, Country: l.Country, Bills: true}.Check()
	if f := fault.Of(err); f != nil {
		for _, x := range f.Fields {
			in.Add("legal_"+x.Name, x.Code, x.Format, x.Args...)
		}
	}
	return Legal{a.Street, a.Postcode, a.City, a.Region, a.Country}
}

// Postal is the address as it is written in its country.
func (l Legal) Postal() postal.Address {
	return postal.Address{Street: l.Street, Postcode: l.Postcode, City: l.City, Region: l.Region, Country: l.Country}
}

// SetLegal is the company registered elsewhere: ErrStale for one that was seen in another version, or the fields that cannot
// be.
func (c Company) SetLegal(version int64, l Legal) (Company, error) {
	if version != c.Version {
		return c, ErrStale.Now(c.Version)
	}
	var in fault.Input
	c.Legal = l.check(&in)
	return c, in.Err()
}

// Record is what a company is called, registered as and known by, as the seller keeps it.
type Record struct {
	Number       string `json:"customer_number"`
	Name         string `json:"name"`
	TradeName    string `json:"trade_name,omitempty"`
	VATID        string `json:"vat_id,omitempty"`
	Registration string `json:"registration_number,omitempty"`
	Reseller     string `json:"reseller_id,omitempty"`
	External     string `json:"external_id,omitempty"`
	Legal        Legal  `json:"legal_address,omitzero"`
}

// Number is the customer number that is the nth of the seller's series, n from 1 on: C-000123.
func Number(n int64) string { return fmt.Sprintf("C-%06d", n) }

// Record is the company's, as it is.
func (c Company) Record() Record {
	return Record{c.Number, c.Name, c.TradeName, c.VATID, c.Registration, c.Reseller, c.External, c.Legal}
}

// Keep is the company with another record: ErrStale for one that was seen in another version, or the fields that cannot be.
// Whether somebody else has the number is for the tables to say.
func (c Company) Keep(version int64, r Record) (Company, error) {
	switch {
	case c.Seller:
		return c, ErrSeller
	case version != c.Version:
		return c, ErrStale.Now(c.Version)
	}
	var in fault.Input
	c.Number = Code(&in, "number", r.Number)
	c.Name = Name(&in, "name", r.Name)
	c.called(&in, r.TradeName, r.VATID, r.Registration)
	c.Reseller, c.External = text.Line(&in, "reseller_id", r.Reseller, text.MostNumber), text.Line(&in, "external_id", r.External, text.MostExternal)
	c.Legal = r.Legal.check(&in)
	return c, in.Err()
}

// called checks what a company is called and registered as besides its name.
func (c *Company) called(in *fault.Input, trade, vat, registration string) {
	c.TradeName = text.Line(in, "trade_name", trade, text.MostName)
	c.VATID = VATID(in, "vat_id", vat)
	c.Registration = text.Line(in, "registration_number", registration, text.MostRegistration)
}

// Terms are what the seller lets a company do, and how it pays.
type Terms struct {
	Ordering  bool             `json:"ordering"`                  // its members may order
	OnAccount bool             `json:"on_account"`                // they may pay on account, where a role lets them
	OwnRules  bool             `json:"own_rules"`                 // they make and change its approval rules; those that there are count in any case
	Payments  []payment.Method `json:"payment_methods,omitempty"` // its own selection; none: that of its customer group
	NetDays   int64            `json:"net_days"`                  // within which it pays an invoice; 0 is not said
}

// NewTerms are those that a company begins with: everything is allowed, and nothing special agreed.
func NewTerms() Terms { return Terms{Ordering: true, OnAccount: true, OwnRules: true} }

// mostNetDays is the longest time within which an invoice is to be paid.
const mostNetDays = 365

// Agree is the company with other terms: ErrStale for one that was seen in another version, or the fields that cannot be.
func (c Company) Agree(version int64, t Terms) (Company, error) {
	switch {
	case c.Seller:
		return c, ErrSeller
	case version != c.Version:
		return c, ErrStale.Now(c.Version)
	}
	var in fault.Input
	t.Payments = payment.Choose(&in, "payment_methods", t.Payments)
	if t.NetDays < 0 || t.NetDays > mostNetDays {
		in.Add("net_days", "range", "an invoice is paid within 0 to %d days", mostNetDays)
	}
	c.Terms = t
	return c, in.Err()
}

// TermsOf is the company of a line whose payment terms count for the first of it: the nearest that does not inherit.
func TermsOf(line []Company) Company {
	i := 0
	for line[i].Inherits.Terms && i+1 < len(line) {
		i++
	}
	return line[i]
}

var (
	// ErrOrdering is the fault of ordering in a company for which the seller has switched that off.
	ErrOrdering = fault.Define(fault.Refused, "company.ordering_off", "ordering is switched off for your company at the moment: the seller can tell you more")
	// ErrOnAccount is the fault of paying on account in a company that may not.
	ErrOnAccount = fault.Define(fault.Refused, "company.on_account_off", "your company does not pay on account at the moment: choose another way of paying")
	// ErrPayment is the fault of a way of paying that a company does not have.
	ErrPayment = fault.Define(fault.Refused, "company.payment_not_allowed", "your company does not pay in this way: choose another one")
	// ErrOwnRules is the fault of changing the approval rules of a company that has none of its own.
	ErrOwnRules = fault.Define(fault.Refused, "company.rules_not_own", "your company's approval rules cannot be changed at the moment: those that there are go on counting")
	// ErrNumberTaken is the fault of a second company of one customer number.
	ErrNumberTaken = fault.Define(fault.Conflict, "company.number_taken", "another company has this customer number already")
	// ErrExternalTaken is the fault of a second company of one external id.
	ErrExternalTaken = fault.Define(fault.Conflict, "company.external_taken", "another company has this external ID already")
)

// MayOrder is nil for a company whose members may order, whatever each of them may: ErrNotActive or ErrOrdering.
func (c Company) MayOrder() error {
	switch {
	case c.Status != Active:
		return ErrNotActive
	case !c.Terms.Ordering:
		return ErrOrdering
	}
	return nil
}

// Pays is nil for a way in which the company may pay, of those that its customer group has: ErrPayment or ErrOnAccount.
func (c Company) Pays(m payment.Method, group []payment.Method) error {
	switch {
	case !slices.Contains(payment.Allowed(c.Terms.Payments, group), m):
		return ErrPayment
	case m == payment.OnAccount && !c.Terms.OnAccount:
		return ErrOnAccount
	}
	return nil
}
