package purchasing_test

import (
	"context"
	"testing"

	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/purchasing"
)

// How often a use case waits for the database decides how quick it is: at most seven times to submit, five to approve.
func TestRoundTrips(t *testing.T) {
	db := storetest.Open(t, storetest.Database(t), nil)
	ctx := context.Background()
	w := newWorld(t, db)
	w.bands()
	w.fund(50_000_00, budget.Block)
	for warm := range 3 {
		c := w.filled(101)
		began := db.Engine().Trips()
		done, err := w.purchasing.Submit(ctx, w.ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Key: "s" + string(rune('0'+warm))})
		if err != nil {
			t.Fatal(err)
		}
		submit := db.Engine().Trips() - began
		hash := w.hash(done.ID)
		began = db.Engine().Trips()
		out, err := w.approving.Decide(ctx, w.bob, approving.DecideInput{Order: done.ID, Verdict: approval.Agree, Hash: hash, Key: "d" + string(rune('0'+warm))})
		if err != nil || out.State != approval.Placed {
			t.Fatalf("%+v, %v", out, err)
		}
		approve := db.Engine().Trips() - began
		t.Logf("submit %d, approve %d", submit, approve)
		if warm > 0 && (submit > 7 || approve > 5) { // the first one reads the rules, too
			t.Errorf("submit took %d round trips, approve %d", submit, approve)
		}
	}
}

// A rule that is tried on a cart looks at its facts, not at how long approvers take: that costs a preview a round trip more.
func TestFactsAskForNoPace(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.Database(t), nil))
	ctx := context.Background()
	w.bands()
	w.fund(50_000_00, budget.Block)
	c := w.filled(101)
	trips := func(ask func() error) int64 {
		t.Helper()
		if err := ask(); err != nil { // the first one reads the rules, too
			t.Fatal(err)
		}
		began := w.db.Engine().Trips()
		if err := ask(); err != nil {
			t.Fatal(err)
		}
		return w.db.Engine().Trips() - began
	}
	preview := trips(func() error { _, err := w.purchasing.Preview(ctx, w.ann, c.ID); return err })
	facts := trips(func() error { _, err := w.purchasing.Facts(ctx, w.ann, c.ID); return err })
	if facts >= preview {
		t.Errorf("facts took %d round trips, a preview %d", facts, preview)
	}
}
