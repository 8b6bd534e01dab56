package catalogue

import (
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
)

// Assortment is what those it is given to may see of the catalogue. What no rule names is shown; a rule that denies
// tree.Top turns that round.
type Assortment struct {
	ID    id.Assortment
	Name  string
	Rules []Rule
}

// Rule shows, or does not show, a product or a category with everything below it.
type Rule struct {
	Product  id.Product // zero: the rule is about Category
	Category tree.Path  // where the category stands; Top: the whole catalogue
	Deny     bool
}

// Shows reports whether the assortment shows a product of the category at this path. The deepest rule decides, one for
// the product itself being deeper than any category's; of equally deep ones the one that denies.
func (a Assortment) Shows(product id.Product, category tree.Path) bool {
	deepest, shown := -1, true
	for _, r := range a.Rules {
		depth := r.depth(product, category)
		switch {
		case depth < 0 || depth < deepest:
		case depth > deepest:
			deepest, shown = depth, !r.Deny
		case r.Deny:
			shown = false
		}
	}
	return shown
}

// depth is how deep the rule reaches for the product, below zero when it says nothing of it.
func (r Rule) depth(product id.Product, category tree.Path) int {
	switch {
	case !r.Product.IsZero() && r.Product == product:
		return 1 << 30
	case r.Product.IsZero() && r.Category.Covers(category):
		return r.Category.Depth()
	}
	return -1
}
