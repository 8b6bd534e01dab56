package granting_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
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
