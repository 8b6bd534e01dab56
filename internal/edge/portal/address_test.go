package portal_test

import (
	"net/http"
	"strings"
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/usecase/granting"
)

// Dan changes the book, and says where goods of a unit go; Ann's checkout follows.
func TestDanSaysWhereGoodsGo(t *testing.T) {
	w := newBureau(t)
	dan, ann := w.desk("dan@acme.example"), w.desk("ann@acme.example")
	book, ops := "/company/addresses/"+w.Warehouse.String(), "/units/"+w.Units["ops"].String()

	tells(t, dan.post(book, "version", "1", "label", "Harbour", "name", "Acme", "street", "Dock Road 9", "postcode", "20457", "city", "Hamburg", "country", "de", "delivers", "on"), "Harbour")
	stale := dan.post(book, "version", "1", "label", "Mine", "name", "Acme", "street", "S", "postcode", "10115", "city", "C", "country", "DE", "delivers", "on")
	tells(t, stale, "Somebody has changed this meanwhile")
	if v, _ := stale.Find("input[name=label]").Attr("value"); v != "Mine" {
		t.Errorf("what was typed is lost: %q", v)
	}
	tells(t, dan.post(book, "version", "2", "label", "", "name", "Acme", "street", "S", "postcode", "10115", "city", "C", "country", "DE"), "for goods, for invoices, or for both")
	tells(t, ann.get(book), "Dock Road 9")
	equal(t, "the forms for Ann", ann.get(book).Find("form[action^='/company']").Length(), 0)
	equal(t, "for Eve", w.desk("eve@globex.example").get(book).status, http.StatusNotFound)

	version := dan.get(ops).Find("form[action$='/addresses'] input[name=version]").AttrOr("value", "")
	tells(t, dan.post(ops+"/addresses", "version", version, "delivery", w.Address.String(), "allowed", w.Warehouse.String()), "none of the addresses that goods for this unit may go to")
	tells(t, dan.post(ops+"/addresses", "version", version, "delivery", w.Warehouse.String(), "allowed", w.Warehouse.String()), "The addresses of the unit were saved.")
	tells(t, dan.post(book+"/remove", "version", "2"), "The unit Operations still names this address")
	tells(t, dan.get(book), "Goods usually go there and goods may go there")

	ann.post("/cart/lines", "product", w.Products[0].ID.String(), "quantity", "100")
	checkout := ann.get("/checkout")
	tells(t, checkout, "Delivery addressHarbour: Dock Road 9, 20457 Hamburg, DE")
	equal(t, "what goods go to", checkout.hidden("delivery"), w.Warehouse.String())
	refused := ann.post("/checkout", "act", "submit", "cart", checkout.hidden("cart"), "version", checkout.hidden("version"), "key", checkout.hidden("key"), "payment", "on_account", "delivery", w.Address.String(), "billing", w.Address.String())
	tells(t, refused, "Goods for this unit go to certain addresses only: choose one of them")
	equal(t, "the status", refused.status, http.StatusUnprocessableEntity)

	// What was proposed and not touched makes room for what is usual by now.
	version = dan.get(ops).Find("form[action$='/addresses'] input[name=version]").AttrOr("value", "")
	tells(t, dan.post(ops+"/addresses", "version", version), "The addresses of the unit were saved.")
	again := ann.post("/checkout/preview", "payment", "on_account", "delivery", w.Warehouse.String(), "delivery_usual", w.Warehouse.String(), "billing", w.Address.String(), "billing_usual", w.Address.String())
	equal(t, "what is proposed", again.Find("input[name=delivery][checked]").AttrOr("value", ""), w.Address.String())
	touched := ann.post("/checkout/preview", "payment", "on_account", "delivery", w.Warehouse.String(), "delivery_usual", w.Address.String())
	equal(t, "what was chosen", touched.Find("input[name=delivery][checked]").AttrOr("value", ""), w.Warehouse.String())

	tells(t, dan.post(book+"/remove", "version", "2"), "The address was removed.")
	if strings.Contains(dan.get("/company").Text(), "Harbour") {
		t.Error("it is still in the book")
	}
}

// home is an address of Ann's own.
func (w *bureau) home() id.Address {
	a, err := w.Organising.AddOwnAddress(w.t.Context(), w.Ann, company.Address{Label: "Home", Name: "Ann Archer", Street: "Garden Path 3", Postcode: "10245", City: "Berlin", Country: "DE"})
	w.must(err)
	return a.ID
}

