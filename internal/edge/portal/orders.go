package portal

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/order"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// OrdersPage lists the orders that the reader sees.
type OrdersPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Rows    []OrderRow
	Empty   ui.Empty
	Pager   ui.Pager
}

// OrderRow is an order in the list.
type OrderRow struct {
	URL       string
	Named     ui.Named
	Requester ui.Person
	Unit      string
	State     ui.Badge
	Placed    ui.Time
	Total     string
	Faded     bool
}

func (v *visit) orders() error {
	q := v.r.URL.Query()
	f := purchasing.OrderFilter{Text: strings.TrimSpace(q.Get("q"))}
	if state := oneOf(v, "state", order.States()...); state != "" {
		f.States = []order.State{state}
	}
	if oneOf(v, "whose", "mine") != "" {
		f.Requester = v.actor.Member
	}
	at, err := v.leafing(2)
	if err != nil {
		return err
	}
	found, err := v.Purchasing.Orders(v.ctx(), v.actor, f, at.ask)
	if err != nil {
		return err
	}
	p := OrdersPage{Frame: v.frame(v.T("Placed orders"), "orders"), Header: ui.Header{Title: v.T("Placed orders"), Note: v.T("What %s has taken on, and how far it has come.", v.seller)},
		Filters: v.orderFilters(f), Pager: at.pager(len(found.Rows), found.Next, -1), Empty: v.noOrders(f)}
	for _, o := range found.Rows {
		p.Rows = append(p.Rows, OrderRow{URL: "/orders/" + o.ID.String(), Named: ui.Named{Name: o.Number, Note: joined(" · ", o.Reference, o.PurchaseNumber)}, Unit: o.UnitName,
			Requester: ui.Person{Name: o.RequesterName, Small: true}, State: v.orderState(o.State), Placed: v.time(o.PlacedAt), Total: v.money(o.Gross), Faded: o.State == order.Cancelled})
	}
	return v.show(p.View())
}

func (v *visit) orderFilters(f purchasing.OrderFilter) ui.Filters {
	states := []ui.Option{{Label: v.T("Any state")}}
	for _, s := range order.States() {
		states = append(states, ui.Option{Value: string(s), Label: v.orderState(s).Label, Chosen: slices.Contains(f.States, s)})
	}
	bar := ui.Filters{Action: "/orders", Search: ui.SearchField{Label: v.T("Number, reference or name"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "state", Label: v.T("State"), Options: states}}}
	if v.actor.MaySomewhere(access.OrdersViewSubordinates) || v.actor.MaySomewhere(access.OrdersViewCompany) {
		bar.Fields = append(bar.Fields, v.whose(!f.Requester.IsZero()))
	}
	return bar
}

func (v *visit) noOrders(f purchasing.OrderFilter) ui.Empty {
	if f.Text != "" || len(f.States) > 0 || !f.Requester.IsZero() {
		return ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing found"), Text: v.T("No order fits these filters."), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/orders"}}
	}
	e := ui.Empty{Icon: ui.IconOrders, Title: v.T("No orders yet"), Text: v.T("A purchase order becomes an order as soon as everybody who must has agreed.")}
	if v.actor.MaySomewhere(access.PurchaseOrdersView) {
		e.Action = ui.LinkButton{Label: v.T("See purchase orders"), URL: "/purchase-orders"}
	}
	return e
}

func (p OrdersPage) table() ui.Table {
	t := ui.Table{Name: "orders", Caption: p.Header.Title, Empty: p.Empty, Pager: p.Pager, Columns: []ui.Column{
		{Label: p.T("Number")}, {Label: p.T("Requester")}, {Label: p.T("Unit"), Foldable: true}, {Label: p.T("State")}, {Label: p.T("Placed"), Fit: true}, {Label: p.T("Total"), Numeric: true},
	}}
	for _, r := range p.Rows {
		t.Rows = append(t.Rows, ui.Row{URL: r.URL, Faded: r.Faded, Cells: []templ.Component{r.Named, r.Requester, ui.Text(r.Unit), r.State, r.Placed, ui.Money{Text: r.Total}}})
	}
	return t
}

// OrderPage shows a placed order.
type OrderPage struct {
	ui.Frame
	Header   ui.Header
	Steps    ui.Steps
	Lines    ui.Table
	Copy     ui.Bulk // copies those that are ticked; left out without a form
	Facts    ui.Facts
	Totals   ui.Facts
	Timeline ui.Timeline
}

