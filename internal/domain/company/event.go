package company

import (
	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
)

// Events name people by their identifiers alone: what is told is kept, and a person may ask to be forgotten.

// WasFounded tells that there is a new company.
type WasFounded struct {
	CompanyID     id.Company `json:"company_id"`
	Number        string     `json:"number"`
	Name          string     `json:"name"`
	Status        Status     `json:"status"`
	Administrator id.Member  `json:"administrator_id"`
	Unit          id.Unit    `json:"unit_id"` // the company's own
}

// EventName is company.founded.
func (WasFounded) EventName() string { return "company.founded" }

// Subject is the company.
func (e WasFounded) Subject() string { return e.CompanyID.String() }

// WasEdited tells that the company's profile has changed.
type WasEdited struct {
	CompanyID id.Company `json:"company_id"`
	Before    Profile    `json:"before"`
	After     Profile    `json:"after"`
}

// EventName is company.edited.
func (WasEdited) EventName() string { return "company.edited" }

// Subject is the company.
func (e WasEdited) Subject() string { return e.CompanyID.String() }

// StatusWasChanged tells that the seller lets the company do something else.
type StatusWasChanged struct {
	CompanyID id.Company `json:"company_id"`
	Before    Status     `json:"before"`
	After     Status     `json:"after"`
	Reason    string     `json:"reason,omitempty"`
	// Administrators are those who are told that the company is closed: nobody administers it any more. Who was invited to, and had
	// not accepted, is one of them.
	Administrators []id.Member `json:"administrator_ids,omitempty"`
}

// EventName is company.status_changed.
func (StatusWasChanged) EventName() string { return "company.status_changed" }

// Subject is the company.
func (e StatusWasChanged) Subject() string { return e.CompanyID.String() }

// RecordWasSet tells that the seller has changed what a company is called, registered as and known by.
type RecordWasSet struct {
	CompanyID id.Company `json:"company_id"`
	Before    Record     `json:"before"`
	After     Record     `json:"after"`
}

// EventName is company.record_set.
func (RecordWasSet) EventName() string { return "company.record_set" }

// Subject is the company.
func (e RecordWasSet) Subject() string { return e.CompanyID.String() }

// TermsWereSet tells that the seller lets a company do something else, or that it pays otherwise.
type TermsWereSet struct {
	CompanyID id.Company `json:"company_id"`
	Before    Terms      `json:"before"`
	After     Terms      `json:"after"`
}

// EventName is company.terms_set.
func (TermsWereSet) EventName() string { return "company.terms_set" }

// Subject is the company.
func (e TermsWereSet) Subject() string { return e.CompanyID.String() }

// LegalAddressWasSet tells that the company is registered elsewhere.
type LegalAddressWasSet struct {
	CompanyID id.Company `json:"company_id"`
	Before    Legal      `json:"before"`
	After     Legal      `json:"after"`
}

// EventName is company.legal_address_set.
func (LegalAddressWasSet) EventName() string { return "company.legal_address_set" }

// Subject is the company.
func (e LegalAddressWasSet) Subject() string { return e.CompanyID.String() }

// ManagersWereSet tells who of the seller's staff looks after a company.
type ManagersWereSet struct {
	CompanyID id.Company   `json:"company_id"`
	Accounts  []id.Account `json:"account_ids"`
	Lead      id.Account   `json:"lead_account_id,omitzero"` // the first to turn to
}

// EventName is company.managers_set.
func (ManagersWereSet) EventName() string { return "company.managers_set" }

// Subject is the company.
func (e ManagersWereSet) Subject() string { return e.CompanyID.String() }

// GroupWasAssigned tells that the seller has put the company into another customer group.
type GroupWasAssigned struct {
	CompanyID id.Company       `json:"company_id"`
	Before    id.CustomerGroup `json:"before_id,omitzero"`
	After     id.CustomerGroup `json:"after_id,omitzero"`
}

// EventName is company.group_assigned.
func (GroupWasAssigned) EventName() string { return "company.group_assigned" }

// Subject is the company.
func (e GroupWasAssigned) Subject() string { return e.CompanyID.String() }

