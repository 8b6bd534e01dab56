package notifying_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/exchange"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/notice"
	"kontor/internal/gateway/mailer"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

func titles(all []notice.Notice) []string {
	said := make([]string, len(all))
	for i, n := range all {
		said[i] = n.Title.In(locale.English)
	}
	return said
}

func TestWhoMustDecideIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) {
			tx.Accounts.SetLanguage(w.Bob.Account, "de", "Europe/Berlin")
			tx.Budgets.Insert(budget.Budget{ID: id.NewBudget(tx.Now), Company: w.Acme, Name: "Tools", Owner: budget.Owner{Unit: w.Units["ops"]}, Limit: money.Of(5000_00, "EUR"), Basis: budget.Net,
				Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone})
		})
		po := w.submit(1)
		w.relay()
		list := w.inbox(w.Bob)
		if got := titles(list); !slices.Equal(got, []string{po.Number + " from Ann Archer needs your approval"}) {
			t.Fatalf("Bob's inbox has %q", got)
		}
		if n := list[0]; n.Link != "/approvals/"+po.ID.String() || n.Subject != po.ID.String() || n.Event != notice.ApprovalRequested || !n.Unread() || n.CreatedAt.IsZero() {
			t.Errorf("the notice is %+v", n)
		}
		for name, actor := range map[string]access.Actor{"Ann": w.Ann, "Cleo": w.Cleo, "Dan": w.Dan, "Eve": w.Eve} {
			if got := titles(w.inbox(actor)); len(got) > 0 {
				t.Errorf("%s, who need not know, is told %q", name, got)
			}
		}
		mails := w.post()
		if len(mails) != 1 || mails[0].to != "bob@acme.example" {
			t.Fatalf("mails: %+v", mails)
		}
		m := mails[0]
		if m.subject != po.Number+" von Ann Archer braucht Ihre Genehmigung" {
			t.Errorf("the subject is %q", m.subject)
		}
		for _, want := range []string{"Laptop 14 inch", "CAST-LAPTOP", "Operations", "https://buy.example.com/approvals/" + po.ID.String(), "Summe (netto)",
			"Budget Tools", "0,00\u00a0€ von 5.000,00\u00a0€ ausgegeben und reserviert; mit dieser Bestellung über 1.249,00\u00a0€ bleiben 3.751,00\u00a0€"} {
			if !strings.Contains(m.text, want) || !strings.Contains(m.html, want) {
				t.Errorf("the mail does not say %q:\n%s", want, m.text)
			}
		}
		if !strings.Contains(m.thread, po.ID.String()) || m.id == "" {
			t.Errorf("it stands in the thread %q as %q", m.thread, m.id)
		}
		w.relay()
		if again := w.post(); len(again) > 0 || len(w.inbox(w.Bob)) != 1 {
			t.Error("Bob was told twice")
		}
	})
}

func TestTheRequesterHearsWhatBecameOfIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		po := w.submit(1)
		w.relay()
		w.post()
		w.decide(w.Bob, po.ID, approval.Decline, "too <b>many</b> laptops")
		w.relay()
		if got := titles(w.inbox(w.Ann)); !slices.Equal(got, []string{po.Number + " is rejected"}) {
			t.Errorf("Ann's inbox has %q", got)
		}
		mails := w.post()
		if len(mails) != 1 || mails[0].to != "ann@acme.example" || !strings.Contains(mails[0].text, "too <b>many</b> laptops") ||
			strings.Contains(mails[0].html, "<b>many") || !strings.Contains(mails[0].text, "https://buy.example.com/purchase-orders/"+po.ID.String()) {
			t.Errorf("mails: %+v", mails)
		}
		po = w.submit(1)
		w.relay()
		w.post()
		w.decide(w.Bob, po.ID, approval.Agree, "")
		w.relay()
		list := w.inbox(w.Ann)
		if got := titles(list[:2]); !slices.Equal(got, []string{"Order SO-" + strings.TrimPrefix(po.Number, "PO-") + " is placed", po.Number + " is approved"}) {
			t.Errorf("Ann's inbox has %q", got)
		}
		if !strings.HasPrefix(list[0].Link, "/orders/ord_") {
			t.Errorf("it leads to %s", list[0].Link)
		}
		if mails = w.post(); len(mails) != 1 || !strings.HasPrefix(mails[0].subject, "Order SO-") {
			t.Errorf("mails: %+v", mails)
		}
	})
}

