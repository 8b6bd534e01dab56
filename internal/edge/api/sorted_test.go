package api_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"kontor/internal/base/page"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/storetest"
)

// sortable are the lists that can be sorted, by the operation, with who reads them.
var sortable = map[string]string{"list-members": "dan", "list-purchase-orders": "dan", "list-orders": "dan", "list-budgets": "dan", "list-cost-centres": "dan", "list-invitations": "dan",
	"list-audit": "dan", "list-approvals": "asked", "list-companies": "sam", "list-company-members": "sam", "list-company-audit": "sam", "get-budget": "dan", "list-roles": "dan", "list-order-lists": "dan", "list-deputies": "dan"}

// Every list that can be sorted says by what in its description, and is: each order from page to page, whose cursors are of that
// order alone. What is none of its orders is refused.
func TestListsAreSortedAsTheirDescriptionSays(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	for _, p := range x.world.People[1:] {
		if p.Actor.Member == x.world.Sam.Member {
			x.people["sam"] = p
		}
	}
	most := int64(0)
	for _, p := range x.world.People[1:] { // for whom most waits
		if n, err := x.world.Approving.Counts(t.Context(), p.Actor); err == nil && n.Waiting.N > most && p.Actor.Company == x.world.Acme {
			most, x.people["asked"] = n.Waiting.N, p
		}
	}
	for _, name := range []string{"First", "Second"} {
		x.as(x.people["dan"].Token)("POST", "/lists", "", `{"name":"`+name+`"}`, 201, nil)
	}
	all, _ := described()
	found := 0
	for _, o := range all {
		i := slices.IndexFunc(o.Parameters, func(p *huma.Param) bool { return p.Name == "sort" })
		if i < 0 || o.name == "list-products" {
			continue
		}
		who, known := sortable[o.name]
		if !known {
			t.Errorf("%s: say in this test who reads it", o.name)
			continue
		}
		found++
		call := x.as(x.people[who].Token)
		path := strings.TrimPrefix(strings.NewReplacer("{company}", x.world.Acme.String(), "{budget}", x.world.Things["budget"][0].ID).Replace(o.pattern), "/api/v1")
		var names []string
		for _, value := range o.Parameters[i].Schema.Enum {
			names = append(names, value.(string))
		}
		if len(names)%2 != 0 || len(names) == 0 {
			t.Errorf("%s: the orders are %q", o.name, names)
		}
		for k := 0; k+1 < len(names); k += 2 {
			if names[k+1] != "-"+names[k] {
				t.Errorf("%s: %q has no other way round: %q", o.name, names[k], names[k+1])
			}
		}
		for _, name := range names {
			var first struct {
				Items  []any
				Ledger []any
				Next   string
			}
			if o.name == "list-roles" { // they come as a whole
				call("GET", path+"?sort="+name, "", "", 200, nil)
				continue
			}
			call("GET", path+"?limit=1&sort="+name, "", "", 200, &first)
			if first.Next == "" {
				if o.name != "get-budget" {
					t.Errorf("%s by %s has one page, which shows nothing", o.name, name)
				}
				continue
			}
			call("GET", path+"?limit=1&sort="+name+"&cursor="+url.QueryEscape(first.Next), "", "", 200, nil)
			for _, other := range names {
				if other == name {
					continue
				}
				var wrong web.Problem
				call("GET", path+"?limit=1&sort="+other+"&cursor="+url.QueryEscape(first.Next), "", "", 400, &wrong)
				if wrong.Code != page.ErrOrder.Code || len(wrong.Fields) != 1 || wrong.Fields[0].Name != "cursor" {
					t.Errorf("%s by %s with a cursor of %s: %+v", o.name, other, name, wrong)
				}
			}
		}
		var wrong web.Problem
		if call("GET", path+"?sort=moon", "", "", 400, &wrong); len(wrong.Fields) != 1 || wrong.Fields[0].Name != "sort" {
			t.Errorf("%s by the moon: %+v", o.name, wrong)
		}
	}
	if found != len(sortable) {
		t.Errorf("%d of %d lists can be sorted", found, len(sortable))
	}
}

// Roles come as they are sorted, the administrators' first when nobody says.
func TestRolesAreSorted(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	names := func(query string) (all []string) {
		var list struct{ Items []struct{ Name string } }
		x.as("dan")("GET", "/roles"+query, "", "", 200, &list)
		for _, r := range list.Items {
			all = append(all, strings.ToLower(r.Name))
		}
		return all
	}
	up, down := names("?sort=name"), names("?sort=-name")
	slices.Reverse(down)
	if usual := names(""); usual[0] != "administrator" || !slices.IsSorted(up) || !slices.Equal(up, down) || len(up) != len(usual) {
		t.Errorf("as usual %q, by name %q, and backwards %q", usual, up, down)
	}
}

