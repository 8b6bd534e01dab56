package portal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/quantity"
	"kontor/internal/browsertest"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
)

var approvingAll = approving.Filter{}

var everyLook = map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}, "phone-dark": {Phone: true, Dark: true}}

// fit fails the test for whatever on the page is in the way of somebody, and keeps a picture of it.
func fit(t *testing.T, tab *browsertest.Tab, name string) {
	t.Helper()
	tab.Clean()
	picture(tab, "shop-"+name)
	if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
		t.Errorf("%s is %d pixels too wide", tab.Path(), wide)
	}
	if strings.Contains(name, "phone") {
		covered(t, tab)
	}
	tab.Forget()
}

// Ann finds what she needs, puts it into the cart, and orders it, on whatever she has at hand; every page on her way is
// fit for everybody.
func TestAnnOrdersFromSearchToPurchaseOrder(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.stock(60)
	w.busy()
	browser := browsertest.Start(t)
	for name, look := range everyLook {
		t.Run(name, func(t *testing.T) {
			tab := w.tab(browser, look, "ann@acme.example")
			tab.Go(w.url + "/shop")
			fit(t, tab, "catalogue-"+name)
			tab.Press("/")
			tab.Press("hexagon" + browsertest.Enter)
			tab.See("What was found for “hexagon”")
			fit(t, tab, "search-"+name)
			tab.Click("text=Hexagon screw M8×40, zinc-plated, DIN 933")
			tab.See("Price by quantity")
			tab.Type("#offer input[name=quantity]", "600"+browsertest.TabKey)
			tab.See("€58.80 for 600 pcs")
			fit(t, tab, "product-"+name)
			tab.Click("text=Add to cart")
			tab.See("There is 1 line in your cart.")
			tab.Go(w.url + "/shop?q=drill")
			tab.Click("text=Add")
			tab.See("There are 2 lines in your cart.")
			tab.At("/shop?q=drill")
			fit(t, tab, "search-"+name)
			tab.Click(".top [data-cart]")
			tab.See("Go to checkout")
			fit(t, tab, "cart-"+name)
			tab.Click("text=Go to checkout")
			tab.At("/checkout")
			fit(t, tab, "checkout-"+name)
			tab.Click("text=Submit for approval")
			tab.See("waits for Bob Boss")
			tab.At("/purchase-orders/" + w.newest())
			fit(t, tab, "purchase-order-"+name)
			tab.Click("text=Withdraw")
			tab.Wait("#withdraw")
			fit(t, tab, "withdraw-"+name)
			tab.Type("#withdraw textarea", "ordered twice")
			tab.Click("#withdraw .actions [data-kind=danger]")
			tab.See("is withdrawn.")
			fit(t, tab, "withdrawn-"+name)
			tab.Click(".crumbs a")
			tab.At("/purchase-orders")
			fit(t, tab, "purchase-orders-"+name)
			tab.Go(w.url + "/cart")
			fit(t, tab, "cart-empty-"+name)
		})
	}
}

// Words are longer in German, and a phone is no wider for that.
func TestTheShopFitsAPhoneInGerman(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.stock(60)
	w.must(w.Signing.SetLanguage(t.Context(), w.Ann, signing.SetLanguageInput{Language: locale.German, Zone: "Europe/Berlin"}))
	w.fill(map[string]int64{"HEX-M8-40": 100, "DRILL-18V": 1})
	tab := w.tab(browsertest.Start(t), browsertest.Look{Phone: true}, "ann@acme.example")
	for _, path := range []string{"/", "/shop", "/cart", "/checkout"} {
		tab.Go(w.url + path)
		fit(t, tab, "german-phone"+strings.ReplaceAll(path, "/", "-"))
		if out := browsertest.Eval[string](tab, `[...document.querySelectorAll("main .table :is(a, button, input)")].filter(e => e.checkVisibility() &&
			e.getBoundingClientRect().right > e.closest(".table").getBoundingClientRect().right).map(e => e.ariaLabel ?? e.innerText).join(", ")`); out != "" {
			t.Errorf("on %s %q stand outside of their list", path, out)
		}
	}
}

