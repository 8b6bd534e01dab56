package ui_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/a-h/templ"

	"kontor/internal/browsertest"
	"kontor/internal/edge/ui"
)

// page serves pieces inside a frame, with the words of a toast from the address.
func page(f ui.Frame, inside ...templ.Component) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := f
		f.Theme = ui.ThemeOf(r)
		if said := r.URL.Query().Get("said"); said != "" {
			f.Toasts = []ui.Toast{{Tone: ui.Good, Text: said}}
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", ui.ContentSecurityPolicy)
		if err := f.Render(templ.WithChildren(r.Context(), ui.All(inside)), w); err != nil {
			panic(err)
		}
	}
}

// form is a form around pieces.
func form(f ui.Form, inside ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return f.Render(templ.WithChildren(ctx, ui.All(inside)), w)
	})
}

func frame(title string) ui.Frame {
	return ui.Frame{
		Title: title, Seller: "Bolt & Nut", HomeURL: "/here",
		Find: ui.Finder{Action: "/search", Label: "Search"},
		Me:   ui.PersonMenu{Person: ui.Person{Name: "Ann Archer"}, Label: "Your menu", SignOut: "/out"},
		Entries: []ui.Entry{
			{Name: "home", Label: "Home", URL: "/here", Icon: ui.IconHome, Key: "h"},
			{Name: "approvals", Label: "Approvals", URL: "/approvals", Icon: ui.IconApprovals, Key: "a", Count: 1},
		},
	}
}

// at is one address and what answers there.
func at(pattern string, answer http.HandlerFunc) func(*http.ServeMux) {
	return func(mux *http.ServeMux) { mux.HandleFunc(pattern, answer) }
}

func TestKeysReachWhatTheyName(t *testing.T) {
	base := site(t,
		at("/here", page(frame("Here"), ui.Header{Title: "Here"},
			ui.LinkButton{Label: "Approve", URL: "/approved", Key: "a"},
			ui.Items{Label: "Things", Items: []ui.Item{{Title: "First", URL: "/1"}, {Title: "Second", URL: "/2"}}})),
		at("/table", page(frame("Table"), ui.Header{Title: "Table"}, ui.Table{Caption: "Things", Columns: []ui.Column{{Label: "Thing"}, {Label: "More"}}, Rows: []ui.Row{
			{Cells: []templ.Component{ui.Named{Name: "One", URL: "/1"}, ui.LinkButton{Label: "More of one", URL: "/2"}}},
			{Cells: []templ.Component{ui.Text("Two"), ui.LinkButton{Label: "More of two", URL: "/2"}}},
			{ID: "bare", Cells: []templ.Component{ui.Text("Three"), ui.Button{Label: "Delete"}}},
			{URL: "/4", Cells: []templ.Component{ui.Text("Four"), nil}}}})),
		at("/cards", page(frame("Cards"), ui.Header{Title: "Cards"}, ui.Card{Title: "About"}, ui.Card{Title: "A", Line: true, Actions: ui.LinkButton{Label: "Open A", URL: "/1"}}, ui.Card{Name: "locked", Title: "B", Line: true})),
		at("/approvals", page(frame("Approvals"), ui.Header{Title: "Approvals"})),
		at("/approved", page(frame("Approved"), ui.Header{Title: "Approved"})),
	)
	browser := browsertest.Start(t)
	for _, row := range []struct {
		what, keys string
		shown      func(*browsertest.Tab)
	}{
		{"a slash searches", "/", func(tab *browsertest.Tab) { tab.Focus("find") }},
		{"g and a go to the approvals", "ga", func(tab *browsertest.Tab) { tab.At("/approvals") }},
		{"a alone approves", "a", func(tab *browsertest.Tab) { tab.At("/approved") }},
		{"j walks down a list", "jj", func(tab *browsertest.Tab) { tab.Focus("Second") }},
		{"k walks up again", "jjk", func(tab *browsertest.Tab) { tab.Focus("First") }},
		{"a question mark helps", "?", func(tab *browsertest.Tab) { tab.Wait("#shortcuts") }},
		{"letters typed into a field stay there", "/ga", func(tab *browsertest.Tab) { tab.Holds("#find", "ga") }},
	} {
		t.Run(row.what, func(t *testing.T) {
			tab := browser.Tab(t, browsertest.Look{})
			tab.Go(base + "/here")
			tab.Press(row.keys)
			row.shown(tab)
		})
	}
	for _, row := range []struct{ what, path, keys, focus string }{
		{"a row that is named by a link", "/table", "j", "One"},
		{"a row that has one further on", "/table", "jj", "More of two"},
		{"a row that leads nowhere, and not what it deletes", "/table", "jjj", "bare"},
		{"from there to the next", "/table", "jjjj", "Four"},
		{"and back", "/table", "jjjjkk", "More of two"},
		{"a card", "/cards", "j", "Open A"},
		{"a card that leads nowhere", "/cards", "jj", "locked"},
	} {
		t.Run("j walks to "+row.what, func(t *testing.T) {
			tab := browser.Tab(t, browsertest.Look{})
			tab.Go(base + row.path)
			tab.Press(row.keys)
			tab.Focus(row.focus)
		})
	}
	t.Run("whoever turns them off is left alone", func(t *testing.T) {
		tab := browser.Tab(t, browsertest.Look{})
		tab.Go(base + "/here")
		tab.Press("?")
		tab.Click("label[for=keys]")
		tab.Go(base + "/here")
		tab.Press("a/")
		is(t, "address", tab.Path(), "/here")
		is(t, "focus on the search", fmt.Sprint(tab.Focused() == "find"), "false")
	})
}

