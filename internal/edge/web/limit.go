package web

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Limit is how often one caller may ask: so many requests at once, and all of them again after a time. The zero
// Limit is none.
type Limit struct {
	Requests int
	Per      time.Duration
}

// limiter is a token bucket a key. A bucket is one instant, that at which it will be full again, so a full
// bucket needs no room at all.
type limiter[K comparable] struct {
	limit Limit
	mu    sync.Mutex
	full  map[K]time.Time
}

// most is how many buckets that are not full a limiter keeps.
const most = 100_000

func newLimiter[K comparable](l Limit) *limiter[K] {
	return &limiter[K]{limit: l, full: map[K]time.Time{}}
}

// take takes a token out of the bucket of this key, if there is one left. The zero key has no bucket.
func (l *limiter[K]) take(key K, now time.Time) standing {
	var nobody K
	if l.limit.Requests <= 0 || key == nobody {
		return standing{}
	}
	each := l.limit.Per / time.Duration(l.limit.Requests)
	l.mu.Lock()
	defer l.mu.Unlock()
	full := l.full[key]
	if full.Before(now) {
		full = now
	}
	s := standing{limit: l.limit, full: full.Sub(now)}
	if room := l.limit.Per - each; s.full > room {
		s.over, s.wait = true, s.full-room
		return s
	}
	if len(l.full) >= most {
		l.sweep(now)
	}
	l.full[key] = full.Add(each)
	s.full += each
	s.left = int((l.limit.Per - s.full) / each)
	return s
}

// sweep forgets the buckets that are full. When that leaves little room we are under attack, and would soon do
// nothing but sweep: then it forgets all.
func (l *limiter[K]) sweep(now time.Time) {
	for key, full := range l.full {
		if full.Before(now) {
			delete(l.full, key)
		}
	}
	if len(l.full) > most/2 {
		clear(l.full)
	}
}

// standing is how a caller stands with a limit.
type standing struct {
	limit Limit // zero: there is none
	left  int   // requests at once from now
	full  time.Duration
	over  bool
	wait  time.Duration // until one more is allowed, when over
}

// lower makes s the tighter of both.
func (s *standing) lower(other standing) {
	switch {
	case other.limit == Limit{}:
	case s.limit == Limit{}, other.over && !s.over, other.over == s.over && other.left < s.left:
		*s = other
	}
}

// tell writes the headers of draft-ietf-httpapi-ratelimit-headers-07.
func (s *standing) tell(h http.Header) {
	if (s.limit == Limit{}) {
		return
	}
	requests := strconv.Itoa(s.limit.Requests)
	h.Set("RateLimit-Limit", requests)
	h.Set("RateLimit-Remaining", strconv.Itoa(s.left))
	h.Set("RateLimit-Reset", seconds(s.full))
	h.Set("RateLimit-Policy", requests+";w="+seconds(s.limit.Per))
}

// fault is what a caller over the limit is told.
func (s *standing) fault(h http.Header) error {
	s.tell(h)
	return ErrTooOften.Noting("retry_after", seconds(s.wait))
}

// seconds rounds up, so that who waits as long has waited long enough.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}
