package cataloguing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/storetest"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/view"
)

var (
	ctx    = context.Background()
	seller = access.System(id.Company{})
)

// row is a line of a file: a bicycle part of 10.00 EUR.
func row(line int, sku, name string, category ...string) cataloguing.Row {
	return cataloguing.Row{Line: line, Category: category,
		Product: catalogue.Product{SKU: sku, Name: name, Unit: "pcs", Minimum: quantity.One, Step: quantity.One, Status: catalogue.Active},
		Prices:  []cataloguing.RowPrice{{List: "Base", Rate: eur(10_0000)}}}
}

func eur(e4 int64) money.Rate { return money.Rate{E4: e4, Currency: "EUR"} }

// parts are forty-odd parts on five shelves.
func parts() []cataloguing.Row {
	var rows []cataloguing.Row
	add := func(r cataloguing.Row) { r.Line = len(rows) + 2; rows = append(rows, r) }
	for i := range 20 {
		add(row(0, fmt.Sprintf("CH-%02d", i), fmt.Sprintf("Chain %02d", 19-i), "Bicycles", "Drive"))
	}
	for i := range 20 {
		r := row(0, fmt.Sprintf("TY-%02d", i), fmt.Sprintf("Tyre %02d", i), "Bicycles", "Wheels", "Tyres")
		r.Product.Supplier = []string{"Rubber & Co", "Wheelwright"}[i%2]
		add(r)
	}
	tiers := row(0, "BOLT-1", "Bolt", "Hardware parts")
	tiers.Product.Minimum, tiers.Product.Step = quantity.Of(100), quantity.Of(100)
	tiers.Product.GTIN = "4006381333931"
	tiers.Prices = []cataloguing.RowPrice{{List: "Base", Rate: eur(500)}, {List: "Base", Min: quantity.Of(1000), Rate: eur(400)}, {List: "Base", Min: quantity.Of(5000), Rate: eur(300)}}
	add(tiers)
	old := row(0, "OLD-1", "Öldruck-Prüfgerät", "Hardware parts")
	old.Product.Status, old.Successor = catalogue.Obsolete, "bolt-1"
	add(old)
	gone := row(0, "GONE-1", "Bolt that is blocked", "Hardware parts")
	gone.Product.Status = catalogue.Blocked
	add(gone)
	return rows
}

func load(t testing.TB, db *store.DB, rows []cataloguing.Row) cataloguing.Imported {
	t.Helper()
	done, err := cataloguing.New(db).Import(ctx, seller, slices.Values(rows))
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// each runs a test in a world with parts.
func each(t *testing.T, test func(t *testing.T, w *cast.World, s *cataloguing.Service)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := cast.Acme(t, db)
		load(t, db, parts())
		test(t, w, cataloguing.New(db))
	})
}

func skus(offers []cataloguing.Offer) string {
	var all []string
	for _, o := range offers {
		all = append(all, o.SKU)
	}
	return strings.Join(all, " ")
}

// all goes through every page of a list.
func all(t *testing.T, s *cataloguing.Service, actor access.Actor, in cataloguing.SearchInput, limit int) (offers []cataloguing.Offer, pages int) {
	t.Helper()
	ask := page.Ask{Limit: limit}
	for pages = 1; ; pages++ {
		r, err := s.Search(ctx, actor, in, ask)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Rows) > limit {
			t.Fatalf("%d rows on a page of %d", len(r.Rows), limit)
		}
		offers = append(offers, r.Rows...)
		if r.Next == "" {
			return offers, pages
		}
		if ask, err = page.Parse(r.Next, 2, limit); err != nil {
			t.Fatal(err)
		}
	}
}

