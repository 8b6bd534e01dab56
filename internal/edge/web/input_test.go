package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/edge/web"
)

const screw = `{"name":"screw","quantity":5}`

func TestABodyThatCanBeReadInTwoWaysReachesNoHandler(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name, body string
		status     int
		code       string
		field      string // in, name and code of the only wrong field
	}{
		{"as it should be", screw, 201, "", ""},
		{"white space around it", " \n" + screw + "\n", 201, "", ""},
		{"everything there is", `{"name":"Käthe 😀","quantity":1000,"colour":"red","due":"2026-01-31","lines":[{"sku":"A-1"}],"notes":{"a":"b"}}`, 201, "", ""},
		{"nothing", "", 400, "json.empty", ""},
		{"no JSON", "name=screw", 400, "json.syntax", ""},
		{"a name twice", `{"name":"screw","name":"gold","quantity":5}`, 400, "json.duplicate", "body name json.duplicate"},
		{"a name in two cases", `{"name":"screw","NAME":"gold","quantity":5}`, 400, "json.duplicate", "body NAME json.duplicate"},
		{"two notes that differ by case", `{"name":"screw","quantity":5,"notes":{"a":"1","A":"2"}}`, 400, "json.duplicate", "body notes.A json.duplicate"},
		{"a second value", screw + screw, 400, "json.trailing", ""},
		{"a byte order mark", "\ufeff" + screw, 400, "json.encoding", ""},
		{"invalid UTF-8", "{\"name\":\"\xff\",\"quantity\":5}", 400, "json.encoding", "body name json.encoding"},
		{"a zero", `{"name":"a\u0000b","quantity":5}`, 400, "json.encoding", "body name json.encoding"},
		{"half a character", `{"name":"\ud83d","quantity":5}`, 400, "json.encoding", "body name json.encoding"},
		{"too deep", strings.Repeat(`{"name":`, 40) + "1" + strings.Repeat("}", 40), 400, "json.deep", ""},
		{"an exponent", `{"name":"screw","quantity":1e2}`, 400, "json.number", "body quantity json.number"},
		{"more than 64 bits", `{"name":"screw","quantity":18446744073709551615}`, 400, "json.number", "body quantity json.number"},
		{"a fraction", `{"name":"screw","quantity":1.5}`, 400, "input.invalid", "body quantity type"},
		{"a number as a text", `{"name":"screw","quantity":"5"}`, 400, "input.invalid", "body quantity type"},
		{"a text as a number", `{"name":5,"quantity":5}`, 400, "input.invalid", "body name type"},
		{"null for a text", `{"name":null,"quantity":5}`, 400, "input.invalid", "body name type"},
		{"another case", `{"NAME":"screw","name2":1,"quantity":5}`, 400, "input.invalid", "body NAME unknown"},
		{"another case instead", `{"Name":"screw","quantity":5}`, 400, "input.invalid", "body Name unknown"},
		{"a long s instead", `{"name":"screw","quantity":5,"lineſ":[]}`, 400, "input.invalid", "body lineſ unknown"},
		{"one that nobody knows", `{"name":"screw","quantity":5,"role":"admin"}`, 400, "input.invalid", "body role unknown"},
		{"one that nobody knows, deep down", `{"name":"screw","quantity":5,"lines":[{"sku":"A"},{"sku":"B","Sku2":1}]}`, 400, "input.invalid", "body lines.1.Sku2 unknown"},
		{"one that is missing", `{"name":"screw"}`, 400, "input.invalid", "body quantity required"},
		{"one that is missing, deep down", `{"name":"screw","quantity":5,"lines":[{}]}`, 400, "input.invalid", "body lines.0.sku required"},
		{"too few", `{"name":"screw","quantity":0}`, 400, "input.invalid", "body quantity minimum"},
		{"too many", `{"name":"screw","quantity":9223372036854775807}`, 400, "input.invalid", "body quantity maximum"},
		{"too short", `{"name":"","quantity":5}`, 400, "input.invalid", "body name too_short"},
		{"too long", `{"name":"` + strings.Repeat("x", 21) + `","quantity":5}`, 400, "input.invalid", "body name too_long"},
		{"no colour of ours", `{"name":"screw","quantity":5,"colour":"green"}`, 400, "input.invalid", "body colour choice"},
		{"no day", `{"name":"screw","quantity":5,"due":"31.1.2026"}`, 400, "input.invalid", "body due format"},
		{"no SKU", `{"name":"screw","quantity":5,"lines":[{"sku":"a'; drop table"}]}`, 400, "input.invalid", "body lines.0.sku format"},
		{"too many lines", `{"name":"screw","quantity":5,"lines":[{"sku":"A"},{"sku":"A"},{"sku":"A"},{"sku":"A"}]}`, 400, "input.invalid", "body lines too_many"},
		{"a list for an object", `[]`, 400, "input.invalid", "body  type"},
		{"a word for an object", `null`, 400, "input.invalid", "body  type"},
		{"an object for a list", `{"name":"screw","quantity":5,"lines":{}}`, 400, "input.invalid", "body lines type"},
		{"an object for a choice", `{"name":"screw","quantity":5,"colour":{}}`, 400, "input.invalid", "body colour type"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := w.ask("POST", "/api/v1/things", tt.body, byAnn, asJSON)
			if r.StatusCode != tt.status {
				t.Fatalf("%d %s, want %d", r.StatusCode, r.body, tt.status)
			}
			if tt.status < 400 {
				return
			}
			p := r.problem(t)
			if p.Code != tt.code {
				t.Errorf("%s, want %s", r.body, tt.code)
			}
			if tt.field == "" {
				return
			}
			var fields []string
			for _, f := range p.Fields {
				fields = append(fields, f.In+" "+f.Name+" "+f.Code)
			}
			if !slices.Contains(fields, tt.field) {
				t.Errorf("%q, want %q", fields, tt.field)
			}
		})
	}
}

