package approval

import (
	"slices"
	"time"

	"kontor/internal/base/id"
)

// Past is a purchase order of the past, as a replay of rules looks at it.
type Past struct {
	Facts    *Facts
	Standing []Need // what limits, budgets and credit wanted when it was submitted: that is not evaluated anew
	Excused  bool   // what its requester orders is approved automatically, where the rules of the company alone want somebody
}

// Trial is a draft of a rule among all other rules, to be held against many purchase orders. One goroutine uses it.
type Trial struct {
	draft, saved, others []CompiledRule // of the first two one at most
	all                  []CompiledRule // the others and the draft
	hits                 []Hit
}

// NewTrial puts a draft in the place of the rule that is kept of it; of a draft that is new there is none. The draft counts in the
// trial whether or not it is switched on, and whenever it is to begin and to end: it is about what it would do. All others, and the
// rule that is kept, count as they are.
func NewTrial(draft Rule, rules []CompiledRule) (t *Trial, err error) {
	draft.Enabled, draft.From, draft.Until = true, time.Time{}, time.Time{}
	c, err := draft.Compile()
	if err != nil {
		return nil, err
	}
	t = &Trial{draft: []CompiledRule{c}}
	for _, r := range rules {
		if kept := r.rule; kept.Of == (Parent{}) && kept.ID == draft.ID {
			t.saved = append(t.saved, r)
			continue
		}
		t.others = append(t.others, r)
	}
	t.all = append(slices.Clip(t.others), c)
	return t, nil
}

// Draft is the draft as it counts in the trial.
func (t *Trial) Draft() Rule { return *t.draft[0].rule }

// Tried is what becomes of one purchase order in a trial.
type Tried struct {
	Asks     bool // the draft asks somebody, and nothing excuses the requester
	Refuses  bool // the draft does not allow it
	Approves bool // the draft approves it automatically
	Excused  bool // the draft would ask somebody, and the permission of the requester approves it
	Unsure   bool // the draft asks or refuses because it could not be evaluated
	Others   bool // another rule, or what stood then, asks somebody or refuses
	Saved    bool // the rule that is kept of the draft asks somebody or refuses
	Held     bool // with the draft somebody is asked about it, or it is refused
	Was      bool // so it is with the rule that is kept, or with none where the draft is new
}

// wish is what rules want of one order.
type wish struct{ asks, bound, refuses, approves, unsure bool }

// Of says what becomes of a purchase order.
func (t *Trial) Of(p Past) Tried {
	draft, saved, others := t.wish(t.draft, p.Facts), t.wish(t.saved, p.Facts), t.wish(t.others, p.Facts)
	if len(p.Standing) > 0 {
		others.asks, others.bound = true, true
	}
	held := func(w wish, bound bool) bool { return w.refuses || w.asks && (bound || !p.Excused) }
	bound := draft.bound || others.bound
	done := Tried{Refuses: draft.refuses, Asks: draft.asks && (bound || !p.Excused), Approves: draft.approves, Unsure: draft.unsure}
	done.Excused = draft.asks && !done.Asks && !done.Refuses
	done.Others = held(others, others.bound)
	done.Saved = held(saved, saved.bound || others.bound)
	done.Held = done.Refuses || done.Asks || held(others, bound)
	done.Was = done.Saved || held(others, saved.bound || others.bound)
	return done
}

func (t *Trial) wish(rules []CompiledRule, f *Facts) (w wish) {
	if len(rules) == 0 {
		return w
	}
	t.hits = Match(rules, f, t.hits[:0])
	for _, hit := range t.hits {
		if !hit.taken {
			continue
		}
		r := rules[hit.Rule].rule
		switch r.Steps[hit.Step].Then.Effect {
		case Ask:
			w.asks, w.bound, w.unsure = true, w.bound || hit.Unsure || r.Of != (Parent{}), w.unsure || hit.Unsure
		case Refuse:
			w.refuses, w.unsure = true, w.unsure || hit.Unsure
		case Approve:
			w.approves = true
		}
	}
	return w
}

// Needs is what everything together wants of a purchase order: what stood then, the other rules, and the draft.
func (t *Trial) Needs(p Past) []Need {
	return append(slices.Clip(p.Standing), Evaluate(t.all, p.Facts).Needs...)
}

// Why is why the draft holds a purchase order: of several reasons the first.
func (t *Trial) Why(p Past) (why Reason) {
	out := Evaluate(t.draft, p.Facts)
	for _, n := range out.Needs {
		out.Refusals = append(out.Refusals, n.Reason)
	}
	if len(out.Refusals) > 0 {
		why = out.Refusals[0]
	}
	return why
}

