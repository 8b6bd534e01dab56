package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/signing"
	"kontor/internal/view"
)

type invitations struct{ Services }

func (h invitations) add(a *web.API) {
	see, manage, join := access.UsersView.Code(), access.UsersManage.Code(), access.SelfJoin.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/invitations", ID: "list-invitations", Tag: tagInvitations, Permission: see, Scope: web.Company,
		Summary: "Invitations, the newest first"}, h.list)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/invitations", ID: "invite", Tag: tagInvitations, Permission: manage, Scope: web.Company, Writes: true, Idempotent: true, Status: http.StatusCreated,
		Summary: "Invite people", Text: "All of them, or nobody: what is wrong stands at its row, as in `people.3.email`. Each gets a mail with a link that works once. " +
			"Whether an address has an account already makes no difference to what is answered. Nobody gives more than they hold themselves."}, h.invite)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/invitations/{invitation}", ID: "get-invitation", Tag: tagInvitations, Permission: see, Scope: web.Company,
		Summary: "An invitation"}, h.get)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/invitations/{invitation}/resend", ID: "resend-invitation", Tag: tagInvitations, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Send an invitation again", Text: "With a new link, for as long as a new one; the link before works no more."}, h.resend)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/invitations/{invitation}", ID: "revoke-invitation", Tag: tagInvitations, Permission: manage, Scope: web.Company, Writes: true,
		Summary: "Take an invitation back"}, h.revoke)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/members/invitations", ID: "invite-members", Tag: tagInvitations, Permission: manage, Scope: web.Company, Writes: true, Status: http.StatusAccepted,
		Summary: "Send members who wait their invitations", Text: "For members whose status is `invited`: those who were brought by a file. A job sends them; who has a link that holds gets no other."}, h.inviteMembers)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/invitations/look", ID: "look-at-invitation", Tag: tagInvitations, Permission: join, Scope: web.Public,
		Summary: "What an invitation's link leads to", Text: "For whoever holds the link, signed in or not. Looking changes nothing."}, h.look)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/invitations/accept", ID: "accept-invitation", Tag: tagInvitations, Permission: join, Scope: web.Public, Writes: true,
		Summary: "Accept an invitation", Text: "Who has no account yet chooses a name and a password, and signs in then. Whose address has an account signs in with it first, and sends the link alone."}, h.accept)
}

// InvitationJSON is an invitation as its company sees it. Its link is known to its holder alone.
type InvitationJSON struct {
	ID       string            `json:"id"`
	Email    string            `json:"email"`
	First    string            `json:"first_name,omitempty"`
	Last     string            `json:"last_name,omitempty"`
	Title    string            `json:"title,omitempty"`
	Language string            `json:"language"`
	State    string            `json:"state" enum:"open,accepted,revoked,expired"`
	Under    *NamedJSON        `json:"parent,omitempty" doc:"Of what they will stand right below; absent once that is no more."`
	Roles    []OfferedRoleJSON `json:"roles"`
	Inviter  *NamedJSON        `json:"invited_by,omitempty"`
	Member   string            `json:"member_id,omitempty" doc:"Who accepted."`
	Sent     int64             `json:"times_sent"`
	SentAt   *time.Time        `json:"sent_at"`
	Expires  *time.Time        `json:"expires_at"`
	Created  *time.Time        `json:"created_at"`
	Ended    *time.Time        `json:"ended_at,omitempty"`
	Version  int64             `json:"version"`
}

// OfferedRoleJSON is a role that somebody gets when they accept.
type OfferedRoleJSON struct {
	Role string     `json:"role_id"`
	Name string     `json:"name"`
	Unit *NamedJSON `json:"unit,omitempty" doc:"Where it holds; the whole company when absent."`
}

