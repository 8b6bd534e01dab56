// Package identitydb keeps accounts, sessions and throttles.
package identitydb

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/identity"
	"kontor/internal/store/engine"
)

// Tables are those of identity, in one transaction.
type Tables struct{ Tx *engine.Tx }

const accountColumns = `a.id, a.email, a.first_name, a.last_name, a.password_hash, a.provisional, a.language, a.zone, a.company_id, a.active, a.created_at, a.version`

func accountInto(a *identity.Account) []any {
	return []any{&a.ID, &a.Email, &a.First, &a.Last, &a.Password, &a.Provisional, &a.Language, &a.Zone, &a.Company, &a.Active, &a.CreatedAt, &a.Version}
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

// Any reports whether there is an account at all.
func (t Tables) Any(ctx context.Context) (found bool, err error) {
	var one int64
	t.Tx.Ask(`select 1 from account a limit 1`).Maybe(&found, &one)
	return found, t.Tx.Fetch(ctx)
}

// ListByEmail lists the accounts of these addresses, by their keys.
func (t Tables) ListByEmail(ctx context.Context, keys []string) (all []identity.Account, err error) {
	marks, args := engine.Marks(keys)
	engine.Rows(t.Tx.Ask(`select `+accountColumns+` from account a where a.email_key in `+marks+` order by a.id`, args...), &all,
		func(a *identity.Account, scan engine.Scan) error { return scan(accountInto(a)...) })
	return all, t.Tx.Fetch(ctx)
}

// Insert adds an account. Whoever does has looked for its address; of two who do so at once one looks again.
func (t Tables) Insert(a identity.Account) {
	key, err := identity.EmailKey(a.Email)
	if err != nil {
		key = a.Email // checked by whoever made the account
	}
	t.Tx.Write(`
		insert into account (id, email, email_key, first_name, last_name, password_hash, provisional, language, zone, active, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.Email, key, a.First, a.Last, a.Password, a.Provisional, a.Language, a.Zone, a.Active, a.CreatedAt)
}

// DeleteUnused removes those of these accounts that are nobody's: without a password, a session and a membership of any company.
func (t Tables) DeleteUnused(keys []id.Account) {
	for part := range slices.Chunk(keys, 500) {
		marks, args := engine.Marks(part)
		t.Tx.Write(`
			delete from account where id in `+marks+` and password_hash = '' and not exists (select 1 from member m where m.account_id = account.id)
			   and not exists (select 1 from session s where s.account_id = account.id)`, args...)
	}
}

// SetPassword replaces the hash of an account's password.
func (t Tables) SetPassword(key id.Account, hash string, provisional bool) {
	t.Tx.Write(`update account set password_hash = ?, provisional = ?, version = version + 1 where id = ?`, hash, provisional, key)
}

// SetName replaces the name of an account.
func (t Tables) SetName(key id.Account, first, last string) {
	t.Tx.Write(`update account set first_name = ?, last_name = ?, version = version + 1 where id = ?`, first, last, key)
}

// SetLast notes which company an account acted for last.
func (t Tables) SetLast(key id.Account, company id.Company) {
	t.Tx.Write(`update account set company_id = ? where id = ?`, company, key)
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

// ListSessions lists the sessions of an account, the newest first; at most 1 000.
func (t Tables) ListSessions(ctx context.Context, account id.Account) (all []identity.Session, err error) {
	engine.Rows(t.Tx.Ask(`
		select s.id, s.account_id, s.company_id, s.member_id, s.bearer, s.device, s.address, s.created_at, s.seen_at, s.ends_at
		  from session s where s.account_id = ? order by s.created_at desc, s.id desc limit 1000`, account), &all,
		func(s *identity.Session, scan engine.Scan) error {
			return scan(&s.ID, &s.Account, &s.Company, &s.Member, &s.Bearer, &s.Device, &s.Address, &s.CreatedAt, &s.SeenAt, &s.EndsAt)
		})
	return all, t.Tx.Fetch(ctx)
}

// SetSeen notes that a session was in use, unless that was noted less than a step ago.
func (t Tables) SetSeen(key id.Session, at time.Time) {
	t.Tx.Write(`update session set seen_at = ? where id = ? and seen_at <= ?`, at, key, at.Add(-identity.SeenStep))
}

// SetCompany makes a session act for another company, as a member of it.
func (t Tables) SetCompany(key id.Session, company id.Company, member id.Member) {
	t.Tx.Write(`update session set company_id = ?, member_id = ?, acting = false where id = ?`, company, member, key)
}

// SetActing makes a session of one of the staff act for a member of a company.
func (t Tables) SetActing(key id.Session, company id.Company, member id.Member) {
	t.Tx.Write(`update session set company_id = ?, member_id = ?, acting = true where id = ?`, company, member, key)
}

// DeleteSession ends a session of an account.
func (t Tables) DeleteSession(account id.Account, key id.Session) {
	t.Tx.Write(`delete from session where account_id = ? and id = ?`, account, key)
}

// DeleteSessions ends every session of an account but one.
func (t Tables) DeleteSessions(account id.Account, but id.Session) {
	t.Tx.Write(`delete from session where account_id = ? and id <> coalesce(?, account_id)`, account, but)
}

// DeleteSessionsFor ends every session of an account that acts for this company.
func (t Tables) DeleteSessionsFor(company id.Company, account id.Account) {
	t.Tx.Write(`delete from session where account_id = ? and company_id = ?`, account, company)
}

// DeleteSessionsIn ends every session that acts for this company, but for those of the seller's staff, who are brought back to
// their office.
func (t Tables) DeleteSessionsIn(company id.Company) {
	t.Tx.Write(`delete from session where company_id = ? and not acting`, company)
}

// DeleteEnded removes the sessions that have ended, and the throttles that are forgotten.
func (t Tables) DeleteEnded() {
	t.Tx.Write(`delete from session where ends_at <= ? or seen_at <= ?`, t.Tx.Now, t.Tx.Now.Add(-identity.Idle))
	t.Tx.Write(`delete from throttle where seen_at < ?`, t.Tx.Now.Add(-identity.Forgotten))
}

// WantThrottle asks for the throttle of a subject; who has none has the zero throttle.
func (t Tables) WantThrottle(th *identity.Throttle, subject string) {
	var found bool
	*th = identity.Throttle{Subject: subject}
	t.Tx.Ask(`select t.failures, t.until_at, t.seen_at from throttle t where t.subject = ?`, subject).
		Maybe(&found, &th.Failures, &th.Until, &th.SeenAt)
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
