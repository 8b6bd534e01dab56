package budgeting

import (
	"context"
	"strings"

	"kontor/internal/base/date"
	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/text"
	"kontor/internal/domain/access"
	"kontor/internal/domain/budget"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/store/budgetdb"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// CostCentreInput is all that can be said of a cost centre.
type CostCentreInput struct {
	ID      id.CostCentre // of the one that is edited
	Version int64         // of it, as it was seen
	Code    string
	Name    string
	Manager id.Member // zero: nobody
	Unit    id.Unit   // zero: the whole company's
	From    date.Date // first day of its validity; empty: always was
	Until   date.Date // last day of its validity; empty: never ends
}

// CreateCostCentre adds a cost centre.
func (s *Service) CreateCostCentre(ctx context.Context, actor access.Actor, in CostCentreInput) (c budget.CostCentre, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		c = in.onto(budget.CostCentre{ID: id.NewCostCentre(tx.Now), Company: actor.Company, Version: 1})
		var known view.Known
		namedByCentre(&known, tx, c)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.CostCentresManage, known.Units[c.Unit].At); err != nil {
			return err
		}
		// decide
		if err := checkCentre(c, known); err != nil {
			return err
		}
		// write
		tx.Budgets.InsertCostCentre(c)
		// tell
		tx.Tell(actor, centreWasSet(c))
		return nil
	})
	return c, err
}

// EditCostCentre replaces what is said of a cost centre, in the version that the actor saw.
func (s *Service) EditCostCentre(ctx context.Context, actor access.Actor, in CostCentreInput) (c budget.CostCentre, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		before, err := centre(ctx, tx, actor, in.ID)
		if err != nil {
			return err
		}
		c = in.onto(before.CostCentre)
		var was, known view.Known
		namedByCentre(&was, tx, before.CostCentre)
		namedByCentre(&known, tx, c)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// may: where it was, and where it will be
		if err := actor.Require(access.CostCentresManage, was.Units[before.Unit].At); err != nil {
			return err
		}
		if err := actor.Require(access.CostCentresManage, known.Units[c.Unit].At); err != nil {
			return err
		}
		// decide
		if before.Version != in.Version {
			return ErrStale.Now(before.Version)
		}
		if err := checkCentre(c, known); err != nil {
			return err
		}
		// write
		tx.Budgets.UpdateCostCentre(c)
		if c.Manager != before.Manager {
			tx.Companies.SetRoutesChanged(actor.Company)
		}
		c.Version++
		// tell
		tx.Tell(actor, centreWasSet(c))
		return nil
	})
	return c, err
}

func (in CostCentreInput) onto(c budget.CostCentre) budget.CostCentre {
	c.Code, c.Name, c.Manager, c.Unit, c.From, c.Until = strings.TrimSpace(in.Code), text.Fold(in.Name), in.Manager, in.Unit, in.From, in.Until
	return c
}

// namedByCentre asks for whatever a cost centre names.
func namedByCentre(known *view.Known, tx *store.Tx, c budget.CostCentre) {
	var which viewdb.Named
	if !c.Manager.IsZero() {
		which.Members = []id.Member{c.Manager}
	}
	if !c.Unit.IsZero() {
		which.Units = []id.Unit{c.Unit}
	}
	tx.Views.WantKnown(known, c.Company, which)
}

func checkCentre(c budget.CostCentre, known view.Known) error {
	var in fault.Input
	if _, there := known.Members[c.Manager]; !there && !c.Manager.IsZero() {
		in.Take("manager", company.ErrUnseenMember)
	}
	if _, there := known.Units[c.Unit]; !there && !c.Unit.IsZero() {
		in.Take("unit", company.ErrUnseenUnit)
	}
	return all(in.Err(), c.Check())
}

func centreWasSet(c budget.CostCentre) budget.CostCentreWasSet {
	return budget.CostCentreWasSet{CostCentreID: c.ID, Code: c.Code, Name: c.Name, Manager: c.Manager}
}

// centre reads a cost centre that the actor sees: those of no unit, and those of units where they may see them.
func centre(ctx context.Context, tx *store.Tx, actor access.Actor, key id.CostCentre) (view.CostCentre, error) {
	var all []view.CostCentre
	tx.Views.WantCostCentres(&all, actor.Company, viewdb.CostCentres{Places: actor.Looks(access.CostCentresView), Key: key}, viewdb.CostCentresBy.First(1))
	if err := tx.Fetch(ctx); err != nil {
		return view.CostCentre{}, err
	}
	if len(all) == 0 {
		return view.CostCentre{}, budgetdb.ErrCostCentreUnseen
	}
	if err := actor.RequireSomewhere(access.CostCentresView); err != nil {
		return view.CostCentre{}, err
	}
	return all[0], nil
}

// GetCostCentre shows a cost centre that the actor sees.
func (s *Service) GetCostCentre(ctx context.Context, actor access.Actor, key id.CostCentre) (c view.CostCentre, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		c, err = centre(ctx, tx, actor, key)
		return err
	})
	return c, err
}

// CostCentreFilter says which cost centres are listed. What is empty does not narrow.
type CostCentreFilter struct {
	Text string    // in the code or name
	On   date.Date // valid on this day
}

// ListCostCentres lists the cost centres that the actor sees, by code.
func (s *Service) ListCostCentres(ctx context.Context, actor access.Actor, f CostCentreFilter, ask page.Ask) (list page.List[view.CostCentre], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.CostCentresView); err != nil {
			return err
		}
		at, err := viewdb.CostCentresBy.At(ask)
		if err != nil {
			return err
		}
		var rows []view.CostCentre
		which := viewdb.CostCentres{Places: actor.Places(access.CostCentresView), Text: f.Text, On: f.On}
		tx.Views.WantCostCentres(&rows, actor.Company, which, at)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		list = at.List(rows)
		return nil
	})
	return list, err
}
