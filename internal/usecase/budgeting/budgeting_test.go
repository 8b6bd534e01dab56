package budgeting_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/engine"
	"kontor/internal/storetest"
	"kontor/internal/usecase/budgeting"
)

var ctx = context.Background()

// world is the cast on 10 March 2026, and a budget of 1 000.00 EUR a month for operations.
type world struct {
	*cast.World
	t   *testing.T
	s   *budgeting.Service
	now time.Time
	n   int
	ops budget.Budget
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := &world{t: t, s: budgeting.New(db), now: time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)}
		db.Engine().SetClock(func() time.Time { return w.now })
		w.World = cast.Acme(t, db)
		w.ops = w.create(monthly("Operations", budget.Owner{Unit: w.Units["ops"]}, 1000_00))
		test(t, w)
	})
}

func monthly(name string, owner budget.Owner, minor int64) budgeting.CreateInput {
	return budgeting.CreateInput{Name: name, Owner: owner, Limit: eur(minor), Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Ask, Carry: budget.CarryNone}
}

func eur(minor int64) money.Money { return money.Of(minor, "EUR") }

func (w *world) create(in budgeting.CreateInput) budget.Budget {
	w.t.Helper()
	b, err := w.s.Create(ctx, w.Dan, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func (w *world) get(actor access.Actor, key id.Budget) budgeting.Sheet {
	w.t.Helper()
	sheet, err := w.s.Get(ctx, actor, key, page.Ask{})
	if err != nil {
		w.t.Fatal(err)
	}
	return sheet
}

// submit is a purchase order of Ann's that holds so much of a budget, as a submission writes it.
func (w *world) submit(b budget.Budget, minor int64) (po approval.PurchaseOrder) {
	w.t.Helper()
	err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, actor access.Actor) error {
		w.n++
		po = approval.PurchaseOrder{ID: id.NewPurchaseOrder(tx.Now), Company: w.Acme, Number: fmt.Sprintf("PO-%06d", w.n), State: approval.PendingApproval, Requester: w.Ann.Member,
			Unit: w.Units["ops"], Net: eur(minor), Hash: "x", SubmittedAt: tx.Now, ChangedAt: tx.Now, Version: 1, Items: []approval.Item{{Name: "Screw", Unit: "pcs", Source: []byte("{}")}},
			Content: approval.Content{Currency: "EUR", Shipping: eur(0), Tax: eur(0), Total: eur(minor),
				Lines: []approval.Line{{Product: w.Products[0].ID, SKU: "CAST-SCREW", Quantity: quantity.One, Net: eur(minor)}}}}
		tx.Approvals.Insert(po)
		period, err := b.Cycle.Period(po.ID, tx.Now, time.UTC, 1)
		if err != nil {
			return err
		}
		var kept []budgetdb.Kept
		tx.Budgets.WantPurses(&kept, w.Acme, []budgetdb.Key{{Budget: b.ID, Period: period.Key}})
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if len(kept) == 0 {
			p, e, err := b.Open(period, nil, budget.Movement{At: tx.Now})
			if err != nil {
				return err
			}
			e.ID = id.NewEntry(tx.Now)
			tx.Budgets.InsertPurse(w.Acme, p)
			tx.Budgets.Post(w.Acme, e, p.Version)
			kept = []budgetdb.Kept{{Purse: p}}
		}
		p := kept[0].Purse
		p.Budget = b
		e, err := p.Hold(budget.Movement{At: tx.Now, By: w.Ann.Member, PurchaseOrder: po.ID}, minor)
		if err != nil {
			return err
		}
		e.ID = id.NewEntry(tx.Now)
		tx.Budgets.SetPurse(w.Acme, p)
		tx.Budgets.Post(w.Acme, e, p.Version)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return po
}

// place books all that a purchase order holds.
func (w *world) place(po approval.PurchaseOrder) {
	w.t.Helper()
	err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, actor access.Actor) error {
		var purses []budget.Purse
		var entries []budget.Entry
		tx.Budgets.WantPursesOf(&purses, w.Acme, po.ID)
		tx.Budgets.WantEntriesOf(&entries, w.Acme, po.ID)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		share := budget.Shares(entries)[0]
		e, err := purses[0].Book(share, budget.Movement{At: tx.Now, PurchaseOrder: po.ID}, share.Held)
		if err != nil {
			return err
		}
		e.ID = id.NewEntry(tx.Now)
		tx.Budgets.SetPurse(w.Acme, purses[0])
		tx.Budgets.Post(w.Acme, e, purses[0].Version)
		after := po
		after.State, after.ChangedAt = approval.Placed, tx.Now
		tx.Approvals.Update(po, after)
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// spoil changes the tables behind everybody's back.
func (w *world) spoil(sql string, args ...any) {
	w.t.Helper()
	if err := w.DB.Engine().Write(ctx, func(tx *engine.Tx) error { tx.Write(sql, args...); return nil }); err != nil {
		w.t.Fatal(err)
	}
}

func TestABudgetIsCreatedByWhoeverMayManageItThere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		manages := func(a access.Actor, at tree.Path) access.Actor {
			return a.Holding([]access.Grant{{Place: at, Set: access.SetOf(access.BudgetsManage).Normalise()}})
		}
		unit := func(code string) tree.Path {
			var at tree.Path
			if err := w.DB.Read(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
				u, err := tx.Companies.GetUnit(ctx, w.Acme, w.Units[code])
				at = u.Path
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return at
		}
		for _, c := range []struct {
			sentence string
			actor    access.Actor
			owner    budget.Owner
			want     error
		}{
			{"Dan for the company", w.Dan, budget.Owner{}, nil},
			{"Dan for Ann in operations", w.Dan, budget.Owner{Member: w.Ann.Member, Unit: w.Units["ops"]}, nil},
			{"Dan for a cost centre", w.Dan, budget.Owner{CostCentre: w.CostCentre}, nil},
			{"Dan for himself", w.Dan, budget.Owner{Member: w.Dan.Member}, budgeting.ErrOwn},
			{"Ann, who only buys", w.Ann, budget.Owner{}, access.ErrForbidden},
			{"Bob, who manages those of operations, there", manages(w.Bob, unit("ops")), budget.Owner{Unit: w.Units["ops"]}, nil},
			{"Bob, who manages those of operations, for Ann", manages(w.Bob, unit("ops")), budget.Owner{Member: w.Ann.Member}, nil},
			{"Bob, who manages those of operations, for himself", manages(w.Bob, unit("ops")), budget.Owner{Member: w.Bob.Member}, budgeting.ErrOwn},
			{"Bob, who manages those of operations, for finance", manages(w.Bob, unit("ops")), budget.Owner{Unit: w.Units["fin"]}, access.ErrForbidden},
			{"Bob, who manages those of operations, for the company", manages(w.Bob, unit("ops")), budget.Owner{}, access.ErrForbidden},
			{"a unit of Globex", w.Dan, budget.Owner{Unit: w.GlobexUnits["globex"]}, fault.ErrInput},
			{"a member of Globex", w.Dan, budget.Owner{Member: w.Eve.Member}, fault.ErrInput},
			{"a cost centre of Globex", w.Dan, budget.Owner{CostCentre: w.GlobexCostCentre}, fault.ErrInput},
		} {
			_, err := w.s.Create(ctx, c.actor, monthly(c.sentence, c.owner, 100))
			if !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%s: %v", c.sentence, err)
			}
		}
		bad := monthly("", budget.Owner{}, -1)
		if _, err := w.s.Create(ctx, w.Dan, bad); !errors.Is(err, fault.ErrInput) {
			t.Error("a budget that cannot be:", err)
		}
		alien := monthly("Alien approver", budget.Owner{}, 1)
		alien.Approvers = []id.Member{w.Ann.Member, w.Eve.Member}
		if _, err := w.s.Create(ctx, w.Dan, alien); !errors.Is(err, fault.ErrInput) {
			t.Error("Eve approves for Acme:", err)
		}
		if _, err := w.s.Create(ctx, w.Dan, monthly("Operations", budget.Owner{}, 1)); !errors.Is(err, budgetdb.ErrName) {
			t.Error("two of one name:", err)
		}
	})
}

