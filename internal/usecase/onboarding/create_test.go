package onboarding_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/payment"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// umbrella is a company as staff make it.
func umbrella() onboarding.FoundInput {
	return onboarding.FoundInput{
		Name: "Umbrella GmbH", TradeName: "Umbrella", VATID: "de 123 456 789", Registration: "HRB 77", Reseller: "R-7", External: "4711",
		Legal:    company.Legal{Street: "Rain Road 1", Postcode: "10115", City: "Berlin", Country: "DE"},
		Currency: "EUR", Zone: "Europe/Berlin", Language: "de", FiscalMonth: time.April, Email: "uma@umbrella.example", First: "Uma", Last: "Under",
		Address: &company.Address{Label: "Berlin", Name: "Umbrella", Street: "Rain Road 1", Postcode: "10115", City: "Berlin", Country: "DE", Delivers: true, Bills: true},
	}
}

func inviting(db *store.DB) *onboarding.Service {
	return onboarding.With(db, step.Inviting{Public: "https://kontor.example", Mails: true})
}

func TestStaffMakeACompany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s := cast.Acme(t, db), inviting(db)
		g, err := pricesetting.New(db).CreateGroup(ctx, w.Sam, pricing.GroupFields{Code: "key", Name: "Key accounts", Payments: []payment.Method{payment.Advance}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := granting.New(db).CreateTemplate(ctx, w.Sam, access.TemplateFields{Name: "Night shift", Permissions: access.SetOf(access.CatalogView), Starts: true}); err != nil {
			t.Fatal(err)
		}
		in := umbrella()
		in.Status, in.Group, in.Parent, in.Inherits = company.Pending, g.ID, "10001", company.Inherits{Terms: true}
		f, err := s.Create(ctx, w.Sam, in)
		if err != nil || f.Number != "C-000001" {
			t.Fatalf("%+v, %v", f, err)
		}
		c, err := s.GetCustomer(ctx, w.Sue, f.Company)
		want := company.Record{Number: "C-000001", Name: "Umbrella GmbH", TradeName: "Umbrella", VATID: "DE123456789", Registration: "HRB 77", Reseller: "R-7", External: "4711", Legal: in.Legal}
		if err != nil || c.Record() != want || c.Status != company.Pending || c.Group != g.ID || c.GroupName != "Key accounts" || c.FiscalMonth != time.April || c.Language != "de" ||
			len(c.Line) != 2 || c.Line[1].ID != w.Acme || !c.Inherits.Terms || !slices.Equal(c.Payments, g.Payments) || !c.Terms.Ordering || !c.Terms.OnAccount || !c.Terms.OwnRules {
			t.Errorf("%+v, %v", c, err)
		}
		if c.First.Name != "Uma Under" || c.First.Status != company.Invited || c.First.Invitation.IsZero() || c.First.Expires.Sub(c.First.Sent) != company.InvitationFor || c.People != 0 {
			t.Errorf("%+v", c.First)
		}
		told := events(t, db, f.Company)
		if want := []string{"company.founded", "role.assigned", "address.added", "company.group_assigned", "company.parent_set", "invitation.sent"}; !slices.Equal(told, want) {
			t.Errorf("told %v", told)
		}
		roles := 0
		err = db.Read(ctx, access.System(f.Company), func(tx *store.Tx, _ access.Actor) error {
			var all []access.Role
			tx.Access.WantEveryRole(&all, f.Company)
			err := tx.Fetch(ctx)
			roles = len(all)
			return err
		})
		if err != nil || roles != len(access.Shipped(access.Buyer))+1 {
			t.Errorf("%d roles, %v", roles, err)
		}
		again := umbrella()
		again.Email, again.External = "una@umbrella.example", ""
		if f, err := s.Create(ctx, w.Sam, again); err != nil || f.Number != "C-000002" {
			t.Errorf("the next number: %+v, %v", f, err)
		}
		by := umbrella()
		by.Number, by.External = "C-000003", "" // by hand
		if _, err := s.Create(ctx, w.Sam, by); err != nil {
			t.Error(err)
		}
		by.Number = ""
		if f, err := s.Create(ctx, w.Sam, by); err != nil || f.Number != "C-000004" {
			t.Errorf("a number that somebody has been given by hand is passed over: %+v, %v", f, err)
		}
	})
}

