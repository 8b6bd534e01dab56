package auditing_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/store/engine"
	"kontor/internal/storetest"
	"kontor/internal/usecase/auditing"
	"kontor/internal/view"
)

type stage struct {
	*testing.T
	w *cast.World
	s *auditing.Service
}

func each(t *testing.T, test func(stage)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(stage{t, cast.Acme(t, db), auditing.New(db)}) })
}

func (st stage) must(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

var nobody = access.System(id.Company{})

// tell tells n events of Ann's.
func (st stage) tell(n int) {
	st.Helper()
	st.must(st.w.DB.Write(st.Context(), st.w.Ann, func(tx *store.Tx, actor access.Actor) error {
		for i := range n {
			tx.Tell(actor, identity.HasSignedIn{AccountID: actor.Account, Device: strconv.Itoa(i)})
		}
		return nil
	}))
}

func (st stage) seal() int {
	st.Helper()
	n, err := st.s.Seal(st.Context(), nobody)
	st.must(err)
	return n
}

func (st stage) verify(kept ...audit.Chain) audit.Report {
	st.Helper()
	r, err := st.s.Verify(st.Context(), access.System(st.w.Acme), kept...)
	st.must(err)
	return r
}

// tamper does to the tables what somebody with the keys to the database could do.
func (st stage) tamper(sql string, args ...any) {
	st.Helper()
	st.must(st.w.DB.Engine().Write(context.Background(), func(t *engine.Tx) error {
		var n int64
		t.Write(sql, args...).Counting(func(rows int64) { n = rows })
		err := t.Fetch(st.Context())
		if err == nil && n == 0 {
			return errors.New("nothing was tampered with")
		}
		return err
	}))
}

func TestTheChainIsSealedAndHolds(t *testing.T) {
	each(t, func(st stage) {
		before := st.verify()
		if before.Chain.Last != 0 || before.Unsealed == 0 || before.Broken != nil {
			st.Errorf("before it is sealed: %+v", before)
		}
		st.tell(1200)
		n := st.seal()
		r := st.verify()
		if r.Broken != nil || r.Unsealed != 0 || r.Chain.Last != before.Unsealed+1200 || r.Company != st.w.Acme || n <= 1200 {
			st.Errorf("%d sealed: %+v", n, r)
		}
		if st.seal() != 0 {
			st.Error("it is sealed twice")
		}
		st.tell(3)
		if r := st.verify(r.Chain); r.Unsealed != 3 || r.Broken != nil {
			st.Errorf("%+v", r)
		}
		st.seal()
		if r := st.verify(r.Chain); r.Unsealed != 0 || r.Broken != nil || r.Chain.Last != before.Unsealed+1203 {
			st.Errorf("%+v", r)
		}
		// Each company has its own.
		g, err := st.s.Verify(st.Context(), st.w.Eve)
		if err != nil || g.Broken != nil || g.Chain.Last == 0 || g.Company != st.w.Globex {
			st.Errorf("%+v, %v", g, err)
		}
	})
}

func TestManySealAtOnce(t *testing.T) {
	each(t, func(st stage) {
		for range 10 {
			st.tell(30)
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					if _, err := st.s.Seal(st.Context(), nobody); err != nil {
						st.Error(err)
					}
				})
			}
			wg.Go(func() { st.tell(30) })
			wg.Wait()
		}
		st.seal()
		if r := st.verify(); r.Broken != nil || r.Unsealed != 0 || r.Chain.Last < 600 {
			st.Errorf("%+v", r)
		}
	})
}

func TestWhatWasTamperedWithIsFound(t *testing.T) {
	for _, c := range []struct {
		sentence string
		tamper   func(st stage)
		place    int64
		why      audit.Why
	}{
		{"a body is changed", func(st stage) {
			st.tamper(`update audit set body = '{"account_id":"x"}' where company_id = ? and place = 4`, st.w.Acme)
		}, 4, audit.Changed},
		{"a name is changed", func(st stage) {
			st.tamper(`update audit set actor_name = 'Eve' where company_id = ? and place = 1`, st.w.Acme)
		}, 1, audit.Changed},
		{"an entry is dated back", func(st stage) {
			st.tamper(`update audit set at = ? where company_id = ? and place = 3`, time.UnixMilli(1), st.w.Acme)
		}, 3, audit.Changed},
		{"an entry is taken out", func(st stage) { st.tamper(`delete from audit where company_id = ? and place = 5`, st.w.Acme) }, 5, audit.Missing},
		{"an entry loses its place", func(st stage) {
			st.tamper(`update audit set place = null where company_id = ? and place = 2`, st.w.Acme)
		}, 2, audit.Missing},
		{"the end is cut off", func(st stage) { st.tamper(`delete from audit where company_id = ? and place > 6`, st.w.Acme) }, 7, audit.Missing},
		{"the last hash is another", func(st stage) {
			st.tamper(`update audit_chain set hash = 'x' where company_id = ?`, st.w.Acme)
		}, -1, audit.Rewritten},
		{"the end is cut off, and noted elsewhere", func(st stage) {
			st.tamper(`update audit_chain set last = 6, hash = (select a.hash from audit a where a.company_id = audit_chain.company_id and a.place = 6) where company_id = ?`, st.w.Acme)
			st.tamper(`delete from audit where company_id = ? and place > 6`, st.w.Acme)
		}, 7, audit.Missing},
	} {
		each(t, func(st stage) {
			st.tell(5)
			st.seal()
			kept := st.verify().Chain
			c.tamper(st)
			place := c.place
			if place < 0 {
				place = kept.Last
			}
			if r := st.verify(kept); r.Broken == nil || r.Broken.Place != place || r.Broken.Why != c.why {
				st.Errorf("%s: %+v %+v", c.sentence, r, r.Broken)
			}
		})
	}
}

