package signing_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/signing"
	"kontor/internal/view"
)

const (
	secret = "the cat sat on my keyboard"
	other  = "and the dog under my desk"
)

// stage is the cast, some of whom have passwords, at a moment that the test moves on.
type stage struct {
	*testing.T
	w   *cast.World
	s   *signing.Service
	log *bytes.Buffer
	now *atomic.Int64 // nanoseconds
}

func each(t *testing.T, test func(stage)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		st := stage{T: t, log: &bytes.Buffer{}, now: &atomic.Int64{}}
		st.now.Store(time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC).UnixNano())
		db.Engine().SetClock(func() time.Time { return time.Unix(0, st.now.Add(int64(time.Microsecond))) }) // no two moments are the same
		st.w = cast.Acme(t, db)
		st.s = signing.New(db, signing.Options{Log: slog.New(slog.NewTextHandler(st.log, nil))})
		st.must(st.s.SetPassword(t.Context(), access.System(id.Company{}), secret, "ann@acme.example"))
		test(st)
	})
}

func (st stage) must(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

func (st stage) pass(d time.Duration) { st.now.Add(int64(d)) }

func from(address string) access.Actor {
	a := access.Anonymous()
	a.From, a.Request = address, "req_1"
	return a
}

func (st stage) in(email, password string) (signing.SignedIn, error) {
	return st.s.SignIn(st.Context(), from("192.0.2.7"), signing.SignInInput{Email: email, Password: password, Device: "Firefox"})
}

func (st stage) ann() signing.SignedIn {
	st.Helper()
	in, err := st.in("ann@acme.example", secret)
	st.must(err)
	return in
}

func (st stage) who(token string) (access.Actor, error) {
	return st.s.Recognise(st.Context(), token, "192.0.2.8", "req_2")
}

func (st stage) actor(token string) access.Actor {
	st.Helper()
	a, err := st.who(token)
	st.must(err)
	return a
}

// refused checks that an error is a fault.
func (st stage) refused(sentence string, err error, want error) {
	st.Helper()
	if !errors.Is(err, want) {
		st.Errorf("%s: %v, and not %v", sentence, err, want)
	}
}

// events lists what the audit of a company has about an account, the oldest first.
func (st stage) events(key id.Company, account id.Account) (names []string) {
	st.Helper()
	st.must(st.w.DB.Read(st.Context(), access.System(key), func(tx *store.Tx, _ access.Actor) error {
		list, err := tx.Views.ListAudit(st.Context(), key, view.AuditFilter{Event: "account.", About: account.String()}, page.Ask{Limit: 200})
		for _, r := range slices.Backward(list.Rows) {
			names = append(names, r.Event)
		}
		return err
	}))
	return names
}

func TestAnnSignsIn(t *testing.T) {
	each(t, func(st stage) {
		in, err := st.s.SignIn(st.Context(), from("192.0.2.7"), signing.SignInInput{Email: " ANN@acme.example ", Password: secret, Device: "Fire\x1bfox " + strings.Repeat("x", 300)})
		st.must(err)
		if len(in.Token) != 43 || strings.ContainsAny(in.Token, "+/=") {
			st.Errorf("a token is 256 bits in letters that stand anywhere: %q", in.Token)
		}
		if in.Profile.Company != st.w.Acme || in.Profile.Email != "ann@acme.example" || in.Session.Address != "192.0.2.7" || len(in.Session.Device) != 200 || strings.Contains(in.Session.Device, "\x1b") {
			st.Errorf("%+v", in)
		}
		a := st.actor(in.Token)
		if a.Company != st.w.Acme || a.Member != st.w.Ann.Member || a.Account != st.w.Ann.Account || a.At != st.w.Ann.At || a.Name != "Ann Archer" || a.Request != "req_2" || a.From != "192.0.2.8" {
			st.Errorf("%+v", a)
		}
		if !a.May(access.CheckoutPlace, tree.Top) || a.May(access.UsersManage, tree.Top) {
			st.Error("Ann has other rights than her role gives her")
		}
		if got := st.events(st.w.Acme, a.Account); !slices.Equal(got, []string{"account.password_changed", "account.signed_in"}) {
			st.Error(got)
		}
		again := st.ann()
		if again.Token == in.Token || again.Session.ID == in.Session.ID {
			st.Error("two sessions are one")
		}
	})
}

func TestEveryFailureIsTheSame(t *testing.T) {
	each(t, func(st stage) {
		ctx, system := st.Context(), access.System(id.Company{})
		st.must(st.s.SetPassword(ctx, system, secret, "cleo@acme.example", "eve@globex.example"))
		st.must(st.w.DB.Write(ctx, access.System(st.w.Globex), func(tx *store.Tx, _ access.Actor) error {
			tx.Companies.SetStatus(st.w.Globex, company.Closed, "")
			return nil
		}))
		for sentence, c := range map[string]struct{ email, password string }{
			"a wrong password":                       {"ann@acme.example", other},
			"no password":                            {"ann@acme.example", ""},
			"nobody of this address":                 {"zoe@acme.example", secret},
			"an address that is none":                {"ann", secret},
			"no address":                             {"", ""},
			"an account without a password":          {"bob@acme.example", ""},
			"an account without a password, guessed": {"bob@acme.example", secret},
			"a company that is closed, guessed":      {"eve@globex.example", other},
		} {
			_, err := st.in(c.email, c.password)
			if err == nil || err.Error() != identity.ErrCredentials.Error() || fault.KindOf(err) != fault.Unauthenticated {
				st.Errorf("%s: %v", sentence, err)
			}
		}
		if _, err := st.in("eve@globex.example", secret); !errors.Is(err, identity.ErrNotLetIn) || !strings.Contains(err.Error(), "Globex is closed here") {
			st.Errorf("who knows the password of a company that is closed: %v", err)
		}
		if strings.Contains(st.log.String(), "@") || strings.Contains(st.log.String(), secret) || strings.Contains(st.log.String(), other) {
			st.Errorf("the log tells addresses or passwords: %s", st.log)
		}
	})
}

func TestNobodyTellsByTheClockWhoHasAnAccount(t *testing.T) {
	st := stage{T: t, log: &bytes.Buffer{}}
	st.w = cast.Acme(t, storetest.Lite(t))
	st.s = signing.New(st.w.DB, signing.Options{Log: slog.New(slog.DiscardHandler)})
	st.must(st.s.SetPassword(t.Context(), access.System(id.Company{}), secret, "ann@acme.example"))
	// Each in turn, and of each the quickest, so that it does not matter what else this machine does.
	who := []string{"ann@acme.example", "zoe@acme.example", "bob@acme.example"}
	took := make([]time.Duration, len(who))
	for round := range 5 {
		for i, email := range who {
			began := time.Now()
			_, err := st.s.SignIn(t.Context(), from("198.51.100."+strconv.Itoa(round)), signing.SignInInput{Email: email, Password: other})
			if d := time.Since(began); round == 0 || d < took[i] {
				took[i] = d
			}
			st.refused(email, err, identity.ErrCredentials)
		}
	}
	t.Logf("known %s, unknown %s, without a password %s", took[0], took[1], took[2])
	if slices.Min(took) < slices.Max(took)/4 { // without a hash it is a thirtieth
		t.Errorf("an account that there is takes %s, one that there is not %s, one without a password %s", took[0], took[1], took[2])
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	each(t, func(st stage) {
		guess := func(address string) error {
			_, err := st.s.SignIn(st.Context(), from(address), signing.SignInInput{Email: "ann@acme.example", Password: other})
			return err
		}
		for i := range 6 {
			st.refused("a wrong password", guess("192.0.2."+strconv.Itoa(i)), identity.ErrCredentials)
		}
		err := guess("198.51.100.9")
		st.refused("the seventh guess, from wherever", err, identity.ErrThrottled)
		var f *fault.Fault
		if !errors.As(err, &f) || f.Detail["retry_after"] != "1" {
			st.Errorf("it is not said when to try again: %v", err)
		}
		_, err = st.in("ann@acme.example", secret)
		st.refused("Ann herself", err, identity.ErrThrottled)
		st.pass(time.Second)
		st.ann()
		st.refused("after she came in all is forgotten", guess("192.0.2.7"), identity.ErrCredentials)
		st.refused("after she came in all is forgotten", guess("192.0.2.7"), identity.ErrCredentials)

		for range 2 {
			st.refused("nobody is no easier", second(st.in("zoe@acme.example", other)), identity.ErrCredentials)
		}
		want := []string{"account.password_changed"}
		for range 6 {
			want = append(want, "account.sign_in_failed")
		}
		want = append(want, "account.signed_in", "account.sign_in_failed", "account.sign_in_failed")
		if got := st.events(st.w.Acme, st.w.Ann.Account); !slices.Equal(got, want) {
			st.Error(got)
		}
	})
}

func second[A, B any](_ A, b B) B { return b }

func TestOneAddressDoesNotTryAllAccounts(t *testing.T) {
	each(t, func(st stage) {
		guess := func(address string, i int) error {
			_, err := st.s.SignIn(st.Context(), from(address), signing.SignInInput{Email: "nobody" + strconv.Itoa(i) + "@acme.example", Password: other})
			return err
		}
		for i := range 31 {
			st.refused("a guess", guess("2001:db8:1:2::"+strconv.Itoa(i+1), i), identity.ErrCredentials)
		}
		st.refused("one more of the same network", guess("2001:db8:1:2:ffff::1", 40), identity.ErrThrottled)
		st.refused("one of another", guess("2001:db8:1:3::1", 41), identity.ErrCredentials)
	})
}

func TestManyGuessesAtOnceAreNoMoreThanOneAfterAnother(t *testing.T) {
	each(t, func(st stage) {
		var tried atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				_, err := st.in("ann@acme.example", other)
				switch {
				case errors.Is(err, identity.ErrCredentials):
					tried.Add(1)
				case !errors.Is(err, identity.ErrThrottled):
					st.Error(err)
				}
			})
		}
		wg.Wait()
		// Those who hold the slots may look at the throttle at the same moment.
		if n := tried.Load(); n < 6 || n > 6+16 {
			st.Errorf("%d of 40 guesses were looked at", n)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(st stage) {
		in := st.ann()
		for range 4 {
			st.pass(identity.Idle - time.Second)
			st.actor(in.Token)
		}
		st.pass(identity.Idle)
		st.refused("a session that lay idle", second(st.who(in.Token)), identity.ErrSessionEnded)
		st.pass(-identity.Idle)
		st.refused("it has been removed", second(st.who(in.Token)), identity.ErrSessionEnded)

		in = st.ann()
		for i := time.Duration(0); i < identity.Lifetime-20*time.Minute; i += 20 * time.Minute {
			st.pass(20 * time.Minute)
			st.actor(in.Token)
		}
		st.pass(20 * time.Minute)
		st.refused("a session that was in use for twelve hours", second(st.who(in.Token)), identity.ErrSessionEnded)
		st.refused("a token that is none", second(st.who("x")), identity.ErrSessionEnded)
		st.refused("no token", second(st.who("")), identity.ErrSessionEnded)
	})
}

func TestThatASessionWasInUseIsNotedOnceAMinute(t *testing.T) {
	each(t, func(st stage) {
		in := st.ann()
		seen := func() time.Duration {
			all, err := st.s.Sessions(st.Context(), st.w.Ann)
			st.must(err)
			return all[0].SeenAt.Sub(in.Session.CreatedAt).Truncate(time.Second)
		}
		for _, step := range []struct{ pass, seen time.Duration }{
			{59 * time.Second, 0}, {time.Second, time.Minute}, {59 * time.Second, time.Minute}, {2 * time.Second, 121 * time.Second},
		} {
			st.pass(step.pass)
			st.actor(in.Token)
			if got := seen(); got != step.seen {
				st.Errorf("seen after %s, and not %s", got, step.seen)
			}
		}
	})
}

func TestAnnSeesAndEndsHerSessions(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		st.must(st.s.SetPassword(ctx, access.System(id.Company{}), secret, "eve@globex.example"))
		eve, err := st.in("eve@globex.example", secret)
		st.must(err)
		one, two, three := st.ann(), st.ann(), st.ann()
		ann := st.actor(one.Token)
		all, err := st.s.Sessions(ctx, ann)
		st.must(err)
		if len(all) != 3 || !slices.ContainsFunc(all, func(s identity.Session) bool { return s.ID == ann.Session }) {
			st.Errorf("%+v", all)
		}
		st.refused("Eve's session is not Ann's to end", st.s.EndSession(ctx, ann, eve.Session.ID), identity.ErrUnseenSession)
		st.must(st.s.EndSession(ctx, ann, two.Session.ID))
		st.refused("what she ended has ended", second(st.who(two.Token)), identity.ErrSessionEnded)
		st.actor(three.Token)
		st.must(st.s.SignOutEverywhere(ctx, ann))
		st.refused("the others too", second(st.who(three.Token)), identity.ErrSessionEnded)
		st.actor(one.Token)
		st.must(st.s.SignOut(ctx, ann))
		st.refused("and at last her own", second(st.who(one.Token)), identity.ErrSessionEnded)
		st.actor(eve.Token)
		if got := st.events(st.w.Acme, ann.Account); !slices.Equal(got[len(got)-3:], []string{"account.signed_out", "account.signed_out", "account.signed_out"}) {
			st.Error(got)
		}
	})
}

