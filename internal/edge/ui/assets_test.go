package ui

import (
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

func ask(path, accept string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", accept)
	Assets(slog.New(slog.DiscardHandler), nil).ServeHTTP(w, r)
	return w
}

func TestAssetsAreSentAsTheReaderTakesThem(t *testing.T) {
	css := AssetURL("app.css")
	for _, row := range []struct {
		what, path, accept string
		status             int
		encoding           string
	}{
		{"brotli where it is taken", css, "gzip, deflate, br", 200, "br"},
		{"gzip where brotli is not", css, "gzip, deflate", 200, "gzip"},
		{"gzip where brotli is refused", css, "gzip;q=0.5, br;q=0", 200, "gzip"},
		{"plain where nothing is taken", css, "", 200, ""},
		{"plain where only something else is taken", css, "zstd", 200, ""},
		{"a font is compressed by itself", AssetURL("inter-latin-wght-normal.woff2"), "br", 200, ""},
		{"what is not there", AssetsPath + "nothing.css", "br", 404, ""},
		{"what is none of the readers' business", AssetsPath + "manifest.json", "br", 404, ""},
		{"what lies elsewhere", AssetsPath + "../assets.go", "br", 404, ""},
		{"a colour", AssetsPath + "accent-0f62fe.css", "br", 200, ""},
		{"a colour that is none", AssetsPath + "accent-purple.css", "br", 404, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			w := ask(row.path, row.accept)
			if w.Code != row.status || w.Header().Get("Content-Encoding") != row.encoding {
				t.Errorf("%s gives %d %q, want %d %q", row.path, w.Code, w.Header().Get("Content-Encoding"), row.status, row.encoding)
			}
			if cache := w.Header().Get("Cache-Control"); row.status == 200 && !strings.Contains(cache, "immutable") {
				t.Errorf("%s may be kept as %q, want for ever", row.path, cache)
			}
		})
	}
}

// TestAPageIsLight counts what travels for a first page and for a second.
func TestAPageIsLight(t *testing.T) {
	w := httptest.NewRecorder()
	Pieces().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/pieces", nil))
	page := w.Body.String()
	second := squeezed(t, page)
	first := second
	seen := map[string]bool{}
	for _, match := range regexp.MustCompile(`"(`+AssetsPath+`[^"#]+)`).FindAllStringSubmatch(page, -1) {
		if !seen[match[1]] {
			seen[match[1]] = true
			first += ask(match[1], "br").Body.Len()
		}
	}
	t.Logf("first page %d bytes in %d requests, next page %d", first, len(seen)+1, second)
	if len(seen) < 5 {
		t.Errorf("only %d assets were counted: %v", len(seen), seen)
	}
	if first > 120<<10 {
		t.Errorf("the first page weighs %d bytes, more than 120 KiB", first)
	}
	if second > 20<<10 {
		t.Errorf("the next page weighs %d bytes, more than 20 KiB", second)
	}
}

// squeezed is how long a text is in brotli, as quick as a server would do it.
func squeezed(t *testing.T, text string) int {
	t.Helper()
	var short strings.Builder
	w := brotli.NewWriterLevel(&short, 5)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return short.Len()
}

func TestEveryColourBecomesReadable(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	tokens := regexp.MustCompile(`--accent-(\w+):(#[0-9a-f]{6})`)
	for range 2000 {
		hex := fmt.Sprintf("#%06x", random.IntN(1<<24))
		c, ok := accentOf(strings.TrimPrefix(AccentURL(hex), AssetsPath))
		if !ok {
			t.Fatalf("%s is no colour", hex)
		}
		found := tokens.FindAllStringSubmatch(accentStyles(c), -1)
		if len(found) != 3 {
			t.Fatalf("%s makes the tokens %v, want three", hex, found)
		}
		for _, token := range found {
			made, ok := accentOf("accent-" + strings.TrimPrefix(token[2], "#") + ".css")
			if !ok {
				t.Fatalf("%s makes %s, which is no colour", hex, token[2])
			}
			ground := map[string]colour{"light": white, "dark": night, "solid": white}[token[1]]
			if ratio := contrast(made, ground); ratio < 4.5 {
				t.Errorf("%s makes %s of %s, which stands out by only %.2f", hex, token[2], token[1], ratio)
			}
		}
	}
}