// events are what a company's audit tells, the oldest first.
func events(t *testing.T, db *store.DB, key id.Company) (all []string) {
	t.Helper()
	err := db.Read(t.Context(), access.System(key), func(tx *store.Tx, _ access.Actor) error {
		list, err := tx.Views.ListAudit(t.Context(), key, view.AuditFilter{}, page.Ask{})
		for _, r := range slices.Backward(list.Rows) {
			all = append(all, r.Event)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCompaniesThatStaffCannotMake(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s := cast.Acme(t, db), inviting(db)
		if err := s.EditRecord(ctx, w.Sam, onboarding.EditRecordInput{Company: w.Globex, Version: 1, Record: company.Record{Number: "10002", Name: "Globex", External: "ERP-1"}}); err != nil {
			t.Fatal(err)
		}
		before, err := s.ListCustomers(ctx, w.Sam, view.CustomerFilter{}, page.Ask{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			sentence string
			change   func(*onboarding.FoundInput)
			fields   []string
		}{
			{"a number that somebody has", func(in *onboarding.FoundInput) { in.Number = "10001" }, []string{"number"}},
			{"a number with blanks", func(in *onboarding.FoundInput) { in.Number = "1 2" }, []string{"number"}},
			{"no name", func(in *onboarding.FoundInput) { in.Name = "" }, []string{"name"}},
			{"a VAT ID that is none", func(in *onboarding.FoundInput) { in.VATID = "DE1" }, []string{"vat_id"}},
			{"half an address", func(in *onboarding.FoundInput) { in.Legal.Street = "" }, []string{"legal_street"}},
			{"no currency", func(in *onboarding.FoundInput) { in.Currency = "" }, []string{"currency"}},
			{"no such zone", func(in *onboarding.FoundInput) { in.Zone = "Mars/Olympus" }, []string{"zone"}},
			{"no such month", func(in *onboarding.FoundInput) { in.FiscalMonth = 13 }, []string{"fiscal_month"}},
			{"a status that does not begin", func(in *onboarding.FoundInput) { in.Status = company.Blocked }, []string{"status"}},
			{"no such group", func(in *onboarding.FoundInput) { in.Group = id.NewCustomerGroup(db.Times()) }, []string{"customer_group_id"}},
			{"no such parent", func(in *onboarding.FoundInput) { in.Parent = "999" }, []string{"parent"}},
			{"nobody to invite", func(in *onboarding.FoundInput) { in.Email, in.First, in.Last = "", "", "" }, []string{"email", "last_name"}},
			{"a title that is too long", func(in *onboarding.FoundInput) { in.Title = strings.Repeat("x", text.MostTitle+1) }, []string{"title"}},
			{"whatever is wrong, of the company and of its founder", func(in *onboarding.FoundInput) {
				in.Number, in.Parent, in.Name, in.Email, in.First, in.Last = "10001", "999", "", "uma", "", ""
			}, []string{"number", "parent", "name", "email", "last_name"}},
			{"several things at once", func(in *onboarding.FoundInput) { in.Name, in.VATID, in.Email = "", "1", "uma" }, []string{"name", "vat_id", "email"}},
		} {
			in := umbrella()
			c.change(&in)
			_, err := s.Create(ctx, w.Sam, in)
			var fields []string
			if f := fault.Of(err); f != nil {
				for _, x := range f.Fields {
					fields = append(fields, x.Name)
				}
			}
			if !slices.Equal(fields, c.fields) {
				t.Errorf("%s: %v", c.sentence, err)
			}
		}
		taken := umbrella()
		taken.External = "ERP-1"
		if _, err := s.Create(ctx, w.Sam, taken); !errors.Is(err, company.ErrExternalTaken) {
			t.Error("an external ID that somebody has:", err)
		}
		if after, err := s.ListCustomers(ctx, w.Sam, view.CustomerFilter{}, page.Ask{}); err != nil || len(after.Rows) != len(before.Rows) {
			t.Errorf("something was left behind: %d companies, %v", len(after.Rows), err)
		}
		for who, c := range map[string]struct {
			actor access.Actor
			want  error
		}{"support": {w.Sue, access.ErrForbidden}, "a customer": {w.Dan, access.ErrUnseen}} {
			for act, err := range map[string]error{
				"makes a company":      second(s.Create(ctx, c.actor, umbrella())),
				"edits its record":     s.EditRecord(ctx, c.actor, onboarding.EditRecordInput{Company: w.Acme, Version: 1}),
				"sets its terms":       s.SetTerms(ctx, c.actor, onboarding.SetTermsInput{Company: w.Acme, Version: 1}),
				"sets who looks after": s.SetManagers(ctx, c.actor, onboarding.SetManagersInput{Company: w.Acme, Version: 1}),
				"lists the staff":      second(s.ListStaff(ctx, c.actor, w.Acme)),
				"invites its first":    s.InviteFounder(ctx, c.actor, w.Acme),
			} {
				if !errors.Is(err, c.want) {
					t.Errorf("%s %s: %v", who, act, err)
				}
			}
		}
	})
}

func TestTheFirstAdministratorIsInvitedOnceMore(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s := cast.Acme(t, db), inviting(db)
		f, err := s.Create(ctx, w.Sam, umbrella())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.InviteFounder(ctx, w.Sam, f.Company); !errors.Is(err, company.ErrSentJustNow) {
			t.Error("at once:", err)
		}
		db.Engine().SetClock(func() time.Time { return time.Now().Add(2 * time.Minute) })
		if err := s.InviteFounder(ctx, w.Sam, f.Company); err != nil {
			t.Error(err)
		}
		if err := s.InviteFounder(ctx, w.Sam, w.Acme); !errors.Is(err, company.ErrNotInvited) {
			t.Error("who is there is not invited:", err)
		}
		if told := events(t, db, f.Company); told[len(told)-1] != "invitation.resent" {
			t.Errorf("told %v", told)
		}
	})
}

func TestTheSellersRecordOfACompany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s := cast.Acme(t, db), onboarding.New(db)
		seen := func() view.Customer {
			c, err := s.GetCustomer(ctx, w.Sam, w.Acme)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		r := company.Record{Number: "A-1", Name: "Acme Works GmbH", TradeName: "Acme", VATID: "DE123456789", External: "4711"}
		edit := func(version int64, r company.Record) error {
			return s.EditRecord(ctx, w.Sam, onboarding.EditRecordInput{Company: w.Acme, Version: version, Record: r})
		}
		if err := edit(seen().Version, r); err != nil || seen().Record() != r {
			t.Errorf("%+v, %v", seen().Record(), err)
		}
		taken, theirs := r, company.Record{Number: "10002", Name: "Globex", External: "4712"}
		taken.Number = "10002"
		if err := edit(seen().Version, taken); !errors.Is(err, fault.ErrInput) {
			t.Error("a number that Globex has:", err)
		}
		if err := edit(1, r); !errors.Is(err, company.ErrStale) {
			t.Error("who has seen another version:", err)
		}
		if err := s.EditRecord(ctx, w.Sam, onboarding.EditRecordInput{Company: w.Globex, Version: 1, Record: theirs}); err != nil {
			t.Fatal(err)
		}
		taken.Number, taken.External = "A-1", "4712"
		if err := edit(seen().Version, taken); !errors.Is(err, company.ErrExternalTaken) {
			t.Error("an external ID that Globex has:", err)
		}
		if list, err := s.ListCustomers(ctx, w.Sam, view.CustomerFilter{Text: "de1234"}, page.Ask{}); err != nil || len(list.Rows) != 1 || list.Rows[0].ID != w.Acme {
			t.Errorf("found by its VAT ID: %+v, %v", list.Rows, err)
		}
		// A number is given by the seller, and by nobody else: what its members say leaves it as it is.
		people := organising.New(db)
		c, err := people.Profile(ctx, w.Dan)
		if err != nil {
			t.Fatal(err)
		}
		p := c.Profile()
		p.TradeName, p.VATID = "ACME!", "DE999999999"
		if _, err := people.EditProfile(ctx, w.Dan, organising.EditProfileInput{Version: c.Version, Profile: p}); err != nil {
			t.Fatal(err)
		}
		r.TradeName, r.VATID = "ACME!", "DE999999999"
		if got := seen().Record(); got != r {
			t.Errorf("%+v", got)
		}
	})
}

