package granting_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// apart are the fields of a rule that is on and excuses administrators, of whom Dan is one.
func apart(name string, leaves ...access.Permission) access.SeparationFields {
	return access.SeparationFields{Name: name, Permissions: access.SetOf(leaves...), Cardinality: 2, Excuses: true, On: true}
}

func (st stage) separate(f access.SeparationFields) access.Separation {
	st.Helper()
	s, err := st.s.CreateSeparation(st.Context(), st.w.Dan, f)
	st.must(err)
	return s
}

func (st stage) separation(key id.Separation) granting.Separation {
	st.Helper()
	s, err := st.s.GetSeparation(st.Context(), st.w.Dan, key)
	st.must(err)
	return s
}

func (st stage) edit(rule access.Separation, change func(*access.SeparationFields)) error {
	st.Helper()
	f := access.SeparationFields{Name: rule.Name, Permissions: rule.Permissions, Roles: rule.Roles, Cardinality: rule.Cardinality, Excuses: rule.Excuses, On: rule.On}
	change(&f)
	return second(st.s.EditSeparation(st.Context(), st.w.Dan, granting.EditSeparationInput{ID: rule.ID, Version: st.separation(rule.ID).Version, SeparationFields: f}))
}

// Whichever way somebody comes by rights, what a rule keeps apart they do not get.
func TestNoWayOfGivingRightsPassesARuleBy(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, ops, people := st.Context(), st.w.Dan, st.w.Units["ops"], organising.New(st.w.DB)
		ruler := st.role("Ruler", access.ApprovalRulesManage)
		spare := st.role("Spare", access.CatalogView)
		st.give(st.w.Ann, spare.ID, ops)
		// Gus bought and made rules, and has left; so did and has Hal, whom the default role would let buy.
		gus, hal := st.join("Gus", company.Node{}), st.join("Hal", company.Node{})
		st.give(gus, ruler.ID, id.Unit{})
		st.must(st.s.Revoke(ctx, dan, st.mine(hal, st.w.Roles["default_user"])))
		st.must(people.Leave(ctx, dan, organising.LeaveInput{ID: gus.Member, Version: 1}))
		st.must(people.Leave(ctx, dan, organising.LeaveInput{ID: hal.Member, Version: 1}))
		bob := st.join("Rob", company.Node{})
		st.must(st.s.Revoke(ctx, dan, st.mine(bob, st.w.Roles["default_user"])))
		st.give(bob, ruler.ID, st.w.Units["fin"])

		pair := st.separate(apart("Rules and buying", access.ApprovalRulesManage, access.CheckoutPlace))
		buyer, soon := st.w.Roles["buyer"], st.w.DB.Times().AddDate(0, 1, 0)
		assign := func(to access.Actor, role id.Role, at id.Unit) error {
			return second(st.s.Assign(ctx, dan, granting.AssignInput{Member: to.Member, Role: role, Unit: at}))
		}
		editRole := func(r access.Role, leaves ...access.Permission) error {
			now, err := st.s.GetRole(ctx, dan, r.ID)
			st.must(err)
			return second(st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: r.ID, Version: now.Version, Name: now.Name, Permissions: access.SetOf(leaves...)}))
		}
		add := func(in organising.AddMemberInput) error {
			in.Email, in.First = "new@acme.example", "New"
			return second(people.AddMember(ctx, dan, in))
		}
		build := func(email string, roles ...organising.PlannedRole) error {
			return second(people.Build(ctx, dan, organising.Plan{Members: []organising.PlannedMember{{Email: email, First: "P", Roles: roles}}}))
		}
		back := func(a access.Actor) error {
			return second(people.ReactivateMember(ctx, dan, organising.ReactivateMemberInput{ID: a.Member, Version: 2}))
		}
		both := st.role("Both", access.ApprovalRulesManage, access.CheckoutPlace)
		ways := []struct {
			sentence string
			do       func() error
			names    string
		}{
			{"Ann buys, and makes no rules", func() error { return assign(st.w.Ann, ruler.ID, id.Unit{}) }, "Ann Archer would have"},
			{"not elsewhere either", func() error { return assign(st.w.Ann, ruler.ID, st.w.Units["fin"]) }, "through Ruler"},
			{"nor from next month on", func() error {
				return second(st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Ann.Member, Role: ruler.ID, From: soon}))
			}, "through Buyer"},
			{"nor by one role that is both", func() error { return assign(st.w.Cleo, both.ID, id.Unit{}) }, "Cleo Clark would have"},
			{"Rob makes rules in Finance, and buys nowhere", func() error { return assign(bob, buyer, ops) }, "Rob would have"},
			{"nor does a role of hers become a ruler's", func() error { return editRole(spare, access.ApprovalRulesManage) }, "through Spare"},
			{"nor theirs a buyer's", func() error { return editRole(ruler, access.ApprovalRulesManage, access.CheckoutPlace) }, "Rob would have"},
			{"nobody comes with both", func() error { return add(organising.AddMemberInput{Role: both.ID}) }, "New would have"},
			{"nor with the default role that is both", func() error {
				st.must(st.s.SetDefaultRole(ctx, dan, both.ID))
				defer func() { st.must(st.s.SetDefaultRole(ctx, dan, st.w.Roles["default_user"])) }()
				return add(organising.AddMemberInput{})
			}, "through Both"},
			{"nor by a plan", func() error {
				return build("p@acme.example", organising.PlannedRole{Role: "Ruler"}, organising.PlannedRole{Role: "buyer", Unit: "ops"})
			}, "P would have"},
			{"nor by a plan for who is there", func() error { return build("ann@acme.example", organising.PlannedRole{Role: "Ruler"}) }, "Ann Archer would have"},
			{"nor by coming back", func() error { return back(gus) }, "Gus would have"},
			{"nor by the default role on coming back", func() error {
				st.must(st.s.SetDefaultRole(ctx, dan, both.ID))
				defer func() { st.must(st.s.SetDefaultRole(ctx, dan, st.w.Roles["default_user"])) }()
				return back(hal)
			}, "Hal would have"},
		}
		for _, w := range ways {
			err := w.do()
			st.refused(w.sentence, err, access.ErrSeparated)
			if f := fault.Of(err); f == nil || !strings.Contains(f.Text(), w.names) || !strings.Contains(f.Text(), "“Rules and buying”") || len(f.Reasons) != 1 ||
				f.Reasons[0].Detail["rule_id"] != pair.ID.String() {
				st.Errorf("%s: %v", w.sentence, err)
			}
		}
		if s := st.separation(pair.ID); len(s.Breaches)+s.Others != 0 || len(s.Excused) != 1 || s.Excused[0].Who != "Dan Director" {
			st.Errorf("%+v", s)
		}
		// What adds nothing to what somebody holds of the rule is fine, and so is all of it when the rule is off.
		st.must(assign(st.w.Ann, st.w.Roles["senior_buyer"], id.Unit{}))
		st.must(editRole(spare, access.OrdersView))
		st.must(st.s.Revoke(ctx, dan, st.mine(gus, ruler.ID)))
		st.must(back(gus))
		st.must(st.edit(pair, func(f *access.SeparationFields) { f.On = false }))
		for i, w := range ways[:10] {
			if i == 3 || i == 8 || i == 1 || i == 2 || i == 7 { // the same again, or what is in the way for another reason
				continue
			}
			if err := w.do(); err != nil {
				st.Errorf("%s, though the rule is off: %v", w.sentence, err)
			}
		}
		s := st.separation(pair.ID)
		var who []string
		for _, b := range s.Breaches {
			who = append(who, b.Who)
		}
		if want := []string{"Ann Archer", "P", "Rob"}; !slices.Equal(who, want) {
			st.Errorf("%q breach it", who)
		}
	})
}

