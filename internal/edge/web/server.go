package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"
)

// ServerSettings are where a Server listens, and how patient it is.
type ServerSettings struct {
	Address string      // "127.0.0.1:8080"; port 0 takes a free one
	Metrics string      // where Prometheus asks; "" is nowhere
	TLS     *tls.Config // nil leaves TLS to a proxy

	HeaderPatience time.Duration // for the head of a request; 0 is 5 s
	ReadPatience   time.Duration // for head and body; 0 is 30 s
	WritePatience  time.Duration // from the end of the head to the end of the answer; 0 is 60 s
	IdlePatience   time.Duration // for the next request of a connection; 0 is 2 min
	Grace          time.Duration // for requests under way when we stop; 0 is 10 s
}

// headerMost is how many bytes the head of a request may have.
const headerMost = 32 << 10

// Server listens and hands each request to an Edge.
type Server struct {
	settings      ServerSettings
	at, metricsAt net.Listener // metricsAt may be nil
}

// taken says which address one cannot listen at, and what to do where another process has it.
func taken(flag, address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use, another process listens there: stop it, or name another address with %s", address, flag)
	}
	return fmt.Errorf("listen at %s: %w", address, err)
}

// Listen takes the addresses. Nothing is answered before Run.
func Listen(s ServerSettings) (*Server, error) {
	at, err := net.Listen("tcp", s.Address)
	if err != nil {
		return nil, taken("--addr", s.Address, err)
	}
	srv := &Server{settings: s, at: at}
	if s.Metrics == "" {
		return srv, nil
	}
	if srv.metricsAt, err = net.Listen("tcp", s.Metrics); err != nil {
		return nil, errors.Join(taken("--metrics", s.Metrics, err), at.Close())
	}
	return srv, nil
}

// Close gives the addresses back, unless Run has done so.
func (s *Server) Close() error {
	var failed []error
	for _, l := range []net.Listener{s.at, s.metricsAt} {
		if l == nil {
			continue
		}
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// serving is what serves a handler, as patient as the settings say.
func (s *Server) serving(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: or(s.settings.HeaderPatience, 5*time.Second),
		ReadTimeout:       or(s.settings.ReadPatience, 30*time.Second),
		WriteTimeout:      or(s.settings.WritePatience, time.Minute),
		IdleTimeout:       or(s.settings.IdlePatience, 2*time.Minute),
		MaxHeaderBytes:    headerMost,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

func or(given, otherwise time.Duration) time.Duration {
	if given == 0 {
		return otherwise
	}
	return given
}

// Address is where we listen, with the port that we got.
func (s *Server) Address() string { return s.at.Addr().String() }

// MetricsAddress is where Prometheus may ask, "" for nowhere.
func (s *Server) MetricsAddress() string {
	if s.metricsAt == nil {
		return ""
	}
	return s.metricsAt.Addr().String()
}

// Run answers until ctx ends; then it takes no more requests, ends the streams, and gives those under way their
// grace. It returns early when an address cannot be served any more.
func (s *Server) Run(ctx context.Context, e *Edge) error {
	public, metrics := s.serving(e, e.Log), (*http.Server)(nil)
	public.TLSConfig = s.settings.TLS
	failed := make(chan error, 2)
	go func() {
		if public.TLSConfig != nil {
			failed <- public.ServeTLS(s.at, "", "")
		} else {
			failed <- public.Serve(s.at)
		}
	}()
	if s.metricsAt != nil {
		metrics = s.serving(e.Metrics(), e.Log)
		go func() { failed <- metrics.Serve(s.metricsAt) }()
	}
	e.Log.Info("listening", "address", s.Address(), "metrics", s.MetricsAddress())
	var broke error
	select {
	case <-ctx.Done():
	case broke = <-failed:
	}
	e.Stop()
	patience := or(s.settings.Grace, 10*time.Second)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := public.Shutdown(grace); err != nil {
		broke = errors.Join(broke, fmt.Errorf("some requests did not end within %s: %w", patience, err), public.Close())
	}
	if metrics != nil {
		broke = errors.Join(broke, metrics.Close())
	}
	return broke
}
