package identity

import (
	"time"

	"kontor/internal/base/id"
)

// Session is a signed-in browser or program.
type Session struct {
	ID        id.Session
	Account   id.Account
	Company   id.Company // the company acted for; the zero company while none is chosen
	Member    id.Member
	Bearer    bool   // known by a header rather than a cookie
	Device    string // as the browser calls itself
	Address   string
	CreatedAt time.Time
	SeenAt    time.Time
	EndsAt    time.Time
}

// How long a session may be idle, and last at all. Last seen is written at most once a minute.
const (
	Idle     = 30 * time.Minute
	Lifetime = 12 * time.Hour
	SeenStep = time.Minute
)

// Alive reports whether the session still counts.
func (s Session) Alive(now time.Time) bool { return now.Before(s.EndsAt) && now.Sub(s.SeenAt) < Idle }

// Throttle is how often signing in has failed for one subject: an account, or a network address.
type Throttle struct {
	Subject  string
	Failures int64
	Until    time.Time
	SeenAt   time.Time
}

// Forgotten is how long after the last failure all is forgotten.
const Forgotten = 24 * time.Hour

// eased is how often one failure of an address is forgotten, while nobody fails there: many people share one, and each mistypes.
const eased = 5 * time.Minute

// Limits of a throttle: so many failures are free, then each doubles the wait up to the longest.
const (
	freeAccount = 5
	freeAddress = 30
	longestWait = 15 * time.Minute
)

// Blocked is how long one must still wait; 0 when one may try.
func (t Throttle) Blocked(now time.Time) time.Duration { return max(0, t.Until.Sub(now)) }

// Failed is the throttle after one more failure. perAddress is for subjects that many people share.
func (t Throttle) Failed(now time.Time, perAddress bool) Throttle {
	if now.Sub(t.SeenAt) > Forgotten {
		t.Failures = 0
	}
	free := int64(freeAccount)
	if perAddress {
		free = freeAddress
		t.Failures = max(0, t.Failures-int64(now.Sub(t.SeenAt)/eased))
	}
	t.Failures++
	t.SeenAt = now
	if over := t.Failures - free; over > 0 {
		wait := longestWait
		if over < 11 {
			wait = min(longestWait, time.Second<<(over-1))
		}
		t.Until = now.Add(wait)
	}
	return t
}