// Every state that a page of the shop can be in is fit to be seen.
func TestTheShopIsFitInEveryState(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.stock(400)
	w.band(100_00)
	w.endow(400_00, budget.Block)
	w.wants(func(p *company.Profile) { p.PONumber, p.CostCentre = company.Required, company.Required })
	checkout := w.desk("ann@acme.example")
	submit := func() id.PurchaseOrder {
		w.fill(map[string]int64{"DRILL-18V": 1})
		checkout.post("/checkout", checkout.get("/checkout").said("reference", "B-7", "cost_centre", w.CostCentre.String())...)
		key, err := id.ParsePurchaseOrder(w.newest())
		w.must(err)
		return key
	}
	decide := func(key id.PurchaseOrder, verdict approval.Verdict) {
		sheet, err := w.Approving.Get(t.Context(), w.Bob, key)
		w.must(err)
		_, err = w.Approving.Decide(t.Context(), w.Bob, approving.DecideInput{Order: key, Verdict: verdict, Reason: "Two are enough for this quarter.", Hash: sheet.Hash})
		w.must(err)
	}
	rejected := submit()
	decide(rejected, approval.Decline)
	approved := submit()
	decide(approved, approval.Agree)
	placed, err := w.Approving.Get(t.Context(), w.Ann, approved)
	w.must(err)

	expired := submit()
	w.expire()
	came, err := w.Approving.Get(t.Context(), w.Ann, expired)
	w.must(err)
	w.fill(map[string]int64{"BULK-0001": 5, "BULK-0002": 3, "BULK-0003": 2})
	several := checkout.post("/checkout", checkout.get("/checkout").said("reference", "B-8", "cost_centre", w.CostCentre.String())...).path
	w.alter("BULK-0001", func(p *catalogue.Product) { p.Status, p.Successor = catalogue.Obsolete, w.sku("BULK-0004") })
	w.alter("BULK-0002", func(p *catalogue.Product) { p.Minimum = quantity.Of(10) })
	copied := checkout.post(several+"/copy", "key", "some").path

	w.fill(map[string]int64{"DRILL-18V": 2, "HEX-M8-40": 100, "GLOVE-CUT-9": 12})
	c, err := w.Purchasing.Current(t.Context(), w.Ann)
	w.must(err)
	for _, l := range c.Lines {
		change := purchasing.ChangeInput{Cart: c.ID, Line: l.ID, Quantity: l.Quantity}
		switch l.Product {
		case w.sku("HEX-M8-40"):
			change.Quantity = quantity.Of(130)
		case w.sku("GLOVE-CUT-9"):
			change.Note = "For the new people in the paint shop, who start on Monday: please pack them apart from the rest."
		}
		now, err := w.Purchasing.Current(t.Context(), w.Ann)
		w.must(err)
		change.Version = now.Version
		_, err = w.Purchasing.Change(t.Context(), w.Ann, change)
		w.must(err)
	}
	note := "/cart?note=" + c.Lines[0].ID.String()

	pages := []struct{ name, path, press, wait string }{
		{"nothing-found", "/shop?q=submarine&supplier=Handfest", "", ""},
		{"second-page", "/shop?category=" + w.category("Pins"), "text=Next", ".pager a[rel=prev]"},
		{"facets", "/shop", ".facets-opener", ".facets"},
		{"why-price", "/shop?q=drill", "tbody .why", ".explanation"},
		{"no-price", "/products/" + w.sku("NOPRICE-1").String(), "", ""},
		{"contract", "/products/" + w.sku("DRILL-18V").String(), "", ""},
		{"cart-problems", "/cart", "", ""},
		{"cart-note", note, "", "dialog[open]"},
		{"checkout-wrong", "/checkout", "#summary button[value=submit]", "#cost_centre-error"},
		{"rejected", "/purchase-orders/" + rejected.String(), "", ""},
		{"placed", "/purchase-orders/" + approved.String(), "", ""},
		{"order", "/orders/" + placed.Order.String(), "", ""},
		{"orders", "/orders", "", ""},
		{"expired", "/purchase-orders/" + expired.String(), "", ""},
		{"other-cart", "/carts/" + came.Back.String(), "", ""},
		{"copied", copied, "", ""},
		{"ticked", several, "tbody .tick input", ".bulk:not([hidden])"},
		{"home", "/", "", ""},
		{"no-orders", "/orders?q=nothing", "", ""},
	}
	browser := browsertest.Start(t)
	for name, look := range everyLook {
		tab := w.tab(browser, look, "ann@acme.example")
		for _, p := range pages {
			t.Run(p.name+" "+name, func(t *testing.T) {
				if p.name == "facets" && !look.Phone {
					return // they stand beside the list
				}
				tab.Go(w.url + p.path)
				if p.press != "" {
					tab.Click(p.press)
				}
				if p.wait != "" {
					tab.Wait(p.wait)
				}
				if p.name == "second-page" {
					said := browsertest.Eval[string](tab, `[...document.querySelectorAll(".pager .button")].map(b => b.rel + " " + b.textContent.trim()).join(", ") + "; " + document.activeElement.rel`)
					if said != "prev Previous, next Next; next" {
						t.Errorf("where Next was pressed there is %q", said)
					}
				}
				if p.name == "checkout-wrong" {
					tab.Forgive("422")
				}
				fit(t, tab, p.name+"-"+name)
			})
		}
	}
}

