package budget_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/budget"
)

// account is a purse with its ledger, as the tables keep them.
type account struct {
	purse   budget.Purse
	entries []budget.Entry
}

// opened is the account of a month with this limit.
func opened(t testing.TB, limit int64, exhausted budget.Consequence) *account {
	t.Helper()
	b := monthly()
	b.Limit.Minor, b.Exhausted = limit, exhausted
	p, e, err := b.Open(budget.Period{Key: "2026-03", From: "2026-03-01", Until: "2026-03-31"}, nil, budget.Movement{At: noon})
	if err != nil {
		t.Fatal(err)
	}
	return &account{p, []budget.Entry{e}}
}

// did posts what a movement gave.
func (a *account) did(e budget.Entry, err error) error {
	if err == nil {
		a.entries = append(a.entries, e)
	}
	return err
}

// share is what a purchase order has, from the ledger.
func (a *account) share(po id.PurchaseOrder) budget.Share {
	for _, s := range budget.Shares(a.entries) {
		if s.PurchaseOrder == po {
			return s
		}
	}
	return budget.Share{}
}

func (a *account) String() string {
	p := &a.purse
	return fmt.Sprintf("held %d spent %d left %d over %d", p.Held, p.Spent, p.Left(), p.Overrun)
}

func move(po id.PurchaseOrder, reference ...string) budget.Movement {
	return budget.Movement{At: noon, PurchaseOrder: po, Reference: strings.Join(reference, ""), Note: "because"}
}

