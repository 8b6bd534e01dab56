package exchanging

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/base/text"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/audit"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/store/exchangedb"
	"kontor/internal/usecase/step"
)

// Webhook is an endpoint as its company sees it: without its secrets.
type Webhook struct {
	ID           id.Webhook
	Name         string
	URL          string
	Filters      []string
	Active       bool
	Stopped      exchange.Stop // why it is not active
	FailingSince time.Time     // zero while all is well
	OldUntil     time.Time     // until when the secret before the last rotation signs too; zero: it does not
	Waiting      int64         // deliveries still to be made; 10 000 means as many or more
	Dead         int64         // deliveries that were given up, and wait to be replayed; 10 000 means as many or more
	CreatedAt    time.Time
	Version      int64
}

// seen is the webhook as its company sees it at this moment.
func seen(w exchangedb.Webhook, at time.Time) Webhook {
	v := Webhook{ID: w.ID, Name: w.Name, URL: w.URL, Filters: w.Filters, Active: w.Active, Stopped: w.Stopped, FailingSince: w.FailingSince,
		Waiting: w.Waiting, Dead: w.Dead, CreatedAt: w.CreatedAt, Version: w.Version}
	for _, s := range w.Secrets {
		if s.Until.After(at) {
			v.OldUntil = s.Until
		}
	}
	return v
}

// ListWebhooks lists the company's webhooks by name; there are at most MostWebhooks.
func (s *Service) ListWebhooks(ctx context.Context, actor access.Actor) (all []Webhook, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
			return err
		}
		list, err := tx.Exchange.List(ctx, actor.Company)
		all = nil
		for _, w := range list {
			all = append(all, seen(w, tx.Now))
		}
		return err
	})
	return all, err
}

// GetWebhook reads a webhook.
func (s *Service) GetWebhook(ctx context.Context, actor access.Actor, key id.Webhook) (w Webhook, err error) {
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		found, err := tx.Exchange.GetCounted(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
			return err
		}
		w = seen(found, tx.Now)
		return nil
	})
	return w, err
}

// CreateWebhookInput is what an administrator enters.
type CreateWebhookInput struct {
	Name    string
	URL     string
	Filters []string // "order.placed", "order.*" or "*"
	Key     string   `json:"-"` // the idempotency key
}

// CreatedWebhook is a new webhook and its secret, which is shown this once: not when the same request comes again.
type CreatedWebhook struct {
	Webhook
	Secret string
}

// CreateWebhook adds a webhook of the actor's company. It hears of what happens from now on.
func (s *Service) CreateWebhook(ctx context.Context, actor access.Actor, in CreateWebhookInput) (done CreatedWebhook, err error) {
	secret, err := s.secret()
	if err != nil {
		return done, err
	}
	var made id.Webhook
	err = step.Once(ctx, s.db, actor, "exchanging.create_webhook", in.Key, in, &done.Webhook, func(remember func(*store.Tx, access.Actor)) error {
		return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			// find
			others, err := tx.Exchange.ListEndpoints(ctx, actor.Company)
			if err != nil {
				return err
			}
			// may
			if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
				return err
			}
			// decide
			if len(others) >= MostWebhooks {
				return ErrTooMany
			}
			e := exchange.Endpoint{ID: id.NewWebhook(tx.Now), Company: actor.Company, Name: text.Fold(in.Name), URL: strings.TrimSpace(in.URL),
				Filters: tidy(in.Filters), Version: 1}
			if err := s.check(e); err != nil {
				return err
			}
			e = e.Rotate(secret, tx.Now).Resume()
			// write
			tx.Exchange.Insert(e)
			// tell
			tx.Tell(actor, exchange.WebhookWasCreated{WebhookID: e.ID, After: e.Facts()})
			made, done.Webhook = e.ID, seen(exchangedb.Webhook{Endpoint: e, CreatedAt: tx.Now}, tx.Now)
			remember(tx, actor)
			return nil
		})
	})
	if err != nil {
		return CreatedWebhook{}, err
	}
	if done.ID == made { // and not by the same request before
		done.Secret = secret
	}
	return done, nil
}

// secret makes a secret, as its receiver needs it.
func (s *Service) secret() (string, error) {
	source := s.Random
	if source == nil {
		source = rand.Reader
	}
	random := make([]byte, 32)
	if _, err := io.ReadFull(source, random); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	made, err := webhook.SecretOf(random)
	return made.Reveal(), err
}

// check is what is wrong with what a person entered.
func (s *Service) check(e exchange.Endpoint) error {
	var in fault.Input
	_, err := s.Guard.Parse(e.URL)
	in.Take("url", err)
	if err := e.Check(); err != nil {
		return fault.Both(err, in.Err())
	}
	return in.Err()
}

