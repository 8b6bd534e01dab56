package approval_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/approval"
)

// town is a small company in which people hold several parts, so that plans meet every difficulty.
type town struct {
	needs   []approval.Need
	dir     approval.Directory
	policy  approval.Policy
	request approval.Request
	people  map[approval.Person]approval.Candidate
}

func towns() *rapid.Generator[*town] {
	return rapid.Custom(func(t *rapid.T) *town {
		w := &town{dir: approval.Directory{Of: map[approval.Source][]approval.Candidate{}}, people: map[approval.Person]approval.Candidate{}}
		var members []approval.Candidate
		for range 6 {
			c := approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Active: rapid.IntRange(0, 5).Draw(t, "active") > 0,
				Entitled: rapid.IntRange(0, 5).Draw(t, "entitled") > 0, Barred: rapid.IntRange(0, 9).Draw(t, "barred") == 0}
			if rapid.IntRange(0, 3).Draw(t, "limited") == 0 {
				c.Limit = new(money.Of(rapid.Int64Range(0, 2000).Draw(t, "limit"), "EUR"))
			}
			members = append(members, c)
			w.people[c.Person] = c
		}
		some := func(most int, what string) []approval.Candidate {
			return rapid.Permutation(members).Draw(t, what)[:rapid.IntRange(0, most).Draw(t, "how many "+what)]
		}
		w.request = approval.Request{Requester: members[0].Member, Amount: eur(1000), At: noon, CostCentres: []id.CostCentre{id.NewCostCentre(noon), id.NewCostCentre(noon)}}
		w.dir.Line, w.dir.Administrators = some(3, "managers"), some(2, "administrators")
		for range rapid.IntRange(0, 3).Draw(t, "deputies") {
			w.dir.Deputies = append(w.dir.Deputies, approval.Deputy{For: rapid.SampledFrom(members).Draw(t, "for").Member, By: rapid.SampledFrom(members).Draw(t, "by"), BothMay: rapid.Bool().Draw(t, "both")})
		}
		w.policy.SamePersonAgain = rapid.IntRange(0, 3).Draw(t, "same person") == 0
		for i := range rapid.IntRange(1, 4).Draw(t, "needs") {
			r := requirement(t)
			if r.Effect != approval.Ask {
				r = approval.Asks(rapid.SampledFrom(sources).Draw(t, "of"))
			}
			w.needs = append(w.needs, approval.Need{Reason: approval.Reason{Kind: approval.ByRule, Rule: id.NewRule(noon), Step: i}, Requirement: r})
		}
		for _, s := range approval.Sources(w.needs, w.request) {
			w.dir.Of[s] = some(3, string(s.Kind))
		}
		return w
	})
}

func (w *town) build(t *rapid.T) approval.Plan {
	p, err := approval.Build(w.needs, w.dir, w.policy, w.request)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// groups lists the groups of a plan with the stage of each.
func groups(p approval.Plan) (all []approval.Group, stage []int) {
	for i, s := range p.Stages {
		for _, g := range s.Groups {
			all, stage = append(all, g), append(stage, i)
		}
	}
	return all, stage
}

// voices is the model of how many sources can be given different people: all ways are tried.
func voices(g approval.Group, source int, used map[approval.Person]bool, counts func(approval.Approver) bool) int {
	if source == len(g.Sources) {
		return 0
	}
	best := voices(g, source+1, used, counts)
	for _, a := range g.Approvers {
		voice := append(behind(a), a.Person)[0] // an approver and who stands in for them are one
		if !used[voice] && counts(a) && slices.Contains(a.Via, source) {
			used[voice] = true
			best = max(best, 1+voices(g, source+1, used, counts))
			delete(used, voice)
		}
	}
	return best
}

func TestNobodyIsAskedWhoMayNotDecide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		all, _ := groups(w.build(t))
		for _, g := range all {
			for _, a := range g.Approvers {
				for _, who := range append([]approval.Person{a.Person}, behind(a)...) {
					c := w.people[who]
					if who.Member == w.request.Requester || !c.Active || !c.Entitled || c.Barred || c.Limit != nil && c.Limit.Minor < w.request.Amount.Minor {
						t.Fatalf("asked: %+v", c)
					}
				}
			}
		}
	})
}

