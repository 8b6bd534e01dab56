package approving_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// react looks up anew who decides, wherever that may have changed, and says at how many purchase orders it looked.
func (w *world) react() (looked int) {
	w.t.Helper()
	for {
		n, err := w.s.Reroute(ctx, access.System(id.Company{}))
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			return looked
		}
		looked += n
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

// Who was asked and is asked no more goes on seeing what they were asked about, and decides nothing of it.
func TestWhoIsAskedNoMoreKeepsTheView(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		done := w.order(w.Ann, 20)
		if err := organising.New(w.DB).Move(ctx, w.Dan, organising.MoveInput{Node: company.Node{Member: w.Ann.Member}, Under: company.Node{Unit: w.Units["fin"]}}); err != nil {
			t.Fatal(err)
		}
		w.react()
		bob := again(t, w, w.Bob)
		if slices.Contains(w.awaited(done.ID), bob.Member) {
			t.Fatal("Bob is asked still")
		}
		sheet, err := w.s.Get(ctx, bob, done.ID)
		if err != nil {
			t.Fatalf("Bob sees it no more: %v", err)
		}
		if _, err := w.s.Decide(ctx, bob, approving.DecideInput{Order: done.ID, Verdict: approval.Agree, Hash: sheet.Hash}); err == nil {
			t.Error("Bob decides on it")
		}
	})
}

