package purchasing

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/order"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// Preview says what submitting a cart would do, and does nothing.
func (s *Service) Preview(ctx context.Context, actor access.Actor, key id.Cart) (a *Assessment, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if a, err = s.assess(ctx, tx, actor, key, id.NewPurchaseOrder(tx.Now), nil); err != nil {
			return err
		}
		a.wantPace(tx, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		a.Pace.Settle()
		return nil
	})
	return a, err
}

// Facts are what rules may look at of a cart, were it submitted now. Of one that has no total, ErrRefused says why.
func (s *Service) Facts(ctx context.Context, actor access.Actor, key id.Cart) (*approval.Facts, error) {
	var a *Assessment
	err := s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) (err error) {
		a, err = s.assess(ctx, tx, actor, key, id.NewPurchaseOrder(tx.Now), nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(a.Lines) == 0 {
		return nil, cart.ErrEmpty
	}
	if a.facts == nil {
		return nil, ErrRefused.Listing(a.Refusals...)
	}
	return a.facts, nil
}

// Try is Preview as though the cart said this of the order as a whole, with all that can be said of it instead. Where some of it
// could be kept by no cart, it says so, and what the rest would do all the same.
func (s *Service) Try(ctx context.Context, actor access.Actor, key id.Cart, said cart.Checkout) (a *Assessment, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if a, err = s.assess(ctx, tx, actor, key, id.NewPurchaseOrder(tx.Now), &said); err != nil {
			return err
		}
		var within []company.Unit
		tx.Companies.WantUnitsWithin(&within, actor.Company, actor.Places(access.CheckoutPlace), mostUnits)
		if a.Company.CostCentre != company.Off && actor.MaySomewhere(access.CostCentresView) {
			tx.Budgets.WantCostCentres(&a.Choices.CostCentres, actor.Company)
		}
		a.wantPace(tx, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		a.Pace.Settle()
		for _, u := range within {
			if !slices.ContainsFunc(a.Choices.Units, func(near company.Unit) bool { return near.ID == u.ID }) {
				a.Choices.Units = append(a.Choices.Units, u)
			}
		}
		if a.Unread != nil {
			return a.Unread
		}
		return nil
	})
	return a, err
}

// SubmitInput is which cart is submitted, as it was seen.
type SubmitInput struct {
	Cart     id.Cart
	Version  int64
	Checkout *cart.Checkout `json:",omitempty"` // said with the submission; nil: as the cart says
	Key      string         `json:"-"`          // the idempotency key
}

// Submitted is what became of a cart.
type Submitted struct {
	ID     id.PurchaseOrder
	Number string
	State  approval.State
	Order  id.Order
	Plan   approval.Plan // who must agree; no stages: nobody
}

// Submit turns a cart into a purchase order: prices it anew, checks everything, freezes it, holds its total in every
// budget that it is charged to, and asks whoever must agree; where nobody must, it places the order.
//
// A cart that cannot be submitted is ErrRefused with every reason, and nothing is held.
func (s *Service) Submit(ctx context.Context, actor access.Actor, in SubmitInput) (done Submitted, err error) {
	err = step.Once(ctx, s.db, actor, "purchasing.submit", in.Key, in, &done, func(remember func(*store.Tx, access.Actor)) error {
		return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			// find; the number goes back when the cart is refused
			var number int64
			tx.Orders.WantNumber(&number, actor.Company, "purchase_order")
			key := id.NewPurchaseOrder(tx.Now)
			a, err := s.assess(ctx, tx, actor, in.Cart, key, in.Checkout)
			if err != nil {
				return err
			}
			// may
			if err := actor.Require(access.CheckoutPlace, a.Unit.Path); err != nil && a.Unit.Path != tree.Top {
				return err
			}
			// decide
			after, err := a.Cart.Submit(in.Version, key)
			if err != nil {
				return err
			}
			if a.Unread != nil { // and all else, at once
				return a.Unread.Listing(a.Refusals...)
			}
			if len(a.Refusals) > 0 {
				return ErrRefused.Listing(a.Refusals...)
			}
			po, submitted, err := a.submitted(key, approval.Number(number), tx.Now, actor)
			if err != nil {
				return err
			}
			entries, err := a.draw(po, tx.Now, actor)
			if err != nil {
				return err
			}
			// write, and tell
			tx.Carts.Update(a.Cart, after)
			a.post(tx, actor, entries)
			tx.Tell(actor, submitted)
			po, placed, err := a.proceed(tx, actor, po, entries)
			if err != nil {
				return err
			}
			tx.Approvals.Insert(po)
			if !placed.ID.IsZero() {
				tx.Orders.Insert(placed)
			}
			done = Submitted{po.ID, po.Number, po.State, po.Order, po.Plan}
			remember(tx, actor)
			return nil
		})
	})
	return done, err
}

