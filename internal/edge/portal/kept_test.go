package portal_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
)

// newcomer is a browser without scripts in which nobody has signed in.
func (w *bureau) newcomer() *desk {
	jar, err := cookiejar.New(nil)
	w.must(err)
	return &desk{w, http.Client{Jar: jar}}
}

// signs in as somebody does, with whatever the page that asks for it has.
func (d *desk) signs(in sheet, email string) sheet {
	d.t.Helper()
	return d.send("/sign-in", with(in.filled("form#sign-in"), "email", email, "password", password))
}

// ends ends all sessions of Dan's: the browser still believes in its own.
func (w *bureau) ends(who access.Actor) {
	w.t.Helper()
	all, err := w.Signing.Sessions(w.t.Context(), who)
	w.must(err)
	for _, s := range all {
		w.must(w.Signing.EndSession(w.t.Context(), who, s.ID))
	}
}

// from is a form as a browser sends it from the page that it stands on.
func (d *desk) from(page, action string, form url.Values) sheet {
	d.t.Helper()
	r, err := http.NewRequest(http.MethodPost, d.url+action, strings.NewReader(form.Encode()))
	d.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Referer", d.url+page)
	answer, err := d.Client.Do(r)
	d.must(err)
	return d.read(answer)
}

func TestASessionThatHasEndedLosesNothing(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	d := w.newcomer()
	home := d.signs(d.get("/budgets/new"), "dan@acme.example")
	equal(t, "after signing in one is at", home.path, "/budgets/new")
	typed := with(home.filled("form[action='/budgets']"), "name", "Paint & more", "limit", "1,234.50", "period", "quarter")

	w.ends(w.Dan)
	asked := d.from("/budgets/new", "/budgets", typed)
	equal(t, "status", asked.status, http.StatusUnauthorized)
	tells(t, asked, "Your session has ended")
	if strings.Contains(asked.Text()+asked.hidden("kept"), "Paint") || asked.hidden("kept") == "" {
		t.Error("what was typed is not kept, or not sealed")
	}
	wrong := d.send("/sign-in", with(asked.filled("form#sign-in"), "email", "dan@acme.example", "password", "wrong"))
	equal(t, "with a wrong password", wrong.status, http.StatusUnprocessableEntity)
	again := d.signs(wrong, "dan@acme.example")
	equal(t, "status", again.status, http.StatusOK)
	tells(t, again, "nothing of it has been sent")
	form := again.filled("form[action='/budgets']")
	for _, name := range []string{"name", "limit", "period"} {
		equal(t, name, form.Get(name), typed.Get(name))
	}
	lacks(t, d.get("/budgets"), "a:contains('Paint & more')")
	tells(t, d.send("/budgets", form), "The budget was opened.")
}

func TestWhatIsKeptIsForItsAccountAlone(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	lost := func(d *desk) sheet {
		d.t.Helper()
		page := d.signs(d.get("/budgets/new"), "dan@acme.example")
		w.ends(w.Dan)
		return d.from("/budgets/new", "/budgets", with(page.filled("form[action='/budgets']"), "name", "Secret plan"))
	}
	other := w.newcomer()
	if s := other.signs(lost(other), "bob@acme.example"); strings.Contains(s.Text(), "Secret plan") || s.Find("input[value='Secret plan']").Length() > 0 {
		t.Error("Bob is shown what Dan has typed")
	}
	thief := w.newcomer()
	if s := thief.signs(lost(w.newcomer()), "dan@acme.example"); s.Find("input[value='Secret plan']").Length() > 0 {
		t.Error("another browser opens what was kept in this one")
	}
	stranger := w.newcomer().from("/budgets/new", "/budgets", url.Values{"name": {"Nobody's"}})
	if stranger.hidden("kept") != "" {
		t.Error("something is kept of somebody who has never been here")
	}
	large := w.newcomer()
	page := large.signs(large.get("/budgets/new"), "dan@acme.example")
	w.ends(w.Dan)
	big := large.from("/budgets/new", "/budgets", with(page.filled("form[action='/budgets']"), "name", strings.Repeat("x", 70_000)))
	equal(t, "what is kept of too much", big.hidden("kept"), "")
	tells(t, big, "could not be kept")
}

