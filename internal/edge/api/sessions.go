package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/signing"
)

type sessions struct{ Services }

func (h sessions) add(a *web.API) {
	self := access.SelfAccount.Code()
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/sessions", ID: "sign-in", Tag: tagSessions, Permission: access.SelfSignIn.Code(), Scope: web.Public, Writes: true,
		Summary: "Sign in", Text: "Answers a token for the header Authorization: Bearer. It ends after 30 idle minutes, and after 12 hours in any case."}, h.signIn)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/sessions", ID: "list-sessions", Tag: tagSessions, Permission: self, Scope: web.Own,
		Summary: "Where one is signed in"}, h.list)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/sessions", ID: "end-other-sessions", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Sign out everywhere else", Text: "The session that asks goes on."}, h.endOthers)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/sessions/current", ID: "sign-out", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Sign out"}, h.signOut)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/sessions/{session}", ID: "end-session", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "End one of one's sessions"}, h.end)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/me", ID: "get-me", Tag: tagSessions, Permission: self, Scope: web.Own,
		Summary: "Who one is, and what one may do where"}, h.me)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/me/password", ID: "change-own-password", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Change one's password", Text: "Every session but the one that asks ends. A wrong guess at the password in use counts as a failed sign-in."}, h.password)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/me/company", ID: "switch-company", Tag: tagSessions, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Act for another company", Text: "The session acts for it from the next request on."}, h.switchCompany)
}

type signInIn struct {
	UserAgent string `header:"User-Agent"`
	Body      struct {
		Email    string `json:"email" maxLength:"254" example:"ann@acme.example"`
		Password string `json:"password" maxLength:"200"`
	}
}

type tokenOut struct {
	Body struct {
		Token   string     `json:"token" doc:"Keep it as you would a password."`
		Session string     `json:"session_id"`
		Ends    *time.Time `json:"ends_at"`
	}
}

func (h sessions) signIn(ctx context.Context, in *signInIn) (*tokenOut, error) {
	done, err := h.Signing.SignIn(ctx, web.Actor(ctx), signing.SignInInput{Email: in.Body.Email, Password: in.Body.Password, Device: in.UserAgent, Bearer: true})
	if err != nil {
		return nil, err
	}
	out := &tokenOut{}
	out.Body.Token, out.Body.Session, out.Body.Ends = done.Token, done.Session.ID.String(), instant(done.Session.EndsAt)
	return out, nil
}

// SessionJSON is a session.
type SessionJSON struct {
	ID      string     `json:"id"`
	Current bool       `json:"current"`
	Device  string     `json:"device"`
	Created *time.Time `json:"created_at"`
	Seen    *time.Time `json:"last_seen_at"`
	Ends    *time.Time `json:"ends_at"`
}

type sessionsOut struct {
	Body struct {
		Items []SessionJSON `json:"items"`
	}
}

func (h sessions) list(ctx context.Context, _ *struct{}) (*sessionsOut, error) {
	actor := web.Actor(ctx)
	all, err := h.Signing.Sessions(ctx, actor)
	if err != nil {
		return nil, err
	}
	out := &sessionsOut{}
	out.Body.Items = []SessionJSON{}
	for _, s := range all {
		out.Body.Items = append(out.Body.Items, SessionJSON{s.ID.String(), s.ID == actor.Session, s.Device, instant(s.CreatedAt), instant(s.SeenAt), instant(s.EndsAt)})
	}
	return out, nil
}

func (h sessions) signOut(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, h.Signing.SignOut(ctx, web.Actor(ctx))
}

func (h sessions) end(ctx context.Context, in *struct {
	Session string `path:"session"`
}) (*struct{}, error) {
	key := called(ctx, "session", in.Session, id.ParseSession)
	return nil, h.Signing.EndSession(ctx, web.Actor(ctx), key)
}

func (h sessions) endOthers(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, h.Signing.SignOutEverywhere(ctx, web.Actor(ctx))
}

func (h sessions) password(ctx context.Context, in *struct {
	Body struct {
		Current string `json:"current" maxLength:"200" doc:"The password in use."`
		New     string `json:"new" maxLength:"200" doc:"The one to come, of at least 15 characters."`
	}
}) (*struct{}, error) {
	return nil, h.Signing.ChangePassword(ctx, web.Actor(ctx), signing.ChangePasswordInput{Current: in.Body.Current, New: in.Body.New})
}

