package portal

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/quantity"
	"kontor/internal/domain/access"
	"kontor/internal/domain/orderlist"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/collecting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// OrderListPage shows a list at the reader's prices.
type OrderListPage struct {
	ui.Frame
	Header  ui.Header
	URL     string
	Version string
	About   string // what its owner says of it
	Rows    []ListLine
	Writes  bool
	Table   ui.Table
	Bulk    ui.Bulk
	Targets []ui.Option // lists to which lines can be taken
	Totals  ui.Facts
	Left    ui.Notice // what does not count in the sum, and why; left out without a title
	Cart    bool      // it can be put into a cart
	How     ui.Radios
	Put     string // what the button says
	Key     string
	Edit    []ui.Field
	Editing bool
	Error   string
	Noting  *ListLine
	Deletes bool // it is asked whether to
}

// ListLine is a line of a list.
type ListLine struct {
	T        ui.Translate
	URL      string
	Named    ui.Named
	Note     string
	NoteURL  string // opens the dialog that changes the note; "" for who only reads
	Quantity ui.Field
	Amount   ui.Quantity // for who only reads
	Typed    string
	Price    ui.Money
	Total    ui.Money
	Problem  string
	Instead  string
	Version  string
	Placing  ui.Placing
	Remove   string
}

func (v *visit) orderList() error {
	key, err := named(v, "list", id.ParseOrderList)
	if err != nil {
		return err
	}
	return v.orderListPage(key, attempt{})
}

