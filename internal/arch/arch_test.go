package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "kontor"

// floors, from the ground up. A package may import what is on a floor below, never what is above, and on its own
// floor only where sideways says so.
var floors = []string{"base", "gateway", "domain", "view", "store", "usecase", "edge", "boot"}

// sideways lists the arrows that are allowed between two packages of one floor.
var sideways = map[string][]string{
	"base/*":        {"base/*"}, // the words of the ground floor; Go itself forbids circles
	"domain/cart":   {"domain/pricing"},
	"domain/order":  {"domain/pricing"},
	"domain/quote":  {"domain/pricing"},
	"store":         {"store/*"},
	"store/*":       {"store/engine"},
	"store/viewdb":  {"store/*db"},
	"usecase/*":     {"usecase/step"},
	"edge/*":        {"edge/web", "edge/web/*"},
	"edge/web":      {"edge/web/*"},
	"edge/ui/*":     {"edge/ui"},
	"edge/portal":   {"edge/web", "edge/ui"},
	"gateway/*":     {},
	"domain/access": {},
}

// skips lists the floors that a floor may not use although they are below it.
var skips = map[string][]string{
	"domain": {"gateway"},
	"view":   {"gateway"},
	"store":  {"gateway"},
	"edge":   {"store", "gateway"},
}

// outside lists packages of others and where they may be used.
var outside = map[string][]string{
	"database/sql":                        {"store/engine"},
	"database/sql/driver":                 {"store/engine", "base/id"}, // how a type says what the tables keep of it
	"github.com/jackc/pgx":                {"store/engine"},
	"modernc.org/sqlite":                  {"store/engine"},
	"github.com/pressly/goose":            {"store/engine"},
	"net/http":                            {"edge", "boot", "gateway"},
	"github.com/danielgtaylor/huma":       {"edge/api", "edge/web"},
	"github.com/a-h/templ":                {"edge"},
	"github.com/alecthomas/kong":          {"edge/console", "boot"},
	"github.com/alexedwards/argon2id":     {"usecase/signing"},
	"github.com/wneessen/go-mail":         {"gateway/mailer"},
	"github.com/xuri/excelize":            {"gateway/sheet"},
	"github.com/prometheus/client_golang": {"edge/web"},
	"golang.org/x/text":                   {"base"},
	"golang.org/x/net":                    {"edge/portal"}, // reads a page to fill in a form of it
}

// world lists functions that read the world, and who may.
var world = map[string][]string{
	"time.Now":     {"store/engine", "edge", "boot", "gateway"},
	"time.Since":   {"store/engine", "edge", "boot", "gateway"},
	"os.Getenv":    {"boot"},
	"os.LookupEnv": {"boot"},
}

// beside are packages that stand beside the house: tests and what they are made of.
var beside = []string{"arch", "cast", "storetest", "storetest/cluster", "storetest/cluster/with", "bench", "browsertest", "matrix", "demo", "trust"}

type file struct {
	pkg  string // "domain/order"
	path string
	ast  *ast.File
}

func sources(t *testing.T) []file {
	t.Helper()
	var all []file
	err := filepath.WalkDir("..", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") || strings.HasSuffix(p, "_templ.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel("..", filepath.Dir(p))
		all = append(all, file{filepath.ToSlash(rel), p, f})
		return err
	})
	if err != nil || len(all) == 0 {
		t.Fatal("no sources", err)
	}
	return all
}

func floor(pkg string) int {
	if slices.Contains(beside, pkg) {
		return -1
	}
	return slices.IndexFunc(floors, func(f string) bool { return pkg == f || strings.HasPrefix(pkg, f+"/") })
}

func TestEveryPackageStandsOnAFloor(t *testing.T) {
	for _, f := range sources(t) {
		if floor(f.pkg) < 0 && !slices.Contains(beside, f.pkg) {
			t.Errorf("%s stands on no floor", f.path)
		}
	}
}

func TestImportsGoDown(t *testing.T) {
	for _, f := range sources(t) {
		from := floor(f.pkg)
		if from < 0 {
			continue
		}
		for _, spec := range f.ast.Imports {
			imp := strings.Trim(spec.Path.Value, `"`)
			if only, ok := reserved(imp); ok && !under(f.pkg, only) {
				t.Errorf("%s: only %v may import %s", f.path, only, imp)
			}
			to, ours := strings.CutPrefix(imp, module+"/internal/")
			if !ours {
				continue
			}
			switch goal := floor(to); {
			case goal < 0:
				if !(to == "cast" && f.pkg == "edge/console" || f.pkg == "boot") {
					t.Errorf("%s: %s is for tests", f.path, to)
				}
			case goal > from:
				t.Errorf("%s: %s may not import %s: it is on a floor above", f.path, f.pkg, to)
			case goal == from && !allowed(f.pkg, to):
				t.Errorf("%s: %s may not import %s: they are neighbours", f.path, f.pkg, to)
			case goal < from && slices.Contains(skips[floors[from]], floors[goal]) && !excepted(f.pkg, to):
				t.Errorf("%s: %s may not import %s: %s goes through the floors between", f.path, f.pkg, to, floors[from])
			}
		}
	}
}

