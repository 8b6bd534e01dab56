package locale

import (
	"strconv"
	"strings"

	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// manner is how a language writes figures and dates.
type manner struct {
	point, group string     // 1,234.5
	percent      string     // between figure and sign
	behind       bool       // currency stands behind the amount
	date         string     // layout of a short date
	day          string     // layout of the day in a long date
	clock        string     // behind the hour in a whole sentence
	months       [12]string // January first
	weekdays     [7]string  // Sunday first
}

const (
	noBreak = "\u00a0" // keeps a figure and its unit on one line
	minus   = "\u2212" // as wide as a digit, never breaks a line, and is read out as minus
)

// manners has a row for each language that Kontor speaks. English is British.
var manners = map[Language]manner{
	English: {
		point: ".", group: ",", date: "2 Jan 2006", day: "2",
		months: [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
			"October", "November", "December"},
		weekdays: [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	},
	German: {
		point: ",", group: ".", percent: noBreak, behind: true, date: "02.01.2006", day: "2.", clock: " Uhr",
		months: [...]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
			"Oktober", "November", "Dezember"},
		weekdays: [...]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	},
}

func (l Language) manner() manner {
	if m, ok := manners[l]; ok {
		return m
	}
	return manners[English]
}

// symbols has the currencies whose sign means one currency wherever Kontor is used. The others show their code.
var symbols = map[money.Currency]string{"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}

// Int is a whole number in groups of three: "12,345", "12.345".
func (l Language) Int(n int64) string { return l.decimal(strconv.FormatInt(n, 10)) }

// Money is an amount with its currency: "€1,234.50", "CHF 1,234.50"; in German "1.234,50 €", "1.234,50 CHF".
// The space is one that does not break, the minus sign a real one: "−€12.30", "−12,30 €".
func (l Language) Money(m money.Money) string { return l.priced(m.Amount(), m.Currency) }

// Amount is the figure of an amount alone, for a column whose head names the currency: "1,234.50".
func (l Language) Amount(m money.Money) string { return l.decimal(m.Amount()) }

// Rate is a unit price, written like money with up to four decimals: "€0.0123".
func (l Language) Rate(r money.Rate) string { return l.priced(r.Amount(), r.Currency) }

// Fraction is what of a unit price stands from the point on: ".0123"; nothing where it has no decimals.
func (l Language) Fraction(r money.Rate) string {
	if _, decimals, found := strings.Cut(r.Amount(), "."); found {
		return l.manner().point + decimals
	}
	return ""
}

// Quantity is a number of goods: "1,500.25".
func (l Language) Quantity(q quantity.Quantity) string { return l.decimal(q.String()) }

// Percent is a share in ten-thousandths: 1900 is 19 percent.
type Percent int64

// Percent is a share: "19%", "12.5%"; in German "19 %".
func (l Language) Percent(p Percent) string {
	return l.decimal(quantity.Quantity(p*10).String()) + l.manner().percent + "%" // thousandths of a percent
}

func (l Language) priced(amount string, c money.Currency) string {
	figure, negative := strings.CutPrefix(l.decimal(amount), minus)
	symbol, known := symbols[c]
	switch {
	case c == "":
	case l.manner().behind && known:
		figure += noBreak + symbol
	case l.manner().behind:
		figure += noBreak + string(c)
	case known:
		figure = symbol + figure
	default:
		figure = string(c) + noBreak + figure
	}
	if negative {
		return minus + figure
	}
	return figure
}

// decimal writes a figure like "-1234.50" in the manner of l.
func (l Language) decimal(plain string) string {
	m := l.manner()
	var b strings.Builder
	if rest, negative := strings.CutPrefix(plain, "-"); negative {
		b.WriteString(minus)
		plain = rest
	}
	whole, part, dotted := strings.Cut(plain, ".")
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(m.group)
		}
		b.WriteByte(whole[i])
	}
	if dotted {
		b.WriteString(m.point + part)
	}
	return b.String()
}

// Plain turns a figure as a person of l types it into the one that programs read: "1.234,50" is "1234.50" in German.
// What is no such figure comes back as it was, so that whoever reads it can refuse it.
func (l Language) Plain(typed string) string {
	m := l.manner()
	body := strings.Trim(typed, " "+noBreak)
	sign := ""
	for _, s := range []string{minus, "-"} {
		if rest, negative := strings.CutPrefix(body, s); negative {
			body, sign = rest, "-"
			break
		}
	}
	whole, part, dotted := strings.Cut(body, m.point)
	groups := strings.Split(whole, m.group)
	for i, g := range groups {
		grouped := i == 0 && len(groups) > 1
		if !digits(g) || i > 0 && len(g) != 3 || grouped && len(g) > 3 {
			return typed
		}
	}
	figure := sign + strings.Join(groups, "")
	if dotted {
		if !digits(part) {
			return typed
		}
		figure += "." + part
	}
	return figure
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
