// Package budget is money set aside to be spent, and the ledger of what became of it.
//
// # What it is
//
// A budget gives its owner so much for a period. A purchase order holds its amount when it is submitted and books it
// when it is placed. Every movement is one row that is never changed; a balance is the sum of its rows.
//
// # Words
//
//   - cost centre: where a company books what it spends.
//   - budget: an amount for an owner (a member, a unit, a cost centre, a project, any of these together, or the whole
//     company), again for every period of its cycle.
//   - purse: a budget in one period: its limit, and what is held and spent of it.
//   - held: kept for a purchase order that waits. Spent: booked for one that was placed. Left: what may still be held.
//   - requested: what a purchase order wants beyond what was left; it stands outside the balance until decided.
//   - entry: one row of the ledger, made by one movement of one purse.
//   - movement: hold, book, release, adjust, credit, override, limit; known by a key, so that twice is once.
//   - share: what one purchase order has in one budget: the sum of its entries.
//   - claim: what a purchase order wants of one purse. Verdict: whether it fits, and what follows if not.
//   - consequence: what follows when a purse has not enough left: block, ask, warn.
//
// # Always true
//
//   - The limit is what is available, held and spent, in every entry and in every purse: nothing is made or lost.
//   - Held and spent are never below zero, and never together above the limit, but for what an override allowed or a
//     cut of the limit uncovered: the purse's overrun, which only those two make greater.
//   - A hold ends once, by being booked or released; nothing beyond it is booked; nothing beyond the booked is credited.
//   - All claims of a purchase order are held, or none.
//   - A purchase order is charged to the period of its submission, in the company's time zone, and stays there.
//   - A cut limit stops new spending and leaves the past alone.
//
// # Not here
//
// Who may spend, decide or change limits (access, approval), who is told, and the company's credit (credit).
package budget
