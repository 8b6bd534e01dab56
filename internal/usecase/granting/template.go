package granting

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
)

// ListTemplates lists the role templates that the seller offers, by name: for staff, and for whoever sees the roles of a
// company.
func (s *Service) ListTemplates(ctx context.Context, actor access.Actor) (all []access.Template, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := seesTemplates(actor); err != nil {
			return err
		}
		tx.Access.WantTemplates(&all)
		return tx.Fetch(ctx)
	})
	return all, err
}

// GetTemplate gives a role template.
func (s *Service) GetTemplate(ctx context.Context, actor access.Actor, key id.RoleTemplate) (t access.Template, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := seesTemplates(actor); err != nil {
			return err
		}
		tx.Access.WantTemplate(&t, key)
		return tx.Fetch(ctx)
	})
	return t, err
}

func seesTemplates(actor access.Actor) error {
	if actor.Realm == access.Staff {
		return actor.Require(access.CompaniesView, tree.Top)
	}
	return actor.RequireSomewhere(access.RolesView)
}

// CreateTemplate offers a role to companies.
func (s *Service) CreateTemplate(ctx context.Context, actor access.Actor, f access.TemplateFields) (t access.Template, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		var all []access.Template
		tx.Access.WantTemplates(&all)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		if len(all) >= access.MostTemplates {
			return access.ErrManyTemplates
		}
		if t, err = (access.Template{ID: id.NewRoleTemplate(tx.Now), Version: 1}).Edit(1, f); err != nil {
			return err
		}
		if err := offered(ctx, tx, t); err != nil {
			return err
		}
		// write
		tx.Access.SetTemplate(t)
		// tell
		tx.Tell(actor, access.TemplateWasSet{TemplateID: t.ID, After: t.Facts()})
		return nil
	})
	return t, err
}

// EditTemplateInput is a role template as it shall be, and the version of it that was seen.
type EditTemplateInput struct {
	ID      id.RoleTemplate
	Version int64
	access.TemplateFields
}

// EditTemplate changes a role template. Roles that were made of it belong to their companies, and stay as they are.
func (s *Service) EditTemplate(ctx context.Context, actor access.Actor, in EditTemplateInput) (t access.Template, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		var before access.Template
		tx.Access.WantTemplate(&before, in.ID)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		if t, err = before.Edit(in.Version, in.TemplateFields); err != nil {
			return err
		}
		if err := offered(ctx, tx, t); err != nil {
			return err
		}
		// write
		tx.Access.SetTemplate(t)
		t.Version++
		// tell
		was := before.Facts()
		tx.Tell(actor, access.TemplateWasSet{TemplateID: t.ID, Before: &was, After: t.Facts()})
		return nil
	})
	return t, err
}

// DeleteTemplate offers a role no more. Roles that were made of it stay.
func (s *Service) DeleteTemplate(ctx context.Context, actor access.Actor, key id.RoleTemplate, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.Require(access.CompaniesManage, tree.Top); err != nil {
			return err
		}
		// find
		var t access.Template
		tx.Access.WantTemplate(&t, key)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		if version != t.Version {
			return access.ErrTemplateStale.Now(t.Version)
		}
		// write
		tx.Access.DeleteTemplate(key)
		// tell
		tx.Tell(actor, access.TemplateWasDeleted{TemplateID: key, Before: t.Facts()})
		return nil
	})
}
