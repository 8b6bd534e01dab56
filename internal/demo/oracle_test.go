package demo

import (
	"maps"
	"testing"

	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

func TestTheOracleOnOrdersThatCanBeWorkedOutByHand(t *testing.T) {
	ann := &Person{Department: "IT"}
	order := func(number string, outcome Outcome, e4 int64, n int64) Order {
		return Order{Number: number, Outcome: outcome, Buyer: ann, On: "2025-03-01",
			Lines: []OrderLine{{SKU: "NUT", Quantity: quantity.Of(n), Price: money.Rate{E4: e4, Currency: Currency}}}}
	}
	orders := []Order{
		order("1", Complete, 1_0050, 1),   // 1.005 is 1.01
		order("2", Rejected, 10_0000, 10), // held while it waits: 101.01 in all
		order("3", Pending, 30_0000, 1),
		order("4", Approved, 25_0000, 1),
	}
	all, half := limits(orders, false), limits(orders, true)
	o := foretell(orders, all)
	if !maps.Equal(o.totals, map[string]int64{"1": 101, "2": 10000, "3": 3000, "4": 2500}) || all["IT"] != 10101 || len(o.refused) > 0 ||
		o.months[month{"IT", "2025-03"}] != (used{spent: 2601, held: 3000}) {
		t.Errorf("all of it: %+v", o)
	}
	o = foretell(orders, half)
	if half["IT"] != 5050 || !maps.Equal(o.refused, map[string]bool{"2": true, "4": true}) || o.months[month{"IT", "2025-03"}] != (used{spent: 101, held: 3000}) {
		t.Errorf("half of it: %+v", o)
	}
}

func TestTheOracleOnTheWholeSource(t *testing.T) {
	orders := source(t).Orders
	o, sum := foretell(orders, limits(orders, false)), int64(0)
	for _, cents := range o.totals {
		sum += cents
	}
	if sum != 6379200594 || len(o.refused) != 0 { // as a spreadsheet has it
		t.Errorf("%d cents, %d refused", sum, len(o.refused))
	}
}
