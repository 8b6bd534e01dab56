package viewdb

import (
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/domain/catalogue"
	"kontor/internal/store/engine"
	"kontor/internal/store/pricingdb"
	"kontor/internal/view"
)

// Shelf says which products a list is of. Blocked ones are never shown.
type Shelf struct {
	Text     string      // whose words are looked for; empty: any
	Category id.Category // and all below it; zero: any
	Supplier string      // empty: any
	BySKU    bool        // sorted by article number, not by name
}

// NarrowMost is how many products a text may find for its list to be sorted after they are found. What finds more is
// looked for along the sorted list, which is soon filled.
const NarrowMost = 2000

const listedColumns = `p.id, p.sku, p.gtin, p.name, p.unit, p.category_id, p.supplier, p.minimum, p.step, p.most, p.lead_days, p.status, p.successor_id,
	c.code, c.name, p.number`

func scanListed(g *view.Listed, scan engine.Scan) error {
	return scan(&g.ID, &g.SKU, &g.GTIN, &g.Name, &g.Unit, &g.Category, &g.Supplier, &g.Minimum, &g.Step, &g.Most, &g.LeadDays, &g.Status, &g.Successor,
		&g.CategoryCode, &g.CategoryName, &g.Number, &g.Key)
}

// search is the condition that a text has found a row of product_search; false where it has no word.
func (t Tables) search(text string) (condition string, arg any) {
	condition, arg, ok := t.Tx.Matching("product_search", strings.Join(catalogue.Words(text), " "))
	if !ok {
		return `product_search.rowid = ?`, -1
	}
	return condition, arg
}

// found is the numbers of what a text has found, as far as it may find for a narrow list.
func (t Tables) found(text string) (query string, args []any) {
	condition, arg := t.search(text)
	return `(select product_search.rowid as number from product_search where ` + condition + ` limit ?)`, []any{arg, NarrowMost + 1}
}

// WantBreadth asks how many products a text finds, and stops counting above NarrowMost.
func (t Tables) WantBreadth(n *int64, text string) {
	query, args := t.found(text)
	t.Tx.Ask(`select count(*) from `+query+` m`, args...).Row(nil, n)
}

// WantListed asks for so many products of a shelf behind a key and a number, the sort values of the last one seen;
// without them for the first. By name it goes along a key, however many there are; a text may find any number.
func (t Tables) WantListed(all *[]view.Listed, s Shelf, after []any, most int) {
	from, on, number := `product p`, `p`, `p.number`
	var w where
	if s.Category.IsZero() {
		w.and(`p.status <> 'blocked'`)
	} else {
		from, on, number = `category_product s join product p on p.number = s.product`, `s`, `s.product`
		w.and(`s.category = (select x.number from category x where x.id = ?)`, s.Category)
	}
	if s.Supplier != "" {
		w.and(on+`.supplier = ?`, s.Supplier)
	}
	if s.Text != "" {
		condition, arg := t.search(s.Text)
		w.and(`+`+number+` in (select product_search.rowid from product_search where `+condition+`)`, arg)
	}
	t.wantListed(all, from, on+s.key(), number, w, after, most)
}

// key is the column that a list is sorted by.
func (s Shelf) key() string {
	if s.BySKU {
		return `.sku_key`
	}
	return `.name_key`
}

// WantNarrow asks the same of a text that finds at most NarrowMost products; of another it finds nothing.
func (t Tables) WantNarrow(all *[]view.Listed, s Shelf, after []any, most int) {
	query, args := t.found(s.Text)
	w := t.narrow(s)
	w.and(`(select count(*) from `+query+` f) <= ?`, append(slices.Clone(args), NarrowMost)...)
	w.args = append(args, w.args...)
	t.wantListed(all, query+` m join product p on p.number = m.number`, `p`+s.key(), `p.number`, w, after, most)
}

// narrow is what a shelf wants of a product that a text has found.
func (t Tables) narrow(s Shelf) (w where) {
	w.and(`p.status <> 'blocked'`)
	if !s.Category.IsZero() {
		w.and(`exists (
		       select 1 from category_product s join category x on x.number = s.category where x.id = ? and s.name_key = p.name_key and s.product = p.number)`, s.Category)
	}
	if s.Supplier != "" {
		w.and(`p.supplier = ?`, s.Supplier)
	}
	return w
}

