package portal_test

import (
	"os"
	"path/filepath"
	"testing"

	"kontor/internal/browsertest"
	"kontor/internal/usecase/approving"
)

var approvingAll = approving.Filter{}

// Ann finds what she needs, puts it into the cart, and orders it, on whatever she has at hand; every page on her way is
// fit for everybody.
func TestAnnOrdersFromSearchToPurchaseOrder(t *testing.T) {
	w := newBureau(t)
	w.stock(60)
	w.busy()
	browser := browsertest.Start(t)
	for name, look := range map[string]browsertest.Look{"light": {}, "dark": {Dark: true}, "phone": {Phone: true}, "phone-dark": {Phone: true, Dark: true}} {
		t.Run(name, func(t *testing.T) {
			tab := w.tab(browser, look, "ann@acme.example")
			stop := func(page string) {
				t.Helper()
				picture(tab, "shop-"+page+"-"+name)
				tab.Clean()
				if wide := browsertest.Eval[int](tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
					t.Errorf("%s is %d pixels too wide", tab.Path(), wide)
				}
				tab.Forget()
			}
			tab.Go(w.url + "/shop")
			stop("catalogue")
			tab.Go(w.url + "/shop?q=drill")
			stop("search")
			tab.Go(w.url + "/products/" + w.sku("HEX-M8-40").String() + "?quantity=600")
			stop("product")
			tab.Go(w.url + "/cart")
			stop("cart-empty")
			tab.Go(w.url + "/shop?q=hexagon")
			tab.Click("text=Add")
			tab.See("Added.")
			tab.Go(w.url + "/shop?q=drill")
			tab.Click("text=Add")
			tab.See("There are 2 lines")
			stop("added")
			tab.Go(w.url + "/cart")
			stop("cart")
			tab.Click("text=Go to checkout")
			tab.At("/checkout")
			stop("checkout")
			tab.Click("text=Submit for approval")
			tab.See("waits for Bob Boss")
			stop("purchase-order")
			tab.Go(w.url + "/purchase-orders")
			stop("purchase-orders")
			tab.Go(w.url + "/orders")
			stop("orders")
		})
	}
}

// picture keeps what is in sight where a folder for pictures is named, and the whole page beside it.
func picture(tab *browsertest.Tab, name string) {
	if dir := os.Getenv("PICTURES"); dir != "" {
		tab.ShootScreen(filepath.Join(dir, name+".png"))
		tab.Shoot(filepath.Join(dir, "whole", name+".png"))
	}
}
