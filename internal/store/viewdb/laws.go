package viewdb

import (
	"context"
	"slices"
	"strings"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/store/engine"
	"kontor/internal/view"
)

// Law is something that holds for all rows of a table, beyond what the schema itself keeps: verify looks for those that
// break it.
type Law struct {
	Table  string
	Wrong  string // what is wrong with a row that breaks it; %s is what it names
	Refers bool   // it is about something that has to be there, in the same company

	where        string // which rows break it; the table is t
	args         []any
	company      string // the columns that tell of a row: whose it is
	row, kind    string // what it is known by, and the kind of identifier that this is
	other, named string // what it names, or says, and its kind; empty: the law is about neither
	owner        string // whose it is that it names, when that may be another company
}

// CountBroken counts the rows that break a law.
func (t Tables) CountBroken(ctx context.Context, l Law) (n int64, err error) {
	t.Tx.Ask(`select count(*) from `+l.Table+` t where `+l.where, l.args...).Row(nil, &n)
	return n, t.Tx.Fetch(ctx)
}

// ListBroken lists so many rows that break a law.
func (t Tables) ListBroken(ctx context.Context, l Law, most int) (all []view.Broken, err error) {
	column := func(name string) string {
		if name == "" {
			return "null"
		}
		return name
	}
	engine.Rows(t.Tx.Ask(`
		select q.company_id, cast(q.known as text), cast(q.named as text), `+column(l.owner)+`
		  from (select `+l.company+` as company_id, `+l.row+` as known, `+column(l.other)+` as named
		          from `+l.Table+` t where `+l.where+` order by 1, 2 limit ?) q order by 1, 2`, append(slices.Clone(l.args), most)...), &all,
		func(b *view.Broken, scan engine.Scan) error {
			err := scan(&b.Company, &b.Row, &b.Named, &b.Owner)
			b.Row, b.Named = id.Outside(l.kind, b.Row), id.Outside(l.named, b.Named)
			return err
		})
	return all, t.Tx.Fetch(ctx)
}

// CountRows counts the rows of a table.
func (t Tables) CountRows(ctx context.Context, table string) (n int64, err error) {
	t.Tx.Ask(`select count(*) from `+table).Row(nil, &n)
	return n, t.Tx.Fetch(ctx)
}

// ListClaims lists so many rows of a table with their texts that may name something, behind a key; nil: from the first.
func (t Tables) ListClaims(ctx context.Context, o Owned, behind []string, most int) (all []view.Claims, err error) {
	row, kind := o.row()
	columns := []string{`t.company_id`, `cast(t.` + row + ` as text)`}
	for _, c := range append(slices.Clone(o.Key), o.Texts...) {
		columns = append(columns, `cast(t.`+c+` as text)`)
	}
	w := where{}
	if behind != nil {
		var marks []string
		var args []any
		for i, c := range o.Key {
			mark := `?`
			if slices.Contains(counted, c) {
				mark = `cast(? as bigint)`
			}
			marks, args = append(marks, mark), append(args, behind[i])
		}
		w.and(`(t.`+strings.Join(o.Key, `, t.`)+`) > (`+strings.Join(marks, `, `)+`)`, args...)
	}
	engine.Rows(t.Tx.Ask(`
		select `+strings.Join(columns, `, `)+` from `+o.Name+` t
		 where `+w.String()+` order by t.`+strings.Join(o.Key, `, t.`)+` limit ?`, append(w.args, most)...), &all,
		func(c *view.Claims, scan engine.Scan) error {
			c.Key, c.Texts = make([]string, len(o.Key)), make([]string, len(o.Texts))
			into := []any{&c.Company, &c.Row}
			for i := range c.Key {
				into = append(into, &c.Key[i])
			}
			for i := range c.Texts {
				into = append(into, &c.Texts[i])
			}
			err := scan(into...)
			c.Row = id.Outside(kind, c.Row)
			return err
		})
	return all, t.Tx.Fetch(ctx)
}

