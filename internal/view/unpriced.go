package view

import (
	"kontor/internal/base/money"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/pricing"
)

// Unpriced is the order for somebody who is not shown what it came to: the same without an amount.
func (o Order) Unpriced() Order {
	o.Net, o.Shipping, o.Tax, o.Gross = money.Money{}, money.Money{}, money.Money{}, money.Money{}
	return o
}

// Unpriced is the purchase order for somebody who is not shown what it comes to: the same without an amount, and without the
// hash, by which one that is guessed would be proved.
func (p PurchaseOrder) Unpriced() PurchaseOrder {
	p.Net, p.Gross, p.Hash, p.Plan = money.Money{}, money.Money{}, "", p.Plan.Unpriced()
	return p
}

// Unpriced is the line for somebody who is not shown what it costs.
func (l OrderLine) Unpriced() OrderLine {
	l.Rate, l.Total, l.Source = money.Rate{}, money.Money{}, pricing.Source{}
	return l
}

// Unpriced is the decision without the hash of what was decided on.
func (d Decision) Unpriced() Decision {
	d.Hash = ""
	return d
}

// Unpriced is the entry without what something came to.
func (t Trail) Unpriced() Trail {
	t.Body, _ = audit.Unpriced(t.Body)
	return t
}
