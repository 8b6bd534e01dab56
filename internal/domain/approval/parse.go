package approval

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"kontor/internal/base/date"
	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// Parse reads a condition like
//
//	total_net > 15000 EUR or skus > 100 and not categories has "Bikes"
//
// "not" binds tighter than "and", "and" tighter than "or". What cannot be read is ErrCondition, with the position and
// what would have fitted there.
func Parse(text string) (Condition, error) {
	if len(text) > MostText {
		return Condition{}, ErrCondition.With("the condition is longer than %d characters: split it over several rules", MostText)
	}
	p := parser{text: text}
	p.next()
	c := p.or()
	if p.token.kind != atEnd {
		p.say("at character %d: expected \"and\", \"or\" or the end")
	}
	if p.err != nil {
		return Condition{}, p.err
	}
	return c, nil
}

type parser struct {
	text  string
	at    int // where the token behind the current one begins
	token token
	depth int
	nodes int
	err   error // the first; once set, the parser sees the end of the text only
}

type token struct {
	kind tokenKind
	from int
	text string // as written; of a quoted text, what it says
}

type tokenKind uint8

const (
	atEnd tokenKind = iota
	word
	number
	quoted
	sign // an operator, a parenthesis, a comma, a percent sign
)

// say notes what is wrong with the current token, unless something was wrong before. The first verb of the sentence is
// the character where it begins.
func (p *parser) say(sentence string, args ...any) {
	if p.err == nil {
		position := utf8.RuneCountInString(p.text[:p.token.from]) + 1
		p.err = ErrCondition.With(sentence, append([]any{position}, args...)...).Noting("position", strconv.Itoa(position))
	}
	p.at, p.token = len(p.text), token{from: len(p.text)}
}

func (p *parser) or() Condition  { return p.joined(Or, p.and) }
func (p *parser) and() Condition { return p.joined(And, p.not) }

// joined reads parts joined by op; a part of the same op becomes several, so that one tree has one text.
func (p *parser) joined(op Op, part func() Condition) Condition {
	first := part()
	if !p.isWord(string(op)) {
		return first
	}
	var all []Condition
	add := func(c Condition) {
		if c.Op == op {
			all = append(all, c.Of...)
		} else {
			all = append(all, c)
		}
	}
	add(first)
	for p.isWord(string(op)) {
		p.next()
		add(part())
	}
	p.count()
	return Condition{Op: op, Of: all}
}

func (p *parser) not() Condition {
	if p.depth++; p.depth > mostNested {
		p.say("at character %d: the condition is nested too deeply, split it over several rules")
	}
	defer func() { p.depth-- }()
	switch {
	case p.isWord("not"):
		p.next()
		p.count()
		return Condition{Op: Not, Of: []Condition{p.not()}}
	case p.isSign("("):
		p.next()
		c := p.or()
		p.expect(")")
		return c
	}
	return p.comparison()
}

func (p *parser) count() {
	if p.nodes++; p.nodes > MostNodes {
		p.say("at character %d: the condition has more than %d parts, split it over several rules", MostNodes)
	}
}

func (p *parser) comparison() Condition {
	p.count()
	name := p.token
	if name.kind != word {
		p.say("at character %d: expected a fact like total_net")
		return Condition{}
	}
	fact := factNamed(strings.ToLower(name.text))
	if fact == nil {
		if near := nearest(name.text); near != "" {
			p.say("at character %d: there is no fact %q; did you mean %s?", name.text, near)
		} else {
			p.say("at character %d: there is no fact %q", name.text)
		}
		return Condition{}
	}
	p.next()
	if fact.Kind == FlagFact {
		return p.flag(fact)
	}
	op, negated := p.operator(fact)
	c := Condition{Op: op, Fact: fact.Name}
	if op == In {
		c.Is = p.values(fact)
	} else if p.err == nil {
		c.Is = []Value{p.value(fact)}
	}
	if negated {
		p.count()
		return Condition{Op: Not, Of: []Condition{c}}
	}
	return c
}

