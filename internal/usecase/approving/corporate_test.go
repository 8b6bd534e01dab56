package approving_test

import (
	"slices"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
)

// Who is lent decides as long as they are held: what waits for them waits for others then, and for them again once they are back.
// What a company has of another one's rules names nothing of it.
func TestWhoIsLentDecidesWhileTheyAreHeld(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		shop, people := onboarding.New(w.DB), organising.New(w.DB)
		c, err := shop.GetCustomer(ctx, w.Sam, w.Globex)
		must(err)
		must(shop.SetParent(ctx, w.Sam, onboarding.SetParentInput{Company: w.Globex, Version: c.Version, Parent: "10001", Inherits: company.Inherits{Rules: true}}))
		bob, err := people.Borrow(ctx, w.Eve, organising.BorrowInput{Lent: w.Bob.Member, Role: w.GlobexRoles["approver"]})
		must(err)
		bound := eur(100_00)
		_, err = w.s.CreateRule(ctx, w.Dan, approval.Rule{Name: "Bob", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{}, {Above: &bound, Then: approval.Asks(approval.Source{Kind: approval.OfMember, Member: w.Bob.Member})}}})
		must(err)
		_, err = w.s.EnableRule(ctx, w.Dan, w.rule.ID, w.rule.Version, false) // Eve has no manager whom it could ask
		must(err)
		eve, err := w.Again(ctx, w.Eve)
		must(err)
		done := w.order(eve, 20, func(c *cart.Checkout) {
			c.Unit, c.Delivery, c.Billing = w.GlobexUnits["globex"], w.GlobexAddress, w.GlobexAddress
		})
		plan := func() (p approval.Plan) {
			must(w.DB.Read(ctx, access.System(w.Globex), func(tx *store.Tx, _ access.Actor) error {
				po, err := tx.Approvals.Get(ctx, w.Globex, done.ID)
				p = po.Plan
				return err
			}))
			return p
		}
		asked := func() []id.Member { return approval.Members(plan().Awaited()) }
		if got := asked(); !slices.Equal(got, []id.Member{bob.ID}) {
			t.Fatalf("asked are %v, and not Bob", got)
		}
		must(w.leaves(w.Bob, id.Member{}))
		w.react()
		if got := asked(); len(got) != 0 || !plan().Stuck() {
			t.Errorf("after Bob has left Acme %v are asked", got)
		}
		p, err := people.Member(ctx, w.Dan, w.Bob.Member)
		must(err)
		_, err = people.ReactivateMember(ctx, w.Dan, organising.ReactivateMemberInput{ID: w.Bob.Member, Version: p.Version})
		must(err)
		w.react()
		if got := asked(); !slices.Equal(got, []id.Member{bob.ID}) {
			t.Errorf("Bob is back, and asked are %v", got)
		}
		if _, err := auditing.New(w.DB).VerifyTenants(ctx, access.System(id.Company{}), func(_ int64, sentence string) { t.Error(sentence) }); err != nil {
			t.Error(err)
		}
	})
}
