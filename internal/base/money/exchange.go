package money

import (
	"math"

	"kontor/internal/base/fault"
)

// Exchange is what one unit of a currency is worth in another: 1 EUR = 163.25 JPY is {"EUR", "JPY", 163_250_000_000}.
type Exchange struct {
	From, To Currency
	E9       int64 // thousand-millionths of To for one unit of From; above zero, and at most mostE9
}

// mostE9 is a million of one currency for one of another; beyond it a rate is a mistake.
const mostE9 = 1_000_000 * oneE9

const oneE9 = 1_000_000_000

// ErrExchange is the fault of a rate that does not turn this currency into that one.
var ErrExchange = fault.Define(fault.Refused, "money.exchange", "there is no exchange rate between the two currencies")

// Convert is what m is worth in the other currency, rounded half away from zero to its minor unit.
// It is ErrExchange when m is of another currency than From or the rate is out of its bounds, ErrRange when the result
// does not fit.
func (x Exchange) Convert(m Money) (Money, error) {
	if m.Currency != x.From || x.E9 <= 0 || x.E9 > mostE9 {
		return Money{}, ErrExchange.With("no exchange rate from %s to %s", m.Currency, x.To)
	}
	up, down := x.E9, int64(oneE9)
	switch shift := x.To.Digits() - x.From.Digits(); {
	case shift < 0:
		down *= pow10(-shift)
	case up > math.MaxInt64/pow10(shift):
		return Money{}, ErrRange
	default:
		up *= pow10(shift)
	}
	n, err := MulDiv(m.Minor, up, down)
	if err != nil {
		return Money{}, err
	}
	return Money{n, x.To}, nil
}
