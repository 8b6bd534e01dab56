package order

import (
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/pricing"
)

// Order is what was ordered, frozen when it was placed.
type Order struct {
	ID            id.Order
	Company       id.Company
	Number        string // as people know it: SO-000123
	PurchaseOrder id.PurchaseOrder
	State         State
	Requester     id.Member
	Unit          id.Unit
	CostCentre    id.CostCentre
	Project       id.Project
	Delivery      id.Address
	Billing       id.Address
	Shipping      string // the shipping method's code
	Payment       string // the payment method's code
	Reference     string // the buyer's own PO number
	Note          string
	Requested     date.Date
	Lines         []Line
	Totals        Totals
	PlacedAt      time.Time
	ChangedAt     time.Time // of the last change of state
	Version       int64     // 1 when placed; rises by one with every change
}

// Line is one product of an order, as it was named and priced when the order was submitted.
type Line struct {
	Position int // from 1
	Product  id.Product
	SKU      string
	Name     string
	Unit     string // of measure
	Supplier string
	Price    pricing.PricedLine
	Tax      locale.Percent
	Note     string
}

// MostLines is how many lines an order may have.
const MostLines = 1000

var (
	// ErrLines is the fault of an order without lines, or with too many.
	ErrLines = fault.Define(fault.Refused, "order.lines", "an order has 1 to 1000 lines")
	// ErrTotals is the fault of totals that are not what the lines come to.
	ErrTotals = fault.Define(fault.Refused, "order.totals", "the totals are not what the lines come to")
)

// Place makes the order of what was agreed to: numbers its lines, checks that the totals are theirs, and says so.
func (o Order) Place(at time.Time) (Order, WasPlaced, error) {
	if len(o.Lines) == 0 || len(o.Lines) > MostLines {
		return o, WasPlaced{}, ErrLines
	}
	if err := o.Totals.check(o.Lines); err != nil {
		return o, WasPlaced{}, err
	}
	o.Lines = slices.Clone(o.Lines)
	for i := range o.Lines {
		o.Lines[i].Position = i + 1
	}
	o.State, o.PlacedAt, o.ChangedAt, o.Version = Placed, at, at, 1
	return o, WasPlaced{
		OrderID: o.ID, Number: o.Number, PurchaseOrder: o.PurchaseOrder, Requester: o.Requester, Total: o.Totals.Gross,
	}, nil
}
