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

// Chain is the end of a company's chain: its last place, 0 while nothing is sealed, and the hash there.
type Chain struct {
	Last int64  `json:"last"`
	Hash string `json:"hash"`
}

// Add gives an entry its place at the end of the chain.
func (c Chain) Add(e Entry) (Entry, Chain) {
	e.Place = c.Last + 1
	e.Hash = e.Seal(c.Hash, e.Place)
	return e, Chain{e.Place, e.Hash}
}

// Follow goes on to the next sealed entry: to the chain's new end, or to why it does not belong there. kept are
// checkpoints of the chain that were kept elsewhere.
func (c Chain) Follow(e Entry, kept ...Chain) (Chain, *Break) {
	next := Chain{c.Last + 1, e.Hash}
	switch {
	case e.Place != next.Last:
		return c, &Break{Place: next.Last, Why: Missing}
	case e.Hash != e.Seal(c.Hash, next.Last):
		return c, &Break{Place: next.Last, Why: Changed}
	}
	for _, k := range kept {
		if k.Last == next.Last && k.Hash != next.Hash {
			return c, &Break{Place: next.Last, Why: Rewritten}
		}
	}
	return next, nil
}

// Ends is nil when the chain, gone along to its end, ends where that was noted, and not before a checkpoint.
func (c Chain) Ends(noted Chain, kept ...Chain) *Break {
	for _, k := range kept {
		if k.Last > c.Last {
			return &Break{Place: c.Last + 1, Why: Missing}
		}
	}
	switch {
	case noted.Last > c.Last:
		return &Break{Place: c.Last + 1, Why: Missing}
	case noted != c:
		return &Break{Place: c.Last, Why: Rewritten}
	}
	return nil
}

// Why says what is wrong with a chain.
type Why string

// What can be wrong with a chain.
const (
	Missing Why = "missing" // there is no entry at this place
	Changed Why = "changed" // the entry is not the one that was sealed, or one before it was not
	// Rewritten: the chain holds in itself, and is another than was noted or kept.
	Rewritten Why = "rewritten"
)

// Break is the first place at which a chain does not hold.
type Break struct {
	Place int64 `json:"place"`
	Why   Why   `json:"why"`
}

// Report is what verifying a company's chain has found.
type Report struct {
	Company  id.Company `json:"company_id"`
	Chain    Chain      `json:"chain"`    // as far as it holds: a checkpoint to be kept elsewhere
	Unsealed int64      `json:"unsealed"` // entries that have no place yet
	Broken   *Break     `json:"broken,omitempty"`
}