// A password is typed again, and a form that has gone shows what was in it.
func TestAPasswordIsNeverKept(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	d := w.newcomer()
	page := d.signs(d.get("/account"), "dan@acme.example")
	names := map[string]bool{}
	page.Find("input[type=password]").Each(func(_ int, f *goquery.Selection) {
		name, _ := f.Attr("name")
		names[name] = true
	})
	form := url.Values{"note": {"kept"}}
	for name := range names {
		form.Set(name, "hunter2 hunter2")
	}
	if len(names) < 2 {
		t.Errorf("only %v are passwords", names)
	}
	w.ends(w.Dan)
	again := d.signs(d.from("/nowhere", "/account/password", form), "dan@acme.example")
	tells(t, again, "What you had typed")
	tells(t, again, "kept")
	if html, _ := again.Html(); strings.Contains(html, "hunter2") {
		t.Error("a password is kept")
	}
}

// One comes back to the page that one asked for, and never to somebody else's.
func TestSigningInLeadsBackAndNowhereElse(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	for _, row := range []struct{ next, to string }{
		{"/purchase-orders?state=placed", "/purchase-orders?state=placed"},
		{"//evil.example", "/"}, {`/\evil.example`, "/"}, {`\\evil.example`, "/"}, {"https://evil.example/", "/"}, {"/%09/evil.example", "/%09/evil.example"}, {"/\t/evil.example", "/"},
		{"/%2fevil.example", "/%2fevil.example"}, {"/%5cevil.example", "/%5cevil.example"}, {"javascript:alert(1)", "/"}, {"evil.example", "/"}, {" //evil.example", "/"}, {"/..//evil.example", "/evil.example"},
	} {
		d := w.newcomer()
		d.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		r, err := d.Client.PostForm(w.url+"/sign-in", url.Values{"email": {"dan@acme.example"}, "password": {password}, "next": {row.next}})
		w.must(err)
		r.Body.Close()
		equal(t, row.next, r.Header.Get("Location"), row.to)
		base, err := url.Parse(w.url + "/sign-in")
		w.must(err)
		to, err := base.Parse(r.Header.Get("Location"))
		if err != nil || to.Host != base.Host {
			t.Errorf("%q leads to %v (%v)", row.next, to, err)
		}
	}
	d := w.newcomer()
	equal(t, "a page without a session", d.get("/purchase-orders?state=placed").path, "/sign-in?next=%2Fpurchase-orders%3Fstate%3Dplaced")
}

// Dan has put a rule together for an hour: it is there again after he has signed in, in the browser as it was.
func TestDanComesBackToHisRule(t *testing.T) {
	w := newBureau(t)
	w.busy()
	tab := browsertest.Start(t).Tab(t, browsertest.Look{})
	in := func() {
		tab.Type("input[name=email]", "dan@acme.example")
		tab.Type("input[name=password]", password)
		tab.Press(browsertest.Enter)
	}
	tab.Go(w.url + "/rules/new?preset=skus")
	in()
	tab.See("New rule")
	tab.Click("text=Then ask others")
	tab.Choose("[name='steps.0.then.stages.1.groups.0.of.0']", "administrator")
	tab.Type("input[name=name]", "Much work")
	w.ends(w.Dan)
	tab.Press(browsertest.Enter)
	tab.See("Your session has ended")
	shoot(tab, "session-ended-light")
	tab.Forget() // of the 401
	tab.Clean()
	in()
	tab.See("nothing of it has been sent")
	tab.Holds("input[name=name]", "Much work")
	tab.Holds("[name='steps.0.then.stages.1.groups.0.of.0']", "administrator")
	tab.At("/rules/new?preset=skus")
	shoot(tab, "session-resumed-light")
	tab.Clean()
	tab.Click(".actions[data-sticky] button[value=save]")
	tab.See("The rule was made.")
}
