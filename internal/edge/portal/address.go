package portal

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/postal"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
)

// addresses adds the pages of single addresses of the company's book.
func (p *Portal) addresses(look looking, act adding) {
	act("/company/addresses", access.AddressesManage, (*visit).addsAddress)
	look("/company/addresses/{address}", access.AddressesView, "An address of the company", (*visit).address)
	act("/company/addresses/{address}", access.AddressesManage, (*visit).editsAddress)
	act("/company/addresses/{address}/remove", access.AddressesManage, (*visit).removesAddress)
}

// AddressPage shows an address of the company's book, to be changed and removed by who may.
type AddressPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	Manages bool
	Fields  []ui.Field
	Uses    []ui.Check
	Error   string
	Facts   ui.Facts
	Units   ui.Items // that name it
	Removal ui.Dialog
}

func (v *visit) address() error {
	key, err := named(v, "address", id.ParseAddress)
	if err != nil {
		return err
	}
	return v.addressPage(key, attempt{})
}

func (v *visit) addressPage(key id.Address, a attempt) error {
	x, units, err := v.Organising.Address(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	edit := a.of("edit")
	p := AddressPage{Frame: v.frame(x.Label, "company"), URL: "/company/addresses/" + key.String(), Version: edit.or("version", v.plain(x.Version)),
		Manages: v.throughout(access.AddressesManage), Error: edit.rest}
	p.Header = ui.Header{Crumbs: v.companyCrumb(), Title: x.Label, Note: x.Name}
	if p.Manages {
		p.Header.Actions = ui.Button{Label: v.T("Remove"), Icon: ui.IconDelete, Kind: ui.Danger, Opens: "remove"}
	}
	p.Fields, p.Uses = v.addressFields("", x, edit), v.addressUses(x, edit)
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Name on the parcel"), Text: x.Name}, {Label: v.T("Address"), Text: joined(", ", x.Postal().Lines()[1:]...)},
		{Label: v.T("Country"), Text: v.country(x.Country)}, {Label: v.T("For"), Value: v.addressMarks(x, x.Usual, x.UsualBilling)}}}
	p.Units = ui.Items{Label: v.T("Units that name it"), Empty: v.askingThroughout(access.AddressesManage, ui.Empty{Icon: ui.IconStructure, Title: v.T("No unit names it"), Text: v.T("Units say where their goods and invoices go on their own pages.")})}
	for _, n := range units {
		p.Units.Items = append(p.Units.Items, ui.Item{Title: n.Unit, Icon: ui.IconStructure, Text: v.namingOf(n)})
	}
	p.Removal = ui.Dialog{Name: "remove", Title: v.T("Remove %s", x.Label), Text: v.T("It leaves the book. Past orders keep it; a cart that named it waits until another address is chosen.")}
	return v.answer(a.status(), p.View())
}

// namingOf is what a unit names an address for.
func (v *visit) namingOf(n company.Naming) string {
	var all []string
	if n.Delivery {
		all = append(all, v.T("goods usually go there"))
	}
	if n.Billing {
		all = append(all, v.T("invoices usually go there"))
	}
	if n.Allowed {
		all = append(all, v.T("goods may go there"))
	}
	return capital(v.l.List(all...))
}

// addressMarks are what an address is for, and whether it is the usual one for that.
func (v *visit) addressMarks(x company.Address, goods, invoices bool) templ.Component {
	var marks []ui.Badge
	mark := func(is, usual bool, label, most string) {
		switch {
		case is && usual:
			marks = append(marks, ui.Badge{Label: most, Tone: ui.Info, Plain: true})
		case is:
			marks = append(marks, ui.Badge{Label: label, Plain: true})
		}
	}
	mark(x.Delivers, goods, v.T("Goods"), v.T("Goods, usually"))
	mark(x.Bills, invoices, v.T("Invoices"), v.T("Invoices, usually"))
	return badges(marks)
}

// where is an address in one line.
func where(x company.Address) string {
	x.Name = ""
	return joined(", ", append(x.Postal().Lines(), x.Country)...)
}

// country is what a country is called.
func (v *visit) country(code string) string { return postal.Name(code, v.l) }

