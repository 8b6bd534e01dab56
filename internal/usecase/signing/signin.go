package signing

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/network"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/view"
)

// SignInInput is who wants to come in.
type SignInInput struct {
	Email    string
	Password string
	Device   string // as the browser or program calls itself
	Bearer   bool   // the token will come in a header rather than in a cookie
}

// SignedIn is a new session. Its token is told this once, and kept nowhere.
type SignedIn struct {
	Token   string
	Session identity.Session
	Profile view.Profile
}

// SignIn begins a session for whoever knows an account's password, whoever they were before. It acts for the company
// acted for last, or for the first where they are active; for none while the password is provisional. Whatever fails
// is identity.ErrCredentials, and takes as long as if it had not; only who knows the password is told that no company
// lets them in any more (identity.ErrNotLetIn). Too many failures are identity.ErrThrottled, whose detail retry_after
// is in seconds.
//
// A failure is counted in a transaction of its own: by account and by address. The audit of the company that the
// account would have acted for has it; one of an account that there is not is in the log alone.
func (s *Service) SignIn(ctx context.Context, actor access.Actor, in SignInInput) (SignedIn, error) {
	if actor.Tries() {
		return SignedIn{}, access.ErrTried // no password is tried without its being counted
	}
	who := access.Anonymous()
	who.Request, who.From, who.Language = actor.Request, actor.From, actor.Language
	return s.signIn(ctx, who, in)
}

func (s *Service) signIn(ctx context.Context, actor access.Actor, in SignInInput) (_ SignedIn, err error) {
	// Whoever holds a slot is the only one, but for the other slots, between looking at the throttle and writing to it:
	// a thousand guesses at once do not pass it together.
	done, err := s.slot(ctx)
	if err != nil {
		return SignedIn{}, err
	}
	defer done()
	// find, and may
	var t try
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfSignIn); err != nil {
			return err
		}
		t, err = s.attempt(ctx, tx, actor, in.Email)
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	// decide
	if err := t.throttled(); err != nil {
		return SignedIn{}, err
	}
	match, err := s.matches(in.Password, t.found.Password)
	if err != nil {
		return SignedIn{}, err
	}
	if !match || !t.admitted() {
		if err := s.failed(ctx, actor, t); err != nil {
			return SignedIn{}, err
		}
		if match {
			return SignedIn{}, t.outside()
		}
		return SignedIn{}, identity.ErrCredentials
	}
	return s.begin(ctx, actor, t, in)
}

// try is one attempt to show that one knows an account's password.
type try struct {
	now              time.Time
	account, network identity.Throttle
	found            identity.Account // zero when there is none
	memberships      []view.Membership
}

// attempt reads what there is about an address that somebody wants to sign in with.
func (s *Service) attempt(ctx context.Context, tx *store.Tx, actor access.Actor, email string) (t try, err error) {
	t.now = tx.Now
	account, network := subjects(email, actor.From)
	tx.Accounts.WantThrottle(&t.account, account)
	tx.Accounts.WantThrottle(&t.network, network)
	key, err := identity.EmailKey(email)
	if err != nil { // an address that cannot be one has no account
		return t, tx.Fetch(ctx)
	}
	if t.found, _, err = tx.Accounts.GetByEmail(ctx, key); err != nil {
		return t, err
	}
	t.memberships, err = mine(ctx, tx, t.found.ID)
	return t, err
}

