package approval_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/approval"
)

// fine are circumstances in which nothing keeps an appointment from being made.
func fine(others ...approval.Appointment) approval.Circumstances {
	return approval.Circumstances{Now: noon, Acts: true, Known: true, Stands: true, Decides: true, Others: others, Names: func(id.Member) string { return "Somebody" }, Zone: time.UTC}
}

func days(n int) time.Time { return noon.AddDate(0, 0, n) }

// flaws are the fields that a fault names, with what is wrong with them.
func flaws(err error) (all []string) {
	if f := fault.Of(err); f != nil {
		for _, x := range f.Fields {
			all = append(all, x.Name+" "+x.Code)
		}
	}
	slices.Sort(all)
	return all
}

func TestWhatKeepsADeputyFromBeingAppointed(t *testing.T) {
	pia, quin, rob, sue, dan := id.NewMember(noon), id.NewMember(noon), id.NewMember(noon), id.NewMember(noon), id.NewMember(noon)
	one, two := id.NewRule(noon), id.NewRule(noon)
	top := tree.Top.Child(1)
	ops, line, fin := approval.Place{Unit: id.NewUnit(noon), Path: top.Child(1)}, approval.Place{Unit: id.NewUnit(noon), Path: top.Child(1).Child(1)}, approval.Place{Unit: id.NewUnit(noon), Path: top.Child(2)}
	nothing, some := money.Of(0, "EUR"), money.Of(1, "EUR")
	made := func(whom, by id.Member, from, until int, change ...func(*approval.Appointment)) approval.Appointment {
		a := approval.Appointment{ID: id.NewDeputy(noon), For: whom, By: by, From: days(from), Until: days(until), Maker: whom}
		for _, c := range change {
			c(&a)
		}
		return a
	}
	rules := func(all ...id.Rule) func(*approval.Appointment) {
		return func(a *approval.Appointment) { a.Rules = all }
	}
	units := func(all ...approval.Place) func(*approval.Appointment) {
		return func(a *approval.Appointment) { a.Units = all }
	}
	known := func(c approval.Circumstances) approval.Circumstances {
		c.Rules, c.Units = []id.Rule{one, two}, []id.Unit{ops.Unit, line.Unit, fin.Unit}
		return c
	}
	for _, row := range []struct {
		sentence string
		made     approval.Appointment
		in       approval.Circumstances
		want     []string
	}{
		{"nothing", made(pia, quin, 0, 7), fine(), nil},
		{"nobody is chosen", made(pia, id.Member{}, 0, 7), fine(), []string{"deputy_id required"}},
		{"nobody stands in for themselves", made(pia, pia, 0, 7), fine(), []string{"deputy_id self"}},
		{"nobody appoints themselves for somebody else", made(pia, quin, 0, 7, func(a *approval.Appointment) { a.Maker = quin }), fine(), []string{"deputy_id oneself"}},
		{"an absence has an end", made(pia, quin, 0, 7, func(a *approval.Appointment) { a.Until = time.Time{} }), fine(), []string{"until required"}},
		{"the end comes last", made(pia, quin, 7, 7), fine(), []string{"until order"}},
		{"it does not begin in the past", made(pia, quin, -1, 7), fine(), []string{"from past"}},
		{"a year is the most", made(pia, quin, 0, 366), fine(), nil},
		{"and no day more", made(pia, quin, 0, 367), fine(), []string{"until long"}},
		{"an amount of nothing", made(pia, quin, 0, 7, func(a *approval.Appointment) { a.UpTo = &nothing }), fine(), []string{"up_to range"}},
		{"a cent is one", made(pia, quin, 0, 7, func(a *approval.Appointment) { a.UpTo = &some }), fine(), nil},
		{"a rule and a unit that there are not", made(pia, quin, 0, 7, rules(one), units(ops)), fine(), []string{"rule_ids.0 unknown", "unit_ids.0 unknown"}},
		{"all that is wrong at once", made(pia, quin, -1, -1, rules(one)), approval.Circumstances{Now: noon, Known: true, Names: fine().Names}, []string{"deputy_id inactive", "from past", "principal_id inactive", "rule_ids.0 unknown", "until order"}},
		{"who may not approve", made(pia, quin, 0, 7), approval.Circumstances{Now: noon, Acts: true, Known: true, Stands: true, Names: fine().Names}, []string{"deputy_id permission"}},

		{"a second one for the same days", made(pia, quin, 0, 7), fine(made(pia, rob, 6, 9)), []string{"from overlap"}},
		{"one right behind the other", made(pia, quin, 0, 7), fine(made(pia, rob, 7, 9)), nil},
		{"a second one for another rule", made(pia, quin, 0, 7, rules(one)), known(fine(made(pia, rob, 0, 7, rules(two)))), nil},
		{"a second one for one rule of all", made(pia, quin, 0, 7, rules(one)), known(fine(made(pia, rob, 0, 7))), []string{"from overlap"}},
		{"a second one for another unit", made(pia, quin, 0, 7, units(ops)), known(fine(made(pia, rob, 0, 7, units(fin)))), nil},
		{"a second one for a unit below", made(pia, quin, 0, 7, units(ops)), known(fine(made(pia, rob, 0, 7, units(line)))), []string{"from overlap"}},
		{"what is over does not count", made(pia, quin, 0, 7), fine(made(pia, rob, -3, 7, func(a *approval.Appointment) { a.EndedAt = days(-1) })), nil},

		{"the deputy has one: two are the most", made(pia, quin, 0, 7), fine(made(quin, rob, 0, 7)), nil},
		{"a deputy of a deputy of a deputy", made(pia, quin, 0, 7), fine(made(quin, rob, 0, 7), made(rob, sue, 0, 7)), []string{"deputy_id chain"}},
		{"between two of them", made(quin, rob, 0, 7), fine(made(pia, quin, 0, 7), made(rob, sue, 0, 7)), []string{"deputy_id chain"}},
		{"behind two of them", made(rob, sue, 0, 7), fine(made(pia, quin, 0, 7), made(quin, rob, 0, 7)), []string{"deputy_id chain"}},
		{"at other times it is no chain", made(pia, quin, 0, 7), fine(made(quin, rob, 0, 3), made(rob, sue, 3, 7)), nil},
		{"to and fro", made(pia, quin, 0, 7), fine(made(quin, pia, 3, 9)), []string{"deputy_id circle"}},
		{"to and fro at other times", made(pia, quin, 0, 7), fine(made(quin, pia, 7, 9)), nil},
		{"around three", made(pia, quin, 0, 7), fine(made(quin, rob, 0, 7), made(rob, pia, 0, 7)), []string{"deputy_id circle"}},
		{"others are away, too", made(pia, quin, 0, 7), fine(made(sue, dan, 0, 7)), nil},
		{"two of the same deputy", made(pia, quin, 0, 7), fine(made(rob, quin, 0, 7)), nil},
	} {
		_, err := row.made.Check(approval.Appointment{}, row.in)
		if got := flaws(err); !slices.Equal(got, row.want) {
			t.Errorf("%s: %q, want %q", row.sentence, got, row.want)
		}
	}
}

