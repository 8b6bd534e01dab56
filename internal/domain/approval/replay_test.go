package approval_test

import (
	"strings"
	"testing"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/approval"
)

func TestWhatADraftWouldHaveDone(t *testing.T) {
	manager := approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})
	rule := func(when string, then approval.Requirement) approval.Rule {
		c, err := approval.Parse(when)
		if err != nil {
			t.Fatal(err)
		}
		return approval.Rule{ID: id.NewRule(noon), Name: when, Enabled: true, Basis: approval.Net, Steps: []approval.Step{{When: c, Then: then}}}
	}
	refuse, approve := approval.Requirement{Effect: approval.Refuse}, approval.Requirement{Effect: approval.Approve}
	large, every, small := rule("total_net > 1000 EUR", manager), rule("skus > 0", manager), rule("total_net < 1 EUR", manager)
	off, above := every, every
	off.Enabled, off.Until = false, noon.Add(-time.Hour)
	above.ID, above.Of = id.Rule{}, approval.Parent{Number: "1", Name: "Above"}
	budget := []approval.Need{{Reason: approval.Reason{Kind: approval.ByBudget, Name: "Operations"}, Requirement: manager}}
	same := func(r, of approval.Rule) approval.Rule {
		r.ID = of.ID
		return r
	}
	for _, c := range []struct {
		sentence string
		draft    approval.Rule
		rules    []approval.Rule
		standing []approval.Need
		excused  bool
		want     string
	}{
		{"it asks", large, nil, nil, false, "asks held"},
		{"it asks nobody", small, nil, nil, false, ""},
		{"it refuses", rule("skus > 0", refuse), nil, nil, false, "refuses held"},
		{"it approves", rule("skus > 0", approve), nil, nil, false, "approves"},
		{"it approves, and another asks", rule("skus > 0", approve), []approval.Rule{large}, nil, false, "approves others held was"},
		{"it is off and over, and counts all the same", off, nil, nil, false, "asks held"},
		{"another that is off counts for nothing", small, []approval.Rule{off}, nil, false, ""},
		{"it takes the place of the rule that is kept", same(small, large), []approval.Rule{large}, nil, false, "saved was"},
		{"as it is kept", large, []approval.Rule{large}, nil, false, "asks saved held was"},
		{"besides another", large, []approval.Rule{every}, nil, false, "asks others held was"},
		{"a new one is in nobody's place", same(large, approval.Rule{}), []approval.Rule{above}, nil, false, "asks others held was"},
		{"the requester is excused", large, nil, nil, true, "excused"},
		{"excused of the one that is kept, too", same(every, large), []approval.Rule{large}, nil, true, "excused"},
		{"nobody is excused of what is not known", rule("weight > 1", manager), nil, nil, true, "asks unsure held"},
		{"nor of a budget", large, nil, budget, true, "asks others held was"},
		{"nor of a rule of a company above", large, []approval.Rule{above}, nil, true, "asks others held was"},
		{"nor of a refusal", rule("skus > 0", refuse), nil, nil, true, "refuses held"},
		{"what a budget wanted stands", small, nil, budget, false, "others held was"},
		{"what may be approved is not approved where that is unsure", rule("weight > 1", approve), nil, nil, false, ""},
	} {
		var rules []approval.CompiledRule
		for _, r := range c.rules {
			one, err := r.Compile()
			if err != nil {
				t.Fatal(err)
			}
			rules = append(rules, one)
		}
		trial, err := approval.NewTrial(c.draft, rules)
		if err != nil {
			t.Fatal(err)
		}
		is := trial.Of(approval.Past{Facts: busy(), Standing: c.standing, Excused: c.excused})
		var said []string
		for _, s := range []struct {
			is   bool
			said string
		}{{is.Asks, "asks"}, {is.Refuses, "refuses"}, {is.Approves, "approves"}, {is.Excused, "excused"}, {is.Unsure, "unsure"}, {is.Others, "others"}, {is.Saved, "saved"}, {is.Held, "held"}, {is.Was, "was"}} {
			if s.is {
				said = append(said, s.said)
			}
		}
		if got := strings.Join(said, " "); got != c.want {
			t.Errorf("%s: %q, not %q", c.sentence, got, c.want)
		}
	}
}

func TestHowLongAPlanTakes(t *testing.T) {
	quick, slow, rare := id.NewMember(noon), id.NewMember(noon), id.NewMember(noon)
	pace := approval.NewPace()
	for _, hours := range []time.Duration{3, 1, 2} {
		pace.Add(quick, hours*time.Hour)
		pace.Add(slow, 10*hours*time.Hour)
	}
	pace.Add(rare, 100*time.Hour)
	pace.Settle()
	group := func(k int, members ...id.Member) (g approval.Group) {
		g.K = k
		for _, m := range members {
			g.Approvers = append(g.Approvers, approval.Approver{Person: approval.Person{Member: m}})
		}
		return g
	}
	stage := func(groups ...approval.Group) approval.Stage { return approval.Stage{Groups: groups} }
	for _, c := range []struct {
		sentence string
		stages   []approval.Stage
		want     time.Duration
	}{
		{"nobody is asked", nil, 0},
		{"one person, as usual", []approval.Stage{stage(group(1, slow))}, 20 * time.Hour},
		{"whoever decided seldom takes as long as all usually do", []approval.Stage{stage(group(1, rare))}, 10 * time.Hour},
		{"of the seller nobody knows either", []approval.Stage{stage(group(1, id.Member{}))}, 10 * time.Hour},
		{"the quickest of several", []approval.Stage{stage(group(1, slow, quick, rare))}, 2 * time.Hour},
		{"the second of several", []approval.Stage{stage(group(2, slow, quick, rare))}, 10 * time.Hour},
		{"somebody who stands there twice is one", []approval.Stage{stage(group(2, quick, quick, slow))}, 20 * time.Hour},
		{"the slowest of groups", []approval.Stage{stage(group(1, quick), group(1, slow))}, 20 * time.Hour},
		{"stages follow each other", []approval.Stage{stage(group(1, quick)), stage(group(1, slow))}, 22 * time.Hour},
		{"too few of them", []approval.Stage{stage(group(2, quick))}, 2 * time.Hour},
		{"nobody at all", []approval.Stage{stage(group(1))}, 0},
	} {
		if got := (approval.Plan{Stages: c.stages}).Takes(pace); got != c.want {
			t.Errorf("%s: %v, not %v", c.sentence, got, c.want)
		}
	}
	if n, usual := pace.Decisions(); n != 7 || usual != 10*time.Hour {
		t.Errorf("all of them: %d, %v", n, usual)
	}
	if got := approval.Median([]time.Duration{1, 3}); got != 2 {
		t.Errorf("the middle of two: %v", got)
	}
}
