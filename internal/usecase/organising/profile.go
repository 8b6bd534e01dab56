package organising

import (
	"context"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// Profile gives the company that the actor acts for.
func (s *Service) Profile(ctx context.Context, actor access.Actor) (c company.Company, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CompanyView); err != nil {
			return err
		}
		c, err = tx.Companies.Get(ctx, actor.Company)
		return err
	})
	return c, err
}

// Line gives the company that the actor acts for with those that it belongs to: its parent, the parent's parent and so on.
func (s *Service) Line(ctx context.Context, actor access.Actor) (line []company.Company, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CompanyView); err != nil {
			return err
		}
		tx.Companies.WantLine(&line, actor.Company)
		return tx.Fetch(ctx)
	})
	return line, err
}

// EditProfileInput is what the company says of itself and asks of its buyers, and the version that was seen.
type EditProfileInput struct {
	Version int64
	company.Profile
}

// EditProfile changes what the company says of itself and asks of its buyers.
func (s *Service) EditProfile(ctx context.Context, actor access.Actor, in EditProfileInput) (c company.Company, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := tx.Companies.Get(ctx, actor.Company)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.CompanyEdit, tree.Top); err != nil {
			return err
		}
		// decide
		if c, err = before.Edit(in.Version, in.Profile); err != nil {
			return err
		}
		// write
		c.Version++
		tx.Companies.Update(c)
		if c.Consents != before.Consents {
			tx.Companies.SetRightsChanged(c.ID)
		}
		// tell
		tx.Tell(actor, company.WasEdited{CompanyID: c.ID, Before: before.Profile(), After: c.Profile()})
		return nil
	})
	return c, err
}
