package company_test

import (
	"errors"
	"slices"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/payment"
	"kontor/internal/domain/company"
)

func TestVATIDsLookAsTheirCountryHasThem(t *testing.T) {
	for _, c := range []struct{ said, kept, says string }{
		{"", "", ""},
		{"DE123456789", "DE123456789", ""},
		{"de 123.456.789", "DE123456789", ""},
		{"DE12345678", "DE12345678", "a VAT ID of this country looks like DE123456789"},
		{"DE12345678A", "DE12345678A", "a VAT ID of this country looks like DE123456789"},
		{"ATU12345678", "ATU12345678", ""},
		{"AT12345678", "AT12345678", "a VAT ID of this country looks like ATU12345678"},
		{"BE0123456789", "BE0123456789", ""},
		{"BE2123456789", "BE2123456789", "a VAT ID of this country looks like BE0123456789"},
		{"ESX1234567X", "ESX1234567X", ""},
		{"ES123456789", "ES123456789", "a VAT ID of this country looks like ESX12345678"},
		{"FRXX123456789", "FRXX123456789", ""},
		{"NL123456789B01", "NL123456789B01", ""},
		{"NL123456789A01", "NL123456789A01", "a VAT ID of this country looks like NL123456789B01"},
		{"IE1234567WA", "IE1234567WA", ""},
		{"EL123456789", "EL123456789", ""},
		{"CHE-123.456.789 MWST", "CHE123456789MWST", ""},
		{"GBGD123", "GBGD123", ""},
		{"US12", "US12", ""},               // of a country that is in no list
		{"GR123456789", "GR123456789", ""}, // Greece is EL in VIES; GR is in no list
		{"123456789", "123456789", "a VAT ID begins with the two letters of its country, like DE123456789"},
		{"DE", "DE", "a VAT ID begins with the two letters of its country, like DE123456789"},
		{"DE12345678é", "DE12345678É", "a VAT ID begins with the two letters of its country, like DE123456789"},
	} {
		var in fault.Input
		kept, says := company.VATID(&in, "vat_id", c.said), ""
		if f := fault.Of(in.Err()); f != nil {
			says = f.Fields[0].Text()
		}
		if kept != c.kept || says != c.says {
			t.Errorf("%q is kept as %q: %q", c.said, kept, says)
		}
	}
}

