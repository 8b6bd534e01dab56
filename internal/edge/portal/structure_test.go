package portal_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/usecase/organising"
)

// crowd gives Acme so many more units and members, 500 of them right below one unit.
func (w *bureau) crowd(nodes int) organising.Built {
	w.t.Helper()
	p := organising.Plan{Units: []organising.PlannedUnit{{Code: "crowd", Name: "Crowd"}}}
	for i := range nodes / 10 {
		under := ""
		if i >= 10 {
			under = fmt.Sprintf("u%d", i/10)
		}
		p.Units = append(p.Units, organising.PlannedUnit{Code: fmt.Sprintf("u%d", i), Name: fmt.Sprintf("Unit %d", i), Under: under})
	}
	for i := range nodes - len(p.Units) {
		under := "crowd"
		if i >= 500 {
			under = fmt.Sprintf("u%d", i%(len(p.Units)-1))
		}
		p.Members = append(p.Members, organising.PlannedMember{Email: fmt.Sprintf("m%d@acme.example", i), First: "Member", Last: fmt.Sprintf("No. %04d", i), Title: "Fitter", Under: under})
	}
	built, err := w.Organising.Build(w.t.Context(), access.System(w.Acme), p)
	w.must(err)
	return built
}

// weighed gets a page and says how long it took, how many rows of a tree it has and what it weighs over the wire.
func (d *desk) weighed(path string) (page string, took time.Duration, weight int) {
	d.t.Helper()
	begun := time.Now()
	r, err := d.Client.Get(d.url + path)
	d.must(err)
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	d.must(err)
	took = time.Since(begun)
	var zipped counter
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(body); err != nil {
		d.t.Fatal(err)
	}
	d.must(z.Close())
	return string(body), took, int(zipped)
}

type counter int

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }

func TestFiveThousandNodesAreSentAPartAtATime(t *testing.T) {
	w := newBureau(t)
	built := w.crowd(5000)
	dan := w.desk(emails["dan"])
	pages := []struct {
		path string
		rows int // at most
	}{
		{"/structure", 100},
		{"/structure?open=none", 2},
		{"/structure?open=all", 700},
		{"/structure?q=No.+0123", 10},
		{"/structure?q=Member", 400},
		{"/structure/below?node=" + built.Units["crowd"].String(), 100},
		{"/structure/below?node=" + built.Units["crowd"].String() + "&from=450", 60},
		{"/structure?at=" + built.Members["m499@acme.example"].String(), 620},
		{"/structure/find?of=any&q=No.+01", 0},
		{"/members/" + built.Members["m1@acme.example"].String(), 0},
		{"/units/" + built.Units["u3"].String(), 0},
		{"/members", 0},
		{"/invitations/new", 0},
		{"/access", 0},
	}
	for _, p := range pages {
		dan.weighed(p.path)
		body, took, weight := dan.weighed(p.path)
		rows := strings.Count(body, "data-node=")
		t.Logf("%-45.45s %4d rows %6.1f KiB %6.1f KiB compressed %v", p.path, rows, float64(len(body))/1024, float64(weight)/1024, took.Round(time.Millisecond))
		if rows > p.rows || weight > 60<<10 {
			t.Errorf("%s has %d rows and weighs %d bytes", p.path, rows, weight)
		}
	}
	if s := dan.get("/structure?at=" + built.Members["m499@acme.example"].String()); s.Find(".node[data-current]").Length() != 1 {
		t.Error("what is pointed at is not shown")
	}
	equal(t, "what is not there", dan.get("/structure/below?node="+w.Eve.Member.String()).status, http.StatusNotFound)
}

