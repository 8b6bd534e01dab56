package granting_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

type stage struct {
	*testing.T
	w *cast.World
	s *granting.Service
}

func on(t *testing.T, db *store.DB) stage { return stage{t, cast.Acme(t, db), granting.New(db)} }

func each(t *testing.T, test func(stage)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(on(t, db)) })
}

func (st stage) must(err error) {
	st.Helper()
	if err != nil {
		st.Fatal(err)
	}
}

func (st stage) refused(sentence string, err error, want *fault.Fault) {
	st.Helper()
	if !errors.Is(err, want) {
		st.Errorf("%s: %v, and not %s", sentence, err, want.Code)
	}
}

func second[A, B any](_ A, b B) B { return b }

// now is an actor with the rights that are true now.
func (st stage) now(a access.Actor) access.Actor {
	st.Helper()
	a, err := st.w.Again(st.Context(), a)
	st.must(err)
	return a
}

func (st stage) role(name string, leaves ...access.Permission) access.Role {
	st.Helper()
	r, err := st.s.CreateRole(st.Context(), st.w.Dan, granting.CreateRoleInput{Name: name, Permissions: access.SetOf(leaves...)})
	st.must(err)
	return r
}

// give gives somebody a role, as Dan.
func (st stage) give(to access.Actor, role id.Role, at id.Unit) access.Assignment {
	st.Helper()
	a, err := st.s.Assign(st.Context(), st.w.Dan, granting.AssignInput{Member: to.Member, Role: role, Unit: at})
	st.must(err)
	return a
}

// join makes somebody a member of Acme, with the default role.
func (st stage) join(name string, under company.Node) access.Actor {
	st.Helper()
	m, err := organising.New(st.w.DB).AddMember(st.Context(), st.w.Dan, organising.AddMemberInput{Email: strings.ToLower(name) + "@acme.example", First: name, Under: under})
	st.must(err)
	a, err := st.w.Actor(st.Context(), st.w.Acme, m.ID)
	st.must(err)
	return a
}

// mine is the one assignment that somebody has of a role.
func (st stage) mine(a access.Actor, role id.Role) id.Assignment {
	st.Helper()
	all, err := st.s.Held(st.Context(), st.w.Dan, a.Member)
	st.must(err)
	i := slices.IndexFunc(all, func(x view.Assigned) bool { return x.Role == role })
	if i < 0 {
		st.Fatalf("%s has no such role", a.Name)
	}
	return all[i].ID
}

func TestRolesAreMadeEditedCopiedAndDeleted(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		r, err := st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: " Night  shift ", Description: "At night.", Permissions: access.SetOf(access.CheckoutPlace)})
		st.must(err)
		if !r.Set.Has(access.CatalogView) || r.Name != "Night shift" || r.Version != 1 {
			st.Errorf("%+v", r)
		}
		e, err := st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: r.ID, Version: 1, Name: "Late shift", Permissions: access.SetOf(access.OrdersView)})
		st.must(err)
		if got, err := st.s.GetRole(ctx, dan, r.ID); err != nil || got.Role != e || got.Name != "Late shift" || got.Set != access.SetOf(access.OrdersView) || got.Version != 2 || got.Holders != 0 {
			st.Errorf("%+v, %v", got, err)
		}
		d, err := st.s.DuplicateRole(ctx, dan, st.w.Roles["buyer"])
		st.must(err)
		d2, err := st.s.DuplicateRole(ctx, dan, st.w.Roles["buyer"])
		st.must(err)
		if d.Name != "Buyer - Duplicated" || d2.Name != "Buyer - Duplicated 2" || d.Shipped != "" || d.ID == d2.ID || d.Version != 1 {
			st.Errorf("%+v %+v", d, d2)
		}
		copied, err := st.s.DuplicateRole(ctx, dan, st.w.Roles["administrator"])
		st.must(err)
		if copied.IsAdministrator() {
			st.Error("a copy of the administrators' role is theirs")
		}
		all, err := st.s.ListRoles(ctx, dan)
		st.must(err)
		if len(all) != len(access.Shipped(access.Buyer))+4 || all[0].Shipped != access.AdministratorKey || all[0].Holders != 1 {
			st.Errorf("%d roles, the first of them %+v", len(all), all[0])
		}
		for _, x := range all {
			if want := map[string]int64{"administrator": 1, "buyer": 1, "approver": 1, "cost_centre_manager": 1}[x.Shipped]; x.Holders != want {
				st.Errorf("%d people are %s", x.Holders, x.Name)
			}
		}
		admin := st.w.Roles["administrator"]
		edit := func(key id.Role, version int64, name string) error {
			return second(st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: key, Version: version, Name: name, Permissions: access.SetOf(access.OrdersView)}))
		}
		for _, c := range []struct {
			sentence string
			err      error
			want     *fault.Fault
		}{
			{"a name is there once", second(st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "Buyer", Permissions: access.SetOf(access.OrdersView)})), access.ErrRoleName},
			{"also after an edit", edit(r.ID, 2, "Buyer"), access.ErrRoleName},
			{"be it in capitals", second(st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "bUYER", Permissions: access.SetOf(access.OrdersView)})), access.ErrRoleName},
			{"also after an edit, in capitals", edit(r.ID, 2, "BUYER"), access.ErrRoleName},
			{"a role permits something", second(st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "x"})), fault.ErrInput},
			{"no seller's leaf", second(st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "x", Permissions: access.SetOf(access.CompaniesManage)})), fault.ErrInput},
			{"who has seen an older one looks again", edit(r.ID, 1, "x"), access.ErrRoleStale},
			{"the administrators' is fixed", edit(admin, 1, "x"), access.ErrFixedRole},
			{"and stays", st.s.DeleteRole(ctx, dan, admin, 1), access.ErrFixedRole},
			{"what new members get stays", st.s.DeleteRole(ctx, dan, st.w.Roles["default_user"], 1), access.ErrDefaultRole},
			{"seen otherwise", st.s.DeleteRole(ctx, dan, r.ID, 1), access.ErrRoleStale},
			{"what is not there", st.s.DeleteRole(ctx, dan, id.NewRole(time.Now()), 1), access.ErrUnseenRole},
			{"Ann makes none", second(st.s.CreateRole(ctx, st.w.Ann, granting.CreateRoleInput{Name: "x", Permissions: access.SetOf(access.OrdersView)})), access.ErrForbidden},
			{"and sees none", second(st.s.GetRole(ctx, st.w.Ann, r.ID)), access.ErrForbidden},
			{"nor edits any", second(st.s.EditRole(ctx, st.w.Ann, granting.EditRoleInput{ID: r.ID, Version: 2, Name: "x", Permissions: access.SetOf(access.OrdersView)})), access.ErrForbidden},
		} {
			st.refused(c.sentence, c.err, c.want)
		}
		st.must(st.s.DeleteRole(ctx, dan, r.ID, 2))
		st.refused("what was deleted is gone", second(st.s.GetRole(ctx, dan, r.ID)), access.ErrUnseenRole)

		st.must(st.s.SetDefaultRole(ctx, dan, st.w.Roles["observer"]))
		max := st.join("Max", company.Node{})
		if got := max.Roles(); len(got) != 1 || got[0].Name != "Observer" {
			st.Errorf("%+v", got)
		}
		st.must(st.s.DeleteRole(ctx, dan, st.w.Roles["default_user"], 2))
	})
}

// A role that an approval rule asks does not go, and what new members get unasked steps around no limit.
func TestARoleThatARuleNamesStays(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		r := st.role("Night", access.OrdersView)
		rule, err := approving.New(st.w.DB).CreateRule(ctx, dan, approval.Rule{Name: "Nights", Enabled: true, Basis: approval.Net,
			Steps: []approval.Step{{Then: approval.Asks(approval.Source{Kind: approval.OfRole, Role: r.ID})}}})
		st.must(err)
		st.refused("a rule names it", st.s.DeleteRole(ctx, dan, r.ID, 1), access.ErrRoleNamed)
		st.must(approving.New(st.w.DB).DeleteRule(ctx, dan, rule.ID, rule.Version))
		st.must(st.s.DeleteRole(ctx, dan, r.ID, 1))
		over := st.role("Over", access.PurchaseOrdersOverride)
		st.refused("it steps around limits", st.s.SetDefaultRole(ctx, dan, over.ID), access.ErrUsualBypass)
		plain := st.role("Plain", access.OrdersView)
		st.must(st.s.SetDefaultRole(ctx, dan, plain.ID))
		st.refused("and is not made to", second(st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: plain.ID, Version: 2, Name: "Plain", Permissions: over.Set})), access.ErrUsualBypass)
	})
}

func TestARoleThatSomebodyHasStays(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		r := st.role("Night", access.OrdersView)
		a := st.give(st.w.Ann, r.ID, id.Unit{})
		future, err := st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Bob.Member, Role: r.ID, From: st.w.DB.Times().Add(time.Hour)})
		st.must(err)
		err = st.s.DeleteRole(ctx, dan, r.ID, 1)
		st.refused("two have it", err, access.ErrRoleInUse)
		if !strings.Contains(err.Error(), "Ann Archer, Bob Boss") {
			st.Errorf("it is not said who has it: %v", err)
		}
		st.must(st.s.Revoke(ctx, dan, a.ID))
		st.refused("one will have it", st.s.DeleteRole(ctx, dan, r.ID, 1), access.ErrRoleInUse)
		st.must(st.s.Revoke(ctx, dan, future.ID))
		soon, err := st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Bob.Member, Role: r.ID, Until: st.w.DB.Times().Add(time.Minute)})
		st.must(err)
		later := st.w.DB.Times().Add(time.Hour)
		st.w.DB.Engine().SetClock(func() time.Time { return later })
		if all, err := st.s.Held(ctx, dan, st.w.Bob.Member); err != nil || !slices.ContainsFunc(all, func(x view.Assigned) bool { return x.ID == soon.ID }) {
			st.Errorf("what has ended is not remembered: %+v, %v", all, err)
		}
		st.must(st.s.DeleteRole(ctx, dan, r.ID, 1))
	})
}

// There are so many roles that each can be told from the others, and so many templates that a new company has room beside them.
func TestThereIsRoomForOnlySoManyRoles(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		all, err := st.s.ListRoles(ctx, dan)
		st.must(err)
		st.must(st.w.DB.Write(ctx, access.System(st.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			for i := range access.MostRoles - 2 - len(all) {
				tx.Access.InsertRole(st.w.Acme, access.Role{ID: id.NewRole(tx.Now), Name: fmt.Sprint("Job ", i), Set: access.SetOf(access.OrdersView), Version: 1})
			}
			for i := range access.MostTemplates - 1 {
				tx.Access.SetTemplate(access.Template{ID: id.NewRoleTemplate(tx.Now), Name: fmt.Sprint("Job ", i), Set: access.SetOf(access.OrdersView), Version: 1})
			}
			return nil
		}))
		one, err := st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "The last but one", Permissions: access.SetOf(access.OrdersView)})
		st.must(err)
		last, err := st.s.DuplicateRole(ctx, dan, one.ID)
		st.must(err)
		st.refused("one more is made", second(st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "One more", Permissions: access.SetOf(access.OrdersView)})), access.ErrManyRoles)
		st.refused("one more is copied", second(st.s.DuplicateRole(ctx, dan, one.ID)), access.ErrManyRoles)
		_, err = st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: last.ID, Version: 1, Name: "The last", Permissions: access.SetOf(access.OrdersView)})
		st.must(err)
		st.must(st.s.DeleteRole(ctx, dan, last.ID, 2))
		st.must(second(st.s.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "Another", Permissions: access.SetOf(access.OrdersView)})))
		fields := access.TemplateFields{Name: "The last", Permissions: access.SetOf(access.OrdersView)}
		st.must(second(st.s.CreateTemplate(ctx, st.w.Sam, fields)))
		fields.Name = "One more"
		st.refused("one more is offered", second(st.s.CreateTemplate(ctx, st.w.Sam, fields)), access.ErrManyTemplates)
		for _, said := range []struct {
			sentence string
			most     int
		}{{access.ErrManyRoles.Error(), access.MostRoles}, {access.ErrManyTemplates.Error(), access.MostTemplates}} {
			if !strings.Contains(said.sentence, fmt.Sprintf("at most %d ", said.most)) {
				st.Error(said.sentence)
			}
		}
	})
}