func behind(a approval.Approver) []approval.Person {
	if a.For == nil {
		return nil
	}
	return []approval.Person{{Member: a.For.Member}}
}

func TestAGroupHasEnoughPeopleOrSaysThatItWaits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		all, _ := groups(w.build(t))
		for _, g := range all {
			able := voices(g, 0, map[approval.Person]bool{}, func(approval.Approver) bool { return true })
			if g.NoEligible != (able < g.K) {
				t.Fatalf("%d of %d voices, and NoEligible is %v", able, g.K, g.NoEligible)
			}
		}
	})
}

func TestNobodyFillsTwoStagesNorTwoGroupsOfOneRequirement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		w.policy.SamePersonAgain = false
		// One need alone, whose groups name different sources: then each two groups are apart.
		w.needs = w.needs[:1]
		seen := map[approval.Person]int{}
		all, stage := groups(w.build(t))
		for i, g := range all {
			for _, a := range g.Approvers {
				if j, twice := seen[a.Person]; twice && (stage[i] != stage[j] || !spreadOver(g) || !spreadOver(all[j])) {
					t.Fatalf("%+v stands in groups %d and %d", a.Person, j, i)
				}
				seen[a.Person] = i
			}
		}
	})
}

// spreadOver reports whether g may be one of several groups made of one that names each cost centre.
func spreadOver(g approval.Group) bool {
	return slices.ContainsFunc(g.Sources, func(s approval.Source) bool { return s.Kind == approval.OfCostCentre })
}

func TestNobodyFillsTwoStages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		w.policy.SamePersonAgain = false
		seen := map[approval.Person]int{}
		all, stage := groups(w.build(t))
		for i, g := range all {
			for _, a := range g.Approvers {
				if s, twice := seen[a.Person]; twice && s != stage[i] {
					t.Fatalf("%+v stands in stages %d and %d", a.Person, s, stage[i])
				}
				seen[a.Person] = stage[i]
			}
		}
	})
}

func TestEveryReasonIsOnThePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		p := w.build(t)
		for _, n := range w.needs {
			all, _ := groups(p)
			if !slices.ContainsFunc(all, func(g approval.Group) bool {
				return slices.ContainsFunc(g.Reasons, func(r approval.Reason) bool { return r.Rule == n.Reason.Rule })
			}) {
				t.Fatalf("nobody is asked for %+v", n)
			}
		}
	})
}

func TestAPlanIsTheSameEveryTimeAndSurvivesBeingKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		p := w.build(t)
		a, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(w.build(t))
		if err != nil || string(a) != string(b) {
			t.Fatalf("%v\n%s\n%s", err, a, b)
		}
		var again approval.Plan
		if err := json.Unmarshal(a, &again); err != nil {
			t.Fatal(err)
		}
		if c, err := json.Marshal(again); err != nil || string(c) != string(a) {
			t.Fatalf("%v\n%s\n%s", err, a, c)
		}
	})
}

