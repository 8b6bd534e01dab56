package granting_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/signing"
)

// everybody lists who may do something, page by page.
func (st stage) everybody(as access.Actor, in granting.ReviewInput) (all []granting.Can) {
	st.Helper()
	for ask := (page.Ask{Limit: 2}); ; {
		list, err := st.s.WhoCan(st.Context(), as, in, ask)
		st.must(err)
		if all = append(all, list.Rows...); list.Next == "" {
			return all
		}
		ask, err = page.Parse(list.Next, 2, 2)
		st.must(err)
	}
}

// Of every question, who-can in SQL and why of each member give one answer, and who-can says by which roles.
func TestWhoCanAndWhyAgree(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	each(t, func(st stage) {
		r := rand.New(rand.NewPCG(seed, 2))
		ctx, dan := st.Context(), st.w.Dan
		units := []id.Unit{{}, st.w.Units["ops"], st.w.Units["fin"]}
		members := []access.Actor{st.w.Ann, st.w.Bob, st.w.Cleo, dan}
		for _, name := range []string{"Fay", "Gus", "Hal", "Ivy"} {
			members = append(members, st.join(name, company.Node{Unit: units[1+r.IntN(2)]}))
		}
		leaves := access.All(access.Buyer)
		for i := range 6 {
			set := access.SetOf(access.OrdersViewSubordinates)
			for range 8 {
				if p := leaves[r.IntN(len(leaves))]; !p.Bypass() {
					set.Add(p)
				}
			}
			role, err := st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "R" + string(rune('0'+i)), Permissions: set})
			st.must(err)
			for range 3 {
				in := granting.AssignInput{Member: members[r.IntN(len(members))].Member, Role: role.ID, Unit: units[r.IntN(len(units))]}
				switch r.IntN(4) {
				case 0:
					in.From = time.Now().AddDate(0, 0, 1)
				case 1:
					in.Until = time.Now().AddDate(0, 0, 1)
				}
				if _, err := st.s.Assign(ctx, dan, in); err != nil {
					st.refused("what somebody has already is not given again", err, access.ErrAssigned)
				}
			}
		}
		st.must(organising.New(st.w.DB).Leave(ctx, dan, organising.LeaveInput{ID: members[5].Member, Version: 1}))
		yes, no := 0, 0
		for range 60 {
			in := granting.ReviewInput{Permission: leaves[r.IntN(len(leaves))], Unit: units[r.IntN(len(units))]}
			if r.IntN(2) == 0 {
				in.Owner = members[r.IntN(len(members))].Member
			}
			can := st.everybody(dan, in)
			if !slices.IsSortedFunc(can, func(a, b granting.Can) int { return compare(a.Words, b.Words) }) {
				st.Errorf("seed %d: %+v is not in order", seed, can)
			}
			for _, m := range members {
				_, trace, err := st.s.Why(ctx, dan, m.Member, in)
				st.must(err)
				i := slices.IndexFunc(can, func(c granting.Can) bool { return c.Member == m.Member })
				if (i >= 0) != trace.Allowed || i >= 0 && len(can[i].Ways) == 0 {
					st.Errorf("seed %d: may %s %s at %v of %v: who-can %v, why %v", seed, m.Name, in.Permission, in.Unit, in.Owner, i >= 0, trace.Allowed)
				}
				if i >= 0 {
					yes++
				} else {
					no++
				}
			}
		}
		if yes == 0 || no == 0 {
			st.Errorf("%d yes, %d no: the questions are too easy", yes, no)
		}
	})
}

