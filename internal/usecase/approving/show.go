package approving

import (
	"context"
	"encoding/json"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Sheet is all that deciding on a purchase order needs on one screen.
type Sheet struct {
	view.PurchaseOrder // with its whole plan: the people, how it stands with each, and the reasons
	Version            int64
	Content            approval.Content
	Note               string
	Pace               *approval.Pace // how long those take whom the plan names
	Within             []company.Unit // the units above that for which it is ordered, the nearest first
	Lines              []view.OrderLine
	Bought             map[id.Product]view.Bought // what the company last paid for what is ordered; what is not there, it never bought before; nil: that is not shown
	Budgets            []budget.Effect
	Why                []approval.Reason // why it came to the actor; none when it did not
	Decisions          []view.Decision   // the oldest first
	Timeline           []Happening       // the oldest first
	Back               id.Cart           // the actor's cart in which its lines came back; zero: they did not, or it is no more

	Approve, Reject, Withdraw *fault.Fault     // why the actor may not now; nil when they may
	Next                      id.PurchaseOrder // what waits for the actor longest, besides this; zero: nothing
}

// Happening is one entry of a timeline.
type Happening struct {
	At        time.Time
	Member    id.Member // zero: the system
	Name      string
	Event     string    // "purchase_order.submitted"
	Reason    string    // as somebody typed it
	Behalf    id.Member // for whom, as a deputy
	For       string    // … by name
	Automatic []string  // the rules, or the permission, that approved it automatically
	Back      bool      // its lines came back to the requester in a cart
}

// Get shows a purchase order that the actor sees: by their reach, or because its plan names them. What it comes to is shown to
// who may see prices, and to whom its plan names; what was paid for the same before, to the former alone.
func (s *Service) Get(ctx context.Context, actor access.Actor, key id.PurchaseOrder) (sheet Sheet, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		f := &file{}
		var heads []view.PurchaseOrder
		sheet = Sheet{Bought: map[id.Product]view.Bought{}}
		f.want(tx, actor, key)
		tx.Views.WantPurchaseOrder(&heads, actor.Company, key)
		tx.Views.WantLines(&sheet.Lines, actor.Company, key)
		tx.Views.WantBought(sheet.Bought, actor.Company, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		plan, err := f.current(ctx, tx, actor)
		if err != nil {
			return err
		}
		// may
		if err := f.seen(actor, plan); err != nil {
			return err
		}
		shown := step.SeesAmounts(actor, f.po.Plan, plan)
		f.po.Plan = plan
		if len(heads) == 0 {
			return approvaldb.ErrUnseen
		}
		sheet.PurchaseOrder, sheet.Content, sheet.Note, sheet.Why = heads[0], f.po.Content, f.po.Note, f.po.Plan.Why(actor.Member)
		sheet.Plan, sheet.Version = f.po.Plan, f.po.Version
		by, err := sheet.around(ctx, tx, actor, f)
		if err != nil {
			return err
		}
		// decide
		sheet.Budgets = budget.Effects(f.entries, f.purses)
		sheet.Approve = fault.Of(f.mayDecide(tx, actor, by, approval.Agree))
		sheet.Reject = fault.Of(f.mayDecide(tx, actor, by, approval.Decline))
		sheet.Withdraw = fault.Of(f.mayWithdraw(actor))
		if !shown {
			sheet.unprice()
		}
		if !actor.Gives(access.PricesView) {
			sheet.Bought = nil
		}
		return nil
	})
	return sheet, err
}

// unprice takes from the sheet what the purchase order comes to, and what follows from that.
func (sheet *Sheet) unprice() {
	sheet.PurchaseOrder, sheet.Content, sheet.Budgets = sheet.PurchaseOrder.Unpriced(), sheet.Content.Unpriced(), nil
	step.WithoutAmounts(sheet.Lines)
	step.WithoutAmounts(sheet.Decisions)
}

