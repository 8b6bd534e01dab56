package pricing

import (
	"cmp"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// Policy is what happens to a company's own fixed price that is dearer than the base price.
type Policy uint8

// The policies.
const (
	LowerOfBoth Policy = iota // the base price counts instead: the usual
	AsAgreed                  // the company's price counts all the same
)

// Ask is for what a price is wanted.
type Ask struct {
	Quantity quantity.Quantity
	At       time.Time
	Currency money.Currency
	Policy   Policy
}

// Source is where a price came from. It is frozen with the line of an order.
type Source struct {
	List      id.PriceList
	ListName  string
	Level     Level
	Entry     id.Price
	Min       quantity.Quantity // the tier that was reached; 0 for none
	Off       locale.Percent    // off the base price; 0 for a fixed price
	Reference string
	Lowered   bool // the base price counts, being lower than the company's own
}

// Tier is a better price that a larger quantity would have. The zero Tier is none.
type Tier struct {
	Min  quantity.Quantity
	Rate money.Rate
}

// Priced is what one unit costs, and why.
type Priced struct {
	Rate   money.Rate
	Source Source
	Next   Tier
}

// PricedLine is a quantity at a price.
type PricedLine struct {
	Rate     money.Rate
	Quantity quantity.Quantity
	Total    money.Money // Rate times Quantity, rounded once
	Source   Source
}

var (
	// ErrNone is the fault of a product that has no price for this buyer.
	ErrNone = fault.Define(fault.Refused, "pricing.none", "there is no price for this product")
	// ErrRate is the fault of a price below zero.
	ErrRate = fault.Define(fault.Invalid, "pricing.rate", "a price is not below zero")
)

// Resolve finds the price of one product among all its entries that reach the buyer; ErrNone when there is none.
// It is the same whatever the order of the entries.
func Resolve(entries []Entry, ask Ask) (Priced, error) {
	found := choose(entries, ask)
	if found.entry == nil {
		return Priced{}, ErrNone
	}
	e := found.entry
	return Priced{
		Rate: found.rate,
		Source: Source{
			List: e.List.ID, ListName: e.List.Name, Level: e.Level, Entry: e.ID,
			Min: e.Min, Off: e.Off, Reference: e.Reference, Lowered: found.above != nil,
		},
		Next: next(entries, ask, found.rate),
	}, nil
}

// Line is a quantity at this price; quantity.ErrRange or money.ErrRange when it cannot be.
func (p Priced) Line(q quantity.Quantity) (PricedLine, error) { return line(p.Rate, q, p.Source) }

// Agreed is a quantity at a price that people agreed on by hand, in the quote of this number.
func Agreed(rate money.Rate, q quantity.Quantity, number string) (PricedLine, error) {
	return line(rate, q, Source{Level: Quoted, Reference: number})
}

func line(rate money.Rate, q quantity.Quantity, s Source) (PricedLine, error) {
	if rate.E4 < 0 {
		return PricedLine{}, ErrRate
	}
	if err := q.Check(); err != nil {
		return PricedLine{}, err
	}
	total, err := rate.Times(q)
	if err != nil {
		return PricedLine{}, err
	}
	return PricedLine{Rate: rate, Quantity: q, Total: total, Source: s}, nil
}

// choice is an entry and what it comes to; no entry is no price.
type choice struct {
	entry *Entry
	rate  money.Rate
	above *Entry // the company's own entry that the base price stands in for
}

func choose(entries []Entry, ask Ask) choice {
	base := best(entries, ask, choice{}, Base)
	top := best(entries, ask, base, Quoted)
	if top.entry != nil && base.entry != nil && ask.Policy == LowerOfBoth &&
		top.entry.Level == Company && top.entry.Off == 0 && top.rate.E4 > base.rate.E4 {
		base.above = top.entry
		return base
	}
	return top
}

// best is the first of the live entries up to a level.
func best(entries []Entry, ask Ask, base choice, highest Level) choice {
	var found choice
	for i := range entries {
		e := &entries[i]
		if e.Level > highest || e.live(ask) != 0 {
			continue
		}
		rate, ok := e.rate(base)
		if ok && (found.entry == nil || before(e, rate, found.entry, found.rate) < 0) {
			found = choice{entry: e, rate: rate}
		}
	}
	return found
}

// live is why the entry does not count for this quantity, moment and currency; 0 when it does.
func (e *Entry) live(ask Ask) Verdict {
	switch {
	case e.List.Currency != ask.Currency:
		return OtherCurrency
	case !within(ask.At, e.List.From, e.List.Until), !within(ask.At, e.From, e.Until):
		return NotValid
	case ask.Quantity < e.Min:
		return TooFew
	}
	return 0
}

// rate is what the entry comes to; not ok when it is off a base price that there is none of.
func (e *Entry) rate(base choice) (rate money.Rate, ok bool) {
	if e.Off == 0 {
		return e.Rate, true
	}
	if base.entry == nil || e.Level == Base {
		return money.Rate{}, false
	}
	n, err := money.MulDiv(base.rate.E4, int64(whole-e.Off), whole)
	return money.Rate{E4: n, Currency: base.rate.Currency}, err == nil
}

// before orders entries by which counts first: below zero when a does.
func before(a *Entry, rateA money.Rate, b *Entry, rateB money.Rate) int {
	if n := cmp.Or(
		cmp.Compare(b.Level, a.Level),
		cmp.Compare(b.List.Priority, a.List.Priority),
		cmp.Compare(rateA.E4, rateB.E4),
		cmp.Compare(b.Min, a.Min),
	); n != 0 {
		return n
	}
	switch {
	case a.ID.Less(b.ID):
		return -1
	case b.ID.Less(a.ID):
		return 1
	}
	return 0
}

// next is the nearest larger quantity at which one unit costs less.
func next(entries []Entry, ask Ask, now money.Rate) Tier {
	for {
		reached := ask.Quantity
		for i := range entries {
			e := &entries[i]
			if e.live(ask) == TooFew && (ask.Quantity == reached || e.Min < reached) {
				reached = e.Min
			}
		}
		if reached == ask.Quantity {
			return Tier{}
		}
		ask.Quantity = reached
		if found := choose(entries, ask); found.entry != nil && found.rate.E4 < now.E4 {
			return Tier{Min: reached, Rate: found.rate}
		}
	}
}
