package approving_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store/approvaldb"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/purchasing"
)

// figures are those of a replay that are not nothing, in words.
func figures(d approving.Replay) string {
	var all []string
	for _, f := range []struct {
		n    int
		what string
	}{{d.Orders, "of"}, {d.HeldThen, "held then"}, {d.Asks, "asked"}, {d.Refuses, "refused"}, {d.Approves, "approved"}, {d.Excused, "excused"}, {d.Saved, "as kept"}, {d.Unsure, "unsure"},
		{d.Fresh, "fresh"}, {d.Besides, "besides"}, {d.Through, "through"}, {d.Slipped, "slipped"}, {d.Already, "already"}, {d.Stuck, "stuck"}, {d.Longer, "longer"}} {
		if f.n > 0 {
			all = append(all, fmt.Sprintf("%d %s", f.n, f.what))
		}
	}
	return strings.Join(all, ", ")
}

// past is half a year of orders of Ann's: what went straight through, what Bob approved after four hours and rejected after two, and
// what was over budget, which waits.
func (w *world) past() (straight, approved, rejected, over purchasing.Submitted) {
	w.t.Helper()
	bob := with(w.Bob, w.opsAt, access.PurchaseOrdersView, access.PurchaseOrdersApprove)
	at := func(month time.Month, gloves int64) purchasing.Submitted {
		w.now = time.Date(2026, month, 10, 9, 0, 0, 0, time.UTC)
		return w.order(w.Ann, gloves)
	}
	straight = at(3, 10) // 79.00
	approved = at(4, 20) // 158.00
	w.now = w.now.Add(4 * time.Hour)
	w.decide(bob, approved.ID, approval.Agree, "")
	rejected = at(5, 30) // 237.00
	w.now = w.now.Add(2 * time.Hour)
	w.decide(bob, rejected.ID, approval.Decline, "Too many")
	over = at(6, 200) // 1 580.00, 580.00 over budget
	w.now = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	return straight, approved, rejected, over
}

