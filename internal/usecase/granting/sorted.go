package granting

import (
	"cmp"
	"slices"
	"strings"

	"kontor/internal/base/page"
	"kontor/internal/view"
)

// rolesBy are the orders of a company's roles, which are few and read as a whole.
var rolesBy = map[string]func(a, b view.Role) int{
	"name": func(a, b view.Role) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) },
	"permissions": func(a, b view.Role) int {
		return cmp.Or(cmp.Compare(a.Set.Len(), b.Set.Len()), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	},
	"members": func(a, b view.Role) int {
		return cmp.Or(cmp.Compare(a.Holders, b.Holders), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	},
}

// SortRoles sorts roles as is asked; as ListRoles gives them, the administrators' first, when nobody asks. It is ErrSort for an
// order that they do not have.
func SortRoles(all []view.Role, sort page.Sort) error {
	if sort.By == "" {
		return nil
	}
	less, ok := rolesBy[sort.By]
	if !ok {
		return page.ErrSort.At("sort")
	}
	slices.SortStableFunc(all, func(a, b view.Role) int {
		if sort.Down {
			a, b = b, a
		}
		return less(a, b)
	})
	return nil
}
