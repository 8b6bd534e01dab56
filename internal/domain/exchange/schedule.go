package exchange

import (
	"time"

	"kontor/internal/base/date"
)

// Schedule is when recurring work is due: either every so often, or once a day.
type Schedule struct {
	every        time.Duration
	hour, minute int
	zone         *time.Location
}

// Every is due at whole multiples of the span since the beginning of time, so that all nodes agree. The span is above 0.
func Every(span time.Duration) Schedule { return Schedule{every: span} }

// Daily is due once a day at this time of the zone's clocks. Where they skip it, it is due when they do.
func Daily(hour, minute int, zone *time.Location) Schedule {
	return Schedule{hour: hour, minute: minute, zone: zone}
}

// Next is the first moment after this one that the schedule is due, in UTC.
func (s Schedule) Next(after time.Time) time.Time {
	if s.every > 0 {
		return after.UTC().Truncate(s.every).Add(s.every)
	}
	for day := date.On(after, s.zone); ; day = day.Plus(1) {
		year, month, d := day.Parts()
		due := time.Date(year, month, d, s.hour, s.minute, 0, 0, s.zone)
		if due.Hour() != s.hour || due.Minute() != s.minute {
			due = skip(due)
		}
		if due.After(after) {
			return due.UTC()
		}
	}
}

// skip is when the clocks jumped over the time that Go read as at: close before or close behind.
func skip(at time.Time) time.Time {
	from, until := at.ZoneBounds()
	if at.Sub(from) < until.Sub(at) {
		return from
	}
	return until
}
