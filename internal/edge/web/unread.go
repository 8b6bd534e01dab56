package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kontor/internal/base/fault"
)

// unread is what of the input of one request could not be read. As long as it is nothing the request is carried out;
// then it is only tried, so that all that is wrong is said at once (ADR 0027).
type unread struct {
	wrong   error              // with its fields
	version *fault.Fault       // what is amiss with the version that the caller has seen: there is none, or we never gave it
	rest    func(errs []error) // tries the request without what huma has found wrong; nil once that is done
	tried   error              // what that came to
}

// Unread notes that something of the request cannot be read, and lets its handler go on: what it asks for from now on is
// only tried, and its answer is what is wrong. Nothing is noted of nil.
func Unread(ctx context.Context, err error) {
	u := callOf(ctx).unread
	switch {
	case err == nil:
	case fault.KindOf(err) != fault.Invalid:
		errors.As(err, &u.version)
	case u.wrong == nil:
		u.wrong = err
	default:
		u.wrong = fault.Both(u.wrong, err)
	}
}

// any reports whether something could not be read.
func (u *unread) any() bool { return u != nil && (u.wrong != nil || u.version != nil) }

// all is all that is wrong: what could not be read, and what trying the rest came to.
func (u *unread) all(tried error) error {
	switch {
	case u.wrong == nil && u.version == nil:
		return tried
	case u.wrong == nil && fault.KindOf(tried) != fault.Invalid:
		return u.version
	case u.version == nil:
		return fault.Both(u.wrong, tried)
	}
	var in fault.Input
	in.Take("header.If-Match", u.version)
	if u.wrong == nil {
		return fault.Both(in.Err(), tried)
	}
	return fault.Both(fault.Both(u.wrong, in.Err()), tried)
}

// tryRest tries the request without what huma has found wrong with it.
func (u *unread) tryRest(errs []error) {
	if try := u.rest; try != nil {
		u.rest = nil
		try(errs)
	}
}

// without is the request without what is wrong with it: its handler can read the rest.
func without(r *http.Request, text []byte, errs []error) (*http.Request, bool) {
	var body any
	if len(text) > 0 {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&body); err != nil {
			return nil, false
		}
	}
	c := r.Clone(r.Context())
	for _, err := range errs {
		detail, ok := err.(huma.ErrorDetailer)
		if !ok {
			return nil, false
		}
		d := detail.ErrorDetail()
		in, name, _ := strings.Cut(fieldPath(d.Location), ".")
		switch {
		case isMissing(d.Message):
		case in == "query":
			parameter, _, _ := strings.Cut(name, ".")
			c.URL.RawQuery = withoutParameter(c.URL.RawQuery, parameter)
		case in == "body" && name != "":
			remove(body, strings.Split(name, "."))
		case in != "header" && in != "path":
			return nil, false
		}
	}
	if len(text) > 0 {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return nil, false
		}
	}
	c.Body, c.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return c, true
}

// isMissing reports whether huma says of something that it is not there.
func isMissing(message string) bool {
	return strings.HasPrefix(message, "expected required property ") || strings.HasPrefix(message, "required ")
}

// remove takes a value out of JSON. In a list it leaves null, so that the others keep their places.
func remove(from any, path []string) {
	last := len(path) == 1
	switch at := from.(type) {
	case map[string]any:
		if last {
			delete(at, path[0])
		} else {
			remove(at[path[0]], path[1:])
		}
	case []any:
		i, err := strconv.Atoi(path[0])
		switch {
		case err != nil || i < 0 || i >= len(at):
		case last:
			at[i] = nil
		default:
			remove(at[i], path[1:])
		}
	}
}

// withoutParameter is a query without all parameters of this name.
func withoutParameter(query, name string) string {
	values, err := url.ParseQuery(query)
	if err != nil {
		return query
	}
	values.Del(name)
	return values.Encode()
}