// want asks for a purchase order with all that deciding on it looks at.
func (f *file) want(tx *store.Tx, actor access.Actor, key id.PurchaseOrder) {
	tx.Approvals.Want(&f.po, actor.Company, key)
	tx.Companies.Want(&f.company, actor.Company)
	tx.Views.WantRequesterOf(&f.requester, &f.unit, actor.Company, key)
	tx.Budgets.WantEntriesOf(&f.entries, actor.Company, key)
	tx.Budgets.WantPursesOf(&f.purses, actor.Company, key)
	tx.Views.WantUnsold(&f.unsold, actor.Company, key)
	tx.Approvals.WantTurned(&f.turned, actor.Company, key)
}

// around reads what has happened to a purchase order, what else waits for the actor, and the actor as somebody who
// decides.
func (sheet *Sheet) around(ctx context.Context, tx *store.Tx, actor access.Actor, f *file) (by step.Decider, err error) {
	subjects := []string{f.po.ID.String()}
	if !f.po.Order.IsZero() {
		subjects = append(subjects, f.po.Order.String())
	}
	var trail []view.Trail
	var waiting []view.Waiting
	tx.Views.WantAuditOf(&trail, actor.Company, subjects...)
	tx.Views.WantDecisions(&sheet.Decisions, actor.Company, f.po.ID)
	sheet.Pace = approval.NewPace()
	tx.Views.WantPace(sheet.Pace, actor.Company, f.po.Plan.Members())
	if above := sheet.UnitAt.Ancestors(); len(above) > 0 {
		tx.Companies.WantUnitsAt(&sheet.Within, actor.Company, above)
	}
	tx.Views.WantWaiting(&waiting, actor.Company, actor.Member, view.QueueFilter{}, viewdb.WaitingBy.First(2))
	tx.Carts.WantBack(&sheet.Back, actor.Company, actor.Member, f.po.ID)
	if err := step.WindowsOf(ctx, tx, f.company, f.purses); err != nil {
		return by, err
	}
	sheet.Pace.Settle()
	stood := f.po.Plan.Stood()
	for _, t := range trail {
		h := Happening{At: t.At, Member: t.Member, Name: t.Name, Event: t.Event}
		var body struct {
			Reason    string    `json:"reason"`
			Automatic []string  `json:"automatic"`
			Back      id.Cart   `json:"cart_id"`
			Behalf    id.Member `json:"on_behalf_of_id"`
		}
		if err := json.Unmarshal(t.Body, &body); err == nil { // an event without these words says nothing more
			h.Reason, h.Automatic, h.Back, h.Behalf, h.For = body.Reason, body.Automatic, !body.Back.IsZero(), body.Behalf, stood[body.Behalf]
		}
		sheet.Timeline = append(sheet.Timeline, h)
	}
	for _, w := range waiting {
		if w.ID != f.po.ID {
			sheet.Next = w.ID
			break
		}
	}
	if actor.Member.IsZero() || f.po.State.Final() {
		return by, nil
	}
	return step.DeciderOf(ctx, tx, actor.Company, f.asking(), f.po.Plan, actor.Member)
}

// mayDecide says why the actor may not decide so now: what Decide would say to one who has seen all and has a reason.
func (f *file) mayDecide(tx *store.Tx, actor access.Actor, by step.Decider, v approval.Verdict) error {
	if err := actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
		return err
	}
	if err := f.stands(); v == approval.Agree && err != nil {
		return err
	}
	_, err := f.po.Plan.Decide(approval.Deciding{By: by.Candidate, Behind: by.Behind, Deputies: by.Deputies, Verdict: v, Note: "?", Saw: f.po.Hash, Hash: f.po.Hash,
		State: f.po.State, Request: f.request(tx)})
	return err
}

// mayWithdraw says why the actor may not withdraw the purchase order now.
func (f *file) mayWithdraw(actor access.Actor) error {
	if err := actor.RequireSomewhere(access.PurchaseOrdersView); err != nil {
		return err
	}
	if f.po.Requester != actor.Member {
		return ErrNotRequester
	}
	_, err := f.po.State.Next(approval.DoWithdraw)
	return err
}