func (v *visit) orderListPage(key id.OrderList, a attempt) error {
	sheet, err := v.Purchasing.OrderList(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	p := OrderListPage{URL: "/lists/" + key.String(), Version: v.plain(sheet.Version), About: sheet.Description, Writes: sheet.Hold >= orderlist.Writes, Error: a.rest,
		Editing: a.of("edit").made() || v.query("do") == "edit", Deletes: v.query("do") == "delete", Totals: v.totals(sheet.Totals)}
	p.Header = v.listHeader(sheet, p.URL)
	if sheet.Hold == orderlist.Owns {
		edit := a.of("edit")
		p.Edit = []ui.Field{edit.field(ui.Field{Name: "name", Label: v.T("Name"), Value: sheet.Name, MaxLength: orderlist.LongestName, Focus: true}),
			edit.field(ui.Field{As: ui.AsLongText, Name: "description", Label: v.T("Description"), Value: sheet.Description, Rows: 3, MaxLength: orderlist.LongestDescription, Optional: true})}
	} else {
		p.Editing, p.Deletes = false, false
	}
	p.cut(v, sheet)
	if err := p.targets(v, sheet); err != nil {
		return err
	}
	p.Frame = v.frame(sheet.Name, "lists")
	if v.actor.MaySomewhere(access.CartsManage) && len(sheet.Rows) > 0 {
		p.Cart, p.Key, p.Put = true, fresh(), v.N(len(sheet.Rows), "Put the line into the cart", "Put all %d lines into the cart")
		if p.Frame.Cart.Count > 0 {
			p.How = ui.Radios{Name: "how", Label: v.T("What is in your cart already"), Value: "merge", Options: []ui.Option{
				{Value: "merge", Label: v.T("stays: this comes along")}, {Value: "replace", Label: v.T("goes: this takes its place")}}}
		}
	}
	return v.answer(a.status(), p.View())
}

func (v *visit) listHeader(sheet purchasing.ListSheet, at string) ui.Header {
	h := ui.Header{Title: sheet.Name, Crumbs: []ui.Link{{Label: v.T("Lists"), URL: "/lists"}}}
	lines := v.N(len(sheet.Rows), "%d line", "%d lines")
	switch {
	case sheet.Template():
		h.Badge = ui.Badge{Label: v.T("Template"), Tone: ui.Info, Icon: ui.IconCompany}
		h.Note = joined(" · ", lines, v.T("for everybody in your company"))
	case sheet.Owner.ID != v.actor.Member:
		h.Badge = ui.Badge{Label: v.T("Shared with you"), Icon: ui.IconPeople}
		h.Note = joined(" · ", lines, v.T("%s shares it with you: you may %s", sheet.Owner.Name, v.mayWith(sheet.Hold)))
	case len(sheet.Parties) > 0:
		h.Badge = ui.Badge{Label: v.T("Shared"), Icon: ui.IconPeople}
		h.Note = joined(" · ", lines, v.T("shared with %s", strings.Join(v.parties(sheet.Parties), ", ")))
	default:
		h.Note = joined(" · ", lines, v.T("only you see it"))
	}
	var actions ui.All
	var more []ui.MenuItem
	if v.actor.MaySomewhere(access.ListsManage) {
		more = append(more, ui.MenuItem{Label: v.T("Duplicate"), Icon: ui.IconCopy, URL: "/lists/new?from=" + sheet.ID.String()})
	}
	if v.provides() && !sheet.Template() {
		more = append(more, ui.MenuItem{Label: v.T("Make a template of it"), Icon: ui.IconCompany, URL: "/lists/new?template=on&from=" + sheet.ID.String()})
	}
	if sheet.Hold == orderlist.Owns {
		more = append(more, ui.MenuItem{Label: v.T("Name and description"), Icon: ui.IconEdit, URL: at + "?do=edit"},
			ui.MenuItem{Label: v.T("Delete the list"), Icon: ui.IconDelete, URL: at + "?do=delete", Danger: true, Apart: true})
	}
	if len(more) > 0 {
		actions = append(actions, ui.Menu{Name: "more", Label: v.T("More"), IconOnly: true, Kind: ui.Quiet, Items: more})
	}
	if sheet.Hold == orderlist.Owns && !sheet.Template() {
		actions = append(actions, ui.LinkButton{Label: v.T("Share"), URL: at + "/share", Icon: ui.IconPeople})
	}
	if len(actions) > 0 {
		h.Actions = actions
	}
	return h
}

// firstFew are the first of some sentences, and how many more there are.
func (v *visit) firstFew(all []string) []string {
	const most = 5
	if len(all) <= most {
		return all
	}
	return append(all[:most:most], v.N(len(all)-most, "%d more", "%d more"))
}

// back is the page without the dialog.
func (l ListLine) back() string {
	at, _, _ := strings.Cut(l.URL, "/lines/")
	return at
}

// parties are those with whom a list is shared, the first few by name.
func (v *visit) parties(all []view.Party) (names []string) {
	const most = 3
	for i, p := range all {
		if i == most {
			return append(names, v.N(len(all)-most, "%d more", "%d more"))
		}
		names = append(names, v.party(p))
	}
	return names
}

func (v *visit) party(p view.Party) string {
	if p.Whole() {
		return v.T("the whole company")
	}
	return p.Name
}

// cut fills in the lines of one page, and what does not count in the sum.
func (p *OrderListPage) cut(v *visit, sheet purchasing.ListSheet) {
	priced := v.actor.MaySomewhere(access.PricesView)
	var all []ListLine
	var left []string
	for i, r := range sheet.Rows {
		l := p.line(v, r, i+1, len(sheet.Rows))
		if r.Key.String() == v.query("note") && p.Writes {
			p.Noting = &l
		}
		if priced && !r.Included {
			left = append(left, whole(joined(": ", l.Named.Name, l.Problem)))
		}
		all = append(all, l)
	}
	if len(left) > 0 {
		p.Left = ui.Notice{Tone: ui.Warn, Title: v.N(len(left), "%d line does not count in it", "%d lines do not count in it"), Reasons: v.firstFew(left)}
	}
	lines, pager := portion(v, all)
	p.Rows = lines
	t := ui.Table{Name: "lines", Caption: v.T("What is on the list"), Pager: pager, Columns: []ui.Column{{Label: v.T("Product")}, {Label: v.T("Quantity"), Fit: true}},
		Empty: v.asking(access.ListsManage, ui.Empty{Icon: ui.IconLists, Title: v.T("Nothing is on this list yet"), Text: v.T("Put products on it from the shop, from your cart, or from what was ordered before."),
			Action: ui.LinkButton{Label: v.T("Go to the shop"), URL: "/shop", Kind: ui.Primary}})}
	if priced {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("Price"), Numeric: true}, ui.Column{Label: v.T("Total"), Numeric: true})
	}
	if p.Writes && len(all) > 1 {
		t.Ticks, t.Form = "line", "lines-form"
	}
	for _, l := range lines {
		row := ui.Row{Value: strings.TrimPrefix(l.URL, p.URL+"/lines/"), Said: l.Named.Name, Cells: []templ.Component{l.product(), l.quantity()}}
		if priced {
			row.Cells = append(row.Cells, l.Price, l.Total)
			if l.Price.Text == "" {
				row.Cells[2], row.Cells[3] = nil, nil
			}
		}
		if l.Problem != "" {
			row.Tone = ui.Warn
		}
		t.Rows = append(t.Rows, row)
	}
	p.Table = t
}

