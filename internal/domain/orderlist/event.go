package orderlist

import "kontor/internal/base/id"

// LineFacts are what is told of a line.
type LineFacts struct {
	Product  id.Product `json:"product_id"`
	SKU      string     `json:"sku"`
	Quantity string     `json:"quantity"`
}

func (l Line) facts() LineFacts { return LineFacts{l.Product, l.SKU, l.Quantity.String()} }

// Facts are what is told of a list.
type Facts struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

// Facts are what is told of the list.
func (l List) Facts() Facts { return Facts{l.Name, l.Description} }

// WasCreated tells that there is a new list.
type WasCreated struct {
	ListID   id.OrderList `json:"order_list_id"`
	Name     string       `json:"name"`
	Owner    id.Member    `json:"owner_id,omitzero"`
	Template bool         `json:"template,omitempty"` // it is the company's
	From     id.OrderList `json:"from_id,omitzero"`   // whose duplicate it is
	Lines    int          `json:"lines"`
}

// Created tells that there is the list now.
func (l List) Created(from id.OrderList) WasCreated {
	return WasCreated{l.ID, l.Name, l.Owner, l.Template(), from, len(l.Lines)}
}

// EventName is order_list.created.
func (WasCreated) EventName() string { return "order_list.created" }

// Subject is the list.
func (e WasCreated) Subject() string { return e.ListID.String() }

// WasEdited tells that a list is called or described otherwise.
type WasEdited struct {
	ListID id.OrderList `json:"order_list_id"`
	Before Facts        `json:"before"`
	After  Facts        `json:"after"`
}

// EventName is order_list.edited.
func (WasEdited) EventName() string { return "order_list.edited" }

// Subject is the list.
func (e WasEdited) Subject() string { return e.ListID.String() }

// LinesWereChanged tells what is on a list that was not, what is in another quantity or with another note, and what no more.
type LinesWereChanged struct {
	ListID  id.OrderList `json:"order_list_id"`
	Name    string       `json:"name"`
	Added   []LineFacts  `json:"added,omitempty"`
	Changed []LineFacts  `json:"changed,omitempty"` // as they are now
	Removed []LineFacts  `json:"removed,omitempty"`
	Sorted  bool         `json:"sorted,omitempty"` // nothing but their order has changed
}

// EventName is order_list.lines_changed.
func (LinesWereChanged) EventName() string { return "order_list.lines_changed" }

// Subject is the list.
func (e LinesWereChanged) Subject() string { return e.ListID.String() }

// Changes tells how the lines of the list differ from what they were.
func (l List) Changes(before List) LinesWereChanged {
	e := LinesWereChanged{ListID: l.ID, Name: l.Name}
	was := make(map[id.OrderListLine]Line, len(before.Lines))
	for _, x := range before.Lines {
		was[x.ID] = x
	}
	for _, x := range l.Lines {
		old, there := was[x.ID]
		switch {
		case !there:
			e.Added = append(e.Added, x.facts())
		case old != x:
			e.Changed = append(e.Changed, x.facts())
		}
		delete(was, x.ID)
	}
	for _, x := range before.Lines {
		if _, gone := was[x.ID]; gone {
			e.Removed = append(e.Removed, x.facts())
		}
	}
	e.Sorted = len(e.Added)+len(e.Changed)+len(e.Removed) == 0
	return e
}

// WasShared tells with whom a list is shared.
type WasShared struct {
	ListID id.OrderList `json:"order_list_id"`
	Name   string       `json:"name"`
	Owner  id.Member    `json:"owner_id"`
	Before []Share      `json:"before"`
	After  []Share      `json:"after"`
	Leaver id.Member    `json:"leaver_id,omitzero"` // who has left, and whose place a successor took
}

// Shared tells with whom the list is shared now.
func (l List) Shared(before List) WasShared {
	return WasShared{ListID: l.ID, Name: l.Name, Owner: l.Owner, Before: append([]Share{}, before.Shares...), After: append([]Share{}, l.Shares...)}
}

// EventName is order_list.shared.
func (WasShared) EventName() string { return "order_list.shared" }

// Subject is the list.
func (e WasShared) Subject() string { return e.ListID.String() }

// WasHandedOver tells that a list has another owner, because the one before has left.
type WasHandedOver struct {
	ListID id.OrderList `json:"order_list_id"`
	Name   string       `json:"name"` // as it is called now
	Before id.Member    `json:"before_id"`
	After  id.Member    `json:"after_id"`
}

// EventName is order_list.handed_over.
func (WasHandedOver) EventName() string { return "order_list.handed_over" }

// Subject is the list.
func (e WasHandedOver) Subject() string { return e.ListID.String() }

// WasDeleted tells that a list is gone, and what was on it.
type WasDeleted struct {
	ListID id.OrderList `json:"order_list_id"`
	Name   string       `json:"name"`
	Owner  id.Member    `json:"owner_id,omitzero"`
	Lines  []LineFacts  `json:"lines"`
}

// Deleted tells that the list is gone.
func (l List) Deleted() WasDeleted {
	e := WasDeleted{ListID: l.ID, Name: l.Name, Owner: l.Owner, Lines: []LineFacts{}}
	for _, x := range l.Lines {
		e.Lines = append(e.Lines, x.facts())
	}
	return e
}

// EventName is order_list.deleted.
func (WasDeleted) EventName() string { return "order_list.deleted" }

// Subject is the list.
func (e WasDeleted) Subject() string { return e.ListID.String() }