func TestRolesAreGivenAndTaken(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, ops := st.Context(), st.w.Dan, st.w.Units["ops"]
		a := st.give(st.w.Cleo, st.w.Roles["buyer"], ops)
		if c := st.now(st.w.Cleo); !c.May(access.CheckoutPlace, a.Place) || c.May(access.CheckoutPlace, tree.Top) {
			st.Errorf("%+v", c.Grants())
		}
		until, from := st.w.DB.Times().Add(time.Hour), st.w.DB.Times().Add(30*time.Minute)
		st.must(second(st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Cleo.Member, Role: st.w.Roles["observer"], From: from, Until: until})))
		if c := st.now(st.w.Cleo); c.May(access.OrdersViewCompany, tree.Top) {
			st.Error("what begins later holds now")
		}
		clock := from
		st.w.DB.Engine().SetClock(func() time.Time { return clock })
		if c := st.now(st.w.Cleo); !c.May(access.OrdersViewCompany, tree.Top) {
			st.Error("what has begun does not hold")
		}
		clock = until
		if c := st.now(st.w.Cleo); c.May(access.OrdersViewCompany, tree.Top) {
			st.Error("what has ended holds")
		}
		st.w.DB.Engine().SetClock(nil)
		held, err := st.s.Held(ctx, st.w.Cleo, st.w.Cleo.Member)
		st.must(err)
		if len(held) != 3 || held[0].RoleName != "Buyer" || held[0].UnitName != "Operations" || held[0].Place != a.Place || !held[0].Known || !held[2].Until.Equal(until) {
			st.Errorf("%+v", held)
		}
		list, err := st.s.Holders(ctx, dan, st.w.Roles["buyer"], page.Ask{Limit: 1})
		st.must(err)
		ask, err := page.Parse(list.Next, 2, 1)
		st.must(err)
		more, err := st.s.Holders(ctx, dan, st.w.Roles["buyer"], ask)
		st.must(err)
		if len(list.Rows) != 1 || list.Rows[0].MemberName != "Ann Archer" || len(more.Rows) != 1 || more.Rows[0].MemberName != "Cleo Clark" || more.Next != "" {
			st.Errorf("%+v %+v", list, more)
		}
		st.must(st.s.Revoke(ctx, dan, a.ID))
		if c := st.now(st.w.Cleo); c.MaySomewhere(access.CheckoutPlace) {
			st.Error("what was taken holds")
		}
		gone := st.join("Gus", company.Node{})
		st.must(organising.New(st.w.DB).Leave(ctx, dan, organising.LeaveInput{ID: gone.Member, Version: 1}))
		for _, c := range []struct {
			sentence string
			in       granting.AssignInput
			want     *fault.Fault
		}{
			{"nobody has a role twice", granting.AssignInput{Member: st.w.Ann.Member, Role: st.w.Roles["buyer"]}, access.ErrAssigned},
			{"an end has yet to come", granting.AssignInput{Member: st.w.Ann.Member, Role: st.w.Roles["observer"], Until: time.UnixMilli(1)}, fault.ErrInput},
			{"who has left gets none", granting.AssignInput{Member: gone.Member, Role: st.w.Roles["buyer"]}, company.ErrInactive},
			{"nobody who is not there", granting.AssignInput{Member: id.NewMember(time.Now()), Role: st.w.Roles["buyer"]}, company.ErrUnseenMember},
			{"no role that is not there", granting.AssignInput{Member: st.w.Ann.Member, Role: id.NewRole(time.Now())}, access.ErrUnseenRole},
			{"nor of another company", granting.AssignInput{Member: st.w.Ann.Member, Role: st.w.GlobexRoles["buyer"]}, access.ErrUnseenRole},
			{"nobody of another company", granting.AssignInput{Member: st.w.Eve.Member, Role: st.w.Roles["buyer"]}, company.ErrUnseenMember},
			{"nowhere in another company", granting.AssignInput{Member: st.w.Ann.Member, Role: st.w.Roles["observer"], Unit: st.w.GlobexUnits["globex"]}, company.ErrUnseenUnit},
		} {
			st.refused(c.sentence, second(st.s.Assign(ctx, dan, c.in)), c.want)
		}
		st.refused("what was taken is gone", st.s.Revoke(ctx, dan, a.ID), access.ErrUnseenAssignment)
	})
}

