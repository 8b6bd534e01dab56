package access

import (
	"encoding/json"
	"math/bits"
	"slices"
	"strings"

	"kontor/internal/base/fault"
)

// Permission is one leaf of the permission tree.
type Permission uint8

// Realm is whose permission it is.
type Realm uint8

// The realms: Buyer leaves stand in the roles of companies, Staff leaves in those of the seller. Self leaves
// stand in no role: everybody who is (not yet) signed in has them.
const (
	Buyer Realm = iota
	Staff
	Self
)

type spec struct {
	code, label, group string
	needs              []Permission
	realm              Realm
	keeps              bool // held on while the company is blocked: it looks, downloads, or releases
	bypass             bool // steps around an order limit
}

// Group is an inner node of the permission tree.
type Group struct {
	Code, Label string
	Leaves      []Permission
}

// ErrUnknownPermission is the fault of a code that is in no tree.
var ErrUnknownPermission = fault.Define(fault.Invalid, "access.unknown_permission", "there is no permission of this code")

// Parse reads a permission's code.
func Parse(code string) (Permission, error) {
	if p, ok := codes[code]; ok {
		return p, nil
	}
	return none, ErrUnknownPermission.With("there is no permission %q", code)
}

// codes finds a permission by its code: a check may begin with one.
var codes = func() map[string]Permission {
	all := make(map[string]Permission, count)
	for p := none + 1; p < count; p++ {
		all[specs[p].code] = p
	}
	return all
}()

// All lists the permissions of a realm, in the tree's order.
func All(r Realm) []Permission {
	var all []Permission
	for p := none + 1; p < count; p++ {
		if specs[p].realm == r {
			all = append(all, p)
		}
	}
	return all
}

// Leaves is every leaf that a role of a realm can permit: those of the realm, and what they need. So staff who manage
// staff hold what it takes to manage people, in the seller's own organisation.
func Leaves(r Realm) Set { return leaves[r] }

var leaves = [...]Set{Buyer: SetOf(All(Buyer)...).Normalise(), Staff: SetOf(All(Staff)...).Normalise(), Self: SetOf(All(Self)...)}

// Tree is the permission tree of a realm: its groups with their leaves.
func Tree(r Realm) []Group {
	var tree []Group
	for _, g := range groups {
		for _, p := range All(r) {
			if specs[p].group == g.Code {
				g.Leaves = append(g.Leaves, p)
			}
		}
		if len(g.Leaves) > 0 {
			tree = append(tree, g)
		}
	}
	return tree
}

// Code is the permission's public name: "orders.view".
func (p Permission) Code() string { return specs[p].code }

// Label says in English what the permission lets one do.
func (p Permission) Label() string { return specs[p].label }

// Needs lists what must be held too.
func (p Permission) Needs() []Permission { return specs[p].needs }

// Narrowest is the same act on one's own: orders.view for orders.view.company. A permission that has no narrower reach is itself.
func (p Permission) Narrowest() Permission {
	for _, reach := range []string{".company", ".subordinates"} {
		if own, wider := strings.CutSuffix(p.Code(), reach); wider && codes[own] != none {
			return codes[own]
		}
	}
	return p
}

// Realm is whose permission it is.
func (p Permission) Realm() Realm { return specs[p].realm }

// Bypass reports whether the permission steps around an order limit.
func (p Permission) Bypass() bool { return specs[p].bypass }

// bypasses are the leaves that step around order limits.
var bypasses = func() (s Set) {
	for p := none + 1; p < count; p++ {
		if specs[p].bypass {
			s.Add(p)
		}
	}
	return s
}()

// Reached reports whether anything in this version asks for the permission.
func (p Permission) Reached() bool { return !unreached.Has(p) && !platform.Has(p) }

// OfPlatform reports whether only the platform itself is asked for it in this version.
func (p Permission) OfPlatform() bool { return platform.Has(p) }

func (p Permission) String() string { return p.Code() }

// Set is a set of permissions.
type Set [(int(count) + 63) / 64]uint64

// SetOf is the set of these permissions.
func SetOf(all ...Permission) (s Set) {
	for _, p := range all {
		s.Add(p)
	}
	return s
}

// Has reports whether p is in s.
func (s *Set) Has(p Permission) bool { return s[p>>6]&(1<<(p&63)) != 0 }