func TestEveryWrongFieldIsNamedAtOnce(t *testing.T) {
	p := newWorld(t).ask("POST", "/api/v1/things", `{"name":"","colour":"green","x":1}`, byAnn, asJSON).problem(t)
	if len(p.Fields) != 4 {
		t.Errorf("%+v", p.Fields)
	}
}

func TestOnlyDeclaredContentTypesAreRead(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name, path, contentType, body string
		status                        int
	}{
		{"JSON", "/api/v1/things", "application/json", screw, 201},
		{"JSON with its charset", "/api/v1/things", "application/json; charset=UTF-8", screw, 201},
		{"JSON in another charset", "/api/v1/things", "application/json; charset=utf-16", screw, 415},
		{"JSON as text, as a form of another site could send it", "/api/v1/things", "text/plain", screw, 415},
		{"JSON as a form", "/api/v1/things", "application/x-www-form-urlencoded", screw, 415},
		{"JSON as multipart", "/api/v1/things", "multipart/form-data; boundary=x", screw, 415},
		{"JSON as nothing", "/api/v1/things", "", screw, 415},
		{"JSON as another JSON", "/api/v1/things", "application/vnd.x+json", screw, 415},
		{"XML", "/api/v1/things", "application/xml", "<a/>", 415},
		{"a content type that is none", "/api/v1/things", ";;;", screw, 415},
		{"nothing where nothing is read", "/api/v1/things/1/submit", "", "", 204},
		{"an empty object where nothing is read", "/api/v1/things/1/submit", "application/json", "{}", 204},
		{"something where nothing is read", "/api/v1/things/1/submit", "application/json", `{"force":true}`, 400},
		{"a form where nothing is read", "/api/v1/things/1/submit", "application/x-www-form-urlencoded", "", 415},
		{"a text where nothing is read", "/api/v1/things/1/submit", "text/plain", "", 415},
	} {
		t.Run(tt.name, func(t *testing.T) {
			headers := []string{"Cookie: kontor=ann"}
			if tt.contentType != "" {
				headers = append(headers, "Content-Type: "+tt.contentType)
			}
			if r := w.ask("POST", tt.path, tt.body, headers...); r.StatusCode != tt.status {
				t.Errorf("%d %s, want %d", r.StatusCode, r.body, tt.status)
			}
		})
	}
	if r := w.ask("POST", "/api/v1/things", screw, byAnn, asJSON, "Content-Encoding: gzip"); r.StatusCode != 415 {
		t.Errorf("packed: %d %s", r.StatusCode, r.body)
	}
}

