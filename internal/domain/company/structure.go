package company

import (
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
)

// Unit is a division, department, branch or team.
type Unit struct {
	ID         id.Unit
	Code       string
	Name       string
	CostCentre id.CostCentre
	Archived   bool
	Path       tree.Path
	Version    int64
}

// NodeKind is what a node of the structure is.
type NodeKind string

// The kinds of nodes.
const (
	UnitNode   NodeKind = "unit"
	MemberNode NodeKind = "member"
)

// Node is a unit or a member in the structure. One of Unit and Member is set; the zero Node is none.
type Node struct {
	Kind   NodeKind
	Unit   id.Unit
	Member id.Member
	Path   tree.Path
}

// IsZero reports whether n names neither a unit nor a member.
func (n Node) IsZero() bool { return n.Unit.IsZero() && n.Member.IsZero() }

// Of says which kind of node n is, by which of its keys is set.
func (n Node) Of() Node {
	n.Kind = UnitNode
	if n.Unit.IsZero() {
		n.Kind = MemberNode
	}
	return n
}

// Unseen is the fault of a node that is not in this company.
func (n Node) Unseen() *fault.Fault {
	if n.Unit.IsZero() {
		return ErrUnseenMember
	}
	return ErrUnseenUnit
}

// Deepest is how many nodes stand above each other at most.
const Deepest = 32

var (
	// ErrUnseenUnit is the fault of a unit that is not in this company.
	ErrUnseenUnit = fault.Define(fault.NotFound, "company.unit_unseen", "there is no such unit in your company")
	// ErrUnseenCostCentre is the fault of a cost centre that is not in this company.
	ErrUnseenCostCentre = fault.Define(fault.NotFound, "company.cost_centre_unseen", "there is no such cost centre in your company")
	// ErrCircle is the fault of moving a node below itself.
	ErrCircle = fault.Define(fault.Refused, "company.circle", "nothing can stand below itself")
	// ErrTop is the fault of moving or removing the top of the structure.
	ErrTop = fault.Define(fault.Refused, "company.top", "the top of the structure stays where it is")
	// ErrDeep is the fault of a structure that would be too deep.
	ErrDeep = fault.Define(fault.Refused, "company.deep", "at most 32 levels stand above each other")
	// ErrOwnLimit is the fault of setting one's own approval limit.
	ErrOwnLimit = fault.Define(fault.Forbidden, "company.own_limit", "nobody sets their own approval limit: somebody else has to do that")
	// ErrOwnPlace is the fault of moving oneself, or what one stands in.
	ErrOwnPlace = fault.Define(fault.Forbidden, "company.own_place", "nobody moves themselves, nor the unit they stand in: somebody else has to do that")
	// ErrUnitInUse is the fault of archiving a unit that something still hangs on.
	ErrUnitInUse = fault.Define(fault.Conflict, "company.unit_in_use", "there are still people or units below this unit")
	// ErrUnitOrders is the fault of archiving a unit whose purchase orders are still open.
	ErrUnitOrders = fault.Define(fault.Conflict, "company.unit_orders", "purchase orders of this unit are still open")
	// ErrUnitCode is the fault of a second unit of one code.
	ErrUnitCode = fault.Define(fault.Conflict, "company.unit_code", "there is already a unit with this code")
	// ErrArchived is the fault of changing a unit that has been archived.
	ErrArchived = fault.Define(fault.Conflict, "company.unit_archived", "this unit has been archived: take it back into the structure first")
	// ErrNotArchived is the fault of taking back a unit that stands in the structure.
	ErrNotArchived = fault.Define(fault.Conflict, "company.unit_not_archived", "this unit stands in the structure already")
)

// Edit is the unit under another code and name, with another cost centre: ErrStale for one that was seen in another
// version, ErrArchived, or the fields that cannot be.
func (u Unit) Edit(version int64, f UnitFacts) (Unit, error) {
	if err := u.Seen(version); err != nil {
		return u, err
	}
	var in fault.Input
	u.Code, u.Name, u.CostCentre = Code(&in, "code", f.Code), Name(&in, "name", f.Name), f.CostCentre
	return u, in.Err()
}

// Seen is nil for a unit that can be changed: ErrStale for one that was seen in another version, or ErrArchived.
func (u Unit) Seen(version int64) error {
	switch {
	case version != u.Version:
		return ErrStale.Now(u.Version)
	case u.Archived:
		return ErrArchived
	}
	return nil
}

// Archive is the unit out of the structure. below is how many nodes stand right below it, open how many of its
// purchase orders are still open.
func (u Unit) Archive(version, below, open int64) (Unit, error) {
	switch {
	case version != u.Version:
		return u, ErrStale.Now(u.Version)
	case u.Archived:
		return u, ErrArchived
	case u.Path.Depth() == 1:
		return u, ErrTop
	case below > 0:
		return u, ErrUnitInUse
	case open > 0:
		return u, ErrUnitOrders
	}
	u.Archived, u.Path = true, tree.Top
	return u, nil
}

// Restore is an archived unit that is to stand in the structure again: ErrStale for one that was seen in another version, or
// ErrNotArchived.
func (u Unit) Restore(version int64) (Unit, error) {
	switch {
	case version != u.Version:
		return u, ErrStale.Now(u.Version)
	case !u.Archived:
		return u, ErrNotArchived
	}
	u.Archived = false
	return u, nil
}

// Move is where a node stands after it has been put right below another: the same label, and all below it with it.
// deepest is the depth of the deepest node below it, or its own.
func Move(node, under tree.Path, deepest int) (tree.Path, error) {
	switch {
	case node.Depth() < 2:
		return node, ErrTop
	case node.Covers(under):
		return node, ErrCircle
	case under.Depth()+1+deepest-node.Depth() > Deepest:
		return node, ErrDeep
	}
	return under + node[len(node.Parent()):], nil
}
