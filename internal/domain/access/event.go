package access

import (
	"time"

	"kontor/internal/base/id"
)

// RoleFacts are what is told of a role, but for what it permits.
type RoleFacts struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// Facts are what is told of the role.
func (r Role) Facts() RoleFacts { return RoleFacts{r.Name, r.Description} }

// RoleWasCreated tells that there is a new role.
type RoleWasCreated struct {
	RoleID      id.Role   `json:"role_id"`
	After       RoleFacts `json:"after"`
	Permissions []string  `json:"permissions"`
	CopyOf      id.Role   `json:"copy_of,omitzero"`
}

// EventName is role.created.
func (RoleWasCreated) EventName() string { return "role.created" }

// Subject is the role.
func (e RoleWasCreated) Subject() string { return e.RoleID.String() }

// RoleWasEdited tells that a role is called otherwise, or permits something else.
type RoleWasEdited struct {
	RoleID  id.Role   `json:"role_id"`
	Before  RoleFacts `json:"before"`
	After   RoleFacts `json:"after"`
	Added   []string  `json:"added,omitempty"`
	Removed []string  `json:"removed,omitempty"`
}

// EventName is role.edited.
func (RoleWasEdited) EventName() string { return "role.edited" }

// Subject is the role.
func (e RoleWasEdited) Subject() string { return e.RoleID.String() }

// RoleWasDeleted tells that a role is gone.
type RoleWasDeleted struct {
	RoleID      id.Role   `json:"role_id"`
	Before      RoleFacts `json:"before"`
	Permissions []string  `json:"permissions"`
}

// EventName is role.deleted.
func (RoleWasDeleted) EventName() string { return "role.deleted" }

// Subject is the role.
func (e RoleWasDeleted) Subject() string { return e.RoleID.String() }

// DefaultWasSet tells that new members get another role.
type DefaultWasSet struct {
	RoleID id.Role `json:"role_id"`
	Before id.Role `json:"before,omitzero"`
}

// EventName is role.default_set.
func (DefaultWasSet) EventName() string { return "role.default_set" }

// Subject is the role.
func (e DefaultWasSet) Subject() string { return e.RoleID.String() }

// WasAssigned tells that a member has been given a role.
type WasAssigned struct {
	AssignmentID id.Assignment `json:"assignment_id"`
	RoleID       id.Role       `json:"role_id"`
	Role         string        `json:"role"`
	MemberID     id.Member     `json:"member_id"`
	UnitID       id.Unit       `json:"unit_id,omitzero"` // none is the whole company
	From         time.Time     `json:"from,omitzero"`
	Until        time.Time     `json:"until,omitzero"`
}

// EventName is role.assigned.
func (WasAssigned) EventName() string { return "role.assigned" }

// Subject is the member.
func (e WasAssigned) Subject() string { return e.MemberID.String() }

// Assigned is the event of giving this role so.
func (s Assignment) Assigned(r Role) WasAssigned {
	return WasAssigned{s.ID, r.ID, r.Name, s.Member, s.Unit, s.From, s.Until}
}

// WasRevoked tells that a role has been taken from a member.
type WasRevoked struct {
	AssignmentID id.Assignment `json:"assignment_id"`
	RoleID       id.Role       `json:"role_id"`
	Role         string        `json:"role"`
	MemberID     id.Member     `json:"member_id"`
	UnitID       id.Unit       `json:"unit_id,omitzero"` // none is the whole company
}

// EventName is role.revoked.
func (WasRevoked) EventName() string { return "role.revoked" }

// Subject is the member.
func (e WasRevoked) Subject() string { return e.MemberID.String() }

// Revoked is the event of taking this role away.
func (s Assignment) Revoked(r Role) WasRevoked {
	return WasRevoked{s.ID, r.ID, r.Name, s.Member, s.Unit}
}

// Term is from when until when an assignment counts.
type Term struct {
	From  time.Time `json:"from,omitzero"`  // none is since ever
	Until time.Time `json:"until,omitzero"` // none is for ever
}

// WasRetimed tells that a role that a member has begins or ends at another time.
type WasRetimed struct {
	AssignmentID id.Assignment `json:"assignment_id"`
	RoleID       id.Role       `json:"role_id"`
	Role         string        `json:"role"`
	MemberID     id.Member     `json:"member_id"`
	UnitID       id.Unit       `json:"unit_id,omitzero"` // none is the whole company
	Before       Term          `json:"before"`
	After        Term          `json:"after"`
}

// EventName is role.retimed.
func (WasRetimed) EventName() string { return "role.retimed" }

// Subject is the member.
func (e WasRetimed) Subject() string { return e.MemberID.String() }

// WasRetimed is the event of the time of this assignment being another than it was.
func (s Assignment) WasRetimed(r Role, was Assignment) WasRetimed {
	return WasRetimed{s.ID, r.ID, r.Name, s.Member, s.Unit, Term{was.From, was.Until}, Term{s.From, s.Until}}
}

// WereAssigned tells that many roles were given at once.
type WereAssigned struct {
	CompanyID   id.Company    `json:"company_id"`
	Assignments []WasAssigned `json:"assignments"`
}

// EventName is role.assigned_many.
func (WereAssigned) EventName() string { return "role.assigned_many" }

// Subject is the company.
func (e WereAssigned) Subject() string { return e.CompanyID.String() }

// SeparationFacts are what is told of a rule of separation of duty.
type SeparationFacts struct {
	Name        string    `json:"name"`
	Permissions []string  `json:"permissions,omitempty"`
	Roles       []id.Role `json:"roles,omitempty"`
	Cardinality int       `json:"cardinality"`
	Excuses     bool      `json:"excuse_administrators"`
	On          bool      `json:"on"`
}

// Facts are what is told of the rule.
func (s Separation) Facts() SeparationFacts {
	return SeparationFacts{s.Name, s.Permissions.Codes(), s.Roles, s.Cardinality, s.Excuses, s.On}
}

// SeparationWasCreated tells that there is a new rule of separation of duty.
type SeparationWasCreated struct {
	SeparationID id.Separation   `json:"separation_id"`
	After        SeparationFacts `json:"after"`
}

// EventName is separation.created.
func (SeparationWasCreated) EventName() string { return "separation.created" }

// Subject is the rule.
func (e SeparationWasCreated) Subject() string { return e.SeparationID.String() }

// SeparationWasEdited tells that a rule of separation of duty is another, was switched on, or off.
type SeparationWasEdited struct {
	SeparationID id.Separation   `json:"separation_id"`
	Before       SeparationFacts `json:"before"`
	After        SeparationFacts `json:"after"`
}

// EventName is separation.edited.
func (SeparationWasEdited) EventName() string { return "separation.edited" }

// Subject is the rule.
func (e SeparationWasEdited) Subject() string { return e.SeparationID.String() }

// SeparationWasDeleted tells that a rule of separation of duty is gone.
type SeparationWasDeleted struct {
	SeparationID id.Separation   `json:"separation_id"`
	Before       SeparationFacts `json:"before"`
}

// EventName is separation.deleted.
func (SeparationWasDeleted) EventName() string { return "separation.deleted" }

// Subject is the rule.
func (e SeparationWasDeleted) Subject() string { return e.SeparationID.String() }
