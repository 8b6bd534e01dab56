package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

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
