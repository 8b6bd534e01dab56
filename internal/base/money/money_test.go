package money_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

func TestDigitsAreThoseOfISO4217(t *testing.T) {
	file, err := os.Open("testdata/currency-codes.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	const code, minor, withdrawn = 2, 4, 5
	checked, gone := map[string]bool{}, map[string]bool{"XYZ": true, "AAA": true}
	for _, row := range rows[1:] {
		if row[withdrawn] != "" || row[code] == "" {
			gone[row[code]] = true
			continue
		}
		want, err := strconv.Atoi(row[minor])
		if err != nil {
			gone[row[code]] = true
			continue // "-": gold, test codes and the like have none
		}
		if _, err := money.ParseCurrency(row[code]); err != nil {
			t.Errorf("%s is not read: %v", row[code], err)
		}
		if got := money.Currency(row[code]).Digits(); got != want {
			t.Errorf("%s has %d digits, ISO 4217 says %d", row[code], got, want)
		}
		checked[row[code]] = true
	}
	for code := range gone {
		if c, err := money.ParseCurrency(code); !checked[code] && code != "" && (!errors.Is(err, money.ErrNoCurrency) || c != "" || !money.Currency(code).Formed()) {
			t.Errorf("%s is nobody's money, and is read: %v", code, err)
		}
	}
	if len(checked) < 150 {
		t.Errorf("only %d currencies checked: is the list whole?", len(checked))
	}
}

func TestACurrencyIsThreeCapitals(t *testing.T) {
	for _, s := range []string{"", "E", "EU", "EURO", "eur", "EUr", "E R", "EU1", "ÄU", "€€€", "EU\x00"} {
		if c, err := money.ParseCurrency(s); !errors.Is(err, money.ErrCurrencyCode) || c != "" {
			t.Errorf("%q is read as %q, %v", s, c, err)
		}
	}
}

func TestAmountsAreRead(t *testing.T) {
	tests := []struct {
		says  string
		text  string
		in    money.Currency
		minor int64
		err   error
	}{
		{"whole and cents", "1234.50", "EUR", 123450, nil},
		{"no decimals", "1234", "EUR", 123400, nil},
		{"fewer decimals than there could be", "0.5", "EUR", 50, nil},
		{"below zero", "-0.01", "EUR", -1, nil},
		{"nothing below zero is nothing", "-0.00", "EUR", 0, nil},
		{"zeros in front change nothing", "007.00", "EUR", 700, nil},
		{"yen are whole", "14", "JPY", 14, nil},
		{"dinars have three decimals", "1.234", "KWD", 1234, nil},
		{"the largest", "92233720368547758.07", "EUR", math.MaxInt64, nil},
		{"the smallest", "-92233720368547758.07", "EUR", -math.MaxInt64, nil},
		{"one more than the largest", "92233720368547758.08", "EUR", 0, money.ErrRange},
		{"one less than the smallest", "-92233720368547758.08", "EUR", 0, money.ErrRange},
		{"more than any machine holds", "99999999999999999999999999999999", "EUR", 0, money.ErrRange},
		{"a cent is not divided", "1.234", "EUR", 0, money.ErrMalformed},
		{"yen have no decimals", "1.0", "JPY", 0, money.ErrMalformed},
		{"nothing", "", "EUR", 0, money.ErrMalformed},
		{"a sign alone", "-", "EUR", 0, money.ErrMalformed},
		{"a plus", "+1", "EUR", 0, money.ErrMalformed},
		{"two signs", "--1", "EUR", 0, money.ErrMalformed},
		{"a dot alone", ".", "EUR", 0, money.ErrMalformed},
		{"nothing before the dot", ".5", "EUR", 0, money.ErrMalformed},
		{"nothing behind the dot", "1.", "EUR", 0, money.ErrMalformed},
		{"two dots", "1.2.3", "EUR", 0, money.ErrMalformed},
		{"a comma", "1,50", "EUR", 0, money.ErrMalformed},
		{"groups", "1 000", "EUR", 0, money.ErrMalformed},
		{"an exponent", "1e3", "EUR", 0, money.ErrMalformed},
		{"hexadecimal", "0x10", "EUR", 0, money.ErrMalformed},
		{"an underscore", "1_0", "EUR", 0, money.ErrMalformed},
		{"no number", "NaN", "EUR", 0, money.ErrMalformed},
		{"no end", "Inf", "EUR", 0, money.ErrMalformed},
		{"a blank in front", " 1", "EUR", 0, money.ErrMalformed},
		{"a sign inside", "1.-5", "EUR", 0, money.ErrMalformed},
		{"other people's digits", "١٢", "EUR", 0, money.ErrMalformed},
	}
	for _, test := range tests {
		m, err := money.Parse(test.text, test.in)
		if m.Minor != test.minor || !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %q is %v, %v; want %d, %v", test.says, test.text, m, err, test.minor, test.err)
		}
	}
}

