package portal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// How much may be typed into a field is said by the constant by which the rule behind it measures, never by a figure: so a page
// cannot come to let through less or more than the rule.
func TestLengthsOfFieldsAreThoseOfTheRules(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			pair, ok := n.(*ast.KeyValueExpr)
			if !ok {
				return true
			}
			if key, ok := pair.Key.(*ast.Ident); !ok || key.Name != "MaxLength" {
				return true
			}
			looked++
			if _, literal := pair.Value.(*ast.BasicLit); literal {
				t.Errorf("%s: the length is a figure: take the constant of the rule", set.Position(pair.Pos()))
			}
			return true
		})
	}
	if looked < 60 {
		t.Errorf("%d lengths: is the test blind?", looked)
	}
}
