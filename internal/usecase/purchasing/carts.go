package purchasing

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Carts lists the actor's carts that may still change: the one worked on first, those that came back last.
func (s *Service) Carts(ctx context.Context, actor access.Actor) (all []view.Basket, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CartsManage); err != nil {
			return err
		}
		tx.Views.WantBaskets(&all, actor.Company, actor.Member)
		return tx.Fetch(ctx)
	})
	return all, err
}

// Cart gives a cart of the actor's own.
func (s *Service) Cart(ctx context.Context, actor access.Actor, key id.Cart) (c cart.Cart, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if c, err = tx.Carts.Get(ctx, actor.Company, key); err != nil {
			return err
		}
		return mine(actor, c, access.CartsManage)
	})
	return c, err
}

// CameBack finds the actor's cart in which the lines of a purchase order came back; zero when they did not, or it was
// submitted or discarded since.
func (s *Service) CameBack(ctx context.Context, actor access.Actor, po id.PurchaseOrder) (key id.Cart, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CartsManage); err != nil {
			return err
		}
		key = id.Cart{}
		tx.Carts.WantBack(&key, actor.Company, actor.Member, po)
		return tx.Fetch(ctx)
	})
	return key, err
}

// Choose takes up a cart: it is the one that the actor works on, until they choose another.
func (s *Service) Choose(ctx context.Context, actor access.Actor, key id.Cart) (c cart.Cart, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := tx.Carts.Get(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		// may
		if err := mine(actor, before, access.CartsManage); err != nil {
			return err
		}
		// decide, write
		if c, err = before.Choose(tx.Now); err != nil {
			return err
		}
		tx.Carts.SetChosen(c)
		helped(tx, actor, c.Changed(c))
		return nil
	})
	return c, err
}

// helped tells what one of the staff did to the cart of the member for whom they act.
func helped(tx *store.Tx, actor access.Actor, e cart.WasChanged) {
	if actor.Acting() {
		tx.Tell(actor, e)
	}
}
