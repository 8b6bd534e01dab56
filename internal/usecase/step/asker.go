package step

import (
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
)

// Asker is who asked for work that a job does later, as the job's input keeps them. What they hold is read when it is done.
type Asker struct {
	Account  id.Account      `json:"account,omitzero"`
	Company  id.Company      `json:"company"`
	Member   id.Member       `json:"member,omitzero"`
	Name     string          `json:"name,omitempty"`
	Language locale.Language `json:"language,omitempty"`
	Zone     string          `json:"zone,omitempty"`
	Request  string          `json:"request,omitempty"`
	Address  string          `json:"address,omitempty"`
	Staff    access.By       `json:"staff,omitzero"` // who of the staff asked for the member
}

// AskedBy is the actor, to be kept.
func AskedBy(a access.Actor) Asker {
	return Asker{a.Account, a.Company, a.Member, a.Name, a.Language, a.Zone, a.Request, a.From, a.By}
}

// Actor is who asked, with no rights but those that a transaction finds; the system where no member asked.
func (a Asker) Actor() access.Actor {
	if a.Member.IsZero() {
		return access.System(a.Company)
	}
	return access.Actor{Kind: access.Member, Account: a.Account, Company: a.Company, Member: a.Member, Name: a.Name, Language: a.Language, Zone: a.Zone, Request: a.Request, From: a.Address, By: a.Staff}
}
