package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/edge/web"
	"kontor/internal/gateway/sheet"
	"kontor/internal/storetest"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/importing"
)

// packed is a workbook of these parts besides those that every workbook has; a part that is named again is replaced.
func packed(t *testing.T, parts map[string]func(io.Writer) error) string {
	t.Helper()
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	all := map[string]func(io.Writer) error{
		"[Content_Types].xml": text(`<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
			`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`),
		"_rels/.rels": text(`<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ` +
			`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`),
		"xl/workbook.xml": text(`<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
			`<sheets><sheet name="units" sheetId="1" r:id="r1"/></sheets></workbook>`),
		"xl/_rels/workbook.xml.rels": text(`<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" ` +
			`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`),
		"xl/worksheets/sheet1.xml": text(`<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row></sheetData></worksheet>`),
	}
	for name, part := range parts {
		all[name] = part
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, part := range all {
		w, err := z.Create(name)
		if err == nil {
			err = part(w)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// much writes a text over and over, so many bytes in all, between a beginning and an end.
func much(begin, text, end string, size int) func(io.Writer) error {
	return func(w io.Writer) error {
		block := strings.Repeat(text, 1+(1<<16)/len(text))
		if _, err := io.WriteString(w, begin); err != nil {
			return err
		}
		for written := 0; written < size; written += len(block) {
			if _, err := io.WriteString(w, block); err != nil {
				return err
			}
		}
		_, err := io.WriteString(w, end)
		return err
	}
}

// hostileFiles are files that nobody in earnest brings.
func hostileFiles(t *testing.T) map[string]string {
	t.Helper()
	const head = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	var sound bytes.Buffer
	if err := sheet.WriteXLSX(&sound, []sheet.Table{{Name: "units", Rows: [][]string{{"code", "name", "below"}, {"x", "X", "ops"}}}}); err != nil {
		t.Fatal(err)
	}
	book := sound.String()
	files := map[string]string{
		"empty":                       "",
		"blank":                       " \r\n\t\r\n",
		"a byte order mark alone":     "\ufeff",
		"a head alone":                "code,name,below",
		"a head of a million columns": strings.Repeat("code,", 1_000_000) + "\n",
		"a head of one long word":     strings.Repeat("x", 5<<20) + "\n",
		"one cell of five megabytes":  "code,name\n" + strings.Repeat("x", 5<<20) + ",X\n",
		"a million empty rows":        "code,name\n" + strings.Repeat(",\n", 1_000_000),
		"a quote that never ends":     "code,name\n\"x" + strings.Repeat("\n", 100_000),
		"quotes alone":                strings.Repeat(`"`, 100_001),
		"a zero":                      "code,name\nx\x00y,X\n",
		"invalid UTF-8":               "code,name\n\xff\xfe\xfd,X\n",
		"UTF-16":                      "\xff\xfec\x00o\x00d\x00e\x00,\x00n\x00a\x00m\x00e\x00\n\x00x\x00,\x00X\x00\n\x00",
		"half of UTF-16":              "\xff\xfec\x00o\x00d",
		"right to left and invisible": "code,name\n\u202ex\u200b,\u2066X\n",
		"formulas":                    "code,name,below\n=1+1,@SUM(A1),+ops\n",
		"the same head five times":    "code,code,code,code,code\nx,x,x,x,x\n",
		"a picture":                   "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01", 5000),
		"a document":                  "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
		"a program":                   "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 100),
		"an old workbook":             "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 5000),
		"JSON":                        `{"units":[{"code":"x"}]}`,
		"a web page":                  "<!doctype html><table><tr><td>code</td></tr></table>",
		"the beginning of a zip":      "PK\x03\x04",
		"an empty zip":                "PK\x05\x06" + strings.Repeat("\x00", 18),
		"a zip that is no workbook": func() string {
			var b bytes.Buffer
			z := zip.NewWriter(&b)
			w, _ := z.Create("x")
			_, _ = w.Write([]byte("x"))
			_ = z.Close()
			return b.String()
		}(),
		"bytes behind a workbook":        book + strings.Repeat("x", 100),
		"bytes before a workbook":        strings.Repeat("x", 100) + book,
		"a workbook without sheets":      packed(t, map[string]func(io.Writer) error{"xl/workbook.xml": much(`<?xml version="1.0"?><workbook><sheets>`, " ", `</sheets></workbook>`, 1)}),
		"a workbook whose sheet is none": packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much("", "not XML ", "", 100)}),
		"a workbook with a half sheet":   packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(head, `<row r="1"><c r="A1"`, "", 100)}),
		"a row far down":                 packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(head, `<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`, `</sheetData></worksheet>`, 10)}),
		"a row beyond all":               packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(head, `<row r="99999999999999999999"><c r="A99999999999999999999"><v>1</v></c></row>`, `</sheetData></worksheet>`, 10)}),
		"a row below zero":               packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(head, `<row r="-1"><c r="A-1" s="-7"><v>1</v></c></row>`, `</sheetData></worksheet>`, 10)}),
		"a text that is not there":       packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(head, `<row r="1"><c r="A1" t="s"><v>999999999</v></c></row>`, `</sheetData></worksheet>`, 10)}),
		"entities in entities": packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">`+
			`<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d SYSTEM "file:///etc/passwd">]><worksheet><sheetData>`, `<row r="1"><c r="A1" t="inlineStr"><is><t>&c;&d;</t></is></c></row>`, `</sheetData></worksheet>`, 10)}),
		"a deep sheet":          packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(head, "<row>", `</sheetData></worksheet>`, 1<<20)}),
		"a bomb of rows":        packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(head, `<row><c t="inlineStr"><is><t>x</t></is></c></row>`, `</sheetData></worksheet>`, 300<<20)}),
		"a bomb of blanks":      packed(t, map[string]func(io.Writer) error{"xl/worksheets/sheet1.xml": much(head, strings.Repeat(" ", 1000), `</sheetData></worksheet>`, 400<<20)}),
		"a bomb beside it":      packed(t, map[string]func(io.Writer) error{"xl/media/x.bin": much("", strings.Repeat("\x00", 1000), "", 400<<20)}),
		"more than may be sent": strings.Repeat("x", 25<<20),
	}
	for _, n := range []int{1, 10, len(book) / 2, len(book) - 30, len(book) - 1} {
		files["a workbook cut off after "+strconv.Itoa(n)] = book[:n]
	}
	for i := 0; i < len(book); i += len(book)/12 + 1 {
		files["a workbook with another byte at "+strconv.Itoa(i)] = book[:i] + "\x55" + book[i+1:]
	}
	return files
}

