package approval

import (
	"math"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
)

// ReasonKind is what wants something.
type ReasonKind string

// The kinds of reasons.
const (
	ByRule   ReasonKind = "rule"
	ByLimit  ReasonKind = "limit"
	ByBudget ReasonKind = "budget"
	ByCredit ReasonKind = "credit"
)

// Reason is why something is wanted, as it is kept with a plan for ever.
type Reason struct {
	Kind    ReasonKind    `json:"kind"`
	Rule    id.Rule       `json:"rule,omitzero"`     // of the company itself
	Of      Parent        `json:"of,omitzero"`       // the company above whose rule it is
	Version int           `json:"version,omitempty"` // of the rule
	Step    int           `json:"step,omitempty"`    // of the rule, counted from 1
	Budget  id.Budget     `json:"budget,omitzero"`
	Name    string        `json:"name"`             // of the rule, budget or limit at that time
	Text    locale.Phrase `json:"text"`             // what was found
	Unsure  bool          `json:"unsure,omitempty"` // it counts because it could not be evaluated
}

// Title is what people call the rule, budget or limit: with whose rule it is, where that is a company above.
func (r Reason) Title() string {
	if r.Of.Name == "" {
		return r.Name
	}
	return r.Name + " (" + r.Of.Name + ")"
}

// Cause is a reason as lists are narrowed by it: the identifier of a rule of the company, OfParent, or the kind of what else
// asks.
type Cause string

// OfParent is every rule of a company above.
const OfParent Cause = "parent"

// Cause is what a list is narrowed by to what has the reason.
func (r Reason) Cause() Cause {
	switch {
	case r.Of != Parent{}:
		return OfParent
	case !r.Rule.IsZero():
		return Cause(r.Rule.String())
	}
	return Cause(r.Kind)
}

// ParseCause reads a cause.
func ParseCause(said string) (Cause, error) {
	switch c := Cause(said); c {
	case OfParent, Cause(ByLimit), Cause(ByBudget), Cause(ByCredit):
		return c, nil
	}
	rule, err := id.ParseRule(said)
	return Cause(rule.String()), err
}

// Need is a requirement that asks people, and why.
type Need struct {
	Reason      Reason      `json:"reason"`
	Requirement Requirement `json:"requirement"`
}

// Outcome is what all rules together say about one order.
type Outcome struct {
	Needs     []Need   // each matching step that asks
	Refusals  []Reason // each matching step that refuses: if there is one, nothing else counts
	Automatic []Reason // each rule that is satisfied because its step approves automatically
	Unsure    []Reason // each rule that could not be evaluated, whatever came of it
}

// CompiledRule is a rule made ready to be held against many orders.
type CompiledRule struct {
	from, until int64   // microseconds of the epoch
	only        Matcher // of a rule of one condition that asks or refuses: most rules
	narrowed    bool    // it does not apply to the whole company
	bands       bool
	amount      func(*Facts) *Maybe[money.Money] // the basis
	steps       []compiledStep
	rule        *Rule
}

type compiledStep struct {
	when     Matcher // nil: always
	bound    money.Money
	approves bool // automatically
	upTo     *money.Money
}

// Compile makes r ready, or fault.ErrInput. A rule that is not enabled compiles to one that never matches.
func (r Rule) Compile() (CompiledRule, error) {
	if err := r.Check(); err != nil {
		return CompiledRule{}, err
	}
	c := CompiledRule{from: math.MinInt64, until: math.MaxInt64, bands: r.Bands(), rule: &r, amount: factNamed(r.Basis.fact()).money}
	if !r.From.IsZero() {
		c.from = r.From.UnixMicro()
	}
	if !r.Until.IsZero() {
		c.until = r.Until.UnixMicro()
	}
	if !r.Enabled {
		c.until = c.from
	}
	to := r.AppliesTo
	c.narrowed = r.At.Path != "" || len(to.Roles)+len(to.Members)+len(to.Units)+len(to.CostCentres) > 0
	c.steps = make([]compiledStep, len(r.Steps))
	for i, s := range r.Steps {
		c.steps[i].approves, c.steps[i].upTo = s.Then.Effect == Approve, s.Then.UpTo
		if s.Above != nil {
			c.steps[i].bound = *s.Above
		}
		if !s.When.IsAlways() {
			c.steps[i].when = s.When.compile()
		}
	}
	if len(c.steps) == 1 && !c.steps[0].approves {
		c.only = c.steps[0].when
	}
	return c, nil
}

// Rule is what c was compiled from.
func (c *CompiledRule) Rule() Rule { return *c.rule }

func (b Basis) fact() string { return "total_" + string(b) }

// Hit is one step of one rule that holds for an order. An unsure hit counts like any other.
type Hit struct {
	Rule, Step int // positions in what was given to Match, and in its steps
	Unsure     bool
	taken      bool // false: unsure whether to approve automatically, so it is not done, only told
}

