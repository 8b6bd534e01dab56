package organising_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/store/engine"
	"kontor/internal/storetest"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

type stage struct {
	*testing.T
	w *cast.World
	s *organising.Service
}

func each(t *testing.T, test func(stage)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		test(stage{t, cast.Acme(t, db), organising.New(db)})
	})
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

func unit(key id.Unit) company.Node     { return company.Node{Unit: key} }
func member(key id.Member) company.Node { return company.Node{Member: key} }

// now is an actor with the rights that are true now.
func (st stage) now(a access.Actor) access.Actor {
	st.Helper()
	a, err := st.w.Again(st.Context(), a)
	st.must(err)
	return a
}

// person is somebody as Dan sees them.
func (st stage) person(key id.Member) view.Person {
	st.Helper()
	p, err := st.s.Member(st.Context(), st.w.Dan, key)
	st.must(err)
	return p
}

// join adds somebody below a node, with a role at a unit.
func (st stage) join(name string, under company.Node, role string, at id.Unit) access.Actor {
	st.Helper()
	m, err := st.s.AddMember(st.Context(), st.w.Dan, organising.AddMemberInput{Email: strings.ToLower(name) + "@acme.example", First: name, Last: "Newman", Under: under,
		Role: st.w.Roles[role], RoleAt: at})
	st.must(err)
	a, err := st.w.Actor(st.Context(), st.w.Acme, m.ID)
	st.must(err)
	return a
}

// chief adds somebody who manages the people at and below a unit.
func (st stage) chief(name string, at id.Unit) access.Actor {
	return st.join(name, unit(at), "administrator", at)
}

// drawn is the structure as an actor sees it, one line a node.
func (st stage) drawn(a access.Actor) string {
	st.Helper()
	nodes, err := st.s.Structure(st.Context(), a)
	st.must(err)
	var b strings.Builder
	for _, n := range nodes {
		fmt.Fprintf(&b, "%s%s %d/%d\n", strings.Repeat("  ", n.Depth), n.Name, n.Below, n.People)
	}
	return strings.TrimSpace(b.String())
}

func text(lines ...string) string { return strings.Join(lines, "\n") }

func TestTheStructureIsDrawn(t *testing.T) {
	each(t, func(st stage) {
		if got, want := st.drawn(st.w.Dan), text(
			"Dan Director 1/3",
			"  Acme Works 2/3",
			"    Finance 1/1",
			"      Cleo Clark 0/0",
			"    Operations 1/2",
			"      Bob Boss 1/1",
			"        Ann Archer 0/0"); got != want {
			st.Errorf("Dan sees\n%s", got)
		}
		if got := st.drawn(st.w.Ann); got != "Ann Archer 0/0" {
			st.Errorf("Ann sees\n%s", got)
		}
		una := st.chief("Una", st.w.Units["ops"])
		if got, want := st.drawn(una), text("Operations 2/3", "  Bob Boss 1/1", "    Ann Archer 0/0", "  Una Newman 0/0"); got != want {
			st.Errorf("who manages Operations sees\n%s", got)
		}
		if got := st.drawn(st.w.Eve); got != text("Eve Evans 1/0", "  Globex 0/0") {
			st.Errorf("Eve sees\n%s", got)
		}
	})
}

func TestUnitsAreMadeEditedAndArchived(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		u, err := st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "lab", Name: "Laboratory", CostCentre: st.w.CostCentre, Under: unit(st.w.Units["ops"])})
		st.must(err)
		free, err := st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "free", Name: "Free"})
		st.must(err)
		acme, err := st.s.Unit(ctx, dan, st.w.Units["acme"])
		st.must(err)
		if free.Path.Parent() != acme.Path {
			st.Errorf("a unit of which nobody says where lands at %q and not below %q", free.Path, acme.Path)
		}
		below, err := st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "annex", Name: "Annex", Under: member(st.w.Bob.Member)})
		st.must(err)
		if !st.w.Bob.At.Above(below.Path) {
			st.Error("a unit does not stand below the member that it was put below")
		}
		edited, err := st.s.EditUnit(ctx, dan, organising.EditUnitInput{ID: u.ID, Version: u.Version, Code: "lab-2", Name: "New laboratory"})
		st.must(err)
		if got, err := st.s.Unit(ctx, dan, u.ID); err != nil || got != edited || got.Name != "New laboratory" || got.Path != u.Path || !got.CostCentre.IsZero() {
			st.Errorf("%+v %+v %v", got, edited, err)
		}
		m := st.join("Max", unit(u.ID), "buyer", id.Unit{})

		for _, c := range []struct {
			sentence string
			err      error
			want     *fault.Fault
		}{
			{"a code is there once", second(st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "ops", Name: "Twice"})), company.ErrUnitCode},
			{"also for one that is renamed", second(st.s.EditUnit(ctx, dan, organising.EditUnitInput{ID: u.ID, Version: edited.Version, Code: "ops", Name: "Twice"})), company.ErrUnitCode},
			{"a name is needed", second(st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "x"})), fault.ErrInput},
			{"a cost centre is the company's own", second(st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "x", Name: "x", CostCentre: st.w.GlobexCostCentre})), company.ErrUnseenCostCentre},
			{"also for one that is edited", second(st.s.EditUnit(ctx, dan, organising.EditUnitInput{ID: u.ID, Version: edited.Version, Code: "x", Name: "x", CostCentre: st.w.GlobexCostCentre})), company.ErrUnseenCostCentre},
			{"who has seen an older one looks again", second(st.s.EditUnit(ctx, dan, organising.EditUnitInput{ID: u.ID, Version: u.Version, Code: "x", Name: "x"})), company.ErrStale},
			{"nobody stands below somebody who is not there", second(st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "x", Name: "x", Under: member(id.NewMember(time.Now()))})), company.ErrUnseenMember},
			{"Ann makes none", second(st.s.CreateUnit(ctx, st.w.Ann, organising.CreateUnitInput{Code: "x", Name: "x"})), access.ErrForbidden},
			{"and sees none", second(st.s.Unit(ctx, st.w.Ann, u.ID)), company.ErrUnseenUnit},
			{"a unit with somebody in it stays", st.s.ArchiveUnit(ctx, dan, u.ID, edited.Version), company.ErrUnitInUse},
		} {
			st.refused(c.sentence, c.err, c.want)
		}
		st.must(st.s.Move(ctx, dan, organising.MoveInput{Node: member(m.Member), Under: unit(st.w.Units["fin"])}))
		st.must(st.s.ArchiveUnit(ctx, dan, u.ID, edited.Version))
		st.refused("nothing is put below what was archived", second(st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "x", Name: "x", Under: unit(u.ID)})), company.ErrUnseenUnit)
		if got, err := st.s.Unit(ctx, dan, u.ID); err != nil || !got.Archived || got.Path != tree.Top {
			st.Errorf("%+v %v", got, err)
		}
	})
}

func TestAnArchivedUnitIsTakenBack(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		u, err := st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "lab", Name: "Laboratory", Under: unit(st.w.Units["ops"])})
		st.must(err)
		grants := granting.New(st.w.DB)
		given, err := grants.Assign(ctx, dan, granting.AssignInput{Member: st.w.Cleo.Member, Role: st.w.Roles["administrator"], Unit: u.ID})
		st.must(err)
		st.must(second(st.s.Invite(ctx, dan, organising.InviteInput{People: []organising.Guest{{Email: "guest@acme.example", Offers: []company.Offer{{Role: st.w.Roles["buyer"], Unit: u.ID}}}}})))
		st.must(st.s.ArchiveUnit(ctx, dan, u.ID, u.Version))
		cleo, err := st.w.Again(ctx, st.w.Cleo)
		st.must(err)
		if cleo.MaySomewhere(access.RolesManage) {
			st.Error("what was given at a unit counts although it is archived")
		}
		all, err := st.s.ArchivedUnits(ctx, dan)
		if err != nil || len(all) != 1 || all[0].ID != u.ID || len(all[0].Roles) != 1 || all[0].Roles[0].ID != given.ID || all[0].Roles[0].MemberName == "" || all[0].Invitations != 1 {
			st.Errorf("what is held at it: %+v, %v", all, err)
		}
		back := func(by access.Actor, version int64, under string) (company.Unit, error) {
			return st.s.RestoreUnit(ctx, by, organising.RestoreUnitInput{ID: u.ID, Version: version, Under: unit(st.w.Units[under])})
		}
		people := st.now(dan).Holding([]access.Grant{{Place: tree.Top, Set: access.SetOf(access.UsersManage).Normalise()}})
		for _, c := range []struct {
			sentence string
			err      error
			want     *fault.Fault
		}{
			{"its code is taken", second(st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "lab", Name: "Twice"})), company.ErrUnitCode},
			{"who has seen an older one looks again", second(back(dan, u.Version, "fin")), company.ErrStale},
			{"nobody takes back what they could not give", second(back(people, u.Version+1, "fin")), access.ErrEscalation},
			{"Ann does not see it", second(back(st.w.Ann, u.Version+1, "fin")), company.ErrUnseenUnit},
			{"nor those that are archived", second(st.s.ArchivedUnits(ctx, st.w.Ann)), access.ErrForbidden},
			{"Eve has no such unit", second(back(st.w.Eve, u.Version+1, "fin")), company.ErrUnseenUnit},
		} {
			st.refused(c.sentence, c.err, c.want)
		}
		if _, err := st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "lab", Name: "Twice"}); !strings.Contains(fmt.Sprint(err), "archived") {
			st.Errorf("it is not said that an archived unit has the code: %v", err)
		}
		got, err := back(dan, u.Version+1, "fin")
		st.must(err)
		fin, err := st.s.Unit(ctx, dan, st.w.Units["fin"])
		st.must(err)
		if now, err := st.s.Unit(ctx, dan, u.ID); err != nil || now != got || now.Archived || now.Path.Parent() != fin.Path {
			st.Errorf("%+v %+v %v", now, got, err)
		}
		if cleo, err = st.w.Again(ctx, cleo); err != nil || !cleo.May(access.RolesManage, got.Path) {
			st.Errorf("what was given at it does not count again: %v", err)
		}
		st.refused("it is taken back once", second(back(dan, got.Version, "fin")), company.ErrNotArchived)
	})
}

