// Package orderdb keeps orders and the series that number them.
package orderdb

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/order"
	"kontor/internal/store/engine"
)

// Tables are those of orders, in one transaction.
type Tables struct{ Tx *engine.Tx }

// ErrUnseen is the fault of an order that is not there, or not theirs to see.
var ErrUnseen = fault.Define(fault.NotFound, "order.unseen", "there is no such order, or it is not yours to see")

// WantNumber takes the next number of a company's series of documents of this kind. It is given back when the
// transaction comes to nothing, so a series has no gaps.
func (t Tables) WantNumber(number *int64, company id.Company, kind string) {
	t.Tx.Ask(`
		insert into series (company_id, kind, last) values (?, ?, 1)
		on conflict (company_id, kind) do update set last = series.last + 1
		returning last`, company, kind).Row(ErrUnseen, number)
}

// Insert adds an order. Its lines are those of its purchase order.
func (t Tables) Insert(o order.Order) {
	t.Tx.Write(`
		insert into orders (company_id, id, number, purchase_order_id, state, requester_id, unit_id, cost_centre_id, currency, net_minor, shipping_minor,
		                    tax_minor, gross_minor, lines, reference, placed_at, changed_at, version)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.Company, o.ID, o.Number, o.PurchaseOrder, o.State, o.Requester, o.Unit, o.CostCentre, o.Totals.Gross.Currency, o.Totals.Net.Minor,
		o.Totals.Shipping.Minor, o.Totals.Tax.Minor, o.Totals.Gross.Minor, int64(len(o.Lines)), o.Reference, o.PlacedAt, o.ChangedAt, max(o.Version, 1))
}

// Get reads an order of the company, without its lines.
func (t Tables) Get(ctx context.Context, company id.Company, key id.Order) (o order.Order, err error) {
	t.Tx.Ask(`
		select o.id, o.company_id, o.number, o.purchase_order_id, o.state, o.requester_id, o.unit_id, o.cost_centre_id, o.currency, o.net_minor,
		       o.shipping_minor, o.tax_minor, o.gross_minor, o.reference, o.placed_at, o.changed_at, o.version
		  from orders o where o.company_id = ? and o.id = ?`, company, key).
		Row(ErrUnseen, &o.ID, &o.Company, &o.Number, &o.PurchaseOrder, &o.State, &o.Requester, &o.Unit, &o.CostCentre, &o.Totals.Net.Currency, &o.Totals.Net.Minor,
			&o.Totals.Shipping.Minor, &o.Totals.Tax.Minor, &o.Totals.Gross.Minor, &o.Reference, &o.PlacedAt, &o.ChangedAt, &o.Version)
	err = t.Tx.Fetch(ctx)
	c := o.Totals.Net.Currency
	o.Totals.Shipping.Currency, o.Totals.Tax.Currency, o.Totals.Gross.Currency = c, c, c
	return o, err
}
