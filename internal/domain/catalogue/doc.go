// Package catalogue says what can be ordered, in which quantities, and who may see it.
//
// # What it is
//
// Products and the categories they stand in, the quantities they are sold in, assortments (what a customer may see),
// and the normal form of words by which products are found.
//
// # Words
//
//   - product: something that can be ordered, known by its SKU.
//   - unit (of a product): what one of it is: a piece, a metre, a kilogram. Not a unit of a company.
//   - minimum, step, most: the quantities that a line may have.
//   - category: a shelf of the catalogue; shelves stand in a tree.
//   - assortment: which products and categories are shown, or not shown, to those it is given to.
//   - successor: what replaces a product that is obsolete.
//   - folded: a text without case and accents, as it is compared and searched.
//
// # Always true
//
//   - A step is counted from nothing, not from the minimum: minimum 10 and step 6 sell 12, 18, 24.
//   - What has no step is sold in whole units.
//   - A quantity that [Product.Suggest] gives passes [Product.CheckQuantity].
//   - In an assortment the deeper rule wins; of two equally deep ones the one that denies.
//   - Folding a folded text changes nothing.
//
// # Not here
//
// Prices (pricing), stock, and the search itself, which is the database's.
package catalogue