func invitationOf(v view.Invitation) InvitationJSON {
	out := InvitationJSON{ID: v.ID.String(), Email: v.Email, First: v.First, Last: v.Last, Title: v.Title, Language: v.Language, State: string(v.Standing),
		Inviter: named(v.Inviter.IsZero(), v.Inviter.String(), v.InviterName), Roles: []OfferedRoleJSON{}, Sent: v.Sent, SentAt: instant(v.SentAt), Expires: instant(v.ExpiresAt),
		Created: instant(v.CreatedAt), Ended: instant(v.EndedAt), Version: v.Version}
	under := v.Under.Member.String()
	if !v.Under.Unit.IsZero() {
		under = v.Under.Unit.String()
	}
	out.Under = named(v.UnderName == "", under, v.UnderName)
	if !v.Member.IsZero() {
		out.Member = v.Member.String()
	}
	for _, r := range v.Roles {
		out.Roles = append(out.Roles, OfferedRoleJSON{r.Role.String(), r.Name, named(r.Unit.IsZero(), r.Unit.String(), r.UnitName)})
	}
	return out
}

type invitationsIn struct {
	Paged
	Text  string `query:"q" maxLength:"200"`
	State string `query:"state" enum:"open,accepted,revoked,expired"`
	Sort  string `query:"sort" enum:"sent,-sent,email,-email,until,-until" default:"-sent" doc:"By what the list is sorted; with a minus in front the other way round."`
}

func (h invitations) list(ctx context.Context, in *invitationsIn) (*Page[InvitationJSON], error) {
	var wrong fault.Input
	ask := in.sorted(ctx, in.Sort)
	web.Unread(ctx, wrong.Err())
	list, err := h.Organising.Invitations(ctx, web.Actor(ctx), view.InvitationFilter{Text: in.Text, State: company.InvitationState(in.State)}, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, invitationOf), nil
}

type invitationIn struct {
	Invitation string `path:"invitation"`
}

type invitationOut struct {
	ETag string `header:"ETag"`
	Body InvitationJSON
}

