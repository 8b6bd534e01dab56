package portal

import (
	"kontor/internal/domain/approval"
	"kontor/internal/domain/order"
	"kontor/internal/edge/ui"
)

// state is where a purchase order stands.
func (v *visit) state(s approval.State) ui.Badge {
	switch s {
	case approval.PendingApproval:
		return ui.Badge{Label: v.T("Waits for approval"), Tone: ui.Warn}
	case approval.Returned:
		return ui.Badge{Label: v.T("Question to the requester"), Tone: ui.Warn}
	case approval.Approved:
		return ui.Badge{Label: v.T("Approved"), Tone: ui.Good}
	case approval.PendingPayment:
		return ui.Badge{Label: v.T("Waits for payment"), Tone: ui.Warn}
	case approval.Placed:
		return ui.Badge{Label: v.T("Placed"), Tone: ui.Good}
	case approval.OrderFailed:
		return ui.Badge{Label: v.T("Could not be placed"), Tone: ui.Bad}
	case approval.Rejected:
		return ui.Badge{Label: v.T("Rejected"), Tone: ui.Bad}
	case approval.Cancelled:
		return ui.Badge{Label: v.T("Withdrawn||purchase order")}
	case approval.Expired:
		return ui.Badge{Label: v.T("Expired")}
	}
	return ui.Badge{Label: v.T("Draft")}
}

// orderState is how far an order has come.
func (v *visit) orderState(s order.State) ui.Badge {
	switch s {
	case order.Confirmed:
		return ui.Badge{Label: v.T("Confirmed"), Tone: ui.Info}
	case order.InFulfilment:
		return ui.Badge{Label: v.T("Being packed"), Tone: ui.Info}
	case order.PartlyShipped:
		return ui.Badge{Label: v.T("Partly shipped"), Tone: ui.Info}
	case order.Shipped:
		return ui.Badge{Label: v.T("Shipped"), Tone: ui.Info}
	case order.Delivered:
		return ui.Badge{Label: v.T("Delivered"), Tone: ui.Good}
	case order.Invoiced:
		return ui.Badge{Label: v.T("Invoiced"), Tone: ui.Good}
	case order.Closed:
		return ui.Badge{Label: v.T("Closed||order"), Tone: ui.Good}
	case order.Cancelled:
		return ui.Badge{Label: v.T("Cancelled||order")}
	}
	return ui.Badge{Label: v.T("Placed"), Tone: ui.Info}
}
