package portal_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/edge/web"
	"kontor/internal/store"
	"kontor/internal/storetest"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/signing"
)

// belongs makes Globex a subsidiary of Acme that inherits its rules.
func (w *bureau) belongs() {
	w.t.Helper()
	c, err := w.Onboarding.GetCustomer(w.t.Context(), w.Sam, w.Globex)
	w.must(err)
	w.must(w.Onboarding.SetParent(w.t.Context(), w.Sam, onboarding.SetParentInput{Company: w.Globex, Version: c.Version, Parent: "10001", Inherits: company.Inherits{Rules: true}}))
}

// borrows makes somebody of Acme act for Globex, as whom Globex knows them.
func (w *bureau) borrows(who access.Actor, role string) id.Member {
	w.t.Helper()
	m, err := w.Organising.Borrow(w.t.Context(), w.Eve, organising.BorrowInput{Lent: who.Member, Role: w.GlobexRoles[role]})
	w.must(err)
	return m.ID
}

// owns gives somebody of Acme a budget of their own.
func (w *bureau) owns(who access.Actor, name string) id.Budget {
	w.t.Helper()
	b, err := w.Budgeting.Create(w.t.Context(), w.Dan, budgeting.CreateInput{Name: name, Owner: budget.Owner{Member: who.Member}, Limit: money.Of(500_00, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone})
	w.must(err)
	return b.ID
}

// Eve takes Ann over from Acme, which Globex belongs to. Ann acts there, until Acme parts with her.
func TestEveAddsAnnFromTheGroup(t *testing.T) {
	w := newBureau(t)
	browser := browsertest.Start(t)
	eve := w.tab(browser, browsertest.Look{}, emails["eve"])
	eve.Go(w.url + "/members")
	if n := browsertest.Eval[int](eve, `document.querySelectorAll("a[href='/members/borrow']").length`); n != 0 {
		t.Error("a company that stands alone has nobody to add from a group")
	}
	w.belongs()
	eve.Go(w.url + "/members")
	eve.Click("text=Add from the group")
	eve.At("/members/borrow")
	eve.Clean()
	eve.Click("text=Ann Archer")
	eve.See("A member of Acme Works")
	eve.Choose("select[name=role]", w.GlobexRoles["buyer"].String())
	eve.Click("text=Add them")
	eve.See("Ann Archer can act here now, and is told.")
	eve.See("A member of Acme Works")

	ann := w.tab(browser, browsertest.Look{}, emails["ann"])
	ann.Go(w.url + "/")
	ann.See("Operations · Buyer")
	ann.Click(".top button.switcher")
	shoot(ann, "switcher-two")
	ann.See("Globex · Buyer")
	ann.Click("text=Globex")
	ann.See("Hello, Ann")
	ann.Go(w.url + "/account")
	ann.See("Globex")

	c, err := w.Organising.Member(t.Context(), w.Dan, w.Ann.Member)
	w.must(err)
	w.must(w.Organising.Leave(t.Context(), w.Dan, organising.LeaveInput{ID: w.Ann.Member, Version: c.Version}))
	ann.Go(w.url + "/shop")
	ann.At("/sign-in?next=%2Fshop")
	eve.Go(w.url + "/members?q=archer")
	eve.See("On hold")
}

// Dan says to whom Ann's budget goes when she leaves.
func TestDanHandsABudgetOver(t *testing.T) {
	w := newBureau(t)
	key := w.owns(w.Ann, "Ann's tools")
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["dan"])
	tab.Go(w.url + "/members/" + w.Ann.Member.String() + "/leave")
	tab.See("Ann's tools")
	tab.Clean()
	tab.Choose("select[name=successor]", w.Bob.Member.String())
	tab.Choose("select[name=budgets]", "hand_over")
	tab.Click("main form[action$='/deactivate'] button")
	tab.See("The member was deactivated.")
	b, err := w.Budgeting.Get(t.Context(), w.Dan, key, page.Ask{})
	w.must(err)
	if b.Owner.Member != w.Bob.Member {
		t.Errorf("it is %+v", b.Owner)
	}
}

// Dan acts for Acme in one window and for Globex in another: what he fills in for the one is not done in the other.
func TestAFormIsForTheCompanyItWasFilledInFor(t *testing.T) {
	w := newBureau(t)
	w.belongs()
	w.borrows(w.Dan, "administrator")
	dan := w.desk(emails["dan"])
	for _, path := range []string{"/roles/new", "/invitations/new", "/structure", "/rules/new", "/company"} {
		page := dan.get(path)
		equal(t, path, page.hidden("in_company"), w.Acme.String())
		page.Find("form[method=post]").Each(func(_ int, f *goquery.Selection) {
			action, _ := f.Attr("action")
			if about := slices.Contains([]string{"/sign-out", "/company/switch", "/acting/stop"}, action); f.Find("input[name=in_company]").Length() == 0 && !about {
				t.Errorf("%s: the form of %s does not say for which company it is", path, action)
			}
		})
	}
	send := func() sheet {
		return dan.post("/roles", "in_company", w.Acme.String(), "name", "Fitter", "permission", access.CatalogView.Code())
	}
	dan.post("/company/switch", "member", w.Globex.String())
	equal(t, "switched", dan.get("/roles/new").hidden("in_company"), w.Globex.String())
	r := send()
	equal(t, "the other company's form", r.status, http.StatusConflict)
	tells(t, r, "This page is of Acme Works, and you act for another company now")
	dan.post("/company/switch", "member", w.Acme.String())
	equal(t, "and in its own company", send().status, http.StatusOK)
}

