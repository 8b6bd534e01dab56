package purchasing

import (
	"context"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/domain/order"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/orderdb"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// OrderFilter says which orders are listed. What is empty does not narrow.
type OrderFilter struct {
	Text        string // in the number, the buyer's own reference or the requester's name
	States      []order.State
	Requester   id.Member
	Unit        id.Unit
	CostCentre  id.CostCentre
	From, Until date.Date // placed on these days, both included, in the company's time zone
}

// Orders lists the orders that the actor sees, the newest first: their own, those of the people below them, or all that
// are booked where they see all. Who may not see prices sees them without what they came to.
func (s *Service) Orders(ctx context.Context, actor access.Actor, f OrderFilter, ask page.Ask) (list page.List[view.Order], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.OrdersView); err != nil {
			return err
		}
		at, err := viewdb.OrdersBy.At(ask)
		if err != nil {
			return err
		}
		if err := step.MaySort(actor, at); err != nil {
			return err
		}
		which := viewdb.Orders{Text: f.Text, States: f.States, Requester: f.Requester, Unit: f.Unit, CostCentre: f.CostCentre}
		if which.From, which.Until, err = step.Between(ctx, tx, actor.Company, f.From, f.Until); err != nil {
			return err
		}
		var rows []view.Order
		tx.Views.WantOrders(&rows, actor.Company, actor.Scope(access.ViewOrders), which, at)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		step.Unprice(actor, rows)
		list = at.List(rows)
		return nil
	})
	return list, err
}

// OrderSheet is all that the page of an order shows.
type OrderSheet struct {
	view.Order
	Delivery  approval.Address
	Billing   approval.Address
	Payment   string // the payment method's code
	Shipment  string // the shipping method's code
	Requested date.Date
	Lines     []view.OrderLine
	Timeline  []view.Trail // from the cart on, the oldest first
}

// Order shows an order that the actor sees; what it came to, to who may see prices, and to who was named to decide on it.
func (s *Service) Order(ctx context.Context, actor access.Actor, key id.Order) (sheet OrderSheet, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var found []view.Order
		tx.Views.WantOrder(&found, actor.Company, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if len(found) == 0 {
			return orderdb.ErrUnseen
		}
		o := found[0]
		// may
		if err := actor.RequireSeen(access.ViewOrders, access.Thing{Owner: o.Requester, OwnerAt: o.RequesterAt, At: o.UnitAt}); err != nil {
			return orderdb.ErrUnseen.Because(err)
		}
		var po approval.PurchaseOrder
		sheet = OrderSheet{Order: o}
		tx.Approvals.Want(&po, actor.Company, o.PurchaseOrder)
		tx.Views.WantLines(&sheet.Lines, actor.Company, o.PurchaseOrder)
		tx.Views.WantAuditOf(&sheet.Timeline, actor.Company, o.PurchaseOrder.String(), o.ID.String())
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		c := po.Content
		sheet.Delivery, sheet.Billing, sheet.Payment, sheet.Shipment, sheet.Requested = c.DeliverTo, c.BillTo, c.PaymentMethod, c.ShippingMethod, date.Date(c.RequestedDate)
		if !step.SeesAmounts(actor, po.Plan) {
			sheet.Order = sheet.Order.Unpriced()
			step.WithoutAmounts(sheet.Lines)
			step.WithoutAmounts(sheet.Timeline)
		}
		return nil
	})
	return sheet, err
}

// Dashboard is what somebody sees first: what needs them, and what became of what they wanted. What they may not see is
// empty.
type Dashboard struct {
	Waiting page.Count     // purchase orders that wait for their decision
	Oldest  []view.Waiting // of these, those asked longest ago; at most 3
	Open    []view.PurchaseOrder
	Became  []view.PurchaseOrder // of theirs, placed, rejected or expired in the last two weeks, the latest first; at most 5
	Cart    *view.Basket         // that they work on; nil: there is nothing in it
	Back    []view.Basket        // carts that came back, and wait to be taken up; at most 3
	Recent  []view.Order         // that they see; at most 5
	Unusual []view.Order         // of these, of the last 30 days, that came to much more than their cost centre's orders usually do, which they manage; at most 3
	Loose   view.Loose           // what is unfinished or risky, of what they look after in the whole company
}

// lately is how long it is news what became of a purchase order.
const lately = 14 * 24 * time.Hour

// recently is how far back an order may be unusual.
const recently = 30 * 24 * time.Hour