func shelf(t *testing.T, s *cataloguing.Service, actor access.Actor, name string) view.Category {
	t.Helper()
	shelves, err := s.Categories(ctx, actor)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range shelves {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no category %s in %v", name, shelves)
	return view.Category{}
}

func TestWhatIsMisspeltIsPutRight(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		for _, c := range []struct{ text, instead string }{
			{"chian", "chain"}, {"Chainn", "chain"}, {"tyer", "tyre"}, {"yre", ""}, {"blot", "bolt"}, {"oldruck prufgerat", ""}, {"Öldurck-Prüfgerät", "oldruck prufgerat"},
			{"chain", ""}, {"chai", ""}, {"chain tyre", ""}, {"chian 07", "chain 07"}, {"chian 99", ""}, {"CH-0x", ""}, {"CH-99", ""}, {"whelwright tyer", "wheelwright tyre"}, {"xylophone", ""},
			{"", ""}, {"%", ""}, {"'; drop table product_word; --", ""}, {strings.Repeat("chian ", 200), "chain"},
		} {
			r, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{Text: c.text}, page.Ask{})
			if err != nil || r.Instead != c.instead {
				t.Errorf("%.40q: %q, %v; want %q", c.text, r.Instead, err, c.instead)
			}
			if c.instead == "" {
				continue
			}
			if again, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{Text: r.Instead}, page.Ask{}); err != nil || len(again.Rows) == 0 || len(r.Rows) != 0 {
				t.Errorf("%q finds %d instead of %d, %v", r.Instead, len(again.Rows), len(r.Rows), err)
			}
		}
		// a word that came with a file is known, one whose products are blocked is not proposed
		load(t, w.DB, []cataloguing.Row{row(2, "NEW-1", "Grindstone", "Hardware parts")})
		if r, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{Text: "grindstnoe"}, page.Ask{}); err != nil || r.Instead != "grindstone" {
			t.Errorf("%q, %v", r.Instead, err)
		}
		if r, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{Text: "blockde"}, page.Ask{}); err != nil || r.Instead != "" {
			t.Errorf("what is blocked is proposed: %q, %v", r.Instead, err)
		}
	})
}

func TestAListIsNarrowedSortedAndPaged(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		bicycles, tyres := shelf(t, s, w.Ann, "Bicycles").ID, shelf(t, s, w.Ann, "Tyres").ID
		for _, c := range []struct {
			sentence string
			in       cataloguing.SearchInput
			n        int
			starts   string
		}{
			{"everything but what is blocked, by name", cataloguing.SearchInput{}, 46, "BOLT-1 CAST-CABLE CH-19 CH-18"},
			{"by article number", cataloguing.SearchInput{Sort: cataloguing.BySKU}, 46, "BOLT-1 CAST-CABLE CAST-GLOVE CAST-LAPTOP"},
			{"a category has what is below it", cataloguing.SearchInput{Category: bicycles}, 40, "CH-19 CH-18"},
			{"a category by article number", cataloguing.SearchInput{Category: bicycles, Sort: cataloguing.BySKU}, 40, "CH-00 CH-01"},
			{"a category at the bottom", cataloguing.SearchInput{Category: tyres}, 20, "TY-00 TY-01"},
			{"a supplier", cataloguing.SearchInput{Supplier: "Wheelwright"}, 10, "TY-01 TY-03"},
			{"a supplier in a category", cataloguing.SearchInput{Supplier: "Wheelwright", Category: bicycles}, 10, "TY-01 TY-03"},
			{"a supplier that is not there", cataloguing.SearchInput{Supplier: "Nobody"}, 0, ""},
			{"the beginning of a word", cataloguing.SearchInput{Text: "tyr"}, 20, "TY-00 TY-01"},
			{"a text in a category without it", cataloguing.SearchInput{Text: "chain", Category: tyres}, 0, ""},
			{"a text in a category with it", cataloguing.SearchInput{Text: "chain", Category: bicycles}, 20, "CH-19"},
			{"two words must both be there", cataloguing.SearchInput{Text: "chain 07"}, 2, "CH-12 CH-07"},
			{"a text of a supplier", cataloguing.SearchInput{Text: "tyre", Supplier: "Rubber & Co"}, 10, "TY-00 TY-02"},
			{"a short word that is not the last must be whole", cataloguing.SearchInput{Text: "c 07"}, 0, ""},
			{"and is found when it is", cataloguing.SearchInput{Text: "ch 07"}, 2, "CH-12 CH-07"},
			{"words of the supplier are found", cataloguing.SearchInput{Text: "rubber"}, 10, "TY-00 TY-02"},
			{"accents and case do not count", cataloguing.SearchInput{Text: "PRÜFGERÄT"}, 1, "OLD-1"},
			{"not even when they are left out", cataloguing.SearchInput{Text: "prufgerat"}, 1, "OLD-1"},
			{"a GTIN", cataloguing.SearchInput{Text: "4006381333931"}, 1, "BOLT-1"},
			{"what is blocked is not found", cataloguing.SearchInput{Text: "gone-1"}, 0, ""},
			{"a text of no word", cataloguing.SearchInput{Text: "%&!"}, 0, ""},
			{"signs that mean something to a search engine", cataloguing.SearchInput{Text: `"tyre" OR (NEAR *`}, 0, ""},
		} {
			t.Run(c.sentence, func(t *testing.T) {
				for _, limit := range []int{1, 7, 200} {
					offers, pages := all(t, s, w.Ann, c.in, limit)
					got := skus(offers)
					if len(offers) != c.n || !strings.HasPrefix(got, c.starts) {
						t.Errorf("by %d: %d rows: %s", limit, len(offers), got)
					}
					if want := max(1, (c.n+limit-1)/limit); pages != want {
						t.Errorf("by %d: %d pages, not %d", limit, pages, want)
					}
					seen := map[id.Product]bool{}
					for _, o := range offers {
						if seen[o.ID] {
							t.Errorf("by %d: %s is there twice", limit, o.SKU)
						}
						seen[o.ID] = true
					}
				}
			})
		}
	})
}

