package approving

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/usecase/step"
)

// rerouting is how many purchase orders are looked at in one round, and together how many of one company.
const (
	rerouting = 500
	together  = 20
)

// Reroute looks up anew who is to decide on the purchase orders, of whichever company, for which that may have changed: a
// right, a role, an approval limit, a place in the structure, the manager of a cost centre, or the date by which an
// assignment holds. It says how many it has looked at. One that cannot be looked at keeps no other waiting.
func (s *Service) Reroute(ctx context.Context, actor access.Actor) (n int, err error) {
	var waiting []approvaldb.Waiting
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.ApprovalRulesManage, tree.Top); err != nil {
			return err
		}
		waiting, err = tx.Approvals.ListUnrouted(ctx, tx.Now, rerouting)
		return err
	})
	if err != nil {
		return 0, err
	}
	var failed []error
	for len(waiting) > 0 {
		some := waiting[:1]
		for len(some) < min(together, len(waiting)) && waiting[len(some)].Company == some[0].Company {
			some = waiting[:len(some)+1]
		}
		waiting = waiting[len(some):]
		actor := access.System(some[0].Company)
		if err := s.reroute(ctx, actor, some); err == nil {
			n += len(some)
			continue
		}
		for i := range some {
			err := s.reroute(ctx, actor, some[i:i+1])
			if err == nil {
				n++
			}
			failed = append(failed, err)
		}
	}
	return n, errors.Join(failed...)
}

// reroute looks at some purchase orders of the actor's company, in one transaction.
func (s *Service) reroute(ctx context.Context, actor access.Actor, some []approvaldb.Waiting) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		for _, w := range some {
			if err := reevaluate(ctx, tx, actor, w.Order); err != nil {
				return fmt.Errorf("look up who decides on %s: %w", w.Order, err)
			}
			tx.Approvals.SetRouted(w.Company, w.Order)
		}
		return nil
	})
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
	plan, err := f.replan(ctx, tx, actor)
	if err != nil {
		return err
	}
	_, err = f.reroute(tx, actor, plan)
	return err
}

// reroute puts a plan that was looked up anew in the place of the one that there is, and says whether it asks others.
func (f *file) reroute(tx *store.Tx, actor access.Actor, plan approval.Plan) (others bool, err error) {
	was, is := approval.Members(f.po.Plan.Awaited()), approval.Members(plan.Awaited())
	if plan.Standing() != approval.Open || plan.AsksAs(f.po.Plan) {
		return false, nil
	}
	po, t, err := f.po.Do(approval.DoReevaluate, tx.Now)
	if err != nil {
		return false, err
	}
	po.Plan = plan
	// write
	tx.Approvals.Update(f.po, po)
	// tell
	e := po.Tell(t)
	e.Asked, e.Freed = without(is, was), without(was, is)
	e.Stuck = plan.Stuck() && !f.po.Plan.Stuck()
	tx.Tell(actor, e)
	f.po = po
	return true, nil
}

// current is the plan of a purchase order as it counts now: looked up anew where a deputy's time has begun or ended since, for that
// counts at once.
func (f *file) current(ctx context.Context, tx *store.Tx, actor access.Actor) (approval.Plan, error) {
	if !f.turned {
		return f.po.Plan, nil
	}
	return f.replan(ctx, tx, actor)
}

// replan is the plan of a purchase order with those who are to decide now. What was decided stands.
func (f *file) replan(ctx context.Context, tx *store.Tx, actor access.Actor) (plan approval.Plan, err error) {
	r, ask := f.request(tx), f.asking()
	var above []company.Unit
	tx.Companies.WantUnitsAt(&above, actor.Company, f.unit.Path.Ancestors())
	if !f.po.CostCentre.IsZero() {
		tx.Budgets.WantCostCentre(&ask.CostCentres, actor.Company, f.po.CostCentre)
	}
	if err := tx.Fetch(ctx); err != nil {
		return plan, err
	}
	ask.Units = append(ask.Units, slices.DeleteFunc(above, func(u company.Unit) bool { return u.ID == f.unit.ID })...)
	ask.Sources = approval.Sources(f.po.Needs, r)
	dir, err := step.Directory(ctx, tx, actor.Company, ask)
	if err != nil {
		return plan, err
	}
	if plan, err = approval.Rebuild(f.po.Needs, dir, approval.Policy{}, r, f.po.Plan); err != nil {
		return plan, err
	}
	plan.Automatic = f.po.Plan.Automatic
	return plan, nil
}

func without(all, those []id.Member) []id.Member {
	return slices.DeleteFunc(slices.Clone(all), func(m id.Member) bool { return slices.Contains(those, m) })
}
