package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/edge/portal"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/exchanging"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
)

// fold makes one blank of several.
func fold(s string) string { return strings.Join(strings.Fields(s), " ") }

// assignmentOf is a role that somebody has.
func (w *bureau) assignmentOf(a access.Actor) id.Assignment {
	w.t.Helper()
	all, err := w.Granting.Held(w.t.Context(), w.Dan, a.Member)
	w.must(err)
	return all[0].ID
}

// Everybody finds every page of the office in order, whatever they look at it with.
func TestThePagesOfTheOfficeAreForEverybodyInEveryLight(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	orders, apart := w.busy(), w.apart()
	imports := w.imported()
	group, template := w.sells()
	w.belongs()
	lent := w.borrows(w.Bob, "approver")
	w.owns(w.Ann, "Ann's tools")
	_, err := w.Organising.Invite(t.Context(), w.Dan, organising.InviteInput{People: []organising.Guest{{Email: "nora@acme.example", First: "Nora", Last: "Newman", Title: "Fitter", Under: company.Node{Unit: w.Units["ops"]}}, {Email: "oskar@acme.example"}}})
	w.must(err)
	hook, err := w.Exchanging.CreateWebhook(t.Context(), w.Dan, exchanging.CreateWebhookInput{Name: "ERP", URL: "https://erp.acme.example/kontor", Filters: []string{"order.*", "purchase_order.*"}})
	w.must(err)
	browser := browsertest.Start(t)
	pages := []struct{ name, who, path string }{
		{"approvals", "bob", "/approvals"},
		{"approvals-empty", "cleo", "/approvals"},
		{"inbox", "bob", "/inbox"},
		{"account", "ann", "/account"},
		{"wishes", "bob", "/account/notices"},
		{"own-addresses", "ann", "/account/addresses"},
		{"own-addresses-empty", "cleo", "/account/addresses"},
		{"own-address", "ann", "/account/addresses/" + w.home().String()},
		{"contact", "dan", "/company/contacts/" + w.paula().String()},
		{"company", "dan", "/company"},
		{"company-read", "ann", "/company"},
		{"legal-address", "dan", "/company/legal-address"},
		{"address", "dan", "/company/addresses/" + w.Warehouse.String()},
		{"address-read", "ann", "/company/addresses/" + w.Warehouse.String()},
		{"audit", "dan", "/audit?verify=yes"},
		{"webhooks", "dan", "/webhooks"},
		{"webhook", "dan", "/webhooks/" + hook.ID.String()},
		{"rules", "dan", "/rules"},
		{"rule", "dan", "/rules/" + w.rule.ID.String() + "?try=" + orders[0].String()},
		{"rule-manifold", "dan", "/rules/" + w.manifold().String()},
		{"rule-new", "dan", "/rules/new"},
		{"rule-new-condition", "dan", "/rules/new?preset=total"},
		{"roles", "dan", "/roles"},
		{"role", "dan", "/roles/" + w.Roles["buyer"].String()},
		{"role-administrator", "dan", "/roles/" + w.Roles["administrator"].String()},
		{"role-new", "dan", "/roles/new"},
		{"separations", "dan", "/separation"},
		{"separation", "dan", "/separation/" + apart[0].String()},
		{"separation-breached", "dan", "/separation/" + apart[1].String()},
		{"separation-new", "dan", "/separation/new"},
		{"separation-new-roles", "dan", "/separation/new?of=roles"},
		{"budgets", "bob", "/budgets"},
		{"budget", "dan", "/budgets/" + w.fund.ID.String()},
		{"budget-new", "dan", "/budgets/new"},
		{"cost-centres", "dan", "/cost-centres"},
		{"cost-centre-new", "dan", "/cost-centres/new"},
		{"cost-centre", "dan", "/cost-centres/" + w.CostCentre.String()},
		{"home-approver", "bob", "/"},
		{"home-buyer", "ann", "/"},
		{"home-administrator", "dan", "/"},
		{"structure", "dan", "/structure"},
		{"structure-moving", "dan", "/structure/moving?node=" + w.Units["ops"].String() + "&under=" + w.Units["fin"].String()},
		{"unit", "dan", "/units/" + w.Units["ops"].String()},
		{"members", "dan", "/members"},
		{"invitations-empty", "eve", "/invitations"},
		{"invitations", "dan", "/invitations"},
		{"invite", "dan", "/invitations/new"},
		{"imports", "dan", "/imports"},
		{"import-wrong", "dan", "/imports/" + imports[0].String()},
		{"import-ready", "dan", "/imports/" + imports[1].String()},
		{"import-applied", "dan", "/imports/" + imports[2].String()},
		{"member", "dan", "/members/" + w.Ann.Member.String()},
		{"member-role", "dan", "/members/" + w.Ann.Member.String() + "/roles/" + w.assignmentOf(w.Ann).String()},
		{"access", "dan", "/access?permission=orders.view&owner=" + w.Ann.Member.String()},
		{"access-nobody", "dan", "/access?permission=purchase_orders.override"},
		{"rights", "dan", "/members/" + w.Bob.Member.String() + "/rights?permission=orders.view.subordinates&owner=" + w.Ann.Member.String()},
		{"rights-own", "ann", "/members/" + w.Ann.Member.String() + "/rights?permission=roles.manage"},
		{"compare", "dan", "/roles/" + w.Roles["buyer"].String() + "/compare?with=" + w.Roles["approver"].String()},
		{"leave", "dan", "/members/" + w.Cleo.Member.String() + "/leave"},
		{"leave-budget", "dan", "/members/" + w.Ann.Member.String() + "/leave"},
		{"members-family", "eve", "/members"},
		{"member-lent", "eve", "/members/" + lent.String()},
		{"borrow", "eve", "/members/borrow"},
		{"borrow-one", "eve", "/members/borrow?member=" + w.Cleo.Member.String()},
		{"rules-inherited", "eve", "/rules"},
		{"leave-approver", "dan", "/members/" + w.Bob.Member.String() + "/leave"},
		{"unused", "dan", "/roles/" + w.Roles["buyer"].String() + "/unused"},
		{"similar", "dan", "/roles/similar"},
		{"merge", "dan", "/roles/" + w.Roles["buyer"].String() + "/merge?with=" + w.Roles["approver"].String() + "&permits=kept"},
		{"without", "dan", "/roles/" + w.Roles["buyer"].String() + "?without=90"},
		{"decision", "bob", "/approvals/" + orders[1].String()},
		{"office", "sam", "/"},
		{"office-support", "sue", "/"},
		{"customers", "sam", "/companies"},
		{"customer", "sam", "/companies/" + w.Acme.String()},
		{"customer-audit", "sam", "/companies/" + w.Acme.String() + "/audit"},
		{"customer-new", "sam", "/companies/new"},
		{"customer-edit", "sam", "/companies/" + w.Acme.String() + "/edit"},
		{"customer-waits", "sam", "/companies/" + w.umbrella().String()},
		{"customer-read", "sue", "/companies/" + w.Globex.String()},
		{"customer-members", "sue", "/companies/" + w.Acme.String() + "/members"},
		{"customer-member", "sue", "/companies/" + w.Acme.String() + "/members/" + w.Ann.Member.String()},
		{"groups", "sam", "/customer-groups"},
		{"group", "sam", "/customer-groups/" + group.String()},
		{"group-new", "sam", "/customer-groups/new"},
		{"templates", "sam", "/role-templates"},
		{"template", "sam", "/role-templates/" + template.String()},
		{"template-new", "sam", "/role-templates/new"},
		{"role-from-template", "dan", "/roles/new?template=" + template.String()},
		{"staff", "sam", "/members"},
		{"staff-roles", "sam", "/roles"},
		{"staff-role", "sam", "/roles/" + w.SellerRoles["partner_manager"].String()},
	}
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}, "tablet": {Width: 768}, "wide": {Width: 1920}} {
		tabs := map[string]*browsertest.Tab{}
		for _, p := range pages {
			t.Run(p.name+" "+name, func(t *testing.T) {
				if tabs[p.who] == nil {
					tabs[p.who] = w.tab(browser, look, emails[p.who])
				}
				tab := tabs[p.who]
				tab.Go(w.url + p.path)
				shoot(tab, p.name+"-"+name)
				if look.Width == 0 { // between the phone and the desk there is nothing new but the widths
					tab.Clean()
				}
				if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s is %d pixels too wide", p.path, wide)
				}
				if look.Phone {
					covered(t, tab)
				}
				tab.Forget()
			})
		}
	}
}

