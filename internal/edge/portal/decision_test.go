package portal_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/browsertest"
	"kontor/internal/domain/approval"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
)

func tells(t *testing.T, s sheet, words string) {
	t.Helper()
	if !strings.Contains(fold(s.Find("body").Text()), words) {
		t.Errorf("%s (%d) does not say %q:\n%.1500s", s.path, s.status, words, fold(s.Find("main").Text()))
	}
}

func lacks(t *testing.T, s sheet, selector string) {
	t.Helper()
	if s.Find(selector).Length() > 0 {
		t.Errorf("%s has %s", s.path, selector)
	}
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestBobDecidesAndTheNextOneComesByItself(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	bob := w.desk("bob@acme.example")
	at := "/approvals/" + orders[0].String()

	page := bob.get(at)
	tells(t, page, "Ann Archer")
	tells(t, page, "is above €100.00")
	after := bob.post(at, "hash", page.hidden("hash"), "key", page.hidden("key"), "verdict", "approve")
	equal(t, "the next page", after.path, "/approvals/"+orders[1].String())
	tells(t, after, "PO-000001 is approved, and the order is placed.")

	again := bob.post(at, "hash", page.hidden("hash"), "key", page.hidden("key"), "verdict", "approve")
	tells(t, again, "PO-000001 is approved, and the order is placed.") // the same click twice

	bare := bob.post("/approvals/"+orders[1].String(), "hash", after.hidden("hash"), "key", after.hidden("key"), "verdict", "reject", "reason", " ")
	equal(t, "a rejection without a reason", bare.status, http.StatusUnprocessableEntity)
	tells(t, bare, "Say why")

	gone := bob.post("/approvals/"+orders[1].String(), "hash", after.hidden("hash"), "key", bare.hidden("key"), "verdict", "reject", "reason", "Too dear")
	equal(t, "the next page", gone.path, "/approvals/"+orders[2].String())
	tells(t, gone, "PO-000002 is rejected.")
	last := bob.post(gone.path, "hash", gone.hidden("hash"), "key", gone.hidden("key"), "verdict", "approve")
	equal(t, "after the last", last.path, "/approvals")
	tells(t, last, "Nothing waits for you")
}

func TestWhoComesTooLateIsToldWhatHappenedAndLosesNothing(t *testing.T) {
	w := newBureau(t)
	po := w.busy()[0]
	bob := w.desk("bob@acme.example")
	at := "/approvals/" + po.String()
	page := bob.get(at)
	_, err := w.Approving.Withdraw(t.Context(), w.Ann, po, "No longer needed")
	w.must(err)
	late := bob.post(at, "hash", page.hidden("hash"), "key", page.hidden("key"), "verdict", "reject", "reason", "We have enough of them")
	equal(t, "status", late.status, http.StatusConflict)
	tells(t, late, "Ann Archer has decided at")
	tells(t, late, "What you wrote: “We have enough of them”")
	lacks(t, late, "form#approve")
}

// Whatever became of a purchase order meanwhile, all of the page says so: nobody is asked any more by what is over.
func TestWhatIsOverAsksNobodyOnThePageOfTheDecision(t *testing.T) {
	w := newBureau(t)
	po := w.busy()[0]
	bob := w.desk("bob@acme.example")
	at := "/approvals/" + po.String()
	page := bob.get(at)
	is(t, "while it waits", page.says(".path .stage-verdict"), "asked now")
	_, err := w.Approving.Withdraw(t.Context(), w.Ann, po, "No longer needed")
	w.must(err)
	late := bob.post(at, "hash", page.hidden("hash"), "key", page.hidden("key"), "verdict", "approve")
	for when, page := range map[string]sheet{"who decides is told": late, "who looks again": bob.get(at), "who looks elsewhere": bob.get("/purchase-orders/" + po.String())} {
		is(t, when+" what it is", page.says("h1"), "PO-000001 Withdrawn")
		is(t, when+" how the stage stands", page.says(".path .stage-verdict"), "no longer needed")
		is(t, when+" how Bob stands", page.says(".path .stage-people .said"), "no longer needed")
		is(t, when+" of nothing to put off", page.says(".page-actions"), "")
		is(t, when+" of no end", page.says(".path [data-end]"), "")
		is(t, when+" of nothing to come", page.says(".timeline [data-ahead]"), "")
		has(t, when+" of the past", page.says("aside"), "Who decided")
		lacks(t, page, ".budget")
		if text := page.says("main"); strings.Contains(text, "asked now") || strings.Contains(text, "Expires") {
			t.Errorf("%s: %s", when, text)
		}
	}
}

// What a limit counts stands beside it wherever it is shown: whoever compares two amounts compares the same.
func TestWhatALimitCountsStandsBesideIt(t *testing.T) {
	w := newBureau(t)
	po := w.busy()[1].String()
	limit := money.Of(5000_00, "EUR")
	boss, err := w.Organising.Member(t.Context(), w.Dan, w.Bob.Member)
	w.must(err)
	_, err = w.Organising.EditMember(t.Context(), w.Dan, organising.EditMemberInput{ID: boss.ID, Version: boss.Version, First: boss.First, Last: boss.Last(), Approval: &limit})
	w.must(err)
	_, err = w.Purchasing.Add(t.Context(), w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(1)}}})
	w.must(err)
	ann, bob, dan := w.desk("ann@acme.example"), w.desk("bob@acme.example"), w.desk("dan@acme.example")
	fund := w.fund.ID.String()
	for _, where := range []struct {
		desk                 *desk
		path, selector, want string
	}{
		{ann, "/cart", "#summary .budget .note", "goods and shipping, net"}, {ann, "/checkout", "#summary .budget .note", "goods and shipping, net"},
		{ann, "/purchase-orders/" + po, ".budget .note", "goods and shipping, net"}, {bob, "/approvals/" + po, ".budget .note", "goods and shipping, net"},
		{bob, "/", ".budget .note", "goods and shipping, net"}, {dan, "/budgets", ".budget .note", "goods and shipping, net"}, {dan, "/budgets/" + fund, ".budget .note", "goods and shipping, net"},
		{dan, "/rules", "main .card", "amounts: goods, net"}, {dan, "/rules/" + w.rule.ID.String(), ".page-header", "amounts: goods, net"},
		{dan, "/members/" + w.Bob.Member.String(), "main", "€5,000.00 (goods, net)"},
	} {
		has(t, where.path, where.desk.get(where.path).says(where.selector), where.want)
	}
}

