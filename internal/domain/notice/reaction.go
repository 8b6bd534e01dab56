package notice

import (
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
)

// Audience is the part that those play who hear of an event. Who plays it in one case, the use case finds out.
type Audience string

// The audiences.
const (
	Approvers      Audience = "approvers"      // who is asked to decide now
	Deciders       Audience = "deciders"       // who was asked, whether they decided or not
	Requester      Audience = "requester"      // who submitted it
	Watchers       Audience = "watchers"       // who is to know
	Owners         Audience = "owners"         // of the budget, and its managers
	Administrators Audience = "administrators" // of the company
	Holder         Audience = "holder"         // of the account that it is about
	Guest          Audience = "guest"          // who is invited, whether or not they have an account
	Inviter        Audience = "inviter"        // who invited them
	Borrowed       Audience = "borrowed"       // who acts for a company that belongs to theirs
	Principal      Audience = "principal"      // for whom a deputy stands in
	Deputy         Audience = "deputy"         // who stands in for somebody
	Successor      Audience = "successor"      // who takes over what somebody left open
	Sharers        Audience = "sharers"        // with whom a list is shared
	Founder        Audience = "founder"        // who was invited to administer a company, and has not accepted yet
	Managers       Audience = "managers"       // of the seller's staff, who look after a company
)

// Facts are what the sentences of one case are made of. What a case does not have stays empty.
type Facts struct {
	Number    string // of the purchase order, as people know it
	Order     string // the number of the order it became
	Company   string
	Requester string
	Actor     string    // who did it
	Approver  string    // who was asked
	Principal string    // for whom a deputy stands in
	Deputy    string    // who stands in for somebody
	Behalf    string    // for whom the reader is asked
	First     date.Date // the first day of a deputy's time
	Last      date.Date // … and the last one
	Total     money.Money
	Because   locale.Phrase // why, as a rule says it
	Words     string        // why, as somebody typed it
	Place     string        // unit or cost centre
	Budget    string
	Period    string
	Used      locale.Percent // of the budget
	Spent     money.Money    // held and spent of the budget
	Limit     money.Money    // of the budget
	Role      string
	Webhook   string
	Device    string
	At        time.Time // when it happened, in the zone of the reader
	Until     time.Time // when it ends, in the zone of the reader
	Items     []Item
	Effects   []Effect // what the order does to budgets
	List      string   // the name of an order list
	Lists     string   // how many order lists were theirs, or shared with them
	Leaver    string   // who has left
	People    string   // who acts no more
	Orders    string   // how many purchase orders they left open
	Centres   string   // the cost centres that they managed
	Budgets   string   // the budgets that were theirs
	Link      string   // where to go on
	Approve   string   // where to approve, and to reject, without looking for it
	Reject    string
}

// Unpriced are the facts for somebody who is not shown what was ordered comes to: without an amount of it, and without what it does
// to budgets.
func (f Facts) Unpriced() Facts {
	f.Total, f.Effects, f.Because = money.Money{}, nil, f.Because.Unpriced()
	f.Items = slices.Clone(f.Items)
	for i := range f.Items {
		f.Items[i].Price, f.Items[i].Total = money.Rate{}, money.Money{}
	}
	return f
}

// Item is one line of an order. It costs nothing that is told where its amounts have no currency.
type Item struct {
	SKU      string
	Name     string
	Quantity locale.Phrase // with its unit
	Price    money.Rate
	Total    money.Money
}

// Effect is what an order does to one budget.
type Effect struct {
	Budget string
	Used   money.Money // without the order
	This   money.Money
	Limit  money.Money
	Over   money.Money // beyond the limit, with it; nothing when it fits
}

// Reaction is one row of the table: of this event, these people hear this.
type Reaction struct {
	Event   Event
	Tell    Audience
	title   line
	lines   []line
	table   []row
	actions actions
	items   bool // the lines of the order are listed, and where they are to be decided on, what it does to budgets
}

// fact picks one of the facts.
type fact func(Facts) any

// line is a sentence with facts in its places.
type line struct {
	format string
	facts  []fact
}

// row is a label with a fact beside it.
type row struct {
	label string
	fact  fact
}

// actions are what the reader can do at once, and a word on that.
type actions struct {
	buttons []row
	note    line
}

func say(format string, facts ...fact) line { return line{format, facts} }

func leadTo(label string) actions { return actions{buttons: []row{{label, link}}} }

