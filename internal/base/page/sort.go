package page

import (
	"strings"

	"kontor/internal/base/fault"
)

// Sort is by what a list is sorted, and whether the other way round. The zero Sort is the usual order of the list.
type Sort struct {
	By   string
	Down bool
}

// ErrSort is the fault of an order that a list does not know.
var ErrSort = fault.Define(fault.Invalid, "page.sort", "the list cannot be sorted by this")

// ErrOrder is the fault of a cursor that belongs to another order than the one that is asked for.
var ErrOrder = fault.Define(fault.Invalid, "page.order", "this cursor belongs to another order of the list: ask for that order again, or begin without the cursor")

// String is a sort as an address has it: "total", and "-total" for the other way round.
func (s Sort) String() string {
	if s.Down {
		return "-" + s.By
	}
	return s.By
}

// ParseSort reads a sort as an address has it.
func ParseSort(text string) (Sort, error) {
	by, down := strings.CutPrefix(text, "-")
	if down && by == "" {
		return Sort{}, ErrSort
	}
	return Sort{By: by, Down: down}, nil
}
