package access

import "kontor/internal/base/fault"

// Regime is what the seller leaves to the members of a company, of all that they hold.
type Regime uint8

// The regimes. The zero one leaves everything.
const (
	Free          Regime = iota // the company is active
	Looking                     // it is blocked: they look and download, reject and withdraw
	Waiting                     // it waits to be admitted: they look at what was said of it
	WaitingGoods                // … and at the catalogue
	WaitingPrices               // … and at the catalogue with its prices
	Amending                    // it was turned away: they look at what was said of it, and amend it
	Shut                        // it is closed: nothing
)

var (
	// ErrBlocked is the fault of an act in a company that the seller has blocked.
	ErrBlocked = fault.Define(fault.Forbidden, "access.company_blocked", "your company is blocked at the moment: you can look and download, and nothing else")
	// ErrPending is the fault of an act in a company that the seller has not admitted yet.
	ErrPending = fault.Define(fault.Forbidden, "access.company_pending", "your company waits to be admitted: until then you can only look")
	// ErrTurnedAway is the fault of an act in a company that the seller has not admitted.
	ErrTurnedAway = fault.Define(fault.Forbidden, "access.company_rejected", "your company was not admitted: amend what is said of it, and submit it again")
)

// application is what a company says of itself while the seller has not admitted it.
func application() Set { return SetOf(CompanyView, LegalAddressView, ContactsView) }

// leaves are the permissions that a regime leaves to who holds them; all is true where it leaves every one.
func (r Regime) leaves() (s Set, all bool) {
	switch r {
	case Free:
		return Set{}, true
	case Looking:
		return kept(), false
	case Waiting:
		return application(), false
	case WaitingGoods:
		return application().Union(SetOf(CatalogView)), false
	case WaitingPrices:
		return application().Union(SetOf(CatalogView, PricesView)), false
	case Amending:
		return application().Union(SetOf(CompanyEdit, LegalAddressEdit)), false
	}
	return Set{}, false
}

// Leaves reports whether a regime leaves a permission to who holds it.
func (r Regime) Leaves(p Permission) bool {
	s, all := r.leaves()
	return all || s.Has(p) || specs[p].realm == Self && r != Shut
}

// Waits reports whether the company waits to be admitted.
func (r Regime) Waits() bool { return r == Waiting || r == WaitingGoods || r == WaitingPrices }

// Wall is the fault of doing what a regime does not leave.
func (r Regime) Wall() *fault.Fault {
	switch {
	case r == Looking:
		return ErrBlocked
	case r.Waits():
		return ErrPending
	case r == Amending:
		return ErrTurnedAway
	}
	return ErrForbidden
}
