package access_test

import (
	"slices"
	"sync"
	"testing"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
)

func TestWhatIsAskedForAndHeldIsUsed(t *testing.T) {
	unit, other := tree.Top.Child(1), tree.Top.Child(2)
	me, below, elsewhere := id.NewMember(now), id.NewMember(now), id.NewMember(now)
	mine := access.Thing{Owner: me, OwnerAt: unit.Child(3), At: unit}
	theirs := access.Thing{Owner: below, OwnerAt: unit.Child(3).Child(4), At: unit}
	foreign := access.Thing{Owner: elsewhere, OwnerAt: other.Child(5), At: unit}
	all := access.SetOf(access.OrdersView, access.OrdersViewSubordinates, access.OrdersViewCompany, access.CheckoutPlace, access.RolesView)
	for _, row := range []struct {
		what string
		do   func(a access.Actor) error
		want []access.Permission
	}{
		{"required where it is held", func(a access.Actor) error { return a.Require(access.CheckoutPlace, unit) }, []access.Permission{access.CheckoutPlace}},
		{"required where it is not held", func(a access.Actor) error { a.Require(access.CheckoutPlace, other); return nil }, nil},
		{"not held at all", func(a access.Actor) error { a.Require(access.UsersManage, unit); return nil }, nil},
		{"required somewhere", func(a access.Actor) error { return a.RequireSomewhere(access.RolesView) }, []access.Permission{access.RolesView}},
		{"only looked at, for a button", func(a access.Actor) error {
			a.MaySomewhere(access.RolesView)
			a.May(access.CheckoutPlace, unit)
			return nil
		}, nil},
		{"one's own", func(a access.Actor) error { return a.RequireSeen(access.ViewOrders, mine) }, []access.Permission{access.OrdersView}},
		{"of somebody below", func(a access.Actor) error { return a.RequireSeen(access.ViewOrders, theirs) }, []access.Permission{access.OrdersViewSubordinates}},
		{"of somebody else", func(a access.Actor) error { return a.RequireSeen(access.ViewOrders, foreign) }, []access.Permission{access.OrdersViewCompany}},
		{"a list", func(a access.Actor) error { a.Scope(access.ViewOrders); return nil }, []access.Permission{access.OrdersView, access.OrdersViewSubordinates, access.OrdersViewCompany}},
		{"given out", func(a access.Actor) error { a.Gives(access.RolesView); return nil }, []access.Permission{access.RolesView}},
		{"not given out", func(a access.Actor) error { a.Gives(access.UsersManage); return nil }, nil},
		{"shown", func(a access.Actor) error { a.Shows(access.ViewOrders, theirs); return nil }, []access.Permission{access.OrdersViewSubordinates}},
		{"not shown", func(a access.Actor) error { a.Shows(access.ViewOrders, access.Thing{Owner: me, At: other}); return nil }, nil},
		{"places", func(a access.Actor) error { a.Places(access.CheckoutPlace); return nil }, []access.Permission{access.CheckoutPlace}},
	} {
		t.Run(row.what, func(t *testing.T) {
			var uses access.Uses
			a := access.Actor{Kind: access.Member, Member: me, At: unit.Child(3)}.Holding([]access.Grant{{Place: unit, Set: all}}).Noted(&uses)
			if err := row.do(a); err != nil {
				t.Fatal(err)
			}
			if got := uses.Take(); got != access.SetOf(row.want...) {
				t.Errorf("used %v, want %v", got.Codes(), row.want)
			}
			if again := uses.Take(); again.Len() > 0 {
				t.Errorf("taken twice: %v", again.Codes())
			}
		})
	}
}

func TestUsesOfManyAtOnceAreKept(t *testing.T) {
	var uses access.Uses
	a := access.Actor{Kind: access.Member}.Holding([]access.Grant{{Set: access.SetOf(access.All(access.Buyer)...)}}).Noted(&uses)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var taken access.Set
	for _, p := range access.All(access.Buyer) {
		wg.Go(func() {
			for range 100 {
				if a.Require(p, tree.Top) != nil {
					t.Error("denied")
				}
			}
			set := uses.Take()
			mu.Lock()
			defer mu.Unlock()
			taken = taken.Union(set)
		})
	}
	wg.Wait()
	if want := access.SetOf(access.All(access.Buyer)...); taken != want {
		t.Errorf("lost %v", want.Without(taken).Codes())
	}
}

