// Package pricesetting keeps the seller's price lists and what companies have agreed on by contract.
package pricesetting

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/store/pricingdb"
	"kontor/internal/view"
)

// Service does what this package says.
type Service struct {
	db *store.DB
}

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

// ErrPrices is the fault of too many prices at once, or none.
var ErrPrices = fault.Define(fault.Invalid, "pricesetting.prices", "set 1 to 10,000 prices at once")

const (
	mostPrices = 10_000
	chunk      = 500 // products or prices that are written at once
)

// ProductPrice is a price of a product from a quantity on.
type ProductPrice struct {
	Product id.Product
	Min     quantity.Quantity // 0 for any
	Rate    money.Rate
}

// SetContractsInput is what a company has agreed on under one reference.
type SetContractsInput struct {
	Company   id.Company
	Reference string    // the number of the contract, as its buyers see it beside the price
	From      time.Time // first moment of its validity; zero: always was
	Until     time.Time // first moment after it; zero: never ends
	Prices    []ProductPrice
}

// SetContracts keeps the prices that a company has agreed on under a reference: they replace what the reference said of
// these products.
func (s *Service) SetContracts(ctx context.Context, actor access.Actor, in SetContractsInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.PricesManage, tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(in.Company)
		company, err := tx.Companies.Get(ctx, in.Company)
		if err != nil {
			return err
		}
		products, err := known(ctx, tx, in.Prices)
		if err != nil {
			return err
		}
		// decide
		in.Reference = strings.TrimSpace(in.Reference)
		contract := pricing.PriceList{ID: id.NewPriceList(tx.Now), Name: in.Reference, Currency: company.Currency, From: in.From, Until: in.Until}
		if err := check(contract, pricing.Contract, in.Prices); err != nil {
			return err
		}
		// write
		for some := range slices.Chunk(products, chunk) {
			tx.Prices.DeleteContracts(in.Company, in.Reference, some)
		}
		for _, p := range in.Prices {
			tx.Prices.InsertContract(in.Company, pricing.Entry{ID: id.NewPrice(tx.Now), Product: p.Product, Reference: in.Reference, Min: p.Min, Rate: p.Rate,
				From: in.From, Until: in.Until})
		}
		// tell: in the company that it concerns
		tx.Tell(actor.Telling(in.Company), pricing.ContractWasSet{CompanyID: in.Company, Reference: in.Reference, Prices: len(in.Prices), From: in.From, Until: in.Until})
		return nil
	})
}

// SetListInput is a price list, and prices of it.
type SetListInput struct {
	Name     string // it is known by
	Currency money.Currency
	Priority int       // the higher goes first; usually 0
	From     time.Time // first moment of its validity; zero: always was
	Until    time.Time // first moment after it; zero: never ends
	Prices   []ProductPrice
}

// SetList keeps a price list that is for everybody, and of the products named the prices given, in place of those that
// the list had for them. Products that are not named keep theirs. Where there is no seller yet, nobody is told.
func (s *Service) SetList(ctx context.Context, actor access.Actor, in SetListInput) (key id.PriceList, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.PricesManage, tree.Top); err != nil {
			return err
		}
		// find
		seller, sells, err := tx.Companies.FindSeller(ctx)
		if err != nil {
			return err
		}
		if sells {
			tx.Companies.Head(seller.ID)
		}
		name := strings.TrimSpace(in.Name)
		list, found, err := tx.Prices.FindList(ctx, name)
		if err != nil {
			return err
		}
		var products []id.Product
		if len(in.Prices) > 0 {
			if products, err = known(ctx, tx, in.Prices); err != nil {
				return err
			}
		}
		// decide
		if found && list.Currency != in.Currency {
			return money.ErrCurrency.With("the list %s is in %s", list.Name, string(list.Currency))
		}
		if !found {
			list.ID = id.NewPriceList(tx.Now)
		}
		list.Name, list.Currency, list.Priority, list.From, list.Until = name, in.Currency, in.Priority, in.From, in.Until
		if err := check(list, pricing.Base, in.Prices); err != nil {
			return err
		}
		// write
		tx.Prices.SetList(list)
		for some := range slices.Chunk(products, chunk) {
			tx.Prices.DeletePrices(list.ID, some)
		}
		for some := range slices.Chunk(in.Prices, chunk) {
			rows := make([]pricingdb.Price, len(some))
			for i, p := range some {
				rows[i] = pricingdb.Price{List: list.ID, Product: p.Product, Min: p.Min, Rate: p.Rate}
			}
			tx.Prices.SetPrices(rows)
		}
		key = list.ID
		// tell: in the seller's organisation
		if sells {
			teller := actor
			if actor.Company != seller.ID {
				teller = actor.Telling(seller.ID)
			}
			tx.Tell(teller, pricing.ListWasSet{ListID: list.ID, Name: list.Name, Currency: list.Currency, Priority: list.Priority, From: list.From, Until: list.Until,
				Prices: len(in.Prices)})
		}
		return nil
	})
	return key, err
}

