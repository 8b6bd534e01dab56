package granting

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
)

// AssignInput is who gets which role, where and for how long.
type AssignInput struct {
	Member id.Member
	Role   id.Role
	Unit   id.Unit   // the zero unit is the whole company
	From   time.Time // the zero time is at once
	Until  time.Time // the zero time is for ever
}

// Assign gives a member a role, for the whole company or at a unit and all below it. Whoever gives it manages roles
// there, and holds all that it permits there. What of it is not there is said at once, each beside its field.
func (s *Service) Assign(ctx context.Context, actor access.Actor, in AssignInput) (a access.Assignment, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var gone unseenParts
		m, err := step.Member(ctx, tx, actor, in.Member)
		if err := gone.note("member", err); err != nil {
			return err
		}
		a = access.Assignment{ID: id.NewAssignment(tx.Now), Member: m.ID, Role: in.Role, Unit: in.Unit, From: in.From, Until: in.Until}
		if err := a.Check(tx.Now); err != nil && in.Role.IsZero() { // it could not be read: this is what else is wrong
			return err
		}
		r, _, err := seen(ctx, tx, actor, in.Role)
		if err := gone.note("role", err); err != nil {
			return err
		}
		if !in.Unit.IsZero() {
			u, err := tx.Companies.GetUnit(ctx, actor.Company, in.Unit)
			if err == nil && (u.Archived || !actor.Reaches(access.ViewMembers, access.Thing{At: u.Path})) {
				err = company.ErrUnseenUnit
			}
			if err := gone.note("unit", err); err != nil {
				return err
			}
			a.Place = u.Path
		}
		if err := gone.err(); err != nil {
			return err
		}
		var have []access.Assignment
		tx.Access.WantAssignments(&have, actor.Company, m.ID)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.RolesManage, a.Place); err != nil {
			return err
		}
		if err := actor.RequireToGive(r.Set, a.Place, m.ID); err != nil {
			return err
		}
		// decide
		switch err := a.Check(tx.Now); {
		case err != nil:
			return err
		case m.Status == company.Inactive:
			return company.ErrInactive
		case slices.ContainsFunc(have, func(b access.Assignment) bool { return !b.Ended(tx.Now) && a.Meets(b) }):
			return access.ErrAssigned
		}
		// write
		tx.Companies.SetRightsChanged(actor.Company)
		if err := step.Give(ctx, tx, actor, a); err != nil {
			return err
		}
		// tell
		tx.Tell(actor, a.Assigned(r))
		return nil
	})
	return a, err
}

// unseenParts are the parts of an input that are not there, or not for the actor to see.
type unseenParts struct {
	in  fault.Input
	all []*fault.Fault
}

// note notes that a part is not there. What else went wrong comes back, unless it may come of what is not there.
func (u *unseenParts) note(field string, err error) error {
	f := fault.Of(err)
	switch {
	case err == nil:
		return nil
	case f == nil:
		return err
	case f.Kind != fault.NotFound:
		return cmp.Or(u.err(), err)
	}
	u.in.Take(field, f)
	u.all = append(u.all, f)
	return nil
}

// err is nil when all are there, and otherwise the fault of the first, with all of them beside their fields.
func (u *unseenParts) err() error {
	if len(u.all) == 0 {
		return nil
	}
	first := *u.all[0]
	first.Fields = fault.Of(u.in.Err()).Fields
	return first.Listing(u.all[1:]...)
}

// Revoke takes a role from a member, where it was assigned so. The last administrator keeps theirs.
func (s *Service) Revoke(ctx context.Context, actor access.Actor, key id.Assignment) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		a, err := tx.Access.GetAssignment(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		if _, err := step.Member(ctx, tx, actor, a.Member); err != nil {
			return unseen(err)
		}
		r, _, err := seen(ctx, tx, actor, a.Role)
		if err != nil {
			return unseen(err)
		}
		// may
		if err := actor.Require(access.RolesManage, a.Place); err != nil {
			return err
		}
		// decide
		if r.IsAdministrator() {
			if err := step.KeepAdministrator(ctx, tx, actor.Company, id.Member{}, key); err != nil {
				return err
			}
		}
		// write
		tx.Companies.SetRightsChanged(actor.Company)
		tx.Access.DeleteAssignment(actor.Company, key)
		// tell
		tx.Tell(actor, a.Revoked(r))
		return nil
	})
}

// RetimeInput is from when until when an assignment shall count.
type RetimeInput struct {
	ID    id.Assignment
	From  time.Time // the zero time is at once; where it counts already, its beginning stays
	Until time.Time // the zero time is for ever
}

// Retime lets a role that somebody has begin or end at another time. Whoever makes it longer gives it, and holds all that it
// permits there; the last administrator stays one without an end. What is kept apart is held against everything that has not
// ended, whenever it begins: so nothing that a new time could bring together has not been kept apart when it was given.
func (s *Service) Retime(ctx context.Context, actor access.Actor, in RetimeInput) (a access.Assignment, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		was, err := tx.Access.GetAssignment(ctx, actor.Company, in.ID)
		if err != nil {
			return err
		}
		m, err := step.Member(ctx, tx, actor, was.Member)
		if err != nil {
			return unseen(err)
		}
		r, _, err := seen(ctx, tx, actor, was.Role)
		if err != nil {
			return unseen(err)
		}
		var have []access.Assignment
		tx.Access.WantAssignments(&have, actor.Company, m.ID)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.RolesManage, was.Place); err != nil {
			return err
		}
		var wrong error
		a, wrong = was.Retimed(in.From, in.Until, tx.Now)
		if a.Outlasts(was) {
			if err := actor.RequireToGive(r.Set, a.Place, m.ID); err != nil {
				return err
			}
		}
		// decide
		switch {
		case wrong != nil:
			return wrong
		case m.Status == company.Inactive:
			return company.ErrInactive
		case slices.ContainsFunc(have, func(b access.Assignment) bool { return b.ID != a.ID && !b.Ended(tx.Now) && a.Meets(b) }):
			return access.ErrAssigned
		case !a.Outlasts(was) && !was.Outlasts(a):
			return nil
		case r.IsAdministrator() && was.Outlasts(a):
			if err := step.KeepAdministrator(ctx, tx, actor.Company, id.Member{}, a.ID); err != nil {
				return err
			}
		}
		// write
		tx.Companies.SetRightsChanged(actor.Company)
		tx.Access.UpdateTerm(actor.Company, a)
		// tell
		tx.Tell(actor, a.WasRetimed(r, was))
		return nil
	})
	return a, err
}

// unseen makes of what the actor may not see an assignment that there is not.
func unseen(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return access.ErrUnseenAssignment
	}
	return err
}
