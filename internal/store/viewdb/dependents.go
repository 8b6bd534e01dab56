package viewdb

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// dependentsMost is how many things are asked about at once.
const dependentsMost = 1000

// ListDependents says of each table which of these rows of another one it names most often, and how often; tables that name none of
// them, and those that are passed over, are left out.
func (t Tables) ListDependents(ctx context.Context, key id.Company, of string, rows []any, but ...string) (all []view.Dependent, err error) {
	var parts []*[]view.Dependent
	for some := range slices.Chunk(rows, dependentsMost) {
		marks, args := engine.Marks(some)
		for _, o := range owned {
			if slices.Contains(but, o.Name) {
				continue
			}
			for _, r := range o.Refs {
				if r.To != of {
					continue
				}
				part := new([]view.Dependent)
				engine.Rows(t.Tx.Ask(`select t.`+r.Column+`, count(*) from `+o.Name+` t where t.company_id = ? and t.`+r.Column+` in `+marks+
					` group by t.`+r.Column+` order by count(*) desc, t.`+r.Column+` limit 1`, append([]any{key}, args...)...), part,
					func(d *view.Dependent, scan engine.Scan) error {
						d.Table = o.Name
						return scan(engine.UUIDText(&d.Key), &d.Rows)
					})
				parts = append(parts, part)
			}
		}
	}
	err = t.Tx.Fetch(ctx)
	for _, p := range parts {
		all = append(all, *p...)
	}
	return all, err
}

// WantLaws asks for the approval rules and budgets that there are, each with the text that may name a role.
func (t Tables) WantLaws(all *[]view.Law, key id.Company) {
	engine.Rows(t.Tx.Ask(`
		select r.name, r.spec from approval_rule r where r.company_id = ? and r.removed_at is null
		union all select b.name, b.approvers from budget b where b.company_id = ? and not b.archived`, key, key), all,
		func(l *view.Law, scan engine.Scan) error { return scan(&l.Name, &l.Text) })
}

// WantMentions asks for every text of the company that may name units, members, roles, cost centres or addresses and is still to be
// read by somebody: of rules, budgets, rules of separation of duty and open carts.
func (t Tables) WantMentions(all *[]view.Mention, key id.Company) {
	engine.Rows(t.Tx.Ask(`
		select 'approval_rule', r.spec from approval_rule r where r.company_id = ?
		union all select 'budget', b.approvers from budget b where b.company_id = ?
		union all select 'separation', p.roles from separation p where p.company_id = ?
		union all select 'cart', c.checkout from cart c where c.company_id = ? and c.state = 'open'`, key, key, key, key), all,
		func(m *view.Mention, scan engine.Scan) error { return scan(&m.Table, &m.Text) })
}
