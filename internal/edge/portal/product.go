package portal

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/pricing"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/cataloguing"
)

// ProductPage shows a product: what it costs the reader in which quantity, why, and what it is.
type ProductPage struct {
	ui.Frame
	Header      ui.Header
	ID          string
	URL         string
	Problem     string // why it cannot be ordered
	Successor   ui.LinkButton
	Price       ui.Money
	NoPrice     string
	Total       string
	Portions    string
	Quantity    ui.Field
	Add         bool
	Ladder      ui.PriceLadder
	Looked      []LookedRow
	Foreign     []LookedRow // in other currencies than the price is
	ForeignSaid string
	Facts       ui.Facts
	Description []string
	Lists       ui.Items // of the reader's that have it; left out where they have none to look at
	ToList      string
}

// LookedRow is a price that was looked at.
type LookedRow struct {
	List   ui.Named
	From   string
	Price  ui.Money
	Reason string
	Chosen bool
}

func (v *visit) product() error {
	key, err := named(v, "product", id.ParseProduct)
	if err != nil {
		return err
	}
	typed := v.r.URL.Query().Get("quantity")
	var wanted quantity.Quantity
	var wrong error
	if typed != "" {
		wanted, wrong = v.quantity(typed)
	}
	sheet, err := v.Cataloguing.Product(v.ctx(), v.actor, key, wanted)
	if err != nil {
		return err
	}
	if wanted > 0 {
		wrong = sheet.CheckQuantity(wanted)
	}
	p := ProductPage{ID: key.String(), URL: "/products/" + key.String(), Header: v.productHeader(sheet), Portions: v.portions(sheet.Product),
		Quantity: v.stepper(sheet.Product, sheet.Suggest(quantity.One)), Add: v.actor.MaySomewhere(access.CartsManage) && sheet.NoPrice == nil,
		Facts: v.productFacts(sheet), Description: paragraphs(sheet.Description)}
	p.Frame = v.frame(sheet.Name, "shop")
	p.price(v, sheet)
	if typed != "" {
		p.Quantity.Value = typed
	}
	if f := fault.Of(wrong); f != nil {
		p.Quantity.Error = v.sentence(f)
	}
	p.Quantity.HX = ui.HX{Region: "offer", Get: p.URL, Trigger: "change, keyup changed delay:400ms", Stay: true}
	if sheet.Problem != nil {
		p.Add, p.Problem = false, v.sentence(sheet.Problem)
	}
	if p.Lists, err = v.onLists(key); err != nil {
		return err
	}
	if v.actor.MaySomewhere(access.ListsManage) && sheet.Problem == nil {
		p.ToList = toList("product", key.String(), p.URL)
	}
	if sheet.Successor != nil {
		p.Successor = ui.LinkButton{Label: v.T("See %s", sheet.Successor.Name), URL: "/products/" + sheet.Successor.ID.String(), Small: true}
	}
	return v.show(p.View())
}

func (v *visit) productHeader(sheet cataloguing.Sheet) ui.Header {
	h := ui.Header{Title: sheet.Name, Note: joined(" · ", sheet.SKU, sheet.Supplier), Crumbs: []ui.Link{{Label: v.T("Shop"), URL: "/shop"}}}
	for _, c := range sheet.Trail {
		h.Crumbs = append(h.Crumbs, ui.Link{Label: c.Name, URL: "/shop?category=" + c.ID.String()})
	}
	if sheet.Problem != nil {
		h.Badge = ui.Badge{Label: v.T("Not sold"), Tone: ui.Warn}
	}
	return h
}

func (v *visit) productFacts(sheet cataloguing.Sheet) ui.Facts {
	facts := ui.Facts{Facts: []ui.Fact{{Label: v.T("Article number"), Text: sheet.SKU}}}
	add := func(label, text string) {
		if text != "" {
			facts.Facts = append(facts.Facts, ui.Fact{Label: label, Text: text})
		}
	}
	add("GTIN", sheet.GTIN)
	add(v.T("Supplier"), sheet.Supplier)
	add(v.T("Category"), sheet.CategoryName)
	add(v.T("Unit of sale"), sheet.Unit)
	add(v.T("Sold"), v.portions(sheet.Product))
	if sheet.Most > 0 {
		add(v.T("At most"), v.l.Quantity(sheet.Most))
	}
	add(v.T("Delivery"), v.lead(sheet.Product))
	return facts
}

