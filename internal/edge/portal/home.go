package portal

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/budgeting"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// homes adds the page where everybody begins.
func (p *Portal) homes(look looking) {
	look("/{$}", access.SelfAccount, "Home", (*visit).home)
}

// HomePage is what needs the reader, and what became of what they wanted.
type HomePage struct {
	ui.Frame
	Header  ui.Header
	Waiting []WaitingCard
	More    ui.LinkButton // to all that waits
	Cart    *ui.Notice    // to go on with
	Back    []ui.Notice   // carts that came back
	Open    ui.Items      // own purchase orders under way
	Became  ui.Items      // own purchase orders that came to an end lately
	Loose   ui.Items      // what is unfinished or risky
	Unusual ui.Table      // orders of the reader's cost centres
	Orders  ui.Table
	Budgets []BudgetCard
	Tasks   []ui.Stat // what administrators come for
	Running string    // what these are, in a few words
	First   *ui.Empty // when there is nothing yet
	Calm    *ui.Empty // when nothing is under way
	Aside   bool      // there is something for the side
}

// WaitingCard is a purchase order to be decided from the page.
type WaitingCard struct {
	Number, URL  string
	Who          ui.Person
	Why          string
	Total        ui.Money
	Hash, Key    string
	OpenButton   ui.LinkButton
	AcceptButton ui.Button
}