// fill puts the facts of a case into the sentence; false when one is missing.
func (l line) fill(f Facts) (locale.Phrase, bool) {
	args := make([]any, len(l.facts))
	for i, pick := range l.facts {
		if args[i] = pick(f); missing(args[i]) {
			return locale.Phrase{}, false
		}
	}
	return locale.Say(l.format, args...), true
}

func missing(v any) bool {
	switch v := v.(type) {
	case string:
		return v == ""
	case money.Money:
		return v == money.Money{}
	case locale.Phrase:
		return v.IsZero()
	case time.Time:
		return v.IsZero()
	case date.Date:
		return v == ""
	}
	return v == locale.Percent(0)
}

var (
	number    fact = func(f Facts) any { return f.Number }
	order     fact = func(f Facts) any { return f.Order }
	company   fact = func(f Facts) any { return f.Company }
	requester fact = func(f Facts) any { return f.Requester }
	actor     fact = func(f Facts) any { return f.Actor }
	approver  fact = func(f Facts) any { return f.Approver }
	principal fact = func(f Facts) any { return f.Principal }
	deputy    fact = func(f Facts) any { return f.Deputy }
	behalf    fact = func(f Facts) any { return f.Behalf }
	first     fact = func(f Facts) any { return f.First }
	last      fact = func(f Facts) any { return f.Last }
	total     fact = func(f Facts) any { return f.Total }
	because   fact = func(f Facts) any { return f.Because }
	place     fact = func(f Facts) any { return f.Place }
	budget    fact = func(f Facts) any { return f.Budget }
	period    fact = func(f Facts) any { return f.Period }
	used      fact = func(f Facts) any { return f.Used }
	spent     fact = func(f Facts) any { return f.Spent }
	limit     fact = func(f Facts) any { return f.Limit }
	role      fact = func(f Facts) any { return f.Role }
	hook      fact = func(f Facts) any { return f.Webhook }
	device    fact = func(f Facts) any { return f.Device }
	moment    fact = func(f Facts) any { return f.At }
	until     fact = func(f Facts) any { return f.Until }
	people    fact = func(f Facts) any { return f.People }
	list      fact = func(f Facts) any { return f.List }
	lists     fact = func(f Facts) any { return f.Lists }
	leaver    fact = func(f Facts) any { return f.Leaver }
	orders    fact = func(f Facts) any { return f.Orders }
	centres   fact = func(f Facts) any { return f.Centres }
	budgets   fact = func(f Facts) any { return f.Budgets }
	link      fact = func(f Facts) any { return f.Link }
	approve   fact = func(f Facts) any { return f.Approve }
	reject    fact = func(f Facts) any { return f.Reject }
)

// said is what stands before a reason that one of the seller's staff typed.
var said = say("The seller says:")

var (
	purchase = []row{{"Purchase order", number}, {"Requested by", requester}, {"For", place}, {"Total", total}}
	decide   = actions{[]row{{"Approve", approve}, {"Reject", reject}, {"Look at it first", link}}, say("The buttons work until %s.", until)}
	duty     = []row{{"Approver", principal}, {"Deputy", deputy}, {"From", first}, {"Until, this day included", last}}
	look     = leadTo("Open the purchase order")
	mend     = leadTo("See what can be done")
)

// Reactions is the table: of which event who hears, in which sentences.
func Reactions() []Reaction { return slices.Clone(reactions) }

// On lists the reactions to an event.
func On(e Event) []Reaction {
	return slices.DeleteFunc(Reactions(), func(r Reaction) bool { return r.Event != e })
}

