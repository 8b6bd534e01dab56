package approval

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// Record is a purchase order with everything else that is kept of it, much of it twice: what Verify holds against each
// other.
type Record struct {
	PurchaseOrder
	Shipping  money.Money // as it stands beside the content, as Net does
	Tax       money.Money
	Gross     money.Money
	Count     int64 // of its lines, as it stands beside them
	Rows      []Row // its lines by themselves, in their order
	Seats     []Seat
	Decisions []Decision // the oldest first
	Orders    []Placing  // what was placed for it
	Budgets   []id.Budget
	Last      int64 // the last number that its company has given to a purchase order

	Unreadable []string // which of its parts cannot be read; then nothing else is looked at
}

// Row is a line of a purchase order as it stands by itself.
type Row struct {
	Product  id.Product
	SKU      string
	Quantity quantity.Quantity
	Price    money.Rate
	Net      money.Money
}

// Seat is one approver of a plan as they are looked for.
type Seat struct {
	Stage, Group int // positions in the plan
	Member       id.Member
	State        Asked
}

// Decision is what somebody did to a purchase order.
type Decision struct {
	ID     id.Decision
	Order  id.PurchaseOrder
	Member id.Member // zero: the system, or the seller
	Behalf id.Member // for whom, as a deputy
	Action Action
	Reason string
	Hash   string // of the content that they saw
	At     time.Time
}

// Placing is an order, as far as its purchase order says the same.
type Placing struct {
	ID         id.Order
	Number     string
	Requester  id.Member
	Unit       id.Unit
	CostCentre id.CostCentre
	Net        money.Money
	Shipping   money.Money
	Tax        money.Money
	Gross      money.Money
	Lines      int64
	Reference  string
}
