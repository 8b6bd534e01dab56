package catalogue

import (
	"slices"
	"strings"
	"unicode"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
)

// Status is whether a product is sold.
type Status string

// The statuses.
const (
	Active   Status = "active"
	Obsolete Status = "obsolete" // no longer made; its successor may stand in
	Blocked  Status = "blocked"  // not sold for now
)

// Product is something that can be ordered.
type Product struct {
	ID          id.Product
	SKU         string // the seller's article number, unique when folded
	GTIN        string // 8, 12, 13 or 14 digits, or none
	Name        string
	Description string
	Unit        string // unit of measure as people read it: "pcs", "m", "kg"
	Category    id.Category
	Supplier    string            // whose goods they are, by name; empty: the seller's own
	Minimum     quantity.Quantity // smallest quantity of a line; 0: one step
	Step        quantity.Quantity // a line is a multiple of it; 0: whole units
	Most        quantity.Quantity // largest quantity of a line; 0: any
	LeadDays    int64             // days from order to delivery, as a rule; 0: not known
	Status      Status
	Successor   id.Product // what replaces an obsolete product; zero: nothing
}

// Category is a shelf of the catalogue.
type Category struct {
	ID     id.Category
	Parent id.Category // zero for the highest
	Code   string
	Name   string
}

var (
	// ErrNotSold is the fault of ordering what is not sold now. Its detail "successor" names what replaces it.
	ErrNotSold = fault.Define(fault.Refused, "catalogue.not_sold", "this product is not sold at present")
	// ErrMinimum is the fault of a quantity below the product's minimum. Its detail "suggestion" is one that will do.
	ErrMinimum = fault.Define(fault.Refused, "catalogue.minimum", "the quantity is below the smallest that is sold")
	// ErrStep is the fault of a quantity between two steps. Its detail "suggestion" is one that will do.
	ErrStep = fault.Define(fault.Refused, "catalogue.step", "the product is sold in other quantities")
	// ErrMost is the fault of a quantity above the product's most. Its detail "suggestion" is one that will do.
	ErrMost = fault.Define(fault.Refused, "catalogue.most", "the quantity is above the largest that is sold")
)

// Sold is ErrNotSold when the product cannot be ordered now.
func (p Product) Sold() error {
	switch {
	case p.Status == Active:
		return nil
	case p.Status == Obsolete && !p.Successor.IsZero():
		return ErrNotSold.With("%s is no longer made, and has a successor", p.SKU).Noting("successor", p.Successor.String())
	case p.Status == Obsolete:
		return ErrNotSold.With("%s is no longer made", p.SKU)
	}
	return ErrNotSold.With("%s is not sold at present", p.SKU)
}

// CheckQuantity is quantity.ErrRange for what is no quantity of a line, and ErrMinimum, ErrStep or ErrMost for one in
// which this product is not sold.
func (p Product) CheckQuantity(q quantity.Quantity) error {
	if err := q.Check(); err != nil {
		return err
	}
	suggestion := p.Suggest(q)
	switch {
	case q < p.Minimum:
		return ErrMinimum.With("%s is sold from %s %s on: take %s", p.SKU, p.Minimum, p.Unit, suggestion).
			Noting("suggestion", suggestion.String())
	case p.Most > 0 && q > p.Most:
		return ErrMost.With("%s is sold up to %s %s: take %s", p.SKU, p.Most, p.Unit, suggestion).
			Noting("suggestion", suggestion.String())
	case p.Grain() == quantity.One && q%quantity.One != 0:
		return ErrStep.With("%s is sold in whole units: take %s", p.SKU, suggestion).
			Noting("suggestion", suggestion.String())
	case q%p.Grain() != 0:
		return ErrStep.With("%s is sold in steps of %s %s: take %s", p.SKU, p.Grain(), p.Unit, suggestion).
			Noting("suggestion", suggestion.String())
	}
	return nil
}

// Grain is what a quantity of the product is a multiple of: its step, and whole units where it has none. So nobody is
// sold a thousandth of a laptop; what is sold by length or weight has a step that says how finely.
func (p Product) Grain() quantity.Quantity {
	if p.Step > 0 {
		return p.Step
	}
	return quantity.One
}

// Least is the smallest quantity in which the product is sold; 0 when there is none.
func (p Product) Least() quantity.Quantity { return p.Suggest(1) }

// Spelt is the product with the step and the minimum that it has without saying so.
func (p Product) Spelt() Product {
	p.Step = p.Grain()
	p.Minimum = max(p.Minimum, p.Step)
	return p
}

// Suggest is the smallest quantity in which the product is sold that is not below q, and the largest one for what is
// above them all; 0 when minimum, step and most leave none.
func (p Product) Suggest(q quantity.Quantity) quantity.Quantity {
	step := p.Grain()
	largest := quantity.Most
	if p.Most > 0 {
		largest = p.Most
	}
	largest -= largest % step
	q = min(max(q, p.Minimum, 1), largest)
	if q = (q + step - 1) / step * step; q < p.Minimum {
		return 0
	}
	return q
}

// Fit is how much of it can be added to a line that holds so much already, when more is wanted. What comes to another
// quantity than was wanted is told as CheckQuantity tells it; nothing can be added where the line would hold less
// afterwards, or no more than it does.
func (p Product) Fit(held, more quantity.Quantity) (quantity.Quantity, error) {
	if err := more.Check(); err != nil {
		return 0, err
	}
	err := p.CheckQuantity(held + more)
	if err == nil {
		return more, nil
	}
	return max(0, p.Suggest(held+more)-held), err
}

// Check is the fault of what cannot stand in a product, field by field.
func (p Product) Check() error {
	var in fault.Input
	if p.SKU == "" || len(p.SKU) > 100 || p.SKU != strings.TrimSpace(p.SKU) || strings.ContainsFunc(p.SKU, unicode.IsControl) {
		in.Add("sku", "malformed", "an article number is 1 to 100 characters without blanks around it")
	}
	if p.GTIN != "" && !gtin(p.GTIN) {
		in.Add("gtin", "malformed", "a GTIN has 8, 12, 13 or 14 digits, of which the last one checks the others")
	}
	if p.Name == "" || len(p.Name) > 500 {
		in.Add("name", "length", "a name is 1 to 500 characters")
	}
	if !slices.Contains([]Status{Active, Obsolete, Blocked}, p.Status) {
		in.Add("status", "unknown", "a product is active, obsolete or blocked")
	}
	if p.Successor == p.ID && !p.ID.IsZero() {
		in.Add("successor", "itself", "a product does not replace itself")
	}
	for _, q := range []struct {
		name  string
		value quantity.Quantity
	}{{"minimum", p.Minimum}, {"step", p.Step}, {"most", p.Most}} {
		if q.value != 0 {
			in.Take(q.name, q.value.Check())
		}
	}
	if in.Err() == nil && p.CheckQuantity(p.Suggest(p.Minimum)) != nil {
		in.Add("most", "none", "no quantity is left between the minimum, the step and the most")
	}
	return in.Err()
}

// gtin reports whether the last digit checks the others, weighed 3 and 1 from the right (GS1 General Specifications).
func gtin(s string) bool {
	if n := len(s); n != 8 && n != 12 && n != 13 && n != 14 {
		return false
	}
	sum := 0
	for i := range len(s) {
		digit := int(s[i] - '0')
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		if (len(s)-i)%2 == 0 {
			digit *= 3
		}
		sum += digit
	}
	return sum%10 == 0
}
