package approval

import (
	"slices"
	"strings"

	"kontor/internal/base/date"
	"kontor/internal/base/locale"
)

// Explain says what c found in an order: of an "or" only the parts that made it hold, and what is not known.
//
//	total (net) €12,400.00 is above €10,000.00
func (c Condition) Explain(f *Facts) locale.Phrase {
	switch c.Op {
	case Always:
		return locale.Say("it applies to every order")
	case Not:
		return locale.Say("it is not so that %s", c.Of[0].Explain(f))
	case And:
		said := c.Of[0].Explain(f)
		for _, part := range c.Of[1:] {
			said = locale.Say("%s and %s", said, part.Explain(f))
		}
		return said
	case Or:
		return c.explainOr(f)
	}
	fact := factNamed(c.Fact)
	label := locale.Say(fact.Label)
	t := c.compile()(f)
	switch {
	case t == Unsure && fact.Kind == MoneyFact && fact.money(f).Known:
		return locale.Say("%s %s has no rate into %s", label, fact.money(f).Is, string(c.Is[0].Money.Currency))
	case t == Unsure:
		return locale.Say("it is not known: %s", label)
	case c.Op == Flag && t == Yes:
		return label
	case c.Op == Flag:
		return locale.Say("it is not so that %s", label)
	}
	return c.finding(fact, label, t, f)
}

// explainOr names the parts that say what the whole says.
func (c Condition) explainOr(f *Facts) (said locale.Phrase) {
	whole := c.compile()(f)
	for _, part := range c.Of {
		switch {
		case part.compile()(f) != whole:
		case said.IsZero():
			said = part.Explain(f)
		default:
			said = locale.Say("%s or %s", said, part.Explain(f))
		}
	}
	return said
}

// finding is what the comparison found; where it does not hold, the sentence says what is so instead.
func (c Condition) finding(fact *Fact, label locale.Phrase, t Truth, f *Facts) locale.Phrase {
	switch fact.Kind {
	case MoneyFact:
		is, bound := fact.money(f).Is, c.Is[0].Money
		if converted, ok := convert(is, bound.Currency, f.Rates); ok && is.Currency != bound.Currency {
			return compared(c.Op, t, label, locale.Say("%s (%s)", is, converted), bound)
		}
		return compared(c.Op, t, label, is, bound)
	case NumberFact:
		return compared(c.Op, t, label, fact.number(f).Is, c.Is[0].Number)
	case PercentFact:
		return compared(c.Op, t, label, locale.Percent(fact.number(f).Is/10), locale.Percent(c.Is[0].Number/10))
	case DateFact:
		return compared(c.Op, t, label, date.Date(fact.text(f).Is), date.Date(c.Is[0].Text))
	case TextFact:
		return locale.Say("%s is %s", label, quote(fact.text(f).Is))
	}
	among := texts(c.Is)
	if t == No {
		return locale.Say("%s: none of %s", label, listed(among))
	}
	return locale.Say("%s: %s", label, listed(slices.DeleteFunc(slices.Clone(fact.list(f).Is), func(s string) bool { return !slices.Contains(among, s) })))
}

// compared is the sentence of a comparison, turned round where it does not hold.
func compared(op Op, t Truth, label locale.Phrase, is, bound any) locale.Phrase {
	if t == No {
		op = map[Op]Op{Above: AtMost, AtMost: Above, Below: AtLeast, AtLeast: Below, Equal: NotEqual, NotEqual: Equal}[op]
	}
	switch op {
	case Above:
		return locale.Say("%s %s is above %s", label, is, bound)
	case AtLeast:
		return locale.Say("%s %s is at least %s", label, is, bound)
	case Below:
		return locale.Say("%s %s is below %s", label, is, bound)
	case AtMost:
		return locale.Say("%s %s is at most %s", label, is, bound)
	case Equal:
		return locale.Say("%s %s is equal to %s", label, is, bound)
	}
	return locale.Say("%s %s differs from %s", label, is, bound)
}

// listed is names in quotes, commas between them.
func listed(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = quote(name)
	}
	return strings.Join(quoted, ", ")
}

// explain says why the step of this rule holds.
func (c *CompiledRule) explain(step int, f *Facts) locale.Phrase {
	if !c.bands && step > 0 && c.steps[step].when == nil {
		return locale.Say("no other case of the rule applies")
	}
	if !c.bands {
		return c.rule.Steps[step].When.Explain(f)
	}
	op, bound := Above, c.steps[step].bound
	if step == 0 {
		op, bound = AtMost, c.steps[1].bound
	}
	return Condition{Op: op, Fact: c.rule.Basis.fact(), Is: []Value{{Money: bound}}}.Explain(f)
}