// ParentWasSet tells that the company belongs to another one, or to none, and what it has of it. Companies are named by
// their customer numbers.
type ParentWasSet struct {
	CompanyID id.Company `json:"company_id"`
	Parent    string     `json:"parent_number,omitempty"`
	Inherits  Inherits   `json:"inherits"`
}

// EventName is company.parent_set.
func (ParentWasSet) EventName() string { return "company.parent_set" }

// Subject is the company.
func (e ParentWasSet) Subject() string { return e.CompanyID.String() }

// UnitFacts are what is told of a unit.
type UnitFacts struct {
	Code       string        `json:"code"`
	Name       string        `json:"name"`
	CostCentre id.CostCentre `json:"cost_centre_id,omitzero"`
}

// Facts are what is told of the unit.
func (u Unit) Facts() UnitFacts { return UnitFacts{u.Code, u.Name, u.CostCentre} }

// UnitWasCreated tells that there is a new unit.
type UnitWasCreated struct {
	UnitID id.Unit   `json:"unit_id"`
	After  UnitFacts `json:"after"`
	Place  tree.Path `json:"place"`
}

// EventName is unit.created.
func (UnitWasCreated) EventName() string { return "unit.created" }

// Subject is the unit.
func (e UnitWasCreated) Subject() string { return e.UnitID.String() }

// UnitWasEdited tells that a unit is called otherwise, or has another cost centre.
type UnitWasEdited struct {
	UnitID id.Unit   `json:"unit_id"`
	Before UnitFacts `json:"before"`
	After  UnitFacts `json:"after"`
}

// EventName is unit.edited.
func (UnitWasEdited) EventName() string { return "unit.edited" }

// Subject is the unit.
func (e UnitWasEdited) Subject() string { return e.UnitID.String() }

// UnitWasArchived tells that a unit has left the structure.
type UnitWasArchived struct {
	UnitID id.Unit   `json:"unit_id"`
	Before UnitFacts `json:"before"`
}

// EventName is unit.archived.
func (UnitWasArchived) EventName() string { return "unit.archived" }

// Subject is the unit.
func (e UnitWasArchived) Subject() string { return e.UnitID.String() }

// UnitWasRestored tells that an archived unit stands in the structure again.
type UnitWasRestored struct {
	UnitID id.Unit   `json:"unit_id"`
	After  UnitFacts `json:"after"`
	Place  tree.Path `json:"place"`
}

// EventName is unit.restored.
func (UnitWasRestored) EventName() string { return "unit.restored" }

// Subject is the unit.
func (e UnitWasRestored) Subject() string { return e.UnitID.String() }

// NodeWasMoved tells that a unit or a member, and all below it, stands elsewhere.
type NodeWasMoved struct {
	UnitID   id.Unit   `json:"unit_id,omitzero"`
	MemberID id.Member `json:"member_id,omitzero"`
	Before   tree.Path `json:"before"`
	After    tree.Path `json:"after"`
}

// EventName is unit.moved or member.moved.
func (e NodeWasMoved) EventName() string {
	if e.UnitID.IsZero() {
		return "member.moved"
	}
	return "unit.moved"
}

// Subject is the unit or the member.
func (e NodeWasMoved) Subject() string {
	if e.UnitID.IsZero() {
		return e.MemberID.String()
	}
	return e.UnitID.String()
}

// MemberFacts are what is told of a member.
type MemberFacts struct {
	Number   string       `json:"number,omitempty"`
	External string       `json:"external_id,omitempty"`
	Title    string       `json:"title,omitempty"`
	Status   MemberStatus `json:"status"`
	Approval *money.Money `json:"approval_limit,omitempty"`
}

// Facts are what is told of the member.
func (m Member) Facts() MemberFacts {
	return MemberFacts{m.Number, m.External, m.Title, m.Status, m.Approval}
}

// MemberWasAdded tells that somebody has become a member.
type MemberWasAdded struct {
	MemberID  id.Member   `json:"member_id"`
	AccountID id.Account  `json:"account_id"`
	After     MemberFacts `json:"after"`
	Place     tree.Path   `json:"place"`
	Home      string      `json:"home_number,omitempty"` // the customer number of the company above that lends them
}

// EventName is member.added.
func (MemberWasAdded) EventName() string { return "member.added" }

