package onboarding

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// ChangeStatusInput is what the seller lets a company do from now on.
type ChangeStatusInput struct {
	Company id.Company
	Version int64 // of the company as it was seen
	To      company.Status
	Reason  string // one line, for the company's audit
}

// ChangeStatus admits, turns away, blocks, unblocks or closes a company. It counts at the next request of every session.
// Of a company that is closed everybody is inactive from then on, its open invitations are taken back, and so are the mails that
// are on their way to them; what they did stays for the seller to see.
func (s *Service) ChangeStatus(ctx context.Context, actor access.Actor, in ChangeStatusInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may, as far as it does not depend on what the company was
		if err := actor.Require(beforehand(in.To), tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(in.Company)
		before, err := tx.Companies.Get(ctx, in.Company)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(permission(before.Status, in.To), tree.Top); err != nil {
			return err
		}
		// decide
		after, err := before.Become(in.Version, in.To)
		if err != nil {
			return err
		}
		var wrong fault.Input
		reason := company.Name(&wrong, "reason", in.Reason)
		if err := wrong.Err(); err != nil {
			return err
		}
		lent, err := step.LendingOf(ctx, tx, in.Company, 0)
		if err != nil {
			return err
		}
		// write
		tx.Companies.SetStatus(after.ID, after.Status, reason)
		e := company.StatusWasChanged{CompanyID: after.ID, Before: before.Status, After: after.Status, Reason: reason}
		if after.Status == company.Closed {
			if e.Administrators, err = administering(ctx, tx, after.ID); err != nil {
				return err
			}
			tx.Companies.SetMembersInactive(after.ID)
			tx.Companies.SetInvitationsRevoked(after.ID)
			tx.Accounts.DeleteSessionsIn(after.ID)
			tx.Notices.DeleteReady(after.ID)
		}
		tx.Companies.SetRoutesChangedBelow(after.ID)
		// tell, in the company's audit
		actor = actor.Telling(after.ID)
		tx.Tell(actor, e)
		return lent.TellEnded(ctx, tx, actor, after.Status == company.Closed)
	})
}

// administering are those who administer a company, or are invited to: who hear of its end when nobody is left to be asked for.
func administering(ctx context.Context, tx *store.Tx, key id.Company) (all []id.Member, err error) {
	var readers []view.Reader
	var first view.Founder
	tx.Views.WantReaders(&readers, key, nil)
	tx.Views.WantFounder(&first, key)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	for _, r := range readers {
		all = append(all, r.Member)
	}
	if first.Status == company.Invited {
		all = append(all, first.Member)
	}
	return all, nil
}

// beforehand is what it takes in any case to bring a company to a status.
func beforehand(to company.Status) access.Permission {
	switch to {
	case company.Closed:
		return access.CompaniesManage
	case company.Blocked:
		return access.CompaniesBlock
	}
	return access.CompaniesView
}

// permission is what it takes to bring a company from one status to another.
func permission(from, to company.Status) access.Permission {
	switch {
	case to == company.Closed:
		return access.CompaniesManage
	case from == company.Pending:
		return access.RegistrationsDecide
	}
	return access.CompaniesBlock
}

// mostListed is how many companies one look brings.
const mostListed = 500

// List is some companies, by their customer numbers, behind one.
func (s *Service) List(ctx context.Context, actor access.Actor, behind string) (all []company.Company, more bool, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		all, err = tx.Companies.List(ctx, behind, mostListed)
		more = len(all) == mostListed
		return err
	})
	return all, more, err
}

// Find is the company of a customer number.
func (s *Service) Find(ctx context.Context, actor access.Actor, number string) (c company.Company, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		found := false
		if c, found, err = tx.Companies.FindByNumber(ctx, number); err == nil && !found {
			err = ErrNumber.With("there is no company with the customer number %s", number)
		}
		return err
	})
	return c, err
}

// ErrNumber is the fault of a customer number that nobody has.
var ErrNumber = fault.Define(fault.NotFound, "onboarding.number", "there is no company with this customer number")
