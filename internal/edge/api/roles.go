package api

import (
	"context"
	"net/http"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/granting"
	"kontor/internal/view"
)

type roles struct {
	Services
	mux *web.Mux // what pages there are
}

func (h roles) add(a *web.API) {
	see, manage := access.RolesView.Code(), access.RolesManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/permissions", ID: "list-permissions", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "The permission tree"}, h.permissions)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/roles", ID: "list-roles", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "Roles with how many have them"}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/roles/{role}", ID: "get-role", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "A role with its permissions"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/roles", ID: "create-role", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Make a role", Text: "Never with more than one holds oneself. What the permissions need is added."}, h.create)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/roles/{role}", ID: "edit-role", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Change a role", Text: "It bites on the very next request of everybody who has it."}, h.edit)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/roles/{role}/duplicate", ID: "duplicate-role", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Make a copy of a role"}, h.duplicate)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/roles/{role}", ID: "delete-role", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Delete a role that nobody has"}, h.delete)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/roles/{role}/assignments", ID: "list-role-holders", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "Who has a role, and where"}, h.holders)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/assignments", ID: "assign-role", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Give a member a role", Text: "In the whole company, or at a unit and all below it; for a time, or for ever. Never more than one holds oneself there."}, h.assign)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/assignments/{assignment}", ID: "get-assignment", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "A role as a member has it"}, h.assignment)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/assignments/{assignment}", ID: "retime-role", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Let a role that a member has begin or end at another time", Text: "What has begun keeps its beginning, and what has ended is given anew. To make it longer one holds all that it permits there. The last administrator stays one without an end."}, h.retime)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/assignments/{assignment}", ID: "revoke-role", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Take a role from a member", Text: "The last administrator stays."}, h.revoke)
}

// PermissionGroupJSON is a group of the permission tree.
type PermissionGroupJSON struct {
	Code   string           `json:"code"`
	Label  string           `json:"label"`
	Leaves []PermissionJSON `json:"permissions"`
}

// PermissionJSON is a permission.
type PermissionJSON struct {
	Code  string   `json:"code" example:"orders.view"`
	Label string   `json:"label"`
	Needs []string `json:"needs"`
	Used  bool     `json:"in_use" doc:"False of what nothing asks for in this version, because its feature is not there yet. It can be given already."`

	Bypass bool        `json:"steps_around_limits" doc:"It lets one order where a limit would say no."`
	Opens  []PlaceJSON `json:"opens" doc:"The pages of the portal that it opens, or shows what is not one's own on."`
	Widens []PlaceJSON `json:"shows_more_on" doc:"Of a wider reach: the pages that the narrower one opens."`
}

// PlaceJSON is a page of the portal.
type PlaceJSON struct {
	Name    string `json:"name"`
	Address string `json:"address" example:"/orders/{order}" doc:"What stands in braces is what the page is about."`
}

type permissionsOut struct {
	Body struct {
		Groups []PermissionGroupJSON `json:"groups"`
	}
}

func (h roles) permissions(ctx context.Context, _ *struct{}) (*permissionsOut, error) {
	if err := web.Actor(ctx).RequireSomewhere(access.RolesView); err != nil {
		return nil, err
	}
	opened := func(p access.Permission) []PlaceJSON {
		return items(h.mux.Opened(p.Code()), func(x web.Place) PlaceJSON { return PlaceJSON(x) })
	}
	widened := func(p access.Permission) []PlaceJSON {
		if p.Narrowest() == p {
			return []PlaceJSON{}
		}
		return opened(p.Narrowest())
	}
	out := &permissionsOut{}
	out.Body.Groups = items(access.Tree(web.Actor(ctx).Realm), func(g access.Group) PermissionGroupJSON {
		return PermissionGroupJSON{g.Code, g.Label, items(g.Leaves, func(p access.Permission) PermissionJSON {
			return PermissionJSON{p.Code(), p.Label(), items(p.Needs(), access.Permission.Code), p.Reached(), p.Bypass(), opened(p), widened(p)}
		})}
	})
	return out, nil
}

