package quantity_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/base/quantity"
)

func TestQuantitiesAreRead(t *testing.T) {
	tests := []struct {
		says string
		text string
		want quantity.Quantity
		err  error
	}{
		{"one", "1", 1000, nil},
		{"one and a half", "1.5", 1500, nil},
		{"a thousandth", "0.001", 1, nil},
		{"zeros behind change nothing", "1.500", 1500, nil},
		{"the most", "100000000", quantity.Most, nil},
		{"the most, to the thousandth", "100000000.000", quantity.Most, nil},
		{"a thousandth more than the most", "100000000.001", 0, quantity.ErrRange},
		{"nine nines", "999999999", 0, quantity.ErrRange},
		{"ten digits", "1000000000", 0, quantity.ErrRange},
		{"nothing", "0", 0, quantity.ErrRange},
		{"nothing, to the thousandth", "0.000", 0, quantity.ErrRange},
		{"less than nothing", "-1", 0, quantity.ErrMalformed},
		{"a plus", "+1", 0, quantity.ErrMalformed},
		{"more than 31 bits", "2147483648", 0, quantity.ErrRange},
		{"more than 63 bits", "9223372036854775808", 0, quantity.ErrRange},
		{"more than any machine holds", strings.Repeat("9", 10_000), 0, quantity.ErrRange},
		{"no text", "", 0, quantity.ErrMalformed},
		{"an exponent", "1e3", 0, quantity.ErrMalformed},
		{"a capital exponent", "1E3", 0, quantity.ErrMalformed},
		{"hexadecimal", "0x10", 0, quantity.ErrMalformed},
		{"octal", "0o7", 0, quantity.ErrMalformed},
		{"a zero in front", "01", 0, quantity.ErrMalformed},
		{"two zeros", "00", 0, quantity.ErrMalformed},
		{"two zeros before the dot", "00.5", 0, quantity.ErrMalformed},
		{"no number", "NaN", 0, quantity.ErrMalformed},
		{"no end", "Inf", 0, quantity.ErrMalformed},
		{"four decimals", "1.0001", 0, quantity.ErrMalformed},
		{"nothing before the dot", ".5", 0, quantity.ErrMalformed},
		{"nothing behind the dot", "1.", 0, quantity.ErrMalformed},
		{"a dot alone", ".", 0, quantity.ErrMalformed},
		{"two dots", "1.2.3", 0, quantity.ErrMalformed},
		{"a comma", "1,5", 0, quantity.ErrMalformed},
		{"groups", "1 000", 0, quantity.ErrMalformed},
		{"an underscore", "1_000", 0, quantity.ErrMalformed},
		{"a sign behind the dot", "1.-5", 0, quantity.ErrMalformed},
		{"a blank in front", " 1", 0, quantity.ErrMalformed},
		{"a blank behind", "1 ", 0, quantity.ErrMalformed},
		{"a line break", "1\n", 0, quantity.ErrMalformed},
		{"a nought byte", "1\x00", 0, quantity.ErrMalformed},
		{"quotes", `"1"`, 0, quantity.ErrMalformed},
		{"other people's digits", "١٢", 0, quantity.ErrMalformed},
		{"digits of full width", "１", 0, quantity.ErrMalformed},
		{"a fraction", "½", 0, quantity.ErrMalformed},
		{"a sum", "1+1", 0, quantity.ErrMalformed},
	}
	for _, test := range tests {
		got, err := quantity.Parse(test.text)
		if got != test.want || !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %.40q is %d, %v; want %d, %v", test.says, test.text, got, err, test.want, test.err)
		}
	}
}

func TestQuantitiesAreWritten(t *testing.T) {
	tests := []struct {
		q    quantity.Quantity
		want string
	}{
		{quantity.One, "1"},
		{1500, "1.5"},
		{1, "0.001"},
		{10, "0.01"},
		{quantity.Most, "100000000"},
		{0, "0"},
		{-1500, "-1.5"},
		{math.MinInt64, "-9223372036854775.808"},
	}
	for _, test := range tests {
		if got := test.q.String(); got != test.want {
			t.Errorf("%d thousandths are %s, want %s", int64(test.q), got, test.want)
		}
	}
}

func TestQuantitiesAdd(t *testing.T) {
	tests := []struct {
		says    string
		a, b    quantity.Quantity
		want    quantity.Quantity
		refused bool
	}{
		{"one and a half", quantity.One, 500, 1500, false},
		{"less", quantity.One, -500, 500, false},
		{"up to the most", quantity.Most - 1, 1, quantity.Most, false},
		{"beyond the most", quantity.Most, 1, 0, true},
		{"down to nothing", quantity.One, -quantity.One, 0, true},
		{"below nothing", quantity.One, -2000, 0, true},
		{"beyond what a machine holds", math.MaxInt64, math.MaxInt64, 0, true},
		{"so far below nothing that it would come round", math.MinInt64, math.MinInt64 + 5, 0, true},
	}
	for _, test := range tests {
		got, err := test.a.Add(test.b)
		if got != test.want || errors.Is(err, quantity.ErrRange) != test.refused {
			t.Errorf("%s: %d, %v; want %d", test.says, got, err, test.want)
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quantity.Quantity(rapid.Int64Range(1, int64(quantity.Most)).Draw(t, "thousandths"))
		if back, err := quantity.Parse(q.String()); err != nil || back != q {
			t.Fatalf("%d is written %s and read %d, %v", int64(q), q, back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1", "1.5", "0", "-1", "1e3", "0x10", "999999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q, err := quantity.Parse(s)
		if (err == nil) != (q.Check() == nil) {
			t.Errorf("%q is %d, %v", s, q, err)
		}
	})
}
