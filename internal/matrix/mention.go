package matrix

import (
	"slices"
	"strings"
	"testing"
)

// Mention is a request that mentions a thing besides the one that it is about, in a field of its own for each kind.
type Mention struct {
	Route string // the name of the route
	Leaf  string // the permission that it asks for
	Kinds map[string]string
	Query string
	Send  string // {field} is the field, {it} the thing
}

// Mentioning adds to routes what they mention.
func Mentioning(t *testing.T, routes []Route, all []Mention) []Route {
	t.Helper()
	known := slices.Clone(routes)
	for _, m := range all {
		i := slices.IndexFunc(known, func(r Route) bool { return r.Name == m.Route })
		if i < 0 {
			t.Errorf("there is no %s", m.Route)
			continue
		}
		for kind, field := range m.Kinds {
			r := known[i]
			r.Name += " with " + field
			in := func(s string) string { return strings.ReplaceAll(s, "{field}", field) }
			r.Need = Need{Leaf: m.Leaf, Kind: kind, Inside: true, Mentions: true, Query: in(m.Query), Send: in(m.Send)}
			routes = append(routes, r)
		}
	}
	return routes
}
