package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kontor/internal/base/fault"
)

// complaint is how one of huma's sentences becomes a code and a sentence of ours.
type complaint struct {
	begins string      // how huma's sentence begins; what follows is the figure
	ours   fault.Field // whose sentence may have a %s for the figure
}

// complaints are asked in this order.
var complaints = []complaint{
	{"unexpected property", fault.Field{Code: "unknown", Format: "there is no field of this name"}},
	{"expected boolean", fault.Field{Code: "type", Format: "this must be true or false"}},
	{"invalid boolean", fault.Field{Code: "type", Format: "this must be true or false"}},
	{"expected number >= ", fault.Field{Code: "minimum", Format: "this must be at least %s"}},
	{"expected number > ", fault.Field{Code: "minimum", Format: "this must be more than %s"}},
	{"expected number <= ", fault.Field{Code: "maximum", Format: "this must be at most %s"}},
	{"expected number < ", fault.Field{Code: "maximum", Format: "this must be less than %s"}},
	{"expected number to be a multiple of ", fault.Field{Code: "multiple", Format: "this must be a multiple of %s"}},
	{"expected number", fault.Field{Code: "type", Format: "this must be a number"}},
	{"invalid float", fault.Field{Code: "type", Format: "this must be a number"}},
	{"expected integer", fault.Field{Code: "type", Format: "this must be a whole number"}},
	{"invalid integer", fault.Field{Code: "type", Format: "this must be a whole number"}},
	{"expected string to be RFC 3339 date-time", fault.Field{Code: "format", Format: "this must be a point in time, as in 2026-01-31T12:00:00Z"}},
	{"expected string to be RFC 3339 date", fault.Field{Code: "format", Format: "this must be a day, as in 2026-01-31"}},
	{"invalid date/time", fault.Field{Code: "format", Format: "this must be a point in time, as in 2026-01-31T12:00:00Z"}},
	{"expected string to be RFC 5322 email", fault.Field{Code: "format", Format: "this must be an e-mail address"}},
	{"expected string to be RFC 3986 uri", fault.Field{Code: "format", Format: "this must be a web address"}},
	{"expected string to be base64 encoded", fault.Field{Code: "format", Format: "this must be base64"}},
	{"expected string to match pattern ", fault.Field{Code: "format", Format: "this must match %s"}},
	{"expected string to be ", fault.Field{Code: "format", Format: "this must be %s"}},
	{"expected string", fault.Field{Code: "type", Format: "this must be a text"}},
	{"expected array length >= 1", fault.Field{Code: "too_few", Format: "at least one entry is needed here"}},
	{"expected array length >= ", fault.Field{Code: "too_few", Format: "at least %s entries are needed here"}},
	{"expected array length <= 1", fault.Field{Code: "too_many", Format: "one entry fits here"}},
	{"expected array length <= ", fault.Field{Code: "too_many", Format: "at most %s entries fit here"}},
	{"expected array items to be unique", fault.Field{Code: "repeated", Format: "no entry may stand here twice"}},
	{"expected array", fault.Field{Code: "type", Format: "this must be a list"}},
	{"expected object", fault.Field{Code: "type", Format: "this must be an object"}},
	{"expected length >= 1", fault.Field{Code: "too_short", Format: "this may not be empty"}},
	{"expected length >= ", fault.Field{Code: "too_short", Format: "this needs at least %s characters"}},
	{"expected length <= 1", fault.Field{Code: "too_long", Format: "this has one character at most"}},
	{"expected length <= ", fault.Field{Code: "too_long", Format: "this has at most %s characters"}},
	{"expected value to be one of ", fault.Field{Code: "choice", Format: "this must be one of %s"}},
}

// invalid is the problem that something becomes which huma refused.
func (c *call) invalid(ctx context.Context, status int, text string, errs []error) *Problem {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return c.problem(ctx, ErrTooLarge)
	case http.StatusUnsupportedMediaType:
		return c.problem(ctx, ErrContentType)
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
	default:
		return c.problem(ctx, errors.Join(append(errs, errors.New(text))...))
	}
	var wrong fault.Input
	for _, err := range errs {
		complain(&wrong, err)
	}
	err := wrong.Err()
	if err == nil {
		return c.problem(ctx, fault.ErrInput.Because(errors.New(text)))
	}
	Unread(ctx, err)
	c.unread.tryRest(errs)
	return c.problem(ctx, c.unread.all(c.unread.tried))
}

// complain adds what huma has to say of one value.
func complain(wrong *fault.Input, err error) {
	detail, ok := err.(huma.ErrorDetailer)
	if !ok {
		wrong.Add("", "invalid", "this value cannot be read")
		return
	}
	d := detail.ErrorDetail()
	name := fieldName(d.Location)
	if rest, ok := strings.CutPrefix(d.Message, "expected required property "); ok {
		missing := strings.TrimSuffix(rest, " to be present")
		wrong.Add(strings.TrimPrefix(name+"."+missing, "."), "required", "this is needed")
		return
	}
	if isMissing(d.Message) {
		wrong.Add(name, "required", "this is needed")
		return
	}
	for _, heard := range complaints {
		figure, ok := strings.CutPrefix(d.Message, heard.begins)
		switch {
		case !ok, !strings.Contains(heard.ours.Format, "%s") && strings.HasSuffix(heard.begins, "1") && figure != "": // of ten, say
			continue
		case strings.Contains(heard.ours.Format, "%s"):
			wrong.Add(name, heard.ours.Code, heard.ours.Format, strings.Trim(figure, `"`))
		default:
			wrong.Add(name, heard.ours.Code, heard.ours.Format)
		}
		return
	}
	wrong.Add(name, "invalid", "this value cannot be read")
}

// fieldName turns body.lines[3].quantity into lines.3.quantity, and leaves query.limit as it is.
func fieldName(location string) string {
	name := fieldPath(location)
	if name == "body" {
		return ""
	}
	return strings.TrimPrefix(name, "body.")
}

// fieldPath turns body.lines[3].quantity into body.lines.3.quantity.
func fieldPath(location string) string {
	return strings.NewReplacer("[", ".", "]", "").Replace(location)
}

// parameter is the name in one pair of a query.
func parameter(pair string) (string, error) {
	name, _, ok := strings.Cut(pair, "=")
	if !ok {
		return "", ErrAddress.With("a parameter of an address is a name, an equals sign and a value")
	}
	name, err := url.QueryUnescape(name)
	if err != nil {
		return "", ErrAddress.Because(err)
	}
	return name, nil
}

func sortedKeys(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }
