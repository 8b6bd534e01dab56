package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// Contacts lists whom the seller turns to in the company, by name.
func (s *Service) Contacts(ctx context.Context, actor access.Actor) (all []company.Contact, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.ContactsView); err != nil {
			return err
		}
		tx.Companies.WantContacts(&all, actor.Company)
		return tx.Fetch(ctx)
	})
	return all, err
}

// Contact gives a contact of the company.
func (s *Service) Contact(ctx context.Context, actor access.Actor, key id.Contact) (c company.Contact, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		c, err = contact(ctx, tx, actor, key)
		return err
	})
	return c, err
}

// contact finds a contact for an actor who may see it.
func contact(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Contact) (c company.Contact, err error) {
	tx.Companies.WantContact(&c, actor.Company, key)
	if err := tx.Fetch(ctx); err != nil {
		return c, err
	}
	return c, actor.RequireSomewhere(access.ContactsView)
}

// AddContact adds a contact. Whoever edits the company's profile does.
func (s *Service) AddContact(ctx context.Context, actor access.Actor, in company.Contact) (c company.Contact, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var all []company.Contact
		tx.Companies.WantContacts(&all, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.CompanyEdit, tree.Top); err != nil {
			return err
		}
		// decide
		in.ID, in.Version = id.NewContact(tx.Now), 1
		if c, err = in.Check(); err != nil {
			return err
		}
		if len(all) >= company.MostContacts {
			return company.ErrContactsFull
		}
		// write
		tx.Companies.InsertContact(actor.Company, c)
		// tell
		tx.Tell(actor, company.ContactWasAdded{ContactID: c.ID, Purpose: c.Purpose})
		return nil
	})
	return c, err
}

// EditContact changes a contact.
func (s *Service) EditContact(ctx context.Context, actor access.Actor, version int64, in company.Contact) (c company.Contact, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := contact(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.CompanyEdit, tree.Top); err != nil {
			return err
		}
		// decide
		if c, err = before.Edit(version, in); err != nil {
			return err
		}
		// write
		c.Version++
		tx.Companies.UpdateContact(actor.Company, c)
		// tell
		tx.Tell(actor, company.ContactWasEdited{ContactID: c.ID, Purpose: c.Purpose})
		return nil
	})
	return c, err
}

// RemoveContact removes a contact.
func (s *Service) RemoveContact(ctx context.Context, actor access.Actor, key id.Contact, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		c, err := contact(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.CompanyEdit, tree.Top); err != nil {
			return err
		}
		// decide
		if version != c.Version {
			return company.ErrStale.Now(c.Version)
		}
		// write
		tx.Companies.DeleteContact(actor.Company, key)
		// tell
		tx.Tell(actor, company.ContactWasRemoved{ContactID: key, Purpose: c.Purpose})
		return nil
	})
}
