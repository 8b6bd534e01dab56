package exchange

import "time"

// Backoff is how long to wait after the first failed attempt, the second, and so on: three days all in all.
func Backoff() []time.Duration {
	return []time.Duration{
		5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
		time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour,
	}
}

// Attempts is how often a delivery is attempted before it is dead.
const Attempts = 12

// After is when the next attempt is due, this one, counted from 1, having failed at that moment; false when there is
// none. chance, from 0 up to 1, spreads what failed together over a fifth of the wait: from nine tenths of it to
// eleven tenths.
func After(attempt int, at time.Time, chance float64) (time.Time, bool) {
	waits := Backoff()
	if attempt < 1 || attempt > len(waits) {
		return time.Time{}, false
	}
	wait := waits[attempt-1]
	return at.Add(wait*9/10 + time.Duration(chance*float64(wait/5))), true
}
