// Package cataloguing shows the catalogue to buyers, each product at their own price and with the reasons for it, and
// takes in the seller's products.
package cataloguing

import (
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Service does what this package says.
type Service struct {
	db *store.DB
}

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

// Offer is a product at the price of whoever looks.
type Offer struct {
	view.Good              // in a list without its description
	Price     *Price       // nil: there is none, or they may not see prices
	NoPrice   *fault.Fault // why there is none
}

// Price is what a product costs the buyer, and why.
type Price struct {
	Quantity quantity.Quantity // for which it is told
	Rate     money.Rate
	Next     pricing.Tier // the nearest larger quantity with a better price; zero: there is none
	Source   pricing.Source
	Why      []locale.Phrase
}

// offer prices a product for its smallest quantity, or for a larger one.
func offer(g view.Good, entries []pricing.Entry, ask pricing.Ask) Offer {
	ask.Quantity = sold(g.Product, ask.Quantity)
	priced, err := pricing.Resolve(entries, ask)
	if err != nil {
		return Offer{Good: g, NoPrice: fault.Of(err)}
	}
	return Offer{Good: g, Price: &Price{Quantity: ask.Quantity, Rate: priced.Rate, Next: priced.Next, Source: priced.Source, Why: priced.Source.Reason()}}
}

// sold is the smallest quantity of a product that is sold and not below q; one of it, where thousandths are sold and q
// is none.
func sold(p catalogue.Product, q quantity.Quantity) quantity.Quantity {
	if q == 0 && p.Least() == 1 {
		q = quantity.One
	}
	return p.Suggest(q)
}

// byProduct sorts prices by what they are of.
func byProduct(lists ...[]pricing.Entry) map[id.Product][]pricing.Entry {
	all := map[id.Product][]pricing.Entry{}
	for _, entries := range lists {
		for _, e := range entries {
			all[e.Product] = append(all[e.Product], e)
		}
	}
	return all
}

// seesPrices is asked where there is something to be priced, and so notes the use.
func seesPrices(actor access.Actor) bool { return actor.Gives(access.PricesView) }
