package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

func TestDanRunsPeople(t *testing.T) {
	w := newBureau(t)
	dan := w.desk("dan@acme.example")

	fred, err := w.Organising.AddMember(t.Context(), w.Dan, organising.AddMemberInput{Email: "fred@acme.example", First: "Fred", Last: "Fitter", Under: company.Node{Unit: w.Units["ops"]}})
	w.must(err)
	at := "/members/" + fred.ID.String()

	tells(t, dan.post(at+"/roles", "role", w.Roles["buyer"].String(), "unit", w.Units["ops"].String(), "from", "2026-01-01", "until", "2099-12-31"), "31 Dec 2099")
	term := dan.get(at).Find(`a[href*="/roles/asg"]`).First().AttrOr("href", at+"/roles/none")
	equal(t, "its last day", dan.get(term).Find(`input[name="until"]`).AttrOr("value", ""), "2099-12-31")
	tells(t, dan.post(term, "from", "2026-01-01", "until", "2098-12-31"), "31 Dec 2098")
	tells(t, dan.post(term, "from", "2026-01-01", "until", "2001-12-31"), "The end")
	tells(t, dan.post(term, "from", "soon", "until", "2098-12-31"), "From")
	equal(t, "another's", dan.get(strings.Replace(term, fred.ID.String(), w.Ann.Member.String(), 1)).status, http.StatusNotFound)
	tells(t, dan.post(at+"/roles", "role", w.Roles["buyer"].String(), "from", "2099-01-01", "until", "2098-01-01"), "The end is not after the beginning")
	tells(t, dan.post(at, "version", dan.get(at).hidden("version"), "first_name", "Fred", "last_name", "von Fitter", "title", "Foreman", "number", "", "external_id", "HR-7", "phone", "+49 30 1", "approval_limit", "1,500.00"), "€1,500.00")
	tells(t, dan.get(at), "External IDHR-7")
	equal(t, "the last name", dan.get(at).Find(`input[name="last_name"]`).AttrOr("value", ""), "von Fitter")
	tells(t, dan.post(at, "version", dan.get(at).hidden("version"), "first_name", "Fred", "last_name", "von Fitter", "phone", "what"), "phone number looks like")
	tells(t, dan.post(at, "version", "1", "first_name", "Fred", "title", "", "number", ""), "Somebody has changed this meanwhile")
	tells(t, dan.post("/structure/move", "node", strings.TrimPrefix(at, "/members/"), "under", w.Ann.Member.String(), "back", at), "Ann Archer")
	tells(t, dan.post(at+"/deactivate", "version", dan.get(at).hidden("version")), "Deactivated")
	tells(t, dan.post(at+"/reactivate", "version", dan.get(at).hidden("version"), "under", w.Units["fin"].String()), "Finance")
	tells(t, dan.get("/members?q=fitter"), "fred@acme.example")
	equal(t, "for Eve", w.desk("eve@globex.example").get(at).status, http.StatusNotFound)

	unit := dan.post("/units", "name", "Paint shop", "code", "paint", "under", w.Units["ops"].String())
	tells(t, unit, "The unit “Paint shop” was added.")
	tells(t, dan.post("/units", "name", "Another", "code", "paint", "under", w.Units["ops"].String()), "already a unit with this code")
	tells(t, dan.get("/structure?q=paint"), "Paint shop")
	tells(t, dan.post("/units/"+w.Units["ops"].String()+"/archive", "version", "1"), "still people or units below")
}

func TestDanChangesRoles(t *testing.T) {
	w := newBureau(t)
	dan := w.desk("dan@acme.example")
	tells(t, dan.post("/roles", "name", "Storekeeper"), "A role needs at least one permission")
	made := dan.post("/roles", "name", "Storekeeper", "permission", "orders.view.company")
	tells(t, made, "The role “Storekeeper” was made.")
	if made.Find("input[value='orders.view'][checked]").Length() != 1 {
		t.Error("what the permission needs is not ticked")
	}
	seen := made.hidden("version")
	tells(t, dan.post(made.path, "version", seen, "name", "Keeper of stores", "permission", "orders.view"), "The role was saved.")
	stale := dan.post(made.path, "version", seen, "name", "Mine", "permission", "catalog.view")
	equal(t, "status", stale.status, http.StatusConflict)
	tells(t, stale, "Somebody has changed this meanwhile")
	if v, _ := stale.Find("input[name=name]").Attr("value"); v != "Mine" || stale.Find("input[value='catalog.view'][checked]").Length() != 1 {
		t.Errorf("what was typed is lost: %q", v)
	}
	tells(t, dan.post("/roles/"+w.Roles["buyer"].String()+"/delete", "version", "1"), "still assigned to Ann Archer")
	tells(t, dan.post(made.path+"/duplicate"), "Keeper of stores - Duplicated")
	tells(t, dan.post(made.path+"/delete", "version", "2"), "The role was deleted.")
	if fixed := dan.get("/roles/" + w.Roles["administrator"].String()); fixed.Find("input[name=permission]:not([disabled])").Length() > 0 {
		t.Error("the administrators' role can be changed")
	}
	all, err := w.Granting.ListRoles(t.Context(), w.Dan)
	w.must(err)
	for _, r := range all {
		if r.Name == "Keeper of stores" {
			t.Error("the role is still there")
		}
	}
}

