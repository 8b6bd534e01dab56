package approval

import (
	"encoding/json"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
)

// PurchaseOrder is a submitted cart: its content frozen, its plan, and where it stands.
type PurchaseOrder struct {
	ID          id.PurchaseOrder
	Company     id.Company
	Number      string
	State       State
	Requester   id.Member
	Submitter   id.Member // who submitted it, if it was handed over since; zero: the requester
	ActedBy     id.Member // who of the seller's staff submitted it for the requester, as far as they are a member here, too
	Unit        id.Unit
	CostCentre  id.CostCentre
	Content     Content
	Hash        string // of the content
	Items       []Item // what the lines of the content are called; one for each
	Net         money.Money
	Reference   string // the buyer's own PO number
	Note        string
	Needs       []Need // the requirements, frozen with the rules that made them
	Plan        Plan
	Order       id.Order
	Reason      string // of the last rejection, withdrawal or failure
	SubmittedAt time.Time
	ChangedAt   time.Time
	ExpiresAt   time.Time
	Version     int64

	Acting id.Account // of the staff who submits it for the requester; kept when it is inserted
}

// Item says in words what a line of the content is; it is not part of what is agreed to.
type Item struct {
	Name     string
	Unit     string // of measure
	Supplier string
	Note     string
	Source   json.RawMessage // why the price is what it is, as it was frozen
}

// Do takes the purchase order along one row of the table of states.
func (p PurchaseOrder) Do(a Action, at time.Time) (PurchaseOrder, Transition, error) {
	t, err := p.State.Next(a)
	if err != nil {
		return p, t, err
	}
	p.State = t.To
	p.ChangedAt = at
	if t.To.Final() {
		p.ExpiresAt = time.Time{}
	}
	return p, t, nil
}

// Agreed reports whether everybody who must has agreed. Needs without a plan are never agreed to.
func (p PurchaseOrder) Agreed() bool {
	return p.Plan.Standing() == AllAgreed && (len(p.Needs) == 0 || len(p.Plan.Stages) > 0)
}
