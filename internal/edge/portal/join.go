package portal

import (
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/identity"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/signing"
	"kontor/internal/view"
)

// joining adds the pages that an invitation leads to.
func (p *Portal) joining(mux *web.Mux) {
	join := access.SelfJoin.Code()
	p.page(mux, "GET /join", web.Meta{Scope: web.Public, Permission: join}, (*visit).join)
	p.page(mux, "POST /join", web.Meta{Scope: web.Public, Permission: join, Writes: true}, (*visit).joins)
	p.page(mux, "POST /join/sign-out", web.Meta{Scope: web.None, Permission: access.SelfAccount.Code(), Writes: true}, (*visit).leavesToJoin)
}

// The cookie that has the link while somebody looks at it, and signs in or out in between.
const (
	joinCookie = "kontor_join"
	joinLasts  = time.Hour
)

// JoinPage shows an invitation to whom it is for, and asks what is needed to accept it.
type JoinPage struct {
	ui.Entrance
	Header ui.Header
	Facts  ui.Facts
	Other  string // who is signed in instead
	Known  string // where to sign in first
	Fields []ui.Field
	Error  string
	Button string
}

// join is where the link of a mail leads to. What stood in it is kept by the browser, and in no address; nothing else
// happens, for machines follow links too.
func (v *visit) join() error {
	if link := v.r.URL.Query().Get("invitation"); link != "" {
		if _, err := identity.ParseLink(link); err == nil { // anything else cannot stand in a cookie
			web.KeepLink(v.w, v.r, joinCookie, link, "/join", joinLasts)
			return v.goOn("/join", "", "")
		}
		return v.strayed(identity.ErrUnknownLink)
	}
	return v.joinPage(attempt{})
}

// link is what stood in the link that somebody has followed.
func (v *visit) link() string {
	if c, err := v.r.Cookie(joinCookie); err == nil {
		return c.Value
	}
	return ""
}

func (v *visit) joinPage(a attempt) error {
	w, err := v.Signing.Invitation(v.ctx(), v.actor, v.link())
	if err != nil {
		return v.strayed(err)
	}
	if v.actor.Kind != access.Member {
		v.l = w.Language // as the mail spoke to them
		if zone, err := time.LoadLocation(w.Zone); err == nil {
			v.zone = zone
		}
	}
	p := JoinPage{Entrance: v.entrance(v.T("Invitation")), Error: a.rest, Button: v.T("Join %s", w.CompanyName)}
	p.Header = ui.Header{Title: v.T("Order for %s", w.CompanyName)}
	if w.InviterName != "" {
		p.Header.Note = v.T("%s invites you.", w.InviterName)
	}
	p.Facts = ui.Facts{Facts: []ui.Fact{{Label: v.T("For"), Text: w.Email}, {Label: v.T("Company"), Text: w.CompanyName}, {Label: v.T("Roles"), Text: v.l.List(w.Roles...)},
		{Label: v.T("Holds until"), Value: v.time(w.Until)}}}
	v.asks(&p, w, a)
	return v.answer(a.status(), p.View())
}

// asks fills in what accepting needs from whoever asks.
func (v *visit) asks(p *JoinPage, w view.Welcome, a attempt) {
	password := ui.Field{As: ui.AsPassword, Name: "password", Label: v.T("Password"), MaxLength: text.MostPassword}
	switch {
	case w.Other:
		p.Other = v.T("You are signed in as %s, and this invitation is for %s. Nothing happens unless you choose.", v.actor.Name, w.Email)
	case w.Mine:
	case w.Shut:
		password.Complete, password.Hint = "current-password", v.T("The one of the account that you have here already.")
		p.Fields = []ui.Field{a.field(password)}
	case w.Known:
		p.Known = "/sign-in?next=" + url.QueryEscape("/join")
	default:
		password.Complete, password.Hint = "new-password", v.T("At least %d characters; a sentence is good. Nobody else ever sees it.", identity.ShortestPassword)
		p.Fields = []ui.Field{
			a.field(ui.Field{Name: "first", Label: v.T("First name"), Value: w.First, MaxLength: text.MostPerson, Complete: "given-name", Optional: true}, "first_name"),
			a.field(ui.Field{Name: "last", Label: v.T("Last name"), Value: w.Last, MaxLength: text.MostPerson, Complete: "family-name"}, "last_name"),
			a.field(password),
		}
	}
	for i := range p.Fields {
		if p.Fields[i].As == ui.AsPassword {
			p.Fields[i].Value = "" // what was typed does not come back
		}
	}
}

// strayed says why an invitation leads to nothing, and what one can do.
func (v *visit) strayed(err error) error {
	f := fault.Of(err)
	if f == nil || f.Kind == fault.Internal || f.Kind == fault.Unavailable {
		return err
	}
	status := http.StatusGone
	if f.Kind == fault.TooMany {
		status = http.StatusTooManyRequests
	}
	var on templ.Component = ui.LinkButton{Label: v.T("Sign in"), URL: "/sign-in", Kind: ui.Primary}
	if v.actor.Kind == access.Member {
		on = ui.LinkButton{Label: v.T("Go home"), URL: "/", Kind: ui.Primary}
	}
	title := v.T("This invitation cannot be accepted")
	return v.answer(status, EntranceProblem{Entrance: v.entrance(title), Failure: ui.Failure{Icon: ui.IconLink, Title: title, Text: whole(v.T(f.Format, f.Args...)), Reference: web.RequestID(v.ctx()), Actions: on}}.View())
}

func (v *visit) joins() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	done, err := v.Signing.Accept(v.ctx(), v.actor, signing.AcceptInput{Link: v.link(), First: form.Get("first"), Last: form.Get("last"), Password: form.Get("password")})
	switch f := fault.Of(err); {
	case err == nil:
	case f != nil && f.Code == signing.ErrJoinSignIn.Code:
		return v.goOn("/sign-in?next="+url.QueryEscape("/join"), ui.Info, v.sentence(f)+".")
	case f != nil && (f.Code == fault.ErrInput.Code || f.Code == signing.ErrJoinOther.Code || f.Code == identity.ErrProvisional.Code):
		form.Del("password")
		return v.again("join", form, err, v.joinPage)
	default:
		return v.strayed(err)
	}
	web.KeepLink(v.w, v.r, joinCookie, "", "/join", 0)
	if v.actor.Kind == access.Member {
		return v.goOn("/", ui.Good, v.T("You have joined. Switch the company at the top whenever you like."))
	}
	if done.Fresh {
		return v.goOn("/sign-in", ui.Good, v.T("You have joined. Sign in with your address and the password that you have just chosen."))
	}
	return v.goOn("/sign-in", ui.Good, v.T("You have joined. Sign in with your address and password."))
}

// leavesToJoin signs out whom the invitation is not for.
func (v *visit) leavesToJoin() error {
	if err := v.Signing.SignOut(v.ctx(), v.actor); err != nil {
		return err
	}
	web.EndSession(v.w, v.r)
	return v.goOn("/join", "", "")
}
