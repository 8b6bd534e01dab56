package portal

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

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
	Rows    []PurchaseOrderRow
	Empty   ui.Empty
	Pager   ui.Pager
}

// PurchaseOrderRow is a purchase order in the list.
type PurchaseOrderRow struct {
	URL       string
	Named     ui.Named
	Requester ui.Person
	Unit      string
	State     ui.Badge
	Waits     string // "for Bob"
	Submitted ui.Time
	Total     string
	Faded     bool
}

func (v *visit) purchaseOrders() error {
	q := v.r.URL.Query()
	f := approving.Filter{Text: strings.TrimSpace(q.Get("q"))}
	if state := oneOf(v, "state", approval.Found()...); state != "" {
		f.States = []approval.State{state}
	}
	if oneOf(v, "whose", "mine") != "" {
		f.Requester = v.actor.Member
	}
	at, err := v.leafing(2)
	if err != nil {
		return err
	}
	found, err := v.Approving.ListPurchaseOrders(v.ctx(), v.actor, f, at.ask)
	if err != nil {
		return err
	}
	p := PurchaseOrdersPage{Frame: v.frame(v.T("Purchase orders"), "orders"), Header: ui.Header{Title: v.T("Purchase orders"), Note: v.T("What was submitted, and where it stands.")},
		Filters: v.purchaseFilters(f), Pager: at.pager(len(found.Rows), found.Next, -1), Empty: v.noPurchaseOrders(f)}
	for _, po := range found.Rows {
		p.Rows = append(p.Rows, v.purchaseOrderRow(po))
	}
	return v.show(p.View())
}

func (v *visit) purchaseOrderRow(po view.PurchaseOrder) PurchaseOrderRow {
	r := PurchaseOrderRow{URL: "/purchase-orders/" + po.ID.String(), State: v.state(po.State), Submitted: v.time(po.SubmittedAt), Total: v.money(po.Gross), Unit: po.UnitName,
		Named:     ui.Named{Name: po.Number, Note: joined(" · ", po.Reference, v.N(int(po.Lines), "%d line", "%d lines"))},
		Requester: ui.Person{Name: po.RequesterName, Small: true}, Faded: po.State == approval.Cancelled || po.State == approval.Expired}
	if names := awaited(po.Plan); po.State == approval.PendingApproval && len(names) > 0 {
		r.Waits = v.T("for %s", v.l.List(names...))
	}
	return r
}

// purchaseFilters narrow the list; only who sees others' purchase orders chooses whose.
func (v *visit) purchaseFilters(f approving.Filter) ui.Filters {
	states := []ui.Option{{Label: v.T("Any state")}}
	for _, s := range approval.Found() {
		states = append(states, ui.Option{Value: string(s), Label: v.state(s).Label, Chosen: slices.Contains(f.States, s)})
	}
	bar := ui.Filters{Action: "/purchase-orders", Search: ui.SearchField{Label: v.T("Number, reference or name"), Value: f.Text},
		Fields: []ui.Field{{As: ui.AsSelect, Name: "state", Label: v.T("State"), Options: states}}}
	if v.actor.MaySomewhere(access.PurchaseOrdersViewSubordinates) || v.actor.MaySomewhere(access.PurchaseOrdersViewCompany) {
		bar.Fields = append(bar.Fields, v.whose(!f.Requester.IsZero()))
	}
	return bar
}

// whose is a choice between one's own and all that one sees.
func (v *visit) whose(mine bool) ui.Field {
	return ui.Field{As: ui.AsSelect, Name: "whose", Label: v.T("Whose"), Options: []ui.Option{{Label: v.T("All that I see")}, {Value: "mine", Label: v.T("Only mine"), Chosen: mine}}}
}

func (v *visit) noPurchaseOrders(f approving.Filter) ui.Empty {
	if f.Text != "" || len(f.States) > 0 || !f.Requester.IsZero() {
		return ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing found"), Text: v.T("No purchase order fits these filters."), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/purchase-orders"}}
	}
	return v.asking(access.CheckoutPlace, ui.Empty{Icon: ui.IconOrders, Title: v.T("No purchase orders yet"), Text: v.T("What you submit at checkout stands here, from waiting to ordered."), Action: ui.LinkButton{Label: v.T("Go to the shop"), URL: "/shop"}})
}

func (p PurchaseOrdersPage) table() ui.Table {
	t := ui.Table{Name: "purchase-orders", Caption: p.Header.Title, Empty: p.Empty, Pager: p.Pager, Columns: []ui.Column{
		{Label: p.T("Number")}, {Label: p.T("Requester")}, {Label: p.T("Unit"), Foldable: true}, {Label: p.T("State")}, {Label: p.T("Submitted"), Fit: true}, {Label: p.T("Total"), Numeric: true},
	}}
	for _, r := range p.Rows {
		t.Rows = append(t.Rows, ui.Row{URL: r.URL, Faded: r.Faded, Cells: []templ.Component{r.Named, r.Requester, ui.Text(r.Unit), r.state(), r.Submitted, ui.Money{Text: r.Total}}})
	}
	return t
}
