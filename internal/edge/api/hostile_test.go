package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
	"kontor/internal/matrix"
	"kontor/internal/storetest"
)

// hostile are values that a program in earnest never sends.
var hostile = []any{nil, "", " ", "\u202e", "a\nb\tc", "'; drop table budget; --", "nonsense_0", "2026-02-30", "por_", strings.Repeat("x", 100_000), -1, 0, 1.5, math.MaxInt64, math.MinInt64, true,
	[]any{}, []any{nil}, map[string]any{}, map[string]any{"amount": "-1", "currency": "EUR"}, map[string]any{"amount": "99999999999999999999", "currency": "EUR"}, map[string]any{"amount": "1", "currency": "XXX"}}

// unreadableBodies cannot be read, whatever is asked: the answer is 400, of more than is read at all 413, and of another kind 415.
var unreadableBodies = map[string]string{
	"nothing":           " ",
	"no JSON":           "name=x",
	"a second value":    `{}{}`,
	"half an object":    `{"name":`,
	"a name twice":      `{"a":1,"a":2}`,
	"a name, two cases": `{"name":1,"NAME":2}`,
	"deep":              strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000),
	"deep lists":        strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
	"invalid UTF-8":     "{\"a\":\"\xff\xfe\"}",
	"a zero":            `{"a":"b\u0000c"}`,
	"a zero as it is":   "{\"a\":\"b\x00c\"}",
	"half a character":  `{"a":"\ud800"}`,
	"a byte order mark": "\ufeff{}",
	"UTF-16":            "{\x00}\x00",
	"a huge number":     `{"a":1e400}`,
	"no object":         `[1]`,
	"null":              `null`,
	"a text":            `"x"`,
	"huge":              `{"a":"` + strings.Repeat("x", 30<<20) + `"}`,
}

// Whatever is sent to whatever operation, by a company's administrator and by the seller's, is answered with a problem that the
// caller can mend: never with a failure of ours.
func TestHostileInputIsNoFailureOfOurs(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	all, resolve := described()
	asked := 0
	ask := func(o operation, path, body, says string) {
		asked++
		if status, p := x.ask(o.method, path, body, map[string]string{"If-Match": `"1"`}); status >= 500 {
			t.Errorf("%s, %s: %d %+v", o.name, says, status, p)
		}
	}
	for _, o := range all {
		path := pathParameter.ReplaceAllString(o.pattern, "nonsense")
		for _, query := range []string{"?%00=1", "?a=%00", "?a=%ff", "?a", "?=", "?a=1&a=2", "?limit=1e3", "?limit=-1", "?limit=99999999999999999999", "?cursor=%5B%5D", "?cursor=WyJhIiwiYiJd", "?cursor=" + strings.Repeat("x", 3000)} {
			if o.method == "GET" {
				ask(o, path+query, "", query)
			}
		}
		for _, p := range o.Parameters {
			for _, value := range []string{"%20", "%e2%80%ae", "0", "-1", "nonsense_0", "2026-02-30", strings.Repeat("x", 3000)} {
				switch p.In {
				case "query":
					ask(o, path+"?"+p.Name+"="+value, "", p.Name+"="+value)
				case "path":
					ask(o, strings.Replace(o.pattern, "{"+p.Name+"}", value, 1), "", p.Name+"="+value)
				}
			}
		}
		if o.body == nil {
			continue
		}
		for says, body := range unreadableBodies {
			asked++
			status, p := x.ask(o.method, path, body, nil)
			want := http.StatusBadRequest
			if says == "huge" {
				want = http.StatusRequestEntityTooLarge
			}
			if status != want {
				t.Errorf("%s, %s: %d, not %d: %+v", o.name, says, status, want, p)
			}
		}
		for _, media := range []string{"text/html", "application/xml", "application/x-www-form-urlencoded", "application/json-seq", "json", "*/*"} {
			asked++
			if status, p := x.ask(o.method, path, `{}`, map[string]string{"Content-Type": media}); status != http.StatusUnsupportedMediaType {
				t.Errorf("%s, as %s: %d, not 415: %+v", o.name, media, status, p)
			}
		}
		for _, at := range places(resolve, o.body, nil) {
			for i, value := range hostile {
				whole, ok := sample(resolve, o.body).(map[string]any)
				if !ok || !put(whole, resolve, o.body, at, value) {
					continue
				}
				body, err := json.Marshal(whole)
				if err != nil {
					t.Fatal(err)
				}
				ask(o, path, string(body), fmt.Sprintf("%v is hostile value %d", at, i))
			}
		}
	}
	if asked < 10_000 {
		t.Errorf("%d requests: is the test blind?", asked)
	}
}

// target is an operation that is about something, asked by somebody who may, about one thing after the other that there is.
type target struct {
	x       *site
	o       operation
	way     matrix.Route
	by      []*matrix.Person
	things  []*matrix.Thing
	who, at int
	seen    string // the version of the thing, as far as it is known
	reached int    // how often there was a thing, and somebody who might
}

