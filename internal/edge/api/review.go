package api

import (
	"context"
	"net/http"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/granting"
)

type review struct{ Services }

func (h review) add(a *web.API) {
	see := access.RolesView.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/access/who-can", ID: "who-can", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "Who may do something", Text: "Those members, as far as one may see them, each with the roles that let them. With an owner the question is about the act in all its reaches, on what is this member's own: nobody decides on their own limit, budget or purchase order, and a limit is seen by those alone who see the member. Without one it is about this very permission, at the unit or in the whole company."}, h.whoCan)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/members/{member}/permissions", ID: "what-can", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "What a member may do, where, and what they have it from", Text: "As of now: of assignments that have not begun, or are over, nothing is told. Everybody may ask it of themselves."}, h.whatCan)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/members/{member}/why", ID: "why", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "Why a member may, or may not, do something", Text: "The whole reasoning, step by step. Everybody may ask it of themselves."}, h.why)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/roles/{role}/compare/{other}", ID: "compare-roles", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "How two roles differ"}, h.compare)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/roles/{role}/unused", ID: "unused-permissions", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "What a role permits and nobody uses", Text: "Of those who have the role now nobody has used these permissions on the days asked about, today among them; a permission counts as used whichever role gave it. A day is one of UTC. Recorded about once a minute."}, h.unused)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/roles/similar", ID: "similar-roles", Tag: tagRoles, Permission: see, Scope: web.Company,
		Summary: "Pairs of roles that are nearly the same", Text: "In four of five of what either permits, or in four of five of those who have either and more than two people; the nearest first."}, h.similar)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/roles/{role}/merge", ID: "preview-role-merge", Tag: tagRoles, Permission: access.RolesManage.Code(), Scope: web.Company,
		Summary: "What would come of merging another role into this one", Text: "Who would gain and lose what, and what names the role that would go. Nothing changes."}, h.weighMerge)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/roles/{role}/merge", ID: "merge-roles", Tag: tagRoles, Permission: access.RolesManage.Code(), Scope: web.Company, Writes: true,
		Summary: "Merge another role into this one", Text: "Who has the other one, or is invited to it, has this one instead, at the same places and for the same times, at once; the other one is gone. Never more than one could give all of them, nor what a rule of separation of duty keeps apart; not while approval rules, budgets or such rules name the role that would go."}, h.merge)
}

// Asked is the question of a review function.
type Asked struct {
	Permission string `query:"permission" required:"true" maxLength:"80" doc:"The permission's code." example:"orders.view"`
	Unit       string `query:"unit_id" maxLength:"60" doc:"Where; the whole company when absent."`
	Owner      string `query:"owner_id" maxLength:"60" doc:"The member whose things it is about; without a unit, those where the owner stands."`
}

func (q Asked) read(wrong *fault.Input) granting.ReviewInput {
	return granting.ReviewInput{Permission: read(wrong, "query.permission", q.Permission, access.Parse), Unit: maybe(wrong, "query.unit_id", q.Unit, id.ParseUnit),
		Owner: maybe(wrong, "query.owner_id", q.Owner, id.ParseMember)}
}

// WayJSON is one way in which somebody may do something.
type WayJSON struct {
	Permission string     `json:"permission" doc:"The permission that lets them: of an act with reaches not always the one asked about."`
	Role       *NamedJSON `json:"role,omitempty" doc:"Absent where no role is needed: everybody sees themselves."`
	Unit       *NamedJSON `json:"unit,omitempty" doc:"Where the role was given; the whole company when absent."`
	Assignment string     `json:"assignment_id,omitempty" doc:"Absent where no role is needed."`
}

func wayOf(p access.Permission, g access.Given) WayJSON {
	if (access.Way{Given: g, By: p}).Everybodys() {
		return WayJSON{Permission: p.Code()}
	}
	return WayJSON{p.Code(), &NamedJSON{g.Role.String(), g.Gives.Name}, named(g.Unit.IsZero(), g.Unit.String(), g.Where), g.ID.String()}
}

// CanJSON is somebody who may do what was asked.
type CanJSON struct {
	Member NamedJSON `json:"member"`
	Ways   []WayJSON `json:"ways"`
}

func (h review) whoCan(ctx context.Context, in *struct {
	Paged
	Asked
}) (*Page[CanJSON], error) {
	var wrong fault.Input
	asked := in.Asked.read(&wrong)
	ask := in.ask(ctx, 2)
	web.Unread(ctx, wrong.Err())
	list, err := h.Granting.WhoCan(ctx, web.Actor(ctx), asked, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, func(c granting.Can) CanJSON {
		return CanJSON{NamedJSON{c.Member.String(), c.Name}, items(c.Ways, func(w access.Way) WayJSON { return wayOf(w.By, w.Given) })}
	}), nil
}

// OriginJSON is a permission that somebody has at a place, and what they have it from.
type OriginJSON struct {
	Permission string     `json:"permission"`
	Unit       *NamedJSON `json:"unit,omitempty" doc:"Where; the whole company when absent."`
	From       []WayJSON  `json:"from"`
}

