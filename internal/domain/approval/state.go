package approval

import (
	"slices"

	"kontor/internal/base/fault"
)

// State is where a purchase order stands.
type State string

// The states. Placed, Rejected, Cancelled and Expired are final.
const (
	Draft           State = "draft"     // before the transaction that submits it: never kept
	Submitted       State = "submitted" // within one transaction: the rules are being asked
	PendingApproval State = "pending_approval"
	Returned        State = "returned" // to the requester, with a question
	Approved        State = "approved" // within one transaction: it is about to be placed
	PendingPayment  State = "approved_pending_payment"
	Placed          State = "placed"
	OrderFailed     State = "order_failed" // approved, but it could not be placed
	Rejected        State = "rejected"
	Cancelled       State = "cancelled"
	Expired         State = "expired"
)

// States lists all states, in the order in which a purchase order may meet them.
func States() []State {
	return []State{Draft, Submitted, PendingApproval, Returned, Approved, PendingPayment, Placed, OrderFailed, Rejected, Cancelled, Expired}
}

// Action is what leads from one state to another.
type Action string

// The actions.
const (
	DoSubmit       Action = "submit"
	DoAsk          Action = "ask"      // somebody must agree
	DoPassThrough  Action = "pass"     // nobody need agree
	DoDecide       Action = "decide"   // an approval that is not the last
	DoApprove      Action = "approve"  // the last approval
	DoOverride     Action = "override" // instead of all open approvals
	DoReject       Action = "reject"
	DoReturn       Action = "return"
	DoAnswer       Action = "answer"
	DoEdit         Action = "edit" // by the requester
	DoTrim         Action = "trim" // by an approver
	DoHandOver     Action = "hand_over"
	DoReevaluate   Action = "reevaluate"
	DoPlace        Action = "place"
	DoAwaitPayment Action = "await_payment"
	DoFail         Action = "fail"
	DoWithdraw     Action = "withdraw" // by the requester
	DoCancel       Action = "cancel"
	DoExpire       Action = "expire"
)

// toCome lists the actions that the table settles and that nothing carries out yet. A test of the house holds it against
// the use cases.
var toCome = [...]Action{DoOverride, DoReturn, DoAnswer, DoEdit, DoTrim, DoHandOver, DoAwaitPayment, DoFail, DoCancel}

// Actions lists all actions.
func Actions() []Action {
	var all []Action
	for _, t := range transitions {
		if !slices.Contains(all, t.Action) {
			all = append(all, t.Action)
		}
	}
	return all
}

// ToCome reports whether nothing carries out the action yet.
func (a Action) ToCome() bool { return slices.Contains(toCome[:], a) }

// Holds says what becomes of the amounts held in budgets and credit.
type Holds string

// The effects on holds.
const (
	NoHolds      Holds = "none"
	TakeHolds    Holds = "hold"
	KeepHolds    Holds = "keep"
	AdjustHolds  Holds = "adjust" // to the new content
	BookHolds    Holds = "book"
	ReleaseHolds Holds = "release"
)

// Transition is one row of the table of states.
type Transition struct {
	From        State
	Action      Action
	To          State
	Who         string // may do it, in words
	Permission  string // they hold; "" where the system acts
	Holds       Holds
	Event       string // told
	WhenBlocked bool   // also while the company is blocked
	Text        string // what happens, in one sentence
}

// ErrState is the fault of an action that the state of a purchase order does not allow.
var ErrState = fault.Define(fault.Conflict, "approval.state", "the purchase order is no longer in a state that allows this")

// Transitions is the whole table: what it does not list cannot happen.
func Transitions() []Transition { return slices.Clone(transitions[:]) }

