package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
)

var born = time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)

var ann = access.Actor{
	Kind: access.Member, Account: id.NewAccount(born), Member: id.NewMember(born), Company: id.NewCompany(born), Name: "Ann Buyer",
}.Holding([]access.Grant{{Set: access.SetOf(access.CatalogView)}})

var greta = access.Actor{
	Kind: access.Member, Account: id.NewAccount(born), Member: id.NewMember(born), Company: ann.Company, Name: "Greta", Language: locale.German,
}.Holding(nil)

var (
	errExhausted = fault.Define(fault.Refused, "test.exhausted", "the budget has not enough left")
	errDatabase  = errors.New("dial tcp 10.1.2.3:5432: password authentication failed for canary-secret")
)

// world is an edge with some routes, served over real HTTP.
type world struct {
	t    testing.TB
	mux  *web.Mux
	api  *web.API
	edge *web.Edge
	url  string
	log  *logbook

	mu      sync.Mutex
	known   map[string]access.Actor
	asked   []web.RequestInfo
	failing error // of the recogniser
}

func newWorld(t testing.TB, change ...func(*web.Settings)) *world {
	t.Helper()
	w := &world{t: t, mux: web.NewMux(), log: new(logbook), known: map[string]access.Actor{"ann": ann, "greta": greta}}
	w.api = web.NewAPI(w.mux, web.APISettings{
		Title: "Kontor", Version: "1", Description: "What the portal can do.", Stylesheets: []string{"/assets/app.css"},
		Tags: []web.TagNotes{{Name: "Things", Text: "Things to test with."}},
	})
	w.routes()
	s := web.Settings{Log: slog.New(slog.NewJSONHandler(w.log, nil)), Recognise: w.recognise}
	for _, c := range change {
		c(&s)
	}
	edge, err := web.New(s, w.mux)
	if err != nil {
		t.Fatal(err)
	}
	w.edge = edge
	srv := httptest.NewServer(edge)
	t.Cleanup(srv.Close)
	w.url = srv.URL
	return w
}

func (w *world) recognise(_ context.Context, token string, r web.RequestInfo) (access.Actor, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, r)
	if w.failing != nil {
		return access.Actor{}, w.failing
	}
	if a, ok := w.known[token]; ok {
		return a, nil
	}
	return access.Actor{}, access.ErrSignIn
}

func (w *world) forget(token string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.known, token)
}

type thing struct {
	Name     string            `json:"name" minLength:"1" maxLength:"20" doc:"What it is called."`
	Quantity int64             `json:"quantity" minimum:"1" maximum:"1000"`
	Colour   string            `json:"colour,omitempty" enum:"red,blue"`
	Due      string            `json:"due,omitempty" format:"date"`
	Lines    []line            `json:"lines,omitempty" maxItems:"3"`
	Notes    map[string]string `json:"notes,omitempty"`
}

type line struct {
	SKU string `json:"sku" pattern:"^[A-Z0-9-]+$"`
}

type made struct {
	Status   int
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     thing
}

func (w *world) routes() {
	type create struct {
		web.Once
		Body thing
	}
	web.Register(w.api, web.Op{Method: "POST", Path: "/api/v1/things", ID: "create-thing", Tag: "Things", Summary: "Make a thing",
		Permission: "lists.manage", Scope: web.Own, Writes: true, Idempotent: true, Status: 201,
	}, func(_ context.Context, in *create) (*made, error) {
		if _, err := in.Key(); err != nil {
			return nil, err
		}
		return &made{Status: 201, ETag: web.ETag(7), Body: in.Body}, nil
	})
	type change struct {
		web.Versioned
		Thing string `path:"thing"`
		Body  thing
	}
	web.Register(w.api, web.Op{Method: "PATCH", Path: "/api/v1/things/{thing}", ID: "change-thing", Tag: "Things", Summary: "Change a thing",
		Permission: "lists.manage", Scope: web.Own, Writes: true,
	}, func(_ context.Context, in *change) (*made, error) {
		v, err := in.Version()
		if err != nil {
			return nil, err
		}
		return &made{Status: 200, ETag: web.ETag(v + 1), Body: in.Body}, nil
	})
	type list struct {
		Limit int64    `query:"limit" minimum:"1" maximum:"200" default:"50"`
		Sort  string   `query:"sort"`
		Tag   []string `query:"tag,explode"`
	}
	type listed struct {
		Body struct {
			Limit int64    `json:"limit"`
			Sort  string   `json:"sort"`
			Tags  []string `json:"tags"`
			Asker string   `json:"asker"`
		}
	}
	web.Register(w.api, web.Op{Method: "GET", Path: "/api/v1/things", ID: "list-things", Tag: "Things", Summary: "List things",
		Permission: "lists.view", Scope: web.Company,
	}, func(ctx context.Context, in *list) (*listed, error) {
		var out listed
		out.Body.Limit, out.Body.Sort, out.Body.Tags, out.Body.Asker = in.Limit, in.Sort, in.Tag, web.Actor(ctx).Name
		return &out, nil
	})
	type one struct {
		Thing string `path:"thing"`
	}
	web.Register(w.api, web.Op{Method: "POST", Path: "/api/v1/things/{thing}/submit", ID: "submit-thing", Tag: "Things", Summary: "Submit a thing",
		Permission: "checkout.place", Scope: web.Own, Writes: true,
	}, func(context.Context, *one) (*struct{}, error) { return nil, nil })
	web.Register(w.api, web.Op{Method: "GET", Path: "/api/v1/fail/{thing}", ID: "fail", Tag: "Things", Summary: "Fail", Scope: web.Public},
		func(_ context.Context, in *one) (*struct{}, error) { return nil, failures()[in.Thing] })
	type upload struct {
		RawBody multipart.Form
	}
	web.Register(w.api, web.Op{Method: "POST", Path: "/api/v1/files", ID: "upload", Tag: "Things", Summary: "Upload", Scope: web.None, Writes: true, MaxBody: 1 << 16},
		func(_ context.Context, in *upload) (*struct{}, error) {
			if len(in.RawBody.File["file"]) != 1 {
				return nil, web.ErrForm
			}
			return nil, nil
		})

	page := func(text string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(rw, text)
		}
	}
	w.mux.Page("GET /{$}", web.Meta{Scope: web.Public}, page("home"))
	w.mux.Page("GET /orders/{order}", web.Meta{Scope: web.Own, Permission: "orders.view"}, page("order"))
	w.mux.Page("GET /long", web.Meta{Scope: web.Public}, page(strings.Repeat("<p>Ein langer Absatz.</p>\n", 500)))
	w.mux.Page("GET /fail/{thing}", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, r *http.Request) {
		web.Fail(rw, r, failures()[r.PathValue("thing")])
	})
	w.mux.Page("POST /echo", web.Meta{Scope: web.Public, Writes: true}, func(rw http.ResponseWriter, r *http.Request) {
		form, err := web.Form(r)
		if err != nil {
			web.Fail(rw, r, err)
			return
		}
		_, _ = io.WriteString(rw, form.Get("text"))
	})
	w.mux.Page("POST /saml", web.Meta{Scope: web.Public, CrossSite: true}, page("met"))
	w.mux.Page("POST /sign-in", web.Meta{Scope: web.Public, Writes: true}, func(rw http.ResponseWriter, r *http.Request) {
		web.StartSession(rw, r, "ann", time.Now().Add(time.Hour))
	})
	w.mux.Page("POST /sign-out", web.Meta{Scope: web.Public, Writes: true}, func(rw http.ResponseWriter, r *http.Request) {
		web.EndSession(rw, r)
	})
	w.mux.Page("GET /panic/{when}", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Set-Cookie", "half=done")
		switch r.PathValue("when") {
		case "late":
			_, _ = io.WriteString(rw, strings.Repeat("half an answer ", 1000))
			_ = http.NewResponseController(rw).Flush()
		case "half":
			_, _ = io.WriteString(rw, "half an answer")
		}
		panic("canary-secret\n\x1b[31mlevel=ERROR forged")
	})
}