func TestAChainMadeAnewIsFoundByACheckpoint(t *testing.T) {
	each(t, func(st stage) {
		st.tell(5)
		st.seal()
		kept := st.verify().Chain
		st.tamper(`update audit set actor_name = 'Eve' where company_id = ? and place = 2`, st.w.Acme)
		st.tamper(`update audit set place = null, hash = '' where company_id = ?`, st.w.Acme)
		st.tamper(`delete from audit_chain where company_id = ?`, st.w.Acme)
		st.seal()
		if r := st.verify(); r.Broken != nil {
			st.Errorf("in itself it holds: %+v", r.Broken)
		}
		if r := st.verify(kept); r.Broken == nil || r.Broken.Place != kept.Last || r.Broken.Why != audit.Rewritten {
			st.Errorf("%+v", r)
		}
	})
}

func TestTheAuditIsListed(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		clock := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
		st.w.DB.Engine().SetClock(func() time.Time { return clock })
		st.tell(3)
		clock = clock.Add(time.Hour)
		st.must(st.w.DB.Write(ctx, dan, func(tx *store.Tx, actor access.Actor) error {
			tx.Tell(actor, identity.HasSignedOut{AccountID: actor.Account}, access.RoleWasDeleted{RoleID: st.w.Roles["buyer"]})
			return nil
		}))
		today := clock.Add(-2 * time.Hour)
		list := func(f view.AuditFilter) (names []string) {
			ask := page.Ask{Limit: 2}
			for {
				l, err := st.s.List(ctx, dan, f, ask)
				st.must(err)
				for _, r := range l.Rows {
					names = append(names, r.Event)
				}
				if l.Next == "" {
					return names
				}
				ask, err = page.Parse(l.Next, 0, 2)
				st.must(err)
			}
		}
		in, out, gone := "account.signed_in", "account.signed_out", "role.deleted"
		for _, c := range []struct {
			sentence string
			filter   view.AuditFilter
			want     []string
		}{
			{"the newest first", view.AuditFilter{From: today}, []string{gone, out, in, in, in}},
			{"from a moment on", view.AuditFilter{From: clock}, []string{gone, out}},
			{"up to a moment", view.AuditFilter{From: today, Until: clock}, []string{in, in, in}},
			{"by who did it", view.AuditFilter{From: today, Member: st.w.Ann.Member}, []string{in, in, in}},
			{"by event", view.AuditFilter{From: today, Event: out}, []string{out}},
			{"by the beginning of events", view.AuditFilter{From: today, Event: "account."}, []string{out, in, in, in}},
			{"not by half a word", view.AuditFilter{From: today, Event: "acc"}, nil},
			{"by what it is about", view.AuditFilter{From: today, About: st.w.Roles["buyer"].String()}, []string{gone}},
			{"by somebody of another company", view.AuditFilter{Member: st.w.Eve.Member}, nil},
		} {
			if got := list(c.filter); !slices.Equal(got, c.want) {
				st.Errorf("%s: %v", c.sentence, got)
			}
		}
		l, err := st.s.List(ctx, dan, view.AuditFilter{From: clock}, page.Ask{Limit: 1})
		st.must(err)
		r := l.Rows[0]
		if r.Name != "Dan Director" || r.Kind != "member" || r.Member != dan.Member || r.Account != dan.Account || r.Request != "req_cast" || r.Address != "192.0.2.1" || !r.At.Equal(clock) || r.Place != 0 {
			st.Errorf("%+v", r)
		}
		_, err = st.s.List(ctx, dan, view.AuditFilter{}, page.Ask{After: []string{"-when", "x"}})
		if !errors.Is(err, page.ErrCursor) {
			st.Error(err)
		}
	})
}

