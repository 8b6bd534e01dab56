package portal

import (
	"strings"

	"kontor/internal/base/fault"
)

// check runs a use case with what a form says. Where some of that could not be read the rest is only tried, so that all
// that is wrong is said at once and nothing is changed (ADR 0027).
func (v *visit) check(unread error, do func() error) error {
	if unread == nil {
		return do()
	}
	if fault.KindOf(unread) != fault.Invalid {
		return unread
	}
	was := v.actor
	v.actor = was.Trying()
	defer func() { v.actor = was }()
	return fault.Both(unread, do())
}

// needed notes that nothing was typed into a field that is needed. It reports whether there was nothing.
func needed(wrong *fault.Input, name, typed string) bool {
	if strings.TrimSpace(typed) == "" {
		wrong.Add(name, "required", "this is needed")
		return true
	}
	return false
}
