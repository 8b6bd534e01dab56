package approving_test

import (
	"testing"
	"time"

	"kontor/internal/domain/approval"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

// How long somebody usually takes to decide stands beside them, where they decide and before anything is submitted, by their own
// decisions of half a year, and once there are some.
func TestHowLongSomebodyUsuallyTakes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		usual := func() (time.Duration, int) {
			t.Helper()
			sheet, err := w.s.Get(ctx, w.Bob, w.order(w.Ann, 20).ID)
			if err != nil {
				t.Fatal(err)
			}
			return sheet.Pace.Of(w.Bob.Member)
		}
		for _, took := range []time.Duration{5 * time.Hour, time.Hour, 2 * time.Hour} {
			if _, own := usual(); own != 0 {
				t.Errorf("%d decisions say how long he takes", own)
			}
			po := w.order(w.Ann, 20)
			w.now = w.now.Add(took)
			w.decide(w.Bob, po.ID, approval.Agree, "")
		}
		if took, own := usual(); took != 2*time.Hour || own != 3 {
			t.Errorf("he takes %s by %d decisions", took, own)
		}
		carts := purchasing.New(w.DB, step.NewRulebook())
		c, err := carts.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: 20_000}}})
		if err != nil {
			t.Fatal(err)
		}
		a, err := carts.Preview(ctx, w.Ann, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if took, own := a.Pace.Of(w.Bob.Member); len(a.Plan.Members()) == 0 || took != 2*time.Hour || own != 3 {
			t.Errorf("before submitting: %s by %d decisions of %v", took, own, a.Plan.Members())
		}
		w.now = w.now.Add(181 * 24 * time.Hour)
		if _, own := usual(); own != 0 {
			t.Errorf("after half a year: %d", own)
		}
	})
}