func TestABodyIsBounded(t *testing.T) {
	w := newWorld(t)
	large := strings.Repeat("x", web.MaxBody+1)
	for _, tt := range []struct {
		name, path, contentType string
		body                    io.Reader
		status                  int
	}{
		{"JSON of a length said too large", "/api/v1/things", "application/json", strings.NewReader(large), 413},
		{"JSON of a length not said", "/api/v1/things", "application/json", io.MultiReader(strings.NewReader(large)), 413},
		{"a form of a length not said", "/echo", "application/x-www-form-urlencoded", io.MultiReader(strings.NewReader("text=" + large)), 413},
		{"a form that just fits", "/echo", "application/x-www-form-urlencoded", io.MultiReader(strings.NewReader("text=" + large[:web.MaxBody-5])), 200},
		{"a file too large for its own route", "/api/v1/files", "multipart/form-data; boundary=b", file(1 << 17), 413},
		{"a file of a size said too large", "/api/v1/files", "multipart/form-data; boundary=b", strings.NewReader(large), 413},
		{"a file that fits", "/api/v1/files", "multipart/form-data; boundary=b", file(1 << 10), 204},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest("POST", w.url+tt.path, tt.body)
			if err != nil {
				t.Fatal(err)
			}
			if got := w.send(r, byAnn, "Content-Type: "+tt.contentType); got.StatusCode != tt.status {
				t.Errorf("%d %.200s, want %d", got.StatusCode, got.body, tt.status)
			}
		})
	}
}

// file is a form with a file of this size, of which nobody can tell the length beforehand.
func file(size int) io.Reader {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.SetBoundary("b") // a boundary that is one
	part, _ := m.CreateFormFile("file", "../../etc/passwd")
	_, _ = part.Write(make([]byte, size)) // a buffer takes everything
	_ = m.Close()
	return io.MultiReader(&b)
}

