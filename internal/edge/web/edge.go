package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
)

// Settings are what an Edge goes by. Every zero value works.
type Settings struct {
	Public    *url.URL       // where people reach us; nil is plain http. Its scheme decides on the cookie and on HSTS
	Trusted   []netip.Prefix // the proxies before us: only their X-Forwarded-For counts
	Log       *slog.Logger   // nil is slog.Default
	Recognise Recogniser     // nil knows nobody

	// Page shows a problem to a person, status and all; nil is a plain page. It may as well lead elsewhere: to
	// sign in, when the status is 401.
	Page func(w http.ResponseWriter, r *http.Request, p Problem)
	// Repeats knows which acts of the API were carried out before; nil knows of none.
	Repeats Repeats
	// Ready says why no requests should be sent here just now; nil is always ready.
	Ready func(ctx context.Context) error

	PerAddress Limit // of one IPv4 address or one IPv6 network of 64 bits
	PerAccount Limit // of one account, over all its sessions and tokens
	PerCompany Limit // of all that act for one company

	Patience  time.Duration // the longest that a request may take, streams apart; 0 is 30 s
	Heartbeat time.Duration // how often a stream shows that it lives; 0 is 15 s
}

// Edge is the one way in: what every request passes before and after its handler.
type Edge struct {
	Settings
	mux       *Mux
	secure    bool // people reach us by https
	crossSite *http.CrossOriginProtection
	metrics   *metrics
	ready     readiness

	addresses *limiter[netip.Addr]
	accounts  *limiter[id.Account]
	companies *limiter[id.Company]

	stopping chan struct{} // closed when the server stops
	stop     sync.Once
}

// New puts an Edge before the routes of mux, and adds the routes that ask whether we live.
func New(s Settings, mux *Mux) (*Edge, error) {
	if s.Log == nil {
		s.Log = slog.Default()
	}
	if s.Public == nil {
		s.Public = &url.URL{Scheme: "http", Host: "localhost"}
	}
	if s.Patience == 0 {
		s.Patience = 30 * time.Second
	}
	if s.Heartbeat == 0 {
		s.Heartbeat = 15 * time.Second
	}
	e := &Edge{
		Settings:  s,
		mux:       mux,
		secure:    s.Public.Scheme == "https",
		crossSite: http.NewCrossOriginProtection(),
		metrics:   newMetrics(),
		addresses: newLimiter[netip.Addr](s.PerAddress),
		accounts:  newLimiter[id.Account](s.PerAccount),
		companies: newLimiter[id.Company](s.PerCompany),
		stopping:  make(chan struct{}),
	}
	// A proxy may hand the request on under another Host than the one that people see.
	if err := e.crossSite.AddTrustedOrigin(s.Public.Scheme + "://" + s.Public.Host); err != nil {
		return nil, err
	}
	e.probes()
	return e, nil
}

// Stop ends all streams and makes us unready. Requests are answered as before.
func (e *Edge) Stop() { e.stop.Do(func() { close(e.stopping) }) }

// ServeHTTP answers one request.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{
		edge: e, id: requestID(r), from: e.clientAddress(r), began: time.Now(), lasting: r.Context(),
		accepts: acceptable(r), keys: r.Header["Idempotency-Key"], note: new(note),
	}
	c.actor = c.known(access.Anonymous())
	a := newAnswer(w, r)
	e.dress(a.Header(), c.id)
	ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), callKey{}, c), e.Patience)
	defer cancel()

	e.metrics.open.Inc()
	defer e.finish(c, a, r)
	defer a.close()
	r = r.WithContext(ctx)
	defer e.rescue(a, r)
	e.mux.mux.ServeHTTP(a, r)
}

// The faults of requests that reach no handler.
var (
	ErrNoRoute   = fault.Define(fault.NotFound, "request.not_found", "there is nothing at this address")
	ErrMethod    = fault.Define(fault.NotFound, "request.method", "this address does not answer to this method")
	ErrAddress   = fault.Define(fault.Invalid, "request.address", "this address cannot be read")
	ErrCrossSite = fault.Define(fault.Forbidden, "request.cross_site", "this request came from another site, so it was not carried out")
	ErrTooOften  = fault.Define(fault.TooMany, "request.too_often", "that was too often: please wait a moment")
)

// admit lets the request through to the handler of its route, or says why not.
func (e *Edge) admit(w http.ResponseWriter, r *http.Request, c *call) error {
	if err := wellFormed(r.URL); err != nil {
		return err
	}
	var left standing
	if left.lower(e.addresses.take(network(c.from), c.began)); left.over {
		return left.fault(w.Header())
	}
	if !c.route.crossSite && e.crossSite.Check(r) != nil {
		return ErrCrossSite
	}
	if err := bound(w, r, c.route.maxBody); err != nil {
		return err
	}
	if err := e.recognise(w, r, c); err != nil {
		return err
	}
	if c.actor.Kind != access.Nobody {
		left.lower(e.accounts.take(c.actor.Account, c.began))
		left.lower(e.companies.take(c.actor.Company, c.began))
	}
	if left.over {
		return left.fault(w.Header())
	}
	if c.route.Kind == KindAPI {
		left.tell(w.Header())
	}
	if c.route.Scope != Public && c.actor.Kind == access.Nobody {
		return access.ErrSignIn
	}
	return nil
}

// dress gives an answer the headers that all have. A handler may set others, as for a file that may be kept.
func (e *Edge) dress(h http.Header, id string) {
	h["X-Request-Id"] = []string{id}
	for name, value := range headers {
		h[name] = value
	}
	if e.secure {
		h["Strict-Transport-Security"] = hsts
	}
}
