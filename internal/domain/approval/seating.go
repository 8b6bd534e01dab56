package approval

import (
	"slices"

	"kontor/internal/base/id"
)

// chair is one voice of one group, for which one person is kept.
type chair struct {
	group  *draft
	source int
}

// builder seats people.
type builder struct {
	needs   []Need
	dir     Directory
	policy  Policy
	request Request
	groups  []*draft
	held    map[Person][]chair
	was     map[*draft]former // what stood in an earlier plan
}

// fill finds for each group enough people of its own, then fallbacks for those left short, then everybody else who
// could decide in their place. Where that leaves somebody out it looks for another way, and then for another stage.
func (b *builder) fill() {
	start := b.taken()
	b.firstWay()
	if b.missing() > 0 {
		b.search(start)
	}
	if b.missing() > 0 && !b.policy.SamePersonAgain {
		b.join(start)
	}
	b.inOrder()
	for _, g := range b.groups {
		b.crowd(g)
	}
}

// inOrder puts the groups in the order of their stages.
func (b *builder) inOrder() {
	slices.SortStableFunc(b.groups, func(g, h *draft) int { return g.level - h.level })
}

// firstWay seats people group by group, the earliest first: whoever could fill several groups is kept for the one that has
// nobody else, otherwise for the earliest.
func (b *builder) firstWay() {
	b.inOrder()
	for _, g := range b.groups {
		for i := range g.sources {
			if g.short() && !g.seated[i] {
				g.seated[i] = b.seat(chair{g, i}, g.pools[i], map[Person]bool{})
			}
		}
	}
	for _, g := range b.groups {
		b.fallBack(g)
	}
}

// short reports whether fewer voices have somebody than must agree.
func (g *draft) short() bool { return g.lacks() > 0 }

// seat keeps one of the pool for the chair: preferably somebody free, otherwise somebody whose other chairs can be
// given to others (an augmenting path of the matching of people and chairs).
func (b *builder) seat(c chair, pool []Approver, tried map[Person]bool) bool {
	for _, p := range pool {
		if b.free(c, p) {
			b.hold(c, p)
			return true
		}
	}
	for _, p := range pool {
		if tried[p.Person] {
			continue
		}
		tried[p.Person] = true
		for _, other := range b.rivals(c, p.Person) {
			if !other.group.kept[other.source] && b.seat(other, other.group.pools[other.source], tried) {
				b.leave(other, p.Person)
			}
		}
		if b.free(c, p) {
			b.hold(c, p)
			return true
		}
	}
	return false
}

// hold keeps somebody for a chair. A deputy's chair is held by whom they stand in for, too: nobody fills two steps of one purchase
// order, one of them through a deputy.
func (b *builder) hold(c chair, a Approver) {
	b.held[a.Person] = append(b.held[a.Person], c)
	if v := a.voice(); v != a.Person {
		b.held[v] = append(b.held[v], c)
	}
}

// leave gives up a chair of p's that somebody else has taken since.
func (b *builder) leave(c chair, p Person) {
	drop := func(who Person) {
		if i := slices.Index(b.held[who], c); i >= 0 {
			b.held[who] = slices.Delete(b.held[who], i, i+1)
		}
	}
	drop(p)
	for _, a := range c.group.pools[c.source] {
		if a.Person == p && a.voice() != p {
			drop(a.voice())
		}
	}
}

// free reports whether neither a nor whom a stands in for sits where that keeps them from c.
func (b *builder) free(c chair, a Approver) bool {
	return len(b.rivals(c, a.Person)) == 0 && (a.For == nil || len(b.rivals(c, a.voice())) == 0)
}

// rivals lists the chairs of p that p cannot have together with c.
func (b *builder) rivals(c chair, p Person) []chair {
	var all []chair
	for _, h := range b.held[p] {
		if h.group == c.group || b.distinct(h.group, c.group) {
			all = append(all, h)
		}
	}
	return all
}

// distinct reports whether nobody may fill both groups.
func (b *builder) distinct(g, h *draft) bool {
	return g != h && !b.policy.SamePersonAgain && (g.level != h.level || g.apart(h))
}

