package purchasing

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/order"
	"kontor/internal/store"
)

// Look shows the lines of a cart as they would be ordered, also to somebody who may fill carts and not order: an
// Assessment of lines and totals alone. Who may not see prices sees the lines without.
func (s *Service) Look(ctx context.Context, actor access.Actor, key id.Cart) (a *Assessment, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		f := &found{}
		tx.Companies.Want(&f.company, actor.Company)
		tx.Carts.Want(&f.cart, actor.Company, key)
		tx.Views.WantGoodsOfCart(&f.goods, actor.Company, key)
		tx.Prices.WantEntriesOfCart(&f.base, &f.own, actor.Company, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if err := mine(actor, f.cart, access.CartsManage); err != nil {
			return err
		}
		a = &Assessment{Cart: f.cart, Company: f.company}
		a.price(f, tx)
		if len(a.Lines) == 0 || !actor.Gives(access.PricesView) {
			a.unprice()
		}
		return nil
	})
	return a, err
}

// unprice leaves of the lines what is no price.
func (a *Assessment) unprice() {
	a.Totals, a.Refusals = order.Totals{}, nil
	for i, l := range a.Lines {
		a.Lines[i] = Line{Line: l.Line, Good: l.Good}
		a.Lines[i].check()
	}
}
