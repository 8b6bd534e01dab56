package portal_test

import (
	"net/http"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
)

// sells gives the seller a customer group that Acme belongs to, and a role template; Acme consents to being acted for.
func (w *bureau) sells() (group id.CustomerGroup, template id.RoleTemplate) {
	w.t.Helper()
	ctx := w.t.Context()
	g, err := w.Pricesetting.CreateGroup(ctx, w.Sam, pricing.GroupFields{Code: "key", Name: "Key accounts", Description: "Who buys for more than a million a year."})
	w.must(err)
	t, err := w.Granting.CreateTemplate(ctx, w.Sam, access.TemplateFields{Name: "Night shift", Description: "Orders at night, and sees no prices.", Permissions: access.SetOf(access.CartsManage, access.OrdersView), Starts: true})
	w.must(err)
	w.consents()
	c, err := w.Onboarding.GetCustomer(ctx, w.Sam, w.Acme)
	w.must(err)
	w.must(w.Onboarding.AssignGroup(ctx, w.Sam, onboarding.AssignGroupInput{Company: w.Acme, Version: c.Version, Group: g.ID}))
	w.must(w.Onboarding.EditRecord(ctx, w.Sam, onboarding.EditRecordInput{Company: w.Acme, Version: c.Version + 1, Record: company.Record{Number: "10001", Name: "Acme Works", TradeName: "Acme",
		VATID: "DE123456789", Registration: "HRB 4711 B", Reseller: "R-100", External: "0000471100",
		Legal: company.Legal{Street: "Hammer Lane 1", Postcode: "10115", City: "Berlin", Country: "DE"}}}))
	w.must(w.Onboarding.SetTerms(ctx, w.Sam, onboarding.SetTermsInput{Company: w.Acme, Version: c.Version + 2, Terms: company.Terms{Ordering: true, OnAccount: true, OwnRules: true, NetDays: 30}}))
	w.must(w.Onboarding.SetManagers(ctx, w.Sam, onboarding.SetManagersInput{Company: w.Acme, Version: c.Version + 3, Staff: []id.Member{w.Sam.Member, w.Sue.Member}, Lead: w.Sue.Member}))
	return g.ID, t.ID
}

// umbrella is a company that Sam makes, that waits, and whose administrator has not accepted yet.
func (w *bureau) umbrella() id.Company {
	w.t.Helper()
	f, err := w.Onboarding.Create(w.t.Context(), w.Sam, onboarding.FoundInput{Name: "Umbrella GmbH", TradeName: "Umbrella", VATID: "DE987654321", Currency: "EUR", Zone: "Europe/Berlin",
		Status: company.Pending, Parent: "10001", Inherits: company.Inherits{Terms: true}, Email: "uma@umbrella.example", First: "Uma", Last: "Under"})
	w.must(err)
	return f.Company
}

// turnedAway brings Globex to where the seller has not admitted it.
func (w *bureau) turnedAway() {
	w.t.Helper()
	w.must(w.DB.Write(w.t.Context(), access.System(w.Globex), func(tx *store.Tx, _ access.Actor) error {
		tx.Companies.SetStatus(w.Globex, company.Rejected, "The VAT ID belongs to another company.")
		return nil
	}))
}

func (w *bureau) consents() {
	w.t.Helper()
	c, err := w.Organising.Profile(w.t.Context(), w.Dan)
	w.must(err)
	p := c.Profile()
	p.Consents = true
	_, err = w.Organising.EditProfile(w.t.Context(), w.Dan, organising.EditProfileInput{Version: c.Version, Profile: p})
	w.must(err)
}

