package portal

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/identity"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/signing"
)

// signIn adds the pages by which people come and go.
func (p *Portal) signIn(mux *web.Mux) {
	p.page(mux, "GET /sign-in", web.Meta{Scope: web.Public}, (*visit).signInPage)
	p.page(mux, "POST /sign-in", web.Meta{Scope: web.Public, Writes: true}, (*visit).signsIn)
	p.page(mux, "POST /sign-out", web.Meta{Scope: web.None, Permission: access.SelfAccount.Code(), Writes: true}, (*visit).signsOut)
	p.page(mux, "POST /acting/stop", web.Meta{Scope: web.None, Permission: access.SelfAccount.Code(), Writes: true}, (*visit).stopsActing)
	p.page(mux, "POST /company/switch", web.Meta{Scope: web.None, Permission: access.SelfAccount.Code(), Writes: true}, (*visit).switchesCompany)
}

// SignInPage asks who is there.
type SignInPage struct {
	ui.Entrance
	Email, Next string
	Error       string
	Notice      ui.Notice
	Kept        string // a form that was sent when the session had ended, sealed
}

func (v *visit) entrance(title string) ui.Entrance {
	return ui.Entrance{T: v.T, Lang: v.l.String(), Theme: ui.ThemeOf(v.r), Title: title, Seller: v.seller, Accent: v.brand.Accent, LogoURL: v.brand.Logo.URL(), HomeURL: "/", Toasts: v.toasts()}
}

func (v *visit) signInPage() error {
	if v.actor.Kind == access.Member {
		return v.goOn("/", "", "")
	}
	return v.show(SignInPage{Entrance: v.entrance(v.T("Sign in")), Next: inside(v.r.URL.Query().Get("next"))}.View())
}

func (v *visit) signsIn() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	done, err := v.Signing.SignIn(v.ctx(), v.actor, signing.SignInInput{Email: form.Get("email"), Password: form.Get("password"), Device: v.r.UserAgent()})
	if err != nil {
		kind := fault.KindOf(err)
		if kind != fault.Unauthenticated && kind != fault.TooMany && kind != fault.Invalid && !errors.Is(err, identity.ErrNotLetIn) {
			return err
		}
		status := http.StatusUnprocessableEntity
		if kind == fault.TooMany {
			status = http.StatusTooManyRequests
		}
		return v.answer(status, SignInPage{Entrance: v.entrance(v.T("Sign in")), Email: form.Get("email"), Next: inside(form.Get("next")), Kept: form.Get("kept"), Error: v.sentence(fault.Of(err))}.View())
	}
	if !v.actor.Session.IsZero() { // whose browser it was until now has left it
		if err := v.Signing.SignOut(v.ctx(), v.actor); err != nil && fault.KindOf(err) != fault.NotFound {
			return err
		}
	}
	web.StartSession(v.w, v.r, done.Token, done.Session.EndsAt)
	v.remembers(done.Session.Account)
	if k, err := v.unseal(form.Get("kept"), done.Session.Account); err == nil {
		return v.resumes(k, done.Token)
	}
	next := inside(form.Get("next"))
	if next == "" {
		next = "/"
	}
	return v.goOn(next, "", "")
}

// inside is an address of ours, or nothing: nobody is led elsewhere by a link to our sign-in.
func inside(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	return u.RequestURI()
}

func (v *visit) signsOut() error {
	if err := v.Signing.SignOut(v.ctx(), v.actor); err != nil {
		return err
	}
	web.EndSession(v.w, v.r)
	web.KeepLink(v.w, v.r, whoseCookie, "", "/", whoseLasts)
	return v.goOn("/sign-in", ui.Good, v.T("You have signed out."))
}

func (v *visit) switchesCompany() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	key, err := id.ParseCompany(form.Get("member"))
	if err != nil {
		return err
	}
	if err := v.Signing.SwitchCompany(v.ctx(), v.actor, key); err != nil {
		return err
	}
	return v.goOn("/", "", "")
}

// ProblemPage says to a person what went wrong, and what now.
type ProblemPage struct {
	ui.Frame
	Failure ui.Failure
}

// EntranceProblem is a ProblemPage for somebody who has not signed in.
type EntranceProblem struct {
	ui.Entrance
	Failure ui.Failure
}

