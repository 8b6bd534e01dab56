// Package demo plants a world to try Kontor in, and replays the history of a real-shaped one through it.
//
// The source is the AdventureWorks sample database of Microsoft (MIT, its licence stands beside the files): 290
// people in 16 departments, the price lists of 86 vendors, and three and a half years of purchase orders. Whatever
// is planted goes through the use cases that people go through, so it is asked, checked and recorded like anything
// else; the one thing put into the tables directly is the password that everybody of the demo world shares.
//
// # The structure
//
// The source knows a manager for everybody, a department, and a group of departments; Kontor knows one tree of units
// and members, in which the manager of somebody is the nearest member above, and their unit the nearest unit above.
// The line of management is kept exactly: whoever is above everybody stands at the top, and everybody else below their
// manager. A department stands below the manager to whom most of its people report from outside of it, and a group of
// departments likewise; who reports into a department or group from elsewhere stands directly below their manager.
//
// Because departments stand below each other where their heads do, a budget of a unit would be charged for every
// department below it. Budgets here belong to cost centres, one for each department, which buyers name at checkout.
//
// # The replay
//
// [Replay] makes a company with that structure, agrees on the price of every line of every order for the day of the
// order, and sends the orders as their buyers did: cart, checkout, submission, decisions. Then it reads everything
// back and holds it against an oracle: figures that it works out from the files alone.
package demo
