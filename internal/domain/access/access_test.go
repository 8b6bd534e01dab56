package access_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
)

var now = time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)

func TestEveryPermissionStandsInTheTreeOnce(t *testing.T) {
	seen := map[access.Permission]bool{}
	codes := map[string]bool{}
	for _, realm := range []access.Realm{access.Buyer, access.Staff, access.Self} {
		for _, g := range access.Tree(realm) {
			for _, p := range g.Leaves {
				if seen[p] || codes[p.Code()] || p.Code() == "" || p.Label() == "" {
					t.Errorf("%v (%q) is there twice, or has no name", p, p.Label())
				}
				seen[p], codes[p.Code()] = true, true
				back, err := access.Parse(p.Code())
				if err != nil || back != p {
					t.Errorf("%v reads back as %v, %v", p, back, err)
				}
				for _, n := range p.Needs() {
					if n.Realm() != p.Realm() && (p.Realm() != access.Staff || n.Realm() != access.Buyer) {
						t.Errorf("%v needs %v of another realm", p, n) // but for staff, whose own organisation has people too
					}
				}
			}
		}
		if got, want := len(access.All(realm)), len(slices.Concat(leaves(access.Tree(realm))...)); got != want {
			t.Errorf("the tree of realm %d has %d of %d permissions", realm, want, got)
		}
	}
}

func leaves(tree []access.Group) (all [][]access.Permission) {
	for _, g := range tree {
		all = append(all, g.Leaves)
	}
	return all
}

func TestAWiderReachNeedsTheNarrower(t *testing.T) {
	for _, p := range access.All(access.Buyer) {
		for _, step := range []struct{ wide, narrow string }{{".company", ".subordinates"}, {".company", ""}, {".subordinates", ""}} {
			code, ok := strings.CutSuffix(p.Code(), step.wide)
			if !ok {
				continue
			}
			narrow, err := access.Parse(code + step.narrow)
			if err != nil {
				continue // this act has fewer reaches
			}
			if s := access.SetOf(p).Normalise(); !s.Has(narrow) {
				t.Errorf("%s does not need %s", p, narrow)
			}
		}
	}
}

func TestShippedRoles(t *testing.T) {
	for _, realm := range []access.Realm{access.Buyer, access.Staff} {
		shipped(t, realm)
	}
}

func shipped(t *testing.T, realm access.Realm) {
	t.Helper()
	usual, may := 0, access.Leaves(realm)
	for i, r := range access.Shipped(realm) {
		if r.Default {
			usual++
		}
		if (r.Key == access.AdministratorKey) != (i == 0) {
			t.Error("the administrators' role comes first")
		}
		for _, p := range r.Set.Normalise().List() {
			if !may.Has(p) {
				t.Errorf("%s has %s, which is not of its realm", r.Name, p)
			}
			if p.Bypass() {
				t.Errorf("%s has %s, which steps around a limit", r.Name, p)
			}
		}
		if r.Key != "administrator" && r.Set.Normalise() != r.Set {
			t.Errorf("%s lacks %v, which it needs", r.Name, r.Set.Normalise().Without(r.Set).Codes())
		}
	}
	if usual != 1 {
		t.Errorf("%d roles are what new members get", usual)
	}
	bypasses := 0
	for _, p := range access.All(access.Buyer) {
		if p.Bypass() {
			bypasses++
		}
	}
	if bypasses != 3 {
		t.Errorf("%d permissions step around order limits", bypasses)
	}
}

