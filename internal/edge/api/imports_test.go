package api_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"kontor/internal/matrix"
	"kontor/internal/storetest"
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
	at := upload("code,name,below\nnew,New,mars\n")
	if p := ask("GET", at+"/preview", "", "", "", 200); p["errors_in_all"] != 1.0 {
		t.Errorf("%v", p)
	}
	if f := ask("POST", at+"/apply", "", `"1"`, "", 422); f["code"] != "import.rows" || !strings.Contains(f["fields"].([]any)[0].(map[string]any)["name"].(string), "units.2.above") {
		t.Errorf("%v", f)
	}
	ask("DELETE", at, "", "", "", 204)
	at = upload("code,name,below\nnew,New,ops\n")
	m := ask("PUT", at+"/mapping", "application/json", `"1"`, `{"mapping":[{"sheet":"units","kind":"units","columns":["code","name",""]}]}`, 200)
	if m["version"] != 2.0 {
		t.Errorf("%v", m)
	}
	ask("POST", at+"/apply", "", `"1"`, "", 412)
	if i := ask("POST", at+"/apply", "", `"2"`, "", 200); i["state"] != "applied" {
		t.Errorf("%v", i)
	}
	if f := ask("GET", "/api/v1/exports/organisation?kind=units&format=csv", "", "", "", 200); !strings.Contains(f["text"].(string), "new,New,acme,") || f["name"] != "attachment; filename=units.csv" {
		t.Errorf("%v", f)
	}
	if i := ask("POST", at+"/undo", "", "", "", 200); i["state"] != "undone" {
		t.Errorf("%v", i)
	}
	ask("POST", at+"/undo", "", "", "", 409)
	for _, text := range []string{"", "\x89PNG\x00", "PK\x03\x04", "a,b\n\"x"} {
		ask("POST", "/api/v1/imports", "multipart/form-data; boundary=b", "", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"+text+"\r\n--b--\r\n", 400)
	}
}
