package step

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/approval"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/view"
)

// Sources is what is true now of the sources that rules name.
type Sources struct {
	Called map[approval.Source]string // what is named is called; a source that is a relation, or names what there is no more, is not there
	Nobody map[approval.Source]bool   // whoever it names, nobody who acts and may approve anywhere is among them
}

// Short lists the sources of a rule because of which too few could decide.
func (s Sources) Short(r approval.Rule) []approval.Source {
	return r.Short(func(source approval.Source) bool { return s.Nobody[source] })
}

// SourcesOf looks up what rules of a company name. Of a source that is a relation, as the manager is, nobody can tell before there
// is an order, so it counts as one that finds somebody.
func SourcesOf(ctx context.Context, tx *store.Tx, key id.Company, rules []approval.Rule) (Sources, error) {
	all := approval.SourcesOf(rules)
	is := Sources{Called: map[approval.Source]string{}, Nobody: map[approval.Source]bool{}}
	var which viewdb.Named
	for _, s := range all {
		NamedBy(&which, s)
	}
	var known view.Known
	var filled view.Filled
	if len(which.Members)+len(which.Roles)+len(which.CostCentres)+len(which.Budgets) > 0 {
		var roles []access.Role
		tx.Views.WantKnown(&known, key, which)
		tx.Access.WantEveryRole(&roles, key)
		if err := tx.Fetch(ctx); err != nil {
			return is, err
		}
		var deciding []id.Role
		for _, r := range roles {
			if r.Set.Has(access.PurchaseOrdersApprove) {
				deciding = append(deciding, r.ID)
			}
		}
		tx.Views.WantFilled(&filled, key, which, deciding)
		if err := tx.Fetch(ctx); err != nil {
			return is, err
		}
	}
	for _, s := range all {
		is.note(s, known, filled)
	}
	return is, nil
}

func (is Sources) note(s approval.Source, known view.Known, filled view.Filled) {
	name, nobody := "", s.Kind == approval.OfAbsent
	switch {
	case !s.Member.IsZero():
		name, nobody = known.Members[s.Member].Name, !filled.Members[s.Member]
	case !s.Role.IsZero():
		name, nobody = known.Roles[s.Role], !filled.Roles[s.Role]
	case !s.CostCentre.IsZero():
		name, nobody = known.CostCentres[s.CostCentre].Name, !filled.CostCentres[s.CostCentre]
	case !s.Budget.IsZero():
		name, nobody = known.Budgets[s.Budget], s.Kind == approval.OfBudget && !filled.Budgets[s.Budget]
	}
	if name != "" {
		is.Called[s] = name
	}
	is.Nobody[s] = nobody
}

// NamedBy adds what a source names.
func NamedBy(which *viewdb.Named, s approval.Source) {
	if !s.Member.IsZero() {
		which.Members = append(which.Members, s.Member)
	}
	if !s.Role.IsZero() {
		which.Roles = append(which.Roles, s.Role)
	}
	if !s.CostCentre.IsZero() {
		which.CostCentres = append(which.CostCentres, s.CostCentre)
	}
	if !s.Budget.IsZero() {
		which.Budgets = append(which.Budgets, s.Budget)
	}
}
