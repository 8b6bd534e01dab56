package approving

import (
	"context"
	"errors"
	"slices"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/order"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// DecideInput is what an approver says of a purchase order.
type DecideInput struct {
	Order   id.PurchaseOrder
	Verdict approval.Verdict
	Reason  string // a rejection needs one
	Hash    string // of the content that they saw
	Key     string `json:"-"` // the idempotency key
}

// Outcome is where a purchase order stands after a decision.
type Outcome struct {
	ID        id.PurchaseOrder
	Number    string
	State     approval.State
	Order     id.Order
	Requester string
	Net       money.Money
}

func (f *file) outcome(po approval.PurchaseOrder) Outcome {
	return Outcome{po.ID, po.Number, po.State, po.Order, f.requester.Name, po.Net}
}

// Decide approves or rejects a purchase order, as far as it is the actor's to decide. The last approval that is
// needed places the order.
func (s *Service) Decide(ctx context.Context, actor access.Actor, in DecideInput) (done Outcome, err error) {
	err = step.Once(ctx, s.db, actor, "approving.decide", in.Key, in, &done, func(remember func(*store.Tx, access.Actor)) error {
		return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			// find
			f, err := find(ctx, tx, actor, in.Order)
			if err != nil {
				return err
			}
			plan, err := f.current(ctx, tx, actor)
			if err != nil {
				return err
			}
			by, err := step.DeciderOf(ctx, tx, actor.Company, f.asking(), plan, actor.Member)
			if err != nil {
				return err
			}
			// may
			if err := f.seen(actor, plan); err != nil {
				return err
			}
			if err := actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
				return err
			}
			// decide
			if err := f.stands(); in.Verdict == approval.Agree && err != nil {
				return err
			}
			progress, err := plan.Decide(approval.Deciding{By: by.Candidate, Behind: by.Behind, Deputies: by.Deputies, Verdict: in.Verdict, Note: in.Reason, Saw: in.Hash,
				Hash: f.po.Hash, State: f.po.State, Request: f.request(tx)})
			if err != nil {
				return f.overtaken(ctx, tx, actor, f.stoodDown(actor, err))
			}
			// write, and tell; first who is asked now, where that has changed
			if f.turned {
				if _, err := f.reroute(tx, actor, plan); err != nil {
					return err
				}
			}
			po, placed, err := f.proceed(tx, actor, progress, in.Reason)
			if err != nil {
				return err
			}
			tx.Approvals.InsertDecision(po.Company, approval.Decision{ID: id.NewDecision(tx.Now), Order: po.ID, Member: actor.Member,
				Behalf: approval.Behalf(progress.Decided), Action: progress.Action, Reason: in.Reason, Hash: f.po.Hash, At: tx.Now})
			tx.Approvals.Update(f.po, po)
			if !placed.ID.IsZero() {
				tx.Orders.Insert(placed)
			}
			done = f.outcome(po)
			remember(tx, actor)
			return nil
		})
	})
	return done, err
}

// stoodDown is why somebody is not asked any more who was asked as a deputy until now.
func (f *file) stoodDown(actor access.Actor, late error) error {
	if behind := f.po.Plan.Behind(actor.Member); errors.Is(late, approval.ErrNotAsked) && len(behind) > 0 {
		return approval.ErrIneligible.With("you stand in for %s no more, or not for this purchase order", f.po.Plan.Stood()[behind[0]]).Noting("because", "deputy")
	}
	return late
}

// overtaken is why a decision came too late: who was quicker, what they did, and when.
func (f *file) overtaken(ctx context.Context, tx *store.Tx, actor access.Actor, late error) error {
	if !errors.Is(late, approval.ErrNotPending) && !errors.Is(late, approval.ErrDecided) && !errors.Is(late, approval.ErrNotAsked) && !errors.Is(late, approval.ErrState) {
		return late
	}
	var all []view.Decision
	tx.Views.WantDecisions(&all, f.po.Company, f.po.ID)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	for _, d := range slices.Backward(all) {
		other := d.Member != actor.Member || !errors.Is(late, approval.ErrDecided) && !errors.Is(late, approval.ErrNotAsked) // what one did oneself in another window, too
		if told := quicker(fault.Of(late), d, d.At.In(f.company.Location())); told != nil && other {
			return told.Noting("decision", string(d.Action)).Noting("decided_by", d.Name).Noting("decided_by_id", d.Member.String()).
				Noting("decided_at", d.At.UTC().Format(time.RFC3339))
		}
	}
	if told := standing(fault.Of(late), f.po.State, f.po.ChangedAt.In(f.company.Location())); told != nil && errors.Is(late, approval.ErrState) {
		return told
	}
	return late
}

// standing says how a purchase order stands to which nobody has said anything, and since when; nil where that would say no more.
func standing(errState *fault.Fault, s approval.State, since time.Time) *fault.Fault {
	switch s {
	case approval.Placed:
		return errState.With("nobody had to agree: it was placed with the seller at %s", since)
	case approval.Approved, approval.PendingPayment:
		return errState.With("nobody had to agree: it was approved at %s", since)
	case approval.OrderFailed:
		return errState.With("it could not be placed with the seller, at %s", since)
	}
	return nil
}

