package approval

import (
	"slices"

	"kontor/internal/base/money"
	"kontor/internal/base/quantity"
)

// Unpriced is the plan for somebody who is not shown what the purchase order comes to: who is asked, and why as far as that
// tells of no money.
func (p Plan) Unpriced() Plan {
	p.Automatic, p.Stages = unpriced(p.Automatic), slices.Clone(p.Stages)
	for i := range p.Stages {
		s := &p.Stages[i]
		s.Groups = slices.Clone(s.Groups)
		for k := range s.Groups {
			s.Groups[k].Reasons = unpriced(s.Groups[k].Reasons)
		}
	}
	return p
}

func unpriced(all []Reason) []Reason {
	all = slices.Clone(all)
	for i := range all {
		all[i].Text = all[i].Text.Unpriced()
	}
	return all
}

// Unpriced is the content for somebody who is not shown what it comes to: without an amount.
func (c Content) Unpriced() Content {
	c.Shipping, c.Tax, c.Total = money.Money{}, money.Money{}, money.Money{}
	c.Shares, c.Lines = borne(c.Shares), slices.Clone(c.Lines)
	for i := range c.Lines {
		l := &c.Lines[i]
		l.Price, l.Net, l.Tax, l.Shares = money.Rate{}, money.Money{}, money.Money{}, borne(l.Shares)
	}
	return c
}

// borne is by whom something is borne, and not how much of it.
func borne(all []Share) []Share {
	all = slices.Clone(all)
	for i := range all {
		all[i].Amount = money.Money{}
	}
	return all
}

// Unpriced are the facts for somebody who is not shown what the order comes to: what is money, or a share of some, is not
// known, so a rule that is tried on them does not tell it by halves.
func (f *Facts) Unpriced() *Facts {
	known := *f
	for _, fact := range vocabulary {
		switch fact.Kind {
		case MoneyFact:
			*fact.money(&known) = Maybe[money.Money]{}
		case PercentFact:
			*fact.number(&known) = Maybe[quantity.Quantity]{}
		}
	}
	return &known
}
