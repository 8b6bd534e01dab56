package cast_test

import (
	"context"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
)

// Whatever people may write has its bounds below the edges, so that they hold whichever way it comes.
func TestNoTextIsWithoutBounds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		w := cast.Acme(t, db)
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		eur := func(minor int64) money.Money { return money.Of(minor, "EUR") }
		people, rights, moneys, deciding, shop := organising.New(db), granting.New(db), budgeting.New(db), approving.New(db), purchasing.New(db, step.NewRulebook())
		hooks := exchanging.New(db, exchanging.Settings{Public: "https://buy.example.com", Guard: webhook.Guard{AllowPrivate: true}})
		monthly := budgeting.CreateInput{Name: "All", Limit: eur(1000_00), Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Ask, Carry: budget.CarryNone}
		all, err := moneys.Create(ctx, w.Dan, monthly)
		must(err)
		bound := eur(10)
		rule, err := deciding.CreateRule(ctx, w.Dan, approval.Rule{Name: "Manager", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{}, {Above: &bound, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}})
		must(err)
		role, err := rights.CreateRole(ctx, w.Dan, granting.CreateRoleInput{Name: "Looks", Permissions: access.SetOf(access.OrdersView)})
		must(err)
		hook, err := hooks.CreateWebhook(ctx, w.Dan, exchanging.CreateWebhookInput{Name: "ERP", URL: "https://erp.acme.example/", Filters: []string{"*"}})
		must(err)
		c, err := shop.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2)}}})
		must(err)
		checkout := cart.Checkout{Unit: w.Units["ops"], Delivery: w.Address, Billing: w.Address, Payment: purchasing.OnAccount}
		c, err = shop.Prepare(ctx, w.Ann, c.ID, c.Version, checkout)
		must(err)
		po, err := shop.Submit(ctx, w.Ann, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})
		must(err)
		next, err := shop.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2)}}})
		must(err)
		sheet, err := deciding.Get(ctx, w.Bob, po.ID)
		must(err)
		ann, err := people.Member(ctx, w.Dan, w.Ann.Member)
		must(err)
		ops, err := people.Unit(ctx, w.Dan, w.Units["ops"])
		must(err)
		centre, err := moneys.GetCostCentre(ctx, w.Dan, w.CostCentre)
		must(err)

		write := map[string]func(text string) error{
			"approving": func(s string) error {
				return second(deciding.Decide(ctx, w.Bob, approving.DecideInput{Order: po.ID, Verdict: approval.Agree, Reason: s, Hash: sheet.Hash}))
			},
			"rejecting": func(s string) error {
				return second(deciding.Decide(ctx, w.Bob, approving.DecideInput{Order: po.ID, Verdict: approval.Decline, Reason: s, Hash: sheet.Hash}))
			},
			"withdrawing": func(s string) error { return second(deciding.Withdraw(ctx, w.Ann, po.ID, s)) },
			"a key": func(s string) error {
				return second(deciding.Decide(ctx, w.Bob, approving.DecideInput{Order: po.ID, Verdict: approval.Agree, Hash: sheet.Hash, Key: s}))
			},
			"a limit": func(s string) error {
				return second(moneys.SetLimit(ctx, w.Dan, budgeting.SetLimitInput{ID: all.ID, Version: 1, Limit: eur(5), Note: s}))
			},
			"a budget": func(s string) error { in := monthly; in.Name = s; return second(moneys.Create(ctx, w.Dan, in)) },
			"a budget's name": func(s string) error {
				return second(moneys.Edit(ctx, w.Dan, budgeting.EditInput{ID: all.ID, Version: 1, Name: s, Exhausted: budget.Ask}))
			},
			"a cost centre": func(s string) error {
				return second(moneys.CreateCostCentre(ctx, w.Dan, budgeting.CostCentreInput{Code: "1", Name: s}))
			},
			"a cost centre's code": func(s string) error {
				return second(moneys.CreateCostCentre(ctx, w.Dan, budgeting.CostCentreInput{Code: s, Name: "x"}))
			},
			"a cost centre's name": func(s string) error {
				return second(moneys.EditCostCentre(ctx, w.Dan, budgeting.CostCentreInput{ID: centre.ID, Version: centre.Version, Code: centre.Code, Name: s}))
			},
			"a rule":               func(s string) error { r := rule; r.Name = s; return second(deciding.EditRule(ctx, w.Dan, r)) },
			"a rule's description": func(s string) error { r := rule; r.Description = s; return second(deciding.EditRule(ctx, w.Dan, r)) },
			"a role": func(s string) error {
				return second(rights.CreateRole(ctx, w.Dan, granting.CreateRoleInput{Name: s, Permissions: access.SetOf(access.OrdersView)}))
			},
			"a role's name": func(s string) error {
				return second(rights.EditRole(ctx, w.Dan, granting.EditRoleInput{ID: role.ID, Version: role.Version, Name: s, Permissions: role.Set}))
			},
			"a role's description": func(s string) error {
				return second(rights.EditRole(ctx, w.Dan, granting.EditRoleInput{ID: role.ID, Version: role.Version, Name: "x", Description: s, Permissions: role.Set}))
			},
			"a rule of separation": func(s string) error {
				return second(rights.CreateSeparation(ctx, w.Dan, access.SeparationFields{Name: s, Permissions: access.SetOf(access.OrdersView, access.CompanyView), Cardinality: 2}))
			},
			"a unit": func(s string) error {
				return second(people.CreateUnit(ctx, w.Dan, organising.CreateUnitInput{Name: s, Code: "new", Under: company.Node{Unit: w.Units["ops"]}}))
			},
			"a unit's code": func(s string) error {
				return second(people.CreateUnit(ctx, w.Dan, organising.CreateUnitInput{Name: "x", Code: s, Under: company.Node{Unit: w.Units["ops"]}}))
			},
			"a unit's name": func(s string) error {
				return second(people.EditUnit(ctx, w.Dan, organising.EditUnitInput{ID: ops.ID, Version: ops.Version, Name: s, Code: ops.Code}))
			},
			"a member's name": func(s string) error {
				return second(people.EditMember(ctx, w.Dan, organising.EditMemberInput{ID: ann.Member.ID, Version: ann.Member.Version, Name: s}))
			},
			"a member's number": func(s string) error {
				return second(people.EditMember(ctx, w.Dan, organising.EditMemberInput{ID: ann.Member.ID, Version: ann.Member.Version, Name: "x", Number: s}))
			},
			"a member's title": func(s string) error {
				return second(people.EditMember(ctx, w.Dan, organising.EditMemberInput{ID: ann.Member.ID, Version: ann.Member.Version, Name: "x", Title: s}))
			},
			"a new member": func(s string) error {
				return second(people.AddMember(ctx, w.Dan, organising.AddMemberInput{Email: "n@acme.example", First: s, Last: "x", Under: company.Node{Unit: w.Units["ops"]}}))
			},
			"a webhook": func(s string) error {
				return second(hooks.CreateWebhook(ctx, w.Dan, exchanging.CreateWebhookInput{Name: s, URL: "https://erp.acme.example/", Filters: []string{"*"}}))
			},
			"where it leads": func(s string) error {
				return second(hooks.CreateWebhook(ctx, w.Dan, exchanging.CreateWebhookInput{Name: "x", URL: "https://erp.acme.example/" + s, Filters: []string{"*"}}))
			},
			"what it wants": func(s string) error {
				return second(hooks.CreateWebhook(ctx, w.Dan, exchanging.CreateWebhookInput{Name: "x", URL: "https://erp.acme.example/", Filters: []string{s}}))
			},
			"a webhook's name": func(s string) error {
				return second(hooks.EditWebhook(ctx, w.Dan, exchanging.EditWebhookInput{ID: hook.Webhook.ID, Version: hook.Webhook.Version, Name: s, URL: "https://erp.acme.example/", Filters: []string{"*"}}))
			},
			"a note at checkout": func(s string) error {
				o := checkout
				o.Note = s
				return second(shop.Prepare(ctx, w.Ann, next.ID, next.Version, o))
			},
			"a reference": func(s string) error {
				o := checkout
				o.Reference = s
				return second(shop.Prepare(ctx, w.Ann, next.ID, next.Version, o))
			},
			"a note of a line": func(s string) error {
				return second(shop.Add(ctx, w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(2), Note: s}}}))
			},
		}
		profile, err := people.Profile(ctx, w.Dan)
		must(err)
		address := company.Address{Label: "Gate", Name: "Acme", Street: "Road 1", Postcode: "1", City: "York", Country: "GB", Delivers: true}
		contact := company.Contact{Name: "Fran", Purpose: "Invoices", Email: "fran@acme.example", Phone: "+49 30 1"}
		guest := organising.Guest{Email: "guest@acme.example", First: "G", Last: "Uest", Title: "Buyer"}
		for part, field := range map[string]func(*company.Address) *string{
			"label": func(a *company.Address) *string { return &a.Label }, "name": func(a *company.Address) *string { return &a.Name }, "street": func(a *company.Address) *string { return &a.Street },
			"postcode": func(a *company.Address) *string { return &a.Postcode }, "city": func(a *company.Address) *string { return &a.City }, "country": func(a *company.Address) *string { return &a.Country },
		} {
			write["an address's "+part] = func(s string) error {
				a := address
				*field(&a) = s
				return second(people.AddAddress(ctx, w.Dan, a))
			}
			write["one's own address's "+part] = func(s string) error {
				a := address
				*field(&a) = s
				return second(people.AddOwnAddress(ctx, w.Ann, a))
			}
		}
		for part, field := range map[string]func(*company.Contact) *string{
			"name": func(c *company.Contact) *string { return &c.Name }, "purpose": func(c *company.Contact) *string { return &c.Purpose },
			"mail": func(c *company.Contact) *string { return &c.Email }, "phone": func(c *company.Contact) *string { return &c.Phone },
		} {
			write["a contact's "+part] = func(s string) error {
				c := contact
				*field(&c) = s
				return second(people.AddContact(ctx, w.Dan, c))
			}
		}
		for part, field := range map[string]func(*organising.Guest) *string{
			"mail": func(g *organising.Guest) *string { return &g.Email }, "first name": func(g *organising.Guest) *string { return &g.First },
			"last name": func(g *organising.Guest) *string { return &g.Last }, "title": func(g *organising.Guest) *string { return &g.Title },
		} {
			write["a guest's "+part] = func(s string) error {
				g := guest
				*field(&g) = s
				return second(people.Invite(ctx, w.Dan, organising.InviteInput{People: []organising.Guest{g}}))
			}
		}
		write["a company's name"] = func(s string) error {
			p := profile.Profile()
			p.Name = s
			return second(people.EditProfile(ctx, w.Dan, organising.EditProfileInput{Version: profile.Version, Profile: p}))
		}
		write["a phone"] = func(s string) error { return people.SetPhone(ctx, w.Ann, s) }
		customers, prices := onboarding.New(db), pricesetting.New(db)
		write["why a company is blocked"] = func(s string) error {
			return customers.ChangeStatus(ctx, w.Sam, onboarding.ChangeStatusInput{Company: w.Acme, Version: profile.Version, To: company.Blocked, Reason: s})
		}
		for part, field := range map[string]func(*pricing.GroupFields) *string{
			"code": func(f *pricing.GroupFields) *string { return &f.Code }, "name": func(f *pricing.GroupFields) *string { return &f.Name }, "description": func(f *pricing.GroupFields) *string { return &f.Description },
		} {
			write["a customer group's "+part] = func(s string) error {
				f := pricing.GroupFields{Code: "new", Name: "New"}
				*field(&f) = s
				return second(prices.CreateGroup(ctx, w.Sam, f))
			}
		}
		for part, field := range map[string]func(*access.TemplateFields) *string{
			"name": func(f *access.TemplateFields) *string { return &f.Name }, "description": func(f *access.TemplateFields) *string { return &f.Description },
		} {
			write["a role template's "+part] = func(s string) error {
				f := access.TemplateFields{Name: "New", Permissions: access.SetOf(access.OrdersView)}
				*field(&f) = s
				return second(rights.CreateTemplate(ctx, w.Sam, f))
			}
		}
		for what, try := range write {
			for says, s := range map[string]string{"endless": strings.Repeat("x", 900_000), "turned round": "a\u202eb", "with a nought byte": "a\x00b"} {
				if what == "a key" && says != "endless" {
					continue // it is no text
				}
				if f := fault.Of(try(s)); f == nil || f.Kind != fault.Invalid {
					t.Errorf("%s, %s: %v", what, says, f)
				}
			}
		}
	})
}

// second is the error of what a use case returns.
func second[T any](_ T, err error) error { return err }