// An order is held against every budget that it is charged to: one in a currency that no rate leads into would refuse them all.
func TestABudgetIsInTheCurrencyOfItsCompany(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for _, c := range []struct {
			currency money.Currency
			want     *fault.Fault
		}{{"XYZ", money.ErrNoCurrency}, {"XAU", money.ErrNoCurrency}, {"USD", budget.ErrForeign}, {"JPY", budget.ErrForeign}} {
			in := monthly("In "+string(c.currency), budget.Owner{}, 0)
			in.Limit = money.Of(500, c.currency)
			_, err := w.s.Create(ctx, w.Dan, in)
			f := fault.Of(err)
			if f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "currency" || f.Fields[0].Code != c.want.Code {
				t.Errorf("%s: %v", c.currency, err)
			}
		}
		// one from before, which stops everybody, can be taken out of use
		old := budget.Budget{ID: id.NewBudget(w.now), Company: w.Acme, Name: "Of old", Limit: money.Of(500, "XYZ"), Basis: budget.Net, Cycle: budget.Cycle{Kind: budget.Month},
			Exhausted: budget.Block, Carry: budget.CarryNone, Version: 1}
		if err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			tx.Budgets.Insert(old)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.s.Archive(ctx, w.Dan, old.ID, 1); err != nil {
			t.Error("it stays for ever:", err)
		}
	})
}