func (h invitations) one(ctx context.Context, key id.Invitation) (*invitationOut, error) {
	v, err := h.Organising.Invitation(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &invitationOut{web.ETag(v.Version), invitationOf(v)}, nil
}

func (h invitations) get(ctx context.Context, in *invitationIn) (*invitationOut, error) {
	key := called(ctx, "invitation", in.Invitation, id.ParseInvitation)
	return h.one(ctx, key)
}

// GuestJSON is somebody to be invited.
type GuestJSON struct {
	Email    string      `json:"email" maxLength:"254" example:"nora@acme.example"`
	First    string      `json:"first_name,omitempty" maxLength:"60"`
	Last     string      `json:"last_name,omitempty" maxLength:"60"`
	Title    string      `json:"title,omitempty" maxLength:"120"`
	Language string      `json:"language,omitempty" maxLength:"10" doc:"Of the mail and the pages; the company's when absent."`
	Parent   string      `json:"parent_id,omitempty" doc:"A unit or a member; the company's own unit when absent."`
	Roles    []OfferJSON `json:"roles,omitempty" maxItems:"20" doc:"The company's usual one when absent."`
}

// OfferJSON is a role that somebody is to get.
type OfferJSON struct {
	Role string `json:"role_id"`
	Unit string `json:"unit_id,omitempty" doc:"Where it holds; the whole company when absent."`
}

type invitedOut struct {
	Body struct {
		Items []InvitationJSON `json:"items"`
	}
}

func (h invitations) invite(ctx context.Context, in *struct {
	web.Once
	Body struct {
		People []GuestJSON `json:"people" minItems:"1" maxItems:"200"`
	}
}) (*invitedOut, error) {
	act := once(ctx, in.Once)
	var wrong fault.Input
	input := organising.InviteInput{Key: act}
	for i, p := range in.Body.People {
		g := organising.Guest{Email: p.Email, First: p.First, Last: p.Last, Title: p.Title, Language: locale.Language(p.Language)}
		g.Under = maybe(&wrong, at("people", i, "parent_id"), p.Parent, parseNode)
		for k, r := range p.Roles {
			field := at("people", i, at("roles", k, "role_id"))
			o := company.Offer{Role: read(&wrong, field, r.Role, id.ParseRole)}
			o.Unit = maybe(&wrong, at("people", i, at("roles", k, "unit_id")), r.Unit, id.ParseUnit)
			g.Offers = append(g.Offers, o)
		}
		input.People = append(input.People, g)
	}
	web.Unread(ctx, wrong.Err())
	made, err := h.Organising.Invite(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	out := &invitedOut{}
	out.Body.Items = []InvitationJSON{}
	for _, key := range made {
		v, err := h.Organising.Invitation(ctx, web.Actor(ctx), key)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, invitationOf(v))
	}
	return out, nil
}

type sendingOut struct {
	Body struct {
		Job string `json:"job_id"`
	}
}

func (h invitations) inviteMembers(ctx context.Context, in *struct {
	Body struct {
		Members []string `json:"member_ids,omitempty" maxItems:"1000" doc:"All who wait, where you manage people, when absent."`
	}
}) (*sendingOut, error) {
	var wrong fault.Input
	var input organising.InviteWaitingInput
	for i, m := range in.Body.Members {
		input.Members = append(input.Members, read(&wrong, "member_ids."+strconv.Itoa(i), m, id.ParseMember))
	}
	web.Unread(ctx, wrong.Err())
	job, err := h.Organising.InviteWaiting(ctx, web.Actor(ctx), input)
	if err != nil {
		return nil, err
	}
	out := &sendingOut{}
	out.Body.Job = job.String()
	return out, nil
}

func (h invitations) resend(ctx context.Context, in *struct {
	web.Versioned
	Invitation string `path:"invitation"`
}) (*invitationOut, error) {
	key, version := versioned(ctx, "invitation", in.Invitation, id.ParseInvitation, in.Versioned)
	if err := h.Organising.ResendInvitation(ctx, web.Actor(ctx), key, version); err != nil {
		return nil, err
	}
	return h.one(ctx, key)
}

func (h invitations) revoke(ctx context.Context, in *struct {
	web.Versioned
	Invitation string `path:"invitation"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "invitation", in.Invitation, id.ParseInvitation, in.Versioned)
	return nil, h.Organising.RevokeInvitation(ctx, web.Actor(ctx), key, version)
}

// WelcomeJSON is what the holder of an invitation's link sees of it.
type WelcomeJSON struct {
	Company  string     `json:"company"`
	Inviter  string     `json:"invited_by,omitempty"`
	Email    string     `json:"email"`
	First    string     `json:"first_name,omitempty"`
	Last     string     `json:"last_name,omitempty"`
	Roles    []string   `json:"roles"`
	Language string     `json:"language"`
	Expires  *time.Time `json:"expires_at"`
	Needs    string     `json:"needs" enum:"password,sign_in,own_password,other_account,nothing" doc:"What accepting asks for: a name and a first password; to sign in with the account of this address; its password, where it cannot sign in; to sign out first; or nothing more."`
}

type welcomeOut struct{ Body WelcomeJSON }

func (h invitations) look(ctx context.Context, in *struct {
	Body struct {
		Link string `json:"link" maxLength:"200" doc:"What stands in the link behind invitation=."`
	}
}) (*welcomeOut, error) {
	w, err := h.Signing.Invitation(ctx, web.Actor(ctx), in.Body.Link)
	if err != nil {
		return nil, err
	}
	needs := "password"
	switch {
	case w.Other:
		needs = "other_account"
	case w.Mine:
		needs = "nothing"
	case w.Shut:
		needs = "own_password"
	case w.Known:
		needs = "sign_in"
	}
	return &welcomeOut{WelcomeJSON{w.CompanyName, w.InviterName, w.Email, w.First, w.Last, append([]string{}, w.Roles...), w.Language.String(), instant(w.Until), needs}}, nil
}

type joinedOut struct {
	Body struct {
		Company string `json:"company_id"`
		Member  string `json:"member_id"`
		SignIn  bool   `json:"sign_in" doc:"The account is new: sign in with it now."`
	}
}

func (h invitations) accept(ctx context.Context, in *struct {
	Body struct {
		Link     string `json:"link" maxLength:"200"`
		First    string `json:"first_name,omitempty" maxLength:"60"`
		Last     string `json:"last_name,omitempty" maxLength:"60"`
		Password string `json:"password,omitempty" maxLength:"200"`
	}
}) (*joinedOut, error) {
	b := in.Body
	done, err := h.Signing.Accept(ctx, web.Actor(ctx), signing.AcceptInput{Link: b.Link, First: b.First, Last: b.Last, Password: b.Password})
	if err != nil {
		return nil, err
	}
	out := &joinedOut{}
	out.Body.Company, out.Body.Member, out.Body.SignIn = done.Company.String(), done.Member.String(), done.Fresh
	return out, nil
}
