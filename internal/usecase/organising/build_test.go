package organising_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/cast"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/organising"
	"kontor/internal/view"
)

func TestAPlanIsBuilt(t *testing.T) {
	each(t, func(st stage) {
		ctx, system := st.Context(), access.System(st.w.Acme)
		until := st.w.DB.Times().AddDate(0, 0, 7)
		plan := organising.Plan{
			Units: []organising.PlannedUnit{
				{Code: "north", Name: "North", Under: "Kim@Acme.example"}, // below somebody who comes later
				{Code: "deep", Name: "Deep", Under: "north"},
			},
			Members: []organising.PlannedMember{
				{Email: "lee@acme.example", First: "Lee", Under: "deep"},
				{Email: "kim@acme.example", First: "Kim", Last: "Key", Title: "Head", Under: "ops", Roles: []organising.PlannedRole{
					{Role: "approver", Unit: "north"}, {Role: "Buyer", Until: until}}},
				{Email: "ann@acme.example", First: "Other", Under: "deep"}, // who is there stays where she is
			},
		}
		built, err := organising.New(st.w.DB).Build(ctx, system, plan)
		st.must(err)
		if built.Members["ann@acme.example"] != st.w.Ann.Member || built.Units["ops"] != st.w.Units["ops"] {
			st.Errorf("%+v", built)
		}
		if got, want := st.drawn(st.w.Dan), text(
			"Dan Director 1/5",
			"  Acme Works 2/5",
			"    Finance 1/1",
			"      Cleo Clark 0/0",
			"    Operations 2/4",
			"      Bob Boss 1/1",
			"        Ann Archer 0/0",
			"      Kim Key 1/1",
			"        North 1/1",
			"          Deep 1/1",
			"            Lee 0/0"); got != want {
			st.Errorf("built\n%s", got)
		}
		kim, err := st.w.Actor(ctx, st.w.Acme, built.Members["kim@acme.example"])
		st.must(err)
		north, err := st.s.Unit(ctx, st.w.Dan, built.Units["north"])
		st.must(err)
		if !kim.May(access.PurchaseOrdersApprove, north.Path) || kim.May(access.PurchaseOrdersApprove, tree.Top) || !kim.May(access.CheckoutPlace, tree.Top) {
			st.Errorf("%+v", kim.Grants())
		}
		if p := st.person(built.Members["lee@acme.example"]); p.ManagerName != "Kim Key" || len(p.Assigned) != 1 || p.Assigned[0].Shipped != "default_user" {
			st.Errorf("%+v", p)
		}
		version := kim.Version
		if again, err := organising.New(st.w.DB).Build(ctx, system, plan); err != nil || len(again.Members) != len(built.Members) || again.Units["deep"] != built.Units["deep"] {
			st.Errorf("%+v, %v", again, err)
		}
		if kim = st.now(kim); kim.Version != version {
			st.Error("what is there already is built again")
		}
	})
}

func TestPlansThatCannotBe(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		before := st.drawn(st.w.Dan)
		some := organising.PlannedMember{Email: "kim@acme.example", First: "Kim"}
		with := func(change func(*organising.PlannedMember)) []organising.PlannedMember {
			m := some
			change(&m)
			return []organising.PlannedMember{m}
		}
		for _, c := range []struct {
			sentence string
			plan     organising.Plan
			want     *fault.Fault
			field    string
		}{
			{"round in a circle", organising.Plan{Units: []organising.PlannedUnit{{Code: "a", Name: "a", Under: "b"}, {Code: "b", Name: "b", Under: "a"}}}, fault.ErrInput, "units.0.under"},
			{"below nothing", organising.Plan{Members: with(func(m *organising.PlannedMember) { m.Under = "nowhere" })}, fault.ErrInput, "members.0.under"},
			{"below itself", organising.Plan{Units: []organising.PlannedUnit{{Code: "a", Name: "a", Under: "a"}}}, fault.ErrInput, "units.0.under"},
			{"twice", organising.Plan{Members: []organising.PlannedMember{some, {Email: "KIM@acme.example", First: "Kim"}}}, fault.ErrInput, "members.1"},
			{"an address that is none", organising.Plan{Members: with(func(m *organising.PlannedMember) { m.Email = "kim" })}, fault.ErrInput, "members.0.email"},
			{"no name", organising.Plan{Members: with(func(m *organising.PlannedMember) { m.First = "" })}, fault.ErrInput, "members.0.last_name"},
			{"a code with blanks", organising.Plan{Units: []organising.PlannedUnit{{Code: "a b", Name: "a"}}}, fault.ErrInput, "units.0.code"},
		} {
			_, err := st.s.Build(ctx, access.System(st.w.Acme), c.plan)
			var f *fault.Fault
			if !errors.Is(err, c.want) || !errors.As(err, &f) || f.Fields[0].Name != c.field {
				st.Errorf("%s: %v", c.sentence, err)
			}
		}
		if after := st.drawn(st.w.Dan); after != before {
			st.Errorf("something was built:\n%s", after)
		}
		for _, c := range []struct {
			sentence string
			actor    access.Actor
			roles    []organising.PlannedRole
			want     *fault.Fault
		}{
			{"a role that there is not", st.w.Dan, []organising.PlannedRole{{Role: "king"}}, access.ErrUnseenRole},
			{"a unit that there is not", st.w.Dan, []organising.PlannedRole{{Role: "buyer", Unit: "mars"}}, company.ErrUnseenUnit},
			{"a time that has passed", st.w.Dan, []organising.PlannedRole{{Role: "buyer", Until: time.UnixMilli(1)}}, fault.ErrInput},
			{"Ann builds nothing", st.w.Ann, nil, access.ErrForbidden},
		} {
			_, err := st.s.Build(ctx, c.actor, organising.Plan{Members: with(func(m *organising.PlannedMember) { m.Roles = c.roles })})
			st.refused(c.sentence, err, c.want)
		}
	})
}

