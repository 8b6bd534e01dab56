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
		{"invitations-empty", "eve", "/invitations"},
		{"invitations", "dan", "/invitations"},
		{"invite", "dan", "/invitations/new"},
		{"member", "dan", "/members/" + w.Ann.Member.String()},
		{"access", "dan", "/access?permission=orders.view&owner=" + w.Ann.Member.String()},
		{"access-nobody", "dan", "/access?permission=purchase_orders.override"},
		{"rights", "dan", "/members/" + w.Bob.Member.String() + "/rights?permission=orders.view.subordinates&owner=" + w.Ann.Member.String()},
		{"rights-own", "ann", "/members/" + w.Ann.Member.String() + "/rights?permission=roles.manage"},
		{"compare", "dan", "/roles/" + w.Roles["buyer"].String() + "/compare?with=" + w.Roles["approver"].String()},
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

// Dan asks who may see what is Ann's, goes on to why Bob may, and asks what Bob may not.
func TestDanAsksWhoMayDoWhat(t *testing.T) {
	w := newBureau(t)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/roles")
	tab.Click("text=Who may do what")
	tab.At("/access")
	tab.Choose("select[name=permission]", "orders.view")
	tab.See("View own orders")
	tab.Choose("select[name=owner]", w.Ann.Member.String())
	tab.See("View orders of subordinates")
	tab.Click("text=Bob Boss")
	tab.See("Yes: Bob Boss may.")
	tab.See("Its owner stands below them in the structure.")
	tab.See("The role “Approver”, given for the whole company, has “View orders of subordinates”.")
	tab.Choose("select[name=permission]", "roles.manage")
	tab.Click("text=Ask")
	tab.See("No: Bob Boss may not.")
	tab.See("No role of Bob Boss has the permission “Manage roles and permissions”.")
	tab.Clean()
}
