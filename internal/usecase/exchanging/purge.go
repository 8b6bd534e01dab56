package exchanging

import (
	"context"
	"time"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
)

// How long what has ended is kept.
const (
	day          = 24 * time.Hour
	keepReacted  = day      // events that were reacted to: the audit keeps them anyway
	keepOnce     = 7 * day  // the outcomes of requests with an idempotency key
	keepMails    = 30 * day // mails that were sent or given up
	keepSent     = 30 * day // deliveries that were taken
	keepDead     = 90 * day // dead letters
	keepJobs     = 90 * day // jobs that have ended
	keepInvited  = 90 * day // invitations that were accepted, taken back or left to run out
	purgePortion = 2000     // rows that are removed in one transaction
)

// Purge removes what was kept long enough, in portions, until nothing is left to remove.
func (s *Service) Purge(ctx context.Context, actor access.Actor) error {
	for more := true; more && ctx.Err() == nil; {
		err := s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
				return err
			}
			more = false
			tx.Accounts.DeleteEnded()
			for _, remove := range []func() (int64, error){
				func() (int64, error) { return tx.Audit.DeleteDone(ctx, tx.Now.Add(-keepReacted), purgePortion) },
				func() (int64, error) { return tx.DeleteOnce(ctx, tx.Now.Add(-keepOnce), purgePortion) },
				func() (int64, error) { return tx.Notices.DeleteEnded(ctx, tx.Now.Add(-keepMails), purgePortion) },
				func() (int64, error) {
					return tx.Exchange.DeleteEnded(ctx, tx.Now.Add(-keepSent), tx.Now.Add(-keepDead), purgePortion)
				},
				func() (int64, error) {
					return tx.Companies.DeleteInvitations(ctx, tx.Now.Add(-keepInvited), purgePortion)
				},
				func() (int64, error) { return tx.Exchange.DeleteImports(ctx, purgePortion) },
				func() (int64, error) { return tx.Exchange.DeleteJobs(ctx, tx.Now.Add(-keepJobs), purgePortion) },
			} {
				n, err := remove()
				if err != nil {
					return err
				}
				more = more || n == purgePortion
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}
