package collecting

import (
	"context"
	"errors"
	"fmt"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store"
	"kontor/internal/store/cartdb"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/usecase/step"
)

// AddInput is what is put on a list: products, what is in a cart of the actor's, or what was ordered.
type AddInput struct {
	List          id.OrderList
	Fresh         bool   // it is a new one, of the actor's own, …
	Name          string // … of this name
	Lines         []AddLine
	Cart          id.Cart
	PurchaseOrder id.PurchaseOrder
	Order         id.Order
}

// AddLine is one product and how much of it; 0 is the smallest quantity that is sold.
type AddLine struct {
	Product  id.Product
	Quantity quantity.Quantity
	Note     string
}

// Added is what became of what was put on a list, line by line.
type Added struct {
	List    id.OrderList
	Name    string
	Version int64
	Lines   []Became
}

// Became is what became of one line.
type Became struct {
	Product id.Product
	SKU     string
	Name    string
	Wanted  quantity.Quantity
	Taken   quantity.Quantity // 0: the line was left out
	Code    string            // of the fault for which it is not as it was wanted; "" when it is
	Why     locale.Phrase
}

// Add puts products on a list. A quantity that is not sold becomes the next that is; what is not sold any more, or finds no room,
// is left out; each line says what became of it. Where none can be taken nothing is done, and the reasons are the fault.
func (s *Service) Add(ctx context.Context, actor access.Actor, in AddInput) (done Added, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find, may
		var before orderlist.List
		var err error
		if in.Fresh {
			before, err = begin(ctx, tx, actor, in.Name)
		} else {
			before, err = managed(ctx, tx, actor, in.List, orderlist.Writes)
		}
		if err != nil {
			return err
		}
		wanted, err := gather(ctx, tx, actor, in)
		if err != nil {
			return err
		}
		goods, err := goodsOf(ctx, tx, actor, wanted)
		if err != nil {
			return err
		}
		// decide
		a := adding{tx: tx, goods: goods, onto: before}
		for i, l := range wanted {
			a.take(i, l)
		}
		if len(a.lines) == 0 {
			return a.nothing()
		}
		after, err := before.Add(a.lines...)
		if err != nil {
			return err
		}
		// write, tell
		if in.Fresh {
			tx.Lists.Insert(after)
			tx.Tell(actor, after.Created(id.OrderList{}))
		} else {
			tx.Lists.Update(before, after)
			tx.Tell(actor, after.Changes(before))
		}
		done = Added{after.ID, after.Name, after.Version, a.became}
		return nil
	})
	return done, err
}

// begin is a new list of the actor's own.
func begin(ctx context.Context, tx *store.Tx, actor access.Actor, name string) (orderlist.List, error) {
	if err := actor.RequireSomewhere(access.ListsManage); err != nil {
		return orderlist.List{}, err
	}
	l, err := orderlist.List{ID: id.NewOrderList(tx.Now), Company: actor.Company, Owner: actor.Member, ChangedAt: tx.Now}.Called(name, "")
	if err != nil {
		return l, err
	}
	return l, fits(ctx, tx, l)
}

// gather is what is to be put on a list, wherever it comes from.
func gather(ctx context.Context, tx *store.Tx, actor access.Actor, in AddInput) ([]AddLine, error) {
	switch {
	case !in.Cart.IsZero():
		c, err := tx.Carts.Get(ctx, actor.Company, in.Cart)
		if err != nil {
			return nil, err
		}
		if c.Owner != actor.Member {
			return nil, cartdb.ErrUnseen
		}
		if err := actor.RequireSomewhere(access.CartsManage); err != nil {
			return nil, err
		}
		if len(c.Lines) == 0 {
			return nil, cart.ErrEmpty
		}
		for _, l := range c.Lines {
			in.Lines = append(in.Lines, AddLine{l.Product, l.Quantity, l.Note})
		}
	case !in.PurchaseOrder.IsZero(), !in.Order.IsZero():
		_, lines, err := step.Ordered(ctx, tx, actor, in.PurchaseOrder, in.Order)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			in.Lines = append(in.Lines, AddLine{l.Product, l.Quantity, ""})
		}
	}
	return in.Lines, nil
}

