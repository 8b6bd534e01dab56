package pricing

import (
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

// ContractWasSet tells that prices were agreed on with a company. It is told in that company.
type ContractWasSet struct {
	CompanyID id.Company `json:"company_id"`
	Reference string     `json:"reference"`
	Prices    int        `json:"prices"`
	From      time.Time  `json:"from,omitzero"`
	Until     time.Time  `json:"until,omitzero"`
}

// EventName is contract.set.
func (ContractWasSet) EventName() string { return "contract.set" }

// Subject is the company.
func (e ContractWasSet) Subject() string { return e.CompanyID.String() }

// ListWasSet tells that a price list that is for everybody is as it is now, and that so many prices of it were set. It is told in the
// seller's organisation.
type ListWasSet struct {
	ListID   id.PriceList   `json:"price_list_id"`
	Name     string         `json:"name"`
	Currency money.Currency `json:"currency"`
	Priority int            `json:"priority,omitempty"`
	From     time.Time      `json:"from,omitzero"`
	Until    time.Time      `json:"until,omitzero"`
	Prices   int            `json:"prices"`
}

// EventName is price_list.set.
func (ListWasSet) EventName() string { return "price_list.set" }

// Subject is the price list.
func (e ListWasSet) Subject() string { return e.ListID.String() }

// GroupWasSet tells that a customer group is as it is now.
type GroupWasSet struct {
	GroupID id.CustomerGroup `json:"customer_group_id"`
	Before  *GroupFields     `json:"before,omitempty"` // none for a new one
	After   GroupFields      `json:"after"`
}

// EventName is customer_group.set.
func (GroupWasSet) EventName() string { return "customer_group.set" }

// Subject is the customer group.
func (e GroupWasSet) Subject() string { return e.GroupID.String() }

// GroupWasDeleted tells that there is a customer group no more.
type GroupWasDeleted struct {
	GroupID id.CustomerGroup `json:"customer_group_id"`
	Before  GroupFields      `json:"before"`
}

// EventName is customer_group.deleted.
func (GroupWasDeleted) EventName() string { return "customer_group.deleted" }

// Subject is the customer group.
func (e GroupWasDeleted) Subject() string { return e.GroupID.String() }