var emails = map[string]string{"ann": "ann@acme.example", "bob": "bob@acme.example", "cleo": "cleo@acme.example", "dan": "dan@acme.example", "eve": "eve@globex.example", "sam": "sam@seller.example", "sue": "sue@seller.example"}

// Dan takes a suggestion, is told that he himself stands in its way, and excuses administrators.
func TestDanTakesASuggestion(t *testing.T) {
	w := newBureau(t)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/roles")
	tab.Click("text=Separation of duty")
	tab.At("/separation")
	tab.Click("text=Switch on")
	tab.See("The rule cannot be on while somebody breaches it")
	tab.See("Dan Director has “Allow checkout (place order)” (through Administrator)")
	shoot(tab, "separations-refused-light")
	tab.Forget() // of the refusal, which the browser calls an error
	tab.Clean()
	tab.Click("#excuses-rules_and_buying")
	tab.Click("text=Switch on")
	tab.See("Excused as administrators")
	tab.Click("text=Who would breach it?")
	tab.See("Nobody would breach this rule")
	shoot(tab, "separation-tried-light")
	tab.Clean()
}

// Ann may not look at roles, and is told which permission that takes and who can give it.
func TestAnnIsToldWhomToAsk(t *testing.T) {
	w := newBureau(t)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["ann"])
	tab.Go(w.url + "/roles")
	tab.See("You may not do this")
	tab.See("View roles and permissions")
	tab.See("Ask Dan Director.")
	for _, v := range tab.Axe() { // the console tells of the 403, as it should
		t.Errorf("the page breaks %s", v)
	}
	tab.Forget()
}

