package view

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/company"
)

// Invitation is an invitation as its company sees it.
type Invitation struct {
	company.Invitation
	Standing    company.InvitationState // at the moment of looking
	UnderName   string                  // of what they will stand right below; nothing once that is no more
	InviterName string
	Roles       []OfferedRole
}

// OfferedRole is a role that somebody gets when they accept.
type OfferedRole struct {
	company.Offer
	Name     string
	UnitName string // nothing for the whole company
}

// InvitationFilter cuts a list of invitations.
type InvitationFilter struct {
	State company.InvitationState // none is any
	Text  string                  // in the address or the name
	Fresh bool                    // none of those whom a place waits for already
}

// Welcome is what the holder of an invitation's link sees of it.
type Welcome struct {
	Invitation  id.Invitation
	Company     id.Company
	CompanyName string
	InviterName string
	Email       string
	First, Last string
	Roles       []string
	Language    locale.Language
	Zone        string // of the company
	Until       time.Time
	Known       bool // the address has an account with a password
	Shut        bool // which cannot sign in: its holder has left all companies where they were
	Mine        bool // and it is the one that asks
	Other       bool // somebody else is signed in
}