func TestAmountsAreWritten(t *testing.T) {
	tests := []struct {
		says string
		got  string
		want string
	}{
		{"cents", money.Of(1230, "EUR").String(), "12.30 EUR"},
		{"less than one", money.Of(5, "EUR").String(), "0.05 EUR"},
		{"below zero and less than one", money.Of(-5, "EUR").String(), "-0.05 EUR"},
		{"nothing", money.Of(0, "EUR").String(), "0.00 EUR"},
		{"yen", money.Of(-14, "JPY").String(), "-14 JPY"},
		{"dinars", money.Of(1, "KWD").String(), "0.001 KWD"},
		{"four decimals", money.Of(10000, "CLF").String(), "1.0000 CLF"},
		{"the largest", money.Of(math.MaxInt64, "EUR").String(), "92233720368547758.07 EUR"},
		{"what is below all", money.Of(math.MinInt64, "EUR").String(), "-92233720368547758.08 EUR"},
		{"a unit price to the end", money.Rate{E4: 123, Currency: "EUR"}.String(), "0.0123 EUR"},
		{"a unit price with the currency's decimals at least", money.Rate{E4: 123000, Currency: "EUR"}.String(), "12.30 EUR"},
		{"three decimals where three count", money.Rate{E4: 123450, Currency: "EUR"}.String(), "12.345 EUR"},
		{"a unit price in yen", money.Rate{E4: 14999, Currency: "JPY"}.String(), "1.4999 JPY"},
		{"a whole unit price in yen", money.Rate{E4: 1200000, Currency: "JPY"}.String(), "120 JPY"},
		{"a unit price in dinars", money.Rate{E4: 12340, Currency: "KWD"}.String(), "1.234 KWD"},
		{"a unit price of nothing", money.Rate{Currency: "JPY"}.String(), "0 JPY"},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: %s, want %s", test.says, test.got, test.want)
		}
	}
}

func TestALineIsRoundedOnce(t *testing.T) {
	tests := []struct {
		says string
		rate money.Rate
		q    quantity.Quantity
		want string
	}{
		{"a thousand screws", money.Rate{E4: 123, Currency: "EUR"}, quantity.Of(1000), "12.30 EUR"},
		{"half a cent goes up", money.Rate{E4: 50, Currency: "EUR"}, quantity.One, "0.01 EUR"},
		{"less than half goes down", money.Rate{E4: 49, Currency: "EUR"}, quantity.One, "0.00 EUR"},
		{"half a cent owed the other way goes away from zero", money.Rate{E4: -50, Currency: "EUR"}, quantity.One, "-0.01 EUR"},
		{"yen have no cents", money.Rate{E4: 14999, Currency: "JPY"}, quantity.One, "1 JPY"},
		{"half a yen goes up", money.Rate{E4: 15000, Currency: "JPY"}, quantity.One, "2 JPY"},
		{"dinars have three", money.Rate{E4: 12345, Currency: "KWD"}, quantity.One, "1.235 KWD"},
		{"four decimals are kept", money.Rate{E4: 12345, Currency: "CLF"}, quantity.One, "1.2345 CLF"},
		{"a metre and a half", money.Rate{E4: 33333, Currency: "EUR"}, 1500, "5.00 EUR"},
		{"a gram", money.Rate{E4: 199900, Currency: "EUR"}, 1, "0.02 EUR"},
		{"rounded at the line, not at the unit", money.Rate{E4: 33333, Currency: "EUR"}, quantity.Of(3), "10.00 EUR"},
	}
	for _, test := range tests {
		if got, err := test.rate.Times(test.q); err != nil || got.String() != test.want {
			t.Errorf("%s: %s × %s is %s, %v; want %s", test.says, test.rate, test.q, got, err, test.want)
		}
	}
}