func TestDanKeepsDutiesApart(t *testing.T) {
	w := newBureau(t)
	dan := w.desk("dan@acme.example")
	tells(t, dan.get("/roles"), "Separation of duty")
	tells(t, dan.get("/separation"), "No rules yet")

	refused := dan.post("/separation/suggestions", "suggestion", "rules_and_buying")
	equal(t, "status", refused.status, http.StatusUnprocessableEntity)
	tells(t, refused, "The rule cannot be on while somebody breaches it")
	tells(t, refused, "Dan Director has “Allow checkout (place order)” (through Administrator)")
	if refused.Find("a[href='/members/"+w.Dan.Member.String()+"']").Length() == 0 {
		t.Error("there is no way to who stands in the way")
	}
	on := dan.post("/separation/suggestions", "suggestion", "rules_and_buying", "excuses", "on")
	tells(t, on, "The rule is on.")
	tells(t, on, "Excused as administrators")

	none := dan.post("/separation", "name", "x", "of", "permissions", "cardinality", "2", "permission", "catalog.view")
	equal(t, "status", none.status, http.StatusUnprocessableEntity)
	tells(t, none, "Choose at least two permissions")
	tried := dan.post("/separation", "name", "Carts", "of", "permissions", "cardinality", "2", "permission", "carts.manage", "permission", "checkout.place", "excuses", "on", "on", "on", "try", "yes")
	equal(t, "status", tried.status, http.StatusOK)
	tells(t, tried, "1 person would breach this rule")
	tells(t, tried, "Ann Archer")
	for _, kept := range []string{"input[name=name][value=Carts]", "input[value='carts.manage'][checked]", "input[name=excuses][checked]", "input[name=on][checked]"} {
		if tried.Find(kept).Length() != 1 {
			t.Errorf("what was typed is lost: %s", kept)
		}
	}
	roles := []string{"name", "Buyers and approvers", "of", "roles", "cardinality", "2", "role", w.Roles["buyer"].String(), "role", w.Roles["approver"].String(), "on", "on"}
	made := dan.post("/separation", roles...)
	tells(t, made, "The rule was made.")
	tells(t, dan.post("/roles/"+w.Roles["approver"].String()+"/delete", "version", "1"), "still assigned to Bob Boss")

	// Ann buys: she gets neither the other role nor, by an edit of hers, the other permission; what was typed is kept.
	anns := "/members/" + w.Ann.Member.String()
	no := dan.post(anns+"/roles", "role", w.Roles["approver"].String(), "from", "2030-01-01")
	tells(t, no, "Ann Archer would have the role “Buyer” and the role “Approver”; the rule “Buyers and approvers” keeps that apart")
	if no.Find("dialog[open] option[selected][value='"+w.Roles["approver"].String()+"']").Length() != 1 || no.Find("dialog[open] input[name=from][value='2030-01-01']").Length() != 1 {
		t.Error("what was chosen is lost")
	}
	edited := dan.post("/roles/"+w.Roles["buyer"].String(), "version", "1", "name", "Buyer", "permission", "checkout.place", "permission", "approval_rules.manage")
	tells(t, edited, "Ann Archer would have “Allow checkout (place order)” (through Buyer) and “Create, edit, delete approval rules” (through Buyer)")
	if edited.Find("input[value='approval_rules.manage'][checked]").Length() != 1 {
		t.Error("what was ticked is lost")
	}
	// Cleo left with a role that may not come back to her: it is taken from her, and she returns.
	at := "/members/" + w.Cleo.Member.String()
	_, err := w.Granting.Assign(t.Context(), w.Dan, granting.AssignInput{Member: w.Cleo.Member, Role: w.Roles["buyer"]})
	w.must(err)
	tells(t, dan.post(at+"/deactivate", "version", "1"), "Deactivated")
	tells(t, dan.post("/separation", "name", "Cost centres", "of", "roles", "cardinality", "2", "role", w.Roles["buyer"].String(), "role", w.Roles["cost_centre_manager"].String(), "on", "on"), "The rule was made.")
	back := dan.post(at+"/reactivate", "version", dan.get(at).hidden("version"))
	tells(t, back, "Cleo Clark would have the role “Cost-centre manager” and the role “Buyer”")
	revoke, _ := back.Find("form[action*='/revoke']").First().Attr("action")
	tells(t, dan.post(revoke), "The role was taken away.")
	tells(t, dan.post(at+"/reactivate", "version", dan.get(at).hidden("version")), "The member is active again.")

	seen := made.hidden("version")
	tells(t, dan.post(made.path, append(roles, "version", seen, "cardinality", "2")...), "The rule was saved.")
	stale := dan.post(made.path, append(roles, "version", seen)...)
	equal(t, "status", stale.status, http.StatusConflict)
	tells(t, stale, "Somebody has changed this meanwhile")
	tells(t, dan.post(made.path+"/delete", "version", dan.get(made.path).hidden("version")), "The rule was deleted.")
	equal(t, "for Eve", w.desk("eve@globex.example").get(on.path).status, http.StatusNotFound)
	equal(t, "for Ann", w.desk("ann@acme.example").get("/separation").status, http.StatusForbidden)
	german := dan.post("/account/language", "language", "de", "zone", "Europe/Berlin")
	equal(t, "status", german.status, http.StatusOK)
	tells(t, dan.get("/separation"), "Funktionstrennung")
	tells(t, dan.post("/separation/suggestions", "suggestion", "people_and_approving"), "Dan Director hat „")
}

