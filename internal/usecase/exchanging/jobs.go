package exchanging

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
)

// Work does jobs of one kind: in many transactions, of which each notes how far it has come, so that whoever goes on
// with the job begins where it stood. actor is the system in the job's company.
type Work func(ctx context.Context, actor access.Actor, j exchange.Job, advance Advance) error

// Advance notes that so many of so many are done, and keeps the job from others for another JobLease. Its error ends
// the work.
type Advance func(done, of int) error

// GetJob reads how far a job of the actor's company has come, for whoever may begin one.
func (s *Service) GetJob(ctx context.Context, actor access.Actor, key id.Job) (j exchange.Job, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if !actor.MaySomewhere(access.IntegrationManage) {
			if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
				return err
			}
		}
		j, err = tx.Exchange.GetJob(ctx, actor.Company, key)
		return err
	})
	return j, err
}

// WorkOff does the job that is longest due, of these kinds. worked says whether there was one; err is also why it
// failed.
func (s *Service) WorkOff(ctx context.Context, actor access.Actor, kinds map[string]Work) (worked bool, err error) {
	var j exchange.Job
	err = s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		if j, worked, err = tx.Exchange.FindJob(ctx, slices.Sorted(maps.Keys(kinds))); err != nil || !worked {
			return err
		}
		// may
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		// decide
		if j.State == exchange.JobRunning && j.Attempts >= exchange.JobAttempts {
			j, err = j.Fail(j.Attempts, tx.Now, time.Time{}, locale.Say("whoever worked on it stopped in the middle, again and again"), 0)
		} else {
			j, err = j.Take(tx.Now, JobLease)
		}
		if err != nil {
			return err
		}
		// write
		tx.Exchange.UpdateJob(j)
		return nil
	})
	if err != nil || !worked || j.State != exchange.JobRunning {
		return worked, err
	}
	failed := kinds[j.Kind](ctx, access.System(j.Company), j, func(done, of int) error {
		return s.settle(ctx, j, func(j exchange.Job, now time.Time) (exchange.Job, error) {
			return j.Advance(j.Attempts, done, of, now, JobLease)
		})
	})
	if ctx.Err() != nil {
		return true, ctx.Err() // we are to stop: whoever takes it when the lease has ended goes on where it stands
	}
	return true, errors.Join(failed, s.settle(ctx, j, func(now exchange.Job, at time.Time) (exchange.Job, error) {
		if failed != nil {
			return now.Fail(j.Attempts, at, time.Time{}, reason(failed), s.Chance())
		}
		return now.Finish(j.Attempts, at, time.Time{})
	}))
}

// settle keeps what decide makes of a job, as it stands now.
func (s *Service) settle(ctx context.Context, j exchange.Job, decide func(exchange.Job, time.Time) (exchange.Job, error)) error {
	return s.db.WriteApart(ctx, access.System(j.Company), func(tx *store.Tx, actor access.Actor) error {
		now, err := tx.Exchange.GetJob(ctx, j.Company, j.ID)
		if err != nil {
			return err
		}
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		if now, err = decide(now, tx.Now); err != nil {
			return err
		}
		tx.Exchange.UpdateJob(now)
		return nil
	})
}