// excepted lists the edges that may reach further down: the worker hands gateways to use cases, and the console looks
// after the store itself.
func excepted(pkg, to string) bool {
	return pkg == "edge/console"
}

// reserved says where a package of others may be used: by the longest name in the table that it begins with.
func reserved(imp string) (only []string, ok bool) {
	longest := ""
	for other, places := range outside {
		if (imp == other || strings.HasPrefix(imp, other+"/")) && len(other) > len(longest) {
			longest, only, ok = other, places, true
		}
	}
	return only, ok
}

func TestOnlyTheEdgesReadTheWorld(t *testing.T) {
	for _, f := range sources(t) {
		if floor(f.pkg) < 0 {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok {
					if only, ok := world[x.Name+"."+s.Sel.Name]; ok && !under(f.pkg, only) {
						t.Errorf("%s: only %v may use %s.%s", f.path, only, x.Name, s.Sel.Name)
					}
				}
			}
			return true
		})
	}
}

// A package of tables keeps to the nouns of its own area.
func TestTablesKeepToTheirArea(t *testing.T) {
	shared := map[string][]string{"viewdb": nil} // viewdb reads across areas
	for _, f := range sources(t) {
		name := path.Base(f.pkg)
		area, ok := strings.CutSuffix(name, "db")
		if !ok || path.Dir(f.pkg) != "store" {
			continue
		}
		if _, ok := shared[name]; ok {
			continue
		}
		for _, spec := range f.ast.Imports {
			to, ok := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module+"/internal/domain/")
			if ok && to != area {
				t.Errorf("%s: tables of %s know the nouns of %s", f.path, area, to)
			}
			if strings.HasPrefix(strings.Trim(spec.Path.Value, `"`), module+"/internal/view") {
				t.Errorf("%s: only viewdb knows views", f.path)
			}
		}
	}
}

// rows is how a package of tables calls what tells how its rows are read, and what holds for some of them.
var rows = regexp.MustCompile(`Columns$|From$|Into$|Where$|^Scan`)

// Views read the rows of every area as the area itself does, and use nothing else of its tables (ADR 0012).
func TestViewsOnlyReadRows(t *testing.T) {
	seen := 0
	for _, f := range sources(t) {
		if f.pkg != "store/viewdb" {
			continue
		}
		tables := map[string]bool{}
		for _, spec := range f.ast.Imports {
			if to := strings.Trim(spec.Path.Value, `"`); path.Dir(to) == module+"/internal/store" && strings.HasSuffix(to, "db") {
				tables[path.Base(to)] = true
			}
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && tables[x.Name] {
					seen++
					if !rows.MatchString(s.Sel.Name) {
						t.Errorf("%s: %s.%s is more than how a row is read", f.path, x.Name, s.Sel.Name)
					}
				}
			}
			return true
		})
	}
	if seen == 0 {
		t.Error("found no row: is the test blind?")
	}
}

// writes is how the methods of the store that change something begin.
var writes = []string{"Insert", "Update", "Delete", "Set", "Post", "Tell"}

// asks is how an actor is asked.
var asks = []string{"Require", "Scope", "May", "Reaches", "Places", "Shows", "Gives"}

// exceptions are use cases that ask nobody, each with its reason.
var exceptions = map[string]string{
	"signing.Recognise": "it makes actors",
}

// Every use case is handed an actor, and asks it before it writes.
func TestEveryUseCaseAsksFirst(t *testing.T) {
	all := sources(t)
	helpers := map[string]*ast.FuncDecl{}
	for _, f := range all {
		if strings.HasPrefix(f.pkg, "usecase/") {
			for _, d := range f.ast.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					helpers[f.pkg+"."+fn.Name.Name] = fn
				}
			}
		}
	}
	seen := 0
	for _, f := range all {
		if !strings.HasPrefix(f.pkg, "usecase/") || f.pkg == "usecase/step" {
			continue
		}
		for _, d := range f.ast.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv == nil || !fn.Name.IsExported() || receiver(fn) != "Service" {
				continue
			}
			seen++
			name := path.Base(f.pkg) + "." + fn.Name.Name
			if exceptions[name] != "" {
				continue
			}
			asked, wrote := firsts(f.pkg, fn, helpers, 0)
			switch {
			case !takesActor(fn):
				t.Errorf("%s: %s takes no access.Actor", f.path, name)
			case !asked.IsValid():
				t.Errorf("%s: %s never asks its actor", f.path, name)
			case wrote.IsValid() && wrote < asked:
				t.Errorf("%s: %s writes before it asks", f.path, name)
			}
		}
	}
	if seen == 0 {
		t.Error("found no use case: is the test blind?")
	}
}

func receiver(fn *ast.FuncDecl) string {
	typ := fn.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if x, ok := typ.(*ast.Ident); ok {
		return x.Name
	}
	return ""
}

