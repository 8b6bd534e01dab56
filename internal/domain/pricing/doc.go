// Package pricing says what a product costs a buyer, and why.
//
// # What it is
//
// A price is found, not calculated: among the entries of all price lists that reach a buyer, [Resolve] takes one, by
// rules that give the same answer every time and can be told to a person. [Explain] tells them.
//
// # Words
//
//   - price list: prices in one currency, for a time; it may be derived from another list by a factor.
//   - entry: one row of a list: a product, from a quantity on (a tier), at a rate or so much off the base price.
//   - level: by what right a list reaches the buyer: base, group, company, contract; quoted where people agreed by hand.
//   - rate: the price of one unit, in ten-thousandths of the currency. Money is only made of it at the line.
//   - source: where a price came from; frozen with the line of an order.
//   - policy: what happens to a company's fixed price that is dearer than the base price.
//
// # Always true
//
//   - The highest level that has a price for this quantity, moment and currency decides; within it the list of the
//     highest priority; within that the lowest rate. Equal rates: the larger tier, then the older entry.
//   - The order of the entries does not matter.
//   - A rate is never below zero, and the money of a line is rounded once: half away from zero, to the minor unit.
//   - No price means no sale: [ErrNone], never a price of nothing.
//
// # Not here
//
// Which lists reach which buyer (the tables of pricing know), tax, discounts of campaigns, and exchange of currencies:
// a list in another currency is no price.
package pricing
