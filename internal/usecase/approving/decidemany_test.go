package approving_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/purchasing"
)

// hash is that of the content of a purchase order as it stands.
func (w *world) hash(key id.PurchaseOrder) string {
	w.t.Helper()
	sheet, err := w.s.Get(ctx, w.Dan, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return sheet.Hash
}

func (w *world) state(key id.PurchaseOrder) approval.State {
	w.t.Helper()
	sheet, err := w.s.Get(ctx, w.Dan, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return sheet.State
}

// said is what has come of decisions, in short.
func said(done approving.Decided) string {
	var all []string
	for _, r := range done.Results {
		switch {
		case r.Refused != nil && r.Last != nil:
			all = append(all, r.Refused.Code+" after "+r.Last.Name)
		case r.Refused != nil:
			all = append(all, r.Refused.Code)
		default:
			all = append(all, string(r.State))
		}
	}
	return strings.Join(all, ", ")
}

func TestSeveralAreDecidedEachByItself(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var made []purchasing.Submitted
		for i := range 5 {
			made = append(made, w.order(w.Ann, int64(20+i)))
		}
		cleos := w.order(buyer(w.Cleo, tree.Top), 50, func(c *cart.Checkout) {})
		globex := w.order(buyer(w.Eve, tree.Top), 1, func(c *cart.Checkout) { c.Unit = w.GlobexUnits["globex"] })
		if _, err := w.s.Withdraw(ctx, w.Ann, made[2].ID, "not needed"); err != nil {
			t.Fatal(err)
		}
		in := approving.DecideManyInput{Key: "bulk-1"}
		say := func(key id.PurchaseOrder, v approval.Verdict, reason, hash string) {
			in.Decisions = append(in.Decisions, approving.DecideInput{Order: key, Verdict: v, Reason: reason, Hash: hash})
		}
		say(made[0].ID, approval.Agree, "", w.hash(made[0].ID))
		say(made[1].ID, approval.Decline, "too many", w.hash(made[1].ID))
		say(made[2].ID, approval.Agree, "", w.hash(made[2].ID))
		say(made[3].ID, approval.Agree, "", "what was seen before it changed")
		say(made[4].ID, approval.Decline, " ", w.hash(made[4].ID))
		say(cleos.ID, approval.Agree, "", w.hash(cleos.ID))
		say(globex.ID, approval.Agree, "", "x")
		const want = "placed, rejected, approval.not_pending after Ann Archer, approval.changed, approval.note, approval.unseen, approval.unseen"
		done, err := w.s.DecideMany(ctx, w.Bob, in)
		if err != nil || said(done) != want {
			t.Fatalf("%s, %v; want %s", said(done), err, want)
		}
		first, unseen := done.Results[0], done.Results[6]
		if first.Number != "PO-000001" || first.Requester != "Ann Archer" || first.Net != eur(158_00) || first.Order.IsZero() {
			t.Errorf("the first: %+v", first)
		}
		if unseen.Number+unseen.Requester != "" || unseen.Last != nil {
			t.Errorf("Bob hears of what is not his to see: %+v", unseen)
		}
		for key, state := range map[id.PurchaseOrder]approval.State{made[0].ID: approval.Placed, made[1].ID: approval.Rejected, made[2].ID: approval.Cancelled,
			made[3].ID: approval.PendingApproval, made[4].ID: approval.PendingApproval, cleos.ID: approval.PendingApproval} {
			if got := w.state(key); got != state {
				t.Errorf("%s is %s, not %s", key, got, state)
			}
		}

		// whoever comes too late with one is told who was quicker, what they did, and when
		_, err = w.s.Decide(ctx, w.Bob, approving.DecideInput{Order: made[2].ID, Verdict: approval.Agree, Hash: w.hash(made[2].ID)})
		if late := fault.Of(err); late == nil || late.Code != approval.ErrNotPending.Code || !strings.HasPrefix(late.Text(), "Ann Archer has withdrawn it, at ") ||
			late.Detail["decided_by"] != "Ann Archer" || late.Detail["decided_by_id"] != w.Ann.Member.String() || late.Detail["decided_at"] == "" || late.Detail["decision"] != "withdraw" {
			t.Errorf("too late: %+v", err)
		}

		// and so is whoever comes too late to withdraw
		for key, want := range map[id.PurchaseOrder]struct{ says, by, did string }{
			made[0].ID: {"Bob Boss has approved it already, at ", "Bob Boss", "approve"},
			made[1].ID: {"Bob Boss has rejected it already, at ", "Bob Boss", "reject"},
			made[2].ID: {"Ann Archer has withdrawn it, at ", "Ann Archer", "withdraw"},
		} {
			_, err := w.s.Withdraw(ctx, w.Ann, key, "")
			if late := fault.Of(err); late == nil || late.Code != approval.ErrState.Code || !strings.HasPrefix(late.Text(), want.says) || late.Detail["decided_by"] != want.by || late.Detail["decision"] != want.did ||
				late.Detail["decided_at"] == "" || late.Detail["state"] == "" {
				t.Errorf("withdrawn too late: %+v, want %s", err, want.says)
			}
		}

		// the same again does nothing more
		if again, err := w.s.DecideMany(ctx, w.Bob, in); err != nil || said(again) != want {
			t.Errorf("again: %s, %v", said(again), err)
		}
		if told, err := w.s.Decided(ctx, w.Bob, "bulk-1"); err != nil || said(told) != want || told.Results[0].Net != eur(158_00) {
			t.Errorf("told once more: %s, %v", said(told), err)
		}
		sheet, err := w.s.Get(ctx, w.Dan, made[0].ID)
		if err != nil || len(sheet.Decisions) != 1 {
			t.Errorf("%d decisions, %v", len(sheet.Decisions), err)
		}
		other := in
		other.Decisions = in.Decisions[3:4]
		if _, err := w.s.DecideMany(ctx, w.Bob, other); fault.Of(err) == nil || fault.Of(err).Code != "once.other_input" {
			t.Errorf("other decisions under the same key: %v", err)
		}
		// nobody is told what others decided
		for who, a := range map[string]access.Actor{"Dan": w.Dan, "Eve": w.Eve} {
			if _, err := w.s.Decided(ctx, a, "bulk-1"); !errors.Is(err, approving.ErrForgotten) {
				t.Errorf("%s: %v", who, err)
			}
		}

		for _, c := range []struct {
			sentence string
			actor    access.Actor
			in       approving.DecideManyInput
			err      error
		}{
			{"nothing at all", w.Bob, approving.DecideManyInput{}, fault.ErrInput},
			{"one twice", w.Bob, approving.DecideManyInput{Decisions: []approving.DecideInput{in.Decisions[3], in.Decisions[3]}}, fault.ErrInput},
			{"too many", w.Bob, approving.DecideManyInput{Decisions: make([]approving.DecideInput, approving.MostDecisions+1)}, fault.ErrInput},
			{"Ann approves nothing", w.Ann, approving.DecideManyInput{Decisions: in.Decisions[:1]}, access.ErrForbidden},
		} {
			if _, err := w.s.DecideMany(ctx, c.actor, c.in); !errors.Is(err, c.err) {
				t.Errorf("%s: %v", c.sentence, err)
			}
		}
		in = approving.DecideManyInput{}
		say(made[3].ID, approval.Agree, "", w.hash(made[3].ID))
		if done, err := w.s.DecideMany(ctx, w.Bob, in); err != nil || said(done) != "placed" {
			t.Errorf("without a key: %s, %v", said(done), err)
		}
		if done, err := w.s.DecideMany(ctx, w.Bob, in); err != nil || said(done) != "approval.not_pending" {
			t.Errorf("without a key again: %s, %v", said(done), err)
		}
	})
}

