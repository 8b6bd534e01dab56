package viewdb

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// ListArchived reads the units that have left the structure, by code, with what is still held at them; at most 1 000.
func (t Tables) ListArchived(ctx context.Context, key id.Company) (all []view.ArchivedUnit, err error) {
	var held []view.Assigned
	engine.Rows(t.Tx.Ask(`
		select u.id, u.code, u.name, u.version, coalesce((select c.code from cost_centre c where c.company_id = u.company_id and c.id = u.cost_centre_id), ''),
		       (select count(distinct o.invitation_id) from invitation_role o
		          join invitation i on i.company_id = o.company_id and i.id = o.invitation_id and i.state in ('open', 'expired')
		         where o.company_id = u.company_id and o.unit_id = u.id),
		       (select count(*) from budget b where b.company_id = u.company_id and b.unit_id = u.id and not b.archived),
		       (select count(*) from cost_centre c where c.company_id = u.company_id and c.unit_id = u.id),
		       (select count(*) from approval_rule a where a.company_id = u.company_id and a.unit_id = u.id and a.removed_at is null)
		  from unit u where u.company_id = ? and u.archived order by u.code, u.id limit 1000`, key), &all,
		func(u *view.ArchivedUnit, scan engine.Scan) error {
			return scan(&u.ID, &u.Code, &u.Name, &u.Version, &u.CostCentre, &u.Invitations, &u.Budgets, &u.CostCentres, &u.Rules)
		})
	engine.Rows(t.Tx.Ask(`select `+assignedColumns+assignedFrom+`s.company_id = ? and u.archived and (s.until_at is null or s.until_at > ?)
		order by m.words, r.name, s.id limit 10000`, key, t.Tx.Now), &held, scanAssigned)
	if err := t.Tx.Fetch(ctx); err != nil {
		return nil, err
	}
	at := map[id.Unit]*view.ArchivedUnit{}
	for i := range all {
		at[all[i].ID] = &all[i]
	}
	for _, a := range held {
		if u := at[a.Unit]; u != nil {
			u.Roles = append(u.Roles, a)
		}
	}
	return all, nil
}
