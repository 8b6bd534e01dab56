// Package apidoc draws the description of an API as one page, without a line of script.
package apidoc

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Links are the addresses that the page needs.
type Links struct {
	Stylesheets []string
	Icon        string // empty: none
	Description string // of the same as JSON
}

// Stylesheet is the page's own. Where it finds the tokens of the portal it takes its colours from them.
//
//go:embed docs.css
var Stylesheet []byte

//go:embed docs.html
var text string

// Page draws the description.
func Page(api *huma.OpenAPI, links Links) ([]byte, error) {
	drawn, err := template.New("docs").Parse(text)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := drawn.Execute(&out, newPage(api, links)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

type page struct {
	Links
	Title, Version string
	Text           []string // paragraphs
	Groups         []group
	Schemas        []schema
}

// group holds the operations of one tag.
type group struct {
	Name, Anchor string
	Text         []string
	Operations   []operation
}

type operation struct {
	ID, Method, Path, Summary string
	Text                      []string
	Permission, Scope         string
	Auth                      []string // nobody has to be signed in when it is empty
	Parameters                []row
	Bodies, Answers           []content
	Errors                    []content
}

// content is what goes one way in one form.
type content struct {
	Status, Media, Text string
	Type                kind
	Rows                []row
	Example             string
}

// schema is a form with a name of its own.
type schema struct {
	Name, Text string
	Rows       []row
}

// row is one value in a table.
type row struct {
	Name, In, Text string
	Type           kind
	Required       bool
	Limits         []string
}

// kind is the type of a value; Ref is the name of the schema that it leads to.
type kind struct{ Before, Ref, After string }

func newPage(api *huma.OpenAPI, links Links) page {
	p := page{Links: links, Title: api.Info.Title, Version: api.Info.Version, Text: paragraphs(api.Info.Description)}
	byTag := map[string][]operation{}
	for _, path := range slices.Sorted(maps.Keys(api.Paths)) {
		for _, op := range operations(api.Paths[path]) {
			tag := ""
			if len(op.Tags) > 0 {
				tag = op.Tags[0]
			}
			byTag[tag] = append(byTag[tag], newOperation(api, op))
		}
	}
	add := func(name, text string) {
		if ops := byTag[name]; len(ops) > 0 {
			p.Groups = append(p.Groups, group{name, "tag-" + anchor(name), paragraphs(text), ops})
			delete(byTag, name)
		}
	}
	for _, tag := range api.Tags {
		add(tag.Name, tag.Description)
	}
	for _, name := range slices.Sorted(maps.Keys(byTag)) {
		add(name, "")
	}
	named := api.Components.Schemas.Map()
	for _, name := range slices.Sorted(maps.Keys(named)) {
		p.Schemas = append(p.Schemas, schema{name, named[name].Description, rows(named[name])})
	}
	return p
}

// operations are those of one path, reading before writing.
func operations(item *huma.PathItem) []*huma.Operation {
	all := []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete}
	return slices.DeleteFunc(all, func(op *huma.Operation) bool { return op == nil })
}

func newOperation(api *huma.OpenAPI, op *huma.Operation) operation {
	o := operation{ID: op.OperationID, Method: op.Method, Path: op.Path, Summary: op.Summary, Text: paragraphs(op.Description)}
	o.Permission, _ = op.Extensions["x-permission"].(string)
	o.Scope, _ = op.Extensions["x-scope"].(string)
	for _, way := range op.Security {
		if len(way) == 0 {
			o.Auth = nil // nobody is fine too
			break
		}
		o.Auth = append(o.Auth, slices.Sorted(maps.Keys(way))...)
	}
	for _, p := range op.Parameters {
		r := newRow(p.Name, p.Schema, p.Required)
		r.In, r.Text = p.In, p.Description
		o.Parameters = append(o.Parameters, r)
	}
	if op.RequestBody != nil {
		o.Bodies = contents(api, "", "", op.RequestBody.Content)
	}
	for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
		answer := op.Responses[status]
		code, err := strconv.Atoi(status)
		all := contents(api, status, answer.Description, answer.Content)
		switch {
		case err != nil || code >= 400:
			o.Errors = append(o.Errors, content{Status: status, Text: http.StatusText(code)})
		case len(all) == 0:
			o.Answers = append(o.Answers, content{Status: status, Text: answer.Description})
		default:
			o.Answers = append(o.Answers, all...)
		}
	}
	return o
}

func contents(api *huma.OpenAPI, status, text string, by map[string]*huma.MediaType) []content {
	var all []content
	for _, media := range slices.Sorted(maps.Keys(by)) {
		c := content{Status: status, Media: media, Text: text}
		if s := by[media].Schema; s != nil {
			c.Type = kindOf(s)
			c.Rows = rows(resolve(api, s))
			if strings.HasSuffix(media, "json") {
				c.Example = example(api, s)
			}
		}
		all = append(all, c)
	}
	return all
}

// resolve is the schema that a reference leads to.
func resolve(api *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	for s.Ref != "" {
		s = api.Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// rows are the properties of an object, or of those in a list; none for anything else.
func rows(s *huma.Schema) []row {
	var all []row
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		all = append(all, newRow(name, s.Properties[name], slices.Contains(s.Required, name)))
	}
	return all
}

func newRow(name string, s *huma.Schema, required bool) row {
	return row{Name: name, Text: s.Description, Type: kindOf(s), Required: required, Limits: limits(s)}
}

func kindOf(s *huma.Schema) kind {
	switch {
	case s.Ref != "":
		return kind{Ref: s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]}
	case s.Type == huma.TypeArray && s.Items != nil:
		k := kindOf(s.Items)
		k.Before = "list of " + k.Before
		return k
	}
	if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
		k := kindOf(values)
		k.Before = "map of " + k.Before
		return k
	}
	k := kind{Before: s.Type}
	if k.Before == "" {
		k.Before = "anything"
	}
	if s.Format != "" && s.Type == huma.TypeString {
		k.Before = s.Format
	}
	if s.Nullable {
		k.After = " or null"
	}
	return k
}

// limits say in words what the schema asks of a value.
func limits(s *huma.Schema) []string {
	var all []string
	say := func(when bool, format string, args ...any) {
		if when {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	if s.Items != nil {
		all = limits(s.Items)
	}
	var choices []string
	for _, e := range s.Enum {
		choices = append(choices, fmt.Sprint(e))
	}
	say(len(choices) > 0, "one of %s", strings.Join(choices, ", "))
	figure := func(format string, f *float64) {
		if f != nil {
			say(true, format, strconv.FormatFloat(*f, 'f', -1, 64))
		}
	}
	figure("at least %s", s.Minimum)
	figure("more than %s", s.ExclusiveMinimum)
	figure("at most %s", s.Maximum)
	figure("less than %s", s.ExclusiveMaximum)
	count := func(format string, n *int) {
		if n != nil {
			say(true, format, *n)
		}
	}
	count("at least %d characters", s.MinLength)
	count("at most %d characters", s.MaxLength)
	count("at least %d", s.MinItems)
	count("at most %d", s.MaxItems)
	say(s.Pattern != "", "matches %s", s.Pattern)
	say(s.Default != nil, "%v unless said otherwise", s.Default)
	return all
}

func paragraphs(text string) []string {
	return slices.DeleteFunc(strings.Split(strings.TrimSpace(text), "\n\n"), func(s string) bool { return s == "" })
}

// anchor makes a name fit for the end of an address.
func anchor(name string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			return c
		case 'A' <= c && c <= 'Z':
			return c - 'A' + 'a'
		}
		return '-'
	}, name)
}