func TestARoleBeginsAndEndsAtAnotherTime(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, now := st.Context(), st.w.Dan, st.w.DB.Times()
		day := 24 * time.Hour
		retime := func(by access.Actor, a access.Assignment, from, until time.Time) error {
			return second(st.s.Retime(ctx, by, granting.RetimeInput{ID: a.ID, From: from, Until: until}))
		}
		give := func(in granting.AssignInput) access.Assignment {
			st.Helper()
			a, err := st.s.Assign(ctx, dan, in)
			st.must(err)
			return a
		}
		// what counts now is made shorter, and longer again
		a := st.give(st.w.Cleo, st.w.Roles["buyer"], id.Unit{})
		st.must(retime(dan, a, time.Time{}, now.Add(day)))
		clock := now.Add(day)
		st.w.DB.Engine().SetClock(func() time.Time { return clock })
		if c := st.now(st.w.Cleo); c.MaySomewhere(access.CheckoutPlace) {
			st.Error("it counts behind its end")
		}
		st.refused("what has ended", retime(dan, a, time.Time{}, time.Time{}), access.ErrAssignmentEnded)
		st.w.DB.Engine().SetClock(nil)
		st.must(retime(dan, a, time.Time{}, time.Time{}))
		got, err := st.s.GetAssignment(ctx, dan, a.ID)
		st.must(err)
		if !got.From.IsZero() || !got.Until.IsZero() || got.RoleName != "Buyer" {
			st.Errorf("%+v", got)
		}
		// what is to come is put off, and begins at once
		later := give(granting.AssignInput{Member: st.w.Cleo.Member, Role: st.w.Roles["observer"], From: now.Add(day), Until: now.Add(3 * day)})
		st.must(retime(dan, later, now.Add(2*day), now.Add(3*day)))
		st.must(retime(dan, later, time.Time{}, now.Add(3*day)))
		if c := st.now(st.w.Cleo); !c.May(access.OrdersViewCompany, tree.Top) {
			st.Error("it has not begun")
		}
		// nobody makes longer what they do not hold, and who is alone stays
		few := st.role("Gives", access.RolesView, access.RolesManage, access.UsersView)
		st.give(st.w.Ann, few.ID, id.Unit{})
		ann := st.now(st.w.Ann)
		short := give(granting.AssignInput{Member: st.w.Cleo.Member, Role: st.w.Roles["approver"], Until: now.Add(day)})
		st.must(retime(ann, short, time.Time{}, now.Add(day/2)))
		st.refused("longer by who does not hold it", retime(ann, short, time.Time{}, now.Add(day)), access.ErrEscalation)
		st.refused("for ever by who does not hold it", retime(ann, short, time.Time{}, time.Time{}), access.ErrEscalation)
		st.refused("by who does not see the member", retime(st.w.Bob, short, time.Time{}, now.Add(day/4)), access.ErrUnseenAssignment)
		alone := access.Assignment{ID: st.mine(dan, st.w.Roles["administrator"])}
		st.refused("the last administrator for a time", retime(dan, alone, time.Time{}, now.Add(day)), access.ErrLastAdministrator)
		twice := give(granting.AssignInput{Member: st.w.Cleo.Member, Role: st.w.Roles["approver"], From: now.Add(2 * day)})
		st.refused("into another of the same", retime(dan, short, time.Time{}, now.Add(3*day)), access.ErrAssigned)
		st.must(retime(dan, short, time.Time{}, now.Add(2*day)))
		for name, term := range map[string][2]time.Time{
			"an end behind the beginning": {now.Add(5 * day), now.Add(4 * day)},
			"an end that has passed":      {now.Add(5 * day), now.Add(-day)},
		} {
			st.refused(name, retime(dan, twice, term[0], term[1]), fault.ErrInput)
		}
		st.refused("a beginning of what has begun", retime(dan, short, now.Add(day), now.Add(2*day)), fault.ErrInput)
		gone := st.join("Gus", company.Node{})
		left := st.mine(gone, st.w.Roles["default_user"])
		st.must(organising.New(st.w.DB).Leave(ctx, dan, organising.LeaveInput{ID: gone.Member, Version: 1}))
		st.refused("of who has left", second(st.s.Retime(ctx, dan, granting.RetimeInput{ID: left, Until: now.Add(day)})), company.ErrInactive)
	})
}

func TestNobodyGivesMoreThanTheyHold(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, ops := st.Context(), st.w.Dan, st.w.Units["ops"]
		// Rolf manages roles and sees people, in the whole company; Una administers Operations.
		keeper := st.role("Keeper of roles", access.RolesManage, access.UsersView, access.OrdersView)
		rolf, una, ally := st.join("Rolf", company.Node{}), st.join("Una", company.Node{Unit: ops}), st.join("Ally", company.Node{Unit: ops})
		st.give(rolf, keeper.ID, id.Unit{})
		st.give(una, st.w.Roles["administrator"], ops)
		rolf, una = st.now(rolf), st.now(una)
		more, less := st.role("More", access.OrdersViewCompany, access.BudgetsManage), st.role("Less", access.OrdersView)
		bypass := st.role("Bypass", access.PurchaseOrdersOverride)
		worn := st.role("Worn by Dan", access.OrdersView)
		st.give(dan, worn.ID, id.Unit{})

		assign := func(by, to access.Actor, role id.Role, at id.Unit) error {
			return second(st.s.Assign(ctx, by, granting.AssignInput{Member: to.Member, Role: role, Unit: at}))
		}
		create := func(by access.Actor, leaves ...access.Permission) error {
			return second(st.s.CreateRole(ctx, by, granting.CreateRoleInput{Name: fmt.Sprint("r", leaves), Permissions: access.SetOf(leaves...)}))
		}
		edit := func(by access.Actor, r access.Role, leaves ...access.Permission) error {
			now, err := st.s.GetRole(ctx, dan, r.ID)
			st.must(err)
			return second(st.s.EditRole(ctx, by, granting.EditRoleInput{ID: r.ID, Version: now.Version, Name: r.Name, Permissions: access.SetOf(leaves...)}))
		}
		for _, c := range []struct {
			sentence string
			err      error
			want     *fault.Fault
		}{
			{"Rolf makes no role of more", create(rolf, access.BudgetsManage), access.ErrEscalation},
			{"nor one that needs more", create(rolf, access.OrdersCancelSubordinates), access.ErrEscalation},
			{"nor copies one", second(st.s.DuplicateRole(ctx, rolf, st.w.Roles["administrator"])), access.ErrEscalation},
			{"nor edits one into more", edit(rolf, less, access.OrdersViewCompany), access.ErrEscalation},
			{"nor his own", edit(rolf, keeper, access.RolesManage, access.UsersManage), access.ErrEscalation},
			{"nor gives more to another", assign(rolf, ally, more.ID, id.Unit{}), access.ErrEscalation},
			{"nor to himself", assign(rolf, rolf, more.ID, id.Unit{}), access.ErrEscalation},
			{"nor the administrators' role", assign(rolf, ally, st.w.Roles["administrator"], id.Unit{}), access.ErrEscalation},
			{"nor makes it what new members get", st.s.SetDefaultRole(ctx, rolf, more.ID), access.ErrEscalation},
			{"Una gives nothing beyond her unit", assign(una, ally, less.ID, id.Unit{}), access.ErrForbidden},
			{"nor elsewhere", assign(una, ally, less.ID, st.w.Units["fin"]), company.ErrUnseenUnit},
			{"nor a bypass, though she is an administrator there", assign(una, ally, bypass.ID, ops), access.ErrEscalation},
			{"nor makes roles, which are the whole company's", create(una, access.OrdersView), access.ErrForbidden},
			{"nor sees who stands elsewhere", assign(una, st.w.Cleo, less.ID, ops), company.ErrUnseenMember},
			{"Dan takes no bypass himself", assign(dan, dan, bypass.ID, id.Unit{}), access.ErrEscalation},
			{"nor by a role that he has", edit(dan, worn, access.OrdersView, access.PurchaseOrdersOverride), access.ErrEscalation},
			{"Ann gives nothing", assign(st.w.Ann, ally, less.ID, id.Unit{}), company.ErrUnseenMember},
			{"herself neither", assign(st.w.Ann, st.w.Ann, less.ID, id.Unit{}), access.ErrForbidden},
			{"Ann takes nothing", st.s.Revoke(ctx, st.w.Ann, st.mine(st.w.Bob, st.w.Roles["approver"])), access.ErrUnseenAssignment},
			{"her own role neither", st.s.Revoke(ctx, st.w.Ann, st.mine(st.w.Ann, st.w.Roles["buyer"])), access.ErrForbidden},
		} {
			st.refused(c.sentence, c.err, c.want)
		}
		for sentence, err := range map[string]error{
			"Rolf makes a role of what he has":   create(rolf, access.OrdersView),
			"and gives it":                       assign(rolf, ally, less.ID, id.Unit{}),
			"Una gives what she has at her unit": assign(una, ally, more.ID, ops),
			"Dan gives a bypass to another":      assign(dan, ally, bypass.ID, id.Unit{}),
			"Dan edits a role that others have":  edit(dan, less, access.OrdersView, access.PurchaseOrdersAutoApprove),
			"Ann knows what she has":             second(st.s.Held(ctx, st.w.Ann, st.w.Ann.Member)),
		} {
			if err != nil {
				st.Errorf("%s: %v", sentence, err)
			}
		}
		// Less is now held by Ally in the whole company, with a bypass: Rolf edits it no more.
		st.refused("Rolf edits no role that has more than he", edit(rolf, less, access.OrdersView, access.PurchaseOrdersAutoApprove), access.ErrEscalation)
	})
}

