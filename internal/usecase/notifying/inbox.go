package notifying

import (
	"context"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/domain/access"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
)

// Inbox lists what the actor was told in the company that they act for, the newest first. The cursor is the identifier
// of a notice.
func (s *Service) Inbox(ctx context.Context, actor access.Actor, ask page.Ask) (list page.List[notice.Notice], err error) {
	return s.notices(ctx, actor, false, ask)
}

// Unread lists of the actor's inbox what they have not seen yet.
func (s *Service) Unread(ctx context.Context, actor access.Actor, ask page.Ask) (list page.List[notice.Notice], err error) {
	return s.notices(ctx, actor, true, ask)
}

// notices lists what the actor was told, or what of that they have not seen yet.
func (s *Service) notices(ctx context.Context, actor access.Actor, unread bool, ask page.Ask) (list page.List[notice.Notice], err error) {
	before, err := page.BehindKey(ask, id.ParseNotice)
	if err != nil {
		return list, err
	}
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		rows, err := tx.Notices.List(ctx, actor.Company, actor.Member, unread, before, ask.Size()+1)
		list = page.Cut(rows, ask, func(n notice.Notice) []string { return []string{n.ID.String()} })
		return err
	})
	return list, err
}

// CountUnread is how many notices the actor has not seen yet; page.CountMost means as many or more.
func (s *Service) CountUnread(ctx context.Context, actor access.Actor) (n int64, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
			return err
		}
		n, err = tx.Notices.CountUnread(ctx, actor.Company, actor.Member, page.CountMost)
		return err
	})
	return n, err
}

// MarkRead notes that the actor has seen these notices; those that are not theirs are passed over. Who acts for a customer
// may look at what they were told, and has not seen it for them.
func (s *Service) MarkRead(ctx context.Context, actor access.Actor, notices ...id.Notice) error {
	return s.read(ctx, actor, func(tx *store.Tx, actor access.Actor) { tx.Notices.SetRead(actor.Company, actor.Member, notices) })
}

// MarkAllRead notes that the actor has seen everything.
func (s *Service) MarkAllRead(ctx context.Context, actor access.Actor) error {
	return s.read(ctx, actor, func(tx *store.Tx, actor access.Actor) { tx.Notices.SetAllRead(actor.Company, actor.Member) })
}

// read marks notices of the actor's as read. That is nobody's business but theirs: it is not told.
func (s *Service) read(ctx context.Context, actor access.Actor, mark func(*store.Tx, access.Actor)) error {
	err := s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.RequireSelf(); err != nil {
			return err
		}
		mark(tx, actor)
		return nil
	})
	if err == nil {
		s.poke([]id.Member{actor.Member})
	}
	return err
}

// Subscribe gives a channel that is poked when the actor's inbox has changed in this process. It is a hint: what
// happens in other processes is found by counting. cancel ends it, and must be called.
func (s *Service) Subscribe(actor access.Actor) (poked <-chan struct{}, cancel func(), err error) {
	if err := actor.RequireSomewhere(access.SelfAccount); err != nil {
		return nil, nil, err
	}
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listening[actor.Member] == nil {
		s.listening[actor.Member] = map[chan struct{}]bool{}
	}
	s.listening[actor.Member][c] = true
	return c, func() { s.unsubscribe(actor.Member, c) }, nil
}

func (s *Service) unsubscribe(member id.Member, c chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listening[member], c)
	if len(s.listening[member]) == 0 {
		delete(s.listening, member)
	}
}

// poke wakes whoever listens for these members.
func (s *Service) poke(members []id.Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range members {
		for c := range s.listening[m] {
			select {
			case c <- struct{}{}:
			default: // it has not looked since the last time
			}
		}
	}
}
