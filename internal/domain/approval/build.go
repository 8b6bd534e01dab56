package approval

import (
	"fmt"
	"slices"
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
	b.recognise(earlier)
	b.together(earlier)
	for _, g := range groups {
		b.gather(g)
		b.keep(g)
	}
	b.fill()
	p := b.plan()
	p.advance()
	p.remember(earlier)
	return p, nil
}

// remember notes whom an earlier plan named and this one does not, each once.
func (p *Plan) remember(earlier Plan) {
	former := slices.Clone(earlier.Former)
	earlier.each(func(_ int, _ *Group, row *Approver) { former = append(former, row.Member) })
	for _, m := range former {
		if !m.IsZero() && !p.Involves(m) && !p.Formerly(m) {
			p.Former = append(p.Former, m)
		}
	}
}