func TestAPriceIsAboveAnotherByAShare(t *testing.T) {
	for _, c := range []struct {
		now, was money.Rate
		want     int64
		ok       bool
	}{
		{eur4(11_0000), eur4(10_0000), 1000, true},
		{eur4(9_0000), eur4(10_0000), -1000, true},
		{eur4(10_0000), eur4(10_0000), 0, true},
		{eur4(20_0001), eur4(30_0000), -3333, true}, // towards nought
		{eur4(0), eur4(10_0000), -10_000, true},
		{eur4(10_0000), eur4(0), 0, false},
		{eur4(10_0000), money.Rate{E4: 10_0000, Currency: "USD"}, 0, false},
		{eur4(math.MaxInt64), eur4(1), 0, false},
	} {
		if got, ok := c.now.Over(c.was); got != c.want || ok != c.ok {
			t.Errorf("%v over %v: %d, %v", c.now, c.was, got, ok)
		}
	}
}

func eur4(e4 int64) money.Rate { return money.Rate{E4: e4, Currency: "EUR"} }

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	most := money.Of(math.MaxInt64, "EUR")
	cent := money.Of(1, "EUR")
	sum := func(a, b money.Money) error { _, err := a.Add(b); return err }
	less := func(a, b money.Money) error { _, err := a.Sub(b); return err }
	times := func(e4 int64, c money.Currency, q quantity.Quantity) error {
		_, err := money.Rate{E4: e4, Currency: c}.Times(q)
		return err
	}
	tests := []struct {
		says string
		got  error
		want error
	}{
		{"a cent more than the most", sum(most, cent), money.ErrRange},
		{"a cent less than the least", less(most.Neg(), cent), money.ErrRange},
		{"the most and its opposite", sum(most, most.Neg()), nil},
		{"twice what is below all does not come to nothing", sum(money.Of(math.MinInt64, "EUR"), money.Of(math.MinInt64, "EUR")), money.ErrRange},
		{"halves that come to what is below all", sum(money.Of(math.MinInt64/2, "EUR"), money.Of(math.MinInt64/2, "EUR")), money.ErrRange},
		{"taking away what has no opposite", less(cent, money.Of(math.MinInt64, "EUR")), money.ErrRange},
		{"euros and dollars", sum(cent, money.Of(1, "USD")), money.ErrCurrency},
		{"euros less no dollars", less(cent, money.Of(0, "USD")), money.ErrCurrency},
		{"nothing of no currency adds to anything", sum(money.Money{}, cent), nil},
		{"anything adds to nothing of no currency", sum(cent, money.Money{}), nil},
		{"a dear thing many times", times(math.MaxInt64, "EUR", quantity.Most), money.ErrRange},
		{"a quantity beyond its own bounds", times(10_000, "CLF", math.MaxInt64), money.ErrRange},
		{"the dearest thing once, in euros", times(math.MaxInt64, "EUR", quantity.One), nil},
	}
	for _, test := range tests {
		if !errors.Is(test.got, test.want) || test.want == nil && test.got != nil {
			t.Errorf("%s: %v, want %v", test.says, test.got, test.want)
		}
	}
}

func TestCurrenciesAreExchanged(t *testing.T) {
	yen := money.Exchange{From: "EUR", To: "JPY", E9: 163_250_000_000}
	tests := []struct {
		says string
		rate money.Exchange
		m    money.Money
		want money.Money
		err  error
	}{
		{"euros to yen", yen, money.Of(1000, "EUR"), money.Of(1633, "JPY"), nil}, // 1632.5: half goes up
		{"and back", money.Exchange{From: "JPY", To: "EUR", E9: 6_125_574}, money.Of(1633, "JPY"), money.Of(1000, "EUR"), nil},
		{"two decimals to three", money.Exchange{From: "EUR", To: "KWD", E9: 333_333_333}, money.Of(300, "EUR"), money.Of(1000, "KWD"), nil},
		{"three decimals to none", money.Exchange{From: "KWD", To: "JPY", E9: 480_000_000_000}, money.Of(1, "KWD"), money.Of(0, "JPY"), nil},
		{"half away from zero below it, too", yen, money.Of(-1000, "EUR"), money.Of(-1633, "JPY"), nil},
		{"nothing is nothing", yen, money.Of(0, "EUR"), money.Of(0, "JPY"), nil},
		{"another currency", yen, money.Of(1000, "USD"), money.Money{}, money.ErrExchange},
		{"no rate", money.Exchange{From: "EUR", To: "JPY"}, money.Of(1000, "EUR"), money.Money{}, money.ErrExchange},
		{"a rate below zero", money.Exchange{From: "EUR", To: "JPY", E9: -1}, money.Of(1, "EUR"), money.Money{}, money.ErrExchange},
		{"a million for one", money.Exchange{From: "EUR", To: "IRR", E9: 1_000_000_000_000_000}, money.Of(1, "EUR"), money.Of(1_000_000, "IRR"), nil},
		{"a rate beyond all measure", money.Exchange{From: "EUR", To: "IRR", E9: 1_000_000_000_000_001}, money.Of(1, "EUR"), money.Money{}, money.ErrExchange},
		{"a rate that does not fit with all its decimals", money.Exchange{From: "JPY", To: "CLF", E9: 1_000_000_000_000_000}, money.Of(1, "JPY"), money.Money{}, money.ErrRange},
		{"an amount that does not fit", yen, money.Of(math.MaxInt64, "EUR"), money.Money{}, money.ErrRange},
	}
	for _, test := range tests {
		if got, err := test.rate.Convert(test.m); got != test.want || !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %v is %v, %v; want %v, %v", test.says, test.m, got, err, test.want, test.err)
		}
	}
}

