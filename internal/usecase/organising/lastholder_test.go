package organising_test

import (
	"testing"

	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/granting"
)

// Who is to leave and alone has a role that a rule asks is told of with that rule; once somebody else has it, no more.
func TestARoleThatOnlyTheLeaverHas(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		roles := granting.New(st.w.DB)
		role, err := roles.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "Purchasing manager", Permissions: access.SetOf(access.PurchaseOrdersApprove)})
		st.must(err)
		give := func(to access.Actor) {
			st.must(second(roles.Assign(ctx, dan, granting.AssignInput{Member: to.Member, Role: role.ID})))
		}
		give(st.w.Bob)
		rule, err := approving.New(st.w.DB).CreateRule(ctx, dan, approval.Rule{Name: "Large orders", Basis: approval.Net,
			Steps: []approval.Step{{Then: approval.Asks(approval.Source{Kind: approval.OfRole, Role: role.ID})}}})
		st.must(err)
		l, err := st.s.Leaving(ctx, dan, st.w.Bob.Member)
		st.must(err)
		if len(l.Alone) != 1 || l.Alone[0].Name != "Purchasing manager" || len(l.Alone[0].Rules) != 1 || l.Alone[0].Rules[0].ID != rule.ID {
			st.Errorf("%+v", l.Alone)
		}
		if l, err := st.s.Leaving(ctx, dan, st.w.Ann.Member); err != nil || len(l.Alone) != 0 {
			st.Errorf("Ann, who does not have it: %+v, %v", l.Alone, err)
		}
		give(st.w.Ann)
		if l, err := st.s.Leaving(ctx, dan, st.w.Bob.Member); err != nil || len(l.Alone) != 0 {
			st.Errorf("when Ann has it, too: %+v, %v", l.Alone, err)
		}
	})
}
