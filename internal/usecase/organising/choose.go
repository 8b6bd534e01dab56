package organising

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Choices lists what the actor sees of the structure and the filter leaves, to choose from, as a tree is drawn: of units and of
// members at most so many each, the highest. Where there are more, whoever asks for one more than they show knows it, and
// lets people look with FindNodes. A structure of any size is answered as fast as a small one.
func (s *Service) Choices(ctx context.Context, actor access.Actor, f view.NodeFilter, most int) (nodes []view.Node, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		var units, members []view.Node
		scope := actor.Scope(access.ViewMembers)
		if f.Kind == company.MemberNode { // the units that there are say in which order members are drawn
			tx.Views.WantNodes(&units, &members, actor.Company, scope, view.NodeFilter{Kind: company.UnitNode}, most)
		}
		tx.Views.WantNodes(&units, &members, actor.Company, scope, f, most)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		whole := f.Kind == "" && max(len(units), len(members)) < most
		nodes = drawn(slices.Concat(units, members), !whole)
		if f.Kind != "" {
			nodes = slices.DeleteFunc(nodes, func(n view.Node) bool { return n.Kind != f.Kind })
		}
		return nil
	})
	return nodes, err
}

// FindNodes lists at most so many units and members that the actor sees and the filter leaves, each with what stands right above it as
// far as the actor sees that: with a text those first whose names begin with it, or whose code it is, by name.
func (s *Service) FindNodes(ctx context.Context, actor access.Actor, f view.NodeFilter, most int) (nodes []view.Node, err error) {
	f.Text, f.Named = strings.TrimSpace(f.Text), strings.TrimSpace(f.Named)
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		var units, members []view.Node
		scope := actor.Scope(access.ViewMembers)
		tx.Views.WantNodes(&units, &members, actor.Company, scope, f, most)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		nodes = slices.DeleteFunc(slices.Concat(units, members), func(n view.Node) bool { return !fits(n, f) })
		slices.SortStableFunc(nodes, func(a, b view.Node) int {
			return cmp.Or(cmp.Compare(begins(a, f.Text), begins(b, f.Text)), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(string(a.Path), string(b.Path)))
		})
		nodes = nodes[:min(len(nodes), most)]
		var paths []tree.Path
		for _, n := range nodes {
			if p := n.Path.Parent(); p != tree.Top {
				paths = append(paths, p)
			}
		}
		if len(paths) == 0 {
			return nil
		}
		units, members = nil, nil
		tx.Views.WantNodes(&units, &members, actor.Company, scope, view.NodeFilter{At: paths}, len(paths))
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		at := map[tree.Path]view.Node{}
		for _, n := range slices.Concat(units, members) {
			at[n.Path] = n
		}
		for i := range nodes {
			above := at[nodes[i].Path.Parent()]
			nodes[i].AboveUnit, nodes[i].AboveMember, nodes[i].AboveName = above.Unit, above.Member, above.Name
		}
		return nil
	})
	return nodes, err
}

// fits reports whether a node that the tables found is called so, where it was looked for by its name: of what stands behind that they
// find any title that begins so.
func fits(n view.Node, f view.NodeFilter) bool {
	return f.Named == "" || strings.EqualFold(n.Name, f.Named) || n.Kind == company.UnitNode && n.Code == f.Named ||
		n.Title != "" && strings.EqualFold(n.Name+view.BehindName+n.Title, f.Named)
}

// begins is 0 for what is called as the text begins, and 1 for anything else.
func begins(n view.Node, text string) int {
	if strings.HasPrefix(strings.ToLower(n.Name), strings.ToLower(text)) || n.Code != "" && strings.EqualFold(n.Code, text) {
		return 0
	}
	return 1
}
