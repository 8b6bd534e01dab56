// Package access says who may do what, and where in a company's structure.
//
// # What it is
//
// Role-based access control after ANSI/INCITS 359: permissions are the leaves of one tree, a role is a set
// of leaves, an assignment gives a member a role at a place, and an Actor is who asks, with all of that
// compiled into bit sets. To ask an actor costs some nanoseconds, no I/O and no allocation.
//
// # Words
//
// Permission: one leaf of the tree. Reach: the up to three leaves of one act on something that somebody
// owns: own, subordinates, company. Place: the whole company, or a unit and all below it. Thing: what an act
// is about, seen as whose it is and where it stands. Bypass: a leaf that steps around an order limit. Separation: a rule
// of what nobody may hold together. Breach: that somebody does.
//
// # Always true
//
// Denied unless a grant says otherwise. A check is an exact leaf, never a prefix. A member that is not active
// has no grants, and a blocked company's members keep only what looks and downloads. What an actor may not
// see does not exist (not found); what it sees and may not touch is forbidden, and the fault names the leaf.
// A normalised set holds whatever its leaves need. Nobody who has not left breaches a separation that is on.
//
// # Not here
//
// Where assignments are kept (accessdb), who may hand them out (granting), limits and budgets (budget),
// who must approve (approval).
package access
