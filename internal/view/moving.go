package view

import (
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
)

// Moving is what would change if a unit or member stood elsewhere, with all below it.
type Moving struct {
	Name, Place string  // what moves, and what it would stand right below
	People      int     // members who move, what moves itself among them
	Was, Is     Above   // the nearest active member above it; zero where there is none
	Led         []Above // the members who move whose manager that is, and who get another one
	Gain, Lose  []Reach // who gets, and who loses, what a role permits over what moves
	Waiting     int     // purchase orders of those who move that wait for somebody to agree
	ByManager   int     // … of which managers above are asked for
}

// Above is a member, and where they stand.
type Above struct {
	Member id.Member
	Name   string // nothing of whom the reader does not see
	Path   tree.Path
	Waits  bool // invited, and not here yet: nobody's manager
}

// Reach is a role that somebody has at a unit, or, without one, that reaches whoever stands below them.
type Reach struct {
	Above
	Role, Unit string
}
