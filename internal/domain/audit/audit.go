package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"kontor/internal/base/id"
)

// Event is something that has happened: a struct with the facts, encoded as JSON.
type Event interface {
	EventName() string // "order.placed": stable, public
	Subject() string   // the outside identifier of what it is about
}

// Entry remembers an event.
type Entry struct {
	ID      id.Event
	Company id.Company
	At      time.Time
	Kind    string // of the actor: member, machine, nobody, link
	Account id.Account
	Member  id.Member
	Name    string // of the actor, as it was then
	Event   string
	About   string
	Body    json.RawMessage
	Request string
	Address string
	Place   int64 // in the chain; 0 while not sealed
	Hash    string
}

// Seal is the hash of an entry behind the hash of the one before it: SHA-256, hexadecimal, over the hash
// before, the place and the entry's fields as JSON. The body is compacted first, so that a database that keeps
// JSON its own way gives the same hash.
func (e Entry) Seal(before string, place int64) string {
	var body any
	if err := json.Unmarshal(e.Body, &body); err != nil {
		body = string(e.Body) // what is no JSON is sealed as it stands
	}
	text, err := json.Marshal([]any{before, place, e.ID.String(), e.Company.String(), e.At.UTC().Format(time.RFC3339Nano), e.Kind,
		e.Account.String(), e.Member.String(), e.Name, e.Event, e.About, body, e.Request, e.Address})
	if err != nil {
		return "" // strings, numbers and decoded JSON always marshal
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
