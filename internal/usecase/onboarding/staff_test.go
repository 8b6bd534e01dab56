package onboarding_test

import (
	"errors"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/view"
)

func TestTheSellerIsAnOrganisationOfItsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s := cast.Acme(t, db), onboarding.New(db)
		for _, p := range access.All(access.Staff) {
			if !w.Sam.May(p, tree.Top) {
				t.Errorf("the owner lacks %v", p)
			}
		}
		for _, p := range access.All(access.Buyer) {
			if needed := access.Leaves(access.Staff); w.Sam.MaySomewhere(p) != needed.Has(p) {
				t.Errorf("the owner and %v", p)
			}
		}
		if again, err := s.Found(ctx, system, onboarding.FoundInput{Seller: true, Number: "other", Name: "Another", Currency: "EUR", Email: "x@seller.example", First: "X", Last: "Y"}); err != nil || !again.Again || again.Company != w.Seller {
			t.Errorf("there are two sellers: %+v, %v", again, err)
		}
		taken := initech()
		taken.Number = "seller"
		if _, err := s.Found(ctx, system, taken); !errors.Is(err, company.ErrSeller) {
			t.Error("a company has the seller's number:", err)
		}
		var own company.Company
		err := db.Read(ctx, system, func(tx *store.Tx, _ access.Actor) (err error) { own, err = tx.Companies.Get(ctx, w.Seller); return err })
		if err != nil {
			t.Fatal(err)
		}
		if err := s.ChangeStatus(ctx, w.Sam, onboarding.ChangeStatusInput{Company: w.Seller, Version: own.Version, To: company.Blocked, Reason: "x"}); !errors.Is(err, company.ErrSeller) {
			t.Error("the seller blocks itself:", err)
		}
		if _, err := s.GetCustomer(ctx, w.Sam, w.Seller); !errors.Is(err, company.ErrUnseen) {
			t.Error("the seller is a customer:", err)
		}
	})
}