func TestARuleIsNotSwitchedOnWhileSomebodyBreachesIt(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		ruler := st.role("Ruler", access.ApprovalRulesManage)
		st.give(st.w.Ann, ruler.ID, st.w.Units["fin"])
		f := apart("Pair", access.ApprovalRulesManage, access.CheckoutPlace)
		f.Excuses = false
		create := func(f access.SeparationFields) error { return second(st.s.CreateSeparation(ctx, dan, f)) }

		err := create(f)
		st.refused("Ann and Dan breach it", err, access.ErrBreached)
		reasons := fault.Of(err).Reasons
		if len(reasons) != 2 || !strings.Contains(reasons[0].Text(), "Ann Archer has") || !strings.Contains(reasons[1].Text(), "Dan Director has") || reasons[0].Detail["member_id"] != st.w.Ann.Member.String() {
			st.Errorf("%v", err)
		}
		tried, err := st.s.TrySeparation(ctx, dan, f)
		if err != nil || len(tried.Breaches) != 2 || len(tried.Excused) != 0 {
			st.Errorf("%+v, %v", tried, err)
		}
		f.Excuses = true
		st.refused("Ann still does", create(f), access.ErrBreached)
		f.On = false
		draft := st.separate(f)
		st.refused("a name is there once", create(f), access.ErrSeparationName)
		st.refused("nor is it switched on", st.edit(draft, func(f *access.SeparationFields) { f.On = true }), access.ErrBreached)
		st.must(st.s.Revoke(ctx, dan, st.mine(st.w.Ann, ruler.ID)))
		st.must(st.edit(draft, func(f *access.SeparationFields) { f.On = true }))
		on := st.separation(draft.ID).Separation
		st.refused("administrators are not bound while one breaches it", st.edit(on, func(f *access.SeparationFields) { f.Excuses = false }), access.ErrBreached)
		st.refused("nor does it grow over somebody", st.edit(on, func(f *access.SeparationFields) { f.Permissions.Add(access.OrdersView) }), access.ErrBreached)
		st.must(st.edit(on, func(f *access.SeparationFields) { f.Permissions.Add(access.OrdersView); f.Cardinality = 3 }))
		st.refused("who saw another one looks again", second(st.s.EditSeparation(ctx, dan, granting.EditSeparationInput{ID: on.ID, Version: 1})), access.ErrSeparationStale)
		st.refused("also to delete it", st.s.DeleteSeparation(ctx, dan, on.ID, 1), access.ErrSeparationStale)
		st.must(st.s.DeleteSeparation(ctx, dan, on.ID, st.separation(on.ID).Version))
		st.refused("it is gone", second(st.s.GetSeparation(ctx, dan, on.ID)), access.ErrUnseenSeparation)
	})
}

