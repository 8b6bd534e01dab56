package exchanging

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
)

// Reaction does what follows from events of one company, in the transaction that marks them as reacted to. after, if
// it is not nil, is called when that has been committed.
type Reaction func(ctx context.Context, tx *store.Tx, actor access.Actor, told []auditdb.Told) (after func(), err error)

// On is a row of the table of reactions: from events of this name, or of this pattern ("order.*", "*"), this follows.
type On struct {
	Event string
	Do    Reaction
}

// matches reports whether the row is about events of this name.
func (o On) matches(event string) bool {
	group, wide := strings.CutSuffix(o.Event, "*")
	return o.Event == event || wide && strings.HasPrefix(event, group)
}

const (
	portion   = 50   // events that are reacted to in one transaction
	companies = 500  // companies that are looked after in one round
	abreast   = 4    // companies that are looked after at once
	heldMost  = 1000 // subjects of a company that the list of its events passes over
)

// Relay does what follows from the events that nobody has reacted to, a portion of each company's, and says how many
// there were. Events of one subject are reacted to in their order. One that cannot be reacted to holds up its subject
// for a while, and nothing else.
func (s *Service) Relay(ctx context.Context, actor access.Actor, table []On) (done int, err error) {
	var waiting []id.Company
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		waiting, err = tx.Audit.ListWithWaiting(ctx, companies)
		return err
	})
	if err != nil {
		return 0, err
	}
	next := make(chan id.Company)
	var mu sync.Mutex
	var failed []error
	var wg sync.WaitGroup
	for range min(abreast, len(waiting)) {
		wg.Go(func() {
			for company := range next {
				n, err := s.relay(ctx, access.System(company), table)
				mu.Lock()
				done += n
				failed = append(failed, err)
				mu.Unlock()
			}
		})
	}
	for _, company := range waiting {
		next <- company
	}
	close(next)
	wg.Wait()
	return done, errors.Join(failed...)
}

// relay reacts to a portion of one company's events: to all of them together, or where that fails, one by one.
func (s *Service) relay(ctx context.Context, actor access.Actor, table []On) (int, error) {
	told, err := s.react(ctx, actor, table, portion)
	switch {
	case err == nil:
		s.release(told)
		return len(told), nil
	case passing(ctx, err):
		return 0, err
	}
	var failed []error
	done := 0
	for range portion {
		told, err := s.react(ctx, actor, table, 1)
		switch {
		case len(told) == 0, passing(ctx, err):
			return done, errors.Join(append(failed, err)...)
		case err != nil:
			s.hold(told[0])
			failed = append(failed, fmt.Errorf("react to %s (%s): %w", told[0].Event, told[0].ID, err))
		default:
			s.release(told)
			done++
		}
	}
	return done, errors.Join(failed...)
}

// passing reports whether an error is none of the event's making, so that trying again one by one is of no use.
func passing(ctx context.Context, err error) bool {
	return err != nil && (ctx.Err() != nil || fault.KindOf(err) == fault.Unavailable)
}

// react reacts to at most so many events of the actor's company, in one transaction. When it fails, told is what it
// failed at.
func (s *Service) react(ctx context.Context, actor access.Actor, table []On, most int) (told []auditdb.Told, err error) {
	var after []func()
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		after = nil
		if told, err = s.waiting(ctx, tx, actor.Company, most); err != nil || len(told) == 0 {
			return err
		}
		for _, row := range table {
			var about []auditdb.Told
			for _, o := range told {
				if row.matches(o.Event) {
					about = append(about, o)
				}
			}
			if len(about) == 0 {
				continue
			}
			then, err := row.Do(ctx, tx, actor, about)
			if err != nil {
				return err
			}
			if then != nil {
				after = append(after, then)
			}
		}
		tx.Audit.SetDone(told)
		return nil
	})
	if err == nil {
		for _, then := range after {
			then()
		}
	}
	return told, err
}

// waiting lists events of a company, but for those of subjects that are held up: the list passes over them, so that however many
// they are, they stand in the way of no others.
func (s *Service) waiting(ctx context.Context, tx *store.Tx, company id.Company, most int) ([]auditdb.Told, error) {
	held := s.heldUp(company, tx.Now)
	free, err := tx.Audit.ListWaiting(ctx, company, portion, held[:min(len(held), heldMost)]...)
	if err != nil {
		return nil, err
	}
	free = slices.DeleteFunc(free, func(o auditdb.Told) bool { return slices.Contains(held, o.About) })
	return free[:min(len(free), most)], nil
}

// heldUp lists the subjects of a company that are held up.
func (s *Service) heldUp(company id.Company, now time.Time) (subjects []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key, h := range s.held {
		if key.company == company && now.Before(h.until) {
			subjects = append(subjects, key.subject)
		}
	}
	return subjects
}

// hold is how long a subject is held up whose first event cannot be reacted to.
type hold struct {
	until time.Time
	wait  time.Duration
}

// The first wait, doubled each time, and the longest.
const (
	holdFirst = time.Second
	holdMost  = 5 * time.Minute
)

// hold holds up the subject of an event, each time in a row for longer.
func (s *Service) hold(o auditdb.Told) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := head{o.Company, o.About}
	wait := min(max(holdFirst, 2*s.held[key].wait), holdMost)
	s.held[key] = hold{s.db.Times().Add(wait), wait}
}

// release forgets that the subjects of events were held up: they have been reacted to.
func (s *Service) release(told []auditdb.Told) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range told {
		delete(s.held, head{o.Company, o.About})
	}
}