// goodsOf reads the products of some lines, as far as the actor sees them.
func goodsOf(ctx context.Context, tx *store.Tx, actor access.Actor, lines []AddLine) (map[id.Product]catalogue.Product, error) {
	keys := make([]id.Product, len(lines))
	for i, l := range lines {
		keys[i] = l.Product
	}
	var products []catalogue.Product
	tx.Catalogue.Want(&products, keys)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	all := make(map[id.Product]catalogue.Product, len(products))
	for _, p := range products {
		if step.Shows(actor, p) {
			all[p.ID] = p
		}
	}
	return all, nil
}

// adding is lines on their way onto a list.
type adding struct {
	tx     *store.Tx
	goods  map[id.Product]catalogue.Product
	onto   orderlist.List
	held   map[id.Product]quantity.Quantity
	lines  []orderlist.Line
	became []Became
	faults []*fault.Fault // of those that are left out
	at     []int          // where each of these stands among what is wanted
}

// take notes what becomes of one line.
func (a *adding) take(i int, l AddLine) {
	if a.held == nil {
		a.held = make(map[id.Product]quantity.Quantity, len(a.onto.Lines))
		for _, x := range a.onto.Lines {
			a.held[x.Product] = x.Quantity
		}
	}
	p, there := a.goods[l.Product]
	b := Became{Product: l.Product, SKU: p.SKU, Name: p.Name, Wanted: l.Quantity}
	if b.Wanted == 0 {
		b.Wanted = p.Least()
	}
	have, known := a.held[l.Product]
	var why error
	switch {
	case !there:
		why = cataloguedb.ErrUnseen
	case p.Sold() != nil:
		why = p.Sold()
	case !known && len(a.held) >= orderlist.MostLines:
		why = orderlist.ErrFull
	default:
		b.Taken, why = p.Fit(have, b.Wanted)
	}
	if f := fault.Of(why); f != nil {
		b.Code, b.Why = f.Code, locale.Say(f.Format, f.Args...)
		for _, general := range []*fault.Fault{catalogue.ErrMinimum, catalogue.ErrStep, catalogue.ErrMost} {
			if errors.Is(f, general) {
				b.Why = locale.Say(general.Format) // and not which quantity to take: it is taken
			}
		}
		if b.Taken == 0 {
			a.faults, a.at = append(a.faults, f), append(a.at, i)
		}
	}
	if b.Taken > 0 {
		a.held[l.Product] = have + b.Taken
		a.lines = append(a.lines, orderlist.Line{ID: id.NewOrderListLine(a.tx.Now), Product: p.ID, SKU: p.SKU, Name: p.Name, Quantity: b.Taken, Note: l.Note})
	}
	a.became = append(a.became, b)
}

// nothing is why none of the lines could be taken: the first one's fault, with all of them beside their fields.
func (a *adding) nothing() error {
	if len(a.faults) == 0 {
		return ErrNothing
	}
	all := *a.faults[0]
	for k, f := range a.faults {
		all.Fields = append(all.Fields, f.At(fmt.Sprintf("lines.%d.product_id", a.at[k])).Fields...)
	}
	return &all
}

// ErrNothing is the fault of putting nothing on a list.
var ErrNothing = fault.Define(fault.Invalid, "order_list.nothing", "there is nothing to put on the list")

// ChangeInput is another quantity and note of a line, and the version of the list that was seen.
type ChangeInput struct {
	List     id.OrderList
	Version  int64
	Line     id.OrderListLine
	Quantity quantity.Quantity
	Note     string
}

