package purchasing_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/cartdb"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

func budgetdbKey() budgetdb.Key { return budgetdb.Key{} }

func TestSubmitPlacesAtOnceWhereNobodyMustAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w := newWorld(t, db)
		w.bands()
		w.fund(50_000_00, budget.Block)
		c := w.filled(100) // exactly 10 000.00: not above
		done, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Key: "a"})
		if err != nil {
			t.Fatal(err)
		}
		if done.State != approval.Placed || done.Order.IsZero() {
			t.Errorf("got %+v", done)
		}
		if p := w.purse(); p.Spent != 10_000_00 || p.Held != 0 {
			t.Errorf("the purse has %d spent and %d held", p.Spent, p.Held)
		}
		again, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Key: "a"})
		if err != nil || !reflect.DeepEqual(again, done) {
			t.Errorf("the same request twice: %+v, %v", again, err)
		}
		if _, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version + 1, Key: "a"}); !errors.Is(err, step.ErrOtherInput) {
			t.Errorf("the same key for something else: %v", err)
		}
		_, err = w.approving.Withdraw(ctx, w.ann, done.ID, "")
		if late := fault.Of(err); late == nil || late.Code != approval.ErrState.Code || late.Detail["state"] != "placed" || !strings.HasPrefix(late.Text(), "nobody had to agree: it was placed with the seller at ") {
			t.Errorf("withdrawn after it was placed: %v", err)
		}
		if _, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Key: "b"}); err == nil {
			t.Error("a submitted cart was submitted again")
		}
	})
}

func TestSubmitAsksAndTheLastApprovalPlaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w := newWorld(t, db)
		w.bands()
		w.fund(50_000_00, budget.Block)
		c := w.filled(101)
		a, err := w.purchasing.Preview(ctx, w.ann, c.ID)
		if err != nil || len(a.Plan.Stages) != 1 || a.Plan.Stages[0].Groups[0].Approvers[0].Member != w.bob.Member {
			t.Fatalf("the preview: %+v, %v", a, err)
		}
		done, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
		if err != nil || done.State != approval.PendingApproval {
			t.Fatalf("got %+v, %v", done, err)
		}
		if p := w.purse(); p.Held != 10_100_00 || p.Spent != 0 {
			t.Errorf("the purse has %d spent and %d held", p.Spent, p.Held)
		}
		hash := w.hash(done.ID)
		if _, err := w.approving.Decide(ctx, w.ann, approving.DecideInput{Order: done.ID, Verdict: approval.Agree, Hash: hash}); err == nil {
			t.Error("the requester approved it herself")
		}
		if _, err := w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: done.ID, Verdict: approval.Agree, Hash: "stale"}); !errors.Is(err, approval.ErrChanged) {
			t.Errorf("approved what was not seen: %v", err)
		}
		if _, err := w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: done.ID, Verdict: approval.Decline, Hash: hash}); !errors.Is(err, approval.ErrNote) {
			t.Errorf("rejected without a reason: %v", err)
		}
		out, err := w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: done.ID, Verdict: approval.Agree, Hash: hash, Key: "x"})
		if err != nil || out.State != approval.Placed || out.Order.IsZero() {
			t.Fatalf("got %+v, %v", out, err)
		}
		again, err := w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: done.ID, Verdict: approval.Agree, Hash: hash, Key: "x"})
		if err != nil || again != out {
			t.Errorf("the same click twice: %+v, %v", again, err)
		}
		if p := w.purse(); p.Held != 0 || p.Spent != 10_100_00 {
			t.Errorf("the purse has %d spent and %d held", p.Spent, p.Held)
		}
	})
}

func TestRejectAndWithdrawReleaseWhatWasHeld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w := newWorld(t, db)
		w.bands()
		w.fund(50_000_00, budget.Block)
		for _, how := range []string{"reject", "withdraw"} {
			c := w.filled(101)
			done, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
			if err != nil {
				t.Fatal(err)
			}
			var out approving.Outcome
			if how == "reject" {
				out, err = w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: done.ID, Verdict: approval.Decline, Reason: "too many", Hash: w.hash(done.ID)})
			} else {
				if _, err := w.approving.Withdraw(ctx, w.bob, done.ID, "not mine"); !errors.Is(err, approving.ErrNotRequester) {
					t.Errorf("Bob withdrew what Ann ordered: %v", err)
				}
				out, err = w.approving.Withdraw(ctx, w.ann, done.ID, "no longer needed")
			}
			if err != nil || !out.State.Final() {
				t.Fatalf("%s: %+v, %v", how, out, err)
			}
			if p := w.purse(); p.Held != 0 || p.Spent != 0 {
				t.Errorf("%s: the purse has %d spent and %d held", how, p.Spent, p.Held)
			}
		}
	})
}

