package budgeting

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Report is what a check of a company's ledger has found.
type Report struct {
	Company  id.Company
	Purses   int
	Entries  int
	Holds    int       // shares of purchase orders that hold money
	Found    int       // problems
	Problems []Problem // the first of them
}

// Problem is something in a ledger that must not be.
type Problem struct {
	Budget        id.Budget
	Name          string // of the budget
	Period        string
	PurchaseOrder id.PurchaseOrder // zero: it is about the purse as a whole
	Number        string
	Text          string
}

// How many purses or purchase orders, and how many rows of the ledger are read at once, and how many problems are told.
const (
	verifyChunk  = 200
	entryChunk   = 1000
	problemsMost = 100
)

// Verify checks the ledger of the company that the actor acts for: every balance is the sum of its rows, nothing is
// made, lost, done twice or below zero; every hold is of a purchase order that is open and is all that this one ought to
// hold; what is spent is of a purchase order that was placed. Each purse, and each purchase order, is checked in one
// snapshot; however many there are, only a few are held at a time.
func (s *Service) Verify(ctx context.Context, actor access.Actor) (Report, error) {
	v := verifying{s: s, actor: actor, report: Report{Company: actor.Company}}
	err := v.laws(ctx)
	if err == nil {
		err = v.purses(ctx)
	}
	if err == nil {
		err = v.orders(ctx)
	}
	return v.report, err
}

type verifying struct {
	s      *Service
	actor  access.Actor
	report Report
}

// read reads in a snapshot of its own.
func (v *verifying) read(ctx context.Context, fn func(tx *store.Tx) error) error {
	return v.s.db.Read(ctx, v.actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.BudgetsViewCompany, tree.Top); err != nil {
			return err
		}
		return fn(tx)
	})
}

