package portal

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/page"
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
	Table   ui.Table
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
	t := v.orderTable(f)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := OrdersPage{Frame: v.frame(v.T("Placed orders"), "orders"), Header: ui.Header{Title: v.T("Placed orders"), Note: v.T("What %s has taken on, and how far it has come.", v.seller)},
		Filters: v.orderFilters(f), Table: shown}
	p.Filters.Keep = t.kept(v)
	return v.show(p.View())
}

// orderTable is the list of orders.
func (v *visit) orderTable(f purchasing.OrderFilter) table[view.Order] {
	t := table[view.Order]{name: "orders", title: v.T("Placed orders"), usual: page.Sort{By: "placed", Down: true}, empty: v.noOrders(f),
		read: func(ask page.Ask) (page.List[view.Order], error) {
			return v.Purchasing.Orders(v.ctx(), v.actor, f, ask)
		},
		row: func(o view.Order) ui.Row {
			return ui.Row{URL: "/orders/" + o.ID.String(), Faded: o.State == order.Cancelled}
		},
		columns: []column[view.Order]{
			{Column: ui.Column{Label: v.T("Number")}, key: "number", sort: "number", down: true, cell: func(o view.Order) templ.Component {
				return ui.Named{Name: o.Number, Note: joined(" · ", o.Reference, o.PurchaseNumber)}
			}},
			{Column: ui.Column{Label: v.T("Requester")}, key: "requester", cell: func(o view.Order) templ.Component { return ui.Person{Name: o.RequesterName, Small: true} }},
			{Column: ui.Column{Label: v.T("Unit"), Foldable: true}, key: "unit", cell: func(o view.Order) templ.Component { return ui.Text(o.UnitName) }},
			{Column: ui.Column{Label: v.T("Cost centre"), Foldable: true}, key: "cost_centre", extra: true, cell: func(o view.Order) templ.Component {
				return ui.Text(joined(" ", o.CostCentreCode, o.CostCentreName))
			}},
			{Column: ui.Column{Label: v.T("State")}, key: "state", cell: func(o view.Order) templ.Component { return v.orderState(o.State) }},
			{Column: ui.Column{Label: v.T("Placed"), Fit: true}, key: "placed", sort: "placed", down: true, cell: func(o view.Order) templ.Component { return v.time(o.PlacedAt) }},
		},
		file: []datum[view.Order]{
			{v.T("Number"), func(o view.Order) string { return o.Number }}, {v.T("Purchase order"), func(o view.Order) string { return o.PurchaseNumber }},
			{v.T("PO number"), func(o view.Order) string { return o.Reference }}, {v.T("Requester"), func(o view.Order) string { return o.RequesterName }},
			{v.T("Unit"), func(o view.Order) string { return o.UnitName }}, {v.T("Cost centre"), func(o view.Order) string { return o.CostCentreCode }},
			{v.T("Lines"), func(o view.Order) string { return v.plain(o.Lines) }}, {v.T("State"), func(o view.Order) string { return v.orderState(o.State).Label }},
			{v.T("Placed"), func(o view.Order) string { return moment(o.PlacedAt) }},
		}}
	return withTotals(v, t, func(o view.Order) (net, gross money.Money) { return o.Net, o.Gross })
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
		Note: v.T("Placed by %s for %s", sheet.RequesterName, sheet.UnitName)}
	var actions ui.All
	if v.actor.MaySomewhere(access.CartsManage) {
		actions = append(actions, v.copyAll("/orders/"+sheet.ID.String(), v.T("Order again"), ui.IconRepeat))
	}
	if v.actor.MaySomewhere(access.ListsManage) {
		actions = append(actions, ui.LinkButton{Label: v.T("Put it on a list"), URL: toList("order", sheet.ID.String(), "/orders/"+sheet.ID.String()), Icon: ui.IconLists})
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
