package exchangedb

import (
	"context"
	"slices"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/base/locale"
	"kontor/internal/domain/exchange"
	"kontor/internal/store/engine"
)

// Delivery is a delivery with what is delivered.
type Delivery struct {
	exchange.Delivery
	Place     int64 // of the event; the deliveries of one head go out in this order
	Name      string
	Body      []byte
	CreatedAt time.Time
}

const deliveryColumns = `d.company_id, d.id, d.webhook_id, d.event_id, d.place, d.event, d.subject, d.body, d.state, d.attempts, d.due_at,
	d.tried_at, d.took, d.status, d.reason, d.answer, d.created_at`

func scanDelivery(d *Delivery, scan engine.Scan) error {
	var took int64
	var body string
	err := scan(&d.Company, &d.ID, &d.Endpoint, &d.Event, &d.Place, &d.Name, &d.Head, &body, engine.Text(&d.State), &d.Attempts, &d.Due,
		&d.Last.At, &took, &d.Last.Status, engine.JSON(&d.Last.Reason), &d.Last.Answer, &d.CreatedAt)
	d.Last.Took = time.Duration(took) * time.Microsecond
	d.Last.Taken = d.State == exchange.DeliverySent
	d.Body = []byte(body)
	return err
}

// InsertDelivery adds a delivery, which waits until SetHeads finds that nothing is before it.
func (t Tables) InsertDelivery(d Delivery) {
	t.Tx.Write(`
		insert into delivery (company_id, id, webhook_id, event_id, place, event, subject, body, state, reason, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.Company, d.ID, d.Endpoint, d.Event, d.Place, d.Name, d.Head, string(d.Body), d.State, engine.JSON(locale.Phrase{}), t.Tx.Now)
}

// SetHeads makes due the first delivery of each of these heads to a webhook, where none is due yet; and the webhook
// with them.
func (t Tables) SetHeads(company id.Company, key id.Webhook, heads []string) {
	heads = slices.Clone(heads)
	slices.Sort(heads)
	for _, head := range slices.Compact(heads) { // one by one: each is found by its key, however many others wait
		t.Tx.Write(`
			update delivery set due_at = ?
			 where company_id = ? and id = (
			       select e.id from delivery e
			        where e.company_id = ? and e.webhook_id = ? and e.subject = ? and e.state = 'ready' order by e.place limit 1)
			   and not exists (select 1 from delivery e
			        where e.company_id = ? and e.webhook_id = ? and e.subject = ? and e.state = 'ready' and e.due_at is not null)`,
			t.Tx.Now, company, company, key, head, company, key, head)
	}
	t.SetDue(company, key)
}

// ListDue lists deliveries to a webhook that may be taken, the longest due first: at most one of each head.
func (t Tables) ListDue(ctx context.Context, company id.Company, key id.Webhook, most int) (all []Delivery, err error) {
	engine.Rows(t.Tx.Ask(`
		select `+deliveryColumns+` from delivery d
		 where d.company_id = ? and d.webhook_id = ? and d.state = 'ready' and d.due_at <= ? order by d.due_at, d.id limit ?`, company, key, t.Tx.Now, most),
		&all, scanDelivery)
	return all, t.Tx.Fetch(ctx)
}

// WantDelivery asks for a delivery to a webhook; all has it, or is empty.
func (t Tables) WantDelivery(all *[]Delivery, company id.Company, key id.Webhook, delivery id.Delivery) {
	engine.Rows(t.Tx.Ask(`select `+deliveryColumns+` from delivery d where d.company_id = ? and d.webhook_id = ? and d.id = ?`, company, key, delivery),
		all, scanDelivery)
}

// GetDelivery reads a delivery to a webhook.
func (t Tables) GetDelivery(ctx context.Context, company id.Company, key id.Webhook, delivery id.Delivery) (Delivery, error) {
	var all []Delivery
	t.WantDelivery(&all, company, key, delivery)
	if err := t.Tx.Fetch(ctx); err != nil {
		return Delivery{}, err
	}
	if len(all) == 0 {
		return Delivery{}, ErrDeliveryUnseen
	}
	return all[0], nil
}

// ListDeliveries lists so many deliveries to a webhook, the newest first, those before the place seen last; 0: from the
// newest on. The empty state is all of them.
func (t Tables) ListDeliveries(ctx context.Context, company id.Company, key id.Webhook, s exchange.DeliveryState, before int64, most int) (all []Delivery, err error) {
	where, args := "", []any{company, key}
	switch s {
	case exchange.DeliveryReady, exchange.DeliverySent, exchange.DeliveryDead:
		where += ` and d.state = '` + string(s) + `'` // not as an argument: an index holds for one state
	case "":
	default:
		return nil, nil
	}
	if before > 0 {
		where, args = where+` and d.place < ?`, append(args, before)
	}
	engine.Rows(t.Tx.Ask(`
		select `+deliveryColumns+` from delivery d where d.company_id = ? and d.webhook_id = ?`+where+` order by d.place desc limit ?`,
		append(args, most)...), &all, scanDelivery)
	return all, t.Tx.Fetch(ctx)
}

// ListDead lists deliveries to a webhook that were given up before a moment, in the order of their events.
func (t Tables) ListDead(ctx context.Context, company id.Company, key id.Webhook, before time.Time, most int) (all []Delivery, err error) {
	engine.Rows(t.Tx.Ask(`
		select `+deliveryColumns+` from delivery d
		 where d.company_id = ? and d.webhook_id = ? and d.state = 'dead' and d.tried_at < ? order by d.place limit ?`, company, key, before, most),
		&all, scanDelivery)
	return all, t.Tx.Fetch(ctx)
}

// SetDelivery keeps what has become of a delivery that was read in this transaction. Its lease is that of its webhook.
// One that is ready again and has no due time waits for SetHeads.
func (t Tables) SetDelivery(d exchange.Delivery) {
	due := d.Due
	if d.State != exchange.DeliveryReady {
		due = time.Time{}
	}
	t.Tx.Write(`
		update delivery set state = ?, attempts = ?, due_at = ?, tried_at = ?, took = ?, status = ?, reason = ?, answer = ?
		 where company_id = ? and webhook_id = ? and id = ?`,
		d.State, d.Attempts, due, d.Last.At, d.Last.Took.Microseconds(), d.Last.Status, engine.JSON(d.Last.Reason), d.Last.Answer,
		d.Company, d.Endpoint, d.ID)
}

// SetAllDead gives up every delivery that a webhook still waits for.
func (t Tables) SetAllDead(company id.Company, key id.Webhook, why locale.Phrase) {
	t.Tx.Write(`
		update delivery set state = 'dead', due_at = null, tried_at = ?, reason = ? where company_id = ? and webhook_id = ? and state = 'ready'`,
		t.Tx.Now, engine.JSON(why), company, key)
	t.SetDue(company, key)
}

// DeleteEnded removes some of the deliveries that were sent before one moment or given up before another, and says how
// many.
func (t Tables) DeleteEnded(ctx context.Context, sent, dead time.Time, most int) (n int64, err error) {
	t.Tx.Write(`
		delete from delivery where (company_id, id) in (
		  select d.company_id, d.id from delivery d
		   where d.state <> 'ready' and d.tried_at < ? and (d.state = 'sent' or d.tried_at < ?) limit ?)`, sent, dead, most).
		Counting(func(rows int64) { n = rows })
	return n, t.Tx.Fetch(ctx)
}
