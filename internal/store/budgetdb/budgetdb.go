// Package budgetdb keeps budgets, their purses and ledger, and cost centres.
package budgetdb

import (
	"context"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/budget"
	"kontor/internal/store/engine"
)

// Tables are those of budgets, in one transaction.
type Tables struct{ Tx *engine.Tx }

var (
	// ErrUnseen is the fault of a budget that is not in this company.
	ErrUnseen = fault.Define(fault.NotFound, "budget.unseen", "there is no such budget in your company")
	// ErrName is the fault of a second budget of one name.
	ErrName = fault.Define(fault.Conflict, "budget.name", "there is already a budget of this name")
	// ErrCostCentreUnseen is the fault of a cost centre that is not in this company.
	ErrCostCentreUnseen = fault.Define(fault.NotFound, "budget.cost_centre_unseen", "there is no such cost centre in your company")
	// ErrCostCentreCode is the fault of a second cost centre of one code.
	ErrCostCentreCode = fault.Define(fault.Conflict, "budget.cost_centre_code", "there is already a cost centre with this code")
)

// Columns are those of a budget b.
const Columns = `b.id, b.company_id, b.name, b.member_id, b.unit_id, b.cost_centre_id, b.project_id, b.currency, b.limit_minor, b.basis,
	b.cycle, b.exhausted, b.warnings, b.approvers, b.carry, b.carry_most, b.archived, b.version`

// Into is where Columns are read to.
func Into(b *budget.Budget) []any {
	return []any{&b.ID, &b.Company, &b.Name, &b.Owner.Member, &b.Owner.Unit, &b.Owner.CostCentre, &b.Owner.Project, &b.Limit.Currency, &b.Limit.Minor,
		&b.Basis, engine.JSON(&b.Cycle), &b.Exhausted, engine.JSON(&b.Warnings), engine.JSON(&b.Approvers), &b.Carry, &b.CarryMost, &b.Archived, &b.Version}
}

// Get reads a budget of the company.
func (t Tables) Get(ctx context.Context, company id.Company, key id.Budget) (b budget.Budget, err error) {
	t.Tx.Ask(`select `+Columns+` from budget b where b.company_id = ? and b.id = ?`, company, key).Row(ErrUnseen, Into(&b)...)
	return b, t.Tx.Fetch(ctx)
}

