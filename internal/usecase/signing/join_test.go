package signing_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/store/engine"
	"kontor/internal/store/noticedb"
	"kontor/internal/usecase/cataloguing"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/pricesetting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// door is the stage, and Dan who invites people.
type door struct {
	stage
	people *organising.Service
}

func eachDoor(t *testing.T, test func(door)) {
	each(t, func(st stage) {
		test(door{st, organising.With(st.w.DB, organising.Settings{Brand: notice.Brand{Name: "Sam"}, Public: "https://kontor.example", Mails: true})})
	})
}

// invite invites somebody and gives what stands in their link.
func (d door) invite(g organising.Guest) (id.Invitation, string) {
	d.Helper()
	return d.inviteAs(d.w.Dan, g)
}

func (d door) inviteAs(boss access.Actor, g organising.Guest) (id.Invitation, string) {
	d.Helper()
	made, err := d.people.Invite(d.Context(), boss, organising.InviteInput{People: []organising.Guest{g}})
	d.must(err)
	return made[0], d.link(made[0])
}

var inMail = regexp.MustCompile(`https://kontor\.example/join\?invitation=(\S+)`)

// mails are the mails about an invitation that wait to leave.
func (d door) mails(key id.Invitation) (all []noticedb.Mail) {
	d.Helper()
	d.must(d.w.DB.Write(d.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
		due, err := tx.Notices.ListDue(d.Context(), 1000)
		all = slices.DeleteFunc(due, func(m noticedb.Mail) bool { return m.Thread != key.String() })
		return err
	}))
	return all
}

func (d door) link(key id.Invitation) string {
	d.Helper()
	all := d.mails(key)
	if len(all) != 1 {
		d.Fatalf("%d mails wait", len(all))
	}
	found := inMail.FindStringSubmatch(all[0].Text)
	if found == nil || !strings.Contains(all[0].HTML, found[1]) {
		d.Fatalf("the mail has no link:\n%s", all[0].Text)
	}
	return found[1]
}

func (d door) state(key id.Invitation) view.Invitation {
	d.Helper()
	i, err := d.people.Invitation(d.Context(), d.w.Dan, key)
	d.must(err)
	return i
}

func (d door) accept(actor access.Actor, in signing.AcceptInput) (signing.Joined, error) {
	return d.s.Accept(d.Context(), actor, in)
}

func (d door) members(key id.Company, email string) (all []view.Row) {
	d.Helper()
	boss := d.w.Dan
	if key == d.w.Globex {
		boss = d.w.Eve
	}
	list, err := d.people.Members(d.Context(), boss, view.MemberFilter{Text: email}, page.Ask{Limit: page.Most})
	d.must(err)
	return list.Rows
}

