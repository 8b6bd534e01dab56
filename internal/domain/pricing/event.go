package pricing

import (
	"time"

	"kontor/internal/base/id"
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
