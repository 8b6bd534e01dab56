package organising

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// Plan is a structure to be built. Units are known by their codes, members by their e-mail addresses; Under names
// either, of the plan or of the company, and nothing for the company's own unit.
type Plan struct {
	Units   []PlannedUnit
	Members []PlannedMember
}

// PlannedUnit is a unit of a plan.
type PlannedUnit struct {
	Code  string
	Name  string
	Under string
}

// PlannedMember is a member of a plan. One without roles gets the company's default role.
type PlannedMember struct {
	Email    string
	First    string
	Last     string
	Number   string
	Title    string
	Approval *money.Money
	Under    string
	Roles    []PlannedRole
}

// PlannedRole is a role of a planned member.
type PlannedRole struct {
	Role  string // its name, or the key of a shipped one
	Unit  string // the code of the unit where it holds; none is the whole company
	From  time.Time
	Until time.Time
}

// Built says what became of a plan.
type Built struct {
	Units   map[string]id.Unit   // by code
	Members map[string]id.Member // by e-mail address, lower case
}

// ErrUnderWhat is the fault of a plan that names somebody or something that is not there, or a circle.
var ErrUnderWhat = fault.Define(fault.Invalid, "organising.under", "this is neither in the plan nor in the company, or it leads round in a circle")

// chunk is how many units and members are built in one transaction.
const chunk = 500

// Build adds many units and members at once, in transactions of some hundred each. What is there already stays as it
// is, so a plan whose building broke off is simply built again.
func (s *Service) Build(ctx context.Context, actor access.Actor, p Plan) (Built, error) {
	b := builder{s.db, Built{map[string]id.Unit{}, map[string]id.Member{}}}
	if err := b.know(ctx, actor); err != nil {
		return b.Built, err
	}
	steps, err := b.order(p)
	if err != nil {
		return b.Built, err
	}
	for part := range slices.Chunk(steps, chunk) {
		if err := b.place(ctx, actor, part); err != nil {
			return b.Built, err
		}
	}
	for part := range slices.Chunk(p.Members, chunk) {
		if err := b.assign(ctx, actor, part); err != nil {
			return b.Built, err
		}
	}
	return b.Built, nil
}

type builder struct {
	db *store.DB
	Built
}

// brick is a unit or a member of a plan.
type brick struct {
	unit   *PlannedUnit
	member *PlannedMember
	key    string // the code, or the e-mail address in lower case
	under  string
	field  string // where it stands in the plan
}

// know notes which units there are already.
func (b *builder) know(ctx context.Context, actor access.Actor) error {
	return b.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.UsersManage, tree.Top); err != nil {
			return err
		}
		units, err := tx.Companies.ListUnits(ctx, actor.Company)
		for _, u := range units {
			b.Units[u.Code] = u.ID
		}
		return err
	})
}

// order checks a plan, and puts whatever stands above before what is below. Members of the company that the plan does
// not name cannot be stood under: who wants that names them.
func (b *builder) order(p Plan) ([]brick, error) {
	var in fault.Input
	var waiting []brick
	planned := map[string]bool{}
	for i := range p.Units {
		u := &p.Units[i]
		waiting = append(waiting, brick{unit: u, key: u.Code, under: known(u.Under), field: fmt.Sprintf("units.%d", i)})
	}
	for i := range p.Members {
		m := &p.Members[i]
		_, err := identity.EmailKey(m.Email)
		in.Take(fmt.Sprintf("members.%d.email", i), err)
		waiting = append(waiting, brick{member: m, key: known(m.Email), under: known(m.Under), field: fmt.Sprintf("members.%d", i)})
	}
	for _, w := range waiting {
		if planned[w.key] {
			in.Add(w.field, "duplicate", "this is in the plan twice")
		}
		planned[w.key] = true
	}
	var steps []brick
	done := map[string]bool{"": true}
	for code := range b.Units {
		done[code] = true
	}
	for len(waiting) > 0 {
		var later []brick
		for _, w := range waiting {
			if done[w.under] {
				steps = append(steps, w)
				done[w.key] = true
				continue
			}
			later = append(later, w)
		}
		if len(later) == len(waiting) {
			for _, w := range later {
				in.Take(w.field+".under", ErrUnderWhat)
			}
			break
		}
		waiting = later
	}
	return steps, in.Err()
}

// known is the name by which a plan knows a unit or member: codes as they stand, addresses in lower case.
func known(name string) string {
	if strings.Contains(name, "@") {
		return strings.ToLower(strings.TrimSpace(name))
	}
	return name
}

