package approval_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/approval"
)

var (
	purchasing = approval.Source{Kind: approval.OfRole, Role: id.NewRole(noon)}
	finance    = approval.Source{Kind: approval.OfRole, Role: id.NewRole(noon)}
)

func one(s approval.Source) approval.WantedGroup {
	return approval.WantedGroup{K: 1, Of: []approval.Source{s}}
}

// demo is the seller's demo rule.
func demo() approval.Rule {
	ten, fifteen := eur(10_000_00), eur(15_000_00)
	return approval.Rule{ID: id.NewRule(noon), Version: 1, Name: "Demo", Enabled: true, Basis: approval.Net, Steps: []approval.Step{
		{},
		{Above: &ten, Then: approval.Asks(purchasing)},
		{Above: &fifteen, Then: approval.AsksAll(one(purchasing), one(finance))},
	}}
}

func compiled(t testing.TB, rules ...approval.Rule) []approval.CompiledRule {
	t.Helper()
	var all []approval.CompiledRule
	for _, r := range rules {
		c, err := r.Compile()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

func TestBandsReachUpToAndIncludingTheirBound(t *testing.T) {
	rules := compiled(t, demo())
	for _, row := range []struct {
		minor int64
		step  int // 0: nothing is asked
	}{{-1, 0}, {0, 0}, {9_999_99, 0}, {10_000_00, 0}, {10_000_01, 2}, {12_345_67, 2}, {15_000_00, 2}, {15_000_01, 3}, {99_999_999_99, 3}} {
		out := approval.Evaluate(rules, &approval.Facts{At: noon, TotalNet: approval.Known(eur(row.minor))})
		step := 0
		if len(out.Needs) > 0 {
			step = out.Needs[0].Reason.Step
		}
		if step != row.step || len(out.Needs) > 1 || len(out.Unsure) > 0 {
			t.Errorf("%s: step %d of %d needs, want %d", eur(row.minor), step, len(out.Needs), row.step)
		}
	}
}

func TestAllMatchingRulesCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := facts(t)
		f.At = noon
		var rules []approval.Rule
		want := map[id.Rule]bool{}
		refuses := 0
		for range rapid.IntRange(0, 6).Draw(t, "rules") {
			r := approval.Rule{ID: id.NewRule(noon), Version: 1, Name: "R", Enabled: rapid.Bool().Draw(t, "enabled"), Basis: approval.Net}
			s := approval.Step{When: conditions(2).Draw(t, "when"), Then: approval.Asks(purchasing)}
			if rapid.Bool().Draw(t, "refuse") {
				s.Then = approval.Requirement{Effect: approval.Refuse}
			}
			r.Steps = []approval.Step{s}
			rules = append(rules, r)
			match, err := s.When.Compile()
			if err != nil {
				t.Fatal(err)
			}
			if r.Enabled && match(&f) == approval.Yes {
				if s.Then.Effect == approval.Refuse {
					refuses++
				} else {
					want[r.ID] = true
				}
			}
		}
		var all []approval.CompiledRule
		for _, r := range rules {
			c, err := r.Compile()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, c)
		}
		out := approval.Evaluate(all, &f)
		for _, n := range out.Needs {
			if !want[n.Reason.Rule] {
				t.Fatal("a rule asks that does not match")
			}
			delete(want, n.Reason.Rule)
		}
		if len(want) > 0 || len(out.Refusals) != refuses {
			t.Fatalf("%d matching rules are not heard, %d of %d refuse", len(want), len(out.Refusals), refuses)
		}
	})
}

