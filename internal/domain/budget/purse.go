package budget

import (
	"math/bits"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
)

// Purse is a budget in one period. All figures are minor units of the budget's currency.
//
// Its movements change it and give the entry to be posted with it; when they fail, they change nothing.
type Purse struct {
	Budget    Budget
	Period    Period
	Limit     int64 // from 0 to Most
	Held      int64 // never below zero
	Spent     int64 // never below zero
	Overrun   int64 // how far held and spent may be above the limit: after an override or a cut of the limit
	Elsewhere int64 // of a rolling window: what its other days have held and spent; else 0. Read, never stored
	Closed    bool  // takes no new holds and no credit
	Version   int64 // rises by one with every entry
}

// Movement is what people and programs know of a movement, apart from its figures.
type Movement struct {
	At            time.Time
	By            id.Member        // zero: the system
	PurchaseOrder id.PurchaseOrder // zero for a change of the limit
	Reference     string           // tells movements of one kind apart: the version of an edit, the number of a return
	Note          string           // the reason; required for an override, and when a limit is changed
	Exchange      money.Exchange   // by which the amount was converted; zero: it was not
	ExchangeOn    date.Date        // the day of that rate
}

// Move is what a movement does.
type Move string

// The moves.
const (
	Hold     Move = "hold"     // available to held: a purchase order was submitted
	Book     Move = "book"     // held to spent, the rest to available: it was placed
	Release  Move = "release"  // held to available: it will not be placed
	Adjust   Move = "adjust"   // available to held, or back: it was edited
	Credit   Move = "credit"   // spent to available: something came back
	Override Move = "override" // available to held, whether there is enough or not: somebody decided so
	Limit    Move = "limit"    // more or less available: the limit was set
)

// Entry is one row of the ledger: it never changes. Available, Held and Spent together are Limit: for all moves but
// a change of the limit, and a credit into a later period, they come to nothing.
type Entry struct {
	ID            id.Entry // given by whoever posts it
	Budget        id.Budget
	Period        string // the period's key
	PurchaseOrder id.PurchaseOrder
	Move          Move
	Key           string // unique: the same movement has the same key
	Available     int64  // by how much each figure changed, in minor units
	Held          int64
	Spent         int64
	Limit         int64
	Requested     int64 // by how much what waits outside the balance changed
	At            time.Time
	By            id.Member
	Reference     string
	Note          string
	Exchange      money.Exchange
	ExchangeOn    date.Date
}

var (
	// ErrExhausted is the fault of asking for more than is left.
	ErrExhausted = fault.Define(fault.Refused, "budget.exhausted", "the budget has not enough left")
	// ErrAmount is the fault of an amount below zero or beyond Most.
	ErrAmount = fault.Define(fault.Refused, "budget.amount", "this amount cannot be charged to a budget")
	// ErrClosed is the fault of new spending in a period that is closed.
	ErrClosed = fault.Define(fault.Refused, "budget.closed", "the period is closed")
	// ErrReason is the fault of an override, or a change of the limit, for which nobody gave a reason.
	ErrReason = fault.Define(fault.Invalid, "budget.reason", "say why, in at most 500 characters")
	// ErrRepeated is the fault of a movement that was made before: there is nothing left to do.
	ErrRepeated = fault.Define(fault.Conflict, "budget.repeated", "this was done before")
	// ErrEnded is the fault of a movement of a hold that was booked or released.
	ErrEnded = fault.Define(fault.Conflict, "budget.ended", "the hold has ended")
	// ErrNotHeld is the fault of booking more than is held, or of a hold that is not of this purse.
	ErrNotHeld = fault.Define(fault.Refused, "budget.not_held", "so much is not held")
	// ErrNotSpent is the fault of crediting more than was booked and not yet credited.
	ErrNotSpent = fault.Define(fault.Refused, "budget.not_spent", "so much was not spent")
)

// Usage is how far a budget is used in a period.
type Usage string

// The usages of which one asks.
const (
	Nearly    Usage = "nearly" // at least nine tenths of its limit are spent and held, and not more than all of it
	Overdrawn Usage = "over"   // more is spent and held than its limit
)

// Used is what is held and spent.
func (p *Purse) Used() int64 { return p.Held + p.Spent }

// Left is what may still be held; below zero after an override or a cut of the limit.
func (p *Purse) Left() int64 { return p.Limit - p.Used() - p.Elsewhere }

// Hold keeps the amount for a purchase order that is submitted. When less is left and the budget blocks, it is
// ErrExhausted; when it asks or warns, what is left is held, and the rest is requested.
func (p *Purse) Hold(m Movement, amount int64) (Entry, error) {
	return p.hold(Share{}, Hold, m, amount)
}

// Adjust makes the hold of a purchase order that was edited into this amount. A smaller amount gives back; a larger
// one is held like a new one. What an override allowed stays allowed up to the old amount.
func (p *Purse) Adjust(s Share, m Movement, amount int64) (Entry, error) {
	if err := p.holds(s, Adjust, m); err != nil {
		return Entry{}, err
	}
	return p.hold(s, Adjust, m, amount)
}