func TestTheFirstBudgetMakesTheCompanyUseBudgets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for company, want := range map[id.Company]bool{w.Acme: true, w.Globex: false} {
			err := w.DB.Read(ctx, access.System(company), func(tx *store.Tx, _ access.Actor) error {
				c, err := tx.Companies.Get(ctx, company)
				if c.BudgetsUsed != want {
					t.Errorf("%s uses budgets: %v", c.Name, c.BudgetsUsed)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestABudgetIsEditedInTheVersionThatWasSeen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		in := budgeting.EditInput{ID: w.ops.ID, Version: 1, Name: " Ops ", Exhausted: budget.Block, Warnings: []budget.Threshold{{Percent: 80}}, Approvers: []id.Member{w.Bob.Member}}
		b, err := w.s.Edit(ctx, w.Dan, in)
		if err != nil || b.Version != 2 || b.Name != "Ops" || b.Limit != w.ops.Limit {
			t.Fatalf("%+v, %v", b, err)
		}
		sheet := w.get(w.Dan, w.ops.ID)
		if sheet.Name != "Ops" || sheet.Exhausted != budget.Block || len(sheet.Approvers) != 1 || sheet.Approvers[0].Name != "Bob Boss" || sheet.Version != 2 {
			t.Errorf("%+v", sheet)
		}
		archive := func(actor access.Actor, version int64) error {
			_, err := w.s.Archive(ctx, actor, w.ops.ID, version)
			return err
		}
		edit := func(actor access.Actor, in budgeting.EditInput) error { _, err := w.s.Edit(ctx, actor, in); return err }
		fresh := in
		fresh.Version = 2
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"the older version again", edit(w.Dan, in), budgeting.ErrStale},
			{"Bob sees it and may not", edit(w.Bob, fresh), access.ErrForbidden},
			{"Eve does not see it", edit(w.Eve, fresh), budgetdb.ErrUnseen},
			{"Eve does not see it to archive", archive(w.Eve, 2), budgetdb.ErrUnseen},
			{"Ann, to whom it applies, does not archive it", archive(w.Ann, 2), access.ErrForbidden},
			{"an older version is not archived", archive(w.Dan, 1), budgeting.ErrStale},
			{"Dan archives it", archive(w.Dan, 2), nil},
			{"once", archive(w.Dan, 3), budgeting.ErrArchived},
			{"what is archived is not edited", edit(w.Dan, budgeting.EditInput{ID: w.ops.ID, Version: 3, Name: "x"}), budgeting.ErrArchived},
		} {
			if !errors.Is(c.err, c.want) || c.want == nil && c.err != nil {
				t.Errorf("%s: %v", c.sentence, c.err)
			}
		}
	})
}

