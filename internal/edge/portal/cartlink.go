package portal

import (
	"slices"

	"kontor/internal/domain/access"
	"kontor/internal/edge/ui"
	"kontor/internal/usecase/purchasing"
	"kontor/internal/view"
)

// shortLines is how many lines of the cart the top bar shows.
const shortLines = 4

// cartLink is the cart in the top bar, with what ordering it would do.
func (v *visit) cartLink(around view.Around) ui.CartLink {
	link := ui.CartLink{URL: "/cart", Label: v.N(int(around.CartLines), "Cart, %d line", "Cart, %d lines"), Count: int(around.CartLines)}
	if around.CartLines == 0 {
		return link
	}
	a := v.worked
	if a == nil || a.Cart.ID != around.Cart {
		var err error
		if a, err = v.assessed(around.Cart); err != nil {
			v.log.WarnContext(v.ctx(), "the cart in the frame of a page is bare", "err", err) // the page itself is still worth showing
			return link
		}
	}
	if a.Totals.Gross.Currency != "" {
		link.Total = v.money(a.Totals.Gross)
	}
	link.Tone, link.Note = v.triggers(a)
	link.Short = v.cartShort(a)
	return link
}

// triggers is what ordering a cart would trigger. What checkout asks is no alarm yet.
func (v *visit) triggers(a *purchasing.Assessment) (ui.Tone, string) {
	s := v.summary(a)
	switch names := awaited(a.Plan); {
	case s.Problems != "":
		return ui.Bad, s.Problems
	case len(s.Refusals) > 0:
		return ui.Bad, s.Refusals[0]
	case s.Pathless || !v.actor.MaySomewhere(access.CheckoutPlace):
		return ui.Neutral, ""
	case len(names) > 0:
		return ui.Warn, v.T("%s decides", v.l.List(names...))
	case len(s.Path.Stages) > 0:
		return ui.Warn, v.T("Needs approval")
	}
	return ui.Good, v.T("Goes straight through")
}

// cartShort is the short of a cart: the lines that were put into it last.
func (v *visit) cartShort(a *purchasing.Assessment) ui.CartShort {
	short := ui.CartShort{Label: v.T("What is in your cart"), Sum: v.T("Total, net"), Buttons: ui.All{ui.LinkButton{Label: v.T("Go to the cart"), URL: "/cart"}}}
	if a.Totals.Gross != a.Totals.Net {
		short.Sum = v.T("Total")
	}
	if v.actor.MaySomewhere(access.CheckoutPlace) {
		short.Buttons = append(short.Buttons, ui.LinkButton{Label: v.T("Go to checkout"), URL: "/checkout", Kind: ui.Primary})
	}
	for _, l := range slices.Backward(a.Lines) {
		if len(short.Lines) == shortLines {
			short.More = v.N(len(a.Lines)-shortLines, "and %d more line", "and %d more lines")
			break
		}
		line := ui.ShortLine{Name: l.Good.Name, URL: "/products/" + l.Product.String(), Quantity: ui.Quantity{Text: v.l.Quantity(l.Quantity), Unit: l.Good.Unit}, Problem: l.Problem != nil}
		if l.Included {
			line.Total = v.money(l.Total)
		}
		short.Lines = append(short.Lines, line)
	}
	return short
}
