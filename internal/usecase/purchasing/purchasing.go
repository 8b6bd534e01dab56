// Package purchasing takes what a buyer wants from the cart through to a purchase order, and to the order where
// nobody need agree.
package purchasing

import (
	"kontor/internal/base/fault"
	"kontor/internal/base/payment"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// Service does what this package says.
type Service struct {
	db    *store.DB
	rules *step.Rulebook
}

// New makes the service on a store.
func New(db *store.DB, rules *step.Rulebook) *Service { return &Service{db, rules} }

// The payment methods that a checkout offers.
const (
	OnAccount = string(payment.OnAccount) // needs checkout.on_account, and the company's switch
	Advance   = string(payment.Advance)
)

// Standard is the one shipping method there is: carriage paid by the seller.
const Standard = "standard"

var (
	// ErrRefused is the fault of a cart that cannot be submitted; its reasons are listed.
	ErrRefused = fault.Define(fault.Refused, "purchasing.refused", "this cart cannot be submitted as it is")
	// ErrNoUnit is the fault of a checkout for no unit, by a buyer who stands in none at which they may order.
	ErrNoUnit = fault.Define(fault.Refused, "purchasing.no_unit", "choose for which unit you order")
	// ErrUnit is the fault of a checkout for a unit at which the buyer may not order. Detail "permission" names the leaf.
	ErrUnit = fault.Define(fault.Refused, "purchasing.unit", "you may not order for this unit: choose another one")
	// ErrNoAddress is the fault of a checkout without a delivery address.
	ErrNoAddress = fault.Define(fault.Refused, "purchasing.no_address", "choose where the goods go")
	// ErrNoBilling is the fault of a checkout without a billing address.
	ErrNoBilling = fault.Define(fault.Refused, "purchasing.no_billing_address", "choose where the invoice goes")
	// ErrNoReference is the fault of a checkout without the PO number that the company asks for.
	ErrNoReference = fault.Define(fault.Refused, "purchasing.no_reference", "your company wants a PO number on every order")
	// ErrNoCostCentre is the fault of a checkout without the cost centre that the company asks for.
	ErrNoCostCentre = fault.Define(fault.Refused, "purchasing.no_cost_centre", "your company wants a cost centre on every order")
	// ErrPayment is the fault of a payment method that there is not, or not for this person.
	ErrPayment = fault.Define(fault.Refused, "purchasing.payment", "choose how you will pay")
	// ErrNoBudget is the fault of an order that no budget covers.
	ErrNoBudget = fault.Define(fault.Refused, "purchasing.no_budget", "no budget covers this order, and you may not order without one")
	// ErrBudgets is the fault of an order that more budgets cover than can be asked.
	ErrBudgets = fault.Define(fault.Refused, "purchasing.budgets", "too many budgets cover this order; archive those that are no longer needed")
	// ErrAcknowledge is the fault of an order that exceeds a budget which warns, and of which nobody said that they know.
	ErrAcknowledge = fault.Define(fault.Refused, "purchasing.acknowledge", "this order goes over budget: confirm that you know")
	// ErrRuleRefuses is the fault of an order that a rule of the company refuses.
	ErrRuleRefuses = fault.Define(fault.Refused, "purchasing.rule_refuses", "a rule of your company does not allow this order")
	// ErrRequested is the fault of a requested date that lies in the past.
	ErrRequested = fault.Define(fault.Refused, "purchasing.requested_date", "the requested date has passed")
)
