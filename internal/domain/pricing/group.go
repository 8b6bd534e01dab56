package pricing

import (
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/payment"
	"kontor/internal/base/text"
)

// CustomerGroup is the seller's segment of companies.
type CustomerGroup struct {
	ID          id.CustomerGroup
	Code        string // unique, as the seller's ERP knows it
	Name        string
	Description string
	Payments    []payment.Method // of its companies that have no selection of their own; none is all that there are
	Version     int64
}

// GroupFields are what can be said of a customer group.
type GroupFields struct {
	Code        string           `json:"code"`
	Name        string           `json:"name"`
	Description string           `json:"description,omitempty"`
	Payments    []payment.Method `json:"payment_methods,omitempty"`
}

// Fields are the group's, as it is.
func (g CustomerGroup) Fields() GroupFields {
	return GroupFields{g.Code, g.Name, g.Description, g.Payments}
}

var (
	// ErrUnseenGroup is the fault of a customer group that there is not.
	ErrUnseenGroup = fault.Define(fault.NotFound, "pricing.group_unseen", "there is no such customer group")
	// ErrGroupStale is the fault of editing an older version of a customer group.
	ErrGroupStale = fault.Define(fault.Stale, "pricing.group_stale", "somebody has changed this customer group meanwhile: look at it again")
	// ErrGroupCode is the fault of a second customer group of one code.
	ErrGroupCode = fault.Define(fault.Conflict, "pricing.group_code", "there is already a customer group of this code")
	// ErrGroupInUse is the fault of deleting a customer group that companies belong to.
	ErrGroupInUse = fault.Define(fault.Conflict, "pricing.group_in_use", "companies belong to this customer group, so it cannot be deleted")
)

// How many characters a customer group's code, name and description have at most.
const (
	GroupCodeLength        = 40
	GroupNameLength        = 80
	GroupDescriptionLength = 500
)

// Edit is the group as the fields say: ErrGroupStale for one that was seen in another version, or the fields that cannot be.
func (g CustomerGroup) Edit(version int64, f GroupFields) (CustomerGroup, error) {
	if version != g.Version {
		return g, ErrGroupStale.Now(g.Version)
	}
	var in fault.Input
	line := func(field, said string, most int) string {
		if text.Fold(said) == "" {
			in.Add(field, "required", "this is needed")
		}
		return text.Line(&in, field, said, most)
	}
	g.Code, g.Name = line("code", f.Code, GroupCodeLength), line("name", f.Name, GroupNameLength)
	g.Description = text.Note(&in, "description", f.Description, GroupDescriptionLength)
	g.Payments = payment.Choose(&in, "payment_methods", f.Payments)
	return g, in.Err()
}

// Delete is nil when the group can go: no company belongs to it.
func (g CustomerGroup) Delete(version int64, companies int64) error {
	switch {
	case version != g.Version:
		return ErrGroupStale.Now(g.Version)
	case companies > 0:
		return ErrGroupInUse.With("%d companies belong to this customer group: put them into another one first", companies)
	}
	return nil
}
