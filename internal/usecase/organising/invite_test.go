package organising_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/engine"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

func guest(email string) organising.Guest { return organising.Guest{Email: email} }

func (st stage) invite(a access.Actor, people ...organising.Guest) ([]id.Invitation, error) {
	return st.s.Invite(st.Context(), a, organising.InviteInput{People: people})
}

// flaws are the fields that are wrong, and how: people.1.email identity.email.
func flaws(err error) (all []string) {
	if f := fault.Of(err); f != nil {
		for _, x := range f.Fields {
			all = append(all, x.Name+" "+x.Code)
		}
	}
	return all
}

func (st stage) invitations(a access.Actor, f view.InvitationFilter) (emails []string) {
	st.Helper()
	list, err := st.s.Invitations(st.Context(), a, f, page.Ask{Limit: page.Most})
	st.must(err)
	for _, i := range list.Rows {
		emails = append(emails, i.Email)
	}
	return emails
}

func TestPeopleAreInvitedAllOrNobody(t *testing.T) {
	each(t, func(st stage) {
		dan, buyer := st.w.Dan, st.w.Roles["buyer"]
		gone := st.join("Gus", unit(st.w.Units["ops"]), "buyer", id.Unit{})
		st.must(st.s.Leave(st.Context(), dan, organising.LeaveInput{ID: gone.Member, Version: 1}))
		if _, err := st.invite(dan, guest("open@x.example")); err != nil {
			st.Fatal(err)
		}
		_, err := st.invite(dan,
			guest("fine@x.example"), guest("none"), guest("Twice@x.example"), guest(" twice@X.EXAMPLE "), guest("ANN@acme.example"), guest("gus@acme.example"), guest("Open@x.example"),
			organising.Guest{Email: "a@x.example", First: strings.Repeat("x", 61), Title: "\x00", Language: "tlh"},
			organising.Guest{Email: "b@x.example", Offers: []company.Offer{{Role: buyer}, {Role: buyer}}},
			guest("a@x.example\r\nBcc: eve@globex.example"), guest(strings.Repeat("x", 300)+"@x.example"), guest("\xff@x.example"), guest("a@b@x.example"), guest(""))
		want := []string{"people.1.email identity.email", "people.3.email duplicate", "people.4.email company.already_member", "people.5.email company.member_left", "people.6.email company.invited",
			"people.7.first_name too_long", "people.7.language identity.language", "people.7.title invalid", "people.8.roles duplicate", "people.9.email identity.email", "people.10.email identity.email",
			"people.11.email identity.email", "people.12.email identity.email", "people.13.email identity.email"}
		got := flaws(err)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			st.Errorf("wrong is\n%s", strings.Join(got, "\n"))
		}
		if all := st.invitations(dan, view.InvitationFilter{}); !slices.Equal(all, []string{"open@x.example"}) {
			st.Errorf("invited are %v", all)
		}
		// Whether an address has an account elsewhere makes no difference: Eve is of Globex, nobody of nowhere.
		made, err := st.invite(dan, guest("eve@globex.example"), guest("nobody@globex.example"))
		st.must(err)
		var seen []string
		for _, key := range made {
			i, err := st.s.Invitation(st.Context(), dan, key)
			st.must(err)
			i.ID, i.Email = id.Invitation{}, ""
			seen = append(seen, fmt.Sprintf("%+v", i))
		}
		if seen[0] != seen[1] {
			st.Errorf("they can be told apart:\n%s\n%s", seen[0], seen[1])
		}
		for _, n := range []int{0, company.MostAtOnce + 1, 100_000} {
			if _, err := st.invite(dan, make([]organising.Guest, n)...); !slices.Equal(flaws(err), []string{"people range"}) {
				st.Errorf("%d at once: %v", n, err)
			}
		}
	})
}

