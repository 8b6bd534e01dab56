package portal_test

import (
	"fmt"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/store"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/pricesetting"
)

// euros is a unit price in ten-thousandths.
func euros(e4 int64) money.Rate { return money.Rate{E4: e4, Currency: "EUR"} }

// stock fills the shop: a few products that are worth a look, and many that only fill it.
func (w *bureau) stock(many int) {
	w.t.Helper()
	row := func(sku, name, unit, supplier string, category []string, lead int64, minimum, step quantity.Quantity, prices ...cataloguing.RowPrice) cataloguing.Row {
		return cataloguing.Row{Category: category, Prices: prices, Product: catalogue.Product{SKU: sku, Name: name, Unit: unit, Supplier: supplier, LeadDays: lead,
			Minimum: minimum, Step: step, Status: catalogue.Active}}
	}
	at := func(min int64, e4 int64) cataloguing.RowPrice {
		return cataloguing.RowPrice{List: "Base", Min: quantity.Of(min), Rate: euros(e4)}
	}
	fasteners, power, safety := []string{"Fasteners"}, []string{"Tools", "Power tools"}, []string{"Safety", "Hands"}
	rows := []cataloguing.Row{
		row("DRILL-18V", "Cordless drill 18 V, brushless, two batteries 4 Ah and charger, in a case", "pcs", "Hydra Tools AG", power, 3, 0, 0, at(0, 219_0000), at(5, 205_0000), at(20, 189_5000)),
		row("HEX-M8-40", "Hexagon screw M8×40, zinc-plated, DIN 933", "pcs", "Bolzen & Söhne", append(fasteners, "Screws"), 2, quantity.Of(100), quantity.Of(50), at(0, 1120), at(500, 980), at(1000, 842), at(10000, 710)),
		row("WASHER-M8", "Washer M8, DIN 125", "pcs", "Bolzen & Söhne", append(fasteners, "Nuts and washers"), 2, quantity.Of(100), quantity.Of(100), at(0, 210)),
		row("GLOVE-CUT-9", "Cut-resistant gloves, size 9", "pair", "Handfest", safety, 0, 0, 0, at(0, 7_9000), at(12, 6_9500)),
		row("NOPRICE-1", "Special part, made to measure", "pcs", "", fasteners, 30, 0, 0),
	}
	for i := range many {
		rows = append(rows, row(fmt.Sprintf("BULK-%04d", i), fmt.Sprintf("Dowel pin %d×%d, hardened", 2+i%12, 10+i), "pcs", []string{"Hydra Tools AG", "Bolzen & Söhne", "Würth"}[i%3],
			append(fasteners, "Pins"), int64(1+i%9), 0, 0, at(0, int64(1500+i))))
	}
	if _, err := w.Cataloguing.Import(w.t.Context(), access.System(w.Acme), slices.Values(rows)); err != nil {
		w.t.Fatal(err)
	}
	w.must(pricesetting.New(w.DB).SetContracts(w.t.Context(), access.System(w.Acme), pricesetting.SetContractsInput{Company: w.Acme, Reference: "F-2026-17",
		Prices: []pricesetting.ProductPrice{{Product: w.sku("DRILL-18V"), Rate: euros(198_0000)}}}))
}

// sku is a product by its article number.
func (w *bureau) sku(sku string) id.Product {
	w.t.Helper()
	key, err := w.Cataloguing.FindBySKU(w.t.Context(), w.Ann, sku)
	w.must(err)
	return key
}

// newest is the purchase order that Ann submitted last.
func (w *bureau) newest() string {
	w.t.Helper()
	list, err := w.Approving.ListPurchaseOrders(w.t.Context(), w.Ann, approvingAll, page.Ask{Limit: 1})
	w.must(err)
	if len(list.Rows) == 0 {
		return ""
	}
	return list.Rows[0].ID.String()
}

// category is a shelf by its name.
func (w *bureau) category(name string) string {
	w.t.Helper()
	all, err := w.Cataloguing.Categories(w.t.Context(), w.Ann)
	w.must(err)
	for _, c := range all {
		if c.Name == name {
			return c.ID.String()
		}
	}
	w.t.Fatalf("there is no category %s", name)
	return ""
}

// expire lets so much time pass that whatever waits expires, and comes back: everything later happens then.
func (w *bureau) expire() {
	w.t.Helper()
	now := w.DB.Times().Add(15 * 24 * time.Hour)
	w.DB.Engine().SetClock(func() time.Time { now = now.Add(time.Millisecond); return now })
	_, err := w.Approving.ExpireDue(w.t.Context(), access.System(id.Company{}))
	w.must(err)
	now = now.Add(-15 * 24 * time.Hour)
}

// alter makes something else of a product.
func (w *bureau) alter(sku string, change func(*catalogue.Product)) {
	w.t.Helper()
	key := w.sku(sku)
	w.must(w.DB.Write(w.t.Context(), access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
		p, err := tx.Catalogue.Get(w.t.Context(), key)
		change(&p)
		tx.Catalogue.SetProduct(p)
		return err
	}))
}
