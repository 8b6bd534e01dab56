package viewdb

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/companydb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

const purchaseColumns = `p.id, p.number, p.state, p.requester_id, m.name, m.title, mn.path, p.unit_id, u.code, u.name, un.path, p.cost_centre_id, c.code, c.name,
	p.currency, p.net_minor, p.gross_minor, p.lines, p.reference, p.content_hash, case when p.state in ('pending_approval', 'returned') then p.plan end,
	p.order_id, p.reason, p.submitted_at, p.changed_at, p.expires_at`

const purchaseFrom = ` purchase_order p
		  join member m on m.company_id = p.company_id and m.id = p.requester_id
		  left join node mn on mn.company_id = p.company_id and mn.id = p.requester_id
		  join unit u on u.company_id = p.company_id and u.id = p.unit_id
		  left join node un on un.company_id = p.company_id and un.id = p.unit_id
		  left join cost_centre c on c.company_id = p.company_id and c.id = p.cost_centre_id `

func purchaseInto(p *view.PurchaseOrder) []any {
	return []any{&p.ID, &p.Number, &p.State, &p.Requester, &p.RequesterName, &p.RequesterTitle, engine.Text(&p.RequesterAt), &p.Unit, &p.UnitCode, &p.UnitName,
		engine.Text(&p.UnitAt), &p.CostCentre, &p.CostCentreCode, &p.CostCentreName, &p.Net.Currency, &p.Net.Minor, &p.Gross.Minor, &p.Lines, &p.Reference,
		&p.Hash, engine.JSON(&p.Plan), &p.Order, &p.Reason, &p.SubmittedAt, &p.ChangedAt, &p.ExpiresAt}
}

func scanPurchase(p *view.PurchaseOrder, scan engine.Scan) error {
	err := scan(purchaseInto(p)...)
	p.Gross.Currency = p.Net.Currency
	return err
}

// PurchaseOrders says which purchase orders are listed. What is empty does not narrow.
type PurchaseOrders struct {
	Text        string // in the number, the buyer's reference or the requester's name
	States      []approval.State
	Requester   id.Member
	Unit        id.Unit
	Asked       id.Member // who is or was asked about it, or will be
	From, Until time.Time // submitted from the one moment to before the other
}

func (which PurchaseOrders) narrow(w *where) {
	if strings.TrimSpace(which.Text) != "" {
		text := like(which.Text)
		w.and(`(fold(p.number) like ? escape '!' or fold(p.reference) like ? escape '!' or fold(m.name) like ? escape '!')`, text, text, text)
	}
	if len(which.States) > 0 {
		in, args := engine.Marks(which.States)
		w.and(`p.state in `+in, args...)
	}
	if !which.Requester.IsZero() {
		w.and(`p.requester_id = ?`, which.Requester)
	}
	if !which.Unit.IsZero() {
		w.and(`p.unit_id = ?`, which.Unit)
	}
	if !which.Asked.IsZero() {
		w.and(`p.id in (select x.purchase_order_id from ask x where x.company_id = p.company_id and x.member_id = ?)`, which.Asked)
	}
	if !which.From.IsZero() {
		w.and(`p.submitted_at >= ?`, which.From)
	}
	if !which.Until.IsZero() {
		w.and(`p.submitted_at < ?`, which.Until)
	}
}

// PurchaseOrdersBy are the orders of a list of purchase orders.
var PurchaseOrdersBy = Sorting[view.PurchaseOrder]{page.Sort{By: "submitted", Down: true}, map[string]rank[view.PurchaseOrder]{
	"number":    by(aText("p.number", func(p view.PurchaseOrder) string { return p.Number }), purchaseKey),
	"submitted": by(aMoment("p.submitted_at", func(p view.PurchaseOrder) time.Time { return p.SubmittedAt }), purchaseKey),
	"total":     byAmount("p.currency", "p.gross_minor", func(p view.PurchaseOrder) money.Money { return p.Gross }, purchaseKey),
}}

