package approval

import (
	"slices"
	"strconv"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
)

// Rule is one approval rule of a company, in one version.
type Rule struct {
	ID          id.Rule     `json:"id,omitzero"`
	Company     id.Company  `json:"-"`
	Of          Parent      `json:"-"`                // the company above whose rule it is; zero: it is the company's own
	Version     int         `json:"version,omitzero"` // 1 for a new rule; each edit makes the next
	Name        string      `json:"name"`             // unique in the company
	Description string      `json:"description,omitempty"`
	Enabled     bool        `json:"enabled"`
	Priority    int         `json:"priority,omitempty"` // for display alone: all matching rules count
	From        time.Time   `json:"from,omitzero"`      // valid from this instant; zero is unbounded
	Until       time.Time   `json:"until,omitzero"`     // and until this one, which is not included
	Watchers    []id.Member `json:"watchers,omitempty"` // told besides, never asked
	At          Place       `json:"unit,omitzero"`      // whose rule it is; it applies to what stands below
	AppliesTo   AppliesTo   `json:"applies_to,omitzero"`
	Basis       Basis       `json:"basis"` // which amount bands, and amounts of automatic approvals, look at
	Steps       []Step      `json:"steps"`
}

// Place is a unit and where it stands. The zero Place is the whole company. The path is not written with a rule, for
// units move; who reads a rule fills it in, and a rule without one applies to the whole company.
type Place struct {
	Unit id.Unit
	Path tree.Path
}

// AppliesTo narrows whose orders a rule looks at. An empty list does not narrow. The requester holds one of the roles
// or is one of the members; and the order stands in one of the units or below; and is booked to one of the cost centres.
type AppliesTo struct {
	Roles       []id.Role       `json:"roles,omitempty"`
	Members     []id.Member     `json:"members,omitempty"`
	Units       []Place         `json:"units,omitempty"`
	CostCentres []id.CostCentre `json:"cost_centres,omitempty"`
}

// Basis names an amount of an order.
type Basis string

// The bases.
const (
	Net         Basis = "net"          // goods, without shipping: the default
	NetShipping Basis = "net_shipping" // goods and shipping, as budgets count
	Gross       Basis = "gross"        // with shipping and tax
)

// Step is one case of a rule: a band, or a condition.
//
// Bands: the first step has no Above and begins at nothing, each other one begins above its amount; a step reaches up
// to and including where the next begins. Conditions: the first step whose When holds counts; only the last may do
// without one, and holds otherwise.
type Step struct {
	Above *money.Money
	When  Condition
	Then  Requirement
}

// The bounds of a rule.
const (
	MostName        = 120  // runes
	MostDescription = 2000 // runes
	MostSteps       = 20
	MostNamed       = 200 // entries of each of its lists of people and places
)

// Bands reports whether the steps of r are bands.
func (r Rule) Bands() bool { return len(r.Steps) > 1 && r.Steps[1].Above != nil }

// Check is fault.ErrInput with every field of r that is wrong.
func (r Rule) Check() error {
	var in fault.Input
	if !text.Kept(&in, "name", r.Name, MostName) {
		in.Add("name", "required", "a rule needs a name")
	}
	text.Note(&in, "description", r.Description, MostDescription)
	if !r.From.IsZero() && !r.Until.IsZero() && !r.From.Before(r.Until) {
		in.Add("until", "order", "a rule ends after it begins")
	}
	few := func(name string, n int) {
		if n > MostNamed {
			in.Add(name, "count", "at most %d", MostNamed)
		}
	}
	few("watchers", len(r.Watchers))
	few("applies_to.roles", len(r.AppliesTo.Roles))
	few("applies_to.members", len(r.AppliesTo.Members))
	few("applies_to.units", len(r.AppliesTo.Units))
	few("applies_to.cost_centres", len(r.AppliesTo.CostCentres))
	switch r.Basis {
	case Net, NetShipping, Gross:
	default:
		in.Add("basis", "unknown", "the basis is net, net_shipping or gross")
	}
	r.checkSteps(&in)
	if r.Of == (Parent{}) && r.asks(func(s Source) bool { return s.Kind == OfAbsent }) {
		in.Add("steps", "source", "only a rule of a company above asks somebody who is not here")
	}
	return in.Err()
}

// NamesRole reports whether a condition of r compares the roles of the requester with the one of this name.
func (r Rule) NamesRole(name string) bool {
	return slices.ContainsFunc(r.Steps, func(s Step) bool { return s.When.compares(requesterRoles, name) })
}

func (r Rule) checkSteps(in *fault.Input) {
	if len(r.Steps) == 0 || len(r.Steps) > MostSteps {
		in.Add("steps", "count", "between 1 and %d steps", MostSteps)
	}
	bands := r.Bands()
	for i, s := range r.Steps {
		at := "steps." + strconv.Itoa(i)
		switch {
		case bands && !s.When.IsAlways():
			in.Add(at+".when", "mixed", "the steps of a rule are bands of an amount or conditions, not both")
		case bands && i > 0:
			r.checkBound(in, at+".above", i)
		case s.Above != nil:
			in.Add(at+".above", "first", "the first band begins at nothing; give what holds up to this amount as a step of its own")
		case !bands && i < len(r.Steps)-1 && s.When.IsAlways():
			in.Add(at+".when", "required", "only the last case may do without a condition: those behind it would never count")
		}
		if s.Then.UpTo != nil && (bands || i == len(r.Steps)-1) {
			in.Add(at+".then.up_to", "open_end", "say in a further case with a condition what holds above this amount")
		}
		in.Take(at+".when", s.When.Check())
		s.Then.Check(in, at+".then")
	}
}

