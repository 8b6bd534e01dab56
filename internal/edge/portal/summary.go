package portal

import (
	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/money"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/domain/order"
	"kontor/internal/domain/pricing"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/purchasing"
)

// Summary stands beside a cart: what it comes to, what it does to the budgets, who will decide, and what is in its way.
type Summary struct {
	T        ui.Translate
	Totals   ui.Facts
	Problems string   // how many lines cannot be ordered like this
	Refusals []string // what is in the way of the order
	Stopped  bool     // all that is in its way is what no field of the checkout mends
	Missing  []string // what checkout still asks for
	Budgets  []ui.BudgetBar
	Path     ui.ApprovalPath
	Pathless bool // nothing can be said of who decides
	Known    ui.Check
}

// summary says what the assessment of a cart came to.
func (v *visit) summary(a *purchasing.Assessment) Summary {
	s := Summary{T: v.T, Totals: v.totals(a.Totals)}
	problems := 0
	for _, f := range a.Refusals {
		switch {
		case f.Detail["sku"] != "":
			problems++
		case askedOf(a, f) != "":
			s.Missing = append(s.Missing, v.sentence(f))
		default:
			s.Refusals = append(s.Refusals, v.sentence(f))
		}
	}
	if problems > 0 {
		s.Problems = v.N(problems, "%d line cannot be ordered like this.", "%d lines cannot be ordered like this.")
	}
	// whoever presses with something still to be said is told beside its fields
	s.Stopped = len(s.Missing) == 0 && (problems > 0 || len(s.Refusals) > 0)
	for _, b := range a.Verdicts {
		s.Budgets = append(s.Budgets, v.charged(b))
		if b.Consequence == budget.Warn {
			s.Known = ui.Check{Name: "acknowledged", Label: v.T("I know that this order goes over budget"), Checked: a.Cart.Checkout.Acknowledged}
		}
	}
	s.Path = v.path(a.Plan, a.Pace)
	s.Path.Foreseen = true
	for i := range s.Path.Stages {
		s.Path.Stages[i].Verdict = ui.Ahead
	}
	s.Path.Straight = v.straight(a)
	s.Pathless = len(a.Lines) == 0 || len(s.Path.Stages) == 0 && (len(s.Refusals) > 0 || problems > 0)
	return s
}

// askedOf is askedAs for what depends on the cart as well: that no budget covers an order is a matter of its cost centre
// as long as none is said.
func askedOf(a *purchasing.Assessment, f *fault.Fault) string {
	if f.Code == purchasing.ErrNoBudget.Code && a.Company.CostCentre != company.Off && a.Cart.Checkout.CostCentre.IsZero() {
		return "cost_centre"
	}
	return askedAs(f)
}

// askedAs is the field of the checkout that answers a refusal; "" when none does.
func askedAs(f *fault.Fault) string {
	switch f.Code {
	case purchasing.ErrNoUnit.Code, purchasing.ErrUnit.Code:
		return "unit"
	case purchasing.ErrNoAddress.Code, company.ErrAddressNotAllowed.Code:
		return "delivery"
	case purchasing.ErrNoBilling.Code:
		return "billing"
	case purchasing.ErrNoReference.Code:
		return "reference"
	case purchasing.ErrRequested.Code:
		return "requested"
	case purchasing.ErrNoCostCentre.Code, budget.ErrCostCentre.Code:
		return "cost_centre"
	case purchasing.ErrPayment.Code, company.ErrPayment.Code, company.ErrOnAccount.Code:
		return "payment"
	case purchasing.ErrAcknowledge.Code:
		return "acknowledged"
	}
	return ""
}

// straight says why nobody need be asked.
func (v *visit) straight(a *purchasing.Assessment) string {
	switch {
	case a.Auto:
		return v.T("You may have your orders approved automatically.")
	case len(a.Automatic) > 0:
		return v.T("Approved automatically by the rule “%s”.", a.Automatic[0].Name)
	}
	return v.T("No rule and no budget asks anybody.")
}

func (v *visit) totals(t order.Totals) ui.Facts {
	if t.Gross.Currency == "" {
		return ui.Facts{}
	}
	if t.Gross == t.Net {
		return ui.Facts{Sum: true, Facts: []ui.Fact{{Label: v.T("Total, net"), Value: ui.Money{Text: v.money(t.Net), Strong: true}}}}
	}
	facts := ui.Facts{Sum: true, Facts: []ui.Fact{{Label: v.T("Goods, net"), Value: v.amount(t.Net)}}}
	if !t.Shipping.IsZero() {
		facts.Facts = append(facts.Facts, ui.Fact{Label: v.T("Shipping"), Value: v.amount(t.Shipping)})
	}
	for _, part := range t.Taxes {
		if part.Rate > 0 {
			facts.Facts = append(facts.Facts, ui.Fact{Label: v.T("Tax %s", part.Rate), Value: v.amount(part.Tax)})
		}
	}
	facts.Facts = append(facts.Facts, ui.Fact{Label: v.T("Total"), Value: v.amount(t.Gross)})
	return facts
}

func (v *visit) amount(m money.Money) ui.Money { return ui.Money{Text: v.money(m)} }

// charged is a budget with what the order would take of it.
func (v *visit) charged(b budget.Verdict) ui.BudgetBar {
	bar := v.budgetBar(b.Budget, b.Period, b.Before, b.After.Left)
	bar.Order, bar.Texts.Order = b.Amount.Minor, v.money(b.Amount)
	switch b.Consequence {
	case budget.Block:
		bar.Status = ui.Badge{Label: v.T("blocks"), Tone: ui.Bad}
	case budget.Ask:
		bar.Status = ui.Badge{Label: v.T("asks"), Tone: ui.Warn}
	case budget.Warn:
		bar.Status = ui.Badge{Label: v.T("warns"), Tone: ui.Warn}
	}
	return bar
}

// budgetBar is a budget as it stands, and what will be left.
func (v *visit) budgetBar(b budget.Budget, p budget.Period, now budget.Figures, left money.Money) ui.BudgetBar {
	bar := ui.BudgetBar{Label: b.Name, Note: v.counted(b, p), Limit: now.Limit.Minor, Spent: now.Spent.Minor, Held: now.Held.Minor,
		Texts: ui.BudgetTexts{Limit: v.money(now.Limit), Spent: v.money(now.Spent), Held: v.money(now.Held), Left: v.money(left)}}
	if left.Minor < 0 {
		bar.Texts.Left = v.money(left.Neg())
	}
	return bar
}

// counted is for when a budget is, and what of an order it counts.
func (v *visit) counted(b budget.Budget, p budget.Period) string {
	return joined(" · ", v.period(b.Cycle.Kind, p), b.Basis.Phrase().In(v.l))
}

// period is for when a budget is.
func (v *visit) period(k budget.Kind, p budget.Period) string {
	switch k {
	case budget.PerOrder:
		return v.T("for every order")
	case budget.Month:
		return v.l.Month(p.From)
	}
	return v.span(p.From, p.Until)
}

func (v *visit) span(from, until date.Date) string { return v.l.Date(from) + " – " + v.l.Date(until) }

// whyPrice explains the price of a line.
func (v *visit) whyPrice(name string, p pricing.Priced) ui.Why {
	return ui.Why{Name: "why-" + name, Title: v.rate(p.Rate), Lines: v.phrases(p.Source.Reason())}
}