func (v *visit) home() error {
	d, err := v.Purchasing.Dashboard(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	budgets, err := v.ownBudgets()
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(v.actor.Name, " ")
	title := v.ofMember(v.T("Hello, %s", first), v.T("The member's home"))
	p := HomePage{Frame: v.frame(v.T("Home"), "home"), Header: ui.Header{Title: title, Note: v.needed(d, budgets)}, Open: v.underWay(d.Open), Became: v.became(d.Became), Loose: v.loose(d.Loose), Orders: v.repeated(v.recent("recent", v.T("Recent orders"), d.Recent), d.Recent), Tasks: v.tasks()}
	p.Unusual = v.recent("unusual", v.T("Unusually large orders"), d.Unusual)
	for _, w := range d.Oldest {
		p.Waiting = append(p.Waiting, v.waitingCard(w))
	}
	if d.Waiting.N > int64(len(d.Oldest)) {
		p.More = ui.LinkButton{Label: v.N(int(d.Waiting.N), "Show the %d that waits", "Show all %d that wait"), URL: "/approvals", Kind: ui.Quiet}
		if d.Waiting.More {
			p.More.Label = v.T("Show all that wait")
		}
	}
	if d.Cart != nil {
		p.Cart = &ui.Notice{Title: v.T("You have a cart to go on with"), Text: v.N(int(d.Cart.Lines), "%d line, last changed %s", "%d lines, last changed %s", v.l.DateTime(d.Cart.ChangedAt, v.zone)),
			Actions: ui.LinkButton{Label: v.T("Go on"), URL: "/cart", Icon: ui.IconCart, Kind: ui.Primary, Small: true}}
	}
	for _, b := range d.Back {
		p.Back = append(p.Back, v.backNotice(b))
	}
	for _, s := range budgets {
		p.Budgets = append(p.Budgets, v.budgetCard(s))
	}
	p.Aside = len(p.Budgets) > 0
	p.Running = v.T("Run your company's account")
	nothing := len(p.Waiting)+len(d.Open)+len(d.Became)+len(d.Recent)+len(d.Back)+len(p.Loose.Items) == 0 && d.Cart == nil
	if nothing && len(p.Tasks)+len(p.Budgets) == 0 {
		p.First = v.firstTime()
	} else if nothing {
		p.Calm = v.firstTime()
		p.Calm.Title = v.T("Nothing is under way")
	}
	if v.actor.Realm == access.Staff {
		p.Calm, p.Header.Note, p.Running = nil, v.T("This is the office of %s.", v.seller), v.T("What you look after")
	}
	return v.show(p.View())
}

// backNotice tells of a cart that came back.
func (v *visit) backNotice(b view.Basket) ui.Notice {
	return ui.Notice{Tone: ui.Warn, Title: v.T("Nobody decided on %s in time", b.FromNumber), Text: v.N(int(b.Lines), "Its line is in a cart again: submit it anew, or discard it.", "Its %d lines are in a cart again: submit them anew, or discard them."),
		Actions: ui.LinkButton{Label: v.T("Open the cart"), URL: "/carts/" + b.ID.String(), Icon: ui.IconCart, Small: true}}
}

// undecided says how many purchase orders wait for the reader.
func (v *visit) undecided(n page.Count) string {
	if n.More {
		return v.T("More than %s purchase orders wait for your decision.", v.l.Int(n.N))
	}
	return v.N(int(n.N), "%d purchase order waits for your decision.", "%d purchase orders wait for your decision.")
}

// needed is the short of what needs the reader.
func (v *visit) needed(d purchasing.Dashboard, budgets []budgeting.Status) string {
	switch {
	case d.Waiting.N > 0:
		return v.undecided(d.Waiting)
	case len(d.Open) > 0:
		return v.N(len(d.Open), "%d of your purchase orders is under way.", "%d of your purchase orders are under way.")
	}
	if len(d.Back) > 0 {
		return v.N(len(d.Back), "%d cart came back to you.", "%d carts came back to you.")
	}
	if n := len(v.loose(d.Loose).Items); n > 0 {
		return v.N(n, "%d thing is unfinished or risky.", "%d things are unfinished or risky.")
	}
	short, out := 0, 0
	for _, s := range budgets {
		switch {
		case s.RunsOut == "":
		case s.Figures.Left.Minor > 0:
			short++
		default:
			out++
		}
	}
	if out > 0 {
		return v.N(out, "%d of your budgets is used up.", "%d of your budgets are used up.")
	}
	if short > 0 {
		return v.N(short, "At this pace %d of your budgets runs out before its period ends.", "At this pace %d of your budgets run out before their periods end.")
	}
	return v.T("Nothing needs you at the moment.")
}

// firstTime is what somebody sees who has done nothing yet.
func (v *visit) firstTime() *ui.Empty {
	e := ui.Empty{Icon: ui.IconHome, Title: v.T("Welcome"), Text: v.T("What needs you, and what becomes of your orders, will appear here.")}
	if v.actor.MaySomewhere(access.CatalogView) {
		e.Icon = ui.IconShop
		if v.actor.MaySomewhere(access.CartsManage) {
			e.Text = v.T("Find what you need, put it into the cart and submit it. Before you do, you see what it costs and who will decide.")
		}
		e.Action = ui.LinkButton{Label: v.T("Go to the shop"), URL: "/shop", Kind: ui.Primary, Icon: ui.IconShop}
	}
	return &e
}

func (v *visit) waitingCard(w view.Waiting) WaitingCard {
	url := "/approvals/" + w.ID.String()
	return WaitingCard{
		Number: w.Number, URL: url, Who: ui.Person{Name: w.RequesterName, Title: w.UnitName}, Why: joined(" · ", v.shortly(w.Plan.Why(v.actor.Member)), v.standsFor(w.Plan.For(v.actor.Member))),
		Total: ui.Money{Text: v.money(w.Net), Strong: true}, Hash: w.Hash, Key: fresh(),
		OpenButton:   ui.LinkButton{Label: v.T("Look closer"), URL: url, Kind: ui.Quiet},
		AcceptButton: ui.Button{Label: v.T("Approve"), Icon: ui.IconGood, Kind: ui.Primary, Name: "verdict", Value: string(approval.Agree)},
	}
}

func (v *visit) underWay(all []view.PurchaseOrder) ui.Items {
	items := ui.Items{Label: v.T("Your open purchase orders")}
	for _, po := range all {
		items.Items = append(items.Items, ui.Item{Title: po.Number, URL: "/purchase-orders/" + po.ID.String(), Icon: ui.IconOrders,
			Text: joined(" · ", v.awaited(po.Plan), v.l.DateTime(po.SubmittedAt, v.zone)), Meta: v.stateAndTotal(po)})
	}
	return items
}

// stateAndTotal is where a purchase order stands, and what it comes to where the reader is shown that.
func (v *visit) stateAndTotal(po view.PurchaseOrder) ui.All {
	if po.Net.Currency == "" {
		return ui.All{v.state(po.State)}
	}
	return ui.All{v.state(po.State), ui.Money{Text: v.money(po.Net), Strong: true}}
}

// became says of purchase orders that came to an end which one, and why.
func (v *visit) became(all []view.PurchaseOrder) ui.Items {
	items := ui.Items{Label: v.T("What became of your purchase orders")}
	for _, po := range all {
		why := po.Reference
		switch {
		case po.State == approval.Expired:
			why = v.T("Nobody decided in time")
		case po.State == approval.Rejected && po.Reason != "":
			why = "“" + po.Reason + "”"
		}
		items.Items = append(items.Items, ui.Item{Title: po.Number, URL: "/purchase-orders/" + po.ID.String(), Icon: ui.IconOrders,
			Text: joined(" · ", why, v.l.DateTime(po.ChangedAt, v.zone)), Meta: v.stateAndTotal(po)})
	}
	return items
}

// loose says what is unfinished or risky, and leads to where it is mended.
func (v *visit) loose(l view.Loose) ui.Items {
	items := ui.Items{Label: v.T("Unfinished or risky")}
	add := func(n int64, title, text, url string, icon ui.Icon) {
		if n > 0 {
			items.Items = append(items.Items, ui.Item{Title: title, Text: text, URL: url, Icon: icon, Tone: ui.Warn})
		}
	}
	add(l.Undecidable, v.N(int(l.Undecidable), "%d purchase order waits and nobody is asked", "%d purchase orders wait and nobody is asked"),
		v.T("They expire unless a rule finds somebody who may decide."), "/purchase-orders?state="+string(approval.PendingApproval), ui.IconApprovals)
	add(l.Overdrawn, v.N(int(l.Overdrawn), "%d budget is over its limit", "%d budgets are over their limit"),
		v.T("More is spent and held than there was for this period."), "/budgets?show="+string(budget.Overdrawn), ui.IconBudget)
	add(l.Nobody, v.N(int(l.Nobody), "%d approval rule names somebody who finds nobody", "%d approval rules name somebody who finds nobody"),
		v.T("A role that nobody has, or somebody who left: others are asked instead."), "/rules", ui.IconRule)
	add(l.Nearly, v.N(int(l.Nearly), "%d budget is used up, or nearly", "%d budgets are used up, or nearly"),
		v.T("At least nine tenths are spent or held."), "/budgets?show="+string(budget.Nearly), ui.IconBudget)
	add(l.Roleless, v.N(int(l.Roleless), "%d member has no role", "%d members have no role"),
		v.T("They can sign in, and do nothing."), "/members?role="+noRole+"&status="+string(company.Working), ui.IconPeople)
	add(l.Lapsed, v.N(int(l.Lapsed), "%d invitation has expired", "%d invitations have expired"),
		v.T("Send them again, or withdraw them."), "/invitations?state="+string(company.Expired), ui.IconMail)
	add(l.Stopped, v.N(int(l.Stopped), "%d webhook was stopped", "%d webhooks were stopped"),
		v.T("Your system took nothing, so nothing more is sent to it."), "/webhooks", ui.IconLink)
	return items
}

// awaited names who is asked now.
func (v *visit) awaited(p approval.Plan) string {
	names := awaited(p)
	if len(names) == 0 {
		return ""
	}
	return v.T("%s decides", v.l.List(names...))
}

func (v *visit) recent(name, caption string, all []view.Order) ui.Table {
	t := ui.Table{Name: name, Caption: caption, Plain: true,
		Columns: []ui.Column{{Label: v.T("Order||noun")}, {Label: v.T("State")}, {Label: v.T("Placed"), Foldable: true}}}
	if v.priced() {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("Total, net"), Numeric: true})
	}
	for _, o := range all {
		cells := []templ.Component{ui.Named{Name: o.Number, Note: joined(" · ", o.RequesterName, o.UnitName)}, v.orderState(o.State), v.time(o.PlacedAt)}
		if v.priced() {
			cells = append(cells, ui.Money{Text: v.money(o.Net)})
		}
		t.Rows = append(t.Rows, ui.Row{URL: "/orders/" + o.ID.String(), Cells: cells})
	}
	return t
}

