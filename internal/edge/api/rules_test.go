package api_test

import (
	"fmt"
	"testing"

	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

// A rule is held against a cart of one's own, as though that were submitted now; nobody else's, and nothing that is no order.
func TestARuleIsTriedOnACart(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	call := x.as("dan")
	var c, others api.CartJSON
	call("GET", "/carts/current", "", "", 200, &c)
	x.as("ann")("GET", "/carts/current", "", "", 200, &others)
	body := func(rest string) string {
		return `{"name":"R","enabled":true,"basis":"net","steps":[{"when":"items > 2","then":{"effect":"refuse"}}],` + rest + `}`
	}
	on := func(key string) string { return body(fmt.Sprintf(`"cart_id":%q`, key)) }
	var p web.Problem
	if call("POST", "/approval-rules/test", "", on(c.ID), 422, &p); p.Code != "cart.empty" {
		t.Errorf("an empty cart: %+v", p)
	}
	call("POST", "/carts/current/lines", "", fmt.Sprintf(`{"lines":[{"product_id":%q,"quantity":"3"}]}`, x.world.Products[1].ID), 200, &c)
	var tested api.TestedJSON
	if call("POST", "/approval-rules/test", "", on(c.ID), 200, &tested); !tested.Applies || len(tested.Steps) != 1 || tested.Steps[0].Step != 1 {
		t.Errorf("three in the cart: %+v", tested)
	}
	p = web.Problem{}
	if call("POST", "/approval-rules/test", "", on(others.ID), 404, &p); p.Code != "cart.unseen" {
		t.Errorf("another's cart: %+v", p)
	}
	p = web.Problem{}
	if call("POST", "/approval-rules/test", "", body(fmt.Sprintf(`"cart_id":%q,"purchase_order_id":"po_01m2ea304ke96rc6p1e6b0n8w0"`, c.ID)), 400, &p); len(p.Fields) == 0 {
		t.Errorf("both: %+v", p)
	}
	p = web.Problem{}
	if call("POST", "/approval-rules/test", "", body(`"valid_until":null`), 400, &p); len(p.Fields) == 0 {
		t.Errorf("neither: %+v", p)
	}
}

// A rule is replayed over the purchase orders of the last months, in the place of the one that is kept, and nothing is changed by it.
func TestARuleIsReplayedOverWhatWasOrdered(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	dan := x.as("dan")
	var list struct{ Items []struct{ ID string } }
	dan("GET", "/purchase-orders?limit=200", "", "", 200, &list)
	n := len(list.Items)
	body := func(rest string) string {
		return `{"name":"R","enabled":true,"basis":"net","steps":[{"when":"items > 0","then":{"effect":"ask","stages":[{"groups":[{"k":1,"of":[{"kind":"administrator"}]}]}]}}]` + rest + `}`
	}
	var got api.ReplayJSON
	dan("POST", "/approval-rules/replay", "", body(`,"months":12`), 200, &got)
	if n == 0 || got.Orders != n || got.Asks != n || got.New == 0 || got.New != n-got.HeldThen || len(got.NewRows) != got.New || got.NewRows[0].RequesterName == "" || got.NewRows[0].Net == nil ||
		len(got.People) == 0 || got.People[0].Orders == 0 || len(got.Sources) != 1 || got.Sources[0].Source.Kind != "administrator" || got.Sources[0].Orders != n || got.GoneRows == nil {
		t.Errorf("%+v", got)
	}
	var p web.Problem
	for _, row := range []struct {
		sentence, rest string
		status         int
	}{{"no months", ``, 400}, {"none of them", `,"months":0`, 400}, {"too many", `,"months":121`, 400}, {"no rule", `,"months":12,"rule_id":"x"`, 400},
		{"a rule that is not there", `,"months":12,"rule_id":"rul_01kkbfjym0e008nymxe56827j4"`, 404}} {
		p = web.Problem{}
		if dan("POST", "/approval-rules/replay", "", body(row.rest), row.status, &p); p.Code == "" {
			t.Errorf("%s: %+v", row.sentence, p)
		}
	}
}
