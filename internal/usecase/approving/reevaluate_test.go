package approving_test

import (
	"errors"
	"slices"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
)

// react does what follows from what has happened.
func (w *world) react() {
	w.t.Helper()
	table := []exchanging.On{{Event: "member.deactivated", Do: w.s.React}, {Event: "purchase_order.reassigned", Do: w.s.React}}
	for {
		n, err := exchanging.New(w.DB, exchanging.Settings{}).Relay(ctx, access.System(id.Company{}), table)
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// leaves lets somebody leave.
func (w *world) leaves(who access.Actor, successor id.Member) error {
	people := organising.New(w.DB)
	p, err := people.Member(ctx, w.Dan, who.Member)
	if err != nil {
		return err
	}
	return people.Leave(ctx, w.Dan, organising.LeaveInput{ID: who.Member, Version: p.Version, Successor: successor})
}

// join makes somebody a member right below a node, with a role for the whole company.
func (w *world) join(name string, under company.Node, role string) access.Actor {
	w.t.Helper()
	m, err := organising.New(w.DB).AddMember(ctx, w.Dan, organising.AddMemberInput{Email: name + "@acme.example", First: name, Under: under})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := granting.New(w.DB).Assign(ctx, w.Dan, granting.AssignInput{Member: m.ID, Role: w.Roles[role]}); err != nil {
		w.t.Fatal(err)
	}
	a, err := w.Actor(ctx, w.Acme, m.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// po is a purchase order as it is kept.
func (w *world) po(key id.PurchaseOrder) (po approval.PurchaseOrder) {
	w.t.Helper()
	err := w.DB.Read(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) (err error) {
		po, err = tx.Approvals.Get(ctx, w.Acme, key)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return po
}

// awaited lists who is asked about a purchase order now.
func (w *world) awaited(key id.PurchaseOrder) []id.Member {
	return approval.Members(w.po(key).Plan.Awaited())
}

// twoAsked is an order of Ann's that Bob and Fay have to agree to: whoever is asked first, and the other one.
func (w *world) twoAsked() (done purchasing.Submitted, first, second access.Actor) {
	w.t.Helper()
	fay := w.join("fay", company.Node{Unit: w.Units["fin"]}, "approver")
	bound := eur(50_00)
	if _, err := w.s.CreateRule(ctx, w.Dan, approval.Rule{Name: "Fay too", Enabled: true, Basis: approval.Net, Steps: []approval.Step{{}, {Above: &bound,
		Then: approval.Asks(approval.Source{Kind: approval.OfMember, Member: fay.Member})}}}); err != nil {
		w.t.Fatal(err)
	}
	done = w.order(w.Ann, 20)
	if slices.Contains(w.awaited(done.ID), w.Bob.Member) {
		return done, w.Bob, fay
	}
	return done, fay, w.Bob
}

// sound fails the test where a purchase order is not what its plan and decisions make it.
func (w *world) sound() {
	w.t.Helper()
	_, err := w.s.Verify(ctx, access.System(w.Acme), func(rows int64, sentence string) { w.t.Errorf("verify: %d: %s", rows, sentence) })
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestWhatWaitsForWhoLeavesGoesToSomebodyElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.order(w.Ann, 20)
		if got := w.awaited(first.ID); !slices.Equal(got, []id.Member{w.Bob.Member}) {
			t.Fatalf("asked are %v", got)
		}
		if err := w.leaves(w.Bob, id.Member{}); err != nil {
			t.Fatal(err)
		}
		w.react()
		if got := w.awaited(first.ID); !slices.Equal(got, []id.Member{w.Dan.Member}) {
			t.Errorf("after Bob has left %v are asked, and not Dan", got)
		}
		if po := w.po(first.ID); po.State != approval.PendingApproval || po.Plan.Involves(w.Bob.Member) {
			t.Errorf("%s; Bob is named: %v", po.State, po.Plan.Involves(w.Bob.Member))
		}
		w.sound()
		version := w.po(first.ID).Version
		w.react() // again changes nothing
		if w.po(first.ID).Version != version {
			t.Error("made anew although nothing has changed")
		}
		w.decide(w.Dan, first.ID, approval.Agree, "")
		if po := w.po(first.ID); po.State != approval.Placed {
			t.Errorf("the last approval leaves it %s", po.State)
		}
		w.sound()
	})
}

func TestWhatWasDecidedStandsWhenAnotherApproverLeaves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		done, first, second := w.twoAsked()
		w.decide(first, done.ID, approval.Agree, "")
		if err := w.leaves(second, id.Member{}); err != nil {
			t.Fatal(err)
		}
		w.react()
		if got := w.awaited(done.ID); !slices.Equal(got, []id.Member{w.Dan.Member}) {
			t.Errorf("%v are asked: what was decided does not stand", got)
		}
		w.sound()
		w.decide(w.Dan, done.ID, approval.Agree, "")
		if po := w.po(done.ID); po.State != approval.Placed || !po.Plan.Involves(first.Member) {
			t.Errorf("it is %s", po.State)
		}
		w.sound()
	})
}

