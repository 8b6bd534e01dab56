package view

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
)

// Customer is a company as the seller's staff see it.
type Customer struct {
	company.Company
	GroupName string
	People    int64 // active members
	Units     int64 // that are in use
	Waiting   int64 // purchase orders that wait for somebody
	Orders    int64 // placed orders

	Line         []company.Company // itself, its parent, the parent's parent and so on; of a single company
	Subsidiaries []company.Company // right below it; of a single company

	Words string // what the list is ordered and searched by
}

// CustomerFilter cuts the list of companies. Its zero value takes all.
type CustomerFilter struct {
	Text   string // words of name or customer number
	Status company.Status
	Group  id.CustomerGroup
}

// CustomerGroup is a customer group with how many companies belong to it.
type CustomerGroup struct {
	pricing.CustomerGroup
	Companies int64
}
