package organising

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/store"
	"kontor/internal/view"
)

// Structure lists the units and members that the actor may see, as a tree is drawn: whoever is above before what is
// below, members before units, by name. One that is too large to be drawn is ErrTooLarge.
func (s *Service) Structure(ctx context.Context, actor access.Actor) (nodes []view.Node, err error) {
	return s.drawing(ctx, actor, true)
}

// Units lists the units that the actor may see, as a tree of units alone.
func (s *Service) Units(ctx context.Context, actor access.Actor) (nodes []view.Node, err error) {
	return s.drawing(ctx, actor, false)
}

// ErrTooLarge is the fault of a structure of more units or members than are drawn.
var ErrTooLarge = fault.Define(fault.Refused, "organising.too_large", "your structure has more units or people than are drawn at once: look for who you need in the list of members")

func (s *Service) drawing(ctx context.Context, actor access.Actor, people bool) (nodes []view.Node, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		var units, members []view.Node
		who := &members
		if !people {
			who = nil
		}
		tx.Views.WantStructure(&units, who, actor.Company, actor.Scope(access.ViewMembers), s.most+1)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		if max(len(units), len(members)) > s.most {
			return ErrTooLarge
		}
		nodes = drawn(slices.Concat(units, members), !people)
		return nil
	})
	return nodes, err
}

// drawn puts nodes in the order of drawing, says which is above which, and counts what is below each. What has nothing of them right
// above it stands at the top, or with nearest below the nearest that is above it.
func drawn(nodes []view.Node, nearest bool) []view.Node {
	const none = -1
	at := make(map[tree.Path]int, len(nodes))
	for i, n := range nodes {
		at[n.Path] = i
	}
	below := make(map[int][]int, len(nodes))
	for i := range nodes {
		n := &nodes[i]
		for _, p := range n.Path.Ancestors() {
			if k, seen := at[p]; seen && n.Kind == company.MemberNode {
				nodes[k].People++
			}
		}
		above := none
		for p := n.Path.Parent(); p != tree.Top; p = p.Parent() {
			if k, seen := at[p]; seen {
				above = k
				n.AboveUnit, n.AboveMember = nodes[k].Unit, nodes[k].Member
			}
			if above != none || !nearest {
				break
			}
		}
		below[above] = append(below[above], i)
	}
	out := make([]view.Node, 0, len(nodes))
	var draw func(above, depth int)
	draw = func(above, depth int) {
		slices.SortFunc(below[above], func(a, b int) int { return order(&nodes[a], &nodes[b]) })
		for _, i := range below[above] {
			nodes[i].Depth, nodes[i].Below = depth, len(below[i])
			out = append(out, nodes[i])
			draw(i, depth+1)
		}
	}
	draw(none, 0)
	return out
}

// order is how nodes below the same one are drawn: members before units, by name, the older first.
func order(a, b *view.Node) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(string(a.Path), string(b.Path)))
}

// Members is a page of the members that the actor may see, by name. Its cursors have two values.
func (s *Service) Members(ctx context.Context, actor access.Actor, f view.MemberFilter, ask page.Ask) (list page.List[view.Row], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		list, err = tx.Views.ListMembers(ctx, actor.Company, actor.Scope(access.ViewMembers), f, ask)
		return err
	})
	return list, err
}

// Places is Members, and among them those who have been invited by hand and have not answered yet, as far as the actor may
// see them: a place is somebody's, or waits for somebody.
func (s *Service) Places(ctx context.Context, actor access.Actor, f view.MemberFilter, ask page.Ask) (list page.List[view.Row], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		list, err = tx.Views.ListPlaces(ctx, actor.Company, actor.Scope(access.ViewMembers), actor.Scope(access.ViewInvitations), f, ask)
		return err
	})
	return list, err
}

// Member gives a member in full; their approval limit to who sees limits.
func (s *Service) Member(ctx context.Context, actor access.Actor, key id.Member) (p view.Person, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if p, err = tx.Views.GetPerson(ctx, actor.Company, key); err != nil {
			return err
		}
		if !actor.Shows(access.ViewMembers, access.Thing{Owner: p.ID, OwnerAt: p.Path, At: p.Path}) {
			p = view.Person{}
			return company.ErrUnseenMember
		}
		if p.Approval != nil && !actor.Shows(access.ViewLimits, access.Thing{Owner: p.ID, OwnerAt: p.Path, At: p.Path}) {
			p.Approval = nil
		}
		return nil
	})
	return p, err
}
