package viewdb

import (
	"slices"
	"strings"
	"time"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
)

// Sorting is the orders in which the rows of a list can be.
type Sorting[R any] struct {
	usual page.Sort // the one that is meant when none is asked for
	by    map[string]rank[R]
}

// rank is by what rows are sorted, the key of a row last, so that no two rows are alike. No value of it is ever null.
type rank[R any] struct {
	values []value[R]
	back   bool // what is first by its values is last by its name: who waits longest was asked first
	amount bool // it tells what is dearer than what
}

// value is something of a row that it is sorted by: where it stands in the tables, and how a cursor has it.
type value[R any] struct {
	column string
	of     func(R) string
	read   func(string) (any, error)
}

// by is the order by these values.
func by[R any](values ...value[R]) rank[R] { return rank[R]{values: values} }

// byAmount is the order by what rows come to, in one currency after the other.
func byAmount[R any](currency, minor string, of func(R) money.Money, key value[R]) rank[R] {
	r := by(aText(currency, func(r R) string { return string(of(r).Currency) }), aNumber(minor, func(r R) int64 { return of(r).Minor }), key)
	r.amount = true
	return r
}

// aText is a value that is a text.
func aText[R any](column string, of func(R) string) value[R] {
	return value[R]{column, of, func(said string) (any, error) { return said, nil }}
}

// aMoment is a value that is a moment.
func aMoment[R any](column string, of func(R) time.Time) value[R] {
	return value[R]{column, func(r R) string { return page.Moment(of(r)) }, func(said string) (any, error) { return time.Parse(time.RFC3339Nano, said) }}
}

// aNumber is a value that is a whole number.
func aNumber[R any](column string, of func(R) int64) value[R] {
	return value[R]{column, func(r R) string { return page.Number(of(r)) }, func(said string) (any, error) { return page.ParseNumber(said) }}
}

// aKey is a value that is an identifier.
func aKey[R any, K interface{ String() string }](column string, of func(R) K, parse func(string) (K, error)) value[R] {
	return value[R]{column, func(r R) string { return of(r).String() }, func(said string) (any, error) { return parse(said) }}
}

// Place is where in a list one looks: in which order, behind which row, and at how many rows.
type Place[R any] struct {
	ask   page.Ask
	sort  page.Sort
	of    rank[R]
	down  bool
	after []any
	most  int
}

// At is the place that is asked for. It is ErrSort for an order that the list does not know, and ErrOrder for a cursor of
// another one than is asked for.
func (s Sorting[R]) At(ask page.Ask) (Place[R], error) {
	sort := ask.Sort
	if sort.By == "" {
		sort = s.usual
	}
	of, ok := s.by[sort.By]
	if !ok {
		return Place[R]{}, page.ErrSort.At("sort")
	}
	after, err := s.after(sort, ask)
	return Place[R]{ask, sort, of, sort.Down != of.back, after, ask.Size() + 1}, err
}

// ByAmount reports whether the rows are asked for in the order of what they come to: which tells that, amount by amount.
func (p Place[R]) ByAmount() bool { return p.of.amount }

// First are so many rows at the beginning of the usual order.
func (s Sorting[R]) First(most int) Place[R] {
	of := s.by[s.usual.By]
	return Place[R]{of: of, down: s.usual.Down != of.back, most: most}
}

// List makes a page of the rows that were found there.
func (p Place[R]) List(rows []R) page.List[R] {
	return page.Cut(rows, p.ask, func(r R) []string {
		values := []string{p.sort.String()} // a row has another place in every order
		for _, v := range p.of.values {
			values = append(values, v.of(r))
		}
		return values
	})
}

// after reads the values of a cursor in this order; nil for the first page.
func (s Sorting[R]) after(sort page.Sort, ask page.Ask) (values []any, err error) {
	if ask.After == nil {
		return nil, nil
	}
	of, said := s.by[sort.By], ask.After[0]
	if _, ok := s.by[strings.TrimPrefix(said, "-")]; ok && said != sort.String() {
		return nil, page.ErrOrder.At("cursor")
	}
	if said != sort.String() || len(ask.After) != len(of.values)+1 {
		return nil, page.ErrCursor.At("cursor")
	}
	for i, v := range of.values {
		value, err := v.read(ask.After[i+1])
		if err != nil {
			return nil, page.ErrCursor.At("cursor").Because(err)
		}
		values = append(values, value)
	}
	return values, nil
}

// sorted ends a question about a list: what it was narrowed to so far, and behind which row it begins; its order, and how much
// of it is wanted.
func sorted[R any](w *where, p Place[R]) (text string, args []any) {
	columns, way, sign := make([]string, len(p.of.values)), "", ">"
	if p.down {
		way, sign = " desc", "<"
	}
	for i, v := range p.of.values {
		columns[i] = v.column
	}
	if p.after != nil {
		w.and("("+strings.Join(columns, ", ")+") "+sign+" ("+strings.Join(slices.Repeat([]string{"?"}, len(columns)), ", ")+")", p.after...)
	}
	return w.String() + "\n order by " + strings.Join(columns, way+", ") + way + " limit ?", append(slices.Clip(w.args), p.most)
}
