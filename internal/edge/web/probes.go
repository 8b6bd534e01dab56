package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// probes adds the routes by which whoever runs us asks whether we live, and whether we can take requests.
func (e *Edge) probes() {
	alive := func(w http.ResponseWriter, _ *http.Request) { word(w, http.StatusOK, "alive") }
	ready := func(w http.ResponseWriter, r *http.Request) {
		if err := e.ready.ask(r.Context(), e); err != nil {
			word(w, http.StatusServiceUnavailable, "not ready")
			return
		}
		word(w, http.StatusOK, "ready")
	}
	for path, serve := range map[string]http.HandlerFunc{"/livez": alive, "/healthz": alive, "/readyz": ready} {
		e.mux.add(KindPage, http.MethodGet, path, "", Meta{Scope: Public, Unasked: true}, serve).quiet = true
	}
}

func word(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // who asked and left does not want to know
}

// readiness remembers for a moment whether we were ready, so that asking often costs nothing.
type readiness struct {
	mu  sync.Mutex
	at  time.Time
	err error
}

var errStopping = errors.New("the server is stopping")

// ask is nil when we are ready. What we log is the change, not every answer.
func (s *readiness) ask(ctx context.Context, e *Edge) error {
	select {
	case <-e.stopping:
		return errStopping
	default:
	}
	if e.Ready == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) < time.Second {
		return s.err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	was := s.err
	s.err, s.at = e.Ready(ctx), time.Now()
	switch {
	case was == nil && s.err != nil:
		e.Log.ErrorContext(ctx, "not ready", "err", printable(s.err.Error()))
	case was != nil && s.err == nil:
		e.Log.InfoContext(ctx, "ready again")
	}
	return s.err
}
