package budget_test

import (
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/budget"
)

func TestEventsSayWhatTheyAreAbout(t *testing.T) {
	b, c := id.NewBudget(noon), id.NewCostCentre(noon)
	tests := []struct {
		event interface {
			EventName() string
			Subject() string
		}
		name, subject string
	}{
		{budget.WasSet{BudgetID: b}, "budget.set", b.String()},
		{budget.LimitWasSet{BudgetID: b}, "budget.limit_set", b.String()},
		{budget.WasOverridden{BudgetID: b}, "budget.overridden", b.String()},
		{budget.HasReached{BudgetID: b}, "budget.reached", b.String()},
		{budget.WasClosed{BudgetID: b}, "budget.closed", b.String()},
		{budget.WasReopened{BudgetID: b}, "budget.reopened", b.String()},
		{budget.CostCentreWasSet{CostCentreID: c}, "cost_centre.set", c.String()},
	}
	for _, test := range tests {
		if test.event.EventName() != test.name || test.event.Subject() != test.subject {
			t.Errorf("%T is %s about %s", test.event, test.event.EventName(), test.event.Subject())
		}
	}
}
