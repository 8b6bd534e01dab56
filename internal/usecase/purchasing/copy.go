package purchasing

import (
	"context"
	"errors"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/domain/orderlist"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// CopyInput is what is put into a cart again: the lines of a purchase order, of an order, or of an order list.
type CopyInput struct {
	PurchaseOrder id.PurchaseOrder
	Order         id.Order
	Positions     []int64            // of the lines wanted; empty: all
	List          id.OrderList       // or the lines of an order list
	Lines         []id.OrderListLine // those wanted of it; empty: all
	Replace       bool               // what the cart holds goes, as far as anything comes in its place
	Cart          id.Cart            // the zero cart is the one worked on, made when there is none
	Key           string             `json:"-"` // the idempotency key
}

// Copied is what became of the lines that were put into a cart again, each of them.
type Copied struct {
	Cart    id.Cart
	Version int64  // of the cart, with what was added
	From    string // the number of what was copied
	Lines   []CopiedLine
}

// CopiedLine is what became of one line.
type CopiedLine struct {
	Position  int64
	Product   id.Product
	SKU       string
	Name      string // as it was ordered
	Unit      string
	Wanted    quantity.Quantity
	Taken     quantity.Quantity // 0: the line was left out
	Code      string            // of the fault for which it is not as it was wanted; "" when it is
	Why       locale.Phrase
	Successor id.Product // what replaces a product that is no longer sold
}

// AsWanted reports whether the line was taken as it was wanted.
func (l CopiedLine) AsWanted() bool { return l.Code == "" }

var (
	// ErrPosition is the fault of a line that is not in what is copied.
	ErrPosition = fault.Define(fault.Invalid, "purchasing.position", "there is no such line in this order")
	// ErrForgotten is the fault of asking what became of lines that were not copied, or were long ago.
	ErrForgotten = fault.Define(fault.NotFound, "purchasing.forgotten", "what became of these lines is not known any more")
)

// copiedAs is the use case under which outcomes of Copy are kept.
const copiedAs = "purchasing.copy"

// Copy puts the lines of a purchase order, an order or an order list that the actor sees into a cart of their own, at the prices
// of now. A line that is no longer sold, has no price or finds no room is left out, one that is sold in other quantities
// is taken in the next that will do; each says so, and none keeps the others from being taken.
func (s *Service) Copy(ctx context.Context, actor access.Actor, in CopyInput) (done Copied, err error) {
	err = step.Once(ctx, s.db, actor, copiedAs, in.Key, in, &done, func(remember func(*store.Tx, access.Actor)) error {
		return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			// find
			c := copying{}
			if err := c.source(ctx, tx, actor, in); err != nil {
				return err
			}
			var before cart.Cart
			found, err := wantTarget(ctx, tx, actor, &before, in.Cart)
			if err != nil {
				return err
			}
			if err := c.goods(ctx, tx, actor); err != nil {
				return err
			}
			// may
			if err := mine(actor, before, access.CartsManage); err != nil {
				return err
			}
			// decide
			after, err := c.into(tx, before, in.Replace)
			if err != nil {
				return err
			}
			// write
			switch {
			case !found:
				tx.Carts.Insert(after)
			case after.Version != before.Version:
				tx.Carts.Update(before, after)
			}
			helped(tx, actor, after.Changed(before))
			done = Copied{after.ID, after.Version, c.number, c.outcome}
			remember(tx, actor)
			return nil
		})
	})
	return done, err
}

// Copied tells once more what became of the lines that the actor put into a cart under this key. It is kept for a week.
func (s *Service) Copied(ctx context.Context, actor access.Actor, key string) (done Copied, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CartsManage); err != nil {
			return err
		}
		found, err := step.Recall(ctx, tx, actor, copiedAs, key, &done)
		if err == nil && !found {
			return ErrForgotten
		}
		return err
	})
	return done, err
}

// copying is lines on their way into a cart.
type copying struct {
	number   string
	lines    []view.OrderLine
	company  company.Company
	products map[id.Product]catalogue.Product
	prices   map[id.Product][]pricing.Entry
	outcome  []CopiedLine
}

// source reads what is copied, as far as the actor sees it.
func (c *copying) source(ctx context.Context, tx *store.Tx, actor access.Actor, in CopyInput) error {
	tx.Companies.Want(&c.company, actor.Company)
	if !in.List.IsZero() {
		return c.list(ctx, tx, actor, in)
	}
	var err error
	if c.number, c.lines, err = step.Ordered(ctx, tx, actor, in.PurchaseOrder, in.Order); err != nil {
		return err
	}
	return c.pick(in.Positions)
}