func TestAUnitWithOpenOrdersStays(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		u, err := st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "lab", Name: "Laboratory"})
		st.must(err)
		shop := purchasing.New(st.w.DB, step.NewRulebook())
		c, err := shop.Add(ctx, dan, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: st.w.Products[1].ID, Quantity: quantity.One}}})
		st.must(err)
		c, err = shop.Prepare(ctx, dan, c.ID, c.Version, cart.Checkout{Unit: u.ID, Payment: purchasing.Advance})
		st.must(err)
		st.must(second(shop.Submit(ctx, dan, purchasing.SubmitInput{Cart: c.ID, Version: c.Version})))
		state := func(s string) {
			st.must(st.w.DB.Engine().Write(ctx, func(t *engine.Tx) error {
				t.Write(`update purchase_order set state = ? where company_id = ? and unit_id = ?`, s, st.w.Acme, u.ID).Expect(1, errors.New("there is no order"))
				return nil
			}))
		}
		for _, open := range []string{"submitted", "pending_approval", "returned", "approved", "approved_pending_payment"} {
			state(open)
			st.refused(open, st.s.ArchiveUnit(ctx, dan, u.ID, 1), company.ErrUnitOrders)
		}
		state("placed")
		st.must(st.s.ArchiveUnit(ctx, dan, u.ID, 1))
	})
}

func TestMovingChangesManagerAndRightsAtOnce(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		sid := st.join("Sid", unit(st.w.Units["ops"]), "senior_buyer", id.Unit{})
		thing := func() access.Thing {
			return access.Thing{Owner: st.w.Ann.Member, OwnerAt: st.now(st.w.Ann).At, At: tree.Top}
		}
		reaches := func() bool { s := st.now(sid); return s.Reaches(access.ViewOrders, thing()) }
		if p := st.person(st.w.Ann.Member); p.ManagerName != "Bob Boss" || p.UnitName != "Operations" || reaches() {
			st.Errorf("before: %+v", p)
		}
		st.must(st.s.Move(ctx, dan, organising.MoveInput{Node: member(st.w.Ann.Member), Under: member(sid.Member)}))
		if p := st.person(st.w.Ann.Member); p.ManagerName != "Sid Newman" || p.UnitName != "Operations" || !reaches() {
			st.Errorf("Ann's new manager does not see her orders: %+v", p)
		}
		if p := st.person(sid.Member); p.Reports != 1 || p.Below != 1 {
			st.Errorf("%+v", p)
		}
		if p := st.person(st.w.Bob.Member); p.Reports != 0 || p.Below != 0 {
			st.Errorf("%+v", p)
		}
		// A unit takes all of its people with it.
		st.must(st.s.Move(ctx, dan, organising.MoveInput{Node: unit(st.w.Units["ops"]), Under: member(st.w.Cleo.Member)}))
		if got, want := st.drawn(dan), text(
			"Dan Director 1/4",
			"  Acme Works 1/4",
			"    Finance 1/4",
			"      Cleo Clark 1/3",
			"        Operations 2/3",
			"          Bob Boss 0/0",
			"          Sid Newman 1/1",
			"            Ann Archer 0/0"); got != want {
			st.Errorf("after the move\n%s", got)
		}
		if p := st.person(st.w.Bob.Member); p.ManagerName != "Cleo Clark" || p.UnitName != "Operations" {
			st.Errorf("%+v", p)
		}
		if p := st.person(st.w.Cleo.Member); p.Reports != 2 || p.Below != 3 {
			st.Errorf("%+v", p)
		}
		for _, c := range []struct {
			sentence    string
			actor       access.Actor
			node, under company.Node
			want        *fault.Fault
		}{
			{"nothing stands below itself", dan, unit(st.w.Units["fin"]), unit(st.w.Units["fin"]), company.ErrCircle},
			{"nor below what is below it", dan, unit(st.w.Units["fin"]), member(st.w.Ann.Member), company.ErrCircle},
			{"nobody moves themselves", dan, member(dan.Member), unit(st.w.Units["fin"]), company.ErrOwnPlace},
			{"Ann moves nobody", st.w.Ann, member(st.w.Bob.Member), member(st.w.Ann.Member), company.ErrUnseenMember},
			{"not even herself", st.w.Ann, member(st.w.Ann.Member), member(st.w.Ann.Member), access.ErrForbidden},
		} {
			st.refused(c.sentence, st.s.Move(ctx, c.actor, organising.MoveInput{Node: c.node, Under: c.under}), c.want)
		}
	})
}

// What a move would change is said before anything does.
func TestAMoveIsWeighedFirst(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		st.join("Sid", unit(st.w.Units["fin"]), "senior_buyer", st.w.Units["fin"])
		una := st.chief("Una", st.w.Units["ops"])
		before := st.drawn(dan)
		m, err := st.s.Weigh(ctx, dan, organising.MoveInput{Node: member(st.w.Bob.Member), Under: member(st.w.Cleo.Member)})
		st.must(err)
		who := func(all []view.Reach) (names []string) {
			for _, r := range all {
				names = append(names, r.Name+" "+r.Unit)
			}
			return names
		}
		if m.Name != "Bob Boss" || m.Place != "Cleo Clark" || m.Was.Name != "Dan Director" || m.Is.Name != "Cleo Clark" || m.People != 2 || len(m.Led) != 1 || m.Led[0].Name != "Bob Boss" {
			st.Errorf("%+v", m)
		}
		if !slices.Contains(who(m.Gain), "Sid Newman Finance") || !slices.Contains(who(m.Lose), "Una Newman Operations") {
			st.Errorf("gain %v, lose %v", who(m.Gain), who(m.Lose))
		}
		if m.Waiting != 0 || m.ByManager != 0 {
			st.Errorf("%+v", m)
		}
		// Who comes to stand above them, and who no longer does, reaches them by the leaves for subordinates.
		g := granting.New(st.w.DB)
		r, err := g.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "Leads", Permissions: access.SetOf(access.OrdersView, access.OrdersViewSubordinates)})
		st.must(err)
		for _, who := range []access.Actor{st.w.Bob, st.w.Cleo} {
			st.must(second(g.Assign(ctx, dan, granting.AssignInput{Member: who.Member, Role: r.ID})))
		}
		m, err = st.s.Weigh(ctx, dan, organising.MoveInput{Node: member(st.w.Ann.Member), Under: member(st.w.Cleo.Member)})
		st.must(err)
		if !slices.Contains(who(m.Gain), "Cleo Clark ") || !slices.Contains(who(m.Lose), "Bob Boss ") {
			st.Errorf("who leads: gain %q, lose %q", who(m.Gain), who(m.Lose))
		}
		m, err = st.s.Weigh(ctx, dan, organising.MoveInput{Node: unit(st.w.Units["ops"]), Under: unit(st.w.Units["fin"])})
		st.must(err)
		if m.Was != m.Is || len(m.Led) != 0 || len(m.Lose) != 0 {
			st.Errorf("the manager stays, and who has rights at the unit keeps them: %+v", m)
		}
		if st.drawn(dan) != before {
			st.Error("to weigh has moved something")
		}
		for says, c := range map[string]struct {
			actor       access.Actor
			node, under company.Node
			want        *fault.Fault
		}{
			"Ann weighs nothing":       {st.w.Ann, unit(st.w.Units["ops"]), unit(st.w.Units["fin"]), company.ErrUnseenUnit},
			"nobody out of Una's unit": {una, member(st.w.Ann.Member), unit(st.w.Units["fin"]), company.ErrUnseenUnit},
			"below itself":             {dan, unit(st.w.Units["ops"]), member(st.w.Ann.Member), company.ErrCircle},
			"what another company has": {st.w.Eve, unit(st.w.Units["ops"]), unit(st.w.Units["fin"]), company.ErrUnseenUnit},
			"nobody moves their own":   {una, member(una.Member), member(st.w.Bob.Member), company.ErrOwnPlace},
		} {
			st.refused(says, second(st.s.Weigh(ctx, c.actor, organising.MoveInput{Node: c.node, Under: c.under})), c.want)
		}
	})
}

