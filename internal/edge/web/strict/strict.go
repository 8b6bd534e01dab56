// Package strict reads JSON so that nobody can read it differently.
//
// Two parsers that disagree about one body are a hole: what a proxy or a check saw is not what is carried
// out. Check accepts only texts in which there is nothing to disagree about, and says of any other what is
// wrong with it and where. It stands in front of every decoder of the platform.
package strict

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/fault"
)

// Depth is how deep arrays and objects may lie in one another.
const Depth = 32

// digits is how many significant digits a fraction may have so that a float64 keeps them all.
const digits = 15

// The faults of a text that is no JSON, or JSON that can be read in two ways.
var (
	ErrEmpty     = fault.Define(fault.Invalid, "json.empty", "a JSON text is expected and there is none")
	ErrSyntax    = fault.Define(fault.Invalid, "json.syntax", "this is no JSON text")
	ErrTrailing  = fault.Define(fault.Invalid, "json.trailing", "something follows the end of the JSON text")
	ErrEncoding  = fault.Define(fault.Invalid, "json.encoding", "JSON is UTF-8 without a byte order mark, without zero characters and without halves of characters")
	ErrDeep      = fault.Define(fault.Invalid, "json.deep", "the JSON text is nested too deeply")
	ErrNumber    = fault.Define(fault.Invalid, "json.number", "a number is a whole number of 64 bits or a short decimal fraction, without an exponent")
	ErrDuplicate = fault.Define(fault.Invalid, "json.duplicate", "a name stands in an object once, and no second one differs from it by upper and lower case alone")
)

// Check is nil when text is one JSON value that every correct parser reads alike: valid UTF-8 without byte
// order mark, NUL and lone surrogates; no name twice in an object, not even in another case; no deeper than
// Depth; every number an int64 or a fraction that a float64 holds; nothing behind it. Otherwise it is one of
// the package's faults, whose field says where.
func Check(text []byte) error {
	r := reader{text: text}
	if r.space(); r.at == len(text) {
		return ErrEmpty
	}
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		return ErrEncoding
	}
	if err := r.value(0); err != nil {
		return r.placed(err)
	}
	if r.space(); r.at < len(text) {
		return ErrTrailing
	}
	return nil
}

// reader walks once over the text.
type reader struct {
	text []byte
	at   int
	path []step   // where we are, for the fault
	open [][]byte // the names so far of the objects that we are in, the innermost last
}

// step is one name or, where name is nil, one index on the way to a value.
type step struct {
	name  []byte
	index int
}

// placed adds to the fault where it arose: a field when the way leads to one, the byte otherwise.
func (r *reader) placed(err *fault.Fault) error {
	if len(r.path) == 0 || err == ErrSyntax {
		return err.Noting("offset", strconv.Itoa(r.at))
	}
	var name strings.Builder
	for i, s := range r.path {
		if i > 0 {
			name.WriteByte('.')
		}
		if s.name == nil {
			name.WriteString(strconv.Itoa(s.index))
		} else {
			name.Write(s.name)
		}
	}
	c := *err
	c.Fields = []fault.Field{{Name: strings.ToValidUTF8(name.String(), "\ufffd"), Code: err.Code, Format: err.Format}}
	return &c
}

func (r *reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

// take steps over c if it comes next.
func (r *reader) take(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

// value reads one value; depth is how many arrays and objects it lies in.
func (r *reader) value(depth int) *fault.Fault {
	if r.at == len(r.text) {
		return ErrSyntax
	}
	switch c := r.text[r.at]; {
	case c == '{' || c == '[':
		if depth == Depth {
			return ErrDeep
		}
		r.at++
		if c == '{' {
			return r.object(depth + 1)
		}
		return r.array(depth + 1)
	case c == '"':
		r.at++
		_, err := r.string()
		return err
	case c == '-' || '0' <= c && c <= '9':
		return r.number()
	case c == 't':
		return r.word("true")
	case c == 'f':
		return r.word("false")
	case c == 'n':
		return r.word("null")
	}
	return ErrSyntax
}

func (r *reader) word(w string) *fault.Fault {
	if !bytes.HasPrefix(r.text[r.at:], []byte(w)) {
		return ErrSyntax
	}
	r.at += len(w)
	return nil
}

func (r *reader) array(depth int) *fault.Fault {
	if r.space(); r.take(']') {
		return nil
	}
	for i := 0; ; i++ {
		r.path = append(r.path, step{index: i})
		r.space()
		if err := r.value(depth); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
		if r.space(); r.take(']') {
			return nil
		}
		if !r.take(',') {
			return ErrSyntax
		}
	}
}

func (r *reader) object(depth int) *fault.Fault {
	if r.space(); r.take('}') {
		return nil
	}
	seen := names{of: r, from: len(r.open)}
	for {
		if r.space(); !r.take('"') {
			return ErrSyntax
		}
		name, err := r.string()
		if err != nil {
			return err
		}
		r.path = append(r.path, step{name: name})
		if !seen.add(name) {
			return ErrDuplicate
		}
		if r.space(); !r.take(':') {
			return ErrSyntax
		}
		r.space()
		if err := r.value(depth); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
		if r.space(); r.take('}') {
			r.open = r.open[:seen.from]
			return nil
		}
		if !r.take(',') {
			return ErrSyntax
		}
	}
}

// string reads up to and over the closing quote. What it returns is never nil.
func (r *reader) string() ([]byte, *fault.Fault) {
	start := r.at
	var decoded []byte // nil as long as the text itself will do
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			if decoded == nil {
				return r.text[start : r.at-1], nil
			}
			return decoded, nil
		case c == '\\':
			if decoded == nil {
				decoded = append(make([]byte, 0, r.at-start+16), r.text[start:r.at]...)
			}
			char, err := r.escape()
			if err != nil {
				return nil, err
			}
			decoded = utf8.AppendRune(decoded, char)
		case c == 0:
			return nil, ErrEncoding
		case c < ' ':
			return nil, ErrSyntax
		default:
			n := 1
			if c >= utf8.RuneSelf {
				var char rune
				if char, n = utf8.DecodeRune(r.text[r.at:]); char == utf8.RuneError && n == 1 {
					return nil, ErrEncoding
				}
			}
			if decoded != nil {
				decoded = append(decoded, r.text[r.at:r.at+n]...)
			}
			r.at += n
		}
	}
	return nil, ErrSyntax
}

