// Package cataloguedb keeps the seller's products and categories.
package cataloguedb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/catalogue"
	"kontor/internal/store/engine"
)

// Tables are those of the catalogue, in one transaction.
type Tables struct{ Tx *engine.Tx }

var (
	// ErrUnseen is the fault of a product that is not there.
	ErrUnseen = fault.Define(fault.NotFound, "catalogue.unseen", "there is no such product")
	// ErrCategoryUnseen is the fault of a category that is not there.
	ErrCategoryUnseen = fault.Define(fault.NotFound, "catalogue.category_unseen", "there is no such category")
	// ErrSKU is the fault of a second product of one article number.
	ErrSKU = fault.Define(fault.Conflict, "catalogue.sku", "there is already a product with this article number")
)

// ProductColumns are those of a product p.
const ProductColumns = `p.id, p.sku, p.gtin, p.name, p.description, p.unit, p.category_id, p.supplier, p.minimum, p.step, p.most, p.lead_days, p.status,
	p.successor_id`

// ProductInto is where ProductColumns are read to.
func ProductInto(p *catalogue.Product) []any {
	return []any{&p.ID, &p.SKU, &p.GTIN, &p.Name, &p.Description, &p.Unit, &p.Category, &p.Supplier, &p.Minimum, &p.Step, &p.Most, &p.LeadDays, &p.Status,
		&p.Successor}
}

func scanProduct(p *catalogue.Product, scan engine.Scan) error { return scan(ProductInto(p)...) }

// Get reads a product.
func (t Tables) Get(ctx context.Context, key id.Product) (p catalogue.Product, err error) {
	t.Tx.Ask(`select `+ProductColumns+` from product p where p.id = ?`, key).Row(ErrUnseen, ProductInto(&p)...)
	return p, t.Tx.Fetch(ctx)
}

// WantBySKU asks for the products of these article numbers, however they are written: case and blanks do not count.
func (t Tables) WantBySKU(all *[]catalogue.Product, skus []string) {
	keys := make([]string, len(skus))
	for i, s := range skus {
		keys[i] = catalogue.Fold(s)
	}
	marks, args := engine.Marks(keys)
	engine.Rows(t.Tx.Ask(`select `+ProductColumns+` from product p where p.sku_key in `+marks+` order by p.sku_key`, args...), all, scanProduct)
}

// Want asks for these products.
func (t Tables) Want(all *[]catalogue.Product, keys []id.Product) {
	marks, args := engine.Marks(keys)
	engine.Rows(t.Tx.Ask(`select `+ProductColumns+` from product p where p.id in `+marks+` order by p.id`, args...), all, scanProduct)
}

// Numbered is a product, and the number that the search knows it by.
type Numbered struct {
	catalogue.Product
	Number int64
}

// WantNumbered asks for the products of these folded article numbers, with their numbers.
func (t Tables) WantNumbered(all *[]Numbered, keys []string) {
	marks, args := engine.Marks(keys)
	engine.Rows(t.Tx.Ask(`select `+ProductColumns+`, p.number from product p where p.sku_key in `+marks+` order by p.sku_key`, args...), all,
		func(p *Numbered, scan engine.Scan) error { return scan(append(ProductInto(&p.Product), &p.Number)...) })
}

// WantLastNumber asks for the highest number of a product; 0 when there is none.
func (t Tables) WantLastNumber(last *int64) {
	t.Tx.Ask(`select coalesce(max(p.number), 0) from product p`).Row(ErrUnseen, last)
}

// nameKey is what products sort by: their folded name, cut to what an index takes.
func nameKey(name string) string {
	key := []rune(catalogue.Fold(name))
	return string(key[:min(len(key), 100)])
}

// words are what a product is found by.
func words(p catalogue.Product) string {
	return strings.Join(catalogue.Words(strings.Join([]string{p.SKU, p.GTIN, p.Name, p.Supplier, p.Description}, " ")), " ")
}

const setProduct = `insert into product (id, sku, sku_key, gtin, name, name_key, description, unit, category_id, supplier, minimum, step, most, lead_days, status,
	successor_id, number) values `

const replaceProduct = ` on conflict (id) do update set sku = excluded.sku, sku_key = excluded.sku_key, gtin = excluded.gtin, name = excluded.name,
	name_key = excluded.name_key, description = excluded.description, unit = excluded.unit, category_id = excluded.category_id,
	supplier = excluded.supplier, minimum = excluded.minimum, step = excluded.step, most = excluded.most, lead_days = excluded.lead_days,
	status = excluded.status, successor_id = excluded.successor_id, version = product.version + 1`

// marks16 are the marks of what values gives.
const marks16 = `?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?`

func values(p catalogue.Product) []any {
	p = p.Spelt()
	return []any{p.ID, p.SKU, catalogue.Fold(p.SKU), p.GTIN, p.Name, nameKey(p.Name), p.Description, p.Unit, p.Category, p.Supplier, p.Minimum,
		p.Step, p.Most, p.LeadDays, p.Status, p.Successor}
}