// submitted freezes the cart into a purchase order.
func (a *Assessment) submitted(key id.PurchaseOrder, number string, now time.Time, actor access.Actor) (approval.PurchaseOrder, approval.Happened, error) {
	content, items, err := a.frozen()
	if err != nil {
		return approval.PurchaseOrder{}, approval.Happened{}, err
	}
	hash, err := content.Hash()
	if err != nil {
		return approval.PurchaseOrder{}, approval.Happened{}, err
	}
	po := approval.PurchaseOrder{
		ID: key, Company: actor.Company, Number: number, State: approval.Draft, Requester: actor.Member, Unit: a.Unit.ID,
		CostCentre: a.Cart.Checkout.CostCentre, Content: content, Hash: hash, Items: items, Net: a.Totals.Net, Reference: a.Cart.Checkout.Reference,
		ActedBy: a.request.ActedBy, Note: a.Cart.Checkout.Note, Needs: a.Needs, Plan: a.Plan, SubmittedAt: now, Version: 1,
	}
	if actor.Acting() {
		po.Acting = actor.Account
	}
	po.Plan.Automatic = a.Automatic
	po, t, err := po.Do(approval.DoSubmit, now)
	return po, po.Tell(t), err
}

// draw holds the order's total in every budget that it is charged to: in all of them, or in none.
func (a *Assessment) draw(po approval.PurchaseOrder, now time.Time, actor access.Actor) ([]budget.Entry, error) {
	entries, err := budget.Draw(budget.Movement{At: now, By: actor.Member, PurchaseOrder: po.ID}, a.claims)
	if err != nil {
		return nil, err
	}
	for i := range entries {
		entries[i].ID = id.NewEntry(now)
	}
	return entries, nil
}

// post writes the purses as they have become, and the entries that made them so.
func (a *Assessment) post(tx *store.Tx, actor access.Actor, entries []budget.Entry) {
	key := a.Company.ID
	for i, c := range a.claims {
		p := *c.Purse
		opening, fresh := a.opening(p)
		if fresh {
			tx.Budgets.InsertPurse(key, p)
			tx.Budgets.Post(key, opening, 1)
		} else {
			tx.Budgets.SetPurse(key, p)
		}
		tx.Budgets.Post(key, entries[i], p.Version)
		if told, reached := p.Reached(entries[i]); reached {
			tx.Tell(actor, told)
		}
	}
}

// opening is the entry that gives a purse its limit, if this order is the first that it is charged with.
func (a *Assessment) opening(p budget.Purse) (budget.Entry, bool) {
	for _, e := range a.opened {
		if e.Budget == p.Budget.ID && e.Period == p.Period.Key {
			return e, true
		}
	}
	return budget.Entry{}, false
}

// acknowledged writes the override for every budget that only warns, and of whose excess the buyer has said that
// they know.
func (a *Assessment) acknowledged(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, l *step.Ledger) error {
	warned := step.Ledger{Purses: l.Purses}
	for i, v := range a.Verdicts {
		if v.Consequence == budget.Warn {
			warned.Entries = append(warned.Entries, l.Entries[i])
		}
	}
	before := len(warned.Entries)
	if err := step.Override(tx, actor, po, &warned, budget.Acknowledged.Format); err != nil {
		return err
	}
	l.Entries = append(l.Entries, warned.Entries[before:]...)
	return nil
}

// proceed asks whoever must agree, or places the order where nobody must.
func (a *Assessment) proceed(tx *store.Tx, actor access.Actor, po approval.PurchaseOrder, entries []budget.Entry) (approval.PurchaseOrder, order.Order, error) {
	l := step.Ledger{Entries: entries}
	for _, c := range a.claims {
		l.Purses = append(l.Purses, c.Purse)
	}
	if err := a.acknowledged(tx, actor, po, &l); err != nil {
		return po, order.Order{}, err
	}
	if len(po.Plan.Stages) > 0 {
		po, t, err := po.Do(approval.DoAsk, tx.Now)
		if err != nil {
			return po, order.Order{}, err
		}
		po.ExpiresAt = step.ExpiresAt(tx.Now, a.Company.ExpiryDays)
		e := po.Tell(t)
		e.Asked, e.Stuck, e.Watchers = approval.Members(po.Plan.Awaited()), po.Plan.Stuck(), a.watchers
		tx.Tell(actor, e)
		return po, order.Order{}, nil
	}
	po, t, err := po.Do(approval.DoPassThrough, tx.Now)
	if err != nil {
		return po, order.Order{}, err
	}
	e := po.Tell(t)
	e.Straight = true
	for _, r := range a.Automatic {
		e.Automatic = append(e.Automatic, r.Title())
	}
	if a.Auto {
		e.Automatic = append(e.Automatic, access.PurchaseOrdersAutoApprove.Code())
	}
	// Nobody has approved it, least of all who submits it: the platform let it through, on their request.
	by := access.System(actor.Company)
	by.Request, by.From = actor.Request, actor.From
	tx.Tell(by, e)
	return step.Place(tx, actor, po, l)
}
