package approving

import (
	"context"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// QueueFilter narrows what waits. What is empty does not.
type QueueFilter struct {
	Text      string // in the number, the buyer's reference or the requester's name
	Requester id.Member
	Unit      id.Unit
}

// QueueRow is a purchase order that waits for the actor, and why it came to them.
type QueueRow struct {
	view.Waiting
	Why []approval.Reason
	Age time.Duration // since they were asked
}

// Queue lists what waits for the actor's decision, what they were asked longest ago first.
func (s *Service) Queue(ctx context.Context, actor access.Actor, f QueueFilter, ask page.Ask) (list page.List[QueueRow], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
			return err
		}
		after, err := page.BehindTime(ask, id.ParsePurchaseOrder)
		if err != nil {
			return err
		}
		var rows []view.Waiting
		tx.Views.WantWaiting(&rows, actor.Company, actor.Member, viewdb.PurchaseOrders{Text: f.Text, Requester: f.Requester, Unit: f.Unit}, after, ask.Size()+1)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		cut := page.Cut(rows, ask, func(w view.Waiting) []string { return []string{page.Moment(w.AskedAt), w.ID.String()} })
		list = page.List[QueueRow]{Next: cut.Next}
		for _, w := range cut.Rows {
			list.Rows = append(list.Rows, QueueRow{w, w.Plan.Why(actor.Member), tx.Now.Sub(w.AskedAt)})
		}
		return nil
	})
	return list, err
}

// Counts are the figures of the badges.
type Counts struct {
	Waiting int64 // purchase orders that wait for the actor's decision
	Mine    int64 // own purchase orders that wait for somebody
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
			n.Waiting = 0
		}
		if !actor.MaySomewhere(access.PurchaseOrdersView) {
			n.Mine = 0
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
	From, Until date.Date // submitted on these days, both included, in the company's time zone
}

// ListPurchaseOrders lists the purchase orders that the actor sees, the newest first: their own, those of the people below
// them, or all that are booked where they see all. What waits for them and is none of these is in their queue.
func (s *Service) ListPurchaseOrders(ctx context.Context, actor access.Actor, f Filter, ask page.Ask) (list page.List[view.PurchaseOrder], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.PurchaseOrdersView); err != nil {
			return err
		}
		after, err := page.BehindTime(ask, id.ParsePurchaseOrder)
		if err != nil {
			return err
		}
		which := viewdb.PurchaseOrders{Text: f.Text, States: f.States, Requester: f.Requester, Unit: f.Unit}
		if which.From, which.Until, err = step.Between(ctx, tx, actor.Company, f.From, f.Until); err != nil {
			return err
		}
		var rows []view.PurchaseOrder
		tx.Views.WantPurchaseOrders(&rows, actor.Company, actor.Scope(access.ViewPurchaseOrders), which, after, ask.Size()+1)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		list = page.Cut(rows, ask, func(p view.PurchaseOrder) []string { return []string{page.Moment(p.SubmittedAt), p.ID.String()} })
		return nil
	})
	return list, err
}
