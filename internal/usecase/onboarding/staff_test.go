package onboarding_test

import (
	"errors"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
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
		alike, day, shippedAlike := fields, fields, fields
		alike.Name, day.Name, shippedAlike.Name, day.Starts = "NIGHT shift", "Day shift", "bUYER", false
		other, err := grants.CreateTemplate(ctx, w.Sam, day)
		if err != nil {
			t.Fatal(err)
		}
		shipped, staff := fields, fields
		shipped.Name, staff.Name, staff.Permissions = "Buyer", "Chief", access.SetOf(access.CompaniesManage)
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"two of one name", second(grants.CreateTemplate(ctx, w.Sam, fields)), access.ErrTemplateName},
			{"two of one name but for capitals", second(grants.CreateTemplate(ctx, w.Sam, alike)), access.ErrTemplateName},
			{"another one gets the name but for capitals", second(grants.EditTemplate(ctx, w.Sam, granting.EditTemplateInput{ID: other.ID, Version: 1, TemplateFields: alike})), access.ErrTemplateName},
			{"the name of a shipped one but for capitals", second(grants.CreateTemplate(ctx, w.Sam, shippedAlike)), access.ErrTemplateName},
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
		if err := grants.DeleteTemplate(ctx, w.Sam, other.ID, 1); err != nil {
			t.Fatal(err)
		}
		if same, err := grants.EditTemplate(ctx, w.Sam, granting.EditTemplateInput{ID: made.ID, Version: 1, TemplateFields: alike}); err != nil || same.Name != "NIGHT shift" {
			t.Errorf("its own name in capitals: %+v, %v", same, err)
		}
		if made, err = grants.EditTemplate(ctx, w.Sam, granting.EditTemplateInput{ID: made.ID, Version: 2, TemplateFields: fields}); err != nil {
			t.Fatal(err)
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

// A subsidiary has what its parent has, as long as it says so: live, and its own agreements first.
func TestSubsidiaries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s, prices := cast.Acme(t, db), onboarding.New(db), pricesetting.New(db)
		f, err := s.Found(ctx, system, initech())
		if err != nil {
			t.Fatal(err)
		}
		seen := func(key id.Company) view.Customer {
			c, err := s.GetCustomer(ctx, w.Sam, key)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		under := func(key id.Company, parent string, what company.Inherits) error {
			return s.SetParent(ctx, w.Sam, onboarding.SetParentInput{Company: key, Version: seen(key).Version, Parent: parent, Inherits: what})
		}
		all := company.Inherits{Group: true, Prices: true}
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"Globex belongs to Acme", under(w.Globex, "10001", all), nil},
			{"Initech belongs to Globex", under(f.Company, "10002", company.Inherits{Group: true}), nil},
			{"Acme does not belong to what belongs to it", under(w.Acme, "I-1", all), company.ErrParent},
			{"nor to itself", under(w.Acme, "10001", all), company.ErrParent},
			{"nor to the seller", under(w.Acme, "seller", all), company.ErrSeller},
			{"nor to nobody's number", under(w.Acme, "999", all), fault.ErrInput},
			{"support changes nothing", s.SetParent(ctx, w.Sue, onboarding.SetParentInput{Company: w.Globex, Version: 1}), access.ErrForbidden},
			{"for a customer there is no such thing", s.SetParent(ctx, w.Dan, onboarding.SetParentInput{Company: w.Acme, Version: 1}), access.ErrUnseen},
			{"who has seen an older one looks again", s.SetParent(ctx, w.Sam, onboarding.SetParentInput{Company: w.Globex, Version: 1}), company.ErrStale},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v, want %v", c.sentence, c.err, c.want)
			}
		}
		g, err := prices.CreateGroup(ctx, w.Sam, pricing.GroupFields{Code: "key", Name: "Key accounts"})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.AssignGroup(ctx, w.Sam, onboarding.AssignGroupInput{Company: w.Acme, Version: seen(w.Acme).Version, Group: g.ID}); err != nil {
			t.Fatal(err)
		}
		if c := seen(f.Company); c.GroupName != "" || c.Grouped.GroupName != "Key accounts" || c.Grouped.ID != w.Acme || len(c.Line) != 3 || c.Line[1].ID != w.Globex || c.Line[2].ID != w.Acme {
			t.Errorf("Initech has %+v, below %+v", c.Grouped, c.Line)
		}
		list, err := s.ListCustomers(ctx, w.Sam, view.CustomerFilter{Group: g.ID}, page.Ask{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list.Rows {
			if c.Grouped.ID != w.Acme || c.Grouped.GroupName != "Key accounts" {
				t.Errorf("%s is listed with %+v", c.Name, c.Grouped)
			}
		}
		if of, err := prices.GetGroup(ctx, w.Sam, g.ID); err != nil || len(list.Rows) != 3 || of.Companies != 1 || of.InEffect != 3 {
			t.Errorf("%d companies are listed of %+v: %v", len(list.Rows), of, err)
		}
		if c := seen(w.Acme); len(c.Subsidiaries) != 1 || c.Subsidiaries[0].ID != w.Globex {
			t.Errorf("%+v", c.Subsidiaries)
		}

		agree := func(key id.Company, e4 int64) {
			t.Helper()
			err := prices.SetContracts(ctx, w.Sam, pricesetting.SetContractsInput{Company: key, Reference: "A-" + seen(key).Number, Prices: []pricesetting.ProductPrice{
				{Product: w.Products[1].ID, Rate: money.Rate{E4: e4, Currency: "EUR"}}}})
			if err != nil {
				t.Fatal(err)
			}
		}
		price := func(key id.Company) (e4 int64, level pricing.Level) {
			t.Helper()
			err := db.Read(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
				var base, own []pricing.Entry
				tx.Prices.WantEntries(&base, &own, key, []id.Product{w.Products[1].ID})
				if err := tx.Fetch(ctx); err != nil {
					return err
				}
				p, err := pricing.Resolve(append(base, own...), pricing.Ask{Quantity: quantity.One, Currency: "EUR", At: tx.Now})
				e4, level = p.Rate.E4, p.Source.Level
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return e4, level
		}
		agree(w.Acme, 70000)
		for _, c := range []struct {
			sentence string
			key      id.Company
			e4       int64
			level    pricing.Level
		}{
			{"Acme has what it agreed on", w.Acme, 70000, pricing.Contract},
			{"Globex has it of Acme", w.Globex, 70000, pricing.Company},
			{"Initech does not inherit prices", f.Company, 79000, pricing.Base},
		} {
			if e4, level := price(c.key); e4 != c.e4 || level != c.level {
				t.Errorf("%s: %d, %v", c.sentence, e4, level)
			}
		}
		agree(w.Globex, 75000)
		if e4, level := price(w.Globex); e4 != 75000 || level != pricing.Contract {
			t.Errorf("its own agreement comes first: %d, %v", e4, level)
		}
		if err := under(w.Globex, "", all); err != nil {
			t.Fatal(err)
		}
		if c := seen(w.Globex); !c.Parent.IsZero() || c.Inherits != (company.Inherits{}) {
			t.Errorf("%+v", c.Company)
		}
	})
}
