package access_test

import (
	"errors"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
)

// who is somebody with these roles.
func who(roles ...access.Role) access.Holder {
	return access.Holder{Member: id.NewMember(now), Name: "Ann", Roles: roles}
}

func TestARuleKeepsApart(t *testing.T) {
	admin := access.Role{ID: id.NewRole(now), Name: "Administrator", Shipped: access.AdministratorKey, Set: access.SetOf(access.ApprovalRulesManage, access.CheckoutPlace, access.BudgetsManage)}
	buyer := access.Role{ID: id.NewRole(now), Name: "Buyer", Set: access.SetOf(access.CheckoutPlace)}
	second := access.Role{ID: id.NewRole(now), Name: "Second buyer", Set: access.SetOf(access.CheckoutPlace)}
	ruler := access.Role{ID: id.NewRole(now), Name: "Ruler", Set: access.SetOf(access.ApprovalRulesManage)}
	copied := admin
	copied.ID, copied.Name, copied.Shipped = id.NewRole(now), "Administrator - Duplicated", ""
	pair := access.Separation{Permissions: access.SetOf(access.CheckoutPlace, access.ApprovalRulesManage), Cardinality: 2}
	excusing := pair
	excusing.Excuses = true
	three := access.Separation{Permissions: access.SetOf(access.CheckoutPlace, access.ApprovalRulesManage, access.BudgetsManage), Cardinality: 3}
	roles := access.Separation{Roles: []id.Role{buyer.ID, second.ID, ruler.ID}, Cardinality: 2}
	for _, test := range []struct {
		says     string
		rule     access.Separation
		holder   access.Holder
		breaches bool
		excused  bool
	}{
		{"who has nothing breaches nothing", pair, who(), false, false},
		{"who buys may buy", pair, who(buyer, second), false, false},
		{"nobody buys and makes rules", pair, who(buyer, ruler), true, false},
		{"not by one role either", pair, who(copied), true, false},
		{"an administrator no less", pair, who(admin), true, false},
		{"unless the rule excuses them", excusing, who(admin), false, true},
		{"also where one half is of another role", excusing, who(admin, buyer), false, true},
		{"but not where both are", excusing, who(admin, buyer, ruler), true, false},
		{"a copy of their role is no excuse", excusing, who(copied), true, false},
		{"two of three are fine", three, who(buyer, ruler), false, false},
		{"three of three are not", three, who(admin), true, false},
		{"two roles that a rule names", roles, who(buyer, second), true, false},
		{"a role that it does not name", roles, who(buyer, admin, copied), false, false},
	} {
		b, breaches := test.rule.Breach(test.holder)
		_, excused := test.rule.Excused(test.holder)
		if breaches != test.breaches || excused != test.excused {
			t.Errorf("%s: %v, %v: %s", test.says, breaches, excused, b.Phrase())
		}
	}
	b, _ := pair.Breach(who(buyer, second, ruler))
	if got := b.Phrase().String(); got != "“Allow checkout (place order)” (through Buyer and Second buyer) and “Create, edit, delete approval rules” (through Ruler)" {
		t.Error(got)
	}
	b, _ = roles.Breach(who(buyer, second, ruler))
	if got := b.Phrase().String(); got != "the role “Buyer”, the role “Second buyer” and the role “Ruler”" {
		t.Error(got)
	}
}