// Ann keeps an address of her own, and orders there once she may.
func TestAnnOrdersHome(t *testing.T) {
	w := newBureau(t)
	ann := w.desk("ann@acme.example")
	may := func(home bool) {
		r, err := w.Granting.GetRole(t.Context(), w.Dan, w.Roles["buyer"])
		w.must(err)
		set := r.Set.Without(access.SetOf(access.CheckoutCustomAddress))
		if home {
			set = set.Union(access.SetOf(access.CheckoutCustomAddress))
		}
		_, err = w.Granting.EditRole(t.Context(), w.Dan, granting.EditRoleInput{ID: r.ID, Version: r.Version, Name: r.Name, Description: r.Description, Permissions: set})
		w.must(err)
	}
	may(false)
	tells(t, ann.get("/account/addresses"), "addresses of the company alone")
	tells(t, ann.post("/account/addresses", "label", "Home", "name", "", "street", "Garden Path 3", "postcode", "10245", "city", "Berlin", "country", "de"), "Please fill this in")
	tells(t, ann.post("/account/addresses", "label", "Home", "name", "Ann Archer", "street", "Garden Path 3", "postcode", "10245", "city", "Berlin", "country", "de"), "Garden Path 3, 10245 Berlin, DE")
	at := ann.get("/account/addresses").Find("a[href^='/account/addresses/']").AttrOr("href", "")
	home := strings.TrimPrefix(at, "/account/addresses/")
	equal(t, "for Bob", w.desk("bob@acme.example").get(at).status, http.StatusNotFound)
	tells(t, ann.post(at, "version", "1", "label", "My home", "name", "Ann Archer", "street", "Garden Path 4", "postcode", "10245", "city", "Berlin", "country", "de"), "My home")
	tells(t, ann.post("/account/addresses/usual", "delivery", w.Warehouse.String(), "billing", ""), "Your usual addresses were saved.")

	ann.post("/cart/lines", "product", w.Products[0].ID.String(), "quantity", "100")
	checkout := ann.get("/checkout")
	equal(t, "what is proposed", checkout.Find("input[name=delivery][checked]").AttrOr("value", ""), w.Warehouse.String())
	if checkout.Find("input[name=delivery][value='"+home+"']").Length() != 0 {
		t.Error("home is offered to who may not order there")
	}
	order := func() sheet {
		c := ann.get("/checkout")
		return ann.post("/checkout", "act", "submit", "cart", c.hidden("cart"), "version", c.hidden("version"), "key", c.hidden("key"), "payment", "on_account", "delivery", home, "billing", w.Address.String())
	}
	tells(t, order(), "Ship to an address not in the address book")

	may(true)
	tells(t, ann.get("/checkout"), "My home (your own)")
	done := order()
	tells(t, done, "PO-")
	tells(t, ann.post(at+"/remove", "version", "2"), "The address was removed.")
	tells(t, ann.get(done.path), "Garden Path 4")
}

// paula is whom the seller turns to about bills.
func (w *bureau) paula() id.Contact {
	c, err := w.Organising.AddContact(w.t.Context(), w.Dan, company.Contact{Name: "Paula Payer", Purpose: "Accounts payable", Email: "pay@acme.example", Phone: "+49 30 123456"})
	w.must(err)
	return c.ID
}

func TestDanNamesWhomToCall(t *testing.T) {
	w := newBureau(t)
	dan := w.desk("dan@acme.example")
	tells(t, dan.post("/company/contacts", "name", "Paula Payer", "purpose", "Accounts payable", "email", "", "phone", ""), "An e-mail address or a phone number is needed")
	tells(t, dan.post("/company/contacts", "name", "Paula Payer", "purpose", "Accounts payable", "email", "", "phone", "call me"), "A phone number looks like +49 30 123456")
	tells(t, dan.post("/company/contacts", "name", "Paula Payer", "purpose", "Accounts payable", "email", "pay@acme.example", "phone", ""), "Paula Payer Accounts payable · pay@acme.example")
	at := dan.get("/company").Find("a[href^='/company/contacts/']").AttrOr("href", "")
	tells(t, dan.post(at, "version", "1", "name", "Paula Payer", "purpose", "Invoices", "email", "pay@acme.example", "phone", "+49 30 123456"), "Invoices · pay@acme.example · +49 30 123456")
	tells(t, dan.post(at, "version", "1", "name", "Paul", "purpose", "Invoices", "phone", "12345"), "Somebody has changed this meanwhile")
	equal(t, "for Eve", w.desk("eve@globex.example").get(at).status, http.StatusNotFound)
	tells(t, dan.post(at+"/remove", "version", "2"), "The contact was removed.")
	tells(t, dan.get("/company"), "No contacts yet")
}

func TestBobSaysWhatHeWantsToHear(t *testing.T) {
	w := newBureau(t)
	bob := w.desk("bob@acme.example")
	const asked, placed = "input[value='purchase_order.approval_requested']", "input[value='purchase_order.placed']"
	if p := bob.get("/account/notices"); p.Find(asked+"[checked]").Length() != 1 || p.Find("input[value='account.password_changed'][disabled][checked]").Length() != 1 {
		t.Error("what is usual is not ticked")
	}
	saved := bob.post("/account/notices", "email", "purchase_order.placed")
	tells(t, saved, "By e-mail")
	if saved.Find(asked+"[checked]").Length() != 0 || saved.Find(placed+"[checked]").Length() != 1 || saved.Find("input[value='account.password_changed'][checked]").Length() != 1 {
		t.Error("what was chosen is not kept")
	}
	tells(t, bob.post("/account/phone", "phone", "call me"), "A phone number looks like +49 30 123456")
	bob.post("/account/phone", "phone", "+49 30 123456")
	tells(t, w.desk("dan@acme.example").get("/members/"+w.Bob.Member.String()), "+49 30 123456")
}
