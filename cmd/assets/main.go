// Command assets bundles the styles, scripts, icons and fonts of the pages
// from internal/edge/ui/assets and the locked npm packages into
// internal/edge/ui/dist, which the binary embeds. It is run from the root of
// the repository, after npm ci.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"

	"kontor/internal/edge/ui"
)

const (
	source = "internal/edge/ui/assets"
	dist   = "internal/edge/ui/dist"
	icons  = "node_modules/@iconify-json/lucide/icons.json"
)

// packages are those of which something is sent to readers, and so their licences too.
var packages = []string{"@fontsource-variable/inter", "@iconify-json/lucide", "htmx.org", "idiomorph"}

func main() {
	log.SetFlags(0)
	if err := build(); err != nil {
		log.Fatal("assets: ", err)
	}
}

func build() error {
	files, err := bundle()
	if err != nil {
		return err
	}
	sprite, err := sprite()
	if err != nil {
		return err
	}
	files.add("icons.svg", sprite)
	mark, err := os.ReadFile(filepath.Join(source, "mark.svg"))
	if err != nil {
		return err
	}
	files.add("mark.svg", mark)
	legal, err := legal()
	if err != nil {
		return err
	}
	files.add("LEGAL.txt", legal)
	return files.write()
}

// built are the files to write: the name pages know each by, its hashed name, its content.
type built struct {
	names    map[string]string
	contents map[string][]byte
}

// add takes a file that esbuild has not named.
func (b *built) add(name string, content []byte) {
	sum := sha256.Sum256(content)
	ext := filepath.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:4]) + ext
	b.names[name], b.contents[hashed] = hashed, content
}

// bundle makes one script and one style sheet of their parts, with their fonts.
func bundle() (*built, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{source + "/app.ts", source + "/app.css"},
		Outdir:            dist,
		Bundle:            true,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Metafile:          true,
		Format:            api.FormatESModule,
		Target:            api.ES2022,
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "123"}, {Name: api.EngineFirefox, Version: "121"}, {Name: api.EngineSafari, Version: "17.5"},
		},
		EntryNames:    "[name]-[hash]",
		AssetNames:    "[name]-[hash]",
		Loader:        map[string]api.Loader{".woff2": api.LoaderFile},
		LegalComments: api.LegalCommentsNone, // they stand in LEGAL.txt
		LogLevel:      api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string
			Inputs     map[string]struct{}
		}
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, fmt.Errorf("read what was bundled: %w", err)
	}
	files := &built{names: map[string]string{}, contents: map[string][]byte{}}
	for output, from := range meta.Outputs {
		name := strings.Replace(filepath.Base(from.EntryPoint), ".ts", ".js", 1)
		if from.EntryPoint == "" {
			for input := range from.Inputs { // a font has one
				name = filepath.Base(input)
			}
		}
		files.names[name] = filepath.Base(output)
	}
	for _, file := range result.OutputFiles {
		files.contents[filepath.Base(file.Path)] = file.Contents
	}
	return files, nil
}

// sprite draws the icons that the pieces name, and no others, into one file.
func sprite() ([]byte, error) {
	text, err := os.ReadFile(icons)
	if err != nil {
		return nil, fmt.Errorf("%w: run npm ci", err)
	}
	var set struct {
		Icons map[ui.Icon]struct{ Body string }
	}
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, fmt.Errorf("parse %s: %w", icons, err)
	}
	var svg bytes.Buffer
	svg.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for _, name := range ui.Icons() {
		icon, ok := set.Icons[name]
		if !ok {
			return nil, fmt.Errorf("there is no icon %q in %s", name, icons)
		}
		body := strings.ReplaceAll(icon.Body, `stroke-width="2"`, `stroke-width="1.75"`)
		fmt.Fprintf(&svg, `<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`, name, body)
	}
	svg.WriteString(`</svg>`)
	return svg.Bytes(), nil
}

// legal gathers the licences of what is sent to readers.
func legal() ([]byte, error) {
	var text bytes.Buffer
	for _, name := range packages {
		content, err := licence(filepath.Join("node_modules", name))
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&text, "%s\n\n%s\n\n", name, bytes.TrimSpace(content))
	}
	return text.Bytes(), nil
}

// licence is the text of a package's licence, or its name where the package carries no text.
func licence(folder string) ([]byte, error) {
	for _, name := range []string{"LICENSE", "license.txt", "LICENSE.txt", "LICENSE.md"} {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil {
			return content, nil
		}
		if !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	content, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return nil, fmt.Errorf("%w: run npm ci", err)
	}
	var about struct{ License string }
	if err := json.Unmarshal(content, &about); err != nil {
		return nil, fmt.Errorf("parse %s/package.json: %w", folder, err)
	}
	return []byte("Licence: " + about.License), nil
}

// write replaces what was built before.
func (b *built) write() error {
	old, err := filepath.Glob(filepath.Join(dist, "[^.]*"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	for name, content := range b.contents {
		if err := writeWithShort(filepath.Join(dist, name), content); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(b.names, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dist, "manifest.json"), manifest, 0o644); err != nil {
		return err
	}
	b.report()
	return nil
}

// writeWithShort writes a file and, where it is worth it, its brotli and gzip forms.
func writeWithShort(path string, content []byte) error {
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return err
	}
	if filepath.Ext(path) == ".woff2" { // compressed already
		return nil
	}
	var short bytes.Buffer
	br := brotli.NewWriterLevel(&short, brotli.BestCompression)
	if _, err := br.Write(content); err != nil {
		return err
	}
	if err := br.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(path+".br", short.Bytes(), 0o644); err != nil {
		return err
	}
	short.Reset()
	gz, err := gzip.NewWriterLevel(&short, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := gz.Write(content); err != nil {
		return err
	}
	if err := gz.Close(); err != nil {
		return err
	}
	return os.WriteFile(path+".gz", short.Bytes(), 0o644)
}

// report prints what each file weighs as it is and over the wire.
func (b *built) report() {
	names := make([]string, 0, len(b.contents))
	for name := range b.contents {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		wire := int64(len(b.contents[name]))
		if short, err := os.Stat(filepath.Join(dist, name+".br")); err == nil {
			wire = short.Size()
		}
		fmt.Printf("%8d  %7d over the wire  %s\n", len(b.contents[name]), wire, name)
	}
}
