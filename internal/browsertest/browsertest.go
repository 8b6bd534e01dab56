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
package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long anything may take before the test fails.
const patience = 20 * time.Second

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
	t   testing.TB
	ctx context.Context

	mu       sync.Mutex
	problems []string
}

// Tab opens an empty page that shares nothing with other tabs, until the test ends.
func (b *Browser) Tab(t testing.TB, look Look) *Tab {
	t.Helper()
	tab := &Tab{t: t}
	ctx, closeTab := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(tab.hear))
	t.Cleanup(closeTab)
	tab.ctx = ctx
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal("browsertest: open a tab: ", err)
	}
	tab.call("listen to the log", chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdplog.Enable, cdp.Empty{})
		return err
	}))
	tab.Look(look)
	return tab
}

// hear notes what the page complains of. It must not call the browser.
func (tab *Tab) hear(event any) {
	var text string
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		text = event.ExceptionDetails.Text
		if event.ExceptionDetails.Exception != nil {
			text += " " + event.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if event.Type != runtime.ConsoleAPICalledTypeError && event.Type != runtime.ConsoleAPICalledTypeWarning {
			return
		}
		for _, arg := range event.Args {
			text += string(arg.Value) + arg.Description + " "
		}
	case *cdplog.EventEntryAdded:
		if event.Entry.Level != cdplog.EntryLevelError {
			return
		}
		text = event.Entry.Text + " " + event.Entry.URL
	default:
		return
	}
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.problems = append(tab.problems, strings.TrimSpace(text))
}

// Problems are the errors and warnings that the page has written to the console since it was
// opened: exceptions, breaches of the content policy, things that could not be loaded.
func (tab *Tab) Problems() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return append([]string(nil), tab.problems...)
}

// Forget drops the problems so far: after a page that was meant to be refused.
func (tab *Tab) Forget() {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.problems = nil
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
	return text + "\n" + strings.Join(tab.Problems(), "\n")
}

// Eval runs a script in the page, waits for its promise, and returns its value.
func Eval[T any](tab *Tab, script string) T {
	tab.t.Helper()
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
	Eval[bool](tab, `document.fonts.ready.then(() => true)`)
}

// Path is the address of the page, without its host.
func (tab *Tab) Path() string {
	tab.t.Helper()
	return Eval[string](tab, `location.pathname + location.search`)
}

// quote writes a text as a script does.
func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string can always be written
	}
	return string(quoted)
}

// find is a script for the first element in sight that a selector names.
func find(selector string) string {
	words, isText := strings.CutPrefix(selector, "text=")
	if !isText {
		return `[...document.querySelectorAll(` + quote(selector) + `)].find(e => e.checkVisibility())`
	}
	return `(() => {
		const words = ` + quote(words) + `;
		const all = [...document.querySelectorAll("button, a, summary, label, h1, h2, h3, [role=button]")].filter(e => e.checkVisibility());
		const text = e => (e.getAttribute("aria-label") ?? e.innerText).trim();
		return all.find(e => text(e) === words) ?? all.find(e => text(e).includes(words));
	})()`
}

// until waits for a script to give true.
func (tab *Tab) until(what, script string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			tab.t.Fatalf("browsertest: waited in vain for %s\n%s", what, errors.Join(err, errors.New(tab.where())))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Wait waits until something that the selector names is in sight.
func (tab *Tab) Wait(selector string) {
	tab.t.Helper()
	tab.until(selector, find(selector)+` !== undefined`)
}

// Gone waits until nothing that the selector names is in sight.
func (tab *Tab) Gone(selector string) {
	tab.t.Helper()
	tab.until(selector+" to go", find(selector)+` === undefined`)
}

// See waits until the words stand on the page.
func (tab *Tab) See(words string) {
	tab.t.Helper()
	tab.until("the words "+words, `document.body.innerText.includes(`+quote(words)+`)`)
}

// At waits until the page's address, without its host, is path.
func (tab *Tab) At(path string) {
	tab.t.Helper()
	tab.until("the address "+path, `location.pathname + location.search === `+quote(path))
}

// point scrolls to an element and returns its middle.
func (tab *Tab) point(selector string) (x, y float64) {
	tab.t.Helper()
	tab.Wait(selector)
	place := Eval[[]float64](tab, `(() => {
		const e = `+find(selector)+`;
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getClientRects()[0];
		return [r.x + r.width / 2, r.y + r.height / 2];
	})()`)
	return place[0], place[1]
}

// Click presses the middle of what the selector names.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	x, y := tab.point(selector)
	tab.call("click "+selector, chromedp.MouseClickXY(x, y))
}

