package approval

import (
	"fmt"
	"slices"

	"kontor/internal/base/id"
)

// Sources lists what must be looked up for these needs, each once, in the order of the needs. Managers and
// administrators are not among them: a directory has those always.
func Sources(needs []Need, r Request) []Source {
	var all []Source
	for _, g := range drafts(needs, r) {
		for _, s := range g.sources {
			if s.looked() && !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

// looked reports whether a directory must be asked for s.
func (s Source) looked() bool {
	switch s.Kind {
	case OfManager, OfCovering, OfAdministrator:
		return false
	case OfCostCentre:
		return !s.CostCentre.IsZero()
	case OfBudget, OfBudgetManager:
		return !s.Budget.IsZero()
	}
	return true
}

// Build makes the plan of these needs. It fails only on needs that ask nobody, which no rule that was checked gives.
// Needs of none make a plan of none: nobody need agree.
func Build(needs []Need, dir Directory, policy Policy, r Request) (Plan, error) {
	return Rebuild(needs, dir, policy, r, Plan{})
}

// Rebuild is Build after an edit, or when somebody has left: approvals given in the earlier plan stand in groups that
// are asked of the same sources for the same reasons, even where their approver would no longer be asked. Whether the
// amount has risen too much for that is for the caller to say: then the earlier plan is left out.
func Rebuild(needs []Need, dir Directory, policy Policy, r Request, earlier Plan) (Plan, error) {
	for _, n := range needs {
		if n.Requirement.Effect != Ask || len(n.Requirement.Stages) == 0 {
			return Plan{}, fmt.Errorf("plan of %q: it asks nobody", n.Reason.Name)
		}
	}
	groups := drafts(needs, r)
	arrange(groups, needs)
	b := builder{needs: needs, dir: dir, policy: policy, request: r, groups: groups, held: map[Person][]chair{}}
	for _, g := range groups {
		b.gather(g)
		b.keep(g, earlier)
	}
	b.fill()
	p := b.plan()
	p.advance()
	return p, nil
}

// draft is a group of a plan in the making.
type draft struct {
	k         int
	sources   []Source
	origins   []origin
	rejectAll bool
	level     int // groups of one level are one stage

	pools  [][]Approver // whom each source yields, eligible
	seated []bool       // by source: somebody is there for its voice
	kept   []bool       // by source: and has given it already, in an earlier plan
	rows   []Approver
}

// origin is which group of which need a draft stems from.
type origin struct{ need, stage, group int }

// apart reports whether g and h stem from different groups of one need.
func (g *draft) apart(h *draft) bool {
	for _, a := range g.origins {
		for _, b := range h.origins {
			if a.need == b.need && (a.stage != b.stage || a.group != b.group) {
				return true
			}
		}
	}
	return false
}

// drafts lists the groups that the needs want: equal ones of different needs are one.
func drafts(needs []Need, r Request) []*draft {
	var all []*draft
	for i, n := range needs {
		for j, stage := range n.Requirement.Stages {
			for k, wanted := range stage.Groups {
				for _, sources := range spread(wanted.Of, r) {
					g := &draft{k: wanted.K, sources: sources, origins: []origin{{i, j, k}}, rejectAll: stage.RejectNeedsAll}
					all = merge(all, g)
				}
			}
		}
	}
	return all
}

func merge(all []*draft, g *draft) []*draft {
	for _, h := range all {
		if sameSources(g.sources, h.sources) && !g.apart(h) {
			h.k = max(h.k, g.k)
			h.origins = append(h.origins, g.origins...)
			h.rejectAll = h.rejectAll && g.rejectAll
			return all
		}
	}
	return append(all, g)
}

func sameSources(a, b []Source) bool {
	if len(a) != len(b) {
		return false
	}
	rest := slices.Clone(b)
	for _, s := range a {
		i := slices.Index(rest, s)
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return true
}

// spread puts the cost centres and budgets of the order into a group that says "of each": one group for each of
// them, for every one of them must agree.
func spread(sources []Source, r Request) [][]Source {
	all := [][]Source{slices.Clone(sources)}
	for i, s := range sources {
		var each []Source
		switch {
		case s.Kind == OfCostCentre && s.CostCentre.IsZero():
			for _, c := range r.CostCentres {
				each = append(each, Source{Kind: s.Kind, CostCentre: c})
			}
		case (s.Kind == OfBudget || s.Kind == OfBudgetManager) && s.Budget.IsZero():
			for _, b := range r.Budgets {
				each = append(each, Source{Kind: s.Kind, Budget: b})
			}
		}
		all = replaced(all, i, each)
	}
	return all
}

// replaced is all, once for each of these sources standing at position i.
func replaced(all [][]Source, i int, each []Source) [][]Source {
	if len(each) == 0 {
		return all
	}
	var more [][]Source
	for _, sources := range all {
		for _, s := range each {
			c := slices.Clone(sources)
			c[i] = s
			more = append(more, c)
		}
	}
	return more
}

// apartBy is how far the levels of two classes lie apart: further than any rule has stages.
const apartBy = 1000

// arrange gives each group its level: that of its class, and behind the earlier stages of the needs it stems from.
func arrange(groups []*draft, needs []Need) {
	base := func() {
		for _, g := range groups {
			g.level = g.sources[0].class() * apartBy
		}
	}
	base()
	for range len(groups) + 1 {
		if !raise(groups, needs) {
			return
		}
	}
	base() // the rules contradict each other: none of them sets an order
}

// raise lifts groups behind those that must come before them, and reports whether any moved.
func raise(groups []*draft, needs []Need) (moved bool) {
	for i, n := range needs {
		floor := 0
		for j := range n.Requirement.Stages {
			if len(n.Requirement.Stages) == 1 {
				break // no order among several stages, so none is set
			}
			var stage []*draft
			for _, g := range groups {
				if slices.ContainsFunc(g.origins, func(o origin) bool { return o.need == i && o.stage == j }) {
					stage, floor = append(stage, g), max(floor, g.level)
				}
			}
			for _, g := range stage {
				moved = moved || g.level != floor
				g.level = floor
			}
			floor++
		}
	}
	return moved
}

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
}

// fill finds for each group enough people of its own, then fallbacks for those left short, then everybody else who
// could decide in their place.
func (b *builder) fill() {
	slices.SortStableFunc(b.groups, func(g, h *draft) int { return g.level - h.level })
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
	for _, g := range b.groups {
		b.crowd(g)
	}
}

// short reports whether fewer voices have somebody than must agree.
func (g *draft) short() bool {
	n := 0
	for _, s := range g.seated {
		if s {
			n++
		}
	}
	return n < g.k
}

// seat keeps one of the pool for the chair: preferably somebody free, otherwise somebody whose other chairs can be
// given to others (an augmenting path of the matching of people and chairs).
func (b *builder) seat(c chair, pool []Approver, tried map[Person]bool) bool {
	for _, p := range pool {
		if len(b.rivals(c, p.Person)) == 0 {
			b.held[p.Person] = append(b.held[p.Person], c)
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
				b.held[p.Person] = slices.DeleteFunc(b.held[p.Person], func(h chair) bool { return h == other })
			}
		}
		if len(b.rivals(c, p.Person)) == 0 {
			b.held[p.Person] = append(b.held[p.Person], c)
			return true
		}
	}
	return false
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
		if len(b.rivals(chair{g, source}, p.Person)) == 0 {
			b.held[p.Person] = append(b.held[p.Person], chair{g, source})
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
			elsewhere := slices.ContainsFunc(b.held[p.Person], func(h chair) bool { return b.distinct(h.group, g) })
			if !elsewhere {
				b.held[p.Person] = append(b.held[p.Person], chair{g, i})
				p.Via = []int{i}
				g.rows = append(g.rows, p)
			}
		}
	}
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
		stage.Groups = append(stage.Groups, Group{K: g.k, Sources: g.sources, Approvers: append([]Approver{}, g.rows...),
			Reasons: b.reasons(g), NoEligible: g.short()})
	}
	return p
}

