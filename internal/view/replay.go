package view

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/approval"
)

// Past is a purchase order as a replay of rules reads it: its head, and the parts that were asked for.
type Past struct {
	ID          id.PurchaseOrder
	Number      string
	State       approval.State
	Requester   id.Member
	Submitter   id.Member // if it was handed over since; zero: the requester
	ActedBy     id.Member // who of the seller's staff submitted it, as far as they are a member, too
	Unit        id.Unit
	CostCentre  id.CostCentre
	Net         money.Money
	Shipping    money.Money
	Gross       money.Money
	Lines       int64
	Content     approval.Content // where it was asked for
	Needs       []approval.Need
	Reason      string // of the rejection
	SubmittedAt time.Time
}

// Whence is where purchase orders come from: who ordered, as they stand now, and for which unit.
type Whence struct {
	Requester     id.Member
	RequesterName string
	RequesterAt   tree.Path // Top when they have left
	Unit          id.Unit
	UnitCode      string
	UnitName      string
	UnitAt        tree.Path
}

// Took is how long somebody took to decide.
type Took struct {
	Member id.Member
	Asked  time.Time
	Said   time.Time
}
