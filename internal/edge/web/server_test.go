package web_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/edge/web"
)

// house is a server that runs, and what it takes to stop it.
type house struct {
	*web.Server
	edge *web.Edge
	stop context.CancelFunc
	done chan error
}

func run(t *testing.T, s web.ServerSettings, settings web.Settings, routes func(*web.Mux)) *house {
	t.Helper()
	mux := web.NewMux()
	mux.Page("GET /{$}", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "home") })
	if routes != nil {
		routes(mux)
	}
	settings.Log = slog.New(slog.NewJSONHandler(io.Discard, nil))
	edge, err := web.New(settings, mux)
	if err != nil {
		t.Fatal(err)
	}
	s.Address, s.Metrics = "127.0.0.1:0", "127.0.0.1:0"
	srv, err := web.Listen(s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	h := &house{Server: srv, edge: edge, stop: stop, done: make(chan error, 1)}
	go func() { h.done <- srv.Run(ctx, edge) }()
	t.Cleanup(stop)
	return h
}

func (h *house) get(t *testing.T, address, path string) (int, string) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get("http://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestAServerTakesAFreePortAndSaysWhich(t *testing.T) {
	h := run(t, web.ServerSettings{}, web.Settings{}, nil)
	if strings.HasSuffix(h.Address(), ":0") || strings.HasSuffix(h.MetricsAddress(), ":0") {
		t.Fatalf("%s and %s", h.Address(), h.MetricsAddress())
	}
	if status, body := h.get(t, h.Address(), "/"); status != 200 || body != "home" {
		t.Errorf("%d %s", status, body)
	}
	h.stop()
	if err := <-h.done; err != nil {
		t.Error(err)
	}
	if _, err := net.Dial("tcp", h.Address()); err == nil {
		t.Error("it still listens")
	}
}

func TestAnAddressThatIsTakenIsSaidAtOnce(t *testing.T) {
	h := run(t, web.ServerSettings{}, web.Settings{}, nil)
	for _, s := range []web.ServerSettings{{Address: h.Address()}, {Address: "127.0.0.1:0", Metrics: h.Address()}} {
		if _, err := web.Listen(s); err == nil {
			t.Errorf("%+v was taken twice", s)
		}
	}
}

func TestMetricsStandOnAListenerOfTheirOwn(t *testing.T) {
	h := run(t, web.ServerSettings{}, web.Settings{}, func(m *web.Mux) {
		m.Page("GET /orders/{order}", web.Meta{Scope: web.Public}, func(http.ResponseWriter, *http.Request) {})
	})
	h.get(t, h.Address(), "/orders/1?q=1")
	h.get(t, h.Address(), "/orders/2")
	h.get(t, h.Address(), "/canary")
	if status, _ := h.get(t, h.Address(), "/metrics"); status != 404 {
		t.Errorf("the world may read them: %d", status)
	}
	status, text := h.get(t, h.MetricsAddress(), "/metrics")
	for _, want := range []string{
		`kontor_http_requests_total{route="GET /orders/{order}",status="200"} 2`,
		`kontor_http_requests_total{route="none",status="404"} 2`,
		`kontor_http_request_seconds_count{route="GET /orders/{order}"} 2`,
		"kontor_http_requests_open 0", "kontor_http_streams_open 0", "go_goroutines", "process_resident_memory_bytes",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%d, no %s in\n%s", status, want, text)
		}
	}
	if strings.Contains(text, "canary") {
		t.Error("whoever asks for an address of their own makes a series of their own")
	}
}

func TestProbesSayWhetherWeLiveAndAreReady(t *testing.T) {
	var broken atomic.Bool
	var asked atomic.Int64
	h := run(t, web.ServerSettings{}, web.Settings{Ready: func(context.Context) error {
		asked.Add(1)
		if broken.Load() {
			return errDatabase
		}
		return nil
	}}, nil)
	probe := func(path string, want int, text string) {
		t.Helper()
		if status, body := h.get(t, h.Address(), path); status != want || body != text {
			t.Errorf("%s: %d %q, want %d %q", path, status, body, want, text)
		}
	}
	probe("/readyz", 200, "ready\n")
	for range 10 {
		probe("/readyz", 200, "ready\n")
	}
	if n := asked.Load(); n > 2 {
		t.Errorf("asking us often asks the database often: %d", n)
	}
	broken.Store(true)
	for end := time.Now().Add(5 * time.Second); ; {
		if status, _ := h.get(t, h.Address(), "/readyz"); status == 503 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("ready with a database that is away")
		}
	}
	probe("/readyz", 503, "not ready\n")
	probe("/livez", 200, "alive\n")
	probe("/healthz", 200, "alive\n")
	broken.Store(false)
	for end := time.Now().Add(5 * time.Second); ; {
		if status, _ := h.get(t, h.Address(), "/readyz"); status == 200 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("not ready with a database that is back")
		}
	}
	h.edge.Stop()
	probe("/readyz", 503, "not ready\n")
}

