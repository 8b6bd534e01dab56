package demo

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/store"
	"kontor/internal/usecase/cataloguing"
)

// tariff is a price list for everybody who buys in its currency.
type tariff struct {
	list     string
	currency money.Currency
	percent  int64 // of the price in dollars
}

// tariffs are the seller's price lists: what the source sells for dollars is sold for euros to whoever buys in those.
var tariffs = []tariff{{"List prices 2025", Currency, 100}, {"List prices 2025, euro", "EUR", 92}}

// of is a price of the source in the currency of the tariff.
func (t tariff) of(price money.Rate) (money.Rate, error) {
	e4, err := money.MulDiv(price.E4, t.percent, 100)
	return money.Rate{E4: e4, Currency: t.currency}, err
}

// rows are the products that the source sells: every offer of a vendor, and what has a list price and no vendor, as the
// seller's own. Their prices go into every price list, with tiers by the source's volume discounts.
func (s *Source) rows() iter.Seq[cataloguing.Row] {
	return func(yield func(cataloguing.Row) bool) {
		line := 0
		for _, o := range s.Offers {
			line++
			p := s.Goods[o.SKU].product(o.Item())
			p.Unit, p.Supplier, p.Minimum, p.Most, p.LeadDays = unit(o.Unit), o.VendorName, o.Min, o.Max, o.LeadDays
			if !yield(cataloguing.Row{Line: line, Product: p, Category: s.Goods[o.SKU].shelf(), Prices: s.tiers(o.Price, o.Min, o.Max)}) {
				return
			}
		}
		for _, g := range s.own() {
			line++
			p := g.product(g.SKU)
			p.Unit = unit("EA")
			if g.Ended {
				p.Status = catalogue.Obsolete
			}
			if !yield(cataloguing.Row{Line: line, Product: p, Category: g.shelf(), Prices: s.tiers(g.List, 0, quantity.Most)}) {
				return
			}
		}
	}
}

// ordered are the products that were ordered, without a price and in any quantity: what they cost was agreed on for the
// day.
func (s *Source) ordered() iter.Seq[cataloguing.Row] {
	offers := map[string]Offer{}
	for _, o := range s.Offers {
		offers[o.Item()] = o
	}
	return func(yield func(cataloguing.Row) bool) {
		seen := map[string]bool{}
		for _, o := range s.Orders {
			for _, l := range o.Lines {
				sku := item(l.SKU, o.Vendor)
				if seen[sku] {
					continue
				}
				seen[sku] = true
				p := s.Goods[l.SKU].product(sku)
				p.Unit, p.Supplier, p.LeadDays = unit(offers[sku].Unit), o.Supplier, offers[sku].LeadDays
				if !yield(cataloguing.Row{Line: len(seen), Product: p, Category: s.Goods[l.SKU].shelf()}) {
					return
				}
			}
		}
	}
}

// own lists what no vendor offers and still has a list price.
func (s *Source) own() []Good {
	offered := map[string]bool{}
	for _, o := range s.Offers {
		offered[o.SKU] = true
	}
	var all []Good
	for _, g := range s.Goods {
		if !offered[g.SKU] && g.List.E4 > 0 {
			all = append(all, g)
		}
	}
	slices.SortFunc(all, func(a, b Good) int { return strings.Compare(a.SKU, b.SKU) })
	return all
}

func (g Good) product(sku string) catalogue.Product {
	p := catalogue.Product{SKU: sku, Name: g.Name, Status: catalogue.Active}
	var facts []string
	if g.Color != "" {
		facts = append(facts, "Colour: "+strings.ToLower(g.Color)+".")
	}
	if g.Size != "" {
		facts = append(facts, strings.TrimSpace(fmt.Sprintf("Size: %s %s", g.Size, strings.ToLower(g.SizeUnit)))+".")
	}
	p.Description = strings.Join(facts, " ")
	return p
}

