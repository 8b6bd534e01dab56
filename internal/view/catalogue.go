package view

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/pricing"
)

// Category is a shelf of the catalogue with the number of products on it and on those below.
type Category struct {
	catalogue.Category
	Products int64 // that are not blocked
}

// Facet is a value that a list can be narrowed to, and how many rows it would leave.
type Facet struct {
	Category id.Category // of a category's facet
	Name     string
	Count    int64
}

// Contract is a price that a company has agreed on.
type Contract struct {
	pricing.Entry
	SKU  string
	Name string // of the product
	Unit string // of measure
}

// PriceList is a price list with how many prices it has.
type PriceList struct {
	pricing.PriceList
	Prices int64
}

// Listed is a product in a list, without its description, and what the list sorts it by.
type Listed struct {
	Good
	Key    string
	Number int64
}
