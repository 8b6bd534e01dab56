package step

import (
	"context"
	"slices"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
)

// Offered are the assignments that an invitation would come to now. A unit that is no more gives nothing.
func Offered(ctx context.Context, tx *store.Tx, key id.Company, i company.Invitation) (all []access.Assignment, err error) {
	var units []id.Unit
	for _, o := range i.Offers {
		units = append(units, o.Unit)
	}
	var nodes []company.Node
	tx.Companies.WantNodes(&nodes, key, slices.DeleteFunc(units, id.Unit.IsZero), nil)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	for _, o := range i.Offers {
		a := access.Assignment{Role: o.Role, Unit: o.Unit}
		at := slices.IndexFunc(nodes, func(n company.Node) bool { return n.Unit == o.Unit })
		switch {
		case o.Unit.IsZero():
		case at < 0:
			continue
		default:
			a.Place = nodes[at].Path
		}
		all = append(all, a)
	}
	return all, nil
}
