package granting

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// ReviewInput is a question of the review functions: may somebody use this permission at a unit (the zero unit is the
// whole company), or on what the owner has there; without a unit, on what they have where they stand.
type ReviewInput struct {
	Permission access.Permission
	Unit       id.Unit
	Owner      id.Member // the zero member: whoever's
}

// ErrNotReviewed is the fault of asking about a permission that stands in no role of a company.
var ErrNotReviewed = fault.Define(fault.Invalid, "granting.not_reviewed", "no role of a company has this permission, so it cannot be asked about")

// Can is somebody who may do what was asked, and every way in which they may.
type Can struct {
	view.Reviewed
	Ways []access.Way
}

// WhoCan is a page of those who may do something, as far as the actor may see them, by name, each with the roles that
// let them. Its cursors have two values.
func (s *Service) WhoCan(ctx context.Context, actor access.Actor, in ReviewInput, ask page.Ask) (list page.List[Can], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		r, err := review(ctx, tx, actor, in)
		if err != nil {
			return err
		}
		if r.moment.Regime == access.Shut {
			return nil
		}
		found, err := tx.Views.ListWho(ctx, actor.Company, r.filter(), actor.Scope(access.ViewMembers), ask)
		if err != nil {
			return err
		}
		subjects, err := r.subjects(ctx, tx, actor.Company, found.Rows)
		if err != nil {
			return err
		}
		list = page.List[Can]{Next: found.Next}
		for i, row := range found.Rows {
			list.Rows = append(list.Rows, Can{row, subjects[i].Ways(r.question, r.moment)})
		}
		return nil
	})
	return list, err
}

// Why says step by step why a member may or may not do something. Everybody may ask it of themselves.
func (s *Service) Why(ctx context.Context, actor access.Actor, key id.Member, in ReviewInput) (m company.Member, t access.Trace, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if m, err = reviewed(ctx, tx, actor, key); err != nil {
			return err
		}
		r, err := review(ctx, tx, actor, in)
		if err != nil {
			return err
		}
		subject, err := r.subject(ctx, tx, actor.Company, key)
		if err != nil {
			return err
		}
		t = subject.Why(r.question, r.moment)
		return nil
	})
	return m, t, err
}

// WhatCan lists everything that a member may do now, where, and what they have it from; of somebody who was invited, what
// they may once they accept. Everybody may know it of themselves.
func (s *Service) WhatCan(ctx context.Context, actor access.Actor, key id.Member) (m company.Member, all []access.Origin, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if m, err = reviewed(ctx, tx, actor, key); err != nil {
			return err
		}
		r, err := review(ctx, tx, actor, ReviewInput{Permission: access.CatalogView}) // of no permission in particular
		if err != nil {
			return err
		}
		subject, err := r.subject(ctx, tx, actor.Company, key)
		if err != nil {
			return err
		}
		all = subject.Accepted().Effective(r.moment)
		return nil
	})
	return m, all, err
}

// Compare says how two roles of the company differ.
func (s *Service) Compare(ctx context.Context, actor access.Actor, first, second id.Role) (a, b access.Role, d access.Difference, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		tx.Access.WantRole(&a, actor.Company, first)
		tx.Access.WantRole(&b, actor.Company, second)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			a, b = access.Role{}, access.Role{}
			return err
		}
		d = a.Compare(b)
		return nil
	})
	return a, b, d, err
}

// reviewed finds the member whom a question is about, for an actor who may ask it of them.
func reviewed(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Member) (company.Member, error) {
	m, err := step.Member(ctx, tx, actor, key)
	if err == nil && m.ID != actor.Member {
		err = actor.RequireSomewhere(access.RolesView)
	}
	return m, err
}

// reviewing is a question with what it takes to answer it.
type reviewing struct {
	question access.Question
	moment   access.Moment
	roles    map[id.Role]access.Role
}

