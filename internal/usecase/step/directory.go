package step

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// Asking is for which order approvers are looked up.
type Asking struct {
	Requester   id.Member
	At          tree.Path // where the requester stands
	Place       tree.Path // of the order's unit
	Units       []company.Unit
	CostCentres []budget.CostCentre
	Budgets     []budget.Budget
	Sources     []approval.Source
	Also        []id.Member // looked up too: somebody who decides
}

// Directory looks up everybody whom an order could ask: the requester's line of management, the administrators, and
// whoever the sources name; with what is true of each in this transaction.
func Directory(ctx context.Context, tx *store.Tx, key id.Company, ask Asking) (approval.Directory, error) {
	p, err := people(ctx, tx, key, ask)
	if err != nil {
		return approval.Directory{}, err
	}
	dir := approval.Directory{Of: map[approval.Source][]approval.Candidate{}, Called: map[approval.Source]string{}, Line: p.above(ask.At), Administrators: p.administrators()}
	for _, s := range ask.Sources {
		dir.Of[s], dir.Called[s] = p.of(s), p.called(s)
	}
	return dir, nil
}

// Candidate looks up one member as somebody who decides on an order.
func Candidate(ctx context.Context, tx *store.Tx, key id.Company, ask Asking, member id.Member) (approval.Candidate, error) {
	ask.Also = append(ask.Also, member)
	p, err := people(ctx, tx, key, ask)
	if err != nil {
		return approval.Candidate{}, err
	}
	return p.byID[member], nil
}

type crowd struct {
	ask   Asking
	rows  []view.Candidate
	roles []access.Role // that sources name
	byID  map[id.Member]approval.Candidate
	order []id.Member
}

func people(ctx context.Context, tx *store.Tx, key id.Company, ask Asking) (*crowd, error) {
	who := viewdb.Who{Paths: append(ask.At.Ancestors(), ask.Place.Ancestors()...), Members: ask.Also}
	for _, s := range ask.Sources {
		switch s.Kind {
		case approval.OfMember:
			who.Members = append(who.Members, s.Member)
		case approval.OfRole, approval.OfRoleInUnit:
			who.Roles = append(who.Roles, s.Role)
		}
	}
	for _, c := range ask.CostCentres {
		who.Members = append(who.Members, c.Manager)
	}
	for _, b := range ask.Budgets {
		who.Members = append(who.Members, b.Owner.Member)
	}
	who.Members = slices.DeleteFunc(who.Members, id.Member.IsZero)
	p := &crowd{ask: ask}
	if len(who.Roles) > 0 {
		tx.Access.WantRolesOf(&p.roles, key, who.Roles)
	}
	if err := p.look(ctx, tx, key, who); err != nil {
		return nil, err
	}
	// Managers of those who own a budget, where they are not among the people looked up already.
	var more []tree.Path
	for _, s := range ask.Sources {
		if s.Kind == approval.OfBudgetManager {
			for _, o := range p.owners(s.Budget) {
				for _, a := range o.Path.Ancestors() {
					if !slices.Contains(who.Paths, a) {
						more = append(more, a)
					}
				}
			}
		}
	}
	if len(more) > 0 {
		who.Paths = append(who.Paths, more...)
		return p, p.look(ctx, tx, key, who)
	}
	return p, nil
}

func (p *crowd) look(ctx context.Context, tx *store.Tx, key id.Company, who viewdb.Who) error {
	tx.Views.WantCandidates(&p.rows, key, who)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	p.byID, p.order = map[id.Member]approval.Candidate{}, nil
	for _, r := range p.rows {
		c, known := p.byID[r.ID]
		if !known {
			p.order = append(p.order, r.ID)
			c = approval.Candidate{Person: approval.Person{Member: r.ID}, Name: r.Name, Title: r.Title, Path: r.Path,
				Active: r.Acts(), Limit: r.Approval}
		}
		placed := r.Whole || r.Place != tree.Top
		c.Entitled = c.Entitled || placed && r.Set.Has(access.PurchaseOrdersApprove) && r.Place.Covers(p.ask.At)
		p.byID[r.ID] = c
	}
	return nil
}

