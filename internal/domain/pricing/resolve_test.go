package pricing_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/pricing"
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

// entry is one row in euros; the list bears the name of the level unless changed.
func entry(level pricing.Level, rate string, change ...func(*pricing.Entry)) pricing.Entry {
	r, err := money.ParseRate(rate, "EUR")
	if err != nil {
		panic(err)
	}
	e := pricing.Entry{
		ID: id.NewPrice(noon), Level: level, Rate: r,
		List: pricing.PriceList{ID: id.NewPriceList(noon), Name: level.String(), Currency: "EUR"},
	}
	for _, c := range change {
		c(&e)
	}
	return e
}

func from(n int64) func(*pricing.Entry) { return func(e *pricing.Entry) { e.Min = quantity.Of(n) } }
func off(p locale.Percent) func(*pricing.Entry) {
	return func(e *pricing.Entry) { e.Off, e.Rate = p, money.Rate{} }
}
func list(name string, priority int) func(*pricing.Entry) {
	return func(e *pricing.Entry) { e.List.Name, e.List.Priority = name, priority }
}
func valid(from, until time.Time) func(*pricing.Entry) {
	return func(e *pricing.Entry) { e.From, e.Until = from, until }
}
func listValid(from, until time.Time) func(*pricing.Entry) {
	return func(e *pricing.Entry) { e.List.From, e.List.Until = from, until }
}
func in(c money.Currency) func(*pricing.Entry) {
	return func(e *pricing.Entry) { e.List.Currency, e.Rate.Currency = c, c }
}
func agreement(number string) func(*pricing.Entry) {
	return func(e *pricing.Entry) { e.Reference = number }
}

const (
	base     = pricing.Base
	group    = pricing.Group
	company  = pricing.Company
	contract = pricing.Contract
)

