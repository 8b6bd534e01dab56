package access

import (
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
)

// Kind is what sort of actor it is.
type Kind uint8

// The kinds of actors.
const (
	Nobody     Kind = iota // not signed in
	LinkHolder             // holds a one-time link
	Member                 // an account that acts for a company
	Machine                // the system itself: worker, seed, import
)

// Grant gives a set of permissions at a place and all below it.
type Grant struct {
	Place tree.Path // tree.Top is the whole company
	Set   Set
}

// Actor is who asks, with all that they may do. It is a value, made once at the edge and passed by hand.
type Actor struct {
	Kind    Kind
	Account id.Account
	Session id.Session
	Company id.Company
	Member  id.Member
	At      tree.Path  // where the member stands in the structure; Top while they stand nowhere
	Version int64      // of the company's rights; the transaction compares it
	Home    id.Company // the company above that lends the member; zero: they are the company's own
	Held    bool       // … and whether it did, when the rights were read; the transaction asks again
	Realm   Realm      // Staff where the company is the seller's own organisation

	Name     string
	Language locale.Language
	Zone     string // IANA name of the time zone that times are shown in
	Request  string // the request's id, for the audit
	From     string // the network address asked from, for the audit

	Regime Regime // what the seller leaves to the company's members
	By     By     // who of the staff acts for the member; zero when they act themselves
	roles  []Named
	grants []Grant
	lost   Set // what the member would hold if the seller left it to them
	uses   *Uses
	once   *Once
	trying bool
}

var (
	// ErrForbidden is the fault of an act on something one sees and may not touch. Detail "permission" names the leaf.
	ErrForbidden = fault.Define(fault.Forbidden, "access.forbidden", "you may not do this here")
	// ErrUnseen is the fault of whatever the actor may not know of.
	ErrUnseen = fault.Define(fault.NotFound, "access.unseen", "there is no such thing, or it is not yours to see")
	// ErrSignIn is the fault of an act that needs somebody who is signed in.
	ErrSignIn = fault.Define(fault.Unauthenticated, "access.sign_in", "please sign in first")
	// ErrWithheld is the fault of doing for a customer what only they do themselves.
	ErrWithheld = fault.Define(fault.Forbidden, "access.withheld", "who acts for a customer helps with their carts, orders and quotes, and does nothing else for them: ask them to do it themselves")
	// ErrEscalation is the fault of handing out more than one holds.
	ErrEscalation = fault.Define(fault.Forbidden, "access.escalation", "you cannot give others more than you hold yourself")
)

// Anonymous is whoever has not signed in.
func Anonymous() Actor {
	return Actor{Kind: Nobody, grants: []Grant{{Set: SetOf(SelfSignIn)}}}
}

// Guest is whoever holds the link of an invitation to this company; asked is who they were besides. They may do with
// it what the link is for, and nothing that they may do elsewhere.
func Guest(company id.Company, asked Actor) Actor {
	return Actor{Kind: LinkHolder, Account: asked.Account, Company: company, Language: asked.Language, Zone: asked.Zone, Request: asked.Request, From: asked.From,
		grants: []Grant{{Set: SetOf(SelfJoin)}}, trying: asked.trying}
}

// System is the platform itself, at work in a company.
func System(company id.Company) Actor {
	var all Set
	for p := none + 1; p < count; p++ {
		all.Add(p)
	}
	return Actor{Kind: Machine, Company: company, Name: "Kontor", grants: []Grant{{Set: all}}}
}

// Holding returns a with these grants, cut to what the regime of the company leaves.
func (a Actor) Holding(grants []Grant) Actor {
	a.grants = make([]Grant, 0, len(grants)+1)
	a.lost = Set{}
	keep, all := a.Regime.leaves()
	for _, g := range grants {
		if !all {
			a.lost = a.lost.Union(g.Set.Without(keep))
			g.Set = g.Set.Within(keep)
		}
		a.grants = merge(a.grants, g)
	}
	if a.Kind == Member {
		a.grants = merge(a.grants, Grant{Set: SetOf(SelfAccount)})
	}
	return a
}

func merge(grants []Grant, g Grant) []Grant {
	for i := range grants {
		if grants[i].Place == g.Place {
			grants[i].Set = grants[i].Set.Union(g.Set)
			return grants
		}
	}
	return append(grants, g)
}

// Named is a role that an actor has, by name.
type Named struct {
	ID   id.Role
	Name string
}

// Bearing returns a with the names of its roles.
func (a Actor) Bearing(roles ...Named) Actor {
	a.roles = roles
	return a
}

