package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/view"
)

func TestTheDemoWorldIsAliveAndPlantedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		guests := planted(t, db)
		if moved := time.Since(db.Times()).Abs(); moved > time.Minute {
			t.Errorf("the clock still goes %s wrong", moved)
		}
		before := traces(t, db)
		if again := planted(t, db); !slices.Equal(again, guests) || traces(t, db) != before {
			t.Errorf("planting twice has changed something:\n%s%s", before, traces(t, db))
		}
		door := signing.New(db, signing.Options{})
		for _, g := range guests {
			in, err := door.SignIn(ctx, access.Anonymous(), signing.SignInInput{Email: g.Email, Password: Password, Device: "test"})
			if p := in.Profile; err != nil || p.CompanyName != g.Company || p.First+" "+p.Last != g.Name {
				t.Errorf("%s cannot sign in: %v, %+v", g.Email, err, p)
			}
		}
		w := world(t, db)
		states, over := map[approval.State]int{}, 0
		for _, po := range w.orders(t) {
			states[po.State]++
			for _, stage := range po.Plan.Stages {
				for _, g := range stage.Groups {
					if slices.ContainsFunc(g.Reasons, func(r approval.Reason) bool { return r.Kind == approval.ByBudget }) {
						over++
					}
				}
			}
		}
		for _, s := range []approval.State{approval.Placed, approval.PendingApproval, approval.Rejected, approval.Cancelled, approval.Expired} {
			if states[s] == 0 {
				t.Errorf("no purchase order is %s: %v", s, states)
			}
		}
		if n := len(w.orders(t)); n != bulky+odd || over == 0 {
			t.Errorf("%d purchase orders, %d are beyond a budget", n, over)
		}
		for _, login := range []string{"sheela0", "wendy0", "jean0", "roberto0"} {
			if w.waiting(t, login) == 0 {
				t.Errorf("nothing waits for %s", login)
			}
		}
		if n := w.waiting(t, "gary1"); n != 0 {
			t.Errorf("%d wait for Gary, who is away", n)
		}
		for _, c := range []string{"10001", firmNumber} {
			if r, err := w.budgeting.Verify(ctx, access.System(named(t, db, c))); err != nil || len(r.Problems) > 0 || r.Entries == 0 {
				t.Errorf("the ledger of %s: %+v, %v", c, r, err)
			}
		}
	})
}

// Linda finds a list of her own, one of her department's and the company's template; and Gary is away.
func TestTheDemoWorldHasListsAndADeputy(t *testing.T) {
	db, ctx := storetest.Lite(t), context.Background()
	planted(t, db)
	w := world(t, db)
	linda, err := w.as(ctx, w.members[w.source.login("linda2")])
	if err != nil {
		t.Fatal(err)
	}
	found, err := w.collecting.List(ctx, linda, collecting.Filter{}, page.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, l := range found.Rows {
		sheet, err := w.purchasing.OrderList(ctx, linda, l.ID)
		if err != nil || len(sheet.Rows) < 4 || sheet.Left > 0 {
			t.Errorf("%s: %d lines, of which %d cannot be had: %v", l.Name, len(sheet.Rows), sheet.Left, err)
		}
		names = append(names, fmt.Sprint(l.Name, ":", l.Hold))
	}
	want := fmt.Sprintf("Every other week:%d Small parts for the line:%d Spares for a test bicycle:%d", orderlist.Owns, orderlist.Writes, orderlist.Reads)
	if got := strings.Join(names, " "); got != want {
		t.Errorf("Linda has %q, want %q", got, want)
	}
	all, err := w.approving.Deputies(ctx, w.system, view.DeputyFilter{}, page.Ask{})
	if err != nil || len(all.Rows) != 1 {
		t.Fatalf("%d deputies: %v", len(all.Rows), err)
	}
	d := all.Rows[0]
	if left := d.Until.Sub(db.Times()); d.State != approval.OnDuty || d.For != w.members[w.source.login("gary1")] || d.By != w.members[w.source.login("jean0")] || left < 14*24*time.Hour || left > 28*24*time.Hour {
		t.Errorf("%s stands in for %s: %s, for another %s", d.ByName, d.ForName, d.State, left)
	}
}

func TestTheDemoWorldIsPlantedOnAnyDay(t *testing.T) {
	for _, now := range []string{"2026-03-01T00:30:00Z", "2027-01-03T23:59:00Z", "2028-02-29T16:00:00Z", "2026-11-02T09:00:00Z"} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		db := storetest.Open(t, storetest.SQLite(t), func() time.Time { return at })
		planted(t, db)
		w := world(t, db)
		for _, po := range w.orders(t) {
			if po.SubmittedAt.After(at) || po.ChangedAt.After(at) || at.Sub(po.SubmittedAt) > (pastDays+4)*24*time.Hour {
				t.Errorf("at %s: %s was submitted at %s and changed at %s", now, po.Reference, po.SubmittedAt, po.ChangedAt)
			}
			if on := po.SubmittedAt.In(pacific()); on.Weekday() == time.Saturday || on.Weekday() == time.Sunday || on.Hour() < 7 || on.Hour() > 17 {
				t.Errorf("at %s: %s was submitted at %s", now, po.Reference, on)
			}
		}
		if n := len(w.orders(t)); n != bulky+odd {
			t.Errorf("at %s there are %d purchase orders", now, n)
		}
	}
}