func TestSetsFromCodes(t *testing.T) {
	for _, c := range []struct {
		sentence string
		codes    []string
		want     []string // of which some are
		fields   int
		realm    access.Realm
	}{
		{"what a leaf needs comes with it", []string{"checkout.place"}, []string{"checkout.place", "carts.manage", "prices.view", "catalog.view"}, 0, 0},
		{"a group stands for its leaves", []string{"people.*"}, []string{"roles.view", "roles.manage", "users.view", "users.manage"}, 0, 0},
		{"a star is all", []string{"*"}, []string{"audit.view", "catalog.view"}, 0, 0},
		{"who manages staff manages people", []string{"staff.manage"}, []string{"staff.manage", "users.manage", "users.view"}, 0, access.Staff},
		{"what a leaf needs may be said with it", []string{"staff.manage", "users.manage"}, []string{"users.manage"}, 0, access.Staff},
		{"and not without it", []string{"companies.view", "users.manage"}, nil, 1, access.Staff},
		{"staff do not buy", []string{"checkout.place"}, nil, 1, access.Staff},
		{"a star is all of a realm", []string{"*"}, []string{"companies.manage", "users.manage"}, 0, access.Staff},
		{"unknown codes are all named", []string{"fly", "orders.view", "swim"}, nil, 2, 0},
		{"a leaf of the seller is unknown to buyers", []string{"companies.manage"}, nil, 1, 0},
		{"a prefix is no leaf", []string{"orders"}, nil, 1, 0},
		{"a group alone neither", []string{"sales"}, nil, 1, 0},
		{"nor is an unknown group", []string{"nothing.*"}, nil, 1, 0},
		{"codes are as they are written", []string{"Orders.View"}, nil, 1, 0},
	} {
		s, err := access.ParseSet(c.realm, c.codes)
		var f *fault.Fault
		switch {
		case c.fields > 0 && (!errors.As(err, &f) || len(f.Fields) != c.fields):
			t.Errorf("%s: %v", c.sentence, err)
		case c.fields == 0 && err != nil:
			t.Errorf("%s: %v", c.sentence, err)
		case c.fields == 0:
			for _, code := range c.want {
				if p, err := access.Parse(code); err != nil || !s.Has(p) {
					t.Errorf("%s: %s is missing", c.sentence, code)
				}
			}
		}
	}
}

func anySet(t *rapid.T, label string) (s access.Set) {
	all := access.All(access.Buyer)
	for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(all)-1), 0, 20).Draw(t, label) {
		s.Add(all[i])
	}
	return s
}

func TestSetsHoldWhatTheyNeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySet(t, "set")
		n := s.Normalise()
		if n.Normalise() != n {
			t.Fatal("to normalise twice is more than once")
		}
		if s.Without(n).Len() > 0 {
			t.Fatal("to normalise took something away")
		}
		for _, p := range n.List() {
			for _, need := range p.Needs() {
				if !n.Has(need) {
					t.Fatalf("%v is there without %v", p, need)
				}
			}
		}
		if n.Len() == 0 {
			return
		}
		gone := rapid.SampledFrom(n.List()).Draw(t, "gone")
		c := n.Clear(gone)
		if c.Has(gone) || c.Normalise() != c {
			t.Fatalf("without %v there is left what needs it: %v", gone, c.Codes())
		}
	})
}

func TestASetIsKeptByItsCodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, back := anySet(t, "set"), anySet(t, "what was there before")
		if kept, err := json.Marshal(s); err != nil || json.Unmarshal(kept, &back) != nil || back != s {
			t.Fatalf("%v is read back as %v", s.Codes(), back.Codes())
		}
	})
	var s access.Set
	if err := json.Unmarshal([]byte(`["orders.view", "orders.fly"]`), &s); err != nil || s != access.SetOf(access.OrdersView) {
		t.Errorf("with a code that nobody knows: %v, %v", s.Codes(), err)
	}
	if err := json.Unmarshal([]byte(`[1]`), &s); err == nil {
		t.Error("a number is read as a code")
	}
}

func TestNobodyGivesMoreThanTheyHold(t *testing.T) {
	paths := []tree.Path{tree.Top, "1.", "1.2.", "1.2.3.", "1.4."}
	rapid.Check(t, func(t *rapid.T) {
		var grants []access.Grant
		for range rapid.IntRange(0, 4).Draw(t, "grants") {
			grants = append(grants, access.Grant{Place: rapid.SampledFrom(paths).Draw(t, "place"), Set: anySet(t, "held")})
		}
		giver := access.Actor{Kind: access.Member, Member: id.NewMember(now)}.Holding(grants)
		set, place := anySet(t, "given"), rapid.SampledFrom(paths).Draw(t, "where")
		if giver.RequireToGive(set, place, id.NewMember(now)) != nil {
			return
		}
		// Whoever is given it can do nothing, anywhere, that the giver could not.
		taker := access.Actor{Kind: access.Member}.Holding([]access.Grant{{Place: place, Set: set}})
		for _, p := range access.All(access.Buyer) {
			for _, at := range paths {
				if taker.May(p, at) && !giver.May(p, at) {
					t.Fatalf("%v at %q was given by somebody who has it not", p, at)
				}
			}
		}
	})
}

