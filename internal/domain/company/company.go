package company

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
)

// Status is what the seller lets a company do.
type Status string

// The statuses of a company.
const (
	Pending  Status = "pending"
	Active   Status = "active"
	Rejected Status = "rejected"
	Blocked  Status = "blocked"
	Closed   Status = "closed"
)

// Wish is whether something is asked for at checkout.
type Wish string

// The wishes.
const (
	Off      Wish = "off"
	Optional Wish = "optional"
	Required Wish = "required"
)

// Company is a buying organisation.
type Company struct {
	ID          id.Company
	Number      string // the customer number, unique
	Name        string
	Status      Status
	Currency    money.Currency
	Zone        string // IANA name of its time zone
	Language    string
	FiscalMonth time.Month // the first of its fiscal year
	PONumber    Wish
	CostCentre  Wish
	BudgetsUsed bool  // there has been a budget: from then on an order needs one, or the permission to do without
	ExpiryDays  int64 // days after which a purchase order that waits expires
	Version     int64
	CreatedAt   time.Time
}

// Location is the company's time zone; UTC when its name is unknown here.
func (c Company) Location() *time.Location {
	l, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC // a zone is checked when it is set; a machine without it still tells the time
	}
	return l
}

// ErrNotActive is the fault of ordering in a company that may not.
var ErrNotActive = fault.Define(fault.Refused, "company.not_active", "your company cannot order at the moment")

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
	Name     string
	Email    string
	Title    string // job title
	Status   MemberStatus
	Approval *money.Money // the most one decision may cover; nil is no limit
	Path     tree.Path    // where the member stands; Top when nowhere
	Parent   tree.Path
	Version  int64
}

// Unit is a division, department, branch or team.
type Unit struct {
	ID         id.Unit
	Code       string
	Name       string
	CostCentre id.CostCentre
	Archived   bool
	Path       tree.Path
	Version    int64
}

// NodeKind is what a node of the structure is.
type NodeKind string

// The kinds of nodes.
const (
	UnitNode   NodeKind = "unit"
	MemberNode NodeKind = "member"
)

// Node is a unit or a member in the structure. One of Unit and Member is set.
type Node struct {
	Kind   NodeKind
	Unit   id.Unit
	Member id.Member
	Path   tree.Path
}

// Address is where goods or invoices go.
type Address struct {
	ID       id.Address `json:"id"`
	Label    string     `json:"label"`
	Name     string     `json:"name"`
	Street   string     `json:"street"`
	Postcode string     `json:"postcode"`
	City     string     `json:"city"`
	Country  string     `json:"country"` // ISO 3166, two letters
	Delivers bool       `json:"-"`
	Bills    bool       `json:"-"`
	Usual    bool       `json:"-"`
}

var (
	// ErrUnseenMember is the fault of a member that is not in this company.
	ErrUnseenMember = fault.Define(fault.NotFound, "company.member_unseen", "there is no such member in your company")
	// ErrUnseenUnit is the fault of a unit that is not in this company.
	ErrUnseenUnit = fault.Define(fault.NotFound, "company.unit_unseen", "there is no such unit in your company")
	// ErrUnseenAddress is the fault of an address that is not in this company's book.
	ErrUnseenAddress = fault.Define(fault.NotFound, "company.address_unseen", "there is no such address in your company's book")
	// ErrCircle is the fault of moving a node below itself.
	ErrCircle = fault.Define(fault.Refused, "company.circle", "nothing can stand below itself")
	// ErrUnitInUse is the fault of removing a unit that has anything below it.
	ErrUnitInUse = fault.Define(fault.Conflict, "company.unit_in_use", "there are still people or units below this unit")
	// ErrUnitCode is the fault of a second unit of one code.
	ErrUnitCode = fault.Define(fault.Conflict, "company.unit_code", "there is already a unit with this code")
	// ErrAlreadyMember is the fault of a second membership of one account.
	ErrAlreadyMember = fault.Define(fault.Conflict, "company.already_member", "this person is already a member of the company")
	// ErrTop is the fault of moving or removing the top of the structure.
	ErrTop = fault.Define(fault.Refused, "company.top", "the top of the structure stays where it is")
)

// Name checks the name of something: one line of 1 to 120 characters, blanks folded.
func Name(in *fault.Input, field, name string) string {
	name = strings.Join(strings.Fields(name), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		in.Add(field, "required", "please fill this in")
	case n > 120:
		in.Add(field, "too_long", "at most %d characters fit here", 120)
	case strings.ContainsFunc(name, unicode.IsControl):
		in.Add(field, "invalid", "control characters cannot stand here")
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
	if len(code) > 40 || strings.ContainsFunc(code, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/", r))
	}) {
		in.Add(field, "invalid", "a code has at most 40 letters, digits, dots, dashes, underscores and slashes")
	}
	return code
}

// Line of management: the members above somebody, nearest first, from those who stand on their path.
func Line(of tree.Path, above []Member) []Member {
	var line []Member
	for _, p := range of.Ancestors() {
		for _, m := range above {
			if m.Path == p {
				line = append(line, m)
			}
		}
	}
	return line
}