func TestALimitIsSetWithAReasonAndARowOfTheLedger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		po := w.submit(w.ops, 900_00)
		set := func(actor access.Actor, in budgeting.SetLimitInput) error {
			in.Version = max(in.Version, 1)
			_, err := w.s.SetLimit(ctx, actor, in)
			return err
		}
		for _, c := range []struct {
			sentence string
			actor    access.Actor
			in       budgeting.SetLimitInput
			want     error
		}{
			{"no reason", w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Limit: eur(1), Note: "  "}, budget.ErrReason},
			{"another currency", w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Limit: money.Of(1, "USD"), Note: "x"}, money.ErrCurrency},
			{"below nothing", w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Limit: eur(-1), Note: "x", Onwards: true}, fault.ErrInput},
			{"below nothing, for now", w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Limit: eur(-1), Note: "x"}, fault.ErrInput},
			{"Ann", w.Ann, budgeting.SetLimitInput{ID: w.ops.ID, Limit: eur(1), Note: "x"}, access.ErrForbidden},
			{"Eve", w.Eve, budgeting.SetLimitInput{ID: w.ops.ID, Limit: eur(1), Note: "x"}, budgetdb.ErrUnseen},
			{"Dan, this month", w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Limit: eur(500_00), Note: "too much"}, nil},
			{"who has not seen that", w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Limit: eur(700_00), Note: "too little"}, budgeting.ErrStale},
			{"Dan, the same again", w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Version: 2, Limit: eur(500_00), Note: "too much"}, nil},
			{"Dan, from now on", w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Version: 2, Limit: eur(2000_00), Note: "too little", Onwards: true}, nil},
		} {
			if err := set(c.actor, c.in); !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%s: %v", c.sentence, err)
			}
		}
		if f := fault.Of(set(w.Dan, budgeting.SetLimitInput{ID: w.ops.ID, Version: 3, Limit: eur(-1), Note: " "})); f == nil || len(f.Fields) != 2 {
			t.Errorf("neither a reason nor a limit: %v", f)
		}
		sheet := w.get(w.Dan, w.ops.ID)
		var rows []string
		for _, e := range sheet.Ledger.Rows {
			rows = append(rows, fmt.Sprintf("%s %d %s %s%s", e.Move, e.Limit+e.Held, e.Note, e.ByName, e.Number))
		}
		if got, want := strings.Join(rows, "; "), "limit 150000 too little Dan Director; limit -50000 too much Dan Director; hold 90000  Ann Archer"+po.Number+"; limit 100000  "; got != want {
			t.Errorf("the ledger: %s", got)
		}
		if sheet.Limit != eur(2000_00) || sheet.Figures.Limit != eur(2000_00) || sheet.Figures.Left != eur(1100_00) || !sheet.MayManage || sheet.LimitRefusal != nil {
			t.Errorf("%+v", sheet.Status)
		}
		if len(sheet.Holds) != 1 || sheet.Holds[0].Number != po.Number || sheet.Holds[0].Held != 900_00 || sheet.Holds[0].RequesterName != "Ann Archer" {
			t.Errorf("%+v", sheet.Holds)
		}
		w.sound()
	})
}

// sound fails when the ledger is not.
func (w *world) sound() {
	w.t.Helper()
	r, err := w.s.Verify(ctx, access.System(w.Acme))
	if err != nil || len(r.Problems) > 0 {
		w.t.Errorf("%+v, %v", r, err)
	}
}

func TestNobodySetsTheirOwnBudget(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		own := w.create(monthly("Ann's", budget.Owner{Member: w.Ann.Member}, 100_00))
		ann := w.Ann.Holding([]access.Grant{{Set: access.SetOf(access.BudgetsManage).Normalise()}})
		if _, err := w.s.SetLimit(ctx, ann, budgeting.SetLimitInput{ID: own.ID, Version: 1, Limit: eur(1_000_000_00), Note: "please"}); !errors.Is(err, budgeting.ErrOwn) {
			t.Error("Ann raises her own limit:", err)
		}
		if _, err := w.s.Edit(ctx, ann, budgeting.EditInput{ID: own.ID, Version: 1, Name: "Ann's", Exhausted: budget.Warn}); !errors.Is(err, budgeting.ErrOwn) {
			t.Error("Ann makes her own limit a warning:", err)
		}
		if _, err := w.s.Archive(ctx, ann, own.ID, 1); !errors.Is(err, budgeting.ErrOwn) {
			t.Error("Ann does away with her own limit:", err)
		}
		if sheet := w.get(ann, own.ID); sheet.MayManage || sheet.LimitRefusal == nil || !errors.Is(sheet.LimitRefusal, budgeting.ErrOwn) {
			t.Errorf("the page says otherwise: %v", sheet.LimitRefusal)
		}
		if _, err := w.s.SetLimit(ctx, w.Dan, budgeting.SetLimitInput{ID: own.ID, Version: 1, Limit: eur(200_00), Note: "Ann asked"}); err != nil {
			t.Error("Dan raises it:", err)
		}
		// The purse had not been opened: both rows are there, in their order.
		if rows := w.get(w.Dan, own.ID).Ledger.Rows; len(rows) != 2 || rows[0].Limit != 100_00 || rows[1].Limit != 100_00 || rows[1].Reference != "open" {
			t.Errorf("%+v", rows)
		}
		w.sound()
	})
}

