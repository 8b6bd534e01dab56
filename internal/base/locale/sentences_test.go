package locale_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// speakers names the calls whose arguments at these places are sentences for people, in every package or in one.
var speakers = map[string][]int{
	"T":             {0},
	"N":             {1, 2},
	"Say":           {0}, // a phrase
	"Count":         {1, 2},
	"approval.say":  {0}, // what is wrong with a condition
	"notice.say":    {0}, // a line of the table of reactions
	"notice.leadTo": {0}, // a button of a mail
	"ui.word":       {1}, // what a piece says of itself
	"portal.look":   {2}, // what a page is called
	"portal.see":    {2}, // that, too
	"portal.show":   {1}, // that, too
}

// rows names the structs of which tables stand in the code without field names, and where they hold sentences.
var rows = map[string][]int{
	"ShippedRole": {1, 2},
	"row":         {0}, // of a mail's table
}

// A page is called by an argument of a call that speaks: written out, or handed on by what makes such calls.
func TestWhatAPageIsCalledIsSaidToSpeakers(t *testing.T) {
	folders, set := sources(t)
	names := 0
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		r := reader{folder: folder, constants: map[string]ast.Expr{}}
		for _, file := range folders[folder] {
			for _, d := range file.Decls {
				for where, name := range r.unspoken(d) {
					names++
					if name != "" {
						t.Errorf("%s: a page is called %s, and nobody translates that", set.Position(where), name)
					}
				}
			}
		}
	}
	if names < 3 {
		t.Fatalf("only %d places where pages get their names: is this where the sources are?", names)
	}
}

// A person who reads German meets no English, whoever added the sentence.
func TestEverySentenceHasGerman(t *testing.T) {
	german, missing := catalogue(t), map[string]string{}
	found := sentences(t)
	for text, where := range found {
		if _, ok := german[text]; !ok && !same(text) {
			missing[text] = where
		}
	}
	if len(found) < 20 {
		t.Fatalf("only %d sentences found: is this where the sources are?", len(found))
	}
	for _, text := range slices.SortedFunc(maps.Keys(missing), func(a, b string) int {
		return cmp.Or(strings.Compare(missing[a], missing[b]), strings.Compare(a, b))
	}) {
		t.Errorf("%s: no German for\n  %s: \"\",", missing[text], quoted(text))
	}
}

// What nobody says any more goes.
func TestNoGermanIsLeftOver(t *testing.T) {
	found := sentences(t)
	for text := range catalogue(t) {
		if found[text] == "" {
			t.Errorf("nothing says %q", text)
		}
	}
}

// same reports whether a text has no words, and so nothing to translate: "%s (%s)".
func same(text string) bool {
	return !regexp.MustCompile(`\pL`).MatchString(verbs.ReplaceAllString(text, ""))
}

var verbs = regexp.MustCompile(`%[-+# 0]*(?:\[(\d+)\])?[\d.]*([a-zA-Z%])`)

// What is filled in goes into the German sentence, too, at the place that German gives it.
func TestGermanHasTheSameFigures(t *testing.T) {
	for text, said := range catalogue(t) {
		if want, got := places(text), places(said); !slices.Equal(want, got) {
			t.Errorf("%q takes %v, its German %q takes %v", text, want, said, got)
		}
	}
}

// places lists which argument goes in by which verb, in the order of the arguments.
func places(text string) []string {
	var all []string
	next := 1
	for _, m := range verbs.FindAllStringSubmatch(text, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1]) // the pattern lets only digits through
		}
		all = append(all, fmt.Sprint(next, m[2]))
		next++
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// We say Sie to everybody, and do not shout.
func TestGermanIsPolite(t *testing.T) {
	rude := regexp.MustCompile(`(?i)\b(du|dir|dich|dein(e[mnrs]?)?|euch|euer|eure)\b|!`)
	for text, said := range catalogue(t) {
		if m := rude.FindString(said); m != "" {
			t.Errorf("%q: %q says %q", text, said, m)
		}
		if strings.TrimSpace(said) == "" {
			t.Errorf("%q has an empty translation", text)
		}
	}
}

// catalogue reads the files one by one: a sentence may stand in several, but must be translated alike.
func catalogue(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("de/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no files", err)
	}
	all, from := map[string]string{}, map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(text))
		if _, err := d.Token(); err != nil { // the opening brace
			t.Fatalf("%s: %v", name, err)
		}
		for d.More() {
			var pair [2]string
			for i := range pair {
				token, err := d.Token()
				said, ok := token.(string)
				if err != nil || !ok {
					t.Fatalf("%s: after %q: %v, %v", name, pair[0], token, err)
				}
				pair[i] = said
			}
			if old, twice := all[pair[0]]; twice && (old != pair[1] || from[pair[0]] == name) {
				t.Errorf("%s: %q is already %q in %s", name, pair[0], old, from[pair[0]])
			}
			all[pair[0]], from[pair[0]] = pair[1], name
		}
	}
	return all
}

