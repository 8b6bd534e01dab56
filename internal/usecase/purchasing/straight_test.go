package purchasing_test

import (
	"context"
	"encoding/json"
	"testing"

	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// An order bears the unit's usual cost centre unless its buyer wants another one, or none.
func TestACostCentreIsTheUsualOneAnotherOrNone(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		units := organising.New(w.DB)
		ops, err := units.Unit(ctx, w.Dan, w.Units["ops"])
		if err == nil {
			_, err = units.EditUnit(ctx, w.Dan, organising.EditUnitInput{ID: ops.ID, Version: ops.Version, Code: ops.Code, Name: ops.Name, CostCentre: w.CostCentre})
		}
		if err != nil {
			t.Fatal(err)
		}
		for sentence, c := range map[string]struct {
			say  func(*cart.Checkout)
			want string
		}{
			"nobody says anything": {nil, "4711"},
			"the buyer wants none": {func(c *cart.Checkout) { c.NoCentre = true }, ""},
			"the buyer names it":   {func(c *cart.Checkout) { c.CostCentre = w.CostCentre }, "4711"},
		} {
			done := w.buy(w.Ann, 1, c.say)
			o, err := w.s.Order(ctx, w.Ann, done.Order)
			if err != nil || o.CostCentreCode != c.want {
				t.Errorf("%s: it is %q, %v", sentence, o.CostCentreCode, err)
			}
		}
		c := w.fill(w.Ann, 1, nil)
		if _, err := w.s.Prepare(ctx, w.Ann, c.ID, c.Version, cart.Checkout{CostCentre: w.CostCentre, NoCentre: true}); err == nil {
			t.Error("one and none at once are taken")
		}
	})
}

// What asks nobody is let through by the platform: the record does not say that its buyer has approved it.
func TestWhoAsksNobodyApprovesNothing(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		done := w.buy(w.Ann, 1, nil)
		list, err := auditing.New(w.DB).List(context.Background(), w.Dan, view.AuditFilter{About: done.ID.String()}, page.Ask{Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, e := range list.Rows {
			found[e.Event] = true
			var said struct {
				Nobody bool `json:"nobody_asked"`
			}
			if err := json.Unmarshal(e.Body, &said); err != nil {
				t.Fatal(err)
			}
			approved := e.Event == "purchase_order.approved"
			if approved != said.Nobody || approved && (!e.Member.IsZero() || e.Kind == access.Member.String()) || !approved && e.Member != w.Ann.Member {
				t.Errorf("%s is told of %s (%s): %s", e.Event, e.Name, e.Kind, e.Body)
			}
		}
		if !found["purchase_order.approved"] || !found["purchase_order.submitted"] {
			t.Errorf("told of %v", found)
		}
	})
}
