package view

import (
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
)

// Reviewed is a member as the review functions look at them, without what they have been given.
type Reviewed struct {
	Member id.Member
	Name   string
	Title  string
	Path   tree.Path
	Works  bool // they act
	Lent   bool // a company above lends them, whether or not it does so now
	Signs  bool

	Invited bool // they have not accepted yet

	Words string // what the list is ordered by
}

// WhoFilter cuts the company's members to those who may do something: whoever has one of these roles where it counts.
type WhoFilter struct {
	Anybody      []id.Role   // it is enough to have one of these
	Subordinates []id.Role   // one of these, for those who stand at one of the paths Above
	Own          []id.Role   // one of these, for the owner
	Above        []tree.Path // the paths above the owner
	Owner        id.Member
	Self         bool        // the owner, whatever their roles
	Others       bool        // never the owner
	Sees         *WhoFilter  // of those only whom this takes in as well
	At           []tree.Path // the place asked about and all above it; an assignment for the whole company counts in any case
}