// sources reads the code, folder by folder.
func sources(t *testing.T) (map[string][]*ast.File, *token.FileSet) {
	t.Helper()
	folders := map[string][]*ast.File{}
	set := token.NewFileSet()
	err := filepath.WalkDir("../..", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err == nil {
			folders[filepath.Dir(name)] = append(folders[filepath.Dir(name)], file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders, set
}

// sentences finds every sentence in the sources, with the place of its first use.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	folders, set := sources(t)
	found := map[string]string{}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		r := reader{folder: folder, constants: map[string]ast.Expr{}}
		for _, file := range folders[folder] {
			ast.Inspect(file, r.define)
		}
		for _, file := range folders[folder] {
			r.file = set.Position(file.Pos()).Filename
			ast.Inspect(file, func(n ast.Node) bool {
				for _, e := range r.spoken(n) {
					if text, ok := r.text(e); ok && text != "" && found[text] == "" {
						found[text] = fmt.Sprintf("%s:%d", r.file, set.Position(e.Pos()).Line)
					}
				}
				return true
			})
		}
	}
	return found
}

// reader knows the constants of the folder that it reads.
type reader struct {
	folder, file string
	constants    map[string]ast.Expr
}

func (r *reader) define(n ast.Node) bool {
	if d, ok := n.(*ast.GenDecl); ok && d.Tok == token.CONST {
		for _, spec := range d.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && len(v.Values) == len(v.Names) {
				for i, name := range v.Names {
					r.constants[name.Name] = v.Values[i]
				}
			}
		}
	}
	return true
}

// spoken lists what n says to people, if it is something that speaks.
func (r *reader) spoken(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.CallExpr:
		return at(n.Args, r.places(n))
	case *ast.KeyValueExpr:
		key, ok := n.Key.(*ast.Ident)
		domain := strings.Contains(filepath.ToSlash(r.folder), "/domain/")
		if ok && (key.Name == "Format" || domain && (key.Name == "Label" || key.Name == "label")) {
			return []ast.Expr{n.Value}
		}
	case *ast.CompositeLit:
		list, ok := n.Type.(*ast.ArrayType)
		if !ok {
			return nil
		}
		var all []ast.Expr
		for _, e := range n.Elts {
			if row, ok := e.(*ast.CompositeLit); ok {
				all = append(all, at(row.Elts, rows[name(list.Elt)])...)
			}
		}
		return all
	}
	return nil
}

func (r *reader) places(call *ast.CallExpr) []int {
	called := name(call.Fun)
	switch called {
	case "Define": // a fault's sentence
		if owner(call) == "fault" || filepath.Base(r.folder) == "fault" {
			return []int{2}
		}
		return nil
	case "With": // a fault's, but not a logger's
		if o := owner(call); strings.HasPrefix(o, "Err") || strings.HasPrefix(o, "err") || o == "Define" || o == "Noting" {
			return []int{0}
		}
		return nil
	case "Add": // what is wrong with a field: name, code, sentence
		if len(call.Args) >= 3 {
			if _, coded := r.text(call.Args[1]); coded {
				return []int{2}
			}
		}
		return nil
	}
	if places, ok := speakers[filepath.Base(r.folder)+"."+called]; ok {
		return places
	}
	return speakers[called]
}

// unspoken finds where pages get their names, and what is wrong with a name: that it is neither empty nor an argument, at the place of
// sentences, of a function that is among the speakers.
func (r *reader) unspoken(d ast.Decl) map[token.Pos]string {
	all := map[token.Pos]string{}
	var makers []speaker // around the node that is looked at, the innermost last
	var walk func(n ast.Node) bool
	walk = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Lhs) == 1 && len(n.Rhs) == 1 {
				if f, ok := n.Rhs[0].(*ast.FuncLit); ok {
					makers = append(makers, speaker{name(n.Lhs[0]), f.Type})
					ast.Inspect(f.Body, walk)
					makers = makers[:len(makers)-1]
					return false
				}
			}
		case *ast.CompositeLit:
			if name(n.Type) != "Meta" {
				return true
			}
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok && name(kv.Key) == "Name" {
					all[kv.Pos()] = r.silent(kv.Value, makers)
				}
			}
		}
		return true
	}
	if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
		makers = append(makers, speaker{f.Name.Name, f.Type})
		ast.Inspect(f.Body, walk)
	}
	return all
}

// speaker is a function that may speak, and what it takes.
type speaker struct {
	name  string
	takes *ast.FuncType
}

// silent is a name that is not said to one of the speakers; empty for one that is.
func (r *reader) silent(e ast.Expr, makers []speaker) string {
	said, ok := e.(*ast.Ident)
	if !ok {
		text, _ := r.text(e)
		return cmp.Or(text, "by what stands there")
	}
	for _, m := range slices.Backward(makers) {
		i := 0
		for _, field := range m.takes.Params.List {
			for _, p := range field.Names {
				if p.Name == said.Name {
					if slices.Contains(speakers[filepath.Base(r.folder)+"."+m.name], i) {
						return ""
					}
					return "what " + m.name + " is given"
				}
				i++
			}
		}
	}
	return "by what stands there"
}

// name is the last word of what is called: "T" of l.T.
func name(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		return name(e.Fun)
	}
	return ""
}

// owner is the last word before the dot: "ErrRange" of money.ErrRange.With.
func owner(call *ast.CallExpr) string {
	if s, ok := call.Fun.(*ast.SelectorExpr); ok {
		return name(s.X)
	}
	return ""
}

// text is the value of a constant string.
func (r *reader) text(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(e.Value)
		return s, err == nil && e.Kind == token.STRING
	case *ast.ParenExpr:
		return r.text(e.X)
	case *ast.Ident:
		if value, ok := r.constants[e.Name]; ok {
			return r.text(value)
		}
	case *ast.BinaryExpr:
		a, one := r.text(e.X)
		b, two := r.text(e.Y)
		return a + b, one && two && e.Op == token.ADD
	}
	return "", false
}

func at(list []ast.Expr, places []int) []ast.Expr {
	var all []ast.Expr
	for _, i := range places {
		if i < len(list) {
			all = append(all, list[i])
		}
	}
	return all
}

// quoted is a text as JSON writes it, ready to be pasted.
func quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