// Every stage that is still to come stands in what happens, with whom it will ask; what is behind is told as it was.
func TestWhatIsStillToComeIsToldStageByStage(t *testing.T) {
	w := newBureau(t)
	either := approval.WantedGroup{K: 1, Of: []approval.Source{{Kind: approval.OfMember, Member: w.Cleo.Member}, {Kind: approval.OfAdministrator}}}
	_, err := w.Approving.CreateRule(t.Context(), w.Dan, approval.Rule{Name: "Two stages", Enabled: true, Basis: approval.Net, Steps: []approval.Step{{Then: approval.Requirement{Effect: approval.Ask, Stages: []approval.WantedStage{
		{Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{{Kind: approval.OfManager, Level: 1}}}}}, {Groups: []approval.WantedGroup{either}}}}}}})
	w.must(err)
	po := w.order(1, 20)
	ann, bob := w.desk("ann@acme.example"), w.desk("bob@acme.example")
	ahead := func(page sheet) string { return strings.Join(texts(page, ".timeline [data-ahead] > div"), " | ") }
	at := "/purchase-orders/" + po.String()
	later := "Cleo Clark and Dan Director decide Cleo Clark and administrator · one of them · comes later | Placed with Bolt & Nut"
	is(t, "for Ann", ahead(ann.get(at)), "Bob Boss decides Manager · asked now | "+later)
	page := bob.get("/approvals/" + po.String())
	is(t, "for Bob, who decides", ahead(page), "Bob Boss decides Manager · asked now | "+later)
	other := bob.get("/approvals/" + po.String()) // in another window
	bob.post("/approvals/"+po.String(), "hash", page.hidden("hash"), "key", page.hidden("key"), "verdict", "approve")
	late := bob.post("/approvals/"+po.String(), "hash", other.hidden("hash"), "key", other.hidden("key"), "verdict", "approve")
	tells(t, late, "You have decided already")
	if strings.Contains(late.Text(), "came too late") {
		t.Error("what he did himself came too late")
	}
	is(t, "then", ahead(ann.get(at)), strings.Replace(later, "comes later", "asked now", 1))
	german := w.desk("ann@acme.example")
	german.post("/account/language", "language", "de", "zone", "Europe/Berlin")
	has(t, "in German", ahead(german.get(at)), "entscheiden")
}

func TestOnlyWhoIsAskedSeesWhatWaits(t *testing.T) {
	w := newBureau(t)
	at := "/approvals/" + w.busy()[0].String()
	equal(t, "for Eve of another company", w.desk("eve@globex.example").get(at).status, http.StatusNotFound)
	dan := w.desk("dan@acme.example").get(at)
	lacks(t, dan, "form#approve")
	tells(t, dan, "You are not asked to approve this purchase order")
	equal(t, "the queue for Ann, who does not approve", w.desk("ann@acme.example").get("/approvals").status, http.StatusForbidden)
	equal(t, "the rules for Ann", w.desk("ann@acme.example").get("/rules").status, http.StatusForbidden)
}

