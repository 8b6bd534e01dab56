package organising

import (
	"context"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Weigh says what would change if a unit or member stood elsewhere: managers, who has rights over it, and the purchase orders
// that wait. It asks what Move asks, and changes nothing. Whom the actor does not see is counted and not named.
func (s *Service) Weigh(ctx context.Context, actor access.Actor, in MoveInput) (m view.Moving, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		n, err := standing(ctx, tx, actor, in.Node)
		if err != nil {
			return err
		}
		above, err := standing(ctx, tx, actor, in.Under)
		if err != nil {
			return err
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
		if _, err := company.Move(n.Path, above.Path, int(deepest)); err != nil {
			return err
		}
		if m, err = tx.Views.GetMoving(ctx, actor.Company, n, above); err != nil {
			return err
		}
		unnamed(actor, &m)
		return nil
	})
	return m, err
}

// unnamed takes away the names of those whom the actor does not see.
func unnamed(actor access.Actor, m *view.Moving) {
	hide := func(a *view.Above) {
		if !a.Member.IsZero() && !actor.Reaches(access.ViewMembers, access.Thing{Owner: a.Member, OwnerAt: a.Path, At: a.Path}) {
			a.Name, a.Path = "", tree.Top
		}
	}
	hide(&m.Was)
	hide(&m.Is)
	for i := range m.Led {
		hide(&m.Led[i])
	}
	for _, all := range [][]view.Reach{m.Gain, m.Lose} {
		for i := range all {
			if hide(&all[i].Above); all[i].Name == "" {
				all[i].Role, all[i].Unit = "", ""
			}
		}
	}
}
