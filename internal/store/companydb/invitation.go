package companydb

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/company"
	"kontor/internal/store/engine"
)

// InvitationColumns are those of an invitation i from InvitationFrom.
const InvitationColumns = `i.id, i.email, i.first_name, i.last_name, i.title, i.language, i.under_unit_id, i.under_member_id, n.path, i.inviter_id, i.member_id, i.waiting_id,
	i.state, i.sent, i.sent_at, i.expires_at, i.created_at, i.ended_at, i.version`

// InvitationFrom joins an invitation i with where what stands right above the invited person stands now, n; or where they do
// themselves, who wait as a member.
const InvitationFrom = ` from invitation i left join node n on n.company_id = i.company_id and n.id = coalesce(i.waiting_id, i.under_unit_id, i.under_member_id) `

// InvitationInto is where InvitationColumns are read to.
func InvitationInto(i *company.Invitation) []any {
	return []any{&i.ID, &i.Email, &i.First, &i.Last, &i.Title, &i.Language, &i.Under.Unit, &i.Under.Member, engine.Text(&i.Under.Path), &i.Inviter, &i.Member, &i.Waiting,
		engine.Text(&i.State), &i.Sent, &i.SentAt, &i.ExpiresAt, &i.CreatedAt, &i.EndedAt, &i.Version}
}

// WantInvitation asks for an invitation of the company.
func (t Tables) WantInvitation(i *company.Invitation, key id.Company, invitation id.Invitation) {
	t.Tx.Ask(`select `+InvitationColumns+InvitationFrom+`where i.company_id = ? and i.id = ?`, key, invitation).
		Row(company.ErrUnseenInvitation, InvitationInto(i)...)
	t.wantOffers(&i.Offers, key, `i.id = ?`, invitation)
}

// GetInvitation reads an invitation of the company.
func (t Tables) GetInvitation(ctx context.Context, key id.Company, invitation id.Invitation) (i company.Invitation, err error) {
	t.WantInvitation(&i, key, invitation)
	return i, t.Tx.Fetch(ctx)
}

// FindInvitation reads the invitation whose link has this digest; found says whether there is one.
func (t Tables) FindInvitation(ctx context.Context, key id.Company, digest string) (i company.Invitation, found bool, err error) {
	t.Tx.Ask(`select `+InvitationColumns+InvitationFrom+`where i.company_id = ? and i.digest = ?`, key, digest).Maybe(&found, InvitationInto(&i)...)
	t.wantOffers(&i.Offers, key, `i.digest = ?`, digest)
	return i, found, t.Tx.Fetch(ctx)
}

func (t Tables) wantOffers(all *[]company.Offer, key id.Company, which string, arg any) {
	engine.Rows(t.Tx.Ask(`
		select r.role_id, r.unit_id from invitation i join invitation_role r on r.company_id = i.company_id and r.invitation_id = i.id
		 where i.company_id = ? and `+which+` order by r.position`, key, arg), all,
		func(o *company.Offer, scan engine.Scan) error { return scan(&o.Role, &o.Unit) })
}

// WantOpenInvitations asks for the open invitations of these addresses, by their keys, with or without time left.
func (t Tables) WantOpenInvitations(all *[]company.Invitation, key id.Company, emails []string) {
	marks, args := engine.Marks(emails)
	engine.Rows(t.Tx.Ask(`select `+InvitationColumns+InvitationFrom+`where i.company_id = ? and i.state = 'open' and i.email_key in `+marks+` order by i.id`,
		append([]any{key}, args...)...), all, func(i *company.Invitation, scan engine.Scan) error { return scan(InvitationInto(i)...) })
}

// WantInvitedCounts asks how many invitations of the company are open, and how many were made since a moment; those of
// members who wait are not among them.
func (t Tables) WantInvitedCounts(open, made *int64, key id.Company, since time.Time) {
	t.Tx.Ask(`select count(*) from invitation i where i.company_id = ? and i.state = 'open' and i.expires_at > ? and i.waiting_id is null`, key, t.Tx.Now).Row(company.ErrUnseen, open)
	t.Tx.Ask(`select count(*) from invitation i where i.company_id = ? and i.created_at > ? and i.waiting_id is null`, key, since).Row(company.ErrUnseen, made)
}