// Whose purchase order expires is led to the cart in which its lines came back; who was asked, to the purchase order.
func TestWhoseOrderExpiresIsLedToTheCart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		po := w.submit(1)
		w.relay()
		w.post()
		w.jump(15 * 24 * time.Hour)
		if n, err := w.approving.ExpireDue(ctx, system); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		w.relay()
		at := "/purchase-orders/" + po.ID.String()
		for name, c := range map[string]struct {
			list []notice.Notice
			link string
		}{"Ann": {w.inbox(w.Ann), at + "/cart"}, "Bob": {w.inbox(w.Bob), at}} {
			if len(c.list) == 0 || c.list[0].Event != notice.Expired || c.list[0].Link != c.link {
				t.Errorf("%s is told %+v, want to be led to %s", name, c.list, c.link)
			}
		}
		mails := w.post()
		i := slices.IndexFunc(mails, func(m letter) bool { return m.to == "ann@acme.example" })
		if i < 0 || !strings.Contains(mails[i].text, "https://buy.example.com"+at+"/cart") || !strings.Contains(mails[i].text, "Its lines are in a cart again") {
			t.Errorf("mails: %+v", mails)
		}
	})
}

func TestWhoOrdersAtOnceHasItInWriting(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.submit(1)
		w.relay()
		before := len(w.inbox(w.Ann))
		w.write(func(tx *store.Tx) {
			rules, err := tx.Approvals.ListRules(ctx, w.Acme)
			if err != nil {
				t.Fatal(err)
			}
			tx.Approvals.DeleteRule(w.Acme, rules[0].ID)
		})
		po := w.submit(1) // goes straight through
		w.relay()
		if got := titles(w.inbox(w.Ann)[before:]); len(got) != 1 || !strings.HasSuffix(got[0], " is placed") {
			t.Errorf("after %s, Ann is told %q", po.Number, got)
		}
	})
}

func TestWhoNeedNotDecideAnyMoreIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		po := w.submit(1)
		w.relay()
		w.post()
		if _, err := w.approving.Withdraw(ctx, w.Ann, po.ID, "found one in the cellar"); err != nil {
			t.Fatal(err)
		}
		w.relay()
		if got := titles(w.inbox(w.Bob)); got[0] != "Ann Archer has withdrawn "+po.Number {
			t.Errorf("Bob is told %q", got)
		}
		if got := w.inbox(w.Ann); len(got) > 0 {
			t.Errorf("Ann, who did it, is told %q", titles(got))
		}
		if mails := w.post(); len(mails) > 0 {
			t.Errorf("there is a mail, which is not usual: %+v", mails)
		}
	})
}

func TestAdministratorsHearWhenNobodyMayApprove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		var e approval.Happened
		po := w.submit(1)
		w.relay()
		w.post()
		w.write(func(tx *store.Tx) { // an administrator of Finance is none of Acme
			tx.Access.InsertAssignment(w.Acme, access.Assignment{ID: id.NewAssignment(tx.Now), Member: w.Cleo.Member, Role: w.Roles["administrator"], Unit: w.Units["fin"]})
		})
		e = approval.Happened{Event: "purchase_order.reevaluated", OrderID: po.ID, Number: po.Number, Requester: w.Ann.Member, Stuck: true, Freed: []id.Member{w.Bob.Member}}
		w.write(func(tx *store.Tx) { tx.Tell(access.System(w.Acme), e) })
		w.relay()
		if got := titles(w.inbox(w.Dan)); !slices.Equal(got, []string{"Nobody may approve " + po.Number}) {
			t.Errorf("Dan is told %q", got)
		}
		if got := titles(w.inbox(w.Ann)); !slices.Equal(got, []string{po.Number + " waits: nobody may approve it"}) {
			t.Errorf("Ann is told %q", got)
		}
		if got := w.inbox(w.Cleo); len(got) > 0 {
			t.Errorf("Cleo is told %q", titles(got))
		}
		e.Stuck, e.Asked = false, []id.Member{w.Dan.Member}
		w.write(func(tx *store.Tx) { tx.Tell(access.System(w.Acme), e) })
		w.relay()
		if got := titles(w.inbox(w.Dan)); got[0] != po.Number+" from Ann Archer needs your approval" {
			t.Errorf("Dan, who is asked now, is told %q", got)
		}
	})
}

