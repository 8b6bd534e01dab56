package portal

import (
	"encoding/csv"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/approval"
)

// testDraft is a condition as somebody puts it together: a group of tests that are joined, or one comparison. The whole
// of a condition is a group.
type testDraft struct {
	join         string // and, or, not: none of its parts holds; empty for a comparison
	of           []testDraft
	fact, op, is string
}

// The ways in which the parts of a group are joined.
const (
	allOf  = "and"
	anyOf  = "or"
	noneOf = "not"
)

// mostDeep is how deep groups lie in one another at most, so that no form is read for ever.
const mostDeep = approval.MostDepth

// fitting are the comparisons that fit each kind of fact, the usual one first. What begins with "not " is the opposite.
var fitting = map[approval.FactKind][]string{
	approval.MoneyFact:   {">", ">=", "<", "<=", "=", "!="},
	approval.NumberFact:  {">", ">=", "<", "<=", "=", "!="},
	approval.PercentFact: {">", ">=", "<", "<=", "=", "!="},
	approval.DateFact:    {">", ">=", "<", "<=", "=", "!="},
	approval.TextFact:    {"=", "!=", "in", "not in"},
	approval.ListFact:    {"has", "in", "not has", "not in"},
	approval.FlagFact:    {"flag", "not flag"},
}

// kindOf is the kind of a fact; empty for what is none.
func kindOf(fact string) approval.FactKind {
	for _, f := range approval.Vocabulary() {
		if f.Name == fact {
			return f.Kind
		}
	}
	return ""
}

// readTest reads the group or comparison whose fields begin so.
func readTest(form url.Values, at string, deep int) testDraft {
	if deep > mostDeep {
		return testDraft{}
	}
	t := testDraft{join: form.Get(at + ".join"), fact: form.Get(at + ".fact"), op: form.Get(at + ".op"), is: form.Get(at + ".is")}
	if kind := kindOf(t.fact); t.join == "" && kind != "" && !slices.Contains(fitting[kind], t.op) {
		t.op = fitting[kind][0] // what was asked of another fact before
	}
	for i := 0; i <= approval.MostNodes && (form.Has(at+"."+strconv.Itoa(i)+".fact") || form.Has(at+"."+strconv.Itoa(i)+".join")); i++ {
		t.of = append(t.of, readTest(form, at+"."+strconv.Itoa(i), deep+1))
	}
	if t.join == "" && (deep == 0 || len(t.of) > 0) {
		t.join = allOf
	}
	return t
}

// testOf is a condition as the form shows it: a group, with one comparison at least.
func testOf(c approval.Condition, l locale.Language) testDraft {
	t := partOf(c, l)
	switch {
	case c.IsAlways():
		return testDraft{join: allOf, of: []testDraft{{}}}
	case t.join == "":
		return testDraft{join: allOf, of: []testDraft{t}}
	}
	return t
}

func partOf(c approval.Condition, l locale.Language) testDraft {
	switch c.Op {
	case approval.And, approval.Or:
		return testDraft{join: string(c.Op), of: partsOf(c.Of, l)}
	case approval.Not:
		of := c.Of[0]
		if one := partOf(of, l); of.Op == approval.Has || of.Op == approval.In || of.Op == approval.Flag {
			one.op = "not " + one.op
			return one
		}
		if of.Op == approval.Or {
			return testDraft{join: noneOf, of: partsOf(of.Of, l)}
		}
		return testDraft{join: noneOf, of: partsOf(c.Of, l)}
	}
	return testDraft{fact: c.Fact, op: string(c.Op), is: written(c, l)}
}

func partsOf(all []approval.Condition, l locale.Language) (of []testDraft) {
	for _, c := range all {
		of = append(of, partOf(c, l))
	}
	return of
}

// written is what a comparison compares with, as it is typed.
func written(c approval.Condition, l locale.Language) string {
	var all []string
	for _, v := range c.Is {
		switch kindOf(c.Fact) {
		case approval.MoneyFact:
			return l.Amount(v.Money) + " " + string(v.Money.Currency)
		case approval.NumberFact, approval.PercentFact:
			return l.Quantity(v.Number)
		case approval.DateFact:
			return v.Text
		}
		all = append(all, v.Text)
	}
	if len(all) == 1 && all[0] != "" && all[0] == strings.TrimSpace(all[0]) && !strings.HasPrefix(all[0], `"`) && c.Op != approval.In {
		return all[0]
	}
	for i, text := range all {
		if text == "" || text != strings.TrimSpace(text) || strings.ContainsAny(text, `,"`) {
			all[i] = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
		}
	}
	return strings.Join(all, ", ")
}

// texts reads what is typed of texts: several with commas between, in quotes where one holds a comma itself; where only one
// is asked for, it needs none.
func texts(typed string, several bool) ([]string, error) {
	if !several && !strings.HasPrefix(typed, `"`) {
		return []string{typed}, nil
	}
	r := csv.NewReader(strings.NewReader(typed))
	r.TrimLeadingSpace = true
	all, err := r.Read()
	for i := range all {
		if several && !strings.Contains(typed, `"`) {
			all[i] = strings.TrimSpace(all[i])
		}
	}
	return all, err
}