func TestBobDecidesWithTheKeyboard(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "bob@acme.example")
	tab.Go(w.url + "/approvals/" + orders[0].String())
	tab.Press("a") // which takes the button up: a slip decides nothing
	before, err := w.Approving.Get(t.Context(), w.Bob, orders[0])
	w.must(err)
	equal(t, "its state after one key", before.State, approval.PendingApproval)
	tab.Press("a")
	tab.At("/approvals/" + orders[1].String())
	tab.See("PO-000001 is approved, and the order is placed.")
	tab.Press("r")
	tab.Focus("reason")
	tab.Press("Too dear")
	tab.Click("dialog button[data-kind=danger]")
	tab.At("/approvals/" + orders[2].String())
	tab.See("PO-000002 is rejected.")
	tab.Clean()
	sheet, err := w.Approving.Get(t.Context(), w.Bob, orders[1])
	w.must(err)
	equal(t, "its state", sheet.State, approval.Rejected)
	equal(t, "its reason", sheet.Reason, "Too dear")
	n, err := w.Approving.Counts(t.Context(), w.Bob)
	w.must(err)
	equal(t, "what is left", n, approving.Counts{Waiting: page.Count{N: 1}})
}

func TestBobDecidesFromHome(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	bob := w.desk("bob@acme.example")
	home := bob.get("/")
	tells(t, home, "3 purchase orders wait for your decision.")
	done := bob.post("/approvals/"+orders[0].String(), "hash", home.hidden("hash"), "key", home.hidden("key"), "verdict", "approve", "back", "/")
	equal(t, "back", done.path, "/")
	tells(t, done, "2 purchase orders wait for your decision.")
}

func TestTheQueueIsNarrowedByItsAddress(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	bob := w.desk("bob@acme.example")
	shows := func(query string) string {
		t.Helper()
		page := bob.get("/approvals?" + query)
		equal(t, "the status of "+query, page.status, http.StatusOK)
		var all []string
		page.Find("#queue tbody tr .row-link").Each(func(_ int, a *goquery.Selection) {
			href, _ := a.Attr("href")
			all = append(all, strconv.Itoa(1+slices.IndexFunc(orders, func(po id.PurchaseOrder) bool { return strings.HasSuffix(href, po.String()) })))
		})
		return strings.Join(all, " ")
	}
	for _, row := range []struct{ query, want string }{
		{"", "1 2 3"}, {"sort=waiting", "3 2 1"}, {"sort=-total", "2 3 1"}, {"sort=total", "1 3 2"}, {"sort=requester", "1 2 3"}, {"from=1000", "2"}, {"from=158.00&to=246.00", "1 3"}, {"to=1,000.00", "1 3"},
		{"waits=24", ""}, {"why=" + w.rule.ID.String(), "1 2 3"}, {"why=budget", ""}, {"requester=" + w.Ann.Member.String(), "1 2 3"}, {"requester=" + w.Cleo.Member.String(), ""},
		{"unit=" + w.Units["ops"].String(), "1 2 3"}, {"needed=2030-01-01", ""}, {"currency=EUR", "1 2 3"}, {"currency=USD", ""},
	} {
		equal(t, row.query, shows(row.query), row.want)
	}
	page := bob.get("/approvals?from=158.01&sort=-total")
	tells(t, page, "2 purchase orders that wait for your decision fit.")
	tells(t, page, "At least €158.01")
	equal(t, "the column it is sorted by", page.Find("th[aria-sort=descending]").Length(), 1)
	for _, bogus := range []string{"from=much", "to=-", "waits=0", "waits=9999", "sort=sideways", "why=because", "needed=soon", "currency=E"} {
		name, _, _ := strings.Cut(bogus, "=")
		page := bob.get("/approvals?" + bogus)
		if page.status != http.StatusBadRequest || !strings.Contains(page.says(".banner"), bogus) || page.Find("#queue tbody tr").Length() != 3 {
			t.Errorf("%s: %d, %q, %d rows", name, page.status, page.says(".banner"), page.Find("#queue tbody tr").Length())
		}
	}
	found := bob.get("/structure/find?of=requester&q=arch")
	tells(t, found, "Ann Archer")
	lacks(t, w.desk("eve@globex.example").get("/structure/find?of=requester&q=a"), "li[data-value]")
}

