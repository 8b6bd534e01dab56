package organising_test

import (
	"slices"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

// family is the cast, with Globex belonging to Acme.
type family struct {
	stage
	shop *onboarding.Service
}

func eachFamily(t *testing.T, test func(family)) {
	each(t, func(st stage) {
		f := family{st, onboarding.New(st.w.DB)}
		f.must(f.belong(f.w.Globex, "10001"))
		test(f)
	})
}

// belong puts a company under the one of a customer number; nothing is none.
func (f family) belong(key id.Company, parent string) error {
	f.Helper()
	c, err := f.shop.GetCustomer(f.Context(), f.w.Sam, key)
	f.must(err)
	return f.shop.SetParent(f.Context(), f.w.Sam, onboarding.SetParentInput{Company: key, Version: c.Version, Parent: parent})
}

// status brings a company to another status.
func (f family) status(key id.Company, to company.Status) {
	f.Helper()
	c, err := f.shop.GetCustomer(f.Context(), f.w.Sam, key)
	f.must(err)
	f.must(f.shop.ChangeStatus(f.Context(), f.w.Sam, onboarding.ChangeStatusInput{Company: key, Version: c.Version, To: to, Reason: "a test"}))
}

// borrowed is somebody of Acme who acts for Globex.
func (f family) borrowed(who access.Actor, role id.Role) (company.Member, access.Actor) {
	f.Helper()
	m, err := f.s.Borrow(f.Context(), f.w.Eve, organising.BorrowInput{Lent: who.Member, Role: role})
	f.must(err)
	a, err := f.w.Actor(f.Context(), f.w.Globex, m.ID)
	f.must(err)
	return m, a
}

// acts is what somebody meets who wants to see the members: once as a reader, once as a writer.
func acts(f family, who access.Actor) (read, write error) {
	see := func(tx *store.Tx, actor access.Actor) error {
		if err := tx.Fetch(f.Context()); err != nil {
			return err
		}
		return actor.RequireSomewhere(access.CatalogView)
	}
	return f.w.DB.Read(f.Context(), who, see), f.w.DB.Write(f.Context(), who, see)
}

// A member of a company above acts below it, as long as they act there and the one belongs to the other.
func TestAMemberOfTheParentActsBelowIt(t *testing.T) {
	eachFamily(t, func(f family) {
		ctx, w := f.Context(), f.w
		all, err := f.s.Lendable(ctx, w.Eve, "", page.Ask{})
		f.must(err)
		var names []string
		for _, l := range all.Rows {
			names = append(names, l.Name+" of "+l.HomeName)
		}
		if want := []string{"Ann Archer of Acme Works", "Bob Boss of Acme Works", "Cleo Clark of Acme Works", "Dan Director of Acme Works"}; !slices.Equal(names, want) {
			f.Errorf("Acme lends %q", names)
		}
		m, ann := f.borrowed(w.Ann, w.GlobexRoles["buyer"])
		if m.Home != w.Acme || m.Name != "Ann Archer" || !ann.May(access.CheckoutPlace, tree.Top) || ann.Home != w.Acme {
			f.Fatalf("%+v, %+v", m, ann.Grants())
		}
		dan, err := f.s.Member(ctx, w.Eve, m.ID)
		f.must(err)
		if dan.HomeName != "Acme Works" || !dan.Acts() {
			f.Errorf("%+v", dan)
		}
		for _, c := range []struct {
			sentence string
			do, undo func()
		}{
			{"who leaves the parent", func() { f.must(f.s.Leave(ctx, w.Dan, organising.LeaveInput{ID: w.Ann.Member, Version: 1})) },
				func() {
					f.must(second(f.s.ReactivateMember(ctx, w.Dan, organising.ReactivateMemberInput{ID: w.Ann.Member, Version: 2})))
				}},
			{"whose company belongs to it no more", func() { f.must(f.belong(w.Globex, "")) }, func() { f.must(f.belong(w.Globex, "10001")) }},
			{"whose parent is closed", func() { f.status(w.Acme, company.Closed) }, nil},
		} {
			c.do()
			read, write := acts(f, ann)
			f.refused(c.sentence+" reads nothing", read, access.ErrForbidden)
			f.refused(c.sentence+" writes nothing", write, access.ErrForbidden)
			now, err := w.Again(ctx, ann)
			if f.must(err); len(now.Roles()) > 0 || now.MaySomewhere(access.CatalogView) {
				f.Errorf("%s holds %v", c.sentence, now.Grants())
			}
			p, err := f.s.Member(ctx, w.Eve, m.ID)
			if f.must(err); p.Acts() || p.Status != company.Working {
				f.Errorf("%s: %+v", c.sentence, p.Member)
			}
			if c.undo == nil {
				continue
			}
			c.undo()
			if read, write = acts(f, now); read != nil || write != nil {
				f.Errorf("%s is back and meets %v, %v", c.sentence, read, write)
			}
		}
	})
}

// A company two levels above lends as well, and a break anywhere in the line ends it.
func TestALineLends(t *testing.T) {
	eachFamily(t, func(f family) {
		made, err := f.shop.Found(f.Context(), access.System(id.Company{}), onboarding.FoundInput{Number: "10003", Name: "Initech", Currency: "EUR", Email: "ivy@initech.example", First: "Ivy", Last: "Ives"})
		f.must(err)
		f.must(f.belong(made.Company, "10002"))
		ivy, err := f.w.Actor(f.Context(), made.Company, made.Administrator)
		f.must(err)
		m, err := f.s.Borrow(f.Context(), ivy, organising.BorrowInput{Lent: f.w.Bob.Member, Role: made.Roles["approver"]})
		f.must(err)
		bob, err := f.w.Actor(f.Context(), made.Company, m.ID)
		f.must(err)
		if read, write := acts(f, bob); read != nil || write != nil {
			f.Error(read, write)
		}
		f.must(f.belong(f.w.Globex, ""))
		read, write := acts(f, bob)
		f.refused("who is cut off reads nothing", read, access.ErrForbidden)
		f.refused("who is cut off writes nothing", write, access.ErrForbidden)
		f.refused("who is lent lends nobody on", second(f.s.Borrow(f.Context(), ivy, organising.BorrowInput{Lent: f.w.Ann.Member})), company.ErrNotLendable)
	})
}

// Who takes somebody over gives no more than they could give anybody, and takes nobody whom nobody lends.
func TestWhatIsBorrowed(t *testing.T) {
	eachFamily(t, func(f family) {
		ctx, w := f.Context(), f.w
		roles := granting.New(w.DB)
		hires, err := roles.CreateRole(ctx, w.Eve, granting.CreateRoleInput{Name: "Hires", Permissions: access.SetOf(access.UsersView, access.UsersManage)})
		f.must(err)
		_, cleo := f.borrowed(w.Cleo, hires.ID)
		borrow := func(by access.Actor, who id.Member, role id.Role) error {
			return second(f.s.Borrow(ctx, by, organising.BorrowInput{Lent: who, Role: role}))
		}
		for _, c := range []struct {
			sentence string
			err      error
			want     *fault.Fault
		}{
			{"who gives no roles gives none", borrow(cleo, w.Ann.Member, w.GlobexRoles["buyer"]), access.ErrForbidden},
			{"who manages nobody takes nobody", borrow(w.Ann, w.Ann.Member, id.Role{}), access.ErrForbidden},
			{"a parent takes nobody from below", borrow(w.Dan, w.Eve.Member, id.Role{}), company.ErrNotLendable},
			{"who has a place here is not taken again", borrow(w.Eve, w.Cleo.Member, id.Role{}), company.ErrNotLendable},
			{"the seller lends nobody", borrow(w.Eve, w.Sue.Member, id.Role{}), company.ErrNotLendable},
			{"nobody is lent", borrow(w.Eve, id.NewMember(w.DB.Times()), id.Role{}), company.ErrNotLendable},
		} {
			f.refused(c.sentence, c.err, c.want)
		}
		if err := borrow(cleo, w.Ann.Member, id.Role{}); err != nil {
			f.Error("the usual role is given to everybody:", err)
		}
		rule, err := roles.CreateSeparation(ctx, w.Eve, access.SeparationFields{Name: "Apart", Permissions: access.SetOf(access.CheckoutPlace, access.PurchaseOrdersApprove), Cardinality: 2, Excuses: true, On: true})
		f.must(err)
		both, err := roles.CreateRole(ctx, w.Eve, granting.CreateRoleInput{Name: "Both", Permissions: access.SetOf(access.CatalogView, access.PricesView, access.CartsManage, access.CheckoutPlace, access.PurchaseOrdersView, access.PurchaseOrdersApprove)})
		f.must(err)
		f.refused("what "+rule.Name+" keeps apart is not lent", borrow(w.Eve, w.Bob.Member, both.ID), access.ErrSeparated)
	})
}

// A company has an administrator of its own: who is lent does not count as its last.
func TestWhoIsLentIsNoLastAdministrator(t *testing.T) {
	eachFamily(t, func(f family) {
		ctx, w := f.Context(), f.w
		m, dan := f.borrowed(w.Dan, w.GlobexRoles["administrator"])
		f.refused("Eve is the last of Globex's own", f.s.Leave(ctx, dan, organising.LeaveInput{ID: w.Eve.Member, Version: 1}), access.ErrLastAdministrator)
		eves, err := granting.New(w.DB).Held(ctx, dan, w.Eve.Member)
		f.must(err)
		f.refused("and keeps the role", granting.New(w.DB).Revoke(ctx, dan, eves[0].ID), access.ErrLastAdministrator)
		if err := f.s.Leave(ctx, w.Eve, organising.LeaveInput{ID: m.ID, Version: 1}); err != nil {
			f.Error("who is lent can go:", err)
		}
		read, _ := acts(f, dan)
		f.refused("and acts no more", read, access.ErrForbidden)
	})
}

// Both audits tell of it, each in its own words and of nobody of the other.
func TestBothAuditsTellWhoIsLent(t *testing.T) {
	eachFamily(t, func(f family) {
		ctx, w := f.Context(), f.w
		m, _ := f.borrowed(w.Ann, w.GlobexRoles["buyer"])
		f.must(f.s.Leave(ctx, w.Eve, organising.LeaveInput{ID: m.ID, Version: 1}))
		f.must(second(f.s.ReactivateMember(ctx, w.Eve, organising.ReactivateMemberInput{ID: m.ID, Version: 2})))
		told := func(key id.Company, about id.Member) (events []string) {
			var trail []view.Trail
			f.must(w.DB.Read(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
				tx.Views.WantAuditOf(&trail, key, about.String())
				return tx.Fetch(ctx)
			}))
			for _, e := range trail {
				events = append(events, e.Event)
			}
			return events
		}
		if got, want := told(w.Globex, m.ID), []string{"member.added", "member.deactivated", "member.reactivated"}; !contains(got, want...) {
			f.Errorf("Globex tells %q", got)
		}
		if got, want := told(w.Acme, w.Ann.Member), []string{"member.lent", "member.given_back", "member.lent"}; !contains(got, want...) {
			f.Errorf("Acme tells %q", got)
		}
	})
}

func contains(all []string, want ...string) bool {
	i := 0
	for _, e := range all {
		if i < len(want) && e == want[i] {
			i++
		}
	}
	return i == len(want)
}
