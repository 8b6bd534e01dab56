package portal

import (
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
)

// ownAddresses adds the pages of one's own addresses.
func (p *Portal) ownAddresses(look looking, act adding) {
	look("/account/addresses", access.SelfAccount, "Your addresses", (*visit).ownBook)
	act("/account/addresses", access.SelfAccount, (*visit).addsOwnAddress)
	act("/account/addresses/usual", access.SelfAccount, (*visit).directsSelf)
	look("/account/addresses/{address}", access.SelfAccount, "An address of yours", (*visit).ownAddress)
	act("/account/addresses/{address}", access.SelfAccount, (*visit).editsOwnAddress)
	act("/account/addresses/{address}/remove", access.SelfAccount, (*visit).removesOwnAddress)
}

// ofMember is what a page of one's own is called, and what it is called for the staff who act for a member.
func (v *visit) ofMember(own, members string) string {
	if v.actor.Acting() {
		return members
	}
	return own
}

// accountTabs lead from one page of oneself to another.
func (v *visit) accountTabs(current string) ui.Tabs {
	t := ui.Tabs{Label: v.T("Your account")}
	for _, x := range []struct{ key, label, url string }{
		{"account", v.T("Account"), "/account"}, {"addresses", v.ownBookTitle(), "/account/addresses"}, {"deputies", v.ownDeputiesTitle(), "/account/deputies"},
		{"notices", v.wishesTitle(), "/account/notices"},
	} {
		if x.key == "deputies" && v.actor.Realm == access.Staff { // the seller's staff approve nothing
			continue
		}
		t.Tabs = append(t.Tabs, ui.Link{Label: x.label, URL: x.url, Current: x.key == current})
	}
	return t
}

func (v *visit) ownBookTitle() string {
	return v.ofMember(v.T("Your addresses"), v.T("The member's addresses"))
}

func (v *visit) ownDeputiesTitle() string {
	return v.ofMember(v.T("Your deputies"), v.T("The member's deputies"))
}

func (v *visit) wishesTitle() string {
	return v.ofMember(v.T("Your notices"), v.T("The member's notices"))
}

// OwnAddressesPage lists one's own addresses, and says where what one orders usually goes.
type OwnAddressesPage struct {
	ui.Frame
	Header  ui.Header
	Tabs    ui.Tabs
	Usual   []ui.Field
	Error   string
	Items   ui.Items
	Note    string
	Adding  ui.Dialog
	Address []ui.Field
	Flaw    string
}

func (v *visit) ownBook() error { return v.ownAddressesPage(attempt{}) }

func (v *visit) ownAddressesPage(a attempt) error {
	b, err := v.Organising.OwnBook(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := OwnAddressesPage{Frame: v.frame(v.ownBookTitle(), ""), Tabs: v.accountTabs("addresses"), Header: ui.Header{Title: v.ownBookTitle(), Note: v.ofMember(v.T("Nobody but you sees the addresses that you add here, unless you order to one."), v.T("Nobody but the member sees these addresses, and who acts for them."))}}
	usual := a.of("usual")
	p.Error = usual.rest
	p.Usual = []ui.Field{
		v.ownDirection("delivery", v.T("Goods usually go to"), b.Member.Delivery, b.Deliveries(), usual),
		v.ownDirection("billing", v.T("Invoices usually go to"), b.Member.Billing, b.Billings(), usual),
	}
	p.Note = v.T("You can choose one of them at checkout, unless your unit names where its goods may go.")
	if !b.Private {
		p.Note = v.T("At the moment you may order to addresses of the company alone. Your administrator can change that.")
	}
	p.Items = ui.Items{Label: v.ownBookTitle(), Empty: ui.Empty{Icon: ui.IconAddress, Title: v.T("No addresses of your own")}}
	for _, x := range b.Own() {
		p.Items.Items = append(p.Items.Items, ui.Item{Title: x.Label, Text: joined(", ", x.Name, where(x)), Icon: ui.IconAddress, URL: "/account/addresses/" + x.ID.String()})
	}
	add := a.of("add")
	p.Adding, p.Flaw = ui.Dialog{Name: "add-address", Title: v.T("Add an address of your own"), Open: add.made(), Wide: true}, add.rest
	p.Address = v.addressFields("own-", company.Address{}, add)
	return v.answer(a.status(), p.View())
}

// ownDirection is a choice among addresses; none is what the unit says, or the company.
func (v *visit) ownDirection(name, label string, own id.Address, among []company.Address, a attempt) ui.Field {
	f := ui.Field{As: ui.AsSelect, Name: name, Label: label, Value: idOrNone(own), Optional: true, Unmarked: true, Options: []ui.Option{{Label: v.T("As my unit says")}}}
	for _, x := range among {
		label := x.Label
		if !x.Owner.IsZero() {
			label = v.T("%s (your own)", x.Label)
		}
		f.Options = append(f.Options, ui.Option{Value: x.ID.String(), Label: label + ": " + where(x)})
	}
	return a.field(f)
}

func (v *visit) addsOwnAddress() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if _, err := v.Organising.AddOwnAddress(v.ctx(), v.actor, addressSaid(form)); err != nil {
		return v.again("add", form, err, v.ownAddressesPage)
	}
	return v.goOn("/account/addresses", ui.Good, v.T("The address was added."))
}

