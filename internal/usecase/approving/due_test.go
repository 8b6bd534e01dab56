package approving_test

import (
	"errors"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
)

func TestWhatHasWaitedTooLongIsEnded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		system := access.System(id.Company{})
		first := w.order(w.Ann, 20)
		w.now = w.now.Add(24 * time.Hour)
		second := w.order(w.Ann, 20)
		expect := func(when string, n int, states ...approval.State) {
			t.Helper()
			if got, err := w.s.ExpireDue(ctx, system); err != nil || got != n {
				t.Errorf("%s: %d were ended, want %d: %v", when, got, n, err)
			}
			for i, key := range []id.PurchaseOrder{first.ID, second.ID} {
				if sheet, err := w.s.Get(ctx, w.Ann, key); err != nil || sheet.State != states[i] {
					t.Errorf("%s: %s is %s, want %s: %v", when, sheet.Number, sheet.State, states[i], err)
				}
			}
		}
		expect("at first", 0, approval.PendingApproval, approval.PendingApproval)
		w.now = w.now.Add(13*24*time.Hour + time.Minute)
		expect("after two weeks", 1, approval.Expired, approval.PendingApproval)
		w.now = w.now.Add(24 * time.Hour)
		expect("a day later", 1, approval.Expired, approval.Expired)
		expect("again", 0, approval.Expired, approval.Expired)
		if _, err := w.s.ExpireDue(ctx, w.Dan); !errors.Is(err, access.ErrForbidden) {
			t.Errorf("Dan, who is not the system: %v", err)
		}
	})
}
