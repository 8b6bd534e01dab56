package boot

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

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
		})
	}
}