func TestWhoMayRead(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		list := func(a access.Actor) (int, error) {
			l, err := st.s.List(ctx, a, view.AuditFilter{}, page.Ask{Limit: 200})
			return len(l.Rows), err
		}
		if _, err := list(st.w.Ann); !errors.Is(err, access.ErrForbidden) {
			st.Error("Ann reads the audit:", err)
		}
		if _, err := st.s.Verify(ctx, st.w.Ann); !errors.Is(err, access.ErrForbidden) {
			st.Error("Ann verifies it:", err)
		}
		if _, err := st.s.Seal(ctx, st.w.Dan); !errors.Is(err, access.ErrUnseen) {
			st.Error("Dan seals it:", err)
		}
		if _, err := list(access.Anonymous()); fault.KindOf(err) != fault.Unauthenticated {
			st.Error("nobody reads it:", err)
		}
		st.tell(150)
		dans, err := list(st.w.Dan)
		st.must(err)
		eves, err := list(st.w.Eve)
		st.must(err)
		if dans < 150 || eves == 0 || eves > 100 {
			st.Errorf("Dan reads %d entries, Eve %d", dans, eves)
		}
	})
}

// What staff did, what was answered to them and what they are told names customers; what a customer is told names no other.
func TestTheSellersRowsNameCustomers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := cast.Acme(t, db)
		answered := func(who access.Actor, about id.Company) {
			t.Helper()
			if err := db.Write(t.Context(), who, func(tx *store.Tx, _ access.Actor) error {
				tx.InsertOnce(who, "api.get-customer", about.String(), "h", map[string]string{"company_id": about.String()})
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		verified := func() (said []string) {
			t.Helper()
			if _, err := auditing.New(db).VerifyTenants(t.Context(), access.System(id.Company{}), func(_ int64, s string) { said = append(said, s) }); err != nil {
				t.Fatal(err)
			}
			return said
		}
		answered(w.Sam, w.Acme)
		if said := verified(); len(said) > 0 {
			t.Errorf("of what Sam was answered: %q", said)
		}
		answered(w.Dan, w.Globex)
		if said := verified(); len(said) != 1 || !strings.HasPrefix(said[0], "once ") {
			t.Errorf("of what Dan was answered: %q", said)
		}
	})
}

// Staff who may view all audits read a customer's as its administrators do; nobody else does.
func TestStaffReadACustomersAudit(t *testing.T) {
	each(t, func(st stage) {
		ctx, w := st.Context(), st.w
		st.must(w.DB.Write(ctx, w.Dan, func(tx *store.Tx, actor access.Actor) error {
			tx.Tell(actor, access.DefaultWasSet{RoleID: w.Roles["buyer"]})
			return nil
		}))
		own, err := st.s.List(ctx, w.Dan, view.AuditFilter{}, page.Ask{})
		st.must(err)
		theirs, err := st.s.ListOf(ctx, w.Sam, w.Acme, view.AuditFilter{}, page.Ask{})
		st.must(err)
		if len(own.Rows) == 0 || len(theirs.Rows) != len(own.Rows) || theirs.Rows[0].Hash != own.Rows[0].Hash || theirs.NamesIn(theirs.Rows[0])[w.Roles["buyer"].String()] != "Buyer" {
			st.Errorf("Dan reads %+v, Sam %+v", own, theirs)
		}
		for sentence, who := range map[string]access.Actor{"Sue, who may not": w.Sue, "Dan, of the company": w.Dan, "Eve, of another": w.Eve} {
			if _, err := st.s.ListOf(ctx, who, w.Acme, view.AuditFilter{}, page.Ask{}); !errors.Is(err, access.ErrForbidden) && !errors.Is(err, access.ErrUnseen) {
				st.Errorf("%s: %v", sentence, err)
			}
		}
		if _, err := st.s.ListOf(ctx, w.Sam, id.NewCompany(w.DB.Times()), view.AuditFilter{}, page.Ask{}); err == nil {
			st.Error("a company that there is not")
		}
	})
}

// Of a list in an event its beginning is called by name, however long it is.
func TestAnEventThatNamesThousands(t *testing.T) {
	each(t, func(st stage) {
		w := st.w
		st.must(w.DB.Write(st.Context(), w.Dan, func(tx *store.Tx, actor access.Actor) error {
			for range 40 {
				e := access.WereAssigned{CompanyID: w.Acme}
				for range 1000 {
					e.Assignments = append(e.Assignments, access.WasAssigned{AssignmentID: id.NewAssignment(tx.Now), RoleID: w.Roles["buyer"], Role: "Buyer", MemberID: w.Ann.Member})
				}
				tx.Tell(actor, e)
			}
			return nil
		}))
		list, err := st.s.List(st.Context(), w.Dan, view.AuditFilter{}, page.Ask{Limit: page.Most})
		st.must(err)
		if names := list.NamesIn(list.Rows[0]); len(list.Rows) < 40 || names[w.Ann.Member.String()] != "Ann Archer" {
			st.Errorf("%d entries, the first names %v", len(list.Rows), names)
		}
	})
}