func TestAMoveSaysWhatItChangesAndIsUndone(t *testing.T) {
	w := newBureau(t)
	dan := w.desk(emails["dan"])
	ops, fin, cleo := w.Units["ops"].String(), w.Units["fin"].String(), w.Cleo.Member.String()

	// without scripts: choose a place
	choosing := dan.get("/structure?move=" + ops)
	tells(t, choosing, "Where shall Operations stand?")
	tells(t, choosing, "2 people below come along.")
	if choosing.Find("button[name=under][value='"+ops+"']").Length() != 0 || choosing.Find("button[form=moving][name=under][value='"+fin+"']").Length() != 1 {
		t.Error("a place below itself is offered, or none elsewhere")
	}
	weighed := dan.get("/structure/moving?node=" + ops + "&under=" + cleo + "&back=%2Fstructure")
	for _, words := range []string{"Move Operations below Cleo Clark?", "2 people move.", "1 person gets another manager: Cleo Clark.", "No purchase order of theirs waits for approval."} {
		tells(t, weighed, words)
	}
	equal(t, "what it would do", weighed.hidden("under"), cleo)
	tells(t, dan.get("/structure/moving?node="+ops+"&under="+w.Bob.Member.String()), "below itself")
	moved := dan.post("/structure/move", "node", ops, "under", cleo, "back", "/structure?open=none")
	tells(t, moved, "Operations now stands below Cleo Clark. The manager is Cleo Clark. 2 people came along.")
	equal(t, "what is pointed at", moved.says(".node[data-current] a"), "Operations")
	undo, ok := moved.Find(".toast form").Attr("action")
	if !ok {
		t.Fatal("it cannot be undone")
	}
	tells(t, dan.post(undo), "Operations now stands below Acme Works.")
	tells(t, dan.post("/structure/move", "node", ops, "from", fin, "under", cleo, "back", "/structure"), "Somebody has changed this meanwhile")
	tells(t, dan.post("/structure/move", "node", ops, "under", w.Bob.Member.String(), "back", "/structure"), "below itself")
	tells(t, dan.post("/structure/move", "node", ops, "under", "Fin", "back", "/structure"), "Nobody and nothing is called exactly so")
}

func TestWhatIsTypedIsFoundAmongThousands(t *testing.T) {
	w := newBureau(t)
	built := w.crowd(300)
	dan := w.desk(emails["dan"])
	at := "/members/" + built.Members["m7@acme.example"].String()
	page := dan.get(at)
	equal(t, "where they stand", page.Find("input[name=under_said]").AttrOr("value", ""), "Crowd")
	move := func(said string) sheet {
		return dan.post("/structure/move", "node", strings.TrimPrefix(at, "/members/"), "back", at, "under", page.hidden("under"), "under_was", "Crowd", "under_said", said)
	}
	for _, path := range []string{at, "/units/" + w.Units["ops"].String()} {
		form := dan.get(path).Find("form[action='/structure/moving']")
		equal(t, path+" asks first", form.Length(), 1)
		equal(t, path+" posts nothing", form.AttrOr("method", ""), "get")
	}
	weigh := func(said string) sheet {
		q := url.Values{"node": {strings.TrimPrefix(at, "/members/")}, "from": {page.hidden("from")}, "back": {at}, "under": {page.hidden("under")}, "under_was": {"Crowd"}, "under_said": {said}}
		return dan.get("/structure/moving?" + q.Encode())
	}
	tells(t, weigh("u3"), "Move Member No. 0007 below Unit 3?")
	tells(t, weigh("Nobody at all"), "Nobody and nothing is called exactly so")
	tells(t, weigh("Crowd"), "It stands there already.")
	tells(t, move("Nobody at all"), "Nobody and nothing is called exactly so")
	tells(t, move("u3"), "Member No. 0007 now stands below Unit 3.")
	tells(t, move("Ann Archer"), "Member No. 0007 now stands below Ann Archer. The manager is Ann Archer.")
	tells(t, dan.get("/structure/find?of=unit&q=unit+1"), "Unit 1")
	equal(t, "people among units", dan.get("/structure/find?of=unit&q=member").Find("[data-value]").Length(), 0)
	tells(t, dan.get("/members?unit=&unit_was=&unit_said=u3"), "Unit 3")
	equal(t, "Globex sees", w.desk(emails["eve"]).get("/structure/find?of=any&q=unit").Find("[data-value]").Length(), 0)
}

