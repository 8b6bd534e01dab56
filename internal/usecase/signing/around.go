package signing

import (
	"context"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Around is what the frame of every page shows of the actor, and the companies that they may act for; where there are several to
// choose from, it says as what.
func (s *Service) Around(ctx context.Context, actor access.Actor) (a view.Around, companies []view.Membership, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.SelfAccount, tree.Top); err != nil {
			return err
		}
		tx.Views.WantMemberships(&companies, actor.Account)
		if !actor.Member.IsZero() {
			tx.Views.WantAround(&a, actor.Company, actor.Member, actor.At)
			tx.Views.WantDuties(&a.Duties, actor.Company, actor.Member)
		}
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if companies = open(companies); len(companies) > 1 {
			return tx.Views.Seat(ctx, actor.Account, companies)
		}
		return nil
	})
	return a, companies, err
}
