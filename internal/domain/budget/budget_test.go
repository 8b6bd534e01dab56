package budget_test

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/budget"
)

var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func euros(minor int64) money.Money { return money.Of(minor, "EUR") }

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestMomentsFallIntoPeriods(t *testing.T) {
	po := id.NewPurchaseOrder(noon)
	tests := []struct {
		says   string
		cycle  budget.Cycle
		at     string
		zone   string
		fiscal time.Month
		want   budget.Period
	}{
		{"a month", budget.Cycle{Kind: budget.Month}, "2026-03-05T12:00:00Z", "UTC", 1, budget.Period{Key: "2026-03", From: "2026-03-01", Until: "2026-03-31"}},
		{"a month of a leap year", budget.Cycle{Kind: budget.Month}, "2024-02-05T12:00:00Z", "UTC", 1, budget.Period{Key: "2024-02", From: "2024-02-01", Until: "2024-02-29"}},
		{"its first moment", budget.Cycle{Kind: budget.Month}, "2026-03-01T00:00:00Z", "UTC", 1, budget.Period{Key: "2026-03", From: "2026-03-01", Until: "2026-03-31"}},
		{"its last moment", budget.Cycle{Kind: budget.Month}, "2026-03-31T23:59:59.999999Z", "UTC", 1, budget.Period{Key: "2026-03", From: "2026-03-01", Until: "2026-03-31"}},
		{"the zone decides: still March", budget.Cycle{Kind: budget.Month}, "2026-04-01T03:59:59Z", "America/New_York", 1, budget.Period{Key: "2026-03", From: "2026-03-01", Until: "2026-03-31"}},
		{"the zone decides: April already", budget.Cycle{Kind: budget.Month}, "2026-03-31T22:00:00Z", "Europe/Berlin", 1, budget.Period{Key: "2026-04", From: "2026-04-01", Until: "2026-04-30"}},
		{"a second before that", budget.Cycle{Kind: budget.Month}, "2026-03-31T21:59:59Z", "Europe/Berlin", 1, budget.Period{Key: "2026-03", From: "2026-03-01", Until: "2026-03-31"}},
		{"in the hour the clocks skip", budget.Cycle{Kind: budget.Week}, "2026-03-29T01:30:00Z", "Europe/Berlin", 1, budget.Period{Key: "2026-W13", From: "2026-03-23", Until: "2026-03-29"}},
		{"in the hour that comes twice", budget.Cycle{Kind: budget.Week}, "2026-10-25T00:30:00Z", "Europe/Berlin", 1, budget.Period{Key: "2026-W43", From: "2026-10-19", Until: "2026-10-25"}},
		{"the fiscal year does not move months", budget.Cycle{Kind: budget.Month}, "2026-03-05T12:00:00Z", "UTC", 4, budget.Period{Key: "2026-03", From: "2026-03-01", Until: "2026-03-31"}},
		{"a Monday", budget.Cycle{Kind: budget.Week}, "2026-03-02T00:00:00Z", "UTC", 1, budget.Period{Key: "2026-W10", From: "2026-03-02", Until: "2026-03-08"}},
		{"a Sunday", budget.Cycle{Kind: budget.Week}, "2026-03-08T23:00:00Z", "UTC", 1, budget.Period{Key: "2026-W10", From: "2026-03-02", Until: "2026-03-08"}},
		{"a week of the year before", budget.Cycle{Kind: budget.Week}, "2027-01-01T12:00:00Z", "UTC", 1, budget.Period{Key: "2026-W53", From: "2026-12-28", Until: "2027-01-03"}},
		{"a week of the year to come", budget.Cycle{Kind: budget.Week}, "2024-12-30T12:00:00Z", "UTC", 1, budget.Period{Key: "2025-W01", From: "2024-12-30", Until: "2025-01-05"}},
		{"a quarter", budget.Cycle{Kind: budget.Quarter}, "2026-03-05T12:00:00Z", "UTC", 0, budget.Period{Key: "2026-Q1", From: "2026-01-01", Until: "2026-03-31"}},
		{"the last quarter", budget.Cycle{Kind: budget.Quarter}, "2026-12-31T12:00:00Z", "UTC", 1, budget.Period{Key: "2026-Q4", From: "2026-10-01", Until: "2026-12-31"}},
		{"a quarter of a year from April", budget.Cycle{Kind: budget.Quarter}, "2026-03-05T12:00:00Z", "UTC", 4, budget.Period{Key: "2025-Q4", From: "2026-01-01", Until: "2026-03-31"}},
		{"a quarter over the turn of the year", budget.Cycle{Kind: budget.Quarter}, "2027-01-15T12:00:00Z", "UTC", 9, budget.Period{Key: "2026-Q2", From: "2026-12-01", Until: "2027-02-28"}},
		{"the first half", budget.Cycle{Kind: budget.HalfYear}, "2026-06-30T12:00:00Z", "UTC", 1, budget.Period{Key: "2026-H1", From: "2026-01-01", Until: "2026-06-30"}},
		{"the second half of a year from October", budget.Cycle{Kind: budget.HalfYear}, "2026-04-01T12:00:00Z", "UTC", 10, budget.Period{Key: "2025-H2", From: "2026-04-01", Until: "2026-09-30"}},
		{"a year", budget.Cycle{Kind: budget.Year}, "2026-12-31T23:59:59Z", "UTC", 1, budget.Period{Key: "2026", From: "2026-01-01", Until: "2026-12-31"}},
		{"a year from April, before April", budget.Cycle{Kind: budget.Year}, "2026-03-31T12:00:00Z", "UTC", 4, budget.Period{Key: "2025", From: "2025-04-01", Until: "2026-03-31"}},
		{"a year from April, in April", budget.Cycle{Kind: budget.Year}, "2026-04-01T12:00:00Z", "UTC", 4, budget.Period{Key: "2026", From: "2026-04-01", Until: "2027-03-31"}},
		{"the last seven days", budget.Cycle{Kind: budget.Rolling, Days: 7}, "2026-03-05T12:00:00Z", "UTC", 1, budget.Period{Key: "2026-03-05", From: "2026-02-27", Until: "2026-03-05"}},
		{"one day", budget.Cycle{Kind: budget.Rolling, Days: 1}, "2026-03-05T23:30:00Z", "Europe/Berlin", 1, budget.Period{Key: "2026-03-06", From: "2026-03-06", Until: "2026-03-06"}},
		{"an order", budget.Cycle{Kind: budget.PerOrder}, "2026-03-05T12:00:00Z", "UTC", 1, budget.Period{Key: po.String(), From: "2026-03-05", Until: "2026-03-05"}},
		{"a project, on its last day", budget.Cycle{Kind: budget.Fixed, From: "2026-01-15", Until: "2026-03-05"}, "2026-03-05T22:59:59Z", "Europe/Berlin", 1, budget.Period{Key: "fixed", From: "2026-01-15", Until: "2026-03-05"}},
	}
	for _, test := range tests {
		at, err := time.Parse(time.RFC3339, test.at)
		if err != nil {
			t.Fatal(err)
		}
		got, err := test.cycle.Period(po, at, zone(t, test.zone), test.fiscal)
		if err != nil || got != test.want {
			t.Errorf("%s: %+v, %v; want %+v", test.says, got, err, test.want)
		}
	}
	for _, at := range []time.Time{time.Date(2026, 1, 14, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)} {
		fixed := budget.Cycle{Kind: budget.Fixed, From: "2026-01-15", Until: "2026-03-05"}
		if _, err := fixed.Period(po, at, time.UTC, 1); !errors.Is(err, budget.ErrOutside) {
			t.Errorf("a project that is not on at %v: %v", at, err)
		}
	}
}

