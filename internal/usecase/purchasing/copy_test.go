package purchasing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/cartdb"
	"kontor/internal/store/orderdb"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

// goods sells more: each of 1.00 EUR, from five on 0.50.
func (w *shop) goods(skus ...string) map[string]id.Product {
	w.t.Helper()
	var rows []cataloguing.Row
	for i, sku := range skus {
		rows = append(rows, cataloguing.Row{Line: i + 2, Category: []string{"Hardware"}, Product: catalogue.Product{SKU: sku, Name: "Part " + sku, Unit: "pcs", Status: catalogue.Active},
			Prices: []cataloguing.RowPrice{{List: "Base", Rate: money.Rate{E4: 1_0000, Currency: "EUR"}}, {List: "Base", Min: quantity.Of(5), Rate: money.Rate{E4: 5000, Currency: "EUR"}}}})
	}
	s := cataloguing.New(w.DB)
	if _, err := s.Import(context.Background(), access.System(id.Company{}), slices.Values(rows)); err != nil {
		w.t.Fatal(err)
	}
	keys := map[string]id.Product{}
	for _, sku := range skus {
		key, err := s.FindBySKU(context.Background(), w.Ann, sku)
		if err != nil {
			w.t.Fatal(err)
		}
		keys[sku] = key
	}
	return keys
}

// alter makes something else of a product.
func (w *shop) alter(key id.Product, change func(tx *store.Tx, p *catalogue.Product)) {
	w.t.Helper()
	ctx := context.Background()
	err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
		p, err := tx.Catalogue.Get(ctx, key)
		change(tx, &p)
		tx.Catalogue.SetProduct(p)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// ordered is an order of Ann's of ten of each.
func (w *shop) ordered(keys ...id.Product) purchasing.Submitted {
	w.t.Helper()
	c := cart.Cart{ID: id.NewCart(w.now), Company: w.Acme, Owner: w.Ann.Member, Name: "X", State: cart.Open, Checkout: cart.Checkout{Payment: purchasing.OnAccount}}
	for _, key := range keys {
		c.Lines = append(c.Lines, cart.Line{ID: id.NewCartLine(w.now), Product: key, Quantity: quantity.Of(10), Note: "as before"})
	}
	w.insert(c)
	done, err := w.s.Submit(context.Background(), w.Ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

// became says what became of every line.
func became(done purchasing.Copied) string {
	var all []string
	for _, l := range done.Lines {
		said := fmt.Sprintf("%d %s %s of %s", l.Position, l.SKU, l.Taken, l.Wanted)
		if !l.AsWanted() {
			said += " " + l.Code
		}
		all = append(all, said)
	}
	return strings.Join(all, ", ")
}

func TestEveryLineThatIsCopiedSaysWhatBecameOfIt(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		keys := w.goods("A", "B", "C", "D", "E", "F", "G")
		done := w.ordered(keys["A"], keys["B"], keys["C"], keys["D"], keys["E"], keys["F"], keys["G"])
		w.alter(keys["B"], func(_ *store.Tx, p *catalogue.Product) { p.Status, p.Successor = catalogue.Obsolete, keys["A"] })
		w.alter(keys["C"], func(_ *store.Tx, p *catalogue.Product) { p.Status = catalogue.Blocked })
		w.alter(keys["D"], func(tx *store.Tx, p *catalogue.Product) { tx.Prices.DeletePrices(w.BasePrices, []id.Product{p.ID}) })
		w.alter(keys["E"], func(_ *store.Tx, p *catalogue.Product) { p.Minimum = quantity.Of(25) })
		w.alter(keys["F"], func(_ *store.Tx, p *catalogue.Product) { p.Step = quantity.Of(4) })
		w.alter(keys["G"], func(_ *store.Tx, p *catalogue.Product) { p.Most = quantity.Of(12) })
		if _, err := w.s.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: keys["G"], Quantity: quantity.Of(5)}, {Product: keys["A"], Quantity: quantity.One}}}); err != nil {
			t.Fatal(err)
		}
		const want = "1 A 10 of 10, 2 B 0 of 10 catalogue.not_sold, 3 C 0 of 10 catalogue.not_sold, 4 D 0 of 10 pricing.none, " +
			"5 E 25 of 10 catalogue.minimum, 6 F 12 of 10 catalogue.step, 7 G 7 of 10 catalogue.most"
		in := purchasing.CopyInput{PurchaseOrder: done.ID, Key: "k"}
		copied, err := w.s.Copy(ctx, w.Ann, in)
		if err != nil || became(copied) != want || copied.From != done.Number {
			t.Fatalf("%s: %s, %v\nwant %s", copied.From, became(copied), err, want)
		}
		if l := copied.Lines[1]; l.Successor != keys["A"] || l.Name != "Part B" || l.Why.String() != "B is no longer made, and has a successor" {
			t.Errorf("of what is no longer made it says %+v", l)
		}
		c, err := w.s.Current(ctx, w.Ann)
		if err != nil || c.ID != copied.Cart || c.Version != copied.Version {
			t.Fatal(c, err)
		}
		var lines []string
		for _, l := range c.Lines {
			lines = append(lines, fmt.Sprint(l.Quantity, " ", l.Note))
		}
		if got := strings.Join(lines, ", "); got != "12 as before, 11 as before, 25 as before, 12 as before" {
			t.Errorf("the cart has %s", got)
		}

		// The same request is carried out once; what became of it can be asked for a week.
		again, err := w.s.Copy(ctx, w.Ann, in)
		if err != nil || became(again) != want || again.Version != copied.Version {
			t.Errorf("again: %s, %v", became(again), err)
		}
		if now, err := w.s.Current(ctx, w.Ann); err != nil || now.Version != c.Version {
			t.Errorf("it was carried out again: %+v, %v", now, err)
		}
		if kept, err := w.s.Copied(ctx, w.Ann, "k"); err != nil || became(kept) != want || kept.Lines[1].Why.String() != "B is no longer made, and has a successor" {
			t.Errorf("asked for: %s, %v", became(kept), err)
		}
		if _, err := w.s.Copied(ctx, w.Bob.Holding([]access.Grant{{Set: access.SetOf(access.CartsManage).Normalise()}}), "k"); !errors.Is(err, purchasing.ErrForgotten) {
			t.Errorf("asked for by Bob: %v", err)
		}
		in.PurchaseOrder, in.Order = id.PurchaseOrder{}, done.Order
		if _, err := w.s.Copy(ctx, w.Ann, in); !errors.Is(err, step.ErrOtherInput) {
			t.Errorf("the key for something else: %v", err)
		}
	})
}