func TestAChangeThatAddsNothingBreaksNothing(t *testing.T) {
	buyer := access.Role{ID: id.NewRole(now), Set: access.SetOf(access.CheckoutPlace)}
	second := access.Role{ID: id.NewRole(now), Set: access.SetOf(access.CheckoutPlace)}
	ruler := access.Role{ID: id.NewRole(now), Set: access.SetOf(access.ApprovalRulesManage)}
	keeper := access.Role{ID: id.NewRole(now), Set: access.SetOf(access.BudgetsManage)}
	pair := access.Separation{Permissions: access.SetOf(access.CheckoutPlace, access.ApprovalRulesManage, access.BudgetsManage), Cardinality: 2}
	named := access.Separation{Roles: []id.Role{buyer.ID, second.ID, ruler.ID}, Cardinality: 2}
	for _, test := range []struct {
		says          string
		rule          access.Separation
		before, after access.Holder
		want          bool
	}{
		{"the second half", pair, who(buyer), who(buyer, ruler), true},
		{"the same once more", pair, who(buyer, ruler), who(buyer, ruler, second), false},
		{"a third of what are two too many", pair, who(buyer, ruler), who(buyer, ruler, keeper), true},
		{"another two of three", pair, who(buyer, ruler), who(buyer, keeper), true},
		{"less", pair, who(buyer, ruler, keeper), who(buyer, ruler), false},
		{"too little", pair, who(), who(buyer), false},
		{"a second role", named, who(buyer), who(buyer, second), true},
		{"a third role", named, who(buyer, second), who(buyer, second, ruler), true},
		{"a role that has nothing to do with it", named, who(buyer, second), who(buyer, second, keeper), false},
	} {
		if _, got := test.rule.Breaks(test.before, test.after); got != test.want {
			t.Errorf("%s: %v", test.says, got)
		}
	}
}

func TestARuleIsWhatItCanBe(t *testing.T) {
	two := access.SetOf(access.CheckoutPlace, access.BudgetsManage)
	a, b := id.NewRole(now), id.NewRole(now)
	many := access.SetOf(access.All(access.Buyer)[:access.MostElements+1]...)
	for _, test := range []struct {
		says  string
		f     access.SeparationFields
		field string
	}{
		{"a pair", access.SeparationFields{Name: " A  pair ", Permissions: two, Cardinality: 2}, ""},
		{"a pair of roles, one said twice", access.SeparationFields{Name: "A pair", Roles: []id.Role{b, a, b}, Cardinality: 2}, ""},
		{"no name", access.SeparationFields{Permissions: two, Cardinality: 2}, "name"},
		{"a long name", access.SeparationFields{Name: strings.Repeat("x", access.NameLength+1), Permissions: two, Cardinality: 2}, "name"},
		{"nothing to keep apart", access.SeparationFields{Name: "x", Cardinality: 2}, "permissions"},
		{"one permission", access.SeparationFields{Name: "x", Permissions: access.SetOf(access.CheckoutPlace), Cardinality: 2}, "permissions"},
		{"one role", access.SeparationFields{Name: "x", Roles: []id.Role{a, a}, Cardinality: 2}, "role_ids"},
		{"both kinds", access.SeparationFields{Name: "x", Permissions: two, Roles: []id.Role{a, b}, Cardinality: 2}, "role_ids"},
		{"too many", access.SeparationFields{Name: "x", Permissions: many, Cardinality: 2}, "permissions"},
		{"a permission of the seller's", access.SeparationFields{Name: "x", Permissions: access.SetOf(access.CheckoutPlace, access.CompaniesManage), Cardinality: 2}, "permissions"},
		{"a cardinality of one", access.SeparationFields{Name: "x", Permissions: two, Cardinality: 1}, "cardinality"},
		{"more than there are", access.SeparationFields{Name: "x", Permissions: two, Cardinality: 3}, "cardinality"},
		{"administrators excused of a role", access.SeparationFields{Name: "x", Roles: []id.Role{a, b}, Cardinality: 2, Excuses: true}, "excuse_administrators"},
	} {
		s, err := access.Separation{Version: 3}.Edit(access.Buyer, 3, test.f)
		f := fault.Of(err)
		switch {
		case test.field == "" && (err != nil || s.Name != "A pair" || len(s.Roles)+s.Permissions.Len() != 2):
			t.Errorf("%s: %+v, %v", test.says, s, err)
		case test.field != "" && (f == nil || len(f.Fields) != 1 || f.Fields[0].Name != test.field):
			t.Errorf("%s: %v", test.says, err)
		}
	}
	if _, err := (access.Separation{Version: 3}).Edit(access.Buyer, 2, access.SeparationFields{}); !errors.Is(err, access.ErrSeparationStale) {
		t.Error(err)
	}
}

