package budget

import (
	"fmt"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// Kind is how the periods of a cycle follow one another.
type Kind string

// The kinds of period.
const (
	PerOrder Kind = "order"     // every purchase order anew
	Week     Kind = "week"      // Monday to Sunday
	Month    Kind = "month"     // of the calendar
	Quarter  Kind = "quarter"   // of the fiscal year
	HalfYear Kind = "half_year" // of the fiscal year
	Year     Kind = "year"      // the fiscal year
	Fixed    Kind = "fixed"     // once, from a day to a day
	Rolling  Kind = "rolling"   // the last so many days, today included
)

// Follows reports whether one period of this kind begins where another ends.
func (k Kind) Follows() bool {
	switch k {
	case Week, Month, Quarter, HalfYear, Year:
		return true
	}
	return false
}

// Cycle says which periods a budget has.
type Cycle struct {
	Kind  Kind
	From  date.Date // first day, for Fixed
	Until date.Date // last day, for Fixed
	Days  int       // how many, for Rolling: 1 to 3660
}

// Period is a stretch of days, both ends included, in the company's time zone.
type Period struct {
	Key   string // unique among the periods of one budget; sorts by time within a kind: "2026-03", "2026-Q1"
	From  date.Date
	Until date.Date
}

// ErrOutside is the fault of spending on a day that the budget is not for.
var ErrOutside = fault.Define(fault.Refused, "budget.outside", "the budget is not for that day")

// Check is the fault of what cannot stand in a cycle, field by field.
func (c Cycle) Check() error {
	var in fault.Input
	switch {
	case c.Kind == Fixed:
		_, err := date.Parse(string(c.From))
		in.Take("from", err)
		if _, err := date.Parse(string(c.Until)); !in.Take("until", err) && c.Until < c.From {
			in.Add("until", "order", "the last day is before the first one")
		}
	case c.Kind == Rolling:
		if c.Days < 1 || c.Days > 3660 {
			in.Add("days", "range", "a rolling period has 1 to 3660 days")
		}
	case c.Kind != PerOrder && !c.Kind.Follows():
		in.Add("kind", "unknown", "a period is an order, week, month, quarter, half-year, year, fixed or rolling")
	}
	return in.Err()
}

// Period is the one that a purchase order falls into when it is submitted at this moment: in the company's time zone,
// and with its fiscal year, which begins in the month given (0: January). It is ErrOutside for a fixed period that has
// not begun or is over.
//
// A fiscal year is named by the calendar year in which it begins, a week as in ISO 8601. The purse of a rolling period
// is that of its last day; its From is the first day of the window.
func (c Cycle) Period(po id.PurchaseOrder, at time.Time, zone *time.Location, fiscal time.Month) (Period, error) {
	day := date.On(at, zone)
	switch c.Kind {
	case PerOrder:
		return Period{po.String(), day, day}, nil
	case Rolling:
		return Period{string(day), day.Plus(1 - c.Days), day}, nil
	case Fixed:
		if !day.Within(c.From, c.Until) {
			return Period{}, ErrOutside.With("the budget is for %s to %s, not for %s", c.From, c.Until, day)
		}
		return Period{"fixed", c.From, c.Until}, nil
	}
	return calendar(c.Kind, day, max(fiscal, time.January)), nil
}

// calendar is the period of a kind that follows, around a day.
func calendar(kind Kind, day date.Date, fiscal time.Month) Period {
	year, month, _ := day.Parts()
	if kind == Week {
		monday := day.Plus(-(int(day.Weekday()) + 6) % 7)
		year, week := day.Start(time.UTC).ISOWeek()
		return Period{fmt.Sprintf("%04d-W%02d", year, week), monday, monday.Plus(6)}
	}
	if kind == Month {
		return months(fmt.Sprintf("%04d-%02d", year, month), year, month, 1)
	}
	into := (int(month-fiscal) + 12) % 12 // whole months since the fiscal year began
	if month < fiscal {
		year--
	}
	switch kind {
	case Quarter:
		n := into / 3
		return months(fmt.Sprintf("%04d-Q%d", year, n+1), year, fiscal+time.Month(3*n), 3)
	case HalfYear:
		n := into / 6
		return months(fmt.Sprintf("%04d-H%d", year, n+1), year, fiscal+time.Month(6*n), 6)
	}
	return months(fmt.Sprintf("%04d", year), year, fiscal, 12)
}

func months(key string, year int, first time.Month, n int) Period {
	return Period{key, date.Of(year, first, 1), date.Of(year, first+time.Month(n), 0)}
}
