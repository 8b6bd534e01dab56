package webhook_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"kontor/internal/gateway/webhook"
)

func TestAReceiverWithSomebodyElsesLibraryBelievesUs(t *testing.T) {
	body, err := json.Marshal(webhook.Envelope{ID: "evt_1", Source: "https://kontor.example", Type: "order.placed", Time: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := standardwebhooks.NewWebhook(exampleSecret)
	if err != nil {
		t.Fatal(err)
	}
	s := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		got, err := io.ReadAll(r.Body)
		if err := errors.Join(err, theirs.Verify(got, r.Header)); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != webhook.ContentType || r.UserAgent() != "Kontor/test" || !bytes.Equal(got, body) {
			http.Error(w, fmt.Sprint(r.Method, r.Header, string(got)), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	m := webhook.Message{ID: "dlv_1", At: time.Now(), URL: s.URL, Body: body, Secrets: []webhook.Secret{secretOf(t, 9), secret(t, exampleSecret)}}
	if r := client(t, s).Post(context.Background(), m); r.Err != nil || r.Status != http.StatusNoContent || r.Retry {
		t.Errorf("%+v", r)
	}
	m.At = m.At.Add(-10 * time.Minute)
	if r := client(t, s).Post(context.Background(), m); r.Status != http.StatusUnauthorized {
		t.Errorf("ten minutes old: %+v", r)
	}
}

func TestWhatTheAnswerMeans(t *testing.T) {
	for _, tt := range []struct {
		name             string
		status           int
		header, wait     string // Retry-After, and what we make of it
		delivered, retry bool
		gone             bool
	}{
		{"taken", 200, "", "0s", true, false, false},
		{"taken for later", 202, "", "0s", true, false, false},
		{"taken without a word", 204, "", "0s", true, false, false},
		{"sent elsewhere", 307, "", "0s", false, true, false},
		{"not understood", 400, "", "0s", false, true, false},
		{"not believed", 401, "", "0s", false, true, false},
		{"no such page, perhaps just now", 404, "", "0s", false, true, false},
		{"gone for good", 410, "", "0s", false, false, true},
		{"too often", 429, "120", "2m0s", false, true, false},
		{"too often, until a date", 429, "Tue, 03 Nov 2026 13:15:00 GMT", "9m59s", false, true, false},
		{"too often, until a date that has passed", 429, "Tue, 03 Nov 2026 12:00:00 GMT", "0s", false, true, false},
		{"too often, for a year", 429, "31536000", "24h0m0s", false, true, false},
		{"too often, for nonsense", 429, "-5", "0s", false, true, false},
		{"broken", 500, "", "0s", false, true, false},
		{"down", 503, "5", "5s", false, true, false},
	} {
		s := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
			if tt.status == 307 {
				w.Header().Set("Location", "https://example.com/")
			}
			w.Header().Set("Retry-After", tt.header)
			w.WriteHeader(tt.status)
		})
		r := client(t, s).Post(context.Background(), message(t, s.URL))
		if r.Status != tt.status || (r.Err == nil) != tt.delivered || r.Retry != tt.retry || r.Gone() != tt.gone || r.RetryAfter.String() != tt.wait {
			t.Errorf("%s: %+v", tt.name, r)
		}
		if r.Err != nil && !errors.Is(r.Err, webhook.ErrUndelivered) {
			t.Errorf("%s: %v", tt.name, r.Err)
		}
		if r.Took != time.Second { // the clock of these tests moves a second at a look
			t.Errorf("%s: it took %s", tt.name, r.Took)
		}
	}
}

// A redirect is not followed, wherever it leads, and what it says is not shown.
func TestNoRedirectIsFollowed(t *testing.T) {
	var reached atomic.Bool
	inside := receiver(t, func(http.ResponseWriter, *http.Request) { reached.Store(true) })
	s := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL, http.StatusFound)
		_, _ = io.WriteString(w, "secret of the inside") // the client sees it or not
	})
	r := client(t, s).Post(context.Background(), message(t, s.URL))
	if reached.Load() || r.Status != http.StatusFound || r.Answer != "" || r.Err == nil {
		t.Errorf("%+v", r)
	}
}

func TestALongAnswerIsCutShort(t *testing.T) {
	var written atomic.Int64
	s := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		for r.Context().Err() == nil {
			n, err := w.Write(bytes.Repeat([]byte("x"), 4096))
			if written.Add(int64(n)); err != nil {
				return
			}
		}
	})
	r := client(t, s).Post(context.Background(), message(t, s.URL))
	if r.Status != 500 || r.Answer != strings.Repeat("x", 1024) {
		t.Errorf("status %d, %d characters kept", r.Status, len(r.Answer))
	}
	if n := written.Load(); n > 64<<20 {
		t.Errorf("%d bytes were taken", n)
	}
}

