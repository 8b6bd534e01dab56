package cataloguing

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
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

// Row is one product of a file, with its prices.
type Row struct {
	Line      int               // where it stands in the file
	Fault     error             // what could not be read of it; nil: all could
	Product   catalogue.Product // known by its article number; its identifier, category and successor are found
	Category  []string          // the names of its category and those above it, the highest first
	Successor string            // the article number of what replaces it; empty: nothing
	Prices    []RowPrice        // they replace those that the product has in the lists named
	// Kept gives a product that is there already what the file says nothing of, as it was; nil: the file says all.
	Kept func(fresh, old catalogue.Product) catalogue.Product
}

// RowPrice is one price of a product.
type RowPrice struct {
	Line int               // where it stands in the file; 0: where its product does
	List string            // the name of the price list
	Min  quantity.Quantity // the tier; 0 for any
	Rate money.Rate
}

// Imported is what an import has done.
type Imported struct{ Made, Changed, Same, Categories, Prices int }

const (
	importChunk    = 250 // rows that are written at once
	importFaults   = 100 // faults that are told; then we look no further
	importPrices   = 100 // of one product
	categoryLevels = 8
)

var (
	// ErrCategory is the fault of a row that names no category.
	ErrCategory = fault.Define(fault.Invalid, "cataloguing.category", "a category is named by 1 to 8 names, the highest first")
	// ErrPrice is the fault of a price that can be in no list.
	ErrPrice = fault.Define(fault.Invalid, "cataloguing.price", "this price can be in no list")
	// ErrSuccessor is the fault of a product that is to be replaced by one that there is not.
	ErrSuccessor = fault.Define(fault.Invalid, "cataloguing.successor", "there is no product that is to replace this one")
)

// Import keeps all products of a file, with their categories and prices, or none: every fault is told beside the line
// it stands in. A product that is known by its article number is changed; one that is not named stays as it is. A price
// list that rows name must be there, or among those given: these are made where they are missing and wanted.
//
// The rows are gone through twice, and again when the transaction is, so they are held by whoever has the file.
func (s *Service) Import(ctx context.Context, actor access.Actor, rows iter.Seq[Row], lists ...pricing.PriceList) (done Imported, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		needs := []access.Permission{access.CatalogProductsCreate, access.CatalogProductsEdit, access.CatalogCategoriesCreate, access.PricesImport}
		if len(lists) > 0 {
			needs = append(needs, access.PricesManage)
		}
		for _, p := range needs {
			if err := actor.Require(p, tree.Top); err != nil {
				return err
			}
		}
		// find
		i := &importing{tx: tx, lists: map[string]pricing.PriceList{}, fresh: map[string]bool{}, shelves: map[shelfKey]id.Category{}, codes: map[string]bool{}}
		if err := i.find(ctx, lists); err != nil {
			return err
		}
		// decide
		if err := i.check(ctx, rows); err != nil {
			return err
		}
		// write
		if err := i.write(ctx, rows); err != nil {
			return err
		}
		done = i.done
		return nil
	})
	return done, err
}

// importing is an import under way.
type importing struct {
	tx      *store.Tx
	lists   map[string]pricing.PriceList
	fresh   map[string]bool // of the lists those that are not there yet; true: a row wants it
	shelves map[shelfKey]id.Category
	codes   map[string]bool // of all categories
	last    int64           // the highest number that a product has
	done    Imported
}

// shelfKey names a category by where it stands and its folded name.
type shelfKey struct {
	parent id.Category
	name   string
}

func (i *importing) find(ctx context.Context, given []pricing.PriceList) error {
	var lists []pricing.PriceList
	var shelves []view.Category
	i.tx.Prices.WantLists(&lists)
	i.tx.Views.WantCategories(&shelves)
	i.tx.Catalogue.WantLastNumber(&i.last)
	if err := i.tx.Fetch(ctx); err != nil {
		return err
	}
	for _, l := range lists {
		i.lists[l.Name] = l
	}
	for _, l := range given {
		if _, known := i.lists[l.Name]; known {
			continue
		}
		l.ID = id.NewPriceList(i.tx.Now)
		if err := l.Check(); err != nil {
			return err
		}
		i.lists[l.Name], i.fresh[l.Name] = l, false
	}
	for _, s := range shelves {
		i.shelves[shelfKey{s.Parent, catalogue.Fold(s.Name)}], i.codes[s.Code] = s.ID, true
	}
	return nil
}

