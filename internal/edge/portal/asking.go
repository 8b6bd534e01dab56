package portal

import (
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
)

// asking is an empty state that says what to do, which takes a permission: who does not hold it is only told that there is
// nothing.
func (v *visit) asking(needs access.Permission, e ui.Empty) ui.Empty {
	return emptied(v.actor.MaySomewhere(needs), e)
}

// askingThroughout is asking for what is asked of the whole company.
func (v *visit) askingThroughout(needs access.Permission, e ui.Empty) ui.Empty {
	return emptied(v.throughout(needs), e)
}

func emptied(may bool, e ui.Empty) ui.Empty {
	if !may {
		e.Text, e.Action = "", nil
	}
	return e
}

// throughout reports whether the reader may do p in the whole company: what a page offers whose use case asks at the top is
// not offered to who holds it for a part of the company.
func (v *visit) throughout(p access.Permission) bool { return v.actor.May(p, tree.Top) }