// A page that is not shown says why once, in whole sentences, and which number to quote.
func TestARefusalIsSaidOnce(t *testing.T) {
	w := newBureau(t)
	ann := w.desk(emails["ann"])
	for path, want := range map[string]string{
		"/roles": "You may not do this|You need the permission View roles and permissions|" +
			"Your company's administrator can give you this permission. Ask Dan Director.|Go home",
		"/nowhere": "There is nothing here|Perhaps it was moved or deleted, or it belongs to somebody whose things you may not see.|Go home",
	} {
		page := ann.get(path)
		is(t, path, strings.Join(texts(page, ".failure h1, .failure p, .failure a"), "|"), want+"|Reference "+page.number)
	}
}

// From home an order is ordered again with one press, at today's prices; what cannot be is told line by line. Who fills no carts
// is not offered it.
func TestHomeOrdersAgain(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	ann := w.desk(emails["ann"])
	w.fill(map[string]int64{"DRILL-18V": 1, "GLOVE-CUT-9": 3})
	ann.post("/checkout", ann.get("/checkout").said()...)
	home := ann.get("/")
	again := home.Find("#recent form")
	is(t, "what is offered", fold(again.Text()), "Order again")
	copies, _ := again.Attr("action")
	cart := ann.post(copies, "key", home.hidden("key"))
	is(t, "where it leads", cart.path, "/cart")
	is(t, "what it says", cart.says(".toasts p"), "2 lines are in your cart.")
	w.alter("DRILL-18V", func(p *catalogue.Product) { p.Status = catalogue.Obsolete })
	part := ann.post(copies, "key", ann.get("/").hidden("key"))
	is(t, "what is not all there as it was", part.says("h1"), "1 of 2 lines are in your cart")
	has(t, "which, and why", part.says("main tbody"), "DRILL-18V is no longer made")
	lacks(t, w.desk(emails["bob"]).get("/"), "#recent form")
}

