package step

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Windows notes in the purses of rolling budgets what the other days of their window have held and spent. Where there is
// no such budget it asks nothing.
func Windows(ctx context.Context, tx *store.Tx, c company.Company, purses []*budget.Purse) error {
	days := make([][]view.Window, len(purses))
	for i, p := range purses {
		if p.Budget.Cycle.Kind != budget.Rolling {
			continue
		}
		period, err := p.Budget.Cycle.Period(id.PurchaseOrder{}, tx.Now, c.Location(), c.FiscalMonth)
		if err != nil {
			return err
		}
		p.Elsewhere = 0
		tx.Views.WantWindow(&days[i], c.ID, p.Budget.ID, period.From, period.Until.Plus(-1))
	}
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	for i, p := range purses {
		for _, d := range days[i] {
			p.Elsewhere += d.Held + d.Spent
		}
	}
	return nil
}

// WindowsOf is Windows of purses that stand in a list.
func WindowsOf(ctx context.Context, tx *store.Tx, c company.Company, purses []budget.Purse) error {
	all := make([]*budget.Purse, len(purses))
	for i := range purses {
		all[i] = &purses[i]
	}
	return Windows(ctx, tx, c, all)
}