// fallBack seats the next managers above, then administrators, on the chairs that a short group has nobody for.
func (b *builder) fallBack(g *draft) {
	for i, s := range g.sources {
		if !g.short() {
			return
		}
		if g.seated[i] || s.Kind == OfSeller {
			continue // nobody of the company stands in for the seller
		}
		above := b.eligible(g, b.above(s), ManagerAbove)
		if b.take(g, i, above) {
			continue
		}
		administrators := b.eligible(g, b.dir.Administrators, AnAdministrator)
		if b.take(g, i, administrators) {
			g.pools[i] = append(g.pools[i], administrators...) // any of them may decide
			continue
		}
		b.take(g, i, b.own())
	}
}

// take seats the first of these who is free, and makes them an approver.
func (b *builder) take(g *draft, source int, people []Approver) bool {
	for _, p := range people {
		if b.free(chair{g, source}, p) {
			b.hold(chair{g, source}, p)
			g.seated[source] = true
			p.Via = []int{source}
			g.rows = append(g.rows, p)
			return true
		}
	}
	return false
}

// above is the managers who stand above what s named.
func (b *builder) above(s Source) []Candidate {
	if s.Kind == OfManager {
		return b.dir.Line[min(s.Level, len(b.dir.Line)):]
	}
	return b.dir.Line
}

// own is the requester, where the company lets administrators agree to their own small orders and nothing but rules asks.
func (b *builder) own() []Approver {
	if !b.request.ownAllowed(b.policy) {
		return nil
	}
	for _, n := range b.needs {
		if n.Reason.Kind != ByRule {
			return nil
		}
	}
	for _, a := range b.dir.Administrators {
		if a.Member == b.request.Requester && a.mayDecide(b.request) {
			return []Approver{a.approver(OwnOrder)}
		}
	}
	return nil
}

// crowd adds everybody else whom the sources yield and who is not needed elsewhere.
func (b *builder) crowd(g *draft) {
	for i, pool := range g.pools {
		for _, p := range pool {
			if at := slices.IndexFunc(g.rows, func(a Approver) bool { return a.Person == p.Person }); at >= 0 {
				if !slices.Contains(g.rows[at].Via, i) {
					g.rows[at].Via = append(g.rows[at].Via, i)
				}
				continue
			}
			apart := func(h chair) bool { return b.distinct(h.group, g) }
			elsewhere := slices.ContainsFunc(b.held[p.Person], apart) || slices.ContainsFunc(b.held[p.voice()], apart)
			if !elsewhere && !g.heard(p) {
				b.hold(chair{g, i}, p)
				p.Via = []int{i}
				g.rows = append(g.rows, p)
			}
		}
	}
}

// heard reports whether the voice that p could give was given before, by whom p stands in for or by their deputy.
func (g *draft) heard(p Approver) bool {
	return slices.ContainsFunc(g.rows, func(a Approver) bool { return (a.State == Agreed || a.State == Declined) && a.voice() == p.voice() })
}

// plan is the groups, stage by stage.
func (b *builder) plan() Plan {
	p := Plan{Stages: []Stage{}}
	for i, g := range b.groups {
		if i == 0 || g.level != b.groups[i-1].level {
			p.Stages = append(p.Stages, Stage{RejectNeedsAll: true})
		}
		stage := &p.Stages[len(p.Stages)-1]
		stage.RejectNeedsAll = stage.RejectNeedsAll && g.rejectAll
		stage.Groups = append(stage.Groups, Group{K: g.k, Sources: g.sources, Called: b.dir.called(g.sources), Approvers: append([]Approver{}, g.rows...),
			Reasons: b.reasons(g), Unable: g.unable, NoEligible: g.short()})
	}
	return p
}

// reasons lists why g is asked, each once; several steps of one rule that could not be evaluated are one reason.
func (b *builder) reasons(g *draft) []Reason {
	var all []Reason
	for _, o := range g.origins {
		r := b.needs[o.need].Reason
		again := func(s Reason) bool {
			return s.sameAs(r) || s.Unsure && r.Unsure && s.Rule == r.Rule && s.Of == r.Of && s.Name == r.Name
		}
		if !slices.ContainsFunc(all, again) {
			all = append(all, r)
		}
	}
	return all
}

// gather finds whom each source of g yields.
func (b *builder) gather(g *draft) {
	g.seated, g.kept = make([]bool, len(g.sources)), make([]bool, len(g.sources))
	g.pools = make([][]Approver, len(g.sources))
	for i, s := range g.sources {
		if s.Kind != OfCovering {
			g.pools[i] = b.eligible(g, b.yields(s), NoFallback)
			g.held(b.yields(s), b.request)
			continue
		}
		for j := 0; j < len(b.dir.Line) && len(g.pools[i]) == 0; j++ {
			g.pools[i] = b.eligible(g, b.dir.Line[j:j+1], NoFallback)
			g.held(b.dir.Line[j:j+1], b.request)
		}
	}
}

