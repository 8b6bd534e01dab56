package step

import (
	"encoding/json"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
)

// InvitationsJob is the kind of the job that sends members who wait their invitations.
const InvitationsJob = "invitations.send"

// InvitationsOrder is the input of such a job: these members, or all who wait.
type InvitationsOrder struct {
	By      Asker       `json:"by"`
	Members []id.Member `json:"members,omitempty"`
}

// OrderInvitations has a job send these members, or all who wait, their invitations.
func OrderInvitations(tx *store.Tx, actor access.Actor, members []id.Member) (id.Job, error) {
	j, err := Order(tx, actor, InvitationsJob, InvitationsOrder{AskedBy(actor), members}, len(members))
	if err == nil {
		tx.Tell(actor, company.InvitationsWereOrdered{CompanyID: actor.Company, Named: len(members), Job: j})
	}
	return j, err
}

// Order adds a job to be done as soon as somebody can.
func Order(tx *store.Tx, actor access.Actor, kind string, input any, of int) (id.Job, error) {
	text, err := json.Marshal(input)
	if err != nil {
		return id.Job{}, err
	}
	j := exchange.Job{ID: id.NewJob(tx.Now), Company: actor.Company, Kind: kind, Input: string(text), State: exchange.JobReady, Due: tx.Now, Of: of, MadeAt: tx.Now}
	tx.Exchange.InsertJob(j)
	return j.ID, nil
}
