package granting

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// CreateRoleInput is a new role.
type CreateRoleInput struct {
	Name        string
	Description string
	Permissions access.Set
}

// CreateRole adds a role to the company. Whoever makes one holds all that it permits, in the whole company.
func (s *Service) CreateRole(ctx context.Context, actor access.Actor, in CreateRoleInput) (r access.Role, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
		// decide
		if r, err = (access.Role{ID: id.NewRole(tx.Now), Version: 1}).Edit(actor.Realm, 1, in.Name, in.Description, in.Permissions); err != nil {
			return err
		}
		if err := covers(actor, r, access.Set{}, nil); err != nil {
			return err
		}
		if err := called(ctx, tx, actor, r, true); err != nil {
			return err
		}
		// write
		tx.Access.InsertRole(actor.Company, r)
		// tell
		tx.Tell(actor, access.RoleWasCreated{RoleID: r.ID, After: r.Facts(), Permissions: r.Set.Codes()})
		return nil
	})
	return r, err
}

// covers is nil when the actor could give this role, which permitted another set before, wherever whoever changes it gives it.
func covers(actor access.Actor, r access.Role, before access.Set, given []access.Assignment) error {
	return actor.RequireToCover(r.Set, before, r.Holdings(given))
}

// Givable is what the actor may let a role permit: what they could give wherever whoever changes it gives it; of no role, what
// they could let a new one permit.
func (s *Service) Givable(ctx context.Context, actor access.Actor, key id.Role) (set access.Set, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		var r access.Role
		var given, promised []access.Assignment
		// find
		if !key.IsZero() {
			if r, given, err = seen(ctx, tx, actor, key); err != nil {
				return err
			}
			tx.Access.WantPromised(&promised, actor.Company, key)
			if err := tx.Fetch(ctx); err != nil {
				return err
			}
		}
		// may
		if err := actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
		set = actor.Givable(r.Set, r.Holdings(append(given, promised...)))
		return nil
	})
	return set, err
}

// EditRoleInput is a role as it shall be, and the version of it that was seen.
type EditRoleInput struct {
	ID          id.Role
	Version     int64
	Name        string
	Description string
	Permissions access.Set
}

// EditRole changes a role, for all who have it, at once. Whoever does holds all that it then permits, everywhere that
// it is assigned.
func (s *Service) EditRole(ctx context.Context, actor access.Actor, in EditRoleInput) (r access.Role, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, given, err := seen(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		var promised []access.Assignment
		tx.Access.WantPromised(&promised, actor.Company, in.ID)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
		// decide
		if r, err = before.Edit(actor.Realm, in.Version, in.Name, in.Description, in.Permissions); err != nil {
			return err
		}
		if err := covers(actor, r, before.Set, append(given, promised...)); err != nil {
			return err
		}
		if r.Name != before.Name { // of two that were there before both can be changed
			if err := called(ctx, tx, actor, r, false); err != nil {
				return err
			}
		}
		// write
		r.Version++
		tx.Companies.SetRightsChanged(actor.Company)
		if err := step.Permit(ctx, tx, actor, before, r); err != nil {
			return err
		}
		// tell
		tx.Tell(actor, access.RoleWasEdited{RoleID: r.ID, Before: before.Facts(), After: r.Facts(),
			Added: r.Set.Without(before.Set).Codes(), Removed: before.Set.Without(r.Set).Codes()})
		return nil
	})
	return r, err
}

// DuplicateRole copies a role, under its name with “ - Duplicated” behind it.
func (s *Service) DuplicateRole(ctx context.Context, actor access.Actor, key id.Role) (r access.Role, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var roles []access.Role
		tx.Access.WantEveryRole(&roles, actor.Company)
		before, _, err := seen(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
		if err := covers(actor, before, access.Set{}, nil); err != nil {
			return err
		}
		// decide
		if err := access.Room(len(roles), 1); err != nil {
			return err
		}
		taken := map[string]bool{}
		for _, other := range roles {
			taken[strings.ToLower(other.Name)] = true
		}
		r = before.Duplicate(id.NewRole(tx.Now), func(name string) bool { return taken[strings.ToLower(name)] })
		// write
		tx.Access.InsertRole(actor.Company, r)
		// tell
		tx.Tell(actor, access.RoleWasCreated{RoleID: r.ID, After: r.Facts(), Permissions: r.Set.Codes(), CopyOf: key})
		return nil
	})
	return r, err
}

// DeleteRole removes a role that nobody has or will have, and that no rule, be it of approval or of separation of duty, and no
// budget names; otherwise the fault says who does, or which. Who is invited to it gets it no more.
func (s *Service) DeleteRole(ctx context.Context, actor access.Actor, key id.Role, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		r, given, err := seen(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		var holders []company.Member
		var rules []access.Separation
		var laws []view.Law
		var asking []approval.Rule
		tx.Companies.WantMembers(&holders, actor.Company, members(given))
		tx.Access.WantSeparations(&rules, actor.Company)
		tx.Views.WantLaws(&laws, actor.Company)
		tx.Approvals.WantRules(&asking, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
		// decide
		if err := r.Delete(version, names(actor, holders), rules, naming(r, laws, asking)); err != nil {
			return err
		}
		// write
		tx.Companies.SetRightsChanged(actor.Company)
		tx.Companies.DeleteOffers(actor.Company, key)
		tx.Access.DeleteRole(actor.Company, key)
		// tell
		tx.Tell(actor, access.RoleWasDeleted{RoleID: key, Before: r.Facts(), Permissions: r.Set.Codes()})
		return nil
	})
}

// names lists members by name; whom the actor may not see is “somebody else”.
func names(actor access.Actor, members []company.Member) []string {
	var all []string
	for _, m := range members {
		if actor.Reaches(access.ViewMembers, access.Thing{Owner: m.ID, OwnerAt: m.Path, At: m.Path}) {
			all = append(all, m.Name)
		} else {
			all = append(all, "somebody else")
		}
	}
	slices.Sort(all)
	return all
}

// SetDefaultRole makes a role the one that new members get.
func (s *Service) SetDefaultRole(ctx context.Context, actor access.Actor, key id.Role) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var before access.Role
		tx.Access.WantDefaultRole(&before, actor.Company)
		r, _, err := seen(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
		if err := covers(actor, r, access.Set{}, nil); err != nil {
			return err
		}
		// decide
		if err := r.MayBeUsual(); err != nil {
			return err
		}
		if before.ID == key {
			return nil
		}
		// write
		tx.Access.SetDefaultRole(actor.Company, key)
		// tell
		tx.Tell(actor, access.DefaultWasSet{RoleID: key, Before: before.ID})
		return nil
	})
}
