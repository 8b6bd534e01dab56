package browsertest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// serve serves one page of these elements, and answers under /late.
func serve(t *testing.T, policy, elements string) (url string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
		}
		if _, err := fmt.Fprint(w, `<!doctype html><html lang="en"><title>Test</title><main><h1>Test</h1>`, elements, `</main>`); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/late", func(w http.ResponseWriter, r *http.Request) {
		if _, err := fmt.Fprint(w, "answered"); err != nil {
			t.Error(err)
		}
	})
	return Serve(t, mux)
}

// TestABadPageIsFoundOut keeps the tests of pages able to fail.
func TestABadPageIsFoundOut(t *testing.T) {
	tab := Start(t).Tab(t, Look{})
	tab.Go(serve(t, "script-src 'none'", `<img src="data:,"><script>alert(1)</script>`))
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

// TestAHeaderThatNoBrowserKnowsIsFoundOut: the browser only warns of it.
func TestAHeaderThatNoBrowserKnowsIsFoundOut(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Permissions-Policy", "flying=()")
		if _, err := fmt.Fprint(w, `<!doctype html><html lang="en"><title>Test</title><main><h1>Test</h1></main>`); err != nil {
			t.Error(err)
		}
	})
	tab := Start(t).Tab(t, Look{})
	tab.Go(Serve(t, mux))
	if problems := strings.Join(tab.Problems(), "\n"); !strings.Contains(problems, "flying") {
		t.Errorf("the problems are %q, without the feature that there is not", problems)
	}
}

// TestAPressReachesWhatItIsMeantFor keeps the machine's pace out of what is pressed.
func TestAPressReachesWhatItIsMeantFor(t *testing.T) {
	const button = `<button onclick="this.dataset.pressed = Number(this.dataset.pressed ?? 0) + 1">Right</button>`
	browser := Start(t)
	for _, row := range []struct{ what, elements string }{
		{"what moves", `<style>@keyframes come { from { translate: 0 300px } } button { animation: come 400ms }</style>` + button},
		{"what something stands before", button + `<div style="position: fixed; inset: 0; background: red"></div><script>setTimeout(() => document.querySelector("div").remove(), 400)</script>`},
		{"what is not ready yet", button + `<script>document.querySelector("button").disabled = true; setTimeout(() => document.querySelector("button").disabled = false, 400)</script>`},
		{"what is not there yet", `<script>setTimeout(() => document.querySelector("main").insertAdjacentHTML("beforeend", ` + "`" + button + "`" + `), 400)</script>`},
		{"what jumps away when one is about to press it", `<p hidden style="height: 200px">Wrong</p>` + button + `<script>
			const wrong = document.querySelector("p"), find = document.elementFromPoint.bind(document);
			let looked = 0;
			document.elementFromPoint = (x, y) => { queueMicrotask(() => wrong.hidden = ++looked < 2); return find(x, y); };
		</script>`},
	} {
		t.Run(row.what, func(t *testing.T) {
			for name, in := range map[string]func(*Tab) *Tab{"at leisure": func(tab *Tab) *Tab { return tab }, "at once": (*Tab).AtOnce} {
				tab := browser.Tab(t, Look{})
				tab.Go(serve(t, "", row.elements))
				in(tab).Click("text=Right")
				if n := tab.Count("[data-pressed='1']"); n != 1 {
					t.Errorf("%s it is not pressed once", name)
				}
			}
		})
	}
}

// TestWhoWaitsReadsTheAnswer: a page rests when what it asked for has come, and what it put off for a moment.
func TestWhoWaitsReadsTheAnswer(t *testing.T) {
	browser := Start(t)
	for _, row := range []struct{ what, press string }{
		{"an answer", `const x = new XMLHttpRequest(); x.onload = () => this.textContent = x.responseText; x.open("GET", "/late"); x.send()`},
		{"an answer that leads to another", `const x = new XMLHttpRequest(); x.onload = () => { const y = new XMLHttpRequest(); y.onload = () => this.textContent = y.responseText; y.open("GET", "/late"); y.send() }; x.open("GET", "/late"); x.send()`},
		{"what is put off", `setTimeout(() => this.textContent = "answered", 300)`},
		{"what is put off again and again", `const late = clearTimeout(setTimeout(() => this.textContent = "wrong", 300)); setTimeout(() => setTimeout(() => this.textContent = "answered", 200), 200)`},
		{"what is put off for long never comes", `this.textContent = "answered"; setTimeout(() => this.textContent = "gone", 1001)`},
	} {
		t.Run(row.what, func(t *testing.T) {
			tab := browser.Tab(t, Look{})
			tab.Go(serve(t, "", `<button>Ask</button><script>document.querySelector("button").onclick = function () { `+row.press+` }</script>`))
			tab.Click("button")
			if text := tab.Text("button"); text != "answered" {
				t.Errorf("one reads %q", text)
			}
		})
	}
}

// TestWhatMovesUnderThePointerIsFoundOut keeps the tests of presses able to fail.
func TestWhatMovesUnderThePointerIsFoundOut(t *testing.T) {
	tab := Start(t).Tab(t, Look{})
	tab.Go(serve(t, "", `<p hidden style="height: 200px">Before</p><button onpointerdown="document.querySelector('p').hidden = false">Press</button>`))
	at := tab.aim("button", true)
	tab.pointer("mousePressed", at)
	tab.pointer("mouseReleased", at)
	if press := tab.pressed(); press != "lost" && press != "down" {
		t.Errorf("the press is %s, though the button went away under it", press)
	}
}
