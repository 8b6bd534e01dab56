package step

import (
	"context"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/store/noticedb"
)

// Inviting is what the operator decides about invitations.
type Inviting struct {
	Brand  notice.Brand
	Public string        // the address that people know, without a slash at its end: links of invitations begin with it
	Mails  bool          // whether mail is written; who is invited gets none otherwise
	Lasts  time.Duration // how long the link of an invitation holds; 0 is company.InvitationFor
}

// Usually is the same with what holds where nobody says otherwise.
func (s Inviting) Usually() Inviting {
	if s.Lasts <= 0 {
		s.Lasts = company.InvitationFor
	}
	return s
}

// WriteInvitation writes to who is invited to a company, in the language that was chosen for them: what their account says,
// if they have one, is not for this company to know.
func WriteInvitation(s Inviting, tx *store.Tx, actor access.Actor, c company.Company, i company.Invitation, roles []string, link identity.Link) {
	if !s.Mails {
		return
	}
	r := notice.On(notice.Invited)[0]
	language := locale.Parse(i.Language)
	m := notice.Render(r.Mail(s.Brand, notice.Addressee{Name: i.Name()}, notice.Facts{Actor: actor.Name, Company: c.Name, Role: language.List(roles...),
		Until: i.ExpiresAt.In(c.Location()), Link: s.Public + "/join?invitation=" + link.String()}), language)
	tx.Notices.InsertMail(noticedb.Mail{ID: id.NewMail(tx.Now), Company: c.ID, Recipient: i.Email, Name: i.Name(), Thread: i.ID.String(), Subject: m.Subject,
		Text: m.Text, HTML: m.HTML, State: noticedb.Ready, NextAt: tx.Now, CreatedAt: tx.Now, Secret: true})
}

// Uninvite takes back the invitation of a member of the company that the actor acts for, or tells of: its link works no more from then on.
func Uninvite(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Member) error {
	var waiting []company.Invitation
	tx.Companies.WantInvitationsOf(&waiting, actor.Company, []id.Member{key})
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	return TakeBack(tx, actor, waiting)
}

// TakeBack ends invitations: their links work no more from then on, and mails with them that have not left do not.
func TakeBack(tx *store.Tx, actor access.Actor, all []company.Invitation) error {
	for _, i := range all {
		revoked, err := i.Revoke(i.Version, tx.Now)
		if err != nil {
			return err
		}
		tx.Companies.UpdateInvitation(actor.Company, revoked)
		tx.Notices.DeleteWaiting(actor.Company, i.ID.String())
		tx.Tell(actor, company.InvitationWasRevoked{InvitationID: i.ID})
	}
	return nil
}
