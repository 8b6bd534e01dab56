package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/quantity"
	"kontor/internal/browsertest"
	"kontor/internal/domain/cart"
	"kontor/internal/usecase/purchasing"
)

// finds is what a search finds, kind by kind: each kind, and behind it the names of what was found.
func (d *desk) finds(q string) string {
	d.t.Helper()
	page := d.get("/search?" + url.Values{"q": {q}}.Encode())
	equal(d.t.(*testing.T), "the status of "+q, page.status, http.StatusOK)
	var all []string
	page.Find("main .card").Each(func(_ int, card *goquery.Selection) {
		var names []string
		card.Find(".row-link").Each(func(_ int, a *goquery.Selection) { names = append(names, fold(a.Text())) })
		all = append(all, fold(card.Find("h2").Text())+": "+strings.Join(names, ", "))
	})
	return strings.Join(all, "; ")
}

func TestTheSearchFindsWhatOneMaySee(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	w.busy()
	globex, err := w.Purchasing.Add(t.Context(), w.Eve, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.Products[1].ID, Quantity: quantity.Of(1)}}})
	w.must(err)
	_, err = w.Purchasing.Submit(t.Context(), w.Eve, purchasing.SubmitInput{Cart: globex.ID, Version: globex.Version, Checkout: &cart.Checkout{Unit: w.GlobexUnits["globex"], Payment: purchasing.OnAccount, Reference: "EVE-99"}})
	w.must(err)
	ann, bob, dan, sam := w.desk(emails["ann"]), w.desk(emails["bob"]), w.desk(emails["dan"]), w.desk(emails["sam"])
	for _, row := range []struct {
		says, got, want string
	}{
		{"a product by name", ann.finds("glove"), "Products: Glove, cut-resistant"},
		{"a product by its number, and nothing twice", ann.finds("cast-glove"), "Exactly this: Glove, cut-resistant"},
		{"a product whose name is misspelt", ann.finds("golve"), "Products: did you mean “glove”?: Glove, cut-resistant"},
		{"a purchase order by its number", dan.finds("po-000002"), "Exactly this: PO-000002"},
		{"purchase orders by their reference", ann.finds("M-17"), "Purchase orders: PO-000003, PO-000002, PO-000001"},
		{"people by name", dan.finds("archer"), "Purchase orders: PO-000003, PO-000002, PO-000001; People: Ann Archer"},
		{"a page by its name", dan.finds("approval rules"), "Pages: Approval rules"},
		{"a page of an area", dan.finds("struct"), "Pages: Structure"},
		{"no page that one may not open", ann.finds("audit"), ""},
		{"nobody of another company", dan.finds("eve"), ""},
		{"nothing of another company", dan.finds("EVE-99"), ""},
		{"what Eve sees", w.desk(emails["eve"]).finds("EVE-99"), "Purchase orders: PO-000001; Placed orders: SO-000001"},
		{"nothing of Acme for Eve", w.desk(emails["eve"]).finds("archer"), ""},
		{"a company in the office", sam.finds("acme"), "Companies: Acme Works"},
		{"a page of the office", sam.finds("customer groups"), "Pages: Customer groups"},
		{"no purchase order in the office", sam.finds("po-000002"), ""},
		{"nothing at all", bob.finds(""), ""},
	} {
		equal(t, row.says, row.got, row.want)
	}
	ann.post("/account/language", "language", "de", "zone", "Europe/Berlin")
	equal(t, "a page in German", ann.finds("warenkorb"), "Seiten: Warenkorb")

	shop := dan.get("/shop?q=Golve")
	tells(t, shop, "Nothing is called “Golve”. Showing what is called “glove”.")
	tells(t, shop, "Glove, cut-resistant")
	equal(t, "the field keeps what was typed", shop.Find("#find[value=Golve]").Length(), 1)
	tells(t, dan.get("/shop?q=CAST-GOLVE-1"), "Nothing found for “CAST-GOLVE-1”")

	page := dan.get("/search?q=M-17")
	equal(t, "the way to the whole list", page.Find("main a.button[href='/purchase-orders?q=M-17']").Length(), 1)
	equal(t, "the field keeps the words", page.Find("#find[value=M-17]").Length(), 1)
	typed := dan.get("/search?part=found&q=M-17")
	equal(t, "what is proposed", typed.Find("[role=group] [role=option][data-url^='/purchase-orders/']").Length(), 3)
	equal(t, "how much it says there is", typed.Find("[data-said='3 hits']").Length(), 1)
	tells(t, dan.get("/search?part=found&q=zzzz"), "Nothing found for “zzzz”")
}

func TestNoWordsBreakTheSearch(t *testing.T) {
	t.Parallel()
	w := newBureau(t)
	for _, who := range []string{"ann", "sam"} {
		reader := w.desk(emails[who])
		for _, q := range []string{"%", "_", "'", `"`, `" or 1=1 --`, "\\", "!", "a!%_", "*", "a* b*", "NEAR(a b)", "a:b", "(", "^", "&|!", "<->", ":*", "\x00", "a\x00b", "\xff\xfe", "👩‍🔧", "\u202eabc", "אבג", "مرحبا", "ﬁ", "İ",
			strings.Repeat("a", 5000), strings.Repeat("a ", 2000), strings.Repeat("😀", 300), "<script>alert(1)</script>", "{{.}}", "%00", "\n\n"} {
			for _, path := range []string{"/search?", "/search?part=found&", "/shop?", "/companies?", "/members?", "/purchase-orders?", "/approvals?"} {
				if page := reader.get(path + url.Values{"q": {q}}.Encode()); page.status >= 500 || strings.HasPrefix(path, "/search") && page.status != http.StatusOK && page.status != http.StatusBadRequest {
					t.Errorf("%s q=%.40q as %s: %d", path, q, who, page.status)
				}
			}
		}
	}
}

func TestTheSearchProposesWhileOneTypes(t *testing.T) {
	w := newBureau(t)
	orders := w.busy()
	for _, look := range []struct {
		name string
		look browsertest.Look
	}{{"light", browsertest.Look{}}, {"dark", browsertest.Look{Dark: true}}, {"phone", browsertest.Look{Phone: true}}} {
		t.Run(look.name, func(t *testing.T) {
			tab := w.tab(browsertest.Start(t), look.look, "dan@acme.example")
			tab.Go(w.url + "/")
			tab.Click("#find")
			tab.Press("M-17")
			tab.Wait("#find-found [role=option]")
			shoot(tab, "search-typed-"+look.name)
			tab.Clean()
			tab.Press(browsertest.Escape)
			tab.Gone("#find-found [role=option]")
			tab.Press(browsertest.Down)
			tab.Wait("#find-found [role=option]")
			tab.Press(browsertest.Down)
			tab.Press(browsertest.Down)
			tab.Press(browsertest.Enter)
			tab.At("/purchase-orders/" + orders[1].String())
			tab.Click("#find")
			tab.Press("o")
			tab.Press(browsertest.Enter)
			tab.At("/search?q=o")
			shoot(tab, "search-page-"+look.name)
			tab.Clean()
		})
	}
}
