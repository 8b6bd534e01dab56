package orderlist

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/base/text"
)

// Bounds of lists.
const (
	MostLists          = 999  // of one member, and of templates in a company
	MostLines          = 1000 // of one list
	MostShares         = 100  // of one list
	LongestName        = 100  // characters
	LongestDescription = 500
	LongestNote        = 2000
)

// List is what somebody keeps to order again.
type List struct {
	ID          id.OrderList
	Company     id.Company
	Owner       id.Member // zero: a template, which is the company's
	Name        string    // unique among those of its owner, however it is written
	Description string
	Version     int64 // rises with every change; whoever changes a line names the one they saw
	ChangedAt   time.Time
	Lines       []Line
	Shares      []Share
}

// Line is a quantity of one product. A product has one line on a list.
type Line struct {
	ID       id.OrderListLine
	Product  id.Product
	SKU      string // as whoever put it on the list saw it
	Name     string
	Quantity quantity.Quantity
	Note     string
}

var (
	// ErrStale is the fault of changing what somebody else has changed meanwhile.
	ErrStale = fault.Define(fault.Stale, "order_list.stale", "the list has changed since you saw it: look at it again")
	// ErrFull is the fault of more lines than a list may have.
	ErrFull = fault.Define(fault.Refused, "order_list.full", "a list has at most 1000 lines")
	// ErrMany is the fault of more lists than somebody may have.
	ErrMany = fault.Define(fault.Refused, "order_list.many", "nobody has more than 999 lists: delete one first")
	// ErrNamed is the fault of two lists of one owner with one name.
	ErrNamed = fault.Define(fault.Conflict, "order_list.named", "there is a list of this name already")
	// ErrLine is the fault of a line that is not on the list.
	ErrLine = fault.Define(fault.NotFound, "order_list.line", "this line is not on the list")
	// ErrSame is the fault of taking lines from a list to itself.
	ErrSame = fault.Define(fault.Invalid, "order_list.same", "choose another list than the one that the lines are on")
	// ErrPosition is the fault of a place that a list does not have.
	ErrPosition = fault.Define(fault.Invalid, "order_list.position", "the list has no such place: the first one is 1")
)

// Template reports whether the list is the company's.
func (l List) Template() bool { return l.Owner.IsZero() }

// Key is what a name is, however it is written: two lists of one owner differ in it.
func Key(name string) string { return strings.ToLower(text.Fold(name)) }

// Seen is ErrStale unless the list is of the version that somebody saw.
func (l List) Seen(version int64) error {
	if l.Version != version {
		return ErrStale.Now(l.Version)
	}
	return nil
}

// Called gives the list a name and a description, or says of both what is wrong with them.
func (l List) Called(name, description string) (List, error) {
	var in fault.Input
	if l.Name = text.Line(&in, "name", name, LongestName); l.Name == "" && !in.Has("name") {
		in.Add("name", "missing", "a list has a name")
	}
	l.Description = text.Note(&in, "description", description, LongestDescription)
	l.Version++
	return l, in.Err()
}

// Add puts lines on the list: all of them, or none. A product that is there already gets the quantity and, when there is
// one, the note; its line keeps its identifier and its place. It is quantity.ErrRange when a quantity is or becomes too much.
func (l List) Add(lines ...Line) (List, error) {
	l = l.edit()
	at := make(map[id.Product]int, len(l.Lines)+len(lines))
	for i, old := range l.Lines {
		at[old.Product] = i
	}
	for _, n := range lines {
		if err := n.check(); err != nil {
			return List{}, err
		}
		i, there := at[n.Product]
		if !there {
			at[n.Product] = len(l.Lines)
			l.Lines = append(l.Lines, n)
			continue
		}
		old := &l.Lines[i]
		var err error
		if old.Quantity, err = old.Quantity.Add(n.Quantity); err != nil {
			return List{}, err
		}
		if n.Note != "" {
			old.Note = n.Note
		}
	}
	if len(l.Lines) > MostLines {
		return List{}, ErrFull.With("a list has at most %d lines, this one would have %d", MostLines, len(l.Lines))
	}
	return l, nil
}

