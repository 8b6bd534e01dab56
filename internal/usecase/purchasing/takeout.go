package purchasing

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// What was taken out is kept as an outcome of these use cases, so that it can be put back, and forgotten as outcomes are.
const (
	removedAs   = "purchasing.remove"
	discardedAs = "purchasing.discard"
)

// taking is the key under which what was taken out of a cart is kept: by the cart, and its version.
func taking(key id.Cart, version int64) string { return fmt.Sprintf("%s.%d", key, version) }

// putBack notes that what was kept under a key is back: it does not come back twice.
func putBack(tx *store.Tx, actor access.Actor, as, key string) {
	tx.SetOnce(actor, as, key, json.RawMessage("{}"))
}

// Remove takes lines out of a cart: all of them, or none. Restore puts them back.
func (s *Service) Remove(ctx context.Context, actor access.Actor, key id.Cart, version int64, lines ...id.CartLine) (c cart.Cart, err error) {
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
		// decide
		if c, err = before.Remove(version, lines...); err != nil {
			return err
		}
		// write
		tx.Carts.Update(before, c)
		if gone := c.Without(before); len(gone.Lines) > 0 {
			tx.InsertOnce(actor, removedAs, taking(key, c.Version), "", gone)
		}
		helped(tx, actor, c.Changed(before))
		return nil
	})
	return c, err
}

// Restore puts lines back that were taken out of a cart, where they stood. It is named by the version that the cart had without
// them.
func (s *Service) Restore(ctx context.Context, actor access.Actor, key id.Cart, version int64) (c cart.Cart, err error) {
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
		var gone cart.Taken
		if _, err := step.Recall(ctx, tx, actor, removedAs, taking(key, version), &gone); err != nil {
			return err
		}
		// decide
		if c, err = before.PutBack(gone); err != nil {
			return err
		}
		// write
		tx.Carts.Update(before, c)
		putBack(tx, actor, removedAs, taking(key, version))
		helped(tx, actor, c.Changed(before))
		return nil
	})
	return c, err
}

// Discard removes a cart as it was seen in this version. What was submitted stays. RestoreCart brings it back.
func (s *Service) Discard(ctx context.Context, actor access.Actor, key id.Cart, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		c, err := tx.Carts.Get(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		// may
		if err := mine(actor, c, access.CartsManage); err != nil {
			return err
		}
		// decide
		if err := c.Seen(version); err != nil {
			return err
		}
		if err := c.Changes(); err != nil {
			return err
		}
		// write
		tx.Carts.Delete(c)
		tx.InsertOnce(actor, discardedAs, taking(key, version), "", c)
		helped(tx, actor, c.Discarded())
		return nil
	})
}

// RestoreCart brings back a cart that was discarded in this version, with what was said of it as far as it can still be said.
func (s *Service) RestoreCart(ctx context.Context, actor access.Actor, key id.Cart, version int64) (c cart.Cart, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.RequireSomewhere(access.CartsManage); err != nil {
			return err
		}
		// find: under the actor's own outcomes, so nobody else's
		var before cart.Cart
		if _, err := step.Recall(ctx, tx, actor, discardedAs, taking(key, version), &before); err != nil {
			return err
		}
		left, err := whatIsLeft(ctx, tx, actor, before.Checkout)
		if err != nil {
			return err
		}
		// decide
		if c, err = before.Regained(); err != nil {
			return err
		}
		c.Checkout = left
		// write
		tx.Carts.Insert(c)
		putBack(tx, actor, discardedAs, taking(key, version))
		helped(tx, actor, c.Changed(cart.Cart{}))
		return nil
	})
	return c, err
}

// whatIsLeft is what was said of a discarded cart, but for what has gone meanwhile: an address that was removed or is for other things
// now, an archived unit, a cost centre that was removed or has ended. The checkout asks for it anew instead of offering it.
func whatIsLeft(ctx context.Context, tx *store.Tx, actor access.Actor, said cart.Checkout) (cart.Checkout, error) {
	var own company.Company
	var book []company.Address
	var known view.Known
	var centres []budget.CostCentre
	tx.Companies.Want(&own, actor.Company)
	tx.Companies.WantBooks(&book, actor.Company, actor.Member)
	tx.Views.WantKnown(&known, actor.Company, viewdb.Named{Units: []id.Unit{said.Unit}})
	tx.Budgets.WantCostCentre(&centres, actor.Company, said.CostCentre)
	if err := tx.Fetch(ctx); err != nil {
		return cart.Checkout{}, err
	}
	if !slices.ContainsFunc(book, func(a company.Address) bool { return a.ID == said.Delivery && a.Delivers }) {
		said.Delivery = id.Address{}
	}
	if !slices.ContainsFunc(book, func(a company.Address) bool { return a.ID == said.Billing && a.Bills }) {
		said.Billing = id.Address{}
	}
	if known.Units[said.Unit].At == tree.Top { // where no unit stands, and no archived one
		said.Unit = id.Unit{}
	}
	today := date.On(tx.Now, own.Location())
	if !slices.ContainsFunc(centres, func(c budget.CostCentre) bool { return today.Within("", c.Until) }) {
		said.CostCentre = id.CostCentre{}
	}
	return said, nil
}