func TestWhoSeesWhichBudgets(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.create(monthly("Ann's", budget.Owner{Member: w.Ann.Member}, 1))
		w.create(monthly("Bob's", budget.Owner{Member: w.Bob.Member}, 1))
		w.create(monthly("Finance", budget.Owner{Unit: w.Units["fin"]}, 1))
		w.create(monthly("Maintenance", budget.Owner{CostCentre: w.CostCentre}, 1))
		w.create(monthly("Ann for operations", budget.Owner{Member: w.Ann.Member, Unit: w.Units["ops"]}, 1))
		w.create(monthly("whole company", budget.Owner{}, 1))
		globex, err := w.s.Create(ctx, w.Eve, monthly("Globex", budget.Owner{}, 1))
		if err != nil {
			t.Fatal(err)
		}
		hold := func(a access.Actor, at tree.Path, p access.Permission) access.Actor {
			return a.Holding([]access.Grant{{Place: at, Set: access.SetOf(p).Normalise()}})
		}
		ops := w.Bob.At.Parent()
		for _, c := range []struct {
			sentence string
			actor    access.Actor
			f        budgeting.Filter
			want     string
		}{
			{"Ann those that apply to her", w.Ann, budgeting.Filter{}, "Ann for operations, Ann's, Operations, whole company"},
			{"Cleo, who sees all, all", w.Cleo, budgeting.Filter{}, "Ann for operations, Ann's, Bob's, Finance, Maintenance, Operations, whole company"},
			{"Cleo her own, and her cost centre's", w.Cleo, budgeting.Filter{Mine: true}, "Finance, Maintenance, whole company"},
			{"Bob, who sees all of operations, these and his own", hold(w.Bob, ops, access.BudgetsViewCompany), budgeting.Filter{}, "Ann for operations, Ann's, Bob's, Operations, whole company"},
			{"Eve those of Globex", w.Eve, budgeting.Filter{}, "Globex"},
			{"by text", w.Dan, budgeting.Filter{Text: "ANN"}, "Ann for operations, Ann's"},
			{"signs that mean something to the database", w.Dan, budgeting.Filter{Text: "%"}, ""},
			{"by member", w.Dan, budgeting.Filter{Member: w.Ann.Member}, "Ann for operations, Ann's"},
			{"by unit", w.Dan, budgeting.Filter{Unit: w.Units["ops"]}, "Ann for operations, Operations"},
			{"by cost centre", w.Dan, budgeting.Filter{CostCentre: w.CostCentre}, "Maintenance"},
			{"archived ones", w.Dan, budgeting.Filter{Archived: true}, ""},
		} {
			for _, limit := range []int{1, 3, 50} {
				var names []string
				ask := page.Ask{Limit: limit}
				for {
					list, err := w.s.List(ctx, c.actor, c.f, ask)
					if err != nil {
						t.Fatal(c.sentence, err)
					}
					for _, b := range list.Rows {
						names = append(names, b.Name)
					}
					if list.Next == "" {
						break
					}
					if ask, err = page.Parse(list.Next, 0, limit); err != nil {
						t.Fatal(err)
					}
				}
				if got := strings.Join(names, ", "); got != c.want {
					t.Errorf("%s, by %d: %s", c.sentence, limit, got)
				}
			}
		}
		if _, err := w.s.Get(ctx, w.Dan, globex.ID, page.Ask{}); !errors.Is(err, budgetdb.ErrUnseen) {
			t.Error("Dan sees a budget of Globex:", err)
		}
		if _, err := w.s.Get(ctx, w.Ann, w.create(monthly("Bob's second", budget.Owner{Member: w.Bob.Member}, 1)).ID, page.Ask{}); !errors.Is(err, budgetdb.ErrUnseen) {
			t.Error("Ann sees a budget of Bob's:", err)
		}
		nobody := w.Ann.Holding(nil)
		if _, err := w.s.List(ctx, nobody, budgeting.Filter{}, page.Ask{}); !errors.Is(err, access.ErrForbidden) {
			t.Error("without budgets.view:", err)
		}
		if _, err := w.s.Get(ctx, nobody, w.ops.ID, page.Ask{}); !errors.Is(err, access.ErrForbidden) {
			t.Error("without budgets.view:", err)
		}
	})
}