func TestWhoLooksAfterACompany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s, people := cast.Acme(t, db), onboarding.New(db), organising.New(db)
		version := func() int64 {
			c, err := s.GetCustomer(ctx, w.Sam, w.Acme)
			if err != nil {
				t.Fatal(err)
			}
			return c.Version
		}
		set := func(lead id.Member, staff ...id.Member) error {
			return s.SetManagers(ctx, w.Sam, onboarding.SetManagersInput{Company: w.Acme, Version: version(), Staff: staff, Lead: lead})
		}
		var none id.Member
		for _, c := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"a customer's member does not", set(none, w.Ann.Member), fault.ErrInput},
			{"the first is one of them", set(w.Sam.Member, w.Sue.Member), fault.ErrInput},
			{"who has seen another version", s.SetManagers(ctx, w.Sam, onboarding.SetManagersInput{Company: w.Acme, Version: 99}), company.ErrStale},
			{"nobody looks after the seller", s.SetManagers(ctx, w.Sam, onboarding.SetManagersInput{Company: w.Seller, Version: 1}), company.ErrSeller},
			{"two of the staff do", set(w.Sue.Member, w.Sam.Member, w.Sue.Member), nil},
		} {
			if !errors.Is(c.err, c.want) {
				t.Errorf("%s: %v", c.sentence, c.err)
			}
		}
		st, err := people.Line(ctx, w.Ann)
		if err != nil || len(st.Managers) != 2 || st.Managers[0].Name != "Sue Summers" || !st.Managers[0].Leads || st.Managers[1].Name != "Sam Seller" || st.Managers[1].Leads {
			t.Errorf("Ann turns to %+v, %v", st.Managers, err)
		}
		mine := func(a access.Actor) (n int) {
			list, err := s.ListCustomers(ctx, a, view.CustomerFilter{Manager: a.Account}, page.Ask{})
			if err != nil {
				t.Fatal(err)
			}
			return len(list.Rows)
		}
		if mine(w.Sue) != 1 {
			t.Errorf("%d companies are Sue's", mine(w.Sue))
		}
		// Who leaves the staff looks after nobody, also when they come back.
		sue, err := people.Member(ctx, w.Sam, w.Sue.Member)
		if err != nil {
			t.Fatal(err)
		}
		if err := people.Leave(ctx, w.Sam, organising.LeaveInput{ID: w.Sue.Member, Version: sue.Version}); err != nil {
			t.Fatal(err)
		}
		if _, err := people.ReactivateMember(ctx, w.Sam, organising.ReactivateMemberInput{ID: w.Sue.Member, Version: sue.Version + 1}); err != nil {
			t.Fatal(err)
		}
		if st, err := people.Line(ctx, w.Ann); err != nil || len(st.Managers) != 1 || st.Managers[0].Name != "Sam Seller" {
			t.Errorf("Ann turns to %+v, %v", st.Managers, err)
		}
		if err := set(none, w.Sam.Member); err != nil {
			t.Fatal(err)
		}
		if st, err := people.Line(ctx, w.Ann); err != nil || len(st.Managers) != 1 || !st.Managers[0].Leads {
			t.Errorf("the only one is the first: %+v, %v", st.Managers, err)
		}
	})
}

