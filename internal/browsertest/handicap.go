package browsertest

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// The environment makes the machine worse than it is, to prove that no test depends on how good it is.
const (
	slowdown = "KONTOR_BROWSER_SLOWDOWN" // "6": pages run six times as slowly
	delay    = "KONTOR_BROWSER_DELAY"    // "400ms": an answer of Serve comes up to so much later
)

// Serve serves a site to a test, until it ends.
func Serve(t testing.TB, site http.Handler) (url string) {
	t.Helper()
	if text := os.Getenv(delay); text != "" {
		most, err := time.ParseDuration(text)
		if err != nil || most < 0 {
			t.Fatalf("browsertest: %s=%s is no time to wait", delay, text)
		}
		site = late(site, most)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	return server.URL
}

// late delays every answer by some time up to most: a part of it before the request is heard, the rest before the
// answer ends.
func late(site http.Handler, most time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all := rand.N(most + 1)
		before := rand.N(all + 1)
		dawdle(r.Context(), before)
		site.ServeHTTP(w, r)
		dawdle(r.Context(), all-before)
	})
}

func dawdle(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// slow makes the tab as slow as the environment wants it.
func (tab *Tab) slow() {
	tab.t.Helper()
	text := os.Getenv(slowdown)
	if text == "" {
		return
	}
	rate, err := strconv.ParseFloat(text, 64)
	if err != nil || rate < 1 {
		tab.t.Fatalf("browsertest: %s=%s is no number from 1 on", slowdown, text)
	}
	tab.call("slow the page down", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate})
		return err
	}))
}