// Who leads somebody sees what is theirs and is asked about it: nobody gets that by a move of their own, be it of a member, a unit or
// of somebody who comes back, unless they administer where it stands anyway.
func TestNobodyPutsOthersBelowThemselves(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		g := granting.New(st.w.DB)
		r, err := g.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "Teams", Permissions: access.SetOf(access.UsersManage, access.OrdersView)})
		st.must(err)
		kim := st.join("Kim", unit(st.w.Units["ops"]), "default_user", id.Unit{})
		lea := st.join("Lea", member(kim.Member), "default_user", id.Unit{})
		deep := st.join("Deep", member(lea.Member), "default_user", id.Unit{})
		st.must(second(g.Assign(ctx, dan, granting.AssignInput{Member: kim.Member, Role: r.ID})))
		kim = st.now(kim)
		for _, c := range []struct {
			says        string
			node, under company.Node
			want        *fault.Fault
		}{
			{"a member", member(st.w.Ann.Member), member(kim.Member), access.ErrEscalation},
			{"a member, further down", member(st.w.Ann.Member), member(lea.Member), access.ErrEscalation},
			{"a unit with all its people", unit(st.w.Units["fin"]), member(kim.Member), access.ErrEscalation},
		} {
			in := organising.MoveInput{Node: c.node, Under: c.under}
			st.refused(c.says, st.s.Move(ctx, kim, in), c.want)
			st.refused(c.says+", weighed", second(st.s.Weigh(ctx, kim, in)), c.want)
		}
		st.must(st.s.Move(ctx, kim, organising.MoveInput{Node: member(deep.Member), Under: member(kim.Member)})) // she led them already
		st.must(st.s.Move(ctx, kim, organising.MoveInput{Node: member(st.w.Ann.Member), Under: unit(st.w.Units["ops"])}))
		st.must(st.s.Leave(ctx, dan, organising.LeaveInput{ID: st.w.Cleo.Member, Version: st.person(st.w.Cleo.Member).Version, Successor: st.w.Dan.Member}))
		back := organising.ReactivateMemberInput{ID: st.w.Cleo.Member, Version: st.person(st.w.Cleo.Member).Version, Under: member(kim.Member)}
		st.refused("somebody who comes back", second(st.s.ReactivateMember(ctx, kim, back)), access.ErrEscalation)
		back.Under = unit(st.w.Units["ops"])
		st.must(second(st.s.ReactivateMember(ctx, kim, back)))
		una := st.chief("Una", st.w.Units["ops"])
		st.must(st.s.Move(ctx, una, organising.MoveInput{Node: member(deep.Member), Under: member(una.Member)})) // she administers them
		st.refused("who stands elsewhere", st.s.Move(ctx, una, organising.MoveInput{Node: member(st.w.Eve.Member), Under: member(una.Member)}), company.ErrUnseenMember)
	})
}

func TestWhoManagesAUnitMovesNothingInOrOut(t *testing.T) {
	each(t, func(st stage) {
		ctx, ops := st.Context(), st.w.Units["ops"]
		una := st.chief("Una", ops)
		team, err := st.s.CreateUnit(ctx, una, organising.CreateUnitInput{Code: "team", Name: "Team", Under: unit(ops)})
		st.must(err)
		st.must(st.s.Move(ctx, una, organising.MoveInput{Node: member(st.w.Ann.Member), Under: unit(team.ID)}))
		for _, c := range []struct {
			sentence    string
			node, under company.Node
			want        *fault.Fault
		}{
			{"not herself, to be above others", member(una.Member), unit(team.ID), company.ErrOwnPlace},
			{"not her unit", unit(ops), unit(team.ID), access.ErrForbidden},
			{"nobody out", member(st.w.Ann.Member), unit(st.w.Units["fin"]), company.ErrUnseenUnit},
			{"nobody in", member(st.w.Cleo.Member), unit(team.ID), company.ErrUnseenMember},
			{"nothing that is above her", unit(st.w.Units["acme"]), unit(team.ID), company.ErrUnseenUnit},
			{"not the top", member(st.w.Dan.Member), unit(team.ID), company.ErrUnseenMember},
		} {
			st.refused(c.sentence, st.s.Move(ctx, una, organising.MoveInput{Node: c.node, Under: c.under}), c.want)
		}
		// Una sees all of Acme now, and manages Operations all the same.
		st.must(second(granting.New(st.w.DB).Assign(ctx, st.w.Dan, granting.AssignInput{Member: una.Member, Role: st.w.Roles["senior_buyer"]})))
		una = st.now(una)
		st.refused("nobody out, to where she can look", st.s.Move(ctx, una, organising.MoveInput{Node: member(st.w.Ann.Member), Under: unit(st.w.Units["fin"])}), access.ErrForbidden)
		st.refused("nobody in, from where she can look", st.s.Move(ctx, una, organising.MoveInput{Node: member(st.w.Cleo.Member), Under: unit(team.ID)}), access.ErrForbidden)
		st.refused("nor does she archive her own unit", st.s.ArchiveUnit(ctx, una, ops, 1), access.ErrForbidden)
		// The top stays, whoever asks.
		dora := st.chief("Dora", st.w.Units["acme"])
		st.must(second(granting.New(st.w.DB).Assign(ctx, st.w.Dan, granting.AssignInput{Member: dora.Member, Role: st.w.Roles["administrator"]})))
		st.refused("the top stays", st.s.Move(ctx, st.now(dora), organising.MoveInput{Node: member(st.w.Dan.Member), Under: unit(ops)}), company.ErrTop)
	})
}

func TestMembersAreAdded(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		limit := money.Of(50_000, "EUR")
		m, err := st.s.AddMember(ctx, dan, organising.AddMemberInput{Email: "Max@Acme.example", First: "Max", Last: "Newman", Number: "9", Title: "Trainee", Approval: &limit,
			Under: member(st.w.Bob.Member)})
		st.must(err)
		p := st.person(m.ID)
		if p.Name != "Max Newman" || p.Email != "Max@Acme.example" || p.Number != "9" || p.Title != "Trainee" || *p.Approval != limit || p.Status != company.Working ||
			p.ManagerName != "Bob Boss" || p.UnitCode != "ops" || p.Version != 1 {
			st.Errorf("%+v", p)
		}
		if len(p.Assigned) != 1 || p.Assigned[0].RoleName != "Default User" || !p.Assigned[0].Unit.IsZero() {
			st.Errorf("who is given no role has the default one: %+v", p.Assigned)
		}
		// An account that there is gets no second one, and is told by the name that this company gives.
		eve, err := st.s.AddMember(ctx, dan, organising.AddMemberInput{Email: "EVE@globex.example", First: "Evelyn", Last: "Guest"})
		st.must(err)
		if eve.Account != st.w.Eve.Account || eve.Name != "Evelyn Guest" {
			st.Errorf("%+v", eve)
		}
		una := st.chief("Una", st.w.Units["ops"])
		n, err := st.s.AddMember(ctx, una, organising.AddMemberInput{Email: "nora@acme.example", First: "Nora", Under: member(st.w.Ann.Member)})
		st.must(err)
		if p := st.person(n.ID); len(p.Assigned) != 1 || p.Assigned[0].UnitCode != "ops" {
			st.Errorf("whoever manages a unit gives the default role at it: %+v", p.Assigned)
		}
		in := func(change func(*organising.AddMemberInput)) organising.AddMemberInput {
			i := organising.AddMemberInput{Email: "zoe@acme.example", First: "Zoe", Last: "Newman"}
			change(&i)
			return i
		}
		for _, c := range []struct {
			sentence string
			actor    access.Actor
			in       organising.AddMemberInput
			want     *fault.Fault
		}{
			{"nobody is a member twice", dan, in(func(i *organising.AddMemberInput) { i.Email = "max@acme.example" }), company.ErrAlreadyMember},
			{"an address is needed", dan, in(func(i *organising.AddMemberInput) { i.Email = "zoe" }), fault.ErrInput},
			{"a name is needed", dan, in(func(i *organising.AddMemberInput) { i.First, i.Last = "", "" }), fault.ErrInput},
			{"also of somebody who has an account", dan, in(func(i *organising.AddMemberInput) { i.Email, i.First, i.Last = "sid@x.example", "", "" }), fault.ErrInput},
			{"a role is the company's own", dan, in(func(i *organising.AddMemberInput) { i.Role = st.w.GlobexRoles["buyer"] }), access.ErrUnseenRole},
			{"a place is the company's own", dan, in(func(i *organising.AddMemberInput) { i.Under = unit(st.w.GlobexUnits["globex"]) }), company.ErrUnseenUnit},
			{"a role is given at a place of the company's own", dan, in(func(i *organising.AddMemberInput) { i.Role, i.RoleAt = st.w.Roles["buyer"], st.w.GlobexUnits["globex"] }), company.ErrUnseenUnit},
			{"Ann adds nobody", st.w.Ann, in(func(i *organising.AddMemberInput) {}), access.ErrForbidden},
			{"not even below herself", st.w.Ann, in(func(i *organising.AddMemberInput) { i.Under = member(st.w.Ann.Member) }), access.ErrForbidden},
			{"Una adds nobody elsewhere", una, in(func(i *organising.AddMemberInput) {}), access.ErrForbidden},
			{"nor anybody who has more than she", una, in(func(i *organising.AddMemberInput) { i.Under, i.Role = unit(st.w.Units["ops"]), st.w.Roles["buyer"] }), access.ErrForbidden},
		} {
			st.refused(c.sentence, second(st.s.AddMember(ctx, c.actor, c.in)), c.want)
		}
		// Who manages people but no roles gives the default role and no other, and sets no limits.
		hr, err := granting.New(st.w.DB).CreateRole(ctx, dan, granting.CreateRoleInput{Name: "People", Permissions: access.SetOf(access.UsersManage)})
		st.must(err)
		pia := st.join("Pia", company.Node{}, "observer", id.Unit{})
		st.must(second(granting.New(st.w.DB).Assign(ctx, dan, granting.AssignInput{Member: pia.Member, Role: hr.ID})))
		pia = st.now(pia)
		st.refused("a role that she may not give", second(st.s.AddMember(ctx, pia, in(func(i *organising.AddMemberInput) { i.Role = st.w.Roles["observer"] }))), access.ErrForbidden)
		st.refused("a limit that she may not set", second(st.s.AddMember(ctx, pia, in(func(i *organising.AddMemberInput) { i.Approval = &limit }))), access.ErrForbidden)
		keeper, err := granting.New(st.w.DB).CreateRole(ctx, dan, granting.CreateRoleInput{Name: "People and roles", Permissions: access.SetOf(access.UsersManage, access.RolesManage)})
		st.must(err)
		rolf := st.join("Rolf", company.Node{}, "observer", id.Unit{})
		st.must(second(granting.New(st.w.DB).Assign(ctx, dan, granting.AssignInput{Member: rolf.Member, Role: keeper.ID})))
		rolf = st.now(rolf)
		st.refused("a role of more than he has", second(st.s.AddMember(ctx, rolf, in(func(i *organising.AddMemberInput) { i.Role = st.w.Roles["administrator"] }))), access.ErrEscalation)
		z, err := st.s.AddMember(ctx, pia, in(func(i *organising.AddMemberInput) {}))
		st.must(err)
		if p := st.person(z.ID); len(p.Assigned) != 1 || p.Assigned[0].Shipped != "default_user" {
			st.Errorf("%+v", p.Assigned)
		}
	})
}