// list reads what is on an order list. What is not there for the reader has no name: who put it there may see more.
func (c *copying) list(ctx context.Context, tx *store.Tx, actor access.Actor, in CopyInput) error {
	l, _, err := step.OrderList(ctx, tx, actor, in.List)
	if err != nil {
		return err
	}
	wanted, err := l.Among(in.Lines)
	if err != nil {
		return err
	}
	var goods []view.Good
	tx.Views.WantGoodsOfList(&goods, actor.Company, l.ID)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	units := make(map[id.Product]string, len(goods))
	for _, g := range goods {
		units[g.ID] = g.Unit
	}
	c.number = l.Name
	for i, x := range wanted {
		if !step.Shows(actor, catalogue.Product{ID: x.Product}) {
			x = orderlist.Line{Quantity: x.Quantity, Note: x.Note}
		}
		c.lines = append(c.lines, view.OrderLine{Position: int64(i + 1), Product: x.Product, SKU: x.SKU, Name: x.Name, Unit: units[x.Product], Quantity: x.Quantity, Note: x.Note})
	}
	return nil
}

// pick keeps the lines that are wanted.
func (c *copying) pick(positions []int64) error {
	if len(positions) == 0 {
		return nil
	}
	for _, p := range positions {
		if !slices.ContainsFunc(c.lines, func(l view.OrderLine) bool { return l.Position == p }) {
			return ErrPosition
		}
	}
	c.lines = slices.DeleteFunc(c.lines, func(l view.OrderLine) bool { return !slices.Contains(positions, l.Position) })
	return nil
}

// goods reads what the lines are of, as it is sold now.
func (c *copying) goods(ctx context.Context, tx *store.Tx, actor access.Actor) error {
	keys := make([]id.Product, len(c.lines))
	for i, l := range c.lines {
		keys[i] = l.Product
	}
	var products []catalogue.Product
	var base, own []pricing.Entry
	tx.Catalogue.Want(&products, keys)
	tx.Prices.WantEntries(&base, &own, actor.Company, keys)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	c.products, c.prices = map[id.Product]catalogue.Product{}, map[id.Product][]pricing.Entry{}
	for _, p := range products {
		if step.Shows(actor, p) {
			c.products[p.ID] = p
		}
	}
	for _, e := range append(base, own...) {
		c.prices[e.Product] = append(c.prices[e.Product], e)
	}
	return nil
}

// into puts the lines into a cart, one by one, and notes what became of each. Where they replace what it holds, that goes as
// soon as one of them can be taken.
func (c *copying) into(tx *store.Tx, before cart.Cart, replaces bool) (cart.Cart, error) {
	held := map[id.Product]quantity.Quantity{}
	room := cart.MostLines
	if !replaces {
		room -= len(before.Lines)
		for _, l := range before.Lines {
			held[l.Product] = l.Quantity
		}
	}
	var added []cart.Line
	for _, l := range c.lines {
		done := CopiedLine{Position: l.Position, Product: l.Product, SKU: l.SKU, Name: l.Name, Unit: l.Unit, Wanted: l.Quantity}
		have, there := held[l.Product]
		fit, err := c.fit(tx, l, have)
		if err == nil && !there && room == 0 {
			fit, err = 0, cart.ErrFull
		}
		if err := done.note(err); err != nil {
			return cart.Cart{}, err
		}
		if done.Taken = fit; fit > 0 {
			added = append(added, cart.Line{ID: id.NewCartLine(tx.Now), Product: l.Product, Quantity: fit, Note: l.Note})
			held[l.Product] = have + fit
			if !there {
				room--
			}
		}
		c.outcome = append(c.outcome, done)
	}
	if len(added) == 0 {
		return before, nil
	}
	if replaces {
		before.Lines = nil
	}
	return before.Add(added...)
}

// fit is how much of a line can be had beside what the cart holds of it, and why that is not what is wanted.
func (c *copying) fit(tx *store.Tx, l view.OrderLine, held quantity.Quantity) (quantity.Quantity, error) {
	p, there := c.products[l.Product]
	if !there {
		return 0, cataloguedb.ErrUnseen
	}
	if err := p.Sold(); err != nil {
		return 0, err
	}
	fit, why := p.Fit(held, l.Quantity)
	if fit == 0 {
		return 0, why
	}
	if _, err := pricing.Resolve(c.prices[l.Product], pricing.Ask{Quantity: held + fit, At: tx.Now, Currency: c.company.Currency}); err != nil {
		return 0, err
	}
	return fit, why
}

// note keeps why a line is not as it was wanted; what is no fault is returned.
func (l *CopiedLine) note(err error) error {
	var f *fault.Fault
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &f):
		return err
	}
	l.Code, l.Why = f.Code, locale.Say(f.Format, f.Args...)
	for _, general := range []*fault.Fault{catalogue.ErrMinimum, catalogue.ErrStep, catalogue.ErrMost} {
		if errors.Is(f, general) {
			l.Why = locale.Say(general.Format) // and not which quantity to take: it is taken
		}
	}
	if key := f.Detail["successor"]; key != "" {
		l.Successor, err = id.ParseProduct(key)
		return err
	}
	return nil
}