// CheckCurrencies notes every amount of r in a currency that there is not. It is asked where a rule is saved: one that is kept counts
// on when its currency is withdrawn, and matches.
func (r Rule) CheckCurrencies(in *fault.Input) {
	for i, s := range r.Steps {
		at := "steps." + strconv.Itoa(i)
		for name, m := range map[string]*money.Money{at + ".above.currency": s.Above, at + ".then.up_to.currency": s.Then.UpTo} {
			if m != nil && !m.Currency.Active() {
				_, err := money.ParseCurrency(string(m.Currency))
				in.Take(name, err)
			}
		}
		s.When.currencies(func(c money.Currency) {
			if c != "" && !c.Active() && !in.Has(at+".when") {
				_, err := money.ParseCurrency(string(c))
				in.Take(at+".when", err)
			}
		})
	}
}

// checkBound notes what is wrong with where the band i begins.
func (r Rule) checkBound(in *fault.Input, name string, i int) {
	bound, before := r.Steps[i].Above, r.Steps[i-1].Above
	switch {
	case bound == nil:
		in.Add(name, "required", "every band but the first begins above an amount")
	case bound.Minor < 0 || !bound.Currency.Formed():
		in.Add(name, "range", "a band begins at an amount of some currency, nought or above")
	case before == nil || !before.Currency.Formed(): // said there
	case bound.Currency != before.Currency:
		in.Add(name, "currency", "all bands of a rule are in one currency")
	case bound.Minor <= before.Minor:
		in.Add(name, "order", "each band begins above the one before it: %s is not above %s", *bound, *before)
	}
}

// Foreign lists the currencies in which r counts amounts and which are not the company's own, by code. An order in another
// currency than a rule's is converted at the rate kept with it; where there is none, the rule counts as matching.
func (r Rule) Foreign(own money.Currency) (all []money.Currency) {
	add := func(c money.Currency) {
		if c != "" && c != own && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	for _, s := range r.Steps {
		for _, m := range []*money.Money{s.Above, s.Then.UpTo} {
			if m != nil {
				add(m.Currency)
			}
		}
		s.When.currencies(add)
	}
	slices.Sort(all)
	return all
}

func (c Condition) currencies(add func(money.Currency)) {
	for _, v := range c.Is {
		add(v.Money.Currency)
	}
	for _, part := range c.Of {
		part.currencies(add)
	}
}

// OtherCurrency says what it means that a rule counts in another currency than the company orders in.
func OtherCurrency(of, own money.Currency) locale.Phrase {
	return locale.Say("It counts in %s, and your company orders in %s: an order in another currency is converted at the rate kept with it, and where there is none the rule counts as matching.", string(of), string(own))
}

// Measure is what one of the three simple conditions looks at; they are those of Adobe Commerce.
type Measure string

// The measures.
const (
	OrderTotal   Measure = "total_gross"
	ShippingCost Measure = "shipping"
	DistinctSKUs Measure = "skus"
)

// Preset is the step of a simple rule: the measure, one of the four comparisons > >= < <=, and a bound, which is an
// amount for the first two and a number for the third.
func Preset(m Measure, op Op, bound Value, then Requirement) (Step, error) {
	switch op {
	case Above, AtLeast, Below, AtMost:
	default:
		return Step{}, ErrCondition.With("a simple condition compares with >, >=, < or <=")
	}
	c := Condition{Op: op, Fact: string(m), Is: []Value{bound}}
	return Step{When: c, Then: then}, c.Check()
}

// Names reports whether the rule asks this member by name, or tells them.
func (r Rule) Names(m id.Member) bool {
	return slices.Contains(r.Watchers, m) || r.asks(func(s Source) bool { return s.Kind == OfMember && s.Member == m })
}

// SourcesOf are the sources of these rules, each once.
func SourcesOf(rules []Rule) (all []Source) {
	seen := map[Source]bool{}
	for _, r := range rules {
		r.asks(func(s Source) bool {
			if !seen[s] {
				seen[s] = true
				all = append(all, s)
			}
			return false
		})
	}
	return all
}

// Short lists the sources that find nobody, of groups of r in which fewer are left than must agree.
func (r Rule) Short(nobody func(Source) bool) (all []Source) {
	for _, step := range r.Steps {
		for _, stage := range step.Then.Stages {
			for _, g := range stage.Groups {
				var empty []Source
				for _, s := range g.Of {
					if nobody(s) {
						empty = append(empty, s)
					}
				}
				if len(g.Of)-len(empty) < g.K {
					all = append(all, empty...)
				}
			}
		}
	}
	return all
}

// asks reports whether any step asks such a source.
func (r Rule) asks(such func(Source) bool) bool {
	for _, step := range r.Steps {
		for _, stage := range step.Then.Stages {
			for _, g := range stage.Groups {
				if slices.ContainsFunc(g.Of, such) {
					return true
				}
			}
		}
	}
	return false
}
