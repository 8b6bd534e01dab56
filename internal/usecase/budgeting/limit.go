package budgeting

import (
	"context"
	"errors"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/view"
)

// SetLimitInput is another limit of a budget.
type SetLimitInput struct {
	ID      id.Budget
	Version int64       // of the budget as it was seen
	Limit   money.Money // in the currency of the budget
	Onwards bool        // also of the periods to come; always so where each order or day has a period of its own
	Note    string      // why; required
}

// SetLimit gives the current period of a budget another limit, with a row of the ledger and a reason. A limit below what
// is held and spent only stops new spending. The same limit again changes nothing.
func (s *Service) SetLimit(ctx context.Context, actor access.Actor, in SetLimitInput) (after budget.Budget, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		now, err := momentOf(ctx, tx, actor)
		if err != nil {
			return err
		}
		before, err := now.find(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		b := before.Budget
		var known view.Known
		names(&known, tx, b)
		p, opened, outside := now.purse(ctx, tx, actor, b)
		if outside != nil && !errors.Is(outside, budget.ErrOutside) {
			return outside
		}
		// may
		if err := manages(actor, b, booked(b.Owner, known)); err != nil {
			return err
		}
		// decide
		_, unsaid := budget.Reason(in.Note)
		wanted := b
		wanted.Limit = in.Limit
		wrong := wanted.Check()
		switch {
		case b.Archived:
			return ErrArchived
		case b.Version != in.Version:
			return ErrStale.Now(b.Version)
		case unsaid != nil:
			return fault.Both(unsaid, wrong)
		case wrong != nil:
			return wrong
		case in.Limit.Currency != b.Limit.Currency:
			return money.ErrCurrency.With("the budget is in %s", string(b.Limit.Currency))
		case outside != nil && !in.Onwards:
			return outside // this budget has no current period
		}
		after = b
		if in.Onwards || !b.Cycle.Kind.Follows() && b.Cycle.Kind != budget.Fixed {
			after.Limit = in.Limit
		}
		// write, and tell
		changed := after.Limit != b.Limit
		if outside == nil && b.Cycle.Kind != budget.PerOrder {
			now, err := limit(tx, actor, p, opened, in)
			if err != nil {
				return err
			}
			changed = changed || now
		}
		if changed {
			tx.Budgets.Update(after)
			after.Version++
		}
		if after.Limit != b.Limit {
			tx.Tell(actor, after.Set())
		}
		return nil
	})
	return after, err
}

// purse reads the purse of the current period to change it, or makes one, with the entry that opens it. It is
// budget.ErrOutside when there is no current period.
func (n moment) purse(ctx context.Context, tx *store.Tx, actor access.Actor, b budget.Budget) (p budget.Purse, opened *budget.Entry, err error) {
	period, outside := n.period(b)
	var kept []budgetdb.Kept
	var last budget.Purse
	if outside == nil {
		tx.Budgets.WantPurses(&kept, b.Company, []budgetdb.Key{{Budget: b.ID, Period: period.Key}})
		tx.Budgets.WantBefore(&last, b, period.Key)
	}
	if err := tx.Fetch(ctx); err != nil || outside != nil {
		return p, nil, errors.Join(err, outside)
	}
	if len(kept) > 0 {
		p = kept[0].Purse
		p.Budget = b
		return p, nil, nil
	}
	before := &last
	if last.Version == 0 {
		before = nil
	}
	p, e, err := b.Open(period, before, budget.Movement{At: tx.Now, By: actor.Member})
	e.ID = id.NewEntry(tx.Now)
	return p, &e, err
}

// limit gives a purse its new limit, and tells so. It says whether that is another one.
func limit(tx *store.Tx, actor access.Actor, p budget.Purse, opened *budget.Entry, in SetLimitInput) (changed bool, err error) {
	c := p.Budget.Limit.Currency
	from := money.Of(p.Limit, c)
	if from == in.Limit {
		return false, nil
	}
	e, err := p.SetLimit(budget.Movement{At: tx.Now, By: actor.Member, Note: in.Note}, in.Limit.Minor)
	if err != nil {
		return false, err
	}
	e.ID = id.NewEntry(tx.Now)
	company := p.Budget.Company
	if opened != nil {
		tx.Budgets.InsertPurse(company, p)
		tx.Budgets.Post(company, *opened, 1)
	} else {
		tx.Budgets.SetPurse(company, p)
	}
	tx.Budgets.Post(company, e, p.Version)
	tx.Tell(actor, budget.LimitWasSet{BudgetID: p.Budget.ID, Period: p.Period.Key, From: from, To: in.Limit, Note: e.Note})
	if told, reached := p.Reached(e); reached {
		tx.Tell(actor, told)
	}
	return true, nil
}