func TestOnePriceIsFound(t *testing.T) {
	var open time.Time
	tests := []struct {
		says    string
		entries []pricing.Entry
		q       int64
		policy  pricing.Policy
		want    string // rate and list; empty: there is none
		next    string
	}{
		{"no entry, no price", nil, 1, 0, "", ""},
		{"the base price", []pricing.Entry{entry(base, "10.00")}, 1, 0, "10.00 base", ""},
		{"the group goes before the base", []pricing.Entry{entry(base, "10.00"), entry(group, "9.00")}, 1, 0, "9.00 group", ""},
		{"even when it is dearer", []pricing.Entry{entry(base, "10.00"), entry(group, "11.00")}, 1, 0, "11.00 group", ""},
		{"the company before the group, even when it is dearer", []pricing.Entry{entry(group, "8.00"), entry(company, "9.00"), entry(base, "10.00")}, 1, 0, "9.00 company", ""},
		{"the contract before all", []pricing.Entry{entry(base, "5.00"), entry(company, "4.00"), entry(contract, "12.00")}, 1, 0, "12.00 contract", ""},
		{"within a level the lowest", []pricing.Entry{entry(company, "9.00", list("a", 0)), entry(company, "8.50", list("b", 0)), entry(company, "9.50", list("c", 0))}, 1, 0, "8.50 b", ""},
		{"a list of higher priority before the lowest", []pricing.Entry{entry(group, "9.00", list("a", 0)), entry(group, "9.50", list("b", 1))}, 1, 0, "9.50 b", ""},
		{"priority does not lift a list out of its level", []pricing.Entry{entry(group, "9.00", list("a", 99)), entry(company, "9.50", list("b", -1))}, 1, 0, "9.50 b", ""},
		{"a company's own price above the base price gives way", []pricing.Entry{entry(base, "10.00"), entry(company, "11.00")}, 1, 0, "10.00 base lowered", ""},
		{"unless it is to count as agreed", []pricing.Entry{entry(base, "10.00"), entry(company, "11.00")}, 1, pricing.AsAgreed, "11.00 company", ""},
		{"as low as the base price it stands", []pricing.Entry{entry(base, "10.00"), entry(company, "10.00")}, 1, 0, "10.00 company", ""},
		{"a contract above the base price stands", []pricing.Entry{entry(base, "10.00"), entry(contract, "11.00")}, 1, 0, "11.00 contract", ""},
		{"the lower of both is that of the tier", []pricing.Entry{entry(base, "10.00"), entry(base, "7.00", from(10)), entry(company, "8.00")}, 10, 0, "7.00 base lowered", ""},
		{"below the tier the company's own", []pricing.Entry{entry(base, "10.00"), entry(base, "7.00", from(10)), entry(company, "8.00")}, 9, 0, "8.00 company", "7.00 from 10"},
		{"so much off the base price", []pricing.Entry{entry(base, "10.00"), entry(company, "0", off(1250))}, 1, 0, "8.75 company", ""},
		{"half a ten-thousandth goes up", []pricing.Entry{entry(base, "0.0001"), entry(company, "0", off(5000))}, 1, 0, "0.0001 company", ""},
		{"all of it off", []pricing.Entry{entry(base, "10.00"), entry(company, "0", off(10000))}, 1, 0, "0.00 company", ""},
		{"off the base price of the tier", []pricing.Entry{entry(base, "10.00"), entry(base, "8.00", from(10)), entry(company, "0", off(1000))}, 10, 0, "7.20 company", ""},
		{"off nothing there is nothing", []pricing.Entry{entry(group, "9.00"), entry(company, "0", off(1000))}, 1, 0, "9.00 group", ""},
		{"nothing can be off in a base list", []pricing.Entry{entry(base, "10.00"), entry(base, "0", off(1000), list("odd", 9))}, 1, 0, "10.00 base", ""},
		{"the tier is reached", []pricing.Entry{entry(base, "10.00"), entry(base, "9.00", from(10)), entry(base, "8.00", from(100))}, 10, 0, "9.00 base", "8.00 from 100"},
		{"the tier is nearly reached", []pricing.Entry{entry(base, "10.00"), entry(base, "9.00", from(10)), entry(base, "8.00", from(100))}, 9, 0, "10.00 base", "9.00 from 10"},
		{"beyond the last tier", []pricing.Entry{entry(base, "10.00"), entry(base, "9.00", from(10))}, 1000, 0, "9.00 base", ""},
		{"a dearer tier is no better", []pricing.Entry{entry(base, "10.00"), entry(contract, "12.00", from(10))}, 1, 0, "10.00 base", ""},
		{"nor does it hide a better one behind it", []pricing.Entry{entry(base, "10.00"), entry(contract, "12.00", from(10)), entry(contract, "6.00", from(20))}, 1, 0, "10.00 base", "6.00 from 20"},
		{"a level whose tier is not reached has no price", []pricing.Entry{entry(base, "10.00"), entry(contract, "6.00", from(20))}, 19, 0, "10.00 base", "6.00 from 20"},
		{"only a tier that is not reached", []pricing.Entry{entry(base, "10.00", from(5))}, 4, 0, "", ""},
		{"not yet valid", []pricing.Entry{entry(base, "10.00"), entry(company, "8.00", valid(noon.Add(1), open))}, 1, 0, "10.00 base", ""},
		{"valid from this moment", []pricing.Entry{entry(base, "10.00"), entry(company, "8.00", valid(noon, open))}, 1, 0, "8.00 company", ""},
		{"valid until this moment is no longer valid", []pricing.Entry{entry(base, "10.00"), entry(company, "8.00", valid(open, noon))}, 1, 0, "10.00 base", ""},
		{"valid for a moment more", []pricing.Entry{entry(base, "10.00"), entry(company, "8.00", valid(open, noon.Add(1)))}, 1, 0, "8.00 company", ""},
		{"its list is not yet valid", []pricing.Entry{entry(base, "10.00"), entry(company, "8.00", listValid(noon.Add(1), open))}, 1, 0, "10.00 base", ""},
		{"its list is no longer valid", []pricing.Entry{entry(base, "10.00"), entry(company, "8.00", listValid(open, noon), valid(noon.Add(-1), open))}, 1, 0, "10.00 base", ""},
		{"a base price that is over lowers nothing", []pricing.Entry{entry(base, "5.00", valid(open, noon)), entry(company, "8.00")}, 1, 0, "8.00 company", ""},
		{"a better price that is over is no next tier", []pricing.Entry{entry(base, "10.00"), entry(base, "5.00", from(10), valid(open, noon))}, 1, 0, "10.00 base", ""},
		{"another currency is no price", []pricing.Entry{entry(contract, "1.00", in("USD")), entry(base, "10.00")}, 1, 0, "10.00 base", ""},
		{"only another currency", []pricing.Entry{entry(contract, "1.00", in("USD"))}, 1, 0, "", ""},
		{"a price of nothing is a price", []pricing.Entry{entry(base, "10.00"), entry(contract, "0")}, 1, 0, "0.00 contract", ""},
	}
	for _, test := range tests {
		ask := pricing.Ask{Quantity: quantity.Of(test.q), At: noon, Currency: "EUR", Policy: test.policy}
		got, next := "", ""
		priced, err := pricing.Resolve(test.entries, ask)
		if err == nil {
			got = priced.Rate.Amount() + " " + priced.Source.ListName
		}
		if priced.Source.Lowered {
			got += " lowered"
		}
		if priced.Next != (pricing.Tier{}) {
			next = priced.Next.Rate.Amount() + " from " + priced.Next.Min.String()
		}
		if got != test.want || next != test.next || (err != nil) != (test.want == "") || err != nil && !errors.Is(err, pricing.ErrNone) {
			t.Errorf("%s: %q, next %q, %v; want %q, next %q", test.says, got, next, err, test.want, test.next)
		}
	}
}