func TestScopeSaysWhatReachesSays(t *testing.T) {
	paths := []tree.Path{tree.Top, "1.", "1.2.", "1.2.3.", "1.4.", "1.4.5."}
	me, other := id.NewMember(now), id.NewMember(now)
	rapid.Check(t, func(t *rapid.T) {
		var grants []access.Grant
		for range rapid.IntRange(0, 3).Draw(t, "grants") {
			grants = append(grants, access.Grant{Place: rapid.SampledFrom(paths).Draw(t, "place"), Set: anySet(t, "held")})
		}
		a := access.Actor{Kind: access.Member, Member: me, At: rapid.SampledFrom(paths).Draw(t, "at")}.Holding(grants)
		thing := access.Thing{Owner: rapid.SampledFrom([]id.Member{me, other}).Draw(t, "owner"), OwnerAt: rapid.SampledFrom(paths).Draw(t, "ownerAt"),
			At: rapid.SampledFrom(paths).Draw(t, "thingAt")}
		for _, r := range []access.Reach{access.ViewOrders, access.CancelOrders, access.ViewQuotes, access.ViewBudgets, access.ViewMembers} {
			s := a.Scope(r)
			within := func(all []tree.Path) bool {
				return slices.ContainsFunc(all, func(p tree.Path) bool { return p.Covers(thing.At) })
			}
			listed := within(s.Company) || thing.Owner == s.Member && within(s.Own) || s.Below.Above(thing.OwnerAt) && within(s.Subordinates)
			if listed != a.Reaches(r, thing) {
				t.Fatalf("a list has it: %v; asked alone: %v", listed, a.Reaches(r, thing))
			}
			if s.Nothing() && listed {
				t.Fatal("nothing holds something")
			}
		}
	})
}

// Who holds a leaf elsewhere is told where it is needed, and who holds it nowhere is not.
func TestWhoIsRefusedIsToldWhere(t *testing.T) {
	ann := access.Actor{Kind: access.Member}.Holding([]access.Grant{{Place: "1.", Set: access.SetOf(access.RolesManage)}})
	for _, c := range []struct{ sentence, where, got string }{
		{"in the whole company", "company", fault.Of(ann.Require(access.RolesManage, tree.Top)).Detail["where"]},
		{"at another unit", "unit", fault.Of(ann.Require(access.RolesManage, "2.")).Detail["where"]},
		{"held nowhere", "", fault.Of(ann.Require(access.UsersManage, "2.")).Detail["where"]},
	} {
		if c.got != c.where {
			t.Errorf("%s: %q, want %q", c.sentence, c.got, c.where)
		}
	}
}

// What somebody may give is what they hold at every place, and to no one a bypass of their own.
func TestWhatSomebodyMayGive(t *testing.T) {
	some := access.Actor{Kind: access.Member}.Holding([]access.Grant{{Set: access.SetOf(access.RolesManage)}, {Place: "1.", Set: access.SetOf(access.UsersView)}})
	for _, c := range []struct {
		sentence string
		given    []access.Assignment
		want     access.Set
	}{
		{"everywhere", []access.Assignment{{Place: tree.Top}}, access.SetOf(access.RolesManage)},
		{"at a unit", []access.Assignment{{Place: "1."}}, access.SetOf(access.RolesManage, access.UsersView)},
		{"at both", []access.Assignment{{Place: "1."}, {Place: tree.Top}}, access.SetOf(access.RolesManage)},
	} {
		if got := some.Givable(access.Set{}, c.given); got != c.want {
			t.Errorf("%s: %v, want %v", c.sentence, got.Codes(), c.want.Codes())
		}
	}
}