func TestSamLooksAfterCompanies(t *testing.T) {
	w := newBureau(t)
	sam := w.desk("sam@seller.example")
	tells(t, sam.get("/companies"), "Acme Works")
	tells(t, sam.get("/companies?q=globex"), "10002")
	tells(t, sam.post("/customer-groups", "code", "", "name", "Key accounts"), "This is needed")
	tells(t, sam.post("/customer-groups", "code", "key", "name", "Key accounts"), "The customer group was added.")
	tells(t, sam.post("/customer-groups", "code", "key", "name", "Others"), "There is already a customer group of this code")
	all, err := w.Pricesetting.ListGroups(t.Context(), w.Sam)
	w.must(err)
	at, key := "/companies/"+w.Globex.String(), all[0].ID.String()
	tells(t, sam.post(at+"/group", "version", sam.get(at).hidden("version"), "group", key), "The customer group was saved.")
	tells(t, sam.get("/companies?group="+key), "Globex")
	tells(t, sam.post("/customer-groups/"+key+"/delete", "version", "1"), "1 companies belong to this customer group")
	tells(t, sam.post(at+"/status", "version", "1", "to", "blocked", "reason", "unpaid"), "Somebody has changed this meanwhile")
	silent := sam.post(at+"/status", "version", sam.get(at).hidden("version"), "to", "blocked", "reason", "")
	equal(t, "without a reason", silent.status, http.StatusUnprocessableEntity)
	if silent.Find("dialog#become-blocked[open]").Length() != 1 {
		t.Error("the question does not come back")
	}
	tells(t, sam.post(at+"/status", "version", sam.get(at).hidden("version"), "to", "blocked", "reason", "unpaid"), "It counts from the next request on.")
	tells(t, w.desk("eve@globex.example").get("/"), "Your company is blocked at the moment")
	tells(t, sam.post(at+"/status", "version", sam.get(at).hidden("version"), "to", "active", "reason", "paid"), "It counts from the next request on.")

	tells(t, sam.post("/role-templates", "name", "Buyer", "permission", "catalog.view"), "Every company begins with a role of this name")
	tells(t, sam.post("/role-templates", "name", "Night shift", "permission", "carts.manage"), "The role template was added.")
	dan := w.desk("dan@acme.example")
	offered := dan.get("/roles/new")
	tells(t, offered, "Night shift")
	begun := dan.get(offered.link("Night shift"))
	if begun.Find("input[value='carts.manage'][checked]").Length() != 1 {
		t.Error("the role does not begin with what the template permits")
	}
	for _, path := range []string{"/companies", at, "/customer-groups", "/role-templates"} {
		equal(t, path+" for a customer", dan.get(path).status, http.StatusNotFound)
	}
	for _, path := range []string{"/shop", "/cart", "/budgets", "/rules"} {
		equal(t, path+" for staff", sam.get(path).status, http.StatusNotFound)
	}
}

// Sue acts for Ann: she sees Ann's shop under a banner, puts something into her cart, decides on nothing, and goes back.
// Dan finds it in the audit, with both names.
func TestSueActsForAnn(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	w.consents()
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}} {
		t.Run(name, func(t *testing.T) {
			fit := func(tab *browsertest.Tab, page string) {
				t.Helper()
				tab.Clean()
				shoot(tab, page+"-"+name)
				if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s is %d pixels too wide", tab.Path(), wide)
				}
			}
			sue := w.tab(browser, look, emails["sue"])
			sue.Go(w.url + "/companies/" + w.Acme.String() + "/members/" + w.Ann.Member.String())
			sue.Type("input[name=reason]", "Ann called: she cannot find the gloves")
			sue.Click("main form[action$='/act'] button")
			sue.See("You act for Ann Archer of Acme Works.")
			fit(sue, "acting-home")
			sue.Go(w.url + "/shop")
			sue.See("You act for Ann Archer of Acme Works.")
			fit(sue, "acting-shop")
			sue.Go(w.url + "/account")
			sue.See("For whom you act")
			fit(sue, "acting-account")
			sue.Go(w.url + "/account/addresses")
			sue.See("The member's addresses")
			fit(sue, "acting-addresses")
			sue.Go(w.url + "/")
			sue.See("The member's home")
			sue.Click("text=Back to the office")
			sue.See("You are back in the office.")
			fit(sue, "acting-back")
			sue.Forget()
		})
	}
	tells(t, w.desk("dan@acme.example").get("/audit?event=customer."), "Sue Summers")
}

// Who acts for Bob sees what waits for him, and cannot decide on it.
func TestSueDecidesOnNothing(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	w.consents()
	sue := w.desk("sue@seller.example")
	at := "/companies/" + w.Acme.String() + "/members/" + w.Bob.Member.String() + "/act"
	equal(t, "without a reason", sue.post(at, "reason", " ").status, http.StatusUnprocessableEntity)
	tells(t, sue.post(at, "reason", "Bob is puzzled"), "You act for a customer now.")
	tells(t, sue.get("/purchase-orders/"+orders[0].String()), "You act for Bob Boss of Acme Works.")
	done := sue.post("/approvals/"+orders[0].String(), "verdict", "approve", "hash", "x")
	equal(t, "deciding", done.status, http.StatusForbidden)
	tells(t, sue.post("/acting/stop"), "You are back in the office.")
	tells(t, sue.post("/acting/stop"), "You act for no customer at the moment.")
}