var purchaseKey = aKey("p.id", func(p view.PurchaseOrder) id.PurchaseOrder { return p.ID }, id.ParsePurchaseOrder)

// WantPurchaseOrders asks for the purchase orders of a place in the list, within a scope.
func (t Tables) WantPurchaseOrders(all *[]view.PurchaseOrder, company id.Company, s access.Scope, which PurchaseOrders, at Place[view.PurchaseOrder]) {
	var w where
	w.and(`p.company_id = ?`, company)
	w.scope(s, `p.requester_id`, `mn.path`, `coalesce(un.path, '')`)
	which.narrow(&w)
	text, args := sorted(&w, at)
	engine.Rows(t.Tx.Ask(`
		select `+purchaseColumns+`
		  from `+purchaseFrom+`
		 where `+text, args...), all, scanPurchase)
}

// underWay are the states in which a purchase order waits for somebody.
var underWay = []approval.State{approval.PendingApproval, approval.Returned, approval.PendingPayment, approval.OrderFailed}

// WantUnderWay asks for so many purchase orders of a member that wait for somebody, the newest first.
func (t Tables) WantUnderWay(all *[]view.PurchaseOrder, company id.Company, member id.Member, most int) {
	t.WantPurchaseOrders(all, company, access.Scope{Member: member, Own: []tree.Path{tree.Top}}, PurchaseOrders{States: underWay}, PurchaseOrdersBy.First(most))
}

// WantPurchaseOrder asks for one purchase order of the company as lists show it.
func (t Tables) WantPurchaseOrder(all *[]view.PurchaseOrder, company id.Company, key id.PurchaseOrder) {
	engine.Rows(t.Tx.Ask(`select `+purchaseColumns+` from `+purchaseFrom+` where p.company_id = ? and p.id = ?`, company, key), all, scanPurchase)
}

// asked narrows the rows x of ask to those by which purchase orders wait for a member of a company: of each purchase order
// the one of longest ago, in the order of an index, so that the beginning of a long queue is read without its end. The case
// keeps SQLite from looking for e among all that the member was ever asked.
const asked = `x.company_id = ? and x.member_id = ? and x.state = 'asked' and not exists (
		         select 1 from ask e where e.company_id = x.company_id and e.purchase_order_id = x.purchase_order_id
		            and case when e.member_id = x.member_id and e.state = 'asked' then (e.asked_at, e.stage, e.part) < (x.asked_at, x.stage, x.part) else false end)`

// WaitingBy are the orders of a queue.
var WaitingBy = Sorting[view.Waiting]{page.Sort{By: "waiting", Down: true}, map[string]rank[view.Waiting]{
	"waiting":   {[]value[view.Waiting]{aMoment("x.asked_at", func(w view.Waiting) time.Time { return w.AskedAt }), waitingKey}, true, false},
	"requester": by(aText("m.name", func(w view.Waiting) string { return w.RequesterName }), waitingKey),
	"total":     byAmount("p.currency", "p.net_minor", func(w view.Waiting) money.Money { return w.Net }, waitingKey),
}}

var waitingKey = aKey("x.purchase_order_id", func(w view.Waiting) id.PurchaseOrder { return w.ID }, id.ParsePurchaseOrder)

// WantWaiting asks for the purchase orders that wait for a member's decision, of a place in their queue.
func (t Tables) WantWaiting(all *[]view.Waiting, company id.Company, member id.Member, f view.QueueFilter, at Place[view.Waiting]) {
	w := t.waiting(company, member, f)
	text, args := sorted(&w, at)
	engine.Rows(t.Tx.Ask(`
		select `+purchaseColumns+`, x.asked_at
		  from `+purchaseFrom+`
		  join ask x on x.company_id = p.company_id and x.purchase_order_id = p.id
		 where `+text, args...), all, func(r *view.Waiting, scan engine.Scan) error {
		err := scan(append(purchaseInto(&r.PurchaseOrder), &r.AskedAt)...)
		r.Gross.Currency = r.Net.Currency
		return err
	})
}