func is(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %q, want %q", what, got, want)
	}
}

func TestAFormIsSentOnceHoweverOftenItIsPressed(t *testing.T) {
	var sent atomic.Int32
	release := make(chan struct{})
	base := site(t,
		at("GET /here", page(frame("Here"), ui.Header{Title: "Here"}, form(ui.Form{Action: "/here"}, ui.Button{Label: "Submit"}))),
		at("POST /here", func(w http.ResponseWriter, r *http.Request) {
			sent.Add(1)
			<-release
			http.Redirect(w, r, "/here?said=Done", http.StatusSeeOther)
		}),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	hasty := tab.AtOnce()
	hasty.Click("text=Submit")
	hasty.Wait("button[aria-busy=true]")
	hasty.Click("text=Submit")
	hasty.Click("text=Submit")
	close(release)
	tab.See("Done")
	is(t, "number of posts", fmt.Sprint(sent.Load()), "1")
	tab.Gone("button[aria-busy=true]")
	tab.Click("text=Submit")
	tab.At("/here?said=Done")
	tab.Gone("button[aria-busy=true]")
	is(t, "number of posts after the answer", fmt.Sprint(sent.Load()), "2")
}

func TestEverythingWorksWithoutScripts(t *testing.T) {
	var got string
	base := site(t,
		at("GET /here", page(frame("Here"), ui.Header{Title: "Here"}, form(ui.Form{Action: "/here"},
			ui.Field{Name: "reference", Label: "Reference"}, ui.Button{Label: "Submit", Name: "act", Value: "submit"}),
			ui.Menu{Name: "menu", Label: "More", Items: []ui.MenuItem{{Label: "Other", URL: "/other"}}},
			ui.Filters{Action: "/here", Search: ui.SearchField{Label: "Search orders"}})),
		at("POST /here", func(w http.ResponseWriter, r *http.Request) {
			got = r.FormValue("reference") + " " + r.FormValue("act")
			http.Redirect(w, r, "/here?said=Done", http.StatusSeeOther)
		}),
		at("/other", page(frame("Other"), ui.Header{Title: "Other"})),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{NoScripts: true})
	tab.Go(base + "/here")
	tab.Type("#reference", "PO 1")
	tab.Follow("text=Submit")
	tab.See("Done")
	is(t, "what was posted", got, "PO 1 submit")
	tab.Type("[type=search][aria-label='Search orders']", "screws")
	tab.Follow("text=Apply")
	tab.At("/here?q=screws")
	tab.Click("text=More")
	tab.Follow("text=Other")
	tab.At("/other")
}

func TestFiltersFollowWhatIsTyped(t *testing.T) {
	base := site(t, at("/here", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query().Get("q")
		page(frame("Here"), ui.Header{Title: "Here"},
			ui.Filters{
				Action: "/here", Search: ui.SearchField{Label: "Search orders", Value: q}, HX: ui.HX{Region: "orders"},
				Fields: []ui.Field{{As: ui.AsSelect, Name: "state", Label: "State", Options: []ui.Option{{Label: "Any"}, {Value: "open", Label: "Open"}}}},
			},
			ui.Table{Name: "orders", Caption: "Orders", Columns: []ui.Column{{Label: "Order"}}, Rows: []ui.Row{{Cells: []templ.Component{ui.Text("found " + q)}}}})(w, r)
	}))
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	tab.Type("main [type=search]", "screw")
	tab.See("found screw")
	tab.At("/here?q=screw")
	tab.Focus("q")
	tab.Press("s")
	tab.See("found screws")
	is(t, "what was typed", tab.Value("main [type=search]"), "screws")
	tab.Choose("#filter-state", "open")
	tab.At("/here?q=screws&state=open")
}