func TestAnAppointmentIsChangedAndEnded(t *testing.T) {
	a := approval.Appointment{ID: id.NewDeputy(noon), For: id.NewMember(noon), By: id.NewMember(noon), From: days(-1), Until: days(1), Version: 3}
	to := a
	to.Until, to.By = days(5), id.NewMember(noon)
	next, err := a.Edit(3, to, fine(a))
	if err != nil || !next.Until.Equal(days(5)) || next.By != a.By {
		t.Errorf("%v: until %s by %s", err, next.Until, next.By)
	}
	if _, err := a.Edit(2, to, fine(a)); fault.KindOf(err) != fault.Stale {
		t.Errorf("another version: %v", err)
	}
	to.From = days(0)
	if _, err := a.Edit(3, to, fine(a)); !slices.Equal(flaws(err), []string{"from begun"}) {
		t.Errorf("what has begun begins anew: %v", err)
	}
	over, err := a.End(3, a.For, noon)
	if err != nil || over.State(noon) != approval.Over || over.Ended().Over || over.Ended().Unbegun {
		t.Errorf("%v: %+v", err, over.Ended())
	}
	if _, err := over.End(3, a.For, noon); fault.KindOf(err) != fault.Conflict {
		t.Errorf("twice: %v", err)
	}
	for at, want := range map[time.Time]approval.AppointmentState{days(-1).Add(-1): approval.ToCome, days(-1): approval.OnDuty, days(1).Add(-1): approval.OnDuty, days(1): approval.Over} {
		if got := a.State(at); got != want {
			t.Errorf("at %s it is %s, want %s", at, got, want)
		}
	}
}

