package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

// What is well formed and not there, or no currency, is told all at once, and each pointer leads to a place of the description.
func TestWhatIsNotThereIsToldWhereItStands(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	call := x.as("dan")
	all, resolve := described()
	unit, member, centre, address := x.world.GlobexUnits["globex"], x.world.Eve.Member, x.world.GlobexCostCentre, x.world.GlobexAddress
	budget := func(owner, currency string) string {
		return fmt.Sprintf(`{"name":"B","owner":{%s},"limit":{"amount":"5.00","currency":%q},"cycle":{"kind":"month"},"when_exhausted":"block"}`, owner, currency)
	}
	rule := func(steps string) string {
		return `{"name":"R","enabled":true,"basis":"net","steps":[` + steps + `]}`
	}
	ask := `"then":{"effect":"ask","stages":[{"groups":[{"k":1,"of":[{"kind":"manager","level":1}]}]}]}`
	for _, test := range []struct {
		operation, path, body string
		status                int
		want                  string
	}{
		{"create-budget", "/budgets", budget(fmt.Sprintf(`"unit_id":%q,"member_id":%q,"cost_centre_id":%q`, unit, member, centre), "EUR"), 400,
			"/owner/cost_centre_id /owner/member_id /owner/unit_id"},
		{"create-budget", "/budgets", budget("", "XYZ"), 400, "/limit/currency"},
		{"create-budget", "/budgets", budget("", "USD"), 400, "/limit/currency"},
		{"create-cost-centre", "/cost-centres", fmt.Sprintf(`{"code":"C","name":"C","manager_id":%q,"unit_id":%q}`, member, unit), 400, "/manager_id /unit_id"},
		{"assign-role", "/assignments", fmt.Sprintf(`{"member_id":%q,"role_id":%q,"unit_id":%q}`, member, x.world.GlobexRoles["buyer"], unit), 404, "/member_id /role_id /unit_id"},
		{"assign-role", "/assignments", fmt.Sprintf(`{"member_id":%q,"role_id":%q,"unit_id":%q}`, x.world.Bob.Member, x.world.GlobexRoles["buyer"], unit), 404, "/role_id /unit_id"},
		{"assign-role", "/assignments", fmt.Sprintf(`{"member_id":%q,"role_id":%q}`, x.world.Bob.Member, x.world.GlobexRoles["buyer"]), 404, "/role_id"},
		{"assign-role", "/assignments", fmt.Sprintf(`{"member_id":"nobody","role_id":%q,"unit_id":%q}`, x.world.GlobexRoles["buyer"], unit), 400, "/member_id /role_id /unit_id"},
		{"create-approval-rule", "/approval-rules", rule(`{"then":{"effect":"nothing"}},{"above":{"amount":"12x","currency":"EUR"},` + ask + `}`), 400, "/steps/1/above/amount"},
		{"create-approval-rule", "/approval-rules", rule(`{"then":{"effect":"nothing"}},{"above":{"amount":"12","currency":"XYZ"},` + ask + `}`), 400, "/steps/1/above/currency"},
		{"create-approval-rule", "/approval-rules", rule(`{"when":"total_net > 5 XYZ",` + ask + `}`), 400, "/steps/0/when"},
		{"prepare-checkout", "cart", fmt.Sprintf(`{"unit_id":%q,"cost_centre_id":%q,"delivery_address_id":%q,"billing_address_id":%q}`, unit, centre, address, address), 400,
			"/billing_address_id /cost_centre_id /delivery_address_id /unit_id"},
	} {
		method, seen := "POST", ""
		if test.path == "cart" {
			var c struct{ ID string }
			seen = call("GET", "/carts/current", "", "", 200, &c)
			method, test.path = "PUT", "/carts/"+c.ID+"/checkout"
		}
		var p web.Problem
		call(method, test.path, seen, test.body, test.status, &p)
		var got []string
		at := slices.IndexFunc(all, func(o operation) bool { return o.name == test.operation })
		for _, f := range p.Fields {
			got = append(got, f.Pointer)
			if !stands(resolve, all[at].body, strings.Split(f.Name, ".")) {
				t.Errorf("%s: %s leads nowhere", test.operation, f.Pointer)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s %s: %q in %s", test.operation, test.body, got, p.Detail)
		}
	}
}
