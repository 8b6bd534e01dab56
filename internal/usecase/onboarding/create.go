package onboarding

import (
	"context"
	"crypto/rand"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// numbersTried is how many numbers of the series are looked at for one that nobody has been given by hand.
const numbersTried = 50

// Create makes a company as Found does, for one of the seller's staff: its first administrator is sent an invitation, and
// acts when they have accepted it. A customer number that somebody has is refused; without one the company gets the next
// of the seller's own series.
func (s *Service) Create(ctx context.Context, actor access.Actor, in FoundInput) (f Founded, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		in := in
		in.Seller, in.Invites = false, true
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		var number error
		if in.Number == "" {
			in.Number, number = offered(ctx, tx, actor.Company)
		} else {
			number = free(ctx, tx, in.Number, id.Company{})
		}
		// decide, write, tell
		f, err = s.found(ctx, tx, actor, in, number)
		return err
	})
	return f, err
}

// offered takes the next number of the seller's series that nobody has.
func offered(ctx context.Context, tx *store.Tx, seller id.Company) (string, error) {
	var wrong fault.Input
	if seller.IsZero() {
		wrong.Add("number", "required", "please fill this in")
		return "", wrong.Err()
	}
	for range numbersTried {
		var n int64
		tx.Orders.WantNumber(&n, seller, "customer")
		if err := tx.Fetch(ctx); err != nil {
			return "", err
		}
		if _, taken, err := tx.Companies.FindByNumber(ctx, company.Number(n)); err != nil || !taken {
			return company.Number(n), err
		}
	}
	wrong.Take("number", company.ErrNumberTaken)
	return "", wrong.Err()
}

// free is nil for a customer number that no company has but this one.
func free(ctx context.Context, tx *store.Tx, number string, but id.Company) error {
	c, found, err := tx.Companies.FindByNumber(ctx, number)
	if err == nil && found && c.ID != but {
		var wrong fault.Input
		wrong.Take("number", company.ErrNumberTaken)
		err = wrong.Err()
	}
	return err
}

// InviteFounder sends who stands at the top of a company their invitation once more, as long as they have not accepted: the
// link before works no more.
func (s *Service) InviteFounder(ctx context.Context, actor access.Actor, key id.Company) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(key)
		c, m, roles, err := founder(ctx, tx, key)
		if err != nil {
			return err
		}
		// decide
		if m.Status != company.Invited {
			return company.ErrNotInvited
		}
		// write, and tell in the company's audit
		return s.invite(ctx, tx, actor.Telling(key), c, m, administrators(roles))
	})
}

// administrators are the names of the roles that administer.
func administrators(roles []access.Role) (names []string) {
	for _, r := range roles {
		if r.IsAdministrator() {
			names = append(names, r.Name)
		}
	}
	return names
}

// invite sends a member who waits a link: with their first invitation, or with the one that they have, once more.
func (s *Service) invite(ctx context.Context, tx *store.Tx, actor access.Actor, c company.Company, m company.Member, roles []string) error {
	var before []company.Invitation
	tx.Companies.WantInvitationsOf(&before, c.ID, []id.Member{m.ID})
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	link := identity.Link{Company: c.ID, Secret: rand.Text()} // 130 bits of chance
	if len(before) > 0 {
		i, err := before[0].Resend(before[0].Version, tx.Now, s.inviting.Lasts)
		if err != nil {
			return err
		}
		tx.Companies.UpdateInvitation(c.ID, i)
		tx.Companies.SetLink(c.ID, i.ID, link.Digest())
		tx.Notices.DeleteWaiting(c.ID, i.ID.String())
		step.WriteInvitation(s.inviting, tx, actor, c, i, roles, link)
		tx.Tell(actor, company.InvitationWasResent{InvitationID: i.ID, Sent: i.Sent})
		return nil
	}
	email, err := identity.EmailKey(m.Email)
	if err != nil {
		return err
	}
	i := company.Invitation{ID: id.NewInvitation(tx.Now), Email: m.Email, Title: m.Title, Language: c.Language, Waiting: m.ID, State: company.Open, Sent: 1,
		SentAt: tx.Now, ExpiresAt: tx.Now.Add(s.inviting.Lasts), CreatedAt: tx.Now, Version: 1}
	i.First, i.Last = m.First, m.Last()
	tx.Companies.InsertInvitation(c.ID, i, email, link.Digest())
	step.WriteInvitation(s.inviting, tx, actor, c, i, roles, link)
	tx.Tell(actor, company.InvitationWasSent{InvitationID: i.ID, Place: m.Parent, Roles: company.OffersTold(nil)})
	return nil
}
