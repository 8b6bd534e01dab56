package approval

import (
	"strconv"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

// Effect is what a requirement does.
type Effect string

// The effects. The zero Effect asks nobody.
const (
	Nothing Effect = ""
	Ask     Effect = "ask"     // the groups of its stages must agree
	Approve Effect = "approve" // automatically, up to an amount; it satisfies its own rule alone
	Refuse  Effect = "refuse"  // whatever all others say
)

// Requirement is what a step of a rule, a limit or a budget wants. The zero Requirement wants nothing.
type Requirement struct {
	Effect Effect
	UpTo   *money.Money  // Approve: up to and including this amount on the rule's basis; nil is any amount
	Stages []WantedStage // Ask: at least one, asked one after another
}

// WantedStage is groups that must all agree, asked at the same time.
type WantedStage struct {
	Groups         []WantedGroup `json:"groups"`
	RejectNeedsAll bool          `json:"reject_needs_all,omitempty"` // one rejection does not end it: only when a group can no longer get its voices
}

// WantedGroup is K of its sources: each has one voice, and different people give them. Two of the holders of one role are
// K 2 of that role named twice.
type WantedGroup struct {
	K  int      `json:"k"` // at least 1, at most the number of sources
	Of []Source `json:"of"`
}

// SourceKind is where approvers come from.
type SourceKind string

// The sources.
const (
	OfMember        SourceKind = "member"
	OfRole          SourceKind = "role"
	OfRoleInUnit    SourceKind = "role_in_unit"     // holders who stand in the requester's unit
	OfManager       SourceKind = "manager"          // Level 1 is the manager, 2 the manager's manager
	OfCovering      SourceKind = "manager_covering" // the first manager above whose own approval limit covers the amount
	OfUnitHead      SourceKind = "unit_head"
	OfCostCentre    SourceKind = "cost_centre_manager" // of each cost centre of the order, or of the one named
	OfBudget        SourceKind = "budget_owner"        // of each budget charged, or of the one named
	OfBudgetManager SourceKind = "budget_owner_manager"
	OfAdministrator SourceKind = "administrator"
	OfSeller        SourceKind = "seller" // staff who may check credit
	OfAbsent        SourceKind = "absent" // of a rule of a company above: somebody, or the holders of a role, whom this one does not have
)

// Source is one place where approvers come from. It is comparable: a key of [Directory.Of].
type Source struct {
	Kind       SourceKind    `json:"kind"`
	Member     id.Member     `json:"member,omitzero"`      // OfMember
	Role       id.Role       `json:"role,omitzero"`        // OfRole, OfRoleInUnit
	Level      int           `json:"level,omitzero"`       // OfManager: 1 to 9
	CostCentre id.CostCentre `json:"cost_centre,omitzero"` // OfCostCentre; zero in a rule: those of the order
	Budget     id.Budget     `json:"budget,omitzero"`      // OfBudget, OfBudgetManager; zero in a rule: those charged
}

// class is where in a plan a source is asked.
func (s Source) class() int {
	switch s.Kind {
	case OfManager, OfCovering, OfUnitHead:
		return 0
	case OfCostCentre, OfBudget, OfBudgetManager:
		return 1
	case OfSeller:
		return 3
	}
	return 2
}

// The bounds of a requirement.
const (
	MostStages  = 9
	MostSources = 20 // of one group, and groups of one stage
	MostLevel   = 9
)

// Asks is the requirement that any one of these sources agrees.
func Asks(any ...Source) Requirement { return AsksAll(WantedGroup{K: 1, Of: any}) }

// AsksAll is the requirement that all of these groups agree, in one stage.
func AsksAll(groups ...WantedGroup) Requirement {
	return Requirement{Effect: Ask, Stages: []WantedStage{{Groups: groups}}}
}

// Check notes against the field name what is wrong with r.
func (r Requirement) Check(in *fault.Input, name string) {
	switch r.Effect {
	case Nothing, Approve, Refuse:
		if len(r.Stages) > 0 {
			in.Add(name+".stages", "unexpected", "only a requirement that asks people has stages")
		}
	case Ask:
		if len(r.Stages) == 0 || len(r.Stages) > MostStages {
			in.Add(name+".stages", "count", "between 1 and %d stages", MostStages)
		}
	default:
		in.Add(name+".effect", "unknown", "a requirement asks, approves, refuses, or has no effect")
	}
	if r.UpTo != nil && (r.Effect != Approve || r.UpTo.Minor < 0 || !r.UpTo.Currency.Formed()) {
		in.Add(name+".up_to", "unexpected", "only an automatic approval has an amount, of some currency and not below nought")
	}
	for i, stage := range r.Stages {
		at := name + ".stages." + strconv.Itoa(i)
		if len(stage.Groups) == 0 || len(stage.Groups) > MostSources {
			in.Add(at+".groups", "count", "between 1 and %d groups", MostSources)
		}
		for j, g := range stage.Groups {
			g.check(in, at+".groups."+strconv.Itoa(j))
		}
	}
}

func (g WantedGroup) check(in *fault.Input, name string) {
	if len(g.Of) == 0 || len(g.Of) > MostSources {
		in.Add(name+".of", "count", "between 1 and %d sources of approvers", MostSources)
	}
	if g.K < 1 || g.K > len(g.Of) {
		in.Add(name+".k", "range", "at least 1, and at most as many as there are sources (%d)", len(g.Of))
	}
	for i, s := range g.Of {
		if !s.wellFormed() {
			in.Add(name+".of."+strconv.Itoa(i), "source", "this source of approvers is incomplete, or says too much")
		}
	}
}

// wellFormed reports whether s has what its kind needs, and nothing else.
func (s Source) wellFormed() bool {
	bare := Source{Kind: s.Kind}
	switch s.Kind {
	case OfMember:
		bare.Member = s.Member
		return s == bare && !s.Member.IsZero()
	case OfRole, OfRoleInUnit:
		bare.Role = s.Role
		return s == bare && !s.Role.IsZero()
	case OfManager:
		bare.Level = s.Level
		return s == bare && s.Level >= 1 && s.Level <= MostLevel
	case OfCostCentre:
		bare.CostCentre = s.CostCentre
		return s == bare
	case OfBudget, OfBudgetManager:
		bare.Budget = s.Budget
		return s == bare
	case OfCovering, OfUnitHead, OfAdministrator, OfSeller, OfAbsent:
		return s == bare
	}
	return false
}