// RoleJSON is a role.
type RoleJSON struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Shipped     string   `json:"shipped,omitempty" doc:"The shipped role that it was copied from."`
	Default     bool     `json:"default" doc:"What a new member gets when nobody says."`
	Permissions []string `json:"permissions"`
	Holders     int64    `json:"holders"`
	Version     int64    `json:"version"`
}

func roleOf(r view.Role) RoleJSON {
	return RoleJSON{r.ID.String(), r.Name, r.Description, r.Shipped, r.Default, append([]string{}, r.Set.Codes()...), r.Holders, r.Version}
}

type rolesOut struct {
	Body struct {
		Items []RoleJSON `json:"items"`
	}
}

type rolesIn struct {
	Sort string `query:"sort" enum:"name,-name,permissions,-permissions,members,-members" doc:"By what the list is sorted; with a minus in front the other way round. The administrators' role comes first when nothing is said."`
}

func (h roles) list(ctx context.Context, in *rolesIn) (*rolesOut, error) {
	by := sortedBy(ctx, in.Sort)
	all, err := h.Granting.ListRoles(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	if err := granting.SortRoles(all, by); err != nil {
		return nil, err
	}
	out := &rolesOut{}
	out.Body.Items = items(all, roleOf)
	return out, nil
}

type roleOut struct {
	ETag string `header:"ETag"`
	Body RoleJSON
}

func (h roles) role(ctx context.Context, key id.Role) (*roleOut, error) {
	r, err := h.Granting.GetRole(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &roleOut{web.ETag(r.Version), roleOf(r)}, nil
}

type roleIn struct {
	Role string `path:"role"`
}

func (h roles) get(ctx context.Context, in *roleIn) (*roleOut, error) {
	key := called(ctx, "role", in.Role, id.ParseRole)
	return h.role(ctx, key)
}

// RoleBody is a role as it is written.
type RoleBody struct {
	Name        string   `json:"name" maxLength:"80"`
	Description string   `json:"description,omitempty" maxLength:"500"`
	Permissions []string `json:"permissions" maxItems:"500" doc:"Codes; a group's code with .* is all of it, * is the whole tree."`
}

func (h roles) create(ctx context.Context, in *struct{ Body RoleBody }) (*roleOut, error) {
	set, err := permitted(web.Actor(ctx).Realm, in.Body.Permissions)
	web.Unread(ctx, err)
	r, err := h.Granting.CreateRole(ctx, web.Actor(ctx), granting.CreateRoleInput{Name: in.Body.Name, Description: in.Body.Description, Permissions: set})
	if err != nil {
		return nil, err
	}
	return h.role(ctx, r.ID)
}

func (h roles) edit(ctx context.Context, in *struct {
	web.Versioned
	Role string `path:"role"`
	Body RoleBody
}) (*roleOut, error) {
	key, version := versioned(ctx, "role", in.Role, id.ParseRole, in.Versioned)
	set, err := permitted(web.Actor(ctx).Realm, in.Body.Permissions)
	web.Unread(ctx, err)
	if _, err := h.Granting.EditRole(ctx, web.Actor(ctx), granting.EditRoleInput{ID: key, Version: version, Name: in.Body.Name, Description: in.Body.Description, Permissions: set}); err != nil {
		return nil, err
	}
	return h.role(ctx, key)
}

func (h roles) duplicate(ctx context.Context, in *roleIn) (*roleOut, error) {
	key := called(ctx, "role", in.Role, id.ParseRole)
	r, err := h.Granting.DuplicateRole(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return h.role(ctx, r.ID)
}

func (h roles) delete(ctx context.Context, in *struct {
	web.Versioned
	Role string `path:"role"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "role", in.Role, id.ParseRole, in.Versioned)
	return nil, h.Granting.DeleteRole(ctx, web.Actor(ctx), key, version)
}

// AssignmentJSON is a role that a member has, had or will have.
type AssignmentJSON struct {
	ID     string     `json:"id"`
	Member NamedJSON  `json:"member"`
	Role   NamedJSON  `json:"role"`
	Unit   *NamedJSON `json:"unit,omitempty" doc:"Where it holds; the whole company when absent."`
	From   *time.Time `json:"from,omitempty"`
	Until  *time.Time `json:"until,omitempty"`
}

func assignmentOf(a view.Assigned) AssignmentJSON {
	return AssignmentJSON{a.ID.String(), NamedJSON{a.Member.String(), a.MemberName}, NamedJSON{a.Role.String(), a.RoleName},
		named(a.Unit.IsZero(), a.Unit.String(), a.UnitName), instant(a.From), instant(a.Until)}
}

type holdersIn struct {
	Paged
	Role string `path:"role"`
}

func (h roles) holders(ctx context.Context, in *holdersIn) (*Page[AssignmentJSON], error) {
	var wrong fault.Input
	key := read(&wrong, "role", in.Role, id.ParseRole)
	ask := in.ask(ctx, 2)
	web.Unread(ctx, wrong.Err())
	list, err := h.Granting.Holders(ctx, web.Actor(ctx), key, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, assignmentOf), nil
}

type assignedOut struct {
	Body struct {
		ID string `json:"id"`
	}
}

func (h roles) assign(ctx context.Context, in *struct {
	Body struct {
		Member string     `json:"member_id"`
		Role   string     `json:"role_id"`
		Unit   string     `json:"unit_id,omitempty"`
		From   *time.Time `json:"from,omitempty"`
		Until  *time.Time `json:"until,omitempty"`
	}
}) (*assignedOut, error) {
	var wrong fault.Input
	var input granting.AssignInput
	input.Member = read(&wrong, "member_id", in.Body.Member, id.ParseMember)
	input.Role = read(&wrong, "role_id", in.Body.Role, id.ParseRole)
	input.Unit = maybe(&wrong, "unit_id", in.Body.Unit, id.ParseUnit)
	if in.Body.From != nil {
		input.From = *in.Body.From
	}
	if in.Body.Until != nil {
		input.Until = *in.Body.Until
	}
	web.Unread(ctx, wrong.Err())
	a, err := h.Granting.Assign(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, renamed(err, "member", "member_id", "role", "role_id", "unit", "unit_id")
	}
	out := &assignedOut{}
	out.Body.ID = a.ID.String()
	return out, nil
}

type assignmentOut struct{ Body AssignmentJSON }

func (h roles) assignment(ctx context.Context, in *struct {
	Assignment string `path:"assignment"`
}) (*assignmentOut, error) {
	a, err := h.Granting.GetAssignment(ctx, web.Actor(ctx), called(ctx, "assignment", in.Assignment, id.ParseAssignment))
	if err != nil {
		return nil, err
	}
	return &assignmentOut{assignmentOf(a)}, nil
}

func (h roles) retime(ctx context.Context, in *struct {
	Assignment string `path:"assignment"`
	Body       struct {
		From  *time.Time `json:"from,omitempty" doc:"At once when absent; where it has begun it stays as it is."`
		Until *time.Time `json:"until,omitempty" doc:"For ever when absent. It has ended at this instant."`
	}
}) (*struct{}, error) {
	input := granting.RetimeInput{ID: called(ctx, "assignment", in.Assignment, id.ParseAssignment)}
	if in.Body.From != nil {
		input.From = *in.Body.From
	}
	if in.Body.Until != nil {
		input.Until = *in.Body.Until
	}
	_, err := h.Granting.Retime(ctx, web.Actor(ctx), input)
	return nil, err
}

func (h roles) revoke(ctx context.Context, in *struct {
	Assignment string `path:"assignment"`
}) (*struct{}, error) {
	key := called(ctx, "assignment", in.Assignment, id.ParseAssignment)
	return nil, h.Granting.Revoke(ctx, web.Actor(ctx), key)
}
