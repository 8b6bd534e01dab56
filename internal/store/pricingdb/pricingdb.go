// Package pricingdb keeps price lists, their prices, and what companies have agreed on by contract.
package pricingdb

import (
	"context"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/pricing"
	"kontor/internal/store/engine"
)

// Tables are those of prices, in one transaction.
type Tables struct{ Tx *engine.Tx }

// ErrListName is the fault of a second price list of one name.
var ErrListName = fault.Define(fault.Conflict, "pricing.list_name", "there is already a price list of this name")

// SetList keeps a price list that is for everybody.
func (t Tables) SetList(l pricing.PriceList) {
	t.Tx.Write(`
		insert into price_list (id, name, currency, priority, base, from_at, until_at) values (?, ?, ?, ?, true, ?, ?)
		on conflict (id) do update set name = excluded.name, priority = excluded.priority, from_at = excluded.from_at, until_at = excluded.until_at`,
		l.ID, l.Name, l.Currency, l.Priority, l.From, l.Until).
		Unique("price_list_name_key", ErrListName)
}

// ListColumns are those of a price list l.
const ListColumns = `l.id, l.name, l.currency, l.priority, l.from_at, l.until_at`

// ListInto is where ListColumns are read to.
func ListInto(l *pricing.PriceList) []any {
	return []any{&l.ID, &l.Name, &l.Currency, &l.Priority, &l.From, &l.Until}
}

// FindList reads a price list by its name; found says whether there is one.
func (t Tables) FindList(ctx context.Context, name string) (l pricing.PriceList, found bool, err error) {
	t.Tx.Ask(`select `+ListColumns+` from price_list l where l.name = ?`, name).Maybe(&found, ListInto(&l)...)
	return l, found, t.Tx.Fetch(ctx)
}

// SetPrice keeps a price of a list: for a product from a quantity on.
func (t Tables) SetPrice(list id.PriceList, product id.Product, from quantity.Quantity, rate money.Rate) {
	t.Tx.Write(`
		insert into price (price_list_id, product_id, minimum, rate_e4) values (?, ?, ?, ?)
		on conflict (product_id, price_list_id, minimum) do update set rate_e4 = excluded.rate_e4`, list, product, max(from, 1), rate.E4)
}

// Price is a price of a list: for a product from a quantity on.
type Price struct {
	List    id.PriceList
	Product id.Product
	Min     quantity.Quantity // 0 for any
	Rate    money.Rate        // in the currency of the list
}

// SetPrices keeps many prices at once, at most 2 000.
func (t Tables) SetPrices(all []Price) {
	if len(all) == 0 {
		return
	}
	args := make([]any, 0, 4*len(all))
	for _, p := range all {
		args = append(args, p.List, p.Product, max(p.Min, 1), p.Rate.E4)
	}
	t.Tx.Write(`
		insert into price (price_list_id, product_id, minimum, rate_e4) values `+engine.Tuples(`(?, ?, ?, ?)`, len(all))+`
		on conflict (product_id, price_list_id, minimum) do update set rate_e4 = excluded.rate_e4`, args...)
}

// DeletePrices takes the prices of these products out of a list.
func (t Tables) DeletePrices(list id.PriceList, products []id.Product) {
	marks, args := engine.Marks(products)
	t.Tx.Write(`delete from price where price_list_id = ? and product_id in `+marks, append([]any{list}, args...)...)
}

// WantLists asks for all price lists that are for everybody; at most 1 000.
func (t Tables) WantLists(all *[]pricing.PriceList) {
	engine.Rows(t.Tx.Ask(`select `+ListColumns+` from price_list l where l.base order by l.name, l.id limit 1000`), all,
		func(l *pricing.PriceList, scan engine.Scan) error { return scan(ListInto(l)...) })
}

