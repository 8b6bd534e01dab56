package portal

import (
	"strconv"

	"github.com/a-h/templ"

	"kontor/internal/base/date"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
)

// RuleReplay is where a rule, as it stands in its form, is replayed over the purchase orders of the past, and what came of it.
type RuleReplay struct {
	T      func(string, ...any) string
	URL    string // of the page, where there is no form of the rule: it is asked as it is kept
	Months ui.Field
	Run    ui.Button
	Done   bool
	Empty  *ui.Empty // nothing was ordered in that time
	Stats  []ui.Stat
	Notes  []ui.Notice
	Asks   string // whom the rule asks, as it says it
	People ui.Bars
	More   string // that there are more people
	New    ui.Table
	Gone   ui.Table
	Basis  []string // what the figures say, and what they do not
}

// replayDraft holds a rule against the purchase orders of the months that the draft asks for.
func (v *visit) replayDraft(d *ruleDraft, r approval.Rule) error {
	months, err := strconv.Atoi(d.replay.months)
	if err != nil {
		months = 0 // refused as any number that is none
	}
	done, err := v.Approving.Replay(v.ctx(), v.actor, approving.ReplayInput{Rule: r, Months: months})
	if err == nil {
		d.replay.rule, d.replay.done = r, &done
	}
	return err
}

// replayMonths are those that are offered.
var replayMonths = []int{1, 3, 6, 12, 24, 36, 60, 120}

// replayPart is the part of the page; nothing for who sees no purchase orders.
func (v *visit) replayPart(d replayDraft) (*RuleReplay, error) {
	if !v.actor.MaySomewhere(access.PurchaseOrdersView) {
		return nil, nil
	}
	p := &RuleReplay{T: v.T, Run: ui.Button{Label: v.T("Replay"), Icon: ui.IconHistory}}
	p.Months = ui.Field{As: ui.AsSelect, Name: "months", Label: v.T("How far back"), LabelHidden: true, Value: ifEmpty(d.months, "12")}
	for _, n := range replayMonths {
		label := v.N(n, "Purchase orders of the last month", "Purchase orders of the last %d months")
		if n >= 24 {
			label = v.N(n/12, "Purchase orders of the last year", "Purchase orders of the last %d years")
		}
		p.Months.Options = append(p.Months.Options, ui.Option{Value: strconv.Itoa(n), Label: label})
	}
	p.Months.Options = holding0(p.Months.Options, p.Months.Value, v.T("Purchase orders of the last %s months", p.Months.Value))
	if v.actor.MaySomewhere(access.ApprovalRulesManage) {
		p.Months.Form, p.Run.Form, p.Run.Name, p.Run.Value = "rule", "rule", "do", "replay"
	}
	if d.done == nil {
		return p, nil
	}
	p.Done = true
	if d.done.Orders == 0 {
		p.Empty = &ui.Empty{Icon: ui.IconOrders, Title: v.T("No purchase order in that time"), Text: v.T("None was submitted since %s that you see. Go further back, or ask somebody who sees more.", v.l.Date(date.On(d.done.From, v.zone)))}
		return p, nil
	}
	sources, err := v.Approving.Sources(v.ctx(), v.actor, d.rule)
	if err != nil {
		return nil, err
	}
	p.fill(v, *d.done, !d.rule.ID.IsZero(), sources)
	return p, nil
}

// figure is a whole number as the reader writes it.
func (v *visit) figure(n int) string { return v.T("%d", n) }

