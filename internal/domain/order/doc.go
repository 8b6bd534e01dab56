// Package order is what was ordered, and how far it has come.
//
// # What it is
//
// An order is made when a purchase order is placed, and frozen then: its lines say what was bought, at which price and
// why that price. Afterwards only its state changes, along one table.
//
// # Words
//
//   - order: what the seller has to deliver. What the buyer's company has still to agree to is a purchase order.
//   - number: what people call the order, from a series that only counts up.
//   - state: how far it has come, from placed to closed or cancelled.
//   - totals: goods net, shipping, tax by rate, and what they come to.
//
// # Always true
//
//   - A state follows another only as the table says; closed and cancelled are followed by none.
//   - Gross is net, shipping and tax, to the minor unit; tax is the sum over its rates, each rounded once, half away
//     from zero, on the sum of what is taxed at it.
//   - An order has one currency, at least one line, and no total below zero.
//   - An order is never deleted.
//
// # Not here
//
// Approval (approval), the money set aside for it (budget, credit), shipments and invoices.
package order