// failures are what a handler may say no with, by name.
func failures() map[string]error {
	return map[string]error{
		"refused": errExhausted.With("%s asked, %s left", "12.30 EUR", "4.00 EUR").Noting("budget", "bud_1").Listing(
			errExhausted.Noting("permission", "checkout.without_budget"), access.ErrBlocked),
		"money":           errExhausted.With("%s", money.Money{Minor: 123456, Currency: "EUR"}),
		"forbidden":       access.ErrForbidden.Noting("permission", "orders.view"),
		"unseen":          access.ErrUnseen,
		"sign_in":         access.ErrSignIn,
		"conflict":        fault.Define(fault.Conflict, "test.conflict", "there is one already"),
		"stale":           fault.Define(fault.Stale, "test.stale", "it has changed"),
		"too_large":       fault.Define(fault.TooLarge, "test.too_large", "too much"),
		"wrong_type":      fault.Define(fault.WrongType, "test.wrong_type", "not that"),
		"too_many":        fault.Define(fault.TooMany, "test.too_many", "too often").Noting("retry_after", "17"),
		"unavailable":     fault.Define(fault.Unavailable, "test.unavailable", "not now"),
		"behind a fault":  errExhausted.Because(errDatabase),
		"internal":        fault.Define(fault.Internal, "test.internal", "canary-secret"),
		"database":        errDatabase,
		"late":            context.DeadlineExceeded,
		"wrapped":         errors.Join(errors.New("canary-secret"), errExhausted),
		"fields":          fields(),
		"a hundred wrong": manyFields(),
	}
}

func fields() error {
	var in fault.Input
	in.Add("lines.3.quantity", "minimum", "this must be at least %s", "1")
	in.Add("a~b/c", "unknown", "there is no field of this name")
	in.Add("query.limit", "type", "this must be a whole number")
	return in.Err()
}

func manyFields() error {
	var in fault.Input
	for range 10_000 {
		in.Add(strings.Repeat("x", 10_000), "unknown", "there is no field of this name")
	}
	return in.Err()
}

// ask sends one request; headers are "Name: value".
func (w *world) ask(method, path, body string, headers ...string) reply {
	w.t.Helper()
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.send(r, headers...)
}

func (w *world) send(r *http.Request, headers ...string) reply {
	w.t.Helper()
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	client := http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	res, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return reply{res, body}
}

const (
	asJSON = "Content-Type: application/json"
	byAnn  = "Authorization: Bearer ann"
)

type reply struct {
	*http.Response
	body []byte
}

func (r reply) problem(t testing.TB) web.Problem {
	t.Helper()
	var p web.Problem
	if err := json.Unmarshal(r.body, &p); err != nil {
		t.Fatalf("%d %s is no problem: %v", r.StatusCode, r.body, err)
	}
	return p
}

// logbook keeps the lines of a log.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// last is the last line that is about a request.
func (l *logbook) last(t testing.TB) map[string]any {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(l.String()), "\n")
	var said map[string]any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &said); err != nil {
		t.Fatalf("%q: %v", lines[len(lines)-1], err)
	}
	return said
}