func TestWhoIsRefusedIsToldWhy(t *testing.T) {
	ann := access.Actor{Kind: access.Member, Member: id.NewMember(now)}.Holding([]access.Grant{{Set: access.SetOf(access.OrdersView)}})
	blocked := access.Actor{Kind: access.Member, Regime: access.Looking}.Holding([]access.Grant{{Set: access.SetOf(access.CheckoutPlace, access.OrdersView)}})
	theirs := access.Thing{Owner: id.NewMember(now), At: "1."}
	mine := access.Thing{Owner: ann.Member, At: "1."}
	for _, c := range []struct {
		sentence string
		err      error
		want     *fault.Fault
		detail   string
	}{
		{"who is not signed in signs in first", access.Anonymous().Require(access.OrdersView, tree.Top), access.ErrSignIn, ""},
		{"signing in needs no signing in", access.Anonymous().Require(access.SelfSignIn, tree.Top), nil, ""},
		{"who lacks a leaf is told which", ann.Require(access.UsersView, tree.Top), access.ErrForbidden, "users.view"},
		{"who has it nowhere too", ann.RequireSomewhere(access.UsersView), access.ErrForbidden, "users.view"},
		{"a blocked company is told so", blocked.Require(access.CheckoutPlace, tree.Top), access.ErrBlocked, "checkout.place"},
		{"but looks", blocked.Require(access.OrdersView, tree.Top), nil, ""},
		{"what one may not see is not there", ann.RequireSeen(access.ViewOrders, theirs), access.ErrUnseen, ""},
		{"what one sees is", ann.RequireSeen(access.ViewOrders, mine), nil, ""},
		{"nobody sees nothing without signing in", access.Anonymous().RequireSeen(access.ViewOrders, theirs), access.ErrSignIn, ""},
		{"a thing without an owner is not nobody's own", access.Anonymous().RequireSeen(access.ViewOrders, access.Thing{}), access.ErrSignIn, ""},
	} {
		if c.want == nil {
			if c.err != nil {
				t.Errorf("%s: %v", c.sentence, c.err)
			}
			continue
		}
		var f *fault.Fault
		if !errors.Is(c.err, c.want) || !errors.As(c.err, &f) || f.Detail["permission"] != c.detail {
			t.Errorf("%s: %v", c.sentence, c.err)
		}
	}
}

func TestTheSystemMayEverything(t *testing.T) {
	s := access.System(id.NewCompany(now))
	for _, realm := range []access.Realm{access.Buyer, access.Staff, access.Self} {
		for _, p := range access.All(realm) {
			if !s.May(p, "1.2.") || !s.May(p, tree.Top) {
				t.Errorf("the system may not %s", p)
			}
		}
	}
}