// A bypass that another administrator lent somebody is theirs for that time, and not longer by their own act.
func TestNobodyKeepsABypassThatWasLentToThem(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		other := st.join("Other", company.Node{})
		st.give(other, st.w.Roles["administrator"], id.Unit{})
		other = st.now(other)
		lent, copied, worn := st.role("Lent", access.PurchaseOrdersOverride), st.role("Copied", access.PurchaseOrdersOverride), st.role("Worn", access.OrdersView)
		st.give(dan, worn.ID, id.Unit{})
		st.must(second(st.s.Assign(ctx, other, granting.AssignInput{Member: dan.Member, Role: lent.ID, Until: st.w.DB.Times().Add(time.Hour)})))
		dan = st.now(dan)
		if !dan.May(access.PurchaseOrdersOverride, tree.Top) {
			st.Fatal("he does not have it")
		}
		edit := func(r access.Role, about string, leaves ...access.Permission) error {
			return second(st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: r.ID, Version: r.Version, Name: r.Name, Description: about, Permissions: access.SetOf(leaves...)}))
		}
		st.refused("by another role", second(st.s.Assign(ctx, dan, granting.AssignInput{Member: dan.Member, Role: copied.ID})), access.ErrEscalation)
		st.refused("at a unit", second(st.s.Assign(ctx, dan, granting.AssignInput{Member: dan.Member, Role: copied.ID, Unit: st.w.Units["ops"]})), access.ErrEscalation)
		st.refused("by what a role of his permits", edit(worn, "", access.OrdersView, access.PurchaseOrdersOverride), access.ErrEscalation)
		set, err := st.s.Givable(ctx, dan, worn.ID)
		st.must(err)
		if set.Has(access.PurchaseOrdersOverride) {
			st.Error("he is told that he may let a role of his permit it")
		}
		st.must(edit(lent, "as it was, otherwise called", access.PurchaseOrdersOverride))
		st.must(second(st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Ann.Member, Role: copied.ID})))
	})
}

// Whatever somebody with few rights does with all that granting offers, nobody ends up with a right that neither they
// nor the giver had.
func TestNoSequenceOfGiftsGivesMore(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	st := on(t, storetest.Lite(t))
	ctx, ops := st.Context(), st.w.Units["ops"]
	keeper := st.role("Keeper", access.RolesManage, access.UsersView, access.OrdersViewSubordinates, access.BudgetsView)
	rolf := st.join("Rolf", company.Node{Unit: ops})
	st.give(rolf, keeper.ID, id.Unit{})
	st.give(rolf, st.w.Roles["administrator"], ops)
	actors := []access.Actor{st.w.Ann, st.w.Bob, st.w.Cleo, st.w.Dan, rolf}
	units := []id.Unit{{}, ops, st.w.Units["fin"], st.w.Units["acme"]}
	var places []tree.Path
	for _, u := range units[1:] {
		at, err := organising.New(st.w.DB).Unit(ctx, st.w.Dan, u)
		st.must(err)
		places = append(places, at.Path)
	}
	places = append(places, tree.Top)
	type right struct {
		who string
		p   access.Permission
		at  tree.Path
	}
	holds := func() map[right]bool {
		all := map[right]bool{}
		for i, a := range actors {
			a = st.now(a)
			actors[i] = a
			for _, p := range access.All(access.Buyer) {
				for _, at := range places {
					if a.May(p, at) {
						all[right{a.Name, p, at}] = true
					}
				}
			}
		}
		return all
	}
	begun := holds()
	allowed := 0
	for range 400 {
		roles, err := st.s.ListRoles(ctx, st.w.Dan)
		st.must(err)
		role, who, unit := roles[r.IntN(len(roles))], actors[r.IntN(len(actors))], units[r.IntN(len(units))]
		var leaves access.Set
		for range 1 + r.IntN(3) {
			all := access.All(access.Buyer)
			if r.IntN(2) == 0 {
				all = keeper.Set.List()
			}
			leaves.Add(all[r.IntN(len(all))])
		}
		rolf = actors[4]
		switch r.IntN(6) {
		case 0:
			_, err = st.s.CreateRole(ctx, rolf, granting.CreateRoleInput{Name: fmt.Sprint("n", r.Uint32()), Permissions: leaves})
		case 1:
			_, err = st.s.EditRole(ctx, rolf, granting.EditRoleInput{ID: role.ID, Version: role.Version, Name: role.Name, Permissions: leaves})
		case 2:
			_, err = st.s.DuplicateRole(ctx, rolf, role.ID)
		case 3, 4:
			_, err = st.s.Assign(ctx, rolf, granting.AssignInput{Member: who.Member, Role: role.ID, Unit: unit})
		case 5:
			var held []view.Assigned
			held, err = st.s.Held(ctx, st.w.Dan, who.Member)
			st.must(err)
			if len(held) > 0 && who.Member != rolf.Member && who.Member != st.w.Dan.Member {
				err = st.s.Revoke(ctx, rolf, held[r.IntN(len(held))].ID)
			}
		}
		if err == nil {
			allowed++
		}
		for x := range holds() {
			if !begun[x] && !begun[right{"Rolf", x.p, x.at}] {
				t.Fatalf("%s may %s at %q, which neither they nor Rolf could", x.who, x.p, x.at)
			}
		}
	}
	if allowed < 40 {
		t.Errorf("only %d of 400 acts were allowed: the test is blind", allowed)
	}
}

