package access

import (
	"slices"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

var (
	// ErrSameRole is the fault of merging a role with itself.
	ErrSameRole = fault.Define(fault.Invalid, "access.same_role", "a role is merged with another one")
	// ErrRoleNamed is the fault of deleting or merging away a role that approval rules or budgets name.
	ErrRoleNamed = fault.Define(fault.Conflict, "access.role_named", "approval rules or budgets name the role that would go: let them name another one first")
)

// Merge is the role, permitting this set, as it is for all who have either it or the one that goes. It is ErrRoleNamed where laws,
// which are the names of approval rules and budgets, name the one that goes; ErrFixedRole for the administrators' one; and otherwise
// what keeps the one from being deleted, or the other from being edited.
func (r Role) Merge(realm Realm, version int64, gone Role, goneVersion int64, s Set, rules []Separation, laws []string) (Role, error) {
	if r.ID == gone.ID {
		return r, ErrSameRole
	}
	if err := gone.Delete(goneVersion, nil, rules, nil); err != nil {
		return r, err
	}
	if len(laws) > 0 {
		return r, ErrRoleNamed.With("“%s” names the role %s: let it name %s first", laws[0], gone.Name, r.Name)
	}
	return r.Edit(realm, version, r.Name, r.Description, s)
}

// Moved are the assignments of one role that become those of another: instead of some that there are, which end, and where
// somebody has both at a place for a time in common, as one for the whole of it.
func Moved(given, kept []Assignment, to id.Role, made func() id.Assignment) (fresh []Assignment, instead []id.Assignment) {
	kept = slices.Clone(kept)
	for _, g := range given {
		instead = append(instead, g.ID)
		g.ID, g.Role = made(), to
		kept = slices.DeleteFunc(kept, func(k Assignment) bool {
			if !k.Meets(g) {
				return false
			}
			if i := slices.IndexFunc(fresh, func(f Assignment) bool { return f.ID == k.ID }); i >= 0 {
				fresh = slices.Delete(fresh, i, i+1)
			} else {
				instead = append(instead, k.ID)
			}
			g.From, g.Until = earlier(g.From, k.From), later(g.Until, k.Until)
			return true
		})
		fresh, kept = append(fresh, g), append(kept, g)
	}
	return fresh, instead
}

// earlier and later are of two ends of a time; zero is no end.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.IsZero() {
		return time.Time{}
	}
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if a.IsZero() || b.IsZero() {
		return time.Time{}
	}
	if b.After(a) {
		return b
	}
	return a
}

// RolesWereMerged tells that a role went into another one: who had it has the other one now.
type RolesWereMerged struct {
	RoleID   id.Role   `json:"role_id"`
	MergedID id.Role   `json:"merged_role_id"`
	Before   RoleFacts `json:"before"`
	Merged   RoleFacts `json:"merged"`
	Added    []string  `json:"added,omitempty"`   // to the role that stays
	Removed  []string  `json:"removed,omitempty"` // from those who had it already
	Gained   []string  `json:"gained,omitempty"`  // by those who had the one that went
	Lost     []string  `json:"lost,omitempty"`

	Assignments []WasAssigned `json:"assignments"` // that took the place of those of the role that went
}

// EventName is role.merged.
func (RolesWereMerged) EventName() string { return "role.merged" }

// Subject is the role that stays.
func (e RolesWereMerged) Subject() string { return e.RoleID.String() }