func TestJSONIsTheAmountWithItsCurrency(t *testing.T) {
	written, err := json.Marshal([]any{money.Of(1230, "EUR"), money.Rate{E4: 123, Currency: "EUR"}, money.Money{}})
	if want := `[{"amount":"12.30","currency":"EUR"},{"amount":"0.0123","currency":"EUR"},{"amount":"0.00","currency":""}]`; err != nil || string(written) != want {
		t.Errorf("%s, %v", written, err)
	}
	tests := []struct {
		says string
		text string
		want error
	}{
		{"an amount and a currency", `{"amount":"12.30","currency":"EUR"}`, nil},
		{"nothing of no currency", `{"amount":"0.00","currency":""}`, nil},
		{"something of no currency", `{"amount":"1.00","currency":""}`, money.ErrCurrencyCode},
		{"no currency there is", `{"amount":"1.00","currency":"euro"}`, money.ErrCurrencyCode},
		{"no amount", `{"currency":"EUR"}`, money.ErrMalformed},
		{"a number where a text belongs", `{"amount":12.30,"currency":"EUR"}`, money.ErrMalformed},
		{"no object", `"12.30 EUR"`, money.ErrMalformed},
		{"too much", `{"amount":"99999999999999999999","currency":"EUR"}`, money.ErrRange},
	}
	for _, test := range tests {
		m, r := money.Of(7, "USD"), money.Rate{E4: 7, Currency: "USD"}
		for _, err := range []error{json.Unmarshal([]byte(test.text), &m), json.Unmarshal([]byte(test.text), &r)} {
			if !errors.Is(err, test.want) || test.want == nil && err != nil {
				t.Errorf("%s: %v, want %v", test.says, err, test.want)
			}
		}
		if test.want != nil && (m != money.Of(7, "USD") || r != money.Rate{E4: 7, Currency: "USD"}) {
			t.Errorf("%s: what was refused was read as %v, %v", test.says, m, r)
		}
	}
}

var currencies = rapid.SampledFrom([]money.Currency{"JPY", "EUR", "KWD", "CLF"})

// edges are the numbers by which sums overflow, besides all others.
var edges = rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000),
	rapid.SampledFrom([]int64{math.MinInt64, math.MinInt64 + 1, math.MinInt64 / 2, math.MaxInt64 / 2, math.MaxInt64 - 1, math.MaxInt64}))

// rounded is a/b rounded half away from zero, by big numbers.
func rounded(a, b *big.Int) *big.Int {
	sign := a.Sign() * b.Sign()
	a, b = new(big.Int).Abs(a), new(big.Int).Abs(b)
	twice := new(big.Int).Add(new(big.Int).Lsh(a, 1), b)
	q := twice.Quo(twice, new(big.Int).Lsh(b, 1))
	if sign < 0 {
		q.Neg(q)
	}
	return q
}

// agrees reports whether n, err is what exact arithmetic has, or a refusal where that does not fit.
func agrees(t *rapid.T, n int64, err error, exact *big.Int) {
	t.Helper()
	fits := exact.CmpAbs(big.NewInt(math.MaxInt64)) <= 0
	switch {
	case !fits && !errors.Is(err, money.ErrRange):
		t.Fatalf("%v does not fit, and gave %d, %v", exact, n, err)
	case fits && (err != nil || exact.Cmp(big.NewInt(n)) != 0):
		t.Fatalf("%d, %v; exactly %v", n, err, exact)
	}
}

