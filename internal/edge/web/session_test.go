package web_test

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/edge/web"
)

var https = &url.URL{Scheme: "https", Host: "kontor.example"}

func TestWhoAsksIsKnownByCookieOrToken(t *testing.T) {
	plain := newWorld(t)
	secure := newWorld(t, func(s *web.Settings) { s.Public = https })
	for _, tt := range []struct {
		name    string
		w       *world
		path    string
		headers []string
		status  int
		want    string
	}{
		{"nobody", plain, "/api/v1/things", nil, 401, "access.sign_in"},
		{"a session", plain, "/api/v1/things", []string{"Cookie: kontor=ann"}, 200, "Ann Buyer"},
		{"a session on a page", plain, "/orders/1", []string{"Cookie: kontor=ann"}, 200, "order"},
		{"a token", plain, "/api/v1/things", []string{byAnn}, 200, "Ann Buyer"},
		{"a token, whatever the case of its scheme", plain, "/api/v1/things", []string{"Authorization: bearer ann"}, 200, "Ann Buyer"},
		{"a token on a page, which takes none", plain, "/orders/1", []string{byAnn}, 401, ""},
		{"a token before a session", plain, "/api/v1/things", []string{byAnn, "Cookie: kontor=greta"}, 200, "Ann Buyer"},
		{"a session that has ended", plain, "/api/v1/things", []string{"Cookie: kontor=eve"}, 401, "access.sign_in"},
		{"a session that has ended, where nobody need be signed in", plain, "/", []string{"Cookie: kontor=eve"}, 200, "home"},
		{"a token that is nobody's", plain, "/api/v1/things", []string{"Authorization: Bearer eve"}, 401, "access.sign_in"},
		{"a token that is nobody's, though the session is", plain, "/api/v1/things", []string{"Authorization: Bearer eve", "Cookie: kontor=ann"}, 401, "access.sign_in"},
		{"a token that is nobody's, where nobody need be signed in", plain, "/api/v1/fail/unseen", []string{"Authorization: Bearer eve"}, 401, "access.sign_in"},
		{"another scheme", plain, "/api/v1/things", []string{"Authorization: Basic YW5uOg=="}, 401, "request.credentials"},
		{"an empty token", plain, "/api/v1/things", []string{"Authorization: Bearer "}, 401, "request.credentials"},
		{"a token with a space", plain, "/api/v1/things", []string{"Authorization: Bearer ann greta"}, 401, "request.credentials"},
		{"a token without end", plain, "/api/v1/things", []string{"Authorization: Bearer " + strings.Repeat("a", 5000)}, 401, "request.credentials"},
		{"two tokens", plain, "/api/v1/things", []string{byAnn, "Authorization: Bearer greta"}, 401, "request.credentials"},
		{"two sessions", plain, "/api/v1/things", []string{"Cookie: kontor=eve; kontor=ann"}, 401, "access.sign_in"},
		{"two sessions, the good one first", plain, "/api/v1/things", []string{"Cookie: kontor=ann; kontor=eve"}, 401, "access.sign_in"},
		{"a token in the address", plain, "/orders/1?access_token=ann&token=ann&kontor=ann", nil, 401, ""},
		{"a session over https", secure, "/api/v1/things", []string{"Cookie: __Host-kontor=ann"}, 200, "Ann Buyer"},
		{"a cookie without its prefix over https", secure, "/api/v1/things", []string{"Cookie: kontor=ann"}, 401, "access.sign_in"},
		{"a cookie with its prefix over http", plain, "/api/v1/things", []string{"Cookie: __Host-kontor=ann"}, 401, "access.sign_in"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := tt.w.ask("GET", tt.path, "", tt.headers...)
			if r.StatusCode != tt.status || !strings.Contains(string(r.body), tt.want) {
				t.Errorf("%d %s, want %d with %s", r.StatusCode, r.body, tt.status, tt.want)
			}
		})
	}
}

func TestACookieIsForUsAlone(t *testing.T) {
	for _, tt := range []struct {
		name   string
		public *url.URL
		want   string
	}{
		{"over https", https, "__Host-kontor=ann; Path=/; Expires=*; HttpOnly; Secure; SameSite=Lax"},
		{"over http", &url.URL{Scheme: "http", Host: "localhost:8080"}, "kontor=ann; Path=/; Expires=*; HttpOnly; SameSite=Lax"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, func(s *web.Settings) { s.Public = tt.public })
			got := w.ask("POST", "/sign-in", "").Header.Get("Set-Cookie")
			before, after, _ := strings.Cut(got, "Expires=")
			_, after, _ = strings.Cut(after, ";")
			if got = before + "Expires=*;" + after; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			out := w.ask("POST", "/sign-out", "").Header
			if !strings.Contains(out.Get("Set-Cookie"), "Max-Age=0") || out.Get("Clear-Site-Data") != `"storage"` {
				t.Errorf("signed out with %v", out)
			}
		})
	}
}

func TestASessionThatHasEndedIsTakenAway(t *testing.T) {
	w := newWorld(t)
	if got := w.ask("GET", "/", "", "Cookie: kontor=eve").Header.Get("Set-Cookie"); !strings.Contains(got, "kontor=; Path=/; Max-Age=0") {
		t.Errorf("%q", got)
	}
	if got := w.ask("GET", "/", "", "Cookie: kontor=ann").Header.Get("Set-Cookie"); got != "" {
		t.Errorf("a good one was answered with %q", got)
	}
}

