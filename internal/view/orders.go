package view

import (
	"encoding/json"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/order"
	"kontor/internal/domain/pricing"
)

// Order is a placed order as lists and its own page show it.
type Order struct {
	ID             id.Order
	Number         string
	PurchaseOrder  id.PurchaseOrder
	PurchaseNumber string // the number of the purchase order
	State          order.State
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
	Shipping       money.Money
	Tax            money.Money
	Gross          money.Money
	Lines          int64
	Reference      string // the buyer's own PO number
	Note           string
	SubmittedAt    time.Time
	PlacedAt       time.Time
	ChangedAt      time.Time
	Version        int64
}

// OrderLine is a line as it was frozen when the purchase order was submitted.
type OrderLine struct {
	Position int64
	Product  id.Product
	SKU      string
	Name     string
	Unit     string // of measure
	Supplier string
	Quantity quantity.Quantity
	Rate     money.Rate
	Total    money.Money
	Source   pricing.Source // why the price is what it is
	Note     string
}

// Bought is the last time that a company bought a product.
type Bought struct {
	At       time.Time // when it was submitted
	Quantity quantity.Quantity
	Rate     money.Rate
}

// Trail is one entry of the audit about one thing, for its timeline.
type Trail struct {
	ID     id.Event
	At     time.Time
	Member id.Member // zero: the system
	Name   string    // of the actor, as it was then
	Event  string    // "purchase_order.submitted"
	Body   json.RawMessage
}

// Basket is a cart that somebody may go on with.
type Basket struct {
	ID         id.Cart
	Name       string
	Lines      int64
	ChangedAt  time.Time
	Version    int64
	ChosenAt   time.Time        // zero: it came back, and has not been taken up yet
	Current    bool             // it is the one that its owner works on
	From       id.PurchaseOrder // whose lines came back in it; zero: nobody's
	FromNumber string
}
