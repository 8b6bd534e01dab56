package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// Directions gives a unit, and as a book where goods and invoices of what it orders go: what it says itself, and what the
// units above it say, the nearest first.
func (s *Service) Directions(ctx context.Context, actor access.Actor, key id.Unit) (u company.Unit, b company.Book, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if u, b, err = directions(ctx, tx, actor, key); err != nil {
			return err
		}
		return actor.RequireSomewhere(access.AddressesView)
	})
	return u, b, err
}

// directions finds a unit for an actor who may see it, and what it and the units above it say of addresses; with the company's book, and
// what is named in it for certain.
func directions(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Unit, named ...id.Address) (u company.Unit, b company.Book, err error) {
	if u, err = unit(ctx, tx, actor, key); err != nil {
		return u, b, err
	}
	units := []company.Unit{u}
	if !u.Archived {
		tx.Companies.WantUnitsAt(&units, actor.Company, append(u.Path.Ancestors(), u.Path))
	}
	tx.Companies.WantBook(&b.Addresses, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return u, b, err
	}
	said := map[id.Unit]company.Directions{}
	keys := make([]id.Unit, len(units))
	for i, x := range units {
		keys[i] = x.ID
	}
	tx.Companies.WantDirections(said, actor.Company, keys)
	if err := tx.Fetch(ctx); err != nil {
		return u, b, err
	}
	for _, x := range units {
		b.Units = append(b.Units, company.Directed{Unit: x, Directions: said[x.ID]})
	}
	return u, b, step.Complete(ctx, tx, &b, actor.Company, id.Member{}, named...)
}

// DirectInput is what a unit shall say of addresses, and the version of the unit that was seen.
type DirectInput struct {
	Unit    id.Unit
	Version int64
	company.Directions
}

// Direct says where goods and invoices of what a unit orders usually go, and where its goods may go at all. What it does
// not say, the nearest unit above says that does, and then the company.
func (s *Service) Direct(ctx context.Context, actor access.Actor, in DirectInput) (u company.Unit, b company.Book, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		if u, b, err = directions(ctx, tx, actor, in.Unit, in.Named()...); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.AddressesManage, u.Path); err != nil {
			return err
		}
		// decide
		if err := u.Seen(in.Version); err != nil {
			return err
		}
		before := b.Units[0].Directions
		after, err := in.Check(b.Addresses, b.Units[1:])
		if err != nil {
			return err
		}
		// write
		u.Version++
		b.Units[0] = company.Directed{Unit: u, Directions: after}
		tx.Companies.SetDirections(actor.Company, u.ID, after)
		// tell
		tx.Tell(actor, company.UnitWasDirected{UnitID: u.ID, Before: before, After: after})
		return nil
	})
	return u, b, err
}
