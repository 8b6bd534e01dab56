package importing

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
)

// node is a unit or a member in the structure, as it stands and as it shall stand.
type node struct {
	company.Node              // as it shall stand
	was          company.Node // as it stands; nowhere for a new one
	label        tree.Path    // its own part of the path
	above, stood *node        // nil at the top
	fresh        bool
	line         line
}

// thing is something as it is and as it shall be.
type thing[T any] struct {
	before, after  T
	fresh, changed bool
}

// there is something that is there, and fresh something that is to be.
func there[T any](t T) thing[T] { return thing[T]{before: t, after: t} }
func fresh[T any](t T) thing[T] { return thing[T]{after: t, fresh: true} }

func (t *thing[T]) old() T { return t.before }

// save writes what is new or changed; what was changed is noted, and of what is new it says so.
func (t *thing[T]) save(insert, update func(T), changed *[]was[T]) (made bool) {
	switch {
	case t.fresh:
		insert(t.after)
	case t.changed:
		update(t.after)
		*changed = append(*changed, was[T]{t.before, t.after})
	}
	return t.fresh
}

type unitState struct {
	thing[company.Unit]
	node       *node
	said, says company.Directions // of addresses, as it is and as it shall be
	line       line
}

type memberState struct {
	thing[company.Member]
	account identity.Account // of a new one
	made    bool             // the account, too
	node    *node
	given   bool // the file gives them a role
	line    line
}

type roleState struct {
	thing[access.Role]
	line line
}

type centreState struct {
	thing[budget.CostCentre]
	line line
}

type addressState struct {
	thing[company.Address]
	line line
}

// post is who has which role where.
type post struct {
	member id.Member
	role   id.Role
	unit   id.Unit
}

// state is a company's organisation, as it is.
type state struct {
	actor   access.Actor
	now     time.Time
	zone    *time.Location
	company company.Company
	labels  int64
	units   map[string]*unitState   // by code
	members map[string]*memberState // by address, as it is compared
	numbers map[string][]*memberState
	byUnit  map[id.Unit]*unitState
	byID    map[id.Member]*memberState
	roles   map[string]*roleState // by name
	byRole  map[id.Role]*roleState
	given   map[post][]access.Assignment // those that have not ended
	all     []access.Assignment
	offered []access.Assignment // what those get who accept their invitations
	rules   []access.Separation
	centres map[string]*centreState // by code
	byCode  map[id.CostCentre]*centreState
	book    map[string]*addressState // by label
	budgets map[string]*budgetState  // by name
	byFund  map[id.Budget]*budgetState
	own     *node
	nodes   []*node
	places  map[tree.Path]*node
}