func TestRightsBiteAtOnce(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		in := st.ann()
		if a := st.actor(in.Token); !a.May(access.CheckoutPlace, tree.Top) {
			st.Fatal("Ann may not buy")
		}
		status := func(s company.Status) {
			st.must(st.w.DB.Write(ctx, access.System(st.w.Acme), func(tx *store.Tx, _ access.Actor) error {
				tx.Companies.SetStatus(st.w.Acme, s, "")
				return nil
			}))
		}
		status(company.Blocked)
		if a := st.actor(in.Token); a.May(access.CheckoutPlace, tree.Top) || !a.May(access.OrdersView, tree.Top) || a.Regime != access.Looking {
			st.Error("Ann buys in a company that is blocked, or may not look")
		}
		st.ann()
		status(company.Active)
		if a := st.actor(in.Token); !a.May(access.CheckoutPlace, tree.Top) {
			st.Error("Ann may not buy in a company that is blocked no more")
		}
		status(company.Closed)
		st.refused("the session in a company that is closed", second(st.who(in.Token)), identity.ErrSessionEnded)
	})
}

// join makes Ann a member of Globex.
func (st stage) join() company.Member {
	m := company.Member{ID: id.NewMember(st.w.DB.Times()), Account: st.w.Ann.Account, Name: "Ann", Email: "ann@acme.example", Status: company.Working}
	st.must(st.w.DB.Write(st.Context(), access.System(st.w.Globex), func(tx *store.Tx, _ access.Actor) error {
		tx.Companies.InsertMember(st.w.Globex, m)
		tx.Companies.SetRightsChanged(st.w.Globex)
		return nil
	}))
	return m
}

