package purchasing_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/cartdb"
	"kontor/internal/usecase/purchasing"
)

// said is what stands in a cart, line by line, in order.
func said(c cart.Cart, w *shop) string {
	var all []string
	for _, l := range c.Lines {
		i := slices.IndexFunc(w.Products, func(p catalogue.Product) bool { return p.ID == l.Product })
		all = append(all, fmt.Sprintf("%d×%s %s", i, l.Quantity, l.Note))
	}
	return strings.Join(all, ", ")
}

// What is taken out of a cart comes back where it stood, with its notes and quantities, and only once; so does a cart that was
// discarded.
func TestWhatWasTakenOutComesBackWhereItStood(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		c, err := w.s.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(3), Note: "blue"},
			{Product: w.Products[3].ID, Quantity: quantity.One}, {Product: w.Products[0].ID, Quantity: quantity.Of(200), Note: "for Bob"}}})
		if err != nil {
			t.Fatal(err)
		}
		whole := said(c, w)
		expect := func(what string, got cart.Cart, err error, want string) {
			t.Helper()
			kept, e := w.s.Cart(ctx, w.Ann, c.ID)
			if err != nil || e != nil || said(got, w) != want || said(kept, w) != want {
				t.Errorf("%s: %q, kept %q, want %q: %v, %v", what, said(got, w), said(kept, w), want, err, e)
			}
		}
		refused := func(what string, err, want error) {
			t.Helper()
			if !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", what, err, want)
			}
		}

		one, err := w.s.Remove(ctx, w.Ann, c.ID, c.Version, c.Lines[1].ID)
		expect("the one in the middle is taken out", one, err, "1×3 blue, 0×200 for Bob")
		all, err := w.s.Remove(ctx, w.Ann, c.ID, one.Version, one.Lines[0].ID, one.Lines[1].ID)
		expect("and then all others", all, err, "")
		back, err := w.s.Restore(ctx, w.Ann, c.ID, all.Version)
		expect("the others are put back", back, err, "1×3 blue, 0×200 for Bob")
		back, err = w.s.Restore(ctx, w.Ann, c.ID, one.Version)
		expect("and the one in the middle", back, err, whole)
		_, err = w.s.Restore(ctx, w.Ann, c.ID, one.Version)
		refused("it comes back twice", err, cart.ErrTaken)
		_, err = w.s.Restore(ctx, w.Ann, c.ID, 99)
		refused("what was never taken out comes back", err, cart.ErrTaken)

		gone, err := w.s.Remove(ctx, w.Ann, c.ID, back.Version, back.Lines[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.s.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2)}}}); err != nil {
			t.Fatal(err)
		}
		back, err = w.s.Restore(ctx, w.Ann, c.ID, gone.Version)
		expect("what was ordered anew meanwhile gets more", back, err, "3×1 , 0×200 for Bob, 1×5 blue")

		for name, actor := range map[string]access.Actor{"Dan": w.Dan, "Eve": w.Eve} {
			_, err := w.s.Restore(ctx, actor, c.ID, gone.Version)
			refused(name+" puts something into Ann's cart", err, cartdb.ErrUnseen)
		}
		_, err = w.s.Restore(ctx, w.Ann.Holding(nil), c.ID, gone.Version)
		refused("without carts.manage it is put back", err, access.ErrForbidden)

		other := w.back("PO-7")
		if err := w.s.Discard(ctx, w.Ann, other.ID, other.Version); err != nil {
			t.Fatal(err)
		}
		for name, actor := range map[string]access.Actor{"Dan": w.Dan, "Eve": w.Eve} {
			_, err := w.s.RestoreCart(ctx, actor, other.ID, other.Version)
			refused(name+" brings back Ann's cart", err, cart.ErrTaken)
		}
		_, err = w.s.RestoreCart(ctx, w.Ann.Holding(nil), other.ID, other.Version)
		refused("without carts.manage it is brought back", err, access.ErrForbidden)
		again, err := w.s.RestoreCart(ctx, w.Ann, other.ID, other.Version)
		if kept, e := w.s.Cart(ctx, w.Ann, other.ID); err != nil || e != nil || said(kept, w) != said(other, w) || kept.Name != "PO-7" || !kept.ChosenAt.IsZero() || kept.Version != again.Version {
			t.Errorf("%+v came back, %v, %v", kept, err, e)
		}
		_, err = w.s.RestoreCart(ctx, w.Ann, other.ID, other.Version)
		refused("the cart comes back twice", err, cart.ErrTaken)
		w.now = w.now.Add(time.Minute)
		if err := w.s.Discard(ctx, w.Ann, other.ID, again.Version); err != nil {
			t.Error("it cannot be discarded again:", err)
		}
	})
}