// Home says what became of Ann's purchase orders, and why; and Dan, what is loose.
func TestHomeSaysWhatBecameOfIt(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	sheet, err := w.Approving.Get(t.Context(), w.Bob, orders[0])
	w.must(err)
	_, err = w.Approving.Decide(t.Context(), w.Bob, approving.DecideInput{Order: orders[0], Verdict: approval.Decline, Reason: "We have enough", Hash: sheet.Hash})
	w.must(err)
	ann := w.desk(emails["ann"]).get("/")
	tells(t, ann, "What became of your purchase orders")
	tells(t, ann, "“We have enough” · ")
	is(t, "it leads to the purchase order", ann.link("PO-000001"), "/purchase-orders/"+orders[0].String())
	held, err := w.Granting.Held(t.Context(), w.Dan, w.Cleo.Member)
	w.must(err)
	for _, a := range held {
		w.must(w.Granting.Revoke(t.Context(), w.Dan, a.ID))
	}
	dan := w.desk(emails["dan"]).get("/")
	tells(t, dan, "1 thing is unfinished or risky.")
	is(t, "it leads to where it is mended", dan.link("1 member has no role"), "/members?role=none&status=active")
	roleless := w.desk(emails["dan"]).get("/members?role=none&status=active")
	if all := roleless.Find("main tbody tr"); all.Length() != 1 || !strings.Contains(all.Text(), "Cleo Clark") {
		t.Errorf("without a role are %q", fold(all.Text()))
	}
	tells(t, roleless, "Without a role")
	if strings.Contains(ann.Find("main").Text(), "Unfinished or risky") {
		t.Error("Ann hears of what is loose")
	}
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "phone-dark": {Phone: true, Dark: true}} {
		for what, path := range map[string]string{"ann": "/", "dan": "/", "ann shop": "/shop?of=" + w.Products[1].ID.String() + "&quantity=1.5", "bob": "/approvals/" + orders[1].String()} {
			who, _, _ := strings.Cut(what, " ")
			tab := w.tab(browser, look, emails[who])
			tab.Go(w.url + path)
			shoot(tab, "found-"+strings.ReplaceAll(what, " ", "-")+"-"+name)
			tab.Clean()
			if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("%s is %d pixels too wide", path, wide)
			}
		}
	}
}

// Cleo leaves, and Bob takes over what she looked after.
func TestDanLetsCleoLeave(t *testing.T) {
	w := newBureau(t)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/members/" + w.Cleo.Member.String())
	tab.Click("text=Deactivate")
	tab.See("Cleo Clark leaves")
	tab.See("They manage the cost centre Maintenance: a successor does.")
	tab.Choose("select[name=successor]", w.Bob.Member.String())
	tab.Clean()
	tab.Click("text=Deactivate")
	tab.See("The member was deactivated.")
	tab.Go(w.url + "/cost-centres/" + w.CostCentre.String())
	tab.See("Bob Boss")
	tab.Clean()
}

// Dan takes from a role what nobody uses.
func TestDanTakesAwayWhatNobodyUses(t *testing.T) {
	w := newBureau(t)
	ann := w.tab(browsertest.Start(t), browsertest.Look{}, emails["ann"])
	ann.Go(w.url + "/shop")
	ann.Go(w.url + "/cart")
	recorded, err := granting.New(w.DB).RecordUses(t.Context(), access.System(id.Company{}))
	w.must(err)
	if recorded == 0 {
		t.Fatal("nothing was recorded")
	}
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/roles/" + w.Roles["buyer"].String())
	tab.Click("text=Unused")
	tab.See("What nobody uses of Buyer")
	tab.See("Uses are recorded since")
	tab.See("View budgets that apply to me")
	tab.Click("text=Edit the role without these")
	tab.See("are no longer ticked")
	tab.Click("text=Save")
	tab.See("The role was saved.")
	tab.Go(w.url + "/roles/" + w.Roles["buyer"].String() + "/unused")
	tab.See("All of it is used")
	ann.Go(w.url + "/shop")
	ann.Clean()
	tab.Clean()
}

