package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/matrix"
	"kontor/internal/storetest"
)

var golden = flag.Bool("golden", false, "rewrite what is made from the code")

// What version 1 promises to programs: a change of this file is a change of the promise.
func TestGoldenOpenAPI(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	status, _, body, err := x.send(nil, matrix.Question{Method: "GET", Path: "/api/v1/openapi.json"})
	if err != nil || status != 200 {
		t.Fatal(status, err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", " "); err != nil {
		t.Fatal(err)
	}
	out.WriteByte('\n')
	const path = "testdata/openapi.golden.json"
	if *golden {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, out.Bytes()) {
		t.Error("the description of the API has changed: run make golden and read the difference as a promise to others")
	}
}

// A new POST takes a key by itself; what somebody sends who is not signed in has none to be told apart by.
func TestEveryPostTakesAKey(t *testing.T) {
	mux := web.NewMux()
	described := web.NewAPI(mux, api.Describe("test"))
	api.Add(described, api.Services{})
	posts := 0
	for _, r := range mux.Routes() {
		if r.Method != http.MethodPost || !r.Writes || r.Scope == web.Public {
			continue
		}
		posts++
		takes := slices.ContainsFunc(described.OpenAPI().Paths[r.Pattern].Post.Parameters, func(p *huma.Param) bool { return p.Name == "Idempotency-Key" && p.In == "header" })
		if !takes {
			t.Errorf("%s takes no Idempotency-Key", r.Operation)
		}
	}
	if posts < 20 {
		t.Errorf("only %d are looked at", posts)
	}
}
