package web_test

import (
	"html"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/fault"
	"kontor/internal/base/locale"
)

// The type of every problem leads to a page of this server that says, in the reader's language, what docs/faults.md says of it.
func TestEveryProblemHasItsPage(t *testing.T) {
	w := newWorld(t)
	doc, err := os.ReadFile("../../../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (\\d+) \\| (.+) \\|$").FindAllStringSubmatch(string(doc), -1)
	here := 0
	for _, row := range rows {
		code, status, text := row[1], row[2], strings.ReplaceAll(row[3], `\|`, "|")
		f := fault.Lookup(code)
		if f == nil {
			continue // of a package that is not in this test
		}
		here++
		p := w.ask("GET", "/problems/"+code, "", "Accept-Language: en")
		says := html.UnescapeString(string(p.body))
		if code == "request.method" {
			status = "405"
		}
		if p.StatusCode != 200 || !strings.Contains(says, "<code>"+code+"</code>") || !strings.Contains(says, text[1:]+".") || !strings.Contains(says, ">"+status+"<") {
			t.Errorf("%s: %d %s", code, p.StatusCode, says)
		}
		german := html.UnescapeString(string(w.ask("GET", "/problems/"+code, "", "Accept-Language: de").body))
		if !strings.Contains(german, locale.German.T(f.Format)[2:]+".") || !strings.Contains(german, "Was zu tun ist") || !strings.Contains(german, `lang="de"`) {
			t.Errorf("%s in German: %s", code, german)
		}
	}
	greta := html.UnescapeString(string(w.ask("GET", "/problems/request.method", "", "Accept-Language: en", "Authorization: Bearer greta").body))
	if !strings.Contains(greta, `lang="de"`) {
		t.Errorf("who has chosen German reads, whatever the browser likes: %s", greta)
	}
	if here < 10 || len(rows) < 250 {
		t.Errorf("%d of %d codes are looked at", here, len(rows))
	}
	if p := w.ask("GET", "/problems/no.such", "", "Accept: application/json"); p.StatusCode != 404 {
		t.Errorf("a code that there is not: %d", p.StatusCode)
	}
	if !slices.IsSorted(fault.Defined()) {
		t.Error("the codes are not in order")
	}
}