// Periods of a kind cover every day once: the days of a period are in it, and the day after begins the next.
func TestPeriodsFollowWithoutGap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]budget.Kind{budget.Week, budget.Month, budget.Quarter, budget.HalfYear, budget.Year}).Draw(t, "kind")
		fiscal := time.Month(rapid.IntRange(1, 12).Draw(t, "fiscal"))
		day := date.Date("2000-01-01").Plus(rapid.IntRange(0, 20_000).Draw(t, "day"))
		of := func(d date.Date) budget.Period {
			p, err := budget.Cycle{Kind: kind}.Period(id.PurchaseOrder{}, d.Start(time.UTC), time.UTC, fiscal)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		p := of(day)
		if !kind.Follows() || !day.Within(p.From, p.Until) || of(p.From) != p || of(p.Until) != p {
			t.Fatalf("%s is of %+v, its ends of %+v and %+v", day, p, of(p.From), of(p.Until))
		}
		if next := of(p.Until.Plus(1)); next.From != p.Until.Plus(1) || next.Key <= p.Key {
			t.Fatalf("%+v is followed by %+v", p, next)
		}
	})
}

func TestAnOwnerIsWhomItNames(t *testing.T) {
	ann, bob := id.NewMember(noon), id.NewMember(noon)
	workshop, north, south := id.NewUnit(noon), id.NewUnit(noon), id.NewUnit(noon)
	tools, paper := id.NewCostCentre(noon), id.NewCostCentre(noon)
	bridge := id.NewProject(noon)
	charge := budget.Charge{Member: ann, Units: []id.Unit{workshop, north}, CostCentre: tools, Project: bridge}
	tests := []struct {
		says  string
		owner budget.Owner
		want  bool
	}{
		{"the whole company", budget.Owner{}, true},
		{"the member", budget.Owner{Member: ann}, true},
		{"another member", budget.Owner{Member: bob}, false},
		{"the unit", budget.Owner{Unit: workshop}, true},
		{"the unit above", budget.Owner{Unit: north}, true},
		{"another unit", budget.Owner{Unit: south}, false},
		{"the cost centre", budget.Owner{CostCentre: tools}, true},
		{"another cost centre", budget.Owner{CostCentre: paper}, false},
		{"the project", budget.Owner{Project: bridge}, true},
		{"another project", budget.Owner{Project: id.NewProject(noon)}, false},
		{"the member within the cost centre", budget.Owner{Member: ann, CostCentre: tools}, true},
		{"the member within another cost centre", budget.Owner{Member: ann, CostCentre: paper}, false},
		{"another member within the cost centre", budget.Owner{Member: bob, CostCentre: tools}, false},
	}
	for _, test := range tests {
		if got := test.owner.Covers(charge); got != test.want {
			t.Errorf("%s: %v", test.says, got)
		}
	}
	if (budget.Owner{Member: ann}).Covers(budget.Charge{}) {
		t.Error("nobody's spending is charged to a member")
	}
}

