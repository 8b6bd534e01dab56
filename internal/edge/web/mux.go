package web

import (
	"net/http"
	"slices"
	"strings"

	"kontor/internal/base/fault"
)

// Kind is who a route is for.
type Kind string

// The kinds of routes.
const (
	KindAPI  Kind = "api"  // programs
	KindPage Kind = "page" // people
)

// Scope is whose things a route is about.
type Scope string

// The scopes of routes. What a member reaches within one is for the domain to say.
const (
	Own          Scope = "own"          // the actor's own
	Subordinates Scope = "subordinates" // theirs and of those below them
	Company      Scope = "company"      // all of the company's
	Seller       Scope = "seller"       // the seller's, for staff
	None         Scope = "none"         // nobody's, but one must be signed in
	Public       Scope = "public"       // anybody may ask
)

// Meta is what a route tells of itself, and asks of who comes.
type Meta struct {
	Permission string   // the leaf asked for, "" where none is
	Or         []string // leaves of which one is as good
	Name       string   // what a page is called, in English; "" is no page by itself
	Scope      Scope
	Writes     bool  // something is different afterwards
	Ways       Way   // of showing who one is; 0 is by cookie for a page, and by both for an API
	Unasked    bool  // nobody is asked who they are, as for a style sheet
	CrossSite  bool  // other sites send people here with a POST: SAML, punch-out
	MaxBody    int64 // bytes; 0 is MaxBody
}

// Route is one line of the route table.
type Route struct {
	Method     string   `json:"method"`
	Pattern    string   `json:"pattern"`
	Kind       Kind     `json:"kind"`
	Operation  string   `json:"operation_id"`
	Permission string   `json:"permission"`
	Scope      Scope    `json:"scope"`
	Auth       []string `json:"auth"`
	Writes     bool     `json:"state_changing"`
	Or         []string `json:"or,omitempty"`
	Name       string   `json:"name,omitempty"`
}

// Place is a page that one can go to.
type Place struct {
	Name    string // in English
	Address string // {…} stands for what it is about
}

// route is a line of the table and what is behind it.
type route struct {
	Route
	asks      Way
	crossSite bool
	quiet     bool // not worth a line in the log
	maxBody   int64
}

// lost is where a request goes that goes nowhere.
var lost = route{Route: Route{Pattern: "none", Scope: Public}, asks: ByCookie | ByToken, maxBody: MaxBody}

// Mux knows the routes.
type Mux struct {
	mux    *http.ServeMux
	routes []Route
}

// NewMux is a Mux with no route at all.
func NewMux() *Mux {
	m := &Mux{mux: http.NewServeMux()}
	m.handle("/", lost, m.nowhere)
	return m
}

// Page adds a route for people. The pattern is one of http.ServeMux, with its method: "GET /orders/{order}".
// It panics when pattern and meta do not fit together, for that is a mistake in the program.
func (m *Mux) Page(pattern string, meta Meta, serve http.HandlerFunc) {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok {
		panic("web: a pattern begins with its method: " + pattern)
	}
	kind, ways := KindPage, ByCookie
	if strings.HasPrefix(path, "/api/") {
		kind, ways = KindAPI, ByCookie|ByToken
	}
	if meta.Ways == 0 {
		meta.Ways = ways
	}
	m.add(kind, method, path, "", meta, serve)
}

// Routes is the table of all routes, by pattern and method.
func (m *Mux) Routes() []Route {
	return slices.SortedFunc(slices.Values(m.routes), func(a, b Route) int {
		return strings.Compare(a.Pattern+" "+a.Method, b.Pattern+" "+b.Method)
	})
}

// Opened are the pages that a permission opens, or shows what is not one's own on, by address.
func (m *Mux) Opened(permission string) (all []Place) {
	for _, r := range m.routes {
		if r.Name != "" && (r.Permission == permission || slices.Contains(r.Or, permission)) {
			all = append(all, Place{r.Name, strings.TrimSuffix(r.Pattern, "{$}")})
		}
	}
	slices.SortFunc(all, func(a, b Place) int { return strings.Compare(a.Address, b.Address) })
	return all
}

// Places are the pages with a name that are about nothing in particular, of which whoever has this may open them, by address.
func (m *Mux) Places(may func(permission string) bool) (all []Place) {
	for _, r := range m.routes {
		address := strings.TrimSuffix(r.Pattern, "{$}")
		if r.Name != "" && !strings.Contains(address, "{") && (may(r.Permission) || slices.ContainsFunc(r.Or, may)) {
			all = append(all, Place{r.Name, address})
		}
	}
	slices.SortFunc(all, func(a, b Place) int { return strings.Compare(a.Address, b.Address) })
	return all
}

func (m *Mux) add(kind Kind, method, path, operation string, meta Meta, serve http.HandlerFunc) *route {
	safe := method == http.MethodGet || method == http.MethodHead
	switch {
	case !slices.Contains([]Scope{Own, Subordinates, Company, Seller, None, Public}, meta.Scope):
		panic("web: a route has a scope: " + method + " " + path)
	case safe && meta.Writes:
		panic("web: a GET changes nothing: " + path)
	case meta.Unasked && meta.Scope != Public:
		panic("web: who may not be asked can only see what is public: " + path)
	}
	if meta.Unasked {
		meta.Ways = 0
	}
	if meta.MaxBody == 0 {
		meta.MaxBody = MaxBody
	}
	line := Route{method, path, kind, operation, meta.Permission, meta.Scope, meta.Ways.names(), meta.Writes, meta.Or, meta.Name}
	m.routes = append(m.routes, line)
	rt := route{Route: line, asks: meta.Ways, crossSite: meta.CrossSite, maxBody: meta.MaxBody}
	rt.Pattern = method + " " + path
	return m.handle(rt.Pattern, rt, serve)
}

func (m *Mux) handle(pattern string, rt route, serve http.HandlerFunc) *route {
	m.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		c := callOf(r.Context())
		c.route = &rt
		if !rt.quiet {
			if err := c.edge.admit(w, r, c); err != nil {
				Fail(w, r, err)
				return
			}
		}
		serve(w, r)
	})
	return &rt
}

// nowhere answers where no route does: 405 where another method would have one, 404 otherwise.
func (m *Mux) nowhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range methods {
		probe := *r
		probe.Method = method
		if _, pattern := m.mux.Handler(&probe); pattern != "/" && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	var err *fault.Fault = ErrNoRoute
	if len(allowed) > 0 {
		err = ErrMethod.Noting("allow", strings.Join(allowed, ", "))
	}
	Fail(w, r, err)
}