// WantWaitingCount asks how many purchase orders that wait for a member's decision fit.
func (t Tables) WantWaitingCount(n *page.Count, company id.Company, member id.Member, f view.QueueFilter) {
	w := t.waiting(company, member, f)
	t.countMost(n, `
		select 1 from ask x
		  join purchase_order p on p.company_id = x.company_id and p.id = x.purchase_order_id
		  join member m on m.company_id = p.company_id and m.id = p.requester_id
		 where `+w.String(), w.args...)
}

// countMost asks how many rows a question has, up to page.CountMost.
func (t Tables) countMost(n *page.Count, query string, args ...any) {
	t.Tx.Ask(`select count(*) from (`+query+` limit ?) counted`, append(slices.Clip(args), page.CountMost+1)...).
		One(access.ErrUnseen, func(scan engine.Scan) error {
			var all int64
			err := scan(&all)
			*n = page.Counted(all)
			return err
		})
}

// waiting narrows what waits for a member.
func (t Tables) waiting(company id.Company, member id.Member, f view.QueueFilter) where {
	var w where
	w.and(asked, company, member)
	PurchaseOrders{Text: f.Text, Requester: f.Requester, Unit: f.Unit}.narrow(&w)
	if f.Currency != "" {
		w.and(`p.currency = ?`, f.Currency)
	}
	if f.From != nil {
		w.and(`p.net_minor >= ?`, *f.From)
	}
	if f.To != nil {
		w.and(`p.net_minor <= ?`, *f.To)
	}
	if f.Waits > 0 {
		w.and(`x.asked_at < ?`, t.Tx.Now.Add(-f.Waits))
	}
	if !f.Since.IsZero() {
		w.and(`x.asked_at > ?`, f.Since)
	}
	if f.Needed != "" {
		w.and(`p.content ->> 'requested_date' <> '' and p.content ->> 'requested_date' <= ?`, string(f.Needed))
	}
	if f.Why != "" {
		texts, args := causes(f.Why)
		w.and(`exists (select 1 from ask b where b.company_id = p.company_id and b.purchase_order_id = p.id and b.member_id = ? and b.state = 'asked'
			and (`+strings.Join(texts, " or ")+`))`, append([]any{member}, args...)...)
	}
	return w
}

// reasons are why the row b asks somebody, as the plan of the purchase order p keeps it.
const reasons = `cast(p.plan -> 'stages' -> cast(b.stage as integer) -> 'groups' -> cast(b.part as integer) -> 'reasons' as text)`

// causes look for a cause in reasons, as either engine writes them.
func causes(c approval.Cause) (texts []string, args []any) {
	patterns := []string{`%"kind":"` + string(c) + `"%`, `%"kind": "` + string(c) + `"%`}
	if c == approval.OfParent {
		patterns = []string{`%"of":%`}
	} else if rule, err := id.ParseRule(string(c)); err == nil {
		patterns = []string{`%"` + rule.String() + `"%`}
	}
	for _, p := range patterns {
		texts, args = append(texts, reasons+` like ?`), append(args, p)
	}
	return texts, args
}