func TestAPurseIsMoved(t *testing.T) {
	one, two := id.NewPurchaseOrder(noon), id.NewPurchaseOrder(noon)
	hold := func(po id.PurchaseOrder, n int64) func(*account) error {
		return func(a *account) error { return a.did(a.purse.Hold(move(po), n)) }
	}
	book := func(po id.PurchaseOrder, n int64) func(*account) error {
		return func(a *account) error { return a.did(a.purse.Book(a.share(po), move(po), n)) }
	}
	release := func(po id.PurchaseOrder) func(*account) error {
		return func(a *account) error { return a.did(a.purse.Release(a.share(po), move(po))) }
	}
	adjust := func(po id.PurchaseOrder, n int64, version string) func(*account) error {
		return func(a *account) error { return a.did(a.purse.Adjust(a.share(po), move(po, version), n)) }
	}
	override := func(po id.PurchaseOrder, version string) func(*account) error {
		return func(a *account) error { return a.did(a.purse.Override(a.share(po), move(po, version))) }
	}
	credit := func(po id.PurchaseOrder, n int64, number string) func(*account) error {
		return func(a *account) error { return a.did(a.purse.CreditBack(a.share(po), move(po, number), n)) }
	}
	limit := func(n int64) func(*account) error {
		return func(a *account) error {
			return a.did(a.purse.SetLimit(budget.Movement{At: noon, Note: "because"}, n))
		}
	}
	silently := func(n int64) func(*account) error {
		return func(a *account) error { return a.did(a.purse.SetLimit(budget.Movement{At: noon, Note: " "}, n)) }
	}
	closed := func(a *account) error { a.purse.Closed = true; return nil }
	blocks := func(a *account) error { a.purse.Budget.Exhausted = budget.Block; return nil }
	type steps = []func(*account) error
	const block, ask, warn = budget.Block, budget.Ask, budget.Warn

	tests := []struct {
		says  string
		when  budget.Consequence
		steps steps // all but the last succeed
		err   error // of the last
		want  string
	}{
		{"an order is held", block, steps{hold(one, 60)}, nil, "held 60 spent 0 left 40 over 0"},
		{"to the last cent", block, steps{hold(one, 100)}, nil, "held 100 spent 0 left 0 over 0"},
		{"a cent more is refused", block, steps{hold(one, 101)}, budget.ErrExhausted, "held 0 spent 0 left 100 over 0"},
		{"the second order finds what the first left", block, steps{hold(one, 90), hold(two, 90)}, budget.ErrExhausted, "held 90 spent 0 left 10 over 0"},
		{"an order of nothing is held", block, steps{hold(one, 0)}, nil, "held 0 spent 0 left 100 over 0"},
		{"less than nothing is refused", block, steps{hold(one, -1)}, budget.ErrAmount, "held 0 spent 0 left 100 over 0"},
		{"more than there can be is refused", ask, steps{hold(one, budget.Most+1)}, budget.ErrAmount, "held 0 spent 0 left 100 over 0"},
		{"as much as there can be is refused", block, steps{hold(one, math.MaxInt64)}, budget.ErrAmount, "held 0 spent 0 left 100 over 0"},

		{"a placed order is spent", block, steps{hold(one, 60), book(one, 60)}, nil, "held 0 spent 60 left 40 over 0"},
		{"what came to less is released", block, steps{hold(one, 60), book(one, 50)}, nil, "held 0 spent 50 left 50 over 0"},
		{"what came to more is refused", block, steps{hold(one, 60), book(one, 61)}, budget.ErrNotHeld, "held 60 spent 0 left 40 over 0"},
		{"what came to less than nothing is refused", block, steps{hold(one, 60), book(one, -1)}, budget.ErrAmount, "held 60 spent 0 left 40 over 0"},
		{"booked twice is booked once", block, steps{hold(one, 60), book(one, 60), book(one, 60)}, budget.ErrRepeated, "held 0 spent 60 left 40 over 0"},
		{"what is booked is not released", block, steps{hold(one, 60), book(one, 60), release(one)}, budget.ErrEnded, "held 0 spent 60 left 40 over 0"},
		{"what was never held is not booked", block, steps{hold(one, 60), book(two, 10)}, budget.ErrNotHeld, "held 60 spent 0 left 40 over 0"},

		{"a rejected order is released", block, steps{hold(one, 60), release(one)}, nil, "held 0 spent 0 left 100 over 0"},
		{"released twice is released once", block, steps{hold(one, 60), release(one), release(one)}, budget.ErrRepeated, "held 0 spent 0 left 100 over 0"},
		{"what is released is not booked", block, steps{hold(one, 60), release(one), book(one, 60)}, budget.ErrEnded, "held 0 spent 0 left 100 over 0"},
		{"nor adjusted", block, steps{hold(one, 60), release(one), adjust(one, 50, "2")}, budget.ErrEnded, "held 0 spent 0 left 100 over 0"},

		{"an edit to less gives back", block, steps{hold(one, 60), adjust(one, 50, "2")}, nil, "held 50 spent 0 left 50 over 0"},
		{"an edit to more holds more", block, steps{hold(one, 60), adjust(one, 100, "2")}, nil, "held 100 spent 0 left 0 over 0"},
		{"an edit to too much changes nothing", block, steps{hold(one, 60), adjust(one, 101, "2")}, budget.ErrExhausted, "held 60 spent 0 left 40 over 0"},
		{"an edit to nothing holds nothing", block, steps{hold(one, 60), adjust(one, 0, "2")}, nil, "held 0 spent 0 left 100 over 0"},
		{"an edit to less than nothing is refused", block, steps{hold(one, 60), adjust(one, -1, "2")}, budget.ErrAmount, "held 60 spent 0 left 40 over 0"},
		{"the same edit twice is one", block, steps{hold(one, 60), adjust(one, 50, "2"), adjust(one, 40, "2")}, budget.ErrRepeated, "held 50 spent 0 left 50 over 0"},
		{"two edits are two", block, steps{hold(one, 60), adjust(one, 50, "2"), adjust(one, 40, "3")}, nil, "held 40 spent 0 left 60 over 0"},

		{"asking holds what is left", ask, steps{hold(one, 90), hold(two, 30)}, nil, "held 100 spent 0 left 0 over 0"},
		{"warning does, too", warn, steps{hold(one, 130)}, nil, "held 100 spent 0 left 0 over 0"},
		{"asking again when nothing is left holds nothing", ask, steps{hold(one, 100), hold(two, 30)}, nil, "held 100 spent 0 left 0 over 0"},
		{"a decision holds the rest", ask, steps{hold(one, 130), override(one, "")}, nil, "held 130 spent 0 left -30 over 30"},
		{"a decision is made once", ask, steps{hold(one, 130), override(one, ""), override(one, "")}, budget.ErrRepeated, "held 130 spent 0 left -30 over 30"},
		{"a decision is about the order's own hold", ask, steps{hold(one, 130), override(two, "")}, budget.ErrNotHeld, "held 100 spent 0 left 0 over 0"},
		{"what became free meanwhile is no overrun", ask, steps{hold(one, 50), hold(two, 80), release(one), override(two, "")}, nil, "held 80 spent 0 left 20 over 0"},
		{"some of it became free", ask, steps{hold(one, 50), hold(two, 80), adjust(one, 40, "2"), override(two, "")}, nil, "held 120 spent 0 left -20 over 20"},
		{"undecided, only what is held is booked", ask, steps{hold(one, 130), book(one, 130)}, budget.ErrNotHeld, "held 100 spent 0 left 0 over 0"},
		{"decided, all of it is", ask, steps{hold(one, 130), override(one, ""), book(one, 130)}, nil, "held 0 spent 130 left -30 over 30"},
		{"after an overrun nothing new is held", ask, steps{hold(one, 130), override(one, ""), hold(two, 10)}, nil, "held 130 spent 0 left -30 over 30"},
		{"and released it leaves no room it had not", ask, steps{hold(one, 130), override(one, ""), release(one), hold(two, 110)}, nil, "held 100 spent 0 left 0 over 0"},
		{"an edit keeps what was decided", ask, steps{hold(one, 130), override(one, ""), adjust(one, 120, "2")}, nil, "held 120 spent 0 left -20 over 20"},
		{"an edit to more asks for the rest", ask, steps{hold(one, 130), override(one, ""), adjust(one, 140, "2")}, nil, "held 130 spent 0 left -30 over 30"},
		{"an edit to less withdraws what was asked", ask, steps{hold(one, 130), adjust(one, 90, "2"), override(one, "2")}, nil, "held 90 spent 0 left 10 over 0"},

		{"a budget that came to block lets less be asked", ask, steps{hold(one, 130), blocks, adjust(one, 120, "2")}, nil, "held 100 spent 0 left 0 over 0"},
		{"but not more", ask, steps{hold(one, 130), blocks, adjust(one, 131, "2")}, budget.ErrExhausted, "held 100 spent 0 left 0 over 0"},

		{"a return comes back", block, steps{hold(one, 60), book(one, 60), credit(one, 10, "R1")}, nil, "held 0 spent 50 left 50 over 0"},
		{"the same return twice comes back once", block, steps{hold(one, 60), book(one, 60), credit(one, 10, "R1"), credit(one, 10, "R1")}, budget.ErrRepeated, "held 0 spent 50 left 50 over 0"},
		{"two returns are two", block, steps{hold(one, 60), book(one, 60), credit(one, 10, "R1"), credit(one, 50, "R2")}, nil, "held 0 spent 0 left 100 over 0"},
		{"no more comes back than was spent", block, steps{hold(one, 60), book(one, 60), credit(one, 10, "R1"), credit(one, 51, "R2")}, budget.ErrNotSpent, "held 0 spent 50 left 50 over 0"},
		{"what was not booked does not come back", block, steps{hold(one, 60), credit(one, 1, "R1")}, budget.ErrNotSpent, "held 60 spent 0 left 40 over 0"},
		{"less than nothing does not come back", block, steps{hold(one, 60), book(one, 60), credit(one, -1, "R1")}, budget.ErrAmount, "held 0 spent 60 left 40 over 0"},
		{"a return mends an overrun", ask, steps{hold(one, 130), override(one, ""), book(one, 130), credit(one, 20, "R1")}, nil, "held 0 spent 110 left -10 over 10"},

		{"a limit is raised", block, steps{limit(150), hold(one, 150)}, nil, "held 150 spent 0 left 0 over 0"},
		{"a limit is cut to what is used", block, steps{hold(one, 60), limit(60)}, nil, "held 60 spent 0 left 0 over 0"},
		{"a limit is cut below what is used", block, steps{hold(one, 60), limit(50)}, nil, "held 60 spent 0 left -10 over 10"},
		{"then the waiting order is still placed", block, steps{hold(one, 60), limit(50), book(one, 60)}, nil, "held 0 spent 60 left -10 over 10"},
		{"and a new one is refused", block, steps{hold(one, 60), limit(50), hold(two, 1)}, budget.ErrExhausted, "held 60 spent 0 left -10 over 10"},
		{"raised again it is as before", block, steps{hold(one, 60), limit(50), limit(100), hold(two, 40)}, nil, "held 100 spent 0 left 0 over 0"},
		{"a limit below nothing is refused", block, steps{limit(-1)}, budget.ErrAmount, "held 0 spent 0 left 100 over 0"},
		{"a limit beyond measure is refused", block, steps{limit(budget.Most + 1)}, budget.ErrAmount, "held 0 spent 0 left 100 over 0"},
		{"a limit is not changed without a reason", block, steps{silently(150)}, budget.ErrReason, "held 0 spent 0 left 100 over 0"},

		{"a closed period holds nothing new", block, steps{closed, hold(one, 1)}, budget.ErrClosed, "held 0 spent 0 left 100 over 0"},
		{"nor more", block, steps{hold(one, 60), closed, adjust(one, 61, "2")}, budget.ErrClosed, "held 60 spent 0 left 40 over 0"},
		{"but less", block, steps{hold(one, 60), closed, adjust(one, 59, "2")}, nil, "held 59 spent 0 left 41 over 0"},
		{"what it held is placed", block, steps{hold(one, 60), closed, book(one, 60)}, nil, "held 0 spent 60 left 40 over 0"},
		{"or released", block, steps{hold(one, 60), closed, release(one)}, nil, "held 0 spent 0 left 100 over 0"},
		{"what comes back comes to another period", block, steps{hold(one, 60), book(one, 60), closed, credit(one, 10, "R1")}, budget.ErrClosed, "held 0 spent 60 left 40 over 0"},
	}
	for _, test := range tests {
		a := opened(t, 100, test.when)
		var err error
		for i, step := range test.steps {
			if err = step(a); err != nil && i < len(test.steps)-1 {
				t.Fatalf("%s: step %d: %v", test.says, i+1, err)
			}
		}
		if !errors.Is(err, test.err) || test.err == nil && err != nil || a.String() != test.want {
			t.Errorf("%s: %s, %v; want %s, %v", test.says, a, err, test.want, test.err)
		}
		if err := a.purse.Verify(slices.Values(a.entries)); err != nil {
			t.Errorf("%s: %v", test.says, err)
		}
	}
}

