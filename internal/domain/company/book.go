package company

import (
	"slices"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// Directions are what a unit or a member says of addresses. What is zero is not said.
type Directions struct {
	Delivery id.Address   `json:"delivery_address_id,omitzero"`           // where goods usually go
	Billing  id.Address   `json:"billing_address_id,omitzero"`            // where invoices usually go
	Allowed  []id.Address `json:"allowed_delivery_address_ids,omitempty"` // where goods may go at all; units alone say so
}

// IsZero reports whether nothing is said.
func (d Directions) IsZero() bool {
	return d.Delivery.IsZero() && d.Billing.IsZero() && len(d.Allowed) == 0
}

// Directed is a unit with what it says of addresses.
type Directed struct {
	Unit Unit
	Directions
}

// Book is where what is ordered may go, and where it usually goes.
type Book struct {
	Addresses []Address  // of the company, and those of the member's own
	Member    Directions // what the buyer says; nothing where a unit is looked at
	Units     []Directed // the unit that the order is for, and those above it, the nearest first
	Private   bool       // the buyer may have goods sent to addresses of their own
}

// Origin is who says where something usually goes.
type Origin string

// The origins.
const (
	Nowhere   Origin = ""
	ByMember  Origin = "member"
	ByUnit    Origin = "unit"
	ByCompany Origin = "company"
)

// Usual is where something usually goes, and who says so.
type Usual struct {
	Address Address
	Origin  Origin
	Unit    Unit // which one says so
}

// ErrAddressNotAllowed is the fault of sending goods where those of a unit may not go.
var ErrAddressNotAllowed = fault.Define(fault.Refused, "company.address_not_allowed", "goods for this unit go to certain addresses only: choose one of them")

// Find is the address of this key, zero where there is none.
func (b Book) Find(key id.Address) Address {
	if i := slices.IndexFunc(b.Addresses, func(a Address) bool { return a.ID == key }); i >= 0 {
		return b.Addresses[i]
	}
	return Address{}
}

// Missing are the addresses that the book names, and these, that are not among those read, each once: a book that was filled before it
// had a bound may have more than are read, and what is named counts wherever it stands. Of more than any book has the rest is none of it.
func (b Book) Missing(more ...id.Address) []id.Address {
	named := append(b.Member.Named(), more...)
	for _, u := range b.Units {
		named = append(named, u.Named()...)
	}
	read := map[id.Address]bool{{}: true}
	for _, a := range b.Addresses {
		read[a.ID] = true
	}
	var missing []id.Address
	for _, key := range named {
		if !read[key] {
			read[key] = true
			missing = append(missing, key)
		}
	}
	return missing[:min(len(missing), MostAddresses)]
}

// Limit is the unit that says where goods may go at all: the nearest one that says so; zero where none does.
func (b Book) Limit() Directed {
	for _, u := range b.Units {
		if len(u.Allowed) > 0 {
			return u
		}
	}
	return Directed{}
}

// Deliveries are the addresses that goods may go to.
func (b Book) Deliveries() []Address {
	limit := b.Limit()
	return b.those(func(a Address) bool {
		switch {
		case !a.Delivers:
			return false
		case len(limit.Allowed) > 0:
			return a.Owner.IsZero() && limit.Allows(a.ID)
		}
		return a.Owner.IsZero() || b.Private
	})
}

// Billings are the addresses that invoices may go to.
func (b Book) Billings() []Address {
	return b.those(func(a Address) bool { return a.Bills && a.Owner.IsZero() })
}

// Own are the addresses of the member's own.
func (b Book) Own() []Address { return b.those(func(a Address) bool { return !a.Owner.IsZero() }) }

func (b Book) those(fit func(Address) bool) []Address {
	return slices.DeleteFunc(slices.Clone(b.Addresses), func(a Address) bool { return !fit(a) })
}

// Delivery is where goods usually go: as the buyer says, else the nearest unit that does, else the company; an address
// that they may not go to is passed over.
func (b Book) Delivery() Usual {
	return b.usual(b.Deliveries(), func(d Directions) id.Address { return d.Delivery }, func(a Address) bool { return a.Usual })
}

// Billing is where invoices usually go.
func (b Book) Billing() Usual {
	return b.usual(b.Billings(), func(d Directions) id.Address { return d.Billing }, func(a Address) bool { return a.UsualBilling }, func(a Address) bool { return a.Usual })
}

// usual is the first of those that is said to be the usual one; of a company that says nothing the first of its book.
func (b Book) usual(among []Address, said func(Directions) id.Address, company ...func(Address) bool) Usual {
	is := func(key id.Address) (Address, bool) {
		i := slices.IndexFunc(among, func(a Address) bool { return a.ID == key })
		if i < 0 {
			return Address{}, false
		}
		return among[i], true
	}
	if a, ok := is(said(b.Member)); ok {
		return Usual{a, ByMember, Unit{}}
	}
	for _, u := range b.Units {
		if a, ok := is(said(u.Directions)); ok {
			return Usual{a, ByUnit, u.Unit}
		}
	}
	for _, fits := range append(company, func(a Address) bool { return a.Owner.IsZero() }) {
		if i := slices.IndexFunc(among, fits); i >= 0 {
			return Usual{among[i], ByCompany, Unit{}}
		}
	}
	return Usual{}
}

// Check is what a unit says of addresses, or the fields that cannot be: every address is one of the company's book and
// for what it is named for, and where goods usually go is among where they may. above are the units above it, the nearest first.
func (d Directions) Check(book []Address, above []Directed) (Directions, error) {
	var in fault.Input
	slices.SortFunc(d.Allowed, func(x, y id.Address) int { return strings.Compare(x.String(), y.String()) })
	d.Allowed = slices.Compact(d.Allowed)
	b := Book{Addresses: book, Units: append([]Directed{{Directions: d}}, above...)}
	for _, key := range d.Named() {
		if a := b.Find(key); a.ID.IsZero() || !a.Owner.IsZero() {
			return d, ErrUnseenAddress
		}
	}
	for _, key := range d.Allowed {
		if a := b.Find(key); !a.Delivers {
			in.Add("allowed", "contradiction", "no goods can be delivered to %s", a.Label)
		}
	}
	limit := b.Limit()
	switch a := b.Find(d.Delivery); {
	case d.Delivery.IsZero():
	case !a.Delivers:
		in.Add("delivery", "contradiction", "no goods can be delivered to %s", a.Label)
	case len(limit.Allowed) > 0 && !limit.Allows(d.Delivery):
		in.Add("delivery", "contradiction", "%s is none of the addresses that goods for this unit may go to", a.Label)
	}
	if a := b.Find(d.Billing); !d.Billing.IsZero() && !a.Bills {
		in.Add("billing", "contradiction", "no invoices can be sent to %s", a.Label)
	}
	return d, in.Err()
}

// Named are the addresses that are named, each once.
func (d Directions) Named() []id.Address {
	all := slices.DeleteFunc(append(slices.Clone(d.Allowed), d.Delivery, d.Billing), id.Address.IsZero)
	slices.SortFunc(all, func(x, y id.Address) int { return strings.Compare(x.String(), y.String()) })
	return slices.Compact(all)
}

// Allows reports whether an address is among those that are allowed by name.
func (d Directions) Allows(key id.Address) bool { return slices.Contains(d.Allowed, key) }

// MostAddresses is how many addresses a company keeps in its book: so many are read and chosen from at once.
const MostAddresses = 500

// ErrAddressesFull is the fault of more addresses in the company's book than it keeps.
var ErrAddressesFull = fault.Define(fault.Refused, "company.addresses_full", "a company keeps at most 500 addresses in its book: remove one first")

// MostOwnAddresses is how many addresses of their own a member keeps.
const MostOwnAddresses = 50

// ErrBookFull is the fault of more addresses of one's own than one keeps.
var ErrBookFull = fault.Define(fault.Refused, "company.book_full", "one keeps at most 50 addresses of one's own: remove one first")

// CheckMember is what a member says of addresses, or the fields that cannot be: goods may go to the company's addresses
// and to their own, invoices to the company's.
func (b Book) CheckMember(d Directions) (Directions, error) {
	var in fault.Input
	d.Allowed = nil
	for _, key := range d.Named() {
		if b.Find(key).ID.IsZero() {
			return d, ErrUnseenAddress
		}
	}
	if a := b.Find(d.Delivery); !d.Delivery.IsZero() && !a.Delivers {
		in.Add("delivery", "contradiction", "no goods can be delivered to %s", a.Label)
	}
	if a := b.Find(d.Billing); !d.Billing.IsZero() && !a.Bills {
		in.Add("billing", "contradiction", "no invoices can be sent to %s", a.Label)
	}
	return d, in.Err()
}
