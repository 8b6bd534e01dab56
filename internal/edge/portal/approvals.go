package portal

import (
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/money"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
	"kontor/internal/view"
)

// approvals adds the pages of deciding.
func (p *Portal) approvals(look looking, act adding) {
	look("/approvals", access.PurchaseOrdersApprove, "Approvals", (*visit).queue)
	act("/approvals", access.PurchaseOrdersApprove, (*visit).decidesMany)
	look("/approvals/decided", access.PurchaseOrdersApprove, "", (*visit).decidedMany)
	look("/approvals/{po}", access.PurchaseOrdersApprove, "A purchase order to decide on", (*visit).decision)
	act("/approvals/{po}", access.PurchaseOrdersApprove, (*visit).decides)
}

// QueuePage lists what waits for the reader's decision, what they were asked longest ago first.
type QueuePage struct {
	ui.Frame
	Header    ui.Header
	Filters   ui.Filters
	Table     ui.Table
	News      ui.News // what came and went since the list was read
	Bulk      ui.Bulk // decides on those that are ticked; left out without a form
	Rejecting ui.Dialog
	Reason    ui.Field
}

func (v *visit) queue() error { return v.queuePage(attempt{}) }

func (v *visit) queuePage(a attempt) error {
	choices, err := v.Approving.Choices(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	b := v.queueBar(choices)
	var q approving.Queue
	t := v.queueTable(func(ask page.Ask) (page.List[approving.QueueRow], error) {
		var err error
		q, err = v.Approving.Queue(v.ctx(), v.actor, b.filter, ask)
		return q.List, err
	}, b, a)
	t.found = func() page.Count { return q.Found }
	if v.given() {
		return t.give(v)
	}
	shown, _, err := t.show(v)
	if err != nil {
		return err
	}
	b.bar.Keep = t.kept(v)
	p := QueuePage{Filters: b.bar, Header: ui.Header{Title: v.T("Approvals")}, Table: shown}
	oldest := t.sorted(v) == t.usual
	switch n := int(q.Found.N); {
	case b.narrowed && q.Found.More:
		p.Header.Note = v.T("More than %s purchase orders that wait for your decision fit.", v.l.Int(q.Found.N))
	case b.narrowed:
		p.Header.Note = v.N(n, "%d purchase order that waits for your decision fits.", "%d purchase orders that wait for your decision fit.")
	case q.Found.More && oldest:
		p.Header.Note = v.T("More than %s purchase orders wait for your decision, the oldest first.", v.l.Int(q.Found.N))
	case n > 0 && oldest:
		p.Header.Note = v.N(n, "%d purchase order waits for your decision, the oldest first.", "%d purchase orders wait for your decision, the oldest first.")
	case n > 0:
		p.Header.Note = v.undecided(q.Found)
	}
	p.Frame = v.frame(v.T("Approvals"), "approvals")
	if p.News, err = v.queueNews(q, b.filter); err != nil {
		return err
	}
	v.bulk(&p, a)
	return v.answer(a.status(), p.View())
}

// queueNews tells what has changed of what waits since the page was read on which it stands: that page asks with when it was,
// and how many there were.
func (v *visit) queueNews(q approving.Queue, f view.QueueFilter) (ui.News, error) {
	query := v.r.URL.Query()
	since, err := strconv.ParseInt(query.Get("since"), 10, 64)
	had, wrong := strconv.ParseInt(query.Get("had"), 10, 64)
	n := ui.News{Name: "queue-news", Count: "approvals", Show: ui.LinkButton{Label: v.T("Show"), URL: v.here("since", "", "had", ""), Small: true}}
	if err != nil || wrong != nil {
		n.Get = v.here("since", strconv.FormatInt(q.At.UnixMicro(), 10), "had", strconv.FormatInt(q.Found.N, 10))
		return n, nil
	}
	n.Get, f.Since = v.here(), time.UnixMicro(since).UTC()
	later, err := v.Approving.Queue(v.ctx(), v.actor, f, page.Ask{Limit: 1})
	if err != nil {
		return n, err
	}
	came := max(later.Found.N, q.Found.N-had) // what was asked for before that, and written after it, is new as well
	gone := had + came - q.Found.N
	if q.Found.More {
		gone = 0 // nobody knows
	}
	var told []string
	if came > 0 {
		told = append(told, v.N(int(came), "%d new purchase order waits for you", "%d new purchase orders wait for you"))
	}
	if gone > 0 {
		told = append(told, v.N(int(gone), "%d of these waits no longer", "%d of these wait no longer"))
	}
	n.Text = joined(" · ", told...)
	return n, nil
}

// queueTable is what waits for the reader's decision.
func (v *visit) queueTable(read func(page.Ask) (page.List[approving.QueueRow], error), b queueBar, a attempt) table[approving.QueueRow] {
	t := table[approving.QueueRow]{name: "queue", title: v.T("What waits for your decision"), usual: page.Sort{By: "waiting", Down: true}, read: read,
		empty: ui.Empty{Icon: ui.IconApprovals, Title: v.T("Nothing waits for you"), Text: v.T("You are up to date. When a purchase order needs your decision, it appears here and you are told.")},
		row: func(r approving.QueueRow) ui.Row {
			value := r.ID.String() + " " + r.Hash
			return ui.Row{URL: "/approvals/" + r.ID.String(), Tone: late(r.Age), Value: value, Said: r.Number, Ticked: slices.Contains(a.said["po"], value)}
		},
		columns: []column[approving.QueueRow]{
			{Column: ui.Column{Label: v.T("Purchase order")}, key: "number", cell: func(r approving.QueueRow) templ.Component {
				return ui.Named{Name: r.Number, Note: v.N(int(r.Lines), "%d line", "%d lines")}
			}},
			{Column: ui.Column{Label: v.T("Requester")}, key: "requester", sort: "requester", cell: func(r approving.QueueRow) templ.Component {
				return ui.Person{Name: r.RequesterName, Title: r.UnitName}
			}},
			{Column: ui.Column{Label: v.T("Why you")}, key: "why", cell: func(r approving.QueueRow) templ.Component {
				return ui.Text(joined(" · ", v.shortly(r.Why), v.standsFor(r.For)))
			}},
			{Column: ui.Column{Label: v.T("PO number")}, key: "reference", extra: true, cell: func(r approving.QueueRow) templ.Component { return ui.Text(r.Reference) }},
			{Column: ui.Column{Label: v.T("Waiting for")}, key: "waiting", sort: "waiting", down: true, cell: func(r approving.QueueRow) templ.Component { return v.waiting(r.AskedAt, r.Age) }},
			{Column: ui.Column{Label: v.T("Total, net"), Numeric: true}, key: "total", sort: "total", down: true, cell: func(r approving.QueueRow) templ.Component {
				return ui.Money{Text: v.money(r.Net), Strong: true}
			}},
		},
		file: []datum[approving.QueueRow]{
			{v.T("Purchase order"), func(r approving.QueueRow) string { return r.Number }}, {v.T("PO number"), func(r approving.QueueRow) string { return r.Reference }},
			{v.T("Requester"), func(r approving.QueueRow) string { return r.RequesterName }}, {v.T("Unit"), func(r approving.QueueRow) string { return r.UnitName }},
			{v.T("Why you"), func(r approving.QueueRow) string { return joined(" · ", v.shortly(r.Why), v.standsFor(r.For)) }}, {v.T("Waiting since"), func(r approving.QueueRow) string { return moment(r.AskedAt) }},
		}}
	t.file = append(t.file, amounts(v, v.T("Total, net"), func(r approving.QueueRow) money.Money { return r.Net })...)
	if b.narrowed {
		t.empty = ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing of what waits for you fits"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/approvals"}}
	}
	return t
}

// late is how urgent it is to decide, after so long.
func late(age time.Duration) ui.Tone {
	if age > 48*time.Hour {
		return ui.Warn
	}
	return ui.Neutral
}

// waiting is for how long somebody has been asked.
func (v *visit) waiting(at time.Time, age time.Duration) ui.Time {
	t := v.time(at)
	t.Text = v.lasting(age)
	return t
}

// lasting is a length of time in words.
func (v *visit) lasting(of time.Duration) string {
	switch {
	case of < time.Hour:
		return v.N(max(1, int(of/time.Minute)), "%d minute", "%d minutes")
	case of < 48*time.Hour:
		return v.N(int(of/time.Hour), "%d hour", "%d hours")
	}
	return v.N(int(of/(24*time.Hour)), "%d day", "%d days")
}

// shortly is the first of some reasons, and that there are more.
func (v *visit) shortly(why []approval.Reason) string {
	switch len(why) {
	case 0:
		return ""
	case 1:
		return v.reason(why[0])
	}
	return v.T("%s, and more", v.reason(why[0]))
}