func TestWhenNobodyCanSayWhoseTokenItIsTheRequestEnds(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name   string
		err    error
		status int
	}{
		{"the database is away", fault.Define(fault.Unavailable, "test.away", "not now"), 503},
		{"something broke", errDatabase, 500},
		{"the account is closed", fault.Define(fault.Forbidden, "test.closed", "closed"), 403},
	} {
		w.failing = tt.err
		for _, header := range []string{byAnn, "Cookie: kontor=ann"} {
			if r := w.ask("GET", "/api/v1/fail/unseen", "", header); r.StatusCode != tt.status {
				t.Errorf("%s: %d %s, want %d", tt.name, r.StatusCode, r.body, tt.status)
			}
		}
	}
}

func TestWhoRecognisesHearsWhatMatters(t *testing.T) {
	w := newWorld(t)
	w.ask("POST", "/api/v1/things", screw, byAnn, asJSON, "X-Request-Id: req-12345678", "User-Agent: Mozilla\tevil "+strings.Repeat("x", 500))
	if len(w.asked) != 1 {
		t.Fatalf("asked %d times", len(w.asked))
	}
	got := w.asked[0]
	if got.Way != web.ByToken || got.Request != "req-12345678" || got.From != netip.MustParseAddr("127.0.0.1") || !got.Writes ||
		len(got.Agent) > 210 || strings.Contains(got.Agent, "\t") {
		t.Errorf("%+v", got)
	}
	w.ask("GET", "/assets/none.css", "", "Cookie: kontor=ann")
	w.ask("GET", "/api/v1/docs.css", "", "Cookie: kontor=ann")
	if len(w.asked) != 2 || w.asked[1].Way != web.ByCookie || w.asked[1].Writes {
		t.Errorf("%+v", w.asked[1:])
	}
}

func TestAnotherSiteCannotWrite(t *testing.T) {
	w := newWorld(t, func(s *web.Settings) { s.Public = https })
	cookie := "Cookie: __Host-kontor=ann"
	for _, tt := range []struct {
		name, method, path string
		headers            []string
		status             int
	}{
		{"our own page", "POST", "/sign-in", []string{cookie, "Sec-Fetch-Site: same-origin"}, 200},
		{"a person who types the address", "POST", "/sign-in", []string{cookie, "Sec-Fetch-Site: none"}, 200},
		{"a program", "POST", "/sign-in", []string{cookie}, 200},
		{"another site", "POST", "/sign-in", []string{cookie, "Sec-Fetch-Site: cross-site", "Origin: https://evil.example"}, 403},
		{"another host of our site", "POST", "/sign-in", []string{cookie, "Sec-Fetch-Site: same-site", "Origin: https://shop.kontor.example"}, 403},
		{"another site in an old browser", "POST", "/sign-in", []string{cookie, "Origin: https://evil.example"}, 403},
		{"a sandboxed frame in an old browser", "POST", "/sign-in", []string{cookie, "Origin: null"}, 403},
		{"our own page in an old browser behind a proxy", "POST", "/sign-in", []string{cookie, "Origin: https://kontor.example"}, 200},
		{"an operation", "POST", "/api/v1/things/1/submit", []string{cookie, "Sec-Fetch-Site: cross-site"}, 403},
		{"an operation with a token, sent by a page of another site", "POST", "/api/v1/things/1/submit", []string{byAnn, "Sec-Fetch-Site: cross-site"}, 403},
		{"another site that reads", "GET", "/", []string{cookie, "Sec-Fetch-Site: cross-site"}, 200},
		{"a POST that says it is a GET", "POST", "/api/v1/things/1/submit", []string{cookie, "Sec-Fetch-Site: cross-site", "X-HTTP-Method-Override: GET"}, 403},
		{"a place where other sites send people", "POST", "/saml", []string{"Sec-Fetch-Site: cross-site", "Origin: https://idp.example"}, 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := w.ask(tt.method, tt.path, "", tt.headers...)
			if r.StatusCode != tt.status {
				t.Errorf("%d %s, want %d", r.StatusCode, r.body, tt.status)
			}
			if r.StatusCode == 403 && strings.HasPrefix(tt.path, "/api/") && r.problem(t).Code != "request.cross_site" {
				t.Errorf("%s", r.body)
			}
			if got := r.Header.Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("another site may read: %s", got)
			}
		})
	}
}

func TestAMethodIsWhatItSays(t *testing.T) {
	w := newWorld(t)
	for _, header := range []string{"X-HTTP-Method-Override: DELETE", "X-Method-Override: DELETE", "X-HTTP-Method: DELETE"} {
		if r := w.ask("GET", "/api/v1/things?_method=DELETE", "", byAnn, header); r.StatusCode != 400 {
			t.Errorf("%s: %d", header, r.StatusCode)
		}
		if r := w.ask("GET", "/api/v1/things", "", byAnn, header); r.StatusCode != 200 {
			t.Errorf("%s: %d", header, r.StatusCode)
		}
	}
}