func TestWhatIsExactlyLookedForComesFirst(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		load(t, w.DB, []cataloguing.Row{row(2, "bolt", "Zebra", "Hardware parts"), row(3, "ZZ", "A bolt like no other", "Hardware parts")})
		for _, limit := range []int{1, 2, 50} {
			offers, _ := all(t, s, w.Ann, cataloguing.SearchInput{Text: " BOLT "}, limit)
			if got := skus(offers); got != "bolt ZZ BOLT-1" {
				t.Errorf("by %d: %s", limit, got)
			}
		}
	})
}

// Also where several are just that, one by its article number and one by its GTIN, and a page is too small for both.
func TestSeveralMayComeFirst(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		load(t, w.DB, []cataloguing.Row{row(2, "4006381333931", "Zebra", "Hardware parts"), row(3, "ZZ", "Not 4006381333931 itself", "Hardware parts")})
		for _, limit := range []int{1, 2, 50} {
			offers, _ := all(t, s, w.Ann, cataloguing.SearchInput{Text: "4006381333931"}, limit)
			if got := skus(offers); got != "BOLT-1 4006381333931 ZZ" {
				t.Errorf("by %d: %s", limit, got)
			}
		}
	})
}

// A text that finds more than can be sorted is looked for along the list; the answer is the same.
func TestABroadTextFindsTheSame(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := cast.Acme(t, db)
		s := cataloguing.New(db)
		var rows []cataloguing.Row
		for i := range 2300 {
			r := row(i+2, fmt.Sprintf("W-%04d", i), fmt.Sprintf("Washer %04d", 2299-i), "Washers", []string{"Flat", "Spring"}[i%2])
			r.Product.Supplier = []string{"One", "Two", "Three"}[i%3]
			rows = append(rows, r)
		}
		rows = append(rows, row(3000, "washer", "Zinc spray", "Sprays"))
		load(t, db, rows)
		spring := shelf(t, s, w.Ann, "Spring").ID
		for _, c := range []struct {
			in    cataloguing.SearchInput
			n     int
			first string
		}{
			{cataloguing.SearchInput{Text: "washer"}, 2301, "washer W-2299 W-2298"},
			{cataloguing.SearchInput{Text: "washer", Sort: cataloguing.BySKU}, 2301, "washer W-0000 W-0001"},
			{cataloguing.SearchInput{Text: "wash", Category: spring}, 1150, "W-2299 W-2297"},
			{cataloguing.SearchInput{Text: "wash", Supplier: "Two"}, 767, "W-2299 W-2296"},
			{cataloguing.SearchInput{Text: "wash", Supplier: "Two", Category: spring}, 384, "W-2299 W-2293"},
		} {
			offers, _ := all(t, s, w.Ann, c.in, 200)
			if got := skus(offers); len(offers) != c.n || !strings.HasPrefix(got, c.first) {
				t.Errorf("%+v: %d, %.60s", c.in, len(offers), got)
			}
		}
		r, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{Text: "washer", Facets: true}, page.Ask{})
		if err != nil || !r.Partly || r.Found != page.Uncounted() {
			t.Errorf("partly %v, found %+v, %v", r.Partly, r.Found, err)
		}
	})
}