func TestARuleAppliesToWhomItSays(t *testing.T) {
	buyer, ann, centre := id.NewRole(noon), id.NewMember(noon), id.NewCostCentre(noon)
	place := func(p tree.Path) approval.Place { return approval.Place{Unit: id.NewUnit(noon), Path: p} }
	for _, row := range []struct {
		says    string
		change  func(*approval.Rule)
		matches bool
	}{
		{"to all", func(*approval.Rule) {}, true},
		{"to nobody while it is off", func(r *approval.Rule) { r.Enabled = false }, false},
		{"from its first moment", func(r *approval.Rule) { r.From = noon }, true},
		{"not before", func(r *approval.Rule) { r.From = noon.Add(time.Microsecond) }, false},
		{"not at its end", func(r *approval.Rule) { r.Until = noon }, false},
		{"just before its end", func(r *approval.Rule) { r.Until = noon.Add(time.Microsecond) }, true},
		{"below its unit", func(r *approval.Rule) { r.At = place("1.") }, true},
		{"at its unit", func(r *approval.Rule) { r.At = place("1.4.") }, true},
		{"not beside it", func(r *approval.Rule) { r.At = place("1.5.") }, false},
		{"not above it", func(r *approval.Rule) { r.At = place("1.4.2.") }, false},
		{"to everybody when nobody knows where its unit is", func(r *approval.Rule) { r.At = place("") }, true},
		{"to a role", func(r *approval.Rule) { r.AppliesTo.Roles = []id.Role{id.NewRole(noon), buyer} }, true},
		{"not to another role", func(r *approval.Rule) { r.AppliesTo.Roles = []id.Role{id.NewRole(noon)} }, false},
		{"to a member", func(r *approval.Rule) { r.AppliesTo.Members = []id.Member{ann} }, true},
		{"not to another member", func(r *approval.Rule) { r.AppliesTo.Members = []id.Member{id.NewMember(noon)} }, false},
		{"to a role or a member", func(r *approval.Rule) {
			r.AppliesTo.Roles, r.AppliesTo.Members = []id.Role{id.NewRole(noon)}, []id.Member{ann}
		}, true},
		{"to a unit", func(r *approval.Rule) { r.AppliesTo.Units = []approval.Place{place("2."), place("1.4.")} }, true},
		{"not to another unit", func(r *approval.Rule) { r.AppliesTo.Units = []approval.Place{place("2.")} }, false},
		{"to a cost centre", func(r *approval.Rule) { r.AppliesTo.CostCentres = []id.CostCentre{centre} }, true},
		{"not to another", func(r *approval.Rule) { r.AppliesTo.CostCentres = []id.CostCentre{id.NewCostCentre(noon)} }, false},
		{"to the role in the unit", func(r *approval.Rule) {
			r.AppliesTo.Roles, r.AppliesTo.Units = []id.Role{buyer}, []approval.Place{place("1.")}
		}, true},
		{"not to the role elsewhere", func(r *approval.Rule) {
			r.AppliesTo.Roles, r.AppliesTo.Units = []id.Role{buyer}, []approval.Place{place("2.")}
		}, false},
	} {
		r := approval.Rule{ID: id.NewRule(noon), Version: 1, Name: "R", Enabled: true, Basis: approval.Net, Steps: []approval.Step{{Then: approval.Asks(purchasing)}}}
		row.change(&r)
		out := approval.Evaluate(compiled(t, r), &approval.Facts{At: noon, Member: ann, Roles: []id.Role{buyer}, Place: "1.4.", CostCentres: []id.CostCentre{centre}})
		if (len(out.Needs) == 1) != row.matches {
			t.Errorf("%s: matches %v", row.says, !row.matches)
		}
	}
}

func TestARuleIsLocatedByWhereItsUnitsStand(t *testing.T) {
	at, gone := id.NewUnit(noon), id.NewUnit(noon)
	places := map[id.Unit]approval.Place{at: {Unit: at, Path: "1.7."}}
	r := demo()
	r.At.Unit, r.AppliesTo.Units = at, []approval.Place{{Unit: gone}, {Unit: at}}
	if got := r.Locate(places); got.At.Path != "1.7." || !reflect.DeepEqual(got.AppliesTo.Units, []approval.Place{{Unit: at, Path: "1.7."}}) {
		t.Errorf("got %+v, %+v", got.At, got.AppliesTo)
	}
	r.At.Unit, r.AppliesTo.Units = gone, []approval.Place{{Unit: gone}}
	if got := r.Locate(places); got.At.Path != tree.Top || len(got.AppliesTo.Units) != 0 {
		t.Errorf("a rule of a unit that is gone applies to the company: got %+v, %+v", got.At, got.AppliesTo)
	}
}

