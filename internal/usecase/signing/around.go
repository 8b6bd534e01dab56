package signing

import (
	"context"
	"slices"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Around is what the frame of every page shows of the actor, and the companies that they may act for.
func (s *Service) Around(ctx context.Context, actor access.Actor) (a view.Around, companies []view.Membership, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.SelfAccount, tree.Top); err != nil {
			return err
		}
		tx.Views.WantMemberships(&companies, actor.Account)
		if !actor.Member.IsZero() {
			tx.Views.WantAround(&a, actor.Company, actor.Member, actor.At)
		}
		err := tx.Fetch(ctx)
		companies = slices.DeleteFunc(companies, func(m view.Membership) bool { return !acting(m) })
		return err
	})
	return a, companies, err
}
