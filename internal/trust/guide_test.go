package trust

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kontor/internal/browsertest"
	"kontor/internal/storetest"
)

// guides is where the guides stand.
const guides = "../../docs/guides"

// aid is what a guide says to a test, one on a line: a remark, which no reader sees, or a picture.
//
//	<!-- as ann@acme.example -->   signs in
//	<!-- go /shop -->              goes there
//	<!-- click SELECTOR -->        presses what there is first
//	<!-- follow SELECTOR -->       goes to where the first of these links leads
//	<!-- see WORDS -->             waits for them
//	<!-- keep NAME /id -->         of the answer shown above, to be said again as {NAME}
//	![what it shows](pictures/shop.png)
var aid = regexp.MustCompile(`^(?:<!-- (as|go|click|follow|see|keep) (.+) -->|!\[.+\]\((pictures/[a-z-]+\.png)\))$`)

// The guides are walked through in a browser, and what they send is sent, on the demo world. PICTURES=1 takes the pictures anew.
func TestTheGuidesAreTrue(t *testing.T) {
	address := storetest.SQLite(t)
	well(t, address, "seed")
	n := serve(t, address)
	browser := browsertest.Start(t)
	files, err := filepath.Glob(guides + "/*.md")
	if err != nil || len(files) < 6 {
		t.Fatalf("there are %d guides: %v", len(files), err)
	}
	var shown []string
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".md"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var tab *browsertest.Tab
			said := &talk{t: t, url: n.url, kept: map[string]string{}}
			var block *strings.Builder // of HTTP; nil outside
			for line := range strings.Lines(string(text)) {
				if block != nil && strings.TrimSpace(line) != "```" {
					block.WriteString(line)
					continue
				}
				line = strings.TrimSpace(line)
				m := aid.FindStringSubmatch(line)
				switch {
				case line == "```http":
					block = &strings.Builder{}
				case block != nil:
					said.block(block.String())
					block = nil
				case m == nil && (strings.HasPrefix(line, "<!--") || strings.HasPrefix(line, "![")):
					t.Errorf("nobody understands %q", line)
				case m != nil && m[3] != "":
					shown = append(shown, filepath.Base(m[3]))
					if os.Getenv("PICTURES") != "" {
						tab.ShootScreen(filepath.Join(guides, m[3]))
					}
				case m != nil && m[1] == "keep":
					said.keep(m[2])
				case m != nil && m[1] == "as":
					tab = enter(t, browser, n.url, m[2])
				case m != nil:
					walk(tab, n.url, m[1], m[2])
				}
			}
			if block != nil || said.open {
				t.Errorf("it ends before the answer to %q", said.sent)
			}
		})
	}
	kept, err := filepath.Glob(guides + "/pictures/*.png")
	if err != nil {
		t.Fatal(err)
	}
	for i := range kept {
		kept[i] = filepath.Base(kept[i])
	}
	slices.Sort(shown)
	if !slices.Equal(kept, shown) {
		t.Errorf("the guides show %q, and the pictures are %q: run make pictures", shown, kept)
	}
}

// enter is a tab of its own in which somebody has signed in.
func enter(t *testing.T, browser *browsertest.Browser, url, email string) *browsertest.Tab {
	tab := browser.Tab(t, browsertest.Look{Still: true})
	tab.Go(url + "/sign-in")
	tab.Type("input[name=email]", email)
	tab.Type("input[name=password]", "correct-horse-demo-2026"+browsertest.Enter)
	tab.At("/")
	return tab
}

// walk takes one step; the page that it leads to has nothing wrong with it.
func walk(tab *browsertest.Tab, url, verb, what string) {
	switch verb {
	case "go":
		tab.Go(url + what)
	case "click":
		tab.Click(what)
	case "follow":
		tab.Go(url + browsertest.Eval[string](tab, "document.querySelector(`"+what+"`).getAttribute('href')"))
	case "see":
		tab.See(what)
	}
	tab.Clean()
	tab.Forget()
}