// InsertInvitation adds an invitation, whose link has this digest; email is the key of its address.
func (t Tables) InsertInvitation(key id.Company, i company.Invitation, email, digest string) {
	t.Tx.Write(`
		insert into invitation (company_id, id, email, email_key, first_name, last_name, title, language, under_unit_id, under_member_id, inviter_id, waiting_id,
		                        state, digest, sent, sent_at, expires_at, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		key, i.ID, i.Email, email, i.First, i.Last, i.Title, i.Language, i.Under.Unit, i.Under.Member, i.Inviter, i.Waiting, i.State, digest, i.Sent, i.SentAt, i.ExpiresAt, i.CreatedAt).
		Unique("invitation_company_id_email_key_key", company.ErrInvited)
	for k, o := range i.Offers {
		t.Tx.Write(`insert into invitation_role (company_id, invitation_id, position, role_id, unit_id) values (?, ?, ?, ?, ?)`, key, i.ID, k, o.Role, o.Unit)
	}
}

// UpdateInvitation keeps what has become of an invitation. The version is checked by whoever read it in this
// transaction.
func (t Tables) UpdateInvitation(key id.Company, i company.Invitation) {
	t.Tx.Write(`
		update invitation set state = ?, member_id = ?, sent = ?, sent_at = ?, expires_at = ?, ended_at = ?, version = version + 1
		 where company_id = ? and id = ?`, i.State, i.Member, i.Sent, i.SentAt, i.ExpiresAt, i.EndedAt, key, i.ID).
		Unique("invitation_company_id_email_key_key", company.ErrInvited)
}

// SetLink gives an invitation a new link, by its digest: the one before works no more.
func (t Tables) SetLink(key id.Company, invitation id.Invitation, digest string) {
	t.Tx.Write(`update invitation set digest = ? where company_id = ? and id = ?`, digest, key, invitation)
}

// WantInvited asks for so many members who are invited and have no link that holds, behind one, in the order of their making.
func (t Tables) WantInvited(all *[]company.Member, key id.Company, behind id.Member, most int) {
	engine.Rows(t.Tx.Ask(`select `+MemberColumns+MemberFrom+`where m.company_id = ? and m.status = 'invited' and m.id > ? and `+linkless+` order by m.id limit ?`,
		key, after(behind.IsZero(), behind.UUID()), t.Tx.Now, most), all, ScanMember)
}

// WantInvitedCount asks how many they are, at these places and below them.
func (t Tables) WantInvitedCount(n *int64, key id.Company, places []tree.Path) {
	within, args := within(places)
	t.Tx.Ask(`select count(*)`+MemberFrom+`where m.company_id = ? and m.status = 'invited' and `+linkless+` and (`+within+`)`,
		append([]any{key, t.Tx.Now}, args...)...).Row(company.ErrUnseen, n)
}

// linkless is what holds for a member m whom no invitation leads in that can still be accepted.
const linkless = `not exists (select 1 from invitation i where i.company_id = m.company_id and i.waiting_id = m.id and i.state = 'open' and i.expires_at > ?)`

// WantInvitationsOf asks for the invitations of members who wait that have come to no end.
func (t Tables) WantInvitationsOf(all *[]company.Invitation, key id.Company, members []id.Member) {
	marks, args := engine.Marks(members)
	engine.Rows(t.Tx.Ask(`select `+InvitationColumns+InvitationFrom+`where i.company_id = ? and i.state in ('open', 'expired') and i.waiting_id in `+marks+` order by i.id`,
		append([]any{key}, args...)...), all, func(i *company.Invitation, scan engine.Scan) error { return scan(InvitationInto(i)...) })
}

// WantGuestsOf asks for the open invitations by hand that a member has sent, or that are for somebody of their name.
func (t Tables) WantGuestsOf(all *[]company.Invitation, key id.Company, m company.Member) {
	engine.Rows(t.Tx.Ask(`select `+InvitationColumns+InvitationFrom+`where i.company_id = ? and i.state = 'open' and i.waiting_id is null
		   and (i.inviter_id = ? or fold(i.first_name || ' ' || i.last_name) = fold(?)) order by i.email_key, i.id`, key, m.ID, m.Name),
		all, func(i *company.Invitation, scan engine.Scan) error { return scan(InvitationInto(i)...) })
}

// DeleteInvitationsOf removes the invitations of members who have waited and are to be no more.
func (t Tables) DeleteInvitationsOf(key id.Company, members []id.Member) {
	for part := range slices.Chunk(members, 500) {
		marks, args := engine.Marks(part)
		t.Tx.Write(`delete from invitation where company_id = ? and state <> 'accepted' and waiting_id in `+marks, append([]any{key}, args...)...)
	}
}

// ReplaceOffers makes all invitations to a role invitations to another one; who is invited to both at a place is so once.
func (t Tables) ReplaceOffers(key id.Company, role, by id.Role) {
	t.Tx.Write(`
		delete from invitation_role where company_id = ? and role_id = ? and exists (
		       select 1 from invitation_role o where o.company_id = invitation_role.company_id and o.invitation_id = invitation_role.invitation_id and o.role_id = ?
		          and coalesce(o.unit_id, o.company_id) = coalesce(invitation_role.unit_id, invitation_role.company_id))`, key, role, by)
	t.Tx.Write(`update invitation_role set role_id = ? where company_id = ? and role_id = ?`, by, key, role)
}

// DeleteOffers takes a role out of all invitations.
func (t Tables) DeleteOffers(key id.Company, role id.Role) {
	t.Tx.Write(`delete from invitation_role where company_id = ? and role_id = ?`, key, role)
}

// DeleteInvitations removes some of the invitations that have ended, or run out, before a moment, and says how many.
func (t Tables) DeleteInvitations(ctx context.Context, before time.Time, most int) (n int64, err error) {
	type gone struct {
		company    id.Company
		invitation id.Invitation
	}
	var all []gone
	engine.Rows(t.Tx.Ask(`
		select i.company_id, i.id from invitation i
		 where i.expires_at < ? and coalesce(i.ended_at, i.expires_at) < ? order by i.expires_at, i.id limit ?`, before, before, most), &all,
		func(g *gone, scan engine.Scan) error { return scan(&g.company, &g.invitation) })
	if err := t.Tx.Fetch(ctx); err != nil {
		return 0, err
	}
	for _, g := range all {
		t.Tx.Write(`delete from invitation_role where company_id = ? and invitation_id = ?`, g.company, g.invitation)
		t.Tx.Write(`delete from invitation where company_id = ? and id = ?`, g.company, g.invitation)
	}
	return int64(len(all)), t.Tx.Fetch(ctx)
}

// SetInvitationsRevoked takes back every invitation of a company that has come to no end, also those that have run out: nobody sends
// them again.
func (t Tables) SetInvitationsRevoked(key id.Company) {
	t.Tx.Write(`update invitation set state = ?, ended_at = ?, version = version + 1 where company_id = ? and state in (?, ?)`,
		company.Revoked, t.Tx.Now, key, company.Open, company.Expired)
}
