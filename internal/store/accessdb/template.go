package accessdb

import (
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/store/engine"
)

const templateColumns = `o.id, o.name, o.description, o.permissions, o.starts, o.version`

func templateInto(o *access.Template) []any {
	return []any{&o.ID, &o.Name, &o.Description, engine.JSON(&o.Set), &o.Starts, &o.Version}
}

// WantTemplates asks for all role templates of the seller, by name; at most 1 000.
func (t Tables) WantTemplates(all *[]access.Template) {
	engine.Rows(t.Tx.Ask(`select `+templateColumns+` from role_template o order by o.name, o.id limit 1000`), all,
		func(o *access.Template, scan engine.Scan) error { return scan(templateInto(o)...) })
}

// WantTemplate asks for a role template.
func (t Tables) WantTemplate(o *access.Template, key id.RoleTemplate) {
	t.Tx.Ask(`select `+templateColumns+` from role_template o where o.id = ?`, key).Row(access.ErrUnseenTemplate, templateInto(o)...)
}

// SetTemplate keeps a role template. The version is checked by whoever read it in this transaction.
func (t Tables) SetTemplate(o access.Template) {
	t.Tx.Write(`
		insert into role_template (id, name, description, permissions, starts) values (?, ?, ?, ?, ?)
		on conflict (id) do update set name = excluded.name, description = excluded.description, permissions = excluded.permissions,
		       starts = excluded.starts, version = role_template.version + 1`,
		o.ID, o.Name, o.Description, engine.JSON(o.Set), o.Starts).
		Unique("role_template_name_key", access.ErrTemplateName)
}

// DeleteTemplate removes a role template. Roles that were made of it stay.
func (t Tables) DeleteTemplate(key id.RoleTemplate) {
	t.Tx.Write(`delete from role_template where id = ?`, key)
}