func TestARuleAboutRolesHoldsThem(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		one, other := st.role("One", access.OrdersView), st.role("Other", access.OrdersView)
		s := st.separate(access.SeparationFields{Name: "Apart", Roles: []id.Role{one.ID, other.ID}, Cardinality: 2, On: true})
		if got := st.separation(s.ID); len(got.Named) != 2 || got.Named[0].Name != "One" || got.Named[1].Name != "Other" {
			st.Errorf("%+v", got)
		}
		err := st.s.DeleteRole(ctx, dan, one.ID, 1)
		st.refused("a role that a rule names stays", err, access.ErrRoleSeparated)
		if !strings.Contains(err.Error(), "“Apart”") {
			st.Error(err)
		}
		st.give(st.w.Ann, one.ID, id.Unit{})
		st.refused("nobody has both", second(st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Ann.Member, Role: other.ID})), access.ErrSeparated)
		st.refused("no role that is not there", second(st.s.CreateSeparation(ctx, dan, access.SeparationFields{Name: "x", Roles: []id.Role{one.ID, id.NewRole(time.Now())}, Cardinality: 2})), access.ErrUnseenRole)
		st.refused("nor of another company", second(st.s.CreateSeparation(ctx, dan, access.SeparationFields{Name: "x", Roles: []id.Role{one.ID, st.w.GlobexRoles["buyer"]}, Cardinality: 2})), access.ErrUnseenRole)
		st.must(st.s.Revoke(ctx, dan, st.mine(st.w.Ann, one.ID)))
		st.must(st.s.DeleteSeparation(ctx, dan, s.ID, 1))
		st.must(st.s.DeleteRole(ctx, dan, one.ID, 1))
	})
}