// Asked lists whom a plan of these needs asks for the draft, each person once, and what the draft asks, each source once.
func (t *Trial) Asked(p Plan, needs []Need) (people []Approver, sources []Source) {
	draft := t.draft[0].rule
	p.each(func(_ int, g *Group, row *Approver) {
		if slices.ContainsFunc(g.Reasons, draft.Gave) {
			people = append(people, *row)
		}
	})
	for _, n := range needs {
		if !draft.Gave(n.Reason) {
			continue
		}
		for _, stage := range n.Requirement.Stages {
			for _, g := range stage.Groups {
				for _, s := range g.Of {
					if !slices.Contains(sources, s) {
						sources = append(sources, s)
					}
				}
			}
		}
	}
	return persons(people, nil), sources
}

// BesidesRules is what of these needs is no rule's: they stand whatever rules become.
func BesidesRules(needs []Need) (all []Need) {
	for _, n := range needs {
		if n.Reason.Kind != ByRule {
			all = append(all, n)
		}
	}
	return all
}

// Pace is how long people took to decide: from when they were asked to when they answered.
type Pace struct {
	of  map[id.Member][]time.Duration
	all []time.Duration
}

// FewestDecisions is how many decisions of one person say how long they usually take; of fewer, those of all do.
const FewestDecisions = 3

// NewPace makes a pace of no decisions.
func NewPace() *Pace { return &Pace{of: map[id.Member][]time.Duration{}} }

// Add notes a decision.
func (p *Pace) Add(by id.Member, took time.Duration) {
	took = max(took, 0)
	p.of[by], p.all = append(p.of[by], took), append(p.all, took)
}

// Settle makes the pace ready to be asked, once all decisions are noted.
func (p *Pace) Settle() {
	slices.Sort(p.all)
	for _, took := range p.of {
		slices.Sort(took)
	}
}

// Decisions is how many decisions were noted, and how long they usually took: half of them longer, half of them shorter.
func (p *Pace) Decisions() (n int, usual time.Duration) { return len(p.all), Median(p.all) }

// Of is how long somebody usually takes, and by how many decisions of theirs; of none where those of all say it.
func (p *Pace) Of(who id.Member) (usual time.Duration, own int) {
	if took := p.of[who]; len(took) >= FewestDecisions && !who.IsZero() {
		return Median(took), len(took)
	}
	return Median(p.all), 0
}

// Median is the middle of durations in their order, and between the two in the middle of an even number; of none it is nothing.
func Median(sorted []time.Duration) time.Duration {
	n := len(sorted)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

// Takes is how long the people of a plan usually take, one after another. Stages follow each other; in a stage the slowest group counts, and in a group the
// quickest of those as many as must agree. A group of too few people waits for more than a pace can tell, and counts as long as those
// who are there.
func (p Plan) Takes(pace *Pace) (sum time.Duration) {
	for _, stage := range p.Stages {
		var slowest time.Duration
		for _, g := range stage.Groups {
			var each []time.Duration
			for _, a := range persons(g.Approvers, nil) {
				usual, _ := pace.Of(a.Member)
				each = append(each, usual)
			}
			slices.Sort(each)
			if n := min(g.K, len(each)); n > 0 {
				slowest = max(slowest, each[n-1])
			}
		}
		sum += slowest
	}
	return sum
}

// Facts calls fn with every fact that the conditions of r look at; those of several places several times.
func (r Rule) Facts(fn func(Fact)) {
	for _, s := range r.Steps {
		s.When.facts(fn)
	}
	if r.Bands() || r.upTo() {
		fn(*factNamed(r.Basis.fact()))
	}
}

// upTo reports whether r approves something up to an amount.
func (r Rule) upTo() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Then.UpTo != nil })
}

func (c Condition) facts(fn func(Fact)) {
	if f := factNamed(c.Fact); f != nil {
		fn(*f)
	}
	for _, part := range c.Of {
		part.facts(fn)
	}
}

// KnownOf reports whether these facts say it.
func (f Fact) KnownOf(of *Facts) bool {
	switch f.Kind {
	case MoneyFact:
		return f.money(of).Known
	case NumberFact, PercentFact:
		return f.number(of).Known
	case DateFact, TextFact:
		return f.text(of).Known
	case ListFact:
		return f.list(of).Known
	}
	return f.flag(of).Known
}

// OfEach reports whether these needs ask the owners of whatever budgets an order is charged to.
func OfEach(needs []Need) bool {
	for _, n := range needs {
		if n.Requirement.ofEach() {
			return true
		}
	}
	return false
}

// AsksOwners reports whether r asks the owners of whatever budgets an order is charged to.
func (r Rule) AsksOwners() bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.Then.ofEach() })
}

func (r Requirement) ofEach() bool {
	for _, stage := range r.Stages {
		for _, g := range stage.Groups {
			if slices.ContainsFunc(g.Of, func(s Source) bool {
				return (s.Kind == OfBudget || s.Kind == OfBudgetManager) && s.Budget.IsZero()
			}) {
				return true
			}
		}
	}
	return false
}