// What who-can and why say of a member's own is what the use cases then do: who sees them, who sees their approval limit, and
// who sets it or a budget for them.
func TestTheReviewSaysWhatTheUseCasesDo(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, people, money1 := st.Context(), st.w.Dan, organising.New(st.w.DB), money.Of(50_000, "EUR")
		ops := st.w.Units["ops"]
		eye, keeper := st.role("Eye", access.LimitsView), st.role("Keeper", access.LimitsView, access.UsersView)
		setter, purse := st.role("Setter", access.LimitsManage, access.UsersManage), st.role("Purse", access.BudgetsManage)
		fay, gus, hal, ivy := st.join("Fay", company.Node{Unit: ops}), st.join("Gus", company.Node{Unit: ops}), st.join("Hal", company.Node{Unit: st.w.Units["fin"]}), st.join("Ivy", company.Node{Unit: st.w.Units["fin"]})
		kim := st.join("Kim", company.Node{Member: fay.Member}) // below Fay, who does not see her
		lee := st.join("Lee", company.Node{Member: gus.Member}) // below Gus, who does
		st.give(fay, eye.ID, id.Unit{})
		st.give(gus, keeper.ID, ops)
		st.give(hal, setter.ID, ops)
		st.give(ivy, purse.ID, id.Unit{})
		st.give(ivy, setter.ID, id.Unit{})
		members := []access.Actor{st.w.Ann, fay, gus, hal, ivy, kim, lee, dan}
		version := map[id.Member]int64{}
		for _, m := range members {
			p, err := people.Member(ctx, dan, m.Member)
			st.must(err)
			version[m.Member] = p.Version
			if m.Member != dan.Member { // nobody sets their own
				_, err = people.EditMember(ctx, dan, organising.EditMemberInput{ID: m.Member, Version: p.Version, Name: p.Name, Approval: &money1})
				st.must(err)
				version[m.Member]++
			}
		}
		yes, no := map[access.Permission]int{}, map[access.Permission]int{}
		for _, o := range members {
			can := map[access.Permission][]granting.Can{}
			for _, p := range []access.Permission{access.UsersView, access.LimitsView, access.LimitsManage, access.BudgetsManage} {
				can[p] = st.everybody(dan, granting.ReviewInput{Permission: p, Owner: o.Member})
			}
			for _, m := range members {
				actor := st.now(m)
				seen, err := people.Member(ctx, actor, o.Member)
				does := map[access.Permission]bool{access.UsersView: err == nil, access.LimitsView: seen.Approval != nil || o.Member == dan.Member && m.Member == dan.Member}
				_, err = budgeting.New(st.w.DB).Create(ctx, actor, budgeting.CreateInput{Name: m.Name + " for " + o.Name, Owner: budget.Owner{Member: o.Member}, Limit: money1,
					Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Ask, Carry: budget.CarryNone})
				does[access.BudgetsManage] = err == nil
				if o.Member == dan.Member && m.Member != dan.Member { // he has no limit that one could see
					delete(does, access.LimitsView)
				}
				limit := money.Of(50_000+int64(len(yes)+len(no))+version[o.Member], "EUR")
				if err == nil || does[access.UsersView] {
					_, err = people.EditMember(ctx, actor, organising.EditMemberInput{ID: o.Member, Version: version[o.Member], Name: o.Name, Approval: &limit})
					if does[access.LimitsManage] = err == nil; err == nil {
						version[o.Member]++
					}
				}
				for p, does := range does {
					_, trace, err := st.s.Why(ctx, dan, m.Member, granting.ReviewInput{Permission: p, Owner: o.Member})
					st.must(err)
					if listed := slices.ContainsFunc(can[p], func(c granting.Can) bool { return c.Member == m.Member }); listed != does || trace.Allowed != does {
						st.Errorf("%s, %s of %s: the use case %v, who-can %v, why %v", m.Name, p, o.Name, does, listed, trace.Allowed)
					}
					if does {
						yes[p]++
					} else {
						no[p]++
					}
				}
			}
			for _, p := range []access.Permission{access.PurchaseOrdersApprove, access.PurchaseOrdersOverride, access.LimitsManage, access.BudgetsManage} {
				if slices.ContainsFunc(st.everybody(dan, granting.ReviewInput{Permission: p, Owner: o.Member}), func(c granting.Can) bool { return c.Member == o.Member }) {
					st.Errorf("%s %s of their own", o.Name, p)
				}
			}
		}
		if len(yes) != 4 || len(no) != 4 {
			st.Errorf("%v yes, %v no: the questions are too easy", yes, no)
		}
	})
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestWhatCanSaysWhereFrom(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		role := st.role("Watcher", access.OrdersViewCompany)
		fay := st.join("Fay", company.Node{Unit: st.w.Units["fin"]})
		st.give(fay, role.ID, st.w.Units["fin"])
		m, all, err := st.s.WhatCan(ctx, st.now(fay), fay.Member)
		st.must(err)
		i := slices.IndexFunc(all, func(o access.Origin) bool { return o.Permission == access.OrdersViewCompany })
		if m.ID != fay.Member || i < 0 || all[i].Unit != st.w.Units["fin"] || len(all[i].From) != 1 || all[i].From[0].Gives.Name != "Watcher" {
			st.Errorf("%+v", all)
		}
		if me, err := signing.New(st.w.DB, signing.Options{}).Me(ctx, st.now(fay)); err != nil || len(me.Holds) != 1 || me.Holds[0].ID != st.w.Units["fin"] {
			st.Errorf("Fay is told that she holds something at %+v: %v", me.Holds, err)
		}
		own := slices.IndexFunc(all, func(o access.Origin) bool { return o.Permission == access.OrdersView && o.Unit.IsZero() })
		if own < 0 {
			st.Error("what the default role gives everywhere is missing")
		}
	})
}

