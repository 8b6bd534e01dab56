package granting

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// mostListed is how many breaches of a rule are listed; the others are counted.
const mostListed = 100

// Separation is a rule of separation of duty as it stands: who breaches it, or would if it were on, and which
// administrators it excuses, as far as the actor may see them.
type Separation struct {
	access.Separation
	Named    []access.Named  // the roles that it names, by name
	Breaches []access.Breach // by name
	Excused  []access.Breach // by name
	Others   int             // how many more breach it: whom the actor does not see, or whom a list has no room for
	OthersOf int             // … and how many more are excused
}

// ListSeparations lists the company's rules of separation of duty, by name.
func (s *Service) ListSeparations(ctx context.Context, actor access.Actor) (all []Separation, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		var rules []access.Separation
		tx.Access.WantSeparations(&rules, actor.Company)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		all, err = standing(ctx, tx, actor, rules...)
		return err
	})
	return all, err
}

// GetSeparation gives a rule of separation of duty.
func (s *Service) GetSeparation(ctx context.Context, actor access.Actor, key id.Separation) (one Separation, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		rule, err := tx.Access.GetSeparation(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		all, err := standing(ctx, tx, actor, rule)
		if err == nil {
			one = all[0]
		}
		return err
	})
	return one, err
}

// Suggested is a rule that is offered, who would breach it, and whether the company has one like it.
type Suggested struct {
	access.Suggestion
	Would Separation
	Taken bool
}

// Suggestions lists the rules that are offered, each with who would breach it.
func (s *Service) Suggestions(ctx context.Context, actor access.Actor) (all []Suggested, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		var rules, drafts []access.Separation
		tx.Access.WantSeparations(&rules, actor.Company)
		for _, g := range access.Suggestions(actor.Realm) {
			draft, err := access.Separation{ID: id.NewSeparation(tx.Now)}.Edit(actor.Realm, 0, g.Fields(actor.Language))
			if err != nil {
				return err
			}
			drafts = append(drafts, draft)
		}
		would, err := standing(ctx, tx, actor, drafts...)
		if err != nil {
			return err
		}
		all = nil
		for i, g := range access.Suggestions(actor.Realm) {
			all = append(all, Suggested{g, would[i], slices.ContainsFunc(rules, g.Has)})
		}
		return nil
	})
	return all, err
}

// TrySeparation says who would breach a rule that is not kept: nothing is written.
func (s *Service) TrySeparation(ctx context.Context, actor access.Actor, f access.SeparationFields) (one Separation, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.RequireSomewhere(access.RolesView); err != nil {
			return err
		}
		// decide
		rule, err := access.Separation{ID: id.NewSeparation(tx.Now)}.Edit(actor.Realm, 0, f)
		if err != nil {
			return err
		}
		all, err := standing(ctx, tx, actor, rule)
		if err == nil {
			one = all[0]
		}
		return err
	})
	return one, err
}

// CreateSeparation adds a rule of separation of duty. One that is on is refused while somebody breaches it; the fault
// says who.
func (s *Service) CreateSeparation(ctx context.Context, actor access.Actor, f access.SeparationFields) (rule access.Separation, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
		// decide
		if rule, err = (access.Separation{ID: id.NewSeparation(tx.Now), Version: 1}).Edit(actor.Realm, 1, f); err != nil {
			return err
		}
		if err := keepable(ctx, tx, actor, access.Separation{}, rule); err != nil {
			return err
		}
		// write
		tx.Access.InsertSeparation(actor.Company, rule)
		// tell
		tx.Tell(actor, access.SeparationWasCreated{SeparationID: rule.ID, After: rule.Facts()})
		return nil
	})
	return rule, err
}

// EditSeparationInput is a rule of separation of duty as it shall be, and the version of it that was seen.
type EditSeparationInput struct {
	ID      id.Separation
	Version int64
	access.SeparationFields
}

