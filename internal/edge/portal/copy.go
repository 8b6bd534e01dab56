package portal

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/purchasing"
)

// copyPurchaseOrder puts what was submitted into the cart again.
func (v *visit) copyPurchaseOrder() error {
	key, err := named(v, "po", id.ParsePurchaseOrder)
	if err != nil {
		return err
	}
	return v.copies("/purchase-orders/"+key.String(), purchasing.CopyInput{PurchaseOrder: key})
}

// copyOrder puts what was ordered into the cart again.
func (v *visit) copyOrder() error {
	key, err := named(v, "order", id.ParseOrder)
	if err != nil {
		return err
	}
	return v.copies("/orders/"+key.String(), purchasing.CopyInput{Order: key})
}

// copies puts lines into the cart: all, or those that were ticked. Where they are not all as they were, a page tells
// what became of each.
func (v *visit) copies(from string, in purchasing.CopyInput) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	for _, typed := range form["position"] {
		n, err := strconv.ParseInt(typed, 10, 64)
		if err != nil {
			return v.refused(from, purchasing.ErrPosition)
		}
		in.Positions = append(in.Positions, n)
	}
	if form.Has("ticked") && len(in.Positions) == 0 {
		return v.goOn(from, ui.Warn, v.T("Tick the lines that you want to have in your cart."))
	}
	if in.Key = form.Get("key"); in.Key == "" {
		in.Key = fresh()
	}
	done, err := v.Purchasing.Copy(v.ctx(), v.actor, in)
	if err != nil {
		return v.refused(from, err)
	}
	for _, l := range done.Lines {
		if !l.AsWanted() {
			return v.goOn("/cart/copied?key="+url.QueryEscape(in.Key)+"&from="+url.QueryEscape(from), "", "")
		}
	}
	return v.goOn("/cart", ui.Good, v.N(len(done.Lines), "%d line is in your cart.", "%d lines are in your cart."))
}

// CopiedPage tells what became of lines that were to be put into the cart again and are not all there as they were.
type CopiedPage struct {
	ui.Frame
	Header ui.Header
	Rows   []CopiedRow
	Pager  ui.Pager
	Others string // how many are there as they were
}

// CopiedRow is a line that is not in the cart as it was.
type CopiedRow struct {
	Named     ui.Named
	Wanted    ui.Quantity
	Taken     ui.Quantity
	Badge     ui.Badge
	Why       string
	Successor ui.Link
}

func (v *visit) copied() error {
	q := v.r.URL.Query()
	done, err := v.Purchasing.Copied(v.ctx(), v.actor, q.Get("key"))
	if err != nil {
		return err
	}
	p := CopiedPage{Frame: v.frame(v.T("Copied to the cart"), "shop")}
	var rows []CopiedRow
	taken := 0
	for _, l := range done.Lines {
		if l.Taken > 0 {
			taken++
		}
		if !l.AsWanted() {
			rows = append(rows, v.copiedRow(l))
		}
	}
	p.Header = ui.Header{Title: v.T("%d of %d lines are in your cart", taken, len(done.Lines)), Note: v.T("What is not as it was in %s stands here, and why.", done.From),
		Actions: ui.LinkButton{Label: v.T("Go to the cart"), URL: "/cart", Icon: ui.IconCart, Kind: ui.Primary}}
	switch taken {
	case 0:
		p.Header.Title, p.Header.Actions = v.T("Nothing of it could be put into your cart"), ui.LinkButton{Label: v.T("Go to the shop"), URL: "/shop", Kind: ui.Primary}
	case len(done.Lines):
		p.Header.Title = v.N(taken, "The line is in your cart, in another quantity", "All %d lines are in your cart, some in other quantities")
	}
	if from := ours(q.Get("from"), ""); from != "" {
		p.Header.Crumbs = []ui.Link{{Label: done.From, URL: from}}
	}
	if as := len(done.Lines) - len(rows); as > 0 {
		p.Others = v.N(as, "%d other line is in your cart as it was.", "%d other lines are in your cart as they were.")
	}
	p.Rows, p.Pager = portion(v, rows)
	return v.show(p.View())
}

func (v *visit) copiedRow(l purchasing.CopiedLine) CopiedRow {
	r := CopiedRow{Named: ui.Named{Name: l.Name, Note: l.SKU, URL: "/products/" + l.Product.String()}, Wanted: ui.Quantity{Text: v.l.Quantity(l.Wanted), Unit: l.Unit},
		Badge: ui.Badge{Label: v.T("Left out"), Tone: ui.Bad}, Why: capital(v.phrase(l.Why))}
	if l.Taken > 0 {
		r.Taken, r.Badge = ui.Quantity{Text: v.l.Quantity(l.Taken), Unit: l.Unit}, ui.Badge{Label: v.T("Another quantity"), Tone: ui.Warn}
	}
	if !l.Successor.IsZero() {
		r.Successor = ui.Link{Label: v.T("See what replaces it"), URL: "/products/" + l.Successor.String()}
	}
	return r
}

func (p CopiedPage) table() ui.Table {
	t := ui.Table{Name: "copied", Caption: p.Header.Title, Pager: p.Pager, Columns: []ui.Column{
		{Label: p.T("Product")}, {Label: p.T("Before"), Numeric: true}, {Label: p.T("Added"), Numeric: true}, {Label: p.T("Outcome")},
	}}
	for _, r := range p.Rows {
		row := ui.Row{Cells: []templ.Component{r.Named, r.Wanted, nil, r.became()}, Tone: r.Badge.Tone}
		if r.Taken.Text != "" {
			row.Cells[2] = r.Taken
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// copying lets the lines of a table be ticked, and is the form that copies those; a single line is copied with all.
func (v *visit) copying(t *ui.Table, from string) ui.Bulk {
	if len(t.Rows) < 2 {
		return ui.Bulk{}
	}
	t.Ticks, t.Form = "position", "copy"
	return ui.Bulk{Form: t.Form, Action: from + "/copy", Buttons: ui.All{hidden("key", fresh()), hidden("ticked", "on"),
		ui.Button{Label: v.T("Copy to the cart"), Icon: ui.IconCopy, Kind: ui.Primary, Small: true}}}
}

// copyAll is the button that copies all lines.
func (v *visit) copyAll(from, label string, icon ui.Icon) templ.Component {
	return postButton(from+"/copy", ui.Button{Label: label, Icon: icon}, hidden("key", fresh()))
}
