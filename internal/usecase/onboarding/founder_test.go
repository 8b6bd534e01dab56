package onboarding_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/store/noticedb"
	"kontor/internal/storetest"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/signing"
	"kontor/internal/view"
)

// office is the seller's staff, and a company whose administrator was invited under a wrong address.
type office struct {
	*testing.T
	w     *cast.World
	s     *onboarding.Service
	join  *signing.Service
	found onboarding.Founded
}

func eachOffice(t *testing.T, test func(o office)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		o := office{T: t, w: cast.Acme(t, db), s: inviting(db), join: signing.New(db, signing.Options{})}
		var err error
		if o.found, err = o.s.Create(t.Context(), o.w.Sam, umbrella()); err != nil {
			t.Fatal(err)
		}
		test(o)
	})
}

func (o office) seen() view.Customer {
	o.Helper()
	c, err := o.s.GetCustomer(o.Context(), o.w.Sam, o.found.Company)
	if err != nil {
		o.Fatal(err)
	}
	return c
}

func (o office) correct(first, last, email string) error {
	o.Helper()
	return o.s.CorrectFounder(o.Context(), o.w.Sam, onboarding.CorrectFounderInput{Company: o.found.Company, Version: o.seen().Version, First: first, Last: last, Email: email})
}

// mail is the only one that waits, and the link that it has.
func (o office) mail() (to, link string) {
	o.Helper()
	var due []noticedb.Mail
	err := o.w.DB.Write(o.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) (err error) {
		due, err = tx.Notices.ListDue(o.Context(), 10)
		return err
	})
	if err != nil || len(due) != 1 {
		o.Fatalf("%d mails wait, %v", len(due), err)
	}
	_, link, _ = strings.Cut(regexp.MustCompile(`invitation=\S+`).FindString(due[0].Text), "=")
	return due[0].Recipient, link
}

func (o office) follow(link string) error {
	_, err := o.join.Invitation(o.Context(), access.Anonymous(), link)
	return err
}

func (o office) accounts(email string) (n int) {
	o.Helper()
	key, err := identity.EmailKey(email)
	if err != nil {
		o.Fatal(err)
	}
	err = o.w.DB.Read(o.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
		all, err := tx.Accounts.ListByEmail(o.Context(), []string{key})
		n = len(all)
		return err
	})
	if err != nil {
		o.Fatal(err)
	}
	return n
}

// As long as nobody has accepted, name and address of the first administrator can be corrected: the old link dies, a new one goes out.
func TestTheFirstAdministratorIsCorrected(t *testing.T) {
	eachOffice(t, func(o office) {
		_, wrong := o.mail()
		if err := o.follow(wrong); err != nil {
			o.Fatal(err)
		}
		before := o.seen()
		if err := o.correct("Ulla", "Over", "ulla@umbrella.example"); err != nil {
			o.Fatal(err)
		}
		c := o.seen()
		if c.First.Name != "Ulla Over" || c.First.Email != "ulla@umbrella.example" || c.First.Member != before.First.Member || c.First.Invitation == before.First.Invitation || c.Version != before.Version+1 {
			o.Errorf("%+v", c.First)
		}
		if err := o.follow(wrong); !errors.Is(err, company.ErrInvitationRevoked) {
			o.Error("the link before:", err)
		}
		if n := o.accounts("uma@umbrella.example"); n != 0 {
			o.Errorf("%d accounts of the wrong address are left behind", n)
		}
		to, link := o.mail()
		if to != "ulla@umbrella.example" {
			o.Error("the new link goes to", to)
		}
		told := events(o.T, o.w.DB, o.found.Company)
		if want := []string{"member.corrected", "invitation.revoked", "invitation.sent"}; !slices.Equal(told[len(told)-3:], want) {
			o.Errorf("told %v", told)
		}
		done, err := o.join.Accept(o.Context(), access.Anonymous(), signing.AcceptInput{Link: link, First: "Ulla", Last: "Over", Password: "a long enough pass phrase"})
		if err != nil || done.Member != o.found.Administrator {
			o.Fatal(done, err)
		}
		ulla, err := o.w.Actor(o.Context(), o.found.Company, done.Member)
		if err != nil || !ulla.MaySomewhere(access.UsersManage) {
			o.Error("who joins is the administrator:", err)
		}
		if err := o.correct("Uta", "Other", "uta@umbrella.example"); !errors.Is(err, company.ErrNotInvited) {
			o.Error("who has accepted is not corrected:", err)
		}
	})
}

// A name alone is corrected as well; the address that was right keeps its account.
func TestTheNameOfTheFirstAdministratorIsCorrected(t *testing.T) {
	eachOffice(t, func(o office) {
		_, wrong := o.mail()
		if err := o.correct("Uma", "Ünder", "UMA@umbrella.example"); err != nil {
			o.Fatal(err)
		}
		if c := o.seen(); c.First.Name != "Uma Ünder" || c.First.Email != "uma@umbrella.example" || o.accounts("uma@umbrella.example") != 1 {
			o.Errorf("%+v", c.First)
		}
		if _, link := o.mail(); link == wrong || o.follow(wrong) == nil || o.follow(link) != nil {
			o.Error("the link before works still, or the new one does not")
		}
	})
}

