package approving_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// pages goes through all pages of a list and names what is on them.
func pages[T any](t *testing.T, limit int, name func(T) string, list func(page.Ask) (page.List[T], error)) string {
	t.Helper()
	var names []string
	ask := page.Ask{Limit: limit}
	for {
		l, err := list(ask)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Rows) > limit {
			t.Errorf("%d rows on a page of %d", len(l.Rows), limit)
		}
		for _, r := range l.Rows {
			names = append(names, name(r))
		}
		if l.Next == "" {
			return strings.Join(names, " ")
		}
		if ask, err = page.Parse(l.Next, 0, limit); err != nil {
			t.Fatal(err)
		}
	}
}

func short(number string) string { return strings.TrimLeft(strings.TrimPrefix(number, "PO-"), "0") }

func TestTheQueueHasWhatWaitsForMe(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var made []purchasing.Submitted
		for i := range 4 {
			w.now = w.now.Add(time.Hour)
			made = append(made, w.order(w.Ann, int64(20+i)))
		}
		w.order(w.Ann, 1) // asks nobody
		cleos := w.order(buyer(w.Cleo, tree.Top), 50, func(c *cart.Checkout) { c.Reference = "FIN-7" })
		w.decide(w.Bob, made[1].ID, approval.Decline, "too many")
		w.now = w.now.Add(30 * time.Minute)
		queue := func(a access.Actor, f view.QueueFilter) string {
			return pages(t, 2, func(r approving.QueueRow) string { return short(r.Number) }, func(ask page.Ask) (page.List[approving.QueueRow], error) {
				q, err := w.s.Queue(ctx, a, f, ask)
				return q.List, err
			})
		}
		for _, c := range []struct {
			sentence  string
			got, want string
		}{
			{"Bob what Ann ordered, the oldest first", queue(w.Bob, view.QueueFilter{}), "1 3 4"},
			{"Dan what Cleo ordered", queue(w.Dan, view.QueueFilter{}), short(cleos.Number)},
			{"by the requester's name", queue(w.Bob, view.QueueFilter{Text: "ARCHER"}), "1 3 4"},
			{"by the requester", queue(w.Bob, view.QueueFilter{Requester: w.Cleo.Member}), ""},
			{"by the unit", queue(w.Bob, view.QueueFilter{Unit: w.Units["ops"]}), "1 3 4"},
			{"by another unit", queue(w.Bob, view.QueueFilter{Unit: w.Units["fin"]}), ""},
			{"by the reference", queue(w.Dan, view.QueueFilter{Text: "fin-7"}), short(cleos.Number)},
			{"Eve nothing", queue(w.Eve, view.QueueFilter{}), ""},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q", c.sentence, c.got)
			}
		}
		list, err := w.s.Queue(ctx, w.Bob, view.QueueFilter{}, page.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		first := list.Rows[0]
		if first.RequesterName != "Ann Archer" || first.RequesterTitle != "Technician" || first.UnitName != "Operations" || first.Lines != 1 || first.Net != eur(158_00) ||
			first.Age != 4*time.Hour-30*time.Minute || first.Hash == "" || len(first.Why) != 1 || first.Why[0].Name != "Manager" {
			t.Errorf("%+v", first)
		}
		for actor, want := range map[*access.Actor]approving.Counts{&w.Bob: {Waiting: page.Count{N: 3}}, &w.Ann: {Mine: page.Count{N: 3}}, &w.Dan: {Waiting: page.Count{N: 1}}, &w.Eve: {}} {
			if got, err := w.s.Counts(ctx, *actor); err != nil || got != want {
				t.Errorf("the badges of %s: %+v, %v", actor.Name, got, err)
			}
		}
		if _, err := w.s.Queue(ctx, w.Ann, view.QueueFilter{}, page.Ask{}); !errors.Is(err, access.ErrForbidden) {
			t.Error("Ann, who approves nothing, has a queue:", err)
		}
		if _, err := w.s.Queue(ctx, w.Bob, view.QueueFilter{}, page.Ask{After: []string{"-waiting", "yesterday", made[0].ID.String()}}); !errors.Is(err, page.ErrCursor) {
			t.Error("a cursor that is none of ours:", err)
		}
	})
}