func TestWhatWaitsForWhoLeavesGoesToSomebodyElse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.order(w.Ann, 20)
		if got := w.awaited(first.ID); !slices.Equal(got, []id.Member{w.Bob.Member}) {
			t.Fatalf("asked are %v", got)
		}
		w.now = w.now.Add(95 * time.Minute)
		if err := w.leaves(w.Bob, id.Member{}); err != nil {
			t.Fatal(err)
		}
		w.react()
		if got := w.awaited(first.ID); !slices.Equal(got, []id.Member{w.Dan.Member}) {
			t.Errorf("after Bob has left %v are asked, and not Dan", got)
		}
		if po := w.po(first.ID); po.State != approval.PendingApproval || !slices.Equal(po.Plan.Former, []id.Member{w.Bob.Member}) {
			t.Errorf("%s; named before were %v", po.State, po.Plan.Former)
		}
		w.sound()
		if looked := w.react(); looked != 0 {
			t.Errorf("%d are looked at although nothing has changed", looked)
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

// revoke takes a role from a member.
func (w *world) revoke(who id.Member, role string) {
	w.t.Helper()
	held, err := granting.New(w.DB).Held(ctx, w.Dan, who)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range held {
		if a.Assignment.Role == w.Roles[role] {
			if err := granting.New(w.DB).Revoke(ctx, w.Dan, a.Assignment.ID); err != nil {
				w.t.Fatal(err)
			}
			return
		}
	}
	w.t.Fatalf("no role %s to take", role)
}

// limits sets the approval limit of a member; nil is none.
func (w *world) limits(who id.Member, most *money.Money) {
	w.t.Helper()
	people := organising.New(w.DB)
	p, err := people.Member(ctx, w.Dan, who)
	if err != nil {
		w.t.Fatal(err)
	}
	m := p.Member
	if _, err := people.EditMember(ctx, w.Dan, organising.EditMemberInput{ID: who, Version: m.Version, Name: m.Name, Number: m.Number, Title: m.Title, Approval: most}); err != nil {
		w.t.Fatal(err)
	}
}

// queued reports whether a purchase order waits for somebody.
func (w *world) queued(who access.Actor, key id.PurchaseOrder) bool {
	w.t.Helper()
	n, err := w.s.Queue(ctx, who, view.QueueFilter{}, page.Ask{})
	if errors.Is(err, access.ErrForbidden) {
		return false
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.ContainsFunc(n.Rows, func(r approving.QueueRow) bool { return r.ID == key })
}

func TestWhoDecidesIsLookedUpAnewWhateverHasChanged(t *testing.T) {
	tests := []struct {
		says    string
		change  func(w *world)
		want    func(w *world) id.Member // who is asked instead of Bob
		because string                   // why Bob may not
	}{
		{"a right is taken away", func(w *world) { w.revoke(w.Bob.Member, "approver") }, func(w *world) id.Member { return w.Dan.Member }, "permission"},
		{"an approval limit is lowered", func(w *world) { w.limits(w.Bob.Member, new(eur(100_00))) }, func(w *world) id.Member { return w.Dan.Member }, "limit"},
		{"the requester stands below somebody else", func(w *world) {
			if err := organising.New(w.DB).Move(ctx, w.Dan, organising.MoveInput{Node: company.Node{Member: w.Ann.Member}, Under: company.Node{Member: w.Cleo.Member}}); err != nil {
				w.t.Fatal(err)
			}
		}, func(w *world) id.Member { return w.Cleo.Member }, ""},
	}
	for _, test := range tests {
		t.Run(test.says, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				open := w.order(w.Ann, 20)
				if got := w.awaited(open.ID); !slices.Equal(got, []id.Member{w.Bob.Member}) {
					t.Fatalf("asked are %v", got)
				}
				test.change(w)
				if test.because != "" { // at once, before the plan is made anew
					bob, err := w.Actor(ctx, w.Acme, w.Bob.Member)
					if err != nil {
						t.Fatal(err)
					}
					_, err = w.s.Decide(ctx, bob, approving.DecideInput{Order: open.ID, Verdict: approval.Agree, Hash: w.po(open.ID).Hash})
					if f := fault.Of(err); f == nil || f.Kind != fault.Forbidden || f.Code == approval.ErrIneligible.Code && f.Detail["because"] != test.because {
						t.Errorf("Bob decides: %v", err)
					}
				}
				w.react()
				if got := w.awaited(open.ID); !slices.Equal(got, []id.Member{test.want(w)}) {
					t.Errorf("asked are %v", got)
				}
				asked, err := w.Actor(ctx, w.Acme, test.want(w))
				if err != nil {
					t.Fatal(err)
				}
				if w.queued(w.Bob, open.ID) || !w.queued(asked, open.ID) {
					t.Errorf("it waits for Bob: %v, for who is asked now: %v", w.queued(w.Bob, open.ID), w.queued(asked, open.ID))
				}
				w.sound()
				if looked := w.react(); looked != 0 {
					t.Errorf("%d are looked at although nothing has changed", looked)
				}
				w.decide(asked, open.ID, approval.Agree, "")
				if po := w.po(open.ID); po.State != approval.Placed {
					t.Errorf("it is %s", po.State)
				}
				w.sound()
			})
		})
	}
}

func TestAnAssignmentThatEndsOrBeginsAsksOthers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.revoke(w.Bob.Member, "approver")
		day := 24 * time.Hour
		if _, err := granting.New(w.DB).Assign(ctx, w.Dan, granting.AssignInput{Member: w.Bob.Member, Role: w.Roles["approver"], From: w.now.Add(day), Until: w.now.Add(3 * day)}); err != nil {
			t.Fatal(err)
		}
		open := w.order(w.Ann, 20)
		for _, step := range []struct {
			after  time.Duration
			looked int
			asked  access.Actor
		}{{0, 0, w.Dan}, {day - time.Second, 0, w.Dan}, {time.Second, 1, w.Bob}, {day, 0, w.Bob}, {day, 1, w.Dan}, {day, 0, w.Dan}} {
			w.now = w.now.Add(step.after)
			if looked := w.react(); looked != step.looked {
				t.Errorf("at %s %d are looked at, and not %d", w.now, looked, step.looked)
			}
			if got := w.awaited(open.ID); !slices.Equal(got, []id.Member{step.asked.Member}) {
				t.Errorf("at %s asked are %v", w.now, got)
			}
		}
		w.sound()
	})
}

