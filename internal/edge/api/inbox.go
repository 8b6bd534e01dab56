package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/access"
	"kontor/internal/domain/exchange"
	"kontor/internal/domain/notice"
	"kontor/internal/edge/web"
	"kontor/internal/usecase/exchanging"
)

type inbox struct{ Services }

func (h inbox) add(a *web.API) {
	self, hooks := access.SelfAccount.Code(), access.WebhooksManage.Code()
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/inbox", ID: "list-notices", Tag: tagInbox, Permission: self, Scope: web.Own,
		Summary: "What one was told, the newest first"}, h.list)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/inbox/read", ID: "mark-notices-read", Tag: tagInbox, Permission: self, Scope: web.Own, Writes: true,
		Summary: "Mark notices as read", Text: "Those named, or all of them when that is said."}, h.read)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/webhooks", ID: "list-webhooks", Tag: tagWebhooks, Permission: hooks, Scope: web.Company,
		Summary: "Webhooks and how they fare"}, h.webhooks)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/webhooks", ID: "create-webhook", Tag: tagWebhooks, Permission: hooks, Scope: web.Company, Writes: true, Idempotent: true, Status: http.StatusCreated,
		Summary: "Make a webhook", Text: "The secret is shown this once. Deliveries are signed after Standard Webhooks and carry a CloudEvent." +
			" The events that there are: " + strings.Join(exchange.Events(), ", ") + "."}, h.createWebhook)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/webhooks/{webhook}", ID: "get-webhook", Tag: tagWebhooks, Permission: hooks, Scope: web.Company,
		Summary: "A webhook and how it fares"}, h.getWebhook)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/webhooks/{webhook}", ID: "edit-webhook", Tag: tagWebhooks, Permission: hooks, Scope: web.Company, Writes: true,
		Summary: "Change what a webhook is called, where it leads, and of what it hears"}, h.editWebhook)
	web.Register(a, web.Op{Method: http.MethodPut, Path: "/api/v1/webhooks/{webhook}/active", ID: "switch-webhook", Tag: tagWebhooks, Permission: hooks, Scope: web.Company, Writes: true,
		Summary: "Switch a webhook on or off", Text: "Off, what waits for it is kept; of what happens meanwhile it does not hear."}, h.switchWebhook)
	web.Register(a, web.Op{Method: http.MethodDelete, Path: "/api/v1/webhooks/{webhook}", ID: "delete-webhook", Tag: tagWebhooks, Permission: hooks, Scope: web.Company, Writes: true,
		Summary: "Delete a webhook"}, h.deleteWebhook)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/webhooks/{webhook}/test", ID: "test-webhook", Tag: tagWebhooks, Permission: hooks, Scope: web.Company, Writes: true,
		Summary: "Send a test event"}, h.testWebhook)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/webhooks/{webhook}/secret", ID: "rotate-webhook-secret", Tag: tagWebhooks, Permission: hooks, Scope: web.Company, Writes: true,
		Secret: true, Summary: "Take a new secret", Text: "The one before signs beside it for a day."}, h.rotate)
	web.Register(a, web.Op{Method: http.MethodGet, Path: "/api/v1/webhooks/{webhook}/deliveries", ID: "list-webhook-deliveries", Tag: tagWebhooks, Permission: hooks, Scope: web.Company,
		Summary: "What was sent, and what came of it"}, h.deliveries)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/webhooks/{webhook}/deliveries/{delivery}/replay", ID: "replay-webhook-delivery", Tag: tagWebhooks, Permission: hooks, Scope: web.Company, Writes: true,
		Summary: "Send a delivery again"}, h.replay)
	web.Register(a, web.Op{Method: http.MethodPost, Path: "/api/v1/webhooks/{webhook}/replay", ID: "replay-webhook", Tag: tagWebhooks, Permission: hooks, Scope: web.Company, Writes: true, Status: http.StatusAccepted,
		Summary: "Send everything that was given up again", Text: "In the order of its events, by a job."}, h.replayDead)
}

// NoticeJSON is one thing that one was told.
type NoticeJSON struct {
	ID      string     `json:"id"`
	Event   string     `json:"event"`
	Subject string     `json:"subject_id"`
	Title   string     `json:"title"`
	Text    string     `json:"text,omitempty"`
	Link    string     `json:"link,omitempty"`
	At      *time.Time `json:"at"`
	Read    *time.Time `json:"read_at,omitempty"`
}

