package onboarding_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

var system = access.System(id.Company{})

func initech() onboarding.FoundInput {
	return onboarding.FoundInput{
		Number: "I-1", Name: "Initech", Code: "initech", Currency: "USD", Zone: "America/Chicago", FiscalMonth: time.July,
		Email: "peter@initech.example", First: "Peter", Last: "Planner", Title: "Owner",
		Address: &company.Address{Label: "Office", Name: "Initech", Street: "Main Street 1", Postcode: "60601", City: "Chicago", Region: "IL", Country: "US", Delivers: true, Bills: true},
	}
}

func TestACompanyIsFounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		f, err := onboarding.New(db).Found(ctx, system, initech())
		if err != nil {
			t.Fatal(err)
		}
		peter, err := (&cast.World{DB: db}).Actor(ctx, f.Company, f.Administrator)
		if err != nil {
			t.Fatal(err)
		}
		people := organising.New(db)
		c, err := people.Profile(ctx, peter)
		if err != nil || c.Status != company.Active || c.Number != "I-1" || c.Name != "Initech" || c.Currency != "USD" || c.Zone != "America/Chicago" || c.Language != "en" ||
			c.FiscalMonth != time.July || c.ExpiryDays != 14 || c.PONumber != company.Optional {
			t.Errorf("%+v, %v", c, err)
		}
		nodes, err := people.Structure(ctx, peter)
		if err != nil || len(nodes) != 2 || nodes[0].Member != f.Administrator || nodes[0].Depth != 0 || nodes[1].Unit != f.Unit || nodes[1].AboveMember != f.Administrator || nodes[1].Code != "initech" {
			t.Errorf("the administrator stands at the top, the company's own unit below: %+v, %v", nodes, err)
		}
		if !peter.May(access.RolesManage, tree.Top) || peter.May(access.PurchaseOrdersOverride, tree.Top) {
			t.Error("the first member is no administrator, or more")
		}
		if len(f.Roles) != len(access.Shipped(access.Buyer)) {
			t.Errorf("%d roles", len(f.Roles))
		}
		book, err := people.Addresses(ctx, peter)
		if err != nil || len(book) != 1 || !book[0].Usual || book[0].City != "Chicago" {
			t.Errorf("%+v, %v", book, err)
		}
		var events []string
		err = db.Read(ctx, peter, func(tx *store.Tx, _ access.Actor) error {
			list, err := tx.Views.ListAudit(ctx, f.Company, view.AuditFilter{}, page.Ask{})
			for _, r := range slices.Backward(list.Rows) {
				events = append(events, r.Event)
			}
			return err
		})
		if err != nil || !slices.Equal(events, []string{"company.founded", "role.assigned", "address.added"}) {
			t.Errorf("%v, %v", events, err)
		}

		again, err := onboarding.New(db).Found(ctx, system, initech())
		if err != nil || !again.Again || again.Company != f.Company || again.Administrator != f.Administrator || again.Unit != f.Unit || again.Roles["buyer"] != f.Roles["buyer"] || len(again.Roles) != len(f.Roles) {
			t.Errorf("founded twice: %+v, %v", again, err)
		}
	})
}

func TestOneCompanyIsFoundedByMany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var wg sync.WaitGroup
		keys := make([]id.Company, 6)
		for i := range keys {
			wg.Go(func() {
				f, err := onboarding.New(db).Found(t.Context(), system, initech())
				keys[i] = f.Company
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(slices.Compact(keys)) != 1 {
			t.Errorf("%v", keys)
		}
	})
}

func TestOnePersonAdministersTwoCompanies(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := cast.Acme(t, db)
		in := initech()
		in.Email, in.First, in.Last = "DAN@acme.example", "Daniel", "D."
		f, err := onboarding.New(db).Found(t.Context(), system, in)
		if err != nil {
			t.Fatal(err)
		}
		dan, err := w.Actor(t.Context(), f.Company, f.Administrator)
		if err != nil || dan.Account != w.Dan.Account || dan.Name != "Daniel D." {
			t.Errorf("%+v, %v", dan, err)
		}
	})
}

