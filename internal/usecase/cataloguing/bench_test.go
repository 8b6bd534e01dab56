package cataloguing_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/catalogue"
	"kontor/internal/storetest"
	"kontor/internal/usecase/cataloguing"
)

// many are n products on some 400 shelves, of 50 suppliers, with three tiers each; the same every time.
func many(n int) iter.Seq[cataloguing.Row] {
	return func(yield func(cataloguing.Row) bool) {
		r := rand.New(rand.NewPCG(1, 2))
		kinds := []string{"screw", "bolt", "nut", "washer", "rivet", "hinge", "bracket", "cable", "valve", "hose"}
		looks := []string{"steel", "brass", "zinc", "nylon", "black", "long", "short", "heavy", "light", "fine"}
		for i := range n {
			kind := kinds[r.IntN(len(kinds))]
			p := catalogue.Product{SKU: fmt.Sprintf("B-%07d", i), Name: fmt.Sprintf("%s %s %s %d", looks[r.IntN(10)], kind, looks[r.IntN(10)], r.IntN(100_000)),
				Description: "A " + kind + " for all kinds of work, tested and packed with care", Unit: "pcs", Supplier: fmt.Sprintf("Supplier %02d", r.IntN(50)),
				Minimum: quantity.One, Step: quantity.One, Status: catalogue.Active}
			price := int64(r.IntN(1_000_000) + 100)
			row := cataloguing.Row{Line: i + 2, Product: p, Category: []string{"Parts", kind, fmt.Sprintf("%s type %d", kind, r.IntN(40))},
				Prices: []cataloguing.RowPrice{{List: "Base", Rate: eur(price)}, {List: "Base", Min: quantity.Of(10), Rate: eur(price * 9 / 10)}, {List: "Base", Min: quantity.Of(100), Rate: eur(price * 8 / 10)}}}
			if !yield(row) {
				return
			}
		}
	}
}

// engines runs a benchmark on both engines, with so many products.
func engines(b *testing.B, products int, run func(b *testing.B, w *cast.World, s *cataloguing.Service)) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Database} {
		b.Run(name, func(b *testing.B) {
			db := storetest.Open(b, address(b), nil)
			w := cast.Acme(b, db)
			s := cataloguing.New(db)
			if _, err := s.Import(ctx, seller, many(products)); err != nil {
				b.Fatal(err)
			}
			run(b, w, s)
		})
	}
}

func BenchmarkImport50000(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Database} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				db := storetest.Open(b, address(b), nil)
				cast.Acme(b, db)
				b.StartTimer()
				if _, err := cataloguing.New(db).Import(ctx, seller, many(50_000)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkList(b *testing.B) {
	engines(b, 100_000, func(b *testing.B, w *cast.World, s *cataloguing.Service) {
		shelves, err := s.Categories(ctx, w.Ann)
		if err != nil {
			b.Fatal(err)
		}
		named := map[string]id.Category{}
		for _, c := range shelves {
			named[c.Name] = c.ID
		}
		for _, c := range []struct {
			name string
			in   cataloguing.SearchInput
		}{
			{"first", cataloguing.SearchInput{}},
			{"category", cataloguing.SearchInput{Category: named["screw"]}},
			{"shelf", cataloguing.SearchInput{Category: named["screw type 7"]}},
			{"supplier", cataloguing.SearchInput{Supplier: "Supplier 07"}},
			{"supplierOnShelf", cataloguing.SearchInput{Supplier: "Supplier 07", Category: named["screw"]}},
			{"narrow", cataloguing.SearchInput{Text: "777"}},
			{"twoWords", cataloguing.SearchInput{Text: "brass screw fine"}},
			{"broad", cataloguing.SearchInput{Text: "screw"}},
			{"broadest", cataloguing.SearchInput{Text: "a"}},
			{"sku", cataloguing.SearchInput{Text: "B-0004711"}},
			{"facets", cataloguing.SearchInput{Category: named["screw"], Facets: true}},
			{"allFacets", cataloguing.SearchInput{Facets: true}},
		} {
			b.Run(c.name, func(b *testing.B) {
				before, n := w.DB.Engine().Trips(), 0
				for b.Loop() {
					r, err := s.Search(ctx, w.Ann, c.in, page.Ask{Limit: 20})
					if err != nil || len(r.Rows) == 0 {
						b.Fatal(len(r.Rows), err)
					}
					n++
				}
				b.ReportMetric(float64(w.DB.Engine().Trips()-before)/float64(n), "trips/op")
			})
		}
	})
}
