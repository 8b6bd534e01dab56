package approval

import "slices"

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
	unable []Unable // whom the sources name, and who may not decide
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

// merge adds g to the group that asks the same, if there is one.
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

// sameSources reports whether both name the same, in whatever order.
func sameSources(a, b []Source) bool {
	if len(a) != len(b) || len(a) == 1 {
		return slices.Equal(a, b)
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
	var centres, budgets []Source
	for _, c := range r.CostCentres {
		centres = append(centres, Source{CostCentre: c})
	}
	for _, b := range r.Budgets {
		budgets = append(budgets, Source{Budget: b})
	}
	all := eachIn([][]Source{sources}, centres, OfCostCentre)
	return eachIn(all, budgets, OfBudget, OfBudgetManager)
}

// eachIn is all, once for each of these filled into the sources of these kinds that name none.
func eachIn(all [][]Source, each []Source, kinds ...SourceKind) (more [][]Source) {
	for _, sources := range all {
		open := func(s Source) bool { return slices.Contains(kinds, s.Kind) && s == Source{Kind: s.Kind} }
		if len(each) == 0 || !slices.ContainsFunc(sources, open) {
			more = append(more, sources)
			continue
		}
		for _, one := range each {
			filled := slices.Clone(sources)
			for i, s := range filled {
				if open(s) {
					filled[i].CostCentre, filled[i].Budget = one.CostCentre, one.Budget
				}
			}
			more = append(more, filled)
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
