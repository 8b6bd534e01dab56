package portal

import (
	"net/url"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/orderlist"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/collecting"
	"kontor/internal/view"
)

// AddToListPage asks on which list something is put: a product, what is in the cart, or what was ordered.
type AddToListPage struct {
	ui.Frame
	Header   ui.Header
	Error    string
	Back     string
	What     []ui.Kept
	Quantity ui.Field // of a product
	List     ui.Field // left out without a name: there is none yet
	Name     ui.Field // of a new one
}

// source says what is put on a list: of a product its identifier, of a cart, a purchase order or an order theirs.
type source struct {
	in    collecting.AddInput
	title string
	note  string
	kept  []ui.Kept
}

// putsOn reads what is to be put on a list.
func (v *visit) putsOn(q url.Values) (s source, field ui.Field, err error) {
	switch {
	case q.Get("product") != "":
		key, err := id.ParseProduct(q.Get("product"))
		if err != nil {
			return s, field, err
		}
		sheet, err := v.Cataloguing.Product(v.ctx(), v.actor, key, 0)
		if err != nil {
			return s, field, err
		}
		s.title, s.note, s.kept = v.T("Put %s on a list", sheet.Name), joined(" · ", sheet.SKU, sheet.Supplier), []ui.Kept{{Name: "product", Value: key.String()}}
		field = v.stepper(sheet.Product, sheet.Suggest(quantity.One))
		field.LabelHidden, field.Label = false, v.T("Quantity")
		s.in.Lines = []collecting.AddLine{{Product: key}}
	case q.Get("cart") != "":
		if s.in.Cart, err = id.ParseCart(q.Get("cart")); err != nil {
			return s, field, err
		}
		c, err := v.Purchasing.Cart(v.ctx(), v.actor, s.in.Cart)
		if err != nil {
			return s, field, err
		}
		s.title, s.kept = v.T("Put the cart on a list"), []ui.Kept{{Name: "cart", Value: s.in.Cart.String()}}
		s.note = v.N(len(c.Lines), "%d line, with its quantity and note. The cart stays as it is.", "%d lines, with their quantities and notes. The cart stays as it is.")
	case q.Get("po") != "":
		if s.in.PurchaseOrder, err = id.ParsePurchaseOrder(q.Get("po")); err != nil {
			return s, field, err
		}
		sheet, err := v.Approving.Get(v.ctx(), v.actor, s.in.PurchaseOrder)
		if err != nil {
			return s, field, err
		}
		s.title, s.kept = v.T("Put %s on a list", sheet.Number), []ui.Kept{{Name: "po", Value: s.in.PurchaseOrder.String()}}
		s.note = v.N(len(sheet.Lines), "%d line, with its quantity.", "%d lines, with their quantities.")
	default:
		if s.in.Order, err = id.ParseOrder(q.Get("order")); err != nil {
			return s, field, err
		}
		sheet, err := v.Purchasing.Order(v.ctx(), v.actor, s.in.Order)
		if err != nil {
			return s, field, err
		}
		s.title, s.kept = v.T("Put %s on a list", sheet.Number), []ui.Kept{{Name: "order", Value: s.in.Order.String()}}
		s.note = v.N(len(sheet.Lines), "%d line, with its quantity.", "%d lines, with their quantities.")
	}
	return s, field, nil
}

func (v *visit) choosesList() error {
	if err := v.actor.RequireSomewhere(access.ListsManage); err != nil {
		return err
	}
	return v.addToListPage(v.r.URL.Query(), attempt{})
}