// mostUnable is how many of those who may not decide a group remembers: a role may have thousands of holders.
const mostUnable = 20

// held notes who of these is held back from deciding, and by what.
func (g *draft) held(all []Candidate, r Request) {
	for i := range all {
		c := &all[i]
		why := c.obstacle(r)
		again := func(u Unable) bool { return u.Person == c.Person }
		if why != NoObstacle && c.Person != (Person{}) && len(g.unable) < mostUnable && !slices.ContainsFunc(g.unable, again) {
			g.unable = append(g.unable, Unable{c.Person, c.Name, c.Title, why})
		}
	}
}

// recognise finds for each group the one of an earlier plan that asked the same for the same reasons, each once.
func (b *builder) recognise(earlier Plan) {
	b.was = map[*draft]former{}
	known := map[*Group]bool{}
	for _, same := range []func(a, b []Source) bool{slices.Equal[[]Source], sameSources} {
		for k, stage := range earlier.Stages {
			for i := range stage.Groups {
				old := &stage.Groups[i]
				if known[old] {
					continue
				}
				at := slices.IndexFunc(b.groups, func(g *draft) bool {
					return b.was[g].group == nil && same(old.Sources, g.sources) && sameReasons(old.Reasons, b.reasons(g))
				})
				if at >= 0 {
					b.was[b.groups[at]], known[old] = former{old, k, stage.spoken()}, true
				}
			}
		}
	}
}

// former is a group of an earlier plan, and in which of its stages it stood.
type former struct {
	group  *Group
	stage  int
	spoken bool // somebody has decided in that stage
}

// together puts groups into one stage again that stood in one stage of an earlier plan in which somebody has spoken: that they are
// asked at once, because some are asked for several of them, is decided, and there they stay. It comes before anybody sits. Where
// the needs are not what they were, and want another order, the groups stand as these say.
func (b *builder) together(earlier Plan) {
	for k := range earlier.Stages {
		var all []*draft
		for _, g := range b.groups {
			if was := b.was[g]; was.group != nil && was.stage == k && was.spoken {
				all = append(all, g)
			}
		}
		b.level(all)
	}
}

// spoken reports whether somebody has decided in the stage.
func (s Stage) spoken() bool {
	return slices.ContainsFunc(s.Groups, func(g Group) bool {
		return slices.ContainsFunc(g.Approvers, func(a Approver) bool { return a.State == Agreed || a.State == Declined })
	})
}

// level puts these groups at one level at which the needs let all of them be asked: preferably one at which they stand among
// the others as they did in the earlier plan. At none they stay.
func (b *builder) level(all []*draft) {
	was := make([]int, len(all))
	for i, g := range all {
		was[i] = g.level
	}
	levels := slices.Compact(slices.Sorted(slices.Values(was)))
	if len(levels) < 2 {
		return
	}
	wrong := b.disorder()
	for _, asBefore := range []bool{true, false} {
		for _, level := range levels {
			for _, g := range all {
				g.level = level
			}
			if b.disorder() <= wrong && (!asBefore || b.asBefore(all[0])) {
				return
			}
		}
	}
	for i, g := range all {
		g.level = was[i]
	}
}

// disorder counts where of one need a later stage is asked no later, or one stage not at once.
func (b *builder) disorder() (n int) {
	for _, g := range b.groups {
		for _, h := range b.groups {
			for _, o := range g.origins {
				for _, p := range h.origins {
					if g != h && o.need == p.need && (o.stage < p.stage && g.level >= h.level || o.stage == p.stage && g.level != h.level) {
						n++
					}
				}
			}
		}
	}
	return n
}

// asBefore reports whether g stands before and behind those groups before and behind which it stood in the earlier plan.
func (b *builder) asBefore(g *draft) bool {
	at := b.was[g].stage
	for h, was := range b.was {
		if was.stage < at && h.level >= g.level || was.stage > at && h.level <= g.level {
			return false
		}
	}
	return true
}

