package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
)

// kind is what a kind of fault becomes. The title is for people, and so is what there is to do, on the page that a problem's
// type leads to.
type kind struct {
	status int
	title  locale.Phrase
	todo   locale.Phrase // what it means, and what the caller can do
}

// kinds is the only place where a kind of fault meets a status.
var kinds = map[fault.Kind]kind{
	fault.Internal: {http.StatusInternalServerError, locale.Say("Something broke on our side"),
		locale.Say("Something broke that is not for you to mend. Try again; if it stays so, tell whoever runs this server, with the number of the request (request_id).")},
	fault.Invalid: {http.StatusBadRequest, locale.Say("This cannot be understood"),
		locale.Say("What was sent cannot be read, and nothing was changed. Look at the fields of the problem: each names a value, where it stands (path, query, header or body, with a pointer), and what is wrong with it. Mend all of them, and send it again.")},
	fault.Unauthenticated: {http.StatusUnauthorized, locale.Say("Please sign in"),
		locale.Say("We do not know who is asking. Sign in, or send a token that holds: the header Authorization with Bearer and the token.")},
	fault.Forbidden: {http.StatusForbidden, locale.Say("You may not do this"),
		locale.Say("We know who is asking, and they may not. Where a permission is missing the problem names it (permission): an administrator of your company can give you a role that has it.")},
	fault.NotFound: {http.StatusNotFound, locale.Say("There is no such thing"),
		locale.Say("It is not there, has been removed, or is not yours to see; these are never told apart. Look at the identifier, and at the company for which you act.")},
	fault.Conflict: {http.StatusConflict, locale.Say("This is in conflict with what is there"),
		locale.Say("It meets what is there already, or what has happened meanwhile, and nothing was changed. Read it again, and decide anew.")},
	fault.Stale: {http.StatusPreconditionFailed, locale.Say("Somebody else was faster"),
		locale.Say("Somebody has changed it since you read it, and nothing was overwritten. See what stands there now (now; current says where to read it), what of yours is otherwise (differs) and who was there last (past), and send its ETag in If-Match.")},
	fault.Unversioned: {http.StatusPreconditionRequired, locale.Say("Say which version you have seen"),
		locale.Say("A change says which version it has seen, so that nobody's change is lost. Read it first, and send the ETag that came with it in If-Match.")},
	fault.TooLarge: {http.StatusRequestEntityTooLarge, locale.Say("This is too much at once"),
		locale.Say("It is more than is read in one go, and nothing of it was done. Send it in several parts, or send a smaller file.")},
	fault.WrongType: {http.StatusUnsupportedMediaType, locale.Say("This kind of content is not read here"),
		locale.Say("It is of a kind that is not read here. Send it as one of the kinds that the problem names, and say so in Content-Type.")},
	fault.Refused: {http.StatusUnprocessableEntity, locale.Say("A rule says no"),
		locale.Say("It can be read, and a rule says no; nothing was changed. Every reason is listed (reasons): mend them, or ask whoever may change the rule.")},
	fault.TooMany: {http.StatusTooManyRequests, locale.Say("That was too often"),
		locale.Say("Requests came faster than they are answered for one address, account or company. Wait as long as the header Retry-After says, and try again.")},
	fault.Unavailable: {http.StatusServiceUnavailable, locale.Say("Not just now"),
		locale.Say("It cannot be done just now, and nothing was changed. Wait as long as the header Retry-After says, and try again.")},
}

// gone is the status that the log gives a request whose caller left. Nobody reads it.
const gone = 499

// The faults that an error becomes which is none.
var (
	ErrBroken = fault.Define(fault.Internal, "request.broken", "something broke on our side; the number of this request helps us find out what")
	ErrSlow   = fault.Define(fault.Unavailable, "request.slow", "this took too long; please try again")
)

