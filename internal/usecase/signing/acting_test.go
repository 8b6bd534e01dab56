package signing_test

import (
	"errors"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/auditing"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/importing"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// sue signs in at the seller's office.
func (st stage) sue() (access.Actor, string) {
	st.Helper()
	st.must(st.s.SetPassword(st.Context(), access.System(id.Company{}), secret, "sue@seller.example"))
	in, err := st.in("sue@seller.example", secret)
	st.must(err)
	return st.actor(in.Token), in.Token
}

// consents lets Acme consent to being acted for, or no more.
func (st stage) consents(yes bool) {
	st.Helper()
	people := organising.New(st.w.DB)
	c, err := people.Profile(st.Context(), st.w.Dan)
	st.must(err)
	p := c.Profile()
	p.Consents = yes
	_, err = people.EditProfile(st.Context(), st.w.Dan, organising.EditProfileInput{Version: c.Version, Profile: p})
	st.must(err)
}

func TestStaffActForACustomerWhoConsents(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		sue, token := st.sue()
		if sue.Realm != access.Staff || !sue.May(access.CompaniesView, tree.Top) || sue.MaySomewhere(access.UsersView) {
			st.Errorf("%+v", sue)
		}
		ann := signing.ActForInput{Company: st.w.Acme, Member: st.w.Ann.Member, Reason: "Ann called: her cart is stuck"}
		if err := st.s.ActFor(ctx, sue, ann); !errors.Is(err, signing.ErrNoConsent) {
			st.Error("without consent:", err)
		}
		st.consents(true)
		silent := ann
		silent.Reason = "  "
		for _, c := range []struct {
			sentence string
			who      access.Actor
			in       signing.ActForInput
			want     error
		}{
			{"a customer acts for nobody", st.w.Dan, ann, access.ErrUnseen},
			{"a reason is needed", sue, silent, fault.ErrInput},
			{"a member of another company is not in this one", sue, signing.ActForInput{Company: st.w.Acme, Member: st.w.Eve.Member, Reason: "x"}, company.ErrUnseenMember},
			{"nor is there a company that is none", sue, signing.ActForInput{Company: id.NewCompany(st.w.DB.Times()), Member: st.w.Ann.Member, Reason: "x"}, company.ErrUnseen},
			{"the seller is no customer", sue, signing.ActForInput{Company: st.w.Seller, Member: st.w.Sam.Member, Reason: "x"}, company.ErrSeller},
		} {
			if err := st.s.ActFor(ctx, c.who, c.in); !errors.Is(err, c.want) {
				st.Errorf("%s: %v, want %v", c.sentence, err, c.want)
			}
		}
		st.must(st.s.ActFor(ctx, sue, ann))

		acting := st.actor(token)
		if !acting.Acting() || acting.By.Member != st.w.Sue.Member || acting.Member != st.w.Ann.Member || acting.Company != st.w.Acme || acting.Realm != access.Buyer || acting.Account != sue.Account {
			st.Fatalf("%+v", acting)
		}
		if !acting.May(access.CheckoutPlace, tree.Path(st.w.Ann.At)) || acting.MaySomewhere(access.CompaniesView) {
			st.Error("she does not have Ann's rights, or still her own")
		}
		if err := acting.Require(access.OrdersViewCompany, tree.Top); err == nil || !strings.Contains(err.Error(), "whom you act for has no permission “View all orders") {
			st.Error("what Ann may not either:", err)
		}
		if err := st.s.ActFor(ctx, acting, ann); !errors.Is(err, access.ErrUnseen) {
			st.Error("who acts for a customer acts for no other:", err)
		}
		c, err := organising.New(st.w.DB).Profile(ctx, acting)
		st.must(err)
		if _, err := organising.New(st.w.DB).EditProfile(ctx, acting, organising.EditProfileInput{Version: c.Version, Profile: c.Profile()}); !errors.Is(err, access.ErrWithheld) && !errors.Is(err, access.ErrForbidden) {
			st.Error("she edits the profile:", err)
		}

		carts := purchasing.New(st.w.DB, step.NewRulebook())
		filled, err := carts.Add(ctx, acting, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: st.w.Products[1].ID, Quantity: quantity.One}}})
		st.must(err)
		st.must(carts.Discard(ctx, acting, filled.ID, filled.Version))
		own, err := carts.Add(ctx, st.w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: st.w.Products[1].ID, Quantity: quantity.One}}})
		st.must(err)

		st.must(st.s.StopActing(ctx, acting))
		if back := st.actor(token); back.Acting() || back.Company != st.w.Seller || !back.May(access.CompaniesView, tree.Top) {
			st.Errorf("%+v", back)
		}
		if err := st.s.StopActing(ctx, st.actor(token)); !errors.Is(err, signing.ErrNotActing) {
			st.Error("once more:", err)
		}
		audits := auditing.New(st.w.DB)
		changed, err := audits.List(ctx, access.System(st.w.Acme), view.AuditFilter{Event: "cart.changed"}, page.Ask{})
		st.must(err)
		if len(changed.Rows) != 2 || changed.Rows[0].About != filled.ID.String() || changed.Rows[1].Name != "Sue Summers" {
			st.Errorf("what she did to carts, and not what Ann did to %s: %+v", own.ID, changed.Rows)
		}
		if _, err := audits.VerifyTenants(ctx, access.System(id.Company{}), func(_ int64, what string) { st.Error(what) }); err != nil {
			st.Error(err)
		}
		for _, a := range []access.Actor{access.System(st.w.Acme), access.System(st.w.Seller)} {
			for _, event := range []string{"customer.acting_begun", "customer.acting_ended"} {
				list, err := audits.List(ctx, a, view.AuditFilter{Event: event}, page.Ask{})
				st.must(err)
				if len(list.Rows) != 1 || list.Rows[0].Kind != "staff" || list.Rows[0].Name != "Sue Summers" {
					st.Errorf("%s of %v: %+v", event, a.Company, list.Rows)
				}
			}
		}
	})
}

