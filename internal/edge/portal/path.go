package portal

import (
	"slices"

	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
)

// path is a plan as a reader sees it: who decides, in which order, and why.
func (v *visit) path(p approval.Plan, pace *approval.Pace) ui.ApprovalPath {
	path := ui.ApprovalPath{Label: v.T("Who decides"), End: v.T("Placed with %s", v.seller)}
	current, turnedDown := p.Current(), p.Standing() == approval.TurnedDown
	for i, stage := range p.Stages {
		s := v.stage(stage, pace)
		switch {
		case i < current:
			s.Verdict = ui.Approved
		case i == current && turnedDown:
			s.Verdict = ui.Rejected
		case i == current:
			s.Verdict = ui.Asked
		case turnedDown:
			s.Verdict = ui.Skipped
		}
		path.Stages = append(path.Stages, s)
	}
	if o := p.Overridden; o != nil && len(path.Stages) > 0 {
		last := &path.Stages[len(path.Stages)-1]
		last.People = append(last.People, ui.Approver{Person: ui.Person{Name: o.Name, Title: v.T("decided instead of all who were still to be asked")}, Verdict: ui.Approved, When: v.time(o.At), Comment: o.Note})
	}
	return path
}

// pathOf is the plan of a purchase order, as far as its state has brought it: once that is the last one, nobody is asked any more,
// however far the plan had come.
func (v *visit) pathOf(sheet approving.Sheet) ui.ApprovalPath {
	p := v.path(sheet.Plan, sheet.Pace)
	p.Straight = v.T("No rule and no budget asked anybody.")
	if all := sheet.Plan.Automatic; len(all) > 0 {
		p.Straight = v.T("Approved automatically by the rule “%s”.", all[0].Name)
	}
	open := func(verdict ui.Verdict) bool { return verdict == ui.Asked || verdict == ui.Ahead }
	for i := range p.Stages {
		s := &p.Stages[i]
		switch {
		case sheet.State.Final():
			if open(s.Verdict) {
				s.Verdict = ui.Skipped
			}
			for k := range s.People {
				if open(s.People[k].Verdict) {
					s.People[k].Verdict = ui.Skipped
				}
			}
			s.Reasons = slices.DeleteFunc(s.Reasons, func(reason string) bool { return reason == v.tooFew() })
		case s.Verdict == ui.Asked && sheet.State == approval.Returned:
			s.Verdict = ui.Returned
		}
	}
	switch {
	case sheet.State == approval.Placed:
		p.Ended = true
	case sheet.State.Final():
		p.End = ""
	}
	return p
}

// decidedBy is the title of a path.
func (v *visit) decidedBy(s approval.State) string {
	if s.Final() {
		return v.T("Who decided")
	}
	return v.T("Who decides")
}

// tooFew says that a stage waits and can come to no end.
func (v *visit) tooFew() string {
	return v.T("At the moment too few may decide here: the administrators know.")
}

// stage is one step of a plan. The people of all its groups stand together; one who stands in several stands once.
func (v *visit) stage(stage approval.Stage, pace *approval.Pace) ui.Stage {
	var s ui.Stage
	var titles []string
	var unable []approval.Unable
	seen := map[approval.Person]bool{}
	for _, g := range stage.Groups {
		for i, source := range g.Sources {
			titles = append(titles, v.source(source, g.Name(i)))
		}
		for _, r := range g.Reasons {
			s.Reasons = append(s.Reasons, v.reason(r))
		}
		if g.NoEligible {
			s.Reasons = append(s.Reasons, v.tooFew())
		}
		for _, a := range g.Approvers {
			if !seen[a.Person] {
				seen[a.Person] = true
				s.People = append(s.People, v.approver(a, pace))
			}
		}
		unable = append(unable, g.Unable...)
	}
	for _, u := range unable {
		if !seen[u.Person] {
			seen[u.Person] = true
			s.People = append(s.People, ui.Approver{Person: ui.Person{Name: u.Name, Title: u.Title}, Verdict: ui.Unable, Usual: v.phrase(u.Why.Phrase())})
		}
	}
	slices.Sort(s.Reasons)
	s.Reasons = slices.Compact(s.Reasons)
	s.Title, s.Need = capital(v.l.List(once(titles)...)), v.need(stage)
	return s
}

