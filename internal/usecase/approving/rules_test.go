package approving_test

import (
	"errors"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store/approvaldb"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/view"
)

// asks is a rule that always asks a source.
func asks(name string, s approval.Source) approval.Rule {
	return approval.Rule{Name: name, Enabled: true, Basis: approval.Net, Steps: []approval.Step{{Then: approval.Asks(s)}}}
}

// counting is a rule that asks Ann's manager where this holds.
func counting(t *testing.T, when string) approval.Rule {
	t.Helper()
	c, err := approval.Parse(when)
	if err != nil {
		t.Fatal(err)
	}
	r := asks(when, approval.Source{Kind: approval.OfManager, Level: 1})
	r.Steps[0].When = c
	return r
}

func TestARuleNamesOnlyWhatIsTheCompanys(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		member := approval.Source{Kind: approval.OfMember, Member: w.Bob.Member}
		for _, c := range []struct {
			sentence string
			rule     approval.Rule
			field    string // that is wrong; empty: none is
		}{
			{"a member", asks("1", member), ""},
			{"a member of Globex", asks("2", approval.Source{Kind: approval.OfMember, Member: w.Eve.Member}), "steps.0.then.stages.0.groups.0.of.0"},
			{"a role", asks("3", approval.Source{Kind: approval.OfRole, Role: w.Roles["approver"]}), ""},
			{"a role of Globex", asks("4", approval.Source{Kind: approval.OfRoleInUnit, Role: w.GlobexRoles["approver"]}), "steps.0.then.stages.0.groups.0.of.0"},
			{"a cost centre of Globex", asks("5", approval.Source{Kind: approval.OfCostCentre, CostCentre: w.GlobexCostCentre}), "steps.0.then.stages.0.groups.0.of.0"},
			{"a budget", asks("6", approval.Source{Kind: approval.OfBudget, Budget: w.ops.ID}), ""},
			{"a budget that is not there", asks("7", approval.Source{Kind: approval.OfBudget, Budget: id.NewBudget(w.now)}), "steps.0.then.stages.0.groups.0.of.0"},
			{"watchers of Globex", func() approval.Rule {
				r := asks("8", member)
				r.Watchers = []id.Member{w.Ann.Member, w.Eve.Member}
				return r
			}(), "watchers"},
			{"for a unit of Globex", func() approval.Rule {
				r := asks("9", member)
				r.AppliesTo.Units = []approval.Place{{Unit: w.GlobexUnits["globex"]}}
				return r
			}(), "applies_to.units"},
			{"for all that can be named", func() approval.Rule {
				r := asks("10", member)
				r.At = approval.Place{Unit: w.Units["ops"]}
				r.Watchers = []id.Member{w.Ann.Member}
				r.AppliesTo = approval.AppliesTo{Roles: []id.Role{w.Roles["buyer"]}, Members: []id.Member{w.Ann.Member}, Units: []approval.Place{{Unit: w.Units["ops"]}},
					CostCentres: []id.CostCentre{w.CostCentre}}
				return r
			}(), ""},
			{"a rule that cannot be", asks(" ", member), "name"},
			{"an amount in a currency that there is not", counting(t, "total_net > 5 XYZ"), "steps.0.when"},
			{"an amount in gold, of two", counting(t, "total_net > 5 EUR and shipping > 1 XAU"), "steps.0.when"},
			{"an amount in another currency", counting(t, "total_net > 5 USD"), ""},
			{"a band in a currency that there is not", func() approval.Rule {
				r := bands("12", 5)
				for i := range r.Steps {
					if r.Steps[i].Above != nil {
						r.Steps[i].Above.Currency = "XYZ"
					}
				}
				return r
			}(), "steps.1.above.currency"},
		} {
			r, err := w.s.CreateRule(ctx, w.Dan, c.rule)
			var f *fault.Fault
			switch {
			case c.field == "" && err != nil:
				t.Errorf("%s: %v", c.sentence, err)
			case c.field == "" && (r.Version != 1 || r.ID.IsZero()):
				t.Errorf("%s: %+v", c.sentence, r)
			case c.field != "" && (!errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Name != c.field):
				t.Errorf("%s: %v", c.sentence, err)
			}
		}
		at := asks("11", member)
		at.At = approval.Place{Unit: w.GlobexUnits["globex"]}
		if _, err := w.s.CreateRule(ctx, w.Dan, at); !errors.Is(err, fault.ErrInput) {
			t.Error("a rule of a unit of Globex:", err)
		}
		if _, err := w.s.CreateRule(ctx, w.Dan, asks("Manager", member)); !errors.Is(err, approvaldb.ErrRuleName) {
			t.Error("two of one name:", err)
		}
	})
}

