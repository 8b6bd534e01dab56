package view

import (
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
)

// OverlapFilter cuts the members of a company who have not left to those who have, of several groups of roles, one or
// more of as many groups as Least; assignments that have ended do not count, those that have yet to begin do.
type OverlapFilter struct {
	Groups  [][]id.Role
	Least   int
	Members []id.Member // only these …
	Role    id.Role     // … or only those who have this role; all, when neither is said
}

// Overlapping is a member who has roles of several groups.
type Overlapping struct {
	Member id.Member
	Name   string
	Path   tree.Path // where they stand now
}