func TestWhoLooksAfterABudgetHearsThatItIsNearlyUsed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		nobodys := id.NewCostCentre(db.Times())
		w.write(func(tx *store.Tx) {
			tx.Budgets.InsertCostCentre(budget.CostCentre{ID: nobodys, Company: w.Acme, Code: "0", Name: "Nobody's"})
		})
		for _, c := range []struct {
			owner string
			is    budget.Owner
			hears access.Actor
		}{
			{"a member's own", budget.Owner{Member: w.Ann.Member}, w.Ann},
			{"a cost centre's", budget.Owner{CostCentre: w.CostCentre}, w.Cleo},
			{"a unit's", budget.Owner{Unit: w.Units["ops"]}, w.Dan}, // who stands above it
			{"the company's", budget.Owner{}, w.Dan},
			{"a cost centre's that nobody manages", budget.Owner{CostCentre: nobodys}, w.Dan},
		} {
			before := len(w.inbox(c.hears))
			w.write(func(tx *store.Tx) {
				b := budget.Budget{ID: id.NewBudget(tx.Now), Company: w.Acme, Name: "Budget: " + c.owner, Owner: c.is, Limit: money.Of(1000_00, "EUR"), Basis: budget.Net,
					Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone}
				tx.Budgets.Insert(b)
				tx.Tell(w.Ann, budget.HasReached{BudgetID: b.ID, Period: "2026-11", Percent: 80, Amount: money.Of(800_00, "EUR"), Used: money.Of(845_00, "EUR"), Limit: b.Limit})
			})
			w.relay()
			got := w.inbox(c.hears)
			if len(got) != before+1 || got[0].Title.In(locale.English) != "The budget Budget: "+c.owner+" is used to 84.5%" || !strings.HasPrefix(got[0].Link, "/budgets/bud_") {
				t.Errorf("of %s budget: %q", c.owner, titles(got))
			}
		}
	})
}

func TestAdministratorsHearOfAStoppedWebhook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) {
			tx.Tell(access.System(w.Acme), exchange.WebhookWasStopped{WebhookID: id.NewWebhook(tx.Now), Name: "ERP", Why: exchange.ByGone})
		})
		w.relay()
		if got := titles(w.inbox(w.Dan)); !slices.Equal(got, []string{"The webhook ERP was switched off"}) {
			t.Errorf("Dan is told %q", got)
		}
		if mails := w.post(); len(mails) != 1 || mails[0].to != "dan@acme.example" {
			t.Errorf("mails: %+v", mails)
		}
		if got := w.inbox(w.Eve); len(got) > 0 {
			t.Errorf("Eve, of another company, is told %q", titles(got))
		}
	})
}

func TestWhoseAccountItIsHearsOfANewPassword(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.write(func(tx *store.Tx) {
			tx.Tell(access.System(w.Acme), identity.PasswordWasChanged{AccountID: w.Bob.Account}) // setting up
			tx.Tell(w.Ann, identity.PasswordWasChanged{AccountID: w.Ann.Account})
		})
		w.relay()
		if got := titles(w.inbox(w.Ann)); !slices.Equal(got, []string{"Your password has changed"}) {
			t.Errorf("Ann is told %q", got)
		}
		if mails := w.post(); len(mails) != 1 || mails[0].to != "ann@acme.example" || !strings.Contains(mails[0].text, "https://buy.example.com/account") {
			t.Errorf("mails: %+v", mails)
		}
	})
}

