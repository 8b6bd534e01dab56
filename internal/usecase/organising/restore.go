package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// RestoreUnitInput is an archived unit in the version that was seen, and the node that it is put right below; the zero node is
// the company's own unit.
type RestoreUnitInput struct {
	ID      id.Unit
	Version int64
	Under   company.Node
}

// RestoreUnit takes an archived unit back into the structure. What was given at it, and what open invitations promise there,
// counts again from then on: so whoever takes it back must hold all of that where the unit will stand.
func (s *Service) RestoreUnit(ctx context.Context, actor access.Actor, in RestoreUnitInput) (u company.Unit, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := unit(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		above, err := landing(ctx, tx, actor, in.Under)
		if err != nil {
			return err
		}
		var held, promised []access.Assignment
		var roles []access.Role
		tx.Access.WantHeldAtUnit(&held, actor.Company, in.ID)
		tx.Access.WantPromisedAtUnit(&promised, actor.Company, in.ID)
		tx.Access.WantEveryRole(&roles, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, tree.Top); err != nil {
			return err
		}
		// decide
		if u, err = before.Restore(in.Version); err != nil {
			return err
		}
		permits := map[id.Role]access.Set{}
		for _, r := range roles {
			permits[r.ID] = r.Set
		}
		for _, a := range append(held, promised...) {
			if err := actor.RequireToGive(permits[a.Role], above.Path, a.Member); err != nil {
				return err
			}
		}
		if u.Path, err = label(ctx, tx, actor, above); err != nil {
			return err
		}
		// write
		u.Version++
		tx.Companies.UpdateUnit(actor.Company, u)
		tx.Companies.InsertNode(actor.Company, company.Node{Unit: u.ID, Path: u.Path}, above)
		tx.Companies.SetRightsChanged(actor.Company)
		// tell
		tx.Tell(actor, company.UnitWasRestored{UnitID: u.ID, After: u.Facts(), Place: u.Path})
		return nil
	})
	return u, err
}

// ArchivedUnits are the units that have left the structure, with what is still held at each, for who sees the whole company.
// Who does not see roles is not told of them.
func (s *Service) ArchivedUnits(ctx context.Context, actor access.Actor) (all []view.ArchivedUnit, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.UsersView, tree.Top); err != nil {
			return err
		}
		all, err = tx.Views.ListArchived(ctx, actor.Company)
		if !actor.MaySomewhere(access.RolesView) {
			for i := range all {
				all[i].Roles = nil
			}
		}
		return err
	})
	return all, err
}

// coded is nil for a code that no archived unit has taken: of one that stands in the structure it is told when it is written.
func coded(ctx context.Context, tx *store.Tx, actor access.Actor, code string) error {
	var taken bool
	tx.Companies.WantArchivedCode(&taken, actor.Company, code)
	if err := tx.Fetch(ctx); err != nil || !taken {
		return err
	}
	return company.ErrUnitCode.With("a unit that has been archived has the code %s: choose another one, or take that unit back", code)
}