// The list of what waits does not follow its badge by itself: a bar tells what came and went, and shows it to who asks for it.
func TestTheOpenQueueTellsWhatCameAndWent(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "bob@acme.example")
	rows := func(want int) {
		t.Helper()
		equal(t, "how many rows there are", browsertest.Eval[int](tab, `document.querySelectorAll("#queue tbody tr").length`), want)
	}
	changed := func() { w.must(w.Notifying.MarkAllRead(t.Context(), w.Bob)) } // as whoever is told wakes the badge
	tab.Go(w.url + "/approvals?sort=-total&from=1.00")
	tab.Press("j")
	tab.Press("x")
	tab.See("1 selected")
	w.order(1, 30)
	w.order(1, 40)
	changed()
	tab.See("2 new purchase orders wait for you")
	rows(3)
	shoot(tab, "queue-news")
	_, err := w.Approving.Withdraw(t.Context(), w.Ann, orders[0], "No longer needed")
	w.must(err)
	changed()
	tab.See("2 new purchase orders wait for you · 1 of these waits no longer")
	tab.See("1 selected")
	rows(3)
	tab.Clean()
	tab.Click("#queue-news a")
	tab.See("4 purchase orders that wait for your decision fit.")
	rows(4)
	tab.At("/approvals?from=1.00&sort=-total")
	equal(t, "what still is told", browsertest.Eval[string](tab, `document.querySelector("#queue-news").innerText.trim()`), "")
	equal(t, "where one goes on from", browsertest.Eval[string](tab, `document.activeElement.id`), "main")
	_, err = w.Approving.Withdraw(t.Context(), w.Ann, orders[1], "No longer needed")
	w.must(err)
	changed()
	tab.See("1 of these waits no longer")
	tab.Clean()
}

// ticked are the fields of rows that are ticked.
func (s sheet) ticks(rows ...int) (pairs []string) {
	all := s.Find("#queue input[name=po]")
	for _, i := range rows {
		value, _ := all.Eq(i).Attr("value")
		pairs = append(pairs, "po", value)
	}
	return append(pairs, "key", s.hidden("key"))
}

func TestBobDecidesOnSeveralWithoutScripts(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	bob := w.desk("bob@acme.example")
	queue := bob.get("/approvals")
	none := bob.post("/approvals", "key", queue.hidden("key"), "verdict", "approve")
	tells(t, none, "Tick the purchase orders that you want to decide on.")
	bare := bob.post("/approvals?sort=newest", append(queue.ticks(0, 2), "verdict", "reject", "reason", " ")...)
	equal(t, "without a reason", bare.status, http.StatusUnprocessableEntity)
	equal(t, "what stays ticked", bare.Find("#queue input[name=po][checked]").Length(), 2)
	equal(t, "what is wrong stands at the reason", bare.Find("dialog#reject[open] #reason-error").Length(), 1)
	approve := append(queue.ticks(0, 1), "verdict", "approve", "reason", "typed and not meant")
	_, err := w.Approving.Withdraw(t.Context(), w.Ann, orders[1], "No longer needed")
	w.must(err)
	done := bob.post("/approvals?sort=newest", approve...)
	tells(t, done, "1 of 2 decisions were taken")
	tells(t, done, "The order is placed.")
	tells(t, done, "Ann Archer has decided at")
	equal(t, "the ways back", done.Find("main a[href='/approvals?sort=newest']").Length(), 2)
	again := bob.post("/approvals", approve...) // the same click twice
	tells(t, again, "1 of 2 decisions were taken")
	sheet, err := w.Approving.Get(t.Context(), w.Bob, orders[0])
	w.must(err)
	equal(t, "how often it was decided", len(sheet.Decisions), 1)
	equal(t, "what was noted", sheet.Decisions[0].Reason, "")
	last := bob.get("/approvals")
	rejected := bob.post("/approvals", append(last.ticks(0), "verdict", "reject", "reason", "Too dear")...)
	tells(t, rejected, "1 decision was taken")
	equal(t, "nobody else is told", w.desk("dan@acme.example").get(rejected.path).status, http.StatusNotFound)
	equal(t, "Ann, who does not approve", w.desk("ann@acme.example").post("/approvals", "verdict", "approve").status, http.StatusForbidden)
	equal(t, "a decision of none", bob.post("/approvals", "po", "x y", "verdict", "approve").status, http.StatusBadRequest)
}

func TestBobDecidesOnSeveralWithTheKeyboard(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "bob@acme.example")
	tab.Go(w.url + "/approvals")
	tab.Press("j")
	tab.Press("x")
	tab.Press("j")
	tab.Press("j")
	tab.Press("x")
	tab.See("2 selected")
	shoot(tab, "queue-ticked")
	tab.Clean()
	tab.Press("r")
	tab.Focus("reason")
	tab.Press("Too dear")
	shoot(tab, "queue-reject")
	tab.Click("dialog button[data-kind=danger]")
	tab.See("All 2 decisions were taken")
	shoot(tab, "queue-decided")
	tab.Clean()
	for i, want := range []approval.State{approval.Rejected, approval.PendingApproval, approval.Rejected} {
		sheet, err := w.Approving.Get(t.Context(), w.Bob, orders[i])
		w.must(err)
		equal(t, "its state", sheet.State, want)
	}
	tab.Click(".page-actions a")
	tab.Press("j")
	tab.Press("x")
	tab.Press("a")
	tab.Press("a")
	tab.See("1 decision was taken")
}
