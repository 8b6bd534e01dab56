package portal

import (
	"strconv"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// PurchaseOrderPage shows a purchase order to who submitted it, and to others who may see it.
type PurchaseOrderPage struct {
	ui.Frame
	Header   ui.Header
	Notice   ui.Notice // why it did not become an order
	Lines    ui.Table
	Copy     ui.Bulk // copies those that are ticked; left out without a form
	Facts    ui.Facts
	Totals   ui.Facts
	Path     ui.ApprovalPath
	Decided  string // the title of the path
	Budgets  []ui.BudgetBar
	Timeline ui.Timeline
	Withdraw string // where to post to; empty when it cannot be withdrawn
	Number   string
}

// FrozenRow is a line as it was submitted.
type FrozenRow struct {
	Position string
	Named    ui.Named
	Note     string
	Quantity ui.Quantity
	Price    ui.Money
	Total    string // empty where the reader is not shown what it cost
}

func (v *visit) purchaseOrder() error {
	key, err := named(v, "po", id.ParsePurchaseOrder)
	if err != nil {
		return err
	}
	sheet, err := v.Approving.Get(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	p := PurchaseOrderPage{Frame: v.frame(sheet.Number, "orders"), Header: v.purchaseHeader(sheet), Notice: v.mishap(sheet), Number: sheet.Number, Path: v.pathOf(sheet),
		Totals: v.frozenTotals(sheet.Net, sheet.Content.Shipping, sheet.Content.Tax, sheet.Gross), Facts: v.purchaseFacts(sheet)}
	p.Lines = v.frozen(sheet.Number, sheet.Lines)
	if v.copyable(sheet) {
		p.Copy = v.copying(&p.Lines, "/purchase-orders/"+key.String())
	}
	p.Decided, p.Budgets, p.Timeline = v.decidedBy(sheet.State), v.effects(sheet.Budgets), v.told(sheet)
	if sheet.Withdraw == nil {
		p.Withdraw = "/purchase-orders/" + key.String() + "/withdraw"
	}
	return v.show(p.View())
}

func (v *visit) purchaseHeader(sheet approving.Sheet) ui.Header {
	h := ui.Header{Title: sheet.Number, Badge: v.state(sheet.State), Crumbs: []ui.Link{{Label: v.T("Purchase orders"), URL: "/purchase-orders"}},
		Note: v.T("Submitted by %s for %s", sheet.RequesterName, sheet.UnitName)}
	var actions ui.All
	if sheet.Withdraw == nil {
		actions = append(actions, ui.Button{Label: v.T("Withdraw"), Icon: ui.IconUndo, Opens: "withdraw"})
	}
	if v.copyable(sheet) {
		actions = append(actions, v.copyAll("/purchase-orders/"+sheet.ID.String(), v.T("Copy to the cart"), ui.IconCopy))
	}
	if sheet.State.Final() && v.actor.MaySomewhere(access.ListsManage) {
		actions = append(actions, ui.LinkButton{Label: v.T("Put it on a list"), URL: toList("po", sheet.ID.String(), "/purchase-orders/"+sheet.ID.String()), Icon: ui.IconLists})
	}
	if sheet.Approve == nil || sheet.Reject == nil {
		actions = append(actions, ui.LinkButton{Label: v.T("Decide"), URL: "/approvals/" + sheet.ID.String(), Icon: ui.IconApprovals, Kind: ui.Primary})
	}
	if !sheet.Order.IsZero() && v.actor.MaySomewhere(access.OrdersView) {
		actions = append(actions, ui.LinkButton{Label: v.T("Go to the order"), URL: "/orders/" + sheet.Order.String(), Icon: ui.IconOrders, Kind: ui.Primary})
	}
	if len(actions) > 0 {
		h.Actions = actions
	}
	return h
}

// copyable reports whether the page offers to copy the lines: once it is decided what becomes of them, and where they
// did not come back already.
func (v *visit) copyable(sheet approving.Sheet) bool {
	return sheet.State.Final() && sheet.Back.IsZero() && v.actor.MaySomewhere(access.CartsManage)
}

// mishap says why a purchase order did not become an order, and what now.
func (v *visit) mishap(sheet approving.Sheet) ui.Notice {
	n := ui.Notice{Tone: ui.Warn, Text: budget.Noted(sheet.Reason, v.l)}
	switch sheet.State {
	case approval.Rejected:
		n.Tone, n.Title = ui.Bad, v.T("It was rejected. You can copy it into the cart, change it and submit it again.")
	case approval.OrderFailed:
		n.Tone, n.Title = ui.Bad, v.T("It was approved, but could not be ordered.")
	case approval.Returned:
		n.Title = v.T("An approver asks the requester.")
	case approval.Expired:
		n.Title, n.Text = v.T("Nobody decided in time. What it held is free again."), ""
		if !sheet.Back.IsZero() && v.actor.MaySomewhere(access.CartsManage) {
			n.Text = v.T("Its lines are in a cart of yours again: change what you like, and submit it anew.")
			n.Actions = ui.LinkButton{Label: v.T("Open the cart"), URL: "/carts/" + sheet.Back.String(), Icon: ui.IconCart, Kind: ui.Primary, Small: true}
		}
	case approval.Cancelled:
		n.Tone, n.Title = ui.Neutral, v.T("It was withdrawn. What it held is free again.")
	default:
		if sheet.State == approval.PendingApproval && sheet.Plan.Stuck() {
			return ui.Notice{Tone: ui.Warn, Title: v.tooFew()}
		}
		return ui.Notice{}
	}
	return n
}

func (v *visit) purchaseFacts(sheet approving.Sheet) ui.Facts {
	c := sheet.Content
	f := ui.Facts{Columns: true, Facts: []ui.Fact{
		{Label: v.T("Submitted"), Value: v.time(sheet.SubmittedAt)},
		{Label: v.T("Requester"), Value: ui.Person{Name: sheet.RequesterName, Title: sheet.RequesterTitle}},
		{Label: v.T("Delivery address"), Value: lines(v.printed(c.DeliverTo))},
		{Label: v.T("Billing address"), Value: lines(v.printed(c.BillTo))},
		{Label: v.T("Payment"), Text: v.payment(c.PaymentMethod).Label},
	}}
	add := func(label, text string) {
		if text != "" {
			f.Facts = append(f.Facts, ui.Fact{Label: label, Text: text})
		}
	}
	add(v.T("Your PO number"), sheet.Reference)
	add(v.T("Cost centre"), joined(" ", sheet.CostCentreCode, sheet.CostCentreName))
	add(v.T("Requested delivery date"), v.l.Date(date.Date(c.RequestedDate)))
	add(v.T("Note"), sheet.Note)
	if !sheet.State.Final() && !sheet.ExpiresAt.IsZero() {
		f.Facts = append(f.Facts, ui.Fact{Label: v.T("Expires"), Value: v.time(sheet.ExpiresAt)})
	}
	return f
}

// printed is an address, line by line.
func (v *visit) printed(a approval.Address) []string {
	if a == (approval.Address{}) {
		return nil
	}
	return append(a.Postal().Lines(), v.country(a.Country))
}

// frozenTotals is what was ordered came to; nothing for a reader who is not shown that.
func (v *visit) frozenTotals(net, shipping, tax, gross money.Money) ui.Facts {
	if gross.Currency == "" {
		return ui.Facts{}
	}
	if net == gross {
		return ui.Facts{Sum: true, Facts: []ui.Fact{{Label: v.T("Total, net"), Value: ui.Money{Text: v.money(net), Strong: true}}}}
	}
	f := ui.Facts{Sum: true, Facts: []ui.Fact{{Label: v.T("Goods, net"), Value: v.amount(net)}}}
	if !shipping.IsZero() {
		f.Facts = append(f.Facts, ui.Fact{Label: v.T("Shipping"), Value: v.amount(shipping)})
	}
	if !tax.IsZero() {
		f.Facts = append(f.Facts, ui.Fact{Label: v.T("Tax"), Value: v.amount(tax)})
	}
	f.Facts = append(f.Facts, ui.Fact{Label: v.T("Total"), Value: v.amount(gross)})
	return f
}

func (v *visit) frozenRow(l view.OrderLine) FrozenRow {
	good := ui.Named{Name: l.Name, Note: joined(" · ", l.SKU, l.Supplier)}
	if v.actor.MaySomewhere(access.CatalogView) {
		good.URL = "/products/" + l.Product.String()
	}
	row := FrozenRow{Position: strconv.FormatInt(l.Position, 10), Note: l.Note, Quantity: ui.Quantity{Text: v.l.Quantity(l.Quantity), Unit: l.Unit}, Total: v.money(l.Total), Named: good}
	if row.Total != "" {
		row.Price = v.price(l.Rate)
		row.Price.Why = ui.Why{Name: "why-" + v.l.Int(l.Position), Title: row.Price.Text, Lines: v.phrases(l.Source.Reason())}
	}
	return row
}

// withdraw takes back what the reader has submitted.
func (v *visit) withdraw() error {
	key, form, err := posted(v, "po", id.ParsePurchaseOrder)
	if err != nil {
		return err
	}
	here := "/purchase-orders/" + key.String()
	done, err := v.Approving.Withdraw(v.ctx(), v.actor, key, form.Get("reason"))
	if err != nil {
		return v.refused(here, err)
	}
	return v.goOn(here, ui.Good, v.T("%s is withdrawn.", done.Number))
}

// frozen are lines that no longer change: with what they cost, where the reader is shown that.
func (v *visit) frozen(caption string, lines []view.OrderLine) ui.Table {
	t := ui.Table{Name: "lines", Caption: caption, Plain: true, Columns: []ui.Column{{Label: v.T("Product")}, {Label: v.T("Quantity"), Numeric: true}}}
	if costed(lines) {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("Price"), Numeric: true}, ui.Column{Label: v.T("Total"), Numeric: true})
	}
	for _, l := range lines {
		row := v.frozenRow(l)
		cells := []templ.Component{row.product(), row.Quantity}
		if costed(lines) {
			cells = append(cells, row.Price, ui.Money{Text: row.Total, Strong: true})
		}
		t.Rows = append(t.Rows, ui.Row{Value: row.Position, Said: row.Named.Name, Cells: cells})
	}
	return t
}

// costed reports whether the reader is shown what some lines cost.
func costed(lines []view.OrderLine) bool { return len(lines) > 0 && lines[0].Total.Currency != "" }