func (t Tables) wantListed(all *[]view.Listed, from, key, number string, w where, after []any, most int) {
	w.behind(`(`+key+`, `+number+`) > (?, ?)`, after)
	engine.Rows(t.Tx.Ask(`
		select `+listedColumns+`, `+key+`
		  from `+from+` join category c on c.id = p.category_id
		 where `+w.String()+`
		 order by `+key+`, `+number+` limit ?`, append(w.args, most)...), all, scanListed)
}

// WantExact asks for the products of a shelf whose article number or GTIN its text is, by their numbers; at most
// ExactMost. They have no key, for they come first.
func (t Tables) WantExact(all *[]view.Listed, s Shelf) {
	w := t.narrow(s)
	w.and(`p.id in (select x.id from product x where x.sku_key = ? union select x.id from product x where x.gtin = ? and x.gtin <> '')`,
		catalogue.Fold(s.Text), strings.TrimSpace(s.Text))
	engine.Rows(t.Tx.Ask(`
		select `+listedColumns+`, ''
		  from product p join category c on c.id = p.category_id
		 where `+w.String()+` order by p.number limit ?`, append(w.args, ExactMost)...), all, scanListed)
}

// ExactMost is how many products may come first for being exactly what was looked for.
const ExactMost = 5

// WantFound asks how many products of a shelf its text finds; of a text that finds more than NarrowMost the answer is
// arbitrary.
func (t Tables) WantFound(n *int64, s Shelf) {
	query, args := t.found(s.Text)
	w := t.narrow(s)
	t.Tx.Ask(`select count(*) from `+query+` m join product p on p.number = m.number where `+w.String(), append(args, w.args...)...).Row(nil, n)
}

// mostSpellings is how many words that are known a misspelt one is held against.
const mostSpellings = 20_000

// WantSpellings asks whether a word of letters begins one by which products are found, and for those of these that it may be
// meant for: whoever slips once keeps the first letter or the last, and near words are about as long.
func (t Tables) WantSpellings(known *bool, near *[]string, word string) {
	letters := []rune(word)
	n, most := len(letters), catalogue.Slips(len(letters))
	var one int64
	t.Tx.Ask(`select 1 from product_word w where w.word >= ? and w.word < ? limit 1`, word, word+"\U0010ffff").Maybe(known, &one)
	engine.Rows(t.Tx.Ask(`
		select w.word from product_word w
		 where (w.first = ? or w.last = ?) and w.length >= ? and w.length <= ?
		 order by w.word limit ?`, string(letters[:1]), string(letters[n-1:]), n-most, n+most, mostSpellings), near,
		func(w *string, scan engine.Scan) error { return scan(w) })
}

// WantTrail asks for a category and those above it, the highest first.
func (t Tables) WantTrail(all *[]view.Category, key id.Category) {
	engine.Rows(t.Tx.Ask(`
		with recursive up (id, depth) as (
		  select c.id, 0 from category c where c.id = ?
		  union all
		  select c.parent_id, up.depth + 1 from up join category c on c.id = up.id where c.parent_id is not null and up.depth < 50)
		select c.id, c.parent_id, c.code, c.name, c.products from up join category c on c.id = up.id order by up.depth desc, c.id`, key), all, scanCategory)
}

func scanCategory(c *view.Category, scan engine.Scan) error {
	return scan(&c.ID, &c.Parent, &c.Code, &c.Name, &c.Products)
}

// WantCategories asks for all categories in the order in which they are shown, those of one parent together; at most
// 5 000.
func (t Tables) WantCategories(all *[]view.Category) {
	engine.Rows(t.Tx.Ask(`select c.id, c.parent_id, c.code, c.name, c.products from category c order by c.position, c.name, c.id limit 5000`), all, scanCategory)
}

// mostFacets is how many values of one kind a list can be narrowed to.
const mostFacets = 100

