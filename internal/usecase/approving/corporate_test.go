package approving_test

import (
	"slices"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
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

// Where two companies and somebody lent meet: what the status of the one above and of the one below leaves to Bob of Acme, who acts in
// Globex and whom a rule of Acme asks there. Globex may not make rules of its own, which takes nothing from those that it inherits.
func TestStatusesAboveAndBelowWhoIsLent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		code := func(err error) string {
			if f := fault.Of(err); f != nil {
				return f.Code
			}
			must(err)
			return ""
		}
		shop, people := onboarding.New(w.DB), organising.New(w.DB)
		c, err := shop.GetCustomer(ctx, w.Sam, w.Globex)
		must(err)
		must(shop.SetParent(ctx, w.Sam, onboarding.SetParentInput{Company: w.Globex, Version: c.Version, Parent: "10001", Inherits: company.Inherits{Rules: true}}))
		bob, err := people.Borrow(ctx, w.Eve, organising.BorrowInput{Lent: w.Bob.Member, Role: w.GlobexRoles["approver"]})
		must(err)
		bound := eur(100_00)
		asksBob := approval.Rule{Name: "Bob", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{}, {Above: &bound, Then: approval.Asks(approval.Source{Kind: approval.OfMember, Member: w.Bob.Member})}}}
		_, err = w.s.CreateRule(ctx, w.Dan, asksBob)
		must(err)
		_, err = w.s.EnableRule(ctx, w.Dan, w.rule.ID, w.rule.Version, false)
		must(err)
		c, err = shop.GetCustomer(ctx, w.Sam, w.Globex)
		must(err)
		c.Terms.OwnRules = false
		must(shop.SetTerms(ctx, w.Sam, onboarding.SetTermsInput{Company: w.Globex, Version: c.Version, Terms: c.Terms}))
		asksBob.Name = "Ours"
		_, err = w.s.CreateRule(ctx, again(t, w, w.Eve), asksBob)
		if got := code(err); got != company.ErrOwnRules.Code {
			t.Errorf("Eve makes a rule: %q", got)
		}
		become := func(key id.Company, to company.Status) {
			t.Helper()
			must(w.DB.Write(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
				tx.Companies.SetStatus(key, to, "a test")
				tx.Companies.SetRoutesChangedBelow(key)
				return nil
			}))
		}
		there := func(c *cart.Checkout) {
			c.Unit, c.Delivery, c.Billing = w.GlobexUnits["globex"], w.GlobexAddress, w.GlobexAddress
		}
		for _, s := range []struct {
			above, below     company.Status
			asked            bool
			looks            string // Bob at the catalogue
			approves, reject string // Bob, of what waits
			buys             string // Eve
		}{
			{company.Active, company.Active, true, "", "", "", ""},
			{company.Blocked, company.Active, true, "", "", "", ""},
			{company.Pending, company.Active, true, "", "", "", ""},
			{company.Rejected, company.Active, false, "access.forbidden", "approval.unseen", "approval.unseen", ""},
			{company.Closed, company.Active, false, "access.forbidden", "approval.unseen", "approval.unseen", ""},
			{company.Active, company.Blocked, true, "", "approving.company", "", "access.company_blocked"},
			{company.Active, company.Pending, true, "", "access.company_pending", "access.company_pending", "access.company_pending"},
			{company.Active, company.Rejected, true, "access.company_rejected", "access.company_rejected", "access.company_rejected", "access.company_rejected"},
			{company.Active, company.Closed, true, "access.forbidden", "access.forbidden", "access.forbidden", "access.forbidden"},
			{company.Closed, company.Blocked, false, "access.forbidden", "approval.unseen", "approval.unseen", "access.company_blocked"},
		} {
			become(w.Acme, company.Active)
			become(w.Globex, company.Active)
			w.react()
			first, second := w.order(again(t, w, w.Eve), 20, there), w.order(again(t, w, w.Eve), 20, there)
			sheet := map[id.PurchaseOrder]string{}
			for _, po := range []id.PurchaseOrder{first.ID, second.ID} {
				shown, err := w.s.Get(ctx, lent(t, w, bob.ID), po)
				must(err)
				sheet[po] = shown.Hash
			}
			become(w.Acme, s.above)
			become(w.Globex, s.below)
			w.react()
			name := "above " + string(s.above) + ", below " + string(s.below)
			if got := slices.Contains(awaitedAt(t, w, first.ID), bob.ID); got != s.asked {
				t.Errorf("%s: Bob is asked: %t", name, got)
			}
			me := lent(t, w, bob.ID)
			if got := code(me.RequireSomewhere(access.CatalogView)); got != s.looks {
				t.Errorf("%s: Bob looks: %q", name, got)
			}
			_, err := w.s.Decide(ctx, me, approving.DecideInput{Order: first.ID, Verdict: approval.Agree, Hash: sheet[first.ID]})
			if got := code(err); got != s.approves {
				t.Errorf("%s: Bob approves: %q", name, got)
			}
			_, err = w.s.Decide(ctx, me, approving.DecideInput{Order: second.ID, Verdict: approval.Decline, Reason: "no", Hash: sheet[second.ID]})
			if got := code(err); got != s.reject {
				t.Errorf("%s: Bob rejects: %q", name, got)
			}
			_, err = w.purchasing.Add(ctx, again(t, w, w.Eve), purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.One}}})
			if got := code(err); got != s.buys {
				t.Errorf("%s: Eve buys: %q", name, got)
			}
		}
	})
}

func again(t *testing.T, w *world, a access.Actor) access.Actor {
	t.Helper()
	a, err := w.Again(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// lent is Bob as he acts in Globex now.
func lent(t *testing.T, w *world, member id.Member) access.Actor {
	t.Helper()
	a, err := w.Actor(ctx, w.Globex, member)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// awaitedAt are those who are asked about a purchase order of Globex.
func awaitedAt(t *testing.T, w *world, key id.PurchaseOrder) (all []id.Member) {
	t.Helper()
	err := w.DB.Read(ctx, access.System(w.Globex), func(tx *store.Tx, _ access.Actor) error {
		po, err := tx.Approvals.Get(ctx, w.Globex, key)
		all = approval.Members(po.Plan.Awaited())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
