// Package money holds what is owed in whole minor units, and what a thing costs in ten-thousandths of the
// currency. It knows no float, and never wraps around: what does not fit is an error.
package money

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/quantity"
)

// Money is an amount owed. The zero Money adds to any other.
type Money struct {
	Minor    int64 // minor units, from -math.MaxInt64 to math.MaxInt64
	Currency Currency
}

var (
	// ErrCurrency is the fault of two amounts that do not add.
	ErrCurrency = fault.Define(fault.Refused, "money.currency", "the amounts are in different currencies")
	// ErrRange is the fault of an amount too large to be kept.
	ErrRange = fault.Define(fault.Refused, "money.range", "the amount is too large")
	// ErrMalformed is the fault of an amount that cannot be read.
	ErrMalformed = fault.Define(fault.Invalid, "money.malformed", "an amount is a number like 1234.50 with no more decimals than its currency has")
)

// Of is an amount in minor units: Of(1230, "EUR") is 12.30 EUR.
func Of(minor int64, c Currency) Money { return Money{minor, c} }

// Add is m+o, ErrCurrency or ErrRange.
func (m Money) Add(o Money) (Money, error) {
	switch {
	case m == Money{}:
		return o, nil
	case o == Money{}:
		return m, nil
	case m.Currency != o.Currency:
		return Money{}, ErrCurrency.With("%s and %s are different currencies", m.Currency, o.Currency)
	}
	sum := m.Minor + o.Minor
	if (sum > m.Minor) != (o.Minor > 0) || sum == math.MinInt64 {
		return Money{}, ErrRange
	}
	return Money{sum, m.Currency}, nil
}

// Sub is m-o, ErrCurrency or ErrRange.
func (m Money) Sub(o Money) (Money, error) {
	if o.Minor == math.MinInt64 {
		return Money{}, ErrRange
	}
	return m.Add(o.Neg())
}

// Neg is -m.
func (m Money) Neg() Money { return Money{-m.Minor, m.Currency} }

// IsZero reports whether nothing is owed.
func (m Money) IsZero() bool { return m.Minor == 0 }

// Amount is the figure alone, a dot before the decimals: "-12.30".
func (m Money) Amount() string { return decimal(m.Minor, m.Currency.Digits()) }

func (m Money) String() string { return m.Amount() + " " + string(m.Currency) }

// Parse reads an amount like "1234.50" of this currency.
func Parse(s string, c Currency) (Money, error) {
	n, err := parseDecimal(s, c.Digits())
	return Money{n, c}, err
}

// Rate is a unit price: 0.0123 EUR a screw is Rate{123, "EUR"}.
type Rate struct {
	E4       int64
	Currency Currency
}

// Over is by how many ten-thousandths of was r is above it, rounded towards nought; ok is false where they cannot be compared:
// the currencies differ, was is nothing, or it is too much to be said.
func (r Rate) Over(was Rate) (e4 int64, ok bool) {
	if r.Currency != was.Currency || was.E4 <= 0 || r.E4 < 0 {
		return 0, false
	}
	more := r.E4 - was.E4 // neither is below nought
	if more > math.MaxInt64/10_000 || more < -math.MaxInt64/10_000 {
		return 0, false
	}
	return more * 10_000 / was.E4, true
}

// Amount is the figure alone, with at least the currency's decimals and at most four: "0.0123", "12.30".
func (r Rate) Amount() string {
	s := decimal(r.E4, 4)
	for d := 4; d > r.Currency.Digits() && s[len(s)-1] == '0'; d-- {
		s = strings.TrimSuffix(s[:len(s)-1], ".")
	}
	return s
}

func (r Rate) String() string { return r.Amount() + " " + string(r.Currency) }

// ParseRate reads a unit price like "0.0123", with at most four decimals.
func ParseRate(s string, c Currency) (Rate, error) {
	n, err := parseDecimal(s, 4)
	if errors.Is(err, ErrMalformed) {
		err = ErrMalformed.With("a unit price is a number like 0.0123 with at most four decimals")
	}
	return Rate{n, c}, err
}

// Times is what a quantity costs at this price, rounded half away from zero to the minor unit: once, at the line.
//
//	minor = round(E4 × thousandths × 10^digits / 10^7)
func (r Rate) Times(q quantity.Quantity) (Money, error) {
	n, err := MulDiv(r.E4, int64(q), pow10(7-r.Currency.Digits()))
	return Money{n, r.Currency}, err
}

// Percent is what m is to be multiplied by so many ten-thousandths: Percent(1900) is 19 percent of it.
func (m Money) Percent(e4 int64) (Money, error) {
	n, err := MulDiv(m.Minor, e4, 10_000)
	return Money{n, m.Currency}, err
}

// MulDiv is a×b÷c rounded half away from zero, through 128 bits; ErrRange when it does not fit. c is above zero.
func MulDiv(a, b, c int64) (int64, error) {
	negative := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(abs(a), abs(b))
	lo, carry := bits.Add64(lo, uint64(c)/2, 0)
	hi += carry
	if hi >= uint64(c) {
		return 0, ErrRange
	}
	n, _ := bits.Div64(hi, lo, uint64(c))
	if n > math.MaxInt64 {
		return 0, ErrRange
	}
	if negative {
		return -int64(n), nil
	}
	return int64(n), nil
}

func abs(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

func decimal(n int64, digits int) string {
	s := strconv.FormatUint(abs(n), 10)
	if digits > 0 {
		if len(s) <= digits {
			s = strings.Repeat("0", digits+1-len(s)) + s
		}
		s = s[:len(s)-digits] + "." + s[len(s)-digits:]
	}
	if n < 0 {
		return "-" + s
	}
	return s
}

func parseDecimal(s string, digits int) (int64, error) {
	body, negative := strings.CutPrefix(s, "-")
	whole, part, dotted := strings.Cut(body, ".")
	if whole == "" || dotted && (part == "" || len(part) > digits) {
		return 0, ErrMalformed
	}
	for _, r := range whole + part {
		if r < '0' || r > '9' {
			return 0, ErrMalformed
		}
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", digits-len(part)), 10, 64)
	if err != nil {
		return 0, ErrRange.Because(err)
	}
	if negative {
		n = -n
	}
	return n, nil
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
