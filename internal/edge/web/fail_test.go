package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/edge/web"
)

func TestEveryKindOfFaultHasItsStatus(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name   string
		status int
		code   string
	}{
		{"refused", 422, "test.exhausted"},
		{"forbidden", 403, "access.forbidden"},
		{"unseen", 404, "access.unseen"},
		{"sign_in", 401, "access.sign_in"},
		{"conflict", 409, "test.conflict"},
		{"stale", 412, "test.stale"},
		{"too_large", 413, "test.too_large"},
		{"wrong_type", 415, "test.wrong_type"},
		{"too_many", 429, "test.too_many"},
		{"unavailable", 503, "test.unavailable"},
		{"behind a fault", 422, "test.exhausted"},
		{"internal", 500, "request.broken"},
		{"database", 500, "request.broken"},
		{"late", 503, "request.slow"},
		{"wrapped", 422, "test.exhausted"},
		{"fields", 400, "input.invalid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := strings.ReplaceAll(tt.name, " ", "%20")
			r := w.ask("GET", "/api/v1/fail/"+path, "")
			p := r.problem(t)
			if r.StatusCode != tt.status || p.Status != tt.status || p.Code != tt.code || p.Type != "/problems/"+tt.code {
				t.Errorf("%d %s, want %d %s", r.StatusCode, r.body, tt.status, tt.code)
			}
			if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("content type %s", got)
			}
			if p.RequestID == "" || p.RequestID != r.Header.Get("X-Request-Id") || p.Instance != "urn:kontor:request:"+p.RequestID || p.Title == "" || p.Detail == "" {
				t.Errorf("%+v does not say which request this was, or what", p)
			}
			for _, text := range []string{string(r.body), fmt.Sprint(r.Header)} {
				if strings.Contains(text, "canary-secret") || strings.Contains(text, "10.1.2.3") {
					t.Errorf("what is ours alone has got out: %s", text)
				}
			}
			if page := w.ask("GET", "/fail/"+path, ""); page.StatusCode != tt.status || strings.Contains(string(page.body), "canary-secret") {
				t.Errorf("as a page: %d %s", page.StatusCode, page.body)
			}
		})
	}
}

func TestARefusalNamesEveryReasonAndFact(t *testing.T) {
	p := newWorld(t).ask("GET", "/api/v1/fail/refused", "").problem(t)
	if p.Detail != "12.30 EUR asked, 4.00 EUR left" || p.Facts["budget"] != "bud_1" {
		t.Errorf("%+v", p)
	}
	if len(p.Reasons) != 2 || p.Reasons[0].Permission != "checkout.without_budget" || p.Reasons[1].Code != "access.company_blocked" {
		t.Errorf("reasons %+v", p.Reasons)
	}
}

func TestAMissingPermissionIsNamed(t *testing.T) {
	w := newWorld(t)
	if p := w.ask("GET", "/api/v1/fail/forbidden", "").problem(t); p.Permission != "orders.view" || len(p.Facts) != 0 {
		t.Errorf("%+v", p)
	}
	if said := w.log.last(t); said["code"] != "access.forbidden" || said["permission"] != "orders.view" {
		t.Errorf("the log says %v", said)
	}
}

func TestAWrongFieldHasItsPointer(t *testing.T) {
	p := newWorld(t).ask("GET", "/api/v1/fail/fields", "").problem(t)
	want := []web.ProblemField{
		{In: "body", Name: "a~b/c", Pointer: "/a~0b~1c", Code: "unknown", Detail: "there is no field of this name"},
		{In: "body", Name: "lines.3.quantity", Pointer: "/lines/3/quantity", Code: "minimum", Detail: "this must be at least 1"},
		{In: "query", Name: "limit", Code: "type", Detail: "this must be a whole number"},
	}
	if len(p.Fields) != len(want) {
		t.Fatalf("%+v", p.Fields)
	}
	for i := range want {
		if p.Fields[i] != want[i] {
			t.Errorf("%+v, want %+v", p.Fields[i], want[i])
		}
	}
}

func TestAnAnswerIsNoLongerThanItNeeds(t *testing.T) {
	r := newWorld(t).ask("GET", "/api/v1/fail/a%20hundred%20wrong", "")
	if p := r.problem(t); len(p.Fields) != 100 || len(r.body) > 1<<20 {
		t.Errorf("%d fields in %d bytes", len(p.Fields), len(r.body))
	}
}