func (v *visit) directsSelf() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	var wrong fault.Input
	var d company.Directions
	d.Delivery, err = picked(form.Get("delivery"), id.ParseAddress)
	wrong.Take("delivery", err)
	d.Billing, err = picked(form.Get("billing"), id.ParseAddress)
	wrong.Take("billing", err)
	err = v.check(wrong.Err(), func() error {
		_, err := v.Organising.DirectSelf(v.ctx(), v.actor, d)
		return err
	})
	if err != nil {
		return v.again("usual", form, err, v.ownAddressesPage)
	}
	return v.goOn("/account/addresses", ui.Good, v.T("Your usual addresses were saved."))
}

// OwnAddressPage shows an address of one's own, to be changed and removed.
type OwnAddressPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Fields  []ui.Field
	Error   string
	Removal ui.Dialog
}

func (v *visit) ownAddress() error {
	key, err := named(v, "address", id.ParseAddress)
	if err != nil {
		return err
	}
	return v.ownAddressPage(key, attempt{})
}

func (v *visit) ownAddressPage(key id.Address, a attempt) error {
	b, err := v.Organising.OwnBook(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	x := b.Find(key)
	if x.Owner.IsZero() {
		return company.ErrUnseenAddress
	}
	p := OwnAddressPage{Frame: v.frame(x.Label, ""), URL: "/account/addresses/" + key.String(), Version: a.or("version", v.plain(x.Version)), Error: a.rest, Fields: v.addressFields("", x, a)}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.ownBookTitle(), URL: "/account/addresses"}}, Title: x.Label, Note: x.Name,
		Actions: ui.Button{Label: v.T("Remove"), Icon: ui.IconDelete, Kind: ui.Danger, Opens: "remove"}}
	p.Removal = ui.Dialog{Name: "remove", Title: v.T("Remove %s", x.Label), Text: v.T("It leaves your book. Past orders keep it.")}
	return v.answer(a.status(), p.View())
}

func (v *visit) editsOwnAddress() error {
	key, form, err := posted(v, "address", id.ParseAddress)
	if err != nil {
		return err
	}
	x := addressSaid(form)
	x.ID = key
	if _, err := v.Organising.EditOwnAddress(v.ctx(), v.actor, version(form.Get("version")), x); err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.ownAddressPage(key, a) })
	}
	return v.goOn("/account/addresses", ui.Good, v.T("The address was saved."))
}

func (v *visit) removesOwnAddress() error {
	key, form, err := posted(v, "address", id.ParseAddress)
	if err != nil {
		return err
	}
	if err := v.Organising.RemoveOwnAddress(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("remove", form, err, func(a attempt) error { return v.goOn("/account/addresses/"+key.String(), ui.Bad, a.short()) })
	}
	return v.goOn("/account/addresses", ui.Good, v.T("The address was removed."))
}
