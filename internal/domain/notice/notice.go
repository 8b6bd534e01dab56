package notice

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
)

// Notice is one thing that one member was told.
type Notice struct {
	ID        id.Notice
	Company   id.Company
	Member    id.Member
	Event     Event
	Subject   string // the identifier of what it is about
	Title     locale.Phrase
	Body      locale.Phrase // may be nothing
	Link      string        // where to go on, in the portal
	CreatedAt time.Time
	ReadAt    time.Time // zero while unread
}

// Unread reports whether the member has not seen it yet.
func (n Notice) Unread() bool { return n.ReadAt.IsZero() }

// Read notes that the member has seen it; the first time counts.
func (n Notice) Read(at time.Time) Notice {
	if n.Unread() {
		n.ReadAt = at
	}
	return n
}
