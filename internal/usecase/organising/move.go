package organising

import (
	"context"

	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// MoveInput is what goes where.
type MoveInput struct {
	Node, Under company.Node
	From        company.Node // what it stood right below when it was seen; zero is wherever it stands
}

// Move puts a unit or member, with everything below, right below another. Manager, subordinates and the rights at
// units change with it at once; what was ordered stays where it was booked. Nobody moves themselves, and both the
// place that is left and the new one must be the actor's to manage. What stands elsewhere than it was seen is
// company.ErrStale.
func (s *Service) Move(ctx context.Context, actor access.Actor, in MoveInput) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		n, err := standing(ctx, tx, actor, in.Node)
		if err != nil {
			return err
		}
		above, err := standing(ctx, tx, actor, in.Under)
		if err != nil {
			return err
		}
		from := company.Node{Path: n.Path.Parent()}
		if !in.From.IsZero() {
			if from, err = standing(ctx, tx, actor, in.From); err != nil {
				return err
			}
		}
		var below, deepest int64
		tx.Companies.WantBelow(&below, &deepest, actor.Company, n)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.UsersManage, n.Path.Parent()); err != nil {
			return err
		}
		if err := actor.Require(access.UsersManage, above.Path); err != nil {
			return err
		}
		if !n.Member.IsZero() && n.Member == actor.Member {
			return company.ErrOwnPlace
		}
		// decide
		if from.Path != n.Path.Parent() {
			return company.ErrStale
		}
		to, err := company.Move(n.Path, above.Path, int(deepest))
		if err != nil || to == n.Path {
			return err
		}
		// write
		tx.Companies.SetPlace(actor.Company, n, above, to)
		tx.Companies.SetRightsChanged(actor.Company)
		// tell
		tx.Tell(actor, company.NodeWasMoved{UnitID: n.Unit, MemberID: n.Member, Before: n.Path, After: to})
		return nil
	})
}
