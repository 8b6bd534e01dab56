// Package exchanging carries what has happened to other systems, and does the long and the recurring work of the
// platform: events become deliveries to webhooks, jobs are worked off, and the timetable is kept.
package exchanging

import (
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
)

// Settings are what the operator decides.
type Settings struct {
	Public string          // the address that people know: the source of every event
	Guard  webhook.Guard   // judges the addresses of webhooks; the client's own
	Client *webhook.Client // posts; it gives up well before a Lease ends
	Random io.Reader       // secrets are made of it; nil: the system's
	Chance func() float64  // from 0 up to 1: spreads the attempts of what failed together; nil: the process's
}

// Service does what this package says.
type Service struct {
	db *store.DB
	Settings

	mu   sync.Mutex
	held map[head]hold
}

// New makes the service on a store.
func New(db *store.DB, s Settings) *Service {
	if s.Chance == nil {
		s.Chance = rand.Float64
	}
	return &Service{db: db, Settings: s, held: map[head]hold{}}
}

const (
	// MostWebhooks is how many webhooks a company may have.
	MostWebhooks = 50
	// Lease is how long a webhook's deliveries belong to who took them, unless taken anew.
	Lease = 30 * time.Second
	// JobLease is how long a job belongs to who took it, unless it comes to know of progress.
	JobLease = 2 * time.Minute
)

var (
	// ErrStale is the fault of changing a webhook that has changed since it was seen.
	ErrStale = fault.Define(fault.Stale, "webhook.stale", "somebody has changed this webhook meanwhile: look at it again")
	// ErrTooMany is the fault of one webhook more than a company may have.
	ErrTooMany = fault.Define(fault.Refused, "webhook.too_many", "a company has at most 50 webhooks")
	// ErrInactive is the fault of testing a webhook that is switched off.
	ErrInactive = fault.Define(fault.Refused, "webhook.inactive", "this webhook is switched off: switch it on first")
)

// head is what events of one company happened to.
type head struct {
	company id.Company
	subject string
}
