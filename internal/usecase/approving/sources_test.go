package approving_test

import (
	"slices"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/store"
	"kontor/internal/usecase/budgeting"
)

// Whom a rule names is told by name, and whether anybody is there who acts and may approve; what is a relation cannot be told
// before there is an order.
func TestWhomARuleNamesIsToldByName(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		create := func(name string, owner budget.Owner) id.Budget {
			b, err := budgeting.New(w.DB).Create(ctx, w.Dan, budgeting.CreateInput{Name: name, Owner: owner, Limit: eur(1_00),
				Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Warn, Carry: budget.CarryNone})
			if err != nil {
				t.Fatal(err)
			}
			return b.ID
		}
		anns, cleos, centres := create("Ann's", budget.Owner{Member: w.Ann.Member}), create("Cleo's", budget.Owner{Member: w.Cleo.Member}), create("The centre's", budget.Owner{CostCentre: w.CostCentre})
		do := func(text string, args ...any) func() {
			return func() {
				err := w.DB.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
					tx.Views.Tx.Write(text, args...)
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		manager := func(m id.Member) func() {
			return do(`update cost_centre set manager_id = ? where company_id = ? and id = ?`, m, w.Acme, w.CostCentre)
		}
		manager(w.Cleo.Member)()
		for _, c := range []struct {
			sentence string
			source   approval.Source
			name     string
			nobody   bool
			after    func()
		}{
			{"Bob may approve", approval.Source{Kind: approval.OfMember, Member: w.Bob.Member}, "Bob Boss", false, nil},
			{"Ann may not", approval.Source{Kind: approval.OfMember, Member: w.Ann.Member}, "Ann Archer", true, nil},
			{"Bob holds it", approval.Source{Kind: approval.OfRole, Role: w.Roles["approver"]}, "Approver", false, nil},
			{"Ann holds it, and may not approve", approval.Source{Kind: approval.OfRole, Role: w.Roles["buyer"]}, "Buyer", true, nil},
			{"nobody holds it", approval.Source{Kind: approval.OfRoleInUnit, Role: w.Roles["scheduler"]}, "Scheduler", true, nil},
			{"of another company", approval.Source{Kind: approval.OfRole, Role: w.GlobexRoles["administrator"]}, "", true, nil},
			{"Cleo manages it", approval.Source{Kind: approval.OfCostCentre, CostCentre: w.CostCentre}, "Maintenance", false, nil},
			{"Cleo's own", approval.Source{Kind: approval.OfBudget, Budget: cleos}, "Cleo's", false, nil},
			{"Ann's own", approval.Source{Kind: approval.OfBudget, Budget: anns}, "Ann's", true, nil},
			{"whoever manages Ann", approval.Source{Kind: approval.OfBudgetManager, Budget: anns}, "Ann's", false, nil},
			{"that of the cost centre", approval.Source{Kind: approval.OfBudget, Budget: centres}, "The centre's", false, nil},
			{"that of operations", approval.Source{Kind: approval.OfBudget, Budget: w.ops.ID}, "Operations", false, nil},
			{"the manager", approval.Source{Kind: approval.OfManager, Level: 1}, "", false, nil},
			{"whoever is not here", approval.Source{Kind: approval.OfAbsent}, "", true, nil},
			{"whose cost centre nobody manages", approval.Source{Kind: approval.OfBudget, Budget: centres}, "The centre's", true, manager(id.Member{})},
			{"whose time is over", approval.Source{Kind: approval.OfRole, Role: w.Roles["approver"]}, "Approver", true,
				do(`update assignment set until_at = ? where company_id = ? and member_id = ?`, w.now.Add(-time.Second), w.Acme, w.Bob.Member)},
			{"who has left", approval.Source{Kind: approval.OfMember, Member: w.Cleo.Member}, "Cleo Clark", true,
				do(`update member set status = 'inactive' where company_id = ? and id = ?`, w.Acme, w.Cleo.Member)},
		} {
			if c.after != nil {
				c.after()
			}
			r := approval.Rule{Steps: []approval.Step{{Then: approval.Asks(c.source)}}}
			is, err := w.s.Sources(ctx, w.Dan, r)
			if err != nil || is.Called[c.source] != c.name || is.Nobody[c.source] != c.nobody {
				t.Errorf("%s: called %q, nobody %v, %v", c.sentence, is.Called[c.source], is.Nobody[c.source], err)
			}
			if short := is.Short(r); (len(short) > 0) != c.nobody {
				t.Errorf("%s: short of %v", c.sentence, short)
			}
		}
		both := approval.Rule{Steps: []approval.Step{{Then: approval.AsksAll(approval.WantedGroup{K: 2, Of: []approval.Source{{Kind: approval.OfManager, Level: 1}, {Kind: approval.OfMember, Member: w.Ann.Member}}})}}}
		if is, err := w.s.Sources(ctx, w.Dan, both); err != nil || !slices.Equal(is.Short(both), both.Steps[0].Then.Stages[0].Groups[0].Of[1:]) {
			t.Errorf("two must agree, and one is nobody: %v, %v", is.Short(both), err)
		}
		if _, err := w.s.Sources(ctx, w.Ann, both); err == nil {
			t.Error("without approval_rules.view they are told")
		}
	})
}

// A plan says what it asks people as, by the names of the day when it was made.
func TestAPlanNamesItsSources(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := bands("By name", 100_00)
		r.Steps[1].Then = approval.AsksAll(
			approval.WantedGroup{K: 1, Of: []approval.Source{{Kind: approval.OfRole, Role: w.Roles["approver"]}, {Kind: approval.OfRole, Role: w.Roles["scheduler"]}}},
			approval.WantedGroup{K: 1, Of: []approval.Source{{Kind: approval.OfManager, Level: 1}}},
			approval.WantedGroup{K: 1, Of: []approval.Source{{Kind: approval.OfUnitHead}}},
			approval.WantedGroup{K: 1, Of: []approval.Source{{Kind: approval.OfMember, Member: w.Cleo.Member}}},
			approval.WantedGroup{K: 1, Of: []approval.Source{{Kind: approval.OfBudget}}})
		if _, err := w.s.CreateRule(ctx, w.Dan, r); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, stage := range w.po(w.order(w.Ann, 20).ID).Plan.Stages {
			for _, g := range stage.Groups {
				for i, s := range g.Sources {
					got = append(got, string(s.Kind)+":"+g.Name(i))
				}
			}
		}
		slices.Sort(got)
		if want := []string{"budget_owner:Operations", "manager:", "member:Cleo Clark", "role:Approver", "role:Scheduler", "unit_head:Operations"}; !slices.Equal(slices.Compact(got), want) {
			t.Errorf("asked as %q, want %q", got, want)
		}
	})
}