// WantAskers asks for whom a member's queue may be narrowed by: at most 1 000.
func (t Tables) WantAskers(all *[]view.Asker, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select distinct p.requester_id, m.name, p.unit_id, u.name, p.currency
		  from ask x
		  join purchase_order p on p.company_id = x.company_id and p.id = x.purchase_order_id
		  join member m on m.company_id = p.company_id and m.id = p.requester_id
		  join unit u on u.company_id = p.company_id and u.id = p.unit_id
		 where x.company_id = ? and x.member_id = ? and x.state = 'asked' order by m.name, p.requester_id, u.name, p.unit_id, p.currency limit 1000`, company, member), all,
		func(a *view.Asker, scan engine.Scan) error {
			return scan(&a.Requester, &a.RequesterName, &a.Unit, &a.UnitName, &a.Currency)
		})
}

// WantCauses asks why the 500 purchase orders that wait longest for a member came to them.
func (t Tables) WantCauses(all *[][]approval.Reason, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`
		select `+reasons+` from ask b
		  join purchase_order p on p.company_id = b.company_id and p.id = b.purchase_order_id
		 where b.company_id = ? and b.member_id = ? and b.state = 'asked'
		 order by b.asked_at, b.purchase_order_id, b.stage, b.part limit 500`, company, member), all,
		func(r *[]approval.Reason, scan engine.Scan) error { return scan(engine.JSON(r)) })
}

// WantCounts asks how many purchase orders wait for a member's decision, and how many of their own are under way.
func (t Tables) WantCounts(waiting, mine *page.Count, company id.Company, member id.Member) {
	t.countMost(waiting, `select 1 from ask x where `+asked, company, member)
	in, args := engine.Marks(underWay)
	t.countMost(mine, `select 1 from purchase_order p where p.company_id = ? and p.requester_id = ? and p.state in `+in, append([]any{company, member}, args...)...)
}

// PaceOver is how long ago somebody was asked whose answer counts for how long they usually take.
const PaceOver = 180 * 24 * time.Hour

// paceOf is how many of somebody's approvals, and of their rejections, say how long they usually take.
const paceOf = 50

// WantPace asks how long members took to decide, by what each approved and rejected that they were asked for last within PaceOver: 50
// of either. Each is asked about alone, so that whoever decides much leaves the others theirs, and so that the end of an index
// (ask_member) answers and those of years are not read.
func (t Tables) WantPace(p *approval.Pace, company id.Company, members []id.Member) {
	since := t.Tx.Now.Add(-PaceOver)
	for _, m := range members {
		t.Tx.Ask(`
			select a.asked_at, a.decided_at
			  from (select x.asked_at, x.decided_at from ask x
			         where x.company_id = ? and x.member_id = ? and x.state = 'approved' and x.asked_at >= ? and x.decided_at is not null
			         order by x.asked_at desc, x.purchase_order_id desc limit ?) a
			union all
			select r.asked_at, r.decided_at
			  from (select x.asked_at, x.decided_at from ask x
			         where x.company_id = ? and x.member_id = ? and x.state = 'rejected' and x.asked_at >= ? and x.decided_at is not null
			         order by x.asked_at desc, x.purchase_order_id desc limit ?) r`, company, m, since, paceOf, company, m, since, paceOf).
			Each(func() {}, func(scan engine.Scan) error {
				var took view.Took
				err := scan(&took.Asked, &took.Said)
				p.Add(m, took.Said.Sub(took.Asked))
				return err
			})
	}
}

// WantLines asks for the lines of a purchase order as they were frozen.
func (t Tables) WantLines(all *[]view.OrderLine, company id.Company, key id.PurchaseOrder) {
	engine.Rows(t.Tx.Ask(`
		select l.position, l.product_id, l.sku, l.name, l.unit, l.supplier, l.quantity, l.rate_e4, l.total_minor, p.currency, l.source, l.note
		  from purchase_order_line l join purchase_order p on p.company_id = l.company_id and p.id = l.purchase_order_id
		 where l.company_id = ? and l.purchase_order_id = ? order by l.position`, company, key), all,
		func(l *view.OrderLine, scan engine.Scan) error {
			var c money.Currency
			err := scan(&l.Position, &l.Product, &l.SKU, &l.Name, &l.Unit, &l.Supplier, &l.Quantity, &l.Rate.E4, &l.Total.Minor, &c, engine.JSON(&l.Source), &l.Note)
			l.Rate.Currency, l.Total.Currency = c, c
			return err
		})
}

// WantBought asks, for the products of a purchase order, what the company paid when it last bought each: of what was placed, and
// submitted before this one. What it never bought before is not told of.
func (t Tables) WantBought(last map[id.Product]view.Bought, company id.Company, key id.PurchaseOrder) {
	t.Tx.Ask(`
		select y.product_id, q.submitted_at, y.quantity, y.rate_e4, q.currency
		  from (select distinct l.company_id, l.product_id, (
		               select z.purchase_order_id from purchase_order_line z
		                 join purchase_order s on s.company_id = z.company_id and s.id = z.purchase_order_id
		                where z.company_id = l.company_id and z.product_id = l.product_id and z.purchase_order_id < l.purchase_order_id and s.state = 'placed'
		                order by z.purchase_order_id desc limit 1) as last_id
		          from purchase_order_line l where l.company_id = ? and l.purchase_order_id = ?) b
		  join purchase_order_line y on y.company_id = b.company_id and y.purchase_order_id = b.last_id and y.product_id = b.product_id
		  join purchase_order q on q.company_id = y.company_id and q.id = y.purchase_order_id
		 order by y.position desc`, company, key).Each(func() { clear(last) }, func(scan engine.Scan) error {
		var product id.Product
		var b view.Bought
		err := scan(&product, &b.At, &b.Quantity, &b.Rate.E4, &b.Rate.Currency)
		last[product] = b
		return err
	})
}

// WantUnsold asks for the SKUs of what a purchase order orders and the seller sells no more; at most ten.
func (t Tables) WantUnsold(all *[]string, company id.Company, key id.PurchaseOrder) {
	engine.Rows(t.Tx.Ask(`
		select l.sku from purchase_order_line l join product p on p.id = l.product_id and p.status <> 'active'
		 where l.company_id = ? and l.purchase_order_id = ? order by l.position limit 10`, company, key), all,
		func(sku *string, scan engine.Scan) error { return scan(sku) })
}

// WantDecisions asks for what people did to a purchase order, the oldest first; at most 500.
func (t Tables) WantDecisions(all *[]view.Decision, company id.Company, key id.PurchaseOrder) {
	engine.Rows(t.Tx.Ask(`
		select d.id, d.member_id, coalesce(m.name, ''), coalesce(m.title, ''), d.behalf_id, coalesce(f.name, ''), d.action, d.reason, d.content_hash, d.decided_at
		  from decision d
		  left join member m on m.company_id = d.company_id and m.id = d.member_id
		  left join member f on f.company_id = d.company_id and f.id = d.behalf_id
		 where d.company_id = ? and d.purchase_order_id = ? order by d.decided_at, d.id limit 500`, company, key), all,
		func(d *view.Decision, scan engine.Scan) error {
			return scan(&d.ID, &d.Member, &d.Name, &d.Title, &d.Behalf, &d.BehalfName, &d.Action, &d.Reason, &d.Hash, &d.At)
		})
}

// WantAuditOf asks for what the audit says of these subjects, the oldest first; at most 500.
func (t Tables) WantAuditOf(all *[]view.Trail, company id.Company, subjects ...string) {
	in, args := engine.Marks(subjects)
	engine.Rows(t.Tx.Ask(`
		select a.id, a.at, a.member_id, a.actor_name, a.event, a.body
		  from audit a where a.company_id = ? and a.subject in `+in+` order by a.at, a.id limit 500`, append([]any{company}, args...)...), all,
		func(e *view.Trail, scan engine.Scan) error {
			return scan(&e.ID, &e.At, &e.Member, &e.Name, &e.Event, engine.JSON(&e.Body))
		})
}

// Rules says which approval rules are listed. What is empty does not narrow.
type Rules struct {
	Places  []tree.Path // those of units at, above or below these
	Text    string      // in the name or description
	Enabled *bool
	Key     id.Rule // only this one
}

// WantRuleRows asks for so many approval rules by name, behind the sort values of the last one seen. A rule of a unit
// that stands nowhere any more is the whole company's.
func (t Tables) WantRuleRows(all *[]view.Rule, company id.Company, which Rules, after []any, most int) {
	var w where
	w.and(`r.company_id = ? and r.removed_at is null`, company)
	if !which.Key.IsZero() {
		w.and(`r.id = ?`, which.Key)
	}
	if which.Enabled != nil {
		w.and(`r.enabled = ?`, *which.Enabled)
	}
	if strings.TrimSpace(which.Text) != "" {
		w.and(`fold(r.name) like ? escape '!'`, like(which.Text))
	}
	w.ruled(which.Places)
	w.behind(`(r.name, r.id) > (?, ?)`, after)
	engine.Rows(t.Tx.Ask(`
		select `+approvaldb.RuleColumns+`, r.changed_at, coalesce(u.name, ''), n.path
		  from approval_rule r
		  left join unit u on u.company_id = r.company_id and u.id = r.unit_id
		  left join node n on n.company_id = r.company_id and n.id = r.unit_id
		 where `+w.String()+` order by r.name, r.id limit ?`, append(w.args, most)...), all, func(r *view.Rule, scan engine.Scan) error {
		return approvaldb.ScanRule(&r.Rule, scan.And(&r.ChangedAt, &r.UnitName, engine.Text(&r.UnitAt)))
	})
}

// ruled cuts a list of rules to those that apply somewhere at or below these places.
func (w *where) ruled(places []tree.Path) {
	if len(places) == 0 {
		w.and(`1 = 0`)
		return
	}
	below, args := at(`coalesce(n.path, '')`, places)
	above := []tree.Path{tree.Top}
	for _, p := range places {
		above = append(above, p.Ancestors()...)
	}
	in, more := engine.Marks(above)
	w.and(`(`+below+` or coalesce(n.path, '') in `+in+`)`, append(args, more...)...)
}

// WantRuleVersions asks for the versions of a rule, the newest first; at most 200.
func (t Tables) WantRuleVersions(all *[]view.RuleVersion, company id.Company, key id.Rule) {
	engine.Rows(t.Tx.Ask(`
		select r.company_id, r.rule_id, r.version, r.spec, r.changed_by, coalesce(m.name, ''), r.changed_at
		  from approval_rule_version r
		  left join member m on m.company_id = r.company_id and m.id = r.changed_by
		 where r.company_id = ? and r.rule_id = ? order by r.version desc limit 200`, company, key), all,
		func(v *view.RuleVersion, scan engine.Scan) error {
			return approvaldb.ScanRule(&v.Rule, scan.And(&v.By, &v.ByName, &v.At))
		})
}

// Named is what somebody named, of which the company may have some.
type Named struct {
	Members     []id.Member
	Units       []id.Unit
	CostCentres []id.CostCentre
	Roles       []id.Role
	Budgets     []id.Budget
}

// WantKnown asks which of the things named there are in a company.
func (t Tables) WantKnown(known *view.Known, company id.Company, which Named) {
	*known = view.Known{Members: map[id.Member]view.Somebody{}, Units: map[id.Unit]view.Somewhere{}, CostCentres: map[id.CostCentre]view.Somewhere{},
		Roles: map[id.Role]string{}, Budgets: map[id.Budget]string{}}
	know(t, company, which.Members, known.Members, `
		select m.id, m.name, n.path from member m left join node n on n.company_id = m.company_id and n.id = m.id where m.company_id = ? and m.id in `,
		func(key *id.Member, s *view.Somebody, scan engine.Scan) error {
			return scan(key, &s.Name, engine.Text(&s.At))
		})
	know(t, company, which.Units, known.Units, `
		select u.id, u.name, n.path from unit u left join node n on n.company_id = u.company_id and n.id = u.id
		 where u.company_id = ? and u.id in `,
		func(key *id.Unit, s *view.Somewhere, scan engine.Scan) error {
			return scan(key, &s.Name, engine.Text(&s.At))
		})
	know(t, company, which.CostCentres, known.CostCentres, `
		select c.id, c.name, n.path from cost_centre c left join node n on n.company_id = c.company_id and n.id = c.unit_id where c.company_id = ? and c.id in `,
		func(key *id.CostCentre, s *view.Somewhere, scan engine.Scan) error {
			return scan(key, &s.Name, engine.Text(&s.At))
		})
	know(t, company, which.Roles, known.Roles, `select r.id, r.name from role r where r.company_id = ? and r.id in `,
		func(key *id.Role, name *string, scan engine.Scan) error { return scan(key, name) })
	know(t, company, which.Budgets, known.Budgets, `select b.id, b.name from budget b where b.company_id = ? and b.id in `,
		func(key *id.Budget, name *string, scan engine.Scan) error { return scan(key, name) })
}

// WantFilled asks which of the things named there lead to somebody who may decide somewhere: a role that one of them has, one of
// these members, a cost centre whose manager may, a budget that neither belongs to a member nor a cost centre, or to one who may.
// deciding are the roles that let one decide.
func (t Tables) WantFilled(filled *view.Filled, company id.Company, which Named, deciding []id.Role) {
	*filled = view.Filled{Members: map[id.Member]bool{}, CostCentres: map[id.CostCentre]bool{}, Roles: map[id.Role]bool{}, Budgets: map[id.Budget]bool{}}
	in, roles := engine.Marks(deciding)
	now := `(%[1]s.from_at is null or %[1]s.from_at <= ?) and (%[1]s.until_at is null or %[1]s.until_at > ?)`
	args := append(roles, t.Tx.Now, t.Tx.Now)
	decides := companydb.ActsWhere + ` and exists (
		select 1 from assignment e where e.company_id = m.company_id and e.member_id = m.id and e.role_id in ` + in + ` and ` + fmt.Sprintf(now, "e") + `)`
	fill(t, which.Roles, filled.Roles, args, `
		select s.role_id from assignment s join member m on m.company_id = s.company_id and m.id = s.member_id
		 where `+decides+` and `+fmt.Sprintf(now, "s")+` and s.company_id = ? and s.role_id in `, t.Tx.Now, t.Tx.Now, company)
	fill(t, which.Members, filled.Members, args, `select m.id from member m where `+decides+` and m.company_id = ? and m.id in `, company)
	fill(t, which.CostCentres, filled.CostCentres, args, `
		select c.id from cost_centre c join member m on m.company_id = c.company_id and m.id = c.manager_id where `+decides+` and c.company_id = ? and c.id in `, company)
	fill(t, which.Budgets, filled.Budgets, args, `
		select b.id from budget b
		  left join cost_centre c on c.company_id = b.company_id and c.id = b.cost_centre_id
		  left join member m on m.company_id = b.company_id and m.id = coalesce(b.member_id, c.manager_id)
		 where (b.member_id is null and b.cost_centre_id is null or `+decides+`) and b.company_id = ? and b.id in `, company)
}

// fill notes which of these keys a query finds, whose arguments come before the keys.
func fill[K comparable](t Tables, keys []K, into map[K]bool, args []any, query string, more ...any) {
	if len(keys) == 0 {
		return
	}
	in, last := engine.Marks(keys)
	t.Tx.Ask(query+in, slices.Concat(args, more, last)...).Each(func() { clear(into) }, func(scan engine.Scan) error {
		var key K
		err := scan(&key)
		into[key] = true
		return err
	})
}

// know asks for those of these keys that there are, with what is told of each.
func know[K comparable, V any](t Tables, company id.Company, keys []K, into map[K]V, query string, read func(*K, *V, engine.Scan) error) {
	if len(keys) == 0 {
		return
	}
	in, args := engine.Marks(keys)
	t.Tx.Ask(query+in, append([]any{company}, args...)...).Each(func() { clear(into) }, func(scan engine.Scan) error {
		var key K
		var value V
		err := read(&key, &value, scan)
		into[key] = value
		return err
	})
}

// WantCategoriesOfOrder asks for the names and codes of all categories that the products of a purchase order stand in,
// and of those above them.
func (t Tables) WantCategoriesOfOrder(names *[]string, company id.Company, key id.PurchaseOrder) {
	t.wantCategoriesOf(names, `purchase_order_line l join product p on p.id = l.product_id where l.company_id = ? and l.purchase_order_id = ?`, company, key)
}

// WantRuleCount asks how many rules a company has.
func (t Tables) WantRuleCount(n *int64, company id.Company) {
	t.Tx.Ask(`select count(*) from approval_rule r where r.company_id = ? and r.removed_at is null`, company).Row(access.ErrUnseen, n)
}