// Match appends to hits what the rules say about the order. It allocates nothing but the room for hits.
func Match(rules []CompiledRule, f *Facts, hits []Hit) []Hit {
	at := f.At.UnixMicro()
	for i := range rules {
		c := &rules[i]
		if at < c.from || at >= c.until || c.narrowed && !c.rule.concerns(f) {
			continue
		}
		switch {
		case c.only != nil:
			if t := c.only(f); t != No {
				hits = append(hits, Hit{i, 0, t == Unsure, true})
			}
		case c.bands:
			hits = c.matchBands(i, f, hits)
		default:
			hits = c.matchConditions(i, f, hits)
		}
	}
	return hits
}

// concerns reports whether r is about orders like this one.
func (r *Rule) concerns(f *Facts) bool {
	to := &r.AppliesTo
	if !r.At.Path.Covers(f.Place) {
		return false
	}
	if len(to.Roles)+len(to.Members) > 0 && !overlap(to.Roles, f.Roles) && !slices.Contains(to.Members, f.Member) {
		return false
	}
	if len(to.CostCentres) > 0 && !overlap(to.CostCentres, f.CostCentres) {
		return false
	}
	for i := range to.Units {
		if to.Units[i].Path.Covers(f.Place) {
			return true
		}
	}
	return len(to.Units) == 0
}

func overlap[T comparable](a, b []T) bool {
	for i := range a {
		if slices.Contains(b, a[i]) {
			return true
		}
	}
	return false
}

// matchConditions takes the first step that holds, and each one before it that might.
func (c *CompiledRule) matchConditions(i int, f *Facts, hits []Hit) []Hit {
	for j := range c.steps {
		t := Yes
		if when := c.steps[j].when; when != nil {
			t = when(f)
		}
		if t != No && c.steps[j].approves {
			t = min(t, c.within(j, f))
		}
		if t != No {
			hits = append(hits, Hit{i, j, t == Unsure, t == Yes || !c.steps[j].approves})
		}
		if t == Yes {
			break
		}
	}
	return hits
}

// matchBands takes the band in which the amount lies; all of them when the amount is not known.
func (c *CompiledRule) matchBands(i int, f *Facts, hits []Hit) []Hit {
	amount := c.amount(f)
	m, ok := convert(amount.Is, c.steps[1].bound.Currency, f.Rates)
	if !amount.Known || !ok {
		for j := range c.steps {
			hits = append(hits, Hit{i, j, true, !c.steps[j].approves})
		}
		return hits
	}
	j := len(c.steps) - 1
	for j > 0 && m.Minor <= c.steps[j].bound.Minor {
		j--
	}
	return append(hits, Hit{i, j, false, true})
}

// within says whether the amount is one that the step may approve automatically.
func (c *CompiledRule) within(step int, f *Facts) Truth {
	upTo, amount := c.steps[step].upTo, c.amount(f)
	if upTo == nil {
		return Yes
	}
	if !amount.Known {
		return Unsure
	}
	m, ok := convert(amount.Is, upTo.Currency, f.Rates)
	return truth(m.Minor <= upTo.Minor, ok)
}

// Evaluate holds the rules against one order. All matching rules count; a refusal beats everything.
func Evaluate(rules []CompiledRule, f *Facts) Outcome {
	var out Outcome
	for _, hit := range Match(rules, f, nil) {
		c := &rules[hit.Rule]
		reason := c.reason(hit, f)
		if n := len(out.Unsure); hit.Unsure && (n == 0 || !c.rule.Gave(out.Unsure[n-1])) {
			out.Unsure = append(out.Unsure, reason)
		}
		if !hit.taken {
			continue
		}
		switch then := c.rule.Steps[hit.Step].Then; then.Effect {
		case Ask:
			out.Needs = append(out.Needs, Need{reason, then})
		case Approve:
			out.Automatic = append(out.Automatic, reason)
		case Refuse:
			out.Refusals = append(out.Refusals, reason)
		}
	}
	return out
}

func (c *CompiledRule) reason(hit Hit, f *Facts) Reason {
	r := c.rule
	return Reason{Kind: ByRule, Rule: r.ID, Of: r.Of, Version: r.Version, Step: hit.Step + 1, Name: r.Name,
		Text: c.explain(hit.Step, f), Unsure: hit.Unsure}
}

// Within reports whether the permission to have one's orders approved automatically may bite: it stands in for rules of the
// company that gives it, never for those of a company above, for a limit, a budget or credit, nor for what could not be
// evaluated.
func (o Outcome) Within(others []Need) bool {
	for _, n := range append(slices.Clone(o.Needs), others...) {
		if n.Reason.Kind != ByRule || n.Reason.Unsure || n.Reason.Of != (Parent{}) {
			return false
		}
	}
	return len(o.Refusals) == 0
}
