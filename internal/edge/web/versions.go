package web

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// The faults of preconditions.
var (
	ErrNoIfMatch      = fault.Define(fault.Unversioned, "request.if_match_missing", "say in If-Match which version you have seen, so that nobody's change is lost")
	ErrIfMatch        = fault.Define(fault.Invalid, "request.if_match", "If-Match is one entity tag as an ETag header gave it")
	ErrVersion        = fault.Define(fault.Stale, "request.version", "this is not the version that you have seen: look at it again")
	ErrIdempotencyKey = fault.Define(fault.Invalid, "request.idempotency_key", "an Idempotency-Key is 1 to 255 visible ASCII characters")
)

// ETag is the entity tag of a version. It names what is kept, so it is the same in every language and encoding.
func ETag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// IfMatch is the version that the caller has seen.
func IfMatch(r *http.Request) (int64, error) { return version(r.Header["If-Match"]) }

func version(given []string) (int64, error) {
	if len(given) == 0 {
		return 0, ErrNoIfMatch
	}
	tag := strings.TrimPrefix(strings.TrimSpace(given[0]), "W/") // a proxy that compresses weakens tags
	if len(given) > 1 || len(tag) < 2 || tag[0] != '"' || tag[len(tag)-1] != '"' || strings.Count(tag, `"`) != 2 {
		return 0, ErrIfMatch.At("header.If-Match")
	}
	v, err := strconv.ParseInt(tag[1:len(tag)-1], 10, 64)
	if err != nil || v < 0 || ETag(v) != tag {
		return 0, ErrVersion // a tag that we never gave is no tag of anything now
	}
	return v, nil
}

// IdempotencyKey is the caller's name for this one act, "" when it has none.
func IdempotencyKey(r *http.Request) (string, error) {
	return idempotencyKey(r.Header["Idempotency-Key"])
}

func idempotencyKey(given []string) (string, error) {
	if len(given) == 0 {
		return "", nil
	}
	key := given[0]
	if len(given) > 1 || key == "" || len(key) > 255 || strings.ContainsFunc(key, func(c rune) bool { return c <= ' ' || c > '~' }) {
		return "", ErrIdempotencyKey.At("header.Idempotency-Key")
	}
	return key, nil
}

// Versioned is embedded in the input of an operation that changes something which has versions.
type Versioned struct {
	IfMatch string `header:"If-Match" doc:"The entity tag of the version that you have seen. Another one meanwhile is answered with 412, whose ETag is the version of now, and which shows what stands there: look at it, and send that." example:"\"7\""`
}

// Version is the version that the caller has seen.
func (v Versioned) Version() (int64, error) {
	if v.IfMatch == "" {
		return version(nil)
	}
	return version([]string{v.IfMatch})
}

// current says in a problem of an older version where the thing is read, what stands there now, and which version that is
// where the problem does not know: that of what was asked for, or of what it is a part of, as far as whoever asks may read it.
func (a *API) current(ctx context.Context, p *Problem) {
	c := *callOf(ctx)
	c.note, c.keys = new(note), nil
	asked := c.asked
	if asked == nil || ctx.Value(lookingKey{}) != nil { // what is looked at here asks for nothing further
		return
	}
	ctx = context.WithValue(ctx, lookingKey{}, true)
	for at := asked.URL.Path; strings.Count(at, "/") > 2; at = at[:strings.LastIndex(at, "/")] {
		r := asked.Clone(context.WithValue(ctx, callKey{}, &c))
		r.Method, r.URL, r.Pattern, r.Body, r.ContentLength = http.MethodGet, &url.URL{Path: at}, "", http.NoBody, 0
		r.Header = http.Header{"Accept": {"application/json"}}
		w := seen{header: http.Header{}, room: mostShown}
		a.looks.ServeHTTP(&w, r)
		if tag, known := w.header.Get("ETag"), p.header.Get("ETag"); w.status == http.StatusOK && tag != "" && (known == "" || known == tag) {
			p.Current = at
			p.header.Set("ETag", tag)
			a.since(r, p, w.body, c.body)
			break
		}
	}
	if c.in["If-Match"] == "" { // the operation takes the version with what is sent
		p.Detail = short(c.actor.Language.T("%s. Read it again, and send its version in the body", p.Detail))
		return
	}
	p.Detail = short(c.actor.Language.T("%s. Read it again, and send its ETag in If-Match", p.Detail))
}

// mostShown is how many bytes of what stands there now a problem shows; of more it only says where to read it.
const mostShown = 64 << 10

// since says in a problem of an older version what stands there now, what of what was sent is otherwise, and what has happened
// to it last.
func (a *API) since(r *http.Request, p *Problem, now, sent []byte) {
	var is struct {
		ID string `json:"id"`
	}
	if json.Valid(now) {
		p.Now = bytes.TrimSpace(now)
		p.Differs = differing(sent, now)
		if json.Unmarshal(now, &is) != nil {
			is.ID = "" // it is a list, or has another kind of id: what it is about stands in the address
		}
	}
	about := ""
	for part := range strings.SplitSeq(p.Current, "/") {
		if _, _, ok := id.Inside(part); ok {
			about = part
		}
	}
	if about == "" {
		about = is.ID
	}
	if about == "" || a.past == nil {
		return
	}
	past, err := a.past(r.Context(), about)
	if err != nil && fault.KindOf(err) != fault.Forbidden { // who may not read the audit is told what stands there, and no more
		callOf(r.Context()).note.err = err
		return
	}
	p.Past = past
}

// differing are the places of what was sent that are otherwise now, in order. What only one of the two has is not compared: much
// of an answer is only read, and some of a request is only sent. A list differs as a whole.
func differing(sent, now []byte) (all []string) {
	read := func(text []byte) (v any) {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return nil // nothing was sent, or no JSON: there is nothing to compare
		}
		return v
	}
	escaped := strings.NewReplacer("~", "~0", "/", "~1")
	var walk func(at string, a, b any)
	walk = func(at string, a, b any) {
		mine, one := a.(map[string]any)
		theirs, two := b.(map[string]any)
		if !one || !two {
			if at != "" && !reflect.DeepEqual(a, b) {
				all = append(all, at)
			}
			return
		}
		for _, name := range slices.Sorted(maps.Keys(mine)) {
			if value, ok := theirs[name]; ok && name != "version" { // the version is what all of this is about
				walk(at+"/"+escaped.Replace(name), mine[name], value)
			}
		}
	}
	walk("", read(sent), read(now))
	return all
}

// lookingKey is there in the context of a look for what is current.
type lookingKey struct{}

// seen is an answer of which only its head is of interest, and its body as far as there is room for it.
type seen struct {
	header http.Header
	status int
	room   int
	body   []byte // nil where there is more than fits
}

func (s *seen) Header() http.Header { return s.header }

func (s *seen) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
}

func (s *seen) Write(b []byte) (int, error) {
	s.WriteHeader(http.StatusOK)
	if s.room -= len(b); s.room < 0 {
		s.body = nil
	} else {
		s.body = append(s.body, b...)
	}
	return len(b), nil
}

// Once is embedded in the input of an operation that may be sent twice and is to be carried out once.
type Once struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"Your name for this one act, 1 to 255 visible ASCII characters. The same key with the same body is answered alike and done once; with another body it is refused with 422." example:"3f0c9d1e-submit"`
}

// Key is the caller's name for this one act, "" when it has none.
func (o Once) Key() (string, error) {
	if o.IdempotencyKey == "" {
		return idempotencyKey(nil)
	}
	return idempotencyKey([]string{o.IdempotencyKey})
}
