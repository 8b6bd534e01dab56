package purchasing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/usecase/purchasing"
)

// Whoever may order somewhere is offered where, and told to choose where it is not plain.
func TestWhoStandsAboveAllUnitsChoosesOne(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		ops, fin := w.Bob.At.Parent(), w.Cleo.At.Parent()
		at := func(a access.Actor, places ...tree.Path) access.Actor {
			var grants []access.Grant
			for _, p := range places {
				grants = append(grants, access.Grant{Place: p, Set: access.SetOf(access.CheckoutPlace, access.CheckoutOnAccount, access.CheckoutWithoutBudget).Normalise()})
			}
			return a.Holding(grants)
		}
		for _, c := range []struct {
			says    string
			actor   access.Actor
			chosen  id.Unit
			unit    string // that it would be ordered for
			offered string
		}{
			{"Ann for hers, and for all others if she likes", w.Ann, id.Unit{}, "ops", "ops acme fin"},
			{"Ann for another", w.Ann, w.Units["fin"], "fin", "ops acme fin"},
			{"Dan, who stands above all, for none", w.Dan, id.Unit{}, "", "acme ops fin"},
			{"Dan for the one that he chooses", w.Dan, w.Units["fin"], "fin", "acme ops fin"},
			{"Eve for the only one", w.Eve, id.Unit{}, "globex", "globex"},
			{"Ann, who may order for finance alone, for that", at(w.Ann, fin), id.Unit{}, "fin", "fin"},
			{"Dan, who may order for two, for none", at(w.Dan, ops, fin), id.Unit{}, "", "ops fin"},
			{"not for a unit where she may not", at(w.Ann, fin), w.Units["ops"], "", "fin"},
		} {
			basket := w.fill(c.actor, 1, nil)
			a, err := w.s.Try(ctx, c.actor, basket.ID, cart.Checkout{Unit: c.chosen, Payment: purchasing.OnAccount})
			if err != nil {
				t.Fatal(c.says, err)
			}
			var offered []string
			for _, u := range a.Choices.Units {
				offered = append(offered, u.Code)
			}
			refused := false
			for _, r := range a.Refusals {
				refused = refused || errors.Is(r, map[bool]error{true: purchasing.ErrNoUnit, false: purchasing.ErrUnit}[c.chosen.IsZero()])
			}
			if a.Unit.Code != c.unit || strings.Join(offered, " ") != c.offered || refused != (c.unit == "") || a.Delivery.ID.IsZero() || a.Billing.ID.IsZero() {
				t.Errorf("%s: for %q of %v, refused %v, to %q", c.says, a.Unit.Code, offered, refused, a.Delivery.Label)
			}
			if c.unit == "" {
				continue
			}
			if _, err := w.s.Submit(ctx, c.actor, purchasing.SubmitInput{Cart: basket.ID, Version: basket.Version, Checkout: &cart.Checkout{Unit: c.chosen, Payment: purchasing.OnAccount}}); err != nil {
				t.Errorf("%s: %v", c.says, err)
			}
		}
	})
}
