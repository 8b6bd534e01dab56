package approving

import (
	"context"
	"errors"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
)

// expiring is how many purchase orders are ended in one round.
const expiring = 500

// ExpireDue ends the purchase orders, of whichever company, that have waited too long; each in a transaction of its
// own, so that one that cannot be ended keeps no other waiting. It says how many it ended.
func (s *Service) ExpireDue(ctx context.Context, actor access.Actor) (n int, err error) {
	var due []approvaldb.Waiting
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.OrdersManage, tree.Top); err != nil {
			return err
		}
		due, err = tx.Approvals.ListExpired(ctx, tx.Now, expiring)
		return err
	})
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, w := range due {
		done, err := s.Expire(ctx, access.System(w.Company), w.Order)
		if err == nil && done.State == approval.Expired {
			n++
		}
		failed = append(failed, err)
	}
	return n, errors.Join(failed...)
}
