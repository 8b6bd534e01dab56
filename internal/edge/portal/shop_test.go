package portal_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/cart"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/approving"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/granting"
	"kontor/internal/usecase/organising"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/usecase/signing"
)

// is fails the test unless two texts are the same.
func is(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// has fails the test unless a text holds another.
func has(t testing.TB, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s: %q, want it to hold %q", what, got, want)
	}
}

// link is where the first link with these words leads.
func (s sheet) link(words string) string {
	href, _ := s.Find("a").FilterFunction(func(_ int, a *goquery.Selection) bool { return fold(a.Text()) == words }).First().Attr("href")
	return href
}

// fill is a cart of Ann's with so much of some products, by article number.
func (w *bureau) fill(lines map[string]int64) {
	w.t.Helper()
	for sku, n := range lines {
		add := func(n int64) (cart.Cart, error) {
			return w.Purchasing.Add(w.t.Context(), w.Ann, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.sku(sku), Quantity: quantity.Of(n)}}})
		}
		_, err := add(n)
		if errors.Is(err, catalogue.ErrStep) { // a quantity that is not sold comes into a cart by changing one that is
			var c cart.Cart
			c, err = add(1000)
			w.must(err)
			at := slices.IndexFunc(c.Lines, func(l cart.Line) bool { return l.Product == w.sku(sku) })
			_, err = w.Purchasing.Change(w.t.Context(), w.Ann, purchasing.ChangeInput{Cart: c.ID, Version: c.Version, Line: c.Lines[at].ID, Quantity: quantity.Of(n)})
		}
		w.must(err)
	}
}

// band makes whatever is above an amount wait for the manager.
func (w *bureau) band(above int64) {
	w.t.Helper()
	limit := money.Of(above, "EUR")
	_, err := w.Approving.CreateRule(w.t.Context(), w.Dan, approval.Rule{Name: "Amount bands", Enabled: true, Basis: approval.Net,
		Steps: []approval.Step{{}, {Above: &limit, Then: approval.Asks(approval.Source{Kind: approval.OfManager, Level: 1})}}})
	w.must(err)
}