func TestWhatIsRequestedWaitsOutsideTheBalance(t *testing.T) {
	po := id.NewPurchaseOrder(noon)
	a := opened(t, 100, budget.Ask)
	if err := a.did(a.purse.Hold(move(po), 130)); err != nil || a.share(po).Requested != 30 || a.share(po).Held != 100 {
		t.Fatalf("%+v, %v", a.share(po), err)
	}
	if err := a.did(a.purse.Adjust(a.share(po), move(po, "2"), 150)); err != nil || a.share(po).Requested != 50 {
		t.Fatalf("%+v, %v", a.share(po), err)
	}
	unsaid := move(po)
	unsaid.Note = " "
	if _, err := a.purse.Override(a.share(po), unsaid); !errors.Is(err, budget.ErrReason) {
		t.Errorf("a decision without a reason: %v", err)
	}
	if err := a.did(a.purse.Override(a.share(po), move(po))); err != nil || a.share(po).Requested != 0 || a.share(po).Held != 150 {
		t.Fatalf("%+v, %v", a.share(po), err)
	}
	other := opened(t, 100, budget.Ask)
	if err := other.did(other.purse.Hold(move(po), 130)); err != nil {
		t.Fatal(err)
	}
	if err := other.did(other.purse.Release(other.share(po), move(po))); err != nil || other.share(po).Requested != 0 || !other.share(po).Ended {
		t.Errorf("rejected, it is %+v, %v", other.share(po), err)
	}
}