// target finds what an operation may be asked about, and who may ask it.
func (x *site) target(o operation, by ...*matrix.Person) *target {
	t := &target{x: x, o: o, by: by, seen: `"1"`, way: matrix.Route{Name: o.name, Method: o.method, Pattern: o.pattern, Need: needs[o.name][0]}}
	for _, thing := range x.world.Things[t.way.Need.Kind] {
		if thing.Company != "" {
			t.things = append(t.things, thing)
		}
	}
	return t
}

// ask sends a body about the thing at hand. What is not there, or not for whoever asks, gives way to the next one; and what has
// another version by now is asked about again.
func (t *target) ask(body string) (status int, p web.Problem) {
	t.x.t.Helper()
	for ; t.who < len(t.by); t.who, t.at = t.who+1, 0 {
		for ; t.at < len(t.things); t.at++ {
			path := t.x.world.Question(t.way, t.by[t.who], t.things[t.at]).Path
			for range 2 {
				var again string
				status, again, p = t.x.sent(t.by[t.who].Token, t.o.method, path, body, t.seen)
				if status != http.StatusPreconditionFailed || again == "" || again == t.seen {
					break
				}
				t.seen = again
			}
			if status != http.StatusNotFound && status != http.StatusForbidden && status != http.StatusUnauthorized {
				t.reached++
				return status, p
			}
			t.seen = `"1"`
		}
	}
	return status, p
}

// sent sends a body as somebody, and says which version of what it is about there is.
func (x *site) sent(token, method, path, body, seen string) (status int, version string, p web.Problem) {
	x.t.Helper()
	req, err := http.NewRequest(method, x.url+path, strings.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("If-Match", seen)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		x.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode >= 400 {
		err = json.Unmarshal(answer, &p)
	}
	if err != nil {
		x.t.Errorf("%s %s: %d is no problem: %s (%v)", method, path, res.StatusCode, answer, err)
	}
	return res.StatusCode, res.Header.Get("ETag"), p
}

// What is hostile about something that there is, comes as far as to the rules: the thing stands in the address, the version that is
// there now in the header, and whoever asks may. Nothing of it is a failure of ours.
func TestHostileInputAboutWhatThereIsIsNoFailureOfOurs(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	all, resolve := described()
	var by []*matrix.Person
	for _, name := range []string{"dan", "ann", "bob", "cleo", "eve"} {
		by = append(by, x.people[name])
	}
	for _, p := range x.people {
		if p.Actor.May(access.CompaniesManage, tree.Top) && p.Actor.May(access.CustomersImpersonate, tree.Top) {
			by = append(by, p)
		}
	}
	by = append(by, x.people["pat"])
	by = slices.DeleteFunc(by, func(p *matrix.Person) bool { return p == nil })
	asked, reached := 0, 0
	for _, o := range all {
		if o.body == nil || !strings.Contains(o.pattern, "{") {
			continue
		}
		target := x.target(o, by...)
		for _, at := range places(resolve, o.body, nil) {
			for i, value := range hostile {
				whole, ok := sample(resolve, o.body).(map[string]any)
				if !ok || !put(whole, resolve, o.body, at, value) {
					continue
				}
				body, err := json.Marshal(whole)
				if err != nil {
					t.Fatal(err)
				}
				asked++
				if status, p := target.ask(string(body)); status >= 500 {
					t.Errorf("%s, %v is hostile value %d: %d %+v", o.name, at, i, status, p)
				}
			}
		}
		if reached += target.reached; target.reached == 0 {
			t.Errorf("%s reaches nothing that there is: %d things of the kind %q", o.name, len(target.things), target.way.Need.Kind)
		}
	}
	t.Logf("%d requests, of which %d came to something that there is", asked, reached)
	if asked < 3000 || reached < asked*9/10 {
		t.Errorf("%d of %d requests came to something that there is: is the test blind?", reached, asked)
	}
}

// places are the names of all values that a body may have, the first of each list.
func places(resolve func(*huma.Schema) *huma.Schema, s *huma.Schema, above []string) (all [][]string) {
	s = resolve(s)
	if len(above) > 5 {
		return nil
	}
	for name, inner := range s.Properties {
		at := append(above[:len(above):len(above)], name)
		all = append(append(all, at), places(resolve, inner, at)...)
	}
	if s.Type == huma.TypeArray {
		at := append(above[:len(above):len(above)], "0")
		all = append(append(all, at), places(resolve, s.Items, at)...)
	}
	return all
}

// put sets a value deep in a body, and what it needs to stand there.
func put(into any, resolve func(*huma.Schema) *huma.Schema, s *huma.Schema, at []string, value any) bool {
	s = resolve(s)
	switch into := into.(type) {
	case map[string]any:
		inner := s.Properties[at[0]]
		if len(at) == 1 {
			into[at[0]] = value
			return true
		}
		if into[at[0]] == nil {
			into[at[0]] = sample(resolve, inner)
		}
		return put(into[at[0]], resolve, inner, at[1:], value)
	case []any:
		if len(at) == 1 {
			into[0] = value
			return true
		}
		return put(into[0], resolve, s.Items, at[1:], value)
	}
	return false
}
