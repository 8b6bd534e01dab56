package ui

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// AssetsPath is where Assets must be mounted.
const AssetsPath = "/assets/"

//go:embed all:dist
var embedded embed.FS

// manifest maps the names that pages use to the hashed names of the built
// files. It is nil when the assets have not been built.
var manifest = sync.OnceValues(func() (map[string]string, error) {
	text, err := embedded.ReadFile("dist/manifest.json")
	if err != nil {
		return nil, fmt.Errorf("read the assets' manifest: %w", err)
	}
	var names map[string]string
	if err := json.Unmarshal(text, &names); err != nil {
		return nil, fmt.Errorf("parse the assets' manifest: %w", err)
	}
	return names, nil
})

// AssetURL is the address of a built file by the name pages know it by: "app.css".
func AssetURL(name string) string {
	names, err := manifest()
	if err != nil || names[name] == "" {
		return AssetsPath + name // answers 404; Assets has logged why
	}
	return AssetsPath + names[name]
}

// Assets serves the built styles, scripts, icons and fonts below AssetsPath, and a seller's logo where there is one.
// Their names change with their content, so they are kept for ever. Where they
// have not been built it says so in the log, once, and answers 404.
func Assets(log *slog.Logger, logo *Logo) http.Handler {
	if _, err := manifest(); err != nil {
		log.Warn("pages have no styles or scripts: run make assets", "err", err)
	}
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic(err) // the name is a constant
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, AssetsPath)
		if colour, ok := accentOf(name); ok {
			serveAccent(w, colour)
			return
		}
		if logo != nil && name == logo.name {
			logo.serve(w)
			return
		}
		serveAsset(w, r, dist, name)
	})
}

// encodings are tried in this order; built files lie beside the plain one.
var encodings = [...]struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

func serveAsset(w http.ResponseWriter, r *http.Request, dist fs.FS, name string) {
	names, err := manifest()
	if err != nil || !isBuilt(names, name) {
		http.NotFound(w, r)
		return
	}
	head := w.Header()
	head.Set("Content-Type", contentType(name))
	head.Set("Cache-Control", "public, max-age=31536000, immutable")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Add("Vary", "Accept-Encoding")
	for _, e := range encodings {
		if !accepts(r.Header.Get("Accept-Encoding"), e.name) {
			continue
		}
		if _, err := fs.Stat(dist, name+e.suffix); err == nil {
			head.Set("Content-Encoding", e.name)
			http.ServeFileFS(w, r, dist, name+e.suffix)
			return
		}
	}
	http.ServeFileFS(w, r, dist, name)
}

// isBuilt says whether name is one of the files of the manifest.
func isBuilt(names map[string]string, name string) bool {
	for _, built := range names {
		if built == name {
			return true
		}
	}
	return false
}

// accepts says whether an Accept-Encoding header admits a coding.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		key, value, found := strings.Cut(strings.TrimSpace(params), "=")
		if !found || strings.TrimSpace(key) != "q" {
			return true
		}
		weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return err == nil && weight > 0
	}
	return false
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	default:
		return "text/plain; charset=utf-8"
	}
}

// ContentSecurityPolicy is what every page must be sent with. The pieces need nothing more.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ThemeOf is the theme that the reader has chosen, from the cookie that the theme button sets.
func ThemeOf(r *http.Request) Theme {
	cookie, err := r.Cookie("theme")
	if err != nil {
		return SystemTheme
	}
	switch theme := Theme(cookie.Value); theme {
	case LightTheme, DarkTheme:
		return theme
	default:
		return SystemTheme
	}
}
