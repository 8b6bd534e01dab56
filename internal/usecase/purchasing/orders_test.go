package purchasing_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/order"
	"kontor/internal/store"
	"kontor/internal/store/orderdb"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// shop is the cast on 10 March 2026, where nobody need agree to anything.
type shop struct {
	*cast.World
	t   *testing.T
	s   *purchasing.Service
	now time.Time
}

func eachShop(t *testing.T, test func(t *testing.T, w *shop)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &shop{t: t, s: purchasing.New(db, step.NewRulebook()), now: time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)}
		db.Engine().SetClock(func() time.Time { return w.now })
		w.World = cast.Acme(t, db)
		test(t, w)
	})
}

// buys is the member with all that a buyer holds, everywhere.
func buys(a access.Actor) access.Actor {
	return a.Holding([]access.Grant{{Set: access.SetOf(access.CheckoutPlace, access.CheckoutOnAccount, access.PurchaseOrdersView, access.OrdersView,
		access.CheckoutWithoutBudget).Normalise()}})
}

// fill is a cart with so many gloves, of 7.90 EUR each.
func (w *shop) fill(a access.Actor, gloves int64, say func(*cart.Checkout)) cart.Cart {
	w.t.Helper()
	c := cart.Cart{ID: id.NewCart(w.now), Company: a.Company, Owner: a.Member, Name: "Gloves", State: cart.Open, Version: 1, ChosenAt: w.now,
		Lines:    []cart.Line{{ID: id.NewCartLine(w.now), Product: w.Products[1].ID, Quantity: quantity.Of(gloves)}},
		Checkout: cart.Checkout{Payment: purchasing.OnAccount}}
	if say != nil {
		say(&c.Checkout)
	}
	err := w.DB.Write(context.Background(), access.System(a.Company), func(tx *store.Tx, _ access.Actor) error { tx.Carts.Insert(c); return nil })
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// buy submits them, a minute after what was before.
func (w *shop) buy(a access.Actor, gloves int64, say func(*cart.Checkout)) purchasing.Submitted {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	c := w.fill(a, gloves, say)
	done, err := w.s.Submit(context.Background(), a, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
	if err != nil {
		w.t.Fatal(err)
	}
	return done
}

func numbers(t *testing.T, limit int, list func(page.Ask) (page.List[view.Order], error)) string {
	t.Helper()
	var all []string
	ask := page.Ask{Limit: limit}
	for {
		l, err := list(ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range l.Rows {
			all = append(all, strings.TrimLeft(strings.TrimPrefix(o.Number, "SO-"), "0"))
		}
		if l.Next == "" {
			return strings.Join(all, " ")
		}
		if ask, err = page.Parse(l.Next, 0, limit); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOrdersAreListedByReach(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		w.buy(w.Ann, 1, func(c *cart.Checkout) { c.CostCentre = w.CostCentre })            // 1
		w.buy(buys(w.Bob), 1, func(c *cart.Checkout) { c.Reference = "50%" })              // 2
		w.buy(buys(w.Cleo), 1, nil)                                                        // 3
		w.now = w.now.AddDate(0, 0, 1)                                                     //
		w.buy(w.Ann, 2, nil)                                                               // 4
		w.buy(buys(w.Eve), 1, func(c *cart.Checkout) { c.Unit = w.GlobexUnits["globex"] }) // 1 of Globex
		ops, fin := w.Bob.At.Parent(), w.Cleo.At.Parent()
		at := func(a access.Actor, place tree.Path, p access.Permission) access.Actor {
			return a.Holding([]access.Grant{{Place: place, Set: access.SetOf(p).Normalise()}})
		}
		list := func(a access.Actor, f purchasing.OrderFilter) string {
			one := numbers(t, 1, func(ask page.Ask) (page.List[view.Order], error) { return w.s.Orders(ctx, a, f, ask) })
			if all := numbers(t, 50, func(ask page.Ask) (page.List[view.Order], error) { return w.s.Orders(ctx, a, f, ask) }); all != one {
				t.Errorf("by pages of one %q, all at once %q", one, all)
			}
			return one
		}
		for _, c := range []struct {
			sentence  string
			got, want string
		}{
			{"Ann her own", list(w.Ann, purchasing.OrderFilter{}), "4 1"},
			{"Bob his own and Ann's", list(at(w.Bob, tree.Top, access.OrdersViewSubordinates), purchasing.OrderFilter{}), "4 2 1"},
			{"Bob, of finance, none", list(at(w.Bob, fin, access.OrdersViewSubordinates), purchasing.OrderFilter{}), ""},
			{"Cleo, who sees all of operations, these", list(at(w.Cleo, ops, access.OrdersViewCompany), purchasing.OrderFilter{}), "4 2 1"},
			{"Dan all of Acme", list(w.Dan, purchasing.OrderFilter{}), "4 3 2 1"},
			{"Eve hers", list(w.Eve, purchasing.OrderFilter{}), "1"},
			{"by state", list(w.Dan, purchasing.OrderFilter{States: []order.State{order.Cancelled}}), ""},
			{"by cost centre", list(w.Dan, purchasing.OrderFilter{CostCentre: w.CostCentre}), "1"},
			{"by requester", list(w.Dan, purchasing.OrderFilter{Requester: w.Bob.Member}), "2"},
			{"by unit", list(w.Dan, purchasing.OrderFilter{Unit: w.Units["fin"]}), "3"},
			{"by the requester's name", list(w.Dan, purchasing.OrderFilter{Text: "ann"}), "4 1"},
			{"by a reference that looks like a pattern", list(w.Dan, purchasing.OrderFilter{Text: "0%"}), "2"},
			{"on a day", list(w.Dan, purchasing.OrderFilter{From: "2026-03-11", Until: "2026-03-11"}), "4"},
			{"before a day", list(w.Dan, purchasing.OrderFilter{Until: "2026-03-10"}), "3 2 1"},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q", c.sentence, c.got)
			}
		}
		if _, err := w.s.Orders(ctx, w.Ann.Holding(nil), purchasing.OrderFilter{}, page.Ask{}); !errors.Is(err, access.ErrForbidden) {
			t.Error("without orders.view:", err)
		}
		if _, err := w.s.Orders(ctx, w.Ann, purchasing.OrderFilter{}, page.Ask{After: []string{"-placed", "x", "y"}}); !errors.Is(err, page.ErrCursor) {
			t.Error("a cursor that is none of ours:", err)
		}
	})
}

func TestAnOrderShowsWhatWasOrderedAndWhy(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		if err := pricesetting.New(w.DB).SetContracts(ctx, access.System(id.Company{}), pricesetting.SetContractsInput{Company: w.Acme, Reference: "FC-1",
			Prices: []pricesetting.ProductPrice{{Product: w.Products[1].ID, Rate: money.Rate{E4: 7_0000, Currency: "EUR"}}}}); err != nil {
			t.Fatal(err)
		}
		done := w.buy(w.Ann, 3, func(c *cart.Checkout) {
			c.Reference, c.Note, c.Requested, c.CostCentre = "R-1", "please", "2026-03-20", w.CostCentre
		})
		o, err := w.s.Order(ctx, w.Bob, done.Order)
		if err != nil {
			t.Fatal(err)
		}
		if o.Number != "SO-000001" || o.PurchaseNumber != "PO-000001" || o.RequesterName != "Ann Archer" || o.UnitName != "Operations" || o.CostCentreCode != "4711" || o.Gross != money.Of(21_00, "EUR") ||
			o.Reference != "R-1" || o.Note != "please" || o.Requested != "2026-03-20" || o.Delivery.City != "Berlin" || o.Payment != purchasing.OnAccount || o.Lines[0].Quantity != quantity.Of(3) {
			t.Errorf("%+v", o)
		}
		var why []string
		for _, p := range o.Lines[0].Source.Reason() {
			why = append(why, p.String())
		}
		if got := strings.Join(why, "; "); got != "contract price from “FC-1”; by agreement FC-1" {
			t.Errorf("why: %s", got)
		}
		if last := o.Timeline[len(o.Timeline)-1]; o.Timeline[0].Event != "purchase_order.submitted" || last.Event != "order.placed" || last.Name != "Ann Archer" {
			t.Errorf("the timeline: %+v", o.Timeline)
		}
		for sentence, a := range map[string]access.Actor{"Cleo, above whom Ann does not stand": w.Cleo, "Eve": w.Eve, "who may see nothing": w.Ann.Holding(nil)} {
			if _, err := w.s.Order(ctx, a, done.Order); !errors.Is(err, orderdb.ErrUnseen) {
				t.Errorf("%s sees it: %v", sentence, err)
			}
		}
		if _, err := w.s.Order(ctx, w.Dan, id.NewOrder(w.now)); !errors.Is(err, orderdb.ErrUnseen) {
			t.Error("what is not there:", err)
		}
	})
}

