package portal_test

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/date"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/organising"
)

// leads are the forms with a version that hold nothing to be typed, or lead to the page of their thing when it has
// changed: that page shows it as it is now. A form that is new stands in none of these, and has to keep what was typed.
var leads = map[string]string{
	"POST /cart/clear":                        "a button",
	"POST /lists/{list}/lines/{line}":         "a quantity; the list is shown as it is",
	"POST /lists/{list}/share":                "whom it names is looked at first, and the page shows with whom it is shared now",
	"POST /cart/lines/{line}":                 "a quantity; the cart is shown as it is",
	"POST /cart/lines/{line}/remove":          "a button",
	"POST /carts/{cart}/discard":              "a button",
	"POST /checkout":                          "has a test of its own",
	"POST /company/submission":                "a button",
	"POST /imports/{import}/apply":            "what has been read anew is looked at before it is applied",
	"POST /invitations/{invitation}/resend":   "a button",
	"POST /invitations/{invitation}/revoke":   "a button",
	"POST /members/{member}/reactivate":       "a button",
	"POST /roles/{role}/merge":                "a button: what would change is shown anew",
	"POST /units/{unit}/archive":              "a button",
	"POST /units/{unit}/restore":              "a place; whether it stands there is looked at anew",
	"POST /companies/{company}/invitation":    "a button",
	"POST /companies/{company}/administrator": "there while its first administrator has not accepted: companyrecord_test.go",
	"POST /webhooks/{webhook}/delete":         "a button",
}

// Whoever saves what somebody else has changed meanwhile keeps what they typed, sees what stands there now, and saves
// with the next press: in every form that has a version.
func TestWhoIsOvertakenLosesNothingInAnyForm(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	apart := w.apart()
	imports := w.imported()
	group, template := w.sells()
	w.belongs()
	hook, err := w.Exchanging.CreateWebhook(t.Context(), w.Dan, exchanging.CreateWebhookInput{Name: "ERP", URL: "https://erp.acme.example/kontor", Filters: []string{"order.*"}})
	w.must(err)
	_, err = w.Organising.Invite(t.Context(), w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "nora@acme.example", First: "Nora", Last: "Newman", Under: company.Node{Unit: w.Units["ops"]}}}})
	w.must(err)
	kept, err := w.Collecting.Create(t.Context(), w.Ann, collecting.CreateInput{Name: "Weekly"})
	w.must(err)
	_, err = w.Collecting.Add(t.Context(), w.Ann, collecting.AddInput{List: kept.ID, Lines: []collecting.AddLine{{Product: w.Products[0].ID, Quantity: quantity.Of(10)}, {Product: w.Products[1].ID, Quantity: quantity.Of(500)}}})
	w.must(err)
	list := "/lists/" + kept.ID.String()
	deputy, err := w.Approving.Appoint(t.Context(), w.Dan, approving.AppointInput{By: w.Bob.Member, DeputyTerms: approving.DeputyTerms{Until: date.On(time.Now().AddDate(0, 0, 14), time.UTC)}})
	w.must(err)
	seen := map[string]bool{}
	for _, x := range []struct {
		who   string
		paths []string
	}{
		{"ann", []string{list, list + "?do=edit", list + "?do=delete", list + "/share", "/account/addresses", "/account/addresses/" + w.home().String()}},
		{"dan", []string{"/imports/" + imports[0].String(), "/imports/" + imports[1].String(), "/company", "/company/legal-address", "/company/addresses/" + w.Warehouse.String(), "/company/contacts/" + w.paula().String(), "/units/" + w.Units["ops"].String(),
			"/members/" + w.Ann.Member.String(), "/members/" + w.Cleo.Member.String() + "/leave", "/rules/" + w.rule.ID.String(), "/rules/" + w.manifold().String(),
			"/budgets/" + w.fund.ID.String(), "/cost-centres/" + w.CostCentre.String(), "/roles/" + w.Roles["buyer"].String(), "/separation/" + apart[0].String(),
			"/webhooks/" + hook.ID.String(), "/deputies/" + deputy.String()}},
		{"sam", []string{"/companies/" + w.Acme.String(), "/companies/" + w.Acme.String() + "/edit", "/customer-groups/" + group.String(), "/role-templates/" + template.String()}},
	} {
		d := w.desk(emails[x.who])
		for _, path := range x.paths {
			for i := range d.get(path).Find(versioned).Length() {
				page := d.get(path) // anew: the form before may have changed the same thing
				f := page.Find(versioned).Eq(i)
				action, _ := f.Attr("action")
				route := routeOf(action)
				seen[route] = true
				if _, ok := leads[route]; ok || f.Find("input:not([type=hidden]), select, textarea").Length() == 0 {
					continue // a button: the page of the thing comes, as it is now
				}
				t.Run(route, func(t *testing.T) { overtaken(t, d, page, f, action) })
			}
		}
	}
	for route, all := range needs {
		carries := false
		for _, n := range all {
			carries = carries || strings.Contains(n.Send, "version=")
		}
		if _, ok := leads[route]; carries && !ok && !seen[route] {
			t.Errorf("no form is tried that is sent to %s: open its page here", route)
		}
	}
}

