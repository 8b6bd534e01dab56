package portal_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"kontor/internal/domain/access"
	"kontor/internal/edge/web"
	"kontor/internal/matrix"
	"kontor/internal/storetest"
)

// A role's page says of each permission which pages it opens: those, those of what it needs, those that anybody opens, and no
// others open for somebody who has nothing else. What is said to be shown more of is no page that opens alike without it.
func TestAPermissionOpensThePagesThatItIsSaidToOpen(t *testing.T) {
	t.Parallel()
	w := matrix.New(t, storetest.Lite(t))
	d := newDesks(t, w)
	ask := func(p *matrix.Person, path string) matrix.Answer {
		a, err := d.Ask(p, matrix.Question{Method: http.MethodGet, Path: path})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	asked, opened := 0, 0
	for _, only := range []struct {
		realm        access.Realm
		name, nobody string
	}{{access.Buyer, "only ", "no role"}, {access.Staff, "staff with only ", "staff with no role"}} {
		nobody := person(t, w, only.nobody)
		for _, leaf := range access.All(only.realm) {
			who := person(t, w, only.name+leaf.Code())
			held := access.SetOf(leaf).Normalise()
			for _, r := range named(d.mux) {
				leaves := append([]string{r.Permission}, r.Or...)
				said := slices.ContainsFunc(held.List(), func(p access.Permission) bool { return slices.Contains(leaves, p.Code()) })
				path := strings.TrimSuffix(r.Pattern, "{$}")
				free, with := ask(nobody, path), ask(who, path)
				asked++
				switch opens := with.Status == http.StatusOK; {
				case opens != (said || free.Status == http.StatusOK):
					t.Errorf("%s as %s: it opens: %v, and is said to: %v", path, who, opens, said)
				case said && with.Body == free.Body:
					t.Errorf("%s as %s: nothing is different from what anybody sees there", path, who)
				case opens:
					opened++
				}
			}
		}
	}
	if asked < 3000 || opened < 500 {
		t.Errorf("asked for %d pages, of which %d opened: is the test blind?", asked, opened)
	}
}

// Whoever looks for a page by its name finds it exactly where they may open it: no list of pages is kept beside the routes.
func TestEveryPageIsFoundByWhoeverMayOpenIt(t *testing.T) {
	t.Parallel()
	w := matrix.New(t, storetest.Lite(t))
	d := newDesks(t, w)
	found, hidden := 0, 0
	for _, name := range []string{"only budgets.view", "only budgets.manage", "only roles.manage", "no role", "staff with only companies.manage", "staff with no role"} {
		who := person(t, w, name)
		for _, r := range named(d.mux) {
			path := strings.TrimSuffix(r.Pattern, "{$}")
			page, err := d.Ask(who, matrix.Question{Method: http.MethodGet, Path: path})
			if err != nil {
				t.Fatal(err)
			}
			list, err := d.Ask(who, matrix.Question{Method: http.MethodGet, Path: "/search?q=" + url.QueryEscape(r.Name)})
			if err != nil {
				t.Fatal(err)
			}
			main := list.Body[strings.Index(list.Body, "<main"):]
			leaves := append([]string{r.Permission}, r.Or...)
			may := slices.ContainsFunc(leaves, func(code string) bool {
				leaf, err := access.Parse(code)
				return err == nil && who.Actor.MaySomewhere(leaf)
			})
			switch there := strings.Contains(main, `href="`+path+`"`); {
			case may && page.Status == http.StatusOK && !there:
				t.Errorf("%s may open %s, and does not find it as %q", name, path, r.Name)
			case there && page.Status != http.StatusOK:
				t.Errorf("%s finds %s, and it answers %d", name, path, page.Status)
			case there:
				found++
			default:
				hidden++
			}
		}
	}
	if found < 40 || hidden < 40 {
		t.Errorf("%d found, %d not: is the test blind?", found, hidden)
	}
}

// named are the pages that have a name and are about nothing in particular.
func named(mux *web.Mux) []web.Route {
	return slices.DeleteFunc(mux.Routes(), func(r web.Route) bool {
		return r.Name == "" || strings.Contains(strings.TrimSuffix(r.Pattern, "{$}"), "{")
	})
}

func person(t *testing.T, w *matrix.World, name string) *matrix.Person {
	t.Helper()
	for _, p := range w.People[1:] {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("the matrix has no %q", name)
	return nil
}

// A permission that is not in use yet and steps around limits is marked as both.
func TestARolesPageSaysWhatAPermissionComesTo(t *testing.T) {
	t.Parallel()
	w := matrix.New(t, storetest.Lite(t))
	a, err := newDesks(t, w).Ask(person(t, w, "dan"), matrix.Question{Method: http.MethodGet, Path: "/roles/" + w.Roles["buyer"].String()})
	if err != nil {
		t.Fatal(err)
	}
	of := func(leaf access.Permission) string {
		_, from, _ := strings.Cut(a.Body, `value="`+leaf.Code()+`"`)
		line, _, _ := strings.Cut(from, "</li>")
		return fold(line)
	}
	for _, tt := range []struct {
		leaf access.Permission
		says []string
	}{
		{access.CatalogView, []string{"A product /products/… · Shop /shop"}},
		{access.OrdersViewCompany, []string{"Shows more on: Placed orders /orders"}},
		{access.AddressesManage, []string{"Import and export /imports"}},
		{access.PurchaseOrdersOverride, []string{"Steps around limits", "Not in use yet"}},
	} {
		for _, said := range tt.says {
			if !strings.Contains(of(tt.leaf), said) {
				t.Errorf("%s does not say %q: %s", tt.leaf, said, of(tt.leaf))
			}
		}
	}
}
