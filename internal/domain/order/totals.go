package order

import (
	"cmp"
	"slices"

	"kontor/internal/base/locale"
	"kontor/internal/base/money"
)

// Totals are what an order comes to, all in one currency. Net is the goods alone.
type Totals struct {
	Net      money.Money
	Shipping money.Money // without tax
	Tax      money.Money // the sum of the taxes by rate
	Gross    money.Money // Net, Shipping and Tax together
	Taxes    []Tax       // by rising rate
}

// Tax is what is due at one rate: rounded once, on the sum of everything taxed at it.
type Tax struct {
	Rate locale.Percent
	Base money.Money // what is taxed, shipping included
	Tax  money.Money
}

// Taxed is an amount without tax, and the rate at which it is taxed.
type Taxed struct {
	Amount money.Money
	Rate   locale.Percent
}

// Sum adds up goods and shipping. Shipping that is the zero Taxed costs nothing and is not taxed. It is ErrTotals for no
// goods, an amount below zero or a rate outside 0 to 100 percent, money.ErrCurrency for several currencies and
// money.ErrRange when the sums do not fit.
func Sum(goods []Taxed, shipping Taxed) (Totals, error) {
	if len(goods) == 0 {
		return Totals{}, ErrTotals
	}
	none := money.Of(0, goods[0].Amount.Currency)
	t := Totals{Net: none, Shipping: none, Tax: none}
	for _, g := range goods {
		if err := t.add(&t.Net, g); err != nil {
			return Totals{}, err
		}
	}
	if shipping != (Taxed{}) {
		if err := t.add(&t.Shipping, shipping); err != nil {
			return Totals{}, err
		}
	}
	slices.SortFunc(t.Taxes, func(a, b Tax) int { return cmp.Compare(a.Rate, b.Rate) })
	for i := range t.Taxes {
		due, err := t.Taxes[i].Base.Percent(int64(t.Taxes[i].Rate))
		if err != nil {
			return Totals{}, err
		}
		t.Taxes[i].Tax = due
		if t.Tax, err = t.Tax.Add(due); err != nil {
			return Totals{}, err
		}
	}
	var err error
	t.Gross, err = t.gross()
	return t, err
}

// add counts an amount into a sum, and into what is taxed at its rate.
func (t *Totals) add(sum *money.Money, part Taxed) (err error) {
	if part.Amount.Minor < 0 || part.Rate < 0 || part.Rate > 10_000 {
		return ErrTotals
	}
	if *sum, err = sum.Add(part.Amount); err != nil {
		return err
	}
	for i := range t.Taxes {
		if t.Taxes[i].Rate == part.Rate {
			t.Taxes[i].Base, err = t.Taxes[i].Base.Add(part.Amount)
			return err
		}
	}
	t.Taxes = append(t.Taxes, Tax{Rate: part.Rate, Base: part.Amount})
	return nil
}

func (t Totals) gross() (money.Money, error) {
	sum, err := t.Net.Add(t.Shipping)
	if err != nil {
		return money.Money{}, err
	}
	return sum.Add(t.Tax)
}

// check is ErrTotals when the totals are not of these lines, or not of each other.
func (t Totals) check(lines []Line) error {
	goods := make([]Taxed, len(lines))
	for i, l := range lines {
		goods[i] = Taxed{l.Price.Total, l.Tax}
	}
	sum, err := Sum(goods, Taxed{})
	if err != nil {
		return err
	}
	gross, err := t.gross()
	if err != nil {
		return err
	}
	tax := money.Of(0, t.Tax.Currency)
	for _, part := range t.Taxes {
		if tax, err = tax.Add(part.Tax); err != nil {
			return err
		}
	}
	if sum.Net != t.Net || gross != t.Gross || tax != t.Tax || t.Shipping.Minor < 0 {
		return ErrTotals
	}
	return nil
}
