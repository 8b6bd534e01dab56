package web

import (
	"io"
	"mime"
	"net/http"

	"kontor/internal/base/fault"
)

// ErrFile is the fault of a form that lacks the one file it is about.
var ErrFile = fault.Define(fault.Invalid, "request.file", "please choose one file")

// File reads the one file of a form that was read before. Its name is what the sender says, and nothing to rely on.
func File(r *http.Request, field string) (name string, file []byte, err error) {
	if r.MultipartForm == nil || len(r.MultipartForm.File[field]) != 1 {
		return "", nil, ErrFile
	}
	head := r.MultipartForm.File[field][0]
	f, err := head.Open()
	if err != nil {
		return "", nil, ErrFile.Because(err)
	}
	file, err = io.ReadAll(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return head.Filename, file, err
}

// Download answers with a file, to be kept and not shown.
func Download(w http.ResponseWriter, name, media string, file []byte) error {
	w.Header().Set("Content-Type", media)
	w.Header().Set("Content-Disposition", Attachment(name))
	_, err := w.Write(file)
	return err
}

// Attachment is the header of a file of this name.
func Attachment(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}