// keep puts the approvals of an earlier plan into g, and the rejections that did not end it: who has rejected is not asked
// again.
func (b *builder) keep(g *draft) {
	was, known := b.was[g]
	if !known {
		return
	}
	old := was.group
	var agreed []*Approver
	for i := range old.Approvers {
		switch row := &old.Approvers[i]; {
		case row.State == Declined:
			b.decline(g, old, row)
		case row.State == Agreed && (!b.request.own(row.Member) || row.Fallback == OwnOrder):
			agreed = append(agreed, row)
		}
	}
	vias := make([][]int, len(agreed))
	for i, row := range agreed {
		vias[i] = g.spoke(old, row)
	}
	for i, at := range matched(vias, len(g.sources)) {
		row, again := agreed[i], *agreed[i]
		again.Via, again.Carried = []int{at}, true
		if at < 0 { // one voice more than counts: they are not asked again
			if again.Via = vias[i]; len(again.Via) == 0 {
				continue
			}
			at = again.Via[0]
		}
		if !b.free(chair{g, at}, *row) {
			continue
		}
		b.hold(chair{g, at}, *row)
		g.seated[at], g.kept[at] = true, true
		g.rows = append(g.rows, again)
	}
}

// spoke are the sources of g through which somebody spoke in an earlier plan.
func (g *draft) spoke(old *Group, row *Approver) (via []int) {
	for i, s := range g.sources {
		if slices.ContainsFunc(row.Via, func(v int) bool { return old.Sources[v] == s }) {
			via = append(via, i)
		}
	}
	return via
}

// decline keeps a rejection in g.
func (b *builder) decline(g *draft, old *Group, row *Approver) {
	again := *row
	again.Via, again.Carried = g.spoke(old, row), true
	for i := range g.sources {
		g.pools[i] = slices.DeleteFunc(g.pools[i], func(a Approver) bool { return a.Person == row.Person || a.voice() == row.voice() })
	}
	g.rows = append(g.rows, again)
}

// sameReasons reports whether both name the same rules, versions, steps, limits and budgets; figures may differ.
func sameReasons(a, b []Reason) bool {
	within := func(a, b []Reason) bool {
		for _, r := range a {
			if !slices.ContainsFunc(b, r.sameAs) {
				return false
			}
		}
		return true
	}
	return within(a, b) && within(b, a)
}

func (r Reason) sameAs(o Reason) bool {
	return r.Kind == o.Kind && r.Rule == o.Rule && r.Of == o.Of && r.Version == o.Version && r.Step == o.Step && r.Budget == o.Budget && r.Name == o.Name
}

// yields is everybody whom s names, eligible or not; s is not OfCovering.
func (b *builder) yields(s Source) []Candidate {
	switch s.Kind {
	case OfManager:
		if s.Level > len(b.dir.Line) {
			return nil
		}
		return b.dir.Line[s.Level-1 : s.Level]
	case OfAdministrator:
		return b.dir.Administrators
	}
	if !s.looked() {
		return nil
	}
	return b.dir.Of[s]
}

// eligible is those of the candidates who may decide, their deputies in their place.
func (b *builder) eligible(g *draft, all []Candidate, why FallbackKind) []Approver {
	var able []Approver
	for _, c := range all {
		if !c.mayDecideFor(b.request) {
			continue
		}
		deputy, both := b.deputy(g, c)
		named := deputy != nil && slices.ContainsFunc(all, func(o Candidate) bool { return o.Person == deputy.Person })
		if deputy != nil && !named { // who is named decides in their own right
			a := deputy.approver(why)
			a.For = &StandsFor{c.Member, c.Name}
			able = append(able, a)
		}
		if deputy == nil || both {
			able = append(able, c.approver(why))
		}
	}
	return able
}

// deputy is who stands in for c in this group now, or the deputy's own deputy; chains are no longer than that.
func (b *builder) deputy(g *draft, c Candidate) (stands *Candidate, both bool) {
	first := b.deputyOf(g, c.Member)
	if first == nil {
		return nil, false
	}
	if second := b.deputyOf(g, first.By.Member); second != nil && second.By.Member != c.Member {
		return &second.By, first.BothMay
	}
	return &first.By, first.BothMay
}

func (b *builder) deputyOf(g *draft, m id.Member) *Deputy {
	for i := range b.dir.Deputies {
		d := &b.dir.Deputies[i]
		if d.For == m && !m.IsZero() && d.By.mayDecideFor(b.request) && d.Covers(b.request, b.reasons(g)) {
			return d
		}
	}
	return nil
}