// flag reads what may stand behind a fact that is true or not: nothing, = true, = false.
func (p *parser) flag(fact *Fact) Condition {
	c := Condition{Op: Flag, Fact: fact.Name}
	negated := p.isSign("!=")
	if !negated && !p.isSign("=") {
		return c
	}
	p.next()
	switch {
	case p.isWord("false"):
		negated = !negated
	case !p.isWord("true"):
		p.say("at character %d: %s is true or false", fact.Name)
		return c
	}
	p.next()
	if negated {
		p.count()
		return Condition{Op: Not, Of: []Condition{c}}
	}
	return c
}

// operator reads the operator behind a fact. "not in", and = and != on a list, are other words for in and has.
func (p *parser) operator(fact *Fact) (op Op, negated bool) {
	first := p.token
	if p.isWord("not") {
		p.next()
		negated = true
	}
	op = Op(strings.ToLower(p.token.text))
	if p.token.kind != word && p.token.kind != sign || negated && op != In && op != Has {
		op = ""
	}
	if fact.Kind == ListFact && op == Equal {
		op = Has
	}
	if fact.Kind == ListFact && op == NotEqual {
		op, negated = Has, true
	}
	if !fact.takes(op) {
		p.token = first
		p.say("at character %d: behind %s stands one of %s", fact.Name, fact.Kind.operators())
		return "", false
	}
	p.next()
	return op, negated
}

func (k FactKind) operators() string {
	switch k {
	case TextFact:
		return "= != in"
	case ListFact:
		return "has in"
	}
	return "> >= < <= = !="
}

func (p *parser) values(fact *Fact) []Value {
	var all []Value
	p.expect("(")
	for p.err == nil {
		all = append(all, p.value(fact))
		if len(all) > MostNodes {
			p.say("at character %d: the list has more than %d values", MostNodes)
		}
		if !p.isSign(",") {
			break
		}
		p.next()
	}
	p.expect(")")
	return all
}

func (p *parser) value(fact *Fact) Value {
	t := p.token
	wanted := number
	if fact.Kind == TextFact || fact.Kind == ListFact {
		wanted = quoted
	}
	if t.kind != wanted {
		p.wants(fact)
		return Value{}
	}
	p.next()
	switch fact.Kind {
	case MoneyFact:
		return p.amount(fact, t)
	case NumberFact, PercentFact:
		n, ok := parseNumber(t.text)
		if !ok || fact.Kind == PercentFact && n%10 != 0 {
			p.token = t
			p.say("at character %d: a number has at most one dot, and three decimals, or two before a percent sign")
		}
		if fact.Kind == PercentFact && p.isSign("%") {
			p.next()
		}
		return Value{Number: n}
	case DateFact:
		if !isDate(t.text) {
			p.token = t
			p.wants(fact)
		}
	}
	return Value{Text: t.text}
}

// wants says what this fact is compared with.
func (p *parser) wants(fact *Fact) {
	switch fact.Kind {
	case MoneyFact:
		p.say("at character %d: %s is compared with an amount and its currency, like 15000 EUR", fact.Name)
	case NumberFact:
		p.say("at character %d: %s is compared with a number, like 100 or 0.8", fact.Name)
	case PercentFact:
		p.say("at character %d: %s is compared with a percentage, like 5 %%", fact.Name)
	case DateFact:
		p.say("at character %d: %s is compared with a date, like 2026-03-31", fact.Name)
	default:
		p.say("at character %d: %s is compared with a text in quotes, like \"Bikes\"", fact.Name)
	}
}

func (p *parser) amount(fact *Fact, t token) Value {
	if p.token.kind != word {
		p.say("at character %d: %s is money: write the currency behind the amount, like 15000 EUR", fact.Name)
		return Value{}
	}
	currency := money.Currency(p.token.text)
	if !currency.Formed() {
		p.say("at character %d: a currency is three capital letters, like EUR")
		return Value{}
	}
	p.next()
	m, err := money.Parse(t.text, currency)
	if err != nil {
		p.token = t
		p.say("at character %d: an amount in %s is a number like 1234 with at most %d decimals", string(currency), currency.Digits())
	}
	return Value{Money: m}
}

