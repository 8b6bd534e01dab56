package notifying_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/step"
)

// shop is what the seller does with companies.
type shop struct {
	*world
	onboarding *onboarding.Service
	people     *organising.Service
	budgeting  *budgeting.Service
}

func newShop(t testing.TB, db *store.DB) shop {
	t.Helper()
	w := newWorld(t, db)
	return shop{w, onboarding.With(db, step.Inviting{Public: "https://buy.example.com", Mails: true}), organising.New(db), budgeting.New(db)}
}

// become brings a company to a status, and does what follows.
func (s shop) become(key id.Company, to company.Status, reason string) {
	s.t.Helper()
	c, err := s.onboarding.GetCustomer(ctx, s.Sam, key)
	if err == nil {
		err = s.onboarding.ChangeStatus(ctx, s.Sam, onboarding.ChangeStatusInput{Company: key, Version: c.Version, To: to, Reason: reason})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.relay()
}

// resubmit is what the administrators of a company do that was turned away.
func (s shop) resubmit(who access.Actor) {
	s.t.Helper()
	c, err := s.people.Profile(ctx, who)
	if err == nil {
		err = s.people.Resubmit(ctx, who, c.Version)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.relay()
}

// applicant is a company that waits, with the one who was invited to administer it, who speaks German.
func (s shop) applicant() onboarding.Founded {
	s.t.Helper()
	f, err := s.onboarding.Create(ctx, s.Sam, onboarding.FoundInput{Name: "Umbrella", Currency: "EUR", Language: locale.German, Status: company.Pending,
		Email: "uma@umbrella.example", First: "Uma", Last: "Under"})
	if err != nil {
		s.t.Fatal(err)
	}
	s.relay()
	s.post() // the invitation
	return f
}

// accepted lets the invited administrator be one.
func (s shop) accepted(f onboarding.Founded) access.Actor {
	s.t.Helper()
	err := s.DB.Write(ctx, access.System(f.Company), func(tx *store.Tx, _ access.Actor) error {
		m, err := tx.Companies.GetMember(ctx, f.Company, f.Administrator)
		if err != nil {
			return err
		}
		m.Status = company.Working
		tx.Companies.UpdateMember(f.Company, m)
		tx.Companies.SetRightsChanged(f.Company)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	a, err := s.Actor(ctx, f.Company, f.Administrator)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// again is the actor as they are now.
func (s shop) again(a access.Actor) access.Actor {
	s.t.Helper()
	a, err := s.Again(ctx, a)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func recipients(all []letter) (to []string) {
	for _, l := range all {
		to = append(to, l.to)
	}
	slices.Sort(to)
	return to
}

// Whoever administers a company reads in the inbox and by mail what the seller has made of it, whatever else they may still do; nobody
// else of it does, and nobody of another company.
func TestAdministratorsHearWhatBecomesOfTheirCompany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShop(t, db)
		uma := s.accepted(s.applicant())
		for _, c := range []struct {
			to    company.Status
			title string
			link  string
			words string
		}{
			{company.Rejected, "Umbrella ist nicht zugelassen", "/company", "erneut einreichen"},
			{company.Pending, "", "", ""},
			{company.Active, "Umbrella ist zugelassen: willkommen", "/", "Anmelden"},
			{company.Blocked, "Umbrella ist gesperrt", "/company", "bis der Verkäufer Ihr Unternehmen entsperrt"},
			{company.Active, "Umbrella ist nicht mehr gesperrt", "/", "Alle können wieder tun"},
		} {
			if c.to == company.Pending {
				s.resubmit(s.again(uma))
				s.post()
				continue
			}
			s.become(uma.Company, c.to, "papers of 2019")
			got := s.inbox(s.again(uma))
			if len(got) == 0 || got[0].Title.In(locale.German) != c.title || got[0].Link != c.link || !strings.Contains(got[0].Body.In(locale.German), "papers of 2019") {
				t.Fatalf("%s: Uma reads %+v", c.to, got)
			}
			mails := s.post()
			if len(mails) != 1 || mails[0].to != "uma@umbrella.example" || mails[0].subject != c.title || !strings.Contains(mails[0].text, "papers of 2019") ||
				!strings.Contains(mails[0].text, c.words) || !strings.Contains(mails[0].text, "https://buy.example.com"+c.link) {
				t.Errorf("%s: mails %+v", c.to, mails)
			}
			if n, err := s.notifying.CountUnread(ctx, s.again(uma)); err != nil || n == 0 {
				t.Errorf("%s: %d unread, %v", c.to, n, err)
			}
			if err := s.notifying.MarkAllRead(ctx, s.again(uma)); err != nil {
				t.Errorf("%s: it cannot be marked as read: %v", c.to, err)
			}
		}
		s.become(s.Acme, company.Blocked, "unpaid")
		if got := s.inbox(s.again(s.Dan)); len(got) != 1 {
			t.Errorf("Dan, who administers Acme, reads %q", titles(got))
		}
		for name, who := range map[string]access.Actor{"Ann": s.Ann, "Bob": s.Bob, "Eve": s.Eve, "Uma": uma} {
			for _, n := range s.inbox(s.again(who)) {
				if strings.Contains(n.Title.In(locale.English), "Acme") {
					t.Errorf("%s reads %q", name, n.Title.In(locale.English))
				}
			}
		}
		if mails := s.post(); !slices.Equal(recipients(mails), []string{"dan@acme.example"}) {
			t.Errorf("mails to %v", recipients(mails))
		}
	})
}

// Of the end of a company its administrators hear by mail, for they open no inbox any more; and of nothing else after it.
func TestTheEndOfACompanyIsMailed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShop(t, db)
		f, waits := s.applicant(), s.submit(2)
		s.relay()                                                                // Bob is written to, and it has not left yet
		err := s.DB.Write(ctx, s.Dan, func(tx *store.Tx, _ access.Actor) error { // he wants no mail of it
			w, err := notice.Wishes{}.Choose(notice.CompanyBlocked, notice.Email, false)
			tx.Notices.SetWishes(s.Acme, s.Dan.Member, w)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s.become(s.Acme, company.Blocked, "unpaid")
		s.become(s.Acme, company.Closed, "insolvent")
		s.become(f.Company, company.Closed, "a mistake")
		mails := s.post()
		if !slices.Equal(recipients(mails), []string{"dan@acme.example", "uma@umbrella.example"}) {
			t.Fatalf("mails to %v", recipients(mails))
		}
		for _, m := range mails {
			if m.to == "dan@acme.example" && (m.subject != "Acme Works is closed" || !strings.Contains(m.text, "insolvent") || strings.Contains(m.text, "https://")) {
				t.Errorf("Dan gets %q, %s", m.subject, m.text)
			}
			if m.to == "uma@umbrella.example" && (m.subject != "Umbrella ist geschlossen" || !strings.Contains(m.text, "Link Ihrer Einladung")) {
				t.Errorf("Uma gets %q, %s", m.subject, m.text)
			}
		}
		s.jump(30 * 24 * time.Hour) // what waited expires
		if n, err := s.approving.ExpireDue(ctx, access.System(s.Acme)); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		s.relay()
		if mails := s.post(); len(mails) > 0 {
			t.Errorf("of %s, after the end, %v hear", waits.ID, recipients(mails))
		}
	})
}

// Who was invited to administer a company, and has not accepted, gets the same by mail, in the language of the company.
func TestWhoIsInvitedHearsWhatBecomesOfTheCompany(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShop(t, db)
		f := s.applicant()
		for _, c := range []struct {
			to    company.Status
			words string
		}{
			{company.Active, "nehmen Sie die Einladung an"},
			{company.Blocked, "Ihre Einladung lässt sich nicht annehmen"},
			{company.Active, "Sie können die Einladung annehmen"},
		} {
			s.become(f.Company, c.to, "so")
			if mails := s.post(); len(mails) != 1 || mails[0].to != "uma@umbrella.example" || !strings.Contains(mails[0].text, c.words) {
				t.Errorf("%s: %+v", c.to, mails)
			}
		}
		uma := s.accepted(f)
		if got := s.inbox(uma); len(got) > 0 {
			t.Errorf("there was no inbox to put it into: %q", titles(got))
		}
	})
}