func TestABasisIsOneOfTheFigures(t *testing.T) {
	for basis, want := range map[budget.Basis]int64{budget.NetShipped: 105, budget.Net: 100, budget.Gross: 125, "": 105} {
		if got, err := basis.Amount(euros(100), euros(5), euros(125)); err != nil || got != euros(want) {
			t.Errorf("%q charges %v, %v; want %d", basis, got, err, want)
		}
	}
	if _, err := budget.NetShipped.Amount(euros(100), money.Of(5, "USD"), euros(105)); !errors.Is(err, money.ErrCurrency) {
		t.Errorf("goods in euros and shipping in dollars: %v", err)
	}
}

// monthly is a budget of Cleo's that is as it should be.
func monthly() budget.Budget {
	return budget.Budget{
		ID: id.NewBudget(noon), Name: "Tools", Limit: euros(100_00), Basis: budget.NetShipped,
		Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone,
	}
}

func TestBudgetsAreChecked(t *testing.T) {
	with := func(change func(*budget.Budget)) error { b := monthly(); change(&b); return b.Check() }
	cycle := func(c budget.Cycle) error { return with(func(b *budget.Budget) { b.Cycle = c }) }
	tests := []struct {
		says  string
		err   error
		field string
	}{
		{"a budget", with(func(*budget.Budget) {}), ""},
		{"a limit of nothing", with(func(b *budget.Budget) { b.Limit.Minor = 0 }), ""},
		{"the largest limit", with(func(b *budget.Budget) { b.Limit.Minor = budget.Most }), ""},
		{"a larger limit", with(func(b *budget.Budget) { b.Limit.Minor = budget.Most + 1 }), "limit"},
		{"a limit below nothing", with(func(b *budget.Budget) { b.Limit.Minor = -1 }), "limit"},
		{"no currency", with(func(b *budget.Budget) { b.Limit.Currency = "" }), "currency"},
		{"no name", with(func(b *budget.Budget) { b.Name = "" }), "name"},
		{"no basis", with(func(b *budget.Budget) { b.Basis = "" }), "basis"},
		{"no consequence", with(func(b *budget.Budget) { b.Exhausted = "" }), "exhausted"},
		{"warnings", with(func(b *budget.Budget) { b.Warnings = []budget.Threshold{{Percent: 80}, {Minor: 90_00}} }), ""},
		{"a warning by both", with(func(b *budget.Budget) { b.Warnings = []budget.Threshold{{Percent: 80, Minor: 1}} }), "warnings"},
		{"a warning by neither", with(func(b *budget.Budget) { b.Warnings = []budget.Threshold{{}} }), "warnings"},
		{"a warning at 201 percent", with(func(b *budget.Budget) { b.Warnings = []budget.Threshold{{Percent: 201}} }), "warnings"},
		{"a warning below nothing", with(func(b *budget.Budget) { b.Warnings = []budget.Threshold{{Minor: -1}} }), "warnings"},
		{"carried over", with(func(b *budget.Budget) { b.Carry = budget.CarryUnspent }), ""},
		{"carried over from order to order", with(func(b *budget.Budget) { b.Carry, b.Cycle.Kind = budget.CarryUnspent, budget.PerOrder }), "carry"},
		{"carried in no way there is", with(func(b *budget.Budget) { b.Carry = "" }), "carry"},
		{"at most less than nothing", with(func(b *budget.Budget) { b.Carry, b.CarryMost = budget.CarryCapped, -1 }), "carry_most"},
		{"no kind of period", cycle(budget.Cycle{}), "cycle.kind"},
		{"fixed days", cycle(budget.Cycle{Kind: budget.Fixed, From: "2026-01-01", Until: "2026-01-01"}), ""},
		{"fixed days without an end", cycle(budget.Cycle{Kind: budget.Fixed, From: "2026-01-01"}), "cycle.until"},
		{"fixed days backwards", cycle(budget.Cycle{Kind: budget.Fixed, From: "2026-01-02", Until: "2026-01-01"}), "cycle.until"},
		{"rolling over no days", cycle(budget.Cycle{Kind: budget.Rolling}), "cycle.days"},
		{"rolling over too many days", cycle(budget.Cycle{Kind: budget.Rolling, Days: 3661}), "cycle.days"},
		{"rolling over thirty days", cycle(budget.Cycle{Kind: budget.Rolling, Days: 30}), ""},
		{"a cost centre", budget.CostCentre{Code: "4711", Name: "Tools"}.Check(), ""},
		{"a cost centre without a code", budget.CostCentre{Name: "Tools"}.Check(), "code"},
		{"a code with a blank", budget.CostCentre{Code: "47 11", Name: "Tools"}.Check(), "code"},
		{"a cost centre without a name", budget.CostCentre{Code: "4711"}.Check(), "name"},
		{"a cost centre that ends before it begins", budget.CostCentre{Code: "4711", Name: "Tools", From: "2026-01-02", Until: "2026-01-01"}.Check(), "until"},
	}
	for _, test := range tests {
		var f *fault.Fault
		if got := errors.As(test.err, &f); got != (test.field != "") || got && (len(f.Fields) != 1 || f.Fields[0].Name != test.field) {
			t.Errorf("%s: %v, want a fault of %q", test.says, test.err, test.field)
		}
	}
}

