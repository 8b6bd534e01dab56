package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

// worthwhile is the size in bytes from which an answer is compressed; up to it an answer can still be taken back.
const worthwhile = 1024

// answer is the response on its way out: it notes what the handler says, holds back the beginning until it is
// plain whether to compress, and compresses.
type answer struct {
	http.ResponseWriter
	accepts string // the encoding that the caller likes best of ours, "" for none
	status  int    // 0 until the handler says
	size    int64  // bytes that the handler wrote
	held    []byte
	out     io.Writer // nil while the beginning is held back; then where bytes go
	squeeze squeezer  // nil for plain
	broken  bool      // the connection is to be cut, not finished
}

// squeezer is what gzip.Writer and brotli.Writer have in common.
type squeezer interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

func newAnswer(w http.ResponseWriter, r *http.Request) *answer {
	a := &answer{ResponseWriter: w}
	if r.Method != http.MethodHead {
		a.accepts = encoding(r.Header.Get("Accept-Encoding"))
	}
	return a
}

// Unwrap lets http.ResponseController reach deadlines.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// WriteHeader notes the status. It goes out with the first bytes that do.
func (a *answer) WriteHeader(status int) {
	switch {
	case status < 200:
		a.ResponseWriter.WriteHeader(status) // says only that more is to come
	case a.status == 0:
		a.status = status
	}
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.size += int64(len(b))
	if a.out != nil {
		return a.out.Write(b)
	}
	if a.held = append(a.held, b...); len(a.held) < worthwhile {
		return len(b), nil
	}
	if err := a.begin(); err != nil {
		return 0, err
	}
	return len(b), nil
}

// begin sends the headers and what was held back.
func (a *answer) begin() error {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	h := a.Header()
	if len(a.held) > 0 && h["Content-Type"] == nil {
		h.Set("Content-Type", http.DetectContentType(a.held))
	}
	a.out = a.ResponseWriter
	if squeezes(h, a.status) {
		h.Add("Vary", "Accept-Encoding")
		if pool := squeezers[a.accepts]; pool != nil && len(a.held) >= worthwhile {
			h.Set("Content-Encoding", a.accepts)
			h.Del("Content-Length")
			h.Del("Accept-Ranges")
			a.squeeze = pool.Get().(squeezer)
			a.squeeze.Reset(a.ResponseWriter)
			a.out = a.squeeze
		}
	}
	a.ResponseWriter.WriteHeader(a.status)
	if len(a.held) == 0 {
		return nil
	}
	_, err := a.out.Write(a.held)
	a.held = nil
	return err
}

// FlushError sends what there is.
func (a *answer) FlushError() error {
	if a.out == nil {
		if err := a.begin(); err != nil {
			return err
		}
	}
	if a.squeeze != nil {
		if err := a.squeeze.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(a.ResponseWriter).Flush()
}

// Flush is FlushError for who does not ask.
func (a *answer) Flush() {
	_ = a.FlushError() // http.Flusher has no error to give; the next Write meets it
}

// takeBack forgets what the handler said, and reports whether that was still possible.
func (a *answer) takeBack() bool {
	if a.out != nil {
		return false
	}
	a.status, a.size, a.held = 0, 0, nil
	return true
}

// close finishes the answer.
func (a *answer) close() {
	if a.broken {
		return
	}
	if a.out == nil {
		if length := len(a.held); length > 0 {
			a.Header().Set("Content-Length", strconv.Itoa(length))
		}
		a.broken = a.begin() != nil
	}
	if a.squeeze == nil {
		return
	}
	pool := squeezers[a.accepts]
	a.broken = a.squeeze.Close() != nil // the caller has gone: there is nobody to tell
	a.squeeze.Reset(nil)
	pool.Put(a.squeeze)
	a.squeeze = nil
}

// squeezers are the encodings that we write, by name. Levels are for answers made on the spot: brotli 4 packs
// better than gzip 6 in the time of gzip 3. A window of 256 KiB is more than nearly every page, and keeps the pool small.
var squeezers = map[string]*sync.Pool{
	"br": {New: func() any {
		return brotli.NewWriterOptions(nil, brotli.WriterOptions{Quality: 4, LGWin: 18})
	}},
	"gzip": {New: func() any {
		w, err := gzip.NewWriterLevel(nil, 5)
		if err != nil {
			panic(err) // 5 is a level
		}
		return w
	}},
}

// squeezes reports whether an answer with these headers may be sent compressed.
func squeezes(h http.Header, status int) bool {
	if status < 200 || status == http.StatusNoContent || status == http.StatusPartialContent || status == http.StatusNotModified {
		return false
	}
	if h["Content-Encoding"] != nil || strings.Contains(h.Get("Cache-Control"), "no-transform") {
		return false
	}
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	if media = strings.TrimSpace(media); media == "text/event-stream" {
		return false
	}
	return strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "json") || strings.HasSuffix(media, "xml") ||
		media == "application/javascript"
}

// encoding is the one of ours that an Accept-Encoding header likes best, brotli when it does not care.
func encoding(header string) string {
	best, liking := "", 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if squeezers[name] == nil {
			continue
		}
		q := 1.0
		if weight = strings.TrimSpace(weight); weight != "" {
			var err error
			if q, err = strconv.ParseFloat(strings.TrimPrefix(weight, "q="), 64); err != nil {
				continue // a weight that cannot be read speaks for nothing
			}
		}
		if q > liking || q == liking && q > 0 && name == "br" {
			best, liking = name, q
		}
	}
	return best
}
