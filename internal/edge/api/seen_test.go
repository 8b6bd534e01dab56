package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kontor/internal/domain/company"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

// Who has seen a unit elsewhere than it stands does not move it.
func TestAMoveStartsWhereItWasSeen(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	call := x.as("dan")
	ops, fin := x.world.Units["ops"].String(), x.world.Units["fin"].String()
	above := func() string {
		var tree struct{ Items []api.NodeJSON }
		call("GET", "/structure", "", "", 200, &tree)
		for _, n := range tree.Items {
			if n.ID == ops {
				return n.Parent
			}
		}
		t.Fatal("it stands nowhere")
		return ""
	}
	top := above()
	move := func(from, to string, want int) {
		t.Helper()
		var no web.Problem
		call("PUT", "/structure/"+ops+"/parent", "", `{"parent_id":"`+to+`","from_parent_id":"`+from+`"}`, want, nil)
		if want >= 400 {
			return
		}
		if above() != to {
			t.Errorf("it stands below %s: %+v", above(), no)
		}
	}
	move(top, fin, 204)
	move(top, x.world.Cleo.Member.String(), 412)
	if above() != fin {
		t.Error("it was moved from where it did not stand")
	}
	move(fin, top, 204)
}

// What a move would change is told before it is made, and is what comes of it.
func TestAMoveIsWeighedByAProgram(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	call := x.as("dan")
	ops, fin, cleo := x.world.Units["ops"].String(), x.world.Units["fin"].String(), x.world.Cleo.Member.String()
	var m api.MovingJSON
	call("GET", "/structure/"+ops+"/move?parent_id="+cleo, "", "", 200, &m)
	if m.Node.Name != "Operations" || m.Parent != (api.NamedJSON{ID: cleo, Name: "Cleo Clark"}) || m.Was == nil || m.Was.Name != "Dan Director" || m.Is == nil || m.Is.ID != cleo {
		t.Errorf("%+v, from %+v to %+v", m, m.Was, m.Is)
	}
	bob := slices.ContainsFunc(m.Led, func(l api.LedJSON) bool { return l.Name == "Bob Boss" && !l.Invited })
	ann := slices.ContainsFunc(m.Led, func(l api.LedJSON) bool { return l.Name == "Ann Archer" })
	if m.People < 2 || !bob || ann || m.Gain == nil || m.Lose == nil {
		t.Errorf("%+v", m)
	}
	var no web.Problem
	call("GET", "/structure/"+ops+"/move?parent_id="+x.world.Bob.Member.String(), "", "", 422, &no)
	if no.Code != company.ErrCircle.Code {
		t.Errorf("below itself: %+v", no)
	}
	call("GET", "/structure/"+ops+"/move?parent_id=x", "", "", 400, &no)
	if len(no.Fields) != 1 || no.Fields[0].In != "query" || no.Fields[0].Name != "parent_id" {
		t.Errorf("below what is nothing: %+v", no)
	}
	call("GET", "/structure/"+ops+"/move?parent_id="+x.world.Eve.Member.String(), "", "", 404, nil)
	x.as("eve")("GET", "/structure/"+ops+"/move?parent_id="+fin, "", "", 404, nil)
	x.as("ann")("GET", "/structure/"+ops+"/move?parent_id="+fin, "", "", 404, nil) // who sees nobody
	var tree struct{ Items []api.NodeJSON }
	call("GET", "/structure", "", "", 200, &tree)
	if at := slices.IndexFunc(tree.Items, func(n api.NodeJSON) bool { return n.ID == ops }); tree.Items[at].Parent == cleo {
		t.Error("it was moved")
	}
}

// Who has seen an older version is told which one stands there now, and where; with that it can be changed.
func TestAnOlderVersionIsToldTheOneOfNow(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	call := x.as("dan")
	unit := "/units/" + x.world.Units["ops"].String()
	for _, test := range []struct{ method, path, body, current string }{
		{"PUT", unit + "/addresses", `{}`, unit + "/addresses"},
		{"PUT", "/company/legal-address", `{"street":"Way 1","postcode":"1010","city":"Wien","country":"AT"}`, "/company/legal-address"},
		{"DELETE", "/addresses/" + x.world.Warehouse.String(), "", "/addresses/" + x.world.Warehouse.String()},
	} {
		var p web.Problem
		now := call(test.method, test.path, `"7777"`, test.body, 412, &p)
		if p.Current != "/api/v1"+test.current || now != call("GET", test.current, "", "", 200, nil) {
			t.Errorf("%s %s: now %s at %s", test.method, test.path, now, p.Current)
		}
		if !strings.HasSuffix(p.Detail, "Read it again, and send its ETag in If-Match") {
			t.Errorf("%s %s says %q", test.method, test.path, p.Detail)
		}
	}
}

