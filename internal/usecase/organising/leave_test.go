package organising_test

import (
	"slices"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// purse is a budget of Ann's own.
func (st stage) purse(name string) budget.Budget {
	st.Helper()
	b, err := budgeting.New(st.w.DB).Create(st.Context(), st.w.Dan, budgeting.CreateInput{Name: name, Owner: budget.Owner{Member: st.w.Ann.Member}, Limit: money.Of(100_00, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone})
	st.must(err)
	return b
}

// What somebody has of their own is handed over or closed with them, and their addresses go.
func TestTheBudgetsOfWhoLeaves(t *testing.T) {
	each(t, func(st stage) {
		ctx, w := st.Context(), st.w
		roles := granting.New(w.DB)
		hires, err := roles.CreateRole(ctx, w.Dan, granting.CreateRoleInput{Name: "Hires", Permissions: access.SetOf(access.UsersView, access.UsersManage)})
		st.must(err)
		st.must(second(roles.Assign(ctx, w.Dan, granting.AssignInput{Member: w.Cleo.Member, Role: hires.ID})))
		st.must(second(roles.Assign(ctx, w.Dan, granting.AssignInput{Member: w.Bob.Member, Role: hires.ID})))
		st.must(second(roles.Assign(ctx, w.Dan, granting.AssignInput{Member: w.Bob.Member, Role: w.Roles["cost_centre_manager"]})))
		first := st.purse("Tools")
		st.must(second(st.s.AddOwnAddress(ctx, w.Ann, company.Address{Label: "Home", Name: "Ann", Street: "Lane 1", Postcode: "10115", City: "Berlin", Country: "DE"})))
		leave := func(by access.Actor, fate organising.BudgetsFate, successor id.Member, version int64) error {
			return st.s.Leave(ctx, st.now(by), organising.LeaveInput{ID: w.Ann.Member, Version: version, Successor: successor, Budgets: fate})
		}
		for _, c := range []struct {
			sentence  string
			by        access.Actor
			fate      organising.BudgetsFate
			successor id.Member
			want      *fault.Fault
		}{
			{"nobody takes over what is handed over", w.Dan, organising.HandOverBudgets, id.Member{}, organising.ErrSuccessor},
			{"nobody hands a budget over to themselves", w.Dan, organising.HandOverBudgets, w.Dan.Member, organising.ErrOwnBudget},
			{"there are three fates", w.Dan, "burn", id.Member{}, organising.ErrBudgetsFate},
			{"who manages no budgets closes none", w.Cleo, organising.CloseBudgets, id.Member{}, access.ErrForbidden},
		} {
			st.refused(c.sentence, leave(c.by, c.fate, c.successor, 1), c.want)
		}
		st.must(leave(w.Dan, organising.HandOverBudgets, w.Bob.Member, 1))
		sheet, err := budgeting.New(w.DB).Get(ctx, w.Dan, first.ID, page.Ask{})
		if st.must(err); sheet.Owner.Member != w.Bob.Member || sheet.Archived {
			st.Errorf("Bob has %+v", sheet.Owner)
		}
		if b, err := st.s.OwnBook(ctx, w.Ann); err == nil && len(b.Own()) > 0 {
			st.Errorf("Ann has %+v", b.Own())
		}
		st.must(second(st.s.ReactivateMember(ctx, w.Dan, organising.ReactivateMemberInput{ID: w.Ann.Member, Version: 2})))
		l, err := st.s.Leaving(ctx, w.Dan, w.Ann.Member)
		if st.must(err); l.Addresses != 0 || len(l.Budgets) != 0 {
			st.Errorf("back with %+v", l)
		}
		again := st.purse("More tools")
		st.must(leave(w.Dan, organising.CloseBudgets, id.Member{}, 3))
		sheet, err = budgeting.New(w.DB).Get(ctx, w.Dan, again.ID, page.Ask{})
		if st.must(err); !sheet.Archived {
			st.Errorf("it is open: %+v", sheet.Owner)
		}
		st.must(w.DB.Read(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			list, err := tx.Views.ListAudit(ctx, w.Acme, view.AuditFilter{Event: "address.removed"}, page.Ask{})
			if !slices.ContainsFunc(list.Rows, func(r audit.Entry) bool { return r.Event == "address.removed" }) {
				st.Error("nobody tells that an address is gone")
			}
			return err
		}))
	})
}

// Whoever leaves takes their open invitations along, and those of others under their name are shown.
func TestTheInvitationsOfWhoLeaves(t *testing.T) {
	each(t, func(st stage) {
		ctx, w := st.Context(), st.w
		hires, err := granting.New(w.DB).CreateRole(ctx, w.Dan, granting.CreateRoleInput{Name: "Hires", Permissions: access.SetOf(access.UsersManage, access.CatalogView)})
		st.must(err)
		st.must(second(granting.New(w.DB).Assign(ctx, w.Dan, granting.AssignInput{Member: w.Bob.Member, Role: hires.ID})))
		st.must(second(st.invite(st.now(w.Bob), organising.Guest{Email: "bob@home.example"}, organising.Guest{Email: "carl@acme.example"})))
		st.must(second(st.invite(w.Dan, organising.Guest{Email: "boss@home.example", First: "bob", Last: "Boss"}, organising.Guest{Email: "nora@acme.example"})))
		l, err := st.s.Leaving(ctx, w.Dan, w.Bob.Member)
		st.must(err)
		if !slices.Equal(l.Sent, []string{"bob@home.example", "carl@acme.example"}) || !slices.Equal(l.Alike, []string{"boss@home.example"}) {
			st.Errorf("it is said that he sent %q, and that of his name are %q", l.Sent, l.Alike)
		}
		st.must(st.s.Leave(ctx, w.Dan, organising.LeaveInput{ID: w.Bob.Member, Version: 1}))
		left := st.invitations(w.Dan, view.InvitationFilter{State: company.Open})
		slices.Sort(left)
		if !slices.Equal(left, []string{"boss@home.example", "nora@acme.example"}) {
			st.Errorf("these are open: %q", left)
		}
	})
}

// What asks the leaver by name is told before they go: budgets that are used up, and of staff the customers that they look after.
func TestWhatAsksWhoLeaves(t *testing.T) {
	each(t, func(st stage) {
		ctx, w := st.Context(), st.w
		b, err := budgeting.New(w.DB).Create(ctx, w.Dan, budgeting.CreateInput{Name: "Tools", Owner: budget.Owner{Unit: w.Units["ops"]}, Limit: money.Of(100_00, "EUR"),
			Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Ask, Carry: budget.CarryNone, Approvers: []id.Member{w.Bob.Member}})
		st.must(err)
		for who, want := range map[id.Member]int{w.Bob.Member: 1, w.Ann.Member: 0} {
			l, err := st.s.Leaving(ctx, w.Dan, who)
			if st.must(err); len(l.Asking) != want || want > 0 && l.Asking[0].ID != b.ID {
				st.Errorf("%d budgets ask %s", len(l.Asking), l.Member.Name)
			}
		}
		shop := onboarding.New(w.DB)
		c, err := shop.GetCustomer(ctx, w.Sam, w.Acme)
		st.must(err)
		st.must(shop.SetManagers(ctx, w.Sam, onboarding.SetManagersInput{Company: w.Acme, Version: c.Version, Staff: []id.Member{w.Sue.Member}, Lead: w.Sue.Member}))
		l, err := st.s.Leaving(ctx, w.Sam, w.Sue.Member)
		if st.must(err); len(l.LookedAfter) != 1 || l.LookedAfter[0].Company != w.Acme || !l.LookedAfter[0].Leads {
			st.Errorf("Sue looks after %+v", l.LookedAfter)
		}
	})
}