func TestStaffLookAfterCompanies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s, prices := cast.Acme(t, db), onboarding.New(db), pricesetting.New(db)
		list, err := s.ListCustomers(ctx, w.Sue, view.CustomerFilter{}, page.Ask{})
		if err != nil || len(list.Rows) != 2 || list.Rows[0].Name != "Acme Works" || list.Rows[0].People != 4 || list.Rows[1].Name != "Globex" {
			t.Fatalf("%+v, %v", list.Rows, err)
		}
		if found, err := s.ListCustomers(ctx, w.Sue, view.CustomerFilter{Text: "10002", Status: company.Active}, page.Ask{}); err != nil || len(found.Rows) != 1 || found.Rows[0].ID != w.Globex {
			t.Errorf("%+v, %v", found.Rows, err)
		}
		one, err := s.ListCustomers(ctx, w.Sue, view.CustomerFilter{}, page.Ask{Limit: 1})
		if err != nil || len(one.Rows) != 1 || one.Next == "" {
			t.Fatalf("%+v, %v", one, err)
		}
		people, err := s.ListPeople(ctx, w.Sue, w.Acme, view.MemberFilter{Text: "ann"}, page.Ask{})
		if err != nil || len(people.Rows) != 1 || people.Rows[0].ID != w.Ann.Member {
			t.Errorf("%+v, %v", people.Rows, err)
		}

		g, err := prices.CreateGroup(ctx, w.Sam, pricing.GroupFields{Code: "key", Name: "Key accounts"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := prices.CreateGroup(ctx, w.Sam, pricing.GroupFields{Code: "key", Name: "Others"}); !errors.Is(err, pricing.ErrGroupCode) {
			t.Error("two of one code:", err)
		}
		acme, err := s.GetCustomer(ctx, w.Sue, w.Acme)
		if err != nil || acme.People != 4 || acme.Units != 3 {
			t.Fatalf("%+v, %v", acme, err)
		}
		in := onboarding.AssignGroupInput{Company: w.Acme, Version: acme.Version, Group: g.ID}
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"support assigns no group", s.AssignGroup(ctx, w.Sue, in), access.ErrForbidden},
			{"for a customer there is no such thing", s.AssignGroup(ctx, w.Dan, in), access.ErrUnseen},
			{"there is no such group", s.AssignGroup(ctx, w.Sam, onboarding.AssignGroupInput{Company: w.Acme, Version: acme.Version, Group: id.NewCustomerGroup(db.Times())}), pricing.ErrUnseenGroup},
			{"who has seen an older one looks again", s.AssignGroup(ctx, w.Sam, onboarding.AssignGroupInput{Company: w.Acme, Version: acme.Version - 1, Group: g.ID}), company.ErrStale},
			{"the seller is no customer", s.AssignGroup(ctx, w.Sam, onboarding.AssignGroupInput{Company: w.Seller, Version: 1, Group: g.ID}), company.ErrSeller},
			{"it is assigned", s.AssignGroup(ctx, w.Sam, in), nil},
			{"a group that is used stays", prices.DeleteGroup(ctx, w.Sam, g.ID, g.Version), pricing.ErrGroupInUse},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v, want %v", c.sentence, c.err, c.want)
			}
		}
		if acme, err = s.GetCustomer(ctx, w.Sue, w.Acme); err != nil || acme.Group != g.ID || acme.GroupName != "Key accounts" {
			t.Errorf("%+v, %v", acme, err)
		}
		if _, err := prices.EditGroup(ctx, w.Sam, pricesetting.EditGroupInput{ID: g.ID, Version: g.Version, GroupFields: pricing.GroupFields{Code: "", Name: "x"}}); !errors.Is(err, fault.ErrInput) {
			t.Error("a group without a code:", err)
		}
		if err := s.AssignGroup(ctx, w.Sam, onboarding.AssignGroupInput{Company: w.Acme, Version: acme.Version}); err != nil {
			t.Error(err)
		}
		if err := prices.DeleteGroup(ctx, w.Sam, g.ID, g.Version); err != nil {
			t.Error(err)
		}

		if err := s.ChangeStatus(ctx, w.Sue, onboarding.ChangeStatusInput{Company: w.Globex, Version: list.Rows[1].Version, To: company.Blocked, Reason: "unpaid"}); !errors.Is(err, access.ErrForbidden) {
			t.Error("support blocks:", err)
		}
		if err := s.ChangeStatus(ctx, w.Sam, onboarding.ChangeStatusInput{Company: w.Globex, Version: list.Rows[1].Version, To: company.Blocked, Reason: "unpaid"}); err != nil {
			t.Error(err)
		}
		for name, err := range map[string]error{
			"ListCustomers": second(s.ListCustomers(ctx, w.Dan, view.CustomerFilter{}, page.Ask{})),
			"GetCustomer":   second(s.GetCustomer(ctx, w.Dan, w.Acme)),
			"ListPeople":    second(s.ListPeople(ctx, w.Dan, w.Acme, view.MemberFilter{}, page.Ask{})),
			"ListGroups":    second(prices.ListGroups(ctx, w.Dan)),
			"CreateGroup":   second(prices.CreateGroup(ctx, w.Dan, pricing.GroupFields{Code: "a", Name: "b"})),
		} {
			if !errors.Is(err, access.ErrUnseen) {
				t.Errorf("a customer and %s: %v", name, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestRoleTemplates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s, grants := cast.Acme(t, db), onboarding.New(db), granting.New(db)
		fields := access.TemplateFields{Name: "Night shift", Description: "Orders at night.", Permissions: access.SetOf(access.CheckoutPlace), Starts: true}
		made, err := grants.CreateTemplate(ctx, w.Sam, fields)
		if err != nil || !made.Set.Has(access.CartsManage) {
			t.Fatalf("%+v, %v", made, err)
		}
		shipped, staff := fields, fields
		shipped.Name, staff.Name, staff.Permissions = "Buyer", "Chief", access.SetOf(access.CompaniesManage)
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"two of one name", second(grants.CreateTemplate(ctx, w.Sam, fields)), access.ErrTemplateName},
			{"the name of a shipped one", second(grants.CreateTemplate(ctx, w.Sam, shipped)), access.ErrTemplateName},
			{"what only staff may", second(grants.CreateTemplate(ctx, w.Sam, staff)), fault.ErrInput},
			{"support makes none", second(grants.CreateTemplate(ctx, w.Sue, fields)), access.ErrForbidden},
			{"for a customer there is no such thing", second(grants.CreateTemplate(ctx, w.Dan, fields)), access.ErrUnseen},
			{"an older version", second(grants.EditTemplate(ctx, w.Sam, granting.EditTemplateInput{ID: made.ID, Version: 7, TemplateFields: fields})), access.ErrTemplateStale},
			{"none of this key", second(grants.GetTemplate(ctx, w.Sam, id.NewRoleTemplate(db.Times()))), access.ErrUnseenTemplate},
			{"who sees no roles sees no templates", second(grants.ListTemplates(ctx, w.Ann)), access.ErrForbidden},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v, want %v", c.sentence, c.err, c.want)
			}
		}
		if all, err := grants.ListTemplates(ctx, w.Dan); err != nil || len(all) != 1 || all[0].Name != "Night shift" {
			t.Errorf("%+v, %v", all, err)
		}
		f, err := s.Found(ctx, system, initech())
		if err != nil {
			t.Fatal(err)
		}
		peter, err := w.Actor(ctx, f.Company, f.Administrator)
		if err != nil {
			t.Fatal(err)
		}
		begins := func() (n int) {
			roles, err := grants.ListRoles(ctx, peter)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range roles {
				if r.Name == "Night shift" && r.Set == made.Set {
					n++
				}
			}
			return n
		}
		if begins() != 1 {
			t.Error("a new company does not begin with it")
		}
		fields.Permissions = access.SetOf(access.OrdersView)
		made, err = grants.EditTemplate(ctx, w.Sam, granting.EditTemplateInput{ID: made.ID, Version: made.Version, TemplateFields: fields})
		if err != nil || made.Set.Has(access.CheckoutPlace) {
			t.Errorf("%+v, %v", made, err)
		}
		if err := grants.DeleteTemplate(ctx, w.Sam, made.ID, made.Version-1); !errors.Is(err, access.ErrTemplateStale) {
			t.Error(err)
		}
		if err := grants.DeleteTemplate(ctx, w.Sam, made.ID, made.Version); err != nil {
			t.Error(err)
		}
		if roles, err := grants.ListRoles(ctx, peter); err != nil || len(roles) != len(access.Shipped(access.Buyer))+1 {
			t.Errorf("the company's own role went with the template: %d, %v", len(roles), err)
		}
	})
}