func TestOfEqualPricesTheLargerTierCounts(t *testing.T) {
	older, newer := entry(base, "9.00", from(10)), entry(base, "9.00", from(10))
	newer.ID = id.NewPrice(noon.Add(time.Hour))
	tests := []struct {
		says string
		a, b pricing.Entry
		want pricing.Entry
	}{
		{"the larger tier", entry(base, "9.00", from(5)), older, older},
		{"also when it is newer", entry(base, "9.00", from(5)), newer, newer},
		{"of equal tiers the older entry", newer, older, older},
	}
	for _, test := range tests {
		for _, all := range [][]pricing.Entry{{test.a, test.b}, {test.b, test.a}} {
			got, err := pricing.Resolve(all, pricing.Ask{Quantity: quantity.Of(10), At: noon, Currency: "EUR"})
			if err != nil || got.Source.Entry != test.want.ID || got.Source.Min != test.want.Min {
				t.Errorf("%s: %+v, %v", test.says, got.Source, err)
			}
		}
	}
}

func TestEveryEntryIsAccountedFor(t *testing.T) {
	var open time.Time
	entries := []pricing.Entry{
		entry(base, "10.00", list("base", 0)),
		entry(base, "10.50", list("base", 0)),
		entry(group, "9.00", list("group", 0)),
		entry(company, "11.00", list("own", 1)),
		entry(company, "11.00", list("same", 1)),
		entry(company, "12.00", list("dear", 1)),
		entry(company, "1.00", list("low", 0)),
		entry(company, "2.00", list("tier", 1), from(10)),
		entry(company, "3.00", list("old", 1), valid(open, noon)),
		entry(contract, "4.00", list("dollars", 0), in("USD")),
	}
	for i := range entries {
		entries[i].ID = id.NewPrice(noon.Add(time.Duration(i) * time.Second)) // as they stand, the older before the newer
	}
	priced, candidates, err := pricing.Explain(entries, pricing.Ask{Quantity: quantity.One, At: noon, Currency: "EUR"})
	if err != nil || priced.Rate.Amount() != "10.00" || !priced.Source.Lowered {
		t.Fatalf("%+v, %v", priced, err)
	}
	var told []string
	for _, c := range candidates {
		told = append(told, c.Entry.List.Name+" "+c.Rate.Amount()+": "+c.Reason().In(locale.English))
	}
	want := []string{
		"base 10.00: this is the price",
		"own 11.00: dearer than the base price",
		"same 11.00: as low as the price that was chosen",
		"dear 12.00: dearer than the price that was chosen",
		"base 10.50: dearer than the price that was chosen",
		"low 1.00: a list of higher priority has a price",
		"group 9.00: a list nearer to you has a price",
		"tier 2.00: only from a quantity of 10 on",
		"old 3.00: not valid at this time",
		"dollars 4.00: in another currency: USD",
	}
	if !slices.Equal(told, want) {
		t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
	}
}