// atOnce runs two acts at the same moment, and gives what became of each.
func atOnce(a, b func() error) (errs [2]error) {
	var ready, wg sync.WaitGroup
	start := make(chan struct{})
	ready.Add(2)
	for i, act := range []func() error{a, b} {
		wg.Go(func() {
			ready.Done()
			<-start
			errs[i] = act()
		})
	}
	ready.Wait()
	close(start)
	wg.Wait()
	return errs
}

// rounds is how many times a race is run: RACE_ROUNDS of them, where somebody has the time.
func rounds(t *testing.T) int {
	said := os.Getenv("RACE_ROUNDS")
	if said == "" {
		return 3000
	}
	n, err := strconv.Atoi(said)
	if err != nil || n < 1 {
		t.Fatalf("RACE_ROUNDS is %q, which is no number of rounds", said)
	}
	return n
}

// TestTwoAdministratorsDoNotRemoveEachOther lets the two administrators of a company end each other's, or their own, administration
// at the same moment, thousands of times: in several companies at once, by turns in each way in which it can be ended, and with
// another one of the two let go first. One is always left.
func TestTwoAdministratorsDoNotRemoveEachOther(t *testing.T) {
	const companies = 8
	each(t, func(st stage) {
		var wg sync.WaitGroup
		var done, first atomic.Int64
		for n := range companies {
			duel := st.duel(n)
			wg.Go(func() {
				for round := range (rounds(st.T) + companies - 1) / companies {
					won, err := duel.fight(st.Context(), round)
					if err != nil {
						st.Errorf("company %d, round %d: %v", n, round, err)
						return
					}
					done.Add(1)
					first.Add(int64(1 - won))
				}
			})
		}
		wg.Wait()
		st.Logf("%d races in %d companies, of which the first of the two has won %d", done.Load(), companies, first.Load())
		if first.Load() == 0 || first.Load() == done.Load() {
			st.Error("it is always the same one who wins: is it a race?")
		}
	})
}

// duel is a company with two administrators and nobody else.
type duel struct {
	db     *store.DB
	w      *cast.World
	roles  *granting.Service
	people *organising.Service
	system access.Actor
	admin  id.Role
	both   [2]access.Actor
}

func (st stage) duel(n int) *duel {
	st.Helper()
	ctx := st.Context()
	f, err := onboarding.New(st.w.DB).Found(ctx, access.System(id.Company{}), onboarding.FoundInput{Number: fmt.Sprint("D-", n), Name: fmt.Sprint("Duel ", n), Currency: "EUR",
		Email: fmt.Sprintf("one%d@duel.example", n), First: "One", Last: "First"})
	st.must(err)
	d := &duel{db: st.w.DB, w: st.w, roles: st.s, people: organising.New(st.w.DB), system: access.System(f.Company), admin: f.Roles["administrator"]}
	m, err := d.people.AddMember(ctx, d.system, organising.AddMemberInput{Email: fmt.Sprintf("two%d@duel.example", n), First: "Two", Last: "Second", Role: d.admin})
	st.must(err)
	for i, key := range []id.Member{f.Administrator, m.ID} {
		d.both[i], err = st.w.Actor(ctx, f.Company, key)
		st.must(err)
	}
	return d
}

// ways are those in which an administrator ceases to be one, by what each of the two does, to the other or to themselves.
var ways = []struct{ leave, own [2]bool }{
	{[2]bool{false, false}, [2]bool{false, false}},
	{[2]bool{true, true}, [2]bool{false, false}},
	{[2]bool{true, false}, [2]bool{false, false}},
	{[2]bool{false, true}, [2]bool{false, false}},
	{[2]bool{true, true}, [2]bool{true, true}},
	{[2]bool{false, false}, [2]bool{true, true}},
	{[2]bool{true, false}, [2]bool{true, true}},
	{[2]bool{false, true}, [2]bool{true, true}},
}

