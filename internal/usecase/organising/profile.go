package organising

import (
	"context"

	"kontor/internal/base/payment"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Profile gives the company that the actor acts for.
func (s *Service) Profile(ctx context.Context, actor access.Actor) (c company.Company, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CompanyView); err != nil {
			return err
		}
		c, err = tx.Companies.Get(ctx, actor.Company)
		c.Legal = company.Legal{}
		return err
	})
	return c, err
}

// Standing is the company that the actor acts for, as its members see it.
type Standing struct {
	company.Company                  // without where it is registered, which has a permission of its own
	Above           []view.Kin       // its parent, the parent's parent and so on
	SeesPayment     bool             // the actor sees how it pays: the two that follow
	Payments        []payment.Method // the ways in which it may pay: its own, or those of its customer group
	Terms           company.Company  // whose payment terms count: its own, or those of a company above
	Managers        []view.Manager   // who of the seller's staff looks after it
}

// Line gives the company that the actor acts for with those that it belongs to, and who of the seller's staff looks after it.
func (s *Service) Line(ctx context.Context, actor access.Actor) (st Standing, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CompanyView); err != nil {
			return err
		}
		var line []view.Kin
		tx.Views.WantKin(&line, actor.Company)
		tx.Views.WantManagers(&st.Managers, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		st.Company, st.Above, st.Terms = line[0].Company, line[1:], company.TermsOf(view.Lineage(line))
		st.Company.Legal = company.Legal{}
		if st.SeesPayment = actor.Gives(access.PaymentInfoView); !st.SeesPayment {
			st.Terms, st.Company.Terms.Payments, st.Company.Terms.NetDays = company.Company{}, nil, 0
			return nil
		}
		for _, m := range payment.Allowed(st.Company.Terms.Payments, view.GroupOf(line).Payments) {
			if m != payment.OnAccount || st.Company.Terms.OnAccount {
				st.Payments = append(st.Payments, m)
			}
		}
		return nil
	})
	return st, err
}

// LegalAddress says where the company is registered, and the version of the company.
func (s *Service) LegalAddress(ctx context.Context, actor access.Actor) (l company.Legal, version int64, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.LegalAddressView); err != nil {
			return err
		}
		c, err := tx.Companies.Get(ctx, actor.Company)
		l, version = c.Legal, c.Version
		return err
	})
	return l, version, err
}

// SetLegalAddress says where the company is registered.
func (s *Service) SetLegalAddress(ctx context.Context, actor access.Actor, version int64, l company.Legal) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := tx.Companies.Get(ctx, actor.Company)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.LegalAddressEdit, tree.Top); err != nil {
			return err
		}
		// decide
		c, err := before.SetLegal(version, l)
		if err != nil {
			return err
		}
		// write
		tx.Companies.SetRecord(c)
		// tell
		tx.Tell(actor, company.LegalAddressWasSet{CompanyID: c.ID, Before: before.Legal, After: c.Legal})
		return nil
	})
}

// Resubmit submits the company again that the seller has turned away, once what was wrong with it has been amended.
func (s *Service) Resubmit(ctx context.Context, actor access.Actor, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := tx.Companies.Get(ctx, actor.Company)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.CompanyEdit, tree.Top); err != nil {
			return err
		}
		// decide
		c, err := before.Resubmit(version)
		if err != nil {
			return err
		}
		// write
		tx.Companies.SetStatus(c.ID, c.Status, "")
		// tell
		tx.Tell(actor, company.StatusWasChanged{CompanyID: c.ID, Before: before.Status, After: c.Status})
		return nil
	})
}

// EditProfileInput is what the company says of itself and asks of its buyers, and the version that was seen.
type EditProfileInput struct {
	Version int64
	company.Profile
}

// EditProfile changes what the company says of itself and asks of its buyers.
func (s *Service) EditProfile(ctx context.Context, actor access.Actor, in EditProfileInput) (c company.Company, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := tx.Companies.Get(ctx, actor.Company)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.CompanyEdit, tree.Top); err != nil {
			return err
		}
		// decide
		if c, err = before.Edit(in.Version, in.Profile); err != nil {
			return err
		}
		// write
		c.Version++
		tx.Companies.Update(c)
		if c.Consents != before.Consents {
			tx.Companies.SetRightsChanged(c.ID)
		}
		// tell
		tx.Tell(actor, company.WasEdited{CompanyID: c.ID, Before: before.Profile(), After: c.Profile()})
		c.Legal = company.Legal{} // it has a permission of its own
		return nil
	})
	return c, err
}
