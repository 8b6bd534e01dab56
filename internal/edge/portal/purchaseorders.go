package portal

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// PurchaseOrdersPage lists the purchase orders that the reader sees.
type PurchaseOrdersPage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
}

func (v *visit) purchaseOrders() error {
	q := v.r.URL.Query()
	f := approving.Filter{Text: strings.TrimSpace(q.Get("q"))}
	if state := oneOf(v, "state", approval.Found()...); state != "" {
		f.States = []approval.State{state}
	}
	switch oneOf(v, "whose", "mine", "asked") {
	case "mine":
		f.Requester = v.actor.Member
	case "asked":
		f.Asked = true
	}
	t := v.purchaseTable(f)
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	p := PurchaseOrdersPage{Frame: v.frame(v.T("Purchase orders"), "orders"), Header: ui.Header{Title: v.T("Purchase orders"), Note: v.T("What was submitted, and where it stands.")},
		Filters: v.purchaseFilters(f), Table: shown}
	p.Filters.Keep = t.kept(v)
	return v.show(p.View())
}

// purchaseTable is the list of purchase orders.
func (v *visit) purchaseTable(f approving.Filter) table[view.PurchaseOrder] {
	t := table[view.PurchaseOrder]{name: "purchase-orders", title: v.T("Purchase orders"), usual: page.Sort{By: "submitted", Down: true}, empty: v.noPurchaseOrders(f),
		read: func(ask page.Ask) (page.List[view.PurchaseOrder], error) {
			return v.Approving.ListPurchaseOrders(v.ctx(), v.actor, f, ask)
		},
		row: func(po view.PurchaseOrder) ui.Row {
			return ui.Row{URL: "/purchase-orders/" + po.ID.String(), Faded: po.State == approval.Cancelled || po.State == approval.Expired}
		},
		columns: []column[view.PurchaseOrder]{
			{Column: ui.Column{Label: v.T("Number")}, key: "number", sort: "number", down: true, cell: func(po view.PurchaseOrder) templ.Component {
				return ui.Named{Name: po.Number, Note: joined(" · ", po.Reference, v.N(int(po.Lines), "%d line", "%d lines"))}
			}},
			{Column: ui.Column{Label: v.T("Requester")}, key: "requester", cell: func(po view.PurchaseOrder) templ.Component { return ui.Person{Name: po.RequesterName, Small: true} }},
			{Column: ui.Column{Label: v.T("Unit"), Foldable: true}, key: "unit", cell: func(po view.PurchaseOrder) templ.Component { return ui.Text(po.UnitName) }},
			{Column: ui.Column{Label: v.T("Cost centre"), Foldable: true}, key: "cost_centre", extra: true, cell: func(po view.PurchaseOrder) templ.Component {
				return ui.Text(joined(" ", po.CostCentreCode, po.CostCentreName))
			}},
			{Column: ui.Column{Label: v.T("State")}, key: "state", cell: func(po view.PurchaseOrder) templ.Component { return v.standing(po) }},
			{Column: ui.Column{Label: v.T("Submitted"), Fit: true}, key: "submitted", sort: "submitted", down: true, cell: func(po view.PurchaseOrder) templ.Component { return v.time(po.SubmittedAt) }},
		},
		file: []datum[view.PurchaseOrder]{
			{v.T("Number"), func(po view.PurchaseOrder) string { return po.Number }}, {v.T("PO number"), func(po view.PurchaseOrder) string { return po.Reference }},
			{v.T("Requester"), func(po view.PurchaseOrder) string { return po.RequesterName }}, {v.T("Unit"), func(po view.PurchaseOrder) string { return po.UnitName }},
			{v.T("Cost centre"), func(po view.PurchaseOrder) string { return po.CostCentreCode }}, {v.T("Lines"), func(po view.PurchaseOrder) string { return v.plain(po.Lines) }},
			{v.T("State"), func(po view.PurchaseOrder) string { return v.state(po.State).Label }}, {v.T("Waits for"), v.waitsFor},
			{v.T("Submitted"), func(po view.PurchaseOrder) string { return moment(po.SubmittedAt) }},
		}}
	return withTotals(v, t, func(po view.PurchaseOrder) (net, gross money.Money) { return po.Net, po.Gross })
}

// standing is the state of a purchase order, and whom it waits for.
type standing struct {
	Badge ui.Badge
	Waits string // "for Bob"
}

func (v *visit) standing(po view.PurchaseOrder) standing {
	s := standing{Badge: v.state(po.State)}
	if who := v.waitsFor(po); who != "" {
		s.Waits = v.T("for %s", who)
	}
	return s
}

// waitsFor is whose decision a purchase order waits for.
func (v *visit) waitsFor(po view.PurchaseOrder) string {
	if po.State != approval.PendingApproval {
		return ""
	}
	return v.l.List(awaited(po.Plan)...)
}

// purchaseFilters narrow the list; who sees others' purchase orders, or is asked about them, chooses whose.
func (v *visit) purchaseFilters(f approving.Filter) ui.Filters {
	states := []ui.Option{{Label: v.T("Any state")}}
	for _, s := range approval.Found() {
		states = append(states, ui.Option{Value: string(s), Label: v.state(s).Label, Chosen: slices.Contains(f.States, s)})
	}
	bar := ui.Filters{Action: "/purchase-orders", Search: ui.SearchField{Label: v.T("Number, reference or name"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "state", Label: v.T("State"), Options: states}}}
	others, approves := v.actor.MaySomewhere(access.PurchaseOrdersViewSubordinates) || v.actor.MaySomewhere(access.PurchaseOrdersViewCompany), v.actor.MaySomewhere(access.PurchaseOrdersApprove)
	if others || approves {
		whose := v.whose(!f.Requester.IsZero())
		if !others {
			whose.Options = whose.Options[:1] // which are one's own
			whose.Options[0].Label = v.T("Only mine")
		}
		if approves {
			whose.Options = append(whose.Options, ui.Option{Value: "asked", Label: v.T("Those that I am or was asked about"), Chosen: f.Asked})
		}
		bar.Fields = append(bar.Fields, whose)
	}
	return bar
}

// whose is a choice between one's own and all that one sees.
func (v *visit) whose(mine bool) ui.Field {
	return ui.Field{As: ui.AsSelect, Name: "whose", Label: v.T("Whose"), Options: []ui.Option{{Label: v.T("All that I see")}, {Value: "mine", Label: v.T("Only mine"), Chosen: mine}}}
}

func (v *visit) noPurchaseOrders(f approving.Filter) ui.Empty {
	if f.Text != "" || len(f.States) > 0 || !f.Requester.IsZero() || f.Asked {
		return ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing found"), Text: v.T("No purchase order fits these filters."), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/purchase-orders"}}
	}
	return v.asking(access.CheckoutPlace, ui.Empty{Icon: ui.IconOrders, Title: v.T("No purchase orders yet"), Text: v.T("What you submit at checkout stands here, from waiting to placed."), Action: ui.LinkButton{Label: v.T("Go to the shop"), URL: "/shop"}})
}
