package date_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/date"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDaysAreRead(t *testing.T) {
	tests := []struct {
		says string
		text string
		ok   bool
	}{
		{"a day", "2026-03-05", true},
		{"a leap day", "2024-02-29", true},
		{"the first", "0001-01-01", true},
		{"the last", "9999-12-31", true},
		{"a leap day of another year", "2026-02-29", false},
		{"the 31st of a month of 30", "2026-04-31", false},
		{"month 13", "2026-13-01", false},
		{"day nought", "2026-03-00", false},
		{"year nought", "0000-01-01", false},
		{"short", "2026-3-5", false},
		{"a time behind", "2026-03-05T00:00:00Z", false},
		{"the German order", "05.03.2026", false},
		{"a year of five digits", "10000-01-01", false},
		{"nothing", "", false},
		{"a blank", "2026-03-05 ", false},
		{"a sign", "-026-03-05", false},
	}
	for _, test := range tests {
		d, err := date.Parse(test.text)
		if (err == nil) != test.ok || test.ok && string(d) != test.text || !test.ok && (d != "" || !errors.Is(err, date.ErrMalformed)) {
			t.Errorf("%s: %q is %q, %v", test.says, test.text, d, err)
		}
	}
}

func TestDaysAreCounted(t *testing.T) {
	tests := []struct {
		says string
		got  any
		want any
	}{
		{"the day after a leap day", date.Date("2024-02-29").Plus(1), date.Date("2024-03-01")},
		{"the day before the year", date.Date("2026-01-01").Plus(-1), date.Date("2025-12-31")},
		{"no day stays none", date.Date("").Plus(1), date.Date("")},
		{"a leap year", date.Date("2025-01-01").Since("2024-01-01"), 366},
		{"backwards", date.Date("2024-01-01").Since("2025-01-01"), -366},
		{"since no day", date.Date("2024-01-01").Since(""), 0},
		{"the nought of March is the end of February", date.Of(2026, time.March, 0), date.Date("2026-02-28")},
		{"month 13 is January", date.Of(2026, 13, 1), date.Date("2027-01-01")},
		{"a Thursday", date.Date("2026-03-05").Weekday(), time.Thursday},
		{"within both ends", date.Date("2026-03-05").Within("2026-03-05", "2026-03-05"), true},
		{"before the first", date.Date("2026-03-04").Within("2026-03-05", ""), false},
		{"behind the last", date.Date("2026-03-06").Within("", "2026-03-05"), false},
		{"open ends", date.Date("2026-03-06").Within("", ""), true},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: %v, want %v", test.says, test.got, test.want)
		}
	}
}

func TestADayBeginsWhereTheClockSaysSo(t *testing.T) {
	tests := []struct {
		says  string
		day   date.Date
		zone  string
		start string
	}{
		{"in UTC", "2026-03-05", "UTC", "2026-03-05T00:00:00Z"},
		{"in winter", "2026-03-05", "Europe/Berlin", "2026-03-04T23:00:00Z"},
		{"in summer", "2026-07-05", "Europe/Berlin", "2026-07-04T22:00:00Z"},
		{"on the night the clocks go forward", "2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00Z"},
		{"where midnight is skipped", "2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"},
		{"where midnight strikes twice", "2026-10-25", "Atlantic/Azores", "2026-10-25T00:00:00Z"},
		{"and east of Greenwich, where Go knows the second", "2020-10-30", "Asia/Amman", "2020-10-29T21:00:00Z"},
		{"and the day after", "2026-10-26", "Atlantic/Azores", "2026-10-26T01:00:00Z"},
		{"where the day before had 25 hours", "2018-02-18", "America/Sao_Paulo", "2018-02-18T03:00:00Z"},
	}
	for _, test := range tests {
		z := zone(t, test.zone)
		start := test.day.Start(z)
		if got := start.Format(time.RFC3339); got != test.start {
			t.Errorf("%s: %s begins at %s in %s, want %s", test.says, test.day, got, test.zone, test.start)
		}
		if date.On(start, z) != test.day || date.On(start.Add(-1), z) != test.day.Plus(-1) {
			t.Errorf("%s: the moment before is of %s, it is of %s", test.says, date.On(start.Add(-1), z), date.On(start, z))
		}
	}
}

func TestEveryMomentIsOfTheDayThatHasBegun(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Europe/Berlin"), zone(t, "America/Sao_Paulo"), zone(t, "Atlantic/Azores"), zone(t, "Asia/Amman"),
		zone(t, "Asia/Kathmandu"), zone(t, "Pacific/Auckland"), zone(t, "Australia/Lord_Howe")}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "second"), 0)
		d := date.On(at, z)
		if at.Before(d.Start(z)) || !at.Before(d.Plus(1).Start(z)) {
			t.Fatalf("%v is of %s, which lasts from %v to %v", at.UTC(), d, d.Start(z), d.Plus(1).Start(z))
		}
		n := rapid.IntRange(-1000, 1000).Draw(t, "days")
		if later := d.Plus(n); later.Since(d) != n || (later > d) != (n > 0) {
			t.Fatalf("%s and %d days are %s, %d days later", d, n, later, later.Since(d))
		}
	})
}