// Problem is what somebody outside is told, as RFC 9457 has it.
type Problem struct {
	Type       string            `json:"type" doc:"Names the kind of problem: /problems/ and the code. There this server says what it means, and what to do." example:"/problems/budget.exhausted"`
	Title      string            `json:"title" doc:"What kind of problem it is, for a person."`
	Status     int               `json:"status" doc:"The HTTP status."`
	Detail     string            `json:"detail" doc:"What happened here, for a person, in the language asked for."`
	Code       string            `json:"code" doc:"Names the problem for programs; never changes." example:"budget.exhausted"`
	Instance   string            `json:"instance" doc:"Names this one occurrence: urn:kontor:request: and the request's number."`
	RequestID  string            `json:"request_id" doc:"The request's number, to be quoted when asking for help."`
	Permission string            `json:"permission,omitempty" doc:"The permission that is missing." example:"orders.view"`
	Fields     []ProblemField    `json:"fields,omitempty" doc:"What is wrong with which value of the input."`
	Reasons    []ProblemReason   `json:"reasons,omitempty" doc:"Every reason of a refusal."`
	Facts      map[string]string `json:"facts,omitempty" doc:"More for programs, by name."`
	Current    string            `json:"current,omitempty" doc:"Of a 412: where to read what has changed. The header ETag is its version of now, to be sent in If-Match." example:"/api/v1/budgets/bud_01jd"`
	Now        json.RawMessage   `json:"now,omitempty" doc:"Of a 412: what stands there now, as current answers whoever asks; absent where it is longer than 64 KiB."`
	Differs    []string          `json:"differs,omitempty" doc:"Of a 412: what was sent and is otherwise now, by its place in both bodies, as RFC 6901 has it: what you have changed yourself, and what somebody else has." example:"[\"/name\"]"`
	Past       []Happening       `json:"past,omitempty" doc:"Of a 412, for whoever may read the audit: what has happened to it last, the newest first; five at most."`

	header http.Header
}

// ProblemField is what is wrong with one value of the input.
type ProblemField struct {
	In      string `json:"in" enum:"body,query,path,header" doc:"Where the value stands."`
	Name    string `json:"name" doc:"The value's name, dotted." example:"lines.3.quantity"`
	Pointer string `json:"pointer,omitempty" doc:"The value's place in the body, as RFC 6901 has it." example:"/lines/3/quantity"`
	Code    string `json:"code" doc:"Names what is wrong for programs." example:"required"`
	Detail  string `json:"detail" doc:"What is wrong, for a person."`
}

// Happening is something that has happened to a thing, as the audit tells it.
type Happening struct {
	At     time.Time       `json:"at"`
	Actor  string          `json:"actor" doc:"Who did it, as they were called then."`
	Member string          `json:"member_id,omitempty"`
	Event  string          `json:"event" example:"budget.edited"`
	Data   json.RawMessage `json:"data" doc:"As an entry of the audit has it."`
}

// ProblemReason is one reason of a refusal.
type ProblemReason struct {
	Code       string            `json:"code"`
	Detail     string            `json:"detail"`
	Permission string            `json:"permission,omitempty"`
	Facts      map[string]string `json:"facts,omitempty"`
}

// Error makes a Problem what huma's handlers may return.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus tells huma the status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders tells huma the headers.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType tells huma the content type.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// Fail answers with err: a problem for a program, a page for a person. What is no fault is logged and told to
// nobody. A caller who has left is told nothing at all.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	c := callOf(r.Context())
	p := c.problem(r.Context(), err)
	if a, ok := w.(*answer); ok && !a.takeBack() {
		a.broken = true // half of something else has gone out: what comes must not look like the rest
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), p.header)
	switch {
	case p.Status == gone:
		w.WriteHeader(gone)
	case forPrograms(r):
		w.Header().Set("Content-Type", p.ContentType(""))
		w.WriteHeader(p.Status)
		if err := json.NewEncoder(w).Encode(p); err != nil {
			c.note.err = errors.Join(c.note.err, err)
		}
	case c.edge.Page != nil:
		c.edge.Page(w, r, *p)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(p.Status)
		if err := plain.Execute(w, p); err != nil {
			c.note.err = errors.Join(c.note.err, err)
		}
	}
}

var plain = template.Must(template.New("problem").Parse(`<!doctype html><meta charset="utf-8"><title>{{.Title}}</title>` +
	`<h1>{{.Title}}</h1><p>{{.Detail}}</p><p><small>{{.RequestID}}</small></p>`))

// forPrograms reports whether the caller wants a problem rather than a page.
func forPrograms(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return strings.HasPrefix(r.URL.Path, "/api/") || strings.Contains(accept, "json") && !strings.Contains(accept, "text/html")
}