func TestMembersAreEdited(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		limit := money.Of(100, "EUR")
		in := organising.EditMemberInput{ID: st.w.Ann.Member, Version: 1, Name: "Ann Abel", Number: "77", Title: "Lead", Approval: &limit}
		m, err := st.s.EditMember(ctx, dan, in)
		st.must(err)
		if p := st.person(m.ID); p.Name != "Ann Abel" || p.Number != "77" || p.Title != "Lead" || *p.Approval != limit || p.Version != 2 || m.Version != 2 {
			st.Errorf("%+v", p)
		}
		list, err := st.s.Members(ctx, dan, view.MemberFilter{Text: "ABEL"}, page.Ask{})
		st.must(err)
		if len(list.Rows) != 1 {
			st.Error("Ann is not found by her new name")
		}
		st.refused("who has seen an older one looks again", second(st.s.EditMember(ctx, dan, in)), company.ErrStale)
		st.refused("Ann edits nobody, herself neither", second(st.s.EditMember(ctx, st.w.Ann, in)), access.ErrForbidden)
		in.Version, in.Name = 2, ""
		st.refused("a name is needed", second(st.s.EditMember(ctx, dan, in)), fault.ErrInput)
		external, phone := "HR-1", "+49 30 1234"
		in.First, in.Last, in.External, in.Phone = "Ann", "van der Abel", &external, &phone
		st.must(second(st.s.EditMember(ctx, dan, in)))
		if p := st.person(m.ID); p.Name != "Ann van der Abel" || p.First != "Ann" || p.Last() != "van der Abel" || p.External != external || p.Phone != phone {
			st.Errorf("%+v", p)
		}
		st.must(st.w.DB.Read(ctx, access.System(st.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			known, err := tx.Accounts.ListByEmail(ctx, []string{"ann@acme.example"})
			if err == nil && (len(known) != 1 || known[0].Name() != "Ann Archer") {
				st.Errorf("what Ann's account says is hers: %+v", known)
			}
			return err
		}))
		in.Version, in.First, in.Last, in.Name, in.External, in.Phone = 3, "", "", "Ann van der Abel", nil, nil
		st.must(second(st.s.EditMember(ctx, dan, in)))
		if p := st.person(m.ID); p.First != "Ann" || p.External != external || p.Phone != phone {
			st.Errorf("what is not said stays as it is: %+v", p)
		}
		bob := st.person(st.w.Bob.Member)
		in = organising.EditMemberInput{ID: bob.ID, Version: bob.Version, Name: bob.Name, External: &external}
		st.refused("two of one external id", second(st.s.EditMember(ctx, dan, in)), company.ErrMemberExternal)
		bad := "what"
		in.External, in.Phone = nil, &bad
		st.refused("no phone number", second(st.s.EditMember(ctx, dan, in)), fault.ErrInput)
		other := st.w.Eve
		eve, err := st.s.Member(ctx, other, other.Member)
		st.must(err)
		st.must(second(st.s.EditMember(ctx, other, organising.EditMemberInput{ID: eve.ID, Version: eve.Version, Name: eve.Name, External: &external})))
	})
}

func TestWhatHasChangedCountsForWhoIsSignedIn(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, ops := st.Context(), st.w.Dan, st.w.Units["ops"]
		una := st.chief("Una", ops) // with her rights as they are now
		st.must(st.s.Move(ctx, dan, organising.MoveInput{Node: unit(ops), Under: unit(st.w.Units["fin"])}))
		st.must(second(st.s.CreateUnit(ctx, una, organising.CreateUnitInput{Code: "x", Name: "x", Under: unit(ops)})))
		una = st.now(una)
		st.must(st.s.Leave(ctx, dan, organising.LeaveInput{ID: una.Member, Version: 1}))
		st.refused("who has left does nothing", second(st.s.CreateUnit(ctx, una, organising.CreateUnitInput{Code: "y", Name: "y", Under: unit(ops)})), company.ErrUnseenUnit)
		if got := st.drawn(una); got != "" {
			st.Errorf("who has left sees\n%s", got)
		}
		una = st.now(una)
		st.must(second(st.s.ReactivateMember(ctx, dan, organising.ReactivateMemberInput{ID: una.Member, Version: 2})))
		st.must(second(st.s.CreateUnit(ctx, una, organising.CreateUnitInput{Code: "y", Name: "y", Under: unit(ops)})))
	})
}

