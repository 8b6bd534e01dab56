package auditdb

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/store/engine"
)

// Actor is who did it, as the outbox keeps it.
type Actor struct {
	Kind    string     `json:"kind"`
	Account id.Account `json:"account"`
	Member  id.Member  `json:"member"`
	Name    string     `json:"name"`
}

// Told is an outbox row that waits for its reactions.
type Told struct {
	Place   int64 // what follows from what else has the higher one
	ID      id.Event
	Company id.Company
	Event   string
	About   string
	Body    json.RawMessage
	Actor   Actor
	At      time.Time
}

// ListWithWaiting lists companies with events that nobody has reacted to.
func (t Tables) ListWithWaiting(ctx context.Context, most int) (all []id.Company, err error) {
	engine.Rows(t.Tx.Ask(`
		with recursive waiting (company_id) as (
		  select (select o.company_id from outbox o where o.done_at is null order by o.company_id limit 1)
		  union all
		  select (select o.company_id from outbox o where o.done_at is null and o.company_id > w.company_id order by o.company_id limit 1)
		    from waiting w where w.company_id is not null)
		select w.company_id from waiting w where w.company_id is not null limit ?`, most),
		&all, func(c *id.Company, scan engine.Scan) error { return scan(c) })
	return all, t.Tx.Fetch(ctx)
}

// ListWaiting lists a company's oldest events that nobody has reacted to, but for those of some subjects. Who means to react queues
// up.
func (t Tables) ListWaiting(ctx context.Context, key id.Company, most int, but ...string) (all []Told, err error) {
	others, args := "", []any{key}
	if len(but) > 0 {
		in, subjects := engine.Marks(but)
		others, args = " and o.subject not in "+in, append(args, subjects...)
	}
	engine.Rows(t.Tx.Ask(`
		select o.place, o.id, o.company_id, o.event, o.subject, o.body, o.actor, o.at
		  from outbox o where o.company_id = ? and o.done_at is null`+others+` order by o.place limit ?`, append(args, most)...),
		&all, func(o *Told, scan engine.Scan) error {
			return scan(&o.Place, &o.ID, &o.Company, &o.Event, &o.About, engine.JSON(&o.Body), engine.JSON(&o.Actor), &o.At)
		})
	return all, t.Tx.Fetch(ctx)
}

// errReacted says that somebody else has reacted meanwhile. The isolation does not let it come to that.
var errReacted = errors.New("auditdb: somebody else has reacted to these events")

// SetDone marks events as reacted to.
func (t Tables) SetDone(all []Told) {
	for _, o := range all {
		t.Tx.Write(`update outbox set done_at = ? where place = ? and company_id = ? and done_at is null`, t.Tx.Now, o.Place, o.Company).
			Expect(1, errReacted)
	}
}

// DeleteDone removes some of the events that were reacted to before a moment, and says how many.
func (t Tables) DeleteDone(ctx context.Context, before time.Time, most int) (n int64, err error) {
	t.Tx.Write(`delete from outbox where place in (select o.place from outbox o where o.done_at is not null and o.done_at < ? limit ?)`, before, most).
		Counting(func(rows int64) { n = rows })
	return n, t.Tx.Fetch(ctx)
}
