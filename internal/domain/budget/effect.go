package budget

import "kontor/internal/base/money"

// Effect is what a purchase order does to one budget.
type Effect struct {
	Budget    Budget
	Period    Period
	Held      money.Money
	Spent     money.Money
	Requested money.Money // beyond what was left, and not decided
	Before    Figures     // without this purchase order, as of now
	After     Figures     // with all that it wants
	Over      money.Money // beyond the limit, after it; nothing when it fits
}

// All is all that the purchase order wants of the budget.
func (e Effect) All() money.Money {
	all := e.Held
	all.Minor += e.Spent.Minor + e.Requested.Minor
	return all
}

// Effects are what the purchase order of these entries does to each budget that it is charged to.
func Effects(entries []Entry, purses []Purse) []Effect {
	var all []Effect
	for _, share := range Shares(entries) {
		for _, p := range purses {
			if p.Budget.ID != share.Budget || p.Period.Key != share.Period || share.Held+share.Spent+share.Requested == 0 {
				continue
			}
			c := p.Budget.Limit.Currency
			e := Effect{Budget: p.Budget, Period: p.Period, Held: money.Of(share.Held, c), Spent: money.Of(share.Spent, c), Requested: money.Of(share.Requested, c)}
			before, after := p, p
			before.Held, before.Spent = p.Held-share.Held, p.Spent-share.Spent
			after.Held += share.Requested
			e.Before, e.After = before.figures(), after.figures()
			e.Over = money.Of(max(0, -e.After.Left.Minor), c)
			all = append(all, e)
		}
	}
	return all
}
