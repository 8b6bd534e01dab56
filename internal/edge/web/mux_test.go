package web_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kontor/internal/edge/web"
)

func TestOnlyDeclaredMethodsAreAnswered(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/api/v1/things", 200, ""},
		{"HEAD", "/api/v1/things", 200, ""},
		{"PUT", "/api/v1/things", 405, "GET, HEAD, POST"},
		{"OPTIONS", "/api/v1/things", 405, "GET, HEAD, POST"},
		{"TRACE", "/api/v1/things", 405, "GET, HEAD, POST"},
		{"PROPFIND", "/api/v1/things", 405, "GET, HEAD, POST"},
		{"GET", "/api/v1/things/1", 405, "PATCH"},
		{"POST", "/", 405, "GET, HEAD"},
		{"GET", "/sign-in", 405, "POST"},
		{"GET", "/nowhere", 404, ""},
		{"POST", "/nowhere", 404, ""},
		{"OPTIONS", "/nowhere", 404, ""},
		{"GET", "/api/v1/things/", 404, ""},
		{"GET", "/API/v1/things", 404, ""},
		{"GET", "/api/v1//things", 307, ""},
		{"GET", "/api/v1/../v1/things", 307, ""},
		{"GET", "/api/v1/things;x=1", 404, ""},
		{"GET", "/metrics", 404, ""},
		{"GET", "/debug/pprof/", 404, ""},
	} {
		r := w.ask(tt.method, tt.path, "", byAnn)
		if r.StatusCode != tt.status || r.Header.Get("Allow") != tt.allow {
			t.Errorf("%s %s: %d %q, want %d %q", tt.method, tt.path, r.StatusCode, r.Header.Get("Allow"), tt.status, tt.allow)
		}
	}
}

func TestTheTableHoldsEveryRoute(t *testing.T) {
	w := newWorld(t)
	var lines []string
	for _, r := range w.mux.Routes() {
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	for _, want := range []string{
		`{"method":"POST","pattern":"/api/v1/things","kind":"api","operation_id":"create-thing","permission":"lists.manage","scope":"own","auth":["session","token"],"state_changing":true}`,
		`{"method":"GET","pattern":"/orders/{order}","kind":"page","operation_id":"","permission":"orders.view","scope":"own","auth":["session"],"state_changing":false}`,
		`{"method":"GET","pattern":"/api/v1/openapi.json","kind":"api","operation_id":"","permission":"","scope":"public","auth":[],"state_changing":false}`,
		`{"method":"GET","pattern":"/livez","kind":"page","operation_id":"","permission":"","scope":"public","auth":[],"state_changing":false}`,
		`{"method":"POST","pattern":"/saml","kind":"page","operation_id":"","permission":"","scope":"public","auth":["session"],"state_changing":false}`,
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("no line %s in\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if !slices.IsSortedFunc(w.mux.Routes(), func(a, b web.Route) int { return strings.Compare(a.Pattern+" "+a.Method, b.Pattern+" "+b.Method) }) {
		t.Error("the table has no order")
	}
}

func TestARouteThatDoesNotFitItsTaleIsNoRoute(t *testing.T) {
	nothing := func(http.ResponseWriter, *http.Request) {}
	for _, tt := range []struct {
		name, pattern string
		meta          web.Meta
	}{
		{"no method", "/orders", web.Meta{Scope: web.Own}},
		{"no scope", "GET /orders", web.Meta{}},
		{"a scope that is none", "GET /orders", web.Meta{Scope: "everybody"}},
		{"a GET that writes", "GET /orders", web.Meta{Scope: web.Own, Writes: true}},
		{"one's own things without being asked who one is", "GET /orders", web.Meta{Scope: web.Own, Unasked: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was taken")
				}
			}()
			web.NewMux().Page(tt.pattern, tt.meta, nothing)
		})
	}
}