func TestPresetsCompareInFourWays(t *testing.T) {
	hundred, number := approval.Value{Money: eur(100_00)}, approval.Value{Number: quantity.Of(100)}
	f := approval.Facts{TotalGross: approval.Known(eur(100_00)), Shipping: approval.Known(eur(100_01)), SKUs: approval.Known(quantity.Of(99))}
	for _, row := range []struct {
		measure approval.Measure
		op      approval.Op
		bound   approval.Value
		want    approval.Truth
	}{
		{approval.OrderTotal, approval.Above, hundred, approval.No}, {approval.OrderTotal, approval.AtLeast, hundred, approval.Yes},
		{approval.OrderTotal, approval.Below, hundred, approval.No}, {approval.OrderTotal, approval.AtMost, hundred, approval.Yes},
		{approval.ShippingCost, approval.Above, hundred, approval.Yes}, {approval.ShippingCost, approval.AtMost, hundred, approval.No},
		{approval.DistinctSKUs, approval.Below, number, approval.Yes}, {approval.DistinctSKUs, approval.AtLeast, number, approval.No},
	} {
		s, err := approval.Preset(row.measure, row.op, row.bound, approval.Asks(purchasing))
		if err != nil {
			t.Fatal(err)
		}
		match, err := s.When.Compile()
		if err != nil || match(&f) != row.want {
			t.Errorf("%s: got %d, %v", s.When, match(&f), err)
		}
	}
	for says, err := range map[string]error{
		"not equal": second(approval.Preset(approval.OrderTotal, approval.NotEqual, hundred, approval.Requirement{})),
		"a number":  second(approval.Preset(approval.OrderTotal, approval.Above, number, approval.Requirement{})),
		"an amount": second(approval.Preset(approval.DistinctSKUs, approval.Above, hundred, approval.Requirement{})),
	} {
		if !errors.Is(err, approval.ErrCondition) {
			t.Errorf("%s: got %v", says, err)
		}
	}
}

func TestARuleNamesTheCurrenciesThatAreNotItsCompanys(t *testing.T) {
	when, err := approval.Parse(`total_net > 5 CHF and (shipping > 1 EUR or not max_line > 3 GBP)`)
	if err != nil {
		t.Fatal(err)
	}
	above, upTo := money.Of(100, "USD"), money.Of(100, "JPY")
	r := approval.Rule{Steps: []approval.Step{{When: when, Then: approval.Requirement{Effect: approval.Approve, UpTo: &upTo}}, {Above: &above}}}
	for own, want := range map[money.Currency][]money.Currency{"EUR": {"CHF", "GBP", "JPY", "USD"}, "GBP": {"CHF", "EUR", "JPY", "USD"}} {
		if got := r.Foreign(own); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", own, got, want)
		}
	}
	if got := demo().Foreign("EUR"); got != nil {
		t.Errorf("a rule in the company's currency: %v", got)
	}
}

func second[T any](_ T, err error) error { return err }

