package notifying

import (
	"context"
	"encoding/json"
	"strconv"

	"kontor/internal/base/id"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/store/approvaldb"
	"kontor/internal/store/auditdb"
)

// onHold is the story of members who act in a company no more, since who lent them does not: what they leave open is for its
// administrators to hand over.
func onHold(ctx context.Context, tx *store.Tx, o auditdb.Told) (*story, error) {
	var e company.LendingHasEnded
	if err := json.Unmarshal(o.Body, &e); err != nil {
		return nil, err
	}
	var c company.Company
	var gone []company.Member
	tx.Companies.Want(&c, o.Company)
	tx.Companies.WantMembers(&gone, o.Company, e.Members)
	left := make([]open, len(e.Members))
	for i, m := range e.Members {
		tx.Approvals.WantOpenOf(&left[i].orders, o.Company, m, id.Member{})
		tx.Budgets.WantManagedBy(&left[i].centres, o.Company, m)
		tx.Views.WantBudgetsOf(&left[i].budgets, o.Company, m)
	}
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	f, orders := notice.Facts{Company: c.Name}, 0
	for _, m := range gone {
		f.People = listed(f.People, m.Name)
	}
	for _, l := range left {
		orders += len(l.orders)
		for _, c := range l.centres {
			f.Centres = listed(f.Centres, c.Name)
		}
		for _, b := range l.budgets {
			f.Budgets = listed(f.Budgets, b.Name)
		}
	}
	if orders > 0 {
		f.Orders = strconv.Itoa(orders)
	}
	path := "/members?status=on_hold"
	if len(e.Members) == 1 {
		path = "/members/" + e.Members[0].String() + "/leave"
	}
	return &story{
		topics: []notice.Event{notice.LendingEnded},
		facts:  f,
		path:   func(notice.Audience) string { return path },
		mine:   func(notice.Event, notice.Audience) bool { return true },
	}, nil
}

// open is what somebody leaves open.
type open struct {
	orders  []approvaldb.Open
	centres []budget.CostCentre
	budgets []budget.Budget
}