func TestALongQueueIsCountedUpToABound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		one := w.po(w.order(w.Ann, 20).ID)
		more := func(n int) {
			t.Helper()
			err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
				for range n {
					copied := one
					copied.ID = id.NewPurchaseOrder(tx.Now)
					copied.Number = copied.ID.String()
					tx.Approvals.Insert(copied)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		counted := func(want page.Count) {
			t.Helper()
			q, err := w.s.Queue(ctx, w.Bob, view.QueueFilter{}, page.Ask{})
			if err != nil || q.Found != want {
				t.Errorf("the queue: %+v, %v", q.Found, err)
			}
			if got, err := w.s.Counts(ctx, w.Bob); err != nil || got.Waiting != want {
				t.Errorf("the badge: %+v, %v", got, err)
			}
			if got, err := w.s.Counts(ctx, w.Ann); err != nil || got.Mine != want {
				t.Errorf("her own: %+v, %v", got, err)
			}
		}
		more(page.CountMost - 1)
		counted(page.Count{N: page.CountMost})
		more(1)
		counted(page.Count{N: page.CountMost, More: true})
	})
}

func TestTheQueueIsNarrowedAndSorted(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		large, err := w.s.CreateRule(ctx, w.Dan, bands("Large \"and\" 100% \"kind\":\"budget\"", 300_00))
		if err != nil {
			t.Fatal(err)
		}
		bobs := buyer(w.Cleo, tree.Top)
		wanted := func(day string) func(*cart.Checkout) {
			return func(c *cart.Checkout) { c.Requested = date.Date(day) }
		}
		w.order(w.Ann, 20, wanted("2026-03-20")) // 1: 158.00
		w.now = w.now.Add(20 * time.Hour)
		w.order(w.Ann, 60, wanted("2026-04-01")) // 2: 474.00, large
		w.now = w.now.Add(20 * time.Hour)
		third := w.order(w.Ann, 200, func(c *cart.Checkout) { c.CostCentre = w.CostCentre }) // 3: 1 580.00, large and over budget
		c := w.order(bobs, 20)                                                               // 4: of finance, asks Dan
		w.now = w.now.Add(time.Hour)
		amount := func(minor int64) *int64 { return &minor }
		all := func(a access.Actor, f view.QueueFilter, sort ...string) string {
			t.Helper()
			by, err := page.ParseSort(strings.Join(sort, ""))
			if err != nil {
				t.Fatal(err)
			}
			list := func(limit int) string {
				return pages(t, limit, func(r approving.QueueRow) string { return short(r.Number) }, func(ask page.Ask) (page.List[approving.QueueRow], error) {
					ask.Sort = by
					q, err := w.s.Queue(ctx, a, f, ask)
					return q.List, err
				})
			}
			one, many := list(1), list(50)
			if one != many {
				t.Errorf("by pages of one %q, all at once %q", one, many)
			}
			if q, err := w.s.Queue(ctx, a, f, page.Ask{Limit: 1}); err != nil || q.Found != (page.Count{N: int64(len(strings.Fields(many)))}) {
				t.Errorf("%+v: %+v are found of %q, %v", f, q.Found, many, err)
			}
			return many
		}
		for _, c := range []struct {
			sentence  string
			got, want string
		}{
			{"the newest first", all(w.Bob, view.QueueFilter{}, "waiting"), "3 2 1"},
			{"the oldest first, said", all(w.Bob, view.QueueFilter{}, "-waiting"), "1 2 3"},
			{"the largest first", all(w.Bob, view.QueueFilter{}, "-total"), "3 2 1"},
			{"the smallest first", all(w.Bob, view.QueueFilter{}, "total"), "1 2 3"},
			{"by requester", all(w.Bob, view.QueueFilter{}, "requester"), "1 2 3"},
			{"by a rule", all(w.Bob, view.QueueFilter{Why: approval.Cause(large.ID.String())}), "2 3"},
			{"by the other rule", all(w.Bob, view.QueueFilter{Why: approval.Cause(w.rule.ID.String())}), "1 2 3"},
			{"for a budget, which asks others, though a rule is called so", all(w.Bob, view.QueueFilter{Why: approval.Cause(approval.ByBudget)}), ""},
			{"for a limit", all(w.Bob, view.QueueFilter{Why: approval.Cause(approval.ByLimit)}), ""},
			{"for a rule of a parent", all(w.Bob, view.QueueFilter{Why: approval.OfParent}), ""},
			{"from an amount", all(w.Bob, view.QueueFilter{Currency: "EUR", From: amount(474_00)}), "2 3"},
			{"above an amount", all(w.Bob, view.QueueFilter{Currency: "EUR", From: amount(474_01)}), "3"},
			{"to an amount", all(w.Bob, view.QueueFilter{Currency: "EUR", To: amount(474_00)}), "1 2"},
			{"within amounts, the largest first", all(w.Bob, view.QueueFilter{Currency: "EUR", From: amount(1_00), To: amount(500_00)}, "-total"), "2 1"},
			{"in another currency", all(w.Bob, view.QueueFilter{Currency: "USD"}), ""},
			{"for longer than a day", all(w.Bob, view.QueueFilter{Waits: 24 * time.Hour}), "1"},
			{"for longer than a moment", all(w.Bob, view.QueueFilter{Waits: 30 * time.Minute}), "1 2 3"},
			{"asked since a moment ago", all(w.Bob, view.QueueFilter{Since: w.now.Add(-30 * time.Minute)}), ""},
			{"asked since a day ago", all(w.Bob, view.QueueFilter{Since: w.now.Add(-24 * time.Hour)}), "2 3"},
			{"wanted until a day", all(w.Bob, view.QueueFilter{Needed: "2026-03-20"}), "1"},
			{"wanted until a later day", all(w.Bob, view.QueueFilter{Needed: "2026-04-30"}), "1 2"},
			{"Dan's", all(w.Dan, view.QueueFilter{}, "total"), short(c.Number)},
			{"Eve nothing", all(w.Eve, view.QueueFilter{}, "-total"), ""},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q", c.sentence, c.got)
			}
		}
		choices, err := w.s.Choices(ctx, w.Bob)
		if err != nil {
			t.Fatal(err)
		}
		var why []string
		for _, r := range choices.Why {
			why = append(why, string(r.Cause()))
		}
		slices.Sort(why)
		want := []string{large.ID.String(), w.rule.ID.String()}
		slices.Sort(want)
		if !slices.Equal(why, want) || len(choices.Askers) != 1 || choices.Askers[0].RequesterName != "Ann Archer" || choices.Askers[0].UnitName != "Operations" || choices.Askers[0].Currency != "EUR" {
			t.Errorf("the choices: %v, want %v; %+v", why, want, choices.Askers)
		}
		if none, err := w.s.Choices(ctx, w.Eve); err != nil || len(none.Askers)+len(none.Why) != 0 {
			t.Errorf("Eve's: %+v, %v", none, err)
		}
		if _, err := w.s.Choices(ctx, w.Ann); !errors.Is(err, access.ErrForbidden) {
			t.Error("Ann, who approves nothing, has choices:", err)
		}
		w.decide(w.Bob, third.ID, approval.Agree, "")
		if got := all(w.Dan, view.QueueFilter{Why: approval.Cause(approval.ByBudget)}); got != "3" {
			t.Errorf("for a budget: %q", got)
		}
		if got := all(w.Dan, view.QueueFilter{Why: approval.Cause(large.ID.String())}); got != "" {
			t.Errorf("for a rule that asked somebody else before: %q", got)
		}
		for _, after := range [][]string{{"-total", "EUR", w.rule.ID.String()}, {"-total", "EUR", "1"}, {"-total", "EUR", "x", c.ID.String()}, {"-total", "EUR", "1", "x"}, {"EUR", "1", c.ID.String()}} {
			if _, err := w.s.Queue(ctx, w.Bob, view.QueueFilter{}, page.Ask{After: after, Sort: page.Sort{By: "total", Down: true}}); !errors.Is(err, page.ErrCursor) {
				t.Errorf("the cursor %q: %v", after, err)
			}
		}
	})
}

