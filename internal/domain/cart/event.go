package cart

import "kontor/internal/base/id"

// LineFacts are what is told of a line.
type LineFacts struct {
	Product  id.Product `json:"product_id"`
	Quantity string     `json:"quantity"`
}

func facts(lines []Line) []LineFacts {
	all := make([]LineFacts, len(lines))
	for i, l := range lines {
		all[i] = LineFacts{l.Product, l.Quantity.String()}
	}
	return all
}

// WasChanged tells that one of the staff who acts for a member has changed their cart: filled or changed it, said something of the
// order as a whole, taken it up, or discarded it. What members do with carts of their own is told to nobody.
type WasChanged struct {
	CartID    id.Cart     `json:"cart_id"`
	Name      string      `json:"name"`
	Lines     []LineFacts `json:"lines"` // as they are now
	Were      []LineFacts `json:"were"`  // as they were
	Discarded bool        `json:"discarded,omitempty"`
}

// Changed tells that the cart was another one before.
func (c Cart) Changed(before Cart) WasChanged {
	return WasChanged{c.ID, c.Name, facts(c.Lines), facts(before.Lines), false}
}

// Discarded tells that the cart is no more.
func (c Cart) Discarded() WasChanged {
	return WasChanged{c.ID, c.Name, facts(nil), facts(c.Lines), true}
}

// EventName is cart.changed.
func (WasChanged) EventName() string { return "cart.changed" }

// Subject is the cart.
func (e WasChanged) Subject() string { return e.CartID.String() }
