// Package cart is what a member means to order, before anyone is asked.
//
// # What it is
//
// Lines of products and quantities, and what was said about the order as a whole. Every change is a function that
// gives a new cart and leaves the old one as it was.
//
// # Words
//
//   - cart: what a member gathers under a name; they may have several.
//   - chosen: taken up by its owner; of several carts the one chosen last is the one that they work on.
//   - come back: made of the lines of a purchase order that expired, and not chosen yet.
//   - line: a quantity of one product.
//   - checkout: who is to get, pay and bear the cost of it all.
//   - submitted: became a purchase order; the cart is then only a memory.
//
// # Always true
//
//   - A product has one line: adding it again adds to its quantity.
//   - A cart has at most [MostLines] lines, each of a quantity above zero.
//   - The version rises by one with every change. Adding needs none, so two people who add at once both succeed;
//     changing or removing names the version that was seen, so nobody overwrites what they have not seen.
//   - What was taken out comes back where it stood, once.
//   - A submitted cart does not change.
//   - A cart that came back stands in nobody's way: it is worked on only when its owner has chosen it.
//
// # Not here
//
// Prices and totals: they are computed when looked at, never kept. Whether the products may be seen or ordered
// (catalogue), and whether the money is there (budget).
package cart
