// Package matrix asks every route of an edge as everybody, about things in every relation to whoever asks: nobody gets in
// without the permission, nobody sees what is not theirs to see, and what is another company's cannot be told from what
// is not there.
//
// What must come of each question is worked out here from what the test of the edge declares of its routes, from who is
// asked for and from where things lie, and from nothing that the product says of itself.
package matrix

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/store"
)

// Question is one request that an edge is to answer.
type Question struct {
	Method, Path, Body string
}

// Answer is what came of it, as far as it can tell two things apart: without what is new each time.
type Answer struct {
	Status   int
	Headers  string
	Body     string
	Location string
	Lacks    string // the code of the permission that the answer says is missing
	Helps    bool   // it says whom to ask
	Barred   bool   // it says that the company is blocked
}

// about is the answer without the name of what was asked for.
func (a Answer) about(x *Thing) Answer {
	if x.ID != "" {
		a.Body, a.Location, a.Headers = strings.ReplaceAll(a.Body, x.ID, "…"), strings.ReplaceAll(a.Location, x.ID, "…"), strings.ReplaceAll(a.Headers, x.ID, "…")
	}
	return a
}

// Edge is an edge of the product as the matrix sees it.
type Edge interface {
	// Ask sends a request as somebody; nobody is nil.
	Ask(p *Person, q Question) (Answer, error)
	// SignIn reports whether an answer sends somebody to sign in.
	SignIn(a Answer) bool
}

// Route is a line of the route table: what it is declared as, and how to reach it.
type Route struct {
	Name    string // "POST /rules/{rule}"
	Method  string
	Pattern string
	Need    Need
}

// cell is one question about one thing.
type cell struct {
	thing *Thing
	want  Outcome
}

// Run asks everything, and says how many questions that were.
func (w *World) Run(t *testing.T, edge Edge, routes []Route) (cells int) {
	t.Helper()
	type job struct {
		route  Route
		person *Person
	}
	jobs := make(chan job)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range 2 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for j := range jobs {
				n := w.row(t, edge, j.route, j.person)
				mu.Lock()
				cells += n
				mu.Unlock()
			}
		})
	}
	before := w.audited(t)
	for _, r := range routes {
		for _, p := range w.People {
			if p.asks(r.Need) {
				jobs <- job{r, p}
			}
		}
	}
	close(jobs)
	wg.Wait()
	if after := w.audited(t); len(after) != len(before) {
		t.Errorf("what was refused, or worth nothing, has left traces: %q", slices.DeleteFunc(after, func(e string) bool { return slices.Contains(before, e) }))
	}
	return cells
}

// row asks one route as one person, about every thing that it can be about. What must not be there answers alike.
func (w *World) row(t *testing.T, edge Edge, r Route, p *Person) (cells int) {
	alike, first := map[Kind]Answer{}, map[Kind]string{}
	for _, c := range w.cells(r.Need, p) {
		if c.want.Kind == Open && r.Need.Acts {
			continue // what is allowed is tested elsewhere; here nothing may change
		}
		cells++
		name := fmt.Sprintf("%s as %s on %s", r.Name, p, c.thing)
		a, err := edge.Ask(p, w.Question(r, p, c.thing))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		a = a.about(c.thing)
		if wrong := c.want.wrong(edge, r, a); wrong != "" {
			t.Errorf("%s: %s\n%.600s", name, wrong, a.Body)
		}
		if kind := c.want.Kind; p != nil && (kind == Missing || kind == Passed || kind == Alike || kind == Denied && r.Need.First) {
			if before, ok := alike[kind]; ok && a != before {
				t.Errorf("%s can be told from %s:\n%+v\n%+v", name, first[kind], a, before)
			}
			alike[kind], first[kind] = a, name
		}
		if p != nil && !r.Need.Public {
			if said := around(a.Body, p.Company); said != "" {
				t.Errorf("%s: the answer speaks of another company: %s", name, said)
			}
		}
	}
	return cells
}

// cells are the things that a route is asked about, and what must come of each.
func (w *World) cells(n Need, p *Person) []cell {
	things := w.Things[n.Kind]
	if n.Kind == "" {
		things = []*Thing{{Company: "all"}}
	}
	var all []cell
	for _, x := range things {
		there := p == nil || x.Company == p.Company || x.Company == "all"
		if p != nil && p.Glances && !slices.Contains(glance, x.Relation) || n.Mentions && there {
			continue
		}
		all = append(all, cell{x, n.outcome(p, x)})
	}
	return all
}

// glance are the relations that are enough to see whether somebody gets where they have no business.
var glance = []string{"", "colleague's", "company's", "the seller's"}

var parameter = regexp.MustCompile(`\{(\w+)\}`)

// Question fills in what a route is about: the thing, what goes with it, and otherwise things of Acme.
func (w *World) Question(r Route, p *Person, x *Thing) Question {
	me, mail, samples := "", "nobody@acme.example", w.Samples["acme"]
	if p != nil {
		me, mail, samples = w.Members[p.Member].String(), p.Member+"@"+p.Company+".example", w.Samples[p.Company]
	}
	fill := func(pattern string) string {
		return parameter.ReplaceAllStringFunc(pattern, func(braced string) string {
			name := braced[1 : len(braced)-1]
			switch {
			case name == "it":
				return x.ID
			case name == "me":
				return me
			case name == "mail":
				return mail
			case name == "seen":
				return w.seen(p)
			case x.With[name] != "":
				return x.With[name]
			case r.Need.Fill[name] == "it":
				return x.ID
			case samples[r.Need.Fill[name]] != "":
				return samples[r.Need.Fill[name]]
			case r.Need.Fill[name] != "":
				return r.Need.Fill[name]
			case strings.Contains(r.Pattern, braced) && x.ID != "" && !r.Need.Inside:
				return x.ID
			}
			return samples[name]
		})
	}
	path := fill(strings.ReplaceAll(r.Pattern, "{$}", ""))
	if r.Need.Query != "" {
		path += "?" + fill(r.Need.Query)
	}
	return Question{r.Method, path, fill(r.Need.Send)}
}

// canaries are in the names of a company's things and people: no answer to the other one's may speak of them.
var canaries = map[string][]string{"acme": {"globex", "eve evans"}, "globex": {"acme", "bob boss", "ann archer"}}

// around is where an answer to somebody of one company speaks of the other; "" when it does not.
func around(body, company string) string {
	text := strings.ToLower(body)
	for _, word := range canaries[company] {
		if i := strings.Index(text, word); i >= 0 {
			return body[max(0, i-80):min(len(body), i+80)]
		}
	}
	return ""
}

// seen is the version of somebody's cart.
func (w *World) seen(p *Person) string {
	for _, x := range w.Things["line"] {
		if p != nil && x.Owner == p.Member {
			return x.With["version"]
		}
	}
	return "1"
}

// Lasting is what headers say, but for what is new with every answer.
func Lasting(h http.Header) string {
	h = h.Clone()
	h.Del("X-Request-Id")
	h.Del("Date")
	return fmt.Sprint(h) // which sorts them
}

// audited lists what has happened in both companies, but for passwords that were wrong: those are remembered.
func (w *World) audited(t *testing.T) (all []string) {
	t.Helper()
	for _, key := range []id.Company{w.Acme, w.Globex} {
		err := w.DB.Read(context.Background(), access.System(key), func(tx *store.Tx, _ access.Actor) error {
			entries, err := tx.Audit.ListUnsealed(context.Background(), key, 100_000)
			for _, e := range entries {
				if e.Event != "account.sign_in_failed" {
					all = append(all, fmt.Sprint(e.Event, " ", e.ID))
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}