const versioned = "form:has(input[name=version])"

// overtaken sends a form as though somebody had been faster, with each text changed, and once more as it comes back.
func overtaken(t *testing.T, d *desk, page sheet, f *goquery.Selection, action string) {
	f.SetAttr("data-tried", "")
	form := page.filled("form[data-tried]")
	f.RemoveAttr("data-tried")
	now := form.Get("version")
	changed := url.Values{}
	f.Find("input[type=text]:not([readonly]):not([role]), textarea").Each(func(_ int, c *goquery.Selection) {
		name, _ := c.Attr("name")
		_, required := c.Attr("required")
		switch typed := form.Get(name); {
		case required && typed == "":
			changed.Set(name, "Because")
		case len(form[name]) == 1 && regexp.MustCompile(`^\p{L}`).MatchString(typed) && name != "zone" && name != "currency" && !strings.HasSuffix(name, ".when"):
			changed.Set(name, form.Get(name)+"x")
		}
	})
	sent := url.Values{"version": {"7777"}}
	for name, all := range form {
		if name != "version" {
			sent[name] = all
		}
		if changed.Has(name) {
			sent[name] = changed[name]
		}
	}
	if b := f.Find("button[name=do]").First(); b.Length() > 0 {
		sent.Set("do", "save")
	}
	back := d.send(action, sent)
	if back.status != http.StatusConflict {
		t.Fatalf("an old version is answered with %d: %s", back.status, back.says(".notice"))
	}
	again := back.Find("form").FilterFunction(func(_ int, s *goquery.Selection) bool {
		to, _ := s.Attr("action")
		return to == action && s.Find(".notice[role=alert]").Length() > 0
	})
	if again.Length() != 1 {
		t.Fatalf("%d forms say that somebody was faster", again.Length())
	}
	has(t, "the notice", fold(again.Find(".notice").Text()), "Somebody has changed this meanwhile")
	again.SetAttr("data-tried", "")
	kept := back.filled("form[data-tried]")
	is(t, "the version", kept.Get("version"), now)
	for name := range sent {
		if name != "version" && name != "do" && name != "once" && strings.Join(kept[name], "|") != strings.Join(sent[name], "|") {
			t.Errorf("%s was %q and is %q", name, sent[name], kept[name])
		}
	}
	for name := range changed {
		c := again.Find("[name='" + name + "']")
		has(t, "beside "+name, fold(c.ParentsFiltered(".field").Find(".now").Text()), "Now: "+fold(cmp.Or(form.Get(name), "nothing")))
	}
	if n := again.Find(".now").Length(); n != len(changed) {
		t.Errorf("%d fields are marked, of %d that differ: %s", n, len(changed), again.Find(".now").Text())
	}
	if sent.Has("do") {
		kept.Set("do", "save")
	}
	if action == "/companies/"+d.Acme.String()+"/status" || strings.HasSuffix(action, "/mapping") {
		return // a company that is closed, and an import that is read anew, are no use to the rest
	}
	if last := d.send(action, kept); last.status == http.StatusConflict {
		t.Errorf("saving again is answered with %d: %s", last.status, last.says(".notice"))
	}
}

// routeOf is the pattern that an address is of.
func routeOf(action string) string {
	for route := range needs {
		method, pattern, _ := strings.Cut(route, " ")
		if method != http.MethodPost {
			continue
		}
		expr := regexp.MustCompile(`\{[^}]+\}`).ReplaceAllString(pattern, `[a-z]+_[0-9a-z]+`)
		if regexp.MustCompile("^" + expr + "$").MatchString(action) {
			return route
		}
	}
	return action
}