func TestArithmeticAgreesWithBigNumbers(t *testing.T) {
	big10 := func(n int) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil) }
	product := func(a, b int64) *big.Int { return new(big.Int).Mul(big.NewInt(a), big.NewInt(b)) }
	tests := []struct {
		says string
		rule func(t *rapid.T)
	}{
		{"a sum", func(t *rapid.T) {
			a, b := edges.Draw(t, "a"), edges.Draw(t, "b")
			sum, err := money.Of(a, "EUR").Add(money.Of(b, "EUR"))
			agrees(t, sum.Minor, err, new(big.Int).Add(big.NewInt(a), big.NewInt(b)))
		}},
		{"a difference", func(t *rapid.T) {
			a, b := edges.Draw(t, "a"), rapid.Int64Min(-math.MaxInt64).Draw(t, "b")
			less, err := money.Of(a, "EUR").Sub(money.Of(b, "EUR"))
			agrees(t, less.Minor, err, new(big.Int).Sub(big.NewInt(a), big.NewInt(b)))
		}},
		{"a product divided", func(t *rapid.T) {
			a, b, c := edges.Draw(t, "a"), edges.Draw(t, "b"), rapid.Int64Min(1).Draw(t, "c")
			n, err := money.MulDiv(a, b, c)
			agrees(t, n, err, rounded(product(a, b), big.NewInt(c)))
		}},
		{"a line", func(t *rapid.T) {
			rate := money.Rate{E4: edges.Draw(t, "rate"), Currency: currencies.Draw(t, "currency")}
			q := quantity.Quantity(edges.Draw(t, "quantity"))
			line, err := rate.Times(q)
			exact := new(big.Int).Mul(product(rate.E4, int64(q)), big10(rate.Currency.Digits()))
			agrees(t, line.Minor, err, rounded(exact, big10(7)))
		}},
		{"a percentage", func(t *rapid.T) {
			m, e4 := edges.Draw(t, "minor"), edges.Draw(t, "ten-thousandths")
			part, err := money.Of(m, "EUR").Percent(e4)
			agrees(t, part.Minor, err, rounded(product(m, e4), big10(4)))
		}},
		{"an exchange", func(t *rapid.T) {
			x := money.Exchange{From: currencies.Draw(t, "from"), To: currencies.Draw(t, "to"),
				E9: rapid.Int64Range(1, 900_000_000_000_000).Draw(t, "rate")}
			m := edges.Draw(t, "minor")
			got, err := x.Convert(money.Of(m, x.From))
			exact := new(big.Int).Mul(product(m, x.E9), big10(x.To.Digits()))
			agrees(t, got.Minor, err, rounded(exact, big10(9+x.From.Digits())))
		}},
	}
	for _, test := range tests {
		t.Run(test.says, func(t *testing.T) { rapid.Check(t, test.rule) })
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := money.Of(rapid.Int64Min(-math.MaxInt64).Draw(t, "minor"), currencies.Draw(t, "currency"))
		r := money.Rate{E4: rapid.Int64Min(-math.MaxInt64).Draw(t, "rate"), Currency: m.Currency}
		if back, err := money.Parse(m.Amount(), m.Currency); err != nil || back != m {
			t.Fatalf("%v is read back as %v, %v", m, back, err)
		}
		if back, err := money.ParseRate(r.Amount(), r.Currency); err != nil || back != r {
			t.Fatalf("%v is read back as %v, %v", r, back, err)
		}
		written, err := json.Marshal(struct {
			M money.Money
			R money.Rate
		}{m, r})
		if err != nil {
			t.Fatal(err)
		}
		var back struct {
			M money.Money
			R money.Rate
		}
		if err := json.Unmarshal(written, &back); err != nil || back.M != m || back.R != r {
			t.Fatalf("%s is read back as %v, %v", written, back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1.23", "-0.00", "1e3", "..", "-", "99999999999999999999", "٣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := money.Parse(s, "EUR")
		if err != nil {
			return
		}
		if back, err := money.Parse(m.Amount(), "EUR"); err != nil || back != m {
			t.Errorf("%q is %v, and that is read back as %v, %v", s, m, back, err)
		}
	})
}
