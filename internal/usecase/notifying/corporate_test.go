package notifying_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// A successor hears of everything that has come to them in one notice, and nobody of nothing.
func TestASuccessorHearsWhatTheyTakeOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var centre budget.CostCentre
		w.write(func(tx *store.Tx) {
			centre = budget.CostCentre{ID: id.NewCostCentre(tx.Now), Company: w.Acme, Code: "4712", Name: "Tools", Manager: w.Bob.Member}
			tx.Budgets.InsertCostCentre(centre)
			tx.Tell(w.Dan, company.MemberWasDeactivated{MemberID: w.Cleo.Member, Successor: w.Bob.Member, Orders: 2, CostCentres: []id.CostCentre{centre.ID}})
			tx.Tell(w.Dan, company.MemberWasDeactivated{MemberID: w.Cleo.Member, Successor: w.Ann.Member})
		})
		w.relay()
		got := w.inbox(w.Bob)
		if !slices.Equal(titles(got), []string{"You take over what Cleo Clark has left open"}) || got[0].Link != "/purchase-orders" {
			t.Errorf("Bob is told %+v", got)
		}
		if mails := w.post(); len(mails) != 1 || mails[0].to != "bob@acme.example" || !strings.Contains(mails[0].text, "Tools") {
			t.Errorf("mails: %+v", mails)
		}
		if got := w.inbox(w.Ann); len(got) > 0 {
			t.Errorf("Ann, who takes over nothing, is told %q", titles(got))
		}
	})
}

// Whoever is lent hears of it where they are at home.
func TestWhoIsLentHearsOfIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) {
			tx.Tell(w.Eve.Telling(w.Acme), company.MemberWasLent{MemberID: w.Ann.Member, To: "10002", Name: "Globex"})
			tx.Tell(w.Eve.Telling(w.Acme), company.MemberWasGivenBack{MemberID: w.Ann.Member, From: "10002", Name: "Globex"})
		})
		w.relay()
		if got := titles(w.inbox(w.Ann)); !slices.Equal(got, []string{"You no longer act for Globex", "You can act for Globex, too"}) {
			t.Errorf("Ann is told %q", got)
		}
	})
}

// Who acts for somebody looks at their inbox, and leaves it as it is; what they want to hear they say themselves.
func TestWhoActsForSomebodyReadsNothingForThem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) {
			tx.Notices.Insert(notice.Notice{ID: id.NewNotice(tx.Now), Company: w.Acme, Member: w.Ann.Member, Event: notice.Placed, CreatedAt: tx.Now})
		})
		staff := w.Ann
		staff.Account, staff.By = w.Sue.Account, access.By{Company: w.Seller, Member: w.Sue.Member, Name: "Sue", Version: w.Sue.Version}
		list, err := w.notifying.Inbox(ctx, staff, page.Ask{})
		if err != nil || len(list.Rows) != 1 {
			t.Fatal(list, err)
		}
		for sentence, err := range map[string]error{
			"reads one": w.notifying.MarkRead(ctx, staff, list.Rows[0].ID), "reads all": w.notifying.MarkAllRead(ctx, staff), "wishes": wished(w, staff),
		} {
			if !errors.Is(err, access.ErrWithheld) {
				t.Errorf("who acts for Ann %s: %v", sentence, err)
			}
		}
		if n, err := w.notifying.CountUnread(ctx, w.Ann); err != nil || n != 1 {
			t.Errorf("%d are unread, %v", n, err)
		}
		if err := w.notifying.MarkAllRead(ctx, w.Ann); err != nil {
			t.Error("she herself:", err)
		}
	})
}

func wished(w *world, who access.Actor) error {
	_, err := w.notifying.SetWishes(ctx, who, map[notice.Wish]bool{{Event: notice.Placed, Channel: notice.Email}: false})
	return err
}
