package approving_test

import (
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
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

// Whoever decides much takes nobody else's decisions away: each is known by those of their own, the 50 approvals and the 50 rejections
// asked for last.
func TestOneWhoDecidesMuchLeavesTheOthersTheirPace(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		po := w.order(w.Ann, 20).ID
		decided := func(tx *store.Tx, by id.Member, part int, state string, ago, took time.Duration) {
			asked := w.now.Add(-ago)
			tx.Views.Tx.Write(`insert into ask (company_id, purchase_order_id, stage, part, member_id, state, asked_at, decided_at) values (?, ?, 9, ?, ?, ?, ?, ?)`,
				w.Acme, po, part, by, state, asked, asked.Add(took))
		}
		pace := approval.NewPace()
		err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			for i := range 600 {
				decided(tx, w.Bob.Member, i, "approved", time.Hour+time.Duration(i)*time.Second, time.Duration(1+i/50)*time.Minute)
			}
			decided(tx, w.Bob.Member, 600, "rejected", 30*24*time.Hour, time.Minute)
			for i := range 3 {
				decided(tx, w.Cleo.Member, 601+i, "rejected", time.Duration(20+i)*24*time.Hour, 4*time.Hour)
			}
			decided(tx, w.Cleo.Member, 604, "rejected", 181*24*time.Hour, time.Minute)
			pace = approval.NewPace()
			tx.Views.WantPace(pace, w.Acme, []id.Member{w.Bob.Member, w.Cleo.Member})
			return tx.Fetch(ctx)
		})
		if err != nil {
			t.Fatal(err)
		}
		pace.Settle()
		if took, own := pace.Of(w.Cleo.Member); took != 4*time.Hour || own != 3 {
			t.Errorf("Cleo takes %s by %d decisions", took, own)
		}
		if took, own := pace.Of(w.Bob.Member); took != time.Minute || own != 51 {
			t.Errorf("Bob takes %s by %d decisions", took, own)
		}
	})
}