func TestNobodyInvitesIntoMoreThanTheyHold(t *testing.T) {
	each(t, func(st stage) {
		ops, fin := st.w.Units["ops"], st.w.Units["fin"]
		una := st.chief("Una", ops) // an administrator of Operations alone
		pia := st.join("Pia", unit(ops), "buyer", id.Unit{})
		in := func(under company.Node, offers ...company.Offer) organising.Guest {
			return organising.Guest{Email: "zoe@x.example", Under: under, Offers: offers}
		}
		offer := func(role string, at id.Unit) company.Offer { return company.Offer{Role: st.w.Roles[role], Unit: at} }
		for _, tt := range []struct {
			sentence string
			actor    access.Actor
			guest    organising.Guest
			want     *fault.Fault
		}{
			{"Pia manages nobody", pia, in(unit(ops)), access.ErrForbidden},
			{"not even below herself", pia, in(member(pia.Member)), access.ErrForbidden},
			{"Una manages nobody elsewhere", una, in(unit(fin)), company.ErrUnseenUnit},
			{"nor at the top", una, in(company.Node{}), access.ErrForbidden},
			{"nor gives what holds elsewhere", una, in(unit(ops), offer("buyer", id.Unit{})), access.ErrForbidden},
			{"nor at what she does not see", una, in(unit(ops), offer("buyer", fin)), company.ErrUnseenUnit},
			{"nor one of two", una, in(unit(ops), offer("buyer", ops), offer("observer", id.Unit{})), access.ErrForbidden},
			{"a role is the company's own", st.w.Dan, in(unit(ops), company.Offer{Role: st.w.GlobexRoles["buyer"]}), access.ErrUnseenRole},
			{"a unit too", st.w.Dan, in(unit(st.w.GlobexUnits["globex"])), company.ErrUnseenUnit},
			{"and where a role holds", st.w.Dan, in(unit(ops), offer("buyer", st.w.GlobexUnits["globex"])), company.ErrUnseenUnit},
			{"who has not signed in invites nobody", access.Anonymous(), in(unit(ops)), access.ErrSignIn},
		} {
			st.refused(tt.sentence, second(st.invite(tt.actor, organising.Guest{Email: "y@x.example", Under: unit(ops)}, tt.guest)), tt.want)
		}
		made, err := st.invite(una, in(unit(ops)))
		st.must(err)
		i, err := st.s.Invitation(st.Context(), una, made[0])
		if err != nil || len(i.Roles) != 1 || i.Roles[0].Unit != ops { // the usual role, as far as she manages people
			st.Errorf("%+v, %v", i.Roles, err)
		}
		// What she does not see she neither finds nor touches.
		top, err := st.invite(st.w.Dan, organising.Guest{Email: "top@x.example", Under: unit(fin)}, organising.Guest{Email: "more@x.example", Under: unit(ops), Offers: []company.Offer{offer("buyer", id.Unit{})}})
		st.must(err)
		if all := st.invitations(una, view.InvitationFilter{}); !slices.Equal(all, []string{"more@x.example", "zoe@x.example"}) {
			st.Errorf("Una sees %v", all)
		}
		st.refused("Una revokes nothing elsewhere", st.s.RevokeInvitation(st.Context(), una, top[0], 1), company.ErrUnseenInvitation)
		st.refused("Eve nothing of Acme's", st.s.RevokeInvitation(st.Context(), st.w.Eve, top[0], 1), company.ErrUnseenInvitation)
		st.refused("nor does she send it", st.s.ResendInvitation(st.Context(), st.w.Eve, top[0], 1), company.ErrUnseenInvitation)
		st.refused("Una sends nothing that gives more than she could", st.s.ResendInvitation(st.Context(), una, top[1], 1), access.ErrForbidden)
		st.must(st.s.RevokeInvitation(st.Context(), una, top[1], 1))
		st.refused("Pia revokes nothing", st.s.RevokeInvitation(st.Context(), pia, made[0], 1), company.ErrUnseenInvitation)
	})
}

func TestInvitationsAreBounded(t *testing.T) {
	each(t, func(st stage) {
		many := func(from int) (all []organising.Guest) {
			for i := range 200 {
				all = append(all, guest(fmt.Sprintf("g%d@x.example", from+i)))
			}
			return all
		}
		for i := range 2 {
			if _, err := st.invite(st.w.Dan, many(i*200)...); err != nil {
				st.Fatal(err)
			}
		}
		st.refused("too many within a day", second(st.invite(st.w.Dan, many(400)...)), company.ErrManyInvitations)
		if n, err := st.s.OpenInvitations(st.Context(), st.w.Dan); err != nil || n != 400 {
			st.Errorf("%d are open, %v", n, err)
		}
		// What has ended, and its roles, are forgotten in time; the others stay.
		later := time.Now().Add(200 * 24 * time.Hour)
		st.w.DB.Engine().SetClock(func() time.Time { return later })
		_, err := st.invite(st.w.Dan, guest("g1@x.example"))
		st.must(err)
		var gone int64
		st.must(st.w.DB.Write(st.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) (err error) {
			gone, err = tx.Companies.DeleteInvitations(st.Context(), tx.Now.Add(-90*24*time.Hour), 2000)
			return err
		}))
		if all := st.invitations(st.w.Dan, view.InvitationFilter{}); gone != 400 || !slices.Equal(all, []string{"g1@x.example"}) {
			st.Errorf("%d are gone, left are %d", gone, len(all))
		}
	})
}