// EditSeparation changes a rule of separation of duty. To switch it on, or to make it stricter, is refused while somebody
// breaches what it would be; to switch it off, or to make it looser, never is.
func (s *Service) EditSeparation(ctx context.Context, actor access.Actor, in EditSeparationInput) (rule access.Separation, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := tx.Access.GetSeparation(ctx, actor.Company, in.ID)
		if err != nil {
			return err
		}
		// may
		if err := ruling(actor); err != nil {
			return err
		}
		// decide
		if rule, err = before.Edit(actor.Realm, in.Version, in.SeparationFields); err != nil {
			return err
		}
		if err := keepable(ctx, tx, actor, before, rule); err != nil {
			return err
		}
		// write
		rule.Version++
		tx.Access.UpdateSeparation(actor.Company, rule)
		// tell
		tx.Tell(actor, access.SeparationWasEdited{SeparationID: rule.ID, Before: before.Facts(), After: rule.Facts()})
		return nil
	})
	return rule, err
}

// DeleteSeparation removes a rule of separation of duty.
func (s *Service) DeleteSeparation(ctx context.Context, actor access.Actor, key id.Separation, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := tx.Access.GetSeparation(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		// may
		if err := ruling(actor); err != nil {
			return err
		}
		// decide
		if version != before.Version {
			return access.ErrSeparationStale.Now(before.Version)
		}
		// write
		tx.Access.DeleteSeparation(actor.Company, key)
		// tell
		tx.Tell(actor, access.SeparationWasDeleted{SeparationID: key, Before: before.Facts()})
		return nil
	})
}

// ruling is nil for an actor who sees the rules, and may change them.
func ruling(actor access.Actor) error {
	if err := actor.RequireSomewhere(access.RolesView); err != nil {
		return err
	}
	return actor.Require(access.RolesManage, tree.Top)
}

// keepable is nil when a rule can be kept to: all roles that it names are there, and nobody breaches it; of one that is no
// stricter than before that is not asked again.
func keepable(ctx context.Context, tx *store.Tx, actor access.Actor, before, rule access.Separation) error {
	if _, err := roleNames(ctx, tx, actor, rule); err != nil || rule.Looser(before) {
		return err
	}
	found, err := step.TooMuch(ctx, tx, actor.Company, []access.Separation{rule}, view.OverlapFilter{})
	if err != nil {
		return err
	}
	var all []access.Breach
	for _, h := range found[rule.ID] {
		if b, breaches := rule.Breach(h.Holder); breaches {
			all = append(all, h.Told(actor, b))
		}
	}
	return access.Breached(all)
}

// roleNames are the roles that rules name, by name. One that is not in the company is access.ErrUnseenRole.
func roleNames(ctx context.Context, tx *store.Tx, actor access.Actor, rules ...access.Separation) ([][]access.Named, error) {
	var roles []access.Role
	tx.Access.WantEveryRole(&roles, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	all := make([][]access.Named, len(rules))
	for i, rule := range rules {
		for _, r := range roles {
			if slices.Contains(rule.Roles, r.ID) {
				all[i] = append(all[i], access.Named{ID: r.ID, Name: r.Name})
			}
		}
		if len(all[i]) < len(rule.Roles) {
			return nil, access.ErrUnseenRole
		}
	}
	return all, nil
}

// standing says of rules, kept or not, how they stand.
func standing(ctx context.Context, tx *store.Tx, actor access.Actor, rules ...access.Separation) ([]Separation, error) {
	names, err := roleNames(ctx, tx, actor, rules...)
	if err != nil {
		return nil, err
	}
	found, err := step.TooMuch(ctx, tx, actor.Company, rules, view.OverlapFilter{})
	if err != nil {
		return nil, err
	}
	all := make([]Separation, len(rules))
	for i, rule := range rules {
		s := Separation{Separation: rule, Named: names[i]}
		for _, h := range found[rule.ID] {
			if b, breaches := rule.Breach(h.Holder); breaches {
				list(&s.Breaches, &s.Others, h.Told(actor, b))
			}
			if b, excused := rule.Excused(h.Holder); excused {
				list(&s.Excused, &s.OthersOf, h.Told(actor, b))
			}
		}
		all[i] = s
	}
	return all, nil
}

// list adds a breach to a list, or counts it among those that are not listed.
func list(all *[]access.Breach, others *int, b access.Breach) {
	if b.Member.IsZero() || len(*all) == mostListed {
		*others++
		return
	}
	*all = append(*all, b)
}