// A cart that comes back names nothing that has gone meanwhile, and still names what has not.
func TestADiscardedCartComesBackWithoutWhatHasGone(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		write := func(do func(tx *store.Tx)) {
			t.Helper()
			if err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error { do(tx); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		dock := company.Address{ID: id.NewAddress(w.now), Label: "Dock", Name: "Acme", Street: "Kai 1", Postcode: "20457", City: "Hamburg", Country: "DE", Delivers: true, Bills: true}
		hr := company.Unit{ID: id.NewUnit(w.now), Code: "hr", Name: "HR"}
		at := company.Node{Kind: company.UnitNode, Unit: hr.ID, Path: w.Ann.At.Parent() + "99."}
		centre := budget.CostCentre{ID: id.NewCostCentre(w.now), Company: w.Acme, Code: "4712", Name: "Fair"}
		write(func(tx *store.Tx) {
			tx.Companies.InsertAddress(w.Acme, dock)
			tx.Companies.InsertUnit(w.Acme, hr)
			tx.Companies.InsertNode(w.Acme, at, company.Node{Kind: company.UnitNode, Unit: w.Units["ops"], Path: w.Ann.At.Parent()})
			tx.Budgets.InsertCostCentre(centre)
		})
		whole := cart.Checkout{Unit: hr.ID, CostCentre: centre.ID, Delivery: dock.ID, Billing: dock.ID, Payment: purchasing.OnAccount, Reference: "PO-9"}
		without := func(forget func(*cart.Checkout)) cart.Checkout {
			left := whole
			forget(&left)
			return left
		}
		for _, row := range []struct {
			what string
			do   func(tx *store.Tx)
			want cart.Checkout
		}{
			{"nothing", func(*store.Tx) {}, whole},
			{"the address takes no goods", func(tx *store.Tx) {
				tx.Companies.UpdateAddress(w.Acme, company.Address{ID: dock.ID, Label: "Dock", Name: "Acme", Street: "Kai 1", Postcode: "20457", City: "Hamburg", Country: "DE", Bills: true})
			},
				without(func(c *cart.Checkout) { c.Delivery = id.Address{} })},
			{"the address is removed", func(tx *store.Tx) { tx.Companies.DeleteAddress(w.Acme, dock.ID) },
				without(func(c *cart.Checkout) { c.Delivery, c.Billing = id.Address{}, id.Address{} })},
			{"the cost centre has ended", func(tx *store.Tx) {
				ended := centre
				ended.Until = "2026-03-09"
				tx.Budgets.UpdateCostCentre(ended)
			}, without(func(c *cart.Checkout) {
				c.Delivery, c.Billing, c.CostCentre = id.Address{}, id.Address{}, id.CostCentre{}
			})},
			{"the unit is archived", func(tx *store.Tx) {
				tx.Companies.DeleteNode(w.Acme, at)
				archived := hr
				archived.Archived = true
				tx.Companies.UpdateUnit(w.Acme, archived)
			}, cart.Checkout{Payment: purchasing.OnAccount, Reference: "PO-9"}},
			{"the cost centre is removed", func(tx *store.Tx) { tx.Budgets.DeleteCostCentre(w.Acme, centre.ID) }, cart.Checkout{Payment: purchasing.OnAccount, Reference: "PO-9"}},
		} {
			c := w.fill(w.Ann, 3, func(c *cart.Checkout) { *c = whole })
			if err := w.s.Discard(ctx, w.Ann, c.ID, c.Version); err != nil {
				t.Fatal(err)
			}
			write(row.do)
			back, err := w.s.RestoreCart(ctx, w.Ann, c.ID, c.Version)
			kept, e := w.s.Cart(ctx, w.Ann, c.ID)
			if err != nil || e != nil || back.Checkout != row.want || kept.Checkout != row.want || said(kept, w) != said(c, w) {
				t.Errorf("%s: it came back with %+v, kept %+v: %v, %v", row.what, back.Checkout, kept.Checkout, err, e)
			}
		}
	})
}
