package access

// withheld reports whether one of the staff who acts for a customer may not do this for them, whoever that is.
func withheld(p Permission) bool {
	s := theirs()
	return s.Has(p)
}

// theirs is what customers do themselves: approve, step around limits or move them, say who may do what, touch security,
// how is paid, and the consent to being acted for.
func theirs() Set {
	s := SetOf(PurchaseOrdersApprove, PurchaseOrdersOverride, PurchaseOrdersAutoApprove, ApprovalRulesManage, DeputiesManage, CheckoutWithoutBudget,
		LimitsManage, BudgetsManage, CompanyEdit, PaymentMethodsManage, RolesManage, UsersManage)
	for _, p := range All(Buyer) {
		if specs[p].group == "security" && !specs[p].keeps {
			s.Add(p)
		}
	}
	return s
}

// ActedFor is the grants of a member as far as one of the staff has them who acts for them.
func ActedFor(grants []Grant) []Grant {
	not := theirs()
	all := make([]Grant, len(grants))
	for i, g := range grants {
		all[i] = Grant{Place: g.Place, Set: g.Set.Without(not)}
	}
	return all
}
