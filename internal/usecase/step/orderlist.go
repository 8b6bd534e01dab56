package step

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store"
)

// OrderList finds an order list that the actor has, and says what they may do with it: what sharing leaves them, as far as they
// hold a permission for it. One that they do not have is not there.
func OrderList(ctx context.Context, tx *store.Tx, actor access.Actor, key id.OrderList) (l orderlist.List, hold orderlist.Hold, err error) {
	var units []company.Unit
	tx.Lists.Want(&l, actor.Company, key)
	tx.Companies.WantUnitsAt(&units, actor.Company, actor.At.Ancestors())
	if err := tx.Fetch(ctx); err != nil {
		return l, orderlist.None, err
	}
	within := make([]id.Unit, len(units))
	for i, u := range units {
		within[i] = u.ID
	}
	if hold = l.Held(actor.Member, within); hold == orderlist.None {
		return orderlist.List{}, hold, orderlist.ErrUnseen
	}
	if err := actor.RequireSomewhere(access.ListsView); err != nil {
		return orderlist.List{}, orderlist.None, err
	}
	switch {
	case l.Template() && actor.May(access.ListsTemplatesManage, tree.Top):
		hold = orderlist.Owns
	case !actor.MaySomewhere(access.ListsManage):
		hold = orderlist.Reads
	}
	return l, hold, nil
}
