package onboarding

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// CorrectFounderInput is who is to administer a company, as they are called and where they get their invitation.
type CorrectFounderInput struct {
	Company id.Company
	Version int64 // of the company as it was seen
	First   string
	Last    string
	Email   string
}

// CorrectFounder corrects the name and the address of who was invited to administer a company, as long as they have not
// accepted. The link before works no more from then on, and another one is sent to the address that is right. Their place and
// their role stay; an account that there is of this address is the one that joins.
func (s *Service) CorrectFounder(ctx context.Context, actor access.Actor, in CorrectFounderInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(in.Company)
		c, before, roles, err := founder(ctx, tx, in.Company)
		if err != nil {
			return err
		}
		// decide
		switch {
		case before.Status != company.Invited:
			return company.ErrNotInvited
		case c.Version != in.Version:
			return company.ErrStale
		}
		after, err := in.correct(ctx, tx, c, before)
		if err != nil {
			return err
		}
		// write
		tx.Companies.UpdateMember(c.ID, after)
		tx.Companies.SetAccount(c.ID, after)
		tx.Accounts.DeleteUnused([]id.Account{before.Account})
		// tell, in the company's audit
		actor = actor.Telling(c.ID)
		tx.Tell(actor, company.MemberWasCorrected{MemberID: after.ID, Before: before.Account, After: after.Account, Renamed: after.Name != before.Name})
		if err := step.Uninvite(ctx, tx, actor, after.ID); err != nil {
			return err
		}
		return s.invite(ctx, tx, actor, c, after, administrators(roles))
	})
}

// founder finds who stands at the top of a company that can take them in, and its roles.
func founder(ctx context.Context, tx *store.Tx, key id.Company) (c company.Company, m company.Member, roles []access.Role, err error) {
	var first view.Founder
	tx.Companies.Want(&c, key)
	tx.Access.WantEveryRole(&roles, key)
	tx.Views.WantFounder(&first, key)
	if err := tx.Fetch(ctx); err != nil {
		return c, m, nil, err
	}
	if c.Seller {
		return c, m, nil, company.ErrSeller
	}
	m, err = tx.Companies.GetMember(ctx, key, first.Member)
	if err == nil && m.Status == company.Invited && !c.Status.TakesIn() {
		err = company.ErrNotInviting
	}
	return c, m, roles, err
}

// correct is the member as they are to be: with the account of the address, which is made where there is none.
func (in CorrectFounderInput) correct(ctx context.Context, tx *store.Tx, c company.Company, before company.Member) (m company.Member, err error) {
	var wrong fault.Input
	key, err := identity.EmailKey(in.Email)
	wrong.Take("email", err)
	if text.Fold(in.First+in.Last) == "" {
		wrong.Add("last_name", "required", "please fill this in")
	}
	if err := wrong.Err(); err != nil {
		return m, err
	}
	a := identity.Account{ID: before.Account, Email: before.Email}
	if known, err := identity.EmailKey(before.Email); err != nil || known != key {
		if a, err = step.Account(ctx, tx, identity.Account{Email: in.Email, First: in.First, Last: in.Last, Language: c.Language, Zone: c.Zone}); err != nil {
			return m, err
		}
		if _, found, err := tx.Companies.FindMember(ctx, c.ID, a.ID); err != nil {
			return m, err
		} else if found {
			wrong.Take("email", company.ErrAlreadyMember)
			return m, wrong.Err()
		}
	}
	return before.Correct(a.ID, a.Email, identity.Account{First: in.First, Last: in.Last}.Name())
}