// quicker says who did what, and when; nil for what is no decision.
func quicker(errLate *fault.Fault, d view.Decision, at time.Time) *fault.Fault {
	switch d.Action {
	case approval.DoDecide, approval.DoApprove:
		return errLate.With("%s has approved it already, at %s", d.Name, at)
	case approval.DoOverride:
		return errLate.With("%s has approved it in place of all who were asked, at %s", d.Name, at)
	case approval.DoReject:
		return errLate.With("%s has rejected it already, at %s", d.Name, at)
	case approval.DoWithdraw:
		return errLate.With("%s has withdrawn it, at %s", d.Name, at)
	case approval.DoExpire:
		return errLate.With("nobody decided in time, so it ended at %s", at)
	}
	return nil
}

// proceed does what a decision has made of a purchase order.
func (f *file) proceed(tx *store.Tx, actor access.Actor, progress approval.Progress, reason string) (approval.PurchaseOrder, order.Order, error) {
	po, t, err := f.po.Do(progress.Action, tx.Now)
	if err != nil {
		return po, order.Order{}, err
	}
	po.Plan = progress.Plan
	if progress.Action == approval.DoReject {
		po.Reason = reason
	}
	if t.To == approval.PendingApproval {
		po.ExpiresAt = step.ExpiresAt(tx.Now, f.company.ExpiryDays)
	}
	e := po.Tell(t)
	e.Asked, e.Freed, e.Decided = approval.Members(progress.Asked), approval.Members(progress.Freed), approval.Members(progress.Decided)
	e.Behalf = approval.Behalf(progress.Decided)
	e.Stuck = t.To == approval.PendingApproval && po.Plan.Stuck()
	tx.Tell(actor, e)
	l := f.ledger()
	switch t.To {
	case approval.Rejected:
		return po, order.Order{}, step.Release(tx, actor, po, l, reason)
	case approval.Approved:
		return f.place(tx, actor, po, l, reason)
	}
	return po, order.Order{}, nil
}

// place overrides what the approvers have agreed to over budget, and places the order.
func (f *file) place(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, l step.Ledger, reason string) (approval.PurchaseOrder, order.Order, error) {
	why := "approved over budget by " + actor.Name
	if reason != "" {
		why += ": " + reason
	}
	for _, share := range budget.Shares(l.Entries) {
		if share.Requested == 0 {
			continue
		}
		for _, p := range l.Purses {
			if p.Budget.ID == share.Budget {
				c := p.Budget.Limit.Currency
				tx.Tell(actor, budget.WasOverridden{BudgetID: share.Budget, Period: share.Period, PurchaseOrder: po.ID, Amount: money.Of(share.Requested, c), Note: why})
			}
		}
	}
	if err := step.Override(tx, actor, po, &l, why); err != nil {
		return po, order.Order{}, err
	}
	return step.Place(tx, actor, po, l)
}

// ErrNotRequester is the fault of withdrawing what somebody else has ordered.
var ErrNotRequester = fault.Define(fault.Forbidden, "approving.not_requester", "only who submitted a purchase order can withdraw it")

// Withdraw cancels a purchase order that its requester no longer wants.
func (s *Service) Withdraw(ctx context.Context, actor access.Actor, key id.PurchaseOrder, reason string) (done Outcome, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		f, err := find(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := f.seen(actor); err != nil {
			return err
		}
		if err := actor.RequireSomewhere(access.PurchaseOrdersView); err != nil {
			return err
		}
		if f.po.Requester != actor.Member {
			return ErrNotRequester
		}
		// decide, write, tell
		said, err := approval.Said(reason)
		if err != nil {
			return err
		}
		po, err := f.end(tx, actor, approval.DoWithdraw, said, id.Cart{})
		if err != nil {
			return f.overtaken(ctx, tx, actor, err)
		}
		done = f.outcome(po)
		if !step.SeesAmounts(actor, po.Plan) {
			done.Net = money.Money{}
		}
		return nil
	})
	return done, err
}

// end takes a purchase order to one of the states that release its holds. back is the cart in which its lines came back;
// zero: they did not.
func (f *file) end(tx *store.Tx, actor access.Actor, a approval.Action, reason string, back id.Cart) (approval.PurchaseOrder, error) {
	po, t, err := f.po.Do(a, tx.Now)
	if err != nil {
		return po, err
	}
	po.Reason = reason
	e := po.Tell(t)
	e.Freed, e.Back = approval.Members(f.po.Plan.Awaited()), back
	tx.Tell(actor, e)
	tx.Approvals.InsertDecision(po.Company, approval.Decision{ID: id.NewDecision(tx.Now), Order: po.ID, Member: actor.Member, Action: a, Reason: reason,
		Hash: po.Hash, At: tx.Now})
	tx.Approvals.Update(f.po, po)
	return po, step.Release(tx, actor, po, f.ledger(), reason)
}