// Of a company that is submitted again those of the staff hear who look after it; where nobody does, who runs the seller's organisation.
func TestWhoLooksAfterACompanyHearsThatItIsSubmittedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newShop(t, db)
		f := s.applicant()
		uma := s.accepted(f)
		again := func() {
			t.Helper()
			s.become(f.Company, company.Rejected, "papers")
			s.resubmit(s.again(uma))
		}
		owner := func() (n int) {
			for _, x := range s.inbox(s.Sam) {
				if x.Event == notice.Resubmitted {
					n++
				}
			}
			return n
		}
		again()
		if owner() != 1 || len(s.inbox(s.Sue)) > 0 {
			t.Errorf("nobody looks after it, and Sam reads %q, Sue %q", titles(s.inbox(s.Sam)), titles(s.inbox(s.Sue)))
		}
		c, err := s.onboarding.GetCustomer(ctx, s.Sam, f.Company)
		if err == nil {
			err = s.onboarding.SetManagers(ctx, s.Sam, onboarding.SetManagersInput{Company: f.Company, Version: c.Version, Staff: []id.Member{s.Sue.Member}})
		}
		if err != nil {
			t.Fatal(err)
		}
		s.post()
		again()
		got := s.inbox(s.Sue)
		if len(got) != 1 || got[0].Link != "/companies/"+f.Company.String() || got[0].Title.In(locale.English) != "Umbrella is submitted again" ||
			got[0].Body.In(locale.English) != "Uma Under has amended what the company says of itself. It waits for your decision." {
			t.Errorf("Sue, who looks after it, reads %+v", got)
		}
		if owner() != 1 {
			t.Errorf("Sam, who does not, reads %q", titles(s.inbox(s.Sam)))
		}
		if mails := s.post(); !slices.Equal(recipients(mails), []string{"sue@seller.example", "uma@umbrella.example"}) {
			t.Errorf("mails to %v", recipients(mails))
		}
	})
}