// Follow presses a link or button that leads to another page, or to the same one anew, and waits
// until that has loaded. Where both pages hold what a test would wait for, only this tells them apart.
func (tab *Tab) Follow(selector string) {
	tab.t.Helper()
	tab.Wait(selector)
	Eval[bool](tab, `window.pageBefore = true`)
	tab.Click(selector)
	tab.until("the page behind "+selector, `window.pageBefore === undefined && document.readyState === "complete"`)
}

// Hover points at what the selector names.
func (tab *Tab) Hover(selector string) {
	tab.t.Helper()
	x, y := tab.point(selector)
	tab.call("point at "+selector, chromedp.MouseEvent("mouseMoved", x, y))
}

// Drag takes what one selector names and drops it on what another names. Both must fit on the screen.
func (tab *Tab) Drag(from, to string) {
	tab.t.Helper()
	tab.call("drag "+from, chromedp.DragAndDrop(chromedp.CSS(from), chromedp.CSS(to)))
}

// Type clears a field and types into it, key by key.
func (tab *Tab) Type(selector, text string) {
	tab.t.Helper()
	tab.Wait(selector)
	Eval[bool](tab, `(() => { const e = `+find(selector)+`; e.focus(); e.select?.(); return true; })()`)
	if text == "" {
		text = Backspace
	}
	tab.call("type into "+selector, keys(text))
}

// Keys without a letter, for Press.
const (
	Enter     = kb.Enter
	Escape    = kb.Escape
	TabKey    = kb.Tab
	Up        = kb.ArrowUp
	Down      = kb.ArrowDown
	Space     = " "
	Backspace = kb.Backspace
)

// Press presses keys, one after the other, for whatever has the focus.
func (tab *Tab) Press(text string) {
	tab.t.Helper()
	tab.call("press "+text, keys(text))
}

// keys presses keys such that each letter is part of its key going down: a
// page that takes the key for itself then takes the letter too, as with a real keyboard.
func keys(text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		for _, r := range text {
			var events []*input.DispatchKeyEventParams
			for _, event := range kb.Encode(r) {
				if event.Type == input.DispatchKeyEventTypeChar {
					events[0].Text, events[0].UnmodifiedText = event.Text, event.UnmodifiedText
					continue
				}
				events = append(events, event)
			}
			for _, event := range events {
				if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Choose chooses the option of a select that has the value.
func (tab *Tab) Choose(selector, value string) {
	tab.t.Helper()
	tab.Wait(selector)
	Eval[bool](tab, `(() => {
		const e = `+find(selector)+`;
		e.value = `+quote(value)+`;
		e.dispatchEvent(new Event("input", {bubbles: true}));
		e.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	})()`)
}

// Upload gives files to a file field.
func (tab *Tab) Upload(selector string, files ...string) {
	tab.t.Helper()
	tab.call("upload to "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), files))
}

// Text is what one reads in what the selector names.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	tab.Wait(selector)
	return Eval[string](tab, find(selector)+`.innerText.trim()`)
}

// Value is what a field holds.
func (tab *Tab) Value(selector string) string {
	tab.t.Helper()
	tab.Wait(selector)
	return Eval[string](tab, find(selector)+`.value`)
}

// Count is how many elements in sight a CSS selector names.
func (tab *Tab) Count(selector string) int {
	tab.t.Helper()
	return Eval[int](tab, `[...document.querySelectorAll(`+quote(selector)+`)].filter(e => e.checkVisibility()).length`)
}

const focused = `(() => { const e = document.activeElement; return e.id || e.getAttribute("name") || (e.getAttribute("aria-label") ?? e.innerText ?? "").trim(); })()`

// Focused describes what has the focus: its id, or its name, or its words.
func (tab *Tab) Focused() string {
	tab.t.Helper()
	return Eval[string](tab, focused)
}

// Focus waits until what Focused describes as name has the focus.
func (tab *Tab) Focus(name string) {
	tab.t.Helper()
	tab.until("the focus on "+name, focused+` === `+quote(name))
}

// Shoot writes a picture of the whole page as PNG, and makes the folder where needed.
func (tab *Tab) Shoot(file string) {
	tab.t.Helper()
	tab.shoot(file, chromedp.FullScreenshot(100))
}

// ShootScreen writes a picture of what is in sight as PNG.
func (tab *Tab) ShootScreen(file string) {
	tab.t.Helper()
	tab.shoot(file, chromedp.CaptureScreenshot())
}

func (tab *Tab) shoot(file string, action chromedp.Action[[]byte]) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, action)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o755)
	}
	if err == nil {
		err = os.WriteFile(file, picture, 0o644)
	}
	if err != nil {
		tab.t.Fatal("browsertest: picture: ", err)
	}
}
