package purchasing_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

// What is said with a submission stands for what the cart says, in a trial as in earnest, and is kept with it.
func TestWhatIsSaidWithASubmissionCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		ctx := context.Background()
		c := w.filled(3)
		said := cart.Checkout{Payment: purchasing.Advance, Reference: "B-7", Note: "ring twice"}
		tried, err := w.purchasing.Try(ctx, w.ann, c.ID, said)
		if err != nil || tried.Cart.Checkout != said || tried.Cart.Version != c.Version {
			t.Fatalf("tried: %v, %+v", err, tried)
		}
		if a, err := w.purchasing.Preview(ctx, w.ann, c.ID); err != nil || a.Cart.Checkout != c.Checkout {
			t.Fatalf("a trial changed the cart: %v, %+v", err, a.Cart.Checkout)
		}
		long := said
		long.Note = string(make([]byte, cart.LongestNote+1))
		if _, err := w.purchasing.Try(ctx, w.ann, c.ID, long); !errors.Is(err, cart.ErrText) {
			t.Errorf("a note that is too long: %v", err)
		}
		long.Requested = "2020-01-01"
		looked, err := w.purchasing.Try(ctx, w.ann, c.ID, long)
		if !errors.Is(err, cart.ErrText) || looked == nil || !slices.ContainsFunc(looked.Refusals, func(f *fault.Fault) bool { return f.Code == purchasing.ErrRequested.Code }) {
			t.Errorf("… and a day that is past: %v, %+v", err, looked)
		}
		_, err = w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Checkout: &long, Key: "l"})
		if f := fault.Of(err); f == nil || f.Code != cart.ErrText.Code || !f.About("note") || len(f.Reasons) != 1 || f.Reasons[0].Code != purchasing.ErrRequested.Code {
			t.Errorf("… submitted: %v", err)
		}
		in := purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Checkout: &said, Key: "k"}
		done, err := w.purchasing.Submit(ctx, w.ann, in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.purchasing.Submit(ctx, w.ann, in)
		if err != nil || !reflect.DeepEqual(again, done) {
			t.Errorf("the same again: %+v, %v", again, err)
		}
		err = db.Read(ctx, w.ann, func(tx *store.Tx, _ access.Actor) error {
			po, err := tx.Approvals.Get(ctx, w.company, done.ID)
			if err == nil && (po.Reference != "B-7" || po.Note != "ring twice" || po.Content.PaymentMethod != purchasing.Advance) {
				t.Errorf("submitted: %+v", po)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// Who fills carts sees what is in them, whether they may order or not; prices only where they may see prices.
func TestLookingIntoACartNeedsNoRightToOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tests := []struct {
			says   string
			set    access.Set
			priced bool
			err    error
		}{
			{"who may order", access.SetOf(access.CartsManage, access.PricesView, access.CheckoutPlace), true, nil},
			{"who only fills carts", access.SetOf(access.CartsManage, access.PricesView), true, nil},
			{"who sees no prices", access.SetOf(access.CartsManage), false, nil},
			{"who fills no carts", access.SetOf(access.PricesView, access.CheckoutPlace), false, access.ErrForbidden},
		}
		w := newWorld(t, db)
		ctx := context.Background()
		c := w.filled(3)
		for _, test := range tests {
			w.write(func(tx *store.Tx) {
				r, err := tx.Access.GetRole(ctx, w.company, w.buyer)
				if err != nil {
					t.Fatal(err)
				}
				r.Set = test.set
				tx.Access.UpdateRole(w.company, r)
				tx.Companies.SetRightsChanged(w.company)
			})
			a, err := w.purchasing.Look(ctx, w.ann, c.ID)
			if !errors.Is(err, test.err) || test.err == nil && err != nil {
				t.Errorf("%s: %v", test.says, err)
				continue
			}
			if test.err == nil && (len(a.Lines) != 1 || a.Lines[0].Good.SKU != "SCR-1" || a.Lines[0].Included != test.priced || (a.Totals.Gross.Minor > 0) != test.priced || a.Lines[0].Problem != nil) {
				t.Errorf("%s: %+v", test.says, a)
			}
		}
		if _, err := w.purchasing.Look(ctx, w.dan, c.ID); err == nil {
			t.Error("Dan looks into Ann's cart")
		}
		if _, err := w.purchasing.Look(ctx, w.ann, id.NewCart(db.Times())); err == nil {
			t.Error("there is no such cart")
		}
	})
}

// A cart keeps nothing of another company, and nothing that there is not: it is refused when it is said, not only when
// the cart is submitted.
func TestACartNamesOnlyWhatIsTheCompanys(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w := cast.Acme(t, db)
		s := purchasing.New(db, step.NewRulebook())
		c, err := s.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.One}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []struct {
			name string
			said cart.Checkout
			want error
		}{
			{"nothing", cart.Checkout{}, nil},
			{"a unit of Globex", cart.Checkout{Unit: w.GlobexUnits["globex"]}, company.ErrUnseenUnit},
			{"an address of Globex for goods", cart.Checkout{Delivery: w.GlobexAddress}, purchasing.ErrNoAddress},
			{"an address of Globex for invoices", cart.Checkout{Billing: w.GlobexAddress}, purchasing.ErrNoBilling},
			{"a cost centre of Globex", cart.Checkout{CostCentre: w.GlobexCostCentre}, purchasing.ErrNoCostCentre},
			{"an address that there is not", cart.Checkout{Delivery: id.NewAddress(db.Times())}, purchasing.ErrNoAddress},
			{"what is Acme's", cart.Checkout{Unit: w.Units["ops"], Delivery: w.Warehouse, Billing: w.Address, CostCentre: w.CostCentre}, nil},
		} {
			after, err := s.Prepare(ctx, w.Ann, c.ID, c.Version, r.said)
			if !errors.Is(err, r.want) || r.want == nil && err != nil {
				t.Errorf("%s: %v, want %v", r.name, err, r.want)
			}
			if err == nil {
				c = after
			}
		}
		// what is not there is told all at once, each beside its field
		_, err = s.Prepare(ctx, w.Ann, c.ID, c.Version, cart.Checkout{Unit: w.GlobexUnits["globex"], CostCentre: w.GlobexCostCentre, Delivery: w.GlobexAddress, Billing: w.GlobexAddress})
		var fields []string
		for _, f := range fault.Of(err).Fields {
			fields = append(fields, f.Name+" "+f.Code)
		}
		if got := strings.Join(fields, ", "); got != "unit company.unit_unseen, cost_centre purchasing.no_cost_centre, delivery purchasing.no_address, billing purchasing.no_billing_address" {
			t.Errorf("four at once: %s", got)
		}
	})
}
