package web

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/domain/access"
)

// Way is how a caller shows who it is.
type Way uint8

// The ways, to be added up where a route takes several.
const (
	ByCookie Way = 1 << iota // a person's session
	ByToken                  // a bearer token, a machine's or an app's
)

func (w Way) names() []string {
	names := []string{}
	if w&ByCookie != 0 {
		names = append(names, "session")
	}
	if w&ByToken != 0 {
		names = append(names, "token")
	}
	return names
}

// RequestInfo is what may matter beside a token when somebody is recognised.
type RequestInfo struct {
	Way     Way
	Request string     // the request's number
	From    netip.Addr // personal data
	Agent   string     // what the browser calls itself, printable and short
	Writes  bool       // the route changes something
}

// Recogniser says whose token this is. A token that is nobody's is a fault of kind Unauthenticated; any other
// error ends the request.
type Recogniser func(ctx context.Context, token string, r RequestInfo) (access.Actor, error)

// ErrCredentials is the fault of an Authorization header that we do not read.
var ErrCredentials = fault.Define(fault.Unauthenticated, "request.credentials", "the Authorization header must be Bearer and a token")

// recognise finds out who asks. A cookie that is nobody's any more is taken away, and its bearer is nobody.
func (e *Edge) recognise(w http.ResponseWriter, r *http.Request, c *call) error {
	token, way, err := e.credentials(r, c.route.asks)
	if err != nil || token == "" || e.Recognise == nil {
		return err
	}
	c.token, c.way = token, way
	actor, err := c.recognised(r)
	if way == ByCookie && fault.KindOf(err) == fault.Unauthenticated {
		EndSession(w, r)
		return nil
	}
	if err != nil {
		return err
	}
	c.actor = actor
	return nil
}

// recognised asks whose token the request's is, now.
func (c *call) recognised(r *http.Request) (access.Actor, error) {
	agent := r.UserAgent()
	actor, err := c.edge.Recognise(r.Context(), c.token, RequestInfo{
		Way: c.way, Request: c.id, From: c.from, Agent: printable(agent[:min(len(agent), 200)]), Writes: c.route.Writes,
	})
	return c.known(actor), err
}

// known is the actor with what the request tells of it.
func (c *call) known(actor access.Actor) access.Actor {
	actor.Request, actor.From = c.id, c.from.String()
	if actor.Language == "" {
		actor.Language = c.accepts
	}
	return actor
}

// credentials finds the token of a request in one of the ways that its route takes. A token in the header goes
// before one in a cookie, and one in the address is none.
func (e *Edge) credentials(r *http.Request, asks Way) (token string, way Way, err error) {
	if given := r.Header["Authorization"]; len(given) > 0 && asks&ByToken != 0 {
		scheme, token, _ := strings.Cut(given[0], " ")
		if len(given) > 1 || !strings.EqualFold(scheme, "Bearer") || !isToken(token) {
			return "", 0, ErrCredentials
		}
		return token, ByToken, nil
	}
	if asks&ByCookie == 0 {
		return "", 0, nil
	}
	given := r.CookiesNamed(e.cookie())
	if len(given) != 1 || !isToken(given[0].Value) {
		return "", 0, nil // none, or somebody below our name has set a second one
	}
	return given[0].Value, ByCookie, nil
}

// isToken reports whether s could be a token: up to 4096 visible ASCII characters.
func isToken(s string) bool {
	return s != "" && len(s) <= 4096 && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' })
}

// cookie is the name of the session's cookie. Where people reach us by https it bears the prefix __Host-, with
// which a browser takes it from us alone: over https, for the whole site, for no other host. Over plain http no
// browser takes such a cookie but from its own machine (Chromium does from localhost and 127.0.0.1, others do not
// from there either), so there it goes by a plain name. That is for trying out; the settings say so.
func (e *Edge) cookie() string {
	if e.secure {
		return "__Host-kontor"
	}
	return "kontor"
}

// StartSession gives the browser the token of its session, to be kept until then at the longest.
func StartSession(w http.ResponseWriter, r *http.Request, token string, until time.Time) {
	e := callOf(r.Context()).edge
	http.SetCookie(w, &http.Cookie{
		Name: e.cookie(), Value: token, Path: "/", Expires: until,
		Secure: e.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// EndSession takes the token away from the browser, with whatever pages have stored there.
func EndSession(w http.ResponseWriter, r *http.Request) {
	e := callOf(r.Context()).edge
	http.SetCookie(w, &http.Cookie{
		Name: e.cookie(), Path: "/", MaxAge: -1,
		Secure: e.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	w.Header().Set("Clear-Site-Data", `"storage"`)
}

// KeepLink gives the browser what stood in a one-time link, for the pages at and below a path: so it stands in no
// address any more. None takes it away.
func KeepLink(w http.ResponseWriter, r *http.Request, name, link, path string, lasts time.Duration) {
	c := &http.Cookie{Name: name, Value: link, Path: path, MaxAge: int(lasts / time.Second), Secure: callOf(r.Context()).edge.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if link == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}
