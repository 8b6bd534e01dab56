package company

import (
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
)

// Address is where goods or invoices go.
type Address struct {
	ID       id.Address `json:"id"`
	Label    string     `json:"label"`
	Name     string     `json:"name"`
	Street   string     `json:"street"`
	Postcode string     `json:"postcode"`
	City     string     `json:"city"`
	Country  string     `json:"country"` // ISO 3166, two letters
	Delivers bool       `json:"-"`
	Bills    bool       `json:"-"`
	Usual    bool       `json:"-"`
}

var (
	// ErrUnseenAddress is the fault of an address that is not in this company's book.
	ErrUnseenAddress = fault.Define(fault.NotFound, "company.address_unseen", "there is no such address in your company's book")
	// ErrAddressLabel is the fault of a second address of one label.
	ErrAddressLabel = fault.Define(fault.Conflict, "company.address_label", "there is already an address with this label")
)

// Check is the address as it is kept, or the fields that cannot be.
func (a Address) Check() (Address, error) {
	var in fault.Input
	a.Label = Name(&in, "label", a.Label)
	a.Name = Name(&in, "name", a.Name)
	a.Street = Name(&in, "street", a.Street)
	a.Postcode = text.Line(&in, "postcode", a.Postcode, 20) // some countries have none
	a.City = Name(&in, "city", a.City)
	if len(a.Country) != 2 || a.Country[0] < 'A' || a.Country[0] > 'Z' || a.Country[1] < 'A' || a.Country[1] > 'Z' {
		in.Add("country", "malformed", "a country is two capital letters, as in ISO 3166")
	}
	if !a.Delivers && !a.Bills {
		in.Add("delivers", "required", "an address is for goods, for invoices, or for both")
	}
	return a, in.Err()
}
