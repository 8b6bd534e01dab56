package granting_test

import (
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/signing"
)

// signedIn is an actor as a request has it, whose uses are gathered.
func (st stage) signedIn(a access.Actor) access.Actor {
	st.Helper()
	token := rand.Text()
	st.must(st.w.DB.WriteApart(st.Context(), access.System(id.Company{}), func(tx *store.Tx, _ access.Actor) error {
		m, err := tx.Companies.GetMember(st.Context(), a.Company, a.Member)
		if err != nil {
			return err
		}
		tx.Accounts.InsertSession(identity.Session{ID: id.NewSession(tx.Now), Account: m.Account, Company: a.Company, Member: a.Member, Bearer: true, CreatedAt: tx.Now, SeenAt: tx.Now,
			EndsAt: tx.Now.Add(identity.Lifetime)}, signing.Digest(token))
		return nil
	}))
	actor, err := signing.New(st.w.DB, signing.Options{}).Recognise(st.Context(), token, "127.0.0.1", "test")
	st.must(err)
	return actor
}

func TestWhatIsUsedIsRecorded(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		role := st.role("Watcher", access.OrdersViewCompany, access.RolesView)
		st.give(st.w.Bob, role.ID, id.Unit{})
		idle := func(days int) (codes []string, u access.Unused) {
			st.Helper()
			u, err := st.s.Unused(ctx, st.w.Dan, role.ID, days)
			st.must(err)
			for _, l := range u.Leaves {
				codes = append(codes, l.Permission.Code())
			}
			return codes, u
		}
		if codes, u := idle(90); len(codes) != role.Set.Len() || u.Kept != "" || u.Whole() {
			st.Errorf("before anything is recorded: %v, %+v", codes, u)
		}
		bob := st.signedIn(st.w.Bob)
		if bob.Require(access.OrdersViewCompany, tree.Top) != nil || bob.Require(access.UsersManage, tree.Top) == nil {
			st.Fatal("Bob may not do what he may, or may what he may not")
		}
		for _, want := range []int{1, 0} { // the second time there is nothing new
			st.must(bob.Require(access.OrdersViewCompany, tree.Top))
			n, err := st.s.RecordUses(ctx, access.System(id.Company{}))
			st.must(err)
			if n != want {
				st.Errorf("recorded uses of %d members, want %d", n, want)
			}
		}
		codes, u := idle(1)
		if len(codes) != 1 || codes[0] != access.RolesView.Code() || u.Kept == "" || u.Holders != 1 {
			st.Errorf("unused %v, recorded since %q", codes, u.Kept)
		}
		today := date.On(st.w.DB.Times(), time.UTC)
		if u.Kept != today || u.Since != today || !u.Whole() {
			st.Errorf("%+v", u)
		}
		// ten days later it is no longer used in the last week, but in the last fortnight
		at := st.w.DB.Times().AddDate(0, 0, 10)
		st.w.DB.Engine().SetClock(func() time.Time { return at })
		if codes, _ := idle(7); len(codes) != role.Set.Len() {
			st.Errorf("in the last week: %v", codes)
		}
		if codes, _ := idle(11); len(codes) != 1 {
			st.Errorf("in the last eleven days: %v", codes)
		}
		// what somebody else used, who does not have the role, does not count
		ann := st.signedIn(st.now(st.w.Ann))
		ann.Scope(access.ViewOrders)
		st.must(second(st.s.RecordUses(ctx, access.System(id.Company{}))))
		if codes, _ := idle(1); len(codes) != role.Set.Len() {
			st.Errorf("after somebody else's use: %v", codes)
		}
		_, err := st.s.Unused(ctx, st.w.Dan, role.ID, 0)
		st.refused("no days", err, granting.ErrDays)
		_, err = st.s.Unused(ctx, st.w.Ann, role.ID, 5)
		st.refused("Ann may not look at roles", err, access.ErrForbidden)
		_, err = st.s.Unused(ctx, st.w.Eve, role.ID, 5)
		st.refused("of another company", err, access.ErrUnseenRole)
		_, err = st.s.RecordUses(ctx, st.w.Dan)
		st.refused("only the system records", err, access.ErrUnseen)
	})
}

