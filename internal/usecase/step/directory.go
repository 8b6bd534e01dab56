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
	Paths       []tree.Path // … and whoever stands there
}

// Directory looks up everybody whom an order could ask: the requester's line of management, the administrators, and
// whoever the sources name; with what is true of each in this transaction.
func Directory(ctx context.Context, tx *store.Tx, key id.Company, ask Asking) (approval.Directory, error) {
	p, err := people(ctx, tx, key, ask)
	if err != nil {
		return approval.Directory{}, err
	}
	return p.directory(ask.Sources), nil
}

func (p *crowd) directory(sources []approval.Source) approval.Directory {
	dir := approval.Directory{Of: map[approval.Source][]approval.Candidate{}, Called: map[approval.Source]string{}, Line: p.above(p.ask.At), Administrators: p.administrators(),
		Deputies: p.deputies()}
	for _, s := range sources {
		dir.Of[s], dir.Called[s] = p.of(s), p.called(s)
	}
	return dir
}

// Everybody is whom many orders could ask, looked up at once.
type Everybody struct {
	all   *crowd
	known map[standing]approval.Directory
}

// standing is where an order comes from, as far as it matters for who may decide: colleagues have the same people above them. Whose
// requester has left comes from the unit itself.
type standing struct {
	above, place tree.Path
	left         bool
}

// EverybodyOf looks up everybody whom orders could ask that name no others than ask does: its sources, its cost centres, its
// budgets and their units, and whoever stands at its paths.
func EverybodyOf(ctx context.Context, tx *store.Tx, key id.Company, ask Asking) (*Everybody, error) {
	p, err := people(ctx, tx, key, ask)
	return &Everybody{p, map[standing]approval.Directory{}}, err
}

// Directory is Directory for one of the orders: of a requester who stands there, for a unit that stands there. It is kept, and grows
// by the sources that are asked for.
func (e *Everybody) Directory(at, place tree.Path, sources []approval.Source) approval.Directory {
	key := standing{at.Parent(), place, at == place}
	dir, known := e.known[key]
	missing := slices.DeleteFunc(slices.Clone(sources), func(s approval.Source) bool { _, there := dir.Of[s]; return there })
	if known && len(missing) == 0 {
		return dir
	}
	p := e.all.from(at, place)
	if !known {
		dir = p.directory(nil)
		e.known[key] = dir
	}
	for _, s := range missing {
		dir.Of[s], dir.Called[s] = p.of(s), p.called(s)
	}
	return dir
}

// from is the crowd as an order looks at it whose requester stands there, and whose unit.
func (p *crowd) from(at, place tree.Path) *crowd {
	one := *p
	one.ask.At, one.ask.Place = at, place
	one.rate()
	return &one
}

// Decider is somebody who decides on an order, with those for whom they stand in.
type Decider struct {
	approval.Candidate
	Behind   []approval.Candidate // for whom the plan says that they stand in
	Deputies []approval.Deputy    // who stands in for whom now
}

// DeciderOf looks up one member as somebody who decides on an order of this plan.
func DeciderOf(ctx context.Context, tx *store.Tx, key id.Company, ask Asking, plan approval.Plan, member id.Member) (d Decider, err error) {
	behind := plan.Behind(member)
	ask.Also = append(append(ask.Also, member), behind...)
	p, err := people(ctx, tx, key, ask)
	if err != nil {
		return d, err
	}
	d.Candidate, d.Deputies = p.byID[member], p.deputies()
	for _, m := range behind {
		d.Behind = append(d.Behind, p.byID[m])
	}
	return d, nil
}

type crowd struct {
	ask   Asking
	rows  []view.Candidate
	roles []access.Role // that sources name
	duty  []approval.Appointment
	units map[id.Unit]tree.Path // where the units stand for which somebody stands in
	byID  map[id.Member]approval.Candidate
}

func people(ctx context.Context, tx *store.Tx, key id.Company, ask Asking) (*crowd, error) {
	who := viewdb.Who{Paths: append(append(ask.At.Ancestors(), ask.Place.Ancestors()...), ask.Paths...), Members: ask.Also}
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
	tx.Approvals.WantOnDuty(&p.duty, key)
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
		if err := p.look(ctx, tx, key, who); err != nil {
			return p, err
		}
	}
	return p, p.replace(ctx, tx, key, who)
}

// replace looks up the deputies of the people looked up, and theirs.
func (p *crowd) replace(ctx context.Context, tx *store.Tx, key id.Company, who viewdb.Who) error {
	var by []id.Member
	var named []id.Unit
	asked := func(m id.Member) bool { _, there := p.byID[m]; return there }
	var near []approval.Appointment
	for _, a := range p.duty {
		next := func(first approval.Appointment) bool { return first.By == a.For && asked(first.For) }
		if asked(a.For) || slices.ContainsFunc(p.duty, next) {
			near, by, named = append(near, a), append(by, a.By), append(named, a.UnitIDs()...)
		}
	}
	p.duty = near
	if len(by) == 0 {
		return nil
	}
	var nodes []company.Node
	if len(named) > 0 {
		tx.Companies.WantNodes(&nodes, key, named, nil)
	}
	who.Members = append(who.Members, by...)
	if err := p.look(ctx, tx, key, who); err != nil {
		return err
	}
	p.units = map[id.Unit]tree.Path{}
	for _, n := range nodes {
		p.units[n.Unit] = n.Path
	}
	return nil
}

// deputies are those who stand in for the people looked up.
func (p *crowd) deputies() (all []approval.Deputy) {
	for _, a := range p.duty {
		if d, ok := a.Located(p.units).Deputy(p.byID[a.By]); ok {
			all = append(all, d)
		}
	}
	return all
}

func (p *crowd) look(ctx context.Context, tx *store.Tx, key id.Company, who viewdb.Who) error {
	tx.Views.WantCandidates(&p.rows, key, who)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	p.rate()
	return nil
}

// rate says of each of the people what is true of them for the order.
func (p *crowd) rate() {
	p.byID = map[id.Member]approval.Candidate{}
	for _, r := range p.rows {
		c, known := p.byID[r.ID]
		if !known {
			c = approval.Candidate{Person: approval.Person{Member: r.ID}, Name: r.Name, Title: r.Title, Path: r.Path,
				Active: r.Acts(), Limit: r.Approval}
		}
		placed := r.Whole || r.Place != tree.Top
		c.Entitled = c.Entitled || placed && r.Set.Has(access.PurchaseOrdersApprove) && r.Place.Covers(p.ask.At)
		p.byID[r.ID] = c
	}
}

// pick lists candidates, in the order of the structure, that a condition on their rows holds for. The rows of one stand together.
func (p *crowd) pick(want func(view.Candidate) bool) []approval.Candidate {
	var all []approval.Candidate
	for i := range p.rows {
		key := p.rows[i].ID
		if n := len(all); (n == 0 || all[n-1].Member != key) && want(p.rows[i]) {
			all = append(all, p.byID[key])
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