// condition is the condition that a group says; what is wrong stands beside its comparison. A group of nothing says nothing.
func (t testDraft) condition(in *fault.Input, at string, l locale.Language, c money.Currency) approval.Condition {
	said := t.said(in, at, l, c)
	if in.Err() != nil || said.IsAlways() {
		return said
	}
	same, err := approval.Parse(said.String()) // one tree has one text: groups of one kind in one another are one
	in.Take(at, err)
	return same
}

func (t testDraft) said(in *fault.Input, at string, l locale.Language, c money.Currency) approval.Condition {
	if t.join == "" {
		return t.comparison(in, at, l, c)
	}
	var of []approval.Condition
	for i, part := range t.of {
		if one := part.said(in, at+"."+strconv.Itoa(i), l, c); !one.IsAlways() {
			of = append(of, one)
		}
	}
	op := approval.And
	if t.join == anyOf || t.join == noneOf {
		op = approval.Or
	}
	var said approval.Condition
	switch len(of) {
	case 0:
		return said
	case 1:
		said = of[0]
	default:
		said = approval.Condition{Op: op, Of: of}
	}
	if t.join == noneOf {
		said = approval.Condition{Op: approval.Not, Of: []approval.Condition{said}}
	}
	return said
}

func (t testDraft) comparison(in *fault.Input, at string, l locale.Language, c money.Currency) (said approval.Condition) {
	if t.fact == "" {
		return said
	}
	op, negated := strings.CutPrefix(t.op, "not ")
	said = approval.Condition{Op: approval.Op(op), Fact: t.fact}
	if kind := kindOf(t.fact); kind != approval.FlagFact {
		var ok bool
		if said.Is, ok = compared(kind, said.Op, t.is, l, c); !ok {
			in.Take(at, errValue[kind])
			return approval.Condition{}
		}
	}
	if in.Take(at, said.Check()) {
		return approval.Condition{}
	}
	if negated {
		said = approval.Condition{Op: approval.Not, Of: []approval.Condition{said}}
	}
	return said
}

// errValue is what is wrong with what a fact of each kind is compared with.
var errValue = map[approval.FactKind]error{
	approval.MoneyFact:   fault.ErrInput.With("compare it with an amount, like 15000 or 15000 USD"),
	approval.NumberFact:  fault.ErrInput.With("compare it with a number of at most three decimals"),
	approval.PercentFact: fault.ErrInput.With("compare it with a percentage of at most two decimals"),
	approval.DateFact:    fault.ErrInput.With("compare it with a date"),
	approval.TextFact:    fault.ErrInput.With("say what it is compared with"),
	approval.ListFact:    fault.ErrInput.With("say what it is compared with"),
}

// compared reads what a fact of some kind is compared with.
func compared(kind approval.FactKind, op approval.Op, typed string, l locale.Language, c money.Currency) (is []approval.Value, ok bool) {
	typed = strings.TrimSpace(typed)
	figure := l.Plain(typed)
	fact := map[approval.FactKind]string{approval.NumberFact: "skus", approval.PercentFact: "price_increase", approval.DateFact: "requested_date"}[kind]
	switch kind {
	case approval.MoneyFact:
		m, err := amountRead(typed, l, c)
		return []approval.Value{{Money: m}}, err == nil
	case approval.PercentFact:
		figure += " %"
	case approval.TextFact, approval.ListFact:
		all, err := texts(typed, op == approval.In)
		for _, text := range all {
			is = append(is, approval.Value{Text: text})
		}
		return is, err == nil && typed != ""
	}
	// figures and dates are read as they are in a text
	one, err := approval.Parse(fact + " > " + figure)
	if err != nil || len(one.Is) != 1 {
		return nil, false
	}
	return one.Is, true
}

// do adds to a condition, or takes out of it, what its buttons say: "if-add" a comparison, "if-group" a group, "if-drop".
func (t *testDraft) do(verb string, path []int) {
	if verb == "if-drop" && len(path) == 1 {
		t.of = moved(t.of, "drop", path[0], 0)
		return
	}
	if len(path) > 0 {
		if path[0] < len(t.of) {
			t.of = slices.Clone(t.of)
			t.of[path[0]].do(verb, path[1:])
		}
		return
	}
	switch verb {
	case "if-add":
		t.of = append(t.of, testDraft{})
	case "if-group":
		join := anyOf
		if t.join == anyOf {
			join = allOf
		}
		t.of = append(t.of, testDraft{join: join, of: []testDraft{{}, {}}})
	}
}

// toText makes the text of a condition of what was put together in the form; toForm the other way round. What has a mistake
// in it stays as it is.
func (s *stepDraft) toText(at string, l locale.Language, c money.Currency) error {
	var in fault.Input
	said := s.test.condition(&in, at, l, c)
	if err := in.Err(); err != nil {
		return err
	}
	s.asText, s.when = true, said.String()
	return nil
}

// said is the text of what was put together in the form; empty where that has a mistake in it, or holds always.
func (s *stepDraft) said(l locale.Language, c money.Currency) string {
	var in fault.Input
	said := s.test.condition(&in, "", l, c)
	if in.Err() != nil {
		return ""
	}
	return said.String()
}

func (s *stepDraft) toForm(l locale.Language) error {
	var said approval.Condition
	if s.when != "" {
		var err error
		if said, err = approval.Parse(s.when); err != nil {
			return err
		}
	}
	s.asText, s.test = false, testOf(said, l)
	return nil
}
