package browsertest

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// rests is a script that says whether the page rests.
const rests = `document.readyState === "complete" && (window.browsertest?.rests() ?? true)`

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

// pause is the time between two looks at a page. It reports whether there is time for another.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(20 * time.Millisecond):
		return true
	}
}

// await asks a script until it gives something, in a page that rests. A page that is being left has no answer.
func await[T any](tab *Tab, what, script string) T {
	tab.t.Helper()
	if !tab.hasty {
		script = `(` + rests + `) ? (` + script + `) : null`
	}
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	for {
		value, err := chromedp.Run(ctx, chromedp.Evaluate[*T](`(`+script+`) ?? null`))
		if err == nil && value != nil {
			return *value
		}
		if !pause(ctx) {
			tab.t.Fatalf("browsertest: waited in vain for %s (%v)\n%s", what, err, tab.where())
		}
	}
}

// until waits for a script to give true.
func (tab *Tab) until(what, script string) {
	tab.t.Helper()
	await[bool](tab, what, `(`+script+`) || null`)
}

// rest waits until the page rests, but for who is in a hurry.
func (tab *Tab) rest() {
	tab.t.Helper()
	if !tab.hasty {
		tab.until("the page to rest", `true`)
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

// Reads waits until one reads the words, and nothing else, in what the selector names.
func (tab *Tab) Reads(selector, words string) {
	tab.t.Helper()
	tab.until(selector+" to read "+words, find(selector)+`?.innerText.trim() === `+quote(words))
}

// Holds waits until a field holds the value.
func (tab *Tab) Holds(selector, value string) {
	tab.t.Helper()
	tab.until(selector+" to hold "+value, find(selector)+`?.value === `+quote(value))
}

// At waits until the page's address, without its host, is path.
func (tab *Tab) At(path string) {
	tab.t.Helper()
	tab.until("the address "+path, `location.pathname + location.search === `+quote(path))
}

// Focus waits until what Focused describes as name has the focus.
func (tab *Tab) Focus(name string) {
	tab.t.Helper()
	tab.until("the focus on "+name, focused+` === `+quote(name))
}
