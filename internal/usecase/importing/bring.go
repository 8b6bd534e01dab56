package importing

import (
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
)

// mayBring tells of what the file moves, where somebody would get more over it than the actor holds there.
func (p *plan) mayBring() {
	held := slices.Concat(p.all, p.offered)
	for _, g := range p.fresh {
		held = append(held, g.Assignment)
	}
	for _, u := range p.units {
		p.mayBringTo(u.node, held)
	}
	for _, m := range p.members {
		p.mayBringTo(m.node, held)
	}
}

func (p *plan) mayBringTo(n *node, held []access.Assignment) {
	if n == nil || n.fresh || n.above == n.stood || n.stood == nil {
		return
	}
	entered, far := map[*node]bool{}, 0
	for up := n.above; up != nil && far <= company.Deepest; up, far = up.above, far+1 { // no further, where a circle has been told of
		entered[up] = true
	}
	for up := n.stood; up != nil; up = up.stood {
		delete(entered, up)
	}
	p.wrong(n.line, "above", p.requireToBring(n.was.Path, p.hasUnits(n), entered, held))
}

// requireToBring is nil when nobody gets more over what stands at a place than the actor holds there, when it comes to stand
// below these units and members, too.
func (st *state) requireToBring(from tree.Path, units bool, entered map[*node]bool, held []access.Assignment) error {
	at := map[id.Unit]bool{}
	for up := range entered {
		switch {
		case !up.Unit.IsZero():
			at[up.Unit] = true
		case up.Member == st.actor.Member:
			if err := st.actor.RequireToLead(from); err != nil {
				return err
			}
		}
	}
	var gained []access.Assignment
	for _, a := range held {
		if at[a.Unit] && !a.Ended(st.now) {
			gained = append(gained, a)
		}
	}
	return st.actor.RequireToMove(from, units, gained, func(key id.Role) access.Set {
		if r := st.byRole[key]; r != nil {
			return r.after.Set
		}
		return access.Set{}
	})
}

// hasUnits reports whether a node is a unit, or has one below it.
func (st *state) hasUnits(n *node) bool {
	return !n.Unit.IsZero() || slices.ContainsFunc(st.nodes, func(m *node) bool { return !m.Unit.IsZero() && n.was.Path.Covers(m.was.Path) })
}

// mayBringBack is nil when nobody gets more over what the import had moved than the actor holds there.
func (u *undoing) mayBringBack(made map[id.Assignment]bool) error {
	held := slices.Concat(u.Gone, u.offered)
	for _, a := range u.all {
		if !made[a.ID] {
			held = append(held, a)
		}
	}
	for _, m := range u.Moved {
		n := u.places[m.Is.Path]
		if !m.Itself || n == nil {
			continue
		}
		entered, back := map[*node]bool{}, above(m.Was)
		for _, at := range append(back.Ancestors(), back) {
			if up := u.places[at]; up != nil && !at.Covers(m.Is.Path) {
				entered[up] = true
			}
		}
		if err := u.requireToBring(m.Is.Path, u.hasUnits(n), entered, held); err != nil {
			return err
		}
	}
	return nil
}
