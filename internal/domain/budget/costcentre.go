package budget

import (
	"math"
	"strings"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
)

// CostCentre is where a company books what it spends.
type CostCentre struct {
	ID      id.CostCentre
	Company id.Company
	Code    string // unique in the company
	Name    string
	Manager id.Member // zero: nobody
	Unit    id.Unit   // zero: the whole company's
	From    date.Date // first day of its validity; empty: always was
	Until   date.Date // last day of its validity; empty: never ends
	Version int64
}

// ErrSplit is the fault of shares by which nothing can be split.
var ErrSplit = fault.Define(fault.Invalid, "budget.split", "shares are not below zero, and not all nothing")

// ErrCostCentre is the fault of a cost centre that takes no orders on that day.
var ErrCostCentre = fault.Define(fault.Refused, "budget.cost_centre", "the cost centre takes no orders on that day")

// Check is the fault of what cannot stand in a cost centre, field by field.
func (c CostCentre) Check() error {
	var in fault.Input
	if text.Line(&in, "code", c.Code, text.MostCode) != c.Code || c.Code == "" || strings.Contains(c.Code, " ") {
		in.Add("code", "malformed", "a code is 1 to 40 characters without blanks")
	}
	if !text.Kept(&in, "name", c.Name, MostName) {
		in.Add("name", "required", "please fill this in")
	}
	if c.From != "" && c.Until != "" && c.Until < c.From {
		in.Add("until", "order", "the last day is before the first one")
	}
	return in.Err()
}

// Takes is ErrCostCentre when the cost centre is not valid on this day.
func (c CostCentre) Takes(on date.Date) error {
	if !on.Within(c.From, c.Until) {
		return ErrCostCentre.With("cost centre %s takes no orders on %s", c.Code, on)
	}
	return nil
}

// Split divides an amount by weights (percentages, or amounts) so that the parts are the whole to the minor unit, each
// within one minor unit of its exact share. It is ErrSplit when a weight is below zero or all are zero.
func Split(m money.Money, weights []int64) ([]money.Money, error) {
	var all int64
	for _, w := range weights {
		if w < 0 || w > math.MaxInt64-all {
			return nil, ErrSplit
		}
		all += w
	}
	if all == 0 {
		return nil, ErrSplit
	}
	parts := make([]money.Money, len(weights))
	var done, given int64 // the weights so far, and their share of the amount
	for i, w := range weights {
		done += w
		upTo, err := money.MulDiv(m.Minor, done, all)
		if err != nil {
			return nil, err
		}
		parts[i] = money.Of(upTo-given, m.Currency)
		given = upTo
	}
	return parts, nil
}
