package portal_test

import (
	"net/http"
	"strings"
	"testing"
)

// Dan changes the book, and says where goods of a unit go; Ann's checkout follows.
func TestDanSaysWhereGoodsGo(t *testing.T) {
	w := newBureau(t)
	dan, ann := w.desk("dan@acme.example"), w.desk("ann@acme.example")
	book, ops := "/company/addresses/"+w.Warehouse.String(), "/units/"+w.Units["ops"].String()

	tells(t, dan.post(book, "version", "1", "label", "Harbour", "name", "Acme", "street", "Dock Road 9", "city", "Hamburg", "country", "de", "delivers", "on"), "Harbour")
	stale := dan.post(book, "version", "1", "label", "Mine", "name", "Acme", "street", "S", "city", "C", "country", "DE", "delivers", "on")
	tells(t, stale, "Somebody has changed this meanwhile")
	if v, _ := stale.Find("input[name=label]").Attr("value"); v != "Mine" {
		t.Errorf("what was typed is lost: %q", v)
	}
	tells(t, dan.post(book, "version", "2", "label", "", "name", "Acme", "street", "S", "city", "C", "country", "DE"), "for goods, for invoices, or for both")
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
	tells(t, checkout, "Delivery addressHarbour: Dock Road 9, Hamburg, DE")
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