func TestCountsFollowTheStream(t *testing.T) {
	more := make(chan string)
	f := frame("Here")
	f.LiveURL = "/live"
	base := site(t,
		at("/here", page(f, ui.Header{Title: "Here"})),
		at("/live", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for {
				select {
				case count := <-more:
					if _, err := fmt.Fprintf(w, "event: approvals\ndata: %s\n\n", count); err != nil {
						return
					}
					if err := http.NewResponseController(w).Flush(); err != nil {
						return
					}
				case <-r.Context().Done():
					return
				}
			}
		}),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	is(t, "count", tab.Text(".rail [data-live=approvals]"), "1")
	more <- "7"
	tab.Reads(".rail [data-live=approvals]", "7")
	more <- "0"
	tab.Gone(".rail [data-live=approvals]")
}

func TestWhatIsCountedAppearsWithItsCount(t *testing.T) {
	more := make(chan string)
	f := frame("Here")
	f.LiveURL = "/live"
	var looks atomic.Int64
	base := site(t,
		at("/here", func(w http.ResponseWriter, r *http.Request) {
			said := ui.Text(fmt.Sprint("look ", looks.Add(1)))
			page(f, ui.Header{Title: "Here"}, inLive(said))(w, r)
		}),
		at("/live", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for {
				select {
				case count := <-more:
					if _, err := fmt.Fprintf(w, "event: approvals\ndata: %s\n\n", count); err != nil {
						return
					}
					if err := http.NewResponseController(w).Flush(); err != nil {
						return
					}
				case <-r.Context().Done():
					return
				}
			}
		}),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	is(t, "part", tab.Text("#counted"), "look 1")
	more <- "1" // as it is shown
	more <- "7"
	tab.Reads("#counted", "look 2")
}

// inLive stands in a part that follows the count of what is to be approved.
func inLive(c templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Live{Name: "counted", Get: "/here", Count: "approvals"}.Render(templ.WithChildren(ctx, c), w)
	})
}

func TestAQuantityHonoursItsStep(t *testing.T) {
	base := site(t, at("/here", page(frame("Here"), ui.Header{Title: "Here"}, form(ui.Form{Action: "/here"},
		ui.Field{As: ui.AsQuantity, Name: "n", Label: "Quantity", Value: "250", Min: "100", Max: "1000", Step: "100"},
		ui.Field{As: ui.AsQuantity, Name: "m", Label: "Metres", Value: "0.5", Min: "0.5", Step: "0.25"}))))
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	tab.Click("[aria-label='More: Quantity']")
	is(t, "one step up from between two", tab.Value("#n"), "300")
	tab.Click("[aria-label='Less: Quantity']")
	tab.Click("[aria-label='Less: Quantity']")
	tab.Click("[aria-label='Less: Quantity']")
	is(t, "never below the least", tab.Value("#n"), "100")
	tab.Type("#n", "990")
	tab.Click("[aria-label='More: Quantity']")
	is(t, "never above the most", tab.Value("#n"), "1000")
	tab.Click("[aria-label='More: Metres']")
	is(t, "parts of a metre", tab.Value("#m"), "0.75")
}