// reasons lists why g is asked, each once; several steps of one rule that could not be evaluated are one reason.
func (b *builder) reasons(g *draft) []Reason {
	var all []Reason
	for _, o := range g.origins {
		r := b.needs[o.need].Reason
		again := func(s Reason) bool { return s.sameAs(r) || s.Unsure && r.Unsure && s.Rule == r.Rule }
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
		g.pools[i] = b.eligible(g, b.yields(s), NoFallback)
		if s.Kind == OfCovering {
			g.pools[i] = g.pools[i][:min(1, len(g.pools[i]))]
		}
	}
}

// keep puts the approvals of an earlier plan into g.
func (b *builder) keep(g *draft, earlier Plan) {
	earlier.each(func(_ int, old *Group, row *Approver) {
		if row.State != Agreed || row.Member == b.request.Requester && row.Fallback != OwnOrder ||
			!sameSources(old.Sources, g.sources) || !sameReasons(old.Reasons, b.reasons(g)) {
			return
		}
		for _, via := range row.Via {
			i := slices.Index(g.sources, old.Sources[via])
			for i >= 0 && i < len(g.sources) && (g.kept[i] || g.sources[i] != old.Sources[via]) {
				i++ // the same source may be named several times
			}
			if i >= 0 && i < len(g.sources) && len(b.rivals(chair{g, i}, row.Person)) == 0 {
				b.held[row.Person] = append(b.held[row.Person], chair{g, i})
				g.seated[i], g.kept[i] = true, true
				again := *row
				again.Via, again.Carried = []int{i}, true
				g.rows = append(g.rows, again)
			}
		}
	})
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
	return r.Kind == o.Kind && r.Rule == o.Rule && r.Version == o.Version && r.Step == o.Step && r.Budget == o.Budget && r.Name == o.Name
}

// yields is everybody whom s names, eligible or not.
func (b *builder) yields(s Source) []Candidate {
	switch s.Kind {
	case OfManager:
		if s.Level > len(b.dir.Line) {
			return nil
		}
		return b.dir.Line[s.Level-1 : s.Level]
	case OfCovering:
		return b.dir.Line
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
		if deputy != nil {
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
	if second := b.deputyOf(g, first.By.Member); second != nil && !first.BothMay && second.By.Member != c.Member {
		return &second.By, false
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