// tidy is the filters without blanks around them, in order, each once.
func tidy(filters []string) []string {
	all := make([]string, len(filters))
	for i, f := range filters {
		all[i] = strings.TrimSpace(f)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// change finds a webhook for whoever may change it, lets decide say what becomes of it, keeps that, and tells the
// event, if there is one.
func (s *Service) change(ctx context.Context, actor access.Actor, key id.Webhook, decide func(e exchange.Endpoint, now time.Time) (exchange.Endpoint, audit.Event, error)) (done Webhook, err error) {
	err = s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		w, err := tx.Exchange.GetCounted(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
			return err
		}
		// decide
		e, event, err := decide(w.Endpoint, tx.Now)
		if err != nil {
			return err
		}
		if event == nil {
			done = seen(w, tx.Now)
			return nil
		}
		// write
		tx.Exchange.Update(e)
		// tell
		tx.Tell(actor, event)
		w.Endpoint, w.Version = e, w.Version+1
		done = seen(w, tx.Now)
		return nil
	})
	return done, err
}

// EditWebhookInput is what an administrator changes.
type EditWebhookInput struct {
	ID      id.Webhook
	Version int64 // as it was seen
	Name    string
	URL     string
	Filters []string
}

// EditWebhook changes what a webhook is called, where it leads, and of what it wants to hear.
func (s *Service) EditWebhook(ctx context.Context, actor access.Actor, in EditWebhookInput) (Webhook, error) {
	return s.change(ctx, actor, in.ID, func(e exchange.Endpoint, _ time.Time) (exchange.Endpoint, audit.Event, error) {
		if e.Version != in.Version {
			return e, nil, ErrStale.Now(e.Version)
		}
		before := e
		e.Name, e.URL, e.Filters = text.Fold(in.Name), strings.TrimSpace(in.URL), tidy(in.Filters)
		if e.URL != before.URL {
			e.FailingSince = time.Time{} // whatever failed was somewhere else
		}
		return e, exchange.WebhookWasEdited{WebhookID: e.ID, Before: before.Facts(), After: e.Facts(), Moved: e.URL != before.URL}, s.check(e)
	})
}

// PauseWebhook switches a webhook off. What waits for it is kept; of what happens meanwhile it does not hear.
func (s *Service) PauseWebhook(ctx context.Context, actor access.Actor, key id.Webhook) (Webhook, error) {
	return s.change(ctx, actor, key, func(e exchange.Endpoint, _ time.Time) (exchange.Endpoint, audit.Event, error) {
		if !e.Active {
			return e, nil, nil
		}
		return e.Halt(), exchange.WebhookWasPaused{WebhookID: e.ID, Name: e.Name}, nil
	})
}

// ResumeWebhook switches a webhook on again.
func (s *Service) ResumeWebhook(ctx context.Context, actor access.Actor, key id.Webhook) (Webhook, error) {
	return s.change(ctx, actor, key, func(e exchange.Endpoint, _ time.Time) (exchange.Endpoint, audit.Event, error) {
		if e.Active {
			return e, nil, nil
		}
		return e.Resume(), exchange.WebhookWasResumed{WebhookID: e.ID, Name: e.Name}, nil
	})
}

// RotateSecret gives a webhook a new secret, shown this once. The one before signs beside it for exchange.Overlap.
func (s *Service) RotateSecret(ctx context.Context, actor access.Actor, key id.Webhook) (w Webhook, secret string, err error) {
	if secret, err = s.secret(); err != nil {
		return w, "", err
	}
	w, err = s.change(ctx, actor, key, func(e exchange.Endpoint, now time.Time) (exchange.Endpoint, audit.Event, error) {
		return e.Rotate(secret, now), exchange.SecretWasRotated{WebhookID: e.ID, Until: now.Add(exchange.Overlap)}, nil
	})
	if err != nil {
		return w, "", err
	}
	return w, secret, nil
}

// DeleteWebhook removes a webhook, in the version that was seen, with everything that waits for it.
func (s *Service) DeleteWebhook(ctx context.Context, actor access.Actor, key id.Webhook, version int64) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		w, err := tx.Exchange.Get(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
			return err
		}
		// decide
		if w.Version != version {
			return ErrStale.Now(w.Version)
		}
		// write
		tx.Exchange.Delete(actor.Company, key)
		// tell
		tx.Tell(actor, exchange.WebhookWasDeleted{WebhookID: key, Before: w.Facts()})
		return nil
	})
}

// TestWebhook sends a webhook.pinged event to a webhook, whatever its filters. What comes of it stands in its
// deliveries.
func (s *Service) TestWebhook(ctx context.Context, actor access.Actor, key id.Webhook) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		w, err := tx.Exchange.Get(ctx, actor.Company, key)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
			return err
		}
		// decide
		if !w.Active {
			return ErrInactive
		}
		// tell
		tx.Tell(actor, exchange.WebhookWasPinged{WebhookID: key})
		return nil
	})
}
