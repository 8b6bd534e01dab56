package exchanging

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/store/exchangedb"
)

const (
	batch    = 8                // deliveries that go to one webhook at once, each of another head
	shift    = 10 * time.Second // how long one webhook is worked on before others have their turn
	restMost = 15 * time.Minute // how long an endpoint that fails is left alone at most
)

// Deliver takes the webhook that is longest due, and posts its deliveries until none is due, it fails, or its shift is
// over. worked says whether there was one. When the context ends, what is under way is still brought to its end.
func (s *Service) Deliver(ctx context.Context, actor access.Actor) (worked bool, err error) {
	var t turn
	var until time.Time
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		if t.company, t.key, worked, err = tx.Exchange.FindDue(ctx); err != nil || !worked {
			return err
		}
		tx.Companies.Head(t.company)
		// may
		if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
			return err
		}
		// write
		t.lease, until = tx.Now.Add(Lease), tx.Now.Add(shift)
		tx.Exchange.SetLease(t.company, t.key, t.lease)
		return nil
	})
	if err != nil || !worked {
		return false, err
	}
	for {
		// What was posted is always noted, whoever wants us to stop.
		err := s.next(context.WithoutCancel(ctx), access.System(t.company), &t, func(now time.Time) bool {
			return ctx.Err() == nil && now.Before(until)
		})
		if err != nil || len(t.attempts) == 0 {
			return true, err
		}
		s.post(context.WithoutCancel(ctx), t.attempts)
	}
}

// turn is a webhook whose deliveries we have taken, and the attempts under way.
type turn struct {
	company  id.Company
	key      id.Webhook
	lease    time.Time
	attempts []attempt
}

// attempt is one attempt at a delivery: what is posted, and what came of it.
type attempt struct {
	delivery exchangedb.Delivery
	message  webhook.Message
	outcome  exchange.Outcome
	now      []exchangedb.Delivery // as it stands when the outcome is noted; none when it was deleted meanwhile
}

// post makes the attempts, all at once.
func (s *Service) post(ctx context.Context, all []attempt) {
	var wg sync.WaitGroup
	for i := range all {
		wg.Go(func() {
			r := s.Client.Post(ctx, all[i].message)
			all[i].outcome = exchange.Outcome{Took: r.Took, Status: r.Status, Taken: r.Err == nil, Retry: r.Retry, Gone: r.Gone(), Wait: r.RetryAfter,
				Reason: reason(r.Err), Answer: r.Answer}
		})
	}
	wg.Wait()
}

// reason is why something failed, for people.
func reason(err error) locale.Phrase {
	if err == nil {
		return locale.Phrase{}
	}
	if f := fault.Of(err); f != nil {
		return locale.Say(f.Format, f.Args...)
	}
	return locale.Say("something went wrong on our side")
}

// next notes what came of the attempts of a turn, and takes the next ones, or else gives the webhook back.
func (s *Service) next(ctx context.Context, actor access.Actor, t *turn, goOn func(now time.Time) bool) error {
	var taken []attempt
	lease := t.lease
	err := s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) (err error) {
		taken = nil
		// find
		var w exchangedb.Webhook
		tx.Exchange.Want(&w, actor.Company, t.key)
		for i := range t.attempts {
			tx.Exchange.WantDelivery(&t.attempts[i].now, actor.Company, t.key, t.attempts[i].delivery.ID)
		}
		if err := tx.Fetch(ctx); err != nil {
			if errors.Is(err, exchangedb.ErrUnseen) {
				return nil // it was deleted meanwhile
			}
			return err
		}
		// may
		if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
			return err
		}
		// decide, write, tell
		e := s.heard(tx, actor, w.Endpoint, t.attempts)
		if !w.LeasedUntil.Equal(t.lease) {
			return nil // we took too long, and somebody else has the webhook
		}
		failed := len(t.attempts) > 0 && !e.FailingSince.IsZero()
		if e.Active && !failed && goOn(tx.Now) {
			if taken, err = s.take(ctx, tx, e); err != nil {
				return err
			}
		}
		if len(taken) == 0 {
			tx.Exchange.SetBehind(e.Company, e.ID, tx.Now.Add(respite(e, tx.Now)))
			return nil
		}
		lease = tx.Now.Add(Lease)
		tx.Exchange.SetLease(e.Company, e.ID, lease)
		return nil
	})
	t.attempts, t.lease = taken, lease
	return err
}

// heard keeps what came of attempts, and what that makes of the endpoint. Of several, those that were taken count last:
// an endpoint that takes some is not failing.
func (s *Service) heard(tx *store.Tx, actor access.Actor, before exchange.Endpoint, ended []attempt) exchange.Endpoint {
	slices.SortStableFunc(ended, func(a, b attempt) int {
		if a.outcome.Taken == b.outcome.Taken {
			return 0
		}
		if b.outcome.Taken {
			return -1
		}
		return 1
	})
	e := before
	var over []string // heads whose first delivery is on its way no more
	for _, a := range ended {
		if len(a.now) == 0 {
			continue // it was deleted meanwhile
		}
		a.outcome.At = tx.Now
		d, err := a.now[0].Attempted(a.delivery.Attempts, a.outcome, s.Chance())
		if err != nil {
			continue // it took so long that somebody else has it, or it was given up: what came of it is theirs to say
		}
		tx.Exchange.SetDelivery(d)
		if d.State != exchange.DeliveryReady {
			over = append(over, d.Head)
		}
		e = e.Heard(a.outcome)
	}
	if len(over) > 0 {
		tx.Exchange.SetHeads(e.Company, e.ID, over)
	}
	switch {
	case before.Active && !e.Active:
		tx.Exchange.Update(e)
		tx.Exchange.SetAllDead(e.Company, e.ID, locale.Say("the webhook was switched off before it was sent"))
		tx.Tell(actor, exchange.WebhookWasStopped{WebhookID: e.ID, Name: e.Name, Why: e.Stopped})
	case !e.FailingSince.Equal(before.FailingSince):
		tx.Exchange.SetFailing(e)
	}
	return e
}

// take takes the deliveries of an endpoint that are due: a single one while it fails.
func (s *Service) take(ctx context.Context, tx *store.Tx, e exchange.Endpoint) (taken []attempt, err error) {
	most := batch
	if !e.FailingSince.IsZero() {
		most = 1
	}
	due, err := tx.Exchange.ListDue(ctx, e.Company, e.ID, most)
	if err != nil {
		return nil, err
	}
	var secrets []webhook.Secret
	for _, text := range e.Signing(tx.Now) {
		secret, err := webhook.ParseSecret(text)
		if err != nil {
			return nil, err
		}
		secrets = append(secrets, secret)
	}
	for _, d := range due {
		if d.Delivery, err = d.Take(tx.Now, Lease); err != nil {
			return nil, err
		}
		tx.Exchange.SetDelivery(d.Delivery)
		taken = append(taken, attempt{delivery: d,
			message: webhook.Message{ID: d.ID.String(), At: tx.Now, URL: e.URL, Body: d.Body, Secrets: secrets}})
	}
	return taken, nil
}

// respite is how long an endpoint is left alone when its turn ends: not at all while it does well, otherwise for an
// eighth of the time that it has failed, so that what is dead takes ever less of our time.
func respite(e exchange.Endpoint, now time.Time) time.Duration {
	if e.FailingSince.IsZero() {
		return 0
	}
	return min(max(now.Sub(e.FailingSince)/8, time.Second), restMost)
}