func (p *RuleReplay) fill(v *visit, d approving.Replay, saved bool, sources approving.Sources) {
	held := d.Asks + d.Refuses
	p.Stats = []ui.Stat{{Label: v.T("Held by this rule"), Value: v.figure(held), Icon: ui.IconApprovals, Note: v.T("of %d purchase orders since %s", d.Orders, v.l.Date(date.On(d.From, v.zone)))},
		{Label: v.T("Newly held"), Value: v.figure(d.Fresh), Icon: ui.IconPause, Note: v.T("nobody was asked about them then")},
		v.addedStat(d),
		{Label: v.T("Would slip through"), Value: v.figure(d.Slipped), Icon: ui.IconWarn, Note: v.T("were rejected, and nobody would be asked")}}
	if d.Fresh > 0 {
		p.Stats[1].Tone = ui.Warn
	}
	if d.Slipped > 0 {
		p.Stats[3].Tone = ui.Bad
	}
	p.notes(v, d, saved)
	var asks []string
	for _, s := range d.Sources {
		asks = append(asks, v.T("%s (%d)", v.sourceName(s.Source, sources), s.Orders))
	}
	p.Asks = v.l.List(once(asks)...)
	p.People = ui.Bars{Label: v.T("Whom it would have asked")}
	for _, one := range d.People {
		b := ui.Bar{Label: one.Name, Value: int64(one.Orders), Text: v.N(one.Orders, "%d purchase order", "%d purchase orders")}
		switch {
		case one.Decisions > 0:
			b.Note = v.T("usually takes %s", v.lasting(one.Usual))
		case d.Decisions > 0:
			b.Note = v.T("too few decisions to tell how long")
		}
		p.People.Bars = append(p.People.Bars, b)
	}
	if more := d.Persons - len(d.People); more > 0 {
		p.More = v.N(more, "and %d person more", "and %d people more")
	}
	p.New, p.Gone = v.newlyHeld(d), v.slippedThrough(d)
	p.basis(v, d)
}

// addedStat is how much longer purchase orders wait.
func (v *visit) addedStat(d approving.Replay) ui.Stat {
	s := ui.Stat{Label: v.T("Added waiting"), Icon: ui.IconWaiting, Value: v.figure(0), Note: v.T("nothing would have waited longer")}
	switch {
	case d.Decisions == 0:
		s.Value, s.Note = "–", v.T("nobody decided anything in that time, so nothing can be estimated")
	case d.Longer > 0:
		s.Value, s.Note = v.lasting(d.Each), v.N(d.Longer, "in the median of %d purchase order; %s in all", "in the median of %d purchase orders; %s in all", v.lasting(d.Added))
	}
	return s
}

// notes say what to know of the figures.
func (p *RuleReplay) notes(v *visit, d approving.Replay, saved bool) {
	var all []string
	say := func(n int, text string) {
		if n > 0 {
			all = append(all, text)
		}
	}
	say(d.Refuses, v.N(d.Refuses, "%d would have been refused.", "%d would have been refused."))
	say(d.Besides, v.N(d.Besides, "Of those newly held, another rule of today or a budget of then asks about %d, too.", "Of those newly held, another rule of today or a budget of then asks about %d, too."))
	say(d.Through, v.N(d.Through, "%d that was held then would go straight through.", "%d that were held then would go straight through."))
	say(d.Approves, v.N(d.Approves, "%d would have been approved automatically by this rule; others may ask all the same.", "%d would have been approved automatically by this rule; others may ask all the same."))
	say(d.Excused, v.N(d.Excused, "%d would have been approved automatically by a permission of who ordered it.", "%d would have been approved automatically by a permission of who ordered them."))
	say(d.Stuck, v.N(d.Stuck, "%d would have waited, for too few people are there who may decide.", "%d would have waited, for too few people are there who may decide."))
	if saved {
		all = append(all, v.N(d.Saved, "The rule as it is saved holds %d of them.", "The rule as it is saved holds %d of them."))
	}
	if len(all) > 0 {
		p.Notes = append(p.Notes, ui.Notice{Tone: ui.Info, Title: v.T("In detail"), Reasons: all})
	}
	if d.Unsure > 0 {
		n := ui.Notice{Tone: ui.Warn, Title: v.N(d.Unsure, "%d counts because it could not be evaluated", "%d count because they could not be evaluated")}
		var facts []string
		for _, f := range d.Unknown {
			facts = append(facts, v.T(f.Label))
		}
		n.Text = v.T("Of them the rule cannot tell, so it holds them, as it would at checkout.")
		if len(facts) > 0 {
			n.Text = v.T("What is not kept with a purchase order is not known afterwards: %s.", v.l.List(facts...))
		}
		p.Notes = append(p.Notes, n)
	}
	if d.Unpriced {
		p.Notes = append(p.Notes, ui.Notice{Tone: ui.Warn, Title: v.T("You are not shown what orders come to"), Text: v.T("So amounts are not known here, a rule about them counts as matching, and approval limits are not held against them.")})
	}
	if d.Cut {
		p.Notes = append(p.Notes, ui.Notice{Tone: ui.Warn, Title: v.T("Only the newest %d purchase orders were replayed", d.Orders)})
	}
}