func takesActor(fn *ast.FuncDecl) bool {
	for _, p := range fn.Type.Params.List {
		if s, ok := p.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Actor" {
			return true
		}
	}
	return false
}

// firsts says where fn first asks an actor, and where it first writes, looking into functions of its own package.
func firsts(pkg string, fn *ast.FuncDecl, helpers map[string]*ast.FuncDecl, depth int) (asked, wrote token.Pos) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name, on := "", ""
		switch x := call.Fun.(type) {
		case *ast.SelectorExpr:
			name = x.Sel.Name
			if id, ok := x.X.(*ast.Ident); ok {
				on = id.Name
			}
		case *ast.Ident:
			name = x.Name
		}
		note := func(pos *token.Pos) {
			if !pos.IsValid() {
				*pos = call.Pos()
			}
		}
		if on == "actor" && slices.ContainsFunc(asks, func(a string) bool { return strings.HasPrefix(name, a) }) {
			note(&asked)
		}
		if _, table := call.Fun.(*ast.SelectorExpr); table && slices.ContainsFunc(writes, func(w string) bool { return strings.HasPrefix(name, w) }) && on != "actor" {
			note(&wrote)
		}
		if inner := helpers[pkg+"."+name]; inner != nil && inner != fn && depth < 3 {
			a, w := firsts(pkg, inner, helpers, depth+1)
			if a.IsValid() && (!w.IsValid() || a < w) {
				note(&asked)
			}
			if w.IsValid() {
				note(&wrote)
			}
			if a.IsValid() {
				note(&asked)
			}
		}
		return true
	})
	return asked, wrote
}

// Rights are given in one place, where the rules of separation of duty are held against what comes of it.
func TestRightsAreGivenInOnePlace(t *testing.T) {
	const place = "usecase/step/separation.go"
	seen := 0
	for _, f := range sources(t) {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || s.Sel.Name != "InsertAssignment" && s.Sel.Name != "UpdateRole" {
				return true
			}
			seen++
			if !strings.HasSuffix(filepath.ToSlash(f.path), place) {
				t.Errorf("%s: %s is for %s alone: other ways of giving rights pass the rules of separation of duty by", f.path, s.Sel.Name, place)
			}
			return true
		})
	}
	if seen == 0 {
		t.Error("found nobody who gives rights: is the test blind?")
	}
}

func TestNoTwoPackagesShareAName(t *testing.T) {
	dirs := map[string]string{}
	for _, f := range sources(t) {
		if f.ast.Name.Name == "main" {
			continue
		}
		if other, ok := dirs[f.ast.Name.Name]; ok && other != f.pkg {
			t.Errorf("%s and %s are both package %s", f.pkg, other, f.ast.Name.Name)
		}
		dirs[f.ast.Name.Name] = f.pkg
		for _, bad := range []string{"util", "utils", "common", "helpers", "manager"} {
			if f.ast.Name.Name == bad {
				t.Errorf("%s: %q says nothing", f.path, bad)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	said := map[string]string{}
	for _, f := range sources(t) {
		said[f.pkg] += f.ast.Doc.Text()
	}
	for pkg, doc := range said {
		if doc == "" {
			t.Errorf("%s has no package comment", pkg)
		}
		if path.Dir(pkg) != "domain" {
			continue
		}
		for _, part := range []string{"What it is", "Words", "Always true", "Not here"} {
			if !strings.Contains(doc, "# "+part+"\n") {
				t.Errorf("%s: its doc.go does not say %q", pkg, part)
			}
		}
	}
}

// The schema: every table of a company has its company first in its primary key.
func TestCompanyFirst(t *testing.T) {
	seller := []string{"account", "session", "throttle", "category", "product", "category_product", "product_search", "product_word", "price_list", "price", "customer_group", "role_template", "company", "outbox", "mail", "job",
		"timetable", "audit_chain", "migration"}
	files, err := filepath.Glob("../store/migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	table := regexp.MustCompile(`(?s)create table (\w+) \((.*?)\n\)[^;\n]*;`)
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range table.FindAllStringSubmatch(string(text), -1) {
			if slices.Contains(seller, m[1]) {
				continue
			}
			if !strings.Contains(m[2], "primary key (company_id,") && !strings.Contains(m[2], "company_id {{id}}   primary key") {
				t.Errorf("%s: the primary key of %s does not begin with its company", name, m[1])
			}
			for _, u := range regexp.MustCompile(`unique \((\w+)`).FindAllStringSubmatch(m[2], -1) {
				if u[1] != "company_id" {
					t.Errorf("%s: a unique key of %s does not begin with its company", name, m[1])
				}
			}
		}
	}
}

func allowed(from, to string) bool {
	for pattern, goals := range sideways {
		if ok, err := path.Match(pattern, from); ok && err == nil && matches(to, goals) {
			return true
		}
	}
	return false
}

func under(pkg string, places []string) bool {
	return slices.ContainsFunc(places, func(p string) bool { return pkg == p || strings.HasPrefix(pkg, p+"/") })
}

func matches(pkg string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, pkg)
		return ok && err == nil
	})
}
