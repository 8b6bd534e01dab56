// Package exchangedb keeps webhooks and what is on its way to them, jobs, and the timetable.
package exchangedb

import (
	"context"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/base/id"
	"kontor/internal/domain/exchange"
	"kontor/internal/store/engine"
)

// Tables are those of the exchange with other systems, in one transaction.
type Tables struct{ Tx *engine.Tx }

var (
	// ErrUnseen is the fault of a webhook that is not in this company.
	ErrUnseen = fault.Define(fault.NotFound, "webhook.unseen", "there is no such webhook in your company")
	// ErrDeliveryUnseen is the fault of a delivery that is not one of this webhook.
	ErrDeliveryUnseen = fault.Define(fault.NotFound, "webhook.delivery_unseen", "there is no such delivery to this webhook")
	// ErrName is the fault of a second webhook of one name.
	ErrName = fault.Define(fault.Conflict, "webhook.name", "there is already a webhook of this name")
)

// Webhook is an endpoint with what else is kept of it.
type Webhook struct {
	exchange.Endpoint
	LeasedUntil time.Time // until when somebody has its deliveries to themselves; the zero time: nobody has
	CreatedAt   time.Time
	Waiting     int64 // deliveries still to be made; counted up to CountMost
	Dead        int64 // deliveries given up; counted up to CountMost
}

// CountMost is where counting deliveries stops.
const CountMost = 10_000

// secret is how a secret is kept.
type secret struct {
	Text  string    `json:"secret"`
	Until time.Time `json:"until,omitzero"`
}

func kept(secrets []exchange.Secret) any {
	all := make([]secret, len(secrets))
	for i, s := range secrets {
		all[i] = secret(s)
	}
	return engine.JSON(all)
}

const webhookColumns = `w.company_id, w.id, w.name, w.url, w.filters, w.secrets, w.active, w.stopped, w.failing_since, w.leased_until, w.version, w.created_at`

func scanWebhook(w *Webhook, scan engine.Scan, more ...any) error {
	var secrets []secret
	err := scan(append([]any{&w.Company, &w.ID, &w.Name, &w.URL, engine.JSON(&w.Filters), engine.JSON(&secrets), &w.Active, engine.Text(&w.Stopped),
		&w.FailingSince, &w.LeasedUntil, &w.Version, &w.CreatedAt}, more...)...)
	for _, s := range secrets {
		w.Secrets = append(w.Secrets, exchange.Secret(s))
	}
	return err
}

// counted is how many deliveries of w there are in a state.
func counted(s exchange.DeliveryState) string {
	return `(select count(*) from (select 1 from delivery d where d.company_id = w.company_id and d.webhook_id = w.id and d.state = '` + string(s) + `' limit ?) n)`
}

// List lists a company's webhooks by name; at most 200.
func (t Tables) List(ctx context.Context, company id.Company) (all []Webhook, err error) {
	engine.Rows(t.Tx.Ask(`
		select `+webhookColumns+`, `+counted(exchange.DeliveryReady)+`, `+counted(exchange.DeliveryDead)+`
		  from webhook w where w.company_id = ? order by w.name, w.id limit 200`, CountMost, CountMost, company), &all,
		func(w *Webhook, scan engine.Scan) error { return scanWebhook(w, scan, &w.Waiting, &w.Dead) })
	return all, t.Tx.Fetch(ctx)
}

// ListEndpoints lists a company's webhooks without counting; at most 200.
func (t Tables) ListEndpoints(ctx context.Context, company id.Company) (all []exchange.Endpoint, err error) {
	engine.Rows(t.Tx.Ask(`select `+webhookColumns+` from webhook w where w.company_id = ? order by w.id limit 200`, company), &all,
		func(e *exchange.Endpoint, scan engine.Scan) error {
			var w Webhook
			err := scanWebhook(&w, scan)
			*e = w.Endpoint
			return err
		})
	return all, t.Tx.Fetch(ctx)
}

// Want asks for a webhook of the company, without counting.
func (t Tables) Want(w *Webhook, company id.Company, key id.Webhook) {
	found := false
	t.Tx.Ask(`select `+webhookColumns+` from webhook w where w.company_id = ? and w.id = ?`, company, key).
		Each(func() { *w, found = Webhook{}, false }, func(scan engine.Scan) error {
			found = true
			return scanWebhook(w, scan)
		}).Needing(func() error {
		if !found {
			return ErrUnseen
		}
		return nil
	})
}

