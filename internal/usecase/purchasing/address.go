package purchasing

import (
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
)

// direct makes the book whole: by what the units say that the order is for, and by what the buyer may.
func (f *found) direct(said map[id.Unit]company.Directions, actor access.Actor) {
	for _, u := range f.units {
		f.book.Units = append(f.book.Units, company.Directed{Unit: u, Directions: said[u.ID]})
	}
	f.book.Private = len(f.units) > 0 && actor.May(access.CheckoutCustomAddress, f.units[0].Path)
}

// address finds where goods and invoice go: where the buyer says, if they may, else where they usually go.
func (a *Assessment) address(f *found, actor access.Actor) {
	c := f.cart.Checkout
	a.Choices.Book = f.book
	a.Delivery, a.Billing = f.book.Delivery().Address, f.book.Billing().Address
	if !c.Delivery.IsZero() {
		a.Delivery = f.book.Find(c.Delivery)
	}
	if !c.Billing.IsZero() {
		a.Billing = f.book.Find(c.Billing)
	}
	switch {
	case !a.Delivery.Delivers:
		a.refuse(ErrNoAddress)
	case slices.Contains(f.book.Deliveries(), a.Delivery):
	case len(f.book.Limit().Allowed) > 0:
		a.refuse(company.ErrAddressNotAllowed)
	case len(f.units) > 0: // it is the buyer's own
		a.refuse(actor.Require(access.CheckoutCustomAddress, f.units[0].Path))
	}
	if !slices.Contains(f.book.Billings(), a.Billing) {
		a.refuse(ErrNoBilling)
	}
}