func TestUnused(t *testing.T) {
	role := access.Role{Name: "Buyer", Set: access.SetOf(access.CheckoutPlace, access.OrdersView, access.UsersView, access.RolesView).Normalise()}
	for _, row := range []struct {
		what  string
		uses  []access.Use
		kept  date.Date
		idle  []access.Permission
		whole bool
	}{
		{"nobody used anything", nil, "", role.Set.List(), false},
		{"what is used keeps what it needs", []access.Use{{access.CheckoutPlace, "2026-03-05"}}, "2026-01-01", []access.Permission{access.OrdersView, access.RolesView, access.UsersView}, true},
		{"used the day before is not used", []access.Use{{access.CheckoutPlace, "2026-03-04"}}, "2026-01-01", role.Set.List(), true},
		{"two of them", []access.Use{{access.CheckoutPlace, "2026-03-06"}, {access.RolesView, "2026-03-06"}}, "2026-03-06", []access.Permission{access.OrdersView, access.UsersView}, false},
		{"of another role's permission", []access.Use{{access.RolesManage, "2026-03-09"}}, "2026-01-01", role.Set.List(), true},
	} {
		t.Run(row.what, func(t *testing.T) {
			u := role.Unused(3, row.uses, "2026-03-05", row.kept)
			var idle []access.Permission
			for _, l := range u.Leaves {
				idle = append(idle, l.Permission)
			}
			if !slices.Equal(idle, row.idle) || u.Whole() != row.whole || u.Holders != 3 {
				t.Errorf("unused %v, want %v; whole %v, %d holders", idle, row.idle, u.Whole(), u.Holders)
			}
			if u.Smaller != u.Smaller.Normalise() || u.Smaller.Union(access.SetOf(idle...)) != role.Set {
				t.Errorf("the smaller role %v lacks what it needs, or something was lost", u.Smaller.Codes())
			}
		})
	}
	idle := access.Role{Set: access.SetOf(access.CatalogSubstitutesDecide).Normalise()} // which nothing asks for yet
	if u := idle.Unused(1, nil, "2026-03-05", "2026-01-01"); len(u.Leaves) > 0 || u.Smaller != idle.Set {
		t.Errorf("what nobody can have used is called unused: %+v", u.Leaves)
	}
	for _, l := range role.Unused(1, []access.Use{{access.RolesView, "2026-02-01"}}, "2026-03-05", "2026-01-01").Leaves {
		if want := map[access.Permission]date.Date{access.RolesView: "2026-02-01"}[l.Permission]; l.Last != want {
			t.Errorf("%s was last used on %q, want %q", l.Permission, l.Last, want)
		}
	}
}

func TestRolesThatAreNearlyTheSame(t *testing.T) {
	role := func(name string, leaves ...access.Permission) access.Role {
		return access.Role{ID: id.NewRole(now), Name: name, Set: access.SetOf(leaves...)}
	}
	buyer := role("Buyer", access.CatalogView, access.PricesView, access.CartsManage, access.CheckoutPlace, access.OrdersView)
	senior := role("Senior", access.CatalogView, access.PricesView, access.CartsManage, access.CheckoutPlace, access.OrdersView, access.OrdersCancel)
	clerk := role("Clerk", access.UsersView)
	keeper := role("Keeper", access.RolesView)
	boss := access.Role{ID: id.NewRole(now), Name: "Administrator", Shipped: access.AdministratorKey, Set: access.SetOf(access.UsersView)}
	people := []id.Member{id.NewMember(now), id.NewMember(now), id.NewMember(now), id.NewMember(now), id.NewMember(now)}
	give := func(r access.Role, to ...id.Member) (all []access.Bearer) {
		for _, m := range to {
			all = append(all, access.Bearer{Member: m, Role: r.ID})
		}
		return all
	}
	for _, row := range []struct {
		what  string
		roles []access.Role
		given []access.Bearer
		want  [][2]string
	}{
		{"in what they permit", []access.Role{buyer, senior, clerk}, nil, [][2]string{{"Buyer", "Senior"}}},
		{"the administrators' is left alone", []access.Role{clerk, boss}, give(boss, people...), nil},
		{"in who has them", []access.Role{clerk, keeper}, append(give(clerk, people...), give(keeper, people[:4]...)...), [][2]string{{"Clerk", "Keeper"}}},
		{"too few people to say so", []access.Role{clerk, keeper}, append(give(clerk, people[:2]...), give(keeper, people[:2]...)...), nil},
		{"too few in common", []access.Role{clerk, keeper}, append(give(clerk, people...), give(keeper, people[:3]...)...), nil},
		{"the nearest first", []access.Role{clerk, keeper, buyer, senior}, append(give(clerk, people...), give(keeper, people...)...), [][2]string{{"Clerk", "Keeper"}, {"Buyer", "Senior"}}},
	} {
		t.Run(row.what, func(t *testing.T) {
			var got [][2]string
			for _, s := range access.FindSimilar(row.roles, row.given) {
				got = append(got, [2]string{s.First.Name, s.Second.Name})
				if s.Merged != s.First.Set.Union(s.FirstWouldGain) || s.Merged != s.Second.Set.Union(s.SecondWouldGain) {
					t.Errorf("what they would gain does not make the one role: %+v", s)
				}
			}
			if !slices.Equal(got, row.want) {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}