func TestSomebodyNewJoins(t *testing.T) {
	eachDoor(t, func(d door) {
		key, link := d.invite(organising.Guest{Email: "Nora@Acme.example", First: "Nora", Title: "Fitter", Language: "de", Under: company.Node{Member: d.w.Bob.Member},
			Offers: []company.Offer{{Role: d.w.Roles["buyer"], Unit: d.w.Units["ops"]}}})
		w, err := d.s.Invitation(d.Context(), from("192.0.2.9"), link)
		if err != nil || w.CompanyName != "Acme Works" && w.CompanyName == "" || w.Email != "Nora@Acme.example" || w.Known || w.Other || !slices.Equal(w.Roles, []string{"Buyer"}) {
			d.Errorf("%+v, %v", w, err)
		}
		for sentence, in := range map[string]signing.AcceptInput{
			"without a password":         {Link: link, First: "Nora", Last: "Newman"},
			"with a short one":           {Link: link, First: "Nora", Last: "Newman", Password: "too short"},
			"with their address":         {Link: link, First: "Nora", Last: "Newman", Password: "nora nora nora nora"},
			"without a name":             {Link: link, Password: other},
			"with a name that is no one": {Link: link, First: strings.Repeat("x", 61), Password: other},
		} {
			_, err := d.accept(from("192.0.2.9"), in)
			d.refused(sentence, err, fault.ErrInput)
		}
		if _, err := d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: strings.Repeat("x", 61), Password: "too short"}); len(fault.Of(err).Fields) != 2 {
			d.Errorf("all that is wrong: %v", err)
		}
		if _, err := d.accept(from("192.0.2.9").Trying(), signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: other}); !errors.Is(err, access.ErrTried) {
			d.Errorf("who only tries: %v", err)
		}
		done, err := d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: other})
		if err != nil || !done.Fresh || done.Company != d.w.Acme {
			d.Fatalf("%+v, %v", done, err)
		}
		in, err := d.in("nora@acme.example", other)
		d.must(err)
		nora := d.actor(in.Token)
		if !nora.May(access.CheckoutPlace, d.path("ops")) || nora.May(access.CheckoutPlace, d.path("fin")) || nora.MaySomewhere(access.UsersManage) || in.Profile.Language != "de" {
			d.Errorf("Nora may %v", nora.Grants())
		}
		p, err := d.people.Member(d.Context(), d.w.Dan, done.Member)
		if err != nil || p.Name != "Nora Newman" || p.Title != "Fitter" || p.Manager != d.w.Bob.Member || p.Status != company.Working {
			d.Errorf("%+v, %v", p, err)
		}
		if i := d.state(key); i.Standing != company.Accepted || i.Invitation.Member != done.Member {
			d.Errorf("%+v", i)
		}
		_, err = d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: secret})
		d.refused("the link works once", err, company.ErrInvitationUsed)
		_, err = d.s.Invitation(d.Context(), from("192.0.2.9"), link)
		d.refused("and is not looked at any more", err, company.ErrInvitationUsed)
		_, err = d.in("nora@acme.example", secret)
		d.refused("nor does it change the password", err, identity.ErrCredentials)
		d.quiet(link)
	})
}

// path is where a unit of Acme stands.
func (d door) path(unit string) tree.Path {
	d.Helper()
	u, err := d.people.Unit(d.Context(), d.w.Dan, d.w.Units[unit])
	d.must(err)
	return u.Path
}

// quiet checks that a secret stands in nothing that is told or logged.
func (d door) quiet(link string) {
	d.Helper()
	word := link[strings.IndexByte(link, '.')+1:]
	if strings.Contains(d.log.String(), word) {
		d.Error("the link is in the log")
	}
	d.must(d.w.DB.Read(d.Context(), access.System(d.w.Acme), func(tx *store.Tx, _ access.Actor) error {
		list, err := tx.Views.ListAudit(d.Context(), d.w.Acme, view.AuditFilter{}, page.Ask{Limit: 200})
		for _, r := range list.Rows {
			if text := fmt.Sprintf("%+v %s", r, r.Body); strings.Contains(text, word) || strings.Contains(strings.ToLower(text), "nora@") {
				d.Errorf("the audit tells the link or the address: %s", text)
			}
		}
		return err
	}))
}

func TestWhoHasAnAccountJoinsWithIt(t *testing.T) {
	eachDoor(t, func(d door) {
		_, link := d.inviteAs(d.w.Eve, organising.Guest{Email: "ANN@acme.example", First: "Anna", Offers: []company.Offer{{Role: d.w.GlobexRoles["observer"]}}})
		w, err := d.s.Invitation(d.Context(), from("192.0.2.9"), link)
		if err != nil || !w.Known || w.Mine || w.Other {
			d.Errorf("%+v, %v", w, err)
		}
		_, err = d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link})
		d.refused("not without signing in", err, signing.ErrJoinSignIn)
		_, err = d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Eve", Last: "Il", Password: other})
		d.refused("nor by choosing a password", err, signing.ErrJoinSignIn)
		_, err = d.accept(d.w.Bob, signing.AcceptInput{Link: link})
		d.refused("nor as Bob", err, signing.ErrJoinOther)
		_, err = d.accept(d.w.Bob, signing.AcceptInput{Link: link, First: "Bob", Last: "Baker", Password: other})
		d.refused("whatever Bob types", err, signing.ErrJoinOther)
		if _, err := d.in("ann@acme.example", secret); err != nil {
			d.Errorf("Ann's password: %v", err)
		}
		in := d.ann()
		ann := d.actor(in.Token)
		if w, err := d.s.Invitation(d.Context(), ann, link); err != nil || !w.Mine || w.Other {
			d.Errorf("%+v, %v", w, err)
		}
		done, err := d.accept(ann, signing.AcceptInput{Link: link})
		if err != nil || done.Fresh || done.Company != d.w.Globex {
			d.Fatalf("%+v, %v", done, err)
		}
		// She goes on as she was, and switches when she wants to: then her rights are those of the other company.
		if now := d.actor(in.Token); now.Company != d.w.Acme || !now.MaySomewhere(access.CheckoutPlace) {
			d.Errorf("Ann acts for %s", now.Company)
		}
		d.must(d.s.SwitchCompany(d.Context(), d.actor(in.Token), d.w.Globex))
		if now := d.actor(in.Token); now.Company != d.w.Globex || now.Member != done.Member || now.MaySomewhere(access.CheckoutPlace) || !now.MaySomewhere(access.OrdersViewCompany) {
			d.Errorf("Ann acts for %s, and may %v", now.Company, now.Grants())
		}
		if rows := d.members(d.w.Globex, "ann@"); len(rows) != 1 || rows[0].Name != "Anna" {
			d.Errorf("%+v", rows)
		}
	})
}