// basis says what the figures are made of.
func (p *RuleReplay) basis(v *visit, d approving.Replay) {
	p.Basis = []string{
		v.T("The rule as it stands in the form counts in the place of the saved one, whether it is on or off and whenever it is to begin and end. All other rules count as they are now, and so do roles, structure and people."),
		v.T("Limits and budgets are not replayed: what they wanted of a purchase order then stands."),
		v.T("“Held” is that somebody is asked, or that the order is refused. Whoever would have been asked might have agreed, or not: that nobody knows."),
		v.T("What was refused at checkout then never became a purchase order, and is not among these. Neither is what you may not see."),
	}
	if d.Decisions > 0 {
		p.Basis = append(p.Basis, v.N(d.Decisions, "Waiting is estimated by %d decision of that time, from when somebody was asked to when they answered, nights and days off included: usually %s.",
			"Waiting is estimated by %d decisions of that time, from when somebody was asked to when they answered, nights and days off included: usually %s.", v.lasting(d.Usual)),
			v.T("Of who decided less than %d times, the usual time of all counts. Stages follow each other; in a group the quickest decide. It is held against what was asked then, by the same measure.", approval.FewestDecisions))
	}
}

// newlyHeld is a table of what is held that was not.
func (v *visit) newlyHeld(d approving.Replay) ui.Table {
	t := ui.Table{Name: "newly-held", Caption: v.T("Newly held"), Plain: true, Dense: true}
	t.Columns = []ui.Column{{Label: v.T("Purchase order")}, {Label: v.T("Requester")}, {Label: v.T("Why")}, {Label: v.T("Asked"), Foldable: true}, {Label: v.T("Submitted"), Fit: true, Foldable: true}}
	t.Rows = v.replayed(d.New, func(o approving.ReplayedOrder) []templ.Component {
		asked := v.l.List(o.Asked...)
		if o.Refused {
			asked = v.T("Refused")
		}
		return []templ.Component{ui.Text(capital(v.phrase(o.Why))), ui.Text(asked), v.time(o.SubmittedAt)}
	})
	return v.worth(t, d.New, d.Fresh)
}

// slippedThrough is a table of what was rejected and would not be held.
func (v *visit) slippedThrough(d approving.Replay) ui.Table {
	t := ui.Table{Name: "slipped-through", Caption: v.T("Would slip through"), Plain: true, Dense: true}
	t.Columns = []ui.Column{{Label: v.T("Purchase order")}, {Label: v.T("Requester")}, {Label: v.T("Rejected because")}, {Label: v.T("With the rules as they are")}, {Label: v.T("Submitted"), Fit: true, Foldable: true}}
	t.Rows = v.replayed(d.Gone, func(o approving.ReplayedOrder) []templ.Component {
		now := ui.Badge{Label: v.T("Somebody is asked"), Tone: ui.Good}
		if o.Already {
			now = ui.Badge{Label: v.T("Nobody is asked either")}
		}
		return []templ.Component{ui.Text(o.Reason), now, v.time(o.SubmittedAt)}
	})
	return v.worth(t, d.Gone, d.Slipped)
}

// replayed are rows of purchase orders: each with its number and who ordered it, and more.
func (v *visit) replayed(orders []approving.ReplayedOrder, more func(approving.ReplayedOrder) []templ.Component) (rows []ui.Row) {
	for _, o := range orders {
		cells := append([]templ.Component{ui.Named{Name: o.Number, Note: v.state(o.State).Label}, ui.Named{Name: o.RequesterName, Note: o.UnitName}}, more(o)...)
		rows = append(rows, ui.Row{URL: "/purchase-orders/" + o.ID.String(), Cells: cells})
	}
	return rows
}

// worth adds what the orders come to, where that is shown, and says how many there are besides.
func (v *visit) worth(t ui.Table, orders []approving.ReplayedOrder, all int) ui.Table {
	if len(orders) > 0 && orders[0].Net != (money.Money{}) {
		t.Columns = append(t.Columns, ui.Column{Label: v.T("Total, net"), Numeric: true})
		for i, o := range orders {
			t.Rows[i].Cells = append(t.Rows[i].Cells, ui.Money{Text: v.money(o.Net), Strong: true})
		}
	}
	if all > len(orders) {
		t.Foot = make([]templ.Component, len(t.Columns))
		t.Foot[0] = ui.Text(v.T("The newest %d of %d", len(orders), all))
	}
	return t
}