func TestAnnActsForTwoCompanies(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		in := st.ann()
		ann := st.actor(in.Token)
		st.refused("a company where she is no member", st.s.SwitchCompany(ctx, ann, st.w.Globex), company.ErrUnseen)
		m := st.join()
		st.must(st.s.SwitchCompany(ctx, ann, st.w.Globex))
		there := st.actor(in.Token)
		if there.Company != st.w.Globex || there.Member != m.ID || there.May(access.CheckoutPlace, tree.Top) {
			st.Errorf("at Globex she has no role: %+v", there)
		}
		all, err := st.s.Companies(ctx, there)
		st.must(err)
		if len(all) != 2 || all[0].Company != st.w.Globex || !all[0].Last || all[1].Company != st.w.Acme || all[1].Last {
			st.Errorf("%+v", all)
		}
		if here := all[1]; here.UnitName != "Operations" || !slices.Equal(here.Roles, []string{"Buyer"}) || all[0].UnitName != "" || len(all[0].Roles) > 0 {
			st.Errorf("where she is, and as what: %+v", all)
		}
		if _, around, err := st.s.Around(ctx, there); err != nil || !reflect.DeepEqual(around, all) {
			st.Errorf("the frame says %+v, %v", around, err)
		}
		if again := st.ann(); again.Session.Company != st.w.Globex {
			st.Error("she does not come back to where she was last")
		}
		if p, err := st.s.Me(ctx, there); err != nil || p.CompanyName != "Globex" || p.Email != "ann@acme.example" || p.Member != m.ID {
			st.Errorf("%+v, %v", p, err)
		}
		if got := st.events(st.w.Globex, ann.Account); !slices.Equal(got, []string{"account.company_switched", "account.signed_in"}) {
			st.Error(got)
		}
	})
}