// InsertContract adds a contract price of a company.
func (t Tables) InsertContract(company id.Company, c pricing.Entry) {
	t.Tx.Write(`
		insert into contract_price (company_id, product_id, id, reference, minimum, rate_e4, currency, from_at, until_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		company, c.Product, c.ID, c.Reference, max(c.Min, 1), c.Rate.E4, c.Rate.Currency, c.From, c.Until)
}

// DeleteContracts takes out what a company has agreed on under a reference for these products.
func (t Tables) DeleteContracts(company id.Company, reference string, products []id.Product) {
	marks, args := engine.Marks(products)
	t.Tx.Write(`delete from contract_price where company_id = ? and product_id in `+marks+` and reference = ?`,
		append(append([]any{company}, args...), reference)...)
}

const entryColumns = ListColumns + `, p.product_id, p.minimum, p.rate_e4`

func scanEntry(e *pricing.Entry, scan engine.Scan) error {
	e.Level = pricing.Base
	err := scan(append(ListInto(&e.List), &e.Product, &e.Min, &e.Rate.E4)...)
	e.Rate.Currency = e.List.Currency
	e.Min = anyMin(e.Min)
	return err
}

// ContractColumns are those of a contract price c.
const ContractColumns = `c.id, c.product_id, c.reference, c.minimum, c.rate_e4, c.currency, c.from_at, c.until_at`

// ScanContract reads ContractColumns.
func ScanContract(e *pricing.Entry, scan engine.Scan) error {
	e.Level = pricing.Contract
	err := scan(&e.ID, &e.Product, &e.Reference, &e.Min, &e.Rate.E4, &e.Rate.Currency, &e.From, &e.Until)
	e.List.Name, e.List.Currency = e.Reference, e.Rate.Currency
	e.Min = anyMin(e.Min)
	return err
}

// anyMin reads the tier: a thousandth of a unit is how the tables say "any quantity".
func anyMin(q quantity.Quantity) quantity.Quantity {
	if q <= 1 {
		return 0
	}
	return q
}

// WantEntries asks for every price of these products that a company has a right to at a moment: those of the lists
// for everybody, and its own contracts.
func (t Tables) WantEntries(base, contracts *[]pricing.Entry, company id.Company, products []id.Product) {
	marks, args := engine.Marks(products)
	t.wantEntries(base, contracts, company, marks, args)
}

// WantEntriesOfCart asks the same for the products of a cart.
func (t Tables) WantEntriesOfCart(base, contracts *[]pricing.Entry, company id.Company, cart id.Cart) {
	t.wantEntries(base, contracts, company, `(select k.product_id from cart_line k where k.company_id = ? and k.cart_id = ?)`, []any{company, cart})
}

// WantEntriesOfList asks the same for the products of an order list.
func (t Tables) WantEntriesOfList(base, contracts *[]pricing.Entry, company id.Company, list id.OrderList) {
	t.wantEntries(base, contracts, company, `(select k.product_id from order_list_line k where k.company_id = ? and k.order_list_id = ?)`, []any{company, list})
}

func (t Tables) wantEntries(base, contracts *[]pricing.Entry, company id.Company, products string, args []any) {
	engine.Rows(t.Tx.Ask(`
		select `+entryColumns+`
		  from price p join price_list l on l.id = p.price_list_id and l.base
		 where p.product_id in `+products+`
		   and (l.from_at is null or l.from_at <= ?) and (l.until_at is null or l.until_at > ?)
		 order by p.product_id, p.price_list_id, p.minimum`,
		append(slices.Clone(args), t.Tx.Now, t.Tx.Now)...), base, scanEntry)
	engine.Rows(t.Tx.Ask(inLine+`
		select `+ContractColumns+`, case when c.company_id = ? then 1 else 0 end
		  from contract_price c
		 where c.company_id in (select id from line) and c.product_id in `+products+`
		   and (c.from_at is null or c.from_at <= ?) and (c.until_at is null or c.until_at > ?)
		 order by c.product_id, c.id`,
		append(append([]any{company, company}, args...), t.Tx.Now, t.Tx.Now)...), contracts, scanAgreed)
}

// inLine is a company with those above it whose agreed prices it has.
const inLine = `
		with recursive line (id) as (
			select k.id from company k where k.id = ?
			union
			select k.parent_id from line l join company k on k.id = l.id where k.inherits_prices and k.parent_id is not null)`

// scanAgreed reads ContractColumns and whether it is the company's own: what one above it has agreed on comes after that.
func scanAgreed(e *pricing.Entry, scan engine.Scan) error {
	var own int64
	err := ScanContract(e, scan.And(&own))
	if own == 0 {
		e.Level = pricing.Company
	}
	return err
}

// WantEntriesEver asks for every price of a product that a company has, had or will have a right to, to explain the one
// of now; at most 500 of each kind.
func (t Tables) WantEntriesEver(base, contracts *[]pricing.Entry, company id.Company, product id.Product) {
	engine.Rows(t.Tx.Ask(`
		select `+entryColumns+`
		  from price p join price_list l on l.id = p.price_list_id and l.base
		 where p.product_id = ? order by l.id, p.minimum limit 500`, product), base, scanEntry)
	engine.Rows(t.Tx.Ask(inLine+`
		select `+ContractColumns+`, case when c.company_id = ? then 1 else 0 end
		  from contract_price c
		 where c.company_id in (select id from line) and c.product_id = ? order by c.id limit 500`, company, company, product), contracts, scanAgreed)
}
