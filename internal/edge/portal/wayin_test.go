package portal_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/browsertest"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/usecase/budgeting"
)

// Who opens a notice comes to what it is about, and what is unread is marked until then.
func TestANoticeOpensWhatItIsAbout(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	for range 60 {
		w.must(w.DB.Write(t.Context(), access.System(w.Acme), func(tx *store.Tx, _ access.Actor) error {
			tx.Notices.Insert(notice.Notice{ID: id.NewNotice(tx.Now), Company: w.Acme, Member: w.Bob.Member, Event: notice.Placed, Title: locale.Verbatim("Somebody ordered"), Body: locale.Verbatim("It is on its way."),
				Link: "/purchase-orders", CreatedAt: tx.Now})
			return nil
		}))
	}
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "bob@acme.example")
	tab.Go(w.url + "/inbox")
	picture(tab, "inbox-unread")
	if weight := browsertest.Eval[string](tab, `getComputedStyle(document.querySelector(".items [data-unread] .item-title")).fontWeight`); weight != "600" {
		t.Errorf("an unread notice is written in %s", weight)
	}
	tab.Clean()
	tab.Click("#notices a[rel=next]")
	if tab.Path() == "/inbox" || tab.Count(".items > li") == 0 {
		t.Errorf("the pager leads to %s, with %d notices", tab.Path(), tab.Count(".items > li"))
	}
	tab.Click(".items li:has(input[name=to]) .item-actions button")
	tab.At("/purchase-orders")
	if browsertest.Eval[int](tab, `document.querySelector("main").textContent.trim().length`) == 0 {
		t.Error("the page is empty")
	}
	tab.Clean()
}

// On a phone every page of the rail has a way in, behind the bar or in it.
func TestAPhoneLeadsEverywhereTheRailDoes(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	browser := browsertest.Start(t)
	for _, who := range []string{"ann", "cleo", "dan", "sam"} {
		t.Run(who, func(t *testing.T) {
			tab := w.tab(browser, browsertest.Look{Phone: true}, emails[who])
			tab.Go(w.url + "/")
			led := browsertest.Eval[[]string](tab, `[...document.querySelectorAll(".bottom a")].map(a => a.getAttribute("href"))`)
			for _, url := range browsertest.Eval[[]string](tab, `[...document.querySelectorAll(".rail a")].map(a => a.getAttribute("href"))`) {
				if !slices.Contains(led, url) {
					t.Errorf("nothing leads to %s", url)
				}
			}
			if who == "dan" {
				for _, url := range []string{"/orders", "/structure", "/members", "/roles", "/rules", "/webhooks", "/audit", "/cost-centres"} {
					if !slices.Contains(led, url) {
						t.Errorf("nothing leads to %s", url)
					}
				}
			}
			if tab.Count(".bottom button") == 0 {
				return
			}
			tab.Click(".bottom button")
			picture(tab, "more-phone-"+who)
			tab.Clean()
			for _, small := range browsertest.Eval[[]string](tab, `[...document.querySelectorAll("#entries a")].filter(a => a.getBoundingClientRect().height < 44).map(a => a.textContent)`) {
				t.Errorf("%s is too small for a thumb", small)
			}
		})
	}
}

// What is no quantity is kept in the cart, and said beside its field.
func TestTheCartKeepsWhatIsNoQuantity(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.stock(60)
	w.fill(map[string]int64{"DRILL-18V": 1, "HEX-M8-40": 100})
	ann := w.desk("ann@acme.example")
	for _, typed := range []string{"abc", "", "-5"} {
		page := ann.get("/cart")
		line, _ := page.Find("form[action^='/cart/lines/']:has(input[name=quantity])").First().Attr("action")
		version, _ := page.Find("form[action='" + line + "'] [name=version]").Attr("value")
		back := ann.post(line, "quantity", typed, "version", version)
		equal(t, "status", back.status, http.StatusOK)
		field := back.Find("form[action='" + line + "'] .field:has([name=quantity]), form[action='" + line + "']:has([name=quantity])").First()
		if kept, _ := field.Find("[name=quantity]").Attr("value"); kept != typed || field.Find(".error").Length() == 0 || back.Find(".toasts .toast").Length() > 0 {
			t.Errorf("%q: kept is %q, and beside it stands %q", typed, kept, fold(field.Text()))
		}
	}
}

// The history of a rule says what each version changed.
func TestTheHistoryOfARuleSaysWhatIsNew(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	dan := w.desk("dan@acme.example")
	made := dan.send("/rules", with(dan.get("/rules/new?preset=bands").filled("form#rule"), "do", "save", "name", "Large orders", "steps.1.above", "1000", "steps.2.above", "10000"))
	equal(t, "status", made.status, http.StatusOK)
	changed := dan.send(made.path, with(dan.get(made.path).filled("form#rule"), "do", "save", "steps.2.above", "9000"))
	history := fold(dan.get(made.path).Find(".timeline").Text())
	for _, said := range []string{"New: above €9,000.00", "No longer: above €10,000.00", "above €1,000.00"} {
		if !strings.Contains(history, said) {
			t.Errorf("the history says %q, without %q (%d)", history, said, changed.status)
		}
	}
}

// What cannot be ordered cannot be submitted either.
func TestWhatCannotBeOrderedIsNotSubmitted(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.stock(60)
	w.fill(map[string]int64{"DRILL-18V": 1})
	ann := w.desk("ann@acme.example")
	submit := "#summary button[value=submit]"
	if _, off := ann.get("/checkout").Find(submit).Attr("disabled"); off {
		t.Error("what can be ordered cannot be submitted")
	}
	w.alter("DRILL-18V", func(p *catalogue.Product) { p.Status = catalogue.Obsolete })
	page := ann.get("/checkout")
	if _, off := page.Find(submit).Attr("disabled"); !off || !strings.Contains(page.says("#summary"), "You can order as soon as") {
		t.Errorf("what cannot be ordered: %s", page.says("#summary"))
	}
}

// Who manages a cost centre begins with its budget, however little they order themselves.
func TestWhoManagesACostCentreSeesItsBudgetAtHome(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	_, err := w.Budgeting.Create(t.Context(), w.Dan, budgeting.CreateInput{Name: "Upkeep", Owner: budget.Owner{CostCentre: w.CostCentre}, Limit: money.Of(1000_00, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone})
	w.must(err)
	page := w.desk("cleo@acme.example").get("/")
	if page.Find("aside a[href^='/budgets/']").Length() == 0 {
		t.Errorf("Cleo begins with %s", page.says("main"))
	}
}