func TestAnnChangesHerPassword(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		in, elsewhere := st.ann(), st.ann()
		ann := st.actor(in.Token)
		change := func(current, next string) error {
			return st.s.ChangePassword(ctx, ann, signing.ChangePasswordInput{Current: current, New: next})
		}
		for sentence, c := range map[string]struct{ current, next, field string }{
			"a wrong one in use":     {other, other, "current"},
			"a short one":            {secret, "short", "new"},
			"her own name":           {secret, "Archer-archer-ann-acme", "new"},
			"one that everybody has": {secret, "passwordpassword", "new"},
		} {
			var f *fault.Fault
			if err := change(c.current, c.next); !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Name != c.field {
				st.Errorf("%s: %v", sentence, err)
			}
		}
		if f := fault.Of(change(other, "short")); f == nil || len(f.Fields) != 2 {
			st.Errorf("neither of the two: %v", f)
		}
		for _, current := range []string{secret, other} {
			trying := signing.ChangePasswordInput{Current: current, New: "short"}
			if f := fault.Of(st.s.ChangePassword(ctx, ann.Trying(), trying)); f == nil || len(f.Fields) != 1 {
				st.Errorf("who only tries learns whether it is the password in use: %v", f)
			}
		}
		st.must(change(secret, other))
		st.actor(in.Token)
		st.refused("the session elsewhere", second(st.who(elsewhere.Token)), identity.ErrSessionEnded)
		st.refused("the old password", second(st.in("ann@acme.example", secret)), identity.ErrCredentials)
		if _, err := st.in("ann@acme.example", other); err != nil {
			st.Error("the new password:", err)
		}
		for range 6 {
			if err := change("no", other); errors.Is(err, identity.ErrThrottled) {
				st.Error("guessing is slowed down too soon")
			}
		}
		st.refused("who guesses in a session is slowed down", change("no", other), identity.ErrThrottled)
	})
}

