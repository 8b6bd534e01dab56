package exchanging

import (
	"context"
	"time"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// leeway is how far the clocks of several nodes may be apart before verify takes it for a mistake.
const leeway = 10 * time.Minute

// longest is more than anything waits for its next attempt: its backoff, or what a receiver asked for.
const longest = 3 * day

// moments are what the queues are held against at this moment.
func moments(now time.Time) viewdb.Moments {
	return viewdb.Moments{
		Young: now.Add(leeway - keepReacted),
		Lease: now.Add(Lease + leeway),
		Job:   now.Add(max(JobLease, TurnLease) + leeway),
		Retry: now.Add(longest),
		Rest:  now.Add(restMost + leeway),
	}
}

// VerifyOutbox tells of every event that is in the audit and cannot be heard of, or the other way round, and says how
// many it looked at.
func (s *Service) VerifyOutbox(ctx context.Context, actor access.Actor, found view.Found) (checked int64, err error) {
	return s.uphold(ctx, actor, found, viewdb.OutboxLaws, "outbox")
}

// VerifyDeliveries tells of every delivery and webhook that is not as the worker leaves them: without its event, ended
// without a reason, waiting for ever, or in somebody's hands for too long.
func (s *Service) VerifyDeliveries(ctx context.Context, actor access.Actor, found view.Found) (checked int64, err error) {
	return s.uphold(ctx, actor, found, viewdb.DeliveryLaws, "delivery", "webhook")
}

// VerifyJobs tells of every job and entry of the timetable that is not as the worker leaves them.
func (s *Service) VerifyJobs(ctx context.Context, actor access.Actor, found view.Found) (checked int64, err error) {
	return s.uphold(ctx, actor, found, viewdb.JobLaws, "job", "timetable")
}

// VerifyMails tells of every mail that is not as the worker leaves them.
func (s *Service) VerifyMails(ctx context.Context, actor access.Actor, found view.Found) (checked int64, err error) {
	return s.uphold(ctx, actor, found, viewdb.MailLaws, "mail")
}

// uphold tells of every row that breaks a law, and counts the rows of these tables. Each law is looked at in a snapshot
// of its own.
func (s *Service) uphold(ctx context.Context, actor access.Actor, found view.Found, laws func(viewdb.Moments) []viewdb.Law, tables ...string) (checked int64, err error) {
	read := func(fn func(tx *store.Tx) error) error {
		return s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
				return err
			}
			return fn(tx)
		})
	}
	for _, table := range tables {
		err := read(func(tx *store.Tx) error {
			n, err := tx.Views.CountRows(ctx, table)
			checked += n
			return err
		})
		if err != nil {
			return checked, err
		}
	}
	for _, law := range laws(moments(s.db.Times())) {
		if err := read(func(tx *store.Tx) error { return step.Uphold(ctx, tx, law, found) }); err != nil {
			return checked, err
		}
	}
	return checked, nil
}
