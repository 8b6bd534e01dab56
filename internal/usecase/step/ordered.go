package step

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/orderdb"
	"kontor/internal/view"
)

// Ordered reads the number and the lines of a purchase order, or of an order, as far as the actor sees it: what was ordered, and
// not what it cost.
func Ordered(ctx context.Context, tx *store.Tx, actor access.Actor, from id.PurchaseOrder, order id.Order) (number string, lines []view.OrderLine, err error) {
	if !order.IsZero() {
		var found []view.Order
		tx.Views.WantOrder(&found, actor.Company, order)
		if err := tx.Fetch(ctx); err != nil {
			return "", nil, err
		}
		if len(found) == 0 {
			return "", nil, orderdb.ErrUnseen
		}
		o := found[0]
		if err := actor.RequireSeen(access.ViewOrders, access.Thing{Owner: o.Requester, OwnerAt: o.RequesterAt, At: o.UnitAt}); err != nil {
			return "", nil, orderdb.ErrUnseen.Because(err)
		}
		number, from = o.Number, o.PurchaseOrder
	}
	var po approval.PurchaseOrder
	var requester company.Member
	var unit company.Unit
	if order.IsZero() {
		tx.Approvals.Want(&po, actor.Company, from)
		tx.Views.WantRequesterOf(&requester, &unit, actor.Company, from)
	}
	tx.Views.WantLines(&lines, actor.Company, from)
	if err := tx.Fetch(ctx); err != nil {
		return "", nil, err
	}
	if order.IsZero() {
		seen := actor.RequireSeen(access.ViewPurchaseOrders, access.Thing{Owner: po.Requester, OwnerAt: requester.Path, At: unit.Path})
		if seen != nil && !Named(actor, po.Plan) {
			return "", nil, approvaldb.ErrUnseen.Because(seen)
		}
		number = po.Number
	}
	WithoutAmounts(lines)
	return number, lines, nil
}