// Random people decide in random order, among them the requester and people who may no longer. Whatever happens, the
// plan is agreed to only when every group has its voices from different people who might decide.
func TestNothingIsApprovedByFewerThanMust(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		p := w.build(t)
		var all []approval.Candidate
		for _, c := range w.people {
			all = append(all, c)
		}
		slices.SortFunc(all, func(a, b approval.Candidate) int {
			if a.Member.Less(b.Member) {
				return -1
			}
			return 1
		})
		state := approval.PendingApproval
		agreed := map[approval.Person]bool{}
		for range rapid.IntRange(0, 15).Draw(t, "clicks") {
			d := approval.Deciding{By: rapid.SampledFrom(all).Draw(t, "who"), Behind: all, Deputies: w.dir.Deputies, Saw: "h", Hash: "h", State: state, Request: w.request, Policy: w.policy,
				Verdict: approval.Agree, Note: "so"}
			if rapid.IntRange(0, 7).Draw(t, "reject") == 0 {
				d.Verdict = approval.Decline
			}
			if rapid.IntRange(0, 5).Draw(t, "has left") == 0 {
				d.By.Active = false
			}
			before, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			done, err := p.Decide(d)
			if after, _ := json.Marshal(p); string(before) != string(after) {
				t.Fatal("the plan was changed in place")
			}
			if err != nil {
				continue
			}
			if !d.By.Active || d.By.Member == w.request.Requester || state != approval.PendingApproval {
				t.Fatalf("this decision must not count: %+v in %s", d.By, state)
			}
			onlyOpenRowsChanged(t, p, done.Plan)
			agreed[d.By.Person] = agreed[d.By.Person] || d.Verdict == approval.Agree
			next, err := state.Next(done.Action)
			if err != nil {
				t.Fatal(err)
			}
			p, state = done.Plan, next.To
		}
		if state == approval.Approved {
			everyGroupHasItsVoices(t, p, agreed)
		}
		if (p.Standing() == approval.AllAgreed) != (state == approval.Approved) {
			t.Fatalf("the plan is %s, the order %s", p.Standing(), state)
		}
	})
}

func onlyOpenRowsChanged(t *rapid.T, before, after approval.Plan) {
	was, _ := groups(before)
	is, _ := groups(after)
	for i, g := range was {
		for j, a := range g.Approvers {
			if b := is[i].Approvers[j]; a.State != b.State && a.State != approval.Pending && a.State != approval.Waiting {
				t.Fatalf("somebody who was %s is %s", a.State, b.State)
			}
		}
	}
}

func everyGroupHasItsVoices(t *rapid.T, p approval.Plan, agreed map[approval.Person]bool) {
	all, _ := groups(p)
	for _, g := range all {
		if n := voices(g, 0, map[approval.Person]bool{}, func(a approval.Approver) bool { return a.State == approval.Agreed && agreed[a.Person] }); n < g.K || g.NoEligible {
			t.Fatalf("approved with %d of %d", n, g.K)
		}
		for _, a := range g.Approvers {
			if a.State == approval.Pending || a.State == approval.Waiting {
				t.Fatal("somebody still waits to be asked")
			}
		}
	}
}

