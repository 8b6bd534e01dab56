package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/netip"
	"time"

	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
)

// call is what we know of one request on its way.
type call struct {
	edge    *Edge
	id      string
	from    netip.Addr
	began   time.Time
	lasting context.Context // without our deadline, for streams
	route   *route
	token   string
	way     Way
	actor   access.Actor
	keys    []string          // of the Idempotency-Key header, as they came
	accepts locale.Language   // what the request's header likes best
	asked   *http.Request     // of the API
	body    []byte            // of it, where that is JSON
	in      map[string]string // where each parameter of the operation stands, by its name
	unread  *unread
	note    *note
}

// note is what the log will say of a request beside its outcome.
type note struct {
	code       string // of the refusal
	permission string // that was missing
	err        error  // that only we may read
	streamed   bool
}

type callKey struct{}

// callOf is never nil: outside of an Edge it knows nothing.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{edge: new(Edge), route: &lost, actor: access.Anonymous(), lasting: ctx, note: new(note), unread: new(unread)}
}

// WithActor returns a context in which this actor asks. Behind an Edge it has already been said who asks;
// this is for who acts in the name of another, for holders of links, and for tests.
func WithActor(ctx context.Context, actor access.Actor) context.Context {
	c := *callOf(ctx)
	c.actor = actor
	return context.WithValue(ctx, callKey{}, &c)
}

// Actor is who asks; they only try when something of what they say cannot be read.
func Actor(ctx context.Context) access.Actor {
	c := callOf(ctx)
	if c.unread.any() {
		return c.actor.Trying()
	}
	return c.actor
}

// Language is the language to answer in: the actor's, or what the browser likes best of those that we speak.
func Language(ctx context.Context) locale.Language { return callOf(ctx).actor.Language }

// acceptable is the language of ours that the request likes best. No honest header needs more than a line.
func acceptable(r *http.Request) locale.Language {
	header := r.Header.Get("Accept-Language")
	return locale.Accept(header[:min(len(header), 200)])
}

// RequestID is the number by which this request is known in the log, in the audit and in the answer.
func RequestID(ctx context.Context) string { return callOf(ctx).id }

// ClientAddress is the network address of who asks, as far as proxies that we trust can tell. It is personal data.
func ClientAddress(ctx context.Context) netip.Addr { return callOf(ctx).from }

// requestID is the caller's own number, when it looks like one, or a new one.
func requestID(r *http.Request) string {
	if given := r.Header["X-Request-Id"]; len(given) == 1 && isRequestID(given[0]) {
		return given[0]
	}
	return rand.Text()
}

func isRequestID(s string) bool {
	if len(s) < 8 || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
