package approval

import (
	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

// Happened tells that a purchase order went along one row of the table of states.
type Happened struct {
	Event     string           `json:"-"` // as the table names it
	OrderID   id.PurchaseOrder `json:"purchase_order_id"`
	Number    string           `json:"number"`
	From      State            `json:"from"`
	To        State            `json:"to"`
	Requester id.Member        `json:"requester_id"`
	Unit      id.Unit          `json:"unit_id"`
	Total     money.Money      `json:"total"`
	Hash      string           `json:"content_hash"`
	Version   int64            `json:"version"`
	Asked     []id.Member      `json:"asked,omitempty"`          // asked only now
	Freed     []id.Member      `json:"freed,omitempty"`          // asked before, no longer needed
	Decided   []id.Member      `json:"decided,omitempty"`        // who has agreed or declined
	Behalf    id.Member        `json:"on_behalf_of_id,omitzero"` // for whom a deputy has decided
	Watchers  []id.Member      `json:"watchers,omitempty"`       // of the rules that want approval
	Stuck     bool             `json:"no_eligible_approver,omitempty"`
	Reason    string           `json:"reason,omitempty"`
	Placed    id.Order         `json:"order_id,omitzero"`
	Back      id.Cart          `json:"cart_id,omitzero"`       // in which its lines came back to the requester
	Automatic []string         `json:"automatic,omitempty"`    // the rules, or the permission, that approved it automatically
	Straight  bool             `json:"nobody_asked,omitempty"` // it went straight through: no rule and no budget asked anybody
}

// EventName is what the table of states says: purchase_order.submitted, and so on.
func (e Happened) EventName() string { return e.Event }

// Subject is the purchase order.
func (e Happened) Subject() string { return e.OrderID.String() }

// Tell is the event of going along row t of the table.
func (p PurchaseOrder) Tell(t Transition) Happened {
	return Happened{Event: t.Event, OrderID: p.ID, Number: p.Number, From: t.From, To: t.To, Requester: p.Requester, Unit: p.Unit,
		Total: p.Content.Total, Hash: p.Hash, Version: p.Version, Reason: p.Reason, Placed: p.Order}
}

// WasReassigned tells that somebody looks after a purchase order in the place of who submitted it, who has left.
type WasReassigned struct {
	OrderID id.PurchaseOrder `json:"purchase_order_id"`
	Number  string           `json:"number"`
	Before  id.Member        `json:"before_id"`
	After   id.Member        `json:"requester_id"`
}

// EventName is purchase_order.reassigned.
func (WasReassigned) EventName() string { return "purchase_order.reassigned" }

// Subject is the purchase order.
func (e WasReassigned) Subject() string { return e.OrderID.String() }

// Members lists the members among these approvers, each once.
func Members(all []Approver) []id.Member {
	var members []id.Member
	seen := map[id.Member]bool{}
	for _, a := range all {
		if !a.Member.IsZero() && !seen[a.Member] {
			seen[a.Member] = true
			members = append(members, a.Member)
		}
	}
	return members
}
