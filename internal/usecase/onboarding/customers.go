package onboarding

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/view"
)

// ListCustomers is a page of the seller's companies, by name.
func (s *Service) ListCustomers(ctx context.Context, actor access.Actor, f view.CustomerFilter, ask page.Ask) (list page.List[view.Customer], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		list, err = tx.Views.ListCustomers(ctx, f, ask)
		return err
	})
	return list, err
}

// GetCustomer gives a company of the seller's.
func (s *Service) GetCustomer(ctx context.Context, actor access.Actor, key id.Company) (c view.Customer, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		tx.Views.WantCustomer(&c, key)
		return tx.Fetch(ctx)
	})
	return c, err
}

// ListPeople is a page of a company's members, by name, as the seller's staff see them.
func (s *Service) ListPeople(ctx context.Context, actor access.Actor, key id.Company, f view.MemberFilter, ask page.Ask) (list page.List[view.Row], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		var c view.Customer
		tx.Views.WantCustomer(&c, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		list, err = tx.Views.ListMembers(ctx, key, access.Scope{Company: []tree.Path{tree.Top}}, f, ask)
		return err
	})
	return list, err
}

// GetPerson gives a member of a company, as the seller's staff see them.
func (s *Service) GetPerson(ctx context.Context, actor access.Actor, key id.Company, member id.Member) (p view.Person, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		var c view.Customer
		tx.Views.WantCustomer(&c, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		p, err = tx.Views.GetPerson(ctx, key, member)
		return err
	})
	return p, err
}

// AssignGroupInput is which customer group a company belongs to from now on.
type AssignGroupInput struct {
	Company id.Company
	Version int64            // of the company as it was seen
	Group   id.CustomerGroup // the zero one is none
}

// AssignGroup puts a company into a customer group.
func (s *Service) AssignGroup(ctx context.Context, actor access.Actor, in AssignGroupInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CustomerGroupsManage, tree.Top); err != nil {
			return err
		}
		// find
		tx.Companies.Head(in.Company)
		before, err := tx.Companies.Get(ctx, in.Company)
		if err != nil {
			return err
		}
		// decide
		if !in.Group.IsZero() {
			var g pricing.CustomerGroup
			tx.Prices.WantGroup(&g, in.Group)
			if err := tx.Fetch(ctx); err != nil {
				return err
			}
		}
		after, err := before.Join(in.Version, in.Group)
		if err != nil || after.Group == before.Group {
			return err
		}
		// write
		tx.Companies.SetGroup(after.ID, after.Group)
		// tell, in the company's audit
		actor = actor.Telling(after.ID)
		tx.Tell(actor, company.GroupWasAssigned{CompanyID: after.ID, Before: before.Group, After: after.Group})
		return nil
	})
}
