package portal_test

import (
	"net/http"
	"strings"
	"testing"
)

// All that is wrong with a form is said at once, whether it cannot be read or a rule says no; and nothing is changed.
func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	dan := w.desk("dan@acme.example")
	for _, test := range []struct {
		page, action string
		says         []string // pairs of field and value
		wrong        []string // the fields
	}{
		{"/budgets/new", "/budgets", []string{"name", "", "limit", ""}, []string{"name", "limit"}},
		{"/budgets/new", "/budgets", []string{"name", "", "limit", "abc", "warnings", "x"}, []string{"name", "limit", "warnings"}},
		{"/budgets/" + w.fund.ID.String(), "/budgets/" + w.fund.ID.String(), []string{"name", "", "warnings", "x"}, []string{"name", "warnings"}},
		{"/cost-centres/new", "/cost-centres", []string{"code", "", "name", "", "from", "tomorrow"}, []string{"code", "name", "from"}},
		{"/cost-centres/" + w.CostCentre.String(), "/cost-centres/" + w.CostCentre.String(), []string{"name", "", "until", "never"}, []string{"name", "until"}},
		{"/company", "/company", []string{"name", "", "vat_id", "???", "expiry_days", "many"}, []string{"name", "vat_id", "expiry_days"}},
		{"/members/" + w.Ann.Member.String(), "/members/" + w.Ann.Member.String(), []string{"title", strings.Repeat("x", 300), "approval_limit", "lots"}, []string{"title", "approval_limit"}},
		{"/webhooks", "/webhooks", []string{"name", "", "url", "ftp://example.com", "filters", "???"}, []string{"name", "url", "filters"}},
		{"/budgets/" + w.fund.ID.String(), "/budgets/" + w.fund.ID.String() + "/limit", []string{"limit", "abc", "reason", ""}, []string{"limit", "reason"}},
		{"/budgets/" + w.fund.ID.String(), "/budgets/" + w.fund.ID.String() + "/limit", []string{"limit", "-1", "reason", ""}, []string{"limit", "reason"}},
		{"/members/" + w.Ann.Member.String(), "/members/" + w.Ann.Member.String() + "/roles", []string{"role", "", "from", "tomorrow", "until", "2001-01-01"}, []string{"role", "from", "until"}},
		{"/account", "/account/password", []string{"current", "not hers at all", "new", "short"}, []string{"current", "new"}},
		{"/rules/new", "/rules", []string{"do", "save", "name", "", "priority", "high"}, []string{"name", "priority"}},
	} {
		page := dan.get(test.page)
		before := page.filled("form[method=post][action='" + test.action + "']")
		back := dan.send(test.action, with(page.filled("form[method=post][action='"+test.action+"']"), test.says...))
		if back.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %v is answered with %d", test.action, test.says, back.status)
		}
		for _, field := range test.wrong {
			c := back.Find("form[method=post][action='" + test.action + "'] [name='" + field + "']")
			if c.ParentsFiltered(".field").Find(".error").Length() == 0 {
				t.Errorf("%s %v says nothing beside %s: %s", test.action, test.says, field, back.says("form[action='"+test.action+"'] .error, .notice"))
			}
		}
		before.Del("once")
		after := dan.get(test.page).filled("form[method=post][action='" + test.action + "']")
		after.Del("once")
		after.Del("key")
		before.Del("key")
		equal(t, "what is kept", after.Encode(), before.Encode())
	}
	has(t, "an empty amount", dan.send("/budgets", with(dan.get("/budgets/new").filled("form[action='/budgets']"), "limit", "")).says("[data-error]"), "This is needed")
}