// check goes through all rows and tells what is wrong with any of them.
func (i *importing) check(ctx context.Context, rows iter.Seq[Row]) error {
	var in fault.Input
	n := 0
	lines := map[string]int{} // folded article numbers, and where they stand
	successors := map[string]int{}
	for r := range rows {
		add := func(field string, err error) {
			if in.Take(fmt.Sprintf("rows.%d%s", r.Line, field), err) {
				n++
			}
		}
		key := catalogue.Fold(r.Product.SKU)
		if first, twice := lines[key]; twice && r.Fault == nil {
			add(".sku", cataloguedb.ErrSKU.With("this article number stands in line %d already", first))
		}
		if key != "" {
			lines[key] = r.Line
		}
		if r.Successor != "" {
			successors[catalogue.Fold(r.Successor)] = r.Line
		}
		switch {
		case r.Fault == nil:
			add("", r.Product.Check())
		case r.Category == nil: // nothing of it could be read
			add("", r.Fault)
		default:
			add("", fault.Both(r.Fault, r.Product.Check()))
		}
		if r.Fault == nil || r.Category != nil {
			add(".category", checkCategory(r.Category))
		}
		if r.Fault == nil { // a price that could not be read is not there to be looked at
			for k, err := range i.checkPrices(r.Prices) {
				if in.Take(fmt.Sprintf("rows.%d", cmp.Or(r.Prices[k].Line, r.Line)), err) {
					n++
				}
			}
		}
		if n >= importFaults {
			return in.Err()
		}
	}
	var missing []string
	for key := range successors {
		if _, here := lines[key]; !here {
			missing = append(missing, key)
		}
	}
	known, err := i.known(ctx, missing)
	if err != nil {
		return err
	}
	for _, key := range missing {
		if _, ok := known[key]; !ok {
			in.Take(fmt.Sprintf("rows.%d.successor", successors[key]), ErrSuccessor)
		}
	}
	return in.Err()
}

// ofRow is a fault of a row, as the whole import tells it.
func ofRow(line int, err error) error {
	var in fault.Input
	in.Take(fmt.Sprintf("rows.%d", line), err)
	return in.Err()
}

func checkCategory(names []string) error {
	if len(names) == 0 || len(names) > categoryLevels {
		return ErrCategory
	}
	for _, name := range names {
		if len(catalogue.Words(name)) == 0 || len(name) > 200 {
			return ErrCategory.With("%q is no name of a category", name)
		}
	}
	return nil
}

// checkPrices is what is wrong with each price, field by field, nil where nothing is.
func (i *importing) checkPrices(prices []RowPrice) []error {
	faults := make([]error, len(prices))
	type tier struct {
		list string
		min  quantity.Quantity
	}
	seen := map[tier]bool{}
	for k, p := range prices {
		l, known := i.lists[p.List]
		switch {
		case k >= importPrices:
			faults[k] = of("rate", ErrPrice.With("a product has at most %d prices", importPrices))
		case !known:
			faults[k] = of("list", ErrPrice.With("there is no price list %q", p.List))
		case seen[tier{p.List, p.Min}]:
			faults[k] = of("min", ErrPrice.With("the list %s has two prices from this quantity on", p.List))
		default:
			faults[k] = pricing.Entry{List: l, Level: pricing.Base, Min: p.Min, Rate: p.Rate}.Check()
		}
		seen[tier{p.List, p.Min}] = true
		if _, fresh := i.fresh[p.List]; fresh {
			i.fresh[p.List] = true
		}
	}
	return faults
}

// of is a fault of one field.
func of(field string, err error) error {
	var in fault.Input
	in.Take(field, err)
	return in.Err()
}

// known reads the products of these folded article numbers.
func (i *importing) known(ctx context.Context, keys []string) (map[string]cataloguedb.Numbered, error) {
	found := map[string]cataloguedb.Numbered{}
	for len(keys) > 0 {
		n := min(len(keys), importChunk)
		var some []cataloguedb.Numbered
		i.tx.Catalogue.WantNumbered(&some, keys[:n])
		if err := i.tx.Fetch(ctx); err != nil {
			return nil, err
		}
		for _, p := range some {
			found[catalogue.Fold(p.SKU)] = p
		}
		keys = keys[n:]
	}
	return found, nil
}

