package portal_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/domain/access"
	"kontor/internal/edge/portal"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/store"
	"kontor/internal/store/engine"
	"kontor/internal/usecase/granting"
)

// merely are the sentences of empty states that ask nobody to do what takes a permission besides that of the page: what they say
// is so for every reader. Those that ask stand in the code in visit.asking.
var merely = []string{
	"You are not asked to approve purchase orders. Who is appoints a deputy here.",
	"None was submitted since %s that you see. Go further back, or ask somebody who sees more.",
	"You are up to date. When a purchase order needs your decision, it appears here and you are told.",
	"Here are the active members of the companies that yours belongs to, as far as they have no place here yet.",
	"Open purchase orders that wait for approval would stand here.",
	"What you add stands here until you order it, at your prices of the day.",
	"As soon as %s offers something to your company, it stands here.",
	"Try fewer or shorter words, the article number, or look in all categories.",
	"What needs you, and what becomes of your orders, will appear here.",
	"A good beginning is to take along what is there, to change it, and to bring it back.",
	"When something happens that concerns you, you read it here.",
	"Without a role one can sign in, and do nothing else.",
	"What is held, spent and released stands here, as soon as somebody orders.",
	"What is ordered is booked to a cost centre, so that spending can be told apart.",
	"A purchase order becomes an order as soon as everybody who must has agreed.",
	"Without a deputy what waits for you waits until you are back, or is decided by others who are asked as well.", "No deputy fits these filters.",
	"No list fits these filters.", "No order fits these filters.", "No purchase order fits these filters.",
	"No active member that you see has this permission there.", "Nothing given to %s counts at the moment.",
	"Somebody has used everything that this role permits.", "Each role permits something else, to somebody else.",
	"Type a name, a number or a part of one into the field above.", "Try fewer or shorter words, or a number.",
}

// empties are the sentences of the empty states in the code: those that are said to whoever may do what they ask, and the rest.
func empties(t *testing.T) (asking, saying []string) {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		asks := map[ast.Node]bool{}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "asking" || f.Sel.Name == "askingThroughout") {
					asks[n.Args[1]] = true
				}
			case *ast.CompositeLit:
				kind, ok := n.Type.(*ast.SelectorExpr)
				if !ok || kind.Sel.Name != "Empty" {
					return true
				}
				for _, text := range textOf(n) {
					if asks[n] {
						asking = append(asking, text)
					} else {
						saying = append(saying, text)
					}
				}
			}
			return true
		})
	}
	return asking, saying
}

// textOf is what an empty state says besides its title.
func textOf(e *ast.CompositeLit) (all []string) {
	for _, field := range e.Elts {
		pair, ok := field.(*ast.KeyValueExpr)
		if !ok || pair.Key.(*ast.Ident).Name != "Text" {
			continue
		}
		if said, ok := pair.Value.(*ast.CallExpr); ok {
			text, err := strconv.Unquote(said.Args[0].(*ast.BasicLit).Value)
			if err == nil {
				all = append(all, text)
			}
		}
	}
	return all
}

// Where there is nothing, whoever may only look is not asked to do something, nor led to where they may not go.
func TestAnEmptyPageAsksNobodyForWhatTheyMayNotDo(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	asking, saying := empties(t)
	for _, text := range saying {
		if !slices.Contains(merely, text) {
			t.Errorf("does %q ask for something? Then it belongs into visit.asking, and otherwise into the list of this test", text)
		}
	}
	for _, text := range merely {
		if !slices.Contains(saying, text) {
			t.Errorf("no empty state says %q any more", text)
		}
	}
	mux := web.NewMux()
	portal.New(mux, portal.Services{}, ui.Brand{Name: "Kontor"}, nil)
	heard := map[string]bool{}
	look := func(who *desk, may bool) (seen int) {
		for _, r := range named(mux) {
			path := strings.TrimSuffix(r.Pattern, "{$}")
			page := who.get(path)
			if page.status != http.StatusOK {
				continue
			}
			page.Find(".empty").Each(func(_ int, e *goquery.Selection) {
				seen++
				for _, text := range asking {
					if strings.Contains(fold(e.Text()), text) {
						heard[text] = true
						if !may {
							t.Errorf("%s says %q to somebody who may only look", path, text)
						}
					}
				}
				e.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
					if to := a.AttrOr("href", ""); who.get(to).status != http.StatusOK {
						t.Errorf("%s leads to %s, which is not opened to whoever is led there", path, to)
					}
				})
			})
		}
		return seen
	}
	admins := look(w.desk(emails["eve"]), true) + look(w.desk(emails["sam"]), true)
	var views access.Set
	for _, p := range access.All(access.Buyer) {
		if strings.Contains(p.Code(), ".view") {
			views.Add(p)
		}
	}
	viewer, err := w.Granting.CreateRole(t.Context(), w.Eve, granting.CreateRoleInput{Name: "Looks", Permissions: views})
	w.must(err)
	w.must(w.DB.Write(t.Context(), access.System(w.Globex), func(tx *store.Tx, _ access.Actor) error {
		tx.Companies.SetRightsChanged(w.Globex)
		return nil
	}))
	w.must(w.DB.Engine().Write(t.Context(), func(tx *engine.Tx) error {
		tx.Write(`update assignment set role_id = ? where company_id = ? and member_id = ?`, viewer.ID, w.Globex, w.Eve.Member)
		return nil
	}))
	lookers := look(w.desk(emails["eve"]), false) + look(w.desk(emails["sue"]), false)
	if admins < 12 || lookers < 8 || len(heard) < 8 {
		t.Errorf("%d and %d empty states, of %d sentences that ask %d were heard: is the test blind? %v", admins, lookers, len(asking), len(heard), heard)
	}
}