// laws checks what holds between rows of the ledger, wherever they are.
func (v *verifying) laws(ctx context.Context) error {
	for _, law := range viewdb.LedgerLaws(v.report.Company) {
		err := v.read(ctx, func(tx *store.Tx) error {
			return step.Uphold(ctx, tx, law, func(rows int64, sentence string) {
				v.note(Problem{Text: sentence})
				v.report.Found += int(rows) - 1
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// held is what a purchase order has in a budget, and by which figure of the order.
type held struct {
	budget.Share
	of       budget.Budget
	exchange money.Exchange
}

// purses checks every purse against its rows.
func (v *verifying) purses(ctx context.Context) error {
	var behind budgetdb.Key
	for more := true; more; {
		err := v.read(ctx, func(tx *store.Tx) error {
			all, err := tx.Budgets.ListPurses(ctx, v.report.Company, behind, verifyChunk)
			if err != nil {
				return err
			}
			for i := range all {
				if err := v.purse(ctx, tx, &all[i]); err != nil {
					return err
				}
				behind = budgetdb.Key{Budget: all[i].Budget.ID, Period: all[i].Period.Key}
			}
			more = len(all) == verifyChunk
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (v *verifying) purse(ctx context.Context, tx *store.Tx, p *budget.Purse) error {
	key := budgetdb.Key{Budget: p.Budget.ID, Period: p.Period.Key}
	var failed error
	wrong := p.Verify(func(yield func(budget.Entry) bool) {
		for last, n := int64(0), entryChunk; n == entryChunk; {
			var some []budget.Entry
			if some, last, failed = tx.Budgets.ListEntries(ctx, v.report.Company, key, last, entryChunk); failed != nil {
				return
			}
			n = len(some)
			v.report.Entries += n
			for _, e := range some {
				if !yield(e) {
					return
				}
			}
		}
	})
	if failed != nil {
		return failed
	}
	v.report.Purses++
	if wrong != nil {
		v.note(Problem{Budget: p.Budget.ID, Name: p.Budget.Name, Period: p.Period.Key, Text: wrong.Error()})
	}
	return nil
}

// orders checks what each purchase order has in budgets against what it is and how it stands.
func (v *verifying) orders(ctx context.Context) error {
	var behind id.PurchaseOrder
	for more := true; more; {
		err := v.read(ctx, func(tx *store.Tx) error {
			var all []view.Claimed
			tx.Views.WantClaimed(&all, v.report.Company, behind, verifyChunk)
			if err := tx.Fetch(ctx); err != nil {
				return err
			}
			if more = len(all) == verifyChunk; more {
				behind = all[len(all)-1].PurchaseOrder
			}
			return v.claimed(ctx, tx, all)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// claimed checks what some purchase orders have in budgets.
func (v *verifying) claimed(ctx context.Context, tx *store.Tx, all []view.Claimed) error {
	keys := make([]id.PurchaseOrder, len(all))
	for i, po := range all {
		keys[i] = po.PurchaseOrder
	}
	var entries []budget.Entry
	tx.Budgets.WantEntriesAmong(&entries, v.report.Company, keys)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	shares, err := v.shares(ctx, tx, entries)
	if err != nil {
		return err
	}
	for _, po := range all {
		for _, h := range shares[po.PurchaseOrder] {
			if h.Held != 0 {
				v.report.Holds++
			}
			if text := h.wrong(po); text != "" {
				v.note(Problem{Budget: h.Budget, Name: h.of.Name, Period: h.Period, PurchaseOrder: po.PurchaseOrder, Number: po.Number, Text: text})
			}
		}
	}
	return nil
}

// shares sums entries by purchase order and budget.
func (v *verifying) shares(ctx context.Context, tx *store.Tx, entries []budget.Entry) (map[id.PurchaseOrder][]held, error) {
	type claim struct {
		budget id.Budget
		po     id.PurchaseOrder
	}
	exchanges := map[claim]money.Exchange{}
	var keys []id.Budget
	for _, e := range entries {
		if e.Exchange != (money.Exchange{}) {
			exchanges[claim{e.Budget, e.PurchaseOrder}] = e.Exchange
		}
		if !slices.Contains(keys, e.Budget) {
			keys = append(keys, e.Budget)
		}
	}
	var budgets []budget.Budget
	tx.Budgets.WantAmong(&budgets, v.report.Company, keys)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	all := map[id.PurchaseOrder][]held{}
	for _, s := range budget.Shares(entries) {
		i := slices.IndexFunc(budgets, func(b budget.Budget) bool { return b.ID == s.Budget })
		if i < 0 {
			v.note(Problem{Budget: s.Budget, Period: s.Period, PurchaseOrder: s.PurchaseOrder, Text: "there is no such budget"})
			continue
		}
		all[s.PurchaseOrder] = append(all[s.PurchaseOrder], held{s, budgets[i], exchanges[claim{s.Budget, s.PurchaseOrder}]})
	}
	return all, nil
}

func (v *verifying) note(p Problem) {
	if v.report.Found++; len(v.report.Problems) < problemsMost {
		v.report.Problems = append(v.report.Problems, p)
	}
}

// wrong says what is wrong with a share of a purchase order; "" when nothing is.
func (h held) wrong(po view.Claimed) string {
	switch state := approval.State(po.State); {
	case h.Held < 0 || h.Spent < 0 || h.Requested < 0:
		return "it has less than nothing there"
	case state == approval.Placed && h.Held+h.Requested != 0:
		return "it is placed, and still holds money"
	case state == approval.Placed:
		return ""
	case h.Spent != 0:
		return "it is not placed, and has spent money"
	case state.Final() && h.Held+h.Requested != 0:
		return "it has ended, and still holds money"
	case !state.Final() && !h.Ended:
		return h.short(po)
	}
	return ""
}

// short says that an open purchase order holds and wants another amount than it comes to.
func (h held) short(po view.Claimed) string {
	amount, err := h.of.Basis.Amount(po.Net, po.Shipping, po.Gross)
	if err == nil && h.exchange != (money.Exchange{}) {
		amount, err = h.exchange.Convert(amount)
	}
	has := money.Of(h.Held+h.Requested, h.of.Limit.Currency)
	switch {
	case err != nil:
		return "it comes to an amount that cannot be told: " + err.Error()
	case amount != has:
		return "it holds and wants " + has.String() + ", and comes to " + amount.String()
	}
	return ""
}