func (p *parser) isWord(s string) bool {
	return p.token.kind == word && strings.EqualFold(p.token.text, s)
}

func (p *parser) isSign(s string) bool { return p.token.kind == sign && p.token.text == s }

func (p *parser) expect(s string) {
	if !p.isSign(s) {
		p.say("at character %d: expected %q", s)
		return
	}
	p.next()
}

// next reads one token.
func (p *parser) next() {
	for p.at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[p.at]) >= 0 {
		p.at++
	}
	from, rest := p.at, p.text[p.at:]
	p.token = token{from: from}
	if rest == "" {
		return
	}
	switch c := rest[0]; {
	case c == '"':
		p.quotedText(rest[1:])
		return
	case isLetter(c):
		p.take(word, span(rest, func(c byte) bool { return isLetter(c) || isDigit(c) || c == '.' }))
	case isDigit(c) || c == '-':
		p.take(number, 1+span(rest[1:], func(c byte) bool { return isDigit(c) || c == '.' || c == '-' }))
	case strings.HasPrefix(rest, ">=") || strings.HasPrefix(rest, "<=") || strings.HasPrefix(rest, "!="):
		p.take(sign, 2)
	case strings.IndexByte("<>=(),%", c) >= 0:
		p.take(sign, 1)
	default:
		p.say("at character %d: this has no meaning here; texts stand in quotes, like \"Bikes\"")
	}
}

func (p *parser) take(kind tokenKind, n int) {
	p.token.kind, p.token.text = kind, p.text[p.at:p.at+n]
	p.at += n
}

// quotedText reads the rest of a text behind its first quote; a backslash stands before a quote or another backslash.
func (p *parser) quotedText(rest string) {
	var b strings.Builder
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			if !isWord(b.String()) {
				p.say("at character %d: a text has at most %d characters, none of them invisible", mostWord)
				return
			}
			p.token.kind, p.token.text = quoted, b.String()
			p.at += i + 2
			return
		case c == '\\' && i+1 < len(rest) && (rest[i+1] == '"' || rest[i+1] == '\\'):
			i++
			b.WriteByte(rest[i])
		case c == '\\':
			p.say("at character %d: in this text, a backslash stands before a quote or another backslash")
			return
		default:
			b.WriteByte(c)
		}
	}
	p.say("at character %d: this text has no closing quote")
}

func span(s string, in func(byte) bool) int {
	for i := range len(s) {
		if !in(s[i]) {
			return i
		}
	}
	return len(s)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

func isDate(s string) bool {
	_, err := date.Parse(s)
	return err == nil
}

// parseNumber reads thousandths; twelve digits before the dot are enough for anything that is counted.
func parseNumber(s string) (quantity.Quantity, bool) {
	body, negative := strings.CutPrefix(s, "-")
	whole, part, dotted := strings.Cut(body, ".")
	if whole == "" || len(whole) > 12 || len(part) > 3 || dotted && part == "" || span(whole+part, isDigit) < len(whole+part) {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(part + "000")[:3], 10, 64)
	if negative {
		n = -n
	}
	return quantity.Quantity(n), err == nil
}

// nearest is the fact that is likely meant by this name: the one that takes the fewest changes, of two letters at most and of
// less than half of the name, or else the first that begins so; "" where none is near.
func nearest(name string) string {
	name = strings.ToLower(name)
	best, fewest := "", min(3, (len(name)+1)/2)
	for _, f := range vocabulary {
		if d := changes(name, f.Name); d < fewest {
			best, fewest = f.Name, d
		}
	}
	for _, f := range vocabulary {
		if best == "" && len(name) > 2 && strings.HasPrefix(f.Name, name) {
			best = f.Name
		}
	}
	return best
}

// changes counts the letters to insert, delete or replace between a and b (Levenshtein).
func changes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0]++
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
