package portal

import (
	"time"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
)

// approvals adds the pages of deciding.
func (p *Portal) approvals(look, act adding) {
	look("/approvals", access.PurchaseOrdersApprove, (*visit).queue)
	look("/approvals/{po}", access.PurchaseOrdersApprove, (*visit).decision)
	act("/approvals/{po}", access.PurchaseOrdersApprove, (*visit).decides)
}

// QueuePage lists what waits for the reader's decision, what they were asked longest ago first.
type QueuePage struct {
	ui.Frame
	Header  ui.Header
	Filters ui.Filters
	Table   ui.Table
}

func (v *visit) queue() error {
	place, err := v.leafing(2)
	if err != nil {
		return err
	}
	unit := filter(v, "unit", id.ParseUnit)
	list, err := v.Approving.Queue(v.ctx(), v.actor, approving.QueueFilter{Text: v.query("q"), Unit: unit}, place.ask)
	if err != nil {
		return err
	}
	counts, err := v.Approving.Counts(v.ctx(), v.actor)
	if err != nil {
		return err
	}
	units, err := v.units(v.T("All units"))
	if err != nil {
		return err
	}
	p := QueuePage{Frame: v.frame(v.T("Approvals"), "approvals")}
	p.Header = ui.Header{Title: v.T("Approvals")}
	if counts.Waiting > 0 {
		p.Header.Note = v.N(int(counts.Waiting), "%d purchase order waits for your decision, the oldest first.", "%d purchase orders wait for your decision, the oldest first.")
	}
	p.Filters = v.queueFilters(units)
	p.Table = v.queueTable(list, place)
	return v.show(p.View())
}

func (v *visit) queueFilters(units []ui.Option) ui.Filters {
	f := ui.Filters{Action: "/approvals", HX: ui.HX{Region: "queue"}, Clear: "/approvals",
		Search: ui.SearchField{Label: v.T("Number, reference or requester"), Value: v.query("q")}}
	if len(units) > 1 {
		f.Fields = []ui.Field{{As: ui.AsSelect, Name: "unit", Label: v.T("Unit"), Value: v.query("unit"), Options: units, Find: findUnit}}
	}
	if q := v.query("q"); q != "" {
		f.Chips = append(f.Chips, v.chip(q, "q"))
	}
	if name := labelOf(units, v.query("unit")); name != "" {
		f.Chips = append(f.Chips, v.chip(v.T("Unit: %s", name), "unit"))
	}
	return f
}

func (v *visit) queueTable(list page.List[approving.QueueRow], place leafing) ui.Table {
	t := ui.Table{Name: "queue", Caption: v.T("What waits for your decision"), Pager: place.pager(len(list.Rows), list.Next, -1),
		Columns: []ui.Column{{Label: v.T("Purchase order")}, {Label: v.T("Requester")}, {Label: v.T("Why you")}, {Label: v.T("Waiting for")}, {Label: v.T("Total, net"), Numeric: true}},
		Empty:   ui.Empty{Icon: ui.IconApprovals, Title: v.T("Nothing waits for you"), Text: v.T("You are up to date. When a purchase order needs your decision, it appears here and you are told.")}}
	if v.query("q")+v.query("unit") != "" {
		t.Empty = ui.Empty{Icon: ui.IconSearch, Title: v.T("Nothing of what waits for you fits"), Action: ui.LinkButton{Label: v.T("Show all"), URL: "/approvals"}}
	}
	for _, r := range list.Rows {
		t.Rows = append(t.Rows, ui.Row{URL: "/approvals/" + r.ID.String(), Tone: late(r.Age), Cells: []templ.Component{
			ui.Named{Name: r.Number, Note: v.N(int(r.Lines), "%d line", "%d lines")},
			ui.Person{Name: r.RequesterName, Title: r.UnitName},
			ui.Text(v.shortly(r.Why)),
			v.waiting(r.AskedAt, r.Age),
			ui.Money{Text: v.money(r.Net), Strong: true},
		}})
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