func TestACompanyIsTurnedAwayAndSubmittedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, s, people := cast.Acme(t, db), inviting(db), organising.New(db)
		setStatus(t, db, w.Acme, company.Pending)
		version := func() int64 {
			c, err := s.GetCustomer(ctx, w.Sam, w.Acme)
			if err != nil {
				t.Fatal(err)
			}
			return c.Version
		}
		to := func(status company.Status, reason string) error {
			return s.ChangeStatus(ctx, w.Sam, onboarding.ChangeStatusInput{Company: w.Acme, Version: version(), To: status, Reason: reason})
		}
		if err := people.Resubmit(ctx, w.Dan, version()); !errors.Is(err, access.ErrPending) {
			t.Error("what waits is submitted again:", err)
		}
		if err := to(company.Rejected, ""); !errors.Is(err, fault.ErrInput) {
			t.Error("turned away without a reason:", err)
		}
		if err := to(company.Rejected, "the VAT ID is not yours"); err != nil {
			t.Fatal(err)
		}
		c, err := people.Line(ctx, w.Dan)
		if err != nil || c.Reason != "the VAT ID is not yours" || c.Since.IsZero() {
			t.Errorf("%+v, %v", c.Company, err)
		}
		p := c.Profile()
		p.VATID = "DE123456789"
		edited, err := people.EditProfile(ctx, w.Dan, organising.EditProfileInput{Version: c.Version, Profile: p})
		if err != nil {
			t.Fatal(err)
		}
		if err := people.Resubmit(ctx, w.Ann, edited.Version); !errors.Is(err, access.ErrForbidden) {
			t.Error("Ann submits it:", err)
		}
		if err := people.Resubmit(ctx, w.Dan, edited.Version-1); !errors.Is(err, company.ErrStale) {
			t.Error("who has seen another version submits it:", err)
		}
		if err := people.Resubmit(ctx, w.Dan, edited.Version); err != nil {
			t.Fatal(err)
		}
		if got, err := s.GetCustomer(ctx, w.Sam, w.Acme); err != nil || got.Status != company.Pending || got.Reason != "" || got.VATID != "DE123456789" {
			t.Errorf("%+v, %v", got.Company, err)
		}
		if err := to(company.Active, "checked"); err != nil {
			t.Fatal(err)
		}
		if ann, err := w.Again(ctx, w.Ann); err != nil || !ann.MaySomewhere(access.CheckoutPlace) {
			t.Error("Ann of an admitted company does not order:", err)
		}
	})
}