func TestPermissionsKeepTheirNeeds(t *testing.T) {
	base := site(t)
	browser := browsertest.Start(t)
	ticked := func(tab *browsertest.Tab) string {
		return browsertest.Eval[string](tab, `[...document.querySelectorAll("[name=permission]:checked")].map(e => e.value).join(" ")`)
	}
	for _, row := range []struct {
		what   string
		labels []string
		want   string
	}{
		{"as stored", nil, "cart.use checkout.place"},
		{"a leaf brings what it needs", []string{"permission-people.invite"}, "cart.use checkout.place people.read people.invite"},
		{"needs reach across groups", []string{"permission-checkout.others"}, "cart.use checkout.place checkout.others people.read"},
		{"what is taken away takes what needs it", []string{"permission-cart.use"}, ""},
		{"a group ticks its leaves but not the locked", []string{"permission-people"}, "cart.use checkout.place people.read people.invite"},
		{"and unticks them", []string{"permission-people", "permission-people.invite", "permission-people.read"}, "cart.use checkout.place"},
		{"a half-ticked group fills up first", []string{"permission-checkout"}, "cart.use checkout.place checkout.others people.read"},
	} {
		t.Run(row.what, func(t *testing.T) {
			tab := browser.Tab(t, browsertest.Look{})
			tab.Go(base + "/pieces")
			for _, label := range row.labels {
				tab.Click("label[for='" + label + "']")
			}
			is(t, "what is ticked", ticked(tab), row.want)
		})
	}
	tab := browser.Tab(t, browsertest.Look{})
	tab.Go(base + "/pieces")
	half := browsertest.Eval[bool](tab, `document.getElementById("permission-checkout").indeterminate`)
	is(t, "a group with some leaves half ticked", fmt.Sprint(half), "true")
	is(t, "its count", tab.Text("#permission-checkout-count"), "2/3")
}

func TestWhatIsDroppedOnATreeIsWeighedFirst(t *testing.T) {
	var mu sync.Mutex
	var moved []string
	base := site(t,
		at("GET /here", page(frame("Here"), ui.Header{Title: "Here"}, ui.Tree{Name: "tree", Label: "Structure", MoveURL: "/move", Nodes: []ui.Node{
			{Key: "plant", Label: "Plant", Open: true, Receives: true, Movable: true, Nodes: []ui.Node{{Key: "tools", Label: "Tools", Movable: true, Receives: true}}},
			{Key: "sales", Label: "Sales", Receives: true},
		}})),
		at("GET /move", func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			moved = append(moved, r.FormValue("node")+" under "+r.FormValue("under"))
			mu.Unlock()
			http.Redirect(w, r, "/here?said=Moved", http.StatusSeeOther)
		}),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	tab.Drag("[data-node=plant]", "[data-node=tools]") // below itself: must not go
	tab.Drag("[data-node=tools]", "[data-node=sales]")
	tab.See("Moved")
	mu.Lock()
	defer mu.Unlock()
	is(t, "what was moved", strings.Join(moved, ", "), "tools under sales")
}

