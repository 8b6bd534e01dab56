package approving_test

import (
	"context"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

var ctx = context.Background()

// world is the cast on 10 March 2026: what costs more than 100.00 EUR asks the manager, and operations may spend
// 1 000.00 EUR a month.
type world struct {
	*cast.World
	t          *testing.T
	s          *approving.Service
	purchasing *purchasing.Service
	now        time.Time
	ops        budget.Budget
	rule       approval.Rule
	fin, opsAt tree.Path
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &world{t: t, s: approving.New(db), purchasing: purchasing.New(db, step.NewRulebook()), now: time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)}
		db.Engine().SetClock(func() time.Time { return w.now })
		w.World = cast.Acme(t, db)
		w.opsAt, w.fin = w.Bob.At.Parent(), w.Cleo.At.Parent()
		var err error
		if w.ops, err = budgeting.New(db).Create(ctx, w.Dan, budgeting.CreateInput{Name: "Operations", Owner: budget.Owner{Unit: w.Units["ops"]}, Limit: eur(1000_00),
			Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Ask, Carry: budget.CarryNone}); err != nil {
			t.Fatal(err)
		}
		if w.rule, err = w.s.CreateRule(ctx, w.Dan, bands("Manager", 100_00)); err != nil {
			t.Fatal(err)
		}
		test(t, w)
	})
}

func eur(minor int64) money.Money { return money.Of(minor, "EUR") }

// bands is a rule that asks the manager above an amount.
func bands(name string, above int64) approval.Rule {
	bound := eur(above)
	return approval.Rule{Name: name, Enabled: true, Basis: approval.Net,
		Steps: []approval.Step{{}, {Above: &bound, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}
}

// buyer is the member with all that a buyer holds, at a place.
func buyer(a access.Actor, at tree.Path) access.Actor {
	return a.Holding([]access.Grant{{Place: at, Set: access.SetOf(access.CheckoutPlace, access.CheckoutOnAccount, access.PurchaseOrdersView, access.OrdersView,
		access.CheckoutWithoutBudget).Normalise()}})
}

// order submits so many gloves, of 7.90 EUR each, for a buyer.
func (w *world) order(a access.Actor, gloves int64, also ...func(*cart.Checkout)) purchasing.Submitted {
	w.t.Helper()
	c := cart.Cart{ID: id.NewCart(w.now), Company: a.Company, Owner: a.Member, Name: "Cart", State: cart.Open, Version: 1, ChosenAt: w.now,
		Lines:    []cart.Line{{ID: id.NewCartLine(w.now), Product: w.Products[1].ID, Quantity: quantity.Of(gloves), Note: "large"}},
		Checkout: cart.Checkout{Payment: purchasing.OnAccount}}
	for _, say := range also {
		say(&c.Checkout)
	}
	err := w.DB.Write(ctx, access.System(a.Company), func(tx *store.Tx, _ access.Actor) error { tx.Carts.Insert(c); return nil })
	if err != nil {
		w.t.Fatal(err)
	}
	done, err := w.purchasing.Submit(ctx, a, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

// decide says so for an approver.
func (w *world) decide(a access.Actor, key id.PurchaseOrder, v approval.Verdict, reason string) {
	w.t.Helper()
	sheet, err := w.s.Get(ctx, a, key)
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := w.s.Decide(ctx, a, approving.DecideInput{Order: key, Verdict: v, Reason: reason, Hash: sheet.Hash}); err != nil {
		w.t.Fatal(err)
	}
}

// with is the actor with these permissions at a place, and nothing else.
func with(a access.Actor, at tree.Path, all ...access.Permission) access.Actor {
	return a.Holding([]access.Grant{{Place: at, Set: access.SetOf(all...).Normalise()}})
}