// Who of the staff is a member of the customer's company, too, does not decide there on what they submitted for another member, be it
// that they were one then or become one later.
func TestWhoActsForACustomerDoesNotDecideOnItAsAMember(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		st.consents(true)
		_, err := approving.New(st.w.DB).CreateRule(ctx, dan, approval.Rule{Name: "Approvers", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{Then: approval.Asks(approval.Source{Kind: approval.OfRole, Role: st.w.Roles["approver"]})}}})
		st.must(err)
		carts, desk := purchasing.New(st.w.DB, step.NewRulebook()), approving.New(st.w.DB)
		_, token := st.sue()
		submit := func() purchasing.Submitted {
			st.Helper()
			st.must(st.s.ActFor(ctx, st.actor(token), signing.ActForInput{Company: st.w.Acme, Member: st.w.Ann.Member, Reason: "she called"}))
			acting := st.actor(token)
			c, err := carts.Add(ctx, acting, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: st.w.Products[1].ID, Quantity: quantity.Of(5)}}})
			st.must(err)
			done, err := carts.Submit(ctx, acting, purchasing.SubmitInput{Cart: c.ID, Version: c.Version, Checkout: &cart.Checkout{Payment: purchasing.Advance}})
			st.must(err)
			st.must(st.s.StopActing(ctx, acting))
			return done
		}
		before := submit()
		m, err := organising.New(st.w.DB).AddMember(ctx, dan, organising.AddMemberInput{Email: "sue@seller.example", First: "Sue", Last: "Summers", Under: company.Node{Unit: st.w.Units["ops"]}})
		st.must(err)
		_, err = granting.New(st.w.DB).Assign(ctx, dan, granting.AssignInput{Member: m.ID, Role: st.w.Roles["approver"]})
		st.must(err)
		member, err := st.w.Actor(ctx, st.w.Acme, m.ID)
		st.must(err)
		after := submit()
		for says, key := range map[string]id.PurchaseOrder{"she joined later": before.ID, "she was a member": after.ID} {
			sheet, err := desk.Get(ctx, dan, key)
			st.must(err)
			if sheet.Plan.Involves(m.ID) {
				st.Errorf("%s, and is asked", says)
			}
			_, err = desk.Decide(ctx, member, approving.DecideInput{Order: key, Verdict: approval.Agree, Hash: sheet.Hash})
			if err == nil {
				st.Errorf("%s, and approves it", says)
			}
		}
	})
}

