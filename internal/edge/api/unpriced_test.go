package api_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"kontor/internal/edge/web"
	"kontor/internal/matrix"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// Who may not see prices is told by no operation what an order came to, whatever else they may do: not in its answer, nor in why
// it refuses. What a budget has spent is told to who may see the budget.
func TestNobodyReadsPricesThatTheyMayNotSee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newSite(t, db)
		if _, err := x.world.Dear(context.Background()); err != nil {
			t.Fatal(err)
		}
		var routes []matrix.Route
		for _, r := range x.mux.Routes() {
			if r.Kind == web.KindAPI && r.Operation != "" {
				for _, need := range needs[r.Operation] {
					routes = append(routes, matrix.Route{Name: r.Operation, Method: r.Method, Pattern: r.Pattern, Need: need})
				}
			}
		}
		waits := x.world.Samples["acme"]["waiting"]
		tried := matrix.Question{Method: http.MethodPost, Path: "/api/v1/approval-rules/test", Body: fmt.Sprintf(`{"purchase_order_id":%q,"name":"R","enabled":true,"basis":"net","steps":[
			{"then":{"effect":"nothing"}},{"above":{"amount":"2000.00","currency":"EUR"},"then":{"effect":"refuse"}}]}`, waits)}
		replayed := matrix.Question{Method: http.MethodPost, Path: "/api/v1/approval-rules/replay", Body: `{"months":12,"name":"R","enabled":true,"basis":"net","steps":[
			{"then":{"effect":"nothing"}},{"above":{"amount":"2000.00","currency":"EUR"},"then":{"effect":"refuse"}}]}`}
		byTotal := []matrix.Question{matrix.Get("/api/v1/orders?sort=total"), matrix.Get("/api/v1/orders?sort=-total"), matrix.Get("/api/v1/purchase-orders?sort=total"), matrix.Get("/api/v1/purchase-orders?sort=-total")}
		// what changes a budget shows it, when somebody else was faster
		told := x.world.Unpriced(t, x, routes, []string{"get-budget", "edit-budget", "set-budget-limit", "archive-budget"}, append(byTotal, tried, replayed)...)
		matrix.Told(t, told, "list-products", "get-product", "preview-cart", "get-order-list", "list-orders", "get-order", "list-purchase-orders", "get-purchase-order", "list-audit",
			"GET /api/v1/orders?sort=total", "GET /api/v1/purchase-orders?sort=-total", "POST /api/v1/approval-rules/test")
		blind := x.world.People[slices.IndexFunc(x.world.People, func(p *matrix.Person) bool { return p != nil && p.Name == "all but prices.view" })]
		for _, q := range byTotal {
			if a, err := x.Ask(blind, q); err != nil || a.Status != http.StatusForbidden || a.Lacks != "prices.view" {
				t.Errorf("%s is answered %d, for want of %q: %v", q.Path, a.Status, a.Lacks, err)
			}
		}
	})
}
