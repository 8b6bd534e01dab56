package order

import (
	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

// WasPlaced tells that a purchase order became an order.
type WasPlaced struct {
	OrderID       id.Order         `json:"order_id"`
	Number        string           `json:"number"`
	PurchaseOrder id.PurchaseOrder `json:"purchase_order_id"`
	Requester     id.Member        `json:"requester_id"`
	Total         money.Money      `json:"total"` // gross
}

// EventName is order.placed.
func (WasPlaced) EventName() string { return "order.placed" }

// Subject is the order.
func (e WasPlaced) Subject() string { return e.OrderID.String() }

// HasMoved tells that an order came into another state.
type HasMoved struct {
	OrderID id.Order `json:"order_id"`
	Number  string   `json:"number"`
	From    State    `json:"from"`
	To      State    `json:"to"`
	Reason  string   `json:"reason,omitempty"`
}

// EventName is order.moved.
func (HasMoved) EventName() string { return "order.moved" }

// Subject is the order.
func (e HasMoved) Subject() string { return e.OrderID.String() }