func TestOrdersAreCopiedWholeOrInPart(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		keys := w.goods("A", "B", "C")
		done := w.ordered(keys["A"], keys["B"], keys["C"])
		other := w.back("PO-9")
		bob := w.Bob.Holding([]access.Grant{{Set: access.SetOf(access.CartsManage, access.PurchaseOrdersViewSubordinates, access.OrdersViewSubordinates).Normalise()}})
		for _, c := range []struct {
			says  string
			actor access.Actor
			in    purchasing.CopyInput
			want  string
			err   error
		}{
			{"an order", w.Ann, purchasing.CopyInput{Order: done.Order}, "1 A 10 of 10, 2 B 10 of 10, 3 C 10 of 10", nil},
			{"a purchase order", w.Ann, purchasing.CopyInput{PurchaseOrder: done.ID}, "1 A 10 of 10, 2 B 10 of 10, 3 C 10 of 10", nil},
			{"some of its lines", w.Ann, purchasing.CopyInput{Order: done.Order, Positions: []int64{3, 1}}, "1 A 10 of 10, 3 C 10 of 10", nil},
			{"a line twice", w.Ann, purchasing.CopyInput{Order: done.Order, Positions: []int64{2, 2}}, "2 B 10 of 10", nil},
			{"into another cart", w.Ann, purchasing.CopyInput{Order: done.Order, Cart: other.ID, Positions: []int64{2}}, "2 B 10 of 10", nil},
			{"by her manager, into his", bob, purchasing.CopyInput{PurchaseOrder: done.ID, Positions: []int64{2}}, "2 B 10 of 10", nil},
			{"a line that it has not", w.Ann, purchasing.CopyInput{Order: done.Order, Positions: []int64{1, 4}}, "", purchasing.ErrPosition},
			{"into a cart of somebody else", bob, purchasing.CopyInput{Order: done.Order, Cart: other.ID}, "", cartdb.ErrUnseen},
			{"by Eve", w.Eve, purchasing.CopyInput{PurchaseOrder: done.ID}, "", approvaldb.ErrUnseen},
			{"the order, by Eve", w.Eve, purchasing.CopyInput{Order: done.Order}, "", orderdb.ErrUnseen},
			{"that there is not", w.Ann, purchasing.CopyInput{Order: id.NewOrder(w.now)}, "", orderdb.ErrUnseen},
			{"by whoever sees only their own", buys(w.Cleo), purchasing.CopyInput{PurchaseOrder: done.ID}, "", approvaldb.ErrUnseen},
			{"by whoever may fill no cart", w.Bob.Holding([]access.Grant{{Set: access.SetOf(access.PurchaseOrdersViewCompany).Normalise()}}),
				purchasing.CopyInput{PurchaseOrder: done.ID}, "", access.ErrForbidden},
			{"of another place", w.Bob.Holding([]access.Grant{{Set: access.SetOf(access.CartsManage, access.PurchaseOrdersViewCompany).Normalise(), Place: w.Cleo.At.Parent()}}),
				purchasing.CopyInput{PurchaseOrder: done.ID}, "", approvaldb.ErrUnseen},
		} {
			copied, err := w.s.Copy(ctx, c.actor, c.in)
			if became(copied) != c.want || !errors.Is(err, c.err) || c.err == nil && err != nil {
				t.Errorf("%s: %s, %v; want %s, %v", c.says, became(copied), err, c.want, c.err)
			}
		}
		if c, err := w.s.Current(ctx, w.Ann); err != nil || len(c.Lines) != 3 || c.Lines[1].Quantity != quantity.Of(30) {
			t.Errorf("her cart has %+v, %v", c.Lines, err)
		}
		if c, err := w.s.Cart(ctx, w.Ann, other.ID); err != nil || len(c.Lines) != 2 {
			t.Errorf("the other one has %+v, %v", c.Lines, err)
		}
	})
}

