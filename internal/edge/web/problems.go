package web

import (
	"bytes"
	"net/http"
	"unicode"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
	"kontor/internal/edge/web/apidoc"
)

// problems adds the pages that the types of problems lead to: what each code means, and what there is to do.
func (a *API) problems(links apidoc.Links) {
	codes := fault.Defined()
	// whoever is signed in reads it in the language of their account
	a.mux.Page("GET /problems/{code}", Meta{Scope: Public, Ways: ByCookie | ByToken}, func(w http.ResponseWriter, r *http.Request) {
		f := fault.Lookup(r.PathValue("code"))
		if f == nil {
			Fail(w, r, ErrNoRoute)
			return
		}
		l, kind, status := Language(r.Context()), kindOf(f), statusOf(f)
		var page bytes.Buffer
		err := apidoc.Problem{Links: links, Language: string(l), Title: l.T("Problem %s", f.Code), Skip: l.T("Skip to the problem"), All: l.T("All problems"), Codes: codes, Code: f.Code,
			Status: status, Kind: kind.title.In(l), Says: l.T("What it says"), Text: spoken(l.T(f.Format)), Exact: l.T("The single case may say it more exactly."),
			Do: l.T("What to do"), Todo: kind.todo.In(l)}.Draw(&page)
		w.Header().Set("Vary", "Accept-Language, Cookie, Authorization")
		a.write(w, r, "text/html; charset=utf-8", page.Bytes(), err)
	})
}

// spoken is a sentence that stands alone: it begins with a capital, and ends.
func spoken(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToUpper(first)) + sentence[size:] + "."
}

// kindOf is what is said of the kind of a fault; an address that answers to another method is one of its own.
func kindOf(f *fault.Fault) kind {
	if f.Code == ErrMethod.Code {
		return kind{http.StatusMethodNotAllowed, locale.Say("This address takes another method"),
			locale.Say("There is something at this address, and it does not answer to this method. The header Allow names those to which it does.")}
	}
	return kinds[f.Kind]
}

// statusOf is the status of a fault: that of its kind, but for an address that answers to another method.
func statusOf(f *fault.Fault) int {
	return kindOf(f).status
}