// need is how many of the people of a stage must agree, where that is not plain.
func (v *visit) need(stage approval.Stage) string {
	if len(stage.Groups) > 1 {
		return v.T("each of them")
	}
	for _, g := range stage.Groups {
		switch n := len(g.Approvers); {
		case n < 2:
		case g.K == n:
			return v.T("all of them")
		case g.K == 1:
			return v.T("one of them")
		default:
			return v.T("%d of them", g.K)
		}
	}
	return ""
}

// source is in which part people are asked; called is the name of what the source names, where there is one.
func (v *visit) source(s approval.Source, called string) string {
	switch s.Kind {
	case approval.OfMember:
		return titled(called, called, v.T("a member"))
	case approval.OfRole:
		return titled(called, v.T("holder of the role %s", called), v.T("holder of a role"))
	case approval.OfRoleInUnit:
		return titled(called, v.T("holder of the role %s in the unit", called), v.T("holder of a role in the unit"))
	case approval.OfManager:
		if s.Level > 1 {
			return v.T("manager %d levels up", s.Level)
		}
		return v.T("manager")
	case approval.OfCovering:
		return v.T("manager whose limit covers it")
	case approval.OfUnitHead:
		return titled(called, v.T("head of %s", called), v.T("head of the unit"))
	case approval.OfCostCentre:
		return titled(called, v.T("manager of the cost centre %s", called), v.T("manager of the cost centre"))
	case approval.OfBudget:
		return titled(called, v.T("owner of the budget %s", called), v.T("owner of the budget"))
	case approval.OfBudgetManager:
		return titled(called, v.T("manager of the owner of the budget %s", called), v.T("manager of the budget's owner"))
	case approval.OfAbsent:
		return v.T("somebody who has no place here")
	case approval.OfSeller:
		return v.seller
	}
	return v.T("administrator")
}

// titled is a part that people have in something: by its name, unless that is not known.
func titled(called, with, without string) string {
	if called == "" {
		return without
	}
	return with
}

// reason is why a stage is there.
func (v *visit) reason(r approval.Reason) string {
	switch text := v.phrase(r.Text); {
	case r.Kind == approval.ByRule && r.Unsure && r.Of.Name != "":
		return v.T("Rule “%s” of %s could not be evaluated, so it counts: %s", r.Name, r.Of.Name, text)
	case r.Kind == approval.ByRule && r.Unsure:
		return v.T("Rule “%s” could not be evaluated, so it counts: %s", r.Name, text)
	case r.Kind == approval.ByRule && r.Of.Name != "":
		return v.T("Rule “%s” of %s: %s", r.Name, r.Of.Name, text)
	case r.Kind == approval.ByRule:
		return v.T("Rule “%s”: %s", r.Name, text)
	default:
		return capital(text)
	}
}

func (v *visit) approver(a approval.Approver, pace *approval.Pace) ui.Approver {
	one := ui.Approver{Person: ui.Person{Name: a.Name, Title: a.Title}, Verdict: verdictOf(a.State), Comment: a.Note}
	if one.Verdict == ui.Approved || one.Verdict == ui.Rejected {
		one.When = v.time(a.At)
	}
	if a.For != nil {
		one.Deputy = v.T("for %s", a.For.Name)
	}
	switch a.Fallback {
	case approval.ManagerAbove:
		one.Usual = v.T("asked because nobody nearer may decide")
	case approval.AnAdministrator:
		one.Usual = v.T("asked as an administrator, because no manager may decide")
	case approval.OwnOrder:
		one.Usual = v.T("may approve their own orders")
	case approval.HandedOver:
		one.Usual = v.T("handed over to them")
	}
	if open := one.Verdict == ui.Asked || one.Verdict == ui.Ahead; open && pace != nil {
		if usual, own := pace.Of(a.Member); own > 0 {
			one.Usual = joined(" · ", one.Usual, v.T("usually within %s", v.lasting(usual)))
		}
	}
	return one
}

func verdictOf(s approval.Asked) ui.Verdict {
	switch s {
	case approval.Pending:
		return ui.Asked
	case approval.Agreed:
		return ui.Approved
	case approval.Declined:
		return ui.Rejected
	case approval.Skipped, approval.PassedOver:
		return ui.Skipped
	}
	return ui.Ahead
}

// once is each name one time, in the order in which they first come.
func once(names []string) []string {
	var all []string
	for _, n := range names {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}