func TestABudgetShowsHowItCameToStandAndWhereItGoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.now = time.Date(2026, 3, 2, 23, 30, 0, 0, time.UTC) // 3 March in Berlin
		first := w.submit(w.ops, 100_00)
		w.now = time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)
		w.place(first)
		w.submit(w.ops, 50_00)
		w.now = time.Date(2026, 3, 6, 10, 0, 0, 0, time.UTC)
		list, err := w.s.List(ctx, w.Ann, budgeting.Filter{}, page.Ask{})
		if err != nil || len(list.Rows) != 1 {
			t.Fatal(list, err)
		}
		s := list.Rows[0]
		var days []string
		for _, d := range s.Days {
			days = append(days, fmt.Sprintf("%s %d %d %d", d.On[8:], d.Limit.Minor, d.Spent.Minor, d.Held.Minor))
		}
		want := "01 100000 0 0; 02 100000 0 0; 03 100000 0 10000; 04 100000 0 10000; 05 100000 10000 5000; 06 100000 10000 5000"
		if got := strings.Join(days, "; "); got != want {
			t.Errorf("the days: %s", got)
		}
		if s.Figures != (budget.Figures{Limit: eur(1000_00), Spent: eur(100_00), Held: eur(50_00), Left: eur(850_00)}) || s.Used != eur(775_00) || s.RunsOut != "" || s.Period.Key != "2026-03" {
			t.Errorf("%+v; %s used at the end, out on %q", s.Figures, s.Used, s.RunsOut)
		}
		w.now = time.Date(2026, 4, 1, 8, 0, 0, 0, time.UTC)
		april := w.get(w.Ann, w.ops.ID)
		if april.Open || april.Period.Key != "2026-04" || april.Figures.Left != eur(1000_00) || len(april.Days) != 0 || len(april.Holds) != 1 {
			t.Errorf("in the next month: %+v", april.Status)
		}
		w.sound()
	})
}

func TestPeriodsOfOtherKinds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cycle := func(name string, c budget.Cycle, carry budget.Carry) budget.Budget {
			in := monthly(name, budget.Owner{Unit: w.Units["ops"]}, 1000_00)
			in.Cycle, in.Carry = c, carry
			return w.create(in)
		}
		rolling := cycle("rolling", budget.Cycle{Kind: budget.Rolling, Days: 7}, budget.CarryNone)
		fixed := cycle("fixed", budget.Cycle{Kind: budget.Fixed, From: "2026-03-01", Until: "2026-03-12"}, budget.CarryNone)
		single := cycle("single", budget.Cycle{Kind: budget.PerOrder}, budget.CarryNone)
		carried := cycle("carried", budget.Cycle{Kind: budget.Month}, budget.CarryUnspent)
		for _, minor := range []int64{300_00, 200_00} {
			w.submit(rolling, minor)
			w.submit(carried, minor)
			w.now = w.now.AddDate(0, 0, 5)
		} // 20 March
		left := func(b budget.Budget) money.Money { return w.get(w.Dan, b.ID).Figures.Left }
		if got := left(rolling); got != eur(800_00) {
			t.Errorf("in the last seven days the first order no longer counts: %s left", got)
		}
		if days := w.get(w.Dan, rolling.ID).Days; len(days) != 7 || days[0].Held != eur(0) || days[6].Held != eur(200_00) {
			t.Errorf("%+v", days)
		}
		if sheet := w.get(w.Dan, fixed.ID); sheet.Period.Until != "2026-03-12" || sheet.Figures.Left != eur(1000_00) || !errors.Is(sheet.LimitRefusal, budget.ErrOutside) {
			t.Errorf("what is over: %+v", sheet.Status)
		}
		if _, err := w.s.SetLimit(ctx, w.Dan, budgeting.SetLimitInput{ID: fixed.ID, Version: 1, Limit: eur(1), Note: "x"}); !errors.Is(err, budget.ErrOutside) {
			t.Error("the limit of what is over:", err)
		}
		if _, err := w.s.SetLimit(ctx, w.Dan, budgeting.SetLimitInput{ID: single.ID, Version: 1, Limit: eur(50_00), Note: "smaller orders"}); err != nil {
			t.Error(err)
		}
		if sheet := w.get(w.Dan, single.ID); sheet.Limit != eur(50_00) || sheet.Figures.Left != eur(50_00) {
			t.Errorf("of each order: %+v", sheet.Status)
		}
		w.now = time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)
		if got := left(carried); got != eur(1500_00) {
			t.Errorf("what was left in March is carried over: %s left", got)
		}
		if _, err := w.s.SetLimit(ctx, w.Dan, budgeting.SetLimitInput{ID: carried.ID, Version: 1, Limit: eur(1600_00), Note: "a little more"}); err != nil {
			t.Error(err)
		}
		if rows := w.get(w.Dan, carried.ID).Ledger.Rows; rows[0].Limit != 100_00 || rows[1].Limit != 1500_00 {
			t.Errorf("%+v", rows)
		}
		w.sound()
	})
}

