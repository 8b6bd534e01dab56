package portal

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"kontor/internal/domain/exchange"
)

// Whatever the handbook of events names is named for people too: every event, and every fact that is not for programs.
func TestEveryEventIsCalledSomething(t *testing.T) {
	handbook, err := os.ReadFile("../../../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	names := func(pattern string) (all []string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(handbook), -1) {
			all = append(all, m[1])
		}
		return all
	}
	events, facts := names("(?m)^## `([^`]+)`"), names("(?m)^\\| \\(?`([^`]+)`\\)? \\|")
	if len(events) < 100 || len(facts) < 400 {
		t.Errorf("%d events and %d facts: is the handbook read?", len(events), len(facts))
	}
	known := map[string]bool{}
	for _, e := range events {
		known[e] = true
		if _, ok := happenings[e]; !ok {
			t.Errorf("%s is called nothing", e)
		}
	}
	for e := range happenings {
		if !known[e] {
			t.Errorf("%s is called something, and there is no such event", e)
		}
	}
	for _, f := range facts {
		if _, ok := eventFacts[f]; !ok && f != "before" && f != "after" && !forMachines(f) {
			t.Errorf("the fact %s is called nothing", f)
		}
	}
}

// Whatever happens is of an area that the audit can be narrowed to, and there is no area of nothing.
func TestEveryEventIsOfAnArea(t *testing.T) {
	met := map[string]bool{}
	for _, e := range exchange.Events() {
		area := areaOf(e)
		if area == "" {
			t.Errorf("the audit cannot be narrowed to what %s is about", e)
		}
		met[area] = true
	}
	for _, a := range areas {
		if !met[a.prefix] || !strings.HasSuffix(a.prefix, ".") {
			t.Errorf("nothing happens to what begins with %q", a.prefix)
		}
	}
}
