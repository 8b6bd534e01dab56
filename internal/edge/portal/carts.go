package portal

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/cart"
	"kontor/internal/edge/ui"
	"kontor/internal/view"
)

// OtherCartPage shows a cart of the reader's besides the one that they work on.
type OtherCartPage struct {
	ui.Frame
	Header  ui.Header
	Notice  ui.Notice // why it is there
	Lines   ui.Table
	Summary Summary
}

// otherCarts lists the reader's carts besides the one shown.
func (v *visit) otherCarts(shown id.Cart) (ui.Items, error) {
	all, err := v.Purchasing.Carts(v.ctx(), v.actor)
	if err != nil {
		return ui.Items{}, err
	}
	items := ui.Items{Label: v.T("Your other carts")}
	for _, b := range all {
		if b.ID != shown {
			items.Items = append(items.Items, v.cartItem(b))
		}
	}
	return items, nil
}

func (v *visit) cartItem(b view.Basket) ui.Item {
	at := "/carts/" + b.ID.String()
	return ui.Item{Title: v.cartName(b.Name), URL: at, Icon: ui.IconCart, Text: joined(" · ", v.N(int(b.Lines), "%d line", "%d lines"), v.cameBack(b)),
		Actions: postButton(at+"/choose", ui.Button{Label: v.T("Go on with it"), Small: true})}
}

// cameBack says why a cart is there that nobody has filled, or when one was changed last.
func (v *visit) cameBack(b view.Basket) string {
	if b.FromNumber != "" {
		return v.T("came back, because nobody decided on %s in time", b.FromNumber)
	}
	return v.T("last changed %s", v.l.DateTime(b.ChangedAt, v.zone))
}

// cameBackCart leads to the cart in which the lines of a purchase order came back, or where that is no more, to the
// purchase order: mails lead here.
func (v *visit) cameBackCart() error {
	key, err := named(v, "po", id.ParsePurchaseOrder)
	if err != nil {
		return err
	}
	back, err := v.Purchasing.CameBack(v.ctx(), v.actor, key)
	switch {
	case err != nil:
		return err
	case back.IsZero():
		return v.goOn("/purchase-orders/"+key.String(), "", "")
	}
	return v.goOn("/carts/"+back.String(), "", "")
}

func (v *visit) otherCart() error {
	key, err := named(v, "cart", id.ParseCart)
	if err != nil {
		return err
	}
	a, err := v.assessed(key)
	if err != nil {
		return err
	}
	all, err := v.Purchasing.Carts(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	if a.Cart.State == cart.Submitted {
		return v.goOn("/cart", ui.Info, v.T("That cart was submitted."))
	}
	b := view.Basket{Name: a.Cart.Name, Lines: int64(len(a.Lines)), Version: a.Cart.Version}
	if i := slices.IndexFunc(all, func(b view.Basket) bool { return b.ID == key }); i >= 0 {
		b = all[i]
	}
	if b.Current {
		return v.goOn("/cart", "", "")
	}
	at := "/carts/" + key.String()
	p := OtherCartPage{Frame: v.frame(v.cartName(b.Name), "shop"), Summary: v.summary(a)}
	p.Summary.Known = ui.Check{} // checkout asks
	p.Header = ui.Header{Title: v.cartName(b.Name), Note: v.N(int(b.Lines), "%d line", "%d lines"), Crumbs: []ui.Link{{Label: v.T("Cart"), URL: "/cart"}},
		Actions: ui.All{postButton(at+"/discard", ui.Button{Label: v.T("Discard"), Icon: ui.IconDelete}, hidden("version", strconv.FormatInt(b.Version, 10))),
			postButton(at+"/choose", ui.Button{Label: v.T("Go on with this cart"), Icon: ui.IconCart, Kind: ui.Primary})}}
	p.Notice = ui.Notice{Title: v.T("You are working on another cart."), Text: v.T("Go on with it to change it and to order. The cart that you are filling stays as it is.")}
	if b.FromNumber != "" {
		p.Notice.Title = v.T("Nobody decided on %s in time, so its lines are here again.", b.FromNumber)
		p.Notice.Actions = v.seePurchaseOrder(b)
	}
	lines, pager := portion(v, a.Lines)
	var rows []CheckoutRow
	for _, l := range lines {
		rows = append(rows, v.checkoutRow(l))
	}
	p.Lines = v.lookedOver(v.T("What is in it"), rows)
	p.Lines.Pager, p.Lines.Empty = pager, ui.Empty{Icon: ui.IconCart, Title: v.T("This cart is empty")}
	return v.show(p.View())
}

// seePurchaseOrder leads to the purchase order whose lines came back, for whoever may see it.
func (v *visit) seePurchaseOrder(b view.Basket) templ.Component {
	if !v.actor.MaySomewhere(access.PurchaseOrdersView) {
		return nil
	}
	return ui.LinkButton{Label: v.T("See %s", b.FromNumber), URL: "/purchase-orders/" + b.From.String(), Small: true}
}

// chooseCart takes up a cart.
func (v *visit) chooseCart() error {
	key, err := named(v, "cart", id.ParseCart)
	if err != nil {
		return err
	}
	c, err := v.Purchasing.Choose(v.ctx(), v.actor, key)
	if err != nil {
		return v.refused("/cart", err)
	}
	return v.goOn("/cart", ui.Good, v.T("You are now working on “%s”.", v.cartName(c.Name)))
}

// discardCart removes a cart, and offers to bring it back.
func (v *visit) discardCart() error {
	key, err := named(v, "cart", id.ParseCart)
	if err != nil {
		return err
	}
	form, err := v.form()
	if err != nil {
		return err
	}
	seen := version(form.Get("version"))
	if err := v.Purchasing.Discard(v.ctx(), v.actor, key, seen); err != nil {
		return v.refused("/carts/"+key.String(), err)
	}
	return v.goOnWith("/cart", ui.Toast{Text: v.T("The cart is discarded."), Undo: "/carts/" + key.String() + "/restore?version=" + v.plain(seen)})
}

// restoreCart brings back a cart that was discarded.
func (v *visit) restoreCart() error {
	key, err := named(v, "cart", id.ParseCart)
	if err != nil {
		return err
	}
	if _, err := v.Purchasing.RestoreCart(v.ctx(), v.actor, key, version(v.query("version"))); err != nil {
		return v.refused("/cart", err)
	}
	return v.goOn("/carts/"+key.String(), ui.Good, v.T("The cart is back, with all that was in it."))
}
