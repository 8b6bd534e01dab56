package api

import (
	"context"
	"net/http"
	"strconv"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/granting"
)

type separation struct{ Services }

func (h separation) add(a *web.API) {
	see, manage := access.RolesView.Code(), access.RolesManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/separation-rules", ID: "list-separation-rules", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "Rules of separation of duty, each with who breaches it", Text: "A rule that is on has no breach. Of one that is off the breaches say who stands in the way of switching it on."}, h.list)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/separation-rules/{separation}", ID: "get-separation-rule", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "A rule of separation of duty"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/separation-rules", ID: "create-separation-rule", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusCreated,
		Summary: "Make a rule of separation of duty", Text: "Nobody may have as many of its permissions, or of its roles, as its cardinality, or more. Every assignment counts that has not ended, at whatever place, also one that begins later. " +
			"A rule that is on is refused while somebody breaches it: the reasons say who, and through which roles."}, h.create)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/separation-rules/{separation}", ID: "edit-separation-rule", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Change a rule of separation of duty", Text: "To switch it on or make it stricter is refused while somebody breaches what it would be; to switch it off or make it looser never is."}, h.edit)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/separation-rules/{separation}", ID: "delete-separation-rule", Tag: tagRoles, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Delete a rule of separation of duty"}, h.delete)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/separation-rules/preview", ID: "preview-separation-rule", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "Who would breach a rule", Text: "Nothing is kept."}, h.preview)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/separation-suggestions", ID: "list-separation-suggestions", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "Rules of separation of duty that are offered", Text: "None of them is on until somebody makes it a rule, with its permissions."}, h.suggestions)
}

// SeparationBody is a rule of separation of duty as it is written.
type SeparationBody struct {
	Name        string   `json:"name" maxLength:"80"`
	Permissions []string `json:"permissions,omitempty" maxItems:"12" doc:"Codes of the permissions that it keeps apart; either these or roles."`
	Roles       []string `json:"role_ids,omitempty" maxItems:"12" doc:"The roles that it keeps apart."`
	Cardinality int      `json:"cardinality" minimum:"2" doc:"As many of them are too many for one person."`
	Excuses     bool     `json:"excuse_administrators,omitempty" doc:"Of a rule about permissions: what comes of the administrators' role does not count."`
	On          bool     `json:"on" doc:"Whether it is kept to."`
}

func (b SeparationBody) fields() (access.SeparationFields, error) {
	var wrong fault.Input
	f := access.SeparationFields{Name: b.Name, Cardinality: b.Cardinality, Excuses: b.Excuses, On: b.On}
	for i, code := range b.Permissions {
		f.Permissions.Add(read(&wrong, "permissions."+strconv.Itoa(i), code, access.Parse))
	}
	for i, key := range b.Roles {
		f.Roles = append(f.Roles, read(&wrong, "role_ids."+strconv.Itoa(i), key, id.ParseRole))
	}
	return f, wrong.Err()
}

// HeldJSON is one thing of a rule that somebody has.
type HeldJSON struct {
	Permission string      `json:"permission,omitempty" doc:"Absent of a rule about roles."`
	Through    []NamedJSON `json:"through" doc:"The roles that it comes through; of a rule about roles, that role."`
}

// BreachJSON is somebody who has too much.
type BreachJSON struct {
	Member NamedJSON  `json:"member"`
	Held   []HeldJSON `json:"held"`
}

func breachOf(b access.Breach) BreachJSON {
	return BreachJSON{NamedJSON{b.Member.String(), b.Who}, items(b.Held, func(h access.Held) HeldJSON {
		one := HeldJSON{Through: items(h.Through, func(r access.Named) NamedJSON { return NamedJSON{r.ID.String(), r.Name} })}
		if h.Permission != access.Permission(0) {
			one.Permission = h.Permission.Code()
		}
		return one
	})}
}

// StandingJSON is who breaches a rule, as far as one sees them.
type StandingJSON struct {
	Breaches []BreachJSON `json:"breaches" doc:"Who has too much, at most 100."`
	Others   int          `json:"other_breaches,omitempty" doc:"How many more do: whom one does not see, or for whom the list has no room."`
	Excused  []BreachJSON `json:"excused" doc:"Administrators who have too much, and whom the rule excuses."`
	OthersOf int          `json:"other_excused,omitempty" doc:"How many more are excused."`
}

func standingOf(s granting.Separation) StandingJSON {
	return StandingJSON{items(s.Breaches, breachOf), s.Others, items(s.Excused, breachOf), s.OthersOf}
}