func TestAPlantingThatBrokeOffGoesOn(t *testing.T) {
	db, ctx := storetest.Lite(t), context.Background()
	p := &planting{house: open(db), source: source(t), password: Password, now: db.Times(), clock: wind(db)}
	for _, step := range []func(context.Context) error{p.cast, p.adventureWorks, p.secrets} {
		if err := step(ctx); err != nil {
			t.Fatal(err)
		}
	}
	acts, err := p.script(ctx)
	if err != nil {
		t.Fatal(err)
	}
	gail, err := p.firm.as(ctx, p.firm.members[p.source.login("gail0")])
	if err != nil {
		t.Fatal(err)
	}
	left := []purchasing.AddLine{{Product: p.products[p.source.dearest().SKU], Quantity: quantity.Of(9)}}
	if _, err := p.purchasing.Add(ctx, gail, purchasing.AddInput{Lines: left}); err != nil {
		t.Fatal(err)
	}
	for _, a := range acts[:5] {
		p.clock.set(a.at)
		if _, err := a.do(ctx); err != nil {
			t.Fatal(err)
		}
	}
	planted(t, db)
	w := world(t, db)
	if n := len(w.orders(t)); n != bulky+odd {
		t.Errorf("%d purchase orders", n)
	}
	if po := w.orders(t)[reference(1)]; po.State != approval.Placed || po.Net.Minor > 1_000_00 {
		t.Errorf("the first one was submitted, is %s, and comes to %s", po.State, po.Net)
	}
}

// planted plants the demo world.
func planted(t testing.TB, db *store.DB) []SignIn {
	t.Helper()
	guests, err := Plant(context.Background(), db, Password)
	if err != nil {
		t.Fatal(err)
	}
	return guests
}

// world is a planted one to look at.
func world(t testing.TB, db *store.DB) seen {
	t.Helper()
	f, err := open(db).found(context.Background(), source(t), charter{number: firmNumber, name: firmName, code: "aw", roles: demoRoles})
	if err != nil {
		t.Fatal(err)
	}
	return seen{f}
}

type seen struct{ *firm }