func TestFacetsTellHowMany(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		bicycles := shelf(t, s, w.Ann, "Bicycles").ID
		for _, c := range []struct {
			sentence   string
			in         cataloguing.SearchInput
			found      int64
			categories string
			suppliers  string
		}{
			{"of all", cataloguing.SearchInput{}, 46, "Bicycles 40, Hardware 4, Hardware parts 2", "Rubber & Co 10, Wheelwright 10"},
			{"of a category", cataloguing.SearchInput{Category: bicycles}, 40, "Drive 20, Wheels 20", "Rubber & Co 10, Wheelwright 10"},
			{"of a supplier", cataloguing.SearchInput{Supplier: "Wheelwright"}, 10, "Bicycles 10", "Rubber & Co 10, Wheelwright 10"},
			{"of a supplier in a category", cataloguing.SearchInput{Supplier: "Wheelwright", Category: bicycles}, 10, "Wheels 10", "Rubber & Co 10, Wheelwright 10"},
			{"of a text", cataloguing.SearchInput{Text: "tyre"}, 20, "Bicycles 20", "Rubber & Co 10, Wheelwright 10"},
			{"of a text of a supplier", cataloguing.SearchInput{Text: "tyre", Supplier: "Wheelwright"}, 10, "Bicycles 10", "Rubber & Co 10, Wheelwright 10"},
			{"of a text in a category", cataloguing.SearchInput{Text: "tyre", Category: bicycles}, 20, "Wheels 20", "Rubber & Co 10, Wheelwright 10"},
		} {
			c.in.Facets = true
			r, err := s.Search(ctx, w.Ann, c.in, page.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			said := func(all []view.Facet) string {
				var words []string
				for _, f := range all {
					words = append(words, fmt.Sprintf("%s %d", f.Name, f.Count))
				}
				return strings.Join(words, ", ")
			}
			if r.Found != (page.Count{N: c.found}) || said(r.Categories) != c.categories || said(r.Suppliers) != c.suppliers {
				t.Errorf("%s: %+v found; %s; %s", c.sentence, r.Found, said(r.Categories), said(r.Suppliers))
			}
		}
	})
}

