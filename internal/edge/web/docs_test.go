package web_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/edge/web"
)

func TestTheDescriptionIsOpenAPI(t *testing.T) {
	w := newWorld(t)
	r := w.ask("GET", "/api/v1/openapi.json", "")
	var api struct {
		OpenAPI    string
		Info       struct{ Title, Version string }
		Paths      map[string]map[string]operation
		Components struct {
			Schemas         map[string]map[string]any
			SecuritySchemes map[string]any
		}
	}
	if err := json.Unmarshal(r.body, &api); err != nil || r.Header.Get("Content-Type") != "application/json" {
		t.Fatal(err, r.Header)
	}
	if api.OpenAPI != "3.1.0" || api.Info.Title != "Kontor" || len(api.Components.SecuritySchemes) != 2 {
		t.Errorf("%+v", api.Info)
	}
	// Every operation of the table is described, and nothing else is.
	described := map[string]string{}
	for path, methods := range api.Paths {
		for method, op := range methods {
			described[strings.ToUpper(method)+" "+path] = op.OperationID
		}
	}
	for _, rt := range w.mux.Routes() {
		if name := rt.Method + " " + rt.Pattern; rt.Operation != described[name] {
			t.Errorf("%s is %q in the table and %q in the description", name, rt.Operation, described[name])
		} else {
			delete(described, name)
		}
	}
	if len(described) > 0 {
		t.Errorf("described and not there: %v", described)
	}
	create := api.Paths["/api/v1/things"]["post"]
	if create.Permission != "lists.manage" || create.Scope != "own" || len(create.Security) != 2 {
		t.Errorf("%+v", create)
	}
	for _, status := range []string{"201", "400", "401", "403", "409", "413", "415", "422", "429", "500", "503"} {
		if _, ok := create.Responses[status]; !ok {
			t.Errorf("no %s in %v", status, create.Responses)
		}
	}
	if _, ok := api.Paths["/api/v1/things"]["get"].Responses["422"]; ok {
		t.Error("a list is refused by a rule")
	}
	problem := create.Responses["400"].Content["application/problem+json"].Schema.Ref
	if problem != "#/components/schemas/Problem" {
		t.Errorf("a refusal is %q", problem)
	}
	if fail := api.Paths["/api/v1/fail/{thing}"]["get"]; len(fail.Security) != 3 || len(fail.Security[2]) != 0 {
		t.Errorf("what is public needs %v", fail.Security)
	}
	for name, schema := range api.Components.Schemas {
		if schema["type"] == "object" && schema["additionalProperties"] != false {
			t.Errorf("%s takes whatever comes", name)
		}
	}
	if strings.Contains(string(r.body), "$schema") {
		t.Error("somebody added $schema")
	}
}

type operation struct {
	OperationID string `json:"operationId"`
	Permission  string `json:"x-permission"`
	Scope       string `json:"x-scope"`
	Security    []map[string][]string
	Responses   map[string]struct {
		Content map[string]struct {
			Schema struct {
				Ref string `json:"$ref"`
			}
		}
	}
}

func TestThePageOfTheAPIKeepsToThePolicy(t *testing.T) {
	w := newWorld(t)
	r := w.ask("GET", "/api/v1/docs", "")
	page := string(r.body)
	if r.StatusCode != 200 || r.Header.Get("Content-Security-Policy") != web.Policy {
		t.Fatalf("%d %v", r.StatusCode, r.Header)
	}
	for _, banned := range []string{"<script", "<style", " style=", "javascript:", "http:", "https:", " onclick"} {
		if strings.Contains(page, banned) {
			t.Errorf("the page has %s", banned)
		}
	}
	for _, want := range []string{
		`<link rel="stylesheet" href="/assets/app.css">`, `<link rel="stylesheet" href="/api/v1/docs.css">`, "What the portal can do.",
		`id="create-thing"`, "Make a thing", "/api/v1/things/{thing}/submit", "checkout.place", "Things to test with.",
		"What it is called.", "at most 20 characters", "one of red, blue", `href="#schema-Problem"`, "Idempotency-Key", "If-Match",
		"&#34;colour&#34;: &#34;red&#34;", "&#34;due&#34;: &#34;2026-01-31&#34;",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("two things are called %s", m[1])
		}
		ids[m[1]] = true
	}
	for _, m := range regexp.MustCompile(` href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !ids[m[1]] {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
	if css := w.ask("GET", "/api/v1/docs.css", ""); css.StatusCode != 200 || !strings.HasPrefix(css.Header.Get("Content-Type"), "text/css") {
		t.Errorf("%d %v", css.StatusCode, css.Header)
	}
}

func TestAnOperationThatIsNotCompleteIsNone(t *testing.T) {
	whole := web.Op{Method: "POST", Path: "/api/v1/x", ID: "x", Tag: "X", Summary: "X", Scope: web.Own}
	for _, tt := range []struct {
		name  string
		spoil func(*web.Op)
	}{
		{"no name", func(op *web.Op) { op.ID = "" }},
		{"no tag", func(op *web.Op) { op.Tag = "" }},
		{"no summary", func(op *web.Op) { op.Summary = "" }},
		{"no scope", func(op *web.Op) { op.Scope = "" }},
		{"said to be idempotent, and reads no key", func(op *web.Op) { op.Idempotent = true }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			op := whole
			tt.spoil(&op)
			defer func() {
				if recover() == nil {
					t.Error("it was taken")
				}
			}()
			web.Register(web.NewAPI(web.NewMux(), web.APISettings{}), op, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
		})
	}
}

// What huma breaks at is refused when it is registered, not when somebody sends it.
func TestAnInputThatBreaksHumaIsRefused(t *testing.T) {
	type row struct {
		Names []string `json:"names" uniqueItems:"true"`
	}
	type input struct {
		Body struct {
			Rows map[string][]*row `json:"rows"`
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("it was taken")
		}
	}()
	web.Register(web.NewAPI(web.NewMux(), web.APISettings{}),
		web.Op{Method: "POST", Path: "/api/v1/x", ID: "x", Tag: "X", Summary: "X", Scope: web.Own, Writes: true},
		func(context.Context, *input) (*struct{}, error) { return nil, nil })
}