func (v *visit) addToListPage(q url.Values, a attempt) error {
	s, amount, err := v.putsOn(q)
	if err != nil {
		return err
	}
	p := AddToListPage{Frame: v.frame(s.title, "lists"), Error: a.rest, Back: ours(q.Get("back"), "/lists"), What: s.kept, Header: ui.Header{Title: s.title, Note: s.note}}
	if amount.Name != "" {
		amount.Value = ifEmpty(q.Get("quantity"), amount.Value)
		p.Quantity = a.field(amount)
	}
	lists, err := v.writableLists(id.OrderList{})
	if err != nil {
		return err
	}
	p.Name = a.field(ui.Field{Name: "name", Label: v.T("Name of the new list"), MaxLength: orderlist.LongestName, Optional: len(lists) > 0, Unmarked: true, Focus: len(lists) == 0})
	if len(lists) > 0 {
		p.List = a.field(ui.Field{As: ui.AsSelect, Name: "list", Label: v.T("List"), Value: ifEmpty(q.Get("list"), lists[0].Value), Options: append(lists, ui.Option{Value: "new", Label: v.T("A new list")})})
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) addsToList() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	s, _, err := v.putsOn(form)
	if err != nil {
		return err
	}
	again := func(err error) error {
		return v.again("add", form, err, func(a attempt) error { return v.addToListPage(form, a) })
	}
	if len(s.in.Lines) > 0 {
		q, err := v.quantity(form.Get("quantity"))
		if err != nil {
			return again(fieldOf("quantity", err))
		}
		s.in.Lines[0].Quantity = q
	}
	if list := form.Get("list"); list != "" && list != "new" {
		if s.in.List, err = id.ParseOrderList(list); err != nil {
			return again(fieldOf("list", err))
		}
	} else {
		s.in.Fresh, s.in.Name = true, form.Get("name")
	}
	done, err := v.Collecting.Add(v.ctx(), v.actor, s.in)
	if err != nil {
		return again(err)
	}
	tone, said := v.putOn(done)
	to := ours(form.Get("back"), "")
	if to == "" {
		to = "/lists/" + done.List.String()
	}
	return v.goOn(to, tone, said)
}

// fieldOf says which field a fault is about.
func fieldOf(name string, err error) error {
	if f := fault.Of(err); f != nil {
		return f.At(name)
	}
	return err
}

// putOn says what became of what was put on a list: what was taken otherwise, and what was left out, by name.
func (v *visit) putOn(done collecting.Added) (ui.Tone, string) {
	const most = 5
	taken := 0
	var otherwise []string
	for _, l := range done.Lines {
		if l.Taken > 0 {
			taken++
		}
		switch {
		case l.Code == "":
		case l.Taken > 0:
			otherwise = append(otherwise, v.T("%s is there with %s instead of %s", l.SKU, v.l.Quantity(l.Taken), v.l.Quantity(l.Wanted)))
		case l.SKU != "":
			otherwise = append(otherwise, v.T("%s is left out: %s", l.SKU, v.phrase(l.Why)))
		default:
			otherwise = append(otherwise, v.T("a product that is no longer there is left out"))
		}
	}
	said := v.N(taken, "%d line is on “%s”.", "%d lines are on “%s”.", done.Name)
	if len(otherwise) == 0 {
		return ui.Good, said
	}
	if n := len(otherwise) - most; n > 0 {
		otherwise = append(otherwise[:most:most], v.N(n, "%d more", "%d more"))
	}
	return ui.Warn, said + " " + whole(strings.Join(otherwise, "; "))
}

// onLists are the reader's lists that have a product, and the way to put it on another.
func (v *visit) onLists(key id.Product) (ui.Items, error) {
	items := ui.Items{Label: v.T("On lists")}
	if !v.actor.MaySomewhere(access.ListsView) {
		return items, nil
	}
	found, err := v.Collecting.List(v.ctx(), v.actor, collecting.Filter{Product: key}, page.Ask{Limit: 10})
	for _, l := range found.Rows {
		items.Items = append(items.Items, ui.Item{Title: l.Name, Text: v.listNote(l), Icon: ui.IconLists, URL: "/lists/" + l.ID.String()})
	}
	return items, err
}

func (v *visit) listNote(l view.OrderList) string {
	switch {
	case l.Template():
		return v.T("Template")
	case l.Owner != v.actor.Member:
		return v.T("of %s", l.OwnerName)
	}
	return ""
}

// toList is where something is put on a list.
func toList(what, key, back string) string {
	return "/lists/add?" + url.Values{what: {key}, "back": {back}}.Encode()
}
