package purchasing

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/cartdb"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// Current gives the cart that the actor works on, and makes one when there is none.
func (s *Service) Current(ctx context.Context, actor access.Actor) (c cart.Cart, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CartsManage); err != nil {
			return err
		}
		key, found, err := tx.Carts.FindOpen(ctx, actor.Company, actor.Member)
		if err != nil || !found {
			return err
		}
		c, err = tx.Carts.Get(ctx, actor.Company, key)
		return err
	})
	if err != nil || !c.ID.IsZero() {
		return c, err
	}
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find: somebody may have been quicker
		key, found, err := tx.Carts.FindOpen(ctx, actor.Company, actor.Member)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.CartsManage); err != nil {
			return err
		}
		if found {
			c, err = tx.Carts.Get(ctx, actor.Company, key)
			return err
		}
		// write
		c = cart.Cart{ID: id.NewCart(tx.Now), Company: actor.Company, Owner: actor.Member, Name: "Cart", State: cart.Open, Version: 1, ChosenAt: tx.Now}
		tx.Carts.Insert(c)
		return nil
	})
	return c, err
}

// AddInput is what is put into a cart.
type AddInput struct {
	Cart  id.Cart // the zero cart is the one worked on, made when there is none
	Lines []AddLine
}

// AddLine is one product and how much of it.
type AddLine struct {
	Product  id.Product
	Quantity quantity.Quantity
	Note     string
}

// Add puts products into a cart: all of them, or none. It is a fault of the catalogue when a quantity is not sold, neither
// by itself nor together with what the cart has of the product.
func (s *Service) Add(ctx context.Context, actor access.Actor, in AddInput) (c cart.Cart, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var before cart.Cart
		found, err := wantTarget(ctx, tx, actor, &before, in.Cart)
		if err != nil {
			return err
		}
		products := make([]id.Product, len(in.Lines))
		for i, l := range in.Lines {
			products[i] = l.Product
		}
		goods, err := goodsByID(ctx, tx, products)
		if err != nil {
			return err
		}
		var wrong wrongLines
		for i, l := range in.Lines {
			if _, there := goods[l.Product]; !there {
				wrong.take(i, "product_id", cataloguedb.ErrUnseen)
			}
		}
		// may
		if err := mine(actor, before, access.CartsManage); err != nil {
			return cmp.Or(wrong.err(), err)
		}
		// decide
		var lines []cart.Line
		var sent []int // where each stands among those that were sent
		for i, l := range in.Lines {
			if good, there := goods[l.Product]; there && !wrong.take(i, "product_id", good.Sold()) {
				lines = append(lines, cart.Line{ID: id.NewCartLine(tx.Now), Product: l.Product, Quantity: l.Quantity, Note: l.Note})
				sent = append(sent, i)
			}
		}
		if c, err = before.Add(lines...); err != nil {
			return cmp.Or(wrong.err(), err)
		}
		for i, l := range lines {
			wrong.take(sent[i], "quantity", sellable(c, l, goods[l.Product]))
		}
		if err := wrong.err(); err != nil {
			return err
		}
		// write
		if found {
			tx.Carts.Update(before, c)
		} else {
			tx.Carts.Insert(c)
		}
		helped(tx, actor, c.Changed(before))
		return nil
	})
	return c, err
}

// wrongLines are what is wrong with lines, each with where it stands among those that were sent. The first gives the fault.
type wrongLines struct {
	first  *fault.Fault
	fields []fault.Field
}

// take notes the fault in err against a field of the line at this place. It reports whether there was one.
func (w *wrongLines) take(i int, field string, err error) bool {
	f := fault.Of(err)
	if f == nil {
		return false
	}
	if w.first == nil {
		w.first = f
	}
	w.fields = append(w.fields, f.At(fmt.Sprintf("lines.%d.%s", i, field)).Fields...)
	return true
}

func (w *wrongLines) err() error {
	if w.first == nil {
		return nil
	}
	all := *w.first
	all.Fields = w.fields
	return &all
}

// sellable is the fault of a line put into a cart whose quantity is not sold, unless that is sold which the cart now has
// of it.
func sellable(c cart.Cart, added cart.Line, good catalogue.Product) error {
	wrong := good.CheckQuantity(added.Quantity)
	at := slices.IndexFunc(c.Lines, func(now cart.Line) bool { return now.Product == added.Product })
	if wrong == nil || good.CheckQuantity(c.Lines[at].Quantity) == nil {
		return nil
	}
	return wrong
}

