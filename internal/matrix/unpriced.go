package matrix

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/usecase/purchasing"
)

// figures are how 1 234.57 EUR, what one costs in Dear, and what two and three come to, may be written.
var figures = []string{
	"1234.57", "1,234.57", "1.234,57", "1234,57", "123457", "12345700",
	"2469.14", "2,469.14", "2.469,14", "2469,14", "246914", "24691400",
	"3703.71", "3,703.71", "3.703,71", "3703,71", "370371", "37037100",
}

// Figure is how an answer writes what something that was ordered came to, with what stands around it; "" when it does not.
func Figure(body string) string {
	for _, f := range figures {
		if i := strings.Index(body, f); i >= 0 {
			return body[max(0, i-120):min(len(body), i+120)]
		}
	}
	return ""
}

// Dear lets everybody who buys order something at a price that nothing else has: two orders that are placed, and two that wait, so that
// what a budget has spent or holds is what none of them comes to; and leaves one in Pat's cart. With it comes a rule that looks at
// what an order comes to.
func (w *World) Dear(ctx context.Context) (rule approval.Rule, err error) {
	err = w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
		tx.Prices.SetPrice(w.BasePrices, w.Products[1].ID, 0, money.Rate{E4: 1234_5700, Currency: "EUR"})
		return nil
	})
	if err != nil {
		return rule, err
	}
	least := money.Of(1_00, "EUR")
	dear := approval.Rule{Name: "Dear", Enabled: true, Basis: approval.Net, Steps: []approval.Step{
		{}, {Above: &least, Then: approval.Asks(approval.Source{Kind: approval.OfAdministrator})}}}
	ordered := func(each func(name string, at func(*Thing), done purchasing.Submitted)) error {
		for name, at := range map[string]string{"pat": "ops", "sue": "ops", "ann": "ops", "tom": "fin"} {
			for range 2 {
				done, _, err := w.submit(ctx, w.buyers[name])
				if err != nil {
					return err
				}
				each(name, w.owned(name, at), done)
			}
		}
		return nil
	}
	if err := ordered(func(name string, at func(*Thing), placed purchasing.Submitted) {
		w.put("order", name, placed.Order, at)
		w.Samples["acme"]["placed"] = placed.Order.String()
	}); err != nil {
		return rule, err
	}
	if rule, err = w.Approving.CreateRule(ctx, w.Dan, dear); err != nil {
		return rule, err
	}
	err = ordered(func(name string, at func(*Thing), waits purchasing.Submitted) {
		w.put("purchase order", name, waits.ID, at)
		w.Samples["acme"]["waiting"] = waits.ID.String()
	})
	if err == nil {
		_, err = w.Purchasing.Add(ctx, w.buyers["pat"].Actor, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(1)}}})
	}
	return rule, err
}

// Unpriced asks every route that changes nothing, and these questions besides, as Pat who holds all but prices.view, and holds
// that no answer tells what an order came to. But for the routes in own, which show figures that have a permission of their own.
// It gives the names of those, and the paths of the questions, that tell it to Pat when she holds prices.view as well.
func (w *World) Unpriced(t *testing.T, edge Edge, routes []Route, own []string, besides ...Question) (told []string) {
	t.Helper()
	person := func(name string) *Person {
		i := slices.IndexFunc(w.People, func(p *Person) bool { return p != nil && p.Name == name })
		if i < 0 {
			t.Fatal("there is nobody who holds ", name)
		}
		return w.People[i]
	}
	blind, sighted := person("all but prices.view"), person("everything")
	ask := func(name string, p *Person, q Question) (found string) {
		a, err := edge.Ask(p, q)
		if err != nil {
			t.Fatalf("%s as %s: %v", name, p, err)
		}
		return Figure(a.Body + "\n" + a.Location + "\n" + a.Headers)
	}
	look := func(name string, of func(p *Person) Question) {
		if found := ask(name, blind, of(blind)); found != "" {
			t.Errorf("%s tells who may not see prices what it came to: %s", name, found)
		}
		if ask(name, sighted, of(sighted)) != "" && !slices.Contains(told, name) {
			told = append(told, name)
		}
	}
	for _, r := range routes {
		if r.Need.Acts || slices.Contains(own, r.Name) {
			continue
		}
		things := w.Things[r.Need.Kind]
		if r.Need.Kind == "" {
			things = []*Thing{{Company: "all"}}
		}
		for _, x := range things {
			look(r.Name, func(p *Person) Question { return w.Question(r, p, x) })
		}
	}
	for _, q := range besides {
		look(q.Method+" "+q.Path, func(*Person) Question { return q })
	}
	return told
}

// Told holds that all of these are among what told somebody what an order came to: otherwise the test that asks is blind.
func Told(t *testing.T, told []string, want ...string) {
	t.Helper()
	for _, name := range want {
		if !slices.Contains(told, name) {
			t.Errorf("%s tells nobody what an order came to: is the test blind?", name)
		}
	}
}

// Get is a question that only looks.
func Get(path string) Question { return Question{Method: http.MethodGet, Path: path} }
