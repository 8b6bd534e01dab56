package access

// withheld reports whether one of the staff who acts for a customer may not do this for them, whoever that is.
func withheld(p Permission) bool {
	s := helped()
	return specs[p].realm == Buyer && !s.Has(p)
}

// helped is what one of the staff may do for a customer, as far as the customer may: look, and shop, order and ask for
// quotes. All else customers do themselves, what comes later included: approve, step around limits, hand work to others, say
// who may do what and who answers for what, change what the company is and where goods go, touch security.
func helped() (s Set) {
	for _, p := range All(Buyer) {
		switch group := specs[p].group; {
		case specs[p].keeps, group == "shopping", group == "sales", group == "quotes":
			s.Add(p)
		}
	}
	return s.Without(SetOf(PurchaseOrdersApprove, CheckoutWithoutBudget, OrdersReassign, ListsTemplatesManage))
}

// ActedFor is the grants of a member as far as one of the staff has them who acts for them.
func ActedFor(grants []Grant) []Grant {
	only := helped()
	all := make([]Grant, len(grants))
	for i, g := range grants {
		all[i] = Grant{Place: g.Place, Set: g.Set.Within(only)}
	}
	return all
}
