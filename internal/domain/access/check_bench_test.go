package access_test

import (
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
)

// busy is an actor with roles at several places, asked at a deep one of which the last holds.
func busy() (access.Actor, tree.Path) {
	administrator := access.Shipped(access.Buyer)[0].Set
	a := access.Actor{Kind: access.Member, Member: id.NewMember(now), At: "1.2.4.7."}.Holding([]access.Grant{
		{Place: "1.2.3.", Set: access.SetOf(access.OrdersView)},
		{Place: "1.2.9.", Set: access.SetOf(access.BudgetsView)},
		{Place: "1.2.4.", Set: administrator},
	})
	return a, "1.2.4.7.8.9."
}

// BenchmarkCheck says what one check costs: of a bit in a set (what no check can undercut), of a permission at a place,
// of one about a thing that is somebody else's, and of a permission that comes as a code.
func BenchmarkCheck(b *testing.B) {
	a, at := busy()
	set := access.Shipped(access.Buyer)[0].Set
	var yes bool
	b.Run("bitset", func(b *testing.B) {
		for b.Loop() {
			yes = set.Has(access.UsersManage)
		}
	})
	b.Run("compiled", func(b *testing.B) {
		for b.Loop() {
			yes = a.May(access.UsersManage, at)
		}
	})
	thing := access.Thing{Owner: id.NewMember(now), OwnerAt: "1.2.4.7.3.", At: at}
	b.Run("reach", func(b *testing.B) {
		for b.Loop() {
			yes = a.Reaches(access.ViewOrders, thing)
		}
	})
	b.Run("from_code", func(b *testing.B) {
		for b.Loop() {
			p, err := access.Parse("users.manage")
			yes = err == nil && a.May(p, at)
		}
	})
	if !yes {
		b.Fatal("the actor may not do what was asked")
	}
}

func TestACheckCostsNoMemory(t *testing.T) {
	a, at := busy()
	thing := access.Thing{Owner: a.Member, OwnerAt: a.At, At: at}
	for sentence, ask := range map[string]func() bool{
		"asked by its leaf":      func() bool { return a.May(access.UsersManage, at) },
		"asked by its code":      func() bool { p, err := access.Parse("users.manage"); return err == nil && a.May(p, at) },
		"asked about a thing":    func() bool { return a.Reaches(access.ViewOrders, thing) },
		"asked in a use case":    func() bool { return a.Require(access.UsersManage, at) == nil },
		"asked about everywhere": func() bool { return a.MaySomewhere(access.UsersManage) },
	} {
		var yes bool
		if n := testing.AllocsPerRun(100, func() { yes = ask() }); n > 0 || !yes {
			t.Errorf("%s: %v allocations, %v", sentence, n, yes)
		}
	}
}