// Problem is the page of a refusal or failure: who has not signed in is led to do so.
func (p *Portal) Problem(w http.ResponseWriter, r *http.Request, problem web.Problem) {
	v := p.visit(w, r)
	if problem.Status == http.StatusUnauthorized && ended(r) {
		if err := v.asksAgain(); err != nil {
			v.log.DebugContext(r.Context(), "the reader has gone", "err", err)
		}
		return
	}
	if problem.Status == http.StatusUnauthorized {
		to := "/sign-in"
		if r.Method == http.MethodGet && r.URL.Path != "/" {
			to += "?next=" + url.QueryEscape(r.URL.RequestURI())
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	f := v.failure(problem)
	var err error
	if v.actor.Kind == access.Member {
		err = v.answer(problem.Status, ProblemPage{Frame: v.frame(f.Title, ""), Failure: f}.View())
	} else {
		err = v.answer(problem.Status, EntranceProblem{Entrance: v.entrance(f.Title), Failure: f}.View())
	}
	if err != nil {
		v.log.DebugContext(r.Context(), "the reader has gone", "err", err)
	}
}

// whomToAsk names those who can give what is missing.
func (v *visit) whomToAsk() string {
	names, err := v.Granting.WhomToAsk(v.ctx(), v.actor)
	if err != nil || len(names) == 0 {
		return ""
	}
	return v.T("Ask %s.", v.l.Either(names...))
}

func (v *visit) failure(problem web.Problem) ui.Failure {
	home := ui.LinkButton{Label: v.T("Go home"), URL: "/", Kind: ui.Primary}
	f := ui.Failure{Icon: ui.IconWarn, Title: problem.Title, Text: whole(problem.Detail), Reference: problem.RequestID, Actions: home}
	for _, x := range problem.Fields {
		f.Text += " " + whole(x.Detail)
	}
	for _, x := range problem.Reasons {
		f.Text += " " + whole(x.Detail)
	}
	switch {
	case problem.Status == http.StatusNotFound:
		f.Title, f.Text = v.T("There is nothing here"), ""
		f.Now = v.T("Perhaps it was moved or deleted, or it belongs to somebody whose things you may not see.")
	case problem.Code == access.ErrBlocked.Code: // nobody in the company can help
		f.Title, f.Text, f.Now = v.T("You may not do this"), "", v.T("The seller has blocked your company. Your contact there knows why.")
	case problem.Code == access.ErrPending.Code:
		f.Title, f.Now = v.T("You may not do this yet"), v.T("The seller has not decided on your company. You will be able to when it is admitted.")
	case problem.Code == access.ErrTurnedAway.Code:
		f.Title, f.Now = v.T("You may not do this"), v.T("The seller has not admitted your company. The page of your company says why.")
		f.Actions = ui.LinkButton{Label: v.T("Open the company"), URL: "/company", Kind: ui.Primary}
	case problem.Code == access.ErrWithheld.Code: // nobody can give it to them
		f.Title, f.Now = v.T("You may not do this for somebody else"), v.T("Nobody can give you this while you act for a customer.")
	case problem.Code == access.ErrEscalation.Code: // it is no permission to do this that is missing
		f.Title, f.Now = v.T("You may not do this"), v.whomToAsk()
	case problem.Permission != "":
		f.Title = v.T("You may not do this")
		if perm, err := access.Parse(problem.Permission); err == nil {
			f.Text, f.Needs = "", v.T(perm.Label()) // which is all that the detail says
		}
		f.Now = v.T("Your company's administrator can give you this permission.")
		if v.actor.Realm == access.Staff {
			f.Now = v.T("An administrator of %s can give you this permission.", v.seller)
		}
		switch problem.Facts["where"] {
		case "company":
			f.Text = v.T("You hold it for a part of the company. Here it is needed for the whole company.")
		case "unit":
			f.Text = v.T("You hold it for another part of the company. Here it is needed at the unit that this is about.")
		}
		f.Now = joined(" ", f.Now, v.whomToAsk())
	case problem.Status >= http.StatusInternalServerError:
		f.Title = v.T("Something broke on our side")
		f.Text, f.Now = v.T("Nothing was changed by halves."), v.T("Please try again. If it happens again, tell your contact the number below.")
	}
	return f
}