// However people appoint one another, one after the other, at no moment does anybody have two deputies for the same, does it lead
// around in a circle or over more than two, or does a plan ask somebody for the requester.
func TestDeputiesAreNeverAMaze(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var people []id.Member
		for range 6 {
			people = append(people, id.NewMember(noon))
		}
		var all []approval.Appointment
		for range rapid.IntRange(1, 25).Draw(t, "tries") {
			a := approval.Appointment{ID: id.NewDeputy(noon), For: rapid.SampledFrom(people).Draw(t, "for"), By: rapid.SampledFrom(people).Draw(t, "by"), From: days(rapid.IntRange(0, 9).Draw(t, "from"))}
			a.Until = a.From.AddDate(0, 0, rapid.IntRange(1, 6).Draw(t, "days"))
			if _, err := a.Check(approval.Appointment{}, fine(all...)); err == nil {
				all = append(all, a)
			}
		}
		for day := range 16 {
			at := days(day)
			deputy := map[id.Member]id.Member{}
			for _, a := range all {
				if a.State(at) != approval.OnDuty {
					continue
				}
				if _, twice := deputy[a.For]; twice {
					t.Fatalf("on day %d somebody has two", day)
				}
				deputy[a.For] = a.By
			}
			for first := range deputy {
				at, links := first, 0
				for next, ok := deputy[at]; ok; next, ok = deputy[at] {
					if at, links = next, links+1; links > 2 || at == first {
						t.Fatalf("on day %d it leads over %d, back to the first: %v", day, links, at == first)
					}
				}
			}
		}
	})
}

// An approver and their deputy have one voice: no group is done with the two of them, and nobody fills two stages through a deputy.
func TestAnApproverAndTheirDeputyAreOneVoice(t *testing.T) {
	member := func(name string) approval.Candidate {
		return approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Name: name, Active: true, Entitled: true}
	}
	ann, pia, quin, dan := member("Ann"), member("Pia"), member("Quin"), member("Dan")
	a, b := approval.Source{Kind: approval.OfRole, Role: id.NewRole(noon)}, approval.Source{Kind: approval.OfRole, Role: id.NewRole(noon)}
	dir := approval.Directory{Of: map[approval.Source][]approval.Candidate{a: {pia}, b: {pia}}, Line: []approval.Candidate{dan},
		Deputies: []approval.Deputy{{For: pia.Member, By: quin, BothMay: true}}}
	request := approval.Request{Requester: ann.Member, Amount: money.Of(1, "EUR"), At: noon}
	both := approval.Need{Reason: approval.Reason{Kind: approval.ByRule, Name: "Both"}, Requirement: approval.Requirement{Effect: approval.Ask,
		Stages: []approval.WantedStage{{Groups: []approval.WantedGroup{{K: 2, Of: []approval.Source{a, b}}}}}}}
	p, err := approval.Build([]approval.Need{both}, dir, approval.Policy{}, request)
	if err != nil {
		t.Fatal(err)
	}
	decide := func(p approval.Plan, who approval.Candidate) (approval.Progress, error) {
		return p.Decide(approval.Deciding{By: who, Behind: []approval.Candidate{pia}, Deputies: dir.Deputies, Verdict: approval.Agree, Saw: "h", Hash: "h", State: approval.PendingApproval, Request: request})
	}
	first, err := decide(p, quin)
	if err != nil || first.Standing != approval.Open {
		t.Fatalf("Quin for Pia: %s, %v", first.Standing, err)
	}
	if _, err := decide(first.Plan, pia); fault.Of(err) == nil {
		t.Error("Pia gives her voice a second time")
	}
	last, err := decide(first.Plan, dan)
	if err != nil || last.Standing != approval.AllAgreed {
		t.Errorf("Dan, who is asked because one voice is missing: %s, %v", last.Standing, err)
	}
}

