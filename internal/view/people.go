package view

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
)

// Membership is one company that an account may act for.
type Membership struct {
	Company       id.Company
	CompanyName   string
	CompanyStatus company.Status
	Member        id.Member
	Title         string
	Status        company.MemberStatus
	Last          bool // the one acted for last
	Path          tree.Path
	UnitName      string   // the nearest above them there
	Roles         []string // what they are there at the moment
}

// Profile is what a person is told of themselves.
type Profile struct {
	Account     id.Account
	Email       string
	First, Last string
	Language    locale.Language
	Zone        string
	Provisional bool   // the password is to be replaced before anything else
	Phone       string // of the member acted as
	Membership         // the one acted in; zero while there is none

	Holds []company.Unit // the units where the actor holds something
}

// Node is a unit or member in the structure as it is drawn. Of Unit and Member one is set.
type Node struct {
	Kind        company.NodeKind
	Unit        id.Unit
	Member      id.Member
	AboveUnit   id.Unit   // the node right above, if it is a unit …
	AboveMember id.Member // … or a member; both zero at the top, and where the reader may not see it
	Path        tree.Path
	Depth       int // below the highest that the reader may see
	Name        string
	Code        string // of a unit
	Title       string // of a member
	Status      company.MemberStatus
	Version     int64
	Below       int    // nodes right below
	People      int    // members anywhere below
	AboveName   string // what it is called that is right above, where it was asked for
}

// NodeFilter says what is looked for in the structure. Its zero value takes all.
type NodeFilter struct {
	Kind company.NodeKind // units or members alone
	Text string           // in a name, in the code of a unit, in what a member is found by
	// Named takes what is called exactly so: by its name, a member also with their title BehindName, a unit also by its code.
	Named string
	Keys  []company.Node // these alone
	At    []tree.Path    // what stands at these alone
	Acts  bool           // no member who has left, or waits to be invited
	Not   company.Node   // not this one …
	// NorBelow takes away what stands below it, too.
	NorBelow bool
}

// BehindName stands between the name of a member and their title, where both are written.
const BehindName = " · "

// Row is a member in the list of members, or somebody who was invited and has not answered yet. Of ID and Invitation one is
// set.
type Row struct {
	ID          id.Member
	Invitation  id.Invitation
	Number      string
	Name        string
	Email       string
	Title       string
	Status      company.MemberStatus
	Path        tree.Path
	Roles       []string // the names of the roles that they have now, by name
	Unit        id.Unit  // the nearest above; zero when there is none
	UnitName    string
	Manager     id.Member // the nearest active member above; zero when there is none
	ManagerName string
	HomeName    string // the company above that lends them; nothing for the company's own
	Held        bool   // … and it does so now; always so of the company's own
	Version     int64
	Since       time.Time // they were added, or invited

	Words string // what the list is ordered and searched by
}

// Key is the identifier of the member or of the invitation, as it is known outside.
func (r Row) Key() string {
	if r.ID.IsZero() {
		return r.Invitation.String()
	}
	return r.ID.String()
}

// UUID is that identifier as the tables know it, and sort by it.
func (r Row) UUID() string {
	if r.ID.IsZero() {
		return r.Invitation.UUID()
	}
	return r.ID.UUID()
}

// Person is a member in full.
type Person struct {
	company.Member
	Unit        id.Unit // the nearest above; zero when there is none
	UnitCode    string
	UnitName    string
	Manager     id.Member // the nearest active member above; zero when there is none
	ManagerName string
	Reports     int64     // active members whose manager this is
	Below       int64     // active members anywhere below
	HomeName    string    // the company above that lends them; nothing for the company's own
	SeenAt      time.Time // the last use of a session in this company; the zero time when there is none
	Assigned    []Assigned
	Roles       []string // those that count now, by name
}

// Assigned is a role that a member has, had or will have, and where.
type Assigned struct {
	access.Assignment
	MemberName string
	Active     bool // the member is
	RoleName   string
	Shipped    string
	UnitCode   string
	UnitName   string
	Known      bool // the unit stands in the structure; an assignment at one that does not gives nothing
	CreatedAt  time.Time
}

// Role is a role with how many have it.
type Role struct {
	access.Role
	Holders int64 // active members who have it now or will have it
}

// MemberFilter cuts the list of members. Its zero value takes all.
type MemberFilter struct {
	Text   string // words of name, address, number or title
	Status company.MemberStatus
	Unit   id.Unit // and all below it
	Role   id.Role // held now
	// Roleless takes those alone who hold no role now.
	Roleless bool
	// Unheld takes those alone whom nobody lends any more, and who have not left.
	Unheld bool
}
