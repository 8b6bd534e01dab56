package approving

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/usecase/step"
)

// React makes the plans of purchase orders anew when an approver has left, and when somebody else looks after an order
// than who submitted it. It is for the system.
func (s *Service) React(ctx context.Context, tx *store.Tx, actor access.Actor, told []auditdb.Told) (after func(), err error) {
	if err := actor.Require(access.ApprovalRulesManage, tree.Top); err != nil {
		return nil, err
	}
	for _, o := range told {
		var keys []id.PurchaseOrder
		switch o.Event {
		case (company.MemberWasDeactivated{}).EventName():
			var e company.MemberWasDeactivated
			if err := json.Unmarshal(o.Body, &e); err != nil {
				return nil, err
			}
			tx.Approvals.WantAwaiting(&keys, actor.Company, e.MemberID)
			if err := tx.Fetch(ctx); err != nil {
				return nil, err
			}
		case (approval.WasReassigned{}).EventName():
			var e approval.WasReassigned
			if err := json.Unmarshal(o.Body, &e); err != nil {
				return nil, err
			}
			keys = []id.PurchaseOrder{e.OrderID}
		}
		for _, key := range keys {
			if err := reevaluate(ctx, tx, actor, key); err != nil {
				return nil, fmt.Errorf("reevaluate %s: %w", key, err)
			}
		}
	}
	return nil, nil
}

// reevaluate looks up anew who is to decide on a purchase order. What was decided stands, and nothing is approved by it: of
// whom nobody eligible is left, the order waits and the administrators are told.
func reevaluate(ctx context.Context, tx *store.Tx, actor access.Actor, key id.PurchaseOrder) error {
	// find
	f, err := find(ctx, tx, actor, key)
	if err != nil {
		return err
	}
	if f.po.State != approval.PendingApproval {
		return nil
	}
	r, ask := f.request(tx), f.asking()
	var above []company.Unit
	tx.Companies.WantUnitsAt(&above, actor.Company, f.unit.Path.Ancestors())
	if !f.po.CostCentre.IsZero() {
		tx.Budgets.WantCostCentre(&ask.CostCentres, actor.Company, f.po.CostCentre)
	}
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	ask.Units = append(ask.Units, slices.DeleteFunc(above, func(u company.Unit) bool { return u.ID == f.unit.ID })...)
	ask.Sources = approval.Sources(f.po.Needs, r)
	dir, err := step.Directory(ctx, tx, actor.Company, ask)
	if err != nil {
		return err
	}
	// decide
	plan, err := approval.Rebuild(f.po.Needs, dir, approval.Policy{}, r, f.po.Plan)
	if err != nil {
		return err
	}
	plan.Automatic = f.po.Plan.Automatic
	was, is := approval.Members(f.po.Plan.Awaited()), approval.Members(plan.Awaited())
	if plan.Standing() != approval.Open || slices.Equal(was, is) && plan.Stuck() == f.po.Plan.Stuck() && !left(f.po.Plan, plan) {
		return nil
	}
	po, t, err := f.po.Do(approval.DoReevaluate, tx.Now)
	if err != nil {
		return err
	}
	po.Plan = plan
	// write
	tx.Approvals.Update(f.po, po)
	// tell
	e := po.Tell(t)
	e.Asked, e.Freed = without(is, was), without(was, is)
	e.Stuck = plan.Stuck() && !f.po.Plan.Stuck()
	tx.Tell(actor, e)
	return nil
}

// left reports whether somebody named in the one plan is not named in the other.
func left(before, after approval.Plan) bool {
	for _, s := range before.Stages {
		for _, g := range s.Groups {
			for _, a := range g.Approvers {
				if !after.Involves(a.Member) {
					return true
				}
			}
		}
	}
	return false
}

func without(all, those []id.Member) []id.Member {
	return slices.DeleteFunc(slices.Clone(all), func(m id.Member) bool { return slices.Contains(those, m) })
}