// A row is put elsewhere by its buttons and by the pointer, in the same words to the server.
func TestWhatIsDroppedOnARowTakesItsPlace(t *testing.T) {
	var mu sync.Mutex
	order := []string{"Screw", "Glove", "Cable"}
	base := site(t,
		at("GET /here", func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			table := ui.Table{Name: "rows", Caption: "Rows", Columns: []ui.Column{{Label: "Name"}}}
			for i, name := range order {
				table.Rows = append(table.Rows, ui.Row{ID: "row-" + name, Cells: []templ.Component{ui.All{ui.Text(name), ui.Placing{Action: "/place/" + name, Said: name, Place: i + 1, Last: i == len(order)-1}}}})
			}
			page(frame("Here"), ui.Header{Title: "Here"}, table)(w, r)
		}),
		at("POST /place/{name}", func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			name := r.PathValue("name")
			to, err := strconv.Atoi(r.FormValue("to"))
			if err != nil || len(r.PostForm["to"]) != 1 {
				t.Errorf("%s is sent to %q", name, r.PostForm["to"])
				return
			}
			order = slices.Insert(slices.DeleteFunc(order, func(s string) bool { return s == name }), to-1, name)
			http.Redirect(w, r, "/here?said="+strings.Join(order, "+"), http.StatusSeeOther)
		}),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	tab.Drag("#row-Screw .grip", "#row-Screw") // where it stands: must not go
	tab.Drag("#row-Screw .grip", "#row-Cable")
	tab.See("Glove Cable Screw")
	tab.Drag("#row-Screw .grip", "#row-Cable")
	tab.See("Glove Screw Cable")
	tab.Click("[aria-label='Move Glove down']")
	tab.See("Screw Glove Cable")
	tab.Clean()
}

func TestTheChosenThemeStays(t *testing.T) {
	base := site(t)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{Dark: true})
	tab.Go(base + "/pieces")
	tab.Click("[popovertarget=me]")
	tab.Click("text=Light or dark")
	tab.Go(base + "/pieces")
	is(t, "theme after reloading", browsertest.Eval[string](tab, `document.documentElement.dataset.theme`), "light")
	is(t, "ground", browsertest.Eval[string](tab, `getComputedStyle(document.documentElement).backgroundColor`), "rgb(246, 247, 249)")
}

func TestAPageIsMorphedSoThatWhatIsFoldedStays(t *testing.T) {
	tree := ui.Tree{Name: "tree", Label: "Structure", Nodes: []ui.Node{{Key: "plant", Label: "Plant", Nodes: []ui.Node{{Key: "tools", Label: "Tools"}}}}}
	base := site(t,
		at("GET /here", page(frame("Here"), ui.Header{Title: "Here"}, tree, form(ui.Form{Action: "/here"}, ui.Button{Label: "Submit"}))),
		at("POST /here", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/here?said=Done", http.StatusSeeOther)
		}),
		at("/approvals", page(frame("Approvals"), ui.Header{Title: "Approvals"})),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	browsertest.Eval[bool](tab, `window.stays = true`)
	tab.Click("[aria-label='What is below Plant']")
	tab.Wait("[data-node=tools]")
	tab.Click("text=Submit")
	tab.See("Done")
	tab.Wait("[data-node=tools]")
	tab.Click(".rail [href='/approvals']")
	tab.At("/approvals")
	is(t, "the title", browsertest.Eval[string](tab, `document.title`), "Approvals · Bolt & Nut")
	tab.Focus("main")
	is(t, "the window was kept", fmt.Sprint(browsertest.Eval[bool](tab, `window.stays === true`)), "true")
	tab.Clean()
	browsertest.Eval[bool](tab, `history.back(), true`)
	tab.At("/here?said=Done")
	tab.Wait("text=Submit")
}

func TestAnErrorStandsBesideItsFieldAndWhatWasTypedStays(t *testing.T) {
	answer := func(value, fault string) http.HandlerFunc {
		return page(frame("Here"), ui.Header{Title: "Here"}, form(ui.Form{Action: "/here"},
			ui.Field{Name: "reference", Label: "Reference", Value: value, Error: fault}, ui.Button{Label: "Submit"}))
	}
	base := site(t,
		at("GET /here", answer("", "")),
		at("POST /here", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusUnprocessableEntity)
			answer(r.FormValue("reference"), "Too short")(w, r)
		}),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	tab.Type("#reference", "P")
	tab.Press(browsertest.Enter)
	tab.Wait("#reference-error")
	is(t, "what was typed", tab.Value("#reference"), "P")
	is(t, "what a screen reader hears with it", browsertest.Eval[string](tab, `document.getElementById(document.getElementById("reference").getAttribute("aria-describedby")).innerText.trim()`), "Too short")
}

