package portal

import (
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// DecisionPage has all that deciding on a purchase order needs: who asks for what, why it came to the reader, what it
// does to budgets, who else decides.
type DecisionPage struct {
	ui.Frame
	Header    ui.Header
	Notice    *ui.Notice // what somebody else did meanwhile, or why the reader may not decide
	Why       ui.Items
	Lines     ui.Table
	Budgets   []ui.BudgetBar
	Who       ui.Person
	Facts     ui.Facts
	Path      ui.ApprovalPath
	Decided   string // the title of the path
	Timeline  ui.Timeline
	DecideURL string
	Hash      string // of the content that is shown
	Key       string // the idempotency key
	Approve   bool   // the reader may approve now
	Reject    bool   // the reader may reject now
	Approving ui.Button
	Rejecting ui.Dialog
	Reason    ui.Field
}

func (v *visit) decision() error {
	key, err := named(v, "po", id.ParsePurchaseOrder)
	if err != nil {
		return err
	}
	return v.decisionPage(key, attempt{})
}

func (v *visit) decisionPage(key id.PurchaseOrder, a attempt) error {
	sheet, err := v.Approving.Get(v.ctx(), v.actor, key)
	if err != nil {
		return err
	}
	if err := v.actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
		return err // the page of the purchase order is for who only looks
	}
	p := DecisionPage{Frame: v.frame(sheet.Number, "approvals"), DecideURL: "/approvals/" + key.String(), Hash: sheet.Hash, Key: fresh(),
		Approve: sheet.Approve == nil, Reject: sheet.Reject == nil, Path: v.pathOf(sheet), Decided: v.decidedBy(sheet.State), Timeline: v.told(sheet)}
	p.Who = ui.Person{Name: sheet.RequesterName, Title: sheet.RequesterTitle, URL: v.memberURL(sheet.Requester)}
	p.Facts, p.Why, p.Lines, p.Budgets = v.sheetFacts(sheet), v.sheetReasons(sheet), v.sheetLines(sheet), v.effects(sheet.Budgets)
	p.Approving = ui.Button{Label: v.T("Approve"), Icon: ui.IconGood, Kind: ui.Primary, Name: "verdict", Value: string(approval.Agree), Form: "approve", Key: "a"}
	p.Rejecting = ui.Dialog{Name: "reject", Title: v.T("Reject %s", sheet.Number),
		Text: v.T("%s is told, and what is held for it is released. This cannot be undone; they may order it anew.", sheet.RequesterName)}
	p.Reason = ui.Field{As: ui.AsLongText, Name: "reason", Label: v.T("Why?"), Hint: v.T("%s reads this.", sheet.RequesterName), MaxLength: approval.MostNote, Focus: true}
	v.outcomeOf(&p, sheet, a)
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Approvals"), URL: "/approvals"}}, Title: sheet.Number, Badge: v.state(sheet.State),
		Note:    v.toldBriefly(sheet),
		Actions: v.deciding(p, sheet)}
	return v.answer(a.status(), p.View())
}

// toldBriefly is what it comes to, where the reader is shown that, and for which unit it is.
func (v *visit) toldBriefly(sheet approving.Sheet) string {
	if sheet.Net.Currency == "" {
		return sheet.UnitName
	}
	return v.T("%s for %s", v.money(sheet.Net), sheet.UnitName)
}