// known is the products of these prices, each once; cataloguedb.ErrUnseen when one is not there.
func known(ctx context.Context, tx *store.Tx, prices []ProductPrice) ([]id.Product, error) {
	if len(prices) == 0 || len(prices) > mostPrices {
		return nil, ErrPrices
	}
	var all []id.Product
	seen := map[id.Product]bool{}
	for _, p := range prices {
		if !seen[p.Product] {
			seen[p.Product] = true
			all = append(all, p.Product)
		}
	}
	for some := range slices.Chunk(all, chunk) {
		var found []catalogue.Product
		tx.Catalogue.Want(&found, some)
		if err := tx.Fetch(ctx); err != nil {
			return nil, err
		}
		if len(found) != len(some) {
			return nil, cataloguedb.ErrUnseen
		}
	}
	return all, nil
}

// check is the fault of what cannot stand in a list or contract, field by field.
func check(l pricing.PriceList, level pricing.Level, prices []ProductPrice) error {
	if err := l.Check(); err != nil {
		return err
	}
	var in fault.Input
	type tier struct {
		product id.Product
		min     quantity.Quantity
	}
	seen := map[tier]bool{}
	for i, p := range prices {
		field := fmt.Sprintf("prices.%d", i)
		in.Take(field, pricing.Entry{List: l, Level: level, Min: p.Min, Rate: p.Rate}.Check())
		if key := (tier{p.Product, p.Min}); seen[key] {
			in.Add(field, "twice", "the product has two prices from this quantity on")
		} else {
			seen[key] = true
		}
	}
	return in.Err()
}

// ListContracts lists what a company has agreed on, by article number: one's own company with prices.view, any with
// prices.view_all. Of another company there is nothing to see.
func (s *Service) ListContracts(ctx context.Context, actor access.Actor, company id.Company, ask page.Ask) (list page.List[view.Contract], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if !actor.Gives(access.PricesViewAll) {
			if err := actor.RequireSomewhere(access.PricesView); err != nil {
				return err
			}
			if company != actor.Company {
				return access.ErrUnseen
			}
		}
		after, err := page.Behind(ask, id.ParsePrice)
		if err != nil {
			return err
		}
		var rows []view.Contract
		tx.Views.WantContracts(&rows, company, after, ask.Size()+1)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		list = page.Cut(rows, ask, func(c view.Contract) []string { return []string{catalogue.Fold(c.SKU), c.ID.String()} })
		return nil
	})
	return list, err
}

// ListLists lists the price lists that are for everybody, by name.
func (s *Service) ListLists(ctx context.Context, actor access.Actor, ask page.Ask) (list page.List[view.PriceList], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.PricesViewAll); err != nil {
			return err
		}
		after, err := page.Behind(ask, id.ParsePriceList)
		if err != nil {
			return err
		}
		var rows []view.PriceList
		tx.Views.WantPriceLists(&rows, after, ask.Size()+1)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		list = page.Cut(rows, ask, func(l view.PriceList) []string { return []string{l.Name, l.ID.String()} })
		return nil
	})
	return list, err
}