func (p *Purse) hold(s Share, move Move, m Movement, amount int64) (Entry, error) {
	if amount < 0 || amount > Most {
		return Entry{}, ErrAmount
	}
	more := amount - s.Held
	if more > 0 && p.Closed {
		return Entry{}, ErrClosed
	}
	more = min(more, max(p.Left(), 0))
	requested := amount - s.Held - more
	if requested > s.Requested && p.Budget.Exhausted == Block {
		return Entry{}, p.exhausted(amount - s.Held)
	}
	e := p.entry(move, m)
	e.Available, e.Held, e.Requested = -more, more, requested-s.Requested
	return p.post(e)
}

// Override holds what a purchase order requested beyond what was left, because somebody decided so, and said why.
func (p *Purse) Override(s Share, m Movement) (Entry, error) {
	if strings.TrimSpace(m.Note) == "" {
		return Entry{}, ErrReason
	}
	if err := p.holds(s, Override, m); err != nil {
		return Entry{}, err
	}
	e := p.entry(Override, m)
	e.Available, e.Held, e.Requested = -s.Requested, s.Requested, -s.Requested
	return p.post(e)
}

// Book turns the hold of a purchase order that is placed into spending. What is held beyond the amount is released;
// more than is held is ErrNotHeld.
func (p *Purse) Book(s Share, m Movement, amount int64) (Entry, error) {
	if err := p.holds(s, Book, m); err != nil {
		return Entry{}, err
	}
	if amount < 0 {
		return Entry{}, ErrAmount
	}
	if amount > s.Held {
		return Entry{}, ErrNotHeld.With("%s asked, %s held", p.money(amount), p.money(s.Held))
	}
	e := p.entry(Book, m)
	e.Available, e.Held, e.Spent, e.Requested = s.Held-amount, -s.Held, amount, -s.Requested
	return p.post(e)
}

// Release gives back the hold of a purchase order that will not be placed.
func (p *Purse) Release(s Share, m Movement) (Entry, error) {
	if err := p.holds(s, Release, m); err != nil {
		return Entry{}, err
	}
	e := p.entry(Release, m)
	e.Available, e.Held, e.Requested = s.Held, -s.Held, -s.Requested
	return p.post(e)
}

// CreditBack gives back what was spent and came back: an order cancelled by the seller, a return. It goes into the
// period it was spent in; when that is closed it is ErrClosed, and CreditLater is for the current one.
func (p *Purse) CreditBack(s Share, m Movement, amount int64) (Entry, error) {
	if s.Period != p.Period.Key {
		return Entry{}, ErrNotSpent
	}
	e, err := p.credit(s, m, amount)
	if err != nil {
		return Entry{}, err
	}
	e.Spent = -amount
	return p.post(e)
}

// CreditLater gives back to this period what was spent in an earlier one of the same budget and came back: it raises
// the limit, for nothing was spent here.
func (p *Purse) CreditLater(s Share, m Movement, amount int64) (Entry, error) {
	e, err := p.credit(s, m, amount)
	if err != nil {
		return Entry{}, err
	}
	e.Limit = amount
	return p.post(e)
}

func (p *Purse) credit(s Share, m Movement, amount int64) (Entry, error) {
	e := p.entry(Credit, m)
	e.Available = amount
	switch {
	case s.did(e.Key):
		return Entry{}, ErrRepeated
	case p.Closed:
		return Entry{}, ErrClosed
	case amount < 0:
		return Entry{}, ErrAmount
	case s.Budget != p.Budget.ID || amount > s.Spent:
		return Entry{}, ErrNotSpent.With("%s came back, %s was spent", p.money(amount), p.money(s.Spent))
	}
	return e, nil
}

// Reason is why a limit is changed, as it is kept: ErrReason where nothing is said, too much, or what cannot be read.
func Reason(said string) (string, error) {
	var in fault.Input
	reason := text.Note(&in, "reason", said, MostReason)
	if in.Err() != nil || reason == "" {
		return "", ErrReason.At("reason")
	}
	return reason, nil
}

// SetLimit gives the purse another limit. A limit below what is held and spent only stops new spending. Once the purse
// has been used or had a limit, the movement needs a note.
func (p *Purse) SetLimit(m Movement, limit int64) (Entry, error) {
	if limit < 0 || limit > Most {
		return Entry{}, ErrAmount.With("a limit is not below zero, and not beyond all measure")
	}
	note, err := Reason(m.Note)
	if err != nil && (p.Version > 0 || m.Note != "") {
		return Entry{}, err
	}
	m.Note = note
	e := p.entry(Limit, m)
	e.Available, e.Limit = limit-p.Limit, limit-p.Limit
	return p.post(e)
}

