package view

import (
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/payment"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
)

// Customer is a company as the seller's staff see it.
type Customer struct {
	company.Company
	GroupName string // of the group that it was put into itself
	Grouped   Kin    // itself, or the company above it, whose customer group counts for it
	People    int64  // active members
	Units     int64  // that are in use
	Waiting   int64  // purchase orders that wait for somebody
	Orders    int64  // placed orders

	Line         []company.Company // itself, its parent, the parent's parent and so on; of a single company
	Subsidiaries []company.Company // right below it; of a single company
	Payments     []payment.Method  // those of the customer group that counts; of a single company
	Managers     []Manager         // of the seller's staff; of a single company
	First        Founder           // of a single company

	Words string // what the list is ordered and searched by
}

// CustomerFilter cuts the list of companies. Its zero value takes all.
type CustomerFilter struct {
	Text   string // words of name or customer number
	Status company.Status
	Group  id.CustomerGroup // that counts for the company: its own, or that of one above it
	// Manager is the account of one of the staff: only companies that they look after.
	Manager id.Account
}

// Kin is a company of a line of parents, with the ways of paying of the customer group that it is in itself; none is all.
type Kin struct {
	company.Company
	GroupName string
	Payments  []payment.Method
}

// Lineage are the companies of a line.
func Lineage(line []Kin) []company.Company {
	all := make([]company.Company, len(line))
	for i, k := range line {
		all[i] = k.Company
	}
	return all
}

// GroupOf is the company of a line whose customer group counts for the first of it.
func GroupOf(line []Kin) Kin {
	group := company.GroupOf(Lineage(line))
	return line[slices.IndexFunc(line, func(k Kin) bool { return k.ID == group.ID })]
}

// Manager is one of the seller's staff, as one who may look after a company.
type Manager struct {
	Account  id.Account
	Member   id.Member // in the seller's organisation
	Name     string
	Title    string
	Email    string
	Phone    string
	Assigned bool // they look after it
	Leads    bool // they are the first to turn to
}

// Founder is who stands at the top of a company, and the invitation by which they join it, as long as they have not.
type Founder struct {
	Member     id.Member
	Name       string
	Email      string
	Status     company.MemberStatus
	Invitation id.Invitation // zero when there is none that is open
	Sent       time.Time
	Expires    time.Time
}

// CustomerGroup is a customer group with how many companies belong to it.
type CustomerGroup struct {
	pricing.CustomerGroup
	Companies int64 // that were put into it
	InEffect  int64 // for which it counts
}
