package budget_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/budget"
)

func dateOf(at time.Time) date.Date { return date.On(at, time.UTC) }

var dollars = money.Exchange{From: "USD", To: "EUR", E9: 900_000_000}

func TestAClaimIsJudged(t *testing.T) {
	tests := []struct {
		says    string
		when    budget.Consequence
		spent   int64
		closed  bool
		amount  money.Money
		rate    money.Exchange
		follows budget.Consequence
		counts  string // amount and what is over
		after   string // held and left
		refused error
	}{
		{"it fits", budget.Block, 0, false, euros(60_00), money.Exchange{}, "", "60.00 over 0.00", "60.00 40.00", nil},
		{"it fits to the cent", budget.Block, 40_00, false, euros(60_00), money.Exchange{}, "", "60.00 over 0.00", "60.00 0.00", nil},
		{"nothing always fits", budget.Block, 130_00, false, euros(0), money.Exchange{}, "", "0.00 over 0.00", "0.00 -30.00", nil},
		{"nothing of no currency, too", budget.Block, 0, false, money.Money{}, money.Exchange{}, "", "0.00 over 0.00", "0.00 100.00", nil},
		{"a cent over is refused", budget.Block, 40_01, false, euros(60_00), money.Exchange{}, budget.Block, "60.00 over 0.01", "60.00 -0.01", budget.ErrExhausted},
		{"or asked for", budget.Ask, 40_01, false, euros(60_00), money.Exchange{}, budget.Ask, "60.00 over 0.01", "60.00 -0.01", nil},
		{"or warned of", budget.Warn, 40_01, false, euros(60_00), money.Exchange{}, budget.Warn, "60.00 over 0.01", "60.00 -0.01", nil},
		{"what is over is the order's alone", budget.Ask, 130_00, false, euros(60_00), money.Exchange{}, budget.Ask, "60.00 over 60.00", "60.00 -90.00", nil},
		{"a closed period takes nothing", budget.Ask, 0, true, euros(1), money.Exchange{}, budget.Block, "0.01 over 0.00", "0.01 99.99", budget.ErrClosed},
		{"dollars are converted", budget.Block, 0, false, money.Of(60_00, "USD"), dollars, "", "54.00 over 0.00", "54.00 46.00", nil},
		{"and may be too much", budget.Block, 0, false, money.Of(111_12, "USD"), dollars, budget.Block, "100.01 over 0.01", "100.01 -0.01", budget.ErrExhausted},
		{"without a rate it is refused", budget.Ask, 0, false, money.Of(1, "USD"), money.Exchange{}, budget.Block, "", "", money.ErrExchange},
		{"with a rate to another currency, too", budget.Ask, 0, false, money.Of(1, "USD"), money.Exchange{From: "USD", To: "JPY", E9: 1}, budget.Block, "", "", money.ErrExchange},
		{"with a rate from another currency, too", budget.Ask, 0, false, money.Of(1, "JPY"), dollars, budget.Block, "", "", money.ErrExchange},
		{"less than nothing is refused", budget.Ask, 0, false, euros(-1), money.Exchange{}, budget.Block, "", "", budget.ErrAmount},
		{"more than there can be is refused", budget.Ask, 0, false, euros(budget.Most + 1), money.Exchange{}, budget.Block, "", "", budget.ErrAmount},
	}
	for _, test := range tests {
		a := opened(t, 100_00, test.when)
		a.purse.Spent, a.purse.Closed = test.spent, test.closed
		before := a.String()
		v := budget.Check([]budget.Claim{{Purse: &a.purse, Amount: test.amount, Exchange: test.rate}})[0]
		counts, after := "", ""
		if v.Amount.Currency != "" {
			counts = v.Amount.Amount() + " over " + money.Of(v.Over.Minor, "EUR").Amount()
			after = v.After.Held.Amount() + " " + v.After.Left.Amount()
		}
		if v.Fits != (test.follows == "") || v.Consequence != test.follows || counts != test.counts || after != test.after {
			t.Errorf("%s: fits %v, %q, %s, %s; want %q, %s, %s", test.says, v.Fits, v.Consequence, counts, after, test.follows, test.counts, test.after)
		}
		if (v.Refusal == nil) != (test.refused == nil) || v.Refusal != nil && !errors.Is(v.Refusal, test.refused) {
			t.Errorf("%s: %v, want %v", test.says, v.Refusal, test.refused)
		}
		if v.Before.Limit != euros(100_00) || v.Before.Spent != euros(test.spent) || v.Before.Left != euros(100_00-test.spent) || a.String() != before {
			t.Errorf("%s: before %+v; looking changed the purse to %s", test.says, v.Before, a)
		}
	}
}