// The same request twice invites once, and a list that is leafed through shows each once.
func TestInvitingTwiceInvitesOnce(t *testing.T) {
	each(t, func(st stage) {
		in := organising.InviteInput{Key: "k1", People: []organising.Guest{guest("a@x.example"), guest("b@x.example"), guest("c@x.example")}}
		first, err := st.s.Invite(st.Context(), st.w.Dan, in)
		st.must(err)
		again, err := st.s.Invite(st.Context(), st.w.Dan, in)
		if err != nil || !slices.Equal(first, again) {
			st.Errorf("%v, %v", again, err)
		}
		var seen []string
		ask := page.Ask{Limit: 2}
		for {
			list, err := st.s.Invitations(st.Context(), st.w.Dan, view.InvitationFilter{State: company.Open}, ask)
			st.must(err)
			for _, i := range list.Rows {
				seen = append(seen, i.Email)
			}
			if list.Next == "" {
				break
			}
			ask, err = page.Parse(list.Next, 0, 2)
			st.must(err)
		}
		if !slices.Equal(seen, []string{"c@x.example", "b@x.example", "a@x.example"}) {
			st.Errorf("%v", seen)
		}
		if all := st.invitations(st.w.Dan, view.InvitationFilter{Text: "B@x"}); !slices.Equal(all, []string{"b@x.example"}) {
			st.Errorf("%v", all)
		}
		// The tables keep no link, only what is told of it.
		st.must(st.w.DB.Engine().Read(st.Context(), func(tx *engine.Tx) error {
			var digest string
			tx.Ask(`select i.digest from invitation i where i.company_id = ? and i.id = ?`, st.w.Acme, first[0]).Row(company.ErrUnseenInvitation, &digest)
			err := tx.Fetch(st.Context())
			if len(digest) != 64 {
				err = errors.Join(err, errors.New("the digest is "+digest))
			}
			return err
		}))
	})
}

// Who is invited by hand stands in the list of members where their name puts them, and is found as members are.
func TestWhoIsInvitedStandsAmongTheMembers(t *testing.T) {
	each(t, func(st stage) {
		ctx, w := st.Context(), st.w
		_, err := st.invite(w.Dan, organising.Guest{Email: "bea@acme.example", First: "Bea", Last: "Bell", Title: "Fitter", Under: unit(w.Units["ops"]), Offers: []company.Offer{{Role: w.Roles["observer"]}}},
			organising.Guest{Email: "anon@acme.example", Under: unit(w.Units["fin"])})
		st.must(err)
		list := func(who access.Actor, f view.MemberFilter, limit int) (names []string) {
			for cursor := ""; ; {
				ask, err := page.Parse(cursor, 0, limit)
				st.must(err)
				l, err := st.s.Places(ctx, who, f, ask)
				st.must(err)
				for _, r := range l.Rows {
					names = append(names, r.Name+" ("+joined(append([]string{r.UnitName}, r.Roles...))+")")
				}
				if cursor = l.Next; cursor == "" {
					return names
				}
			}
		}
		anon, bea := "anon@acme.example (Finance, Default User)", "Bea Bell (Operations, Observer)"
		ann, bob, cleo, dan := "Ann Archer (Operations, Buyer)", "Bob Boss (Operations, Approver)", "Cleo Clark (Finance, Cost-centre manager)", "Dan Director (, Administrator)"
		for _, limit := range []int{1, 2, 100} {
			if got, want := list(w.Dan, view.MemberFilter{}, limit), []string{ann, anon, bea, bob, cleo, dan}; !slices.Equal(got, want) {
				st.Errorf("by %d: %q", limit, got)
			}
		}
		for _, c := range []struct {
			sentence string
			f        view.MemberFilter
			want     []string
		}{
			{"those who are invited", view.MemberFilter{Status: company.Invited}, []string{anon, bea}},
			{"those who act", view.MemberFilter{Status: company.Working}, []string{ann, bob, cleo, dan}},
			{"those of a unit", view.MemberFilter{Unit: w.Units["fin"]}, []string{anon, cleo}},
			{"those of a role", view.MemberFilter{Role: w.Roles["observer"]}, []string{bea}},
			{"those of a word", view.MemberFilter{Text: "FITT"}, []string{bea}},
		} {
			if got := list(w.Dan, c.f, 100); !slices.Equal(got, c.want) {
				st.Errorf("%s: %q", c.sentence, got)
			}
		}
		if got := list(w.Ann, view.MemberFilter{}, 100); !slices.Equal(got, []string{ann}) {
			st.Errorf("Ann, who sees nobody, sees %q", got)
		}
	})
}

func joined(all []string) string { return strings.Join(all, ", ") }