// pick lists candidates, in the order of the structure, that a condition on their rows holds for.
func (p *crowd) pick(want func(view.Candidate) bool) []approval.Candidate {
	var all []approval.Candidate
	for _, m := range p.order {
		if slices.ContainsFunc(p.rows, func(r view.Candidate) bool { return r.ID == m && want(r) }) {
			all = append(all, p.byID[m])
		}
	}
	return all
}

// above lists the members who stand above a path, the nearest first.
func (p *crowd) above(at tree.Path) []approval.Candidate {
	var line []approval.Candidate
	for _, a := range at.Ancestors() {
		line = append(line, p.pick(func(r view.Candidate) bool { return r.Path == a })...)
	}
	return line
}

func (p *crowd) administrators() []approval.Candidate {
	return p.pick(func(r view.Candidate) bool { return r.Shipped == access.AdministratorKey && r.Whole })
}

func (p *crowd) of(s approval.Source) []approval.Candidate {
	switch s.Kind {
	case approval.OfMember:
		return p.pick(func(r view.Candidate) bool { return r.ID == s.Member })
	case approval.OfRole:
		return p.pick(func(r view.Candidate) bool { return r.Role == s.Role })
	case approval.OfRoleInUnit:
		return p.pick(func(r view.Candidate) bool {
			return r.Role == s.Role && p.ask.Place.Covers(r.Path) && r.Path != tree.Top
		})
	case approval.OfUnitHead:
		return first(p.above(p.ask.Place))
	case approval.OfCostCentre:
		for _, c := range p.ask.CostCentres {
			if c.ID == s.CostCentre {
				return p.pick(func(r view.Candidate) bool { return r.ID == c.Manager })
			}
		}
	case approval.OfBudget:
		return p.owners(s.Budget)
	case approval.OfBudgetManager:
		var all []approval.Candidate
		for _, o := range p.owners(s.Budget) {
			all = append(all, first(p.above(o.Path))...)
		}
		return all
	}
	return nil
}

// called is the name of what a source names; empty where there is none.
func (p *crowd) called(s approval.Source) string {
	switch s.Kind {
	case approval.OfMember:
		return p.byID[s.Member].Name
	case approval.OfRole, approval.OfRoleInUnit:
		return named(p.roles, func(r access.Role) (bool, string) { return r.ID == s.Role, r.Name })
	case approval.OfUnitHead:
		return named(p.ask.Units, func(u company.Unit) (bool, string) { return u.Path == p.ask.Place, u.Name })
	case approval.OfCostCentre:
		return named(p.ask.CostCentres, func(c budget.CostCentre) (bool, string) { return c.ID == s.CostCentre, c.Name })
	case approval.OfBudget, approval.OfBudgetManager:
		return named(p.ask.Budgets, func(b budget.Budget) (bool, string) { return b.ID == s.Budget, b.Name })
	}
	return ""
}

// named is the name of the one that is meant.
func named[T any](all []T, is func(T) (meant bool, name string)) string {
	for _, each := range all {
		if meant, name := is(each); meant {
			return name
		}
	}
	return ""
}

// owners are the people who own a budget: the member, the head of the unit, the manager of the cost centre; of the
// whole company's, the administrators.
func (p *crowd) owners(key id.Budget) []approval.Candidate {
	for _, b := range p.ask.Budgets {
		if b.ID != key {
			continue
		}
		switch o := b.Owner; {
		case !o.Member.IsZero():
			return p.pick(func(r view.Candidate) bool { return r.ID == o.Member })
		case !o.CostCentre.IsZero():
			return p.of(approval.Source{Kind: approval.OfCostCentre, CostCentre: o.CostCentre})
		case !o.Unit.IsZero():
			for _, u := range p.ask.Units {
				if u.ID == o.Unit {
					return first(p.above(u.Path))
				}
			}
		default:
			return p.administrators()
		}
	}
	return nil
}

func first(all []approval.Candidate) []approval.Candidate { return all[:min(1, len(all))] }
