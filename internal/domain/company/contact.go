package company

import (
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
)

// Contact is whom the seller turns to in a company, and for what. It need not be a member.
type Contact struct {
	ID      id.Contact
	Name    string
	Purpose string // what one turns to them for: "Accounts payable"
	Email   string
	Phone   string
	Version int64
}

// MostContacts is how many contacts a company keeps.
const MostContacts = 100

var (
	// ErrUnseenContact is the fault of a contact that is not this company's.
	ErrUnseenContact = fault.Define(fault.NotFound, "company.contact_unseen", "there is no such contact in your company")
	// ErrContactsFull is the fault of more contacts than a company keeps.
	ErrContactsFull = fault.Define(fault.Refused, "company.contacts_full", "a company keeps at most 100 contacts: remove one first")
)

// Check is the contact as it is kept, or the fields that cannot be: one turns to them by mail, by phone, or by both.
func (c Contact) Check() (Contact, error) {
	var in fault.Input
	c.Name = Name(&in, "name", c.Name)
	c.Purpose = Name(&in, "purpose", c.Purpose)
	c.Email = email(&in, "email", c.Email)
	c.Phone = Phone(&in, "phone", c.Phone)
	if c.Email == "" && c.Phone == "" && in.Err() == nil {
		in.Add("email", "required", "an e-mail address or a phone number is needed")
	}
	return c, in.Err()
}

// Edit is the contact as it shall be: ErrStale for one that was seen in another version, or the fields that cannot be.
func (c Contact) Edit(version int64, to Contact) (Contact, error) {
	if version != c.Version {
		return c, ErrStale.Now(c.Version)
	}
	to.ID, to.Version = c.ID, c.Version
	return to.Check()
}

// email checks an e-mail address, which may be empty.
func email(in *fault.Input, field, said string) string {
	said = text.Line(in, field, said, text.MostEmail)
	local, domain, ok := strings.Cut(said, "@")
	if said != "" && (!ok || local == "" || !strings.Contains(strings.Trim(domain, "."), ".") || strings.ContainsAny(said, " <>()[],;:\"")) {
		in.Add(field, "malformed", "an e-mail address looks like name@company.example")
	}
	return said
}

// Phone checks a phone number as people write it, which may be empty: digits with what stands between them, a plus
// before the country.
func Phone(in *fault.Input, field, said string) string {
	said = text.Line(in, field, said, text.MostPhone)
	digits := 0
	for i, r := range said {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, strings.ContainsRune(" -/().x", r):
		default:
			in.Add(field, "malformed", "a phone number looks like +49 30 123456")
			return said
		}
	}
	if said != "" && (digits < 3 || digits > 20) {
		in.Add(field, "malformed", "a phone number looks like +49 30 123456")
	}
	return said
}