func TestWhoLeavesLeavesNoGap(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		session := identity.Session{ID: id.NewSession(time.Now()), Account: st.w.Bob.Account, Company: st.w.Acme, Member: st.w.Bob.Member, EndsAt: time.Now().Add(time.Hour)}
		abroad := session
		abroad.ID, abroad.Company, abroad.Member = id.NewSession(time.Now()), id.Company{}, id.Member{}
		st.must(st.w.DB.Write(ctx, access.System(st.w.Acme), func(tx *store.Tx, _ access.Actor) error {
			session.CreatedAt, session.SeenAt, abroad.CreatedAt, abroad.SeenAt = tx.Now, tx.Now, tx.Now, tx.Now
			tx.Accounts.InsertSession(session, "here")
			tx.Accounts.InsertSession(abroad, "there")
			return nil
		}))
		st.must(st.s.Leave(ctx, dan, organising.LeaveInput{ID: st.w.Bob.Member, Version: 1}))
		if got, want := st.drawn(dan), text(
			"Dan Director 1/2",
			"  Acme Works 2/2",
			"    Finance 1/1",
			"      Cleo Clark 0/0",
			"    Operations 1/1",
			"      Ann Archer 0/0"); got != want {
			st.Errorf("without Bob\n%s", got)
		}
		if p := st.person(st.w.Ann.Member); p.ManagerName != "Dan Director" {
			st.Errorf("Ann's manager is %q", p.ManagerName)
		}
		if p := st.person(st.w.Bob.Member); p.Status != company.Inactive || p.Path != tree.Top || len(p.Assigned) != 1 {
			st.Errorf("%+v", p)
		}
		if bob := st.now(st.w.Bob); len(bob.Grants()) != 1 || bob.MaySomewhere(access.PurchaseOrdersApprove) {
			st.Errorf("Bob still holds %+v", bob.Grants())
		}
		for hash, want := range map[string]bool{"here": false, "there": true} {
			if _, _, found, err := st.w.DB.Recognise(ctx, hash); err != nil || found != want {
				st.Errorf("Bob's session %s: %v, %v", hash, found, err)
			}
		}
		st.refused("nobody leaves twice", st.s.Leave(ctx, dan, organising.LeaveInput{ID: st.w.Bob.Member, Version: 2}), company.ErrInactive)
		st.refused("who was seen otherwise", st.s.Leave(ctx, dan, organising.LeaveInput{ID: st.w.Ann.Member, Version: 9}), company.ErrStale)
		st.refused("the last administrator stays", st.s.Leave(ctx, dan, organising.LeaveInput{ID: dan.Member, Version: 1}), access.ErrLastAdministrator)
		st.refused("Ann sends nobody away", st.s.Leave(ctx, st.w.Ann, organising.LeaveInput{ID: st.w.Cleo.Member, Version: 1}), company.ErrUnseenMember)
		st.refused("herself neither", st.s.Leave(ctx, st.w.Ann, organising.LeaveInput{ID: st.w.Ann.Member, Version: 1}), access.ErrForbidden)

		m, err := st.s.ReactivateMember(ctx, dan, organising.ReactivateMemberInput{ID: st.w.Bob.Member, Version: 2, Under: unit(st.w.Units["fin"])})
		st.must(err)
		if p := st.person(m.ID); p.Status != company.Working || p.UnitName != "Finance" || p.Version != m.Version || len(p.Assigned) != 1 || p.Assigned[0].Shipped != "approver" {
			st.Errorf("Bob is back: %+v", p)
		}
		if bob := st.now(st.w.Bob); !bob.May(access.PurchaseOrdersApprove, tree.Top) {
			st.Error("Bob is back without his role")
		}
		st.refused("nobody comes back who is there", second(st.s.ReactivateMember(ctx, dan, organising.ReactivateMemberInput{ID: st.w.Bob.Member, Version: 3})), company.ErrNotInactive)
	})
}

func TestTheTopIsNeverEmpty(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		dora := st.join("Dora", member(st.w.Bob.Member), "administrator", id.Unit{})
		st.must(st.s.Move(ctx, dan, organising.MoveInput{Node: member(st.w.Ann.Member), Under: member(dora.Member)}))
		st.must(st.s.Leave(ctx, st.now(dora), organising.LeaveInput{ID: dan.Member, Version: 1}))
		st.w.Dan = st.now(dora)
		if got, want := st.drawn(st.w.Dan), text(
			"Dora Newman 1/3",
			"  Acme Works 2/3",
			"    Finance 1/1",
			"      Cleo Clark 0/0",
			"    Operations 1/2",
			"      Bob Boss 1/1",
			"        Ann Archer 0/0"); got != want {
			st.Errorf("without Dan\n%s", got)
		}
		if st.w.Dan.At.Depth() != 1 || !st.w.Dan.At.Above(st.now(st.w.Ann).At) {
			st.Errorf("Dora stands at %q", st.w.Dan.At)
		}
	})
}

func TestTheLastAdministratorStaysWhereverTheyStand(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		dora := st.join("Dora", member(st.w.Bob.Member), "administrator", id.Unit{})
		p := st.person(dan.Member)
		st.must(granting.New(st.w.DB).Revoke(ctx, dora, p.Assigned[0].ID))
		st.refused("Dora is the last one", st.s.Leave(ctx, dora, organising.LeaveInput{ID: dora.Member, Version: 1}), access.ErrLastAdministrator)
		st.must(st.s.Leave(ctx, dora, organising.LeaveInput{ID: dan.Member, Version: 1}))
		if got := st.now(dora).At; got.Depth() != 1 {
			st.Errorf("Dora stands at %q", got)
		}
	})
}

func TestWhoComesBackGetsNoMoreThanCouldBeGiven(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		g := granting.New(st.w.DB)
		hr, err := g.CreateRole(ctx, dan, granting.CreateRoleInput{Name: "People", Permissions: access.SetOf(access.UsersManage)})
		st.must(err)
		pia := st.join("Pia", company.Node{}, "observer", id.Unit{})
		st.must(second(g.Assign(ctx, dan, granting.AssignInput{Member: pia.Member, Role: hr.ID})))
		dora := st.join("Dora", company.Node{}, "administrator", id.Unit{})
		st.must(st.s.Leave(ctx, dan, organising.LeaveInput{ID: dora.Member, Version: 1}))
		st.must(second(st.s.ReactivateMember(ctx, st.now(pia), organising.ReactivateMemberInput{ID: dora.Member, Version: 2})))
		if a := st.now(dora); a.MaySomewhere(access.UsersManage) || !a.May(access.CheckoutPlace, tree.Top) {
			st.Errorf("whoever manages no roles made an administrator: %+v", a.Roles())
		}
		p := st.person(dora.Member)
		if len(p.Assigned) != 2 {
			st.Errorf("%+v", p.Assigned)
		}
	})
}

func TestMembersAreListed(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		st.join("Änne", unit(st.w.Units["fin"]), "buyer", id.Unit{})
		zed := st.join("Zed", unit(st.w.Units["ops"]), "approver", st.w.Units["ops"])
		st.must(st.s.Leave(ctx, dan, organising.LeaveInput{ID: zed.Member, Version: 1}))
		names := func(a access.Actor, f view.MemberFilter) string {
			var all []string
			ask := page.Ask{Limit: 2}
			for {
				list, err := st.s.Members(ctx, a, f, ask)
				st.must(err)
				for _, r := range list.Rows {
					all = append(all, strings.Fields(r.Name)[0])
				}
				if list.Next == "" {
					return strings.Join(all, " ")
				}
				ask, err = page.Parse(list.Next, 0, 2)
				st.must(err)
			}
		}
		una := st.chief("Una", st.w.Units["ops"])
		roles := granting.New(st.w.DB)
		held, err := roles.Held(ctx, dan, st.w.Cleo.Member)
		st.must(err)
		for _, a := range held {
			st.must(roles.Revoke(ctx, dan, a.ID))
		}
		for _, c := range []struct {
			sentence string
			actor    access.Actor
			filter   view.MemberFilter
			want     string
		}{
			{"all, by name", dan, view.MemberFilter{}, "Ann Bob Cleo Dan Una Zed Änne"},
			{"by a word", dan, view.MemberFilter{Text: "newman"}, "Una Zed Änne"},
			{"whatever the case, with umlauts", dan, view.MemberFilter{Text: "ÄNN"}, "Änne"},
			{"by address", dan, view.MemberFilter{Text: "bob@acme"}, "Bob"},
			{"by title", dan, view.MemberFilter{Text: "technician"}, "Ann"},
			{"a percent sign is one", dan, view.MemberFilter{Text: "%"}, ""},
			{"an underscore is one", dan, view.MemberFilter{Text: "_"}, ""},
			{"by status", dan, view.MemberFilter{Status: company.Inactive}, "Zed"},
			{"by unit, and below", dan, view.MemberFilter{Unit: st.w.Units["ops"]}, "Ann Bob Una"},
			{"by the company's own unit", dan, view.MemberFilter{Unit: st.w.Units["acme"]}, "Ann Bob Cleo Una Änne"},
			{"by another company's unit", dan, view.MemberFilter{Unit: st.w.GlobexUnits["globex"]}, ""},
			{"by role", dan, view.MemberFilter{Role: st.w.Roles["buyer"]}, "Ann Änne"},
			{"all together", dan, view.MemberFilter{Text: "a", Status: company.Working, Unit: st.w.Units["ops"], Role: st.w.Roles["buyer"]}, "Ann"},
			{"without a role", dan, view.MemberFilter{Roleless: true}, "Cleo"},
			{"without a role, and by a word", dan, view.MemberFilter{Roleless: true, Text: "ann"}, ""},
			{"Una sees nobody of them in her unit", una, view.MemberFilter{Roleless: true}, ""},
			{"Ann sees herself", st.w.Ann, view.MemberFilter{}, "Ann"},
			{"and nobody else by asking for them", st.w.Ann, view.MemberFilter{Text: "bob"}, ""},
			{"Una sees her unit", una, view.MemberFilter{}, "Ann Bob Una"},
			{"Eve sees Globex", st.w.Eve, view.MemberFilter{}, "Eve"},
		} {
			if got := names(c.actor, c.filter); got != c.want {
				st.Errorf("%s: %q, and not %q", c.sentence, got, c.want)
			}
		}
		list, err := st.s.Members(ctx, dan, view.MemberFilter{Text: "ann"}, page.Ask{})
		st.must(err)
		ann := list.Rows[0]
		if ann.UnitName != "Operations" || ann.ManagerName != "Bob Boss" || ann.Manager != st.w.Bob.Member || ann.Unit != st.w.Units["ops"] || !slices.Equal(ann.Roles, []string{"Buyer"}) {
			st.Errorf("%+v", ann)
		}
		st.refused("Ann does not look at Bob", second(st.s.Member(ctx, st.w.Ann, st.w.Bob.Member)), company.ErrUnseenMember)
		if p, err := st.s.Member(ctx, st.w.Ann, st.w.Ann.Member); err != nil || p.ManagerName != "Bob Boss" {
			st.Errorf("Ann looks at herself: %+v, %v", p, err)
		}
		for sentence, after := range map[string][]string{"a cursor with no key": {"name", "ann", "x"}, "a cursor of another list": {"name", "ann", id.NewUnit(time.Now()).String()}, "half a cursor": {"name", "ann"}, "a cursor of no order": {"ann", st.w.Ann.Member.String()}} {
			_, err := st.s.Members(ctx, dan, view.MemberFilter{}, page.Ask{After: after})
			st.refused(sentence, err, page.ErrCursor)
		}
	})
}

