package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Lendable is a page of those whom the companies above can lend: their own active members who are no members here, whatever
// became of that. Its cursors have two values.
func (s *Service) Lendable(ctx context.Context, actor access.Actor, text string, ask page.Ask) (list page.List[view.Lendable], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.UsersManage); err != nil {
			return err
		}
		list, err = tx.Views.ListLendable(ctx, actor.Company, text, ask)
		return err
	})
	return list, err
}

// GetLendable gives somebody whom a company above can lend, by who they are there.
func (s *Service) GetLendable(ctx context.Context, actor access.Actor, key id.Member) (l view.Lendable, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.UsersManage); err != nil {
			return err
		}
		tx.Views.WantLendable(&l, actor.Company, key)
		return tx.Fetch(ctx)
	})
	return l, err
}

// BorrowInput is who of a company above acts here too, and the node that they are put right below; the zero node is the
// company's own unit.
type BorrowInput struct {
	Lent   id.Member // as the company above knows them
	Under  company.Node
	Role   id.Role // the zero role is the one that new members get
	RoleAt id.Unit // where they have the role; the zero unit is the whole company
}

// Borrow makes a member of a company above a member of this one, without asking them: they are told, and act here as long as
// they act there, and this company belongs to that one. Whoever does could give the role to anybody else.
func (s *Service) Borrow(ctx context.Context, actor access.Actor, in BorrowInput) (m company.Member, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may, as far as it does not depend on where
		if err := actor.RequireSomewhere(access.UsersManage); err != nil {
			return err
		}
		// find
		above, err := landing(ctx, tx, actor, in.Under)
		if err != nil {
			return err
		}
		var c company.Company
		tx.Companies.Want(&c, actor.Company)
		given, role, err := gift(ctx, tx, actor, AddMemberInput{Role: in.Role, RoleAt: in.RoleAt}, above.Path)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, above.Path); err != nil {
			return err
		}
		if !in.Role.IsZero() {
			if err := mayGive(actor, role, given); err != nil {
				return err
			}
		}
		var lent view.Lendable
		tx.Views.WantLendable(&lent, actor.Company, in.Lent)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		tx.Companies.Head(lent.Home) // before anything is written here: see lenderOf
		// decide
		if c.Status != company.Active {
			return company.ErrNotInviting
		}
		m = company.Member{ID: id.NewMember(tx.Now), Account: lent.Account, Email: lent.Email, Status: company.Working, Home: lent.Home, Held: true, Version: 1}
		if m, err = m.Edit(1, company.MemberFields{Name: lent.Name, Title: lent.Title}, c.Currency); err != nil {
			return err
		}
		if m.Path, err = label(ctx, tx, actor, above); err != nil {
			return err
		}
		m.Parent = above.Path
		// write
		tx.Companies.InsertMember(actor.Company, m)
		tx.Companies.InsertNode(actor.Company, company.Node{Member: m.ID, Path: m.Path}, above)
		tx.Companies.SetRightsChanged(actor.Company)
		// tell, in both audits
		tx.Tell(actor, company.MemberWasAdded{MemberID: m.ID, AccountID: m.Account, After: m.Facts(), Place: m.Path, Home: lent.HomeNumber})
		if !role.ID.IsZero() {
			given.Member = m.ID
			if err := step.Give(ctx, tx, actor, given); err != nil {
				return err
			}
			tx.Tell(actor, given.Assigned(role))
		}
		(&lender{lent.Home, lent.Member, c}).lent(tx, actor)
		return nil
	})
	return m, err
}

// lender is the company that lends a member, who they are there, and what is told there.
type lender struct {
	home   id.Company
	member id.Member
	here   company.Company
}

// lenderOf finds who lends a member, and takes its place in that company's queue: before anything is written, for whoever
// holds that queue may want to write here (companydb.SetRoutesChangedBelow). nil where nobody does who could be told.
func lenderOf(ctx context.Context, tx *store.Tx, actor access.Actor, m company.Member) (*lender, error) {
	if m.Home.IsZero() {
		return nil, nil
	}
	l := &lender{home: m.Home}
	tx.Companies.Head(m.Home)
	tx.Companies.Want(&l.here, actor.Company)
	there, found, err := tx.Companies.FindMember(ctx, m.Home, m.Account)
	if err != nil || !found {
		return nil, err
	}
	l.member = there.ID
	return l, nil
}

// lent tells in the lender's own audit that the member acts here, again.
func (l *lender) lent(tx *store.Tx, actor access.Actor) {
	if l != nil {
		tx.Tell(actor.Telling(l.home), company.MemberWasLent{MemberID: l.member, To: l.here.Number, Name: l.here.Name})
	}
}

// returned tells there that the member acts here no more.
func (l *lender) returned(tx *store.Tx, actor access.Actor) {
	if l != nil {
		tx.Tell(actor.Telling(l.home), company.MemberWasGivenBack{MemberID: l.member, From: l.here.Number, Name: l.here.Name})
	}
}