func TestPricesAreTheBuyersOwn(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		bolt, err := s.FindBySKU(ctx, w.Ann, " Bolt-1")
		if err != nil {
			t.Fatal(err)
		}
		prices := pricesetting.New(w.DB)
		now := w.DB.Times()
		for reference, until := range map[string]time.Time{"FC-17": {}, "FC-2": now.Add(-time.Hour)} {
			rate := eur(350)
			if reference == "FC-2" {
				rate = eur(1)
			}
			if err := prices.SetContracts(ctx, seller, pricesetting.SetContractsInput{Company: w.Acme, Reference: reference, From: now.Add(-48 * time.Hour), Until: until,
				Prices: []pricesetting.ProductPrice{{Product: bolt, Rate: rate}}}); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			sentence string
			actor    access.Actor
			q        quantity.Quantity
			rate     string
			why      string
			ladder   string
		}{
			{"Acme has a contract", w.Ann, 0, "0.035", "contract price from “FC-17”; by agreement FC-17", "100 at 0.035"},
			{"a contract beats the tiers", w.Ann, quantity.Of(5000), "0.035", "contract price from “FC-17”; by agreement FC-17", "100 at 0.035"},
			{"Globex has not, and sees none of it", w.Eve, 0, "0.05", "base price from “Base”", "100 at 0.05, 1000 at 0.04, 5000 at 0.03"},
			{"a tier is reached", w.Eve, quantity.Of(1000), "0.04", "base price from “Base”; from a quantity of 1,000 on", "100 at 0.05, 1000 at 0.04, 5000 at 0.03"},
			{"a quantity between two steps is that of the next", w.Eve, quantity.Of(950), "0.04", "base price from “Base”; from a quantity of 1,000 on", "100 at 0.05, 1000 at 0.04, 5000 at 0.03"},
		} {
			t.Run(c.sentence, func(t *testing.T) {
				sheet, err := s.Product(ctx, c.actor, bolt, c.q)
				if err != nil {
					t.Fatal(err)
				}
				var rungs []string
				for _, r := range sheet.Ladder {
					rungs = append(rungs, r.Min.String()+" at "+r.Rate.Amount())
				}
				if got := strings.Join(rungs, ", "); sheet.Price == nil || sheet.Price.Rate.Amount() != c.rate || said(sheet.Price.Why) != c.why || got != c.ladder {
					t.Errorf("%+v; %s", sheet.Price, got)
				}
				for _, l := range sheet.Looked {
					if c.actor.Company != w.Acme && l.Level == pricing.Contract {
						t.Errorf("another company's contract %s is seen", l.Name)
					}
				}
				if c.actor.Company == w.Acme {
					verdicts := map[string]string{}
					for _, l := range sheet.Looked {
						verdicts[l.Name] += l.Reason.String() + "."
					}
					if sheet.Looked[0].Name != "FC-17" || !sheet.Looked[0].Chosen || verdicts["FC-2"] != "not valid at this time." || !strings.Contains(verdicts["Base"], "a list nearer to you has a price") {
						t.Errorf("looked at %v", verdicts)
					}
				}
				r, err := s.Search(ctx, c.actor, cataloguing.SearchInput{Text: "bolt-1"}, page.Ask{})
				if err != nil || len(r.Rows) != 1 || c.q == 0 && r.Rows[0].Price.Rate != sheet.Price.Rate {
					t.Errorf("in the list: %+v, %v", r.Rows, err)
				}
			})
		}
		r, err := s.Search(ctx, w.Eve, cataloguing.SearchInput{Text: "bolt-1"}, page.Ask{})
		if err != nil || r.Rows[0].Price.Next != (pricing.Tier{Min: quantity.Of(1000), Rate: eur(400)}) || r.Rows[0].Price.Quantity != quantity.Of(100) {
			t.Errorf("the next tier: %+v, %v", r.Rows[0].Price, err)
		}
	})
}

func said(phrases []locale.Phrase) string {
	var all []string
	for _, p := range phrases {
		all = append(all, p.String())
	}
	return strings.Join(all, "; ")
}

