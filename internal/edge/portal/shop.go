package portal

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/edge/ui"
	"kontor/internal/edge/web"
)

// shop adds the pages from the catalogue through to the order.
func (p *Portal) shop(mux *web.Mux) {
	see := func(leaf access.Permission, scope web.Scope, name string) web.Meta {
		return web.Meta{Permission: leaf.Code(), Scope: scope, Name: name}
	}
	do := func(leaf access.Permission) web.Meta {
		return web.Meta{Permission: leaf.Code(), Scope: web.Own, Writes: true}
	}
	p.page(mux, "GET /shop", see(access.CatalogView, web.Company, "Shop"), (*visit).catalogue)
	p.page(mux, "GET /products/{product}", see(access.CatalogView, web.Company, "A product"), (*visit).product)

	p.page(mux, "GET /cart", see(access.CartsManage, web.Own, "Cart"), (*visit).cart)
	p.page(mux, "POST /cart/lines", do(access.CartsManage), (*visit).addLine)
	p.page(mux, "POST /cart/lines/{line}", do(access.CartsManage), (*visit).changeLine)
	p.page(mux, "POST /cart/lines/{line}/remove", do(access.CartsManage), (*visit).removeLine)
	p.page(mux, "POST /cart/restore", do(access.CartsManage), (*visit).restoreLines)
	p.page(mux, "POST /cart/clear", do(access.CartsManage), (*visit).clearCart)
	p.page(mux, "GET /cart/copied", see(access.CartsManage, web.Own, ""), (*visit).copied)

	p.page(mux, "GET /carts/{cart}", see(access.CartsManage, web.Own, "A cart"), (*visit).otherCart)
	p.page(mux, "POST /carts/{cart}/choose", do(access.CartsManage), (*visit).chooseCart)
	p.page(mux, "POST /carts/{cart}/discard", do(access.CartsManage), (*visit).discardCart)
	p.page(mux, "POST /carts/{cart}/restore", do(access.CartsManage), (*visit).restoreCart)

	p.page(mux, "GET /checkout", see(access.CheckoutPlace, web.Own, "Checkout"), (*visit).checkout)
	p.page(mux, "POST /checkout", do(access.CheckoutPlace), (*visit).submit)
	p.page(mux, "POST /checkout/preview", see(access.CheckoutPlace, web.Own, ""), (*visit).previewCheckout)

	p.page(mux, "GET /purchase-orders", see(access.PurchaseOrdersView, web.Subordinates, "Purchase orders"), (*visit).purchaseOrders)
	p.page(mux, "GET /purchase-orders/{po}", see(access.PurchaseOrdersView, web.Subordinates, "A purchase order"), (*visit).purchaseOrder)
	p.page(mux, "POST /purchase-orders/{po}/withdraw", do(access.PurchaseOrdersView), (*visit).withdraw)
	p.page(mux, "GET /purchase-orders/{po}/cart", see(access.CartsManage, web.Own, ""), (*visit).cameBackCart)
	p.page(mux, "POST /purchase-orders/{po}/copy", do(access.CartsManage), (*visit).copyPurchaseOrder)

	p.page(mux, "GET /orders", see(access.OrdersView, web.Subordinates, "Placed orders"), (*visit).orders)
	p.page(mux, "GET /orders/{order}", see(access.OrdersView, web.Subordinates, "A placed order"), (*visit).order)
	p.page(mux, "POST /orders/{order}/copy", do(access.CartsManage), (*visit).copyOrder)
}

// named is the identifier that a part of the path is. What is none names nothing.
func named[K any](v *visit, part string, parse func(string) (K, error)) (K, error) {
	key, err := parse(v.r.PathValue(part))
	if err != nil {
		return key, web.ErrNoRoute.Because(err)
	}
	return key, nil
}

// posted is the identifier that a part of the path is, and what was sent to it.
func posted[K any](v *visit, part string, parse func(string) (K, error)) (key K, form url.Values, err error) {
	if key, err = named(v, part, parse); err == nil {
		form, err = v.form()
	}
	return key, form, err
}

// quantity reads how much of something a person has typed.
func (v *visit) quantity(typed string) (quantity.Quantity, error) {
	return quantity.Parse(v.l.Plain(typed))
}

// refused leads on with what a rule has to say; whatever else went wrong is a page of its own.
func (v *visit) refused(to string, err error) error {
	if !tellable(err) {
		return err
	}
	return v.goOn(to, ui.Bad, v.sentence(fault.Of(err))+".")
}

// tellable reports whether a page can say what went wrong where it happened, so that one can do it otherwise.
func tellable(err error) bool {
	switch fault.KindOf(err) {
	case fault.Refused, fault.Invalid, fault.Conflict, fault.Stale:
		return true
	}
	return false
}

// stepper is a field for how much of a product is wanted.
func (v *visit) stepper(p catalogue.Product, q quantity.Quantity) ui.Field {
	least, step := p.Least(), p.Grain()
	if step == 1 {
		least, step = max(least, quantity.One), quantity.One // nobody goes by thousandths; they can be typed
	}
	f := ui.Field{As: ui.AsQuantity, Name: "quantity", ID: "quantity-" + p.ID.String(), Label: v.T("Quantity of %s", p.Name), LabelHidden: true,
		Value: v.l.Quantity(q), Min: least.String(), Step: step.String(), Unit: p.Unit}
	if p.Most > 0 {
		f.Max = p.Most.String()
	}
	return f
}

// portions says in which quantities a product is sold, where that is not any number of it.
func (v *visit) portions(p catalogue.Product) string {
	least, step := p.Least(), p.Grain()
	smallest := least > quantity.One && least != step
	stepped := step > 1 && step != quantity.One // nobody need be told of thousandths
	switch {
	case smallest && stepped:
		return v.T("from %s, in steps of %s", least, step)
	case smallest:
		return v.T("from %s on", least)
	case stepped:
		return v.T("in steps of %s", step)
	}
	return ""
}

// lead is how long a product takes, as a rule.
func (v *visit) lead(p catalogue.Product) string {
	if p.LeadDays == 0 {
		return ""
	}
	return v.N(int(p.LeadDays), "%d day", "%d days")
}

// version reads the version of a thing as a form has seen it. What is none is no version of anything.
func version(typed string) int64 {
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

// joined is what is not empty, with something between.
func joined(between string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), between)
}
