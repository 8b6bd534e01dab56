package approval

import (
	"slices"
	"strings"
)

// Override decides everything that is open in the company, by somebody who may: the use case has asked for
// purchase_orders.override. It is never for one's own order, needs a reason, and leaves the seller's credit check to the
// seller. Those asked are freed as passed over.
func (p Plan) Override(d Deciding) (Progress, error) {
	d.Verdict = Agree
	switch err := d.check(); {
	case err != nil:
		return Progress{}, err
	case strings.TrimSpace(d.Note) == "":
		return Progress{}, ErrNote.At("reason")
	case d.Request.own(d.By.Member):
		return Progress{}, ErrOwnOrder
	case d.By.Member.IsZero() || !d.By.mayDecideFor(d.Request):
		return Progress{}, ErrIneligible
	case p.Standing() != Open || p.Overridden != nil:
		return Progress{}, ErrDecided
	}
	after := p.clone()
	after.Overridden = &Overriding{d.By.Person, d.By.Name, d.Request.At, d.Note}
	done := Progress{Action: DoDecide}
	after.each(func(_ int, g *Group, row *Approver) {
		if row.open() && !g.ofSeller() {
			if row.State == Pending {
				done.Freed = append(done.Freed, *row)
			}
			row.State = PassedOver
		}
	})
	for i := range after.Stages {
		for j := range after.Stages[i].Groups {
			g := &after.Stages[i].Groups[j]
			g.Overridden = !g.ofSeller() && !g.done()
		}
	}
	asked, _ := after.advance()
	done.Plan, done.Asked, done.Freed = after, persons(asked, nil), persons(done.Freed, nil)
	if done.Standing = after.Standing(); done.Standing == AllAgreed {
		done.Action = DoOverride
	}
	return done, nil
}

// ofSeller reports whether the seller is asked in g, and nobody of the company may speak instead.
func (g *Group) ofSeller() bool {
	return slices.ContainsFunc(g.Sources, func(s Source) bool { return s.Kind == OfSeller })
}

// HandOver gives one person's open case to another, who must be eligible and fill no other stage. Staff
// hand over to staff. It serves those who hand over themselves, and escalation to a manager.
func (p Plan) HandOver(from Person, to Candidate, r Request, policy Policy, note string) (Progress, error) {
	if err := p.awaits(from); err != nil {
		return Progress{}, err
	}
	if !to.mayDecideFor(r) || from.Staff.IsZero() != to.Staff.IsZero() {
		return Progress{}, ErrIneligible
	}
	after := p.clone()
	done := Progress{Standing: Open, Action: DoHandOver}
	for i := range after.Stages {
		for j := range after.Stages[i].Groups {
			g := &after.Stages[i].Groups[j]
			for k := range g.Approvers {
				row := &g.Approvers[k]
				if row.Person != from || !row.open() {
					continue
				}
				if p.names(to.Person, i, j, policy) {
					return Progress{}, ErrIneligible.With("%s is asked in this purchase order already", to.Name)
				}
				fresh := to.approver(HandedOver)
				fresh.Via, fresh.State = row.Via, row.State
				row.State, row.Note, row.At = PassedOver, note, r.At
				done.Freed = append(done.Freed, *row)
				if fresh.State == Pending {
					done.Asked = append(done.Asked, fresh)
				}
				g.Approvers = append(g.Approvers, fresh)
				break
			}
		}
	}
	done.Plan = after
	return done, nil
}

// names reports whether this person stands in the group already, or where nobody of the group may stand.
func (p Plan) names(who Person, stage, group int, policy Policy) bool {
	for i, s := range p.Stages {
		for j, g := range s.Groups {
			here := i == stage && j == group
			if !here && policy.SamePersonAgain {
				continue
			}
			if slices.ContainsFunc(g.Approvers, func(a Approver) bool { return a.Person == who }) {
				return true
			}
		}
	}
	return false
}