func TestWhoManagesACostCentreSeesWhichOfItsOrdersAreUnusual(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		charged := func(c *cart.Checkout) { c.CostCentre = w.CostCentre }
		unusual := func(a access.Actor) string {
			d, err := w.s.Dashboard(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, o := range d.Unusual {
				all = append(all, o.Number)
			}
			return strings.Join(all, " ")
		}
		everywhere := access.SetOf(access.OrdersViewCompany, access.PricesView).Normalise()
		cleo := w.Cleo.Holding([]access.Grant{{Set: everywhere}})
		for range 7 {
			w.buy(w.Ann, 1, charged)
		}
		w.buy(w.Ann, 1, nil)
		w.now = w.now.AddDate(0, 0, 31)
		w.buy(w.Ann, 3, charged)
		w.buy(w.Ann, 5, charged)
		if got := unusual(cleo); got != "" {
			t.Errorf("seven orders tell nothing: %s", got)
		}
		w.now = w.now.AddDate(0, 0, 31) // now these two are of before, and an order comes to 15/9 of one on average
		w.buy(w.Ann, 5, charged)
		w.buy(w.Ann, 7, charged)
		w.buy(w.Ann, 9, nil)
		for sentence, c := range map[string]struct {
			actor access.Actor
			want  string
		}{
			"Cleo manages it":                    {cleo, "SO-000012"},
			"Cleo, who sees no orders":           {w.Cleo.Holding(nil), ""},
			"Dan, who sees all and manages none": {w.Dan, ""},
			"Ann, who bought it":                 {w.Ann, ""},
		} {
			if got := unusual(c.actor); got != c.want {
				t.Errorf("%s: %q, want %q", sentence, got, c.want)
			}
		}
	})
}

