package arch

import (
	"go/ast"
	"slices"
	"strings"
	"testing"

	"kontor/internal/domain/access"
)

// Every permission is asked somewhere in a use case, or says that it is not reached yet, or that only the platform is asked.
func TestEveryPermissionIsAskedSomewhere(t *testing.T) {
	constants, reaches := declaredPermissions(t)
	asked, edge := map[string]bool{}, map[string]bool{}
	for _, f := range sources(t) {
		asked := asked
		switch {
		case strings.HasPrefix(f.pkg, "edge/api"), strings.HasPrefix(f.pkg, "edge/portal"):
			asked = edge
		case !strings.HasPrefix(f.pkg, "usecase/"):
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "access" {
				asked[sel.Sel.Name] = true
				for _, leaf := range reaches[sel.Sel.Name] {
					asked[leaf] = true
				}
			}
			return true
		})
	}
	permissions := slices.Concat(access.All(access.Buyer), access.All(access.Staff), access.All(access.Self))
	if len(constants) != len(permissions) {
		t.Fatalf("%d constants, %d permissions: the test has lost its way", len(constants), len(permissions))
	}
	slices.Sort(permissions) // by number, as the constants stand
	reached := 0
	for i, p := range permissions {
		is := asked[constants[i]]
		for _, n := range p.Needs() { // a leaf of staff is reached by what it brings of the organisation's own
			is = is || n.Realm() != p.Realm() && asked[constants[int(n)-1]]
		}
		switch {
		case p.OfPlatform():
			if !asked[constants[i]] || edge[constants[i]] {
				t.Errorf("%s is asked for on a page or by an operation, or nowhere: take it out of access.platform", p)
			}
		case is && !p.Reached():
			t.Errorf("%s is asked for: take it out of access.unreached", p)
		case !is && p.Reached():
			t.Errorf("no use case asks for %s: ask it where its feature is, or list it in access.unreached", p)
		case is:
			reached++
		}
	}
	t.Logf("%d of %d permissions are asked for", reached, len(permissions))
}

// Whatever a use case asks by reach the review functions answer by reach, too; what has no owner is asked by its leaf.
func TestTheReviewKnowsEveryReach(t *testing.T) {
	constants, reaches := declaredPermissions(t)
	permissions := slices.Concat(access.All(access.Buyer), access.All(access.Staff), access.All(access.Self))
	slices.Sort(permissions)
	leaf := func(name string) (p access.Permission) {
		if i := slices.Index(constants, name); i >= 0 {
			p = permissions[i]
		}
		return p
	}
	known := 0
	for name, leaves := range reaches {
		r := access.Reach{Own: leaf(leaves[0]), Subordinates: leaf(leaves[1]), Company: leaf(leaves[2])}
		switch {
		case leaves[0] == "none" && leaves[1] == "none": // nobody owns it
		case name == "ViewDeputies": // the leaf is about others' deputies, and one's own need none
		case slices.ContainsFunc(leaves, func(l string) bool { return leaf(l) != 0 && leaf(l).Act().Reach == r }):
			known++
		default:
			t.Errorf("access.%s is asked by use cases, and no permission is answered by it: see access.Permission.Act", name)
		}
	}
	if known < 7 {
		t.Errorf("only %d reaches were found", known)
	}
	for _, f := range sources(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok && f.pkg != "domain/access" {
				if sel, ok := lit.Type.(*ast.SelectorExpr); ok && sel.Sel.Name == "Reach" {
					if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "access" {
						t.Errorf("%s makes a reach of its own: it belongs to those of access", f.pkg)
					}
				}
			}
			return true
		})
	}
}

// declaredPermissions reads the constants of the permissions in their order, and which of them each reach is made of.
func declaredPermissions(t *testing.T) (constants []string, reaches map[string][]string) {
	t.Helper()
	reaches = map[string][]string{}
	for _, f := range sources(t) {
		if f.pkg != "domain/access" {
			continue
		}
		for _, d := range f.ast.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for i, s := range g.Specs {
				v, ok := s.(*ast.ValueSpec)
				if !ok {
					break
				}
				if i == 0 && v.Names[0].Name != "none" && len(v.Values) == 0 {
					break
				}
				if first, ok := g.Specs[0].(*ast.ValueSpec); ok && first.Names[0].Name == "none" && ast.IsExported(v.Names[0].Name) {
					constants = append(constants, v.Names[0].Name)
				}
				for k, value := range v.Values {
					lit, ok := value.(*ast.CompositeLit)
					if !ok {
						continue
					}
					if typ, ok := lit.Type.(*ast.Ident); !ok || typ.Name != "Reach" {
						continue
					}
					for _, e := range lit.Elts {
						if leaf, ok := e.(*ast.Ident); ok {
							reaches[v.Names[k].Name] = append(reaches[v.Names[k].Name], leaf.Name)
						}
					}
				}
			}
		}
	}
	return constants, reaches
}