func TestWithoutAPriceTheEntriesSayWhy(t *testing.T) {
	entries := []pricing.Entry{entry(company, "0", off(1000)), entry(base, "1.00", from(5))}
	_, candidates, err := pricing.Explain(entries, pricing.Ask{Quantity: quantity.One, At: noon, Currency: "EUR"})
	if !errors.Is(err, pricing.ErrNone) || len(candidates) != 2 ||
		candidates[0].Reason().In(locale.English) != "there is no base price to take it off" || candidates[1].Verdict != pricing.TooFew {
		t.Errorf("%+v, %v", candidates, err)
	}
}

func TestAPriceSaysWhereItIsFrom(t *testing.T) {
	tests := []struct {
		says   string
		source pricing.Source
		want   string
	}{
		{"base", pricing.Source{Level: base, ListName: "2026"}, "base price from “2026”"},
		{"group with a tier", pricing.Source{Level: group, ListName: "Trade", Min: quantity.Of(10)}, "price of your customer group, from “Trade”; from a quantity of 10 on"},
		{"company with a reduction", pricing.Source{Level: company, ListName: "Acme", Off: 1250}, "price of your company, from “Acme”; 12.5% off the base price"},
		{"contract with its number", pricing.Source{Level: contract, ListName: "Frame", Reference: "C-7"}, "contract price from “Frame”; by agreement C-7"},
		{"lowered", pricing.Source{Level: base, ListName: "2026", Lowered: true}, "base price from “2026”; lower than your company's own price"},
		{"quoted", pricing.Source{Level: pricing.Quoted, Reference: "Q-12"}, "price agreed in quote Q-12"},
	}
	for _, test := range tests {
		var pieces []string
		for _, p := range test.source.Reason() {
			pieces = append(pieces, p.In(locale.English))
		}
		if got := strings.Join(pieces, "; "); got != test.want {
			t.Errorf("%s: %s, want %s", test.says, got, test.want)
		}
	}
}

func TestAPriceBecomesMoneyAtTheLine(t *testing.T) {
	priced := pricing.Priced{Rate: money.Rate{E4: 123, Currency: "EUR"}, Source: pricing.Source{ListName: "2026"}}
	line, err := priced.Line(quantity.Of(1000))
	if err != nil || line.Total != money.Of(1230, "EUR") || line.Rate != priced.Rate || line.Quantity != quantity.Of(1000) || line.Source != priced.Source {
		t.Errorf("%+v, %v", line, err)
	}
	agreed, err := pricing.Agreed(money.Rate{E4: 50, Currency: "EUR"}, quantity.One, "Q-12")
	if err != nil || agreed.Total != money.Of(1, "EUR") || agreed.Source.Level != pricing.Quoted || agreed.Source.Reference != "Q-12" {
		t.Errorf("%+v, %v", agreed, err)
	}
	for says, test := range map[string]struct {
		rate int64
		q    quantity.Quantity
		want error
	}{
		"no quantity":             {100, 0, quantity.ErrRange},
		"less than no quantity":   {100, -quantity.One, quantity.ErrRange},
		"more than any quantity":  {100, math.MaxInt64, quantity.ErrRange},
		"a price below zero":      {-1, quantity.One, pricing.ErrRate},
		"a total that is too big": {math.MaxInt64, quantity.Most, money.ErrRange},
	} {
		line, err := pricing.Agreed(money.Rate{E4: test.rate, Currency: "EUR"}, test.q, "")
		if !errors.Is(err, test.want) || line != (pricing.PricedLine{}) {
			t.Errorf("%s: %+v, %v", says, line, err)
		}
	}
}