// fight makes both administrators again, lets them loose, and says who has won.
func (d *duel) fight(ctx context.Context, round int) (won int, err error) {
	var seen [2]view.Person
	var held [2]id.Assignment
	for i := range d.both {
		if seen[i], held[i], err = d.restore(ctx, i); err != nil {
			return 0, err
		}
	}
	way := ways[round%len(ways)]
	act := func(i int) func() error {
		actor, whom := d.both[i], 1-i
		if way.own[i] {
			whom = i
		}
		return func() error {
			if way.leave[i] {
				return d.people.Leave(ctx, actor, organising.LeaveInput{ID: seen[whom].ID, Version: seen[whom].Version})
			}
			return d.roles.Revoke(ctx, actor, held[whom])
		}
	}
	begins := round / len(ways) % 2
	errs := atOnce(act(1-begins), act(begins))
	if begins == 0 {
		errs[0], errs[1] = errs[1], errs[0]
	}
	left := 0
	for i := range d.both {
		p, err := d.people.Member(ctx, d.system, d.both[i].Member)
		if err != nil {
			return 0, err
		}
		if d.administers(p) != (id.Assignment{}) && p.Status == company.Working {
			left++
		}
		if k := fault.KindOf(errs[i]); errs[i] != nil && k != fault.Conflict && k != fault.Forbidden && k != fault.NotFound && !errors.Is(errs[i], access.ErrSignIn) {
			return 0, errs[i]
		}
	}
	if left != 1 || (errs[0] == nil) == (errs[1] == nil) {
		return 0, fmt.Errorf("%d administrators are left; %v, %v", left, errs[0], errs[1])
	}
	if errs[0] != nil {
		won = 1
	}
	return won, nil
}

// restore makes one of the two an active administrator, and gives what is to be seen of them.
func (d *duel) restore(ctx context.Context, i int) (p view.Person, held id.Assignment, err error) {
	key := d.both[i].Member
	if p, err = d.people.Member(ctx, d.system, key); err != nil {
		return p, held, err
	}
	if p.Status == company.Inactive {
		if _, err := d.people.ReactivateMember(ctx, d.system, organising.ReactivateMemberInput{ID: key, Version: p.Version}); err != nil {
			return p, held, err
		}
	}
	if held = d.administers(p); held.IsZero() {
		if _, err := d.roles.Assign(ctx, d.system, granting.AssignInput{Member: key, Role: d.admin}); err != nil {
			return p, held, err
		}
	}
	if p.Status == company.Inactive || held.IsZero() {
		if p, err = d.people.Member(ctx, d.system, key); err != nil {
			return p, held, err
		}
		held = d.administers(p)
	}
	d.both[i], err = d.w.Again(ctx, d.both[i])
	return p, held, err
}

// administers is the assignment by which somebody administers the whole company; zero for who does not.
func (d *duel) administers(p view.Person) id.Assignment {
	for _, a := range p.Assigned {
		if a.Role == d.admin && a.Unit.IsZero() {
			return a.ID
		}
	}
	return id.Assignment{}
}

func TestOneWhoIsAloneStays(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		admin := st.w.Roles["administrator"]
		st.refused("the last administrator keeps the role", st.s.Revoke(ctx, dan, st.mine(dan, admin)), access.ErrLastAdministrator)
		una := st.join("Una", company.Node{})
		st.give(una, admin, st.w.Units["ops"])
		st.refused("one of a unit does not count", st.s.Revoke(ctx, dan, st.mine(dan, admin)), access.ErrLastAdministrator)
		tom := st.join("Tom", company.Node{})
		st.must(second(st.s.Assign(ctx, dan, granting.AssignInput{Member: tom.Member, Role: admin, Until: st.w.DB.Times().Add(time.Hour)})))
		st.refused("one with an end does not count", st.s.Revoke(ctx, dan, st.mine(dan, admin)), access.ErrLastAdministrator)
		fay := st.join("Fay", company.Node{})
		st.must(second(st.s.Assign(ctx, dan, granting.AssignInput{Member: fay.Member, Role: admin, From: st.w.DB.Times().Add(time.Hour)})))
		st.refused("one of the future does not count", st.s.Revoke(ctx, dan, st.mine(dan, admin)), access.ErrLastAdministrator)
		gus := st.join("Gus", company.Node{})
		st.give(gus, admin, id.Unit{})
		st.must(organising.New(st.w.DB).Leave(ctx, dan, organising.LeaveInput{ID: gus.Member, Version: 1}))
		st.refused("one who has left does not count", st.s.Revoke(ctx, dan, st.mine(dan, admin)), access.ErrLastAdministrator)
		dora := st.join("Dora", company.Node{})
		doras := st.give(dora, admin, id.Unit{})
		st.must(st.s.Revoke(ctx, dan, st.mine(dan, admin)))
		if d := st.now(dan); d.MaySomewhere(access.RolesManage) {
			st.Error("Dan manages roles all the same")
		}
		st.refused("with his old rights he does nothing", st.s.Revoke(ctx, dan, doras.ID), access.ErrUnseenAssignment)
	})
}

func TestARoleIsNotGivenWhileItIsDeleted(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		for round := range 25 {
			r := st.role(fmt.Sprint("Round ", round), access.OrdersView)
			errs := atOnce(
				func() error { return st.s.DeleteRole(ctx, dan, r.ID, 1) },
				func() error {
					return second(st.s.Assign(ctx, dan, granting.AssignInput{Member: st.w.Ann.Member, Role: r.ID}))
				})
			switch _, err := st.s.GetRole(ctx, dan, r.ID); {
			case err == nil && errors.Is(errs[0], access.ErrRoleInUse) && errs[1] == nil:
			case errors.Is(err, access.ErrUnseenRole) && errs[0] == nil && errors.Is(errs[1], access.ErrUnseenRole):
			default:
				st.Fatalf("round %d: the role: %v; to delete it: %v; to give it: %v", round, err, errs[0], errs[1])
			}
		}
	})
}

func TestADemotedAdministratorStopsAtOnce(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		admin := st.w.Roles["administrator"]
		dora := st.join("Dora", company.Node{})
		a := st.give(dora, admin, id.Unit{})
		dora = st.now(dora) // her rights as they were at sign-in
		st.must(st.s.Revoke(ctx, st.w.Dan, a.ID))
		st.refused("she gives nothing any more", second(st.s.Assign(ctx, dora, granting.AssignInput{Member: st.w.Ann.Member, Role: admin})), company.ErrUnseenMember)
		st.refused("and makes nothing", second(st.s.CreateRole(ctx, dora, granting.CreateRoleInput{Name: "x", Permissions: access.SetOf(access.OrdersView)})), access.ErrForbidden)
	})
}

