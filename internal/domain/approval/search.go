package approval

import (
	"maps"
	"slices"
)

// seats is who sits where: what a search begins with and comes back to.
type seats struct {
	held   map[Person][]chair
	groups []*draft
	of     []draft // of each group: its level, pools, seats and rows
}

// taken is how everybody sits now.
func (b *builder) taken() seats {
	s := seats{held: map[Person][]chair{}, groups: slices.Clone(b.groups)}
	for p, chairs := range b.held {
		s.held[p] = slices.Clone(chairs)
	}
	for _, g := range b.groups {
		one := *g
		one.seated, one.rows, one.pools = slices.Clone(g.seated), slices.Clone(g.rows), slices.Clone(g.pools)
		s.of = append(s.of, one)
	}
	return s
}

// back puts everybody where they sat.
func (b *builder) back(to seats) {
	b.groups, b.held = slices.Clone(to.groups), map[Person][]chair{}
	for p, chairs := range to.held {
		b.held[p] = slices.Clone(chairs)
	}
	for i, g := range to.groups {
		g.level, g.seated, g.rows, g.pools = to.of[i].level, slices.Clone(to.of[i].seated), slices.Clone(to.of[i].rows), slices.Clone(to.of[i].pools)
	}
}

// missing is how many voices have nobody.
func (b *builder) missing() (n int) {
	for _, g := range b.groups {
		n += g.lacks()
	}
	return n
}

// lacks is how many more voices must have somebody.
func (g *draft) lacks() int {
	n := g.k
	for _, s := range g.seated {
		if s {
			n--
		}
	}
	return max(n, 0)
}

// search looks for a way to seat everybody where the first one has left a group short: the first way takes people group by
// group, and never gives up a source for another one of the same group, nor a fallback. It begins where nobody sits but
// who has spoken already. Groups that nobody could fill even if they were alone are left out.
func (b *builder) search(start seats) {
	first := b.taken()
	b.back(start)
	var open []*draft
	for _, g := range b.groups {
		if g.lacks() > 0 && b.could(g) {
			open = append(open, g)
		}
	}
	b.back(first)
	if !slices.ContainsFunc(open, func(g *draft) bool { return g.short() }) {
		return
	}
	b.back(start)
	for most := range fallbackTiers {
		try := trial{builder: b, people: map[chair][]seatable{}, steps: mostSteps}
		for _, g := range open {
			for i := range g.sources {
				try.people[chair{g, i}] = b.seatables(g, i, most)
			}
		}
		slices.SortStableFunc(open, func(g, h *draft) int { return try.width(g) - try.width(h) })
		if try.fillAll(open) {
			return
		}
	}
	b.back(first)
}

// The fallbacks, in the order in which they are turned to: none, managers above, administrators, the requester's own.
const fallbackTiers = 4

// mostSteps bounds a search: whom to put on a chair is asked so often at most, and then the first way stays.
const mostSteps = 50_000

// seatable is somebody who may sit on a chair, and who else may decide there then.
type seatable struct {
	Approver
	beside []Approver
	own    bool // of the source itself
}

// seatables are those who may sit on a chair, with fallbacks up to this tier.
func (b *builder) seatables(g *draft, source, most int) (all []seatable) {
	for _, p := range g.pools[source] {
		all = append(all, seatable{Approver: p, own: true})
	}
	if g.sources[source].Kind == OfSeller {
		return all
	}
	add := func(people, beside []Approver) {
		for _, p := range people {
			if !slices.ContainsFunc(all, func(s seatable) bool { return s.Person == p.Person }) {
				all = append(all, seatable{Approver: p, beside: beside})
			}
		}
	}
	if most >= 1 {
		add(b.eligible(g, b.above(g.sources[source]), ManagerAbove), nil)
	}
	if most >= 2 {
		administrators := b.eligible(g, b.dir.Administrators, AnAdministrator)
		add(administrators, administrators)
	}
	if most >= 3 {
		add(b.own(), nil)
	}
	return all
}

// could reports whether g would have enough people if it were alone.
func (b *builder) could(g *draft) bool {
	try := trial{builder: b, people: map[chair][]seatable{}, steps: mostSteps}
	for i := range g.sources {
		try.people[chair{g, i}] = b.seatables(g, i, fallbackTiers-1)
	}
	before := b.taken()
	alone := maps.Clone(b.held)
	clear(b.held)
	for p, chairs := range alone {
		if own := slices.DeleteFunc(slices.Clone(chairs), func(c chair) bool { return c.group != g }); len(own) > 0 {
			b.held[p] = own
		}
	}
	filled := try.fillAll([]*draft{g})
	b.back(before)
	return filled
}

