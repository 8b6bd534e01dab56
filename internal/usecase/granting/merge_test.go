package granting_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

func TestTwoRolesBecomeOne(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		day, night := st.role("Day", access.OrdersView), st.role("Night", access.BudgetsView)
		at := st.w.DB.Times().Add(time.Hour).Truncate(time.Second)
		st.give(st.w.Ann, day.ID, id.Unit{})
		st.must(second(st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Ann.Member, Role: night.ID, Until: at})))
		st.must(second(st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Bob.Member, Role: night.ID, Unit: st.w.Units["ops"], Until: at})))
		people := organising.New(st.w.DB)
		st.must(second(people.Invite(ctx, dan, organising.InviteInput{People: []organising.Guest{{Email: "guest@acme.example",
			Offers: []company.Offer{{Role: night.ID}, {Role: day.ID}, {Role: night.ID, Unit: st.w.Units["ops"]}}}}})))
		in := granting.MergeInput{Kept: day.ID, Gone: night.ID, KeptVersion: 1, GoneVersion: 1, Both: true}

		m, err := st.s.Weigh(ctx, dan, in)
		st.must(err)
		if m.Gained != access.SetOf(access.OrdersView) || m.Added != access.SetOf(access.BudgetsView) || m.Lost.Len() != 0 ||
			!slices.Equal(m.KeptBy, []string{"Ann Archer"}) || !slices.Equal(m.GoneBy, []string{"Ann Archer", "Bob Boss"}) || m.Invitations != 2 || len(m.Laws) > 0 {
			st.Errorf("what would come of it: %+v", m)
		}
		changed := func(change func(*granting.MergeInput)) granting.MergeInput {
			other := in
			change(&other)
			return other
		}
		for _, c := range []struct {
			sentence string
			by       access.Actor
			in       granting.MergeInput
			want     *fault.Fault
		}{
			{"a role is not merged with itself", dan, changed(func(in *granting.MergeInput) { in.Gone = day.ID }), access.ErrSameRole},
			{"nor one that was changed since", dan, changed(func(in *granting.MergeInput) { in.GoneVersion = 2 }), access.ErrRoleStale},
			{"nor into one that was", dan, changed(func(in *granting.MergeInput) { in.KeptVersion = 2 }), access.ErrRoleStale},
			{"administrators stay", dan, changed(func(in *granting.MergeInput) { in.Gone = st.w.Roles["administrator"] }), access.ErrFixedRole},
			{"and nobody is merged into them", dan, changed(func(in *granting.MergeInput) { in.Kept = st.w.Roles["administrator"] }), access.ErrFixedRole},
			{"what new members get stays", dan, changed(func(in *granting.MergeInput) { in.Gone = st.w.Roles["default_user"] }), access.ErrDefaultRole},
			{"nobody gives what they do not hold", st.now(dan).Holding([]access.Grant{{Place: tree.Top, Set: access.SetOf(access.RolesManage, access.OrdersView).Normalise()}}), in, access.ErrEscalation},
			{"Ann merges none", st.w.Ann, in, access.ErrForbidden},
			{"Eve has no such roles", st.w.Eve, in, access.ErrUnseenRole},
		} {
			st.refused(c.sentence, second(st.s.Merge(ctx, c.by, c.in)), c.want)
		}
		st.must(second(st.s.Merge(ctx, dan, in)))
		held, err := st.s.Held(ctx, dan, st.w.Ann.Member)
		st.must(err)
		n := 0
		for _, a := range held {
			if a.Role == day.ID {
				if n++; !a.Until.IsZero() {
					st.Errorf("Ann had it for ever, and has it until %s", a.Until)
				}
			}
			if a.Role == night.ID {
				st.Error("somebody has the role that is gone")
			}
		}
		if n != 1 {
			st.Errorf("Ann has it %d times", n)
		}
		held, err = st.s.Held(ctx, dan, st.w.Bob.Member)
		if i := slices.IndexFunc(held, func(a view.Assigned) bool { return a.Role == day.ID }); err != nil || i < 0 || held[i].Unit != st.w.Units["ops"] || !held[i].Until.Equal(at) {
			st.Errorf("Bob has %+v, %v", held, err)
		}
		if bob := st.now(st.w.Bob); !bob.MaySomewhere(access.OrdersView) {
			st.Error("what Bob gained does not count at once")
		}
		st.refused("the other one is gone", second(st.s.GetRole(ctx, dan, night.ID)), access.ErrUnseenRole)
		if again, err := st.s.Weigh(ctx, dan, granting.MergeInput{Kept: st.w.Roles["buyer"], Gone: day.ID}); err != nil || again.Invitations != 2 {
			st.Errorf("the invitation promises %d of the role that stays: %v", again.Invitations, err)
		}
	})
}

