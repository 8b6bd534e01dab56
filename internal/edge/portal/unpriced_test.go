package portal_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/edge/web"
	"kontor/internal/matrix"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// Who may not see prices reads on no page, in no file and in no refusal what an order came to, whatever else they may do. What a
// budget has spent is shown to who may see the budget.
func TestNobodyReadsPricesThatTheyMayNotSee(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := matrix.New(t, db)
		rule, err := w.Dear(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		d := newDesks(t, w)
		var routes []matrix.Route
		for _, r := range d.mux.Routes() {
			if r.Kind == web.KindPage {
				for _, need := range needs[r.Method+" "+r.Pattern] {
					routes = append(routes, matrix.Route{Name: r.Method + " " + r.Pattern, Method: r.Method, Pattern: r.Pattern, Need: need})
				}
			}
		}
		order, waits := w.Samples["acme"]["placed"], w.Samples["acme"]["waiting"]
		besides := []matrix.Question{
			matrix.Get("/orders?sort=total"), matrix.Get("/orders?columns=number&columns=net&columns=total"), matrix.Get("/orders?export=csv"), matrix.Get("/orders?export=csv&sort=-total"),
			matrix.Get("/purchase-orders?sort=-total"), matrix.Get("/purchase-orders?columns=number&columns=net&columns=total"), matrix.Get("/purchase-orders?export=csv"),
			matrix.Get("/audit?export=csv"), matrix.Get("/search?q=SO-"), matrix.Get("/search?q=PO-&part=found"), matrix.Get("/rules/" + rule.ID.String() + "?try=" + waits),
		}
		told := w.Unpriced(t, d, routes, []string{"GET /budgets/{budget}", "POST /budgets/{budget}"}, besides...)
		matrix.Told(t, told, "GET /{$}", "GET /shop", "GET /products/{product}", "GET /cart", "GET /checkout", "GET /lists/{list}", "GET /orders", "GET /orders/{order}", "GET /purchase-orders",
			"GET /purchase-orders/{po}", "GET /approvals/{po}", "GET /audit", "GET /rules/{rule}")
		for _, q := range besides {
			matrix.Told(t, told, "GET "+q.Path)
		}
		// and nothing stands where it would be
		for path, gone := range map[string][]string{
			"/orders": {"Total, gross"}, "/orders?columns=number&columns=total": {"Total, gross"}, "/purchase-orders": {"Total, gross"}, "/orders/" + order: {"Price", "Total"},
			"/purchase-orders/" + waits: {"Price", "Total"}, "/approvals/" + waits: {"Unit price", "Last bought", "Total"}, "/": {"Total, net"},
		} {
			a, err := d.Ask(person(t, w, "all but prices.view"), matrix.Get(path))
			if err != nil || a.Status != http.StatusOK {
				t.Fatal(path, a.Status, err)
			}
			page, err := goquery.NewDocumentFromReader(strings.NewReader(a.Body))
			if err != nil {
				t.Fatal(err)
			}
			page.Find("thead th, h2, dt").Each(func(_ int, x *goquery.Selection) {
				if name := fold(x.Text()); slices.Contains(gone, name) {
					t.Errorf("%s has a place for %q", path, name)
				}
			})
		}
	})
}
