package approving_test

import (
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/approval"
	"kontor/internal/view"
)

// Who decides sees what the company last paid for the same: of what was placed, before this one was submitted, by whoever of the
// company; and of no other company.
func TestWhoDecidesSeesWhatWasLastPaid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		gloves := w.Products[1].ID
		seen := func(key id.PurchaseOrder) (view.Bought, bool) {
			t.Helper()
			sheet, err := w.s.Get(ctx, w.Dan, key)
			if err != nil {
				t.Fatal(err)
			}
			b, ok := sheet.Bought[gloves]
			return b, ok
		}
		first := w.order(w.Ann, 20)
		firstAt := w.now
		if b, ok := seen(first.ID); ok {
			t.Errorf("of the first one, %+v was bought before", b)
		}
		w.now = w.now.Add(time.Hour)
		second := w.order(w.Ann, 30)
		if b, ok := seen(second.ID); ok {
			t.Errorf("what waits was bought: %+v", b)
		}
		w.decide(w.Bob, first.ID, approval.Agree, "")
		want := view.Bought{At: firstAt, Quantity: quantity.Of(20), Rate: money.Rate{E4: 7_9000, Currency: "EUR"}}
		if b, ok := seen(second.ID); !ok || !b.At.Equal(want.At) || b.Quantity != want.Quantity || b.Rate != want.Rate {
			t.Errorf("last bought: %+v, want %+v", b, want)
		}
		w.decide(w.Bob, second.ID, approval.Decline, "too many")
		w.now = w.now.Add(time.Hour)
		third := w.order(w.Ann, 40)
		if b, ok := seen(third.ID); !ok || b.Quantity != want.Quantity {
			t.Errorf("what was rejected counts as bought: %+v", b)
		}
		w.decide(w.Bob, third.ID, approval.Agree, "")
		if b, ok := seen(first.ID); ok {
			t.Errorf("what came later was bought before the first one: %+v", b)
		}
		w.now = w.now.Add(time.Hour)
		fourth := w.order(w.Ann, 50)
		if b, ok := seen(fourth.ID); !ok || b.Quantity != quantity.Of(40) {
			t.Errorf("the last one counts, of several: %+v", b)
		}
	})
}
