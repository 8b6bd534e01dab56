package organising

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/orderlist"
	"kontor/internal/store"
)

// collection is the order lists that somebody leaves.
type collection struct {
	leaver company.Member
	own    []orderlist.List
	shared []orderlist.List // with them, by name
	names  map[string]id.OrderList
}

// listsOf finds the order lists that a successor takes over.
func listsOf(ctx context.Context, tx *store.Tx, actor access.Actor, leaver, to company.Member) (c collection, err error) {
	c = collection{leaver: leaver, names: map[string]id.OrderList{}}
	tx.Lists.WantOwned(&c.own, actor.Company, leaver.ID)
	tx.Lists.WantSharedWith(&c.shared, actor.Company, leaver.ID)
	tx.Lists.WantKeys(c.names, actor.Company, to.ID)
	return c, tx.Fetch(ctx)
}

// fits is nil when the successor has room for the lists.
func (c collection) fits(to company.Member) error {
	if len(c.own) > 0 && len(c.own)+len(c.names) > orderlist.MostLists {
		return orderlist.ErrMany.With("%s would have more than %d lists: choose somebody else, or let some be deleted first", to.Name, orderlist.MostLists)
	}
	return nil
}

// hand gives the successor the leaver's own lists, each under a name that they have none of, and puts them in the leaver's place
// where others shared a list with them.
func (c collection) hand(tx *store.Tx, actor access.Actor, leaver, to id.Member) {
	for _, l := range c.own {
		after := l.Pass(to, c.leaver.Name, func(key string) bool { _, taken := c.names[key]; return taken })
		c.names[orderlist.Key(after.Name)] = after.ID
		tx.Lists.SetOwner(after)
		tx.Tell(actor, orderlist.WasHandedOver{ListID: after.ID, Name: after.Name, Before: leaver, After: to})
	}
	for _, l := range c.shared {
		after := l.Replace(leaver, to)
		tx.Lists.SetShares(l, after)
		e := after.Shared(l)
		e.Leaver = leaver
		tx.Tell(actor, e)
	}
}