func TestPurchaseOrdersAreListedByReach(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ann, bob, cleo := w.Ann, buyer(w.Bob, tree.Top), buyer(w.Cleo, tree.Top)
		first := w.order(ann, 20) // 1
		w.now = w.now.Add(time.Second)
		w.order(bob, 20) // 2
		w.now = w.now.Add(time.Second)
		w.order(cleo, 20, func(c *cart.Checkout) { c.Reference = "100%"; c.Note = "-" }) // 3
		w.now = w.now.AddDate(0, 0, 1)
		w.order(ann, 1) // 4: placed
		globex := w.order(buyer(w.Eve, tree.Top), 1, func(c *cart.Checkout) { c.Unit = w.GlobexUnits["globex"] })
		list := func(a access.Actor, f approving.Filter) string {
			one := pages(t, 1, number, func(ask page.Ask) (page.List[row], error) { return w.s.ListPurchaseOrders(ctx, a, f, ask) })
			all := pages(t, 50, number, func(ask page.Ask) (page.List[row], error) { return w.s.ListPurchaseOrders(ctx, a, f, ask) })
			if one != all {
				t.Errorf("by pages of one %q, all at once %q", one, all)
			}
			return all
		}
		below := access.PurchaseOrdersViewSubordinates
		for _, c := range []struct {
			sentence  string
			got, want string
		}{
			{"Ann her own", list(ann, approving.Filter{}), "4 1"},
			{"Bob his own and Ann's", list(with(w.Bob, tree.Top, below), approving.Filter{}), "4 2 1"},
			{"Bob, of operations, those of operations", list(with(w.Bob, w.opsAt, below), approving.Filter{}), "4 2 1"},
			{"Bob, of finance, none: nothing of his is booked there", list(with(w.Bob, w.fin, below), approving.Filter{}), ""},
			{"Cleo, who sees all of finance, hers", list(with(w.Cleo, w.fin, access.PurchaseOrdersViewCompany), approving.Filter{}), "3"},
			{"Ann, who sees all of operations, these", list(with(w.Ann, w.opsAt, access.PurchaseOrdersViewCompany), approving.Filter{}), "4 2 1"},
			{"Dan all of Acme", list(w.Dan, approving.Filter{}), "4 3 2 1"},
			{"in two places at once", list(w.Bob.Holding([]access.Grant{{Place: w.fin, Set: access.SetOf(access.PurchaseOrdersViewCompany).Normalise()},
				{Place: tree.Top, Set: access.SetOf(access.PurchaseOrdersView)}}), approving.Filter{}), "3 2"},
			{"at a place and everywhere", list(w.Dan.Holding([]access.Grant{{Place: w.fin, Set: access.SetOf(access.PurchaseOrdersViewCompany).Normalise()},
				{Place: tree.Top, Set: access.SetOf(access.PurchaseOrdersViewCompany).Normalise()}}), approving.Filter{}), "4 3 2 1"},
			{"Eve hers", list(w.Eve, approving.Filter{}), short(globex.Number)},
			{"by state", list(w.Dan, approving.Filter{States: []approval.State{approval.Placed}}), "4"},
			{"by states", list(w.Dan, approving.Filter{States: []approval.State{approval.Placed, approval.PendingApproval}}), "4 3 2 1"},
			{"by requester", list(w.Dan, approving.Filter{Requester: w.Ann.Member}), "4 1"},
			{"by unit", list(w.Dan, approving.Filter{Unit: w.Units["fin"]}), "3"},
			{"by the requester's name", list(w.Dan, approving.Filter{Text: "cleo"}), "3"},
			{"by a reference that looks like a pattern", list(w.Dan, approving.Filter{Text: "0%"}), "3"},
			{"by number", list(w.Dan, approving.Filter{Text: "po-000002"}), "2"},
			{"from a day on", list(w.Dan, approving.Filter{From: "2026-03-11"}), "4"},
			{"up to a day", list(w.Dan, approving.Filter{Until: "2026-03-10"}), "3 2 1"},
			{"on a day", list(w.Dan, approving.Filter{From: date.Date("2026-03-10"), Until: "2026-03-10"}), "3 2 1"},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q", c.sentence, c.got)
			}
		}
		asked := approving.Filter{Asked: true}
		if got := list(bob, asked); got != "1" {
			t.Errorf("Bob, who sees his own, what he is asked about: %q", got)
		}
		w.decide(w.Bob, first.ID, approval.Agree, "")
		for _, c := range []struct {
			sentence  string
			got, want string
		}{
			{"what he was asked about, and has decided on", list(bob, asked), "1"},
			{"of it, what was placed", list(bob, approving.Filter{Asked: true, States: []approval.State{approval.Placed}}), "1"},
			{"of it, what waits", list(bob, approving.Filter{Asked: true, States: []approval.State{approval.PendingApproval}}), ""},
			{"Ann, who was asked nothing", list(ann, asked), ""},
			{"Eve, of another company", list(w.Eve, asked), ""},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q", c.sentence, c.got)
			}
		}
		if _, err := w.s.ListPurchaseOrders(ctx, w.Ann.Holding(nil), approving.Filter{}, page.Ask{}); !errors.Is(err, access.ErrForbidden) {
			t.Error("without purchase_orders.view:", err)
		}
	})
}

