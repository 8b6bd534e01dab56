package view

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/orderlist"
)

// OrderList is an order list as an overview has it, for whoever looks.
type OrderList struct {
	orderlist.List // without its lines and shares
	Key            string
	OwnerName      string
	OwnerActs      bool // its owner is still there
	Count          int64
	SharedWith     int64 // with how many members and units
	Hold           orderlist.Hold
	Has            id.OrderListLine // the line of the product that was asked for
}

// Party is with whom a list is shared, by name.
type Party struct {
	orderlist.Share
	Name  string // none of the whole company
	Title string // of a member, and the code of a unit
	Gone  bool   // the member has left, or the unit was archived: they have nothing of it
}
