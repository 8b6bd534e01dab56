package access

import (
	"cmp"
	"slices"
	"sync/atomic"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
)

// Uses gathers which permissions somebody has made use of: which were asked for and held, not which were looked at to
// draw a button. Of an act that comes in reaches the narrowest that sufficed is used; a list uses all reaches that it is
// cut by. The nil Uses gathers nothing. It may be used by several at once.
type Uses struct {
	used [len(Set{})]atomic.Uint64
}

func (u *Uses) note(p Permission) {
	if u == nil {
		return
	}
	word, bit := &u.used[p>>6], uint64(1)<<(p&63)
	if word.Load()&bit == 0 { // so that a permission used again and again is not written again and again
		word.Or(bit)
	}
}

func (u *Uses) noteAll(r Reach, s Scope) {
	if len(s.Own) > 0 {
		u.note(r.Own)
	}
	if len(s.Subordinates) > 0 {
		u.note(r.Subordinates)
	}
	if len(s.Company) > 0 {
		u.note(r.Company)
	}
}

// Take is what has been used since the last time, and begins anew.
func (u *Uses) Take() (s Set) {
	for i := range u.used {
		s[i] = u.used[i].Swap(0)
	}
	return s
}

// Put gives back what was taken.
func (u *Uses) Put(s Set) {
	for i := range u.used {
		u.used[i].Or(s[i])
	}
}

// Noted returns a with its uses gathered in u.
func (a Actor) Noted(u *Uses) Actor {
	a.uses = u
	return a
}

// notes says that the actor did this act on this thing.
func (a *Actor) notes(r Reach, t Thing) {
	if a.uses == nil {
		return
	}
	for _, p := range r.leaves(a.Member, a.At, t) {
		if a.May(p, t.At) {
			a.uses.note(p)
			return
		}
	}
}

// Use is when somebody of those who have a role has last used a permission, by days of UTC.
type Use struct {
	Permission Permission
	Last       date.Date
}

// Unused is what a role permits and nobody who has it has used for a while.
type Unused struct {
	Role    Role
	Since   date.Date // the first day looked at: what was used before it counts as unused
	Kept    date.Date // since when uses are recorded; the empty day when none has been
	Holders int64     // how many have the role
	Leaves  []Idle    // what nobody used, in the tree's order
	Smaller Set       // what the role would still need to permit
}

// Idle is a permission that nobody has used lately.
type Idle struct {
	Permission Permission
	Last       date.Date // when one of those who have the role last used it; the empty day: never
}

// Whole reports whether uses were recorded on all the days looked at.
func (u Unused) Whole() bool { return u.Kept != "" && u.Kept <= u.Since }

// Unused says what of the role nobody who has it has used from the day since on. uses are those of its holders, of
// whichever day. What is used stays, and what that needs; so does what nobody can have used, for nothing asks for it yet.
func (r Role) Unused(holders int64, uses []Use, since, kept date.Date) Unused {
	last := map[Permission]date.Date{}
	var used Set
	for _, u := range uses {
		last[u.Permission] = max(last[u.Permission], u.Last)
		if u.Last >= since {
			used.Add(u.Permission)
		}
	}
	smaller := used.Union(unreached).Union(platform).Within(r.Set).Normalise().Within(r.Set)
	out := Unused{Role: r, Since: since, Kept: kept, Holders: holders, Smaller: smaller}
	for _, p := range r.Set.Without(smaller).List() {
		out.Leaves = append(out.Leaves, Idle{p, last[p]})
	}
	return out
}

// Similar are two roles that are nearly the same: in what they permit, or in who has them.
type Similar struct {
	First, Second   Role
	Permissions     int // how much of what either permits both do, in percent
	Holders         int // how many of those who have either have both, in percent
	Merged          Set // what one role in their place would permit
	FirstWouldGain  Set // what those who have the first would gain by it
	SecondWouldGain Set // what those who have the second would gain
}

// TooFine is from how much in common on, in percent, two roles are called nearly the same. The figure is ours: roles that
// differ in one of six permissions are, those that differ in one of four are not.
const TooFine = 80

// FindSimilar lists the pairs of roles that are nearly the same, the nearest first. The administrators' role, which cannot
// be changed, is left out. bearers says who has which role, each once.
func FindSimilar(roles []Role, bearers []Bearer) []Similar {
	at := make(map[id.Role]int, len(roles))
	for i, r := range roles {
		at[r.ID] = i
	}
	holders := make([]int, len(roles))
	both := map[[2]int]int{}
	for _, has := range rolesOf(bearers, at) {
		for i, a := range has {
			holders[a]++
			for _, b := range has[i+1:] {
				both[[2]int{a, b}]++
			}
		}
	}
	var all []Similar
	for i, a := range roles {
		for j := i + 1; j < len(roles); j++ {
			b := roles[j]
			if a.IsAdministrator() || b.IsAdministrator() {
				continue
			}
			n := both[[2]int{i, j}]
			s := Similar{First: a, Second: b, Merged: a.Set.Union(b.Set), FirstWouldGain: b.Set.Without(a.Set), SecondWouldGain: a.Set.Without(b.Set)}
			s.Permissions, s.Holders = share(a.Set.Within(b.Set).Len(), s.Merged.Len()), share(n, holders[i]+holders[j]-n)
			// Two people who happen to have both say nothing of the roles.
			if s.Permissions >= TooFine || s.Holders >= TooFine && n > 2 {
				all = append(all, s)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Similar) int {
		return cmp.Or(cmp.Compare(max(b.Permissions, b.Holders), max(a.Permissions, a.Holders)), cmp.Compare(a.First.Name, b.First.Name), cmp.Compare(a.Second.Name, b.Second.Name))
	})
	return all
}

// Bearer is somebody who has a role, wherever.
type Bearer struct {
	Member id.Member
	Role   id.Role
}

// rolesOf lists which roles each member has, in order.
func rolesOf(bearers []Bearer, at map[id.Role]int) map[id.Member][]int {
	has := map[id.Member][]int{}
	for _, h := range bearers {
		if i, ok := at[h.Role]; ok {
			has[h.Member] = append(has[h.Member], i)
		}
	}
	for m := range has {
		slices.Sort(has[m])
	}
	return has
}

func share(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return 100 * part / whole
}