func TestRefusalsNameWhoAndWhat(t *testing.T) {
	breach := access.Breach{Rule: id.NewSeparation(now), Name: "Pair", Member: id.NewMember(now), Who: "Ann Archer", Held: []access.Held{
		{Permission: access.CheckoutPlace, Through: []access.Named{{Name: "Buyer"}}}, {Permission: access.BudgetsManage, Through: []access.Named{{Name: "Keeper"}}}}}
	const want = "Ann Archer would have “Allow checkout (place order)” (through Buyer) and “Create, edit, transfer, close budgets” (through Keeper); the rule “Pair” keeps that apart"
	one := fault.Of(access.Separated([]access.Breach{breach}))
	if one.Text() != want || len(one.Reasons) != 1 || one.Reasons[0].Detail["member_id"] != breach.Member.String() || one.Reasons[0].Detail["rule_id"] != breach.Rule.String() {
		t.Errorf("%+v", one)
	}
	all := []access.Breach{breach, breach.Unnamed()}
	two := fault.Of(access.Separated(all))
	if two.Text() != want+", and 1 more breach of this kind" || len(two.Reasons) != 2 || !strings.HasPrefix(two.Reasons[1].Text(), "somebody whom you do not see would have") || two.Reasons[1].Detail["member_id"] != "" {
		t.Errorf("%+v", two)
	}
	for len(all) < access.MostBreaches+5 {
		all = append(all, breach)
	}
	most := fault.Of(access.Breached(all))
	if len(most.Reasons) != access.MostBreaches || !strings.HasSuffix(most.Text(), "24 more breaches of this kind") || !errors.Is(most, access.ErrBreached) {
		t.Errorf("%+v", most)
	}
	if access.Separated(nil) != nil || access.Breached(nil) != nil {
		t.Error("nothing is refused")
	}
}

func TestSuggestionsCanBeKept(t *testing.T) {
	seen := map[access.Set]bool{}
	for _, g := range access.Suggestions(access.Buyer) {
		s, err := access.Separation{}.Edit(access.Buyer, 0, g.Fields(locale.English))
		if err != nil || !s.On || s.Excuses || !g.Has(s) || seen[s.Permissions] {
			t.Errorf("%s: %+v, %v", g.Key, s, err)
		}
		seen[s.Permissions] = true
		if back, err := access.SuggestionOf(access.Buyer, g.Key); err != nil || back.Key != g.Key {
			t.Errorf("%s: %v", g.Key, err)
		}
		for _, r := range access.Shipped(access.Buyer) {
			holder := who(access.Role{ID: id.NewRole(now), Shipped: r.Key, Set: r.Set.Normalise()})
			if _, breaches := s.Breach(holder); breaches != (r.Key == access.AdministratorKey) {
				t.Errorf("%s, as shipped, breaches %s: %v", r.Name, g.Key, breaches)
			}
		}
	}
	if _, err := access.SuggestionOf(access.Buyer, "x"); !errors.Is(err, access.ErrUnseenSeparation) {
		t.Error(err)
	}
}