// Fields for quantities are as wide as each other whatever the unit, and a row that is marked is marked at its edge, ticks or none.
func TestWhatStandsBelowEachOtherIsAlike(t *testing.T) {
	quantity := func(name, unit, value string) ui.Field {
		return ui.Field{As: ui.AsQuantity, Name: name, Label: name, Unit: unit, Value: value}
	}
	queue := ui.Table{Name: "queue", Caption: "Queue", Columns: []ui.Column{{Label: "Number"}, {Label: "Who"}}, Ticks: "po", Form: "many",
		Rows: []ui.Row{{Cells: []templ.Component{ui.Text("PO 1"), ui.Text("Ann")}, Value: "1", Said: "PO 1", Tone: ui.Warn}}}
	base := site(t, at("GET /here", page(frame("Here"), ui.Header{Title: "Here"}, form(ui.Form{Action: "/here"}, quantity("a", "pcs", "3"), quantity("b", "gallon", "60"), quantity("c", "", "1,000")), queue)))
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	is(t, "how many widths there are", fmt.Sprint(browsertest.Eval[int](tab, `new Set([...document.querySelectorAll(".stepper")].map(s => Math.round(s.getBoundingClientRect().width))).size`)), "1")
	is(t, "what is marked", browsertest.Eval[string](tab, `[...document.querySelectorAll("#queue tbody tr > *")].filter(c => getComputedStyle(c).boxShadow !== "none").map(c => c.className || c.tagName).join()`), "tick")
}