// Of a role that nobody has nothing is known, so its page proposes nothing.
func TestWhatNobodyHasIsNotTakenAway(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	dan := w.desk(emails["dan"])
	for role, want := range map[string]int{"observer": 0, "buyer": 1} {
		page := dan.get("/roles/" + w.Roles[role].String() + "/unused")
		equal(t, role+": "+page.says("main .page-actions"), page.Find("main .page-actions a[href*='without=']").Length(), want)
	}
	tells(t, dan.get("/roles/"+w.Roles["observer"].String()+"/unused"), "Nobody has this role")
}

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

// Who has not signed in, who is somewhere that is not, and who may not: these pages, too, are for everybody.
func TestThePagesOnTheThreshold(t *testing.T) {
	w := newBureau(t)
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}, "tablet": {Width: 768}, "wide": {Width: 1920}} {
		nobody, ann := browser.Tab(t, look), w.tab(browser, look, emails["ann"])
		for _, p := range []struct {
			name string
			tab  *browsertest.Tab
			path string
		}{{"sign-in", nobody, "/sign-in"}, {"not-found", ann, "/nowhere"}, {"refused", ann, "/roles"}} {
			p.tab.Go(w.url + p.path)
			shoot(p.tab, p.name+"-"+name)
			for _, v := range p.tab.Axe() { // the console tells of the 403 and the 404, as it should
				t.Errorf("%s, %s: the page breaks %s", p.path, name, v)
			}
			if wide := browsertest.Eval[int](p.tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("%s, %s: %d pixels too wide", p.path, name, wide)
			}
			p.tab.Forget()
		}
	}
}

// opened are the pages that a test opens in a browser, by the test that does.
var opened = map[string]string{
	"office_test.go": "/{$} /approvals /approvals/{po} /approvals/decided /inbox /account /company /audit /webhooks /webhooks/{webhook} /rules /rules/new /rules/{rule} /roles /roles/new " +
		"/roles/similar /roles/{role} /roles/{role}/merge /roles/{role}/compare /roles/{role}/unused /separation /separation/new /separation/{separation} /budgets /budgets/new " +
		"/budgets/{budget} /cost-centres /cost-centres/new /cost-centres/{centre} /structure /structure/moving /units/{unit} /members /members/borrow /members/{member} /members/{member}/leave /members/{member}/roles/{assignment} " +
		"/members/{member}/rights /access /invitations /invitations/new /imports /imports/{import} /sign-in /account/addresses " +
		"/account/addresses/{address} /account/notices /company/addresses/{address} /company/contacts/{contact} /companies /companies/{company} " +
		"/companies/{company}/audit /companies/{company}/members /companies/{company}/members/{member} /companies/new /companies/{company}/edit /company/legal-address /customer-groups /customer-groups/new /customer-groups/{group} " +
		"/role-templates /role-templates/new /role-templates/{template}",
	"deputies_test.go":    "/account/deputies /deputies /deputies/new /deputies/{deputy}",
	"lists_test.go":       "/lists /lists/add /lists/new /lists/{list} /lists/{list}/share",
	"shop_test.go":        "/shop /products/{product} /cart /checkout /carts/{cart} /cart/copied /purchase-orders /purchase-orders/{po} /purchase-orders/{po}/cart /orders /orders/{order}",
	"journey_test.go":     "/search",
	"invitations_test.go": "/join",
	"ui":                  "/pieces",
	"no page of its own":  "/assets/{name} /export /imports/{import}/errors /live /structure/below /structure/find",
}

// A page that is new is opened in a browser, too.
func TestEveryPageIsOpenedInABrowser(t *testing.T) {
	known := map[string]bool{}
	for _, paths := range opened {
		for _, path := range strings.Fields(paths) {
			known[path] = false
		}
	}
	mux := web.NewMux()
	portal.New(mux, portal.Services{}, ui.Brand{Name: "Kontor"}, nil)
	for _, r := range mux.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		if _, ok := known[r.Pattern]; !ok {
			t.Errorf("no test opens %s in a browser: let one do so in every light, and say it here", r.Pattern)
		}
		known[r.Pattern] = true
	}
	for path, there := range known {
		if !there {
			t.Errorf("there is no page %s", path)
		}
	}
}
