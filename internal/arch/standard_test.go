package arch

import (
	"encoding/json"
	"go/ast"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The functions of ANSI/INCITS 359: core, hierarchical, static and dynamic separation of duty, with the review functions of each.
var standard = strings.Fields(`
	AddUser DeleteUser AddRole DeleteRole AssignUser DeassignUser GrantPermission RevokePermission
	CreateSession DeleteSession AddActiveRole DropActiveRole CheckAccess AssignedUsers AssignedRoles
	RolePermissions UserPermissions SessionRoles SessionPermissions RoleOperationsOnObject UserOperationsOnObject
	AddInheritance DeleteInheritance AddAscendant AddDescendant AuthorizedUsers AuthorizedRoles
	CreateSsdSet DeleteSsdSet AddSsdRoleMember DeleteSsdRoleMember SetSsdSetCardinality SsdRoleSets SsdRoleSetRoles SsdRoleSetCardinality
	CreateDsdSet DeleteDsdSet AddDsdRoleMember DeleteDsdRoleMember SetDsdSetCardinality DsdRoleSets DsdRoleSetRoles DsdRoleSetCardinality`)

// What docs/access.md says of the standard is so: each of its functions stands there once, and what it says is ours is in the code
// and among the operations.
func TestTheTableOfTheStandardIsTrue(t *testing.T) {
	page, err := os.ReadFile("../../docs/access.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(page), "## The functions of the standard")
	table, _, _ = strings.Cut(table, "\n## ")

	functions, operations := map[string]bool{}, operations(t)
	for _, f := range sources(t) {
		for _, d := range f.ast.Decls {
			if fn, is := d.(*ast.FuncDecl); is {
				functions[fn.Name.Name], functions[f.ast.Name.Name+"."+fn.Name.Name] = true, true
			}
		}
	}
	var named []string
	ours, routes := 0, 0
	quoted := regexp.MustCompile("`[^`]+`")
	function := regexp.MustCompile(`^([a-z]+\.)?[A-Z][A-Za-z]+$`)
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) != 5 {
			continue
		}
		named = append(named, strings.FieldsFunc(cells[1], func(r rune) bool { return r == ',' || r == ' ' })...)
		for _, said := range quoted.FindAllString(cells[2], -1) {
			said = strings.Trim(said, "`")
			if !function.MatchString(said) || said == "access.Actor" {
				continue
			}
			if ours++; !functions[said] {
				t.Errorf("%s: there is no %s", strings.TrimSpace(cells[1]), said)
			}
		}
		for _, said := range quoted.FindAllString(cells[3], -1) {
			if routes++; !operations[strings.Trim(said, "`")] {
				t.Errorf("%s: there is no operation %s", strings.TrimSpace(cells[1]), said)
			}
		}
	}
	for _, f := range standard {
		if n := len(slices.DeleteFunc(slices.Clone(named), func(s string) bool { return s != f })); n != 1 {
			t.Errorf("%s stands in the table %d times", f, n)
		}
	}
	if ours < 25 || routes < 25 {
		t.Errorf("%d functions and %d operations: is the test blind?", ours, routes)
	}
}

// operations are those of the API, as METHOD /path.
func operations(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile("../edge/api/testdata/openapi.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	var described struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(raw, &described); err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for path, methods := range described.Paths {
		for method := range methods {
			all[strings.ToUpper(method)+" "+strings.TrimPrefix(path, "/api/v1")] = true
		}
	}
	return all
}
