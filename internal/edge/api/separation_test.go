package api_test

import (
	"strings"
	"testing"

	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

// A program tries a rule, is refused it with everybody who stands in the way, makes it, loosens it and deletes it.
func TestAProgramKeepsDutiesApart(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	call := x.as("dan")
	const pair = `"name":"Pair","permissions":["approval_rules.manage","checkout.place"],"cardinality":2,"on":true`
	var would api.StandingJSON
	call("POST", "/separation-rules/preview", "", `{`+pair+`}`, 200, &would)
	if len(would.Breaches) != 1 || would.Breaches[0].Member.ID != x.world.Dan.Member.String() || len(would.Breaches[0].Held) != 2 || would.Breaches[0].Held[0].Through[0].Name != "Administrator" {
		t.Errorf("%+v", would)
	}
	var no web.Problem
	call("POST", "/separation-rules", "", `{`+pair+`}`, 422, &no)
	if no.Code != "access.separation_breached" || len(no.Reasons) != 1 || no.Reasons[0].Facts["member_id"] != x.world.Dan.Member.String() {
		t.Errorf("%+v", no)
	}
	var rule api.SeparationJSON
	seen := call("POST", "/separation-rules", "", `{`+pair+`,"excuse_administrators":true}`, 201, &rule)
	if !rule.On || !rule.Excuses || len(rule.Breaches) != 0 || len(rule.Excused) != 1 || rule.Excused[0].Member.Name != "Dan Director" {
		t.Errorf("%+v", rule)
	}
	var offers struct{ Items []api.SuggestionJSON }
	call("GET", "/separation-suggestions", "", "", 200, &offers)
	if len(offers.Items) == 0 || !offers.Items[0].Taken || offers.Items[1].Taken {
		t.Errorf("%+v", offers)
	}
	var refused web.Problem
	call("POST", "/assignments", "", `{"member_id":"`+x.world.Bob.Member.String()+`","role_id":"`+x.world.Roles["buyer"].String()+`"}`, 201, nil)
	var role struct{ ID string }
	call("POST", "/roles", "", `{"name":"Ruler","permissions":["approval_rules.manage"]}`, 201, &role)
	call("POST", "/assignments", "", `{"member_id":"`+x.world.Bob.Member.String()+`","role_id":"`+role.ID+`"}`, 422, &refused)
	if refused.Code != "access.separated" || !strings.Contains(refused.Detail, "Bob Boss would have") || refused.Reasons[0].Facts["rule_id"] != rule.ID {
		t.Errorf("%+v", refused)
	}
	later := call("PUT", "/separation-rules/"+rule.ID, seen, `{`+strings.Replace(pair, "true", "false", 1)+`}`, 200, &rule)
	call("DELETE", "/separation-rules/"+rule.ID, seen, "", 412, &no)
	if rule.On || no.Code != "access.separation_stale" || call("GET", "/separation-rules/"+rule.ID, "", "", 200, nil) != later {
		t.Errorf("%+v, %+v", rule, no)
	}
	call("DELETE", "/separation-rules/"+rule.ID, later, "", 204, nil)
}