func (p *OrderListPage) line(v *visit, r purchasing.ListRow, position, last int) ListLine {
	key := r.Key.String()
	l := ListLine{T: v.T, URL: p.URL + "/lines/" + key, Note: r.Note, Version: p.Version, Typed: v.l.Quantity(r.Quantity),
		Named: ui.Named{Name: r.Named, Note: joined(" · ", r.SKU, r.Good.Supplier)}, Amount: ui.Quantity{Text: v.l.Quantity(r.Quantity), Unit: r.Good.Unit}}
	if r.Hidden {
		l.Named.Name = v.T("A product that you may not see")
	}
	if r.Linked {
		l.Named.URL = "/products/" + r.Product.String()
	}
	l.Remove, l.Placing = v.T("Remove %s", l.Named.Name), ui.Placing{Action: l.URL + "/place", Said: l.Named.Name, Place: position, Last: position == last}
	if p.Writes {
		l.NoteURL = v.here("note", key)
		if r.Linked && r.Good.Sold() == nil {
			l.Quantity = v.stepper(r.Good.Product, r.Quantity)
			l.Quantity.Submits = true
		}
	}
	if r.Included {
		l.Price = ui.Money{Text: v.rate(r.Priced.Rate), Why: v.whyPrice(key, r.Priced)}
		l.Total = ui.Money{Text: v.money(r.Total), Strong: true}
	}
	switch {
	case r.Hidden:
		l.Problem = v.T("It does not count in the sum, and does not go into your cart.")
	case r.Problem != nil:
		l.Problem = v.sentence(r.Problem)
		if r.Instead > 0 && p.Writes {
			l.Instead = v.l.Quantity(r.Instead)
		}
	}
	return l
}

// targets are the lists to which ticked lines can be taken.
func (p *OrderListPage) targets(v *visit, sheet purchasing.ListSheet) error {
	if p.Table.Ticks == "" {
		return nil
	}
	options, err := v.writableLists(sheet.ID)
	if err != nil {
		return err
	}
	p.Targets = options
	buttons := ui.All{hidden("version", p.Version)}
	if v.actor.MaySomewhere(access.CartsManage) {
		buttons = append(buttons, hidden("key", fresh()), ui.Button{Label: v.T("Into the cart"), Icon: ui.IconCart, Small: true, Action: p.URL + "/cart"})
	}
	buttons = append(buttons, ui.Button{Label: v.T("More …"), Small: true, Opens: "carry"})
	p.Bulk = ui.Bulk{Form: p.Table.Form, Action: p.URL + "/lines", Buttons: buttons}
	return nil
}