// price fills in what the product costs, and why.
func (p *ProductPage) price(v *visit, sheet cataloguing.Sheet) {
	if sheet.NoPrice != nil {
		p.NoPrice = v.sentence(sheet.NoPrice)
	}
	p.looked(v, sheet)
	if sheet.Price == nil {
		return
	}
	p.Quantity.Value = v.l.Quantity(sheet.Price.Quantity)
	p.Price = ui.Money{Text: v.rate(sheet.Price.Rate), Per: v.T("per %s", sheet.Unit), Why: ui.Why{Name: "why-this", Title: v.T("Why this price?"), Lines: v.phrases(sheet.Price.Why)}}
	if total, err := sheet.Price.Rate.Times(sheet.Price.Quantity); err == nil { // more than can be paid is told when it is ordered
		p.Total = v.T("%s for %s %s", total, sheet.Price.Quantity, sheet.Unit)
	}
	p.Ladder = ui.PriceLadder{Label: v.T("Price by quantity"), Unit: sheet.Unit}
	if len(sheet.Ladder) < 2 {
		return
	}
	for i, r := range sheet.Ladder {
		t := ui.Tier{From: v.l.Quantity(r.Min), Price: v.rate(r.Rate), Value: r.Rate.E4,
			Current: sheet.Price.Quantity >= r.Min && (i+1 == len(sheet.Ladder) || sheet.Price.Quantity < sheet.Ladder[i+1].Min)}
		if r.Saving > 0 {
			t.Note = v.T("%s less", (r.Saving+50)/100*100) // whole percents
		}
		p.Ladder.Tiers = append(p.Ladder.Tiers, t)
	}
}

// looked tells of every price that was looked at what became of it.
func (p *ProductPage) looked(v *visit, sheet cataloguing.Sheet) {
	all := slices.Clone(sheet.Looked)
	first := func(c cataloguing.Candidate) int { // the place of the first of its list: the list that was chosen comes first
		return slices.IndexFunc(sheet.Looked, func(x cataloguing.Candidate) bool { return x.Name == c.Name && x.Level == c.Level })
	}
	slices.SortStableFunc(all, func(a, b cataloguing.Candidate) int { return cmp.Or(first(a)-first(b), cmp.Compare(a.Min, b.Min)) })
	for _, c := range all {
		row := LookedRow{List: ui.Named{Name: c.Name, Note: v.level(c.Level)}, Price: v.price(c.Rate), Reason: capital(v.phrase(c.Reason)), Chosen: c.Chosen}
		if c.Min > 0 {
			row.From = v.l.Quantity(c.Min)
		}
		switch {
		case !c.From.IsZero() && !c.Until.IsZero():
			row.List.Note += ", " + v.span(date.On(c.From, v.zone), date.On(c.Until.Add(-1), v.zone))
		case !c.From.IsZero():
			row.List.Note += ", " + v.T("since %s", date.On(c.From, v.zone))
		case !c.Until.IsZero():
			row.List.Note += ", " + v.T("until %s", date.On(c.Until.Add(-1), v.zone))
		}
		if sheet.Price != nil && c.Rate.Currency != "" && c.Rate.Currency != sheet.Price.Rate.Currency {
			p.Foreign = append(p.Foreign, row)
			continue
		}
		p.Looked = append(p.Looked, row)
	}
	p.ForeignSaid = v.N(len(p.Foreign), "%d price in another currency", "%d prices in other currencies")
}

// level is by what right a price reaches the reader.
func (v *visit) level(l pricing.Level) string {
	switch l {
	case pricing.Base:
		return v.T("for everybody")
	case pricing.Group:
		return v.T("for your customer group")
	case pricing.Company:
		return v.T("for your company")
	case pricing.Contract:
		return v.T("by contract")
	}
	return v.T("agreed by hand")
}

// prices are prices that were looked at, those of a list by the quantity from which on they count.
func (p ProductPage) prices(name string, all []LookedRow) ui.Table {
	t := ui.Table{Name: name, Caption: p.T("Every price that was looked at"), Plain: true, Dense: true, Columns: []ui.Column{
		{Label: p.T("Price list")}, {Label: p.T("From quantity"), Numeric: true}, {Label: p.T("Price"), Numeric: true}, {Label: p.T("What became of it")},
	}}
	for _, c := range all {
		c.Price.Strong = c.Chosen
		row := ui.Row{Cells: []templ.Component{c.List, ui.Text(c.From), c.Price, ui.Text(c.Reason)}, Faded: !c.Chosen}
		if c.Chosen {
			row.Tone, row.Cells[3] = ui.Good, ui.Badge{Label: c.Reason, Tone: ui.Good}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// paragraphs are the parts of a text between empty lines.
func paragraphs(text string) []string {
	var all []string
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// quantityAt is the page from which so much of a product was to be put into the cart, the shop or the product's own. It
// says beside the field what is wrong with that.
func quantityAt(back string, key id.Product, typed string) string {
	path, query, _ := strings.Cut(back, "?")
	q, err := url.ParseQuery(query)
	if err != nil || path != "/shop" {
		return "/products/" + key.String() + "?" + url.Values{"quantity": {typed}}.Encode()
	}
	q.Set("of", key.String())
	q.Set("quantity", typed)
	return withQuery(path, q)
}
