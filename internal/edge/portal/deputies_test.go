package portal_test

import (
	"testing"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/browsertest"
	"kontor/internal/usecase/approving"
)

// Bob is away: he says who stands in, who then reads for whom, and decides; everywhere both names stand.
func TestBobIsAway(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	bob, cleo, dan, ann := w.desk("bob@acme.example"), w.desk("cleo@acme.example"), w.desk("dan@acme.example"), w.desk("ann@acme.example")
	last := string(date.On(time.Now().AddDate(0, 0, 14), time.UTC))
	tells(t, bob.get("/account/deputies"), "Nobody stands in for you")
	wrong := bob.post("/account/deputies", "deputy_id", w.Bob.Member.String(), "until", "", "unit_ids.0", "", "up_to", "-1", "note", "on holiday")
	tells(t, wrong, "Nobody stands in for themselves")
	tells(t, wrong, "Please say until when: an absence has an end")
	tells(t, bob.post("/account/deputies", "deputy_id", w.Cleo.Member.String(), "until", last, "unit_ids.0", "", "up_to", "", "note", "on holiday"), "Your deputy is appointed, and told.")
	mine := bob.get("/account/deputies")
	tells(t, mine, "Cleo Clark stands in for you until")
	at := mine.Find("a[href^='/deputies/dep_']").First().AttrOr("href", "")
	tells(t, cleo.get(at), "Cleo Clark for Bob Boss")
	if cleo.get(at).Find("form[action='"+at+"']").Length() > 0 {
		t.Error("Cleo may change it")
	}
	if ann.get(at).status != 404 {
		t.Error("Ann sees it")
	}
	tells(t, cleo.get("/"), "You stand in for Bob Boss until")
	tells(t, cleo.get("/approvals/"+orders[1].String()), "You decide with their right and your own.")
	page := cleo.get("/approvals/" + orders[1].String())
	tells(t, page, "for Bob Boss")
	hash := page.Find("input[name='hash']").First().AttrOr("value", "")
	tells(t, cleo.post("/approvals/"+orders[1].String(), "verdict", "approve", "hash", hash, "key", ""), "is approved")
	tells(t, dan.get("/purchase-orders/"+orders[1].String()), "Cleo Clark for Bob Boss")
	tells(t, dan.get("/deputies"), "Bob Boss")
	tells(t, dan.get("/deputies?state=over"), "No deputy fits these filters.")
	tells(t, dan.get("/members/"+w.Cleo.Member.String()+"/leave"), "They stand in for Bob Boss no more.")
	tells(t, bob.post(at, "version", "1", "until", last, "both_may", "on"), "It counts at once.")
	tells(t, bob.get("/"), "and you are asked as well")
	tells(t, bob.post(at+"/end", "version", "2"), "It is over. It counts at once.")
	tells(t, dan.get("/audit"), "Deputy's time ended")
}

func TestThePagesOfDeputiesInEveryLight(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	limit := w.fund.Limit
	key, err := w.Approving.Appoint(t.Context(), w.Bob, approving.AppointInput{By: w.Cleo.Member, DeputyTerms: approving.DeputyTerms{Until: date.On(time.Now().AddDate(0, 0, 14), time.UTC), UpTo: &limit, Note: "on holiday"}})
	w.must(err)
	_, err = w.Approving.Appoint(t.Context(), w.Dan, approving.AppointInput{By: w.Bob.Member, DeputyTerms: approving.DeputyTerms{From: date.On(time.Now().AddDate(0, 0, 30), time.UTC), Until: date.On(time.Now().AddDate(0, 0, 44), time.UTC), BothMay: true}})
	w.must(err)
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}} {
		tabs := map[string]*browsertest.Tab{}
		for _, p := range []struct{ name, who, path string }{
			{"deputies-own", "bob", "/account/deputies"}, {"deputies-none", "ann", "/account/deputies"}, {"deputies", "dan", "/deputies"}, {"deputy-new", "dan", "/deputies/new"},
			{"deputy", "bob", "/deputies/" + key.String()}, {"deputy-read", "cleo", "/deputies/" + key.String()}, {"deputy-decides", "cleo", "/approvals/" + orders[1].String()},
			{"deputy-leaves", "dan", "/members/" + w.Cleo.Member.String() + "/leave"},
		} {
			t.Run(p.name+" "+name, func(t *testing.T) {
				if tabs[p.who] == nil {
					tabs[p.who] = w.tab(browser, look, emails[p.who])
				}
				tab := tabs[p.who]
				tab.Go(w.url + p.path)
				shoot(tab, p.name+"-"+name)
				tab.Clean()
				if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s is %d pixels too wide", p.path, wide)
				}
				if look.Phone {
					covered(t, tab)
				}
				tab.Forget()
			})
		}
	}
}