func TestAPurchaseOrderShowsAllThatDecidingNeeds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		placed := w.order(w.Ann, 10)
		po := w.order(w.Ann, 200, func(c *cart.Checkout) { c.CostCentre, c.Note, c.Reference = w.CostCentre, "for the hall", "R-1" }) // 1 580.00: 659.00 over budget
		other := w.order(w.Ann, 20)
		sheet, err := w.s.Get(ctx, w.Bob, po.ID)
		if err != nil {
			t.Fatal(err)
		}
		if sheet.RequesterName != "Ann Archer" || sheet.UnitName != "Operations" || sheet.CostCentreCode != "4711" || sheet.Note != "for the hall" || sheet.Content.DeliverTo.City != "Berlin" {
			t.Errorf("the head: %+v", sheet.PurchaseOrder)
		}
		if len(sheet.Lines) != 1 || sheet.Lines[0].Name != "Glove, cut-resistant" || sheet.Lines[0].Total != eur(1580_00) || sheet.Lines[0].Note != "large" ||
			len(sheet.Lines[0].Source.Reason()) != 1 || sheet.Lines[0].Source.Reason()[0].String() != "base price from “Base”" {
			t.Errorf("the lines: %+v", sheet.Lines)
		}
		if len(sheet.Budgets) != 1 {
			t.Fatalf("the budgets: %+v", sheet.Budgets)
		}
		b := sheet.Budgets[0]
		if b.Held != eur(921_00) || b.Requested != eur(659_00) || b.Before.Left != eur(921_00) || b.After.Left != eur(-659_00) || b.Over != eur(659_00) || b.Before.Spent != eur(79_00) {
			t.Errorf("the budget: %+v", b)
		}
		var why []string
		for _, r := range sheet.Why {
			why = append(why, string(r.Kind))
		}
		if strings.Join(why, " ") != "rule" && strings.Join(why, " ") != "rule budget" && strings.Join(why, " ") != "budget rule" {
			t.Errorf("why it came to Bob: %v", why)
		}
		if sheet.Approve != nil || sheet.Reject != nil || sheet.Withdraw == nil || sheet.Next != other.ID {
			t.Errorf("what Bob may: %v, %v, %v; next %s", sheet.Approve, sheet.Reject, sheet.Withdraw, sheet.Next)
		}
		var events []string
		for _, h := range sheet.Timeline {
			events = append(events, strings.TrimPrefix(h.Event, "purchase_order.")+" by "+h.Name)
		}
		if got := strings.Join(events, ", "); got != "submitted by Ann Archer, approval_requested by Ann Archer" {
			t.Errorf("the timeline: %s", got)
		}
		w.now = w.now.Add(time.Hour)
		w.decide(w.Bob, other.ID, approval.Decline, "no more gloves")
		rejected, err := w.s.Get(ctx, w.Ann, other.ID)
		if err != nil || rejected.State != approval.Rejected || len(rejected.Decisions) != 1 || rejected.Decisions[0].Name != "Bob Boss" || rejected.Decisions[0].Reason != "no more gloves" ||
			rejected.Reason != "no more gloves" || len(rejected.Budgets) != 0 {
			t.Errorf("%+v, %v", rejected, err)
		}
		if last := rejected.Timeline[len(rejected.Timeline)-1]; last.Event != "purchase_order.rejected" || last.Reason != "no more gloves" || last.Name != "Bob Boss" {
			t.Errorf("%+v", last)
		}
		done, err := w.s.Get(ctx, w.Ann, placed.ID)
		if err != nil || done.Order.IsZero() || done.Budgets[0].Spent != eur(79_00) || done.Timeline[len(done.Timeline)-1].Event != "order.placed" {
			t.Errorf("%+v, %v", done, err)
		}
	})
}