// write goes through all rows once more and keeps them, a chunk at a time.
func (i *importing) write(ctx context.Context, rows iter.Seq[Row]) error {
	for name, wanted := range i.fresh {
		if wanted {
			i.tx.Prices.SetList(i.lists[name])
		}
	}
	type replaced struct{ sku, by string }
	var successors []replaced
	chunk := make([]Row, 0, importChunk)
	for r := range rows {
		if r.Successor != "" {
			successors = append(successors, replaced{r.Product.SKU, r.Successor})
		}
		if chunk = append(chunk, r); len(chunk) == importChunk {
			if err := i.keep(ctx, chunk); err != nil {
				return err
			}
			chunk = chunk[:0]
		}
	}
	if err := i.keep(ctx, chunk); err != nil {
		return err
	}
	for _, s := range successors { // only now is each there that another one names
		i.tx.Catalogue.SetSuccessor(s.sku, s.by)
	}
	i.tx.Catalogue.SetCounts()
	return i.tx.Fetch(ctx)
}

// keep keeps a chunk of rows: the products that are new or differ, and all prices.
func (i *importing) keep(ctx context.Context, rows []Row) error {
	keys := make([]string, len(rows))
	for k, r := range rows {
		keys[k] = catalogue.Fold(r.Product.SKU)
	}
	known, err := i.known(ctx, keys)
	if err != nil {
		return err
	}
	var products []cataloguedb.Numbered
	var changed []id.Product
	var prices []pricingdb.Price
	reset := map[id.PriceList][]id.Product{}
	for k, r := range rows {
		p := cataloguedb.Numbered{Product: r.Product.Spelt()} // as the tables have it, so that the same file changes nothing
		p.Category = i.shelf(r.Category)
		old, there := known[keys[k]]
		if there {
			p.ID, p.Number = old.ID, old.Number
			if r.Kept != nil {
				p.Product = r.Kept(p.Product, old.Product)
				if err := ofRow(r.Line, p.Check()); err != nil { // what it says may not go with what stays
					return err
				}
			}
		} else {
			i.last++
			p.ID, p.Number = id.NewProduct(i.tx.Now), i.last
		}
		if r.Successor != "" {
			p.Successor = old.Successor // until the products that it may be are all there
		}
		switch {
		case !there:
			i.done.Made++
			products = append(products, p)
		case p.Product != old.Product:
			i.done.Changed++
			products, changed = append(products, p), append(changed, p.ID)
		default:
			i.done.Same++
		}
		for _, price := range r.Prices {
			list := i.lists[price.List].ID
			if there {
				reset[list] = append(reset[list], p.ID)
			}
			prices = append(prices, pricingdb.Price{List: list, Product: p.ID, Min: price.Min, Rate: price.Rate})
		}
	}
	i.tx.Catalogue.SetProducts(products, changed)
	for list, of := range reset {
		i.tx.Prices.DeletePrices(list, of)
	}
	for n := 0; n < len(prices); n += 2000 {
		i.tx.Prices.SetPrices(prices[n:min(n+2000, len(prices))])
	}
	i.done.Prices += len(prices)
	return nil
}

// shelf finds a category by its names and those above it, and makes what is missing.
func (i *importing) shelf(names []string) (key id.Category) {
	code := ""
	for _, name := range names {
		code = strings.TrimPrefix(code+"/"+strings.Join(catalogue.Words(name), "-"), "/")
		at := shelfKey{key, catalogue.Fold(name)}
		if there, ok := i.shelves[at]; ok {
			key = there
			continue
		}
		for n, wanted := 2, code; i.codes[code]; n++ {
			code = fmt.Sprintf("%s-%d", wanted, n)
		}
		fresh := catalogue.Category{ID: id.NewCategory(i.tx.Now), Parent: key, Code: code, Name: strings.TrimSpace(name)}
		i.tx.Catalogue.SetCategory(fresh, len(i.shelves))
		i.shelves[at], i.codes[code], key = fresh.ID, true, fresh.ID
		i.done.Categories++
	}
	return key
}