// writableLists are the lists that the reader may put lines on, but for one; those changed last come first.
func (v *visit) writableLists(but id.OrderList) (options []ui.Option, err error) {
	found, err := v.Collecting.List(v.ctx(), v.actor, collecting.Filter{Writable: true}, page.Ask{Limit: page.Most, Sort: page.Sort{By: "changed", Down: true}})
	for _, l := range found.Rows {
		if l.ID == but {
			continue
		}
		label := l.Name
		switch {
		case l.Template():
			label = v.T("%s (template)", l.Name)
		case l.Owner != v.actor.Member:
			label = v.T("%s (of %s)", l.Name, l.OwnerName)
		}
		options = append(options, ui.Option{Value: l.ID.String(), Label: label})
	}
	return options, err
}

func (v *visit) editsList() error {
	key, form, err := posted(v, "list", id.ParseOrderList)
	if err != nil {
		return err
	}
	_, err = v.Collecting.Edit(v.ctx(), v.actor, collecting.EditInput{ID: key, Version: version(form.Get("version")), Name: form.Get("name"), Description: form.Get("description")})
	if err != nil {
		return v.again("edit", form, err, func(a attempt) error { return v.orderListPage(key, a) })
	}
	return v.goOn("/lists/"+key.String(), ui.Good, v.T("The list is called so now."))
}

func (v *visit) deletesList() error {
	key, form, err := posted(v, "list", id.ParseOrderList)
	if err != nil {
		return err
	}
	if err := v.Collecting.Delete(v.ctx(), v.actor, key, version(form.Get("version"))); err != nil {
		return v.refused("/lists/"+key.String(), err)
	}
	return v.goOn("/lists", ui.Good, v.T("The list was deleted."))
}

// listAt is the page of a list that has a line at this place; the first one is 1.
func listAt(key id.OrderList, position int) string {
	if position > cartSize {
		return "/lists/" + key.String() + "?from=" + strconv.Itoa((position-1)/cartSize*cartSize)
	}
	return "/lists/" + key.String()
}

// standsAt is the place of a line on a list; 1 for one that is not on it.
func standsAt(l orderlist.List, line id.OrderListLine) int {
	return max(1, 1+slices.IndexFunc(l.Lines, func(x orderlist.Line) bool { return x.ID == line }))
}

// listLine reads which line of which list a form is about.
func (v *visit) listLine() (key id.OrderList, line id.OrderListLine, form url.Values, err error) {
	if key, err = named(v, "list", id.ParseOrderList); err == nil {
		line, form, err = posted(v, "line", id.ParseOrderListLine)
	}
	return key, line, form, err
}

func (v *visit) changesListLine() error {
	key, line, form, err := v.listLine()
	if err != nil {
		return err
	}
	at := "/lists/" + key.String()
	q, err := v.quantity(form.Get("quantity"))
	if err != nil {
		return v.refused(at, err)
	}
	l, instead, err := v.Collecting.Change(v.ctx(), v.actor, collecting.ChangeInput{List: key, Version: version(form.Get("version")), Line: line, Quantity: q, Note: strings.TrimSpace(form.Get("note"))})
	if err != nil {
		return v.refused(at, err)
	}
	to := listAt(key, standsAt(l, line))
	if instead > 0 {
		return v.goOn(to, ui.Warn, v.T("It is not sold in that quantity: the list has %s now.", v.l.Quantity(instead)))
	}
	return v.goOn(to, "", "")
}

func (v *visit) placesListLine() error {
	key, line, form, err := v.listLine()
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(form.Get("to"))
	if err != nil {
		return v.refused("/lists/"+key.String(), orderlist.ErrPosition)
	}
	l, err := v.Collecting.Place(v.ctx(), v.actor, key, version(form.Get("version")), line, to)
	if err != nil {
		return v.refused("/lists/"+key.String(), err)
	}
	return v.goOn(listAt(key, standsAt(l, line)), "", "")
}

