package access

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
)

// Given is one assignment of somebody, with the role that it gives.
type Given struct {
	Assignment
	Gives Role
	Known bool // the unit stands in the structure; an assignment at one that does not gives nothing
	Where string
}

// Subject is a member as the review functions look at them.
type Subject struct {
	Member id.Member
	Name   string
	At     tree.Path // where they stand in the structure; Top while they stand nowhere
	Works  bool      // they act: they have not left the company, nor are they on hold
	Lent   bool      // a company above lends them
	Signs  bool      // their account may sign in
	Given  []Given

	Invited bool // they have not accepted yet, and do not act before
}

// Accepted is the subject as they will be when they accept their invitation.
func (s Subject) Accepted() Subject {
	if s.Invited {
		s.Works, s.Signs, s.Invited = true, true, false
	}
	return s
}

// Question is whether somebody may do something: at a place, or to a thing that somebody owns.
//
// About a thing with an owner the question is about the act in all its reaches: whoever asks of "orders.view" asks who
// may view this order, be it as their own, as one of somebody below them, or as anybody's. About a place it is about
// this very leaf.
type Question struct {
	Permission Permission
	About      Thing
}

// Moment is when a question is asked, and of a company in which state.
type Moment struct {
	Now    time.Time
	Regime Regime
}

// Allows reports whether the company's state leaves a permission to those who hold it.
func (m Moment) Allows(p Permission) bool { return m.Regime.Leaves(p) }

// Way is one way in which somebody may do what is asked.
type Way struct {
	Given Given
	By    Permission // the leaf that does it
}

// Act is what a permission is asked for on something that somebody owns.
type Act struct {
	Reach
	Sees   bool // it takes to see the owner as a member, too
	Others bool // nobody does it on their own
}

// Act is what is asked for with a permission of a thing with an owner. Most have no reaches: they count where the thing lies.
func (p Permission) Act() Act {
	switch p {
	case UsersView:
		return Act{Reach: ViewMembers}
	case LimitsView:
		return Act{Reach: ViewLimits, Sees: true} // a limit is told with its member
	case LimitsManage, BudgetsManage, PurchaseOrdersApprove, PurchaseOrdersOverride:
		return Act{Reach: Reach{Company: p}, Others: true}
	case CartsManage, CheckoutPlace, CheckoutOnAccount, CheckoutCustomAddress, CheckoutWithoutBudget, PurchaseOrdersAutoApprove:
		return Act{Reach: Reach{Own: p}} // a cart is its owner's alone
	}
	for _, r := range [...]Reach{ViewOrders, CancelOrders, ViewPurchaseOrders, ViewQuotes, ViewBudgets} {
		if p == r.Own || p == r.Subordinates || p == r.Company {
			return Act{Reach: r}
		}
	}
	return Act{Reach: Reach{Company: p}}
}

// Leaves are the permissions that would allow a subject what is asked, wherever they are held: of an act the reaches
// that this thing is in for whoever stands at a place, otherwise the leaf itself.
func (q Question) Leaves(subject id.Member, at tree.Path) []Permission {
	if q.About.Owner.IsZero() {
		return []Permission{q.Permission}
	}
	act := q.Permission.Act()
	if act.Others && subject == q.About.Owner {
		return nil
	}
	return act.leaves(subject, at, q.About)
}

// seen is the question whether the owner is seen, where the act takes that too.
func (q Question) seen() (Question, bool) {
	return Question{UsersView, q.About}, !q.About.Owner.IsZero() && q.Permission.Act().Sees
}

// leaves are the permissions that would allow the act on a thing to somebody who stands at a place, the narrowest first.
func (r Reach) leaves(who id.Member, at tree.Path, t Thing) []Permission {
	all := make([]Permission, 0, 3)
	if r.Own != none && !t.Owner.IsZero() && who == t.Owner {
		all = append(all, r.Own)
	}
	if r.Subordinates != none && at != tree.Top && at.Above(t.OwnerAt) {
		all = append(all, r.Subordinates)
	}
	if r.Company != none {
		all = append(all, r.Company)
	}
	return all
}

