package granting

import (
	"context"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// MergeInput is a role that stays and one that goes, in the versions that were seen.
type MergeInput struct {
	Kept, Gone               id.Role
	KeptVersion, GoneVersion int64
	Both                     bool // it then permits what either did; otherwise what it permits by itself
}

// Merging is what comes of merging two roles.
type Merging struct {
	Kept, Gone   access.Role
	After        access.Set // what the role that stays permits then
	Gained, Lost access.Set // by those who have the one that goes
	Added        access.Set // to those who have the one that stays
	KeptBy       []string   // who has the one that stays, by name
	GoneBy       []string
	Laws         []string // approval rules and budgets that name the one that goes, be it in a condition
	Rules        []string // rules of separation of duty that do
	Invitations  int      // open ones that promise it
	given, kept  []access.Assignment
	promised     []access.Assignment
	separations  []access.Separation
}

// Weigh says what would come of merging two roles: who would gain and lose what, and what names the one that would go. It asks
// what Merge asks, and changes nothing. Whom the actor does not see is “somebody else”.
func (s *Service) Weigh(ctx context.Context, actor access.Actor, in MergeInput) (m Merging, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if m, err = merging(ctx, tx, actor, in); err != nil {
			return err
		}
		return actor.Require(access.RolesManage, tree.Top)
	})
	return m, err
}

// Merge makes one role of two, in one transaction: who has the one that goes, or is invited to it, has the one that stays, at the
// same places and for the same times. Whoever does it could give all of it to all of them, and no rule of separation of duty keeps
// it apart.
func (s *Service) Merge(ctx context.Context, actor access.Actor, in MergeInput) (r access.Role, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		m, err := merging(ctx, tx, actor, in)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.RolesManage, tree.Top); err != nil {
			return err
		}
		// decide
		if r, err = m.Kept.Merge(actor.Realm, in.KeptVersion, m.Gone, in.GoneVersion, m.After, m.separations, m.Laws); err != nil {
			return err
		}
		fresh, instead := access.Moved(m.given, m.kept, r.ID, func() id.Assignment { return id.NewAssignment(tx.Now) })
		all := append(append(append([]access.Assignment{}, m.kept...), m.promised...), fresh...)
		if err := covers(actor, r, m.Kept.Set.Within(m.Gone.Set), all); err != nil {
			return err
		}
		// write
		r.Version++
		tx.Companies.SetRightsChanged(actor.Company)
		tx.Access.DeleteAssignments(actor.Company, instead)
		if err := step.GiveMany(ctx, tx, actor, fresh, []step.Permitted{{Before: m.Kept, After: r}}); err != nil {
			return err
		}
		tx.Companies.ReplaceOffers(actor.Company, m.Gone.ID, r.ID)
		tx.Access.DeleteRole(actor.Company, m.Gone.ID)
		// tell
		told := access.RolesWereMerged{RoleID: r.ID, MergedID: m.Gone.ID, Before: m.Kept.Facts(), Merged: m.Gone.Facts(), Added: m.Added.Codes(),
			Removed: m.Kept.Set.Without(m.After).Codes(), Gained: m.Gained.Codes(), Lost: m.Lost.Codes(), Assignments: []access.WasAssigned{}}
		for _, a := range fresh {
			told.Assignments = append(told.Assignments, a.Assigned(r))
		}
		tx.Tell(actor, told)
		return nil
	})
	return r, err
}

// merging finds two roles, and what hangs on them.
func merging(ctx context.Context, tx *store.Tx, actor access.Actor, in MergeInput) (m Merging, err error) {
	if m.Kept, m.kept, err = seen(ctx, tx, actor, in.Kept); err != nil {
		return m, err
	}
	if m.Gone, m.given, err = seen(ctx, tx, actor, in.Gone); err != nil {
		return m, err
	}
	var laws []view.Law
	var rules []approval.Rule
	var gonePromised []access.Assignment
	var keptBy, goneBy []company.Member
	tx.Access.WantPromised(&m.promised, actor.Company, in.Kept)
	tx.Access.WantPromised(&gonePromised, actor.Company, in.Gone)
	tx.Access.WantSeparations(&m.separations, actor.Company)
	tx.Views.WantLaws(&laws, actor.Company)
	tx.Approvals.WantRules(&rules, actor.Company)
	tx.Companies.WantMembers(&keptBy, actor.Company, members(m.kept))
	tx.Companies.WantMembers(&goneBy, actor.Company, members(m.given))
	if err := tx.Fetch(ctx); err != nil {
		return m, err
	}
	m.Invitations, m.promised = len(gonePromised), append(m.promised, gonePromised...)
	m.KeptBy, m.GoneBy = names(actor, keptBy), names(actor, goneBy)
	m.Laws = naming(m.Gone, laws, rules)
	for _, s := range m.separations {
		if s.NamesRole(in.Gone) {
			m.Rules = append(m.Rules, s.Name)
		}
	}
	m.After = m.Kept.Set
	if in.Both {
		m.After = m.Kept.Set.Union(m.Gone.Set)
	}
	m.Added, m.Gained, m.Lost = m.After.Without(m.Kept.Set), m.After.Without(m.Gone.Set), m.Gone.Set.Without(m.After)
	return m, nil
}

// naming are the approval rules and budgets that name a role, be it in a condition.
func naming(gone access.Role, laws []view.Law, rules []approval.Rule) (names []string) {
	for _, l := range laws {
		if strings.Contains(l.Text, gone.ID.String()) || strings.Contains(l.Text, gone.ID.UUID()) {
			names = append(names, l.Name)
		}
	}
	for _, r := range rules {
		if r.NamesRole(gone.Name) && !slices.Contains(names, r.Name) {
			names = append(names, r.Name)
		}
	}
	return names
}

// members are those of some assignments.
func members(given []access.Assignment) (all []id.Member) {
	for _, a := range given {
		all = append(all, a.Member)
	}
	return all
}
