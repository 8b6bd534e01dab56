package exchange

import (
	_ "embed" // the names
	"slices"
	"strings"
)

// The names of all events, one a line: made by the test that makes docs/events.md.
//
//go:embed events.txt
var eventNames string

var events = strings.Fields(eventNames)

// Events lists the names of all events, sorted.
func Events() []string { return slices.Clone(events) }

// heard reports whether a filter can ever meet an event.
func heard(filter string) bool {
	group, wide := strings.CutSuffix(filter, "*")
	return slices.ContainsFunc(events, func(e string) bool { return e == filter || wide && strings.HasPrefix(e, group) })
}
