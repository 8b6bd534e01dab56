package budget

import (
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/money"
	"kontor/internal/base/text"
)

// Most is the largest limit and the largest use of a purse, in minor units.
const Most int64 = 1 << 60

// How many characters the name of a budget or cost centre may have, and the reason of a change.
const (
	MostName   = 120
	MostReason = 500
)

// Budget is an amount that its owner may spend in every period of a cycle.
type Budget struct {
	ID        id.Budget
	Company   id.Company
	Name      string
	Owner     Owner
	Limit     money.Money // for one period, from 0 to Most; its currency is the budget's
	Basis     Basis
	Cycle     Cycle
	Exhausted Consequence
	Warnings  []Threshold
	Approvers []id.Member // who decides when it is exhausted; none: the owner's manager
	Carry     Carry
	CarryMost int64 // minor units; the most that CarryCapped takes along
	Archived  bool  // charges nobody any more
	Version   int64
}

// Owner is whose spending is charged: all that is named must hold. The zero Owner is the whole company.
type Owner struct {
	Member     id.Member
	Unit       id.Unit // and everybody below it
	CostCentre id.CostCentre
	Project    id.Project
}

// Charge is whose spending an order is.
type Charge struct {
	Member     id.Member
	Units      []id.Unit // the one ordered for and all above it
	CostCentre id.CostCentre
	Project    id.Project
}

// Covers reports whether the spending is the owner's.
func (o Owner) Covers(c Charge) bool {
	return (o.Member.IsZero() || o.Member == c.Member) &&
		(o.Unit.IsZero() || slices.Contains(c.Units, o.Unit)) &&
		(o.CostCentre.IsZero() || o.CostCentre == c.CostCentre) &&
		(o.Project.IsZero() || o.Project == c.Project)
}

// Basis is which figure of an order a budget is charged with.
type Basis string

// The bases.
const (
	NetShipped Basis = "net_shipped" // goods and shipping without tax: the usual
	Net        Basis = "net"         // goods without tax
	Gross      Basis = "gross"       // all that is to be paid
)

// Phrase says which figure it is, as stands beside every amount of a budget.
func (b Basis) Phrase() locale.Phrase {
	switch b {
	case Net:
		return locale.Say("goods, net")
	case Gross:
		return locale.Say("everything, with tax")
	}
	return locale.Say("goods and shipping, net")
}

// Amount is what the budget is charged of an order with these totals; money.ErrCurrency or money.ErrRange when
// they do not add.
func (b Basis) Amount(net, shipping, gross money.Money) (money.Money, error) {
	switch b {
	case Net:
		return net, nil
	case Gross:
		return gross, nil
	}
	return net.Add(shipping)
}

// Consequence is what follows when a purse has not enough left. The empty one is none.
type Consequence string

// The consequences.
const (
	Block Consequence = "block" // the order is refused
	Ask   Consequence = "ask"   // the order needs approval
	Warn  Consequence = "warn"  // the buyer must say that they know
)

// Carry is what becomes of money left over at the end of a period.
type Carry string

// The ways to carry over.
const (
	CarryNone    Carry = "none"
	CarryUnspent Carry = "unspent"
	CarryCapped  Carry = "capped" // at most CarryMost of it
)

// Threshold is how far a purse may be used before someone is told: a percentage of its limit, or an amount.
type Threshold struct {
	Percent int64 // of the limit, 1 to 200; 0 when Minor says it
	Minor   int64 // held and spent together, in minor units; 0 when Percent says it
}

// Check is the fault of what cannot stand in a budget, field by field.
func (b Budget) Check() error {
	var in fault.Input
	if !text.Kept(&in, "name", b.Name, MostName) {
		in.Add("name", "required", "please fill this in")
	}
	if _, err := money.ParseCurrency(string(b.Limit.Currency)); err != nil {
		in.Take("currency", err)
	}
	if b.Limit.Minor < 0 || b.Limit.Minor > Most {
		in.Add("limit", "range", "a limit is not below zero, and not beyond all measure")
	}
	if !slices.Contains([]Basis{NetShipped, Net, Gross}, b.Basis) {
		in.Add("basis", "unknown", "the basis is net with shipping, net, or gross")
	}
	if !slices.Contains([]Consequence{Block, Ask, Warn}, b.Exhausted) {
		in.Add("exhausted", "unknown", "an exhausted budget blocks, asks or warns")
	}
	for _, t := range b.Warnings {
		if (t.Percent == 0) == (t.Minor == 0) || t.Percent < 0 || t.Percent > 200 || t.Minor < 0 {
			in.Add("warnings", "range", "a warning is at 1 to 200 percent, or at an amount above zero")
			break
		}
	}
	in.Take("cycle", b.Cycle.Check())
	switch {
	case !slices.Contains([]Carry{CarryNone, CarryUnspent, CarryCapped}, b.Carry):
		in.Add("carry", "unknown", "what is left over is not carried, carried, or carried up to an amount")
	case b.Carry != CarryNone && !b.Cycle.Kind.Follows():
		in.Add("carry", "cycle", "only a budget whose periods follow one another can carry over")
	case b.CarryMost < 0 || b.CarryMost > Most:
		in.Add("carry_most", "range", "the most that is carried over is not below zero")
	}
	return in.Err()
}

// ErrForeign is the fault of a budget in another currency than its company orders in.
var ErrForeign = fault.Define(fault.Invalid, "budget.foreign", "a budget is in the currency that its company orders in: no rate leads into another")

// CheckCurrency is the fault of a budget that no order of its company could be held against: orders are in the company's own
// currency, and a budget in another one would refuse them all.
func (b Budget) CheckCurrency(own money.Currency) error {
	var in fault.Input
	if b.Limit.Currency != own {
		in.Take("currency", ErrForeign.With("your company orders in %s, and there is no rate from it to %s, so this budget would refuse every order: give its limit in %s",
			string(own), string(b.Limit.Currency), string(own)))
	}
	return in.Err()
}

// Open makes the purse of a period, with what is carried over from the purse of the period before (nil: there is
// none), and the entry that gives it its limit.
func (b Budget) Open(period Period, before *Purse, m Movement) (Purse, Entry, error) {
	p := Purse{Budget: b, Period: period}
	limit := b.Limit.Minor
	if before != nil {
		switch left := max(0, before.Left()); b.Carry {
		case CarryUnspent:
			limit += left
		case CarryCapped:
			limit += min(left, b.CarryMost)
		}
	}
	m.Reference = "open"
	e, err := p.SetLimit(m, limit)
	return p, e, err
}