func TestWhoBecomesEligibleIsAskedWhatWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.revoke(w.Bob.Member, "approver")
		own := w.order(w.Dan, 20, func(c *cart.Checkout) { c.Unit = w.Units["ops"] }) // Dan is the only administrator, and asks for himself
		if po := w.po(own.ID); !po.Plan.Stuck() {
			t.Fatalf("somebody is asked: %v", w.awaited(own.ID))
		}
		if _, err := granting.New(w.DB).Assign(ctx, w.Dan, granting.AssignInput{Member: w.Cleo.Member, Role: w.Roles["administrator"]}); err != nil {
			t.Fatal(err)
		}
		w.react()
		if po := w.po(own.ID); po.Plan.Stuck() || !slices.Equal(w.awaited(own.ID), []id.Member{w.Cleo.Member}) {
			t.Errorf("stuck: %v, asked are %v", po.Plan.Stuck(), w.awaited(own.ID))
		}
		w.sound()
	})
}

func TestAManagerOfACostCentreIsAskedFromWhenTheyAreIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		bound := eur(100_00)
		w.rule.Steps = []approval.Step{{}, {Above: &bound, Then: approval.Asks(approval.Source{Kind: approval.OfCostCentre})}}
		if _, err := w.s.EditRule(ctx, w.Dan, w.rule); err != nil {
			t.Fatal(err)
		}
		open := w.order(w.Ann, 20, func(c *cart.Checkout) { c.CostCentre = w.CostCentre })
		money := budgeting.New(w.DB)
		c, err := money.GetCostCentre(ctx, w.Dan, w.CostCentre)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := money.EditCostCentre(ctx, w.Dan, budgeting.CostCentreInput{ID: c.ID, Version: c.Version, Code: c.Code, Name: c.Name, Manager: w.Bob.Member, Unit: c.Unit, From: c.From, Until: c.Until}); err != nil {
			t.Fatal(err)
		}
		w.react()
		if got := w.awaited(open.ID); !slices.Equal(got, []id.Member{w.Bob.Member}) {
			t.Errorf("asked are %v", got)
		}
	})
}

// What somebody submitted stays an order of theirs when it was handed over: whoever they come to lead, they never decide on it.
func TestWhoSubmittedAnOrderNeverDecidesOnIt(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		people := organising.New(w.DB)
		done := w.order(w.Ann, 20)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		must(w.leaves(w.Ann, w.Cleo.Member))
		p, err := people.Member(ctx, w.Dan, w.Ann.Member)
		must(err)
		_, err = people.ReactivateMember(ctx, w.Dan, organising.ReactivateMemberInput{ID: w.Ann.Member, Version: p.Version})
		must(err)
		_, err = granting.New(w.DB).Assign(ctx, w.Dan, granting.AssignInput{Member: w.Ann.Member, Role: w.Roles["approver"]})
		must(err)
		must(people.Move(ctx, w.Dan, organising.MoveInput{Node: company.Node{Member: w.Cleo.Member}, Under: company.Node{Member: w.Ann.Member}}))
		w.react()
		po := w.po(done.ID)
		if po.Requester != w.Cleo.Member || po.Submitter != w.Ann.Member {
			t.Fatalf("it is requested by %s and was submitted by %s", po.Requester, po.Submitter)
		}
		if asked := w.awaited(done.ID); slices.Contains(asked, w.Ann.Member) || len(asked) == 0 {
			t.Errorf("asked are %v", asked)
		}
		ann, err := w.Actor(ctx, w.Acme, w.Ann.Member)
		must(err)
		if _, err := w.s.Decide(ctx, ann, approving.DecideInput{Order: done.ID, Verdict: approval.Agree, Hash: po.Hash}); err == nil {
			t.Error("Ann has decided on what she ordered")
		}
		w.sound()
	})
}
