// Package signing lets people in and out, and recognises who asks.
package signing

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/netip"
	"runtime"
	"slices"
	"strings"

	"github.com/alexedwards/argon2id"

	"kontor/internal/base/id"
	"kontor/internal/base/network"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Options say how passwords are kept. Every zero value works; what is weaker than the least is the least.
type Options struct {
	Memory uint32       // of one hash, in KiB; at least, and usually, 19 MiB
	Passes uint32       // over that memory; at least, and usually, 2
	Hashes int          // made at the same time; usually as many as there are processors
	Log    *slog.Logger // hears of failed sign-ins to accounts that there are not; nil is slog.Default
}

// The least that a hash may cost, after OWASP's Password Storage Cheat Sheet.
const (
	leastMemory = 19 * 1024
	leastPasses = 2
)

// Service does what this package says.
type Service struct {
	db     *store.DB
	params argon2id.Params
	slots  chan struct{} // as many as hashes may be made at once: each takes its memory
	log    *slog.Logger
}

// New makes the service on a store.
func New(db *store.DB, o Options) *Service {
	s := &Service{db: db, log: o.Log, params: argon2id.Params{
		Memory: max(o.Memory, leastMemory), Iterations: max(o.Passes, leastPasses), Parallelism: 1, SaltLength: 16, KeyLength: 32,
	}}
	if s.log == nil {
		s.log = slog.Default()
	}
	if o.Hashes <= 0 {
		o.Hashes = runtime.NumCPU()
	}
	s.slots = make(chan struct{}, o.Hashes)
	return s
}

// Digest is how the tables know a secret.
func Digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// subjects are what failures are counted by: the account asked for, whether there is one or not, and the network that
// asks. Of an IPv6 address it is the network of 64 bits, which one customer of a provider has to themselves.
func subjects(email, address string) (account, network string) {
	account = "account:" + Digest(strings.ToLower(strings.TrimSpace(email)))
	at, err := netip.ParseAddr(address)
	if err != nil {
		return account, "" // asked from within: a console, a test
	}
	if at = at.Unmap(); at.Is6() {
		if p, err := at.WithZone("").Prefix(64); err == nil { // an IPv6 address has 64 bits to cut at
			return account, "address:" + p.Addr().String()
		}
	}
	return account, "address:" + at.String()
}

// acting says whether a membership can be acted in.
func acting(m view.Membership) bool {
	return m.Status == company.Working && m.CompanyStatus.Admits()
}

// open are those of the memberships that one may act in.
func open(all []view.Membership) []view.Membership {
	return slices.DeleteFunc(all, func(m view.Membership) bool { return !acting(m) })
}

// choose picks the company that a new session acts for: the one acted for last, or else the first. found is false
// when there is none.
func choose(all []view.Membership) (m view.Membership, found bool) {
	for _, m := range all { // the one acted for last comes first
		if acting(m) {
			return m, true
		}
	}
	return m, false
}

// tell records an event of an account in the audit of the company that it acts for. An account that acts for none has
// no audit to stand in, so its event is logged.
func (s *Service) tell(tx *store.Tx, actor access.Actor, m view.Membership, e audit.Event) {
	if m.Company.IsZero() {
		s.log.Info("an account of no company", "event", e.EventName(), "about", e.Subject(), "request", actor.Request, "network", network.OfText(actor.From))
		return
	}
	if actor.Company = m.Company; actor.Acting() {
		actor.Member = m.Member
	}
	tx.Tell(actor, e)
}

// mine lists the memberships of an account.
func mine(ctx context.Context, tx *store.Tx, account id.Account) (all []view.Membership, err error) {
	tx.Views.WantMemberships(&all, account)
	return all, tx.Fetch(ctx)
}