// A program keeps views as the portal does: its own, of a list that has views, each under a name; nobody else's are there for it.
func TestAProgramKeepsViews(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	ann, dan := x.as("ann"), x.as("dan")
	type kept struct{ ID, List, Name, Shows string }
	var v, w kept
	ann("POST", "/views", "", `{"list":"orders","name":" Large  ones ","shows":"state=placed&sort=-total&at=x&n=7"}`, 200, &v)
	if v.List != "orders" || v.Name != "Large ones" || v.Shows != "sort=-total&state=placed" {
		t.Errorf("kept as %+v", v)
	}
	ann("POST", "/views", "", `{"list":"orders","name":"New ones","shows":"sort=-placed"}`, 200, &w)
	ann("POST", "/views", "", `{"list":"queue","name":"Large ones","shows":""}`, 200, nil)
	var wrong web.Problem
	ann("POST", "/views", "", `{"list":"orders","name":"Large ones","shows":""}`, 409, &wrong)
	if wrong.Code != company.ErrViewNamed.Code {
		t.Errorf("two of one name: %+v", wrong)
	}
	ann("POST", "/views", "", `{"list":"orders","name":" ","shows":"%zz"}`, 400, &wrong)
	if len(wrong.Fields) != 2 {
		t.Errorf("a view without a name, of what is no address: %+v", wrong)
	}
	ann("POST", "/views", "", `{"list":"moons","name":"N","shows":""}`, 400, nil)
	list := func(call func(method, path, seen, body string, want int, into any) string, query string) (names []string) {
		var out struct{ Items []kept }
		call("GET", "/views"+query, "", "", 200, &out)
		for _, k := range out.Items {
			names = append(names, k.List+" "+k.Name)
		}
		return names
	}
	if got := list(ann, "?list=orders"); !slices.Equal(got, []string{"orders Large ones", "orders New ones"}) {
		t.Errorf("of the orders: %q", got)
	}
	if got := list(ann, ""); !slices.Contains(got, "queue Large ones") || !slices.Contains(got, "orders New ones") || !slices.IsSorted(got) {
		t.Errorf("of all lists: %q", got)
	}
	if got := list(dan, "?list=orders"); len(got) != 0 {
		t.Errorf("Dan sees %q", got)
	}
	for _, c := range []struct{ method, body string }{{"GET", ""}, {"PUT", `{"name":"Mine","shows":""}`}, {"DELETE", ""}} {
		dan(c.method, "/views/"+v.ID, "", c.body, 404, &wrong)
		if wrong.Code != company.ErrUnseenView.Code {
			t.Errorf("%s of Ann's by Dan: %+v", c.method, wrong)
		}
	}
	ann("PUT", "/views/"+v.ID, "", `{"name":"New ones","shows":""}`, 409, nil)
	ann("PUT", "/views/"+v.ID, "", `{"name":"Old ones","shows":"sort=placed&export=csv"}`, 200, &v)
	if v.List != "orders" || v.Name != "Old ones" || v.Shows != "sort=placed" {
		t.Errorf("replaced as %+v", v)
	}
	ann("DELETE", "/views/"+v.ID, "", "", 204, nil)
	ann("GET", "/views/"+v.ID, "", "", 404, nil)
	if got := list(ann, "?list=orders"); !slices.Equal(got, []string{"orders New ones"}) {
		t.Errorf("then: %q", got)
	}
}

// The lists of the description are those of which views are kept.
func TestTheDescriptionNamesTheListsThatHaveViews(t *testing.T) {
	all, _ := described()
	looked := 0
	for _, o := range all {
		var lists []any
		switch o.name {
		case "list-views":
			lists = o.Parameters[slices.IndexFunc(o.Parameters, func(p *huma.Param) bool { return p.Name == "list" })].Schema.Enum
		case "create-view":
			lists = o.body.Properties["list"].Enum
		default:
			continue
		}
		looked++
		var names []string
		for _, l := range lists {
			names = append(names, l.(string))
		}
		if !slices.Equal(names, company.KeptLists()) {
			t.Errorf("%s knows the lists %q", o.name, names)
		}
	}
	if looked != 2 {
		t.Errorf("%d looked at", looked)
	}
}
