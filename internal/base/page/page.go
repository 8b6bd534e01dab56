// Package page bounds a list: how many rows, and behind which row they begin.
package page

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"kontor/internal/base/fault"
)

// Most and Usual are how many rows a page may have, and has when nobody says.
const (
	Most  = 200
	Usual = 50
)

// Ask is which part of a list is wanted. The zero Ask is the first page of the usual size.
type Ask struct {
	After []string // the sort values of the last row seen, its id last, and before them its order where there are several; nil for the first page
	Limit int
	Sort  Sort // of lists that can be sorted
}

// Size is the number of rows wanted, within bounds.
func (a Ask) Size() int {
	switch {
	case a.Limit <= 0:
		return Usual
	case a.Limit > Most:
		return Most
	}
	return a.Limit
}

// ErrCursor is the fault of a cursor that we did not give out.
var ErrCursor = fault.Define(fault.Invalid, "page.cursor", "this cursor is not one of ours: begin again without it")

// ErrLimit is the fault of a page size out of range.
var ErrLimit = fault.Define(fault.Invalid, "page.limit", "the limit is a whole number from 1 to 200")

// Cursor is the text by which a caller asks for the rows behind these sort values.
func Cursor(values ...string) string {
	b, err := json.Marshal(values)
	if err != nil {
		return "" // a list of strings always marshals
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// Parse reads a cursor of n values and a limit as they came from outside; 0 and "" mean the defaults. The cursor of a list that
// can be sorted names its order and has as many values as that, which the list checks itself: there n is 0.
func Parse(cursor string, n, limit int) (Ask, error) {
	after, err := parse(cursor, n)
	if limit < 0 || limit > Most {
		return Ask{}, fault.Both(ErrLimit.At("limit"), err)
	}
	return Ask{After: after, Limit: limit}, err
}

// parse reads a cursor of n values.
func parse(cursor string, n int) (after []string, err error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(b, &after) != nil || len(after) == 0 || n > 0 && len(after) != n || Cursor(after...) != cursor {
		return nil, unread(err)
	}
	if strings.ContainsRune(strings.Join(after, ""), 0) { // no text in the tables has one
		return nil, unread(nil)
	}
	return after, nil
}

// unread is the fault of a cursor that cannot be read, for this reason.
func unread(cause error) error { return ErrCursor.At("cursor").Because(cause) }

// List is one page of rows, and the cursor of the next one, empty at the end.
type List[T any] struct {
	Rows []T
	Next string
}

// Cut makes a page of rows that were asked for with one more than the size. key gives the sort values of a row.
func Cut[T any](rows []T, a Ask, key func(T) []string) List[T] {
	if len(rows) <= a.Size() {
		return List[T]{Rows: rows}
	}
	rows = rows[:a.Size()]
	return List[T]{Rows: rows, Next: Cursor(key(rows[len(rows)-1])...)}
}
