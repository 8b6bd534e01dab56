package portal

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
)

// bulk lets the rows of the queue be ticked, and decides on those that are.
func (v *visit) bulk(p *QueuePage, a attempt) {
	if len(p.Table.Rows) == 0 {
		return
	}
	p.Table.Ticks, p.Table.Form = "po", "decide"
	p.Bulk = ui.Bulk{Form: "decide", Action: v.r.URL.RequestURI(), Buttons: ui.All{hidden("key", fresh()),
		ui.Button{Label: v.T("Reject"), Icon: ui.IconBad, Kind: ui.Danger, Small: true, Opens: "reject", Key: "r"},
		ui.Button{Label: v.T("Approve"), Icon: ui.IconGood, Kind: ui.Primary, Small: true, Name: "verdict", Value: string(approval.Agree), Key: "a"}}}
	p.Rejecting = ui.Dialog{Name: "reject", Title: v.T("Reject what is ticked"), Open: a.made(),
		Text: v.T("Those who ordered are told, and what is held for them is released. This cannot be undone; they may order anew.")}
	p.Reason = a.field(ui.Field{As: ui.AsLongText, Name: "reason", Label: v.T("Why?"), Hint: v.T("Everybody who ordered one of them reads this."), MaxLength: approval.MostNote, Focus: true, Form: p.Bulk.Form})
	if a.made() {
		p.Reason.Error = v.sentence(a.fault)
	}
}

func (v *visit) decidesMany() error {
	form, err := v.form()
	if err != nil {
		return err
	}
	in := approving.DecideManyInput{Key: form.Get("key")}
	if in.Key == "" {
		in.Key = fresh()
	}
	verdict, reason := approval.Verdict(form.Get("verdict")), ""
	if verdict == approval.Decline {
		reason = strings.TrimSpace(form.Get("reason"))
	}
	for _, ticked := range once(form["po"]) {
		typed, hash, _ := strings.Cut(ticked, " ")
		key, err := id.ParsePurchaseOrder(typed)
		if err != nil {
			return err
		}
		in.Decisions = append(in.Decisions, approving.DecideInput{Order: key, Verdict: verdict, Reason: reason, Hash: hash})
	}
	if err := v.actor.RequireSomewhere(access.PurchaseOrdersApprove); err != nil {
		return err // who may not decide is not told how
	}
	if len(in.Decisions) == 0 {
		return v.goOn(v.r.URL.RequestURI(), ui.Warn, v.T("Tick the purchase orders that you want to decide on."))
	}
	if said, err := approval.Said(reason); err != nil || verdict == approval.Decline && said == "" {
		a, _ := v.failed("decide", form, approval.ErrNote)
		return v.queuePage(a)
	}
	if _, err := v.Approving.DecideMany(v.ctx(), v.actor, in); err != nil {
		return v.refused(v.r.URL.RequestURI(), err)
	}
	return v.goOn("/approvals/decided?"+url.Values{"key": {in.Key}, "back": {v.r.URL.RequestURI()}}.Encode(), "", "")
}

// DecidedPage tells what has come of several decisions.
type DecidedPage struct {
	ui.Frame
	Header ui.Header
	Table  ui.Table
}

func (v *visit) decidedMany() error {
	done, err := v.Approving.Decided(v.ctx(), v.actor, v.query("key"))
	if err != nil {
		return err
	}
	back := ours(v.query("back"), "/approvals")
	p := DecidedPage{Frame: v.frame(v.T("What has come of it"), "approvals"), Table: ui.Table{Name: "decided", Caption: v.T("What has come of your decisions"), Columns: []ui.Column{
		{Label: v.T("Purchase order")}, {Label: v.T("Requester")}, {Label: v.T("Outcome")}, {Label: v.T("Total, net"), Numeric: true}}}}
	counted := 0
	for _, r := range done.Results {
		if r.Refused == nil {
			counted++
		}
		p.Table.Rows = append(p.Table.Rows, v.resultRow(r))
	}
	p.Header = ui.Header{Crumbs: []ui.Link{{Label: v.T("Approvals"), URL: back}}, Title: v.T("%d of %d decisions were taken", counted, len(done.Results)),
		Actions: ui.LinkButton{Label: v.T("Back to what waits"), URL: back, Kind: ui.Primary}}
	if counted == len(done.Results) {
		p.Header.Title = v.N(counted, "%d decision was taken", "All %d decisions were taken")
	}
	return v.show(p.View())
}

func (v *visit) resultRow(r approving.Result) ui.Row {
	row := ui.Row{Cells: []templ.Component{ui.Text(ifEmpty(r.Number, v.T("unknown"))), ui.Text(r.Requester), v.resulted(r), nil}}
	if r.Number != "" {
		row.URL = "/approvals/" + r.ID.String()
	}
	if r.Net != (money.Money{}) {
		row.Cells[3] = ui.Money{Text: v.money(r.Net), Strong: true}
	}
	if r.Refused != nil {
		row.Tone = ui.Warn
	}
	return row
}

// Became is what has come of a decision: in a word, and why.
type Became struct {
	Badge ui.Badge
	Lines []string
}

// Render writes it.
func (b Became) Render(ctx context.Context, w io.Writer) error { return b.view().Render(ctx, w) }

func (v *visit) resulted(r approving.Result) Became {
	switch {
	case r.Refused != nil:
		b := Became{Badge: ui.Badge{Label: v.T("Not decided"), Tone: ui.Warn}, Lines: []string{v.sentence(r.Refused.Fault())}}
		if l := r.Last; l != nil && overtaken(r) {
			b.Badge.Label = v.T("Already decided")
			b.Lines = []string{v.T("%s has decided at %s: %s", ifEmpty(l.Name, v.seller), v.l.DateTime(l.At, v.zone), v.decided(*l))}
		}
		return b
	case r.Verdict == approval.Decline && r.State == approval.Rejected:
		return Became{Badge: ui.Badge{Label: v.T("Rejected"), Tone: ui.Neutral}}
	case r.Verdict == approval.Decline:
		return Became{Badge: ui.Badge{Label: v.T("Rejected by you"), Tone: ui.Neutral}, Lines: []string{v.T("Others are still asked.")}}
	case r.State == approval.Placed:
		return Became{Badge: ui.Badge{Label: v.T("Approved"), Tone: ui.Good}, Lines: []string{v.T("The order is placed.")}}
	}
	return Became{Badge: ui.Badge{Label: v.T("Approved by you"), Tone: ui.Good}, Lines: []string{v.T("Others are still asked.")}}
}

// overtaken reports whether somebody else was quicker.
func overtaken(r approving.Result) bool {
	for _, f := range []error{approval.ErrNotPending, approval.ErrDecided, approval.ErrNotAsked} {
		if errors.Is(r.Refused.Fault(), f) {
			return true
		}
	}
	return false
}
