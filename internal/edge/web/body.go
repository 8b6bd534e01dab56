package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"kontor/internal/base/fault"
	"kontor/internal/edge/web/strict"
)

// MaxBody is how many bytes of a body are read where a route says nothing else.
const MaxBody = 1 << 20

// The faults of bodies and of what forms hold.
var (
	ErrTooLarge    = fault.Define(fault.TooLarge, "request.too_large", "this is more than is read here in one go")
	ErrContentType = fault.Define(fault.WrongType, "request.content_type", "this content type is not read here")
	ErrBodyCut     = fault.Define(fault.Invalid, "request.cut", "the body ends before its end")
	ErrForm        = fault.Define(fault.Invalid, "request.form", "this form cannot be read")
	ErrNoBody      = fault.Define(fault.Invalid, "request.no_body", "nothing is read from the body here, so it must be empty")
)

// wellFormed refuses an address that two readers could read differently, or that no table could hold.
func wellFormed(u *url.URL) error {
	if !plainText(u.Path) {
		return ErrAddress
	}
	if u.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil || !plainValues(query) {
		return ErrAddress
	}
	return nil
}

func plainValues(values url.Values) bool {
	for name, all := range values {
		if !plainText(name) {
			return false
		}
		for _, value := range all {
			if !plainText(value) {
				return false
			}
		}
	}
	return true
}

// plainText reports whether s is UTF-8 without NUL: what both databases keep.
func plainText(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

// bound sees to it that no more than most bytes of the body are read. It reaches for the writer below ours, for
// only that one knows how to close a connection on which more is coming so that the caller still gets the answer.
func bound(w http.ResponseWriter, r *http.Request, most int64) error {
	if a, ok := w.(*answer); ok {
		w = a.ResponseWriter
	}
	if r.ContentLength > most {
		_, err := http.MaxBytesReader(w, r.Body, 0).Read(make([]byte, 1))
		return errors.Join(&http.MaxBytesError{Limit: most}, err)
	}
	r.Body = http.MaxBytesReader(w, r.Body, most)
	return nil
}

// mediaType is the content type without its parameters; a charset other than UTF-8 makes it another type.
func mediaType(r *http.Request) string {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") || r.Header.Get("Content-Encoding") != "" {
		return ""
	}
	return media
}

// JSON reads a body of JSON that every parser reads alike.
func JSON(r *http.Request) ([]byte, error) {
	if mediaType(r) != "application/json" {
		return nil, ErrContentType.With("this is read as %s", "application/json")
	}
	body, err := whole(r)
	if err != nil {
		return nil, err
	}
	return body, strict.Check(body)
}

// Form reads the fields of a form, not its files: valid UTF-8, line ends as in a text file. Fields of the
// address are none of it.
func Form(r *http.Request) (url.Values, error) {
	switch mediaType(r) {
	case "application/x-www-form-urlencoded":
		body, err := whole(r)
		if err != nil {
			return nil, err
		}
		if r.PostForm, err = url.ParseQuery(string(body)); err != nil {
			return nil, ErrForm.Because(err)
		}
	case "multipart/form-data":
		if err := r.ParseMultipartForm(MaxBody); err != nil {
			return nil, readingFault(err, ErrForm)
		}
	default:
		return nil, ErrContentType.With("this is read as %s", "application/x-www-form-urlencoded")
	}
	if !plainValues(r.PostForm) {
		return nil, ErrForm
	}
	for _, all := range r.PostForm {
		for i := range all {
			all[i] = strings.ReplaceAll(all[i], "\r\n", "\n")
		}
	}
	return r.PostForm, nil
}

// whole reads the body to its end.
func whole(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, readingFault(err, ErrBodyCut)
	}
	return body, nil
}

// readingFault is otherwise for what the caller did, and the error itself where it has a fault of its own.
func readingFault(err error, otherwise *fault.Fault) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return otherwise.Because(err)
}
