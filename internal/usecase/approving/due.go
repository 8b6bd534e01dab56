package approving

import (
	"context"
	"errors"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/usecase/step"
)

// expiring is how many purchase orders are ended in one round.
const expiring = 500

// ExpireDue ends the purchase orders, of whichever company, that have waited too long; each in a transaction of its
// own, so that one that cannot be ended keeps no other waiting. It says how many it ended: one that another node was
// quicker with is not among them.
func (s *Service) ExpireDue(ctx context.Context, actor access.Actor) (n int, err error) {
	var due []approvaldb.Waiting
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.OrdersManage, tree.Top); err != nil {
			return err
		}
		due, err = tx.Approvals.ListExpired(ctx, tx.Now, expiring)
		return err
	})
	if err != nil {
		return 0, err
	}
	var failed []error
	for _, w := range due {
		ended, err := s.Expire(ctx, access.System(w.Company), w.Order)
		if ended {
			n++
		}
		failed = append(failed, err)
	}
	return n, errors.Join(failed...)
}

// Expire ends a purchase order that has waited too long, and gives its lines back to the requester in a cart. It says
// whether it did: somebody may have decided, been asked anew or ended it meanwhile.
func (s *Service) Expire(ctx context.Context, actor access.Actor, key id.PurchaseOrder) (ended bool, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var book []company.Address
		f, err := find(ctx, tx, actor, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireSeen(access.ViewPurchaseOrders, f.thing()); err != nil {
			return err
		}
		if ended = !f.po.ExpiresAt.IsZero() && !tx.Now.Before(f.po.ExpiresAt); !ended {
			return nil
		}
		tx.Companies.WantBooks(&book, actor.Company, f.po.Requester)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		back, err := f.back(tx, book)
		if err != nil {
			return err
		}
		// write, tell
		tx.Carts.Insert(back)
		_, err = f.end(tx, actor, approval.DoExpire, budget.TimedOut.Format, back.ID)
		return err
	})
	return ended && err == nil, err
}

// back is a cart with the lines of a purchase order, and with what was said of it as a whole as far as it can still be
// said. Its owner has not chosen it, so it leaves the one that they are filling alone.
func (f *file) back(tx *store.Tx, book []company.Address) (cart.Cart, error) {
	c := f.po.Content
	back := cart.Cart{ID: id.NewCart(tx.Now), Company: f.po.Company, Owner: f.po.Requester, Name: f.po.Number, State: cart.Open, From: f.po.ID,
		Checkout: cart.Checkout{Unit: f.po.Unit, CostCentre: f.po.CostCentre, Payment: c.PaymentMethod, Reference: f.po.Reference, Note: f.po.Note}}
	if wanted := date.Date(c.RequestedDate); wanted >= date.On(tx.Now, f.company.Location()) {
		back.Checkout.Requested = wanted
	}
	for _, a := range book {
		if printed := step.Printed(a); a.Delivers && printed == c.DeliverTo {
			back.Checkout.Delivery = a.ID
		}
		if printed := step.Printed(a); a.Bills && printed == c.BillTo {
			back.Checkout.Billing = a.ID
		}
	}
	lines := make([]cart.Line, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = cart.Line{ID: id.NewCartLine(tx.Now), Product: l.Product, Quantity: l.Quantity}
		if i < len(f.po.Items) {
			lines[i].Note = f.po.Items[i].Note
		}
	}
	return back.Add(lines...)
}
