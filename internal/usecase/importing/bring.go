package importing

import (
	"cmp"
	"maps"
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
	b := p.bringing(held)
	for _, u := range p.units {
		p.mayBringTo(u.node, b)
	}
	for _, m := range p.members {
		p.mayBringTo(m.node, b)
	}
}

// bringing is what is asked of everything that moves, found once: at ten thousand moves, to go through all that a company has
// for each takes minutes.
type bringing struct {
	at    map[id.Unit][]access.Assignment // of each role one of the actor's own and one of somebody else's: the others are alike here
	units map[tree.Path]bool              // where a unit stands, and above one
}

func (st *state) bringing(held []access.Assignment) bringing {
	b := bringing{map[id.Unit][]access.Assignment{}, map[tree.Path]bool{}}
	type kind struct {
		unit id.Unit
		role id.Role
		own  bool
	}
	known := map[kind]bool{}
	for _, a := range held {
		if k := (kind{a.Unit, a.Role, a.Member == st.actor.Member}); !known[k] && !a.Ended(st.now) {
			known[k] = true
			b.at[a.Unit] = append(b.at[a.Unit], a)
		}
	}
	for _, n := range st.nodes {
		if n.Unit.IsZero() {
			continue
		}
		for at := n.was.Path; at != tree.Top && !b.units[at]; at = at.Parent() {
			b.units[at] = true
		}
	}
	return b
}

func (p *plan) mayBringTo(n *node, b bringing) {
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
	p.wrong(n.line, "above", p.requireToBring(n.was.Path, b, entered))
}

// requireToBring is nil when nobody gets more over what stands at a place than the actor holds there, when it comes to stand
// below these units and members, too.
func (st *state) requireToBring(from tree.Path, b bringing, entered map[*node]bool) error {
	var gained []access.Assignment
	for _, up := range slices.SortedFunc(maps.Keys(entered), func(a, b *node) int { return cmp.Compare(a.Path, b.Path) }) { // so that it is always the same that is told of
		switch {
		case !up.Unit.IsZero():
			gained = append(gained, b.at[up.Unit]...)
		case up.Member == st.actor.Member:
			if err := st.actor.RequireToLead(from); err != nil {
				return err
			}
		}
	}
	return st.actor.RequireToMove(from, b.units[from], gained, func(key id.Role) access.Set {
		if r := st.byRole[key]; r != nil {
			return r.after.Set
		}
		return access.Set{}
	})
}

// mayBringBack is nil when nobody gets more over what the import had moved than the actor holds there.
func (u *undoing) mayBringBack(made map[id.Assignment]bool) error {
	held := slices.Concat(u.Gone, u.offered)
	for _, a := range u.all {
		if !made[a.ID] {
			held = append(held, a)
		}
	}
	b := u.bringing(held)
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
		if err := u.requireToBring(m.Is.Path, b, entered); err != nil {
			return err
		}
	}
	return nil
}