// setStatus brings a company to a status, by whatever way.
func setStatus(t *testing.T, db *store.DB, key id.Company, s company.Status) {
	t.Helper()
	err := db.Write(context.Background(), access.System(key), func(tx *store.Tx, _ access.Actor) error {
		tx.Companies.SetStatus(key, s, "as it is")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhereACompanyIsRegistered(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		w, people := cast.Acme(t, db), organising.New(db)
		legal := company.Legal{Street: "Hammer Lane 1", Postcode: "10115", City: "Berlin", Country: "DE"}
		if err := people.SetLegalAddress(ctx, w.Ann, 1, legal); !errors.Is(err, access.ErrForbidden) {
			t.Error("Ann sets it:", err)
		}
		if err := people.SetLegalAddress(ctx, w.Dan, 1, company.Legal{Street: "Hammer Lane 1"}); !errors.Is(err, fault.ErrInput) {
			t.Error("half an address:", err)
		}
		if err := people.SetLegalAddress(ctx, w.Dan, 1, legal); err != nil {
			t.Fatal(err)
		}
		if got, _, err := people.LegalAddress(ctx, w.Ann); err != nil || got != legal {
			t.Errorf("Ann sees %+v, %v", got, err)
		}
		blind := w.Ann.Holding([]access.Grant{{Place: tree.Top, Set: access.SetOf(access.CompanyView)}})
		if _, _, err := people.LegalAddress(ctx, blind); !errors.Is(err, access.ErrForbidden) {
			t.Error("who sees the profile alone sees it:", err)
		}
		if st, err := people.Line(ctx, w.Dan); err != nil || !st.Company.Legal.IsZero() {
			t.Errorf("the profile has it: %+v, %v", st.Company.Legal, err)
		}
		if c, err := people.Profile(ctx, w.Dan); err != nil || !c.Legal.IsZero() {
			t.Errorf("the profile has it: %+v, %v", c.Legal, err)
		}
	})
}