func TestAPackedAnswerStaysPacked(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := z.Write(make([]byte, 50<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "" {
			t.Error("we asked for", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(bomb.Bytes()) // the client stops reading when it has enough
	})
	r := client(t, s).Post(context.Background(), message(t, s.URL))
	if r.Status != 400 || len(r.Answer) > 1024 || strings.ContainsRune(r.Answer, 0) {
		t.Errorf("status %d, answer %q", r.Status, r.Answer)
	}
}

func TestWhatIsKeptOfAnAnswerPrints(t *testing.T) {
	s := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "no\x00 \x1b[31msuch\u202e \xfftopic\n") // the client reads it
	})
	if r := client(t, s).Post(context.Background(), message(t, s.URL)); r.Answer != "no [31msuch topic\n" {
		t.Errorf("%q", r.Answer)
	}
}

func TestNobodyHangsUsUp(t *testing.T) {
	release := make(chan struct{})
	for name, handle := range map[string]http.HandlerFunc{
		"before the answer": func(http.ResponseWriter, *http.Request) { <-release },
		"within the answer": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			w.(http.Flusher).Flush()
			<-release
		},
	} {
		s := receiver(t, handle)
		c := webhook.New(webhook.Options{Guard: webhook.Guard{AllowPrivate: true}, Timeout: 100 * time.Millisecond, Now: time.Now, Trust: trust(s)})
		r := c.Post(context.Background(), message(t, s.URL))
		if !errors.Is(r.Err, webhook.ErrUndelivered) || !strings.Contains(r.Err.Error(), "in time") || !r.Retry || r.Status != 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	close(release)
}

func TestTheGuardStandsBeforeEveryPost(t *testing.T) {
	var reached atomic.Bool
	s := receiver(t, func(http.ResponseWriter, *http.Request) { reached.Store(true) })
	inside := func(context.Context, string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	c := webhook.New(webhook.Options{Guard: webhook.Guard{Lookup: inside}, Timeout: time.Second, Now: time.Now, Trust: trust(s)})
	for name, url := range map[string]string{
		"a public name that leads inside": "https://rebinding.example/",
		"an address of the inside":        s.URL,
		"a user":                          "https://a@example.com/",
	} {
		r := c.Post(context.Background(), message(t, url))
		if r.Err == nil || r.Retry || r.Status != 0 || r.Answer != "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	if reached.Load() {
		t.Error("somebody came in")
	}
}

func TestNothingGoesOutUnsigned(t *testing.T) {
	for name, secrets := range map[string][]webhook.Secret{"none": nil, "an empty one": {secretOf(t, 1), {}}} {
		m := message(t, "https://example.com/")
		m.Secrets = secrets
		if r := webhook.New(webhook.Options{Now: time.Now}).Post(context.Background(), m); !errors.Is(r.Err, webhook.ErrUnsigned) || r.Retry {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestAReceiverThatIsNotThereMayComeBack(t *testing.T) {
	s := receiver(t, func(http.ResponseWriter, *http.Request) {})
	c, m := client(t, s), message(t, s.URL+"/?key=abc")
	s.Close()
	r := c.Post(context.Background(), m)
	if !errors.Is(r.Err, webhook.ErrUndelivered) || !r.Retry {
		t.Errorf("%+v", r)
	}
	if strings.Contains(r.Err.Error(), "abc") {
		t.Error("the log would tell the key:", r.Err)
	}
	other := receiver(t, func(http.ResponseWriter, *http.Request) {})
	unknown := webhook.New(webhook.Options{Guard: webhook.Guard{AllowPrivate: true}, Timeout: time.Second, Now: time.Now})
	if r := unknown.Post(context.Background(), message(t, other.URL)); r.Err == nil || !r.Retry {
		t.Errorf("a certificate that nobody vouches for: %+v", r)
	}
}

// receiver is a server like those of companies, on this machine.
func receiver(t *testing.T, handle http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(handle)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that fail on purpose
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// client may reach this machine; its clock is at five past one, and moves on a second at each look.
func client(t *testing.T, s *httptest.Server) *webhook.Client {
	t.Helper()
	now := time.Date(2026, 11, 3, 13, 5, 0, 0, time.UTC)
	first := true
	return webhook.New(webhook.Options{
		Guard: webhook.Guard{AllowPrivate: true}, Timeout: 10 * time.Second, Agent: "Kontor/test", Trust: trust(s),
		Now: func() time.Time {
			if !first {
				return now.Add(time.Second)
			}
			first = false
			return now
		},
	})
}

func message(t *testing.T, url string) webhook.Message {
	t.Helper()
	return webhook.Message{ID: "dlv_1", At: time.Unix(1614265330, 0), URL: url, Body: []byte(exampleBody), Secrets: []webhook.Secret{secretOf(t, 1)}}
}

func trust(s *httptest.Server) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}
