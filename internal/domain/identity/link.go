package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// Link is what a one-time link carries: the company in which it is looked up, and a secret that nobody guesses. The
// tables keep its digest, so that who reads them cannot use it.
type Link struct {
	Company id.Company
	Secret  string
}

// ErrUnknownLink is the fault of a link that leads nowhere: never given out, or replaced by a newer one.
var ErrUnknownLink = fault.Define(fault.NotFound, "identity.link_unknown", "this link does not work, or there is a newer one: look at your latest mail, or ask whoever sent it")

// ParseLink reads what stands in a link: ErrUnknownLink for what can be none.
func ParseLink(text string) (Link, error) {
	company, secret, _ := strings.Cut(text, ".")
	key, err := id.ParseCompany(company)
	if err != nil || len(secret) < 26 || len(secret) > 100 {
		return Link{}, ErrUnknownLink
	}
	return Link{key, secret}, nil
}

// String is what stands in the link.
func (l Link) String() string { return l.Company.String() + "." + l.Secret }

// Digest is how the tables know the link.
func (l Link) Digest() string {
	sum := sha256.Sum256([]byte(l.String()))
	return hex.EncodeToString(sum[:])
}
