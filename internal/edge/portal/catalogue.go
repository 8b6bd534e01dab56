package portal

import (
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/cataloguing"

	"github.com/a-h/templ"
)

// CataloguePage lists products at the reader's prices.
type CataloguePage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Facets  ui.Facets
	Offers  []OfferRow
	Empty   ui.Empty
	Pager   ui.Pager
	Back    string // where adding leads: here
}

// OfferRow is a product in the list.
type OfferRow struct {
	ID       string
	Named    ui.Named
	Lead     string
	Price    ui.Money
	Per      string
	Next     string // the better price that a larger quantity has
	NoPrice  string // why there is none
	Quantity ui.Field
	Add      bool
	Gone     string // why it is not sold
	ToList   ui.LinkButton
	Back     string
}

func (v *visit) catalogue() error {
	q := v.r.URL.Query()
	in := cataloguing.SearchInput{Text: strings.TrimSpace(q.Get("q")), Supplier: q.Get("supplier"), Facets: true}
	in.Sort, in.Category = oneOf(v, "sort", cataloguing.BySKU), filter(v, "category", id.ParseCategory)
	of, wanted := q.Get("of"), q.Get("quantity") // which are no part of where one is
	q.Del("of")
	q.Del("quantity")
	v.r.URL.RawQuery = q.Encode()
	at, err := v.leafing(2)
	if err != nil {
		return err
	}
	found, err := v.Cataloguing.Search(v.ctx(), v.actor, in, at.ask)
	if err != nil {
		return err
	}
	typed := in.Text
	if found.Instead != "" {
		in.Text = found.Instead
		if found, err = v.Cataloguing.Search(v.ctx(), v.actor, in, at.ask); err != nil {
			return err
		}
		q.Set("q", in.Text) // where one is from here on
		v.r.URL.RawQuery = q.Encode()
	}
	p := CataloguePage{Header: v.shopHeader(in, found), Filters: v.shopFilters(in), Facets: v.facets(in, found), Empty: v.nothingFound(in),
		Pager: at.pager(len(found.Rows), found.Next, found.Found), Back: v.r.URL.RequestURI()}
	if in.Text != typed {
		p.Header.Note = v.T("Nothing is called “%s”. Showing what is called “%s”.", typed, in.Text)
	}
	p.Frame = v.frame(p.Header.Title, "shop")
	p.Frame.Find.Value = typed
	for _, o := range found.Rows {
		p.Offers = append(p.Offers, v.offerRow(o, p.Back))
	}
	p.refuse(v, found.Rows, of, wanted)
	return v.show(p.View())
}

func (v *visit) shopHeader(in cataloguing.SearchInput, found cataloguing.Results) ui.Header {
	h := ui.Header{Title: v.T("Shop")}
	if n := len(found.Trail); n > 0 {
		h.Title = found.Trail[n-1].Name
		h.Crumbs = []ui.Link{{Label: v.T("Shop"), URL: v.here("category", "")}}
		for _, c := range found.Trail[:n-1] {
			h.Crumbs = append(h.Crumbs, ui.Link{Label: c.Name, URL: v.here("category", c.ID.String())})
		}
	}
	switch n, counted := int(found.Found.N), found.Found != page.Uncounted(); {
	case counted && in.Text != "":
		h.Note = v.N(n, "%d product found for “%s”", "%d products found for “%s”", in.Text)
	case counted:
		h.Note = v.N(n, "%d product at your prices", "%d products at your prices")
	case in.Text != "":
		h.Note = v.T("Thousands of products found for “%s”", in.Text)
	}
	return h
}

func (v *visit) shopFilters(in cataloguing.SearchInput) ui.Filters {
	f := ui.Filters{Action: "/shop", Search: ui.SearchField{Label: v.T("Name, article number or GTIN"), Value: in.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "sort", Label: v.T("Sort by"), Value: string(in.Sort), Options: []ui.Option{
			{Value: "", Label: v.T("By name")}, {Value: string(cataloguing.BySKU), Label: v.T("By article number")}}}}}
	if !in.Category.IsZero() {
		f.Keep = append(f.Keep, ui.Kept{Name: "category", Value: in.Category.String()})
	}
	if in.Supplier != "" {
		f.Keep = append(f.Keep, ui.Kept{Name: "supplier", Value: in.Supplier})
		f.Chips = append(f.Chips, ui.Chip{Label: v.T("Supplier: %s", in.Supplier), URL: v.here("supplier", "")})
	}
	if in.Text != "" {
		f.Chips = append(f.Chips, ui.Chip{Label: v.T("Search: %s", in.Text), URL: v.here("q", "")})
	}
	if len(f.Chips) > 1 {
		f.Clear = v.here("q", "", "supplier", "")
	}
	return f
}