// Roles lists the roles that the actor has now, wherever.
func (a Actor) Roles() []Named { return a.roles }

// Grants lists what the actor holds, by place.
func (a Actor) Grants() []Grant { return a.grants }

// May reports whether the actor may do p at this place.
func (a *Actor) May(p Permission, at tree.Path) bool {
	for i := range a.grants {
		if g := &a.grants[i]; g.Set.Has(p) && g.Place.Covers(at) {
			return true
		}
	}
	return false
}

// MaySomewhere reports whether the actor may do p at any place.
func (a *Actor) MaySomewhere(p Permission) bool {
	for i := range a.grants {
		if a.grants[i].Set.Has(p) {
			return true
		}
	}
	return false
}

// Gives is MaySomewhere for what is then given out, and notes the use: ask it when there is something.
func (a *Actor) Gives(p Permission) bool { return a.RequireSomewhere(p) == nil }

// Require is nil when the actor may do p at this place, or says why not.
func (a Actor) Require(p Permission, at tree.Path) error {
	if a.May(p, at) {
		a.uses.note(p)
		return nil
	}
	return a.denied(p, at)
}

// RequireSomewhere is nil when the actor may do p at any place, or says why not.
func (a Actor) RequireSomewhere(p Permission) error {
	if a.MaySomewhere(p) {
		a.uses.note(p)
		return nil
	}
	return a.denied(p, tree.Top)
}

// denied says why p may not be done at this place. Who holds it elsewhere is told where it is needed: detail "where" is
// “company” or “unit”.
func (a Actor) denied(p Permission, at tree.Path) error {
	switch there := leaves[a.Realm]; {
	case a.Kind == Nobody && p != SelfSignIn:
		return ErrSignIn
	case a.Kind == Member && specs[p].realm != Self && !there.Has(p):
		return ErrUnseen // the office is not there for customers, nor is the shop for staff
	case a.Acting() && withheld(p):
		return ErrWithheld.Noting("permission", p.Code())
	case a.lost.Has(p):
		return a.Regime.Wall().Noting("permission", p.Code())
	case a.MaySomewhere(p) && at == tree.Top:
		return ErrForbidden.With("you need the permission “%s” for the whole company; you hold it for a part of it", p.Phrase()).
			Noting("permission", p.Code()).Noting("where", "company")
	case a.MaySomewhere(p):
		return ErrForbidden.With("you need the permission “%s” at the unit that this is about; you hold it for another part of the company", p.Phrase()).
			Noting("permission", p.Code()).Noting("where", "unit")
	case a.Acting():
		return ErrForbidden.With("whom you act for has no permission “%s” for this, and so you have none", p.Phrase()).
			Noting("permission", p.Code())
	case a.Realm == Staff:
		return ErrForbidden.With("you need the permission “%s” for this; an administrator of the seller's organisation can give it", p.Phrase()).
			Noting("permission", p.Code())
	}
	return ErrForbidden.With("you need the permission “%s” for this; your company's administrator can give it", p.Phrase()).
		Noting("permission", p.Code())
}

// RequireSelf is nil when the actor looks after themselves: for what nobody does for somebody else, whoever acts for them.
func (a Actor) RequireSelf() error {
	if a.Acting() {
		return ErrWithheld.Noting("permission", SelfAccount.Code())
	}
	return a.Require(SelfAccount, tree.Top)
}

// RequireOwn is RequireSelf for what is the actor's in the company: nobody changes that either where the seller leaves its
// members only to look.
func (a Actor) RequireOwn() error {
	if err := a.RequireSelf(); err != nil || a.Regime == Free {
		return err
	}
	return a.Regime.Wall().Noting("permission", SelfAccount.Code())
}

// Reach is the up to three leaves of one act on something that somebody owns.
type Reach struct{ Own, Subordinates, Company Permission }

// The reaches of the tree.
var (
	ViewOrders         = Reach{OrdersView, OrdersViewSubordinates, OrdersViewCompany}
	CancelOrders       = Reach{OrdersCancel, OrdersCancelSubordinates, OrdersCancelCompany}
	ViewPurchaseOrders = Reach{PurchaseOrdersView, PurchaseOrdersViewSubordinates, PurchaseOrdersViewCompany}
	ViewQuotes         = Reach{QuotesView, QuotesViewSubordinates, none}
	ViewBudgets        = Reach{BudgetsView, none, BudgetsViewCompany}
	ViewMembers        = Reach{SelfAccount, none, UsersView} // everybody sees themselves
	ViewInvitations    = Reach{none, none, UsersView}
	ViewDeputies       = Reach{SelfAccount, none, DeputiesManage}    // one's own, and of whom one may appoint deputies for
	ViewLimits         = Reach{LimitsView, LimitsView, LimitsManage} // one's own and of those below; of all, to set them
)

