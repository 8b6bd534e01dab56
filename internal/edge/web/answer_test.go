package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"kontor/internal/edge/web"
)

// unpacked is the body as it was before it was packed.
func unpacked(t *testing.T, r reply) string {
	t.Helper()
	var from io.Reader = bytes.NewReader(r.body)
	switch r.Header.Get("Content-Encoding") {
	case "br":
		from = brotli.NewReader(from)
	case "gzip":
		z, err := gzip.NewReader(from)
		if err != nil {
			t.Fatal(err)
		}
		from = z
	}
	text, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAnAnswerIsPackedAsTheCallerLikesIt(t *testing.T) {
	w := newWorld(t)
	whole := strings.Repeat("<p>Ein langer Absatz.</p>\n", 500)
	for _, tt := range []struct{ name, accept, want string }{
		{"nothing said", "", ""},
		{"a browser", "gzip, deflate, br, zstd", "br"},
		{"an old browser", "gzip, deflate", "gzip"},
		{"gzip rather", "br;q=0.5, gzip;q=0.8", "gzip"},
		{"both alike", "gzip;q=0.5,br;q=0.5", "br"},
		{"no brotli", "br;q=0, gzip", "gzip"},
		{"neither", "br;q=0, gzip;q=0", ""},
		{"what we do not write", "zstd", ""},
		{"anything, which names nothing", "*", ""},
		{"capitals", "GZIP", "gzip"},
		{"nonsense", ";;q=,br;q=x,,", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var headers []string
			if tt.accept != "" {
				headers = []string{"Accept-Encoding: " + tt.accept}
			}
			r := w.ask("GET", "/long", "", headers...)
			if got := r.Header.Get("Content-Encoding"); got != tt.want {
				t.Fatalf("%q, want %q", got, tt.want)
			}
			if unpacked(t, r) != whole {
				t.Error("something got lost")
			}
			if tt.want != "" && len(r.body) > len(whole)/10 {
				t.Errorf("%d bytes of %d", len(r.body), len(whole))
			}
			if got := r.Header["Vary"]; len(got) != 1 || got[0] != "Accept-Encoding" {
				t.Errorf("Vary %q", got)
			}
			if got := r.Header.Get("Content-Length"); got != "" && got != strconv.Itoa(len(r.body)) {
				t.Errorf("Content-Length %s of %d", got, len(r.body))
			}
		})
	}
}

func TestWhatIsNotPacked(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	mux := web.NewMux()
	say := func(path string, h map[string]string, status int, text string) {
		mux.Page("GET "+path, web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, _ *http.Request) {
			for name, value := range h {
				rw.Header().Set(name, value)
			}
			rw.WriteHeader(status)
			_, _ = io.WriteString(rw, text)
		})
	}
	html := map[string]string{"Content-Type": "text/html"}
	say("/long", html, 200, long)
	say("/short", html, 200, "short")
	say("/image", map[string]string{"Content-Type": "image/png"}, 200, long)
	say("/packed", map[string]string{"Content-Type": "text/css", "Content-Encoding": "gzip"}, 200, long)
	say("/as-it-is", map[string]string{"Content-Type": "text/html", "Cache-Control": "no-transform"}, 200, long)
	say("/part", map[string]string{"Content-Type": "text/html", "Content-Range": "bytes 0-9999/20000"}, 206, long)
	say("/unsaid", nil, 200, "<!doctype html>"+long)
	say("/none", nil, 204, "")
	edge, err := web.New(web.Settings{}, mux)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		method, path, encoding, vary string
		status                       int
	}{
		{"GET", "/long", "br", "Accept-Encoding", 200},
		{"HEAD", "/long", "", "Accept-Encoding", 200},
		{"GET", "/short", "", "Accept-Encoding", 200},
		{"GET", "/image", "", "", 200},
		{"GET", "/packed", "gzip", "", 200},
		{"GET", "/as-it-is", "", "", 200},
		{"GET", "/part", "", "", 206},
		{"GET", "/unsaid", "br", "Accept-Encoding", 200},
		{"GET", "/none", "", "", 204},
	} {
		r := httptest.NewRequest(tt.method, tt.path, nil)
		r.Header.Set("Accept-Encoding", "br")
		rw := httptest.NewRecorder()
		edge.ServeHTTP(rw, r)
		if h := rw.Header(); rw.Code != tt.status || h.Get("Content-Encoding") != tt.encoding || h.Get("Vary") != tt.vary {
			t.Errorf("%s %s: %d %q %q, want %d %q %q", tt.method, tt.path, rw.Code, h.Get("Content-Encoding"), h.Get("Vary"), tt.status, tt.encoding, tt.vary)
		}
	}
}

func TestALengthIsThatOfWhatIsSent(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("0123456789", 1000)
	w.mux.Page("GET /sized", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Length", strconv.Itoa(len(long)))
		rw.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(rw, long)
	})
	if r := w.ask("GET", "/sized", "", "Accept-Encoding: br"); unpacked(t, r) != long {
		t.Errorf("%v", r.Header)
	}
	if r := w.ask("GET", "/sized", ""); r.Header.Get("Content-Length") != "10000" || unpacked(t, r) != long {
		t.Errorf("%v", r.Header)
	}
}

func TestARefusalThatIsLongIsPackedToo(t *testing.T) {
	r := newWorld(t).ask("GET", "/api/v1/fail/a%20hundred%20wrong", "", "Accept-Encoding: br")
	if r.Header.Get("Content-Encoding") != "br" || !strings.Contains(unpacked(t, r), `"code":"input.invalid"`) {
		t.Errorf("%v", r.Header)
	}
}

func BenchmarkARequestThroughTheEdge(b *testing.B) {
	w := newWorld(b)
	for _, bb := range []struct {
		name, method, path, body string
		headers                  []string
	}{
		{"a short page", "GET", "/", "", nil},
		{"a long page, packed", "GET", "/long", "", []string{"Accept-Encoding: br"}},
		{"an operation that reads", "GET", "/api/v1/things", "", []string{byAnn}},
		{"an operation that writes", "POST", "/api/v1/things", screw, []string{byAnn, asJSON}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest(bb.method, bb.path, strings.NewReader(bb.body))
				for _, h := range bb.headers {
					name, value, _ := strings.Cut(h, ": ")
					r.Header.Set(name, value)
				}
				rw := httptest.NewRecorder()
				w.edge.ServeHTTP(rw, r)
				if rw.Code >= 300 {
					b.Fatal(rw.Code, rw.Body)
				}
			}
		})
	}
}