func TestWhoEndsOneHalfMayBeginTheOther(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		ruler := st.role("Ruler", access.ApprovalRulesManage)
		st.separate(apart("Pair", access.ApprovalRulesManage, access.CheckoutPlace))
		until := st.w.DB.Times().Add(time.Hour)
		st.must(second(st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Cleo.Member, Role: ruler.ID, Until: until})))
		buys := granting.AssignInput{Member: st.w.Cleo.Member, Role: st.w.Roles["buyer"], From: until}
		st.refused("not ahead of time", second(st.s.Assign(ctx, dan, buys)), access.ErrSeparated)
		st.w.DB.Engine().SetClock(func() time.Time { return until })
		st.must(second(st.s.Assign(ctx, dan, buys)))
	})
}

func TestRulesOfSeparationAreForWhoManagesRoles(t *testing.T) {
	each(t, func(st stage) {
		ctx, ops := st.Context(), st.w.Units["ops"]
		looker := st.role("Looker", access.RolesView)
		st.give(st.w.Cleo, looker.ID, id.Unit{})
		una := st.join("Una", company.Node{Unit: ops})
		st.give(una, st.w.Roles["administrator"], ops)
		cleo, una := st.now(st.w.Cleo), st.now(una)
		both := st.role("Both", access.ApprovalRulesManage, access.CheckoutPlace)
		st.give(st.w.Ann, both.ID, id.Unit{})
		st.give(st.w.Cleo, both.ID, id.Unit{})
		f := apart("Pair", access.ApprovalRulesManage, access.CheckoutPlace)
		f.On = false
		s := st.separate(f)
		for name, c := range map[string]struct {
			err  error
			want *fault.Fault
		}{
			"Ann sees none":            {second(st.s.ListSeparations(ctx, st.w.Ann)), access.ErrForbidden},
			"nor one":                  {second(st.s.GetSeparation(ctx, st.w.Ann, s.ID)), access.ErrForbidden},
			"nor what is offered":      {second(st.s.Suggestions(ctx, st.w.Ann)), access.ErrForbidden},
			"nor tries one":            {second(st.s.TrySeparation(ctx, st.w.Ann, f)), access.ErrForbidden},
			"nor makes one":            {second(st.s.CreateSeparation(ctx, st.w.Ann, f)), access.ErrForbidden},
			"Cleo makes none":          {second(st.s.CreateSeparation(ctx, cleo, f)), access.ErrForbidden},
			"nor edits any":            {second(st.s.EditSeparation(ctx, cleo, granting.EditSeparationInput{ID: s.ID, Version: 1, SeparationFields: f})), access.ErrForbidden},
			"nor deletes any":          {st.s.DeleteSeparation(ctx, cleo, s.ID, 1), access.ErrForbidden},
			"Una's unit is not enough": {second(st.s.CreateSeparation(ctx, una, f)), access.ErrForbidden},
			"Eve finds none":           {second(st.s.GetSeparation(ctx, st.w.Eve, s.ID)), access.ErrUnseenSeparation},
			"nor edits one":            {second(st.s.EditSeparation(ctx, st.w.Eve, granting.EditSeparationInput{ID: s.ID, Version: 1, SeparationFields: f})), access.ErrUnseenSeparation},
			"nor deletes one":          {st.s.DeleteSeparation(ctx, st.w.Eve, s.ID, 1), access.ErrUnseenSeparation},
		} {
			st.refused(name, c.err, c.want)
		}
		// Cleo sees herself, Una who is of her unit; the others they are only told the number of.
		for _, c := range []struct {
			as   access.Actor
			sees string
		}{{cleo, "Cleo Clark"}, {una, "Ann Archer"}} {
			all, err := st.s.ListSeparations(ctx, c.as)
			if err != nil || len(all) != 1 || len(all[0].Breaches) != 1 || all[0].Breaches[0].Who != c.sees || all[0].Others != 1 || all[0].OthersOf+len(all[0].Excused) == 0 {
				st.Errorf("%s: %+v, %v", c.as.Name, all, err)
			}
		}
		if all, err := st.s.ListSeparations(ctx, st.w.Eve); err != nil || len(all) != 0 {
			st.Errorf("%+v, %v", all, err)
		}
	})
}