func TestARuleSaysWhichFieldsAreWrong(t *testing.T) {
	low, high, dollars, below := eur(100), eur(200), money.Of(300, "USD"), eur(-1)
	quote, err := approval.Parse("quote")
	if err != nil {
		t.Fatal(err)
	}
	ask := approval.Asks(purchasing)
	for _, row := range []struct {
		says   string
		change func(*approval.Rule)
		fields []string
	}{
		{"nothing is wrong", func(*approval.Rule) {}, nil},
		{"no name", func(r *approval.Rule) { r.Name = "  " }, []string{"name required"}},
		{"120 characters are a name", func(r *approval.Rule) { r.Name = strings.Repeat("ä", 120) }, nil},
		{"121 are too many", func(r *approval.Rule) { r.Name = strings.Repeat("ä", 121) }, []string{"name too_long"}},
		{"an invisible character", func(r *approval.Rule) { r.Name = "a\u202eb" }, []string{"name invisible"}},
		{"a long description", func(r *approval.Rule) { r.Description = strings.Repeat("x", 2001) }, []string{"description too_long"}},
		{"it ends before it begins", func(r *approval.Rule) { r.From, r.Until = noon, noon }, []string{"until order"}},
		{"no basis", func(r *approval.Rule) { r.Basis = "" }, []string{"basis unknown"}},
		{"no steps", func(r *approval.Rule) { r.Steps = nil }, []string{"steps count"}},
		{"too many watchers", func(r *approval.Rule) { r.Watchers = make([]id.Member, 201) }, []string{"watchers count"}},
		{"bands fall", func(r *approval.Rule) {
			r.Steps = []approval.Step{{}, {Above: &high, Then: ask}, {Above: &low, Then: ask}}
		}, []string{"steps.2.above order"}},
		{"bands stand still", func(r *approval.Rule) {
			r.Steps = []approval.Step{{}, {Above: &low, Then: ask}, {Above: &low, Then: ask}}
		}, []string{"steps.2.above order"}},
		{"bands change currency", func(r *approval.Rule) {
			r.Steps = []approval.Step{{}, {Above: &low, Then: ask}, {Above: &dollars, Then: ask}}
		}, []string{"steps.2.above currency"}},
		{"a band begins below nought", func(r *approval.Rule) { r.Steps = []approval.Step{{}, {Above: &below, Then: ask}} }, []string{"steps.1.above range"}},
		{"a band in no currency", func(r *approval.Rule) { r.Steps = []approval.Step{{}, {Above: new(money.Of(5, "")), Then: ask}} }, []string{"steps.1.above range"}},
		{"automatic up to an amount of no currency", func(r *approval.Rule) {
			r.Steps = []approval.Step{{When: quote, Then: approval.Requirement{Effect: approval.Approve, UpTo: new(money.Of(5, ""))}}, {}}
		}, []string{"steps.0.then.up_to unexpected"}},
		{"a band begins nowhere", func(r *approval.Rule) { r.Steps = []approval.Step{{}, {Above: &low, Then: ask}, {Then: ask}} }, []string{"steps.2.above required"}},
		{"the first band leaves a gap", func(r *approval.Rule) {
			r.Steps = []approval.Step{{Above: &low, Then: ask}, {Above: &high, Then: ask}}
		}, []string{"steps.0.above first"}},
		{"a bound alone", func(r *approval.Rule) { r.Steps = []approval.Step{{Above: &low, Then: ask}} }, []string{"steps.0.above first"}},
		{"bands and conditions", func(r *approval.Rule) {
			r.Steps = []approval.Step{{}, {Above: &low, Then: ask}, {Above: &high, When: quote, Then: ask}}
		}, []string{"steps.2.when mixed"}},
		{"a case behind otherwise", func(r *approval.Rule) { r.Steps = []approval.Step{{Then: ask}, {When: quote, Then: ask}} }, []string{"steps.0.when required"}},
		{"an ill-formed condition", func(r *approval.Rule) {
			r.Steps = []approval.Step{{When: approval.Condition{Op: approval.Flag, Fact: "mood"}, Then: ask}}
		}, []string{"steps.0.when approval.condition"}},
		{"up to an amount, and then?", func(r *approval.Rule) {
			r.Steps = []approval.Step{{When: quote, Then: approval.Requirement{Effect: approval.Approve, UpTo: &low}}}
		}, []string{"steps.0.then.up_to open_end"}},
		{"asks nobody", func(r *approval.Rule) { r.Steps[1].Then.Stages = nil }, []string{"steps.1.then.stages count"}},
		{"refuses and asks", func(r *approval.Rule) { r.Steps[1].Then.Effect = approval.Refuse }, []string{"steps.1.then.stages unexpected"}},
		{"an unknown effect", func(r *approval.Rule) { r.Steps[1].Then.Effect = "wonder" }, []string{"steps.1.then.effect unknown"}},
		{"asks up to an amount", func(r *approval.Rule) { r.Steps[1].Then.UpTo = &low }, []string{"steps.1.then.up_to open_end", "steps.1.then.up_to unexpected"}},
		{"a stage of nobody", func(r *approval.Rule) { r.Steps[1].Then = approval.AsksAll() }, []string{"steps.1.then.stages.0.groups count"}},
		{"none of one", func(r *approval.Rule) {
			r.Steps[1].Then = approval.AsksAll(approval.WantedGroup{K: 0, Of: []approval.Source{finance}})
		}, []string{"steps.1.then.stages.0.groups.0.k range"}},
		{"two of one", func(r *approval.Rule) {
			r.Steps[1].Then = approval.AsksAll(approval.WantedGroup{K: 2, Of: []approval.Source{finance}})
		}, []string{"steps.1.then.stages.0.groups.0.k range"}},
		{"a role that is not named", func(r *approval.Rule) { r.Steps[1].Then = approval.Asks(approval.Source{Kind: approval.OfRole}) }, []string{"steps.1.then.stages.0.groups.0.of.0 source"}},
		{"a manager who is a role", func(r *approval.Rule) {
			r.Steps[1].Then = approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1, Role: purchasing.Role})
		}, []string{"steps.1.then.stages.0.groups.0.of.0 source"}},
		{"the manager of level ten", func(r *approval.Rule) {
			r.Steps[1].Then = approval.Asks(approval.Source{Kind: approval.OfManager, Level: 10})
		}, []string{"steps.1.then.stages.0.groups.0.of.0 source"}},
		{"an unknown source", func(r *approval.Rule) { r.Steps[1].Then = approval.Asks(approval.Source{Kind: "oracle"}) }, []string{"steps.1.then.stages.0.groups.0.of.0 source"}},
	} {
		r := demo()
		row.change(&r)
		var got []string
		var f *fault.Fault
		if errors.As(r.Check(), &f) {
			for _, field := range f.Fields {
				got = append(got, field.Name+" "+field.Code)
			}
		}
		if !slices.Equal(got, row.fields) {
			t.Errorf("%s: got %q, want %q", row.says, got, row.fields)
		}
	}
}

