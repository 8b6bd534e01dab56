package identity_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/identity"
)

var now = time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)

func TestAddressesHaveOneKey(t *testing.T) {
	for _, c := range []struct{ sentence, email, want string }{
		{"an address is its own key", "ann@acme.example", "ann@acme.example"},
		{"case does not count", "Ann@ACME.Example", "ann@acme.example"},
		{"nor do blanks around it", " ann@acme.example\n", "ann@acme.example"},
		{"a plus is part of it", "ann+shop@acme.example", "ann+shop@acme.example"},
		{"umlauts are too", "änne@müller.example", "änne@müller.example"},
		{"nothing is none", "", ""},
		{"without a name it is none", "@acme.example", ""},
		{"without a host it is none", "ann@", ""},
		{"without a dot it is none", "ann@acme", ""},
		{"a dot at the end is none", "ann@acme.", ""},
		{"nor at the beginning", "ann@.example", ""},
		{"two at are too many", "ann@acme@acme.example", ""},
		{"blanks inside are none", "an n@acme.example", ""},
		{"a line break is none", "ann@acme.example\nbcc:eve@globex.example", ""},
		{"brackets are none", "<ann@acme.example>", ""},
		{"two addresses are none", "ann@acme.example,bob@acme.example", ""},
		{"what is no text is none", "ann\xff@acme.example", ""},
		{"one that goes on and on is none", strings.Repeat("a", 250) + "@a.example", ""},
	} {
		got, err := identity.EmailKey(c.email)
		if got != c.want || (err == nil) != (c.want != "") || err != nil && !errors.Is(err, identity.ErrEmail) {
			t.Errorf("%s: %q, %v", c.sentence, got, err)
		}
	}
}

