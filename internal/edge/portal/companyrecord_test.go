package portal_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/storetest"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/signing"
)

// Sam makes a company. What is wrong stands beside its field, and nothing that was typed is lost; then its administrator
// joins by the link, sees that the company waits, is turned away, amends it, submits it again, and orders once it is admitted.
func TestSamMakesACompany(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	sam := w.desk("sam@seller.example")
	typed := []string{"name", "Umbrella GmbH", "trade_name", "Umbrella", "vat_id", "DE 12", "registration_number", "HRB 77", "external_id", "4711", "legal_street", "Rain Road 1",
		"legal_postcode", "10115", "legal_city", "Berlin", "legal_country", "DE", "book", "on", "status", "pending", "currency", "eur", "language", "en", "zone", "Europe/Berlin",
		"fiscal_month", "4", "number", "10001", "parent", "10002", "inherits_terms", "on", "first_name", "Uma", "last_name", "", "email", "uma", "title", "Owner"}
	said := func(changes ...string) []string {
		all := slices.Clone(typed)
		for i := 0; i+1 < len(changes); i += 2 {
			all[slices.Index(all, changes[i])+1] = changes[i+1]
		}
		return all
	}
	bad := sam.post("/companies", said()...)
	equal(t, "status", bad.status, http.StatusUnprocessableEntity)
	tells(t, bad, "Another company has this customer number already")
	bad = sam.post("/companies", said("number", "")...)
	for _, s := range []string{"A VAT ID of this country looks like DE123456789", "An e-mail address looks like name@company.example"} {
		tells(t, bad, s)
	}
	for i := 0; i+1 < len(typed); i += 2 {
		field := bad.Find("[name='" + typed[i] + "']")
		kept, _ := field.Attr("value")
		if field.Is("select") {
			kept, _ = field.Find("option[selected]").Attr("value")
		}
		if _, ticked := field.Attr("checked"); ticked {
			kept = "on"
		}
		if want := typed[i+1]; kept != want && typed[i] != "number" {
			t.Errorf("%s comes back as %q, and was %q", typed[i], kept, want)
		}
	}
	made := sam.post("/companies", said("number", "", "vat_id", "DE 123 456 789", "email", "uma@umbrella.example", "last_name", "Under")...)
	tells(t, made, "The company was made, with the customer number C-000001.")
	for _, s := range []string{"Waits for the seller", "DE123456789", "Rain Road 1, 10115 Berlin, DE", "Uma Under has not accepted yet", "uma@umbrella.example", "Globex"} {
		tells(t, made, s)
	}
	at := made.path
	tells(t, sam.post(at+"/invitation"), "This invitation was sent a moment ago")
	tells(t, sam.get("/companies?q=umbrella"), "Waits for the seller")

	link := w.caught()["uma@umbrella.example"]
	uma := w.stranger()
	tells(t, uma.get(link), "Umbrella GmbH")
	uma.post(link, "first", "Uma", "last", "Under", "password", password)
	uma = w.desk("uma@umbrella.example")
	tells(t, uma.get("/"), "Bolt & Nut has not decided on your company yet. Until then you can look around, but not order.")
	tells(t, uma.get("/shop"), "Screw M4×20")
	refused := uma.get("/members/" + w.Ann.Member.String())
	equal(t, "another company's member", refused.status, http.StatusNotFound)
	refused = uma.get("/checkout")
	equal(t, "status of checkout", refused.status, http.StatusForbidden)
	tells(t, refused, "You may not do this yet")

	become := func(status, reason string) {
		t.Helper()
		tells(t, sam.post(at+"/status", "version", sam.get(at).hidden("version"), "to", status, "reason", reason), "It counts from the next request on.")
	}
	become("rejected", "The VAT ID is not yours.")
	tells(t, sam.get(at), "The VAT ID is not yours.")
	own := uma.get("/company")
	tells(t, own, "Bolt & Nut has not admitted the company")
	tells(t, own, "The VAT ID is not yours.")
	equal(t, "the shop", uma.get("/shop").status, http.StatusForbidden)
	tells(t, uma.post("/company", "version", own.hidden("version"), "name", "Umbrella GmbH", "vat_id", "DE987654321", "language", "en", "zone", "Europe/Berlin", "fiscal_month", "4",
		"po_number", "optional", "cost_centre", "optional", "expiry_days", "14"), "The company was saved.")
	tells(t, uma.post("/company/submission", "version", "1"), "Somebody has changed this meanwhile")
	tells(t, uma.post("/company/submission", "version", uma.get("/company").hidden("version")), "The company was submitted again.")
	tells(t, sam.get(at), "DE987654321")
	become("active", "checked")
	equal(t, "checkout", uma.get("/checkout").status, http.StatusOK)
	tells(t, uma.get("/company"), "Umbrella GmbH")
}

