package notifying

import (
	"context"
	"errors"
	"time"

	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/mailer"
	"kontor/internal/store"
	"kontor/internal/store/noticedb"
)

const (
	bundle = 8               // mails that are taken together
	lease  = 5 * time.Minute // how long they belong to who took them
)

// Deliver takes mails that are due and sends them, one after the other. worked says whether there were any; err is also
// why some could not be sent. When the context ends, the mail under way is still sent, and the others are given back.
func (s *Service) Deliver(ctx context.Context, actor access.Actor) (worked bool, err error) {
	if s.Sender == nil {
		return false, nil
	}
	var due []noticedb.Mail
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		if due, err = tx.Notices.ListDue(ctx, bundle); err != nil {
			return err
		}
		// may
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		// write
		for i := range due {
			tx.Notices.SetTaken(due[i], tx.Now.Add(lease))
			due[i].Attempts++
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	var failed []error
	for _, m := range due {
		var sent error
		put := m
		if ctx.Err() == nil {
			sent = s.send(context.WithoutCancel(ctx), m)
			put = s.after(m, sent)
		} else {
			put.NextAt = s.db.Times() // we are to stop: whoever comes next may have it at once
		}
		failed = append(failed, sent, s.keep(context.WithoutCancel(ctx), actor, put))
	}
	return len(due) > 0, errors.Join(failed...)
}

// send hands one mail to the world.
func (s *Service) send(ctx context.Context, m noticedb.Mail) error {
	return s.Sender.Send(ctx, mailer.Mail{ID: m.ID.String(), At: m.CreatedAt, From: s.From, To: mailer.Address{Name: m.Name, Mail: m.Recipient},
		Subject: m.Subject, Text: m.Text, HTML: m.HTML, Thread: m.Thread})
}

// after is the mail after an attempt.
func (s *Service) after(m noticedb.Mail, failed error) noticedb.Mail {
	now := s.db.Times()
	next, more := exchange.After(int(m.Attempts), now, s.Chance())
	switch {
	case failed == nil:
		m.State, m.EndedAt, m.Error = noticedb.Sent, now, ""
	case errors.Is(failed, mailer.ErrPermanent), !more:
		m.State, m.EndedAt, m.Error = noticedb.Dead, now, failed.Error()
	default:
		m.NextAt, m.Error = next, failed.Error()
	}
	return m
}

// keep keeps what has become of a mail that we took.
func (s *Service) keep(ctx context.Context, actor access.Actor, m noticedb.Mail) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		tx.Notices.SetOutcome(m)
		return nil
	})
}
