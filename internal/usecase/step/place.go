package step

import (
	"fmt"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/order"
	"kontor/internal/store"
)

// Ledger is the purses that a purchase order has moved, and what it has in each.
type Ledger struct {
	Purses  []*budget.Purse
	Entries []budget.Entry // all of the purchase order's, oldest first
}

// Place makes an order of an approved purchase order, turns its holds into spending, and says what happened. The
// order bears the purchase order's number: PO-000123 becomes SO-000123. The caller writes the purchase order, and
// then the order, which stands on it.
func Place(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, l Ledger) (approval.PurchaseOrder, order.Order, error) {
	o := order.Order{
		ID: id.NewOrder(tx.Now), Company: po.Company, Number: po.OrderNumber(), PurchaseOrder: po.ID, State: order.Placed,
		Requester: po.Requester, Unit: po.Unit, CostCentre: po.CostCentre, Reference: po.Reference, Note: po.Note,
		Lines:    make([]order.Line, len(po.Content.Lines)),
		Totals:   order.Totals{Net: po.Net, Shipping: po.Content.Shipping, Tax: po.Content.Tax, Gross: po.Content.Total},
		PlacedAt: tx.Now, ChangedAt: tx.Now, Version: 1,
	}
	po.Order = o.ID
	po, t, err := po.Do(approval.DoPlace, tx.Now)
	if err != nil {
		return po, o, err
	}
	if err := spend(tx, actor, po, l); err != nil {
		return po, o, err
	}
	tx.Tell(actor, po.Tell(t), order.WasPlaced{OrderID: o.ID, Number: o.Number, PurchaseOrder: po.ID, Requester: po.Requester, Total: o.Totals.Gross})
	return po, o, nil
}

// spend turns every hold of a purchase order into spending.
func spend(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, l Ledger) error {
	return move(tx, actor, po, l, "", func(p *budget.Purse, s budget.Share, m budget.Movement) (budget.Entry, error) {
		return p.Book(s, m, s.Held)
	})
}

// Release gives back every hold of a purchase order that will not be placed.
func Release(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, l Ledger, why string) error {
	return move(tx, actor, po, l, why, func(p *budget.Purse, s budget.Share, m budget.Movement) (budget.Entry, error) {
		return p.Release(s, m)
	})
}

// Override holds what a purchase order wants beyond what was left, because those who may have decided so.
func Override(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, l *Ledger, why string) error {
	made, err := moved(tx, actor, po, *l, why, func(p *budget.Purse, s budget.Share, m budget.Movement) (budget.Entry, error) {
		if s.Requested == 0 {
			return budget.Entry{}, nil
		}
		return p.Override(s, m)
	})
	l.Entries = append(l.Entries, made...)
	return err
}

func move(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, l Ledger, why string, do func(*budget.Purse, budget.Share, budget.Movement) (budget.Entry, error)) error {
	_, err := moved(tx, actor, po, l, why, do)
	return err
}

func moved(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, l Ledger, why string, do func(*budget.Purse, budget.Share, budget.Movement) (budget.Entry, error)) ([]budget.Entry, error) {
	var made []budget.Entry
	for _, s := range budget.Shares(l.Entries) {
		if s.Ended {
			continue
		}
		p := purse(l.Purses, s)
		if p == nil {
			return made, fmt.Errorf("purchase order %s holds money in %s %s, which is not there", po.ID, s.Budget, s.Period)
		}
		e, err := do(p, s, budget.Movement{At: tx.Now, By: actor.Member, PurchaseOrder: po.ID, Note: why})
		if err != nil {
			return made, err
		}
		if e.Key == "" {
			continue
		}
		e.ID = id.NewEntry(tx.Now)
		tx.Budgets.Post(po.Company, e, p.Version)
		tx.Budgets.SetPurse(po.Company, *p)
		made = append(made, e)
	}
	return made, nil
}

func purse(all []*budget.Purse, s budget.Share) *budget.Purse {
	for _, p := range all {
		if p.Budget.ID == s.Budget && p.Period.Key == s.Period {
			return p
		}
	}
	return nil
}

// Printed is an address of the book as a purchase order freezes it.
func Printed(a company.Address) approval.Address {
	return approval.Address{Name: a.Name, Extra: a.Extra, Street: a.Street, Postcode: a.Postcode, City: a.City, Region: a.Region, Country: a.Country}
}

// ExpiresAt is when a purchase order that waits expires.
func ExpiresAt(now time.Time, days int64) time.Time { return now.AddDate(0, 0, int(days)) }
