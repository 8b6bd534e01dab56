package auditdb_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/storetest"
)

func TestTheOutboxKeepsTheOrderOfEachCompany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		write := func(fn func(tx *store.Tx)) {
			t.Helper()
			if err := db.Write(ctx, access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error { fn(tx); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		one, two := id.NewCompany(db.Times()), id.NewCompany(db.Times())
		for _, c := range []id.Company{one, two, one} {
			write(func(tx *store.Tx) {
				for _, name := range []string{"a", "b"} {
					tx.Audit.Insert([]audit.Entry{{ID: id.NewEvent(tx.Now), Company: c, At: tx.Now, Kind: "system", Event: name, About: "x", Body: []byte(`{"n": 1}`)}})
				}
			})
		}
		waiting := func(c id.Company, most int) (all []auditdb.Told, names string) {
			t.Helper()
			write(func(tx *store.Tx) {
				var err error
				if all, err = tx.Audit.ListWaiting(ctx, c, most); err != nil {
					t.Fatal(err)
				}
			})
			for _, o := range all {
				names += o.Event
			}
			return all, names
		}
		companies := func() (all []id.Company) {
			t.Helper()
			write(func(tx *store.Tx) {
				var err error
				if all, err = tx.Audit.ListWithWaiting(ctx, 10); err != nil {
					t.Fatal(err)
				}
			})
			return all
		}
		if all := companies(); len(all) != 2 || !slices.Contains(all, one) || !slices.Contains(all, two) {
			t.Errorf("companies %v", all)
		}
		all, names := waiting(one, 3)
		if names != "aba" || all[0].Place >= all[1].Place || all[1].Place >= all[2].Place {
			t.Errorf("the first three of one: %q %+v", names, all)
		}
		write(func(tx *store.Tx) { tx.Audit.SetDone(all) })
		if _, names := waiting(one, 9); names != "b" {
			t.Errorf("what is left of one: %q", names)
		}
		if err := db.Write(ctx, access.System(one), func(tx *store.Tx, _ access.Actor) error { tx.Audit.SetDone(all); return nil }); err == nil {
			t.Error("what was done was done again")
		}
		rest, _ := waiting(two, 9)
		write(func(tx *store.Tx) { tx.Audit.SetDone(rest) })
		if all := companies(); !slices.Equal(all, []id.Company{one}) {
			t.Errorf("companies %v", all)
		}
		for _, want := range []int64{2, 2, 1, 0} {
			write(func(tx *store.Tx) {
				if n, err := tx.Audit.DeleteDone(ctx, tx.Now.Add(time.Second), 2); err != nil || n != want {
					t.Errorf("removed %d, want %d: %v", n, want, err)
				}
			})
		}
	})
}
