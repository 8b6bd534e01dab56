package viewdb

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// Replayed says which purchase orders of a company are looked at again: those submitted from the one moment to before the other,
// within a scope.
type Replayed struct {
	Company     id.Company
	Scope       access.Scope
	From, Until time.Time
}

func (which Replayed) where() *where {
	w := &where{}
	w.and(`p.company_id = ?`, which.Company)
	w.and(`p.submitted_at >= ? and p.submitted_at < ?`, which.From, which.Until)
	w.scope(which.Scope, `p.requester_id`, `coalesce(mn.path, '')`, `coalesce(un.path, '')`)
	return w
}

const replayedFrom = ` purchase_order p
		  left join node mn on mn.company_id = p.company_id and mn.id = p.requester_id
		  left join node un on un.company_id = p.company_id and un.id = p.unit_id `

// WantPast asks for so many of these purchase orders behind one, the newest first; with what was ordered where that is wanted.
func (t Tables) WantPast(all *[]view.Past, which Replayed, content bool, behind view.Past, most int) {
	w := which.where()
	if !behind.ID.IsZero() {
		w.and(`(p.submitted_at, p.id) < (?, ?)`, behind.SubmittedAt, behind.ID)
	}
	whole := `null`
	if content {
		whole = `p.content`
	}
	engine.Rows(t.Tx.Ask(`
		select p.id, p.number, p.state, p.requester_id, p.submitter_id, m.name, mn.path, p.unit_id, u.code, u.name, un.path, p.cost_centre_id, p.currency, p.net_minor,
		       p.shipping_minor, p.gross_minor, p.lines, p.needs, p.reason, p.submitted_at, `+whole+`
		  from `+replayedFrom+`
		  join member m on m.company_id = p.company_id and m.id = p.requester_id
		  join unit u on u.company_id = p.company_id and u.id = p.unit_id
		 where `+w.String()+` order by p.submitted_at desc, p.id desc limit ?`, append(w.args, most)...), all, func(p *view.Past, scan engine.Scan) error {
		err := scan(&p.ID, &p.Number, engine.Text(&p.State), &p.Requester, &p.Submitter, &p.RequesterName, engine.Text(&p.RequesterAt), &p.Unit, &p.UnitCode, &p.UnitName, engine.Text(&p.UnitAt),
			&p.CostCentre, &p.Net.Currency, &p.Net.Minor, &p.Shipping.Minor, &p.Gross.Minor, &p.Lines, engine.JSON(&p.Needs), &p.Reason, &p.SubmittedAt, engine.JSON(&p.Content))
		p.Shipping.Currency, p.Gross.Currency = p.Net.Currency, p.Net.Currency
		return err
	})
}

// WantWhence asks where these purchase orders come from, each place once.
func (t Tables) WantWhence(all *[]view.Whence, which Replayed) {
	w := which.where()
	engine.Rows(t.Tx.Ask(`select distinct p.requester_id, mn.path, un.path from `+replayedFrom+` where `+w.String(), w.args...), all,
		func(from *view.Whence, scan engine.Scan) error {
			return scan(&from.Requester, engine.Text(&from.RequesterAt), engine.Text(&from.UnitAt))
		})
}

// EachTook calls fn with each decision that was asked for on these purchase orders and taken.
func (t Tables) EachTook(which Replayed, reset func(), fn func(view.Took)) {
	w := which.where()
	t.Tx.Ask(`
		select a.member_id, a.asked_at, a.decided_at
		  from `+replayedFrom+`
		  join ask a on a.company_id = p.company_id and a.purchase_order_id = p.id
		 where a.state in ('approved', 'rejected') and a.asked_at is not null and a.decided_at is not null and `+w.String(), w.args...).
		Each(reset, func(scan engine.Scan) error {
			var took view.Took
			err := scan(&took.Member, &took.Asked, &took.Said)
			fn(took)
			return err
		})
}

// WantHoldingsOf asks for all that these members have been given, past and future too, by member. Of the roles it tells no more than
// which.
func (t Tables) WantHoldingsOf(all map[id.Member][]view.Holding, company id.Company, members []id.Member) {
	in, args := engine.Marks(members)
	t.Tx.Ask(`
		select s.member_id, s.role_id, s.unit_id, n.path, case when n.id is null then 0 else 1 end, s.from_at, s.until_at
		  from assignment s
		  left join node n on n.company_id = s.company_id and n.id = s.unit_id
		 where s.company_id = ? and s.member_id in `+in+` order by s.created_at, s.id`, append([]any{company}, args...)...).
		Each(func() {}, func(scan engine.Scan) error {
			var m id.Member
			var h view.Holding
			var known int64
			err := scan(&m, &h.Role, &h.Unit, engine.Text(&h.Place), &known, &h.From, &h.Until)
			h.UnitKnown = known == 1
			all[m] = append(all[m], h)
			return err
		})
}

// WantItemsOf asks what the lines of these purchase orders are called, in their order.
func (t Tables) WantItemsOf(all map[id.PurchaseOrder][]approval.Item, company id.Company, keys []id.PurchaseOrder) {
	in, args := engine.Marks(keys)
	t.Tx.Ask(`
		select l.purchase_order_id, l.name, l.supplier from purchase_order_line l
		 where l.company_id = ? and l.purchase_order_id in `+in+` order by l.purchase_order_id, l.position`, append([]any{company}, args...)...).
		Each(func() { clear(all) }, func(scan engine.Scan) error {
			var key id.PurchaseOrder
			var item approval.Item
			err := scan(&key, &item.Name, &item.Supplier)
			all[key] = append(all[key], item)
			return err
		})
}

// WantCategoriesOfProducts asks for the names and codes of the categories that these products stand in, and of those above them.
func (t Tables) WantCategoriesOfProducts(all map[id.Product][]string, products []id.Product) {
	in, args := engine.Marks(products)
	t.Tx.Ask(`
		with recursive up (product_id, id, parent_id, code, name) as (
		  select p.id, c.id, c.parent_id, c.code, c.name from product p join category c on c.id = p.category_id where p.id in `+in+`
		  union
		  select up.product_id, c.id, c.parent_id, c.code, c.name from category c join up on c.id = up.parent_id)
		select product_id, code, name from up order by product_id, id`, args...).
		Each(func() {}, func(scan engine.Scan) error {
			var key id.Product
			var code, name string
			err := scan(&key, &code, &name)
			all[key] = append(all[key], name, code)
			return err
		})
}