func TestARuleIsChangedInTheVersionThatWasSeen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		edited := bands("Manager of all", 50_00)
		edited.ID, edited.Version = w.rule.ID, 1
		second, err := w.s.EditRule(ctx, w.Dan, edited)
		if err != nil || second.Version != 2 {
			t.Fatalf("%+v, %v", second, err)
		}
		third, err := w.s.EnableRule(ctx, w.Dan, w.rule.ID, 2, false)
		if err != nil || third.Version != 3 || third.Enabled || third.Name != "Manager of all" {
			t.Fatalf("%+v, %v", third, err)
		}
		enable := func(a access.Actor, key id.Rule, version int) error {
			_, err := w.s.EnableRule(ctx, a, key, version, true)
			return err
		}
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"an older version", enable(w.Dan, w.rule.ID, 2), approving.ErrRuleStale},
			{"an older version is not deleted", w.s.DeleteRule(ctx, w.Dan, w.rule.ID, 2), approving.ErrRuleStale},
			{"Bob sees it and may not", enable(w.Bob, w.rule.ID, 3), access.ErrForbidden},
			{"Bob sees it and may not delete it", w.s.DeleteRule(ctx, w.Bob, w.rule.ID, 3), access.ErrForbidden},
			{"Ann is told which permission she lacks", enable(w.Ann, w.rule.ID, 3), access.ErrForbidden},
			{"Eve does not see it", enable(w.Eve, w.rule.ID, 3), approvaldb.ErrRuleUnseen},
			{"Eve does not see it to delete", w.s.DeleteRule(ctx, w.Eve, w.rule.ID, 3), approvaldb.ErrRuleUnseen},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v", c.sentence, c.err)
			}
		}
		versions, err := w.s.Versions(ctx, w.Bob, w.rule.ID)
		if err != nil || len(versions) != 3 || versions[0].Rule.Version != 3 || versions[0].Rule.Enabled || versions[2].Rule.Name != "Manager" || versions[2].ByName != "Dan Director" {
			t.Errorf("%+v, %v", versions, err)
		}
		if done := w.order(w.Ann, 20); done.State != approval.Placed {
			t.Error("a rule that is not enabled asks somebody:", done.State)
		}
		if err := enable(w.Dan, w.rule.ID, 3); err != nil {
			t.Fatal(err)
		}
		if done := w.order(w.Ann, 10); done.State != approval.PendingApproval {
			t.Error("the rule, changed, asks nobody:", done.State)
		}
		if err := w.s.DeleteRule(ctx, w.Dan, w.rule.ID, 4); err != nil {
			t.Fatal(err)
		}
		if _, err := w.s.GetRule(ctx, w.Dan, w.rule.ID); !errors.Is(err, approvaldb.ErrRuleUnseen) {
			t.Error("a rule that was deleted is seen:", err)
		}
		if _, err := w.s.CreateRule(ctx, w.Dan, bands("Manager of all", 1)); err != nil {
			t.Error("the name of a deleted rule is taken:", err)
		}
	})
}

