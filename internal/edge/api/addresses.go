package api

import (
	"context"
	"net/http"
	"strconv"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/organising"
)

type addresses struct{ Services }

func (h addresses) add(a *web.API) {
	see, manage := access.AddressesView.Code(), access.AddressesManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/addresses", ID: "list-addresses", Tag: tagAddresses, Permission: see, Scope: web.Company,
		Summary: "The company's address book, the usual address first", Text: "All of it: a book has at most " + strconv.Itoa(company.MostAddresses) + " addresses. Of one that had more before there was this bound the first so many are listed; the others are got, named and removed by their ids."}, h.list)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/addresses", ID: "add-address", Tag: tagAddresses, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Add an address to the book", Text: "One that is to be the usual one takes the place of the other. A book that has " + strconv.Itoa(company.MostAddresses) + " takes no other one (company.addresses_full), from imports neither."}, h.create)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/addresses/{address}", ID: "get-address", Tag: tagAddresses, Permission: see, Scope: web.Company,
		Summary: "An address with the units that name it"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/addresses/{address}", ID: "edit-address", Tag: tagAddresses, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Change an address", Text: "What was ordered keeps the address as it was. What it is for stays as long as a unit names it for that."}, h.edit)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/addresses/{address}", ID: "remove-address", Tag: tagAddresses, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Remove an address", Text: "Refused while a unit names it, and for the usual one while there are others. A cart that named it waits for another choice; what was ordered keeps it."}, h.remove)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/units/{unit}/addresses", ID: "get-unit-addresses", Tag: tagAddresses, Permission: see, Scope: web.Company,
		Summary: "Where goods and invoices of a unit go", Text: "What it says itself, and what holds for it: what it does not say, the nearest unit above says that does, and then the company."}, h.directions)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/units/{unit}/addresses", ID: "set-unit-addresses", Tag: tagAddresses, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Say where goods and invoices of a unit go", Text: "With allowed addresses its goods, and those of units below that allow none themselves, go nowhere else. The version is the unit's."}, h.direct)
	self := access.SelfAccount.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/me/addresses", ID: "list-own-addresses", Tag: tagAddresses, Permission: self, Scope: web.Own,
		Summary: "One's own addresses, and where what one orders usually goes"}, h.own)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/me/addresses", ID: "add-own-address", Tag: tagAddresses, Permission: self, Scope: web.Own, Writes: true, Status: http.StatusCreated,
		Summary: "Add an address of one's own", Text: "It is for goods. To have some sent there takes the permission checkout.custom_address, and a unit that does not name where its goods may go."}, h.addOwn)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/me/addresses/{address}", ID: "edit-own-address", Tag: tagAddresses, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Change an address of one's own"}, h.editOwn)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/me/addresses/{address}", ID: "remove-own-address", Tag: tagAddresses, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Remove an address of one's own"}, h.removeOwn)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/me/usual-addresses", ID: "set-own-usual-addresses", Tag: tagAddresses, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Say where what one orders usually goes", Text: "What one does not say, the unit says, and then the company."}, h.directSelf)
}

// AddressFieldsJSON is where something goes.
type AddressFieldsJSON struct {
	Label    string `json:"label" maxLength:"120" doc:"What the company calls it; once in its book."`
	Name     string `json:"name" maxLength:"120" doc:"The name on the parcel."`
	Extra    string `json:"extra,omitempty" maxLength:"120" doc:"A building, a floor, care of."`
	Street   string `json:"street" maxLength:"120"`
	Postcode string `json:"postcode,omitempty" maxLength:"20" doc:"Of the form that it has in the country, where that is known."`
	City     string `json:"city" maxLength:"120"`
	Region   string `json:"region,omitempty" maxLength:"120" doc:"State, province or county: needed where the country's addresses have one."`
	Country  string `json:"country" maxLength:"2" example:"DE" doc:"ISO 3166, two letters."`
}

func (f AddressFieldsJSON) address() company.Address {
	return company.Address{Label: f.Label, Name: f.Name, Extra: f.Extra, Street: f.Street, Postcode: f.Postcode, City: f.City, Region: f.Region, Country: f.Country}
}