// A rule is breached by who holds every element of any choice of as many as the cardinality, tried choice by choice.
func TestBreachesAreThoseOfAModel(t *testing.T) {
	leaves := access.All(access.Buyer)[:8]
	rapid.Check(t, func(t *rapid.T) {
		some := func(label string, least int) (s access.Set) {
			return access.SetOf(rapid.SliceOfNDistinct(rapid.SampledFrom(leaves), least, 6, rapid.ID).Draw(t, label)...)
		}
		s := access.Separation{Permissions: some("elements", 2), Excuses: rapid.Bool().Draw(t, "excuses")}
		s.Cardinality = rapid.IntRange(2, s.Permissions.Len()).Draw(t, "cardinality")
		var h access.Holder
		for range rapid.IntRange(0, 4).Draw(t, "roles") {
			r := access.Role{ID: id.NewRole(now), Set: some("set", 0)}
			if rapid.IntRange(0, 3).Draw(t, "administrator") == 0 {
				r.Shipped = access.AdministratorKey
			}
			h.Roles = append(h.Roles, r)
		}
		if rapid.IntRange(0, 2).Draw(t, "about roles") == 0 {
			var keys []id.Role
			for _, r := range h.Roles {
				if rapid.Bool().Draw(t, "named") {
					keys = append(keys, r.ID)
				}
			}
			s.Roles, s.Permissions, s.Excuses = append(keys, id.NewRole(now), id.NewRole(now)), access.Set{}, false
			s.Cardinality = rapid.IntRange(2, len(s.Roles)).Draw(t, "roles too many")
		}
		held := func(element int, all bool) bool {
			return slices.ContainsFunc(h.Roles, func(r access.Role) bool {
				if len(s.Roles) > 0 {
					return r.ID == s.Roles[element]
				}
				return r.Set.Has(s.Permissions.List()[element]) && (all || !s.Excuses || r.Shipped != access.AdministratorKey)
			})
		}
		model := func(all bool) bool {
			n := s.Permissions.Len() + len(s.Roles)
			for choice := range 1 << n {
				holdsAll := bits.OnesCount(uint(choice)) == s.Cardinality
				for i := range n {
					holdsAll = holdsAll && (choice&(1<<i) == 0 || held(i, all))
				}
				if holdsAll {
					return true
				}
			}
			return false
		}
		_, breaches := s.Breach(h)
		if breaches != model(false) {
			t.Fatalf("%+v of %+v: %v", s, h, breaches)
		}
		if _, excused := s.Excused(h); excused != (!model(false) && model(true)) {
			t.Fatalf("%+v of %+v excused: %v", s, h, excused)
		}
		groups := 0
		for _, by := range s.Gives(h.Roles) {
			if slices.ContainsFunc(h.Roles, func(r access.Role) bool { return slices.Contains(by, r.ID) }) {
				groups++
			}
		}
		if (groups >= s.Cardinality) != model(true) {
			t.Fatalf("%+v of %+v: %d groups", s, h, groups)
		}
	})
}

// A rule is looser than another exactly when no set of permissions breaches it and not the other, tried set by set; and
// not for the sake of administrators either.
func TestLooserIsThatOfAModel(t *testing.T) {
	leaves := access.All(access.Buyer)[:6]
	rapid.Check(t, func(t *rapid.T) {
		rule := func(label string) access.Separation {
			s := access.Separation{On: true, Excuses: rapid.Bool().Draw(t, label+" excuses"),
				Permissions: access.SetOf(rapid.SliceOfNDistinct(rapid.SampledFrom(leaves), 2, 6, rapid.ID).Draw(t, label)...)}
			s.Cardinality = rapid.IntRange(2, s.Permissions.Len()).Draw(t, label+" cardinality")
			return s
		}
		a, b := rule("a"), rule("b")
		want := true
		for choice := range 1 << len(leaves) {
			for _, shipped := range []string{"", access.AdministratorKey} {
				r := access.Role{ID: id.NewRole(now), Shipped: shipped}
				for i, p := range leaves {
					if choice&(1<<i) != 0 {
						r.Set.Add(p)
					}
				}
				_, breachesA := a.Breach(who(r))
				_, breachesB := b.Breach(who(r))
				want = want && (!breachesA || breachesB)
			}
		}
		if got := a.Looser(b); got != want {
			t.Fatalf("%+v is looser than %+v: %v", a, b, got)
		}
		off := b
		off.On = false
		if a.Looser(off) || !off.Looser(a) {
			t.Fatal("what is off is looser than anything, and nothing that is on than it")
		}
	})
}