const written = `{"id":"` + "%ID%" + `","version":3,"name":"Demo","description":"As shown","enabled":true,"priority":7,"from":"2026-01-01T00:00:00Z",` +
	`"unit":"%UNIT%","applies_to":{"roles":["%ROLE%"],"units":["%UNIT%"]},"basis":"gross","steps":[` +
	`{"then":{"effect":"nothing"}},` +
	`{"above":{"amount":"10000.00","currency":"EUR"},"then":{"effect":"ask","stages":[{"groups":[{"k":1,"of":[{"kind":"role","role":"%ROLE%"}]}]}]}},` +
	`{"above":{"amount":"15000.00","currency":"EUR"},"then":{"effect":"ask","stages":[{"groups":[{"k":1,"of":[{"kind":"manager","level":2}]}],"reject_needs_all":true},` +
	`{"groups":[{"k":2,"of":[{"kind":"manager_covering"},{"kind":"seller"}]}]}]}},` +
	`{"above":{"amount":"99000.00","currency":"EUR"},"then":{"effect":"refuse"}}]}`

func fill(s string) string {
	return strings.NewReplacer("%ID%", id.NewRule(noon).String(), "%UNIT%", id.NewUnit(noon).String(), "%ROLE%", purchasing.Role.String()).Replace(s)
}

func TestARuleIsWrittenAndReadTheSame(t *testing.T) {
	text := fill(written)
	r, err := approval.ParseRule([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(r)
	if err != nil || string(b) != text {
		t.Errorf("%v: read\n%s\nwrote\n%s", err, text, b)
	}
	conditional := fill(`{"name":"C","enabled":true,"basis":"net","steps":[{"when":"total_net = 500 EUR or quote","then":{"effect":"approve","up_to":{"amount":"100.00","currency":"EUR"}}},{"then":{"effect":"nothing"}}]}`)
	if r, err = approval.ParseRule([]byte(conditional)); err != nil {
		t.Fatal(err)
	}
	if b, err = json.Marshal(r); err != nil || string(b) != conditional {
		t.Errorf("%v: read\n%s\nwrote\n%s", err, conditional, b)
	}
}

func TestARuleIsReadStrictly(t *testing.T) {
	for _, row := range []struct{ says, from, to, why string }{
		{"unknown field", `"priority":7`, `"priorty":7`, `unknown field "priorty"`},
		{"unknown field of a step", `{"then":{"effect":"nothing"}}`, `{"then":{"effect":"nothing"},"else":1}`, `unknown field "else"`},
		{"unknown field of a requirement", `{"effect":"refuse"}`, `{"effect":"refuse","because":"so"}`, `unknown field "because"`},
		{"unknown field of a source", `"level":2`, `"level":2,"deep":1`, `unknown field "deep"`},
		{"unknown field of an amount", `"amount":"99000.00"`, `"amount":"99000.00","net":true`, `unknown field "net"`},
		{"a field twice", `"priority":7`, `"priority":7,"priority":8`, `"priority" is there twice`},
		{"a field twice, deep down", `"level":2`, `"level":2,"level":3`, `"level" is there twice`},
		{"another spelling", `"priority":7`, `"Priority":7`, `"Priority" is there twice, or not spelt`},
		{"an id of another kind", `"kind":"role","role":"%ROLE%"`, `"kind":"role","role":"%UNIT%"`, "rol_"},
		{"an amount as a number", `"amount":"99000.00"`, `"amount":99000`, "cannot unmarshal number"},
		{"an amount with too many decimals", `"99000.00"`, `"99000.001"`, "no more decimals"},
		{"a currency that is none", `"99000.00","currency":"EUR"`, `"99000.00","currency":"euro"`, "three capital letters"},
		{"a requirement without an effect", `{"effect":"refuse"}`, `{}`, "says its effect"},
		{"a condition that cannot be read", `{"then":{"effect":"nothing"}}`, `{"when":"mood > 5","then":{"effect":"nothing"}}`, "there is no fact"},
		{"what Check refuses", `"k":2`, `"k":3`, "at most as many as there are sources"},
		{"not an object", written, `[]`, "cannot unmarshal array"},
		{"nothing", written, ``, "unexpected end"},
		{"something behind it", written, `{} {}`, "after top-level value"},
	} {
		if !strings.Contains(written, row.from) {
			t.Fatalf("%s: nothing to replace", row.says)
		}
		_, err := approval.ParseRule([]byte(fill(strings.Replace(written, row.from, row.to, 1))))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), row.why) {
			t.Errorf("%s: got %v", row.says, err)
		}
	}
}

