package view

import (
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/approval"
)

// PurchaseOrder is a purchase order as lists show it.
type PurchaseOrder struct {
	ID             id.PurchaseOrder
	Number         string
	State          approval.State
	Requester      id.Member
	RequesterName  string
	RequesterTitle string
	RequesterAt    tree.Path // where they stand now; Top when they have left
	Unit           id.Unit
	UnitCode       string
	UnitName       string
	UnitAt         tree.Path
	CostCentre     id.CostCentre
	CostCentreCode string
	CostCentreName string
	Net            money.Money
	Gross          money.Money
	Lines          int64
	Reference      string // the buyer's own PO number
	Hash           string // of the content: what a decision is bound to
	Plan           approval.Plan
	Order          id.Order
	Reason         string // of the last rejection, withdrawal or failure
	SubmittedAt    time.Time
	ChangedAt      time.Time
	ExpiresAt      time.Time
}

// Waiting is a purchase order that waits for one member's decision.
type Waiting struct {
	PurchaseOrder
	AskedAt time.Time
}

// QueueFilter says what of what waits for a member is listed, and in which order. What is empty does not narrow.
type QueueFilter struct {
	Text      string // in the number, the buyer's reference or the requester's name
	Requester id.Member
	Unit      id.Unit
	Why       approval.Cause // something for which it came to them
	Currency  money.Currency
	From, To  *int64        // the total, net, in the smallest unit of the currency, both included
	Waits     time.Duration // for longer than that
	Since     time.Time     // they were asked after that
	Needed    date.Date     // wanted on that day or before
}

// Asker is whose purchase order waits for a member, for which unit, in which currency.
type Asker struct {
	Requester     id.Member
	RequesterName string
	Unit          id.Unit
	UnitName      string
	Currency      money.Currency
}

// Decision is what somebody did to a purchase order.
type Decision struct {
	ID         id.Decision
	Member     id.Member // zero: the system
	Name       string
	Title      string
	Behalf     id.Member // for whom, as a deputy
	BehalfName string
	Action     approval.Action
	Reason     string
	Hash       string // of the content that they saw
	At         time.Time
}

// Rule is an approval rule as lists show it.
type Rule struct {
	approval.Rule
	UnitName  string    // empty: the whole company's
	UnitAt    tree.Path // where that unit stands
	ChangedAt time.Time
}

// RuleVersion is one version of a rule, and who made it.
type RuleVersion struct {
	Rule   approval.Rule
	By     id.Member // zero: the system
	ByName string
	At     time.Time
}

// Known is which of the things that were named there are in a company.
type Known struct {
	Members     map[id.Member]Somebody
	Units       map[id.Unit]Somewhere
	CostCentres map[id.CostCentre]Somewhere
	Roles       map[id.Role]string
	Budgets     map[id.Budget]string
}

// Filled is which of the things that were named lead to somebody who may decide.
type Filled struct {
	Members     map[id.Member]bool
	CostCentres map[id.CostCentre]bool
	Roles       map[id.Role]bool
	Budgets     map[id.Budget]bool
}

// Somebody is a member by name, and where they stand; Top when nowhere.
type Somebody struct {
	Name string
	At   tree.Path
}

// Somewhere is a unit or cost centre by name, and where it, or its unit, stands; Top when nowhere.
type Somewhere struct {
	Name string
	At   tree.Path
}
