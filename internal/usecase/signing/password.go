package signing

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/alexedwards/argon2id"

	"kontor/internal/base/fault"
	"kontor/internal/domain/access"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
)

// slot waits until another hash may be made; done gives its place free.
func (s *Service) slot(ctx context.Context) (done func(), err error) {
	select {
	case s.slots <- struct{}{}:
		return func() { <-s.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// matches compares a password with its hash. Without a hash it takes as long, and says no.
func (s *Service) matches(password, hash string) (bool, error) {
	known := hash != ""
	if !known {
		none := func(n uint32) string { return base64.RawStdEncoding.EncodeToString(make([]byte, n)) }
		hash = fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", s.params.Memory, s.params.Iterations, s.params.Parallelism,
			none(s.params.SaltLength), none(s.params.KeyLength))
	}
	match, err := argon2id.ComparePasswordAndHash(password, hash)
	return match && known, err
}

// ChangePasswordInput is the password in use, and the one to come.
type ChangePasswordInput struct {
	Current string
	New     string
}

// ChangePassword replaces one's own password, and ends every session but the one that asks. Wrong guesses at the
// password in use count as failed sign-ins.
func (s *Service) ChangePassword(ctx context.Context, actor access.Actor, in ChangePasswordInput) error {
	done, err := s.slot(ctx)
	if err != nil {
		return err
	}
	defer done()
	// find, and may
	var a identity.Account
	t := try{}
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		if a, err = tx.Accounts.Get(ctx, actor.Account); err != nil {
			return err
		}
		t, err = s.attempt(ctx, tx, actor, a.Email)
		return err
	})
	if err != nil {
		return err
	}
	// decide
	if err := t.throttled(); err != nil {
		return err
	}
	var wrong fault.Input
	wrong.Take("new", identity.CheckPassword(in.New, words(a)...))
	if actor.Tries() {
		return wrong.Err() // no password is tried without its being counted
	}
	match, err := s.matches(in.Current, a.Password)
	if err != nil {
		return err
	}
	if !match {
		if err := s.failed(ctx, actor, t); err != nil {
			return err
		}
		wrong.Take("current", identity.ErrPasswordWrong)
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	hash, err := argon2id.CreateHash(in.New, &s.params)
	if err != nil {
		return err
	}
	return s.replace(ctx, actor, a, hash)
}

// replace writes the new password of somebody who is signed in.
func (s *Service) replace(ctx context.Context, actor access.Actor, a identity.Account, hash string) error {
	return s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		now, err := tx.Accounts.Get(ctx, a.ID)
		if err != nil {
			return err
		}
		all, err := mine(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		if now.Password != a.Password { // somebody was quicker
			return identity.ErrSessionEnded
		}
		// write
		tx.Accounts.SetPassword(a.ID, hash, false)
		tx.Accounts.DeleteSessions(a.ID, actor.Session)
		account, _ := subjects(a.Email, "")
		tx.Accounts.DeleteThrottle(account)
		m, _ := choose(all)
		if actor.Company.IsZero() && !m.Company.IsZero() { // the password was provisional, so the session acted for nobody
			tx.Accounts.SetCompany(actor.Session, m.Company, m.Member)
			tx.Accounts.SetLast(a.ID, m.Company)
		}
		// tell
		if !actor.Company.IsZero() {
			m = at(actor)
		}
		s.tell(tx, actor, m, identity.PasswordWasChanged{AccountID: a.ID})
		return nil
	})
}

// words are what is no secret about an account, and so no password.
func words(a identity.Account) []string {
	local, domain, _ := strings.Cut(a.Email, "@")
	domain, _, _ = strings.Cut(domain, ".")
	return []string{a.First, a.Last, local, domain}
}
