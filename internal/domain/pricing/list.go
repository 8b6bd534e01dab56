package pricing

import (
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// whole is all of something, as a locale.Percent.
const whole = 10_000

// PriceList is a set of prices in one currency.
type PriceList struct {
	ID       id.PriceList
	Name     string
	Currency money.Currency
	Priority int            // within a level the higher goes first; usually 0
	From     time.Time      // first moment of its validity; zero: always was
	Until    time.Time      // first moment after it; zero: never ends
	Parent   id.PriceList   // the list that it is derived from; zero: none
	Factor   locale.Percent // what its prices are of the parent's: 8800 is minus 12 percent; 0 without a parent
}

// Level is by what right a price list reaches a buyer. A higher level is asked before a lower one.
type Level uint8

// The levels.
const (
	Base     Level = iota + 1 // for everybody
	Group                     // for the customer group
	Company                   // for the company, or one above it
	Contract                  // by framework agreement
	Quoted                    // agreed by hand; never found in a list
)

var levelNames = [...]string{"", "base", "group", "company", "contract", "quoted"}

func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return ""
}

// Entry is one row of a price list.
type Entry struct {
	ID        id.Price
	Product   id.Product
	List      PriceList
	Level     Level
	Min       quantity.Quantity // the tier: the price holds from this quantity on; 0 for any
	Rate      money.Rate        // price of one unit, not below zero, in the currency of the list
	Off       locale.Percent    // off the base price, instead of a fixed Rate; 0 for a fixed one
	From      time.Time         // first moment of its validity; zero: as long as the list
	Until     time.Time         // first moment after it; zero: as long as the list
	Reference string            // the contract's number, or whatever names the agreement to people
}

// Check is the fault of what cannot stand in a price list, field by field.
func (l PriceList) Check() error {
	var in fault.Input
	if l.Name == "" || len(l.Name) > 200 {
		in.Add("name", "length", "a name is 1 to 200 characters")
	}
	_, err := money.ParseCurrency(string(l.Currency))
	in.Take("currency", err)
	checkEnd(&in, l.From, l.Until)
	switch {
	case l.Parent.IsZero() && l.Factor != 0:
		in.Add("factor", "parent", "only a list that is derived from another has a factor")
	case !l.Parent.IsZero() && (l.Factor <= 0 || l.Factor > 100*whole):
		in.Add("factor", "range", "a factor is above 0 and at most 100")
	case l.Parent == l.ID && !l.Parent.IsZero():
		in.Add("parent", "itself", "a list is not derived from itself")
	}
	return in.Err()
}

// Check is the fault of what cannot stand in an entry, field by field.
func (e Entry) Check() error {
	var in fault.Input
	switch {
	case e.Off < 0 || e.Off > whole:
		in.Add("off", "range", "a reduction is above 0 and at most 100 percent")
	case e.Off > 0 && (e.Rate.E4 != 0 || e.Level == Base):
		in.Add("off", "fixed", "a reduction is off the base price, and stands instead of a price of its own")
	case e.Off == 0 && e.Rate.Currency != e.List.Currency:
		in.Add("rate", "currency", "the price is in another currency than its list")
	case e.Rate.E4 < 0:
		in.Add("rate", "range", "a price is not below zero")
	}
	if e.Min < 0 || e.Min > quantity.Most {
		in.Add("min", "range", "a tier begins at no quantity or at one that a line may have")
	}
	checkEnd(&in, e.From, e.Until)
	return in.Err()
}

// Derive is the entry of a list that is derived from the list of e: its rate by the factor, rounded half away from zero
// to a ten-thousandth; money.ErrRange when that does not fit. A reduction stays as it is.
func (l PriceList) Derive(e Entry) (Entry, error) {
	n, err := money.MulDiv(e.Rate.E4, int64(l.Factor), whole)
	if err != nil {
		return Entry{}, err
	}
	e.List, e.Rate.E4 = l, n
	return e, nil
}

func checkEnd(in *fault.Input, from, until time.Time) {
	if !from.IsZero() && !until.IsZero() && !until.After(from) {
		in.Add("until", "order", "the end is not after the beginning")
	}
}

func within(at, from, until time.Time) bool {
	return (from.IsZero() || !at.Before(from)) && (until.IsZero() || at.Before(until))
}
