package ui

import (
	"bytes"
	"image"
	"image/png"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALogoIsReadAndServed(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 90, 28))); err != nil {
		t.Fatal(err)
	}
	file := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ sentence, path, kind, refused string }{
		{"a picture, whatever its file is called", file("logo.txt", picture.String()), "image/png", ""},
		{"a drawing behind its prologue", file("l.svg", `<?xml version="1.0"?><!-- a --><svg xmlns="http://www.w3.org/2000/svg"/>`), "image/svg+xml", ""},
		{"a page", file("logo.svg", `<html><svg/></html>`), "", "a logo is a PNG, JPEG, WebP or SVG"},
		{"nothing", file("logo.png", ""), "", "a logo is a PNG, JPEG, WebP or SVG"},
		{"too much", file("logo.png", picture.String()+strings.Repeat("x", MostLogo)), "", "a logo has at most 256 KiB"},
		{"no file", "no/such.png", "", "the logo cannot be read"},
	} {
		logo, err := ReadLogo(c.path)
		if c.refused != "" {
			if err == nil || !strings.Contains(err.Error(), c.refused) || logo.URL() != "" {
				t.Errorf("%s: %v", c.sentence, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.sentence, err)
			continue
		}
		assets := Assets(slog.New(slog.DiscardHandler), logo)
		w := httptest.NewRecorder()
		assets.ServeHTTP(w, httptest.NewRequest("GET", logo.URL(), nil))
		if w.Code != 200 || w.Header().Get("Content-Type") != c.kind || w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Body.Len() == 0 {
			t.Errorf("%s at %s: %d %v", c.sentence, logo.URL(), w.Code, w.Header())
		}
		w = httptest.NewRecorder()
		assets.ServeHTTP(w, httptest.NewRequest("GET", AssetsPath+"logo-00000000.png", nil))
		if w.Code != 404 {
			t.Errorf("another logo: %d", w.Code)
		}
	}
}