// countries are those of the world, to choose from; that of the company's address stands first.
func (v *visit) countries() []ui.Option {
	options := []ui.Option{{Label: v.T("Choose a country")}}
	for _, c := range postal.Countries(v.l) {
		options = append(options, ui.Option{Value: c.Code, Label: c.Name})
	}
	return options
}

// addressFields are what can be said of an address; their identifiers begin with a prefix where a page has several forms.
func (v *visit) addressFields(prefix string, x company.Address, a attempt) []ui.Field {
	field := func(name, label, value, complete string, most int) ui.Field {
		f := ui.Field{Name: name, Label: label, Value: value, Complete: complete, MaxLength: most}
		if prefix != "" {
			f.ID = prefix + name
		}
		return a.field(f)
	}
	extra, region := field("extra", v.T("Building, floor, care of"), x.Extra, "address-line2", 120), field("region", v.T("State or province"), x.Region, "address-level1", 120)
	postcode, country := field("postcode", v.T("Postcode"), x.Postcode, "postal-code", 20), field("country", v.T("Country"), x.Country, "country", 0)
	country.As, country.Options = ui.AsSelect, v.countries()
	extra.Optional, region.Optional, postcode.Optional, postcode.Short = true, true, true, true
	region.Hint = v.T("Where addresses of the country have one, as in the United States.")
	return []ui.Field{field("label", v.T("What you call it"), x.Label, "", 120), field("name", v.T("Name on the parcel"), x.Name, "organization", 120), extra,
		field("street", v.T("Street and number"), x.Street, "address-line1", 120), postcode, field("city", v.T("City"), x.City, "address-level2", 120), region, country}
}

// addressUses are what an address of the company can be for.
func (v *visit) addressUses(x company.Address, a attempt) []ui.Check {
	return []ui.Check{
		{Name: "delivers", Label: v.T("Goods can be delivered here"), Checked: a.ticked("delivers", x.Delivers), Error: a.wrong["delivers"]},
		{Name: "usual", Label: v.T("Goods usually go here"), Checked: a.ticked("usual", x.Usual), Hint: v.T("Where neither the buyer nor their unit says otherwise.")},
		{Name: "bills", Label: v.T("Invoices can be sent here"), Checked: a.ticked("bills", x.Bills)},
		{Name: "usual_billing", Label: v.T("Invoices usually go here"), Checked: a.ticked("usual_billing", x.UsualBilling), Error: a.wrong["usual_billing"]}}
}

// addressSaid is the address that a form says.
func addressSaid(form url.Values) company.Address {
	return company.Address{Label: form.Get("label"), Name: form.Get("name"), Extra: form.Get("extra"), Region: form.Get("region"), Street: form.Get("street"), Postcode: form.Get("postcode"), City: form.Get("city"),
		Country: strings.ToUpper(strings.TrimSpace(form.Get("country"))), Delivers: form.Has("delivers"), Bills: form.Has("bills"), Usual: form.Has("usual"), UsualBilling: form.Has("usual_billing")}
}

func (v *visit) addsAddress() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if _, err := v.Organising.AddAddress(v.ctx(), v.actor, addressSaid(form)); err != nil {
		return v.again("address", form, err, v.companyPage)
	}
	return v.goOn("/company", ui.Good, v.T("The address was added."))
}

func (v *visit) editsAddress() error {
	key, form, err := posted(v, "address", id.ParseAddress)
	if err != nil {
		return err
	}
	x := addressSaid(form)
	x.ID = key
	if _, err := v.Organising.EditAddress(v.ctx(), v.actor, version(form.Get("version")), x); err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.addressPage(key, a) })
	}
	return v.goOn("/company", ui.Good, v.T("The address was saved."))
}

func (v *visit) removesAddress() error {
	key, form, err := posted(v, "address", id.ParseAddress)
	if err != nil {
		return err
	}
	if err := v.Organising.RemoveAddress(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.again("remove", form, err, func(a attempt) error { return v.goOn("/company/addresses/"+key.String(), ui.Bad, a.short()) })
	}
	return v.goOn("/company", ui.Good, v.T("The address was removed."))
}
