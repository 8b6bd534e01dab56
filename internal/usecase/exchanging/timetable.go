package exchanging

import (
	"context"
	"errors"
	"time"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
)

// TurnLease is how long an entry of the timetable belongs to who took it.
const TurnLease = 10 * time.Minute

// Turn does what an entry of the timetable says, if it is due and no other node has taken it; err is also why it
// failed. What failed is done again soon, and after some attempts at the next time of its schedule. An entry that is
// new waits for that.
func (s *Service) Turn(ctx context.Context, actor access.Actor, name string, when exchange.Schedule, do func(context.Context) error) (ran bool, err error) {
	due, err := s.due(ctx, actor, name)
	if err != nil || !due {
		return false, err
	}
	var mine exchange.Job
	err = s.entry(ctx, actor, name, func(j exchange.Job, found bool, now time.Time) (exchange.Job, error) {
		if ran = false; !found {
			return exchange.Job{Kind: name, State: exchange.JobReady, Due: when.Next(now)}, nil
		}
		mine, err = j.Take(now, TurnLease)
		ran = err == nil
		return mine, err
	})
	switch {
	case errors.Is(err, exchange.ErrNotReady): // another node was faster
		return false, nil
	case err != nil || !ran:
		return false, err
	}
	failed := do(ctx)
	err = s.entry(context.WithoutCancel(ctx), actor, name, func(j exchange.Job, _ bool, now time.Time) (exchange.Job, error) {
		if failed != nil {
			return j.Fail(mine.Attempts, now, when.Next(now), reason(failed), s.Chance())
		}
		return j.Finish(mine.Attempts, now, when.Next(now))
	})
	if errors.Is(err, exchange.ErrLost) { // it took longer than its lease, and another node has done it
		err = nil
	}
	return true, errors.Join(failed, err)
}

// entry keeps what decide makes of an entry of the timetable.
func (s *Service) entry(ctx context.Context, actor access.Actor, name string, decide func(j exchange.Job, found bool, now time.Time) (exchange.Job, error)) error {
	return s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		tx.Exchange.HeadTurn(name)
		j, found, err := tx.Exchange.FindTurn(ctx, name)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		// decide
		if j, err = decide(j, found, tx.Now); err != nil {
			return err
		}
		// write
		tx.Exchange.SetTurn(j)
		return nil
	})
}

// due reports whether an entry may be due: a cheap look before anything is written.
func (s *Service) due(ctx context.Context, actor access.Actor, name string) (due bool, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		j, found, err := tx.Exchange.FindTurn(ctx, name)
		due = !found || j.Ready(tx.Now)
		return err
	})
	return due, err
}