// Insert adds a budget.
func (t Tables) Insert(b budget.Budget) {
	t.Tx.Write(`
		insert into budget (company_id, id, name, member_id, unit_id, cost_centre_id, project_id, currency, limit_minor, basis, cycle, exhausted,
		                    warnings, approvers, carry, carry_most, archived, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.Company, b.ID, b.Name, b.Owner.Member, b.Owner.Unit, b.Owner.CostCentre, b.Owner.Project, b.Limit.Currency, b.Limit.Minor, b.Basis,
		engine.JSON(b.Cycle), b.Exhausted, engine.JSON(b.Warnings), engine.JSON(b.Approvers), b.Carry, b.CarryMost, b.Archived, t.Tx.Now).
		Unique("budget_company_id_name_key", ErrName)
}

// Update replaces a budget that was read in this transaction.
func (t Tables) Update(b budget.Budget) {
	t.Tx.Write(`
		update budget set name = ?, limit_minor = ?, basis = ?, exhausted = ?, warnings = ?, approvers = ?, carry = ?, carry_most = ?, archived = ?,
		       version = version + 1
		 where company_id = ? and id = ?`,
		b.Name, b.Limit.Minor, b.Basis, b.Exhausted, engine.JSON(b.Warnings), engine.JSON(b.Approvers), b.Carry, b.CarryMost, b.Archived, b.Company, b.ID).
		Unique("budget_company_id_name_key", ErrName)
}

// SetOwner makes a member's own budget another member's.
func (t Tables) SetOwner(company id.Company, key id.Budget, owner id.Member) {
	t.Tx.Write(`update budget set member_id = ?, version = version + 1 where company_id = ? and id = ?`, owner, company, key)
}

// PurseColumns are those of a purse s, as nothing where a left join finds none.
const PurseColumns = `s.period, s.from_on, s.until_on, coalesce(s.limit_minor, 0), coalesce(s.held_minor, 0), coalesce(s.spent_minor, 0),
	coalesce(s.overrun_minor, 0), coalesce(s.closed, false), coalesce(s.version, 0)`

// PurseInto is where PurseColumns are read to.
func PurseInto(p *budget.Purse) []any {
	return []any{engine.Text(&p.Period.Key), engine.Text(&p.Period.From), engine.Text(&p.Period.Until), &p.Limit, &p.Held, &p.Spent, &p.Overrun, &p.Closed,
		&p.Version}
}

// ofBudget reads a budget with one of its purses.
func ofBudget(p *budget.Purse, scan engine.Scan) error {
	return scan(append(Into(&p.Budget), PurseInto(p)...)...)
}

// Kept is what the tables know of a purse: the rest is its budget's.
type Kept struct {
	Budget id.Budget
	Purse  budget.Purse
}

// Key names one purse.
type Key struct {
	Budget id.Budget
	Period string
}

// WantPurses asks for these purses, as far as they have been opened.
func (t Tables) WantPurses(all *[]Kept, company id.Company, keys []Key) {
	if len(keys) == 0 {
		return
	}
	var budgets []id.Budget
	var periods []string
	for _, k := range keys {
		budgets, periods = append(budgets, k.Budget), append(periods, k.Period)
	}
	b, args := engine.Marks(budgets)
	p, more := engine.Marks(periods)
	engine.Rows(t.Tx.Ask(`
		select s.budget_id, `+PurseColumns+`
		  from purse s where s.company_id = ? and s.budget_id in `+b+` and s.period in `+p,
		append(append([]any{company}, args...), more...)...), all, func(k *Kept, scan engine.Scan) error {
		return scan(append([]any{&k.Budget}, PurseInto(&k.Purse)...)...)
	})
}

// InsertPurse opens a purse.
func (t Tables) InsertPurse(company id.Company, p budget.Purse) {
	t.Tx.Write(`
		insert into purse (company_id, budget_id, period, from_on, until_on, limit_minor, held_minor, spent_minor, overrun_minor, closed, version)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		company, p.Budget.ID, p.Period.Key, p.Period.From, p.Period.Until, p.Limit, p.Held, p.Spent, p.Overrun, p.Closed, p.Version)
}

// SetPurse keeps the balances of a purse that was read in this transaction.
func (t Tables) SetPurse(company id.Company, p budget.Purse) {
	t.Tx.Write(`
		update purse set limit_minor = ?, held_minor = ?, spent_minor = ?, overrun_minor = ?, closed = ?, version = ?
		 where company_id = ? and budget_id = ? and period = ?`,
		p.Limit, p.Held, p.Spent, p.Overrun, p.Closed, p.Version, company, p.Budget.ID, p.Period.Key)
}