// SetProduct keeps a product: a new one, or what is new of a known one. How many products its categories have is counted
// by SetCounts.
func (t Tables) SetProduct(p catalogue.Product) {
	t.clearShelves([]id.Product{p.ID})
	t.Tx.Write(setProduct+`(`+marks16+`, (select coalesce(max(x.number), 0) + 1 from product x))`+replaceProduct, values(p)...).
		Unique("product_sku_key_key", ErrSKU)
	t.Tx.SetWords("product_search", `select x.number, cast(? as text) from product x where x.id = ?`, words(p), p.ID)
	t.addSpellings(words(p))
	t.setShelves([]id.Product{p.ID})
}

// SetProducts keeps many products at once, at most 500, each with the number that it has or gets. known are those of
// them that there are already.
func (t Tables) SetProducts(all []Numbered, known []id.Product) {
	if len(all) == 0 {
		return
	}
	keys := make([]id.Product, len(all))
	args := make([]any, 0, 17*len(all))
	said := make([]any, 0, 2*len(all))
	for i, p := range all {
		keys[i] = p.ID
		args = append(append(args, values(p.Product)...), p.Number)
		said = append(said, p.Number, words(p.Product))
	}
	if len(known) > 0 {
		t.clearShelves(known)
	}
	t.Tx.Write(setProduct+engine.Tuples(`(`+marks16+`, ?)`, len(all))+replaceProduct, args...).Unique("product_sku_key_key", ErrSKU)
	t.Tx.SetWords("product_search", `values `+engine.Tuples(`(cast(? as bigint), cast(? as text))`, len(all)), said...)
	found := make([]string, len(all))
	for i := range all {
		found[i] = said[2*i+1].(string)
	}
	t.addSpellings(found...)
	t.setShelves(keys)
}

// mostSpellings is how many words are added at once.
const mostSpellings = 500

// addSpellings adds words by which products are found to those that somebody may have meant.
func (t Tables) addSpellings(texts ...string) {
	var all []string
	for _, text := range texts {
		for word := range strings.FieldsSeq(text) {
			if catalogue.Spellable(word) {
				all = append(all, word)
			}
		}
	}
	slices.Sort(all) // in one order everywhere, so that no two writers wait for one another
	all = slices.Compact(all)
	for some := range slices.Chunk(all, mostSpellings) {
		args := make([]any, 0, 4*len(some))
		for _, word := range some {
			letters := []rune(word)
			args = append(args, word, int64(len(letters)), string(letters[:1]), string(letters[len(letters)-1:]))
		}
		t.Tx.Write(`insert into product_word (word, length, first, last) values `+engine.Tuples(`(?, ?, ?, ?)`, len(some))+` on conflict (word) do nothing`, args...)
	}
}

// onShelves selects the categories of products, and those above them, by number, with all that a shelf knows of a
// product.
const onShelves = `
		with recursive up (product, number, parent_id) as (
		  select p.number, c.number, c.parent_id from product p join category c on c.id = p.category_id where p.id in %s and p.status <> 'blocked'
		  union all
		  select up.product, c.number, c.parent_id from up join category c on c.id = up.parent_id)`

// clearShelves takes products, as they are known, from their shelves.
func (t Tables) clearShelves(keys []id.Product) {
	marks, args := engine.Marks(keys)
	t.Tx.Write(`
		delete from category_product where (category, name_key, product) in (`+fmt.Sprintf(onShelves, marks)+`
		select up.number, p.name_key, p.number from up join product p on p.number = up.product)`, args...)
}

// setShelves puts products on their shelves: that of their category, and of each above it.
func (t Tables) setShelves(keys []id.Product) {
	marks, args := engine.Marks(keys)
	t.Tx.Write(`
		insert into category_product (category, name_key, product, sku_key, supplier)`+fmt.Sprintf(onShelves, marks)+`
		select up.number, p.name_key, p.number, p.sku_key, p.supplier from up join product p on p.number = up.product`, args...)
}

// SetSuccessor notes what replaces a product, both by their article numbers.
func (t Tables) SetSuccessor(sku, successor string) {
	t.Tx.Write(`
		update product set successor_id = (select x.id from product x where x.sku_key = ?), version = version + 1
		 where sku_key = ? and (successor_id is null or successor_id <> (select x.id from product x where x.sku_key = ?))`,
		catalogue.Fold(successor), catalogue.Fold(sku), catalogue.Fold(successor))
}

// SetCounts counts anew how many products each category has, on it and below it.
func (t Tables) SetCounts() {
	t.Tx.Write(`update category set products = (select count(*) from category_product s where s.category = category.number)`)
}

// SetCategory keeps a category. One that has products does not get another parent: their shelves would be wrong.
func (t Tables) SetCategory(c catalogue.Category, position int) {
	t.Tx.Write(`
		insert into category (id, number, parent_id, code, name, position) values (?, (select coalesce(max(x.number), 0) + 1 from category x), ?, ?, ?, ?)
		on conflict (id) do update set parent_id = excluded.parent_id, name = excluded.name, position = excluded.position`,
		c.ID, c.Parent, c.Code, c.Name, position)
}