// Dan may do everything in Acme; who acts for him neither decides, nor steps around limits, nor says who may do what.
func TestWhoActsForACustomerNeitherApprovesNorTouchesSecurity(t *testing.T) {
	each(t, func(st stage) {
		sue, token := st.sue()
		st.consents(true)
		st.must(st.s.ActFor(st.Context(), sue, signing.ActForInput{Company: st.w.Acme, Member: st.w.Dan.Member, Reason: "a question"}))
		acting := st.actor(token)
		never := []access.Permission{access.PurchaseOrdersApprove, access.PurchaseOrdersOverride, access.PurchaseOrdersAutoApprove, access.ApprovalRulesManage,
			access.DeputiesManage, access.CheckoutWithoutBudget, access.LimitsManage, access.BudgetsManage, access.CompanyEdit, access.PaymentMethodsManage,
			access.RolesManage, access.UsersManage, access.CostCentresManage, access.CostCentresAssign, access.LegalAddressEdit, access.AddressesManage,
			access.OrdersReassign, access.ListsTemplatesManage, access.SSOManage, access.APITokensManage, access.WebhooksManage, access.PoliciesTransfer}
		for _, p := range access.All(access.Buyer) {
			want := st.w.Dan.May(p, tree.Top)
			for _, n := range never {
				want = want && p != n
			}
			if acting.May(p, tree.Top) != want {
				st.Errorf("%v: %v", p, !want)
			}
		}
		if err := acting.Require(access.RolesManage, tree.Top); !errors.Is(err, access.ErrWithheld) {
			st.Error(err)
		}
		people, ctx := organising.New(st.w.DB), st.Context()
		own := company.Address{Label: "Hers", Name: "Sue", Street: "Street 1", Postcode: "10115", City: "Berlin", Country: "DE"}
		for what, err := range map[string]error{
			"Dan's phone":         people.SetPhone(ctx, acting, "+49 30 1"),
			"an address of his":   second(people.AddOwnAddress(ctx, acting, own)),
			"where his goods go":  second(people.DirectSelf(ctx, acting, company.Directions{})),
			"a file of roles":     second(importing.New(st.w.DB).Stage(ctx, acting, importing.StageInput{Name: "roles.csv", File: []byte("Member,Role\ncleo@acme.example,Administrator\n")})),
			"the legal address":   people.SetLegalAddress(ctx, acting, 1, company.Legal{}),
			"who answers for 471": second(budgeting.New(st.w.DB).CreateCostCentre(ctx, acting, budgeting.CostCentreInput{Code: "471", Name: "X"})),
		} {
			if !errors.Is(err, access.ErrWithheld) {
				st.Errorf("%s: %v", what, err)
			}
		}
		// What a job does later it does as who asked: one of the staff, for Dan.
		if later := step.AskedBy(acting).Actor(); !later.Acting() || later.By.Member != acting.By.Member || later.Account != acting.Account {
			st.Errorf("%+v", later)
		}
		if _, err := granting.New(st.w.DB).CreateRole(st.Context(), acting, granting.CreateRoleInput{Name: "Mine", Permissions: access.SetOf(access.CatalogView)}); !errors.Is(err, access.ErrWithheld) {
			st.Error(err)
		}
	})
}

// The consent, the permission and the seat at the seller's are asked at every request, and again inside every
// transaction.
func TestActingEndsAtOnce(t *testing.T) {
	for name, end := range map[string]func(st stage){
		"when the consent is withdrawn": func(st stage) { st.consents(false) },
		"when the permission is taken": func(st stage) {
			grants := granting.New(st.w.DB)
			held, err := grants.Held(st.Context(), st.w.Sam, st.w.Sue.Member)
			st.must(err)
			_, err = grants.Assign(st.Context(), st.w.Sam, granting.AssignInput{Member: st.w.Sue.Member, Role: st.w.SellerRoles["price_manager"]})
			st.must(err)
			st.must(grants.Revoke(st.Context(), st.w.Sam, held[0].ID))
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(st stage) {
				sue, token := st.sue()
				st.consents(true)
				st.must(st.s.ActFor(st.Context(), sue, signing.ActForInput{Company: st.w.Acme, Member: st.w.Ann.Member, Reason: "a question"}))
				before := st.actor(token)
				people := organising.New(st.w.DB)
				_, err := people.Addresses(st.Context(), before)
				st.must(err)
				end(st)
				if _, err := people.Addresses(st.Context(), before); !errors.Is(err, access.ErrForbidden) {
					st.Error("an actor of before:", err)
				}
				if _, err := st.s.Me(st.Context(), before); !errors.Is(err, access.ErrForbidden) {
					st.Error("an actor of before is still somebody there:", err)
				}
				if back := st.actor(token); back.Acting() || back.Company != st.w.Seller || back.Member != st.w.Sue.Member {
					st.Errorf("%+v", back)
				}
				st.consents(true)
				if back := st.actor(token); back.Acting() {
					st.Error("it begins again by itself")
				}
				list, err := auditing.New(st.w.DB).List(st.Context(), access.System(st.w.Acme), view.AuditFilter{Event: "customer.acting_ended"}, page.Ask{})
				st.must(err)
				if len(list.Rows) != 1 || list.Rows[0].Name != "Sue Summers" {
					st.Errorf("%+v", list.Rows)
				}
			})
		})
	}
	t.Run("when the seat is", func(t *testing.T) {
		each(t, func(st stage) {
			sue, token := st.sue()
			st.consents(true)
			st.must(st.s.ActFor(st.Context(), sue, signing.ActForInput{Company: st.w.Acme, Member: st.w.Ann.Member, Reason: "a question"}))
			people := organising.New(st.w.DB)
			m, err := people.Member(st.Context(), st.w.Sam, st.w.Sue.Member)
			st.must(err)
			st.must(people.Leave(st.Context(), st.w.Sam, organising.LeaveInput{ID: m.ID, Version: m.Version}))
			if _, err := st.s.Recognise(st.Context(), token, "", ""); err == nil {
				st.Error("her session is alive")
			}
		})
	})
}