func TestAllIsHeldOrNothing(t *testing.T) {
	po := id.NewPurchaseOrder(noon)
	member, centre, company := opened(t, 100, budget.Block), opened(t, 50, budget.Block), opened(t, 1000, budget.Ask)
	claims := func(n int64) []budget.Claim {
		return []budget.Claim{
			{Purse: &member.purse, Amount: euros(n)},
			{Purse: &centre.purse, Amount: money.Of(n, "USD"), Exchange: dollars, ExchangeOn: "2026-03-04"},
			{Purse: &company.purse, Amount: euros(n)},
		}
	}
	_, err := budget.Draw(move(po), claims(101))
	var f *fault.Fault
	if !errors.Is(err, budget.ErrRefused) || !errors.Is(err, budget.ErrExhausted) || !errors.As(err, &f) || len(f.Reasons) != 2 {
		t.Errorf("two that block: %v", err)
	}
	if _, err := budget.Draw(move(po), claims(60)); !errors.As(err, &f) || len(f.Reasons) != 1 || f.Reasons[0].Detail["budget"] != centre.purse.Budget.ID.String() {
		t.Errorf("one that blocks: %v", err)
	}
	for _, a := range []*account{member, centre, company} {
		if a.purse.Used() != 0 || a.purse.Version != 1 {
			t.Errorf("refused, and %s", a)
		}
	}
	entries, err := budget.Draw(move(po), claims(50))
	if err != nil || len(entries) != 3 || member.purse.Held != 50 || centre.purse.Held != 45 || company.purse.Held != 50 {
		t.Fatalf("%s, %s, %s, %v", member, centre, company, err)
	}
	if entries[0].Exchange != (money.Exchange{}) || entries[1].Exchange != dollars || entries[1].ExchangeOn != "2026-03-04" || entries[1].Held != 45 || entries[2].ExchangeOn != "" {
		t.Errorf("%+v", entries)
	}
	if shares := budget.Shares(entries); len(shares) != 3 || shares[1].Budget != centre.purse.Budget.ID {
		t.Errorf("%+v", shares)
	}
	if none, err := budget.Draw(move(po), nil); err != nil || len(none) != 0 {
		t.Errorf("without budgets: %v, %v", none, err)
	}
}

func TestTheHardestConsequenceDecides(t *testing.T) {
	tests := []struct {
		all  []budget.Consequence
		want budget.Consequence
	}{
		{nil, ""},
		{[]budget.Consequence{"", ""}, ""},
		{[]budget.Consequence{"", budget.Warn}, budget.Warn},
		{[]budget.Consequence{budget.Warn, ""}, budget.Warn},
		{[]budget.Consequence{budget.Ask, budget.Warn}, budget.Ask},
		{[]budget.Consequence{budget.Warn, budget.Ask}, budget.Ask},
		{[]budget.Consequence{budget.Block, budget.Ask, budget.Warn}, budget.Block},
		{[]budget.Consequence{budget.Warn, budget.Ask, budget.Block}, budget.Block},
	}
	for _, test := range tests {
		var verdicts []budget.Verdict
		for _, c := range test.all {
			verdicts = append(verdicts, budget.Verdict{Consequence: c})
		}
		if got := budget.Hardest(verdicts); got != test.want {
			t.Errorf("of %q %q decides, want %q", test.all, got, test.want)
		}
	}
}

// What is foreseen is what happens: an order is refused exactly when a verdict blocks, and holds what fits.
func TestSubmittingDoesWhatThePreviewSaid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var accounts []*account
		var claims []budget.Claim
		for i := range rapid.IntRange(1, 4).Draw(rt, "budgets") {
			a := opened(t, rapid.Int64Range(0, 100).Draw(rt, "limit"), rapid.SampledFrom([]budget.Consequence{budget.Block, budget.Ask, budget.Warn}).Draw(rt, "exhausted"))
			a.purse.Budget.Name = fmt.Sprint(i)
			accounts = append(accounts, a)
		}
		for range rapid.IntRange(1, 5).Draw(rt, "orders") {
			claims = claims[:0]
			for _, a := range accounts {
				claims = append(claims, budget.Claim{Purse: &a.purse, Amount: euros(rapid.Int64Range(0, 80).Draw(rt, "amount"))})
			}
			verdicts := budget.Check(claims)
			entries, err := budget.Draw(move(id.NewPurchaseOrder(noon)), claims)
			if (err != nil) != (budget.Hardest(verdicts) == budget.Block) {
				rt.Fatalf("%v, and the preview said %q", err, budget.Hardest(verdicts))
			}
			for i, v := range verdicts {
				switch {
				case err != nil && accounts[i].purse.Held != v.Before.Held.Minor:
					rt.Fatalf("refused, and held")
				case err == nil && (entries[i].Requested != v.Over.Minor || entries[i].Held+entries[i].Requested != v.Amount.Minor):
					rt.Fatalf("%+v of %+v", entries[i], v)
				case err == nil && v.Fits && accounts[i].purse.Left() != v.After.Left.Minor:
					rt.Fatalf("%d left, the preview said %v", accounts[i].purse.Left(), v.After.Left)
				}
				if err == nil {
					accounts[i].entries = append(accounts[i].entries, entries[i])
				}
				if wrong := accounts[i].purse.Verify(slices.Values(accounts[i].entries)); wrong != nil {
					rt.Fatal(wrong)
				}
			}
		}
	})
}