// WantOwners asks which of these identifiers a table has in a company, or with the zero company in any, and tells of each
// whose it is.
func (t Tables) WantOwners(table string, company id.Company, inTables []string, tell func(key string, owner id.Company)) {
	marks, args := engine.Marks(inTables)
	where := `r.id in ` + marks
	if !company.IsZero() {
		where, args = `r.company_id = ? and `+where, append([]any{company}, args...)
	}
	t.Tx.Ask(`select cast(r.id as text), r.company_id from `+table+` r where `+where, args...).Each(func() {}, func(scan engine.Scan) error {
		var key string
		var owner id.Company
		err := scan(&key, &owner)
		tell(key, owner)
		return err
	})
}

// Moments are what the laws of the queues are held against.
type Moments struct {
	Young time.Time // an event since then is still in the outbox
	Lease time.Time // no lease of a webhook lasts longer
	Job   time.Time // no lease of a job or an entry of the timetable lasts longer
	Retry time.Time // whatever was tried is tried again by then
	Rest  time.Time // a webhook is left alone no longer
}

// unsaid is the condition that a reason says nothing, in the words of either engine.
const unsaid = `cast(t.reason as text) in ('{"format":""}', '{"format": ""}', '{}', 'null')`

// OutboxLaws are what holds between the audit and the outbox.
func OutboxLaws(m Moments) []Law {
	outbox := Law{Table: "outbox", company: "t.company_id", row: "t.id", kind: "evt"}
	audit := outbox
	audit.Table = "audit"
	return []Law{
		outbox.broken("there is no entry of the audit for it",
			`not exists (select 1 from audit a where a.company_id = t.company_id and a.id = t.id)`),
		outbox.broken("it says something else than its entry of the audit",
			`exists (select 1 from audit a where a.company_id = t.company_id and a.id = t.id
			   and (a.event <> t.event or a.subject <> t.subject or a.at <> t.at or a.body <> t.body))`),
		audit.broken("it happened not long ago, and nobody can hear of it: it is not in the outbox",
			`t.at >= ? and not exists (select 1 from outbox o where o.id = t.id)`, m.Young),
	}
}

// DeliveryLaws are what holds of deliveries to webhooks, and of the webhooks that have them.
func DeliveryLaws(m Moments) []Law {
	delivery := Law{Table: "delivery", company: "t.company_id", row: "t.id", kind: "dlv"}
	ofEvent := delivery
	ofEvent.other, ofEvent.named = "t.event_id", "evt"
	webhook := Law{Table: "webhook", company: "t.company_id", row: "t.id", kind: "whk"}
	const due = `(select d.due_at from delivery d
		where d.company_id = t.company_id and d.webhook_id = t.id and d.state = 'ready' and d.due_at is not null order by d.due_at limit 1)`
	return []Law{
		ofEvent.broken("it tells of %s, which is another event in the audit",
			`exists (select 1 from audit a where a.company_id = t.company_id and a.id = t.event_id and (a.event <> t.event or a.subject <> t.subject))`),
		ofEvent.broken("it tells of %s, which has another place in the outbox",
			`exists (select 1 from outbox o where o.id = t.event_id and o.place <> t.place)`),
		delivery.broken("it was sent, and is due again or was never tried", `t.state = 'sent' and (t.due_at is not null or t.tried_at is null or t.attempts < 1)`),
		delivery.broken("it was given up, and is due again or nobody can tell when", `t.state = 'dead' and (t.due_at is not null or t.tried_at is null)`),
		delivery.broken("it was given up without a reason", `t.state = 'dead' and `+unsaid),
		delivery.broken("it waits, and nothing before it is due: it would wait for ever",
			`t.state = 'ready' and t.due_at is null and not exists (select 1 from delivery d
			   where d.company_id = t.company_id and d.webhook_id = t.webhook_id and d.subject = t.subject and d.state = 'ready' and d.place < t.place and d.due_at is not null)`),
		delivery.broken("it is due before what happened earlier to the same",
			`t.state = 'ready' and t.due_at is not null and exists (select 1 from delivery d
			   where d.company_id = t.company_id and d.webhook_id = t.webhook_id and d.subject = t.subject and d.state = 'ready' and d.place < t.place)`),
		delivery.broken("it is due so late that nobody can have meant it", `t.state = 'ready' and t.due_at > ?`, m.Retry),
		webhook.broken("it is switched off, and is due", `not t.active and t.due_at is not null`),
		webhook.broken("it has deliveries that are due, and is not due itself: they would wait for ever", `t.active and t.due_at is null and `+due+` is not null`),
		webhook.broken("it is due long after its deliveries are", `t.active and t.due_at > ? and t.due_at > `+due, m.Rest),
		webhook.broken("somebody has its deliveries for longer than a lease lasts", `t.leased_until > ?`, m.Lease),
	}
}

