package notice

import (
	"slices"

	"kontor/internal/base/fault"
)

// Event is the public name of something that has happened.
type Event string

// The events of which people hear.
const (
	ApprovalRequested Event = "purchase_order.approval_requested"
	HandedOver        Event = "purchase_order.handed_over"
	Reminded          Event = "purchase_order.reminded"
	Escalated         Event = "purchase_order.escalated"
	NoApprover        Event = "purchase_order.no_approver"
	Returned          Event = "purchase_order.returned"
	Answered          Event = "purchase_order.answered"
	Trimmed           Event = "purchase_order.trimmed" // by an approver
	Approved          Event = "purchase_order.approved"
	Overridden        Event = "purchase_order.overridden"
	Rejected          Event = "purchase_order.rejected"
	Withdrawn         Event = "purchase_order.withdrawn"
	Cancelled         Event = "purchase_order.cancelled"
	Expired           Event = "purchase_order.expired"
	PaymentAwaited    Event = "purchase_order.payment_awaited"
	Placed            Event = "purchase_order.placed"
	OrderFailed       Event = "purchase_order.failed"
	DeputyAppointed   Event = "deputy.appointed"
	DeputyChanged     Event = "deputy.changed"
	DeputyBegun       Event = "deputy.begun"
	DeputyEnded       Event = "deputy.ended"
	BudgetReached     Event = "budget.reached"
	WebhookStopped    Event = "webhook.stopped"
	Invited           Event = "member.invited"
	Joined            Event = "invitation.accepted"
	Lent              Event = "member.lent"
	GivenBack         Event = "member.given_back"
	TakenOver         Event = "member.deactivated" // by a successor, what somebody left open
	ListShared        Event = "order_list.shared"
	LendingEnded      Event = "company.lending_ended"
	Admitted          Event = "company.admitted"
	TurnedAway        Event = "company.rejected"
	CompanyBlocked    Event = "company.blocked"
	CompanyUnblocked  Event = "company.unblocked"
	CompanyClosed     Event = "company.closed"
	Resubmitted       Event = "company.resubmitted"
	ResetAsked        Event = "account.reset_asked"
	PasswordChanged   Event = "account.password_changed"
	FactorChanged     Event = "account.factor_changed"
	SignedInAnew      Event = "account.signed_in_anew" // from a device not seen before
)

// Channel is a way to a person.
type Channel string

// The channels.
const (
	Inbox   Channel = "inbox"
	Email   Channel = "email"
	Push    Channel = "push"
	Webhook Channel = "webhook"
)

// Channels lists all channels, in the order in which a form offers them.
func Channels() []Channel { return []Channel{Inbox, Email, Push, Webhook} }

// Topic is an event as a person may choose it.
type Topic struct {
	Event  Event
	Label  string    // the key of its translations
	Urgent bool      // asks something of its reader
	Safety bool      // concerns the security of an account, or that there is none any more
	Staff  bool      // only who works for the seller hears of it
	Usual  []Channel // beside the inbox
}

// Topics lists the events of which people hear, in the order in which a form offers them.
func Topics() []Topic { return slices.Clone(topics) }