func TestSuggestionsAreOfferedAndOnWhenTaken(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		all, err := st.s.Suggestions(ctx, dan)
		st.must(err)
		if rules, err := st.s.ListSeparations(ctx, dan); err != nil || len(rules) != 0 || len(all) != len(access.Suggestions(access.Buyer)) {
			st.Errorf("%d rules are there, %d offered, %v", len(rules), len(all), err)
		}
		for _, g := range all {
			if g.Taken || len(g.Would.Breaches) != 1 || g.Would.Breaches[0].Member != dan.Member {
				st.Errorf("%+v", g)
			}
			f := g.Fields(dan.Language)
			st.refused("Dan, who administers all, breaches it", second(st.s.CreateSeparation(ctx, dan, f)), access.ErrBreached)
			f.Excuses = true
			st.separate(f)
		}
		all, err = st.s.Suggestions(ctx, dan)
		st.must(err)
		if slices.ContainsFunc(all, func(g granting.Suggested) bool { return !g.Taken }) {
			st.Errorf("%+v", all)
		}
	})
}

func TestChangesOfSeparationAreInTheAudit(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		s := st.separate(apart("Pair", access.ApprovalRulesManage, access.CheckoutPlace))
		st.must(st.edit(s, func(f *access.SeparationFields) { f.Name = "Two" }))
		st.must(st.s.DeleteSeparation(ctx, dan, s.ID, 2))
		var said []string
		st.must(st.w.DB.Read(ctx, dan, func(tx *store.Tx, _ access.Actor) error {
			list, err := tx.Views.ListAudit(ctx, st.w.Acme, view.AuditFilter{Event: "separation."}, page.Ask{})
			for _, x := range slices.Backward(list.Rows) {
				said = append(said, x.Event)
			}
			return err
		}))
		if want := []string{"separation.created", "separation.edited", "separation.deleted"}; !slices.Equal(said, want) {
			st.Error(said)
		}
	})
}

