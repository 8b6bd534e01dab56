package viewdb

import (
	"strings"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/budget"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// Budgets says which budgets are listed: those booked where the actor sees all, and those that apply to the actor.
type Budgets struct {
	Places  []tree.Path // whoever looks sees all that is booked at or below these
	Member  id.Member   // who looks
	Units   []tree.Path // where the units above them stand
	Periods []string    // the keys of the current periods: one for each kind of cycle

	Mine       bool         // only those that apply to the member
	Archived   bool         // those that are archived, instead of those that are not
	Usage      budget.Usage // only those that are used so far in one of the periods
	Text       string
	Budget     id.Budget // only this one, archived or not
	Owner      id.Member // only those of this member
	Unit       id.Unit
	CostCentre id.CostCentre
}

// BudgetsBy are the orders of a list of budgets.
var BudgetsBy = Sorting[view.Budget]{page.Sort{By: "name"}, map[string]rank[view.Budget]{
	"name": by(aText("fold(b.name)", func(b view.Budget) string { return b.Key }), budgetKey),
	"limit": by(aText("b.currency", func(b view.Budget) string { return string(b.Limit.Currency) }),
		aNumber("b.limit_minor", func(b view.Budget) int64 { return b.Limit.Minor }), budgetKey),
}}

var budgetKey = aKey("b.id", func(b view.Budget) id.Budget { return b.ID }, id.ParseBudget)

// WantBudgets asks for the budgets of a place in the list, each with its purse of one of the periods.
func (t Tables) WantBudgets(all *[]view.Budget, company id.Company, which Budgets, place Place[view.Budget]) {
	mine, mineArgs := which.mine()
	periods, args := engine.Marks(which.Periods)
	args = append(append([]any{}, mineArgs...), args...)
	var w where
	w.and(`b.company_id = ?`, company)
	if which.Mine {
		w.and(mine, mineArgs...)
	} else {
		seen, seenArgs := at(`coalesce(un.path, mn.path, cn.path, '')`, which.Places)
		w.and(`(`+seen+` or `+mine+`)`, append(seenArgs, mineArgs...)...)
	}
	which.narrow(&w)
	text, behind := sorted(&w, place)
	engine.Rows(t.Tx.Ask(`
		select `+budgetdb.Columns+`, `+budgetdb.PurseColumns+`, coalesce(m.name, ''), coalesce(u.code, ''), coalesce(u.name, ''), coalesce(c.code, ''),
		       coalesce(c.name, ''), fold(b.name), case when `+mine+` then 1 else 0 end
		  from budget b
		  left join member m on m.company_id = b.company_id and m.id = b.member_id
		  left join node mn on mn.company_id = b.company_id and mn.id = b.member_id
		  left join unit u on u.company_id = b.company_id and u.id = b.unit_id
		  left join node un on un.company_id = b.company_id and un.id = b.unit_id
		  left join cost_centre c on c.company_id = b.company_id and c.id = b.cost_centre_id
		  left join node cn on cn.company_id = c.company_id and cn.id = c.unit_id
		  left join purse s on s.company_id = b.company_id and s.budget_id = b.id and s.period in `+periods+`
		 where `+text, append(args, behind...)...), all, scanBudget)
}

func scanBudget(b *view.Budget, scan engine.Scan) error {
	var mine int64
	err := scanFunded(&b.Funded, scan.And(&b.MemberName, &b.UnitCode, &b.UnitName, &b.CostCentreCode, &b.CostCentreName, &b.Key, &mine))
	b.Mine = mine == 1
	return err
}

// mine is the condition that a budget applies to the member: what they order for a unit above them is charged to it.
// A cost centre counts when they manage it, or when it is that of a unit above them.
func (which Budgets) mine() (string, []any) {
	units, paths := engine.Marks(which.Units)
	args := []any{which.Member}
	args = append(append(append(args, paths...), which.Member), paths...)
	args = append(args, paths...)
	return `((b.member_id is null or b.member_id = ?) and (b.unit_id is null or un.path in ` + units + `)
		       and (b.cost_centre_id is null or c.manager_id = ? or cn.path in ` + units + ` or exists (
		            select 1 from unit x join node xn on xn.company_id = x.company_id and xn.id = x.id
		             where x.company_id = b.company_id and x.cost_centre_id = b.cost_centre_id and xn.path in ` + units + `))
		       and b.project_id is null)`, args
}

func (which Budgets) narrow(w *where) {
	if !which.Budget.IsZero() {
		w.and(`b.id = ?`, which.Budget)
		return
	}
	if which.Archived {
		w.and(`b.archived`)
	} else {
		w.and(`not b.archived`)
	}
	switch which.Usage {
	case budget.Overdrawn:
		w.and(overdrawn)
	case budget.Nearly:
		w.and(nearly)
	}
	if strings.TrimSpace(which.Text) != "" {
		text := like(which.Text)
		w.and(`(fold(b.name) like ? escape '!' or fold(m.name) like ? escape '!' or fold(u.name) like ? escape '!' or fold(c.code) like ? escape '!'
		    or fold(c.name) like ? escape '!')`, text, text, text, text, text)
	}
	if !which.Owner.IsZero() {
		w.and(`b.member_id = ?`, which.Owner)
	}
	if !which.Unit.IsZero() {
		w.and(`b.unit_id = ?`, which.Unit)
	}
	if !which.CostCentre.IsZero() {
		w.and(`b.cost_centre_id = ?`, which.CostCentre)
	}
}

// at is the condition that a place is at or below one of these paths.
func at(place string, paths []tree.Path) (string, []any) {
	in, args := []string{}, []any{}
	for _, p := range paths {
		if p == tree.Top {
			return `1 = 1`, nil
		}
		in, args = append(in, place+` >= ? and `+place+` < ?`), append(args, p, p.End())
	}
	if len(in) == 0 {
		return `1 = 0`, nil
	}
	return `(` + strings.Join(in, ` or `) + `)`, args
}

// Stretch is how long the stretches are whose entries WantMoved adds up.
type Stretch int

// The stretches: so many characters of a moment as it is written tell them apart.
const (
	Minute Stretch = 16 // 2026-03-05 13:45
	Hour   Stretch = 13 // 2026-03-05 13
)

// WantMoved asks what the entries of these purses came to, hour by hour or minute by minute, the oldest first.
func (t Tables) WantMoved(all *[]view.Moved, company id.Company, purses []budget.Purse, each Stretch) {
	var budgets []id.Budget
	var periods []string
	for _, p := range purses {
		budgets, periods = append(budgets, p.Budget.ID), append(periods, p.Period.Key)
	}
	in, args := engine.Marks(budgets)
	during, more := engine.Marks(periods)
	engine.Rows(t.Tx.Ask(`
		select x.budget_id, min(x.posted_at), cast(sum(x.held_minor) as bigint), cast(sum(x.spent_minor) as bigint), cast(sum(x.limit_minor) as bigint)
		  from (select e.budget_id, e.posted_at, e.held_minor, e.spent_minor, e.limit_minor, substr(cast(e.posted_at as text), 1, ?) as stretch
		          from ledger e where e.company_id = ? and e.budget_id in `+in+` and e.period in `+during+`) x
		 group by x.budget_id, x.stretch order by x.stretch, x.budget_id`, append(append([]any{int64(each), company}, args...), more...)...), all,
		func(m *view.Moved, scan engine.Scan) error {
			return scan(&m.Budget, &m.At, &m.Held, &m.Spent, &m.Limit)
		})
}

// WantWindow asks for the purses of a rolling budget from one day to another, both included.
func (t Tables) WantWindow(all *[]view.Window, company id.Company, key id.Budget, from, until date.Date) {
	engine.Rows(t.Tx.Ask(`
		select s.budget_id, s.period, s.held_minor, s.spent_minor, s.limit_minor
		  from purse s where s.company_id = ? and s.budget_id = ? and s.period >= ? and s.period <= ? order by s.period limit 3660`, company, key, from, until), all,
		func(d *view.Window, scan engine.Scan) error {
			return scan(&d.Budget, &d.On, &d.Held, &d.Spent, &d.Limit)
		})
}

// WantHolds asks for the purchase orders that hold or want money of a budget, the oldest first.
func (t Tables) WantHolds(all *[]view.Hold, company id.Company, key id.Budget, current string, most int) {
	engine.Rows(t.Tx.Ask(`
		select p.id, p.number, p.state, p.requester_id, m.name, coalesce(u.name, ''), x.held, x.requested, p.submitted_at
		  from (select e.purchase_order_id, cast(sum(e.held_minor) as bigint) as held, cast(sum(e.requested_minor) as bigint) as requested
		          from ledger e
		         where e.company_id = ? and e.budget_id = ? and e.purchase_order_id is not null
		           and e.period in (select s.period from purse s where s.company_id = ? and s.budget_id = ? and (s.held_minor > 0 or s.period = ?))
		         group by e.purchase_order_id having sum(e.held_minor) <> 0 or sum(e.requested_minor) <> 0) x
		  join purchase_order p on p.company_id = ? and p.id = x.purchase_order_id
		  join member m on m.company_id = p.company_id and m.id = p.requester_id
		  left join unit u on u.company_id = p.company_id and u.id = p.unit_id
		 order by p.submitted_at, p.id limit ?`, company, key, company, key, current, company, most), all,
		func(h *view.Hold, scan engine.Scan) error {
			return scan(&h.PurchaseOrder, &h.Number, &h.State, &h.Requester, &h.RequesterName, &h.UnitName, &h.Held, &h.Requested, &h.SubmittedAt)
		})
}

// LedgerBy are the orders of a ledger.
var LedgerBy = Sorting[view.Entry]{page.Sort{By: "when", Down: true}, map[string]rank[view.Entry]{
	"when": by(aText("e.period", func(e view.Entry) string { return e.Period }), aNumber("e.place", func(e view.Entry) int64 { return e.Place })),
}}

// WantLedger asks for the entries of a place in the ledger of a budget.
func (t Tables) WantLedger(all *[]view.Entry, company id.Company, key id.Budget, at Place[view.Entry]) {
	var w where
	w.and(`e.company_id = ? and e.budget_id = ?`, company, key)
	text, args := sorted(&w, at)
	engine.Rows(t.Tx.Ask(`
		select `+budgetdb.EntryColumns+`, e.place, coalesce(m.name, ''), coalesce(p.number, '')
		  from ledger e
		  left join member m on m.company_id = e.company_id and m.id = e.by_id
		  left join purchase_order p on p.company_id = e.company_id and p.id = e.purchase_order_id
		 where `+text, args...), all,
		func(e *view.Entry, scan engine.Scan) error {
			return budgetdb.ScanEntry(&e.Entry, scan.And(&e.Place, &e.ByName, &e.Number))
		})
}

// CostCentres says which cost centres are listed.
type CostCentres struct {
	Places []tree.Path   // those of units at or below these, and those of no unit
	Text   string        // in their code or name
	On     date.Date     // valid on this day; empty: ever
	Key    id.CostCentre // only this one
}

// CostCentresBy are the orders of a list of cost centres.
var CostCentresBy = Sorting[view.CostCentre]{page.Sort{By: "code"}, map[string]rank[view.CostCentre]{
	"code": by(aText("c.code", func(c view.CostCentre) string { return c.Code }), costCentreKey),
	"name": by(aText("c.name", func(c view.CostCentre) string { return c.Name }), costCentreKey),
}}

var costCentreKey = aKey("c.id", func(c view.CostCentre) id.CostCentre { return c.ID }, id.ParseCostCentre)

// WantCostCentres asks for the cost centres of a place in the list.
func (t Tables) WantCostCentres(all *[]view.CostCentre, company id.Company, which CostCentres, place Place[view.CostCentre]) {
	var w where
	w.and(`c.company_id = ?`, company)
	seen, args := at(`n.path`, which.Places)
	w.and(`(c.unit_id is null or `+seen+`)`, args...)
	if strings.TrimSpace(which.Text) != "" {
		text := like(which.Text)
		w.and(`(fold(c.code) like ? escape '!' or fold(c.name) like ? escape '!')`, text, text)
	}
	if which.On != "" {
		w.and(`(c.from_on = '' or c.from_on <= ?) and (c.until_on = '' or c.until_on >= ?)`, which.On, which.On)
	}
	if !which.Key.IsZero() {
		w.and(`c.id = ?`, which.Key)
	}
	text, args := sorted(&w, place)
	engine.Rows(t.Tx.Ask(`
		select `+budgetdb.CostCentreColumns+`, coalesce(m.name, ''), coalesce(u.code, ''), coalesce(u.name, '')
		  from cost_centre c
		  left join member m on m.company_id = c.company_id and m.id = c.manager_id
		  left join unit u on u.company_id = c.company_id and u.id = c.unit_id
		  left join node n on n.company_id = c.company_id and n.id = c.unit_id
		 where `+text, args...), all,
		func(c *view.CostCentre, scan engine.Scan) error {
			return scan(append(budgetdb.CostCentreInto(&c.CostCentre), &c.ManagerName, &c.UnitCode, &c.UnitName)...)
		})
}

// WantClaimed asks for so many purchase orders behind one, in the order of their identifiers, with what they ought to
// have in budgets.
func (t Tables) WantClaimed(all *[]view.Claimed, company id.Company, behind id.PurchaseOrder, most int) {
	var w where
	w.and(`p.company_id = ?`, company)
	if !behind.IsZero() {
		w.and(`p.id > ?`, behind)
	}
	engine.Rows(t.Tx.Ask(`
		select p.id, p.number, p.state, p.currency, p.net_minor, p.shipping_minor, p.gross_minor
		  from purchase_order p where `+w.String()+` order by p.id limit ?`, append(w.args, most)...), all,
		func(c *view.Claimed, scan engine.Scan) error {
			return scan(&c.PurchaseOrder, &c.Number, &c.State, &c.Net.Currency, &c.Net.Minor, &c.Shipping.Minor, &c.Gross.Minor)
		})
}