// Whoever leaves with something typed that was not sent, or was refused, is asked first; nobody else is.
func TestWhoLeavesWithSomethingUnsentIsAsked(t *testing.T) {
	answer := func(value, fault string) http.HandlerFunc {
		return page(frame("Here"), ui.Header{Title: "Here"}, ui.Filters{Action: "/here", Search: ui.SearchField{Label: "Search"}}, form(ui.Form{Action: "/here"},
			ui.Field{Name: "reference", Label: "Reference", Value: value, Error: fault}, ui.Field{As: ui.AsSelect, Name: "unit", Label: "Unit", Options: []ui.Option{{Label: "None"}, {Value: "1", Label: "One"}}},
			ui.Field{Name: "count", Label: "Count", Submits: true}, ui.Button{Label: "Submit"}))
	}
	base := site(t,
		at("GET /here", answer("", "")),
		at("POST /here", func(w http.ResponseWriter, r *http.Request) {
			if said := r.FormValue("reference"); len(said) < 3 {
				w.WriteHeader(http.StatusUnprocessableEntity)
				answer(said, "Too short")(w, r)
				return
			}
			http.Redirect(w, r, "/here?said=Done", http.StatusSeeOther)
		}),
		at("/approvals", page(frame("Approvals"), ui.Header{Title: "Approvals"})),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	asked := func(when, want string) { t.Helper(); is(t, when, strings.Join(tab.Asked(), " "), want) }
	away := ".rail [href='/approvals']"
	const leave = "confirm: What you typed here was not sent, and would be lost. Leave all the same?"
	tab.Go(base + "/here")
	tab.Type("[type=search]", "x")
	tab.Go(base + "/here")
	asked("who only looked for something", "")
	tab.Click(away)
	tab.At("/approvals")
	asked("who did nothing", "")

	tab.Go(base + "/here")
	tab.Type("#reference", "P")
	tab.Stay(true)
	tab.Click(away)
	asked("who typed and follows a link", leave)
	tab.At("/here")
	is(t, "what was typed", tab.Value("#reference"), "P")
	tab.Stay(false)
	tab.Click("text=Submit")
	tab.Wait("#reference-error")
	asked("who sends it", "")
	tab.Go(base + "/here")
	asked("who was refused and loads the page anew", "beforeunload: ")
	tab.Forgive("422")

	tab.Type("#reference", "PO 1")
	tab.Click("text=Submit")
	tab.See("Done")
	tab.Click(away)
	tab.At("/approvals")
	asked("whose form was taken", "")

	tab.Go(base + "/here")
	tab.Type("#reference", "P")
	tab.Click(away)
	tab.At("/approvals")
	asked("who leaves all the same", leave)
	tab.Clean()
}

func TestAServerThatCannotBeReachedIsSaid(t *testing.T) {
	base := site(t,
		at("GET /here", page(frame("Here"), ui.Header{Title: "Here"}, form(ui.Form{Action: "/here"}, ui.Field{Name: "reference", Label: "Reference"}, ui.Button{Label: "Submit"}))),
		at("POST /here", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	tab.Type("#reference", "PO 1")
	tab.Click("text=Submit")
	tab.See("The server cannot be reached")
	is(t, "what was typed", tab.Value("#reference"), "PO 1")
}

// What is changed while the answer to a change before it is still awaited is sent as it was typed.
func TestWhatIsChangedMeanwhileIsNotLost(t *testing.T) {
	base, release, heard := followed(t)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	hasty := tab.AtOnce()
	hasty.Type("#first", "5"+browsertest.TabKey)
	hasty.Type("#second", "7"+browsertest.TabKey)
	hasty.Type("#first", "6"+browsertest.TabKey)
	release()
	tab.Holds("#first", "6")
	tab.Holds("#second", "7")
	is(t, "what the server heard", heard(), "6 7")
}

// What is under the pointer when it goes down is there still when it comes up.
func TestNothingMovesUnderAPointerThatIsDown(t *testing.T) {
	base, release, heard := followed(t)
	release()
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	tab.Type("#first", "5")
	letGo := tab.Hold("text=Go on")
	letGo()
	tab.At("/next")
	is(t, "what the server heard", heard(), "5 1")
}

// Who goes elsewhere before an answer has come gets there, and stays there.
func TestTheLastLinkWins(t *testing.T) {
	let := make(chan struct{})
	base := site(t,
		at("/here", page(frame("Here"), ui.Header{Title: "Here"}, ui.LinkButton{Label: "Slow", URL: "/slow"}, ui.LinkButton{Label: "Quick", URL: "/quick"})),
		at("/slow", func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-let:
			case <-r.Context().Done():
			}
			page(frame("Slow"), ui.Header{Title: "Slow"})(w, r)
		}),
		at("/quick", page(frame("Quick"), ui.Header{Title: "Quick"})),
	)
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	tab.Go(base + "/here")
	hasty := tab.AtOnce()
	hasty.Click("text=Slow")
	hasty.Click("text=Quick")
	hasty.At("/quick")
	close(let)
	tab.At("/quick")
	tab.Reads("h1", "Quick")
	tab.Clean()
}

// followed is a site of one page with two fields that are sent as soon as they change, and a link below them. What they
// hold is what the server has heard; its first answer comes when it is let to.
func followed(t *testing.T) (base string, release func(), heard func() string) {
	t.Helper()
	var mu sync.Mutex
	values := map[string]string{"first": "1", "second": "1"}
	posts, let := 0, make(chan struct{})
	heard = func() string {
		mu.Lock()
		defer mu.Unlock()
		return values["first"] + " " + values["second"]
	}
	base = site(t,
		at("GET /here", func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			inside := []templ.Component{ui.Header{Title: "Here"}}
			if posts > 0 {
				inside = append(inside, ui.Notice{Title: "What was changed moves what stands below"})
			}
			for _, name := range []string{"first", "second"} {
				inside = append(inside, form(ui.Form{Action: "/here", HX: ui.HX{Stay: true}}, ui.Field{As: ui.AsQuantity, Name: name, Label: name, Value: values[name], Submits: true}))
			}
			page(frame("Here"), append(inside, ui.LinkButton{Label: "Go on", URL: "/next"})...)(w, r)
		}),
		at("POST /here", func(w http.ResponseWriter, r *http.Request) {
			name := "first"
			if r.FormValue("second") != "" {
				name = "second"
			}
			mu.Lock()
			posts++
			wait := posts == 1
			values[name] = r.FormValue(name)
			mu.Unlock()
			if wait {
				<-let
			}
			http.Redirect(w, r, "/here", http.StatusSeeOther)
		}),
		at("/next", page(frame("Next"), ui.Header{Title: "Next"})),
	)
	return base, func() { close(let) }, heard
}