// SeparationJSON is a rule of separation of duty.
type SeparationJSON struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Permissions []string    `json:"permissions"`
	Roles       []NamedJSON `json:"roles"`
	Cardinality int         `json:"cardinality"`
	Excuses     bool        `json:"excuse_administrators"`
	On          bool        `json:"on"`
	Version     int64       `json:"version"`
	StandingJSON
}

func separationOf(s granting.Separation) SeparationJSON {
	return SeparationJSON{s.ID.String(), s.Name, codesOf(s.Permissions), items(s.Named, func(r access.Named) NamedJSON { return NamedJSON{r.ID.String(), r.Name} }),
		s.Cardinality, s.Excuses, s.On, s.Version, standingOf(s)}
}

type separationsOut struct {
	Body struct {
		Items []SeparationJSON `json:"items"`
	}
}

func (h separation) list(ctx context.Context, _ *struct{}) (*separationsOut, error) {
	all, err := h.Granting.ListSeparations(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &separationsOut{}
	out.Body.Items = items(all, separationOf)
	return out, nil
}

type separationOut struct {
	ETag string `header:"ETag"`
	Body SeparationJSON
}

func (h separation) one(ctx context.Context, key id.Separation) (*separationOut, error) {
	s, err := h.Granting.GetSeparation(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &separationOut{web.ETag(s.Version), separationOf(s)}, nil
}

func (h separation) get(ctx context.Context, in *struct {
	Separation string `path:"separation"`
}) (*separationOut, error) {
	key := called(ctx, "separation", in.Separation, id.ParseSeparation)
	return h.one(ctx, key)
}

type separationIn struct{ Body SeparationBody }

func (h separation) create(ctx context.Context, in *separationIn) (*separationOut, error) {
	f, err := in.Body.fields()
	web.Unread(ctx, err)
	s, err := h.Granting.CreateSeparation(ctx, web.Actor(ctx), f)
	if err != nil {
		return nil, err
	}
	return h.one(ctx, s.ID)
}

func (h separation) edit(ctx context.Context, in *struct {
	web.Versioned
	Separation string `path:"separation"`
	Body       SeparationBody
}) (*separationOut, error) {
	key, version := versioned(ctx, "separation", in.Separation, id.ParseSeparation, in.Versioned)
	f, err := in.Body.fields()
	web.Unread(ctx, err)
	if _, err := h.Granting.EditSeparation(ctx, web.Actor(ctx), granting.EditSeparationInput{ID: key, Version: version, SeparationFields: f}); err != nil {
		return nil, err
	}
	return h.one(ctx, key)
}

func (h separation) delete(ctx context.Context, in *struct {
	web.Versioned
	Separation string `path:"separation"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "separation", in.Separation, id.ParseSeparation, in.Versioned)
	return nil, h.Granting.DeleteSeparation(ctx, web.Actor(ctx), key, version)
}

type previewedOut struct{ Body StandingJSON }

func (h separation) preview(ctx context.Context, in *separationIn) (*previewedOut, error) {
	f, err := in.Body.fields()
	web.Unread(ctx, err)
	s, err := h.Granting.TrySeparation(ctx, web.Actor(ctx), f)
	if err != nil {
		return nil, err
	}
	return &previewedOut{standingOf(s)}, nil
}

// SuggestionJSON is a rule that is offered.
type SuggestionJSON struct {
	Key         string   `json:"key"`
	Name        string   `json:"name" doc:"In the language of whoever asks."`
	Why         string   `json:"why" doc:"In the language of whoever asks."`
	Permissions []string `json:"permissions"`
	Cardinality int      `json:"cardinality"`
	Taken       bool     `json:"taken" doc:"The company has a rule about the same."`
	StandingJSON
}

type suggestionsOut struct {
	Body struct {
		Items []SuggestionJSON `json:"items"`
	}
}

func (h separation) suggestions(ctx context.Context, _ *struct{}) (*suggestionsOut, error) {
	actor := web.Actor(ctx)
	all, err := h.Granting.Suggestions(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &suggestionsOut{}
	out.Body.Items = items(all, func(g granting.Suggested) SuggestionJSON {
		return SuggestionJSON{g.Key, g.Name.In(actor.Language), g.Why.In(actor.Language), codesOf(g.Permissions), g.Would.Cardinality, g.Taken, standingOf(g.Would)}
	})
	return out, nil
}