func TestAMergeBreaksNoRuleOfSeparation(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		day, night := st.role("Day", access.OrdersView), st.role("Night", access.AuditView)
		st.give(st.w.Ann, night.ID, id.Unit{})
		st.must(second(st.s.CreateSeparation(ctx, dan, access.SeparationFields{Name: "Apart", Permissions: access.SetOf(access.AuditView, access.WebhooksManage), Cardinality: 2, Excuses: true, On: true})))
		hooks := st.role("Hooks", access.WebhooksManage)
		st.give(st.w.Bob, hooks.ID, id.Unit{})
		st.refused("what a rule keeps apart", second(st.s.Merge(ctx, dan, granting.MergeInput{Kept: hooks.ID, Gone: night.ID, KeptVersion: 1, GoneVersion: 1, Both: true})), access.ErrSeparated)
		st.must(second(st.s.Merge(ctx, dan, granting.MergeInput{Kept: day.ID, Gone: night.ID, KeptVersion: 1, GoneVersion: 1, Both: true})))
		named := st.role("Named", access.OrdersView)
		st.must(second(st.s.CreateSeparation(ctx, dan, access.SeparationFields{Name: "Roles apart", Roles: []id.Role{named.ID, hooks.ID}, Cardinality: 2, On: true})))
		st.refused("a role that a rule names", second(st.s.Merge(ctx, dan, granting.MergeInput{Kept: day.ID, Gone: named.ID, KeptVersion: 2, GoneVersion: 1})), access.ErrRoleSeparated)
	})
}

// A rule that knows a role only by its name stops the merge as well, wherever in its conditions it does; one that compares something
// else with the same word does not.
func TestARuleThatComparesTheNameOfARoleStopsItsMerge(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		rules := approving.New(st.w.DB)
		when := func(name, text string) approval.Rule {
			c, err := approval.Parse(text)
			st.must(err)
			r, err := rules.CreateRule(ctx, dan, approval.Rule{Name: name, Basis: approval.Net, Steps: []approval.Step{{When: c, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}})
			st.must(err)
			return r
		}
		day, night := st.role("Day", access.OrdersView), st.role("Night", access.BudgetsView)
		in := granting.MergeInput{Kept: day.ID, Gone: night.ID, KeptVersion: 1, GoneVersion: 1, Both: true}
		when("Word", `unit has "Night"`)
		when("Other role", `requester_roles has "Day"`)
		r := when("By name", `total_net > 10 EUR and not (skus > 3 or requester_roles in ("Buyer", "Night"))`)
		m, err := st.s.Weigh(ctx, dan, in)
		st.must(err)
		if !slices.Equal(m.Laws, []string{"By name"}) {
			st.Errorf("it is named by %q", m.Laws)
		}
		st.refused("a rule compares its name", second(st.s.Merge(ctx, dan, in)), access.ErrRoleNamed)
		st.must(rules.DeleteRule(ctx, dan, r.ID, r.Version))
		st.must(second(st.s.Merge(ctx, dan, in)))
	})
}

// Whoever gets a role while it is merged away has the one that stays, or does not get it.
func TestARoleIsGivenWhileItIsMerged(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		day := st.role("Day", access.OrdersView)
		won := [2]int{}
		for round := range 50 {
			night := st.role(fmt.Sprint("Night ", round), access.BudgetsView)
			max := st.join(fmt.Sprint("Max", round), company.Node{})
			now, err := st.s.GetRole(ctx, dan, day.ID)
			st.must(err)
			errs := atOnce(
				func() error {
					return second(st.s.Merge(ctx, dan, granting.MergeInput{Kept: day.ID, Gone: night.ID, KeptVersion: now.Version, GoneVersion: 1, Both: true}))
				},
				func() error {
					return second(st.s.Assign(ctx, dan, granting.AssignInput{Member: max.Member, Role: night.ID}))
				})
			st.must(errs[0])
			held, err := st.s.Held(ctx, dan, max.Member)
			st.must(err)
			has := slices.ContainsFunc(held, func(a view.Assigned) bool { return a.Role == day.ID })
			switch {
			case errs[1] == nil && has:
				won[0]++
			case fault.KindOf(errs[1]) == fault.NotFound && !has:
				won[1]++
			default:
				st.Fatalf("round %d: to give it: %v; and has the other one: %v", round, errs[1], has)
			}
		}
		st.Logf("given first %d, merged first %d", won[0], won[1])
	})
}
