package view

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// Category is a shelf of the catalogue with the number of products on it and on those below.
type Category struct {
	ID       id.Category
	Parent   id.Category // zero for the highest
	Code     string
	Name     string
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
	ID        id.Price
	Product   id.Product
	SKU       string
	Name      string
	Unit      string // of measure
	Reference string
	Min       quantity.Quantity // 0 for any
	Rate      money.Rate
	From      time.Time
	Until     time.Time
}

// PriceList is a price list with how many prices it has.
type PriceList struct {
	ID       id.PriceList
	Name     string
	Currency money.Currency
	Priority int64
	From     time.Time
	Until    time.Time
	Prices   int64
}

// Listed is a product in a list, without its description, and what the list sorts it by.
type Listed struct {
	Good
	Key    string
	Number int64
}
