package access

import (
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// Template is a role that the seller offers to companies: they make roles of their own of it.
type Template struct {
	ID          id.RoleTemplate
	Name        string
	Description string
	Set         Set
	Starts      bool // every new company begins with a role made of it
	Version     int64
}

// TemplateFields are what can be said of a role template.
type TemplateFields struct {
	Name        string
	Description string
	Permissions Set
	Starts      bool
}

var (
	// ErrUnseenTemplate is the fault of a role template that there is not.
	ErrUnseenTemplate = fault.Define(fault.NotFound, "access.template_unseen", "there is no such role template")
	// ErrTemplateName is the fault of a second role template of one name, or of the name of a role that every company has.
	ErrTemplateName = fault.Define(fault.Conflict, "access.template_name", "there is already a role template of this name")
	// ErrManyTemplates is the fault of offering more role templates than there may be.
	ErrManyTemplates = fault.Define(fault.Refused, "access.many_templates", "there are at most 500 role templates: delete one that nobody needs any more")
	// ErrTemplateStale is the fault of changing an older version of a role template.
	ErrTemplateStale = fault.Define(fault.Stale, "access.template_stale", "somebody has changed this role template meanwhile: look at it again")
)

// MostTemplates is how many role templates there may be: a new company that begins with all of them has room for roles of its own.
const MostTemplates = MostRoles / 2

// Edit returns the template as the fields say, under the rules for roles of companies: ErrTemplateStale for one that was
// seen in another version, ErrTemplateName for the name of a shipped role, in capitals or not, or the fields that cannot be.
func (t Template) Edit(version int64, f TemplateFields) (Template, error) {
	if version != t.Version {
		return t, ErrTemplateStale.Now(t.Version)
	}
	r, err := Role{}.Edit(Buyer, 0, f.Name, f.Description, f.Permissions)
	if err != nil {
		return t, err
	}
	for _, s := range Shipped(Buyer) {
		if strings.EqualFold(s.Name, r.Name) {
			return t, ErrTemplateName.With("every company begins with a role of this name: choose another one")
		}
	}
	t.Name, t.Description, t.Set, t.Starts = r.Name, r.Description, r.Set, f.Starts
	return t, nil
}

// Facts are what is told of the template.
func (t Template) Facts() TemplateFacts {
	return TemplateFacts{t.Name, t.Description, t.Starts, t.Set.Codes()}
}

// TemplateFacts are what is told of a role template.
type TemplateFacts struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Starts      bool     `json:"starts"`
	Permissions []string `json:"permissions"`
}

// TemplateWasSet tells that a role template is as it is now. Roles that were made of it stay as they are.
type TemplateWasSet struct {
	TemplateID id.RoleTemplate `json:"role_template_id"`
	Before     *TemplateFacts  `json:"before,omitempty"` // none for a new one
	After      TemplateFacts   `json:"after"`
}

// EventName is role_template.set.
func (TemplateWasSet) EventName() string { return "role_template.set" }

// Subject is the role template.
func (e TemplateWasSet) Subject() string { return e.TemplateID.String() }

// TemplateWasDeleted tells that a role template is offered no more.
type TemplateWasDeleted struct {
	TemplateID id.RoleTemplate `json:"role_template_id"`
	Before     TemplateFacts   `json:"before"`
}

// EventName is role_template.deleted.
func (TemplateWasDeleted) EventName() string { return "role_template.deleted" }

// Subject is the role template.
func (e TemplateWasDeleted) Subject() string { return e.TemplateID.String() }
