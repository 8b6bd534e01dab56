package webhook

import (
	"encoding/json"
	"time"

	"kontor/internal/base/fault"
)

// ContentType is that of a CloudEvent in JSON.
const ContentType = "application/cloudevents+json; charset=utf-8"

// Envelope is an event as it goes out: a CloudEvent, version 1.0, in its JSON form.
type Envelope struct {
	ID       string // with Source unique in the world
	Source   string // who says so: the address of this installation
	Type     string // what happened: "order.placed"
	Subject  string // to what: the identifier of the order; may be empty
	Sequence string // sorts the events of one subject, as text; may be empty
	Time     time.Time
	Data     json.RawMessage // one JSON value; nil for none
}

// ErrEnvelope is the fault of an event that says too little to be sent.
var ErrEnvelope = fault.Define(fault.Invalid, "webhook.envelope", "an event has an identifier, a source, a type and a time")

// MarshalJSON writes the envelope.
func (e Envelope) MarshalJSON() ([]byte, error) {
	if e.ID == "" || e.Source == "" || e.Type == "" || e.Time.IsZero() {
		return nil, ErrEnvelope
	}
	w := struct {
		Version  string          `json:"specversion"`
		ID       string          `json:"id"`
		Source   string          `json:"source"`
		Type     string          `json:"type"`
		Subject  string          `json:"subject,omitempty"`
		Sequence string          `json:"sequence,omitempty"`
		Time     time.Time       `json:"time"`
		Kind     string          `json:"datacontenttype,omitempty"`
		Data     json.RawMessage `json:"data,omitempty"`
	}{"1.0", e.ID, e.Source, e.Type, e.Subject, e.Sequence, e.Time.UTC(), "", e.Data}
	if e.Data != nil {
		w.Kind = "application/json"
	}
	return json.Marshal(w)
}