// all is what the subject has been given, and last what everybody has who acts: of that nobody is the giver, and no role gives it.
func (s Subject) all() []Given {
	return append(s.Given[:len(s.Given):len(s.Given)], Given{Gives: Role{Set: SetOf(SelfAccount)}, Known: true})
}

// Everybodys reports whether no role lets them, but that it is about themselves.
func (w Way) Everybodys() bool { return w.By.Realm() == Self }

// Ways lists every way in which the subject may do what is asked; none is a no.
func (s Subject) Ways(q Question, m Moment) []Way {
	var all []Way
	if m.Regime == Shut || !s.Works || !s.Signs {
		return nil
	}
	if seen, ok := q.seen(); ok && len(s.Ways(seen, m)) == 0 {
		return nil
	}
	for _, g := range s.all() {
		if !g.Counts(m.Now) || !g.Place.Covers(q.About.At) {
			continue
		}
		for _, p := range q.Leaves(s.Member, s.At) {
			if g.Gives.Set.Has(p) && m.Allows(p) {
				all = append(all, Way{g, p})
			}
		}
	}
	return all
}

// Counts reports whether the assignment gives anything at this moment.
func (g Given) Counts(now time.Time) bool {
	return g.Holds(now) && (g.Unit.IsZero() || g.Known)
}

// Origin is a permission that somebody has at a place, and what they have it from.
type Origin struct {
	Permission Permission
	Place      tree.Path
	Unit       id.Unit // the zero unit is the whole company
	Where      string
	From       []Given
}

// Effective lists everything that the subject may do now, in the tree's order, each with the places where they may. A
// place below another one that gives the same is left out.
func (s Subject) Effective(m Moment) []Origin {
	var all []Origin
	if m.Regime == Shut || !s.Works || !s.Signs {
		return nil
	}
	for p := none + 1; p < count; p++ {
		if !m.Allows(p) {
			continue
		}
		from := len(all)
		for _, g := range s.Given {
			if !g.Counts(m.Now) || !g.Gives.Set.Has(p) {
				continue
			}
			i := from
			for i < len(all) && all[i].Place != g.Place {
				i++
			}
			if i == len(all) {
				all = append(all, Origin{Permission: p, Place: g.Place, Unit: g.Unit, Where: g.Where})
			}
			all[i].From = append(all[i].From, g)
		}
		all = append(all[:from], highest(all[from:])...)
	}
	return all
}

// highest leaves out places that stand below another one of the list.
func highest(all []Origin) []Origin {
	var kept []Origin
	for _, o := range all {
		covered := false
		for _, other := range all {
			covered = covered || other.Place.Above(o.Place)
		}
		if !covered {
			kept = append(kept, o)
		}
	}
	return kept
}

// Step is one step of the reasoning why somebody may or may not do something.
type Step struct {
	Holds bool
	Says  locale.Phrase
}

// Trace is the whole reasoning, and where it leads.
type Trace struct {
	Allowed bool
	Steps   []Step
}

func (t *Trace) step(holds bool, says locale.Phrase) { t.Steps = append(t.Steps, Step{holds, says}) }

// Why says step by step whether the subject may do what is asked.
func (s Subject) Why(q Question, m Moment) Trace {
	var t Trace
	switch {
	case m.Regime == Shut:
		t.step(false, locale.Say("The company is not active, so nobody may do anything in it."))
		return t
	case s.Invited:
		t.step(false, locale.Say("%s was invited and has not accepted yet: what was given to them counts from then on.", s.Name))
		t.reach(s, q)
		t.roles(s, q, m)
		return t
	case !s.Works && s.Lent:
		t.step(false, locale.Say("%s is on hold: whoever lends them does not do so at the moment, so nothing given to them counts.", s.Name))
		return t
	case !s.Works:
		t.step(false, locale.Say("%s has left the company, so nothing given to them counts.", s.Name))
		return t
	case !s.Signs:
		t.step(false, locale.Say("The account of %s cannot sign in, so nothing given to them counts.", s.Name))
		return t
	}
	t.step(true, locale.Say("%s is active.", s.Name))
	t.reach(s, q)
	t.roles(s, q, m)
	if seen, ok := q.seen(); ok {
		t.reach(s, seen)
		t.roles(s, seen, m)
	}
	t.Allowed = len(s.Ways(q, m)) > 0
	return t
}

