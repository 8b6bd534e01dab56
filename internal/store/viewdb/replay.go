package viewdb

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// Replayed says which purchase orders of a company are looked at again: those submitted from the one moment to before the other,
// within a scope.
type Replayed struct {
	Company     id.Company
	Scope       access.Scope
	From, Until time.Time

	newest, oldest view.Past
}

func (which Replayed) where() *where {
	w := &where{}
	w.and(`p.company_id = ?`, which.Company)
	w.and(`p.submitted_at >= ? and p.submitted_at < ?`, which.From, which.Until)
	if !which.newest.ID.IsZero() {
		w.and(`(p.submitted_at, p.id) <= (?, ?) and (p.submitted_at, p.id) >= (?, ?)`, which.newest.SubmittedAt, which.newest.ID, which.oldest.SubmittedAt, which.oldest.ID)
	}
	w.scope(which.Scope, `p.requester_id`, `coalesce(mn.path, '')`, `coalesce(un.path, '')`)
	return w
}

// replayedFrom joins where they stand: neither engine looks at that where the scope does not ask.
const replayedFrom = ` purchase_order p
		  left join node mn on mn.company_id = p.company_id and mn.id = p.requester_id
		  left join node un on un.company_id = p.company_id and un.id = p.unit_id `

// WantPast asks for so many of these purchase orders behind one, the newest first; with what was ordered where that is wanted. Which
// they are is found out before they are read, for they are wide.
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
		select p.id, p.number, p.state, p.requester_id, p.submitter_id, `+approvaldb.ActedByColumns+`, p.unit_id, p.cost_centre_id, p.currency, p.net_minor, p.shipping_minor, p.gross_minor,
		       p.lines, p.needs, p.reason, p.submitted_at, `+whole+`
		  from (select p.company_id, p.id from `+replayedFrom+`
		         where `+w.String()+` order by p.submitted_at desc, p.id desc limit ?) k
		  join purchase_order p on p.company_id = k.company_id and p.id = k.id
		 order by p.submitted_at desc, p.id desc`, append(w.args, most)...), all, func(p *view.Past, scan engine.Scan) error {
		err := scan(&p.ID, &p.Number, engine.Text(&p.State), &p.Requester, &p.Submitter, &p.ActedBy, &p.Unit, &p.CostCentre, &p.Net.Currency, &p.Net.Minor, &p.Shipping.Minor, &p.Gross.Minor,
			&p.Lines, engine.JSON(&p.Needs), &p.Reason, &p.SubmittedAt, engine.JSON(&p.Content))
		p.Shipping.Currency, p.Gross.Currency = p.Net.Currency, p.Net.Currency
		return err
	})
}

// WantWhence asks where these purchase orders come from, each place once.
func (t Tables) WantWhence(all *[]view.Whence, which Replayed) {
	w := which.where()
	engine.Rows(t.Tx.Ask(`
		select d.requester_id, m.name, mn.path, d.unit_id, u.code, u.name, un.path
		  from (select distinct p.company_id, p.requester_id, p.unit_id from `+replayedFrom+`
		         where `+w.String()+`) d
		  join member m on m.company_id = d.company_id and m.id = d.requester_id
		  left join node mn on mn.company_id = d.company_id and mn.id = d.requester_id
		  join unit u on u.company_id = d.company_id and u.id = d.unit_id
		  left join node un on un.company_id = d.company_id and un.id = d.unit_id`, w.args...), all,
		func(from *view.Whence, scan engine.Scan) error {
			return scan(&from.Requester, &from.RequesterName, engine.Text(&from.RequesterAt), &from.Unit, &from.UnitCode, &from.UnitName, engine.Text(&from.UnitAt))
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

// Between narrows to the purchase orders from one to another, both included, as they were read: what belongs to them is looked up
// by where they stand in their order, not by naming a thousand of them.
func (which Replayed) Between(newest, oldest view.Past) Replayed {
	which.newest, which.oldest = newest, oldest
	return which
}

// WantItemsOf asks what the lines of these purchase orders are called, in their order.
func (t Tables) WantItemsOf(all map[id.PurchaseOrder][]approval.Item, which Replayed) {
	w := which.where()
	t.Tx.Ask(`
		select l.purchase_order_id, l.name, l.supplier
		  from `+replayedFrom+`
		  join purchase_order_line l on l.company_id = p.company_id and l.purchase_order_id = p.id
		 where `+w.String()+` order by l.purchase_order_id, l.position`, w.args...).
		Each(func() { clear(all) }, func(scan engine.Scan) error {
			var key id.PurchaseOrder
			var item approval.Item
			err := scan(&key, &item.Name, &item.Supplier)
			all[key] = append(all[key], item)
			return err
		})
}

// WantEntriesOf asks for the ledger rows of these purchase orders, the oldest first.
func (t Tables) WantEntriesOf(all *[]budget.Entry, which Replayed) {
	w := which.where()
	engine.Rows(t.Tx.Ask(`
		select `+budgetdb.EntryColumns+`
		  from `+replayedFrom+`
		  join ledger e on e.company_id = p.company_id and e.purchase_order_id = p.id
		 where `+w.String()+` order by e.posted_at, e.place, e.id`, w.args...), all, budgetdb.ScanEntry)
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