func TestTheCompanysProfileAndBook(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		c, err := st.s.Profile(ctx, st.w.Ann)
		st.must(err)
		p := c.Profile()
		p.PONumber, p.ExpiryDays = company.Required, 30
		edited, err := st.s.EditProfile(ctx, dan, organising.EditProfileInput{Version: c.Version, Profile: p})
		st.must(err)
		if got, err := st.s.Profile(ctx, dan); err != nil || !reflect.DeepEqual(got, edited) || got.PONumber != company.Required || got.Version != c.Version+1 {
			st.Errorf("%+v, %v", got, err)
		}
		st.refused("seen otherwise", second(st.s.EditProfile(ctx, dan, organising.EditProfileInput{Version: c.Version, Profile: p})), company.ErrStale)
		st.refused("Ann edits it not", second(st.s.EditProfile(ctx, st.w.Ann, organising.EditProfileInput{Version: edited.Version, Profile: p})), access.ErrForbidden)

		shop := company.Address{Label: "Shop", Name: "Acme", Street: "High Street 2", Postcode: "4020", City: "Linz", Country: "AT", Delivers: true, Usual: true}
		a, err := st.s.AddAddress(ctx, dan, shop)
		st.must(err)
		book, err := st.s.Addresses(ctx, st.w.Ann)
		st.must(err)
		if len(book) != 3 || book[0].ID != a.ID || !book[0].Usual || book[1].Usual || book[2].Usual || book[0].City != "Linz" {
			st.Errorf("%+v", book)
		}
		st.refused("a label is there once", second(st.s.AddAddress(ctx, dan, shop)), company.ErrAddressLabel)
		st.refused("Ann adds none", second(st.s.AddAddress(ctx, st.w.Ann, shop)), access.ErrForbidden)
		shop.Country = "Austria"
		st.refused("a country is two letters", second(st.s.AddAddress(ctx, dan, shop)), fault.ErrInput)
	})
}

func TestAddressesOfTheBookChange(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		get := func(key id.Address) company.Address {
			st.Helper()
			a, _, err := st.s.Address(ctx, st.w.Ann, key)
			st.must(err)
			return a
		}
		yard := get(st.w.Warehouse)
		yard.Label, yard.Bills, yard.UsualBilling, yard.Usual = "Yard", true, true, true
		edited, err := st.s.EditAddress(ctx, dan, 1, yard)
		st.must(err)
		if got := get(st.w.Warehouse); got != edited || got.Label != "Yard" || got.Version != 2 || !got.Usual || !got.UsualBilling {
			st.Errorf("%+v, and not %+v", got, edited)
		}
		if works := get(st.w.Address); works.Usual || works.UsualBilling {
			st.Errorf("there are two usual ones: %+v", works)
		}
		twin := edited
		twin.Label = "Works"
		st.refused("seen otherwise", second(st.s.EditAddress(ctx, dan, 1, yard)), company.ErrStale)
		st.refused("a label is there once", second(st.s.EditAddress(ctx, dan, 2, twin)), company.ErrAddressLabel)
		st.refused("Ann edits none", second(st.s.EditAddress(ctx, st.w.Ann, 2, yard)), access.ErrForbidden)
		st.refused("Ann removes none", st.s.RemoveAddress(ctx, st.w.Ann, yard.ID, 2), access.ErrForbidden)
		st.refused("Eve edits none", second(st.s.EditAddress(ctx, st.w.Eve, 2, yard)), company.ErrUnseenAddress)
		st.refused("Eve removes none", st.s.RemoveAddress(ctx, st.w.Eve, yard.ID, 2), company.ErrUnseenAddress)
		_, _, err = st.s.Address(ctx, st.w.Eve, yard.ID)
		st.refused("Eve sees none", err, company.ErrUnseenAddress)

		st.refused("the usual one stays", st.s.RemoveAddress(ctx, dan, yard.ID, 2), company.ErrAddressUsual)
		st.refused("one seen otherwise stays", st.s.RemoveAddress(ctx, dan, st.w.Address, 7), company.ErrStale)
		st.must(st.s.RemoveAddress(ctx, dan, st.w.Address, 1))
		st.must(st.s.RemoveAddress(ctx, dan, yard.ID, 2))
		if book, err := st.s.Addresses(ctx, dan); err != nil || len(book) != 0 {
			st.Errorf("%+v, %v", book, err)
		}
	})
}

// fillsTheBook adds addresses to Acme's book past all rules, as it could be done before there was a bound, until it has so many. It gives the last.
func (st stage) fillsTheBook(size int) (last id.Address) {
	st.Helper()
	all, err := st.s.Addresses(st.Context(), st.w.Dan)
	st.must(err)
	st.must(st.w.DB.Write(st.Context(), st.w.Dan, func(tx *store.Tx, actor access.Actor) error {
		for n := len(all); n < size; n++ {
			last = id.NewAddress(tx.Now)
			tx.Companies.InsertAddress(actor.Company, company.Address{ID: last, Label: fmt.Sprintf("Addr %04d", n), Name: "Acme", Street: "Way 1", Postcode: "10115", City: "Berlin", Country: "DE", Delivers: true, Bills: true})
		}
		return nil
	}))
	return last
}

// A book is full some day, and says so; one that was filled before it had a bound stays, and each address of it is found.
func TestTheBookOfACompanyIsFull(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan := st.Context(), st.w.Dan
		add := func(label string) error {
			return second(st.s.AddAddress(ctx, dan, company.Address{Label: label, Name: "Acme", Street: "Way 1", Postcode: "10115", City: "Berlin", Country: "DE", Delivers: true}))
		}
		st.fillsTheBook(company.MostAddresses - 1)
		st.must(add("The last"))
		st.refused("the book is full", add("One more"), company.ErrAddressesFull)
		if all, err := st.s.Addresses(ctx, dan); err != nil || len(all) != company.MostAddresses {
			st.Errorf("%d addresses, %v", len(all), err)
		}
		st.must(st.s.RemoveAddress(ctx, dan, st.w.Warehouse, 1))
		st.must(add("One more"))

		far, ops := st.fillsTheBook(620), st.w.Units["ops"]
		st.refused("it does not grow", add("And one"), company.ErrAddressesFull)
		a, _, err := st.s.Address(ctx, dan, far)
		st.must(err)
		u, err := st.s.Unit(ctx, dan, ops)
		st.must(err)
		d := company.Directions{Delivery: far, Billing: far, Allowed: []id.Address{far}}
		st.must(last(st.s.Direct(ctx, dan, organising.DirectInput{Unit: ops, Version: u.Version, Directions: d})))
		_, b, err := st.s.Directions(ctx, dan, ops)
		st.must(err)
		if b.Delivery().Address != a || b.Billing().Address != a || a.Label != "Addr 0619" {
			st.Errorf("goods go to %+v, invoices to %+v", b.Delivery(), b.Billing())
		}
		d.Billing = id.NewAddress(st.w.DB.Times())
		st.refused("one that there is not", last(st.s.Direct(ctx, dan, organising.DirectInput{Unit: ops, Version: u.Version + 1, Directions: d})), company.ErrUnseenAddress)
		_, err = st.s.DirectSelf(ctx, st.w.Ann, company.Directions{Delivery: far})
		st.must(err)
		if b, err = st.s.OwnBook(ctx, st.w.Ann); err != nil || b.Find(b.Member.Delivery) != a {
			st.Errorf("Ann's goods go to %+v, %v", b.Member, err)
		}
	})
}

// last is the last of three.
func last[A, B any](_ A, _ B, err error) error { return err }

