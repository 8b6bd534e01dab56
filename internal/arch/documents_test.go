package arch

import (
	"flag"
	"fmt"
	"go/ast"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"

	"kontor/internal/domain/access"
	"kontor/internal/edge/portal"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
)

var golden = flag.Bool("golden", false, "rewrite what is made from the code")

// document compares a page of docs/ with what the code says, or rewrites it.
func document(t *testing.T, name, text string) {
	t.Helper()
	path := "../../docs/" + name
	if *golden {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != text {
		t.Errorf("docs/%s is not what the code says: run make golden and read the difference", name)
	}
}

// Every fault that can be met outside, with its kind and sentence; no code is defined twice.
func TestDocumentationOfFaults(t *testing.T) {
	statuses := map[string]string{"Invalid": "400", "Unauthenticated": "401", "Forbidden": "403", "NotFound": "404", "Conflict": "409", "Stale": "412", "Unversioned": "428", "TooLarge": "413",
		"WrongType": "415", "Refused": "422", "TooMany": "429", "Internal": "500", "Unavailable": "503"}
	where := map[string]string{}
	var lines []string
	for _, f := range sources(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 3 {
				return true
			}
			if named(call.Fun) != "Define" {
				return true
			}
			kind := named(call.Args[0])
			code, isText := call.Args[1].(*ast.BasicLit)
			sentence, isSentence := call.Args[2].(*ast.BasicLit)
			if kind == "" || !isText || !isSentence {
				t.Errorf("%s: a fault is defined by a kind, a code and a sentence, written out", f.path)
				return true
			}
			name, err := strconv.Unquote(code.Value)
			if err != nil {
				t.Error(err)
			}
			text, err := strconv.Unquote(sentence.Value)
			if err != nil {
				t.Error(err)
			}
			if other, twice := where[name]; twice {
				t.Errorf("%s and %s both define the fault %s", other, f.path, name)
			}
			where[name] = f.path
			lines = append(lines, fmt.Sprintf("| `%s` | %s | %s |\n", name, statuses[kind], strings.ReplaceAll(text, "|", "\\|")))
			return true
		})
	}
	sort.Strings(lines)
	document(t, "faults.md", "# Faults\n\nEverything that can be refused, made from the code. The code is stable; the sentence may be said more exactly in the single case, and in "+
		"the language of whoever asks. `fault.ErrInput` (`input.invalid`) carries the fields that are wrong, a refusal every reason.\n\n| code | status | sentence |\n| --- | --- | --- |\n"+strings.Join(lines, ""))
}

// named is the name at the end of an expression: of fault.Define, and of Define in its own package.
func named(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name
	case *ast.Ident:
		return x.Name
	}
	return ""
}

// The permission tree of both realms, with what each leaf needs.
func TestDocumentationOfPermissions(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Permissions\n\nMade from the code. A role stores leaves; a check is an exact leaf. What a leaf needs is held with it.\nWhat nothing asks for yet, because its feature is not there, can be given already; it is marked so.\n" +
		"The pages of the portal that a leaf opens, or shows what is not one's own on, are those of the running routes; what stands in braces is what the page is about.\n")
	mux := web.NewMux()
	portal.New(mux, portal.Services{}, ui.Brand{Name: "Kontor"}, nil)
	opened := func(p access.Permission) string {
		var all []string
		for _, page := range mux.Opened(p.Code()) {
			all = append(all, fmt.Sprintf("%s `%s`", page.Name, page.Address))
		}
		return strings.Join(all, ", ")
	}
	for _, realm := range []struct {
		realm access.Realm
		title string
	}{{access.Buyer, "Companies"}, {access.Staff, "The seller's staff"}} {
		fmt.Fprintf(&b, "\n## %s\n\n| code | label | needs | pages |\n| --- | --- | --- | --- |\n", realm.title)
		for _, g := range access.Tree(realm.realm) {
			fmt.Fprintf(&b, "| **%s** | %s | | |\n", g.Code, g.Label)
			for _, p := range g.Leaves {
				var needs []string
				for _, n := range p.Needs() {
					needs = append(needs, "`"+n.Code()+"`")
				}
				label := p.Label()
				if p.Bypass() {
					label += " *(steps around limits)*"
				}
				if !p.Reached() {
					label += " *(not asked for yet)*"
				}
				pages := opened(p)
				if wider := opened(p.Narrowest()); pages == "" && wider != "" {
					pages = "more on " + wider
				}
				fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", p.Code(), label, strings.Join(needs, " "), pages)
			}
		}
	}
	for _, realm := range []struct {
		realm access.Realm
		title string
	}{{access.Buyer, "Shipped roles\n\nCopied into every new company; all but the first can be edited."}, {access.Staff, "Shipped roles of staff\n\nThose of the seller's own organisation; all but the first can be edited."}} {
		fmt.Fprintf(&b, "\n## %s\n\n| role | what for | permissions |\n| --- | --- | --- |\n", realm.title)
		for _, r := range access.Shipped(realm.realm) {
			fmt.Fprintf(&b, "| %s | %s | %d |\n", r.Name, r.Description, r.Set.Normalise().Len())
		}
	}
	document(t, "permissions.md", b.String())
}