// Get reads a webhook of the company, without counting.
func (t Tables) Get(ctx context.Context, company id.Company, key id.Webhook) (w Webhook, err error) {
	t.Want(&w, company, key)
	return w, t.Tx.Fetch(ctx)
}

// GetCounted reads a webhook of the company, and counts its deliveries.
func (t Tables) GetCounted(ctx context.Context, company id.Company, key id.Webhook) (w Webhook, err error) {
	t.Want(&w, company, key)
	var waiting, dead int64
	t.Tx.Ask(`select `+counted(exchange.DeliveryReady)+`, `+counted(exchange.DeliveryDead)+` from webhook w where w.company_id = ? and w.id = ?`,
		CountMost, CountMost, company, key).Row(ErrUnseen, &waiting, &dead)
	err = t.Tx.Fetch(ctx)
	w.Waiting, w.Dead = waiting, dead
	return w, err
}

// Insert adds a webhook.
func (t Tables) Insert(e exchange.Endpoint) {
	t.Tx.Write(`
		insert into webhook (company_id, id, name, url, filters, secrets, active, stopped, version, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Company, e.ID, e.Name, e.URL, engine.JSON(e.Filters), kept(e.Secrets), e.Active, e.Stopped, e.Version, t.Tx.Now).
		Unique("webhook_company_id_name_key", ErrName)
}

// Update replaces a webhook that was read in this transaction, and when its deliveries are due.
func (t Tables) Update(e exchange.Endpoint) {
	t.Tx.Write(`
		update webhook set name = ?, url = ?, filters = ?, secrets = ?, active = ?, stopped = ?, failing_since = ?, version = version + 1
		 where company_id = ? and id = ?`,
		e.Name, e.URL, engine.JSON(e.Filters), kept(e.Secrets), e.Active, e.Stopped, e.FailingSince, e.Company, e.ID).
		Unique("webhook_company_id_name_key", ErrName)
	t.SetDue(e.Company, e.ID)
}

// SetFailing keeps since when a webhook has failed, or that it does not.
func (t Tables) SetFailing(e exchange.Endpoint) {
	t.Tx.Write(`update webhook set failing_since = ? where company_id = ? and id = ?`, e.FailingSince, e.Company, e.ID)
}

// SetDue makes a webhook due when the first of its deliveries is; one that is not active never is.
func (t Tables) SetDue(company id.Company, key id.Webhook) {
	t.Tx.Write(`
		update webhook set due_at = (
		       select d.due_at from delivery d
		        where d.company_id = webhook.company_id and d.webhook_id = webhook.id and d.state = 'ready' and d.due_at is not null and webhook.active
		        order by d.due_at limit 1)
		 where company_id = ? and id = ?`, company, key)
}

// Delete removes a webhook with all its deliveries.
func (t Tables) Delete(company id.Company, key id.Webhook) {
	t.Tx.Write(`delete from delivery where company_id = ? and webhook_id = ?`, company, key)
	t.Tx.Write(`delete from webhook where company_id = ? and id = ?`, company, key)
}

// FindDue finds the webhook that is longest due and that nobody works on; found says whether there is one. Who means
// to take it queues up.
func (t Tables) FindDue(ctx context.Context) (company id.Company, key id.Webhook, found bool, err error) {
	t.Tx.Head("webhook")
	t.Tx.Ask(`
		select w.company_id, w.id from webhook w
		 where w.due_at <= ? and (w.leased_until is null or w.leased_until <= ?) order by w.due_at, w.id limit 1`, t.Tx.Now, t.Tx.Now).
		Maybe(&found, &company, &key)
	return company, key, found, t.Tx.Fetch(ctx)
}

// SetLease gives a webhook's deliveries to whoever asks, until a moment. Whoever comes back and finds another moment
// has lost them.
func (t Tables) SetLease(company id.Company, key id.Webhook, until time.Time) {
	t.Tx.Write(`update webhook set leased_until = ? where company_id = ? and id = ?`, until, company, key)
}

// SetBehind gives a webhook back: it is due when the first of its deliveries is, but not before a moment.
func (t Tables) SetBehind(company id.Company, key id.Webhook, moment time.Time) {
	t.SetDue(company, key)
	t.Tx.Write(`update webhook set leased_until = null where company_id = ? and id = ?`, company, key)
	t.Tx.Write(`update webhook set due_at = ? where company_id = ? and id = ? and due_at < ?`, moment, company, key, moment)
}
