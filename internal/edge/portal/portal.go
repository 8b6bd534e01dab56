// Package portal has the pages of buyers: one Go file with the struct that feeds it, and one .templ, a page.
//
// A page works as a plain form post and redirect; scripts only quicken it. It holds no rule: it calls use cases, and
// shows what they say.
package portal

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/purchasing"
)

// Portal serves the pages.
type Portal struct {
	Services
	seller string
	brand  ui.Brand
	log    *slog.Logger
	mux    *web.Mux       // what pages there are
	looks  *http.ServeMux // the pages that are looked at, for what is shown again after signing in
}

// New adds the pages to mux.
func New(mux *web.Mux, s Services, brand ui.Brand, log *slog.Logger) *Portal {
	p := &Portal{Services: s, seller: brand.Name, brand: brand, log: log, mux: mux, looks: http.NewServeMux()}
	mux.Page("GET "+ui.AssetsPath+"{name}", web.Meta{Scope: web.Public, Unasked: true}, ui.Assets(log, brand.Logo).ServeHTTP)
	mux.Page("GET /pieces", web.Meta{Scope: web.Public, Unasked: true}, ui.Pieces().ServeHTTP)
	p.signIn(mux)
	p.joining(mux)
	p.shop(mux)
	p.office(mux)
	return p
}

// visit is one request of a person, and what its page needs to answer.
type visit struct {
	*Portal
	w     http.ResponseWriter
	r     *http.Request
	actor access.Actor
	l     locale.Language
	zone  *time.Location

	sent func() (url.Values, error) // the form as it was sent, read once

	kept   *kept                  // the form that the reader comes back to
	idle   []string               // what the address says of a list, and means nothing
	act    *access.Once           // what a form is about that may be sent twice
	worked *purchasing.Assessment // the cart that the reader works on, where the page has looked at it already
}

// page adds a route whose handler may fail; a failure becomes the page that says so.
func (p *Portal) page(mux *web.Mux, pattern string, meta web.Meta, serve func(v *visit) error) {
	if strings.HasPrefix(pattern, "GET ") {
		p.looks.HandleFunc(pattern, resumed(serve))
	}
	mux.Page(pattern, meta, func(w http.ResponseWriter, r *http.Request) {
		v := p.visit(w, r)
		if meta.Scope != web.Public && v.actor.Kind == access.Nobody {
			web.Fail(w, r, access.ErrSignIn)
			return
		}
		err := v.elsewhere(meta)
		if err == nil {
			err = serve(v)
		}
		if err != nil {
			web.Fail(w, r, err)
		}
	})
}

// errElsewhere is the fault of sending what was filled in for another company than one acts for by now.
var errElsewhere = fault.Define(fault.Conflict, "portal.elsewhere", "this page is another company's than you act for now: switch back, and send it again")

// elsewhere is the fault of a form that was filled in while its sender acted for another company, as in another tab. Those
// about the account itself are the same in every company.
func (v *visit) elsewhere(meta web.Meta) error {
	if v.r.Method != http.MethodPost || meta.Scope == web.None || meta.Scope == web.Public {
		return nil
	}
	form, err := v.sent()
	if err != nil {
		return nil // said where it is read
	}
	in := form.Get(ui.CompanyField)
	if in == "" || in == v.actor.Company.String() {
		return nil
	}
	all, err := v.Signing.Companies(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.Company.String() == in {
			return errElsewhere.With("this page is of %s, and you act for another company now, as in another window: nothing was done. Switch back to %s, and send it again", m.CompanyName, m.CompanyName)
		}
	}
	return errElsewhere
}

func (p *Portal) visit(w http.ResponseWriter, r *http.Request) *visit {
	actor := web.Actor(r.Context())
	zone, err := time.LoadLocation(actor.Zone)
	if err != nil {
		zone = time.UTC // checked when it is chosen; a machine without it still tells the time
	}
	return &visit{Portal: p, w: w, r: r, actor: actor, l: web.Language(r.Context()), zone: zone, sent: sync.OnceValues(func() (url.Values, error) { return web.Form(r) })}
}

func (v *visit) ctx() context.Context { return v.r.Context() }

// T says an English sentence in the reader's language.
func (v *visit) T(format string, args ...any) string { return v.l.T(format, args...) }

// N is T for a sentence that counts.
func (v *visit) N(n int, one, many string, args ...any) string { return v.l.N(n, one, many, args...) }

// money, rate and the like are figures as the reader's language writes them. What the reader is not shown has no currency, and is
// nothing.
func (v *visit) money(m money.Money) string {
	if m.Currency == "" {
		return ""
	}
	return v.l.Money(m)
}