func TestARuleIsReplayed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		straight, _, rejected, _ := w.past()
		kept := func(r approval.Rule) approval.Rule {
			r.ID = w.rule.ID
			return r
		}
		ended := counting(t, "items > 1000")
		ended.Until = w.now.Add(-time.Hour)
		begins := bands("Later", 50_00)
		begins.From, begins.Enabled = w.now.Add(time.Hour), false
		refuses := counting(t, "items > 25")
		refuses.Steps[0].Then = approval.Requirement{Effect: approval.Refuse}
		approves := counting(t, "items > 25")
		approves.Steps[0].Then = approval.Requirement{Effect: approval.Approve}
		of := func(r approval.Rule, unit string) approval.Rule {
			r.At = approval.Place{Unit: w.Units[unit]}
			return r
		}
		for _, c := range []struct {
			sentence string
			rule     approval.Rule
			months   int
			want     string
		}{
			{"the rule as it is", kept(bands("Manager", 100_00)), 12, "4 of, 3 held then, 3 asked, 3 as kept"},
			{"of two months", kept(bands("Manager", 100_00)), 2, "2 of, 2 held then, 2 asked, 2 as kept"},
			{"of no month in which anything was ordered", kept(bands("Manager", 100_00)), 0, ""},
			{"stricter", kept(bands("Manager", 50_00)), 12, "4 of, 3 held then, 4 asked, 3 as kept, 1 fresh, 1 longer"},
			{"looser: what was approved goes through", kept(bands("Manager", 200_00)), 12, "4 of, 3 held then, 2 asked, 3 as kept, 1 through"},
			{"looser still: what was rejected slips through, and what is over budget does not", kept(bands("Manager", 2000_00)), 12, "4 of, 3 held then, 3 as kept, 2 through, 1 slipped"},
			{"a new rule, besides the one that there is", bands("Another", 50_00), 12, "4 of, 3 held then, 4 asked, 1 fresh, 1 longer"},
			{"a new rule whose time is not yet, and that is off", begins, 12, "4 of, 3 held then, 4 asked, 1 fresh, 1 longer"},
			{"a new rule that is about nothing that was ordered", ended, 12, "4 of, 3 held then"},
			{"a rule that refuses", refuses, 12, "4 of, 3 held then, 2 refused"},
			{"a rule that approves: the others still ask", approves, 12, "4 of, 3 held then, 2 approved"},
			{"what is not kept counts", counting(t, "first_purchase and items > 15"), 12, "4 of, 3 held then, 3 asked, 3 unsure"},
			{"what is looked up line by line", counting(t, `products has "Work gloves" and suppliers in ("", "x") or max_line > 200 EUR and categories has "Hardware"`), 12, "4 of, 3 held then, 2 asked"},
			{"of budgets", counting(t, "over_budget > 500 EUR and over_budget_percent >= 58 %"), 12, "4 of, 3 held then, 1 asked"},
			{"of the unit", of(bands("x", 50_00), "ops"), 12, "4 of, 3 held then, 4 asked, 1 fresh, 1 longer"},
			{"of another unit", of(bands("x", 50_00), "fin"), 12, "4 of, 3 held then"},
		} {
			if c.months == 0 {
				w.now, c.months = w.now.AddDate(1, 0, 0), 1
			}
			got, err := w.s.Replay(ctx, w.Dan, approving.ReplayInput{Rule: c.rule, Months: c.months})
			if err != nil || figures(got) != c.want {
				t.Errorf("%s: %q, %v", c.sentence, figures(got), err)
			}
			w.now = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
		}
		got, err := w.s.Replay(ctx, w.Dan, approving.ReplayInput{Rule: kept(bands("Manager", 50_00)), Months: 12})
		if err != nil || len(got.New) != 1 || got.New[0].ID != straight.ID || got.New[0].Why.String() != "total (net) €79.00 is above €50.00" || got.New[0].Net != eur(79_00) ||
			strings.Join(got.New[0].Asked, ", ") != "Bob Boss" || got.New[0].Added != 3*time.Hour {
			t.Errorf("what is held that was not: %+v, %v", got.New, err)
		}
		if len(got.People) != 1 || got.People[0].Orders != 4 || got.Persons != 1 || got.People[0].Decisions != 0 || got.Usual != 3*time.Hour || got.Decisions != 2 ||
			got.Added != 3*time.Hour || got.Each != 3*time.Hour || len(got.Sources) != 1 || got.Sources[0].Orders != 4 {
			t.Errorf("whom it asks, and how long that takes: %+v", got)
		}
		got, err = w.s.Replay(ctx, w.Dan, approving.ReplayInput{Rule: kept(bands("Manager", 2000_00)), Months: 12})
		if err != nil || len(got.Gone) != 1 || got.Gone[0].ID != rejected.ID || got.Gone[0].Reason != "Too many" || got.Gone[0].Already {
			t.Errorf("what slips through: %+v, %v", got.Gone, err)
		}
		if got, err := w.s.Replay(ctx, w.Dan, approving.ReplayInput{Rule: counting(t, "first_purchase"), Months: 12}); err != nil || len(got.Unknown) != 1 || got.Unknown[0].Name != "first_purchase" {
			t.Errorf("what is not known: %+v, %v", got.Unknown, err)
		}
	})
}