func TestTheLedgerIsPaged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 7 {
			w.submit(w.ops, 1_00)
		}
		w.now = w.now.AddDate(0, 1, 0)
		for range 4 {
			w.submit(w.ops, 1_00)
		}
		var got []string
		ask := page.Ask{Limit: 3}
		for {
			sheet, err := w.s.Get(ctx, w.Ann, w.ops.ID, ask)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range sheet.Ledger.Rows {
				got = append(got, fmt.Sprintf("%s/%d", e.Period[5:], e.Place))
			}
			if sheet.Ledger.Next == "" {
				break
			}
			if ask, err = page.Parse(sheet.Ledger.Next, 0, 3); err != nil {
				t.Fatal(err)
			}
		}
		if want := "04/5 04/4 04/3 04/2 04/1 03/8 03/7 03/6 03/5 03/4 03/3 03/2 03/1"; strings.Join(got, " ") != want {
			t.Errorf("%v", got)
		}
		if _, err := w.s.Get(ctx, w.Ann, w.ops.ID, page.Ask{After: []string{"-when", "x", "y"}}); !errors.Is(err, page.ErrCursor) {
			t.Error(err)
		}
	})
}

func TestVerifyFindsWhatIsWrong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		placed, waits := w.submit(w.ops, 100_00), w.submit(w.ops, 2000_00)
		w.place(placed)
		r, err := w.s.Verify(ctx, access.System(w.Acme))
		if err != nil || r.Purses != 1 || r.Entries != 4 || r.Holds != 1 || len(r.Problems) != 0 {
			t.Fatalf("%+v, %v", r, err)
		}
		if _, err := w.s.Verify(ctx, w.Ann); !errors.Is(err, access.ErrForbidden) {
			t.Error("Ann verifies:", err)
		}
		for _, c := range []struct {
			sentence  string
			sql, undo string
			args      []any
			want      string
		}{
			{"a balance that is not its rows", `update purse set held_minor = held_minor - 1 where company_id = ?`, `update purse set held_minor = held_minor + 1 where company_id = ?`, []any{w.Acme}, "its entries"},
			{"a hold of what was rejected", `update purchase_order set state = 'rejected' where company_id = ? and id = ?`, `update purchase_order set state = 'pending_approval' where company_id = ? and id = ?`, []any{w.Acme, waits.ID}, "it has ended, and still holds money"},
			{"a hold of what was placed", `update purchase_order set state = 'placed' where company_id = ? and id = ?`, `update purchase_order set state = 'pending_approval' where company_id = ? and id = ?`, []any{w.Acme, waits.ID}, "it is placed, and still holds money"},
			{"spending of what was not placed", `update purchase_order set state = 'pending_approval' where company_id = ? and id = ?`, `update purchase_order set state = 'placed' where company_id = ? and id = ?`, []any{w.Acme, placed.ID}, "it is not placed, and has spent money"},
			{"another amount than the order's", `update purchase_order set net_minor = net_minor + 1, gross_minor = gross_minor + 1 where company_id = ? and id = ?`,
				`update purchase_order set net_minor = net_minor - 1, gross_minor = gross_minor - 1 where company_id = ? and id = ?`, []any{w.Acme, waits.ID}, "it holds and wants 2000.00 EUR, and comes to 2000.01 EUR"},
			{"a row that is gone", `update ledger set place = place + 100, requested_minor = 0 where company_id = ? and purchase_order_id = ?`,
				`update ledger set place = place - 100, requested_minor = 1100_00 where company_id = ? and purchase_order_id = ?`, []any{w.Acme, waits.ID}, "comes to 2000.00 EUR"},
		} {
			w.spoil(c.sql, c.args...)
			r, err := w.s.Verify(ctx, access.System(w.Acme))
			var texts []string
			for _, p := range r.Problems {
				texts = append(texts, p.Text)
			}
			if err != nil || !strings.Contains(strings.Join(texts, "; "), c.want) {
				t.Errorf("%s: %v, %v", c.sentence, texts, err)
			}
			w.spoil(strings.ReplaceAll(c.undo, "1100_00", "110000"), c.args...)
			w.sound()
		}
	})
}