func (h inbox) list(ctx context.Context, in *Paged) (*Page[NoticeJSON], error) {
	ask := in.ask(ctx, 1)
	actor := web.Actor(ctx)
	list, err := h.Notifying.Inbox(ctx, actor, ask)
	if err != nil {
		return nil, err
	}
	return paged(list, func(n notice.Notice) NoticeJSON {
		return NoticeJSON{n.ID.String(), string(n.Event), n.Subject, n.Title.In(actor.Language), n.Body.In(actor.Language), n.Link, instant(n.CreatedAt), instant(n.ReadAt)}
	}), nil
}

func (h inbox) read(ctx context.Context, in *struct {
	Body struct {
		IDs []string `json:"ids,omitempty" minItems:"1" maxItems:"200"`
		All bool     `json:"all,omitempty" doc:"All that one has, instead of those named."`
	}
}) (*struct{}, error) {
	var wrong fault.Input
	switch named := len(in.Body.IDs) > 0; {
	case in.Body.All && !named:
		return nil, h.Notifying.MarkAllRead(ctx, web.Actor(ctx))
	case in.Body.All == named:
		wrong.Add("ids", "required", "name notices, or say that all of them are meant")
		return nil, wrong.Err()
	}
	var keys []id.Notice
	for i, text := range in.Body.IDs {
		keys = append(keys, read(&wrong, "ids."+strconv.Itoa(i), text, id.ParseNotice))
	}
	web.Unread(ctx, wrong.Err())
	return nil, h.Notifying.MarkRead(ctx, web.Actor(ctx), keys...)
}

// WebhookJSON is a webhook.
type WebhookJSON struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	URL     string     `json:"url"`
	Events  []string   `json:"events"`
	Active  bool       `json:"active"`
	Stopped string     `json:"stopped,omitempty" enum:"person,gone,failing"`
	Failing *time.Time `json:"failing_since,omitempty"`
	Waiting int64      `json:"waiting_deliveries"`
	Dead    int64      `json:"dead_deliveries"`
	Version int64      `json:"version"`
}

func webhookOf(w exchanging.Webhook) WebhookJSON {
	return WebhookJSON{w.ID.String(), w.Name, w.URL, append([]string{}, w.Filters...), w.Active, string(w.Stopped), instant(w.FailingSince), w.Waiting, w.Dead, w.Version}
}

type webhooksOut struct {
	Body struct {
		Items []WebhookJSON `json:"items"`
	}
}

