package exchanging

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/page"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/store"
	"kontor/internal/store/exchangedb"
)

// ListDeliveriesInput is which deliveries are listed.
type ListDeliveriesInput struct {
	Webhook id.Webhook
	State   exchange.DeliveryState // empty: all of them; dead: the dead letters
	Page    page.Ask
}

// Delivered is a delivery as its company sees it.
type Delivered struct {
	exchange.Delivery
	Place     int64  // of the event
	Name      string // of the event
	CreatedAt time.Time
}

// ListDeliveries lists deliveries to a webhook, the newest first. The cursor is the place of an event.
func (s *Service) ListDeliveries(ctx context.Context, actor access.Actor, in ListDeliveriesInput) (list page.List[Delivered], err error) {
	before, err := page.BehindKey(in.Page, page.ParseNumber)
	if err != nil {
		return list, err
	}
	err = s.db.Read(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		var w exchangedb.Webhook
		tx.Exchange.Want(&w, actor.Company, in.Webhook)
		rows, err := tx.Exchange.ListDeliveries(ctx, actor.Company, in.Webhook, in.State, before, in.Page.Size()+1)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
			return err
		}
		all := make([]Delivered, len(rows))
		for i, d := range rows {
			all[i] = Delivered{d.Delivery, d.Place, d.Name, d.CreatedAt}
		}
		list = page.Cut(all, in.Page, func(d Delivered) []string { return []string{page.Number(d.Place)} })
		return nil
	})
	return list, err
}

// Replay sends a delivery that has ended anew, with all its attempts before it.
func (s *Service) Replay(ctx context.Context, actor access.Actor, key id.Webhook, delivery id.Delivery) error {
	return s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
		// find
		d, err := tx.Exchange.GetDelivery(ctx, actor.Company, key, delivery)
		if err != nil {
			return err
		}
		// may
		if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
			return err
		}
		// decide
		again, err := d.Replay(tx.Now)
		if err != nil {
			return err
		}
		// write
		replay(tx, key, again)
		// tell
		tx.Tell(actor, exchange.DeliveriesWereReplayed{WebhookID: key, Delivery: delivery})
		return nil
	})
}

// replay keeps deliveries that are ready again: each is due when nothing of its head is before it.
func replay(tx *store.Tx, key id.Webhook, all ...exchange.Delivery) {
	var heads []string
	for _, d := range all {
		d.Due = time.Time{}
		tx.Exchange.SetDelivery(d)
		heads = append(heads, d.Head)
	}
	if len(all) > 0 {
		tx.Exchange.SetHeads(all[0].Company, key, heads)
	}
}

// ReplayJob is the kind of the job that replays dead letters.
const ReplayJob = "webhook.replay"

// ReplayDead sends all dead letters of a webhook anew, in the order of their events, in a job of its own.
func (s *Service) ReplayDead(ctx context.Context, actor access.Actor, key id.Webhook) (job id.Job, err error) {
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
		input, err := json.Marshal(key)
		if err != nil {
			return err
		}
		j := exchange.Job{ID: id.NewJob(tx.Now), Company: actor.Company, Kind: ReplayJob, Input: string(input), State: exchange.JobReady,
			Due: tx.Now, Of: int(w.Dead), MadeAt: tx.Now}
		// write
		tx.Exchange.InsertJob(j)
		// tell
		tx.Tell(actor, exchange.DeliveriesWereReplayed{WebhookID: key, Job: j.ID})
		job = j.ID
		return nil
	})
	return job, err
}

// replayPortion is how many dead letters are replayed in one transaction.
const replayPortion = 200

// ReplayAll works off a job of ReplayDead. What dies again meanwhile stays dead.
func (s *Service) ReplayAll(ctx context.Context, actor access.Actor, j exchange.Job, advance Advance) error {
	var key id.Webhook
	if err := json.Unmarshal([]byte(j.Input), &key); err != nil {
		return fmt.Errorf("the input of job %s: %w", j.ID, err)
	}
	for done, more := j.Done, true; more; {
		err := s.db.Write(ctx, actor, func(tx *store.Tx, actor access.Actor) error {
			// find
			dead, err := tx.Exchange.ListDead(ctx, actor.Company, key, j.MadeAt, replayPortion)
			if err != nil {
				return err
			}
			// may
			if err := actor.Require(access.WebhooksManage, tree.Top); err != nil {
				return err
			}
			// decide
			var again []exchange.Delivery
			for _, d := range dead {
				ready, err := d.Replay(tx.Now)
				if err != nil {
					return err
				}
				again = append(again, ready)
			}
			// write
			replay(tx, key, again...)
			more = len(dead) == replayPortion
			return nil
		})
		if err != nil {
			return err
		}
		if done += replayPortion; more {
			if err := advance(done, j.Of); err != nil {
				return err
			}
		}
	}
	return nil
}