func TestPasswordsAreLong(t *testing.T) {
	for _, c := range []struct {
		sentence, password string
		words              []string
		want               *fault.Fault
	}{
		{"a sentence is a good one", "the cat sat on my keyboard", nil, nil},
		{"no rule of composition", "correcthorsebatterystaple", nil, nil},
		{"fifteen characters do", "zkvmwqpxhrtgbnd", nil, nil},
		{"fourteen do not", "zkvmwqpxhrtgbn", nil, identity.ErrPasswordShort},
		{"characters count, not bytes", "äöüßéèêàçñøåæœ", nil, identity.ErrPasswordShort},
		{"two hundred do", strings.Repeat("abcde fghij ", 16) + "abcdefgh", nil, nil},
		{"more do not", strings.Repeat("abcde fghij ", 16) + "abcdefghi", nil, identity.ErrPasswordLong},
		{"one letter is not enough", strings.Repeat("a", 20), nil, identity.ErrPasswordCommon},
		{"the word itself is not", "passwordpassword", nil, identity.ErrPasswordCommon},
		{"nor is it with some digits", "Password123456789", nil, identity.ErrPasswordCommon},
		{"nor is one's own name", "Ann-Archer-Archer", []string{"Ann", "Archer"}, identity.ErrPasswordCommon},
		{"nor is one's own address", "acmeannacmeannacme", []string{"ann", "acme"}, identity.ErrPasswordCommon},
		{"short words of one's own do not count", "the cat sat on my keyboard", []string{"", "e", "on"}, nil},
	} {
		err := identity.CheckPassword(c.password, c.words...)
		if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestAccountsAreChecked(t *testing.T) {
	good := identity.Account{Email: " Ann@Acme.example ", First: " Ann  Maria ", Last: "Archer", Language: "de", Zone: "Europe/Berlin"}
	a, err := good.Check()
	if err != nil || a.Email != "Ann@Acme.example" || a.Name() != "Ann Maria Archer" {
		t.Errorf("%v %+v", err, a)
	}
	for _, c := range []struct {
		sentence string
		change   func(*identity.Account)
		field    string
	}{
		{"one name does", func(a *identity.Account) { a.First = "" }, ""},
		{"no name does not", func(a *identity.Account) { a.First, a.Last = " ", "" }, "last_name"},
		{"an address is needed", func(a *identity.Account) { a.Email = "ann" }, "email"},
		{"a name is not endless", func(a *identity.Account) { a.First = strings.Repeat("x", 61) }, "first_name"},
		{"a name has no control characters", func(a *identity.Account) { a.Last = "A\x1b[2J" }, "last_name"},
		{"a zone is one", func(a *identity.Account) { a.Zone = "Mars/Olympus" }, "zone"},
		{"the machine's is none", func(a *identity.Account) { a.Zone = "Local" }, "zone"},
		{"a language is one that we speak", func(a *identity.Account) { a.Language = "tlh" }, "language"},
	} {
		a := good
		c.change(&a)
		_, err := a.Check()
		var f *fault.Fault
		if c.field == "" && err != nil || c.field != "" && (!errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Name != c.field) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestSessionsEnd(t *testing.T) {
	s := identity.Session{CreatedAt: now, SeenAt: now, EndsAt: now.Add(identity.Lifetime)}
	seen := s
	seen.SeenAt = now.Add(identity.Lifetime - time.Minute)
	for _, c := range []struct {
		sentence string
		session  identity.Session
		at       time.Duration
		want     bool
	}{
		{"a new one is alive", s, 0, true},
		{"one that lay idle for less than half an hour is", s, identity.Idle - time.Microsecond, true},
		{"one that lay idle for half an hour is not", s, identity.Idle, false},
		{"one in use is alive up to its end", seen, identity.Lifetime - time.Microsecond, true},
		{"and not any longer", seen, identity.Lifetime, false},
	} {
		if got := c.session.Alive(now.Add(c.at)); got != c.want {
			t.Errorf("%s: %v", c.sentence, got)
		}
	}
}

func TestThrottlesDelayAndNeverLock(t *testing.T) {
	for _, c := range []struct {
		sentence string
		shared   bool
		failures int
		want     time.Duration
	}{
		{"some failures are free", false, 5, 0},
		{"the next one costs a second", false, 6, time.Second},
		{"each more twice as much", false, 7, 2 * time.Second},
		{"and so on", false, 12, 64 * time.Second},
		{"up to a quarter of an hour", false, 16, 15 * time.Minute},
		{"and never more", false, 500, 15 * time.Minute},
		{"an address that many share has more", true, 30, 0},
		{"but not endlessly", true, 31, time.Second},
	} {
		var th identity.Throttle
		for range c.failures {
			th = th.Failed(now, c.shared)
		}
		if got := th.Blocked(now); got != c.want {
			t.Errorf("%s: %s", c.sentence, got)
		}
		if th.Blocked(th.Until) != 0 {
			t.Errorf("%s, and it never ends", c.sentence)
		}
		later := th.Failed(now.Add(identity.Forgotten+time.Second), c.shared)
		if later.Failures != 1 {
			t.Errorf("%s, and after a day it is not forgotten: %d", c.sentence, later.Failures)
		}
	}
}

// Many people share an address, and each of them mistypes: what came a while apart does not add up. Of an account it does.
func TestFailuresOfAnAddressAreForgottenBitByBit(t *testing.T) {
	for _, c := range []struct {
		sentence string
		shared   bool
		apart    time.Duration
		blocked  bool
	}{
		{"a crowd that mistypes now and then", true, 6 * time.Minute, false},
		{"somebody who guesses all the time", true, time.Second, true},
		{"an account is guessed at, however slowly", false, 6 * time.Minute, true},
	} {
		var th identity.Throttle
		at := now
		for range 100 {
			at = at.Add(c.apart)
			th = th.Failed(at, c.shared)
		}
		if got := th.Blocked(at) > 0; got != c.blocked {
			t.Errorf("%s: blocked for %s", c.sentence, th.Blocked(at))
		}
	}
}

func TestEventsNameWhatTheyAreAbout(t *testing.T) {
	a := id.NewAccount(now)
	var names []string
	for _, e := range []interface {
		EventName() string
		Subject() string
	}{
		identity.HasSignedIn{AccountID: a}, identity.SignInHasFailed{AccountID: a}, identity.HasSignedOut{AccountID: a}, identity.PasswordWasChanged{AccountID: a},
		identity.CompanyWasSwitched{AccountID: a}, identity.LanguageWasSet{AccountID: a},
	} {
		names = append(names, e.EventName())
		if e.Subject() != a.String() {
			t.Errorf("%s is about %s", e.EventName(), e.Subject())
		}
	}
	want := []string{"account.signed_in", "account.sign_in_failed", "account.signed_out", "account.password_changed", "account.company_switched", "account.language_set"}
	if !slices.Equal(names, want) {
		t.Error(names)
	}
}