// Nobody fills two stages, one of them through a deputy; and who is named themselves decides in their own right.
func TestNobodyDecidesTwiceThroughADeputy(t *testing.T) {
	member := func(name string) approval.Candidate {
		return approval.Candidate{Person: approval.Person{Member: id.NewMember(noon)}, Name: name, Active: true, Entitled: true}
	}
	ann, pia, quin, dan := member("Ann"), member("Pia"), member("Quin"), member("Dan")
	a, b := approval.Source{Kind: approval.OfRole, Role: id.NewRole(noon)}, approval.Source{Kind: approval.OfRole, Role: id.NewRole(noon)}
	dir := approval.Directory{Of: map[approval.Source][]approval.Candidate{a: {pia}, b: {pia}}, Line: []approval.Candidate{dan},
		Deputies: []approval.Deputy{{For: pia.Member, By: quin, BothMay: true}}}
	stage := func(s approval.Source) approval.WantedStage {
		return approval.WantedStage{Groups: []approval.WantedGroup{{K: 1, Of: []approval.Source{s}}}}
	}
	plan := func(stages ...approval.WantedStage) (all []string) {
		need := approval.Need{Reason: approval.Reason{Kind: approval.ByRule, Name: "R"}, Requirement: approval.Requirement{Effect: approval.Ask, Stages: stages}}
		p, err := approval.Build([]approval.Need{need}, dir, approval.Policy{}, approval.Request{Requester: ann.Member, Amount: money.Of(1, "EUR"), At: noon})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Stages {
			var who []string
			for _, row := range s.Groups[0].Approvers {
				name := row.Name
				if row.For != nil {
					name += " for " + row.For.Name
				}
				who = append(who, name)
			}
			all = append(all, strings.Join(who, " or "))
		}
		return all
	}
	if got := plan(stage(a), stage(b)); !slices.Equal(got, []string{"Quin for Pia or Pia", "Dan"}) {
		t.Errorf("two stages of Pia's ask %q", got)
	}
	dir.Deputies[0].BothMay = false
	dir.Of[a] = []approval.Candidate{pia, quin}
	if got := plan(stage(a)); !slices.Equal(got, []string{"Quin"}) {
		t.Errorf("where Quin is named herself, it asks %q", got)
	}
	// Pia herself in one stage, for which she has no deputy, keeps hers from the other one.
	one, two := id.NewRule(noon), id.NewRule(noon)
	head := approval.Source{Kind: approval.OfUnitHead}
	dir.Of[head], dir.Of[a], dir.Deputies[0].Rules = []approval.Candidate{pia}, []approval.Candidate{pia}, []id.Rule{two}
	ask := func(r id.Rule, stages ...approval.WantedStage) approval.Need {
		return approval.Need{Reason: approval.Reason{Kind: approval.ByRule, Rule: r, Name: "R"}, Requirement: approval.Requirement{Effect: approval.Ask, Stages: stages}}
	}
	p, err := approval.Build([]approval.Need{ask(one, stage(head)), ask(two, stage(a))}, dir, approval.Policy{}, approval.Request{Requester: ann.Member, Amount: money.Of(1, "EUR"), At: noon})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Stages) != 2 {
		t.Fatalf("there are %d stages: is the test blind?", len(p.Stages))
	}
	if first, second := p.Stages[0].Groups[0].Approvers, p.Stages[1].Groups[0].Approvers; first[0].Name != "Pia" || len(second) != 1 || second[0].Name != "Dan" {
		t.Errorf("Pia decides in one stage, and Quin for her in another: %+v, %+v", first, second)
	}
}