func TestWhatWasRefusedIsNotDecidedByTheSameRequestLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		po := w.order(w.Ann, 200, func(c *cart.Checkout) { c.CostCentre = w.CostCentre }) // asks Bob, and then Dan for the budget
		in := approving.DecideManyInput{Key: "early", Decisions: []approving.DecideInput{{Order: po.ID, Verdict: approval.Agree, Hash: w.hash(po.ID)}}}
		early, err := w.s.DecideMany(ctx, w.Dan, in)
		if err != nil || early.Results[0].Refused == nil {
			t.Fatalf("Dan decides before he is asked: %s, %v", said(early), err)
		}
		w.decide(w.Bob, po.ID, approval.Agree, "")
		again, err := w.s.DecideMany(ctx, w.Dan, in)
		if err != nil || again.Results[0].Refused == nil || w.state(po.ID) != approval.PendingApproval {
			t.Errorf("%s, %v; it is %s", said(again), err, w.state(po.ID))
		}
		in.Key = "in time"
		if done, err := w.s.DecideMany(ctx, w.Dan, in); err != nil || said(done) != "placed" {
			t.Errorf("%s, %v", said(done), err)
		}
	})
}

func TestPressedTwiceAtOnceDecidesOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := approving.DecideManyInput{Key: "twice"}
		for i := range 4 {
			po := w.order(w.Ann, int64(20+i))
			in.Decisions = append(in.Decisions, approving.DecideInput{Order: po.ID, Verdict: approval.Agree, Hash: w.hash(po.ID)})
		}
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				done, err := w.s.DecideMany(ctx, w.Bob, in)
				if want := strings.TrimSuffix(strings.Repeat("placed, ", 4), ", "); err != nil || said(done) != want {
					t.Errorf("%s, %v", said(done), err)
				}
			})
		}
		all.Wait()
		for _, d := range in.Decisions {
			if sheet, err := w.s.Get(ctx, w.Dan, d.Order); err != nil || len(sheet.Decisions) != 1 || sheet.State != approval.Placed {
				t.Errorf("%d decisions, %s, %v", len(sheet.Decisions), sheet.State, err)
			}
		}
	})
}
