package portal_test

import (
	"strings"
	"testing"

	"kontor/internal/browsertest"
)

// fold makes one blank of several.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// Everybody finds every page of the office in order, whatever they look at it with.
func TestThePagesOfTheOfficeAreForEverybodyInEveryLight(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	browser := browsertest.Start(t)
	pages := []struct{ name, who, path string }{
		{"approvals", "bob", "/approvals"},
		{"approvals-empty", "cleo", "/approvals"},
		{"inbox", "bob", "/inbox"},
		{"account", "ann", "/account"},
		{"company", "dan", "/company"},
		{"company-read", "ann", "/company"},
		{"audit", "dan", "/audit?verify=yes"},
		{"webhooks", "dan", "/webhooks"},
		{"rules", "dan", "/rules"},
		{"rule", "dan", "/rules/" + w.rule.ID.String() + "?try=" + orders[0].String()},
		{"rule-new", "dan", "/rules/new"},
		{"roles", "dan", "/roles"},
		{"role", "dan", "/roles/" + w.Roles["buyer"].String()},
		{"role-administrator", "dan", "/roles/" + w.Roles["administrator"].String()},
		{"role-new", "dan", "/roles/new"},
		{"budgets", "bob", "/budgets"},
		{"budget", "dan", "/budgets/" + w.fund.ID.String()},
		{"budget-new", "dan", "/budgets/new"},
		{"cost-centres", "dan", "/cost-centres"},
		{"cost-centre", "dan", "/cost-centres/" + w.CostCentre.String()},
		{"home-approver", "bob", "/"},
		{"home-buyer", "ann", "/"},
		{"home-administrator", "dan", "/"},
		{"structure", "dan", "/structure"},
		{"unit", "dan", "/units/" + w.Units["ops"].String()},
		{"members", "dan", "/members"},
		{"add-member", "dan", "/members?add=yes"},
		{"member", "dan", "/members/" + w.Ann.Member.String()},
		{"decision", "bob", "/approvals/" + orders[1].String()},
	}
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}} {
		tabs := map[string]*browsertest.Tab{}
		for _, p := range pages {
			t.Run(p.name+" "+name, func(t *testing.T) {
				if tabs[p.who] == nil {
					tabs[p.who] = w.tab(browser, look, emails[p.who])
				}
				tab := tabs[p.who]
				tab.Go(w.url + p.path)
				shoot(tab, p.name+"-"+name)
				tab.Clean()
				if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s is %d pixels too wide", p.path, wide)
				}
				tab.Forget()
			})
		}
	}
}

var emails = map[string]string{"ann": "ann@acme.example", "bob": "bob@acme.example", "cleo": "cleo@acme.example", "dan": "dan@acme.example", "eve": "eve@globex.example"}