// throttled is nil when one may try now.
func (t try) throttled() error {
	wait := max(t.account.Blocked(t.now), t.network.Blocked(t.now))
	if wait <= 0 {
		return nil
	}
	return identity.ErrThrottled.Noting("retry_after", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}

// admitted reports whether the holder of the account may come in: they can act for a company, or belong to none.
func (t try) admitted() bool {
	_, found := choose(t.memberships)
	return t.found.Active && (found || len(t.memberships) == 0)
}

// outside says why somebody who knows the password may not come in: by the company that they acted for last.
func (t try) outside() error {
	if len(t.memberships) == 0 || !t.found.Active {
		return identity.ErrNotLetIn
	}
	switch m := t.memberships[0]; {
	case m.CompanyStatus == company.Closed:
		return identity.ErrNotLetIn.With("your password is right, but %s is closed here, and nobody acts for it any more: ask us", m.CompanyName)
	case !m.CompanyStatus.Admits():
		return identity.ErrNotLetIn.With("your password is right, but %s has not been admitted here: ask us", m.CompanyName)
	default:
		return identity.ErrNotLetIn.With("your password is right, but you are no active member of %s any more: ask one of its administrators", m.CompanyName)
	}
}

// failed counts a failure.
func (s *Service) failed(ctx context.Context, actor access.Actor, t try) error {
	err := s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		tx.Head("throttle:" + t.account.Subject)
		tx.Head("throttle:" + t.network.Subject)
		var account, network identity.Throttle
		tx.Accounts.WantThrottle(&account, t.account.Subject)
		tx.Accounts.WantThrottle(&network, t.network.Subject)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// write
		account = account.Failed(tx.Now, false)
		tx.Accounts.SetThrottle(account)
		if network.Subject != "" {
			tx.Accounts.SetThrottle(network.Failed(tx.Now, true))
		}
		// tell
		if m, found := choose(t.memberships); found && !t.found.ID.IsZero() {
			s.tell(tx, actor, m, identity.SignInHasFailed{AccountID: t.found.ID, Failures: account.Failures})
		}
		return nil
	})
	s.log.Info("sign-in failed", "account", t.found.ID.String(), "request", actor.Request, "network", network.OfText(actor.From))
	return err
}

// begin starts the session of somebody who has shown that they know the password.
func (s *Service) begin(ctx context.Context, actor access.Actor, t try, in SignInInput) (SignedIn, error) {
	token, err := newToken()
	if err != nil {
		return SignedIn{}, err
	}
	out := SignedIn{Token: token}
	err = s.db.WriteApart(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find: the password may have been changed meanwhile, the account shut
		a, err := tx.Accounts.Get(ctx, t.found.ID)
		if err != nil {
			return err
		}
		all, err := mine(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.SelfSignIn); err != nil {
			return err
		}
		if now := (try{found: a, memberships: all}); a.Password != t.found.Password || !now.admitted() {
			return identity.ErrCredentials
		}
		// decide
		m, _ := choose(all)
		session := identity.Session{
			ID: id.NewSession(tx.Now), Account: a.ID, Bearer: in.Bearer, Device: printable(in.Device), Address: actor.From,
			CreatedAt: tx.Now, SeenAt: tx.Now, EndsAt: tx.Now.Add(identity.Lifetime),
		}
		if !a.Provisional {
			session.Company, session.Member = m.Company, m.Member
		}
		out.Session = session
		out.Profile = view.Profile{Account: a.ID, Email: a.Email, First: a.First, Last: a.Last, Language: locale.Parse(a.Language), Zone: a.Zone, Provisional: a.Provisional}
		if !a.Provisional {
			out.Profile.Membership = m
		}
		// write
		tx.Accounts.InsertSession(session, Digest(token))
		tx.Accounts.DeleteThrottle(t.account.Subject)
		if !session.Company.IsZero() {
			tx.Accounts.SetLast(a.ID, session.Company)
		}
		// tell
		actor.Kind, actor.Account, actor.Session, actor.Member, actor.Name = access.Member, a.ID, session.ID, m.Member, a.Name()
		s.tell(tx, actor, m, identity.HasSignedIn{AccountID: a.ID, SessionID: session.ID, Device: session.Device, Bearer: in.Bearer})
		return nil
	})
	return out, err
}

// newToken is 256 bits of chance, in 43 letters that stand in a cookie and a header as they are.
func newToken() (string, error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// printable is at most 200 characters of a text from outside, and none that controls.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	r := []rune(text)
	return string(r[:min(len(r), 200)])
}
