package company_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/company"
)

// shelf is a book to choose from: works and office for everything, yard and dock for goods, bank for invoices, home of
// somebody's own.
type shelf struct{ works, office, yard, dock, bank, home company.Address }

func newShelf() shelf {
	at := func(label string, delivers, bills bool) company.Address {
		return company.Address{ID: id.NewAddress(now), Label: label, Delivers: delivers, Bills: bills, Version: 3}
	}
	s := shelf{at("Works", true, true), at("Office", true, true), at("Yard", true, false), at("Dock", true, false), at("Bank", false, true), at("Home", true, false)}
	s.works.Usual, s.home.Owner = true, id.NewMember(now)
	return s
}

func (s shelf) all() []company.Address {
	return []company.Address{s.works, s.bank, s.dock, s.office, s.yard, s.home}
}

func labels(all []company.Address) string {
	var words []string
	for _, a := range all {
		words = append(words, a.Label)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// only are directions that allow these addresses.
func only(all ...company.Address) (d company.Directions) {
	for _, a := range all {
		d.Allowed = append(d.Allowed, a.ID)
	}
	return d
}

func TestWhereAnOrderGoes(t *testing.T) {
	s := newShelf()
	team, plant := company.Unit{ID: id.NewUnit(now), Name: "Team"}, company.Unit{ID: id.NewUnit(now), Name: "Plant"}
	to := func(a company.Address) company.Directions { return company.Directions{Delivery: a.ID} }
	nothing := company.Directions{}
	units := func(ofTeam, ofPlant company.Directions) []company.Directed {
		return []company.Directed{{Unit: team, Directions: ofTeam}, {Unit: plant, Directions: ofPlant}}
	}
	docked := company.Directions{Delivery: s.dock.ID, Billing: s.bank.ID}
	const everywhere = "Dock Office Works Yard"
	for _, c := range []struct {
		sentence   string
		change     func(*company.Book)
		deliveries string
		delivery   string // and who says so
		billing    string
	}{
		{"a company's usual one is for goods and for invoices", func(b *company.Book) {}, everywhere, "Works company", "Works company"},
		{"invoices have a usual one of their own", func(b *company.Book) { b.Addresses[1].UsualBilling = true }, everywhere, "Works company", "Bank company"},
		{"without a usual one the first that serves is it", func(b *company.Book) { b.Addresses[0].Usual = false }, everywhere, "Works company", "Works company"},
		{"a usual one for invoices alone is none for goods", func(b *company.Book) { b.Addresses[0].Usual, b.Addresses[1].Usual = false, true }, everywhere, "Works company", "Bank company"},
		{"a unit says where goods go", func(b *company.Book) { b.Units = units(to(s.yard), nothing) }, everywhere, "Yard unit Team", "Works company"},
		{"a unit that says nothing goes by the one above", func(b *company.Book) { b.Units = units(nothing, docked) }, everywhere, "Dock unit Plant", "Bank unit Plant"},
		{"the nearest unit counts, for each on its own", func(b *company.Book) { b.Units = units(to(s.yard), docked) }, everywhere, "Yard unit Team", "Bank unit Plant"},
		{"what the buyer says comes first", func(b *company.Book) {
			b.Member, b.Units = company.Directions{Delivery: s.dock.ID, Billing: s.office.ID}, units(to(s.yard), nothing)
		}, everywhere, "Dock member", "Office member"},
		{"a list of a unit holds", func(b *company.Book) { b.Units = units(only(s.yard, s.dock), nothing) }, "Dock Yard", "Dock company", "Works company"},
		{"below it, too", func(b *company.Book) { b.Units = units(nothing, only(s.yard)) }, "Yard", "Yard company", "Works company"},
		{"a list nearer by replaces it", func(b *company.Book) { b.Units = units(only(s.office), only(s.yard)) }, "Office", "Office company", "Works company"},
		{"what may not be is passed over, whoever says it", func(b *company.Book) { b.Member, b.Units = to(s.works), units(only(s.yard, s.dock), to(s.yard)) },
			"Dock Yard", "Yard unit Plant", "Works company"},
		{"what is gone is passed over", func(b *company.Book) {
			b.Member = company.Directions{Delivery: id.NewAddress(now), Billing: id.NewAddress(now)}
		}, everywhere, "Works company", "Works company"},
		{"one's own address takes a permission", func(b *company.Book) { b.Member = to(s.home) }, everywhere, "Works company", "Works company"},
		{"who has it may go home", func(b *company.Book) { b.Private, b.Member = true, to(s.home) }, "Dock Home Office Works Yard", "Home member", "Works company"},
		{"home is not usual by itself", func(b *company.Book) { b.Private, b.Addresses = true, []company.Address{s.bank, s.home} }, "Home", "", "Bank company"},
		{"a list keeps from home", func(b *company.Book) { b.Private, b.Member, b.Units = true, to(s.home), units(only(s.yard), nothing) }, "Yard", "Yard company", "Works company"},
		{"an empty book has nothing", func(b *company.Book) { b.Addresses = nil }, "", "", ""},
	} {
		b := company.Book{Addresses: s.all()}
		c.change(&b)
		said := func(u company.Usual) string {
			return strings.Join(strings.Fields(u.Address.Label+" "+string(u.Origin)+" "+u.Unit.Name), " ")
		}
		if got := labels(b.Deliveries()); got != c.deliveries {
			t.Errorf("%s: goods may go to %q", c.sentence, got)
		}
		if got := said(b.Delivery()); got != c.delivery {
			t.Errorf("%s: goods go to %q", c.sentence, got)
		}
		if got := said(b.Billing()); got != c.billing {
			t.Errorf("%s: invoices go to %q", c.sentence, got)
		}
	}
	if got := labels(company.Book{Addresses: s.all(), Private: true}.Billings()); got != "Bank Office Works" {
		t.Errorf("invoices may go to %q", got)
	}
}

func TestWhatUnitsSayOfAddressesIsChecked(t *testing.T) {
	s := newShelf()
	for _, c := range []struct {
		sentence string
		says     company.Directions
		above    company.Directions
		want     *fault.Fault
		field    string
	}{
		{"nothing is something", company.Directions{}, company.Directions{}, nil, ""},
		{"all of it", company.Directions{Delivery: s.yard.ID, Billing: s.bank.ID, Allowed: []id.Address{s.yard.ID, s.dock.ID}}, company.Directions{}, nil, ""},
		{"goods do not go to the bank", company.Directions{Delivery: s.bank.ID}, company.Directions{}, fault.ErrInput, "delivery"},
		{"nor may they", only(s.bank), company.Directions{}, fault.ErrInput, "allowed"},
		{"invoices do not go to the yard", company.Directions{Billing: s.yard.ID}, company.Directions{}, fault.ErrInput, "billing"},
		{"goods go where they may", company.Directions{Delivery: s.works.ID, Allowed: []id.Address{s.yard.ID}}, company.Directions{}, fault.ErrInput, "delivery"},
		{"also where a unit above says where", company.Directions{Delivery: s.works.ID}, only(s.yard), fault.ErrInput, "delivery"},
		{"a list of its own replaces that one", company.Directions{Delivery: s.works.ID, Allowed: []id.Address{s.works.ID}}, only(s.yard), nil, ""},
		{"an address is the company's", company.Directions{Delivery: s.home.ID}, company.Directions{}, company.ErrUnseenAddress, ""},
		{"and there", company.Directions{Allowed: []id.Address{id.NewAddress(now)}}, company.Directions{}, company.ErrUnseenAddress, ""},
		{"for invoices, too", company.Directions{Billing: id.NewAddress(now)}, company.Directions{}, company.ErrUnseenAddress, ""},
	} {
		_, err := c.says.Check(s.all(), []company.Directed{{Directions: c.above}})
		if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) || c.field != "" && !slices.Equal(wrong(err), []string{c.field}) {
			t.Errorf("%s: %v %v", c.sentence, err, wrong(err))
		}
	}
	d, err := company.Directions{Allowed: []id.Address{s.dock.ID, s.yard.ID, s.dock.ID}, Delivery: s.yard.ID}.Check(s.all(), nil)
	if err != nil || len(d.Allowed) != 2 || len(d.Named()) != 2 {
		t.Errorf("an address stands there once: %+v, %v", d, err)
	}
}

func TestAddressesChangeAndGo(t *testing.T) {
	s := newShelf()
	good := company.Address{Label: "L", Name: "N", Street: "S", Postcode: "10115", City: "C", Country: "DE", Delivers: true, Bills: true}
	delivers, bills, allows := company.Naming{Unit: "Plant", Delivery: true}, company.Naming{Unit: "Plant", Billing: true}, company.Naming{Unit: "Team", Allowed: true}
	for _, c := range []struct {
		sentence string
		version  int64
		change   func(*company.Address)
		named    []company.Naming
		want     *fault.Fault
	}{
		{"another street", 3, func(a *company.Address) { a.Street = "Other Street" }, []company.Naming{delivers, bills}, nil},
		{"seen otherwise", 2, func(a *company.Address) {}, nil, company.ErrStale},
		{"not whole", 3, func(a *company.Address) { a.City = "" }, nil, fault.ErrInput},
		{"no goods any more", 3, func(a *company.Address) { a.Delivers = false }, []company.Naming{bills}, nil},
		{"while a unit's usually go there", 3, func(a *company.Address) { a.Delivers = false }, []company.Naming{delivers}, company.ErrAddressInUse},
		{"while a unit's may", 3, func(a *company.Address) { a.Delivers = false }, []company.Naming{allows}, company.ErrAddressInUse},
		{"no invoices any more", 3, func(a *company.Address) { a.Bills = false }, []company.Naming{delivers, allows}, nil},
		{"while a unit's go there", 3, func(a *company.Address) { a.Bills = false }, []company.Naming{bills}, company.ErrAddressInUse},
	} {
		to := good
		c.change(&to)
		got, err := s.office.Edit(c.version, to, c.named)
		if c.want == nil && (err != nil || got.ID != s.office.ID || got.Version != 3) || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v %+v", c.sentence, err, got)
		}
	}
	for _, c := range []struct {
		sentence string
		a        company.Address
		version  int64
		named    []company.Naming
		others   int64
		want     *fault.Fault
	}{
		{"one of many goes", s.office, 3, nil, 4, nil},
		{"seen otherwise it stays", s.office, 2, nil, 4, company.ErrStale},
		{"while a unit names it, it stays", s.office, 3, []company.Naming{allows}, 4, company.ErrAddressInUse},
		{"the usual one stays", s.works, 3, nil, 1, company.ErrAddressUsual},
		{"the last one goes", s.works, 3, nil, 0, nil},
	} {
		if err := c.a.Remove(c.version, c.named, c.others); c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
	if err := s.office.Remove(3, []company.Naming{delivers, allows}, 1); err == nil || !strings.Contains(err.Error(), "Plant, Team") {
		t.Errorf("who names it is not said: %v", err)
	}
	if own := good.Private(s.home.Owner); own.Owner != s.home.Owner || own.Bills || !own.Delivers {
		t.Errorf("%+v", own)
	}
}
