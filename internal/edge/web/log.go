package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode"

	net "kontor/internal/base/network"
	"kontor/internal/domain/access"
)

// finish counts and logs the request. The log names people and companies by their identifiers alone, routes by
// their patterns, so that no token in a path and no query gets in, and networks rather than addresses.
func (e *Edge) finish(c *call, a *answer, r *http.Request) {
	took := time.Since(c.began)
	status := a.status
	e.metrics.open.Dec()
	if c.route == nil {
		c.route = &lost // the mux itself answered: a redirect to a cleaner address
	}
	e.metrics.seen(c, status, took)
	if c.route.quiet && status < 500 {
		return
	}
	attrs := []slog.Attr{
		slog.String("request", c.id),
		slog.String("method", method(r)),
		slog.String("route", c.route.Pattern),
		slog.Int("status", status),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.Int64("bytes", a.size),
		slog.String("network", net.Of(c.from)),
	}
	if c.actor.Kind != access.Nobody {
		attrs = append(attrs, slog.String("account", c.actor.Account.String()),
			slog.String("member", c.actor.Member.String()), slog.String("company", c.actor.Company.String()))
	}
	if c.note.code != "" {
		attrs = append(attrs, slog.String("code", c.note.code))
	}
	if c.note.permission != "" {
		attrs = append(attrs, slog.String("permission", c.note.permission))
	}
	if c.note.err != nil {
		attrs = append(attrs, slog.String("err", printable(c.note.err.Error())))
	}
	level := slog.LevelInfo
	if status >= 500 {
		level = slog.LevelError
	}
	e.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// rescue turns a panic into an answer, or cuts the connection when an answer has begun. It must be deferred.
func (e *Edge) rescue(a *answer, r *http.Request) {
	broke := recover()
	switch broke {
	case nil:
		return
	case http.ErrAbortHandler:
		a.broken = true
		panic(broke)
	}
	c := callOf(r.Context())
	e.Log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("request", c.id),
		slog.String("err", printable(fmt.Sprint(broke))), slog.String("stack", string(debug.Stack())))
	clear(a.Header())
	e.dress(a.Header(), c.id)
	Fail(a, r, errPanic)
}

var errPanic = errors.New("a panic, logged on its own line")

// method is the request's method if it is one; anything else can be as long as a header.
func method(r *http.Request) string {
	if slices.Contains(methods, r.Method) {
		return r.Method
	}
	return "other"
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}

// longest is how many bytes of an error a line of the log holds.
const longest = 2000

// printable makes s fit for a line of a log: nothing in it moves a cursor, begins a line or lasts for ever.
func printable(s string) string {
	if len(s) > longest {
		s = s[:longest] + "…"
	}
	return strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return '\ufffd'
		}
		return c
	}, s)
}