func TestSamSaysWhatACompanyMay(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.sells()
	sam, dan, ann := w.desk("sam@seller.example"), w.desk("dan@acme.example"), w.desk("ann@acme.example")
	at := "/companies/" + w.Acme.String()
	seen := func() string { return sam.get(at + "/edit").hidden("version") }

	tells(t, sam.get(at), "HRB 4711 B")
	bad := sam.post(at+"/record", "version", seen(), "number", "10002", "name", "Acme Works", "vat_id", "DE123456789")
	equal(t, "status", bad.status, http.StatusUnprocessableEntity)
	tells(t, bad, "Another company has this customer number already")
	tells(t, sam.post(at+"/record", "version", seen(), "number", "A-1", "name", "Acme Works", "external_id", "77"), "The company was saved.")
	tells(t, dan.get("/company"), "Customer number A-1")
	equal(t, "for Sue", w.desk("sue@seller.example").get(at+"/edit").status, http.StatusForbidden)

	tells(t, sam.post(at+"/terms", "version", seen(), "ordering", "on", "own_rules", "on", "net_days", "400"), "An invoice is paid within 0 to 365 days")
	rule := dan.get("/rules/new?preset=total").filled("form#rule")
	tells(t, sam.post(at+"/terms", "version", seen(), "ordering", "on", "net_days", "14"), "It counts from the next request on.")
	terms := dan.get("/company")
	tells(t, terms, "within 14 days")
	tells(t, terms, "They count, and cannot be changed at the moment")
	tells(t, dan.send("/rules", with(rule, "name", "R", "do", "save")), "Your company's approval rules cannot be changed at the moment")
	ann.post("/cart/lines", "product", w.Products[1].ID.String(), "quantity", "1")
	checkout := ann.get("/checkout")
	if checkout.Find("input[name=payment][value=on_account]").Length() != 0 || checkout.Find("input[name=payment][value=advance]").Length() != 1 {
		t.Error("the checkout offers what the company may not")
	}
	forced := ann.post("/checkout", "act", "submit", "cart", checkout.hidden("cart"), "version", checkout.hidden("version"), "key", checkout.hidden("key"), "payment", "on_account",
		"delivery", w.Address.String(), "billing", w.Address.String())
	tells(t, forced, "Your company does not pay on account at the moment")
	tells(t, sam.post(at+"/terms", "version", seen(), "on_account", "on", "own_rules", "on", "net_days", "0"), "It counts from the next request on.")
	tells(t, ann.get("/checkout"), "Ordering is switched off for your company at the moment")

	tells(t, dan.get("/company"), "Sue Summers")
	tells(t, sam.post(at+"/managers", "version", sam.get(at).hidden("version"), "staff", w.Sue.Member.String(), "lead", w.Sam.Member.String()), "The first to turn to is one of those who look after the company")
	tells(t, sam.post(at+"/managers", "version", sam.get(at).hidden("version"), "staff", w.Sam.Member.String()), "The partner managers were saved.")
	mine := sam.get("/companies?mine=yes")
	tells(t, mine, "Acme Works")
	if strings.Contains(mine.Find("tbody").Text(), "Globex") {
		t.Error("Globex is Sam's, too")
	}
	tells(t, dan.post("/company/legal-address", "version", dan.get("/company").hidden("version"), "legal_street", "Anvil Lane 2", "legal_postcode", "10115", "legal_city", "Berlin", "legal_country", "DE"), "The legal address was saved.")
	tells(t, dan.post("/company/legal-address", "version", dan.get("/company").hidden("version"), "legal_street", "Anvil Lane 2"), "Please fill this in")
	tells(t, ann.get("/company"), "Anvil Lane 2")
	equal(t, "for Ann", ann.post("/company/legal-address", "version", "1", "legal_street", "X").status, http.StatusForbidden)
}

