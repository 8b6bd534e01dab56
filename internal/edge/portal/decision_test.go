package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"kontor/internal/browsertest"
	"kontor/internal/domain/approval"
	"kontor/internal/usecase/approving"
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
	equal(t, "what is left", n, approving.Counts{Waiting: 1})
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
