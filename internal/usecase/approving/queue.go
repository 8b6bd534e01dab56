package approving

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// QueueRow is a purchase order that waits for the actor, and why it came to them.
type QueueRow struct {
	view.Waiting
	Why []approval.Reason
	Age time.Duration        // since they were asked
	For []approval.StandsFor // for whom they are asked, as a deputy; nobody where they are asked themselves
}

// Queue is a page of what waits for the actor, and how much fits in all.
type Queue struct {
	page.List[QueueRow]
	Found page.Count
	At    time.Time // when it was so
}

// Queue lists what waits for the actor's decision, what they were asked longest ago first unless it is asked for otherwise. Who
// decides sees what it comes to, whether or not they may see prices.
func (s *Service) Queue(ctx context.Context, actor access.Actor, f view.QueueFilter, ask page.Ask) (q Queue, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
			return err
		}
		at, err := viewdb.WaitingBy.At(ask)
		if err != nil {
			return err
		}
		var rows []view.Waiting
		q = Queue{At: tx.Now}
		tx.Views.WantWaiting(&rows, actor.Company, actor.Member, f, at)
		tx.Views.WantWaitingCount(&q.Found, actor.Company, actor.Member, f)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		cut := at.List(rows)
		q.Next = cut.Next
		for _, w := range cut.Rows {
			q.Rows = append(q.Rows, QueueRow{w, w.Plan.Why(actor.Member), tx.Now.Sub(w.AskedAt), w.Plan.For(actor.Member)})
		}
		return nil
	})
	return q, err
}

// Choices is what the actor's queue may be narrowed by: whose purchase orders wait, for which units, in which currencies, and
// why they came.
type Choices struct {
	Askers []view.Asker
	Why    []approval.Reason // one of each cause
}

// Choices says by what the actor's queue may be narrowed.
func (s *Service) Choices(ctx context.Context, actor access.Actor) (c Choices, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
			return err
		}
		c = Choices{}
		var all [][]approval.Reason
		tx.Views.WantAskers(&c.Askers, actor.Company, actor.Member)
		tx.Views.WantCauses(&all, actor.Company, actor.Member)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		known := map[approval.Cause]bool{}
		for _, r := range slices.Concat(all...) {
			if !known[r.Cause()] {
				known[r.Cause()] = true
				c.Why = append(c.Why, r)
			}
		}
		return nil
	})
	return c, err
}

// Counts are the figures of the badges.
type Counts struct {
	Waiting page.Count // purchase orders that wait for the actor's decision
	Mine    page.Count // own purchase orders that wait for somebody
}

// Counts counts what waits. Of what the actor may not see there is nothing.
func (s *Service) Counts(ctx context.Context, actor access.Actor) (n Counts, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		tx.Views.WantCounts(&n.Waiting, &n.Mine, actor.Company, actor.Member)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if !actor.MaySomewhere(access.PurchaseOrdersApprove) {
			n.Waiting = page.Count{}
		}
		if !actor.MaySomewhere(access.PurchaseOrdersView) {
			n.Mine = page.Count{}
		}
		return nil
	})
	return n, err
}

// Filter says which purchase orders are listed. What is empty does not narrow.
type Filter struct {
	Text        string // in the number, the buyer's reference or the requester's name
	States      []approval.State
	Requester   id.Member
	Unit        id.Unit
	Asked       bool      // that the actor is or was asked about, or will be, whosever they are
	From, Until date.Date // submitted on these days, both included, in the company's time zone
}

// ListPurchaseOrders lists the purchase orders that the actor sees, the newest first: their own, those of the people below
// them, or all that are booked where they see all; or instead those that they are or were asked about, within that or not. Who may
// not see prices sees them without what they come to, but for what they were asked about.
func (s *Service) ListPurchaseOrders(ctx context.Context, actor access.Actor, f Filter, ask page.Ask) (list page.List[view.PurchaseOrder], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.PurchaseOrdersView); err != nil {
			return err
		}
		at, err := viewdb.PurchaseOrdersBy.At(ask)
		if err != nil {
			return err
		}
		which, scope := viewdb.PurchaseOrders{Text: f.Text, States: f.States, Requester: f.Requester, Unit: f.Unit}, actor.Scope(access.ViewPurchaseOrders)
		if f.Asked {
			which.Asked, scope = actor.Member, access.Scope{Company: []tree.Path{tree.Top}}
		} else if err := step.MaySort(actor, at); err != nil {
			return err
		}
		if which.From, which.Until, err = step.Between(ctx, tx, actor.Company, f.From, f.Until); err != nil {
			return err
		}
		var rows []view.PurchaseOrder
		tx.Views.WantPurchaseOrders(&rows, actor.Company, scope, which, at)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if !f.Asked {
			step.Unprice(actor, rows)
		}
		list = at.List(rows)
		return nil
	})
	return list, err
}
