package exchange

import (
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
)

// Delivery is one event on its way to one endpoint.
type Delivery struct {
	ID          id.Delivery // the receiver sees it, the same at every attempt
	Company     id.Company
	Endpoint    id.Webhook
	Event       id.Event
	Head        string // what the event happened to
	State       DeliveryState
	Attempts    int       // begun so far; the fence of a lease
	Due         time.Time // of the next attempt
	LeasedUntil time.Time
	Last        Outcome // of the latest attempt
}

// DeliveryState is how far a delivery has come.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryReady DeliveryState = "ready" // for its next attempt, when that is due
	DeliverySent  DeliveryState = "sent"  // the receiver has it
	DeliveryDead  DeliveryState = "dead"  // it will not be attempted again, unless a person says so
)

// Outcome is what came of an attempt.
type Outcome struct {
	At     time.Time
	Took   time.Duration
	Status int           // of HTTP; 0 when there was no answer
	Taken  bool          // the receiver has it
	Retry  bool          // another attempt may do better
	Gone   bool          // the receiver wants no more, ever
	Wait   time.Duration // how long the receiver wants to be left alone; 0 when it did not say
	Reason locale.Phrase // why it was not taken
	Answer string        // how the answer began
}

var (
	// ErrNotReady is the fault of taking what is not due, taken by somebody else, or over.
	ErrNotReady = fault.Define(fault.Conflict, "exchange.not_ready", "this is not due, or somebody else has it")
	// ErrLost is the fault of coming back with what somebody else has taken meanwhile.
	ErrLost = fault.Define(fault.Conflict, "exchange.lost", "this took too long, and somebody else has taken it")
	// ErrUnderway is the fault of replaying what is still on its way.
	ErrUnderway = fault.Define(fault.Refused, "exchange.underway", "this is still being attempted")
)

// Ready reports whether an attempt may begin.
func (d Delivery) Ready(at time.Time) bool {
	return d.State == DeliveryReady && !at.Before(d.Due) && !at.Before(d.LeasedUntil)
}

// Take begins an attempt and leases the delivery for so long.
func (d Delivery) Take(at time.Time, lease time.Duration) (Delivery, error) {
	if !d.Ready(at) {
		return d, ErrNotReady
	}
	d.Attempts++
	d.LeasedUntil = at.Add(lease)
	return d, nil
}

// Attempted ends the attempt of this number. What was not taken is due again later, or dead. chance is that of [After].
func (d Delivery) Attempted(number int, o Outcome, chance float64) (Delivery, error) {
	if d.State != DeliveryReady || d.Attempts != number {
		return d, ErrLost
	}
	d.Last, d.LeasedUntil = o, time.Time{}
	next, more := After(number, o.At, chance)
	switch {
	case o.Taken:
		d.State = DeliverySent
	case !o.Retry || !more:
		d.State = DeliveryDead
	case next.Before(o.At.Add(o.Wait)):
		d.Due = o.At.Add(o.Wait)
	default:
		d.Due = next
	}
	return d, nil
}

// Replay makes an ended delivery due again, with all its attempts before it.
func (d Delivery) Replay(at time.Time) (Delivery, error) {
	if d.State == DeliveryReady {
		return d, ErrUnderway
	}
	d.State, d.Attempts, d.Due, d.LeasedUntil = DeliveryReady, 0, at, time.Time{}
	return d, nil
}
