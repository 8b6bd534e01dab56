// Package orderlist is what people keep to order again and again.
//
// # What it is
//
// Lines of products and quantities under a name, of a member or of the company as a whole. Every change is a function that
// gives a new list and leaves the old one as it was.
//
// # Words
//
//   - list: what a member keeps to order again; the owner's alone until it is shared.
//   - template: a list without an owner, which the company provides to all of its members.
//   - line: a quantity of one product, with what the product was called when it was put on the list.
//   - share: a member, a unit with all who stand in it, or the whole company, who may read the list, or write on it as well.
//   - hold: what somebody may do with a list: nothing, read, write, or all that its owner may.
//   - carry: take lines from one list to another, moved or copied.
//
// # Always true
//
//   - A product has one line: putting it on the list again adds to its quantity.
//   - A list has at most [MostLines] lines, each of a quantity above zero, in the order that people gave them.
//   - The version rises by one with every change. Adding needs none, so two people who add at once both succeed; whoever
//     changes, moves or removes names the version that they saw, so nobody overwrites what they have not seen.
//   - Sharing lets others see the list, never a product or a price that is not theirs to see.
//   - Who is no owner shares nothing, and deletes nothing but lines.
//
// # Not here
//
// Prices and sums: they are computed when looked at, never kept. Whether a product may be seen or ordered (catalogue), and
// what becomes of lines in a cart (cart).
package orderlist