func TestTheDashboardHasWhatNeedsMe(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		for name, cycle := range map[string]budget.Cycle{"Operations": {Kind: budget.Month}, "Rolling": {Kind: budget.Rolling, Days: 3}} {
			if _, err := budgeting.New(w.DB).Create(ctx, w.Dan, budgeting.CreateInput{Name: name, Owner: budget.Owner{Unit: w.Units["ops"]}, Limit: money.Of(1000_00, "EUR"),
				Basis: budget.NetShipped, Cycle: cycle, Exhausted: budget.Ask, Carry: budget.CarryNone}); err != nil {
				t.Fatal(err)
			}
		}
		w.buy(w.Ann, 1, nil) // placed
		above := money.Of(10_00, "EUR")
		if _, err := approving.New(w.DB).CreateRule(ctx, w.Dan, approval.Rule{Name: "Manager", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{}, {Above: &above, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.AddDate(0, 0, 1)
		for range 4 {
			w.buy(w.Ann, 2, nil)
		}
		w.fill(w.Ann, 7, nil)
		look := func(a access.Actor) purchasing.Dashboard {
			d, err := w.s.Dashboard(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		ann := look(w.Ann)
		if ann.Waiting.N != 0 || len(ann.Oldest) != 0 || len(ann.Open) != 4 || ann.Open[0].Number != "PO-000005" || ann.Cart == nil || ann.Cart.Lines != 1 || len(ann.Recent) != 1 {
			t.Errorf("Ann's: %+v", ann)
		}
		bob := look(w.Bob)
		if bob.Waiting.N != 4 || len(bob.Oldest) != 3 || bob.Oldest[0].Number != "PO-000002" || len(bob.Open) != 0 || bob.Cart != nil || len(bob.Recent) != 1 {
			t.Errorf("Bob's: %+v", bob)
		}
		if d := look(w.Eve); d.Waiting.N != 0 || len(d.Open)+len(d.Recent)+len(d.Oldest) != 0 || d.Cart != nil {
			t.Errorf("Eve's: %+v", d)
		}
		if d := look(w.Ann.Holding(nil)); len(d.Open)+len(d.Recent)+len(d.Oldest) != 0 || d.Cart != nil {
			t.Errorf("who may see nothing sees %+v", d)
		}
	})
}

// Whoever ordered hears at home what became of it for two weeks, the latest first, each with its reason.
func TestTheDashboardSaysWhatBecameOfPurchaseOrders(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx, approvals := context.Background(), approving.New(w.DB)
		above := money.Of(10_00, "EUR")
		if _, err := approvals.CreateRule(ctx, w.Dan, approval.Rule{Name: "Manager", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{}, {Above: &above, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}); err != nil {
			t.Fatal(err)
		}
		expired := w.buy(w.Ann, 2, nil)
		w.now = w.now.AddDate(0, 0, 15)
		if _, err := approvals.Expire(ctx, access.System(w.Acme), expired.ID); err != nil {
			t.Fatal(err)
		}
		rejected, waiting := w.buy(w.Ann, 2, nil), w.buy(w.Ann, 2, nil)
		w.now = w.now.Add(time.Hour)
		po, err := approvals.Get(ctx, w.Bob, rejected.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := approvals.Decide(ctx, w.Bob, approving.DecideInput{Order: rejected.ID, Verdict: approval.Decline, Reason: "We have enough", Hash: po.Hash}); err != nil {
			t.Fatal(err)
		}
		placed := w.buy(w.Ann, 1, nil)
		look := func(a access.Actor) string {
			d, err := w.s.Dashboard(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, po := range d.Became {
				all = append(all, strings.TrimSpace(po.Number+" "+string(po.State)+" "+po.Reason))
			}
			return strings.Join(all, ", ")
		}
		want := placed.Number + " placed, " + rejected.Number + " rejected We have enough, " + expired.Number + " expired nobody decided in time"
		if got := look(w.Ann); got != want {
			t.Errorf("Ann hears %q, want %q; %s still waits", got, want, waiting.Number)
		}
		for name, a := range map[string]access.Actor{"Bob": w.Bob, "Eve": w.Eve, "who may see nothing": w.Ann.Holding(nil)} {
			if got := look(a); got != "" {
				t.Errorf("%s hears %q", name, got)
			}
		}
		w.now = w.now.AddDate(0, 0, 14)
		if got := look(w.Ann); got != placed.Number+" placed" {
			t.Errorf("two weeks later it is news that %q", got)
		}
	})
}

// Who looks after a company hears what is unfinished or risky there, and nobody else does.
func TestTheDashboardHasLooseEnds(t *testing.T) {
	eachShop(t, func(t *testing.T, w *shop) {
		ctx := context.Background()
		look := func(a access.Actor) view.Loose {
			d, err := w.s.Dashboard(ctx, a)
			if err != nil {
				t.Fatal(err)
			}
			return d.Loose
		}
		if got := look(w.Dan); got != (view.Loose{}) {
			t.Fatalf("in a company in order: %+v", got)
		}
		if _, err := budgeting.New(w.DB).Create(ctx, w.Dan, budgeting.CreateInput{Name: "Small", Owner: budget.Owner{Unit: w.Units["ops"]}, Limit: money.Of(5_00, "EUR"),
			Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Warn, Carry: budget.CarryNone}); err != nil {
			t.Fatal(err)
		}
		w.buy(w.Ann, 4, func(c *cart.Checkout) { c.Acknowledged = true })
		above := money.Of(10_00, "EUR")
		if _, err := approving.New(w.DB).CreateRule(ctx, w.Dan, approval.Rule{Name: "Manager", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{}, {Above: &above, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}); err != nil {
			t.Fatal(err)
		}
		w.buy(w.Ann, 2, func(c *cart.Checkout) { c.Acknowledged = true })
		err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			do := tx.Views.Tx.Write
			do(`update ask set state = 'passed_over' where company_id = ?`, w.Acme)
			do(`delete from assignment where company_id = ? and member_id = ?`, w.Acme, w.Cleo.Member)
			do(`insert into webhook (company_id, id, name, url, filters, secrets, active, stopped, created_at) values (?, ?, 'ERP', 'https://erp.example', '[]', '[]', ?, 'failing', ?)`,
				w.Acme, id.NewWebhook(w.now), false, w.now)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		people := organising.With(w.DB, organising.Settings{Public: "https://kontor.example", Mails: true})
		if _, err := people.Invite(ctx, w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "fay@acme.example"}}}); err != nil {
			t.Fatal(err)
		}
		if got, want := look(w.Dan), (view.Loose{Roleless: 1, Overdrawn: 1, Undecidable: 1, Stopped: 1}); got != want {
			t.Errorf("Dan hears of %+v, want %+v", got, want)
		}
		// A rule that asks whoever has a role which nobody has finds nobody; beside an administrator it need not.
		unheld := approval.Source{Kind: approval.OfRole, Role: w.Roles["scheduler"]}
		for name, g := range map[string]approval.WantedGroup{"Alone": {K: 1, Of: []approval.Source{unheld}}, "Either": {K: 1, Of: []approval.Source{unheld, {Kind: approval.OfAdministrator}}}} {
			if _, err := approving.New(w.DB).CreateRule(ctx, w.Dan, approval.Rule{Name: name, Enabled: true, Basis: approval.Net,
				Steps: []approval.Step{{}, {Above: new(money.Of(999_00, "EUR")), Then: approval.AsksAll(g)}}}); err != nil {
				t.Fatal(err)
			}
		}
		// What Ann buys now is charged to each of her budgets: nine tenths of one, all of another, a little less than nine tenths, and more than all.
		for name, limit := range map[string]int64{"Nine tenths": 8_77, "All": 7_90, "Less": 8_78, "More": 7_89} {
			if _, err := budgeting.New(w.DB).Create(ctx, w.Dan, budgeting.CreateInput{Name: name, Owner: budget.Owner{Member: w.Ann.Member}, Limit: money.Of(limit, "EUR"),
				Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Warn, Carry: budget.CarryNone}); err != nil {
				t.Fatal(err)
			}
		}
		w.buy(w.Ann, 1, func(c *cart.Checkout) { c.Acknowledged = true })
		if got, want := look(w.Dan), (view.Loose{Roleless: 1, Overdrawn: 2, Nearly: 2, Nobody: 1, Undecidable: 1, Stopped: 1}); got != want {
			t.Errorf("Dan hears of %+v, want %+v", got, want)
		}
		for usage, want := range map[budget.Usage]string{budget.Overdrawn: "More, Small", budget.Nearly: "All, Nine tenths"} {
			list, err := budgeting.New(w.DB).List(ctx, w.Dan, budgeting.Filter{Usage: usage}, page.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, b := range list.Rows {
				names = append(names, b.Name)
			}
			if got := strings.Join(names, ", "); got != want {
				t.Errorf("%s are %s, want %s", usage, got, want)
			}
		}
		w.now = w.now.AddDate(0, 1, 0) // a new period for the budget, and too late to accept
		if got, want := look(w.Dan), (view.Loose{Roleless: 1, Lapsed: 1, Nobody: 1, Undecidable: 1, Stopped: 1}); got != want {
			t.Errorf("Dan hears of %+v, want %+v", got, want)
		}
		for name, a := range map[string]access.Actor{"Ann": w.Ann, "Eve": w.Eve} {
			if got := look(a); got != (view.Loose{}) {
				t.Errorf("%s hears of %+v", name, got)
			}
		}
	})
}
