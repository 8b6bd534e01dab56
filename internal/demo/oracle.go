package demo

import (
	"kontor/internal/base/quantity"
)

// An oracle is what must come out of a replay, worked out from the files alone: by whole numbers, and by none of the
// code that is being replayed.
type oracle struct {
	totals  map[string]int64 // by order number, in cents
	refused map[string]bool  // orders that their budget has not enough left for
	months  map[month]used
}

// month is a department in one month: "2025-03".
type month struct{ department, key string }

// used is what a department has spent, and holds for orders that wait, in one month: in cents.
type used struct{ spent, held int64 }

func (u used) sum() int64 { return u.spent + u.held }

// limits are what the departments may spend in a month: so much that no month exceeds it, or half of that. While an
// order waits for its decision it counts, whether it is rejected afterwards or not.
func limits(orders []Order, half bool) map[string]int64 {
	most, now := map[string]int64{}, map[month]int64{}
	for _, x := range orders {
		m := x.month()
		most[m.department] = max(most[m.department], now[m]+total(x))
		if x.Outcome != Rejected {
			now[m] += total(x)
		}
	}
	if half {
		for d := range most {
			most[d] /= 2
		}
	}
	return most
}

// foretell works out what must come of the orders within these limits: what exceeds them is refused.
func foretell(orders []Order, limits map[string]int64) *oracle {
	o := &oracle{totals: map[string]int64{}, refused: map[string]bool{}, months: map[month]used{}}
	for _, x := range orders {
		m, amount := x.month(), total(x)
		o.totals[x.Number] = amount
		now := o.months[m]
		switch {
		case now.sum()+amount > limits[m.department]:
			o.refused[x.Number] = true
			continue
		case x.Outcome == Pending:
			now.held += amount
		case x.Outcome != Rejected:
			now.spent += amount
		}
		o.months[m] = now
	}
	return o
}

// total is what the goods of an order cost, each line rounded half up to the cent.
func total(x Order) (cents int64) {
	const cent = 100 * int64(quantity.One) // a price is ten-thousandths, a quantity thousandths
	for _, l := range x.Lines {
		cents += (l.Price.E4*int64(l.Quantity) + cent/2) / cent
	}
	return cents
}

// month is where an order is charged.
func (x Order) month() month { return month{x.Buyer.Department, string(x.On)[:len("2006-01")]} }
