package budgeting

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/view"
)

// Report is what a check of a company's ledger has found.
type Report struct {
	Company  id.Company
	Purses   int
	Entries  int
	Holds    int // shares of purchase orders that hold money
	Problems []Problem
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

// verifyChunk is how many purses or purchase orders are read at once.
const verifyChunk = 200

// Verify checks the ledger of the company that the actor acts for, in one snapshot: every balance is the sum of its
// rows, nothing is made, lost or below zero; every hold is of a purchase order that is open and is all that this one
// ought to hold; what is spent is of a purchase order that was placed.
func (s *Service) Verify(ctx context.Context, actor access.Actor) (r Report, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.BudgetsViewCompany, tree.Top); err != nil {
			return err
		}
		// find, and decide
		v := verifying{report: Report{Company: actor.Company}, shares: map[id.PurchaseOrder][]held{}}
		if err := v.purses(ctx, tx); err != nil {
			return err
		}
		if err := v.orders(ctx, tx); err != nil {
			return err
		}
		r = v.report
		return nil
	})
	return r, err
}

type verifying struct {
	report Report
	shares map[id.PurchaseOrder][]held
}

// held is what a purchase order has in a budget, and by which figure of the order.
type held struct {
	budget.Share
	of       budget.Budget
	exchange money.Exchange
}

// purses checks every purse against its rows.
func (v *verifying) purses(ctx context.Context, tx *store.Tx) error {
	var behind budgetdb.Key
	for {
		all, err := tx.Budgets.ListPurses(ctx, v.report.Company, behind, verifyChunk)
		if err != nil || len(all) == 0 {
			return err
		}
		for i := range all {
			if err := v.purse(ctx, tx, &all[i]); err != nil {
				return err
			}
		}
		last := all[len(all)-1]
		behind = budgetdb.Key{Budget: last.Budget.ID, Period: last.Period.Key}
	}
}

func (v *verifying) purse(ctx context.Context, tx *store.Tx, p *budget.Purse) error {
	entries, err := tx.Budgets.ListEntries(ctx, v.report.Company, budgetdb.Key{Budget: p.Budget.ID, Period: p.Period.Key})
	if err != nil {
		return err
	}
	v.report.Purses++
	v.report.Entries += len(entries)
	if err := p.Verify(entries); err != nil {
		v.report.Problems = append(v.report.Problems, Problem{Budget: p.Budget.ID, Name: p.Budget.Name, Period: p.Period.Key, Text: err.Error()})
	}
	exchanges := map[id.PurchaseOrder]money.Exchange{}
	for _, e := range entries {
		if e.Exchange != (money.Exchange{}) {
			exchanges[e.PurchaseOrder] = e.Exchange
		}
	}
	for _, s := range budget.Shares(entries) {
		if s.Held != 0 {
			v.report.Holds++
		}
		v.shares[s.PurchaseOrder] = append(v.shares[s.PurchaseOrder], held{s, p.Budget, exchanges[s.PurchaseOrder]})
	}
	return nil
}

// orders checks what each purchase order has in budgets against what it is and how it stands.
func (v *verifying) orders(ctx context.Context, tx *store.Tx) error {
	var behind id.PurchaseOrder
	for {
		var all []view.Claimed
		tx.Views.WantClaimed(&all, v.report.Company, behind, verifyChunk)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		for _, po := range all {
			for _, h := range v.shares[po.PurchaseOrder] {
				if text := h.wrong(po); text != "" {
					v.note(h, po.Number, text)
				}
			}
			delete(v.shares, po.PurchaseOrder)
		}
		if len(all) < verifyChunk {
			break
		}
		behind = all[len(all)-1].PurchaseOrder
	}
	for _, shares := range v.shares {
		for _, h := range shares {
			v.note(h, "", "there is no such purchase order")
		}
	}
	return nil
}

func (v *verifying) note(h held, number, text string) {
	v.report.Problems = append(v.report.Problems, Problem{Budget: h.Budget, Name: h.of.Name, Period: h.Period, PurchaseOrder: h.PurchaseOrder, Number: number, Text: text})
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
