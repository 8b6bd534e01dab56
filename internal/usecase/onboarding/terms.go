package onboarding

import (
	"context"
	"slices"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// EditRecordInput is what a company is called, registered as and known by from now on, and the version of it that was seen.
type EditRecordInput struct {
	Company id.Company
	Version int64
	company.Record
}

// EditRecord changes what a company is called, registered as and known by.
func (s *Service) EditRecord(ctx context.Context, actor access.Actor, in EditRecordInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(in.Company)
		before, err := tx.Companies.Get(ctx, in.Company)
		if err != nil {
			return err
		}
		// decide
		after, err := before.Keep(in.Version, in.Record)
		if taken := free(ctx, tx, after.Number, after.ID); taken != nil && (err == nil || fault.KindOf(err) == fault.Invalid) {
			err = fault.Both(taken, err)
		}
		if err != nil {
			return err
		}
		// write
		tx.Companies.SetRecord(after)
		// tell, in the company's audit
		tx.Tell(actor.Telling(after.ID), company.RecordWasSet{CompanyID: after.ID, Before: before.Record(), After: after.Record()})
		return nil
	})
}

// SetTermsInput is what a company may do from now on, and how it pays, and the version of it that was seen.
type SetTermsInput struct {
	Company id.Company
	Version int64
	company.Terms
}

// SetTerms says what the members of a company may do, and how it pays. It counts at the next request of every session.
func (s *Service) SetTerms(ctx context.Context, actor access.Actor, in SetTermsInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(in.Company)
		before, err := tx.Companies.Get(ctx, in.Company)
		if err != nil {
			return err
		}
		// decide
		after, err := before.Agree(in.Version, in.Terms)
		if err != nil {
			return err
		}
		// write
		tx.Companies.SetTerms(after)
		// tell, in the company's audit
		tx.Tell(actor.Telling(after.ID), company.TermsWereSet{CompanyID: after.ID, Before: before.Terms, After: after.Terms})
		return nil
	})
}

// SetManagersInput is who of the staff looks after a company from now on.
type SetManagersInput struct {
	Company id.Company
	Version int64       // of the company as it was seen
	Staff   []id.Member // of the seller's organisation
	Lead    id.Member   // the first to turn to, one of them; the zero member is the only one, or nobody
}

// ErrNoStaff is the fault of somebody who shall look after a company, and does not work for the seller.
var ErrNoStaff = fault.Define(fault.Invalid, "onboarding.no_staff", "only who works for the seller looks after a company")

// SetManagers says who of the seller's staff looks after a company. Its members see them as whom to turn to.
func (s *Service) SetManagers(ctx context.Context, actor access.Actor, in SetManagersInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(in.Company)
		var staff []view.Manager
		tx.Views.WantStaff(&staff, in.Company)
		c, err := tx.Companies.Get(ctx, in.Company)
		if err != nil {
			return err
		}
		// decide
		switch {
		case c.Seller:
			return company.ErrSeller
		case c.Version != in.Version:
			return company.ErrStale.Now(c.Version)
		}
		accounts, lead, err := in.among(staff)
		if err != nil {
			return err
		}
		// write
		tx.Companies.SetManagers(c.ID, accounts, lead)
		// tell, in the company's audit
		tx.Tell(actor.Telling(c.ID), company.ManagersWereSet{CompanyID: c.ID, Accounts: accounts, Lead: lead})
		return nil
	})
}

// among finds the accounts of those who shall look after a company among the staff, and that of the first of them.
func (in SetManagersInput) among(staff []view.Manager) (accounts []id.Account, lead id.Account, err error) {
	var wrong fault.Input
	accounts = []id.Account{}
	for _, m := range in.Staff {
		i := slices.IndexFunc(staff, func(s view.Manager) bool { return s.Member == m })
		switch {
		case i < 0 && !wrong.Has("staff"):
			wrong.Take("staff", ErrNoStaff)
		case i >= 0 && !slices.Contains(accounts, staff[i].Account):
			accounts = append(accounts, staff[i].Account)
			if m == in.Lead {
				lead = staff[i].Account
			}
		}
	}
	switch {
	case !in.Lead.IsZero() && lead.IsZero():
		wrong.Add("lead", "unknown", "the first to turn to is one of those who look after the company")
	case len(accounts) == 1:
		lead = accounts[0]
	}
	return accounts, lead, wrong.Err()
}

// ListStaff lists who works for the seller, who looks after a company first; with the zero company nobody does.
func (s *Service) ListStaff(ctx context.Context, actor access.Actor, key id.Company) (all []view.Manager, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		tx.Views.WantStaff(&all, key)
		return tx.Fetch(ctx)
	})
	return all, err
}
