package cataloguing

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// Sort is what a list of products is sorted by. There is no sorting by price: a price is found for each buyer, and is
// no column of a table.
type Sort string

// The sorts.
const (
	ByName Sort = ""
	BySKU  Sort = "sku"
)

// SearchInput says which products are looked for. What is empty does not narrow.
type SearchInput struct {
	Text     string      // words that all occur, their beginnings being enough; an article number or GTIN comes first
	Category id.Category // and all below it
	Supplier string
	Sort     Sort
	Facets   bool // tell also how many there are, and to what the list can be narrowed
}

// Results are a page of products, each at the buyer's price.
type Results struct {
	page.List[Offer]
	Trail      []view.Category // the category looked in and those above it, the highest first
	Found      page.Count      // how many there are; they are counted with the facets, and not where these tell of some alone
	Partly     bool            // more than are counted have been found: the facets tell of some of them
	Categories []view.Facet    // next below the one looked in
	Suppliers  []view.Facet    // those with the most products first
	breadth    int64
	Instead    string // what was meant, where no product is called as the text has it; empty: nobody knows
}

// Search lists products that may be seen, by name or article number. However many there are it takes two looks at the
// database, a third where a text finds thousands, and two more where it finds nothing and may be misspelt.
func (s *Service) Search(ctx context.Context, actor access.Actor, in SearchInput, ask page.Ask) (r Results, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.RequireSomewhere(access.CatalogView); err != nil {
			return err
		}
		after, err := page.Behind(ask, page.ParseNumber)
		if err != nil {
			return err
		}
		// find
		r = Results{Found: page.Uncounted()}
		var buyer company.Company
		tx.Companies.Want(&buyer, actor.Company)
		rows, err := r.find(ctx, tx, in, after, ask.Size())
		if err != nil {
			return err
		}
		cut := page.Cut(rows, ask, func(g view.Listed) []string { return []string{g.Key, page.Number(g.Number)} })
		r.Next = cut.Next
		var base, own []pricing.Entry
		if len(cut.Rows) > 0 && seesPrices(actor) {
			keys := make([]id.Product, len(cut.Rows))
			for i, g := range cut.Rows {
				keys[i] = g.ID
			}
			tx.Prices.WantEntries(&base, &own, actor.Company, keys)
			if err := tx.Fetch(ctx); err != nil {
				return err
			}
		}
		if len(rows) == 0 && r.breadth == 0 && len(after) == 0 {
			if r.Instead, err = instead(ctx, tx, in.Text); err != nil {
				return err
			}
		}
		// decide
		entries := byProduct(base, own)
		r.Rows = make([]Offer, len(cut.Rows))
		for i, g := range cut.Rows {
			r.Rows[i] = Offer{Good: g.Good}
			if seesPrices(actor) {
				r.Rows[i] = offer(g.Good, entries[g.ID], pricing.Ask{At: tx.Now, Currency: buyer.Currency})
			}
		}
		return nil
	})
	return r, err
}

// find takes one look for what a list needs but its prices; two, where a text finds so much that the list is gone along.
func (r *Results) find(ctx context.Context, tx *store.Tx, in SearchInput, after []any, size int) ([]view.Listed, error) {
	shelf := viewdb.Shelf{Text: in.Text, Category: in.Category, Supplier: in.Supplier, BySKU: in.Sort == BySKU}
	var rows, exact []view.Listed
	var breadth, found int64
	most := size + 1
	if in.Text == "" {
		tx.Views.WantListed(&rows, shelf, after, most)
	} else {
		most += viewdb.ExactMost
		tx.Views.WantBreadth(&breadth, in.Text)
		tx.Views.WantExact(&exact, shelf)
		tx.Views.WantNarrow(&rows, shelf, after, most)
	}
	if !in.Category.IsZero() {
		tx.Views.WantTrail(&r.Trail, in.Category)
	}
	if in.Facets {
		tx.Views.WantCategoryFacets(&r.Categories, shelf)
		tx.Views.WantSupplierFacets(&r.Suppliers, shelf)
		if in.Text != "" {
			tx.Views.WantFound(&found, shelf)
		}
	}
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	if !in.Category.IsZero() && len(r.Trail) == 0 {
		return nil, cataloguedb.ErrCategoryUnseen
	}
	r.Partly, r.breadth = breadth > viewdb.NarrowMost, breadth
	if in.Facets {
		r.count(in, found)
	}
	if r.Partly {
		tx.Views.WantListed(&rows, shelf, after, most)
		if err := tx.Fetch(ctx); err != nil {
			return nil, err
		}
	}
	return foremost(exact, rows, after), nil
}

// count says how many products there are, where the facets tell it.
func (r *Results) count(in SearchInput, found int64) {
	switch {
	case r.Partly:
	case in.Text != "":
		r.Found = page.Count{N: found}
	case in.Supplier != "":
		for _, f := range r.Suppliers {
			if f.Name == in.Supplier {
				r.Found = page.Count{N: f.Count}
			}
		}
	case len(r.Trail) > 0:
		r.Found = page.Count{N: r.Trail[len(r.Trail)-1].Products}
	default:
		r.Found = page.Count{}
		for _, f := range r.Categories {
			r.Found.N += f.Count
		}
	}
}

// foremost puts what is exactly what was looked for before all others, as far as the list is not behind it.
func foremost(exact, rows []view.Listed, after []any) []view.Listed {
	if len(exact) == 0 {
		return rows
	}
	var all []view.Listed
	first := map[id.Product]bool{}
	for _, g := range exact {
		first[g.ID] = true
		if len(after) == 0 || after[0] == "" && after[1].(int64) < g.Number {
			all = append(all, g)
		}
	}
	for _, g := range rows {
		if !first[g.ID] {
			all = append(all, g)
		}
	}
	return all
}

// Categories lists all categories that have products, each behind the one it stands in, in the order in which they are
// shown.
func (s *Service) Categories(ctx context.Context, actor access.Actor) (all []view.Category, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CatalogView); err != nil {
			return err
		}
		var flat []view.Category
		tx.Views.WantCategories(&flat)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		below := map[id.Category][]view.Category{}
		for _, c := range flat {
			if c.Products > 0 {
				below[c.Parent] = append(below[c.Parent], c)
			}
		}
		all = nil
		var walk func(id.Category)
		walk = func(parent id.Category) {
			for _, c := range below[parent] {
				all = append(all, c)
				walk(c.ID)
			}
		}
		walk(id.Category{})
		return nil
	})
	return all, err
}
