package granting

import (
	"context"
	"fmt"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Verify tells of everybody in the company that the actor acts for who breaches a rule of separation of duty that is on, and
// says how many such rules it looked at. A rule is switched on only while nobody breaches it, and what would breach it is
// refused from then on; so whoever does got there past the use cases.
func (s *Service) Verify(ctx context.Context, actor access.Actor, found view.Found) (checked int64, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.RolesView, tree.Top); err != nil {
			return err
		}
		var all, on []access.Separation
		tx.Access.WantSeparations(&all, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		for _, rule := range all {
			if rule.On {
				on = append(on, rule)
			}
		}
		if checked = int64(len(on)); checked == 0 {
			return nil
		}
		holders, err := step.TooMuch(ctx, tx, actor.Company, on, view.OverlapFilter{})
		if err != nil {
			return err
		}
		for _, rule := range on {
			for _, h := range holders[rule.ID] {
				if b, breaches := rule.Breach(h.Holder); breaches {
					found(1, fmt.Sprintf("the rule of separation of duty “%s” (%s) of %s is on, and member %s holds %d of what it keeps apart", rule.Name, rule.ID, actor.Company, b.Member, len(b.Held)))
				}
			}
		}
		return nil
	})
	return checked, err
}