func TestADecisionIsRefusedWithItsReason(t *testing.T) {
	ann, bob := approval.Person{Member: id.NewMember(noon)}, approval.Person{Member: id.NewMember(noon)}
	c := approval.Candidate{Person: bob, Name: "Bob", Active: true, Entitled: true}
	request := approval.Request{Requester: ann.Member, Amount: eur(1000), At: noon}
	p, err := approval.Build([]approval.Need{{Requirement: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}},
		approval.Directory{Line: []approval.Candidate{c}}, approval.Policy{}, request)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		says   string
		change func(*approval.Deciding)
		want   error
	}{
		{"it counts", func(*approval.Deciding) {}, nil},
		{"not pending", func(d *approval.Deciding) { d.State = approval.Placed }, approval.ErrNotPending},
		{"not while the requester answers", func(d *approval.Deciding) { d.State = approval.Returned }, approval.ErrNotPending},
		{"but rejecting then counts", func(d *approval.Deciding) { d.State, d.Verdict = approval.Returned, approval.Decline }, nil},
		{"the content has changed", func(d *approval.Deciding) { d.Saw = "another" }, approval.ErrChanged},
		{"no content was seen", func(d *approval.Deciding) { d.Saw, d.Hash = "", "" }, approval.ErrChanged},
		{"a rejection without a reason", func(d *approval.Deciding) { d.Verdict, d.Note = approval.Decline, " " }, approval.ErrNote},
		{"a reason without an end", func(d *approval.Deciding) { d.Note = string(make([]byte, 2001)) }, approval.ErrNote},
		{"the requester", func(d *approval.Deciding) { d.By.Person = ann }, approval.ErrNotAsked},
		{"somebody else", func(d *approval.Deciding) { d.By.Member = id.NewMember(noon) }, approval.ErrNotAsked},
		{"no longer active", func(d *approval.Deciding) { d.By.Active = false }, approval.ErrIneligible},
		{"no longer entitled", func(d *approval.Deciding) { d.By.Entitled = false }, approval.ErrIneligible},
		{"barred", func(d *approval.Deciding) { d.By.Barred = true }, approval.ErrIneligible},
		{"above the own limit", func(d *approval.Deciding) { d.By.Limit = new(eur(999)) }, approval.ErrIneligible},
		{"exactly the own limit", func(d *approval.Deciding) { d.By.Limit = new(eur(1000)) }, nil},
		{"a limit in a currency without a rate", func(d *approval.Deciding) { d.By.Limit = new(money.Of(9999, "USD")) }, approval.ErrIneligible},
		{"the approver ordered it", func(d *approval.Deciding) { d.Request.Requester = bob.Member }, approval.ErrOwnOrder},
		{"the approver ordered it, and was not asked for own small orders", func(d *approval.Deciding) {
			d.Request.Requester, d.Policy.OwnUpTo = bob.Member, new(eur(5000))
		}, approval.ErrOwnOrder},
	} {
		d := approval.Deciding{By: c, Verdict: approval.Agree, Note: "because", Saw: "hash", Hash: "hash", State: approval.PendingApproval, Request: request}
		row.change(&d)
		if _, err := p.Decide(d); !errors.Is(err, row.want) {
			t.Errorf("%s: got %v", row.says, err)
		}
	}
}

func TestOverridingIsRefusedWithItsReason(t *testing.T) {
	ann := id.NewMember(noon)
	dan := approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Name: "Dan", Active: true, Entitled: true}
	request := approval.Request{Requester: ann, Amount: eur(1000), At: noon}
	p, err := approval.Build([]approval.Need{{Requirement: approval.Asks(purchasing)}}, approval.Directory{}, approval.Policy{}, request)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		says   string
		change func(*approval.Deciding)
		want   error
	}{
		{"it counts, though nobody could be asked", func(*approval.Deciding) {}, nil},
		{"no reason", func(d *approval.Deciding) { d.Note = "" }, approval.ErrNote},
		{"not pending", func(d *approval.Deciding) { d.State = approval.Returned }, approval.ErrNotPending},
		{"the content has changed", func(d *approval.Deciding) { d.Saw = "another" }, approval.ErrChanged},
		{"the requester", func(d *approval.Deciding) { d.By.Member = ann }, approval.ErrOwnOrder},
		{"no longer active", func(d *approval.Deciding) { d.By.Active = false }, approval.ErrIneligible},
		{"staff of the seller", func(d *approval.Deciding) {
			d.By.Person = approval.Person{Staff: id.NewAccount(noon)}
		}, approval.ErrIneligible},
	} {
		d := approval.Deciding{By: dan, Note: "urgent", Saw: "hash", Hash: "hash", State: approval.PendingApproval, Request: request}
		row.change(&d)
		done, err := p.Override(d)
		if !errors.Is(err, row.want) {
			t.Errorf("%s: got %v", row.says, err)
		}
		if err == nil && (done.Plan.Standing() != approval.AllAgreed || done.Plan.Overridden.Name != "Dan" || done.Plan.Stuck() || !p.Stuck() || p.Standing() != approval.Open) {
			t.Errorf("%s: %+v", row.says, done)
		}
		if err == nil {
			if _, err := done.Plan.Override(d); !errors.Is(err, approval.ErrDecided) {
				t.Errorf("twice: got %v", err)
			}
		}
	}
}

