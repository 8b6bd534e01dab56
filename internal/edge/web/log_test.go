package web_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

func newRequest(method, url string) (*http.Request, error) { return http.NewRequest(method, url, nil) }

// raw sends text as it is and reads the answer.
func (w *world) raw(text string) (*http.Response, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		return nil, err
	}
	w.t.Cleanup(func() { _ = conn.Close() }) // the other side may have been faster
	if _, err := io.WriteString(conn, text); err != nil {
		return nil, err
	}
	return http.ReadResponse(bufio.NewReader(conn), nil)
}

func TestALineOfTheLogSaysWhoDidWhatAndHowItEnded(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name, method, path string
		headers            []string
		want               map[string]any
	}{
		{"a page", "GET", "/?q=canary-query", nil, map[string]any{"level": "INFO", "method": "GET", "route": "GET /{$}", "status": 200., "network": "127.0.0.0/24", "account": nil, "code": nil}},
		{"an operation", "GET", "/api/v1/things", []string{byAnn}, map[string]any{"route": "GET /api/v1/things", "account": ann.Account.String(), "member": ann.Member.String(), "company": ann.Company.String()}},
		{"a refusal", "GET", "/api/v1/fail/refused", []string{byAnn}, map[string]any{"level": "INFO", "status": 422., "code": "test.exhausted", "err": nil}},
		{"what lies behind a refusal", "GET", "/api/v1/fail/behind%20a%20fault", nil, map[string]any{"status": 422., "err": errDatabase.Error()}},
		{"something of ours that broke", "GET", "/api/v1/fail/database", nil, map[string]any{"level": "ERROR", "status": 500., "code": "request.broken", "err": errDatabase.Error()}},
		{"nobody where somebody must be", "GET", "/orders/canary-path", nil, map[string]any{"route": "GET /orders/{order}", "status": 401., "code": "access.sign_in"}},
		{"an address that leads nowhere", "GET", "/canary-path", nil, map[string]any{"route": "none", "status": 404., "code": "request.not_found"}},
		{"an address that is not clean", "GET", "//canary-path", nil, map[string]any{"route": "none", "status": 307.}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.ask(tt.method, tt.path, "", append(tt.headers, "User-Agent: canary-agent", "Referer: http://canary-referer/", "Cookie: x=canary-cookie")...)
			said := w.log.last(t)
			for key, want := range tt.want {
				if said[key] != want {
					t.Errorf("%s is %v, want %v", key, said[key], want)
				}
			}
		})
	}
	for _, secret := range []string{"canary-query", "canary-path", "canary-agent", "canary-referer", "canary-cookie", "Ann Buyer", "Bearer", "127.0.0.1"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestNobodyWritesTheLogForUs(t *testing.T) {
	w := newWorld(t)
	res, err := w.raw("FORGED\x7fMETHOD / HTTP/1.1\r\nHost: x\r\n\r\n")
	if err == nil && res.StatusCode != 400 {
		t.Errorf("%d", res.StatusCode)
	}
	if _, err := w.raw("LEVEL=ERROR / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\x1b[31mabcdefgh\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.raw(strings.Repeat("M", 5000) + " / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if said := w.log.last(t); said["method"] != "other" {
		t.Errorf("%v", said)
	}
	w.ask("GET", "/panic/early", "")
	for _, line := range strings.Split(strings.TrimSpace(w.log.String()), "\n") {
		if !strings.HasPrefix(line, `{"time":`) || strings.ContainsAny(line, "\x1b\x7f") || strings.Contains(line, "LEVEL=ERROR") {
			t.Errorf("%q", line)
		}
	}
}

func TestAPanicEndsOneRequestAlone(t *testing.T) {
	w := newWorld(t)
	for _, when := range []string{"early", "half"} {
		r := w.ask("GET", "/panic/"+when, "")
		if r.StatusCode != 500 || strings.Contains(string(r.body), "half an answer") || strings.Contains(string(r.body), "canary") || r.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v %s", when, r.StatusCode, r.Header, r.body)
		}
		if said := w.log.last(t); said["level"] != "ERROR" || said["status"] != 500. {
			t.Errorf("%s: the log says %v", when, said)
		}
	}
	if !strings.Contains(w.log.String(), "world_test.go") {
		t.Error("the log does not say where")
	}
	res, err := http.Get(w.url + "/panic/late")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(res.Body); err == nil {
		t.Error("half an answer looks like a whole one")
	}
	if r := w.ask("GET", "/", ""); r.StatusCode != 200 {
		t.Errorf("afterwards: %d", r.StatusCode)
	}
}

func TestProbesAreNotWorthALine(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/livez", "/healthz", "/readyz"} {
		if r := w.ask("GET", path, ""); r.StatusCode != 200 {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
	if w.log.String() != "" {
		t.Error(w.log)
	}
}
