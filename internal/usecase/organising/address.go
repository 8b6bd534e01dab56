package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// Addresses lists the company's address book, the usual one first; at most company.MostAddresses, which is how many it keeps.
func (s *Service) Addresses(ctx context.Context, actor access.Actor) (all []company.Address, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.AddressesView); err != nil {
			return err
		}
		tx.Companies.WantBook(&all, actor.Company)
		return tx.Fetch(ctx)
	})
	return all, err
}

// Address gives an address of the company's book, with the units that name it.
func (s *Service) Address(ctx context.Context, actor access.Actor, key id.Address) (a company.Address, named []company.Naming, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		a, named, _, err = addressed(ctx, tx, actor, key)
		return err
	})
	return a, named, err
}

// AddAddress adds an address to the company's book. One that is to be the usual one takes the place of the other. A book that is full
// takes none.
func (s *Service) AddAddress(ctx context.Context, actor access.Actor, in company.Address) (a company.Address, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.AddressesManage, tree.Top); err != nil {
			return err
		}
		// find
		var size int64
		tx.Companies.WantBookSize(&size, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		in.ID, in.Owner, in.Version = id.NewAddress(tx.Now), id.Member{}, 1
		if a, err = in.Check(); err != nil {
			return err
		}
		if size >= company.MostAddresses {
			return company.ErrAddressesFull
		}
		// write
		onlyUsual(tx, actor, a)
		tx.Companies.InsertAddress(actor.Company, a)
		// tell
		tx.Tell(actor, a.Added())
		return nil
	})
	return a, err
}

// onlyUsual makes room for an address that is to be the usual one.
func onlyUsual(tx *store.Tx, actor access.Actor, a company.Address) {
	if a.Usual {
		tx.Companies.SetNoUsual(actor.Company)
	}
	if a.UsualBilling {
		tx.Companies.SetNoUsualBilling(actor.Company)
	}
}

// EditAddress changes an address of the company's book. What it is for stays as long as a unit names it for that. Open
// carts go with it; what was ordered keeps the address as it was.
func (s *Service) EditAddress(ctx context.Context, actor access.Actor, version int64, in company.Address) (a company.Address, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, named, _, err := addressed(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.AddressesManage, tree.Top); err != nil {
			return err
		}
		// decide
		if a, err = before.Edit(version, in, named); err != nil {
			return err
		}
		// write
		a.Version++
		onlyUsual(tx, actor, a)
		tx.Companies.UpdateAddress(actor.Company, a)
		// tell
		tx.Tell(actor, a.Edited())
		return nil
	})
	return a, err
}

// RemoveAddress removes an address from the company's book. It is refused while a unit names it, and for the usual one
// while there are others. A cart that named it cannot be submitted before another one is chosen; what was ordered keeps it.
func (s *Service) RemoveAddress(ctx context.Context, actor access.Actor, key id.Address, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		a, named, others, err := addressed(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.AddressesManage, tree.Top); err != nil {
			return err
		}
		// decide
		if err := a.Remove(version, named, others); err != nil {
			return err
		}
		// write
		tx.Companies.DeleteAddress(actor.Company, key)
		// tell
		tx.Tell(actor, a.Removed())
		return nil
	})
}

// addressed finds an address of the company's book for an actor who may see it, the units that name it, and how many
// others there are.
func addressed(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Address) (a company.Address, named []company.Naming, others int64, err error) {
	var size int64
	tx.Companies.WantAddress(&a, actor.Company, id.Member{}, key)
	tx.Companies.WantNamings(&named, actor.Company, key)
	tx.Companies.WantBookSize(&size, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return a, nil, 0, err
	}
	return a, named, size - 1, actor.RequireSomewhere(access.AddressesView)
}