// Change gives a line of the list, as it was seen in this version, another quantity and note.
func (l List) Change(version int64, line id.OrderListLine, q quantity.Quantity, note string) (List, error) {
	if err := l.Seen(version); err != nil {
		return List{}, err
	}
	l = l.edit()
	i := l.find(line)
	if i < 0 {
		return List{}, ErrLine
	}
	l.Lines[i].Quantity, l.Lines[i].Note = q, note
	if err := l.Lines[i].check(); err != nil {
		return List{}, err
	}
	return l, nil
}

// Remove takes lines off the list, as it was seen in this version: all of them, or none.
func (l List) Remove(version int64, lines ...id.OrderListLine) (List, error) {
	if err := l.Seen(version); err != nil {
		return List{}, err
	}
	if _, err := l.Among(lines); err != nil {
		return List{}, err
	}
	l = l.edit()
	gone := make(map[id.OrderListLine]bool, len(lines))
	for _, key := range lines {
		gone[key] = true
	}
	l.Lines = slices.DeleteFunc(l.Lines, func(x Line) bool { return gone[x.ID] })
	return l, nil
}

// Place gives a line of the list, as it was seen in this version, another place; the first is 1, and what is behind the last
// one is the last.
func (l List) Place(version int64, line id.OrderListLine, to int) (List, error) {
	if err := l.Seen(version); err != nil {
		return List{}, err
	}
	if to < 1 {
		return List{}, ErrPosition
	}
	l = l.edit()
	i := l.find(line)
	if i < 0 {
		return List{}, ErrLine
	}
	moved := l.Lines[i]
	l.Lines = slices.Delete(l.Lines, i, i+1)
	l.Lines = slices.Insert(l.Lines, min(to-1, len(l.Lines)), moved)
	return l, nil
}

// Among are the lines of these identifiers, in the order of the list; none means all.
func (l List) Among(lines []id.OrderListLine) ([]Line, error) {
	if len(lines) == 0 {
		return l.Lines, nil
	}
	wanted := make(map[id.OrderListLine]bool, len(lines))
	for _, key := range lines {
		wanted[key] = true
	}
	var all []Line
	for _, x := range l.Lines {
		if wanted[x.ID] {
			all = append(all, x)
		}
	}
	if len(all) != len(wanted) {
		return nil, ErrLine
	}
	return all, nil
}

// Pass gives the list to another owner, under a name that none of theirs has: its own, or that with whose it was. Who gets it
// needs no share of it any more.
func (l List) Pass(to id.Member, from string, taken func(key string) bool) List {
	l = l.edit()
	l.Owner = to
	l.Shares = slices.DeleteFunc(l.Shares, func(s Share) bool { return s.Member == to })
	l.Name = free(l.Name, from, taken)
	return l
}

// free is a name that is not taken: this one, or one that says whose it was, or with a number.
func free(name, from string, taken func(key string) bool) string {
	for n := 1; taken(Key(name)); n++ {
		suffix := " (" + from + ")"
		if n > 1 {
			suffix = " (" + from + " " + strconv.Itoa(n) + ")"
		}
		base := name
		if n > 1 {
			base, _, _ = strings.Cut(name, " ("+from)
		}
		name = cut(base, LongestName-utf8.RuneCountInString(suffix)) + suffix
	}
	return name
}

// cut is at most so many characters of a text.
func cut(s string, most int) string {
	r := []rune(s)
	return strings.TrimSpace(string(r[:min(len(r), max(most, 0))]))
}

// edit is a copy of the list, of the next version, that may be changed.
func (l List) edit() List {
	l.Lines, l.Shares = slices.Clone(l.Lines), slices.Clone(l.Shares)
	l.Version++
	return l
}

func (l List) find(line id.OrderListLine) int {
	return slices.IndexFunc(l.Lines, func(x Line) bool { return x.ID == line })
}

func (l Line) check() error {
	var in fault.Input
	text.Note(&in, "note", l.Note, LongestNote)
	in.Take("quantity", l.Quantity.Check())
	return in.Err()
}
