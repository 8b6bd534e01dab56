package ui_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"kontor/internal/browsertest"
	"kontor/internal/edge/ui"
)

// site serves the pieces page and the assets, and more where a test has more to serve.
func site(t *testing.T, more ...func(*http.ServeMux)) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/pieces", ui.Pieces())
	mux.Handle(ui.AssetsPath, ui.Assets(slog.New(slog.DiscardHandler), nil))
	for _, add := range more {
		add(mux)
	}
	return browsertest.Serve(t, mux)
}

// picture writes what the tab shows into the folder PICTURES, where one is named.
func picture(name string, shoot func(string)) {
	if dir := os.Getenv("PICTURES"); dir != "" {
		shoot(filepath.Join(dir, name+".png"))
	}
}

var looks = map[string]browsertest.Look{
	"light": {}, "dark": {Dark: true}, "phone": {Phone: true}, "phone-dark": {Phone: true, Dark: true},
}

func TestThePiecesAreForEverybodyInEveryLight(t *testing.T) {
	base := site(t)
	browser := browsertest.Start(t)
	for name, look := range looks {
		for _, page := range []string{"pieces", "denied", "missing", "failed", "entrance"} {
			t.Run(page+" "+name, func(t *testing.T) {
				tab := browser.Tab(t, look)
				tab.Go(base + "/pieces?show=" + page)
				tab.Clean()
				picture(page+"-"+name, tab.Shoot)
			})
		}
	}
}

func TestWhatOpensIsForEverybodyToo(t *testing.T) {
	opened := []struct{ what, press, selector string }{
		{"menu", "text=More", "[popover].menu:popover-open"},
		{"explanation", "[popovertarget=why-price]", "#why-price"},
		{"dialog", "text=Ask before", "#really"},
		{"person", "[popovertarget=me]", "#me"},
		{"companies", ".switcher", "#places"},
		{"columns", "text=Columns", "#columns"},
		{"filters", "text=More filters", "#filters-more"},
		{"bulk", "#orders tbody .tick input", ".bulk"},
		{"figures", "text=Show the figures", ".figures"},
	}
	base := site(t)
	browser := browsertest.Start(t)
	for _, name := range []string{"light", "phone-dark"} {
		for _, o := range opened {
			t.Run(o.what+" "+name, func(t *testing.T) {
				tab := browser.Tab(t, looks[name])
				tab.Go(base + "/pieces")
				tab.Click(o.press)
				tab.Wait(o.selector)
				tab.Clean(o.selector)
				picture("open-"+o.what+"-"+name, tab.ShootScreen)
			})
		}
	}
}

func TestASellersColourIsReadableWhateverItIs(t *testing.T) {
	base := site(t)
	browser := browsertest.Start(t)
	for _, colour := range []string{"ffd400", "00b37a", "111111", "ff2d55"} {
		for _, name := range []string{"light", "dark"} {
			t.Run(colour+" "+name, func(t *testing.T) {
				tab := browser.Tab(t, looks[name])
				tab.Go(base + "/pieces?accent=" + colour)
				tab.Clean()
				picture("accent-"+colour+"-"+name, tab.ShootScreen)
			})
		}
	}
}

func TestNothingJumpsWhileThePageLoads(t *testing.T) {
	base := site(t)
	browser := browsertest.Start(t)
	for _, name := range []string{"light", "phone"} {
		tab := browser.Tab(t, looks[name])
		tab.Go(base + "/pieces")
		shift := browsertest.Eval[float64](tab, `new Promise(done => {
			let sum = 0;
			new PerformanceObserver(list => { for (const e of list.getEntries()) sum += e.value; }).observe({type: "layout-shift", buffered: true});
			requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 0)));
		})`)
		if shift > 0.01 {
			t.Errorf("%s: the page shifts by %.4f, more than 0.01", name, shift)
		}
		if wide := browsertest.Eval[bool](tab, `document.documentElement.scrollWidth > innerWidth`); wide {
			t.Errorf("%s: the page is wider than the screen", name)
		}
	}
}