func TestACostCentreTakesOrdersInItsTime(t *testing.T) {
	c := budget.CostCentre{Code: "4711", From: "2026-03-01", Until: "2026-03-31"}
	for day, takes := range map[date.Date]bool{"2026-02-28": false, "2026-03-01": true, "2026-03-31": true, "2026-04-01": false} {
		if err := c.Takes(day); (err == nil) != takes || err != nil && !errors.Is(err, budget.ErrCostCentre) {
			t.Errorf("on %s: %v", day, err)
		}
	}
	if err := (budget.CostCentre{}).Takes("2026-03-05"); err != nil {
		t.Errorf("without ends: %v", err)
	}
}

func TestAPeriodOpensWithWhatIsCarriedOver(t *testing.T) {
	tests := []struct {
		says  string
		carry budget.Carry
		most  int64
		used  int64 // of 100.00 in the period before; below zero: there was none
		want  int64
	}{
		{"nothing is carried", budget.CarryNone, 0, 40_00, 100_00},
		{"what is left is carried", budget.CarryUnspent, 0, 40_00, 160_00},
		{"what is used up leaves nothing", budget.CarryUnspent, 0, 100_00, 100_00},
		{"up to an amount", budget.CarryCapped, 50_00, 40_00, 150_00},
		{"less than that amount", budget.CarryCapped, 70_00, 40_00, 160_00},
		{"from no period before", budget.CarryUnspent, 0, -1, 100_00},
	}
	for _, test := range tests {
		b := monthly()
		b.Carry, b.CarryMost = test.carry, test.most
		var before *budget.Purse
		if test.used >= 0 {
			before = &budget.Purse{Budget: b, Limit: 100_00, Held: 10_00, Spent: test.used - 10_00}
		}
		p, e, err := b.Open(budget.Period{Key: "2026-03"}, before, budget.Movement{At: noon})
		if err != nil || p.Limit != test.want || p.Version != 1 || e.Limit != test.want || e.Available != test.want || e.Move != budget.Limit ||
			e.Key != b.ID.String()+"/2026-03/limit/open" || p.Verify(slices.Values([]budget.Entry{e})) != nil {
			t.Errorf("%s: %+v by %+v, %v; want %d", test.says, p, e, err, test.want)
		}
	}
	over := &budget.Purse{Limit: 100_00, Spent: 120_00}
	b := monthly()
	b.Carry = budget.CarryUnspent
	if p, _, err := b.Open(budget.Period{}, over, budget.Movement{}); err != nil || p.Limit != 100_00 {
		t.Errorf("overspending is not carried: %d, %v", p.Limit, err)
	}
}

