package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/matrix"
	"kontor/internal/storetest"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/importing"
)

// A program brings a file, looks at what it would do, applies it, takes it back, and takes along what is there.
func TestAProgramBringsAFile(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	var dan *matrix.Person
	for _, p := range x.people {
		if p.Actor.Member == x.world.Dan.Member {
			dan = p
		}
	}
	if dan == nil {
		t.Fatal("Dan is not there")
	}
	ask := func(method, path, media, version, body string, want int) map[string]any {
		t.Helper()
		req, err := http.NewRequest(method, x.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+dan.Token)
		if media != "" {
			req.Header.Set("Content-Type", media)
		}
		if version != "" {
			req.Header.Set("If-Match", version)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != want {
			t.Fatalf("%s %s: %d %.300s (%v)", method, path, res.StatusCode, text, err)
		}
		var out map[string]any
		if strings.Contains(res.Header.Get("Content-Type"), "json") {
			err = json.Unmarshal(text, &out)
		} else {
			out = map[string]any{"text": string(text), "name": res.Header.Get("Content-Disposition")}
		}
		if err != nil && len(text) > 0 {
			t.Fatal(err)
		}
		return out
	}
	upload := func(text string) string {
		out := ask("POST", "/api/v1/imports", "multipart/form-data; boundary=b", "", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"units.csv\"\r\n\r\n"+text+"\r\n--b--\r\n", 201)
		return "/api/v1/imports/" + out["id"].(string)
	}
	jobs := func() {
		t.Helper()
		for worked := true; worked; {
			var err error
			worked, err = x.world.Exchanging.WorkOff(t.Context(), access.System(id.Company{}), map[string]exchanging.Work{
				importing.Job: func(ctx context.Context, a access.Actor, j exchange.Job, advance exchanging.Advance) error {
					return x.world.Importing.Work(ctx, a, j, advance)
				}})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	at := upload("code,name,below\nnew,New,mars\n")
	if p := ask("GET", at+"/preview", "", "", "", 200); p["errors_in_all"] != 1.0 {
		t.Errorf("%v", p)
	}
	if f := ask("GET", at+"/errors", "", "", "", 200); !strings.Contains(f["text"].(string), "units,2,below,there is no such unit in your company,company.unit_unseen") {
		t.Errorf("%v", f)
	}
	if i := ask("POST", at+"/apply", "", `"1"`, "", 202); i["job"].(map[string]any)["state"] != "ready" {
		t.Errorf("%v", i)
	}
	ask("DELETE", at, "", "", "", 409)
	jobs()
	if i := ask("GET", at, "", "", "", 200); i["state"] != "staged" || i["job"] != nil || i["trouble"].(map[string]any)["code"] != "import.rows" {
		t.Errorf("%v", i)
	}
	ask("DELETE", at, "", "", "", 204)
	at = upload("code,name,below\nnew,New,ops\n")
	m := ask("PUT", at+"/mapping", "application/json", `"1"`, `{"mapping":[{"sheet":"units","kind":"units","columns":["code","name",""]}]}`, 200)
	if m["version"] != 2.0 {
		t.Errorf("%v", m)
	}
	ask("POST", at+"/apply", "", `"1"`, "", 412)
	ask("POST", at+"/apply?invite=true", "", `"2"`, "", 202)
	jobs()
	if i := ask("GET", at, "", "", "", 200); i["state"] != "applied" || i["trouble"] != nil {
		t.Errorf("%v", i)
	}
	if f := ask("GET", "/api/v1/exports/organisation?kind=units&format=csv", "", "", "", 200); !strings.Contains(f["text"].(string), "new,New,acme,") || f["name"] != "attachment; filename=units.csv" {
		t.Errorf("%v", f)
	}
	ask("POST", at+"/undo", "", "", "", 202)
	ask("POST", at+"/undo", "", "", "", 409)
	jobs()
	if i := ask("GET", at, "", "", "", 200); i["state"] != "undone" {
		t.Errorf("%v", i)
	}
	ask("POST", at+"/undo", "", "", "", 409)
	for _, text := range []string{"", "\x89PNG\x00", "PK\x03\x04", "a,b\n\"x"} {
		ask("POST", "/api/v1/imports", "multipart/form-data; boundary=b", "", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"+text+"\r\n--b--\r\n", 400)
	}
}
