package exchange

import (
	"net/url"
	"time"

	"kontor/internal/base/id"
)

// Facts are what is told of an endpoint. Of its address only the host: the rest may hold a key.
type Facts struct {
	Name    string   `json:"name"`
	Host    string   `json:"host"`
	Filters []string `json:"filters"`
}

// Facts are what is told of the endpoint.
func (e Endpoint) Facts() Facts {
	f := Facts{Name: e.Name, Filters: e.Filters}
	if u, err := url.Parse(e.URL); err == nil { // the gateway has judged it; what it would not take has no host to tell
		f.Host = u.Host
	}
	return f
}

// WebhookWasCreated tells that there is a new webhook.
type WebhookWasCreated struct {
	WebhookID id.Webhook `json:"webhook_id"`
	After     Facts      `json:"after"`
}

// EventName is webhook.created.
func (WebhookWasCreated) EventName() string { return "webhook.created" }

// Subject is the webhook.
func (e WebhookWasCreated) Subject() string { return e.WebhookID.String() }

// WebhookWasEdited tells that a webhook is called otherwise, leads elsewhere, or wants to hear of something else.
type WebhookWasEdited struct {
	WebhookID id.Webhook `json:"webhook_id"`
	Before    Facts      `json:"before"`
	After     Facts      `json:"after"`
	Moved     bool       `json:"moved,omitempty"` // its address has changed, be it on the same host
}

// EventName is webhook.edited.
func (WebhookWasEdited) EventName() string { return "webhook.edited" }

// Subject is the webhook.
func (e WebhookWasEdited) Subject() string { return e.WebhookID.String() }

// WebhookWasPaused tells that somebody switched a webhook off.
type WebhookWasPaused struct {
	WebhookID id.Webhook `json:"webhook_id"`
	Name      string     `json:"name"`
}

// EventName is webhook.paused.
func (WebhookWasPaused) EventName() string { return "webhook.paused" }

// Subject is the webhook.
func (e WebhookWasPaused) Subject() string { return e.WebhookID.String() }

// WebhookWasResumed tells that somebody switched a webhook on.
type WebhookWasResumed struct {
	WebhookID id.Webhook `json:"webhook_id"`
	Name      string     `json:"name"`
}

// EventName is webhook.resumed.
func (WebhookWasResumed) EventName() string { return "webhook.resumed" }

// Subject is the webhook.
func (e WebhookWasResumed) Subject() string { return e.WebhookID.String() }

// WebhookWasStopped tells that we switched a webhook off.
type WebhookWasStopped struct {
	WebhookID id.Webhook `json:"webhook_id"`
	Name      string     `json:"name"`
	Why       Stop       `json:"why"`
}

// EventName is webhook.stopped.
func (WebhookWasStopped) EventName() string { return "webhook.stopped" }

// Subject is the webhook.
func (e WebhookWasStopped) Subject() string { return e.WebhookID.String() }

// SecretWasRotated tells that a webhook has a new secret.
type SecretWasRotated struct {
	WebhookID id.Webhook `json:"webhook_id"`
	Until     time.Time  `json:"old_until"` // the one before signs beside it
}

// EventName is webhook.secret_rotated.
func (SecretWasRotated) EventName() string { return "webhook.secret_rotated" }

// Subject is the webhook.
func (e SecretWasRotated) Subject() string { return e.WebhookID.String() }

// WebhookWasDeleted tells that a webhook is gone, with all that waited for it.
type WebhookWasDeleted struct {
	WebhookID id.Webhook `json:"webhook_id"`
	Before    Facts      `json:"before"`
}

// EventName is webhook.deleted.
func (WebhookWasDeleted) EventName() string { return "webhook.deleted" }

// Subject is the webhook.
func (e WebhookWasDeleted) Subject() string { return e.WebhookID.String() }

// WebhookWasPinged tells that somebody tests a webhook. Only that webhook hears of it, whatever its filters.
type WebhookWasPinged struct {
	WebhookID id.Webhook `json:"webhook_id"`
}

// Pinged is the name of the event that tests a webhook.
const Pinged = "webhook.pinged"

// EventName is webhook.pinged.
func (WebhookWasPinged) EventName() string { return Pinged }

// Subject is the webhook.
func (e WebhookWasPinged) Subject() string { return e.WebhookID.String() }

// DeliveriesWereReplayed tells that what ended is sent anew: one delivery, or in a job all that were given up.
type DeliveriesWereReplayed struct {
	WebhookID id.Webhook  `json:"webhook_id"`
	Delivery  id.Delivery `json:"delivery_id,omitzero"`
	Job       id.Job      `json:"job_id,omitzero"`
}

// EventName is webhook.replayed.
func (DeliveriesWereReplayed) EventName() string { return "webhook.replayed" }

// Subject is the webhook.
func (e DeliveriesWereReplayed) Subject() string { return e.WebhookID.String() }
