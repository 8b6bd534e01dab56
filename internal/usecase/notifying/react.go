package notifying

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/notice"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/store/noticedb"
	"kontor/internal/view"
)

// story is one event as people are told of it.
type story struct {
	at      time.Time      // of telling it: in one transaction a microsecond after the one before, so that notices sort
	topics  []notice.Event // what it means for people: mostly itself
	parts   map[notice.Audience][]id.Member
	facts   notice.Facts
	because func(r view.Reader) locale.Phrase            // why it concerns them; nil: facts say it
	behalf  func(r view.Reader) string                   // for whom they are asked; nil: for nobody
	named   func(r view.Reader) bool                     // who is told what it comes to though they may not see prices; nil: it is about nothing that was ordered
	path    func(a notice.Audience) string               // where they go on, in the portal
	mine    func(t notice.Event, a notice.Audience) bool // whoever did it is told, too
	in      id.Company                                   // whose members hear of it, where that is not the company in which it happened
	letters []view.Reader                                // who is written to besides, for they have no inbox to look into: founders, and administrators that were
}

// React tells people what has happened: everybody once of each event, in the first part that they play in it. after
// pokes those who listen to their inbox.
func (s *Service) React(ctx context.Context, tx *store.Tx, actor access.Actor, told []auditdb.Told) (after func(), err error) {
	if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
		return nil, err
	}
	var poked []id.Member
	for i, o := range told {
		st, err := find(ctx, tx, o)
		if err != nil {
			return nil, fmt.Errorf("tell of %s: %w", o.Event, err)
		}
		if st == nil {
			continue
		}
		st.at = tx.Now.Add(time.Duration(i) * time.Microsecond)
		members, err := s.tell(ctx, tx, o, st)
		if err != nil {
			return nil, fmt.Errorf("tell of %s: %w", o.Event, err)
		}
		poked = append(poked, members...)
	}
	return func() { s.poke(poked) }, nil
}

// tell writes the notices and mails of one event, and lists who was told.
func (s *Service) tell(ctx context.Context, tx *store.Tx, o auditdb.Told, st *story) ([]id.Member, error) {
	var all []id.Member
	for _, part := range st.parts {
		all = append(all, part...)
	}
	if st.in.IsZero() {
		st.in = o.Company
	}
	var readers []view.Reader
	tx.Views.WantReaders(&readers, st.in, all)
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	wishes := map[id.Member]notice.Wishes{}
	keys := make([]id.Member, len(readers))
	for i, r := range readers {
		keys[i] = r.Member
	}
	tx.Notices.WantWishes(wishes, st.in, keys)
	priced := map[id.Member]bool{}
	if st.named != nil {
		tx.Views.WantPriced(priced, st.in, keys)
	}
	if err := tx.Fetch(ctx); err != nil {
		return nil, err
	}
	for i := range readers {
		readers[i].Priced = priced[readers[i].Member]
	}
	var told []id.Member
	for _, topic := range st.topics {
		for _, r := range notice.On(topic) {
			for _, reader := range readers {
				if !st.plays(reader, r.Tell) || slices.Contains(told, reader.Member) {
					continue
				}
				if reader.Member == o.Actor.Member && !st.mine(topic, r.Tell) {
					continue
				}
				s.inform(tx, o, st, r, reader, wishes[reader.Member])
				told = append(told, reader.Member)
			}
		}
	}
	s.write(tx, o, st)
	return told, nil
}

// write writes to those who have no inbox to look into.
func (s *Service) write(tx *store.Tx, o auditdb.Told, st *story) {
	for _, topic := range st.topics {
		for _, r := range notice.On(topic) {
			for _, reader := range st.letters {
				part := notice.Administrators
				if reader.Waits {
					part = notice.Founder
				}
				if r.Tell == part {
					s.mail(tx, o, st, r, reader, notice.Wishes{})
				}
			}
		}
	}
}

// plays reports whether a reader plays this part.
func (st *story) plays(r view.Reader, a notice.Audience) bool {
	if a == notice.Administrators {
		return r.Administrator
	}
	return slices.Contains(st.parts[a], r.Member)
}

// inform puts a notice into one reader's inbox, and as far as they wish, a mail on its way to them.
func (s *Service) inform(tx *store.Tx, o auditdb.Told, st *story, r notice.Reaction, reader view.Reader, wishes notice.Wishes) {
	f, path := st.told(o, reader), st.path(r.Tell)
	tx.Notices.Insert(notice.Notice{ID: id.NewNotice(st.at), Company: st.in, Member: reader.Member, Event: r.Event, Subject: o.About,
		Title: r.Title(f), Body: r.Body(f), Link: path, CreatedAt: st.at})
	s.mail(tx, o, st, r, reader, wishes)
}

// told are the facts of a story as one reader hears it. What was ordered comes to is told to who may see prices, and to who is asked
// to decide on it.
func (st *story) told(o auditdb.Told, reader view.Reader) notice.Facts {
	f := st.facts
	f.At = o.At.In(zone(reader))
	if st.because != nil {
		f.Because = st.because(reader).At(zone(reader))
	}
	if st.behalf != nil {
		f.Behalf = st.behalf(reader)
	}
	if st.named != nil && !reader.Priced && !st.named(reader) {
		return f.Unpriced()
	}
	return f
}

// zone is where a reader's clocks are.
func zone(r view.Reader) *time.Location {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return time.UTC // zones are checked when they are chosen; of one that is gone since we make the best
	}
	return zone
}

// mail puts a mail on its way to a reader, as far as they wish.
func (s *Service) mail(tx *store.Tx, o auditdb.Told, st *story, r notice.Reaction, reader view.Reader, wishes notice.Wishes) {
	if s.Sender == nil || !wishes.Wants(r.Event, notice.Email) {
		return
	}
	f := st.told(o, reader)
	f.Link = s.Public + st.path(r.Tell)
	m := notice.Render(r.Mail(s.Brand, notice.Addressee{Name: reader.Name}, f), reader.Language)
	tx.Notices.InsertMail(noticedb.Mail{ID: id.NewMail(tx.Now), Company: st.in, Recipient: reader.Email, Name: reader.Name, Thread: o.About,
		Subject: m.Subject, Text: m.Text, HTML: m.HTML, State: noticedb.Ready, NextAt: wishes.When(r.Event, notice.Email, tx.Now, zone(reader)), CreatedAt: tx.Now})
}
