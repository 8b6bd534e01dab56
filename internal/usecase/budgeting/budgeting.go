// Package budgeting opens budgets and cost centres, sets their limits, shows how they stand, and checks the ledger.
package budgeting

import (
	"context"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// Service does what this package says.
type Service struct {
	db *store.DB
}

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

var (
	// ErrOwn is the fault of setting the budget that one spends from oneself.
	ErrOwn = fault.Define(fault.Forbidden, "budgeting.own", "nobody sets the budget that they spend from themselves: ask somebody else who manages budgets")
	// ErrStale is the fault of changing an older version.
	ErrStale = fault.Define(fault.Stale, "budgeting.stale", "somebody has changed this meanwhile: look at it again")
	// ErrArchived is the fault of changing what is no longer used.
	ErrArchived = fault.Define(fault.Conflict, "budgeting.archived", "this budget is archived")
)

// CreateInput is a budget to be.
type CreateInput struct {
	Name      string
	Owner     budget.Owner // all that is named must hold; nothing named is the whole company
	Limit     money.Money  // for one period
	Basis     budget.Basis
	Cycle     budget.Cycle
	Exhausted budget.Consequence
	Warnings  []budget.Threshold
	Approvers []id.Member // none: the owner's manager
	Carry     budget.Carry
	CarryMost int64 // minor units
}

// Create opens a budget. With the first one of a company its orders begin to need one.
func (s *Service) Create(ctx context.Context, actor access.Actor, in CreateInput) (b budget.Budget, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		b = budget.Budget{ID: id.NewBudget(tx.Now), Company: actor.Company, Name: text.Fold(in.Name), Owner: in.Owner, Limit: in.Limit, Basis: in.Basis,
			Cycle: in.Cycle, Exhausted: in.Exhausted, Warnings: in.Warnings, Approvers: in.Approvers, Carry: in.Carry, CarryMost: in.CarryMost, Version: 1}
		var known view.Known
		var own company.Company
		names(&known, tx, b)
		tx.Companies.Want(&own, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := manages(actor, b, booked(b.Owner, known)); err != nil {
			return err
		}
		// decide
		if err := all(check(b, known), b.CheckCurrency(own.Currency)); err != nil {
			return err
		}
		// write
		tx.Budgets.Insert(b)
		tx.Companies.SetBudgetsUsed(actor.Company)
		// tell
		tx.Tell(actor, b.Set())
		return nil
	})
	return b, err
}

// EditInput is what is changed of a budget, but for its limit.
type EditInput struct {
	ID        id.Budget
	Version   int64 // of the budget as it was seen
	Name      string
	Exhausted budget.Consequence
	Warnings  []budget.Threshold
	Approvers []id.Member
}

// Edit changes what a budget is called, what follows when it is exhausted, and who is told and asked.
func (s *Service) Edit(ctx context.Context, actor access.Actor, in EditInput) (budget.Budget, error) {
	return s.change(ctx, actor, in.ID, in.Version, func(b *budget.Budget) {
		b.Name, b.Exhausted, b.Warnings, b.Approvers = text.Fold(in.Name), in.Exhausted, in.Warnings, in.Approvers
	})
}

// Archive takes a budget out of use: nothing more is charged to it, and what it holds stays until it is decided.
func (s *Service) Archive(ctx context.Context, actor access.Actor, key id.Budget, version int64) (budget.Budget, error) {
	return s.change(ctx, actor, key, version, func(b *budget.Budget) { b.Archived = true })
}

// change makes one change of a budget that the actor sees and manages, in the version that they saw.
func (s *Service) change(ctx context.Context, actor access.Actor, key id.Budget, version int64, to func(*budget.Budget)) (b budget.Budget, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		now, err := momentOf(ctx, tx, actor)
		if err != nil {
			return err
		}
		before, err := now.find(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		b = before.Budget
		to(&b)
		var known view.Known
		names(&known, tx, b)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := manages(actor, b, booked(b.Owner, known)); err != nil {
			return err
		}
		// decide
		switch {
		case before.Archived:
			return ErrArchived
		case before.Version != version:
			return ErrStale.Now(before.Version)
		}
		if err := check(b, known); err != nil && !b.Archived { // whatever it is by now, it may go out of use
			return err
		}
		// write
		tx.Budgets.Update(b)
		b.Version++
		// tell
		tx.Tell(actor, b.Set())
		return nil
	})
	return b, err
}

// manages is nil when the actor may set this budget, which is booked at this place. Whoever may manage budgets does not
// manage the one that is their own: nobody raises the limit of what they spend from, or makes it a mere warning, unless
// somebody else does (T-058). A budget of a unit or cost centre is not its manager's own: what they spend of it is
// theirs to answer for, and it was given by somebody else's budget or by the company.
func manages(actor access.Actor, b budget.Budget, place tree.Path) error {
	if err := actor.Require(access.BudgetsManage, place); err != nil {
		return err
	}
	if !b.Owner.Member.IsZero() && b.Owner.Member == actor.Member {
		return ErrOwn
	}
	return nil
}

// names asks for whatever a budget names.
func names(known *view.Known, tx *store.Tx, b budget.Budget) {
	which := viewdb.Named{Members: b.Approvers}
	if !b.Owner.Member.IsZero() {
		which.Members = append(slices.Clone(b.Approvers), b.Owner.Member)
	}
	if !b.Owner.Unit.IsZero() {
		which.Units = []id.Unit{b.Owner.Unit}
	}
	if !b.Owner.CostCentre.IsZero() {
		which.CostCentres = []id.CostCentre{b.Owner.CostCentre}
	}
	tx.Views.WantKnown(known, b.Company, which)
}

// check is the fault of what cannot stand in a budget, or what it names and there is not, field by field.
func check(b budget.Budget, known view.Known) error {
	var in fault.Input
	if _, there := known.Members[b.Owner.Member]; !there && !b.Owner.Member.IsZero() {
		in.Take("owner.member", company.ErrUnseenMember)
	}
	if _, there := known.Units[b.Owner.Unit]; !there && !b.Owner.Unit.IsZero() {
		in.Take("owner.unit", company.ErrUnseenUnit)
	}
	if _, there := known.CostCentres[b.Owner.CostCentre]; !there && !b.Owner.CostCentre.IsZero() {
		in.Take("owner.cost_centre", budgetdb.ErrCostCentreUnseen)
	}
	for _, m := range b.Approvers {
		if _, there := known.Members[m]; !there {
			in.Take("approvers", company.ErrUnseenMember)
			break
		}
	}
	return all(in.Err(), b.Check())
}

// all is what either says is wrong, in one fault.
func all(one, more error) error {
	if one == nil {
		return more
	}
	return fault.Both(one, more)
}

// booked is where a budget is booked: at its unit, where its member stands, or at the unit of its cost centre; otherwise
// it is the whole company's.
func booked(o budget.Owner, known view.Known) tree.Path {
	for _, at := range []tree.Path{known.Units[o.Unit].At, known.Members[o.Member].At, known.CostCentres[o.CostCentre].At} {
		if at != tree.Top {
			return at
		}
	}
	return tree.Top
}
