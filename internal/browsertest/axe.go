package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Violation is a rule of WCAG 2.2 AA, or a best practice, that a page breaks.
type Violation struct {
	ID     string `json:"id"`
	Impact string `json:"impact"`
	Help   string `json:"help"`
	Nodes  []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// String writes the rule and the elements that break it.
func (v Violation) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&text, "\n\t%.220s\n\t\t%s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n\t\t"))
	}
	return text.String()
}

// Axe asks axe-core what is wrong with the page as it stands, or with what the CSS selectors name of it.
func (tab *Tab) Axe(within ...string) []Violation {
	tab.t.Helper()
	source, err := axeSource()
	if err != nil {
		tab.t.Fatal("browsertest: ", err)
	}
	Eval[bool](tab, source+`; true`)
	// what moves has no colour yet
	Eval[bool](tab, `Promise.allSettled(document.getAnimations().map(a => a.finished)).then(() => true)`)
	found := Eval[[]Violation](tab, `axe.run(`+scope(within)+`, {
		resultTypes: ["violations"],
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	}).then(result => result.violations)`)
	return slices.DeleteFunc(found, Violation.onlyHidden)
}

// scope is the part of the page to look at, for axe-core.
func scope(within []string) string {
	if len(within) == 0 {
		return "document"
	}
	return quote(strings.Join(within, ", "))
}

// onlyHidden is true of targets that are too small only because a bar stands before them where the page
// happens to be scrolled to.
func (v Violation) onlyHidden() bool {
	for _, n := range v.Nodes {
		if !strings.Contains(n.Summary, "partially obscured") {
			return false
		}
	}
	return true
}

// Clean fails the test, without ending it, for each problem in the console, each id that two elements have, and each
// violation that axe finds on the page, or in what the CSS selectors name of it.
func (tab *Tab) Clean(within ...string) {
	tab.t.Helper()
	for _, v := range tab.Axe(within...) {
		tab.t.Errorf("%s breaks %s", tab.Path(), v)
	}
	for _, id := range Eval[[]string](tab, `[...document.querySelectorAll("[id]")].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i)`) {
		tab.t.Errorf("%s has two elements with the id %q", tab.Path(), id)
	}
	for _, problem := range tab.Problems() {
		tab.t.Errorf("%s writes to the console: %s", tab.Path(), problem)
	}
}

// axeSource is axe-core as npm has installed it at the root of the repository.
func axeSource() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above the test")
		}
		dir = up
	}
	source, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("%w: run npm ci", err)
	}
	return string(source), nil
}