func TestAListIsDerivedFromAnother(t *testing.T) {
	child := pricing.PriceList{ID: id.NewPriceList(noon), Name: "minus 12 percent", Currency: "EUR", Factor: 8800}
	for want, parent := range map[string]pricing.Entry{
		"8.80":   entry(base, "10.00"),
		"0.0011": entry(base, "0.0012"), // 0.001056: half and more goes up
		"0.00":   entry(base, "0"),
	} {
		got, err := child.Derive(parent)
		if err != nil || got.Rate.Amount() != want || got.List != child || got.ID != parent.ID || got.Level != parent.Level {
			t.Errorf("%v: %+v, %v; want %s", parent.Rate, got, err, want)
		}
	}
	if got, err := child.Derive(entry(company, "0", off(1000))); err != nil || got.Off != 1000 {
		t.Errorf("a reduction became %+v, %v", got, err)
	}
	child.Factor = 20_000
	if _, err := child.Derive(pricing.Entry{Rate: money.Rate{E4: math.MaxInt64}}); !errors.Is(err, money.ErrRange) {
		t.Errorf("twice the most is %v", err)
	}
}

func TestListsAndEntriesAreChecked(t *testing.T) {
	self := id.NewPriceList(noon)
	good := pricing.PriceList{Name: "2026", Currency: "EUR"}
	with := func(change func(*pricing.PriceList)) error { l := good; change(&l); return l.Check() }
	row := func(change ...func(*pricing.Entry)) error { return entry(company, "1.00", change...).Check() }
	tests := []struct {
		says  string
		err   error
		field string
	}{
		{"a list", good.Check(), ""},
		{"a derived list", with(func(l *pricing.PriceList) { l.Parent, l.Factor = self, 8800 }), ""},
		{"no name", with(func(l *pricing.PriceList) { l.Name = "" }), "name"},
		{"no currency", with(func(l *pricing.PriceList) { l.Currency = "eur" }), "currency"},
		{"an end before the beginning", with(func(l *pricing.PriceList) { l.From, l.Until = noon, noon }), "until"},
		{"a factor of nothing", with(func(l *pricing.PriceList) { l.Factor = 8800 }), "factor"},
		{"no factor of a parent", with(func(l *pricing.PriceList) { l.Parent = self }), "factor"},
		{"derived from itself", with(func(l *pricing.PriceList) { l.ID, l.Parent, l.Factor = self, self, 8800 }), "parent"},
		{"an entry", row(), ""},
		{"a reduction", row(off(1000)), ""},
		{"an entry of a tier", row(from(10)), ""},
		{"a price below zero", row(func(e *pricing.Entry) { e.Rate.E4 = -1 }), "rate"},
		{"a price in another currency", row(func(e *pricing.Entry) { e.Rate.Currency = "USD" }), "rate"},
		{"more than all off", row(off(10_001)), "off"},
		{"less than nothing off", row(off(-1)), "off"},
		{"a price and a reduction", row(func(e *pricing.Entry) { e.Off = 1 }), "off"},
		{"a reduction in a base list", entry(base, "0", off(1000)).Check(), "off"},
		{"a tier below nothing", row(from(-1)), "min"},
		{"an end of an entry before its beginning", row(valid(noon, noon.Add(-1))), "until"},
	}
	for _, test := range tests {
		var f *fault.Fault
		if got := errors.As(test.err, &f); got != (test.field != "") || got && (len(f.Fields) != 1 || f.Fields[0].Name != test.field) {
			t.Errorf("%s: %v, want a fault of %q", test.says, test.err, test.field)
		}
	}
}

// entries are of few rates, tiers and priorities, so that ties are common.
var entries = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pricing.Entry {
	e := entry(rapid.SampledFrom([]pricing.Level{base, group, company, contract}).Draw(t, "level"), "0")
	e.List.Priority = rapid.IntRange(0, 1).Draw(t, "priority")
	e.Min = quantity.Of(rapid.Int64Range(0, 4).Draw(t, "min"))
	if e.Level > base && rapid.Bool().Draw(t, "reduction") {
		e.Off = locale.Percent(rapid.Int64Range(1, 3).Draw(t, "off") * 1000)
	} else {
		e.Rate.E4 = rapid.Int64Range(0, 5).Draw(t, "rate") * 10_000
	}
	if rapid.IntRange(0, 5).Draw(t, "over") == 0 {
		e.Until = noon
	}
	if rapid.IntRange(0, 8).Draw(t, "dollars") == 0 {
		in("USD")(&e)
	}
	return e
}), 0, 8)

