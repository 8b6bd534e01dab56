package view

import (
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
)

// Candidate is a member who could be asked to decide, with one of the roles they have now; a member of several
// roles comes several times, one of none once.
type Candidate struct {
	company.Member
	Role    id.Role
	Shipped string
	Set     access.Set
	Place   tree.Path // where the role holds
	Whole   bool      // the role holds for the whole company
	Endless bool      // the role has no end
}

// Good is a product with the category that it stands in.
type Good struct {
	catalogue.Product
	CategoryCode string
	CategoryName string
}

// Funded is a budget with one of its purses, if it has been opened.
type Funded struct {
	budget.Budget
	Open  bool
	Purse budget.Purse
}
