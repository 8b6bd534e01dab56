// Package auditdb keeps what has happened: the audit, its chain, and the outbox.
package auditdb

import (
	"context"
	"errors"

	"kontor/internal/base/id"
	"kontor/internal/domain/audit"
	"kontor/internal/store/engine"
)

// Tables are those of the audit, in one transaction.
type Tables struct{ Tx *engine.Tx }

// Insert adds entries, and for each the outbox row that others are told from.
func (t Tables) Insert(all []audit.Entry) {
	for _, e := range all {
		t.Tx.Write(`
			insert into audit (company_id, id, at, actor_kind, account_id, member_id, actor_name, event, subject, body, request, address)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			e.Company, e.ID, e.At, e.Kind, e.Account, e.Member, e.Name, e.Event, e.About, string(e.Body), e.Request, e.Address)
	}
	for _, e := range all {
		t.Tx.Write(`insert into outbox (id, company_id, event, subject, body, actor, at) values (?, ?, ?, ?, ?, ?, ?)`,
			e.ID, e.Company, e.Event, e.About, string(e.Body), engine.JSON(Actor{e.Kind, e.Account, e.Member, e.Name}), e.At)
	}
}

// EntryColumns are those of an entry a.
const EntryColumns = `a.company_id, a.id, a.at, a.actor_kind, a.account_id, a.member_id, a.actor_name, a.event, a.subject, a.body, a.request, a.address, coalesce(a.place, 0), a.hash`

// ScanEntry reads EntryColumns.
func ScanEntry(e *audit.Entry, scan engine.Scan) error {
	return scan(&e.Company, &e.ID, &e.At, &e.Kind, &e.Account, &e.Member, &e.Name, &e.Event, &e.About, engine.JSON(&e.Body), &e.Request, &e.Address, &e.Place, &e.Hash)
}

// ListUnsealed lists the company's entries that have no place in the chain yet, oldest first.
func (t Tables) ListUnsealed(ctx context.Context, key id.Company, most int) (all []audit.Entry, err error) {
	engine.Rows(t.Tx.Ask(`select `+EntryColumns+` from audit a where a.company_id = ? and a.place is null order by a.id limit ?`, key, most),
		&all, ScanEntry)
	return all, t.Tx.Fetch(ctx)
}

// WantUnsealed asks how many of the company's entries have no place in the chain yet.
func (t Tables) WantUnsealed(n *int64, key id.Company) {
	t.Tx.Ask(`select count(*) from audit a where a.company_id = ? and a.place is null`, key).Row(errNone, n)
}

// errNone cannot be: a count always has a row.
var errNone = errors.New("auditdb: there is no count")

// ListWithUnsealed lists companies that have entries without a place.
func (t Tables) ListWithUnsealed(ctx context.Context, most int) (all []id.Company, err error) {
	engine.Rows(t.Tx.Ask(`select distinct a.company_id from audit a where a.place is null order by a.company_id limit ?`, most), &all,
		func(c *id.Company, scan engine.Scan) error { return scan(c) })
	return all, t.Tx.Fetch(ctx)
}

// WantChain asks for the end of a company's chain; while nothing is sealed it is the zero chain.
func (t Tables) WantChain(c *audit.Chain, key id.Company) {
	var found bool
	t.Tx.Ask(`select c.last, c.hash from audit_chain c where c.company_id = ?`, key).Maybe(&found, &c.Last, &c.Hash)
}

// SetSealed gives an entry its place.
func (t Tables) SetSealed(e audit.Entry) {
	t.Tx.Write(`update audit set place = ?, hash = ? where company_id = ? and id = ?`, e.Place, e.Hash, e.Company, e.ID)
}

// SetChain keeps the end of a company's chain.
func (t Tables) SetChain(key id.Company, c audit.Chain) {
	t.Tx.Write(`
		insert into audit_chain (company_id, last, hash) values (?, ?, ?)
		on conflict (company_id) do update set last = excluded.last, hash = excluded.hash`, key, c.Last, c.Hash)
}

// ListSealed lists a company's entries behind a place, in the chain's order.
func (t Tables) ListSealed(ctx context.Context, key id.Company, behind int64, most int) (all []audit.Entry, err error) {
	engine.Rows(t.Tx.Ask(`select `+EntryColumns+` from audit a where a.company_id = ? and a.place > ? order by a.place limit ?`, key, behind, most),
		&all, ScanEntry)
	return all, t.Tx.Fetch(ctx)
}