func TestARequestUnderWayIsAnsweredBeforeWeStop(t *testing.T) {
	under, end := make(chan struct{}), make(chan struct{})
	h := run(t, web.ServerSettings{}, web.Settings{}, func(m *web.Mux) {
		m.Page("GET /slow", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, _ *http.Request) {
			close(under)
			<-end
			_, _ = io.WriteString(rw, "done")
		})
	})
	got := make(chan string, 1)
	go func() {
		_, body := h.get(t, h.Address(), "/slow")
		got <- body
	}()
	<-under
	h.stop()
	close(end)
	if body := <-got; body != "done" {
		t.Errorf("%q", body)
	}
	if err := <-h.done; err != nil {
		t.Error(err)
	}
}

func TestWhoNeverEndsIsCutOffAfterTheGrace(t *testing.T) {
	under := make(chan struct{})
	h := run(t, web.ServerSettings{Grace: 50 * time.Millisecond}, web.Settings{}, func(m *web.Mux) {
		m.Page("GET /for-ever", web.Meta{Scope: web.Public}, func(_ http.ResponseWriter, r *http.Request) {
			close(under)
			<-r.Context().Done()
		})
	})
	go func() {
		if res, err := http.Get("http://" + h.Address() + "/for-ever"); err == nil {
			_ = res.Body.Close() // nobody waits for it
		}
	}()
	<-under
	h.stop()
	if err := <-h.done; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestWhoDawdlesIsCutOff(t *testing.T) {
	const soon, never = 100 * time.Millisecond, time.Hour
	for _, tt := range []struct {
		name   string
		server web.ServerSettings
		sent   string
		status int // of the answer before the end; 0 is none
	}{
		{"nothing at all", web.ServerSettings{HeaderPatience: soon, ReadPatience: never, IdlePatience: never}, "", 0},
		{"a head that never ends", web.ServerSettings{HeaderPatience: soon, ReadPatience: never, IdlePatience: never}, "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n", 0},
		{"a body that never comes", web.ServerSettings{HeaderPatience: never, ReadPatience: soon, IdlePatience: never},
			"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\nabc", 400},
		{"no second request", web.ServerSettings{HeaderPatience: never, ReadPatience: never, IdlePatience: soon}, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 200},
		{"a head without measure", web.ServerSettings{}, "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", 431},
		{"two lengths", web.ServerSettings{}, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
		{"pieces of a kind that we do not read", web.ServerSettings{}, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 501},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := run(t, tt.server, web.Settings{}, func(m *web.Mux) {
				m.Page("POST /echo", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, r *http.Request) {
					if _, err := web.Form(r); err != nil {
						web.Fail(rw, r, err)
					}
				})
			})
			conn, err := net.Dial("tcp", h.Address())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, tt.sent); err != nil {
				t.Fatal(err)
			}
			from := bufio.NewReader(conn)
			if tt.status != 0 {
				res, err := http.ReadResponse(from, nil)
				if err != nil || res.StatusCode != tt.status {
					t.Fatalf("%v, %v, want %d", res, err, tt.status)
				}
				_, _ = io.Copy(io.Discard, res.Body) // its end is what comes next
			}
			var late net.Error
			if _, err := from.ReadByte(); err == nil || errors.As(err, &late) && late.Timeout() {
				t.Errorf("the connection stays open: %v", err)
			}
		})
	}
}

func TestARequestHasAnEnd(t *testing.T) {
	h := run(t, web.ServerSettings{}, web.Settings{Patience: 50 * time.Millisecond}, func(m *web.Mux) {
		m.Page("GET /wait", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			web.Fail(rw, r, r.Context().Err())
		})
	})
	if status, body := h.get(t, h.Address(), "/wait"); status != 503 || !strings.Contains(body, "too long") {
		t.Errorf("%d %s", status, body)
	}
}

func TestTLSIsOursToSpeak(t *testing.T) {
	lent := httptest.NewTLSServer(nil)
	defer lent.Close()
	h := run(t, web.ServerSettings{TLS: &tls.Config{Certificates: lent.TLS.Certificates, MinVersion: tls.VersionTLS12}}, web.Settings{Public: https}, nil)
	res, err := lent.Client().Get("https://" + h.Address() + "/")
	if err != nil || res.StatusCode != 200 || res.Header.Get("Strict-Transport-Security") == "" {
		t.Fatalf("%v %v", res, err)
	}
	if status, _ := h.get(t, h.MetricsAddress(), "/metrics"); status != 200 {
		t.Errorf("metrics: %d", status)
	}
}