func TestWhatComesBackLateIsGivenToTheCurrentPeriod(t *testing.T) {
	po := id.NewPurchaseOrder(noon)
	march := opened(t, 100, budget.Block)
	for _, err := range []error{march.did(march.purse.Hold(move(po), 60)), march.did(march.purse.Book(march.share(po), move(po), 60))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	april, opening, err := march.purse.Budget.Open(budget.Period{Key: "2026-04"}, nil, budget.Movement{At: noon})
	if err != nil {
		t.Fatal(err)
	}
	share := march.share(po)
	if _, err := april.CreditBack(share, move(po, "R1"), 10); !errors.Is(err, budget.ErrNotSpent) {
		t.Errorf("as though it had been spent there: %v", err)
	}
	e, err := april.CreditLater(share, move(po, "R1"), 10)
	if err != nil || april.Limit != 110 || april.Spent != 0 || april.Left() != 110 || april.Verify(slices.Values([]budget.Entry{opening, e})) != nil {
		t.Fatalf("%+v by %+v, %v", april, e, err)
	}
	share = share.Plus(e)
	if share.Spent != 50 || share.Period != "2026-03" {
		t.Errorf("of the order is spent %+v", share)
	}
	if _, err := march.purse.CreditBack(share, move(po, "R1"), 10); !errors.Is(err, budget.ErrRepeated) {
		t.Errorf("the same return into both periods: %v", err)
	}
	if _, err := april.CreditLater(share, move(po, "R2"), 51); !errors.Is(err, budget.ErrNotSpent) {
		t.Errorf("more than was spent: %v", err)
	}
	stranger, _, err := monthly().Open(budget.Period{Key: "2026-04"}, nil, budget.Movement{At: noon})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stranger.CreditLater(share, move(po, "R2"), 1); !errors.Is(err, budget.ErrNotSpent) {
		t.Errorf("into another budget: %v", err)
	}
}

func TestAHoldIsOfItsPurse(t *testing.T) {
	po := id.NewPurchaseOrder(noon)
	a, b := opened(t, 100, budget.Block), opened(t, 100, budget.Block)
	for _, x := range []*account{a, b} {
		if err := x.did(x.purse.Hold(move(po), 60)); err != nil {
			t.Fatal(err)
		}
	}
	april := b.purse
	april.Period.Key = "2026-04"
	for says, err := range map[string]error{
		"booked in another budget": second(b.purse.Book(a.share(po), move(po), 60)),
		"released there":           second(b.purse.Release(a.share(po), move(po))),
		"adjusted there":           second(b.purse.Adjust(a.share(po), move(po), 60)),
		"overridden there":         second(b.purse.Override(a.share(po), move(po))),
		"booked in another period": second(april.Book(b.share(po), move(po), 60)),
		"booked for another order": second(a.purse.Book(a.share(po), move(id.NewPurchaseOrder(noon)), 60)),
	} {
		if !errors.Is(err, budget.ErrNotHeld) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func second(_ budget.Entry, err error) error { return err }

func TestARollingWindowCountsItsOtherDays(t *testing.T) {
	a := opened(t, 100, budget.Block)
	a.purse.Elsewhere = 70
	if err := a.did(a.purse.Hold(move(id.NewPurchaseOrder(noon)), 31)); !errors.Is(err, budget.ErrExhausted) {
		t.Errorf("a cent too much: %v", err)
	}
	if err := a.did(a.purse.Hold(move(id.NewPurchaseOrder(noon)), 30)); err != nil || a.purse.Left() != 0 {
		t.Errorf("what is left: %d, %v", a.purse.Left(), err)
	}
	if err := a.purse.Verify(slices.Values(a.entries)); err != nil {
		t.Error(err)
	}
}

func TestAnEntryKeepsWhoWhenAndWhy(t *testing.T) {
	a := opened(t, 100, budget.Block)
	po, ann := id.NewPurchaseOrder(noon), id.NewMember(noon)
	m := budget.Movement{At: noon, By: ann, PurchaseOrder: po, Reference: "v1", Note: "urgent",
		Exchange: money.Exchange{From: "USD", To: "EUR", E9: 900_000_000}, ExchangeOn: "2026-03-04"}
	e, err := a.purse.Hold(m, 60)
	want := budget.Entry{Budget: a.purse.Budget.ID, Period: "2026-03", PurchaseOrder: po, Move: budget.Hold,
		Key: a.purse.Budget.ID.String() + "/" + po.String() + "/hold/v1", Available: -60, Held: 60,
		At: noon, By: ann, Reference: "v1", Note: "urgent", Exchange: m.Exchange, ExchangeOn: "2026-03-04"}
	if err != nil || e != want {
		t.Errorf("%+v, %v\nwant %+v", e, err, want)
	}
}

func TestTheFaultSaysWhatIsLeft(t *testing.T) {
	for _, row := range []struct {
		cycle budget.Cycle
		want  string
	}{
		{budget.Cycle{Kind: budget.Month}, "the budget Tools has €100.00 left from 1 Mar 2026 to 31 Mar 2026, and €100.01 is asked (goods and shipping, net)"},
		{budget.Cycle{Kind: budget.PerOrder}, "the budget Tools has €100.00 left for one order, and €100.01 is asked (goods and shipping, net)"},
		{budget.Cycle{Kind: budget.Fixed, From: "2026-01-01", Until: "2026-06-30"}, "the budget Tools has €100.00 left from 1 Jan 2026 to 30 Jun 2026, and €100.01 is asked (goods and shipping, net)"},
	} {
		a := opened(t, 100_00, budget.Block)
		period, err := row.cycle.Period(id.NewPurchaseOrder(noon), noon, time.UTC, time.January)
		if err != nil {
			t.Fatal(err)
		}
		a.purse.Budget.Cycle, a.purse.Period = row.cycle, period
		_, err = a.purse.Hold(move(id.NewPurchaseOrder(noon)), 100_01)
		var f *fault.Fault
		if !errors.As(err, &f) || locale.English.T(f.Format, f.Args...) != row.want || f.Detail["budget"] != a.purse.Budget.ID.String() {
			t.Errorf("%s: %v", row.cycle.Kind, err)
		}
	}
}

func TestALimitIsTransferred(t *testing.T) {
	tests := []struct {
		says     string
		change   func(from, to *account)
		amount   int64
		err      error
		from, to int64
	}{
		{"some of it", nil, 40, nil, 60, 140},
		{"all that is left", func(from, _ *account) { from.purse.Spent = 30 }, 70, nil, 30, 170},
		{"more than is left", func(from, _ *account) { from.purse.Spent = 30 }, 71, budget.ErrExhausted, 100, 100},
		{"nothing", nil, 0, budget.ErrAmount, 100, 100},
		{"backwards", nil, -1, budget.ErrAmount, 100, 100},
		{"into another currency", func(_, to *account) { to.purse.Budget.Limit.Currency = "USD" }, 1, money.ErrCurrency, 100, 100},
		{"into a limit that is full", func(_, to *account) { to.purse.Limit = budget.Most }, 1, budget.ErrAmount, 100, budget.Most},
	}
	for _, test := range tests {
		from, to := opened(t, 100, budget.Block), opened(t, 100, budget.Block)
		if test.change != nil {
			test.change(from, to)
		}
		entries, err := budget.Transfer(&from.purse, &to.purse, budget.Movement{Note: "because"}, test.amount)
		if !errors.Is(err, test.err) || test.err == nil && err != nil || from.purse.Limit != test.from || to.purse.Limit != test.to {
			t.Errorf("%s: %d and %d, %v", test.says, from.purse.Limit, to.purse.Limit, err)
		}
		if err == nil && (entries[0].Limit != -test.amount || entries[1].Limit != test.amount || entries[0].Key == entries[1].Key) {
			t.Errorf("%s: %+v", test.says, entries)
		}
	}
	from, to := opened(t, 100, budget.Block), opened(t, 100, budget.Block)
	if _, err := budget.Transfer(&from.purse, &to.purse, budget.Movement{}, 1); !errors.Is(err, budget.ErrReason) || from.purse.Limit != 100 {
		t.Errorf("without a reason: %v", err)
	}
}

func TestWarningsAreCrossedOnce(t *testing.T) {
	po := id.NewPurchaseOrder(noon)
	fifty, eighty, amount, all := budget.Threshold{Percent: 50}, budget.Threshold{Percent: 80}, budget.Threshold{Minor: 70}, budget.Threshold{Percent: 100}
	tests := []struct {
		says  string
		limit int64
		do    func(*budget.Purse) (budget.Entry, error)
		want  []budget.Threshold
	}{
		{"below the first", 100, func(p *budget.Purse) (budget.Entry, error) { return p.Hold(move(po), 9) }, nil},
		{"the first, exactly", 100, func(p *budget.Purse) (budget.Entry, error) { return p.Hold(move(po), 10) }, []budget.Threshold{fifty}},
		{"several at once", 100, func(p *budget.Purse) (budget.Entry, error) { return p.Hold(move(po), 45) }, []budget.Threshold{fifty, eighty, amount}},
		{"to the end", 100, func(p *budget.Purse) (budget.Entry, error) { return p.Hold(move(po), 60) }, []budget.Threshold{fifty, eighty, amount, all}},
		{"by a cut of the limit", 100, func(p *budget.Purse) (budget.Entry, error) { return p.SetLimit(move(po), 50) }, []budget.Threshold{fifty, eighty}},
		{"by a rise none", 100, func(p *budget.Purse) (budget.Entry, error) { return p.SetLimit(move(po), 200) }, nil},
		{"those passed before are not passed again", 60, func(p *budget.Purse) (budget.Entry, error) { return p.Hold(move(po), 8) }, []budget.Threshold{eighty}},
	}
	for _, test := range tests {
		p := opened(t, test.limit, budget.Block).purse
		p.Spent = 40
		p.Budget.Warnings = []budget.Threshold{fifty, eighty, amount, all}
		e, err := test.do(&p)
		if got := p.Crossed(e); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, %v; want %v", test.says, got, err, test.want)
		}
		highest := int64(-1) // in minor units
		for _, w := range test.want {
			highest = max(highest, w.Minor, w.Percent*p.Limit/100)
		}
		if told, reached := p.Reached(e); reached != (len(test.want) > 0) || reached && told.Amount.Minor != highest {
			t.Errorf("%s: told of %v is %v; the highest is %d", test.says, told, reached, highest)
		}
	}
	p := opened(t, budget.Most, budget.Block).purse
	p.Budget.Warnings = []budget.Threshold{{Percent: 200}, {Percent: 113}, {Percent: 100}, {Percent: 95}}
	e, err := p.Hold(move(po), budget.Most)
	if got := p.Crossed(e); err != nil || !slices.Equal(got, []budget.Threshold{{Percent: 100}, {Percent: 95}}) {
		t.Errorf("of the largest limit: %v, %v", got, err)
	}
	if told, reached := p.Reached(e); !reached || told.Percent != 100 || told.Amount.Minor != budget.Most {
		t.Errorf("of the largest limit is told %v, %v", told, reached)
	}
}

func TestAPurseIsForecast(t *testing.T) {
	tests := []struct {
		says        string
		limit       int64
		held, spent int64
		today       string
		used        int64
		out         string
	}{
		{"a third of the time, a third of the money", 300, 50, 50, "2026-03-10", 310, "2026-03-31"},
		{"half of it", 300, 0, 50, "2026-03-10", 155, ""},
		{"twice as fast", 300, 100, 100, "2026-03-10", 620, "2026-03-16"},
		{"it lasts exactly", 310, 0, 100, "2026-03-10", 310, ""},
		{"a cent less does not", 309, 0, 100, "2026-03-10", 310, "2026-03-31"},
		{"nothing is used", 300, 0, 0, "2026-03-10", 0, ""},
		{"on the last day", 300, 0, 300, "2026-03-31", 300, ""},
		{"after the period", 300, 0, 299, "2026-04-20", 299, ""},
		{"before the period", 300, 10, 0, "2026-02-20", 10, ""},
		{"it has run out", 300, 0, 301, "2026-03-10", 933, "2026-03-10"},
		{"all on the first day", 300, 0, 300, "2026-03-01", 9300, "2026-03-02"},
		{"half a cent goes up", 300, 0, 5, "2026-03-10", 16, ""},
		{"hardly anything of the largest limit", budget.Most, 0, 1, "2026-03-31", 1, ""},
		{"nothing may be used", 0, 0, 0, "2026-03-10", 0, ""},
		{"beyond all measure", budget.Most, 0, budget.Most, "2026-03-01", math.MaxInt64, "2026-03-02"},
	}
	for _, test := range tests {
		p := opened(t, test.limit, budget.Block).purse
		p.Held, p.Spent = test.held, test.spent
		day, err := time.Parse("2006-01-02", test.today)
		if err != nil {
			t.Fatal(err)
		}
		got := p.Forecast(dateOf(day))
		if got.Used != test.used || string(got.RunsOut) != test.out {
			t.Errorf("%s: %d at the end, runs out %q; want %d, %q", test.says, got.Used, got.RunsOut, test.used, test.out)
		}
	}
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	one, two := id.NewPurchaseOrder(noon), id.NewPurchaseOrder(noon)
	tests := []struct {
		says   string
		spoil  func(*account)
		reason string
	}{
		{"nothing is wrong", func(*account) {}, ""},
		{"a row is gone", func(a *account) { a.entries = slices.Delete(a.entries, 1, 2) }, "could not be"},
		{"the last row is gone", func(a *account) { a.entries = a.entries[:len(a.entries)-1] }, "the purse says"},
		{"a row is there twice", func(a *account) { a.entries = append(a.entries, a.entries[1]) }, "could not be"},
		{"a row makes money", func(a *account) { a.entries[1].Available++ }, "makes or loses"},
		{"a row was lowered in balance", func(a *account) { a.entries[3].Held--; a.entries[3].Available++ }, "the purse says"},
		{"a row spends what is not there", func(a *account) { a.entries[1].Held += 41; a.entries[1].Available -= 41 }, "could not be"},
		{"a row of another purse", func(a *account) { a.entries[1].Period = "2026-04" }, "another purse"},
		{"the purse has more spent", func(a *account) { a.purse.Spent++ }, "the purse says"},
		{"the purse has less held", func(a *account) { a.purse.Held-- }, "the purse says"},
		{"the purse has another limit", func(a *account) { a.purse.Limit++ }, "the purse says"},
		{"the purse has an overrun that nobody allowed", func(a *account) { a.purse.Overrun++ }, "overrun"},
		{"the purse has missed an entry", func(a *account) { a.purse.Version-- }, "counts"},
		{"the limit went below nothing", func(a *account) {
			a.entries = a.entries[:1]
			a.entries[0].Limit, a.entries[0].Available = -100, -100
			a.purse = budget.Purse{Budget: a.purse.Budget, Period: a.purse.Period, Limit: -100, Overrun: 100, Version: 1}
		}, "could not be"},
	}
	for _, test := range tests {
		a := opened(t, 100, budget.Block)
		for _, err := range []error{
			a.did(a.purse.Hold(move(one), 60)), a.did(a.purse.Book(a.share(one), move(one), 60)), a.did(a.purse.Hold(move(two), 40)),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		test.spoil(a)
		if err := a.purse.Verify(slices.Values(a.entries)); (err == nil) != (test.reason == "") || err != nil && !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%s: %v, want %q", test.says, err, test.reason)
		}
	}
}

// model is a purse as one would write it without a ledger: what each purchase order holds and has spent.
type model struct {
	limit, allowed       int64 // allowed is what decisions and cuts have let above the limit
	held, spent, request map[id.PurchaseOrder]int64
	ended                map[id.PurchaseOrder]bool
}

func (m *model) used() (sum int64) {
	for _, n := range m.held {
		sum += n
	}
	for _, n := range m.spent {
		sum += n
	}
	return sum
}

// Whatever people do, in whichever order and however often: the purse is what the model is, never overspent, and
// always the sum of its entries.
func TestAPurseIsWhatTheNaiveModelIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exhausted := rapid.SampledFrom([]budget.Consequence{budget.Block, budget.Ask, budget.Warn}).Draw(t, "exhausted")
		limit := rapid.Int64Range(0, 300).Draw(t, "limit")
		b := monthly()
		b.Limit.Minor, b.Exhausted = limit, exhausted
		purse, opening, err := b.Open(budget.Period{Key: "2026-03"}, nil, budget.Movement{At: noon})
		if err != nil {
			t.Fatal(err)
		}
		a := &account{purse, []budget.Entry{opening}}
		m := &model{limit: limit, held: map[id.PurchaseOrder]int64{}, spent: map[id.PurchaseOrder]int64{}, request: map[id.PurchaseOrder]int64{}, ended: map[id.PurchaseOrder]bool{}}
		var orders []id.PurchaseOrder
		count := 0
		reference := func() string { count++; return fmt.Sprint(count) }
		some := func(t *rapid.T) id.PurchaseOrder {
			if len(orders) == 0 {
				t.Skip("no order yet")
			}
			return rapid.SampledFrom(orders).Draw(t, "order")
		}
		amount := func(t *rapid.T) int64 { return rapid.Int64Range(-2, 150).Draw(t, "amount") }
		// check compares one outcome with what the model says of it; a refusal leaves the purse alone.
		check := func(t *rapid.T, before budget.Purse, err error, may bool) bool {
			if (err == nil) != may {
				t.Fatalf("%v, and the model says %v; %s", err, may, a)
			}
			if err != nil && (a.purse.Held != before.Held || a.purse.Spent != before.Spent || a.purse.Limit != before.Limit || a.purse.Version != before.Version || a.purse.Overrun != before.Overrun) {
				t.Fatalf("refused, and changed to %s", a)
			}
			return may
		}
		want := func(po id.PurchaseOrder, n int64) (held, requested int64) {
			more := min(n-m.held[po], max(0, m.limit-m.used()))
			return m.held[po] + more, n - m.held[po] - more
		}
		t.Repeat(map[string]func(*rapid.T){
			"hold": func(t *rapid.T) {
				po, n, before := id.NewPurchaseOrder(noon), amount(t), a.purse
				held, requested := want(po, n)
				if check(t, before, a.did(a.purse.Hold(move(po), n)), n >= 0 && (requested == 0 || exhausted != budget.Block)) {
					m.held[po], m.request[po] = held, requested
					orders = append(orders, po)
				}
			},
			"adjust": func(t *rapid.T) {
				po, n, before := some(t), amount(t), a.purse
				held, requested := want(po, n)
				if check(t, before, a.did(a.purse.Adjust(a.share(po), move(po, reference()), n)), !m.ended[po] && n >= 0 && (requested == 0 || exhausted != budget.Block)) {
					m.held[po], m.request[po] = held, requested
				}
			},
			"override": func(t *rapid.T) {
				po, before := some(t), a.purse
				if check(t, before, a.did(a.purse.Override(a.share(po), move(po, reference()))), !m.ended[po]) {
					m.held[po] += m.request[po]
					m.request[po] = 0
					m.allowed = max(m.allowed, m.used()-m.limit)
				}
			},
			"book": func(t *rapid.T) {
				po, before := some(t), a.purse
				n := rapid.SampledFrom([]int64{m.held[po], m.held[po] / 2, m.held[po] + 1, -1}).Draw(t, "booked")
				if check(t, before, a.did(a.purse.Book(a.share(po), move(po), n)), !m.ended[po] && n >= 0 && n <= m.held[po]) {
					m.held[po], m.spent[po], m.request[po], m.ended[po] = 0, n, 0, true
				}
			},
			"release": func(t *rapid.T) {
				po, before := some(t), a.purse
				if check(t, before, a.did(a.purse.Release(a.share(po), move(po))), !m.ended[po]) {
					m.held[po], m.request[po], m.ended[po] = 0, 0, true
				}
			},
			"credit": func(t *rapid.T) {
				po, n, before := some(t), amount(t), a.purse
				if check(t, before, a.did(a.purse.CreditBack(a.share(po), move(po, reference()), n)), n >= 0 && n <= m.spent[po]) {
					m.spent[po] -= n
				}
			},
			"limit": func(t *rapid.T) {
				n, before := amount(t), a.purse
				if check(t, before, a.did(a.purse.SetLimit(move(id.PurchaseOrder{}), n)), n >= 0) {
					m.limit = n
					m.allowed = max(m.allowed, m.used()-n)
				}
			},
			"again": func(t *rapid.T) { // the last movement, by a second click
				last, before := a.entries[len(a.entries)-1], a.purse
				s, repeat := a.share(last.PurchaseOrder), move(last.PurchaseOrder, last.Reference)
				var err error
				switch last.Move {
				case budget.Book:
					_, err = a.purse.Book(s, repeat, 0)
				case budget.Release:
					_, err = a.purse.Release(s, repeat)
				case budget.Adjust:
					_, err = a.purse.Adjust(s, repeat, 0)
				case budget.Override:
					_, err = a.purse.Override(s, repeat)
				case budget.Credit:
					_, err = a.purse.CreditBack(s, repeat, 0)
				default:
					return // every hold is of a new order, and a limit is set to a figure
				}
				if !errors.Is(err, budget.ErrRepeated) {
					t.Fatalf("%s again: %v", last.Move, err)
				}
				check(t, before, err, false)
			},
			"": func(t *rapid.T) {
				p := &a.purse
				m.allowed = min(m.allowed, max(0, m.used()-m.limit)) // what came back is not spent above the limit again
				var held, spent int64
				for _, s := range budget.Shares(a.entries) {
					po := s.PurchaseOrder
					if s.Held != m.held[po] || s.Spent != m.spent[po] || s.Requested != m.request[po] || s.Ended != m.ended[po] || s.Held < 0 || s.Spent < 0 || s.Requested < 0 {
						t.Fatalf("the share is %+v; the model has held %d, spent %d, requested %d, ended %v", s, m.held[po], m.spent[po], m.request[po], m.ended[po])
					}
					held += s.Held
					spent += s.Spent
				}
				switch {
				case p.Held != held || p.Spent != spent || p.Limit != m.limit:
					t.Fatalf("%s; the shares have held %d, spent %d", a, held, spent)
				case p.Held < 0 || p.Spent < 0 || p.Used() > p.Limit+m.allowed || p.Overrun != max(0, p.Used()-p.Limit):
					t.Fatalf("%s of %d, and %d was allowed above", a, p.Limit, m.allowed)
				case p.Left() != p.Limit-p.Used():
					t.Fatalf("%s", a)
				}
				var available, sumHeld, sumSpent, sumLimit int64
				keys := map[string]bool{}
				for _, e := range a.entries {
					if e.Available+e.Held+e.Spent != e.Limit || e.Limit != 0 && e.Move != budget.Limit {
						t.Fatalf("%+v does not come to nothing", e)
					}
					if keys[e.Key] {
						t.Fatalf("%s is the key of two movements", e.Key)
					}
					keys[e.Key] = true
					available, sumHeld, sumSpent, sumLimit = available+e.Available, sumHeld+e.Held, sumSpent+e.Spent, sumLimit+e.Limit
				}
				if available != p.Left() || sumHeld != p.Held || sumSpent != p.Spent || sumLimit != p.Limit {
					t.Fatalf("%s; the entries come to %d, %d, %d of %d", a, available, sumHeld, sumSpent, sumLimit)
				}
				if err := p.Verify(slices.Values(a.entries)); err != nil {
					t.Fatal(err)
				}
			},
		})
	})
}