func TestInvitationsThatLeadNowhere(t *testing.T) {
	eachDoor(t, func(d door) {
		stranger := from("192.0.2.9")
		try := func(link string) error {
			_, looked := d.s.Invitation(d.Context(), stranger, link)
			_, err := d.accept(stranger, signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: other})
			if fault.Of(looked) == nil || !errors.Is(err, fault.Of(looked)) {
				d.Errorf("looking says %v, accepting %v", looked, err)
			}
			return err
		}
		key, old := d.invite(organising.Guest{Email: "nora@acme.example"})
		d.refused("sent again at once", d.people.ResendInvitation(d.Context(), d.w.Dan, key, 1), company.ErrSentJustNow)
		d.pass(2 * time.Minute)
		d.must(d.people.ResendInvitation(d.Context(), d.w.Dan, key, 1))
		fresh := d.link(key) // and the mail before does not leave any more
		d.refused("the link before", try(old), identity.ErrUnknownLink)
		d.refused("another company's name before it", try(d.w.Globex.String()+fresh[strings.IndexByte(fresh, '.'):]), identity.ErrUnknownLink)
		d.pass(company.InvitationFor)
		d.refused("its time is over", try(fresh), company.ErrInvitationExpired)
		if i := d.state(key); i.Standing != company.Expired {
			d.Errorf("%+v", i)
		}
		next, link := d.invite(organising.Guest{Email: "NORA@acme.example"}) // of an address there is one open invitation
		if i := d.state(key); i.State != company.Expired {
			d.Errorf("%+v", i)
		}
		d.refused("both at once", d.people.ResendInvitation(d.Context(), d.w.Dan, key, d.state(key).Version), company.ErrInvited)
		d.must(d.people.RevokeInvitation(d.Context(), d.w.Dan, next, 1))
		d.refused("taken back", try(link), company.ErrInvitationRevoked)
		if len(d.mails(next)) != 0 {
			d.Error("the mail leaves although its link works no more")
		}

		_, link = d.invite(organising.Guest{Email: "nora@acme.example"})
		set := func(to company.Status) {
			c, err := d.people.Profile(d.Context(), d.w.Dan)
			d.must(err)
			d.must(onboarding.New(d.w.DB).ChangeStatus(d.Context(), access.System(id.Company{}), onboarding.ChangeStatusInput{Company: d.w.Acme, Version: c.Version, To: to, Reason: "for a test"}))
		}
		set(company.Blocked)
		d.refused("the company is blocked", try(link), company.ErrTakesNobody)
		set(company.Active)
		done, err := d.accept(stranger, signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: other})
		d.must(err)

		// Who was let go comes back by reactivation alone, whatever link is left.
		_, guest := d.inviteAs(d.w.Eve, organising.Guest{Email: "nora@acme.example"})
		d.must(d.people.Leave(d.Context(), d.w.Dan, organising.LeaveInput{ID: done.Member, Version: 1}))
		d.refused("accepted before", try(link), company.ErrInvitationUsed)
		_, err = d.people.Invite(d.Context(), d.w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "nora@acme.example"}}})
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Code != company.ErrLeft.Code {
			d.Errorf("inviting who has left: %v", err)
		}
		// She is a member of nothing now, and cannot sign in; joining Globex needs her password all the same.
		_, err = d.in("nora@acme.example", other)
		d.refused("who has left", err, identity.ErrNotLetIn)
		if !strings.Contains(err.Error(), "no active member of Acme") {
			d.Errorf("who has left is told: %v", err)
		}
		_, err = d.in("nora@acme.example", secret)
		d.refused("somebody who does not know her password", err, identity.ErrCredentials)
		_, err = d.accept(stranger, signing.AcceptInput{Link: guest})
		d.refused("without her password", err, fault.ErrInput)
		_, err = d.accept(stranger, signing.AcceptInput{Link: guest, First: "N", Password: secret})
		d.refused("with a new one", err, fault.ErrInput)
		if _, err := d.accept(stranger, signing.AcceptInput{Link: guest, Password: other}); err != nil {
			d.Errorf("with hers: %v", err)
		}
		if _, err = d.in("nora@acme.example", other); err != nil {
			d.Errorf("a member of Globex: %v", err)
		}
	})
}

