// Package notifying tells people what has happened: events become notices in inboxes, and mails that are sent.
package notifying

import (
	"math/rand/v2"
	"sync"

	"kontor/internal/base/id"
	"kontor/internal/domain/notice"
	"kontor/internal/gateway/mailer"
	"kontor/internal/store"
)

// Settings are what the operator decides.
type Settings struct {
	Brand  notice.Brand
	Public string         // the address that people know, without a slash at its end: links in mails begin with it
	From   mailer.Address // who mails are from
	Sender mailer.Sender  // nil: no mail is written, let alone sent
	Chance func() float64 // from 0 up to 1: spreads the attempts of what failed together; nil: the process's
}

// Service does what this package says.
type Service struct {
	db *store.DB
	Settings

	mu        sync.Mutex
	listening map[id.Member]map[chan struct{}]bool
}

// New makes the service on a store.
func New(db *store.DB, s Settings) *Service {
	if s.Chance == nil {
		s.Chance = rand.Float64
	}
	return &Service{db: db, Settings: s, listening: map[id.Member]map[chan struct{}]bool{}}
}