func TestApprovalsThatStillFitAreCarriedOver(t *testing.T) {
	ann := id.NewMember(noon)
	person := func(name string) approval.Candidate {
		return approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Name: name, Active: true, Entitled: true}
	}
	bob, pia, fay := person("Bob"), person("Pia"), person("Fay")
	request := approval.Request{Requester: ann, Amount: eur(1000), At: noon}
	dir := approval.Directory{Line: []approval.Candidate{bob}, Of: map[approval.Source][]approval.Candidate{purchasing: {pia}, finance: {fay}}}
	manager := approval.Source{Kind: approval.OfManager, Level: 1}
	rule := id.NewRule(noon)
	need := func(step int, s approval.Source) approval.Need {
		return approval.Need{Reason: approval.Reason{Kind: approval.ByRule, Rule: rule, Version: 1, Step: step}, Requirement: approval.Asks(s)}
	}
	earlier, err := approval.Build([]approval.Need{need(1, manager), need(2, purchasing)}, dir, approval.Policy{}, request)
	if err != nil {
		t.Fatal(err)
	}
	done, err := earlier.Decide(approval.Deciding{By: bob, Verdict: approval.Agree, Saw: "h", Hash: "h", State: approval.PendingApproval, Request: request})
	if err != nil {
		t.Fatal(err)
	}
	gone := dir
	gone.Line = nil
	elsewhere := dir
	elsewhere.Of = map[approval.Source][]approval.Candidate{purchasing: {pia, bob}, finance: {bob}}
	for _, row := range []struct {
		says    string
		needs   []approval.Need
		dir     approval.Directory
		carried int
		asked   []string
	}{
		{"the same needs", []approval.Need{need(1, manager), need(2, purchasing)}, dir, 1, []string{"Pia"}},
		{"another step wants the manager", []approval.Need{need(3, manager), need(2, purchasing)}, dir, 0, []string{"Bob"}},
		{"finance, too", []approval.Need{need(1, manager), need(2, purchasing), need(4, finance)}, dir, 1, []string{"Pia", "Fay"}},
		{"the manager has left", []approval.Need{need(1, manager), need(2, purchasing)}, gone, 1, []string{"Pia"}},
		{"the manager is in finance now, but has spoken", []approval.Need{need(1, manager), need(4, finance)}, elsewhere, 1, nil},
	} {
		p, err := approval.Rebuild(row.needs, row.dir, approval.Policy{}, request, done.Plan)
		if err != nil {
			t.Fatal(err)
		}
		carried := 0
		all, _ := groups(p)
		for _, g := range all {
			for _, a := range g.Approvers {
				if a.Carried {
					carried++
				}
			}
		}
		var asked []string
		for _, a := range p.Awaited() {
			asked = append(asked, a.Name)
		}
		if carried != row.carried || !slices.Equal(asked, row.asked) {
			t.Errorf("%s: %d carried, asked %q", row.says, carried, asked)
		}
	}
}

func TestAPlanMadeAnewIsTheSameWhereNobodyElseMayDecide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		before := w.build(t)
		for _, a := range before.Awaited() { // somebody has decided
			d := approval.Deciding{By: w.people[a.Person], Verdict: approval.Agree, Saw: "h", Hash: "h", State: approval.PendingApproval, Request: w.request, Policy: w.policy}
			if done, err := before.Decide(d); err == nil && done.Standing == approval.Open {
				before = done.Plan
				break
			}
		}
		again, err := approval.Rebuild(w.needs, w.dir, w.policy, w.request, before)
		if err != nil {
			t.Fatal(err)
		}
		once, err := approval.Rebuild(w.needs, w.dir, w.policy, w.request, again)
		if err != nil {
			t.Fatal(err)
		}
		if again.Standing() == approval.Open && !once.AsksAs(again) {
			t.Fatalf("made anew twice it differs:\n%+v\n%+v", again, once)
		}
	})
}