// load reads a company's organisation: all of it, for a file may name anything.
func load(ctx context.Context, tx *store.Tx, actor access.Actor, assignments bool) (*state, error) {
	st := &state{actor: actor, now: tx.Now, units: map[string]*unitState{}, members: map[string]*memberState{}, numbers: map[string][]*memberState{}, byUnit: map[id.Unit]*unitState{},
		byID: map[id.Member]*memberState{}, roles: map[string]*roleState{}, byRole: map[id.Role]*roleState{}, given: map[post][]access.Assignment{}, centres: map[string]*centreState{},
		byCode: map[id.CostCentre]*centreState{}, book: map[string]*addressState{}, budgets: map[string]*budgetState{}, byFund: map[id.Budget]*budgetState{}, places: map[tree.Path]*node{}}
	var units []company.Unit
	var members []company.Member
	var roles []access.Role
	var centres []budget.CostCentre
	var addresses []company.Address
	var funds []budget.Budget
	var own company.Node
	said := map[id.Unit]company.Directions{}
	tx.Companies.Want(&st.company, actor.Company)
	tx.Companies.WantLabels(&st.labels, actor.Company)
	tx.Companies.WantOwnUnit(&own, actor.Company)
	tx.Companies.WantEveryUnit(&units, actor.Company)
	tx.Companies.WantEveryMember(&members, actor.Company)
	tx.Access.WantEveryRole(&roles, actor.Company)
	tx.Budgets.WantEveryCostCentre(&centres, actor.Company)
	tx.Companies.WantEveryAddress(&addresses, actor.Company)
	tx.Companies.WantEveryDirections(said, actor.Company)
	tx.Budgets.WantEvery(&funds, actor.Company)
	if assignments {
		tx.Access.WantEveryAssignment(&st.all, actor.Company)
		tx.Access.WantPromised(&st.offered, actor.Company, id.Role{})
		tx.Access.WantSeparations(&st.rules, actor.Company)
	}
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(st.company.Zone)
	if err != nil {
		zone = time.UTC // checked when the company chose it
	}
	st.zone = zone
	for _, u := range units {
		s := &unitState{thing: there(u), said: said[u.ID], says: said[u.ID]}
		if u.Path != tree.Top {
			s.node = st.standing(company.Node{Kind: company.UnitNode, Unit: u.ID, Path: u.Path})
		}
		st.units[u.Code], st.byUnit[u.ID] = s, s
	}
	for _, m := range members {
		s := &memberState{thing: there(m)}
		if m.Path != tree.Top {
			s.node = st.standing(company.Node{Kind: company.MemberNode, Member: m.ID, Path: m.Path})
		}
		if key, err := identity.EmailKey(m.Email); err == nil {
			st.members[key] = s
		}
		if m.Number != "" {
			st.numbers[m.Number] = append(st.numbers[m.Number], s)
		}
		st.byID[m.ID] = s
	}
	for _, n := range st.nodes {
		n.above = st.places[n.Path.Parent()]
		n.stood = n.above
	}
	st.own = st.places[own.Path]
	for _, r := range roles {
		s := &roleState{thing: there(r)}
		st.roles[r.Name], st.byRole[r.ID] = s, s
	}
	for _, a := range st.all {
		if !a.Ended(tx.Now) {
			p := post{a.Member, a.Role, a.Unit}
			st.given[p] = append(st.given[p], a)
		}
	}
	for _, c := range centres {
		s := &centreState{thing: there(c)}
		st.centres[c.Code], st.byCode[c.ID] = s, s
	}
	for _, a := range addresses {
		st.book[a.Label] = &addressState{thing: there(a)}
	}
	for _, b := range funds {
		s := &budgetState{thing: there(b)}
		st.budgets[b.Name], st.byFund[b.ID] = s, s
	}
	return st, nil
}

// those is the first address of the book, as it is, of which something holds; zero for none.
func (st *state) those(holds func(company.Address) bool) id.Address {
	for _, a := range sorted(st.book) {
		if holds(a.before) {
			return a.before.ID
		}
	}
	return id.Address{}
}

func (st *state) standing(n company.Node) *node {
	s := &node{Node: n, was: n, label: n.Path[len(n.Path.Parent()):]}
	st.nodes = append(st.nodes, s)
	st.places[n.Path] = s
	return s
}

// at is where a node stands as far as permissions go: where it stands now, and a new one below what it is put under.
func (n *node) at() tree.Path {
	switch {
	case n == nil:
		return tree.Top
	case !n.fresh:
		return n.was.Path
	}
	return n.above.at() + n.label
}

// sees reports whether the actor sees a unit or a member.
func (st *state) sees(n *node, m id.Member) bool {
	at := n.at()
	return n != nil && n.fresh || st.actor.Shows(access.ViewMembers, access.Thing{Owner: m, OwnerAt: at, At: at})
}

// seesUnit and seesMember say of what is there already whether the actor may know of it.
func (st *state) seesUnit(u *unitState) bool { return u.fresh || st.sees(u.node, id.Member{}) }
func (st *state) seesMember(m *memberState) bool {
	return m.fresh || st.sees(m.node, m.before.ID)
}

// seesCentre reports whether the actor sees a cost centre: those of no unit, and those of units where they may.
func (st *state) seesCentre(c *centreState) bool {
	if c.fresh {
		return true
	}
	if c.before.Unit.IsZero() {
		return st.actor.Gives(access.CostCentresView)
	}
	return st.actor.Require(access.CostCentresView, st.unitAt(c.before.Unit)) == nil
}

// unitAt is where a unit stands, as far as permissions go.
func (st *state) unitAt(key id.Unit) tree.Path {
	if u := st.byUnit[key]; u != nil {
		return u.node.at()
	}
	return tree.Top
}

// sorted lists what a map has, in the order of its keys.
func sorted[V any](all map[string]V) func(func(string, V) bool) {
	keys := make([]string, 0, len(all))
	for k := range all {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return func(yield func(string, V) bool) {
		for _, k := range keys {
			if !yield(k, all[k]) {
				return
			}
		}
	}
}
