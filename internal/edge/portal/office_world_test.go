package portal_test

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/browsertest"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/notice"
	"kontor/internal/edge/portal"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/listing"
	"kontor/internal/usecase/notifying"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
)

const password = "correct horse battery staple"

// bureau is the portal with the cast, a rule, a budget, and somebody at every desk.
type bureau struct {
	t testing.TB
	*cast.World
	portal.Services
	url  string
	rule approval.Rule
	fund budget.Budget
}

func newBureau(t testing.TB) *bureau {
	t.Helper()
	return bureauOn(t, storetest.Lite(t))
}

// bureauOn is newBureau on some database, with more on the same server.
func bureauOn(t testing.TB, db *store.DB, more ...func(*web.Mux, portal.Services)) *bureau {
	t.Helper()
	w := portalOn(t, db, cast.Acme(t, db), more...)
	w.must(w.Signing.SetPassword(t.Context(), access.System(id.Company{}), password, "ann@acme.example", "bob@acme.example", "cleo@acme.example", "dan@acme.example", "eve@globex.example", "sam@seller.example", "sue@seller.example"))
	return w
}

// portalOn is the portal over a world that is there.
func portalOn(t testing.TB, db *store.DB, world *cast.World, more ...func(*web.Mux, portal.Services)) *bureau {
	t.Helper()
	w := &bureau{t: t, World: world}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	guard := webhook.Guard{AllowPrivate: true}
	w.Services = portal.Services{
		Signing: signing.New(db, signing.Options{Log: log}), Purchasing: purchasing.New(db, step.NewRulebook()), Approving: approving.New(db),
		Cataloguing: cataloguing.New(db), Budgeting: budgeting.New(db), Organising: organising.With(db, organising.Settings{Brand: notice.Brand{Name: "Bolt & Nut"}, Public: "https://kontor.example", Mails: true}), Onboarding: onboarding.With(db, step.Inviting{Brand: notice.Brand{Name: "Bolt & Nut"}, Public: "https://kontor.example", Mails: true}), Pricesetting: pricesetting.New(db), Granting: granting.New(db), Importing: importing.New(db), Listing: listing.New(db), Collecting: collecting.New(db),
		Notifying: notifying.New(db, notifying.Settings{}), Auditing: auditing.New(db),
		Exchanging: exchanging.New(db, exchanging.Settings{Guard: guard, Client: webhook.New(webhook.Options{Guard: guard}), Random: rand.Reader}),
	}
	mux := web.NewMux()
	p := portal.New(mux, w.Services, ui.Brand{Name: "Bolt & Nut"}, log)
	for _, add := range more {
		add(mux, w.Services)
	}
	edge, err := web.New(web.Settings{Log: log, Page: p.Problem, Recognise: func(ctx context.Context, token string, r web.RequestInfo) (access.Actor, error) {
		return w.Signing.Recognise(ctx, token, r.From.String(), r.Request)
	}}, mux)
	w.must(err)
	w.url = browsertest.Serve(t, edge)
	t.Cleanup(edge.Stop)
	t.Cleanup(func() { // whatever a test did, no company's rows name anything of another
		if _, err := w.Auditing.VerifyTenants(context.Background(), access.System(id.Company{}), func(_ int64, sentence string) { t.Error(sentence) }); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *bureau) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// busy gives Acme a rule, a budget and three purchase orders of Ann's that wait for Bob.
func (w *bureau) busy() []id.PurchaseOrder {
	w.t.Helper()
	ctx := w.t.Context()
	above := money.Of(10000, "EUR")
	manager := approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})
	var err error
	w.rule, err = w.Approving.CreateRule(ctx, w.Dan, approval.Rule{Name: "Amount bands", Description: "Above 100 the manager decides.", Enabled: true, Basis: approval.Net,
		Steps: []approval.Step{{}, {Above: &above, Then: manager}}})
	w.must(err)
	w.fund, err = w.Budgeting.Create(ctx, w.Dan, budgeting.CreateInput{Name: "Operations", Owner: budget.Owner{Unit: w.Units["ops"]}, Limit: money.Of(500000, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Ask, Carry: budget.CarryNone, Warnings: []budget.Threshold{{Percent: 80}}})
	w.must(err)
	return []id.PurchaseOrder{w.order(1, 20), w.order(3, 1), w.order(0, 20000)}
}

// manifold gives Acme a rule that says all that a rule can.
func (w *bureau) manifold() id.Rule {
	w.t.Helper()
	when, err := approval.Parse(`total_net > 15000 EUR and (categories in ("Solvents", "Paint") or not quote and price_increase > 12.5 %)`)
	w.must(err)
	manager, approver := approval.Source{Kind: approval.OfManager, Level: 1}, approval.Source{Kind: approval.OfRole, Role: w.Roles["approver"]}
	upTo := money.Of(50000, "EUR")
	r, err := w.Approving.CreateRule(w.t.Context(), w.Dan, approval.Rule{Name: "Dangerous goods", Description: "Agreed with the safety officer in May.", Enabled: true, Basis: approval.Net,
		Watchers: []id.Member{w.Cleo.Member}, AppliesTo: approval.AppliesTo{Units: []approval.Place{{Unit: w.Units["ops"]}, {Unit: w.Units["fin"]}}, CostCentres: []id.CostCentre{w.CostCentre}},
		From: time.Date(2026, 1, 1, 8, 30, 0, 0, time.UTC), Priority: 3,
		Steps: []approval.Step{{When: when, Then: approval.Requirement{Effect: approval.Ask, Stages: []approval.WantedStage{
			{Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{manager}}}},
			{RejectNeedsAll: true, Groups: []approval.WantedGroup{{K: 2, Of: []approval.Source{approver, {Kind: approval.OfMember, Member: w.Cleo.Member}, {Kind: approval.OfAdministrator}}},
				{K: 1, Of: []approval.Source{{Kind: approval.OfCostCentre, CostCentre: w.CostCentre}}}}}}}},
			{When: approval.Condition{Op: approval.Flag, Fact: "quote"}, Then: approval.Requirement{Effect: approval.Approve, UpTo: &upTo}}, {Then: approval.Asks(manager)}}})
	w.must(err)
	return r.ID
}

