package organising

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Structure lists the units and members that the actor may see, as a tree is drawn: whoever is above before what is
// below, members before units, by name.
func (s *Service) Structure(ctx context.Context, actor access.Actor) (nodes []view.Node, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		tx.Views.WantStructure(&nodes, actor.Company, actor.Scope(access.ViewMembers))
		return tx.Fetch(ctx)
	})
	return drawn(nodes), err
}

// drawn puts nodes, which come in the order of their paths, in the order of drawing, and counts what is below each.
func drawn(nodes []view.Node) []view.Node {
	at := make(map[tree.Path]int, len(nodes))
	below := make(map[int][]int, len(nodes))
	const none = -1
	for i := range nodes {
		at[nodes[i].Path] = i
		above := none
		for p := nodes[i].Path.Parent(); ; p = p.Parent() {
			if k, seen := at[p]; seen {
				if above == none {
					above = k
				}
				if nodes[i].Kind == company.MemberNode {
					nodes[k].People++
				}
			}
			if p == tree.Top {
				break
			}
		}
		below[above] = append(below[above], i)
	}
	out := make([]view.Node, 0, len(nodes))
	var draw func(above, depth int)
	draw = func(above, depth int) {
		all := below[above]
		slices.SortFunc(all, func(a, b int) int {
			x, y := &nodes[a], &nodes[b]
			return cmp.Or(cmp.Compare(x.Kind, y.Kind), strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), strings.Compare(string(x.Path), string(y.Path)))
		})
		for _, i := range all {
			n := nodes[i]
			n.Depth, n.Below = depth, len(below[i])
			out = append(out, n)
			draw(i, depth+1)
		}
	}
	draw(none, 0)
	return out
}

// Members is a page of the members that the actor may see, by name. Its cursors have two values.
func (s *Service) Members(ctx context.Context, actor access.Actor, f view.MemberFilter, ask page.Ask) (list page.List[view.Row], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		list, err = tx.Views.ListMembers(ctx, actor.Company, actor.Scope(access.ViewMembers), f, ask)
		return err
	})
	return list, err
}

// Member gives a member in full.
func (s *Service) Member(ctx context.Context, actor access.Actor, key id.Member) (p view.Person, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if p, err = tx.Views.GetPerson(ctx, actor.Company, key); err != nil {
			return err
		}
		if !actor.Reaches(access.ViewMembers, access.Thing{Owner: p.ID, OwnerAt: p.Path, At: p.Path}) {
			p = view.Person{}
			return company.ErrUnseenMember
		}
		return nil
	})
	return p, err
}
