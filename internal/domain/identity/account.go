package identity

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/text"
)

// Account is a person's login and personal data.
type Account struct {
	ID          id.Account
	Email       string
	First       string
	Last        string
	Password    string // the encoded Argon2id hash; "" for one who cannot sign in with a password
	Provisional bool   // somebody else has seen the password: it is to be replaced before anything else
	Language    string
	Zone        string
	Company     id.Company // the one acted for last; the zero company while none was
	Active      bool
	CreatedAt   time.Time
	Version     int64
}

// Name is how the person is called.
func (a Account) Name() string { return strings.TrimSpace(a.First + " " + a.Last) }

var (
	// ErrEmail is the fault of an e-mail address that cannot be one.
	ErrEmail = fault.Define(fault.Invalid, "identity.email", "an e-mail address looks like name@company.example")
	// ErrCredentials is the fault of every failed sign-in of somebody who has not shown that they know the password.
	ErrCredentials = fault.Define(fault.Unauthenticated, "identity.credentials", "this e-mail address and password do not belong together")
	// ErrNotLetIn is the fault of somebody who knows the password of an account that no company lets in any more.
	ErrNotLetIn = fault.Define(fault.Forbidden, "identity.not_let_in", "your password is right, but you can act for no company here any more: ask an administrator of your company, or us")
	// ErrThrottled is the fault of trying again too soon.
	ErrThrottled = fault.Define(fault.TooMany, "identity.throttled", "too many attempts; please wait a moment and try again")
	// ErrSessionEnded is the fault of a session that is no more.
	ErrSessionEnded = fault.Define(fault.Unauthenticated, "identity.session_ended", "your session has ended; please sign in again")
	// ErrUnseenAccount is the fault of an account that there is not. Only the system is told.
	ErrUnseenAccount = fault.Define(fault.NotFound, "identity.account_unseen", "there is no such account")
	// ErrUnseenSession is the fault of a session that is not one's own.
	ErrUnseenSession = fault.Define(fault.NotFound, "identity.session_unseen", "you have no such session")
	// ErrProvisional is the fault of going on with a password that somebody else has seen.
	ErrProvisional = fault.Define(fault.Forbidden, "identity.provisional", "please choose a password of your own first")
	// ErrPasswordKnown is the fault of handing out a password to somebody who has one.
	ErrPasswordKnown = fault.Define(fault.Conflict, "identity.password_known", "this account has a password already")
	// ErrPasswordWrong is the fault of giving another password than the one in use.
	ErrPasswordWrong = fault.Define(fault.Invalid, "identity.password_wrong", "this is not your password")
	// ErrPasswordShort is the fault of a password with too few characters.
	ErrPasswordShort = fault.Define(fault.Invalid, "identity.password_short", "a password has at least 15 characters; a sentence is a good one")
	// ErrPasswordLong is the fault of a password with too many characters.
	ErrPasswordLong = fault.Define(fault.Invalid, "identity.password_long", "a password has at most 200 characters")
	// ErrPasswordCommon is the fault of a password that everybody tries first.
	ErrPasswordCommon = fault.Define(fault.Invalid, "identity.password_common", "this password is too easy to guess")
)

// Check is the account as it is kept, or the fields that cannot be.
func (a Account) Check() (Account, error) {
	var in fault.Input
	a.Email = strings.TrimSpace(a.Email)
	_, err := EmailKey(a.Email)
	in.Take("email", err)
	a.First, a.Last = text.Line(&in, "first_name", a.First, text.MostPerson), text.Line(&in, "last_name", a.Last, text.MostPerson)
	if a.Name() == "" {
		in.Add("last_name", "required", "please fill this in")
	}
	in.Take("zone", CheckZone(a.Zone))
	in.Take("language", CheckLanguage(a.Language))
	return a, in.Err()
}

// ErrLanguage is the fault of a language that Kontor does not speak.
var ErrLanguage = fault.Define(fault.Invalid, "identity.language", "this language is not spoken here")

// CheckLanguage is nil for a language that Kontor speaks.
func CheckLanguage(name string) error {
	if !slices.Contains(locale.Languages(), locale.Language(name)) {
		return ErrLanguage
	}
	return nil
}

// ErrZone is the fault of a time zone that there is not.
var ErrZone = fault.Define(fault.Invalid, "identity.zone", "there is no time zone of this name")

// CheckZone is nil for the IANA name of a time zone.
func CheckZone(name string) error {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" {
		return ErrZone
	}
	return nil
}

// EmailKey is the address as it is compared: trimmed, lower case. It says whether it can be an address at all.
func EmailKey(email string) (string, error) {
	valid := utf8.ValidString(email)
	email = strings.ToLower(strings.TrimSpace(email))
	local, domain, ok := strings.Cut(email, "@")
	if !valid || !ok || local == "" || len(email) > text.MostEmail || !strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") ||
		strings.HasSuffix(domain, ".") || strings.ContainsFunc(email, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>()[]\,;:"`, r)
	}) || strings.Contains(domain, "@") {
		return "", ErrEmail
	}
	return email, nil
}

// ShortestPassword is how many characters a password has at least that stands alone, after NIST SP 800-63B.
const ShortestPassword = 15

// CheckPassword is nil for a password that may be set, after NIST SP 800-63B: at least 15 characters, at most
// 200, not one that everybody tries first, not the account's own name or address. No rule of composition.
func CheckPassword(password string, words ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < ShortestPassword:
		return ErrPasswordShort
	case n > text.MostPassword:
		return ErrPasswordLong
	}
	folded := strings.ToLower(password)
	rest := folded
	for _, w := range append(words, "password", "passwort", "kontor", "qwertz", "qwerty", "123456789", "abcdefghij", "letmein", "welcome") {
		if len(w) > 2 {
			rest = strings.ReplaceAll(rest, strings.ToLower(w), "")
		}
	}
	if different(rest) < 5 {
		return ErrPasswordCommon
	}
	return nil
}

func different(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
