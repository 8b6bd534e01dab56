package store

import (
	"context"
	"encoding/json"
	"time"

	"kontor/internal/base/fault"
	"kontor/internal/domain/access"
	"kontor/internal/store/engine"
)

// errOnce says that a request was carried out before under the same key.
var errOnce = fault.Define(fault.Conflict, "once.repeated", "this request was carried out before")

// InsertOnce keeps the outcome of a request under the caller's idempotency key.
func (t *Tx) InsertOnce(actor access.Actor, useCase, key, hash string, outcome any) {
	t.tx.Write(`insert into once (company_id, member_id, use_case, key, input_hash, outcome, at) values (?, ?, ?, ?, ?, ?, ?)`,
		actor.Company, actor.Member, useCase, key, hash, engine.JSON(outcome), t.Now).
		Unique("once_pkey", errOnce).Unique("once_company_id_member_id_use_case_key_key", errOnce)
}

// SetOnce adds the outcome to a request that was noted before there was one.
func (t *Tx) SetOnce(actor access.Actor, useCase, key string, outcome json.RawMessage) {
	t.tx.Write(`update once set outcome = ? where company_id = ? and member_id = ? and use_case = ? and key = ?`,
		engine.JSON(outcome), actor.Company, actor.Member, useCase, key)
}

// FindOnce reads the outcome of a request that was carried out under the caller's key; found says whether one was.
func (t *Tx) FindOnce(ctx context.Context, actor access.Actor, useCase, key string) (hash string, outcome json.RawMessage, found bool, err error) {
	t.tx.Ask(`select o.input_hash, o.outcome from once o where o.company_id = ? and o.member_id = ? and o.use_case = ? and o.key = ?`,
		actor.Company, actor.Member, useCase, key).Maybe(&found, &hash, engine.JSON(&outcome))
	return hash, outcome, found, t.tx.Fetch(ctx)
}

// DeleteOnce forgets some of the outcomes that were kept before a moment, and says how many.
func (t *Tx) DeleteOnce(ctx context.Context, before time.Time, most int) (n int64, err error) {
	t.tx.Write(`
		delete from once where (company_id, member_id, use_case, key) in (
		  select o.company_id, o.member_id, o.use_case, o.key from once o where o.at < ? limit ?)`, before, most).
		Counting(func(rows int64) { n = rows })
	return n, t.tx.Fetch(ctx)
}