func TestACompanysRecordIsKept(t *testing.T) {
	good := company.Record{Number: "K-1", Name: "Acme Works GmbH", TradeName: "Acme", VATID: "DE123456789", Registration: "HRB 1", Reseller: "R-1", External: "4711",
		Legal: company.Legal{Street: "Hammer Lane 1", Postcode: "10115", City: "Berlin", Country: "DE"}}
	for _, c := range []struct {
		sentence string
		version  int64
		change   func(*company.Record)
		field    string
		want     error
	}{
		{"all of it", 3, func(*company.Record) {}, "", nil},
		{"as little as can be", 3, func(r *company.Record) { *r = company.Record{Number: "1", Name: "A"} }, "", nil},
		{"who has seen another version", 2, func(*company.Record) {}, "", company.ErrStale},
		{"no number", 3, func(r *company.Record) { r.Number = "" }, "number", fault.ErrInput},
		{"no name", 3, func(r *company.Record) { r.Name = " " }, "name", fault.ErrInput},
		{"a VAT ID that is none", 3, func(r *company.Record) { r.VATID = "DE1" }, "vat_id", fault.ErrInput},
		{"half an address", 3, func(r *company.Record) { r.Legal.City = "" }, "legal_city", fault.ErrInput},
		{"a country that is none", 3, func(r *company.Record) { r.Legal.Country = "DEU" }, "legal_country", fault.ErrInput},
		{"a postcode of another country", 3, func(r *company.Record) { r.Legal.Postcode = "SW1A 1AA" }, "legal_postcode", fault.ErrInput},
		{"no state where there are some", 3, func(r *company.Record) { r.Legal.Country, r.Legal.Postcode = "US", "60601" }, "legal_region", fault.ErrInput},
	} {
		r := good
		c.change(&r)
		got, err := company.Company{Version: 3}.Keep(c.version, r)
		switch {
		case c.want == nil && (err != nil || got.Record() != r):
			t.Errorf("%s: %v %+v", c.sentence, err, got.Record())
		case c.want != nil && (!errors.Is(err, c.want) || c.field != "" && !slices.Equal(wrong(err), []string{c.field})):
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
	if _, err := (company.Company{Seller: true, Version: 1}).Keep(1, good); !errors.Is(err, company.ErrSeller) {
		t.Error("the seller has a record:", err)
	}
}

func TestWhatACompanyMay(t *testing.T) {
	active := company.Company{Status: company.Active, Version: 1, Terms: company.NewTerms()}
	agreed := func(change func(*company.Terms)) company.Company {
		terms := company.NewTerms()
		change(&terms)
		c, err := active.Agree(1, terms)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	status := func(s company.Status) company.Company { c := active; c.Status = s; return c }
	advance := []payment.Method{payment.Advance}
	for _, c := range []struct {
		sentence string
		err      error
		want     error
	}{
		{"an active company orders", active.MayOrder(), nil},
		{"one that waits does not", status(company.Pending).MayOrder(), company.ErrNotActive},
		{"nor one that was turned away", status(company.Rejected).MayOrder(), company.ErrNotActive},
		{"nor a blocked one", status(company.Blocked).MayOrder(), company.ErrNotActive},
		{"nor a closed one", status(company.Closed).MayOrder(), company.ErrNotActive},
		{"nor one for which ordering is off", agreed(func(t *company.Terms) { t.Ordering = false }).MayOrder(), company.ErrOrdering},
		{"it pays on account", active.Pays(payment.OnAccount, nil), nil},
		{"unless that is off", agreed(func(t *company.Terms) { t.OnAccount = false }).Pays(payment.OnAccount, nil), company.ErrOnAccount},
		{"which says nothing of other ways", agreed(func(t *company.Terms) { t.OnAccount = false }).Pays(payment.Advance, nil), nil},
		{"it pays as its group does", active.Pays(payment.OnAccount, advance), company.ErrPayment},
		{"or as it has selected", agreed(func(t *company.Terms) { t.Payments = []payment.Method{payment.OnAccount} }).Pays(payment.OnAccount, advance), nil},
		{"and in no other way", agreed(func(t *company.Terms) { t.Payments = []payment.Method{payment.OnAccount} }).Pays(payment.Advance, advance), company.ErrPayment},
	} {
		if !errors.Is(c.err, c.want) || c.want == nil && c.err != nil {
			t.Errorf("%s: %v", c.sentence, c.err)
		}
	}
	for _, terms := range []company.Terms{{NetDays: -1}, {NetDays: 366}, {Payments: []payment.Method{"barter"}}} {
		if _, err := active.Agree(1, terms); !errors.Is(err, fault.ErrInput) {
			t.Errorf("%+v: %v", terms, err)
		}
	}
	if _, err := active.Agree(2, company.NewTerms()); !errors.Is(err, company.ErrStale) {
		t.Error("who has seen another version:", err)
	}
}

func TestPaymentTermsComeFromAbove(t *testing.T) {
	days := func(n int64, inherits bool) company.Company {
		return company.Company{Terms: company.Terms{NetDays: n}, Inherits: company.Inherits{Terms: inherits}}
	}
	for _, c := range []struct {
		sentence string
		line     []company.Company
		want     int64
	}{
		{"a single company has its own", []company.Company{days(10, false)}, 10},
		{"one that inherits has its parent's", []company.Company{days(10, true), days(30, false)}, 30},
		{"one that does not has its own", []company.Company{days(10, false), days(30, false)}, 10},
		{"through all that inherit", []company.Company{days(10, true), days(20, true), days(30, false)}, 30},
		{"who inherits and belongs to nobody has its own", []company.Company{days(10, true)}, 10},
	} {
		if got := company.TermsOf(c.line).Terms.NetDays; got != c.want {
			t.Errorf("%s: %d", c.sentence, got)
		}
	}
}

func TestACompanyIsSubmittedAgain(t *testing.T) {
	rejected := company.Company{Status: company.Rejected, Version: 4}
	if c, err := rejected.Resubmit(4); err != nil || c.Status != company.Pending {
		t.Errorf("%v, %v", c.Status, err)
	}
	if _, err := rejected.Resubmit(3); !errors.Is(err, company.ErrStale) {
		t.Error(err)
	}
	for _, s := range []company.Status{company.Pending, company.Active, company.Blocked, company.Closed} {
		if _, err := (company.Company{Status: s, Version: 4}).Resubmit(4); !errors.Is(err, company.ErrNotRejected) {
			t.Errorf("one that is %s: %v", s, err)
		}
	}
}
