// Package auditing shows what has happened, seals it, and finds out whether it was tampered with.
package auditing

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/store"
)

// Service does what this package says.
type Service struct{ db *store.DB }

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

// How many entries are sealed in one transaction, how many are verified at a time, and of how many companies one call
// seals entries.
const (
	batch     = 500
	companies = 200
)

// Seal gives every entry that has none its place in the chain of its company, some hundred at a time, and says how
// many. It is for the system.
func (s *Service) Seal(ctx context.Context, actor access.Actor) (sealed int, err error) {
	var waiting []id.Company
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.AuditViewAll, tree.Top); err != nil {
			return err
		}
		waiting, err = tx.Audit.ListWithUnsealed(ctx, companies)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, key := range waiting {
		for {
			n, err := s.seal(ctx, access.System(key))
			if err != nil {
				return sealed, err
			}
			sealed += n
			if n < batch {
				break
			}
		}
	}
	return sealed, nil
}

// seal gives some entries of the actor's company their places.
func (s *Service) seal(ctx context.Context, actor access.Actor) (n int, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.AuditViewAll, tree.Top); err != nil {
			return err
		}
		// find
		var c audit.Chain
		tx.Audit.WantChain(&c, actor.Company)
		all, err := tx.Audit.ListUnsealed(ctx, actor.Company, batch)
		if err != nil {
			return err
		}
		// decide, and write
		for _, e := range all {
			e, c = c.Add(e)
			tx.Audit.SetSealed(e)
		}
		if n = len(all); n > 0 {
			tx.Audit.SetChain(actor.Company, c)
		}
		return nil
	})
	return n, err
}

// Verify goes along the chain of the actor's company from its beginning, and reports the first place where it does
// not hold: where an entry is missing or changed, where it differs from a checkpoint that was kept elsewhere, or where
// it ends otherwise than was noted.
func (s *Service) Verify(ctx context.Context, actor access.Actor, kept ...audit.Chain) (r audit.Report, err error) {
	r.Company = actor.Company
	for more := true; err == nil && more && r.Broken == nil; {
		more, err = s.verify(ctx, actor, &r, kept)
	}
	return r, err
}

// verify goes on along the chain by some entries, and says whether there may be more.
func (s *Service) verify(ctx context.Context, actor access.Actor, r *audit.Report, kept []audit.Chain) (more bool, err error) {
	var all []audit.Entry
	var end audit.Chain
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.AuditView, tree.Top); err != nil {
			return err
		}
		tx.Audit.WantChain(&end, actor.Company)
		tx.Audit.WantUnsealed(&r.Unsealed, actor.Company)
		all, err = tx.Audit.ListSealed(ctx, actor.Company, r.Chain.Last, batch)
		return err
	})
	if err != nil {
		return false, err
	}
	for _, e := range all {
		if r.Chain, r.Broken = r.Chain.Follow(e, kept...); r.Broken != nil {
			return false, nil
		}
	}
	if len(all) == batch {
		return true, nil
	}
	r.Broken = r.Chain.Ends(end, kept...)
	return false, nil
}