// place builds the nodes of one part of a plan, in one transaction.
func (b *builder) place(ctx context.Context, actor access.Actor, part []brick) error {
	var units map[string]id.Unit
	var members map[string]id.Member
	err := b.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		units, members = map[string]id.Unit{}, map[string]id.Member{} // the function may run again
		// find
		f, err := b.find(ctx, tx, actor, part)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, tree.Top); err != nil {
			return err
		}
		if err := actor.Require(access.LimitsManage, tree.Top); err != nil {
			return err
		}
		last, err := tx.Companies.GetLabels(ctx, actor.Company, len(part))
		if err != nil {
			return err
		}
		e := company.StructureWasBuilt{CompanyID: actor.Company}
		for i, w := range part {
			// decide
			above, err := f.above(w)
			if err != nil {
				return err
			}
			path := above.Path.Child(last - int64(len(part)) + 1 + int64(i))
			if path.Depth() > company.Deepest {
				return company.ErrDeep
			}
			// write
			if w.unit != nil {
				key, fresh, err := f.unit(tx, actor, w, above, path)
				if err != nil {
					return err
				}
				units[w.key] = key
				if fresh {
					e.Units = append(e.Units, key)
				}
				continue
			}
			key, fresh, err := f.member(tx, actor, w, above, path)
			if err != nil {
				return err
			}
			members[w.key] = key
			if fresh {
				e.Members = append(e.Members, key)
			}
		}
		// tell
		if len(e.Units)+len(e.Members) > 0 {
			tx.Companies.SetRightsChanged(actor.Company)
			tx.Tell(actor, e)
		}
		return nil
	})
	for code, key := range units {
		b.Units[code] = key
	}
	for email, key := range members {
		b.Members[email] = key
	}
	return err
}

// found is what one part of a plan meets in the company.
type found struct {
	company  company.Company
	own      company.Node
	accounts map[string]identity.Account // by e-mail address, lower case
	members  map[id.Account]company.Member
	units    map[string]id.Unit      // by code
	nodes    map[string]company.Node // by code or e-mail address
}

func (b *builder) find(ctx context.Context, tx *store.Tx, actor access.Actor, part []brick) (*found, error) {
	f := &found{accounts: map[string]identity.Account{}, members: map[id.Account]company.Member{}, units: map[string]id.Unit{}, nodes: map[string]company.Node{}}
	var emails []string
	for _, w := range part {
		if w.member != nil {
			emails = append(emails, w.key)
		}
	}
	tx.Companies.Want(&f.company, actor.Company)
	tx.Companies.WantOwnUnit(&f.own, actor.Company)
	accounts, err := tx.Accounts.ListByEmail(ctx, emails)
	if err != nil {
		return nil, err
	}
	var keys []id.Account
	for _, a := range accounts {
		key, err := identity.EmailKey(a.Email)
		if err != nil {
			return nil, err
		}
		f.accounts[key] = a
		keys = append(keys, a.ID)
	}
	var members []company.Member
	tx.Companies.WantMembersOf(&members, actor.Company, keys)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	for _, m := range members {
		f.members[m.Account] = m
	}
	return f, b.stand(ctx, tx, actor, part, f)
}

// stand finds where everything stands that one part of a plan is put below.
func (b *builder) stand(ctx context.Context, tx *store.Tx, actor access.Actor, part []brick, f *found) error {
	var units []id.Unit
	var members []id.Member
	names := map[company.Node]string{}
	for _, w := range part {
		if u, ok := b.Units[w.under]; ok {
			units, names[company.Node{Unit: u}] = append(units, u), w.under
		}
		if u, ok := b.Units[w.key]; ok && w.unit != nil {
			f.units[w.key] = u
			units, names[company.Node{Unit: u}] = append(units, u), w.key
		}
		if m, ok := b.Members[w.under]; ok {
			members, names[company.Node{Member: m}] = append(members, m), w.under
		}
	}
	var nodes []company.Node
	tx.Companies.WantNodes(&nodes, actor.Company, units, members)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	for _, n := range nodes {
		f.nodes[names[company.Node{Unit: n.Unit, Member: n.Member}]] = n
	}
	return nil
}

// above is the node that a unit or member of the plan is put right below.
func (f *found) above(w brick) (company.Node, error) {
	if w.under == "" {
		return f.own, nil
	}
	n, ok := f.nodes[w.under]
	if !ok { // it has been archived, or has left
		var in fault.Input
		in.Take(w.field+".under", ErrUnderWhat)
		return n, in.Err()
	}
	return n, nil
}

// unit adds a unit of the plan, unless there is one of its code.
func (f *found) unit(tx *store.Tx, actor access.Actor, w brick, above company.Node, path tree.Path) (key id.Unit, fresh bool, err error) {
	if key, ok := f.units[w.key]; ok {
		return key, false, nil
	}
	u, err := company.Unit{ID: id.NewUnit(tx.Now), Path: path, Version: 1}.Edit(1, company.UnitFacts{Code: w.unit.Code, Name: w.unit.Name})
	if err != nil {
		return key, false, planned(w, err)
	}
	n := company.Node{Unit: u.ID, Path: path}
	tx.Companies.InsertUnit(actor.Company, u)
	tx.Companies.InsertNode(actor.Company, n, above)
	f.nodes[w.key] = n
	return u.ID, true, nil
}

