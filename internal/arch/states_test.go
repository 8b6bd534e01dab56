package arch

import (
	"go/ast"
	"strings"
	"testing"

	"kontor/internal/domain/approval"
)

// verdicts are what comes of the functions by which a plan goes on.
var verdicts = map[string][]approval.Action{
	"Decide":   {approval.DoDecide, approval.DoApprove, approval.DoReject},
	"Override": {approval.DoOverride},
	"HandOver": {approval.DoHandOver},
}

// The table of states says which of its actions are still to come: those that no use case carries out.
func TestWhatIsToComeIsCarriedOutByNothing(t *testing.T) {
	carried := map[approval.Action]string{}
	for _, f := range sources(t) {
		if !strings.HasPrefix(f.pkg, "usecase/") {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, arg := range call.Args {
				if s, ok := arg.(*ast.SelectorExpr); ok && strings.HasPrefix(s.Sel.Name, "Do") {
					if x, ok := s.X.(*ast.Ident); ok && x.Name == "approval" {
						carried[action(t, s.Sel.Name)] = f.path
					}
				}
			}
			if s, ok := call.Fun.(*ast.SelectorExpr); ok {
				if plan, ok := s.X.(*ast.SelectorExpr); ok && plan.Sel.Name == "Plan" {
					for _, a := range verdicts[s.Sel.Name] {
						carried[a] = f.path
					}
				}
			}
			return true
		})
	}
	for _, a := range approval.Actions() {
		switch where := carried[a]; {
		case where != "" && a.ToCome():
			t.Errorf("%s carries out %s: it is no longer to come", where, a)
		case where == "" && !a.ToCome():
			t.Errorf("no use case carries out %s: it is to come", a)
		}
	}
}

// action is the value of a constant of the domain, by its name.
func action(t *testing.T, name string) (a approval.Action) {
	t.Helper()
	for _, f := range sources(t) {
		if f.pkg != "domain/approval" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 && v.Names[0].Name == name {
				if text, ok := v.Values[0].(*ast.BasicLit); ok {
					a = approval.Action(strings.Trim(text.Value, `"`))
				}
			}
			return true
		})
	}
	if a == "" {
		t.Fatalf("approval.%s is no action", name)
	}
	return a
}