var reactions = []Reaction{
	{ApprovalRequested, Approvers, say("%s from %s needs your approval", number, requester),
		[]line{
			say("%s would like to order for %s.", requester, total),
			say("You are asked because %s.", because),
			say("You are asked in place of %s, for whom you stand in.", behalf),
		}, purchase, decide, true},
	{ApprovalRequested, Watchers, say("%s from %s waits for approval", number, requester),
		[]line{say("You need not do anything.")}, purchase, look, false},

	{HandedOver, Approvers, say("%s has handed %s over to you", actor, number),
		[]line{say("%s would like to order for %s. The decision is now yours.", requester, total)}, purchase, decide, true},
	{Reminded, Approvers, say("%s still waits for your decision", number),
		[]line{say("%s has been waiting since %s.", requester, moment)}, purchase, decide, true},
	{Escalated, Approvers, say("%s has waited for %s too long", number, approver),
		[]line{say("It was due from %s, and now you may decide as well.", approver)}, purchase, decide, true},

	{NoApprover, Administrators, say("Nobody may approve %s", number),
		[]line{
			say("It needs an approval, and there is nobody who may give it. It waits until there is."),
			say("The approval is needed because %s.", because),
		}, purchase, mend, false},
	{NoApprover, Requester, say("%s waits: nobody may approve it", number),
		[]line{say("Your administrators know and will see to it. You need not do anything.")}, purchase, look, false},

	{Returned, Requester, say("%s has a question about %s", actor, number),
		[]line{say("Please answer, or change the purchase order. Until then it is not decided.")}, purchase,
		leadTo("Answer"), false},
	{Answered, Approvers, say("%s has answered about %s", actor, number),
		[]line{say("The decision is yours again.")}, purchase, decide, true},

	{Trimmed, Requester, say("%s has changed %s", actor, number),
		[]line{say("Quantities were lowered or lines left out. Nothing was added.")}, purchase, look, true},
	{Approved, Requester, say("%s is approved", number), []line{say("%s gave the last approval.", actor)}, purchase, look, false},
	{Overridden, Deciders, say("%s has approved %s in your place", actor, number),
		[]line{say("You need not decide any more.")}, purchase, look, false},
	{Overridden, Requester, say("%s is approved", number), []line{say("%s approved it in place of those who were asked.", actor)}, purchase, look, false},

	{Rejected, Requester, say("%s is rejected", number),
		[]line{say("%s decided so.", actor), say("You can copy its lines into your cart.")}, purchase, look, false},
	{Rejected, Watchers, say("%s from %s is rejected", number, requester), []line{say("%s decided so.", actor)}, purchase, look, false},

	{Withdrawn, Deciders, say("%s has withdrawn %s", actor, number), []line{say("You need not decide any more.")}, purchase, look, false},
	{Cancelled, Requester, say("%s has cancelled %s", actor, number),
		[]line{say("You can copy its lines into your cart.")}, purchase, look, false},
	{Cancelled, Deciders, say("%s has cancelled %s", actor, number), []line{say("You need not decide any more.")}, purchase, look, false},

	{Expired, Requester, say("%s has expired", number),
		[]line{say("Nobody decided in time. Its lines are in a cart again, so you can submit them anew.")}, purchase,
		leadTo("Open the cart"), false},
	{Expired, Deciders, say("%s from %s has expired", number, requester), []line{say("You need not decide any more.")}, purchase, look, false},

	{PaymentAwaited, Requester, say("%s is approved and waits for your payment", number),
		[]line{say("The order is placed once it is paid.")}, purchase, leadTo("Pay"), false},
	{Placed, Requester, say("Order %s is placed", order),
		[]line{say("Thank you. The seller has your order.")},
		[]row{{"Order||noun", order}, {"Purchase order", number}, {"For", place}, {"Total", total}},
		leadTo("Open the order"), true},
	{Placed, Watchers, say("Order %s of %s is placed", order, requester), nil,
		[]row{{"Order||noun", order}, {"Purchase order", number}, {"Requested by", requester}, {"For", place}, {"Total", total}},
		leadTo("Open the order"), false},

	{OrderFailed, Requester, say("%s is approved, but could not be placed", number),
		[]line{say("It could not be placed because %s.", because), say("The approvals stand. Nothing is lost.")}, purchase, mend, false},
	{OrderFailed, Administrators, say("%s from %s could not be placed", number, requester),
		[]line{say("It could not be placed because %s.", because)}, purchase, mend, false},

	{DeputyAppointed, Deputy, say("You stand in for %s from %s", principal, first),
		[]line{
			say("Until %s you are asked where %s would be, and decide with their right and your own.", last, principal),
			say("%s has appointed you.", actor),
		}, duty, leadTo("Look at it"), false},
	{DeputyAppointed, Principal, say("%s stands in for you from %s", deputy, first),
		[]line{
			say("Until %s they are asked where you would be.", last),
			say("%s has appointed them.", actor),
		}, duty, leadTo("Look at it"), false},
	{DeputyChanged, Deputy, say("It has changed when or in what you stand in for %s", principal),
		[]line{say("%s has changed it.", actor)}, duty, leadTo("Look at it"), false},
	{DeputyChanged, Principal, say("It has changed when or in what %s stands in for you", deputy),
		[]line{say("%s has changed it.", actor)}, duty, leadTo("Look at it"), false},
	{DeputyBegun, Deputy, say("From now on you stand in for %s", principal),
		[]line{say("Until %s you are asked where %s would be, and decide with their right and your own.", last, principal)}, duty, leadTo("See what waits for you"), false},
	{DeputyBegun, Principal, say("From now on %s stands in for you", deputy),
		[]line{say("Until %s they are asked where you would be.", last)}, duty, leadTo("Look at it"), false},
	{DeputyEnded, Deputy, say("You no longer stand in for %s", principal),
		[]line{say("What waits for %s is theirs again to decide.", principal), say("%s has ended it.", actor)}, nil, leadTo("Look at it"), false},
	{DeputyEnded, Principal, say("%s no longer stands in for you", deputy),
		[]line{say("What would wait for you is yours again to decide."), say("%s has ended it.", actor)}, nil, leadTo("Look at it"), false},
	{BudgetReached, Owners, say("The budget %s is used to %s", budget, used),
		[]line{say("Of %s, %s are held or spent.", limit, spent)},
		[]row{{"Budget", budget}, {"Period", period}, {"Limit", limit}, {"Held and spent", spent}},
		leadTo("Open the budget"), false},
	{WebhookStopped, Administrators, say("The webhook %s was switched off", hook),
		[]line{
			say("Its receiver took nothing for three days, or wants no more."),
			say("What it has missed is kept. Once the receiver works again, switch the webhook on and send it anew."),
		}, nil, leadTo("Open the webhook"), false},

	{Invited, Guest, say("%s invites you to order for %s", actor, company),
		[]line{
			say("You will be able to see the catalogue and prices of %s, and to do what your role allows.", company),
			say("The invitation is for you alone and holds until %s.", until),
		}, []row{{"Company", company}, {"Role", role}}, leadTo("Accept the invitation"), false},
	{Joined, Inviter, say("%s has accepted your invitation", actor),
		[]line{say("They can do from now on what their roles allow.")}, nil, leadTo("Open the member"), false},
	{Lent, Borrowed, say("You can act for %s, too", company),
		[]line{
			say("%s has added you there. Switch to it by the name of your company, at the top of every page.", actor),
			say("What you may do there is said there, and ends when you leave here."),
		}, []row{{"Company", company}}, leadTo("Go to the portal"), false},
	{GivenBack, Borrowed, say("You no longer act for %s", company),
		[]line{say("%s has ended it. Nothing changes here.", actor)}, nil, leadTo("Go to the portal"), false},
	{TakenOver, Successor, say("You take over what %s has left open", leaver),
		[]line{say("%s has chosen you. From now on you look after it.", actor)},
		[]row{{"Purchase orders", orders}, {"Cost centres", centres}, {"Budgets", budgets}, {"Order lists", lists}}, leadTo("Look at it"), false},
	{ListShared, Sharers, say("%s shares the list “%s” with you", actor, list),
		[]line{say("You see it at your own prices, and can put all of it into your cart at once.")}, nil, leadTo("Open the list"), false},

	{LendingEnded, Administrators, say("On hold from now on: %s", people),
		[]line{
			say("The company above lends them no more, so they can do nothing here. What waited for their decision goes to whoever is now to decide."),
			say("Deactivate them, and say who takes over what they leave open."),
		},
		[]row{{"Company", company}, {"Members", people}, {"Purchase orders", orders}, {"Cost centres", centres}, {"Budgets", budgets}}, leadTo("See what they leave open"), false},
	{Admitted, Administrators, say("%s is admitted: welcome", company),
		[]line{
			say("Your company can order from now on, and everybody can do in it what their roles allow."),
			say("Sign in, invite your colleagues, and say who approves what."),
			said,
		}, nil, leadTo("Sign in"), false},
	{Admitted, Founder, say("%s is admitted: welcome", company),
		[]line{
			say("Your company can order from now on. All that is missing is you: accept the invitation that you were sent."),
			say("If it has run out, the seller sends you another one."),
			said,
		}, nil, leadTo("Go to the portal"), false},
	{TurnedAway, Administrators, say("%s is not admitted", company),
		[]line{say("Amend what your company says of itself, and submit it again. Until then nobody orders."), said}, nil, leadTo("Amend it and submit it again"), false},
	{TurnedAway, Founder, say("%s is not admitted", company),
		[]line{say("Accept the invitation that you were sent, amend what your company says of itself, and submit it again."), said}, nil, leadTo("Go to the portal"), false},
	{CompanyBlocked, Administrators, say("%s is blocked", company),
		[]line{
			say("Everybody can sign in, look and download; nobody orders or approves until the seller unblocks your company."),
			say("On the page of your company you see whom to turn to."),
			said,
		}, nil, leadTo("See whom to turn to"), false},
	{CompanyBlocked, Founder, say("%s is blocked", company),
		[]line{say("Your invitation cannot be accepted until the seller unblocks the company. Please turn to them."), said}, nil, leadTo("Go to the portal"), false},
	{CompanyUnblocked, Administrators, say("%s is no longer blocked", company),
		[]line{say("Everybody can do again what their roles allow. What waited for approval can be decided."), said}, nil, leadTo("Sign in"), false},
	{CompanyUnblocked, Founder, say("%s is no longer blocked", company),
		[]line{
			say("You can accept the invitation that you were sent."),
			say("If it has run out, the seller sends you another one."),
			said,
		}, nil, leadTo("Go to the portal"), false},
	{CompanyClosed, Administrators, say("%s is closed", company),
		[]line{
			say("The seller has closed your company's account for good: nobody signs in for it any more, and what waited for approval is not ordered."),
			say("What you ordered stays with the seller. Turn to them for what you still need of it."),
			said,
		}, nil, actions{}, false},
	{CompanyClosed, Founder, say("%s is closed", company),
		[]line{say("The seller has closed the company's account for good, and the link of your invitation works no more. You need not do anything."), said}, nil, actions{}, false},
	{Resubmitted, Managers, say("%s is submitted again", company),
		[]line{say("%s has amended what the company says of itself. It waits for your decision.", actor)}, nil, leadTo("Open the company"), false},

	{ResetAsked, Holder, say("Choose a new password"),
		[]line{
			say("Somebody, probably you, asked for a new password. The button works once, until %s.", until),
			say("If it was not you, you need not do anything: your password stays as it is."),
		}, nil, leadTo("Choose a new password"), false},
	{PasswordChanged, Holder, say("Your password has changed"),
		[]line{say("If it was not you, choose a new one at once and tell your administrator.")},
		[]row{{"When", moment}, {"Device", device}}, leadTo("Look after my account"), false},
	{FactorChanged, Holder, say("Your second factor has changed"),
		[]line{say("If it was not you, choose a new password at once and tell your administrator.")},
		[]row{{"When", moment}, {"Device", device}}, leadTo("Look after my account"), false},
	{SignedInAnew, Holder, say("A sign-in from a new device"),
		[]line{say("If it was not you, choose a new password at once and tell your administrator.")},
		[]row{{"When", moment}, {"Device", device}}, leadTo("Look after my account"), false},
}