// problem is what err becomes outside. It notes for the log what must stay inside.
func (c *call) problem(ctx context.Context, err error) *Problem {
	f := c.faultOf(ctx, err)
	if c.lasting.Err() != nil && (errors.Is(err, context.Canceled) || f == ErrSlow) {
		c.note.code = "request.left"
		return &Problem{Status: gone}
	}
	c.note.code, c.note.permission = f.Code, f.Detail["permission"]
	kind, l := kindOf(f), c.actor.Language
	p := &Problem{
		Type: "/problems/" + f.Code, Title: kind.title.In(l), Status: statusOf(f), Code: f.Code,
		Detail: short(l.T(f.Format, f.Args...)), Instance: "urn:kontor:request:" + c.id, RequestID: c.id,
		Permission: f.Detail["permission"], Fields: c.fieldsOf(f.Fields), Reasons: reasonsOf(l, f.Reasons), Facts: factsOf(f),
		header: http.Header{},
	}
	if f.Code == ErrMethod.Code {
		p.header.Set("Allow", f.Detail["allow"])
	}
	switch f.Kind {
	case fault.Unauthenticated:
		p.header.Set("WWW-Authenticate", `Bearer realm="kontor"`)
	case fault.Stale:
		if now, err := strconv.ParseInt(f.Detail["version"], 10, 64); err == nil {
			p.header.Set("ETag", ETag(now))
		}
	case fault.TooMany, fault.Unavailable:
		p.header.Set("Retry-After", retryAfter(f))
	}
	return p
}

// faultOf is the fault in err, or the one that an error of ours alone becomes.
func (c *call) faultOf(ctx context.Context, err error) *fault.Fault {
	var tooLarge *http.MaxBytesError
	var f *fault.Fault
	switch {
	case errors.As(err, &f) && f.Kind != fault.Internal:
		c.note.err = errors.Unwrap(f) // what lies behind a fault is not for outside
		return f
	case errors.As(err, &tooLarge):
		return ErrTooLarge.With("at most %s bytes are read here", strconv.FormatInt(tooLarge.Limit, 10))
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), ctx.Err() != nil:
		c.note.err = err
		return ErrSlow
	}
	c.note.err = err
	return ErrBroken
}

// retryAfter is in whole seconds.
func retryAfter(f *fault.Fault) string {
	if after := f.Detail["retry_after"]; after != "" {
		return after
	}
	return "1"
}

// factsOf are the fault's facts, but for those that have a place of their own.
func factsOf(f *fault.Fault) map[string]string {
	facts := maps.Clone(f.Detail)
	for _, placed := range []string{"permission", "retry_after", "allow", "version"} {
		delete(facts, placed)
	}
	return facts
}

// Reasons are faults as a problem lists them, for an answer that is none: in the language of who asks.
func Reasons(ctx context.Context, reasons ...*fault.Fault) []ProblemReason {
	return append([]ProblemReason{}, reasonsOf(callOf(ctx).actor.Language, reasons)...)
}

func reasonsOf(l locale.Language, reasons []*fault.Fault) []ProblemReason {
	var all []ProblemReason
	for _, f := range reasons {
		all = append(all, ProblemReason{f.Code, short(l.T(f.Format, f.Args...)), f.Detail["permission"], factsOf(f)})
		all = append(all, reasonsOf(l, f.Reasons)...)
	}
	return all
}

// fieldsMost is how many wrong values one answer names.
const fieldsMost = 100

// fieldsOf names the wrong values in a settled order. A name that begins with query., path. or header. stands there, and so
// does that of a parameter of the operation; every other one stands in the body.
func (c *call) fieldsOf(fields []fault.Field) []ProblemField {
	pointer := strings.NewReplacer("~", "~0", "/", "~1", ".", "/")
	var all []ProblemField
	for _, f := range fields[:min(len(fields), fieldsMost)] {
		p := ProblemField{In: "body", Name: short(f.Name), Code: f.Code, Detail: short(c.actor.Language.T(f.Format, f.Args...))}
		in, name, ok := strings.Cut(p.Name, ".")
		switch {
		case ok && slices.Contains([]string{"query", "path", "header"}, in):
			p.In, p.Name = in, name
		case c.in[p.Name] != "":
			p.In = c.in[p.Name]
		case p.Name != "":
			p.Pointer = "/" + pointer.Replace(p.Name)
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b ProblemField) int { return strings.Compare(a.In+a.Name, b.In+b.Name) })
	return all
}

// short cuts what a caller could have made long.
func short(s string) string {
	if len(s) <= longest {
		return s
	}
	return fmt.Sprintf("%s…", strings.ToValidUTF8(s[:longest], ""))
}