// Subject is the member.
func (e MemberWasAdded) Subject() string { return e.MemberID.String() }

// MemberWasLent tells, where they are at home, that a member acts for a company below too.
type MemberWasLent struct {
	MemberID id.Member `json:"member_id"`
	To       string    `json:"to_number"` // the customer number of that company
	Name     string    `json:"to_name"`
}

// EventName is member.lent.
func (MemberWasLent) EventName() string { return "member.lent" }

// Subject is the member.
func (e MemberWasLent) Subject() string { return e.MemberID.String() }

// MemberWasGivenBack tells, where they are at home, that a member does not act for a company below any more.
type MemberWasGivenBack struct {
	MemberID id.Member `json:"member_id"`
	From     string    `json:"from_number"` // the customer number of that company
	Name     string    `json:"from_name"`
}

// EventName is member.given_back.
func (MemberWasGivenBack) EventName() string { return "member.given_back" }

// Subject is the member.
func (e MemberWasGivenBack) Subject() string { return e.MemberID.String() }

// LendingHasEnded tells a company that members whom others lend do not act in it any more: they have left where they are at home,
// that company is closed, or this one does not belong to it any more.
type LendingHasEnded struct {
	CompanyID id.Company  `json:"company_id"`
	Members   []id.Member `json:"member_ids"` // as the company knows them
}

// EventName is company.lending_ended.
func (LendingHasEnded) EventName() string { return "company.lending_ended" }

// Subject is the company.
func (e LendingHasEnded) Subject() string { return e.CompanyID.String() }

// MemberHasJoined tells that somebody who waited as a member has accepted, and acts from now on.
type MemberHasJoined struct {
	MemberID  id.Member   `json:"member_id"`
	AccountID id.Account  `json:"account_id"`
	After     MemberFacts `json:"after"`
	Place     tree.Path   `json:"place"`
}

// EventName is member.joined.
func (MemberHasJoined) EventName() string { return "member.joined" }

// Subject is the member.
func (e MemberHasJoined) Subject() string { return e.MemberID.String() }

// MemberWasCorrected tells that who was invited, and has not accepted, is another account, or called otherwise.
type MemberWasCorrected struct {
	MemberID id.Member  `json:"member_id"`
	Before   id.Account `json:"before_account_id"`
	After    id.Account `json:"after_account_id"`
	Renamed  bool       `json:"renamed,omitempty"`
}

// EventName is member.corrected.
func (MemberWasCorrected) EventName() string { return "member.corrected" }

// Subject is the member.
func (e MemberWasCorrected) Subject() string { return e.MemberID.String() }

// InvitationsWereOrdered tells that members who wait are sent their invitations, by a job.
type InvitationsWereOrdered struct {
	CompanyID id.Company `json:"company_id"`
	Named     int        `json:"named,omitempty"` // how many of them were named; all who wait when it is none
	Job       id.Job     `json:"job_id"`
}

// EventName is invitation.ordered.
func (InvitationsWereOrdered) EventName() string { return "invitation.ordered" }

// Subject is the company.
func (e InvitationsWereOrdered) Subject() string { return e.CompanyID.String() }

// MemberWasEdited tells that something about a member has changed.
type MemberWasEdited struct {
	MemberID id.Member   `json:"member_id"`
	Before   MemberFacts `json:"before"`
	After    MemberFacts `json:"after"`
	Renamed  bool        `json:"renamed,omitempty"`
}

// EventName is member.edited.
func (MemberWasEdited) EventName() string { return "member.edited" }

// Subject is the member.
func (e MemberWasEdited) Subject() string { return e.MemberID.String() }

// MemberWasDeactivated tells that a member has left.
type MemberWasDeactivated struct {
	MemberID    id.Member       `json:"member_id"`
	Place       tree.Path       `json:"place"`                       // where they stood
	Successor   id.Member       `json:"successor_id,omitzero"`       // who takes over what they leave open
	Orders      int             `json:"purchase_orders,omitempty"`   // how many of their own the successor looks after from now on
	CostCentres []id.CostCentre `json:"cost_centre_ids,omitempty"`   // which the successor looks after from now on
	Budgets     []id.Budget     `json:"budget_ids,omitempty"`        // of their own, which are the successor's from now on
	Closed      []id.Budget     `json:"closed_budget_ids,omitempty"` // of their own, which nothing more is charged to
	Lists       int             `json:"order_lists,omitempty"`       // how many of their own are the successor's from now on
	SharedLists int             `json:"shared_lists,omitempty"`      // how many that were shared with them are shared with the successor
}