// reasons say why somebody gets a mail.
var reasons = map[Audience]line{
	Approvers:      say("You get this mail because you are asked to decide."),
	Deciders:       say("You get this mail because you were asked to decide."),
	Requester:      say("You get this mail because you submitted the purchase order."),
	Watchers:       say("You get this mail because you are to know of purchase orders like this one."),
	Owners:         say("You get this mail because you look after the budget."),
	Administrators: say("You get this mail because you administer your company's account."),
	Holder:         say("This mail is about the security of your account, so it cannot be switched off."),
	Borrowed:       say("You get this mail because you act for another company of your group."),
	Successor:      say("You get this mail because somebody chose you as a successor."),
	Sharers:        say("You get this mail because a list is shared with you."),
	Founder:        say("You get this mail because you are to administer this company's account."),
	Managers:       say("You get this mail because you look after this company, or because nobody else does."),
	Inviter:        say("You get this mail because you sent the invitation."),
	Guest:          say("You get this mail because somebody entered your address. If you do not know them, you need not do anything."),
}

// Title is the notice in one sentence.
func (r Reaction) Title(f Facts) locale.Phrase {
	title, ok := r.title.fill(f)
	if !ok { // a fact is missing, and a notice without a title would be worse
		return locale.Say(r.label())
	}
	return title
}

// Body is what else there is to say in the inbox, and what somebody typed; it may be nothing.
func (r Reaction) Body(f Facts) locale.Phrase {
	for _, l := range r.lines {
		if p, ok := l.fill(f); ok && f.Words != "" {
			return locale.Say("%s “%s”", p, f.Words)
		} else if ok {
			return p
		}
	}
	return locale.Phrase{}
}

func (r Reaction) label() string {
	topic, err := TopicOf(r.Event)
	if err != nil {
		return string(r.Event) // a test sees to it that every row has its topic
	}
	return topic.Label
}
