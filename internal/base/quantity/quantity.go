// Package quantity counts goods in thousandths, for they are also sold by length and by weight.
package quantity

import (
	"strconv"
	"strings"

	"kontor/internal/base/fault"
)

// Quantity is a number of units of a product, in thousandths: 1500 is one and a half.
type Quantity int64

// One is a single unit.
const One Quantity = 1000

// Most is the largest quantity of one line: a hundred million.
const Most = 100_000_000 * One

// Of is n whole units, n within what a line may have.
func Of(n int64) Quantity { return Quantity(n) * One }

var (
	// ErrMalformed is the fault of a quantity that cannot be read.
	ErrMalformed = fault.Define(fault.Invalid, "quantity.malformed", "a quantity is a number like 12 or 1.5, with at most three decimals")
	// ErrRange is the fault of a quantity that is nothing, below nothing, or beyond all measure.
	ErrRange = fault.Define(fault.Invalid, "quantity.range", "a quantity is more than 0 and at most 100,000,000")
)

// Parse reads a quantity as a person or program writes it: digits, at most one dot, at most three decimals.
// Signs, exponents, blanks and leading zeros are refused.
func Parse(s string) (Quantity, error) {
	whole, part, dotted := strings.Cut(s, ".")
	if !digits(whole) || len(whole) > 1 && whole[0] == '0' || dotted && (!digits(part) || len(part) > 3) {
		return 0, ErrMalformed
	}
	if len(whole) > 9 {
		return 0, ErrRange
	}
	n, err := strconv.ParseInt(whole+(part + "000")[:3], 10, 64)
	if err != nil {
		return 0, ErrMalformed.Because(err)
	}
	q := Quantity(n)
	if err := q.Check(); err != nil {
		return 0, err
	}
	return q, nil
}

// Check is ErrRange unless a line may have this quantity.
func (q Quantity) Check() error {
	if q <= 0 || q > Most {
		return ErrRange
	}
	return nil
}

// Add is q+r, or ErrRange when that is no quantity of a line.
func (q Quantity) Add(r Quantity) (Quantity, error) {
	sum := q + r
	if (sum > q) != (r > 0) || sum.Check() != nil {
		return 0, ErrRange
	}
	return sum, nil
}

func (q Quantity) String() string {
	sign, n := "", uint64(q)
	if q < 0 {
		sign, n = "-", -n
	}
	s := sign + strconv.FormatUint(n/1000, 10)
	if r := n % 1000; r != 0 {
		s += "." + strings.TrimRight(strconv.FormatUint(1000+r, 10)[1:], "0")
	}
	return s
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
