package pricesetting

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/view"
)

// ListGroups lists the seller's customer groups with how many companies belong to each, by name.
func (s *Service) ListGroups(ctx context.Context, actor access.Actor) (all []view.CustomerGroup, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		tx.Views.WantCustomerGroups(&all, id.CustomerGroup{})
		return tx.Fetch(ctx)
	})
	return all, err
}

// GetGroup gives a customer group.
func (s *Service) GetGroup(ctx context.Context, actor access.Actor, key id.CustomerGroup) (g view.CustomerGroup, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		g, err = group(ctx, tx, key)
		return err
	})
	return g, err
}

func group(ctx context.Context, tx *store.Tx, key id.CustomerGroup) (g view.CustomerGroup, err error) {
	var all []view.CustomerGroup
	tx.Views.WantCustomerGroups(&all, key)
	if err := tx.Fetch(ctx); err != nil {
		return g, err
	}
	if len(all) == 0 {
		return g, pricing.ErrUnseenGroup
	}
	return all[0], nil
}

// CreateGroup adds a customer group.
func (s *Service) CreateGroup(ctx context.Context, actor access.Actor, f pricing.GroupFields) (g pricing.CustomerGroup, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CustomerGroupsManage, tree.Top); err != nil {
			return err
		}
		// decide
		if g, err = (pricing.CustomerGroup{ID: id.NewCustomerGroup(tx.Now), Version: 1}).Edit(1, f); err != nil {
			return err
		}
		// write
		tx.Prices.SetGroup(g)
		// tell
		tx.Tell(actor, pricing.GroupWasSet{GroupID: g.ID, After: g.Fields()})
		return nil
	})
	return g, err
}

// EditGroupInput is a customer group as it shall be, and the version of it that was seen.
type EditGroupInput struct {
	ID      id.CustomerGroup
	Version int64
	pricing.GroupFields
}

// EditGroup changes a customer group.
func (s *Service) EditGroup(ctx context.Context, actor access.Actor, in EditGroupInput) (g pricing.CustomerGroup, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CustomerGroupsManage, tree.Top); err != nil {
			return err
		}
		// find
		var before pricing.CustomerGroup
		tx.Prices.WantGroup(&before, in.ID)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		if g, err = before.Edit(in.Version, in.GroupFields); err != nil {
			return err
		}
		// write
		tx.Prices.SetGroup(g)
		g.Version++
		// tell
		was := before.Fields()
		tx.Tell(actor, pricing.GroupWasSet{GroupID: g.ID, Before: &was, After: g.Fields()})
		return nil
	})
	return g, err
}

// DeleteGroup removes a customer group that no company belongs to.
func (s *Service) DeleteGroup(ctx context.Context, actor access.Actor, key id.CustomerGroup, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CustomerGroupsManage, tree.Top); err != nil {
			return err
		}
		// find
		g, err := group(ctx, tx, key)
		if err != nil {
			return err
		}
		// decide
		if err := g.Delete(version, g.Companies); err != nil {
			return err
		}
		// write
		tx.Prices.DeleteGroup(key)
		// tell
		tx.Tell(actor, pricing.GroupWasDeleted{GroupID: key, Before: g.Fields()})
		return nil
	})
}
