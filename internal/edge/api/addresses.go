package api

import (
	"context"
	"net/http"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
)

type addresses struct{ Services }

func (h addresses) add(a *web.API) {
	see, manage := access.AddressesView.Code(), access.AddressesManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/addresses", ID: "list-addresses", Tag: tagAddresses, Permission: see, Scope: web.Company,
		Summary: "The company's address book, the usual address first"}, h.list)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/addresses", ID: "add-address", Tag: tagAddresses, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Add an address to the book", Text: "One that is to be the usual one takes the place of the other."}, h.create)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/addresses/{address}", ID: "get-address", Tag: tagAddresses, Permission: see, Scope: web.Company,
		Summary: "An address with the units that name it"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/addresses/{address}", ID: "edit-address", Tag: tagAddresses, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Change an address", Text: "What was ordered keeps the address as it was. What it is for stays as long as a unit names it for that."}, h.edit)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/addresses/{address}", ID: "remove-address", Tag: tagAddresses, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Remove an address", Text: "Refused while a unit names it, and for the usual one while there are others. A cart that named it waits for another choice; what was ordered keeps it."}, h.remove)
}

// AddressFieldsJSON is where something goes.
type AddressFieldsJSON struct {
	Label    string `json:"label" maxLength:"120" doc:"What the company calls it; once in its book."`
	Name     string `json:"name" maxLength:"120" doc:"The name on the parcel."`
	Street   string `json:"street" maxLength:"120"`
	Postcode string `json:"postcode,omitempty" maxLength:"20"`
	City     string `json:"city" maxLength:"120"`
	Country  string `json:"country" maxLength:"2" example:"DE" doc:"ISO 3166, two letters."`
}

func (f AddressFieldsJSON) address() company.Address {
	return company.Address{Label: f.Label, Name: f.Name, Street: f.Street, Postcode: f.Postcode, City: f.City, Country: f.Country}
}

func addressFieldsOf(a company.Address) AddressFieldsJSON {
	return AddressFieldsJSON{a.Label, a.Name, a.Street, a.Postcode, a.City, a.Country}
}

// AddressPurposeJSON is what an address of the book is for.
type AddressPurposeJSON struct {
	Delivers     bool `json:"for_delivery" doc:"Goods can be delivered there."`
	Bills        bool `json:"for_billing" doc:"Invoices can be sent there."`
	Usual        bool `json:"usual,omitempty" doc:"The company's usual one; for invoices, too, as long as no other one is."`
	UsualBilling bool `json:"usual_for_billing,omitempty" doc:"The company's usual one for invoices."`
}

// AddressJSON is an address of the company's book.
type AddressJSON struct {
	ID string `json:"id"`
	AddressFieldsJSON
	AddressPurposeJSON
	Version int64 `json:"version"`
}

func addressOf(a company.Address) AddressJSON {
	return AddressJSON{a.ID.String(), addressFieldsOf(a), AddressPurposeJSON{a.Delivers, a.Bills, a.Usual, a.UsualBilling}, a.Version}
}

// AddressIn is an address of the company's book as it shall be.
type AddressIn struct {
	AddressFieldsJSON
	AddressPurposeJSON
}

func (in AddressIn) address() company.Address {
	a := in.AddressFieldsJSON.address()
	a.Delivers, a.Bills, a.Usual, a.UsualBilling = in.Delivers, in.Bills, in.Usual, in.UsualBilling
	return a
}

// AddressNamedJSON is an address of the company's book, with the units that name it.
type AddressNamedJSON struct {
	AddressJSON
	Units []string `json:"units" doc:"Those that name it, by name; it cannot be removed as long as there are any."`
}

type addressesOut struct {
	Body struct {
		Items []AddressJSON `json:"items"`
	}
}

func (h addresses) list(ctx context.Context, _ *struct{}) (*addressesOut, error) {
	all, err := h.Organising.Addresses(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &addressesOut{}
	out.Body.Items = items(all, addressOf)
	return out, nil
}

type addressOut struct {
	ETag string `header:"ETag"`
	Body AddressJSON
}

func addressAnswer(a company.Address, err error) (*addressOut, error) {
	if err != nil {
		return nil, err
	}
	return &addressOut{web.ETag(a.Version), addressOf(a)}, nil
}

func (h addresses) create(ctx context.Context, in *struct{ Body AddressIn }) (*addressOut, error) {
	return addressAnswer(h.Organising.AddAddress(ctx, web.Actor(ctx), in.Body.address()))
}

type addressNamedOut struct {
	ETag string `header:"ETag"`
	Body AddressNamedJSON
}

func (h addresses) get(ctx context.Context, in *struct {
	Address string `path:"address"`
}) (*addressNamedOut, error) {
	key, err := id.ParseAddress(in.Address)
	if err != nil {
		return nil, err
	}
	a, named, err := h.Organising.Address(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &addressNamedOut{web.ETag(a.Version), AddressNamedJSON{addressOf(a), items(named, func(n company.Naming) string { return n.Unit })}}, nil
}

func (h addresses) edit(ctx context.Context, in *struct {
	web.Versioned
	Address string `path:"address"`
	Body    AddressIn
}) (*addressOut, error) {
	key, version, err := versioned(in.Address, id.ParseAddress, in.Versioned)
	if err != nil {
		return nil, err
	}
	a := in.Body.address()
	a.ID = key
	return addressAnswer(h.Organising.EditAddress(ctx, web.Actor(ctx), version, a))
}

func (h addresses) remove(ctx context.Context, in *struct {
	web.Versioned
	Address string `path:"address"`
}) (*struct{}, error) {
	key, version, err := versioned(in.Address, id.ParseAddress, in.Versioned)
	if err != nil {
		return nil, err
	}
	return nil, h.Organising.RemoveAddress(ctx, web.Actor(ctx), key, version)
}
