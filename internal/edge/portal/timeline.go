package portal

import (
	"time"

	"kontor/internal/domain/approval"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/order"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/approving"
)

// happening is one thing that happened to a purchase order or an order.
type happening struct {
	At        time.Time
	Name      string // of who did it
	Event     string // "purchase_order.submitted"
	Reason    string // as somebody typed it
	For       string // for whom, as a deputy
	Automatic []string
	To        order.State // of an order that moved
	Straight  bool        // nobody was asked
	Back      bool        // its lines came back in a cart
}

// happened is one entry of a timeline in words.
func (v *visit) happened(h happening) ui.Event {
	e := ui.Event{When: v.time(h.At), Person: ui.Person{Name: v.whoFor(h.Name, h.For)}, Text: budget.Noted(h.Reason, v.l)}
	said := func(title string, icon ui.Icon, tone ui.Tone) ui.Event {
		e.Title, e.Icon, e.Tone = title, icon, tone
		return e
	}
	alone := func(title string, icon ui.Icon, tone ui.Tone) ui.Event {
		e.Person = ui.Person{}
		return said(title, icon, tone)
	}
	switch h.Event {
	case "purchase_order.submitted":
		return said(v.T("submitted the cart"), ui.IconSend, ui.Info)
	case "purchase_order.approval_requested":
		return alone(v.T("Approval was asked for"), ui.IconWaiting, ui.Neutral)
	case "purchase_order.approved":
		if !h.Straight {
			return said(v.T("approved: it was the last approval"), ui.IconGood, ui.Good)
		}
		if len(h.Automatic) > 0 {
			e.Text = v.T("Approved automatically: %s", v.l.List(h.Automatic...))
		}
		return alone(v.T("Nobody needed to be asked"), ui.IconGood, ui.Good)
	case "purchase_order.decided":
		return said(v.T("approved it"), ui.IconGood, ui.Good)
	case "purchase_order.overridden":
		return said(v.T("decided instead of all who were still to be asked"), ui.IconGood, ui.Good)
	case "purchase_order.rejected":
		return said(v.T("rejected it"), ui.IconBad, ui.Bad)
	case "purchase_order.returned":
		return said(v.T("asked the requester"), ui.IconReturned, ui.Warn)
	case "purchase_order.answered":
		return said(v.T("answered"), ui.IconComment, ui.Neutral)
	case "purchase_order.edited", "purchase_order.trimmed":
		return said(v.T("changed it"), ui.IconEdit, ui.Neutral)
	case "purchase_order.handed_over":
		return said(v.T("handed the decision over"), ui.IconHandOver, ui.Neutral)
	case "purchase_order.reevaluated":
		return alone(v.T("It was decided anew who must agree"), ui.IconRule, ui.Neutral)
	case "purchase_order.withdrawn":
		return said(v.T("withdrew it"), ui.IconUndo, ui.Neutral)
	case "purchase_order.cancelled":
		return said(v.T("cancelled it"), ui.IconBad, ui.Neutral)
	case "purchase_order.expired":
		e.Text = ""
		if h.Back {
			e.Text = v.T("Its lines went back to the requester, in a cart.")
		}
		return alone(v.T("It expired: nobody decided in time"), ui.IconWaiting, ui.Warn)
	case "purchase_order.payment_awaited":
		return alone(v.T("It waits for payment"), ui.IconCredit, ui.Warn)
	case "purchase_order.failed":
		return alone(v.T("It could not be ordered"), ui.IconBad, ui.Bad)
	case "purchase_order.placed", "order.placed":
		return alone(v.T("Placed with %s", v.seller), ui.IconOrders, ui.Good)
	case "order.moved":
		return alone(v.orderState(h.To).Label, ui.IconTruck, v.orderState(h.To).Tone)
	}
	return said(h.Event, ui.IconInfo, ui.Neutral)
}

// timeline is what happened, the oldest first. That a purchase order was placed is told once, as the order.
func (v *visit) timeline(all []happening) ui.Timeline {
	t := ui.Timeline{Label: v.T("What happened")}
	for _, h := range all {
		if h.Event != "order.placed" {
			t.Events = append(t.Events, v.happened(h))
		}
	}
	return t
}

// told is what happened to a purchase order, and what is still to come.
func (v *visit) told(s approving.Sheet) ui.Timeline {
	all := make([]happening, len(s.Timeline))
	for i, h := range s.Timeline {
		all[i] = happening{At: h.At, Name: h.Name, Event: h.Event, Reason: h.Reason, For: h.For, Automatic: h.Automatic, Straight: len(s.Plan.Stages) == 0, Back: h.Back}
	}
	t := v.timeline(all)
	t.Events = append(t.Events, v.coming(s)...)
	return t
}

// coming is what must still happen before a purchase order is placed: every stage that has not agreed, each with whom it asks.
func (v *visit) coming(s approving.Sheet) (ahead []ui.Event) {
	if s.State.Final() {
		return nil
	}
	current := s.Plan.Current()
	for i := current; i < len(s.Plan.Stages); i++ {
		stage := s.Plan.Stages[i]
		shown, when := v.stage(stage, nil), v.T("comes later")
		switch {
		case i == current && s.State == approval.Returned:
			when = v.T("asked back")
		case i == current:
			when = v.T("asked now")
		}
		e := ui.Event{Title: shown.Title, Icon: ui.IconWaiting, Ahead: true}
		switch names := v.toDecide(stage); len(names) {
		case 0:
			e.Text = joined(" · ", v.tooFew(), when)
		case 1:
			e.Title, e.Text = v.T("%s decides", names[0]), joined(" · ", shown.Title, when)
		default:
			e.Title, e.Text = v.T("%s decide", v.l.List(names...)), joined(" · ", shown.Title, shown.Need, when)
		}
		ahead = append(ahead, e)
	}
	return append(ahead, ui.Event{Title: v.T("Placed with %s", v.seller), Icon: ui.IconOrders, Ahead: true})
}

// toDecide names who is asked in a stage, or will be, and has not decided.
func (v *visit) toDecide(s approval.Stage) []string {
	var names []string
	for _, g := range s.Groups {
		for _, a := range g.Approvers {
			if a.State != approval.Pending && a.State != approval.Waiting {
				continue
			}
			whom := ""
			if a.For != nil {
				whom = a.For.Name
			}
			names = append(names, v.whoFor(a.Name, whom))
		}
	}
	return once(names)
}
