package order

import (
	"slices"
	"time"

	"kontor/internal/base/fault"
)

// State is how far an order has come.
type State string

// The states.
const (
	Placed        State = "placed"
	Confirmed     State = "confirmed"
	InFulfilment  State = "in_fulfilment"
	PartlyShipped State = "partly_shipped"
	Shipped       State = "shipped"
	Delivered     State = "delivered"
	Invoiced      State = "invoiced"
	Closed        State = "closed"
	Cancelled     State = "cancelled"
)

// States are all states, in the order in which an order comes through them.
func States() []State {
	return []State{Placed, Confirmed, InFulfilment, PartlyShipped, Shipped, Delivered, Invoiced, Closed, Cancelled}
}

// Next are the states that may follow s: the one table of what leads where. An order may be cancelled until the first
// of its goods have left.
func (s State) Next() []State {
	switch s {
	case Placed:
		return []State{Confirmed, Cancelled}
	case Confirmed:
		return []State{InFulfilment, Cancelled}
	case InFulfilment:
		return []State{PartlyShipped, Shipped, Cancelled}
	case PartlyShipped:
		return []State{Shipped}
	case Shipped:
		return []State{Delivered}
	case Delivered:
		return []State{Invoiced}
	case Invoiced:
		return []State{Closed}
	}
	return nil // Closed, Cancelled
}

// Ended reports whether nothing follows.
func (s State) Ended() bool { return s.Next() == nil }

var (
	// ErrState is the fault of a state that does not follow the present one.
	ErrState = fault.Define(fault.Conflict, "order.state", "the order is not in a state for that")
	// ErrReason is the fault of cancelling without a reason.
	ErrReason = fault.Define(fault.Invalid, "order.reason", "say why the order is cancelled")
)

// To brings the order into another state, and says what happened; ErrState when that does not follow.
// Cancelling needs a reason; otherwise it may be empty.
func (o Order) To(next State, reason string, at time.Time) (Order, HasMoved, error) {
	if !slices.Contains(o.State.Next(), next) {
		return o, HasMoved{}, ErrState.With("an order that is %s does not become %s", o.State, next)
	}
	if next == Cancelled && reason == "" {
		return o, HasMoved{}, ErrReason
	}
	moved := HasMoved{OrderID: o.ID, Number: o.Number, From: o.State, To: next, Reason: reason}
	o.State, o.ChangedAt = next, at
	o.Version++
	return o, moved, nil
}
