package purchasing_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/store"
	"kontor/internal/store/cartdb"
	"kontor/internal/usecase/purchasing"
)

// back is a cart of Ann's that came back and that she has not chosen.
func (w *shop) back(name string) cart.Cart {
	w.t.Helper()
	c, err := cart.Cart{ID: id.NewCart(w.now), Company: w.Acme, Owner: w.Ann.Member, Name: name, State: cart.Open}.
		Add(cart.Line{ID: id.NewCartLine(w.now), Product: w.Products[1].ID, Quantity: quantity.Of(3)})
	if err != nil {
		w.t.Fatal(err)
	}
	w.insert(c)
	return c
}

func (w *shop) insert(c cart.Cart) {
	w.t.Helper()
	err := w.DB.Write(context.Background(), access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error { tx.Carts.Insert(c); return nil })
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestTheCartChosenLastIsWorkedOn(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		add := func() cart.Cart {
			t.Helper()
			w.now = w.now.Add(time.Minute)
			c, err := w.s.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[3].ID, Quantity: quantity.One}}})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		carts := func() string {
			t.Helper()
			all, err := w.s.Carts(ctx, w.Ann)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, b := range all {
				name := b.Name
				if b.ChosenAt.IsZero() {
					name += " (back)"
				}
				names = append(names, name)
			}
			return strings.Join(names, ", ")
		}
		expect := func(when, want string, current cart.Cart) {
			t.Helper()
			now, err := w.s.Current(ctx, w.Ann)
			if got := carts(); err != nil || got != want || now.ID != current.ID {
				t.Errorf("%s: %q, and she works on %s, %v; want %q and %s", when, got, now.Name, err, want, current.Name)
			}
		}

		first := w.back("PO-1")
		if all, err := w.s.Carts(ctx, w.Ann); err != nil || len(all) != 1 || all[0].Lines != 1 {
			t.Errorf("%+v, %v", all, err)
		}
		usual := add()
		expect("what came back is not filled by adding", "Cart, PO-1 (back)", usual)
		w.now = w.now.Add(time.Minute)
		second := w.back("PO-2")
		expect("nor is what came back later", "Cart, PO-2 (back), PO-1 (back)", usual)

		w.now = w.now.Add(time.Minute)
		chosen, err := w.s.Choose(ctx, w.Ann, first.ID)
		if err != nil || chosen.Version != first.Version {
			t.Fatal(chosen, err)
		}
		expect("it is chosen", "PO-1, Cart, PO-2 (back)", first)
		if more := add(); more.ID != first.ID || len(more.Lines) != 2 {
			t.Errorf("what is added goes into %s", more.Name)
		}
		c, err := w.s.Prepare(ctx, w.Ann, first.ID, chosen.Version+1, cart.Checkout{Payment: purchasing.OnAccount})
		if err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(time.Minute)
		if _, err := w.s.Change(ctx, w.Ann, purchasing.ChangeInput{Cart: usual.ID, Version: usual.Version, Line: usual.Lines[0].ID, Quantity: quantity.Of(2)}); err != nil {
			t.Fatal(err)
		}
		expect("a change of another one does not choose that", "PO-1, Cart, PO-2 (back)", first)
		if _, err := w.s.Submit(ctx, w.Ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version}); err != nil {
			t.Fatal(err)
		}
		expect("it is ordered, and the one before is next", "Cart, PO-2 (back)", usual)
		if _, err := w.s.Choose(ctx, w.Ann, first.ID); !errors.Is(err, cart.ErrSubmitted) {
			t.Errorf("what was ordered is chosen: %v", err)
		}

		if err := w.s.Discard(ctx, w.Ann, second.ID, second.Version-1); !errors.Is(err, cart.ErrStale) {
			t.Errorf("discarded as it was seen earlier: %v", err)
		}
		if err := w.s.Discard(ctx, w.Ann, first.ID, c.Version+1); !errors.Is(err, cart.ErrSubmitted) {
			t.Errorf("what was ordered is discarded: %v", err)
		}
		if err := w.s.Discard(ctx, w.Ann, second.ID, second.Version); err != nil {
			t.Error(err)
		}
		expect("it is discarded", "Cart", usual)
		if _, err := w.s.Cart(ctx, w.Ann, second.ID); !errors.Is(err, cartdb.ErrUnseen) {
			t.Errorf("and is still there: %v", err)
		}
	})
}