// Dashboard gathers what the actor sees first.
func (s *Service) Dashboard(ctx context.Context, actor access.Actor) (d Dashboard, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		d = Dashboard{}
		var mine page.Count
		var c company.Company
		var carts []view.Basket
		tx.Companies.Want(&c, actor.Company)
		if actor.MaySomewhere(access.PurchaseOrdersApprove) {
			tx.Views.WantCounts(&d.Waiting, &mine, actor.Company, actor.Member)
			tx.Views.WantWaiting(&d.Oldest, actor.Company, actor.Member, view.QueueFilter{}, viewdb.WaitingBy.First(3))
		}
		if actor.MaySomewhere(access.PurchaseOrdersView) {
			tx.Views.WantUnderWay(&d.Open, actor.Company, actor.Member, 5)
			tx.Views.WantBecame(&d.Became, actor.Company, actor.Member, tx.Now.Add(-lately), 5)
		}
		d.wantLoose(tx, actor)
		var editions []approvaldb.Edition
		if actor.Require(access.ApprovalRulesManage, tree.Top) == nil {
			tx.Approvals.WantEditions(&editions, actor.Company)
		}
		if actor.MaySomewhere(access.CartsManage) {
			tx.Views.WantBaskets(&carts, actor.Company, actor.Member)
		}
		if scope := actor.Scope(access.ViewOrders); !scope.Nothing() {
			tx.Views.WantOrders(&d.Recent, actor.Company, scope, viewdb.Orders{}, viewdb.OrdersBy.First(5))
			if actor.MaySomewhere(access.PricesView) { // that an order is unusual tells what it comes to
				tx.Views.WantUnusual(&d.Unusual, actor.Company, actor.Member, scope, tx.Now.Add(-recently), 3)
			}
		}
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		for p, n := range map[access.Permission]int{access.PurchaseOrdersApprove: len(d.Oldest), access.PurchaseOrdersView: len(d.Open) + len(d.Became), access.CartsManage: len(carts)} {
			if n > 0 {
				actor.Gives(p)
			}
		}
		step.Unprice(actor, d.Open)
		step.Unprice(actor, d.Became)
		step.Unprice(actor, d.Recent)
		d.baskets(carts)
		if len(editions) > 0 {
			if d.Loose.Nobody, err = s.short(ctx, tx, editions); err != nil {
				return err
			}
		}
		if actor.Require(access.BudgetsManage, tree.Top) != nil {
			return nil
		}
		periods, err := periodKeys(c, id.PurchaseOrder{}, tx)
		if err != nil {
			return err
		}
		tx.Views.WantOverdrawn(&d.Loose.Overdrawn, actor.Company, periods)
		tx.Views.WantNearly(&d.Loose.Nearly, actor.Company, periods)
		return tx.Fetch(ctx)
	})
	return d, err
}

// wantLoose asks for what is unfinished or risky of what the actor looks after in the whole company, but for budgets.
func (d *Dashboard) wantLoose(tx *store.Tx, actor access.Actor) {
	for _, end := range []struct {
		needs access.Permission
		want  func(*int64, id.Company)
		n     *int64
	}{
		{access.UsersManage, tx.Views.WantRoleless, &d.Loose.Roleless},
		{access.UsersManage, tx.Views.WantLapsed, &d.Loose.Lapsed},
		{access.ApprovalRulesManage, tx.Views.WantUndecidable, &d.Loose.Undecidable},
		{access.WebhooksManage, tx.Views.WantStopped, &d.Loose.Stopped},
	} {
		if actor.Require(end.needs, tree.Top) == nil {
			end.want(end.n, actor.Company)
		}
	}
}

// short counts the rules that count for a company and name somebody who finds nobody where another is not enough.
func (s *Service) short(ctx context.Context, tx *store.Tx, editions []approvaldb.Edition) (n int64, err error) {
	compiled, err := s.rules.Of(ctx, tx, editions)
	if err != nil {
		return 0, err
	}
	rules := make([]approval.Rule, len(compiled))
	for i, c := range compiled {
		rules[i] = c.Rule()
	}
	sources, err := step.SourcesOf(ctx, tx, editions[0].Company, rules)
	if err != nil {
		return 0, err
	}
	for _, r := range rules {
		if len(sources.Short(r)) > 0 {
			n++
		}
	}
	return n, nil
}

// baskets picks from the carts that somebody may go on with what they see first.
func (d *Dashboard) baskets(all []view.Basket) {
	for i := range all {
		switch b := &all[i]; {
		case b.ChosenAt.IsZero() && len(d.Back) < 3:
			d.Back = append(d.Back, *b)
		case b.Current && b.Lines > 0:
			d.Cart = b
		}
	}
}
