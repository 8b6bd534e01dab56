package company

import (
	"slices"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/postal"
	"kontor/internal/base/text"
)

// Address is where goods or invoices go. It stands in the company's book, or in the private one of a member.
type Address struct {
	ID           id.Address `json:"id"`
	Label        string     `json:"label"`
	Name         string     `json:"name"`
	Extra        string     `json:"extra,omitempty"` // a building, a floor, "care of"
	Street       string     `json:"street"`
	Postcode     string     `json:"postcode"`
	City         string     `json:"city"`
	Region       string     `json:"region,omitempty"` // state, province, county
	Country      string     `json:"country"`          // ISO 3166, two letters
	Delivers     bool       `json:"-"`
	Bills        bool       `json:"-"`
	Usual        bool       `json:"-"`                       // the usual one of the company; for invoices, too, as long as no other one is
	UsualBilling bool       `json:"usual_billing,omitempty"` // the usual one for invoices
	Owner        id.Member  `json:"-"`                       // whose private address it is; zero: the company's
	Version      int64      `json:"-"`
}

var (
	// ErrUnseenAddress is the fault of an address that is not in this company's book.
	ErrUnseenAddress = fault.Define(fault.NotFound, "company.address_unseen", "there is no such address in your company's book")
	// ErrAddressLabel is the fault of a second address of one label.
	ErrAddressLabel = fault.Define(fault.Conflict, "company.address_label", "there is already an address with this label")
	// ErrAddressInUse is the fault of taking away an address, or what it is for, while a unit names it.
	ErrAddressInUse = fault.Define(fault.Conflict, "company.address_in_use", "units still name this address: choose another one there first")
	// ErrAddressUsual is the fault of removing the usual address while there are others.
	ErrAddressUsual = fault.Define(fault.Conflict, "company.address_usual", "this is the usual address: make another one the usual one first")
)

// Check is the address as it is kept, or the fields that cannot be.
func (a Address) Check() (Address, error) {
	var in fault.Input
	a.Postcode = strings.ToUpper(text.Line(&in, "postcode", a.Postcode, text.MostPostcode))
	read := in.Err() == nil
	a.Label = Name(&in, "label", a.Label)
	a.Name = Name(&in, "name", a.Name)
	a.Extra = text.Line(&in, "extra", a.Extra, text.MostPlace)
	a.Street = Name(&in, "street", a.Street)
	a.City = Name(&in, "city", a.City)
	a.Region = text.Line(&in, "region", a.Region, text.MostPlace)
	switch {
	case !postal.Known(a.Country):
		in.Add("country", "malformed", "a country is two capital letters, as in ISO 3166")
	case !read || postal.Postcode(a.Country, a.Postcode):
	case a.Postcode == "":
		in.Add("postcode", "required", "please fill this in")
	default:
		in.Add("postcode", "malformed", "this is no postcode of that country")
	}
	if a.Region == "" && postal.WantsRegion(a.Country) {
		in.Add("region", "required", "addresses in that country name a state or province")
	}
	if !a.Delivers && !a.Bills {
		in.Add("delivers", "required", "an address is for goods, for invoices, or for both")
	}
	if a.UsualBilling && !a.Bills {
		in.Add("usual_billing", "contradiction", "the usual address for invoices is one for invoices")
	}
	return a, in.Err()
}

// Postal is the address as it is written in its country.
func (a Address) Postal() postal.Address {
	return postal.Address{Name: a.Name, Extra: a.Extra, Street: a.Street, Postcode: a.Postcode, City: a.City, Region: a.Region, Country: a.Country}
}

// Private is the address as one of a member's own: for goods alone, for what a company orders it pays.
func (a Address) Private(owner id.Member) Address {
	a.Owner, a.Delivers, a.Bills, a.Usual, a.UsualBilling = owner, true, false, false, false
	return a
}

// Naming is a unit that names an address.
type Naming struct {
	Unit     string // as people call it
	Delivery bool   // its goods usually go there
	Billing  bool   // its invoices do
	Allowed  bool   // its goods may
}

// Edit is the address as it shall be: ErrStale for one that was seen in another version, ErrAddressInUse while a unit
// names it for what it would no longer be for, or the fields that cannot be.
func (a Address) Edit(version int64, to Address, named []Naming) (Address, error) {
	if version != a.Version {
		return a, ErrStale.Now(a.Version)
	}
	to.ID, to.Owner, to.Version = a.ID, a.Owner, a.Version
	to, err := to.Check()
	if err != nil {
		return a, err
	}
	lost := slices.DeleteFunc(slices.Clone(named), func(n Naming) bool {
		return !((n.Delivery || n.Allowed) && !to.Delivers || n.Billing && !to.Bills)
	})
	return to, inUse(lost)
}

// Remove is nil for an address that can go: ErrStale for one that was seen in another version, ErrAddressInUse while a
// unit names it, ErrAddressUsual for the usual one while there are others.
func (a Address) Remove(version int64, named []Naming, others int64) error {
	switch {
	case version != a.Version:
		return ErrStale.Now(a.Version)
	case len(named) > 0:
		return inUse(named)
	case (a.Usual || a.UsualBilling) && others > 0:
		return ErrAddressUsual
	}
	return nil
}

// inUse is ErrAddressInUse with the units that name an address, nil where none does.
func inUse(named []Naming) error {
	switch len(named) {
	case 0:
		return nil
	case 1:
		return ErrAddressInUse.With("the unit %s still names this address: choose another one there first", named[0].Unit)
	}
	var units []string
	for _, n := range named {
		units = append(units, n.Unit)
	}
	return ErrAddressInUse.With("the units %s still name this address: choose another one there first", strings.Join(units, ", "))
}