// JobLaws are what holds of jobs and of the timetable.
func JobLaws(m Moments) []Law {
	job := Law{Table: "job", company: "t.company_id", row: "t.id", kind: "job"}
	entry := Law{Table: "timetable", company: "null", row: "t.name"}
	return []Law{
		job.broken("it is to be done, and nobody may ever take it", `t.state in ('ready', 'running', 'failed') and t.next_at is null`),
		job.broken("it has ended, and may be taken again or nobody can tell when it did", `t.state in ('done', 'dead') and (t.next_at is not null or t.ended_at is null)`),
		job.broken("it has not ended, and says when it did", `t.state in ('ready', 'running', 'failed') and t.ended_at is not null`),
		job.broken("it was given up without a reason", `t.state = 'dead' and `+unsaid),
		job.broken("somebody has it for longer than a lease lasts", `t.state = 'running' and t.next_at > ?`, m.Job),
		job.broken("it is tried again so late that nobody can have meant it", `t.state = 'failed' and t.next_at > ?`, m.Retry),
		entry.broken("somebody has it for longer than a lease lasts", `t.state = 'running' and t.next_at > ?`, m.Job),
	}
}

// MailLaws are what holds of mails on their way.
func MailLaws(m Moments) []Law {
	mail := Law{Table: "mail", company: "t.company_id", row: "t.id", kind: "mal"}
	return []Law{
		mail.broken("it has ended, and nobody can tell when", `t.state <> 'ready' and t.ended_at is null`),
		mail.broken("it waits, and says when it ended", `t.state = 'ready' and t.ended_at is not null`),
		mail.broken("it was sent, and was never tried", `t.state = 'sent' and t.attempts < 1`),
		mail.broken("it was given up without a reason", `t.state = 'dead' and t.error = ''`),
		mail.broken("it goes out so late that nobody can have meant it", `t.state = 'ready' and t.next_at > ?`, m.Retry),
	}
}

// LedgerLaws are what holds between rows of a company's ledger.
func LedgerLaws(company id.Company) []Law {
	entry := Law{Table: "ledger", company: "t.company_id", row: "t.id", kind: "ent", other: "t.key"}
	ofOrder := entry
	ofOrder.other, ofOrder.named = "t.purchase_order_id", "por"
	return []Law{
		entry.broken("its key %s is that of another row too: the same was done twice",
			`t.company_id = ? and exists (select 1 from ledger e where e.company_id = t.company_id and e.key = t.key and e.id <> t.id)`, company),
		ofOrder.broken("it is about %s, and there is no such purchase order",
			`t.company_id = ? and t.purchase_order_id is not null
			   and not exists (select 1 from purchase_order p where p.company_id = t.company_id and p.id = t.purchase_order_id)`, company),
	}
}

// OrderLaws are what holds between a company's purchase orders and orders.
func OrderLaws(company id.Company) []Law {
	var all []Law
	for _, l := range []Law{{Table: "purchase_order", kind: "por"}, {Table: "orders", kind: "ord"}} {
		l.company, l.row, l.other = "t.company_id", "t.id", "t.number"
		all = append(all, l.broken("its number %s is that of another one too",
			`t.company_id = ? and exists (select 1 from `+l.Table+` o where o.company_id = t.company_id and o.number = t.number and o.id <> t.id)`, company))
	}
	order := Law{Table: "orders", company: "t.company_id", row: "t.id", kind: "ord", other: "t.purchase_order_id", named: "por"}
	return append(all, order.broken("it was placed for %s, and there is no such purchase order",
		`t.company_id = ? and not exists (select 1 from purchase_order p where p.company_id = t.company_id and p.id = t.purchase_order_id)`, company))
}

// broken is the law about rows of the table of l of which this is never true.
func (l Law) broken(wrong, where string, args ...any) Law {
	l.Wrong, l.where, l.args = wrong, where, args
	return l
}