// EventName is member.deactivated.
func (MemberWasDeactivated) EventName() string { return "member.deactivated" }

// Subject is the member.
func (e MemberWasDeactivated) Subject() string { return e.MemberID.String() }

// MemberWasReactivated tells that a member who had left is back.
type MemberWasReactivated struct {
	MemberID id.Member       `json:"member_id"`
	Place    tree.Path       `json:"place"`
	Lost     []id.Assignment `json:"lost,omitempty"` // what they do not get back
}

// EventName is member.reactivated.
func (MemberWasReactivated) EventName() string { return "member.reactivated" }

// Subject is the member.
func (e MemberWasReactivated) Subject() string { return e.MemberID.String() }

// PhoneWasSet tells that a member is called elsewhere. Where stands with the member alone.
type PhoneWasSet struct {
	MemberID id.Member `json:"member_id"`
}

// EventName is member.phone_set.
func (PhoneWasSet) EventName() string { return "member.phone_set" }

// Subject is the member.
func (e PhoneWasSet) Subject() string { return e.MemberID.String() }

// AddressWasAdded tells that there is a new address in the company's book, or in that of a member.
type AddressWasAdded struct {
	AddressID id.Address `json:"address_id"`
	Label     string     `json:"label,omitempty"` // a member's own is their affair
	MemberID  id.Member  `json:"member_id,omitzero"`
}

// Added tells that an address was added.
func (a Address) Added() AddressWasAdded { return AddressWasAdded{a.ID, a.told(), a.Owner} }

// told is what an address is called, unless that is the affair of a member.
func (a Address) told() string {
	if a.Owner.IsZero() {
		return a.Label
	}
	return ""
}

// EventName is address.added.
func (AddressWasAdded) EventName() string { return "address.added" }

// Subject is the address.
func (e AddressWasAdded) Subject() string { return e.AddressID.String() }

// AddressWasEdited tells that an address is another.
type AddressWasEdited struct {
	AddressID id.Address `json:"address_id"`
	Label     string     `json:"label,omitempty"`
	MemberID  id.Member  `json:"member_id,omitzero"`
}

// Edited tells that an address was changed.
func (a Address) Edited() AddressWasEdited { return AddressWasEdited{a.ID, a.told(), a.Owner} }

// EventName is address.edited.
func (AddressWasEdited) EventName() string { return "address.edited" }

// Subject is the address.
func (e AddressWasEdited) Subject() string { return e.AddressID.String() }

// AddressWasRemoved tells that an address is no more. What was ordered keeps it.
type AddressWasRemoved struct {
	AddressID id.Address `json:"address_id"`
	Label     string     `json:"label,omitempty"`
	MemberID  id.Member  `json:"member_id,omitzero"`
}

// Removed tells that an address was removed.
func (a Address) Removed() AddressWasRemoved { return AddressWasRemoved{a.ID, a.told(), a.Owner} }

// EventName is address.removed.
func (AddressWasRemoved) EventName() string { return "address.removed" }

// Subject is the address.
func (e AddressWasRemoved) Subject() string { return e.AddressID.String() }

// UnitWasDirected tells that what a unit orders usually goes elsewhere, or may.
type UnitWasDirected struct {
	UnitID id.Unit    `json:"unit_id"`
	Before Directions `json:"before"`
	After  Directions `json:"after"`
}

// EventName is unit.directed.
func (UnitWasDirected) EventName() string { return "unit.directed" }

// Subject is the unit.
func (e UnitWasDirected) Subject() string { return e.UnitID.String() }

// MemberWasDirected tells that what a member orders usually goes elsewhere.
type MemberWasDirected struct {
	MemberID id.Member  `json:"member_id"`
	Before   Directions `json:"before"`
	After    Directions `json:"after"`
}

// EventName is member.directed.
func (MemberWasDirected) EventName() string { return "member.directed" }

