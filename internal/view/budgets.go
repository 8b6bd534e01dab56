package view

import (
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/budget"
)

// Budget is a budget with its purse of the current period and the names of whose it is.
type Budget struct {
	Funded
	MemberName     string
	UnitCode       string
	UnitName       string
	CostCentreCode string
	CostCentreName string
	Key            string // what a list sorts it by
	Mine           bool   // it applies to the one who looks
}

// Moved is what the entries of one purse came to in one stretch of time, in minor units.
type Moved struct {
	Budget id.Budget
	At     time.Time // when the stretch began
	Held   int64
	Spent  int64
	Limit  int64
}

// Window is the purse of one day of a rolling budget.
type Window struct {
	Budget id.Budget
	On     date.Date
	Held   int64
	Spent  int64
	Limit  int64
}

// Hold is an open purchase order that holds money of a budget, in minor units of the budget's currency.
type Hold struct {
	PurchaseOrder id.PurchaseOrder
	Number        string
	State         string // of the purchase order
	Requester     id.Member
	RequesterName string
	UnitName      string
	Held          int64
	Requested     int64 // beyond what was left, and not decided
	SubmittedAt   time.Time
}

// Entry is a row of the ledger with the names of what it is about.
type Entry struct {
	budget.Entry
	ByName string // empty: the system
	Number string // of the purchase order; empty where there is none
	Place  int64  // in its purse, from 1
}

// CostCentre is a cost centre with the names of its manager and unit.
type CostCentre struct {
	budget.CostCentre
	ManagerName string
	UnitCode    string
	UnitName    string
}

// Claimed is what a purchase order ought to have in the budgets that it is charged to, all in its currency.
type Claimed struct {
	PurchaseOrder id.PurchaseOrder
	Number        string
	State         string
	Net           money.Money
	Shipping      money.Money
	Gross         money.Money
}
