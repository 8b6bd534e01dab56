package organising

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// OwnBook gives the addresses of the actor's own, those of the company as far as they see them, and where what they
// order usually goes.
func (s *Service) OwnBook(ctx context.Context, actor access.Actor) (b company.Book, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if b, err = ownBook(ctx, tx, actor); err != nil {
			return err
		}
		return actor.Require(access.SelfAccount, tree.Top)
	})
	return b, err
}

// ownBook finds the actor's book, and what is named in it for certain. The company's addresses are there for
// whoever sees its book, or chooses from it at checkout.
func ownBook(ctx context.Context, tx *store.Tx, actor access.Actor, named ...id.Address) (b company.Book, err error) {
	var m company.Member
	tx.Companies.WantMember(&m, actor.Company, actor.Member)
	chooses := actor.MaySomewhere(access.AddressesView) || actor.MaySomewhere(access.CheckoutPlace)
	if chooses {
		tx.Companies.WantBooks(&b.Addresses, actor.Company, actor.Member)
	} else {
		tx.Companies.WantOwnBook(&b.Addresses, actor.Company, actor.Member)
	}
	tx.Companies.WantMemberDirections(&b.Member, actor.Company, actor.Member)
	if err := tx.Fetch(ctx); err != nil {
		return b, err
	}
	if chooses {
		if err := step.Complete(ctx, tx, &b, actor.Company, actor.Member, named...); err != nil {
			return b, err
		}
	}
	if len(b.Addresses) > len(b.Own()) && !actor.Gives(access.AddressesView) {
		actor.Gives(access.CheckoutPlace) // it is what the company's are there by
	}
	b.Private = actor.MaySomewhere(access.CheckoutCustomAddress)
	return b, nil
}

// AddOwnAddress adds an address to the actor's own book. It is for goods; to send some there takes a permission.
func (s *Service) AddOwnAddress(ctx context.Context, actor access.Actor, in company.Address) (a company.Address, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		b, err := ownBook(ctx, tx, actor)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireOwn(); err != nil {
			return err
		}
		// decide
		in.ID, in.Version = id.NewAddress(tx.Now), 1
		if a, err = in.Private(actor.Member).Check(); err != nil {
			return err
		}
		if len(b.Own()) >= company.MostOwnAddresses {
			return company.ErrBookFull
		}
		// write
		tx.Companies.InsertAddress(actor.Company, a)
		// tell
		tx.Tell(actor, a.Added())
		return nil
	})
	return a, err
}

// EditOwnAddress changes an address of the actor's own book.
func (s *Service) EditOwnAddress(ctx context.Context, actor access.Actor, version int64, in company.Address) (a company.Address, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := ownAddress(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireOwn(); err != nil {
			return err
		}
		// decide
		if a, err = before.Edit(version, in.Private(actor.Member), nil); err != nil {
			return err
		}
		// write
		a.Version++
		tx.Companies.UpdateAddress(actor.Company, a)
		// tell
		tx.Tell(actor, a.Edited())
		return nil
	})
	return a, err
}

// RemoveOwnAddress removes an address from the actor's own book.
func (s *Service) RemoveOwnAddress(ctx context.Context, actor access.Actor, key id.Address, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		a, err := ownAddress(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireOwn(); err != nil {
			return err
		}
		// decide
		if err := a.Remove(version, nil, 0); err != nil {
			return err
		}
		// write
		tx.Companies.DeleteAddress(actor.Company, key)
		// tell
		tx.Tell(actor, a.Removed())
		return nil
	})
}

// ownAddress finds an address of the actor's own. Whoever is no member has none.
func ownAddress(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Address) (a company.Address, err error) {
	if actor.Member.IsZero() {
		return a, company.ErrUnseenAddress
	}
	tx.Companies.WantAddress(&a, actor.Company, actor.Member, key)
	return a, tx.Fetch(ctx)
}

// DirectSelf says where goods and invoices of what the actor orders usually go. What they do not say, their unit says.
func (s *Service) DirectSelf(ctx context.Context, actor access.Actor, in company.Directions) (b company.Book, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		if b, err = ownBook(ctx, tx, actor, in.Named()...); err != nil {
			return err
		}
		// may
		if err := actor.RequireOwn(); err != nil {
			return err
		}
		// decide
		before := b.Member
		if b.Member, err = b.CheckMember(in); err != nil {
			return err
		}
		// write
		tx.Companies.SetMemberDirections(actor.Company, actor.Member, b.Member)
		// tell
		tx.Tell(actor, company.MemberWasDirected{MemberID: actor.Member, Before: before, After: b.Member})
		return nil
	})
	return b, err
}

// SetPhone says where the actor is called. Those see it who see the member.
func (s *Service) SetPhone(ctx context.Context, actor access.Actor, phone string) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		m, err := tx.Companies.GetMember(ctx, actor.Company, actor.Member)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireOwn(); err != nil {
			return err
		}
		// decide
		var in fault.Input
		phone = company.Phone(&in, "phone", phone)
		if err := in.Err(); err != nil || phone == m.Phone {
			return err
		}
		// write
		tx.Companies.SetPhone(actor.Company, actor.Member, phone)
		// tell
		tx.Tell(actor, company.PhoneWasSet{MemberID: actor.Member})
		return nil
	})
}
