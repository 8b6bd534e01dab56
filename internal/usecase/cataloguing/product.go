package cataloguing

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/view"
)

// Sheet is all that the page of a product shows.
type Sheet struct {
	Offer
	Trail     []view.Category // its category and those above it, the highest first
	Ladder    []Rung          // what it costs from which quantity on
	Looked    []Candidate     // every price that was looked at for this quantity, the one chosen first
	Problem   *fault.Fault    // why it cannot be ordered now
	Successor *view.Good      // what replaces it
}

// Rung is what a product costs from a quantity on.
type Rung struct {
	Min    quantity.Quantity // one that is sold
	Rate   money.Rate
	Why    []locale.Phrase
	Saving locale.Percent // off the first rung
}

// Candidate is a price that was looked at, and what became of it.
type Candidate struct {
	Name        string // of the list, or the contract
	Level       pricing.Level
	Min         quantity.Quantity // 0 for any
	Rate        money.Rate
	From, Until time.Time
	Chosen      bool
	Reason      locale.Phrase
}

// Product shows a product at the actor's price for a quantity; 0 is the smallest that is sold.
func (s *Service) Product(ctx context.Context, actor access.Actor, key id.Product, q quantity.Quantity) (sheet Sheet, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		sheet = Sheet{}
		var goods []view.Good
		var product catalogue.Product
		var base, own []pricing.Entry
		var buyer company.Company
		tx.Companies.Want(&buyer, actor.Company)
		tx.Views.WantGoods(&goods, []id.Product{key})
		if actor.MaySomewhere(access.PricesView) {
			tx.Prices.WantEntriesEver(&base, &own, actor.Company, key)
		}
		product, err := tx.Catalogue.Get(ctx, key)
		if err != nil {
			return err
		}
		if len(goods) == 0 || product.Status == catalogue.Blocked {
			return cataloguedb.ErrUnseen
		}
		// may
		if err := actor.RequireSomewhere(access.CatalogView); err != nil {
			return err
		}
		good := goods[0]
		good.Product = product
		if err := sheet.around(ctx, tx, good); err != nil {
			return err
		}
		// decide
		sheet.Offer = Offer{Good: good}
		sheet.Problem = fault.Of(good.Sold())
		if seesPrices(actor) {
			sheet.price(append(base, own...), pricing.Ask{Quantity: q, At: tx.Now, Currency: buyer.Currency})
		}
		return nil
	})
	return sheet, err
}

// around reads where a product stands and what replaces it.
func (sheet *Sheet) around(ctx context.Context, tx *store.Tx, good view.Good) error {
	var successors []view.Good
	tx.Views.WantTrail(&sheet.Trail, good.Category)
	if !good.Successor.IsZero() {
		tx.Views.WantGoods(&successors, []id.Product{good.Successor})
	}
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	if len(successors) > 0 && successors[0].Status != catalogue.Blocked {
		sheet.Successor = &successors[0]
	}
	return nil
}

// price finds the price for a quantity, tells what became of all others, and what larger quantities cost.
func (sheet *Sheet) price(entries []pricing.Entry, ask pricing.Ask) {
	sheet.Offer = offer(sheet.Good, entries, ask)
	ask.Quantity = sold(sheet.Product, ask.Quantity)
	_, looked, _ := pricing.Explain(entries, ask) // that there is no price stands in the offer already
	for _, c := range looked {
		sheet.Looked = append(sheet.Looked, Candidate{Name: c.Entry.List.Name, Level: c.Entry.Level, Min: c.Entry.Min, Rate: c.Rate,
			From: later(c.Entry.From, c.Entry.List.From), Until: earlier(c.Entry.Until, c.Entry.List.Until), Chosen: c.Verdict == pricing.Chosen, Reason: c.Reason()})
	}
	sheet.Ladder = ladder(sheet.Product, entries, ask)
}

// ladder is what one unit costs in the quantities from which on it costs something else.
func ladder(p catalogue.Product, entries []pricing.Entry, ask pricing.Ask) []Rung {
	from := []quantity.Quantity{sold(p, 0)}
	for _, e := range entries {
		if e.Min > 0 {
			from = append(from, sold(p, e.Min))
		}
	}
	slices.Sort(from)
	var rungs []Rung
	for _, q := range slices.Compact(from) {
		ask.Quantity = q
		priced, err := pricing.Resolve(entries, ask)
		if err != nil || len(rungs) > 0 && priced.Rate == rungs[len(rungs)-1].Rate {
			continue // no price so few, or none of its own
		}
		r := Rung{Min: q, Rate: priced.Rate, Why: priced.Source.Reason()}
		if len(rungs) > 0 && rungs[0].Rate.E4 > 0 {
			if off, err := money.MulDiv(rungs[0].Rate.E4-r.Rate.E4, 10_000, rungs[0].Rate.E4); err == nil {
				r.Saving = locale.Percent(off)
			}
		}
		rungs = append(rungs, r)
	}
	return rungs
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// FindBySKU finds a product that may be seen by its article number, however it is written.
func (s *Service) FindBySKU(ctx context.Context, actor access.Actor, sku string) (key id.Product, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CatalogView); err != nil {
			return err
		}
		var all []catalogue.Product
		tx.Catalogue.WantBySKU(&all, []string{sku})
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if len(all) == 0 || all[0].Status == catalogue.Blocked {
			return cataloguedb.ErrUnseen
		}
		key = all[0].ID
		return nil
	})
	return key, err
}
