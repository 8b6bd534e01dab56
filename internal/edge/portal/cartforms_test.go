package portal_test

import (
	"testing"

	"kontor/internal/store"
	"kontor/internal/storetest"
)

// A form of the cart means the cart that it was shown of, whatever another window has gone on with meanwhile.
func TestAFormOfTheCartMeansTheCartThatItWasShownOf(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := bureauOn(t, db)
		w.stock(0)
		w.band(100_00)
		ann := w.desk(emails["ann"])
		w.fill(map[string]int64{"DRILL-18V": 2})
		po := ann.post("/checkout", ann.get("/checkout").said("reference", "B-7")...).path
		w.expire()
		w.fill(map[string]int64{"GLOVE-CUT-9": 1})
		drills := ann.get(po).link("Open the cart")
		gloves, checkout := ann.get("/cart"), ann.get("/checkout")
		at := "/carts/" + gloves.hidden("cart")
		line := gloves.Find("form[action^='/cart/lines/']:has(input[name=quantity])").AttrOr("action", "")
		ann.post(drills + "/choose") // in another window
		drill := func(says string, after sheet, want string) {
			t.Helper()
			is(t, says+" leads to the cart that it is about", after.path, at)
			has(t, says, after.says("main"), want)
			has(t, "and leaves the other one as it was", ann.get("/cart").says("#lines tbody th .named"), "DRILL-18V")
		}

		drill("what would be ordered", sheetAt(ann.post("/checkout/preview", checkout.said()...), at), "GLOVE-CUT-9")
		drill("another quantity", ann.post(line, "cart", gloves.hidden("cart"), "version", gloves.hidden("version"), "quantity", "7"), "7")
		drill("what is no quantity", ann.post(line, "cart", gloves.hidden("cart"), "version", gloves.hidden("version"), "quantity", "many"), "GLOVE-CUT-9")
		drill("what was seen earlier", ann.post("/cart/clear", "cart", gloves.hidden("cart"), "version", gloves.hidden("version")), "GLOVE-CUT-9")
		now := ann.get(at).hidden("version")
		removed := ann.post(line+"/remove", "cart", gloves.hidden("cart"), "version", now)
		drill("a line that is taken out", removed, "This cart is empty")
		drill("and put back", ann.post(removed.Find(".toasts form").AttrOr("action", "")), "GLOVE-CUT-9")
		emptied := ann.post("/cart/clear", "cart", gloves.hidden("cart"), "version", ann.get(at).hidden("version"))
		drill("a cart that is emptied", emptied, "This cart is empty")

		ann.post(at + "/choose")
		form := ann.get("/cart").Find("form[action='/cart/clear']")
		equal(t, "an empty cart is not emptied", form.Length(), 0)
		ann.post(drills + "/choose")
		form = ann.get("/cart").Find("form[action='/cart/clear']")
		is(t, "the form names its cart", "/carts/"+form.Find("button[name=cart]").AttrOr("value", ""), drills)
		equal(t, "and its version", form.Find("input[name=version]").Length(), 1)
	})
}

// sheetAt is a page that is shown instead of the one at an address.
func sheetAt(s sheet, path string) sheet {
	s.path = path
	return s
}