func TestSubmitSaysEveryReason(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.fund(500_00, budget.Block)
		c := w.filled(6)
		w.write(func(tx *store.Tx) {
			after := c
			after.Checkout.Payment = ""
			tx.Carts.Update(c, after)
		})
		_, err := w.purchasing.Submit(context.Background(), w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
		if !errors.Is(err, purchasing.ErrRefused) || !errors.Is(err, purchasing.ErrPayment) || !errors.Is(err, budget.ErrExhausted) {
			t.Errorf("got %v", err)
		}
		if p := w.purse(); p.Version != 0 {
			t.Errorf("something was held: %+v", p)
		}
	})
}

func TestOverBudgetThatAsksHoldsWhatIsLeftAndTheDecisionOverrides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w := newWorld(t, db)
		w.fund(500_00, budget.Ask)
		c := w.filled(6)
		done, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
		if err != nil || done.State != approval.PendingApproval {
			t.Fatalf("got %+v, %v", done, err)
		}
		if p := w.purse(); p.Held != 500_00 {
			t.Errorf("held %d", p.Held)
		}
		// The head of the unit is Dan, and he has nobody above him: it falls to Ann's own manager.
		out, err := w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: done.ID, Verdict: approval.Agree, Reason: "needed", Hash: w.hash(done.ID)})
		if err != nil || out.State != approval.Placed {
			t.Fatalf("got %+v, %v", out, err)
		}
		if p := w.purse(); p.Spent != 600_00 || p.Held != 0 || p.Overrun != 100_00 {
			t.Errorf("the purse is %+v", p)
		}
	})
}

// Sixty-four buyers at once, each with a cart of their own, on the one budget of their unit, that fits ten: exactly ten.
func TestExactlyWhatFitsIsHeld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.fund(1000_00, budget.Block)
		var mu sync.Mutex
		got := map[string]int{}
		requesters := map[id.Member]bool{}
		var wg, ready sync.WaitGroup
		gate := make(chan struct{})
		for i, buyer := range w.crowd(64) {
			c := w.filledBy(buyer, 1)
			requesters[c.Owner] = true
			ready.Add(1)
			wg.Go(func() {
				ready.Done()
				<-gate
				_, err := w.purchasing.Submit(context.Background(), buyer, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Key: fmt.Sprint(i)})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					got["placed"]++
				case errors.Is(err, budget.ErrExhausted):
					got["exhausted"]++
				default:
					got[err.Error()]++
				}
			})
		}
		ready.Wait()
		close(gate)
		wg.Wait()
		if got["placed"] != 10 || got["exhausted"] != 54 || len(requesters) != 64 {
			t.Errorf("%d buyers got %v", len(requesters), got)
		}
		if p := w.purse(); p.Spent != 1000_00 || p.Held != 0 {
			t.Errorf("the purse has %d spent and %d held", p.Spent, p.Held)
		}
	})
}

func TestAnothersCartIsNotThere(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		c := w.filled(1)
		if _, err := w.purchasing.Preview(context.Background(), w.dan, c.ID); err == nil {
			t.Error("Dan saw Ann's cart")
		}
		if _, err := w.purchasing.Submit(context.Background(), w.bob, purchasing.SubmitInput{Cart: c.ID, Version: 1}); !errors.Is(err, cartdb.ErrUnseen) {
			t.Errorf("Bob, who may not order and whose cart it is not, got %v", err)
		}
	})
}

func (w *world) hash(key id.PurchaseOrder) (hash string) {
	w.t.Helper()
	err := w.db.Read(context.Background(), access.System(w.company), func(tx *store.Tx, _ access.Actor) error {
		po, err := tx.Approvals.Get(context.Background(), w.company, key)
		hash = po.Hash
		if h, e := po.Content.Hash(); e != nil || h != po.Hash {
			w.t.Errorf("the content came back with another hash: %v", e)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return hash
}

// A rolling budget counts what its other days have used, also when they have purses of their own.
func TestARollingBudgetIsNotOverspentFromDayToDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w := newWorld(t, db)
		start := db.Times()
		w.budget = budget.Budget{ID: id.NewBudget(start), Company: w.company, Name: "Rolling", Owner: budget.Owner{Unit: w.unit}, Limit: money.Of(1000_00, "EUR"),
			Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Rolling, Days: 7}, Exhausted: budget.Block, Carry: budget.CarryNone}
		w.write(func(tx *store.Tx) { tx.Budgets.Insert(w.budget) })
		for day, want := range []error{nil, budget.ErrExhausted} {
			at := start.AddDate(0, 0, day)
			db.Engine().SetClock(func() time.Time { return at })
			c := w.filled(6)
			_, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
			if !errors.Is(err, want) {
				t.Errorf("day %d: %v", day, err)
			}
		}
	})
}
