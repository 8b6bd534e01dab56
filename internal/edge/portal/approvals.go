package portal

import (
	"slices"
	"time"

	"github.com/a-h/templ"

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
	Bulk      ui.Bulk // decides on those that are ticked; left out without a form
	Rejecting ui.Dialog
	Reason    ui.Field
}

func (v *visit) queue() error { return v.queuePage(attempt{}) }

func (v *visit) queuePage(a attempt) error {
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	choices, err := v.Approving.Choices(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	b := v.queueBar(choices)
	q, err := v.Approving.Queue(v.ctx(), v.actor, b.filter, place.ask)
	if err != nil {
		return err
	}
	p := QueuePage{Filters: b.bar, Header: ui.Header{Title: v.T("Approvals")}}
	switch {
	case b.narrowed:
		p.Header.Note = v.N(int(q.Found), "%d purchase order that waits for your decision fits.", "%d purchase orders that wait for your decision fit.")
	case q.Found > 0 && (b.filter.Sort == "" || b.filter.Sort == view.OldestFirst):
		p.Header.Note = v.N(int(q.Found), "%d purchase order waits for your decision, the oldest first.", "%d purchase orders wait for your decision, the oldest first.")
	case q.Found > 0:
		p.Header.Note = v.N(int(q.Found), "%d purchase order waits for your decision.", "%d purchase orders wait for your decision.")
	}
	p.Frame = v.frame(v.T("Approvals"), "approvals")
	p.Table = v.queueTable(q, place, b, a)
	v.bulk(&p, a)
	return v.answer(a.status(), p.View())
}

func (v *visit) queueTable(q approving.Queue, place leafing, b queueBar, a attempt) ui.Table {
	t := ui.Table{Name: "queue", Caption: v.T("What waits for your decision"), Pager: place.pager(len(q.Rows), q.Next, q.Found),
		Columns: []ui.Column{{Label: v.T("Purchase order")}, v.sorted(b, v.T("Requester"), view.ByRequester, ""), {Label: v.T("Why you")},
			v.sorted(b, v.T("Waiting for"), view.NewestFirst, view.OldestFirst), v.sorted(b, v.T("Total, net"), view.SmallestFirst, view.LargestFirst)},
		Empty: ui.Empty{Icon: ui.IconApprovals, Title: v.T("Nothing waits for you"), Text: v.T("You are up to date. When a purchase order needs your decision, it appears here and you are told.")}}
	t.Columns[4].Numeric = true
	if b.narrowed {
		t.Empty = ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing of what waits for you fits"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/approvals"}}
	}
	for _, r := range q.Rows {
		value := r.ID.String() + " " + r.Hash
		t.Rows = append(t.Rows, ui.Row{URL: "/approvals/" + r.ID.String(), Tone: late(r.Age), Value: value, Said: r.Number, Ticked: slices.Contains(a.said["po"], value), Cells: []templ.Component{
			ui.Named{Name: r.Number, Note: v.N(int(r.Lines), "%d line", "%d lines")},
			ui.Person{Name: r.RequesterName, Title: r.UnitName},
			ui.Text(v.shortly(r.Why)),
			v.waiting(r.AskedAt, r.Age),
			ui.Money{Text: v.money(r.Net), Strong: true},
		}})
	}
	return t
}

// sorted is a column by which the queue is sorted; pressed again it is sorted the other way round, where there is one.
func (v *visit) sorted(b queueBar, label string, up, down view.QueueSort) ui.Column {
	c := ui.Column{Label: label}
	sort := b.filter.Sort
	if sort == "" {
		sort = view.OldestFirst
	}
	next := down // what is largest, or waits longest, is what one looks for first
	switch {
	case sort == up:
		c.Sorted = ui.Ascending
	case sort == down:
		c.Sorted, next = ui.Descending, up
	case down == "":
		next = up
	}
	if next != "" {
		c.SortURL = v.here("sort", string(next))
	}
	return c
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
	switch {
	case age < time.Hour:
		t.Text = v.N(max(1, int(age/time.Minute)), "%d minute", "%d minutes")
	case age < 48*time.Hour:
		t.Text = v.N(int(age/time.Hour), "%d hour", "%d hours")
	default:
		t.Text = v.N(int(age/(24*time.Hour)), "%d day", "%d days")
	}
	return t
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