func TestRulesAreSeenWhereTheyApplyAndManagedWhereTheyAre(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		at := func(name, unit string) approval.Rule {
			r := bands(name, 1)
			r.At = approval.Place{Unit: w.Units[unit]}
			return r
		}
		for _, r := range []approval.Rule{at("Operations", "ops"), at("Finance", "fin"), at("Works", "acme")} {
			if _, err := w.s.CreateRule(ctx, w.Dan, r); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.s.CreateRule(ctx, w.Eve, bands("Globex", 1)); err != nil {
			t.Fatal(err)
		}
		no := false
		list := func(a access.Actor, f approving.RuleFilter) string {
			return pages(t, 1, func(r view.Rule) string { return r.Name + "@" + r.UnitName }, func(ask page.Ask) (page.List[view.Rule], error) {
				return w.s.ListRules(ctx, a, f, ask)
			})
		}
		inOps := with(w.Bob, w.opsAt, access.ApprovalRulesManage)
		for _, c := range []struct {
			sentence  string
			got, want string
		}{
			{"Dan sees all", list(w.Dan, approving.RuleFilter{}), "Finance@Finance Manager@ Operations@Operations Works@Acme Works"},
			{"Bob, of operations, those that apply there", list(inOps, approving.RuleFilter{}), "Manager@ Operations@Operations Works@Acme Works"},
			{"by text", list(w.Dan, approving.RuleFilter{Text: "OPER"}), "Operations@Operations"},
			{"those that are not enabled", list(w.Dan, approving.RuleFilter{Enabled: &no}), ""},
			{"Eve hers", list(w.Eve, approving.RuleFilter{}), "Globex@"},
		} {
			if c.got != c.want {
				t.Errorf("%s: %q", c.sentence, c.got)
			}
		}
		if _, err := w.s.ListRules(ctx, w.Ann, approving.RuleFilter{}, page.Ask{}); !errors.Is(err, access.ErrForbidden) {
			t.Error("without approval_rules.view:", err)
		}
		if _, err := w.s.CreateRule(ctx, inOps, at("More of operations", "ops")); err != nil {
			t.Error("Bob makes a rule of operations:", err)
		}
		for sentence, r := range map[string]approval.Rule{"of finance": at("x", "fin"), "of the company": bands("x", 1)} {
			if _, err := w.s.CreateRule(ctx, inOps, r); !errors.Is(err, access.ErrForbidden) {
				t.Errorf("Bob makes a rule %s: %v", sentence, err)
			}
		}
		wider := bands("Manager", 1)
		wider.ID, wider.Version, wider.At = w.rule.ID, w.rule.Version, approval.Place{Unit: w.Units["ops"]}
		if _, err := w.s.EditRule(ctx, inOps, wider); !errors.Is(err, access.ErrForbidden) {
			t.Error("Bob makes the company's rule one of operations:", err)
		}
	})
}

func TestARuleIsTriedOnAPurchaseOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		po := w.order(w.Ann, 200) // 1 580.00, of which 580.00 over budget
		when := func(text string) approval.Rule {
			c, err := approval.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			return approval.Rule{Name: "x", Basis: approval.Net, Steps: []approval.Step{{When: c, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}}
		}
		of := func(r approval.Rule, unit string) approval.Rule {
			r.At = approval.Place{Unit: w.Units[unit]}
			return r
		}
		for _, c := range []struct {
			sentence string
			rule     approval.Rule
			want     string
		}{
			{"above a band", bands("x", 1000_00), "applies 2: total (net) €1,580.00 is above €1,000.00"},
			{"within the first band", bands("x", 1580_00), "applies 1: total (net) €1,580.00 is at most €1,580.00"},
			{"a condition that holds", when(`total_gross > 1000 EUR and skus = 1`), "applies 1: total (gross) €1,580.00 is above €1,000.00 and number of articles 1 is equal to 1"},
			{"a condition that does not", when(`items > 1000`), "applies"},
			{"over budget", when(`over_budget > 500 EUR`), "applies 1: amount over budget €580.00 is above €500.00"},
			{"the requester's role", when(`requester_roles has "Buyer"`), `applies 1: roles of the requester: "Buyer"`},
			{"a category", when(`categories has "Hardware"`), `applies 1: categories: "Hardware"`},
			{"a unit above", when(`unit has "Acme Works"`), `applies 1: unit: "Acme Works"`},
			{"what is not kept", when(`first_purchase`), "applies 1: it is not known: an article is bought for the first time, unsure"},
			{"a rule of the unit", of(bands("x", 1000_00), "ops"), "applies 2: total (net) €1,580.00 is above €1,000.00"},
			{"a rule of another unit", of(bands("x", 1000_00), "fin"), ""},
		} {
			got, err := w.s.TestRule(ctx, w.Dan, c.rule, po.ID)
			if err != nil {
				t.Errorf("%s: %v", c.sentence, err)
				continue
			}
			var words []string
			if got.Applies {
				words = append(words, "applies")
			}
			for _, s := range got.Steps {
				text := string(rune('0'+s.Step)) + ": " + s.Why.String()
				if s.Unsure {
					text += ", unsure"
				}
				words = append(words, text)
			}
			if strings.Join(words, " ") != c.want {
				t.Errorf("%s: %q", c.sentence, strings.Join(words, " "))
			}
		}
		sees := with(w.Cleo, tree.Top, access.ApprovalRulesView, access.PurchaseOrdersView)
		if _, err := w.s.TestRule(ctx, sees, bands("x", 1), po.ID); !errors.Is(err, approvaldb.ErrUnseen) {
			t.Error("Cleo tries a rule on what she does not see:", err)
		}
		if _, err := w.s.TestRule(ctx, w.Eve, bands("x", 1), po.ID); !errors.Is(err, approvaldb.ErrUnseen) {
			t.Error("Eve tries a rule on what is Acme's:", err)
		}
		if _, err := w.s.TestRule(ctx, w.Ann, bands("x", 1), po.ID); !errors.Is(err, access.ErrForbidden) {
			t.Error("Ann tries a rule:", err)
		}
		looked := &approval.Facts{At: w.now, TotalNet: approval.Known(money.Of(2, "EUR"))}
		if got, err := w.s.TestRuleOn(ctx, w.Dan, bands("x", 1), looked); err != nil || len(got.Steps) != 1 || got.Steps[0].Step != 2 {
			t.Errorf("what was not submitted: %+v, %v", got, err)
		}
		if _, err := w.s.TestRuleOn(ctx, w.Ann, bands("x", 1), looked); !errors.Is(err, access.ErrForbidden) {
			t.Error("Ann tries a rule on that:", err)
		}
		if _, err := w.s.TestRule(ctx, w.Dan, asks("x", approval.Source{Kind: approval.OfMember, Member: w.Eve.Member}), po.ID); !errors.Is(err, fault.ErrInput) {
			t.Error("a rule that cannot be is tried:", err)
		}
	})
}

// A company without rules of its own keeps those that it has: they count, and nobody changes them.
func TestACompanysRulesAreNotItsOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		set := func(own bool) {
			t.Helper()
			c, err := onboarding.New(w.DB).GetCustomer(ctx, w.Sam, w.Acme)
			if err != nil {
				t.Fatal(err)
			}
			terms := company.NewTerms()
			terms.OwnRules = own
			if err := onboarding.New(w.DB).SetTerms(ctx, w.Sam, onboarding.SetTermsInput{Company: w.Acme, Version: c.Version, Terms: terms}); err != nil {
				t.Fatal(err)
			}
		}
		set(false)
		_, created := w.s.CreateRule(ctx, w.Dan, bands("Another", 1))
		_, edited := w.s.EditRule(ctx, w.Dan, w.rule)
		_, enabled := w.s.EnableRule(ctx, w.Dan, w.rule.ID, w.rule.Version, false)
		for act, err := range map[string]error{"make": created, "edit": edited, "switch off": enabled, "delete": w.s.DeleteRule(ctx, w.Dan, w.rule.ID, w.rule.Version)} {
			if !errors.Is(err, company.ErrOwnRules) {
				t.Errorf("to %s a rule: %v", act, err)
			}
		}
		if _, err := w.s.CreateRule(ctx, w.Ann, bands("Another", 1)); !errors.Is(err, access.ErrForbidden) {
			t.Error("who may not is told that first:", err)
		}
		if done := w.order(w.Ann, 100); done.State != approval.PendingApproval {
			t.Errorf("the rule that there is counts no more: %s", done.State)
		}
		set(true)
		if err := w.s.DeleteRule(ctx, w.Dan, w.rule.ID, w.rule.Version); err != nil {
			t.Error(err)
		}
	})
}