// row is a row of the tree.
func row(key string) string { return "[data-node='" + key + "']" }

func TestDanMovesAUnitByHand(t *testing.T) {
	w := newBureau(t)
	ops, fin := w.Units["ops"].String(), w.Units["fin"].String()
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/structure")
	shoot(tab, "structure-light")
	tab.Drag(row(ops), row(w.Bob.Member.String())) // below itself: refused
	tab.Drag(row(ops), row(fin))
	tab.See("Move Operations below Finance?")
	shoot(tab, "structure-moving-light")
	tab.Click("text=Move it")
	tab.See("Operations now stands below Finance. The manager is Dan Director. 2 people came along.")
	shoot(tab, "structure-moved-light")
	tab.Clean()
	tab.Click("text=Undo")
	tab.See("Operations now stands below Acme Works.")
	tab.Clean()
}

func TestDanMovesAUnitByKeysAlone(t *testing.T) {
	w := newBureau(t)
	ops, fin := w.Units["ops"].String(), w.Units["fin"].String()
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/structure")
	on := func(key string) { t.Helper(); tab.Focus("structure-" + key) }
	browsertest.Eval[bool](tab, `(document.querySelector("[role=treeitem][tabindex='0']").focus(), true)`)
	on(w.Dan.Member.String())
	tab.Press("o") // one letter: two could be a moment too long apart
	on(ops)
	tab.Chord("x")
	tab.See("Operations is picked up.")
	tab.Clean()
	tab.Press(browsertest.Down)
	tab.See("Operations cannot stand there: it is itself, or stands below it.")
	tab.Press(browsertest.Enter) // refused
	tab.Press(browsertest.Escape)
	tab.See("Operations stays where it is.")
	tab.Press(browsertest.Up)
	on(ops)
	for _, row := range []struct{ at, keys string }{{w.Dan.Member.String(), ""}, {ops, "Space Control+X Control+V"}} { // who stands at the top stays there
		equal(t, "the keys of "+row.at, browsertest.Eval[string](tab, `document.getElementById("structure-`+row.at+`").getAttribute("aria-keyshortcuts") ?? ""`), row.keys)
	}
	tab.Press(" ")
	tab.See("Operations is picked up.")
	tab.Press(" ") // on itself
	tab.See("Operations stays where it is.")
	tab.Press(" ")
	tab.Press("f")
	on(fin)
	tab.Press(" ")
	tab.See("Move Operations below Finance?")
	tab.Go(w.url + "/structure")
	browsertest.Eval[bool](tab, `(document.getElementById("structure-`+ops+`").focus(), true)`)
	on(ops)
	tab.Chord("x")
	tab.Press("f")
	on(fin)
	tab.See("Put Operations below Finance · Manager: Dan Director · People who come along: 2")
	shoot(tab, "structure-carried-light")
	tab.Chord("v")
	tab.See("Move Operations below Finance?")
	tab.Click("text=Move it")
	tab.See("Operations now stands below Finance.")
	on(ops)
	tab.Press(browsertest.Left + browsertest.Left)
	on(fin)
	tab.Press(browsertest.Right + browsertest.Home)
	on(w.Dan.Member.String())
	tab.Press(browsertest.End + browsertest.Enter)
	tab.See("Everything below it comes along.")
	tab.Clean()
}

// Whoever or whatever is new stands in the company's own unit unless somebody says otherwise, and not above it beside the director.
func TestWhatIsNewStandsInTheCompanysUnit(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	dan := w.desk(emails["dan"])
	m, err := w.Organising.Member(t.Context(), w.Dan, w.Cleo.Member)
	w.must(err)
	w.must(w.Organising.Leave(t.Context(), w.Dan, organising.LeaveInput{ID: w.Cleo.Member, Version: m.Version}))
	for _, path := range []string{"/invitations/new", "/structure", "/members/" + w.Cleo.Member.String()} {
		page := dan.get(path)
		field := page.Find("select[name=under]")
		if chosen := field.Find("option[selected]").AttrOr("value", "the first"); field.Length() != 1 || chosen != w.Units["acme"].String() {
			t.Errorf("%s (%d): %d fields, and chosen is %s of %q", path, page.status, field.Length(), chosen, fold(field.Text()))
		}
	}
	equal(t, "where one says otherwise", dan.get("/invitations/new?under="+w.Units["fin"].String()).Find("select[name=under] option[selected]").AttrOr("value", ""), w.Units["fin"].String())
}

