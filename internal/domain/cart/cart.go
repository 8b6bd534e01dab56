package cart

import (
	"slices"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/quantity"
	"kontor/internal/base/text"
)

const (
	// MostLines is how many lines a cart may have.
	MostLines = 1000
	// LongestName and LongestNote are how many characters a cart's name and a note may have.
	LongestName = 100
	LongestNote = 2000
)

// State is whether a cart can still be changed.
type State string

// The states.
const (
	Open      State = "open"
	Submitted State = "submitted"
)

// Cart is what a member means to order.
type Cart struct {
	ID       id.Cart
	Company  id.Company
	Owner    id.Member
	Name     string
	State    State
	Version  int64 // rises with every change; whoever changes a line names the one they saw
	Lines    []Line
	Checkout Checkout

	ChosenAt time.Time        // when its owner took it up last; zero: it came back, and waits for that
	From     id.PurchaseOrder // whose lines came back in it; zero: it was filled by hand
	Became   id.PurchaseOrder // what it became when it was submitted
}

// Line is a quantity of one product. A product has one line in a cart.
type Line struct {
	ID       id.CartLine
	Product  id.Product
	Quantity quantity.Quantity
	Note     string
}

// Checkout is what the buyer said about the order as a whole. Zero values are not yet said.
type Checkout struct {
	Unit       id.Unit
	CostCentre id.CostCentre
	NoCentre   bool `json:",omitzero"` // no cost centre shall bear it, not even the unit's usual one
	Project    id.Project
	Delivery   id.Address
	Billing    id.Address
	Shipping   string // the shipping method's code
	Payment    string // the payment method's code
	Reference  string // the buyer's own PO number
	Note       string
	Requested  date.Date // when the goods are wanted

	Acknowledged bool // the buyer knows that a budget which only warns is exceeded
}

var (
	// ErrSubmitted is the fault of changing a cart that became a purchase order.
	ErrSubmitted = fault.Define(fault.Conflict, "cart.submitted", "this cart was submitted and no longer changes")
	// ErrStale is the fault of changing what somebody else has changed meanwhile.
	ErrStale = fault.Define(fault.Stale, "cart.stale", "the cart has changed since you saw it: look at it again")
	// ErrFull is the fault of more lines than a cart may have.
	ErrFull = fault.Define(fault.Refused, "cart.full", "a cart has at most 1000 lines")
	// ErrEmpty is the fault of submitting a cart without lines.
	ErrEmpty = fault.Define(fault.Refused, "cart.empty", "the cart is empty")
	// ErrLine is the fault of a line that is not in the cart.
	ErrLine = fault.Define(fault.NotFound, "cart.line", "this line is not in the cart")
	// ErrTaken is the fault of putting back what is back already, or was taken out so long ago that it is forgotten.
	ErrTaken = fault.Define(fault.Conflict, "cart.taken", "what was taken out is back already, or it was taken out too long ago")
	// ErrText is the fault of a name or note that is too long, or cannot be read.
	ErrText = fault.Define(fault.Invalid, "cart.text", "this text is too long, or cannot be read")
)

// Changes is ErrSubmitted, which notes what it became, when the cart no longer changes.
func (c Cart) Changes() error {
	switch {
	case c.State == Open:
		return nil
	case c.Became.IsZero(): // it was submitted before that was kept
		return ErrSubmitted
	}
	return ErrSubmitted.Noting("purchase_order_id", c.Became.String())
}

// Seen is ErrStale unless the cart is of the version that somebody saw.
func (c Cart) Seen(version int64) error {
	if c.Version != version {
		return ErrStale.Now(c.Version)
	}
	return nil
}

// Add puts lines into the cart: all of them, or none. A product that is there already gets the quantity and, when
// there is one, the note; its line keeps its identifier. It is quantity.ErrRange when a quantity is or becomes too much.
func (c Cart) Add(lines ...Line) (Cart, error) {
	c, err := c.edit()
	if err != nil {
		return Cart{}, err
	}
	at := make(map[id.Product]int, len(c.Lines)+len(lines))
	for i, l := range c.Lines {
		at[l.Product] = i
	}
	for _, l := range lines {
		if err := l.check(); err != nil {
			return Cart{}, err
		}
		i, there := at[l.Product]
		if !there {
			at[l.Product] = len(c.Lines)
			c.Lines = append(c.Lines, l)
			continue
		}
		old := &c.Lines[i]
		if old.Quantity, err = old.Quantity.Add(l.Quantity); err != nil {
			return Cart{}, err
		}
		if l.Note != "" {
			old.Note = l.Note
		}
	}
	if len(c.Lines) > MostLines {
		return Cart{}, ErrFull.With("a cart has at most %d lines, this would have %d", MostLines, len(c.Lines))
	}
	return c, nil
}

// Change gives a line of the cart, as it was seen in this version, another quantity and note.
func (c Cart) Change(version int64, line id.CartLine, q quantity.Quantity, note string) (Cart, error) {
	if err := c.Seen(version); err != nil {
		return Cart{}, err
	}
	c, err := c.edit()
	if err != nil {
		return Cart{}, err
	}
	i := c.find(line)
	if i < 0 {
		return Cart{}, ErrLine
	}
	c.Lines[i].Quantity, c.Lines[i].Note = q, note
	if err := c.Lines[i].check(); err != nil {
		return Cart{}, err
	}
	return c, nil
}

