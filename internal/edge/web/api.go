package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"kontor/internal/base/fault"
	"kontor/internal/edge/web/apidoc"
	"kontor/internal/edge/web/strict"
)

// APISettings are what an API says of itself.
type APISettings struct {
	Title, Version, Description string
	Server                      string     // the address that the description names; "" is the one it was got from
	Tags                        []TagNotes // in the order of the page
	Stylesheets                 []string   // of the portal, for the page
	Icon                        string     // of the portal, for the page; empty: none
}

// TagNotes say what the operations of one tag are about.
type TagNotes struct{ Name, Text string }

// API is a set of operations in JSON, with their description.
type API struct {
	huma  huma.API
	mux   *Mux
	looks *http.ServeMux  // what can be read, for who has seen an older version of it
	rests map[string]rest // each operation, for a request of which some cannot be read
	past  func(ctx context.Context, about string) ([]Happening, error)
}

// NewAPI adds to mux the description of an API, as OpenAPI 3.1 at /api/v1/openapi.json and as a page at
// /api/v1/docs. Its operations are added by Register.
func NewAPI(mux *Mux, s APISettings) *API {
	settle()
	a := &API{mux: mux, looks: http.NewServeMux(), rests: map[string]rest{}}
	described := &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: s.Title, Version: s.Version, Description: s.Description},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"session": {Type: "apiKey", In: "cookie", Name: "__Host-kontor", Description: "The session of a person who has signed in to the portal."},
				"token":   {Type: "http", Scheme: "bearer", Description: "The token of a session, from POST /api/v1/sessions."},
			},
		},
	}
	if s.Server != "" {
		described.Servers = []*huma.Server{{URL: s.Server}}
	}
	for _, t := range s.Tags {
		described.Tags = append(described.Tags, &huma.Tag{Name: t.Name, Description: t.Text})
	}
	a.huma = huma.NewAPI(huma.Config{
		OpenAPI:       described,
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
	}, adapter{a})
	a.pages(apidoc.Links{Stylesheets: append(s.Stylesheets, "/api/v1/docs.css"), Icon: s.Icon, Description: "/api/v1/openapi.json"})
	return a
}

// settle turns the switches that huma has for the whole program: names are compared to the letter, and what it
// refuses itself becomes a Problem.
var settle = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false // null is no list
	huma.NewError = func(status int, text string, errs ...error) huma.StatusError {
		return callOf(context.Background()).invalid(context.Background(), status, text, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, text string, errs ...error) huma.StatusError {
		return callOf(ctx.Context()).invalid(ctx.Context(), status, text, errs)
	}
})

// pages adds the description in both its forms.
func (a *API) pages(links apidoc.Links) {
	open := Meta{Scope: Public, Unasked: true}
	described := sync.OnceValues(func() ([]byte, error) {
		delete(a.huma.OpenAPI().Components.Schemas.Map(), "FormFile") // huma's own, of which nothing tells: a file is described in place
		return json.Marshal(a.huma.OpenAPI())
	})
	a.mux.Page("GET /api/v1/openapi.json", open, func(w http.ResponseWriter, r *http.Request) {
		text, err := described()
		a.write(w, r, "application/json", text, err)
	})
	page := sync.OnceValues(func() ([]byte, error) {
		return apidoc.Page(a.huma.OpenAPI(), links)
	})
	a.mux.Page("GET /api/v1/docs", open, func(w http.ResponseWriter, r *http.Request) {
		text, err := page()
		a.write(w, r, "text/html; charset=utf-8", text, err)
	})
	a.problems(links)
	a.mux.Page("GET /api/v1/docs.css", open, func(w http.ResponseWriter, r *http.Request) {
		a.write(w, r, "text/css; charset=utf-8", apidoc.Stylesheet, nil)
	})
}