// tiers are the price of a product in every list, and what it is from larger quantities on, as far as they are sold.
func (s *Source) tiers(dollars money.Rate, from, most quantity.Quantity) (prices []cataloguing.RowPrice) {
	for _, t := range tariffs {
		price, err := t.of(dollars)
		if err != nil {
			continue // a price so large that no other currency has it
		}
		prices = append(prices, cataloguing.RowPrice{List: t.list, Rate: price})
		for _, d := range s.Discounts {
			if d.Type != "Volume Discount" || d.From <= from || d.From > most {
				continue
			}
			e4, err := money.MulDiv(price.E4, 10_000-d.Off.E4, 10_000)
			if err != nil {
				continue // a price so large that it has no discount
			}
			prices = append(prices, cataloguing.RowPrice{List: t.list, Min: d.From, Rate: money.Rate{E4: e4, Currency: t.currency}})
		}
	}
	return prices
}

// units of measure, by the codes of the source.
var units = map[string]string{"EA": "pcs", "CS": "case", "CTN": "carton", "CAN": "can", "GAL": "gallon", "DZ": "dozen", "PAK": "pack"}

func unit(code string) string {
	if word, ok := units[code]; ok {
		return word
	}
	return cmp.Or(strings.ToLower(code), "pcs")
}

// shelves say by a word of its name where a part stands that has no category: the first word found counts.
var shelves = []struct{ word, shelf string }{
	{"Nut", "Hardware/Nuts"}, {"Washer", "Hardware/Washers"}, {"Bolt", "Hardware/Bolts"},
	{"Metal", "Raw material/Metal"}, {"Paint", "Raw material/Paint"}, {"Decal", "Raw material/Decals"},
	{"Crankarm", "Components/Crank parts"}, {"Chainring", "Components/Crank parts"}, {"Spindle", "Components/Crank parts"}, {"Shell", "Components/Crank parts"},
	{"Derailleur", "Components/Drivetrain parts"}, {"Pulley", "Components/Drivetrain parts"}, {"Freewheel", "Components/Drivetrain parts"},
	{"Rim", "Components/Wheel parts"}, {"Nipple", "Components/Wheel parts"}, {"Spoke", "Components/Wheel parts"}, {"Reflector", "Components/Wheel parts"},
	{"Race", "Components/Bearings"}, {"Bearing", "Components/Bearings"}, {"Lock Ring", "Components/Bearings"},
	{"Grip Tape", "Components/Handlebar parts"}, {"Seat", "Components/Saddle parts"},
}

// shelf is where a product stands, the highest category first.
func (g Good) shelf() []string {
	switch {
	case g.Category != "" && g.Subcategory != "":
		return []string{g.Category, g.Subcategory}
	case g.Category != "":
		return []string{g.Category}
	}
	for _, s := range shelves {
		if strings.Contains(g.Name, s.word) {
			return strings.Split(s.shelf, "/")
		}
	}
	return []string{"Components", "Other parts"}
}

// stock takes products into the catalogue that are not there yet, and gives all of them by article number.
func (h *house) stock(ctx context.Context, rows iter.Seq[cataloguing.Row]) (map[string]id.Product, error) {
	skus := []string{}
	for r := range rows {
		skus = append(skus, r.Product.SKU)
	}
	known, err := h.products(ctx, skus)
	if err != nil || len(known) == len(skus) {
		return known, err
	}
	_, err = h.cataloguing.Import(ctx, access.System(id.Company{}), func(yield func(cataloguing.Row) bool) {
		for r := range rows {
			if known[r.Product.SKU].IsZero() && !yield(r) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	return h.products(ctx, skus)
}

// products are those of these article numbers that are there.
func (h *house) products(ctx context.Context, skus []string) (map[string]id.Product, error) {
	all := map[string]id.Product{}
	for some := range slices.Chunk(skus, 250) {
		var found []catalogue.Product
		err := h.db.Read(ctx, access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
			tx.Catalogue.WantBySKU(&found, some)
			return tx.Fetch(ctx)
		})
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			all[p.SKU] = p.ID
		}
	}
	return all, nil
}
