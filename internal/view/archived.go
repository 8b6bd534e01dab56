package view

import "kontor/internal/base/id"

// ArchivedUnit is a unit that has left the structure, and what is still held at it: it counts for nothing until the unit is
// taken back.
type ArchivedUnit struct {
	ID          id.Unit
	Code, Name  string
	Version     int64
	CostCentre  string // the code of the usual one
	Roles       []Assigned
	Invitations int64 // open ones that promise a role at it
	Budgets     int64
	CostCentres int64 // that are the unit's
	Rules       int64 // of approval
}