var topics = []Topic{
	{Event: ApprovalRequested, Label: "A purchase order needs an approval", Urgent: true, Usual: []Channel{Email, Push}},
	{Event: HandedOver, Label: "A purchase order is handed over to me", Urgent: true, Usual: []Channel{Email, Push}},
	{Event: Reminded, Label: "A purchase order still waits for my decision", Urgent: true, Usual: []Channel{Email, Push}},
	{Event: Escalated, Label: "A purchase order has waited for somebody else too long", Urgent: true, Usual: []Channel{Email, Push}},
	{Event: NoApprover, Label: "Nobody may approve a purchase order", Urgent: true, Usual: []Channel{Email}},
	{Event: Returned, Label: "There is a question about my purchase order", Urgent: true, Usual: []Channel{Email, Push}},
	{Event: Answered, Label: "A question about a purchase order is answered", Urgent: true, Usual: []Channel{Email, Push}},
	{Event: Trimmed, Label: "Somebody has changed my purchase order", Usual: []Channel{Email}},
	{Event: Approved, Label: "A purchase order is approved"}, // the mail comes when it is placed, mostly in the same moment
	{Event: Overridden, Label: "Somebody decided in my place", Usual: []Channel{Email}},
	{Event: Rejected, Label: "A purchase order is rejected", Usual: []Channel{Email, Push}},
	{Event: Withdrawn, Label: "A purchase order is withdrawn"},
	{Event: Cancelled, Label: "A purchase order is cancelled", Usual: []Channel{Email}},
	{Event: Expired, Label: "A purchase order has expired", Usual: []Channel{Email}},
	{Event: PaymentAwaited, Label: "A purchase order waits for my payment", Urgent: true, Usual: []Channel{Email, Push}},
	{Event: Placed, Label: "An order is placed", Usual: []Channel{Email}},
	{Event: OrderFailed, Label: "An order cannot be placed", Urgent: true, Usual: []Channel{Email, Push}},
	{Event: DeputyAppointed, Label: "A deputy is appointed, for me or me for somebody", Usual: []Channel{Email}},
	{Event: DeputyChanged, Label: "It changes when or in what a deputy stands in", Usual: []Channel{Email}},
	{Event: DeputyBegun, Label: "A deputy's time begins", Usual: []Channel{Email}},
	{Event: DeputyEnded, Label: "A deputy's time is over", Usual: []Channel{Email}},
	{Event: BudgetReached, Label: "A budget is nearly used", Usual: []Channel{Email}},
	{Event: WebhookStopped, Label: "A webhook was switched off", Urgent: true, Usual: []Channel{Email}},
	{Event: Invited, Label: "An invitation", Safety: true, Usual: []Channel{Email}},
	{Event: Joined, Label: "Somebody has accepted my invitation"},
	{Event: Lent, Label: "I may act for another company of our group", Usual: []Channel{Email}},
	{Event: GivenBack, Label: "I no longer act for another company of our group"},
	{Event: TakenOver, Label: "I take over what somebody left open", Urgent: true, Usual: []Channel{Email}},
	{Event: ListShared, Label: "Somebody shares an order list with me"},
	{Event: LendingEnded, Label: "Members of a company above act for mine no more", Urgent: true, Usual: []Channel{Email}},
	{Event: Admitted, Label: "My company is admitted", Usual: []Channel{Email}},
	{Event: TurnedAway, Label: "My company is not admitted", Urgent: true, Usual: []Channel{Email}},
	{Event: CompanyBlocked, Label: "My company is blocked", Urgent: true, Usual: []Channel{Email}},
	{Event: CompanyUnblocked, Label: "My company is no longer blocked", Usual: []Channel{Email}},
	{Event: CompanyClosed, Label: "My company is closed", Safety: true, Usual: []Channel{Email}},
	{Event: Resubmitted, Label: "A company that I look after is submitted again", Urgent: true, Staff: true, Usual: []Channel{Email}},
	{Event: ResetAsked, Label: "A new password was asked for", Safety: true, Usual: []Channel{Email}},
	{Event: PasswordChanged, Label: "My password has changed", Safety: true, Usual: []Channel{Email}},
	{Event: FactorChanged, Label: "My second factor has changed", Safety: true, Usual: []Channel{Email}},
	{Event: SignedInAnew, Label: "A sign-in from a new device", Safety: true, Usual: []Channel{Email}},
}

// ErrEvent is the fault of an event of which nobody hears.
var ErrEvent = fault.Define(fault.Invalid, "notice.event", "there are no notices of this kind")

// TopicOf finds the topic of an event, or is ErrEvent.
func TopicOf(e Event) (Topic, error) {
	i := slices.IndexFunc(topics, func(t Topic) bool { return t.Event == e })
	if i < 0 {
		return Topic{}, ErrEvent
	}
	return topics[i], nil
}