// trial is one search.
type trial struct {
	*builder
	people map[chair][]seatable
	steps  int // left
}

// width is how many may sit in a group: those with the fewest are filled first, and the others find somebody free.
func (t *trial) width(g *draft) int {
	who := map[Person]bool{}
	for i := range g.sources {
		for _, p := range t.people[chair{g, i}] {
			who[p.Person] = true
		}
	}
	return len(who)
}

// fillAll seats enough people in all of these groups, or none.
func (t *trial) fillAll(groups []*draft) bool {
	if len(groups) == 0 {
		return true
	}
	return t.place(groups, 0, groups[0].lacks())
}

// place seats so many more in the first group, from this source on, and then fills the rest.
func (t *trial) place(groups []*draft, source, more int) bool {
	g := groups[0]
	switch {
	case more == 0:
		return t.fillAll(groups[1:])
	case source == len(g.sources):
		return false
	case g.seated[source]:
		return t.place(groups, source+1, more)
	}
	c := chair{g, source}
	for _, p := range t.people[c] {
		if t.steps--; t.steps < 0 {
			return false
		}
		if !t.free(c, p.Approver) {
			continue
		}
		rows, pool := g.rows, g.pools[source]
		t.sit(c, p)
		if t.place(groups, source+1, more-1) {
			return true
		}
		t.rise(p.Approver)
		g.seated[source], g.rows, g.pools[source] = false, rows, pool
	}
	return t.place(groups, source+1, more) // without this source
}

// sit seats somebody.
func (b *builder) sit(c chair, p seatable) {
	g := c.group
	b.hold(c, p.Approver)
	g.seated[c.source] = true
	if !p.own {
		p.Via = []int{c.source}
		g.rows = append(slices.Clip(g.rows), p.Approver)
		g.pools[c.source] = append(slices.Clip(g.pools[c.source]), p.beside...)
	}
}

// rise takes somebody from the chair on which they sat down last.
func (b *builder) rise(a Approver) {
	b.held[a.Person] = b.held[a.Person][:len(b.held[a.Person])-1]
	if v := a.voice(); v != a.Person {
		b.held[v] = b.held[v][:len(b.held[v])-1]
	}
}

// join asks one group in the stage of another where that leaves fewer out: one person is asked once even where several rules
// name them, and nobody is asked in two stages. Only what its rule does not put in order moves, and nothing is added to a
// stage in which somebody has spoken, nor taken from one. Groups that nobody could fill even if they were alone move nothing.
func (b *builder) join(start seats) {
	for b.missing() > 0 && slices.ContainsFunc(b.groups, func(g *draft) bool { return g.short() && b.could(g) }) {
		better, found := b.moveOne(start)
		if !found {
			return
		}
		start = better
	}
}

// moveOne moves one group to the level of another, the first that leaves fewer out, and seats everybody anew. It gives where
// that began.
func (b *builder) moveOne(start seats) (seats, bool) {
	now, least := b.taken(), b.missing()
	for _, g := range now.groups {
		for _, level := range b.levels() {
			if level == g.level || g.sources[0].Kind == OfSeller || !b.mayStand(g, level) {
				continue
			}
			moved := start.with(g, level)
			b.back(moved)
			b.firstWay()
			if b.missing() > 0 {
				b.search(moved)
			}
			if b.missing() < least {
				return moved, true
			}
			b.back(now)
		}
	}
	return start, false
}

// with is s, with a group at another level.
func (s seats) with(g *draft, level int) seats {
	s.of = slices.Clone(s.of)
	s.of[slices.Index(s.groups, g)].level = level
	return s
}

// levels are those at which somebody is asked, the first one first.
func (b *builder) levels() []int {
	var all []int
	for _, g := range b.groups {
		all = append(all, g.level)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// mayStand reports whether the rules that want g let it be asked at this level, and nobody has spoken there.
func (b *builder) mayStand(g *draft, level int) bool {
	spoken := func(h *draft) bool { return h.level == level && slices.Contains(h.kept, true) }
	if b.was[g].spoken || slices.ContainsFunc(b.groups, spoken) {
		return false
	}
	for _, o := range g.origins {
		for _, h := range b.groups {
			if h == g {
				continue
			}
			for _, other := range h.origins {
				before, after := other.need == o.need && other.stage < o.stage, other.need == o.need && other.stage > o.stage
				if before && h.level >= level || after && h.level <= level || other.need == o.need && other.stage == o.stage {
					return false
				}
			}
		}
	}
	return true
}
