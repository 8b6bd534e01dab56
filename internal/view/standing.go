// Package view holds the flat rows that lists and pages show. It has no rule.
package view

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
)

// Standing is who a session belongs to and how they stand in the company that it acts for: all that an actor
// is made of, but for what they hold.
type Standing struct {
	Session       id.Session
	CreatedAt     time.Time
	SeenAt        time.Time
	EndsAt        time.Time
	Bearer        bool
	Account       id.Account
	AccountActive bool
	First, Last   string
	Language      string
	Zone          string
	Company       id.Company
	CompanyStatus string
	Seller        bool   // the company is the seller's own organisation
	Consents      bool   // staff may act for its members
	PendingSees   string // what members of companies see that wait; a setting of the seller
	Version       int64  // of the company's rights
	Member        id.Member
	MemberStatus  string     // who is not held by whoever lends them is inactive
	Home          id.Company // the company above that lends the member; zero: nobody
	At            tree.Path

	// Of a session in which one of the staff acts for this member: who that is.
	Acting       bool
	Staff        id.Member
	StaffCompany id.Company
	StaffStatus  string
}

// Holding is one assignment of a member with what its role permits.
type Holding struct {
	Role      id.Role
	RoleName  string
	Shipped   string
	Set       access.Set
	Unit      id.Unit
	Place     tree.Path
	UnitKnown bool // the unit stands in the structure; an assignment at one that does not gives nothing
	From      time.Time
	Until     time.Time
}
