package organising_test

import (
	"testing"

	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/usecase/organising"
)

// What is told with a member or the company is a use of what it is told for, and what is not there is none.
func TestWhatIsToldIsAUse(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		used := func(do func(access.Actor) error) access.Set {
			st.Helper()
			var uses access.Uses
			st.must(do(st.w.Dan.Noted(&uses)))
			return uses.Take()
		}
		look := func(a access.Actor) error { _, err := st.s.Member(ctx, a, st.w.Ann.Member); return err }
		if u := used(look); !u.Has(access.UsersView) || u.Has(access.LimitsView) || u.Has(access.LimitsManage) {
			st.Errorf("looked at a member without a limit: %v", u.Codes())
		}
		limit := money.Of(100, "EUR")
		st.must(second(st.s.EditMember(ctx, st.w.Dan, organising.EditMemberInput{ID: st.w.Ann.Member, Version: 1, Name: "Ann", Approval: &limit})))
		if u := used(look); !u.Has(access.LimitsView) && !u.Has(access.LimitsManage) {
			st.Errorf("looked at a limit: %v", u.Codes())
		}
		if u := used(func(a access.Actor) error { _, err := st.s.Line(ctx, a); return err }); !u.Has(access.PaymentInfoView) {
			st.Errorf("looked at how the company pays: %v", u.Codes())
		}
		if u := used(func(a access.Actor) error { _, err := st.s.OwnBook(ctx, a); return err }); !u.Has(access.AddressesView) || u.Has(access.CheckoutPlace) {
			st.Errorf("looked at the company's addresses: %v", u.Codes())
		}
	})
}