// Change gives a line of a list another quantity and note. A quantity in which the product is not sold becomes the next that is:
// instead says which, and is 0 where it is as it was wanted. Of what is not sold any more any quantity is kept.
func (s *Service) Change(ctx context.Context, actor access.Actor, in ChangeInput) (l orderlist.List, instead quantity.Quantity, err error) {
	l, err = s.change(ctx, actor, in.List, orderlist.Writes, func(tx *store.Tx, actor access.Actor, before orderlist.List) (orderlist.List, error) {
		among, err := before.Among([]id.OrderListLine{in.Line})
		if err != nil {
			return before, err
		}
		goods, err := goodsOf(ctx, tx, actor, []AddLine{{Product: among[0].Product}})
		if err != nil {
			return before, err
		}
		q := in.Quantity
		instead = 0
		if p, there := goods[among[0].Product]; there && p.Sold() == nil && q.Check() == nil && p.CheckQuantity(q) != nil {
			if fit := p.Suggest(q); fit > 0 {
				q, instead = fit, fit
			}
		}
		after, err := before.Change(in.Version, in.Line, q, in.Note)
		if err == nil {
			tx.Tell(actor, after.Changes(before))
		}
		return after, err
	})
	return l, instead, err
}

// Remove takes lines off a list.
func (s *Service) Remove(ctx context.Context, actor access.Actor, key id.OrderList, version int64, lines ...id.OrderListLine) (orderlist.List, error) {
	return s.change(ctx, actor, key, orderlist.Writes, func(tx *store.Tx, actor access.Actor, before orderlist.List) (orderlist.List, error) {
		if len(lines) == 0 {
			return before, ErrNothing.With("say which lines")
		}
		after, err := before.Remove(version, lines...)
		if err == nil {
			tx.Tell(actor, after.Changes(before))
		}
		return after, err
	})
}

// Place gives a line of a list another place; the first is 1.
func (s *Service) Place(ctx context.Context, actor access.Actor, key id.OrderList, version int64, line id.OrderListLine, to int) (orderlist.List, error) {
	return s.change(ctx, actor, key, orderlist.Writes, func(tx *store.Tx, actor access.Actor, before orderlist.List) (orderlist.List, error) {
		after, err := before.Place(version, line, to)
		if err == nil {
			tx.Tell(actor, after.Changes(before))
		}
		return after, err
	})
}

// CarryInput is lines that are taken from one list to another.
type CarryInput struct {
	From    id.OrderList
	Version int64              // of the list that they are moved from; whoever copies need not have seen one
	Lines   []id.OrderListLine // none: all
	To      id.OrderList
	Move    bool // they leave the list that they are on
}

// Carry moves or copies lines to another list: all of them, or none. A product that is there already gets the quantity. It gives
// the list that they came to.
func (s *Service) Carry(ctx context.Context, actor access.Actor, in CarryInput) (to orderlist.List, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find, may
		var from orderlist.List
		var err error
		if in.Move {
			from, err = managed(ctx, tx, actor, in.From, orderlist.Writes)
		} else {
			from, _, err = step.OrderList(ctx, tx, actor, in.From)
		}
		if err != nil {
			return err
		}
		before, err := managed(ctx, tx, actor, in.To, orderlist.Writes)
		if err != nil {
			return err
		}
		// decide
		if from.ID == before.ID {
			return orderlist.ErrSame
		}
		lines, err := from.Among(in.Lines)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return ErrNothing
		}
		fresh, gone := make([]orderlist.Line, len(lines)), make([]id.OrderListLine, len(lines))
		for i, x := range lines {
			fresh[i], gone[i] = x, x.ID
			fresh[i].ID = id.NewOrderListLine(tx.Now)
		}
		if to, err = before.Add(fresh...); err != nil {
			return err
		}
		// write, tell
		tx.Lists.Update(before, to)
		tx.Tell(actor, to.Changes(before))
		to.ChangedAt = tx.Now
		if !in.Move {
			return nil
		}
		left, err := from.Remove(in.Version, gone...)
		if err != nil {
			return err
		}
		tx.Lists.Update(from, left)
		tx.Tell(actor, left.Changes(from))
		return nil
	})
	return to, err
}
