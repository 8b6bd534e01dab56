package approval

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

var seatingNoon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// somebody is a member who may decide.
func somebody(name string) Candidate {
	return Candidate{Person: Person{Member: id.NewMember(seatingNoon)}, Name: name, Active: true, Entitled: true}
}

func needOf(stages ...WantedStage) Need {
	return Need{Reason: Reason{Kind: ByRule, Rule: id.NewRule(seatingNoon), Version: 1, Step: 1}, Requirement: Requirement{Effect: Ask, Stages: stages}}
}

func stageOf(groups ...WantedGroup) WantedStage { return WantedStage{Groups: groups} }

// small draws little companies, in which it is tight: few people, and many who name them.
func small(t *rapid.T) (needs []Need, dir Directory, r Request) {
	members := make([]Candidate, rapid.IntRange(2, 5).Draw(t, "people"))
	var sources []Source
	for i := range members {
		members[i] = somebody(string(rune('A' + i)))
		sources = append(sources, Source{Kind: OfMember, Member: members[i].Member})
	}
	for range 3 {
		sources = append(sources, Source{Kind: OfRole, Role: id.NewRole(seatingNoon)})
	}
	sources = append(sources, Source{Kind: OfManager, Level: 1}, Source{Kind: OfUnitHead}, Source{Kind: OfAdministrator})
	some := func(most int, what string) []Candidate {
		return rapid.Permutation(members).Draw(t, what)[:rapid.IntRange(0, min(most, len(members))).Draw(t, "how many "+what)]
	}
	for range rapid.IntRange(1, 3).Draw(t, "needs") {
		var stages []WantedStage
		for range rapid.IntRange(1, 2).Draw(t, "stages") {
			var groups []WantedGroup
			for range rapid.IntRange(1, 2).Draw(t, "groups") {
				of := rapid.SliceOfN(rapid.SampledFrom(sources), 1, 2).Draw(t, "of")
				groups = append(groups, WantedGroup{K: rapid.IntRange(1, len(of)).Draw(t, "k"), Of: of})
			}
			stages = append(stages, stageOf(groups...))
		}
		needs = append(needs, needOf(stages...))
	}
	r = Request{Requester: id.NewMember(seatingNoon), Amount: money.Of(1000, "EUR"), At: seatingNoon}
	dir = Directory{Of: map[Source][]Candidate{}, Line: some(2, "managers"), Administrators: some(1, "administrators")}
	for _, s := range Sources(needs, r) {
		if s.Kind == OfMember {
			dir.Of[s] = slices.DeleteFunc(slices.Clone(members), func(c Candidate) bool { return c.Member != s.Member })
		} else {
			dir.Of[s] = some(2, "holders")
		}
	}
	return needs, dir, r
}

// exists tries every way to give each group its voices, as its stages stand: whom the sources yield, and the fallbacks of
// each. It knows nothing of how a plan is made but who may not sit on two chairs.
func exists(b *builder, groups []*draft, held map[Person][]chair) bool {
	if len(groups) == 0 {
		return true
	}
	g := groups[0]
	var from func(source, more int) bool
	from = func(source, more int) bool {
		if more == 0 {
			return exists(b, groups[1:], held)
		}
		if source == len(g.sources) {
			return false
		}
		if from(source+1, more) {
			return true
		}
		who := b.eligible(g, b.yields(g.sources[source]), NoFallback)
		who = append(append(who, b.eligible(g, b.above(g.sources[source]), ManagerAbove)...), b.eligible(g, b.dir.Administrators, AnAdministrator)...)
		for _, p := range who {
			if slices.ContainsFunc(held[p.Person], func(h chair) bool { return h.group == g || b.distinct(h.group, g) }) {
				continue
			}
			held[p.Person] = append(held[p.Person], chair{g, source})
			ok := from(source+1, more-1)
			held[p.Person] = held[p.Person][:len(held[p.Person])-1]
			if ok {
				return true
			}
		}
		return false
	}
	return from(0, g.k)
}

// Whenever there is a way to ask the right people, as the stages stand, the plan is such a way.
func TestAPlanIsFoundWheneverThereIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		needs, dir, r := small(t)
		p, err := Build(needs, dir, Policy{}, r)
		if err != nil {
			t.Fatal(err)
		}
		groups := drafts(needs, r)
		arrange(groups, needs)
		b := &builder{needs: needs, dir: dir, request: r, groups: groups, held: map[Person][]chair{}}
		for _, g := range groups {
			b.gather(g)
		}
		if p.Stuck() && exists(b, groups, map[Person][]chair{}) {
			t.Fatalf("there is a way, and the plan waits: %+v", p)
		}
		seatedOnce(t, p)
	})
}

// seatedOnce fails where somebody stands in two stages.
func seatedOnce(t *rapid.T, p Plan) {
	stage := map[Person]int{}
	p.each(func(i int, _ *Group, a *Approver) {
		if at, twice := stage[a.Person]; twice && at != i {
			t.Fatalf("%s is asked in stages %d and %d", a.Name, at, i)
		}
		stage[a.Person] = i
	})
}