// endow gives Operations a budget for every month.
func (w *bureau) endow(limit int64, exhausted budget.Consequence) {
	w.t.Helper()
	_, err := w.Budgeting.Create(w.t.Context(), w.Dan, budgeting.CreateInput{Name: "Workshop", Owner: budget.Owner{Unit: w.Units["ops"]}, Limit: money.Of(limit, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: exhausted, Carry: budget.CarryNone})
	w.must(err)
}

// wants makes Acme ask something of its buyers.
func (w *bureau) wants(change func(*company.Profile)) {
	w.t.Helper()
	c, err := w.Organising.Profile(w.t.Context(), w.Dan)
	w.must(err)
	in := organising.EditProfileInput{Version: c.Version, Profile: c.Profile()}
	change(&in.Profile)
	_, err = w.Organising.EditProfile(w.t.Context(), w.Dan, in)
	w.must(err)
}

func TestTheShopIsNarrowed(t *testing.T) {
	w := newBureau(t)
	w.stock(60)
	ann := w.desk("ann@acme.example")
	whole := ann.get("/shop")
	second := ann.get(whole.link("Next"))
	fasteners := ann.get(whole.link("Fasteners 63"))
	tests := []struct {
		says     string
		page     sheet
		selector string
		want     string
	}{
		{"all products are counted", whole, ".page-header .note", "69 products at your prices"},
		{"a page has fifty", whole, ".pager-said", "1–50 of 69"},
		{"the next page has the rest", second, ".pager-said", "51–69 of 69"},
		{"and leads back", ann.get(second.link("Previous")), ".pager-said", "1–50 of 69"},
		{"a category has its own page", fasteners, "h1", "Fasteners"},
		{"and is marked as where one is", fasteners, ".facet[aria-current] span", "Fasteners"},
		{"below it stand others, counted", fasteners, ".facet[data-below]", "Screws 1 Nuts and washers 1 Pins 60"},
		{"a supplier narrows it", ann.get(fasteners.link("Würth 20")), ".page-header .note", "20 products at your prices"},
		{"which is marked", ann.get(fasteners.link("Würth 20")), "section:last-child .facet[aria-current] span", "Würth"},
		{"and lifts it when pressed again", ann.get(ann.get(fasteners.link("Würth 20")).link("Würth 20")), ".page-header .note", "63 products at your prices"},
		{"and can be lifted", ann.get(fasteners.link("Würth 20")), ".chip", "Supplier: Würth"},
		{"words are found by their beginnings", ann.get("/shop?q=hex+zinc"), "tbody th a", "Hexagon screw M8×40, zinc-plated, DIN 933"},
		{"an article number comes first", ann.get("/shop?q=washer-m8"), "tbody tr:first-child th small", "WASHER-M8 · Bolzen & Söhne"},
		{"a contract price is told as one", ann.get("/shop?q=DRILL-18V"), "tbody .money", "€198.00 €198.00 per pcs Contract price from “F-2026-17”By agreement F-2026-17 All prices of this product"},
		{"the next better price is told", ann.get("/shop?q=gloves"), "tbody td[data-numeric] small", "per pair · €6.95 from 12"},
		{"what is sold in steps says so", ann.get("/shop?q=hexagon"), "tbody .field .hint", "from 100, in steps of 50"},
		{"what has no price says so", ann.get("/shop?q=NOPRICE-1"), "tbody td[data-numeric]", "There is no price for this product"},
		{"and cannot be added", ann.get("/shop?q=NOPRICE-1"), "tbody form", ""},
		{"what nobody sells is not found", ann.get("/shop?q=submarine"), ".empty-title", "Nothing found for “submarine”"},
		{"the way out leads to everything", ann.get(ann.get("/shop?q=submarine").link("Show all products")), ".page-header .note", "69 products at your prices"},
		{"sorted by article number", ann.get("/shop?sort=sku"), "tbody tr:first-child th small", "BULK-0000 · Hydra Tools AG"},
		{"a category that is none is no page", ann.get("/shop?category=cat_x"), ".banner", "This list cannot be narrowed by “category=cat_x”: that part of the address means nothing here, so it is left out."},
		{"a category that there is not neither", ann.get("/shop?category=" + id.NewCategory(w.DB.Times()).String()), "h1", "There is nothing here"},
	}
	for _, test := range tests {
		is(t, test.says, strings.Join(texts(test.page, test.selector), " "), test.want)
	}
	if got := ann.get("/shop?at=nonsense").status; got != http.StatusBadRequest {
		t.Errorf("a cursor that is not ours: %d", got)
	}
}

func TestAProductIsPricedByItsQuantity(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	ann := w.desk("ann@acme.example")
	screw, drill := "/products/"+w.sku("HEX-M8-40").String(), "/products/"+w.sku("DRILL-18V").String()
	tests := []struct {
		says     string
		page     sheet
		selector string
		want     string
	}{
		{"the smallest quantity is told first", ann.get(screw), "#offer .stat-value + .note", "€11.20 for 100 pcs"},
		{"another has its own price", ann.get(screw + "?quantity=600"), "#offer .stat-value .money", "€0.098 per pcs Why this price? Base price from “Base”From a quantity of 500 on"},
		{"and its own sum", ann.get(screw + "?quantity=1,000"), "#offer .stat-value + .note", "€84.20 for 1,000 pcs"},
		{"the tier that is reached is marked", ann.get(screw + "?quantity=600"), ".ladder [data-current] .ladder-price", "€0.098"},
		{"what is not sold so says so beside the field", ann.get(screw + "?quantity=120"), ".field .error", "HEX-M8-40 is sold in steps of 50 pcs: take 150"},
		{"what has no step is sold whole", ann.get(drill + "?quantity=1.5"), ".field .error", "DRILL-18V is sold in whole units: take 2"},
		{"and need not be told of", ann.get(drill), "aside .facts dt:nth-child(n)", "Article number Supplier Category Unit of sale Delivery"},
		{"what is no quantity too", ann.get(screw + "?quantity=many"), ".field .error", "A quantity is a number like 12 or 1.5, with at most three decimals"},
		{"the price that counts is named", ann.get(drill), "#prices tbody tr:first-child th", "F-2026-17 by contract"},
		{"and why the others do not", ann.get(drill), "#prices tbody tr:nth-child(2) td:last-child", "A list nearer to you has a price"},
		{"the way down to it is told", ann.get(drill), ".crumbs", "ShopToolsPower tools"},
	}
	for _, test := range tests {
		is(t, test.says, strings.Join(texts(test.page, test.selector), " "), test.want)
	}
	field := ann.get(drill).Find("#offer input[name=quantity]")
	is(t, "what has no step goes up and down by one", field.AttrOr("data-by", "")+" from "+field.AttrOr("data-min", ""), "1 from 1")
	is(t, "what was typed stays", ann.get(screw+"?quantity=many").Find("#offer input[name=quantity]").AttrOr("value", ""), "many")
	for _, path := range []string{"/products/nonsense", "/products/" + id.NewProduct(w.DB.Times()).String()} {
		if got := ann.get(path).status; got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
}

func TestTheCartKeepsWhatIsPutIntoIt(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	ann := w.desk("ann@acme.example")
	is(t, "an empty cart", ann.get("/cart").says(".empty-title"), "Your cart is empty")

	// Adding leads back to where one was, and nowhere else.
	screw, glove := w.sku("HEX-M8-40").String(), w.sku("GLOVE-CUT-9").String()
	added := ann.post("/cart/lines", "product", screw, "quantity", "100", "back", "/shop?q=hex")
	is(t, "back to the list", added.path, "/shop?q=hex")
	is(t, "what is said", added.says(".toasts p"), "Added. There is 1 line in your cart.")
	is(t, "what is said once", ann.get("/shop").says(".toasts p"), "")
	for _, elsewhere := range []string{"//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"} {
		is(t, "back to "+elsewhere, ann.post("/cart/lines", "product", glove, "quantity", "1", "back", elsewhere).path, "/cart")
	}
	for _, beside := range []struct{ says, product, quantity, want string }{
		{"what is no quantity", screw, "lots", "A quantity is a number like 12 or 1.5, with at most three decimals"},
		{"what is too much of anything", screw, "100000001", "A quantity is more than 0 and at most 100,000,000"},
		{"less than is sold", glove, "1.5", "GLOVE-CUT-9 is sold in whole units: take 2"},
		{"between two steps", screw, "120", "HEX-M8-40 is sold in steps of 50 pcs: take 150"},
	} {
		q := "/shop?q=" + map[string]string{screw: "hex", glove: "glove"}[beside.product]
		refused := ann.post("/cart/lines", "product", beside.product, "quantity", beside.quantity, "back", q)
		is(t, beside.says+" is refused beside the field", refused.says("tbody .error"), beside.want)
		is(t, beside.says+" stays", refused.Find("input[name=quantity][aria-invalid]").AttrOr("value", ""), beside.quantity)
		is(t, beside.says+" is not added", refused.says(".toasts p"), "")
		is(t, beside.says+" is said once", refused.hidden("back"), q)
	}
	is(t, "nor on the product's page", ann.post("/cart/lines", "product", glove, "quantity", "1.5", "back", "/products/"+glove).says(".field .error"),
		"GLOVE-CUT-9 is sold in whole units: take 2")
	wrong := ann.post("/cart/lines", "product", screw, "quantity", "lots", "back", "/products/"+screw)
	is(t, "no quantity, on its page", wrong.path+": "+wrong.says(".field .error"), "/products/"+screw+"?quantity=lots: A quantity is a number like 12 or 1.5, with at most three decimals")
	if got := ann.post("/cart/lines", "product", id.NewProduct(w.DB.Times()).String(), "quantity", "1").status; got != http.StatusNotFound {
		t.Errorf("a product that there is not: %d", got)
	}

	// A line can be changed; what is wrong with it stands beside it, with a way out.
	cart := ann.get("/cart")
	is(t, "two lines", cart.says(".page-header .note"), "2 lines")
	line := func(s sheet) string {
		return s.Find("tbody tr:first-child td form[action^='/cart/lines/']").First().AttrOr("action", "")
	}
	old := cart.hidden("version")
	changed := ann.post(line(cart), "version", old, "quantity", "120", "note", "for the shed")
	field := cart.Find("tbody tr:last-child input[name=quantity]")
	is(t, "what has no step goes up and down by one", field.AttrOr("data-by", "")+" from "+field.AttrOr("data-min", ""), "1 from 1")
	has(t, "a quantity that is not sold", changed.says("tbody tr:first-child .error"), "HEX-M8-40 is sold in steps of 50 pcs: take 150")
	has(t, "it is told in the summary", changed.says("#summary .notice"), "1 line cannot be ordered like this.")
	is(t, "the way out", changed.Find("tbody tr:first-child th button[name=quantity]").AttrOr("value", ""), "150")
	fixed := ann.post(line(changed), "version", changed.hidden("version"), "quantity", "150", "note", "for the shed")
	is(t, "mended", fixed.says("tbody tr:first-child .error"), "")
	has(t, "the note stays", fixed.says("tbody tr:first-child .hint"), "“for the shed”")
	is(t, "what was seen earlier does not count", ann.post(line(fixed), "version", old, "quantity", "200").says(".toasts p"), "The cart has changed since you saw it: look at it again.")
	noting := ann.get(fixed.Find("tbody tr:first-child th .button[data-kind=quiet]").AttrOr("href", ""))
	is(t, "the note is changed where it stands", noting.says("dialog[open] textarea"), "for the shed")

	// What is removed can be had back.
	removed := ann.post(line(fixed)+"/remove", "version", fixed.hidden("version"))
	is(t, "one line less", removed.says(".page-header .note")+" "+removed.says(".toasts p"), "1 line The line is removed.")
	back := ann.post(removed.Find(".toasts form").AttrOr("action", ""))
	is(t, "it is back", back.says(".page-header .note")+" "+back.says(".toasts p"), "2 lines It is in the cart again, where it stood.")
	has(t, "with its note, where it stood", back.says("tbody tr:first-child .hint"), "“for the shed”")
	empty := ann.post("/cart/clear", "version", back.hidden("version"))
	is(t, "nothing is left", empty.says(".empty-title"), "Your cart is empty")
	undo := empty.Find(".toasts form").AttrOr("action", "")
	filled := ann.post(undo)
	is(t, "everything is back", strings.Join(texts(filled, "#lines tbody th"), "|"), strings.Join(texts(back, "#lines tbody th"), "|"))
	is(t, "and does not come twice", ann.post(undo).says(".toasts p"), "What was taken out is back already, or it was taken out too long ago.")
}

func TestTheCartSaysWhatOrderingItWouldDo(t *testing.T) {
	tests := []struct {
		says     string
		prepare  func(*bureau)
		selector string
		want     string
	}{
		{"nobody is asked", func(*bureau) {}, "#summary .straight", "Goes straight throughNo rule and no budget asks anybody."},
		{"the manager is asked, and why", func(w *bureau) { w.band(100_00) }, "#summary .stage-title strong", "Manager"},
		{"by which rule", func(w *bureau) { w.band(100_00) }, "#summary .stage-reason", "Rule “Amount bands”: total (net) €198.00 is above €100.00"},
		{"by name", func(w *bureau) { w.band(100_00) }, "#summary .stage-people .person-words", "Bob Boss Head of operations"},
		{"the budget has enough", func(w *bureau) { w.endow(1000_00, budget.Block) }, "#summary .legend", "Spent €0.00Held €0.00This order €198.00Left €802.00"},
		{"the budget blocks", func(w *bureau) { w.endow(100_00, budget.Block) }, "#summary .notice li", "The budget Workshop has €100.00 left"},
		{"so nothing goes straight through", func(w *bureau) { w.endow(100_00, budget.Block) }, "#summary .straight", ""},
		{"the budget asks its owner's manager", func(w *bureau) { w.endow(100_00, budget.Ask) }, "#summary .stage-reason", "€98.00 over what is left of the budget Workshop"},
		{"what checkout asks is no alarm yet", func(w *bureau) { w.wants(func(p *company.Profile) { p.PONumber = company.Required }) }, "#summary .notice", ""},
	}
	for _, test := range tests {
		t.Run(test.says, func(t *testing.T) {
			w := newBureau(t)
			w.stock(0)
			test.prepare(w)
			w.fill(map[string]int64{"DRILL-18V": 1})
			got := w.desk("ann@acme.example").get("/cart").says(test.selector)
			if test.want == "" {
				is(t, test.says, got, "")
			}
			has(t, test.says, got, test.want)
		})
	}
}

// Every page says in its top bar what the cart comes to, and what ordering it would trigger.
func TestTheTopBarSaysWhatTheCartComesTo(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	today := date.On(time.Now(), berlin)
	year, number, _ := today.Parts()
	first := date.On(time.Date(year, number, 1, 12, 0, 0, 0, berlin), berlin)
	last := date.On(time.Date(year, number+1, 0, 12, 0, 0, 0, berlin), berlin)
	month := "from " + locale.English.Date(first) + " to " + locale.English.Date(last)
	tests := []struct {
		says    string
		prepare func(*bureau)
		lines   map[string]int64
		tone    string
		said    string
	}{
		{"nothing in it", func(*bureau) {}, nil, "", "Cart, 0 lines"},
		{"nobody is asked", func(*bureau) {}, map[string]int64{"DRILL-18V": 1}, "good", "Cart, 1 line €198.00 Goes straight through"},
		{"the manager is asked", func(w *bureau) { w.band(100_00) }, map[string]int64{"DRILL-18V": 1}, "warn", "Cart, 1 line €198.00 Bob Boss decides"},
		{"the budget blocks", func(w *bureau) { w.endow(100_00, budget.Block) }, map[string]int64{"DRILL-18V": 1}, "bad", "Cart, 1 line €198.00 The budget Workshop has €100.00 left " + month + ", and €198.00 is asked (goods and shipping, net)"},
		{"a line cannot be ordered", func(*bureau) {}, map[string]int64{"DRILL-18V": 1, "HEX-M8-40": 130}, "bad", "Cart, 2 lines €212.56 1 line cannot be ordered like this."},
		{"what checkout asks is no alarm yet", func(w *bureau) { w.wants(func(p *company.Profile) { p.PONumber = company.Required }) }, map[string]int64{"DRILL-18V": 1}, "good",
			"Cart, 1 line €198.00 Goes straight through"},
	}
	for _, test := range tests {
		t.Run(test.says, func(t *testing.T) {
			w := newBureau(t)
			w.stock(0)
			test.prepare(w)
			w.fill(test.lines)
			ann := w.desk("ann@acme.example")
			for _, path := range []string{"/", "/shop", "/purchase-orders", "/cart", "/checkout"} {
				page := ann.get(path)
				is(t, path, page.says(".top [data-cart] .said"), test.said)
				is(t, path+" has a dot", page.Find(".top [data-cart] .dot").AttrOr("data-tone", ""), test.tone)
				is(t, path+" can show more", fmt.Sprint(page.Find(".top [popovertarget=cart-short]").Length()), fmt.Sprint(min(1, len(test.lines))))
			}
		})
	}
}

// The short of the cart has what was put into it last, and leads on.
func TestTheTopBarShowsTheShortOfTheCart(t *testing.T) {
	w := newBureau(t)
	w.stock(5)
	for i := range 5 {
		w.fill(map[string]int64{fmt.Sprintf("BULK-%04d", i): 1})
	}
	w.fill(map[string]int64{"HEX-M8-40": 120})
	short := w.desk("ann@acme.example").get("/inbox")
	tests := []struct{ says, selector, want string }{
		{"the last are first", "#cart-short .short-lines li:first-child", "Hexagon screw M8×40, zinc-plated, DIN 933 120 pcs €13.44"},
		{"four of them", "#cart-short .short-lines .short-name a", "Hexagon screw M8×40, zinc-plated, DIN 933 Dowel pin 6×14, hardened Dowel pin 5×13, hardened Dowel pin 4×12, hardened"},
		{"and that there are more", "#cart-short .short-more", "and 2 more lines"},
		{"what it comes to", "#cart-short .short-sum", "Total, net€14.19"},
		{"what is in its way", "#cart-short .short-note[data-tone=bad]", "1 line cannot be ordered like this."},
		{"where to go on", "#cart-short .short-buttons a", "Go to the cart Go to checkout"},
	}
	for _, test := range tests {
		is(t, test.says, strings.Join(texts(short, test.selector), " "), test.want)
	}
	is(t, "the line with a problem is marked", fmt.Sprint(short.Find("#cart-short .short-lines li:first-child .icon").Length()), "1")
}

func TestSomebodyWhoMayOnlyFillCartsSeesNeitherPricesNorCheckout(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	held, err := w.Granting.Held(t.Context(), w.Dan, w.Cleo.Member)
	w.must(err)
	_, err = w.Granting.Assign(t.Context(), w.Dan, granting.AssignInput{Member: w.Cleo.Member, Role: w.Roles["technical_expert"]})
	w.must(err)
	w.must(w.Granting.Revoke(t.Context(), w.Dan, held[0].ID))
	cleo := w.desk("cleo@acme.example")
	is(t, "the list", cleo.get("/shop?q=drill").says("tbody td[data-numeric]"), "")
	cart := cleo.post("/cart/lines", "product", w.sku("DRILL-18V").String(), "quantity", "2")
	is(t, "the line", cart.says("tbody th .named a"), "Cordless drill 18 V, brushless, two batteries 4 Ah and charger, in a case")
	is(t, "no price", cart.says("tbody .money"), "")
	has(t, "no checkout", cart.says("#summary"), "You may fill a cart, but not order.")
	is(t, "nor a sum in the top bar", cart.says(".top [data-cart] .said"), "Cart, 1 line")
	is(t, "nor a way on there", strings.Join(texts(cart, "#cart-short .short-buttons a"), " "), "Go to the cart")
	is(t, "nor prices", cart.says("#cart-short .money")+cart.says("#cart-short .short-sum"), "")
	if got := cleo.get("/checkout").status; got != http.StatusForbidden {
		t.Errorf("the checkout: %d", got)
	}
}

// said is the form of the checkout as it stands, with other values of some fields.
func (s sheet) said(pairs ...string) []string {
	form := map[string]string{"act": "submit"}
	s.Find("form#checkout").Find("input[type=hidden], input[type=text], input[type=date], input[checked]").Each(func(_ int, in *goquery.Selection) {
		form[in.AttrOr("name", "")] = in.AttrOr("value", "on")
	})
	s.Find("form#checkout textarea").Each(func(_ int, in *goquery.Selection) { form[in.AttrOr("name", "")] = in.Text() })
	s.Find("form#checkout option[selected]").Each(func(_ int, o *goquery.Selection) {
		form[o.Closest("select").AttrOr("name", "")] = o.AttrOr("value", "")
	})
	for i := 0; i+1 < len(pairs); i += 2 {
		form[pairs[i]] = pairs[i+1]
	}
	var all []string
	for name, value := range form {
		all = append(all, name, value)
	}
	return all
}

func TestCheckoutKeepsWhatWasSaidAndSaysWhatIsMissing(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	w.band(100_00)
	w.endow(100_00, budget.Warn)
	w.wants(func(p *company.Profile) { p.PONumber, p.CostCentre = company.Required, company.Required })
	w.fill(map[string]int64{"DRILL-18V": 1})
	ann := w.desk("ann@acme.example")
	form := ann.get("/checkout")
	is(t, "what is still to be said, without scolding", form.says("#summary .notice li"),
		"Your company wants a PO number on every orderYour company wants a cost centre on every orderThis order goes over the budget Workshop by €98.00: confirm that you know")
	is(t, "no errors yet", form.says(".field .error"), "")

	again := ann.post("/checkout", form.said("note", "please ring twice", "delivery", w.Warehouse.String())...)
	if again.status != http.StatusUnprocessableEntity {
		t.Errorf("an order that lacks something: %d", again.status)
	}
	is(t, "every reason is told", fmt.Sprint(again.Find("#summary .notice[role=alert] li").Length()), "3")
	is(t, "the PO number beside its field", again.says("#reference-error"), "Your company wants a PO number on every order")
	is(t, "the cost centre beside its field", again.says("#cost_centre-error"), "Your company wants a cost centre on every order")
	has(t, "the budget beside its box", again.says("#acknowledged-error"), "This order goes over the budget Workshop by €98.00")
	is(t, "the note is kept", again.says("textarea[name=note]"), "please ring twice")
	is(t, "the address is kept", again.Find("input[name=delivery][checked]").AttrOr("value", ""), w.Warehouse.String())
	is(t, "a date that is none", ann.post("/checkout", form.said("requested", "31.12.")...).says("#requested-error"), "A date is a day of the calendar like 2026-03-05")
	is(t, "which stays as it was typed", ann.post("/checkout", form.said("requested", "31.12.")...).Find("input[name=requested]").AttrOr("value", ""), "31.12.")
	several := ann.post("/checkout", form.said("requested", "31.12.", "note", strings.Repeat("x", 2001))...)
	is(t, "several things wrong are told at the top", several.says("#summary .notice-title"), "Some of what you entered needs another look")
	is(t, "a date that is none, among others", several.says("#requested-error"), "A date is a day of the calendar like 2026-03-05")
	has(t, "a note that is too long, among others", several.says("#note-error"), "2000 characters")
	is(t, "and what is missing", several.says("#reference-error"), "Your company wants a PO number on every order")
	long := ann.post("/checkout", form.said("note", strings.Repeat("x", 2001))...)
	is(t, "a note that is too long", long.says("#summary .notice-title"), "Some of what you entered needs another look")
	has(t, "which it is", long.says("#summary .notice li:first-child"), "Note: At most 2000 characters fit here")
	both := ann.post("/checkout", form.said("note", "a\x07", "requested", "2020-01-01")...)
	has(t, "a note that cannot be read", both.says("#note-error"), "Control characters cannot stand here")
	is(t, "and a date that has passed, beside its field", both.says("#requested-error"), "The requested date has passed")
	is(t, "and all else that is missing", fmt.Sprint(both.Find("#summary .notice[role=alert] li").Length()), "5")
	equal(t, "its status", both.status, http.StatusUnprocessableEntity)
	is(t, "which stays as well", long.says("textarea[name=note]"), strings.Repeat("x", 2001))
	is(t, "a date that has passed", ann.post("/checkout", form.said("requested", "2020-01-01")...).says("#requested-error"), "The requested date has passed")
	if got := w.newest(); got != "" {
		t.Errorf("%s was submitted all the same", got)
	}

	// A look at what it would do changes nothing, and keeps what was said.
	look := ann.post("/checkout/preview", form.said("reference", "B-7", "payment", "advance")...)
	is(t, "the look keeps the reference", look.Find("input[name=reference]").AttrOr("value", ""), "B-7")
	is(t, "and the payment", look.Find("input[name=payment][checked]").AttrOr("value", ""), "advance")
	is(t, "without the button nothing is ordered", ann.post("/checkout", form.said("act", "", "reference", "B-7")...).path, "/checkout")
	if got := w.newest(); got != "" {
		t.Errorf("%s was submitted by looking", got)
	}

	done := ann.post("/checkout", again.said("reference", "B-7", "cost_centre", w.CostCentre.String(), "acknowledged", "on")...)
	is(t, "where it leads", done.path, "/purchase-orders/"+w.newest())
	has(t, "what is said", done.says(".toasts p"), " waits for Bob Boss.")
	has(t, "the note went along", done.says(".facts"), "please ring twice")
	has(t, "and where it goes", done.says(".facts"), "Dock Road 9")

	other := ann.post("/checkout", again.said("reference", "B-8", "cost_centre", w.CostCentre.String(), "acknowledged", "on", "key", "another-window")...)
	is(t, "submitted from another window, it leads to what it became", other.path, "/purchase-orders/"+w.newest())
	has(t, "and says so", other.says(".toasts p"), "You submitted this cart before. Nothing was ordered a second time.")
}

// Who stands above all units says for which one they order; until a cost centre is said, that no budget covers the order
// is no alarm.
func TestCheckoutAsksForWhatIsNotPlain(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	_, err := w.Budgeting.Create(t.Context(), w.Dan, budgeting.CreateInput{Name: "Maintenance", Owner: budget.Owner{CostCentre: w.CostCentre}, Limit: money.Of(1000_00, "EUR"),
		Basis: budget.NetShipped, Cycle: budget.Cycle{Kind: budget.Month}, Exhausted: budget.Block, Carry: budget.CarryNone})
	w.must(err)
	_, err = w.Purchasing.Add(t.Context(), w.Dan, purchasing.AddInput{Lines: []purchasing.AddLine{{Product: w.sku("DRILL-18V"), Quantity: quantity.One}}})
	w.must(err)
	dan := w.desk("dan@acme.example")
	is(t, "the cart is no alarm", dan.get("/cart").says("#summary .notice"), "")
	form := dan.get("/checkout")
	is(t, "the units are offered", strings.Join(texts(form, "select[name=unit] option"), " "), "Please choose Acme Works Operations Finance")
	is(t, "what is asked, without scolding", form.says("#summary .notice li"), "Choose for which unit you order")
	is(t, "nothing is chosen that nobody chose", fmt.Sprint(form.Find("select[name=unit] option[selected]").Length()), "0")
	again := dan.post("/checkout", form.said()...)
	is(t, "the unit beside its field", again.says("#unit-error"), "Choose for which unit you order")
	again = dan.post("/checkout", again.said("unit", w.Units["fin"].String())...)
	is(t, "which is kept", again.Find("select[name=unit] option[selected]").AttrOr("value", ""), w.Units["fin"].String())
	is(t, "the cost centre beside its field", again.says("#cost_centre-error"), "No budget covers this order, and you may not order without one")
	done := dan.post("/checkout", again.said("cost_centre", w.CostCentre.String())...)
	has(t, "then it goes through", done.says(".toasts p"), " is ordered from Bolt & Nut.")
	has(t, "for the unit that he chose", done.says(".page-header .note"), "Submitted by Dan Director for Finance")
}

func TestPressingTwicePlacesOnce(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	w.fill(map[string]int64{"GLOVE-CUT-9": 3})
	ann := w.desk("ann@acme.example")
	form := ann.get("/checkout").said()
	paths := make([]string, 4)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range paths {
		wg.Go(func() {
			<-start
			paths[i] = ann.post("/checkout", form...).path
		})
	}
	close(start)
	wg.Wait()
	for _, path := range paths {
		is(t, "where it leads", path, "/purchase-orders/"+w.newest())
	}
	list, err := w.Approving.ListPurchaseOrders(t.Context(), w.Ann, approving.Filter{}, page.Ask{})
	if err != nil || len(list.Rows) != 1 {
		t.Errorf("%d were submitted, %v", len(list.Rows), err)
	}
}

func TestACartThatChangedIsLookedAtAgain(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	w.fill(map[string]int64{"GLOVE-CUT-9": 3})
	ann := w.desk("ann@acme.example")
	form := ann.get("/checkout")
	w.fill(map[string]int64{"DRILL-18V": 1})
	again := ann.post("/checkout", form.said()...)
	has(t, "why", again.says(".notice[role=alert]"), "The cart has changed since you saw it")
	is(t, "what it is now", fmt.Sprint(again.Find("#lines tbody tr").Length()), "2")
	done := ann.post("/checkout", again.said()...)
	has(t, "then it goes through", done.says(".toasts p"), "PO-000001 is ordered from Bolt & Nut.")
	is(t, "and nobody was asked", strings.Join(texts(done, ".timeline-title span"), ", "), "Ann Archer submitted the cart, Nobody needed to be asked, Placed with Bolt & Nut")
	is(t, "which is told where others are named", done.says("aside .straight p:last-child"), "No rule and no budget asked anybody.")
	is(t, "an empty checkout", ann.get("/checkout").says(".empty-title"), "There is nothing to order")
}

func TestAPurchaseOrderIsFollowedToItsEnd(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	w.band(100_00)
	w.endow(5000_00, budget.Ask)
	ann, bob, eve := w.desk("ann@acme.example"), w.desk("bob@acme.example"), w.desk("eve@globex.example")
	submit := func() string {
		w.fill(map[string]int64{"DRILL-18V": 2})
		return ann.post("/checkout", ann.get("/checkout").said("reference", "B-7")...).path
	}
	decide := func(path string, verdict approval.Verdict, reason string) {
		key, err := id.ParsePurchaseOrder(strings.TrimPrefix(path, "/purchase-orders/"))
		w.must(err)
		sheet, err := w.Approving.Get(t.Context(), w.Bob, key)
		w.must(err)
		_, err = w.Approving.Decide(t.Context(), w.Bob, approving.DecideInput{Order: key, Verdict: verdict, Reason: reason, Hash: sheet.Hash})
		w.must(err)
	}
	approved, rejected, withdrawn := submit(), submit(), submit()
	w.fill(map[string]int64{"GLOVE-CUT-9": 1})
	both := submit()
	ann.post(both + "/withdraw")
	decide(approved, approval.Agree, "")
	decide(rejected, approval.Decline, "too many of them")
	waits := ann.get(withdrawn)
	gone := ann.post(withdrawn+"/withdraw", "reason", "not needed after all")
	placed := ann.get(approved)
	ordered := ann.get(placed.link("Go to the order"))
	tests := []struct {
		says     string
		page     sheet
		selector string
		want     string
	}{
		{"it waits", waits, "h1", "PO-000003 Waits for approval"},
		{"and says for whom", waits, ".path .stage-verdict", "asked now"},
		{"and what is next", waits, ".timeline [data-ahead] > div", "Bob Boss decides Manager · asked now Placed with Bolt & Nut"},
		{"what it holds", waits, ".budget .legend [data-part=order] b", "€396.00"},
		{"it is withdrawn", gone, "h1", "PO-000003 Withdrawn"},
		{"and said so", gone, ".toasts p", "PO-000003 is withdrawn."},
		{"with the reason", gone, ".timeline-text", "not needed after all"},
		{"it is rejected", ann.get(rejected), "h1", "PO-000002 Rejected"},
		{"and says why", ann.get(rejected), ".notice p:not(.notice-title)", "too many of them"},
		{"it is placed", placed, "h1", "PO-000001 Placed"},
		{"its price is told as it was", placed, "tbody .money .explanation-lines", "Contract price from “F-2026-17”By agreement F-2026-17"},
		{"the order says where it came from", ann.get(ordered.link("How it was approved")), "h1", "PO-000001 Placed"},
		{"the order has its own number", ordered, "h1", "SO-000001 Placed"},
		{"and its way before it", ordered, ".steps [aria-current]", "1 Placed"},
		{"the list has all, the newest first", ann.get("/purchase-orders"), "tbody th", "PO-000004 B-7 · 2 lines PO-000003 B-7 · 1 line PO-000002 B-7 · 1 line PO-000001 B-7 · 1 line"},
		{"the list is narrowed by state", ann.get("/purchase-orders?state=rejected"), "tbody th", "PO-000002 B-7 · 1 line"},
		{"by such as there are", ann.get("/purchase-orders"), "select[name=state] option", "Any state Waits for approval Placed Rejected Withdrawn Expired"},
		{"by none that nothing leads to", ann.get("/purchase-orders?state=returned"), "tbody th", "PO-000004 B-7 · 2 lines PO-000003 B-7 · 1 line PO-000002 B-7 · 1 line PO-000001 B-7 · 1 line"},
		{"the list is searched", ann.get("/purchase-orders?q=000001"), "tbody th", "PO-000001 B-7 · 1 line"},
		{"or has nothing", ann.get("/purchase-orders?q=000009"), ".empty-title", "Nothing found"},
		{"Bob sees what is Ann's", bob.get("/purchase-orders?state=placed"), "tbody th", "PO-000001 B-7 · 1 line"},
		{"and can leave it out", bob.get("/purchase-orders?whose=mine"), ".empty-title", "Nothing found"},
		{"orders are listed", ann.get("/orders"), "tbody th", "SO-000001 B-7 · PO-000001"},
		{"orders are narrowed", ann.get("/orders?state=shipped"), ".empty-title", "Nothing found"},
		{"Eve has none", eve.get("/purchase-orders"), ".empty-title", "No purchase orders yet"},
		{"neither orders", eve.get("/orders"), ".empty-title", "No orders yet"},
	}
	for _, test := range tests {
		is(t, test.says, strings.Join(texts(test.page, test.selector), " "), test.want)
	}
	has(t, "a second time nothing happens", ann.post(withdrawn+"/withdraw").says(".toasts p"), "Ann Archer has withdrawn it, at ")
	for _, path := range []string{approved, "/orders/" + strings.TrimPrefix(placed.link("Go to the order"), "/orders/"), "/purchase-orders/nonsense", "/orders/nonsense"} {
		if got := eve.get(path).status; got != http.StatusNotFound {
			t.Errorf("Eve at %s: %d", path, got)
		}
	}
	if got := eve.post(rejected + "/withdraw").status; got != http.StatusNotFound {
		t.Errorf("Eve withdraws: %d", got)
	}
	is(t, "Bob cannot withdraw what is Ann's", fmt.Sprint(bob.post(submit()+"/withdraw").status), "403")

	copied := ann.post(rejected + "/copy")
	is(t, "copied", copied.path+" "+copied.says(".toasts p"), "/cart 1 line is in your cart.")
	w.alter("DRILL-18V", func(p *catalogue.Product) { p.Status = catalogue.Obsolete })
	for _, test := range []struct {
		says     string
		page     sheet
		selector string
		want     string
	}{
		{"what is no longer sold is told on a page", ann.post(rejected + "/copy"), "h1", "Nothing of it could be put into your cart"},
		{"of which some is", ann.post(both + "/copy"), "h1", "1 of 2 lines are in your cart"},
		{"line by line", ann.post(both + "/copy"), "tbody", "Cordless drill 18 V, brushless, two batteries 4 Ah and charger, in a case DRILL-18V2 pcsLeft outDRILL-18V is no longer made"},
		{"and the others are counted", ann.post(both + "/copy"), "main > .note", "1 other line is in your cart as it was."},
		{"it leads back", ann.get(ann.post(both + "/copy").link("PO-000004")), "h1", "PO-000004 Withdrawn"},
		{"the order alike", ann.post(placed.link("Go to the order") + "/copy"), "h1", "Nothing of it could be put into your cart"},
		{"a line that is ticked", ann.post(both+"/copy", "ticked", "on", "position", "1", "key", "one"), ".toasts p", "1 line is in your cart."},
		{"pressed twice", ann.post(both+"/copy", "ticked", "on", "position", "1", "key", "one"), ".toasts p", "1 line is in your cart."},
		{"none that is ticked", ann.post(both+"/copy", "ticked", "on"), ".toasts p", "Tick the lines that you want to have in your cart."},
		{"a line that it has not", ann.post(both+"/copy", "ticked", "on", "position", "7"), ".toasts p", "There is no such line in this order."},
		{"what became of nothing", ann.get("/cart/copied?key=none"), "h1", "There is nothing here"},
	} {
		is(t, test.says, strings.Join(texts(test.page, test.selector), " "), test.want)
	}
	is(t, "however often it was pressed, it is there", ann.get("/cart").Find("tbody tr:last-child input[name=quantity]").AttrOr("value", ""), "5")
	if got := eve.post(both + "/copy").status; got != http.StatusNotFound {
		t.Errorf("Eve copies: %d", got)
	}
}

// What expired comes back in a cart beside the one that is being filled, and is found from wherever one looks for it.
func TestWhatExpiredIsFoundAgain(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	w.band(100_00)
	ann, bob, dan := w.desk("ann@acme.example"), w.desk("bob@acme.example"), w.desk("dan@acme.example")
	w.fill(map[string]int64{"DRILL-18V": 2})
	po := ann.post("/checkout", ann.get("/checkout").said("reference", "B-7")...).path
	w.expire()
	w.fill(map[string]int64{"GLOVE-CUT-9": 1})
	page := ann.get(po)
	back := page.link("Open the cart")
	other := ann.get(back)
	tests := []struct {
		says     string
		page     sheet
		selector string
		want     string
	}{
		{"the purchase order says so", page, "main > .notice p:not(.notice-title)", "Its lines are in a cart of yours again: change what you like, and submit it anew."},
		{"and what happened", page, ".timeline li:last-child .timeline-text", "Its lines went back to the requester, in a cart."},
		{"it need not be copied", page, "form[action$='/copy']", ""},
		{"Bob is told as well", bob.get(po), ".timeline li:last-child .timeline-text", "Its lines went back to the requester, in a cart."},
		{"and led to no cart of Ann's", bob.get(po), "main > .notice", "Nobody decided in time. What it held is free again."},
		{"home tells of it", ann.get("/"), ".notice-title", "Nobody decided on PO-000001 in time You have a cart to go on with"},
		{"the cart that she fills is the one she filled", ann.get("/cart"), "#lines tbody th .named a", "Cut-resistant gloves, size 9"},
		{"the other stands below it", ann.get("/cart"), "#others .item-words", "Cart PO-000001 1 line · came back, because nobody decided on PO-000001 in time"},
		{"it says why it is there", other, ".notice-title", "Nobody decided on PO-000001 in time, so its lines are here again."},
		{"with its lines", other, "#lines tbody th .named", "Cordless drill 18 V, brushless, two batteries 4 Ah and charger, in a case DRILL-18V · Hydra Tools AG"},
		{"and who would decide", other, "#summary .stage-people .person-words", "Bob Boss Head of operations"},
		{"mails lead to it", ann.get(po + "/cart"), "h1", "Cart PO-000001"},
	}
	for _, test := range tests {
		is(t, test.says, strings.Join(texts(test.page, test.selector), " "), test.want)
	}
	for path, want := range map[string]int{back: http.StatusNotFound, po + "/cart": http.StatusOK} {
		if got := dan.get(path).status; got != want {
			t.Errorf("Dan at %s: %d", path, got)
		}
	}

	chosen := ann.post(back + "/choose")
	is(t, "she goes on with it", chosen.path+" "+chosen.says(".toasts p"), "/cart You are now working on “Cart PO-000001”.")
	is(t, "which is the one that she works on", chosen.says("h1")+": "+chosen.says("#lines tbody th .named small"), "Cart PO-000001: DRILL-18V · Hydra Tools AG")
	has(t, "the other waits below it", chosen.says("#others .item-words"), "Cart 1 line · last changed ")
	is(t, "its page is the cart now", ann.get(back).path, "/cart")
	form := ann.get("/checkout")
	is(t, "what was said is still said", form.Find("input[name=reference]").AttrOr("value", ""), "B-7")
	done := ann.post("/checkout", form.said()...)
	has(t, "it is submitted anew", done.says("h1"), "PO-000002")
	gone := ann.get(back)
	is(t, "and is no more", gone.path+" "+gone.says(".toasts p"), "/cart That cart was submitted.")
	is(t, "mails lead to the purchase order then", ann.get(po+"/cart").path, po)
	is(t, "which may be copied now", fmt.Sprint(ann.get(po).Find("form[action$='/copy']").Length()), "1")

	w.expire()
	second := ann.get(done.path).link("Open the cart")
	is(t, "another one is looked at", ann.get(second).says("h1"), "Cart PO-000002")
	is(t, "what was seen earlier is not discarded", ann.post(second+"/discard", "version", "0").says(".toasts p"), "The cart has changed since you saw it: look at it again.")
	discarded := ann.post(second+"/discard", "version", ann.get(second).hidden("version"))
	is(t, "it is discarded", discarded.path+" "+discarded.says(".toasts p"), "/cart The cart is discarded.")
	if got := ann.get(second).status; got != http.StatusNotFound {
		t.Errorf("what was discarded: %d", got)
	}
}

// texts are what the elements of a selector say, one by one.
func texts(s sheet, selector string) []string {
	var all []string
	s.Find(selector).Each(func(_ int, e *goquery.Selection) { all = append(all, fold(e.Text())) })
	return all
}

func TestWhoHasNotSignedInIsLedToDoSo(t *testing.T) {
	w := newBureau(t)
	stranger := &desk{bureau: w}
	for _, path := range []string{"/shop", "/cart", "/checkout", "/purchase-orders", "/orders", "/products/" + w.Products[0].ID.String()} {
		if got := stranger.get(path).path; !strings.HasPrefix(got, "/sign-in?next=") {
			t.Errorf("%s leads to %s", path, got)
		}
	}
}

func TestACartOfAThousandLinesIsReadable(t *testing.T) {
	w := newBureau(t)
	w.stock(1000)
	var lines []purchasing.AddLine
	for i := range 1000 {
		lines = append(lines, purchasing.AddLine{Product: w.sku(fmt.Sprintf("BULK-%04d", i)), Quantity: quantity.One})
	}
	_, err := w.Purchasing.Add(t.Context(), w.Ann, purchasing.AddInput{Lines: lines})
	w.must(err)
	ann := w.desk("ann@acme.example")
	first := ann.get("/cart")
	is(t, "a hundred at a time", first.says(".pager-said"), "1–100 of 1,000")
	last := ann.get("/cart?from=900")
	is(t, "to the end", last.says(".pager-said"), "901–1,000 of 1,000")
	is(t, "and not beyond", ann.get("/cart?from=5000").says(".pager-said"), "901–1,000 of 1,000")
	form := last.Find("tbody tr:last-child td form").First()
	changed := ann.post(form.AttrOr("action", ""), "version", last.hidden("version"), "quantity", "7")
	is(t, "a change stays where it was made", changed.path, "/cart?from=900")
	removed := ann.post(form.AttrOr("action", "")+"/remove", "version", changed.hidden("version"))
	is(t, "so does a removal", removed.path+" "+removed.says(".pager-said"), "/cart?from=900 901–999 of 999")
}

// Whoever reads German meets no English of ours on the way to an order.
func TestGretaReadsGerman(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	w.band(100_00)
	w.fill(map[string]int64{"DRILL-18V": 1})
	w.must(w.Signing.SetLanguage(t.Context(), w.Ann, signing.SetLanguageInput{Language: locale.German, Zone: "Europe/Berlin"}))
	ann := w.desk("ann@acme.example")
	is(t, "the shop", ann.get("/shop").says("h1"), "Einkaufen")
	is(t, "the cart", ann.get("/cart").says("#summary .stage-reason"), "Regel „Amount bands“: Summe (netto) 198,00 € liegt über 100,00 €")
	done := ann.post("/checkout", ann.get("/checkout").said()...)
	is(t, "what became of it", done.says(".toasts p"), "PO-000001 wartet auf Bob Boss.")
	is(t, "its state", done.says("h1 .badge"), "Wartet auf Genehmigung")
	is(t, "who did what", texts(done, ".timeline-title span")[0], "Ann Archer hat den Warenkorb eingereicht")
	w.fill(map[string]int64{"HEX-M8-40": 100})
	ann.post("/checkout", ann.get("/checkout").said()...)
	is(t, "an order is no verb", ann.get("/").says("#recent thead th:first-child"), "Bestellung")
}

// A page of the shop is small on the wire, however much it shows.
func TestThePagesOfTheShopAreLight(t *testing.T) {
	w := newBureau(t)
	w.stock(100)
	w.fill(map[string]int64{"HEX-M8-40": 100, "DRILL-18V": 1})
	token := w.token("ann@acme.example")
	for _, path := range []string{"/shop", "/cart", "/checkout", "/purchase-orders", "/products/" + w.sku("HEX-M8-40").String()} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+path, nil)
		w.must(err)
		r.Header.Set("Accept-Encoding", "br")
		r.AddCookie(&http.Cookie{Name: "kontor", Value: token})
		answer, err := http.DefaultTransport.RoundTrip(r)
		w.must(err)
		n, err := io.Copy(io.Discard, answer.Body)
		w.must(errors.Join(err, answer.Body.Close()))
		if answer.Header.Get("Content-Encoding") != "br" || n > 20<<10 {
			t.Errorf("%s: %d bytes, encoded as %q", path, n, answer.Header.Get("Content-Encoding"))
		}
	}
}