// What was agreed to stays so when a plan is made anew and nothing of it has changed, also where one person was asked for two groups
// at once.
func TestWhatWasAgreedToStandsInAPlanMadeAnew(t *testing.T) {
	agreed := func(p approval.Plan) (said []string) {
		all, _ := groups(p)
		for _, g := range all {
			for _, a := range g.Approvers {
				if a.State == approval.Agreed {
					said = append(said, fmt.Sprint(g.Sources, g.Reasons, a.Person))
				}
			}
		}
		slices.Sort(said)
		return said
	}
	rapid.Check(t, func(t *rapid.T) {
		w := towns().Draw(t, "town")
		plan := w.build(t)
		for range rapid.IntRange(1, 4).Draw(t, "decisions") {
			for _, a := range plan.Awaited() {
				d := approval.Deciding{By: w.people[a.Person], Verdict: approval.Agree, Saw: "h", Hash: "h", State: approval.PendingApproval, Request: w.request, Policy: w.policy}
				if done, err := plan.Decide(d); err == nil && done.Standing == approval.Open {
					plan = done.Plan
					break
				}
			}
		}
		again, err := approval.Rebuild(w.needs, w.dir, w.policy, w.request, plan)
		if err != nil {
			t.Fatal(err)
		}
		if was, is := agreed(plan), agreed(again); !slices.Equal(was, is) {
			t.Fatalf("agreed to before:\n%s\nand after:\n%s", strings.Join(was, "\n"), strings.Join(is, "\n"))
		}
	})
}

func TestARejectionThatDidNotEndItStands(t *testing.T) {
	person := func(name string) approval.Candidate {
		return approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Name: name, Active: true, Entitled: true}
	}
	bob, pia, fay := person("Bob"), person("Pia"), person("Fay")
	request := approval.Request{Requester: id.NewMember(noon), Amount: eur(1000), At: noon}
	dir := approval.Directory{Of: map[approval.Source][]approval.Candidate{purchasing: {bob, pia}}}
	needs := []approval.Need{{Reason: approval.Reason{Kind: approval.ByRule, Rule: id.NewRule(noon)}, Requirement: approval.Requirement{Effect: approval.Ask,
		Stages: []approval.WantedStage{{RejectNeedsAll: true, Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{purchasing}}}}}}}}
	p, err := approval.Build(needs, dir, approval.Policy{}, request)
	if err != nil {
		t.Fatal(err)
	}
	done, err := p.Decide(approval.Deciding{By: bob, Verdict: approval.Decline, Note: "no", Saw: "h", Hash: "h", State: approval.PendingApproval, Request: request})
	if err != nil || done.Standing != approval.Open {
		t.Fatalf("%s, %v", done.Standing, err)
	}
	dir.Of = map[approval.Source][]approval.Candidate{purchasing: {bob, fay}}
	again, err := approval.Rebuild(needs, dir, approval.Policy{}, request, done.Plan)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, a := range again.Stages[0].Groups[0].Approvers {
		said = append(said, a.Name+" "+string(a.State))
	}
	if want := []string{"Bob rejected", "Fay asked"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

func TestAPlanSaysWhyItAsksSomebody(t *testing.T) {
	bob, pia := id.NewMember(noon), id.NewMember(noon)
	because := func(names ...string) (all []approval.Reason) {
		for _, n := range names {
			all = append(all, approval.Reason{Kind: approval.ByRule, Name: n})
		}
		return all
	}
	asks := func(m id.Member, s approval.Asked, why ...string) approval.Group {
		return approval.Group{Reasons: because(why...), Approvers: []approval.Approver{{Person: approval.Person{Member: m}, State: s}}}
	}
	p := approval.Plan{Stages: []approval.Stage{
		{Groups: []approval.Group{asks(bob, approval.Pending, "bands", "budget"), asks(pia, approval.Pending, "finance"), asks(bob, approval.Pending, "budget", "supplier")}},
		{Groups: []approval.Group{asks(pia, approval.Waiting, "bands")}},
		{Groups: []approval.Group{asks(bob, approval.Agreed, "credit")}},
	}}
	for _, row := range []struct {
		says string
		who  id.Member
		want []approval.Reason
	}{
		{"every group that asks now counts, each reason once", bob, because("bands", "budget", "supplier")},
		{"what only waits does not count", pia, because("finance")},
		{"who is not asked is told none", id.NewMember(noon), nil},
	} {
		if got := p.Why(row.who); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v", row.says, got)
		}
	}
}