func TestRolesAreEdited(t *testing.T) {
	some := access.SetOf(access.CheckoutPlace)
	admin := access.Role{Shipped: access.AdministratorKey, Version: 1}
	for _, c := range []struct {
		sentence    string
		role        access.Role
		version     int64
		name        string
		description string
		set         access.Set
		want        *fault.Fault
		field       string
	}{
		{"a role has a name and permissions", access.Role{Version: 1}, 1, "  Night  shift ", "At night.", some, nil, ""},
		{"the administrators' role is fixed", admin, 1, "Boss", "", some, access.ErrFixedRole, ""},
		{"who has seen an older one looks again", access.Role{Version: 2}, 1, "Night", "", some, access.ErrRoleStale, ""},
		{"a name is needed", access.Role{Version: 1}, 1, " \t ", "", some, fault.ErrInput, "name"},
		{"a name is not endless", access.Role{Version: 1}, 1, strings.Repeat("x", 81), "", some, fault.ErrInput, "name"},
		{"a name has no control characters", access.Role{Version: 1}, 1, "a\x1b[31mb", "", some, fault.ErrInput, "name"},
		{"a name is text", access.Role{Version: 1}, 1, "a\xffb", "", some, fault.ErrInput, "name"},
		{"a description is not endless", access.Role{Version: 1}, 1, "a", strings.Repeat("x", 501), some, fault.ErrInput, "description"},
		{"a description has no control characters", access.Role{Version: 1}, 1, "a", "b\x00", some, fault.ErrInput, "description"},
		{"an empty role is none", access.Role{Version: 1}, 1, "a", "", access.Set{}, fault.ErrInput, "permissions"},
		{"the seller's leaves stand in no buyer's role", access.Role{Version: 1}, 1, "a", "", access.SetOf(access.CompaniesManage), fault.ErrInput, "permissions"},
		{"nor do one's own", access.Role{Version: 1}, 1, "a", "", access.SetOf(access.SelfAccount), fault.ErrInput, "permissions"},
	} {
		r, err := c.role.Edit(access.Buyer, c.version, c.name, c.description, c.set)
		if c.want == nil {
			if err != nil || r.Name != "Night shift" || r.Set != some.Normalise() {
				t.Errorf("%s: %v, %+v", c.sentence, err, r)
			}
			continue
		}
		var f *fault.Fault
		if !errors.Is(err, c.want) || !errors.As(err, &f) || c.field != "" && (len(f.Fields) != 1 || f.Fields[0].Name != c.field) {
			t.Errorf("%s: %v", c.sentence, err)
		}
		if err != nil && r.Name != c.role.Name {
			t.Errorf("%s, and was changed all the same", c.sentence)
		}
	}
}