// What members of a company see whom the seller has not admitted is for everybody, in every light.
func TestThePagesOfACompanyThatIsNotAdmitted(t *testing.T) {
	w := newBureau(t)
	w.turnedAway()
	browser := browsertest.Start(t)
	shot := func(name, who string, paths map[string]string) {
		for light, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}} {
			tab := w.tab(browser, look, emails[who])
			for page, path := range paths {
				tab.Go(w.url + path)
				shoot(tab, name+"-"+page+"-"+light)
				for _, v := range tab.Axe() { // the console tells of the 403, as it should
					t.Errorf("%s, %s: the page breaks %s", path, light, v)
				}
				if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s, %s: %d pixels too wide", path, light, wide)
				}
				tab.Forget()
			}
		}
	}
	shot("rejected", "eve", map[string]string{"home": "/", "company": "/company", "refused": "/shop"})
	eve, err := w.Again(t.Context(), w.Eve)
	w.must(err)
	c, err := w.Organising.Profile(t.Context(), eve)
	w.must(err)
	w.must(w.Organising.Resubmit(t.Context(), eve, c.Version))
	shot("pending", "eve", map[string]string{"home": "/", "company": "/company", "shop": "/shop", "refused": "/cart"})
	w.must(w.Onboarding.ChangeStatus(t.Context(), w.Sam, onboarding.ChangeStatusInput{Company: w.Globex, Version: c.Version + 1, To: company.Active, Reason: "checked"}))
	w.desk(emails["eve"]).get("/cart")
}

// Sam has mistyped an address. As long as nobody has accepted it can be corrected: the old link says that it works no more, and
// the new one leads in.
func TestSamCorrectsAnAddress(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	f, err := w.Onboarding.Create(t.Context(), w.Sam, onboarding.FoundInput{Name: "Umbrella GmbH", Currency: "EUR", Email: "uma@umbrela.example", First: "Uma", Last: "Under"})
	w.must(err)
	wrong := w.caught()["uma@umbrela.example"]
	at := "/companies/" + f.Company.String()
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "sam@seller.example")
	tab.Go(w.url + at)
	tab.Click("text=Correct name or address")
	tab.See("another one goes to this address")
	tab.Clean()
	shoot(tab, "correct-administrator")
	tab.Type("dialog input[name=email]", "uma@umbrella.example")
	tab.Click("text=Correct and send")
	tab.See("The invitation is on its way to uma@umbrella.example.")
	tab.See("The invitation went to uma@umbrella.example")

	sam := w.desk("sam@seller.example")
	bad := sam.post(at+"/administrator", "version", sam.get(at).hidden("version"), "first_name", "", "last_name", "", "email", "uma")
	equal(t, "status", bad.status, http.StatusUnprocessableEntity)
	tells(t, bad, "An e-mail address looks like name@company.example")
	tells(t, sam.post(at+"/administrator", "version", "1", "first_name", "Uma", "last_name", "Under", "email", "uma@umbrella.example"), "Somebody has changed this meanwhile")
	tells(t, w.stranger().get(wrong), "This invitation was taken back")
	uma := w.stranger()
	link := w.caught()["uma@umbrella.example"]
	tells(t, uma.get(link), "Umbrella GmbH")
	uma.post(link, "first", "Uma", "last", "Under", "password", password)
	after := sam.get(at)
	if strings.Contains(after.Text(), "Correct name or address") {
		t.Error("who has accepted can be corrected")
	}
	tells(t, sam.post(at+"/administrator", "version", after.hidden("version"), "first_name", "Uma", "last_name", "Under", "email", "u@umbrella.example"), "This person does not wait for an invitation")
}

// By the API the same: whoever has seen another version looks again.
func TestAnAddressIsCorrectedByTheAPI(t *testing.T) {
	t.Parallel()
	w := bureauOn(t, storetest.Lite(t), withAPI)
	f, err := w.Onboarding.Create(t.Context(), w.Sam, onboarding.FoundInput{Name: "Umbrella GmbH", Currency: "EUR", Email: "uma@umbrela.example", First: "Uma", Last: "Under"})
	w.must(err)
	in, err := w.Signing.SignIn(t.Context(), access.Anonymous(), signing.SignInInput{Email: "sam@seller.example", Password: password, Bearer: true})
	w.must(err)
	put := func(match string) (status int, body string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, w.url+"/api/v1/companies/"+f.Company.String()+"/administrator",
			strings.NewReader(`{"first_name":"Uma","last_name":"Ünder","email":"uma@umbrella.example"}`))
		w.must(err)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+in.Token)
		if match != "" {
			req.Header.Set("If-Match", match)
		}
		res, err := http.DefaultClient.Do(req)
		w.must(err)
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		w.must(err)
		return res.StatusCode, string(text)
	}
	for _, c := range []struct {
		match  string
		status int
		tells  string
	}{
		{`"7"`, http.StatusPreconditionFailed, "company.stale"},
		{`"1"`, http.StatusOK, `"name":"Uma Ünder","email":"uma@umbrella.example","status":"invited"`},
		{`"1"`, http.StatusPreconditionFailed, "company.stale"},
	} {
		if status, body := put(c.match); status != c.status || !strings.Contains(body, c.tells) {
			t.Errorf("%s: %d %s", c.match, status, body)
		}
	}
}
