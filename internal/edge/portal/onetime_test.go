package portal_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/usecase/exchanging"
)

// The very same form sent twice makes one thing, and leads to it both times; said anew it makes another.
func TestAFormSentTwiceMakesOneThing(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	dan := w.desk("dan@acme.example")
	form := with(dan.get("/company").filled("form[action='/company/contacts']"), "name", "Paul Pump", "purpose", "Repairs", "phone", "+43 1 234 567")
	first, second := dan.send("/company/contacts", form), dan.send("/company/contacts", form)
	equal(t, "status", first.status, http.StatusOK)
	equal(t, "status", second.status, http.StatusOK)
	equal(t, "where it led", second.path, first.path)
	tells(t, second, fold(first.Find("[data-toast] p").Text()))
	named := func(name string) int { return strings.Count(dan.get("/company").says("main"), name) }
	equal(t, "contacts", named("Paul Pump"), 1)
	dan.send("/company/contacts", with(form, "name", "Paula Pump"))
	equal(t, "contacts", named("Paula Pump"), 1)

	form = with(dan.get("/cost-centres/new").filled("form[action='/cost-centres']"), "code", "", "name", "Tools")
	equal(t, "status", dan.send("/cost-centres", form).status, http.StatusUnprocessableEntity)
	form = with(form, "code", "TOOLS")
	made := dan.send("/cost-centres", form)
	equal(t, "where it led", dan.send("/cost-centres", form).path, made.path)
	tells(t, dan.send("/cost-centres", with(form, "once", "another")), "already")
}

// Each form that makes one of a list of things that have pages of their own is marked.
func TestFormsThatMakeThingsAreMarked(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	_, err := w.Exchanging.CreateWebhook(t.Context(), w.Dan, exchanging.CreateWebhookInput{Name: "ERP", URL: "https://erp.acme.example/kontor", Filters: []string{"order.*"}})
	w.must(err)
	aMember := regexp.MustCompile(`mem_[0-9a-z]+`)
	makes := map[string]bool{} // whether a form is marked that is sent there
	for route := range needs {
		if thing := regexp.MustCompile(`^GET (/.+)/\{[a-z]+\}$`).FindStringSubmatch(route); thing != nil && needs["POST "+thing[1]] != nil {
			makes[thing[1]] = false
		}
	}
	for _, path := range []string{"/imports", "/inbox", "/invitations", "/approvals"} { // files; nothing is made; these two have keys of their own
		delete(makes, path)
	}
	for who, paths := range map[string][]string{
		"ann": {"/account/addresses"},
		"dan": {"/members/" + w.Ann.Member.String(), "/company", "/structure", "/rules/new", "/roles/new", "/separation/new", "/budgets/new", "/cost-centres/new", "/webhooks", "/lists/new", "/deputies/new"},
		"sam": {"/companies/new", "/customer-groups/new", "/role-templates/new"},
	} {
		d := w.desk(emails[who])
		for _, path := range paths {
			d.get(path).Find("form:has(input[name=once])").Each(func(_ int, f *goquery.Selection) {
				to, _ := f.Attr("action")
				makes[aMember.ReplaceAllString(to, "{member}")] = true
			})
		}
	}
	for to, marked := range makes {
		if !marked {
			t.Errorf("the form that is sent to %s makes something each time that it is sent: say Once, and open its page here", to)
		}
	}
}