func TestCopiesAreNamed(t *testing.T) {
	for _, c := range []struct {
		sentence, name string
		taken          []string
		want           string
	}{
		{"a copy says so", "Buyer", nil, "Buyer - Duplicated"},
		{"a second copy is numbered", "Buyer", []string{"Buyer - Duplicated"}, "Buyer - Duplicated 2"},
		{"and so on", "Buyer", []string{"Buyer - Duplicated", "Buyer - Duplicated 2"}, "Buyer - Duplicated 3"},
		{"a copy of a copy", "Buyer - Duplicated", nil, "Buyer - Duplicated - Duplicated"},
		{"a long name is cut", strings.Repeat("ü", 80), nil, strings.Repeat("ü", 67) + " - Duplicated"},
	} {
		r := access.Role{ID: id.NewRole(now), Name: c.name, Shipped: "buyer", Default: true, Version: 7, Set: access.SetOf(access.OrdersView)}
		d := r.Duplicate(id.NewRole(now), func(name string) bool { return slices.Contains(c.taken, name) })
		if d.Name != c.want || d.ID == r.ID || d.Shipped != "" || d.Default || d.Version != 1 || d.Set != r.Set {
			t.Errorf("%s: %+v", c.sentence, d)
		}
		if _, err := d.Edit(access.Buyer, 1, d.Name, "", d.Set); err != nil {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestRolesAreDeleted(t *testing.T) {
	other, apart := id.NewRole(now), id.NewRole(now)
	rules := []access.Separation{{Name: "Other", Roles: []id.Role{other}}, {Name: "Apart", Roles: []id.Role{other, apart}}}
	for _, c := range []struct {
		sentence string
		role     access.Role
		version  int64
		holders  []string
		want     *fault.Fault
		text     string
	}{
		{"a role that nobody has goes", access.Role{Version: 3}, 3, nil, nil, ""},
		{"not the administrators'", access.Role{Shipped: access.AdministratorKey, Version: 3}, 3, nil, access.ErrFixedRole, ""},
		{"not one that was seen otherwise", access.Role{Version: 3}, 2, nil, access.ErrRoleStale, ""},
		{"not what new members get", access.Role{Default: true, Version: 3}, 3, nil, access.ErrDefaultRole, ""},
		{"not one that somebody has, and it says who", access.Role{Version: 3}, 3, []string{"Ann", "Bob"}, access.ErrRoleInUse, "Ann, Bob"},
		{"of many it names some", access.Role{Version: 3}, 3, []string{"A", "B", "C", "D", "E", "F", "G"}, access.ErrRoleInUse, "A, B, C, D, E and 2 more"},
		{"not one that a rule names, and it says which", access.Role{ID: apart, Version: 3}, 3, nil, access.ErrRoleSeparated, "“Apart”"},
	} {
		err := c.role.Delete(c.version, c.holders, rules, nil)
		if c.want == nil && err != nil || c.want != nil && (!errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text)) {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
}

func TestAssignmentsHaveTheirTime(t *testing.T) {
	m, r, u := id.NewMember(now), id.NewRole(now), id.NewUnit(now)
	hour := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	type span struct{ from, until time.Time }
	for _, c := range []struct {
		sentence      string
		span          span
		holds, ended  bool
		canBeMadeSoon bool
	}{
		{"for ever", span{}, true, false, true},
		{"from now on", span{from: now}, true, false, true},
		{"from an hour on", span{from: hour(1)}, false, false, true},
		{"until this instant", span{until: now}, false, true, false},
		{"until just behind", span{until: now.Add(time.Microsecond)}, true, false, true},
		{"yesterday", span{hour(-24), hour(-1)}, false, true, false},
		{"backwards", span{hour(2), hour(1)}, false, false, false},
		{"for no time", span{hour(1), hour(1)}, false, false, false},
	} {
		a := access.Assignment{Member: m, Role: r, From: c.span.from, Until: c.span.until}
		if a.Holds(now) != c.holds || a.Ended(now) != c.ended || (a.Check(now) == nil) != c.canBeMadeSoon {
			t.Errorf("%s: holds %v, ended %v, check %v", c.sentence, a.Holds(now), a.Ended(now), a.Check(now))
		}
	}
	for _, c := range []struct {
		sentence string
		a, b     access.Assignment
		want     bool
	}{
		{"the same for ever", access.Assignment{}, access.Assignment{}, true},
		{"one after the other", access.Assignment{Until: hour(1)}, access.Assignment{From: hour(1)}, false},
		{"one into the other", access.Assignment{Until: hour(2)}, access.Assignment{From: hour(1)}, true},
		{"at different places", access.Assignment{Unit: u}, access.Assignment{}, false},
		{"different roles", access.Assignment{Role: r}, access.Assignment{}, false},
		{"different people", access.Assignment{Member: m}, access.Assignment{}, false},
	} {
		if c.a.Meets(c.b) != c.want || c.b.Meets(c.a) != c.want {
			t.Errorf("%s: %v", c.sentence, c.a.Meets(c.b))
		}
	}
}

func TestEventsNameWhatTheyAreAbout(t *testing.T) {
	r, m, c := id.NewRole(now), id.NewMember(now), id.NewCompany(now)
	a := access.Assignment{ID: id.NewAssignment(now), Member: m, Role: r}
	role := access.Role{ID: r, Name: "Buyer"}
	s := id.NewSeparation(now)
	for name, e := range map[string]struct {
		event interface {
			EventName() string
			Subject() string
		}
		subject string
	}{
		"role.created":       {access.RoleWasCreated{RoleID: r}, r.String()},
		"role.edited":        {access.RoleWasEdited{RoleID: r}, r.String()},
		"role.deleted":       {access.RoleWasDeleted{RoleID: r}, r.String()},
		"role.default_set":   {access.DefaultWasSet{RoleID: r}, r.String()},
		"role.assigned":      {a.Assigned(role), m.String()},
		"role.revoked":       {a.Revoked(role), m.String()},
		"role.assigned_many": {access.WereAssigned{CompanyID: c}, c.String()},
		"separation.created": {access.SeparationWasCreated{SeparationID: s}, s.String()},
		"separation.edited":  {access.SeparationWasEdited{SeparationID: s}, s.String()},
		"separation.deleted": {access.SeparationWasDeleted{SeparationID: s}, s.String()},
	} {
		if e.event.EventName() != name || e.event.Subject() != e.subject {
			t.Errorf("%s is called %s and is about %s", name, e.event.EventName(), e.event.Subject())
		}
	}
}
