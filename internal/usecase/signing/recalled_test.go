package signing_test

import (
	"testing"

	"kontor/internal/domain/identity"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/signing"
)

// Who is lent to a company below no longer comes back to their own company in the same session, at the very next request; a
// program's session ends, and so does that of somebody who has no company to come back to.
func TestWhoIsLentNoLongerComesBack(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		shop, people := onboarding.New(st.w.DB), organising.New(st.w.DB)
		belong := func(parent string) {
			st.Helper()
			c, err := shop.GetCustomer(ctx, st.w.Sam, st.w.Globex)
			st.must(err)
			st.must(shop.SetParent(ctx, st.w.Sam, onboarding.SetParentInput{Company: st.w.Globex, Version: c.Version, Parent: parent}))
		}
		active := func(want int64) {
			st.Helper()
			if c, err := shop.GetCustomer(ctx, st.w.Sam, st.w.Globex); err != nil || c.People != want {
				st.Errorf("%d act for Globex, and not %d: %v", c.People, want, err)
			}
		}
		belong("10001")
		active(1)
		lent, err := people.Borrow(ctx, st.w.Eve, organising.BorrowInput{Lent: st.w.Ann.Member})
		st.must(err)
		browser := st.ann()
		program, err := st.s.SignIn(ctx, from("192.0.2.7"), signing.SignInInput{Email: "ann@acme.example", Password: secret, Bearer: true})
		st.must(err)
		for _, in := range []signing.SignedIn{browser, program} {
			st.must(st.s.SwitchCompany(ctx, st.actor(in.Token), st.w.Globex))
			if a := st.actor(in.Token); a.Company != st.w.Globex || a.Member != lent.ID {
				st.Fatalf("she acts as %s of %s", a.Member, a.Company)
			}
		}
		active(2)
		belong("")
		active(1)
		if a := st.actor(browser.Token); a.Company != st.w.Acme || a.Member != st.w.Ann.Member || a.Session != browser.Session.ID || len(a.Roles()) == 0 {
			st.Errorf("she comes back as %+v", a)
		}
		if got := st.events(st.w.Acme, st.w.Ann.Account); len(got) == 0 || got[len(got)-1] != "account.company_switched" {
			st.Errorf("the audit of her company: %v", got)
		}
		_, err = st.who(program.Token)
		st.refused("a program", err, identity.ErrSessionEnded)

		// Lent again, and let go at home: there is nothing to come back to.
		belong("10001")
		st.must(st.s.SwitchCompany(ctx, st.actor(browser.Token), st.w.Globex))
		st.must(people.Leave(ctx, st.w.Dan, organising.LeaveInput{ID: st.w.Ann.Member, Version: 1}))
		_, err = st.who(browser.Token)
		st.refused("who has left both", err, identity.ErrSessionEnded)
	})
}