func TestRightsAreThoseOfTheInvitation(t *testing.T) {
	eachDoor(t, func(d door) {
		ctx, roles := d.Context(), granting.New(d.w.DB)
		make := func(name string, p ...access.Permission) id.Role {
			r, err := roles.CreateRole(ctx, d.w.Dan, granting.CreateRoleInput{Name: name, Permissions: access.SetOf(p...)})
			d.must(err)
			return r.ID
		}
		stays, goes := make("Stays", access.CatalogView), make("Goes", access.OrdersView)
		u, err := d.people.CreateUnit(ctx, d.w.Dan, organising.CreateUnitInput{Code: "tmp", Name: "For now"})
		d.must(err)
		_, link := d.invite(organising.Guest{Email: "nora@acme.example", Under: company.Node{Unit: u.ID},
			Offers: []company.Offer{{Role: stays}, {Role: goes}, {Role: stays, Unit: u.ID}}})
		// Who may edit roles cannot reach further by one that somebody is to get.
		pia, err := roles.CreateRole(ctx, d.w.Dan, granting.CreateRoleInput{Name: "Roles", Permissions: access.SetOf(access.RolesManage, access.RolesView, access.UsersView)})
		d.must(err)
		_, err = roles.Assign(ctx, d.w.Dan, granting.AssignInput{Member: d.w.Cleo.Member, Role: pia.ID})
		d.must(err)
		_, err = roles.EditRole(ctx, d.w.Cleo, granting.EditRoleInput{ID: stays, Version: 1, Name: "Stays", Permissions: access.SetOf(access.UsersView, access.UsersManage)})
		d.refused("more than Cleo holds, for who is to come", err, access.ErrEscalation)

		d.must(roles.DeleteRole(ctx, d.w.Dan, goes, 1))
		d.must(d.people.ArchiveUnit(ctx, d.w.Dan, u.ID, 1))
		done, err := d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: other})
		d.must(err)
		p, err := d.people.Member(ctx, d.w.Dan, done.Member)
		if err != nil || len(p.Assigned) != 1 || p.Assigned[0].Role != stays || !p.Assigned[0].Unit.IsZero() || p.Unit != d.w.Units["acme"] {
			d.Errorf("%+v, %v", p, err)
		}
	})
}

func TestGuessingLinksIsSlow(t *testing.T) {
	eachDoor(t, func(d door) {
		_, link := d.invite(organising.Guest{Email: "nora@acme.example"})
		guess := link[:len(link)-4] + "AAAA"
		var last error
		for range 40 {
			_, last = d.s.Invitation(d.Context(), from("198.51.100.1"), guess)
		}
		d.refused("after some guesses", last, identity.ErrThrottled)
		_, err := d.s.Invitation(d.Context(), from("198.51.100.1"), link)
		d.refused("that network waits with a good one, too", err, identity.ErrThrottled)
		if _, err := d.s.Invitation(d.Context(), from("192.0.2.9"), link); err != nil {
			d.Errorf("another does not: %v", err)
		}
		if _, err := d.in("ann@acme.example", secret); err != nil {
			d.Errorf("nor does signing in: %v", err)
		}
	})
}

