package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/browsertest"
	"kontor/internal/domain/approval"
	"kontor/internal/usecase/approving"
)

// decided is a bureau in which Bob has approved one purchase order and rejected another, and two went straight through.
func (w *bureau) decided() (rejected id.PurchaseOrder) {
	w.t.Helper()
	orders := w.busy()
	w.order(1, 9) // 71.10
	say := func(key id.PurchaseOrder, v approval.Verdict) {
		sheet, err := w.Approving.Get(w.t.Context(), w.Bob, key)
		w.must(err)
		_, err = w.Approving.Decide(w.t.Context(), w.Bob, approving.DecideInput{Order: key, Verdict: v, Reason: "We have enough of them", Hash: sheet.Hash})
		w.must(err)
	}
	say(orders[0], approval.Decline)
	say(w.order(1, 30), approval.Agree)
	return orders[0]
}

// A rule is replayed as it stands in its form; nothing is saved by it, and nothing that was typed is lost.
func TestARuleIsReplayedAsItStandsInItsForm(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	rejected := w.decided()
	dan, at := w.desk("dan@acme.example"), "/rules/"+w.rule.ID.String()
	form := dan.get(at).filled("form#rule")
	page := dan.send(at, with(form, "steps.1.above", "50.00", "name", "Half of it", "months", "12", "do", "replay"))
	equal(t, "the status", page.status, http.StatusOK)
	equal(t, "what was typed", page.filled("form#rule").Get("name"), "Half of it")
	if said := page.says("#replay .stats"); !strings.Contains(said, "Newly held1nobody was asked about them then") {
		t.Errorf("the figures: %s", said)
	}
	equal(t, "what is held", page.Find("#newly-held tbody tr").Length(), 1)
	page = dan.send(at, with(form, "steps.1.above", "1000", "months", "12", "do", "replay"))
	equal(t, "what slips through", page.Find("#slipped-through a[href='/purchase-orders/"+rejected.String()+"']").Length(), 1)
	tells(t, page, "We have enough of them")
	page = dan.send(at, with(form, "steps.1.above", "lots", "months", "12", "do", "replay"))
	equal(t, "the status of what is no rule", page.status, http.StatusUnprocessableEntity)
	page = dan.send("/rules", with(dan.get("/rules/new?preset=skus").filled("form#rule"), "steps.0.if.0.is", "0", "months", "1", "do", "replay"))
	tells(t, page, "Held by this rule")
	now, err := w.Approving.GetRule(t.Context(), w.Dan, w.rule.ID)
	w.must(err)
	equal(t, "the version", now.Version, 1)
	for _, months := range []string{"0", "121", "many"} {
		equal(t, "the status of "+months+" months", dan.send(at, with(form, "steps.1.above", "50", "months", months, "do", "replay")).status, http.StatusUnprocessableEntity)
	}
	none := dan.get(at + "?months=1")
	tells(t, none, "Would slip through")
}

// Dan replays a rule that he is about to change, in every light.
func TestDanReplaysARule(t *testing.T) {
	w := newBureau(t)
	w.decided()
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}} {
		tab := w.tab(browser, look, emails["dan"])
		tab.Go(w.url + "/rules/" + w.rule.ID.String())
		tab.Type("[name='steps.1.above']", "60")
		tab.Click("#replay button")
		tab.See("Newly held")
		tab.See("Nothing that was rejected would slip through")
		tab.Holds("[name='steps.1.above']", "60")
		browsertest.Eval[int](tab, `(window.scrollTo(0, 0), 0)`)
		shoot(tab, "rule-replayed-"+name)
		tab.Clean()
		if look.Phone {
			covered(t, tab)
		}
		if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
			t.Errorf("%s is %d pixels too wide", name, wide)
		}
		tab.Type("[name='steps.1.above']", "1000")
		tab.Click("#replay button")
		tab.See("We have enough of them")
		browsertest.Eval[int](tab, `(window.scrollTo(0, 0), 0)`)
		shoot(tab, "rule-replayed-looser-"+name)
		tab.Clean()
	}
}