// A file that nobody in earnest brings is refused, or kept and shown for what it is; whatever is done with it then, is no failure of
// ours. So it is with a form that is none.
func TestHostileFilesAreNoFailureOfOurs(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	send := func(method, path, media, version, body string) (int, web.Problem, map[string]any) {
		t.Helper()
		req, err := http.NewRequest(method, x.url+"/api/v1/imports"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer dan")
		if media != "" {
			req.Header.Set("Content-Type", media)
		}
		if version != "" {
			req.Header.Set("If-Match", version)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		var p web.Problem
		var out map[string]any
		switch {
		case err != nil:
		case res.StatusCode >= 400:
			err = json.Unmarshal(text, &p)
		case strings.Contains(res.Header.Get("Content-Type"), "json"):
			err = json.Unmarshal(text, &out)
		}
		if err != nil {
			t.Errorf("%s %s: %d %.200s (%v)", method, path, res.StatusCode, text, err)
		}
		return res.StatusCode, p, out
	}
	const form = "multipart/form-data; boundary=b"
	part := func(name, text string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\n\r\n" + text + "\r\n--b--\r\n"
	}
	kept := 0
	for says, file := range hostileFiles(t) {
		for _, name := range []string{"units.csv", "units.xlsx"} {
			status, p, made := send("POST", "", form, "", part(name, file))
			if status >= 500 || status != http.StatusCreated && p.Detail == "" {
				t.Errorf("%s as %s: %d %+v", says, name, status, p)
			}
			if status != http.StatusCreated {
				continue
			}
			kept++
			at := "/" + made["id"].(string)
			for _, ask := range [][2]string{{"GET", ""}, {"GET", "/preview"}, {"GET", "/errors"}, {"POST", "/apply"}} {
				if status, p, _ := send(ask[0], at+ask[1], "", `"1"`, ""); status >= 500 {
					t.Errorf("%s as %s, %s %s: %d %+v", says, name, ask[0], ask[1], status, p)
				}
			}
			for worked := true; worked; {
				var err error
				worked, err = x.world.Exchanging.WorkOff(t.Context(), access.System(id.Company{}), map[string]exchanging.Work{
					importing.Job: func(ctx context.Context, a access.Actor, j exchange.Job, advance exchanging.Advance) error {
						return x.world.Importing.Work(ctx, a, j, advance)
					}})
				if err != nil {
					t.Errorf("%s as %s, its job: %v", says, name, err)
				}
			}
			if status, p, done := send("GET", at, "", "", ""); status != http.StatusOK || done["state"] == "applied" && strings.Contains(says, "bomb") {
				t.Errorf("%s as %s: %d %+v %v", says, name, status, p, done)
			}
		}
	}
	forms := map[string][2]string{
		"no form":                  {"text/plain", "x"},
		"no kind":                  {"", part("units.csv", "code\n")},
		"JSON":                     {"application/json", `{"file":"x"}`},
		"no boundary":              {"multipart/form-data", part("units.csv", "code\n")},
		"another boundary":         {"multipart/form-data; boundary=c", part("units.csv", "code\n")},
		"a boundary of any length": {"multipart/form-data; boundary=" + strings.Repeat("b", 500), part("units.csv", "code\n")},
		"nothing":                  {form, ""},
		"no part":                  {form, "--b--\r\n"},
		"half a part":              {form, "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\ncode"},
		"half a head":              {form, "--b\r\nContent-Disposition: form-da"},
		"a head without an end":    {form, "--b\r\nX: " + strings.Repeat("x", 11<<20)},
		"ten thousand heads":       {form, "--b\r\n" + strings.Repeat("X: y\r\n", 10_000) + "\r\nx\r\n--b--\r\n"},
		"a hundred thousand parts": {form, strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nx\r\n", 100_000) + "--b--\r\n"},
		"a text for a file":        {form, "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\ncode\r\n--b--\r\n"},
		"two files":                {form, strings.TrimSuffix(part("a.csv", "code\n"), "--b--\r\n") + part("b.csv", "code\n")},
		"another field besides":    {form, "--b\r\nContent-Disposition: form-data; name=\"nonsense\"\r\n\r\nx\r\n" + part("units.csv", "code,name,below\nx,X,ops\n")},
		"no name":                  {form, part("", "code\n")},
		"a way out for a name":     {form, part("../../../etc/passwd", "code,name,below\nx,X,ops\n")},
		"a name that cannot be":    {form, part("\xff\u202e\t.csv", "code,name,below\nx,X,ops\n")},
		"a long name":              {form, part(strings.Repeat("x", 5000)+".csv", "code,name,below\nx,X,ops\n")},
	}
	for says, f := range forms {
		if status, p, _ := send("POST", "", f[0], "", f[1]); status >= 500 || status != http.StatusCreated && p.Detail == "" {
			t.Errorf("%s: %d %+v", says, status, p)
		}
	}
	if kept < 10 {
		t.Errorf("only %d files were kept: is the test blind?", kept)
	}
}
