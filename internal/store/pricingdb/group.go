package pricingdb

import (
	"kontor/internal/base/id"
	"kontor/internal/base/payment"
	"kontor/internal/domain/pricing"
	"kontor/internal/store/engine"
)

const groupColumns = `g.id, g.code, g.name, g.description, g.payments, g.version`

func groupInto(g *pricing.CustomerGroup) []any {
	return []any{&g.ID, &g.Code, &g.Name, &g.Description, engine.JSON(&g.Payments), &g.Version}
}

// WantGroups asks for all customer groups, by name; at most 1 000.
func (t Tables) WantGroups(all *[]pricing.CustomerGroup) {
	engine.Rows(t.Tx.Ask(`select `+groupColumns+` from customer_group g order by g.name, g.id limit 1000`), all,
		func(g *pricing.CustomerGroup, scan engine.Scan) error { return scan(groupInto(g)...) })
}

// WantGroup asks for a customer group.
func (t Tables) WantGroup(g *pricing.CustomerGroup, key id.CustomerGroup) {
	t.Tx.Ask(`select `+groupColumns+` from customer_group g where g.id = ?`, key).Row(pricing.ErrUnseenGroup, groupInto(g)...)
}

// SetGroup keeps a customer group. The version is checked by whoever read it in this transaction.
func (t Tables) SetGroup(g pricing.CustomerGroup) {
	t.Tx.Write(`
		insert into customer_group (id, code, name, description, payments) values (?, ?, ?, ?, ?)
		on conflict (id) do update set code = excluded.code, name = excluded.name, description = excluded.description, payments = excluded.payments,
		                               version = customer_group.version + 1`,
		g.ID, g.Code, g.Name, g.Description, engine.JSON(append([]payment.Method{}, g.Payments...))).
		Unique("customer_group_code_key", pricing.ErrGroupCode)
}

// DeleteGroup removes a customer group that no company belongs to.
func (t Tables) DeleteGroup(key id.CustomerGroup) {
	t.Tx.Write(`delete from customer_group where id = ?`, key)
}
