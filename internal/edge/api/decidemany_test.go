package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

// Several are decided at once over HTTP: what is refused of one keeps none of the others from it, the same request again answers
// the same, and one that cannot be carried out as a whole decides nothing.
func TestAProgramDecidesOnSeveral(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	call := x.as("dan")
	waiting := func() []api.WaitingJSON {
		var q struct{ Items []api.WaitingJSON }
		call("GET", "/approvals?sort=total", "", "", 200, &q)
		return q.Items
	}
	type answer struct {
		web.Problem
		Results []api.DecidedJSON
	}
	decide := func(key string, want int, decisions ...api.DecisionJSON) (a answer) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"decisions": decisions})
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequest("POST", x.url+"/api/v1/approvals/decisions", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer dan")
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err == nil {
			err = json.Unmarshal(text, &a)
		}
		if err != nil || res.StatusCode != want {
			t.Fatalf("%s: %d, want %d: %s, %v", key, res.StatusCode, want, text, err)
		}
		return a
	}
	before := waiting()
	if len(before) < 3 {
		t.Fatalf("%d wait for Dan", len(before))
	}
	say := func(n int, verdict, reason string) api.DecisionJSON {
		return api.DecisionJSON{Order: before[n].ID, Verdict: verdict, Reason: reason, Hash: before[n].Hash}
	}

	many := make([]api.DecisionJSON, 101)
	for i := range many {
		many[i] = api.DecisionJSON{Order: id.NewPurchaseOrder(x.world.DB.Times()).String(), Verdict: "approve", Hash: "x"}
	}
	decide("too-many", 400, many...)
	decide("none", 400)
	decide("twice-the-same", 400, say(0, "approve", ""), say(0, "reject", "no"))
	broken := say(0, "approve", "")
	broken.Order = "PO-1"
	if a := decide("what-is-no-key", 400, say(1, "approve", ""), broken); !strings.Contains(strings.Join(pointers(a.Problem), " "), "decisions/1/purchase_order_id") {
		t.Errorf("what is no identifier: %+v", a.Problem)
	}
	if left := waiting(); len(left) != len(before) {
		t.Fatalf("%d of %d are left, and nothing was decided", len(left), len(before))
	}

	stale, missing := say(1, "approve", ""), say(0, "approve", "")
	stale.Hash, missing.Order = "seen-before-it-was-changed", id.NewPurchaseOrder(x.world.DB.Times()).String()
	mixed := []api.DecisionJSON{say(0, "approve", ""), stale, missing, say(2, "reject", "")}
	first := decide("mixed", 200, mixed...)
	if len(first.Results) != 4 {
		t.Fatalf("%+v", first)
	}
	for i, want := range []struct {
		counts bool
		code   string
	}{{true, ""}, {false, "approval.changed"}, {false, "approval.unseen"}, {false, "approval.note"}} {
		r, code := first.Results[i], ""
		if r.Refused != nil {
			code = r.Refused.Code
		}
		if r.ID != mixed[i].Order || r.Counts != want.counts || code != want.code {
			t.Errorf("the %d. result: %+v refused %q, want %q", i, r, code, want.code)
		}
	}
	if again := decide("mixed", 200, mixed...); !reflect.DeepEqual(again.Results, first.Results) {
		t.Errorf("the same request again: %+v, want %+v", again, first)
	}
	decide("mixed", 422, say(2, "approve", ""))
	if left := waiting(); len(left) != len(before)-1 {
		t.Errorf("%d of %d are left", len(left), len(before))
	}
}

// pointers are the fields that a problem names.
func pointers(p web.Problem) (all []string) {
	for _, f := range p.Fields {
		all = append(all, f.Pointer)
	}
	return all
}