// What is changed in a page is what is ordered, however quickly one goes on.
func TestThePagesFollowWhatIsChanged(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	w.wants(func(p *company.Profile) { p.CostCentre = company.Required })
	w.fill(map[string]int64{"HEX-M8-40": 100, "GLOVE-CUT-9": 1})
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "ann@acme.example")
	tab.Go(w.url + "/cart")
	screw := "#quantity-" + w.sku("HEX-M8-40").String()
	glove := "#quantity-" + w.sku("GLOVE-CUT-9").String()
	hasty := tab.AtOnce()
	for range 4 {
		hasty.Click(".stepper:has(" + screw + ") [data-step='1']")
	}
	tab.See("€33.60")
	is(t, "what the field says", tab.Value(screw), "300")

	hasty.Type(glove, "7")
	hasty.Click("text=Go to checkout")
	tab.At("/checkout")
	tab.See("€55.30")

	tab.See("Your company wants a cost centre on every order")
	tab.Choose("#cost_centre", w.CostCentre.String())
	tab.Gone("#summary .notice")
	tab.Type("#reference", "B-9"+browsertest.Enter)
	tab.See("Order now")
	is(t, "Enter does not order", w.newest(), "")
	is(t, "nor forget", tab.Value("#reference"), "B-9")

	tab.Go(w.url + "/cart")
	tab.Click("[aria-label^='Remove Cut-resistant']")
	tab.See("The line is removed.")
	tab.Click("text=Undo")
	tab.See("It is in the cart again, where it stood.")
	tab.See("€55.30")
	tab.Click("[aria-label='More']")
	tab.Click("text=Empty the cart")
	tab.See("Your cart is empty")
	picture(tab, "cart-emptied")
	tab.Click("text=Undo")
	tab.See("It is in the cart again, where it stood.")
	tab.See("€55.30")
	tab.Clean()
}

// Without scripts everything works as well, a page at a time.
func TestAnnOrdersWithoutScripts(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "ann@acme.example")
	tab.Look(browsertest.Look{NoScripts: true})
	steps := []struct{ press, wait string }{
		{"text=Add", ".toasts .toast"},
		{".top [data-cart]", "#lines"},
		{".stepper + span .button, .row > span .button", "#lines"},
		{"text=Go to checkout", "#summary"},
		{"text=Update", "#summary"},
		{"text=Order now", ".timeline"},
	}
	tab.Go(w.url + "/shop?q=gloves")
	for _, s := range steps {
		tab.Follow(s.press)
		tab.Wait(s.wait)
	}
	tab.At("/purchase-orders/" + w.newest())
	tab.See("PO-000001 is ordered from Bolt & Nut.")
}

