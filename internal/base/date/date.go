// Package date is a day as a person means it: of a calendar, of no time zone, with no hour.
package date

import (
	"time"

	"kontor/internal/base/fault"
)

// Date is a day of the Gregorian calendar, written "2026-03-05", so that it sorts as text and compares with <.
// The empty Date is no day: an open end.
type Date string

const layout = "2006-01-02"

// ErrMalformed is the fault of a text that is no day.
var ErrMalformed = fault.Define(fault.Invalid, "date.malformed", "a date is a day of the calendar like 2026-03-05")

// Parse reads a day from year 1 to 9999, written year-month-day.
func Parse(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1 {
		return "", ErrMalformed
	}
	return Date(s), nil
}

// Of is the day with this number in this month. What runs over goes on in the next month, as time.Date has it.
func Of(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(layout))
}

// On is the day that it is at this moment in this zone.
func On(at time.Time, zone *time.Location) Date { return Date(at.In(zone).Format(layout)) }

// Parts are the year, month and day; 1 January of year 1 for what is no day.
func (d Date) Parts() (year int, month time.Month, day int) { return d.noon().Date() }

// Plus is the day so many days later; no day stays none.
func (d Date) Plus(days int) Date {
	if d == "" {
		return ""
	}
	return Date(d.noon().AddDate(0, 0, days).Format(layout))
}

// Since is how many days d comes after from; 0 when either is no day.
func (d Date) Since(from Date) int {
	if d == "" || from == "" {
		return 0
	}
	return int(d.noon().Sub(from.noon()) / (24 * time.Hour))
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.noon().Weekday() }

// Start is the first moment of the day in this zone, in UTC; also where the clocks skip midnight or strike it twice.
func (d Date) Start(zone *time.Location) time.Time {
	year, month, day := d.Parts()
	at := time.Date(year, month, day, 0, 0, 0, 0, zone)
	changed, changes := at.ZoneBounds()
	switch {
	case On(at, zone) < d: // midnight is skipped, and Go gave us the hour before
		at = changes
	case !changed.IsZero() && On(changed.Add(-1), zone) >= d: // midnight struck before the clocks went back, too
		_, before := changed.Add(-1).In(zone).Zone()
		_, after := at.Zone()
		at = at.Add(time.Duration(after-before) * time.Second)
	}
	return at.UTC()
}

// Within reports whether d lies from the first day to the last one, both included; an empty end is open.
func (d Date) Within(first, last Date) bool {
	return (first == "" || d >= first) && (last == "" || d <= last)
}

// noon is the middle of the day in UTC, where days are all of 24 hours.
func (d Date) noon() time.Time {
	t, err := time.Parse(layout, string(d))
	if err != nil {
		return time.Time{} // no day
	}
	return t.Add(12 * time.Hour)
}