// rules draws rules that pass their check.
func rules() *rapid.Generator[approval.Rule] {
	return rapid.Custom(func(t *rapid.T) approval.Rule {
		r := approval.Rule{ID: id.NewRule(noon), Version: rapid.IntRange(1, 9).Draw(t, "version"), Name: "Rule", Enabled: rapid.Bool().Draw(t, "enabled"),
			Basis: rapid.SampledFrom([]approval.Basis{approval.Net, approval.NetShipping, approval.Gross}).Draw(t, "basis")}
		if rapid.Bool().Draw(t, "bands") {
			r.Steps = []approval.Step{{Then: requirement(t)}}
			bound := int64(0)
			for range rapid.IntRange(1, 3).Draw(t, "bounds") {
				bound += rapid.Int64Range(1, 200).Draw(t, "bound")
				r.Steps = append(r.Steps, approval.Step{Above: new(eur(bound)), Then: requirement(t)})
			}
			return r
		}
		for range rapid.IntRange(1, 3).Draw(t, "cases") {
			// Parsed, so that the tree is the canonical one of its text.
			c, err := approval.Parse(conditions(2).Draw(t, "when").String())
			if err != nil {
				t.Fatal(err)
			}
			r.Steps = append(r.Steps, approval.Step{When: c, Then: requirement(t)})
		}
		return r
	})
}

func requirement(t *rapid.T) approval.Requirement {
	effect := rapid.SampledFrom([]approval.Effect{approval.Nothing, approval.Ask, approval.Ask, approval.Approve, approval.Refuse}).Draw(t, "effect")
	r := approval.Requirement{Effect: effect}
	if effect != approval.Ask {
		return r
	}
	for range rapid.IntRange(1, 3).Draw(t, "stages") {
		stage := approval.WantedStage{RejectNeedsAll: rapid.Bool().Draw(t, "all must reject")}
		for range rapid.IntRange(1, 2).Draw(t, "groups") {
			of := rapid.SliceOfN(rapid.SampledFrom(sources), 1, 3).Draw(t, "of")
			stage.Groups = append(stage.Groups, approval.WantedGroup{K: rapid.IntRange(1, len(of)).Draw(t, "k"), Of: of})
		}
		r.Stages = append(r.Stages, stage)
	}
	return r
}

// sources is some of each kind, small enough that they meet.
var sources = []approval.Source{purchasing, finance, {Kind: approval.OfRoleInUnit, Role: finance.Role}, {Kind: approval.OfManager, Level: 1},
	{Kind: approval.OfManager, Level: 2}, {Kind: approval.OfCovering}, {Kind: approval.OfUnitHead}, {Kind: approval.OfCostCentre}, {Kind: approval.OfBudget},
	{Kind: approval.OfBudgetManager, Budget: id.NewBudget(noon)}, {Kind: approval.OfAdministrator}, {Kind: approval.OfSeller}}

func TestAnyRuleSurvivesBeingKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rules().Draw(t, "rule")
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := approval.ParseRule(b)
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("%v: %s", err, b)
		}
	})
}

func TestThePermissionToApproveAutomaticallyStandsInForRulesAlone(t *testing.T) {
	rule := approval.Need{Reason: approval.Reason{Kind: approval.ByRule}}
	budget := approval.Need{Reason: approval.Reason{Kind: approval.ByBudget}}
	unsure := approval.Need{Reason: approval.Reason{Kind: approval.ByRule, Unsure: true}}
	for _, row := range []struct {
		says   string
		out    approval.Outcome
		others []approval.Need
		want   bool
	}{
		{"nothing asks", approval.Outcome{}, nil, true},
		{"rules ask", approval.Outcome{Needs: []approval.Need{rule, rule}}, nil, true},
		{"a budget asks", approval.Outcome{Needs: []approval.Need{rule}}, []approval.Need{budget}, false},
		{"a rule could not be evaluated", approval.Outcome{Needs: []approval.Need{rule, unsure}}, nil, false},
		{"a rule refuses", approval.Outcome{Refusals: []approval.Reason{{}}}, nil, false},
	} {
		if got := row.out.Within(row.others); got != row.want {
			t.Errorf("%s: %v", row.says, got)
		}
	}
}
