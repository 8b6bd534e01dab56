package web_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"kontor/internal/edge/web"
)

func TestAChangeSaysWhichVersionItHasSeen(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name    string
		headers []string
		status  int
		code    string
	}{
		{"the version", []string{`If-Match: "7"`}, 200, ""},
		{"the version, weakened by a proxy", []string{`If-Match: W/"7"`}, 200, ""},
		{"nothing", nil, 428, "request.if_match_missing"},
		{"any version", []string{`If-Match: *`}, 400, "request.if_match"},
		{"several versions", []string{`If-Match: "6", "7"`}, 400, "request.if_match"},
		{"two headers", []string{`If-Match: "6"`, `If-Match: "7"`}, 400, "input.invalid"},
		{"no quotes", []string{`If-Match: 7`}, 400, "request.if_match"},
		{"half a quote", []string{`If-Match: "`}, 400, "request.if_match"},
		{"a tag that we never gave", []string{`If-Match: "abc"`}, 412, "request.version"},
		{"a tag that we would write otherwise", []string{`If-Match: "007"`}, 412, "request.version"},
		{"less than nothing", []string{`If-Match: "-7"`}, 412, "request.version"},
		{"a number that overflows", []string{`If-Match: "99999999999999999999"`}, 412, "request.version"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := w.ask("PATCH", "/api/v1/things/1", screw, append(tt.headers, byAnn, asJSON)...)
			if r.StatusCode != tt.status || tt.code != "" && r.problem(t).Code != tt.code {
				t.Errorf("%d %s, want %d %s", r.StatusCode, r.body, tt.status, tt.code)
			}
			if tt.status == 200 && r.Header.Get("ETag") != `"8"` {
				t.Errorf("ETag %s", r.Header.Get("ETag"))
			}
			page := httptest.NewRequest("POST", "/", nil)
			for _, h := range tt.headers {
				_, value, _ := strings.Cut(h, ": ")
				page.Header.Add("If-Match", value)
			}
			if v, err := web.IfMatch(page); (err == nil) != (tt.status == 200) || err == nil && v != 7 {
				t.Errorf("on a page: %d, %v", v, err)
			}
		})
	}
}

func TestAnActHasOneName(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name    string
		headers []string
		status  int
		key     string
	}{
		{"none", nil, 201, ""},
		{"a UUID", []string{"Idempotency-Key: 0192f0c4-7c1e-7b1a"}, 201, "0192f0c4-7c1e-7b1a"},
		{"as long as may be", []string{"Idempotency-Key: " + strings.Repeat("x", 255)}, 201, strings.Repeat("x", 255)},
		{"too long", []string{"Idempotency-Key: " + strings.Repeat("x", 256)}, 400, ""},
		{"with a space", []string{"Idempotency-Key: a b"}, 400, ""},
		{"with an umlaut", []string{"Idempotency-Key: ä"}, 400, ""},
		{"two", []string{"Idempotency-Key: a", "Idempotency-Key: b"}, 400, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if r := w.ask("POST", "/api/v1/things", screw, append(tt.headers, byAnn, asJSON)...); r.StatusCode != tt.status {
				t.Errorf("%d %s, want %d", r.StatusCode, r.body, tt.status)
			}
			page := httptest.NewRequest("POST", "/", nil)
			for _, h := range tt.headers {
				_, value, _ := strings.Cut(h, ": ")
				page.Header.Add("Idempotency-Key", value)
			}
			if key, err := web.IdempotencyKey(page); (err == nil) != (tt.status == 201) || key != tt.key {
				t.Errorf("on a page: %q, %v", key, err)
			}
		})
	}
}
