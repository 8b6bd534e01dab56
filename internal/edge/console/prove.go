package console

import (
	"context"
	"fmt"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
)

// Verify proves, company by company, that every balance equals its ledger, that every hold belongs to an open purchase
// order, that nothing is below zero or overspent, and that the audit's chain is whole.
func Verify(ctx context.Context, db *store.DB, budgets *budgeting.Service, audits *auditing.Service) (Report, error) {
	companies := Check{Name: "companies", Wrong: []string{}}
	purses := Check{Name: "budgets: balances equal the ledger", Wrong: []string{}}
	holds := Check{Name: "budgets: holds belong to open orders", Wrong: []string{}}
	chain := Check{Name: "audit: the chain is whole", Wrong: []string{}}
	var last id.Company
	for {
		var some []id.Company
		err := db.Read(ctx, access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) (err error) {
			some, err = tx.Companies.ListIDs(ctx, last, 200)
			return err
		})
		if err != nil {
			return Report{}, err
		}
		if len(some) == 0 {
			return Report{Checks: []Check{companies, purses, holds, chain}}, nil
		}
		for _, key := range some {
			companies.Checked++
			b, err := budgets.Verify(ctx, access.System(key))
			if err != nil {
				return Report{}, fmt.Errorf("budgets of %s: %w", key, err)
			}
			purses.Checked += int64(b.Entries)
			holds.Checked += int64(b.Holds)
			for _, p := range b.Problems {
				purses.Wrong = append(purses.Wrong, fmt.Sprintf("%s: %+v", key, p))
			}
			a, err := audits.Verify(ctx, access.System(key))
			if err != nil {
				return Report{}, fmt.Errorf("audit of %s: %w", key, err)
			}
			chain.Checked += a.Chain.Last
			if a.Broken != nil {
				chain.Wrong = append(chain.Wrong, fmt.Sprintf("%s: %+v", key, *a.Broken))
			}
			last = key
		}
	}
}
