package portal

import (
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
)

// asking is an empty state that says what to do, which takes a permission: who does not hold it is only told that there is
// nothing.
func (v *visit) asking(needs access.Permission, e ui.Empty) ui.Empty {
	if !v.actor.MaySomewhere(needs) {
		e.Text, e.Action = "", nil
	}
	return e
}