func TestNobodyGivesMoreThanTheyHold(t *testing.T) {
	w := newBureau(t)
	r, err := w.Granting.CreateRole(t.Context(), w.Dan, granting.CreateRoleInput{Name: "Role giver", Permissions: access.SetOf(access.RolesManage, access.RolesView, access.UsersView)})
	w.must(err)
	_, err = w.Granting.Assign(t.Context(), w.Dan, granting.AssignInput{Member: w.Cleo.Member, Role: r.ID})
	w.must(err)
	cleo := w.desk("cleo@acme.example")
	tells(t, cleo.post("/members/"+w.Ann.Member.String()+"/roles", "role", w.Roles["administrator"].String()), "You cannot give")
}

func TestDanMakesRulesOfBandsAndConditions(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	dan := w.desk("dan@acme.example")
	for _, preset := range []string{"bands", "total", "shipping", "skus"} {
		form := dan.get("/rules/new?preset=" + preset).filled("form#rule")
		tells(t, dan.send("/rules", with(form, "do", "save", "name", "From "+preset)), "The rule was made.")
	}
	at := "/rules/" + w.rule.ID.String()
	tested := dan.get(at + "?try=" + orders[0].String())
	tells(t, tested, "Total (net) €158.00 is above €100.00")
	_, err := w.Purchasing.Add(t.Context(), w.Dan, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(20)}}})
	w.must(err)
	cart, err := w.Purchasing.Current(t.Context(), w.Dan)
	w.must(err)
	tells(t, dan.get(at), "Your cart · ")
	tells(t, dan.get(at+"?try="+cart.ID.String()), "is above €100.00")
	form := dan.get(at).filled("form#rule")
	tells(t, dan.send(at, with(form, "do", "save", "name", "Bands", "steps.1.above", "2,000.00")), "The rule was saved as a new version.")
	tells(t, dan.send(at, with(form, "steps.1.above", "3000")), "Somebody has changed this meanwhile")
	tells(t, dan.post(at+"/enable", "version", "2", "enabled", "no"), "Switch on")
	tells(t, dan.post(at+"/delete", "version", "3"), "The rule was deleted.")
	list, err := w.Approving.ListRules(t.Context(), w.Dan, approving.RuleFilter{}, page.Ask{})
	w.must(err)
	equal(t, "rules left", len(list.Rows), 4)
}