func TestASuccessorTakesOverAndNeverApprovesTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		people := organising.New(w.DB)
		open := w.order(w.Ann, 20)
		l, err := people.Leaving(ctx, w.Dan, w.Ann.Member)
		if err != nil || l.Orders != 1 || l.Deciding != 0 {
			t.Errorf("%+v, %v", l, err)
		}
		if l, err := people.Leaving(ctx, w.Dan, w.Bob.Member); err != nil || l.Deciding != 1 || l.Below != 1 {
			t.Errorf("%+v, %v", l, err)
		}
		for what, successor := range map[string]id.Member{"oneself": w.Ann.Member, "of another company": w.Eve.Member} {
			if err := w.leaves(w.Ann, successor); !errors.Is(err, organising.ErrSuccessor) && !errors.Is(err, company.ErrUnseenMember) {
				t.Errorf("%s: %v", what, err)
			}
		}
		// who may manage people, but not hand orders over, cannot
		clerk := with(w.Dan, tree.Top, access.UsersManage, access.UsersView)
		p, err := people.Member(ctx, w.Dan, w.Ann.Member)
		if err != nil {
			t.Fatal(err)
		}
		if err := people.Leave(ctx, clerk, organising.LeaveInput{ID: w.Ann.Member, Version: p.Version, Successor: w.Bob.Member}); !errors.Is(err, access.ErrForbidden) {
			t.Errorf("without the permission to hand over: %v", err)
		}
		// Bob is asked about it, and becomes the one who looks after it
		if err := w.leaves(w.Ann, w.Bob.Member); err != nil {
			t.Fatal(err)
		}
		_, err = w.s.Decide(ctx, w.Bob, approving.DecideInput{Order: open.ID, Verdict: approval.Agree, Hash: w.po(open.ID).Hash})
		if !errors.Is(err, approval.ErrOwnOrder) {
			t.Errorf("before the plan is made anew: %v", err)
		}
		w.react()
		if po := w.po(open.ID); po.Requester != w.Bob.Member || po.State != approval.PendingApproval || slices.Contains(w.awaited(open.ID), w.Bob.Member) {
			t.Errorf("%v looks after it, %v are asked", po.Requester, w.awaited(open.ID))
		}
		w.sound()
		w.decide(w.Dan, open.ID, approval.Agree, "")
		if po := w.po(open.ID); po.State != approval.Placed {
			t.Errorf("it is %s", po.State)
		}
		w.sound()
	})
}

func TestWhoHasAgreedDoesNotTakeOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		done, first, _ := w.twoAsked()
		w.decide(first, done.ID, approval.Agree, "")
		if err := w.leaves(w.Ann, first.Member); !errors.Is(err, organising.ErrSuccessorDecided) {
			t.Errorf("who has agreed takes over: %v", err)
		}
		if w.po(done.ID).Requester != w.Ann.Member {
			t.Error("it is done by half")
		}
	})
}

func TestCostCentresAreHandedOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l, err := organising.New(w.DB).Leaving(ctx, w.Dan, w.Cleo.Member)
		if err != nil || len(l.CostCentres) != 1 {
			t.Fatalf("%+v, %v", l, err)
		}
		if err := w.leaves(w.Cleo, w.Bob.Member); err != nil {
			t.Fatal(err)
		}
		c, err := budgeting.New(w.DB).GetCostCentre(ctx, w.Dan, w.CostCentre)
		if err != nil || c.Manager != w.Bob.Member {
			t.Errorf("%+v, %v", c, err)
		}
	})
}
