package step

import (
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
)

// Shows reports whether the actor may see a product at all. As long as a company has one assortment, which is the whole catalogue,
// it is a question of one permission; what is kept of a product on a list that others fill has to ask it.
func Shows(actor access.Actor, _ catalogue.Product) bool {
	return actor.MaySomewhere(access.CatalogView)
}