// On paper the structure is unfolded, and on the screen as it was.
func TestTheStructureIsPrintedUnfolded(t *testing.T) {
	w := newBureau(t)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/structure?open=none")
	ann := row(w.Ann.Member.String())
	was := tab.Path()
	equal(t, "rows of Ann's on the screen", tab.Count(ann), 0)
	browsertest.Eval[bool](tab, `window.dispatchEvent(new Event("beforeprint"))`)
	equal(t, "rows of Ann's on paper", tab.Count(ann), 1)
	equal(t, "what is folded there", tab.Count(".tree details:not([open])"), 0)
	browsertest.Eval[bool](tab, `window.dispatchEvent(new Event("afterprint"))`)
	equal(t, "rows of Ann's behind it", tab.Count(ann), 0)
	equal(t, "the address", tab.Path(), was)
	tab.Clean()
}

func TestAThickTreeOpensOnDemand(t *testing.T) {
	w := newBureau(t)
	built := w.crowd(5000)
	crowd := built.Units["crowd"].String()
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}} {
		t.Run(name, func(t *testing.T) {
			tab := w.tab(browsertest.Start(t), look, emails["dan"])
			begun := time.Now()
			tab.Go(w.url + "/structure")
			tab.Wait(row(crowd))
			t.Logf("the page is open after %v", time.Since(begun).Round(time.Millisecond))
			shoot(tab, "structure-thick-"+name)
			tab.Clean()
			begun = time.Now()
			tab.Click("[aria-label='What is below Crowd']")
			tab.See("Member No. 0099")
			t.Logf("a unit with 500 below is open after %v", time.Since(begun).Round(time.Millisecond))
			tab.Click("text=Show 100 more of 400")
			tab.See("Member No. 0199")
			equal(t, "rows of the crowd", tab.Count("[data-branch='"+crowd+"'] > ul > li:not(.rest)"), 200)
			tab.Clean()
			tab.Go(w.url + tab.Path()) // it stands in the address
			equal(t, "rows of the crowd, again", tab.Count("[data-branch='"+crowd+"'] > ul > li:not(.rest)"), 200)
			tab.Type("main [type=search]", "No. 0444")
			tab.See("1 found")
			equal(t, "what is marked", tab.Text(".tree mark"), "No. 0444")
			shoot(tab, "structure-sought-"+name)
			tab.Clean()
			tab.Go(w.url + "/structure")
			begun = time.Now()
			tab.Click("text=Unfold all")
			tab.See("It is unfolded as far as 600 rows go")
			t.Logf("600 rows are open after %v", time.Since(begun).Round(time.Millisecond))
			ms := browsertest.Eval[float64](tab, `(() => { const begun = performance.now(); let steps = 0; for (let y = 0; y < document.documentElement.scrollHeight; y += 400) { window.scrollTo(0, y); document.body.offsetHeight; steps++; } return (performance.now() - begun) / steps; })()`)
			t.Logf("a step of scrolling takes %.2f ms", ms)
			tab.Click("text=Fold all")
			tab.Gone(row(crowd))
			if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("it is %d pixels too wide", wide)
			}
			tab.Go(w.url + "/structure?move=" + w.Units["ops"].String())
			shoot(tab, "structure-choosing-"+name)
			tab.Clean()
			tab.Go(w.url + "/units/" + w.Units["ops"].String())
			tab.Type("input[name=under_said]", "crow")
			tab.See("below Acme Works")
			shoot(tab, "structure-finder-"+name)
			tab.Clean()
			tab.Press(browsertest.Down + browsertest.Enter)
			tab.Holds("input[name=under_said]", "Crowd")
		})
	}
}
