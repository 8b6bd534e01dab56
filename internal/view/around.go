package view

import "kontor/internal/base/id"

// Around is what the frame of every page shows of its reader.
type Around struct {
	Company   string // the name of the company acted for
	Unit      string // the nearest above the reader
	Name      string // the member's
	Title     string
	Cart      id.Cart // that the reader works on; zero: none
	CartLines int64
	Approvals int64  // purchase orders that wait for the reader's decision, counted up to page.CountMost
	Unread    int64  // notices
	Duties    []Duty // who stands in for the reader now, and for whom they do
	Reason    string // why the seller has given the company the status that it has
}
