package approving

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// MostDecisions is how many purchase orders are decided on at once.
const MostDecisions = 100

// DecideManyInput is what an approver says of several purchase orders, of each one thing.
type DecideManyInput struct {
	Decisions []DecideInput
	Key       string `json:"-"` // the idempotency key
}

// Decided is what has come of several decisions, in the order in which they were sent.
type Decided struct {
	Results []Result
}

// Result is what has come of one of several decisions.
type Result struct {
	ID        id.PurchaseOrder
	Verdict   approval.Verdict
	Number    string // empty where the actor does not see it
	Requester string
	Net       money.Money
	State     approval.State
	Order     id.Order
	Refused   *Refusal       // nil: it counts
	Last      *view.Decision // what somebody else did to it before, where it was refused
}

// Refusal is why a decision does not count.
type Refusal struct {
	Code   string
	Why    locale.Phrase
	Detail map[string]string
}

// Fault is the refusal as it was raised.
func (r Refusal) Fault() *fault.Fault {
	return &fault.Fault{Code: r.Code, Format: r.Why.Format, Args: r.Why.Args, Detail: r.Detail}
}

// What is kept under the key of several decisions: that they were begun, and what has come of them.
const (
	begunAs   = "approving.decide_many.begun"
	decidedAs = "approving.decide_many"
)

// ErrForgotten is the fault of asking what became of decisions that were not made, or were long ago.
var ErrForgotten = fault.Define(fault.NotFound, "approving.forgotten", "what became of these decisions is not known any more")

// DecideMany approves or rejects several purchase orders, each as Decide does and in a transaction of its own: what is
// refused of one keeps none of the others from being decided. What was begun under a key and interrupted is gone on with
// under it, and nothing is decided twice.
func (s *Service) DecideMany(ctx context.Context, actor access.Actor, in DecideManyInput) (done Decided, err error) {
	if err := actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
		return done, err
	}
	if err := in.check(); err != nil {
		return done, err
	}
	if in.Key != "" {
		if err := remember(ctx, s, actor, begunAs, in, &struct{}{}); err != nil {
			return done, err
		}
		if done, found, err := s.recall(ctx, actor, in.Key); found || err != nil {
			return done, err
		}
	}
	for _, d := range in.Decisions {
		d.Key = in.keyOf(d.Order)
		r, err := s.result(ctx, actor, d)
		if err != nil {
			return done, err
		}
		done.Results = append(done.Results, r)
	}
	if in.Key != "" {
		err = remember(ctx, s, actor, decidedAs, in, &done)
	}
	return done, err
}

// Decided tells once more what has come of the decisions that the actor made under this key. It is kept for a week.
func (s *Service) Decided(ctx context.Context, actor access.Actor, key string) (done Decided, err error) {
	if err := actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
		return done, err
	}
	done, found, err := s.recall(ctx, actor, key)
	if err == nil && !found {
		err = ErrForgotten
	}
	return done, err
}

func (in DecideManyInput) check() error {
	var wrong fault.Input
	switch n := len(in.Decisions); {
	case n == 0:
		wrong.Add("decisions", "required", "say at least one decision")
	case n > MostDecisions:
		wrong.Add("decisions", "too_many", "at most %d purchase orders are decided on at once", MostDecisions)
	}
	seen := map[id.PurchaseOrder]bool{}
	for i, d := range in.Decisions {
		if seen[d.Order] {
			wrong.Add(fmt.Sprintf("decisions.%d.purchase_order_id", i), "twice", "this purchase order stands here twice")
		}
		seen[d.Order] = true
	}
	return wrong.Err()
}

// keyOf is the idempotency key of one of several decisions.
func (in DecideManyInput) keyOf(order id.PurchaseOrder) string {
	if in.Key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(in.Key + " " + order.String()))
	return hex.EncodeToString(sum[:])
}

// remember keeps something under the key of several decisions; what is kept already is put in its place.
func remember[T any](ctx context.Context, s *Service, actor access.Actor, as string, in DecideManyInput, what *T) error {
	return step.Once(ctx, s.db, actor, as, in.Key, in, what, func(remember func(*store.Tx, access.Actor)) error {
		return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			if err := actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
				return err
			}
			remember(tx, actor)
			return nil
		})
	})
}

func (s *Service) recall(ctx context.Context, actor access.Actor, key string) (done Decided, found bool, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		done = Decided{}
		found, err = step.Recall(ctx, tx, actor, decidedAs, key, &done)
		return err
	})
	return done, found, err
}

// result decides on one of several purchase orders. An error is what is no matter of this one.
func (s *Service) result(ctx context.Context, actor access.Actor, d DecideInput) (Result, error) {
	r := Result{ID: d.Order, Verdict: d.Verdict}
	done, err := s.Decide(ctx, actor, d)
	if err == nil {
		r.Number, r.Requester, r.Net, r.State, r.Order = done.Number, done.Requester, done.Net, done.State, done.Order
		return r, nil
	}
	f := fault.Of(err)
	if f == nil || f.Kind == fault.Unavailable {
		return r, err
	}
	r.Refused = &Refusal{f.Code, locale.Say(f.Format, f.Args...), f.Detail}
	sheet, err := s.Get(ctx, actor, d.Order)
	if err != nil {
		if fault.Of(err) == nil {
			return r, err
		}
		return r, nil // what is not theirs to see is not told of
	}
	r.Number, r.Requester, r.Net, r.State, r.Order = sheet.Number, sheet.RequesterName, sheet.Net, sheet.State, sheet.PurchaseOrder.Order
	for _, was := range sheet.Decisions {
		if was.Member != actor.Member {
			r.Last = &was
		}
	}
	return r, nil
}
