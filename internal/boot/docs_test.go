package boot

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/browsertest"
	"kontor/internal/edge/web"
)

// The page of the API, with the style sheet of the portal that it is served with, is for everybody whatever they look at
// it with, and none of it stands outside of the window.
func TestThePageOfTheAPIIsForEverybodyInEveryLight(t *testing.T) {
	mux, _ := (&house{}).routes(Settings{Seller: "Bolt & Nut"}, slog.New(slog.DiscardHandler))
	edge, err := web.New(web.Settings{Log: slog.New(slog.DiscardHandler)}, mux)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(edge.Stop)
	url := browsertest.Serve(t, edge)
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}} {
		t.Run(name, func(t *testing.T) {
			tab := browser.Tab(t, look)
			tab.Go(url + "/api/v1/docs")
			if dir := os.Getenv("PICTURES"); dir != "" {
				tab.ShootScreen(filepath.Join(dir, "docs-"+name+".png"))
			}
			if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("%d pixels too wide", wide)
			}
			if text, window := browsertest.Eval[int](tab, `document.querySelector("main").clientWidth`), browsertest.Eval[int](tab, `document.documentElement.clientWidth`); text < window/2 {
				t.Errorf("the text is %d of %d pixels wide", text, window)
			}
			if top := browsertest.Eval[int](tab, `Math.round(document.querySelector("h1").getBoundingClientRect().top)`); top < 0 || top > browsertest.Eval[int](tab, `innerHeight`) {
				t.Errorf("the text begins %d pixels down", top)
			}
			// of thousands of elements of a kind a few are enough
			tab.Clean("nav", "main > :not(section)", "main > section:nth-of-type(-n+4)", "main > section:last-of-type > :nth-child(-n+20)")
			tab.Go(url + "/problems/budget.exhausted")
			if dir := os.Getenv("PICTURES"); dir != "" {
				tab.ShootScreen(filepath.Join(dir, "problem-"+name+".png"))
			}
			if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("the page of a problem is %d pixels too wide", wide)
			}
			if top := browsertest.Eval[int](tab, `Math.round(document.querySelector("h1").getBoundingClientRect().top)`); top < 0 || top > browsertest.Eval[int](tab, `innerHeight`) {
				t.Errorf("the problem is told %d pixels down", top)
			}
			tab.Clean("nav > p", "nav li:nth-child(-n+5)", "main")
		})
	}
}

// What docs/faults.md lists is what the pages of problems know: both are all that there is.
func TestEveryFaultHasAPage(t *testing.T) {
	doc, err := os.ReadFile("../../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` ").FindAllStringSubmatch(string(doc), -1) {
		listed = append(listed, row[1])
	}
	slices.Sort(listed)
	if !slices.Equal(listed, fault.Defined()) {
		t.Errorf("docs/faults.md lists %d, and %d are defined; only one of them has %v", len(listed), len(fault.Defined()), slices.DeleteFunc(append(listed, fault.Defined()...), func(code string) bool {
			return slices.Contains(listed, code) && fault.Lookup(code) != nil
		}))
	}
}