// Whatever is given, taken, edited and switched on, in whichever order: of a rule that is on there is no breach, and what
// is found in SQL is what is found member by member by a model that knows assignments and sets of permissions alone.
func TestNoSequenceOfActsBreachesARule(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := rand.New(rand.NewPCG(seed, 3))
		st := stage{t, cast.Acme(t, db), granting.New(db)}
		ctx, dan, people := st.Context(), st.w.Dan, organising.New(db)
		leaves := []access.Permission{access.CatalogView, access.OrdersView, access.BudgetsView, access.CreditView, access.CompanyView, access.ReportsView}
		some := func() (s access.Set) {
			for range 1 + r.IntN(3) {
				s.Add(leaves[r.IntN(len(leaves))])
			}
			return s
		}
		members := []access.Actor{st.w.Ann, st.w.Bob, st.w.Cleo, dan}
		for _, name := range []string{"Fay", "Gus", "Hal"} {
			members = append(members, st.join(name, company.Node{}))
		}
		var roles []access.Role
		for i := range 5 {
			roles = append(roles, st.role(fmt.Sprint("R", i), some().List()...))
		}
		units := []id.Unit{{}, st.w.Units["ops"], st.w.Units["fin"]}
		done := map[string]int{}
		blind := func() string {
			for _, what := range []string{"assign", "assign, refused", "rule", "rule, refused"} {
				if done[what] == 0 {
					return what
				}
			}
			return ""
		}
		for step := 0; step < 200 || step < 2000 && blind() != ""; step++ {
			m, role := members[r.IntN(len(members))], roles[r.IntN(len(roles))]
			var err error
			what := []string{"assign", "assign", "assign", "revoke", "edit role", "leave", "return", "rule", "rule"}[r.IntN(9)]
			switch what {
			case "assign":
				in := granting.AssignInput{Member: m.Member, Role: role.ID, Unit: units[r.IntN(3)]}
				if r.IntN(3) == 0 {
					in.From = time.Now().AddDate(0, 0, 1)
				}
				_, err = st.s.Assign(ctx, dan, in)
			case "revoke":
				var held []view.Assigned
				held, err = st.s.Held(ctx, dan, m.Member)
				st.must(err)
				if len(held) > 0 {
					err = st.s.Revoke(ctx, dan, held[r.IntN(len(held))].ID)
				}
			case "edit role":
				now, failed := st.s.GetRole(ctx, dan, role.ID)
				st.must(failed)
				_, err = st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: role.ID, Version: now.Version, Name: now.Name, Permissions: some()})
			case "leave", "return":
				p, failed := people.Member(ctx, dan, m.Member)
				st.must(failed)
				if what == "leave" && m.Member != dan.Member {
					err = people.Leave(ctx, dan, organising.LeaveInput{ID: m.Member, Version: p.Version})
				} else {
					_, err = people.ReactivateMember(ctx, dan, organising.ReactivateMemberInput{ID: m.Member, Version: p.Version})
				}
			case "rule":
				f := access.SeparationFields{Name: fmt.Sprint("S", step), Permissions: some().Union(some()), Cardinality: 2, Excuses: r.IntN(3) > 0, On: r.IntN(4) > 0}
				if r.IntN(3) == 0 {
					f.Permissions, f.Roles, f.Excuses = access.Set{}, []id.Role{roles[r.IntN(5)].ID, roles[r.IntN(5)].ID}, false
				} else if n := f.Permissions.Len(); n > 2 {
					f.Cardinality = 2 + r.IntN(n-1)
				}
				_, err = st.s.CreateSeparation(ctx, dan, f)
			}
			switch kind := fault.KindOf(err); {
			case err == nil:
				done[what]++
			case errors.Is(err, access.ErrSeparated), errors.Is(err, access.ErrBreached):
				done[what+", refused"]++
			case kind != fault.Conflict && kind != fault.Invalid && kind != fault.Refused:
				t.Fatalf("seed %d: %s: %v", seed, what, err)
			}
			st.agrees(seed, members)
		}
		t.Log(done)
		if what := blind(); what != "" {
			t.Errorf("seed %d: never %s: is the test blind?", seed, what)
		}
	})
}

