package main

import (
	"fmt"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
)

// checks measures what costs no I/O: a permission, and a thousand rules.
func (b *bench) checks() error {
	actor := access.Actor{Kind: access.Member, At: "1.2.3.", Member: id.NewMember(time.Now())}.Holding([]access.Grant{
		{Place: "1.5.", Set: access.SetOf(access.OrdersView)},
		{Place: "1.2.", Set: access.SetOf(access.OrdersView, access.CheckoutPlace, access.OrdersViewSubordinates)},
	})
	var set access.Set
	set.Add(access.CheckoutPlace)
	yes := 0
	bits := testing.Benchmark(func(t *testing.B) {
		for t.Loop() {
			if set.Has(access.CheckoutPlace) {
				yes++
			}
		}
	})
	at := tree.Path("1.2.3.4.")
	place := testing.Benchmark(func(t *testing.B) {
		t.ReportAllocs()
		for t.Loop() {
			if actor.May(access.CheckoutPlace, at) {
				yes++
			}
		}
	})
	thing := access.Thing{Owner: id.NewMember(time.Now()), OwnerAt: "1.2.3.9.", At: "1.2.3."}
	reach := testing.Benchmark(func(t *testing.B) {
		t.ReportAllocs()
		for t.Loop() {
			if actor.Reaches(access.ViewOrders, thing) {
				yes++
			}
		}
	})
	ns := func(r testing.BenchmarkResult) string {
		return fmt.Sprintf("%.1f ns, %d allocs", float64(r.T.Nanoseconds())/float64(r.N), r.AllocsPerOp())
	}
	b.add("permission check at a place", ns(place), "one bit of a set: "+ns(bits), "", "≤ 20 ns")
	b.add("permission check with reach and place", ns(reach), "one bit of a set: "+ns(bits), "", "≤ 20 ns")

	var rules []approval.CompiledRule
	var compile testing.BenchmarkResult
	for i := range 1000 {
		text := []string{"total_net > %d EUR", "skus > %d", "total_gross >= %d EUR and skus > 3", "not new_address and items > %d", "max_line > %d EUR or shipping > 1 EUR"}[i%5]
		when, err := approval.Parse(fmt.Sprintf(text, 10+i*7))
		if err != nil {
			return err
		}
		r := approval.Rule{ID: id.NewRule(time.Now()), Version: 1, Name: fmt.Sprint("rule ", i), Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{When: when, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}
		c, err := r.Compile()
		if err != nil {
			return err
		}
		if i == 0 {
			compile = testing.Benchmark(func(t *testing.B) {
				for t.Loop() {
					if _, err := r.Compile(); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
		rules = append(rules, c)
	}
	eur := func(n int64) approval.Maybe[money.Money] { return approval.Known(money.Of(n, "EUR")) }
	f := &approval.Facts{At: time.Now(), TotalNet: eur(3_000_00), TotalGross: eur(3_570_00), Shipping: eur(0), MaxLine: eur(1_500_00), TotalNetShipping: eur(3_000_00),
		SKUs: approval.Known(quantity.Of(5)), Items: approval.Known(quantity.Of(700)), NewAddress: approval.Known(false)}
	var hits []approval.Hit
	match := testing.Benchmark(func(t *testing.B) {
		t.ReportAllocs()
		for t.Loop() {
			hits = approval.Match(rules, f, hits[:0])
		}
	})
	total, skus, items := f.TotalNet.Is.Minor, int64(f.SKUs.Is), int64(f.Items.Is)
	var closures []func() bool
	for i := range 1000 {
		bound := int64(10 + i*7)
		closures = append(closures, []func() bool{func() bool { return total > bound*100 }, func() bool { return skus > bound*1000 },
			func() bool { return total >= bound*100 && skus > 3000 }, func() bool { return items > bound*1000 }, func() bool { return total > bound*100 }}[i%5])
	}
	plain := testing.Benchmark(func(t *testing.B) {
		for t.Loop() {
			for _, c := range closures {
				if c() {
					yes++
				}
			}
		}
	})
	us := func(r testing.BenchmarkResult) string {
		return fmt.Sprintf("%.1f µs", float64(r.T.Nanoseconds())/float64(r.N)/1000)
	}
	b.add("1 000 rules on one order", fmt.Sprintf("%s, %d allocs", us(match), match.AllocsPerOp()), "hand-written closures: "+us(plain), "", "≤ 20 µs")
	b.add("compile one rule", us(compile), "", "", "≤ 10 µs")
	return nil
}