func (a *API) write(w http.ResponseWriter, r *http.Request, media string, text []byte, err error) {
	if err != nil {
		Fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("Cache-Control", "public, max-age=300")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

// Recalls says who knows what has happened to a thing, by its identifier, the newest first, as far as whoever asks may read it.
// Who has seen an older version of the thing is told.
func (a *API) Recalls(past func(ctx context.Context, about string) ([]Happening, error)) {
	a.past = past
}

// OpenAPI is the description of the operations registered so far.
func (a *API) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }

// Mux knows the routes, those of people among them.
func (a *API) Mux() *Mux { return a.mux }

// Op is an operation of the API.
type Op struct {
	Method, Path string // "POST", "/api/v1/orders/{order}/submit"
	ID           string // "submit-order"; unique
	Tag, Summary string
	Text         string // more about it, in Markdown
	Permission   string // the leaf asked for, "" where none is
	Scope        Scope
	Ways         Way  // of showing who one is; 0 is both
	Unasked      bool // nobody is asked who they are, as where one gets a token
	Writes       bool // something is different afterwards
	Idempotent   bool // its input embeds Once, and its use case keeps the outcome; any other POST takes a key by itself
	Secret       bool // its answer is shown this once, and never kept
	Status       int  // of success; 0 is 200, or 204 where nothing is answered
	MaxBody      int64
}

// Register adds an operation. It panics when op is not complete or does not fit its input, for that is a mistake
// in the program.
//
// The input is a struct as huma wants it: fields tagged path, query or header, a Body, and what it embeds of
// Versioned, Once. What the caller sends is checked against it, to the letter, before the handler is called. The
// error that a handler returns is answered as Fail would.
func Register[I, O any](a *API, op Op, handler func(context.Context, *I) (*O, error)) {
	input := reflect.TypeFor[I]()
	described := op.described(input)
	huma.Register(a.huma, described, func(ctx context.Context, in *I) (*O, error) {
		out, err := once(ctx, op, in, handler)
		if err = callOf(ctx).unread.all(err); err != nil {
			p := callOf(ctx).problem(ctx, err)
			if p.Status == http.StatusPreconditionFailed {
				a.current(ctx, p)
			}
			return nil, p
		}
		return out, nil
	})
	described.Hidden, described.SkipValidateParams, described.SkipValidateBody = true, true, true
	huma.Register(a.huma, described, func(ctx context.Context, in *I) (*O, error) {
		_, err := handler(ctx, in)
		callOf(ctx).unread.tried = err
		return nil, nil
	})
}

// described is the operation as huma knows it.
func (op Op) described(input reflect.Type) huma.Operation {
	_, body := input.FieldByName("Body")
	_, once := input.FieldByName("IdempotencyKey")
	_, versioned := input.FieldByName("IfMatch")
	switch {
	case op.ID == "" || op.Tag == "" || op.Summary == "":
		panic(fmt.Sprintf("web: %s %s has no ID, Tag or Summary", op.Method, op.Path))
	case once != op.Idempotent:
		panic(fmt.Sprintf("web: %s is idempotent exactly when its input embeds Once", op.ID))
	case tagged(input, "uniqueItems", map[reflect.Type]bool{}):
		panic(fmt.Sprintf("web: %s has uniqueItems, at which huma breaks when it is sent objects; let the handler look", op.ID))
	}
	if op.Ways == 0 && !op.Unasked {
		op.Ways = ByCookie | ByToken
	}
	security := []map[string][]string{}
	for _, way := range op.Ways.names() {
		security = append(security, map[string][]string{way: {}})
	}
	if op.Scope == Public {
		security = append(security, map[string][]string{}) // nobody is fine too
	}
	errs := []int{400, 429, 503}
	add := func(when bool, status ...int) {
		if when {
			errs = append(errs, status...)
		}
	}
	add(!op.Unasked, 401)
	add(op.Scope != Public, 403)
	add(strings.Contains(op.Path, "{"), 404)
	add(op.Writes, 409, 422)
	add(versioned, 412, 428)
	add(body, 413, 415)
	var params []*huma.Param
	if op.repeatable() {
		params = append(params, keyParam())
	}
	return huma.Operation{
		Parameters: params,
		Method:     op.Method, Path: op.Path, OperationID: op.ID, Tags: []string{op.Tag}, Summary: op.Summary, Description: op.Text,
		DefaultStatus: op.Status, Security: security, Errors: errs,
		MaxBodyBytes:    -1, // the route bounds it
		BodyReadTimeout: -1, // it has been read by then; a deadline now would end the request itself
		Extensions:      map[string]any{"x-permission": op.Permission, "x-scope": string(op.Scope)},
		Metadata:        map[string]any{"op": op},
	}
}

// tagged reports whether a field of t, or of what t holds, has this tag.
func tagged(t reflect.Type, tag string, seen map[reflect.Type]bool) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return tagged(t.Elem(), tag, seen)
	case reflect.Struct:
		if seen[t] {
			return false
		}
		seen[t] = true
		for f := range t.Fields() {
			if f.Tag.Get(tag) != "" || tagged(f.Type, tag, seen) {
				return true
			}
		}
	}
	return false
}

// adapter makes huma's operations routes of ours.
type adapter struct{ api *API }