// apart keeps making rules and buying apart at Acme, but for administrators; and would keep buying and choosing carts apart,
// which Ann does both.
func (w *bureau) apart() (all [2]id.Separation) {
	w.t.Helper()
	for i, f := range []access.SeparationFields{
		{Name: "Who makes approval rules does not buy", Permissions: access.SetOf(access.ApprovalRulesManage, access.CheckoutPlace), Cardinality: 2, Excuses: true, On: true},
		{Name: "Few things at once", Permissions: access.SetOf(access.CartsManage, access.CheckoutPlace, access.BudgetsManage, access.RolesManage), Cardinality: 2},
	} {
		s, err := w.Granting.CreateSeparation(w.t.Context(), w.Dan, f)
		w.must(err)
		all[i] = s.ID
	}
	return all
}

// order submits so much of a product as Ann.
func (w *bureau) order(product int, n int64) id.PurchaseOrder {
	w.t.Helper()
	ctx := w.t.Context()
	c, err := w.Purchasing.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[product].ID, Quantity: quantity.Of(n)}}})
	w.must(err)
	done, err := w.Purchasing.Submit(ctx, w.Ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Checkout: &cart.Checkout{
		Unit: w.Units["ops"], Delivery: w.Address, Billing: w.Address, Payment: purchasing.OnAccount, Reference: "M-17", Note: "The old ones are worn."}})
	w.must(err)
	return done.ID
}

// token signs somebody in.
func (w *bureau) token(email string) string {
	w.t.Helper()
	in, err := w.Signing.SignIn(w.t.Context(), access.Anonymous(), signing.SignInInput{Email: email, Password: password, Device: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
	w.must(err)
	return in.Token
}

// desk is a browser without scripts, of somebody who has signed in.
type desk struct {
	*bureau
	http.Client
}

func (w *bureau) desk(email string) *desk {
	jar, err := cookiejar.New(nil)
	w.must(err)
	u, err := url.Parse(w.url)
	w.must(err)
	jar.SetCookies(u, []*http.Cookie{{Name: "kontor", Value: w.token(email)}})
	return &desk{w, http.Client{Jar: jar}}
}

// sheet is an answer: where it came from in the end, and what it says.
type sheet struct {
	*goquery.Document
	status int
	path   string
	number string // of the request
}

func (d *desk) get(path string) sheet {
	d.t.Helper()
	r, err := d.Client.Get(d.url + path)
	d.must(err)
	return d.read(r)
}

func (d *desk) post(path string, pairs ...string) sheet {
	d.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r, err := d.Client.PostForm(d.url+path, form)
	d.must(err)
	return d.read(r)
}

func (d *desk) read(r *http.Response) sheet {
	d.t.Helper()
	defer r.Body.Close()
	doc, err := goquery.NewDocumentFromReader(io.LimitReader(r.Body, 10<<20))
	d.must(err)
	return sheet{doc, r.StatusCode, r.Request.URL.RequestURI(), r.Header.Get("X-Request-Id")}
}

// says reports what a page says in the elements of a selector, blanks folded.
func (s sheet) says(selector string) string { return fold(s.Find(selector).Text()) }

// hidden is the value of a hidden field.
func (s sheet) hidden(name string) string {
	v, _ := s.Find("input[name='" + name + "']").First().Attr("value")
	return v
}

func (w *bureau) tab(browser *browsertest.Browser, look browsertest.Look, email string) *browsertest.Tab {
	w.t.Helper()
	tab := browser.Tab(w.t, look)
	tab.Cookie(w.url, "kontor", w.token(email))
	return tab
}

// shoot keeps a picture of a page where a folder for pictures is named.
func shoot(tab *browsertest.Tab, name string) {
	if dir := os.Getenv("PICTURES"); dir != "" {
		tab.Shoot(filepath.Join(dir, name+".png"))
	}
}

// covered fails the test for every button that sends a form and lies behind something else once it is scrolled into sight; what
// somebody has opened above the page is there to be closed again.
func covered(t *testing.T, tab *browsertest.Tab) {
	t.Helper()
	for _, what := range browsertest.Eval[[]string](tab, `[...document.querySelectorAll("main form :is(button:not([type=button]), input[type=submit])")].
		filter(b => !b.closest(".said, [aria-hidden]") && b.checkVisibility({ visibilityProperty: true }) && b.offsetWidth > 1 && !b.disabled).flatMap(b => {
			b.scrollIntoView({ block: "nearest", behavior: "instant" })
			const r = b.getBoundingClientRect(), top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)
			const over = top && top.closest("dialog, [popover]")
			return top && (b.contains(top) || over && !over.contains(b)) ? [] : [b.textContent.trim() + " behind " + (top ? top.outerHTML.slice(0, 80) : "the edge")]
		})`) {
		t.Errorf("%s: %s", tab.Path(), what)
	}
}