// corporate is Globex below Acme, with Ann and Bob of Acme acting in it, as whom it knows them.
func (s shop) corporate() (ann, bob company.Member) {
	s.t.Helper()
	c, err := s.onboarding.GetCustomer(ctx, s.Sam, s.Globex)
	if err == nil {
		err = s.onboarding.SetParent(ctx, s.Sam, onboarding.SetParentInput{Company: s.Globex, Version: c.Version, Parent: "10001"})
	}
	for _, l := range []struct {
		who access.Actor
		to  *company.Member
	}{{s.Ann, &ann}, {s.Bob, &bob}} {
		if err == nil {
			*l.to, err = s.people.Borrow(ctx, s.Eve, organising.BorrowInput{Lent: l.who.Member, Role: s.GlobexRoles["buyer"]})
		}
	}
	if err != nil {
		s.t.Fatal(err)
	}
	s.relay()
	s.post()
	return ann, bob
}

// Where somebody whom a company above lends acts no more, the administrators of the company hear of it: once, of all of them, with what
// they leave open. Whoever is still there hears that they were given back.
func TestAdministratorsHearWhoActsThereNoMore(t *testing.T) {
	for name, tt := range map[string]struct {
		end   func(s shop, ann company.Member) error
		title string
		link  func(ann company.Member) string
		given []string // what Bob reads at home
	}{
		"who has lent them is closed": {func(s shop, _ company.Member) error { s.become(s.Acme, company.Closed, "so"); return nil },
			"On hold from now on: Ann Archer, Bob Boss", func(company.Member) string { return "/members?status=on_hold" }, nil},
		"one leaves at home": {func(s shop, _ company.Member) error {
			m, err := s.people.Member(ctx, s.Dan, s.Ann.Member)
			if err == nil {
				err = s.people.Leave(ctx, s.Dan, organising.LeaveInput{ID: m.ID, Version: m.Version})
			}
			return err
		}, "On hold from now on: Ann Archer", func(ann company.Member) string { return "/members/" + ann.ID.String() + "/leave" }, nil},
		"the company belongs to it no more": {func(s shop, _ company.Member) error {
			c, err := s.onboarding.GetCustomer(ctx, s.Sam, s.Globex)
			if err == nil {
				err = s.onboarding.SetParent(ctx, s.Sam, onboarding.SetParentInput{Company: s.Globex, Version: c.Version})
			}
			return err
		}, "On hold from now on: Ann Archer, Bob Boss", func(company.Member) string { return "/members?status=on_hold" }, []string{"You no longer act for Globex"}},
		"the company itself is closed": {func(s shop, _ company.Member) error { s.become(s.Globex, company.Closed, "so"); return nil },
			"", nil, []string{"You no longer act for Globex"}},
		"it is blocked, which ends nothing": {func(s shop, _ company.Member) error { s.become(s.Acme, company.Blocked, "so"); return nil }, "", nil, nil},
		"somebody else leaves": {func(s shop, _ company.Member) error {
			m, err := s.people.Member(ctx, s.Dan, s.Cleo.Member)
			if err == nil {
				err = s.people.Leave(ctx, s.Dan, organising.LeaveInput{ID: m.ID, Version: m.Version})
			}
			return err
		}, "", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				s := newShop(t, db)
				ann, _ := s.corporate()
				s.leavesOpen(ann)
				if err := tt.end(s, ann); err != nil {
					t.Fatal(err)
				}
				s.relay()
				var held []notice.Notice
				if tt.given == nil || tt.title != "" {
					for _, n := range s.inbox(s.again(s.Eve)) {
						if n.Event == notice.LendingEnded {
							held = append(held, n)
						}
					}
				}
				mails := slices.DeleteFunc(s.post(), func(l letter) bool { return !strings.HasPrefix(l.subject, "On hold") })
				switch {
				case tt.title == "" && len(held)+len(mails) > 0:
					t.Errorf("Eve reads %q, and mails to %v", titles(held), recipients(mails))
				case tt.title != "" && (len(held) != 1 || titles(held)[0] != tt.title || held[0].Link != tt.link(ann)):
					t.Errorf("Eve reads %+v", held)
				case tt.title != "" && (!slices.Equal(recipients(mails), []string{"eve@globex.example"}) || !strings.Contains(mails[0].text, "Cost centres: Robots") ||
					!strings.Contains(mails[0].text, "Budgets: Ann's tools") || !strings.Contains(mails[0].text, "https://buy.example.com"+tt.link(ann))):
					t.Errorf("mails %+v", mails)
				}
				if name == "who has lent them is closed" {
					return // nobody of Acme reads anything any more
				}
				var given []string
				for _, n := range s.inbox(s.again(s.Bob)) {
					if n.Event == notice.GivenBack {
						given = append(given, n.Title.In(locale.English))
					}
				}
				if !slices.Equal(given, tt.given) {
					t.Errorf("Bob, at home, reads %q", given)
				}
			})
		})
	}
}

// leavesOpen gives somebody in Globex a cost centre to manage and a budget of their own.
func (s shop) leavesOpen(m company.Member) {
	s.t.Helper()
	err := s.DB.Write(ctx, access.System(s.Globex), func(tx *store.Tx, _ access.Actor) error {
		tx.Budgets.InsertCostCentre(budget.CostCentre{ID: id.NewCostCentre(tx.Now), Company: s.Globex, Code: "R2", Name: "Robots", Manager: m.ID})
		return nil
	})
	if err == nil {
		_, err = s.budgeting.Create(ctx, s.again(s.Eve), budgeting.CreateInput{Name: "Ann's tools", Owner: budget.Owner{Member: m.ID}, Limit: money.Of(500_00, "EUR"),
			Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone})
	}
	if err != nil {
		s.t.Fatal(err)
	}
}