// outcomeOf shows what came of a decision that did not count, or why the reader may not decide.
func (v *visit) outcomeOf(p *DecisionPage, sheet approving.Sheet, a attempt) {
	switch {
	case a.made() && p.Reject && errors.Is(a.fault, approval.ErrNote):
		p.Rejecting.Open, p.Reason.Error, p.Reason.Value = true, v.sentence(a.fault), a.or("reason", "")
	case a.made():
		n := ui.Notice{Tone: ui.Warn, Title: v.T("Your decision was not needed any more, or came too late"), Text: a.rest}
		if p.Approve {
			n.Title = v.T("Your decision has not been taken")
		}
		own := slices.IndexFunc(sheet.Decisions, func(d view.Decision) bool {
			return d.Member == v.actor.Member && a.fault != nil && (a.fault.Detail["decided_by_id"] == d.Member.String() || errors.Is(a.fault, approval.ErrDecided))
		})
		if last, ok := lastDecision(sheet.Decisions, v.actor.Member); own >= 0 { // in another window, or by a second click
			d := sheet.Decisions[own]
			n = ui.Notice{Tone: ui.Info, Title: v.T("You have decided already"), Reasons: []string{v.T("At %s: %s", v.l.DateTime(d.At, v.zone), v.decided(d))}}
		} else if ok {
			if a.fault != nil && a.fault.Detail["decided_at"] != "" {
				n.Text = "" // the same is told below, with the reason
			}
			n.Reasons = append(n.Reasons, v.T("%s has decided at %s: %s", v.whoFor(last.Name, last.BehalfName), v.l.DateTime(last.At, v.zone), v.decided(last)))
		}
		if why := strings.TrimSpace(a.or("reason", "")); why != "" {
			n.Reasons = append(n.Reasons, v.T("What you wrote: “%s”", why))
			p.Reason.Value = why
		}
		p.Notice = &n
	case !p.Approve && !p.Reject && sheet.Approve != nil:
		p.Notice = &ui.Notice{Tone: ui.Info, Text: v.sentence(sheet.Approve)}
	case !p.Approve && p.Reject:
		p.Notice = &ui.Notice{Tone: ui.Warn, Text: v.sentence(sheet.Approve)}
	}
	if p.Notice != nil && !p.Approve && !p.Reject && !sheet.Next.IsZero() {
		p.Notice.Actions = ui.LinkButton{Label: v.T("Next one that waits"), URL: "/approvals/" + sheet.Next.String(), Small: true}
	}
}

