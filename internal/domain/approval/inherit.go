package approval

import (
	"slices"
	"strings"

	"kontor/internal/base/id"
)

// Parent is a company above, as people know it: its identifiers stand in no row of another company.
type Parent struct {
	Number string `json:"number"` // its customer number
	Name   string `json:"name"`
}

// Here is what a company has in the place of what a company above has: the roles that are shipped as the same or called the
// same, and the members who have the same account.
type Here struct {
	Roles   map[id.Role]id.Role
	Members map[id.Member]id.Member
}

// MembersNamed are the members whom these rules ask, tell or are narrowed to, each once.
func MembersNamed(rules []Rule) (all []id.Member) {
	for _, r := range rules {
		all = append(append(all, r.Watchers...), r.AppliesTo.Members...)
		r.asks(func(s Source) bool {
			if s.Kind == OfMember {
				all = append(all, s.Member)
			}
			return false
		})
	}
	slices.SortFunc(all, func(a, b id.Member) int { return strings.Compare(a.UUID(), b.UUID()) })
	return slices.Compact(all)
}

// Inherited reports whether a company below has r too: a rule of the whole company, which is not about units and cost
// centres of its own.
func (r Rule) Inherited() bool {
	return r.Enabled && r.At.Unit.IsZero() && len(r.AppliesTo.Units)+len(r.AppliesTo.CostCentres) == 0
}

// Below is r, which is inherited, as it counts in a company below. Approvers are whoever is so there: who has no counterpart
// is absent, and asks as a source does that yields nobody; a cost centre or a budget that was named is that of the order.
// Whom it is narrowed to by a role that there is not is not known there, so it is about everybody: what cannot be told counts.
func (r Rule) Below(of Parent, company id.Company, here Here) Rule {
	r.ID, r.Company, r.Of = id.Rule{}, company, of
	var watchers []id.Member
	for _, m := range r.Watchers {
		if there, ok := here.Members[m]; ok {
			watchers = append(watchers, there)
		}
	}
	r.Watchers, r.AppliesTo = watchers, r.AppliesTo.below(here)
	steps := make([]Step, len(r.Steps))
	for i, s := range r.Steps {
		s.Then.Stages = below(s.Then.Stages, here)
		steps[i] = s
	}
	r.Steps = steps
	return r
}

// below narrows to the same people. A member who is not there orders nothing there, and still narrows.
func (a AppliesTo) below(here Here) (to AppliesTo) {
	for _, role := range a.Roles {
		there, ok := here.Roles[role]
		if !ok {
			return AppliesTo{}
		}
		to.Roles = append(to.Roles, there)
	}
	for _, m := range a.Members {
		to.Members = append(to.Members, here.Members[m])
	}
	return to
}

func below(stages []WantedStage, here Here) []WantedStage {
	if stages == nil {
		return nil
	}
	all := make([]WantedStage, len(stages))
	for i, stage := range stages {
		groups := make([]WantedGroup, len(stage.Groups))
		for j, g := range stage.Groups {
			of := make([]Source, len(g.Of))
			for k, s := range g.Of {
				of[k] = s.below(here)
			}
			g.Of = of
			groups[j] = g
		}
		stage.Groups = groups
		all[i] = stage
	}
	return all
}

// below is who s is in a company below.
func (s Source) below(here Here) Source {
	known := true
	switch s.Kind {
	case OfMember:
		s.Member, known = here.Members[s.Member]
	case OfRole, OfRoleInUnit:
		s.Role, known = here.Roles[s.Role]
	case OfCostCentre, OfBudget, OfBudgetManager:
		s.CostCentre, s.Budget = id.CostCentre{}, id.Budget{}
	}
	if !known {
		return Source{Kind: OfAbsent}
	}
	return s
}

// Gave reports whether r is the rule that a reason names.
func (r Rule) Gave(why Reason) bool {
	return why.Kind == ByRule && why.Rule == r.ID && why.Of == r.Of && why.Name == r.Name
}