// Staff have roles of staff, and nobody else has.
func TestStaffRolesAreForStaff(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, grants := cast.Acme(t, db), granting.New(db)
		made, err := grants.CreateRole(ctx, w.Sam, granting.CreateRoleInput{Name: "Personnel", Permissions: access.SetOf(access.StaffManage)})
		if err != nil || !made.Set.Has(access.UsersManage) {
			t.Fatalf("%+v, %v", made, err)
		}
		if _, err := grants.CreateRole(ctx, w.Dan, granting.CreateRoleInput{Name: "Chief", Permissions: access.SetOf(access.CompaniesView)}); !errors.Is(err, fault.ErrInput) {
			t.Error("a customer's role with a leaf of the seller's:", err)
		}
		if _, err := grants.CreateRole(ctx, w.Sam, granting.CreateRoleInput{Name: "Shopper", Permissions: access.SetOf(access.CheckoutPlace)}); !errors.Is(err, fault.ErrInput) {
			t.Error("a role of staff that buys:", err)
		}
		if _, err := grants.Assign(ctx, w.Sam, granting.AssignInput{Member: w.Sue.Member, Role: made.ID}); err != nil {
			t.Fatal(err)
		}
		sue, err := w.Again(ctx, w.Sue)
		if err != nil || !sue.May(access.UsersManage, tree.Top) {
			t.Fatal(err)
		}
		if _, err := grants.Assign(ctx, sue, granting.AssignInput{Member: w.Sue.Member, Role: w.SellerRoles["price_manager"]}); !errors.Is(err, access.ErrForbidden) {
			t.Error("who manages staff and not their roles gives roles:", err)
		}
		// Whoever writes into the tables of a customer makes no staff of them.
		err = db.Write(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			r, err := tx.Access.GetRole(ctx, w.Acme, w.Roles["buyer"])
			if err != nil {
				return err
			}
			r.Set.Add(access.CompaniesManage)
			tx.Access.UpdateRole(w.Acme, r)
			tx.Companies.SetRightsChanged(w.Acme)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if ann, err := w.Again(ctx, w.Ann); err != nil || ann.MaySomewhere(access.CompaniesManage) || !ann.MaySomewhere(access.CheckoutPlace) {
			t.Error("a customer became one of the staff", err)
		}
	})
}
