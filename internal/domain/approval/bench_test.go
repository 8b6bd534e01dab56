package approval_test

import (
	"fmt"
	"slices"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/approval"
)

// shapes are ten conditions as people write them; beside each, what a programmer would have written.
var shapes = []struct {
	text string
	hand func(f *approval.Facts, n int64) bool
}{
	{"total_net > %d EUR", func(f *approval.Facts, n int64) bool {
		return f.TotalNet.Is.Currency == "EUR" && f.TotalNet.Is.Minor > n*100
	}},
	{"skus > %d", func(f *approval.Facts, n int64) bool { return f.SKUs.Is > quantity.Of(n) }},
	{"total_net > %d EUR or skus > 100", func(f *approval.Facts, n int64) bool {
		return f.TotalNet.Is.Currency == "EUR" && f.TotalNet.Is.Minor > n*100 || f.SKUs.Is > 100_000
	}},
	{`total_gross >= %d EUR and payment_method = "card"`, func(f *approval.Facts, n int64) bool {
		return f.TotalGross.Is.Currency == "EUR" && f.TotalGross.Is.Minor >= n*100 && f.PaymentMethod.Is == "card"
	}},
	{`categories has "Bikes" and total_net > %d EUR`, func(f *approval.Facts, n int64) bool {
		return slices.Contains(f.Categories.Is, "Bikes") && f.TotalNet.Is.Currency == "EUR" && f.TotalNet.Is.Minor > n*100
	}},
	{"shipping > %d EUR", func(f *approval.Facts, n int64) bool {
		return f.Shipping.Is.Currency == "EUR" && f.Shipping.Is.Minor > n*100
	}},
	{`not quote and delivery_country != "DE" or items > %d`, func(f *approval.Facts, n int64) bool {
		return !f.Quote.Is && f.DeliveryCountry.Is != "DE" || f.Items.Is > quantity.Of(n)
	}},
	{"price_increase > 5 %% and max_line > %d EUR", func(f *approval.Facts, n int64) bool {
		return f.PriceIncrease.Is > 5000 && f.MaxLine.Is.Currency == "EUR" && f.MaxLine.Is.Minor > n*100
	}},
	{`cost_centre in ("4711", "4712") and assessment.score >= 0.8 and skus > %d`, func(f *approval.Facts, n int64) bool {
		return (slices.Contains(f.CostCentre.Is, "4711") || slices.Contains(f.CostCentre.Is, "4712")) && f.Score.Is >= 800 && f.SKUs.Is > quantity.Of(n)
	}},
	{"first_purchase and over_budget > %d EUR", func(f *approval.Facts, n int64) bool {
		return f.FirstPurchase.Is && f.OverBudget.Is.Currency == "EUR" && f.OverBudget.Is.Minor > n*100
	}},
}

func busy() *approval.Facts {
	m := approval.Known(eur(12_400_00))
	return &approval.Facts{At: noon, TotalNet: m, TotalGross: m, MaxLine: m, Shipping: approval.Known(eur(20_00)), OverBudget: approval.Known(eur(0)),
		SKUs: approval.Known(quantity.Of(7)), Items: approval.Known(quantity.Of(40)), PriceIncrease: approval.Known(quantity.Quantity(7000)), Score: approval.Known(quantity.Quantity(200)),
		PaymentMethod: approval.Known("invoice"), DeliveryCountry: approval.Known("DE"), Quote: approval.Known(false), FirstPurchase: approval.Known(true),
		Categories: approval.Known([]string{"Helmets", "Parts", "Bikes"}), CostCentre: approval.Known([]string{"4711"})}
}

func BenchmarkAThousandRulesOnOneOrder(b *testing.B) {
	f := busy()
	var rules []approval.CompiledRule
	var hand []func(*approval.Facts) bool
	want := 0
	for i := range int64(1000) {
		shape, n := shapes[i%10], i*20
		c, err := approval.Parse(fmt.Sprintf(shape.text, n))
		if err != nil {
			b.Fatal(err)
		}
		r := approval.Rule{ID: id.NewRule(noon), Version: 1, Name: "R", Enabled: true, Basis: approval.Net, Steps: []approval.Step{{When: c, Then: approval.Asks(purchasing)}}}
		rules = append(rules, compiled(b, r)...)
		hand = append(hand, func(f *approval.Facts) bool { return shape.hand(f, n) })
		if shape.hand(f, n) {
			want++
		}
	}
	room := make([]approval.Hit, 0, 1000)
	if hits := approval.Match(rules, f, room); len(hits) != want {
		b.Fatalf("the rules find %d, the closures %d", len(hits), want)
	}
	b.Run("rules", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			approval.Match(rules, f, room)
		}
	})
	b.Run("closures by hand", func(b *testing.B) {
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			for _, match := range hand {
				if match(f) {
					n++
				}
			}
		}
	})
}

func BenchmarkCompileOneRule(b *testing.B) {
	then := approval.Asks(purchasing)
	for b.Loop() {
		c, err := approval.Parse(`total_net > 15000 EUR or skus > 100 and not categories has "Bikes"`)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := (approval.Rule{Name: "R", Enabled: true, Basis: approval.Net, Steps: []approval.Step{{When: c, Then: then}}}).Compile(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuildAPlan(b *testing.B) {
	person := func() approval.Candidate {
		return approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Active: true, Entitled: true}
	}
	dir := approval.Directory{Of: map[approval.Source][]approval.Candidate{purchasing: {person(), person()}, finance: {person()}}, Line: []approval.Candidate{person(), person()}}
	needs := []approval.Need{{Requirement: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}, {Requirement: approval.AsksAll(one(purchasing), one(finance))}}
	request := approval.Request{Requester: id.NewMember(noon), Amount: money.Of(100, "EUR"), At: noon}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := approval.Build(needs, dir, approval.Policy{}, request); err != nil {
			b.Fatal(err)
		}
	}
}

// The thousand rules must not cost the garbage collector anything.
func TestMatchingAllocatesNothing(t *testing.T) {
	var rules []approval.CompiledRule
	for _, shape := range shapes {
		c, err := approval.Parse(fmt.Sprintf(shape.text, 10))
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, compiled(t, approval.Rule{Name: "R", Enabled: true, Basis: approval.Net, Steps: []approval.Step{{When: c, Then: approval.Asks(purchasing)}}})...)
	}
	rules = append(rules, compiled(t, demo())...)
	dollars := busy()
	dollars.TotalNet.Is.Currency = "USD"
	dollars.Rates = []money.Exchange{{From: "USD", To: "EUR", E9: 920_000_000}}
	room := make([]approval.Hit, 0, 100)
	for says, f := range map[string]*approval.Facts{"euros": busy(), "dollars": dollars, "nothing known": {At: noon}} {
		if n := testing.AllocsPerRun(100, func() { approval.Match(rules, f, room) }); n != 0 {
			t.Errorf("%s: %v allocations", says, n)
		}
	}
}
