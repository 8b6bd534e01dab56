package api_test

import (
	"slices"
	"testing"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

// in is the day in so many days, as the API has days.
func in(days int) string {
	berlin, err := time.LoadLocation("Europe/Berlin") // where Acme is
	if err != nil {
		panic(err)
	}
	return string(date.On(time.Now(), berlin).Plus(days))
}

// A program says who stands in, changes and ends it; what it has not seen it does not overwrite.
func TestAProgramAppointsADeputy(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	bob, cleo, ann, eve, dan := x.as("bob"), x.as("cleo"), x.as("ann"), x.as("eve"), x.as("dan")
	who := func(n string) string { return x.world.Members[n].String() }
	var candidates struct{ Items []api.StandInJSON }
	bob("GET", "/deputies/candidates?q=clark", "", "", 200, &candidates)
	if len(candidates.Items) != 1 || candidates.Items[0] != (api.StandInJSON{Member: who("cleo"), Name: "Cleo Clark", Title: "Controller"}) {
		t.Errorf("%+v", candidates)
	}
	var no web.Problem
	ann("GET", "/deputies/candidates?q=clark", "", "", 403, &no) // she decides nothing: who does is not told
	dan("GET", "/deputies/candidates?q=clark", "", "", 200, &candidates)
	for body, want := range map[string]string{
		`{"deputy_id":"x","principal_id":"y","from":"soon","until":"later","rule_ids":["r"],"unit_ids":["u"]}`:               "deputy_id from principal_id rule_ids.0 unit_ids.0 until",
		`{"deputy_id":"` + who("bob") + `","until":"` + in(7) + `"}`:                                                         "deputy_id",
		`{"deputy_id":"` + who("ann") + `","until":"` + in(7) + `"}`:                                                         "deputy_id", // who may approve nothing
		`{"deputy_id":"` + who("eve") + `","until":"` + in(7) + `"}`:                                                         "deputy_id", // who is of another company
		`{"deputy_id":"` + who("ida") + `","until":"` + in(7) + `"}`:                                                         "deputy_id", // who has left
		`{"deputy_id":"` + who("cleo") + `","until":"` + in(-1) + `"}`:                                                       "until",
		`{"deputy_id":"` + who("cleo") + `","until":"` + in(400) + `"}`:                                                      "until",
		`{"deputy_id":"` + who("cleo") + `","until":""}`:                                                                     "until",
		`{"deputy_id":"` + who("cleo") + `","until":"` + in(7) + `","up_to":{"amount":"-1.00","currency":"EUR"}}`:            "up_to",
		`{"deputy_id":"` + who("cleo") + `","until":"` + in(7) + `","unit_ids":["` + id.NewUnit(time.Now()).String() + `"]}`: "unit_ids.0",
	} {
		no = web.Problem{}
		if bob("POST", "/deputies", "", body, 400, &no); fields(no) != want {
			t.Errorf("%s: %q, %+v", body, fields(no), no.Fields)
		}
	}
	var d api.DeputyJSON
	seen := bob("POST", "/deputies", "", `{"deputy_id":"`+who("cleo")+`","until":"`+in(7)+`","up_to":{"amount":"500.00","currency":"EUR"},"unit_ids":["`+x.world.Units["ops"].String()+`"],"note":"On holiday"}`, 201, &d)
	if d.Principal.Name != "Bob Boss" || d.Deputy.Name != "Cleo Clark" || d.State != "on_duty" || !d.MayChange || d.UpTo == nil || d.UpTo.Amount != "500.00" || len(d.Units) != 1 || len(d.Rules) != 0 || d.Note != "On holiday" || d.Ended != nil {
		t.Errorf("%+v", d)
	}
	at := "/deputies/" + d.ID
	bob("POST", "/deputies", "", `{"deputy_id":"`+who("dan")+`","until":"`+in(3)+`"}`, 400, &no)
	if fields(no) != "from" || no.Fields[0].Code != "overlap" {
		t.Errorf("a second one for the same: %+v", no)
	}

	var read api.DeputyJSON
	if cleo("GET", at, "", "", 200, &read) != seen || read.MayChange {
		t.Errorf("Cleo reads it and changes nothing: %+v", read)
	}
	change := `{"until":"` + in(14) + `","both_may":true}`
	cleo("PUT", at, seen, change, 403, nil)
	cleo("POST", at+"/end", seen, "", 403, nil)
	for _, call := range []func(method, path, seen, body string, want int, into any) string{ann, eve} {
		call("GET", at, "", "", 404, &no)
		if no.Code != "deputy.unseen" {
			t.Errorf("%+v", no)
		}
		call("PUT", at, seen, change, 404, nil)
		call("POST", at+"/end", seen, "", 404, nil)
	}
	bob("PUT", at, "", change, 428, nil)
	bob("POST", at+"/end", "", "", 428, nil)
	old := seen
	d = api.DeputyJSON{}
	seen = bob("PUT", at, seen, change, 200, &d)
	if !d.BothMay || d.UpTo != nil || len(d.Units) != 0 || d.Note != "" || d.State != "on_duty" {
		t.Errorf("what is not said is not so: %+v", d)
	}
	for _, q := range [][2]string{{"PUT", at}, {"POST", at + "/end"}} {
		body := change
		if q[0] == "POST" {
			body = ""
		}
		now := bob(q[0], q[1], old, body, 412, &no)
		if no.Code != "deputy.stale" || now != seen || no.Current != "/api/v1"+at {
			t.Errorf("%s of what has changed since: now %s at %s, %s", q[1], now, no.Current, no.Code)
		}
	}
	bob("PUT", at, seen, `{"until":"`+in(14)+`","from":"`+in(1)+`"}`, 400, &no)
	if fields(no) != "from" || no.Fields[0].Code != "begun" {
		t.Errorf("what has begun: %+v", no)
	}

	seen = dan("PUT", at, seen, `{"until":"`+in(20)+`"}`, 200, &d) // who may for others
	seen = bob("POST", at+"/end", seen, "", 200, &d)
	if d.State != "over" || d.Ended == nil || d.Ender == nil || d.Ender.Name != "Bob Boss" || d.MayChange {
		t.Errorf("%+v", d)
	}
	bob("POST", at+"/end", seen, "", 409, &no)
	if no.Code != "deputy.over" {
		t.Errorf("%+v", no)
	}
	bob("PUT", at, seen, change, 409, nil)

	for range 2 {
		x.keyed("bob", "once", "/deputies", `{"deputy_id":"`+who("cleo")+`","from":"`+in(30)+`","until":"`+in(40)+`"}`, 201, &read)
	}
	x.keyed("bob", "once", "/deputies", `{"deputy_id":"`+who("dan")+`","from":"`+in(30)+`","until":"`+in(40)+`"}`, 422, nil)
	for query, want := range map[string]int{"": 2, "state=over": 1, "state=to_come": 1, "state=on_duty": 0, "own=true&q=clark": 2, "member_id=" + who("cleo"): 2, "member_id=" + who("tom"): 0} {
		var list struct{ Items []api.DeputyJSON }
		if bob("GET", "/deputies?"+query, "", "", 200, &list); len(list.Items) != want {
			t.Errorf("%s: Bob finds %d, want %d", query, len(list.Items), want)
		}
	}
	var list struct{ Items []api.DeputyJSON }
	eve("GET", "/deputies", "", "", 200, &list)
	if slices.ContainsFunc(list.Items, func(d api.DeputyJSON) bool { return d.Principal.Name == "Bob Boss" }) {
		t.Errorf("Eve finds %+v", list.Items)
	}
}

// A deputy of a deputy stands in; three in a row and circles do not. Nobody makes themselves a deputy, nor is one appointed by
// whom the other does not see.
func TestAProgramAppointsNoDeputiesInACircle(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	bob, cleo, ann, dan, eve := x.as("bob"), x.as("cleo"), x.as("ann"), x.as("dan"), x.as("eve")
	who := func(n string) string { return x.world.Members[n].String() }
	dan("POST", "/assignments", "", `{"member_id":"`+who("tom")+`","role_id":"`+x.world.Roles["approver"].String()+`"}`, 201, nil)
	until := `","until":"` + in(7) + `"}`
	bob("POST", "/deputies", "", `{"deputy_id":"`+who("cleo")+until, 201, nil)
	var no web.Problem
	refused := func(says, want string) {
		t.Helper()
		if fields(no) != "deputy_id" || no.Fields[0].Code != want {
			t.Errorf("%s: %+v", says, no)
		}
		no = web.Problem{}
	}
	cleo("POST", "/deputies", "", `{"deputy_id":"`+who("bob")+until, 400, &no)
	refused("for each other", "circle")
	cleo("POST", "/deputies", "", `{"deputy_id":"`+who("dan")+until, 201, nil)
	dan("POST", "/deputies", "", `{"deputy_id":"`+who("bob")+until, 400, &no)
	refused("around", "circle")
	dan("POST", "/deputies", "", `{"deputy_id":"`+who("tom")+until, 400, &no)
	refused("three in a row", "chain")
	dan("POST", "/deputies", "", `{"principal_id":"`+who("tom")+`","deputy_id":"`+who("dan")+until, 400, &no)
	refused("oneself for another", "oneself")
	dan("POST", "/deputies", "", `{"principal_id":"`+who("eve")+`","deputy_id":"`+who("bob")+until, 404, nil)
	ann("POST", "/deputies", "", `{"principal_id":"`+who("bob")+`","deputy_id":"`+who("cleo")+until, 404, nil)
	eve("POST", "/deputies", "", `{"principal_id":"`+who("bob")+`","deputy_id":"`+who("cleo")+until, 404, nil)
}

// Who stands in is asked for what waits, for whom they stand in, and never about their own order.
func TestADeputyIsAskedOverHTTPButForTheirOwn(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	ann, dan := x.as("ann"), x.as("dan")
	who := func(n string) string { return x.world.Members[n].String() }
	dan("POST", "/assignments", "", `{"member_id":"`+who("ann")+`","role_id":"`+x.world.Roles["approver"].String()+`"}`, 201, nil)
	var err error
	if x.people["ann"].Actor, err = x.world.Again(t.Context(), x.world.Ann); err != nil { // as signing in would
		t.Fatal(err)
	}
	for _, d := range x.world.Things["deputy"] {
		if at := "/deputies/" + d.ID; d.Owner == "ann" { // somebody would stand in for Ann, too, and so on
			ann("POST", at+"/end", ann("GET", at, "", "", 200, nil), "", 200, nil)
		}
	}
	var q struct{ Items []api.WaitingJSON }
	dan("GET", "/approvals", "", "", 200, &q)
	all := q.Items
	var d api.DeputyJSON
	seen := dan("POST", "/deputies", "", `{"deputy_id":"`+who("ann")+`","until":"`+in(7)+`"}`, 201, &d)
	if _, err := x.world.Approving.Reroute(t.Context(), access.System(id.Company{})); err != nil { // the timetable does
		t.Fatal(err)
	}
	var own api.WaitingJSON
	dan("GET", "/approvals", "", "", 200, &q)
	for _, o := range q.Items {
		if own = o; o.Requester.ID != who("ann") {
			t.Errorf("Dan is still asked about %+v", o)
		}
	}
	ann("GET", "/approvals", "", "", 200, &q)
	if len(all) < 3 || len(q.Items) != len(all)-1 || own.ID == "" {
		t.Fatalf("%d wait for Ann, of %d that waited for Dan", len(q.Items), len(all))
	}
	for _, o := range q.Items {
		if o.Requester.ID == who("ann") || len(o.Behalf) != 1 || o.Behalf[0].Name != "Dan Director" {
			t.Errorf("Ann is asked about %+v", o)
		}
	}
	decision := func(o api.WaitingJSON) string { return `{"verdict":"approve","content_hash":"` + o.Hash + `"}` }
	var no web.Problem
	ann("POST", "/purchase-orders/"+own.ID+"/decisions", "", decision(own), 403, &no)
	if no.Code != "approval.not_asked" {
		t.Errorf("Ann is told of her own: %+v", no)
	}
	ann("POST", "/purchase-orders/"+q.Items[0].ID+"/decisions", "", decision(q.Items[0]), 200, nil)
	dan("POST", "/deputies/"+d.ID+"/end", seen, "", 200, nil)
	ann("POST", "/purchase-orders/"+q.Items[1].ID+"/decisions", "", decision(q.Items[1]), 403, nil) // with the very next decision
	dan("POST", "/purchase-orders/"+q.Items[1].ID+"/decisions", "", decision(q.Items[1]), 200, nil)
}