// roles says which roles have what it takes, and what becomes of each.
func (t *Trace) roles(s Subject, q Question, m Moment) {
	leaves := q.Leaves(s.Member, s.At)
	for _, p := range leaves {
		if p.Realm() == Self {
			return // everybody may, whatever their roles
		}
	}
	any := false
	for _, g := range s.Given {
		for _, p := range leaves {
			if g.Gives.Set.Has(p) {
				any = true
				t.given(g, p, q, m)
			}
		}
	}
	if !any {
		for _, p := range leaves {
			t.step(false, locale.Say("No role of %s has the permission “%s”.", s.Name, p.Phrase()))
		}
	}
}

// reach says how the thing stands to the subject.
func (t *Trace) reach(s Subject, q Question) {
	if q.About.Owner.IsZero() {
		return
	}
	act, own := q.Permission.Act(), s.Member == q.About.Owner
	switch {
	case act.Others:
		if own {
			t.step(false, nobodys(q.Permission))
		}
		return
	case act.Own == SelfAccount:
		if own {
			t.step(true, locale.Say("Everybody sees themselves."))
		}
		return
	}
	if act.Own != none {
		if own {
			t.step(true, locale.Say("It is their own."))
		} else {
			t.step(false, locale.Say("It is not their own."))
		}
	}
	if act.Subordinates != none && !own {
		if s.At != tree.Top && s.At.Above(q.About.OwnerAt) {
			t.step(true, locale.Say("Its owner stands below them in the structure."))
		} else {
			t.step(false, locale.Say("Its owner does not stand below them in the structure."))
		}
	}
}

// nobodys says what nobody does on their own.
func nobodys(p Permission) locale.Phrase {
	switch p {
	case LimitsManage:
		return locale.Say("It is their own, and nobody decides on their own approval limit.")
	case BudgetsManage:
		return locale.Say("It is their own, and nobody decides on their own budget.")
	}
	return locale.Say("It is their own, and nobody decides on their own purchase order.")
}

// given says what becomes of one assignment that has a leaf.
func (t *Trace) given(g Given, p Permission, q Question, m Moment) {
	role := g.Gives.Name
	switch {
	case g.Ended(m.Now):
		t.step(false, locale.Say("The role “%s” has “%s”, but it was given for a time that is over.", role, p.Phrase()))
	case !g.Holds(m.Now):
		t.step(false, locale.Say("The role “%s” has “%s”, but it was given for a time that has not begun.", role, p.Phrase()))
	case !g.Counts(m.Now):
		t.step(false, locale.Say("The role “%s” has “%s”, but the unit that it was given at is no longer in the structure.", role, p.Phrase()))
	case !g.Place.Covers(q.About.At):
		t.step(false, locale.Say("The role “%s” has “%s”, but only at %s and below, and this lies elsewhere.", role, p.Phrase(), g.Where))
	case !m.Allows(p) && m.Regime == Looking:
		t.step(false, locale.Say("The role “%s” has “%s”, but the company is blocked at the moment.", role, p.Phrase()))
	case !m.Allows(p):
		t.step(false, locale.Say("The role “%s” has “%s”, but the seller has not admitted the company.", role, p.Phrase()))
	case g.Unit.IsZero():
		t.step(true, locale.Say("The role “%s”, given for the whole company, has “%s”.", role, p.Phrase()))
	default:
		t.step(true, locale.Say("The role “%s”, given at %s and below, has “%s”.", role, g.Where, p.Phrase()))
	}
}

// Phrase is the permission's label, to be said in the reader's language.
func (p Permission) Phrase() locale.Phrase { return locale.Say(specs[p].label) }

// Difference is what two roles have in common, and what each has alone.
type Difference struct {
	Both, OnlyFirst, OnlySecond Set
}

// Compare says how two roles differ.
func (r Role) Compare(other Role) Difference {
	return Difference{Both: r.Set.Within(other.Set), OnlyFirst: r.Set.Without(other.Set), OnlySecond: other.Set.Without(r.Set)}
}