func (w seen) orders(t testing.TB) map[string]view.PurchaseOrder {
	t.Helper()
	all, err := w.there(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// waiting is how much waits for somebody.
func (w seen) waiting(t testing.TB, login string) int {
	t.Helper()
	actor, err := w.as(context.Background(), w.members[w.source.login(login)])
	if err != nil {
		t.Fatal(err)
	}
	list, err := w.approving.Queue(context.Background(), actor, view.QueueFilter{}, page.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	return len(list.Rows)
}

// Whoever looks into their inbox reads when it happened, not when the world was planted; and nothing is left over of which
// a server would tell people, with mails about the past, as soon as it runs.
func TestTheInboxesTellOfThePast(t *testing.T) {
	db, ctx := storetest.Lite(t), context.Background()
	planted(t, db)
	w := world(t, db)
	told := map[approval.State]int{}
	for _, po := range w.orders(t) {
		at := map[approval.State]time.Time{approval.Placed: po.ChangedAt, approval.Rejected: po.ChangedAt, approval.Expired: po.ChangedAt}[po.State]
		if at.IsZero() {
			continue
		}
		buyer, err := w.as(ctx, po.Requester)
		if err != nil {
			t.Fatal(err)
		}
		inbox, err := w.notifying.Inbox(ctx, buyer, page.Ask{Limit: page.Most})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range inbox.Rows {
			if n.Subject == po.ID.String() && n.CreatedAt.Sub(po.SubmittedAt) >= 0 && n.CreatedAt.Sub(at).Abs() < time.Minute {
				told[po.State]++
			} else if n.CreatedAt.After(db.Times().Add(-time.Hour)) {
				t.Errorf("%s is told just now of %s: %s", po.RequesterName, n.Subject, n.Event)
			}
		}
	}
	if told[approval.Rejected] == 0 || told[approval.Expired] == 0 {
		t.Errorf("told in time: %v", told)
	}
	left, err := w.exchanging.Relay(ctx, access.System(id.Company{}), nil)
	if left > 0 || err != nil {
		t.Errorf("%d events are left to be told of, %v", left, err)
	}
}

// named finds a company by its number.
func named(t testing.TB, db *store.DB, number string) (key id.Company) {
	t.Helper()
	err := db.Read(context.Background(), access.System(key), func(tx *store.Tx, _ access.Actor) error {
		c, found, err := tx.Companies.FindByNumber(context.Background(), number)
		if !found {
			t.Errorf("there is no company %s", number)
		}
		key = c.ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Whoever looks at the shop, in whichever company and currency, can buy what stands in it.
func TestEverybodyCanBuyWhatTheySee(t *testing.T) {
	db, ctx := storetest.Lite(t), context.Background()
	guests := planted(t, db)
	w := world(t, db)
	door := signing.New(db, signing.Options{})
	companies := map[string]bool{}
	for _, g := range guests {
		in, err := door.SignIn(ctx, access.Anonymous(), signing.SignInInput{Email: g.Email, Password: Password, Device: "test"})
		if err != nil {
			t.Fatal(err)
		}
		actor, err := door.Recognise(ctx, in.Token, "192.0.2.1", "req_test")
		if err != nil {
			t.Fatal(err)
		}
		if companies[g.Company] || !actor.MaySomewhere(access.PricesView) {
			continue
		}
		companies[g.Company] = true
		n := 0
		for ask := (page.Ask{Limit: page.Most}); ; {
			found, err := w.cataloguing.Search(ctx, actor, cataloguing.SearchInput{}, ask)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range found.Rows {
				n++
				if o.Price == nil && o.Sold() == nil {
					t.Errorf("%s of %s sees %s, and no price of it: %v", g.Name, g.Company, o.SKU, o.NoPrice)
				}
			}
			if found.Next == "" {
				break
			}
			if ask, err = page.Parse(found.Next, 2, page.Most); err != nil {
				t.Fatal(err)
			}
		}
		if n < 500 {
			t.Errorf("%s of %s sees %d products: is the test blind?", g.Name, g.Company, n)
		}
	}
	if len(companies) != 3 {
		t.Errorf("looked at the shop in %v", companies)
	}
}