// A replay of rules shows the purchase orders that one sees, and of them what one is shown.
func TestAReplayShowsWhatItsReaderSees(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.past()
		all := []access.Permission{access.ApprovalRulesView, access.PurchaseOrdersView, access.PurchaseOrdersViewCompany}
		blind := with(w.Dan, tree.Top, all...)
		sighted := with(w.Dan, tree.Top, append(all, access.PricesView)...)
		in := func(r approval.Rule) approving.ReplayInput { return approving.ReplayInput{Rule: r, Months: 12} }
		told := func(a access.Actor, r approval.Rule) string {
			got, err := w.s.Replay(ctx, a, in(r))
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range append(got.New, got.Gone...) {
				if (row.Net.Currency != "") == got.Unpriced {
					t.Errorf("amounts are shown: %v", row)
				}
			}
			return fmt.Sprintf("%v %+v %+v %+v", figures(got), got.People, got.New, got.Gone)
		}
		for _, row := range []struct{ below, above approval.Rule }{
			{bands("x", 78_00), bands("x", 80_00)},
			{counting(t, "max_line > 78 EUR"), counting(t, "max_line > 80 EUR")},
			{counting(t, "not over_budget_percent > 57 %"), counting(t, "not over_budget_percent > 59 %")},
		} {
			row.above.Name = row.below.Name
			if a, b := told(blind, row.below), told(blind, row.above); a != b {
				t.Errorf("who may not see prices is told apart\n%s\n%s", a, b)
			}
			if a, b := told(sighted, row.below), told(sighted, row.above); a == b {
				t.Errorf("who may see prices is told the same of both: %s", a)
			}
		}
		for _, row := range []struct {
			sentence string
			who      access.Actor
			want     string
		}{
			{"of finance alone", with(w.Cleo, w.fin, append(all, access.PricesView)...), ""},
			{"of operations", with(w.Cleo, w.opsAt, append(all, access.PricesView)...), "4 of, 3 held then, 4 asked, 1 fresh, 1 longer"},
			{"her own alone", with(w.Cleo, tree.Top, access.ApprovalRulesView, access.PurchaseOrdersView, access.PricesView), ""},
			{"without purchase_orders.view", with(w.Dan, tree.Top, access.ApprovalRulesView, access.PricesView), ""},
			{"of Globex", w.Eve, ""},
		} {
			rule := bands("x", 50_00)
			if got, err := w.s.Replay(ctx, row.who, in(rule)); err != nil || figures(got) != row.want {
				t.Errorf("%s: %q, %v", row.sentence, figures(got), err)
			}
		}
		others := bands("x", 50_00)
		others.ID = w.rule.ID
		for _, row := range []struct {
			sentence string
			who      access.Actor
			in       approving.ReplayInput
			want     error
		}{
			{"without approval_rules.view", with(w.Dan, tree.Top, access.PurchaseOrdersViewCompany), in(bands("x", 1)), access.ErrForbidden},
			{"a rule of another company", w.Eve, in(others), approvaldb.ErrRuleUnseen},
			{"nothing", w.Dan, approving.ReplayInput{Rule: bands("x", 1)}, fault.ErrInput},
			{"more than ten years", w.Dan, approving.ReplayInput{Rule: bands("x", 1), Months: 121}, fault.ErrInput},
			{"what is no rule", w.Dan, in(approval.Rule{Name: "x", Basis: approval.Net}), fault.ErrInput},
			{"who is not there", w.Dan, in(asks("x", approval.Source{Kind: approval.OfMember, Member: w.Eve.Member})), fault.ErrInput},
		} {
			if _, err := w.s.Replay(ctx, row.who, row.in); !errors.Is(err, row.want) {
				t.Errorf("%s: %v", row.sentence, err)
			}
		}
	})
}

// A replay says of each purchase order what trying the rule on it says: of whatever fact it looks at, and however little of it is read.
func TestAReplaySaysWhatATrialSays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, b, c, d := w.past()
		for _, fact := range approval.Vocabulary() {
			var texts []string
			switch fact.Kind {
			case approval.MoneyFact:
				texts = []string{"%s > 0 EUR", "%s > 100 EUR", "not %s < 200 EUR"}
			case approval.NumberFact:
				texts = []string{"%s > 0", "%s > 20", "%s = 1"}
			case approval.PercentFact:
				texts = []string{"%s > 10 %%"}
			case approval.DateFact:
				texts = []string{"%s > 2026-01-01"}
			case approval.TextFact:
				texts = []string{`%s = "DE"`, `%s != "EUR"`, `%s in ("EUR", "standard", "on_account")`}
			case approval.ListFact:
				texts = []string{`%s has "Ann Archer"`, `%s in ("Buyer", "Operations", "Acme Works", "Hardware", "Work gloves")`, `not %s has "x"`}
			default:
				texts = []string{"%s", "not %s"}
			}
			for _, text := range texts {
				rule := counting(t, fmt.Sprintf(text, fact.Name))
				rule.Steps[0].Then = approval.Requirement{Effect: approval.Refuse}
				held, unsure := 0, 0
				for _, po := range []purchasing.Submitted{a, b, c, d} {
					tested, err := w.s.TestRule(ctx, w.Dan, rule, po.ID)
					if err != nil {
						t.Fatal(err)
					}
					for _, s := range tested.Steps {
						held++
						if s.Unsure {
							unsure++
						}
					}
				}
				got, err := w.s.Replay(ctx, w.Dan, approving.ReplayInput{Rule: rule, Months: 12})
				if err != nil || got.Orders != 4 || got.Refuses != held || got.Unsure != unsure || (unsure > 0) != (len(got.Unknown) == 1) {
					t.Errorf("%s: %d held and %d unsure by themselves, in the replay %s, %v", rule.Name, held, unsure, figures(got), err)
				}
			}
		}
	})
}