func TestDanOpensABudgetAndSetsItsLimit(t *testing.T) {
	w := newBureau(t)
	w.busy()
	dan := w.desk("dan@acme.example")
	tells(t, dan.post("/budgets", "name", "", "limit", "much", "basis", "net", "period", "month", "exhausted", "ask", "carry", "none"), "An amount is a number")
	made := dan.post("/budgets", "name", "Paint", "limit", "1,000.00", "basis", "net", "unit", w.Units["ops"].String(), "period", "quarter", "exhausted", "block", "carry", "none", "warnings", "80, 100")
	tells(t, made, "The budget was opened.")
	tells(t, made, "€1,000.00 a quarter")
	tells(t, dan.post(made.path+"/limit", "version", "1", "limit", "2000", "onwards", "yes", "reason", ""), "Say why")
	tells(t, dan.post(made.path+"/limit", "limit", "2000", "onwards", "yes", "reason", "not seen"), "Somebody has changed this meanwhile")
	tells(t, dan.post(made.path+"/limit", "version", dan.get(made.path).hidden("version"), "limit", "2,500.00", "onwards", "yes", "reason", "More to paint"), "More to paint")
	tells(t, dan.post(made.path, "version", dan.get(made.path).hidden("version"), "name", "Paint and more", "exhausted", "warn", "warnings", "a lot"), "These are percentages")
	tells(t, dan.get("/budgets/"+w.fund.ID.String()), "PO-000002")
	fund, err := w.Budgeting.Get(t.Context(), w.Dan, w.fund.ID, page.Ask{Limit: 1})
	w.must(err)
	whole := money.Of(fund.Figures.Spent.Minor+fund.Figures.Held.Minor, "EUR")
	full := dan.post("/budgets/"+w.fund.ID.String()+"/limit", "version", dan.get("/budgets/"+w.fund.ID.String()).hidden("version"), "limit", whole.Amount(), "reason", "No more than this")
	tells(t, full, "It is used up.")
	equal(t, "the badge of a budget that is used up", texts(full, "main .badge")[0], "Used up")
	tells(t, dan.post(made.path+"/archive", "version", dan.get(made.path).hidden("version")), "The budget was archived.")
	tells(t, dan.post("/cost-centres", "code", "4712", "name", "Paint", "manager", w.Cleo.Member.String()), "The cost centre was added.")
	tells(t, dan.post("/cost-centres", "code", "a b", "name", "Paint"), "A code is 1 to 40 characters without blanks")
}

func TestAnnSetsHerLanguageAndEndsASession(t *testing.T) {
	w := newBureau(t)
	ann := w.desk("ann@acme.example")
	w.token("ann@acme.example") // somewhere else
	tells(t, ann.get("/account"), "This one")
	tells(t, ann.post("/account/language", "language", "en", "zone", "Mars/Base"), "Time zone")
	tells(t, ann.post("/account/language", "language", "de", "zone", "Europe/Berlin"), "Ihr Konto")
	tells(t, ann.post("/account/password", "current", "wrong", "new", "another long sentence"), "Passwort")
	tells(t, ann.post("/account/sessions/end"), "Sie sind überall sonst abgemeldet.")
	equal(t, "the rules for Ann, by address", ann.get("/company").Find("form[action='/company']").Length(), 0)
}

func TestWebhooksShowTheirSecretOnce(t *testing.T) {
	w := newBureau(t)
	dan := w.desk("dan@acme.example")
	tells(t, dan.post("/webhooks", "name", "", "url", "https://example.com/hook", "filters", "order.*"), "A webhook needs a name")
	made := dan.post("/webhooks", "name", "ERP", "url", "https://example.com/hook", "filters", "order.*\nbudget.*", "key", "one-key-for-one-form")
	tells(t, made, "whsec_")
	list := dan.get("/webhooks")
	is(t, "what it hears of", list.says("tbody td[data-label=Events]"), "Budgets budget.*Orders order.*")
	at, _ := list.Find("tbody a.row-link").Attr("href")
	if again := dan.get(at); strings.Contains(again.Text(), "whsec_") {
		t.Error("the secret is shown again")
	}
	tells(t, dan.post(at+"/pause"), "Paused")
	tells(t, dan.post(at+"/resume"), "The webhook is on again.")
	tells(t, dan.post(at+"/test"), "A test is on its way.")
	tells(t, dan.post(at+"/rotate"), "whsec_")
	tells(t, dan.post(at+"/delete", "version", "1"), "Somebody has changed this webhook meanwhile")
	tells(t, dan.post(at+"/delete", "version", dan.get(at).hidden("version")), "The webhook was deleted.")
	tells(t, dan.get("/audit?event=webhook."), "Webhook made")
	list2, err := w.Auditing.List(t.Context(), w.Dan, view.AuditFilter{Event: "webhook."}, page.Ask{})
	w.must(err)
	equal(t, "that anything was remembered", len(list2.Rows) > 0, true)
}
