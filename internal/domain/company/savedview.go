package company

import (
	"net/url"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
)

// SavedView is a list as a member has narrowed, sorted and laid it out, under a name of their own.
type SavedView struct {
	ID    id.SavedView
	List  string // the name of the list: "queue"
	Name  string
	Query string // what stands in the address of the list, without the place in it
}

// KeptLists are the lists of which views are kept, by the names that they have in addresses and files.
func KeptLists() []string {
	return []string{"members", "purchase-orders", "orders", "budgets", "cost-centres", "roles", "invitations", "audit", "queue", "companies", "deputies", "lists"}
}

// Bounds of saved views.
const (
	MostSavedViews = 30   // of one list and member
	MostQuery      = 2000 // bytes of what stands in an address
)

var (
	// ErrUnseenView is the fault of a view that is not the member's.
	ErrUnseenView = fault.Define(fault.NotFound, "view.unseen", "there is no such view of yours")
	// ErrViewNamed is the fault of two views of a list with one name.
	ErrViewNamed = fault.Define(fault.Conflict, "view.named", "you have a view of this name already")
	// ErrViewsFull is the fault of more views of a list than are kept.
	ErrViewsFull = fault.Define(fault.Refused, "view.full", "you keep at most 30 views of a list: remove one first")
)

// Check is the view as it is kept, or the fields that cannot be.
func (v SavedView) Check() (SavedView, error) {
	var in fault.Input
	if !slices.Contains(KeptLists(), v.List) {
		in.Add("list", "unknown", "of this list no views are kept")
	}
	v.Name = Name(&in, "name", v.Name)
	q, err := url.ParseQuery(v.Query)
	if err != nil || len(v.Query) > MostQuery {
		in.Add("query", "malformed", "this is no view of a list")
	}
	for _, place := range []string{"at", "n", "export"} { // where in the list, and that it was given out
		q.Del(place)
	}
	v.Query = q.Encode()
	return v, in.Err()
}
