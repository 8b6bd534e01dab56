package signing

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"github.com/alexedwards/argon2id"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// BootstrapInput is whose account gets its first password.
type BootstrapInput struct {
	Email string
	First string // where the account is new
	Last  string
}

// Bootstrap gives an account a first password, to be replaced at the first sign-in, and makes the account where there
// is none and a name is given: how the first person gets into a new installation. It is for the system alone, told once,
// and refused (identity.ErrPasswordKnown) for an account that has a password of its own; one that was given here and not yet
// replaced may be given anew.
func (s *Service) Bootstrap(ctx context.Context, actor access.Actor, in BootstrapInput) (password string, err error) {
	password = rand.Text() // 130 bits of chance
	done, err := s.slot(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	hash, err := argon2id.CreateHash(password, &s.params)
	if err != nil {
		return "", err
	}
	err = s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := alone(actor); err != nil {
			return err
		}
		// find
		a, err := in.account(ctx, tx)
		if err != nil {
			return err
		}
		// decide
		if a.Password != "" && !a.Provisional { // one that nobody has signed in with may be lost
			return identity.ErrPasswordKnown
		}
		return s.endow(ctx, tx, actor, a, hash, true)
	})
	if err != nil {
		return "", err
	}
	return password, nil
}

// account finds the account, or makes it of the name that is given.
func (in BootstrapInput) account(ctx context.Context, tx *store.Tx) (identity.Account, error) {
	if in.First != "" || in.Last != "" {
		return step.Account(ctx, tx, identity.Account{Email: in.Email, First: in.First, Last: in.Last, Language: "en", Zone: "UTC"})
	}
	key, err := identity.EmailKey(in.Email)
	if err != nil {
		return identity.Account{}, err
	}
	a, found, err := tx.Accounts.GetByEmail(ctx, key)
	if err == nil && !found {
		err = identity.ErrUnseenAccount.With("there is no account with the e-mail address %s", in.Email)
	}
	return a, err
}

// Unpeopled reports whether nobody has an account yet. It is for the system alone.
func (s *Service) Unpeopled(ctx context.Context, actor access.Actor) (nobody bool, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := alone(actor); err != nil {
			return err
		}
		found, err := tx.Accounts.Any(ctx)
		nobody = !found
		return err
	})
	return nobody, err
}

// SetPassword gives these accounts a password that stays: for demonstrations. It is for the system alone.
func (s *Service) SetPassword(ctx context.Context, actor access.Actor, password string, emails ...string) error {
	errs := make([]error, len(emails))
	var wg sync.WaitGroup
	for i, email := range emails { // as many at a time as there are slots
		wg.Go(func() { errs[i] = s.setPassword(ctx, actor, password, email) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (s *Service) setPassword(ctx context.Context, actor access.Actor, password, email string) error {
	if err := alone(actor); err != nil {
		return err
	}
	key, err := identity.EmailKey(email)
	if err != nil {
		return err
	}
	done, err := s.slot(ctx)
	if err != nil {
		return err
	}
	defer done()
	hash, err := argon2id.CreateHash(password, &s.params)
	if err != nil {
		return err
	}
	return s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		a, found, err := tx.Accounts.GetByEmail(ctx, key)
		switch {
		case err != nil:
			return err
		case !found:
			return identity.ErrUnseenAccount
		}
		// may
		if err := alone(actor); err != nil {
			return err
		}
		// decide
		if err := identity.CheckPassword(password, words(a)...); err != nil {
			return err
		}
		return s.endow(ctx, tx, actor, a, hash, false)
	})
}

// alone is nil for the system: nobody else sets the password of another.
func alone(actor access.Actor) error {
	if actor.Kind != access.Machine {
		return access.ErrForbidden
	}
	return actor.Require(access.StaffManage, tree.Top)
}

// endow writes a password that its holder has not chosen, and ends the account's sessions.
func (s *Service) endow(ctx context.Context, tx *store.Tx, actor access.Actor, a identity.Account, hash string, provisional bool) error {
	all, err := mine(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	m, _ := choose(all)
	tx.Accounts.SetPassword(a.ID, hash, provisional)
	tx.Accounts.DeleteSessions(a.ID, actor.Session)
	s.tell(tx, actor, m, identity.PasswordWasChanged{AccountID: a.ID, Provisional: provisional})
	return nil
}