func TestTheInbox(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		poked, cancel, err := w.notifying.Subscribe(w.Bob)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			w.submit(1)
		}
		select {
		case <-poked:
			t.Error("Bob was poked before anything was committed")
		default:
		}
		w.relay()
		select {
		case <-poked:
		default:
			t.Error("Bob was not poked")
		}
		var seen []id.Notice
		ask := page.Ask{Limit: 2}
		for {
			list, err := w.notifying.Inbox(ctx, w.Bob, ask)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range list.Rows {
				seen = append(seen, n.ID)
			}
			if list.Next == "" {
				break
			}
			if ask, err = page.Parse(list.Next, 1, 2); err != nil {
				t.Fatal(err)
			}
		}
		if len(seen) != 5 || !slices.IsSortedFunc(seen, func(a, b id.Notice) int { return -strings.Compare(a.String(), b.String()) }) {
			t.Errorf("page by page Bob saw %v", seen)
		}
		count := func(actor access.Actor, want int64) {
			t.Helper()
			if n, err := w.notifying.CountUnread(ctx, actor); err != nil || n != want {
				t.Errorf("%s has %d unread notices, want %d: %v", actor.Name, n, want, err)
			}
		}
		count(w.Bob, 5)
		if err := w.notifying.MarkRead(ctx, w.Eve, seen...); err != nil { // of another company
			t.Error(err)
		}
		if err := w.notifying.MarkRead(ctx, w.Ann, seen...); err != nil { // of the same
			t.Error(err)
		}
		count(w.Bob, 5)
		if err := w.notifying.MarkRead(ctx, w.Bob, seen[0], seen[3]); err != nil {
			t.Error(err)
		}
		count(w.Bob, 3)
		read := w.inbox(w.Bob)[0].ReadAt
		if err := w.notifying.MarkAllRead(ctx, w.Bob); err != nil {
			t.Error(err)
		}
		count(w.Bob, 0)
		if got := w.inbox(w.Bob)[0].ReadAt; !got.Equal(read) || read.IsZero() {
			t.Errorf("it was first read at %s, now at %s", read, got)
		}
		if _, err := w.notifying.Inbox(ctx, access.Anonymous(), page.Ask{}); !errors.Is(err, access.ErrSignIn) {
			t.Error(err)
		}
		if _, err := w.notifying.Inbox(ctx, w.Bob, page.Ask{After: []string{"por_1"}}); !errors.Is(err, page.ErrCursor) {
			t.Error(err)
		}
		cancel()
		for len(poked) > 0 {
			<-poked
		}
		w.submit(1)
		w.relay()
		if len(poked) > 0 {
			t.Error("Bob was poked after he left")
		}
	})
}

func TestWhoWantsNoMailGetsNone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		mail := func(e notice.Event) notice.Wish { return notice.Wish{Event: e, Channel: notice.Email} }
		if _, err := w.notifying.SetWishes(ctx, w.Bob, map[notice.Wish]bool{mail(notice.ApprovalRequested): false, mail(notice.Approved): true}); err != nil {
			t.Fatal(err)
		}
		got, err := w.notifying.Wishes(ctx, w.Bob)
		if err != nil || got.Wants(notice.ApprovalRequested, notice.Email) || !got.Wants(notice.Approved, notice.Email) || !got.Wants(notice.Rejected, notice.Email) {
			t.Errorf("%+v, %v", got, err)
		}
		if others, err := w.notifying.Wishes(ctx, w.Ann); err != nil || !others.Wants(notice.ApprovalRequested, notice.Email) {
			t.Errorf("%+v, %v", others, err)
		}
		po := w.submit(1)
		w.relay()
		if mails := w.post(); len(mails) > 0 {
			t.Errorf("mails: %+v", mails)
		}
		if got := titles(w.inbox(w.Bob)); !slices.Equal(got, []string{po.Number + " from Ann Archer needs your approval"}) {
			t.Errorf("Bob's inbox has %q", got)
		}
		for wish, want := range map[notice.Wish]*fault.Fault{mail(notice.PasswordChanged): notice.ErrSafety, {Event: notice.Placed, Channel: notice.Inbox}: notice.ErrInbox, mail("order.eaten"): notice.ErrEvent} {
			if _, err := w.notifying.SetWishes(ctx, w.Ann, map[notice.Wish]bool{wish: false}); !errors.Is(err, want) {
				t.Errorf("%+v: %v", wish, err)
			}
		}
		if _, err := w.notifying.Wishes(ctx, access.Actor{Kind: access.Member, Account: w.Ann.Account}); fault.Of(err) == nil {
			t.Errorf("who is no member wishes: %v", err)
		}
	})
}

func TestMailsAreTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.submit(1)
		w.relay()
		w.sink.refusing(451)
		if worked, err := w.notifying.Deliver(ctx, system); !worked || err == nil {
			t.Fatalf("a refused mail: %v, %v", worked, err)
		}
		if worked, err := w.notifying.Deliver(ctx, system); worked || err != nil {
			t.Fatalf("it was tried again at once: %v, %v", worked, err)
		}
		w.sink.refusing(0)
		w.jump(exchange.Backoff()[0] + time.Second)
		if mails := w.post(); len(mails) != 1 {
			t.Errorf("after the wait: %+v", mails)
		}
		w.submit(1)
		w.relay()
		w.sink.refusing(550)
		if _, err := w.notifying.Deliver(ctx, system); !errors.Is(err, mailer.ErrPermanent) {
			t.Errorf("refused for good: %v", err)
		}
		w.sink.refusing(0)
		w.jump(100 * 24 * time.Hour)
		if mails := w.post(); len(mails) > 0 {
			t.Errorf("what was refused for good was sent: %+v", mails)
		}
	})
}

func TestAMailIsGivenUpAfterItsLastAttempt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.submit(1)
		w.relay()
		w.sink.refusing(451)
		tries := 0
		for range 2 * exchange.Attempts {
			worked, err := w.notifying.Deliver(ctx, system)
			if worked != (err != nil) {
				t.Fatal(worked, err)
			}
			if worked {
				tries++
			}
			w.jump(2 * 24 * time.Hour)
		}
		if tries != exchange.Attempts {
			t.Errorf("it was tried %d times", tries)
		}
	})
}

// stopper ends the work while the first of two mails is sent.
type stopper struct {
	mailer.Sender
	stop context.CancelFunc
}

func (s stopper) Send(ctx context.Context, m mailer.Mail) error {
	s.stop()
	return s.Sender.Send(ctx, m)
}

func TestWhoStopsGivesUnsentMailsBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.submit(1)
		w.submit(1)
		w.relay()
		stopped, stop := context.WithCancel(ctx)
		w.notifying.Sender = stopper{w.sink.sender(), stop}
		if worked, err := w.notifying.Deliver(stopped, system); !worked || err != nil {
			t.Fatal(worked, err)
		}
		if mails := w.sink.empty(t); len(mails) != 1 {
			t.Errorf("the mail under way was to be sent, and no other: %+v", mails)
		}
		w.notifying.Sender = w.sink.sender()
		if mails := w.post(); len(mails) != 1 {
			t.Errorf("whoever comes next sends %d mails", len(mails))
		}
	})
}

// sleeper sends nothing, and while it tries, something else happens.
type sleeper func()

func (s sleeper) Send(context.Context, mailer.Mail) error {
	s()
	return errors.New("the connection broke")
}

func TestWhoHasLostAMailChangesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.submit(1)
		w.relay()
		sent := 0
		w.notifying.Sender = sleeper(func() { // and wakes when another node has long sent it
			w.jump(time.Hour)
			w.notifying.Sender = w.sink.sender()
			sent = len(w.post())
		})
		if worked, err := w.notifying.Deliver(ctx, system); !worked || err == nil || sent != 1 {
			t.Fatal(worked, sent, err)
		}
		w.jump(24 * time.Hour)
		if mails := w.post(); len(mails) > 0 {
			t.Error("it was sent again")
		}
	})
}

func TestWhereMailIsOffNoneIsWritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		sender := w.notifying.Sender
		w.notifying.Sender = nil
		w.submit(1)
		w.relay()
		if len(w.inbox(w.Bob)) != 1 {
			t.Error("the inbox has everything all the same")
		}
		if worked, err := w.notifying.Deliver(ctx, system); worked || err != nil {
			t.Error(worked, err)
		}
		w.notifying.Sender = sender
		if mails := w.post(); len(mails) > 0 {
			t.Errorf("%d mails had been written", len(mails))
		}
	})
}

func TestOnlyTheSystemTellsAndSends(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.submit(1)
		if _, err := w.notifying.Deliver(ctx, w.Dan); !errors.Is(err, access.ErrUnseen) {
			t.Error(err)
		}
		if _, err := w.exchanging.Relay(ctx, w.Dan, nil); !errors.Is(err, access.ErrUnseen) {
			t.Error(err)
		}
	})
}