// Post adds one row to the ledger. place is the version of the purse that it made.
func (t Tables) Post(company id.Company, e budget.Entry, place int64) {
	t.Tx.Write(`
		insert into ledger (company_id, budget_id, period, id, purchase_order_id, move, key, available_minor, held_minor, spent_minor, limit_minor,
		                    requested_minor, by_id, reference, note, exchange, posted_at, place)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		company, e.Budget, e.Period, e.ID, e.PurchaseOrder, e.Move, e.Key, e.Available, e.Held, e.Spent, e.Limit, e.Requested, e.By, e.Reference, e.Note,
		engine.JSON(exchange{e.Exchange, e.ExchangeOn}), e.At, place).
		Unique("ledger_company_id_key_key", budget.ErrRepeated)
}

type exchange struct {
	Rate money.Exchange `json:"rate,omitzero"`
	On   date.Date      `json:"on,omitempty"`
}

// EntryColumns are those of a ledger entry e.
const EntryColumns = `e.id, e.budget_id, e.period, e.purchase_order_id, e.move, e.key, e.available_minor, e.held_minor, e.spent_minor, e.limit_minor,
	e.requested_minor, e.by_id, e.reference, e.note, e.exchange, e.posted_at`

// ScanEntry reads EntryColumns.
func ScanEntry(e *budget.Entry, scan engine.Scan) error {
	var x exchange
	err := scan(&e.ID, &e.Budget, &e.Period, &e.PurchaseOrder, &e.Move, &e.Key, &e.Available, &e.Held, &e.Spent, &e.Limit, &e.Requested,
		&e.By, &e.Reference, &e.Note, engine.JSON(&x), &e.At)
	e.Exchange, e.ExchangeOn = x.Rate, x.On
	return err
}

// WantEntriesOf asks for all ledger rows of a purchase order, oldest first.
func (t Tables) WantEntriesOf(all *[]budget.Entry, company id.Company, po id.PurchaseOrder) {
	engine.Rows(t.Tx.Ask(`select `+EntryColumns+` from ledger e where e.company_id = ? and e.purchase_order_id = ? order by e.posted_at, e.place, e.id`,
		company, po), all, ScanEntry)
}

// WantPursesOf asks for the purses that a purchase order has moved, with their budgets. Who means to change them
// has their heads from Heads.
func (t Tables) WantPursesOf(all *[]budget.Purse, company id.Company, po id.PurchaseOrder) {
	engine.Rows(t.Tx.Ask(`
		select `+Columns+`, `+PurseColumns+`
		  from (select distinct e.budget_id, e.period from ledger e where e.company_id = ? and e.purchase_order_id = ?) d
		  join budget b on b.company_id = ? and b.id = d.budget_id
		  join purse s on s.company_id = ? and s.budget_id = d.budget_id and s.period = d.period
		 order by b.id`, company, po, company, company), all, ofBudget)
}

// WantBefore asks for the purse of a budget next before a period; one without a version when there is none.
func (t Tables) WantBefore(p *budget.Purse, b budget.Budget, period string) {
	*p = budget.Purse{Budget: b}
	found := false
	t.Tx.Ask(`
		select `+PurseColumns+`
		  from purse s where s.company_id = ? and s.budget_id = ? and s.period < ? order by s.period desc limit 1`, b.Company, b.ID, period).
		Maybe(&found, PurseInto(p)...)
}

// ListPurses lists the purses of a company behind a key, each with its budget, in order of budget and period.
func (t Tables) ListPurses(ctx context.Context, company id.Company, behind Key, most int) (all []budget.Purse, err error) {
	engine.Rows(t.Tx.Ask(`
		select `+Columns+`, `+PurseColumns+`
		  from purse s join budget b on b.company_id = s.company_id and b.id = s.budget_id
		 where s.company_id = ? and (s.budget_id, s.period) > (?, ?)
		 order by s.budget_id, s.period limit ?`, company, orNil(behind.Budget), behind.Period, most), &all, ofBudget)
	return all, t.Tx.Fetch(ctx)
}

func orNil(key id.Budget) any {
	if key.IsZero() {
		return "00000000-0000-0000-0000-000000000000"
	}
	return key
}

// ListEntries lists so many ledger rows of a purse behind a place, in the order in which they were posted, and gives
// the place of the last one.
func (t Tables) ListEntries(ctx context.Context, company id.Company, key Key, behind int64, most int) (all []budget.Entry, last int64, err error) {
	engine.Rows(t.Tx.Ask(`
		select `+EntryColumns+`, e.place from ledger e
		 where e.company_id = ? and e.budget_id = ? and e.period = ? and e.place > ? order by e.place limit ?`, company, key.Budget, key.Period, behind, most), &all,
		func(e *budget.Entry, scan engine.Scan) error { return ScanEntry(e, scan.And(&last)) })
	return all, last, t.Tx.Fetch(ctx)
}

// WantEntriesAmong asks for all ledger rows of these purchase orders, oldest first.
func (t Tables) WantEntriesAmong(all *[]budget.Entry, company id.Company, orders []id.PurchaseOrder) {
	marks, args := engine.Marks(orders)
	engine.Rows(t.Tx.Ask(`select `+EntryColumns+` from ledger e where e.company_id = ? and e.purchase_order_id in `+marks+` order by e.posted_at, e.place, e.id`,
		append([]any{company}, args...)...), all, ScanEntry)
}

// WantAmong asks for those of these budgets that are in the company.
func (t Tables) WantAmong(all *[]budget.Budget, company id.Company, keys []id.Budget) {
	marks, args := engine.Marks(keys)
	engine.Rows(t.Tx.Ask(`select `+Columns+` from budget b where b.company_id = ? and b.id in `+marks, append([]any{company}, args...)...), all,
		func(b *budget.Budget, scan engine.Scan) error { return scan(Into(b)...) })
}

// WantEvery asks for all budgets of the company, archived or not, in as many rows as there are.
func (t Tables) WantEvery(all *[]budget.Budget, company id.Company) {
	engine.Rows(t.Tx.Ask(`select `+Columns+` from budget b where b.company_id = ? order by b.name, b.id`, company), all,
		func(b *budget.Budget, scan engine.Scan) error { return scan(Into(b)...) })
}

// Delete removes a budget of which nothing was ever spent.
func (t Tables) Delete(company id.Company, key id.Budget) {
	t.Tx.Write(`delete from budget where company_id = ? and id = ?`, company, key)
}

// CostCentreColumns are those of a cost centre c.
const CostCentreColumns = `c.id, c.company_id, c.code, c.name, c.manager_id, c.unit_id, c.from_on, c.until_on, c.version`

// CostCentreInto is where CostCentreColumns are read to.
func CostCentreInto(c *budget.CostCentre) []any {
	return []any{&c.ID, &c.Company, &c.Code, &c.Name, &c.Manager, &c.Unit, engine.Text(&c.From), engine.Text(&c.Until), &c.Version}
}

func scanCostCentre(c *budget.CostCentre, scan engine.Scan) error { return scan(CostCentreInto(c)...) }

// WantCostCentres asks for all cost centres of the company; at most 5 000.
func (t Tables) WantCostCentres(all *[]budget.CostCentre, company id.Company) {
	engine.Rows(t.Tx.Ask(`select `+CostCentreColumns+` from cost_centre c where c.company_id = ? order by c.code, c.id limit 5000`, company), all, scanCostCentre)
}

// WantEveryCostCentre asks for all cost centres of the company, in as many rows as there are.
func (t Tables) WantEveryCostCentre(all *[]budget.CostCentre, company id.Company) {
	engine.Rows(t.Tx.Ask(`select `+CostCentreColumns+` from cost_centre c where c.company_id = ? order by c.code, c.id`, company), all, scanCostCentre)
}

// DeleteCostCentre removes a cost centre that nothing names.
func (t Tables) DeleteCostCentre(company id.Company, key id.CostCentre) {
	t.Tx.Write(`delete from cost_centre where company_id = ? and id = ?`, company, key)
}

// WantCostCentre asks for one cost centre, if there is one.
func (t Tables) WantCostCentre(all *[]budget.CostCentre, company id.Company, key id.CostCentre) {
	engine.Rows(t.Tx.Ask(`select `+CostCentreColumns+` from cost_centre c where c.company_id = ? and c.id = ?`, company, key), all, scanCostCentre)
}

// InsertCostCentre adds a cost centre.
func (t Tables) InsertCostCentre(c budget.CostCentre) {
	t.Tx.Write(`insert into cost_centre (company_id, id, code, name, manager_id, unit_id, from_on, until_on) values (?, ?, ?, ?, ?, ?, ?, ?)`,
		c.Company, c.ID, c.Code, c.Name, c.Manager, c.Unit, c.From, c.Until).
		Unique("cost_centre_company_id_code_key", ErrCostCentreCode)
}

// UpdateCostCentre replaces a cost centre that was read in this transaction.
func (t Tables) UpdateCostCentre(c budget.CostCentre) {
	t.Tx.Write(`
		update cost_centre set code = ?, name = ?, manager_id = ?, unit_id = ?, from_on = ?, until_on = ?, version = version + 1
		 where company_id = ? and id = ?`, c.Code, c.Name, c.Manager, c.Unit, c.From, c.Until, c.Company, c.ID).
		Unique("cost_centre_company_id_code_key", ErrCostCentreCode)
}

// WantManagedBy asks for the cost centres that a member manages.
func (t Tables) WantManagedBy(all *[]budget.CostCentre, company id.Company, member id.Member) {
	engine.Rows(t.Tx.Ask(`select `+CostCentreColumns+` from cost_centre c where c.company_id = ? and c.manager_id = ? order by c.code, c.id`, company, member), all, scanCostCentre)
}