func TestTheDashboardHasWhatCameBack(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		for _, name := range []string{"PO-1", "PO-2", "PO-3", "PO-4"} {
			w.now = w.now.Add(time.Minute)
			w.back(name)
		}
		d, err := w.s.Dashboard(ctx, w.Ann)
		if err != nil || d.Cart != nil || len(d.Back) != 3 || d.Back[0].Name != "PO-4" {
			t.Errorf("%+v and %+v, %v", d.Cart, d.Back, err)
		}
		if _, err := w.s.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[3].ID, Quantity: quantity.One}}}); err != nil {
			t.Fatal(err)
		}
		if d, err = w.s.Dashboard(ctx, w.Ann); err != nil || d.Cart == nil || d.Cart.Name != "Cart" || d.Cart.Lines != 1 || len(d.Back) != 3 {
			t.Errorf("%+v and %+v, %v", d.Cart, d.Back, err)
		}
	})
}

func TestCartsAreTheirOwners(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		c := w.back("PO-1")
		fills := []access.Grant{{Set: access.SetOf(access.CartsManage).Normalise()}}
		for name, actor := range map[string]access.Actor{"Bob": w.Bob.Holding(fills), "Dan": w.Dan, "Eve": w.Eve} {
			for says, err := range map[string]error{
				"sees":     func() error { _, err := w.s.Cart(ctx, actor, c.ID); return err }(),
				"chooses":  func() error { _, err := w.s.Choose(ctx, actor, c.ID); return err }(),
				"discards": w.s.Discard(ctx, actor, c.ID, c.Version),
			} {
				if !errors.Is(err, cartdb.ErrUnseen) {
					t.Errorf("%s %s it: %v", name, says, err)
				}
			}
			if all, err := w.s.Carts(ctx, actor); err != nil || len(all) != 0 {
				t.Errorf("%s has %d, %v", name, len(all), err)
			}
		}
		nobody := w.Ann.Holding(nil)
		for says, err := range map[string]error{
			"lists":    func() error { _, err := w.s.Carts(ctx, nobody); return err }(),
			"sees":     func() error { _, err := w.s.Cart(ctx, nobody, c.ID); return err }(),
			"finds":    func() error { _, err := w.s.CameBack(ctx, nobody, id.PurchaseOrder{}); return err }(),
			"chooses":  func() error { _, err := w.s.Choose(ctx, nobody, c.ID); return err }(),
			"discards": w.s.Discard(ctx, nobody, c.ID, c.Version),
		} {
			if !errors.Is(err, access.ErrForbidden) {
				t.Errorf("without carts.manage Ann %s it: %v", says, err)
			}
		}
	})
}

// What is not sold in a quantity is refused when it is put into the cart, unless the cart then has a quantity that is.
func TestAQuantityThatIsNotSoldIsRefusedAtOnce(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		for _, tt := range []struct {
			says    string
			product int
			change  quantity.Quantity // what the line is changed to before; 0: it stays
			add     quantity.Quantity
			want    error
			left    quantity.Quantity // in the cart
		}{
			{"half a glove", 1, 0, 1500, catalogue.ErrStep, 0},
			{"fewer screws than are sold", 0, 0, quantity.Of(50), catalogue.ErrMinimum, 0},
			{"screws between two steps", 0, 0, quantity.Of(120), catalogue.ErrStep, 0},
			{"as many as are sold", 0, 0, quantity.Of(100), nil, quantity.Of(100)},
			{"fewer, and the sum is between two steps", 0, 0, quantity.Of(20), catalogue.ErrMinimum, quantity.Of(100)},
			{"fewer, and with those there are as many as are sold", 0, quantity.Of(150), quantity.Of(50), nil, quantity.Of(200)},
		} {
			if tt.change > 0 {
				c, err := w.s.Current(context.Background(), w.Ann)
				if err == nil {
					_, err = w.s.Change(context.Background(), w.Ann, purchasing.ChangeInput{Cart: c.ID, Version: c.Version, Line: c.Lines[0].ID, Quantity: tt.change})
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			_, err := w.s.Add(context.Background(), w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[tt.product].ID, Quantity: tt.add}}})
			if !errors.Is(err, tt.want) {
				t.Errorf("%s: %v", tt.says, err)
			}
			c, err := w.s.Current(context.Background(), w.Ann)
			if err != nil {
				t.Fatal(err)
			}
			var left quantity.Quantity
			for _, l := range c.Lines {
				left += l.Quantity
			}
			if left != tt.left {
				t.Errorf("%s: %s in the cart, want %s", tt.says, left, tt.left)
			}
		}
	})
}