func TestWhoMaySeeWhat(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		bolt, err := s.FindBySKU(ctx, w.Ann, "BOLT-1")
		if err != nil {
			t.Fatal(err)
		}
		looks := w.Ann.Holding([]access.Grant{{Set: access.SetOf(access.CatalogView)}})
		r, err := s.Search(ctx, looks, cataloguing.SearchInput{Text: "bolt-1"}, page.Ask{})
		if err != nil || len(r.Rows) != 1 || r.Rows[0].Price != nil || r.Rows[0].NoPrice != nil {
			t.Errorf("without prices.view: %+v, %v", r.Rows, err)
		}
		sheet, err := s.Product(ctx, looks, bolt, 0)
		if err != nil || sheet.Price != nil || len(sheet.Ladder)+len(sheet.Looked) != 0 {
			t.Errorf("without prices.view: %+v, %v", sheet, err)
		}
		nobody := w.Cleo.Holding(nil)
		if _, err := s.Search(ctx, nobody, cataloguing.SearchInput{}, page.Ask{}); !errors.Is(err, access.ErrForbidden) {
			t.Error("without catalog.view:", err)
		}
		if _, err := s.Product(ctx, nobody, bolt, 0); !errors.Is(err, access.ErrForbidden) {
			t.Error("without catalog.view:", err)
		}
		if _, err := s.Categories(ctx, nobody); !errors.Is(err, access.ErrForbidden) {
			t.Error("without catalog.view:", err)
		}
		if _, err := s.Import(ctx, w.Dan, slices.Values(parts())); !errors.Is(err, access.ErrUnseen) {
			t.Error("an administrator of a company imports products:", err)
		}
	})
}

func TestAProductSaysWhyItCannotBeOrdered(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		old, err := s.FindBySKU(ctx, w.Ann, "OLD-1")
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := s.Product(ctx, w.Ann, old, 0)
		if err != nil || sheet.Problem == nil || sheet.Successor == nil || sheet.Successor.SKU != "BOLT-1" || len(sheet.Trail) != 1 {
			t.Errorf("%+v, %v", sheet, err)
		}
		for _, missing := range []error{
			func() error { _, err := s.FindBySKU(ctx, w.Ann, "GONE-1"); return err }(),
			func() error { _, err := s.Product(ctx, w.Ann, id.NewProduct(w.DB.Times()), 0); return err }(),
		} {
			if !errors.Is(missing, cataloguedb.ErrUnseen) {
				t.Error("what is blocked or not there is seen:", missing)
			}
		}
		if _, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{Category: id.NewCategory(w.DB.Times())}, page.Ask{}); !errors.Is(err, cataloguedb.ErrCategoryUnseen) {
			t.Error("a category that is not there:", err)
		}
		if _, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{}, page.Ask{After: []string{"x", "no id"}}); !errors.Is(err, page.ErrCursor) {
			t.Error("a cursor that is none of ours:", err)
		}
	})
}

func TestAnImportIsAllOrNothing(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		bad := parts()[:3]
		bad[0].Product.Name = "Another name"
		bad[1].Product.SKU = "ch-00"
		bad[1].Successor = "NOT-THERE"
		bad[2].Product.GTIN = "4006381333930"
		bad[2].Category = nil
		bad[2].Prices = []cataloguing.RowPrice{{List: "Nobody's", Rate: eur(1)}, {List: "Base", Rate: money.Rate{E4: 1, Currency: "USD"}}, {Line: 6, List: "Base", Rate: eur(-1), Min: 1}}
		bad = append(bad, cataloguing.Row{Line: 77, Fault: quantity.ErrMalformed})
		_, err := s.Import(ctx, seller, slices.Values(bad))
		var f *fault.Fault
		if !errors.As(err, &f) {
			t.Fatal(err)
		}
		var fields []string
		for _, x := range f.Fields {
			fields = append(fields, x.Name)
		}
		slices.Sort(fields)
		if got, want := strings.Join(fields, " "), "rows.3.sku rows.3.successor rows.4.category rows.4.gtin rows.4.list rows.4.rate rows.6.rate rows.77"; got != want {
			t.Errorf("faults at %s", got)
		}
		r, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{Text: "another name"}, page.Ask{})
		if err != nil || len(r.Rows) != 0 {
			t.Errorf("a part of it was kept: %v, %v", skus(r.Rows), err)
		}
	})
}

