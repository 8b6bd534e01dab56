package approval

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// Condition is an expression over an order, as a tree that a form can edit. Its text is read by [Parse] and written
// by [Condition.String]. The zero Condition holds always.
type Condition struct {
	Op   Op
	Of   []Condition // And, Or: at least two; Not: one
	Fact string      // comparisons and flags: a name of the vocabulary
	Is   []Value     // In: at least one; other comparisons: one; flags: none
}

// Op joins conditions, or compares a fact with values.
type Op string

// The operators. Flag is a fact alone: it is true.
const (
	Always   Op = ""
	And      Op = "and"
	Or       Op = "or"
	Not      Op = "not"
	Above    Op = ">"
	AtLeast  Op = ">="
	Below    Op = "<"
	AtMost   Op = "<="
	Equal    Op = "="
	NotEqual Op = "!="
	In       Op = "in"
	Has      Op = "has"
	Flag     Op = "flag"
)

// Value is what a fact is compared with; which field counts is said by the kind of the fact.
type Value struct {
	Text   string // texts, lists, dates
	Money  money.Money
	Number quantity.Quantity // numbers and percentages, in thousandths; percentages have two decimals
}

// What a condition may be at most.
const (
	MostText  = 4000 // bytes of its text
	MostDepth = 20   // levels of its tree
	MostNodes = 200  // comparisons and groups

	mostWord   = 200             // runes of one text in it
	mostNested = MostDepth/2 - 1 // parentheses and negations: each adds at most an or and an and
)

// ErrCondition is the fault of a condition that is none. Its detail "position" is the character where reading
// stopped, counted from 1.
var ErrCondition = fault.Define(fault.Invalid, "approval.condition", "this condition cannot be read")

// IsAlways reports whether c holds for every order.
func (c Condition) IsAlways() bool { return c.Op == Always }

// Check is ErrCondition unless c is well formed: what Parse returns is.
func (c Condition) Check() error {
	if c.Op == Always {
		return nil
	}
	nodes := 0
	return c.check(1, &nodes)
}

func (c Condition) check(depth int, nodes *int) error {
	if *nodes++; depth > MostDepth || *nodes > MostNodes {
		return ErrCondition.With("the condition is too deep or too long: split it over several rules")
	}
	switch c.Op {
	case And, Or, Not:
		if c.Op == Not && len(c.Of) != 1 || c.Op != Not && len(c.Of) < 2 {
			return ErrCondition.With("\"and\" and \"or\" join two or more conditions, \"not\" stands before one")
		}
		for _, part := range c.Of {
			if err := part.check(depth+1, nodes); err != nil {
				return err
			}
		}
		return nil
	}
	fact := factNamed(c.Fact)
	switch {
	case fact == nil:
		return ErrCondition.With("there is no fact %q", c.Fact)
	case !fact.takes(c.Op):
		return ErrCondition.With("%s cannot be asked with %q", c.Fact, string(c.Op))
	case c.Op == Flag && len(c.Is) != 0, c.Op != Flag && c.Op != In && len(c.Is) != 1, c.Op == In && len(c.Is) == 0, len(c.Is) > MostNodes:
		return ErrCondition.With("%s is compared with one value, or by \"in\" with a list of them", c.Fact)
	}
	for _, v := range c.Is {
		if !fact.accepts(v) {
			return ErrCondition.With("%s is compared with a value of another kind", c.Fact)
		}
	}
	return nil
}

// compares reports whether c compares a fact with this text anywhere.
func (c Condition) compares(fact, text string) bool {
	return c.Fact == fact && slices.ContainsFunc(c.Is, func(v Value) bool { return v.Text == text }) ||
		slices.ContainsFunc(c.Of, func(part Condition) bool { return part.compares(fact, text) })
}

func (f *Fact) takes(op Op) bool {
	switch f.Kind {
	case FlagFact:
		return op == Flag
	case TextFact:
		return op == Equal || op == NotEqual || op == In
	case ListFact:
		return op == Has || op == In
	}
	switch op {
	case Above, AtLeast, Below, AtMost, Equal, NotEqual:
		return true
	}
	return false
}

func (f *Fact) accepts(v Value) bool {
	switch f.Kind {
	case MoneyFact:
		return v.Money.Currency.Formed() && v == Value{Money: v.Money}
	case NumberFact, PercentFact:
		return v == Value{Number: v.Number} && (f.Kind == NumberFact || v.Number%10 == 0)
	case DateFact:
		return isDate(v.Text) && v == Value{Text: v.Text}
	}
	return isWord(v.Text) && v == Value{Text: v.Text}
}

func isWord(s string) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > mostWord {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// String is the canonical text: Parse(c.String()) gives c again.
func (c Condition) String() string {
	var b strings.Builder
	c.write(&b, 0)
	return b.String()
}

// How tightly an operator binds.
const (
	bindsOr = iota + 1
	bindsAnd
	bindsNot
)

func (c Condition) write(b *strings.Builder, outer int) {
	switch c.Op {
	case Always:
	case Or:
		c.join(b, " or ", bindsOr, outer)
	case And:
		c.join(b, " and ", bindsAnd, outer)
	case Not:
		b.WriteString("not ")
		c.Of[0].write(b, bindsNot)
	case Flag:
		b.WriteString(c.Fact)
	case In:
		b.WriteString(c.Fact + " in (")
		for i, v := range c.Is {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(v.text(factNamed(c.Fact)))
		}
		b.WriteByte(')')
	default:
		b.WriteString(c.Fact + " " + string(c.Op) + " " + c.Is[0].text(factNamed(c.Fact)))
	}
}

func (c Condition) join(b *strings.Builder, word string, binds, outer int) {
	if outer > binds {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	for i, part := range c.Of {
		if i > 0 {
			b.WriteString(word)
		}
		part.write(b, binds)
	}
}

func (v Value) text(f *Fact) string {
	switch {
	case f == nil:
		return quote(v.Text)
	case f.Kind == MoneyFact:
		return wholeAmount(v.Money) + " " + string(v.Money.Currency)
	case f.Kind == NumberFact:
		return v.Number.String()
	case f.Kind == PercentFact:
		return v.Number.String() + " %"
	case f.Kind == DateFact:
		return v.Text
	}
	return quote(v.Text)
}

// wholeAmount leaves the decimals out where they are nought: 15000, 15000.50.
func wholeAmount(m money.Money) string {
	whole, part, _ := strings.Cut(m.Amount(), ".")
	if strings.Trim(part, "0") == "" {
		return whole
	}
	return whole + "." + part
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// MarshalText writes the canonical text.
func (c Condition) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads a condition; the empty text is the condition that holds always.
func (c *Condition) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*c = Condition{}
		return nil
	}
	*c, err = Parse(string(b))
	return err
}