// Handle adds an operation to the mux.
func (a adapter) Handle(described *huma.Operation, serve func(huma.Context)) {
	op, ok := described.Metadata["op"].(Op)
	if !ok {
		panic("web: an operation is registered by web.Register")
	}
	if described.Hidden {
		a.api.rests[op.ID] = rest{described, serve}
		return
	}
	if op.Method == http.MethodGet {
		delete(described.Responses, "422") // which huma names wherever there is input, and we answer with 400
	}
	for _, p := range described.Parameters {
		if p.Name == "If-Match" {
			p.Required = true // without it the answer is 428: ours, not one of huma's
		}
	}
	input := inputOf(described)
	meta := Meta{Permission: op.Permission, Scope: op.Scope, Writes: op.Writes, Ways: op.Ways, Unasked: op.Unasked, MaxBody: op.MaxBody}
	handle := func(w http.ResponseWriter, r *http.Request) {
		c := *callOf(r.Context())
		c.in, c.asked, c.unread = input.in, r, new(unread)
		r = r.WithContext(context.WithValue(r.Context(), callKey{}, &c))
		body, err := input.check(r)
		if err != nil {
			Fail(w, r, err)
			return
		}
		c.body = body
		c.unread.rest = func(errs []error) {
			if r, ok := without(r, body, errs); ok {
				a.api.rests[op.ID].try(r)
			}
		}
		serve(humago.NewContext(described, r, w))
	}
	if op.Method == http.MethodGet {
		a.api.looks.HandleFunc("GET "+op.Path, handle)
	}
	a.api.mux.add(KindAPI, op.Method, op.Path, op.ID, meta, handle)
}

// ServeHTTP makes adapter an adapter of huma; nobody calls it.
func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.api.mux.mux.ServeHTTP(w, r) }

// rest is an operation that checks nothing, and of which only matters what it refuses.
type rest struct {
	described *huma.Operation
	serve     func(huma.Context)
}

func (o rest) try(r *http.Request) {
	o.serve(humago.NewContext(o.described, r, &seen{header: http.Header{}}))
}

// input is what an operation reads.
type input struct {
	in       map[string]string // where each parameter stands, by its name
	repeats  map[string]bool   // query parameters that may stand more than once
	media    map[string]bool   // content types of the body; none: there is no body
	required bool              // there must be a body
}

func inputOf(op *huma.Operation) input {
	in := input{in: map[string]string{}, repeats: map[string]bool{}, media: map[string]bool{}}
	for _, p := range op.Parameters {
		in.in[p.Name] = p.In
		if p.In == "query" && p.Explode != nil && *p.Explode {
			in.repeats[p.Name] = true
		}
	}
	if op.RequestBody != nil {
		in.required = op.RequestBody.Required
		for media := range op.RequestBody.Content {
			in.media[media] = true
		}
	}
	return in
}

// check refuses what two readers could read differently, or notes it where the rest can be read all the same. A body of
// JSON it reads to the end, and hands on the same bytes.
func (in input) check(r *http.Request) (body []byte, err error) {
	if err := in.checkQuery(r); err != nil {
		return nil, err
	}
	var wrong fault.Input
	for _, name := range []string{"If-Match", "Idempotency-Key"} {
		if len(r.Header[name]) > 1 {
			wrong.Add("header."+name, "repeated", "this may stand here once")
		}
	}
	Unread(r.Context(), wrong.Err())
	if in.in["Idempotency-Key"] != "" {
		_, err := IdempotencyKey(r)
		Unread(r.Context(), err)
	}
	media := mediaType(r)
	switch {
	case media == "multipart/form-data" && in.media[media]:
		_, err := Form(r)
		return nil, err
	case media != "" && in.media[media]:
	case r.Header.Get("Content-Type") == "" && r.ContentLength == 0:
	case len(in.media) == 0 && media == "application/json":
	case len(in.media) == 0 && (r.Method == http.MethodGet || r.Method == http.MethodHead):
	default:
		return nil, ErrContentType.With("this is read as %s", in.names())
	}
	if body, err = whole(r); err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch {
	case len(in.media) == 0 && len(body) > 0 && string(body) != "{}":
		return nil, ErrNoBody
	case len(in.media) == 0:
		return nil, nil
	case len(body) == 0 && !in.required:
		return nil, nil
	case len(body) == 0 || strings.HasSuffix(media, "json"):
		return body, strict.Check(body)
	}
	return nil, nil
}

func (in input) names() string {
	if len(in.media) == 0 {
		return "application/json"
	}
	return strings.Join(sortedKeys(in.media), ", ")
}

// checkQuery notes parameters that stand there twice, of which every reader makes his own, and those that nobody reads, and
// takes them away. It refuses a query that is none.
func (in input) checkQuery(r *http.Request) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	var wrong fault.Input
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		name, err := parameter(pair)
		switch {
		case err != nil:
			return err
		case wrong.Has("query." + name):
		case in.in[name] != "query":
			wrong.Add("query."+name, "unknown", "there is no parameter of this name")
		case seen[name] && !in.repeats[name]:
			wrong.Add("query."+name, "repeated", "this may stand here once")
		}
		seen[name] = true
	}
	err := wrong.Err()
	if err != nil {
		u := *r.URL
		for _, f := range fault.Of(err).Fields {
			u.RawQuery = withoutParameter(u.RawQuery, strings.TrimPrefix(f.Name, "query."))
		}
		r.URL = &u
	}
	Unread(r.Context(), err)
	return nil
}