// deciding are the buttons of the page: what the reader may do now.
func (v *visit) deciding(p DecisionPage, sheet approving.Sheet) templ.Component {
	var all ui.All
	if !sheet.Next.IsZero() && (p.Approve || p.Reject) {
		all = append(all, ui.LinkButton{Label: v.T("Later"), URL: "/approvals/" + sheet.Next.String(), Kind: ui.Quiet})
	}
	if p.Reject {
		all = append(all, ui.Button{Label: v.T("Reject"), Icon: ui.IconBad, Kind: ui.Danger, Opens: "reject", Key: "r"})
	}
	if p.Approve {
		all = append(all, p.Approving)
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// lastDecision is the latest thing that somebody else did.
func lastDecision(all []view.Decision, but id.Member) (view.Decision, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Member != but {
			return all[i], true
		}
	}
	return view.Decision{}, false
}

// whoFor is who did something, and for whom.
func (v *visit) whoFor(name, whom string) string {
	if whom == "" {
		return name
	}
	return v.T("%s for %s", name, whom)
}

// decided is what somebody did, in a word, with the reason they gave.
func (v *visit) decided(d view.Decision) string {
	said := map[approval.Action]string{
		approval.DoDecide: v.T("approved"), approval.DoApprove: v.T("approved"), approval.DoOverride: v.T("approved in place of the others"),
		approval.DoReject: v.T("rejected"), approval.DoWithdraw: v.T("withdrawn"), approval.DoExpire: v.T("nobody decided in time"),
	}[d.Action]
	if d.Reason != "" {
		said += " – " + d.Reason
	}
	return said
}

func (v *visit) sheetFacts(s approving.Sheet) ui.Facts {
	centre := s.CostCentreCode
	if s.CostCentreName != "" {
		centre += " " + s.CostCentreName
	}
	c := s.Content
	var place []string
	for _, u := range slices.Backward(s.Within) {
		place = append(place, u.Name)
	}
	f := ui.Facts{Facts: []ui.Fact{
		{Label: v.T("Unit"), Value: ui.Named{Name: s.UnitName, Note: joined(" › ", place...)}},
		{Label: v.T("Cost centre"), Text: centre},
		{Label: v.T("Their reference"), Text: s.Reference},
		{Label: v.T("Delivery to"), Text: joined(", ", v.printed(c.DeliverTo)...)},
	}}
	if c.BillTo != c.DeliverTo {
		f.Facts = append(f.Facts, ui.Fact{Label: v.T("Invoice to"), Text: joined(", ", v.printed(c.BillTo)...)})
	}
	f.Facts = append(f.Facts, ui.Fact{Label: v.T("Payment"), Text: v.payment(c.PaymentMethod).Label}, ui.Fact{Label: v.T("Requested delivery date"), Text: v.l.Date(date.Date(c.RequestedDate))},
		ui.Fact{Label: v.T("Submitted"), Value: v.time(s.SubmittedAt)})
	if !s.State.Final() && !s.ExpiresAt.IsZero() {
		f.Facts = append(f.Facts, ui.Fact{Label: v.T("Expires"), Value: v.time(s.ExpiresAt)})
	}
	f.Facts = append(f.Facts, ui.Fact{Label: v.T("Note"), Text: s.Note})
	return f
}

// orNone is a moment, where there is one to show.
func (v *visit) orNone(shown bool, t ui.Time) templ.Component {
	if !shown || t.Text == "" {
		return nil
	}
	return t
}

func (v *visit) sheetReasons(s approving.Sheet) ui.Items {
	items := ui.Items{Label: v.T("Why it came to you")}
	icons := map[approval.ReasonKind]ui.Icon{approval.ByRule: ui.IconRule, approval.ByLimit: ui.IconScale, approval.ByBudget: ui.IconBudget, approval.ByCredit: ui.IconCredit}
	for _, r := range s.Why {
		item := ui.Item{Title: r.Title(), Text: capital(v.phrase(r.Text)), Icon: icons[r.Kind]}
		switch {
		case r.Kind == approval.ByRule && !r.Rule.IsZero() && v.actor.MaySomewhere(access.ApprovalRulesView):
			item.URL = "/rules/" + r.Rule.String()
		case r.Kind == approval.ByBudget && v.actor.MaySomewhere(access.BudgetsView):
			item.URL = "/budgets/" + r.Budget.String()
		}
		if r.Unsure {
			item.Tone, item.Text = ui.Warn, item.Text+" "+v.T("It counts because this could not be found out.")
		}
		items.Items = append(items.Items, item)
	}
	if s.State.Final() {
		return items // nobody decides any more, nor stands in for who does
	}
	for _, whom := range s.Plan.For(v.actor.Member) {
		items.Items = append(items.Items, ui.Item{Title: v.T("You stand in for %s", whom.Name), Text: v.T("You decide with their right and your own. Both names stand with the decision."), Icon: ui.IconDeputy})
	}
	return items
}

// sheetLines are the lines that are decided on: with what they cost, and with what was paid before, where the reader is shown that.
func (v *visit) sheetLines(s approving.Sheet) ui.Table {
	type cost struct {
		ui.Column
		cell func(view.OrderLine) templ.Component
	}
	var costs []cost
	if costed(s.Lines) {
		costs = append(costs, cost{ui.Column{Label: v.T("Unit price"), Numeric: true}, v.linePrice})
		if s.Bought != nil {
			costs = append(costs, cost{ui.Column{Label: v.T("Last bought"), Numeric: true}, func(l view.OrderLine) templ.Component { return v.lastBought(l, s.Bought) }})
		}
		costs = append(costs, cost{ui.Column{Label: v.T("Total"), Numeric: true}, func(l view.OrderLine) templ.Component { return ui.Money{Text: v.money(l.Total), Strong: true} }})
	}
	t := ui.Table{Name: "lines", Caption: v.T("What is ordered"), Plain: true, Columns: []ui.Column{{Label: v.T("Product")}, {Label: v.T("Quantity"), Numeric: true}}}
	for _, c := range costs {
		t.Columns = append(t.Columns, c.Column)
	}
	for _, l := range s.Lines {
		cells := []templ.Component{ui.Named{Name: l.Name, Note: joined(" · ", l.SKU, l.Supplier, l.Note), Code: l.Supplier == "" && l.Note == ""}, ui.Quantity{Text: v.l.Quantity(l.Quantity), Unit: l.Unit}}
		for _, c := range costs {
			cells = append(cells, c.cell(l))
		}
		t.Rows = append(t.Rows, ui.Row{Cells: cells})
	}
	if len(costs) > 0 {
		t.Foot = make([]templ.Component, len(t.Columns))
		t.Foot[0], t.Foot[len(t.Foot)-1] = ui.Text(v.T("Goods, net")), ui.Money{Text: v.money(s.Net), Strong: true}
	}
	return t
}

// linePrice is what one of a line costs, and why.
func (v *visit) linePrice(l view.OrderLine) templ.Component {
	price := v.price(l.Rate)
	price.Why = ui.Why{Name: "why-line-" + l.SKU, Title: price.Text, Lines: v.phrases(l.Source.Reason())}
	return price
}

// lastBought is what the company paid for the product of a line when it last bought it, and how the price has changed since.
func (v *visit) lastBought(l view.OrderLine, bought map[id.Product]view.Bought) templ.Component {
	was, ok := bought[l.Product]
	if !ok {
		return ui.Text(v.T("never before"))
	}
	m := v.price(was.Rate)
	m.Per = v.l.Date(date.On(was.At, v.zone))
	m.Why = ui.Why{Name: "why-last-" + l.SKU, Title: m.Text, Lines: []string{v.T("Your company last bought it on %s: %s at %s.", date.On(was.At, v.zone), joined(" ", v.l.Quantity(was.Quantity), l.Unit), was.Rate)}}
	if change, ok := l.Rate.Over(was.Rate); ok && change != 0 {
		text := v.T("Now it costs %s less.", locale.Percent(-change))
		if change > 0 {
			m.Tone, text = ui.Warn, v.T("Now it costs %s more.", locale.Percent(change))
		}
		m.Why.Lines = append(m.Why.Lines, text)
	}
	return m
}

// effects are budgets as they will be with a purchase order, which is set apart in each bar.
func (v *visit) effects(all []budget.Effect) []ui.BudgetBar {
	var bars []ui.BudgetBar
	for _, e := range all {
		b := ui.BudgetBar{Label: e.Budget.Name, Limit: e.After.Limit.Minor, Spent: e.Before.Spent.Minor, Held: e.Before.Held.Minor, Order: e.All().Minor,
			Note: v.counted(e.Budget, e.Period)}
		b.Texts = ui.BudgetTexts{Limit: v.money(e.After.Limit), Spent: v.money(e.Before.Spent), Held: v.money(e.Before.Held), Order: v.money(e.All()), Left: v.money(e.After.Left)}
		if !e.Over.IsZero() {
			b.Texts.Left = v.money(e.Over)
		}
		if v.actor.MaySomewhere(access.BudgetsView) {
			b.URL = "/budgets/" + e.Budget.ID.String()
		}
		bars = append(bars, b)
	}
	return bars
}

func (v *visit) decides() error {
	key, form, err := posted(v, "po", id.ParsePurchaseOrder)
	if err != nil {
		return err
	}
	in := approving.DecideInput{Order: key, Verdict: approval.Verdict(form.Get("verdict")), Reason: strings.TrimSpace(form.Get("reason")), Hash: form.Get("hash"), Key: form.Get("key")}
	done, err := v.Approving.Decide(v.ctx(), v.actor, in)
	if err != nil {
		if a, ok := v.failed("decide", form, err); ok {
			return v.decisionPage(key, a)
		}
		if errors.Is(err, approval.ErrNotAsked) || fault.KindOf(err) == fault.Conflict {
			return v.decisionPage(key, attempt{form: "decide", said: form, rest: v.sentence(approval.ErrNotAsked)})
		}
		return err
	}
	to, err := v.afterwards(key, form.Get("back"))
	if err != nil {
		return err
	}
	return v.goOn(to, ui.Good, v.verdictSaid(done, in.Verdict))
}

// verdictSaid is what has come of a decision.
func (v *visit) verdictSaid(done approving.Outcome, verdict approval.Verdict) string {
	switch {
	case verdict == approval.Decline:
		return v.T("%s is rejected.", done.Number)
	case done.State == approval.Placed:
		return v.T("%s is approved, and the order is placed.", done.Number)
	}
	return v.T("%s is approved by you. Others are still asked.", done.Number)
}

// afterwards is where a decision leads: to the page that it was made on, or to what waits longest.
func (v *visit) afterwards(decided id.PurchaseOrder, back string) (string, error) {
	if back == "/" {
		return back, nil
	}
	list, err := v.Approving.Queue(v.ctx(), v.actor, view.QueueFilter{}, page.Ask{Limit: 2})
	if err != nil {
		return "", err
	}
	for _, r := range list.Rows {
		if r.ID != decided {
			return "/approvals/" + r.ID.String(), nil
		}
	}
	return "/approvals", nil
}