// When Acme parts with Ann, Eve finds her on hold among the members of Globex, with what she leaves open there, and hands it over to Bob,
// who is lent as well.
func TestEveHandsOverWhatAnnLeavesInGlobex(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.belongs()
	ann, bob := w.borrows(w.Ann, "buyer"), w.borrows(w.Bob, "buyer")
	eve, err := w.Again(t.Context(), w.Eve)
	w.must(err)
	b, err := w.Budgeting.Create(t.Context(), eve, budgeting.CreateInput{Name: "Ann's robots", Owner: budget.Owner{Member: ann}, Limit: money.Of(500_00, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone})
	w.must(err)
	w.must(w.DB.Write(t.Context(), access.System(w.Globex), func(tx *store.Tx, _ access.Actor) error {
		tx.Budgets.InsertCostCentre(budget.CostCentre{ID: id.NewCostCentre(tx.Now), Company: w.Globex, Code: "R2", Name: "Robots", Manager: ann})
		return nil
	}))
	desk := w.desk(emails["eve"])
	if all := desk.get("/members?status=on_hold").Find("main tbody tr"); all.Length() > 0 {
		t.Errorf("on hold are %q", fold(all.Text()))
	}
	m, err := w.Organising.Member(t.Context(), w.Dan, w.Ann.Member)
	w.must(err)
	w.must(w.Organising.Leave(t.Context(), w.Dan, organising.LeaveInput{ID: w.Ann.Member, Version: m.Version}))

	tab := w.tab(browsertest.Start(t), browsertest.Look{}, emails["eve"])
	tab.Go(w.url + "/members?status=on_hold")
	tab.See("Ann Archer")
	tab.Clean()
	shoot(tab, "members-on-hold")
	if n := tab.Count("main tbody tr"); n != 1 {
		t.Errorf("%d are on hold", n)
	}
	tab.Go(w.url + "/members/" + ann.String() + "/leave")
	tab.See("Ann's robots")
	tab.See("Robots")
	tab.Clean()
	shoot(tab, "leave-on-hold")
	tab.Choose("select[name=successor]", bob.String())
	tab.Choose("select[name=budgets]", "hand_over")
	tab.Click("main form[action$='/deactivate'] button")
	tab.See("The member was deactivated.")
	after, err := w.Budgeting.Get(t.Context(), eve, b.ID, page.Ask{})
	w.must(err)
	if after.Owner.Member != bob {
		t.Errorf("the budget is %+v", after.Owner)
	}
	if all := desk.get("/members?status=on_hold").Find("main tbody tr"); all.Length() > 0 {
		t.Errorf("who was deactivated is on hold: %q", fold(all.Text()))
	}
}

// By the API, in a session that was open before: what Bob of Acme may in Globex hangs on both companies' statuses.
func TestWhatStatusesLeaveToWhoIsLent(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := bureauOn(t, db, withAPI)
		w.belongs()
		w.borrows(w.Bob, "approver")
		token := ""
		ask := func(method, path, body string) (status int, code string) {
			t.Helper()
			req, err := http.NewRequestWithContext(t.Context(), method, w.url+"/api/v1"+path, strings.NewReader(body))
			w.must(err)
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", "Bearer "+token)
			res, err := http.DefaultClient.Do(req)
			w.must(err)
			defer res.Body.Close()
			var problem web.Problem
			if res.StatusCode >= http.StatusBadRequest {
				w.must(json.NewDecoder(res.Body).Decode(&problem))
			}
			return res.StatusCode, problem.Code
		}
		become := func(key id.Company, to company.Status) {
			w.must(w.DB.Write(t.Context(), access.System(key), func(tx *store.Tx, _ access.Actor) error {
				tx.Companies.SetStatus(key, to, "a test")
				return nil
			}))
		}
		for _, s := range []struct {
			above, below      company.Status
			goods, orders     int    // what he gets
			noGoods, noOrders string // and the codes of the refusals
		}{
			{company.Active, company.Active, 200, 200, "", ""},
			{company.Blocked, company.Active, 200, 200, "", ""},
			{company.Pending, company.Active, 200, 200, "", ""},
			{company.Rejected, company.Active, 401, 401, "identity.session_ended", "identity.session_ended"},
			{company.Closed, company.Active, 401, 401, "identity.session_ended", "identity.session_ended"},
			{company.Active, company.Blocked, 200, 200, "", ""},
			{company.Active, company.Pending, 200, 403, "", "access.company_pending"},
			{company.Active, company.Rejected, 403, 403, "access.company_rejected", "access.company_rejected"},
			{company.Active, company.Closed, 401, 401, "identity.session_ended", "identity.session_ended"},
		} {
			become(w.Acme, company.Active)
			become(w.Globex, company.Active)
			in, err := w.Signing.SignIn(t.Context(), access.Anonymous(), signing.SignInInput{Email: emails["bob"], Password: password, Bearer: true})
			w.must(err)
			token = in.Token
			if status, code := ask(http.MethodPut, "/me/company", `{"company_id":"`+w.Globex.String()+`"}`); status >= http.StatusBadRequest {
				t.Fatal(status, code)
			}
			become(w.Acme, s.above)
			become(w.Globex, s.below)
			name := string(s.above) + " above, " + string(s.below) + " below"
			if status, code := ask(http.MethodGet, "/products", ""); status != s.goods || code != s.noGoods {
				t.Errorf("%s: the catalogue: %d %s", name, status, code)
			}
			if status, code := ask(http.MethodGet, "/purchase-orders", ""); status != s.orders || code != s.noOrders {
				t.Errorf("%s: purchase orders: %d %s", name, status, code)
			}
		}
	})
}
