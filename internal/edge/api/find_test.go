package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/edge/api"
	"kontor/internal/edge/web"
	"kontor/internal/store"
	"kontor/internal/storetest"
)

// A program finds what the portal finds, as far as whoever asks may see it, and where it is read.
func TestTheSearchFindsWhatOneMaySee(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newSite(t, db)
		finds := func(who, q string) string {
			t.Helper()
			var found struct{ Groups []api.FoundJSON }
			x.as(who)("GET", "/search?limit=2&"+url.Values{"q": {q}}.Encode(), "", "", 200, &found)
			var all []string
			for _, g := range found.Groups {
				said := g.Kind
				if g.Instead != "" {
					said += " (" + g.Instead + ")"
				}
				var names []string
				for _, h := range g.Items {
					name := strings.TrimSpace(h.Number + " " + h.Name)
					if h.Exact {
						name += "!"
					}
					names = append(names, name)
					if at, ok := strings.CutPrefix(h.Address, "/api/v1"); ok {
						x.as(who)("GET", at, "", "", 200, nil)
					} else if g.Kind != "page" {
						t.Errorf("%s is read at %s", name, h.Address)
					}
				}
				all = append(all, said+": "+strings.Join(names, ", "))
			}
			return strings.Join(all, "; ")
		}
		for _, row := range []struct{ says, who, q, want string }{
			{"a product by name", "ann", "glove", "product: CAST-GLOVE Glove, cut-resistant"},
			{"a product by its number", "ann", "cast-glove", "product: CAST-GLOVE Glove, cut-resistant!"},
			{"a product whose name is misspelt", "ann", "golve", "product (glove): CAST-GLOVE Glove, cut-resistant"},
			{"a purchase order by its number", "dan", "po-000002", "purchase_order: PO-000002!"},
			{"nobody of another company", "dan", "eve", ""},
			{"no purchase order for who sees none", "nothing-but-catalog.view", "po-000002", ""},
			{"nothing without a permission", "no-role", "glove", ""},
			{"a company, for staff", "staff-with-only-companies.view", "globex", "company: 10002 Globex"},
			{"no company for customers", "dan", "10002", ""},
			{"nothing at all", "dan", "%", ""},
		} {
			if got := finds(row.who, row.q); got != row.want {
				t.Errorf("%s: %q finds %q, want %q", row.says, row.q, got, row.want)
			}
		}
		if got := finds("dan", "archer"); !strings.Contains(got, "member: ") || !strings.Contains(got, "Ann Archer") {
			t.Errorf("people by name: %q", got)
		}
		if got := finds("eve", "archer"); got != "" {
			t.Errorf("Eve finds %q of Acme", got)
		}
		var no web.Problem
		x.as("dan")("GET", "/search", "", "", 400, &no)
		if len(no.Fields) != 1 || no.Fields[0].Name != "q" || no.Fields[0].In != "query" {
			t.Errorf("without words: %+v", no.Fields)
		}
	})
}

// What needs one is told to a program as the portal's first page tells it to a person.
func TestTheOverviewIsOnesOwn(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	over := func(who string) (o api.OverviewJSON) {
		t.Helper()
		x.as(who)("GET", "/me/overview", "", "", 200, &o)
		return o
	}
	if _, err := x.world.Dear(t.Context()); err != nil { // Dan is asked about what everybody orders
		t.Fatal(err)
	}
	dan, ann := over("dan"), over("ann")
	if dan.Waiting < 8 || len(dan.Oldest) != 3 || dan.Oldest[0].State != "pending_approval" || len(dan.Recent) != 5 || dan.Recent[0].Number == "" {
		t.Errorf("%d wait for Dan, %d of them named; %d orders", dan.Waiting, len(dan.Oldest), len(dan.Recent))
	}
	if ann.Waiting != 0 || len(ann.Oldest) != 0 || ann.Loose != (api.LooseJSON{}) || len(ann.Open) == 0 || ann.Open[0].Requester.Name != "Ann Archer" {
		t.Errorf("Ann, who decides nothing and looks after nothing: %+v", ann)
	}
	if eve := over("eve"); eve.Waiting != 0 || len(eve.Recent) > 0 && eve.Recent[0].ID == dan.Recent[0].ID {
		t.Errorf("Eve: %+v", eve)
	}
}

// The versions of a rule are told with who made them.
func TestTheVersionsOfARuleAreTold(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	dan := x.as("dan")
	var made api.RuleJSON
	const body = `{"name":%q,"enabled":true,"basis":"net","steps":[{"then":{"effect":"nothing"}},{"above":{"amount":%q,"currency":"EUR"},"then":{"effect":"ask","stages":[{"groups":[{"k":1,"of":[{"kind":"manager","level":1}]}]}]}}]}`
	seen := dan("POST", "/approval-rules", "", fmt.Sprintf(body, "Dear", "500.00"), 201, &made)
	dan("PUT", "/approval-rules/"+made.ID, seen, fmt.Sprintf(body, "Dearer", "900.00"), 200, nil)
	var all struct{ Items []api.RuleVersionJSON }
	dan("GET", "/approval-rules/"+made.ID+"/versions", "", "", 200, &all)
	if len(all.Items) != 2 {
		t.Fatalf("%d versions", len(all.Items))
	}
	for i, want := range []struct {
		version      int
		name, amount string
	}{{2, "Dearer", "900.00"}, {1, "Dear", "500.00"}} {
		v := all.Items[i]
		if v.Version != want.version || v.Name != want.name || v.Steps[1].Above.Amount != want.amount || v.By == nil || v.By.Name != "Dan Director" || v.At == nil {
			t.Errorf("version %d: %+v", want.version, v)
		}
	}
	x.as("eve")("GET", "/approval-rules/"+made.ID+"/versions", "", "", 404, nil)
}

// Whether the seals hold is asked by a program, too, with a checkpoint of its own.
func TestTheSealsAreChecked(t *testing.T) {
	x := newSite(t, storetest.Lite(t))
	if _, err := x.world.Auditing.Seal(t.Context(), access.System(id.Company{})); err != nil {
		t.Fatal(err)
	}
	dan := x.as("dan")
	check := func(query string) (s api.SealsJSON) {
		t.Helper()
		dan("GET", "/audit/seals"+query, "", "", 200, &s)
		return s
	}
	now := check("")
	if !now.Holds || now.Place == 0 || len(now.Hash) != 64 || now.Broken != nil {
		t.Errorf("sealed: %+v", now)
	}
	if kept := check(fmt.Sprintf("?place=%d&hash=%s", now.Place, now.Hash)); !kept.Holds {
		t.Errorf("with its own checkpoint: %+v", kept)
	}
	if other := check(fmt.Sprintf("?place=%d&hash=%s", now.Place, strings.Repeat("0", 64))); other.Holds || other.Broken == nil || other.Broken.Place != now.Place || other.Broken.Why != "rewritten" {
		t.Errorf("with another one: %+v", other.Broken)
	}
	for _, query := range []string{"?place=1", "?hash=" + now.Hash, "?place=0&hash=" + now.Hash, "?place=1&hash=x"} {
		var no web.Problem
		dan("GET", "/audit/seals"+query, "", "", 400, &no)
		if len(no.Fields) == 0 || no.Fields[0].In != "query" {
			t.Errorf("%s: %+v", query, no)
		}
	}
	x.as("ann")("GET", "/audit/seals", "", "", 403, nil)
}