func TestWhoHasSpokenIsNotMovedElsewhere(t *testing.T) {
	person := func() approval.Candidate {
		return approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Active: true, Entitled: true}
	}
	bob, pia, fay := person(), person(), person()
	request := approval.Request{Requester: id.NewMember(noon), Amount: eur(1000), At: noon}
	needs := []approval.Need{{Reason: approval.Reason{Name: "Both"}, Requirement: approval.AsksAll(one(purchasing), one(finance))}}
	in := func(p, f []approval.Candidate) approval.Directory {
		return approval.Directory{Of: map[approval.Source][]approval.Candidate{purchasing: p, finance: f}}
	}
	earlier, err := approval.Build(needs, in([]approval.Candidate{bob}, []approval.Candidate{fay}), approval.Policy{}, request)
	if err != nil {
		t.Fatal(err)
	}
	done, err := earlier.Decide(approval.Deciding{By: bob, Verdict: approval.Agree, Saw: "h", Hash: "h", State: approval.PendingApproval, Request: request})
	if err != nil {
		t.Fatal(err)
	}
	// Now Bob is all there is in finance, and Pia could do purchasing in his place: but he has agreed there.
	p, err := approval.Rebuild(needs, in([]approval.Candidate{bob, pia}, []approval.Candidate{bob}), approval.Policy{}, request, done.Plan)
	if err != nil {
		t.Fatal(err)
	}
	if all, _ := groups(p); !p.Stuck() || len(all[1].Approvers) != 0 {
		t.Errorf("Bob fills two groups: %+v", all[1].Approvers)
	}
}

func TestAVoiceGivenEarlierIsNotLookedForAgain(t *testing.T) {
	person := func() approval.Candidate {
		return approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Active: true, Entitled: true}
	}
	bob, fay := person(), person()
	request := approval.Request{Requester: id.NewMember(noon), Amount: eur(1000), At: noon}
	needs := []approval.Need{{Requirement: approval.AsksAll(approval.WantedGroup{K: 2, Of: []approval.Source{purchasing, finance}})}}
	dir := approval.Directory{Of: map[approval.Source][]approval.Candidate{purchasing: {bob}, finance: {fay}}}
	earlier, err := approval.Build(needs, dir, approval.Policy{}, request)
	if err != nil {
		t.Fatal(err)
	}
	done, err := earlier.Decide(approval.Deciding{By: bob, Verdict: approval.Agree, Saw: "h", Hash: "h", State: approval.PendingApproval, Request: request})
	if err != nil {
		t.Fatal(err)
	}
	p, err := approval.Rebuild(needs, dir, approval.Policy{}, request, done.Plan)
	if awaited := p.Awaited(); err != nil || p.Stuck() || len(awaited) != 1 || awaited[0].Person != fay.Person {
		t.Errorf("%v: stuck %v, asked %+v", err, p.Stuck(), awaited)
	}
	// Had Bob become the requester, his approval would be void.
	request.Requester = bob.Member
	if p, err = approval.Rebuild(needs, dir, approval.Policy{}, request, done.Plan); err != nil || !p.Stuck() {
		t.Errorf("%v: %+v", err, p)
	}
}

