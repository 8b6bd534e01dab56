package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/view"
)

// heldAlone are the roles that rules ask and that nobody but this member has, in the order of the rules. Who does not see roles
// is told of the rules, and not what the role is called.
func heldAlone(ctx context.Context, tx *store.Tx, actor access.Actor, key id.Member, rules []approval.Rule) (all []view.HeldAlone, err error) {
	var bearers []access.Bearer
	var roles []access.Role
	tx.Access.WantBearers(&bearers, actor.Company)
	tx.Access.WantEveryRole(&roles, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	theirs, others := map[id.Role]bool{}, map[id.Role]bool{}
	for _, b := range bearers {
		if b.Member == key {
			theirs[b.Role] = true
		} else {
			others[b.Role] = true
		}
	}
	names := map[id.Role]string{}
	for _, r := range roles {
		names[r.ID] = r.Name
	}
	told := map[id.Role]int{}
	for _, r := range rules {
		asked := map[id.Role]bool{}
		for _, s := range approval.SourcesOf([]approval.Rule{r}) {
			if s.Role.IsZero() || !theirs[s.Role] || others[s.Role] || asked[s.Role] {
				continue
			}
			asked[s.Role] = true
			i, ok := told[s.Role]
			if !ok {
				i = len(all)
				told[s.Role] = i
				h := view.HeldAlone{Role: s.Role}
				if actor.Gives(access.RolesView) {
					h.Name = names[s.Role]
				}
				all = append(all, h)
			}
			all[i].Rules = append(all[i].Rules, r)
		}
	}
	return all, nil
}