// big is a plan of many people in a sixteenth as many units, of which a quarter stand below each other.
func big(people int) organising.Plan {
	var p organising.Plan
	for i := range max(people/18, 1) {
		u := organising.PlannedUnit{Code: fmt.Sprintf("u%04d", i), Name: fmt.Sprintf("Unit %d", i)}
		if i%4 > 0 {
			u.Under = fmt.Sprintf("u%04d", i-1)
		}
		p.Units = append(p.Units, u)
	}
	for i := range people {
		m := organising.PlannedMember{Email: fmt.Sprintf("p%05d@acme.example", i), First: "Person", Last: fmt.Sprintf("Number %d", i), Under: p.Units[i%len(p.Units)].Code,
			Roles: []organising.PlannedRole{{Role: "buyer"}}}
		if i >= len(p.Units) {
			m.Under = fmt.Sprintf("p%05d@acme.example", i%len(p.Units)) // below the one who came first in the unit
		}
		p.Members = append(p.Members, m)
	}
	return p
}

func TestManyPeopleAreBuiltAtOnce(t *testing.T) {
	each(t, func(st stage) {
		ctx := st.Context()
		began := time.Now()
		built, err := st.s.Build(ctx, access.System(st.w.Acme), big(290))
		st.must(err)
		st.Logf("290 people in %s", time.Since(began))
		if len(built.Members) != 290 || len(built.Units) != 16+3 {
			st.Errorf("%d people in %d units", len(built.Members), len(built.Units))
		}
		nodes, err := st.s.Structure(ctx, st.w.Dan)
		st.must(err)
		if len(nodes) != 290+4+16+3 || nodes[0].People != 290+3 {
			st.Errorf("%d nodes, %d people below the top", len(nodes), nodes[0].People)
		}
	})
}

// BenchmarkPeople says what a company of ten thousand people costs: to build, to draw, to list, to move a quarter of.
func BenchmarkPeople(b *testing.B) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Database} {
		b.Run(name, func(b *testing.B) {
			db := storetest.Open(b, address(b), nil)
			w := cast.Acme(b, db)
			s := organising.New(db)
			ctx := b.Context()
			timed := func(what string, do func(*store.DB) error) {
				began := time.Now()
				if err := do(db); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "ms/"+what)
			}
			var built organising.Built
			var err error
			timed("build", func(*store.DB) error { built, err = s.Build(ctx, access.System(w.Acme), big(10_000)); return err })
			timed("structure", func(*store.DB) error { _, err := s.Structure(ctx, w.Dan); return err })
			timed("list", func(*store.DB) error {
				_, err := s.Members(ctx, w.Dan, view.MemberFilter{Text: "number 99"}, page.Ask{})
				return err
			})
			timed("person", func(*store.DB) error { _, err := s.Member(ctx, w.Dan, w.Dan.Member); return err })
			timed("move", func(*store.DB) error {
				return s.Move(ctx, w.Dan, organising.MoveInput{Node: company.Node{Unit: w.Units["ops"]}, Under: company.Node{Unit: built.Units["u0000"]}})
			})
			timed("leave", func(*store.DB) error {
				return s.Leave(ctx, w.Dan, organising.LeaveInput{ID: built.Members["p00000@acme.example"], Version: 1})
			})
			b.ReportMetric(0, "ns/op")
		})
	}
}