func (v *visit) order() error {
	key, err := named(v, "order", id.ParseOrder)
	if err != nil {
		return err
	}
	sheet, err := v.Purchasing.Order(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	p := OrderPage{Frame: v.frame(sheet.Number, "orders"), Header: v.orderHeader(sheet), Steps: v.progress(sheet.State),
		Facts: v.orderFacts(sheet), Totals: v.frozenTotals(sheet.Net, sheet.Shipping, sheet.Tax, sheet.Gross)}
	p.Lines = v.frozen(sheet.Number, sheet.Lines)
	if v.actor.MaySomewhere(access.CartsManage) {
		p.Copy = v.copying(&p.Lines, "/orders/"+key.String())
	}
	var all []happening
	for _, t := range sheet.Timeline {
		all = append(all, v.trail(t))
	}
	p.Timeline = v.timeline(all)
	return v.show(p.View())
}

func (v *visit) orderHeader(sheet purchasing.OrderSheet) ui.Header {
	h := ui.Header{Title: sheet.Number, Badge: v.orderState(sheet.State), Crumbs: []ui.Link{{Label: v.T("Placed orders"), URL: "/orders"}},
		Note: v.T("Ordered by %s for %s", sheet.RequesterName, sheet.UnitName)}
	var actions ui.All
	if v.actor.MaySomewhere(access.CartsManage) {
		actions = append(actions, v.copyAll("/orders/"+sheet.ID.String(), v.T("Order again"), ui.IconRepeat))
	}
	if v.actor.MaySomewhere(access.PurchaseOrdersView) {
		actions = append(actions, ui.LinkButton{Label: v.T("How it was approved"), URL: "/purchase-orders/" + sheet.PurchaseOrder.String()})
	}
	if len(actions) > 0 {
		h.Actions = actions
	}
	return h
}

// progress is how far an order has come on its way; one that was cancelled is on none.
func (v *visit) progress(now order.State) ui.Steps {
	s := ui.Steps{Label: v.T("How far it has come")}
	if now == order.Cancelled {
		return s
	}
	way := []order.State{order.Placed, order.Confirmed, order.InFulfilment, order.Shipped, order.Delivered, order.Invoiced}
	reached := slices.Index(order.States(), now)
	for i, state := range way {
		begins, ends := slices.Index(order.States(), state), len(order.States())
		if i+1 < len(way) {
			ends = slices.Index(order.States(), way[i+1])
		}
		s.Steps = append(s.Steps, ui.Step{Label: v.orderState(state).Label, Done: reached >= ends, Current: reached >= begins && reached < ends})
	}
	return s
}

func (v *visit) orderFacts(sheet purchasing.OrderSheet) ui.Facts {
	f := ui.Facts{Columns: true, Facts: []ui.Fact{
		{Label: v.T("Placed"), Value: v.time(sheet.PlacedAt)},
		{Label: v.T("Requester"), Value: ui.Person{Name: sheet.RequesterName, Title: sheet.RequesterTitle}},
		{Label: v.T("Delivery address"), Value: lines(v.printed(sheet.Delivery))},
		{Label: v.T("Billing address"), Value: lines(v.printed(sheet.Billing))},
		{Label: v.T("Payment"), Text: v.payment(sheet.Payment).Label},
	}}
	add := func(label, text string) {
		if text != "" {
			f.Facts = append(f.Facts, ui.Fact{Label: label, Text: text})
		}
	}
	add(v.T("Your PO number"), sheet.Reference)
	add(v.T("Cost centre"), joined(" ", sheet.CostCentreCode, sheet.CostCentreName))
	add(v.T("Requested delivery date"), v.l.Date(sheet.Requested))
	add(v.T("Note"), sheet.Note)
	return f
}

// trail is an entry of the audit as something that happened.
func (v *visit) trail(t view.Trail) happening {
	h := happening{At: t.At, Name: t.Name, Event: t.Event}
	var body struct {
		Reason    string      `json:"reason"`
		Automatic []string    `json:"automatic"`
		To        order.State `json:"to"`
	}
	if err := json.Unmarshal(t.Body, &body); err == nil { // an event without these words says nothing more
		h.Reason, h.Automatic, h.To = body.Reason, body.Automatic, body.To
	}
	return h
}