func TestUnitsSayWhereTheirGoodsGo(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, ops, acme := st.Context(), st.w.Dan, st.w.Units["ops"], st.w.Units["acme"]
		works, yard := st.w.Address, st.w.Warehouse
		direct := func(a access.Actor, key id.Unit, version int64, d company.Directions) error {
			_, _, err := st.s.Direct(ctx, a, organising.DirectInput{Unit: key, Version: version, Directions: d})
			return err
		}
		st.must(direct(dan, acme, 1, company.Directions{Delivery: yard, Billing: works, Allowed: []id.Address{works, yard}}))
		st.must(direct(dan, ops, 1, company.Directions{Delivery: works}))
		u, b, err := st.s.Directions(ctx, dan, ops)
		st.must(err)
		if u.Version != 2 || len(b.Units) != 2 || b.Units[0].Delivery != works || b.Delivery().Unit.ID != ops || b.Billing().Unit.ID != acme || b.Limit().Unit.ID != acme || len(b.Deliveries()) != 2 {
			st.Errorf("%+v %+v", u, b.Units)
		}
		st.refused("seen otherwise", direct(dan, ops, 1, company.Directions{}), company.ErrStale)
		st.refused("Ann does not see the unit", direct(st.w.Ann, ops, 2, company.Directions{}), company.ErrUnseenUnit)
		st.refused("nor does Eve", direct(st.w.Eve, ops, 2, company.Directions{}), company.ErrUnseenUnit)
		st.refused("nor to look at", third(st.s.Directions(ctx, st.w.Eve, ops)), company.ErrUnseenUnit)
		st.refused("Globex's address is none", direct(dan, ops, 2, company.Directions{Delivery: st.w.GlobexAddress}), company.ErrUnseenAddress)
		st.refused("nor to be allowed", direct(dan, ops, 2, company.Directions{Allowed: []id.Address{st.w.GlobexAddress}}), company.ErrUnseenAddress)
		st.refused("a warehouse takes no invoices", direct(dan, ops, 2, company.Directions{Billing: yard}), fault.ErrInput)
		una := st.chief("Una", st.w.Units["fin"])
		st.refused("Una manages another unit", direct(una, ops, 2, company.Directions{}), company.ErrUnseenUnit)
		st.must(direct(una, st.w.Units["fin"], 1, company.Directions{Delivery: yard}))

		st.refused("a unit names it", st.s.RemoveAddress(ctx, dan, yard, 1), company.ErrAddressInUse)
		a, named, err := st.s.Address(ctx, dan, yard)
		st.must(err)
		if len(named) != 2 || named[0].Unit != "Acme Works" || !named[0].Delivery || !named[0].Allowed || named[0].Billing || named[1].Unit != "Finance" || named[1].Allowed {
			st.Errorf("%+v", named)
		}
		a.Delivers, a.Bills = false, true
		st.refused("nor does it stop taking goods", second(st.s.EditAddress(ctx, dan, 1, a)), company.ErrAddressInUse)
		st.must(direct(dan, acme, 2, company.Directions{Billing: works}))
		st.must(direct(una, st.w.Units["fin"], 2, company.Directions{}))
		st.must(st.s.RemoveAddress(ctx, dan, yard, 1))

		lab, err := st.s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "lab", Name: "Laboratory"})
		st.must(err)
		st.must(direct(dan, lab.ID, 1, company.Directions{Delivery: works}))
		st.must(st.s.ArchiveUnit(ctx, dan, lab.ID, 2))
		st.refused("what is archived says nothing", direct(dan, lab.ID, 3, company.Directions{}), company.ErrArchived)
		if _, named, err := st.s.Address(ctx, dan, works); err != nil || len(named) != 2 {
			st.Errorf("%+v, %v", named, err)
		}
	})
}

func TestEverybodyHasABookOfTheirOwn(t *testing.T) {
	each(t, func(st stage) {
		ctx, ann, bob := st.Context(), st.w.Ann, st.w.Bob
		home, err := st.s.AddOwnAddress(ctx, ann, company.Address{Label: "Home", Name: "Ann", Street: "Lane 1", Postcode: "10115", City: "Berlin", Country: "DE", Bills: true, Usual: true, Owner: bob.Member})
		st.must(err)
		if home.Owner != ann.Member || home.Bills || home.Usual || !home.Delivers {
			st.Errorf("%+v", home)
		}
		st.must(second(st.s.AddOwnAddress(ctx, bob, company.Address{Label: "Home", Name: "Bob", Street: "Lane 2", Postcode: "10115", City: "Berlin", Country: "DE"})))
		st.refused("a label is there once", second(st.s.AddOwnAddress(ctx, ann, home)), company.ErrAddressLabel)
		st.refused("it is whole", second(st.s.AddOwnAddress(ctx, ann, company.Address{Label: "X"})), fault.ErrInput)

		home.Street = "Lane 3"
		edited, err := st.s.EditOwnAddress(ctx, ann, 1, home)
		st.must(err)
		st.refused("seen otherwise", second(st.s.EditOwnAddress(ctx, ann, 1, home)), company.ErrStale)
		st.refused("Bob does not see it", second(st.s.EditOwnAddress(ctx, bob, 2, home)), company.ErrUnseenAddress)
		st.refused("nor remove it", st.s.RemoveOwnAddress(ctx, bob, home.ID, 2), company.ErrUnseenAddress)
		st.refused("nor does Dan in the company's book", second(st.s.EditAddress(ctx, st.w.Dan, 2, home)), company.ErrUnseenAddress)
		st.refused("nor remove it there", st.s.RemoveAddress(ctx, st.w.Dan, home.ID, 2), company.ErrUnseenAddress)
		st.refused("nor is it a unit's", third(st.s.Direct(ctx, st.w.Dan, organising.DirectInput{Unit: st.w.Units["ops"], Version: 1, Directions: company.Directions{Delivery: home.ID}})), company.ErrUnseenAddress)
		st.refused("the company's book is not one's own", second(st.s.EditOwnAddress(ctx, st.w.Dan, 1, company.Address{ID: st.w.Address})), company.ErrUnseenAddress)
		if book, err := st.s.Addresses(ctx, st.w.Dan); err != nil || len(book) != 2 {
			st.Errorf("the company's book has %d, %v", len(book), err)
		}

		b, err := st.s.DirectSelf(ctx, ann, company.Directions{Delivery: home.ID, Billing: st.w.Address, Allowed: []id.Address{home.ID}})
		st.must(err)
		seen, err := st.s.OwnBook(ctx, ann)
		st.must(err)
		if b.Member.Delivery != home.ID || b.Member.Billing != st.w.Address || b.Member.Allowed != nil || seen.Member.Delivery != home.ID || len(seen.Addresses) != 3 || seen.Find(home.ID) != edited {
			st.Errorf("%+v", seen)
		}
		st.refused("not at Bob's", second(st.s.DirectSelf(ctx, bob, company.Directions{Delivery: home.ID})), company.ErrUnseenAddress)
		st.refused("not at Globex's", second(st.s.DirectSelf(ctx, ann, company.Directions{Delivery: st.w.GlobexAddress})), company.ErrUnseenAddress)
		st.refused("invoices do not go home", second(st.s.DirectSelf(ctx, ann, company.Directions{Billing: home.ID})), fault.ErrInput)
		st.must(st.s.RemoveOwnAddress(ctx, ann, home.ID, 2))
		if seen, err = st.s.OwnBook(ctx, ann); err != nil || !seen.Member.Delivery.IsZero() || seen.Member.Billing != st.w.Address || len(seen.Addresses) != 2 {
			st.Errorf("%+v, %v", seen, err)
		}

		for i := range company.MostOwnAddresses {
			st.must(second(st.s.AddOwnAddress(ctx, ann, company.Address{Label: fmt.Sprint("Home ", i), Name: "Ann", Street: "Lane 1", Postcode: "10115", City: "Berlin", Country: "DE"})))
		}
		st.refused("a book is not endless", second(st.s.AddOwnAddress(ctx, ann, home)), company.ErrBookFull)
		nobody := access.Actor{Kind: access.Member, Account: ann.Account}
		for name, err := range map[string]error{"OwnBook": second(st.s.OwnBook(ctx, nobody)), "AddOwnAddress": second(st.s.AddOwnAddress(ctx, nobody, home)), "RemoveOwnAddress": st.s.RemoveOwnAddress(ctx, nobody, home.ID, 1),
			"DirectSelf": second(st.s.DirectSelf(ctx, nobody, company.Directions{}))} {
			if fault.Of(err) == nil {
				st.Errorf("%s of nobody: %v", name, err)
			}
		}
	})
}