func TestEveSeesNothingOfAcme(t *testing.T) {
	each(t, func(st stage) {
		ctx, eve, s := st.Context(), st.w.Eve, st.s
		theirs, ours := st.w.GlobexRoles["buyer"], st.w.Roles["buyer"]
		anns := st.mine(st.w.Ann, ours)
		before, err := s.ListRoles(ctx, st.w.Dan)
		st.must(err)
		nothing := access.SetOf(access.OrdersView)
		assign := func(m id.Member, r id.Role, u id.Unit) error {
			return second(s.Assign(ctx, eve, granting.AssignInput{Member: m, Role: r, Unit: u}))
		}
		for name, c := range map[string]struct{ err, nowhere error }{
			"GetRole":        {second(s.GetRole(ctx, eve, ours)), second(s.GetRole(ctx, eve, id.NewRole(time.Now())))},
			"EditRole":       {second(s.EditRole(ctx, eve, granting.EditRoleInput{ID: ours, Version: 1, Name: "x", Permissions: nothing})), access.ErrUnseenRole},
			"DuplicateRole":  {second(s.DuplicateRole(ctx, eve, ours)), access.ErrUnseenRole},
			"DeleteRole":     {s.DeleteRole(ctx, eve, ours, 1), access.ErrUnseenRole},
			"SetDefaultRole": {s.SetDefaultRole(ctx, eve, ours), access.ErrUnseenRole},
			"Holders":        {second(s.Holders(ctx, eve, ours, page.Ask{})), access.ErrUnseenRole},
			"Held":           {second(s.Held(ctx, eve, st.w.Ann.Member)), second(s.Held(ctx, eve, id.NewMember(time.Now())))},
			"Assign, to Ann": {assign(st.w.Ann.Member, theirs, id.Unit{}), assign(id.NewMember(time.Now()), theirs, id.Unit{})},
			"Assign, a role": {assign(eve.Member, ours, id.Unit{}), assign(eve.Member, id.NewRole(time.Now()), id.Unit{})},
			"Assign, there":  {assign(eve.Member, theirs, st.w.Units["ops"]), assign(eve.Member, theirs, id.NewUnit(time.Now()))},
			"GetAssignment":  {second(s.GetAssignment(ctx, eve, anns)), second(s.GetAssignment(ctx, eve, id.NewAssignment(time.Now())))},
			"Retime":         {second(s.Retime(ctx, eve, granting.RetimeInput{ID: anns})), second(s.Retime(ctx, eve, granting.RetimeInput{ID: id.NewAssignment(time.Now())}))},
			"Revoke":         {s.Revoke(ctx, eve, anns), s.Revoke(ctx, eve, id.NewAssignment(time.Now()))},
		} {
			if fault.KindOf(c.err) != fault.NotFound || c.err.Error() != c.nowhere.Error() {
				st.Errorf("%s: %v, and of nothing at all %v", name, c.err, c.nowhere)
			}
		}
		after, err := s.ListRoles(ctx, st.w.Dan)
		st.must(err)
		if !slices.Equal(before, after) {
			st.Error("Acme's roles have changed")
		}
		all, err := s.ListRoles(ctx, eve)
		st.must(err)
		if slices.ContainsFunc(all, func(r view.Role) bool {
			return slices.ContainsFunc(before, func(b view.Role) bool { return b.ID == r.ID })
		}) {
			st.Error("Eve's list has roles of Acme")
		}
		for name, err := range map[string]error{
			"ListRoles":  second(s.ListRoles(ctx, access.Anonymous())),
			"CreateRole": second(s.CreateRole(ctx, access.Anonymous(), granting.CreateRoleInput{})),
		} {
			if fault.KindOf(err) != fault.Unauthenticated {
				st.Errorf("%s: %v", name, err)
			}
		}
		st.refused("who is of no company finds no role", second(s.GetRole(ctx, access.Anonymous(), ours)), access.ErrUnseenRole)
	})
}

func TestEveryChangeIsInTheAudit(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		began := st.w.DB.Times()
		r := st.role("Night", access.OrdersView)
		st.must(second(st.s.EditRole(ctx, dan, granting.EditRoleInput{ID: r.ID, Version: 1, Name: "Late", Permissions: access.SetOf(access.BudgetsView)})))
		st.must(second(st.s.DuplicateRole(ctx, dan, r.ID)))
		given := st.give(st.w.Ann, r.ID, st.w.Units["ops"])
		st.must(second(st.s.Retime(ctx, dan, granting.RetimeInput{ID: given.ID, Until: began.Add(time.Hour)})))
		st.must(second(st.s.Retime(ctx, dan, granting.RetimeInput{ID: given.ID, Until: began.Add(time.Hour)}))) // of nothing new nothing is told
		st.must(st.s.Revoke(ctx, dan, given.ID))
		st.must(st.s.SetDefaultRole(ctx, dan, st.w.Roles["buyer"]))
		st.must(st.s.DeleteRole(ctx, dan, r.ID, 2))
		var said []string
		st.must(st.w.DB.Read(ctx, dan, func(tx *store.Tx, _ access.Actor) error {
			list, err := tx.Views.ListAudit(ctx, st.w.Acme, view.AuditFilter{From: began, Event: "role."}, page.Ask{})
			for _, x := range slices.Backward(list.Rows) {
				said = append(said, x.Event)
				if x.Event == "role.edited" {
					for _, want := range []string{`"Night"`, `"Late"`, `"added": ["budgets.view"]`, `"removed": ["orders.view"]`} {
						if !strings.Contains(strings.ReplaceAll(string(x.Body), ":[", ": ["), want) {
							st.Errorf("%s is not in %s", want, x.Body)
						}
					}
				}
			}
			return err
		}))
		if want := []string{"role.created", "role.edited", "role.created", "role.assigned", "role.retimed", "role.revoked", "role.default_set", "role.deleted"}; !slices.Equal(said, want) {
			st.Error(said)
		}
	})
}