func TestWhoMayReview(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		view1 := granting.ReviewInput{Permission: access.OrdersView}
		_, err := st.s.WhoCan(ctx, st.w.Ann, view1, page.Ask{})
		st.refused("who may not see roles may not ask who has them", err, access.ErrForbidden)
		_, _, err = st.s.Why(ctx, st.w.Ann, st.w.Ann.Member, view1)
		st.must(err)
		_, _, err = st.s.WhatCan(ctx, st.w.Ann, st.w.Ann.Member)
		st.must(err)
		_, _, err = st.s.Why(ctx, st.w.Ann, st.w.Dan.Member, view1)
		st.refused("who may not see others may not ask of them", err, company.ErrUnseenMember)
		_, _, err = st.s.WhatCan(ctx, st.w.Eve, st.w.Ann.Member)
		st.refused("another company's member is not there", err, company.ErrUnseenMember)
		_, err = st.s.WhoCan(ctx, st.w.Eve, granting.ReviewInput{Permission: access.OrdersView, Unit: st.w.Units["ops"]}, page.Ask{})
		st.refused("nor is another company's unit", err, company.ErrUnseenUnit)
		_, err = st.s.WhoCan(ctx, st.w.Eve, granting.ReviewInput{Permission: access.OrdersView, Owner: st.w.Ann.Member}, page.Ask{})
		st.refused("nor what its members own", err, company.ErrUnseenMember)
		_, err = st.s.WhoCan(ctx, st.w.Dan, granting.ReviewInput{Permission: access.CompaniesBlock}, page.Ask{})
		st.refused("the seller's permissions stand in no role of a company", err, granting.ErrNotReviewed)
		first, second := st.role("First", access.OrdersView), st.role("Second", access.QuotesView)
		_, _, d, err := st.s.Compare(ctx, st.w.Dan, first.ID, second.ID)
		st.must(err)
		if d.OnlyFirst != access.SetOf(access.OrdersView) || d.OnlySecond != access.SetOf(access.QuotesView) {
			st.Errorf("%+v", d)
		}
		_, _, _, err = st.s.Compare(ctx, st.w.Eve, first.ID, second.ID)
		st.refused("nor are its roles", err, access.ErrUnseenRole)
		// Who sees only some members is told of those alone.
		keeper := st.role("Keeper", access.RolesView)
		fay := st.join("Fay", company.Node{Unit: st.w.Units["fin"]})
		st.give(fay, keeper.ID, id.Unit{})
		for _, c := range st.everybody(st.now(fay), view1) {
			if c.Member != fay.Member {
				st.Errorf("Fay is told of %s", c.Name)
			}
		}
	})
}
