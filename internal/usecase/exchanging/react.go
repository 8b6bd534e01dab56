package exchanging

import (
	"context"
	"encoding/json"
	"fmt"

	"kontor/internal/base/id"
	"kontor/internal/base/tree"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/gateway/webhook"
	"kontor/internal/store"
	"kontor/internal/store/auditdb"
	"kontor/internal/store/exchangedb"
)

// React makes of events deliveries to the webhooks that want to hear of them. What is delivered is fixed here.
func (s *Service) React(ctx context.Context, tx *store.Tx, actor access.Actor, told []auditdb.Told) (after func(), err error) {
	if err := actor.Require(access.IntegrationManage, tree.Top); err != nil {
		return nil, err
	}
	endpoints, err := tx.Exchange.ListEndpoints(ctx, actor.Company)
	if err != nil {
		return nil, err
	}
	for _, e := range endpoints {
		var heads []string
		for _, o := range told {
			if !wants(e, o) {
				continue
			}
			body, err := s.body(o)
			if err != nil {
				return nil, err
			}
			tx.Exchange.InsertDelivery(exchangedb.Delivery{
				Delivery: exchange.Delivery{ID: id.NewDelivery(tx.Now), Company: o.Company, Endpoint: e.ID, Event: o.ID, Head: o.About, State: exchange.DeliveryReady},
				Place:    o.Place, Name: o.Event, Body: body,
			})
			heads = append(heads, o.About)
		}
		if len(heads) > 0 {
			tx.Exchange.SetHeads(actor.Company, e.ID, heads)
		}
	}
	return nil, nil
}

// wants reports whether an endpoint is to hear of an event.
func wants(e exchange.Endpoint, o auditdb.Told) bool {
	if o.Event == exchange.Pinged {
		return e.ID.String() == o.About
	}
	return e.Wants(o.Event)
}

// body is the event as it is delivered.
func (s *Service) body(o auditdb.Told) ([]byte, error) {
	return json.Marshal(webhook.Envelope{ID: o.ID.String(), Source: s.Public, Type: o.Event, Subject: o.About,
		Sequence: fmt.Sprintf("%019d", o.Place), Time: o.At, Data: o.Body})
}