// The short of the cart opens and closes by pointer and key, in the way of nothing, and is fit for everybody.
func TestTheShortOfTheCartIsSeenWithoutLeaving(t *testing.T) {
	w := newBureau(t)
	w.stock(5)
	w.band(100_00)
	w.fill(map[string]int64{"GLOVE-CUT-9": 3, "HEX-M8-40": 130, "DRILL-18V": 1, "WASHER-M8": 100, "BULK-0001": 7})
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}} {
		t.Run(name, func(t *testing.T) {
			tab := w.tab(browser, look, "ann@acme.example")
			tab.Go(w.url + "/shop")
			before := browsertest.Eval[float64](tab, `document.querySelector(".inbox, .top [href='/inbox']").getBoundingClientRect().x`)
			tab.Click(".top [popovertarget=cart-short]")
			tab.Wait("#cart-short:popover-open")
			if after := browsertest.Eval[float64](tab, `document.querySelector(".inbox, .top [href='/inbox']").getBoundingClientRect().x`); after != before {
				t.Errorf("the top bar jumps from %v to %v", before, after)
			}
			if out := browsertest.Eval[bool](tab, `(() => { const r = document.querySelector("#cart-short").getBoundingClientRect(); return r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight })()`); out {
				t.Error("it does not fit into the window")
			}
			fit(t, tab, "cart-short-"+name)
			tab.Press(browsertest.Escape)
			tab.Gone("#cart-short:popover-open")
			is(t, "the focus is where it was", browsertest.Eval[string](tab, `document.activeElement.getAttribute("popovertarget") ?? ""`), "cart-short")
			tab.Press(browsertest.Enter)
			tab.Wait("#cart-short:popover-open")
			tab.Press(browsertest.TabKey)
			is(t, "the first line is next", browsertest.Eval[string](tab, `document.activeElement.closest("#cart-short") ? document.activeElement.tagName : ""`), "A")
			tab.Click("#cart-short .short-buttons [data-kind=primary]")
			tab.At("/checkout")
			tab.Clean()
		})
	}
	phone := w.tab(browser, browsertest.Look{Phone: true}, "ann@acme.example")
	phone.Go(w.url + "/shop")
	if seen := browsertest.Eval[bool](phone, `document.querySelector(".top [popovertarget=cart-short]").checkVisibility()`); seen {
		t.Error("there is no room for it on a phone, where the cart is a press away")
	}
}

// Nobody needs a pointer to order.
func TestAnnOrdersByKeyboard(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "ann@acme.example")
	tab.Go(w.url + "/shop")
	reach := func(name string) {
		t.Helper()
		for range 80 {
			if tab.Focused() == name {
				return
			}
			tab.Press(browsertest.TabKey)
		}
		t.Fatalf("%s is not reached by the keyboard; at last the focus was on %s", name, tab.Focused())
	}
	tab.Press("/")
	tab.Press("gloves" + browsertest.Enter)
	tab.At("/search?q=gloves")
	reach("Show all")
	tab.Press(browsertest.Enter)
	tab.At("/shop?q=gloves")
	reach("quantity-" + w.sku("GLOVE-CUT-9").String())
	tab.Press(browsertest.Up)
	reach("Add")
	tab.Press(browsertest.Enter)
	tab.See("There is 1 line in your cart.")
	tab.Go(w.url + "/cart")
	reach("Go to checkout")
	tab.Press(browsertest.Enter)
	tab.At("/checkout")
	tab.See("€15.80")
	reach("act") // the button that orders
	tab.Press(browsertest.Enter)
	tab.See("PO-000001 is ordered from Bolt & Nut.")
	tab.Clean()
}

// picture keeps what is in sight where a folder for pictures is named, and the whole page beside it.
func picture(tab *browsertest.Tab, name string) {
	if dir := os.Getenv("PICTURES"); dir != "" {
		tab.ShootScreen(filepath.Join(dir, name+".png"))
		tab.Shoot(filepath.Join(dir, "whole", name+".png"))
	}
}
