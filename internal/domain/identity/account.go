package identity

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// Account is a person's login and personal data.
type Account struct {
	ID        id.Account
	Email     string
	First     string
	Last      string
	Password  string // the encoded Argon2id hash; "" for one who cannot sign in with a password
	Language  string
	Zone      string
	Active    bool
	CreatedAt time.Time
	Version   int64
}

// Name is how the person is called.
func (a Account) Name() string { return strings.TrimSpace(a.First + " " + a.Last) }

var (
	// ErrEmail is the fault of an e-mail address that cannot be one.
	ErrEmail = fault.Define(fault.Invalid, "identity.email", "an e-mail address looks like name@company.example")
	// ErrEmailTaken is the fault of a second account for one address.
	ErrEmailTaken = fault.Define(fault.Conflict, "identity.email_taken", "there is already an account with this e-mail address")
	// ErrCredentials is the fault of every failed sign-in, whatever failed.
	ErrCredentials = fault.Define(fault.Unauthenticated, "identity.credentials", "this e-mail address and password do not belong together")
	// ErrThrottled is the fault of trying again too soon.
	ErrThrottled = fault.Define(fault.TooMany, "identity.throttled", "too many attempts; please wait a moment and try again")
	// ErrSessionEnded is the fault of a session that is no more.
	ErrSessionEnded = fault.Define(fault.Unauthenticated, "identity.session_ended", "your session has ended; please sign in again")
	// ErrPasswordShort is the fault of a password with too few characters.
	ErrPasswordShort = fault.Define(fault.Invalid, "identity.password_short", "a password has at least 15 characters; a sentence is a good one")
	// ErrPasswordLong is the fault of a password with too many characters.
	ErrPasswordLong = fault.Define(fault.Invalid, "identity.password_long", "a password has at most 200 characters")
	// ErrPasswordCommon is the fault of a password that everybody tries first.
	ErrPasswordCommon = fault.Define(fault.Invalid, "identity.password_common", "this password is too easy to guess")
)

// EmailKey is the address as it is compared: trimmed, lower case. It says whether it can be an address at all.
func EmailKey(email string) (string, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" || len(email) > 254 || !strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") ||
		strings.HasSuffix(domain, ".") || strings.ContainsFunc(email, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>()[]\,;:"`, r)
	}) || strings.Contains(domain, "@") {
		return "", ErrEmail
	}
	return email, nil
}

// CheckPassword is nil for a password that may be set, after NIST SP 800-63B: at least 15 characters, at most
// 200, not one that everybody tries first, not the account's own name or address. No rule of composition.
func CheckPassword(password string, words ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < 15:
		return ErrPasswordShort
	case n > 200:
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
