package budgeting

import (
	"context"
	"errors"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// Filter says which budgets are listed. What is empty does not narrow.
type Filter struct {
	Text       string       // in the names of the budget and its owner
	Mine       bool         // only those that apply to the actor
	Archived   bool         // those out of use, instead of the others
	Usage      budget.Usage // only those used so far in their current period
	Member     id.Member
	Unit       id.Unit
	CostCentre id.CostCentre
}

// Status is how a budget stands in its current period.
type Status struct {
	view.Budget
	Period  budget.Period // the current one; of a fixed budget its one period, also before it begins and when it is over
	Figures budget.Figures
	Days    []Day       // how it came to stand so, day by day up to today
	Used    money.Money // held and spent at the end of the period, if it goes on as it began
	RunsOut date.Date   // the day on which more is used than the limit; empty: not in this period
}

// Day is how a budget stood at the end of a day.
type Day struct {
	On                 date.Date
	Limit, Spent, Held money.Money
}

// Sheet is all that the page of a budget shows.
type Sheet struct {
	Status
	Approvers    []Named // who decides when it is exhausted; none: the owner's manager
	Holds        []view.Hold
	Ledger       page.List[view.Entry] // the newest entries first
	MayManage    bool
	LimitRefusal *fault.Fault // why the actor may not set the limit; nil when they may
}

// Named is a member by name.
type Named struct {
	Member id.Member
	Name   string
}

const (
	mostHolds = 200
	mostDays  = 370 // of a series; a longer one leaves days out
)

// List lists budgets by name, as they stand now: with budgets.view those that apply to the actor, with
// budgets.view.company also all that are booked where it holds.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter, ask page.Ask) (list page.List[Status], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.BudgetsView); err != nil {
			return err
		}
		at, err := viewdb.BudgetsBy.At(ask)
		if err != nil {
			return err
		}
		now, err := momentOf(ctx, tx, actor)
		if err != nil {
			return err
		}
		which := now.which(actor)
		which.Mine, which.Archived, which.Usage, which.Text, which.Owner, which.Unit, which.CostCentre = f.Mine, f.Archived, f.Usage, f.Text, f.Member, f.Unit, f.CostCentre
		var rows []view.Budget
		tx.Views.WantBudgets(&rows, actor.Company, which, at)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		cut := at.List(rows)
		list.Next = cut.Next
		list.Rows, err = now.status(ctx, tx, cut.Rows)
		return err
	})
	return list, err
}

// Get shows a budget that the actor sees, with what it holds and a page of its ledger.
func (s *Service) Get(ctx context.Context, actor access.Actor, key id.Budget, ask page.Ask) (sheet Sheet, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may, and find
		at, err := viewdb.LedgerBy.At(ask)
		if err != nil {
			return err
		}
		now, err := momentOf(ctx, tx, actor)
		if err != nil {
			return err
		}
		b, err := now.find(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		sheet = Sheet{}
		var known view.Known
		var entries []view.Entry
		current, outside := now.period(b.Budget)
		names(&known, tx, b.Budget)
		tx.Views.WantHolds(&sheet.Holds, actor.Company, key, current.Key, mostHolds)
		tx.Views.WantLedger(&entries, actor.Company, key, at)
		status, err := now.status(ctx, tx, []view.Budget{b})
		if err != nil {
			return err
		}
		// decide
		sheet.Status = status[0]
		sheet.Ledger = at.List(entries)
		for _, m := range b.Approvers {
			sheet.Approvers = append(sheet.Approvers, Named{m, known.Members[m].Name})
		}
		refusal := manages(actor, b.Budget, booked(b.Owner, known))
		sheet.MayManage = refusal == nil
		if refusal == nil && b.Archived {
			refusal = ErrArchived
		}
		if refusal == nil && outside != nil {
			refusal = outside
		}
		sheet.LimitRefusal = fault.Of(refusal)
		return nil
	})
	return sheet, err
}

// moment is when budgets are looked at, and by which calendar.
type moment struct {
	company company.Company
	at      time.Time
	today   date.Date
}

func momentOf(ctx context.Context, tx *store.Tx, actor access.Actor) (moment, error) {
	c, err := tx.Companies.Get(ctx, actor.Company)
	return moment{c, tx.Now, date.On(tx.Now, c.Location())}, err
}

// period is the current one of a budget; budget.ErrOutside when it has none.
func (n moment) period(b budget.Budget) (budget.Period, error) {
	return b.Cycle.Period(id.PurchaseOrder{}, n.at, n.company.Location(), n.company.FiscalMonth)
}