func TestOnlyWhatMustBeLookedUpIsLookedUpOnce(t *testing.T) {
	a, b, c := id.NewCostCentre(noon), id.NewCostCentre(noon), id.NewCostCentre(noon)
	centre, member := approval.Source{Kind: approval.OfCostCentre}, approval.Source{Kind: approval.OfMember, Member: id.NewMember(noon)}
	needs := []approval.Need{
		{Requirement: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1}, purchasing)},
		{Requirement: approval.AsksAll(one(centre), one(purchasing), one(approval.Source{Kind: approval.OfAdministrator}), one(approval.Source{Kind: approval.OfBudget}))},
		{Requirement: approval.Asks(member, approval.Source{Kind: approval.OfCovering})},
		{Requirement: approval.Asks(approval.Source{Kind: approval.OfCostCentre, CostCentre: c})},
	}
	// However often a group says "of each", it is one group for each.
	var often []approval.Source
	for range approval.MostSources {
		often = append(often, centre, approval.Source{Kind: approval.OfBudget})
	}
	needs = append(needs, approval.Need{Requirement: approval.Asks(often...)})
	got := approval.Sources(needs, approval.Request{CostCentres: []id.CostCentre{a, b}})
	want := []approval.Source{purchasing, {Kind: approval.OfCostCentre, CostCentre: a}, {Kind: approval.OfCostCentre, CostCentre: b}, member, {Kind: approval.OfCostCentre, CostCentre: c}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestANeedThatAsksNobodyMakesNoPlan(t *testing.T) {
	for _, effect := range []approval.Effect{approval.Nothing, approval.Approve, approval.Refuse, approval.Ask} {
		if _, err := approval.Build([]approval.Need{{Requirement: approval.Requirement{Effect: effect}}}, approval.Directory{}, approval.Policy{}, approval.Request{}); err == nil {
			t.Errorf("%q: a plan was made", effect)
		}
	}
}

func TestADeputyIsBoundByPeriodRulesUnitsAndAmount(t *testing.T) {
	rule := id.NewRule(noon)
	reasons := []approval.Reason{{Kind: approval.ByRule, Rule: rule}}
	request := approval.Request{Amount: eur(1000), At: noon, Place: "1.4."}
	for _, row := range []struct {
		says   string
		change func(*approval.Deputy)
		want   bool
	}{
		{"unbounded", func(*approval.Deputy) {}, true},
		{"from now", func(d *approval.Deputy) { d.From = noon }, true},
		{"from later", func(d *approval.Deputy) { d.From = noon.Add(time.Second) }, false},
		{"until now", func(d *approval.Deputy) { d.Until = noon }, false},
		{"until later", func(d *approval.Deputy) { d.Until = noon.Add(time.Second) }, true},
		{"for this rule", func(d *approval.Deputy) { d.Rules = []id.Rule{rule} }, true},
		{"for another rule", func(d *approval.Deputy) { d.Rules = []id.Rule{id.NewRule(noon)} }, false},
		{"for this unit", func(d *approval.Deputy) { d.Units = []approval.Place{{Path: "1."}} }, true},
		{"for another unit", func(d *approval.Deputy) { d.Units = []approval.Place{{Path: "2."}} }, false},
		{"up to exactly this", func(d *approval.Deputy) { d.UpTo = new(eur(1000)) }, true},
		{"up to less", func(d *approval.Deputy) { d.UpTo = new(eur(999)) }, false},
	} {
		var d approval.Deputy
		row.change(&d)
		if got := d.Covers(request, reasons); got != row.want {
			t.Errorf("%s: %v", row.says, got)
		}
	}
}

func TestNeedsWithoutAPlanAreNeverAgreedTo(t *testing.T) {
	if (approval.PurchaseOrder{Needs: []approval.Need{{}}}).Agreed() {
		t.Error("a purchase order that lost its plan is agreed to")
	}
	if !(approval.PurchaseOrder{}).Agreed() {
		t.Error("a purchase order that asks nobody is not agreed to")
	}
	empty := approval.Plan{Stages: []approval.Stage{{}}}
	if empty.Standing() != approval.Open {
		t.Error("a stage of no groups is agreed to")
	}
	if (approval.Plan{Stages: []approval.Stage{{Groups: []approval.Group{{}}}}}).Standing() != approval.Open {
		t.Error("a group that wants no voice is agreed to")
	}
}