// escape reads one escape sequence, or the two of a pair of surrogates.
func (r *reader) escape() (rune, *fault.Fault) {
	r.at++ // the backslash
	if r.at == len(r.text) {
		return 0, ErrSyntax
	}
	c := r.text[r.at]
	r.at++
	if c != 'u' {
		if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
			return rune("\"\\/\b\f\n\r\t"[i]), nil
		}
		return 0, ErrSyntax
	}
	char, ok := r.hex()
	switch {
	case !ok:
		return 0, ErrSyntax
	case char == 0 || 0xdc00 <= char && char < 0xe000:
		return 0, ErrEncoding
	case char < 0xd800 || char >= 0xe000:
		return char, nil
	}
	if !r.take('\\') || !r.take('u') {
		return 0, ErrEncoding
	}
	low, ok := r.hex()
	if !ok || low < 0xdc00 || low >= 0xe000 {
		return 0, ErrEncoding
	}
	return 0x10000 + (char-0xd800)<<10 + (low - 0xdc00), nil
}

func (r *reader) hex() (rune, bool) {
	if r.at+4 > len(r.text) {
		return 0, false
	}
	v, err := strconv.ParseUint(string(r.text[r.at:r.at+4]), 16, 16)
	if err != nil {
		return 0, false
	}
	r.at += 4
	return rune(v), true
}

// number reads a whole number or a fraction.
func (r *reader) number() *fault.Fault {
	start := r.at
	r.take('-')
	whole := r.digits()
	if len(whole) == 0 || len(whole) > 1 && whole[0] == '0' {
		return ErrSyntax
	}
	var fraction []byte
	if r.take('.') {
		if fraction = r.digits(); len(fraction) == 0 {
			return ErrSyntax
		}
	}
	switch {
	case r.at < len(r.text) && r.text[r.at]|0x20 == 'e':
		return ErrNumber
	case fraction == nil:
		if _, err := strconv.ParseInt(string(r.text[start:r.at]), 10, 64); err != nil {
			return ErrNumber
		}
	case len(whole) > digits || len(fraction) > digits || significant(whole, fraction) > digits:
		return ErrNumber
	}
	return nil
}

func (r *reader) digits() []byte {
	start := r.at
	for r.at < len(r.text) && '0' <= r.text[r.at] && r.text[r.at] <= '9' {
		r.at++
	}
	return r.text[start:r.at]
}

// significant counts the digits from the first that is not zero.
func significant(whole, fraction []byte) int {
	if whole = bytes.TrimLeft(whole, "0"); len(whole) == 0 {
		return len(bytes.TrimLeft(fraction, "0"))
	}
	return len(whole) + len(fraction)
}

// names is the set of names of one object: of.open[from:]. A handful is compared one by one; more go to a map.
type names struct {
	of   *reader
	from int
	many map[string]bool // by folded name
}

const handful = 12

// add reports whether the name is new, upper and lower case being the same.
func (n *names) add(name []byte) bool {
	few := n.of.open[n.from:]
	if len(few) < handful {
		for _, other := range few {
			if bytes.EqualFold(other, name) {
				return false
			}
		}
		n.of.open = append(n.of.open, name)
		return true
	}
	if n.many == nil {
		n.many = make(map[string]bool, 2*handful)
		for _, other := range few {
			n.many[fold(other)] = true
		}
	}
	key := fold(name)
	if n.many[key] {
		return false
	}
	n.many[key] = true
	return true
}

// fold maps every character to the least one that differs from it by case alone, as EqualFold compares.
func fold(name []byte) string {
	return strings.Map(func(c rune) rune {
		for {
			next := unicode.SimpleFold(c)
			if next <= c {
				return next
			}
			c = next
		}
	}, string(name))
}
