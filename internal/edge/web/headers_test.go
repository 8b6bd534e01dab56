package web_test

import (
	"strings"
	"testing"

	"kontor/internal/edge/web"
)

func TestEveryAnswerHasTheHeadersThatKeepBrowsersSafe(t *testing.T) {
	plain, secure := newWorld(t), newWorld(t, func(s *web.Settings) { s.Public = https })
	for _, path := range []string{"/", "/nowhere", "/orders/1", "/panic/early", "/api/v1/things", "/api/v1/nowhere", "/livez", "//"} {
		for _, tt := range []struct{ header, want string }{
			{"Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"},
			{"X-Content-Type-Options", "nosniff"},
			{"X-Frame-Options", "DENY"},
			{"Referrer-Policy", "same-origin"},
			{"Cross-Origin-Opener-Policy", "same-origin"},
			{"Cross-Origin-Resource-Policy", "same-origin"},
			{"Cache-Control", "no-store"},
			{"Set-Cookie", ""},
			{"Server", ""},
			{"X-Powered-By", ""},
		} {
			if got := plain.ask("GET", path, "").Header.Get(tt.header); got != tt.want {
				t.Errorf("%s: %s is %q, want %q", path, tt.header, got, tt.want)
			}
		}
		if got := plain.ask("GET", path, "").Header.Get("Permissions-Policy"); !strings.Contains(got, "camera=()") {
			t.Errorf("%s: Permissions-Policy is %q", path, got)
		}
		if got := plain.ask("GET", path, "").Header.Get("Strict-Transport-Security"); got != "" {
			t.Errorf("%s: plain http promises https: %s", path, got)
		}
		if got := secure.ask("GET", path, "").Header.Get("Strict-Transport-Security"); got != "max-age=31536000; includeSubDomains" {
			t.Errorf("%s: Strict-Transport-Security is %q", path, got)
		}
	}
}

func TestARequestHasANumber(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name  string
		given []string
		kept  bool
	}{
		{"none", nil, false},
		{"a UUID", []string{"0192f0c4-7c1e-7b1a-9d1e-2f6a1c1b2d3e"}, true},
		{"a word with points", []string{"edge-7.req_12345"}, true},
		{"too short", []string{"abc"}, false},
		{"too long", []string{strings.Repeat("a", 65)}, false},
		{"two", []string{"abcdefgh", "abcdefgi"}, false},
		{"with a space", []string{"abcdefgh level=ERROR"}, false},
		{"with markup", []string{"<script>alert(1)</script>"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := newRequest("GET", w.url+"/")
			if err != nil {
				t.Fatal(err)
			}
			r.Header["X-Request-Id"] = tt.given
			got := w.send(r).Header.Get("X-Request-Id")
			if tt.kept != (tt.given != nil && got == tt.given[0]) || len(got) < 8 {
				t.Errorf("%q", got)
			}
			if said := w.log.last(t)["request"]; said != got {
				t.Errorf("the log calls it %v", said)
			}
		})
	}
}
