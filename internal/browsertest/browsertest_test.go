package browsertest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestABadPageIsFoundOut keeps the tests of pages able to fail.
func TestABadPageIsFoundOut(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "script-src 'none'")
		if _, err := fmt.Fprint(w, `<!doctype html><html lang="en"><title>Bad</title><main><h1>Bad</h1><img src="data:,"><script>alert(1)</script></main>`); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	tab := Start(t).Tab(t, Look{})
	tab.Go(server.URL)
	var broken []string
	for _, v := range tab.Axe() {
		broken = append(broken, v.ID)
	}
	if !strings.Contains(strings.Join(broken, " "), "image-alt") {
		t.Errorf("axe found %q, not the picture without words", broken)
	}
	if problems := strings.Join(tab.Problems(), "\n"); !strings.Contains(problems, "Content Security Policy") {
		t.Errorf("the problems are %q, without the breach of the policy", problems)
	}
}
