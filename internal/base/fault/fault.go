// Package fault says, in one vocabulary, why something was not done.
//
// A fault is an error that a person or a program outside may read. It has a kind (what the caller can
// do about it), a stable code, and a sentence. Any other error is ours alone: it is logged, never shown.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Kind sorts faults by what the caller can do about them.
type Kind uint8

// The kinds. Only edge/web knows which HTTP status each becomes.
const (
	Internal        Kind = iota // our mistake: shown to nobody, logged for us
	Invalid                     // the input cannot be understood; see Fields
	Unauthenticated             // we do not know who is asking
	Forbidden                   // we know, and they may not
	NotFound                    // it is not there, or not theirs to see
	Conflict                    // it changed under the caller, or already exists
	Stale                       // the caller's copy is older than ours (If-Match)
	Unversioned                 // the caller does not say which copy they have
	TooLarge                    // more than we take in one go
	WrongType                   // a content type that we do not read
	Refused                     // well formed, but a business rule says no
	TooMany                     // too often; try later
	Unavailable                 // we cannot just now; try again
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "forbidden", "not_found", "conflict",
	"stale", "unversioned", "too_large", "wrong_type", "refused", "too_many", "unavailable"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Field says what is wrong with one value of the input.
type Field struct {
	Name   string // as the caller wrote it, dotted: "lines.3.quantity"
	Code   string // stable: "required"
	Format string // a sentence with the verbs of fmt, English; the key of its translations
	Args   []any
}

// Text is the field's sentence in English.
func (f Field) Text() string { return sentence(f.Format, f.Args) }

// Fault is an error that a person or a program outside may read.
type Fault struct {
	Kind    Kind
	Code    string // stable, dotted: "budget.exhausted"
	Format  string // one sentence for a person, English, with the verbs of fmt; the key of its translations
	Args    []any
	Fields  []Field  // what is wrong with which value of the input
	Reasons []*Fault // every reason of a refusal, none hidden behind another
	Detail  map[string]string
	cause   error
}

// defined are all faults that packages export, by their codes. It is filled while the program starts, and only read then.
var defined = map[string]*Fault{}

// Define makes the one value that a package exports for a fault.
func Define(k Kind, code, text string) *Fault {
	f := &Fault{Kind: k, Code: code, Format: text}
	defined[code] = f
	return f
}

// Defined are the codes of all faults that there are, sorted.
func Defined() []string { return slices.Sorted(maps.Keys(defined)) }

// Lookup is the fault of a code; nil for none.
func Lookup(code string) *Fault { return defined[code] }

// Text is the fault's sentence in English.
func (f *Fault) Text() string { return sentence(f.Format, f.Args) }

func (f *Fault) Error() string {
	s := f.Code + ": " + f.Text()
	for _, field := range f.Fields {
		s += "; " + field.Name + ": " + field.Text()
	}
	for _, r := range f.Reasons {
		s += "; " + r.Error()
	}
	if f.cause != nil {
		s += ": " + f.cause.Error()
	}
	return s
}

func (f *Fault) Unwrap() error { return f.cause }

// Is makes every fault of one code the same for errors.Is.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	if !ok {
		return false
	}
	if t.Code == f.Code {
		return true
	}
	for _, r := range f.Reasons {
		if r.Is(target) {
			return true
		}
	}
	return false
}

// With returns a copy of f whose sentence carries the figures of this one case.
func (f *Fault) With(format string, args ...any) *Fault {
	c := *f
	c.Format, c.Args = format, args
	return &c
}

// Noting returns a copy of f that carries a fact for programs: Noting("permission", "orders.view").
func (f *Fault) Noting(key, value string) *Fault {
	c := *f
	c.Detail = make(map[string]string, len(f.Detail)+1)
	for k, v := range f.Detail {
		c.Detail[k] = v
	}
	c.Detail[key] = value
	return &c
}

// Now returns a copy of f, whose kind is Stale, that says which version stands there now.
func (f *Fault) Now(version int64) *Fault {
	return f.Noting("version", strconv.FormatInt(version, 10))
}

// At returns a copy of f that says which field of the input it is about.
func (f *Fault) At(field string) *Fault {
	c := *f
	c.Fields = []Field{{field, f.Code, f.Format, f.Args}}
	return &c
}

// Because returns a copy of f that keeps the error behind it for the log.
func (f *Fault) Because(cause error) *Fault {
	c := *f
	c.cause = cause
	return &c
}

// Listing returns a copy of f that names every reason.
func (f *Fault) Listing(reasons ...*Fault) *Fault {
	c := *f
	c.Reasons = reasons
	return &c
}

// About reports whether f says something of the field of this name. The fault that is none says nothing.
func (f *Fault) About(field string) bool {
	return f != nil && slices.ContainsFunc(f.Fields, func(x Field) bool { return x.Name == field })
}

// ErrInput is the fault of every input that cannot be understood; its fields say why.
var ErrInput = Define(Invalid, "input.invalid", "some of what you entered needs another look")

// Input gathers what is wrong with the fields of one input. The zero value is ready.
type Input struct{ fields []Field }

// Add notes that the field of this name is wrong.
func (in *Input) Add(name, code, format string, args ...any) {
	in.fields = append(in.fields, Field{name, code, format, args})
}

// Has reports whether something was noted against the field of this name.
func (in *Input) Has(name string) bool {
	return slices.ContainsFunc(in.fields, func(f Field) bool { return f.Name == name })
}

// Take notes the fault in err against the field of this name. It reports whether there was one.
func (in *Input) Take(name string, err error) bool {
	if err == nil {
		return false
	}
	var f *Fault
	switch {
	case !errors.As(err, &f):
		in.Add(name, "invalid", "this value cannot be read")
	case len(f.Fields) > 0:
		for _, inner := range f.Fields {
			inner.Name = name + "." + inner.Name
			in.fields = append(in.fields, inner)
		}
	default:
		in.fields = append(in.fields, Field{name, f.Code, f.Format, f.Args})
	}
	return true
}

// Err is nil when nothing was wrong.
func (in *Input) Err() error {
	if len(in.fields) == 0 {
		return nil
	}
	c := *ErrInput
	c.Fields = in.fields
	return &c
}

// Both is what is wrong with an input that could not all be read, and whose rest was tried as well: the fields of either, in
// one fault. Of a field that could not be read, what the rules say of it counts for nothing; neither does a rest that fails
// for another reason, which may lie in what could not be read, unless it says which fields name what is not there.
func Both(unread, tried error) error {
	f, more := Of(unread), Of(tried)
	if f == nil || more == nil || f.Kind != Invalid || more.Kind != Invalid && (more.Kind != NotFound || len(more.Fields) == 0) {
		return unread
	}
	c := *ErrInput
	c.Fields = slices.Clone(f.Fields)
	for _, x := range more.Fields {
		if !slices.ContainsFunc(f.Fields, func(u Field) bool {
			return u.Name == x.Name || strings.HasPrefix(x.Name, u.Name+".") || strings.HasPrefix(u.Name, x.Name+".")
		}) {
			c.Fields = append(c.Fields, x)
		}
	}
	if len(c.Fields) == len(f.Fields) {
		return unread
	}
	return &c
}

// Of is the fault that an error is; nil for nil, and for any error that is none.
func Of(err error) *Fault {
	var f *Fault
	errors.As(err, &f)
	return f
}

// KindOf is Internal for any error that is no fault.
func KindOf(err error) Kind {
	if f := Of(err); f != nil {
		return f.Kind
	}
	return Internal
}

func sentence(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