// Who was overtaken reads in the refusal itself what stands there now, what of theirs is otherwise, and, if they may read the
// audit, who was there last.
func TestWhoWasOvertakenIsShownWhatChanged(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	dan := x.as("dan")
	unit := "/units/" + x.world.Units["ops"].String()
	seen := dan("GET", unit, "", "", 200, nil)
	is := dan("PUT", unit, seen, `{"code":"OPS","name":"Works"}`, 200, nil)
	for _, test := range []struct {
		who, body string
		differs   []string
		past      bool
	}{
		{"dan", `{"code":"OPS","name":"Plant"}`, []string{"/name"}, true},
		{"dan", `{"code":"PLANT","name":"Plant"}`, []string{"/code", "/name"}, true},
		{"dan", `{"code":"OPS","name":"Works"}`, nil, true},
		{"all-but-audit.view", `{"code":"OPS","name":"Plant"}`, []string{"/name"}, false},
	} {
		var p web.Problem
		now := x.as(test.who)("PUT", unit, seen, test.body, 412, &p)
		var stands api.UnitJSON
		if err := json.Unmarshal(p.Now, &stands); err != nil || stands.Name != "Works" || web.ETag(stands.Version) != now || now != is {
			t.Errorf("%s, %s: %s stands there at version %s, %v", test.who, test.body, p.Now, now, err)
		}
		if !slices.Equal(p.Differs, test.differs) {
			t.Errorf("%s, %s: %v differ", test.who, test.body, p.Differs)
		}
		switch {
		case !test.past && len(p.Past) > 0:
			t.Errorf("%s reads of the audit: %+v", test.who, p.Past)
		case test.past && (len(p.Past) == 0 || len(p.Past) > 5 || p.Past[0].Event != "unit.edited" || p.Past[0].Actor != "Dan Director" || p.Past[0].Member != x.world.Dan.Member.String() || !strings.Contains(string(p.Past[0].Data), "Works")):
			t.Errorf("%s is told %+v", test.who, p.Past)
		}
	}
}

// What a rule would have said of a purchase order is asked before it is kept.
func TestARuleIsHeldAgainstAnOrder(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	call := x.as("dan")
	var list struct{ Items []api.PurchaseOrderJSON }
	call("GET", "/purchase-orders", "", "", 200, &list)
	if len(list.Items) == 0 {
		t.Fatal("there is no purchase order")
	}
	test := func(when, more string) (said api.TestedJSON) {
		t.Helper()
		call("POST", "/approval-rules/test", "", `{"purchase_order_id":"`+list.Items[0].ID+`","name":"Draft","enabled":false,"basis":"net",`+more+
			`"steps":[{"when":"`+when+`","then":{"effect":"ask","stages":[{"groups":[{"k":1,"of":[{"kind":"manager","level":1}]}]}]}}]}`, 200, &said)
		return said
	}
	if said := test("total_net > 0 EUR", ""); !said.Applies || len(said.Steps) != 1 || said.Steps[0].Step != 1 || said.Steps[0].Then.Effect != "ask" || said.Steps[0].Unsure || !strings.Contains(said.Steps[0].Why, "0.00") {
		t.Errorf("%+v", said)
	}
	if said := test("total_net > 90000000 EUR", ""); !said.Applies || len(said.Steps) != 0 {
		t.Errorf("%+v", said)
	}
	if said := test("total_net > 0 EUR", `"until":"2001-01-01T00:00:00Z",`); said.Applies || len(said.Steps) != 0 {
		t.Errorf("%+v", said)
	}
	var no web.Problem
	call("POST", "/approval-rules/test", "", `{"purchase_order_id":"`+list.Items[0].ID+`","name":"Draft","enabled":false,"basis":"net","steps":[{"when":"total_net >","then":{"effect":"refuse"}}]}`, 400, &no)
	if len(no.Fields) != 1 {
		t.Errorf("%+v", no)
	}
}
