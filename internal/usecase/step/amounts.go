package step

import (
	"slices"

	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store/viewdb"
)

// SeesAmounts reports whether the actor is shown what something that was ordered came to: everything with prices.view, and
// without it what a plan of it names them in, for nobody decides on what they do not see. It notes the use of prices.view: ask it
// when there is something to be shown.
func SeesAmounts(actor access.Actor, of ...approval.Plan) bool {
	return slices.ContainsFunc(of, func(p approval.Plan) bool { return p.Involves(actor.Member) }) || actor.Gives(access.PricesView)
}

// Named reports whether one of these plans of a purchase order names the actor, or an earlier one did and they still see purchase
// orders: they see it then, whosever it is.
func Named(actor access.Actor, of ...approval.Plan) bool {
	return slices.ContainsFunc(of, func(p approval.Plan) bool {
		return p.Involves(actor.Member) || p.Formerly(actor.Member) && actor.MaySomewhere(access.PurchaseOrdersView)
	})
}

// MaySort is nil unless a list is asked for in the order of amounts that the actor is not shown.
func MaySort[R any](actor access.Actor, at viewdb.Place[R]) error {
	if !at.ByAmount() {
		return nil
	}
	return actor.RequireSomewhere(access.PricesView)
}

// Unprice takes from rows what the actor is not shown of them without prices.view.
func Unprice[T interface{ Unpriced() T }](actor access.Actor, rows []T) {
	if len(rows) > 0 && !SeesAmounts(actor) {
		WithoutAmounts(rows)
	}
}

// WithoutAmounts takes all amounts from rows.
func WithoutAmounts[T interface{ Unpriced() T }](rows []T) {
	for i := range rows {
		rows[i] = rows[i].Unpriced()
	}
}
