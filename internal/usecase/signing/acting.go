package signing

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
)

var (
	// ErrNoConsent is the fault of acting for a customer who does not consent.
	ErrNoConsent = fault.Define(fault.Refused, "signing.no_consent", "this company does not let staff act for its members: one of its administrators can allow it on the company's page")
	// ErrNotActing is the fault of ending what is not.
	ErrNotActing = fault.Define(fault.Conflict, "signing.not_acting", "you act for no customer at the moment")
	// ErrNotActedFor is the fault of acting for somebody who does not act themselves.
	ErrNotActedFor = fault.Define(fault.Refused, "signing.not_acted_for", "nobody acts for somebody who is not active in their company")
)

// ActForInput is for whom one of the staff acts from now on, and why.
type ActForInput struct {
	Company id.Company
	Member  id.Member
	Reason  string // one line: it stands in the company's audit and in the seller's
}

// ActFor makes the session of one of the staff act for a member of a company that consents: with that member's rights,
// but for what only they do themselves (access.ActedFor). Both companies' audits tell of it, and name who acts in all
// that is done. It ends with StopActing, with the session, and at the next request when the consent is withdrawn, or the
// permission taken.
func (s *Service) ActFor(ctx context.Context, actor access.Actor, in ActForInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CustomersImpersonate, tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(in.Company)
		var c company.Company
		var m company.Member
		tx.Companies.Want(&c, in.Company)
		tx.Companies.WantMember(&m, in.Company, in.Member)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		var wrong fault.Input
		reason := company.Name(&wrong, "reason", in.Reason)
		if err := wrong.Err(); err != nil {
			return err
		}
		switch {
		case c.Seller:
			return company.ErrSeller
		case !c.Consents:
			return ErrNoConsent
		case !m.Acts() || !c.Status.Admits():
			return ErrNotActedFor
		}
		// write
		tx.Accounts.SetActing(actor.Session, in.Company, in.Member)
		// tell, in both
		begun := identity.ActingHasBegun{AccountID: actor.Account, CompanyID: in.Company, MemberID: in.Member, Reason: reason}
		tx.Tell(actor, begun)
		tx.Tell(actor.Telling(in.Company), begun)
		return nil
	})
}

// StopActing brings one of the staff back to the seller's office.
func (s *Service) StopActing(ctx context.Context, actor access.Actor) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		// decide
		if !actor.Acting() {
			return ErrNotActing
		}
		// write
		tx.Accounts.SetCompany(actor.Session, actor.By.Company, actor.By.Member)
		// tell
		ended(tx, actor)
		return nil
	})
}

// ended tells in both companies that somebody acts for a customer no more.
func ended(tx *store.Tx, actor access.Actor) {
	e := identity.ActingHasEnded{AccountID: actor.Account, CompanyID: actor.Company, MemberID: actor.Member}
	tx.Tell(actor, e)
	tx.Tell(actor.Telling(actor.By.Company), e)
}
