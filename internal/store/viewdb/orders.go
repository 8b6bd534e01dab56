package viewdb

import (
	"strings"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/order"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

const orderColumns = `o.id, o.number, o.purchase_order_id, p.number, o.state, o.requester_id, m.name, m.title, mn.path, o.unit_id, u.code, u.name, un.path,
	o.cost_centre_id, c.code, c.name, o.currency, o.net_minor, o.shipping_minor, o.tax_minor, o.gross_minor, o.lines, o.reference, p.note, p.submitted_at,
	o.placed_at, o.changed_at, o.version`

const orderFrom = ` orders o
		  join purchase_order p on p.company_id = o.company_id and p.id = o.purchase_order_id
		  join member m on m.company_id = o.company_id and m.id = o.requester_id
		  left join node mn on mn.company_id = o.company_id and mn.id = o.requester_id
		  join unit u on u.company_id = o.company_id and u.id = o.unit_id
		  left join node un on un.company_id = o.company_id and un.id = o.unit_id
		  left join cost_centre c on c.company_id = o.company_id and c.id = o.cost_centre_id `

func scanOrder(o *view.Order, scan engine.Scan) error {
	var c money.Currency
	err := scan(&o.ID, &o.Number, &o.PurchaseOrder, &o.PurchaseNumber, &o.State, &o.Requester, &o.RequesterName, &o.RequesterTitle, engine.Text(&o.RequesterAt),
		&o.Unit, &o.UnitCode, &o.UnitName, engine.Text(&o.UnitAt), &o.CostCentre, &o.CostCentreCode, &o.CostCentreName, &c, &o.Net.Minor, &o.Shipping.Minor,
		&o.Tax.Minor, &o.Gross.Minor, &o.Lines, &o.Reference, &o.Note, &o.SubmittedAt, &o.PlacedAt, &o.ChangedAt, &o.Version)
	o.Net.Currency, o.Shipping.Currency, o.Tax.Currency, o.Gross.Currency = c, c, c, c
	return err
}

// Orders says which orders are listed. What is empty does not narrow.
type Orders struct {
	Text        string // in the number, the buyer's reference or the requester's name
	States      []order.State
	Requester   id.Member
	Unit        id.Unit
	CostCentre  id.CostCentre
	From, Until time.Time // placed from the one moment to before the other
}

func (which Orders) narrow(w *where) {
	if strings.TrimSpace(which.Text) != "" {
		text := like(which.Text)
		w.and(`(fold(o.number) like ? escape '!' or fold(o.reference) like ? escape '!' or fold(m.name) like ? escape '!')`, text, text, text)
	}
	if len(which.States) > 0 {
		in, args := engine.Marks(which.States)
		w.and(`o.state in `+in, args...)
	}
	if !which.Requester.IsZero() {
		w.and(`o.requester_id = ?`, which.Requester)
	}
	if !which.Unit.IsZero() {
		w.and(`o.unit_id = ?`, which.Unit)
	}
	if !which.CostCentre.IsZero() {
		w.and(`o.cost_centre_id = ?`, which.CostCentre)
	}
	if !which.From.IsZero() {
		w.and(`o.placed_at >= ?`, which.From)
	}
	if !which.Until.IsZero() {
		w.and(`o.placed_at < ?`, which.Until)
	}
}

// OrdersBy are the orders of a list of orders.
var OrdersBy = Sorting[view.Order]{page.Sort{By: "placed", Down: true}, map[string]rank[view.Order]{
	"number": by(aText("o.number", func(o view.Order) string { return o.Number }), orderKey),
	"placed": by(aMoment("o.placed_at", func(o view.Order) time.Time { return o.PlacedAt }), orderKey),
	"total":  byAmount("o.currency", "o.gross_minor", func(o view.Order) money.Money { return o.Gross }, orderKey),
}}

var orderKey = aKey("o.id", func(o view.Order) id.Order { return o.ID }, id.ParseOrder)

// WantOrders asks for the orders of a place in the list, within a scope.
func (t Tables) WantOrders(all *[]view.Order, company id.Company, s access.Scope, which Orders, at Place[view.Order]) {
	var w where
	w.and(`o.company_id = ?`, company)
	w.scope(s, `o.requester_id`, `mn.path`, `coalesce(un.path, '')`)
	which.narrow(&w)
	text, args := sorted(&w, at)
	engine.Rows(t.Tx.Ask(`
		select `+orderColumns+`
		  from `+orderFrom+`
		 where `+text, args...), all, scanOrder)
}

// WantUnusual asks for so many orders placed since a moment, the latest first, that are charged to a cost centre which the
// member manages and came to at least four times what its orders came to on average in the year before: at least eight of
// them, in the same currency.
func (t Tables) WantUnusual(all *[]view.Order, company id.Company, manager id.Member, s access.Scope, since time.Time, most int) {
	var w where
	w.and(`o.company_id = ? and o.placed_at >= ? and o.net_minor >= 4 * a.usual`, company, since)
	w.scope(s, `o.requester_id`, `mn.path`, `coalesce(un.path, '')`)
	engine.Rows(t.Tx.Ask(`
		select `+orderColumns+`
		  from `+orderFrom+`
		  join (select x.cost_centre_id, x.currency, avg(x.net_minor) as usual
		          from cost_centre k
		          join orders x on x.company_id = k.company_id and x.cost_centre_id = k.id
		         where k.company_id = ? and k.manager_id = ? and x.placed_at >= ? and x.placed_at < ?
		         group by x.cost_centre_id, x.currency having count(*) >= 8) a on a.cost_centre_id = o.cost_centre_id and a.currency = o.currency
		 where `+w.String()+`
		 order by o.placed_at desc, o.id desc limit ?`,
		append(append([]any{company, manager, since.AddDate(-1, 0, 0), since}, w.args...), most)...), all, scanOrder)
}

// WantOrder asks for one order of the company.
func (t Tables) WantOrder(all *[]view.Order, company id.Company, key id.Order) {
	engine.Rows(t.Tx.Ask(`select `+orderColumns+` from `+orderFrom+` where o.company_id = ? and o.id = ?`, company, key), all, scanOrder)
}

// WantBaskets asks for the carts that a member may go on with, the one worked on first and those that came back last;
// at most 100.
func (t Tables) WantBaskets(all *[]view.Basket, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select c.id, c.name, (select count(*) from cart_line l where l.company_id = c.company_id and l.cart_id = c.id), c.changed_at, c.version, c.chosen_at,
		       p.id, coalesce(p.number, '')
		  from cart c left join purchase_order p on p.company_id = c.company_id and p.id = c.purchase_order_id
		 where c.company_id = ? and c.member_id = ? and c.state = 'open'
		 order by case when c.chosen_at is null then 1 else 0 end, c.chosen_at desc, c.id desc limit 100`, company, member), all,
		func(b *view.Basket, scan engine.Scan) error {
			err := scan(&b.ID, &b.Name, &b.Lines, &b.ChangedAt, &b.Version, &b.ChosenAt, &b.From, &b.FromNumber)
			b.Current = len(*all) == 0 && !b.ChosenAt.IsZero()
			return err
		})
}