// removesListLine takes a line off a list, and offers to put it back.
func (v *visit) removesListLine() error {
	key, line, form, err := v.listLine()
	if err != nil {
		return err
	}
	at := "/lists/" + key.String()
	sheet, err := v.Purchasing.OrderList(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	if _, err := v.Collecting.Remove(v.ctx(), v.actor, key, version(form.Get("version")), line); err != nil {
		return v.refused(at, err)
	}
	toast := ui.Toast{Text: v.T("The line is removed.")}
	for _, r := range sheet.Rows {
		if r.Key == line && r.Linked && len(r.Note) <= 500 {
			toast.Undo = at + "/restore?" + url.Values{"product": {r.Product.String()}, "quantity": {r.Quantity.String()}, "note": {r.Note}}.Encode()
		}
	}
	return v.goOnWith(listAt(key, standsAt(sheet.List, line)), toast)
}

// restoresLine puts back what was removed.
func (v *visit) restoresLine() error {
	key, err := named(v, "list", id.ParseOrderList)
	if err != nil {
		return err
	}
	q := v.r.URL.Query()
	product, err := id.ParseProduct(q.Get("product"))
	if err != nil {
		return err
	}
	n, err := quantity.Parse(q.Get("quantity"))
	if err != nil {
		return err
	}
	at := "/lists/" + key.String()
	if _, err := v.Collecting.Add(v.ctx(), v.actor, collecting.AddInput{List: key, Lines: []collecting.AddLine{{Product: product, Quantity: n, Note: q.Get("note")}}}); err != nil {
		return v.refused(at, err)
	}
	return v.goOn(at, ui.Good, v.T("The line is back, at the end."))
}

// ticked are the lines that were ticked.
func ticked(form url.Values) (all []id.OrderListLine, err error) {
	for _, said := range form["line"] {
		key, err := id.ParseOrderListLine(said)
		if err != nil {
			return nil, err
		}
		all = append(all, key)
	}
	return all, nil
}

// carriesLines moves, copies or removes the lines that are ticked.
func (v *visit) carriesLines() error {
	key, form, err := posted(v, "list", id.ParseOrderList)
	if err != nil {
		return err
	}
	at := "/lists/" + key.String()
	lines, err := ticked(form)
	if err != nil {
		return v.refused(at, err)
	}
	if len(lines) == 0 {
		return v.goOn(at, ui.Warn, v.T("Tick the lines that you mean."))
	}
	seen := version(form.Get("version"))
	if form.Get("do") == "remove" {
		if _, err := v.Collecting.Remove(v.ctx(), v.actor, key, seen, lines...); err != nil {
			return v.refused(at, err)
		}
		return v.goOn(at, ui.Good, v.N(len(lines), "%d line is removed.", "%d lines are removed."))
	}
	in := collecting.CarryInput{From: key, Version: seen, Lines: lines, Move: form.Get("do") == "move"}
	if in.To, err = id.ParseOrderList(form.Get("to")); err != nil {
		return v.refused(at, err)
	}
	to, err := v.Collecting.Carry(v.ctx(), v.actor, in)
	if err != nil {
		return v.refused(at, err)
	}
	if in.Move {
		return v.goOn(at, ui.Good, v.N(len(lines), "%d line is on “%s” now.", "%d lines are on “%s” now.", to.Name))
	}
	return v.goOn(at, ui.Good, v.N(len(lines), "%d line is on “%s”, too.", "%d lines are on “%s”, too.", to.Name))
}

// listToCart puts a list into the cart: all of it, or what is ticked. Where it is not all as it was, a page tells what became of
// each line.
func (v *visit) listToCart() error {
	key, form, err := posted(v, "list", id.ParseOrderList)
	if err != nil {
		return err
	}
	at := "/lists/" + key.String()
	in := purchasing.CopyInput{List: key, Replace: form.Get("how") == "replace"}
	if in.Lines, err = ticked(form); err != nil {
		return v.refused(at, err)
	}
	if !form.Has("all") && len(in.Lines) == 0 {
		return v.goOn(at, ui.Warn, v.T("Tick the lines that you want to have in your cart."))
	}
	return v.copies(at, in)
}
