// Package identitydb keeps accounts, sessions and throttles.
package identitydb

import (
	"context"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/identity"
	"kontor/internal/store/engine"
)

// Tables are those of identity, in one transaction.
type Tables struct{ Tx *engine.Tx }

const accountColumns = `a.id, a.email, a.first_name, a.last_name, a.password_hash, a.language, a.zone, a.active, a.created_at, a.version`

func accountInto(a *identity.Account) []any {
	return []any{&a.ID, &a.Email, &a.First, &a.Last, &a.Password, &a.Language, &a.Zone, &a.Active, &a.CreatedAt, &a.Version}
}

// GetByEmail reads the account of an address, by its key; found says whether there is one.
func (t Tables) GetByEmail(ctx context.Context, key string) (a identity.Account, found bool, err error) {
	t.Tx.Ask(`select `+accountColumns+` from account a where a.email_key = ?`, key).Maybe(&found, accountInto(&a)...)
	return a, found, t.Tx.Fetch(ctx)
}

// Get reads an account, or missing.
func (t Tables) Get(ctx context.Context, key id.Account) (a identity.Account, err error) {
	t.Tx.Ask(`select `+accountColumns+` from account a where a.id = ?`, key).Row(identity.ErrSessionEnded, accountInto(&a)...)
	return a, t.Tx.Fetch(ctx)
}

// Insert adds an account.
func (t Tables) Insert(a identity.Account) {
	key, err := identity.EmailKey(a.Email)
	if err != nil {
		key = a.Email // checked by whoever made the account
	}
	t.Tx.Write(`
		insert into account (id, email, email_key, first_name, last_name, password_hash, language, zone, active, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Email, key, a.First, a.Last, a.Password, a.Language, a.Zone, a.Active, a.CreatedAt).
		Unique("account_email_key_key", identity.ErrEmailTaken)
}

// SetPassword replaces the hash of an account's password.
func (t Tables) SetPassword(key id.Account, hash string) {
	t.Tx.Write(`update account set password_hash = ?, version = version + 1 where id = ?`, hash, key)
}

// SetLanguage replaces the language and time zone that an account is spoken to in.
func (t Tables) SetLanguage(key id.Account, language, zone string) {
	t.Tx.Write(`update account set language = ?, zone = ?, version = version + 1 where id = ?`, language, zone, key)
}

// InsertSession adds a session under the hash of its token.
func (t Tables) InsertSession(s identity.Session, hash string) {
	t.Tx.Write(`
		insert into session (token_hash, id, account_id, company_id, member_id, bearer, device, address, created_at, seen_at, ends_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		hash, s.ID, s.Account, s.Company, s.Member, s.Bearer, s.Device, s.Address, s.CreatedAt, s.SeenAt, s.EndsAt)
}

// SetSeen notes that a session was in use.
func (t Tables) SetSeen(key id.Session, at time.Time) {
	t.Tx.Write(`update session set seen_at = ? where id = ?`, at, key)
}

// SetCompany makes a session act for another company.
func (t Tables) SetCompany(key id.Session, company id.Company, member id.Member) {
	t.Tx.Write(`update session set company_id = ?, member_id = ? where id = ?`, company, member, key)
}

// DeleteSession ends a session.
func (t Tables) DeleteSession(key id.Session) {
	t.Tx.Write(`delete from session where id = ?`, key)
}

// DeleteSessions ends every session of an account but one.
func (t Tables) DeleteSessions(account id.Account, but id.Session) {
	t.Tx.Write(`delete from session where account_id = ? and id <> ?`, account, but)
}

// DeleteEnded removes the sessions that ended before a moment.
func (t Tables) DeleteEnded(before time.Time) {
	t.Tx.Write(`delete from session where ends_at < ?`, before)
	t.Tx.Write(`delete from throttle where seen_at < ?`, before.Add(-24*time.Hour))
}

// GetThrottles reads the throttles of these subjects, in their order; who has none has the zero throttle.
func (t Tables) GetThrottles(ctx context.Context, subjects ...string) ([]identity.Throttle, error) {
	all := make([]identity.Throttle, len(subjects))
	marks, args := engine.Marks(subjects)
	t.Tx.Ask(`select t.subject, t.failures, t.until_at, t.seen_at from throttle t where t.subject in `+marks, args...).
		Each(func() { clear(all) }, func(scan engine.Scan) error {
			var th identity.Throttle
			if err := scan(&th.Subject, &th.Failures, &th.Until, &th.SeenAt); err != nil {
				return err
			}
			for i, s := range subjects {
				if s == th.Subject {
					all[i] = th
				}
			}
			return nil
		})
	err := t.Tx.Fetch(ctx)
	for i := range all {
		all[i].Subject = subjects[i]
	}
	return all, err
}

// SetThrottle keeps a throttle.
func (t Tables) SetThrottle(th identity.Throttle) {
	t.Tx.Write(`
		insert into throttle (subject, failures, until_at, seen_at) values (?, ?, ?, ?)
		on conflict (subject) do update set failures = excluded.failures, until_at = excluded.until_at, seen_at = excluded.seen_at`,
		th.Subject, th.Failures, th.Until, th.SeenAt)
}

// DeleteThrottle forgets the failures of a subject.
func (t Tables) DeleteThrottle(subject string) {
	t.Tx.Write(`delete from throttle where subject = ?`, subject)
}
