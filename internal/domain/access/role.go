package access

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
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

// AdministratorKey is the Shipped key of the role that cannot be edited, only assigned: the seller's is called Owner.
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
	return (s.From.IsZero() || !now.Before(s.From)) && !s.Ended(now)
}

// Ended reports whether the assignment will never count again.
func (s Assignment) Ended(now time.Time) bool { return !s.Until.IsZero() && !now.Before(s.Until) }

// Meets reports whether two assignments give the same member the same role at the same place for a time in common.
func (s Assignment) Meets(t Assignment) bool {
	return s.Member == t.Member && s.Role == t.Role && s.Unit == t.Unit &&
		(s.Until.IsZero() || t.From.Before(s.Until)) && (t.Until.IsZero() || s.From.Before(t.Until))
}

// Check is nil for an assignment that could be made now: its end lies ahead, and behind its beginning.
func (s Assignment) Check(now time.Time) error {
	var in fault.Input
	s.check(&in, now)
	return in.Err()
}

func (s Assignment) check(in *fault.Input, now time.Time) {
	switch {
	case s.Until.IsZero():
	case !s.From.IsZero() && !s.Until.After(s.From):
		in.Add("until", "order", "the end is not after the beginning")
	case s.Ended(now):
		in.Add("until", "past", "the end has passed already")
	}
}

// Retimed is the assignment with another beginning and end. What has begun keeps its beginning, also where none is said;
// what has ended stays so: it is given anew.
func (s Assignment) Retimed(from, until, now time.Time) (Assignment, error) {
	if s.Ended(now) {
		return s, ErrAssignmentEnded
	}
	var in fault.Input
	if s.Holds(now) {
		if !from.IsZero() && !from.Equal(s.From) {
			in.Add("from", "begun", "it counts already, so its beginning stays")
		}
		from = s.From
	}
	s.From, s.Until = from, until
	s.check(&in, now)
	return s, in.Err()
}

// Outlasts reports whether s counts at a time at which t, which is the same but for its time, does not.
func (s Assignment) Outlasts(t Assignment) bool {
	return s.From.Before(t.From) || !t.Until.IsZero() && (s.Until.IsZero() || s.Until.After(t.Until))
}

var (
	// ErrUnseenRole is the fault of a role that is not in this company.
	ErrUnseenRole = fault.Define(fault.NotFound, "access.role_unseen", "there is no such role in your company")
	// ErrUnseenAssignment is the fault of an assignment that is not in this company.
	ErrUnseenAssignment = fault.Define(fault.NotFound, "access.assignment_unseen", "this role is not assigned so in your company")
	// ErrAssignmentEnded is the fault of changing the time of what does not count any more.
	ErrAssignmentEnded = fault.Define(fault.Conflict, "access.assignment_ended", "this role has ended already: give it again")
	// ErrFixedRole is the fault of editing what can only be assigned.
	ErrFixedRole = fault.Define(fault.Refused, "access.fixed_role", "the administrators' role cannot be changed, only assigned")
	// ErrRoleInUse is the fault of deleting a role that somebody has.
	ErrRoleInUse = fault.Define(fault.Conflict, "access.role_in_use", "the role is still assigned, so it cannot be deleted")
	// ErrDefaultRole is the fault of deleting the role that new members get.
	ErrDefaultRole = fault.Define(fault.Conflict, "access.default_role", "new members get this role: choose another one for them first")
	// ErrUsualBypass is the fault of a default role that steps around limits.
	ErrUsualBypass = fault.Define(fault.Refused, "access.usual_bypass", "new members get this role without being asked about, so it cannot permit to step around limits")
	// ErrRoleName is the fault of a second role of the same name.
	ErrRoleName = fault.Define(fault.Conflict, "access.role_name", "there is already a role of this name")
	// ErrManyRoles is the fault of a company with more roles than anybody could tell apart.
	ErrManyRoles = fault.Define(fault.Refused, "access.many_roles", "a company has at most 1000 roles: delete some that nobody needs, or merge those that are nearly the same")
	// ErrRoleStale is the fault of editing an older version of a role.
	ErrRoleStale = fault.Define(fault.Stale, "access.role_stale", "somebody has changed this role meanwhile: look at it again")
	// ErrAssigned is the fault of giving what somebody has already.
	ErrAssigned = fault.Define(fault.Conflict, "access.assigned", "this person has this role there already")
	// ErrLastAdministrator is the fault of leaving a company without one.
	ErrLastAdministrator = fault.Define(fault.Conflict, "access.last_administrator", "a company always has at least one active administrator without an end date")
)

