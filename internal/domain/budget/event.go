package budget

import (
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
)

// WasSet tells that a budget was made or changed. What its purses have is told by LimitWasSet.
type WasSet struct {
	BudgetID  id.Budget   `json:"budget_id"`
	Name      string      `json:"name"`
	Limit     money.Money `json:"limit"` // for one period
	Exhausted Consequence `json:"exhausted"`
	Archived  bool        `json:"archived"`
}

// Set tells of the budget as it is.
func (b Budget) Set() WasSet { return WasSet{b.ID, b.Name, b.Limit, b.Exhausted, b.Archived} }

// EventName is budget.set.
func (WasSet) EventName() string { return "budget.set" }

// Subject is the budget.
func (e WasSet) Subject() string { return e.BudgetID.String() }

// LimitWasSet tells that a purse has another limit.
type LimitWasSet struct {
	BudgetID id.Budget   `json:"budget_id"`
	Period   string      `json:"period"`
	From     money.Money `json:"from"`
	To       money.Money `json:"to"`
	Note     string      `json:"note"`
}

// EventName is budget.limit_set.
func (LimitWasSet) EventName() string { return "budget.limit_set" }

// Subject is the budget.
func (e LimitWasSet) Subject() string { return e.BudgetID.String() }

// WasOverridden tells that a purchase order may spend more than was left.
type WasOverridden struct {
	BudgetID      id.Budget        `json:"budget_id"`
	Period        string           `json:"period"`
	PurchaseOrder id.PurchaseOrder `json:"purchase_order_id"`
	Amount        money.Money      `json:"amount"` // beyond what was left
	Note          string           `json:"note"`
}

// EventName is budget.overridden.
func (WasOverridden) EventName() string { return "budget.overridden" }

// Subject is the budget.
func (e WasOverridden) Subject() string { return e.BudgetID.String() }

// HasReached tells that a purse is used as far as one of its warnings: of several reached at once, as far as the highest.
type HasReached struct {
	BudgetID id.Budget   `json:"budget_id"`
	Period   string      `json:"period"`
	Percent  int64       `json:"percent"` // of the limit; 0 when the warning is at an amount
	Amount   money.Money `json:"amount"`  // of the warning, by whichever it is given
	Used     money.Money `json:"used"`    // held and spent
	Limit    money.Money `json:"limit"`
}

// EventName is budget.reached.
func (HasReached) EventName() string { return "budget.reached" }

// Subject is the budget.
func (e HasReached) Subject() string { return e.BudgetID.String() }

// WasClosed tells that a period takes no new spending.
type WasClosed struct {
	BudgetID id.Budget `json:"budget_id"`
	Period   string    `json:"period"`
	Note     string    `json:"note"`
}

// EventName is budget.closed.
func (WasClosed) EventName() string { return "budget.closed" }

// Subject is the budget.
func (e WasClosed) Subject() string { return e.BudgetID.String() }

// WasReopened tells that a closed period takes new spending again.
type WasReopened struct {
	BudgetID id.Budget `json:"budget_id"`
	Period   string    `json:"period"`
	Note     string    `json:"note"`
}

// EventName is budget.reopened.
func (WasReopened) EventName() string { return "budget.reopened" }

// Subject is the budget.
func (e WasReopened) Subject() string { return e.BudgetID.String() }

// CostCentreWasSet tells that a cost centre was made or changed.
type CostCentreWasSet struct {
	CostCentreID id.CostCentre `json:"cost_centre_id"`
	Code         string        `json:"code"`
	Name         string        `json:"name"`
	Manager      id.Member     `json:"manager_id"`
}

// EventName is cost_centre.set.
func (CostCentreWasSet) EventName() string { return "cost_centre.set" }

// Subject is the cost centre.
func (e CostCentreWasSet) Subject() string { return e.CostCentreID.String() }

// What Kontor itself writes as a note, in English as it is kept.
var (
	TimedOut     = locale.Say("nobody decided in time")
	Acknowledged = locale.Say("acknowledged by the buyer at checkout")
)

// Noted is a note as it is said: what Kontor wrote in the reader's language, what a person typed as it is.
func Noted(note string, l locale.Language) string {
	for _, p := range []locale.Phrase{TimedOut, Acknowledged} {
		if note == p.Format {
			return p.In(l)
		}
	}
	return note
}