type originsOut struct {
	Body struct {
		Member  NamedJSON    `json:"member"`
		Invited bool         `json:"invited" doc:"They have not accepted their invitation yet: what is listed counts once they do."`
		Items   []OriginJSON `json:"items"`
	}
}

func (h review) whatCan(ctx context.Context, in *struct {
	Member string `path:"member"`
}) (*originsOut, error) {
	key := called(ctx, "member", in.Member, id.ParseMember)
	m, all, err := h.Granting.WhatCan(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	out := &originsOut{}
	out.Body.Member, out.Body.Invited = NamedJSON{m.ID.String(), m.Name}, m.Status == company.Invited
	out.Body.Items = items(all, func(o access.Origin) OriginJSON {
		return OriginJSON{o.Permission.Code(), named(o.Unit.IsZero(), o.Unit.String(), o.Where),
			items(o.From, func(g access.Given) WayJSON { return wayOf(o.Permission, g) })}
	})
	return out, nil
}

// ReasonStepJSON is one step of the reasoning why somebody may or may not do something.
type ReasonStepJSON struct {
	Holds bool   `json:"holds"`
	Text  string `json:"text" doc:"In the language of whoever asks."`
}

type whyOut struct {
	Body struct {
		Member  NamedJSON        `json:"member"`
		Allowed bool             `json:"allowed"`
		Steps   []ReasonStepJSON `json:"steps"`
	}
}

func (h review) why(ctx context.Context, in *struct {
	Asked
	Member string `path:"member"`
}) (*whyOut, error) {
	var wrong fault.Input
	key := read(&wrong, "member", in.Member, id.ParseMember)
	asked := in.Asked.read(&wrong)
	web.Unread(ctx, wrong.Err())
	actor := web.Actor(ctx)
	m, trace, err := h.Granting.Why(ctx, actor, key, asked)
	if err != nil {
		return nil, err
	}
	out := &whyOut{}
	out.Body.Member, out.Body.Allowed = NamedJSON{m.ID.String(), m.Name}, trace.Allowed
	out.Body.Steps = items(trace.Steps, func(s access.Step) ReasonStepJSON { return ReasonStepJSON{s.Holds, s.Says.In(actor.Language)} })
	return out, nil
}

type differenceOut struct {
	Body struct {
		First      NamedJSON `json:"first"`
		Second     NamedJSON `json:"second"`
		Both       []string  `json:"both"`
		OnlyFirst  []string  `json:"only_first"`
		OnlySecond []string  `json:"only_second"`
	}
}

func (h review) compare(ctx context.Context, in *struct {
	Role  string `path:"role"`
	Other string `path:"other"`
}) (*differenceOut, error) {
	var wrong fault.Input
	first, second := read(&wrong, "role", in.Role, id.ParseRole), read(&wrong, "other", in.Other, id.ParseRole)
	web.Unread(ctx, wrong.Err())
	a, b, d, err := h.Granting.Compare(ctx, web.Actor(ctx), first, second)
	if err != nil {
		return nil, err
	}
	out := &differenceOut{}
	out.Body.First, out.Body.Second = NamedJSON{a.ID.String(), a.Name}, NamedJSON{b.ID.String(), b.Name}
	out.Body.Both, out.Body.OnlyFirst, out.Body.OnlySecond = codesOf(d.Both), codesOf(d.OnlyFirst), codesOf(d.OnlySecond)
	return out, nil
}

type unusedOut struct {
	Body struct {
		Role    NamedJSON  `json:"role"`
		Since   string     `json:"since" format:"date" doc:"The first day looked at."`
		Kept    string     `json:"recorded_since,omitempty" format:"date" doc:"Since when uses are recorded; absent when none has been. Of the days before nothing is known."`
		Holders int64      `json:"holders"`
		Items   []IdleJSON `json:"items"`
		Smaller []string   `json:"smaller" doc:"What the role would still need to permit: all that was used, and what that needs."`
	}
}

// IdleJSON is a permission that nobody has used lately.
type IdleJSON struct {
	Permission string `json:"permission"`
	Last       string `json:"last_used_on,omitempty" format:"date" doc:"When one of those who have the role last used it; absent when nobody ever did."`
}

func (h review) unused(ctx context.Context, in *struct {
	Role string `path:"role"`
	Days int    `query:"days" minimum:"1" maximum:"730" default:"90"`
}) (*unusedOut, error) {
	key := called(ctx, "role", in.Role, id.ParseRole)
	u, err := h.Granting.Unused(ctx, web.Actor(ctx), key, in.Days)
	if err != nil {
		return nil, err
	}
	out := &unusedOut{}
	out.Body.Role, out.Body.Since, out.Body.Kept, out.Body.Holders = NamedJSON{u.Role.ID.String(), u.Role.Name}, string(u.Since), string(u.Kept), u.Holders
	out.Body.Items = items(u.Leaves, func(l access.Idle) IdleJSON { return IdleJSON{l.Permission.Code(), string(l.Last)} })
	out.Body.Smaller = codesOf(u.Smaller)
	return out, nil
}

// SimilarJSON are two roles that are nearly the same.
type SimilarJSON struct {
	First           NamedJSON `json:"first"`
	Second          NamedJSON `json:"second"`
	Permissions     int       `json:"permissions_percent" doc:"How much of what either permits both do."`
	Holders         int       `json:"holders_percent" doc:"How many of those who have either have both."`
	Merged          []string  `json:"merged" doc:"What one role in their place would permit."`
	FirstWouldGain  []string  `json:"first_would_gain" doc:"What those who have the first would gain by it."`
	SecondWouldGain []string  `json:"second_would_gain"`
}

type similarOut struct {
	Body struct {
		Items []SimilarJSON `json:"items"`
	}
}

func (h review) similar(ctx context.Context, _ *struct{}) (*similarOut, error) {
	all, err := h.Granting.Similar(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &similarOut{}
	out.Body.Items = items(all, func(s access.Similar) SimilarJSON {
		return SimilarJSON{NamedJSON{s.First.ID.String(), s.First.Name}, NamedJSON{s.Second.ID.String(), s.Second.Name}, s.Permissions, s.Holders,
			codesOf(s.Merged), codesOf(s.FirstWouldGain), codesOf(s.SecondWouldGain)}
	})
	return out, nil
}

// codesOf are the codes of a set, never null.
func codesOf(s access.Set) []string { return append([]string{}, s.Codes()...) }

// MergeJSON is what would come of merging two roles.
type MergeJSON struct {
	Kept        NamedJSON `json:"kept"`
	KeptVersion int64     `json:"kept_version"`
	Gone        NamedJSON `json:"gone"`
	GoneVersion int64     `json:"gone_version"`
	Permissions []string  `json:"permissions" doc:"What the role that stays permits then."`
	Added       []string  `json:"kept_holders_gain"`
	Gained      []string  `json:"gone_holders_gain"`
	Lost        []string  `json:"gone_holders_lose"`
	KeptBy      []string  `json:"kept_holders" doc:"By name, as far as one sees them."`
	GoneBy      []string  `json:"gone_holders"`
	Laws        []string  `json:"named_by" doc:"Approval rules and budgets that name the role that would go: it is not merged while there are any."`
	Rules       []string  `json:"kept_apart_by" doc:"Rules of separation of duty that do: likewise."`
	Invitations int       `json:"invitations" doc:"Promises of the role that would go in open invitations."`
}

// permits is how it is said what the role that stays permits.
type permits string

func (p permits) both() bool { return p == "both" }

func (h review) weighMerge(ctx context.Context, in *struct {
	Role    string  `path:"role"`
	With    string  `query:"with" required:"true" doc:"The role that would go."`
	Permits permits `query:"permits" enum:"both,kept" default:"both" doc:"What either permits, or what the role that stays does."`
}) (*struct{ Body MergeJSON }, error) {
	var wrong fault.Input
	input := granting.MergeInput{Kept: read(&wrong, "role", in.Role, id.ParseRole), Gone: read(&wrong, "query.with", in.With, id.ParseRole), Both: in.Permits.both()}
	web.Unread(ctx, wrong.Err())
	m, err := h.Granting.Weigh(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	texts := func(all []string) []string { return append([]string{}, all...) }
	return &struct{ Body MergeJSON }{MergeJSON{NamedJSON{m.Kept.ID.String(), m.Kept.Name}, m.Kept.Version, NamedJSON{m.Gone.ID.String(), m.Gone.Name}, m.Gone.Version,
		codesOf(m.After), codesOf(m.Added), codesOf(m.Gained), codesOf(m.Lost), texts(m.KeptBy), texts(m.GoneBy), texts(m.Laws), texts(m.Rules), m.Invitations}}, nil
}

func (h review) merge(ctx context.Context, in *struct {
	web.Versioned
	Role string `path:"role"`
	Body struct {
		With    string  `json:"with" doc:"The role that goes."`
		Version int64   `json:"with_version" doc:"The version of it that was seen."`
		Permits permits `json:"permits" enum:"both,kept" doc:"What either permits, or what the role that stays does."`
	}
}) (*roleOut, error) {
	var wrong fault.Input
	input := granting.MergeInput{Kept: read(&wrong, "role", in.Role, id.ParseRole), Gone: read(&wrong, "with", in.Body.With, id.ParseRole), GoneVersion: in.Body.Version, Both: in.Body.Permits.both()}
	web.Unread(ctx, wrong.Err())
	input.KeptVersion = seen(ctx, in.Versioned)
	if _, err := h.Granting.Merge(ctx, web.Actor(ctx), input); err != nil {
		return nil, err
	}
	return roles{Services: h.Services}.role(ctx, input.Kept)
}