// Leads reports whether who holds the set may do with what belongs to those below them what the set does not let them do with
// what belongs to anybody.
func (s Set) Leads() bool {
	for _, r := range []Reach{ViewOrders, CancelOrders, ViewPurchaseOrders, ViewQuotes, ViewLimits} {
		if s.Has(r.Subordinates) && (r.Company == none || !s.Has(r.Company)) {
			return true
		}
	}
	return false
}

// Thing is what an act is about: whose it is, where its owner stands, and where it is booked.
type Thing struct {
	Owner   id.Member
	OwnerAt tree.Path // where the owner stands now; Top when they have left
	At      tree.Path // the place of the thing: the unit it is booked at
}

// Reaches reports whether the actor may do this act on this thing: it is theirs; or its owner stands below
// them and it lies where the leaf holds; or it lies where the company-wide leaf holds.
func (a *Actor) Reaches(r Reach, t Thing) bool {
	own := t.Owner == a.Member && !t.Owner.IsZero()
	for i := range a.grants {
		g := &a.grants[i]
		if (g.Set.Has(r.Company) || own && g.Set.Has(r.Own) || g.Set.Has(r.Subordinates) && a.At != tree.Top && a.At.Above(t.OwnerAt)) && g.Place.Covers(t.At) {
			return true
		}
	}
	return false
}

// Shows is Reaches for what is then given out, and notes the use.
func (a *Actor) Shows(r Reach, t Thing) bool {
	ok := a.Reaches(r, t)
	if ok {
		a.notes(r, t)
	}
	return ok
}

// RequireSeen is nil when the actor may look at the thing; otherwise there is no such thing.
func (a Actor) RequireSeen(r Reach, t Thing) error {
	if a.Reaches(r, t) {
		a.notes(r, t)
		return nil
	}
	if a.Kind == Nobody {
		return ErrSignIn
	}
	return ErrUnseen
}

// Scope is where a reach holds, for a list to be cut by: in SQL, never afterwards.
type Scope struct {
	Member       id.Member
	Own          []tree.Path // own things booked at or below these
	Below        tree.Path   // things of those who stand below this path …
	Subordinates []tree.Path // … booked at or below these
	Company      []tree.Path // everything booked at or below these
}

// Nothing reports whether the scope holds nothing at all.
func (s Scope) Nothing() bool { return len(s.Own)+len(s.Subordinates)+len(s.Company) == 0 }

// Scope says where the actor may do this act, for lists.
func (a Actor) Scope(r Reach) Scope {
	s := Scope{Member: a.Member, Below: a.At}
	for i := range a.grants {
		g := &a.grants[i]
		if r.Company != none && g.Set.Has(r.Company) {
			s.Company = append(s.Company, g.Place)
		}
		if r.Subordinates != none && a.At != tree.Top && g.Set.Has(r.Subordinates) {
			s.Subordinates = append(s.Subordinates, g.Place)
		}
		if r.Own != none && g.Set.Has(r.Own) {
			s.Own = append(s.Own, g.Place)
		}
	}
	a.uses.noteAll(r, s)
	return s
}

// Places lists where the actor holds p, for lists of things that nobody owns.
func (a Actor) Places(p Permission) []tree.Path {
	var all []tree.Path
	for i := range a.grants {
		if a.grants[i].Set.Has(p) {
			all = append(all, a.grants[i].Place)
		}
	}
	if len(all) > 0 {
		a.uses.note(p)
	}
	return all
}

// Looks is Places, and the whole company for who holds p nowhere: so a thing is found before somebody is told that they may
// see none of its kind, and what is not there is not there for anybody.
func (a Actor) Looks(p Permission) []tree.Path {
	if all := a.Places(p); len(all) > 0 {
		return all
	}
	return []tree.Path{tree.Top}
}

// RequireToGive is nil when the actor holds every permission of the set at the place, and so may give it. The
// three bypasses may be given by an administrator of the whole company, who holds all the rest, but none of
// them; never to oneself, though one holds them: nobody makes longer what another gave them for a time.
func (a Actor) RequireToGive(s Set, place tree.Path, to id.Member) error {
	if p, lacks := a.lacks(s, place, to); lacks {
		if p.Bypass() && a.itself(to) {
			return ErrEscalation.With("nobody gives “%s” to themselves: ask another administrator", p.Phrase()).Noting("permission", p.Code())
		}
		return ErrEscalation.With("you cannot give “%s” here, for you do not hold it yourself", p.Phrase()).Noting("permission", p.Code())
	}
	return nil
}

