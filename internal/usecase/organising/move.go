package organising

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
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
// units change with it at once; what was ordered stays where it was booked. Nobody moves themselves, nor what they stand
// in; both the place that is left and the new one must be the actor's to manage; nobody gets more over what is moved than
// the actor holds there (access.Actor.RequireToMove); and who does not administer it does not put it below themselves (RequireToLead). What stands elsewhere than it was seen is company.ErrStale.
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
		if err := mayMove(ctx, tx, actor, n, above); err != nil {
			return err
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

// mayMove is nil when the actor may put a node right below another.
func mayMove(ctx context.Context, tx *store.Tx, actor access.Actor, n, above company.Node) error {
	if err := actor.Require(access.UsersManage, n.Path.Parent()); err != nil {
		return err
	}
	if err := actor.Require(access.UsersManage, above.Path); err != nil {
		return err
	}
	top := n.Path.Depth() == 1 // nobody's to move
	if n.Member == actor.Member && !n.Member.IsZero() || actor.At != tree.Top && !top && n.Path.Covers(actor.At) {
		return company.ErrOwnPlace
	}
	if leads(actor, n.Path, above.Path) {
		if err := actor.RequireToLead(n.Path); err != nil {
			return err
		}
	}
	return mayBring(ctx, tx, actor, n, above.Path)
}

// leads reports whether the actor comes to stand above what stands at a place, and did not, when it is put below another.
func leads(actor access.Actor, from, under tree.Path) bool {
	return actor.At != tree.Top && actor.At.Covers(under) && !actor.At.Covers(from)
}

// mayBring is nil when nobody gets more over what is moved than the actor holds there.
func mayBring(ctx context.Context, tx *store.Tx, actor access.Actor, n company.Node, above tree.Path) error {
	var fresh []tree.Path
	for _, p := range append(above.Ancestors(), above) {
		if !p.Covers(n.Path) {
			fresh = append(fresh, p)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	var moved []company.Unit
	var roles []access.Role
	var held, promised []access.Assignment
	tx.Companies.WantUnitsWithin(&moved, actor.Company, []tree.Path{n.Path}, 1)
	tx.Access.WantEveryRole(&roles, actor.Company)
	tx.Access.WantHeldAt(&held, actor.Company, fresh)
	tx.Access.WantPromised(&promised, actor.Company, id.Role{})
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	for _, a := range promised {
		if slices.Contains(fresh, a.Place) {
			held = append(held, a)
		}
	}
	permits := map[id.Role]access.Set{}
	for _, r := range roles {
		permits[r.ID] = r.Set
	}
	return actor.RequireToMove(n.Path, len(moved) > 0, held, func(r id.Role) access.Set { return permits[r] })
}