// MeJSON is who somebody is, and what they may do where.
type MeJSON struct {
	Account   string           `json:"account_id"`
	Email     string           `json:"email"`
	Name      string           `json:"name"`
	Language  string           `json:"language"`
	Zone      string           `json:"time_zone"`
	Company   string           `json:"company_id,omitempty"`
	Member    string           `json:"member_id,omitempty"`
	Acting    *ActingOfJSON    `json:"acting,omitempty" doc:"Who of the seller's staff acts for this member; whoever signed in acts for themselves without it."`
	Phone     string           `json:"phone,omitempty" doc:"Where one is called, as a member of this company."`
	Roles     []NamedJSON      `json:"roles"`
	Grants    []GrantJSON      `json:"grants"`
	Companies []MembershipJSON `json:"companies"`
}

// ActingOfJSON is one of the seller's staff who acts for a member.
type ActingOfJSON struct {
	Staff   string `json:"staff_id"`
	Company string `json:"company_id" doc:"The seller's own organisation."`
	Name    string `json:"name"`
}

// NamedJSON is something by its identifier and name.
type NamedJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// GrantJSON is what somebody holds at a place.
type GrantJSON struct {
	WholeCompany bool       `json:"whole_company" doc:"Otherwise at a unit and all below it."`
	Unit         *NamedJSON `json:"unit,omitempty" doc:"The unit; absent for the whole company."`
	Permissions  []string   `json:"permissions"`
}

// MembershipJSON is a company that somebody may act for.
type MembershipJSON struct {
	Company string `json:"company_id"`
	Name    string `json:"name"`
	Member  string `json:"member_id"`
	Title   string `json:"title,omitempty"`
	Current bool   `json:"current"`

	Unit  string   `json:"unit_name,omitempty" doc:"The nearest unit above them there; told of the first 50 companies."`
	Roles []string `json:"role_names" doc:"What they are there at the moment; told of the first 50 companies."`
}

type meOut struct{ Body MeJSON }

func (h sessions) me(ctx context.Context, _ *struct{}) (*meOut, error) {
	actor := web.Actor(ctx)
	p, err := h.Signing.Me(ctx, actor)
	if err != nil {
		return nil, err
	}
	companies, err := h.Signing.Companies(ctx, actor)
	if err != nil {
		return nil, err
	}
	me := MeJSON{Account: p.Account.String(), Email: p.Email, Name: actor.Name, Language: p.Language.String(), Zone: p.Zone, Company: actor.Company.String(),
		Member: actor.Member.String(), Phone: p.Phone, Roles: []NamedJSON{}, Grants: []GrantJSON{}, Companies: []MembershipJSON{}}
	if actor.Acting() {
		me.Acting = &ActingOfJSON{actor.By.Member.String(), actor.By.Company.String(), actor.By.Name}
	}
	for _, r := range actor.Roles() {
		me.Roles = append(me.Roles, NamedJSON{r.ID.String(), r.Name})
	}
	for _, g := range actor.Grants() {
		out := GrantJSON{WholeCompany: g.Place == "", Permissions: g.Set.Codes()}
		if i := slices.IndexFunc(p.Holds, func(u company.Unit) bool { return u.Path == g.Place }); i >= 0 {
			out.Unit = &NamedJSON{p.Holds[i].ID.String(), p.Holds[i].Name}
		}
		me.Grants = append(me.Grants, out)
	}
	for _, c := range companies {
		me.Companies = append(me.Companies, MembershipJSON{c.Company.String(), c.CompanyName, c.Member.String(), c.Title, c.Company == actor.Company, c.UnitName, append([]string{}, c.Roles...)})
	}
	return &meOut{me}, nil
}

func (h sessions) switchCompany(ctx context.Context, in *struct {
	Body struct {
		Company string `json:"company_id"`
	}
}) (*struct{}, error) {
	key := called(ctx, "company_id", in.Body.Company, id.ParseCompany)
	return nil, h.Signing.SwitchCompany(ctx, web.Actor(ctx), key)
}