// wantTarget asks for the cart that something is put into: the one named, or the one that the actor works on. Where
// there is none it is a new one, and found is false.
func wantTarget(ctx context.Context, tx *store.Tx, actor access.Actor, c *cart.Cart, named id.Cart) (found bool, err error) {
	key, found := named, !named.IsZero()
	if !found {
		if key, found, err = tx.Carts.FindOpen(ctx, actor.Company, actor.Member); err != nil {
			return false, err
		}
	}
	if !found {
		*c = cart.Cart{ID: id.NewCart(tx.Now), Company: actor.Company, Owner: actor.Member, Name: "Cart", State: cart.Open, ChosenAt: tx.Now}
		return false, nil
	}
	tx.Carts.Want(c, actor.Company, key)
	return true, nil
}

// ChangeInput is another quantity of a line.
type ChangeInput struct {
	Cart     id.Cart
	Version  int64 // of the cart as it was seen
	Line     id.CartLine
	Quantity quantity.Quantity
	Note     string
}

// Change gives a line of a cart another quantity.
func (s *Service) Change(ctx context.Context, actor access.Actor, in ChangeInput) (cart.Cart, error) {
	return s.edit(ctx, actor, in.Cart, func(c cart.Cart) (cart.Cart, error) {
		return c.Change(in.Version, in.Line, in.Quantity, in.Note)
	})
}

// Prepare notes what the buyer says about the order as a whole. What it names has to be the company's: a cart keeps
// nothing of another one.
func (s *Service) Prepare(ctx context.Context, actor access.Actor, key id.Cart, version int64, checkout cart.Checkout) (c cart.Cart, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var before cart.Cart
		var known view.Known
		var book []company.Address
		var centres []budget.CostCentre
		tx.Carts.Want(&before, actor.Company, key)
		if !checkout.Unit.IsZero() {
			tx.Views.WantKnown(&known, actor.Company, viewdb.Named{Units: []id.Unit{checkout.Unit}})
		}
		tx.Companies.WantBookOf(&book, actor.Company, actor.Member, []id.Address{checkout.Delivery, checkout.Billing})
		tx.Budgets.WantCostCentre(&centres, actor.Company, checkout.CostCentre)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := mine(actor, before, access.CartsManage); err != nil {
			return err
		}
		// decide
		among := func(key id.Address) bool {
			return key.IsZero() || slices.ContainsFunc(book, func(a company.Address) bool { return a.ID == key })
		}
		var unseen []*fault.Fault
		if _, there := known.Units[checkout.Unit]; !there && !checkout.Unit.IsZero() {
			unseen = append(unseen, company.ErrUnseenUnit.At("unit"))
		}
		if !checkout.CostCentre.IsZero() && len(centres) == 0 {
			unseen = append(unseen, ErrNoCostCentre.At("cost_centre"))
		}
		if !among(checkout.Delivery) {
			unseen = append(unseen, ErrNoAddress.At("delivery"))
		}
		if !among(checkout.Billing) {
			unseen = append(unseen, ErrNoBilling.At("billing"))
		}
		if err := together(unseen); err != nil {
			return err
		}
		if c, err = before.Prepare(version, checkout); err != nil {
			return err
		}
		// write
		tx.Carts.Update(before, c)
		helped(tx, actor, c.Changed(before))
		return nil
	})
	return c, err
}

// together is all of these faults: one as it is, several as what is wrong with the fields of one input.
func together(all []*fault.Fault) error {
	if len(all) == 1 {
		return all[0]
	}
	c := *fault.ErrInput
	for _, f := range all {
		c.Fields = append(c.Fields, f.Fields...)
	}
	if len(c.Fields) == 0 {
		return nil
	}
	return &c
}

// edit makes one change of a cart of the actor's own.
func (s *Service) edit(ctx context.Context, actor access.Actor, key id.Cart, change func(cart.Cart) (cart.Cart, error)) (c cart.Cart, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		before, err := tx.Carts.Get(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		if err := mine(actor, before, access.CartsManage); err != nil {
			return err
		}
		if c, err = change(before); err != nil {
			return err
		}
		tx.Carts.Update(before, c)
		helped(tx, actor, c.Changed(before))
		return nil
	})
	return c, err
}

// mine is nil for a cart of the actor's own: others' carts do not exist for them.
func mine(actor access.Actor, c cart.Cart, p access.Permission) error {
	if c.Owner != actor.Member || c.Company != actor.Company {
		return cartdb.ErrUnseen
	}
	return actor.RequireSomewhere(p)
}

// orderable is the place at which somebody may order: the nearest unit above them where they hold the permission.
func orderable(actor access.Actor, at tree.Path) bool { return actor.May(access.CheckoutPlace, at) }
