package granting

import (
	"context"
	"time"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
)

// How many days back may be asked about, and how many are when nobody says.
const (
	MostUnusedDays  = 730
	UsualUnusedDays = 90
)

// ErrDays is the fault of asking about too few or too many days.
var ErrDays = fault.Define(fault.Invalid, "granting.days", "ask about 1 to 730 days")

// Unused says what of a role nobody who has it has used in the last so many days, today among them, and what a smaller role
// would still need to permit. What somebody used counts as used of every role of theirs that permits it.
func (s *Service) Unused(ctx context.Context, actor access.Actor, key id.Role, days int) (u access.Unused, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var uses []access.Use
		var holders int64
		var kept date.Date
		var r access.Role
		tx.Access.WantRole(&r, actor.Company, key)
		tx.Access.WantUses(&uses, &holders, actor.Company, key)
		tx.Access.WantUsesKept(&kept, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		// decide
		if days < 1 || days > MostUnusedDays {
			return ErrDays
		}
		u = r.Unused(holders, uses, date.On(tx.Now, time.UTC).Plus(1-days), kept)
		return nil
	})
	return u, err
}

// Similar lists the pairs of roles that are nearly the same, the nearest first, and what one role in their place would be.
func (s *Service) Similar(ctx context.Context, actor access.Actor) (all []access.Similar, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		var roles []access.Role
		var bearers []access.Bearer
		tx.Access.WantEveryRole(&roles, actor.Company)
		tx.Access.WantBearers(&bearers, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		all = access.FindSimilar(roles, bearers)
		return nil
	})
	return all, err
}

// RecordUses writes down which permissions have been used in this process since the last time, and says of how many
// members. It is for the system.
func (s *Service) RecordUses(ctx context.Context, actor access.Actor) (members int, err error) {
	if err := actor.Require(access.AuditViewAll, tree.Top); err != nil {
		return 0, err
	}
	companies := map[id.Company][]store.Used{}
	for _, one := range s.db.TakeUses() {
		companies[one.Company] = append(companies[one.Company], one)
	}
	for key, all := range companies {
		failed := s.db.Write(ctx, access.System(key), func(tx *store.Tx, _ access.Actor) error {
			for _, one := range all {
				tx.Access.RecordUse(key, one.Member, one.Set, one.On)
			}
			return nil
		})
		if failed != nil {
			s.db.PutUses(all)
			err = failed
			continue
		}
		members += len(all)
	}
	return members, err
}