func TestAnAddressThatCanBeReadInTwoWaysIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct {
		name, path string
		status     int
		want       string
	}{
		{"as it should be", "/api/v1/things?limit=10&sort=name", 200, `{"limit":10,"sort":"name"`},
		{"nothing said", "/api/v1/things", 200, `{"limit":50,"sort":""`},
		{"a list of several", "/api/v1/things?tag=a&tag=b", 200, `"tags":["a","b"]`},
		{"a text with everything", "/api/v1/things?sort=%C3%A4%20%26%3D%2B", 200, `"sort":"ä &=+"`},
		{"a parameter twice", "/api/v1/things?limit=10&limit=100", 400, `"name":"limit","code":"repeated"`},
		{"a parameter twice, once escaped", "/api/v1/things?limit=10&l%69mit=100", 400, `"name":"limit","code":"repeated"`},
		{"a parameter of another case", "/api/v1/things?Limit=10", 400, `"name":"Limit","code":"unknown"`},
		{"a parameter that nobody knows", "/api/v1/things?access_token=ann", 400, `"name":"access_token","code":"unknown"`},
		{"a parameter without a value", "/api/v1/things?sort&limit=10", 400, "request.address"},
		{"an empty pair", "/api/v1/things?&limit=10", 400, "request.address"},
		{"a semicolon", "/api/v1/things?limit=10;sort=name", 400, "request.address"},
		{"an escape that is none", "/api/v1/things?sort=%zz", 400, "request.address"},
		{"invalid UTF-8", "/api/v1/things?sort=%ff", 400, "request.address"},
		{"a zero", "/api/v1/things?sort=a%00b", 400, "request.address"},
		{"a zero in the path", "/api/v1/things/%00", 400, "request.address"},
		{"invalid UTF-8 in the path of a page", "/orders/%c3%28", 400, "This cannot be understood"},
		{"a text for a number", "/api/v1/things?limit=ten", 400, `"name":"limit","code":"type"`},
		{"a number that overflows", "/api/v1/things?limit=99999999999999999999", 400, `"name":"limit","code":"type"`},
		{"a thousand million rows", "/api/v1/things?limit=1000000000", 400, `"name":"limit","code":"maximum"`},
		{"less than nothing", "/api/v1/things?limit=-1", 400, `"name":"limit","code":"minimum"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := w.ask("GET", tt.path, "", byAnn)
			if r.StatusCode != tt.status || !strings.Contains(string(r.body), tt.want) {
				t.Errorf("%d %s, want %d with %s", r.StatusCode, r.body, tt.status, tt.want)
			}
		})
	}
}

func TestAFormIsText(t *testing.T) {
	w := newWorld(t)
	form := "Content-Type: application/x-www-form-urlencoded"
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
		want                    string
	}{
		{"a field", form, "text=K%C3%A4the+%F0%9F%98%80", 200, "Käthe 😀"},
		{"lines as a browser sends them", form, "text=a%0D%0Ab", 200, "a\nb"},
		{"a zero", form, "text=a%00b", 400, ""},
		{"invalid UTF-8", form, "text=%ff", 400, ""},
		{"invalid UTF-8 in a name", form, "%ff=1", 400, ""},
		{"an escape that is none", form, "text=%zz", 400, ""},
		{"multipart", "Content-Type: multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--b--\r\n", 200, "hello"},
		{"multipart cut short", "Content-Type: multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhel", 400, ""},
		{"multipart without its boundary", "Content-Type: multipart/form-data", "x", 400, ""},
		{"JSON", asJSON, `{"text":"hello"}`, 415, ""},
		{"plain text", "Content-Type: text/plain", "text=hello", 415, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := w.ask("POST", "/echo?text=from-the-address", tt.body, tt.contentType)
			if r.StatusCode != tt.status || tt.status == 200 && string(r.body) != tt.want {
				t.Errorf("%d %q, want %d %q", r.StatusCode, r.body, tt.status, tt.want)
			}
		})
	}
}

func TestRawJSONIsCheckedAlike(t *testing.T) {
	w := newWorld(t)
	w.mux.Page("POST /api/v1/raw", web.Meta{Scope: web.Public}, func(rw http.ResponseWriter, r *http.Request) {
		body, err := web.JSON(r)
		if err != nil {
			web.Fail(rw, r, err)
			return
		}
		_, _ = rw.Write(body)
	})
	for _, tt := range []struct {
		name, contentType, body string
		status                  int
	}{
		{"as it should be", asJSON, `{"a":1}`, 200},
		{"a name twice", asJSON, `{"a":1,"A":1}`, 400},
		{"another content type", "Content-Type: text/plain", `{"a":1}`, 415},
	} {
		if r := w.ask("POST", "/api/v1/raw", tt.body, tt.contentType); r.StatusCode != tt.status {
			t.Errorf("%s: %d %s", tt.name, r.StatusCode, r.body)
		}
	}
}

// No body that anybody can send breaks us: every answer is one that the description names.
func FuzzNoBodyBreaksAnOperation(f *testing.F) {
	for _, seed := range []string{screw, `{"name":{}}`, `[[[[]]]]`, `{"lines":[{"sku":"A"}],"notes":{"a":null}}`, `{"NAME":1}`, "\xff", `{"colour":[]}`, `{"quantity":-0.0}`} {
		f.Add(seed)
	}
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/api/v1/things", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer ann")
		r.Header.Set("Content-Type", "application/json")
		rw := httptest.NewRecorder()
		w.edge.ServeHTTP(rw, r)
		switch rw.Code {
		case 201:
			var sent, got any
			if json.Unmarshal([]byte(body), &sent) != nil || json.Unmarshal(rw.Body.Bytes(), &got) != nil {
				t.Fatalf("%q was taken as %s", body, rw.Body)
			}
			for name, value := range sent.(map[string]any) {
				if taken := got.(map[string]any)[name]; value != nil && fmt.Sprint(taken) != fmt.Sprint(value) {
					t.Errorf("%s: %v was taken as %v", name, value, taken)
				}
			}
		case 400, 413:
			reply{body: rw.Body.Bytes()}.problem(t)
		default:
			t.Fatalf("%d %s", rw.Code, rw.Body)
		}
	})
}

// What cannot be read is no reason to hide what else is wrong, and none to do the half of it.
func TestWhatCannotBeReadIsOnlyTried(t *testing.T) {
	type in struct {
		web.Versioned
		Thing string `path:"thing"`
		Limit int    `query:"limit" minimum:"1"`
		Body  struct {
			Name     string   `json:"name" maxLength:"5"`
			Quantity int64    `json:"quantity"`
			Tags     []string `json:"tags,omitempty"`
		}
	}
	for _, tt := range []struct {
		name, path, seen, body string
		status                 int
		want                   []string // in and name
		tried                  bool
	}{
		{"all is well", "/api/v1/tries/1?limit=5", `"7"`, `{"name":"screw","quantity":5}`, 204, nil, false},
		{"a rule alone", "/api/v1/tries/1", `"7"`, `{"name":"gold","quantity":5}`, 400, []string{"body name"}, false},
		{"a parameter that nobody reads, and a rule", "/api/v1/tries/1?limits=5", `"7"`, `{"name":"gold","quantity":5}`, 400, []string{"body name", "query limits"}, true},
		{"a parameter twice, and a rule", "/api/v1/tries/1?limit=5&limit=6", `"7"`, `{"name":"gold","quantity":5}`, 400, []string{"body name", "query limit"}, true},
		{"another kind, and a rule", "/api/v1/tries/1?limit=0", `"7"`, `{"name":"gold","quantity":"5"}`, 400, []string{"body name", "body quantity", "query limit"}, true},
		{"a field that nobody knows, and an identifier", "/api/v1/tries/x", `"7"`, `{"name":"screw","quantity":5,"price":1}`, 400, []string{"body price", "path thing"}, true},
		{"one of a list, and a rule", "/api/v1/tries/1", `"7"`, `{"name":"gold","quantity":5,"tags":["a",1]}`, 400, []string{"body name", "body tags.1"}, true},
		{"no version, and a rule", "/api/v1/tries/1", "", `{"name":"gold","quantity":5}`, 400, []string{"body name", "header If-Match"}, true},
		{"no version", "/api/v1/tries/1", "", `{"name":"screw","quantity":5}`, 428, nil, true},
		{"no version, and another kind", "/api/v1/tries/1", "", `{"name":"screw","quantity":"5"}`, 400, []string{"body quantity", "header If-Match"}, true},
		{"what could not be read is said once", "/api/v1/tries/1", `"7"`, `{"name":"golden","quantity":5}`, 400, []string{"body name"}, true},
		{"no object", "/api/v1/tries/x", `"7"`, `[]`, 400, []string{"body "}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, tried := newWorld(t), false
			web.Register(w.api, web.Op{Method: "PATCH", Path: "/api/v1/tries/{thing}", ID: "try", Tag: "Things", Summary: "Try", Scope: web.Own, Writes: true},
				func(ctx context.Context, in *in) (*struct{}, error) {
					_, err := in.Version()
					web.Unread(ctx, err)
					var wrong, rule fault.Input
					if in.Thing == "x" {
						wrong.Add("thing", "id", "no identifier")
					}
					web.Unread(ctx, wrong.Err())
					tried = web.Actor(ctx).Tries()
					if in.Body.Name != "screw" {
						rule.Add("name", "rule", "only screws")
					}
					return nil, rule.Err()
				})
			headers := []string{byAnn, asJSON}
			if tt.seen != "" {
				headers = append(headers, "If-Match: "+tt.seen)
			}
			r := w.ask("PATCH", tt.path, tt.body, headers...)
			var said []string
			if r.StatusCode >= 400 {
				for _, f := range r.problem(t).Fields {
					said = append(said, f.In+" "+f.Name)
				}
			}
			if r.StatusCode != tt.status || !slices.Equal(said, tt.want) || tried != tt.tried {
				t.Errorf("%d %s, tried %v", r.StatusCode, r.body, tried)
			}
		})
	}
}