var transitions = [...]Transition{
	{Draft, DoSubmit, Submitted, "the requester", "checkout.place", TakeHolds, "purchase_order.submitted", false,
		"The cart is frozen, priced again and checked; budgets and credit are held."},

	{Submitted, DoAsk, PendingApproval, "the system", "", KeepHolds, "purchase_order.approval_requested", false,
		"A rule, limit or budget wants approval: the first stage is asked."},
	{Submitted, DoPassThrough, Approved, "the system", "", KeepHolds, "purchase_order.approved", false,
		"Nobody need agree, or a rule or permission approves it automatically, and is named."},

	{PendingApproval, DoDecide, PendingApproval, "an approver who is asked", "purchase_orders.approve", KeepHolds, "purchase_order.decided", false,
		"One approval is in and others are open: the next ones are asked."},
	{PendingApproval, DoApprove, Approved, "the last approver who is asked", "purchase_orders.approve", KeepHolds, "purchase_order.approved", false,
		"The last required approval is in."},
	{PendingApproval, DoOverride, Approved, "whoever may override, never the requester", "purchase_orders.override", KeepHolds, "purchase_order.overridden", false,
		"All open approvals are decided at once, with a reason; those passed over are told."},
	{PendingApproval, DoReject, Rejected, "an approver who is asked", "purchase_orders.approve", ReleaseHolds, "purchase_order.rejected", true,
		"It is rejected, with a reason; the requester may copy it into a cart."},
	{PendingApproval, DoReturn, Returned, "an approver who is asked", "purchase_orders.approve", KeepHolds, "purchase_order.returned", true,
		"It goes back to the requester with a question."},
	{PendingApproval, DoTrim, PendingApproval, "an approver who is asked, where the company allows it", "purchase_orders.approve", AdjustHolds, "purchase_order.trimmed", false,
		"An approver lowers quantities or drops lines; the requester is told."},
	{PendingApproval, DoHandOver, PendingApproval, "an approver who is asked, or the system when they are late", "purchase_orders.approve", KeepHolds, "purchase_order.handed_over", true,
		"One case goes to another eligible member."},
	{PendingApproval, DoReevaluate, PendingApproval, "the system, when somebody else may decide than before", "approval_rules.manage", KeepHolds, "purchase_order.reevaluated", false,
		"The plan is made anew; decisions that still fit it stand, and who is asked only now is told."},
	{PendingApproval, DoWithdraw, Cancelled, "the requester", "purchase_orders.view", ReleaseHolds, "purchase_order.withdrawn", true,
		"The requester no longer wants it."},
	{PendingApproval, DoCancel, Cancelled, "whoever may cancel for the requester", "orders.cancel", ReleaseHolds, "purchase_order.cancelled", true,
		"It is cancelled, with a reason."},
	{PendingApproval, DoExpire, Expired, "the system", "", ReleaseHolds, "purchase_order.expired", true,
		"Nobody has decided in time; it goes back as a cart."},

	{Returned, DoAnswer, PendingApproval, "the requester", "purchase_orders.view", KeepHolds, "purchase_order.answered", false,
		"The question is answered; nothing else has changed, and approvals stand."},
	{Returned, DoEdit, PendingApproval, "the requester", "checkout.place", AdjustHolds, "purchase_order.edited", false,
		"The content has changed: what depends on it is asked again, the rest is carried over."},
	{Returned, DoReject, Rejected, "an approver who is asked", "purchase_orders.approve", ReleaseHolds, "purchase_order.rejected", true,
		"It is rejected before the question is answered, with a reason."},
	{Returned, DoWithdraw, Cancelled, "the requester", "purchase_orders.view", ReleaseHolds, "purchase_order.withdrawn", true,
		"The requester no longer wants it."},
	{Returned, DoCancel, Cancelled, "whoever may cancel for the requester", "orders.cancel", ReleaseHolds, "purchase_order.cancelled", true,
		"It is cancelled, with a reason."},
	{Returned, DoExpire, Expired, "the system", "", ReleaseHolds, "purchase_order.expired", true,
		"The question was not answered in time; it goes back as a cart."},

	{Approved, DoPlace, Placed, "the system", "", BookHolds, "purchase_order.placed", false,
		"That the company may order, that who ordered is active and that all of it is sold is looked at once more, and the order is placed."},
	{Approved, DoAwaitPayment, PendingPayment, "the system", "", KeepHolds, "purchase_order.payment_awaited", false,
		"It is approved, and the requester pays before it is placed."},
	{Approved, DoFail, OrderFailed, "the system", "", KeepHolds, "purchase_order.failed", false,
		"It cannot be placed: the reason and a way on are shown."},

	{PendingPayment, DoPlace, Placed, "the requester, by paying", "checkout.place", BookHolds, "purchase_order.placed", false,
		"It is paid, and the order is placed."},
	{PendingPayment, DoWithdraw, Cancelled, "the requester", "purchase_orders.view", ReleaseHolds, "purchase_order.withdrawn", true,
		"The requester no longer wants it."},
	{PendingPayment, DoCancel, Cancelled, "whoever may cancel for the requester", "orders.cancel", ReleaseHolds, "purchase_order.cancelled", true,
		"It is cancelled, with a reason."},
	{PendingPayment, DoExpire, Expired, "the system", "", ReleaseHolds, "purchase_order.expired", true,
		"It was not paid in time; it goes back as a cart."},

	{OrderFailed, DoPlace, Placed, "the requester, by trying again", "checkout.place", BookHolds, "purchase_order.placed", false,
		"What stood in the way is gone, and the order is placed."},
	{OrderFailed, DoWithdraw, Cancelled, "the requester", "purchase_orders.view", ReleaseHolds, "purchase_order.withdrawn", true,
		"The requester no longer wants it."},
	{OrderFailed, DoCancel, Cancelled, "whoever may cancel for the requester", "orders.cancel", ReleaseHolds, "purchase_order.cancelled", true,
		"It is given up, with a reason."},
}

// Found lists the states in which a purchase order can be found today, in the order in which it may meet them: those that
// outlast a transaction, and that something which is carried out leads to.
func Found() []State {
	reached := map[State]bool{Draft: true}
	for grown := true; grown; {
		grown = false
		for _, t := range transitions {
			if reached[t.From] && !reached[t.To] && !t.Action.ToCome() {
				reached[t.To], grown = true, true
			}
		}
	}
	return slices.DeleteFunc(States(), func(s State) bool { return s == Draft || s == Submitted || s == Approved || !reached[s] })
}

// Next is what the action does in state s, or ErrState.
func (s State) Next(a Action) (Transition, error) {
	for _, t := range transitions {
		if t.From == s && t.Action == a {
			return t, nil
		}
	}
	return Transition{}, ErrState.Noting("state", string(s))
}

// Final reports whether nothing leads out of s.
func (s State) Final() bool {
	for _, t := range transitions {
		if t.From == s {
			return false
		}
	}
	return true
}
