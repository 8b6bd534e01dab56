// Package identity is who somebody is: accounts, passwords, sessions.
//
// # What it is
//
// An account is a person's login and belongs to no company. A session is a signed-in browser or program; it
// acts for one company at a time. Passwords follow NIST SP 800-63B: long, not known to be common, nothing else
// asked of them; kept as Argon2id.
//
// # Words
//
// Key: the e-mail address as it is compared, lower case. Token: the secret that a session is known by outside;
// the tables hold its SHA-256 only. Throttle: how failed sign-ins slow the next one down. Provisional: a password that
// somebody else has seen, and that is good for replacing it alone.
//
// # Always true
//
// A session ends after 30 idle minutes and after 12 hours whatever happens. Nothing here tells whether an
// account exists. A throttle delays and never locks for good.
//
// # Not here
//
// What an account may do (access), where it is a member (company), signing in itself (signing).
package identity
