package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kontor/internal/edge/web"
)

// listener reads a stream event by event.
type listener struct {
	t    *testing.T
	res  *http.Response
	text *bufio.Scanner
}

func (w *world) listen(t *testing.T, url string, events <-chan web.Event) *listener {
	t.Helper()
	ctx, leave := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(leave)
	r, err := http.NewRequestWithContext(ctx, "GET", url+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", "kontor=ann")
	r.Header.Set("Accept-Encoding", "gzip, br")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() }) // the other side may have ended it
	return &listener{t, res, bufio.NewScanner(res.Body)}
}

// next is the next block of lines; "" when the stream has ended.
func (l *listener) next() string {
	var lines []string
	for l.text.Scan() {
		if l.text.Text() == "" {
			return strings.Join(lines, "|")
		}
		lines = append(lines, l.text.Text())
	}
	return strings.Join(lines, "|")
}

func (l *listener) want(blocks ...string) {
	l.t.Helper()
	for _, want := range blocks {
		if got := l.next(); got != want {
			l.t.Fatalf("%q, want %q", got, want)
		}
	}
}

func (w *world) metrics() string {
	rw := httptest.NewRecorder()
	w.edge.Metrics().ServeHTTP(rw, httptest.NewRequest("GET", "/metrics", nil))
	return rw.Body.String()
}

func streaming(t *testing.T, change ...func(*web.Settings)) (*world, chan web.Event) {
	w := newWorld(t, change...)
	events := make(chan web.Event)
	w.mux.Page("GET /stream", web.Meta{Scope: web.Own}, func(rw http.ResponseWriter, r *http.Request) {
		web.Stream(rw, r, events)
	})
	return w, events
}

func TestAStreamSaysWhatHappens(t *testing.T) {
	w, events := streaming(t)
	l := w.listen(t, w.url, events)
	if h := l.res.Header; h.Get("Content-Type") != "text/event-stream" || h.Get("Content-Encoding") != "" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", h)
	}
	l.want("retry: 3000")
	for _, tt := range []struct {
		event web.Event
		want  string
	}{
		{web.Event{Data: []byte("hello")}, "data: hello"},
		{web.Event{ID: "7", Name: "notice", Data: []byte(`{"a":1}`)}, `id: 7|event: notice|data: {"a":1}`},
		{web.Event{Data: []byte("a\nb\r\nc\rd")}, "data: a|data: b|data: c|data: d"},
		{web.Event{Name: "x\ndata: forged", ID: "1\r\nid: 2", Data: []byte("\nid: 9")}, "id: 1id: 2|event: xdata: forged|data: |data: id: 9"},
		{web.Event{}, "data: "},
	} {
		events <- tt.event
		l.want(tt.want)
	}
	close(events)
	l.want("")
	if said := w.log.last(t); said["status"] != 200. || said["route"] != "GET /stream" {
		t.Errorf("%v", said)
	}
}

func TestAStreamShowsThatItLives(t *testing.T) {
	w, events := streaming(t, func(s *web.Settings) { s.Heartbeat, s.Patience = 20*time.Millisecond, 50*time.Millisecond })
	l := w.listen(t, w.url, events)
	l.want("retry: 3000")
	for range 10 { // far beyond the patience that other requests have
		l.want(": beat")
	}
}

func TestAStreamEndsWithTheServer(t *testing.T) {
	w, events := streaming(t)
	h := run(t, web.ServerSettings{}, web.Settings{Recognise: w.recognise}, func(m *web.Mux) {
		m.Page("GET /stream", web.Meta{Scope: web.Own}, func(rw http.ResponseWriter, r *http.Request) { web.Stream(rw, r, events) })
	})
	l := w.listen(t, "http://"+h.Address(), events)
	l.want("retry: 3000")
	begun := time.Now()
	h.stop()
	l.want("")
	if err := <-h.done; err != nil || time.Since(begun) > 5*time.Second {
		t.Errorf("%v after %s", err, time.Since(begun))
	}
}