func TestWhoSeesAPurchaseOrderAndMayDoWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		po := w.order(w.Ann, 20)
		for _, c := range []struct {
			sentence                  string
			actor                     access.Actor
			unseen                    bool
			approve, reject, withdraw error
		}{
			{"Bob decides", w.Bob, false, nil, nil, approving.ErrNotRequester},
			{"Bob, named on the plan, sees it whatever he holds", with(w.Bob, w.fin, access.PurchaseOrdersApprove), false, nil, nil, approving.ErrNotRequester},
			{"Bob may not decide without the permission", with(w.Bob, tree.Top, access.PurchaseOrdersView), false, access.ErrForbidden, access.ErrForbidden, approving.ErrNotRequester},
			{"Ann withdraws", w.Ann, false, access.ErrForbidden, access.ErrForbidden, nil},
			{"Ann does not approve her own", with(w.Ann, tree.Top, access.PurchaseOrdersApprove), false, approval.ErrNotAsked, approval.ErrNotAsked, nil},
			{"Dan sees all and is not asked", w.Dan, false, approval.ErrNotAsked, approval.ErrNotAsked, approving.ErrNotRequester},
			{"Cleo sees those below her, and Ann is not", w.Cleo, true, nil, nil, nil},
			{"Cleo sees all of finance", with(w.Cleo, w.fin, access.PurchaseOrdersViewCompany), true, nil, nil, nil},
			{"Eve is of another company", w.Eve, true, nil, nil, nil},
		} {
			t.Run(c.sentence, func(t *testing.T) {
				sheet, err := w.s.Get(ctx, c.actor, po.ID)
				if c.unseen {
					if !errors.Is(err, approvaldb.ErrUnseen) {
						t.Error("it is seen:", err)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range []struct {
					act       string
					got, want error
				}{{"approve", refusal(sheet.Approve), c.approve}, {"reject", refusal(sheet.Reject), c.reject}, {"withdraw", refusal(sheet.Withdraw), c.withdraw}} {
					if !errors.Is(x.got, x.want) || x.want == nil && x.got != nil {
						t.Errorf("%s: %v", x.act, x.got)
					}
				}
			})
		}
		if _, err := w.s.Get(ctx, w.Dan, id.NewPurchaseOrder(w.now)); !errors.Is(err, approvaldb.ErrUnseen) {
			t.Error("what is not there:", err)
		}
		w.decide(w.Bob, po.ID, approval.Agree, "")
		sheet, err := w.s.Get(ctx, w.Bob, po.ID)
		if err != nil || !errors.Is(refusal(sheet.Approve), approval.ErrNotPending) || !errors.Is(refusal(sheet.Reject), approval.ErrNotPending) {
			t.Errorf("when it is decided: %v, %v, %v", sheet.Approve, sheet.Reject, err)
		}
		if sheet, err = w.s.Get(ctx, w.Ann, po.ID); err != nil || !errors.Is(refusal(sheet.Withdraw), approval.ErrState) {
			t.Errorf("when it is placed: %v, %v", sheet.Withdraw, err)
		}
	})
}

// refusal is nil where there is none: an interface that holds a nil pointer is not.
func refusal(f *fault.Fault) error {
	if f == nil {
		return nil
	}
	return f
}

type row = view.PurchaseOrder

func number(r row) string { return short(r.Number) }
