package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// CreateUnitInput is a new unit, and the node that it is put right below; the zero node is the company's own unit.
type CreateUnitInput struct {
	Code       string
	Name       string
	CostCentre id.CostCentre
	Under      company.Node
}

// CreateUnit adds a unit to the structure.
func (s *Service) CreateUnit(ctx context.Context, actor access.Actor, in CreateUnitInput) (u company.Unit, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		above, err := landing(ctx, tx, actor, in.Under)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, above.Path); err != nil {
			return err
		}
		// decide
		u, err = company.Unit{ID: id.NewUnit(tx.Now), Version: 1}.Edit(1, company.UnitFacts{Code: in.Code, Name: in.Name, CostCentre: in.CostCentre})
		if err != nil {
			return err
		}
		if err := coded(ctx, tx, actor, u.Code); err != nil {
			return err
		}
		if err := booked(ctx, tx, actor, in.CostCentre); err != nil {
			return err
		}
		if u.Path, err = label(ctx, tx, actor, above); err != nil {
			return err
		}
		// write
		tx.Companies.InsertUnit(actor.Company, u)
		tx.Companies.InsertNode(actor.Company, company.Node{Unit: u.ID, Path: u.Path}, above)
		tx.Companies.SetRightsChanged(actor.Company)
		// tell
		tx.Tell(actor, company.UnitWasCreated{UnitID: u.ID, After: u.Facts(), Place: u.Path})
		return nil
	})
	return u, err
}

// Unit gives a unit of the structure.
func (s *Service) Unit(ctx context.Context, actor access.Actor, key id.Unit) (u company.Unit, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		u, err = unit(ctx, tx, actor, key)
		return err
	})
	return u, err
}

// unit finds a unit, for an actor who may see it. One that has been archived stands nowhere, so only those see it who
// see the whole company.
func unit(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Unit) (company.Unit, error) {
	u, err := tx.Companies.GetUnit(ctx, actor.Company, key)
	if err != nil {
		return u, err
	}
	if !actor.Shows(access.ViewMembers, access.Thing{At: u.Path}) {
		return u, company.ErrUnseenUnit
	}
	return u, nil
}

// EditUnitInput is a unit as it shall be, and the version of it that was seen.
type EditUnitInput struct {
	ID         id.Unit
	Version    int64
	Code       string
	Name       string
	CostCentre id.CostCentre
}

// EditUnit gives a unit another code, name or cost centre.
func (s *Service) EditUnit(ctx context.Context, actor access.Actor, in EditUnitInput) (u company.Unit, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := unit(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, before.Path); err != nil {
			return err
		}
		// decide
		if u, err = before.Edit(in.Version, company.UnitFacts{Code: in.Code, Name: in.Name, CostCentre: in.CostCentre}); err != nil {
			return err
		}
		if err := coded(ctx, tx, actor, u.Code); err != nil {
			return err
		}
		if err := booked(ctx, tx, actor, in.CostCentre); err != nil {
			return err
		}
		// write
		u.Version++
		tx.Companies.UpdateUnit(actor.Company, u)
		// tell
		tx.Tell(actor, company.UnitWasEdited{UnitID: u.ID, Before: before.Facts(), After: u.Facts()})
		return nil
	})
	return u, err
}

// ArchiveUnit takes a unit out of the structure. It is refused while anything stands below the unit, or a purchase
// order of it is open; what was ordered for it stays.
func (s *Service) ArchiveUnit(ctx context.Context, actor access.Actor, key id.Unit, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := unit(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		var below, deepest, open int64
		tx.Companies.WantBelow(&below, &deepest, actor.Company, company.Node{Unit: key, Path: before.Path})
		tx.Views.WantOpenOrdersOf(&open, actor.Company, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, before.Path.Parent()); err != nil {
			return err
		}
		// decide
		u, err := before.Archive(version, below, open)
		if err != nil {
			return err
		}
		// write
		tx.Companies.DeleteNode(actor.Company, company.Node{Unit: key})
		tx.Companies.DeleteDirections(actor.Company, key)
		tx.Companies.UpdateUnit(actor.Company, u)
		tx.Companies.SetRightsChanged(actor.Company)
		// tell
		tx.Tell(actor, company.UnitWasArchived{UnitID: key, Before: before.Facts()})
		return nil
	})
}
