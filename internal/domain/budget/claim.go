package budget

import (
	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/money"
)

// Claim is what a purchase order wants of one purse.
type Claim struct {
	Purse      *Purse
	Amount     money.Money    // on the budget's basis, in the order's currency
	Exchange   money.Exchange // from the order's currency to the budget's; zero: there is none, or none is needed
	ExchangeOn date.Date      // the day of that rate
}

// Figures are a purse as people read it.
type Figures struct {
	Limit, Spent, Held, Left money.Money
}

// Verdict is whether a claim fits its purse, and what follows if not.
type Verdict struct {
	Budget      Budget
	Period      Period
	Amount      money.Money // in the budget's currency
	Fits        bool
	Consequence Consequence // of not fitting; empty when it fits
	Over        money.Money // what is missing; nothing when it fits
	Before      Figures
	After       Figures      // as though all of the amount were held
	Refusal     *fault.Fault // why the order is refused; nil unless it blocks
}

// ErrRefused is the fault of a purchase order that its budgets do not allow; its reasons are listed.
var ErrRefused = fault.Define(fault.Refused, "budget.refused", "the budgets do not allow this order")

// Check says of every claim whether it fits, without changing anything. A preview and a submission ask the same.
// No two claims are on one purse.
func Check(claims []Claim) []Verdict {
	verdicts := make([]Verdict, len(claims))
	for i, c := range claims {
		verdicts[i] = c.verdict()
	}
	return verdicts
}

// Draw holds every claim, or none: when one is blocked it is ErrRefused with every reason, and no purse has changed.
// The entries are in the order of the claims; what they have as requested waits for a decision, or an acknowledgement.
func Draw(m Movement, claims []Claim) ([]Entry, error) {
	var reasons []*fault.Fault
	for _, v := range Check(claims) {
		if v.Refusal != nil {
			reasons = append(reasons, v.Refusal)
		}
	}
	if reasons != nil {
		return nil, ErrRefused.Listing(reasons...)
	}
	entries := make([]Entry, len(claims))
	purses := make([]Purse, len(claims))
	for i, c := range claims {
		amount, err := c.amount()
		if err != nil {
			return nil, err
		}
		m.Exchange, m.ExchangeOn = c.Exchange, c.ExchangeOn
		purses[i] = *c.Purse
		if entries[i], err = purses[i].Hold(m, amount); err != nil {
			return nil, err
		}
	}
	for i, c := range claims {
		*c.Purse = purses[i]
	}
	return entries, nil
}

// Hardest is the consequence that decides when several verdicts have one: block before ask before warn.
func Hardest(verdicts []Verdict) Consequence {
	var hardest Consequence
	for _, v := range verdicts {
		switch {
		case v.Consequence == Block, v.Consequence == Ask && hardest != Block, hardest == "":
			hardest = v.Consequence
		}
	}
	return hardest
}

func (c Claim) verdict() Verdict {
	p := *c.Purse
	v := Verdict{Budget: p.Budget, Period: p.Period, Before: p.figures()}
	amount, err := c.amount()
	if err == nil {
		v.Amount = p.money(amount)
		over := amount - max(p.Left(), 0)
		p.Held += amount
		switch v.After = p.figures(); {
		case p.Closed && amount > 0:
			err = ErrClosed.With("the budget %s is closed %s", p.Budget.Name, p.when())
		case over <= 0:
			v.Fits = true
			return v
		case p.Budget.Exhausted == Block:
			v.Over, err = p.money(over), c.Purse.exhausted(amount)
		default:
			v.Over, v.Consequence = p.money(over), p.Budget.Exhausted
			return v
		}
	}
	v.Consequence = Block
	if v.Refusal = fault.Of(err); v.Refusal == nil {
		v.Refusal = ErrRefused.Because(err)
	}
	return v
}

// amount is the claim in minor units of the budget's currency, from 0 to Most.
func (c Claim) amount() (int64, error) {
	amount := c.Amount
	if amount == (money.Money{}) {
		return 0, nil
	}
	if to := c.Purse.Budget.Limit.Currency; amount.Currency != to {
		if c.Exchange.To != to {
			c.Exchange = money.Exchange{From: amount.Currency, To: to} // no rate: the fault names both
		}
		var err error
		if amount, err = c.Exchange.Convert(amount); err != nil {
			return 0, err
		}
	}
	if amount.Minor < 0 || amount.Minor > Most {
		return 0, ErrAmount
	}
	return amount.Minor, nil
}

func (p *Purse) figures() Figures {
	return Figures{Limit: p.money(p.Limit), Spent: p.money(p.Spent), Held: p.money(p.Held), Left: p.money(p.Left())}
}