// review reads what the question is about: only what the actor may see can be asked about.
func review(ctx context.Context, tx *store.Tx, actor access.Actor, in ReviewInput) (*reviewing, error) {
	if there := access.Leaves(actor.Realm); !there.Has(in.Permission) {
		return nil, ErrNotReviewed
	}
	r := &reviewing{question: access.Question{Permission: in.Permission}, roles: map[id.Role]access.Role{}}
	var c company.Company
	var roles []access.Role
	tx.Companies.Want(&c, actor.Company)
	tx.Access.WantEveryRole(&roles, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	for _, role := range roles {
		r.roles[role.ID] = role
	}
	sees := company.Sight("")
	if c.Status == company.Pending {
		seller, _, err := tx.Companies.FindSeller(ctx)
		if err != nil {
			return nil, err
		}
		sees = seller.Pending
	}
	r.moment = access.Moment{Now: tx.Now, Regime: store.RegimeOf(c.Status, sees)}
	about := &r.question.About
	if !in.Unit.IsZero() {
		u, err := tx.Companies.GetUnit(ctx, actor.Company, in.Unit)
		if err != nil {
			return nil, err
		}
		about.At = u.Path
	}
	if !in.Owner.IsZero() {
		owner, err := step.Member(ctx, tx, actor, in.Owner)
		if err != nil {
			return nil, err
		}
		about.Owner, about.OwnerAt = owner.ID, owner.Path
		if in.Unit.IsZero() {
			about.At = owner.Path
		}
	}
	return r, nil
}

// filter is the question as the tables answer it: what Ways says of each member, of all at once.
func (r *reviewing) filter() view.WhoFilter {
	about := r.question.About
	if about.Owner.IsZero() {
		return view.WhoFilter{Anybody: r.having(r.question.Permission), At: append(about.At.Ancestors(), about.At)}
	}
	f := r.reach(r.question.Permission.Act())
	if r.question.Permission.Act().Sees {
		sees := r.reach(access.UsersView.Act())
		f.Sees = &sees
	}
	return f
}

// reach is who may do an act on the thing that is asked about.
func (r *reviewing) reach(act access.Act) view.WhoFilter {
	about := r.question.About
	return view.WhoFilter{Owner: about.Owner, Above: about.OwnerAt.Ancestors(), At: append(about.At.Ancestors(), about.At), Others: act.Others,
		Self:    act.Own == access.SelfAccount && r.moment.Allows(act.Own),
		Anybody: r.having(act.Company), Own: r.having(act.Own), Subordinates: r.having(act.Subordinates)}
}

// having lists the roles that have a permission which the company's state leaves them.
func (r *reviewing) having(p access.Permission) []id.Role {
	var all []id.Role
	for key, role := range r.roles {
		if role.Set.Has(p) && r.moment.Allows(p) {
			all = append(all, key)
		}
	}
	slices.SortFunc(all, func(a, b id.Role) int { return strings.Compare(a.UUID(), b.UUID()) })
	return all
}

func (r *reviewing) subject(ctx context.Context, tx *store.Tx, key id.Company, member id.Member) (access.Subject, error) {
	var row view.Reviewed
	tx.Views.WantReviewed(&row, key, member)
	if err := tx.Fetch(ctx); err != nil {
		return access.Subject{}, err
	}
	all, err := r.subjects(ctx, tx, key, []view.Reviewed{row})
	if err != nil {
		return access.Subject{}, err
	}
	return all[0], nil
}

// subjects are members with all that they have been given.
func (r *reviewing) subjects(ctx context.Context, tx *store.Tx, key id.Company, rows []view.Reviewed) ([]access.Subject, error) {
	members, at := make([]id.Member, len(rows)), make(map[id.Member]int, len(rows))
	all := make([]access.Subject, len(rows))
	for i, row := range rows {
		members[i], at[row.Member] = row.Member, i
		all[i] = access.Subject{Member: row.Member, Name: row.Name, At: row.Path, Works: row.Works, Lent: row.Lent, Signs: row.Signs, Invited: row.Invited}
	}
	var given []view.Assigned
	tx.Views.WantAssignedOf(&given, key, members)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	for _, g := range given {
		s := &all[at[g.Member]]
		s.Given = append(s.Given, access.Given{
			Assignment: access.Assignment{ID: g.ID, Member: g.Member, Role: g.Role, Unit: g.Unit, Place: g.Place, From: g.From, Until: g.Until},
			Gives:      r.roles[g.Role], Known: g.Known, Where: g.UnitName,
		})
	}
	return all, nil
}
