package view

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
)

// Leaving is what somebody who leaves the company leaves open.
type Leaving struct {
	Member      company.Member
	Below       int64               // active members right below them, who come to below whoever stands above
	Deciding    int64               // purchase orders that wait, or will wait, for their decision: these go to somebody else
	Orders      int64               // their own purchase orders that are not over
	CostCentres []budget.CostCentre // that they manage
	Budgets     []budget.Budget     // of their own
	Addresses   int64               // of their own, which are removed
	Lists       int64               // order lists of their own
	SharedLists int64               // that others share with them by name
	Sent        []string            // addresses that they have invited, which are taken back; "" of one that the reader does not see
	Alike       []string            // addresses that others have invited under their name, which stay
	Deputies    []Deputy            // appointments of deputies that are not over, in which they are the approver or the deputy
	Rules       []approval.Rule     // that ask or tell them by name
	Asking      []budget.Budget     // that ask them by name when they are used up
	LookedAfter []LookedAfter       // customers, by one of the staff
	Alone       []HeldAlone         // roles that rules ask, and nobody else has
}

// LookedAfter is a customer that one of the staff looks after.
type LookedAfter struct {
	Company id.Company
	Name    string
	Leads   bool // they are the first to turn to
}

// HeldAlone is a role that one member alone has, and the rules that ask those who have it.
type HeldAlone struct {
	Role  id.Role
	Name  string // "" for who does not see roles
	Rules []approval.Rule
}