// member adds a member of the plan, unless their account is one already.
func (f *found) member(tx *store.Tx, actor access.Actor, w brick, above company.Node, path tree.Path) (key id.Member, fresh bool, err error) {
	a, there := f.accounts[w.key]
	if m, ok := f.members[a.ID]; there && ok {
		f.nodes[w.key] = company.Node{Member: m.ID, Path: m.Path}
		return m.ID, false, nil
	}
	p := w.member
	if !there {
		a, err = identity.Account{ID: id.NewAccount(tx.Now), Email: p.Email, First: p.First, Last: p.Last, Language: f.company.Language,
			Zone: f.company.Zone, Active: true, CreatedAt: tx.Now, Version: 1}.Check()
		if err != nil {
			return key, false, planned(w, err)
		}
		tx.Accounts.Insert(a)
	}
	m := company.Member{ID: id.NewMember(tx.Now), Account: a.ID, Email: a.Email, Status: company.Working, Version: 1}
	m, err = m.Edit(1, company.MemberFields{First: p.First, Last: p.Last, Number: p.Number, Title: p.Title, Approval: p.Approval}, f.company.Currency)
	if err != nil {
		return key, false, planned(w, err)
	}
	n := company.Node{Member: m.ID, Path: path}
	tx.Companies.InsertMember(actor.Company, m)
	tx.Companies.InsertNode(actor.Company, n, above)
	f.nodes[w.key] = n
	return m.ID, true, nil
}

// planned says where in the plan a fault lies.
func planned(w brick, err error) error {
	var in fault.Input
	in.Take(w.field, err)
	return in.Err()
}

// assign gives members of a plan their roles, as far as they have them not.
func (b *builder) assign(ctx context.Context, actor access.Actor, part []PlannedMember) error {
	return b.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var roles []access.Role
		var have []access.Assignment
		var nodes []company.Node
		var units []id.Unit
		members := make([]id.Member, len(part))
		for i, p := range part {
			members[i] = b.Members[known(p.Email)]
			for _, r := range p.Roles {
				units = append(units, b.Units[r.Unit])
			}
		}
		units = slices.DeleteFunc(units, id.Unit.IsZero)
		slices.SortFunc(units, func(a, b id.Unit) int { return strings.Compare(a.String(), b.String()) })
		tx.Access.WantEveryRole(&roles, actor.Company)
		tx.Access.WantAssignmentsOf(&have, actor.Company, members)
		tx.Companies.WantNodes(&nodes, actor.Company, slices.Compact(units), nil)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		places := map[id.Unit]tree.Path{}
		for _, n := range nodes {
			places[n.Unit] = n.Path
		}
		e := access.WereAssigned{CompanyID: actor.Company}
		var given []access.Assignment
		for i, p := range part {
			// decide
			had := slices.DeleteFunc(slices.Clone(have), func(a access.Assignment) bool { return a.Member != members[i] })
			want, err := b.wanted(p, members[i], roles, len(had) == 0)
			if err != nil {
				return err
			}
			for _, w := range want {
				w.Place = places[w.Unit]
				// may
				if err := mayGive(actor, w.role, w.Assignment); err != nil {
					return err
				}
				if err := w.Check(tx.Now); err != nil {
					return err
				}
				if slices.ContainsFunc(had, w.Meets) {
					continue
				}
				w.ID = id.NewAssignment(tx.Now)
				given = append(given, w.Assignment)
				e.Assignments = append(e.Assignments, w.Assigned(w.role))
			}
		}
		// write
		if err := step.Give(ctx, tx, actor, given...); err != nil {
			return err
		}
		// tell
		if len(e.Assignments) > 0 {
			tx.Companies.SetRightsChanged(actor.Company)
			tx.Tell(actor, e)
		}
		return nil
	})
}

type wanted struct {
	access.Assignment
	role access.Role
}

// wanted are the roles that the plan gives a member; the company's default role where it names none and they have
// none.
func (b *builder) wanted(p PlannedMember, m id.Member, roles []access.Role, none bool) ([]wanted, error) {
	if len(p.Roles) == 0 && none {
		for _, r := range roles {
			if r.Default {
				return []wanted{{access.Assignment{Member: m, Role: r.ID}, r}}, nil
			}
		}
	}
	var all []wanted
	for _, want := range p.Roles {
		i := slices.IndexFunc(roles, func(r access.Role) bool { return r.Name == want.Role || r.Shipped == want.Role && r.Shipped != "" })
		if i < 0 {
			return nil, access.ErrUnseenRole.With("there is no role %q in your company", want.Role)
		}
		unit, ok := b.Units[want.Unit]
		if !ok && want.Unit != "" {
			return nil, company.ErrUnseenUnit.With("there is no unit %q in your company", want.Unit)
		}
		all = append(all, wanted{access.Assignment{Member: m, Role: roles[i].ID, Unit: unit, From: want.From, Until: want.Until}, roles[i]})
	}
	return all, nil
}
