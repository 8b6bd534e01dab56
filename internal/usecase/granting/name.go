package granting

import (
	"context"
	"strings"

	"kontor/internal/domain/access"
	"kontor/internal/store"
)

// called is nil when no other role of the company has this name, in capitals or not: nobody could tell the two apart. A new
// one needs room, too.
func called(ctx context.Context, tx *store.Tx, actor access.Actor, r access.Role, fresh bool) error {
	var roles []access.Role
	tx.Access.WantEveryRole(&roles, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	if fresh {
		if err := access.Room(len(roles), 1); err != nil {
			return err
		}
	}
	for _, other := range roles {
		if other.ID != r.ID && strings.EqualFold(other.Name, r.Name) {
			return access.ErrRoleName
		}
	}
	return nil
}

// offered is nil when no other role template has this name, in capitals or not: a new company would have two roles that nobody could
// tell apart.
func offered(ctx context.Context, tx *store.Tx, t access.Template) error {
	var templates []access.Template
	tx.Access.WantTemplates(&templates)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	for _, other := range templates {
		if other.ID != t.ID && strings.EqualFold(other.Name, t.Name) {
			return access.ErrTemplateName
		}
	}
	return nil
}
