package approving_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/store/cartdb"
	"kontor/internal/usecase/purchasing"
)

func TestWhatHasWaitedTooLongIsEnded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		system := access.System(id.Company{})
		first := w.order(w.Ann, 20)
		w.now = w.now.Add(24 * time.Hour)
		second := w.order(w.Ann, 20)
		expect := func(when string, n int, states ...approval.State) {
			t.Helper()
			if got, err := w.s.ExpireDue(ctx, system); err != nil || got != n {
				t.Errorf("%s: %d were ended, want %d: %v", when, got, n, err)
			}
			for i, key := range []id.PurchaseOrder{first.ID, second.ID} {
				if sheet, err := w.s.Get(ctx, w.Ann, key); err != nil || sheet.State != states[i] {
					t.Errorf("%s: %s is %s, want %s: %v", when, sheet.Number, sheet.State, states[i], err)
				}
			}
		}
		expect("at first", 0, approval.PendingApproval, approval.PendingApproval)
		w.now = w.now.Add(13*24*time.Hour + time.Minute)
		expect("after two weeks", 1, approval.Expired, approval.PendingApproval)
		w.now = w.now.Add(24 * time.Hour)
		expect("a day later", 1, approval.Expired, approval.Expired)
		expect("again", 0, approval.Expired, approval.Expired)
		if _, err := w.s.ExpireDue(ctx, w.Dan); !errors.Is(err, access.ErrUnseen) {
			t.Errorf("Dan, who is not the system: %v", err)
		}
	})
}

// What expired goes back to who submitted it, in a cart beside the one that they are filling.
func TestWhatExpiresComesBackAsACart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ann := with(w.Ann, w.opsAt, access.CartsManage, access.CheckoutPlace, access.CheckoutOnAccount, access.PurchaseOrdersView, access.CheckoutWithoutBudget)
		said := cart.Checkout{Unit: w.Units["ops"], CostCentre: w.CostCentre, Delivery: w.Warehouse, Billing: w.Address, Payment: purchasing.OnAccount, Reference: "R-7",
			Note: "for the shed", Requested: "2026-03-20"}
		soon := w.order(ann, 20, func(c *cart.Checkout) { *c = said })
		late := w.order(ann, 30, func(c *cart.Checkout) { *c = said; c.Requested = "2026-12-24" })
		filling, err := w.purchasing.Add(ctx, ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[3].ID, Quantity: quantity.One}}})
		if err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(14*24*time.Hour + time.Minute)
		if n, err := w.s.ExpireDue(ctx, access.System(id.Company{})); err != nil || n != 2 {
			t.Fatal(n, err)
		}

		current, err := w.purchasing.Current(ctx, ann)
		if err != nil || current.ID != filling.ID || len(current.Lines) != 1 || current.Version != filling.Version {
			t.Errorf("she was filling %+v, and now %+v, %v", filling, current, err)
		}
		for _, c := range []struct {
			done      purchasing.Submitted
			gloves    int64
			requested date.Date
		}{{soon, 20, ""}, {late, 30, "2026-12-24"}} { // what was wanted by a day that has passed is wanted by no day
			sheet, err := w.s.Get(ctx, ann, c.done.ID)
			if err != nil || sheet.Back.IsZero() {
				t.Fatalf("%s came back in no cart: %v", c.done.Number, err)
			}
			back, err := w.purchasing.Cart(ctx, ann, sheet.Back)
			if err != nil {
				t.Fatal(err)
			}
			want := said
			want.Requested = c.requested
			if back.Name != c.done.Number || back.From != c.done.ID || !back.ChosenAt.IsZero() || back.State != cart.Open || back.Checkout != want {
				t.Errorf("%s came back as %+v, want %+v", c.done.Number, back, want)
			}
			if len(back.Lines) != 1 || back.Lines[0].Product != w.Products[1].ID || back.Lines[0].Quantity != quantity.Of(c.gloves) || back.Lines[0].Note != "large" {
				t.Errorf("%s came back with %+v", c.done.Number, back.Lines)
			}
			if last := sheet.Timeline[len(sheet.Timeline)-1]; last.Event != "purchase_order.expired" || !last.Back {
				t.Errorf("the timeline of %s ends with %+v", c.done.Number, last)
			}
			if theirs, err := w.s.Get(ctx, w.Bob, c.done.ID); err != nil || !theirs.Back.IsZero() {
				t.Errorf("Bob is led to Ann's cart %s, %v", theirs.Back, err)
			}
			for name, other := range map[string]access.Actor{"Bob": with(w.Bob, "", access.CartsManage), "Eve": with(w.Eve, "", access.CartsManage)} {
				if _, err := w.purchasing.Cart(ctx, other, sheet.Back); !errors.Is(err, cartdb.ErrUnseen) {
					t.Errorf("%s sees Ann's cart: %v", name, err)
				}
			}
		}

		// Another node has the same work to do, and does it no second time.
		for range 2 {
			if n, err := w.s.ExpireDue(ctx, access.System(id.Company{})); err != nil || n != 0 {
				t.Errorf("once more: %d, %v", n, err)
			}
		}
		if all, err := w.purchasing.Carts(ctx, ann); err != nil || len(all) != 3 || all[0].ID != filling.ID {
			t.Errorf("she has %d carts, %v", len(all), err)
		}
	})
}

func TestTwoNodesExpireOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 5 {
			w.order(w.Ann, 20)
		}
		w.now = w.now.Add(15 * 24 * time.Hour)
		var wg sync.WaitGroup
		var ended atomic.Int64
		start := make(chan struct{})
		for range 4 {
			wg.Go(func() {
				<-start
				n, err := w.s.ExpireDue(ctx, access.System(id.Company{}))
				if err != nil {
					t.Error(err)
				}
				ended.Add(int64(n))
			})
		}
		close(start)
		wg.Wait()
		if all, err := w.purchasing.Carts(ctx, w.Ann); err != nil || ended.Load() != 5 || len(all) != 5 {
			t.Errorf("%d were ended, and came back in %d carts, %v", ended.Load(), len(all), err)
		}
	})
}

// What was rejected or withdrawn is copied into a cart by whoever wants it again, and comes back by itself nowhere.
func TestOnlyWhatExpiresComesBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		expires, rejected, withdrawn := w.order(w.Ann, 20), w.order(w.Ann, 20), w.order(w.Ann, 20)
		w.decide(w.Bob, rejected.ID, approval.Decline, "no")
		if _, err := w.s.Withdraw(ctx, w.Ann, withdrawn.ID, ""); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(15 * 24 * time.Hour)
		if n, err := w.s.ExpireDue(ctx, access.System(id.Company{})); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		for _, c := range []struct {
			done purchasing.Submitted
			back bool
		}{{expires, true}, {rejected, false}, {withdrawn, false}} {
			if sheet, err := w.s.Get(ctx, w.Ann, c.done.ID); err != nil || sheet.Back.IsZero() == c.back {
				t.Errorf("%s, which is %s, came back as %s, %v", c.done.Number, sheet.State, sheet.Back, err)
			}
		}
	})
}