func TestHeadersThatARefusalHas(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ failure, header, want string }{
		{"too_many", "Retry-After", "17"},
		{"unavailable", "Retry-After", "1"},
		{"sign_in", "WWW-Authenticate", `Bearer realm="kontor"`},
		{"refused", "Retry-After", ""},
		{"refused", "Cache-Control", "no-store"},
	} {
		if got := w.ask("GET", "/api/v1/fail/"+tt.failure, "").Header.Get(tt.header); got != tt.want {
			t.Errorf("%s: %s is %q, want %q", tt.failure, tt.header, got, tt.want)
		}
	}
}

func TestARefusalSpeaksTheLanguageAskedFor(t *testing.T) {
	w := newWorld(t)
	asked := money.Money{Minor: 123456, Currency: "EUR"}
	english, german := locale.English.Money(asked), locale.German.Money(asked)
	if english == german {
		t.Fatal("both write alike: the test sees nothing")
	}
	for _, tt := range []struct {
		name    string
		headers []string
		want    string
	}{
		{"nobody says", nil, english},
		{"the browser likes German", []string{"Accept-Language: de-AT,en;q=0.5"}, german},
		{"the browser likes what we do not speak", []string{"Accept-Language: fr"}, english},
		{"the member has chosen German, whatever the browser likes", []string{"Accept-Language: en", "Authorization: Bearer greta"}, german},
		{"a header of nonsense", []string{"Accept-Language: " + strings.Repeat("x;q=NaN,", 3000)}, english},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if said := w.ask("GET", "/api/v1/fail/money", "", tt.headers...).problem(t).Detail; said != tt.want {
				t.Errorf("%q, want %q", said, tt.want)
			}
		})
	}
}

func TestAPersonGetsAPageAndAProgramAProblem(t *testing.T) {
	drawn := func(rw http.ResponseWriter, r *http.Request, p web.Problem) {
		rw.Header().Set("Content-Type", "text/html")
		rw.WriteHeader(p.Status)
		fmt.Fprintf(rw, "designed %d %s %s", p.Status, p.Code, web.Actor(r.Context()).Name)
	}
	w := newWorld(t, func(s *web.Settings) { s.Page = drawn })
	for _, tt := range []struct {
		name, method, path string
		headers            []string
		status             int
		want               string
	}{
		{"a page that fails", "GET", "/fail/unseen", nil, 404, "designed 404 access.unseen"},
		{"no page at all", "GET", "/nowhere", nil, 404, "designed 404 request.not_found"},
		{"no page at all, for somebody we know", "GET", "/nowhere", []string{"Cookie: kontor=ann"}, 404, "designed 404 request.not_found Ann Buyer"},
		{"a page that does not take a POST", "POST", "/long", nil, 405, "designed 405 request.method"},
		{"a page that needs a sign-in", "GET", "/orders/1", nil, 401, "designed 401 access.sign_in"},
		{"a page asked for by a script", "GET", "/fail/unseen", []string{"Accept: application/json"}, 404, `"code":"access.unseen"`},
		{"a page asked for by who takes both", "GET", "/fail/unseen", []string{"Accept: text/html, application/json"}, 404, "designed 404 access.unseen"},
		{"an operation that is not there", "GET", "/api/v1/nowhere", []string{"Accept: text/html"}, 404, `"code":"request.not_found"`},
		{"an operation that does not take a DELETE", "DELETE", "/api/v1/things", nil, 405, `"title":"This address takes another method"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := w.ask(tt.method, tt.path, "", tt.headers...)
			if r.StatusCode != tt.status || !strings.Contains(string(r.body), tt.want) {
				t.Errorf("%d %s, want %d with %s", r.StatusCode, r.body, tt.status, tt.want)
			}
		})
	}
}

func TestACallerWhoLeftIsNoFaultOfOurs(t *testing.T) {
	mux := web.NewMux()
	waiting := make(chan struct{})
	mux.Page("GET /wait", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, r *http.Request) {
		close(waiting)
		<-r.Context().Done()
		web.Fail(rw, r, fmt.Errorf("read order: %w", r.Context().Err()))
	})
	edge, err := web.New(web.Settings{}, mux)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-waiting
		cancel()
	}()
	rw := httptest.NewRecorder()
	edge.ServeHTTP(rw, httptest.NewRequest("GET", "/wait", nil).WithContext(ctx))
	if rw.Code != 499 || rw.Body.Len() > 0 {
		t.Errorf("%d %s", rw.Code, rw.Body)
	}
}

func TestAFaultOutsideOfAnEdgeIsStillAnswered(t *testing.T) {
	rw := httptest.NewRecorder()
	web.Fail(rw, httptest.NewRequest("GET", "/api/v1/x", nil), errExhausted)
	if rw.Code != 422 || !strings.Contains(rw.Body.String(), `"code":"test.exhausted"`) {
		t.Errorf("%d %s", rw.Code, rw.Body)
	}
}
