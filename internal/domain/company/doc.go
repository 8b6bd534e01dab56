// Package company is a buying organisation: the company, its structure of units and members, its addresses.
//
// # What it is
//
// One tree per company holds its units and members. Whoever stands below a member is that member's
// subordinate; the manager of somebody is the nearest active member above, the unit the nearest unit above.
//
// # Words
//
// Structure: the tree. Node: a unit or a member in it. Top: the node without one above it; an administrator stands
// there. Own unit: the company as a unit, right below the top; everything else usually lands below it. Status: what
// the seller lets the company do. Lent: of a member whom a company above has act here, too; held: it does so now.
//
// # Always true
//
// A node stands below exactly one other, or at the top; never below itself. There is one top. A member that is not
// active stands nowhere. What was ordered stays where it was booked when somebody moves.
//
// # Not here
//
// Accounts (identity), roles (access), cost centres (budget).
package company