func (h inbox) webhooks(ctx context.Context, _ *struct{}) (*webhooksOut, error) {
	all, err := h.Exchanging.ListWebhooks(ctx, web.Actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &webhooksOut{}
	out.Body.Items = items(all, webhookOf)
	return out, nil
}

type seenWebhookOut struct {
	ETag string `header:"ETag"`
	Body WebhookJSON
}

func (h inbox) getWebhook(ctx context.Context, in *webhookIn) (*seenWebhookOut, error) {
	key := called(ctx, "webhook", in.Webhook, id.ParseWebhook)
	w, err := h.Exchanging.GetWebhook(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &seenWebhookOut{web.ETag(w.Version), webhookOf(w)}, nil
}

// WebhookBody is a webhook as it is written.
type WebhookBody struct {
	Name   string   `json:"name" maxLength:"80"`
	URL    string   `json:"url" maxLength:"2000"`
	Events []string `json:"events" minItems:"1" maxItems:"50" doc:"order.placed, order.* or *"`
}

func (h inbox) editWebhook(ctx context.Context, in *struct {
	web.Versioned
	Webhook string `path:"webhook"`
	Body    WebhookBody
}) (*seenWebhookOut, error) {
	key, version := versioned(ctx, "webhook", in.Webhook, id.ParseWebhook, in.Versioned)
	w, err := h.Exchanging.EditWebhook(ctx, web.Actor(ctx), exchanging.EditWebhookInput{ID: key, Version: version, Name: in.Body.Name, URL: in.Body.URL, Filters: in.Body.Events})
	if err != nil {
		return nil, renamed(err, "filters", "events")
	}
	return &seenWebhookOut{web.ETag(w.Version), webhookOf(w)}, nil
}

func (h inbox) switchWebhook(ctx context.Context, in *struct {
	Webhook string `path:"webhook"`
	Body    struct {
		Active bool `json:"active"`
	}
}) (*seenWebhookOut, error) {
	key := called(ctx, "webhook", in.Webhook, id.ParseWebhook)
	become := h.Exchanging.PauseWebhook
	if in.Body.Active {
		become = h.Exchanging.ResumeWebhook
	}
	w, err := become(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	return &seenWebhookOut{web.ETag(w.Version), webhookOf(w)}, nil
}

type webhookOut struct {
	Body struct {
		WebhookJSON
		Secret string `json:"secret,omitempty" doc:"Shown this once."`
	}
}

func (h inbox) createWebhook(ctx context.Context, in *struct {
	web.Once
	Body WebhookBody
}) (*webhookOut, error) {
	act := once(ctx, in.Once)
	w, err := h.Exchanging.CreateWebhook(ctx, web.Actor(ctx), exchanging.CreateWebhookInput{Name: in.Body.Name, URL: in.Body.URL, Filters: in.Body.Events, Key: act})
	if err != nil {
		return nil, renamed(err, "filters", "events")
	}
	out := &webhookOut{}
	out.Body.WebhookJSON, out.Body.Secret = webhookOf(w.Webhook), w.Secret
	return out, nil
}

type webhookIn struct {
	Webhook string `path:"webhook"`
}

func (h inbox) deleteWebhook(ctx context.Context, in *struct {
	web.Versioned
	Webhook string `path:"webhook"`
}) (*struct{}, error) {
	key, version := versioned(ctx, "webhook", in.Webhook, id.ParseWebhook, in.Versioned)
	return nil, h.Exchanging.DeleteWebhook(ctx, web.Actor(ctx), key, version)
}

func (h inbox) testWebhook(ctx context.Context, in *webhookIn) (*struct{}, error) {
	key := called(ctx, "webhook", in.Webhook, id.ParseWebhook)
	return nil, h.Exchanging.TestWebhook(ctx, web.Actor(ctx), key)
}

func (h inbox) rotate(ctx context.Context, in *webhookIn) (*webhookOut, error) {
	key := called(ctx, "webhook", in.Webhook, id.ParseWebhook)
	w, secret, err := h.Exchanging.RotateSecret(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	out := &webhookOut{}
	out.Body.WebhookJSON, out.Body.Secret = webhookOf(w), secret
	return out, nil
}

// DeliveryJSON is one event on its way to one webhook.
type DeliveryJSON struct {
	ID       string     `json:"id"`
	Event    string     `json:"event"`
	State    string     `json:"state" enum:"ready,sent,dead"`
	Attempts int        `json:"attempts"`
	Due      *time.Time `json:"due_at,omitempty"`
	Status   int        `json:"last_status,omitempty"`
	Reason   string     `json:"last_reason,omitempty"`
	Created  *time.Time `json:"created_at"`
}

type deliveriesIn struct {
	Paged
	Webhook string `path:"webhook"`
	State   string `query:"state" enum:"ready,sent,dead"`
}

func (h inbox) deliveries(ctx context.Context, in *deliveriesIn) (*Page[DeliveryJSON], error) {
	var wrong fault.Input
	key := read(&wrong, "webhook", in.Webhook, id.ParseWebhook)
	ask := in.ask(ctx, 1)
	web.Unread(ctx, wrong.Err())
	list, err := h.Exchanging.ListDeliveries(ctx, web.Actor(ctx), exchanging.ListDeliveriesInput{Webhook: key, State: exchange.DeliveryState(in.State), Page: ask})
	if err != nil {
		return nil, err
	}
	return paged(list, func(d exchanging.Delivered) DeliveryJSON {
		return DeliveryJSON{d.ID.String(), d.Name, string(d.State), d.Attempts, instant(d.Due), d.Last.Status, sentence(d.Last.Reason), instant(d.CreatedAt)}
	}), nil
}

type jobOut struct {
	Body struct {
		Job string `json:"job_id"`
	}
}

func (h inbox) replayDead(ctx context.Context, in *webhookIn) (*jobOut, error) {
	key := called(ctx, "webhook", in.Webhook, id.ParseWebhook)
	job, err := h.Exchanging.ReplayDead(ctx, web.Actor(ctx), key)
	if err != nil {
		return nil, err
	}
	out := &jobOut{}
	out.Body.Job = job.String()
	return out, nil
}

func (h inbox) replay(ctx context.Context, in *struct {
	Webhook  string `path:"webhook"`
	Delivery string `path:"delivery"`
}) (*struct{}, error) {
	var wrong fault.Input
	key := read(&wrong, "webhook", in.Webhook, id.ParseWebhook)
	delivery := read(&wrong, "delivery", in.Delivery, id.ParseDelivery)
	web.Unread(ctx, wrong.Err())
	return nil, h.Exchanging.Replay(ctx, web.Actor(ctx), key, delivery)
}