func TestWhomTheSellerTurnsTo(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, ann := st.Context(), st.w.Dan, st.w.Ann
		paula := company.Contact{Name: "Paula Payer", Purpose: "Accounts payable", Email: "pay@acme.example"}
		c, err := st.s.AddContact(ctx, dan, paula)
		st.must(err)
		c.Phone = "+49 30 123456"
		edited, err := st.s.EditContact(ctx, dan, 1, c)
		st.must(err)
		if got, err := st.s.Contact(ctx, dan, c.ID); err != nil || got != edited || got.Version != 2 {
			st.Errorf("%+v, %v", got, err)
		}
		st.refused("seen otherwise", second(st.s.EditContact(ctx, dan, 1, c)), company.ErrStale)
		st.refused("nor removed", st.s.RemoveContact(ctx, dan, c.ID, 1), company.ErrStale)
		st.refused("Ann adds none", second(st.s.AddContact(ctx, ann, paula)), access.ErrForbidden)
		st.refused("Ann edits none", second(st.s.EditContact(ctx, ann, 2, c)), access.ErrForbidden)
		st.refused("Ann removes none", st.s.RemoveContact(ctx, ann, c.ID, 2), access.ErrForbidden)
		st.refused("Eve sees none", second(st.s.Contact(ctx, st.w.Eve, c.ID)), company.ErrUnseenContact)
		st.refused("Eve edits none", second(st.s.EditContact(ctx, st.w.Eve, 2, c)), company.ErrUnseenContact)
		st.refused("Eve removes none", st.s.RemoveContact(ctx, st.w.Eve, c.ID, 2), company.ErrUnseenContact)
		if all, err := st.s.Contacts(ctx, st.w.Eve); err != nil || len(all) != 0 {
			st.Errorf("Eve sees %+v, %v", all, err)
		}
		st.must(st.s.RemoveContact(ctx, dan, c.ID, 2))
		if all, err := st.s.Contacts(ctx, dan); err != nil || len(all) != 0 {
			st.Errorf("%+v, %v", all, err)
		}
		for range company.MostContacts {
			st.must(second(st.s.AddContact(ctx, dan, paula)))
		}
		st.refused("there are enough", second(st.s.AddContact(ctx, dan, paula)), company.ErrContactsFull)
	})
}

func TestAnnSaysWhereSheIsCalled(t *testing.T) {
	each(t, func(st stage) {
		ctx, ann := st.Context(), st.w.Ann
		st.must(st.s.SetPhone(ctx, ann, " +49 30  123456 "))
		if p := st.person(ann.Member); p.Phone != "+49 30 123456" || p.Version != 1 {
			st.Errorf("%+v", p.Member)
		}
		st.refused("a number is one", st.s.SetPhone(ctx, ann, "call me"), fault.ErrInput)
		st.refused("nobody is no member", st.s.SetPhone(ctx, access.Actor{Kind: access.Member, Account: ann.Account}, "12345"), company.ErrUnseenMember)
		st.must(second(st.s.EditMember(ctx, st.w.Dan, organising.EditMemberInput{ID: ann.Member, Version: 1, Name: "Ann Abel"})))
		if p := st.person(ann.Member); p.Phone != "+49 30 123456" {
			st.Errorf("it is lost: %+v", p.Member)
		}
	})
}

func third[A, B, C any](_ A, _ B, c C) C { return c }

func TestEveSeesNothingOfAcme(t *testing.T) {
	each(t, func(st stage) {
		ctx, eve, s := st.Context(), st.w.Eve, st.s
		ann, ops, theirs := st.w.Ann.Member, st.w.Units["ops"], st.w.GlobexUnits["globex"]
		before := st.drawn(st.w.Dan)
		for name, c := range map[string]struct {
			err     error
			nowhere error // the same, of something that is nowhere
		}{
			"Unit":               {second(s.Unit(ctx, eve, ops)), second(s.Unit(ctx, eve, id.NewUnit(time.Now())))},
			"EditUnit":           {second(s.EditUnit(ctx, eve, organising.EditUnitInput{ID: ops, Version: 1, Code: "x", Name: "x"})), second(s.EditUnit(ctx, eve, organising.EditUnitInput{ID: id.NewUnit(time.Now()), Version: 1, Code: "x", Name: "x"}))},
			"ArchiveUnit":        {s.ArchiveUnit(ctx, eve, ops, 1), s.ArchiveUnit(ctx, eve, id.NewUnit(time.Now()), 1)},
			"CreateUnit under":   {second(s.CreateUnit(ctx, eve, organising.CreateUnitInput{Code: "x", Name: "x", Under: unit(ops)})), second(s.CreateUnit(ctx, eve, organising.CreateUnitInput{Code: "x", Name: "x", Under: unit(id.NewUnit(time.Now()))}))},
			"CreateUnit below":   {second(s.CreateUnit(ctx, eve, organising.CreateUnitInput{Code: "x", Name: "x", Under: member(ann)})), company.ErrUnseenMember},
			"Move there":         {s.Move(ctx, eve, organising.MoveInput{Node: unit(theirs), Under: unit(ops)}), s.Move(ctx, eve, organising.MoveInput{Node: unit(theirs), Under: unit(id.NewUnit(time.Now()))})},
			"Move from there":    {s.Move(ctx, eve, organising.MoveInput{Node: unit(ops), Under: unit(theirs)}), s.Move(ctx, eve, organising.MoveInput{Node: unit(id.NewUnit(time.Now())), Under: unit(theirs)})},
			"Move a member":      {s.Move(ctx, eve, organising.MoveInput{Node: member(ann), Under: unit(theirs)}), company.ErrUnseenMember},
			"Move within":        {s.Move(ctx, eve, organising.MoveInput{Node: member(ann), Under: unit(ops)}), company.ErrUnseenMember},
			"Member":             {second(s.Member(ctx, eve, ann)), second(s.Member(ctx, eve, id.NewMember(time.Now())))},
			"EditMember":         {second(s.EditMember(ctx, eve, organising.EditMemberInput{ID: ann, Version: 1, Name: "x"})), company.ErrUnseenMember},
			"DeactivateMember":   {s.Leave(ctx, eve, organising.LeaveInput{ID: ann, Version: 1}), s.Leave(ctx, eve, organising.LeaveInput{ID: id.NewMember(time.Now()), Version: 1})},
			"ReactivateMember":   {second(s.ReactivateMember(ctx, eve, organising.ReactivateMemberInput{ID: ann, Version: 1})), company.ErrUnseenMember},
			"AddMember, a role":  {second(s.AddMember(ctx, eve, organising.AddMemberInput{Email: "x@globex.example", First: "X", Role: st.w.Roles["buyer"]})), access.ErrUnseenRole},
			"AddMember, a place": {second(s.AddMember(ctx, eve, organising.AddMemberInput{Email: "x@globex.example", First: "X", Under: unit(ops)})), company.ErrUnseenUnit},
		} {
			if fault.KindOf(c.err) != fault.NotFound || c.err.Error() != c.nowhere.Error() {
				st.Errorf("%s: %v, and of nothing at all %v", name, c.err, c.nowhere)
			}
		}
		if after := st.drawn(st.w.Dan); after != before {
			st.Errorf("Acme has changed:\n%s", after)
		}
		// Whoever is nobody is asked to sign in.
		for name, err := range map[string]error{
			"Structure": second(s.Structure(ctx, access.Anonymous())), "Profile": second(s.Profile(ctx, access.Anonymous())), "Addresses": second(s.Addresses(ctx, access.Anonymous())),
		} {
			if name != "Structure" && fault.KindOf(err) != fault.Unauthenticated {
				st.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestEveryChangeIsInTheAudit(t *testing.T) {
	each(t, func(st stage) {
		ctx, dan, s := st.Context(), st.w.Dan, st.s
		began := st.w.DB.Times()
		u, err := s.CreateUnit(ctx, dan, organising.CreateUnitInput{Code: "lab", Name: "Laboratory"})
		st.must(err)
		st.must(second(s.EditUnit(ctx, dan, organising.EditUnitInput{ID: u.ID, Version: 1, Code: "lab", Name: "Lab"})))
		st.must(s.Move(ctx, dan, organising.MoveInput{Node: member(st.w.Ann.Member), Under: unit(u.ID)}))
		st.must(s.Move(ctx, dan, organising.MoveInput{Node: unit(u.ID), Under: unit(st.w.Units["ops"])}))
		st.must(second(s.EditMember(ctx, dan, organising.EditMemberInput{ID: st.w.Ann.Member, Version: 1, Name: "Ann Abel"})))
		st.must(s.Leave(ctx, dan, organising.LeaveInput{ID: st.w.Ann.Member, Version: 2}))
		st.must(s.ArchiveUnit(ctx, dan, u.ID, 2))
		st.must(second(s.ReactivateMember(ctx, dan, organising.ReactivateMemberInput{ID: st.w.Ann.Member, Version: 3})))
		st.must(second(s.AddMember(ctx, dan, organising.AddMemberInput{Email: "max@acme.example", First: "Max"})))
		var names []string
		st.must(st.w.DB.Read(ctx, dan, func(tx *store.Tx, _ access.Actor) error {
			list, err := tx.Views.ListAudit(ctx, st.w.Acme, view.AuditFilter{From: began}, page.Ask{})
			for _, r := range slices.Backward(list.Rows) {
				names = append(names, r.Event)
				if r.Member != dan.Member || r.Request != "req_cast" || r.Address != "192.0.2.1" || strings.Contains(string(r.Body), "Abel") || strings.Contains(string(r.Body), "@") {
					st.Errorf("%+v %s", r, r.Body)
				}
			}
			return err
		}))
		want := []string{"unit.created", "unit.edited", "member.moved", "unit.moved", "member.edited", "member.deactivated", "unit.archived", "member.reactivated", "member.added", "role.assigned"}
		if !slices.Equal(names, want) {
			st.Error(names)
		}
	})
}
