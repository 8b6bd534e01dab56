package view

import (
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
)

// Reader is somebody who is told something, with how to speak to them.
type Reader struct {
	Member        id.Member
	Name          string
	Email         string
	Language      locale.Language
	Zone          string // IANA name
	Administrator bool
	Priced        bool // they may see prices; known of what tells of a purchase order
	Waits         bool // they are invited, and have not accepted: there is no inbox of theirs yet
}

// Named is what people call the parts of a purchase order.
type Named struct {
	Company    string
	Requester  string
	Unit       string
	CostCentre string // code and name; empty when there is none
	Order      string // its number; empty while there is none
}