// WantCategoryFacets asks to which categories below the shelf's a list can be narrowed; with a text, as far as it finds
// at most NarrowMost.
func (t Tables) WantCategoryFacets(all *[]view.Facet, s Shelf) {
	var w where
	if s.Category.IsZero() {
		w.and(`c.parent_id is null`)
	} else {
		w.and(`c.parent_id = ?`, s.Category)
	}
	count, from := `c.products`, `category c`
	switch {
	case s.Text != "":
		query, args := t.found(s.Text)
		count, from = `count(*)`, query+` m join product p on p.number = m.number
		  join category_product k on k.name_key = p.name_key and k.product = p.number join category c on c.number = k.category`
		w.args = append(args, w.args...)
		if s.Supplier != "" {
			w.and(`k.supplier = ?`, s.Supplier)
		}
	case s.Supplier != "":
		count, from = `count(*)`, `category c join category_product k on k.category = c.number`
		w.and(`k.supplier = ?`, s.Supplier)
	default:
		w.and(`c.products > 0`)
	}
	group := ` group by c.id, c.name, c.position`
	if count == `c.products` {
		group = ``
	}
	engine.Rows(t.Tx.Ask(`select c.id, c.name, `+count+` from `+from+` where `+w.String()+group+` order by c.position, c.name, c.id limit ?`,
		append(w.args, mostFacets)...), all, func(f *view.Facet, scan engine.Scan) error { return scan(&f.Category, &f.Name, &f.Count) })
}

// WantSupplierFacets asks to which suppliers a list can be narrowed, those with the most products first; with a text, as
// far as it finds at most NarrowMost.
func (t Tables) WantSupplierFacets(all *[]view.Facet, s Shelf) {
	s.Supplier = ""
	var w where
	from, supplier := ``, `k.supplier`
	switch {
	case s.Text != "":
		query, args := t.found(s.Text)
		from, supplier = query+` m join product p on p.number = m.number`, `p.supplier`
		w = t.narrow(s)
		w.args = append(args, w.args...)
	case s.Category.IsZero():
		from, supplier = `product p`, `p.supplier`
		w.and(`p.status <> 'blocked'`)
	default:
		from = `category_product k`
		w.and(`k.category = (select x.number from category x where x.id = ?)`, s.Category)
	}
	w.and(supplier + ` <> ''`)
	engine.Rows(t.Tx.Ask(`select `+supplier+`, count(*) from `+from+` where `+w.String()+` group by `+supplier+` order by 2 desc, 1 limit ?`,
		append(w.args, mostFacets)...), all, func(f *view.Facet, scan engine.Scan) error { return scan(&f.Name, &f.Count) })
}

// WantContracts asks for what a company has agreed on, by article number, behind the sort values of the last one seen.
func (t Tables) WantContracts(all *[]view.Contract, company id.Company, after []any, most int) {
	var w where
	w.and(`c.company_id = ?`, company)
	w.behind(`(p.sku_key, c.id) > (?, ?)`, after)
	engine.Rows(t.Tx.Ask(`
		select `+pricingdb.ContractColumns+`, p.sku, p.name, p.unit
		  from contract_price c join product p on p.id = c.product_id
		 where `+w.String()+`
		 order by p.sku_key, c.id limit ?`, append(w.args, most)...), all, func(c *view.Contract, scan engine.Scan) error {
		return pricingdb.ScanContract(&c.Entry, scan.And(&c.SKU, &c.Name, &c.Unit))
	})
}

// WantPriceLists asks for the price lists that are for everybody, by name, behind the sort values of the last one seen.
func (t Tables) WantPriceLists(all *[]view.PriceList, after []any, most int) {
	var w where
	w.and(`l.base`)
	w.behind(`(l.name, l.id) > (?, ?)`, after)
	engine.Rows(t.Tx.Ask(`
		select `+pricingdb.ListColumns+`, (select count(*) from price p where p.price_list_id = l.id)
		  from price_list l where `+w.String()+` order by l.name, l.id limit ?`, append(w.args, most)...), all,
		func(l *view.PriceList, scan engine.Scan) error {
			return scan(append(pricingdb.ListInto(&l.PriceList), &l.Prices)...)
		})
}