func TestAnImportChangesWhatItKnows(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		if again := load(t, w.DB, parts()); again.Made != 0 || again.Changed != 0 || again.Same != 43 || again.Categories != 0 {
			t.Errorf("the same file again: %+v", again)
		}
		bolt, err := s.FindBySKU(ctx, w.Ann, "BOLT-1")
		if err != nil {
			t.Fatal(err)
		}
		moved := row(2, "Bolt-1", "Anchor bolt", "Fasteners", "Bolts")
		if done := load(t, w.DB, []cataloguing.Row{moved}); done != (cataloguing.Imported{Changed: 1, Categories: 2, Prices: 1}) {
			t.Errorf("%+v", done)
		}
		sheet, err := s.Product(ctx, w.Eve, bolt, 0)
		if err != nil || sheet.Name != "Anchor bolt" || len(sheet.Ladder) != 1 || sheet.Price.Rate != eur(10_0000) || sheet.Trail[1].Name != "Bolts" {
			t.Errorf("%+v, %v", sheet, err)
		}
		for text, n := range map[string]int{"anchor": 1, "4006381333931": 0} {
			if r, err := s.Search(ctx, w.Ann, cataloguing.SearchInput{Text: text}, page.Ask{}); err != nil || len(r.Rows) != n {
				t.Errorf("%s: %s, %v", text, skus(r.Rows), err)
			}
		}
		for name, n := range map[string]int64{"Fasteners": 1, "Bolts": 1, "Hardware parts": 1} {
			if c := shelf(t, s, w.Ann, name); c.Products != n {
				t.Errorf("%s has %d", name, c.Products)
			}
		}
	})
}

func TestWhatHasNoStepIsSoldInWholeUnits(t *testing.T) {
	each(t, func(t *testing.T, w *cast.World, s *cataloguing.Service) {
		said := func(sku string, minimum, step quantity.Quantity) cataloguing.Row {
			r := row(2, sku, sku, "Hardware parts")
			r.Product.Minimum, r.Product.Step = minimum, step
			return r
		}
		rows := []cataloguing.Row{said("PIECE", 0, 0), said("PACK", 6000, 0), said("CABLE", 0, 500), said("GOLD", 0, 1)}
		load(t, w.DB, rows)
		if again := load(t, w.DB, rows); again.Same != len(rows) {
			t.Errorf("the same file again: %+v", again)
		}
		for _, c := range []struct {
			sku                 string
			least, grain, shown quantity.Quantity
			wanted, told        quantity.Quantity
		}{
			{"PIECE", quantity.One, quantity.One, quantity.One, 1500, quantity.Of(2)},
			{"PACK", quantity.Of(6), quantity.One, quantity.Of(6), 6500, quantity.Of(7)},
			{"CABLE", 500, 500, 500, 1400, 1500},
			{"GOLD", 1, 1, quantity.One, 1400, 1400}, // the price of a thousandth tells nobody anything
		} {
			key, err := s.FindBySKU(ctx, w.Ann, c.sku)
			if err != nil {
				t.Fatal(err)
			}
			usual, err := s.Product(ctx, w.Ann, key, 0)
			if err != nil || usual.Least() != c.least || usual.Grain() != c.grain || usual.Price.Quantity != c.shown {
				t.Errorf("%s: from %s in steps of %s, priced for %s, %v", c.sku, usual.Least(), usual.Grain(), usual.Price.Quantity, err)
			}
			if asked, err := s.Product(ctx, w.Ann, key, c.wanted); err != nil || asked.Price.Quantity != c.told {
				t.Errorf("%s of %s: priced for %s, %v", c.wanted, c.sku, asked.Price.Quantity, err)
			}
		}
	})
}