// facets are what the list can be narrowed to: the way down to where it is, what is next below, and the suppliers.
func (v *visit) facets(in cataloguing.SearchInput, found cataloguing.Results) ui.Facets {
	category := ui.FacetGroup{Title: v.T("Category"), Most: 24}
	if len(found.Trail) > 0 {
		category.Facets = append(category.Facets, ui.Facet{Label: v.T("All products"), URL: v.here("category", ""), Above: true})
	}
	for i, c := range found.Trail {
		last := i == len(found.Trail)-1
		category.Facets = append(category.Facets, ui.Facet{Label: c.Name, URL: v.here("category", c.ID.String()), Above: !last, Current: last})
	}
	for _, f := range found.Categories {
		category.Facets = append(category.Facets, ui.Facet{Label: f.Name, Count: v.l.Int(f.Count), URL: v.here("category", f.Category.String()), Below: len(found.Trail) > 0})
	}
	supplier := ui.FacetGroup{Title: v.T("Supplier")}
	for _, f := range found.Suppliers {
		if f.Name == "" {
			continue // the seller's own: there is no name to narrow by
		}
		one := ui.Facet{Label: f.Name, Count: v.l.Int(f.Count), URL: v.here("supplier", f.Name)}
		if f.Name == in.Supplier {
			one.Current, one.URL = true, v.here("supplier", "")
		}
		supplier.Facets = append(supplier.Facets, one)
	}
	return ui.Facets{Name: "facets", Label: v.T("Categories and suppliers"), Groups: []ui.FacetGroup{category, supplier}}
}

func (v *visit) nothingFound(in cataloguing.SearchInput) ui.Empty {
	if in.Text == "" && in.Supplier == "" && in.Category.IsZero() {
		return ui.Empty{Icon: ui.IconCatalogue, Title: v.T("The catalogue is empty"), Text: v.T("As soon as %s offers something to your company, it stands here.", v.seller)}
	}
	e := ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing found"), Text: v.T("Try fewer or shorter words, the article number, or look in all categories."),
		Action: ui.LinkButton{Label: v.T("Show all products"), URL: "/shop"}}
	if in.Text != "" {
		e.Title = v.T("Nothing found for “%s”", in.Text)
	}
	return e
}

func (v *visit) offerRow(o cataloguing.Offer, back string) OfferRow {
	r := OfferRow{ID: o.ID.String(), Lead: v.lead(o.Product), Quantity: v.stepper(o.Product, o.Suggest(quantity.One)), Back: back,
		Named: ui.Named{Name: o.Name, Note: joined(" · ", o.SKU, o.Supplier), URL: "/products/" + o.ID.String()}}
	r.Add = v.actor.MaySomewhere(access.CartsManage) && o.NoPrice == nil
	if o.NoPrice != nil {
		r.NoPrice = v.sentence(o.NoPrice)
	}
	if o.Price != nil {
		r.Quantity = v.stepper(o.Product, o.Price.Quantity)
		r.Price, r.Per = v.unitPrice(o), v.T("per %s", o.Unit)
		if o.Price.Next.Min > 0 {
			r.Next = v.T("%s from %s", o.Price.Next.Rate, o.Price.Next.Min)
		}
	}
	if v.actor.MaySomewhere(access.ListsManage) {
		r.ToList = ui.LinkButton{Label: v.T("Put %s on a list", o.Name), URL: toList("product", o.ID.String(), back), Icon: ui.IconLists, IconOnly: true, Kind: ui.Quiet}
	}
	if err := o.Sold(); err != nil {
		r.ToList = ui.LinkButton{}
		r.Add, r.Gone = false, v.sentence(fault.Of(err))
	}
	r.Quantity.Hint = v.portions(o.Product)
	return r
}

// refuse says beside the field of a product what is wrong with the quantity of it that was to be put into the cart.
func (p *CataloguePage) refuse(v *visit, offers []cataloguing.Offer, of, typed string) {
	for i, o := range offers {
		if o.ID.String() != of {
			continue
		}
		wanted, err := v.quantity(typed)
		if err == nil {
			err = o.CheckQuantity(wanted)
		}
		if f := fault.Of(err); f != nil {
			p.Offers[i].Quantity.Value, p.Offers[i].Quantity.Error, p.Offers[i].Quantity.Focus = typed, v.sentence(f), true
		}
	}
}

// unitPrice is what one unit costs, and why.
func (v *visit) unitPrice(o cataloguing.Offer) ui.Money {
	m := v.price(o.Price.Rate)
	m.Strong = true
	m.Why = ui.Why{Name: "why-" + o.ID.String(), Title: m.Text + " " + v.T("per %s", o.Unit),
		Lines: v.phrases(o.Price.Why), More: ui.Link{Label: v.T("All prices of this product"), URL: "/products/" + o.ID.String() + "#prices"}}
	return m
}

// phrases are what was found, one line each.
func (v *visit) phrases(all []locale.Phrase) []string {
	lines := make([]string, len(all))
	for i, p := range all {
		lines[i] = capital(v.phrase(p))
	}
	return lines
}

func (p CataloguePage) table() ui.Table {
	t := ui.Table{Name: "products", Caption: p.Header.Title, Empty: p.Empty, Pager: p.Pager, Columns: []ui.Column{
		{Label: p.T("Product")}, {Label: p.T("Delivery"), Fit: true}, {Label: p.T("Your price"), Numeric: true}, {Label: p.T("Order||verb"), LabelHidden: true},
	}}
	prices := make([]*ui.Money, len(p.Offers))
	for i := range p.Offers {
		prices[i] = &p.Offers[i].Price
	}
	ui.Align(prices...)
	for _, o := range p.Offers {
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{o.Named, ui.Text(o.Lead), o.price(), o.order(p.T("Add"))}, Faded: o.Gone != ""})
	}
	return t
}
