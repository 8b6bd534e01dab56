package purchasing

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/domain/order"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store"
	"kontor/internal/store/cataloguedb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// ListSheet is an order list as its reader sees it: at their prices of this moment, and what may not be seen without a name.
type ListSheet struct {
	orderlist.List
	Hold    orderlist.Hold
	Owner   company.Member // none of a template
	Rows    []ListRow
	Totals  order.Totals   // of what can be had
	Left    int            // lines that do not count in it
	Parties []view.Party   // with whom it is shared; for its owner alone
	Near    []company.Unit // in which its owner stands; for them alone
	Company company.Company
}

// ListRow is a line of a list as it would be ordered.
type ListRow struct {
	Line
	Key    id.OrderListLine
	Named  string // as the reader may know it; "" where they may not
	SKU    string
	Hidden bool // the product is not the reader's to see
	Linked bool // it has a page
}

// OrderList shows an order list that the actor has. Prices are found as for a cart, and kept nowhere. Who may not see prices sees
// the list without.
func (s *Service) OrderList(ctx context.Context, actor access.Actor, key id.OrderList) (sheet ListSheet, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find, may
		l, hold, err := step.OrderList(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		sheet = ListSheet{List: l, Hold: hold}
		f := &found{}
		tx.Companies.Want(&f.company, actor.Company)
		tx.Views.WantGoodsOfList(&f.goods, actor.Company, key)
		if actor.MaySomewhere(access.PricesView) {
			tx.Prices.WantEntriesOfList(&f.base, &f.own, actor.Company, key)
		}
		if !l.Owner.IsZero() {
			tx.Companies.WantMember(&sheet.Owner, actor.Company, l.Owner)
		}
		if l.Owner == actor.Member {
			tx.Views.WantParties(&sheet.Parties, actor.Company, key)
			tx.Companies.WantUnitsAt(&sheet.Near, actor.Company, actor.At.Ancestors())
		}
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		sheet.price(f, tx, actor)
		return nil
	})
	return sheet, err
}

// price finds what each line costs now that can be had; what cannot is named, as far as its name may be known, and does not
// count.
func (sheet *ListSheet) price(f *found, tx *store.Tx, actor access.Actor) {
	goods := make(map[id.Product]view.Good, len(f.goods))
	for _, g := range f.goods {
		goods[g.ID] = g
	}
	for _, x := range sheet.Lines {
		row := ListRow{Key: x.ID, Named: x.Name, SKU: x.SKU, Line: Line{Line: cart.Line{Product: x.Product, Quantity: x.Quantity, Note: x.Note}, Good: goods[x.Product]}}
		switch good := row.Good; {
		case !step.Shows(actor, good.Product):
			row = ListRow{Key: x.ID, Hidden: true, Line: Line{Line: cart.Line{Quantity: x.Quantity, Note: x.Note}, Problem: cataloguedb.ErrUnseen}}
		case good.Status == catalogue.Blocked: // it has no page, and is called what it was
			row.Good = view.Good{Product: catalogue.Product{ID: good.ID, SKU: x.SKU, Name: x.Name, Unit: good.Unit, Status: good.Status}}
			row.Problem = fault.Of(row.Good.Sold())
		default:
			row.Named, row.SKU, row.Linked = good.Name, good.SKU, true
			if row.check(); good.Sold() == nil {
				f.cart.Lines = append(f.cart.Lines, row.Line.Line)
			}
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	if !actor.MaySomewhere(access.PricesView) {
		return
	}
	a := &Assessment{Company: f.company}
	a.price(f, tx)
	sheet.Totals, sheet.Company = a.Totals, f.company
	next := 0
	for i := range sheet.Rows {
		if r := &sheet.Rows[i]; r.Linked && r.Good.Sold() == nil {
			r.Line = a.Lines[next]
			next++
		}
		if !sheet.Rows[i].Included {
			sheet.Left++
		}
	}
}