func TestCompaniesThatCannotBe(t *testing.T) {
	db := storetest.Lite(t)
	for _, c := range []struct {
		sentence string
		change   func(*onboarding.FoundInput)
		field    string
	}{
		{"a number is needed", func(in *onboarding.FoundInput) { in.Number = "" }, "number"},
		{"a name is needed", func(in *onboarding.FoundInput) { in.Name = "" }, "name"},
		{"a currency is one", func(in *onboarding.FoundInput) { in.Currency = "XXXX" }, "currency"},
		{"a zone is one", func(in *onboarding.FoundInput) { in.Zone = "Mars/Olympus" }, "zone"},
		{"a unit's code has no blanks", func(in *onboarding.FoundInput) { in.Code = "a b" }, "unit.code"},
		{"an address is one", func(in *onboarding.FoundInput) { in.Address.Country = "" }, "address.country"},
		{"an administrator can be written to", func(in *onboarding.FoundInput) { in.Email = "peter" }, "email"},
		{"and has a name", func(in *onboarding.FoundInput) { in.First, in.Last = "", "" }, "last_name"},
	} {
		in := initech()
		c.change(&in)
		_, err := onboarding.New(db).Found(t.Context(), system, in)
		var f *fault.Fault
		if !errors.As(err, &f) || len(f.Fields) == 0 || f.Fields[0].Name != c.field {
			t.Errorf("%s: %v", c.sentence, err)
		}
	}
	w := cast.Acme(t, db)
	if _, err := onboarding.New(db).Found(t.Context(), w.Dan, initech()); !errors.Is(err, access.ErrUnseen) {
		t.Error("Dan founds companies:", err)
	}
	if _, err := onboarding.New(db).Found(t.Context(), access.Anonymous(), initech()); fault.KindOf(err) != fault.Unauthenticated {
		t.Error("nobody founds companies:", err)
	}
}

func TestACompanyIsBlockedAndClosed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w, ctx, s := cast.Acme(t, db), t.Context(), onboarding.New(db)
		to := func(by access.Actor, version int64, status company.Status) error {
			return s.ChangeStatus(ctx, by, onboarding.ChangeStatusInput{Company: w.Acme, Version: version, To: status, Reason: "unpaid"})
		}
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"Dan does not block Acme", to(w.Dan, 1, company.Blocked), access.ErrUnseen},
			{"nor does Eve", to(w.Eve, 1, company.Blocked), access.ErrUnseen},
			{"nobody whose copy is old", to(system, 2, company.Blocked), company.ErrStale},
			{"it is not admitted twice", to(system, 1, company.Active), company.ErrStatus},
			{"a company that is not there", s.ChangeStatus(ctx, system, onboarding.ChangeStatusInput{Company: id.NewCompany(time.Now()), Version: 1, To: company.Closed}), company.ErrUnseen},
			{"the seller blocks it", to(system, 1, company.Blocked), nil},
			{"and unblocks it", to(system, 2, company.Active), nil},
			{"and closes it", to(system, 3, company.Closed), nil},
			{"for good", to(system, 4, company.Active), company.ErrStatus},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v", c.sentence, c.err)
			}
		}
		if ann, err := w.Again(ctx, w.Ann); err != nil || ann.MaySomewhere(access.OrdersView) {
			t.Errorf("in a company that is closed Ann holds %+v, %v", ann.Grants(), err)
		}
		err := db.Read(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			for _, a := range []access.Actor{w.Ann, w.Bob, w.Cleo, w.Dan} {
				m, err := tx.Companies.GetMember(ctx, w.Acme, a.Member)
				if err != nil || m.Status != company.Inactive {
					t.Errorf("%s is %s, %v", a.Name, m.Status, err)
				}
			}
			m, err := tx.Companies.GetMember(ctx, w.Globex, w.Eve.Member)
			if err == nil && m.Status != company.Working {
				t.Errorf("Eve of another company is %s", m.Status)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		var told page.List[audit.Entry]
		err = db.Read(ctx, access.System(w.Acme), func(tx *store.Tx, _ access.Actor) (err error) {
			told, err = tx.Views.ListAudit(ctx, w.Acme, view.AuditFilter{Event: "company.status_changed"}, page.Ask{})
			return err
		})
		if err != nil || len(told.Rows) != 3 {
			t.Errorf("%+v, %v", told, err)
		}
	})
}
