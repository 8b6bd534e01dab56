// Package listing does what people do with every list: they keep a view of it under a name, and take it along as a file.
package listing

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// Service does what this package says.
type Service struct{ db *store.DB }

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

// Views are the actor's views of a list, by name.
func (s *Service) Views(ctx context.Context, actor access.Actor, list string) (all []company.SavedView, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		tx.Companies.WantSavedViews(&all, actor.Company, actor.Member, list)
		return tx.Fetch(ctx)
	})
	return all, err
}

// AllViews are the actor's views of every list, by list and name.
func (s *Service) AllViews(ctx context.Context, actor access.Actor) (all []company.SavedView, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		tx.Companies.WantAllSavedViews(&all, actor.Company, actor.Member)
		return tx.Fetch(ctx)
	})
	return all, err
}

// View is a view of the actor's.
func (s *Service) View(ctx context.Context, actor access.Actor, key id.SavedView) (v company.SavedView, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		tx.Companies.WantSavedView(&v, actor.Company, actor.Member, key)
		return tx.Fetch(ctx)
	})
	return v, err
}

// SaveView keeps a view of a list for the actor alone.
func (s *Service) SaveView(ctx context.Context, actor access.Actor, in company.SavedView) (v company.SavedView, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var all []company.SavedView
		tx.Companies.WantSavedViews(&all, actor.Company, actor.Member, in.List)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.RequireOwn(); err != nil {
			return err
		}
		// decide
		in.ID = id.NewSavedView(tx.Now)
		if v, err = in.Check(); err != nil {
			return err
		}
		if len(all) >= company.MostSavedViews {
			return company.ErrViewsFull
		}
		// write; it is nobody else's business, so nothing is told
		tx.Companies.InsertSavedView(actor.Company, actor.Member, v)
		return nil
	})
	return v, err
}

// ReplaceView calls a view of the actor's something else, or lets it show something else of its list.
func (s *Service) ReplaceView(ctx context.Context, actor access.Actor, in company.SavedView) (v company.SavedView, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var before company.SavedView
		tx.Companies.WantSavedView(&before, actor.Company, actor.Member, in.ID)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.RequireOwn(); err != nil {
			return err
		}
		// decide
		in.List = before.List
		if v, err = in.Check(); err != nil {
			return err
		}
		// write
		tx.Companies.UpdateSavedView(actor.Company, v)
		return nil
	})
	return v, err
}

// DeleteView removes a view of the actor's, and says which that was.
func (s *Service) DeleteView(ctx context.Context, actor access.Actor, key id.SavedView) (v company.SavedView, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		tx.Companies.WantSavedView(&v, actor.Company, actor.Member, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.RequireOwn(); err != nil {
			return err
		}
		// write
		tx.Companies.DeleteSavedView(actor.Company, key)
		return nil
	})
	return v, err
}