// Subject is the member.
func (e MemberWasDirected) Subject() string { return e.MemberID.String() }

// ContactWasAdded tells that there is a new contact. Who it is stands in the contact alone.
type ContactWasAdded struct {
	ContactID id.Contact `json:"contact_id"`
	Purpose   string     `json:"purpose"`
}

// EventName is contact.added.
func (ContactWasAdded) EventName() string { return "contact.added" }

// Subject is the contact.
func (e ContactWasAdded) Subject() string { return e.ContactID.String() }

// ContactWasEdited tells that a contact is another.
type ContactWasEdited struct {
	ContactID id.Contact `json:"contact_id"`
	Purpose   string     `json:"purpose"`
}

// EventName is contact.edited.
func (ContactWasEdited) EventName() string { return "contact.edited" }

// Subject is the contact.
func (e ContactWasEdited) Subject() string { return e.ContactID.String() }

// ContactWasRemoved tells that a contact is no more.
type ContactWasRemoved struct {
	ContactID id.Contact `json:"contact_id"`
	Purpose   string     `json:"purpose"`
}

// EventName is contact.removed.
func (ContactWasRemoved) EventName() string { return "contact.removed" }

// Subject is the contact.
func (e ContactWasRemoved) Subject() string { return e.ContactID.String() }

// StructureWasBuilt tells that many units and members were added at once.
type StructureWasBuilt struct {
	CompanyID id.Company  `json:"company_id"`
	Units     []id.Unit   `json:"unit_ids,omitempty"`
	Members   []id.Member `json:"member_ids,omitempty"`
}

// EventName is structure.built.
func (StructureWasBuilt) EventName() string { return "structure.built" }

// Subject is the company.
func (e StructureWasBuilt) Subject() string { return e.CompanyID.String() }

// InvitationWasSent tells that somebody was invited. Who it is stands in the invitation alone.
type InvitationWasSent struct {
	InvitationID id.Invitation `json:"invitation_id"`
	Place        tree.Path     `json:"place"` // of what they will stand right below
	Roles        []OfferFacts  `json:"roles"`
}

// OfferFacts are what is told of a role that somebody will get.
type OfferFacts struct {
	Role id.Role `json:"role_id"`
	Unit id.Unit `json:"unit_id,omitzero"`
}

// OffersTold are what is told of roles that somebody will get, or lost before.
func OffersTold(all []Offer) []OfferFacts {
	told := []OfferFacts{}
	for _, o := range all {
		told = append(told, OfferFacts(o))
	}
	return told
}

// EventName is invitation.sent.
func (InvitationWasSent) EventName() string { return "invitation.sent" }

// Subject is the invitation.
func (e InvitationWasSent) Subject() string { return e.InvitationID.String() }

// InvitationWasResent tells that an invitation was sent again: the link before works no more.
type InvitationWasResent struct {
	InvitationID id.Invitation `json:"invitation_id"`
	Sent         int64         `json:"sent"` // how often by now
}

// EventName is invitation.resent.
func (InvitationWasResent) EventName() string { return "invitation.resent" }

// Subject is the invitation.
func (e InvitationWasResent) Subject() string { return e.InvitationID.String() }

// InvitationWasRevoked tells that an invitation was taken back.
type InvitationWasRevoked struct {
	InvitationID id.Invitation `json:"invitation_id"`
}

// EventName is invitation.revoked.
func (InvitationWasRevoked) EventName() string { return "invitation.revoked" }

// Subject is the invitation.
func (e InvitationWasRevoked) Subject() string { return e.InvitationID.String() }

// InvitationWasAccepted tells that somebody has become a member by their invitation.
type InvitationWasAccepted struct {
	InvitationID id.Invitation `json:"invitation_id"`
	InviterID    id.Member     `json:"inviter_id"`
	MemberID     id.Member     `json:"member_id"`
	Lost         []OfferFacts  `json:"lost,omitempty"` // roles that they were to get, and that are no more
}

// EventName is invitation.accepted.
func (InvitationWasAccepted) EventName() string { return "invitation.accepted" }

// Subject is the invitation.
func (e InvitationWasAccepted) Subject() string { return e.InvitationID.String() }
