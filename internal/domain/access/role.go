package access

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
)

// Role is a named set of permissions of a company.
type Role struct {
	ID          id.Role
	Name        string
	Description string
	Shipped     string // the key of the shipped role it was copied from; "" for one of the company's own
	Default     bool   // what a new member gets when nobody says
	Set         Set
	Version     int64
}

// AdministratorKey is the Shipped key of the role that cannot be edited, only assigned.
const AdministratorKey = "administrator"

// IsAdministrator reports whether this is the administrators' role.
func (r Role) IsAdministrator() bool { return r.Shipped == AdministratorKey }

// Assignment gives a member a role at a place, for a time.
type Assignment struct {
	ID     id.Assignment
	Member id.Member
	Role   id.Role
	Unit   id.Unit   // the zero unit is the whole company
	Place  tree.Path // where that unit stands now
	From   time.Time // the zero time: since ever
	Until  time.Time // the zero time: for ever; otherwise it has ended at this instant
}

// Holds reports whether the assignment counts at this moment.
func (s Assignment) Holds(now time.Time) bool {
	return (s.From.IsZero() || !now.Before(s.From)) && (s.Until.IsZero() || now.Before(s.Until))
}

var (
	// ErrFixedRole is the fault of editing what can only be assigned.
	ErrFixedRole = fault.Define(fault.Refused, "access.fixed_role", "the administrators' role cannot be changed, only assigned")
	// ErrRoleInUse is the fault of deleting a role that somebody has.
	ErrRoleInUse = fault.Define(fault.Conflict, "access.role_in_use", "the role is still assigned, so it cannot be deleted")
	// ErrRoleName is the fault of a second role of the same name.
	ErrRoleName = fault.Define(fault.Conflict, "access.role_name", "there is already a role of this name")
	// ErrRoleStale is the fault of editing an older version of a role.
	ErrRoleStale = fault.Define(fault.Stale, "access.role_stale", "somebody has changed this role meanwhile: look at it again")
	// ErrLastAdministrator is the fault of leaving a company without one.
	ErrLastAdministrator = fault.Define(fault.Conflict, "access.last_administrator", "a company always has at least one active administrator without an end date")
)

// NameLength is how many characters the name of a role may have.
const NameLength = 80

// Edit returns the role with a new name, description and set. The set is normalised.
func (r Role) Edit(name, description string, s Set) (Role, error) {
	if r.IsAdministrator() {
		return r, ErrFixedRole
	}
	var in fault.Input
	name = strings.Join(strings.Fields(name), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		in.Add("name", "required", "a role needs a name")
	case n > NameLength:
		in.Add("name", "too_long", "a name has at most %d characters", NameLength)
	case strings.ContainsFunc(name, unicode.IsControl):
		in.Add("name", "invalid", "a name has no control characters")
	}
	if utf8.RuneCountInString(description) > 500 {
		in.Add("description", "too_long", "a description has at most %d characters", 500)
	}
	if s.Len() == 0 {
		in.Add("permissions", "required", "a role needs at least one permission")
	}
	if err := in.Err(); err != nil {
		return r, err
	}
	r.Name, r.Description, r.Set = name, strings.TrimSpace(description), s.Normalise()
	return r, nil
}

// Duplicate is a copy of the role under the name that the field gives copies.
func (r Role) Duplicate(key id.Role) Role {
	r.ID, r.Shipped, r.Default, r.Version = key, "", false, 1
	r.Name += " - Duplicated"
	return r
}
