package portal

import (
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/identity"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/signing"
)

// accounts adds the pages of oneself.
func (p *Portal) accounts(look looking, act adding) {
	look("/account", access.SelfAccount, "Your account", (*visit).account)
	act("/account/language", access.SelfAccount, (*visit).setsLanguage)
	act("/account/phone", access.SelfAccount, (*visit).setsPhone)
	act("/account/password", access.SelfAccount, (*visit).changesPassword)
	act("/account/sessions/{session}/end", access.SelfAccount, (*visit).endsSession)
	act("/account/sessions/end", access.SelfAccount, (*visit).endsSessions)
}

// AccountPage is what somebody sets for themselves.
type AccountPage struct {
	ui.Frame
	Header    ui.Header
	Tabs      ui.Tabs
	Facts     ui.Facts
	For       ui.Facts // the member whom one of the staff acts for; left out without facts
	Language  []ui.Field
	Phone     ui.Field // left out without a name: who is no member has none
	Password  []ui.Field
	Flaw      string // what is wrong with the password
	Sessions  ui.Items
	Others    bool // there are other sessions
	EndOthers ui.Button
}

func (v *visit) account() error { return v.accountPage(attempt{}) }

func (v *visit) accountPage(a attempt) error {
	me, err := v.Signing.Me(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	sessions, err := v.Signing.Sessions(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	p := AccountPage{Frame: v.frame(v.T("Your account"), ""), Tabs: v.accountTabs("account"), Header: ui.Header{Title: v.T("Your account"), Note: me.Email}}
	var roles []string
	for _, r := range v.actor.Roles() {
		roles = append(roles, r.Name)
	}
	slices.Sort(roles)
	you := []ui.Fact{{Label: v.T("Name"), Text: joined(" ", me.First, me.Last)}, {Label: v.T("E-mail address"), Text: me.Email}}
	as := func(company, title string) []ui.Fact {
		return []ui.Fact{{Label: v.T("Company"), Text: company}, {Label: v.T("Job title"), Text: title}, {Label: v.T("Roles"), Text: v.l.List(slices.Compact(roles)...)}}
	}
	if !v.actor.Acting() {
		you = append(you, as(me.CompanyName, me.Title)...)
	}
	p.Facts = ui.Facts{Facts: you}
	said := a.of("language")
	p.Language = []ui.Field{
		said.field(ui.Field{As: ui.AsSelect, Name: "language", Label: v.T("Language"), Value: string(me.Language), Options: []ui.Option{{Value: "en", Label: "English"}, {Value: "de", Label: "Deutsch"}}}),
		said.field(ui.Field{Name: "zone", Label: v.T("Time zone"), Value: me.Zone, Suggestions: zones(), Hint: v.T("As in Europe/Berlin. Times are shown in it.")}),
	}
	if !v.actor.Member.IsZero() {
		m, err := v.Organising.Member(v.ctx(), v.actor, v.actor.Member)
		if err != nil {
			return err
		}
		if v.actor.Acting() {
			p.For = ui.Facts{Facts: append([]ui.Fact{{Label: v.T("Name"), Text: m.Name}}, as(p.Frame.Company.Name, m.Title)...)}
		} else {
			p.Phone = a.of("phone").field(ui.Field{As: ui.AsPhone, Name: "phone", Label: v.T("Phone"), Value: m.Phone, MaxLength: text.MostPhone, Complete: "tel", Optional: true, Hint: v.T("Those see it who see you in the structure.")})
		}
	}
	new := a.of("password")
	p.Flaw = new.rest
	p.Password = []ui.Field{
		{As: ui.AsPassword, Name: "current", Label: v.T("Password in use"), Complete: "current-password", MaxLength: text.MostPassword, Error: new.wrong["current"]},
		{As: ui.AsPassword, Name: "new", Label: v.T("New password"), Complete: "new-password", MaxLength: text.MostPassword, Error: new.wrong["new"], Hint: v.T("At least %d characters; a sentence is good.", identity.ShortestPassword)},
	}
	p.Sessions = ui.Items{Label: v.T("Where you are signed in")}
	for _, s := range sessions {
		p.Sessions.Items = append(p.Sessions.Items, v.session(s))
		p.Others = p.Others || s.ID != v.actor.Session
	}
	p.EndOthers = ui.Button{Label: v.T("Sign out everywhere else"), Icon: ui.IconSignOut, Form: "end-others", Small: true}
	return v.answer(a.status(), p.View())
}

// zones are time zones to propose; any other one can be typed.
func zones() []ui.Option {
	var all []ui.Option
	for _, name := range []string{"Europe/Berlin", "Europe/London", "Europe/Paris", "Europe/Vienna", "Europe/Zurich", "Europe/Warsaw", "America/New_York", "America/Chicago", "America/Los_Angeles", "Asia/Tokyo", "Asia/Singapore", "Australia/Sydney", "UTC"} {
		all = append(all, ui.Option{Value: name})
	}
	return all
}

func (v *visit) session(s identity.Session) ui.Item {
	item := ui.Item{Title: device(s.Device), Icon: ui.IconGlobe, Text: joined(" · ", s.Address, v.T("last used %s", v.l.DateTime(s.SeenAt, v.zone)))}
	if s.ID == v.actor.Session {
		item.Meta = ui.Badge{Label: v.T("This one"), Tone: ui.Good}
		return item
	}
	item.Actions = revoking{"/account/sessions/" + s.ID.String() + "/end", ui.Button{Label: v.T("Sign out"), Kind: ui.Quiet, Small: true}}
	return item
}

// device is a browser and its system as people know them; what is not known is shown as it calls itself.
func device(agent string) string {
	find := func(known ...string) string {
		for _, name := range known {
			if strings.Contains(agent, name) {
				return name
			}
		}
		return ""
	}
	if name := joined(" · ", find("Firefox", "Edg", "Chrome", "Safari"), find("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")); name != "" {
		return strings.Replace(name, "Edg ", "Edge ", 1)
	}
	if agent == "" {
		return "–"
	}
	return agent
}

func (v *visit) setsLanguage() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in := signing.SetLanguageInput{Language: locale.Language(form.Get("language")), Zone: strings.TrimSpace(form.Get("zone"))}
	if err := v.Signing.SetLanguage(v.ctx(), v.actor, in); err != nil {
		return v.again("language", form, err, v.accountPage)
	}
	return v.goOn("/account", ui.Good, in.Language.T("This is how you are spoken to from now on."))
}

func (v *visit) setsPhone() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if err := v.Organising.SetPhone(v.ctx(), v.actor, form.Get("phone")); err != nil {
		return v.again("phone", form, err, v.accountPage)
	}
	return v.goOn("/account", ui.Good, v.T("Your phone number was saved."))
}

func (v *visit) changesPassword() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	if err := v.Signing.ChangePassword(v.ctx(), v.actor, signing.ChangePasswordInput{Current: form.Get("current"), New: form.Get("new")}); err != nil {
		return v.again("password", nil, err, v.accountPage)
	}
	return v.goOn("/account", ui.Good, v.T("The password was changed, and you are signed out everywhere else."))
}

func (v *visit) endsSession() error {
	key, err := named(v, "session", id.ParseSession)
	if err != nil {
		return err
	}
	if err := v.Signing.EndSession(v.ctx(), v.actor, key); err != nil {
		return err
	}
	if key == v.actor.Session {
		web.EndSession(v.w, v.r)
		return v.goOn("/sign-in", ui.Good, v.T("You have signed out."))
	}
	return v.goOn("/account", ui.Good, v.T("That session has ended."))
}

func (v *visit) endsSessions() error {
	if err := v.Signing.SignOutEverywhere(v.ctx(), v.actor); err != nil {
		return err
	}
	return v.goOn("/account", ui.Good, v.T("You are signed out everywhere else."))
}
