package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/money"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/identity"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// AddMemberInput is somebody who becomes a member, and the node that they are put right below; the zero node is the
// company's own unit.
type AddMemberInput struct {
	Email    string
	First    string
	Last     string
	Number   string       // the employee number, or none
	Title    string       // the job title, or none
	Approval *money.Money // the most one decision may cover; nil is no limit
	Under    company.Node
	Role     id.Role // the zero role is the one that new members get
	RoleAt   id.Unit // where they have the role; the zero unit is the whole company
}

// AddMember makes somebody a member of the company. Their account is found by their e-mail address; where there is
// none one is made, which has no password yet. Somebody who is given no role gets the company's default role: for
// the whole company if the actor manages all of it, otherwise at the unit where they land.
//
// It asks nobody who is added, so no page and no operation leads here: people are invited. It is for imports, and for
// worlds that are planted.
func (s *Service) AddMember(ctx context.Context, actor access.Actor, in AddMemberInput) (m company.Member, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		above, err := landing(ctx, tx, actor, in.Under)
		if err != nil {
			return err
		}
		var c company.Company
		tx.Companies.Want(&c, actor.Company)
		given, role, err := gift(ctx, tx, actor, in, above.Path)
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
		if in.Approval != nil {
			if err := actor.Require(access.LimitsManage, above.Path); err != nil {
				return err
			}
		}
		// decide
		account, err := step.Account(ctx, tx, identity.Account{Email: in.Email, First: in.First, Last: in.Last, Language: c.Language, Zone: c.Zone})
		if err != nil {
			return err
		}
		if _, found, err := tx.Companies.FindMember(ctx, actor.Company, account.ID); err != nil || found {
			return or(err, company.ErrAlreadyMember)
		}
		m = company.Member{ID: id.NewMember(tx.Now), Account: account.ID, Email: account.Email, Status: company.Working, Version: 1}
		if m, err = m.Edit(1, company.MemberFields{First: in.First, Last: in.Last, // as this company calls them, whatever the account says
			Number: in.Number, Title: in.Title, Approval: in.Approval}, c.Currency); err != nil {
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
		tx.Tell(actor, company.MemberWasAdded{MemberID: m.ID, AccountID: m.Account, After: m.Facts(), Place: m.Path})
		if !role.ID.IsZero() {
			given.Member = m.ID
			if err := step.Give(ctx, tx, actor, given); err != nil {
				return err
			}
			tx.Tell(actor, given.Assigned(role))
		}
		return nil
	})
	return m, err
}

// or is err, or what it means that there was none.
func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// gift is the role that a new member gets, and where; the zero role when nobody said and the company has no default.
func gift(ctx context.Context, tx *store.Tx, actor access.Actor, in AddMemberInput, above tree.Path) (access.Assignment, access.Role, error) {
	var r access.Role
	a := access.Assignment{ID: id.NewAssignment(tx.Now), Role: in.Role, Unit: in.RoleAt}
	if in.Role.IsZero() {
		return usual(ctx, tx, actor, a, above)
	}
	tx.Access.WantRole(&r, actor.Company, in.Role)
	if err := tx.Fetch(ctx); err != nil || a.Unit.IsZero() {
		return a, r, err
	}
	at, err := standing(ctx, tx, actor, company.Node{Unit: a.Unit})
	a.Place = at.Path
	return a, r, err
}

// usual is the company's default role, for the whole company if the actor manages all of it, otherwise at the unit
// where somebody lands.
func usual(ctx context.Context, tx *store.Tx, actor access.Actor, a access.Assignment, above tree.Path) (access.Assignment, access.Role, error) {
	var r access.Role
	var units []company.Unit
	tx.Access.WantDefaultRole(&r, actor.Company)
	tx.Companies.WantUnitsAt(&units, actor.Company, append([]tree.Path{above}, above.Ancestors()...))
	if err := tx.Fetch(ctx); err != nil {
		return a, r, err
	}
	a.Role = r.ID
	if !actor.May(access.UsersManage, tree.Top) && len(units) > 0 {
		a.Unit, a.Place = units[0].ID, units[0].Path
	}
	return a, r, usually(actor, r, a)
}

// usually is nil when somebody may get the usual role because nobody named another one: in a company always, for that is what it has
// decided; at the seller where the actor could give it, for there every role opens customers' affairs.
func usually(actor access.Actor, r access.Role, a access.Assignment) error {
	if actor.Realm != access.Staff || r.ID.IsZero() {
		return nil
	}
	return actor.RequireToGive(r.Set, a.Place, a.Member)
}

// mayGive is nil when the actor may assign this role so.
func mayGive(actor access.Actor, r access.Role, a access.Assignment) error {
	if err := actor.Require(access.RolesManage, a.Place); err != nil {
		return err
	}
	return actor.RequireToGive(r.Set, a.Place, a.Member)
}

// EditMemberInput is a member as the company shall know them, and the version that was seen. The name is theirs in this
// company alone: what their account says stays what they say themselves.
type EditMemberInput struct {
	ID       id.Member
	Version  int64
	First    string
	Last     string
	Name     string // where it is not said in parts
	Number   string
	External *string // what another system knows them by; nil stays as it is
	Phone    *string // where they are called here; nil stays as it is
	Title    string
	Approval *money.Money // the most one decision may cover; nil is no limit
}

// EditMember changes what the company says of a member. Another approval limit needs the permission to set limits, of others
// than oneself; where the actor does not see it, none leaves it as it is.
func (s *Service) EditMember(ctx context.Context, actor access.Actor, in EditMemberInput) (m company.Member, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var c company.Company
		tx.Companies.Want(&c, actor.Company)
		before, err := step.Member(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, before.Path); err != nil {
			return err
		}
		if in.Approval == nil && !actor.Reaches(access.ViewLimits, access.Thing{Owner: before.ID, OwnerAt: before.Path, At: before.Path}) {
			in.Approval = before.Approval
		}
		if !same(before.Approval, in.Approval) {
			if err := actor.Require(access.LimitsManage, before.Path); err != nil {
				return err
			}
			if before.ID == actor.Member {
				return company.ErrOwnLimit
			}
		}
		// decide
		f := company.MemberFields{First: in.First, Last: in.Last, Name: in.Name, Number: in.Number, External: before.External, Phone: before.Phone, Title: in.Title, Approval: in.Approval}
		if in.External != nil {
			f.External = *in.External
		}
		if in.Phone != nil {
			f.Phone = *in.Phone
		}
		m, err = before.Edit(in.Version, f, c.Currency)
		if err != nil {
			return err
		}
		// write
		m.Version++
		tx.Companies.UpdateMember(actor.Company, m)
		if !same(before.Approval, m.Approval) {
			tx.Companies.SetRoutesChanged(actor.Company)
		}
		// tell
		tx.Tell(actor, company.MemberWasEdited{MemberID: m.ID, Before: before.Facts(), After: m.Facts(), Renamed: m.Name != before.Name})
		if m.Phone != before.Phone {
			tx.Tell(actor, company.PhoneWasSet{MemberID: m.ID})
		}
		return nil
	})
	return m, err
}

func same(a, b *money.Money) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