func TestAmountsAreSplitExactly(t *testing.T) {
	tests := []struct {
		says    string
		minor   int64
		weights []int64
		want    []int64
		err     error
	}{
		{"halves", 100, []int64{50, 50}, []int64{50, 50}, nil},
		{"thirds", 100, []int64{1, 1, 1}, []int64{33, 34, 33}, nil},
		{"by percent", 1001, []int64{70, 30}, []int64{701, 300}, nil},
		{"all to one", 100, []int64{0, 1, 0}, []int64{0, 100, 0}, nil},
		{"below zero", -100, []int64{1, 1, 1}, []int64{-33, -34, -33}, nil},
		{"nothing", 0, []int64{1, 2}, []int64{0, 0}, nil},
		{"by nothing", 100, []int64{0, 0}, nil, budget.ErrSplit},
		{"among nobody", 100, nil, nil, budget.ErrSplit},
		{"by less than nothing", 100, []int64{2, -1}, nil, budget.ErrSplit},
		{"by more than can be counted", 100, []int64{math.MaxInt64, 1}, nil, budget.ErrSplit},
	}
	for _, test := range tests {
		parts, err := budget.Split(euros(test.minor), test.weights)
		var got []int64
		for _, p := range parts {
			got = append(got, p.Minor)
		}
		if !slices.Equal(got, test.want) || !errors.Is(err, test.err) || test.err == nil && err != nil {
			t.Errorf("%s: %v, %v; want %v, %v", test.says, got, err, test.want, test.err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		m := euros(rapid.Int64Min(-math.MaxInt64).Draw(t, "minor"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, math.MaxInt64/10), 1, 10).Draw(t, "weights")
		weights[0]++
		parts, err := budget.Split(m, weights)
		if err != nil {
			t.Fatal(err)
		}
		all, sum := new(big.Int), new(big.Int)
		for _, w := range weights {
			all.Add(all, big.NewInt(w))
		}
		for i, p := range parts {
			sum.Add(sum, big.NewInt(p.Minor))
			// |part × all − amount × weight| ≤ all: within one minor unit of the exact share
			off := new(big.Int).Mul(big.NewInt(p.Minor), all)
			off.Sub(off, new(big.Int).Mul(big.NewInt(m.Minor), big.NewInt(weights[i])))
			if off.CmpAbs(all) > 0 || p.Currency != "EUR" {
				t.Fatalf("%v of %v by %d of %v", p, m, weights[i], all)
			}
		}
		if sum.Cmp(big.NewInt(m.Minor)) != 0 {
			t.Fatalf("the parts %v of %v come to %v", parts, m, sum)
		}
	})
}