func TestAStreamOutlivesThePatienceForReadingAndWriting(t *testing.T) {
	w, events := streaming(t)
	h := run(t, web.ServerSettings{ReadPatience: 100 * time.Millisecond, WritePatience: 100 * time.Millisecond},
		web.Settings{Recognise: w.recognise, Heartbeat: 50 * time.Millisecond}, func(m *web.Mux) {
			m.Page("GET /stream", web.Meta{Scope: web.Own}, func(rw http.ResponseWriter, r *http.Request) { web.Stream(rw, r, events) })
		})
	l := w.listen(t, "http://"+h.Address(), events)
	l.want("retry: 3000")
	for range 10 {
		l.want(": beat")
	}
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	changed := ann
	changed.Version++
	for _, tt := range []struct {
		name   string
		change func(*world)
	}{
		{"the session is ended", func(w *world) { w.forget("ann") }},
		{"the member's rights change", func(w *world) { w.mu.Lock(); defer w.mu.Unlock(); w.known["ann"] = changed }},
		{"nobody can say whose it is", func(w *world) { w.mu.Lock(); defer w.mu.Unlock(); w.failing = errDatabase }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, events := streaming(t, func(s *web.Settings) { s.Heartbeat = 20 * time.Millisecond })
			l := w.listen(t, w.url, events)
			l.want("retry: 3000", ": beat")
			tt.change(w)
			for begun, block := time.Now(), l.next(); block != ""; block = l.next() {
				if block != ": beat" || time.Since(begun) > 5*time.Second {
					t.Fatalf("%q after %s", block, time.Since(begun))
				}
			}
		})
	}
}

func TestNoEventReachesWhoseSessionEndedASecondAgo(t *testing.T) {
	w, events := streaming(t)
	l := w.listen(t, w.url, events)
	l.want("retry: 3000")
	ended := time.Now()
	w.forget("ann")
	for {
		select {
		case events <- web.Event{Data: []byte("canary")}:
			if got := l.next(); got == "" {
				return
			}
			if late := time.Since(ended); late > 2*time.Second {
				t.Fatalf("an event came %s after the session had ended", late)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the stream neither sends nor ends")
		}
	}
}

func TestALookEndsTheStreamOfAnEndedSessionAtOnce(t *testing.T) {
	w, events := streaming(t)
	l := w.listen(t, w.url, events)
	l.want("retry: 3000")
	events <- web.Event{Look: true}
	events <- web.Event{Data: []byte("still here")}
	l.want("data: still here")
	w.forget("ann")
	events <- web.Event{Look: true}
	if got := l.next(); got != "" {
		t.Errorf("%q comes after the session has ended", got)
	}
}

func TestAStreamEndsWhenTheCallerLeaves(t *testing.T) {
	w := newWorld(t)
	events, ended := make(chan web.Event), make(chan struct{})
	w.mux.Page("GET /stream", web.Meta{Scope: web.Own}, func(rw http.ResponseWriter, r *http.Request) {
		web.Stream(rw, r, events)
		close(ended)
	})
	l := w.listen(t, w.url, events)
	l.want("retry: 3000")
	for end := time.Now().Add(5 * time.Second); !strings.Contains(w.metrics(), "kontor_http_streams_open 1"); {
		if time.Now().After(end) {
			t.Fatal("nobody counts it")
		}
	}
	if err := l.res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on for nobody")
	}
	for end := time.Now().Add(5 * time.Second); !strings.Contains(w.metrics(), `kontor_http_requests_total{route="GET /stream",status="200"} 1`); {
		if time.Now().After(end) {
			t.Fatal("nobody counted it")
		}
	}
	if text := w.metrics(); !strings.Contains(text, "kontor_http_streams_open 0") || strings.Contains(text, `kontor_http_request_seconds_count{route="GET /stream"}`) {
		t.Errorf("a stream counts as one long request:\n%s", text)
	}
}
