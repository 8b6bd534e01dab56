package worker

import "kontor/internal/usecase/exchanging"

// Reactions is the table: from which events what follows. What follows is done in the transaction that marks the event
// as reacted to, so it is done once.
func (w *Worker) Reactions() []exchanging.On {
	return []exchanging.On{
		{Event: "purchase_order.*", Do: w.Notifying.React},         // approvers, requesters, watchers, administrators are told
		{Event: "budget.reached", Do: w.Notifying.React},           // those who look after the budget are told
		{Event: "webhook.stopped", Do: w.Notifying.React},          // administrators are told
		{Event: "account.password_changed", Do: w.Notifying.React}, // whose account it is, is told
		{Event: "invitation.accepted", Do: w.Notifying.React},      // who invited them is told
		{Event: "member.lent", Do: w.Notifying.React},              // who acts for a company below is told
		{Event: "member.given_back", Do: w.Notifying.React},        // and that they no longer do
		{Event: "company.lending_ended", Do: w.Notifying.React},    // administrators are told what is left open
		{Event: "company.status_changed", Do: w.Notifying.React},   // its administrators are told, and who looks after it
		{Event: "member.deactivated", Do: w.Notifying.React},       // their successor is told
		{Event: "deputy.*", Do: w.Notifying.React},                 // who stands in is told, and for whom
		{Event: "order_list.shared", Do: w.Notifying.React},        // those with whom it is shared are told, by name or by a unit that is no crowd
		{Event: "*", Do: w.Exchanging.React},                       // the company's own systems hear of it, by their webhooks
	}
}