func TestCostCentres(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		made, err := w.s.CreateCostCentre(ctx, w.Dan, budgeting.CostCentreInput{Code: " 4712 ", Name: "Tools", Manager: w.Bob.Member, Unit: w.Units["ops"], From: "2026-01-01", Until: "2026-06-30"})
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.s.GetCostCentre(ctx, w.Ann, made.ID)
		if err != nil || got.Code != "4712" || got.ManagerName != "Bob Boss" || got.UnitName != "Operations" || got.Until != "2026-06-30" {
			t.Errorf("%+v, %v", got, err)
		}
		edit := func(actor access.Actor, in budgeting.CostCentreInput) error {
			_, err := w.s.EditCostCentre(ctx, actor, in)
			return err
		}
		in := budgeting.CostCentreInput{ID: made.ID, Version: 1, Code: "4712", Name: "Tools and dies"}
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"Dan edits it", edit(w.Dan, in), nil},
			{"an older version", edit(w.Dan, in), budgeting.ErrStale},
			{"Ann may not", edit(w.Ann, in), access.ErrForbidden},
			{"Eve does not see it", edit(w.Eve, in), budgetdb.ErrCostCentreUnseen},
			{"a code that is taken", edit(w.Dan, budgeting.CostCentreInput{ID: made.ID, Version: 2, Code: "4711", Name: "x"}), budgetdb.ErrCostCentreCode},
			{"a manager of Globex", edit(w.Dan, budgeting.CostCentreInput{ID: made.ID, Version: 2, Code: "4713", Name: "x", Manager: w.Eve.Member}), fault.ErrInput},
			{"a unit of Globex", edit(w.Dan, budgeting.CostCentreInput{ID: made.ID, Version: 2, Code: "4713", Name: "x", Unit: w.GlobexUnits["globex"]}), fault.ErrInput},
			{"no name", edit(w.Dan, budgeting.CostCentreInput{ID: made.ID, Version: 2, Code: "4713"}), fault.ErrInput},
		} {
			if !errors.Is(c.err, c.want) || c.want == nil && c.err != nil {
				t.Errorf("%s: %v", c.sentence, c.err)
			}
		}
		if _, err := w.s.CreateCostCentre(ctx, w.Ann, budgeting.CostCentreInput{Code: "1", Name: "Mine"}); !errors.Is(err, access.ErrForbidden) {
			t.Error("Ann makes one:", err)
		}
		if _, err := w.s.CreateCostCentre(ctx, w.Dan, budgeting.CostCentreInput{Code: "old", Name: "Closed", Until: "2025-12-31", Unit: w.Units["fin"]}); err != nil {
			t.Fatal(err)
		}
		list := func(actor access.Actor, f budgeting.CostCentreFilter) string {
			var codes []string
			ask := page.Ask{Limit: 1}
			for {
				l, err := w.s.ListCostCentres(ctx, actor, f, ask)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range l.Rows {
					codes = append(codes, c.Code)
				}
				if l.Next == "" {
					return strings.Join(codes, " ")
				}
				if ask, err = page.Parse(l.Next, 0, 1); err != nil {
					t.Fatal(err)
				}
			}
		}
		inOps := w.Bob.Holding([]access.Grant{{Place: w.Bob.At.Parent(), Set: access.SetOf(access.CostCentresView)}})
		for _, c := range []struct {
			sentence string
			got      string
			want     string
		}{
			{"all", list(w.Ann, budgeting.CostCentreFilter{}), "4711 4712 old"},
			{"by text", list(w.Ann, budgeting.CostCentreFilter{Text: "DIES"}), "4712"},
			{"those that are valid", list(w.Ann, budgeting.CostCentreFilter{On: date.Date("2026-03-01")}), "4711 4712"},
			{"in operations alone", list(inOps, budgeting.CostCentreFilter{}), "4711 4712"},
			{"those of Globex", list(w.Eve, budgeting.CostCentreFilter{}), "0815"},
		} {
			if c.got != c.want {
				t.Errorf("%s: %s", c.sentence, c.got)
			}
		}
	})
}
