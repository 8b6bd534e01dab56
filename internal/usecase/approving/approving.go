// Package approving decides on purchase orders: approve, reject, withdraw, expire; and sets the rules by which they
// are routed.
package approving

import (
	"context"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/usecase/step"
)

// Service does what this package says.
type Service struct {
	db *store.DB
}

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

var (
	// ErrCompany is the fault of approving in a company that may not order.
	ErrCompany = fault.Define(fault.Refused, "approving.company", "the company cannot order at the moment; you can still reject")
	// ErrLeft is the fault of approving what somebody ordered who is not active any more.
	ErrLeft = fault.Define(fault.Refused, "approving.requester_left", "who ordered this is not active any more: take them back first, or reject it")
	// ErrUnsold is the fault of approving what the seller sells no more.
	ErrUnsold = fault.Define(fault.Refused, "approving.unsold", "some of this is no longer sold: reject it, and it can be ordered anew without it")
)

// file is a purchase order with all that deciding on it looks at.
type file struct {
	po        approval.PurchaseOrder
	company   company.Company
	requester company.Member
	unit      company.Unit
	purses    []budget.Purse
	entries   []budget.Entry
	unsold    []string // the SKUs of what is no longer sold
	turned    bool     // somebody stands in, or does no more, since the plan was looked up
}

// find reads a purchase order with all that deciding on it looks at.
func find(ctx context.Context, tx *store.Tx, actor access.Actor, key id.PurchaseOrder) (*file, error) {
	f := &file{}
	f.want(tx, actor, key)
	return f, tx.Fetch(ctx)
}

// thing is what an actor's reach is held against.
func (f *file) thing() access.Thing {
	return access.Thing{Owner: f.po.Requester, OwnerAt: f.requester.Path, At: f.unit.Path}
}

// seen is nil when the actor may look at the purchase order: by their reach, or because its plan names them, or one that was looked
// up anew.
func (f *file) seen(actor access.Actor, fresh ...approval.Plan) error {
	if step.Named(actor, append(fresh, f.po.Plan)...) {
		return nil
	}
	if err := actor.RequireSeen(access.ViewPurchaseOrders, f.thing()); err != nil {
		return approvaldb.ErrUnseen
	}
	return nil
}

func (f *file) ledger() step.Ledger {
	l := step.Ledger{Entries: f.entries}
	for i := range f.purses {
		l.Purses = append(l.Purses, &f.purses[i])
	}
	return l
}

// stands is nil when what was ordered could still be placed: what can have changed since it was submitted is looked at again.
func (f *file) stands() error {
	switch {
	case f.company.MayOrder() != nil:
		return ErrCompany
	case !f.requester.Acts():
		return ErrLeft
	case len(f.unsold) > 0:
		return ErrUnsold.With("%s is no longer sold: reject it, and it can be ordered anew without it", strings.Join(f.unsold, ", "))
	}
	return nil
}

// request is what approvers are held against.
func (f *file) request(tx *store.Tx) approval.Request {
	r := approval.Request{Requester: f.po.Requester, Submitter: f.po.Submitter, ActedBy: f.po.ActedBy, Amount: f.po.Net, Place: f.unit.Path, At: tx.Now}
	if !f.po.CostCentre.IsZero() {
		r.CostCentres = []id.CostCentre{f.po.CostCentre}
	}
	for _, p := range f.purses {
		r.Budgets = append(r.Budgets, p.Budget.ID)
	}
	return r
}

func (f *file) asking() step.Asking {
	ask := step.Asking{Requester: f.po.Requester, At: f.requester.Path, Place: f.unit.Path, Units: []company.Unit{f.unit}}
	if ask.At == tree.Top { // the requester has left: whoever may decide for the unit may decide
		ask.At = f.unit.Path
	}
	for _, p := range f.purses {
		ask.Budgets = append(ask.Budgets, p.Budget)
	}
	return ask
}