func TestSeatsAreGivenUpForOthersWhoHaveNone(t *testing.T) {
	bob, pia, fay := somebody("Bob"), somebody("Pia"), somebody("Fay")
	safety, buying, money3 := Source{Kind: OfRole, Role: id.NewRole(seatingNoon)}, Source{Kind: OfRole, Role: id.NewRole(seatingNoon)}, Source{Kind: OfRole, Role: id.NewRole(seatingNoon)}
	manager, named := Source{Kind: OfManager, Level: 1}, Source{Kind: OfMember, Member: bob.Member}
	r := Request{Requester: id.NewMember(seatingNoon), Amount: money.Of(1000, "EUR"), At: seatingNoon}
	one := func(k int, of ...Source) WantedGroup { return WantedGroup{K: k, Of: of} }
	for _, row := range []struct {
		says   string
		needs  []Need
		of     map[Source][]Candidate
		line   []Candidate
		stages [][]string // by stage, who is asked in its groups
	}{
		{"a group takes its other source, for somebody needs the first one's",
			[]Need{needOf(stageOf(one(1, safety, buying))), needOf(stageOf(one(1, money3)), stageOf(one(1, safety, safety)))},
			map[Source][]Candidate{safety: {pia}, buying: {fay}, money3: {bob}}, nil, [][]string{{"Fay", "Bob"}, {"Pia"}}},
		{"a rule names the manager whom another one asks as such: he is asked once, for both",
			[]Need{needOf(stageOf(one(1, manager))), needOf(stageOf(one(1, named)))},
			map[Source][]Candidate{named: {bob}}, []Candidate{bob}, [][]string{{"Bob", "Bob"}}},
		{"where there is a manager above, she is asked instead",
			[]Need{needOf(stageOf(one(1, manager))), needOf(stageOf(one(1, named)))},
			map[Source][]Candidate{named: {bob}}, []Candidate{bob, fay}, [][]string{{"Bob"}, {"Fay"}}},
		{"what its own rule puts behind another stage stays behind it, and waits",
			[]Need{needOf(stageOf(one(1, named)), stageOf(one(1, manager)))},
			map[Source][]Candidate{named: {bob}}, []Candidate{bob}, [][]string{{"Bob"}, {}}},
		{"the second stage of one rule joins the last one of another",
			[]Need{needOf(stageOf(one(1, safety)), stageOf(one(1, named))), needOf(stageOf(one(1, manager)))},
			map[Source][]Candidate{named: {bob}, safety: {pia}}, []Candidate{bob}, [][]string{{"Pia"}, {"Bob", "Bob"}}},
	} {
		p, err := Build(row.needs, Directory{Of: row.of, Line: row.line}, Policy{}, r)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, s := range p.Stages {
			names := []string{}
			for _, g := range s.Groups {
				for _, a := range g.Approvers {
					names = append(names, a.Name)
				}
			}
			got = append(got, names)
		}
		if !slices.EqualFunc(got, row.stages, slices.Equal) {
			t.Errorf("%s: %v, want %v", row.says, got, row.stages)
		}
	}
}

// Whom a rule names and who may not decide stands on the plan, with the reason.
func TestAPlanSaysWhoMayNotDecideAndWhy(t *testing.T) {
	role := Source{Kind: OfRole, Role: id.NewRole(seatingNoon)}
	low, much := money.Of(999, "EUR"), money.Of(1000, "EUR")
	ann := id.NewMember(seatingNoon)
	change := func(f func(*Candidate)) Candidate {
		c := somebody("Pia")
		f(&c)
		return c
	}
	for _, row := range []struct {
		says string
		who  Candidate
		want []Obstacle
	}{
		{"who may decide", somebody("Pia"), nil},
		{"who has a limit that is high enough", change(func(c *Candidate) { c.Limit = &much }), nil},
		{"who ordered it", change(func(c *Candidate) { c.Member = ann }), []Obstacle{IsRequester}},
		{"who is not active", change(func(c *Candidate) { c.Active = false }), []Obstacle{NotActive}},
		{"who is neither active nor entitled", change(func(c *Candidate) { c.Active, c.Entitled = false, false }), []Obstacle{NotActive}},
		{"who lacks the permission", change(func(c *Candidate) { c.Entitled = false }), []Obstacle{NoPermission}},
		{"whom the separation of duty bars", change(func(c *Candidate) { c.Barred = true }), []Obstacle{KeptApart}},
		{"whose limit is too low", change(func(c *Candidate) { c.Limit = &low }), []Obstacle{LimitTooLow}},
	} {
		r := Request{Requester: ann, Amount: money.Of(1000, "EUR"), At: seatingNoon}
		p, err := Build([]Need{needOf(stageOf(WantedGroup{K: 1, Of: []Source{role, role}}))}, Directory{Of: map[Source][]Candidate{role: {row.who}}}, Policy{}, r)
		if err != nil {
			t.Fatal(err)
		}
		var got []Obstacle
		for _, u := range p.Stages[0].Groups[0].Unable {
			got = append(got, u.Why)
			if u.Why.Phrase().IsZero() || u.Name != row.who.Name {
				t.Errorf("%s: %+v says nothing", row.says, u)
			}
		}
		if !slices.Equal(got, row.want) || p.Stuck() != (row.want != nil) {
			t.Errorf("%s: %v, want %v", row.says, got, row.want)
		}
	}
}
