package company

import (
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
)

// MemberStatus is whether a member acts.
type MemberStatus string

// The statuses of a member.
const (
	Invited  MemberStatus = "invited"
	Working  MemberStatus = "active"
	Inactive MemberStatus = "inactive"
)

// Member is an account's place in a company.
type Member struct {
	ID       id.Member
	Account  id.Account
	Number   string // the employee number
	External string // what another system knows them by; nobody else in the company has the same
	Name     string
	First    string // the first part of the name
	Email    string
	Title    string // job title
	Status   MemberStatus
	Phone    string       // where they are called; they say so themselves, or who manages people does
	Joined   bool         // they have acted here once, or could have; who has not comes back as somebody invited
	Home     id.Company   `json:"-"` // the company above that lends them; zero: they are this company's own
	Held     bool         `json:"-"` // they act there, and this company belongs to that one; always so of its own
	Approval *money.Money // the most one decision may cover; nil is no limit
	Path     tree.Path    // where the member stands; Top when nowhere
	Parent   tree.Path
	Version  int64
}

var (
	// ErrUnseenMember is the fault of a member that is not in this company.
	ErrUnseenMember = fault.Define(fault.NotFound, "company.member_unseen", "there is no such member in your company")
	// ErrAlreadyMember is the fault of a second membership of one account.
	ErrAlreadyMember = fault.Define(fault.Conflict, "company.already_member", "this person is already a member of the company")
	// ErrInactive is the fault of an act on a member who has left.
	ErrInactive = fault.Define(fault.Conflict, "company.member_inactive", "this person is not an active member at the moment")
	// ErrNotInvited is the fault of inviting somebody into a place that they have taken, or left.
	ErrNotInvited = fault.Define(fault.Conflict, "company.member_not_invited", "this person does not wait for an invitation: they are a member already, or have left")
	// ErrNotLendable is the fault of taking somebody over whom no company above can lend.
	ErrNotLendable = fault.Define(fault.NotFound, "company.not_lendable", "there is no such person in the companies that yours belongs to, or they have a place here already")
	// ErrMemberExternal is the fault of a second member of one external id.
	ErrMemberExternal = fault.Define(fault.Conflict, "company.member_external", "somebody else in the company has this external ID already")
	// ErrNotInactive is the fault of taking back somebody who is there.
	ErrNotInactive = fault.Define(fault.Conflict, "company.member_not_inactive", "this person is an active member already")
)

// Acts reports whether the member acts now: has not left, nor waits, and is held where somebody lends them.
func (m Member) Acts() bool { return m.Status == Working && m.Held }

// Words are what a list of members is ordered and searched by: the name first, all in lower case.
func (m Member) Words() string {
	words := []string{m.Name, m.Email, m.Number, m.Title}
	if m.External != "" {
		words = append(words, m.External)
	}
	return strings.ToLower(strings.Join(words, "\t"))
}

// Last is the last part of the name.
func (m Member) Last() string {
	rest, _ := strings.CutPrefix(m.Name, m.First)
	return strings.TrimSpace(rest)
}

// MemberFields are what a company says of a member. A name is said in two parts, or as a whole.
type MemberFields struct {
	First    string
	Last     string
	Name     string // where it is not said in parts
	Number   string
	External string
	Phone    string
	Title    string
	Approval *money.Money // in the company's currency; nil is no limit
}

// Edit is the member with other fields: ErrStale for one that was seen in another version, or the fields that cannot
// be. A limit is given in the company's currency.
func (m Member) Edit(version int64, f MemberFields, currency money.Currency) (Member, error) {
	if version != m.Version {
		return m, ErrStale.Now(m.Version)
	}
	var in fault.Input
	m.named(&in, f)
	m.External = text.Line(&in, "external_id", f.External, text.MostExternal)
	m.Phone = Phone(&in, "phone", f.Phone)
	m.Number = text.Line(&in, "number", f.Number, text.MostNumber)
	m.Title = text.Line(&in, "title", f.Title, text.MostTitle)
	if f.Approval != nil && f.Approval.Currency != currency {
		in.Add("approval_limit", "currency", "an approval limit is in %s", string(currency))
	} else if f.Approval != nil && f.Approval.Minor < 0 {
		in.Add("approval_limit", "range", "an approval limit is not below zero")
	}
	m.Approval = f.Approval
	return m, in.Err()
}

// named gives the member another name. Of one that is said as a whole, and is the same, the parts stay what they were.
func (m *Member) named(in *fault.Input, f MemberFields) {
	if f.First != "" || f.Last != "" {
		m.First = text.Line(in, "first_name", f.First, text.MostPerson)
		m.Name = strings.TrimSpace(m.First + " " + text.Line(in, "last_name", f.Last, text.MostPerson))
		if m.Name == "" {
			in.Add("last_name", "required", "please fill this in")
		}
		return
	}
	if name := Name(in, "name", f.Name); name != m.Name {
		m.Name = name
		m.First, _ = text.Divided(name)
	}
}

// Leave is the member who has left: inactive, and standing nowhere.
func (m Member) Leave(version int64) (Member, error) {
	switch {
	case version != m.Version:
		return m, ErrStale.Now(m.Version)
	case m.Status == Inactive:
		return m, ErrInactive
	}
	m.Status, m.Path, m.Parent = Inactive, tree.Top, tree.Top
	return m, nil
}

// Join is the invited member who has accepted. First and last are how they are called from now on, or nothing.
func (m Member) Join(first, last string) (Member, error) {
	if m.Status != Invited {
		return m, ErrNotInvited
	}
	if name := strings.TrimSpace(first + " " + last); name != "" {
		m.First, m.Name = first, name
	}
	m.Status, m.Joined = Working, true
	return m, nil
}

// Correct is the invited member under another address, and with another name: ErrNotInvited for one who has accepted, or left.
func (m Member) Correct(account id.Account, email, name string) (Member, error) {
	if m.Status != Invited {
		return m, ErrNotInvited
	}
	var in fault.Input
	m.Name = Name(&in, "last_name", name)
	m.Account, m.Email = account, email
	return m, in.Err()
}

// Return is the member who had left, back in the structure: invited still, where they had never accepted.
func (m Member) Return(version int64, at tree.Path) (Member, error) {
	switch {
	case version != m.Version:
		return m, ErrStale.Now(m.Version)
	case m.Status != Inactive:
		return m, ErrNotInactive
	}
	m.Status, m.Path, m.Parent = Working, at, at.Parent()
	if !m.Joined {
		m.Status = Invited
	}
	return m, nil
}

// Name checks the name of something: one line of 1 to 120 characters, blanks folded.
func Name(in *fault.Input, field, name string) string {
	name = text.Line(in, field, name, text.MostName)
	if name == "" {
		in.Add(field, "required", "please fill this in")
	}
	return name
}

// Code checks a short code: 1 to 40 letters, digits, dots, dashes, underscores, slashes.
func Code(in *fault.Input, field, code string) string {
	code = strings.TrimSpace(code)
	if code == "" {
		in.Add(field, "required", "please fill this in")
		return code
	}
	if len(code) > text.MostCode || strings.ContainsFunc(code, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/", r))
	}) {
		in.Add(field, "invalid", "a code has at most 40 letters, digits, dots, dashes, underscores and slashes")
	}
	return code
}