func TestTheFirstPersonGetsIn(t *testing.T) {
	each(t, func(st stage) {
		ctx, system := st.Context(), access.System(id.Company{})
		_, err := st.s.Bootstrap(ctx, st.w.Dan, signing.BootstrapInput{Email: "dan@acme.example"})
		st.refused("Dan hands out no passwords", err, access.ErrForbidden)
		st.refused("nor sets any", st.s.SetPassword(ctx, st.w.Dan, secret, "bob@acme.example"), access.ErrForbidden)
		password, err := st.s.Bootstrap(ctx, system, signing.BootstrapInput{Email: "Dan@acme.example", First: "Dan", Last: "Director"})
		st.must(err)
		in, err := st.in("dan@acme.example", password)
		st.must(err)
		dan := st.actor(in.Token)
		if !in.Profile.Provisional || !dan.Company.IsZero() || dan.MaySomewhere(access.UsersView) || dan.MaySomewhere(access.CatalogView) {
			st.Errorf("with a password that was handed out Dan does more than replace it: %+v", dan)
		}
		st.refused("he acts for no company", st.s.SwitchCompany(ctx, dan, st.w.Acme), identity.ErrProvisional)
		again, err := st.s.Bootstrap(ctx, system, signing.BootstrapInput{Email: "dan@acme.example"}) // he has lost it
		st.must(err)
		st.refused("what was lost is no good to anybody", second(st.in("dan@acme.example", password)), identity.ErrCredentials)
		st.refused("nor is a session of it", second(st.who(in.Token)), identity.ErrSessionEnded)
		password = again
		in, err = st.in("dan@acme.example", password)
		st.must(err)
		dan = st.actor(in.Token)
		_, err = st.s.Bootstrap(ctx, system, signing.BootstrapInput{Email: "nobody@acme.example"})
		st.refused("nobody is handed one who is not there, and is not named", err, identity.ErrUnseenAccount)
		st.must(st.s.ChangePassword(ctx, dan, signing.ChangePasswordInput{Current: password, New: secret}))
		_, err = st.s.Bootstrap(ctx, system, signing.BootstrapInput{Email: "dan@acme.example"})
		st.refused("nobody is handed one beside their own", err, identity.ErrPasswordKnown)
		if dan = st.actor(in.Token); dan.Company != st.w.Acme || !dan.May(access.UsersManage, tree.Top) {
			st.Errorf("with a password of his own he runs Acme: %+v", dan)
		}
		if p, err := st.s.Me(ctx, dan); err != nil || p.Provisional {
			st.Errorf("%+v, %v", p, err)
		}

		password, err = st.s.Bootstrap(ctx, system, signing.BootstrapInput{Email: "olga@kontor.example", First: "Olga", Last: "Operator"})
		st.must(err)
		in, err = st.in("olga@kontor.example", password)
		st.must(err)
		olga := st.actor(in.Token)
		st.must(st.s.ChangePassword(ctx, olga, signing.ChangePasswordInput{Current: password, New: secret}))
		if olga = st.actor(in.Token); !olga.Company.IsZero() {
			st.Errorf("who is a member nowhere acts for nobody: %+v", olga)
		}
		st.must(st.s.SignOut(ctx, olga))
	})
}