// Add puts p into s. That which is no permission is in no set.
func (s *Set) Add(p Permission) {
	if p != none {
		s[p>>6] |= 1 << (p & 63)
	}
}

// Remove takes p out of s.
func (s *Set) Remove(p Permission) { s[p>>6] &^= 1 << (p & 63) }

// Union is what is in s or t.
func (s Set) Union(t Set) Set {
	for i := range s {
		s[i] |= t[i]
	}
	return s
}

// Without is what is in s and not in t.
func (s Set) Without(t Set) Set {
	for i := range s {
		s[i] &^= t[i]
	}
	return s
}

// Within is what is in both.
func (s Set) Within(t Set) Set {
	for i := range s {
		s[i] &= t[i]
	}
	return s
}

// Len is how many permissions are in s.
func (s Set) Len() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// List is what is in s, in the tree's order.
func (s Set) List() []Permission {
	all := make([]Permission, 0, s.Len())
	for p := none + 1; p < count; p++ {
		if s.Has(p) {
			all = append(all, p)
		}
	}
	return all
}

// Codes is what is in s, by code.
func (s Set) Codes() []string {
	var all []string
	for _, p := range s.List() {
		all = append(all, p.Code())
	}
	return all
}

// Known is the set of these codes; one that this version does not know gives nothing.
func Known(codes []string) (s Set) {
	for _, code := range codes {
		if p, err := Parse(code); err == nil {
			s.Add(p)
		}
	}
	return s
}

// MarshalJSON writes the codes, which outlast the numbers: so a role keeps its permissions.
func (s Set) MarshalJSON() ([]byte, error) { return json.Marshal(s.Codes()) }

// UnmarshalJSON reads what MarshalJSON wrote, as far as this version knows it.
func (s *Set) UnmarshalJSON(b []byte) error {
	var codes []string
	err := json.Unmarshal(b, &codes)
	*s = Known(codes)
	return err
}

// Normalise adds to s whatever its permissions need, and what that needs.
func (s Set) Normalise() Set {
	for again := true; again; {
		again = false
		for _, p := range s.List() {
			for _, n := range specs[p].needs {
				if !s.Has(n) {
					s.Add(n)
					again = true
				}
			}
		}
	}
	return s
}

// Clear takes p out of s, and with it whatever needs it.
func (s Set) Clear(p Permission) Set {
	s.Remove(p)
	for _, q := range s.List() {
		for _, n := range specs[q].needs {
			if n == p && s.Has(q) {
				s = s.Clear(q)
			}
		}
	}
	return s
}

// ParseSet reads the codes of a realm; "group.*" and "*" stand for a whole group and the whole tree. What
// the codes need is added, and may stand among them even where it is of another realm. Unknown codes are all named in
// one fault.
func ParseSet(realm Realm, codes []string) (Set, error) {
	var s, needed Set
	var in fault.Input
	for _, code := range codes {
		if group, ok := strings.CutSuffix(code, "*"); ok {
			found := false
			for _, p := range All(realm) {
				if group == "" || specs[p].group+"." == group {
					s.Add(p)
					found = true
				}
			}
			if !found {
				in.Take(code, ErrUnknownPermission.With("there is no group of permissions %q", code))
			}
			continue
		}
		p, err := Parse(code)
		switch {
		case err != nil && grouped(realm, code):
			in.Take(code, ErrUnknownPermission.With("there is a group %q and no such permission: “%s.*” is all that it holds", code, code))
		case in.Take(code, err):
		case specs[p].realm == realm:
			s.Add(p)
		default:
			needed.Add(p)
		}
	}
	s = s.Normalise()
	for _, p := range needed.Without(s).List() {
		in.Add(p.Code(), ErrUnknownPermission.Code, "there is no permission %q", p.Code())
	}
	return s, in.Err()
}

// grouped reports whether a group of the realm's tree has this code.
func grouped(realm Realm, code string) bool {
	return slices.ContainsFunc(All(realm), func(p Permission) bool { return specs[p].group == code })
}

// kept is what a blocked company's members go on with.
func kept() (s Set) {
	for p := none + 1; p < count; p++ {
		if specs[p].keeps {
			s.Add(p)
		}
	}
	return s
}