func (v *visit) rate(r money.Rate) string { return v.l.Rate(r) }

// priced reports whether the reader is shown what things cost: where they are not, nothing stands in its place.
func (v *visit) priced() bool { return v.actor.MaySomewhere(access.PricesView) }

// price is a unit price, to stand among others that may have more decimals.
func (v *visit) price(r money.Rate) ui.Money {
	return ui.Money{Text: v.rate(r), Fraction: v.l.Fraction(r)}
}

// time is a moment as people say it, with the whole of it on hover.
func (v *visit) time(at time.Time) ui.Time {
	if at.IsZero() {
		return ui.Time{}
	}
	return ui.Time{Text: v.l.DateTime(at, v.zone), ISO: at.UTC().Format(time.RFC3339), Title: v.l.Moment(at, v.zone)}
}

// show answers with a page.
func (v *visit) show(c templ.Component) error { return v.answer(http.StatusOK, c) }

// answer answers with a page and a status: 422 for a form that comes back. A page that left out something of its address
// says 400 instead of 200.
func (v *visit) answer(status int, c templ.Component) error {
	if status == http.StatusOK && len(v.idle) > 0 {
		status = http.StatusBadRequest
	}
	if status >= http.StatusBadRequest && v.r.Method == http.MethodPost {
		v.stays()
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(status)
	if err := c.Render(ui.In(v.ctx(), v.actor.Company.String()), v.w); err != nil {
		v.log.DebugContext(v.ctx(), "the reader has gone", "err", err)
	}
	return nil
}

// stays keeps the address at the page that a form stood on: where it is posted to may be another page, and that is what
// would be loaded anew.
func (v *visit) stays() { v.w.Header().Set("HX-Push-Url", "false") }

// form reads what was sent; what was typed to be found is made into what it names.
func (v *visit) form() (url.Values, error) {
	form, err := v.sent()
	if err == nil {
		v.mark(form)
		err = v.find(form)
	}
	return form, err
}

// goOn leads on after something was done, and says what.
func (v *visit) goOn(to string, tone ui.Tone, said string) error {
	return v.goOnWith(to, ui.Toast{Tone: tone, Text: said})
}

// goOnWith is goOn with all that a toast can have: Undo is an address of ours to post to.
func (v *visit) goOnWith(to string, toast ui.Toast) error {
	if toast.Text != "" {
		said := url.Values{"tone": {string(toast.Tone)}, "said": {toast.Text}, "undo": {toast.Undo}}
		web.KeepLink(v.w, v.r, flashCookie, url.QueryEscape(said.Encode()), "/", time.Minute)
	}
	v.leads(to, toast)
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

const flashCookie = "kontor_said"

// toasts are what the page before wanted said, once.
func (v *visit) toasts() []ui.Toast {
	c, err := v.r.Cookie(flashCookie)
	if err != nil {
		return nil
	}
	web.KeepLink(v.w, v.r, flashCookie, "", "/", 0)
	text, err := url.QueryUnescape(c.Value)
	if err != nil {
		return nil
	}
	said, err := url.ParseQuery(text)
	if err != nil || said.Get("said") == "" || len(said.Get("said")) > 500 {
		return nil
	}
	return []ui.Toast{{Tone: ui.Tone(said.Get("tone")), Text: said.Get("said"), Undo: ours(said.Get("undo"), "")}}
}

// ours is an address that came from outside, if it is one of this site, or else another.
func ours(address, otherwise string) string {
	if to := inside(address); to != "" {
		return to
	}
	return otherwise
}

// errorsOf are the sentences beside the fields of a form that came back, by the field's name.
func (v *visit) errorsOf(err error) (fields map[string]string, rest string) {
	fields = map[string]string{}
	f := fault.Of(err)
	if f == nil {
		return fields, ""
	}
	for _, x := range f.Fields {
		if fields[x.Name] == "" {
			fields[x.Name] = capital(v.T(x.Format, x.Args...))
		}
	}
	if len(f.Fields) == 0 || len(f.Reasons) > 0 {
		rest = v.sentence(f)
	}
	return fields, rest
}

// sentence is a fault in the reader's language.
func (v *visit) sentence(f *fault.Fault) string { return capital(v.T(f.Format, f.Args...)) }

// phrase is a phrase in the reader's language and zone.
func (v *visit) phrase(p locale.Phrase) string { return p.At(v.zone).In(v.l) }

// whole is a sentence that stands among others: it begins with a capital, and ends.
func whole(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return capital(s)
	}
	return capital(s) + "."
}

// capital is a sentence as it stands alone.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
