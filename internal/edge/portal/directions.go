package portal

import (
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/organising"
)

// DirectionsCard is where goods and invoices of a unit go, on the page of the unit.
type DirectionsCard struct {
	T       ui.Translate
	URL     string
	Version string
	Manages bool
	Facts   ui.Facts
	Fields  []ui.Field
	Allowed []ui.Check
	Hint    string // on what is allowed
	Flaw    string // what is wrong with it
	Error   string
}

// directions makes the card, and gives what the units above say; nil for who sees no addresses.
func (v *visit) directions(u company.Unit, a attempt) (*DirectionsCard, []company.Directed, error) {
	if u.Archived || !v.actor.MaySomewhere(access.AddressesView) {
		return nil, nil, nil
	}
	u, b, err := v.Organising.Directions(v.ctx(), v.actor, u.ID)
	if err != nil {
		return nil, nil, err
	}
	own := b.Units[0].Directions
	above := company.Book{Addresses: b.Addresses, Units: b.Units[1:]}
	c := &DirectionsCard{T: v.T, URL: "/units/" + u.ID.String() + "/addresses", Version: a.or("version", v.plain(u.Version)), Manages: v.actor.May(access.AddressesManage, u.Path), Error: a.rest, Flaw: a.wrong["allowed"]}
	c.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("Goods usually go to"), Text: v.usually(b.Delivery(), u)}, {Label: v.T("Invoices usually go to"), Text: v.usually(b.Billing(), u)},
		{Label: v.T("Goods may go to"), Text: v.allowedOf(b, u)}}}
	c.Fields = []ui.Field{
		v.directionField("delivery", v.T("Goods usually go to"), own.Delivery, above.Delivery(), company.Book{Addresses: b.Addresses}.Deliveries(), a),
		v.directionField("billing", v.T("Invoices usually go to"), own.Billing, above.Billing(), b.Billings(), a),
	}
	c.Hint = v.T("Tick none, and goods may go to every address of the book.")
	if limit := above.Limit(); len(limit.Allowed) > 0 {
		c.Hint = v.T("Tick none, and what %s allows holds: %s.", limit.Unit.Name, v.l.List(labelsOf(above.Deliveries())...))
	}
	for _, x := range (company.Book{Addresses: b.Addresses}).Deliveries() {
		ticked := own.Allows(x.ID)
		if a.said != nil {
			ticked = slices.Contains(a.said["allowed"], x.ID.String())
		}
		c.Allowed = append(c.Allowed, ui.Check{Name: "allowed", Value: x.ID.String(), Label: x.Label, Hint: where(x), Checked: ticked})
	}
	return c, b.Units[1:], nil
}

// directionField is a choice among addresses; none is what holds otherwise.
func (v *visit) directionField(name, label string, own id.Address, otherwise company.Usual, among []company.Address, a attempt) ui.Field {
	f := ui.Field{As: ui.AsSelect, Name: name, ID: "direction-" + name, Label: label, Value: idOrNone(own), Optional: true, Unmarked: true, Options: []ui.Option{{Label: v.T("Not said")}}}
	switch {
	case otherwise.Origin == company.ByUnit:
		f.Options[0].Label = v.T("%s, as %s says", otherwise.Address.Label, otherwise.Unit.Name)
	case otherwise.Origin != company.Nowhere:
		f.Options[0].Label = v.T("%s, as usual in the company", otherwise.Address.Label)
	}
	for _, x := range among {
		f.Options = append(f.Options, ui.Option{Value: x.ID.String(), Label: x.Label + ": " + where(x)})
	}
	return a.field(f)
}

// usually is where something usually goes, and who says so if it is not the unit itself.
func (v *visit) usually(u company.Usual, self company.Unit) string {
	switch {
	case u.Origin == company.Nowhere:
		return "–"
	case u.Origin == company.ByUnit && u.Unit.ID == self.ID:
		return u.Address.Label
	case u.Origin == company.ByUnit:
		return v.T("%s, as %s says", u.Address.Label, u.Unit.Name)
	}
	return v.T("%s, as usual in the company", u.Address.Label)
}

// allowedOf is where goods may go, and who says so if it is not the unit itself.
func (v *visit) allowedOf(b company.Book, self company.Unit) string {
	list := v.l.List(labelsOf(b.Deliveries())...)
	switch limit := b.Limit(); {
	case len(limit.Allowed) == 0:
		return v.T("every address of the book")
	case limit.Unit.ID == self.ID:
		return list
	default:
		return v.T("%s, as %s says", list, limit.Unit.Name)
	}
}

func labelsOf(all []company.Address) []string {
	var labels []string
	for _, a := range all {
		labels = append(labels, a.Label)
	}
	return labels
}

func (v *visit) directsUnit() error {
	key, form, err := posted(v, "unit", id.ParseUnit)
	if err != nil {
		return err
	}
	var wrong fault.Input
	in := organising.DirectInput{Unit: key, Version: version(form.Get("version"))}
	in.Delivery, err = picked(form.Get("delivery"), id.ParseAddress)
	wrong.Take("delivery", err)
	in.Billing, err = picked(form.Get("billing"), id.ParseAddress)
	wrong.Take("billing", err)
	for _, text := range form["allowed"] {
		a, err := id.ParseAddress(text)
		wrong.Take("allowed", err)
		in.Allowed = append(in.Allowed, a)
	}
	err = v.check(wrong.Err(), func() error {
		_, _, err := v.Organising.Direct(v.ctx(), v.actor, in)
		return err
	})
	if err != nil {
		return v.again("addresses", form, err, func(a attempt) error { return v.unitPage(key, a) })
	}
	return v.goOn("/units/"+key.String(), ui.Good, v.T("The addresses of the unit were saved."))
}
