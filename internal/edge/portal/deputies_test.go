package portal_test

import (
	"fmt"
	"testing"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/organising"
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

// Where more may stand in than fit into a list, one types the name: whoever has it is found, however many there are.
func TestADeputyIsFoundAmongMany(t *testing.T) {
	w := newBureau(t)
	p := organising.Plan{}
	for i := range 210 {
		p.Members = append(p.Members, organising.PlannedMember{Email: fmt.Sprintf("a%d@acme.example", i), First: "Abel", Last: fmt.Sprintf("No. %03d", i), Under: "ops", Roles: []organising.PlannedRole{{Role: "approver"}}})
	}
	p.Members = append(p.Members, organising.PlannedMember{Email: "zoe@acme.example", First: "Zoe", Last: "Zimmer", Title: "Director", Under: "ops", Roles: []organising.PlannedRole{{Role: "approver"}}})
	built, err := w.Organising.Build(t.Context(), access.System(w.Acme), p)
	w.must(err)
	zoe := built.Members["zoe@acme.example"].String()
	bob := w.desk("bob@acme.example")
	last := string(date.On(time.Now().AddDate(0, 0, 14), time.UTC))
	asks := bob.get("/account/deputies").Find("[data-finder*='of=stand_in']").AttrOr("data-finder", "")
	for q, want := range map[string]int{"zimm": 1, "abel": 20, "boss": 0, "archer": 0} { // not the reader, and not who may not approve
		equal(t, q, bob.get(asks+"&q="+q).Find("li[data-value]").Length(), want)
	}
	says := func(said, until string) sheet {
		return bob.post("/account/deputies", "deputy_id", "", "deputy_id_was", "", "deputy_id_said", said, "until", until, "unit_ids.0", "", "up_to", "")
	}
	tells(t, says("Zoe", last), "Nobody and nothing is called exactly so")
	again := says("zoe zimmer", "")
	equal(t, "whom the form comes back with", again.hidden("deputy_id"), zoe)
	equal(t, "and how they are called in it", again.Find("input[name=deputy_id_said]").AttrOr("value", ""), "Zoe Zimmer · Director")
	tells(t, says("Zoe Zimmer · Director", last), "Your deputy is appointed, and told.")
	tells(t, bob.get("/account/deputies"), "Zoe Zimmer")
	for who, want := range map[string]int{"cleo": 1, "ann": 0, "eve": 0} { // who decides appoints their own, in their own company
		equal(t, who, w.desk(emails[who]).get("/structure/find?of=stand_in&q=zimm").Find("li[data-value]").Length(), want)
	}
	own := w.desk(emails["ann"]).get("/account/deputies") // she decides nothing, so she is not told who does
	tells(t, own, "Nobody needs to stand in for you")
	lacks(t, own, "form[action='/account/deputies']")
	lacks(t, w.desk(emails["ann"]).post("/account/deputies", "deputy_id", "", "deputy_id_said", "zoe zimmer", "until", last), "[value='"+zoe+"']")
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
