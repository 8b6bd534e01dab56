// Package auditdb keeps what has happened: the audit, its chain, and the outbox.
package auditdb

import (
	"context"
	"encoding/json"
	"time"

	"kontor/internal/base/id"
	"kontor/internal/domain/audit"
	"kontor/internal/store/engine"
)

// Tables are those of the audit, in one transaction.
type Tables struct{ Tx *engine.Tx }

// Insert adds an entry, and the outbox row that others are told from.
func (t Tables) Insert(e audit.Entry) {
	t.Tx.Write(`
		insert into audit (company_id, id, at, actor_kind, account_id, member_id, actor_name, event, subject, body, request, address)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Company, e.ID, e.At, e.Kind, e.Account, e.Member, e.Name, e.Event, e.About, string(e.Body), e.Request, e.Address)
	t.Tx.Write(`
		insert into outbox (id, company_id, event, subject, body, actor, at) values (?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Company, e.Event, e.About, string(e.Body), engine.JSON(Actor{e.Kind, e.Account, e.Member, e.Name}), e.At)
}

// Actor is who did it, as the outbox keeps it.
type Actor struct {
	Kind    string     `json:"kind"`
	Account id.Account `json:"account"`
	Member  id.Member  `json:"member"`
	Name    string     `json:"name"`
}

// Told is an outbox row that waits for its reactions.
type Told struct {
	ID      id.Event
	Company id.Company
	Event   string
	About   string
	Body    json.RawMessage
	Actor   Actor
	At      time.Time
}

// ListWaiting lists the oldest outbox rows that nobody has reacted to.
func (t Tables) ListWaiting(ctx context.Context, most int) (all []Told, err error) {
	engine.Rows(t.Tx.Ask(`
		select o.id, o.company_id, o.event, o.subject, o.body, o.actor, o.at
		  from outbox o where o.done_at is null order by o.id limit ?`, most),
		&all, func(o *Told, scan engine.Scan) error {
			return scan(&o.ID, &o.Company, &o.Event, &o.About, engine.JSON(&o.Body), engine.JSON(&o.Actor), &o.At)
		})
	return all, t.Tx.Fetch(ctx)
}

// SetDone marks an outbox row as reacted to; it fails when somebody else has.
func (t Tables) SetDone(key id.Event, taken error) {
	t.Tx.Write(`update outbox set done_at = ? where id = ? and done_at is null`, t.Tx.Now, key).Expect(1, taken)
}

// DeleteDone removes outbox rows that were done before a moment.
func (t Tables) DeleteDone(before time.Time) {
	t.Tx.Write(`delete from outbox where done_at is not null and done_at < ?`, before)
}

const entryColumns = `a.company_id, a.id, a.at, a.actor_kind, a.account_id, a.member_id, a.actor_name, a.event, a.subject, a.body, a.request, a.address, a.place, a.hash`

func scanEntry(e *audit.Entry, scan engine.Scan) error {
	var place *int64
	err := scan(&e.Company, &e.ID, &e.At, &e.Kind, &e.Account, &e.Member, &e.Name, &e.Event, &e.About, engine.JSON(&e.Body), &e.Request, &e.Address, &place, &e.Hash)
	if place != nil {
		e.Place = *place
	}
	return err
}

// ListUnsealed lists the companies' entries that have no place in the chain yet, oldest first. Entries younger
// than the moment given wait: one that commits late must not find its place taken.
func (t Tables) ListUnsealed(ctx context.Context, key id.Company, most int) (all []audit.Entry, err error) {
	engine.Rows(t.Tx.Ask(`select `+entryColumns+` from audit a where a.company_id = ? and a.place is null order by a.id limit ?`, key, most),
		&all, scanEntry)
	return all, t.Tx.Fetch(ctx)
}

// ListWithUnsealed lists companies that have entries without a place.
func (t Tables) ListWithUnsealed(ctx context.Context, most int) (all []id.Company, err error) {
	engine.Rows(t.Tx.Ask(`select distinct a.company_id from audit a where a.place is null limit ?`, most), &all,
		func(c *id.Company, scan engine.Scan) error { return scan(c) })
	return all, t.Tx.Fetch(ctx)
}

// GetChain reads the end of a company's chain: its last place and hash.
func (t Tables) GetChain(ctx context.Context, key id.Company) (last int64, hash string, err error) {
	t.Tx.Head("audit:" + key.String())
	var found bool
	t.Tx.Ask(`select c.last, c.hash from audit_chain c where c.company_id = ?`, key).Maybe(&found, &last, &hash)
	return last, hash, t.Tx.Fetch(ctx)
}

// SetSealed gives an entry its place.
func (t Tables) SetSealed(e audit.Entry) {
	t.Tx.Write(`update audit set place = ?, hash = ? where company_id = ? and id = ?`, e.Place, e.Hash, e.Company, e.ID)
}

// SetChain keeps the end of a company's chain.
func (t Tables) SetChain(key id.Company, last int64, hash string) {
	t.Tx.Write(`
		insert into audit_chain (company_id, last, hash) values (?, ?, ?)
		on conflict (company_id) do update set last = excluded.last, hash = excluded.hash`, key, last, hash)
}

// ListSealed lists a company's entries behind a place, in the chain's order.
func (t Tables) ListSealed(ctx context.Context, key id.Company, behind int64, most int) (all []audit.Entry, err error) {
	engine.Rows(t.Tx.Ask(`select `+entryColumns+` from audit a where a.company_id = ? and a.place > ? order by a.place limit ?`, key, behind, most),
		&all, scanEntry)
	return all, t.Tx.Fetch(ctx)
}
