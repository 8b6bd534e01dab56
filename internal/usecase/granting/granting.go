// Package granting makes roles, gives and takes them, and makes the rules of what nobody may hold together. Nobody gives
// more than they hold.
package granting

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Service does what this package says.
type Service struct{ db *store.DB }

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

// ListRoles lists the company's roles with how many have them, the administrators' first.
func (s *Service) ListRoles(ctx context.Context, actor access.Actor) (all []view.Role, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		tx.Views.WantRoles(&all, actor.Company, id.Role{})
		return tx.Fetch(ctx)
	})
	return all, err
}

// RolesToName lists the company's roles to choose from, the administrators' first.
func (s *Service) RolesToName(ctx context.Context, actor access.Actor) (all []access.Role, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		tx.Access.WantEveryRole(&all, actor.Company)
		return tx.Fetch(ctx)
	})
	return all, err
}

// GetRole gives a role of the company.
func (s *Service) GetRole(ctx context.Context, actor access.Actor, key id.Role) (r view.Role, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var all []view.Role
		tx.Views.WantRoles(&all, actor.Company, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if len(all) == 0 {
			return access.ErrUnseenRole
		}
		// may
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		r = all[0]
		return nil
	})
	return r, err
}

// Holders is a page of those who have a role now or will have it, as far as the actor may see them, by name. Its
// cursors have two values.
func (s *Service) Holders(ctx context.Context, actor access.Actor, key id.Role, ask page.Ask) (list page.List[view.Assigned], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		if _, err := tx.Access.GetRole(ctx, actor.Company, key); err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		list, err = tx.Views.ListHolders(ctx, actor.Company, key, actor.Scope(access.ViewMembers), ask)
		return err
	})
	return list, err
}

// Held lists every role that a member has, had or will have, and where. Everybody may know what they have themselves.
func (s *Service) Held(ctx context.Context, actor access.Actor, key id.Member) (all []view.Assigned, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		m, err := step.Member(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		if m.ID != actor.Member {
			if err := actor.RequireSomewhere(access.RolesView); err != nil {
				return err
			}
		}
		tx.Views.WantAssigned(&all, actor.Company, key)
		return tx.Fetch(ctx)
	})
	return all, err
}

// GetAssignment gives a role as a member has, had or will have it.
func (s *Service) GetAssignment(ctx context.Context, actor access.Actor, key id.Assignment) (a view.Assigned, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		found, err := tx.Access.GetAssignment(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		if _, err := step.Member(ctx, tx, actor, found.Member); err != nil {
			return unseen(err)
		}
		// may
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		var all []view.Assigned
		tx.Views.WantAssigned(&all, actor.Company, found.Member)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(s view.Assigned) bool { return s.ID == key })
		if i < 0 {
			return access.ErrUnseenAssignment
		}
		a = all[i]
		return nil
	})
	return a, err
}

// seen finds a role, for an actor who may see roles.
func seen(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Role) (r access.Role, given []access.Assignment, err error) {
	tx.Access.WantRole(&r, actor.Company, key)
	tx.Access.WantGiven(&given, actor.Company, key)
	if err := tx.Fetch(ctx); err != nil {
		return r, nil, err
	}
	if err := actor.RequireSomewhere(access.RolesView); err != nil {
		return access.Role{}, nil, err
	}
	return r, given, nil
}

// WhomToAsk names those who can give the actor what they lack: the company's administrators, but for the actor.
func (s *Service) WhomToAsk(ctx context.Context, actor access.Actor) (names []string, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		tx.Access.WantAdministrators(&names, actor.Company, actor.Member)
		return tx.Fetch(ctx)
	})
	return names, err
}
