// Package cataloguedb keeps the seller's products and categories.
package cataloguedb

import (
	"context"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/catalogue"
	"kontor/internal/store/engine"
)

// Tables are those of the catalogue, in one transaction.
type Tables struct{ Tx *engine.Tx }

// ErrUnseen is the fault of a product that is not there.
var ErrUnseen = fault.Define(fault.NotFound, "catalogue.unseen", "there is no such product")

const productColumns = `p.id, p.sku, p.name, p.description, p.unit, p.category_id, p.supplier, p.minimum, p.step, p.most, p.lead_days, p.status`

func productInto(p *catalogue.Product) []any {
	return []any{&p.ID, &p.SKU, &p.Name, &p.Description, &p.Unit, &p.Category, &p.Supplier, &p.Minimum, &p.Step, &p.Most, &p.LeadDays, &p.Status}
}

// Get reads a product.
func (t Tables) Get(ctx context.Context, key id.Product) (p catalogue.Product, err error) {
	t.Tx.Ask(`select `+productColumns+` from product p where p.id = ?`, key).Row(ErrUnseen, productInto(&p)...)
	return p, t.Tx.Fetch(ctx)
}

// WantBySKU asks for the products of these article numbers.
func (t Tables) WantBySKU(all *[]catalogue.Product, skus []string) {
	marks, args := engine.Marks(skus)
	engine.Rows(t.Tx.Ask(`select `+productColumns+` from product p where p.sku in `+marks+` order by p.sku`, args...), all,
		func(p *catalogue.Product, scan engine.Scan) error { return scan(productInto(p)...) })
}

// Want asks for these products.
func (t Tables) Want(all *[]catalogue.Product, keys []id.Product) {
	marks, args := engine.Marks(keys)
	engine.Rows(t.Tx.Ask(`select `+productColumns+` from product p where p.id in `+marks+` order by p.id`, args...), all,
		func(p *catalogue.Product, scan engine.Scan) error { return scan(productInto(p)...) })
}

// SetProduct keeps a product under its article number: a new one, or what is new of a known one.
func (t Tables) SetProduct(p catalogue.Product) {
	t.Tx.Write(`
		insert into product (id, sku, name, description, unit, category_id, supplier, minimum, step, most, lead_days, status)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		on conflict (id) do update set name = excluded.name, description = excluded.description, unit = excluded.unit,
		  category_id = excluded.category_id, supplier = excluded.supplier, minimum = excluded.minimum, step = excluded.step,
		  most = excluded.most, lead_days = excluded.lead_days, status = excluded.status, version = product.version + 1`,
		p.ID, p.SKU, p.Name, p.Description, p.Unit, p.Category, p.Supplier, p.Minimum, p.Step, p.Most, p.LeadDays, p.Status)
	words := strings.Join([]string{p.SKU, catalogue.Fold(p.SKU), p.Name, catalogue.Fold(p.Name), p.Supplier, catalogue.Fold(p.Supplier), p.Description}, " ")
	t.Tx.SetWords("product_search", "product_id", p.ID, words)
}

// SetCategory keeps a category.
func (t Tables) SetCategory(c catalogue.Category, code string, position int) {
	t.Tx.Write(`
		insert into category (id, parent_id, code, name, position) values (?, ?, ?, ?, ?)
		on conflict (id) do update set parent_id = excluded.parent_id, name = excluded.name, position = excluded.position`,
		c.ID, c.Parent, code, c.Name, position)
}

// Shelf is a category with its code.
type Shelf struct {
	catalogue.Category
	Code string
}

// WantCategories asks for all categories; at most 5 000.
func (t Tables) WantCategories(all *[]Shelf) {
	engine.Rows(t.Tx.Ask(`select c.id, c.parent_id, c.code, c.name from category c order by c.position, c.name, c.id limit 5000`), all,
		func(c *Shelf, scan engine.Scan) error { return scan(&c.ID, &c.Parent, &c.Code, &c.Name) })
}
