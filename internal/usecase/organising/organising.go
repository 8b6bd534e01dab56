// Package organising keeps a company's structure: its units, its members and who stands below whom; and what the
// company says of itself, its addresses among it.
package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
)

// Settings are what the operator decides.
type Settings = step.Inviting

// Service does what this package says.
type Service struct {
	db       *store.DB
	inviting Settings
	most     int // units, and members, that a structure is drawn of
}

// New makes the service on a store. It writes no mail.
func New(db *store.DB) *Service { return With(db, Settings{}) }

// With is New with what the operator decides.
func With(db *store.DB, s Settings) *Service { return &Service{db, s.Usually(), viewdb.MostDrawn} }

// Draw sets of how many units, and of how many members, a service draws a structure: of fewer, where nobody waits for so many to
// be made.
func Draw(s *Service, most int) { s.most = most }

// standing finds where a unit or member stands, for an actor who may see it.
func standing(ctx context.Context, tx *store.Tx, actor access.Actor, n company.Node) (company.Node, error) {
	tx.Companies.WantNode(&n, actor.Company)
	if err := tx.Fetch(ctx); err != nil {
		return n, err
	}
	if !actor.Reaches(access.ViewMembers, access.Thing{Owner: n.Member, OwnerAt: n.Path, At: n.Path}) {
		return n, n.Unseen()
	}
	return n, nil
}

// landing finds the node below which something new is put: the one named, or the company's own unit.
func landing(ctx context.Context, tx *store.Tx, actor access.Actor, under company.Node) (company.Node, error) {
	if !under.IsZero() {
		return standing(ctx, tx, actor, under)
	}
	tx.Companies.WantOwnUnit(&under, actor.Company)
	return under, tx.Fetch(ctx)
}

// label is the path of a new node right below another.
func label(ctx context.Context, tx *store.Tx, actor access.Actor, above company.Node) (tree.Path, error) {
	return step.Label(ctx, tx, actor.Company, above)
}

// booked is nil for a cost centre of the company, and for none.
func booked(ctx context.Context, tx *store.Tx, actor access.Actor, key id.CostCentre) error {
	if key.IsZero() {
		return nil
	}
	var all []budget.CostCentre
	tx.Budgets.WantCostCentre(&all, actor.Company, key)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	if len(all) == 0 {
		return company.ErrUnseenCostCentre
	}
	return nil
}
