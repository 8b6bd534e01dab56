package locale

import (
	"fmt"
	"strconv"
	"time"

	"kontor/internal/base/date"
)

// Date is a day, short: "3 Nov 2026"; in German "03.11.2026". No day is no text.
func (l Language) Date(d date.Date) string {
	if d == "" {
		return ""
	}
	return d.Start(time.UTC).Format(l.manner().date)
}

// LongDate is a day in words: "3 November 2026"; in German "3. November 2026".
func (l Language) LongDate(d date.Date) string {
	if d == "" {
		return ""
	}
	return d.Start(time.UTC).Format(l.manner().day) + " " + l.Month(d)
}

// Month is the month of a day: "November 2026".
func (l Language) Month(d date.Date) string {
	if d == "" {
		return ""
	}
	year, month, _ := d.Parts()
	return l.manner().months[month-1] + " " + strconv.Itoa(year)
}

// Weekday is the name of a day of the week: "Tuesday".
func (l Language) Weekday(d time.Weekday) string { return l.manner().weekdays[d] }

// Clock is the time of day in this zone: "14:05".
func (l Language) Clock(at time.Time, zone *time.Location) string { return at.In(zone).Format("15:04") }

// DateTime is a day and a time of day in this zone: "3 Nov 2026, 14:05".
func (l Language) DateTime(at time.Time, zone *time.Location) string {
	return l.Date(date.On(at, zone)) + ", " + l.Clock(at, zone)
}

// Moment leaves nothing open: "Tuesday, 3 November 2026, 14:05 (UTC+1)".
func (l Language) Moment(at time.Time, zone *time.Location) string {
	d := date.On(at, zone)
	return fmt.Sprintf("%s, %s, %s%s (%s)", l.Weekday(d.Weekday()), l.LongDate(d), l.Clock(at, zone),
		l.manner().clock, offset(at.In(zone)))
}

// offset is how far the clock of at is from UTC: "UTC", "UTC+1", "UTC−3:30".
func offset(at time.Time) string {
	_, seconds := at.Zone()
	minutes := seconds / 60
	sign := "+"
	if minutes < 0 {
		sign, minutes = minus, -minutes
	}
	switch {
	case minutes == 0:
		return "UTC"
	case minutes%60 == 0:
		return fmt.Sprintf("UTC%s%d", sign, minutes/60)
	}
	return fmt.Sprintf("UTC%s%d:%02d", sign, minutes/60, minutes%60)
}

// Ago is how far at is from now, in the largest unit that fits: "3 hours ago", "in 2 days", "just now".
func (l Language) Ago(at, now time.Time) string {
	span := now.Sub(at)
	past := span >= 0
	if !past {
		span = -span
	}
	const (
		day   = 24 * time.Hour
		month = 365 * day / 12
		year  = 365 * day
	)
	n := func(unit time.Duration) int { return int(span / unit) }
	switch {
	case span < time.Minute:
		return l.T("just now")
	case past && span < time.Hour:
		return l.N(n(time.Minute), "%d minute ago", "%d minutes ago")
	case past && span < day:
		return l.N(n(time.Hour), "%d hour ago", "%d hours ago")
	case past && span < month:
		return l.N(n(day), "%d day ago", "%d days ago")
	case past && span < year:
		return l.N(n(month), "%d month ago", "%d months ago")
	case past:
		return l.N(n(year), "%d year ago", "%d years ago")
	case span < time.Hour:
		return l.N(n(time.Minute), "in %d minute", "in %d minutes")
	case span < day:
		return l.N(n(time.Hour), "in %d hour", "in %d hours")
	case span < month:
		return l.N(n(day), "in %d day", "in %d days")
	case span < year:
		return l.N(n(month), "in %d month", "in %d months")
	}
	return l.N(n(year), "in %d year", "in %d years")
}