func TestWhatFindsNoRoomInTheCartSaysSo(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		skus := make([]string, cart.MostLines)
		for i := range skus {
			skus[i] = fmt.Sprintf("N-%04d", i)
		}
		many, few := w.goods(skus...), w.goods("A", "B")
		done := w.ordered(few["A"], many["N-0000"], few["B"])
		var lines []purchasing.AddLine
		for _, sku := range skus[:len(skus)-1] {
			lines = append(lines, purchasing.AddLine{Product: many[sku], Quantity: quantity.One})
		}
		if _, err := w.s.Add(ctx, w.Ann, purchasing.AddInput{Lines: lines}); err != nil {
			t.Fatal(err)
		}
		copied, err := w.s.Copy(ctx, w.Ann, purchasing.CopyInput{Order: done.Order})
		if want := "1 A 10 of 10, 2 N-0000 10 of 10, 3 B 0 of 10 cart.full"; err != nil || became(copied) != want {
			t.Errorf("%s, %v", became(copied), err)
		}
	})
}

// However often the button is pressed, the lines are there once.
func TestPressingTwiceCopiesOnce(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		done := w.ordered(w.goods("A")["A"])
		start := make(chan struct{})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				<-start
				if copied, err := w.s.Copy(ctx, w.Ann, purchasing.CopyInput{Order: done.Order, Key: "once"}); err != nil || became(copied) != "1 A 10 of 10" {
					t.Errorf("%s, %v", became(copied), err)
				}
			})
		}
		close(start)
		wg.Wait()
		if all, err := w.s.Carts(ctx, w.Ann); err != nil || len(all) != 1 || all[0].Lines != 1 {
			t.Errorf("%+v, %v", all, err)
		}
		if c, err := w.s.Current(ctx, w.Ann); err != nil || c.Lines[0].Quantity != quantity.Of(10) {
			t.Errorf("%+v, %v", c.Lines, err)
		}
	})
}