// TestEveryPieceHasASample reads the package's own source: whatever renders itself is on the pieces page.
func TestEveryPieceHasASample(t *testing.T) {
	samples := source(t, "pieces.go") + source(t, "pieces.templ")
	for _, name := range pieces(t) {
		if !regexp.MustCompile(`\b` + name + `[{(]`).MatchString(samples) {
			t.Errorf("ui.%s has no sample on the pieces page", name)
		}
	}
}

// pieces are the types of the package that have a method Render.
func pieces(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for _, file := range files(t, "*.go") {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range tree.Decls {
			method, ok := decl.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Render" {
				continue
			}
			if name, ok := method.Recv.List[0].Type.(*ast.Ident); ok {
				found[name.Name] = true
			}
		}
	}
	if len(found) < 40 {
		t.Fatalf("only %d pieces found: the test reads the wrong files", len(found))
	}
	delete(found, "Fragment") // has no looks of its own
	delete(found, "Icon")     // is in every other sample
	return slices.Sorted(maps.Keys(found))
}

func files(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
}

func source(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryWordOfThePiecesIsListedForTranslation(t *testing.T) {
	said := map[string]bool{}
	for _, file := range append(files(t, "*.templ"), files(t, "*.go")...) {
		if strings.HasSuffix(file, "_templ.go") {
			continue
		}
		for _, match := range regexp.MustCompile(`word\(ctx, "([^"]*)"`).FindAllStringSubmatch(source(t, file), -1) {
			said[match[1]] = true
		}
	}
	if want, got := slices.Sorted(maps.Keys(said)), ui.Words(); !slices.Equal(want, got) {
		t.Errorf("Words lists\n%q\nbut the pieces say\n%q", got, want)
	}
}

func TestEveryIconIsListedForTheSprite(t *testing.T) {
	var named []ui.Icon
	for _, match := range regexp.MustCompile(`(?m)^\tIcon\w+\s+Icon = "([^"]+)"`).FindAllStringSubmatch(source(t, "icons.go"), -1) {
		named = append(named, ui.Icon(match[1]))
	}
	if len(named) == 0 || !slices.Equal(named, ui.Icons()) {
		t.Errorf("Icons lists %q, the constants are %q", ui.Icons(), named)
	}
}

// A total on a phone is not said to be the product: the last row has no labels of columns.
func TestTotalsAreNotLabelledByTheirColumns(t *testing.T) {
	table := ui.Table{Columns: []ui.Column{{Label: "Product"}, {Label: "Total", Numeric: true}}, Rows: []ui.Row{{Cells: []templ.Component{ui.Text("Screws"), ui.Text("3")}}},
		Foot: []templ.Component{ui.Text("Goods, net"), ui.Text("3")}}
	var page strings.Builder
	if err := table.Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	body, foot, ok := strings.Cut(page.String(), "<tfoot>")
	if !ok || !strings.Contains(body, `data-label="Total"`) || strings.Contains(foot, "data-label") {
		t.Errorf("%s", page.String())
	}
}

// Amounts of a column stand with their points below each other: what one lacks of the decimals of another is left free behind it,
// as wide as it would be, and is no text that anybody could hear, select or copy.
func TestAmountsOfAColumnStandBelowEachOther(t *testing.T) {
	for _, test := range []struct {
		says      string
		fractions []string
		pads      []string
	}{
		{"two decimals below four", []string{".0842", ".00", ".5"}, []string{"", "00", "000"}},
		{"none below three", []string{"", ",125"}, []string{",000", ""}},
		{"all alike", []string{",50", ",00"}, []string{"", ""}},
		{"nobody says", []string{"", ""}, []string{"", ""}},
	} {
		table := ui.Table{Columns: []ui.Column{{Label: "What"}, {Label: "Price", Numeric: true}}}
		for _, f := range test.fractions {
			table.Rows = append(table.Rows, ui.Row{Cells: []templ.Component{ui.Text("x"), ui.Money{Text: "7" + f, Fraction: f}}})
		}
		var b strings.Builder
		if err := table.Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		page, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		page.Find("tbody .money").Each(func(i int, m *goquery.Selection) {
			pad, _ := m.Find(".padded").Attr("data-pad")
			if pad != test.pads[i] || strings.TrimSpace(m.Text()) != "7"+test.fractions[i] {
				t.Errorf("%s: %q is padded by %q, want %q", test.says, m.Text(), pad, test.pads[i])
			}
		})
	}
}