// agrees holds all rules against the assignments of these members, and their roles, one by one.
func (st stage) agrees(seed uint64, members []access.Actor) {
	st.Helper()
	ctx, dan := st.Context(), st.w.Dan
	rules, err := st.s.ListSeparations(ctx, dan)
	st.must(err)
	roles, err := st.s.ListRoles(ctx, dan)
	st.must(err)
	sets := map[id.Role]access.Role{}
	for _, r := range roles {
		sets[r.ID] = r.Role
	}
	given, works := map[id.Member][]access.Role{}, map[id.Member]bool{}
	for _, m := range members {
		held, err := st.s.Held(ctx, dan, m.Member)
		st.must(err)
		p, err := organising.New(st.w.DB).Member(ctx, dan, m.Member)
		st.must(err)
		works[m.Member] = p.Status != company.Inactive
		for _, a := range held {
			if a.Until.IsZero() || a.Until.After(st.w.DB.Times()) {
				given[m.Member] = append(given[m.Member], sets[a.Role])
			}
		}
	}
	for _, rule := range rules {
		want := map[id.Member]bool{}
		for _, m := range members {
			has := map[string]bool{}
			for _, role := range given[m.Member] {
				if slices.Contains(rule.Roles, role.ID) {
					has[role.ID.String()] = true
				}
				for _, x := range rule.Permissions.List() {
					if role.Set.Has(x) && !(rule.Excuses && role.Shipped == access.AdministratorKey) {
						has[x.Code()] = true
					}
				}
			}
			if works[m.Member] && len(has) >= rule.Cardinality {
				want[m.Member] = true
			}
		}
		got := map[id.Member]bool{}
		for _, b := range rule.Breaches {
			got[b.Member] = true
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || rule.Others != 0 {
			st.Fatalf("seed %d: %+v is breached by %v, and not by %v", seed, rule, got, want)
		}
		if rule.On && len(want) > 0 {
			st.Fatalf("seed %d: %s is on, and breached by %v", seed, rule.Name, want)
		}
	}
}

// Two administrators give one half each at the same moment, or one gives while the other switches the rule on: never both.
func TestWhatIsKeptApartIsNotGivenAtOnce(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		dora := st.join("Dora", company.Node{})
		st.give(dora, st.w.Roles["administrator"], id.Unit{})
		dora = st.now(dora)
		ruler, buyer := st.role("Ruler", access.ApprovalRulesManage), st.role("Purchaser", access.CheckoutPlace)
		spare := st.role("Spare", access.CatalogView)
		st.give(st.w.Bob, spare.ID, id.Unit{})
		give := func(by access.Actor, role id.Role) func() error {
			return func() error {
				return second(st.s.Assign(ctx, by, granting.AssignInput{Member: st.w.Bob.Member, Role: role}))
			}
		}
		widen := func(by access.Actor) func() error {
			now, err := st.s.GetRole(ctx, dan, spare.ID)
			st.must(err)
			return func() error {
				return second(st.s.EditRole(ctx, by, granting.EditRoleInput{ID: spare.ID, Version: now.Version, Name: now.Name, Permissions: access.SetOf(access.ApprovalRulesManage)}))
			}
		}
		var rule access.Separation
		rules := func(f access.SeparationFields) func() error {
			return func() error {
				s, err := st.s.CreateSeparation(ctx, dan, f)
				if err == nil {
					rule = s
				}
				return err
			}
		}
		outcomes := map[string]int{}
		for round := range 80 {
			f := apart(fmt.Sprint("Round ", round), access.ApprovalRulesManage, access.CheckoutPlace)
			rule = access.Separation{}
			var errs [2]error
			kind := []string{"two give", "one gives, one rules", "one gives, one widens", "one widens, one rules"}[round%4]
			switch kind {
			case "two give":
				rule = st.separate(f)
				errs = atOnce(give(dan, ruler.ID), give(dora, buyer.ID))
			case "one gives, one rules":
				st.must(give(dan, ruler.ID)())
				errs = atOnce(give(dora, buyer.ID), rules(f))
			case "one gives, one widens":
				rule = st.separate(f)
				errs = atOnce(give(dan, buyer.ID), widen(dora))
			case "one widens, one rules":
				st.must(give(dan, buyer.ID)())
				errs = atOnce(widen(dora), rules(f))
			}
			if (errs[0] == nil) == (errs[1] == nil) {
				st.Fatalf("round %d, %s: %v, %v", round, kind, errs[0], errs[1])
			}
			for i, err := range errs {
				if err == nil {
					outcomes[fmt.Sprint(kind, " ", i)]++
				} else if !errors.Is(err, access.ErrSeparated) && !errors.Is(err, access.ErrBreached) {
					st.Fatalf("round %d, %s: %v", round, kind, err)
				}
			}
			bob := st.now(st.w.Bob)
			if both := bob.May(access.ApprovalRulesManage, tree.Top) && bob.May(access.CheckoutPlace, tree.Top); both != rule.ID.IsZero() {
				st.Fatalf("round %d, %s: Bob has both: %v", round, kind, both)
			}
			// All is as it was.
			if !rule.ID.IsZero() {
				st.must(st.s.DeleteSeparation(ctx, dan, rule.ID, 1))
			}
			held, err := st.s.Held(ctx, dan, bob.Member)
			st.must(err)
			for _, a := range held {
				if a.Role == ruler.ID || a.Role == buyer.ID {
					st.must(st.s.Revoke(ctx, dan, a.ID))
				}
			}
			now, err := st.s.GetRole(ctx, dan, spare.ID)
			st.must(err)
			st.must(second(st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: spare.ID, Version: now.Version, Name: now.Name, Permissions: access.SetOf(access.CatalogView)})))
		}
		st.Logf("won: %v", outcomes)
	})
}