func TestAnnIsSpokenToInGerman(t *testing.T) {
	each(t, func(st stage) {
		in := st.ann()
		ann := st.actor(in.Token)
		st.must(st.s.SetLanguage(st.Context(), ann, signing.SetLanguageInput{Language: locale.German, Zone: "Europe/Vienna"}))
		if a := st.actor(in.Token); a.Language != locale.German || a.Zone != "Europe/Vienna" {
			st.Errorf("%q %q", a.Language, a.Zone)
		}
		err := st.s.SetLanguage(st.Context(), ann, signing.SetLanguageInput{Language: "tlh", Zone: "Mars"})
		var f *fault.Fault
		if !errors.As(err, &f) || len(f.Fields) != 2 {
			st.Errorf("Klingon on Mars: %v", err)
		}
	})
}

func TestWhoHasNotSignedInHasNothing(t *testing.T) {
	each(t, func(st stage) {
		ctx, nobody := st.Context(), access.Anonymous()
		for name, err := range map[string]error{
			"Sessions":          second(st.s.Sessions(ctx, nobody)),
			"Me":                second(st.s.Me(ctx, nobody)),
			"Companies":         second(st.s.Companies(ctx, nobody)),
			"SignOut":           st.s.SignOut(ctx, nobody),
			"SignOutEverywhere": st.s.SignOutEverywhere(ctx, nobody),
			"EndSession":        st.s.EndSession(ctx, nobody, st.ann().Session.ID),
			"SetLanguage":       st.s.SetLanguage(ctx, nobody, signing.SetLanguageInput{Language: "en", Zone: "UTC"}),
			"ChangePassword":    st.s.ChangePassword(ctx, nobody, signing.ChangePasswordInput{}),
		} {
			if k := fault.KindOf(err); k != fault.Unauthenticated {
				st.Errorf("%s: %v", name, err)
			}
		}
		_, err := st.s.Bootstrap(ctx, nobody, signing.BootstrapInput{Email: "eve@globex.example"})
		st.refused("Bootstrap", err, access.ErrForbidden)
	})
}

func TestWhatHasEndedIsTakenAway(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		old := st.ann()
		st.pass(identity.Idle)
		fresh := st.ann()
		st.must(st.w.DB.WriteApart(ctx, access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error { tx.Accounts.DeleteEnded(); return nil }))
		st.pass(-identity.Idle)
		st.refused("what had ended is gone", second(st.who(old.Token)), identity.ErrSessionEnded)
		st.actor(fresh.Token)
	})
}

func TestTheTablesKnowNoSecret(t *testing.T) {
	each(t, func(st stage) {
		in := st.ann()
		if _, _, found, err := st.w.DB.Recognise(context.Background(), in.Token); err != nil || found {
			st.Error("the token itself is in the tables")
		}
		var bodies strings.Builder
		st.must(st.w.DB.Read(st.Context(), access.System(st.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			list, err := tx.Views.ListAudit(st.Context(), st.w.Acme, view.AuditFilter{}, page.Ask{Limit: 200})
			for _, r := range list.Rows {
				bodies.Write(r.Body)
			}
			return err
		}))
		for _, s := range []string{in.Token, secret, "argon2id"} {
			if strings.Contains(bodies.String(), s) {
				st.Errorf("the audit tells %q", s)
			}
		}
	})
}