// Remove takes lines out of the cart, as it was seen in this version: all of them, or none.
func (c Cart) Remove(version int64, lines ...id.CartLine) (Cart, error) {
	if err := c.Seen(version); err != nil {
		return Cart{}, err
	}
	c, err := c.edit()
	if err != nil {
		return Cart{}, err
	}
	for _, line := range lines {
		i := c.find(line)
		if i < 0 {
			return Cart{}, ErrLine
		}
		c.Lines = slices.Delete(c.Lines, i, i+1)
	}
	return c, nil
}

// Taken are lines that were taken out together, each with the place where it stood.
type Taken struct {
	Lines  []Line
	Places []int
}

// Without is what an earlier cart had and this one has no more.
func (c Cart) Without(before Cart) (gone Taken) {
	for i, l := range before.Lines {
		if c.find(l.ID) < 0 {
			gone.Lines, gone.Places = append(gone.Lines, l), append(gone.Places, i)
		}
	}
	return gone
}

// PutBack puts lines back where they stood, or as near to that as the cart has become. A product that has come onto another line
// meanwhile gets the quantity there.
func (c Cart) PutBack(gone Taken) (Cart, error) {
	if len(gone.Lines) == 0 || len(gone.Lines) != len(gone.Places) {
		return Cart{}, ErrTaken
	}
	c, err := c.edit()
	if err != nil {
		return Cart{}, err
	}
	for i, l := range gone.Lines {
		at := slices.IndexFunc(c.Lines, func(now Line) bool { return now.Product == l.Product })
		if at < 0 {
			c.Lines = slices.Insert(c.Lines, min(gone.Places[i], len(c.Lines)), l)
			continue
		}
		now := &c.Lines[at]
		if now.Quantity, err = now.Quantity.Add(l.Quantity); err != nil {
			return Cart{}, err
		}
		if now.Note == "" {
			now.Note = l.Note
		}
	}
	if len(c.Lines) > MostLines {
		return Cart{}, ErrFull.With("a cart has at most %d lines, this would have %d", MostLines, len(c.Lines))
	}
	return c, nil
}

// Regained is a cart that was discarded, as it was: it is of the next version, so that it can be discarded again.
func (c Cart) Regained() (Cart, error) {
	if c.ID.IsZero() {
		return Cart{}, ErrTaken
	}
	return c.edit()
}

// Rename gives the cart another name.
func (c Cart) Rename(name string) (Cart, error) {
	var in fault.Input
	if name = text.Line(&in, "name", name, LongestName); name == "" || in.Err() != nil {
		return Cart{}, ErrText.With("a name is 1 to %d characters", LongestName)
	}
	c, err := c.edit()
	if err != nil {
		return Cart{}, err
	}
	c.Name = name
	return c, nil
}

// Prepare notes what was said about the order as a whole.
func (c Cart) Prepare(version int64, checkout Checkout) (Cart, error) {
	if err := c.Seen(version); err != nil {
		return Cart{}, err
	}
	if err := checkout.check(); err != nil {
		return Cart{}, err
	}
	c, err := c.edit()
	if err != nil {
		return Cart{}, err
	}
	c.Checkout = checkout
	return c, nil
}

// Choose takes the cart up: of several the one chosen last is the one that its owner works on. What is in it stays as
// it is, and so does its version.
func (c Cart) Choose(at time.Time) (Cart, error) {
	if err := c.Changes(); err != nil {
		return Cart{}, err
	}
	c.ChosenAt = at
	return c, nil
}

// Submit ends the cart: it becomes this purchase order. An empty one does not.
func (c Cart) Submit(version int64, po id.PurchaseOrder) (Cart, error) {
	if err := c.Changes(); err != nil { // which is said before its version, that became another one thereby
		return Cart{}, err
	}
	if err := c.Seen(version); err != nil {
		return Cart{}, err
	}
	if len(c.Lines) == 0 {
		return Cart{}, ErrEmpty
	}
	c, err := c.edit()
	if err != nil {
		return Cart{}, err
	}
	c.State, c.Became = Submitted, po
	return c, nil
}

// edit is a copy of the cart, of the next version, that may be changed.
func (c Cart) edit() (Cart, error) {
	if err := c.Changes(); err != nil {
		return Cart{}, err
	}
	c.Lines = slices.Clone(c.Lines)
	c.Checkout.Acknowledged = false // what it goes over a budget by may be another sum now
	c.Version++
	return c, nil
}

func (c Cart) find(line id.CartLine) int {
	return slices.IndexFunc(c.Lines, func(l Line) bool { return l.ID == line })
}

func (l Line) check() error {
	var in fault.Input
	if text.Note(&in, "note", l.Note, LongestNote); in.Err() != nil {
		return ErrText.With("a note has at most %d characters", LongestNote)
	}
	return l.Quantity.Check()
}

// check is ErrText, beside each field that it is about.
func (c Checkout) check() error {
	var in fault.Input
	text.Note(&in, "note", c.Note, LongestNote)
	text.Line(&in, "reference", c.Reference, LongestName)
	if c.NoCentre && !c.CostCentre.IsZero() {
		in.Add("cost_centre", "contradiction", "name a cost centre, or want none: not both")
	}
	f := fault.Of(in.Err())
	if f == nil {
		return nil
	}
	all := *ErrText
	all.Fields = f.Fields
	return &all
}

// Readable is the checkout without what of it can be kept by no cart, and the fault that says so beside each field; nil when
// there is none. So all else that was said can be looked at as well.
func (c Checkout) Readable() (Checkout, *fault.Fault) {
	f := fault.Of(c.check())
	if f == nil {
		return c, nil
	}
	for _, wrong := range f.Fields {
		switch wrong.Name {
		case "note":
			c.Note = ""
		case "reference":
			c.Reference = ""
		case "cost_centre":
			c.NoCentre = false
		}
	}
	return c, f
}
