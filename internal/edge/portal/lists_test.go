package portal_test

import (
	"testing"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/browsertest"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/orderlist"
	"kontor/internal/usecase/collecting"
)

// weekly is a list of Ann's, shared with Cleo and her unit, with lines of every kind.
func (w *bureau) weekly() id.OrderList {
	w.t.Helper()
	ctx := w.t.Context()
	l, err := w.Collecting.Create(ctx, w.Ann, collecting.CreateInput{Name: "Weekly supplies, hall 3", Description: "What we run out of. Order on Thursdays, so that it is there on Monday."})
	w.must(err)
	in := collecting.AddInput{List: l.ID}
	for _, sku := range []string{"DRILL-18V", "HEX-M8-40", "GLOVE-CUT-9", "WASHER-M8", "BULK-0001", "BULK-0002"} {
		in.Lines = append(in.Lines, collecting.AddLine{Product: w.sku(sku), Quantity: quantity.Of(100)})
	}
	in.Lines[2].Note = "Size 9 for the paint shop; ask Tom whether 10 fits better."
	done, err := w.Collecting.Add(ctx, w.Ann, in)
	w.must(err)
	_, err = w.Collecting.Share(ctx, w.Ann, collecting.ShareInput{List: l.ID, Version: done.Version, With: []collecting.With{{Email: "cleo@acme.example"}, {Share: orderlist.Share{Unit: w.Units["ops"], Writes: true}}}})
	w.must(err)
	w.alter("BULK-0001", func(p *catalogue.Product) { p.Status = catalogue.Blocked })
	w.alter("BULK-0002", func(p *catalogue.Product) { p.Minimum = quantity.Of(250) })
	return l.ID
}

// The pages of lists are for everybody, in every light.
func TestThePagesOfLists(t *testing.T) {
	w := newBureau(t)
	w.stock(3)
	key := w.weekly()
	at := "/lists/" + key.String()
	empty, err := w.Collecting.Create(t.Context(), w.Ann, collecting.CreateInput{Name: "Spare parts"})
	w.must(err)
	template, err := w.Collecting.Create(t.Context(), w.Dan, collecting.CreateInput{Name: "New workplace", Template: true, From: id.OrderList{}})
	w.must(err)
	_, err = w.Collecting.Add(t.Context(), w.Dan, collecting.AddInput{List: template.ID, Lines: []collecting.AddLine{{Product: w.sku("DRILL-18V")}, {Product: w.sku("GLOVE-CUT-9")}}})
	w.must(err)
	w.fill(map[string]int64{"GLOVE-CUT-9": 3})
	pages := []struct{ name, who, path, press, wait string }{
		{"lists", "ann", "/lists", "", ""},
		{"lists-none", "ann", "/lists?q=nothing", "", ""},
		{"list", "ann", at, "", ""},
		{"list-ticked", "ann", at, "tbody .tick input", ".bulk:not([hidden])"},
		{"list-edit", "ann", at + "?do=edit", "", "dialog[open]"},
		{"list-delete", "ann", at + "?do=delete", "", "dialog[open]"},
		{"list-share", "ann", at + "/share", "", ""},
		{"list-empty", "ann", "/lists/" + empty.ID.String(), "", ""},
		{"list-new", "ann", "/lists/new?from=" + key.String(), "", ""},
		{"list-template", "ann", "/lists/" + template.ID.String(), "", ""},
		{"list-add", "ann", "/lists/add?product=" + w.sku("HEX-M8-40").String(), "", ""},
		{"list-product", "ann", "/products/" + w.sku("GLOVE-CUT-9").String(), "", ""},
		{"list-shop", "ann", "/shop", "", ""},
	}
	browser := browsertest.Start(t)
	for name, look := range everyLook {
		tab := w.tab(browser, look, "ann@acme.example")
		for _, p := range pages {
			t.Run(p.name+" "+name, func(t *testing.T) {
				if p.name == "list-ticked" && look.Phone {
					return // what the bar lies over there is scrolled to
				}
				tab.Go(w.url + p.path)
				if p.press != "" {
					tab.Click(p.press)
				}
				if p.wait != "" {
					tab.Wait(p.wait)
				}
				fit(t, tab, p.name+"-"+name)
				if over := browsertest.Eval[int](tab, `Math.max(0, ...[...document.querySelectorAll(".table-scroll")].map((t) => t.scrollWidth - t.clientWidth))`); over > 0 {
					t.Errorf("a table goes %d pixels past its edge", over)
				}
			})
		}
	}
}

// Ann keeps a list: a product comes to it from the shop, its order changes, it is shared, and goes into the cart.
func TestAnnKeepsAList(t *testing.T) {
	w := newBureau(t)
	w.stock(0)
	tab := w.tab(browsertest.Start(t), browsertest.Look{}, "ann@acme.example")
	tab.Go(w.url + "/products/" + w.sku("GLOVE-CUT-9").String())
	tab.Click("text=Put it on a list")
	tab.Type("input[name=name]", "Van")
	tab.Click("text=Put it on the list")
	tab.See("1 line is on “Van”.")
	tab.Go(w.url + "/lists/add?product=" + w.sku("HEX-M8-40").String())
	tab.Type("input[name=quantity]", "130")
	tab.Click("text=Put it on the list")
	tab.See("HEX-M8-40 is there with 150 instead of 130")
	list, err := w.Collecting.List(t.Context(), w.Ann, collecting.Filter{}, page.Ask{})
	w.must(err)
	at := "/lists/" + list.Rows[0].ID.String()
	tab.Go(w.url + at)
	tab.Click("[aria-label^='Move Hexagon'][aria-label$='up']")
	tab.Wait("tbody tr:first-child [aria-label^='Move Hexagon']")
	tab.Drag("tbody tr:first-child .grip", "tbody tr:last-child") // the pointer takes it back to where it was
	tab.Wait("tbody tr:last-child [aria-label^='Move Hexagon']")
	tab.Wait("tbody tr:last-child:not([data-drop])")
	kept, err := w.Purchasing.OrderList(t.Context(), w.Ann, list.Rows[0].ID)
	w.must(err)
	equal(t, "the last line", kept.Rows[1].SKU, "HEX-M8-40")
	tab.Click("[aria-label^='Remove Cut-resistant']")
	tab.See("The line is removed.")
	tab.Click("text=Undo")
	tab.See("The line is back, at the end.")
	tab.Go(w.url + at + "/share")
	tab.Type("input[name=email]", "nobody@acme.example")
	tab.Click("form .button[data-kind=primary]")
	tab.See("Nobody in your company has this address")
	tab.Forgive("422")
	tab.Type("input[name=email]", "bob@acme.example")
	tab.Click("form .button[data-kind=primary]")
	tab.See("The list is shared.")
	tab.Go(w.url + at)
	tab.See("shared with Bob Boss")
	tab.Click("text=Put all 2 lines into the cart")
	tab.At("/cart")
	tab.See("2 lines are in your cart.")
	tab.Clean()
}
