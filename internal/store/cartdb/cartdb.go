// Package cartdb keeps carts.
package cartdb

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/cart"
	"kontor/internal/store/engine"
)

// ErrUnseen is the fault of a cart that is not there, or not theirs.
var ErrUnseen = fault.Define(fault.NotFound, "cart.unseen", "there is no such cart")

// Tables are those of carts, in one transaction.
type Tables struct{ Tx *engine.Tx }

const columns = `c.id, c.company_id, c.member_id, c.name, c.state, c.checkout, c.version, c.chosen_at, c.purchase_order_id, c.became_id`

func into(c *cart.Cart) []any {
	return []any{&c.ID, &c.Company, &c.Owner, &c.Name, &c.State, engine.JSON(&c.Checkout), &c.Version, &c.ChosenAt, &c.From, &c.Became}
}

// Want asks for a cart of the company with its lines.
func (t Tables) Want(c *cart.Cart, company id.Company, key id.Cart) {
	t.Tx.Ask(`select `+columns+` from cart c where c.company_id = ? and c.id = ?`, company, key).Row(ErrUnseen, into(c)...)
	engine.Rows(t.Tx.Ask(`
		select l.id, l.product_id, l.quantity, l.note from cart_line l
		 where l.company_id = ? and l.cart_id = ? order by l.position, l.id`, company, key), &c.Lines,
		func(l *cart.Line, scan engine.Scan) error { return scan(&l.ID, &l.Product, &l.Quantity, &l.Note) })
}

// Get reads a cart of the company with its lines.
func (t Tables) Get(ctx context.Context, company id.Company, key id.Cart) (c cart.Cart, err error) {
	t.Want(&c, company, key)
	return c, t.Tx.Fetch(ctx)
}

// FindOpen finds the cart that a member works on: of those that may still change the one chosen last.
func (t Tables) FindOpen(ctx context.Context, company id.Company, member id.Member) (key id.Cart, found bool, err error) {
	t.Tx.Ask(`
		select c.id from cart c where c.company_id = ? and c.member_id = ? and c.state = 'open' and c.chosen_at is not null
		 order by c.chosen_at desc, c.id desc limit 1`, company, member).Maybe(&found, &key)
	return key, found, t.Tx.Fetch(ctx)
}

// WantBack asks for the cart in which the lines of a purchase order came back to a member, as long as it may change.
func (t Tables) WantBack(key *id.Cart, company id.Company, member id.Member, po id.PurchaseOrder) {
	found := false
	t.Tx.Ask(`
		select c.id from cart c where c.company_id = ? and c.purchase_order_id = ? and c.member_id = ? and c.state = 'open'`, company, po, member).
		Maybe(&found, key)
}

// Insert adds a cart with its lines.
func (t Tables) Insert(c cart.Cart) {
	t.Tx.Write(`
		insert into cart (company_id, id, member_id, name, state, checkout, version, changed_at, chosen_at, purchase_order_id, became_id)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.Company, c.ID, c.Owner, c.Name, c.State, engine.JSON(c.Checkout), c.Version, t.Tx.Now, c.ChosenAt, c.From, c.Became)
	t.setLines(cart.Cart{}, c)
}

// Update replaces a cart that was read in this transaction: only the lines that differ are written.
func (t Tables) Update(before, after cart.Cart) {
	t.Tx.Write(`
		update cart set name = ?, state = ?, checkout = ?, version = ?, changed_at = ?, chosen_at = ?, became_id = ?
		 where company_id = ? and id = ? and version = ?`,
		after.Name, after.State, engine.JSON(after.Checkout), after.Version, t.Tx.Now, after.ChosenAt, after.Became, after.Company, after.ID, before.Version)
	t.setLines(before, after)
}

// SetChosen notes that a cart was taken up. It is not changed by that.
func (t Tables) SetChosen(c cart.Cart) {
	t.Tx.Write(`update cart set chosen_at = ? where company_id = ? and id = ?`, c.ChosenAt, c.Company, c.ID)
}

// Delete removes a cart with its lines.
func (t Tables) Delete(c cart.Cart) {
	t.Tx.Write(`delete from cart_line where company_id = ? and cart_id = ?`, c.Company, c.ID)
	t.Tx.Write(`delete from cart where company_id = ? and id = ?`, c.Company, c.ID)
}

func (t Tables) setLines(before, after cart.Cart) {
	stay := make(map[id.CartLine]bool, len(after.Lines))
	for _, l := range after.Lines {
		stay[l.ID] = true
	}
	old := make(map[id.CartLine]int, len(before.Lines))
	var gone []id.CartLine
	for i, l := range before.Lines {
		if old[l.ID] = i; !stay[l.ID] {
			gone = append(gone, l.ID)
		}
	}
	if len(gone) > 0 { // first, so that the product may come back on another line
		marks, args := engine.Marks(gone)
		t.Tx.Write(`delete from cart_line where company_id = ? and cart_id = ? and id in `+marks, append([]any{after.Company, after.ID}, args...)...)
	}
	for i, l := range after.Lines {
		k, known := old[l.ID]
		switch {
		case !known:
			t.Tx.Write(`insert into cart_line (company_id, cart_id, id, product_id, quantity, note, position) values (?, ?, ?, ?, ?, ?, ?)`,
				after.Company, after.ID, l.ID, l.Product, l.Quantity, l.Note, int64(i))
		case before.Lines[k] != l || k != i:
			t.Tx.Write(`update cart_line set quantity = ?, note = ?, position = ? where company_id = ? and cart_id = ? and id = ?`,
				l.Quantity, l.Note, int64(i), after.Company, after.ID, l.ID)
		}
	}
}
