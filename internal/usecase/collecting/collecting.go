// Package collecting keeps order lists: what people put on them, with whom they share them, and the company's templates.
package collecting

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/catalogue"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store"
	"kontor/internal/store/viewdb"
	"kontor/internal/usecase/step"
	"kontor/internal/view"
)

// Service does what this package says.
type Service struct{ db *store.DB }

// New makes the service on a store.
func New(db *store.DB) *Service { return &Service{db} }

// Which says of which lists an overview is.
type Which string

// Which lists there are. The zero one is all that the reader has.
const (
	Mine      Which = "mine"
	Shared    Which = "shared"
	Templates Which = "templates"
)

// Filter narrows an overview.
type Filter struct {
	Which    Which
	Text     string
	Product  id.Product // only lists that have it
	Writable bool       // only lists that the reader may put lines on
}

// List lists what the actor has: their own lists, those shared with them, and the company's templates.
func (s *Service) List(ctx context.Context, actor access.Actor, f Filter, ask page.Ask) (list page.List[view.OrderList], err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// may
		if err := actor.RequireSomewhere(access.ListsView); err != nil {
			return err
		}
		manages, provides := actor.MaySomewhere(access.ListsManage), actor.May(access.ListsTemplatesManage, tree.Top)
		hidden := !f.Product.IsZero() && !step.Shows(actor, catalogue.Product{ID: f.Product}) // which lists have it tells of what is on them
		if f.Writable && !manages || hidden {
			list = page.List[view.OrderList]{}
			return nil
		}
		// find
		place, err := viewdb.OrderListsBy.At(ask)
		if err != nil {
			return err
		}
		which := viewdb.OrderLists{Member: actor.Member, Units: actor.At.Ancestors(), Mine: f.Which == Mine, Shared: f.Which == Shared, Templates: f.Which == Templates,
			Text: f.Text, Product: f.Product, Writable: f.Writable, Provides: provides}
		var rows []view.OrderList
		tx.Views.WantOrderLists(&rows, actor.Company, which, place)
		if err := tx.Fetch(ctx); err != nil {
			return err
		}
		// decide
		for i := range rows {
			switch r := &rows[i]; {
			case r.Template() && provides:
				r.Hold = orderlist.Owns
			case !manages:
				r.Hold = orderlist.Reads
			}
		}
		list = place.List(rows)
		return nil
	})
	return list, err
}

// CreateInput is a list to be.
type CreateInput struct {
	Name        string
	Description string
	Template    bool         // it is the company's
	From        id.OrderList // whose lines it begins with; zero: it is empty
}

// Create makes a list, or a template; empty, or with the lines of another one that the actor has.
func (s *Service) Create(ctx context.Context, actor access.Actor, in CreateInput) (l orderlist.List, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		l = orderlist.List{ID: id.NewOrderList(tx.Now), Company: actor.Company, Owner: actor.Member, ChangedAt: tx.Now}
		if in.Template {
			l.Owner = id.Member{}
		}
		if !in.From.IsZero() {
			from, _, err := step.OrderList(ctx, tx, actor, in.From)
			if err != nil {
				return err
			}
			for _, x := range from.Lines {
				x.ID = id.NewOrderListLine(tx.Now)
				l.Lines = append(l.Lines, x)
			}
		}
		// may
		if err := makes(actor, l); err != nil {
			return err
		}
		// decide
		if l, err = l.Called(in.Name, in.Description); err != nil {
			return err
		}
		if err := fits(ctx, tx, l); err != nil {
			return err
		}
		// write
		tx.Lists.Insert(l)
		// tell
		tx.Tell(actor, l.Created(in.From))
		return nil
	})
	return l, err
}

// makes is nil for who may make such a list.
func makes(actor access.Actor, l orderlist.List) error {
	if l.Template() {
		return actor.Require(access.ListsTemplatesManage, tree.Top)
	}
	return actor.RequireSomewhere(access.ListsManage)
}

// fits is nil when the owner of a new list, or of one called otherwise, has room for it and none of its name.
func fits(ctx context.Context, tx *store.Tx, l orderlist.List) error {
	names := map[string]id.OrderList{}
	tx.Lists.WantKeys(names, l.Company, l.Owner)
	if err := tx.Fetch(ctx); err != nil {
		return err
	}
	fresh := true
	for _, key := range names {
		fresh = fresh && key != l.ID
	}
	if fresh && len(names) >= orderlist.MostLists {
		return orderlist.ErrMany
	}
	if other, taken := names[orderlist.Key(l.Name)]; taken && other != l.ID {
		return orderlist.ErrNamed.At("name")
	}
	return nil
}

// managed finds a list with which the actor may do so much.
func managed(ctx context.Context, tx *store.Tx, actor access.Actor, key id.OrderList, needs orderlist.Hold) (orderlist.List, error) {
	l, hold, err := step.OrderList(ctx, tx, actor, key)
	if err != nil {
		return l, err
	}
	if err := makes(actor, l); err != nil {
		return l, err
	}
	switch {
	case hold >= needs:
		return l, nil
	case needs == orderlist.Owns:
		return l, orderlist.ErrNotOwner
	}
	return l, orderlist.ErrReadOnly
}

// EditInput is another name and description of a list, and the version that was seen.
type EditInput struct {
	ID          id.OrderList
	Version     int64
	Name        string
	Description string
}

// Edit calls and describes a list otherwise.
func (s *Service) Edit(ctx context.Context, actor access.Actor, in EditInput) (l orderlist.List, err error) {
	return s.change(ctx, actor, in.ID, orderlist.Owns, func(tx *store.Tx, actor access.Actor, before orderlist.List) (orderlist.List, error) {
		if err := before.Seen(in.Version); err != nil {
			return before, err
		}
		after, err := before.Called(in.Name, in.Description)
		if err != nil {
			return after, err
		}
		if err := fits(ctx, tx, after); err != nil {
			return after, err
		}
		tx.Tell(actor, orderlist.WasEdited{ListID: after.ID, Before: before.Facts(), After: after.Facts()})
		return after, nil
	})
}

// change makes one change of a list with which the actor may do so much.
func (s *Service) change(ctx context.Context, actor access.Actor, key id.OrderList, needs orderlist.Hold,
	change func(tx *store.Tx, actor access.Actor, before orderlist.List) (orderlist.List, error)) (l orderlist.List, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		before, err := managed(ctx, tx, actor, key, needs)
		if err != nil {
			return err
		}
		if l, err = change(tx, actor, before); err != nil {
			return err
		}
		tx.Lists.Update(before, l)
		l.ChangedAt = tx.Now
		return nil
	})
	return l, err
}

// Delete removes a list, as it was seen in this version, with its lines. What was on it stays in the audit.
func (s *Service) Delete(ctx context.Context, actor access.Actor, key id.OrderList, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find, may
		l, err := managed(ctx, tx, actor, key, orderlist.Owns)
		if err != nil {
			return err
		}
		// decide
		if err := l.Seen(version); err != nil {
			return err
		}
		// write
		tx.Lists.Delete(l)
		// tell
		tx.Tell(actor, l.Deleted())
		return nil
	})
}
