package ui

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

// Brand is how a seller shows who they are.
type Brand struct {
	Name   string
	Accent string // "#rrggbb"; anything else is our own
	Logo   *Logo  // nil: the name, behind its first letter
}

// Logo is a seller's picture of their name, as the top bar shows it, 28 pixels high.
type Logo struct {
	name string // with a trace of the content, so that it is kept for ever
	kind string
	data []byte
}

// MostLogo is how many bytes a logo may have.
const MostLogo = 256 << 10

// ReadLogo reads a logo from a file: a PNG, JPEG, WebP or SVG, as its content says.
func ReadLogo(path string) (*Logo, error) {
	f, err := os.Open(path) //nolint:gosec // the operator says which
	if err != nil {
		return nil, fmt.Errorf("the logo cannot be read: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, MostLogo+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the logo cannot be read: %w", err)
	case len(data) > MostLogo:
		return nil, fmt.Errorf("a logo has at most %d KiB", MostLogo>>10)
	}
	kind, suffix := http.DetectContentType(data), ""
	switch {
	case kind == "image/png":
		suffix = ".png"
	case kind == "image/jpeg":
		suffix = ".jpg"
	case kind == "image/webp":
		suffix = ".webp"
	case isSVG(data):
		kind, suffix = "image/svg+xml", ".svg"
	default:
		return nil, errors.New("a logo is a PNG, JPEG, WebP or SVG")
	}
	sum := sha256.Sum256(data)
	return &Logo{"logo-" + hex.EncodeToString(sum[:4]) + suffix, kind, data}, nil
}

// isSVG says whether the first element of a document is a drawing.
func isSVG(data []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		t, err := d.Token()
		if err != nil {
			return false
		}
		if e, ok := t.(xml.StartElement); ok {
			return strings.EqualFold(e.Name.Local, "svg")
		}
	}
}

// URL is the logo's address; empty without one.
func (l *Logo) URL() string {
	if l == nil {
		return ""
	}
	return AssetsPath + l.name
}

// serve answers the logo. What a drawing would load or do is forbidden by the policy that all our answers bear.
func (l *Logo) serve(w http.ResponseWriter) {
	head := w.Header()
	head.Set("Content-Type", l.kind)
	head.Set("Cache-Control", "public, max-age=31536000, immutable")
	head.Set("X-Content-Type-Options", "nosniff")
	// The reader who has gone away need not be told.
	_, _ = w.Write(l.data)
}
