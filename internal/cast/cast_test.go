package cast_test

import (
	"context"
	"testing"

	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

func TestTheCastTakesItsPlaces(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := cast.Acme(t, db)
		for _, c := range []struct {
			sentence string
			holds    bool
		}{
			{"Dan stands at the top", w.Dan.At.Depth() == 1},
			{"Bob is above Ann", w.Bob.At.Above(w.Ann.At)},
			{"Dan is above Bob and Cleo", w.Dan.At.Above(w.Bob.At) && w.Dan.At.Above(w.Cleo.At)},
			{"Bob is not above Cleo", !w.Bob.At.Above(w.Cleo.At)},
			{"Ann buys", w.Ann.May(access.CheckoutPlace, tree.Top)},
			{"Ann does not decide", !w.Ann.May(access.PurchaseOrdersApprove, tree.Top)},
			{"Bob decides", w.Bob.May(access.PurchaseOrdersApprove, tree.Top)},
			{"Dan manages people and roles", w.Dan.May(access.UsersManage, tree.Top) && w.Dan.May(access.RolesManage, tree.Top)},
			{"Dan steps around no limit", !w.Dan.May(access.PurchaseOrdersOverride, tree.Top)},
			{"Eve runs Globex, and buys there", w.Eve.May(access.UsersManage, tree.Top) && w.Eve.May(access.CheckoutPlace, tree.Top)},
			{"Eve is of another company than Dan", w.Eve.Company == w.Globex && w.Dan.Company == w.Acme && w.Acme != w.Globex},
			{"Acme has three units", len(w.Units) == 3 && !w.Units["acme"].IsZero() && !w.Units["ops"].IsZero() && !w.Units["fin"].IsZero()},
			{"there are four products with prices", len(w.Products) == 4 && !w.BasePrices.IsZero() && !w.Category.IsZero()},
			{"there are addresses and cost centres", !w.Address.IsZero() && !w.Warehouse.IsZero() && !w.CostCentre.IsZero() && !w.GlobexAddress.IsZero() && !w.GlobexCostCentre.IsZero()},
		} {
			if !c.holds {
				t.Error("it is not so that", c.sentence)
			}
		}
	})
}

func TestTheWorldIsBuiltOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first := cast.Acme(t, db)
		again, err := cast.Build(context.Background(), db)
		if err != nil {
			t.Fatal(err)
		}
		if again.Acme != first.Acme || again.Ann.Member != first.Ann.Member || again.Units["ops"] != first.Units["ops"] || again.Roles["buyer"] != first.Roles["buyer"] ||
			again.CostCentre != first.CostCentre || again.Address != first.Address || len(again.Products) != 4 || again.Products[0].ID != first.Products[0].ID ||
			again.BasePrices != first.BasePrices || again.Ann.Version != first.Ann.Version {
			t.Errorf("built twice:\n%+v\n%+v", first, again)
		}
	})
}