// itself reports whether this is the actor.
func (a *Actor) itself(m id.Member) bool { return !m.IsZero() && m == a.Member }

// lacks is what of a set the actor cannot give at this place.
func (a Actor) lacks(s Set, place tree.Path, to id.Member) (Permission, bool) {
	for _, p := range s.List() {
		if p.Bypass() {
			if a.itself(to) || !a.May(p, place) && !a.administers(tree.Top) {
				return p, true
			}
		} else if !a.May(p, place) {
			return p, true
		}
	}
	return none, false
}

// RequireToCover is nil when the actor may let a role permit this set, which permitted another one before, for all to whom it
// gives that: these holdings of it. Of a bypass that they have by the role themselves nothing is given to them anew.
func (a Actor) RequireToCover(s, before Set, holdings []Assignment) error {
	type kind struct { // of holdings that are all alike here
		at  tree.Path
		own bool
	}
	covered := map[kind]bool{}
	for _, h := range holdings {
		k := kind{h.Place, a.itself(h.Member)}
		if covered[k] {
			continue
		}
		covered[k] = true
		given := s
		if k.own {
			given = s.Without(before.Within(bypasses))
		}
		if err := a.RequireToGive(given, h.Place, h.Member); err != nil {
			return err
		}
	}
	return nil
}

// RequireToMove is nil when the actor may bring what stands at a place below units at which these assignments hold, which
// then hold over it, too: nobody gets over it what the actor does not hold there. Who works where is for whoever manages
// people to say, so of members without units below them the actor alone gets no more.
func (a Actor) RequireToMove(from tree.Path, units bool, gained []Assignment, permits func(id.Role) Set) error {
	for _, g := range gained {
		if !units && g.Member != a.Member {
			continue
		}
		if p, lacks := a.lacks(permits(g.Role), from, g.Member); lacks {
			return ErrEscalation.With("there “%s” is held over what you move, and you do not hold it where that stands now: ask an administrator to move it", p.Phrase()).
				Noting("permission", p.Code())
		}
	}
	return nil
}

// Givable is what the actor may let a role permit that permitted this before, for all to whom these holdings give it.
func (a Actor) Givable(before Set, holdings []Assignment) (s Set) {
	for _, p := range All(a.Realm) {
		if a.RequireToCover(SetOf(p), before, holdings) == nil {
			s.Add(p)
		}
	}
	return s
}

// RequireToLead is nil when the actor may bring below themselves, in the structure, what stood elsewhere: an administrator of that
// place may. Whoever leads somebody sees what is theirs, and is asked about what they order; nobody gets that by their own act.
func (a Actor) RequireToLead(from tree.Path) error {
	if a.administers(from) {
		return nil
	}
	return ErrEscalation.With("nobody puts others below themselves, for whoever leads them sees what is theirs and decides on it: ask an administrator")
}

// administers reports whether the actor holds every leaf of their realm that is no bypass, at a place.
func (a *Actor) administers(place tree.Path) bool {
	for _, p := range All(a.Realm) {
		if !p.Bypass() && !a.May(p, place) {
			return false
		}
	}
	return true
}

// By is one of the staff who acts for a customer.
type By struct {
	Company id.Company // the seller's own organisation
	Member  id.Member
	Name    string
	Version int64 // of the rights there; the transaction compares it
	Ended   bool  // they may act no longer: the consent was withdrawn, or the permission taken
}

// Telling is the actor as they tell of a company in which they are nobody: one of the staff, or the system.
func (a Actor) Telling(company id.Company) Actor {
	a.Company, a.Member = company, id.Member{}
	return a
}

// Dismissed is one of the staff who may act for the member no longer: they hold nothing there, not even what everybody does.
func (a Actor) Dismissed() Actor {
	a.grants, a.By.Ended = nil, true
	return a
}

// Acting reports whether one of the staff acts for the member.
func (a *Actor) Acting() bool { return !a.By.Member.IsZero() }

// Sort is what sort of actor it is, by a name: “staff” for members of the seller's own organisation, also where they act
// for a customer.
func (a *Actor) Sort() string {
	if a.Realm == Staff || a.Acting() {
		return "staff"
	}
	return a.Kind.String()
}

func (k Kind) String() string {
	return [...]string{"nobody", "link", "member", "system"}[min(k, Machine)]
}