// MostRoles is how many roles a company may have: each is compared with the others, and with all who have it.
const MostRoles = 1000

// Room is nil when a company that has so many roles may have so many more.
func Room(have, more int) error {
	if have+more > MostRoles {
		return ErrManyRoles
	}
	return nil
}

// NameLength and DescriptionLength are how many characters the name and description of a role may have.
const (
	NameLength        = 80
	DescriptionLength = 500
)

// Matches reports whether a role of another company stands in the place of r there: it is shipped as the same, or where r is
// no shipped one, called the same.
func (r Role) Matches(other Role) bool {
	if r.Shipped != "" {
		return r.Shipped == other.Shipped
	}
	return strings.EqualFold(r.Name, other.Name)
}

// Holdings are the assignments by which whoever changes the role gives it: those that there are and that are promised, and in
// the whole company where it is what new members get, or nobody has it.
func (r Role) Holdings(given []Assignment) []Assignment {
	if r.Default || len(given) == 0 {
		return append(slices.Clone(given), Assignment{Role: r.ID, Place: tree.Top})
	}
	return given
}

// Edit returns the role with a new name, description and set, which is normalised. It is ErrRoleStale for one that was
// seen in another version, ErrFixedRole, or the fields that cannot be: a role permits what there is in its realm.
func (r Role) Edit(realm Realm, version int64, name, description string, s Set) (Role, error) {
	switch {
	case r.IsAdministrator():
		return r, ErrFixedRole
	case version != r.Version:
		return r, ErrRoleStale.Now(r.Version)
	}
	var in fault.Input
	if name = text.Line(&in, "name", name, NameLength); name == "" {
		in.Add("name", "required", "a role needs a name")
	}
	description = text.Note(&in, "description", description, DescriptionLength)
	switch other := s.Without(Leaves(realm)); {
	case s.Len() == 0:
		in.Add("permissions", "required", "a role needs at least one permission")
	case other.Len() > 0:
		in.Add("permissions", ErrUnknownPermission.Code, "there is no permission %q", other.List()[0].Code())
	}
	if err := in.Err(); err != nil {
		return r, err
	}
	r.Name, r.Description, r.Set = name, description, s.Normalise()
	if r.Default {
		return r, r.MayBeUsual()
	}
	return r, nil
}

// MayBeUsual is nil for a role that new members may get without anybody naming it: of what steps around limits it permits nothing,
// for that is given to somebody by whoever may.
func (r Role) MayBeUsual() error {
	if p := r.Set.Within(bypasses).List(); len(p) > 0 {
		return ErrUsualBypass.With("new members get this role without being asked about, so it cannot permit “%s”", p[0].Phrase()).Noting("permission", p[0].Code())
	}
	return nil
}

// Delete is nil when the role can go: it is neither the administrators' nor the default one, nobody has it, no rule of
// separation of duty names it, and no law; holders are the names of those who have it, rules are all that the company has,
// and laws the names of the approval rules and budgets that name the role.
func (r Role) Delete(version int64, holders []string, rules []Separation, laws []string) error {
	switch {
	case r.IsAdministrator():
		return ErrFixedRole
	case version != r.Version:
		return ErrRoleStale.Now(r.Version)
	case r.Default:
		return ErrDefaultRole
	case len(holders) > 0:
		const most = 5
		who := strings.Join(holders[:min(len(holders), most)], ", ")
		if more := len(holders) - most; more > 0 {
			return ErrRoleInUse.With("the role is still assigned to %s and %d more, so it cannot be deleted", who, more)
		}
		return ErrRoleInUse.With("the role is still assigned to %s, so it cannot be deleted", who)
	}
	for _, s := range rules {
		if s.NamesRole(r.ID) {
			return ErrRoleSeparated.With("the rule of separation of duty “%s” names this role: take it out of the rule first", s.Name).Noting("rule_id", s.ID.String())
		}
	}
	if len(laws) > 0 {
		return ErrRoleNamed.With("“%s” names this role: let it name another one first", laws[0])
	}
	return nil
}

// Duplicate is a copy of the role under the name that the field gives copies, with a number where taken says that
// the name is taken. A long name is cut.
func (r Role) Duplicate(key id.Role, taken func(name string) bool) Role {
	r.ID, r.Shipped, r.Default, r.Version = key, "", false, 1
	base := []rune(r.Name)
	for n := 1; ; n++ {
		suffix := " - Duplicated"
		if n > 1 {
			suffix += " " + strconv.Itoa(n)
		}
		name := strings.TrimSpace(string(base[:min(len(base), NameLength-len(suffix))])) + suffix
		if !taken(name) {
			r.Name = name
			return r
		}
	}
}