// However many accept at the same moment, with however many passwords, one membership and one account come of it.
func TestOneMembershipComesOfManyClicks(t *testing.T) {
	eachDoor(t, func(d door) { d.race() })
}

// The same where there is an account that has no password yet.
func TestOnePasswordComesOfManyClicks(t *testing.T) {
	eachDoor(t, func(d door) {
		d.must(d.w.DB.WriteApart(d.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
			tx.Accounts.Insert(identity.Account{ID: id.NewAccount(tx.Now), Email: "nora@acme.example", Last: "Newman", Language: "en", Zone: "UTC", Active: true, CreatedAt: tx.Now})
			return nil
		}))
		d.race()
	})
}

func (d door) race() {
	d.Helper()
	_, acme := d.invite(organising.Guest{Email: "nora@acme.example"})
	_, globex := d.inviteAs(d.w.Eve, organising.Guest{Email: "Nora@acme.example"})
	links := []string{acme, globex, acme, globex, acme, globex, acme, globex}
	wide := signing.New(d.w.DB, signing.Options{Hashes: len(links), Log: slog.New(slog.DiscardHandler)}) // so that they come to the tables together
	start := make(chan struct{})
	done, errs := make([]signing.Joined, len(links)), make([]error, len(links))
	var wg sync.WaitGroup
	for i, link := range links {
		wg.Go(func() {
			<-start
			done[i], errs[i] = wide.Accept(context.Background(), from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: fmt.Sprintf("%s %d", other, i)})
		})
	}
	close(start)
	wg.Wait()
	won := -1
	for i, err := range errs {
		switch {
		case err == nil && won >= 0:
			d.Errorf("both %d and %d were taken in", won, i)
		case err == nil:
			won = i
		case !errors.Is(err, company.ErrInvitationUsed) && !errors.Is(err, signing.ErrJoinSignIn):
			d.Errorf("%d: %v", i, err)
		}
	}
	if won < 0 {
		d.Fatal("nobody was taken in")
	}
	if n := len(d.members(d.w.Acme, "nora@")) + len(d.members(d.w.Globex, "nora@")); n != 1 {
		d.Errorf("there are %d memberships", n)
	}
	in, err := d.in("nora@acme.example", fmt.Sprintf("%s %d", other, won))
	d.must(err)
	// The other company's invitation still stands, for who is signed in; again many times.
	rest := globex
	if links[won] == globex {
		rest = acme
	}
	nora, start := d.actor(in.Token), make(chan struct{})
	for i := range errs {
		wg.Go(func() {
			<-start
			_, errs[i] = d.s.Accept(context.Background(), nora, signing.AcceptInput{Link: rest})
		})
	}
	close(start)
	wg.Wait()
	taken := slices.DeleteFunc(slices.Clone(errs), func(err error) bool { return errors.Is(err, company.ErrInvitationUsed) })
	if len(taken) != 1 || taken[0] != nil || len(d.members(d.w.Acme, "nora@")) != 1 || len(d.members(d.w.Globex, "nora@")) != 1 {
		d.Errorf("%v", errs)
	}
}

