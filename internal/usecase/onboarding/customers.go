package onboarding

import (
	"context"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/payment"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/pricing"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// ListCustomers is a page of the seller's companies, by name.
func (s *Service) ListCustomers(ctx context.Context, actor access.Actor, f view.CustomerFilter, ask page.Ask) (list page.List[view.Customer], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		if list, err = tx.Views.ListCustomers(ctx, f, ask); err != nil {
			return err
		}
		lines := map[int]*[]view.Kin{}
		for i, c := range list.Rows {
			list.Rows[i].Grouped = view.Kin{Company: c.Company, GroupName: c.GroupName}
			if c.Inherits.Group {
				lines[i] = new([]view.Kin)
				tx.Views.WantKin(lines[i], c.ID)
			}
		}
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		for i, line := range lines {
			list.Rows[i].Grouped = view.GroupOf(*line)
		}
		return nil
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
		var line []view.Kin
		tx.Views.WantKin(&line, key)
		tx.Views.WantManagers(&c.Managers, key)
		tx.Views.WantFounder(&c.First, key)
		tx.Companies.WantSubsidiaries(&c.Subsidiaries, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		c.Line, c.Grouped = view.Lineage(line), view.GroupOf(line)
		c.Payments = payment.Allowed(nil, c.Grouped.Payments)
		return nil
	})
	return c, err
}

// SetParentInput is what company one belongs to from now on.
type SetParentInput struct {
	Company  id.Company
	Version  int64  // of the company as it was seen
	Parent   string // customer number; none is the empty one
	Inherits company.Inherits
}

// SetParent says what company one belongs to, and what it has of it, live, in place of its own.
func (s *Service) SetParent(ctx context.Context, actor access.Actor, in SetParentInput) error {
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
		line, err := above(ctx, tx, in.Parent)
		if err != nil {
			return err
		}
		// decide
		after, err := before.Belong(in.Version, line, in.Inherits)
		if err != nil {
			return err
		}
		lent, err := step.LendingOf(ctx, tx, after.ID, 0)
		if err != nil {
			return err
		}
		// write
		tx.Companies.SetParent(after)
		tx.Companies.SetRoutesChangedBelow(after.ID)
		// tell, in the company's audit
		actor = actor.Telling(after.ID)
		tx.Tell(actor, company.ParentWasSet{CompanyID: after.ID, Parent: in.Parent, Inherits: after.Inherits})
		return lent.TellEnded(ctx, tx, actor, false)
	})
}

// above is the company of a customer number with all above it; nothing for no number.
func above(ctx context.Context, tx *store.Tx, number string) (line []company.Company, err error) {
	if number == "" {
		return nil, nil
	}
	parent, found, err := tx.Companies.FindByNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	if !found {
		var wrong fault.Input
		wrong.Add("parent", ErrNumber.Code, "there is no company with the customer number %s", number)
		return nil, wrong.Err()
	}
	tx.Companies.WantLine(&line, parent.ID)
	return line, tx.Fetch(ctx)
}

// ListPeople is a page of a company's members, by name, as the seller's staff see them.
func (s *Service) ListPeople(ctx context.Context, actor access.Actor, key id.Company, f view.MemberFilter, ask page.Ask) (list page.List[view.Row], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		if err := customer(ctx, tx, key); err != nil {
			return err
		}
		list, err = tx.Views.ListMembers(ctx, key, access.Scope{Company: []tree.Path{tree.Top}}, f, ask)
		return err
	})
	return list, err
}

// customer is nil for a company that is a customer: the seller's own organisation is none, and is not there.
func customer(ctx context.Context, tx *store.Tx, key id.Company) error {
	c, err := tx.Companies.Get(ctx, key)
	if err == nil && c.Seller {
		err = company.ErrUnseen
	}
	return err
}

// GetPerson gives a member of a company, as the seller's staff see them.
func (s *Service) GetPerson(ctx context.Context, actor access.Actor, key id.Company, member id.Member) (p view.Person, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.CompaniesView, tree.Top); err != nil {
			return err
		}
		if err := customer(ctx, tx, key); err != nil {
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
