package portal_test

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/domain/access"
	"kontor/internal/matrix"
	"kontor/internal/storetest"
)

// What is held at a unit is offered nowhere where it is asked of the whole company: from every page that somebody opens who
// has one leaf at a unit, no link leads to a refusal, and no form to an act that takes the leaf everywhere.
func TestNothingIsOfferedThatIsRefused(t *testing.T) {
	t.Parallel()
	w := matrix.New(t, storetest.Lite(t))
	d := newDesks(t, w)
	routes := http.NewServeMux()
	for _, r := range d.mux.Routes() {
		if strings.HasPrefix(r.Pattern, "/") && r.Method != "" && !strings.HasPrefix(r.Pattern, "/api/") {
			routes.Handle(r.Method+" "+r.Pattern, http.NotFoundHandler())
		}
	}
	route := func(method, path string) string {
		r, err := http.NewRequest(method, "http://kontor"+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		_, pattern := routes.Handler(r)
		return pattern
	}
	opened, forms := 0, 0
	for _, leaf := range access.All(access.Buyer) {
		who := person(t, w, "only "+leaf.Code()+" of ops")
		looked, offered := map[string]bool{}, map[string]bool{}
		for next := []string{"/"}; len(next) > 0; next = next[1:] {
			path := next[0]
			a, err := d.Ask(who, matrix.Question{Method: http.MethodGet, Path: path})
			if err != nil {
				t.Fatal(err)
			}
			if a.Status == http.StatusForbidden {
				t.Errorf("%s is led to %s, and refused: %v", who, path, a.Lacks)
			}
			if opened++; a.Status != http.StatusOK {
				continue
			}
			page, err := goquery.NewDocumentFromReader(strings.NewReader(a.Body))
			if err != nil {
				t.Fatal(err)
			}
			here, err := url.Parse(path)
			if err != nil {
				t.Fatal(err)
			}
			at := func(address string) string {
				u, err := here.Parse(address)
				if err != nil || u.Host != "" {
					return ""
				}
				return u.RequestURI()
			}
			page.Find("a[href]").Each(func(_ int, x *goquery.Selection) {
				to := at(x.AttrOr("href", ""))
				pattern := route(http.MethodGet, to)
				if _, known := needs[pattern]; !known || looked[pattern] || strings.Contains(pattern, "assets") {
					return
				}
				looked[pattern] = true
				next = append(next, to)
			})
			page.Find("form[method=post], [formaction], [hx-post]").Each(func(_ int, x *goquery.Selection) {
				for _, attr := range []string{"action", "formaction", "hx-post"} {
					pattern := route(http.MethodPost, at(x.AttrOr(attr, "")))
					if _, has := x.Attr(attr); !has || offered[pattern] {
						continue
					}
					offered[pattern] = true
					forms++
					refused := len(needs[pattern]) > 0 && !placed[pattern]
					for _, n := range needs[pattern] {
						refused = refused && n.Leaf != "" && n.At == matrix.Whole
					}
					if refused {
						t.Errorf("%s is offered %s on %s, which takes %s in the whole company", who, pattern, path, needs[pattern][0].Leaf)
					}
				}
			})
		}
	}
	if opened < 500 || forms < 300 {
		t.Errorf("looked at %d pages and %d forms: is the test blind?", opened, forms)
	}
}

// placed are the acts whose form asks for the place, at which the leaf is asked for.
var placed = map[string]bool{"POST /rules": true, "POST /budgets": true, "POST /cost-centres": true, "POST /cost-centres/{centre}": true, "POST /members/{member}/roles": true}

// Who holds a leaf for a part of the company is told where it is needed.
func TestARefusalSaysWhereItIsNeeded(t *testing.T) {
	t.Parallel()
	w := matrix.New(t, storetest.Lite(t))
	d := newDesks(t, w)
	for who, want := range map[string]string{
		"only roles.manage of ops":    "You hold it for a part of the company. Here it is needed for the whole company.",
		"nothing but catalog.view":    "",
		"only webhooks.manage of fin": "You hold it for a part of the company. Here it is needed for the whole company.",
	} {
		path := "/roles/new"
		if strings.Contains(who, "webhooks") {
			path = "/webhooks"
		}
		a, err := d.Ask(person(t, w, who), matrix.Question{Method: http.MethodGet, Path: path})
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != http.StatusForbidden || !strings.Contains(a.Body, "You need the permission") || strings.Contains(a.Body, "Here it is needed") != (want != "") || !strings.Contains(a.Body, want) {
			t.Errorf("%s is answered %d without %q", who, a.Status, want)
		}
	}
}

// Nobody can give what is withheld from who acts for a customer, so nobody is named to be asked.
func TestWhoActsForACustomerIsNotSentToItsAdministrator(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.consents()
	sam := w.desk(emails["sam"])
	sam.post("/companies/"+w.Acme.String()+"/members/"+w.Cleo.Member.String()+"/act", "reason", "a broken cart")
	refused := sam.get("/roles/new")
	is(t, "what is said", strings.Join(texts(refused, ".failure h1, .failure p:not(.reference), .failure a"), "|"), "You may not do this for somebody else|"+
		"Who acts for a customer helps with their carts, orders and quotes, and does nothing else for them: ask them to do it themselves.|"+
		"Nobody can give you this while you act for a customer.|Go home")
}

// Who makes roles cannot tick what they could not give, and reads why; what a role permits already stays as it is.
func TestWhatOneCannotGiveCannotBeTicked(t *testing.T) {
	t.Parallel()
	w := matrix.New(t, storetest.Lite(t))
	d := newDesks(t, w)
	page := func(who, path string) *goquery.Document {
		a, err := d.Ask(person(t, w, who), matrix.Question{Method: http.MethodGet, Path: path})
		if err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.Body))
		if err != nil || a.Status != http.StatusOK {
			t.Fatal(a.Status, err)
		}
		return doc
	}
	for _, c := range []struct {
		who, path, leaf string
		open            bool
	}{
		{"nothing but roles.manage", "/roles/new", "roles.manage", true},
		{"nothing but roles.manage", "/roles/new", "catalog.view", false},
		{"nothing but roles.manage", "/roles/" + w.Roles["buyer"].String(), "catalog.view", true}, // the role has it
		{"nothing but roles.manage", "/roles/" + w.Roles["buyer"].String(), "audit.view", false},
		{"everything", "/roles/new", "audit.view", true},
	} {
		doc := page(c.who, c.path)
		box := doc.Find("input[name=permission][value='" + c.leaf + "']")
		_, locked := box.Attr("disabled")
		why := ""
		if by := box.AttrOr("aria-describedby", ""); by != "" {
			why = fold(doc.Find("[id='" + by + "']").Text())
		}
		if box.Length() != 1 || locked == c.open || (why == "You cannot give this: you do not hold it yourself.") == c.open {
			t.Errorf("%s on %s: %s is locked: %v, for %q", c.who, c.path, c.leaf, locked, why)
		}
	}
}

// A stream of somebody whose session is over ends when something happens, not at its next beat.
func TestAPokeEndsTheStreamOfAnEndedSession(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	ann := w.desk(emails["ann"])
	res, err := ann.Client.Get(w.url + "/live")
	w.must(err)
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "event:") {
	}
	ann.post("/sign-out")
	poked := time.Now()
	w.must(w.Notifying.MarkAllRead(t.Context(), w.Ann))
	for lines.Scan() {
	}
	if took := time.Since(poked); took > 8*time.Second {
		t.Errorf("it ended after %s", took)
	}
}