// Who belongs to two companies has in each the rights, the cart and the prices of that one.
func TestTwoCompaniesOfOnePersonStayApart(t *testing.T) {
	eachDoor(t, func(d door) {
		ctx, db := d.Context(), d.w.DB
		shop, goods := purchasing.New(db, step.NewRulebook()), cataloguing.New(db)
		glove := d.w.Products[1]
		d.must(pricesetting.New(db).SetContracts(ctx, access.System(id.Company{}), pricesetting.SetContractsInput{Company: d.w.Globex, Reference: "G-1",
			Prices: []pricesetting.ProductPrice{{Product: glove.ID, Rate: money.Rate{E4: 10000, Currency: "EUR"}}}}))
		_, link := d.inviteAs(d.w.Eve, organising.Guest{Email: "ann@acme.example", Offers: []company.Offer{{Role: d.w.GlobexRoles["buyer"]}}})
		in := d.ann()
		_, err := d.accept(d.actor(in.Token), signing.AcceptInput{Link: link})
		d.must(err)
		price := func() string {
			sheet, err := goods.Product(ctx, d.actor(in.Token), glove.ID, quantity.One)
			d.must(err)
			return sheet.Price.Rate.Amount() + " " + sheet.Price.Source.ListName
		}
		put := func(n int64) {
			_, err := shop.Add(ctx, d.actor(in.Token), purchasing.AddInput{Lines: []purchasing.AddLine{{Product: glove.ID, Quantity: quantity.Of(n)}}})
			d.must(err)
		}
		holds := func(sentence string, n int64, want string) {
			d.Helper()
			c, err := shop.Current(ctx, d.actor(in.Token))
			if err != nil || len(c.Lines) != 1 || c.Lines[0].Quantity != quantity.Of(n) || price() != want {
				d.Errorf("%s: %+v at %s, %v", sentence, c.Lines, price(), err)
			}
		}
		base := price()
		put(3)
		d.must(d.s.SwitchCompany(ctx, d.actor(in.Token), d.w.Globex))
		contract := price()
		if contract == base {
			d.Errorf("in both a glove is %s", base)
		}
		if c, err := shop.Current(ctx, d.actor(in.Token)); err != nil || len(c.Lines) != 0 {
			d.Errorf("Globex's cart holds %+v, %v", c.Lines, err)
		}
		put(7)
		holds("in Globex", 7, contract)
		d.must(d.s.SwitchCompany(ctx, d.actor(in.Token), d.w.Acme))
		holds("and back in Acme", 3, base)
	})
}

// A mail that lets somebody in is forgotten once it has left, whether or not it arrived; other mails are kept.
func TestALinkLeavesNoCopyBehind(t *testing.T) {
	eachDoor(t, func(d door) {
		for email, to := range map[string]noticedb.State{"sent@x.example": noticedb.Sent, "dead@x.example": noticedb.Dead, "later@x.example": noticedb.Ready} {
			key, _ := d.invite(organising.Guest{Email: email})
			m := d.mails(key)[0]
			d.must(d.w.DB.Write(d.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
				if m.State = to; to != noticedb.Ready {
					m.EndedAt = tx.Now
				}
				tx.Notices.SetOutcome(m)
				return nil
			}))
			var text string
			d.must(d.w.DB.Engine().Read(d.Context(), func(tx *engine.Tx) error {
				tx.Ask(`select m.body_text || m.body_html from mail m where m.id = ?`, m.ID).Row(company.ErrUnseenInvitation, &text)
				return tx.Fetch(d.Context())
			}))
			if (text != "") != (to == noticedb.Ready) {
				d.Errorf("of a mail that is %s there are %d bytes left", to, len(text))
			}
		}
	})
}

// What a rule keeps apart nobody gets by being invited to it: neither where the rule was there before, nor where it came
// while they were on their way.
func TestNobodyJoinsIntoWhatIsKeptApart(t *testing.T) {
	eachDoor(t, func(d door) {
		ctx, roles := d.Context(), granting.New(d.w.DB)
		both := []company.Offer{{Role: d.w.Roles["buyer"]}, {Role: d.w.Roles["approver"]}}
		invited, link := d.invite(organising.Guest{Email: "nora@acme.example", Offers: both})
		rule, err := roles.CreateSeparation(ctx, d.w.Dan, access.SeparationFields{Name: "Buys or approves", Roles: []id.Role{d.w.Roles["buyer"], d.w.Roles["approver"]}, Cardinality: 2, On: true})
		d.must(err)
		_, err = d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: other})
		d.refused("the rule came meanwhile", err, access.ErrSeparated)
		if all := d.members(d.w.Acme, "nora"); len(all) != 0 || d.state(invited).State != company.Open {
			d.Errorf("%+v; the invitation is %s", all, d.state(invited).State)
		}
		_, err = d.people.Invite(ctx, d.w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "oda@acme.example", Offers: both[:1]}, {Email: "pia@acme.example", Offers: both}}})
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "people.1.roles" {
			d.Errorf("%v", err)
		}
		d.must(roles.DeleteSeparation(ctx, d.w.Dan, rule.ID, rule.Version))
		done, err := d.accept(from("192.0.2.9"), signing.AcceptInput{Link: link, First: "Nora", Last: "Newman", Password: other})
		d.must(err)
		if p, err := d.people.Member(ctx, d.w.Dan, done.Member); err != nil || len(p.Assigned) != 2 {
			d.Errorf("%+v, %v", p, err)
		}
	})
}