// What could not be written is written the next time.
func TestUsesAreNotLostWhenTheDatabaseFails(t *testing.T) {
	each(t, func(st stage) {
		bob := st.signedIn(st.w.Bob)
		st.must(bob.RequireSomewhere(access.PurchaseOrdersApprove))
		all := st.w.DB.TakeUses()
		if len(all) != 1 || !all[0].Set.Has(access.PurchaseOrdersApprove) {
			st.Fatalf("%+v", all)
		}
		st.w.DB.PutUses(all)
		again := st.w.DB.TakeUses()
		if len(again) != 1 || again[0] != all[0] {
			st.Errorf("given back %+v, found %+v", all, again)
		}
	})
}

func TestSimilarRolesAreFound(t *testing.T) {
	each(t, func(st stage) {
		a := st.role("One", access.CatalogView, access.PricesView, access.CartsManage, access.CheckoutPlace, access.OrdersView)
		b := st.role("Two", access.CatalogView, access.PricesView, access.CartsManage, access.CheckoutPlace, access.OrdersView, access.OrdersCancel)
		all, err := st.s.Similar(st.Context(), st.w.Dan)
		st.must(err)
		found := false
		for _, s := range all {
			found = found || s.First.ID == a.ID && s.Second.ID == b.ID && s.Permissions == 83 && s.SecondWouldGain.Len() == 0 && s.FirstWouldGain == access.SetOf(access.OrdersCancel)
		}
		if !found {
			st.Errorf("%+v", all)
		}
		_, err = st.s.Similar(st.Context(), st.w.Ann)
		st.refused("Ann may not look at roles", err, access.ErrForbidden)
	})
}

func TestWhomToAsk(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		ask := func(a access.Actor) []string {
			st.Helper()
			names, err := st.s.WhomToAsk(ctx, a)
			st.must(err)
			return names
		}
		if got := ask(st.w.Ann); !slices.Equal(got, []string{"Dan Director"}) {
			st.Errorf("Ann asks %v", got)
		}
		if got := ask(st.w.Dan); len(got) != 0 {
			st.Errorf("Dan asks %v", got)
		}
		st.give(st.w.Bob, st.w.Roles["administrator"], st.w.Units["ops"]) // of a unit only
		st.give(st.w.Cleo, st.w.Roles["administrator"], id.Unit{})
		if got := ask(st.now(st.w.Ann)); !slices.Equal(got, []string{"Cleo Clark", "Dan Director"}) {
			st.Errorf("Ann asks %v", got)
		}
		_, err := st.s.WhomToAsk(ctx, access.Anonymous())
		st.refused("nobody asks", err, access.ErrSignIn)
	})
}

// What somebody may let a role permit is what they could give wherever it is given.
func TestWhatARoleMayBeLetPermit(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		roles, local := st.role("Role keeper", access.RolesManage).ID, st.role("Looker", access.OrdersView).ID
		st.give(st.w.Cleo, roles, id.Unit{})
		st.give(st.w.Cleo, st.w.Roles["buyer"], st.w.Units["ops"])
		st.give(st.w.Bob, local, st.w.Units["ops"])
		cleo := st.now(st.w.Cleo)
		gives := func(key id.Role) access.Set {
			st.Helper()
			set, err := st.s.Givable(ctx, cleo, key)
			st.must(err)
			return set
		}
		if s := gives(id.Role{}); !s.Has(access.RolesManage) || s.Has(access.CheckoutPlace) {
			st.Errorf("a new role may permit %v", s.Codes())
		}
		if s := gives(local); !s.Has(access.CheckoutPlace) || s.Has(access.AuditView) {
			st.Errorf("a role of a unit may permit %v", s.Codes())
		}
		_, err := st.s.Givable(ctx, st.w.Ann, local)
		st.refused("Ann makes no roles", err, access.ErrForbidden)
		_, err = st.s.Givable(ctx, cleo, st.w.GlobexRoles["buyer"])
		st.refused("a role of another company's", err, access.ErrUnseenRole)
	})
}
