package view

import (
	"encoding/json"
	"time"

	"kontor/internal/base/id"
)

// Remembered is an entry of the audit as it is shown.
type Remembered struct {
	ID      id.Event
	At      time.Time
	Kind    string // of the actor: member, system, nobody, link
	Account id.Account
	Member  id.Member
	Name    string // of the actor, as it was then
	Event   string
	About   string // the outside identifier of what it is about
	Body    json.RawMessage
	Request string
	Address string
	Place   int64 // in the chain; 0 while not sealed
	Hash    string
}

// AuditFilter cuts the audit. Its zero value takes all.
type AuditFilter struct {
	From   time.Time // that moment or later; the zero time: since ever
	Until  time.Time // before that moment; the zero time: for ever
	Member id.Member // who did it
	Event  string    // its name, or with a dot at its end all that begin so: "role."
	About  string    // what it is about
}
