package notifying_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// A mail and a notice tell what was ordered comes to only to a reader who may see prices, or is asked to decide: by the rights
// that they have when they are told.
func TestWhoMayNotSeePricesIsWrittenNone(t *testing.T) {
	for name, priced := range map[string]bool{"with prices.view": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				w := newWorld(t, db)
				po := w.submit(1) // 1 249.00, and Bob decides
				if !priced {
					w.blind("buyer", "approver")
				}
				if said, n := w.told(w.Bob, "bob@acme.example"); n != 1 || strings.Count(said, "€1,249.00") < 6 || !strings.Contains(said, "is above €1,000.00") {
					t.Errorf("who decides is told in %d mails: %s", n, said)
				}
				w.decide(w.Bob, po.ID, approval.Agree, "")
				said, n := w.told(w.Ann, "ann@acme.example")
				if n != 1 || strings.Contains(said, "1,249") != priced || !strings.Contains(said, "Laptop 14 inch") || !strings.Contains(said, "1 pcs") {
					t.Errorf("who ordered is told in %d mails: %s", n, said)
				}
			})
		})
	}
}

// blind takes prices.view from roles.
func (w *world) blind(roles ...string) {
	w.write(func(tx *store.Tx) {
		var all []access.Role
		tx.Access.WantEveryRole(&all, w.Acme)
		if err := tx.Fetch(ctx); err != nil {
			w.t.Fatal(err)
		}
		for _, r := range all {
			if slices.ContainsFunc(roles, func(name string) bool { return w.Roles[name] == r.ID }) {
				r.Set = r.Set.Clear(access.PricesView)
				tx.Access.UpdateRole(w.Acme, r)
			}
		}
	})
}

// told is all that somebody was told, and in how many mails that arrived now.
func (w *world) told(who access.Actor, address string) (all string, mails int) {
	w.relay()
	for _, l := range w.post() {
		if l.to == address {
			all += l.subject + l.text + l.html
			mails++
		}
	}
	for _, n := range w.inbox(who) {
		all += fmt.Sprint(n.Title, n.Body)
	}
	return all, mails
}
