package approval

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

// DeputyWasAppointed tells that somebody stands in for an approver, from then until then.
type DeputyWasAppointed struct {
	ID        id.Deputy    `json:"appointment_id"`
	Principal id.Member    `json:"principal_id"`
	Deputy    id.Member    `json:"deputy_id"`
	From      time.Time    `json:"from"`
	Until     time.Time    `json:"until"` // not included
	Rules     []id.Rule    `json:"rule_ids,omitempty"`
	Units     []id.Unit    `json:"unit_ids,omitempty"`
	UpTo      *money.Money `json:"up_to,omitempty"`
	BothMay   bool         `json:"both_may,omitempty"`
	Begins    bool         `json:"at_once,omitempty"` // it counts from this moment on
}

// EventName is deputy.appointed.
func (DeputyWasAppointed) EventName() string { return "deputy.appointed" }

// Subject is the appointment.
func (e DeputyWasAppointed) Subject() string { return e.ID.String() }

// DeputyWasChanged tells that somebody stands in for an approver otherwise than was said before.
type DeputyWasChanged struct {
	ID        id.Deputy    `json:"appointment_id"`
	Principal id.Member    `json:"principal_id"`
	Deputy    id.Member    `json:"deputy_id"`
	From      time.Time    `json:"from"`
	Until     time.Time    `json:"until"` // not included
	Rules     []id.Rule    `json:"rule_ids,omitempty"`
	Units     []id.Unit    `json:"unit_ids,omitempty"`
	UpTo      *money.Money `json:"up_to,omitempty"`
	BothMay   bool         `json:"both_may,omitempty"`
}

// EventName is deputy.changed.
func (DeputyWasChanged) EventName() string { return "deputy.changed" }

// Subject is the appointment.
func (e DeputyWasChanged) Subject() string { return e.ID.String() }

// DeputyHasBegun tells that an appointment that was made before counts from now on.
type DeputyHasBegun struct {
	ID        id.Deputy `json:"appointment_id"`
	Principal id.Member `json:"principal_id"`
	Deputy    id.Member `json:"deputy_id"`
	Until     time.Time `json:"until"` // not included
}

// EventName is deputy.begun.
func (DeputyHasBegun) EventName() string { return "deputy.begun" }

// Subject is the appointment.
func (e DeputyHasBegun) Subject() string { return e.ID.String() }

// DeputyHasEnded tells that somebody stands in for an approver no more: their time is over, or somebody has ended it.
type DeputyHasEnded struct {
	ID        id.Deputy `json:"appointment_id"`
	Principal id.Member `json:"principal_id"`
	Deputy    id.Member `json:"deputy_id"`
	Until     time.Time `json:"until"`             // as it was to last
	Left      id.Member `json:"left_id,omitzero"`  // which of them has left the company
	Next      id.Deputy `json:"next_id,omitzero"`  // somebody else stands in from now on
	Over      bool      `json:"over,omitempty"`    // nobody ended it: its time is over
	Unbegun   bool      `json:"unbegun,omitempty"` // it had not begun
}

// EventName is deputy.ended.
func (DeputyHasEnded) EventName() string { return "deputy.ended" }

// Subject is the appointment.
func (e DeputyHasEnded) Subject() string { return e.ID.String() }

// UnitIDs are the units that a is for.
func (a Appointment) UnitIDs() []id.Unit {
	var all []id.Unit
	for _, u := range a.Units {
		all = append(all, u.Unit)
	}
	return all
}

// Appointed tells that a was made.
func (a Appointment) Appointed() DeputyWasAppointed {
	return DeputyWasAppointed{a.ID, a.For, a.By, a.From, a.Until, a.Rules, a.UnitIDs(), a.UpTo, a.BothMay, !a.BegunAt.IsZero()}
}

// Changed tells that a is otherwise now.
func (a Appointment) Changed() DeputyWasChanged {
	return DeputyWasChanged{a.ID, a.For, a.By, a.From, a.Until, a.Rules, a.UnitIDs(), a.UpTo, a.BothMay}
}

// Begun tells that a counts now.
func (a Appointment) Begun() DeputyHasBegun { return DeputyHasBegun{a.ID, a.For, a.By, a.Until} }

// Ended tells that a is over.
func (a Appointment) Ended() DeputyHasEnded {
	return DeputyHasEnded{ID: a.ID, Principal: a.For, Deputy: a.By, Until: a.Until, Over: !a.EndedAt.Before(a.Until), Unbegun: a.EndedAt.Before(a.From)}
}