// Transfer moves so much of the limit of one purse to another of the same currency. More than is left is ErrExhausted.
func Transfer(from, to *Purse, m Movement, amount int64) ([2]Entry, error) {
	switch {
	case from.Budget.Limit.Currency != to.Budget.Limit.Currency:
		return [2]Entry{}, money.ErrCurrency
	case amount <= 0 || amount > Most:
		return [2]Entry{}, ErrAmount
	case amount > from.Left():
		return [2]Entry{}, from.exhausted(amount)
	}
	less, more := *from, *to
	out, err := less.SetLimit(m, less.Limit-amount)
	if err != nil {
		return [2]Entry{}, err
	}
	in, err := more.SetLimit(m, more.Limit+amount)
	if err != nil {
		return [2]Entry{}, err
	}
	*from, *to = less, more
	return [2]Entry{out, in}, nil
}

// holds refuses a movement of a hold that was made before, has ended, or is not of this purse.
func (p *Purse) holds(s Share, move Move, m Movement) error {
	switch {
	case s.did(p.key(move, m)):
		return ErrRepeated
	case s.Budget != p.Budget.ID || s.Period != p.Period.Key || s.PurchaseOrder != m.PurchaseOrder:
		return ErrNotHeld
	case s.Ended:
		return ErrEnded
	}
	return nil
}

func (p *Purse) entry(move Move, m Movement) Entry {
	return Entry{
		Budget: p.Budget.ID, Period: p.Period.Key, PurchaseOrder: m.PurchaseOrder, Move: move, Key: p.key(move, m),
		At: m.At, By: m.By, Reference: m.Reference, Note: m.Note, Exchange: m.Exchange, ExchangeOn: m.ExchangeOn,
	}
}

// key names a movement. That of a purchase order leaves the period out, so that one return is not credited to two.
func (p *Purse) key(move Move, m Movement) string {
	about := m.PurchaseOrder.String()
	if move == Limit {
		about = p.Period.Key
	}
	key := p.Budget.ID.String() + "/" + about + "/" + string(move)
	switch {
	case m.Reference != "":
		key += "/" + m.Reference
	case move == Limit:
		key += "/" + strconv.FormatInt(p.Version, 10)
	}
	return key
}

// post changes the figures by an entry. That no figure leaves its bounds is asked once more, whatever was asked before.
func (p *Purse) post(e Entry) (Entry, error) {
	held, spent, limit := p.Held+e.Held, p.Spent+e.Spent, p.Limit+e.Limit
	switch over := max(0, held+spent-limit); {
	case held < 0:
		return Entry{}, ErrNotHeld
	case spent < 0:
		return Entry{}, ErrNotSpent
	case limit < 0 || limit > Most || held+spent > Most:
		return Entry{}, ErrAmount
	case over > p.Overrun && e.Move != Override && e.Move != Limit:
		return Entry{}, p.exhausted(e.Held + e.Spent)
	default:
		p.Held, p.Spent, p.Limit, p.Overrun = held, spent, limit, over
	}
	p.Version++
	return e, nil
}

func (p *Purse) exhausted(asked int64) *fault.Fault {
	return ErrExhausted.With("the budget %s has %s left %s, and %s is asked (%s)",
		p.Budget.Name, p.money(max(p.Left(), 0)), p.when(), p.money(asked), p.Budget.Basis.Phrase()).
		Noting("budget", p.Budget.ID.String())
}

// when is the period in words: its key is for programs.
func (p *Purse) when() locale.Phrase {
	if p.Budget.Cycle.Kind == PerOrder {
		return locale.Say("for one order")
	}
	return locale.Say("from %s to %s||days", p.Period.From, p.Period.Until)
}

func (p *Purse) money(minor int64) money.Money { return money.Of(minor, p.Budget.Limit.Currency) }

// Crossed lists the warnings that the entry last posted has reached: not before it, but now.
func (p *Purse) Crossed(e Entry) []Threshold {
	var crossed []Threshold
	used, limit := p.Used(), p.Limit
	for _, t := range p.Budget.Warnings {
		if t.reached(used, limit) && !t.reached(used-e.Held-e.Spent, limit-e.Limit) {
			crossed = append(crossed, t)
		}
	}
	return crossed
}

// Reached tells which warning the entry last posted has reached; of several at once the highest, for that says it all.
func (p *Purse) Reached(e Entry) (told HasReached, reached bool) {
	for _, t := range p.Crossed(e) {
		amount, err := t.Minor, error(nil)
		if t.Percent > 0 {
			amount, err = money.MulDiv(p.Limit, t.Percent, 100)
		}
		if err == nil && (!reached || amount > told.Amount.Minor) { // what cannot be counted cannot be reached
			told, reached = HasReached{p.Budget.ID, p.Period.Key, t.Percent, p.money(amount), p.money(p.Used()), p.money(p.Limit)}, true
		}
	}
	return told, reached
}

// reached reports whether so much of the limit reaches the threshold; both are from 0 to Most.
func (t Threshold) reached(used, limit int64) bool {
	if t.Percent == 0 {
		return used >= t.Minor
	}
	hi, lo := bits.Mul64(uint64(used), 100)
	high, low := bits.Mul64(uint64(limit), uint64(t.Percent))
	return hi > high || hi == high && lo >= low
}
