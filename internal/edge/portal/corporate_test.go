package portal_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/onboarding"
	"kontor/internal/usecase/organising"
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
	ann.Click(".top button.switcher")
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