// naive is Resolve as one would write it without thinking of speed: by sorting out level after level.
func naive(all []pricing.Entry, ask pricing.Ask) (rate int64, found bool) {
	priceOf := func(levels ...pricing.Level) (int64, bool, bool) {
		for _, level := range levels {
			for _, priority := range []int{1, 0} {
				best, any, fixed := int64(math.MaxInt64), false, true
				for _, e := range all {
					r := e.Rate.E4
					if e.Level != level || e.List.Priority != priority || e.List.Currency != ask.Currency ||
						!e.Until.IsZero() && !ask.At.Before(e.Until) || e.Min > ask.Quantity {
						continue
					}
					if e.Off > 0 {
						var ok bool
						if r, ok = naive(slices.DeleteFunc(slices.Clone(all), func(e pricing.Entry) bool { return e.Level != base }), ask); !ok {
							continue
						}
						r = (r*int64(10_000-e.Off) + 5000) / 10_000
					}
					if r < best || r == best && e.Off == 0 {
						best, fixed = r, e.Off == 0
					}
					any = true
				}
				if any {
					return best, true, fixed && level == company
				}
			}
		}
		return 0, false, false
	}
	rate, found, own := priceOf(contract, company, group, base)
	if floor, there, _ := priceOf(base); own && there && ask.Policy == pricing.LowerOfBoth {
		rate = min(rate, floor)
	}
	return rate, found
}

func TestResolvingAgreesWithTheNaiveWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := entries.Draw(t, "entries")
		ask := pricing.Ask{Quantity: quantity.Of(rapid.Int64Range(1, 5).Draw(t, "quantity")), At: noon, Currency: "EUR",
			Policy: pricing.Policy(rapid.IntRange(0, 1).Draw(t, "policy"))}
		priced, err := pricing.Resolve(all, ask)
		want, found := naive(all, ask)
		if (err == nil) != found || found && priced.Rate.E4 != want {
			t.Fatalf("%v, %v; naively %d, %v", priced.Rate, err, want, found)
		}
		better := pricing.Tier{}
		for n := int64(6); found && n > int64(ask.Quantity/quantity.One); n-- {
			more := ask
			more.Quantity = quantity.Of(n)
			if rate, _ := naive(all, more); rate < want {
				better = pricing.Tier{Min: more.Quantity, Rate: money.Rate{E4: rate, Currency: "EUR"}}
			}
		}
		if priced.Next != better {
			t.Fatalf("the next tier is %v, naively %v", priced.Next, better)
		}
	})
}

func TestTheOrderOfEntriesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := entries.Draw(t, "entries")
		ask := pricing.Ask{Quantity: quantity.Of(2), At: noon, Currency: "EUR"}
		priced, candidates, err := pricing.Explain(all, ask)
		other := rapid.Permutation(all).Draw(t, "other order")
		again, candidatesAgain, errAgain := pricing.Explain(other, ask)
		if priced != again || !errors.Is(errAgain, err) || !slices.Equal(candidates, candidatesAgain) {
			t.Fatalf("%+v, %v\n%+v, %v", priced, err, again, errAgain)
		}
		chosen := 0
		for _, c := range candidates {
			if c.Verdict == pricing.Chosen {
				chosen++
				if c.Entry.ID != priced.Source.Entry || c.Rate != priced.Rate {
					t.Fatalf("%+v was chosen, and the price is %+v", c, priced)
				}
			}
		}
		if len(candidates) != len(all) || (chosen == 1) != (err == nil) {
			t.Fatalf("%d candidates of %d entries, %d chosen", len(candidates), len(all), chosen)
		}
	})
}

func BenchmarkResolve(b *testing.B) {
	all := []pricing.Entry{
		entry(base, "10.00"), entry(base, "9.00", from(10)), entry(base, "8.00", from(100)),
		entry(group, "9.50"), entry(company, "0", off(1250)), entry(contract, "7.00", from(50), agreement("C-7")),
	}
	ask := pricing.Ask{Quantity: quantity.Of(12), At: noon, Currency: "EUR"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pricing.Resolve(all, ask); err != nil {
			b.Fatal(err)
		}
	}
}