// keys are the keys of the periods that this moment lies in, one for each kind of cycle but that of single orders.
func (n moment) keys() []string {
	keys := []string{"fixed"}
	for _, kind := range []budget.Kind{budget.Week, budget.Month, budget.Quarter, budget.HalfYear, budget.Year, budget.Rolling} {
		if p, err := n.period(budget.Budget{Cycle: budget.Cycle{Kind: kind, Days: 1}}); err == nil { // only fixed periods fail
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// which are the budgets that an actor sees.
func (n moment) which(actor access.Actor) viewdb.Budgets {
	return viewdb.Budgets{Places: actor.Places(access.BudgetsViewCompany), Member: actor.Member, Units: actor.At.Ancestors(), Periods: n.keys()}
}

// find reads one budget that the actor sees.
func (n moment) find(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Budget) (b view.Budget, err error) {
	which := n.which(actor)
	which.Budget = key
	if !actor.MaySomewhere(access.BudgetsView) {
		which.Places = actor.Looks(access.BudgetsView)
	}
	var all []view.Budget
	tx.Views.WantBudgets(&all, actor.Company, which, viewdb.BudgetsBy.First(1))
	if err := tx.Fetch(ctx); err != nil {
		return b, err
	}
	if len(all) == 0 {
		return b, budgetdb.ErrUnseen
	}
	if err := actor.RequireSomewhere(access.BudgetsView); err != nil {
		return b, err
	}
	return all[0], nil
}

// status reads how budgets came to stand as they do, and says where they are going.
func (n moment) status(ctx context.Context, tx *store.Tx, rows []view.Budget) ([]Status, error) {
	all := make([]Status, len(rows))
	windows := make([][]view.Window, len(rows))
	before := make([]budget.Purse, len(rows))
	var moved []view.Moved
	var open []budget.Purse
	each := viewdb.Hour
	for i, b := range rows {
		all[i] = Status{Budget: b}
		period, err := n.period(b.Budget)
		if errors.Is(err, budget.ErrOutside) {
			period, err = budget.Period{Key: "fixed", From: b.Cycle.From, Until: b.Cycle.Until}, nil
		}
		if err != nil {
			return nil, err
		}
		all[i].Period = period
		switch {
		case b.Cycle.Kind == budget.Rolling:
			tx.Views.WantWindow(&windows[i], b.Company, b.ID, period.From, period.Until)
		case b.Open:
			open = append(open, b.Purse)
			each = max(each, n.stretch(period))
		case b.Carry != budget.CarryNone:
			tx.Budgets.WantBefore(&before[i], b.Budget, period.Key)
		}
	}
	if len(open) > 0 {
		tx.Views.WantMoved(&moved, n.company.ID, open, each)
	}
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	for i := range all {
		all[i].stand(n, before[i], windows[i], moved)
	}
	return all, nil
}

// stretch is how finely the entries of a period must be told apart for its days to be right: in most zones a day begins
// at a full hour.
func (n moment) stretch(p budget.Period) viewdb.Stretch {
	for day := p.From; day <= min(p.Until, n.today); day = day.Plus(1) {
		if day.Start(n.company.Location()).Minute() != 0 {
			return viewdb.Minute
		}
	}
	return viewdb.Hour
}

// stand works out the figures of a status: those of its purse, or of the one that the next order would open.
func (s *Status) stand(n moment, before budget.Purse, window []view.Window, moved []view.Moved) {
	p := &s.Purse
	if !s.Open {
		last := &before
		if before.Version == 0 {
			last = nil
		}
		if fresh, _, err := s.Budget.Budget.Open(s.Period, last, budget.Movement{At: n.at}); err == nil { // its limit was checked when it was set
			*p = fresh
			p.Version = 0
		}
	}
	p.Period = s.Period
	if s.Cycle.Kind == budget.Rolling {
		s.Days = rolling(p, window)
	} else {
		s.Days = days(n, *p, moved)
	}
	c := s.Limit.Currency
	s.Figures = budget.Figures{Limit: money.Of(p.Limit, c), Spent: money.Of(p.Spent, c), Held: money.Of(p.Held, c), Left: money.Of(p.Left(), c)}
	if s.Cycle.Kind.Follows() || s.Cycle.Kind == budget.Fixed {
		f := p.Forecast(n.today)
		s.Used, s.RunsOut = money.Of(f.Used, c), f.RunsOut
	}
}

// days adds up what moved in a purse, day by day from the first of its period to today.
func days(n moment, p budget.Purse, moved []view.Moved) []Day {
	c := p.Budget.Limit.Currency
	zone := n.company.Location()
	moved = slices.DeleteFunc(slices.Clone(moved), func(m view.Moved) bool { return m.Budget != p.Budget.ID })
	if len(moved) == 0 {
		return nil
	}
	var all []Day
	sum := moved[0] // the limit counts from the first day on, whenever its entry was made
	sum.Held, sum.Spent = 0, 0
	moved[0].Limit = 0
	for day, next := p.Period.From, 0; day <= min(p.Period.Until, n.today); day = day.Plus(1) {
		for ; next < len(moved) && date.On(moved[next].At, zone) <= day; next++ {
			sum.Held, sum.Spent, sum.Limit = sum.Held+moved[next].Held, sum.Spent+moved[next].Spent, sum.Limit+moved[next].Limit
		}
		all = append(all, Day{On: day, Limit: money.Of(sum.Limit, c), Spent: money.Of(sum.Spent, c), Held: money.Of(sum.Held, c)})
	}
	return thin(all)
}

// rolling adds up the days of a window into the purse: it stands as all of them together, for so people read it.
func rolling(p *budget.Purse, window []view.Window) []Day {
	c := p.Budget.Limit.Currency
	var all []Day
	p.Held, p.Spent = 0, 0
	for day, next := p.Period.From, 0; day <= p.Period.Until; day = day.Plus(1) {
		for ; next < len(window) && window[next].On <= day; next++ {
			p.Held, p.Spent = p.Held+window[next].Held, p.Spent+window[next].Spent
		}
		all = append(all, Day{On: day, Limit: money.Of(p.Limit, c), Spent: money.Of(p.Spent, c), Held: money.Of(p.Held, c)})
	}
	return thin(all)
}

// thin leaves out days of a long series, never the last.
func thin(all []Day) []Day {
	every := (len(all) + mostDays - 1) / mostDays
	if every <= 1 {
		return all
	}
	var some []Day
	for i := (len(all) - 1) % every; i < len(all); i += every {
		some = append(some, all[i])
	}
	return some
}