// repeated offers, for each of some orders, to put its lines into the cart again; the day it was placed makes room for that.
func (v *visit) repeated(t ui.Table, all []view.Order) ui.Table {
	if !v.actor.MaySomewhere(access.CartsManage) {
		return t
	}
	t.Columns = append(slices.Delete(t.Columns, 2, 3), ui.Column{Label: v.T("Order again"), LabelHidden: true, Numeric: true})
	for i, o := range all {
		t.Rows[i].Cells = slices.Delete(t.Rows[i].Cells, 2, 3)
		t.Rows[i].Cells[0] = ui.Named{Name: o.Number, Note: joined(" · ", v.l.Date(date.On(o.PlacedAt, v.zone)), o.RequesterName, o.UnitName)}
		t.Rows[i].Cells = append(t.Rows[i].Cells, postButton("/orders/"+o.ID.String()+"/copy",
			ui.Button{Label: v.T("Order again"), Icon: ui.IconRepeat, Kind: ui.Quiet, Small: true}, hidden("key", fresh())))
	}
	return t
}

// ownBudgets are the first of those that apply to the reader, as they stand now and where they are going; none without the right to see them.
func (v *visit) ownBudgets() ([]budgeting.Status, error) {
	if !v.actor.MaySomewhere(access.BudgetsView) {
		return nil, nil
	}
	list, err := v.Budgeting.List(v.ctx(), v.actor, budgeting.Filter{Mine: true}, page.Ask{Limit: 6})
	return list.Rows, err
}

// tasks are what administrators come for.
func (v *visit) tasks() []ui.Stat {
	var all []ui.Stat
	add := func(p access.Permission, label, note, url string, icon ui.Icon) {
		if v.actor.MaySomewhere(p) && (p != access.CompaniesView || v.throughout(p)) {
			all = append(all, ui.Stat{Label: label, Note: note, URL: url, Icon: icon})
		}
	}
	add(access.CompaniesView, v.T("Companies"), v.T("Everybody who buys from you"), "/companies", ui.IconCompany)
	add(access.UsersManage, v.T("People"), v.T("Add, move and deactivate members"), "/members", ui.IconPeople)
	add(access.RolesManage, v.T("Roles"), v.T("Who may do what"), "/roles", ui.IconRole)
	add(access.ApprovalRulesManage, v.T("Approval rules"), v.T("Who decides on which orders"), "/rules", ui.IconRule)
	add(access.BudgetsManage, v.T("Budgets"), v.T("What may be spent, and what is left"), "/budgets", ui.IconBudget)
	return all
}