func addressFieldsOf(a company.Address) AddressFieldsJSON {
	return AddressFieldsJSON{a.Label, a.Name, a.Extra, a.Street, a.Postcode, a.City, a.Region, a.Country}
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
		return nil, renamed(err, "delivers", "for_delivery", "usual_billing", "usual_for_billing")
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
	key := called(ctx, "address", in.Address, id.ParseAddress)
	a, named, err := h.Organising.Address(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &addressNamedOut{web.ETag(a.Version), AddressNamedJSON{addressOf(a), items(named, func(n company.Naming) string { return n.Unit })}}, nil
}

// AddressSeen is an address to be changed, of the company's book or of one's own, and the version of it that was seen.
type AddressSeen struct {
	web.Versioned
	Address string `path:"address"`
}

func (in AddressSeen) seen(ctx context.Context) (id.Address, int64) {
	return versioned(ctx, "address", in.Address, id.ParseAddress, in.Versioned)
}

// edited is what an address shall be.
func (in AddressSeen) edited(ctx context.Context, a company.Address) (company.Address, int64) {
	key, version := in.seen(ctx)
	a.ID = key
	return a, version
}

// usually reads where something shall usually go.
func usually(wrong *fault.Input, delivery, billing string) (to, bill id.Address) {
	return maybe(wrong, "delivery_address_id", delivery, id.ParseAddress), maybe(wrong, "billing_address_id", billing, id.ParseAddress)
}

func (h addresses) edit(ctx context.Context, in *struct {
	AddressSeen
	Body AddressIn
}) (*addressOut, error) {
	a, version := in.edited(ctx, in.Body.address())
	return addressAnswer(h.Organising.EditAddress(ctx, web.Actor(ctx), version, a))
}

func (h addresses) remove(ctx context.Context, in *AddressSeen) (*struct{}, error) {
	key, version := in.seen(ctx)
	return nil, h.Organising.RemoveAddress(ctx, web.Actor(ctx), key, version)
}

// DirectionsJSON is what is said of addresses.
type DirectionsJSON struct {
	Delivery string   `json:"delivery_address_id,omitempty" doc:"Where goods usually go."`
	Billing  string   `json:"billing_address_id,omitempty" doc:"Where invoices usually go."`
	Allowed  []string `json:"allowed_delivery_address_ids,omitempty" maxItems:"500" doc:"Where goods may go at all; everywhere when absent."`
}

func directionsOf(d company.Directions) DirectionsJSON {
	return DirectionsJSON{d.Delivery.String(), d.Billing.String(), items(d.Allowed, id.Address.String)}
}

// UsualJSON is where something usually goes, and who says so.
type UsualJSON struct {
	Address ChosenAddressJSON `json:"address"`
	From    string            `json:"from" enum:"member,unit,company"`
	Unit    *NamedJSON        `json:"unit,omitempty" doc:"Which unit says so."`
}

func usualOf(u company.Usual) *UsualJSON {
	if u.Origin == company.Nowhere {
		return nil
	}
	return &UsualJSON{chosenOf(u.Address), string(u.Origin), named(u.Unit.ID.IsZero(), u.Unit.ID.String(), u.Unit.Name)}
}

// UnitAddressesJSON is what a unit says of addresses, and what holds for it.
type UnitAddressesJSON struct {
	Own      DirectionsJSON      `json:"own"`
	Delivery *UsualJSON          `json:"delivery,omitempty" doc:"Where goods usually go."`
	Billing  *UsualJSON          `json:"billing,omitempty" doc:"Where invoices usually go."`
	Allowed  []ChosenAddressJSON `json:"delivery_addresses" doc:"Where goods may go."`
	Limit    *NamedJSON          `json:"allowed_by,omitempty" doc:"The unit that says where goods may go; absent when they may go everywhere."`
	Version  int64               `json:"version" doc:"Of the unit."`
}

type unitAddressesOut struct {
	ETag string `header:"ETag"`
	Body UnitAddressesJSON
}

func unitAddressesAnswer(u company.Unit, b company.Book, err error) (*unitAddressesOut, error) {
	if err != nil {
		return nil, err
	}
	limit := b.Limit().Unit
	return &unitAddressesOut{web.ETag(u.Version), UnitAddressesJSON{directionsOf(b.Units[0].Directions), usualOf(b.Delivery()), usualOf(b.Billing()),
		items(b.Deliveries(), chosenOf), named(limit.ID.IsZero(), limit.ID.String(), limit.Name), u.Version}}, nil
}

func (h addresses) directions(ctx context.Context, in *struct {
	Unit string `path:"unit"`
}) (*unitAddressesOut, error) {
	key := called(ctx, "unit", in.Unit, id.ParseUnit)
	return unitAddressesAnswer(h.Organising.Directions(ctx, web.Actor(ctx), key))
}

func (h addresses) direct(ctx context.Context, in *struct {
	web.Versioned
	Unit string `path:"unit"`
	Body DirectionsJSON
}) (*unitAddressesOut, error) {
	key, version := versioned(ctx, "unit", in.Unit, id.ParseUnit, in.Versioned)
	var wrong fault.Input
	d := organising.DirectInput{Unit: key, Version: version}
	d.Delivery, d.Billing = usually(&wrong, in.Body.Delivery, in.Body.Billing)
	for i, text := range in.Body.Allowed {
		d.Allowed = append(d.Allowed, read(&wrong, "allowed_delivery_address_ids."+strconv.Itoa(i), text, id.ParseAddress))
	}
	web.Unread(ctx, wrong.Err())
	return unitAddressesAnswer(h.Organising.Direct(ctx, web.Actor(ctx), d))
}

// OwnAddressJSON is an address of one's own.
type OwnAddressJSON struct {
	ID string `json:"id"`
	AddressFieldsJSON
	Version int64 `json:"version"`
}

func ownAddressOf(a company.Address) OwnAddressJSON {
	return OwnAddressJSON{a.ID.String(), addressFieldsOf(a), a.Version}
}

// UsualAddressesJSON is where something usually goes.
type UsualAddressesJSON struct {
	Delivery string `json:"delivery_address_id,omitempty" doc:"Of the company's book, or of one's own."`
	Billing  string `json:"billing_address_id,omitempty" doc:"Of the company's book."`
}

type ownBookOut struct {
	Body struct {
		Items []OwnAddressJSON   `json:"items"`
		Usual UsualAddressesJSON `json:"usual"`
	}
}

func ownBookAnswer(b company.Book, err error) (*ownBookOut, error) {
	if err != nil {
		return nil, err
	}
	out := &ownBookOut{}
	out.Body.Items = items(b.Own(), ownAddressOf)
	out.Body.Usual = UsualAddressesJSON{b.Member.Delivery.String(), b.Member.Billing.String()}
	return out, nil
}

func (h addresses) own(ctx context.Context, _ *struct{}) (*ownBookOut, error) {
	return ownBookAnswer(h.Organising.OwnBook(ctx, web.Actor(ctx)))
}

type ownAddressOut struct {
	ETag string `header:"ETag"`
	Body OwnAddressJSON
}

func ownAddressAnswer(a company.Address, err error) (*ownAddressOut, error) {
	if err != nil {
		return nil, err
	}
	return &ownAddressOut{web.ETag(a.Version), ownAddressOf(a)}, nil
}

func (h addresses) addOwn(ctx context.Context, in *struct{ Body AddressFieldsJSON }) (*ownAddressOut, error) {
	return ownAddressAnswer(h.Organising.AddOwnAddress(ctx, web.Actor(ctx), in.Body.address()))
}

func (h addresses) editOwn(ctx context.Context, in *struct {
	AddressSeen
	Body AddressFieldsJSON
}) (*ownAddressOut, error) {
	a, version := in.edited(ctx, in.Body.address())
	return ownAddressAnswer(h.Organising.EditOwnAddress(ctx, web.Actor(ctx), version, a))
}

func (h addresses) removeOwn(ctx context.Context, in *AddressSeen) (*struct{}, error) {
	key, version := in.seen(ctx)
	return nil, h.Organising.RemoveOwnAddress(ctx, web.Actor(ctx), key, version)
}

func (h addresses) directSelf(ctx context.Context, in *struct{ Body UsualAddressesJSON }) (*ownBookOut, error) {
	var wrong fault.Input
	d := company.Directions{}
	d.Delivery, d.Billing = usually(&wrong, in.Body.Delivery, in.Body.Billing)
	web.Unread(ctx, wrong.Err())
	return ownBookAnswer(h.Organising.DirectSelf(ctx, web.Actor(ctx), d))
}
