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
	var j exchange.Job
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		ran = false
		tx.Exchange.HeadTurn(name)
		found := false
		if j, found, err = tx.Exchange.FindTurn(ctx, name); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		// decide, write
		if !found {
			tx.Exchange.SetTurn(exchange.Job{Kind: name, State: exchange.JobReady, Due: when.Next(tx.Now)})
			return nil
		}
		if j, err = j.Take(tx.Now, TurnLease); errors.Is(err, exchange.ErrNotReady) {
			return nil // another node was faster
		}
		ran = err == nil
		tx.Exchange.SetTurn(j)
		return err
	})
	if err != nil || !ran {
		return false, err
	}
	failed := do(ctx)
	return true, errors.Join(failed, s.db.Write(context.WithoutCancel(ctx), actor, func(tx *store.Tx, actor access.Actor) error {
		tx.Exchange.HeadTurn(name)
		now, _, err := tx.Exchange.FindTurn(ctx, name)
		if err != nil {
			return err
		}
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		if failed != nil {
			now, err = now.Fail(j.Attempts, tx.Now, when.Next(tx.Now), reason(failed), s.Chance())
		} else {
			now, err = now.Finish(j.Attempts, tx.Now, when.Next(tx.Now))
		}
		if errors.Is(err, exchange.ErrLost) {
			return nil // it took longer than its lease, and another node has done it
		}
		tx.Exchange.SetTurn(now)
		return err
	}))
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
