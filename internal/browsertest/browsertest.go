// Package browsertest lets a test use pages as people do: in a real Chromium,
// with keys and a pointer, light or dark, on a desk or a phone.
//
//	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
//	tab.Go(server.URL + "/cart")
//	tab.Click("text=Submit")
//	tab.See("Waits for Bob")
//	tab.Clean() // nothing in the console, nothing found by axe
//
// Whatever goes wrong fails the test at once. A selector is CSS, or "text="
// and the words on a button, link, label or heading.
//
// Nothing depends on how quick the machine is. Whoever presses, types or reads
// waits until the page rests: it has loaded, every answer that it asked for is
// in it, and nothing that it put off for a moment is still to come. What it
// puts off for longer, such as a toast that leaves by itself, never comes. Who
// does not wait for that is [Tab.AtOnce]. A press goes to what it was meant
// for, wherever that moves. To prove all this on a good machine:
//
//	KONTOR_BROWSER_SLOWDOWN=6    pages run six times as slowly
//	KONTOR_BROWSER_DELAY=400ms   each answer of Serve comes up to so much later, by chance
package browsertest

import (
	"context"
	_ "embed"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// patience is how long anything may take before the test fails. It is long because a test machine can be very slow, and
// costs nothing where nothing is wrong.
const patience = time.Minute

// Browser is one running Chromium.
type Browser struct {
	ctx context.Context
}

// Start runs a Chromium with nothing in its profile, until the test ends.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("browsertest: no chromium on this machine: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.WSURLReadTimeout(patience),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
	)
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, closeBrowser := chromedp.NewContext(allocated)
	t.Cleanup(closeBrowser)
	if err := chromedp.Do(ctx); err != nil { // the first run starts the browser, for as long as ctx lives
		t.Fatal("browsertest: start chromium: ", err)
	}
	return &Browser{ctx: ctx}
}

// Look is what a reader has before them. The zero value is a desk in daylight.
type Look struct {
	Phone     bool // 390 wide, touched, instead of 1280 wide
	Width     int  // in pixels, when it is neither
	Dark      bool
	Still     bool // asks for less motion
	NoScripts bool
}

func (l Look) width() int64 {
	switch {
	case l.Width > 0:
		return int64(l.Width)
	case l.Phone:
		return 390
	default:
		return 1280
	}
}

// Tab is a page with its own cookies.
type Tab struct {
	t         testing.TB
	ctx       context.Context
	heard     *heard
	noScripts bool
	hasty     bool
}

//go:embed page.js
var pageScript string

// Tab opens an empty page that shares nothing with other tabs, until the test ends.
func (b *Browser) Tab(t testing.TB, look Look) *Tab {
	t.Helper()
	tab := &Tab{t: t, heard: &heard{dragged: make(chan *input.DragData, 1), asked: make(chan string, 100)}}
	ctx, closeTab := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(tab.heard.event))
	t.Cleanup(closeTab)
	tab.ctx = ctx
	go tab.answer()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal("browsertest: open a tab: ", err)
	}
	tab.call("listen to the log", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdplog.Enable, cdp.Empty{})
		return err
	}))
	tab.call("watch the page", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: pageScript})
		return err
	}))
	tab.Look(look)
	tab.slow()
	return tab
}

// AtOnce is the same tab of somebody in a hurry: it neither waits for the page to rest before something is done or
// read, nor afterwards.
func (tab *Tab) AtOnce() *Tab {
	hasty := *tab
	hasty.hasty = true
	return &hasty
}

// call runs one action and fails the test when it fails or takes too long.
func (tab *Tab) call(what string, action chromedp.Action[chromedp.Void]) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, action); err != nil {
		tab.t.Fatalf("browsertest: %s: %v\n%s", what, err, tab.where())
	}
}

// where describes the page for a failed test.
func (tab *Tab) where() string {
	ctx, cancel := context.WithTimeout(tab.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.title + "\n" + (document.querySelector("main") ?? document.body).innerText.slice(0, 2000)`))
	if err != nil {
		return fmt.Sprint("and the page does not answer: ", err)
	}
	return text + "\n" + strings.Join(tab.heard.soFar(), "\n")
}

// Eval runs a script in the page, waits for its promise, and returns its value.
func Eval[T any](tab *Tab, script string) T {
	tab.t.Helper()
	tab.rest()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		tab.t.Fatalf("browsertest: evaluate %.120s: %v\n%s", script, err, tab.where())
	}
	return value
}

// Look changes what the reader has before them.
func (tab *Tab) Look(look Look) {
	tab.t.Helper()
	scheme, motion := "light", "no-preference"
	if look.Dark {
		scheme = "dark"
	}
	if look.Still {
		motion = "reduce"
	}
	viewport := chromedp.EmulateViewport(look.width(), 900)
	if look.Phone {
		viewport = chromedp.EmulateViewport(look.width(), 844, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	tab.call("set the viewport", viewport)
	tab.call("set the media", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: motion},
		}})
		return err
	}))
	tab.call("allow scripts", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: look.NoScripts})
		return err
	}))
	tab.noScripts = look.NoScripts
}

// Cookie gives the tab a cookie for the site of url.
func (tab *Tab) Cookie(url, name, value string) {
	tab.t.Helper()
	tab.call("set cookie "+name, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: url})
		return err
	}))
}

// Go opens an address and waits until it has loaded, fonts and all.
func (tab *Tab) Go(url string) {
	tab.t.Helper()
	tab.call("open "+url, chromedp.Navigate(url))
	tab.rest()
	Eval[bool](tab, `document.fonts.ready.then(() => true)`)
}
