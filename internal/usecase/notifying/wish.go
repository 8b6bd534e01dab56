package notifying

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/company"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
)

// Wishes are what the actor wants to hear in the company that they act for, and over which channel.
func (s *Service) Wishes(ctx context.Context, actor access.Actor) (w notice.Wishes, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if w, err = wishes(ctx, tx, actor); err != nil {
			return err
		}
		return actor.Require(access.SelfAccount, tree.Top)
	})
	return w, err
}

// wishes finds those of the actor, who is a member.
func wishes(ctx context.Context, tx *store.Tx, actor access.Actor) (notice.Wishes, error) {
	var m company.Member
	all := map[id.Member]notice.Wishes{}
	tx.Companies.WantMember(&m, actor.Company, actor.Member)
	tx.Notices.WantWishes(all, actor.Company, []id.Member{actor.Member})
	err := tx.Fetch(ctx)
	return all[actor.Member], err
}

// SetWishes says over which channel the actor wants to hear of what; of the rest they hear as before. Nobody says it
// for them.
func (s *Service) SetWishes(ctx context.Context, actor access.Actor, said map[notice.Wish]bool) (w notice.Wishes, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		if w, err = wishes(ctx, tx, actor); err != nil {
			return err
		}
		// may
		if err := actor.RequireSelf(); err != nil {
			return err
		}
		// decide
		for wish, on := range said {
			if w, err = w.Choose(wish.Event, wish.Channel, on); err != nil {
				return err
			}
		}
		// write
		tx.Notices.SetWishes(actor.Company, actor.Member, w)
		// tell
		tx.Tell(actor, notice.WishesWereSet{MemberID: actor.Member})
		return nil
	})
	return w, err
}