// An account of the right address that there is already is invited to join, and keeps what it is called.
func TestWhoHasAnAccountIsInvitedToJoin(t *testing.T) {
	eachOffice(t, func(o office) {
		if err := o.correct("Anna", "Archer", "ann@acme.example"); err != nil {
			o.Fatal(err)
		}
		_, link := o.mail()
		w, err := o.join.Invitation(o.Context(), o.w.Ann, link)
		if err != nil || !w.Mine && w.Email != "ann@acme.example" {
			o.Fatalf("%+v, %v", w, err)
		}
		if err := o.correct("Uma", "Under", "uma@umbrella.example"); err != nil {
			o.Fatal(err)
		}
		if o.accounts("ann@acme.example") != 1 {
			o.Error("Ann's account is gone")
		}
		if m, err := o.w.Again(o.Context(), o.w.Ann); err != nil || !m.MaySomewhere(access.CheckoutPlace) {
			o.Error("Ann is what she was:", err)
		}
	})
}

func TestWhatOfTheFirstAdministratorIsNotCorrected(t *testing.T) {
	eachOffice(t, func(o office) {
		ctx, c := o.Context(), o.seen()
		in := onboarding.CorrectFounderInput{Company: c.ID, Version: c.Version, First: "U", Last: "O", Email: "u@umbrella.example"}
		try := func(who access.Actor, change func(*onboarding.CorrectFounderInput)) error {
			in := in
			change(&in)
			return o.s.CorrectFounder(ctx, who, in)
		}
		for _, x := range []struct {
			sentence string
			err      error
			want     error
		}{
			{"support", try(o.w.Sue, func(*onboarding.CorrectFounderInput) {}), access.ErrForbidden},
			{"a customer", try(o.w.Dan, func(*onboarding.CorrectFounderInput) {}), access.ErrUnseen},
			{"who saw another version", try(o.w.Sam, func(in *onboarding.CorrectFounderInput) { in.Version-- }), company.ErrStale},
			{"no address", try(o.w.Sam, func(in *onboarding.CorrectFounderInput) { in.Email = "umbrella" }), fault.ErrInput},
			{"no name", try(o.w.Sam, func(in *onboarding.CorrectFounderInput) { in.First, in.Last = " ", "" }), fault.ErrInput},
			{"where somebody is there", try(o.w.Sam, func(in *onboarding.CorrectFounderInput) { in.Company = o.w.Acme }), company.ErrNotInvited},
			{"the seller", try(o.w.Sam, func(in *onboarding.CorrectFounderInput) { in.Company = o.w.Seller }), company.ErrSeller},
			{"no company", try(o.w.Sam, func(in *onboarding.CorrectFounderInput) { in.Company = id.NewCompany(o.w.DB.Times()) }), company.ErrUnseen},
		} {
			if !errors.Is(x.err, x.want) {
				o.Errorf("%s: %v, want %v", x.sentence, x.err, x.want)
			}
		}
		for _, to := range []company.Status{company.Blocked, company.Closed} {
			if err := o.s.ChangeStatus(ctx, o.w.Sam, onboarding.ChangeStatusInput{Company: c.ID, Version: o.seen().Version, To: to, Reason: "so"}); err != nil {
				o.Fatal(err)
			}
			if err := o.correct("U", "O", "u@umbrella.example"); err == nil {
				o.Errorf("of a company that is %s the administrator was corrected", to)
			}
		}
	})
}

// With a company its invitations end, those that had run out too: their links say that they were taken back, nothing is sent any more, and
// nobody brings it back.
func TestInvitationsEndWithTheirCompany(t *testing.T) {
	eachOffice(t, func(o office) {
		ctx := o.Context()
		_, link := o.mail()
		lapsed, people := "", organising.With(o.w.DB, organising.Settings{Public: "https://kontor.example", Mails: true})
		become := func(key id.Company, to company.Status) error {
			c, err := o.s.GetCustomer(ctx, o.w.Sam, key)
			if err != nil {
				o.Fatal(err)
			}
			return o.s.ChangeStatus(ctx, o.w.Sam, onboarding.ChangeStatusInput{Company: key, Version: c.Version, To: to, Reason: "so"})
		}
		made, err := people.Invite(ctx, o.w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "nora@acme.example"}}})
		if err != nil {
			o.Fatal(err)
		}
		err = o.w.DB.Write(ctx, access.System(o.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			i, err := tx.Companies.GetInvitation(ctx, o.w.Acme, made[0])
			l := identity.Link{Company: o.w.Acme, Secret: strings.Repeat("A", 26)}
			tx.Companies.UpdateInvitation(o.w.Acme, i.Lapse())
			tx.Companies.SetLink(o.w.Acme, made[0], l.Digest())
			lapsed = l.String()
			return err
		})
		if err != nil {
			o.Fatal(err)
		}
		for _, key := range []id.Company{o.found.Company, o.w.Acme} {
			if err := become(key, company.Closed); err != nil {
				o.Fatal(err)
			}
		}
		for sentence, l := range map[string]string{"one that was open": link, "one that had run out": lapsed} {
			if err := o.follow(l); !errors.Is(err, company.ErrInvitationRevoked) {
				o.Errorf("%s: %v", sentence, err)
			}
			_, err := o.join.Accept(ctx, access.Anonymous(), signing.AcceptInput{Link: l, First: "N", Last: "N", Password: "a long enough pass phrase"})
			if !errors.Is(err, company.ErrInvitationRevoked) {
				o.Errorf("%s is accepted: %v", sentence, err)
			}
		}
		if err := o.s.InviteFounder(ctx, o.w.Sam, o.found.Company); !errors.Is(err, company.ErrNotInvited) {
			o.Error("who was invited is, once more:", err)
		}
		if c := o.seen(); c.First.Status != company.Inactive || !c.First.Invitation.IsZero() {
			o.Errorf("%+v", c.First)
		}
		for _, to := range []company.Status{company.Active, company.Pending, company.Blocked, company.Rejected, company.Closed} {
			if err := become(o.found.Company, to); err == nil {
				o.Errorf("a closed company is %s", to)
			}
		}
	})
}
